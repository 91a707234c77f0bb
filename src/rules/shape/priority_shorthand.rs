use std::collections::BTreeMap;

use crate::finding::Report;
use crate::model::dep::Detail;
use crate::model::{Entry, Kind};
use crate::rules::{NOTE, Subject, words};
use crate::source::Span;

declare_rule! {
    /// A priority, severity or probability in shorthand, with how it is read.
    ///
    /// `P0`, `SEV-2` and `H` mean different things to different teams: a `P1` is
    /// the highest priority to some and the second to others. relplan reads them
    /// on one scale and says so; a word in brackets counts before it:
    /// `P1 (Critical)`.
    ///
    /// ```yaml,bad
    /// id: TEST-001
    /// title: Payments are booked once
    /// priority: P0
    /// ```
    ///
    /// ```yaml,good
    /// id: TEST-001
    /// title: Payments are booked once
    /// priority: Critical
    /// ```
    "RP0123", "priority-shorthand", NOTE, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    // One report of each shorthand and reading, however many entries use it.
    let mut found: BTreeMap<(String, &'static str), (Span, usize)> = BTreeMap::new();
    for entry in subject.plan.entries() {
        for (span, reading) in readings(entry) {
            looked_at += 1;
            if let Some(short) = shorthand(subject.sources.slice(span)) {
                let (_, count) = found.entry((short.to_uppercase(), reading)).or_insert((span, 0));
                *count += 1;
            }
        }
    }
    reports.extend(found.into_iter().map(|((short, reading), (span, count))| {
        let values = words::count(count, "value");
        Report::at(span, format!("`{short}` is read as `{reading}` ({values})"))
            .help(format!("write `{reading}`, or what is meant in brackets: `{short} ({reading})`"))
    }));
    looked_at
}

/// The values of an entry that may be written in shorthand, with what they were read as.
fn readings(entry: &Entry<'_>) -> Vec<(Span, &'static str)> {
    use crate::model::Choice;
    use crate::model::risk::Probability;
    let mut found = Vec::new();
    match &entry.kind {
        Kind::Test(test) => found.extend(test.priority.map(|value| (value.span, value.value.word()))),
        Kind::Epic(epic) => found.extend(epic.priority.map(|value| (value.span, value.value.word()))),
        Kind::Risk(risk) => {
            found.extend(risk.impact.as_ref().map(|value| (value.span, value.value.value.word())));
            found.extend(risk.probability.and_then(|value| match value.value {
                Probability::Word(word) => Some((value.span, word.word())),
                Probability::Share(_) => None,
            }));
        }
        Kind::Dep(dep) => match &dep.detail {
            Detail::Criteria(criteria) => {
                found.extend(criteria.priority.map(|value| (value.span, value.value.word())));
            }
            Detail::Rollback(rollback) => {
                found.extend(rollback.severity.map(|value| (value.span, value.value.word())));
            }
            _ => {}
        },
        _ => {}
    }
    found
}

/// The shorthand that a value begins with, unless a word in brackets says what is meant.
fn shorthand(written: &str) -> Option<&str> {
    let written = written.trim().trim_matches(['"', '\'']);
    let bracketed = written.split_once('(').is_some_and(|(_, note)| note.starts_with(char::is_alphabetic));
    let word = crate::model::value::shorthand(written)?;
    (!bracketed).then_some(word)
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(yaml: &str, expect: &[&str]) {
        assert_eq!(messages("priority-shorthand", yaml, ""), expect, "{yaml}");
        assert_eq!(messages("unknown-value", yaml, "").len(), 0, "{yaml}");
    }

    #[test]
    fn shorthand_is_read_and_said() {
        check("{id: TEST-1, priority: P0}", &["`P0` is read as `Critical` (1 value)"]);
        check("{id: EPIC-1, priority: p1}", &["`P1` is read as `should` (1 value)"]);
        check(
            "[{id: RISK-1, probability: H, impact: M}, {id: RISK-2, probability: H (3), impact: Low}]",
            &["`H` is read as `High` (2 values)", "`M` is read as `Medium` (1 value)"],
        );
        check("{id: DEP-1, type: Rollback, severity: SEV-2}", &["`SEV-2` is read as `High` (1 value)"]);
    }

    #[test]
    fn a_word_in_brackets_says_what_is_meant() {
        check("{id: TEST-1, priority: P0 (Critical)}", &[]);
        check("{id: TEST-1, priority: P1 (Critical)}", &[]);
        check("{id: EPIC-1, priority: P0 (Must)}", &[]);
        check("{id: TEST-1, priority: Critical}", &[]);
        check("{id: EPIC-1, priority: must (contract)}", &[]);
    }
}
