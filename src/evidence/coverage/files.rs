//! Which names in reports are those of one source file.
//!
//! An absolute path is one file, wherever the report is. A relative path is one file in all reports of one folder; in
//! those of another folder the same path is another file, as `src/index.ts` is in a repository of many packages. A
//! relative path is an absolute one that ends like it if there is only one such path, and only one folder has that
//! relative path.
//!
//! A file has the same lines in all reports of one commit. Where two reports of one format each list lines that the other
//! does not, or state different totals, they are about two files: hits in one would hide what was missed in the other.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Record;
use crate::evidence::{EvidenceDefect, EvidenceDefectKind, Report, ReportIndex, ReportKind};
use crate::source::SourceMap;

/// Lists of lines of one name that are compared with each other; further ones are taken for those of other files.
const MOST_VARIANTS: usize = 8;

/// What a source file is known by: its folder of reports and its module, where its path is relative, and its path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Identity {
    path: String,
    scope: Scope,
    /// Which of the files of this name it is, by its lines.
    variant: usize,
}

/// Where a path means one file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Scope {
    /// Everywhere: it is absolute.
    Everywhere,
    /// In the reports of one folder, and in one module of them.
    Within { folder: String, module: String },
}

/// The names of the source files of all reports.
pub(super) struct Names {
    /// What each record is about, in the order of the records.
    pub identities: Vec<Identity>,
    /// Relative paths of which it is not known whether they are the absolute paths that end like them.
    ambiguous: FxHashSet<String>,
    /// By absolute path, the relative one that was found in its end.
    ends: FxHashMap<String, String>,
}

impl Names {
    pub fn new(records: &[Record<'_>], reports: &[Report<'_>], sources: &SourceMap) -> Self {
        let folders: Vec<&str> =
            reports.iter().map(|report| folder_of(sources.file(report.file).name())).collect();
        let mut identities: Vec<Identity> = records
            .iter()
            .map(|record| {
                identity(record, folders.get(record.report.0 as usize).copied().unwrap_or_default())
            })
            .collect();
        erase_lone_modules(&mut identities);
        let mut names = Names { identities, ambiguous: FxHashSet::default(), ends: FxHashMap::default() };
        names.settle();
        tell_apart_by_lines(&mut names.identities, records, reports);
        names
    }

    /// Gives relative paths the absolute path that they are.
    fn settle(&mut self) {
        let mut relative: FxHashMap<&str, FxHashSet<&Scope>> = FxHashMap::default();
        let mut absolute: FxHashSet<&str> = FxHashSet::default();
        for Identity { path, scope, .. } in &self.identities {
            match scope {
                Scope::Everywhere => drop(absolute.insert(path)),
                within => drop(relative.entry(path).or_default().insert(within)),
            }
        }
        let mut found: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        for path in absolute {
            // The longest end that a report names is the best match.
            let ends = path.match_indices('/').map(|(at, _)| &path[at + 1..]);
            let Some(end) = ends.into_iter().find(|end| relative.contains_key(*end)) else { continue };
            found.entry(end).or_default().push(path);
        }
        let mut absolute_of: FxHashMap<String, String> = FxHashMap::default();
        for (end, paths) in found {
            match paths[..] {
                [path] if relative.get(end).is_some_and(|scopes| scopes.len() == 1) => {
                    absolute_of.insert(end.to_owned(), path.to_owned());
                }
                _ => drop(self.ambiguous.insert(end.to_owned())),
            }
            for path in paths {
                self.ends.insert(path.to_owned(), end.to_owned());
            }
        }
        for identity in &mut self.identities {
            if let Some(path) = absolute_of.get(&identity.path)
                && identity.scope != Scope::Everywhere
            {
                *identity = Identity { path: path.clone(), scope: Scope::Everywhere, variant: 0 };
            }
        }
    }

    /// Notes that two reports name a file alike and are taken for two files, once for two reports.
    pub fn defects(&self, records: &[Record<'_>], reports: &[Report<'_>], defects: &mut Vec<EvidenceDefect>) {
        let mut first: FxHashMap<(&str, bool), (ReportIndex, &Identity)> = FxHashMap::default();
        let mut said: FxHashSet<(ReportIndex, ReportIndex)> = FxHashSet::default();
        let mut seen: FxHashSet<&Identity> = FxHashSet::default();
        for (record, identity) in records.iter().zip(&self.identities) {
            let is_relative = identity.scope != Scope::Everywhere;
            let end =
                self.ends.get(&identity.path).filter(|end| !is_relative && self.ambiguous.contains(*end));
            let name = end.unwrap_or(&identity.path).as_str();
            let is_local = is_relative || end.is_some();
            let (other, known) = *first.entry((name, is_local)).or_insert((record.report, identity));
            let is_new = seen.insert(identity);
            let lines_differ = identity.variant > 0;
            let is_said_elsewhere = !lines_differ && (!is_local || other == record.report);
            if known == identity || !is_new || is_said_elsewhere || !said.insert((other, record.report)) {
                continue;
            }
            let Some(other) = reports.get(other.0 as usize) else { continue };
            let kind = EvidenceDefectKind::SameFileName {
                path: name.to_owned(),
                other: other.file,
                in_one_folder: lines_differ || known.scope.folder() == identity.scope.folder(),
            };
            defects.push(EvidenceDefect { span: record.span, kind });
        }
    }
}

impl Scope {
    /// The folder of the reports, if it matters.
    fn folder(&self) -> Option<&str> {
        match self {
            Scope::Everywhere => None,
            Scope::Within { folder, .. } => Some(folder),
        }
    }
}

/// Tells records apart that have one name and cannot be those of one file. What a line is, is a matter of the tool, so that
/// only records of one format are compared.
fn tell_apart_by_lines(identities: &mut [Identity], records: &[Record<'_>], reports: &[Report<'_>]) {
    let mut counts: FxHashMap<&Identity, usize> = FxHashMap::default();
    identities.iter().for_each(|identity| *counts.entry(identity).or_default() += 1);
    let shared: Vec<bool> =
        identities.iter().map(|identity| counts.get(identity).is_some_and(|count| *count > 1)).collect();
    let mut known: FxHashMap<(Identity, Option<ReportKind>), Vec<Contents>> = FxHashMap::default();
    for ((identity, record), _) in
        identities.iter_mut().zip(records).zip(shared).filter(|(_, shared)| *shared)
    {
        let kind = reports.get(record.report.0 as usize).map(|report| report.kind);
        let variants = known.entry((identity.clone(), kind)).or_default();
        let lists_files_once = matches!(kind, Some(ReportKind::Jacoco | ReportKind::Clover));
        let contents = Contents::of(record, lists_files_once);
        let fitting = variants.iter().take(MOST_VARIANTS).position(|variant| variant.fits(&contents));
        identity.variant = fitting.unwrap_or(variants.len());
        if fitting.is_none() {
            variants.push(contents);
        }
    }
}

/// What a record says of what is in a file, whether it was executed or not.
struct Contents {
    /// The report, if its format lists every file once.
    only_in: Option<ReportIndex>,
    lines: Vec<u32>,
    total: Option<u64>,
}

impl Contents {
    fn of(record: &Record<'_>, lists_files_once: bool) -> Self {
        let mut lines: Vec<u32> = record.lines.iter().map(|(line, _)| *line).collect();
        lines.sort_unstable();
        lines.dedup();
        let only_in = lists_files_once.then_some(record.report);
        Contents { only_in, lines, total: record.stated_lines.map(|stated| stated.total) }
    }

    /// Whether both may be of one file: one lists all lines that the other does, or their totals agree. Where one lists
    /// nothing, nothing tells.
    fn fits(&self, other: &Contents) -> bool {
        let (shorter, longer) = match self.lines.len() <= other.lines.len() {
            true => (&self.lines, &other.lines),
            false => (&other.lines, &self.lines),
        };
        if self.only_in.is_some() && self.only_in == other.only_in {
            return false;
        }
        if longer.is_empty() {
            return self.total.is_none() || other.total.is_none() || self.total == other.total;
        }
        let mut rest = longer.iter();
        shorter.iter().all(|line| rest.any(|other| other == line))
    }
}

fn identity(record: &Record<'_>, folder: &str) -> Identity {
    let path = normalised(&record.path);
    let path = match &record.root {
        Some(root) if !is_absolute(&path) => {
            let root = root.trim().trim_end_matches(['/', '\\']);
            normalised(&format!("{root}/{path}")).into_owned()
        }
        _ => path.into_owned(),
    };
    let scope = match record.is_global || is_absolute(&path) {
        true => Scope::Everywhere,
        false => Scope::Within { folder: folder.to_owned(), module: record.module.clone().into_owned() },
    };
    Identity { path, scope, variant: 0 }
}

/// A module tells files apart only where a path of one folder is in several: other reports of that folder may name
/// none.
fn erase_lone_modules(identities: &mut [Identity]) {
    let mut modules: FxHashMap<(String, String), FxHashSet<String>> = FxHashMap::default();
    for Identity { path, scope, .. } in identities.iter() {
        if let Scope::Within { folder, module } = scope
            && !module.is_empty()
        {
            modules.entry((folder.clone(), path.clone())).or_default().insert(module.clone());
        }
    }
    for Identity { path, scope, .. } in identities {
        if let Scope::Within { folder, module } = scope
            && !module.is_empty()
            && modules.get(&(folder.clone(), path.clone())).is_some_and(|modules| modules.len() == 1)
        {
            module.clear();
        }
    }
}

/// The folder of a file.
fn folder_of(name: &str) -> &str {
    name.rfind(['/', '\\']).map_or("", |at| &name[..at])
}

/// A path with `/` between its parts, without `.` among them, and without a `..` that goes back to where it came from.
/// The letter of a drive is large.
pub(in crate::evidence) fn normalised(path: &str) -> Cow<'_, str> {
    let path = path.trim();
    let is_plain = !path.contains('\\')
        && !path.contains("//")
        && path.split('/').all(|part| part != "." && part != "..")
        && !path.ends_with('/')
        && path.as_bytes().get(1) != Some(&b':');
    if is_plain || path.contains("://") {
        return Cow::Borrowed(path);
    }
    let path = path.replace('\\', "/");
    let (root, rest) = match path.as_bytes() {
        [letter, b':', ..] if letter.is_ascii_alphabetic() => {
            let root = format!("{}:", path[..1].to_ascii_uppercase());
            let rest = &path[2..];
            if rest.starts_with('/') { (format!("{root}/"), rest) } else { (root, rest) }
        }
        [b'/', b'/', ..] => ("//".to_owned(), path.as_str()),
        [b'/', ..] => ("/".to_owned(), path.as_str()),
        _ => (String::new(), path.as_str()),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in rest.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if !root.is_empty() => {}
            part => parts.push(part),
        }
    }
    Cow::Owned(root + &parts.join("/"))
}

/// Whether a path is the same file from everywhere.
pub(in crate::evidence) fn is_absolute(path: &str) -> bool {
    path.starts_with('/')
        || path.contains("://")
        || matches!(path.as_bytes(), [letter, b':', b'/' | b'\\', ..] if letter.is_ascii_alphabetic())
}
