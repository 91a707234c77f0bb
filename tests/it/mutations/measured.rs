//! What a changed file of measurements still proves.

use super::prove::Seen;
use super::times::{is_fresh, states_no_time, time};
use super::tokens::Token;
use crate::judging::COMMIT;

/// A measurement as the keys or columns say it.
#[derive(Default)]
struct Measured<'t> {
    name: &'t str,
    value: &'t str,
    unit: Option<&'t str>,
    times: Vec<&'t str>,
    /// Whether something in it says that it does not count.
    is_doubtful: bool,
    has_labels: bool,
}

/// Limits of the plan: name, unit, and whether a value is within.
type Limit = (&'static str, &'static str, fn(f64) -> bool);
const LIMITS: [Limit; 3] = [
    ("p95_latency", "ms", |value| (0.0..250.0).contains(&value)),
    ("MON-001", "%", |value| (0.0..1.0).contains(&value)),
    ("KPI-001", "%", |value| (90.0..=100.0).contains(&value)),
];

/// A name without what stands between its letters and digits, in small letters; of an id, its number.
fn folded(name: &str) -> String {
    let letters: String = name.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let letters = letters.to_lowercase();
    match letters.find(|letter: char| letter.is_ascii_digit()) {
        Some(at) if letters[at..].bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{}{}", &letters[..at], letters[at..].trim_start_matches('0'))
        }
        _ => letters,
    }
}

/// Whether two names differ in capitals and in what stands between letters only.
fn is_same_name(first: &str, second: &str) -> bool {
    folded(first) == folded(second)
}

impl<'t> Measured<'t> {
    fn put(&mut self, key: &str, value: &'t str) {
        let key = if key.contains('/') { key.to_lowercase() } else { folded(key) };
        let speaks_of = |words: &[&str]| words.iter().any(|word| key.contains(word));
        match &*key {
            "name" => self.name = value,
            "value" => self.value = value,
            "unit" => self.unit = Some(value.trim()).filter(|unit| !unit.is_empty() && *unit != "null"),
            _ if !key.contains('/') && key != "timeout" && speaks_of(&["time", "date"]) => {
                self.times.push(value)
            }
            _ if !key.contains('/') && speaks_of(&["commit", "sha"]) => {
                self.is_doubtful |= !value.eq_ignore_ascii_case(COMMIT)
            }
            "status" | "result" => self.is_doubtful = true,
            _ => self.has_labels = true,
        }
    }

    fn is_fine(&self) -> bool {
        let limit = LIMITS.iter().find(|(name, ..)| is_same_name(name, self.name));
        let Some((_, unit, is_within)) = limit else { return !self.is_doubtful };
        !self.is_doubtful
            && self.value.trim().parse::<f64>().is_ok_and(is_within)
            && self.unit.is_none_or(|own| own.eq_ignore_ascii_case(unit))
            && self.times.iter().all(|time| is_fresh(time) || states_no_time(time))
    }

    /// Whether it is the same as another, measured before.
    fn is_before(&self, other: &Measured<'_>) -> bool {
        let [own, others] = [self, other].map(|measured| measured.times.first().and_then(|text| time(text)));
        let is_same = self.name == other.name && !self.has_labels && !other.has_labels;
        is_same && own.zip(others).is_some_and(|(own, others)| own < others)
    }
}

/// Whether all that is asked for was measured, and the last of everything is within its limit.
fn all_measured(measured: &[Measured<'_>], was_measured: impl Fn(&str) -> bool) -> bool {
    let mut asked = LIMITS.iter().map(|(name, ..)| *name).filter(|name| was_measured(name));
    let is_later = |before: &Measured<'_>| measured.iter().any(|own| before.is_before(own) && own.is_fine());
    let is_there = |name: &str| measured.iter().any(|own| is_same_name(own.name, name));
    measured.iter().all(|own| own.is_fine() || is_later(own)) && asked.all(is_there)
}

/// Whether every measurement is still within its limits.
pub fn metrics(seen: &Seen<'_>) -> bool {
    let mut measured: Vec<Measured<'_>> = Vec::new();
    for token in &seen.mutant.list {
        let Some(below) = token.label.strip_prefix("/metrics/*") else { continue };
        match (below, measured.last_mut()) {
            ("{", _) => measured.push(Measured::default()),
            (_, Some(last)) if below.starts_with('/') => last.put(&below[1..], token.value.trim_matches('"')),
            _ => {}
        }
    }
    let without_unit = measured.iter().any(|own| is_same_name(own.name, "p95_latency") && own.unit.is_none());
    !without_unit
        && all_measured(&measured, |name| {
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
            let mut own = Measured::default();
            row.iter().for_each(|cell| own.put(&cell.label[4..], &cell.value));
            own
        })
        .collect();
    all_measured(&measured, |name| seen.base.values("row@name").any(|own| own == name))
}
