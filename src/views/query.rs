//! A condition on entries: `status != complete and owner ~ data`.
//!
//! `=` compares a value regardless of case, spaces, hyphens and underscores, `~` asks whether it contains a text, `<`
//! and its kin compare dates and numbers. A field alone asks whether it is stated. `not`, `and`, `or` and parentheses
//! join conditions; `not` binds most, `or` least.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::model::entry::HEADER;
use crate::model::field::{Choices, Field, Shape, names};
use crate::model::field_tables::field_tables;
use crate::model::reader::nearest_name;
use crate::model::value::{folded, split_note};
use crate::model::{Choice, Entry, Families, Kind, Plan, id, same_folded};
use crate::source::{Node, Pair, Value};

/// The fields and values that a condition may name.
#[derive(Debug)]
pub struct Vocabulary<'f> {
    families: &'f Families,
    /// The statuses that entries have; those of some families are words of the user's own.
    statuses: BTreeSet<String>,
}

impl<'f> Vocabulary<'f> {
    /// What the entries of a plan state, and the fields that `relplan.toml` declares.
    pub fn of(plan: &Plan<'_>, families: &'f Families) -> Self {
        let stated = plan.entries().iter().filter_map(|entry| entry.status());
        Vocabulary { families, statuses: stated.map(|status| folded(status).collect()).collect() }
    }

    /// Refuses a status that no entry has or could have.
    ///
    /// # Errors
    ///
    /// For a word that no family has as a status, and no entry either.
    pub fn status(&self, status: &str) -> Result<(), QueryError> {
        let parser = Parser { text: status, at: 0, vocabulary: self, depth: 0 };
        let shape = parser.shape_of(STATUS).unwrap_or(FieldShape::Any);
        let refused = parser.refuse_value(&shape, Operator::Is, status);
        refused.map_err(|(message, hint)| QueryError { column: 1, message, hint })
    }
}

/// The field in which a condition finds what any family calls status or state.
const STATUS: &str = "status";

/// A condition that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query(Condition);

/// Why a condition was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// Where in the text, in characters from 1.
    pub column: usize,
    /// What is wrong there.
    pub message: String,
    /// What to write.
    pub hint: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Condition {
    Any(Vec<Condition>),
    All(Vec<Condition>),
    Not(Box<Condition>),
    Stated(String),
    Compared { field: String, operator: Operator, value: String },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Is,
    IsNot,
    Contains,
    ContainsNot,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// The operators, the longer ones first.
const OPERATORS: &[(&str, Operator)] = &[
    ("!=", Operator::IsNot),
    ("!~", Operator::ContainsNot),
    ("<=", Operator::AtMost),
    (">=", Operator::AtLeast),
    ("==", Operator::Is),
    ("=", Operator::Is),
    ("~", Operator::Contains),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

/// What every entry has beside its fields.
const OF_ENTRIES: [&str; 5] = ["id", "family", "kind", "file", "line"];

impl Query {
    /// Reads a condition.
    ///
    /// # Errors
    ///
    /// At the first place that is no condition, names no field, or compares a field with a value that it cannot have.
    pub fn parse(text: &str, vocabulary: &Vocabulary<'_>) -> Result<Query, QueryError> {
        let mut parser = Parser { text, at: 0, vocabulary, depth: 0 };
        let condition = parser.any()?;
        parser.skip_spaces();
        match parser.rest().is_empty() {
            true => Ok(Query(condition)),
            false => Err(parser.error("unexpected text", "join conditions with `and` or `or`")),
        }
    }

    /// Whether an entry meets the condition.
    pub fn passes(&self, subject: &Subject<'_, '_>) -> bool {
        self.0.holds(subject)
    }
}

/// The fields that a list shows of each entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns(Vec<String>);

impl Columns {
    /// Reads names of fields, separated by commas, such as `id, title, due`.
    ///
    /// # Errors
    ///
    /// At the first name that is no field.
    pub fn parse(text: &str, vocabulary: &Vocabulary<'_>) -> Result<Columns, QueryError> {
        let mut parser = Parser { text, at: 0, vocabulary, depth: 0 };
        let mut names = Vec::new();
        loop {
            names.push(parser.field()?);
            parser.skip_spaces();
            match parser.rest().chars().next() {
                None => return Ok(Columns(names)),
                Some(',') => parser.at += 1,
                Some(_) => return Err(parser.error("unexpected text", "separate fields with commas")),
            }
        }
    }

    /// The names, in their order.
    pub fn names(&self) -> &[String] {
        &self.0
    }
}

/// An entry as a condition sees it.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a, 's> {
    /// The entry.
    pub entry: &'a Entry<'s>,
    /// Its keys and values.
    pub pairs: &'a [Pair<'s>],
    /// The name of its file.
    pub file: &'a str,
    /// The line of its id, from 1.
    pub line: usize,
}

impl Subject<'_, '_> {
    /// The values of a field; none if it is not stated.
    pub fn values(&self, field: &str) -> Vec<String> {
        match field {
            "id" => vec![self.entry.id.value.to_string()],
            "family" => vec![self.entry.id.value.prefix.to_string()],
            "kind" => vec![kind(self.entry)],
            "file" => vec![self.file.to_owned()],
            "line" => vec![self.line.to_string()],
            "status" | "state" => self.entry.status().map(str::to_owned).into_iter().collect(),
            // Both may be stated for a whole file, or in another way.
            "title" => {
                Some(self.entry.title().to_owned()).filter(|title| !title.is_empty()).into_iter().collect()
            }
            "owner" => self.entry.owner.iter().map(|owner| owner.value.to_string()).collect(),
            field => {
                let same = |pair: &&Pair<'_>| pair.key.text().is_some_and(|key| is_named(field, key));
                let mut values = Vec::new();
                self.pairs.iter().filter(same).for_each(|pair| gather(&pair.value, &mut values));
                values
            }
        }
    }
}

/// A deployment item says which of the five kinds it is; other families speak for themselves.
pub fn kind(entry: &Entry<'_>) -> String {
    match &entry.kind {
        Kind::Dep(dep) => dep.dep_type().word().to_owned(),
        _ => entry.id.prefix.to_string(),
    }
}

/// Whether a key is that of a field, in whatever spelling or by another of its names.
fn is_named(field: &str, key: &str) -> bool {
    let key: String = folded(key).collect();
    let own: String = folded(field).collect();
    let tables = field_tables();
    let mut known = tables.iter().flat_map(|(_, fields)| *fields).filter(|known| known.is(&own));
    own == key || known.any(|known| known.is(&key))
}

/// The texts of a value and of everything in it.
fn gather(node: &Node<'_>, values: &mut Vec<String>) {
    match &node.value {
        Value::Scalar(_) if node.is_null() => {}
        Value::Scalar(scalar) => values.push(scalar.text.trim().to_owned()),
        Value::Sequence(items) => items.iter().for_each(|item| gather(item, values)),
        Value::Mapping(pairs) => pairs.iter().for_each(|pair| gather(&pair.value, values)),
    }
}

impl Condition {
    fn holds(&self, subject: &Subject<'_, '_>) -> bool {
        match self {
            Condition::Any(conditions) => conditions.iter().any(|condition| condition.holds(subject)),
            Condition::All(conditions) => conditions.iter().all(|condition| condition.holds(subject)),
            Condition::Not(condition) => !condition.holds(subject),
            Condition::Stated(field) => subject.values(field).iter().any(|value| !value.is_empty()),
            Condition::Compared { field, operator, value } => {
                let values = subject.values(field);
                let any = |meets: &dyn Fn(&str) -> bool| values.iter().any(|stated| meets(stated));
                let spellings = spellings(subject.entry, field);
                let is = |stated: &str| is(stated, value) || mean_the_same(&spellings, stated, value);
                match operator {
                    Operator::Is => any(&is),
                    Operator::IsNot => !any(&is),
                    Operator::Contains => any(&|stated| contains(stated, value)),
                    Operator::ContainsNot => !any(&|stated| contains(stated, value)),
                    Operator::Less => any(&|stated| order(stated, value).is_some_and(|order| order.is_lt())),
                    Operator::AtMost => {
                        any(&|stated| order(stated, value).is_some_and(|order| order.is_le()))
                    }
                    Operator::Greater => {
                        any(&|stated| order(stated, value).is_some_and(|order| order.is_gt()))
                    }
                    Operator::AtLeast => {
                        any(&|stated| order(stated, value).is_some_and(|order| order.is_ge()))
                    }
                }
            }
        }
    }
}

/// Whether a stated value is the wanted one: the same word, perhaps with a remark behind it, or a link to the same id.
fn is(stated: &str, wanted: &str) -> bool {
    if same_folded(stated, wanted) {
        return true;
    }
    match id::parse(wanted) {
        Ok(id) => id::find_in(stated).any(|(found, _)| found == id),
        Err(_) => split_note(stated, |word| same_folded(word, wanted).then_some(())).is_some(),
    }
}

/// Whether the status of an entry is the wanted one, in any spelling that its family takes.
pub fn has_status(entry: &Entry<'_>, wanted: &str) -> bool {
    let same = |stated: &str| {
        same_folded(stated, wanted) || mean_the_same(&spellings(entry, STATUS), stated, wanted)
    };
    entry.status().is_some_and(same)
}

/// What a spelling of a value means: the word that is shown for it.
type Spelling = fn(&str) -> Option<&'static str>;

fn mean_the_same(spellings: &[Spelling], stated: &str, wanted: &str) -> bool {
    spellings.iter().any(|usual| usual(wanted).is_some_and(|wanted| usual(stated) == Some(wanted)))
}

/// What the spellings of a field's values mean in the family of an entry, if the field takes words of a few.
fn spellings(entry: &Entry<'_>, field: &str) -> Vec<Spelling> {
    let key: String = folded(field).collect();
    let is_status = matches!(&*key, STATUS | "state");
    let own = entry.kind.fields().iter().chain(HEADER);
    let meant = own.filter(|own| own.is(&key) || is_status && (own.is(STATUS) || own.is("state")));
    let choices = meant.filter_map(|field| match field.shape {
        Shape::Choice(choices) => Some(choices().usual),
        _ => None,
    });
    choices.collect()
}

fn contains(stated: &str, part: &str) -> bool {
    stated.to_lowercase().contains(&part.to_lowercase())
}

/// How a stated value compares with the wanted one: as dates, or as numbers.
fn order(stated: &str, wanted: &str) -> Option<std::cmp::Ordering> {
    match (day(stated), day(wanted)) {
        (Some(stated), Some(wanted)) => Some(stated.cmp(&wanted)),
        _ => number(stated)?.partial_cmp(&number(wanted)?),
    }
}

fn day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()
}

/// The number that a text begins with; its unit does not count.
fn number(text: &str) -> Option<f64> {
    let end = text
        .find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, '.' | '-' | '+'))
        .unwrap_or(text.len());
    text[..end].parse().ok()
}

/// How deep parentheses may be nested.
const DEEPEST: usize = 64;

struct Parser<'t> {
    text: &'t str,
    at: usize,
    vocabulary: &'t Vocabulary<'t>,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn skip_spaces(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn error(&self, message: impl Into<String>, hint: impl Into<String>) -> QueryError {
        let column = self.text[..self.at].chars().count() + 1;
        QueryError { column, message: message.into(), hint: hint.into() }
    }

    fn any(&mut self) -> Result<Condition, QueryError> {
        let mut conditions = vec![self.all()?];
        while self.keyword("or") {
            conditions.push(self.all()?);
        }
        Ok(if conditions.len() == 1 { conditions.remove(0) } else { Condition::Any(conditions) })
    }

    fn all(&mut self) -> Result<Condition, QueryError> {
        let mut conditions = vec![self.one()?];
        while self.keyword("and") {
            conditions.push(self.one()?);
        }
        Ok(if conditions.len() == 1 { conditions.remove(0) } else { Condition::All(conditions) })
    }

    fn one(&mut self) -> Result<Condition, QueryError> {
        if self.depth > DEEPEST {
            return Err(self.error("parentheses nested too deeply", "simplify the condition"));
        }
        self.depth += 1;
        let condition = self.single();
        self.depth -= 1;
        condition
    }

    fn single(&mut self) -> Result<Condition, QueryError> {
        if self.keyword("not") {
            return Ok(Condition::Not(Box::new(self.one()?)));
        }
        self.skip_spaces();
        if self.rest().starts_with('(') {
            self.at += 1;
            let inner = self.any()?;
            self.skip_spaces();
            if !self.rest().starts_with(')') {
                return Err(self.error("`)` is missing", "close each parenthesis"));
            }
            self.at += 1;
            return Ok(inner);
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Condition, QueryError> {
        self.skip_spaces();
        if self.word_ahead().is_empty() {
            return Err(self.error("a field is missing", "write a condition such as `owner ~ data`"));
        }
        let field = self.field()?;
        // It is known: `field` would have refused it.
        let shape = self.shape_of(&field).unwrap_or(FieldShape::Any);
        self.skip_spaces();
        let found = OPERATORS.iter().find(|(sign, _)| self.rest().starts_with(sign));
        let Some((sign, operator)) = found else { return Ok(Condition::Stated(field)) };
        self.at += sign.len();
        self.skip_spaces();
        let start = self.at;
        let value = self.value()?;
        self.refuse_value(&shape, *operator, &value).map_err(|(message, hint)| {
            let column = self.text[..start].chars().count() + 1;
            QueryError { column, message, hint }
        })?;
        Ok(Condition::Compared { field, operator: *operator, value })
    }

    /// A value that a field cannot have would match nothing, and look like a plan without such entries.
    fn refuse_value(
        &self,
        shape: &FieldShape<'_>,
        operator: Operator,
        value: &str,
    ) -> Result<(), (String, String)> {
        match operator {
            Operator::Less | Operator::AtMost | Operator::Greater | Operator::AtLeast => {
                match day(value).is_some() || number(value).is_some() {
                    true => Ok(()),
                    false => Err((
                        format!("`{value}` is neither a date nor a number"),
                        "write a date such as `2027-03-01`, or a number".to_owned(),
                    )),
                }
            }
            Operator::Is | Operator::IsNot => match shape {
                FieldShape::Words { shown, known, stated }
                    if !known.iter().any(|word| same_folded(word, value))
                        && !stated
                            .is_some_and(|stated| stated.contains(&folded(value).collect::<String>())) =>
                {
                    let hint = match nearest_name(value, shown.iter().copied()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("the values are {}", shown.join(", ")),
                    };
                    Err((format!("unknown value `{value}`"), hint))
                }
                _ => Ok(()),
            },
            Operator::Contains | Operator::ContainsNot => Ok(()),
        }
    }

    fn shape_of(&self, name: &str) -> Result<FieldShape<'t>, Option<String>> {
        let key: String = folded(name).collect();
        if OF_ENTRIES.iter().any(|known| names(known, &key)) {
            return Ok(FieldShape::Any);
        }
        let tables = field_tables();
        let fields: Vec<_> = tables.iter().flat_map(|(_, fields)| *fields).collect();
        let is_status = matches!(&*key, STATUS | "state");
        let is_meant =
            |field: &&&Field| field.is(&key) || is_status && (field.is(STATUS) || field.is("state"));
        let same: Vec<_> = fields.iter().filter(is_meant).collect();
        let declared: Vec<&str> = self
            .vocabulary
            .families
            .sorted()
            .into_iter()
            .flat_map(|family| &family.fields)
            .map(|field| field.name.as_str())
            .collect();
        let is_declared = declared.iter().any(|name| same_folded(name, &key)) || name.starts_with("x-");
        if same.is_empty() && !is_declared {
            let names = fields.iter().map(|field| field.name).chain(OF_ENTRIES).chain(declared);
            let near =
                names.map(|known| (strsim::damerau_levenshtein(known, &name.to_lowercase()), known)).min();
            return Err(near
                .filter(|(distance, near)| *distance <= 1 + near.len() / 4)
                .map(|(_, name)| name.to_owned()));
        }
        let (mut shown, mut known) = (Vec::<&str>::new(), Vec::new());
        for field in &same {
            // A status is a word of the family's, or one that an entry of the plan has.
            let Shape::Choice(choices) = field.shape else {
                if is_status {
                    continue;
                }
                return Ok(FieldShape::Any);
            };
            let Choices { words, synonyms, .. } = choices();
            known.extend(words.iter().copied().chain(synonyms));
            for word in words {
                if !shown.iter().any(|shown| same_folded(shown, word)) {
                    shown.push(word);
                }
            }
        }
        if known.is_empty() || is_declared && !is_status {
            return Ok(FieldShape::Any);
        }
        let stated = if is_status { Some(&self.vocabulary.statuses) } else { None };
        Ok(FieldShape::Words { shown, known, stated })
    }

    /// Takes a keyword, if it comes next.
    fn keyword(&mut self, keyword: &str) -> bool {
        self.skip_spaces();
        let rest = self.rest();
        let is_next = rest.get(..keyword.len()).is_some_and(|word| word.eq_ignore_ascii_case(keyword))
            && rest[keyword.len()..].chars().next().is_none_or(|next| next.is_whitespace() || next == '(');
        if is_next {
            self.at += keyword.len();
        }
        is_next
    }

    /// Takes the name of a field that there is.
    fn field(&mut self) -> Result<String, QueryError> {
        self.skip_spaces();
        let name = self.word_ahead();
        if name.is_empty() {
            return Err(self.error("a field is missing", "write the name of a field"));
        }
        if let Err(near) = self.shape_of(name) {
            let hint = near.map_or_else(
                || "see docs/reference/fields.md for the fields".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(self.error(format!("unknown field `{name}`"), hint));
        }
        self.at += name.len();
        Ok(name.to_lowercase())
    }

    fn word_ahead(&self) -> &'t str {
        let rest = self.rest();
        let part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.');
        &rest[..rest.find(|letter| !part(letter)).unwrap_or(rest.len())]
    }

    /// A word, or a text in quotes.
    fn value(&mut self) -> Result<String, QueryError> {
        let rest = self.rest();
        for quote in ['"', '\''] {
            if let Some(inner) = rest.strip_prefix(quote) {
                let Some(end) = inner.find(quote) else {
                    return Err(self.error("the quote is not closed", "close the quote"));
                };
                self.at += end + 2;
                return Ok(inner[..end].to_owned());
            }
        }
        let end = rest
            .find(|letter: char| letter.is_whitespace() || matches!(letter, '(' | ')'))
            .unwrap_or(rest.len());
        if end == 0 {
            return Err(self.error("a value is missing", "write a value; put quotes around several words"));
        }
        self.at += end;
        Ok(rest[..end].to_owned())
    }
}

/// What a field can be compared with.
enum FieldShape<'v> {
    Any,
    /// One of these words.
    Words {
        /// The usual ones.
        shown: Vec<&'static str>,
        /// All that are understood.
        known: Vec<&'static str>,
        /// What entries of the plan state beside these, for a field that may hold other words.
        stated: Option<&'v BTreeSet<String>>,
    },
}
