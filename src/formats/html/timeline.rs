//! Timelines as drawings.

use chrono::{Datelike, Months, NaiveDate};
use maud::{Markup, html};

use super::blocks::scrolling;
use super::svg::{drawing, glyphed, lines, number};
use crate::report::{Milestone, Section, Timeline, TimelineBar};

const LABEL: f64 = 236.0;
const CHART: f64 = 720.0;
const ROW: f64 = 30.0;
const TOP: f64 = 34.0;

/// The timeline with its caption.
pub(super) fn figure(timeline: &Timeline) -> Markup {
    let Some((first, last)) = timeline.span() else {
        return html! { p.nothing { (timeline.caption) ": none." } };
    };
    let scale = Scale { first, days: (last - first).num_days().max(1) };
    let rows: usize =
        timeline.sections.iter().map(|section| section.bars.len() + section.milestones.len() + 1).sum();
    let height = TOP + ROW * number(rows) + 10.0;
    let drawn = html! {
        @for (day, name) in ticks(first, last) {
            line x1=(scale.x(day)) y1=(TOP - 6.0) x2=(scale.x(day)) y2=(height - 8.0) class="rule" {}
            text x=(scale.x(day) + 4.0) y="16" class="tick" { (name) }
        }
        @if let Some(today) = timeline.today.filter(|today| (first..last).contains(today)) {
            line x1=(scale.x(today)) y1=(TOP - 6.0) x2=(scale.x(today)) y2=(height - 8.0) class="today" {}
            text x=(scale.x(today) + 4.0) y=(height - 2.0) class="tick today-name" { "today" }
        }
        (sections(timeline, &scale))
    };
    html! {
        figure {
            figcaption { (timeline.caption) }
            (scrolling(&timeline.caption, "", drawing(LABEL + CHART + 20.0, height, &words(timeline), drawn)))
        }
    }
}

struct Scale {
    first: NaiveDate,
    days: i64,
}

impl Scale {
    fn x(&self, day: NaiveDate) -> f64 {
        let days = |count: i64| i32::try_from(count).map_or(0.0, f64::from);
        let at = LABEL + CHART * days((day - self.first).num_days()) / days(self.days).max(1.0);
        (at * 10.0).round() / 10.0
    }
}

/// The firsts of months, as many as have room.
fn ticks(first: NaiveDate, last: NaiveDate) -> Vec<(NaiveDate, String)> {
    let months = u32::try_from((last - first).num_days() / 30).unwrap_or(0);
    let step = (months / 9).max(1);
    let mut ticks = Vec::new();
    let mut day = first.with_day(1).unwrap_or(first);
    while day < last {
        if day >= first {
            ticks.push((day, day.format(if day.month() == 1 { "%b %Y" } else { "%b" }).to_string()));
        }
        match day.checked_add_months(Months::new(step)) {
            Some(next) => day = next,
            None => break,
        }
    }
    ticks
}

fn sections(timeline: &Timeline, scale: &Scale) -> Markup {
    let mut at = 0;
    html! {
        @for section in &timeline.sections {
            text x="0" y=(TOP + ROW * number(at) + 19.0) class="section" { (section.title) }
            @for (index, row) in rows(section).into_iter().enumerate() {
                (row.drawn(TOP + ROW * number(at + index + 1), scale))
            }
            ({ at += section.bars.len() + section.milestones.len() + 1; "" })
        }
    }
}

enum Drawn<'t> {
    TimelineBar(&'t TimelineBar),
    Point(&'t Milestone),
}

fn rows(section: &Section) -> Vec<Drawn<'_>> {
    let mut rows: Vec<Drawn<'_>> = section
        .bars
        .iter()
        .map(Drawn::TimelineBar)
        .chain(section.milestones.iter().map(Drawn::Point))
        .collect();
    rows.sort_by_key(|row| match row {
        Drawn::TimelineBar(bar) => bar.start,
        Drawn::Point(point) => point.on,
    });
    rows
}

impl Drawn<'_> {
    fn drawn(&self, y: f64, scale: &Scale) -> Markup {
        let (label, tone, days) = match self {
            Drawn::TimelineBar(bar) => {
                (&bar.label, bar.tone, format!("{} to {}", bar.start, bar.end.pred_opt().unwrap_or(bar.end)))
            }
            Drawn::Point(point) => (&point.label, point.tone, point.on.to_string()),
        };
        let name = glyphed(Some(tone), label);
        html! {
            g class={ "span " (tone.name()) } {
                title { (label) ", " (days) }
                text x="12" y=(y + 19.0) class="label" { (lines(&name, 31, 1).join("")) }
                @match self {
                    Drawn::TimelineBar(bar) => {
                        rect x=(scale.x(bar.start)) y=(y + 6.0) width=((scale.x(bar.end) - scale.x(bar.start)).max(3.0)) height=(ROW - 12.0) rx="4" {}
                    }
                    Drawn::Point(point) => {
                        @let (x, middle) = (scale.x(point.on), y + ROW / 2.0);
                        path d={ "M" (x) " " (middle - 8.0) "l8 8l-8 8l-8-8z" } {}
                    }
                }
            }
        }
    }
}

/// The timeline for those who cannot see it.
fn words(timeline: &Timeline) -> String {
    let mut parts = Vec::new();
    for section in &timeline.sections {
        for bar in &section.bars {
            parts.push(format!(
                "{}: {}, {} to {}",
                section.title,
                bar.label,
                bar.start,
                bar.end.pred_opt().unwrap_or(bar.end)
            ));
        }
        for point in &section.milestones {
            parts.push(format!("{}: {}, {}", section.title, point.label, point.on));
        }
    }
    format!("{}. {}", timeline.caption, parts.join(". "))
}
