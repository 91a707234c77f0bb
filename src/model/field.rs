//! What a field is called and what it holds: the one table that reading,
//! did-you-mean, the JSON Schema and the reference are made from, and by which two
//! plans are compared.

use super::order::{Order, usual_spelling};

/// A field of a family.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The key, in lower case with underscores.
    pub name: &'static str,
    /// Other keys that mean the same.
    pub aliases: &'static [&'static str],
    /// What it holds.
    pub shape: Shape,
    /// What it is for, in one sentence.
    pub about: &'static str,
    /// Whether it says how things stand, and not what is planned: an approval of the plan outlives it.
    pub progress: bool,
    /// Which change of it asks for less.
    pub asks: Order,
    /// What its absence stands for, if that is always the same.
    pub absent: Option<&'static str>,
}

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A text of any length.
    Text,
    /// One of these words, perhaps with a remark behind it.
    Choice(fn() -> Choices),
    /// Yes or no, perhaps with a remark behind it.
    Flag,
    /// A day: `2027-03-01`.
    Date,
    /// A day with a time and an offset.
    Moment,
    /// A number.
    Number,
    /// A share: `40 %`.
    Percentage,
    /// A span of time: `5m`.
    Duration,
    /// A span between two moments: `0h..2h`.
    Window,
    /// A condition on a metric: `> 2% of requests for 5m`.
    Threshold,
    /// A version after the SemVer specification: `"3.0.0"`.
    Version,
    /// Links to entries.
    Links,
    /// A text or a list of texts.
    List,
    /// A mapping, or a list of mappings, with keys of its own.
    Structure(&'static [Field]),
    /// A mapping from names to texts or mappings, or a list of mappings that have a name.
    Named {
        /// The names that have a meaning; the writer chooses others.
        known: &'static [Field],
        /// The keys of each mapping.
        each: &'static [Field],
    },
    /// A mapping with keys that the writer chooses.
    Free,
}

impl Field {
    /// A field with this key and shape.
    pub const fn new(name: &'static str, shape: Shape, about: &'static str) -> Field {
        Field { name, aliases: &[], shape, about, progress: false, asks: Order::Unstated, absent: None }
    }

    /// The same field, known by other keys too.
    pub const fn or(mut self, aliases: &'static [&'static str]) -> Field {
        self.aliases = aliases;
        self
    }

    /// The same field, which says how things stand.
    pub const fn progress(mut self) -> Field {
        self.progress = true;
        // Progress asks for nothing, unless something else is said of it.
        if matches!(self.asks, Order::Unstated) {
            self.asks = Order::Nothing;
        }
        self
    }

    /// The same field, of which it is said which change asks for less.
    pub const fn asks(mut self, order: Order) -> Field {
        self.asks = order;
        self
    }

    /// The same field, whose absence means the same as this value.
    pub const fn absent(mut self, value: &'static str) -> Field {
        self.absent = Some(value);
        self
    }

    /// Whether `key`, without separators and in lower case, names this field.
    pub fn is(&self, key: &str) -> bool {
        names(self.name, key) || self.aliases.iter().any(|alias| names(alias, key))
    }
}

/// The words that a field takes.
#[derive(Debug, Clone)]
pub struct Choices {
    /// The word that is shown for each value.
    pub words: Vec<&'static str>,
    /// Other words that are understood.
    pub synonyms: Vec<&'static str>,
    /// The word that is shown for the value that a text names, a remark behind it left aside.
    pub usual: fn(&str) -> Option<&'static str>,
}

/// The words of a choice, for [`Shape::Choice`].
pub fn choices<T: super::Choice>() -> Choices {
    Choices {
        words: words::<T>(),
        synonyms: T::SYNONYMS.iter().map(|(word, _)| *word).collect(),
        usual: usual_spelling::<T>,
    }
}

/// The words that are shown for the values of a choice.
pub fn words<T: super::Choice>() -> Vec<&'static str> {
    T::WORDS.iter().map(|(word, _)| *word).collect()
}

/// Whether a name, with underscores, is a key that has none.
pub fn names(name: &str, key: &str) -> bool {
    let mut key = key.bytes();
    name.bytes().filter(|&byte| byte != b'_').all(|byte| key.next() == Some(byte)) && key.next().is_none()
}
