//! What the rules about approvals have in common: every approval of the plan, with how it stands.

use chrono::NaiveDate;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::finding::Report;
use crate::model::digest::Digest;
use crate::model::rel::{Approval, Rel};
use crate::model::value::folded;
use crate::model::{ApprovalRecord, EntryIndex, Identity, Kind, Text};
use crate::rules::Subject;
use crate::source::{SourceMap, Span, Spanned};
use crate::verdict::approval::{ApprovalContext, ApprovalEffect, ApprovalStatus, Record, examine, roles};

/// One approval in one role.
pub(in crate::rules) struct Signed {
    /// The role.
    pub role: String,
    /// How it stands on its own.
    pub status: ApprovalStatus,
    /// Where what is written.
    pub places: Places,
    /// What to begin a message with: the release whose field it is.
    pub of: String,
    /// Whether it is a record, and not in the field of a release.
    pub is_record: bool,
    /// Whether nobody needs it any more: its release is over, or a later approval stands in its place.
    pub is_past: bool,
    /// Who could approve in the role today.
    ask: Vec<String>,
}

/// Where the parts of an approval stand.
pub(in crate::rules) struct Places {
    /// All of it.
    whole: Span,
    role: Option<Span>,
    by: Option<Span>,
    on: Option<Span>,
    digest: Option<Span>,
    signature: Option<Span>,
    expires: Option<Span>,
}

impl Places {
    pub(in crate::rules) fn role(&self) -> Span {
        self.role.unwrap_or(self.whole)
    }

    pub(in crate::rules) fn by(&self) -> Span {
        self.by.unwrap_or(self.whole)
    }

    pub(in crate::rules) fn on(&self) -> Span {
        self.on.unwrap_or(self.by())
    }

    pub(in crate::rules) fn digest(&self) -> Span {
        self.digest.unwrap_or(self.whole)
    }

    pub(in crate::rules) fn signature(&self) -> Span {
        self.signature.unwrap_or(self.whole)
    }

    pub(in crate::rules) fn expires(&self) -> Span {
        self.expires.unwrap_or(self.whole)
    }
}

impl Signed {
    /// Says at a place how it stands, and what to do next.
    pub(in crate::rules) fn report(&self, place: Span) -> Report {
        let message = format!("{}the approval as {}: {}", self.of, self.role, self.status.reason(&self.role));
        match self.status.next(&self.role, &self.ask) {
            Some(next) => Report::at(place, message).help(next),
            None => Report::at(place, message),
        }
    }
}

/// Asks for a report on every approval; returns how many there are.
pub(in crate::rules) fn each(
    subject: &Subject<'_>,
    reports: &mut Vec<Report>,
    report: impl Fn(&Signed) -> Option<Report>,
) -> usize {
    let signed = subject.approvals();
    reports.extend(signed.iter().filter_map(report));
    signed.len()
}

impl Subject<'_> {
    /// Every approval of the plan. Several rules ask for them, and the first of them looks for all.
    pub(in crate::rules) fn approvals(&self) -> &[Signed] {
        self.approvals.get_or_init(|| collect(self))
    }
}

/// What makes one approval stand in the place of another: role, release, gate and entries.
type Slot = (String, Option<EntryIndex>, String, Vec<EntryIndex>);

/// An approval with its slot and its day.
type Placed = (Slot, Option<NaiveDate>, Signed);

fn collect(subject: &Subject<'_>) -> Vec<Signed> {
    let context = ApprovalContext::new(subject.plan, subject.graph, subject.sources, subject.config);
    let context = match subject.signatures {
        Some(signatures) => context.with(signatures),
        None => context,
    };
    let mut all: Vec<Placed> = Vec::new();
    for (index, entry) in subject.plan.indexed() {
        if let Kind::Rel(rel) = &entry.kind {
            let records: FxHashMap<Span, Record<'_>> =
                context.fields(index).into_iter().map(|record| (record.place, record)).collect();
            for approval in &rel.approvals {
                all.extend(of_field(subject, index, rel, approval, records.get(&approval.span)));
            }
        }
    }
    let taken_back = taken_back(subject);
    for record in &subject.plan.approvals {
        all.extend(of_record(subject, &context, &taken_back, record));
    }
    // The latest of each place says how it is; an earlier one that has been replaced is history.
    // Of two of one day the one that is written last is the later one.
    all.reverse();
    all.sort_by_key(|(_, on, _)| std::cmp::Reverse(*on));
    let mut settled: FxHashSet<Slot> = FxHashSet::default();
    for (slot, _, signed) in &mut all {
        signed.is_past |= settled.contains(slot);
        if matches!(signed.status.effect(), ApprovalEffect::Counts | ApprovalEffect::InDoubt) {
            settled.insert(slot.clone());
        }
    }
    all.into_iter().map(|(_, _, signed)| signed).collect()
}

/// The approvals that a release asks for in its own field, one for each role.
fn of_field(
    subject: &Subject<'_>,
    release: EntryIndex,
    rel: &Rel<'_>,
    approval: &Approval<'_>,
    record: Option<&Record<'_>>,
) -> Vec<Placed> {
    let roster = subject.config.roster.as_ref();
    let roles = approval.role.as_ref().map(|role| roles(&role.value, roster)).unwrap_or_default();
    let gate: String = approval.gate.as_ref().map(|gate| folded(&gate.value).collect()).unwrap_or_default();
    let signed = |role: String| {
        let known = roster.is_none_or(|roster| roster.role(&role).is_some());
        let status = match record {
            Some(record) => examine(record, &role, roster, subject.today),
            None if known => ApprovalStatus::Missing,
            None => ApprovalStatus::UnknownRole { near: roster.and_then(|roster| roster.near_role(&role)) },
        };
        let places = Places {
            whole: approval.span,
            role: place(approval.role.as_ref()),
            by: place(approval.by.as_ref()),
            on: approval.on.map(|on| on.span),
            digest: place(approval.digest.as_ref()),
            signature: None,
            expires: approval.expires.map(|expires| expires.span),
        };
        let of = format!("{}: ", subject.plan.entry(release).id.value);
        let slot = (folded(&role).collect(), Some(release), gate.clone(), Vec::new());
        let on = approval.on.map(|on| on.value);
        let ask = ask(subject, &role);
        (slot, on, Signed { role, status, places, of, is_record: false, is_past: rel.is_over(), ask })
    };
    roles.into_iter().map(signed).collect()
}

/// The approvals of a record, one for each role. A record that takes another back approves nothing.
fn of_record<'p>(
    subject: &Subject<'p>,
    context: &ApprovalContext<'p>,
    taken_back: &TakenBack,
    record: &'p ApprovalRecord<'p>,
) -> Vec<Placed> {
    if record.is_withdrawal() {
        return Vec::new();
    }
    let roster = subject.config.roster.as_ref();
    let roles = record.role.as_ref().map(|role| roles(&role.value, roster)).unwrap_or_default();
    let release = release_of(subject, context, record);
    let is_over = release.is_some_and(|release| match &subject.plan.entry(release).kind {
        Kind::Rel(rel) => rel.is_over(),
        _ => false,
    });
    let gate: String = record.gate.as_ref().map(|gate| folded(&gate.value).collect()).unwrap_or_default();
    let on = record.on.map(|on| on.value);
    let read = context.record(record, release);
    let is_past = is_over || taken_back.get(&signature(subject, record)).is_some_and(|last| *last >= on);
    let signed = |role: String| {
        let slot = (folded(&role).collect(), release, gate.clone(), context.named(&record.of));
        let places = Places {
            whole: first_line(subject, record.span),
            role: place(record.role.as_ref()),
            by: place(record.by.as_ref()),
            on: record.on.map(|on| on.span),
            digest: place(record.digest.as_ref()),
            signature: place(record.signature.as_ref()),
            expires: record.expires.map(|expires| expires.span),
        };
        let status = examine(&read, &role, roster, subject.today);
        let ask = ask(subject, &role);
        let signed = Signed { role, status, places, of: String::new(), is_record: true, is_past, ask };
        (slot, on, signed)
    };
    roles.into_iter().map(signed).collect()
}

/// The release that a record is about: the one that it names, or else the one that says what it approved, or the
/// first that is still to come.
fn release_of(
    subject: &Subject<'_>,
    context: &ApprovalContext<'_>,
    record: &ApprovalRecord<'_>,
) -> Option<EntryIndex> {
    if let Some(name) = &record.release {
        return subject.plan.release(&name.value);
    }
    if !record.of.is_empty() {
        return None;
    }
    let approved = record.digest.as_ref().and_then(|digest| Digest::parse(&digest.value));
    let releases = || {
        subject.plan.indexed().filter_map(|(index, entry)| match &entry.kind {
            Kind::Rel(rel) => Some((index, rel.is_over())),
            _ => None,
        })
    };
    let says_so =
        |index: EntryIndex| approved.is_some_and(|approved| context.digest_of(Some(index)) == approved);
    let fitting = releases().map(|(index, _)| index).find(|index| says_so(*index));
    fitting.or_else(|| releases().find(|(_, is_over)| !is_over).map(|(index, _)| index))
}

/// The last day on which a person took back what they had approved in a role, by role and person.
type TakenBack = FxHashMap<(String, String), Option<NaiveDate>>;

fn taken_back(subject: &Subject<'_>) -> TakenBack {
    let mut all = TakenBack::default();
    for record in subject.plan.approvals.iter().filter(|record| record.is_withdrawal()) {
        let on = record.on.map(|on| on.value);
        let last = all.entry(signature(subject, record)).or_insert(on);
        *last = (*last).max(on);
    }
    all
}

/// In which role and by whom an approval is given, whatever their spelling.
fn signature(subject: &Subject<'_>, record: &ApprovalRecord<'_>) -> (String, String) {
    let text = |text: &Option<Text<'_>>| text.as_ref().map_or("", |text| text.value.trim()).to_owned();
    let by = text(&record.by);
    let known = subject.config.roster.as_ref().and_then(|roster| Some(roster.name(roster.person(&by)?)));
    let person = Identity::of(known.unwrap_or(&by)).key().to_owned();
    (folded(&text(&record.role)).collect(), person)
}

/// Who could approve in a role today.
fn ask(subject: &Subject<'_>, role: &str) -> Vec<String> {
    let roster = subject.config.roster.as_ref();
    let holders = roster.and_then(|roster| Some(roster.holders_on(roster.role(role)?, subject.today)));
    holders.unwrap_or_default()
}

fn place(text: Option<&Text<'_>>) -> Option<Span> {
    text.map(|text| text.span)
}

/// The first line of a record: enough to show which one it is.
pub(in crate::rules) fn first_line(subject: &Subject<'_>, span: Span) -> Span {
    let line = subject.sources.slice(span).lines().next().unwrap_or("");
    span.within(0, line.len())
}

/// The fields in which something is wrong, so that nobody calls them missing.
pub(in crate::rules) struct UnreadableFields<'a> {
    sources: &'a SourceMap,
    /// Their keys, in order.
    keys: Vec<Span>,
}

impl<'a> UnreadableFields<'a> {
    pub(in crate::rules) fn new(subject: &Subject<'a>) -> Self {
        let mut keys: Vec<Span> = subject.plan.defects.iter().filter_map(|defect| defect.field).collect();
        keys.sort_unstable();
        UnreadableFields { sources: subject.sources, keys }
    }

    /// Whether a record has a field of this name in which something is wrong.
    pub(in crate::rules) fn has(&self, record: Span, name: &str) -> bool {
        let first = self.keys.partition_point(|key| *key < record);
        let mut inside = self.keys[first..].iter().take_while(|key| record.contains(**key));
        inside.any(|key| folded(self.sources.slice(*key)).eq(folded(name)))
    }
}

/// The release that a record names, if there is none of that name.
pub(in crate::rules) fn missing_release<'t>(
    subject: &Subject<'_>,
    name: Option<&'t Text<'_>>,
) -> Option<&'t Text<'t>> {
    name.filter(|name| subject.plan.release(&name.value).is_none())
}

/// What to do about a release that is not there.
pub(in crate::rules) fn no_such_release(subject: &Subject<'_>, name: Spanned<&str>) -> Report {
    let known: Vec<String> =
        subject.plan.releases().map(|(entry, _)| entry.id.value.to_string()).take(5).collect();
    let report = Report::at(name.span, format!("unknown release `{}`", name.value));
    match known.is_empty() {
        true => report.help("add the release, or remove `release`"),
        false => report.help(format!("it has {}", crate::rules::words::quoted(&known, known.len()))),
    }
}
