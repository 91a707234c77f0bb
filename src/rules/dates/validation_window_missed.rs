use chrono::NaiveDate;

use crate::finding::Report;
use crate::graph::{sources, targets};
use crate::model::dep::Validation;
use crate::model::rel::Rel;
use crate::model::{Entry, EntryIndex, Kind};
use crate::rules::{Subject, WARNING};
use crate::source::Spanned;

declare_rule! {
    /// A validation whose window is over and that has no result.
    ///
    /// The window after the deployment is the time in which a rollback is still
    /// cheap. If it is over without a result, the validation did not run, or its
    /// result was not recorded.
    ///
    /// ```yaml,bad
    /// - id: REL-001
    ///   title: Spring release
    ///   version: "3.1.0"
    ///   status: in progress
    ///   deployed_at: 2026-11-16
    /// - id: DEP-301
    ///   title: Sign-in works
    ///   type: Validation
    ///   check: Users sign in
    ///   window: 0h..2h
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   title: Spring release
    ///   version: "3.1.0"
    ///   status: in progress
    ///   deployed_at: 2026-11-16
    /// - id: DEP-301
    ///   title: Sign-in works
    ///   type: Validation
    ///   check: Users sign in
    ///   window: 0h..2h
    ///   evidence: Dashboard of 2026-11-16, https://grafana.example/d/signin
    /// ```
    "RP0726", "validation-window-missed", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let newest = subject.plan.releases().filter_map(|(entry, rel)| Some((rel.deployed_at?, entry)));
    let newest = newest.max_by_key(|(deployed, entry)| (deployed.value, entry.id.value));
    let mut looked_at = 0;
    for (entry, validation) in subject.plan.validations() {
        let (Some(window), Some(index)) = (validation.window, subject.plan.find(entry.id.value)) else {
            continue;
        };
        let Some((deployed, release)) = deployment(subject, entry, newest) else { continue };
        looked_at += 1;
        let Some(end) = window.value.last_day(deployed.value) else { continue };
        if end < subject.today && !has_result(subject, index, validation) {
            let message = format!(
                "{}: validation window ended by {end}, {} after the deployment of {}, without a result",
                entry.id.value, window.value, release.id.value
            );
            reports.push(
                Report::at(window.span, message)
                    .and(deployed.span, format!("{} was deployed", release.id.value))
                    .help("record the result: `evidence: …` with what was seen, or a report that proves it"),
            );
        }
    }
    looked_at
}

/// The deployment that a validation looks at: that of its release, or else the newest.
fn deployment<'p>(
    subject: &Subject<'p>,
    entry: &Entry<'_>,
    newest: Option<(Spanned<NaiveDate>, &'p Entry<'p>)>,
) -> Option<(Spanned<NaiveDate>, &'p Entry<'p>)> {
    let Some(name) = entry.release() else { return newest };
    let release = subject.plan.entry(subject.plan.release(&name.value)?);
    match &release.kind {
        Kind::Rel(rel) => {
            let rel: &Rel<'_> = rel;
            Some((rel.deployed_at?, release))
        }
        _ => None,
    }
}

/// Whether anything says how a validation went: its evidence, a test behind it, or reports that prove it.
fn has_result(subject: &Subject<'_>, index: EntryIndex, validation: &Validation<'_>) -> bool {
    let is_told = |other: EntryIndex| match &subject.plan.entry(other).kind {
        Kind::Test(test) => test.status.is_some() || subject.matches().result(other).is_some(),
        _ => false,
    };
    let tests = targets(subject.graph, index, |edge| is_told(edge.to));
    let back = sources(subject.graph, index, |edge| is_told(edge.from));
    let proven = validation.evidence_requirement.is_some() && !subject.evidence.reports.is_empty();
    validation.evidence.is_some() || proven || !tests.is_empty() || !back.is_empty()
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(release: &str, validation: &str, expect: &[&str]) {
        let yaml = format!(
            "- {{id: REL-1, version: '1.0.0'{release}}}\n\
             - {{id: DEP-1, type: Validation, check: Sign-in works{validation}}}\n- {{id: TEST-1, status: passing}}"
        );
        assert_eq!(messages("validation-window-missed", &yaml, ""), expect, "{release} {validation}");
    }

    #[test]
    fn a_window_that_is_over_needs_a_result() {
        let missed = "DEP-1: validation window ended by 2026-11-17, 0h..2h after the deployment of REL-1, without a result";
        check(", deployed_at: 2026-11-16", ", window: 0h..2h", &[missed]);
        let missed = "DEP-1: validation window ended by 2026-11-18, 1d..2d after the deployment of REL-1, without a result";
        check(", deployed_at: 2026-11-16", ", window: 1d..2d, release: 1.0.0", &[missed]);
    }

    #[test]
    fn a_window_that_is_open_or_has_a_result_is_not() {
        check(", deployed_at: 2026-11-19", ", window: 0h..2h", &[]);
        check(", deployed_at: 2026-11-16", ", window: 0h..7d", &[]);
        check(", date: 2026-12-01", ", window: 0h..2h", &[]);
        check(", deployed_at: 2026-11-16", ", window: 0h..2h, evidence: seen on the dashboard", &[]);
        check(", deployed_at: 2026-11-16", ", window: 0h..2h, verified_by: TEST-1", &[]);
    }
}
