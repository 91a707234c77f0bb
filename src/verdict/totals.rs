//! The number of checks by status.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Check, Verdict};

/// The number of checks by status.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Totals {
    /// Of which stage; absent in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// Those that hold.
    pub pass: usize,
    /// Those that are accepted.
    pub waived: usize,
    /// Those with something to see to.
    pub warn: usize,
    /// Those whose evidence is too old.
    pub stale: usize,
    /// Those that are unknown.
    pub unknown: usize,
    /// Those that do not hold.
    pub fail: usize,
    /// All of them.
    pub total: usize,
    /// Those that are blockers.
    pub open_blockers: usize,
}

/// The counts of each stage, and last of all.
pub fn totals(checks: &[&Check]) -> Vec<Totals> {
    let mut stages: Vec<Option<&str>> = Vec::new();
    for check in checks {
        if !stages.contains(&check.stage) {
            stages.push(check.stage);
        }
    }
    let row = |name: &str, of: &dyn Fn(&Check) -> bool| {
        let mut row = Totals { stage: Some(name.to_owned()), ..Totals::default() };
        checks.iter().filter(|check| of(check)).for_each(|check| row.count(check));
        row
    };
    let mut rows: Vec<Totals> = stages
        .into_iter()
        .map(|stage| row(stage.unwrap_or("not stated"), &|check| check.stage == stage))
        .collect();
    rows.push(Totals { stage: None, ..row("", &|_| true) });
    rows
}

impl Totals {
    fn count(&mut self, check: &Check) {
        *match check.verdict {
            Verdict::Pass => &mut self.pass,
            Verdict::Waived => &mut self.waived,
            Verdict::Warn => &mut self.warn,
            Verdict::Stale => &mut self.stale,
            Verdict::Unknown => &mut self.unknown,
            Verdict::Fail => &mut self.fail,
        } += 1;
        self.total += 1;
        self.open_blockers += usize::from(check.is_blocker());
    }
}
