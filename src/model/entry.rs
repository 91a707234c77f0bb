//! One entry of a plan: the header that all families share, its links, and what its family adds.

use std::ops::Deref;

use chrono::NaiveDate;

use super::dep::{Dep, Detail};
use super::epic::Epic;
use super::evidence_requirement::EvidenceRequirement;
use super::family::{DeclaredKind, Family, Typed};
use super::field::{Field, Shape, choices};
use super::flag::Flag;
use super::graded::{Graded, GradedFamily};
use super::handoff::Handoff;
use super::id::Id;
use super::incident::{Action, Incident};
use super::indicator::{Kpi, Mon};
use super::order::Order;
use super::reader::Reader;
use super::rel::Rel;
use super::release_notes::ReleaseNote;
use super::risk::Risk;
use super::runbook::Run;
use super::test::Test;
use super::value::{Choice, Text, choice};
use super::version::Numbering;
use crate::source::{Span, Spanned};

/// An entry with everything that was read of it: its [`Fields`], behind a pointer, because entries are
/// gathered file by file and then joined, and a hundred thousand large values would be copied.
#[derive(Debug)]
pub struct Entry<'s>(Box<Fields<'s>>);

impl<'s> Deref for Entry<'s> {
    type Target = Fields<'s>;

    fn deref(&self) -> &Fields<'s> {
        &self.0
    }
}

/// What was read of an entry.
#[derive(Debug)]
pub struct Fields<'s> {
    /// Its name.
    pub id: Spanned<Id>,
    /// The whole of it.
    pub span: Span,
    /// What it is about, in one line.
    pub title: Option<Text<'s>>,
    /// Who answers for it.
    pub owner: Option<Text<'s>>,
    /// What not every entry has.
    pub uncommon: Option<Box<UncommonFields<'s>>>,
    /// What its family adds.
    pub kind: Kind<'s>,
    /// What it links to.
    pub links: Box<[Link]>,
}

/// What not every entry has; kept apart so that the others stay small.
#[derive(Debug, Default)]
pub struct UncommonFields<'s> {
    /// What it is about, at length.
    pub description: Option<Text<'s>>,
    /// When something is due: a work package's end, a review, a deadline.
    pub due: Option<Spanned<NaiveDate>>,
    /// Who wrote it.
    pub author: Option<Text<'s>>,
    /// When it was written.
    pub created: Option<Spanned<NaiveDate>>,
    /// When it was last changed.
    pub updated: Option<Spanned<NaiveDate>>,
    /// The release that it belongs to, a version or an id, if it says so.
    pub release: Option<Text<'s>>,
    /// What the release notes say of it.
    pub release_note: Option<ReleaseNote<'s>>,
    /// Its ids in other tools.
    pub external_ids: Vec<Text<'s>>,
    /// Words to find it by.
    pub tags: Vec<Text<'s>>,
    /// Fields that `relplan.toml` declares.
    pub declared: Vec<Text<'s>>,
    /// The ids that it had before it was renamed.
    pub former_ids: Box<[Spanned<Id>]>,
    /// The ids in its prose.
    pub mentions: Box<[Mention]>,
    /// Its links into other members of the workspace.
    pub member_links: Box<[MemberLink]>,
}

impl UncommonFields<'_> {
    fn is_empty(&self) -> bool {
        let UncommonFields {
            description,
            due,
            author,
            created,
            updated,
            release,
            release_note,
            external_ids,
            tags,
            declared,
            former_ids,
            mentions,
            member_links,
        } = self;
        let texts = [description, author, release];
        let dates = [due, created, updated];
        texts.iter().all(|text| text.is_none())
            && dates.iter().all(|date| date.is_none())
            && release_note.is_none()
            && external_ids.is_empty()
            && tags.is_empty()
            && declared.is_empty()
            && former_ids.is_empty()
            && mentions.is_empty()
            && member_links.is_empty()
    }
}

/// What a family adds to the header.
#[derive(Debug)]
pub enum Kind<'s> {
    /// A deployment item.
    Dep(Box<Dep<'s>>),
    /// A work package.
    Epic(Box<Epic<'s>>),
    /// A test.
    Test(Box<Test<'s>>),
    /// A risk.
    Risk(Box<Risk<'s>>),
    /// A release.
    Rel(Box<Rel<'s>>),
    /// A monitored metric.
    Mon(Box<Mon<'s>>),
    /// A runbook.
    Run(Box<Run<'s>>),
    /// A key performance indicator.
    Kpi(Box<Kpi<'s>>),
    /// An incident.
    Incident(Box<Incident<'s>>),
    /// An action.
    Action(Box<Action<'s>>),
    /// A handoff.
    Handoff(Box<Handoff<'s>>),
    /// A feature flag.
    Flag(Box<Flag<'s>>),
    /// A defect, a user journey or an API contract.
    Graded(Box<Graded<'s>>),
    /// An entry of any other family, with its status.
    Plain(Option<Box<Text<'s>>>),
}

choice! {
    /// What a link says about its two ends.
    LinkKind {
        /// They have something to do with each other.
        LinkedIds = "linked_ids" | "linked",
        /// The source cannot be done before the target.
        DependsOn = "depends_on",
        /// The target shows that the source is right.
        VerifiedBy = "verified_by" | "tests",
        /// The target lessens the source, a risk.
        MitigatedBy = "mitigated_by",
        /// The source belongs to the target.
        PartOf = "part_of" | "epic",
        /// The source builds the target.
        Implements = "implements",
        /// The source replaces the target.
        Supersedes = "supersedes",
        /// Both cannot be in one release.
        ConflictsWith = "conflicts_with",
        /// If the source fails, the target is next.
        EscalatesTo = "escalates_to",
        /// The target says what to do.
        Runbook = "runbook",
        /// The target watches the source.
        MonitoredBy = "monitored_by",
        /// The target is what the source may be promoted to.
        PromotesTo = "promotes_to",
        /// The source, a runbook, says what to do about the target.
        Covers = "covers",
        /// The target is part of what the source, a release, ships.
        Scope = "scope",
        /// The target was left out of the source, a release.
        Excludes = "excludes",
        /// A field that `relplan.toml` declares.
        Declared = "declared",
    }
}

impl LinkKind {
    /// Whether a way that leads back to its beginning makes no sense.
    pub fn forbids_cycles(self) -> bool {
        matches!(
            self,
            LinkKind::DependsOn
                | LinkKind::PartOf
                | LinkKind::Supersedes
                | LinkKind::EscalatesTo
                | LinkKind::PromotesTo
        )
    }
}

/// One link, as its field declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it says.
    pub kind: LinkKind,
    /// What it names.
    pub target: Target,
    /// The text that names it.
    pub span: Span,
    /// The text in brackets behind it.
    // Behind a pointer, because few links have one and a plan holds hundreds of thousands of links.
    pub note: Option<Box<Span>>,
}

/// What a link names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One entry.
    One(Id),
    /// All entries from the first to the last.
    Range(Box<(Spanned<Id>, Spanned<Id>)>),
}

impl Target {
    /// The ids that it is written with.
    pub fn ends(&self) -> impl Iterator<Item = Id> {
        let (first, last) = match self {
            Target::One(id) => (*id, None),
            Target::Range(ends) => (ends.0.value, Some(ends.1.value)),
        };
        std::iter::once(first).chain(last)
    }
}

/// A link to an entry of another member of the workspace: `billing:EPIC-01`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberLink {
    /// What it says about its two ends.
    pub kind: LinkKind,
    /// The name of the member, in lower case.
    pub member: Box<str>,
    /// The entry.
    pub id: Id,
    /// Where both stand.
    pub span: Span,
}

/// An id in prose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The id.
    pub id: Id,
    /// Where it stands.
    pub span: Span,
}

/// The link fields that any entry may have, with the kind of their links.
pub const LINK_FIELDS: &[(&str, LinkKind)] = &[
    ("linked_ids", LinkKind::LinkedIds),
    ("depends_on", LinkKind::DependsOn),
    ("verified_by", LinkKind::VerifiedBy),
    ("tests", LinkKind::VerifiedBy),
    ("mitigated_by", LinkKind::MitigatedBy),
    ("part_of", LinkKind::PartOf),
    ("epic", LinkKind::PartOf),
    ("implements", LinkKind::Implements),
    ("supersedes", LinkKind::Supersedes),
    ("conflicts_with", LinkKind::ConflictsWith),
    ("escalates_to", LinkKind::EscalatesTo),
    ("runbook", LinkKind::Runbook),
    ("monitored_by", LinkKind::MonitoredBy),
];

/// The fields of every entry.
pub const HEADER: &[Field] = &[
    Field::new("id", Shape::Text, "The name of the entry: a prefix, a hyphen and a number.")
        .asks(Order::Nothing),
    Field::new("formerly", Shape::Links, "Former ids of the entry, which links and reports may still use.")
        .asks(Order::Permits),
    Field::new(
        "external_id",
        Shape::List,
        "Ids of the entry in other tools, such as `REQ001` or `\"#123\"`, which links may use.",
    )
    .or(&["external_ids", "aliases"])
    .asks(Order::Nothing),
    Field::new("title", Shape::Text, "Title, in one line.").asks(Order::Nothing),
    Field::new("owner", Shape::Text, "Owner: a role, a team or a person.").asks(Order::Presence),
    Field::new("description", Shape::Text, "Description.").asks(Order::Nothing),
    Field::new("created", Shape::Date, "Date of creation.").asks(Order::Nothing),
    Field::new("updated", Shape::Date, "Date of the last change.").progress(),
    Field::new("due", Shape::Date, "Due date.").asks(Order::Nothing),
    Field::new("tags", Shape::List, "Tags.").asks(Order::Selects),
    Field::new(
        "release",
        Shape::Text,
        "Release of the entry, as a version or an id; every release by default.",
    )
    .asks(Order::Selects),
    Field::new(
        "release_note",
        Shape::Structure(ReleaseNote::FIELDS),
        "Release note: a text, a text for each audience, or `none`.",
    )
    .progress(),
    Field::new("author", Shape::Text, "Author.").asks(Order::Nothing),
    Field::new("linked_ids", Shape::Links, "Related entries.").asks(Order::Links),
    Field::new("depends_on", Shape::Links, "Dependencies: entries to complete first.").asks(Order::Links),
    Field::new("verified_by", Shape::Links, "Tests that verify the entry.").asks(Order::Links).or(&["tests"]),
    Field::new("mitigated_by", Shape::Links, "Entries that mitigate the risk.").asks(Order::Links),
    Field::new("part_of", Shape::Links, "Parent entry.").asks(Order::Links).or(&["epic"]),
    Field::new("implements", Shape::Links, "Features, interfaces or decisions that the entry implements.")
        .asks(Order::Links),
    Field::new("supersedes", Shape::Links, "Entries that this one supersedes.").asks(Order::Links),
    Field::new("conflicts_with", Shape::Links, "Entries that cannot ship in the same release.")
        .asks(Order::Links),
    Field::new("escalates_to", Shape::Links, "Escalation target.").asks(Order::Links),
    Field::new("runbook", Shape::Links, "Runbook.").asks(Order::Links),
    Field::new("monitored_by", Shape::Links, "Metric that monitors the entry.").asks(Order::Links),
];

/// The field of a plain entry beyond the header.
pub const PLAIN: &[Field] =
    &[Field::new("status", Shape::Text, "Status, in the team's own words.").progress()];

/// Words that a choice takes, as a shape.
pub const fn choice_of<T: Choice>() -> Shape {
    Shape::Choice(choices::<T>)
}

impl<'s> Entry<'s> {
    /// Reads what follows the id: the header, the family's fields, and what the plan declares.
    pub fn read(id: Spanned<Id>, span: Span, fields: &mut Reader<'s>, family: Option<&Family>) -> Self {
        // A field of the header may be declared, too, so that it is required.
        let missing = family.map(|family| missing_fields(family, fields)).unwrap_or_default();
        let kind = Kind::read(id, fields, family);
        let mut entry = Fields {
            id,
            span,
            title: fields.text("title"),
            owner: fields.text("owner"),
            uncommon: None,
            kind,
            links: Box::default(),
        };
        for &(name, kind) in LINK_FIELDS {
            fields.links(name, kind);
        }
        let uncommon = UncommonFields {
            description: fields.text("description"),
            due: fields.date("due"),
            author: fields.text("author"),
            created: fields.date("created"),
            updated: fields.date("updated"),
            release: fields.text("release"),
            release_note: ReleaseNote::read(fields),
            external_ids: read_external_ids(fields),
            tags: fields.list("tags"),
            declared: family.map(|family| read_declared(family, fields)).unwrap_or_default(),
            former_ids: fields.ids("formerly"),
            mentions: Box::default(),
            member_links: Box::default(),
        };
        missing.into_iter().for_each(|field| fields.declared_missing(field));
        entry.uncommon = (!uncommon.is_empty()).then(|| Box::new(uncommon));
        Entry(Box::new(entry))
    }

    /// Adds what the reader gathered from all fields.
    pub(super) fn joining(
        mut self,
        links: Vec<Link>,
        member_links: Vec<MemberLink>,
        mentions: Vec<Mention>,
    ) -> Self {
        self.0.links = links.into_boxed_slice();
        if !member_links.is_empty() {
            self.0.uncommon.get_or_insert_default().member_links = member_links.into_boxed_slice();
        }
        if !mentions.is_empty() {
            self.0.uncommon.get_or_insert_default().mentions = mentions.into_boxed_slice();
        }
        self
    }

    /// Adds a link that was named by an id of another tool.
    pub(super) fn link_to(&mut self, link: Link) {
        let mut links = std::mem::take(&mut self.0.links).into_vec();
        links.push(link);
        self.0.links = links.into_boxed_slice();
    }

    /// Says what a link means that names an entry by an id of another tool.
    pub(super) fn relink(&mut self, place: usize, id: Id) {
        if let Some(link) = self.0.links.get_mut(place) {
            link.target = Target::One(id);
        }
    }

    /// How far it is, in the words of its family: state, status, or whether a criterion is met.
    pub fn status(&self) -> Option<&str> {
        match &self.kind {
            Kind::Epic(epic) => epic.state.map(|state| state.value.word()),
            Kind::Test(test) => test.status.map(|status| status.value.word()),
            Kind::Risk(risk) => risk.status.map(|status| status.value.word()),
            Kind::Rel(rel) => rel.status.map(|status| status.value.word()),
            Kind::Dep(dep) => dep.status().map(Choice::word),
            Kind::Incident(incident) => Some(incident.state().word()),
            Kind::Action(action) => Some(action.state().word()),
            Kind::Flag(flag) => Some(flag.state().word()),
            Kind::Graded(graded) => graded.status.as_ref().map(|status| &*status.value),
            Kind::Plain(status) => status.as_ref().map(|status| &*status.value),
            Kind::Mon(_) | Kind::Run(_) | Kind::Kpi(_) | Kind::Handoff(_) => None,
        }
    }

    /// What it is about, at length.
    pub fn description(&self) -> Option<&Text<'s>> {
        self.uncommon.as_ref()?.description.as_ref()
    }

    /// When something is due: a work package's end, a review, a deadline.
    pub fn due(&self) -> Option<Spanned<NaiveDate>> {
        self.uncommon.as_ref()?.due
    }

    /// The release that it belongs to, a version or an id, if it says so.
    pub fn release(&self) -> Option<&Text<'s>> {
        self.uncommon.as_ref()?.release.as_ref()
    }

    /// What the release notes say of it.
    pub fn release_note(&self) -> Option<&ReleaseNote<'s>> {
        self.uncommon.as_ref()?.release_note.as_ref()
    }

    /// The ids in its prose.
    pub fn mentions(&self) -> &[Mention] {
        self.uncommon.as_ref().map_or(&[], |uncommon| &uncommon.mentions)
    }

    /// The ids that it had before it was renamed.
    pub fn former_ids(&self) -> &[Spanned<Id>] {
        self.uncommon.as_ref().map_or(&[], |uncommon| &uncommon.former_ids)
    }

    /// Its ids in other tools.
    pub fn external_ids(&self) -> &[Text<'s>] {
        self.uncommon.as_ref().map_or(&[], |uncommon| &uncommon.external_ids)
    }

    /// Its links into other members of the workspace.
    pub fn member_links(&self) -> &[MemberLink] {
        self.uncommon.as_ref().map_or(&[], |uncommon| &uncommon.member_links)
    }

    /// Words to find it by.
    pub fn tags(&self) -> &[Text<'s>] {
        self.uncommon.as_ref().map_or(&[], |uncommon| &uncommon.tags)
    }

    /// The title, or nothing.
    pub fn title(&self) -> &str {
        self.title.as_ref().map_or("", |title| &title.value)
    }
}

impl<'s> Kind<'s> {
    /// What would prove it, if it is of a kind that can be proved and says so.
    pub fn evidence_requirement(&self) -> Option<&EvidenceRequirement> {
        match self {
            Kind::Epic(epic) => epic.evidence_requirement.as_deref(),
            Kind::Dep(dep) => match &dep.detail {
                Detail::Criteria(criteria) => criteria.evidence_requirement.as_deref(),
                Detail::Rollback(rollback) => rollback.evidence_requirement.as_deref(),
                Detail::Validation(validation) => validation.evidence_requirement.as_deref(),
                Detail::Environment(_) | Detail::Step(_) => None,
            },
            _ => None,
        }
    }

    fn read(id: Spanned<Id>, fields: &mut Reader<'s>, family: Option<&Family>) -> Self {
        match Typed::of(&id.prefix) {
            Some(Typed::Dep) => Kind::Dep(Box::new(Dep::read(id, fields))),
            Some(Typed::Epic) => Kind::Epic(Box::new(Epic::read(fields))),
            Some(Typed::Test) => Kind::Test(Box::new(Test::read(fields))),
            Some(Typed::Risk) => Kind::Risk(Box::new(Risk::read(fields))),
            Some(Typed::Rel) => Kind::Rel(Box::new(Rel::read(fields))),
            Some(Typed::Mon) => Kind::Mon(Box::new(Mon::read(fields))),
            Some(Typed::Run) => Kind::Run(Box::new(Run::read(fields))),
            Some(Typed::Kpi) => Kind::Kpi(Box::new(Kpi::read(fields))),
            Some(Typed::Incident) => Kind::Incident(Box::new(Incident::read(fields))),
            Some(Typed::Action) => Kind::Action(Box::new(Action::read(fields))),
            Some(Typed::Handoff) => Kind::Handoff(Box::new(Handoff::read(fields))),
            Some(Typed::Flag) => Kind::Flag(Box::new(Flag::read(fields))),
            None => match GradedFamily::of(&id.prefix) {
                Some(of) => Kind::Graded(Box::new(Graded::read(of, family, fields))),
                None => Kind::Plain(fields.text("status").map(Box::new)),
            },
        }
    }

    /// Whether it records what happened or follows from that, and plans nothing of what a release ships.
    pub fn is_record(&self) -> bool {
        matches!(self, Kind::Incident(_) | Kind::Action(_))
    }

    /// The fields that entries of this kind may have beyond the header.
    pub fn fields(&self) -> &'static [Field] {
        match self {
            Kind::Dep(dep) => dep.detail.fields(),
            Kind::Epic(_) => Epic::FIELDS,
            Kind::Test(_) => Test::FIELDS,
            Kind::Risk(_) => Risk::FIELDS,
            Kind::Rel(_) => Rel::FIELDS,
            Kind::Mon(_) => Mon::FIELDS,
            Kind::Run(_) => Run::FIELDS,
            Kind::Kpi(_) => Kpi::FIELDS,
            Kind::Incident(_) => Incident::FIELDS,
            Kind::Action(_) => Action::FIELDS,
            Kind::Handoff(_) => Handoff::FIELDS,
            Kind::Flag(_) => Flag::FIELDS,
            Kind::Graded(graded) => graded.family.fields(),
            Kind::Plain(_) => PLAIN,
        }
    }
}

/// The ids of other tools, by whichever key they are named.
fn read_external_ids<'s>(fields: &mut Reader<'s>) -> Vec<Text<'s>> {
    let mut ids = fields.list("external_id");
    ids.extend(fields.list("external_ids"));
    ids.extend(fields.list("aliases"));
    ids
}

/// The fields that `relplan.toml` requires and the entry does not have.
fn missing_fields<'f>(family: &'f Family, fields: &Reader<'_>) -> Vec<&'f super::family::DeclaredField> {
    family.fields.iter().filter(|field| field.required && !fields.has(&field.name)).collect()
}

/// Reads the fields that `relplan.toml` declares for the family; their texts are kept.
fn read_declared<'s>(family: &Family, fields: &mut Reader<'s>) -> Vec<Text<'s>> {
    let mut texts = Vec::new();
    for field in &family.fields {
        match &field.kind {
            DeclaredKind::Text => texts.extend(fields.text(&field.name)),
            DeclaredKind::List => texts.extend(fields.list(&field.name)),
            DeclaredKind::Enum(known) => texts.extend(fields.declared_word(&field.name, known, field.span)),
            DeclaredKind::Number => drop(fields.number(&field.name)),
            DeclaredKind::Date => drop(fields.date(&field.name)),
            DeclaredKind::Boolean => drop(fields.flag(&field.name)),
            DeclaredKind::Version => drop(fields.version(&field.name, &Numbering::default())),
            DeclaredKind::Link(targets) => fields.declared_links(&field.name, targets, field.span),
        }
    }
    texts
}
