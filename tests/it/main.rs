//! relplan as its users meet it: files in, screens and exit codes out.

mod corpora;
mod floors;
mod formats;
mod generated;
mod support;
