//! Coverage as an LCOV trace file (`geninfo(1)`, "FILES").
//!
//! A record is a source file: `SF`, then lines `DA`, branches `BRDA`, and totals `LF`, `LH`, `BRF`, `BRH`, up
//! to `end_of_record`. Functions and conditions are passed over.

use std::borrow::Cow;

use super::coverage::{Branch, Record};
use super::input::{Found, Input};
use super::{EvidenceDefect, EvidenceDefectKind, Ratio};

/// What may begin a line, besides what is read. `geninfo` 2.x writes all of these.
const PASSED_OVER: [&str; 13] =
    ["TN", "VER", "FN", "FNA", "FNL", "FNDA", "FNF", "FNH", "MCDC", "MCF", "MCH", "BRANCH", "KF"];

/// Reads a trace file. A line that is broken is named, and reading goes on behind it.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut reader = Reader { input, found, open: None };
    for line in input.text.split_inclusive('\n') {
        let line = line.trim_ascii();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Err(reason) = reader.line(line) {
            let mut defect = input.malformed(0, reason);
            defect.span = input.place(line);
            reader.found.broken(defect);
        }
    }
    if let Some(open) = reader.open.take() {
        let reason = format!("the file ends inside the record of `{}`", open.record.path);
        reader.found.broken(input.malformed(input.text.len(), reason));
        reader.found.records.push(open.record);
    }
    let records = &found.records;
    if !records.iter().any(|record| !record.lines.is_empty() || record.stated_lines.is_some()) {
        found.broken(EvidenceDefect { span: input.at(0, 0), kind: EvidenceDefectKind::NoCoverage });
    }
}

struct Reader<'r, 'i, 's> {
    input: &'i Input<'s>,
    found: &'r mut Found<'s>,
    open: Option<Open<'s>>,
}

/// A record that is open.
struct Open<'s> {
    record: Record<'s>,
    /// The totals that it states, and where: `LF`, `LH`, `BRF`, `BRH`.
    totals: [Option<(u64, &'s str)>; 4],
}

const TOTALS: [&str; 4] = ["LF", "LH", "BRF", "BRH"];

impl<'s> Reader<'_, '_, 's> {
    fn line(&mut self, line: &'s str) -> Result<(), &'static str> {
        if line == "end_of_record" {
            let open = self.open.take().ok_or("`end_of_record` without an `SF` before it")?;
            self.close(open);
            return Ok(());
        }
        let (key, value) = line.split_once(':').ok_or("no line of an LCOV trace file looks like this")?;
        match key {
            "SF" => self.begin(line, value),
            "DA" => self.record()?.lines.push(data(value).ok_or("a line looks like `DA:12,3`")?),
            "BRDA" => {
                let branch = branch(value).ok_or("a branch looks like `BRDA:12,0,1,3` or `BRDA:12,0,1,-`")?;
                self.record()?.branches.push(branch);
            }
            _ => {
                if let Some(which) = TOTALS.iter().position(|known| *known == key) {
                    let count = value.trim().parse().map_err(|_| "a total is a whole number")?;
                    self.opened()?.totals[which] = Some((count, line));
                } else if !PASSED_OVER.contains(&key) {
                    return Err("no line of an LCOV trace file begins like this");
                }
            }
        }
        Ok(())
    }

    fn opened(&mut self) -> Result<&mut Open<'s>, &'static str> {
        self.open.as_mut().ok_or("this stands outside of a record; `SF:` begins one")
    }

    fn record(&mut self) -> Result<&mut Record<'s>, &'static str> {
        Ok(&mut self.opened()?.record)
    }

    fn begin(&mut self, line: &'s str, path: &'s str) {
        let span = self.input.place(line);
        let record = Record::new(self.found.index, span, Cow::Borrowed(path.trim()), None);
        let before = self.open.replace(Open { record, totals: [None; 4] });
        if let Some(before) = before {
            let reason = format!("the record of `{}` is not closed by `end_of_record`", before.record.path);
            self.found.broken(EvidenceDefect {
                span,
                kind: EvidenceDefectKind::Malformed { reason, at_end: false },
            });
            self.close(before);
        }
    }

    fn close(&mut self, open: Open<'s>) {
        let Open { mut record, totals } = open;
        let [lines, lines_hit, branches, branches_hit] = totals;
        let counted = record.line_ratio();
        if record.lines.is_empty() {
            record.stated_lines = self.stated(lines, lines_hit);
        } else {
            self.compare("LF", lines, counted.total);
            self.compare("LH", lines_hit, counted.covered);
        }
        if let Some(counted) = record.branch_ratio() {
            self.compare("BRF", branches, counted.total);
            self.compare("BRH", branches_hit, counted.covered);
        } else {
            record.stated_branches = self.stated(branches, branches_hit);
        }
        self.found.records.push(record);
    }

    /// What totals say where nothing else does. Those of which more is covered than there is say nothing:
    /// they would pass for more than all of it.
    fn stated(&mut self, total: Option<(u64, &'s str)>, covered: Option<(u64, &'s str)>) -> Option<Ratio> {
        let (total, _) = total?;
        let Some((covered, line)) = covered else { return Some(Ratio { covered: 0, total }) };
        if covered <= total {
            return Some(Ratio { covered, total });
        }
        let reason = format!("{covered} are covered, and there are {total}");
        let defect = EvidenceDefect {
            span: self.input.place(line),
            kind: EvidenceDefectKind::Malformed { reason, at_end: false },
        };
        self.found.broken(defect);
        None
    }

    fn compare(&mut self, what: &'static str, stated: Option<(u64, &'s str)>, counted: u64) {
        if let Some((stated, line)) = stated.filter(|(stated, _)| *stated != counted) {
            let kind = EvidenceDefectKind::CountsDiffer { what, stated, counted };
            self.found.defect(self.input.place(line), kind);
        }
    }
}

/// `LINE,COUNT` or `LINE,COUNT,CHECKSUM`.
fn data(value: &str) -> Option<(u32, bool)> {
    let mut parts = value.split(',');
    let line = parts.next()?.trim().parse().ok()?;
    Some((line, is_hit(parts.next()?)?))
}

/// `LINE,BLOCK,NAME,TAKEN`, where the name may be an expression with commas in it and `-` means that the
/// block was never reached.
fn branch(value: &str) -> Option<(Branch<'_>, bool)> {
    let (line, rest) = value.split_once(',')?;
    let (block, rest) = rest.split_once(',')?;
    let (name, taken) = rest.rsplit_once(',')?;
    let taken = match taken.trim() {
        "-" => false,
        count => is_hit(count)?,
    };
    // An `e` before the block says that the branch is one of exceptions.
    let block = block.trim().trim_start_matches('e');
    Some(((line.trim().parse().ok()?, block, name), taken))
}

/// Whether a count is above zero. Some write large counts as `1e+06`.
fn is_hit(count: &str) -> Option<bool> {
    let count = count.trim();
    match count.parse::<u64>() {
        Ok(count) => Some(count > 0),
        Err(_) => count
            .parse::<f64>()
            .ok()
            .filter(|count| count.is_finite() && *count >= 0.0)
            .map(|count| count > 0.0),
    }
}
