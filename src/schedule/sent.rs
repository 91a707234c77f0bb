//! Whether a communication was sent when it could have been.

use chrono::{Days, NaiveDate};

use super::Planned;
use crate::model::rel::Communication;

/// How many days before its day a notice may be sent. One that is older speaks of another date, and was not sent again
/// when the release was moved; or it is that of an earlier release.
pub const EARLIEST_NOTICE: u64 = 30;

/// What a communication says of the day on which it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SentState {
    /// It states none.
    NotStated,
    /// The day is still to come.
    InFuture,
    /// It was sent before this day, from which on it could have been.
    TooEarly {
        /// The first day that counts.
        earliest: NaiveDate,
    },
    /// The release has no date, so that it cannot be told whether it was sent for it.
    NoDate,
    /// It was sent.
    Sent,
}

impl Planned<'_> {
    /// Whether a communication was sent, and when it could have been.
    ///
    /// It counts from 30 days before its day on; one that speaks of what happened in the release, which is due after it,
    /// from the release on. One without a day of its own is due with the release.
    pub fn sent_state(&self, communication: &Communication<'_>, today: NaiveDate) -> SentState {
        let Some(sent) = communication.sent.map(|sent| sent.value) else { return SentState::NotStated };
        if sent > today {
            return SentState::InFuture;
        }
        let release = self.release.date.map(|date| date.value);
        let stated = communication.when.as_ref().and_then(|when| self.day_of(when));
        let Some(due) = stated.or(release) else { return SentState::NoDate };
        let deployed = self.release.deployed_at.map(|day| day.value);
        let out = deployed.into_iter().chain(release).min();
        let first = due.checked_sub_days(Days::new(EARLIEST_NOTICE)).unwrap_or(due);
        let earliest = out.filter(|out| due > *out).map_or(first, |out| first.max(out));
        if sent < earliest { SentState::TooEarly { earliest } } else { SentState::Sent }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::model::{Plan, document};
    use crate::schedule::Schedule;
    use crate::source::{FileId, SourceFile};

    fn check(release: &str, communication: &str, expect: SentState) {
        let yaml = format!("{{id: REL-1, version: 2.4.0, {release}communications: [{{{communication}}}]}}");
        let (plan, toml) = (SourceFile::new("p.yaml", yaml.as_str()), SourceFile::new("relplan.toml", ""));
        let config = Config::read(FileId(1), &toml);
        let plan = Plan::new(vec![document::read(FileId(0), &plan, &config.families)]);
        let schedule = Schedule::new(&plan, &config);
        let planned = schedule.releases.first().expect("a release");
        let today = NaiveDate::from_ymd_opt(2027, 6, 20).expect("a day");
        assert_eq!(planned.sent_state(&planned.release.communications[0], today), expect, "{yaml}");
    }

    fn too_early(month: u32, day: u32) -> SentState {
        SentState::TooEarly { earliest: NaiveDate::from_ymd_opt(2027, month, day).expect("a day") }
    }

    #[test]
    fn a_notice_counts_from_thirty_days_before_its_day_on() {
        let release = "date: 2027-06-10, ";
        check(release, "when: 4 weeks before", SentState::NotStated);
        check(release, "when: 4 weeks before, sent: 2027-06-21", SentState::InFuture);
        check(release, "when: 4 weeks before, sent: 2027-04-13", SentState::Sent);
        check(release, "when: 4 weeks before, sent: 2027-04-12", too_early(4, 13));
        check(release, "when: 2027-05-01, sent: 2020-01-01", too_early(4, 1));
        check(release, "when: 1 day before code freeze, sent: 2027-04-25", too_early(4, 26));
        // What is late was sent.
        check(release, "when: 48 hours before, sent: 2027-06-12", SentState::Sent);
    }

    #[test]
    fn what_has_no_day_of_its_own_is_due_with_the_release() {
        check("date: 2027-06-10, ", "when: during rollout, sent: 2027-05-10", too_early(5, 11));
        check("date: 2027-06-10, ", "sent: 2027-05-11", SentState::Sent);
        check("", "when: 4 weeks before, sent: 2027-05-11", SentState::NoDate);
        check("", "when: 2027-05-12, sent: 2027-05-11", SentState::Sent);
    }

    #[test]
    fn what_speaks_of_the_release_is_not_sent_before_it() {
        let summary = "when: 2 weeks after, sent: 2027-06-09";
        check("date: 2027-06-10, ", summary, too_early(6, 10));
        check("date: 2027-06-10, deployed_at: 2027-06-08, ", summary, SentState::Sent);
    }
}
