//! Floor 8: files for other tools.

mod argo;
pub mod flagd;
mod flagger;
pub mod grafana;
pub mod in_toto;
mod monitoring;
mod openslo;
mod prometheus;
mod prometheus_rule;
pub mod rollout;
mod runbook;
pub mod schema;
mod slo;
mod sloth;
pub mod target;
mod yaml;
