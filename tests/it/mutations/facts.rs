//! What a changed file still proves, read by the test itself from its own tokens, and in the strictest way: what is not
//! known for sure proves nothing.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};

use super::prove::Seen;
use super::tokens::{Token, Tokens};
use crate::judging::{COMMIT, TODAY};

/// How many days old evidence may be (`max_age` in `relplan.toml`), and the notes (`max_age` of DEP-006).
const REPORT_DAYS: i64 = 3;
const NOTES_DAYS: i64 = 14;

fn now() -> DateTime<Utc> {
    let day: NaiveDate = TODAY.parse().expect("a day");
    day.and_hms_opt(23, 59, 59).expect("a time").and_utc()
}

/// A time with all of its digits, or a number of seconds or milliseconds.
fn time(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) && (text.len() == 10 || text.len() == 13) {
        let number: i64 = text.parse().ok()?;
        return DateTime::from_timestamp(if text.len() == 13 { number / 1000 } else { number }, 0);
    }
    let naive = |form| NaiveDateTime::parse_from_str(text, form).ok().map(|time| time.and_utc());
    let day = || text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0).map(|time| time.and_utc());
    DateTime::parse_from_rfc3339(text)
        .map(|time| time.to_utc())
        .ok()
        .or_else(|| naive("%Y-%m-%dT%H:%M:%S%.f"))
        .or_else(|| naive("%Y-%m-%d %H:%M:%S%.f"))
        .or_else(day)
}

fn is_within(text: &str, days: i64) -> bool {
    time(text)
        .is_some_and(|time| time <= now() + Duration::minutes(5) && now() - time <= Duration::days(days))
}

/// Whether a time is new enough for a report.
pub fn is_fresh(text: &str) -> bool {
    is_within(text, REPORT_DAYS)
}

/// Whether no clock of a build shows that time, so that it states none: the beginning of an epoch, and before.
pub fn states_no_time(text: &str) -> bool {
    let text = text.trim();
    let is_early = time(text).is_some_and(|time| time.timestamp() < 978_393_600);
    text.is_empty() || text == "null" || text.parse() == Ok(0.0) || is_early
}

/// Whether a text names an id, and goes on behind it with neither a letter nor a digit.
fn names(text: &str, id: &str) -> bool {
    text.match_indices(id).any(|(at, _)| {
        let apart = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric());
        apart(text[..at].chars().next_back()) && apart(text[at + id.len()..].chars().next())
    })
}

/// An element and what stands in it: attributes by their names, and the names of its elements.
struct Element<'t> {
    attributes: Vec<(&'t str, &'t str)>,
    inside: Vec<&'t str>,
    around: Vec<(&'t str, Vec<(&'t str, &'t str)>)>,
}

impl<'t> Element<'t> {
    fn get(&self, name: &str) -> Option<&'t str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    /// The value of an attribute of the nearest element around it that has one.
    fn inherited(&self, name: &str) -> Option<&'t str> {
        let all = self.around.iter().rev().flat_map(|(_, attributes)| attributes);
        all.clone().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }
}

/// Every element of a name, in their order.
fn elements<'t>(tokens: &'t Tokens, name: &str) -> Vec<Element<'t>> {
    let opened = |token: &'t Token| {
        token.label.strip_prefix('<')?.strip_suffix('>').filter(|name| !name.starts_with('/'))
    };
    let (mut around, mut found): (Vec<(&str, Vec<(&str, &str)>)>, Vec<Element<'t>>) =
        (Vec::new(), Vec::new());
    let mut open: Vec<usize> = Vec::new();
    for (index, token) in tokens.list.iter().enumerate() {
        if token.label.starts_with("</") {
            around.pop();
            open.retain(|at| found[*at].around.len() < around.len() + 1);
        } else if let Some(opened) = opened(token) {
            open.iter().for_each(|at| found[*at].inside.push(opened));
            let own = tokens.list[index + 1..]
                .iter()
                .take_while(|token| token.label.contains('@') || token.label == "space");
            let attributes: Vec<(&str, &str)> =
                own.filter_map(|token| Some((token.label.split_once('@')?.1, &*token.value))).collect();
            if opened == name {
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
const SILENT: [&str; 4] = ["system-out", "system-err", "properties", "property"];
/// Parts of the names of elements that say that something went wrong.
const WRONG: [&str; 8] = ["fail", "error", "abort", "timeout", "crash", "warning", "skip", "test-case"];

/// Whether every test that the file proves is still proven, and nothing in it says that anything went wrong.
pub fn junit(seen: &Seen<'_>) -> bool {
    let cases = elements(seen.mutant, "testcase");
    let proves = |id: &str| cases.iter().any(|case| case.get("name").is_some_and(|name| names(name, id)));
    let was = |id: &str| seen.base.values("testcase@name").any(|name| names(name, id));
    let ids = ["TEST-101", "TEST-102", "TEST-104", "TEST-106"];
    let class = |class: &str| cases.iter().any(|case| case.get("classname") == Some(class));
    let had = |class: &str| seen.base.values("testcase@classname").any(|known| known == class);
    let file = || cases.iter().any(|case| case.get("file") == Some("tests/smoke/front_page.py"));
    ids.iter().all(|id| !was(id) || proves(id))
        && (!had("search.journey") || class("search.journey"))
        && (!had("tests.smoke.front_page") || class("tests.smoke.front_page") || file())
        && cases.iter().all(case_is_fine)
        && seen.mutant.list.iter().all(says_nothing_wrong)
        && counts_are_fine(seen.mutant, cases.len())
}

fn case_is_fine(case: &Element<'_>) -> bool {
    let is_ending = |name: &str| ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(name));
    let is_pass = |value: &str| PASSES.iter().any(|known| known.eq_ignore_ascii_case(value));
    let times = ["timestamp", "date", "created"];
    let own =
        case.attributes.iter().filter(|(name, _)| times.iter().any(|time| time.eq_ignore_ascii_case(name)));
    case.inside.iter().all(|inside| SILENT.contains(inside))
        && case.attributes.iter().all(|(name, value)| !is_ending(name) || is_pass(value))
        && own
            .map(|(_, value)| *value)
            .chain(case.inherited("timestamp"))
            .all(|time| is_fresh(time) || states_no_time(time))
}

fn says_nothing_wrong(token: &Token) -> bool {
    let Some(element) = token.label.strip_prefix('<') else { return true };
    let element = element.to_ascii_lowercase();
    !WRONG.iter().any(|wrong| element.contains(wrong))
}

/// Whether what is stated is no worse than what stands there: no failure, and no test without a case.
fn counts_are_fine(tokens: &Tokens, cases: usize) -> bool {
    let stated = |name: &str| {
        let own = tokens.list.iter().filter(|token| token.label.starts_with("testsuite"));
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

/// The share of lines and of branches that Cobertura counts in the package `core`, each line by its worst count.
pub fn cobertura(seen: &Seen<'_>) -> bool {
    let (mut lines, mut branches) = (std::collections::BTreeMap::new(), (0, 0));
    for line in elements(seen.mutant, "line") {
        let (Some(number), Some(hits)) = (line.get("number"), line.get("hits")) else { return false };
        let (Ok(number), Ok(hits)) = (number.parse::<u64>(), hits.parse::<u64>()) else { return false };
        let file = line.inherited("filename").unwrap_or_default();
        let is_own = file.starts_with("core/") || line.inherited("name") == Some("core");
        let known = lines.entry((file, number)).or_insert(hits);
        *known = hits.min(*known);
        let Some(conditions) = line.get("condition-coverage").filter(|_| is_own) else { continue };
        let Some((taken, all)) =
            conditions.split_once(" (").and_then(|(_, share)| share.strip_suffix(')')?.split_once('/'))
        else {
            return false;
        };
        let (Ok(taken), Ok(all)) = (taken.parse::<u64>(), all.parse::<u64>()) else { return false };
        branches = (branches.0 + taken, branches.1 + all);
    }
    let covered = lines.values().filter(|hits| **hits > 0).count();
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
    let numbers =
        |value: &str| value.split(',').map(|part| part.parse::<u64>().ok()).collect::<Option<Vec<_>>>();
    let stated =
        |key: &str| seen.mutant.values(key).filter_map(|value| value.parse::<u64>().ok()).collect::<Vec<_>>();
    for token in &seen.mutant.list {
        match (&*token.label, numbers(token.value.split_once(",-").map_or(&*token.value, |_| "0,0,0,0"))) {
            ("SF", _) => (is_open, is_done) = (!is_open && token.value.starts_with("src/api/"), false),
            ("DA", Some(values)) if is_open && values.len() == 2 => {
                lines = (lines.0 + u64::from(values[1] > 0), lines.1 + 1);
            }
            ("BRDA", Some(values)) if is_open && values.len() == 4 => {
                branches = (branches.0 + u64::from(values[3] > 0), branches.1 + 1);
            }
            ("DA" | "BRDA", _) => return false,
            ("end_of_record", _) => (is_open, is_done) = (false, true),
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

/// Whether the scan still is one of Semgrep's that ran to its end and found nothing high.
pub fn sarif(seen: &Seen<'_>) -> bool {
    let tokens = seen.mutant;
    // Under whatever capitals, and wherever it stands: these words may not say more than they do.
    let all = |name: &str, fine: &dyn Fn(&str) -> bool| {
        let key = |label: &str| {
            label
                .rsplit('/')
                .next()
                .is_some_and(|key| key.trim_end_matches(['{', '[']).eq_ignore_ascii_case(name))
        };
        tokens.list.iter().filter(|token| key(&token.label)).all(|token| fine(&token.value))
    };
    let has = |label: &str| tokens.list.iter().any(|token| token.label == label);
    let below_high = |value: &str| {
        value.trim_matches('"').parse::<f64>().is_ok_and(|severity| (0.0..7.0).contains(&severity))
    };
    let mild = |value: &str| ["\"note\"", "\"warning\"", "\"none\"", "null"].contains(&value);
    tokens.values("/runs/*/tool/driver/name").any(|name| name.contains("Semgrep"))
        && has("/runs/*/results[")
        && all("level", &mild)
        && all("kind", &|value| value == "\"fail\"" || value == "null")
        && all("security-severity", &|value| below_high(value) || value == "null")
        && all("severity", &|_| false)
        && all("executionSuccessful", &|value| value == "true" || value == "null")
        && all("exitCode", &|value| value == "0")
        && [
            "exitSignalName",
            "processStartFailureMessage",
            "toolExecutionNotifications",
            "suppressions",
            "rank",
        ]
        .into_iter()
        .chain(["toolConfigurationNotifications", "externalPropertyFileReferences", "automationDetails"])
        .chain(["baselineState", "endTimeUtc", "revisionId", "commit", "sha", "time", "timestamp", "date"])
        .all(|name| all(name, &|_| false))
}

/// A measurement as the keys or columns say it.
#[derive(Default)]
struct Measured<'t> {
    name: &'t str,
    value: &'t str,
    unit: Option<&'t str>,
    times: Vec<&'t str>,
    is_known: bool,
}

/// Limits of the plan: name, unit, and whether a value is within.
type Limit = (&'static str, &'static str, fn(f64) -> bool);
const LIMITS: [Limit; 3] = [
    ("p95_latency", "ms", |value| (0.0..250.0).contains(&value)),
    ("MON-001", "%", |value| (0.0..1.0).contains(&value)),
    ("KPI-001", "%", |value| (90.0..=100.0).contains(&value)),
];

impl<'t> Measured<'t> {
    fn put(&mut self, key: &str, value: &'t str) {
        let lower = key.to_ascii_lowercase();
        match key {
            "name" => self.name = value,
            "value" => self.value = value,
            "unit" => self.unit = Some(value).filter(|unit| !unit.is_empty() && *unit != "null"),
            "time" => self.times.push(value),
            "commit" => self.is_known &= value.eq_ignore_ascii_case(COMMIT),
            // Under another name it may be an older time, another commit, or a limit that was broken.
            _ => {
                self.is_known &= !["time", "date", "commit", "sha", "status", "result"]
                    .iter()
                    .any(|word| lower.contains(word))
            }
        }
    }

    fn is_fine(&self) -> bool {
        let limit = LIMITS.iter().find(|(name, ..)| name.eq_ignore_ascii_case(self.name.trim()));
        let Some((_, unit, is_within)) = limit else { return self.is_known };
        self.is_known
            && self.value.trim().parse::<f64>().is_ok_and(is_within)
            && self.unit.is_none_or(|own| own == *unit)
            && self.times.iter().all(|time| is_fresh(time) || states_no_time(time))
    }
}

fn all_measured<'t>(seen: &Seen<'_>, measured: &[Measured<'t>], of_base: impl Fn(&str) -> bool) -> bool {
    let _ = seen;
    let asked = LIMITS.iter().filter(|(name, ..)| of_base(name));
    let is_there = |name: &str| measured.iter().any(|own| own.name == name);
    measured.iter().all(Measured::is_fine) && asked.map(|(name, ..)| *name).all(is_there)
}

/// Whether every measurement is still within its limits.
pub fn metrics(seen: &Seen<'_>) -> bool {
    let mut measured: Vec<Measured<'_>> = Vec::new();
    for token in &seen.mutant.list {
        let Some(below) = token.label.strip_prefix("/metrics/*") else { continue };
        match (below, measured.last_mut()) {
            ("{", _) => measured.push(Measured { is_known: true, ..Measured::default() }),
            (_, Some(last)) if below.starts_with('/') => last.put(&below[1..], token.value.trim_matches('"')),
            _ => {}
        }
    }
    let without_unit = measured.iter().any(|own| own.name == "p95_latency" && own.unit.is_none());
    !without_unit
        && all_measured(seen, &measured, |name| {
            seen.base.values("/metrics/*/name").any(|own| own.trim_matches('"') == name)
        })
}

/// The same of a table.
pub fn table(seen: &Seen<'_>) -> bool {
    let columns = seen.mutant.values("header").count();
    let cells: Vec<&Token> =
        seen.mutant.list.iter().filter(|token| token.label.starts_with("row@")).collect();
    let measured: Vec<Measured<'_>> = cells
        .chunks(columns.max(1))
        .map(|row| {
            let mut own = Measured { is_known: true, ..Measured::default() };
            row.iter().for_each(|cell| own.put(&cell.label[4..], &cell.value));
            own
        })
        .collect();
    all_measured(seen, &measured, |name| seen.base.values("row@name").any(|own| own == name))
}

/// Whether an `evidence.json` still says, and says once, that its reports are new and of the release.
pub fn provenance(seen: &Seen<'_>) -> bool {
    let is_commit = |value: &str| value.trim_matches('"').trim().eq_ignore_ascii_case(COMMIT);
    let is_fresh = |value: &str| is_fresh(value.trim_matches('"'));
    one(seen, "/commit").is_some_and(is_commit)
        && one(seen, "/time").is_some_and(is_fresh)
        && says_no_more(seen)
}

/// The same of that of the notes, which need no commit.
pub fn origin(seen: &Seen<'_>) -> bool {
    let is_commit = |value: &str| value.trim_matches('"').trim().eq_ignore_ascii_case(COMMIT);
    let is_fresh = |value: &str| is_within(value.trim_matches('"'), NOTES_DAYS);
    seen.mutant.values("/commit").all(is_commit)
        && one(seen, "/time").is_some_and(is_fresh)
        && says_no_more(seen)
}

fn one<'t>(seen: &Seen<'t>, label: &'t str) -> Option<&'t str> {
    let mut values = seen.mutant.values(label);
    values.next().filter(|_| values.next().is_none())
}

fn says_no_more(seen: &Seen<'_>) -> bool {
    let words = ["commit", "time", "reports", "sha", "date"];
    let is_new = |token: &&Token| !["/commit", "/time"].contains(&&*token.label);
    seen.mutant.list.iter().filter(is_new).all(|token| {
        let label = token.label.to_ascii_lowercase();
        !words.iter().any(|word| label.contains(word))
    })
}
