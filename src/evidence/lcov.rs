//! Coverage as an LCOV trace file (`geninfo(1)`, "FILES").
//!
//! A record is a source file: `SF`, then lines `DA`, branches `BRDA`, and totals `LF`, `LH`, `BRF`, `BRH`, up
//! to `end_of_record`. Functions and conditions are passed over.
//!
//! `llvm-cov` counts the totals of a file by function: a line that is in two of them, as those of closures are, counts
//! twice, and of the instances of a generic function only the one of which most is covered. So its totals differ from its
//! lines although nothing was lost, and of both the worse count.

use std::borrow::Cow;

use super::coverage::totals::{self, Count, Counts, Total};
use super::coverage::{Branch, Record, Totals};
use super::input::{Found, Input};
use super::{EvidenceDefect, EvidenceDefectKind, Ratio};

/// What may begin a line, besides what is read. `geninfo` 2.x writes all of these.
const PASSED_OVER: [&str; 9] = ["VER", "FNDA", "FNF", "FNH", "MCDC", "MCF", "MCH", "BRANCH", "KF"];

/// Reads a trace file. A line that is broken is named, and reading goes on behind it.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut reader = Reader { input, found, open: None, names_tests: false };
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
    if !records.iter().any(Record::counts_lines) {
        found.broken(EvidenceDefect { span: input.at(0, 0), kind: EvidenceDefectKind::NoCoverage });
    }
}

struct Reader<'r, 'i, 's> {
    input: &'i Input<'s>,
    found: &'r mut Found<'s>,
    open: Option<Open<'s>>,
    /// Whether it has a `TN`, which `llvm-cov` never writes.
    names_tests: bool,
}

/// A record that is open.
struct Open<'s> {
    record: Record<'s>,
    /// The totals that it states, and where: `LF`, `LH`, `BRF`, `BRH`.
    totals: [Total<'s>; 4],
    /// Whether it lists functions before lines.
    functions_first: bool,
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
            // Records of files without a name would hide each other.
            "SF" if value.trim().is_empty() => return Err("`SF:` is followed by the name of a file"),
            "SF" => self.begin(line, value),
            "DA" => {
                let (number, count) = data(value).ok_or("a line looks like `DA:12,3`")?;
                self.opened()?;
                let is_hit = count.is_hit(self.input, self.found, line);
                self.record()?.lines.push((number, is_hit));
            }
            "BRDA" => {
                let wrong = "a branch looks like `BRDA:12,0,1,3` or `BRDA:12,0,1,-`";
                let (branch, count) = branch(value).ok_or(wrong)?;
                self.opened()?;
                let is_taken = count.is_hit(self.input, self.found, line);
                self.record()?.branches.push((branch, is_taken));
            }
            "TN" => self.names_tests = true,
            "FN" | "FNL" | "FNA" => {
                if let Some(open) = self.open.as_mut().filter(|open| open.record.lines.is_empty()) {
                    open.functions_first = true;
                }
            }
            _ => {
                if let Some(which) = TOTALS.iter().position(|known| *known == key) {
                    let count = value.trim().parse().map_err(|_| "a total is a whole number")?;
                    let total = &mut self.opened()?.totals[which];
                    // Of two the worse counts: more of them in all, or fewer that were reached.
                    let is_hit = key.ends_with('H');
                    if total.is_none_or(|(before, _)| if is_hit { count < before } else { count > before }) {
                        *total = Some((count, line));
                    }
                } else if !PASSED_OVER.contains(&key) {
                    return Err("no line of an LCOV trace file begins like this");
                }
            }
        }
        Ok(())
    }

    fn opened(&mut self) -> Result<&mut Open<'s>, &'static str> {
        self.open.as_mut().ok_or("this line is outside of a record; `SF:` begins one")
    }

    fn record(&mut self) -> Result<&mut Record<'s>, &'static str> {
        Ok(&mut self.opened()?.record)
    }

    fn begin(&mut self, line: &'s str, path: &'s str) {
        let span = self.input.place(line);
        let record = Record::new(self.found.index, span, Cow::Borrowed(path.trim()), None);
        let before = self.open.replace(Open { record, totals: [None; 4], functions_first: false });
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
        let Open { mut record, totals: [lines, lines_hit, branches, branches_hit], functions_first } = open;
        let by_function = functions_first && !self.names_tests;
        let listed = |pairs: &mut dyn Iterator<Item = bool>| {
            pairs.fold(Ratio::default(), |sum, hit| sum.plus(Ratio { covered: u64::from(hit), total: 1 }))
        };
        let every_line = listed(&mut record.lines.iter().map(|(_, hit)| *hit));
        let every_branch = listed(&mut record.branches.iter().map(|(_, taken)| *taken));
        let any_part = record.settle();
        let counted = record.line_ratio();
        if record.lines.is_empty() {
            record.stated_lines = totals::believed(self.input, self.found, lines, lines_hit);
        } else if let (Some((total, _)), Some((hit, _)), true) = (lines, lines_hit, by_function) {
            record.total_lines = Some(Totals::new(Ratio { covered: hit, total }, counted));
        } else {
            self.compare(["LF", "LH"], [lines, lines_hit], [counted, every_line, any_part]);
        }
        match record.branch_ratio() {
            None => {
                record.stated_branches = totals::believed(self.input, self.found, branches, branches_hit);
            }
            Some(counted) => match (branches, branches_hit) {
                (Some((total, _)), Some((taken, _))) if by_function => {
                    record.total_branches = Some(Totals::new(Ratio { covered: taken, total }, counted));
                }
                _ => self.compare(["BRF", "BRH"], [branches, branches_hit], [counted, every_branch, counted]),
            },
        }
        self.found.records.push(record);
    }

    fn compare(&mut self, names: [&'static str; 2], [all, covered]: [Total<'s>; 2], counted: [Ratio; 3]) {
        let totals = counted.map(|ratio| ratio.total);
        totals::compare(self.input, self.found, (names[0], Counts::All), all, &totals);
        let hits = counted.map(|ratio| ratio.covered);
        totals::compare(self.input, self.found, (names[1], Counts::Covered), covered, &hits);
    }
}

/// `LINE,COUNT` or `LINE,COUNT,CHECKSUM`.
fn data(value: &str) -> Option<(u32, Count)> {
    let mut parts = value.split(',');
    let line = parts.next()?.trim().parse().ok()?;
    Some((line, Count::parse(parts.next()?)?))
}

/// `LINE,BLOCK,NAME,TAKEN`, where the name may be an expression with commas in it and `-` means that the
/// block was never reached.
fn branch(value: &str) -> Option<(Branch<'_>, Count)> {
    let (line, rest) = value.split_once(',')?;
    let (block, rest) = rest.split_once(',')?;
    let (name, taken) = rest.rsplit_once(',')?;
    let taken = match taken.trim() {
        "-" => Count::Zero,
        count => Count::parse(count)?,
    };
    // An `e` before the block says that the branch is one of exceptions.
    let block = block.trim().trim_start_matches('e');
    Some(((line.trim().parse().ok()?, block, name), taken))
}
