//! Words of a threshold that narrow what is measured: `in eu-west`, `in 3 of 5 minutes`.
//!
//! Only the query of a metric can narrow what is measured. Words that do so in a threshold are either said of the metric, too,
//! or nothing would come of them.

use crate::model::threshold::Quantity;

/// What a metric says of itself in words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stated<'p> {
    /// Its title.
    pub(super) title: &'p str,
    /// Its unit.
    pub(super) unit: Option<&'p str>,
}

impl Stated<'_> {
    fn says(&self, words: &str) -> bool {
        let words = words.to_lowercase();
        [Some(self.title), self.unit].into_iter().flatten().any(|text| text.to_lowercase().contains(&words))
    }
}

/// Words that any measurement may have in its name.
const GENERAL: &[&str] = &[
    "average",
    "avg",
    "count",
    "fraction",
    "level",
    "mean",
    "metric",
    "number",
    "of",
    "per",
    "percentage",
    "rate",
    "ratio",
    "share",
    "the",
    "time",
    "total",
    "usage",
    "value",
];

/// The name of what is measured, if it has a word that the metric has not: then the threshold is about something else.
pub(super) fn other_subject<'t>(
    subject: Option<&'t str>,
    stated: &Stated<'_>,
    query: &str,
) -> Option<&'t str> {
    // A metric without a title says nothing that a name could contradict.
    let subject = subject.filter(|_| !stated.title.trim().is_empty())?.trim();
    let query = query.to_lowercase();
    let is_known = |word: &str| {
        let word = word.to_lowercase();
        let one = word.strip_suffix('s').filter(|one| one.len() > 2).unwrap_or(&word);
        // A percentile is a quantile of the query: `p95` is `0.95`.
        let percentile = word.strip_prefix('p').filter(|rest| rest.parse::<u16>().is_ok());
        let is_quantile = percentile.is_some_and(|digits| query.contains(&format!("0.{digits}")));
        GENERAL.contains(&word.as_str()) || stated.says(one) || query.contains(one) || is_quantile
    };
    let words = subject.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.into_iter().any(|word| !is_known(word)).then_some(subject)
}

/// Words that begin a restriction of what stands before them.
const PREPOSITIONS: &[&str] = &[
    "above",
    "across",
    "after",
    "among",
    "at",
    "before",
    "below",
    "between",
    "by",
    "during",
    "except",
    "excluding",
    "from",
    "if",
    "in",
    "including",
    "inside",
    "on",
    "only",
    "outside",
    "over",
    "since",
    "to",
    "under",
    "until",
    "via",
    "when",
    "where",
    "while",
    "with",
    "without",
];

/// The restriction in the name of what is measured, unless the metric says the same.
///
/// A name may have prepositions, such as `time to first byte`. One that begins with one is no name, and one with a number
/// behind it counts or places something.
pub(super) fn of_subject(subject: Option<&str>, stated: &Stated<'_>) -> Option<String> {
    let found = restriction(subject?)?;
    let is_name =
        found.len() < subject?.trim().len() && !found.contains(|letter: char| letter.is_ascii_digit());
    (!is_name && !stated.says(found)).then(|| found.to_owned())
}

/// The restriction in what a quantity counts, unless the metric says the same.
pub(super) fn of_quantity(quantity: &Quantity, stated: &Stated<'_>) -> Option<String> {
    let words = match quantity {
        Quantity::Ratio { of, .. } => of,
        Quantity::Value { unit: Some(unit), .. } => unit,
        _ => return None,
    };
    let found = restriction(words)?;
    (!stated.says(found)).then(|| found.to_owned())
}

/// The text from its first preposition on.
fn restriction(text: &str) -> Option<&str> {
    let text = text.trim();
    let mut at = 0;
    for word in text.split_whitespace() {
        let start = at + text[at..].find(word)?;
        if PREPOSITIONS.iter().any(|preposition| preposition.eq_ignore_ascii_case(word)) {
            return Some(&text[start..]);
        }
        at = start + word.len();
    }
    None
}
