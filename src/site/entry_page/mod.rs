//! The page of an entry: how it stands, what it states, what it is joined with, and what was found in it.

mod fields;
mod links;
mod results;
mod verdicts;

use super::{Site, findings};
use crate::model::graded::GradedFamily;
use crate::model::{Choice, Entry, EntryIndex, Kind};
use crate::report::words::{dated, tone_of};
use crate::report::{Checklist, Line, Report, Tone};
use crate::verdict::entry_state::entry_state;

/// The page of an entry.
pub(super) fn report(site: Site<'_>, index: EntryIndex) -> Report {
    let entry = site.plan().entry(index);
    let id = entry.id.value.to_string();
    let title = match entry.title() {
        "" => id,
        title => format!("{id} {title}"),
    };
    let mut report = Report::new(title, site.inputs.today);
    report.subtitle = Some(noun(entry));
    conclusion(site, index, &mut report);
    details(site, index, &mut report);
    verdicts::chapters(site, index, &mut report);
    found(site, index, &mut report);
    fields::chapter(site, index, &mut report);
    results::chapter(site, index, &mut report);
    links::chapters(site, index, &mut report);
    verdicts::history(site, index, &mut report);
    report
}

/// What kind of entry it is.
pub(super) fn noun(entry: &Entry<'_>) -> String {
    match &entry.kind {
        Kind::Dep(dep) => dep.dep_type().word().to_owned(),
        Kind::Epic(_) => "Work package".to_owned(),
        Kind::Test(_) => "Test".to_owned(),
        Kind::Risk(_) => "Risk".to_owned(),
        Kind::Rel(_) => "Release".to_owned(),
        Kind::Mon(_) => "Monitored metric".to_owned(),
        Kind::Run(_) => "Runbook".to_owned(),
        Kind::Kpi(_) => "Key performance indicator".to_owned(),
        Kind::Incident(_) => "Incident".to_owned(),
        Kind::Action(_) => "Action".to_owned(),
        Kind::Handoff(_) => "Handoff".to_owned(),
        Kind::Flag(_) => "Feature flag".to_owned(),
        Kind::Graded(graded) => match graded.family {
            GradedFamily::Defect => "Defect".to_owned(),
            GradedFamily::Journey => "User journey".to_owned(),
            GradedFamily::Api => "API contract".to_owned(),
        },
        Kind::Plain(_) => entry.id.value.prefix.to_string(),
    }
}

/// The decision about a release; the verdict of any other entry that is checked; or else the status that is stated.
fn conclusion(site: Site<'_>, index: EntryIndex, report: &mut Report) {
    let entry = site.plan().entry(index);
    let id = entry.id.value.to_string();
    let is_it = |subject: &&super::documents::Subject<'_>| {
        subject.selection.release.as_ref().is_some_and(|release| release.id == id)
    };
    if let Some(subject) = site.subjects.iter().find(is_it) {
        let decision = subject.judged.decision;
        let sentence = Line::from("See the ").page("go/no-go report", subject.report_path()).and(".");
        report.headline(crate::report::go_no_go::head::tone_of(decision), decision.word(), sentence);
        return;
    }
    let is_release = matches!(entry.kind, Kind::Rel(_));
    if let Some(checked) = site.entries.checks_of(index).first().filter(|_| !is_release) {
        let tone = crate::report::checklist::tone(checked.check.verdict);
        report.headline(tone, tone.word(), Line::prose(&checked.check.reason));
        return;
    }
    if let Some(status) = entry.status() {
        report.headline(tone_of(entry_state(entry)), status, "Self-reported; no gate asks for it.");
    }
}

fn details(site: Site<'_>, index: EntryIndex, report: &mut Report) {
    let entry = site.plan().entry(index);
    let owner = entry.owner.as_ref().map(|owner| owner.value.trim()).filter(|owner| !owner.is_empty());
    let owner = owner.map_or_else(|| Line::badge(Tone::Attention, "No owner"), Line::prose);
    report.detail("Owner", owner);
    if let Some(status) = entry.status() {
        report.detail("Status", Line::badge(tone_of(entry_state(entry)), status));
    }
    if let Some(due) = entry.due() {
        report.detail("Due", dated(due.value, site.inputs.today));
    }
    let in_releases = site.subjects.iter().filter(|subject| subject.selection.has(index));
    let releases: Vec<String> = in_releases
        .filter_map(|subject| subject.selection.release.as_ref())
        .map(|release| release.id.clone())
        .collect();
    if !releases.is_empty() && !matches!(entry.kind, Kind::Rel(_)) {
        report.detail("Releases", Line::ids(releases));
    }
    report.detail("Place", Line::new().code(place(site, index)));
}

/// Where the entry is written.
fn place(site: Site<'_>, index: EntryIndex) -> String {
    let span = site.plan().entry(index).id.span;
    let sources = site.inputs.basis.sources;
    format!("{}:{}", sources.file(span.file).name(), sources.start(span).line)
}

fn found(site: Site<'_>, index: EntryIndex, report: &mut Report) {
    let all = site.entries.findings_of(index);
    if all.is_empty() {
        return;
    }
    report.chapter("Findings");
    report.push(Checklist { items: all.iter().map(|finding| findings::item(site, finding)).collect() });
}
