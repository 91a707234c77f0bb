//! What a gate between environments asks for in words: `All TEST- pass; sign-off from PM`.
//!
//! A phrase that means an evidence requirement is understood as one. Whatever is left is kept as it is written: it is
//! never taken to be met.

use super::evidence_requirement::RequiredShare;
use super::value::percentage;

/// One thing that a gate asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum GatePhrase {
    /// So many of the tests pass: `All TEST- pass`, `> 95% of tests pass`.
    Tests(RequiredShare),
    /// A role signs off: `Sign-off from PM`.
    SignOff(String),
    /// Every release criterion is met: `All DEP- criteria met`.
    Criteria,
    /// The entries that it names are done: `DEP-101 to DEP-111 met`.
    Entries,
    /// It was not understood.
    Unclear(String),
}

/// The words around ids that ask for no more than that these are done.
const AROUND_IDS: [&str; 18] = [
    "all", "and", "to", "through", "are", "is", "must", "be", "met", "pass", "passes", "passed", "complete",
    "done", "green", "criteria", "every", "each",
];

/// The words that say that tests pass.
const PASS: [&str; 7] = ["pass", "passes", "passed", "passing", "are", "must", "green"];

/// The phrases of a gate, in their order.
pub fn phrases(text: &str) -> Vec<GatePhrase> {
    let parts = text.split([';', '\n']).flat_map(|part| split_words(part)).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(phrase).collect()
}

/// A part cut at its commas and at `and`, unless ids stand on both sides: a list of ids is one phrase.
fn split_words(part: &str) -> Vec<&str> {
    if super::id::find_in(part).next().is_some() {
        return vec![part];
    }
    part.split(',').flat_map(|part| part.split(" and ")).collect()
}

fn phrase(text: &str) -> GatePhrase {
    let clean = text.trim().trim_end_matches('.');
    let lower = clean.to_lowercase().replace("test-", "tests").replace("dep-", "dep");
    let words: Vec<&str> =
        lower.split_whitespace().map(|word| word.trim_matches([',', '.', '(', ')'])).collect();
    if super::id::find_in(clean).next().is_some() {
        return match only_ids(clean) {
            true => GatePhrase::Entries,
            false => GatePhrase::Unclear(clean.to_owned()),
        };
    }
    if let Some(role) = sign_off(clean, &lower) {
        return GatePhrase::SignOff(role);
    }
    tests(&words).or_else(|| criteria(&words)).unwrap_or_else(|| GatePhrase::Unclear(clean.to_owned()))
}

/// Whether ids and the words around them are all that it says.
fn only_ids(text: &str) -> bool {
    let mut rest = String::new();
    let mut from = 0;
    for (_, at) in super::id::find_in(text) {
        rest += &text[from..at.start];
        rest.push(' ');
        from = at.end;
    }
    rest += &text[from..];
    let words = rest.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).all(|word| AROUND_IDS.contains(&word.as_str()))
}

/// The role of `Sign-off from X`, `Approval by X`, `X sign-off`, `Signed off by X`.
fn sign_off(text: &str, lower: &str) -> Option<String> {
    // Lower case may take other bytes; where it does, the words below are not looked for.
    if lower.len() != text.len() && !text.is_ascii() {
        return None;
    }
    const BEFORE: [&str; 10] = [
        "sign-off from ",
        "sign-off by ",
        "sign-off of ",
        "signoff from ",
        "signed off by ",
        "approval from ",
        "approval by ",
        "approval of ",
        "approved by ",
        "sign off by ",
    ];
    const AFTER: [&str; 4] = [" sign-off", " signoff", " approval", " signs off"];
    let text = text.trim();
    let folded = text.to_lowercase();
    let role = BEFORE
        .iter()
        .find_map(|word| folded.strip_prefix(word).map(|rest| &text[text.len() - rest.len()..]))
        .or_else(|| {
            AFTER.iter().find_map(|word| folded.strip_suffix(word).map(|rest| &text[..rest.len()]))
        })?;
    let role = role.trim().trim_start_matches("the ").trim();
    (!role.is_empty() && role.split_whitespace().count() <= 4).then(|| role.to_owned())
}

/// `All TEST- pass`, `all tests pass in staging` is more than that, and not understood.
fn tests(words: &[&str]) -> Option<GatePhrase> {
    let at = words.iter().position(|word| matches!(*word, "tests" | "test"))?;
    let (before, after) = (&words[..at], &words[at + 1..]);
    let after: Vec<&str> = after
        .iter()
        .copied()
        .filter(|word| !matches!(*word, "entries" | "with" | "rate" | "success"))
        .collect();
    let (shares, after): (Vec<&str>, Vec<&str>) = after.into_iter().partition(|word| word.contains('%'));
    let (own, before): (Vec<&str>, Vec<&str>) = before.iter().copied().partition(|word| word.contains('%'));
    let is_all = before
        .iter()
        .all(|word| matches!(*word, "all" | "every" | "the" | "of" | ">" | ">=" | "at" | "least"));
    let passes =
        !after.is_empty() && after.iter().all(|word| PASS.contains(word) || matches!(*word, ">" | ">="));
    if !(is_all && passes) {
        return None;
    }
    let least = match shares.iter().chain(&own).copied().collect::<Vec<_>>().as_slice() {
        [] if before.contains(&"all") || before.contains(&"every") => {
            RequiredShare::Share { percent: 100.0, above: false }
        }
        [share] => {
            let number = share.trim_start_matches(['>', '=', '≥']);
            let above = share.starts_with('>') && !share.starts_with(">=") || before.contains(&">");
            let percent = percentage(number).ok().filter(|share| share.0 > 0.0 && share.0 <= 100.0)?.0;
            RequiredShare::Share { percent, above: above && percent < 100.0 }
        }
        _ => return None,
    };
    Some(GatePhrase::Tests(least))
}

/// `All DEP- criteria met`, `all release criteria are met`.
fn criteria(words: &[&str]) -> Option<GatePhrase> {
    let known = [
        "all",
        "every",
        "the",
        "dep",
        "release",
        "criteria",
        "criterion",
        "are",
        "is",
        "met",
        "pass",
        "passed",
        "entries",
    ];
    let all = words.first().is_some_and(|word| matches!(*word, "all" | "every"));
    let says = |word: &str| words.contains(&word);
    let met = says("met") || says("pass") || says("passed");
    (all && met && (says("criteria") || says("criterion")) && words.iter().all(|word| known.contains(word)))
        .then_some(GatePhrase::Criteria)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[GatePhrase]) {
        assert_eq!(phrases(text), expect, "{text}");
    }

    fn share(percent: f64, above: bool) -> GatePhrase {
        GatePhrase::Tests(RequiredShare::Share { percent, above })
    }

    fn unclear(text: &str) -> GatePhrase {
        GatePhrase::Unclear(text.to_owned())
    }

    #[test]
    fn the_phrases_of_the_seeds_are_understood() {
        check("All TEST- pass", &[share(100.0, false)]);
        check("Sign-off from PM", &[GatePhrase::SignOff("PM".to_owned())]);
        check("All DEP- criteria met", &[GatePhrase::Criteria]);
        check("All TEST- entries pass with >95% success rate", &[share(95.0, true)]);
        check("Tests pass locally", &[unclear("Tests pass locally")]);
    }

    #[test]
    fn several_phrases_are_each_understood_or_not() {
        check(
            "All tests pass, QA Lead sign-off and a demo for sales",
            &[share(100.0, false), GatePhrase::SignOff("QA Lead".to_owned()), unclear("a demo for sales")],
        );
        check("DEP-101 to DEP-111 met", &[GatePhrase::Entries]);
        check("DEP-101 met, and the customer agrees", &[unclear("DEP-101 met, and the customer agrees")]);
        check(
            "All release criteria are met; approved by the CAB",
            &[GatePhrase::Criteria, GatePhrase::SignOff("CAB".to_owned())],
        );
    }

    #[test]
    fn what_asks_for_more_is_not_understood() {
        for text in [
            "Most tests pass",
            "Tests pass",
            "All tests pass in staging",
            "No tests pass",
            "All tests fail",
            "150% of tests pass",
            "All criteria but one met",
            "İ sign-off from PM",
        ] {
            assert!(
                matches!(phrases(text).as_slice(), [GatePhrase::Unclear(_)]),
                "{text}: {:?}",
                phrases(text)
            );
        }
    }
}
