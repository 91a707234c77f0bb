//! How the handoffs of a release stand: what each receiver needs and has, and whether they have accepted it.
//!
//! What the plan holds anyway is not stated twice: runbooks, alerts, known issues and the like of the release count as
//! handed over. Whether that is enough, the receiver says, by an approval of the entry in the role that it names.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use super::check::Judged;
use super::evidence_requirement::sign_off;
use super::{Judge, ProofKind, Verdict};
use crate::model::dep::Detail;
use crate::model::handoff::{Handoff, Need};
use crate::model::rel::Rel;
use crate::model::{Choice, Entry, EntryIndex, Kind, LinkKind, Text, same_folded};

/// A handoff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HandoffStatus {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who receives the release, if that is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receiver: Option<String>,
    /// The role that accepts it, if one is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Who prepares it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// By when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// What the receiver needs.
    pub needs: Vec<NeedStatus>,
    /// Whether it was accepted, in the role that it names.
    pub acceptance: Acceptance,
}

/// What a receiver needs, and what they have of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NeedStatus {
    /// What.
    pub name: &'static str,
    /// Its field in the handoff.
    pub field: &'static str,
    /// What is handed over: ids, or texts of the plan. Empty if nothing is, or if `none` is stated.
    pub items: Vec<String>,
    /// Whether there is something, or `none` is stated.
    pub is_provided: bool,
    /// Whether other entries of the plan can supply it.
    #[serde(skip)]
    pub is_in_plans: bool,
}

/// Whether a handoff was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Acceptance {
    /// The verdict.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// What it is worth as a proof.
    #[serde(skip)]
    pub proof: ProofKind,
}

impl HandoffStatus {
    /// What is missing, by name.
    pub fn missing(&self) -> Vec<&'static str> {
        self.needs.iter().filter(|need| !need.is_provided).map(|need| need.name).collect()
    }

    /// The verdict as a whole.
    pub fn verdict(&self) -> Verdict {
        self.judged().verdict
    }

    /// How it stands as a whole: nothing that is missing can be accepted.
    pub(super) fn judged(&self) -> Judged {
        let missing = self.missing();
        let name = format!("handoff {}", self.id);
        match missing.is_empty() {
            true => Judged {
                verdict: self.acceptance.verdict,
                reason: format!("{name}: {}", self.acceptance.reason),
                next: self.acceptance.next.clone(),
            },
            false => Judged::new(
                Verdict::Fail,
                format!("{name} lacks {}", missing.join(", ").to_lowercase()),
                self.addition(),
            ),
        }
    }

    /// Where to add what is missing. What no other entry can supply belongs in the handoff.
    fn addition(&self) -> String {
        let missing = || self.needs.iter().filter(|need| !need.is_provided);
        let own = missing().filter(|need| !need.is_in_plans).map(|need| format!("`{}`", need.field));
        let own: Vec<String> = own.collect();
        let id = &self.id;
        match (own.is_empty(), missing().any(|need| need.is_in_plans)) {
            (true, _) => format!("add it to the plan, or state it in {id}"),
            (false, false) => format!("add {} to {id}", own.join(", ")),
            (false, true) => {
                format!("add {} to {id}, and the rest to the plan or to {id}", own.join(", "))
            }
        }
    }
}

/// What stands for nothing where nothing is needed.
const NONE: &str = "none";

impl Judge<'_> {
    /// The handoffs of what is judged, by id.
    pub fn handoffs(&self) -> Vec<HandoffStatus> {
        let own = self.basis.plan.indexed().filter(|(index, _)| self.selection.has(*index));
        let handoffs = own.filter_map(|(index, entry)| match &entry.kind {
            Kind::Handoff(handoff) => Some(self.handoff(index, entry, handoff)),
            _ => None,
        });
        let mut all: Vec<HandoffStatus> = handoffs.collect();
        all.sort_by(|one, other| one.id.cmp(&other.id));
        all
    }

    fn handoff(&self, index: EntryIndex, entry: &Entry<'_>, handoff: &Handoff<'_>) -> HandoffStatus {
        let text = |text: Option<&Text<'_>>| text.map(|text| text.value.trim().to_owned());
        HandoffStatus {
            id: entry.id.value.to_string(),
            title: entry.title().to_owned(),
            receiver: text(handoff.receiver.as_ref()),
            role: text(handoff.role.as_ref()),
            owner: text(entry.owner.as_ref()),
            due: entry.due().map(|due| due.value),
            needs: handoff.needs().iter().map(|need| self.need_status(handoff, *need)).collect(),
            acceptance: self.acceptance(index, handoff),
        }
    }

    /// Whether the receiver has accepted a handoff: an approval of the entry in its role.
    fn acceptance(&self, index: EntryIndex, handoff: &Handoff<'_>) -> Acceptance {
        let unknown = |reason: &str, next: &str| Acceptance {
            verdict: Verdict::Unknown,
            reason: reason.to_owned(),
            next: Some(next.to_owned()),
            proof: ProofKind::None,
        };
        if handoff.receiver.is_none() {
            return unknown("no receiver", "add `receiver`: Operations, Support, Product or another");
        }
        let Some(role) = &handoff.role else {
            return unknown("no accepting role", "add `role` with the role that accepts the handoff");
        };
        let statuses = self.approvals_of_entry([&*role.value], index);
        let id = self.basis.plan.entry(index).id.value;
        let worst = statuses
            .iter()
            .map(|status| (status, sign_off(status, self.basis.profile)))
            .max_by_key(|(_, signed)| signed.verdict);
        match worst {
            Some((status, signed)) => Acceptance {
                verdict: signed.verdict,
                reason: format!("{}: {}", status.role, signed.reason),
                next: signed.next.map(|next| next.replace("--by PERSON", &format!("--by PERSON --of {id}"))),
                proof: signed.kind,
            },
            None => unknown("no accepting role", "add `role` with the role that accepts the handoff"),
        }
    }

    fn need_status(&self, handoff: &Handoff<'_>, need: Need) -> NeedStatus {
        let stated = handoff.stated(need);
        let is_none = matches!(stated, [only] if same_folded(only.value.trim(), NONE));
        let items: Vec<String> = match stated.is_empty() {
            true => self.derived(need),
            false if is_none => Vec::new(),
            false => stated.iter().map(|text| text.value.trim().to_owned()).collect(),
        };
        let is_provided = is_none || !items.is_empty();
        NeedStatus {
            name: need.title(),
            field: need.word(),
            items,
            is_provided,
            is_in_plans: need.is_in_plans(),
        }
    }

    /// What the plan holds of a need anyway.
    fn derived(&self, need: Need) -> Vec<String> {
        let rel = self.release.and_then(|index| match &self.basis.plan.entry(index).kind {
            Kind::Rel(rel) => Some(&**rel),
            _ => None,
        });
        let texts = |texts: &[Text<'_>]| texts.iter().map(|text| text.value.trim().to_owned()).collect();
        match need {
            Need::Dashboards => Vec::new(),
            Need::KnownIssues => rel.map(known_issues).unwrap_or_default(),
            Need::Training => rel.map(|rel| texts(&rel.training)).unwrap_or_default(),
            need => self.ids(|entry| provides(entry, need)),
        }
    }

    /// The ids of the entries of the selection that are wanted.
    fn ids(&self, is_wanted: impl Fn(&Entry<'_>) -> bool) -> Vec<String> {
        let own =
            self.basis.plan.indexed().filter(|(index, entry)| self.selection.has(*index) && is_wanted(entry));
        let mut ids: Vec<_> = own.map(|(_, entry)| entry.id.value).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.iter().map(ToString::to_string).collect()
    }
}

fn known_issues(rel: &Rel<'_>) -> Vec<String> {
    let issues = rel.known_issues.iter().filter_map(|known| known.issue.as_ref());
    issues.map(|issue| issue.value.trim().to_owned()).collect()
}

/// Whether an entry says something of a need.
fn provides(entry: &Entry<'_>, need: Need) -> bool {
    let escalates = || entry.links.iter().any(|link| link.kind == LinkKind::EscalatesTo);
    match (need, &entry.kind) {
        (Need::Runbooks, Kind::Run(runbook)) => !runbook.steps.is_empty(),
        (Need::Alerts, Kind::Mon(_)) | (Need::Targets, Kind::Kpi(_)) => true,
        (Need::Targets, Kind::Rel(rel)) => !rel.objectives.is_empty(),
        (Need::ReleaseInformation, _) => entry.release_note().is_some(),
        (need, Kind::Dep(dep)) => match (need, &dep.detail) {
            (Need::Deployment, Detail::Step(_)) => true,
            (Need::Configuration, Detail::Environment(environment)) => !environment.configuration.is_empty(),
            (Need::Rollback, Detail::Rollback(rollback)) => !rollback.procedure.is_empty(),
            (Need::Escalation, Detail::Rollback(_)) => escalates(),
            (Need::Escalation, Detail::Validation(validation)) => {
                validation.escalation.is_some() || escalates()
            }
            _ => false,
        },
        _ => false,
    }
}
