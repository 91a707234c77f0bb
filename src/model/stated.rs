//! What the words of an entry ask for in figures: how many tests pass, how much code they run through, which
//! measures lie where, and which findings there are none of.
//!
//! A figure counts only together with what it is about, and only where that is beyond doubt: prose holds many figures.

use super::dep::Severity;
use super::duration::is_time_unit;
use super::measure::Measure;
use super::threshold::Number;
use super::value::Choice;
use super::wording::{
    Bound, Word, after, before, bound_of, cut, followed_by, followed_by_success, preceded_by_rate, split,
};

/// What a share is one of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareOf {
    /// The tests.
    Tests,
    /// The lines of the code.
    Lines,
    /// The branches of the code.
    Branches,
}

/// A share that words ask for at least.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StatedShare<'t> {
    /// What it is a share of.
    pub of: ShareOf,
    /// The share, in per cent.
    pub percent: f64,
    /// Whether it must be exceeded.
    pub above: bool,
    /// The words that say so.
    pub text: &'t str,
}

/// A limit that words name.
#[derive(Debug, Clone, PartialEq)]
pub struct StatedLimit<'t> {
    /// On which side of it the measure has to lie.
    pub bound: Bound,
    /// Whether the limit itself is too much.
    pub excludes: bool,
    /// The limit.
    pub measure: Measure,
    /// The words that say so.
    pub text: &'t str,
    /// The words of its clause, in small letters.
    pub clause: Vec<String>,
}

/// Every share of tests and of code that a text asks for. `context` is the text that stands beside it.
pub fn shares<'t>(text: &'t str, context: &str) -> Vec<StatedShare<'t>> {
    let words = split(text);
    let about_tests = [text, context].iter().any(|text| split(text).iter().any(|word| names_tests(*word)));
    let mut shares: Vec<StatedShare<'t>> =
        (0..words.len()).filter_map(|at| share(&words, at, about_tests)).collect();
    let has_figure = shares.iter().any(|share| share.of == ShareOf::Tests);
    shares.extend(all_tests(&words, has_figure));
    shares
}

fn share<'t>(words: &[Word<'t>], at: usize, about_tests: bool) -> Option<StatedShare<'t>> {
    let percent = words[at].number().filter(|_| words[at].is_share())?;
    let bound = bound_of(words, at);
    if bound.is_some_and(|(bound, _)| bound == Bound::Upper) || is_change(words, at) {
        return None;
    }
    let of = whole(words, at, about_tests)?;
    Some(StatedShare { of, percent, above: bound.is_some_and(|(_, above)| above), text: cut(words, at) })
}

/// What a figure is a share of, if its clause says so.
fn whole(words: &[Word<'_>], at: usize, about_tests: bool) -> Option<ShareOf> {
    // Of what else coverage is measured, nobody can tell from a report on code.
    const OTHERS: &[&str] = &[
        "api",
        "browser",
        "browsers",
        "device",
        "devices",
        "documentation",
        "endpoint",
        "endpoints",
        "feature",
        "features",
        "function",
        "functions",
        "market",
        "mutation",
        "region",
        "regional",
        "regions",
        "requirement",
        "requirements",
        "scenario",
        "scenarios",
        "story",
        "stories",
        "traceability",
        "translation",
        "user",
    ];
    let mut clause = before(words, at).iter().chain(after(words, at));
    let has = |known: &[&str]| before(words, at).iter().chain(after(words, at)).any(|word| word.is(known));
    if has(&["coverage", "covered", "cover", "covers"]) {
        let is_branches = clause.any(|word| word.is(&["branch", "branches"]));
        return match has(OTHERS) {
            true => None,
            false if is_branches => Some(ShareOf::Branches),
            false => Some(ShareOf::Lines),
        };
    }
    let of_tests = followed_by(words, at, "of") && after(words, at).iter().any(|word| names_tests(*word));
    let of_success = followed_by_success(words, at) || preceded_by_rate(words, at);
    (of_tests || (of_success && about_tests)).then_some(ShareOf::Tests)
}

/// Whether a figure tells a change, or how it was before: `does not fall by more than 2%`, `up from 80%`.
fn is_change(words: &[Word<'_>], at: usize) -> bool {
    const CHANGES: &[&str] = &[
        "by",
        "currently",
        "decrease",
        "decreases",
        "drop",
        "drops",
        "fall",
        "falls",
        "from",
        "grow",
        "grows",
        "increase",
        "increases",
        "point",
        "points",
        "rise",
        "rises",
        "was",
    ];
    before(words, at).iter().chain(after(words, at).iter().take(2)).any(|word| word.is(CHANGES))
}

fn names_tests(word: Word<'_>) -> bool {
    let text = word.text.to_ascii_lowercase();
    matches!(&*text, "test" | "tests" | "testcase" | "testcases" | "test-cases") || text.starts_with("test-")
}

/// `All tests pass`, `no test fails`. Where another share of the tests is asked for, `all smoke tests` are a part.
fn all_tests<'t>(words: &[Word<'t>], has_figure: bool) -> Option<StatedShare<'t>> {
    (0..words.len()).find_map(|at| {
        let hedged =
            at.checked_sub(1).is_some_and(|before| words[before].is(&["nearly", "almost", "not", "of"]));
        let behind = after(words, at);
        let thing = behind.iter().position(|word| names_tests(*word)).filter(|_| !hedged)?;
        let small = |word: &Word<'_>| word.is(&["automated", "linked", "of", "our", "planned", "the"]);
        if has_figure && !behind[..thing].iter().all(small) {
            return None;
        }
        let verbs = |known: &[&str]| behind.iter().any(|word| word.is(known));
        let all = words[at].is(&["all", "each", "every", "100%"])
            && verbs(&["pass", "passes", "passed", "passing", "green", "succeed", "succeeds", "successful"]);
        let none =
            words[at].is(&["no", "zero", "0"]) && verbs(&["fail", "fails", "failed", "failing", "red"]);
        let text = &words[at].text;
        (all || none).then_some(StatedShare { of: ShareOf::Tests, percent: 100.0, above: false, text })
    })
}

/// Every limit that a text names with its side, but for shares of tests and of code.
pub fn limits(text: &str) -> Vec<StatedLimit<'_>> {
    let words = split(text);
    let limit = |at: usize| {
        let (bound, excludes) = bound_of(&words, at)?;
        let measure = measure(words[at])?;
        let is_other = is_change(&words, at) || whole(&words, at, true).is_some();
        let clause = before(&words, at).iter().chain(after(&words, at));
        let clause =
            clause.filter(|word| !is_time_unit(word.text)).map(|word| word.text.to_lowercase()).collect();
        (!is_other).then(|| StatedLimit { bound, excludes, measure, text: cut(&words, at), clause })
    };
    (0..words.len()).filter_map(limit).collect()
}

/// The measure of a figure: `200ms`, `200 ms`, `99.9%`, `5`.
fn measure(word: Word<'_>) -> Option<Measure> {
    let (number, unit) = Number::split(word.text.trim_start_matches(['>', '<', '=', '≥', '≤']))?;
    let number = Number::parse(number).ok()?;
    let follows = word.behind().split_whitespace().next().unwrap_or("");
    let follows = follows.trim_end_matches([',', ';', '.', ')']);
    let glued = unit.trim();
    let unit = match glued {
        "" if !word.ends_clause && is_time_unit(follows) => follows,
        glued => glued,
    };
    let is_unit = unit.chars().all(|c| c.is_alphabetic() || matches!(c, '%' | '/' | ' ' | 'µ'));
    is_unit.then(|| Measure::new(number.into(), unit))?
}

/// The least severity that a text says there are no findings of, and the words that say so.
pub fn no_findings(text: &str) -> Option<(Severity, &str)> {
    const NOUNS: &[&str] = &["alert", "cve", "finding", "issue", "vulnerabilit", "weakness"];
    let words = split(text);
    words.iter().enumerate().find_map(|(at, word)| {
        if !word.is(&["no", "zero", "0", "without"]) {
            return None;
        }
        let behind = &words[at + 1..words.len().min(at + 9)];
        let names = |word: &Word<'_>| NOUNS.iter().any(|noun| word.text.to_lowercase().starts_with(noun));
        let ends = |word: &Word<'_>| word.behind().starts_with([';', '.', ':']);
        let end = behind.iter().position(ends).map_or(behind.len(), |end| end + 1);
        let behind = &behind[..end];
        let noun = behind.iter().position(names)?;
        let severity = behind[..noun].iter().filter_map(|word| severity(word.text)).max()?;
        let end = word.from_here().len() - behind[noun].from_here().len() + behind[noun].text.len();
        Some((severity, &word.from_here()[..end]))
    })
}

/// The severity in `high`, `High-severity` and `critical/high`, of several the least.
fn severity(word: &str) -> Option<Severity> {
    let of = |part: &str| match part.to_ascii_lowercase().as_str() {
        "moderate" => Some(Severity::Medium),
        part => Severity::from_word(part),
    };
    word.split(['-', '/']).filter_map(of).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[(ShareOf, f64, bool, &str)]) {
        let found: Vec<_> = shares(text, "").iter().map(|s| (s.of, s.percent, s.above, s.text)).collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn shares_of_tests_are_read() {
        use ShareOf::Tests;
        check("All tests pass in staging", &[(Tests, 100.0, false, "All")]);
        check("No test fails", &[(Tests, 100.0, false, "No")]);
        check("At least 95% of the tests pass", &[(Tests, 95.0, false, "At least 95%")]);
        check("95 % of all test cases pass", &[(Tests, 95.0, false, "95 %")]);
        check("The pass rate of the tests is above 98%", &[(Tests, 98.0, true, "above 98%")]);
        check(
            "More than 95% of the tests pass, and all smoke tests pass",
            &[(Tests, 95.0, true, "More than 95%")],
        );
        check("All smoke tests pass", &[(Tests, 100.0, false, "All")]);
    }

    #[test]
    fn shares_of_code_are_read() {
        use ShareOf::{Branches, Lines};
        check("Line coverage of at least 90%", &[(Lines, 90.0, false, "at least 90%")]);
        check("80% code coverage", &[(Lines, 80.0, false, "80%")]);
        check(
            "Coverage ≥ 90 %, branch coverage ≥ 75 %",
            &[(Lines, 90.0, false, "≥ 90 %"), (Branches, 75.0, false, "≥ 75 %")],
        );
        check("At least 95% of the lines are covered by tests", &[(Lines, 95.0, false, "At least 95%")]);
    }

    #[test]
    fn figures_about_something_else_are_none() {
        for text in [
            "Nearly all tests pass",
            "Not all tests pass yet",
            "95% of requests succeed",
            "Deployment success rate of 98%",
            "5% of the traffic is on the new version",
            "Coverage does not fall by more than 2%",
            "Coverage rose from 80%",
            "API coverage of 80%",
            "Requirements coverage is 100%",
            "Up to 95% of the tests pass",
            "Fewer than 5% of the tests are flaky",
            "Tests run against v2.9",
            "All services pass the health check",
            "All alerts fire within 5 minutes",
            "",
            "Load test with 50,000 users",
            "Regional coverage of 90%",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn limits_have_their_side_and_their_unit() {
        let check = |text: &str, expect: &[&str]| {
            let found: Vec<&str> = limits(text).iter().map(|limit| limit.text).collect();
            assert_eq!(found, expect, "{text}");
        };
        check("p95 stays below 200ms", &["below 200ms"]);
        check("p95 < 200 ms under peak load", &["< 200"]);
        check("Error rate of less than 1%, uptime above 99.9%", &["less than 1%", "above 99.9%"]);
        check("Latency rises by less than 5%", &[]);
        check("More than 95% of the tests pass", &[]);
        check("Since v2.9 and 2026-01-01 at 10:00 for 5 minutes", &[]);
        let limit = &limits("p95 < 200 ms")[0];
        assert_eq!(Some(&limit.measure), Measure::parse("200ms", None).as_ref());
    }

    #[test]
    fn severities_that_are_ruled_out() {
        let check =
            |text: &str, expect: Option<(Severity, &str)>| assert_eq!(no_findings(text), expect, "{text}");
        check("No critical vulnerabilities", Some((Severity::Critical, "No critical vulnerabilities")));
        check("No high-risk vulnerability is open", Some((Severity::High, "No high-risk vulnerability")));
        check("Zero critical or high findings", Some((Severity::High, "Zero critical or high findings")));
        check(
            "No critical, high or medium CVEs",
            Some((Severity::Medium, "No critical, high or medium CVEs")),
        );
        check("No known vulnerabilities", None);
        check("No critical defects", None);
        check("No downtime; high findings are reviewed", None);
    }
}
