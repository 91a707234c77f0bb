//! How a check may stand.

use schemars::JsonSchema;
use serde::Serialize;

/// How a check stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It does not hold, and somebody who is named accepts that.
    Waived,
    /// It holds, with something to see to.
    Warn,
    /// It held once, and nobody has looked again in time.
    Stale,
    /// Nobody knows.
    Unknown,
    /// It does not hold.
    Fail,
}

impl Verdict {
    /// Every verdict, the best first.
    pub const ALL: [Verdict; 6] =
        [Verdict::Pass, Verdict::Waived, Verdict::Warn, Verdict::Stale, Verdict::Unknown, Verdict::Fail];

    /// Whether somebody has to do something about it.
    pub fn is_open(self) -> bool {
        !matches!(self, Verdict::Pass | Verdict::Waived)
    }
}
