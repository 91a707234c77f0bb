//! Release notes as a document. Those for one audience say nothing of ids and gaps.

use super::{Block, Line, Report, Tone};
use crate::graph::Release;
use crate::model::phrase::capital;
use crate::verdict::release_notes::NotesStage;
use crate::views::notes::{
    AudienceWord, BreakingChangeNote, ChangeNote, Deployment, DeprecationNote, KnownIssueNote, MigrationNote,
    Notes,
};

/// Lowers the notes.
pub fn report(notes: &Notes) -> Report {
    let mut report = Report::new(title(notes), notes.day);
    report.subtitle = notes.release.as_ref().map(Release::public_name);
    if let Some(date) = notes.date {
        let label = if notes.stage == NotesStage::Released { "Released" } else { "Planned" };
        report.figure(label, date.to_string());
    }
    match notes.stage {
        NotesStage::Released => {}
        NotesStage::Draft => report.callout(Tone::Neutral, "Draft: the release is not out."),
        NotesStage::RolledBack => report.callout(Tone::Attention, "This release was rolled back."),
        NotesStage::Cancelled => report.callout(Tone::Attention, "This release was cancelled."),
    }
    notes.theme.iter().for_each(|theme| report.text(Line::prose(theme)));
    let all = notes.audience.is_none();
    bullets(&mut report, "Breaking changes", &notes.breaking_changes, |item| breaking_change(item, all));
    bullets(&mut report, "Changes", &notes.changes, |item| change(item, all));
    bullets(&mut report, "Deprecations", &notes.deprecations, |item| deprecation(item, all));
    migrations(&mut report, &notes.migrations, all);
    bullets(&mut report, "Known issues", &notes.known_issues, |item| known_issue(item, all));
    if let Some(deployment) = &notes.deployment {
        how(&mut report, deployment);
    }
    if is_empty(notes) {
        report.text(match all {
            true => "No change is complete.",
            false => "No complete change has a release note for these readers.",
        });
    }
    if all {
        drafting(&mut report, notes);
    }
    report
}

fn title(notes: &Notes) -> String {
    match notes.audience {
        Some(audience) => format!("Release notes for {}", audience.word()),
        None => "Release notes".to_owned(),
    }
}

fn is_empty(notes: &Notes) -> bool {
    notes.breaking_changes.is_empty()
        && notes.changes.is_empty()
        && notes.deprecations.is_empty()
        && notes.migrations.is_empty()
        && notes.known_issues.is_empty()
}

fn bullets<T>(report: &mut Report, heading: &str, items: &[T], line: impl Fn(&T) -> Line) {
    if !items.is_empty() {
        report.chapter(heading);
        report.push(Block::Bullets(items.iter().map(line).collect()));
    }
}

/// Who is told, if not everyone, in notes for all readers.
fn readers(line: Line, audiences: &[AudienceWord], all: bool) -> Line {
    if !all || audiences.len() == AudienceWord::COUNT {
        return line;
    }
    let words: Vec<&str> = audiences.iter().map(|audience| audience.word()).collect();
    line.and(match words.as_slice() {
        [] => " (no audience)".to_owned(),
        words => format!(" ({} only)", words.join(", ")),
    })
}

/// The line with a full stop, unless it ends a sentence.
fn ended(line: Line) -> Line {
    if line.text().trim_end().ends_with(['.', '!', '?', ':', '…']) { line } else { line.and(".") }
}

/// A sentence behind another.
fn sentence(line: Line, label: &str, text: &str) -> Line {
    ended(ended(line).and(" ").and(label).prose_too(text))
}

fn change(item: &ChangeNote, all: bool) -> Line {
    let line = Line::prose(&item.note);
    if !all {
        return line;
    }
    let line = line.and(" [").id_too(&item.id);
    let line = item.epics.iter().fold(line, |line, epic| line.and(", ").id_too(epic));
    readers(line.and("]"), &item.audiences, all)
}

fn breaking_change(item: &BreakingChangeNote, all: bool) -> Line {
    let line = Line::prose(&item.change);
    let line = match &item.migration {
        Some(migration) => sentence(line, "", migration),
        None if all => line.and(" ").badge_too(Tone::Unknown, "no migration"),
        None => line,
    };
    readers(line, &item.audiences, all)
}

fn deprecation(item: &DeprecationNote, all: bool) -> Line {
    let mut line = Line::prose(&item.feature);
    if let Some(replacement) = &item.replacement {
        line = sentence(line, "Replacement: ", replacement);
    }
    let line = match (&item.removed_in, item.removal_date) {
        (Some(version), Some(date)) => sentence(line, "Removal: ", &format!("{version}, on {date}")),
        (Some(version), None) => sentence(line, "Removal: ", version),
        (None, Some(date)) => sentence(line, "Removal: ", &date.to_string()),
        (None, None) => line,
    };
    readers(line, &item.audiences, all)
}

fn known_issue(item: &KnownIssueNote, all: bool) -> Line {
    let mut line = Line::prose(&item.issue);
    if let Some(severity) = item.severity {
        line = sentence(line, "Severity: ", severity);
    }
    if let Some(workaround) = &item.workaround {
        line = sentence(line, "Workaround: ", workaround);
    }
    if let Some(fixed_in) = &item.fixed_in {
        line = sentence(line, "Fixed in ", fixed_in);
    }
    readers(line, &item.audiences, all)
}

fn migrations(report: &mut Report, migrations: &[MigrationNote], all: bool) {
    if migrations.is_empty() {
        return;
    }
    report.chapter("Migrations");
    for item in migrations {
        report.section(readers(Line::prose(&item.name), &item.audiences, all));
        let about = [
            item.migration_type.map(|what| format!("type: {what}")),
            item.duration.as_ref().map(|duration| format!("duration: {duration}")),
            item.is_reversible.map(|can| format!("reversible: {}", if can { "yes" } else { "no" })),
            item.owner.as_ref().map(|owner| format!("owner: {owner}")),
        ];
        let about: Vec<String> = about.into_iter().flatten().collect();
        if !about.is_empty() {
            report.text(capital(&about.join("; ")));
        }
        if !item.procedure.is_empty() {
            report.push(Block::Bullets(item.procedure.iter().map(|step| Line::prose(step)).collect()));
        }
    }
}

fn how(report: &mut Report, deployment: &Deployment) {
    report.chapter("Deployment");
    if let Some(strategy) = deployment.strategy {
        report.text(format!("Strategy: {strategy}."));
    }
    if !deployment.phases.is_empty() {
        report.section("Rollout");
        report.push(Block::Bullets(deployment.phases.iter().map(|phase| Line::prose(phase)).collect()));
    }
    if !deployment.flags.is_empty() {
        report.section("Feature flags");
        report.push(Block::Bullets(deployment.flags.iter().map(|flag| Line::prose(flag)).collect()));
    }
}

/// What whoever writes the notes must know.
fn drafting(report: &mut Report, notes: &Notes) {
    if !notes.incomplete.is_empty() {
        report.chapter("Incomplete changes");
        report.text("These changes are in scope, but not complete. They are not announced.");
        let line = |item: &crate::views::linked::Linked| Line::id(&item.id).and(" ").and(&item.title);
        report.push(Block::Bullets(notes.incomplete.iter().map(line).collect()));
    }
    if !notes.gaps.is_empty() {
        report.chapter("Gaps");
        report.push(Block::Bullets(notes.gaps.iter().map(|gap| Line::prose(gap)).collect()));
    }
}
