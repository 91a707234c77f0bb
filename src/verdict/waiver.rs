//! Waivers as records of their own: whether one holds, and what it lets pass.

use super::check::{Check, CheckKind};
use super::{Judge, Proof, Source, Verdict};
use crate::config::roster::Holding;
use crate::model::identity::is_nobody;
use crate::model::{Id, WaiverRecord, id, same_folded};

/// Whether a waiver holds.
pub(super) enum Holds {
    /// It does: by whose word, until when, and why.
    Yes(String),
    /// It does not, and why.
    No(String),
}

impl Judge<'_> {
    /// A check, waived if a record says so and holds. What passes needs none, and nobody can waive that the
    /// plan is sound, or that somebody has to approve.
    pub(super) fn waived_by_record(&self, check: Check) -> Check {
        let waivable = !matches!(check.kind, CheckKind::Plan | CheckKind::Approval);
        let none = self.basis.plan.waivers.is_empty();
        if none || !waivable || matches!(check.verdict, Verdict::Pass | Verdict::Waived) {
            return check;
        }
        let own = id::parse(&check.id).ok();
        let records = self.basis.plan.waivers.iter().filter(|record| self.is_about(record, &check, own));
        let mut refused = None;
        for record in records {
            match self.holds(record) {
                Holds::Yes(words) => {
                    let place = Source::at(self.basis.sources, record.span);
                    let proof = Proof { sources: vec![place], ..Proof::attested(check.proof.text.clone()) };
                    let reason = format!("{words}; without the waiver: {}", check.reason);
                    return Check { verdict: Verdict::Waived, reason, next: None, proof, ..check };
                }
                Holds::No(why) => refused = Some(why),
            }
        }
        match refused {
            Some(why) => Check { reason: format!("{}; {why}", check.reason), ..check },
            None => check,
        }
    }

    fn is_about(&self, record: &WaiverRecord<'_>, check: &Check, own: Option<Id>) -> bool {
        let named = record.check.as_ref().map(|named| named.value.trim()).unwrap_or_default();
        let names_check = match record.entry() {
            Some(entry) => own == Some(entry),
            None => same_folded(named, &check.id) || same_folded(named, &check.title),
        };
        let of_release = record.release.as_ref().is_none_or(|name| {
            self.release.is_some() && self.basis.plan.release(name.value.trim()) == self.release
        });
        names_check && of_release
    }

    /// Whether a waiver holds: somebody is named who may give it, a reason and a day are given, and the day has
    /// not passed.
    pub(super) fn holds(&self, record: &WaiverRecord<'_>) -> Holds {
        let text = |text: &Option<crate::model::Text<'_>>| {
            text.as_ref().map(|text| text.value.trim().to_owned()).filter(|text| !text.is_empty())
        };
        let no = |why: String| Holds::No(format!("invalid waiver: {why}"));
        let Some(by) = text(&record.by).filter(|by| !is_nobody(by)) else {
            return no("no name".to_owned());
        };
        let Some(reason) = text(&record.reason) else { return no("no reason".to_owned()) };
        let Some(until) = record.until.map(|day| day.value) else {
            return no("no `until`".to_owned());
        };
        if until < self.today {
            return no(format!("it expired on {until}"));
        }
        let on = record.on.map(|day| day.value);
        if let Some(on) = on.filter(|on| *on > self.today) {
            return no(format!("it is dated {on}, in the future"));
        }
        if let (Some(roster), Some(role)) = (self.desk.roster(), text(&record.role)) {
            let day = on.unwrap_or(self.today);
            if !matches!(roster.holder(&role, &by, day), Holding::Held { .. }) {
                return no(format!("{by} did not hold the role {role} on {day}"));
            }
        }
        Holds::Yes(format!("waived by {by} until {until}: {reason}"))
    }
}
