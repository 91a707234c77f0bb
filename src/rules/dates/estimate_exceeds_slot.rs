use chrono::NaiveDate;

use crate::config::Team;
use crate::finding::Report;
use crate::model::Entry;
use crate::model::epic::Epic;
use crate::rules::{Subject, WARNING};
use crate::schedule::WorkingCalendar;
use crate::source::Spanned;

declare_rule! {
    /// Work that is longer than the time between its start and its due date.
    ///
    /// Even if all goes well, the people who work on it have fewer working days
    /// than the estimate needs: holidays are none, an allocation of 50 % halves
    /// the time, and two people do twice as much. Move a date, or split the work.
    ///
    /// ```yaml,bad
    /// id: EPIC-01
    /// title: Visual designer
    /// start: 2027-02-01
    /// due: 2027-02-12
    /// estimate: 100d
    /// ```
    ///
    /// ```yaml,good
    /// id: EPIC-01
    /// title: Visual designer
    /// start: 2027-02-01
    /// due: 2027-02-12
    /// estimate: 10d
    /// ```
    "RP0741", "estimate-exceeds-slot", WARNING, since "0.1.0"
}

/// A slot of more days than this holds any estimate that a person writes.
const LONGEST_SLOT: i64 = 36_525;

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let working = WorkingCalendar::new(&subject.config.calendar);
    let mut looked_at = 0;
    for (entry, epic) in subject.plan.epics().filter(|(_, epic)| epic.is_open()) {
        let (Some(start), Some(due), Some(estimate)) = (epic.start, entry.due(), epic.estimate) else {
            continue;
        };
        let days = (due.value - start.value).num_days();
        if !(0..=LONGEST_SLOT).contains(&days) {
            continue;
        }
        looked_at += 1;
        let Some((_, best)) = estimate.figures().next() else { continue };
        let owner = entry.owner.as_ref();
        let team =
            owner.and_then(|owner| subject.config.team.iter().find(|team| team.is_called(&owner.value)));
        let people = f64::from(epic.people.map_or(1, |people| people.value).max(1));
        let share = team.map_or(1.0, |team| team.allocation);
        let slot = working_days(&working, team, start.value, due.value);
        // What is left of a hundredth of a day is rounding.
        if best.value.days() > slot as f64 * people * share + 0.01 {
            reports.push(report(entry, epic, (start, due), slot, share));
        }
    }
    looked_at
}

/// The days from the first to the last on which the team works.
fn working_days(working: &WorkingCalendar<'_>, team: Option<&Team>, from: NaiveDate, to: NaiveDate) -> usize {
    let is_away = |day: NaiveDate| {
        let absences = team.map_or(&[][..], |team| &team.absences);
        absences.iter().any(|absence| absence.people.is_none() && absence.from <= day && day <= absence.to)
    };
    let days = from.iter_days().take_while(|day| *day <= to);
    days.filter(|day| working.is_working(*day) && !is_away(*day)).count()
}

fn report(
    entry: &Entry<'_>,
    epic: &Epic<'_>,
    (start, due): (Spanned<NaiveDate>, Spanned<NaiveDate>),
    slot: usize,
    share: f64,
) -> Report {
    let best = epic.estimate.and_then(|estimate| estimate.figures().next());
    let (days, span) = best.map_or((0.0, due.span), |(_, best)| (best.value.days(), best.span));
    let people = epic.people.map_or(1, |people| people.value).max(1);
    let who = match (people, share < 1.0) {
        (1, false) => String::new(),
        (1, true) => format!(" at {:.0}% of the time", share * 100.0),
        (people, false) => format!(" for {people} people"),
        (people, true) => format!(" for {people} people at {:.0}% of the time", share * 100.0),
    };
    let days = (days * 100.0).round() / 100.0;
    let noun = if slot == 1 { "working day" } else { "working days" };
    let message = format!("{}: {days} days of work in {slot} {noun}{who}", entry.id.value);
    Report::at(span, message)
        .saying("at best")
        .and(start.span, "the start")
        .and(due.span, "the due date")
        .help("move a date, split the work, or correct the estimate")
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    #[test]
    fn a_slot_must_hold_the_best_case() {
        let check = |epic: &str, toml: &str, expect: &[&str]| {
            let yaml = format!("{{id: EPIC-1, title: T, start: 2027-02-01, due: 2027-02-12, {epic}}}");
            assert_eq!(messages("estimate-exceeds-slot", &yaml, toml), expect, "{epic} {toml}");
        };
        check("estimate: 10d", "", &[]);
        check("estimate: 2w", "", &[]);
        check("estimate: 11d", "", &["EPIC-1: 11 days of work in 10 working days"]);
        check("estimate: 20d, people: 2", "", &[]);
        check("estimate: {optimistic: 10d, likely: 40d, pessimistic: 90d}", "", &[]);
        check("estimate: 100d, state: Complete", "", &[]);
        let half = "[team.A]\nallocation = \"50%\"\n";
        check(
            "owner: A, estimate: 6d",
            half,
            &["EPIC-1: 6 days of work in 10 working days at 50% of the time"],
        );
        let away = "[team.A]\nabsences = [{ from = 2027-02-01, to = 2027-02-11 }]\n";
        check("owner: A, estimate: 2d", away, &["EPIC-1: 2 days of work in 1 working day"]);
    }
}
