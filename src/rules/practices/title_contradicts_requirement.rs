use crate::finding::Report;
use crate::model::wording::{
    Word, after, before, bound_before, cut, followed_by, followed_by_success, preceded_by_rate, split, stem,
};
use crate::model::{Entry, Text};
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A criterion whose title promises more than it requires.
    ///
    /// The checklist shows titles. "All tests pass" above a requirement of 95% lets
    /// a failing test through unseen, or stops a release that meets its criterion.
    /// Make both say the same.
    ///
    /// ```yaml,bad
    /// id: DEP-002
    /// title: All tests pass in staging
    /// type: Criteria
    /// requirement: All tests pass with a success rate above 95%, smoke tests included
    /// ```
    ///
    /// ```yaml,bad
    /// id: DEP-003
    /// title: No critical defects
    /// type: Criteria
    /// requirement: Fewer than 3 critical defects are open on the release branch
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-002
    /// title: Nearly all tests pass in staging
    /// type: Criteria
    /// requirement: More than 95% of the tests pass, and all smoke tests
    /// ```
    "RP0512", "title-contradicts-requirement", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    for (entry, criteria) in subject.plan.criteria() {
        let (Some(title), Some(requirement)) = (&entry.title, &criteria.requirement) else { continue };
        if let Some((promise, allowance)) = contradiction(&title.value, &requirement.value) {
            reports.push(report(subject, entry, (title, promise), (requirement, allowance)));
        }
    }
    subject.plan.criteria().count()
}

fn report(
    subject: &Subject<'_>,
    entry: &Entry<'_>,
    (title, promise): (&Text<'_>, &str),
    (requirement, allowance): (&Text<'_>, &str),
) -> Report {
    let message =
        format!("{}: the title says `{promise}`, but the requirement allows `{allowance}`", entry.id.value);
    Report::at(words::place_of(subject, title, promise), message)
        .saying("promised here")
        .and(words::place_of(subject, requirement, allowance), "allowed here")
        .help("make the requirement and the title agree")
}

/// The promise of the title and the part of the requirement that allows less, if
/// there is one. Both must speak of the same thing, or nothing is certain.
fn contradiction<'t>(title: &'t str, requirement: &'t str) -> Option<(&'t str, &'t str)> {
    let title = split(title);
    // A title with a figure of its own is precise: `All services have 40% headroom`.
    if title.iter().any(|word| word.number().is_some_and(|number| number > 0.0 && number != 100.0)) {
        return None;
    }
    let requirement = split(requirement);
    title.iter().enumerate().find_map(|(at, word)| {
        let thing = thing(&title[at + 1..]);
        // `Nearly all` promises less than `all`.
        let hedged = at.checked_sub(1).is_some_and(|before| title[before].is(&["nearly", "almost", "not"]));
        let found = match word.text.to_ascii_lowercase().as_str() {
            _ if hedged => None,
            "all" | "every" | "each" | "100%" => less_than_all(&thing, &requirement),
            "zero" | "no" | "0" => more_than_none(&thing, &requirement),
            _ => None,
        };
        Some((word.text, found?))
    })
}

/// What a title speaks of behind `all` or `no`: the words up to its verb.
fn thing<'t>(words: &[Word<'t>]) -> Vec<&'t str> {
    const ENDS: &[&str] = &[
        "pass", "passes", "passed", "is", "are", "be", "in", "on", "at", "during", "after", "before", "for",
        "with", "open", "left", "remain", "remains", "succeed", "work", "to", "from", "met", "fixed", "have",
        "has", "was", "were", "exist", "exists", "done", "complete", "green", "become", "became",
    ];
    let small = |word: &&Word<'_>| !word.is(&["of", "the", "our"]);
    words.iter().filter(small).take_while(|word| !word.is(ENDS)).take(3).map(|word| word.text).collect()
}

/// A share below 100% of the thing, or of its success.
fn less_than_all<'t>(thing: &[&str], requirement: &[Word<'t>]) -> Option<&'t str> {
    let share = |word: &Word<'_>| word.is_share() && word.number().is_some_and(|number| number < 100.0);
    (0..requirement.len()).filter(|&at| share(&requirement[at])).find_map(|at| {
        let upper = requirement[at].text.starts_with(['<', '≤'])
            || bound_before(requirement, at).is_some_and(|(_, upper)| upper);
        let of_success = followed_by_success(requirement, at) || preceded_by_rate(requirement, at);
        let of_thing = followed_by(requirement, at, "of") && speaks_of(thing, after(requirement, at), false);
        (!upper && (of_success || of_thing)).then(|| cut(requirement, at))
    })
}

/// An upper bound above zero for the thing.
fn more_than_none<'t>(thing: &[&str], requirement: &[Word<'t>]) -> Option<&'t str> {
    let positive = |word: &Word<'_>| word.number().is_some_and(|number| number > 0.0);
    (0..requirement.len()).filter(|&at| positive(&requirement[at])).find_map(|at| {
        let signed = requirement[at].text.starts_with(['<', '≤']);
        let upper = signed || bound_before(requirement, at).is_some_and(|(_, upper)| upper);
        let behind = speaks_of(thing, after(requirement, at), true);
        let ahead = speaks_of(thing, before(requirement, at), true);
        (upper && (behind || ahead)).then(|| cut(requirement, at))
    })
}

/// Whether words name the thing: its last word, or all of its words.
fn speaks_of(thing: &[&str], words: &[Word<'_>], wholly: bool) -> bool {
    let named = |part: &str| words.iter().any(|word| stem(word.text).eq_ignore_ascii_case(stem(part)));
    match thing.split_last() {
        Some((last, others)) => named(last) && (!wholly || others.iter().all(|part| named(part))),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(title: &str, requirement: &str, expect: Option<(&str, &str)>) {
        assert_eq!(contradiction(title, requirement), expect, "{title} / {requirement}");
    }

    #[test]
    fn less_than_promised_is_found() {
        let pass = "All tests pass";
        check(pass, "All TEST- entries pass with >95% success rate", Some(("All", ">95%")));
        check(pass, "At least 95% of the tests pass", Some(("All", "At least 95%")));
        check(pass, "The pass rate is above 98%", Some(("All", "above 98%")));
        check(
            "100% of the criteria are met",
            "More than 90% of the criteria are met",
            Some(("100%", "More than 90%")),
        );
        check("Zero downtime", "Less than 5 minutes of downtime", Some(("Zero", "Less than 5")));
        check("No open defects", "Defects open: at most 3", None);
        check(
            "No critical defects are open",
            "At most 3 critical defects are open",
            Some(("No", "At most 3")),
        );
        check("Zero downtime", "Downtime stays below 30 seconds", Some(("Zero", "below 30")));
    }

    #[test]
    fn figures_about_something_else_are_not() {
        check("All tests pass", "All tests pass with at least 80% line coverage", None);
        check("All tests pass", "100% of the tests pass, and coverage is above 95%", None);
        check("All services have 40% headroom", "CPU is below 60% on all services", None);
        check("All services stay available", "Availability of 99.9% in every region", None);
        check("No critical defects", "0 critical defects, fewer than 5 minor defects", None);
        check("No endpoint became slower", "No endpoint has a p95 that rose by more than 5%", None);
        check("All alerts fire", "Each alert fires within 5 minutes", None);
        check("Every change is reviewed", "100% of the merge requests were approved", None);
        check("Zero critical alerts", "", None);
    }
}
