//! What the members of a workspace come to, each judged on its own.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use super::go_no_go::GoNoGo;
use crate::verdict::decision::Decision;

/// A member of a workspace and what it came to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MemberOf<T> {
    /// Its name, `.` for the entries of the workspace itself, or the folder of a member that is not there.
    pub member: String,
    /// What it came to, or why nothing is known of it.
    #[serde(flatten)]
    pub state: MemberState<T>,
}

/// What a member came to, or why nothing is known of it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemberState<T> {
    /// It was judged.
    Judged(Box<T>),
    /// It was not judged, for this reason.
    NotJudged(String),
}

impl<T> MemberOf<T> {
    /// What it came to, if it was judged.
    pub fn judged(&self) -> Option<&T> {
        match &self.state {
            MemberState::Judged(judged) => Some(judged),
            MemberState::NotJudged(_) => None,
        }
    }
}

/// The output of `relplan report --format json` in a workspace.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan report --format json in a workspace")]
pub struct WorkspaceReport {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it is true.
    pub day: NaiveDate,
    /// The worst decision of its members; NO-GO if one of them could not be judged, or if there are none.
    pub decision: Decision,
    /// Every member with its go/no-go report, those that could not be judged among them.
    pub members: Vec<MemberOf<GoNoGo>>,
}

impl WorkspaceReport {
    /// The report of a workspace with these members. What is not known to be GO is NO-GO.
    pub fn of(day: NaiveDate, members: Vec<MemberOf<GoNoGo>>) -> Self {
        let decisions =
            members.iter().map(|member| member.judged().map_or(Decision::NoGo, |own| own.decision));
        let decision = decisions.max().unwrap_or(Decision::NoGo);
        WorkspaceReport { version: 1, day, decision, members }
    }

    /// How many blockers its members have.
    pub fn blockers(&self) -> usize {
        self.members.iter().filter_map(MemberOf::judged).map(|own| own.blockers.len()).sum()
    }
}
