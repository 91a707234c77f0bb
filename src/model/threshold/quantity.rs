//! Reads the quantity of a threshold.

use std::ops::Range;

use super::super::duration::is_time_unit;
use super::lex::Token;
use super::parse::Parser;
use super::{Direction, Duration, Number, Operator, Quantity, ThresholdErrorKind as Kind};

/// A change as the text tells it: `increase in error rate over baseline`.
struct Change {
    direction: Option<Direction>,
    says_relative: bool,
    to_baseline: bool,
    last_piece: usize,
}

impl Parser<'_> {
    /// Reads the quantity at the cursor; `start` is where an error about it begins.
    pub(super) fn quantity(&mut self, start: usize) -> Option<Quantity> {
        if self.token(self.at) != Some(Token::Number) {
            self.missing(start);
            return None;
        }
        let first = self.at;
        let number = self.number();
        if self.token(self.at) == Some(Token::Dash) {
            self.range(first);
            return None;
        }
        if self.points_sign() {
            return self.points(number, first);
        }
        if self.percent_sign() {
            return self.percent(number, first);
        }
        Some(self.measure(number, first))
    }

    /// Reads a number; one that is none is reported and stands for zero, so
    /// that the rest of the text is still looked at.
    pub(super) fn number(&mut self) -> Number {
        let place = self.at..self.at + 1;
        self.at += 1;
        Number::parse(self.word(place.start)).unwrap_or_else(|error| {
            self.report(&place, error.into());
            Number::default()
        })
    }

    fn missing(&mut self, start: usize) {
        let baseline = self.is_baseline(self.at);
        let end = self.next_clause();
        self.at = end;
        let kind = if baseline { Kind::BaselineWithoutQuantity } else { Kind::MissingNumber };
        self.report(&(start..end), kind);
    }

    fn range(&mut self, first: usize) {
        self.at += 1;
        if self.token(self.at) == Some(Token::Number) {
            self.at += 1;
        }
        self.at = self.words().end;
        self.report(&(first..self.at), Kind::RangeOfNumbers);
    }

    /// Steps over `%`, `percent` or `per cent`.
    pub(super) fn percent_sign(&mut self) -> bool {
        let split = self.is_word(self.at, &["per"]) && self.is_word(self.at + 1, &["cent"]);
        let sign = self.token(self.at) == Some(Token::Percent);
        if sign || split {
            self.at += if split { 2 } else { 1 };
            return true;
        }
        self.skip(&["percent"])
    }

    /// Steps over `pp` or `percentage points`.
    fn points_sign(&mut self) -> bool {
        let share =
            self.is_word(self.at, &["percentage", "percent"]) || self.token(self.at) == Some(Token::Percent);
        if share && self.is_word(self.at + 1, &["point", "points"]) {
            self.at += 2;
            return true;
        }
        self.skip(&["pp"])
    }

    fn points(&mut self, percent: Number, first: usize) -> Option<Quantity> {
        let change = self.change();
        let Some(direction) = change.direction else {
            self.report(&(first..change.last_piece), Kind::PointsWithoutBaseline);
            return None;
        };
        Some(Quantity::Points { percent, direction })
    }

    fn percent(&mut self, percent: Number, first: usize) -> Option<Quantity> {
        if let Some(of) = self.population() {
            return Some(Quantity::Ratio { percent, of });
        }
        let change = self.change();
        match change.direction {
            Some(direction) if change.to_baseline || change.says_relative => {
                Some(Quantity::Relative { percent, direction })
            }
            Some(direction) => {
                let kind = Kind::AmbiguousChange { percent, direction };
                self.report(&(first..change.last_piece), kind);
                None
            }
            None => Some(Quantity::Value { number: percent, unit: Some("%".to_owned()) }),
        }
    }

    /// Reads `of requests`, and `of requests over 500ms`.
    fn population(&mut self) -> Option<String> {
        let start = self.at + 1;
        if !self.is_word(self.at, &["of"]) {
            return None;
        }
        self.at = start;
        let mut end = self.words().end;
        if end == start {
            self.at = start - 1;
            return None;
        }
        while matches!(self.token(end), Some(Token::Phrase(_))) && self.token(end + 1) == Some(Token::Number)
        {
            self.at = end + 1;
            end = self.words().end;
        }
        self.at = end;
        self.refuse_baseline(&(start..end));
        Some(self.phrase(&(start..end)))
    }

    /// Reads the words behind a percentage: what changes, which way, from what.
    fn change(&mut self) -> Change {
        let words = self.words();
        let found = words.clone().find_map(|at| Some((at, self.direction_at(at)?)));
        let baseline = self.baseline_after(words.end, found.is_some());
        let side = baseline.and_then(|(_, side)| side);
        self.at = baseline.map_or(words.end, |(end, _)| end);
        let says_relative = found.is_some_and(|(at, _)| self.says_relative(&words, at));
        self.place_changed(&words, found.map(|(at, _)| at), says_relative);
        Change {
            direction: found.map(|(_, direction)| direction).or(side),
            says_relative,
            to_baseline: baseline.is_some(),
            last_piece: found.map_or(words.start, |(at, _)| at + 1),
        }
    }

    fn says_relative(&self, words: &Range<usize>, change: usize) -> bool {
        change > words.start && self.is_word(change - 1, &["relative"])
    }

    /// Takes the change out of the words; what is left says what is measured.
    fn place_changed(&mut self, words: &Range<usize>, change: Option<usize>, relative: bool) {
        let Some(change) = change else {
            return self.place_subject(words);
        };
        let before = words.start..change - usize::from(relative);
        let joint = usize::from(self.is_word(change + 1, &["in", "of"]));
        let behind = (change + 1 + joint).min(words.end)..words.end;
        self.place_subject(&before);
        self.place_subject(&behind);
    }

    fn direction_at(&self, index: usize) -> Option<Direction> {
        const OVER: &[&str] = &["increase", "increases", "increased", "rise", "growth", "spike"];
        const UNDER: &[&str] = &["decrease", "decreases", "drop", "reduction", "decline", "fall"];
        const WORSE: &[&str] = &["degradation", "worse", "worsening", "slower"];
        const BETTER: &[&str] = &["improvement", "better", "faster"];
        let sides = [
            (OVER, Direction::Over),
            (UNDER, Direction::Under),
            (WORSE, Direction::Worse),
            (BETTER, Direction::Better),
        ];
        let found = sides.iter().find(|(words, _)| self.is_word(index, words));
        found.map(|(_, direction)| *direction)
    }

    /// Reads `over the baseline` at an index: where it ends, and its side.
    ///
    /// `from` and its like name no side, so they count only behind a change.
    fn baseline_after(&self, index: usize, changes: bool) -> Option<(usize, Option<Direction>)> {
        let (length, side) = self.preposition(index)?;
        let end = self.baseline_end(index + length)?;
        (changes || side.is_some()).then_some((end, side))
    }

    fn preposition(&self, index: usize) -> Option<(usize, Option<Direction>)> {
        let compared = self.is_word(index, &["compared", "relative"]);
        match self.token(index)? {
            Token::Phrase(Operator::Above) => Some((1, Some(Direction::Over))),
            Token::Phrase(Operator::Below) => Some((1, Some(Direction::Under))),
            _ if compared && self.is_word(index + 1, &["to", "with"]) => Some((2, None)),
            _ if self.is_word(index, &["from", "than", "against", "vs", "versus"]) => Some((1, None)),
            _ => None,
        }
    }

    fn is_baseline(&self, index: usize) -> bool {
        self.baseline_end(index).is_some()
    }

    /// The end of `baseline`, `the baseline` or `the pre-deployment baseline`.
    fn baseline_end(&self, index: usize) -> Option<usize> {
        const MARKS: &[&str] = &["the", "its", "pre-deployment", "pre-release", "current", "previous"];
        let mut behind = index..index + 3;
        let end = behind.find(|index| !self.is_word(*index, MARKS))?;
        self.is_word(end, &["baseline"]).then_some(end + 1)
    }

    /// Steps over words and numbers up to what has a meaning of its own.
    pub(super) fn words(&mut self) -> Range<usize> {
        let start = self.at;
        let plain = |index: &usize| {
            let token = self.token(*index);
            matches!(token, Some(Token::Word | Token::Number | Token::Percent))
                && !self.begins_clause(*index)
                && !self.begins_baseline(*index)
        };
        let mut behind = start..self.count();
        let end = behind.find(|index| !plain(index)).unwrap_or(self.count());
        self.at = end;
        start..end
    }

    fn begins_baseline(&self, index: usize) -> bool {
        self.baseline_after(index, true).is_some()
    }

    /// A length of time where it is exact, else a number with all that follows.
    fn measure(&mut self, number: Number, first: usize) -> Quantity {
        if let Some((duration, end)) = self.time(first) {
            self.at = end;
            let behind = self.words();
            self.place_subject(&behind);
            return Quantity::Time(duration);
        }
        if let Some(share) = self.fraction(number) {
            return share;
        }
        let unit = self.words();
        self.refuse_baseline(&unit);
        if self.is_rest_of_number(&unit, first) {
            self.report(&(first..unit.start + 1), Kind::MalformedNumber);
        }
        let unit = (!unit.is_empty()).then(|| self.phrase(&unit));
        Quantity::Value { number, unit }
    }

    /// Reads `0.02 of requests`, which are 2 % of them.
    fn fraction(&mut self, number: Number) -> Option<Quantity> {
        let is_fraction = number > Number::default() && number < Number::from(1);
        let percent = number.shifted(2).ok().filter(|_| is_fraction)?;
        self.population().map(|of| Quantity::Ratio { percent, of })
    }

    /// Whether a unit goes on with the number, as in `1 000 ms` and `1´000 ms`.
    fn is_rest_of_number(&self, unit: &Range<usize>, first: usize) -> bool {
        const SIGNS: [char; 6] = ['\'', '’', '´', '`', '·', '˙'];
        let odd = self.bytes(&(first..first + 1)).end == self.bytes(unit).start
            && self.word(unit.start).starts_with(SIGNS);
        !unit.is_empty() && (self.token(unit.start) == Some(Token::Number) || odd)
    }

    /// Reads `1 h 30 min` at an index: the length and where it ends.
    pub(super) fn time(&self, index: usize) -> Option<(Duration, usize)> {
        let mut text = String::new();
        let mut end = index;
        // Separators of thousands are for numbers, so the duration gets the
        // number as it shows and not as it was written.
        while let Some(number) = self.time_number(end) {
            text += &number.to_string();
            text += self.word(end + 1);
            end += 2;
        }
        Duration::parse(&text).map(|duration| (duration, end))
    }

    fn time_number(&self, index: usize) -> Option<Number> {
        let is_number = self.token(index) == Some(Token::Number);
        let is_unit = is_time_unit(self.word(index + 1));
        (is_number && is_unit).then(|| Number::parse(self.word(index)).ok()).flatten()
    }
}
