//! One event of an iCalendar file, with everything that decides its days.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::IcsError;
use super::lines::{Component, Property};
use super::moment::{Moment, duration};
use crate::source::Span;

/// An event, or one instance of another that is different.
#[derive(Debug)]
pub(super) struct Event {
    /// What all instances of an event have in common.
    pub uid: Option<String>,
    /// Its name.
    pub name: String,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub to: NaiveDate,
    /// The rule by which it comes again.
    pub rule: Option<String>,
    /// More days on which it begins, with their last days.
    pub more: Vec<(NaiveDate, NaiveDate)>,
    /// Days of the rule on which it does not.
    pub except: Vec<NaiveDate>,
    /// The day of the instance that this one replaces.
    pub replaces: Option<NaiveDate>,
    /// Whether it does not take place.
    pub cancelled: bool,
    /// Where its first day is written.
    pub span: Span,
}

impl Event {
    /// Reads an event.
    pub fn read(component: &Component<'_>, zone: Option<Tz>) -> Result<Self, IcsError> {
        let start = component.property("DTSTART").ok_or_else(|| IcsError {
            span: component.span,
            reason: "this event has no DTSTART".to_owned(),
        })?;
        let reader = Reader { zone };
        let from = reader.moment(start, "DTSTART")?;
        let to = reader.last_day(component, from)?.max(from.day());
        let name = component.value("SUMMARY").map(unescaped).filter(|name| !name.is_empty());
        let is_cancelled = |status: &str| status.eq_ignore_ascii_case("CANCELLED");
        let replaces = component.property("RECURRENCE-ID");
        let days = to.signed_duration_since(from.day());
        let more = reader.list(component, "RDATE", |text| reader.period(text, days))?;
        Ok(Event {
            uid: component.value("UID").map(str::to_owned),
            name: name.unwrap_or_else(|| "holiday".to_owned()),
            from: from.day(),
            to,
            rule: component.value("RRULE").map(str::to_ascii_uppercase),
            more,
            except: reader.list(component, "EXDATE", |text| Moment::parse(text, zone).map(Moment::day))?,
            replaces: replaces.map(|id| reader.moment(id, "RECURRENCE-ID").map(Moment::day)).transpose()?,
            cancelled: component.value("STATUS").is_some_and(is_cancelled),
            span: start.span,
        })
    }
}

struct Reader {
    zone: Option<Tz>,
}

impl Reader {
    fn moment(&self, property: &Property, name: &str) -> Result<Moment, IcsError> {
        // Moments of a zone of their own are days on its clocks.
        let zone = self.zone.filter(|_| property.parameter("TZID").is_none());
        Moment::parse(&property.value, zone).ok_or_else(|| no_day(property, name, &property.value))
    }

    /// The last day: `DTEND` is the first moment after it, and `DURATION` leads there.
    fn last_day(&self, component: &Component<'_>, from: Moment) -> Result<NaiveDate, IcsError> {
        if let Some(end) = component.property("DTEND") {
            let end = self.moment(end, "DTEND")?;
            return Ok(end.last_day_before().unwrap_or(from.day()));
        }
        let Some(length) = component.property("DURATION") else { return Ok(from.day()) };
        let end = duration(&length.value).and_then(|length| from.after(length)).ok_or_else(|| IcsError {
            span: length.span,
            reason: format!("DURATION is `{}`, which is no duration", length.value.trim()),
        })?;
        Ok(end.last_day_before().unwrap_or(from.day()))
    }

    /// A day of `RDATE`, or a period with an end or a length of its own; `days` is the length of the event.
    fn period(&self, text: &str, days: chrono::TimeDelta) -> Option<(NaiveDate, NaiveDate)> {
        let Some((start, end)) = text.split_once('/') else {
            let from = Moment::parse(text, self.zone)?.day();
            return Some((from, from.checked_add_signed(days)?));
        };
        let from = Moment::parse(start, self.zone)?;
        let end = Moment::parse(end, self.zone).or_else(|| from.after(duration(end)?))?;
        Some((from.day(), end.last_day_before()?.max(from.day())))
    }

    /// The values of all lists of a name.
    fn list<T>(
        &self,
        component: &Component<'_>,
        name: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, IcsError> {
        let mut all = Vec::new();
        for property in component.all(name) {
            for text in property.value.split(',').map(str::trim).filter(|text| !text.is_empty()) {
                all.push(read(text).ok_or_else(|| no_day(property, name, text))?);
            }
        }
        Ok(all)
    }
}

fn no_day(property: &Property, name: &str, text: &str) -> IcsError {
    IcsError { span: property.span, reason: format!("{name} is `{}`, which is no day", text.trim()) }
}

/// Text without the backslashes of RFC 5545, 3.3.11, on one line.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') => plain.push(' '),
                Some(other) => plain.push(other),
                None => {}
            },
            letter => plain.push(letter),
        }
    }
    plain.trim().to_owned()
}
