//! The head of a page: the conclusion as a band across it, the figures, the gates in their order.

use maud::{Markup, html};

use super::inline::{Anchors, badge, line};
use super::lists::facts;
use crate::report::{Headline, Report, Stage};

/// The head of the page, above its contents.
pub(super) fn head(report: &Report, anchors: &Anchors<'_>) -> Markup {
    let head = &report.head;
    html! {
        div.title {
            h1 { (report.title) }
            p.about { @if let Some(subtitle) = &report.subtitle { span { (subtitle) } " · " } "as of " time datetime=(report.day) { (report.day) } }
        }
        @if let Some(headline) = &head.headline { (band(headline, anchors)) }
        @if !head.figures.is_empty() { (facts("figures", &head.figures, anchors)) }
        @if !head.pipeline.is_empty() { (pipeline(&head.pipeline)) }
        @if !head.details.is_empty() { (facts("facts details", &head.details, anchors)) }
    }
}

pub(super) fn band(headline: &Headline, anchors: &Anchors<'_>) -> Markup {
    html! {
        div class={ "band " (headline.tone.name()) } role="status" {
            p.word { span aria-hidden="true" { (headline.tone.glyph()) " " } (headline.word) }
            @if !headline.sentence.is_empty() { p.sentence { (line(&headline.sentence, anchors)) } }
        }
    }
}

fn pipeline(stages: &[Stage]) -> Markup {
    pipeline_with(stages, |stage| html! { (stage.name) })
}

/// The gates in their order, each called as somebody says.
pub(super) fn pipeline_with(stages: &[Stage], name: impl Fn(&Stage) -> Markup) -> Markup {
    html! {
        ol.pipeline aria-label="Gates" {
            @for stage in stages {
                li class=[stage.decides.then_some("decides")] {
                    span.name { (name(stage)) }
                    (badge(stage.tone, &stage.word))
                    @if stage.decides { span.about { "decides" } }
                }
            }
        }
    }
}
