//! Coverage as JaCoCo XML (`report.dtd` 1.1), as JaCoCo and Kover write it.
//!
//! A source file of a package lists its lines, each with the instructions and branches that were missed and covered. What
//! lists no lines has its counters. Counters of packages, groups and the report follow from these. Reports and their groups
//! are modules: the same package and file in two of them are two source files.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::coverage::Record;
use super::coverage::totals::{self, Count, Counts};
use super::input::{Found, Input};
use super::xml::{Tag, Token, Xml};
use super::{EvidenceDefect, EvidenceDefectKind, Ratio};
use crate::source::Span;

/// Reads a report. What is broken ends the reading; what was read before it is kept.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut reader =
        Reader { input, xml: Xml::new(input), found, scopes: Vec::new(), package: None, groups: Vec::new() };
    if let Err(defect) = reader.document() {
        reader.found.broken(defect);
        // What is open is kept.
        while let Some(scope) = reader.scopes.pop() {
            reader.close(scope);
        }
    }
    let found = reader.found;
    if !found.records.iter().any(Record::counts_lines) {
        found.broken(EvidenceDefect { span: input.at(0, 0), kind: EvidenceDefectKind::NoCoverage });
    }
}

struct Reader<'r, 'i, 's> {
    input: &'i Input<'s>,
    xml: Xml<'s, 'i>,
    found: &'r mut Found<'s>,
    /// What is open and has counters, the outermost first.
    scopes: Vec<Scope<'s>>,
    package: Option<Package<'s>>,
    /// The names of the report and of the groups that are open.
    groups: Vec<Cow<'s, str>>,
}

/// An element with counters of its own.
struct Scope<'s> {
    kind: Kind<'s>,
    /// Its own counters of lines and of branches.
    stated: [Option<Counter<'s>>; 2],
    /// What is in it, lines and branches.
    counted: [Ways; 2],
}

enum Kind<'s> {
    Report,
    Group,
    Package,
    /// A class, and the name of its source file, or its own where it has none.
    Class {
        file: Cow<'s, str>,
        span: Span,
    },
    Method,
    SourceFile(Box<Record<'s>>),
}

/// What was missed and what was covered, and where it is stated.
#[derive(Clone, Copy)]
struct Counter<'s> {
    missed: (u64, &'s str),
    covered: (u64, &'s str),
}

impl Counter<'_> {
    fn ratio(self) -> Ratio {
        Ratio { covered: self.covered.0, total: self.covered.0.saturating_add(self.missed.0) }
    }
}

/// What is counted by source file, and by class. A line that is in two classes counts twice in the second.
#[derive(Debug, Clone, Copy, Default)]
struct Ways {
    by_file: Ratio,
    by_class: Ratio,
}

impl Ways {
    fn add(&mut self, other: Ways) {
        self.by_file = self.by_file.plus(other.by_file);
        self.by_class = self.by_class.plus(other.by_class);
    }

    /// Those in which all of it is counted.
    fn all(self) -> Vec<Ratio> {
        let by_class = Some(self.by_class).filter(|by_class| by_class.total >= self.by_file.total);
        [Some(self.by_file), by_class].into_iter().flatten().collect()
    }
}

/// The package that is open.
struct Package<'s> {
    name: Cow<'s, str>,
    /// The source files that are listed with lines or counters.
    listed: FxHashSet<String>,
    /// What its classes count, by source file.
    classes: FxHashMap<String, (Span, [Option<Ratio>; 2])>,
}

const LINES: usize = 0;
const BRANCHES: usize = 1;
const COUNTERS: [&str; 2] = ["LINE", "BRANCH"];

impl<'s> Reader<'_, '_, 's> {
    fn document(&mut self) -> Result<(), EvidenceDefect> {
        loop {
            match self.xml.next()? {
                Token::Start(tag) => self.element(tag)?,
                Token::End("report" | "group" | "package" | "class" | "method" | "sourcefile") => {
                    if let Some(scope) = self.scopes.pop() {
                        self.close(scope);
                    }
                }
                Token::End(_) | Token::Text(_) | Token::Data(_) => {}
                Token::Done => return Ok(()),
            }
        }
    }

    fn element(&mut self, tag: Tag<'s>) -> Result<(), EvidenceDefect> {
        match tag.name {
            "report" => {
                // Of two modules in one folder, each has a report of its name.
                let name = self.attribute("name")?.unwrap_or_default();
                self.groups.push(name);
                self.open(Kind::Report);
            }
            "sessioninfo" => return self.session(),
            "group" => {
                let name = self.attribute("name")?.unwrap_or_default();
                self.groups.push(name);
                self.open(Kind::Group);
            }
            "package" => {
                let name = self.attribute("name")?.unwrap_or_default();
                let (listed, classes) = (FxHashSet::default(), FxHashMap::default());
                self.package = Some(Package { name, listed, classes });
                self.open(Kind::Package);
            }
            "class" => {
                let file = match self.attribute("sourcefilename")? {
                    Some(file) => file,
                    // Without the name of its source file a class is by itself.
                    None => self.attribute("name")?.map(simple_name).unwrap_or_default(),
                };
                self.open(Kind::Class { file, span: self.input.first_line(tag.text) });
            }
            "method" => self.open(Kind::Method),
            "sourcefile" => self.source_file(tag)?,
            "line" => return self.line(tag),
            "counter" => return self.counter(tag),
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, kind: Kind<'s>) {
        self.scopes.push(Scope { kind, stated: [None; 2], counted: [Ways::default(); 2] });
    }

    fn attribute(&self, name: &str) -> Result<Option<Cow<'s, str>>, EvidenceDefect> {
        let mut found = None;
        self.xml.attributes(|attribute| {
            if attribute.name == name {
                found = Some(self.xml.value(attribute)?);
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// When a session ended. Of several that are in one report, the oldest says how old it is.
    fn session(&mut self) -> Result<(), EvidenceDefect> {
        let (found, input) = (&mut *self.found, self.input);
        self.xml.attributes(|attribute| {
            if attribute.name == "dump" {
                let time = found.time(attribute.raw, input.place(attribute.raw));
                found.report.time = found.report.time.earliest(time);
            }
            Ok(())
        })
    }

    fn source_file(&mut self, tag: Tag<'s>) -> Result<(), EvidenceDefect> {
        let name = self.attribute("name")?.unwrap_or_default();
        let record = self.record(&name, self.input.first_line(tag.text));
        self.open(Kind::SourceFile(Box::new(record)));
        Ok(())
    }

    /// A record for a source file of the package that is open.
    fn record(&self, file: &str, span: Span) -> Record<'s> {
        let package = self.package.as_ref().map_or("", |package| package.name.as_ref());
        let path = if package.is_empty() { file.to_owned() } else { format!("{package}/{file}") };
        let named = Cow::Owned(package.replace('/', "."));
        let mut record = Record::new(self.found.index, span, Cow::Owned(path), Some(named));
        record.module = Cow::Owned(self.groups.join("/"));
        record
    }

    fn line(&mut self, tag: Tag<'s>) -> Result<(), EvidenceDefect> {
        let mut number = None;
        // Instructions and branches, missed and covered.
        let mut counts = [Some(0), None, Some(0), Some(0)];
        let mut executed = None;
        self.xml.attributes(|attribute| {
            let count = || attribute.raw.trim().parse::<u64>().ok();
            match attribute.name {
                "nr" => number = attribute.raw.trim().parse().ok(),
                "mi" => counts[0] = count(),
                "ci" => {
                    counts[1] = count();
                    executed = Count::parse(attribute.raw).map(|count| (count, attribute.raw));
                }
                "mb" => counts[2] = count(),
                "cb" => counts[3] = count(),
                _ => {}
            }
            Ok(())
        })?;
        let (Some(number), Some((executed, place))) = (number, executed) else {
            self.found.broken(totals::at(self.input, tag.text, "a line needs its `nr`, `mi` and `ci`"));
            return Ok(());
        };
        let is_hit = executed.is_hit(self.input, self.found, place);
        let [Some(_), _, Some(missed), Some(covered)] = counts else {
            let reason = "the counts of a line are whole numbers from 0 on";
            self.found.broken(totals::at(self.input, tag.text, reason));
            return Ok(());
        };
        match self.scopes.last_mut().map(|scope| &mut scope.kind) {
            Some(Kind::SourceFile(record)) => {
                record.lines.push((number, is_hit));
                let branches = Ratio { covered, total: missed.saturating_add(covered) };
                if branches.total > 0 {
                    record.conditions.push((number, branches));
                }
            }
            _ => self.found.broken(totals::at(self.input, tag.text, "a line outside of a source file")),
        }
        Ok(())
    }

    fn counter(&mut self, tag: Tag<'s>) -> Result<(), EvidenceDefect> {
        let (mut kind, mut missed, mut covered) = ("", None, None);
        self.xml.attributes(|attribute| {
            let count = || attribute.raw.trim().parse::<u64>().ok().map(|count| (count, attribute.raw));
            match attribute.name {
                "type" => kind = attribute.raw.trim(),
                "missed" => missed = count(),
                "covered" => covered = count(),
                _ => {}
            }
            Ok(())
        })?;
        let Some(which) = COUNTERS.iter().position(|known| *known == kind) else { return Ok(()) };
        let (Some(missed), Some(covered)) = (missed, covered) else {
            let reason = "a counter needs `missed` and `covered`, whole numbers from 0 on";
            self.found.broken(totals::at(self.input, tag.text, reason));
            return Ok(());
        };
        if let Some(scope) = self.scopes.last_mut() {
            scope.stated[which] = Some(Counter { missed, covered });
        }
        Ok(())
    }

    fn close(&mut self, scope: Scope<'s>) {
        let Scope { kind, stated, counted } = scope;
        let counted = match kind {
            Kind::Method => return,
            Kind::Class { file, span } => self.close_class(&file, span, stated),
            Kind::SourceFile(record) => self.close_file(*record, stated),
            Kind::Package => {
                let counted = self.close_package(counted);
                self.compare(stated, counted);
                counted
            }
            Kind::Group => {
                self.groups.pop();
                self.compare(stated, counted);
                counted
            }
            Kind::Report => {
                self.compare(stated, counted);
                return;
            }
        };
        if let Some(around) = self.scopes.last_mut() {
            around.counted[LINES].add(counted[LINES]);
            around.counted[BRANCHES].add(counted[BRANCHES]);
        }
    }

    fn close_class(&mut self, file: &str, span: Span, stated: [Option<Counter<'s>>; 2]) -> [Ways; 2] {
        let ratios = stated.map(|counter| counter.map(Counter::ratio));
        if let Some(package) = &mut self.package {
            let (_, sums) = package.classes.entry(file.to_owned()).or_insert((span, [None; 2]));
            for (sum, ratio) in sums.iter_mut().zip(ratios) {
                *sum = match (*sum, ratio) {
                    (Some(sum), Some(ratio)) => Some(sum.plus(ratio)),
                    (sum, ratio) => sum.or(ratio),
                };
            }
        }
        ratios.map(|ratio| Ways { by_class: ratio.unwrap_or_default(), ..Ways::default() })
    }

    fn close_file(&mut self, mut record: Record<'s>, stated: [Option<Counter<'s>>; 2]) -> [Ways; 2] {
        let lists_lines = !record.lines.is_empty();
        let (lines, branches) = (record.settle(), record.branch_ratio());
        let mut counted = [lines, branches.unwrap_or_default()];
        if lists_lines {
            let ways = counted.map(|by_file| Ways { by_file, ..Ways::default() });
            self.compare(stated, ways);
        } else {
            let [lines, branches] = stated.map(|counter| counter.map(Counter::ratio));
            (record.stated_lines, record.stated_branches) = (lines, branches);
            counted = [lines, branches].map(Option::unwrap_or_default);
        }
        if record.counts_lines() {
            if let Some(package) = &mut self.package {
                let name = record.path.rsplit_once('/').map_or(record.path.as_ref(), |(_, name)| name);
                package.listed.insert(name.to_owned());
            }
            self.found.records.push(record);
        }
        counted.map(|by_file| Ways { by_file, ..Ways::default() })
    }

    /// Classes whose source file is not listed have their own counters.
    fn close_package(&mut self, mut counted: [Ways; 2]) -> [Ways; 2] {
        let Some(mut package) = self.package.take() else { return counted };
        let mut alone: Vec<_> = std::mem::take(&mut package.classes)
            .into_iter()
            .filter(|(file, (_, sums))| !package.listed.contains(file) && sums[LINES].is_some())
            .collect();
        alone.sort_by_key(|(_, (span, _))| span.start);
        self.package = Some(package);
        for (file, (span, sums)) in alone {
            let mut record = self.record(&file, span);
            (record.stated_lines, record.stated_branches) = (sums[LINES], sums[BRANCHES]);
            for (way, sum) in counted.iter_mut().zip(sums) {
                way.by_file = way.by_file.plus(sum.unwrap_or_default());
            }
            self.found.records.push(record);
        }
        self.package = None;
        counted
    }

    /// Compares counters with what is counted. What is missing behind a break is no difference.
    fn compare(&mut self, stated: [Option<Counter<'s>>; 2], counted: [Ways; 2]) {
        let names = [("LINE missed", "LINE covered"), ("BRANCH missed", "BRANCH covered")];
        for (((missed, covered), stated), counted) in names.into_iter().zip(stated).zip(counted) {
            let Some(stated) = stated.filter(|_| self.found.report.flaw.is_none()) else { continue };
            let ways = counted.all();
            let misses: Vec<u64> = ways.iter().map(|ratio| ratio.missed()).collect();
            let hits: Vec<u64> = ways.iter().map(|ratio| ratio.covered).collect();
            totals::compare(self.input, self.found, (missed, Counts::Missed), Some(stated.missed), &misses);
            totals::compare(self.input, self.found, (covered, Counts::Covered), Some(stated.covered), &hits);
        }
    }
}

/// A class without its package: `shop/Cart` is `Cart`.
fn simple_name(name: Cow<'_, str>) -> Cow<'_, str> {
    match name.rfind('/') {
        Some(at) => Cow::Owned(name[at + 1..].to_owned()),
        None => name,
    }
}
