//! The front page of a site: each release with its decision, what comes next, and how confidence went.

use chrono::NaiveDate;

use super::{Events, Head, Line, MonthDay, Report, Tone};

/// The front page of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct FrontPage {
    /// Its title, and what it says below the releases.
    pub report: Report,
    /// The releases to decide on, the next first.
    pub releases: Vec<ReleaseSummary>,
    /// The coming weeks.
    pub weeks: Weeks,
    /// The same as a list, for screens on which a week has no room.
    pub agenda: Events,
}

/// A release at a glance.
#[derive(Debug, Clone, PartialEq)]
pub struct ReleaseSummary {
    /// What it is called.
    pub name: Line,
    /// What it is about, and when it goes out.
    pub about: Line,
    /// The head of its go/no-go report.
    pub head: Head,
    /// The pages of its gates, by title.
    pub gates: Vec<Line>,
    /// The documents about it.
    pub documents: Vec<Line>,
    /// How confidence went from decision to decision.
    pub trend: Trend,
}

/// Weeks below each other, from Monday to Sunday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weeks {
    /// The first Monday.
    pub first: NaiveDate,
    /// How many weeks there are.
    pub count: usize,
    /// The day on which the page is true.
    pub today: NaiveDate,
    /// The days on which something happens, or nobody works.
    pub days: Vec<MonthDay>,
}

/// How confidence went from decision to decision.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trend {
    /// The decisions, the oldest first; the last point is today.
    pub points: Vec<TrendPoint>,
}

/// Confidence at one decision.
#[derive(Debug, Clone, PartialEq)]
pub struct TrendPoint {
    /// The day and the decision: `2026-11-02 NO-GO`.
    pub label: String,
    /// The confidence in per cent; absent if there was nothing to weigh.
    pub percent: Option<f64>,
    /// What the decision means.
    pub tone: Tone,
}
