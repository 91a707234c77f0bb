//! Coverage as Cobertura XML (`coverage-04.dtd`), as coverage.py, gcovr, Coverlet and others write it.
//!
//! Only the lines of classes count; the rates at every level follow from them. The lines of its methods are those of a
//! class that has none of its own, and so are their branches. A file may have several classes: a line of a file counts
//! once. `<source>` is the folder that file names are below, if there is one only; of several it is not known which, and
//! the package tells equal names apart.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::coverage::totals::{self, Count, Counts, Total};
use super::coverage::{Record, Totals};
use super::input::{Found, Input};
use super::xml::{Attribute, Tag, Token, Xml};
use super::{EvidenceDefect, EvidenceDefectKind, Ratio, StatedBeyond, Timestamp};

/// Reads a report. What is broken ends the reading; what was read before it is kept.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    Reader::new(input, found).report();
}

struct Reader<'r, 'i, 's> {
    input: &'i Input<'s>,
    xml: Xml<'s, 'i>,
    found: &'r mut Found<'s>,
    /// The folders of the sources.
    sources: Vec<Cow<'s, str>>,
    /// The package that is open, its line rate, and what its classes count.
    package: (Cow<'s, str>, Option<&'s str>, Ways),
    /// The records of the source files, by package and path.
    files: FxHashMap<(Cow<'s, str>, Cow<'s, str>), usize>,
    /// The class that is open.
    class: Option<Class<'s>>,
    /// Whether the lines are those of a method.
    in_methods: bool,
    /// The line that is open, if it is a branch whose outcomes are not counted yet.
    branch: Option<Branch>,
    /// The totals of the whole report.
    stated: [Total<'s>; 4],
    /// Its rates of lines and branches.
    rates: [Option<&'s str>; 2],
    /// What its classes count.
    lines: Ways,
    branches: Ways,
}

/// What is listed, counted in every way in which producers count it.
#[derive(Debug, Clone, Copy, Default)]
struct Ways {
    /// Each line of a class once.
    by_class: Ratio,
    /// Each element of a class.
    listed: Ratio,
    /// Each element of a method.
    of_methods: Ratio,
}

impl Ways {
    fn add(&mut self, other: Ways) {
        self.by_class = self.by_class.plus(other.by_class);
        self.listed = self.listed.plus(other.listed);
        self.of_methods = self.of_methods.plus(other.of_methods);
    }

    /// Those in which all of it is counted. Some list no more of a method than where it begins.
    fn all(self) -> Vec<Ratio> {
        let of_methods = Some(self.of_methods).filter(|methods| methods.total >= self.by_class.total);
        [Some(self.by_class), Some(self.listed), of_methods].into_iter().flatten().collect()
    }
}

/// A class that is open.
struct Class<'s> {
    record: usize,
    rate: Option<&'s str>,
    own: Lines,
    of_methods: Lines,
}

#[derive(Default)]
struct Lines {
    lines: Vec<(u32, bool)>,
    conditions: Vec<(u32, Ratio)>,
}

impl Lines {
    fn line_ratio(&self) -> Ratio {
        let ratios = self.lines.iter().map(|(_, hit)| Ratio { covered: u64::from(*hit), total: 1 });
        ratios.fold(Ratio::default(), Ratio::plus)
    }

    fn branch_ratio(&self) -> Ratio {
        self.conditions.iter().map(|(_, ratio)| *ratio).fold(Ratio::default(), Ratio::plus)
    }
}

/// A line that says it is a branch, and not of how many outcomes.
struct Branch {
    line: u32,
    /// The outcomes that its conditions list.
    outcomes: Ratio,
}

const TOTALS: [(&str, Counts); 4] = [
    ("lines-valid", Counts::All),
    ("lines-covered", Counts::Covered),
    ("branches-valid", Counts::All),
    ("branches-covered", Counts::Covered),
];

impl<'r, 'i, 's> Reader<'r, 'i, 's> {
    fn new(input: &'i Input<'s>, found: &'r mut Found<'s>) -> Self {
        Reader {
            input,
            xml: Xml::new(input),
            found,
            sources: Vec::new(),
            package: (Cow::Borrowed(""), None, Ways::default()),
            files: FxHashMap::default(),
            class: None,
            in_methods: false,
            branch: None,
            stated: [None; 4],
            rates: [None; 2],
            lines: Ways::default(),
            branches: Ways::default(),
        }
    }

    fn report(mut self) {
        if let Err(defect) = self.document() {
            self.found.broken(defect);
        }
        self.close_class();
        self.place_files();
        self.compare();
    }

    fn document(&mut self) -> Result<(), EvidenceDefect> {
        loop {
            match self.xml.next()? {
                Token::Start(tag) => self.element(tag)?,
                Token::End("methods") => self.in_methods = false,
                Token::End("line") => self.close_line(),
                Token::End("class") => self.close_class(),
                Token::End("package") => self.close_package(),
                Token::End(_) | Token::Text(_) | Token::Data(_) => {}
                Token::Done => return Ok(()),
            }
        }
    }

    fn element(&mut self, tag: Tag<'s>) -> Result<(), EvidenceDefect> {
        match tag.name {
            "coverage" => self.root(),
            "source" => {
                let folder = self.xml.text()?;
                // A mistake of Cobertura's command line: its switch becomes a source.
                if !folder.trim().is_empty() && !folder.trim().starts_with("--") {
                    self.sources.push(folder);
                }
                Ok(())
            }
            "package" => self.open_package(),
            "class" => self.class(tag),
            "methods" => {
                self.in_methods = true;
                Ok(())
            }
            "line" => self.line(tag),
            "condition" => self.condition(),
            "property" => self.property(),
            _ => Ok(()),
        }
    }

    fn root(&mut self) -> Result<(), EvidenceDefect> {
        let (xml, found, input) = (&self.xml, &mut *self.found, self.input);
        let (stated, rates) = (&mut self.stated, &mut self.rates);
        let mut time = [Timestamp::Missing; 2];
        xml.attributes(|attribute| {
            let Attribute { name, raw, .. } = attribute;
            if let Some(which) = TOTALS.iter().position(|(known, _)| *known == name) {
                stated[which] = totals::read(input, found, raw);
                return Ok(());
            }
            match name {
                // Stated twice, in other capitals, the earlier counts.
                name if name.eq_ignore_ascii_case("timestamp") => {
                    time[0] = time[0].earliest(found.time(raw, input.place(raw)));
                }
                "date" | "generated" => time[1] = found.time(raw, input.place(raw)),
                "line-rate" => rates[0] = Some(raw),
                "branch-rate" => rates[1] = Some(raw),
                _ => totals::about(input, found, name, (xml.value(attribute)?, raw)),
            }
            Ok(())
        })?;
        found.report.time = time[0].or(time[1]);
        Ok(())
    }

    /// A property states the commit as those of other formats do.
    fn property(&mut self) -> Result<(), EvidenceDefect> {
        let (name, value) = self.xml.property()?;
        if let Some(value) = value {
            totals::about(self.input, self.found, &name, value);
        }
        Ok(())
    }

    fn open_package(&mut self) -> Result<(), EvidenceDefect> {
        let xml = &self.xml;
        let (mut name, mut rate) = (Cow::Borrowed(""), None);
        xml.attributes(|attribute| {
            match attribute.name {
                "name" => name = xml.value(attribute)?,
                "line-rate" => rate = Some(attribute.raw),
                _ => {}
            }
            Ok(())
        })?;
        self.package = (name, rate, Ways::default());
        Ok(())
    }

    fn close_package(&mut self) {
        let (_, rate, ways) = std::mem::take(&mut self.package);
        if let Some(rate) = rate {
            totals::compare_rate(self.input, self.found, "a line rate", rate, &ways.all());
        }
    }

    fn class(&mut self, tag: Tag<'s>) -> Result<(), EvidenceDefect> {
        let xml = &self.xml;
        let (mut path, mut name, mut rate) = (None, Cow::Borrowed(""), None);
        xml.attributes(|attribute| {
            match attribute.name {
                "filename" => path = Some(xml.value(attribute)?),
                "name" => name = xml.value(attribute)?,
                "line-rate" => rate = Some(attribute.raw),
                _ => {}
            }
            Ok(())
        })?;
        let Some(path) = path.filter(|path| !path.trim().is_empty()) else {
            let reason = format!("the class `{name}` names no file");
            self.found.broken(totals::at(self.input, tag.text, reason));
            return self.xml.skip();
        };
        let (index, span) = (self.found.index, self.input.first_line(tag.text));
        let package = self.package.0.clone();
        let records = &mut self.found.records;
        let record = *self.files.entry((package.clone(), path.clone())).or_insert_with(|| {
            let mut record = Record::new(index, span, path, Some(package.clone()));
            record.module = package;
            records.push(record);
            records.len() - 1
        });
        self.close_class();
        self.class = Some(Class { record, rate, own: Lines::default(), of_methods: Lines::default() });
        Ok(())
    }

    /// A class whose lines or branches are listed only in its methods has these.
    fn close_class(&mut self) {
        self.close_line();
        self.in_methods = false;
        let Some(Class { record, rate, own, of_methods }) = self.class.take() else { return };
        let of_methods_too = (of_methods.line_ratio(), of_methods.branch_ratio());
        // Istanbul lists the line of a function in its method alone, and counts it nowhere.
        let listed = Lines {
            lines: if own.lines.is_empty() { of_methods.lines } else { own.lines },
            conditions: if own.conditions.is_empty() { of_methods.conditions } else { own.conditions },
        };
        // A line that is listed twice counts once.
        let mut once = Record::new(self.found.index, self.input.at(0, 0), Cow::Borrowed(""), None);
        once.lines.clone_from(&listed.lines);
        once.conditions.clone_from(&listed.conditions);
        let (lines, branches) = (once.settle(), once.branch_ratio().unwrap_or_default());
        let lines = Ways { by_class: lines, listed: listed.line_ratio(), of_methods: of_methods_too.0 };
        let branches =
            Ways { by_class: branches, listed: listed.branch_ratio(), of_methods: of_methods_too.1 };
        self.lines.add(lines);
        self.branches.add(branches);
        self.package.2.add(lines);
        if let Some(rate) = rate {
            totals::compare_rate(self.input, self.found, "a line rate", rate, &lines.all());
        }
        if let Some(record) = self.found.records.get_mut(record) {
            record.lines.extend(once.lines);
            record.conditions.extend(listed.conditions);
        }
    }

    fn line(&mut self, tag: Tag<'s>) -> Result<(), EvidenceDefect> {
        self.close_line();
        let xml = &self.xml;
        let (mut number, mut hits, mut condition, mut is_branch) = (None, None, None, false);
        xml.attributes(|attribute| {
            match attribute.name {
                "number" => number = attribute.raw.trim().parse().ok(),
                "hits" => hits = Count::parse(attribute.raw).map(|count| (count, attribute.raw)),
                "condition-coverage" => condition = Some(attribute.raw),
                "branch" => is_branch = attribute.raw.trim().eq_ignore_ascii_case("true"),
                _ => {}
            }
            Ok(())
        })?;
        let (Some(number), Some((hits, place))) = (number, hits) else {
            let reason = "a line needs its `number` and its `hits`";
            self.found.broken(totals::at(self.input, tag.text, reason));
            return Ok(());
        };
        let hit = hits.is_hit(self.input, self.found, place);
        let in_methods = self.in_methods;
        let Some(class) = &mut self.class else {
            self.found.broken(totals::at(self.input, tag.text, "a line outside of a class"));
            return Ok(());
        };
        let lines = if in_methods { &mut class.of_methods } else { &mut class.own };
        lines.lines.push((number, hit));
        match condition.map(|condition| (conditions(condition), condition)) {
            Some((Some(ratio), _)) => lines.conditions.push((number, ratio)),
            Some((None, condition)) if !condition.trim().is_empty() => {
                let reason = "the coverage of conditions looks like `50% (1/2)`";
                self.found.broken(totals::at(self.input, condition, reason));
            }
            _ if is_branch => self.branch = Some(Branch { line: number, outcomes: Ratio::default() }),
            _ => {}
        }
        Ok(())
    }

    /// A condition of a line that does not say itself how many outcomes it has: a jump has two.
    fn condition(&mut self) -> Result<(), EvidenceDefect> {
        let Some(branch) = &mut self.branch else { return Ok(()) };
        let mut coverage = 0.0;
        self.xml.attributes(|attribute| {
            if attribute.name == "coverage" {
                coverage = attribute.raw.trim().trim_end_matches('%').parse().unwrap_or(0.0);
            }
            Ok(())
        })?;
        let covered = match coverage {
            100.0 => 2,
            50.0 => 1,
            _ => 0,
        };
        branch.outcomes = branch.outcomes.plus(Ratio { covered, total: 2 });
        Ok(())
    }

    /// A branch of which nothing says how many outcomes it has, has two at least, and none is known to be taken.
    fn close_line(&mut self) {
        let Some(Branch { line, outcomes }) = self.branch.take() else { return };
        let outcomes = if outcomes.total > 0 { outcomes } else { Ratio { covered: 0, total: 2 } };
        if let Some(class) = &mut self.class {
            let lines = if self.in_methods { &mut class.of_methods } else { &mut class.own };
            lines.conditions.push((line, outcomes));
        }
    }

    /// Says below which folder the files are.
    fn place_files(&mut self) {
        let source = match &self.sources[..] {
            [] => None,
            [source] => Some(source.trim()),
            _ => return,
        };
        let is_rooted = source.is_some_and(super::coverage::is_absolute);
        for record in &mut self.found.records {
            record.module = Cow::Borrowed("");
            match source {
                Some(source) if is_rooted => record.root = Some(Cow::Owned(source.to_owned())),
                Some(source) if source != "." && !super::coverage::is_absolute(&record.path) => {
                    record.path = Cow::Owned(format!("{source}/{}", record.path));
                }
                _ => {}
            }
        }
    }

    /// Compares the totals of the report with its lines.
    fn compare(&mut self) {
        let (mut lines, mut branches) = (Ratio::default(), Ratio::default());
        for record in &mut self.found.records {
            lines = lines.plus(record.line_ratio());
            branches = branches.plus(record.branch_ratio().unwrap_or_default());
        }
        let [valid, covered, branches_valid, branches_covered] = self.stated;
        if lines.total == 0 {
            // A project without a line has nothing to say of them, and says so.
            if valid.is_none_or(|(stated, _)| stated > 0) {
                let kind = EvidenceDefectKind::NoCoverage;
                self.found.broken(EvidenceDefect { span: self.input.at(0, 0), kind });
            }
            return;
        }
        if self.found.report.flaw.is_some() {
            return;
        }
        let lines = [&[lines][..], &self.lines.all()].concat();
        let branches = [&[branches][..], &self.branches.all()].concat();
        let numbers = |ratios: &[Ratio]| ratios.iter().map(|ratio| ratio.total).collect::<Vec<_>>();
        let hits = |ratios: &[Ratio]| ratios.iter().map(|ratio| ratio.covered).collect::<Vec<_>>();
        totals::compare(self.input, self.found, TOTALS[0], valid, &numbers(&lines));
        totals::compare(self.input, self.found, TOTALS[1], covered, &hits(&lines));
        if let Some(rate) = self.rates[0] {
            totals::compare_rate(self.input, self.found, "a line rate", rate, &lines);
        }
        self.compare_branches(branches_valid, branches_covered, &numbers(&branches), &hits(&branches));
        let known = self.found.report.beyond_branches.applied_to(branches[0]);
        let known = [&[known][..], &branches].concat();
        if let Some(rate) = self.rates[1] {
            totals::compare_rate(self.input, self.found, "a branch rate", rate, &known);
        }
    }

    /// Istanbul lists the branches of lines only that have a statement: that of a default value of a parameter is in its
    /// totals and nowhere else. So branches that are not listed are no sign that something was lost, and they count.
    fn compare_branches(&mut self, valid: Total<'s>, covered: Total<'s>, all: &[u64], hits: &[u64]) {
        if let (Some((total, _)), Some((taken, _))) = (valid, covered)
            && taken <= total
            && all.iter().all(|counted| total > *counted)
            && hits.iter().any(|counted| taken >= *counted)
        {
            let counted = Ratio { covered: hits[0], total: all[0] };
            let stated = Ratio { covered: taken, total };
            self.found.report.beyond_branches = StatedBeyond::of(stated, counted);
            self.found.total_branches = Some(Totals::new(stated, counted));
            return;
        }
        totals::compare(self.input, self.found, TOTALS[2], valid, all);
        totals::compare(self.input, self.found, TOTALS[3], covered, hits);
    }
}

/// `50% (1/2)`. A share that is lower than the counts by more than it is rounded contradicts them.
fn conditions(text: &str) -> Option<Ratio> {
    let (percent, rest) = text.split_once('(')?;
    let (covered, total) = rest.split_once(')')?.0.split_once('/')?;
    let ratio = Ratio { covered: covered.trim().parse().ok()?, total: total.trim().parse().ok()? };
    let stated = percent.trim().trim_end_matches('%').trim().parse::<f64>();
    let is_worse = stated.is_ok_and(|stated| ratio.percent().is_some_and(|percent| stated + 1.0 < percent));
    (ratio.covered <= ratio.total && !is_worse).then_some(ratio)
}
