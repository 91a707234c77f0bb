//! What users must know about a release: breaking changes, deprecations, migrations and known issues, and the
//! release note of an entry.

use chrono::NaiveDate;

use super::defect::DefectKind;
use super::dep::Severity;
use super::duration::Duration;
use super::entry::{LinkKind, choice_of};
use super::field::{Field, Shape, words};
use super::reader::{Part, Reader};
use super::value::{Choice, Text, WithRemark, choice};
use crate::source::{Span, Spanned};

choice! {
    /// Readers of release notes.
    Audience {
        /// Those who use the product.
        Customers = "customers" | "customer" | "users" | "all customers" | "all users",
        /// Those who build on it.
        Partners = "partners" | "partner" | "integrators" | "developers",
        /// Those who run and support it.
        Operations = "operations" | "ops" | "support" | "on-call",
    }
}

impl Audience {
    /// Every audience.
    pub const ALL: [Audience; 3] = [Audience::Customers, Audience::Partners, Audience::Operations];
}

/// Who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audiences {
    /// Everyone.
    All,
    /// These. A word that names no audience adds none, so that nothing reaches more readers than it was written for.
    Only(Vec<Audience>),
}

impl Audiences {
    /// Whether an audience is among them.
    pub fn include(&self, audience: Audience) -> bool {
        match self {
            Audiences::All => true,
            Audiences::Only(audiences) => audiences.contains(&audience),
        }
    }

    fn read(fields: &mut Reader<'_>) -> Self {
        if !fields.has("audience") {
            return Audiences::All;
        }
        let mut audiences = Vec::new();
        for text in fields.list("audience") {
            for word in text.value.split([',', ';']) {
                match Audience::from_word(word.trim()) {
                    Some(audience) => audiences.push(audience),
                    None => {
                        let found = word.trim().to_owned();
                        let known = words::<Audience>();
                        fields.defect(text.span, DefectKind::UnknownValue { found, known });
                    }
                }
            }
        }
        audiences.sort_unstable();
        audiences.dedup();
        Audiences::Only(audiences)
    }
}

/// What the release notes say of an entry.
#[derive(Debug)]
pub enum ReleaseNote<'s> {
    /// Nothing: the change concerns no reader.
    Omitted,
    /// The same to every audience.
    Everyone(Text<'s>),
    /// To each audience its own; those that are not named are told nothing.
    Each(Vec<(Audience, Text<'s>)>),
}

impl<'s> ReleaseNote<'s> {
    /// The texts for audiences.
    pub const FIELDS: &'static [Field] = &[
        Field::new("customers", Shape::Text, "Release note for customers."),
        Field::new("partners", Shape::Text, "Release note for partners."),
        Field::new("operations", Shape::Text, "Release note for operations."),
    ];

    /// Reads the field `release_note`.
    pub(super) fn read(fields: &mut Reader<'s>) -> Option<Self> {
        const NAME: &str = "release_note";
        if fields.holds_mapping(NAME) {
            let (mut inner, _) = fields.structure(NAME)?;
            let notes = Audience::ALL.into_iter();
            let notes: Vec<_> =
                notes.filter_map(|audience| Some((audience, inner.text(audience.word())?))).collect();
            fields.absorb(inner, &[Self::FIELDS]);
            return (!notes.is_empty()).then_some(ReleaseNote::Each(notes));
        }
        if fields.says(NAME, "none") {
            fields.take(NAME);
            return Some(ReleaseNote::Omitted);
        }
        fields.text(NAME).map(ReleaseNote::Everyone)
    }

    /// What an audience is told.
    pub fn of(&self, audience: Audience) -> Option<&Text<'s>> {
        match self {
            ReleaseNote::Omitted => None,
            ReleaseNote::Everyone(text) => Some(text),
            ReleaseNote::Each(notes) => {
                notes.iter().find(|(reader, _)| *reader == audience).map(|(_, text)| text)
            }
        }
    }
}

/// A change that breaks what users rely on.
#[derive(Debug)]
pub struct BreakingChange<'s> {
    /// Where it is written.
    pub span: Span,
    /// What no longer works as before.
    pub change: Option<Text<'s>>,
    /// What users must do.
    pub migration: Option<Text<'s>>,
    /// Who is told.
    pub audiences: Audiences,
}

/// Something that still works and will be removed.
#[derive(Debug)]
pub struct Deprecation<'s> {
    /// Where it is written.
    pub span: Span,
    /// What is deprecated.
    pub feature: Option<Text<'s>>,
    /// What to use instead.
    pub replacement: Option<Text<'s>>,
    /// The version without it.
    pub removed_in: Option<Text<'s>>,
    /// The day from which on it is gone.
    pub removal_date: Option<Spanned<NaiveDate>>,
    /// Who is told.
    pub audiences: Audiences,
}

choice! {
    /// What a migration changes.
    MigrationType {
        /// Stored data.
        Data = "data",
        /// The structure of stored data.
        Schema = "schema" | "database",
        /// Settings.
        Configuration = "configuration" | "config",
        /// Where and on what the product runs.
        Infrastructure = "infrastructure",
        /// Programs of users.
        Client = "client" | "api",
    }
}

/// Something that has to be carried over to the new version.
#[derive(Debug)]
pub struct Migration<'s> {
    /// Where it is written.
    pub span: Span,
    /// What is migrated.
    pub name: Option<Text<'s>>,
    /// What it changes.
    pub migration_type: Option<Spanned<MigrationType>>,
    /// The steps.
    pub procedure: Vec<Text<'s>>,
    /// Whether it can be taken back.
    pub reversible: Option<Spanned<WithRemark<bool>>>,
    /// How long it takes.
    pub duration: Option<Spanned<Duration>>,
    /// Who carries it out.
    pub owner: Option<Text<'s>>,
    /// Who is told.
    pub audiences: Audiences,
}

/// A defect that the release ships with.
#[derive(Debug)]
pub struct KnownIssue<'s> {
    /// Where it is written.
    pub span: Span,
    /// What goes wrong.
    pub issue: Option<Text<'s>>,
    /// How bad that is.
    pub severity: Option<Spanned<Severity>>,
    /// What users do until it is fixed.
    pub workaround: Option<Text<'s>>,
    /// The version that fixes it.
    pub fixed_in: Option<Text<'s>>,
    /// Who is told.
    pub audiences: Audiences,
}

const AUDIENCE: Field =
    Field::new("audience", Shape::List, "Readers: customers, partners, operations; all of them by default.");
const AFFECTS: Field = Field::new("affects", Shape::Links, "Affected entries.");

impl<'s> BreakingChange<'s> {
    /// The fields of a breaking change.
    pub const FIELDS: &'static [Field] = &[
        Field::new("change", Shape::Text, "Change that breaks compatibility."),
        AFFECTS,
        Field::new("migration", Shape::Text, "Action that users must take."),
        AUDIENCE,
    ];

    /// Reads the field `breaking_changes`.
    pub(super) fn read_all(fields: &mut Reader<'s>) -> Vec<Self> {
        let of_text = |change: Text<'s>| BreakingChange {
            span: change.span,
            change: Some(change),
            migration: None,
            audiences: Audiences::All,
        };
        read_all(fields, "breaking_changes", Self::FIELDS, of_text, |inner, span| {
            inner.links("affects", LinkKind::LinkedIds);
            BreakingChange {
                span,
                change: inner.text("change"),
                migration: inner.text("migration"),
                audiences: Audiences::read(inner),
            }
        })
    }
}

impl<'s> Deprecation<'s> {
    /// The fields of a deprecation.
    pub const FIELDS: &'static [Field] = &[
        Field::new("feature", Shape::Text, "Deprecated feature, interface or setting."),
        AFFECTS,
        Field::new("replacement", Shape::Text, "Replacement."),
        Field::new("removed_in", Shape::Text, "First version without it, in quotes."),
        Field::new("removal_date", Shape::Date, "Date of the removal."),
        AUDIENCE,
    ];

    /// Reads the field `deprecations`.
    pub(super) fn read_all(fields: &mut Reader<'s>) -> Vec<Self> {
        let of_text = |feature: Text<'s>| Deprecation {
            span: feature.span,
            feature: Some(feature),
            replacement: None,
            removed_in: None,
            removal_date: None,
            audiences: Audiences::All,
        };
        read_all(fields, "deprecations", Self::FIELDS, of_text, |inner, span| {
            inner.links("affects", LinkKind::LinkedIds);
            Deprecation {
                span,
                feature: inner.text("feature"),
                replacement: inner.text("replacement"),
                removed_in: inner.text("removed_in"),
                removal_date: inner.date("removal_date"),
                audiences: Audiences::read(inner),
            }
        })
    }
}

impl<'s> Migration<'s> {
    /// The fields of a migration.
    pub const FIELDS: &'static [Field] = &[
        Field::new("name", Shape::Text, "What is migrated."),
        Field::new("type", choice_of::<MigrationType>(), "What it changes."),
        AFFECTS,
        Field::new("procedure", Shape::List, "Steps in order."),
        Field::new("reversible", Shape::Flag, "Whether it can be undone."),
        Field::new("duration", Shape::Duration, "Duration."),
        Field::new("owner", Shape::Text, "Who carries it out."),
        AUDIENCE,
    ];

    /// Reads a field of migrations.
    pub(super) fn read_all(fields: &mut Reader<'s>, name: &str) -> Vec<Self> {
        let of_text = |name: Text<'s>| Migration {
            span: name.span,
            name: Some(name),
            migration_type: None,
            procedure: Vec::new(),
            reversible: None,
            duration: None,
            owner: None,
            audiences: Audiences::All,
        };
        read_all(fields, name, Self::FIELDS, of_text, |inner, span| {
            inner.links("affects", LinkKind::LinkedIds);
            Migration {
                span,
                name: inner.text("name"),
                migration_type: inner.choice("type"),
                procedure: inner.list("procedure"),
                reversible: inner.flag("reversible"),
                duration: inner.duration("duration"),
                owner: inner.text("owner"),
                audiences: Audiences::read(inner),
            }
        })
    }
}

impl<'s> KnownIssue<'s> {
    /// The fields of a known issue.
    pub const FIELDS: &'static [Field] = &[
        Field::new("issue", Shape::Text, "What goes wrong."),
        AFFECTS,
        Field::new("severity", choice_of::<Severity>(), "Severity."),
        Field::new("workaround", Shape::Text, "Workaround."),
        Field::new("fixed_in", Shape::Text, "Release that fixes it, as a version or an id."),
        AUDIENCE,
    ];

    /// Reads the field `known_issues`.
    pub(super) fn read_all(fields: &mut Reader<'s>) -> Vec<Self> {
        let of_text = |issue: Text<'s>| KnownIssue {
            span: issue.span,
            issue: Some(issue),
            severity: None,
            workaround: None,
            fixed_in: None,
            audiences: Audiences::All,
        };
        read_all(fields, "known_issues", Self::FIELDS, of_text, |inner, span| {
            inner.links("affects", LinkKind::LinkedIds);
            KnownIssue {
                span,
                issue: inner.text("issue"),
                severity: inner.choice("severity"),
                workaround: inner.text("workaround"),
                fixed_in: inner.text("fixed_in"),
                audiences: Audiences::read(inner),
            }
        })
    }
}

/// A list in which a text may stand for a mapping; the word `none` says that there is nothing to list.
fn read_all<'s, T>(
    fields: &mut Reader<'s>,
    name: &str,
    known: &[Field],
    of_text: impl Fn(Text<'s>) -> T,
    of_mapping: impl Fn(&mut Reader<'s>, Span) -> T,
) -> Vec<T> {
    if fields.says(name, "none") {
        fields.take(name);
        return Vec::new();
    }
    let mut all = Vec::new();
    for part in fields.parts(name) {
        all.push(match part {
            Part::Text(text) => of_text(text),
            Part::Structure(mut inner, span) => {
                let read = of_mapping(&mut inner, span);
                fields.absorb(inner, &[known]);
                read
            }
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::{Families, Kind, document};
    use super::*;
    use crate::model::Entry;
    use crate::source::{FileId, SourceFile};

    fn with<R>(yaml: &str, look: impl FnOnce(&Entry<'_>, &[DefectKind]) -> R) -> R {
        let file = SourceFile::new("plan.yaml", yaml);
        let content = document::read(FileId(0), &file, &Families::default());
        let defects: Vec<DefectKind> = content.defects.into_iter().map(|defect| defect.kind).collect();
        look(content.entries.first().expect("an entry"), &defects)
    }

    #[test]
    fn texts_and_mappings_may_be_mixed() {
        let yaml = "id: REL-1\nbreaking_changes:\n  - The old API is gone\n  - change: Tokens expire\n    \
                    migration: Renew them\n    audience: partners, ops\n";
        with(yaml, |entry, defects| {
            assert_eq!(defects, []);
            let Kind::Rel(rel) = &entry.kind else { panic!("a release") };
            assert_eq!(rel.breaking_changes.len(), 2);
            assert_eq!(rel.breaking_changes[0].audiences, Audiences::All);
            let only = Audiences::Only(vec![Audience::Partners, Audience::Operations]);
            assert_eq!(rel.breaking_changes[1].audiences, only);
        });
    }

    #[test]
    fn none_lists_nothing() {
        let yaml =
            "{id: REL-1, breaking_changes: none, migrations: None, known_issues: none, deprecations: none}";
        with(yaml, |entry, defects| {
            assert_eq!(defects, []);
            let Kind::Rel(rel) = &entry.kind else { panic!("a release") };
            assert!(rel.breaking_changes.is_empty() && rel.migrations.is_empty());
        });
    }

    #[test]
    fn an_unknown_audience_widens_nothing() {
        let yaml = "{id: REL-1, known_issues: {issue: It is slow, audience: [staff]}}";
        with(yaml, |entry, defects| {
            assert!(matches!(defects, [DefectKind::UnknownValue { .. }]), "{defects:?}");
            let Kind::Rel(rel) = &entry.kind else { panic!("a release") };
            assert!(Audience::ALL.iter().all(|audience| !rel.known_issues[0].audiences.include(*audience)));
        });
    }

    #[test]
    fn a_release_note_is_for_all_or_for_each() {
        with("{id: EPIC-1, release_note: New}", |entry, defects| {
            assert_eq!(defects, []);
            let note = entry.release_note().expect("a note");
            assert_eq!(note.of(Audience::Partners).expect("a text").value, "New");
        });
        with("{id: FEA-1, release_note: {partners: 'A new endpoint'}}", |entry, defects| {
            assert_eq!(defects, []);
            let note = entry.release_note().expect("a note");
            assert!(note.of(Audience::Customers).is_none());
        });
        with("{id: FEA-1, release_note: none}", |entry, defects| {
            assert_eq!(defects, []);
            assert!(matches!(entry.release_note(), Some(ReleaseNote::Omitted)));
        });
        with("{id: FEA-1, release_note: {staff: x}}", |_, defects| {
            assert!(matches!(defects, [DefectKind::UnknownKey { .. }]), "{defects:?}");
        });
    }
}
