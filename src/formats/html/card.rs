//! Cards, and what is read on demand.

use maud::{Markup, html};

use super::inline::{Anchors, badge, line, place};
use super::lists::facts;
use crate::report::{Card, Steps};

/// A card.
pub(super) fn card(card: &Card, anchors: &Anchors<'_>) -> Markup {
    html! {
        article.card.(card.tone.name()) id=[card.anchor.as_deref().map(place)] {
            h3 { (badge(card.tone, &card.word)) " " (line(&card.title, anchors)) }
            @if !card.facts.is_empty() { (facts("facts", &card.facts, anchors)) }
            @for procedure in &card.procedures { (steps(procedure, anchors)) }
            @if !card.afterwards.is_empty() { (facts("facts", &card.afterwards, anchors)) }
        }
    }
}

fn steps(procedure: &Steps, anchors: &Anchors<'_>) -> Markup {
    html! {
        h4 { (line(&procedure.title, anchors)) }
        ol.steps { @for step in &procedure.steps { li { (line(step, anchors)) } } }
    }
}
