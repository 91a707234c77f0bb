//! Coverage as Cobertura XML (`coverage-04.dtd`), as coverage.py, gcovr, Coverlet and others write it.
//!
//! Only the lines of classes count; the rates that stand at every level follow from them. The lines of its
//! methods are those of a class that has none of its own. A file may hold several classes: a line of a file
//! counts once.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::coverage::Record;
use super::input::{Found, Input};
use super::xml::{Tag, Token, Xml};
use super::{EvidenceDefect, EvidenceDefectKind, Ratio};

/// Reads a report. What is broken ends the reading; what stands before it is kept.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    Reader::new(input, found).report();
}

struct Reader<'r, 'i, 's> {
    input: &'i Input<'s>,
    xml: Xml<'s, 'i>,
    found: &'r mut Found<'s>,
    /// The package that is open.
    package: Cow<'s, str>,
    /// The records of the source files, by path.
    files: FxHashMap<Cow<'s, str>, usize>,
    /// The record of the class that is open.
    current: Option<usize>,
    /// Whether the lines are those of a method.
    in_methods: bool,
    /// The lines of the methods of the class that is open, and whether it has lines of its own.
    of_methods: (Vec<(u32, bool)>, bool),
    /// The totals of the whole report, and where they stand.
    stated: [Option<(u64, &'s str)>; 4],
}

const TOTALS: [&str; 4] = ["lines-valid", "lines-covered", "branches-valid", "branches-covered"];

impl<'r, 'i, 's> Reader<'r, 'i, 's> {
    fn new(input: &'i Input<'s>, found: &'r mut Found<'s>) -> Self {
        Reader {
            input,
            xml: Xml::new(input),
            found,
            package: Cow::Borrowed(""),
            files: FxHashMap::default(),
            current: None,
            in_methods: false,
            of_methods: (Vec::new(), false),
            stated: [None; 4],
        }
    }

    fn report(mut self) {
        if let Err(defect) = self.document() {
            self.found.broken(defect);
        }
        self.compare();
    }

    fn document(&mut self) -> Result<(), EvidenceDefect> {
        loop {
            match self.xml.next()? {
                Token::Start(tag) => self.element(tag)?,
                Token::End("methods") => self.in_methods = false,
                Token::End("class") => self.close_class(),
                Token::End(_) | Token::Text(_) | Token::Data(_) => {}
                Token::Done => return Ok(()),
            }
        }
    }

    fn element(&mut self, tag: Tag<'s>) -> Result<(), EvidenceDefect> {
        match tag.name {
            "coverage" => self.root(),
            "package" => {
                let xml = &self.xml;
                let mut name = Cow::Borrowed("");
                xml.attributes(|attribute| {
                    if attribute.name == "name" {
                        name = xml.value(attribute)?;
                    }
                    Ok(())
                })?;
                self.package = name;
                Ok(())
            }
            "class" => self.class(tag),
            "methods" => {
                self.in_methods = true;
                Ok(())
            }
            "line" => self.line(tag),
            _ => Ok(()),
        }
    }

    fn root(&mut self) -> Result<(), EvidenceDefect> {
        let (xml, found, stated) = (&self.xml, &mut *self.found, &mut self.stated);
        xml.attributes(|attribute| {
            if let Some(which) = TOTALS.iter().position(|known| *known == attribute.name) {
                stated[which] = attribute.raw.trim().parse().ok().map(|count| (count, attribute.raw));
            } else if attribute.name == "timestamp" {
                found.report.time = found.time(attribute.raw, self.input.place(attribute.raw));
            }
            Ok(())
        })
    }

    fn class(&mut self, tag: Tag<'s>) -> Result<(), EvidenceDefect> {
        let xml = &self.xml;
        let (mut path, mut name) = (None, Cow::Borrowed(""));
        xml.attributes(|attribute| {
            match attribute.name {
                "filename" => path = Some(xml.value(attribute)?),
                "name" => name = xml.value(attribute)?,
                _ => {}
            }
            Ok(())
        })?;
        let Some(path) = path else {
            let reason = format!("the class `{name}` names no file");
            return Err(EvidenceDefect {
                span: self.input.first_line(tag.text),
                kind: EvidenceDefectKind::Malformed { reason, at_end: false },
            });
        };
        let index = self.found.index;
        let records = &mut self.found.records;
        let current = *self.files.entry(path.clone()).or_insert_with(|| {
            let package = Some(self.package.clone());
            records.push(Record::new(index, self.input.first_line(tag.text), path, package));
            records.len() - 1
        });
        self.current = Some(current);
        Ok(())
    }

    /// A class whose lines stand nowhere but in its methods has these.
    fn close_class(&mut self) {
        let (lines, has_own) = std::mem::take(&mut self.of_methods);
        let record = self.current.take().and_then(|current| self.found.records.get_mut(current));
        if let Some(record) = record.filter(|_| !has_own) {
            record.lines.extend(lines);
        }
    }

    fn line(&mut self, tag: Tag<'s>) -> Result<(), EvidenceDefect> {
        let xml = &self.xml;
        let (mut number, mut hits, mut condition) = (None, None, None);
        xml.attributes(|attribute| {
            match attribute.name {
                "number" => number = attribute.raw.trim().parse().ok(),
                "hits" => hits = attribute.raw.trim().parse::<f64>().ok(),
                "condition-coverage" => condition = Some(attribute.raw),
                _ => {}
            }
            Ok(())
        })?;
        let broken = |reason: &str| {
            let kind = EvidenceDefectKind::Malformed { reason: reason.to_owned(), at_end: false };
            Err(EvidenceDefect { span: self.input.first_line(tag.text), kind })
        };
        let (Some(number), Some(hits)) = (number, hits) else {
            return broken("a line needs its `number` and its `hits`");
        };
        let Some(record) = self.current.and_then(|current| self.found.records.get_mut(current)) else {
            return broken("a line outside of a class");
        };
        if self.in_methods {
            self.of_methods.0.push((number, hits > 0.0));
            return Ok(());
        }
        self.of_methods.1 = true;
        record.lines.push((number, hits > 0.0));
        let Some(condition) = condition else { return Ok(()) };
        match conditions(condition) {
            Some(ratio) => record.conditions.push((number, ratio)),
            None if condition.trim().is_empty() => {}
            None => return broken("the coverage of conditions looks like `50% (1/2)`"),
        }
        Ok(())
    }

    /// Holds the totals of the report against its lines.
    fn compare(&mut self) {
        let (mut lines, mut branches) = (Ratio::default(), Ratio::default());
        for record in &mut self.found.records {
            lines = lines.plus(record.line_ratio());
            branches = branches.plus(record.branch_ratio().unwrap_or_default());
        }
        if lines.total == 0 {
            // A project without a line has nothing to say of them, and says so.
            if self.stated[0].is_none_or(|(stated, _)| stated > 0) {
                let kind = EvidenceDefectKind::NoCoverage;
                self.found.broken(EvidenceDefect { span: self.input.at(0, 0), kind });
            }
            return;
        }
        if self.found.report.flaw.is_some() {
            return;
        }
        let counted = [lines.total, lines.covered, branches.total, branches.covered];
        for ((what, stated), counted) in TOTALS.into_iter().zip(self.stated).zip(counted) {
            if let Some((stated, place)) = stated.filter(|(stated, _)| *stated != counted) {
                let kind = EvidenceDefectKind::CountsDiffer { what, stated, counted };
                self.found.defect(self.input.place(place), kind);
            }
        }
    }
}

/// `50% (1/2)`.
fn conditions(text: &str) -> Option<Ratio> {
    let (_, rest) = text.split_once('(')?;
    let (covered, total) = rest.split_once(')')?.0.split_once('/')?;
    let ratio = Ratio { covered: covered.trim().parse().ok()?, total: total.trim().parse().ok()? };
    (ratio.covered <= ratio.total).then_some(ratio)
}
