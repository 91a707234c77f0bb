use crate::finding::Report;
use crate::model::duration::Duration;
use crate::model::rel::Rel;
use crate::model::{Choice, Entry};
use crate::rules::{Subject, WARNING};
use crate::schedule::most;
use crate::source::{Span, Spanned};

declare_rule! {
    /// Planning or testing that takes longer than its release type may.
    ///
    /// A hotfix is planned within 24 hours and tested within 8; what takes longer is a
    /// patch. `[calendar.maximum.TYPE]` states other times, also for other types.
    /// Compared are `planning_time` and `testing_time` of the release.
    ///
    /// ```yaml,bad
    /// id: REL-002
    /// title: Sign-in works again
    /// version: "2.4.1"
    /// type: hotfix
    /// date: 2027-03-02
    /// cause: production down
    /// planning_time: 30h
    /// testing_time: 6h
    /// ```
    ///
    /// ```yaml,bad
    /// id: REL-003
    /// title: Faster search
    /// version: "2.5.0"
    /// date: 2027-03-02
    /// testing_time: 3 weeks
    /// ```
    /// ```toml,bad
    /// [calendar.maximum.minor]
    /// testing = "2 weeks"
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-002
    /// title: Sign-in works again
    /// version: "2.4.1"
    /// type: hotfix
    /// date: 2027-03-02
    /// cause: production down
    /// planning_time: 20h
    /// testing_time: 6h
    /// ```
    "RP0736", "maximum-time-exceeded", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, release) in subject.plan.releases() {
        let Some(rel_type) = release.rel_type() else { continue };
        let most = most(&subject.config.calendar, rel_type);
        let phases = [
            ("planning", release.planning_time, most.planning),
            ("testing", release.testing_time, most.testing),
        ];
        for (phase, time, limit) in phases {
            let (Some(time), Some(limit)) = (time, limit) else { continue };
            looked_at += 1;
            if time.value.millis() > limit.0.millis() {
                reports.push(report(entry, release, phase, time, limit));
            }
        }
    }
    looked_at
}

fn report(
    entry: &Entry<'_>,
    release: &Rel<'_>,
    phase: &str,
    time: Spanned<Duration>,
    (limit, place): (Duration, Option<Span>),
) -> Report {
    let rel_type = release.rel_type().map_or("", Choice::word);
    let (id, time_taken, limit) = (entry.id.value, time.value.in_words(), limit.in_words());
    let message = format!("{id}: `{phase}_time` is {time_taken}, at most {limit} for a {rel_type} release");
    let report = Report::at(time.span, message);
    let report = report.help(format!("shorten it, change the type, or set `[calendar.maximum.{rel_type}]`"));
    match place {
        Some(place) => report.and(place, "the maximum"),
        None => report,
    }
}
