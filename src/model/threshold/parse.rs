//! Reads thresholds and targets: the frame around a quantity.

use std::ops::Range;

use super::lex::{Lexeme, Token, lex};
use super::range;
use super::tail::Tail;
use super::{
    Condition, Operator, Quantity, State, Target, Threshold, ThresholdError, ThresholdErrorKind as Kind,
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
        context: tail.context,
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
        context: tail.context,
        baseline: tail.baseline,
        source: tail.source,
    })
}

/// How short and how long the first word for a state is, so that most words need not be compared.
const LEAST: usize = 2;
const MOST: usize = 16;

/// The pieces of one text, how far they are read, and what was found.
pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pieces: Vec<Lexeme>,
    pub(super) at: usize,
    pub(super) subject: Option<String>,
    pub(super) tail: Tail,
    /// The number with a plus sign behind it, which is the least then.
    least: Option<usize>,
    errors: Vec<ThresholdError>,
}

/// Looking at the pieces.
impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Self {
        let mut pieces = lex(text);
        let least =
            pieces.iter().position(|piece| piece.token == Token::Plus).and_then(|at| at.checked_sub(1));
        pieces.retain(|piece| piece.token != Token::Plus);
        Parser { text, pieces, at: 0, subject: None, tail: Tail::default(), least, errors: Vec::new() }
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
        if let Some((index, state, length)) = self.find_state() {
            return Some(Condition::State(self.state(index, state, length)));
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
        if let Some((operator, quantity)) = self.comparison() {
            return (Some(operator), quantity);
        }
        let start = self.quantity_start();
        let operator = (self.least == Some(start)).then_some(Operator::AtLeast);
        let quantity = self.bare_quantity();
        (operator, self.in_range(operator, quantity, start))
    }

    fn comparison(&mut self) -> Option<(Operator, Option<Quantity>)> {
        let index = self.find_operator()?;
        let (Token::Sign(operator) | Token::Phrase(operator)) = self.token(index)? else {
            return None;
        };
        self.lead(index);
        self.at = index + 1;
        self.skip(&["of"]);
        let quantity = self.quantity(index);
        Some((operator, self.in_range(Some(operator), quantity, index)))
    }

    /// The quantity, unless no measure or every measure meets it.
    fn in_range(
        &mut self,
        operator: Option<Operator>,
        quantity: Option<Quantity>,
        start: usize,
    ) -> Option<Quantity> {
        let quantity = quantity?;
        let Some(doubt) = range::doubt(operator, &quantity, self.subject.as_deref()) else {
            return Some(quantity);
        };
        self.report(&(start..self.at), doubt);
        None
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
        self.lead(start);
        self.at = start;
        self.quantity(start)
    }

    /// The number behind a colon, else the first number, else the end.
    fn quantity_start(&self) -> usize {
        let behind_colon = |index: &usize| {
            let before = index.checked_sub(1).and_then(|before| self.token(before));
            before == Some(Token::Colon) && self.token(*index) == Some(Token::Number)
        };
        let mut all = 0..self.count();
        all.find(behind_colon).unwrap_or_else(|| self.first(Token::Number))
    }

    /// A sign is always an operator, unless it belongs to `for > 5m`.
    fn find_operator(&self) -> Option<usize> {
        let sign = |index: &usize| matches!(self.token(*index), Some(Token::Sign(_)));
        let mut signs = (0..self.count()).filter(sign);
        signs.find(|index| !self.is_behind_clause(*index)).or_else(|| self.find_phrase())
    }

    /// Words are an operator where they can be no part of `20% over baseline`:
    /// before the first number, or right before a number that no percentage precedes.
    fn find_phrase(&self) -> Option<usize> {
        let number = self.first(Token::Number);
        let percent = if number == 0 { 0 } else { self.first(Token::Percent) };
        let phrase = |index: &usize| matches!(self.token(*index), Some(Token::Phrase(_)));
        let mut phrases = (0..percent).filter(phrase).filter(|index| !self.is_behind_clause(*index));
        let limits = |index: &usize| self.token(*index + 1) == Some(Token::Number);
        let early = |index: &usize| *index < number;
        phrases.clone().find(limits).or_else(|| phrases.find(early))
    }

    fn first(&self, token: Token) -> usize {
        let mut all = 0..self.count();
        all.find(|index| self.token(*index) == Some(token)).unwrap_or(self.count())
    }

    /// The first of these tokens among some pieces, or the end of the pieces.
    pub(super) fn first_of(&self, mut pieces: Range<usize>, tokens: &[Token]) -> usize {
        let end = pieces.end;
        let is = |index: &usize| self.token(*index).is_some_and(|token| tokens.contains(&token));
        pieces.find(is).unwrap_or(end)
    }

    fn is_behind_clause(&self, index: usize) -> bool {
        index > 0 && self.is_word(index - 1, &["for", "within"])
    }

    /// Takes the words before a condition, which must not hold another condition.
    fn lead(&mut self, end: usize) {
        let words = 0..end;
        self.subject = self.subject_of(&words);
        let crowded = |index| matches!(self.token(index), Some(Token::Percent | Token::Sign(_)));
        if words.clone().any(crowded) || self.lists(&words) {
            self.report(&words, Kind::SecondCondition);
        } else if self.negates(&words) {
            self.report(&words, Kind::Negated);
        }
        self.refuse_baseline(&words);
    }

    /// Whether words negate the condition beside them: to take them for the name of what is measured would turn it into
    /// its opposite.
    fn negates(&self, words: &Range<usize>) -> bool {
        const BETWEEN: &[&str] = &[
            "is",
            "are",
            "be",
            "was",
            "were",
            "been",
            "being",
            "must",
            "should",
            "may",
            "can",
            "will",
            "yet",
            "longer",
            "ever",
            "currently",
            "to",
            "it",
            "fall",
            "falls",
            "drop",
            "drops",
            "rise",
            "rises",
            "go",
            "goes",
            "get",
            "gets",
            "stay",
            "stays",
            "remain",
            "remains",
            "become",
            "becomes",
        ];
        const NEGATIONS: &[&str] =
            &["not", "never", "no", "nor", "cannot", "neither", "none", "without", "unless"];
        let mut last = words.end;
        while last > words.start && (self.is_word(last - 1, BETWEEN) || self.word(last - 1) == ":") {
            last -= 1;
        }
        let negates = |word: &str| {
            let word = word.to_ascii_lowercase().replace('\u{2019}', "'");
            NEGATIONS.contains(&word.as_str())
                || word.ends_with("n't")
                || word.ends_with(['!', '\u{00AC}', '~'])
        };
        let is_negated = last > words.start && negates(self.word(last - 1));
        // `no errors`, but not `no data`, which is a state.
        let is_none_of =
            self.is_word(words.start, &["no"]) && last > words.start && self.state_at(words.start).is_none();
        is_negated || is_none_of || words.clone().any(|index| self.is_word(index, &["unless"]))
    }

    /// Whether a comma parts these words, other than in parentheses.
    fn lists(&self, words: &Range<usize>) -> bool {
        let mut tokens = words.clone().map_while(|index| self.token(index));
        let open = tokens.clone().position(|token| token == Token::Open);
        let comma = tokens.position(|token| token == Token::Comma);
        comma.is_some_and(|comma| open.is_none_or(|open| comma < open))
    }

    /// Reports a baseline among words, where no reader of thresholds would look for it.
    pub(super) fn refuse_baseline(&mut self, words: &Range<usize>) {
        if words.clone().any(|index| self.is_word(index, &["baseline"])) {
            self.report(words, Kind::MisplacedBaseline);
        }
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

    /// The last words for a state before the first clause and outside parentheses, with how many they are;
    /// a text that begins with a number names a quantity instead.
    fn find_state(&self) -> Option<(usize, State, usize)> {
        if self.token(0) == Some(Token::Number) {
            return None;
        }
        let mut depth = 0_usize;
        let mut found = None;
        let mut index = 0;
        while index < self.count() {
            match self.token(index) {
                Some(Token::Open) => depth += 1,
                Some(Token::Close) => depth = depth.saturating_sub(1),
                _ if depth > 0 => {}
                _ if self.clause(index).is_some() => break,
                _ => {
                    if let Some((state, length)) = self.state_at(index) {
                        found = Some((index, state, length));
                        index += length - 1;
                    }
                }
            }
            index += 1;
        }
        found
    }

    /// The state whose words begin at an index, and how many they are; of several the longest.
    fn state_at(&self, index: usize) -> Option<(State, usize)> {
        let is_word = self.token(index) == Some(Token::Word);
        if !is_word || !(LEAST..=MOST).contains(&self.word(index).len()) {
            return None;
        }
        let all = State::WORDS.iter().flat_map(|(state, words)| words.iter().map(|words| (*state, *words)));
        let fitting = all.filter_map(|(state, words)| Some((state, self.phrase_at(index, words)?)));
        fitting.max_by_key(|(_, length)| *length)
    }

    /// How many words a phrase has, if it begins at an index.
    fn phrase_at(&self, index: usize, phrase: &str) -> Option<usize> {
        let mut words = phrase.split(' ').enumerate();
        words.all(|(at, word)| self.is_word(index + at, &[word])).then(|| phrase.split(' ').count())
    }

    fn state(&mut self, index: usize, state: State, length: usize) -> State {
        self.lead(index);
        self.at = index + length;
        let behind = self.words();
        self.place_subject(&behind);
        state
    }

    /// Words behind a condition say what is measured, if nothing else has.
    pub(super) fn place_subject(&mut self, pieces: &Range<usize>) {
        self.refuse_baseline(pieces);
        let percent = |index| self.token(index) == Some(Token::Percent);
        let names = self.token(pieces.start) == Some(Token::Word)
            && !pieces.clone().any(percent)
            && !self.negates(pieces);
        match self.subject_of(pieces) {
            None => {}
            subject @ Some(_) if self.subject.is_none() && names => self.subject = subject,
            Some(_) => self.report(pieces, Kind::UnexpectedText),
        }
    }
}
