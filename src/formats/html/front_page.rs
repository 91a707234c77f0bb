//! The front page of a site.

use maud::{Markup, html};

use super::body as blocks;
use super::head::{band, pipeline_with};
use super::inline::{Anchors, line};
use super::lists::{events, facts, weeks};
use super::svg::{drawing, number};
use crate::report::{FrontPage, ReleaseSummary, Trend, TrendPoint};

/// The title of the page.
pub(super) fn head(front: &FrontPage) -> Markup {
    let report = &front.report;
    html! {
        div.title {
            h1 { (report.title) }
            p.about { @if let Some(subtitle) = &report.subtitle { (subtitle) " · " } "as of " time datetime=(report.day) { (report.day) } }
        }
    }
}

/// The releases, the coming weeks, and what the report says.
pub(super) fn body(front: &FrontPage, anchors: &Anchors<'_>) -> Markup {
    html! {
        div.releases {
            @for (number, release) in front.releases.iter().enumerate() { (summary(release, number, anchors)) }
        }
        section.coming aria-labelledby="coming" {
            h2 #coming { "Next eight weeks" }
            (weeks(&front.weeks))
            div.agenda-of-weeks {
                @if front.agenda.events.is_empty() { p { "No dates in these weeks." } } @else { (events(&front.agenda, anchors)) }
            }
        }
        (blocks(&front.report.blocks, "b", anchors))
    }
}

/// A release at a glance; the first is the one that everybody waits for.
fn summary(release: &ReleaseSummary, number: usize, anchors: &Anchors<'_>) -> Markup {
    let id = format!("release-{number}");
    let class = if number == 0 { "release first" } else { "release" };
    html! {
        section class=(class) aria-labelledby=(id) {
            h2 id=(id) { (line(&release.name, anchors)) }
            @if !release.about.is_empty() { p.about { (line(&release.about, anchors)) } }
            @if let Some(headline) = &release.head.headline { (band(headline, anchors)) }
            @if !release.head.figures.is_empty() { (facts("figures", &release.head.figures, anchors)) }
            @if !release.head.pipeline.is_empty() {
                (pipeline_with(&release.head.pipeline, |stage| {
                    let page = release.gates.iter().find(|gate| gate.text() == stage.name);
                    page.map_or_else(|| html! { (stage.name) }, |page| line(page, anchors))
                }))
            }
            @if !release.documents.is_empty() {
                ul.documents { @for document in &release.documents { li { (line(document, anchors)) } } }
            }
            @if !release.trend.points.is_empty() { (trend(&release.trend, &release.name.text())) }
        }
    }
}

const COLUMN: f64 = 84.0;
const HEIGHT: f64 = 120.0;
const TOP: f64 = 22.0;

/// Confidence as columns, one for each decision.
fn trend(trend: &Trend, of: &str) -> Markup {
    let width = COLUMN * number(trend.points.len());
    let words: Vec<String> =
        trend.points.iter().map(|point| format!("{}: {}", point.label, shown(point))).collect();
    let label = format!("Confidence of {of} at each decision. {}", words.join(". "));
    let drawn = html! {
        line x1="0" x2=(width) y1=(TOP + HEIGHT) y2=(TOP + HEIGHT) class="rule" {}
        @for (index, point) in trend.points.iter().enumerate() { (column(point, COLUMN * number(index))) }
    };
    html! {
        figure.trend {
            figcaption { "Confidence at each decision" }
            (super::blocks::scrolling("Confidence at each decision", "", drawing(width, TOP + HEIGHT + 44.0, &label, drawn)))
        }
    }
}

fn shown(point: &TrendPoint) -> String {
    crate::report::words::percent(point.percent)
}

fn column(point: &TrendPoint, x: f64) -> Markup {
    let height = HEIGHT * point.percent.unwrap_or(0.0).clamp(0.0, 100.0) / 100.0;
    let middle = x + COLUMN / 2.0;
    let (day, word) = point.label.split_once(' ').unwrap_or((&point.label, ""));
    html! {
        g class={ "bar " (point.tone.name()) } {
            title { (point.label) ": " (shown(point)) }
            rect x=(x + 14.0) y=(TOP + HEIGHT - height) width=(COLUMN - 28.0) height=(height) rx="3" {}
            text x=(middle) y=(TOP + HEIGHT - height - 6.0) class="count-small middle" { (shown(point)) }
            text x=(middle) y=(TOP + HEIGHT + 18.0) class="tick middle" { (day) }
            text x=(middle) y=(TOP + HEIGHT + 36.0) class="tick middle word" { (point.tone.glyph()) " " (word) }
        }
    }
}
