//! Facts, checklists, agendas and months.

use chrono::{Datelike, NaiveDate};
use maud::{Markup, html};

use super::blocks::scrolling;
use super::inline::{Anchors, badge, line};
use crate::report::{Event, Events, Fact, Item, Line, Mark, Month, MonthDay, Weeks, When};

/// Labels with values.
pub(super) fn facts(class: &str, facts: &[Fact], anchors: &Anchors<'_>) -> Markup {
    html! {
        dl class=(class) {
            @for fact in facts { div { dt { (fact.label) } dd { (line(&fact.value, anchors)) } } }
        }
    }
}

/// Things with verdicts.
pub(super) fn checklist(items: &[Item], anchors: &Anchors<'_>) -> Markup {
    html! { ul.checklist { @for item in items { (entry(item, anchors)) } } }
}

fn entry(item: &Item, anchors: &Anchors<'_>) -> Markup {
    html! {
        li class=[item.mark.map(class_of)] {
            div.item {
                @match item.mark {
                    Some(Mark::Verdict(tone)) => { (badge(tone, tone.word())) " " span { (line(&item.text, anchors)) } }
                    Some(Mark::Box) => label { input type="checkbox"; " " span { (line(&item.text, anchors)) } },
                    None => strong { (line(&item.text, anchors)) },
                }
                @if item.blocking { " " span.tag { "blocker" } }
                @if let Some(owner) = &item.owner { " " span.owner { (owner) } }
            }
            @if let Some(proof) = &item.proof { p.about { span.label { "Evidence: " } (line(proof, anchors)) } }
            @if let Some(next) = &item.next { p.about { span.label { "Next: " } (line(next, anchors)) } }
            @if !item.items.is_empty() { (checklist(&item.items, anchors)) }
        }
    }
}

fn class_of(mark: Mark) -> &'static str {
    match mark {
        Mark::Verdict(tone) => tone.name(),
        Mark::Box => "task",
    }
}

/// An agenda.
pub(super) fn events(events: &Events, anchors: &Anchors<'_>) -> Markup {
    html! {
        @if !events.caption.is_empty() { p.caption { (events.caption) } }
        ol.agenda { @for event in &events.events { (agenda(event, anchors)) } }
    }
}

fn agenda(event: &Event, anchors: &Anchors<'_>) -> Markup {
    // Programs for calendars take texts without references; only a site has where to lead.
    let text = |text: &str| match anchors.is_of_site() {
        true => line(&Line::prose(text), anchors),
        false => html! { (text) },
    };
    html! {
        li {
            (when(&event.when))
            div {
                p { span class={ "dot " (event.tone.name()) } aria-hidden="true" { (event.tone.glyph()) } " " (text(&event.summary)) }
                @if !event.description.is_empty() { p.about { (text(&event.description)) } }
            }
        }
    }
}

fn when(when: &When) -> Markup {
    html! {
        @match when {
            When::Days { start, end } if start.succ_opt() == Some(*end) => time datetime=(start) { (start) },
            When::Days { start, end } => span.when { time datetime=(start) { (start) } " – " (end.pred_opt().unwrap_or(*end)) },
            When::Time { start, shown, .. } => time datetime=(start.to_rfc3339()) { (shown) },
        }
    }
}

/// A month as a table of weeks.
pub(super) fn month(month: &Month) -> Markup {
    let Some(first) = month.of.with_day(1) else { return html! {} };
    let title = first.format("%B %Y").to_string();
    let blank = first.weekday().num_days_from_monday() as usize;
    let days = first.iter_days().take_while(|date| date.month() == first.month());
    let cells: Vec<Option<NaiveDate>> = std::iter::repeat_n(None, blank).chain(days.map(Some)).collect();
    let drawn = html! {
        table.month {
            caption { (title) }
            thead { tr { @for name in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] { th scope="col" { (name) } } } }
            tbody { @for week in cells.chunks(7) { tr { @for date in week { (day(&month.days, *date, None)) } } } }
        }
    };
    scrolling(&title, "", drawn)
}

/// Weeks as a table, in which the day of the page stands out and each month is named where it begins.
pub(super) fn weeks(weeks: &Weeks) -> Markup {
    let last = weeks.count * 7;
    let dates: Vec<NaiveDate> = weeks.first.iter_days().take(last).collect();
    let title = match (dates.first(), dates.last()) {
        (Some(first), Some(last)) => format!("{first} to {last}"),
        _ => return html! {},
    };
    let drawn = html! {
        table.month.weeks {
            caption { (title) }
            thead { tr {
                @for name in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] { th scope="col" { (name) } }
            } }
            tbody { @for week in dates.chunks(7) { tr {
                @for date in week { (day(&weeks.days, Some(*date), Some((weeks.today, weeks.first)))) }
            } } }
        }
    };
    scrolling(&title, "wide", drawn)
}

/// A day of a table. In a table of weeks, today stands out, and the first day shown of a month names it.
fn day(days: &[MonthDay], date: Option<NaiveDate>, weeks: Option<(NaiveDate, NaiveDate)>) -> Markup {
    let Some(date) = date else { return html! { td.blank {} } };
    let known: Option<&MonthDay> = days.iter().find(|day| day.date == date);
    let weekend = date.weekday().num_days_from_monday() > 4;
    let off = weekend || known.is_some_and(|day| day.off);
    let is_today = weeks.is_some_and(|(today, _)| today == date);
    let names_month = weeks.is_some_and(|(_, first)| date.day() == 1 || date == first);
    let class = match (off, is_today) {
        (_, true) => Some("today"),
        (true, false) => Some("off"),
        _ => None,
    };
    html! {
        td class=[class] aria-current=[is_today.then_some("date")] {
            time datetime=(date) { (date.day()) @if names_month { " " (date.format("%b").to_string()) } }
            @if is_today { " " span.today-word { "today" } }
            @for (tone, mark) in known.iter().flat_map(|day| &day.marks) { (badge(*tone, mark)) }
        }
    }
}
