use crate::finding::Report;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A deployment item without an owner.
    ///
    /// Its owner reports whether a criterion is met, starts a rollback, or runs a
    /// step. Release planning practice asks for one owner of each; a role is
    /// enough. A mapping with `entries` may set the owner of many by `defaults`.
    ///
    /// ```yaml,bad
    /// id: DEP-001
    /// title: Apply the additive migrations
    /// type: Step
    /// stage: Deploy
    /// action: Apply the migrations while the old version serves all traffic
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-001
    /// title: Apply the additive migrations
    /// type: Step
    /// stage: Deploy
    /// owner: Data Lead
    /// action: Apply the migrations while the old version serves all traffic
    /// ```
    "RP0408", "owner-missing", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, _) in subject.plan.deps() {
        looked_at += 1;
        if entry.owner.is_none() {
            let message = format!("{}: no owner", entry.id.value);
            reports.push(Report::at(entry.id.span, message).help("add `owner: QA Lead`"));
        }
    }
    looked_at
}
