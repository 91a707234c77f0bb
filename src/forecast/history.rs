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
    /// What is under `weeks` or `releases` is no list.
    NoList,
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

impl HistoryDefectKind {
    /// What is wrong with the text at its place.
    pub fn words(&self, text: &str) -> String {
        match self {
            HistoryDefectKind::NotText => "the history is not UTF-8 text".to_owned(),
            HistoryDefectKind::NoColumns => "no history found".to_owned(),
            HistoryDefectKind::Missing(column) => format!("this row has no `{column}`"),
            HistoryDefectKind::NoList => "not a list of weeks or releases".to_owned(),
            HistoryDefectKind::NotADay => format!("`{text}` is not a date"),
            HistoryDefectKind::NotACount => format!("`{text}` is not a whole number of 0 or more"),
            HistoryDefectKind::SameWeek { .. } => "duplicate week".to_owned(),
            HistoryDefectKind::Overlap { .. } => "this week overlaps the one before".to_owned(),
        }
    }
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
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let separator = [b',', b';', b'\t'].into_iter().find(|mark| first.as_bytes().contains(mark));
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator.unwrap_or(b','))
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut names: Option<Vec<String>> = None;
        let mut record = csv::StringRecord::new();
        // The text is UTF-8 and rows may have any length, so that every record can be read.
        while reader.read_record(&mut record).is_ok_and(|is_there| is_there) {
            if record.iter().all(str::is_empty) {
                continue;
            }
            let end = usize::try_from(reader.position().byte()).unwrap_or(text.len());
            let mut place = Locator::new(file, text, &record, end);
            let Some(names) = &names else {
                let found: Vec<String> = record.iter().map(|name| folded(name).collect()).collect();
                if !is_known(found.iter().map(String::as_str)) {
                    self.defect(place.whole, HistoryDefectKind::NoColumns);
                    return;
                }
                names = Some(found);
                continue;
            };
            let cells = record.iter().map(|cell| Spanned::new(CellValue::of(cell), place.cell(cell)));
            let cells = names.iter().cloned().zip(cells).collect();
            self.add_row(&Row { span: place.whole, cells });
        }
        if names.is_none() {
            self.defect(Span::new(file, 0, 0), HistoryDefectKind::NoColumns);
        }
    }

    fn read_json(&mut self, file: FileId, source: &SourceFile) {
        let reading = yaml::read(file, source);
        let mut is_empty = true;
        for node in reading.documents.iter().flat_map(|document| lists(&document.root)) {
            is_empty &= matches!(&node.value, Value::Sequence(items) if items.is_empty());
            self.add_objects(node);
        }
        if is_empty || !reading.defects.is_empty() {
            let at = reading.defects.first().map_or(Span::new(file, 0, 0), |defect| defect.span());
            self.defect(at, HistoryDefectKind::NoColumns);
        }
    }

    fn add_objects(&mut self, node: &Node<'_>) {
        let Value::Sequence(items) = &node.value else {
            self.defect(node.span, HistoryDefectKind::NoList);
            return;
        };
        for item in items {
            let Value::Mapping(pairs) = &item.value else {
                self.defect(item.span, HistoryDefectKind::NoColumns);
                continue;
            };
            let cells = pairs.iter().filter_map(|pair| {
                let name: String = folded(pair.key.text()?).collect();
                Some((name, Spanned::new(CellValue::of_node(&pair.value), pair.value.span)))
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

/// The lists of a document: itself, or what is under `weeks` and `releases`.
fn lists<'n, 's>(root: &'n Node<'s>) -> Vec<&'n Node<'s>> {
    match &root.value {
        Value::Mapping(pairs) => {
            let is_list = |key: &Node<'_>| {
                key.text()
                    .is_some_and(|key| matches!(&*folded(key).collect::<String>(), "weeks" | "releases"))
            };
            pairs.iter().filter(|pair| is_list(&pair.key)).map(|pair| &pair.value).collect()
        }
        _ => vec![root],
    }
}

/// The value of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
enum CellValue {
    /// An empty cell, or `null`.
    Empty,
    /// A text or a number.
    Text(String),
    /// A list or an object, which no column takes.
    Structure,
}

impl CellValue {
    fn of(text: &str) -> Self {
        // Quotes behind a space are part of the cell for the reader of CSV, and for nobody else.
        match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text) {
            "" => CellValue::Empty,
            text => CellValue::Text(text.to_owned()),
        }
    }

    fn of_node(node: &Node<'_>) -> Self {
        match node.text() {
            _ if node.is_null() => CellValue::Empty,
            Some(text) => CellValue::Text(text.to_owned()),
            None => CellValue::Structure,
        }
    }
}

/// Finds the places of the cells of a record, asked one after the other.
struct Locator<'t> {
    text: &'t str,
    /// The record, without the end of its line.
    whole: Span,
    /// Where the next cell begins, or what stands before it.
    next: usize,
}

impl<'t> Locator<'t> {
    /// The places of a record that ends before a byte of the text.
    fn new(file: FileId, text: &'t str, record: &csv::StringRecord, end: usize) -> Self {
        let start = record.position().map_or(0, |place| usize::try_from(place.byte()).unwrap_or(0));
        let end = start.max(end.min(text.len()));
        // Empty lines before a record are skipped with it.
        let start = start + text[start..end].len() - text[start..end].trim_start_matches(['\n', '\r']).len();
        let end = start + text[start..end].trim_end().len();
        Locator { text, whole: Span::new(file, start, end), next: start }
    }

    /// The place of a cell; of one with quotes inside, which is written otherwise, the whole record.
    fn cell(&mut self, cell: &str) -> Span {
        let whole = &self.text[self.next..self.whole.end as usize];
        match whole.find(cell).filter(|_| !cell.is_empty()) {
            Some(at) => {
                let from = self.next + at;
                self.next = from + cell.len();
                Span::new(self.whole.file, from, self.next)
            }
            None => self.whole,
        }
    }
}

/// A row with the names of its columns.
struct Row {
    span: Span,
    cells: Vec<(String, Spanned<CellValue>)>,
}

impl Row {
    fn week(&self) -> Result<Week, HistoryDefect> {
        let start = self.day("week")?.ok_or_else(|| self.missing("week"))?;
        let items = self.required("items")?;
        match items.value.parse() {
            Ok(items) => Ok(Week { start, items, span: self.span }),
            Err(_) => Err(HistoryDefect { span: items.span, kind: HistoryDefectKind::NotACount }),
        }
    }

    /// The release; nothing if it is not out yet.
    fn release(&self) -> Result<Option<PastRelease>, HistoryDefect> {
        let name = self.required("release")?.value.to_owned();
        let planned = self.day("planned")?.ok_or_else(|| self.missing("planned"))?;
        let started = self.day("started")?;
        let release = |actual| PastRelease { name, started, planned, actual, span: self.span };
        Ok(self.day("actual")?.map(release))
    }

    fn cell(&self, name: &str) -> Option<&Spanned<CellValue>> {
        self.cells.iter().find(|(own, _)| own == name).map(|(_, cell)| cell)
    }

    fn required(&self, name: &'static str) -> Result<Spanned<&str>, HistoryDefect> {
        match self.cell(name) {
            Some(Spanned { value: CellValue::Text(text), span }) => Ok(Spanned::new(text, *span)),
            _ => Err(self.missing(name)),
        }
    }

    fn day(&self, name: &str) -> Result<Option<NaiveDate>, HistoryDefect> {
        let Some(cell) = self.cell(name) else { return Ok(None) };
        let found = match &cell.value {
            CellValue::Empty => return Ok(None),
            CellValue::Text(text) => day(text),
            CellValue::Structure => None,
        };
        found.map(Some).ok_or(HistoryDefect { span: cell.span, kind: HistoryDefectKind::NotADay })
    }

    /// A value that is missing: at the `null` that stands for it, or else at the row.
    fn missing(&self, name: &'static str) -> HistoryDefect {
        let place = self.cell(name).map_or(self.span, |cell| cell.span);
        HistoryDefect { span: place, kind: HistoryDefectKind::Missing(name) }
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
        check("week,items\n\"2027-01-04\",\"3\"\"\"\n", &[], &[("3\"", NotACount)]);
        assert!(!read(&["{\"weeks\": [{\"week\": "]).defects.is_empty());
        assert!(!read(&["é€,x\n"]).defects.is_empty());
    }

    #[test]
    fn null_in_json_is_a_value_that_is_missing() {
        use HistoryDefectKind::{Missing, NoList, NotACount, NotADay};
        let check = |text: &str, expect: (&str, HistoryDefectKind)| check(text, &[], &[expect]);
        check(r#"[{"week": "2027-01-04", "items": null}]"#, ("null", Missing("items")));
        check(r#"[{"week": null, "items": 3}]"#, ("null", Missing("week")));
        check(r#"[{"week": "2027-01-04", "items": [3]}]"#, ("[3]", Missing("items")));
        check(r#"[{"week": {"of": 3}, "items": 3}]"#, (r#"{"of": 3}"#, NotADay));
        check(r#"[{"week": "2027-01-04", "items": "null"}]"#, (r#""null""#, NotACount));
        check(r#"{"weeks": null, "note": null}"#, ("null", NoList));
        let release = r#"{"release": null, "planned": "2027-01-04", "actual": "2027-01-05"}"#;
        check(&format!("[{release}]"), ("null", Missing("release")));
        let open = r#"{"releases": [{"release": "1.0", "planned": "2027-01-04", "actual": null}]}"#;
        let history = read(&[open]);
        assert_eq!((history.releases.len(), history.defects.len()), (0, 0), "it is not out yet");
    }

    #[test]
    fn cells_may_hold_lines_and_quotes() {
        let history = read(&[
            "note,week,items\r\n\r\n\"two\nlines, \"\"quoted\"\"\",2027-01-04,3\r\n,,\n3,2027-01-11,x3\n",
        ]);
        assert_eq!(history.weeks.len(), 1);
        let [only] = &history.defects[..] else { panic!("{:?}", history.defects) };
        assert_eq!(only.kind, HistoryDefectKind::NotACount);
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
