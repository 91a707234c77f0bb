//! The front page: each release with its decision, the coming weeks, blockers by owner, and all documents.

use chrono::{Datelike, Days, NaiveDate};

use super::documents::{Document, Part, Subject};
use super::{Site, findings};
use crate::formats::counts;
use crate::model::phrase::counted;
use crate::model::{Entry, EntryIndex, Kind};
use crate::report::go_no_go::{blockers, head, sign_offs, unowned};
use crate::report::words::{dated, percent, status};
use crate::report::{
    self, Block, Cell, Checklist, FrontPage, Item, Line, ReleaseSummary, Report, Table, Tone, Trend,
    TrendPoint, Weeks,
};
use crate::verdict::entry_state::entry_state;
use crate::views::calendar::{Calendar, Range, calendar};
use crate::views::go_no_go::{self, OpenCheck};

/// How many weeks are shown, this one included.
const WEEKS: usize = 8;

/// How many blockers of one owner are named; the report has all of them.
const MOST_OF_AN_OWNER: usize = 5;

/// How many points the trend has, today among them.
const MOST_POINTS: usize = 13;

/// The page.
pub(super) fn page(site: Site<'_>, documents: &[Document<'_>]) -> FrontPage {
    let mut report = Report::new(site.inputs.title.as_str(), site.inputs.today);
    let entries = counted(site.entries.all.len(), "entry");
    let releases = site.subjects.iter().filter(|subject| subject.selection.release.is_some()).count();
    report.subtitle = Some(match releases {
        0 => entries,
        releases => format!("{} to ship, {entries}", counted(releases, "release")),
    });
    let dates = weeks_ahead(site);
    let (first, weeks) = (monday(site.inputs.today), report::release_calendar::marked_days(&dates));
    blockers_by_owner(site, &mut report);
    shipped(site, &mut report);
    soundness(site, &mut report);
    whole(documents, &mut report);
    let summaries = site.subjects.iter().enumerate();
    FrontPage {
        report,
        releases: summaries.map(|(number, subject)| summary(site, number, subject, documents)).collect(),
        weeks: Weeks { first, count: WEEKS, today: site.inputs.today, days: weeks },
        agenda: report::release_calendar::events(&dates),
    }
}

fn monday(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday()))).unwrap_or(day)
}

/// What is due from this week on.
fn weeks_ahead(site: Site<'_>) -> Calendar {
    let basis = &site.inputs.basis;
    let from = monday(site.inputs.today);
    let to = from.checked_add_days(Days::new(7 * WEEKS as u64 - 1));
    let range = Range { from: Some(from), to, ..Range::default() };
    calendar(basis.plan, basis.config, basis.sources, site.inputs.today, &range)
}

fn summary(
    site: Site<'_>,
    number: usize,
    subject: &Subject<'_>,
    documents: &[Document<'_>],
) -> ReleaseSummary {
    let release = subject.selection.release.as_ref();
    let name = match release {
        Some(release) if release.title.is_empty() => {
            Line::id(&*release.id).and(version(release.version.as_deref()))
        }
        Some(release) => Line::id(&*release.id)
            .and(version(release.version.as_deref()))
            .and(": ")
            .prose_too(&release.title),
        None => Line::from("Whole plan"),
    };
    let about = match (release, subject.judged.release_date) {
        (Some(_), Some(date)) => Line::from("Release date ").and(dated(date, site.inputs.today)),
        (Some(_), None) => Line::from("No release date"),
        (None, _) => Line::from("No release is to ship: this is the decision about all entries."),
    };
    let own = documents.iter().filter(|document| document.subject == Some(number));
    let link = |document: &Document<'_>| Line::new().page(document.title.as_str(), document.path.as_str());
    let gates = subject.judged.gates.iter().enumerate();
    ReleaseSummary {
        name,
        about,
        head: report::go_no_go::report(&subject.judged).head,
        gates: gates.map(|(at, gate)| Line::new().page(gate.title.as_str(), subject.gate_path(at))).collect(),
        documents: own.filter(|document| document.part == Part::All).map(link).collect(),
        trend: trend(subject),
    }
}

fn version(version: Option<&str>) -> String {
    version.map_or_else(String::new, |version| format!(" {version}"))
}

/// Confidence at each recorded decision about the release, and today; nothing without a decision.
fn trend(subject: &Subject<'_>) -> Trend {
    let all = subject.judged.changes.as_ref().map_or(&[][..], |changes| &changes.trend);
    let recent = &all[all.len().saturating_sub(MOST_POINTS)..];
    let point = |point: &go_no_go::TrendPoint| {
        let when = if point.sequence.is_some() { point.day.to_string() } else { "today".to_owned() };
        TrendPoint {
            label: format!("{when} {}", point.decision.word()),
            percent: point.confidence,
            tone: head::tone_of(point.decision),
        }
    };
    Trend { points: recent.iter().map(point).collect() }
}

/// The blockers of an owner in all releases.
type OfOwner<'i> = (Option<&'i str>, Vec<(&'i Subject<'i>, &'i OpenCheck)>);

/// Every blocker of every release under its owner: the owner with the most first, those without an owner last, and
/// sign-offs, which wait for a role, behind them.
fn blockers_by_owner(site: Site<'_>, report: &mut Report) {
    report.chapter("Blockers by owner");
    let mut owners: Vec<OfOwner<'_>> = Vec::new();
    let mut approvals: Vec<(&Subject<'_>, &OpenCheck)> = Vec::new();
    for subject in site.subjects {
        let open = &subject.judged.blockers;
        for (owner, own) in blockers::by_owner(open) {
            let own = own.into_iter().map(|check| (subject, check));
            match owners.iter_mut().find(|(known, _)| *known == owner) {
                Some((_, all)) => all.extend(own),
                None => owners.push((owner, own.collect())),
            }
        }
        approvals
            .extend(open.iter().filter(|check| sign_offs::is_sign_off(check)).map(|check| (subject, check)));
    }
    if owners.is_empty() && approvals.is_empty() {
        return report.callout(Tone::Good, "No blockers.");
    }
    owners.sort_by_key(|(owner, open)| (owner.is_none(), std::cmp::Reverse(open.len())));
    for (owner, open) in owners {
        group(site, owner.unwrap_or(blockers::NO_OWNER), &open, report);
    }
    if !approvals.is_empty() {
        group(site, "Sign-offs", &approvals, report);
    }
}

fn group(site: Site<'_>, title: &str, open: &[(&Subject<'_>, &OpenCheck)], report: &mut Report) {
    report.section(format!("{title} ({})", counted(open.len(), "blocker")));
    let item = |(subject, check): &(&Subject<'_>, &OpenCheck)| {
        let item = unowned(check);
        let of = match (&subject.selection.release, site.subjects.len() > 1) {
            (Some(release), true) => Line::id(&*release.id).and(" "),
            _ => Line::new(),
        };
        Item { text: of.join(item.text.clone()), ..item }
    };
    report.push(Checklist { items: open.iter().take(MOST_OF_AN_OWNER).map(item).collect() });
    let more = open.len().saturating_sub(MOST_OF_AN_OWNER);
    if more == 0 {
        return;
    }
    // Those that are left out are in the reports of their releases.
    let mut line = Line::from(format!("{more} more in "));
    let mut named: Vec<String> = Vec::new();
    for (subject, _) in &open[MOST_OF_AN_OWNER..] {
        let path = subject.report_path();
        if named.contains(&path) {
            continue;
        }
        let separator = if named.is_empty() { "the report on " } else { ", " };
        line = line.and(separator).page(subject.name(), path.as_str());
        named.push(path);
    }
    report.text(line.and("."));
}

/// The releases that are not judged any more, each with the last decision about it.
fn shipped(site: Site<'_>, report: &mut Report) {
    let judged = |entry: &Entry<'_>| {
        let id = entry.id.value.to_string();
        site.subjects.iter().any(|subject| subject.selection.release.as_ref().is_some_and(|own| own.id == id))
    };
    let others = site.entries.all.iter().rev().filter(|index| {
        let entry = site.plan().entry(**index);
        matches!(entry.kind, Kind::Rel(_)) && !judged(entry)
    });
    let others: Vec<EntryIndex> = others.copied().collect();
    if others.is_empty() {
        return;
    }
    report.chapter("Other releases");
    let columns = ["Release", "Title", "Date", "Status", "Last decision", "Confidence"];
    let mut table = Table::new(counted(others.len(), "release"), &columns);
    for index in others {
        let entry = site.plan().entry(index);
        let Kind::Rel(rel) = &entry.kind else { continue };
        let id = entry.id.value.to_string();
        let last =
            site.inputs.decisions().iter().rev().find(|record| record.release.as_deref() == Some(&*id));
        let date = rel.deployed_at.or(rel.date).map(|date| date.value.format("%a %Y-%m-%d").to_string());
        table.row([
            Cell::from(Line::id(id)),
            Cell::from(Line::prose(entry.title())),
            Cell::from(date.unwrap_or_else(|| "–".to_owned())),
            Cell::from(status(entry_state(entry), entry.status())),
            last.map_or_else(
                || Cell::from("none recorded"),
                |last| Cell::from(Line::badge(head::tone_of(last.decision), last.decision.word())),
            ),
            Cell::from(percent(last.and_then(|last| last.confidence).map(|share| share.percent()))),
        ]);
    }
    report.push(table);
}

/// What the rules found.
fn soundness(site: Site<'_>, report: &mut Report) {
    report.chapter("Findings");
    let found: Vec<Line> = counts(site.inputs.findings)
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(level, count)| Line::badge(findings::tone_of(level), counted(count, level.word())))
        .collect();
    let line = found.into_iter().reduce(|line, next| line.and(" ").join(next));
    let line = line.unwrap_or_else(|| Line::badge(Tone::Good, "no findings"));
    report.text(line.and(" ").page("All findings", findings::PATH));
}

/// The documents about the whole plan.
fn whole(documents: &[Document<'_>], report: &mut Report) {
    report.chapter("All releases");
    let own = documents.iter().filter(|document| document.subject.is_none() && document.part == Part::All);
    let links = own.map(|document| Line::new().page(document.title.as_str(), document.path.as_str()));
    report.push(Block::Bullets(links.collect()));
}
