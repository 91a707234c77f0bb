//! What changed since the last decision, and what earlier releases left to do.

use super::super::checklist::tone;
use super::super::words::{checks_by_id, percent};
use super::super::{Bar, BarChart, Line, Report, Table, Tone};
use super::head::tone_of;
use crate::model::phrase::counted;
use crate::verdict::{FollowUpState, Verdict};
use crate::views::go_no_go::{Changes, GoNoGo, TrendPoint};

/// So many decisions are drawn, today among them.
const POINTS: usize = 12;

/// Lowers what changed; nothing where nothing was decided yet.
pub(super) fn chapter(changes: Option<&Changes>, report: &mut Report) {
    let Some(changes) = changes else { return };
    report.chapter("Changes since the last decision");
    let decided = changes.since.format("%Y-%m-%d %H:%M UTC");
    report.text(Line::from(format!("Last decision: {} on {decided}.", changes.decision.word())));
    trend(changes, report);
    if changes.checks.is_empty() {
        return report.text("No check has changed since.");
    }
    let mut table = Table::new("Checks that changed since the last decision", &["Check", "Then", "Now"]);
    let cell = |verdict: Option<Verdict>, absent: &str| match verdict {
        Some(verdict) => Line::verdict(tone(verdict)),
        None => Line::from(absent),
    };
    for change in &changes.checks {
        table.row([checks_by_id([&change.id]), cell(change.before, "new"), cell(change.now, "removed")]);
    }
    report.push(table);
}

/// Draws how confidence developed from decision to decision.
fn trend(changes: &Changes, report: &mut Report) {
    let bar = |point: &TrendPoint| {
        let when = if point.sequence.is_some() { point.day.to_string() } else { "today".to_owned() };
        let blockers = counted(point.blockers, "blocker");
        Bar {
            label: when,
            value: point.confidence.unwrap_or(0.0),
            shown: format!("{}, {}, {blockers}", percent(point.confidence), point.decision.word()),
            tone: tone_of(point.decision),
        }
    };
    let earlier = changes.trend.len().saturating_sub(POINTS);
    let caption = match earlier {
        0 => "Confidence at each decision".to_owned(),
        _ => format!("Confidence at the last {} decisions", POINTS - 1),
    };
    report.push(BarChart { caption, bars: changes.trend.iter().skip(earlier).map(bar).collect() });
}

/// Lowers the follow-ups; nothing where there are none.
pub(super) fn follow_ups(view: &GoNoGo, report: &mut Report) {
    if view.follow_ups.is_empty() {
        return;
    }
    report.chapter("Follow-ups");
    let columns = ["Release", "Follow-up", "Within", "Due", "Status"];
    let mut table = Table::new("Follow-ups of deployments", &columns);
    for follow_up in &view.follow_ups {
        let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let status = match follow_up.state {
            FollowUpState::Done => Line::badge(Tone::Good, format!("done {}", day(follow_up.done))),
            FollowUpState::Ahead => Line::badge(Tone::Neutral, "after the deployment"),
            FollowUpState::Open => Line::badge(Tone::Attention, "open"),
            FollowUpState::Overdue => Line::badge(Tone::Bad, "overdue"),
        };
        table.row([
            Line::id(&follow_up.release),
            Line::from(follow_up.name.as_str()),
            Line::from(follow_up.within.as_str()),
            Line::from(day(follow_up.due)),
            status,
        ]);
    }
    report.push(table);
}
