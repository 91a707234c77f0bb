//! relplan as its users meet it: files in, screens and exit codes out.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod agreement;
mod approvals;
mod bad_input;
mod blockers;
mod calendars;
mod checklist;
mod cli;
mod corpora;
mod corpus;
mod documents;
mod evidence;
mod fails_closed;
mod floors;
mod formats;
mod gate_chain;
mod gates_cannot_fail;
mod generated;
mod go_no_go;
mod head;
mod high_risk;
mod holes;
mod hostile;
mod in_toto;
mod judging;
mod mutations;
mod outputs;
mod people;
mod red_results;
mod release_plan;
mod rollback;
mod scans;
mod secrets;
mod showcase;
mod support;
mod transcripts;
