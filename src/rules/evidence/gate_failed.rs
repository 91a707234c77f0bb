use crate::finding::Report;
use crate::model::id;
use crate::rules::{ERROR, Subject};
use crate::verdict::Check;
use crate::verdict::judgement::Judgement;

declare_rule! {
    /// A blocking check that keeps the gate closed which `check --gate` asks for.
    ///
    /// Each blocking check that does not hold is one finding, at the entry that
    /// it is about. The gate decides over the exit code whatever the level of
    /// this rule: a gate that can be switched off could not fail.
    ///
    /// ```text
    /// $ relplan check --gate feature-complete
    /// ```
    "RP0610", "gate-failed", ERROR, since "0.1.0", formerly "gate-closed"
}

/// A gate that was judged, for the rule to tell what keeps it closed.
#[derive(Debug, Clone, Copy)]
pub struct AskedGate<'a> {
    /// Its name.
    pub name: &'a str,
    /// What was found of it, which comes first, and of the gates before it.
    pub judgement: &'a Judgement,
}

impl AskedGate<'_> {
    /// Its blockers, and those of the gates that it waits for.
    pub fn open(&self) -> Vec<&Check> {
        self.judgement.blockers_of(0)
    }
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let Some(gate) = subject.gate else { return 0 };
    reports.extend(gate.open().into_iter().map(|check| report(subject, gate.name, check)));
    gate.judgement.asked_by(0).len()
}

fn report(subject: &Subject<'_>, gate: &str, check: &Check) -> Report {
    let entry = id::parse(&check.id).ok().and_then(|id| subject.plan.find(id));
    let named = match entry {
        Some(_) => format!("{} {}", check.id, check.title),
        None => check.title.clone(),
    };
    let message = format!("gate {gate} fails: {named}: {}", check.reason);
    let own = subject.config.gates.iter().find(|own| own.name == gate).and_then(|own| own.span);
    let place = entry.map(|entry| subject.plan.entry(entry).id.span).or(own);
    let report = match place {
        Some(place) => Report::at(place, message),
        None => Report::of_plan(message),
    };
    match &check.next {
        Some(next) => report.help(next.clone()),
        None => report,
    }
}
