//! Dates, numbers, spans of time, versions and conditions.

use beef::lean::Cow;
use chrono::{DateTime, NaiveDate, Utc};

use super::super::amount::Amount;
use super::super::day::read_date;
use super::super::defect::DefectKind;
use super::super::duration::{Duration, Window};
use super::super::effort::Effort;
use super::super::moment;
use super::super::risk::Probability;
use super::super::threshold::{self, Threshold};
use super::super::value::{self, Percentage};
use super::super::version::{CalendarPattern, Numbering, Scheme, Version};
use super::Reader;
use crate::source::{Locator, Node, Span, Spanned, Style};

/// A condition as it was written, and as it was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition<'s, T> {
    /// The writer's text.
    pub text: Cow<'s, str>,
    /// What it says, unless a defect tells why it says nothing.
    pub typed: Option<Box<T>>,
}

impl<'s> Reader<'s> {
    /// How likely a risk is: a share or a word.
    pub fn probability(&mut self, name: &str) -> Option<Spanned<Probability>> {
        let (scalar, span) = self.take_scalar(name, "a percentage, or Low, Medium, High")?;
        match Probability::parse(&scalar.text) {
            Ok(Probability::Share(share)) => {
                self.within_whole(Spanned::new(share, span)).map(|share| share.map(Probability::Share))
            }
            Ok(word) => Some(Spanned::new(word, span)),
            Err(error) => {
                self.defect(span, error.into());
                None
            }
        }
    }

    /// A day.
    pub fn date(&mut self, name: &str) -> Option<Spanned<NaiveDate>> {
        let (scalar, span) = self.take_scalar(name, "a date")?;
        self.date_of(&scalar.text, span)
    }

    pub(super) fn date_of(&mut self, text: &str, span: Span) -> Option<Spanned<NaiveDate>> {
        match read_date(text) {
            Ok(date) => Some(Spanned::new(date, span)),
            Err(kind) => {
                self.defect(span, kind);
                None
            }
        }
    }

    /// A day with a time and an offset.
    pub fn moment(&mut self, name: &str) -> Option<Spanned<DateTime<Utc>>> {
        let (scalar, span) = self.take_scalar(name, "a date with a time")?;
        if self.holds_a_place(name, &scalar.text, span) {
            return None;
        }
        match moment::read(&scalar.text) {
            Some(moment) => Some(Spanned::new(moment, span)),
            None => {
                self.defect(span, DefectKind::NotAMoment);
                None
            }
        }
    }

    /// A number.
    pub fn number(&mut self, name: &str) -> Option<Spanned<f64>> {
        let (scalar, span) = self.take_scalar(name, "a number")?;
        match read_number(&scalar.text) {
            Some(number) => Some(Spanned::new(number, span)),
            None => {
                self.defect(span, DefectKind::NotANumber);
                None
            }
        }
    }

    /// A whole number from zero on.
    pub fn count(&mut self, name: &str) -> Option<Spanned<u32>> {
        let number = self.number(name)?;
        let text = number.value.to_string();
        match text.parse() {
            Ok(count) => Some(Spanned::new(count, number.span)),
            Err(_) => {
                self.defect(number.span, DefectKind::NotAWholeNumber);
                None
            }
        }
    }

    /// A number, or a range of two.
    pub fn amount(&mut self, name: &str) -> Option<Spanned<Amount>> {
        let (scalar, span) = self.take_scalar(name, "a number or a range such as `8..15`")?;
        match Amount::parse(&scalar.text) {
            Some(amount) => Some(Spanned::new(amount, span)),
            None => {
                self.defect(span, DefectKind::NotAnAmount);
                None
            }
        }
    }

    /// A whole number, or a range of two.
    pub fn whole_amount(&mut self, name: &str) -> Option<Spanned<Amount>> {
        let amount = self.amount(name)?;
        if !amount.value.is_whole() {
            self.defect(amount.span, DefectKind::NotAnAmount);
        }
        amount.value.is_whole().then_some(amount)
    }

    /// An amount of work.
    pub fn effort(&mut self, name: &str) -> Option<Spanned<Effort>> {
        let (scalar, span) = self.take_scalar(name, "an amount of work such as `5d`")?;
        match Effort::parse(&scalar.text) {
            Some(effort) => Some(Spanned::new(effort, span)),
            None => {
                self.defect(span, DefectKind::NotAnEffort);
                None
            }
        }
    }

    /// A share between 0 and 100 %.
    pub fn percentage(&mut self, name: &str) -> Option<Spanned<Percentage>> {
        let (scalar, span) = self.take_scalar(name, "a percentage")?;
        match value::percentage(&scalar.text) {
            Ok(share) => self.within_whole(Spanned::new(share, span)),
            Err(error) => {
                self.defect(span, error.into());
                None
            }
        }
    }

    /// The share of the traffic that a step of a rollout sets. These are counted in per cent, and begin with 1.
    pub fn traffic(&mut self, name: &str) -> Option<Spanned<Percentage>> {
        let is_one = self.peek(name).and_then(Node::text).is_some_and(|text| text.trim() == "1");
        if !is_one {
            return self.percentage(name);
        }
        let (_, span) = self.take_scalar(name, "a percentage")?;
        Some(Spanned::new(Percentage(1.0), span))
    }

    fn within_whole(&mut self, share: Spanned<Percentage>) -> Option<Spanned<Percentage>> {
        let is_within = (0.0..=100.0).contains(&share.value.0);
        if !is_within {
            self.defect(share.span, DefectKind::PercentageOutOfRange);
        }
        is_within.then_some(share)
    }

    /// A span of time.
    pub fn duration(&mut self, name: &str) -> Option<Spanned<Duration>> {
        let (scalar, span) = self.take_scalar(name, "a duration")?;
        match Duration::parse(&scalar.text) {
            Some(duration) => Some(Spanned::new(duration, span)),
            None => {
                self.defect(span, DefectKind::NotADuration);
                None
            }
        }
    }

    /// A span between two moments.
    pub fn window(&mut self, name: &str) -> Option<Spanned<Window>> {
        let (scalar, span) = self.take_scalar(name, "a window such as `0h..2h`")?;
        match Window::parse(&scalar.text) {
            Ok(window) => Some(Spanned::new(window, span)),
            Err(error) => {
                self.defect(span, DefectKind::NotAWindow { reason: error.to_string() });
                None
            }
        }
    }

    /// A condition on a metric. What cannot be read stays as its text.
    pub fn threshold(&mut self, name: &str) -> Option<Spanned<Condition<'s, Threshold>>> {
        self.condition(name, threshold::parse)
    }

    /// The aim of a metric: a condition, or a bare value.
    pub fn target(&mut self, name: &str) -> Option<Spanned<Condition<'s, threshold::Target>>> {
        self.condition(name, threshold::parse_target)
    }

    fn condition<T>(
        &mut self,
        name: &str,
        parse: fn(&str) -> Result<T, Vec<threshold::ThresholdError>>,
    ) -> Option<Spanned<Condition<'s, T>>> {
        let (scalar, span) = self.take_scalar(name, "a threshold")?;
        if self.holds_a_place(name, &scalar.text, span) {
            return None;
        }
        let typed = match parse(&scalar.text) {
            Ok(threshold) => Some(Box::new(threshold)),
            Err(errors) => {
                let mut locator = Locator::new(&scalar, span, self.source);
                for error in errors {
                    let place = locator.locate(&scalar.text, error.range.start, error.range.end);
                    let place = if place.is_empty() { span } else { place };
                    let reason = error.kind.to_string();
                    self.defect(place, DefectKind::Threshold { reason });
                }
                None
            }
        };
        self.mention(&scalar, span);
        Some(Spanned::new(Condition { text: scalar.text.into(), typed }, span))
    }

    /// How versions are numbered, as far as the mapping itself says so.
    pub fn numbering(&mut self) -> Numbering {
        let scheme = self.choice::<Scheme>("version_scheme");
        let pattern = self.take_scalar("version_pattern", "a pattern such as `YYYY.MINOR`");
        let pattern = pattern.and_then(|(scalar, span)| match CalendarPattern::parse(&scalar.text) {
            Ok(_) if scheme.is_some_and(|scheme| scheme.value != Scheme::Calendar) => {
                self.defect(span, DefectKind::PatternWithoutCalendar);
                None
            }
            Ok(pattern) => Some(pattern),
            Err(error) => {
                self.defect(span, DefectKind::NotAVersionPattern(error));
                None
            }
        });
        Numbering { scheme: scheme.map(|scheme| scheme.value), pattern }
    }

    /// A version: as the mapping says, as is said for the family or the plan, or of a scheme that its form shows.
    pub fn version(&mut self, name: &str, stated: &Numbering) -> Option<Spanned<Version>> {
        let (scalar, span) = self.take_scalar(name, "a version")?;
        let numbering = match &self.numbering {
            Some(outer) => &stated.within(outer),
            None => stated,
        };
        match numbering.read(&scalar.text) {
            Some(version) => {
                // Two numbers are a number to YAML, and `24.10` is `24.1` to other tools.
                if scalar.style == Style::Plain {
                    self.look_for_traps(&scalar.text, span);
                }
                Some(Spanned::new(version, span))
            }
            None => {
                let scheme = numbering.scheme();
                let pattern = numbering.pattern.clone().map(Box::new);
                self.defect(span, DefectKind::NotAVersion { scheme, pattern });
                None
            }
        }
    }
}

/// What sets thousands apart: `20,000`, `20_000`, `20'000`.
const SEPARATORS: [char; 4] = [',', '_', '\'', '’'];

/// A number, perhaps with thousands set apart.
fn read_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let (whole, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut groups = whole.split(SEPARATORS);
    let first = groups.next()?;
    // `1,5` is one and a half to many people, and fifteen to nobody.
    let apart = groups.clone().all(|group| group.len() == 3) && (first.len() <= 3 || groups.next().is_none());
    let number: f64 = (whole.replace(SEPARATORS, "") + fraction).parse().ok()?;
    (apart && number.is_finite()).then_some(number)
}
