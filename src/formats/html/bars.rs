//! Bars and ranges as drawings.

use maud::{Markup, html};

use super::blocks::scrolling;
use super::svg::{drawing, lines, number};
use crate::report::{BarChart, RangeChart};

const LABEL: f64 = 210.0;
const CHART: f64 = 560.0;
const VALUE: f64 = 190.0;
const ROW: f64 = 26.0;
/// How many characters a label has room for.
const COLUMNS: usize = 28;

/// Bars with their values behind them.
pub(super) fn figure(chart: &BarChart) -> Markup {
    if chart.bars.is_empty() {
        return html! { p.nothing { (chart.caption) ": none." } };
    }
    let most = chart.bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
    let drawn = html! {
        @for (index, bar) in chart.bars.iter().enumerate() {
            @let y = ROW * number(index);
            @let width = length(bar.value, most);
            g class={ "bar " (bar.tone.name()) } {
                title { (bar.label) ": " (bar.shown) }
                text x=(LABEL - 12.0) y=(y + 17.0) class="tick end" { (short(&bar.label)) }
                rect x=(LABEL) y=(y + 4.0) width=(width) height=(ROW - 8.0) rx="3" {}
                text x=(LABEL + width + 8.0) y=(y + 17.0) class="tick" { (bar.shown) }
            }
        }
    };
    let words: Vec<String> = chart.bars.iter().map(|bar| format!("{}: {}", bar.label, bar.shown)).collect();
    framed(&chart.caption, &words, chart.bars.len(), drawn)
}

/// Ranges as bars, each with a mark in the middle.
pub(super) fn ranges(chart: &RangeChart) -> Markup {
    if chart.points.is_empty() {
        return html! { p.nothing { (chart.caption) ": none." } };
    }
    let drawn = html! {
        @for (index, point) in chart.points.iter().enumerate() {
            @let y = ROW * number(index);
            @let (low, middle, high) = (length(point.low, chart.most), length(point.middle, chart.most), length(point.high, chart.most));
            g class="bar range neutral" {
                title { (point.label) ": " (point.shown()) }
                text x=(LABEL - 12.0) y=(y + 17.0) class="tick end" { (short(&point.label)) }
                rect x=(LABEL + low) y=(y + 6.0) width=((high - low).max(2.0)) height=(ROW - 12.0) rx="3" {}
                line x1=(LABEL + middle) x2=(LABEL + middle) y1=(y + 2.0) y2=(y + ROW - 2.0) class="middle-mark" {}
                text x=(LABEL + high.max(middle) + 8.0) y=(y + 17.0) class="tick" { (point.shown()) }
            }
        }
    };
    let words: Vec<String> =
        chart.points.iter().map(|point| format!("{}: {}", point.label, point.shown())).collect();
    framed(&chart.caption, &words, chart.points.len(), drawn)
}

fn framed(caption: &str, words: &[String], rows: usize, drawn: Markup) -> Markup {
    let about = format!("{caption}. {}", words.join(". "));
    html! {
        figure {
            figcaption { (caption) }
            (scrolling(caption, "", drawing(LABEL + CHART + VALUE, ROW * number(rows) + 4.0, &about, drawn)))
        }
    }
}

/// The length of a value, to a tenth.
fn length(value: f64, most: f64) -> f64 {
    match value > 0.0 && most > 0.0 {
        true => ((value / most).min(1.0) * CHART * 10.0).round() / 10.0,
        false => 0.0,
    }
}

fn short(label: &str) -> String {
    lines(label, COLUMNS, 1).into_iter().next().unwrap_or_default()
}
