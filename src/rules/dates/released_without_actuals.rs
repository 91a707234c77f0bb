use crate::finding::Report;
use crate::model::UnreadableFields;
use crate::model::rel::RelStatus;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A release that is out and does not say when, or how that ended.
    ///
    /// Lead time, success rate and every forecast of the next release are
    /// computed from what really happened. Write it down while it is known.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2026-11-02
    /// status: released
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2026-11-02
    /// status: released
    /// deployed_at: 2026-11-02
    /// outcome: success
    /// ```
    "RP0709", "released-without-actuals", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    let mut looked_at = 0;
    for (entry, release) in subject.plan.releases() {
        let Some(status) = release.status.filter(|status| status.value == RelStatus::Released) else {
            continue;
        };
        looked_at += 1;
        let id = entry.id.value;
        let fields = [("deployed_at", release.deployed_at.is_some()), ("outcome", release.outcome.is_some())];
        let missing: Vec<&str> = fields
            .iter()
            .filter(|(name, there)| !there && !unreadable.has(id, name))
            .map(|(name, _)| *name)
            .collect();
        let open = match missing[..] {
            [] => continue,
            ["deployed_at"] => "`deployed_at` is missing",
            ["outcome"] => "`outcome` is missing",
            _ => "`deployed_at` and `outcome` are missing",
        };
        let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
        reports.push(
            Report::at(status.span, format!("{id}: status is released, but {open}"))
                .help(format!("add {}", words::list(&names))),
        );
    }
    looked_at
}
