//! relplan, a compiler for release plans.
pub mod config;
pub mod finding;
pub mod graph;
pub mod model;
pub mod rules;
pub mod source;
