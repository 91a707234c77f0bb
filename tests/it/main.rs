//! relplan as its users meet it: files in, screens and exit codes out.

mod bad_input;
mod cli;
mod corpora;
mod corpus;
mod floors;
mod formats;
mod generated;
mod hostile;
mod support;
mod transcripts;
