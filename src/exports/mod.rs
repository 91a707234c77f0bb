//! Floor 7: files for other tools.

pub mod in_toto;
mod prometheus;
mod prometheus_rule;
pub mod schema;
pub mod target;
mod yaml;
