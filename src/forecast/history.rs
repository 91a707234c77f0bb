//! What was done in the past: work items for each week, and releases with their planned and actual dates.
//!
//! CSV with the columns `week,items` or `release,planned,actual`, in any order and with others beside them, which are
//! ignored; or JSON with lists of objects of the same keys under `weeks` and `releases`.

use chrono::{Days, NaiveDate, Weekday};

use crate::model::value::folded;
use crate::source::{Contents, FileId, Node, SourceFile, Span, Spanned, Value, yaml};

/// What was done in the past.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The weeks, from the earliest to the latest, each once.
    pub weeks: Vec<Week>,
    /// The releases that went out, in the order of the files.
    pub releases: Vec<PastRelease>,
    /// What could not be read.
    pub defects: Vec<HistoryDefect>,
    /// The files that it was read from, each with the place that names it.
    pub files: Vec<(FileId, Span)>,
}

/// A week and what was done in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week {
    /// Its first day.
    pub start: NaiveDate,
    /// How many work items were done.
    pub items: u32,
    /// Where that is written.
    pub span: Span,
}

/// A release that went out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastRelease {
    /// What it is called.
    pub name: String,
    /// The day on which it was planned, if that is known.
    pub started: Option<NaiveDate>,
    /// The day for which it was planned.
    pub planned: NaiveDate,
    /// The day on which it went out.
    pub actual: NaiveDate,
    /// Where that is written.
    pub span: Span,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryDefect {
    /// Where.
    pub span: Span,
    /// Why.
    pub kind: HistoryDefectKind,
}

/// What can be wrong with a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HistoryDefectKind {
    /// The file is no text.
    NotText,
    /// The file is neither CSV with the right columns nor JSON with the right keys.
    NoColumns,
    /// A row without one of its values.
    Missing(&'static str),
    /// Not a day, nor a week such as `2027-W03`.
    NotADay,
    /// Not a whole number from zero on.
    NotACount,
    /// A week that is there twice.
    SameWeek {
        /// The first.
        first: Span,
    },
    /// A week that begins before the one before it is over.
    Overlap {
        /// The week before it.
        before: Span,
    },
}

/// Weeks that are missing between two others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The last week before it.
    pub before: Week,
    /// The first week after it.
    pub after: Week,
    /// How many weeks are missing.
    pub weeks: u32,
}

/// Fewer weeks than this show a pace only roughly.
pub const FEWEST_WEEKS: usize = 7;

impl History {
    /// Reads a file that `relplan.toml` names at `named`.
    pub fn add(&mut self, file: FileId, source: &SourceFile, named: Span) {
        self.files.push((file, named));
        if !matches!(source.contents(), Contents::Utf8 | Contents::Utf8WithMark) {
            self.defect(Span::new(file, 0, 0), HistoryDefectKind::NotText);
            return;
        }
        let text = source.text();
        match text.trim_start().starts_with(['{', '[']) {
            true => self.read_json(file, source),
            false => self.read_csv(file, text),
        }
    }

    /// Puts the weeks of all files in order, and notes those that cannot be.
    pub fn sort(&mut self) {
        self.weeks.sort_by_key(|week| (week.start, week.span));
        let mut kept: Vec<Week> = Vec::with_capacity(self.weeks.len());
        for week in std::mem::take(&mut self.weeks) {
            let defect = kept.last().and_then(|before| match week.start - before.start {
                days if days.num_days() == 0 => Some(HistoryDefectKind::SameWeek { first: before.span }),
                days if days.num_days() < 7 => Some(HistoryDefectKind::Overlap { before: before.span }),
                _ => None,
            });
            match defect {
                Some(kind) => self.defect(week.span, kind),
                None => kept.push(week),
            }
        }
        self.weeks = kept;
    }

    /// The weeks that are missing between others.
    pub fn gaps(&self) -> impl Iterator<Item = Gap> + '_ {
        self.weeks.windows(2).filter_map(|pair| {
            let days = (pair[1].start - pair[0].start).num_days();
            let weeks = u32::try_from((days - 1) / 7).unwrap_or(0);
            (weeks > 0).then(|| Gap { before: pair[0], after: pair[1], weeks })
        })
    }

    /// The weeks that are over by a day: the one that a day falls in is not done yet.
    pub fn weeks_until(&self, today: NaiveDate) -> &[Week] {
        let is_over = |week: &Week| week.start.checked_add_days(Days::new(7)).is_some_and(|end| end <= today);
        let end = self.weeks.partition_point(is_over);
        &self.weeks[..end]
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.weeks.is_empty() && self.releases.is_empty()
    }

    fn defect(&mut self, span: Span, kind: HistoryDefectKind) {
        self.defects.push(HistoryDefect { span, kind });
    }

    fn read_csv(&mut self, file: FileId, text: &str) {
        let mut lines = lines(text).filter(|(_, line)| !line.trim().is_empty());
        let Some((start, header)) = lines.next() else {
            self.defect(Span::new(file, 0, 0), HistoryDefectKind::NoColumns);
            return;
        };
        let separator = [',', ';', '\t'].into_iter().find(|mark| header.contains(*mark)).unwrap_or(',');
        let names: Vec<String> = cells(header, separator).map(|(_, name)| folded(&name).collect()).collect();
        if !is_known(names.iter().map(String::as_str)) {
            self.defect(Span::new(file, start, start + header.len()), HistoryDefectKind::NoColumns);
            return;
        }
        for (start, line) in lines {
            let whole = Span::new(file, start, start + line.trim_end().len());
            let cells = cells(line, separator)
                .map(|(at, text)| Spanned::new(text, Span::new(file, start + at.start, start + at.end)));
            let row = Row { span: whole, cells: names.iter().cloned().zip(cells).collect() };
            self.add_row(&row);
        }
    }

    fn read_json(&mut self, file: FileId, source: &SourceFile) {
        let reading = yaml::read(file, source);
        let found = self.weeks.len() + self.releases.len() + self.defects.len();
        for document in &reading.documents {
            for node in lists(&document.root) {
                self.add_objects(node);
            }
        }
        let is_broken = !reading.defects.is_empty();
        if is_broken || found == self.weeks.len() + self.releases.len() + self.defects.len() {
            let at = reading.defects.first().map_or(Span::new(file, 0, 0), |defect| defect.span());
            self.defect(at, HistoryDefectKind::NoColumns);
        }
    }

    fn add_objects(&mut self, node: &Node<'_>) {
        let Value::Sequence(items) = &node.value else { return };
        for item in items {
            let Value::Mapping(pairs) = &item.value else {
                self.defect(item.span, HistoryDefectKind::NoColumns);
                continue;
            };
            let cells = pairs.iter().filter_map(|pair| {
                let name: String = folded(pair.key.text()?).collect();
                Some((name, Spanned::new(pair.value.text()?.to_owned(), pair.value.span)))
            });
            let row = Row { span: item.span, cells: cells.collect() };
            match is_known(row.cells.iter().map(|(name, _)| name.as_str())) {
                true => self.add_row(&row),
                false => self.defect(item.span, HistoryDefectKind::NoColumns),
            }
        }
    }

    fn add_row(&mut self, row: &Row) {
        let read = match row.cells.iter().any(|(name, _)| name == "week") {
            true => row.week().map(|week| self.weeks.push(week)),
            false => row.release().map(|release| self.releases.extend(release)),
        };
        if let Err(defect) = read {
            self.defects.push(defect);
        }
    }
}

/// Whether these columns make a history.
fn is_known<'n>(names: impl Iterator<Item = &'n str>) -> bool {
    let names: Vec<&str> = names.collect();
    let has = |wanted: &[&str]| wanted.iter().all(|name| names.contains(name));
    has(&["week", "items"]) || has(&["release", "planned", "actual"])
}

/// The lists of a document: itself, or those under its keys.
fn lists<'n, 's>(root: &'n Node<'s>) -> Vec<&'n Node<'s>> {
    match &root.value {
        Value::Mapping(pairs) => pairs.iter().map(|pair| &pair.value).collect(),
        _ => vec![root],
    }
}

/// The lines of a text with their places, without their ends.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (at, line.trim_end_matches(['\n', '\r']))
    })
}

/// The cells of a line with their places, without the quotes around them.
fn cells(line: &str, separator: char) -> impl Iterator<Item = (std::ops::Range<usize>, String)> {
    let mut start = 0;
    let mut is_quoted = false;
    let mut ends: Vec<usize> = Vec::new();
    for (at, letter) in line.char_indices() {
        match letter {
            '"' => is_quoted = !is_quoted,
            letter if letter == separator && !is_quoted => ends.push(at),
            _ => {}
        }
    }
    ends.push(line.len());
    ends.into_iter().map(move |end| {
        let range = start..end;
        let cell = &line[range];
        let inner = cell.trim();
        let at = start + (cell.len() - cell.trim_start().len());
        start = (end + separator.len_utf8()).min(line.len());
        let text = inner.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(inner);
        (at..at + inner.len(), text.replace("\"\"", "\""))
    })
}

/// A row with the names of its columns.
struct Row {
    span: Span,
    cells: Vec<(String, Spanned<String>)>,
}

impl Row {
    fn week(&self) -> Result<Week, HistoryDefect> {
        let start = self.day("week")?.ok_or_else(|| self.missing("week"))?;
        let items = self.cell("items").ok_or_else(|| self.missing("items"))?;
        match items.value.parse() {
            Ok(items) => Ok(Week { start, items, span: self.span }),
            Err(_) => Err(HistoryDefect { span: items.span, kind: HistoryDefectKind::NotACount }),
        }
    }

    /// The release; nothing if it is not out yet.
    fn release(&self) -> Result<Option<PastRelease>, HistoryDefect> {
        let name = self.cell("release").ok_or_else(|| self.missing("release"))?.value.clone();
        let planned = self.day("planned")?.ok_or_else(|| self.missing("planned"))?;
        let started = self.day("started")?;
        let release = |actual| PastRelease { name, started, planned, actual, span: self.span };
        Ok(self.day("actual")?.map(release))
    }

    fn cell(&self, name: &str) -> Option<&Spanned<String>> {
        let cell = self.cells.iter().find(|(own, _)| own == name);
        cell.map(|(_, cell)| cell).filter(|cell| !cell.value.is_empty())
    }

    fn day(&self, name: &str) -> Result<Option<NaiveDate>, HistoryDefect> {
        let Some(cell) = self.cell(name) else { return Ok(None) };
        let defect = || HistoryDefect { span: cell.span, kind: HistoryDefectKind::NotADay };
        day(&cell.value).map(Some).ok_or_else(defect)
    }

    fn missing(&self, name: &'static str) -> HistoryDefect {
        HistoryDefect { span: self.span, kind: HistoryDefectKind::Missing(name) }
    }
}

/// A day, perhaps with a time behind it, or the Monday of a week such as `2027-W03`.
fn day(text: &str) -> Option<NaiveDate> {
    if let Some((year, week)) = text.split_once("-W").or_else(|| text.split_once("-w")) {
        return NaiveDate::from_isoywd_opt(year.parse().ok()?, week.parse().ok()?, Weekday::Mon);
    }
    let (day, rest) = text.split_at_checked(10)?;
    let is_whole = rest.is_empty() || rest.starts_with(['T', ' ']);
    NaiveDate::parse_from_str(day, "%Y-%m-%d").ok().filter(|_| is_whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[&str]) -> History {
        let mut history = History::default();
        for (index, text) in (0..).zip(texts) {
            let file = SourceFile::new("history", *text);
            history.add(FileId(index), &file, Span::new(FileId(99), 0, 0));
        }
        history.sort();
        history
    }

    fn check(text: &str, weeks: &[(&str, u32)], defects: &[(&str, HistoryDefectKind)]) {
        let history = read(&[text]);
        let found: Vec<(String, u32)> =
            history.weeks.iter().map(|week| (week.start.to_string(), week.items)).collect();
        let expect: Vec<(String, u32)> =
            weeks.iter().map(|(day, items)| ((*day).to_owned(), *items)).collect();
        assert_eq!(found, expect, "{text}");
        let found: Vec<(&str, HistoryDefectKind)> =
            history.defects.iter().map(|defect| (&text[defect.span.range()], defect.kind.clone())).collect();
        assert_eq!(found, defects, "{text}");
    }

    #[test]
    fn weeks_are_read_from_csv_and_json() {
        let weeks = [("2027-01-04", 3), ("2027-01-11", 0)];
        check("week,items\n2027-01-04,3\n2027-01-11,0\n", &weeks, &[]);
        check("Items; Week; Note\r\n0; 2027-01-11; x\r\n\"3\"; \"2027-01-04\"\r\n", &weeks, &[]);
        check("week\titems\n2027-W01\t3\n2027-W02\t0", &weeks, &[]);
        check(
            r#"{"weeks": [{"week": "2027-01-04", "items": 3}, {"week": "2027-01-11", "items": 0}]}"#,
            &weeks,
            &[],
        );
        check(
            r#"[{"week": "2027-01-04", "items": 3}, {"week": "2027-01-11T00:00:00Z", "items": 0}]"#,
            &weeks,
            &[],
        );
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        use HistoryDefectKind::{Missing, NoColumns, NotACount, NotADay};
        check("week,items\n2027-01-04,-3\n2027-01-11,2\n", &[("2027-01-11", 2)], &[("-3", NotACount)]);
        check("week,items\n2027-01-04,2.5\n", &[], &[("2.5", NotACount)]);
        check("week,items\n2027-02-30,2\n", &[], &[("2027-02-30", NotADay)]);
        check("week,items\n2027-W54,2\n", &[], &[("2027-W54", NotADay)]);
        check("week,items\n2027-01-04\n", &[], &[("2027-01-04", Missing("items"))]);
        check("week,items\n,4\n", &[], &[(",4", Missing("week"))]);
        check("date,count\n2027-01-04,3\n", &[], &[("date,count", NoColumns)]);
        check("", &[], &[("", NoColumns)]);
        check("{}", &[], &[("", NoColumns)]);
        check(r#"[{"week": "2027-01-04"}]"#, &[], &[(r#"{"week": "2027-01-04"}"#, NoColumns)]);
        assert!(!read(&["{\"weeks\": [{\"week\": "]).defects.is_empty());
        assert!(!read(&["é€,x\n"]).defects.is_empty());
    }

    #[test]
    fn weeks_are_there_once_and_do_not_overlap() {
        let history =
            read(&["week,items\n2027-01-11,2\n2027-01-04,3\n", "week,items\n2027-01-04,4\n2027-01-15,1\n"]);
        assert_eq!(history.weeks.len(), 2);
        assert!(matches!(history.defects[0].kind, HistoryDefectKind::SameWeek { .. }));
        assert!(matches!(history.defects[1].kind, HistoryDefectKind::Overlap { .. }));
    }

    #[test]
    fn missing_weeks_are_gaps() {
        let history = read(&["week,items\n2027-01-04,3\n2027-01-11,2\n2027-02-01,1\n"]);
        let gaps: Vec<(String, u32)> =
            history.gaps().map(|gap| (gap.after.start.to_string(), gap.weeks)).collect();
        assert_eq!(gaps, [("2027-02-01".to_owned(), 2)]);
    }

    #[test]
    fn the_week_that_is_not_over_does_not_count() {
        let history = read(&["week,items\n2027-01-04,3\n2027-01-11,2\n"]);
        let count = |day: &str| history.weeks_until(day.parse().expect("a day")).len();
        assert_eq!(
            [count("2027-01-10"), count("2027-01-11"), count("2027-01-17"), count("2027-01-18")],
            [0, 1, 1, 2]
        );
    }

    #[test]
    fn releases_are_read_with_their_days() {
        let history = read(&[
            "release,started,planned,actual\n2.8.0,2026-01-05,2026-03-02,2026-03-16\n2.9.0,,2026-06-01,\n",
        ]);
        let [only] = &history.releases[..] else { panic!("{:?}", history.releases) };
        assert_eq!(
            (only.name.as_str(), only.planned.to_string(), only.actual.to_string()),
            ("2.8.0", "2026-03-02".into(), "2026-03-16".into())
        );
        assert!(history.defects.is_empty(), "what is not out yet is no mistake");
    }
}
