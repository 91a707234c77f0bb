//! Coverage as Clover XML (`clover.xsd`), as OpenClover, PHPUnit and Istanbul write it.
//!
//! A file is in a package, or with PHPUnit in the project itself. It lists its lines: statements, methods and conditions.
//! Methods are no lines that are executed. `metrics` has the totals of a file, a package and the project. What lists no
//! lines or conditions has these.
//!
//! OpenClover counts how often a condition was true and how often it was false, so that it has two branches. Istanbul
//! writes in the same attributes how many branches were taken and how many were not. The totals of the file tell which it
//! is.

use std::borrow::Cow;

use super::coverage::totals::{self, Count, Counts, Total};
use super::coverage::{Record, Totals};
use super::input::{Found, Input};
use super::xml::{Attribute, Tag, Token, Xml};
use super::{EvidenceDefect, EvidenceDefectKind, Ratio, StatedBeyond, Timestamp};

/// Reads a report. What is broken ends the reading; what was read before it is kept.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut reader = Reader {
        input,
        xml: Xml::new(input),
        found,
        scopes: Vec::new(),
        package: None,
        file: None,
        says_none: false,
    };
    if let Err(defect) = reader.document() {
        reader.found.broken(defect);
        reader.close_file();
    }
    let says_none = reader.says_none;
    if !found.records.iter().any(Record::counts_lines) && !says_none {
        found.broken(EvidenceDefect { span: input.at(0, 0), kind: EvidenceDefectKind::NoCoverage });
    }
}

struct Reader<'r, 'i, 's> {
    input: &'i Input<'s>,
    xml: Xml<'s, 'i>,
    found: &'r mut Found<'s>,
    /// What is open and has totals, the outermost first: projects and packages.
    scopes: Vec<Scope<'s>>,
    package: Option<Cow<'s, str>>,
    file: Option<File<'s>>,
    /// Whether the project says that it has no statements.
    says_none: bool,
}

/// A project or a package.
#[derive(Default)]
struct Scope<'s> {
    metrics: Metrics<'s>,
    lines: Ways,
    branches: Ratio,
}

/// The totals of `metrics`.
#[derive(Default, Clone, Copy)]
struct Metrics<'s> {
    statements: Total<'s>,
    covered_statements: Total<'s>,
    conditionals: Total<'s>,
    covered_conditionals: Total<'s>,
}

/// Lines, counted in every way in which producers count them.
#[derive(Debug, Clone, Copy, Default)]
struct Ways {
    /// Each line once.
    lines: Ratio,
    /// Each element for a statement.
    statements: Ratio,
    /// Each element for a statement or a condition.
    elements: Ratio,
}

impl Ways {
    fn add(&mut self, other: Ways) {
        self.lines = self.lines.plus(other.lines);
        self.statements = self.statements.plus(other.statements);
        self.elements = self.elements.plus(other.elements);
    }

    /// Those in which all of it is counted: Istanbul writes a line as a condition instead of a statement.
    fn all(self) -> Vec<Ratio> {
        let statements = Some(self.statements).filter(|statements| statements.total >= self.lines.total);
        [Some(self.lines), Some(self.elements), statements].into_iter().flatten().collect()
    }
}

/// The file that is open.
struct File<'s> {
    record: Record<'s>,
    metrics: Metrics<'s>,
    /// How deep in it what is open is: its classes have totals of their own.
    classes: usize,
    statements: Ratio,
    elements: Ratio,
    /// Its conditions: line, and the two counts.
    conditions: Vec<(u32, [u64; 2])>,
}

impl<'s> Reader<'_, '_, 's> {
    fn document(&mut self) -> Result<(), EvidenceDefect> {
        loop {
            match self.xml.next()? {
                Token::Start(tag) => self.element(tag)?,
                Token::End("file") => self.close_file(),
                Token::End("class") => {
                    if let Some(file) = &mut self.file {
                        file.classes = file.classes.saturating_sub(1);
                    }
                }
                Token::End("package") => {
                    self.package = None;
                    self.close_scope();
                }
                Token::End("project") => self.close_scope(),
                Token::End(_) | Token::Text(_) | Token::Data(_) => {}
                Token::Done => return Ok(()),
            }
        }
    }

    fn element(&mut self, tag: Tag<'s>) -> Result<(), EvidenceDefect> {
        match tag.name {
            "coverage" => self.root(),
            "project" => {
                self.scopes.push(Scope::default());
                self.root()
            }
            // The coverage of the tests themselves.
            "testproject" => self.xml.skip(),
            "package" => {
                self.scopes.push(Scope::default());
                self.package = self.attribute("name")?;
                Ok(())
            }
            "file" => self.open_file(tag),
            "class" => {
                if let Some(file) = &mut self.file {
                    file.classes += 1;
                }
                Ok(())
            }
            "metrics" => self.metrics(),
            "line" => self.line(tag),
            _ => Ok(()),
        }
    }

    /// When the report was made, and for which commit. The earlier of two times says how old it is.
    fn root(&mut self) -> Result<(), EvidenceDefect> {
        let (xml, found, input) = (&self.xml, &mut *self.found, self.input);
        let mut time = Timestamp::Missing;
        xml.attributes(|attribute| {
            let Attribute { name, raw, .. } = attribute;
            match name {
                "generated" | "timestamp" => time = time.earliest(found.time(raw, input.place(raw))),
                _ => totals::about(input, found, name, (xml.value(attribute)?, raw)),
            }
            Ok(())
        })?;
        found.report.time = found.report.time.earliest(time);
        Ok(())
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

    fn open_file(&mut self, tag: Tag<'s>) -> Result<(), EvidenceDefect> {
        self.close_file();
        let named = |path: &Cow<'s, str>| !path.trim().is_empty();
        let path = self.attribute("path")?.filter(named);
        let Some(path) = path.or(self.attribute("name")?.filter(named)) else {
            self.found.broken(totals::at(self.input, tag.text, "a file without `path` or `name`"));
            return self.xml.skip();
        };
        let span = self.input.first_line(tag.text);
        self.file = Some(File {
            record: Record::new(self.found.index, span, path, self.package.clone()),
            metrics: Metrics::default(),
            classes: 0,
            statements: Ratio::default(),
            elements: Ratio::default(),
            conditions: Vec::new(),
        });
        Ok(())
    }

    fn metrics(&mut self) -> Result<(), EvidenceDefect> {
        let (found, input) = (&mut *self.found, self.input);
        let metrics = match (&mut self.file, self.scopes.last_mut()) {
            (Some(file), _) if file.classes > 0 => return Ok(()),
            (Some(file), _) => &mut file.metrics,
            (None, Some(scope)) => &mut scope.metrics,
            (None, None) => return Ok(()),
        };
        self.xml.attributes(|attribute| {
            let total = match attribute.name {
                "statements" => &mut metrics.statements,
                "coveredstatements" => &mut metrics.covered_statements,
                "conditionals" => &mut metrics.conditionals,
                "coveredconditionals" => &mut metrics.covered_conditionals,
                _ => return Ok(()),
            };
            *total = totals::read(input, found, attribute.raw);
            Ok(())
        })
    }

    fn line(&mut self, tag: Tag<'s>) -> Result<(), EvidenceDefect> {
        let (mut number, mut kind, mut count) = (None, "", None);
        let (mut when_true, mut when_false) = (None, None);
        self.xml.attributes(|attribute| {
            let raw = attribute.raw;
            match attribute.name {
                "num" => number = raw.trim().parse().ok(),
                "type" => kind = raw.trim(),
                "count" => count = Some((Count::parse(raw), raw)),
                "truecount" => when_true = Some((Count::parse(raw), raw)),
                "falsecount" => when_false = Some((Count::parse(raw), raw)),
                _ => {}
            }
            Ok(())
        })?;
        if kind == "method" {
            return Ok(());
        }
        if !matches!(kind, "stmt" | "cond") {
            let reason = "the `type` of a line is `stmt`, `cond` or `method`";
            self.found.broken(totals::at(self.input, tag.text, reason));
            return Ok(());
        }
        let outcomes = [when_true, when_false].map(|outcome| self.outcome(outcome));
        let is_condition = when_true.is_some() || when_false.is_some();
        let hit = match count {
            Some((Some(count), raw)) => Some(count.is_hit(self.input, self.found, raw)),
            // A condition of OpenClover has only the counts of its two outcomes.
            None if is_condition => Some(outcomes.iter().flatten().any(|count| *count > 0)),
            _ => None,
        };
        let (Some(number), Some(hit)) = (number, hit) else {
            self.found.broken(totals::at(self.input, tag.text, "a line needs its `num` and its `count`"));
            return Ok(());
        };
        let ([Some(when_true), Some(when_false)], Some(file)) = (outcomes, &mut self.file) else {
            let reason = "a line outside of a file, or with a count that is none";
            self.found.broken(totals::at(self.input, tag.text, reason));
            return Ok(());
        };
        let one = Ratio { covered: u64::from(hit), total: 1 };
        file.record.lines.push((number, hit));
        file.elements = file.elements.plus(one);
        if kind == "stmt" {
            file.statements = file.statements.plus(one);
        }
        if is_condition {
            file.conditions.push((number, [when_true, when_false]));
        }
        Ok(())
    }

    /// How often a condition had an outcome: never, where it is not stated; nothing, where it cannot be read.
    fn outcome(&mut self, stated: Option<(Option<Count>, &'s str)>) -> Option<u64> {
        let Some((count, raw)) = stated else { return Some(0) };
        let is_hit = count?.is_hit(self.input, self.found, raw);
        Some(if is_hit { raw.trim().parse().unwrap_or(1) } else { 0 })
    }

    fn close_file(&mut self) {
        let Some(file) = self.file.take() else { return };
        let File { mut record, metrics, statements, elements, conditions, .. } = file;
        let lists_lines = !record.lines.is_empty();
        let mut ways = Ways { lines: record.settle(), statements, elements };
        let stated = |found: &mut Found<'s>| {
            totals::believed(self.input, found, metrics.conditionals, metrics.covered_conditionals)
        };
        let stated_branches = stated(self.found);
        record.conditions = branches(&conditions, stated_branches);
        if lists_lines {
            self.compare_lines(metrics, ways);
        } else {
            let covered = metrics.covered_statements;
            record.stated_lines = totals::believed(self.input, self.found, metrics.statements, covered);
            let stated = record.stated_lines.unwrap_or_default();
            ways = Ways { lines: stated, statements: stated, elements: stated };
        }
        let counted = record.branch_ratio();
        match (counted, stated_branches) {
            // Istanbul lists the branches only of lines that have a statement.
            (Some(counted), Some(stated)) => record.total_branches = Some(Totals::new(stated, counted)),
            (None, stated) => record.stated_branches = stated,
            (Some(_), None) => {}
        }
        let branches = match (counted, stated_branches) {
            (Some(counted), Some(stated)) => StatedBeyond::of(stated, counted).applied_to(counted),
            (counted, stated) => counted.or(stated).unwrap_or_default(),
        };
        if let Some(scope) = self.scopes.last_mut() {
            scope.lines.add(ways);
            scope.branches = scope.branches.plus(branches);
        }
        self.found.records.push(record);
    }

    fn close_scope(&mut self) {
        let Some(Scope { metrics, lines, branches }) = self.scopes.pop() else { return };
        self.says_none |= metrics.statements.is_some_and(|(total, _)| total == 0);
        if self.found.report.flaw.is_none() {
            self.compare_lines(metrics, lines);
            let (all, covered) = (metrics.conditionals, metrics.covered_conditionals);
            let (input, found) = (self.input, &mut *self.found);
            totals::compare(input, found, ("conditionals", Counts::All), all, &[branches.total]);
            let name = ("coveredconditionals", Counts::Covered);
            totals::compare(input, found, name, covered, &[branches.covered]);
        }
        if let Some(around) = self.scopes.last_mut() {
            around.lines.add(lines);
            around.branches = around.branches.plus(branches);
        }
    }

    fn compare_lines(&mut self, metrics: Metrics<'s>, counted: Ways) {
        let ways = counted.all();
        let totals: Vec<u64> = ways.iter().map(|ratio| ratio.total).collect();
        let hits: Vec<u64> = ways.iter().map(|ratio| ratio.covered).collect();
        let (input, found) = (self.input, &mut *self.found);
        totals::compare(input, found, ("statements", Counts::All), metrics.statements, &totals);
        let covered = metrics.covered_statements;
        totals::compare(input, found, ("coveredstatements", Counts::Covered), covered, &hits);
    }
}

/// The branches of conditions by line, read as OpenClover or as Istanbul means them: in the way that gives the totals of
/// the file, else in the way that gives the lower share.
fn branches(conditions: &[(u32, [u64; 2])], stated: Option<Ratio>) -> Vec<(u32, Ratio)> {
    let outcome = |count: u64| u64::from(count > 0);
    let as_executions = |[when_true, when_false]: [u64; 2]| Ratio {
        covered: outcome(when_true) + outcome(when_false),
        total: 2,
    };
    let as_branches =
        |[taken, not_taken]: [u64; 2]| Ratio { covered: taken, total: taken.saturating_add(not_taken) };
    let sum = |each: &dyn Fn([u64; 2]) -> Ratio| {
        conditions.iter().map(|(_, counts)| each(*counts)).fold(Ratio::default(), Ratio::plus)
    };
    let (executions, branches) = (sum(&as_executions), sum(&as_branches));
    let means_branches = match stated {
        Some(stated) if stated == branches => true,
        Some(stated) if stated == executions => false,
        _ => branches.lower(executions) == branches,
    };
    conditions
        .iter()
        .map(|(line, counts)| {
            (*line, if means_branches { as_branches(*counts) } else { as_executions(*counts) })
        })
        .filter(|(_, ratio)| ratio.total > 0)
        .collect()
}
