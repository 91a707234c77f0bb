//! The names of entries: `DEP-001`, `EPIC-02b`, `BR-FEA-001`, `DEP-003-error-rate`.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::num::NonZeroU8;

/// The longest prefix of an id, in bytes.
pub const LONGEST_PREFIX: usize = 15;

/// What stands before the number: a family such as `DEP`, or several parts such as `BR-FEA`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefix {
    // Inline, because a plan holds hundreds of thousands of ids.
    bytes: [u8; LONGEST_PREFIX],
    // Never 0, which leaves that value to whatever holds an id or something else.
    length: NonZeroU8,
}

impl Prefix {
    /// A prefix of upper-case letters and digits, parts joined by hyphens.
    pub fn new(text: &str) -> Option<Self> {
        let well_formed = text.split('-').enumerate().all(|(index, part)| {
            let mut characters = part.bytes();
            let first = characters.next();
            let begins =
                first.is_some_and(|byte| byte.is_ascii_uppercase() || (index > 0 && byte.is_ascii_digit()));
            begins
                && characters.all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        });
        let length = NonZeroU8::new(u8::try_from(text.len()).ok()?)?;
        if !well_formed || text.len() > LONGEST_PREFIX {
            return None;
        }
        let mut bytes = [0; LONGEST_PREFIX];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Some(Prefix { bytes, length })
    }

    /// The prefix as written.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.length.get())]).unwrap_or_default()
    }

    /// Whether its last part is a number, as in `CVE-2024`: an id behind it may
    /// as well be a range, `API-001-020`.
    pub fn ends_in_number(&self) -> bool {
        self.as_str().rsplit_once('-').is_some_and(|(_, part)| part.bytes().all(|byte| byte.is_ascii_digit()))
    }

    /// The part before the first hyphen: a `BR-FEA` is a kind of `BR`.
    pub fn head(&self) -> &str {
        let text = self.as_str();
        text.split_once('-').map_or(text, |(head, _)| head)
    }
}

impl fmt::Debug for Prefix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), formatter)
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// The name of an entry. Identity is prefix, number and letter: `EPIC-1`,
/// `EPIC-001` and `EPIC-01-login` are one entry.
#[derive(Debug, Clone, Copy)]
pub struct Id {
    /// What stands before the number.
    pub prefix: Prefix,
    /// The number.
    pub number: u32,
    // The byte of a small letter that follows the number, or 0: a `char` would
    // make every link of a plan wider.
    letter: u8,
    /// With how many digits the number was written.
    pub width: u8,
}

impl Id {
    /// A small letter that follows the number, as in `EPIC-02b`.
    pub fn letter(&self) -> Option<char> {
        (self.letter != 0).then(|| char::from(self.letter))
    }

    fn identity(&self) -> (Prefix, u32, u8) {
        (self.prefix, self.number, self.letter)
    }

    /// An id without a letter, whose number has at least `width` digits.
    pub fn new(prefix: Prefix, number: u32, width: u8) -> Id {
        Id { prefix, number, letter: 0, width }
    }

    /// The same id with another number, written as wide as this one.
    pub fn with_number(self, number: u32) -> Id {
        Id { number, letter: 0, ..self }
    }

    /// The id of another family with the same number and letter.
    pub fn of_family(self, prefix: Prefix) -> Id {
        Id { prefix, ..self }
    }

    /// The same id with a small letter behind its number.
    pub fn with_letter(self, letter: char) -> Id {
        let letter = u8::try_from(letter).ok().filter(u8::is_ascii_lowercase);
        Id { letter: letter.unwrap_or(0), ..self }
    }

    /// The ids that one slip of the pen makes of this one: a digit more, less or
    /// wrong, two digits swapped, or the letter behind them. Two slips would make
    /// nearly any number of a family of it, and so would a wrong digit where the
    /// number has only one.
    pub fn one_slip_away(self) -> Vec<Id> {
        let digits = format!("{:0width$}", self.number, width = usize::from(self.width));
        let mut found: Vec<Id> = (0..=digits.len())
            .flat_map(|at| slips(&digits, at))
            .filter_map(|text| {
                let id = self.sibling(&text)?;
                Some(Id { letter: self.letter, ..id })
            })
            .collect();
        found.push(Id { letter: 0, ..self });
        found.extend((b'a'..=b'z').map(|letter| Id { letter, ..self }));
        found.retain(|id| *id != self && !(id.number < 10 && self.number < 10 && id.number != self.number));
        found
    }

    /// `text`, which is this id in other letters or with other digits, as this
    /// id would be written: a slug behind it stays.
    pub fn respell(self, text: &str) -> String {
        let slug = numbers(text).rev().find_map(|(at, part)| {
            let (prefix, slug) = (&text[..at - 1], &text[at + part.len()..]);
            prefix.eq_ignore_ascii_case(self.prefix.as_str()).then_some(slug)
        });
        format!("{self}{}", slug.unwrap_or(""))
    }

    /// The entry of the same family that `text`, digits and perhaps a letter, stands for.
    pub(super) fn sibling(self, text: &str) -> Option<Id> {
        let (digits, letter) = number_and_letter(text)?;
        Some(Id {
            prefix: self.prefix,
            number: digits.parse().ok().filter(|_| digits.len() <= 9)?,
            letter,
            width: u8::try_from(digits.len()).unwrap_or(u8::MAX),
        })
    }
}

/// What becomes of digits if one slip happens at a place.
fn slips(digits: &str, at: usize) -> impl Iterator<Item = String> {
    let (before, behind) = digits.split_at(at);
    let rest = behind.get(1..);
    let swapped = behind.get(..2).map(|two| {
        let (first, second) = two.split_at(1);
        format!("{before}{second}{first}{}", &behind[2..])
    });
    let less = rest.map(|rest| format!("{before}{rest}"));
    let other = (0..=9).flat_map(move |digit| {
        let wrong = rest.map(|rest| format!("{before}{digit}{rest}"));
        wrong.into_iter().chain([format!("{before}{digit}{behind}")])
    });
    swapped.into_iter().chain(less).chain(other)
}

impl PartialEq for Id {
    fn eq(&self, other: &Id) -> bool {
        self.identity() == other.identity()
    }
}

impl Eq for Id {}

impl Hash for Id {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // The number varies most; the prefix is hashed as two words.
        state.write_u32(self.number);
        state.write_u8(self.letter);
        for word in self.prefix.bytes.chunks(8) {
            let mut bytes = [0; 8];
            bytes[..word.len()].copy_from_slice(word);
            state.write_u64(u64::from_le_bytes(bytes));
        }
    }
}

impl PartialOrd for Id {
    fn partial_cmp(&self, other: &Id) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Id {
    fn cmp(&self, other: &Id) -> std::cmp::Ordering {
        self.identity().cmp(&other.identity())
    }
}

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = format!("{}-{:0width$}", self.prefix, self.number, width = usize::from(self.width));
        text.extend(self.letter());
        formatter.pad(&text)
    }
}

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdError {
    /// Right but for small letters in its prefix, or a capital behind its
    /// number; this is what was meant.
    LetterCase(Id),
    /// A placeholder from a template, such as `DEP-XXX`.
    Placeholder,
    /// A prefix without a number, such as `TEST-` or `TEST-*`.
    NumberMissing,
    /// A number of more than nine digits.
    NumberTooLong,
    /// A prefix longer than [`LONGEST_PREFIX`].
    PrefixTooLong,
    /// Nothing like an id.
    NotAnId,
}

impl IdError {
    /// What is wrong, to follow the text in a sentence.
    pub fn words(&self) -> String {
        match self {
            IdError::LetterCase(id) => format!("must be spelt `{id}`"),
            IdError::Placeholder => "is a placeholder from a template".into(),
            IdError::NumberMissing => "has no number".into(),
            IdError::NumberTooLong => "has a number of more than nine digits".into(),
            IdError::PrefixTooLong => format!("has a prefix of more than {LONGEST_PREFIX} characters"),
            IdError::NotAnId => "is not an id such as `DEP-001`".into(),
        }
    }
}

/// The id that a text which is none was probably meant to be: `DEP 001`, `DEP_001`, `dep001`.
pub fn nearest(text: &str) -> Option<Id> {
    let number = text.find(|character: char| character.is_ascii_digit())?;
    let prefix = text[..number].trim_end_matches([' ', '_', '-', '–', '—', '\u{2011}', '#', '.', ':']);
    let number = text[number..].trim_end_matches(['.', ':']);
    let letters = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_alphabetic());
    let id = parse(&format!("{}-{}", prefix.to_ascii_uppercase(), number.to_ascii_lowercase())).ok();
    id.filter(|_| letters)
}

/// Reads a whole text as an id.
///
/// The number is the last part of digits (with at most one letter after them)
/// that leaves a prefix before it; parts after it are a slug that is not part
/// of the identity.
pub fn parse(text: &str) -> Result<Id, IdError> {
    match parse_strict(text) {
        Err(IdError::NotAnId) => Err(in_other_letters(text)),
        result => result,
    }
}

fn parse_strict(text: &str) -> Result<Id, IdError> {
    let mut wrong = None;
    for (turn, (at, part)) in numbers(text).rev().enumerate() {
        let slug = &text[at + part.len()..];
        // Further to the right no prefix is short enough, so a text of a
        // million hyphens is not looked at a million times.
        if turn > 0 && (at > LONGEST_PREFIX + 1 || !is_plain(slug)) {
            continue;
        }
        match assemble(&text[..at - 1], part, slug) {
            Ok(id) => return Ok(id),
            Err(error) => _ = wrong.get_or_insert(error),
        }
    }
    Err(wrong.unwrap_or_else(|| without_number(text)))
}

/// The parts behind a hyphen that may be the number, with the byte that each begins at.
fn numbers(text: &str) -> impl DoubleEndedIterator<Item = (usize, &str)> {
    let place = |part: &str| part.as_ptr().addr() - text.as_ptr().addr();
    text.split('-')
        .map(move |part| (place(part), part))
        .filter(|(at, part)| *at > 0 && part.starts_with(|first: char| first.is_ascii_digit()))
}

fn assemble(prefix: &str, number: &str, slug: &str) -> Result<Id, IdError> {
    let (digits, letter) = number_and_letter(number).ok_or(IdError::NotAnId)?;
    if !is_slug(slug) {
        return Err(IdError::NotAnId);
    }
    let Some(prefix) = Prefix::new(prefix) else {
        let long = prefix.len() > LONGEST_PREFIX
            && prefix.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-');
        return Err(if long { IdError::PrefixTooLong } else { IdError::NotAnId });
    };
    if digits.len() > 9 {
        return Err(IdError::NumberTooLong);
    }
    Ok(Id {
        prefix,
        number: digits.parse().map_err(|_| IdError::NumberTooLong)?,
        letter,
        width: u8::try_from(digits.len()).unwrap_or(u8::MAX),
    })
}

/// What a text that is no id would be with other small and capital letters.
fn in_other_letters(text: &str) -> IdError {
    let near = numbers(text).take_while(|(at, _)| *at <= LONGEST_PREFIX + 1);
    let meant = near.into_iter().find_map(|(at, part)| {
        let (prefix, slug) = (&text[..at - 1], &text[at + part.len()..]);
        let number = part.to_ascii_lowercase();
        let id = assemble(&prefix.to_ascii_uppercase(), &number, slug).ok();
        id.filter(|_| is_plain(slug) && !prefix.split('-').any(|part| part == "to"))
    });
    match meant {
        Some(id) => IdError::LetterCase(id),
        None => without_number(&text.to_ascii_uppercase()),
    }
}

/// The digits of `02b` and its letter, or 0 for none.
fn number_and_letter(part: &str) -> Option<(&str, u8)> {
    let (digits, rest) = part.split_at(part.bytes().take_while(u8::is_ascii_digit).count());
    match rest.as_bytes() {
        _ if digits.is_empty() => None,
        [] => Some((digits, 0)),
        [letter] if letter.is_ascii_lowercase() => Some((digits, *letter)),
        _ => None,
    }
}

/// Whether this may stand behind the number: nothing, or `-error-rate-2`.
fn is_slug(text: &str) -> bool {
    let Some(slug) = text.strip_prefix('-') else { return text.is_empty() };
    let word = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    slug.starts_with(|first: char| first.is_ascii_alphabetic()) && slug.split('-').all(word)
}

/// Whether what follows a number is no other id, as in a range that was written with hyphens.
fn is_plain(slug: &str) -> bool {
    let small = || !slug.bytes().any(|byte| byte.is_ascii_uppercase());
    numbers(slug).next().is_none() || (!slug.starts_with("-to-") && small())
}

fn without_number(text: &str) -> IdError {
    let Some((prefix, rest)) = text.rsplit_once('-') else {
        return IdError::NotAnId;
    };
    if Prefix::new(prefix).is_none() {
        return IdError::NotAnId;
    }
    match rest {
        "" | "*" => IdError::NumberMissing,
        _ if rest.bytes().all(|byte| matches!(byte, b'X' | b'x' | b'N' | b'n' | b'?' | b'#')) => {
            IdError::Placeholder
        }
        _ => IdError::NotAnId,
    }
}

/// Every text in `prose` that has the form of an id, with its byte range; in `API-001/101/006` also each number
/// behind a slash.
///
/// Whether it names an entry is for the caller to find out: `UTF-8` has that form too.
pub fn find_in(prose: &str) -> impl Iterator<Item = (Id, std::ops::Range<usize>)> + '_ {
    let mut whole = find_whole(prose);
    let mut last: Option<(Id, usize)> = None;
    std::iter::from_fn(move || {
        let behind = last.take().and_then(|(id, end)| sibling_behind(prose, id, end));
        let found = behind.or_else(|| whole.next())?;
        last = Some((found.0, found.1.end));
        Some(found)
    })
}

/// Whether the text between two ids makes a range of them: `DEP-101 to DEP-111`.
pub fn joins_range(between: &str) -> bool {
    matches!(between.trim(), "to" | "through" | "thru" | "until" | ".." | "..." | "–" | "—" | "…")
        || (between.trim() == "-" && between.starts_with(' ') && between.ends_with(' '))
}

/// The number behind a slash that stands behind an id, if it is as wide as that of the id: `/006`. A path goes on.
fn sibling_behind(prose: &str, id: Id, end: usize) -> Option<(Id, std::ops::Range<usize>)> {
    let rest = prose.get(end..)?.strip_prefix('/')?;
    let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let (number, behind) = rest.split_at(length);
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let goes_on = behind.starts_with(['-', '_', '.', ':']) && behind[1..].starts_with(char::is_alphanumeric);
    let sibling = id.sibling(number).filter(|_| digits == usize::from(id.width) && digits > 1 && !goes_on)?;
    Some((sibling, end + 1..end + 1 + length))
}

fn find_whole(prose: &str) -> impl Iterator<Item = (Id, std::ops::Range<usize>)> + '_ {
    let bytes = prose.as_bytes();
    let mut from = 0;
    std::iter::from_fn(move || {
        while let Some(hyphen) = memchr::memchr(b'-', bytes.get(from..)?).map(|at| from + at) {
            let part_of_id = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
            let start =
                from + bytes[from..hyphen].iter().rposition(|byte| !part_of_id(byte)).map_or(0, |at| at + 1);
            let token = |byte: &&u8| part_of_id(byte) || **byte == b'-';
            let end = hyphen + bytes[hyphen..].iter().take_while(token).count();
            from = end;
            // Most hyphens in prose join words; those are passed over quickly.
            if !bytes[start].is_ascii_uppercase() {
                continue;
            }
            let inside_a_word = prose[..start].chars().next_back().is_some_and(char::is_alphanumeric);
            let text = prose[start..end].trim_end_matches('-');
            if let (false, Ok(id)) = (inside_a_word, parse(text)) {
                return Some((id, start..start + text.len()));
            }
        }
        None
    })
}

#[cfg(test)]
mod tests;
