//! relplan, a compiler for release plans.
//!
//! A plan is read floor by floor, and a room uses only rooms on lower floors:
//!
//! | floor | room | what it holds |
//! | --- | --- | --- |
//! | F0 | [`source`] | texts, places in them, trees made of them, edits |
//! | F0 | [`random`] | random numbers whose sequence never changes |
//! | F1 | [`finding`] | what is said about a plan |
//! | F2 | [`model`] | ids, links, thresholds, families, entries, the plan |
//! | F3 | [`config`] | `relplan.toml` |
//! | F3 | [`graph`] | the links between entries |
//! | F3 | [`network`] | open work as activities: effort, dependencies, teams, the critical path |
//! | F3 | [`evidence`] | facts from outside: test results, coverage, scans, measurements |
//! | F4 | [`compare`] | two plans side by side, and what asks for less than before |
//! | F4 | [`editing`] | changes of a plan as edits of its texts |
//! | F4 | [`forecast`] | when the work will be done: past throughput, distributions, simulations |
//! | F4 | [`knapsack`] | the most valuable set of work within capacities, whose items have all that they need |
//! | F4 | [`leveling`] | the resource-constrained schedule: generation, search, verification |
//! | F4 | [`metrics`] | delivery metrics: deployments, incidents, the five of DORA |
//! | F4 | [`schedule`] | the plan on the calendar: milestones, working days, freezes, trains |
//! | F4 | [`trigger`] | rollback triggers as values, and what they say about recorded data |
//! | F5 | [`verdict`] | how what has to hold stands, and what follows from it |
//! | F6 | [`rules`] | what can be wrong, one file per rule |
//! | F6 | [`views`] | what a command shows of a plan, as plain values |
//! | F7 | [`report`] | views as titled blocks that any text format can draw |
//! | F7 | [`messages`] | messages about a release, from templates |
//! | F8 | [`formats`] | how findings and views are written, one file per format |
//! | F8 | [`exports`] | files for other tools: JSON Schemas |
//! | F9 | [`error`] | what stops relplan itself |
//! | F9 | [`site`] | the plan as a folder of pages that lead to each other |
//! | F10 | [`project`] | finds and reads files, runs the pipeline, writes files |
//! | F11 | [`cli`] | arguments in, one call, exit code out |
//!
//! Everything below [`project`] is pure: it reads no file, no clock, no environment.

pub mod cli;
pub mod compare;
pub mod config;
pub mod editing;
pub mod error;
pub mod evidence;
pub mod exports;
pub mod finding;
pub mod forecast;
pub mod formats;
pub mod graph;
pub mod knapsack;
pub mod leveling;
pub mod messages;
pub mod metrics;
pub mod model;
pub mod network;
pub mod project;
pub mod random;
pub mod report;
pub mod rules;
pub mod schedule;
pub mod site;
pub mod source;
pub mod trigger;
pub mod verdict;
pub mod views;
