use chrono::NaiveDate;

use super::{Subject, WARNING};
use crate::finding::Report;
use crate::model::offset::When;
use crate::model::rel::{MILESTONES, Milestone, Rel};
use crate::model::{Entry, same_folded};

declare_rule! {
    /// Milestones of a release that come in the wrong order.
    ///
    /// The gates run from feature complete over alpha, code freeze, beta and
    /// release candidate to production and the end of support. An alpha before
    /// feature complete tests what is not built yet, and a beta on the day of
    /// code freeze hands out what nobody has frozen. Only milestones that the
    /// release states itself are compared.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-01
    /// milestones:
    ///   alpha: 4 weeks before
    ///   feature_complete: 3 weeks before
    /// ```
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-01
    /// milestones:
    ///   code_freeze: 2 weeks before
    ///   beta: 2027-02-15
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-01
    /// milestones:
    ///   feature_complete: 4 weeks before
    ///   alpha: 3 weeks before
    ///   code_freeze: 2 weeks before
    ///   beta: 2027-02-17
    ///   release_candidate: 1 week before
    ///   production: release date
    /// ```
    "RP0705", "milestone-order", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, release) in subject.plan.releases() {
        looked_at += release.milestones.len();
        if !release.is_over() {
            let placed = placed(subject, release);
            reports.extend(placed.windows(2).filter_map(|pair| report(entry, &pair[0], &pair[1])));
        }
    }
    looked_at
}

/// A milestone on the calendar.
struct Placed<'r, 's> {
    milestone: &'r Milestone<'s>,
    name: &'static str,
    day: NaiveDate,
}

/// The milestones that a release states, in the order of the gates.
fn placed<'r, 's>(subject: &Subject<'_>, release: &'r Rel<'s>) -> Vec<Placed<'r, 's>> {
    let read = |milestone: &'r Milestone<'s>| Some((milestone, When::parse(&milestone.when.value).ok()?));
    let moments: Vec<_> = release.milestones.iter().filter_map(read).collect();
    let days = moments.iter().any(|(_, when)| matches!(when, When::Day(_)));
    let date = match release.date {
        Some(date) => date.value,
        // Days and offsets do not compare without the day that offsets count from,
        // but offsets compare with each other from any day.
        None if days && !moments.iter().all(|(_, when)| matches!(when, When::Day(_))) => return Vec::new(),
        None => subject.today,
    };
    let place = |name: &&'static str| {
        let (milestone, when) =
            moments.iter().find(|(milestone, _)| same_folded(&milestone.name.value, name))?;
        Some(Placed { milestone, name, day: when.moment(Some(date))?.date() })
    };
    MILESTONES.iter().filter_map(place).collect()
}

fn report(entry: &Entry<'_>, first: &Placed<'_, '_>, second: &Placed<'_, '_>) -> Option<Report> {
    let (id, before, after) = (entry.id.value, words(first.name), words(second.name));
    let one_day = first.day == second.day && (first.name, second.name) == ("code_freeze", "beta");
    let message = match first.day.cmp(&second.day) {
        std::cmp::Ordering::Greater => format!("{id}: {after} comes before {before}"),
        _ if one_day => format!("{id}: {before} and {after} fall on one day"),
        _ => return None,
    };
    let help = match one_day {
        true => "give testers what was frozen: plan beta at least a day after code freeze".to_owned(),
        false => format!("plan {before} first, as the gates run: {}", gates()),
    };
    Some(
        Report::at(second.milestone.when.span, message)
            .saying(format!("{after}: {}", second.day))
            .and(first.milestone.when.span, format!("{before}: {}", first.day))
            .help(help),
    )
}

fn gates() -> String {
    let gates: Vec<String> = MILESTONES.iter().map(|name| words(name)).collect();
    gates.join(", ")
}

/// `feature complete` for `feature_complete`.
fn words(name: &str) -> String {
    name.replace('_', " ")
}
