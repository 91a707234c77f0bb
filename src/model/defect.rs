//! What can be wrong with the fields of a mapping: facts, which rules put into words.

use std::borrow::Cow;

use chrono::{NaiveDate, Weekday};

use super::entry::LinkKind;
use super::id::{Id, IdError, Prefix};
use super::link::LinkErrorKind;
use super::value::{PercentageError, ShareReadings};
use super::version::{CalendarPattern, PatternError, Scheme};
use crate::source::Span;

/// Something wrong at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defect {
    /// The entry that it belongs to, if that is known.
    pub owner: Option<Id>,
    /// The offending text.
    pub span: Span,
    /// The key of the field that it is part of, if it is part of one.
    pub field: Option<Span>,
    /// What is wrong.
    pub kind: DefectKind,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DefectKind {
    /// A key that is a list or a mapping.
    KeyNotText,
    /// The same key twice, in different letters.
    SameKey {
        /// The first.
        first: Span,
    },
    /// A key that nobody knows.
    UnknownKey {
        /// The known key it is nearest to.
        suggestion: Option<Cow<'static, str>>,
    },
    /// A key that belongs to another kind of entry.
    MisplacedKey {
        /// What kind.
        home: &'static str,
    },
    /// A key without a value.
    EmptyField,
    /// A text that holds a place and says nothing: `TBD`.
    Placeholder,
    /// A list or mapping for a single value, or the other way round.
    WrongShape {
        /// The key.
        key: Span,
        /// What the field takes.
        expected: &'static str,
        /// Its text.
        found: &'static str,
    },
    /// A word that the field does not take.
    UnknownValue {
        /// The word.
        found: String,
        /// The words that it takes.
        known: Vec<&'static str>,
    },
    /// Not a date.
    NotADate,
    /// Not a date with a time and an offset.
    NotAMoment,
    /// A date that no calendar has.
    ImpossibleDate {
        /// The date with day and month swapped, if that one exists.
        swapped: Option<NaiveDate>,
    },
    /// A date with another weekday than it has.
    WrongWeekday {
        /// The day.
        day: NaiveDate,
        /// The weekday that is written.
        stated: Weekday,
    },
    /// Not a number.
    NotANumber,
    /// A fraction, or less than zero, where things are counted.
    NotAWholeNumber,
    /// Neither a number nor a range of two.
    NotAnAmount,
    /// Not an amount of work.
    NotAnEffort,
    /// Not a percentage.
    NotAPercentage,
    /// A share without a unit that has two readings.
    AmbiguousPercentage(ShareReadings),
    /// A percentage below 0 or above 100.
    PercentageOutOfRange,
    /// Not a duration.
    NotADuration,
    /// Not a window.
    NotAWindow {
        /// Why.
        reason: String,
    },
    /// A line of settings that is not `KEY=value`.
    NotASetting,
    /// A threshold of which a part is missing or not understood.
    Threshold {
        /// Which, and what to write.
        reason: String,
    },
    /// Not a version.
    NotAVersion {
        /// The scheme that it should follow, if one is stated.
        scheme: Option<Scheme>,
        /// The pattern of calendar versions that it should follow, if one is stated.
        pattern: Option<Box<CalendarPattern>>,
    },
    /// A milestone in a list that has no name.
    MilestoneWithoutName,
    /// Not a pattern of calendar versions.
    NotAVersionPattern(PatternError),
    /// A pattern of calendar versions beside another scheme.
    PatternWithoutCalendar,
    /// A text that YAML 1.1 reads as a boolean.
    BooleanForText,
    /// A text that YAML reads as a number, whose last zero is lost.
    NumberForText,
    /// A part of a link field that is no id.
    NotAnId {
        /// The text.
        found: String,
        /// Why.
        reason: IdError,
    },
    /// A part of a link field that is no id of the plan. It may still be one of another tool, which an entry has.
    ForeignReference {
        /// The text.
        found: String,
        /// Why it is no id of the plan.
        reason: IdError,
        /// What the link would say.
        kind: LinkKind,
    },
    /// A range that cannot be.
    BadLink {
        /// The text.
        found: String,
        /// Why.
        reason: LinkErrorKind,
    },
    /// A range where single ids are asked for.
    RangeOfIds,
    /// An entry without an id.
    IdMissing,
    /// An entry whose `id` has no value.
    IdEmpty,
    /// An entry behind another in one document, without a line `---` between them.
    SeparatorMissing {
        /// The id of the entry before it.
        first: Span,
    },
    /// An entry without the field that says what kind of entry it is.
    KindMissing {
        /// The kind that its fields suggest, if they suggest any.
        inferred: Option<&'static str>,
    },
    /// A declared field that is required and not there.
    DeclaredFieldMissing {
        /// The field.
        name: String,
        /// Where `relplan.toml` declares it.
        declared: Span,
    },
    /// A word that a declared enumeration does not have.
    DeclaredWord {
        /// The words it has.
        known: Vec<String>,
        /// Where `relplan.toml` declares it.
        declared: Span,
    },
    /// A declared link to an entry of a family that it may not join.
    DeclaredTarget {
        /// The families it may join.
        targets: Vec<Prefix>,
        /// Where `relplan.toml` declares it.
        declared: Span,
    },
    /// An entry of a family that nobody declared.
    UnknownFamily {
        /// The prefix.
        prefix: Prefix,
        /// The known prefix it is nearest to.
        suggestion: Option<Prefix>,
    },
    /// An entry of a family that lives outside the plan.
    ExternalEntry {
        /// Where `relplan.toml` says so.
        declared: Option<Span>,
    },
    /// An evidence requirement that asks for nothing, or does not say how much.
    EmptyEvidenceRequirement,
    /// A scanner is named, and nothing that it must or must not find.
    ToolWithoutFindings,
    /// A greatest age, and nothing that has an age.
    AgeOfNothing,
    /// In `relplan.toml`: a text that cannot be the prefix of an id.
    NotAPrefix,
    /// In `relplan.toml`: a declared field without its type.
    FieldTypeMissing,
    /// In `relplan.toml`: a declared field of type `enum` without its words.
    ValuesMissing,
    /// In `relplan.toml`: a link rule that does not say whom it is about.
    LinkRuleWithoutFrom,
    /// In `relplan.toml`: a link rule that allows fewer links than it asks for.
    LinkRuleImpossible,
    /// In `relplan.toml`: something about a gate.
    Gate(GateDefect),
    /// In `relplan.toml`: something about a profile.
    Profile(ProfileDefect),
    /// In `relplan.toml`: something about controls.
    Audit(AuditDefect),
    /// In `relplan.toml`: something about the calendar.
    Calendar(CalendarDefect),
    /// In `relplan.toml`: something about the roster.
    Roster(RosterDefect),
    /// A document that holds no entry.
    NotAnEntry {
        /// The key that was probably meant, such as `entries`.
        suggestion: Option<&'static str>,
        /// Its text.
        found: &'static str,
    },
}

impl From<PercentageError> for DefectKind {
    fn from(error: PercentageError) -> Self {
        match error {
            PercentageError::NotANumber => Self::NotAPercentage,
            PercentageError::Ambiguous(readings) => Self::AmbiguousPercentage(readings),
        }
    }
}

/// What is wrong in `[gates]` of `relplan.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GateDefect {
    /// A gate that nothing could keep closed.
    Empty,
    /// A criterion or a follow-up without a name.
    Nameless,
    /// A criterion that neither chooses entries nor demands evidence.
    AsksNothing,
    /// A criterion that narrows down a choice from no family.
    NoFamily,
    /// A gate that is named and is not there.
    Unknown {
        /// The gate that was probably meant.
        near: Option<String>,
        /// The gates that there are.
        known: Vec<String>,
    },
    /// A gate that waits for itself.
    Circle {
        /// The gates from it back to it.
        way: Vec<String>,
    },
    /// A criterion that is left out and is not there.
    NoSuchCriterion {
        /// The criteria that the gate has.
        known: Vec<String>,
    },
    /// A follow-up that may take for ever.
    WithoutTime,
}

/// What is wrong in `[profiles]` and `[release_context]` of `relplan.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileDefect {
    /// A new profile that does not say what it is based on.
    WithoutBase,
    /// A profile that is named and is not there.
    Unknown {
        /// The profile that was probably meant.
        near: Option<String>,
        /// The profiles that there are.
        known: Vec<String>,
    },
}

/// What is wrong in `[audit]` of `relplan.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditDefect {
    /// A framework that relplan does not bring along.
    UnknownFramework {
        /// The framework that was probably meant.
        near: Option<String>,
        /// The frameworks that there are.
        known: Vec<String>,
    },
    /// A control without an id.
    ControlWithoutId,
    /// A control that rests on nothing.
    ControlWithoutRequirement,
    /// A requirement without a name, or that does not say which one thing shows it.
    RequirementUnclear,
    /// A control of a framework and id that another has already.
    RepeatedControl,
}

/// What is wrong in `[roles]` of `relplan.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RosterDefect {
    /// A holder who is not named.
    PersonMissing,
    /// A name in which no letter is drawn.
    InvisibleName,
    /// A file of allowed signers that is not in the folder of the plan.
    OutsidePlan,
    /// A last day before the first.
    Reversed,
    /// Somebody stands in for a person who does not hold the role.
    NotAHolder,
    /// A name that means another person, too.
    SharedName {
        /// Where that one has it.
        first: Span,
    },
    /// The same role twice, in different letters.
    SameRole {
        /// The first.
        first: Span,
    },
}

/// What is wrong in `[calendar]` of `relplan.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalendarDefect {
    /// A key is missing without which the table says nothing.
    Missing {
        /// What to add.
        example: &'static str,
    },
    /// A last day before the first.
    Reversed,
    /// A week without a working day.
    NoWorkingDay,
    /// Not a time zone of the IANA database.
    NotATimeZone {
        /// The zone that was probably meant.
        near: Option<&'static str>,
    },
    /// Not a time of the day.
    NotATime,
    /// Not counted from a release.
    NotAnOffset,
    /// No rhythm.
    NotACadence,
    /// A time with an offset, or in another form than that of a local time.
    NotALocalTime,
    /// No glob.
    NotAGlob {
        /// What is wrong with it.
        reason: String,
    },
    /// A placeholder that versions do not have.
    UnknownPlaceholder {
        /// What stands in the brackets.
        placeholder: String,
    },
}
