use crate::finding::Report;
use crate::model::UnreadableFields;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// An incident without a release.
    ///
    /// Which release an incident belongs to decides which post-release review counts
    /// it, and whether it holds back the next one. State the release that was in
    /// production, as a version or an id.
    ///
    /// ```yaml,bad
    /// id: INC-219
    /// title: Webhooks are late
    /// detected: 2026-11-18T15:00Z
    /// ```
    ///
    /// ```yaml,good
    /// id: INC-219
    /// title: Webhooks are late
    /// release: "2.9.9"
    /// detected: 2026-11-18T15:00Z
    ///
    /// --- # the release
    /// id: REL-001
    /// version: "2.9.9"
    /// ```
    "RP0350", "incident-without-release", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    for (entry, _) in subject.plan.incidents() {
        let id = entry.id.value;
        if entry.release().is_some() || unreadable.has(id, "release") {
            continue;
        }
        let known = subject.plan.releases().map(|(release, rel)| {
            let version = rel.version.as_ref().map(|version| version.value.to_string());
            version.unwrap_or_else(|| release.id.value.to_string())
        });
        let known: Vec<String> = known.take(5).collect();
        let help = match known.is_empty() {
            true => "add `release` with the version that was in production".to_owned(),
            false => {
                format!("add `release` with the version that was in production: {}", words::list(&known))
            }
        };
        reports.push(Report::at(entry.id.span, format!("{id}: incident without release")).help(help));
    }
    subject.plan.incidents().count()
}
