//! Advice of an assistant as a document, marked as such.

use super::{Block, Line, Report, Table, Tone};
use crate::model::phrase::counted;
use crate::views::brief::{Advice, Confidence};

/// Lowers advice.
pub fn report(advice: &Advice) -> Report {
    let mut report = Report::new("Advice", advice.day);
    report.subtitle = Some(match &advice.release {
        Some(release) => format!("{}, {release}", advice.topic),
        None => advice.topic.to_owned(),
    });
    let text = "Advice from an assistant. No verdict or file was changed.";
    report.callout(Tone::Neutral, text);
    if advice.facts_changed {
        let text = "The facts have changed since the brief: write a new brief.";
        report.callout(Tone::Attention, text);
    }
    report.text(Line::prose(&advice.summary));
    recommendations(advice, &mut report);
    if !advice.suggested_edits.is_empty() {
        report.chapter("Suggested edits");
        let caption = counted(advice.suggested_edits.len(), "suggested edit");
        let mut table = Table::new(caption, &["Entry", "Place", "Line", "Reason"]);
        for edit in &advice.suggested_edits {
            table.row([
                Line::id(&edit.id),
                Line::new().code(&*edit.place),
                Line::new().code(&*edit.line),
                Line::prose(&edit.reason),
            ]);
        }
        report.push(table);
    }
    if !advice.missing_facts.is_empty() {
        report.chapter("Missing facts");
        report.push(Block::Bullets(advice.missing_facts.iter().map(|text| Line::prose(text)).collect()));
    }
    report
}

fn recommendations(advice: &Advice, report: &mut Report) {
    if advice.recommendations.is_empty() {
        return;
    }
    report.chapter("Recommendations");
    let caption = counted(advice.recommendations.len(), "recommendation");
    let mut table = Table::new(caption, &["Recommendation", "Reason", "About", "Confidence"]);
    for one in &advice.recommendations {
        let confidence = match one.confidence {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        };
        table.row([
            Line::prose(&one.text),
            Line::prose(&one.reason),
            Line::ids(one.about.iter().map(String::as_str)),
            Line::from(confidence),
        ]);
    }
    report.push(table);
}
