//! Reads thresholds and targets: the frame around a quantity.

use std::ops::Range;

use super::lex::{Lexeme, Token, lex};
use super::{
    Baseline, Condition, Duration, Operator, Quantity, Source, State, Target, Threshold, ThresholdError,
    ThresholdErrorKind as Kind,
};

/// Reads a threshold, which has an operator or a state.
///
/// # Errors
///
/// Everything that is missing or cannot be read, in the order of the text.
pub fn parse(text: &str) -> Result<Threshold, Vec<ThresholdError>> {
    let mut parser = Parser::new(text);
    let condition = parser.condition();
    let (condition, subject, tail) = parser.finish(condition)?;
    Ok(Threshold {
        subject,
        condition,
        duration: tail.duration,
        period: tail.period,
        baseline: tail.baseline,
        source: tail.source,
    })
}

/// Reads the target of a KPI, which may leave out the operator: `4.5/5.0`.
///
/// # Errors
///
/// Everything that is missing or cannot be read, in the order of the text.
pub fn parse_target(text: &str) -> Result<Target, Vec<ThresholdError>> {
    let mut parser = Parser::new(text);
    let (operator, quantity) = parser.aim();
    let (quantity, subject, tail) = parser.finish(quantity)?;
    Ok(Target {
        subject,
        operator,
        quantity,
        duration: tail.duration,
        period: tail.period,
        baseline: tail.baseline,
        source: tail.source,
    })
}

/// What can stand behind a condition, in any order.
#[derive(Default)]
pub(super) struct Tail {
    duration: Option<Duration>,
    period: Option<Duration>,
    baseline: Option<Baseline>,
    source: Option<Source>,
}

#[derive(Clone, Copy)]
enum Clause {
    For,
    Within,
    From,
    Note,
}

/// The pieces of one text, how far they are read, and what was found.
pub(super) struct Parser<'t> {
    text: &'t str,
    pieces: Vec<Lexeme>,
    pub(super) at: usize,
    pub(super) subject: Option<String>,
    tail: Tail,
    errors: Vec<ThresholdError>,
}

/// Looking at the pieces.
impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Self {
        Parser { text, pieces: lex(text), at: 0, subject: None, tail: Tail::default(), errors: Vec::new() }
    }

    pub(super) fn count(&self) -> usize {
        self.pieces.len()
    }

    pub(super) fn token(&self, index: usize) -> Option<Token> {
        self.pieces.get(index).map(|piece| piece.token)
    }

    /// The text of a piece; nothing beyond the last.
    pub(super) fn word(&self, index: usize) -> &'t str {
        let piece = self.pieces.get(index);
        piece.map_or("", |piece| &self.text[piece.range.clone()])
    }

    pub(super) fn is_word(&self, index: usize, words: &[&str]) -> bool {
        let found = self.word(index);
        self.token(index) == Some(Token::Word) && words.iter().any(|word| word.eq_ignore_ascii_case(found))
    }

    /// Steps over the piece at the cursor if it is one of these words.
    pub(super) fn skip(&mut self, words: &[&str]) -> bool {
        let found = self.is_word(self.at, words);
        self.at += usize::from(found);
        found
    }

    /// The bytes from the first to the last of these pieces.
    pub(super) fn bytes(&self, pieces: &Range<usize>) -> Range<usize> {
        let end = self.text.len();
        let start = self.pieces.get(pieces.start).map_or(end, |piece| piece.range.start);
        let last = pieces.end.checked_sub(1).and_then(|last| self.pieces.get(last));
        start..last.map_or(start, |piece| piece.range.end.max(start))
    }

    /// The text of these pieces, with single blanks.
    pub(super) fn phrase(&self, pieces: &Range<usize>) -> String {
        let words: Vec<&str> = self.text[self.bytes(pieces)].split_whitespace().collect();
        words.join(" ")
    }

    pub(super) fn report(&mut self, pieces: &Range<usize>, kind: Kind) {
        let range = self.bytes(pieces);
        self.errors.push(ThresholdError { range, kind });
    }

    /// Reads what stands behind the condition; one that was not found is reported already.
    fn finish<T>(mut self, found: Option<T>) -> Result<(T, Option<String>, Tail), Vec<ThresholdError>> {
        self.tail();
        match found {
            Some(found) if self.errors.is_empty() => Ok((found, self.subject, self.tail)),
            _ => {
                self.errors.sort_by_key(|error| (error.range.start, error.range.end));
                Err(self.errors)
            }
        }
    }
}

/// The condition.
impl Parser<'_> {
    fn condition(&mut self) -> Option<Condition> {
        if let Some((operator, quantity)) = self.comparison() {
            return quantity.map(|quantity| Condition::Compare { operator, quantity });
        }
        if let Some(index) = self.find_state() {
            return Some(Condition::State(self.state(index)));
        }
        let start = self.quantity_start();
        self.bare_quantity();
        let start = if start == self.count() { 0 } else { start };
        if !self.pieces.is_empty() {
            self.report(&(start..self.at), Kind::MissingOperator);
        }
        None
    }

    fn aim(&mut self) -> (Option<Operator>, Option<Quantity>) {
        match self.comparison() {
            Some((operator, quantity)) => (Some(operator), quantity),
            None => (None, self.bare_quantity()),
        }
    }

    fn comparison(&mut self) -> Option<(Operator, Option<Quantity>)> {
        let index = self.find_operator()?;
        let (Token::Sign(operator) | Token::Phrase(operator)) = self.token(index)? else {
            return None;
        };
        self.subject = self.subject_of(&(0..index));
        self.at = index + 1;
        self.skip(&["of"]);
        Some((operator, self.quantity(index)))
    }

    /// A quantity without an operator; reports its absence.
    fn bare_quantity(&mut self) -> Option<Quantity> {
        if self.pieces.is_empty() {
            self.report(&(0..0), Kind::Empty);
            return None;
        }
        let start = self.quantity_start();
        if start == self.count() {
            self.at = self.next_clause();
            self.report(&(0..self.at), Kind::MissingNumber);
            return None;
        }
        self.subject = self.subject_of(&(0..start));
        self.at = start;
        self.quantity(start)
    }

    /// The number behind a colon, else the first number, else the end.
    fn quantity_start(&self) -> usize {
        let is_number = |index: usize| self.token(index) == Some(Token::Number);
        let behind_colon =
            |index: &usize| is_number(*index) && *index > 0 && self.token(*index - 1) == Some(Token::Colon);
        let mut all = 0..self.count();
        let number = all.clone().find(|index| is_number(*index));
        all.find(behind_colon).or(number).unwrap_or(self.count())
    }

    /// A sign is always an operator; words are one where they can be no part of
    /// the subject or of `20% over baseline`.
    fn find_operator(&self) -> Option<usize> {
        let free = |index: &usize| *index == 0 || !self.is_word(*index - 1, &["for", "within"]);
        let sign = |index: &usize| matches!(self.token(*index), Some(Token::Sign(_)));
        let phrase = |index: &usize| matches!(self.token(*index), Some(Token::Phrase(_)));
        let is = |index: &usize, token| self.token(*index) == Some(token);
        let all = 0..self.count();
        let first = |token| all.clone().find(|index| is(index, token)).unwrap_or(self.count());
        let number = first(Token::Number);
        let last = if number == 0 { 0 } else { first(Token::Percent) };
        let mut phrases = (0..last).filter(phrase).filter(free);
        let early = |index: &usize| *index < number || is(&(*index + 1), Token::Number);
        let limits = |index: &usize| is(&(*index + 1), Token::Number);
        let signs = all.clone().filter(sign).find(|index| free(index));
        signs.or_else(|| phrases.clone().find(limits)).or_else(|| phrases.find(early))
    }

    /// The words before a condition, without the small words and colons that only
    /// lead up to it; `for` before an operator would begin a clause in the short form.
    pub(super) fn subject_of(&self, pieces: &Range<usize>) -> Option<String> {
        const LEADS: &[&str] = &["is", "are", "be", "was", "were", "must", "should", "for", "within"];
        let mut end = pieces.end;
        while end > pieces.start && (self.is_word(end - 1, LEADS) || self.word(end - 1) == ":") {
            end -= 1;
        }
        let subject = self.phrase(&(pieces.start..end));
        (end > pieces.start).then_some(subject)
    }

    /// The last word for a state before the first clause and outside parentheses;
    /// a text that begins with a number names a quantity instead.
    fn find_state(&self) -> Option<usize> {
        if self.token(0) == Some(Token::Number) {
            return None;
        }
        let mut depth = 0_usize;
        let mut found = None;
        for index in 0..self.count() {
            match self.token(index) {
                Some(Token::Open) => depth += 1,
                Some(Token::Close) => depth = depth.saturating_sub(1),
                _ if depth > 0 => {}
                _ if self.clause(index).is_some() => break,
                _ if self.state_at(index).is_some() => found = Some(index),
                _ => {}
            }
        }
        found
    }

    fn state_at(&self, index: usize) -> Option<State> {
        const STATES: [(&[&str], State); 9] = [
            (&["failing", "fails", "failed", "fail"], State::Failing),
            (&["down", "offline"], State::Down),
            (&["unavailable"], State::Unavailable),
            (&["unreachable"], State::Unreachable),
            (&["unhealthy"], State::Unhealthy),
            (&["firing", "fires", "fired"], State::Firing),
            (&["red"], State::Red),
            (&["degraded"], State::Degraded),
            (&["breached"], State::Breached),
        ];
        let found = STATES.iter().find(|(words, _)| self.is_word(index, words));
        found.map(|(_, state)| *state)
    }

    fn state(&mut self, index: usize) -> State {
        self.subject = self.subject_of(&(0..index));
        self.at = index + 1;
        let behind = self.words();
        self.place_subject(&behind);
        self.state_at(index).unwrap_or(State::Failing)
    }

    /// Words behind a condition say what is measured, if nothing else has.
    pub(super) fn place_subject(&mut self, pieces: &Range<usize>) {
        let begins_well = self.token(pieces.start) == Some(Token::Word);
        match self.subject_of(pieces) {
            None => {}
            subject @ Some(_) if self.subject.is_none() && begins_well => self.subject = subject,
            Some(_) => self.report(pieces, Kind::UnexpectedText),
        }
    }
}

/// What stands behind the condition.
impl Parser<'_> {
    fn tail(&mut self) {
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

    fn clause(&self, index: usize) -> Option<Clause> {
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
        let known = self.tail.duration;
        self.tail.duration = self.length(start, known);
    }

    fn within(&mut self) {
        let start = self.at;
        self.at += 1;
        self.tail.period = self.length(start, self.tail.period);
    }

    fn length(&mut self, start: usize, known: Option<Duration>) -> Option<Duration> {
        while self.skip(&["the", "first", "last", "past"]) {}
        let found = self.time(self.at);
        self.at = found.map_or_else(|| self.next_clause(), |(_, end)| end);
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
        while self.at < end {
            self.remark(end);
        }
        self.at = end + usize::from(close.is_some());
    }

    fn remark(&mut self, end: usize) {
        const LEADS: &[&str] = &["currently", "current", "baseline", "now", "is", "was", "the"];
        let start = self.at;
        if self.skip(LEADS) {
            return;
        }
        match self.token(start) {
            Some(Token::Comma | Token::Colon) => self.at += 1,
            Some(Token::Number) => self.normal(end),
            _ if self.is_source(start) && start + 1 < end => self.source(),
            _ => {
                self.at = end;
                self.report(&(start..end), Kind::UnexpectedText);
            }
        }
    }

    /// The number and the unit of a baseline.
    fn normal(&mut self, end: usize) {
        const STOPS: &[&str] = &["baseline", "currently", "current", "now"];
        let start = self.at;
        let number = self.number();
        let inside = |index: &usize| *index < end && self.token(*index) == Some(Token::Word);
        let stop = |index: &usize| self.is_word(*index, STOPS) || self.is_source(*index);
        let mut behind = self.at..=end;
        let stop = behind.find(|index| !inside(index) || stop(index)).unwrap_or(end);
        let unit = match self.percent_sign() {
            true => Some("%".to_owned()),
            false => (stop > self.at).then(|| self.phrase(&(self.at..stop))),
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
            Kind::BaselineNeedsPercentage
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
