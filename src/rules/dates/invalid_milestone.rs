use crate::config::calendar::{Deadline, nearest_zone, time_zone};
use crate::finding::Report;
use crate::model::day::weekday;
use crate::model::defect::DefectKind;
use crate::model::milestone::Milestone;
use crate::model::offset::{Timing, WhenError};
use crate::model::rel::{Rel, gate};
use crate::model::{Entry, Text, same_folded};
use crate::rules::{ERROR, Subject, defects, words};
use crate::schedule::{self, StatedWeek};

declare_rule! {
    /// A milestone without a clear date.
    ///
    /// A milestone without a date is on no calendar. Write a date, an offset such
    /// as `3 weeks before` or `2 days after code freeze`, a week such as `R-2
    /// Thursday`, `release date`, or `none`. The same applies to the `due` of an
    /// approval. A milestone that is a mapping also needs values that can be read for
    /// `weekday`, `week`, `time_zone` and `deadline_time`, and no milestone may be
    /// relative to itself.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-01
    /// milestones:
    ///   code_freeze: mid February
    /// ```
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-01
    /// milestones:
    ///   code_freeze: 2027-15-02
    /// ```
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-01
    /// milestones:
    ///   sign off: 2 days after the big meeting
    /// ```
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-01
    /// milestones:
    ///   branch: 1 day before tag
    ///   tag: 1 day after branch
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-01
    /// approvals:
    ///   - {role: QA Lead, due: code freeze}
    /// milestones:
    ///   feature_complete: 3 weeks before
    ///   sign off: 2 days after code freeze
    ///   code_freeze: 2027-02-15
    ///   production: release date
    /// ```
    "RP0707", "invalid-milestone", ERROR, since "0.1.0", formerly "milestone-not-understood"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    defects::each(subject, reports, |defect| {
        let is_nameless = matches!(defect.kind, DefectKind::MilestoneWithoutName);
        let text = defects::text(subject, defect.span);
        let message = format!("{}milestone `{text}` has no name", defects::of(defect));
        let report = Report::at(defect.span, message);
        is_nameless.then(|| report.help("add its name: `{name: code freeze, date: 2027-02-15}`"))
    });
    for (entry, release) in subject.plan.releases() {
        let approvals = release.approvals.iter().filter_map(|approval| approval.due.as_ref());
        looked_at += release.milestones.iter().filter(|milestone| milestone.when.is_none()).count();
        let milestones = release.milestones.iter();
        let milestones =
            milestones.filter_map(|milestone| Some((&*milestone.name.value, milestone.when.as_ref()?)));
        let due = approvals.filter(|due| !schedule::names_milestone(release, subject.config, &due.value));
        for (name, when) in milestones.chain(due.map(|due| ("due", due))) {
            looked_at += 1;
            if let Err(error) = Timing::parse(&when.value) {
                reports.push(report(entry, name, when, error));
            }
        }
        reports.extend(release.milestones.iter().flat_map(|milestone| unreadable(entry, milestone)));
        reports.extend(adrift(subject, entry, release));
    }
    words::keep_first_of_each_place(reports);
    looked_at
}

/// What is said of a milestone beside its date and cannot be read, and a date that is missing.
fn unreadable(entry: &Entry<'_>, milestone: &Milestone<'_>) -> Vec<Report> {
    let name = words::short(&milestone.name.value);
    let at = |text: &Text<'_>, what: &str| {
        let found = words::short(&text.value);
        Report::at(
            text.span,
            format!("{}: milestone `{name}` has an invalid {what} `{found}`", entry.id.value),
        )
    };
    let mut reports = Vec::new();
    if milestone.when.is_none() && gate(&milestone.name.value).is_none() {
        let message = format!("{}: milestone `{name}` has no date", entry.id.value);
        reports.push(Report::at(milestone.name.span, message).help("add `date: 2027-02-15`, or an offset"));
    }
    let Some(record) = &milestone.record else { return reports };
    if let Some(text) = record.weekday.as_ref().filter(|text| weekday(text.value.trim()).is_none()) {
        reports.push(at(text, "weekday").help("write `Thursday`"));
    }
    if let Some(text) = record.week.as_ref().filter(|text| StatedWeek::parse(&text.value).is_none()) {
        let help = "write a week of the cycle (`4`), before the release (`R-5`), or of the year (`2027-W08`)";
        reports.push(at(text, "week").help(help));
    }
    if let Some(text) = record.time_zone.as_ref().filter(|text| time_zone(&text.value).is_none()) {
        let report = at(text, "time zone");
        reports.push(match nearest_zone(&text.value) {
            Some(near) => report.help(format!("did you mean `{near}`?")),
            None => report.help("write an IANA name such as `Europe/Berlin`, or `anywhere-on-earth`"),
        });
    }
    if let Some(text) = record.deadline_time.as_ref().filter(|text| Deadline::parse(&text.value).is_none()) {
        reports.push(at(text, "time").help("write hours and minutes: `18:00`, at most `24:00`"));
    }
    reports
}

/// Milestones that are counted from one that is never placed, be it themselves.
fn adrift(subject: &Subject<'_>, entry: &Entry<'_>, release: &Rel<'_>) -> Vec<Report> {
    let unplaced = schedule::unplaced(release, &subject.config.calendar, subject.today);
    let reports = unplaced.into_iter().filter_map(|(name, when, span)| {
        let Ok(Timing::Milestone(_, anchor)) = Timing::parse(&when) else { return None };
        let id = entry.id.value;
        let message = match same_folded(&name, anchor) {
            true => format!("{id}: milestone `{name}` is relative to itself"),
            false => match schedule::circle(release, &subject.config.calendar, &name) {
                Some(way) => {
                    let way = words::quoted(&way, way.len());
                    format!("{id}: milestone `{name}` is relative to itself through {way}")
                }
                None => format!(
                    "{id}: milestone `{name}` is relative to `{}`, which has no date",
                    words::short(anchor)
                ),
            },
        };
        Some(Report::at(span, message).help("make it relative to the release, or to a milestone with a date"))
    });
    reports.collect()
}

fn report(entry: &Entry<'_>, name: &str, when: &Text<'_>, error: WhenError) -> Report {
    let (id, text) = (entry.id.value, words::short(&when.value));
    match error {
        WhenError::NotUnderstood => {
            let message = format!("{id}: milestone `{name}` has an invalid date `{text}`");
            Report::at(when.span, message).help(
                "write a day (`2027-02-15`), days (`2027-02-15 to 2027-02-16`), an offset (`2 weeks before`, \
                 `R-2 Thursday`, `week of R-2`) or `release date`",
            )
        }
        WhenError::WrongWeekday { day, stated } => {
            words::wrong_weekday(when.span, &format!("{id}: `{name}`"), day, stated)
        }
        WhenError::Reversed => {
            let message = format!("{id}: `{name}` is at `{text}`, which ends before it begins");
            Report::at(when.span, message).help("write the first day first: `2027-06-18 to 2027-06-19`")
        }
        WhenError::ImpossibleDate { swapped } => {
            let message = format!("{id}: milestone `{name}` is on `{text}`, which does not exist");
            words::with_swapped_date(Report::at(when.span, message), swapped, when)
        }
    }
}
