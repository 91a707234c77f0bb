//! What [`judge`] needs, taken from a plan.

use std::sync::{Mutex, OnceLock, PoisonError};

use chrono::NaiveDate;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{ApprovalSubject, Record, RoleApproval, judge, key, roles};
use crate::config::{Config, Roster, gates};
use crate::graph::{self, Graph};
use crate::model::digest::{self, Contents, Digest};
use crate::model::rel::Approval;
use crate::model::{ApprovalRecord, Entry, EntryIndex, Families, Id, Kind, Link, Plan, Target, Text};
use crate::source::SourceMap;
use crate::verdict::signature::Signatures;

/// Where approvals of a plan are looked up.
pub struct ApprovalContext<'p> {
    plan: &'p Plan<'p>,
    graph: &'p Graph,
    sources: &'p SourceMap,
    families: &'p Families,
    roster: Option<&'p Roster>,
    config: &'p Config,
    /// What is known of the signatures of approvals.
    signatures: Option<&'p Signatures>,
    /// What the entries say; read only if an approval says what they said.
    contents: OnceLock<Contents>,
    /// What the releases say that somebody asked for.
    releases: Mutex<FxHashMap<Option<EntryIndex>, Digest>>,
}

impl<'p> ApprovalContext<'p> {
    /// A plan with its texts, its links and its roster.
    pub fn new(plan: &'p Plan<'p>, graph: &'p Graph, sources: &'p SourceMap, config: &'p Config) -> Self {
        let (families, roster) = (&config.families, config.roster.as_ref());
        ApprovalContext {
            plan,
            graph,
            sources,
            families,
            roster,
            config,
            signatures: None,
            contents: OnceLock::new(),
            releases: Mutex::default(),
        }
    }

    /// The same, with what checks of the signatures showed.
    #[must_use]
    pub fn with(self, signatures: &'p Signatures) -> Self {
        ApprovalContext { signatures: Some(signatures), ..self }
    }

    /// Who may approve in which role.
    pub fn roster(&self) -> Option<&'p Roster> {
        self.roster
    }

    /// What some entries say.
    pub fn digest(&self, entries: impl IntoIterator<Item = EntryIndex>) -> Digest {
        let contents = self.contents.get_or_init(|| Contents::new(self.plan, self.sources, self.families));
        contents.of(entries)
    }

    /// What everything says that belongs to a release, under the gates that it goes through and the profile that is
    /// asked for; everything, if it is none in particular.
    pub fn digest_of(&self, release: Option<EntryIndex>) -> Digest {
        let known = |context: &Self| {
            context.releases.lock().unwrap_or_else(PoisonError::into_inner).get(&release).copied()
        };
        known(self).unwrap_or_else(|| {
            // What happened afterwards, and what follows from it, was never approved.
            let is_planned = |index: &EntryIndex| !self.plan.entry(*index).kind.is_record();
            let planned: Vec<EntryIndex> = self.entries(release).into_iter().filter(is_planned).collect();
            let digest = digest::under(self.digest(planned), &self.terms(release));
            self.releases.lock().unwrap_or_else(PoisonError::into_inner).insert(release, digest);
            digest
        })
    }

    /// The terms under which a release is approved: those of its gates, disabled ones included.
    fn terms(&self, release: Option<EntryIndex>) -> Vec<Digest> {
        let rel_type = release.and_then(|release| match &self.plan.entry(release).kind {
            Kind::Rel(rel) => rel.rel_type(),
            _ => None,
        });
        self.config.terms.of(&gates::on_the_way(&self.config.gates, rel_type))
    }

    /// The entries that belong to a release; all, if it is none in particular.
    pub fn entries(&self, release: Option<EntryIndex>) -> Vec<EntryIndex> {
        let outside =
            release.map(|release| graph::outside(self.plan, self.graph, release)).unwrap_or_default();
        self.plan.indexed().map(|(index, _)| index).filter(|index| !outside.entries.contains(index)).collect()
    }

    /// How each approval stands that a release asks for: at a gate those of the gate and those that name none,
    /// and without one each at its own.
    pub fn of_release(&self, release: EntryIndex, gate: Option<&str>, today: NaiveDate) -> Vec<RoleApproval> {
        let Kind::Rel(rel) = &self.plan.entry(release).kind else { return Vec::new() };
        let records = self.records(release);
        let own = |approval: &'p Approval<'p>| text(approval.gate.as_ref());
        if gate.is_some() {
            let at_gate = |of: Option<&str>| of.is_none() || is_same(of, gate);
            let required = self.required(rel.approvals.iter().filter(|approval| at_gate(own(approval))));
            return judge(&required, &records, self.roster, &self.what(release, gate), today);
        }
        let mut seen = FxHashSet::default();
        let gates = rel.approvals.iter().map(own).filter(|gate| seen.insert(gate.map(key)));
        let at_each = gates.flat_map(|gate| {
            let required =
                self.required(rel.approvals.iter().filter(|approval| is_same(own(approval), gate)));
            judge(&required, &records, self.roster, &self.what(release, gate), today)
        });
        at_each.collect()
    }

    /// The roles that some approvals ask for, each once.
    fn required<'a>(&self, approvals: impl Iterator<Item = &'a Approval<'a>>) -> Vec<String> {
        let asked = approvals.filter_map(|approval| approval.role.as_ref());
        let mut seen = FxHashSet::default();
        asked.flat_map(|role| roles(&role.value, self.roster)).filter(|role| seen.insert(key(role))).collect()
    }

    /// What a release is, to be approved.
    pub fn what<'w>(&self, release: EntryIndex, gate: Option<&'w str>) -> ApprovalSubject<'w> {
        let entry = self.plan.entry(release);
        let version = match &entry.kind {
            Kind::Rel(rel) => rel.version.as_ref().map(|version| version.value.to_string()),
            _ => None,
        };
        let release = [Some(entry.id.value.to_string()), version].into_iter().flatten().collect();
        ApprovalSubject { release, gate, entries: None }
    }

    /// Every approval that could be one of a release: those of its own field, then the records.
    pub fn records(&self, release: EntryIndex) -> Vec<Record<'p>> {
        let mut records = self.fields(release);
        records.extend(self.plan.approvals.iter().map(|record| self.record(record, Some(release))));
        records
    }

    /// The approvals in the field of a release that somebody has given.
    pub fn fields(&self, release: EntryIndex) -> Vec<Record<'p>> {
        let entry = self.plan.entry(release);
        let Kind::Rel(rel) = &entry.kind else { return Vec::new() };
        let given = rel.approvals.iter().filter(|approval| approval.by.is_some() || approval.on.is_some());
        let record = |approval: &'p Approval<'p>| Record {
            place: approval.span,
            role: text(approval.role.as_ref()),
            by: text(approval.by.as_ref()),
            on: approval.on.map(|on| on.value),
            release: None,
            gate: text(approval.gate.as_ref()),
            of: None,
            expires: approval.expires.map(|expires| expires.value),
            withdrawn: false,
            digest: text(approval.digest.as_ref()),
            now: approval.digest.as_ref().map(|_| self.digest_of(Some(release))).unwrap_or_default(),
            signature: None,
            owners: Self::owners(entry),
        };
        given.map(record).collect()
    }

    /// A record, with what it is about: its entries, or the release that it names or else `release`.
    pub fn record(&self, record: &'p ApprovalRecord<'p>, release: Option<EntryIndex>) -> Record<'p> {
        let named = record.release.as_ref().and_then(|name| self.plan.release(&name.value)).or(release);
        let entries = self.named(&record.of);
        let digest = || match record.of.is_empty() {
            true => self.digest_of(named),
            false => self.digest(entries.iter().copied()),
        };
        let of: Vec<Id> = entries.iter().map(|index| self.plan.entry(*index).id.value).collect();
        let of_release = || named.map(|release| Self::owners(self.plan.entry(release))).unwrap_or_default();
        Record {
            place: record.span,
            role: text(record.role.as_ref()),
            by: text(record.by.as_ref()),
            on: record.on.map(|on| on.value),
            release: text(record.release.as_ref()),
            gate: text(record.gate.as_ref()),
            owners: match record.of.is_empty() {
                true => of_release(),
                false => entries.iter().flat_map(|index| Self::owners(self.plan.entry(*index))).collect(),
            },
            of: (!record.of.is_empty()).then_some(of),
            expires: record.expires.map(|expires| expires.value),
            withdrawn: record.is_withdrawal(),
            digest: text(record.digest.as_ref()),
            now: record.digest.as_ref().map(|_| digest()).unwrap_or_default(),
            signature: record.signature.as_ref().map(|signature| {
                let known =
                    self.signatures.map(|signatures| signatures.of(record.span, signature.value.trim()));
                known.unwrap_or_else(|| Signatures::default().of(record.span, signature.value.trim()))
            }),
        }
    }

    /// Who answers for an entry, or wrote it.
    pub fn owners<'e>(entry: &'e Entry<'_>) -> Vec<(Id, &'e str)> {
        let author = entry.uncommon.as_ref().and_then(|uncommon| uncommon.author.as_ref());
        let people = [entry.owner.as_ref(), author].into_iter().flatten();
        let people = people.map(|person| (entry.id.value, person.value.trim()));
        people.filter(|(_, name)| !name.is_empty()).collect()
    }

    /// The entries that links name, as far as there are such.
    pub fn named(&self, links: &[Link]) -> Vec<EntryIndex> {
        let mut named = Vec::new();
        for link in links {
            match &link.target {
                Target::One(id) => named.extend(self.plan.find(*id)),
                Target::Range(ends) => {
                    named.extend(self.plan.between(ends.0.value, ends.1.value).iter());
                }
            }
        }
        named.sort_unstable();
        named.dedup();
        named
    }
}

/// Whether two gates are one, or there is none.
fn is_same(first: Option<&str>, second: Option<&str>) -> bool {
    first.map(key) == second.map(key)
}

/// A text that says something.
fn text<'t>(text: Option<&'t Text<'_>>) -> Option<&'t str> {
    text.map(|text| text.value.trim()).filter(|text| !text.is_empty())
}
