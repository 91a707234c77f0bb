//! What reports say about a test.

use super::super::Site;
use crate::evidence::Outcome;
use crate::evidence::matching::{Counts, TestVerdict};
use crate::model::EntryIndex;
use crate::model::phrase::counted;
use crate::report::{Block, Checklist, Fact, Item, Line, Report, Tone};
use crate::verdict::facts::short;

/// The most cases that are listed.
const MOST: usize = 200;

/// Lowers the results; nothing if no report has any.
pub(super) fn chapter(site: Site<'_>, index: EntryIndex, report: &mut Report) {
    let facts = &site.inputs.basis.facts;
    let Some(result) = facts.matches.result(index) else { return };
    report.chapter("Test results");
    let (tone, word) = verdict(result.verdict);
    let mut about = vec![
        Fact::new("Result", Line::badge(tone, word)),
        Fact::new("Cases", counts(&result.counts, result.cases.len())),
    ];
    if let Some(newest) = result.newest {
        about.push(Fact::new("Last run", newest.format("%a %Y-%m-%d %H:%M UTC").to_string()));
    }
    for of in &result.reports {
        let made = facts.evidence.report(*of);
        let commit =
            made.commit.as_deref().map_or_else(|| "no commit".to_owned(), |commit| short(commit).to_owned());
        let name = site.inputs.basis.sources.file(made.file).name();
        about.push(Fact::new("Report", Line::new().code(name).and(format!(", {commit}"))));
    }
    report.push(Block::Facts(about));
    let items = result.cases.iter().take(MOST).map(|case| {
        let case = facts.evidence.case(*case);
        let name = match case.class.is_empty() {
            true => case.name.to_string(),
            false => format!("{} {}", case.class, case.name),
        };
        Item::new(tone_of(case.outcome), Line::prose(&name))
    });
    report.push(Checklist { items: items.collect() });
    if result.cases.len() > MOST {
        report.text(format!("{} more cases.", result.cases.len() - MOST));
    }
}

fn counts(counts: &Counts, cases: usize) -> String {
    let parts = [
        (counts.passed, "passed"),
        (counts.failed, "failed"),
        (counts.errored, "with errors"),
        (counts.skipped, "skipped"),
        (counts.unclear, "unclear"),
        (counts.flawed, "passed in a report that does not count"),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    format!("{}: {}", counted(cases, "case"), parts.join(", "))
}

fn verdict(verdict: TestVerdict) -> (Tone, &'static str) {
    match verdict {
        TestVerdict::Passed => (Tone::Good, "passed"),
        TestVerdict::Flaky => (Tone::Attention, "flaky"),
        TestVerdict::Failed => (Tone::Bad, "failed"),
        TestVerdict::Errored => (Tone::Bad, "error"),
        TestVerdict::Unclear => (Tone::Unknown, "unclear"),
        TestVerdict::Contradicting => (Tone::Unknown, "contradicting reports"),
        TestVerdict::OnlySkipped => (Tone::Unknown, "skipped"),
        TestVerdict::OnlyFlawed => (Tone::Unknown, "does not count"),
    }
}

fn tone_of(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Passed => Tone::Good,
        Outcome::Failed | Outcome::Errored => Tone::Bad,
        Outcome::Skipped => Tone::Neutral,
        Outcome::Unclear(_) => Tone::Unknown,
    }
}
