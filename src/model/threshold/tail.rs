//! Reads what stands behind a condition: how long, within what, from where.

use std::ops::Range;

use super::super::duration::is_time_unit;
use super::lex::Token;
use super::parse::Parser;
use super::{Baseline, Duration, Operator, Source, ThresholdErrorKind as Kind};

/// What can stand behind a condition, in any order.
#[derive(Default)]
pub(super) struct Tail {
    pub duration: Option<Duration>,
    pub period: Option<Duration>,
    pub context: Option<String>,
    pub baseline: Option<Baseline>,
    pub source: Option<Source>,
}

/// Words that make a number in a note a baseline.
const NORMAL: &[&str] = &["baseline", "currently", "current", "now"];

/// What a piece begins behind a condition.
#[derive(Clone, Copy)]
pub(super) enum Clause {
    For,
    Within,
    From,
    Note,
}

impl Parser<'_> {
    pub(super) fn tail(&mut self) {
        while self.at < self.count() {
            match self.clause(self.at) {
                Some(Clause::For) => self.lasting(),
                Some(Clause::Within) => self.within(),
                Some(Clause::From) => self.source(),
                Some(Clause::Note) => self.note(),
                None => self.rest(),
            }
        }
    }

    pub(super) fn clause(&self, index: usize) -> Option<Clause> {
        match self.token(index)? {
            Token::Open => Some(Clause::Note),
            Token::Word if self.is_word(index, &["for"]) => Some(Clause::For),
            Token::Word if self.is_word(index, &["within"]) => Some(Clause::Within),
            Token::Word if self.is_source(index) => Some(Clause::From),
            _ => None,
        }
    }

    /// Whether a clause begins here, or a word or comma that leads into one.
    pub(super) fn begins_clause(&self, index: usize) -> bool {
        let lead = usize::from(self.token(index) == Some(Token::Comma));
        let lead = lead + usize::from(self.is_word(index + lead, &["continuously"]));
        self.clause(index + lead).is_some()
    }

    pub(super) fn next_clause(&self) -> usize {
        let mut behind = self.at..self.count();
        behind.find(|index| self.begins_clause(*index)).unwrap_or(self.count())
    }

    fn lasting(&mut self) {
        let start = self.at;
        self.at += 1;
        let operator = self.token(self.at);
        let lower = matches!(
            operator,
            Some(
                Token::Sign(Operator::Above | Operator::AtLeast)
                    | Token::Phrase(Operator::Above | Operator::AtLeast)
            )
        );
        self.at += usize::from(lower);
        if let Some(end) = self.context_end() {
            return self.context(start, end);
        }
        let known = self.tail.duration;
        self.tail.duration = self.length(start, known);
    }

    /// Where the words behind `for` end, if they say in which case the limit counts and not how long:
    /// `for a 30-min meeting`. A number with one word is a length of time, however it is spelt.
    fn context_end(&self) -> Option<usize> {
        const TIMES: &[&str] = &[
            "ever", "good", "long", "moment", "month", "months", "now", "quarter", "quarters", "time",
            "times", "while", "year", "years",
        ];
        let end = self.first_of(self.at..self.next_clause(), &[Token::Close, Token::Comma, Token::Stop]);
        let plain = |index: usize| matches!(self.token(index), Some(Token::Word | Token::Number));
        let time = |index: usize| is_time_unit(self.word(index)) || self.is_word(index, TIMES);
        let counted = self.token(self.at) == Some(Token::Number) && !self.word(self.at + 1).starts_with('-');
        let named = self.token(end.checked_sub(1)?) == Some(Token::Word);
        let fits = end > self.at && named && !counted && (self.at..end).all(|at| plain(at) && !time(at));
        fits.then_some(end)
    }

    fn context(&mut self, start: usize, end: usize) {
        self.at = end;
        match self.tail.context {
            Some(_) => self.report(&(start..end), Kind::Repeated),
            None => self.tail.context = Some(self.phrase(&(start..end))),
        }
    }

    fn within(&mut self) {
        let start = self.at;
        self.at += 1;
        self.tail.period = self.length(start, self.tail.period);
    }

    fn length(&mut self, start: usize, known: Option<Duration>) -> Option<Duration> {
        while self.skip(&["the", "first", "last", "past"]) {}
        let found = self.time(self.at);
        let unread = || self.first_of(self.at..self.next_clause(), &[Token::Close]);
        self.at = found.map_or_else(unread, |(_, end)| end);
        let clause = start..self.at;
        if found.is_none() {
            self.report(&clause, Kind::UnknownDuration);
        } else if known.is_some() {
            self.report(&clause, Kind::Repeated);
        }
        known.or(found.map(|(duration, _)| duration))
    }

    fn is_source(&self, index: usize) -> bool {
        self.is_word(index, &["from", "see", "source"]) && is_id(self.word(index + 1))
    }

    fn source(&mut self) {
        let place = self.at + 1..self.at + 2;
        self.at += 2;
        let range = self.bytes(&place);
        if self.tail.source.is_some() {
            return self.report(&place, Kind::Repeated);
        }
        let id = self.text[range.clone()].to_owned();
        self.tail.source = Some(Source { id, range });
    }

    /// Reads `(currently 0.5% baseline from MON-001)`.
    fn note(&mut self) {
        let open = self.at;
        let close = (open..self.count()).find(|index| self.token(*index) == Some(Token::Close));
        let end = close.unwrap_or(self.count());
        if close.is_none() {
            self.report(&(open..end), Kind::UnclosedParenthesis);
        }
        self.at = open + 1;
        let normal = (open..end).any(|index| self.is_word(index, NORMAL));
        while self.at < end {
            self.remark(end, normal);
        }
        self.at = end + usize::from(close.is_some());
    }

    /// Reads one part of a note; `normal` says whether a number in it is a baseline.
    fn remark(&mut self, end: usize, normal: bool) {
        let start = self.at;
        if self.skip(NORMAL) || self.skip(&["is", "was", "the"]) {
            return;
        }
        match self.token(start) {
            Some(Token::Comma | Token::Colon) => self.at += 1,
            Some(Token::Number) if normal => self.normal(end),
            _ if self.is_source(start) && start + 1 < end => self.source(),
            _ if self.is_word(start, &["for"]) => self.lasting(),
            _ => {
                self.at = end;
                self.report(&(start..end), Kind::UnexpectedText);
            }
        }
    }

    /// The number and the unit of a baseline.
    fn normal(&mut self, end: usize) {
        let start = self.at;
        let number = self.number();
        let inside = |index: &usize| *index < end && self.token(*index) == Some(Token::Word);
        let stop = |index: &usize| self.is_word(*index, NORMAL) || self.is_source(*index);
        let mut behind = self.at..=end;
        let stop = behind.find(|index| !inside(index) || stop(index)).unwrap_or(end);
        let unit = if self.percent_sign() {
            Some("%".to_owned())
        } else {
            (stop > self.at).then(|| self.phrase(&(self.at..stop)))
        };
        self.at = self.at.max(stop);
        if self.tail.baseline.is_some() {
            return self.report(&(start..self.at), Kind::Repeated);
        }
        self.tail.baseline = Some(Baseline { number, unit });
    }

    /// Reports what fits nowhere, up to the next clause.
    fn rest(&mut self) {
        let leads = self.begins_clause(self.at);
        let ends = self.token(self.at) == Some(Token::Stop) && self.at + 1 == self.count();
        if leads || ends {
            self.at += 1;
            return;
        }
        let start = self.at + usize::from(self.token(self.at) == Some(Token::Comma));
        self.at += 1;
        self.at = self.next_clause();
        let kind = self.kind_of_rest(&(start..self.at));
        self.report(&(start.min(self.at - 1)..self.at), kind);
    }

    fn kind_of_rest(&self, pieces: &Range<usize>) -> Kind {
        let compares = |index| matches!(self.token(index), Some(Token::Sign(_) | Token::Phrase(_)));
        if pieces.clone().any(|index| self.is_word(index, &["baseline"])) {
            Kind::MisplacedBaseline
        } else if pieces.clone().any(compares) {
            Kind::SecondCondition
        } else {
            Kind::UnexpectedText
        }
    }
}

/// Whether a word is an id such as `MON-001`, `EPIC-02b` or `BR-FEA-001`.
fn is_id(word: &str) -> bool {
    let is_prefix = |part: &&str| {
        part.starts_with(|c: char| c.is_ascii_uppercase())
            && part.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    let mut parts = word.split('-').skip_while(is_prefix);
    let number = parts.next().unwrap_or("");
    is_prefix(&word.split('-').next().unwrap_or("")) && number.starts_with(|c: char| c.is_ascii_digit())
}
