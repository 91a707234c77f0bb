use chrono::Days;

use crate::finding::Report;
use crate::model::support::releases_later;
use crate::model::{Choice, Id, Text};
use crate::rules::{Subject, WARNING, words};
use crate::schedule::{Lifecycle, PhaseDays, Planned, lifecycles};

declare_rule! {
    /// Support phases of a release that overlap, leave a hole, or have no clear dates.
    ///
    /// Users plan upgrades by the day on which a phase ends and the next begins. A phase
    /// ends on the day on which the next one begins. The first begins with the release or
    /// later, and the end of life is the end of the last. `n+3` is the day of the third
    /// release behind this one, of those that are at least as large.
    ///
    /// ```yaml,bad
    /// id: REL-024
    /// title: Line 24
    /// version: "24.0.0"
    /// date: 2027-04-21
    /// support:
    ///   - {phase: active, until: 2027-10-27}
    ///   - {phase: LTS, from: 2027-11-10, until: 2028-10-18}
    ///   - {phase: maintenance, from: 2028-09-01, until: 2030-04-30}
    /// ```
    ///
    /// ```yaml,bad
    /// id: REL-024
    /// title: Line 24
    /// version: "24.0.0"
    /// date: 2027-04-21
    /// support:
    ///   - {phase: active, until: next autumn}
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-024
    /// title: Line 24
    /// version: "24.0.0"
    /// date: 2027-04-21
    /// support:
    ///   - {phase: active}
    ///   - {phase: LTS, from: 2027-10-27}
    ///   - {phase: maintenance, from: 2028-10-18}
    /// end_of_life: 2030-04-30
    /// ```
    "RP0730", "support-phases", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let releases = &subject.calendar().schedule.releases;
    let mut looked_at = 0;
    for (planned, lifecycle) in releases.iter().zip(lifecycles(releases)) {
        looked_at += planned.release.support.len() + usize::from(planned.release.end_of_life.is_some());
        let id = planned.entry.id.value;
        reports.extend(unreadable(subject, planned));
        reports.extend(first_phase(planned, &lifecycle));
        reports.extend(lifecycle.phases.iter().filter_map(|phase| reversed(id, phase)));
        reports.extend(lifecycle.phases.windows(2).filter_map(|pair| between(id, &pair[0], &pair[1])));
        reports.extend(at_the_end(id, &lifecycle));
    }
    looked_at
}

/// Texts that name no day.
fn unreadable(subject: &Subject<'_>, planned: &Planned<'_>) -> Vec<Report> {
    let id = planned.entry.id.value;
    let phases = planned.release.support.iter();
    let nameless = phases.clone().filter(|support| !support.has_phase).map(|support| {
        Report::at(
            support.span,
            format!(
                "{id}: support phase `{}` has no name",
                words::short(subject.sources.slice(support.span))
            ),
        )
        .help("add `phase: active` (or current, LTS, maintenance, extended, end of life)")
    });
    let texts =
        phases.flat_map(|support| [&support.from, &support.until]).chain([&planned.release.end_of_life]);
    let is_day = |text: &Text<'_>| planned.day_of(text).is_some() || releases_later(&text.value).is_some();
    // Without a date of the release, no offset has a day.
    let has_date = planned.release.date.is_some();
    let lost = texts.flatten().filter(|text| has_date && !is_day(text)).map(|text| {
        let message = format!("{id}: support has an invalid date `{}`", words::short(&text.value));
        Report::at(text.span, message)
            .help("write a day (`2028-04-30`), an offset (`2 years after`) or `n+3`")
    });
    nameless.chain(lost).collect()
}

fn first_phase(planned: &Planned<'_>, lifecycle: &Lifecycle<'_>) -> Option<Report> {
    let (first, date) = (lifecycle.phases.first()?, planned.release.date?);
    let (id, word, from) = (planned.entry.id.value, first.phase.word(), first.from?);
    let message = format!("{id}: {word} support begins on {from}, before the release on {}", date.value);
    let report = Report::at(first.place_of_begin(), message).and(date.span, "the release");
    (from < date.value).then(|| report.help(format!("remove `from`, or write `from: {}`", date.value)))
}

fn reversed(id: Id, phase: &PhaseDays<'_>) -> Option<Report> {
    let (from, until) = (phase.from?, phase.until?);
    let message = format!("{id}: {} support ends on {until}, before it begins on {from}", phase.phase.word());
    let help = format!("set `until` to a day after {from}, or `from` to one before {until}");
    (until < from).then(|| Report::at(phase.place_of_end(), message).help(help))
}

/// An overlap or a hole between two phases.
fn between(id: Id, before: &PhaseDays<'_>, after: &PhaseDays<'_>) -> Option<Report> {
    let (until, from) = (before.until?, after.from?);
    let (first, second) = (before.phase.word(), after.phase.word());
    let message = if from < until {
        format!("{id}: {second} support begins on {from}, before {first} support ends on {until}")
    } else if from > until.checked_add_days(Days::new(1))? {
        format!(
            "{id}: no support between {until}, when {first} support ends, and {from}, when {second} support begins"
        )
    } else {
        return None;
    };
    let report = Report::at(after.place_of_begin(), message)
        .and(before.place_of_end(), format!("{first}: until {until}"));
    Some(report.help(format!("write `from: {until}` here, or `until: {from}` there")))
}

/// An end of life that is not the end of the last phase.
fn at_the_end(id: Id, lifecycle: &Lifecycle<'_>) -> Option<Report> {
    let (last, (end, span)) = (lifecycle.phases.last()?, lifecycle.end?);
    let until = last.until.filter(|_| lifecycle.end_text.is_some_and(|text| text.span == span))?;
    let word = last.phase.word();
    let message = if end < until {
        format!("{id}: the end of life is on {end}, before {word} support ends on {until}")
    } else if end > until.checked_add_days(Days::new(1))? {
        format!("{id}: no support between {until}, when {word} support ends, and the end of life on {end}")
    } else {
        return None;
    };
    let report = Report::at(span, message).and(last.place_of_end(), format!("{word}: until {until}"));
    Some(report.help(format!("write `until: {end}` there, or `end_of_life: {until}` here")))
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(support: &str, expect: &[&str]) {
        let yaml = format!(
            "- {{id: REL-1, version: 1.0.0, date: 2027-01-04, {support}}}\n\
             - {{id: REL-2, version: 2.0.0, date: 2027-07-05}}\n- {{id: REL-3, version: 2.1.0, date: 2027-09-06}}\n\
             - {{id: REL-4, version: 3.0.0, date: 2028-01-03}}\n"
        );
        assert_eq!(messages("support-phases", &yaml, ""), expect, "{support}");
    }

    #[test]
    fn phases_follow_each_other() {
        check("end_of_life: 2028-01-01", &[]);
        check("end_of_life: n+2", &[]);
        check("support: [{phase: active, until: n+1}, {phase: LTS, until: n+2}]", &[]);
        check("support: [{phase: active}, {phase: LTS, from: 2027-07-05}], end_of_life: 2 years after", &[]);
        check("support: [{phase: active, until: 2027-06-30}, {phase: LTS, from: 2027-07-01}]", &[]);
        check(
            "support: [{phase: active, until: n+1}, {phase: LTS, from: 2027-07-01, until: 2028-01-01}]",
            &["REL-1: LTS support begins on 2027-07-01, before active support ends on 2027-07-05"],
        );
        check(
            "support: [{phase: active, until: 2027-06-30}, {phase: LTS, from: 2027-07-05}]",
            &[
                "REL-1: no support between 2027-06-30, when active support ends, and 2027-07-05, when LTS support begins",
            ],
        );
        check(
            "support: [{phase: active, from: 2026-12-01, until: 2026-11-01}]",
            &[
                "REL-1: active support begins on 2026-12-01, before the release on 2027-01-04",
                "REL-1: active support ends on 2026-11-01, before it begins on 2026-12-01",
            ],
        );
        check(
            "support: [{phase: active, until: 2028-02-01}, {phase: end of life, from: 2028-01-01}]",
            &["REL-1: the end of life is on 2028-01-01, before active support ends on 2028-02-01"],
        );
        check("end_of_life: some day", &["REL-1: support has an invalid date `some day`"]);
        check("support: [{until: 2028-02-01}]", &["REL-1: support phase `{until: 2028-02-01}` has no name"]);
        check("end_of_life: n+9", &[]);
        check("end_of_life: n+0", &["REL-1: support has an invalid date `n+0`"]);
    }
}
