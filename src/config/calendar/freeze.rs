//! Freezes: times in which nothing is released, deployed or merged.

use chrono::{DateTime, NaiveDate, NaiveTime, Timelike, Utc};
use chrono_tz::Tz;
use globset::GlobBuilder;

use super::{Boundary, boundary, read_days};
use crate::config::owned;
use crate::model::defect::{CalendarDefect, DefectKind};
use crate::model::field::{Field, Shape};
use crate::model::order::Order;
use crate::model::reader::Reader;
use crate::source::{Span, Spanned};

/// A time in which nothing is released.
#[derive(Debug, Clone)]
pub struct Freeze {
    /// Its name.
    pub name: String,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub to: NaiveDate,
    /// The time at which it begins on its first day; at midnight if absent.
    pub from_time: Option<NaiveTime>,
    /// The time at which it is over on its last day; at midnight if absent.
    pub to_time: Option<NaiveTime>,
    /// Why.
    pub reason: Option<String>,
    /// The environments that nothing is deployed to, by name or id; all if there are none.
    pub environments: Vec<Spanned<String>>,
    /// The branches that nothing is merged to, as globs; all if there are none.
    pub branches: Vec<Spanned<String>>,
    /// Families whose entries may not be due in it, beside releases and their milestones.
    pub families: Vec<Spanned<crate::model::Prefix>>,
    /// Where it is declared.
    pub span: Span,
}

impl Freeze {
    /// Whether a day is part of it from its beginning to its end.
    pub fn covers(&self, day: NaiveDate) -> bool {
        let begins = day > self.from || (day == self.from && self.begins_at().is_none());
        let ends = day < self.to || (day == self.to && self.ends_at().is_none());
        begins && ends
    }

    /// Whether it begins or ends in the course of a day.
    pub fn touches(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to && !self.covers(day)
    }

    /// The time at which it begins, if that is in the course of its first day.
    pub fn begins_at(&self) -> Option<NaiveTime> {
        self.from_time.filter(|time| *time != NaiveTime::MIN)
    }

    /// The time at which it ends, if that is in the course of its last day.
    pub fn ends_at(&self) -> Option<NaiveTime> {
        // People who mean the end of a day write its last minute.
        self.to_time.filter(|time| (time.hour(), time.minute()) != (23, 59))
    }

    /// The moments from which on and until which it applies in a time zone.
    pub fn moments(&self, zone: Tz) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let from = self.from.and_time(self.begins_at().unwrap_or(NaiveTime::MIN));
        let to = match self.ends_at() {
            Some(time) => self.to.and_time(time),
            None => self.to.succ_opt()?.and_time(NaiveTime::MIN),
        };
        Some((boundary(from, zone, Boundary::Start)?, boundary(to, zone, Boundary::End)?))
    }
}

/// The keys of `[[calendar.freezes]]`.
pub(super) const FIELDS: &[Field] = &[
    Field::new("name", Shape::Text, "Name of the freeze.").asks(Order::Nothing),
    Field::new("from", Shape::Date, "First day, or start time: `2027-12-18T18:00:00`.").asks(Order::AtMost),
    Field::new("to", Shape::Date, "Last day, or end time; the first day by default.").asks(Order::AtLeast),
    Field::new("reason", Shape::Text, "Reason for the freeze.").asks(Order::Nothing),
    Field::new("environments", Shape::List, "Environments, by name or id; all by default.")
        .asks(Order::EachOrAll),
    Field::new("branches", Shape::List, "Branches, as globs: `release/*`; all by default.")
        .asks(Order::EachOrAll),
    Field::new("families", Shape::List, "Families whose entries may not be due during the freeze.")
        .asks(Order::Each),
];

/// Reads `freezes`.
pub(super) fn read(table: &mut Reader<'_>) -> Vec<Freeze> {
    let mut freezes = Vec::new();
    for (mut inner, span) in table.structures("freezes") {
        freezes.extend(read_freeze(&mut inner, span));
        table.absorb(inner, &[FIELDS]);
    }
    freezes
}

fn read_freeze(inner: &mut Reader<'_>, span: Span) -> Option<Freeze> {
    let name = inner.text("name");
    let place = name.as_ref().map_or(span, |name| name.span);
    // Before the days are taken.
    let times = [local_time(inner, "from"), local_time(inner, "to")];
    let end = inner.place("to");
    let (from, to) = read_days(inner, place, "from", "`from = 2027-12-18`")?;
    let [from_time, to_time] = times;
    let begins = from.and_time(from_time.unwrap_or(NaiveTime::MIN));
    if to_time.is_some_and(|time| to.and_time(time) <= begins) {
        inner.defect(end.unwrap_or(place), DefectKind::Calendar(CalendarDefect::Reversed));
        return None;
    }
    Some(Freeze {
        // Each has a name of its own, so that an exception from one is none from another.
        name: name.map_or_else(|| format!("freeze of {from}"), |name| name.value.into_owned()),
        from,
        to,
        from_time,
        to_time,
        reason: inner.text("reason").map(|reason| reason.value.into_owned()),
        environments: owned(inner.list("environments")),
        branches: read_globs(inner, "branches"),
        families: crate::config::spanned_prefixes(inner, "families"),
        span: place,
    })
}

/// The time behind the day of a field: `T18:00` or `T18:00:00`. It is one of the calendar's time zone; with an offset, or in
/// another form, it would be taken for another one.
fn local_time(inner: &mut Reader<'_>, name: &str) -> Option<NaiveTime> {
    let text = inner.text_of(name)?.trim().to_owned();
    let behind = text.get(10..).unwrap_or_default().trim_start_matches(['T', 't', ' ']);
    if behind.is_empty() {
        return None;
    }
    let time = ["%H:%M:%S", "%H:%M"].iter().find_map(|form| NaiveTime::parse_from_str(behind, form).ok());
    if time.is_none()
        && let Some(place) = inner.place(name)
    {
        inner.defect(place, DefectKind::Calendar(CalendarDefect::NotALocalTime));
    }
    time
}

/// Globs of branches. One that cannot be read is a defect, and matches nothing.
fn read_globs(inner: &mut Reader<'_>, name: &str) -> Vec<Spanned<String>> {
    let mut globs = Vec::new();
    for text in inner.list(name) {
        match branch_glob(&text.value) {
            Ok(_) => globs.push(Spanned::new(text.value.into_owned(), text.span)),
            Err(reason) => {
                inner.defect(text.span, DefectKind::Calendar(CalendarDefect::NotAGlob { reason }));
            }
        }
    }
    globs
}

/// A glob of branches, or why it is none. What no branch is called like would silently choose nothing.
fn branch_glob(text: &str) -> Result<globset::Glob, String> {
    const MOST_BRACES: usize = 8;
    let text = branch_name(text);
    let has_comma_outside = text.contains(',') && !text.contains('{');
    match text {
        "" => Err("it is empty".to_owned()),
        text if text.starts_with('!') => Err("a freeze cannot leave branches out with `!`".to_owned()),
        text if text.starts_with('/') => Err("branches do not begin with `/`".to_owned()),
        text if has_comma_outside || text.contains(char::is_whitespace) => {
            Err("write each branch as an item of its own".to_owned())
        }
        text if text.matches('{').count() > MOST_BRACES => Err("it has too many braces".to_owned()),
        text => {
            let glob = GlobBuilder::new(text).literal_separator(true).build();
            glob.map_err(|error| error.kind().to_string())
        }
    }
}

/// The name of a branch, without what Git and CI systems put in front of it.
pub fn branch_name(text: &str) -> &str {
    let text = text.trim();
    let text = text.strip_prefix("refs/heads/").or_else(|| text.strip_prefix("heads/")).unwrap_or(text);
    let remote = text.strip_prefix("refs/remotes/").or_else(|| text.strip_prefix("remotes/"));
    // A remote may have any name; without `refs/remotes/`, only the usual two are sure to be no part of a branch's name.
    match remote {
        Some(remote) => remote.split_once('/').map_or(remote, |(_, branch)| branch),
        None => ["origin/", "upstream/"].iter().find_map(|own| text.strip_prefix(own)).unwrap_or(text),
    }
}

/// Whether a branch is one that a glob chooses.
pub fn is_branch(branch: &str, glob: &str) -> bool {
    branch_glob(glob).is_ok_and(|glob| glob.compile_matcher().is_match(branch_name(branch)))
}

/// Whether a branch is one of those that these globs choose.
pub fn is_branch_of(branch: &str, globs: &[Spanned<String>]) -> bool {
    globs.iter().any(|glob| is_branch(branch, &glob.value))
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDateTime, TimeDelta};

    use super::super::time_zone;
    use super::*;
    use crate::source::FileId;

    fn freeze(from: &str, to: &str) -> Freeze {
        let read = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").expect("a time");
        let (from, to) = (read(from), read(to));
        Freeze {
            name: "freeze".to_owned(),
            from: from.date(),
            to: to.date(),
            from_time: Some(from.time()),
            to_time: Some(to.time()),
            reason: None,
            environments: Vec::new(),
            branches: Vec::new(),
            families: Vec::new(),
            span: Span::new(FileId(0), 0, 0),
        }
    }

    /// The first and the last minute of a year whose local time is in a freeze, found by looking at every minute.
    fn by_looking(freeze: &Freeze, zone: Tz) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let from = freeze.from.and_time(freeze.from_time?);
        let to = freeze.to.and_time(freeze.to_time?);
        let first = DateTime::parse_from_rfc3339("2027-01-01T00:00:00Z").ok()?.to_utc();
        let local = |moment: DateTime<Utc>| moment.with_timezone(&zone).naive_local();
        let minutes = (0..365 * 24 * 60).map(|minute| first + TimeDelta::minutes(minute));
        let started = minutes.clone().find(|moment| local(*moment) >= from)?;
        let last = minutes.rev().find(|moment| local(*moment) < to)?;
        Some((started, last + TimeDelta::minutes(1)))
    }

    #[test]
    fn a_year_of_minutes_agrees_with_its_boundaries() {
        let spans = [
            ("2027-03-28T02:30", "2027-03-28T05:00"),
            ("2027-03-27T18:00", "2027-03-28T02:30"),
            ("2027-10-31T02:30", "2027-10-31T05:00"),
            ("2027-10-30T18:00", "2027-10-31T02:30"),
            ("2027-03-14T02:15", "2027-11-07T01:45"),
            ("2027-06-28T00:00", "2027-07-02T12:00"),
        ];
        for name in ["Europe/Berlin", "America/New_York", "anywhere-on-earth", "Australia/Lord_Howe", "UTC"] {
            let zone = time_zone(name).expect("a zone");
            for (from, to) in spans {
                let freeze = freeze(from, to);
                assert_eq!(freeze.moments(zone), by_looking(&freeze, zone), "{name}: {from} to {to}");
            }
        }
    }

    #[test]
    fn the_last_day_counts_in_full() {
        let whole =
            Freeze { from_time: None, to_time: None, ..freeze("2027-06-28T00:00", "2027-07-02T00:00") };
        let (from, to) = whole.moments(time_zone("AoE").expect("a zone")).expect("moments");
        assert_eq!(from.to_rfc3339(), "2027-06-28T12:00:00+00:00");
        assert_eq!(to.to_rfc3339(), "2027-07-03T12:00:00+00:00");
    }

    #[test]
    fn globs_of_branches_do_not_cross_slashes() {
        let globs =
            ["main", "release/*"].map(|glob| Spanned::new(glob.to_owned(), Span::new(FileId(0), 0, 0)));
        assert!(is_branch_of("main", &globs) && is_branch_of("release/3.0", &globs));
        assert!(!is_branch_of("release/3.0/fix", &globs) && !is_branch_of("mainline", &globs));
    }
}
