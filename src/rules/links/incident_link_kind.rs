use crate::finding::Report;
use crate::model::dep::Detail;
use crate::model::incident::links_at;
use crate::model::{Id, Kind};
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// An incident that names the wrong kind of entry.
    ///
    /// `triggers_fired` and `triggers_missed` name rollback triggers, and `actions`
    /// names actions. With any other entry, a review counts what did not happen.
    ///
    /// ```yaml,bad
    /// id: INC-219
    /// title: Webhooks are late
    /// release: "2.9.9"
    /// triggers_missed: MON-002
    ///
    /// --- # the release
    /// id: REL-001
    /// version: "2.9.9"
    ///
    /// --- # a metric
    /// id: MON-002
    /// title: Delay of webhooks
    /// ```
    ///
    /// ```yaml,good
    /// id: INC-219
    /// title: Webhooks are late
    /// release: "2.9.9"
    /// triggers_missed: DEP-009
    ///
    /// --- # the release
    /// id: REL-001
    /// version: "2.9.9"
    ///
    /// --- # a rollback trigger
    /// id: DEP-009
    /// title: Delay of webhooks
    /// type: Rollback
    /// trigger: Webhooks are late
    /// ```
    "RP0351", "incident-link-kind", ERROR, since "0.1.0"
}

/// Whether an entry of a kind is what a field links to.
type Fits = fn(&Kind<'_>) -> bool;

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let kind = |id: Id| subject.plan.find(id).map(|index| &subject.plan.entry(index).kind);
    let is_trigger: Fits = |kind| matches!(kind, Kind::Dep(dep) if matches!(dep.detail, Detail::Rollback(_)));
    let is_action: Fits = |kind| matches!(kind, Kind::Action(_));
    let mut looked_at = 0;
    for (entry, incident) in subject.plan.incidents() {
        let fields = [
            ("triggers_fired", &incident.triggers_fired, "a rollback trigger", is_trigger),
            ("triggers_missed", &incident.triggers_missed, "a rollback trigger", is_trigger),
            ("actions", &incident.actions, "an action", is_action),
        ];
        for (name, places, noun, fits) in fields {
            for link in links_at(entry, places) {
                looked_at += 1;
                let wrong = link.target.ends().find(|id| kind(*id).is_some_and(|kind| !fits(kind)));
                if let Some(wrong) = wrong {
                    let message = format!("{}: `{name}` names {wrong}, which is not {noun}", entry.id.value);
                    let help = match noun {
                        "an action" => "name entries of the family ACT",
                        _ => "name entries of type Rollback",
                    };
                    reports.push(Report::at(link.span, message).help(help));
                }
            }
        }
    }
    looked_at
}
