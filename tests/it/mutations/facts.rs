//! What a changed file still proves, read by the test itself from its own tokens, and in the strictest way: what is not
//! known for sure proves nothing.

use super::prove::Seen;
use super::times::{NOTES_DAYS, is_fresh, is_within, states_no_time};
use super::tokens::{Token, Tokens};
use crate::judging::COMMIT;

/// Whether a text names an id of a test, in any capitals and with or without what stands before its number.
pub fn names(text: &str, id: &str) -> bool {
    let text = text.to_uppercase();
    let number = id.trim_start_matches("TEST-");
    text.match_indices("TEST").any(|(at, word)| {
        let before = text[..at].chars().next_back();
        let rest = &text[at + word.len()..];
        let rest = rest.strip_prefix(['-', '_', ' ']).unwrap_or(rest);
        let digits = &rest[..rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len())];
        let behind = rest[digits.len()..].chars().next();
        let apart = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric());
        apart(before) && digits.trim_start_matches('0') == number && apart(behind)
    })
}

/// The name of an element that is open, and its attributes.
type Opened<'t> = (&'t str, Vec<(&'t str, &'t str)>);

/// An element and what stands in it: attributes by their names, and the names of its elements.
pub struct Element<'t> {
    pub attributes: Vec<(&'t str, &'t str)>,
    pub inside: Vec<&'t str>,
    pub around: Vec<Opened<'t>>,
}

impl<'t> Element<'t> {
    pub fn get(&self, name: &str) -> Option<&'t str> {
        self.attributes.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }

    /// The value of an attribute of the nearest element around it that has one.
    fn inherited(&self, name: &str) -> Option<&'t str> {
        let all = self.around.iter().rev().flat_map(|(_, attributes)| attributes);
        all.clone().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }
}

/// Every element of a name, in their order.
pub fn elements<'t>(tokens: &'t Tokens, name: &str) -> Vec<Element<'t>> {
    elements_that(tokens, |own| own.eq_ignore_ascii_case(name))
}

/// Every element whose name fits.
pub fn elements_that<'t>(tokens: &'t Tokens, is_named: impl Fn(&str) -> bool) -> Vec<Element<'t>> {
    let opened = |token: &'t Token| {
        token.label.strip_prefix('<')?.strip_suffix('>').filter(|name| !name.starts_with('/'))
    };
    let (mut around, mut found) = (Vec::<Opened<'t>>::new(), Vec::<Element<'t>>::new());
    let mut open: Vec<usize> = Vec::new();
    for (index, token) in tokens.list.iter().enumerate() {
        if token.label.starts_with("</") {
            around.pop();
            open.retain(|at| found[*at].around.len() < around.len());
        } else if let Some(opened) = opened(token) {
            open.iter().for_each(|at| found[*at].inside.push(opened));
            let own = tokens.list[index + 1..]
                .iter()
                .take_while(|token| token.label.contains('@') || token.label == "space");
            let attributes: Vec<(&str, &str)> =
                own.filter_map(|token| Some((token.label.split_once('@')?.1, &*token.value))).collect();
            if is_named(opened) {
                open.push(found.len());
                found.push(Element {
                    attributes: attributes.clone(),
                    inside: Vec::new(),
                    around: around.clone(),
                });
            }
            around.push((opened, attributes));
        }
    }
    found
}

/// Names that say how something ended, whatever their capitals.
const ENDINGS: [&str; 8] =
    ["status", "result", "outcome", "state", "success", "passed", "executed", "aborted"];
const PASSES: [&str; 5] = ["passed", "pass", "run", "true", "success"];
/// Elements of a case that say nothing of how it ended.
const SILENT: [&str; 6] =
    ["system-out", "system-err", "properties", "property", "flakyFailure", "flakyError"];
/// Parts of the names of elements that say that something went wrong.
const WRONG: [&str; 8] = ["fail", "error", "abort", "timeout", "crash", "warning", "skip", "test-case"];

/// Whether a class is another, or one within it.
fn is_class(own: &str, class: &str) -> bool {
    let (own, class) = (own.to_lowercase(), class.to_lowercase());
    own.strip_prefix(&class).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Whether every test that the file proves is still proven, and nothing in it says that anything went wrong.
pub fn junit(seen: &Seen<'_>) -> bool {
    let cases = elements(seen.mutant, "testcase");
    let proves = |id: &str| cases.iter().any(|case| case.get("name").is_some_and(|name| names(name, id)));
    let was = |id: &str| seen.base.values("testcase@name").any(|name| names(name, id));
    let ids = ["TEST-101", "TEST-102", "TEST-104", "TEST-106"];
    let class =
        |class: &str| cases.iter().any(|case| case.get("classname").is_some_and(|own| is_class(own, class)));
    let had = |class: &str| seen.base.values("testcase@classname").any(|known| known == class);
    let file = || {
        cases.iter().any(|case| {
            case.get("file").is_some_and(|own| own.eq_ignore_ascii_case("tests/smoke/front_page.py"))
        })
    };
    ids.iter().all(|id| !was(id) || proves(id))
        && (!had("search.journey") || class("search.journey"))
        && (!had("tests.smoke.front_page") || class("tests.smoke.front_page") || file())
        && cases.iter().all(case_is_fine)
        && seen.mutant.list.iter().all(says_nothing_wrong)
        && counts_are_fine(seen.mutant, cases.len())
}

/// The same, where one more case failed that is of no test of the plan, or a suite without cases states a failure: the
/// decision then is a conditional one, and names it.
pub fn junit_with_a_loose_failure(seen: &Seen<'_>) -> bool {
    let cases = elements(seen.mutant, "testcase");
    let is_loose = |case: &&Element<'_>| case.get("classname") == Some("other");
    let (loose, others): (Vec<_>, Vec<_>) = cases.iter().partition(is_loose);
    let is_empty_suite = |suite: &Element<'_>| suite.get("name") == Some("more") && suite.inside.is_empty();
    let is_there = !loose.is_empty() || elements(seen.mutant, "testsuite").iter().any(is_empty_suite);
    let has = |own: &str| others.iter().any(|case| case.attributes.iter().any(|(_, value)| *value == own));
    let all_there = seen.base.values("testcase@name").all(has);
    seen.is_conditional && is_there && all_there && others.iter().all(|case| case_is_fine(case))
}

fn case_is_fine(case: &Element<'_>) -> bool {
    let is_ending = |name: &str| ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(name));
    let is_pass = |value: &str| PASSES.iter().any(|known| known.eq_ignore_ascii_case(value));
    let times = ["timestamp", "date", "created"];
    let own =
        case.attributes.iter().filter(|(name, _)| times.iter().any(|time| time.eq_ignore_ascii_case(name)));
    case.inside.iter().all(|inside| SILENT.contains(inside) || *inside == "testcase")
        && case.attributes.iter().all(|(name, value)| !is_ending(name) || is_pass(value))
        && own
            .map(|(_, value)| *value)
            .chain(case.inherited("timestamp"))
            .all(|time| is_fresh(time) || states_no_time(time))
}

fn says_nothing_wrong(token: &Token) -> bool {
    let Some(element) = token.label.strip_prefix('<') else { return true };
    let is_repeated = SILENT.iter().any(|silent| element.trim_matches(['/', '>']) == *silent);
    let element = element.to_ascii_lowercase();
    is_repeated || !WRONG.iter().any(|wrong| element.contains(wrong))
}

/// Whether what is stated is no worse than what stands there: no failure, and no test without a case.
fn counts_are_fine(tokens: &Tokens, cases: usize) -> bool {
    let stated = |name: &str| {
        let own = tokens.list.iter().filter(|token| token.label.to_lowercase().starts_with("testsuite"));
        let own = own
            .filter(|token| token.label.split('@').nth(1).is_some_and(|own| own.eq_ignore_ascii_case(name)));
        own.map(|token| token.value.trim())
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let number = |text: &String| text.strip_suffix(".0").unwrap_or(text).parse::<usize>().ok();
    let most =
        |name: &str| stated(name).iter().map(|text| number(text).unwrap_or(usize::MAX)).max().unwrap_or(0);
    let skipped = most("skipped");
    most("failures") == 0 && most("errors") == 0 && most("tests").saturating_sub(skipped) <= cases
}

/// The share of lines and of branches that Cobertura counts in the package `core`, and
/// each line by its best count: what ran once ran.
pub fn cobertura(seen: &Seen<'_>) -> bool {
    let (mut lines, mut branches) = (std::collections::BTreeMap::new(), (0, 0));
    // A line that is listed in a method and not in its class is that of the function itself, which Istanbul counts nowhere.
    let is_of_method = |line: &Element<'_>| line.around.iter().any(|(name, _)| *name == "methods");
    for line in elements(seen.mutant, "line").into_iter().filter(|line| !is_of_method(line)) {
        let (Some(number), Some(hits)) = (line.get("number"), line.get("hits")) else { return false };
        let (Ok(number), Ok(hits)) = (number.trim().parse::<u64>(), hits.trim().parse::<f64>()) else {
            return false;
        };
        if !hits.is_finite() || hits.fract() > 0.0 {
            return false;
        }
        let file = line.inherited("filename").unwrap_or_default();
        let is_package = |(_, attributes): &Opened<'_>| attributes.contains(&("name", "core"));
        let is_own = file.starts_with("core/") || line.around.iter().any(is_package);
        let known = lines.entry((file, number)).or_insert(hits);
        *known = hits.max(*known);
        let Some(conditions) = line.get("condition-coverage").filter(|_| is_own) else { continue };
        let Some((taken, all)) =
            conditions.split_once('(').and_then(|(_, share)| share.split_once(')')?.0.split_once('/'))
        else {
            return false;
        };
        let (Ok(taken), Ok(all)) = (taken.parse::<u64>(), all.parse::<u64>()) else { return false };
        branches = (branches.0 + taken, branches.1 + all);
    }
    let covered = lines.values().filter(|hits| **hits > 0.0).count();
    let time =
        elements(seen.mutant, "coverage").first().and_then(|root| root.get("timestamp")).unwrap_or_default();
    !lines.is_empty()
        && covered * 100 >= lines.len() * 90
        && branches.1 > 0
        && branches.0 * 100 >= branches.1 * 75
        && (is_fresh(time) || states_no_time(time))
}

/// The same of a trace of `src/api`, where no summary may state less than that.
pub fn lcov(seen: &Seen<'_>) -> bool {
    let (mut lines, mut branches) = ((0, 0), (0, 0));
    let (mut is_open, mut is_done) = (false, false);
    let number = |value: Option<&str>| {
        value.and_then(|value| value.trim().parse::<f64>().ok().filter(|number| number.fract() == 0.0))
    };
    let stated =
        |key: &str| seen.mutant.values(key).filter_map(|value| value.parse::<u64>().ok()).collect::<Vec<_>>();
    for token in &seen.mutant.list {
        let mut values = token.value.split(',');
        match &*token.label {
            "SF" => (is_open, is_done) = (!is_open && token.value.trim().starts_with("src/api/"), false),
            "DA" if is_open => {
                let (Some(_), Some(count)) = (number(values.next()), number(values.next())) else {
                    return false;
                };
                lines = (lines.0 + u64::from(count > 0.0), lines.1 + 1);
            }
            // Between the number of the line and how often it was taken, anything may name a branch.
            "BRDA" if is_open && token.value.matches(',').count() >= 3 => {
                let (Some(_), Some(taken)) = (number(values.next()), values.next_back()) else {
                    return false;
                };
                let taken = if taken == "-" { Some(0.0) } else { number(Some(taken)) };
                let Some(taken) = taken else { return false };
                branches = (branches.0 + u64::from(taken > 0.0), branches.1 + 1);
            }
            "DA" | "BRDA" => return false,
            "end_of_record" => (is_open, is_done) = (false, true),
            _ => {}
        }
    }
    let no_less = |hit: &str, found: &str, percent: u64| {
        stated(hit).iter().zip(&stated(found)).all(|(hit, found)| hit * 100 >= found * percent)
    };
    is_done
        && lines.1 > 0
        && lines.0 * 100 >= lines.1 * 80
        && branches.1 > 0
        && branches.0 * 100 >= branches.1 * 50
        && no_less("LH", "LF", 80)
        && no_less("BRH", "BRF", 50)
}

/// Whether the scan still is one of Semgrep's that ran to its end and found nothing high. The names of SARIF are those of
/// its standard in every letter, and mean something only where it puts them.
pub fn sarif(seen: &Seen<'_>) -> bool {
    let tokens = seen.mutant;
    let all = |label: &str, fine: &dyn Fn(&str) -> bool| tokens.values(label).all(fine);
    let none_below = |start: &str| !tokens.list.iter().any(|token| token.label.starts_with(start));
    let below_high = |value: &str| {
        let severity = value.trim_matches('"').trim();
        severity.is_empty()
            || severity == "null"
            || severity.parse::<f64>().is_ok_and(|severity| (0.0..7.0).contains(&severity))
    };
    let mild = |value: &str| ["\"\"", "\"note\"", "\"warning\"", "\"none\"", "null"].contains(&value);
    let is_commit = |value: &str| value.trim_matches('"').eq_ignore_ascii_case(COMMIT);
    let noted = |kind: &str| format!("/runs/*/invocations/*/{kind}/*/level");
    tokens.values("/runs/*/tool/driver/name").all(|name| name.to_lowercase().contains("semgrep"))
        && tokens.list.iter().any(|token| token.label == "/runs/*/results[")
        && all("/runs/*/results/*/level", &mild)
        && (every_result_has(tokens, "level")
            || all("/runs/*/tool/driver/rules/*/defaultConfiguration/level", &mild))
        && all("/runs/*/results/*/properties/security-severity", &below_high)
        && (every_result_has(tokens, "properties/security-severity")
            || all("/runs/*/tool/driver/rules/*/properties/security-severity", &below_high))
        && all("/runs/*/invocations/*/executionSuccessful", &|value| value == "true" || value == "null")
        && all("/runs/*/invocations/*/exitCode", &|value| value == "0" || value == "null")
        && all("/runs/*/invocations/*/endTimeUtc", &|value| is_fresh(value.trim_matches('"')))
        && all("/runs/*/versionControlProvenance/*/revisionId", &is_commit)
        && all(&noted("toolExecutionNotifications"), &|level| level != "\"error\"")
        && all(&noted("toolConfigurationNotifications"), &|level| level != "\"error\"")
        && none_below("/runs/*/invocations/*/exitSignalName")
        && none_below("/runs/*/invocations/*/processStartFailureMessage")
        && none_below("/runs/*/externalPropertyFileReferences")
}

/// Where every result states something itself, its rule is not asked (SARIF 2.1.0, 3.27.10).
fn every_result_has(tokens: &Tokens, key: &str) -> bool {
    let label = format!("/runs/*/results/*/{key}");
    let stated = tokens.values(&label).filter(|value| !["null", "\"\""].contains(value)).count();
    stated == tokens.values("/runs/*/results/*{").count()
}

/// Whether an `evidence.json` still says, and says once, that its reports are new and of the release.
pub fn provenance(seen: &Seen<'_>) -> bool {
    let is_commit = |value: &str| value.trim_matches('"').trim().eq_ignore_ascii_case(COMMIT);
    let is_fresh = |value: &str| is_fresh(value.trim_matches('"'));
    one(seen, "/commit").is_some_and(is_commit)
        && one(seen, "/time").is_some_and(is_fresh)
        && names_no_report(seen)
}

/// The same of that of the notes, which need no commit.
pub fn origin(seen: &Seen<'_>) -> bool {
    let is_commit = |value: &str| value.trim_matches('"').trim().eq_ignore_ascii_case(COMMIT);
    let is_fresh = |value: &str| is_within(value.trim_matches('"'), NOTES_DAYS);
    seen.mutant.values("/commit").all(is_commit) && one(seen, "/time").is_some_and(is_fresh)
}

fn one<'t>(seen: &Seen<'t>, label: &'t str) -> Option<&'t str> {
    let mut values = seen.mutant.values(label);
    values.next().filter(|_| values.next().is_none())
}

/// Whoever names the reports of a run vouches for no other.
fn names_no_report(seen: &Seen<'_>) -> bool {
    !seen.mutant.list.iter().any(|token| token.label.starts_with("/reports"))
}
