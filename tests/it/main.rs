//! relplan as its users meet it: files in, screens and exit codes out.

mod corpora;
mod floors;
mod generated;
mod support;
