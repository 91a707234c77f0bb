//! What the rules found, as a page.

use super::Site;
use crate::finding::{Finding, Level};
use crate::formats::counts;
use crate::model::phrase::counted;
use crate::report::{Checklist, Item, Line, Mark, Report, Tone};

/// The page.
pub(super) const PATH: &str = "findings.html";

/// Every finding, the gravest first.
pub(super) fn report(site: Site<'_>) -> Report {
    let findings = site.inputs.findings;
    let mut report = Report::new("Findings", site.inputs.today);
    let counted_levels = counts(findings);
    let (tone, word) = match counted_levels.iter().find(|(_, count)| *count > 0) {
        None => (Tone::Good, "NO FINDINGS".to_owned()),
        Some((level, count)) => (tone_of(*level), counted(*count, level.word()).to_uppercase()),
    };
    let denominator = site.inputs.denominator;
    let checked = format!(
        "Checked: {}, {}, {}, {}.",
        counted(denominator.files, "file"),
        counted(denominator.entries, "entry"),
        counted(denominator.links, "link"),
        counted(denominator.rules_run, "rule"),
    );
    report.headline(tone, word, checked);
    for (level, count) in counted_levels {
        report.figure(
            crate::model::phrase::capital(&counted(count, level.word()).replace(&format!("{count} "), "")),
            count.to_string(),
        );
    }
    for (level, count) in counted_levels.into_iter().filter(|(_, count)| *count > 0) {
        report.chapter(crate::model::phrase::capital(&format!("{}s ({count})", level.word())));
        let items =
            findings.iter().filter(|finding| finding.level == level).map(|finding| item(site, finding));
        report.push(Checklist { items: items.collect() });
    }
    report
}

/// A finding with its place, its rule and what to do.
pub(super) fn item(site: Site<'_>, finding: &Finding) -> Item {
    let about = site.entries.about(finding);
    let text = match about {
        Some(entry) => Line::id(site.plan().entry(entry).id.value.to_string()).and(": "),
        None => Line::new(),
    };
    let place = finding.primary().map(|span| {
        let sources = site.inputs.basis.sources;
        let start = sources.start(span);
        format!("{}:{}:{}", sources.file(span.file).name(), start.line, start.column)
    });
    let rule = Line::new().code(format!("{} {}", finding.code, finding.name));
    let proof = match place {
        Some(place) => Line::new().code(place).and(", ").join(rule),
        None => rule,
    };
    Item {
        mark: Some(Mark::Verdict(tone_of(finding.level))),
        text: text.prose_too(&finding.message),
        proof: Some(proof),
        next: finding.help.as_deref().map(Line::prose),
        ..Item::default()
    }
}

pub(super) fn tone_of(level: Level) -> Tone {
    match level {
        Level::Error => Tone::Bad,
        Level::Warning => Tone::Attention,
        Level::Note => Tone::Neutral,
    }
}
