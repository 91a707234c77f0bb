use crate::finding::Report;
use crate::model::Kind;
use crate::rules::{Subject, WARNING};
use crate::source::{FileId, Span};

declare_rule! {
    /// Approvals without `[roles]` that confirm them.
    ///
    /// Without a roster, any name can sign in any role, and no holder of the role
    /// is confirmed. Such an approval counts with a warning, or not at all where
    /// the profile says so (`unconfirmed_approvals`). Where `relplan.toml` had
    /// `[roles]` before, their removal ended the check of every signature.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Search
    /// version: "3.0.0"
    /// ---
    /// approvals:
    ///   - role: QA Lead
    ///     by: dana@example.com
    ///     on: 2026-11-02
    ///     release: REL-001
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// title: Search
    /// version: "3.0.0"
    /// ---
    /// approvals:
    ///   - role: QA Lead
    ///     by: dana@example.com
    ///     on: 2026-11-02
    ///     release: REL-001
    /// ```
    /// ```toml,good
    /// [roles."QA Lead"]
    /// holders = [{ person = "dana@example.com", name = "Dana" }]
    /// ```
    "RP0652", "roster-missing", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let (asked, given) = (asked(subject), given(subject));
    if subject.config.roster.is_none() {
        let place = given.iter().min().or(asked.iter().min());
        reports.extend(place.map(|place| {
            let message = match given.len() {
                0 => "approvals are required, and relplan.toml has no `[roles]` that say who may give them".to_owned(),
                1 => "1 approval has no `[roles]` in relplan.toml to confirm it".to_owned(),
                count => format!("{count} approvals have no `[roles]` in relplan.toml to confirm them"),
            };
            Report::at(*place, message)
                .help("add `[roles.\"QA Lead\"]` with `holders = [{ person = \"dana@example.com\" }]` to relplan.toml")
        }));
    }
    asked.len() + given.len()
}

/// Where `relplan.toml` itself asks for approvals.
fn asked(subject: &Subject<'_>) -> Vec<Span> {
    let of_gates = subject.config.gates.iter().flat_map(|gate| &gate.approvals).map(|role| role.span);
    let of_profiles = subject.config.profiles.iter().filter(|profile| !profile.approvals.is_empty());
    let spans = of_gates.chain(of_profiles.filter_map(|profile| profile.span));
    spans.filter(|span| span.file != FileId::BUILT_IN).collect()
}

/// Where the plan has records of approvals, except those of releases that are over.
fn given(subject: &Subject<'_>) -> Vec<Span> {
    let records = subject
        .plan
        .approvals
        .iter()
        .filter(|record| !record.is_withdrawal() && !is_over(subject, record.release.as_ref()));
    records.filter_map(|record| Some(record.by.as_ref()?.span)).collect()
}

fn is_over(subject: &Subject<'_>, release: Option<&crate::model::Text<'_>>) -> bool {
    let release = release.and_then(|name| subject.plan.release(&name.value));
    release.is_some_and(|release| match &subject.plan.entry(release).kind {
        Kind::Rel(rel) => rel.is_over(),
        _ => false,
    })
}
