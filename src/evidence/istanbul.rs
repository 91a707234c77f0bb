//! Coverage as `coverage-summary.json`, the reporter `json-summary` of Istanbul, which nyc, c8, Jest and Vitest write.
//!
//! An object with a member for each source file and one for all of them, `total`. Each has lines and branches as
//! `{"total": 8, "covered": 5, "skipped": 0, "pct": 62.5}`.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::MapAccess;
use serde_json::value::RawValue;

use super::coverage::Record;
use super::coverage::totals::{self, Counts};
use super::input::{Found, Input};
use super::json::{self, Object};
use super::{EvidenceDefect, EvidenceDefectKind, Ratio, ReportFlaw};

/// What is said of a source file, or of all.
#[derive(Deserialize)]
struct Entry<'s> {
    #[serde(borrow)]
    lines: Option<&'s RawValue>,
    #[serde(borrow)]
    branches: Option<&'s RawValue>,
}

/// So many out of so many.
#[derive(Deserialize)]
struct Measure<'s> {
    #[serde(borrow)]
    total: &'s RawValue,
    #[serde(borrow)]
    covered: &'s RawValue,
    #[serde(default, borrow)]
    skipped: Option<&'s RawValue>,
    #[serde(default, borrow)]
    pct: Option<&'s RawValue>,
}

/// Whether the member `total` of an object is that of a summary.
pub(super) fn is_total(value: &RawValue) -> bool {
    let is_measure = |part: Option<&RawValue>| {
        part.is_some_and(|part| serde_json::from_str::<Measure<'_>>(part.get()).is_ok())
    };
    serde_json::from_str::<Entry<'_>>(value.get())
        .is_ok_and(|entry| is_measure(entry.lines) || is_measure(entry.branches))
}

/// The members of the summary.
#[derive(Default)]
struct Summary<'s> {
    entries: Vec<(Cow<'s, str>, &'s RawValue)>,
}

impl<'s> Object<'s> for Summary<'s> {
    fn member<A: MapAccess<'s>>(&mut self, name: Cow<'s, str>, values: &mut A) -> Result<(), A::Error> {
        self.entries.push((name, values.next_value()?));
        Ok(())
    }
}

/// A measure as it is stated, and what of it counts.
#[derive(Clone, Copy)]
struct Stated<'s> {
    ratio: Ratio,
    counts: Ratio,
    total: &'s str,
    covered: &'s str,
}

/// Reads a summary. A file whose figures are broken is named, and reading goes on behind it.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut summary = Summary::default();
    if let Err(defect) = json::read_object(input, &mut summary) {
        found.broken(defect);
    }
    let mut all = None;
    let (mut lines, mut branches) = (Ratio::default(), Ratio::default());
    for (path, value) in summary.entries {
        let [of_lines, of_branches] = measures(input, found, value);
        if path == "total" {
            all = Some((of_lines, of_branches));
            continue;
        }
        lines = lines.plus(of_lines.map(|stated| stated.ratio).unwrap_or_default());
        branches = branches.plus(of_branches.map(|stated| stated.ratio).unwrap_or_default());
        let mut record = Record::new(found.index, input.first_line(value.get()), path, None);
        record.stated_lines = of_lines.map(|stated| stated.counts);
        record.stated_branches = of_branches.map(|stated| stated.counts);
        found.records.push(record);
    }
    let says_none = all.is_some_and(|(lines, _)| lines.is_some_and(|lines| lines.ratio.total == 0));
    if lines.total == 0 && !says_none {
        found.broken(EvidenceDefect { span: input.at(0, 0), kind: EvidenceDefectKind::NoCoverage });
    }
    if let (Some((of_lines, of_branches)), None) = (all, found.report.flaw) {
        compare(input, found, ["total.lines.total", "total.lines.covered"], of_lines, lines);
        compare(input, found, ["total.branches.total", "total.branches.covered"], of_branches, branches);
    }
}

/// Compares the total with the sum of the files.
fn compare<'s>(
    input: &Input<'s>,
    found: &mut Found<'s>,
    names: [&'static str; 2],
    stated: Option<Stated<'s>>,
    counted: Ratio,
) {
    let Some(Stated { ratio, total, covered, .. }) = stated else { return };
    totals::compare(input, found, (names[0], Counts::All), Some((ratio.total, total)), &[counted.total]);
    let hits = Some((ratio.covered, covered));
    totals::compare(input, found, (names[1], Counts::Covered), hits, &[counted.covered]);
}

/// The lines and the branches of an entry.
fn measures<'s>(input: &Input<'s>, found: &mut Found<'s>, value: &'s RawValue) -> [Option<Stated<'s>>; 2] {
    let entry: Entry<'s> = match json::read(input, value) {
        Ok(entry) => entry,
        Err(defect) => {
            found.broken(defect);
            return [None; 2];
        }
    };
    if entry.lines.is_none() {
        found.broken(json::wrong(input, value, "it has no `lines`"));
    }
    [entry.lines, entry.branches].map(|part| match measure(input, part?) {
        Ok((stated, pct)) => {
            if let Some(pct) = pct {
                compare_share(input, found, pct, stated.ratio);
            }
            Some(stated)
        }
        Err(defect) => {
            found.broken(defect);
            None
        }
    })
}

type Read<'s> = Result<(Stated<'s>, Option<&'s RawValue>), EvidenceDefect>;

fn measure<'s>(input: &Input<'s>, part: &'s RawValue) -> Read<'s> {
    let Measure { total, covered, skipped, pct } = json::read(input, part)?;
    let number = |part: &'s RawValue| {
        part.get().parse::<u64>().map_err(|_| json::wrong(input, part, "a total is a whole number from 0 on"))
    };
    let ratio = Ratio { covered: number(covered)?, total: number(total)? };
    if ratio.covered > ratio.total {
        let reason = format!("{} are covered, and there are {}", ratio.covered, ratio.total);
        return Err(json::wrong(input, covered, &reason));
    }
    // Istanbul before 1.0 counts as covered what a comment leaves out.
    let skipped = skipped.map_or(Ok(0), number)?.min(ratio.covered);
    let counts = Ratio { covered: ratio.covered - skipped, total: ratio.total - skipped };
    Ok((Stated { ratio, counts, total: total.get(), covered: covered.get() }, pct))
}

/// Compares a share with its counts. Istanbul rounds it down to two digits; of nothing it is 100, 0 or `Unknown`.
fn compare_share<'s>(input: &Input<'s>, found: &mut Found<'s>, pct: &'s RawValue, ratio: Ratio) {
    let raw = pct.get();
    let Ok(stated) = raw.parse::<f64>() else {
        if !matches!(raw, "\"Unknown\"" | "null") {
            found.broken(json::wrong(input, pct, "a share is a number, or `Unknown`"));
        }
        return;
    };
    let Some(percent) = ratio.percent() else { return };
    if (stated - percent).abs() < 0.5 {
        return;
    }
    let kind = EvidenceDefectKind::CountsDiffer {
        what: "pct",
        stated: stated.max(0.0) as u64,
        counted: percent as u64,
    };
    if stated < percent {
        found.doubt(ReportFlaw::StatedWorse);
    }
    found.defect(input.place(raw), kind);
}
