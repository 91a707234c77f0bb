//! The plan: every entry of every file, and what was wrong on the way.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::approval::ApprovalRecord;
use super::defect::{Defect, DefectKind};
use super::document::FileContent;
use super::entry::{Entry, Kind, Link, LinkKind, Target};
use super::id::{Id, IdError, Prefix};
use super::version::Version;
use super::waiver::WaiverRecord;
use crate::source::yaml::YamlDefect;
use crate::source::{FileId, Spanned};

/// An entry of a [`Plan`], by its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryIndex(pub u32);

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Plan<'s> {
    entries: Vec<Entry<'s>>,
    by_id: FxHashMap<Id, EntryIndex>,
    /// The entries by the ids that they had before they were renamed. An id that an entry has, or that two entries
    /// claim, is not among them.
    by_former_id: BTreeMap<Id, EntryIndex>,
    /// The entries by their ids in other tools; nothing where several share one.
    by_external_id: FxHashMap<String, Option<EntryIndex>>,
    /// The releases, by their versions; of several that share one, that with the lowest id.
    by_version: FxHashMap<Version, EntryIndex>,
    families: BTreeMap<Prefix, Vec<EntryIndex>>,
    /// Entries that have the id of an earlier one: the earlier and the later.
    pub duplicates: Vec<(EntryIndex, EntryIndex)>,
    /// What was approved, by records of their own.
    pub approvals: Vec<ApprovalRecord<'s>>,
    /// What was waived, by records of their own.
    pub waivers: Vec<WaiverRecord<'s>>,
    /// Ids of entries that a syntax error cut off: they exist, but nothing is known of them.
    pub broken: Vec<Id>,
    /// What is wrong with the texts.
    pub yaml_defects: Vec<YamlDefect>,
    /// What is wrong with the fields.
    pub defects: Vec<Defect>,
    /// Entries of which a field that says what they belong to could not be read.
    pub unplaced: Vec<Id>,
    /// Comments that speak to relplan.
    pub directives: Vec<Spanned<&'s str>>,
    /// Files without any document.
    pub empty_files: Vec<FileId>,
    /// How many files were read.
    pub file_count: usize,
    /// Whether some of its files were not found: a glob of relplan.toml matches none.
    pub is_incomplete: bool,
}

/// An id of another tool as it is compared: letters in any case, without the remark in brackets behind it.
fn external(text: &str) -> String {
    text.split(" (").next().unwrap_or("").trim().to_ascii_lowercase()
}

impl<'s> Plan<'s> {
    /// Joins the contents of all files, in their order.
    pub fn new(contents: Vec<FileContent<'s>>) -> Self {
        let total = contents.iter().map(|content| content.entries.len()).sum();
        let mut plan =
            Plan { entries: Vec::with_capacity(total), file_count: contents.len(), ..Plan::default() };
        plan.by_id.reserve(total);
        for content in contents {
            plan.take(content);
        }
        for family in plan.families.values_mut() {
            let entries = &plan.entries;
            family.sort_by_key(|index| entries[index.0 as usize].id.value);
        }
        plan.by_former_id = plan.entries_by_former_id();
        plan.by_external_id = plan.entries_by_external_id();
        plan.resolve_foreign_references();
        plan.by_version = plan.releases_by_version();
        plan
    }

    fn take(&mut self, content: FileContent<'s>) {
        if content.empty {
            self.empty_files.push(content.file);
        }
        self.approvals.extend(content.approvals);
        self.waivers.extend(content.waivers);
        self.broken.extend(content.broken);
        self.yaml_defects.extend(content.yaml_defects);
        self.defects.extend(content.defects);
        self.unplaced.extend(content.unplaced);
        self.directives.extend(content.directives);
        for entry in content.entries {
            self.add(entry);
        }
    }

    fn add(&mut self, entry: Entry<'s>) {
        let id = entry.id.value;
        let index = EntryIndex(u32::try_from(self.entries.len()).unwrap_or(u32::MAX));
        self.entries.push(entry);
        match self.by_id.entry(id) {
            std::collections::hash_map::Entry::Occupied(first) => {
                self.duplicates.push((*first.get(), index));
            }
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(index);
                self.families.entry(id.prefix).or_default().push(index);
            }
        }
    }

    /// Whether all of it is there and could be read. Otherwise something may be missing, or other than it was meant.
    pub fn is_whole(&self) -> bool {
        self.is_read() && !self.is_incomplete
    }

    /// Whether all of the texts that were found could be read.
    pub fn is_read(&self) -> bool {
        self.yaml_defects.is_empty() && self.defects.is_empty()
    }

    /// All entries, in the order of the files, duplicates included.
    pub fn entries(&self) -> &[Entry<'s>] {
        &self.entries
    }

    /// All entries with their indices.
    pub fn indexed(&self) -> impl Iterator<Item = (EntryIndex, &Entry<'s>)> {
        (0..).map(EntryIndex).zip(&self.entries)
    }

    /// The entry at an index.
    pub fn entry(&self, index: EntryIndex) -> &Entry<'s> {
        &self.entries[index.0 as usize]
    }

    /// Where the entry with this id is; the first, if there are several. An entry that was renamed is found by its
    /// former ids, too, and one that has this id in another tool by that.
    pub fn find(&self, id: Id) -> Option<EntryIndex> {
        self.find_current(id).or_else(|| self.by_former_id.get(&id).copied()).or_else(|| {
            (!self.by_external_id.is_empty()).then(|| self.find_external(&id.to_string())).flatten()
        })
    }

    /// Where the entry is that has this id in another tool, if one entry has it.
    pub fn find_external(&self, text: &str) -> Option<EntryIndex> {
        self.by_external_id.get(&external(text)).copied().flatten()
    }

    /// Where the entry is that has this id now; the first, if there are several.
    pub fn find_current(&self, id: Id) -> Option<EntryIndex> {
        self.by_id.get(&id).copied()
    }

    fn entries_by_external_id(&self) -> FxHashMap<String, Option<EntryIndex>> {
        let mut claims: FxHashMap<String, Option<EntryIndex>> = FxHashMap::default();
        for (index, entry) in self.indexed() {
            for text in entry.external_ids() {
                let claim = claims.entry(external(&text.value)).or_insert(Some(index));
                *claim = claim.filter(|first| *first == index);
            }
        }
        claims
    }

    /// Turns parts of link fields that are ids of other tools into links to the entries that have these.
    fn resolve_foreign_references(&mut self) {
        if self.by_external_id.is_empty() {
            return;
        }
        // What has the form of an id of a plan was read as one.
        for at in 0..self.entries.len() {
            let meant: Vec<(usize, Id)> = self.entries[at]
                .links
                .iter()
                .enumerate()
                .filter_map(|(place, link)| Some((place, self.meant_by(&link.target)?)))
                .collect();
            meant.into_iter().for_each(|(place, id)| self.entries[at].relink(place, id));
        }
        let defects = std::mem::take(&mut self.defects);
        for defect in defects {
            match self.foreign_link(&defect) {
                Some((from, Some(link))) => self.entries[from.0 as usize].link_to(link),
                Some((_, None)) => {}
                None => self.defects.push(defect),
            }
        }
    }

    /// The id of the entry that a link names by an id of another tool, if it does.
    fn meant_by(&self, target: &Target) -> Option<Id> {
        let Target::One(id) = target else { return None };
        let is_own = self.find_current(*id).is_some() || self.by_former_id.contains_key(id);
        let index = self.find_external(&id.to_string()).filter(|_| !is_own)?;
        Some(self.entry(index).id.value)
    }

    /// The entry that links, and the link, unless it was read as one already.
    fn foreign_link(&self, defect: &Defect) -> Option<(EntryIndex, Option<Link>)> {
        let DefectKind::ForeignReference { found, kind, reason } = &defect.kind else { return None };
        // The scope says of each link how much it is needed, by its place.
        if matches!(kind, LinkKind::Scope | LinkKind::Excludes) {
            return None;
        }
        let target = self.entry(self.find_external(found)?).id.value;
        let from = self.find_current(defect.owner?)?;
        let link = Link { kind: *kind, target: Target::One(target), span: defect.span, note: None };
        let is_read = matches!(reason, IdError::LetterCase(_));
        Some((from, (!is_read).then_some(link)))
    }

    fn entries_by_former_id(&self) -> BTreeMap<Id, EntryIndex> {
        let mut claims: BTreeMap<Id, Option<EntryIndex>> = BTreeMap::new();
        for (index, entry) in self.indexed() {
            for former in entry.former_ids() {
                let claim = claims.entry(former.value).or_insert(Some(index));
                // Whose id it was is not known if two entries claim it.
                *claim = claim.filter(|first| *first == index);
            }
        }
        let clear = |(id, claim): (Id, Option<EntryIndex>)| Some((id, claim?));
        claims.into_iter().filter(|(id, _)| !self.by_id.contains_key(id)).filter_map(clear).collect()
    }

    /// The entries that could have been meant by an id that no entry has: those
    /// one slip of the pen away from it, the nearest number first.
    pub fn near(&self, id: Id) -> impl Iterator<Item = &Entry<'s>> {
        let mut near: Vec<Id> = id.one_slip_away();
        near.sort_by_key(|other| (other.number.abs_diff(id.number), *other));
        near.into_iter().filter_map(|id| self.find(id)).map(|index| self.entry(index))
    }

    /// The release that a text names, by its id or by its version; a remark in brackets may follow.
    pub fn release(&self, name: &str) -> Option<EntryIndex> {
        let name = name.split('(').next().unwrap_or("").trim();
        if let Ok(id) = super::id::parse(name) {
            return self.find(id).filter(|index| matches!(self.entry(*index).kind, Kind::Rel(_)));
        }
        let version = Version::wanted(name)?;
        self.by_version.get(&version).copied()
    }

    fn releases_by_version(&self) -> FxHashMap<Version, EntryIndex> {
        let mut releases = FxHashMap::default();
        let family = Prefix::new("REL").map_or(&[][..], |prefix| self.family(prefix));
        for index in family {
            if let Kind::Rel(rel) = &self.entry(*index).kind
                && let Some(version) = &rel.version
            {
                releases.entry(version.value.clone()).or_insert(*index);
            }
        }
        releases
    }

    /// The prefixes that occur, each with its entries sorted by id.
    pub fn families(&self) -> impl Iterator<Item = (Prefix, &[EntryIndex])> {
        self.families.iter().map(|(prefix, entries)| (*prefix, entries.as_slice()))
    }

    /// The entries with this prefix, sorted by id.
    pub fn family(&self, prefix: Prefix) -> &[EntryIndex] {
        self.families.get(&prefix).map_or(&[], Vec::as_slice)
    }

    /// The entries between two ids of one family, both included, sorted by id. An entry that was renamed is where its
    /// former id is, unless its present one is among them, too.
    pub fn between(&self, from: Id, to: Id) -> Cow<'_, [EntryIndex]> {
        let family = self.family(from.prefix);
        let id = |index: &EntryIndex| self.entry(*index).id.value;
        let start = family.partition_point(|index| id(index) < from);
        let end = family.partition_point(|index| id(index) <= to);
        let current = &family[start..end.max(start)];
        let former = self.former_between(from, to).filter(|(_, index)| !(from..=to).contains(&id(index)));
        let mut named: Vec<(Id, EntryIndex)> = former.collect();
        if named.is_empty() {
            return Cow::Borrowed(current);
        }
        named.sort_by_key(|(_, index)| *index);
        named.dedup_by_key(|(_, index)| *index);
        named.extend(current.iter().map(|index| (id(index), *index)));
        named.sort_unstable();
        Cow::Owned(named.into_iter().map(|(_, index)| index).collect())
    }

    /// The ids that mean an entry which has another one now.
    pub fn former_ids(&self) -> impl Iterator<Item = Id> {
        self.by_former_id.keys().copied()
    }

    /// Whether any entry was renamed and says so.
    pub fn has_former_ids(&self) -> bool {
        !self.by_former_id.is_empty()
    }

    /// The former ids between two ids of one family, both included, each with the entry that had it.
    pub fn former_between(&self, from: Id, to: Id) -> impl Iterator<Item = (Id, EntryIndex)> {
        let range = (from <= to).then(|| self.by_former_id.range(from..=to));
        range.into_iter().flatten().map(|(id, index)| (*id, *index))
    }

    /// The entries of a typed family, picked by their kind.
    pub fn of_kind<'p, T: 'p>(
        &'p self,
        prefix: &str,
        pick: impl Fn(&'p Kind<'s>) -> Option<&'p T> + 'p,
    ) -> impl Iterator<Item = (&'p Entry<'s>, &'p T)> {
        let family = Prefix::new(prefix).map_or(&[][..], |prefix| self.family(prefix));
        family.iter().filter_map(move |&index| {
            let entry = self.entry(index);
            Some((entry, pick(&entry.kind)?))
        })
    }
}
