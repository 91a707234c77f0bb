//! A file as the readers get it, and what each of them makes of one.

use crate::source::{Contents, FileId, SourceFile, Span};

use super::coverage::{Record, Totals};
use super::lookalikes;
use super::{
    Cases, Event, EvidenceDefect, EvidenceDefectKind, Metric, Report, ReportFlaw, ReportIndex, ReportKind,
    Scan, ScanIndex, ScanResult, ScanTrouble, StatedBeyond, Timestamp,
};

/// How many defects of one file are kept; the others are counted. Whoever reads twenty knows that the file is
/// broken.
const MOST_DEFECTS: usize = 20;

/// The part of a file that can be read.
#[derive(Debug, Clone)]
pub(super) struct Input<'s> {
    pub file: FileId,
    /// Its path as the user would write it.
    pub name: &'s str,
    /// Its text up to the first byte that no text has.
    pub text: &'s str,
    /// That byte, if there is one.
    pub cut: Option<EvidenceDefect>,
}

impl<'s> Input<'s> {
    /// A file, or why nothing of it can be read.
    pub fn of(file: FileId, source: &'s SourceFile) -> Result<Self, EvidenceDefect> {
        let text = source.text();
        let whole = Input { file, name: source.name(), text, cut: None };
        let broken = match source.contents() {
            Contents::TooLarge(size) => {
                let kind = EvidenceDefectKind::TooLarge { size: *size };
                return Err(EvidenceDefect { span: whole.at(0, 0), kind });
            }
            Contents::LinkLoop => return Err(whole.malformed(0, "symlink loop")),
            Contents::Invalid(offsets) => offsets.first().copied(),
            Contents::Utf8 | Contents::Utf8WithMark => None,
        };
        if let Some(hint) = lookalikes::bytes(text) {
            let kind = EvidenceDefectKind::NotRecognised { hint: Some(hint) };
            return Err(EvidenceDefect { span: whole.at(0, 0), kind });
        }
        let nul = memchr::memchr(0, text.as_bytes());
        let (end, reason) = match (broken, nul) {
            (Some(broken), nul) if nul.is_none_or(|nul| broken < nul) => {
                (broken, "these bytes are not UTF-8; write the report in UTF-8")
            }
            (_, Some(nul)) => (nul, "a NUL byte, which no report has"),
            _ => return Ok(whole),
        };
        let cut = whole.malformed(end, reason);
        Ok(Input { text: &text[..end], cut: Some(cut), ..whole })
    }

    /// A place in the file.
    pub fn at(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end)
    }

    /// The place of a part of the text.
    pub fn place(&self, part: &str) -> Span {
        let start = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        self.at(start, start + part.len())
    }

    /// The place of a part of the text, no further than to the end of its first line.
    pub fn first_line(&self, part: &str) -> Span {
        self.place(part.lines().next().unwrap_or(""))
    }

    /// That the text is broken at an offset. The place is the character there.
    pub fn malformed(&self, offset: usize, reason: impl Into<String>) -> EvidenceDefect {
        let start = self.text.floor_char_boundary(offset.min(self.text.len()));
        let width =
            self.text[start..].chars().next().filter(|letter| *letter != '\n').map_or(0, char::len_utf8);
        let kind = EvidenceDefectKind::Malformed {
            reason: reason.into(),
            at_end: start >= self.text.trim_end().len(),
        };
        EvidenceDefect { span: self.at(start, start + width), kind }
    }
}

/// What stands in one file.
#[derive(Debug)]
pub(super) struct Found<'s> {
    pub report: Report<'s>,
    /// Where the report says its commit.
    pub commit: Option<Span>,
    pub cases: Cases<'s>,
    pub records: Vec<Record<'s>>,
    /// The branches of the whole report, where its totals may be worse than what it lists.
    pub total_branches: Option<Totals>,
    pub scans: Vec<Scan<'s>>,
    pub scan_results: Vec<ScanResult<'s>>,
    pub metrics: Vec<Metric<'s>>,
    pub events: Vec<Event<'s>>,
    pub defects: Vec<EvidenceDefect>,
    /// How many more there are.
    pub more_defects: usize,
    /// Its position among the reports.
    pub index: ReportIndex,
}

impl<'s> Found<'s> {
    /// A report of which nothing is known yet.
    pub fn new(file: FileId, kind: ReportKind, index: ReportIndex) -> Self {
        let report = Report {
            file,
            kind,
            tools: Vec::new(),
            time: Timestamp::Missing,
            commit: None,
            flaw: None,
            beyond_branches: StatedBeyond::default(),
        };
        Found {
            report,
            commit: None,
            cases: Cases::default(),
            records: Vec::new(),
            total_branches: None,
            scans: Vec::new(),
            scan_results: Vec::new(),
            metrics: Vec::new(),
            events: Vec::new(),
            defects: Vec::new(),
            more_defects: 0,
            index,
        }
    }

    /// Notes a defect that leaves the facts as they are.
    pub fn defect(&mut self, span: Span, kind: EvidenceDefectKind) {
        match self.defects.len() < MOST_DEFECTS {
            true => self.defects.push(EvidenceDefect { span, kind }),
            false => self.more_defects += 1,
        }
    }

    /// Notes a defect behind which facts may be missing.
    pub fn broken(&mut self, defect: EvidenceDefect) {
        let flaw = match defect.kind {
            EvidenceDefectKind::Malformed { at_end: true, .. } => ReportFlaw::CutOff,
            EvidenceDefectKind::CountsDiffer { .. } => ReportFlaw::StatedWorse,
            EvidenceDefectKind::NoCoverage => ReportFlaw::Empty,
            _ => ReportFlaw::Malformed,
        };
        self.doubt(flaw);
        self.defect(defect.span, defect.kind);
    }

    /// Notes that nothing that passed in the report counts. The first reason is kept.
    pub fn doubt(&mut self, flaw: ReportFlaw) {
        self.report.flaw.get_or_insert(flaw);
    }

    /// Notes why a scan proves nothing, and what it says about that itself.
    pub fn scan_trouble(&mut self, span: Span, tool: &str, trouble: ScanTrouble, note: Option<String>) {
        self.defect(span, EvidenceDefectKind::ScanUnsuccessful { tool: tool.to_owned(), trouble, note });
    }

    /// The scan that is read next, as its results refer to it. Scans of other reports come before it in the end.
    pub fn next_scan(&self) -> ScanIndex {
        ScanIndex(u32::try_from(self.scans.len()).unwrap_or(u32::MAX))
    }

    /// A time as it stands at a place. One that cannot be read is a defect.
    pub fn time(&mut self, text: &str, span: Span) -> Timestamp {
        let time = Timestamp::read(text);
        if time == Timestamp::Unreadable {
            self.defect(span, EvidenceDefectKind::TimeNotUnderstood);
        }
        time
    }

    /// Notes who made the report, once.
    pub fn made_by(&mut self, tool: impl Into<std::borrow::Cow<'s, str>>) {
        let tool = tool.into();
        if !tool.is_empty() && !self.report.tools.contains(&tool) {
            self.report.tools.push(tool);
        }
    }

    /// Notes the commit that the report says it is about. The first counts; another is a contradiction.
    pub fn is_about(&mut self, commit: impl Into<std::borrow::Cow<'s, str>>, span: Span) {
        let commit = commit.into();
        match (&self.report.commit, self.commit) {
            (Some(first), Some(elsewhere)) if !super::same_commit(first, &commit) => {
                let other = first.clone().into_owned();
                self.doubt(ReportFlaw::CommitsContradict);
                self.defect(span, EvidenceDefectKind::CommitsContradict { other, elsewhere });
            }
            (Some(_), _) => {}
            (None, _) => (self.report.commit, self.commit) = (Some(commit), Some(span)),
        }
    }
}
