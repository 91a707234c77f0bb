//! What a release leaves to be done after its deployment, such as the retrospective of a hotfix.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use super::check::{CheckKind, Judged, Proof};
use super::gates::JudgedCriterion;
use super::{Judge, Verdict};
use crate::config::Config;
use crate::model::rel::Rel;
use crate::model::{Entry, Kind, same_folded};

/// Something that remains to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FollowUp {
    /// The release that left it.
    pub release: String,
    /// What.
    pub name: String,
    /// In which time after the deployment, in words.
    pub within: String,
    /// The day by which it must be done; absent before the deployment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// The day on which it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<NaiveDate>,
    /// Its status.
    pub state: FollowUpState,
}

/// How a follow-up stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FollowUpState {
    /// It was done.
    Done,
    /// Its release is not out yet.
    Ahead,
    /// It is to be done.
    Open,
    /// It should have been done.
    Overdue,
}

/// The milliseconds of a day.
const DAY: u64 = 86_400_000;

/// What the gates that decide on a release ask for after its deployment.
pub fn follow_ups(config: &Config, entry: &Entry<'_>, rel: &Rel<'_>, today: NaiveDate) -> Vec<FollowUp> {
    let gates = config.gates.iter().filter(|gate| gate.decides && gate.is_for(rel.rel_type()));
    gates.flat_map(|gate| &gate.follow_ups).map(|asked| follow_up(entry, rel, asked, today)).collect()
}

fn follow_up(
    entry: &Entry<'_>,
    rel: &Rel<'_>,
    asked: &crate::config::FollowUp,
    today: NaiveDate,
) -> FollowUp {
    let deployed = rel.deployed_at.map(|day| day.value);
    let days = asked.within.millis().div_ceil(DAY);
    let due = deployed.and_then(|day| day.checked_add_days(chrono::Days::new(days)));
    let recorded = rel.follow_ups.iter().find(|(name, _)| same_folded(&name.value, &asked.name.value));
    let done = recorded.and_then(|(_, day)| day.map(|day| day.value)).filter(|day| *day <= today);
    let state = match (done, due) {
        (Some(_), _) => FollowUpState::Done,
        (None, None) => FollowUpState::Ahead,
        (None, Some(due)) if due < today => FollowUpState::Overdue,
        (None, Some(_)) => FollowUpState::Open,
    };
    FollowUp {
        release: entry.id.value.to_string(),
        name: asked.name.value.clone(),
        within: asked.within.in_words(),
        due,
        done,
        state,
    }
}

impl Judge<'_> {
    /// What every release left to be done, and what the one that is judged will leave.
    pub fn follow_ups(&self) -> Vec<FollowUp> {
        let mut all = Vec::new();
        for (index, entry) in self.basis.plan.indexed() {
            let Kind::Rel(rel) = &entry.kind else { continue };
            let is_judged = self.release.is_none_or(|release| release == index);
            if rel.deployed_at.is_none() && (!is_judged || rel.is_over()) {
                continue;
            }
            all.extend(follow_ups(self.basis.config, entry, rel, self.today));
        }
        all
    }

    /// The follow-ups that stand open, as checks that do not block: what an earlier release left undone is no
    /// reason to hold back a fix, and no reason to forget it.
    pub(super) fn judge_follow_ups(&self, table: &mut super::gates::CheckTable) -> Option<JudgedCriterion> {
        let open = self.follow_ups();
        let open: Vec<&FollowUp> =
            open.iter().filter(|follow_up| follow_up.state >= FollowUpState::Open).collect();
        let mut positions = Vec::new();
        for follow_up in &open {
            let key = format!("{}/{}", follow_up.release, follow_up.name);
            let due = follow_up.due.map(|due| due.to_string()).unwrap_or_default();
            let next = format!(
                "complete it, then add `follow_ups: {{ {}: DATE }}` to {}",
                follow_up.name, follow_up.release
            );
            let judged = match follow_up.state {
                FollowUpState::Overdue => Judged::new(Verdict::Fail, format!("overdue since {due}"), next),
                _ => Judged::new(Verdict::Warn, format!("due on {due}"), next),
            };
            let title = format!("{} of {}", follow_up.name, follow_up.release);
            let make = || {
                let check = super::Check::of_gate(key.clone(), CheckKind::FollowUp, &title, judged);
                self.settled(super::Check { blocking: false, proof: Proof::asserted(None), ..check })
            };
            positions.push((table.put((CheckKind::FollowUp, key.clone()), make), false));
        }
        let count = positions.len();
        (count > 0).then(|| super::gates::criterion("Follow-ups are done", None, positions, count, table))
    }
}
