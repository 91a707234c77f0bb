//! What a field asks for: which change of it asks for less.
//!
//! The order stands beside the field, in its table, so that whoever adds a field says at the same place what a change
//! of it means for a gate. A test names every field of which nobody said so.

use super::Choice;
use super::value::split_note;

/// Which change of a field asks for less than before.
#[derive(Debug, Clone, Copy)]
pub enum Order {
    /// It was never said, and a test fails.
    Unstated,
    /// No gate and no rule asks for it.
    Nothing,
    /// It must be there.
    Presence,
    /// Once it is stated, any other value may prove something else.
    Exact,
    /// The same for a word of a few, which is given in its usual form.
    Word(fn(&str) -> Option<&'static str>),
    /// It decides what counts, so that stating it may change that, too.
    Identity,
    /// A yes asks for more than a no.
    Yes,
    /// A yes is a permission: a no asks for more.
    No,
    /// A minimum: less than before asks for less, and its absence asks for nothing.
    AtLeast,
    /// A maximum: more than before asks for less, and its absence sets no limit.
    AtMost,
    /// Words, each with a rank: the higher the more is asked for.
    Ranked(fn(&str) -> Option<u8>),
    /// A condition that must be met, as a threshold or in words.
    Requirement,
    /// A condition that starts something: the sooner it is met, the more it asks for.
    Trigger,
    /// A span of time that must be watched.
    Window,
    /// A list, each item of which asks for something.
    Each,
    /// The same, where the absence of the list stands for everything.
    EachOrAll,
    /// A list of which the number of items counts, whatever their wording.
    Count,
    /// A list, each item of which permits something.
    Permits,
    /// The same, where the absence of the list permits everything.
    PermitsOrAll,
    /// Globs, which must go on to choose what they chose.
    Globs,
    /// A mapping, whose fields ask.
    Inside,
    /// A mapping that permits something.
    Grant,
    /// A list of mappings, told apart by this field; each asks for something.
    Records(&'static str),
    /// A list of mappings, told apart by this field; each permits something.
    Grants(&'static str),
    /// Gates select entries by it: what falls out of a gate asks for less.
    Selects,
    /// Links, which are compared for the whole entry.
    Links,
}

/// Values of which some ask for more than others.
pub trait Strictness: Choice {
    /// How much a value asks for; the higher the more.
    fn rank(self) -> u8;
}

/// The order of a field that takes the words of `T`, perhaps with a remark behind them.
pub const fn ranked<T: Strictness>() -> Order {
    Order::Ranked(rank_of_word::<T>)
}

/// The order of a field that takes the words of `T`, each of which asks for something else.
pub const fn word_of<T: Choice>() -> Order {
    Order::Word(usual_spelling::<T>)
}

/// The word that is shown for the value that a text names.
pub(super) fn usual_spelling<T: Choice>(word: &str) -> Option<&'static str> {
    split_note(word, T::from_word).map(|(value, _)| value.word())
}

fn rank_of_word<T: Strictness>(word: &str) -> Option<u8> {
    split_note(word, T::from_word).map(|(value, _)| value.rank())
}
