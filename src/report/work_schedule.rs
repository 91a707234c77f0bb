//! The schedule of the open work as a document.

use chrono::NaiveDate;

use super::words::about;
use super::{
    Align, Cell, Event, Events, Line, Milestone, Report, Section, Table, Timeline, TimelineBar, Tone, When,
};
use crate::model::phrase::counted;
use crate::views::work_schedule::{Outlook, ScheduledItem, WorkSchedule};

/// Lowers the schedule.
pub fn report(schedule: &WorkSchedule) -> Report {
    let mut report = Report::new("Schedule", schedule.day);
    report.subtitle = about(schedule.release.as_ref());
    match &schedule.no_schedule {
        Some(reason) => {
            let mut letters = reason.chars();
            let capital = letters
                .next()
                .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
            report.headline(Tone::Unknown, "No schedule", Line::prose(&format!("{capital}.")));
        }
        None => head(schedule, &mut report),
    }
    if !schedule.items.is_empty() {
        report.chapter("Work");
        report.push(items(schedule));
        report.push(timeline(schedule));
        critical(schedule, &mut report);
    }
    if !schedule.phases.is_empty() {
        report.chapter("Rollout");
        let mut table = Table::new("", &["Phase", "Start", "End"]);
        for phase in &schedule.phases {
            table.row([phase.name.clone(), phase.start.to_string(), phase.end.to_string()]);
        }
        report.push(table);
    }
    if !schedule.items.is_empty() {
        report.chapter("Agenda");
        report.push(events(schedule));
    }
    if !schedule.assumptions.is_empty() {
        report.chapter("Assumptions");
        schedule.assumptions.iter().for_each(|text| report.callout(Tone::Neutral, Line::prose(text)));
    }
    report
}

fn head(schedule: &WorkSchedule, report: &mut Report) {
    let shown = |date: Option<NaiveDate>| {
        date.map_or_else(|| "more than 20 years".to_owned(), |date| date.to_string())
    };
    match schedule.outlook() {
        Outlook::Late { planned, follows, days } => {
            let sentence = format!(
                "after the release date {planned}: with its buffer the release can follow on {follows}."
            );
            let days = counted(usize::try_from(days).unwrap_or(0), "day");
            report.headline(Tone::Bad, format!("{days} late"), sentence);
        }
        Outlook::TooFar { planned } => report.headline(
            Tone::Bad,
            "Late",
            format!(
                "for the release date {planned}: no day is known on which the release can follow its work."
            ),
        ),
        Outlook::OnTime { planned } => report.headline(
            Tone::Good,
            "On time",
            format!("for the release date {planned}, with the buffer."),
        ),
        Outlook::NoDate => report.headline(
            Tone::Neutral,
            shown(schedule.complete),
            "is the day on which the work is complete; the release has no date.",
        ),
    }
    report.figure("Work complete", shown(schedule.complete));
    report.figure("With buffer", shown(schedule.buffered));
    let overdue = schedule.items.iter().filter(|item| item.late.is_some()).count();
    report.figure("Late items", format!("{overdue} of {}", schedule.items.len()));
    if let Some(buffer) = schedule.buffer {
        report.detail(
            "Buffer",
            format!(
                "{} working days (root sum square of the critical chain; half of the chain is {})",
                buffer.root_sum_square, buffer.half_chain
            ),
        );
    }
}

fn items(schedule: &WorkSchedule) -> Table {
    let columns = ["Item", "Title", "Team", "Start", "End", "Days", "Float", "Due", "Reason for the start"];
    let mut table = Table::new("", &columns).aligned(5, Align::Right).aligned(6, Align::Right);
    for item in &schedule.items {
        table.row_of(
            &item.id,
            [
                Cell::from(Line::id(&item.id)),
                Cell::from(item.title.as_str()),
                Cell::from(item.team.as_deref().unwrap_or("–")),
                Cell::from(item.start.to_string()),
                Cell::from(item.end.to_string()),
                Cell::from(item.days.to_string()),
                Cell::from(if item.critical {
                    format!("{} (critical)", item.float)
                } else {
                    item.float.to_string()
                }),
                Cell::from(due(item)),
                Cell::from(Line::prose(&item.reason)),
            ],
        );
    }
    table
}

fn due(item: &ScheduledItem) -> Line {
    match (item.due, item.late) {
        (Some(due), Some(days)) => {
            let late = format!("{} late", counted(usize::try_from(days).unwrap_or(0), "day"));
            Line::from(format!("{due} ")).badge_too(Tone::Bad, late)
        }
        (Some(due), None) => Line::from(due.to_string()),
        (None, _) => Line::from("–"),
    }
}

fn tone_of(item: &ScheduledItem) -> Tone {
    match (item.late, item.critical) {
        (Some(_), _) => Tone::Bad,
        (None, true) => Tone::Attention,
        (None, false) => Tone::Neutral,
    }
}

fn after(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(day)
}

fn timeline(schedule: &WorkSchedule) -> Timeline {
    let mut sections: Vec<Section> = Vec::new();
    for item in &schedule.items {
        let title = item.team.clone().unwrap_or_else(|| "Without a team".to_owned());
        let bar = TimelineBar {
            label: format!("{} {}", item.id, item.title).trim_end().to_owned(),
            start: item.start,
            end: after(item.end),
            tone: tone_of(item),
        };
        match sections.iter_mut().find(|section| section.title == title) {
            Some(section) => section.bars.push(bar),
            None => sections.push(Section { title, bars: vec![bar], milestones: Vec::new() }),
        }
    }
    let point = |label: &str, on: Option<NaiveDate>, tone| {
        on.map(|on| Milestone { label: label.to_owned(), on, tone })
    };
    let release = Section {
        title: "Release".to_owned(),
        bars: schedule
            .phases
            .iter()
            .map(|phase| TimelineBar {
                label: phase.name.clone(),
                start: phase.start,
                end: after(phase.end),
                tone: Tone::Neutral,
            })
            .collect(),
        milestones: [
            point("Work complete", schedule.complete, Tone::Neutral),
            point("With buffer", schedule.buffered, Tone::Attention),
            point("Release date", schedule.release_date, Tone::Good),
        ]
        .into_iter()
        .flatten()
        .collect(),
    };
    sections.push(release);
    Timeline {
        caption: "Schedule: critical chain and late work are marked".into(),
        today: Some(schedule.day),
        sections,
    }
}

fn critical(schedule: &WorkSchedule, report: &mut Report) {
    report.chapter("Critical path and critical chain");
    let path = Line::from("Critical path (dependencies alone): ");
    report.text(match schedule.critical_path.is_empty() {
        true => path.and("none."),
        false => path.join(Line::ids(&schedule.critical_path)).and("."),
    });
    let chain = Line::from("Critical chain (dependencies and people): ");
    report.text(chain.join(Line::ids(&schedule.critical_chain)).and("."));
}

/// Each piece of work as an entry of a calendar.
fn events(schedule: &WorkSchedule) -> Events {
    let event = |item: &ScheduledItem| Event {
        uid: format!("{}-work@{}", item.id, schedule.plan),
        when: When::Days { start: item.start, end: after(item.end) },
        summary: format!("{} {}", item.id, item.title).trim_end().to_owned(),
        description: item.reason.clone(),
        categories: vec!["work".to_owned()],
        tone: tone_of(item),
    };
    Events { caption: String::new(), events: schedule.items.iter().map(event).collect() }
}
