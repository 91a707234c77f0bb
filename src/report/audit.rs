//! The audit as a document.

use super::checklist::tone;
use super::list::Table;
use super::{Checklist, Item, Line, Report, Tone};
use crate::model::phrase::counted;
use crate::verdict::Verdict;
use crate::views::audit::{
    AuditBasis, AuditView, AuditedCheck, AuditedControl, AuditedRelease, AuditedRequirement, NOT_ENOUGH,
    ReleaseEvidence,
};

/// The most pieces of missing evidence that a requirement shows.
const MOST: usize = 5;

/// Lowers an audit for people.
pub fn report(view: &AuditView) -> Report {
    let mut report = Report::new("Audit", view.day);
    head(view, &mut report);
    report.text(Line::prose(&view.statement));
    if view.releases.is_empty() {
        report.callout(Tone::Unknown, "No release in the period: every control is UNKNOWN.");
    }
    if let Some(broken) = &view.log.broken {
        report.callout(Tone::Bad, Line::prose(&format!("The decision log is not intact: {broken}")));
    }
    for framework in &view.frameworks {
        report.chapter(framework.title.as_str());
        let items = framework.controls.iter().map(|control| item(control, view.releases.len()));
        report.push(Checklist { items: items.collect() });
    }
    releases(view, &mut report);
    waivers(view, &mut report);
    report
}

/// Lowers an audit for a spreadsheet: a row for each piece of evidence, or of what is missing.
pub fn sheet(view: &AuditView) -> Report {
    let mut report = Report::new("Audit", view.day);
    let columns = [
        "Framework",
        "Control",
        "Title",
        "Control status",
        "Requirement",
        "Source",
        "Release",
        "Evidence",
        "Status",
        "Reason",
    ];
    let mut table = Table::new("Controls", &columns);
    for framework in &view.frameworks {
        for control in &framework.controls {
            for requirement in &control.requirements {
                rows(&framework.name, control, requirement, &mut table);
            }
        }
    }
    report.push(table);
    report
}

fn rows(framework: &str, control: &AuditedControl, requirement: &AuditedRequirement, table: &mut Table) {
    let row = |release: &str, check: Option<&AuditedCheck>| {
        [
            framework.to_owned(),
            control.id.clone(),
            control.title.clone(),
            tone(control.verdict).word().to_owned(),
            requirement.name.clone(),
            requirement.asks.clone(),
            release.to_owned(),
            check.map_or_else(String::new, |check| check.id.clone()),
            tone(check.map_or(requirement.verdict, |check| check.verdict)).word().to_owned(),
            check.map_or_else(|| "no release in the period".to_owned(), |check| check.reason.clone()),
        ]
    };
    for evidence in &requirement.evidence {
        let release = evidence.release.as_deref().unwrap_or_default();
        evidence.checks.iter().for_each(|check| table.row(row(release, Some(check))));
    }
    if requirement.evidence.is_empty() {
        table.row(row("", None));
    }
}

fn head(view: &AuditView, report: &mut Report) {
    let controls: Vec<&AuditedControl> = view.frameworks.iter().flat_map(|own| &own.controls).collect();
    let count = |wanted: Verdict| controls.iter().filter(|control| control.verdict == wanted).count();
    report.subtitle = match (view.from.zip(view.to), view.releases.as_slice()) {
        (Some((from, to)), _) => Some(format!("{from} to {to}")),
        (None, [one]) => Some(name(one)),
        _ => None,
    };
    let shown = [Verdict::Pass, Verdict::Waived, Verdict::Warn].into_iter().map(count).sum::<usize>();
    let excused = shown - count(Verdict::Pass);
    let of_them = match excused {
        0 => String::new(),
        _ => format!(", {excused} with a waiver or warning"),
    };
    let sentence = format!("{shown} of {} passed{of_them}.", counted(controls.len(), "control"));
    let (tone_of_all, word) = match controls.iter().map(|control| control.verdict).max() {
        None => (Tone::Unknown, "NO CONTROLS"),
        Some(Verdict::Fail) => (Tone::Bad, "NOT MET"),
        Some(Verdict::Unknown | Verdict::Stale) => (Tone::Unknown, "EVIDENCE MISSING"),
        Some(_) => (Tone::Good, "PASS"),
    };
    report.headline(tone_of_all, word, sentence);
    report.figure("Controls", controls.len().to_string());
    for verdict in [Verdict::Pass, Verdict::Fail, Verdict::Unknown] {
        report.figure(tone(verdict).word(), count(verdict).to_string());
    }
    for verdict in [Verdict::Stale, Verdict::Warn, Verdict::Waived] {
        if count(verdict) > 0 {
            report.detail(tone(verdict).word(), count(verdict).to_string());
        }
    }
    report.detail("Releases", view.releases.len().to_string());
    report.detail("Recorded decisions", view.log.decisions.to_string());
}

fn item(control: &AuditedControl, releases: usize) -> Item {
    let text = Line::new().strong(control.id.clone()).and(" ").prose_too(&control.title);
    let items = control.requirements.iter().map(|requirement| required(requirement, releases > 1));
    Item { items: items.collect(), ..Item::new(tone(control.verdict), text) }
}

fn required(requirement: &AuditedRequirement, named: bool) -> Item {
    let all: Vec<&AuditedCheck> = requirement.evidence.iter().flat_map(|own| &own.checks).collect();
    let met = all.iter().filter(|check| !check.is_open()).count();
    let text = Line::prose(&requirement.name).and(format!(" ({})", requirement.asks));
    let proof = match all.len() {
        0 => Line::from("no release"),
        total => Line::from(format!("{met} of {}", counted(total, "check"))),
    };
    let mut open: Vec<Item> = Vec::new();
    for evidence in &requirement.evidence {
        open.extend(
            evidence
                .checks
                .iter()
                .filter(|check| check.is_open())
                .map(|check| missing(evidence, check, named)),
        );
    }
    let left_out = open.len().saturating_sub(MOST);
    open.truncate(MOST);
    if left_out > 0 {
        open.push(Item { text: Line::from(format!("{left_out} more")), ..Item::default() });
    }
    Item { proof: Some(proof), items: open, ..Item::new(tone(requirement.verdict), text) }
}

fn missing(evidence: &ReleaseEvidence, check: &AuditedCheck, named: bool) -> Item {
    let release =
        evidence.release.as_ref().filter(|_| named).map_or_else(Line::new, |id| Line::id(id).and(" "));
    let text = match crate::model::id::parse(&check.id) {
        Ok(_) => release.id_too(check.id.clone()).and(": "),
        Err(_) if check.id == NOT_ENOUGH => release,
        Err(_) => release.prose_too(&check.id).and(": "),
    };
    Item::new(tone(check.verdict), text.prose_too(&check.reason))
}

fn name(release: &AuditedRelease) -> String {
    release.release.as_ref().map_or_else(|| "the whole plan".to_owned(), crate::graph::Release::name)
}

fn releases(view: &AuditView, report: &mut Report) {
    if view.releases.is_empty() {
        return;
    }
    report.chapter("Releases");
    let mut table = Table::new(
        counted(view.releases.len(), "release"),
        &["Release", "Date", "Evidence from", "Decision"],
    );
    for release in &view.releases {
        let basis = match release.basis {
            AuditBasis::Decision => Line::badge(Tone::Good, "decision log"),
            AuditBasis::Today => Line::badge(Tone::Neutral, "today's plan"),
            AuditBasis::Nothing => Line::badge(Tone::Unknown, "no recorded decision"),
        };
        let decision = release.decision.as_ref().map_or_else(
            || "–".to_owned(),
            |own| {
                let by = own.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
                let signed = if own.signed { ", signed" } else { "" };
                format!("{}: {} on {}{by}{signed}", own.sequence, own.decision.word(), own.day)
            },
        );
        let date = release.date.map_or_else(|| "–".to_owned(), |day| day.to_string());
        table.row([Line::prose(&name(release)), Line::from(date), basis, Line::prose(&decision)]);
    }
    report.push(table);
}

fn waivers(view: &AuditView, report: &mut Report) {
    let all: Vec<_> = view
        .releases
        .iter()
        .flat_map(|release| release.waivers.iter().map(move |waiver| (release, waiver)))
        .collect();
    if all.is_empty() {
        return;
    }
    report.chapter("Waivers");
    let mut table = Table::new(counted(all.len(), "waiver"), &["Release", "Check", "By", "Reason", "Until"]);
    for (release, waiver) in all {
        let or_dash = |text: Option<&String>| Line::prose(text.map_or("–", String::as_str));
        let until = waiver.until.map_or_else(|| "–".to_owned(), |day| day.to_string());
        table.row([
            Line::prose(&name(release)),
            Line::prose(&waiver.check),
            or_dash(waiver.by.as_ref()),
            or_dash(waiver.reason.as_ref()),
            Line::from(until),
        ]);
    }
    report.push(table);
}
