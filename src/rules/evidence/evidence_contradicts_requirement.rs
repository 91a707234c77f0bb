use crate::finding::Report;
use crate::model::Entry;
use crate::model::agreement::{Disagreement, disagreements};
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// An evidence requirement with another figure than the title or the requirement.
    ///
    /// The checklist shows the words, and the gate judges by the evidence
    /// requirement. Where the words say 95 % and it asks for 80 %, a release that
    /// does not meet its criterion would pass. The stricter of both counts.
    ///
    /// ```yaml,bad
    /// id: DEP-002
    /// title: The code is covered
    /// type: Criteria
    /// requirement: At least 95% line coverage
    /// evidence: {coverage: 80%}
    /// ```
    ///
    /// ```yaml,bad
    /// id: DEP-004
    /// title: All tests pass in staging
    /// type: Criteria
    /// evidence: {tests: 80%}
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-002
    /// title: The code is covered
    /// type: Criteria
    /// requirement: At least 95% line coverage
    /// evidence: {coverage: 95%}
    /// ```
    "RP0681", "evidence-contradicts-requirement", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for entry in subject.plan.entries() {
        let Some(requirement) = entry.kind.evidence_requirement() else { continue };
        looked_at += 1;
        let found = disagreements(entry, requirement);
        reports.extend(found.iter().map(|found| report(subject, entry, found)));
    }
    looked_at
}

fn report(subject: &Subject<'_>, entry: &Entry<'_>, found: &Disagreement<'_>) -> Report {
    let Disagreement { field, text, stated, required, agreeing, span } = found;
    let message =
        format!("{}: the {field} says `{stated}`, the evidence requirement `{required}`", entry.id.value);
    Report::at(*span, message)
        .saying("asked for here")
        .and(words::place_of(subject, text, stated), "stated here")
        .help(format!("write `{agreeing}`, or change the {field}"))
        .note("the stricter of both counts")
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(fields: &str, expect: &[&str]) {
        let yaml = format!("{{id: DEP-1, type: Criteria, {fields}}}");
        assert_eq!(messages("evidence-contradicts-requirement", &yaml, ""), expect, "{fields}");
    }

    #[test]
    fn figures_that_differ_are_found_both_ways() {
        check(
            "title: Tests, requirement: At least 95% of the tests pass, evidence: {tests: 80%}",
            &["DEP-1: the requirement says `At least 95%`, the evidence requirement `tests: 80%`"],
        );
        check(
            "title: All tests pass, evidence: {tests: '> 95%'}",
            &["DEP-1: the title says `All`, the evidence requirement `tests: 95%`"],
        );
        check(
            "title: 80% code coverage, evidence: {coverage: 90%}",
            &["DEP-1: the title says `80%`, the evidence requirement `coverage: 90%`"],
        );
        check(
            "title: Fast, requirement: p95 below 200ms, evidence: {metric: {name: p95, threshold: '< 500ms'}}",
            &["DEP-1: the requirement says `below 200ms`, the evidence requirement `threshold: \"< 500ms\"`"],
        );
        check(
            "title: No high-risk vulnerability is open, evidence: {findings_below: Critical}",
            &["DEP-1: the title says `No high-risk vulnerability`, the evidence requirement \
                 `findings_below: Critical`"],
        );
    }

    #[test]
    fn figures_that_agree_or_are_about_something_else_are_not() {
        check("title: All tests pass, evidence: {tests: 100%}", &[]);
        check(
            "title: Nearly all tests pass, requirement: '> 95% of the tests pass', evidence: {tests: '> 95%'}",
            &[],
        );
        check("title: All tests pass, evidence: {tests: profile}", &[]);
        check("title: 5% of the traffic is on green, evidence: {tests: 100%}", &[]);
        check("title: No critical vulnerabilities, evidence: {findings_below: High}", &[]);
        check("title: Uptime above 99.9%, evidence: {metric: {name: error rate, threshold: '> 1%'}}", &[]);
        check(
            "title: p95 below 200ms and p99 below 1s, evidence: {metric: {name: p99, threshold: '< 1s'}}",
            &[],
        );
    }
}
