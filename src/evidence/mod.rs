//! Floor 3: facts from outside the plan, as machines reported them.
//!
//! What test runners, coverage tools, scanners and monitors wrote is read into plain facts. Each keeps
//! the report that it comes from and its place there. Nothing is judged here, and nothing is dropped:
//! what cannot be understood becomes an [`EvidenceDefect`] at its place.

mod cases;
mod cdevents;
mod clover;
mod cobertura;
mod commit_names;
mod coverage;
mod ctrf;
mod cyclonedx;
mod findings;
mod gocover;
mod gotest;
mod input;
mod istanbul;
mod jacoco;
mod join;
mod json;
mod junit;
mod k6;
mod lcov;
mod lookalikes;
pub mod matching;
mod measured;
mod metrics;
mod npm_audit;
mod nunit;
pub mod openmetrics;
mod osv;
mod provenance;
mod recognise;
mod results;
mod sarif;
mod severity;
mod tap;
#[cfg(test)]
mod tests;
mod time;
mod trivy;
mod trouble;
mod trx;
mod xml;
mod xunit;

use std::borrow::Cow;

use crate::model::decimal::Decimal;
use crate::source::{FileId, Span};

pub use cases::Cases;
pub use cdevents::EventReader;
pub use join::read;
pub use provenance::{FILE_NAME, origin, same_commit};
pub use time::Timestamp;
pub use trouble::ScanTrouble;

/// Every fact that was read.
#[derive(Debug, Default)]
pub struct Evidence<'s> {
    /// The files that were read, in the order of their paths.
    pub reports: Vec<Report<'s>>,
    /// The results of tests.
    pub cases: Cases<'s>,
    /// Which lines and branches tests ran through, by source file.
    pub coverage: Vec<FileCoverage<'s>>,
    /// The scans that happened, also those that found nothing.
    pub scans: Vec<Scan<'s>>,
    /// What scanners found.
    pub scan_results: Vec<ScanResult<'s>>,
    /// What was measured.
    pub metrics: Vec<Metric<'s>>,
    /// What happened on the way to production, as events report it. No verdict rests on them yet, save that runs of
    /// tests are cases.
    pub events: Vec<Event<'s>>,
    /// What is wrong with the files.
    pub defects: Vec<EvidenceDefect>,
    /// Files with more defects than are kept, and how many more.
    pub more_defects: Vec<(FileId, usize)>,
}

/// A report, by its position in [`Evidence::reports`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReportIndex(pub u32);

/// A case, by its position in [`Evidence::cases`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseIndex(pub u32);

/// A file that holds evidence.
#[derive(Debug, Clone)]
pub struct Report<'s> {
    /// The file.
    pub file: FileId,
    /// The recognised kind.
    pub kind: ReportKind,
    /// The tools that it names as its makers, each once: `pytest`, `CodeQL`.
    pub tools: Vec<Cow<'s, str>>,
    /// When it was made, as it says itself or as the `evidence.json` beside it says. A time without an
    /// offset is taken as UTC.
    pub time: Timestamp,
    /// The commit that it is about, as it says itself or as the `evidence.json` beside it says.
    pub commit: Option<Cow<'s, str>>,
    /// Why nothing that passed in it counts, if so. What failed in it counts all the same.
    pub flaw: Option<ReportFlaw>,
    /// Branches that its totals state beyond those that it lists, where it does not say in which source files.
    pub beyond_branches: StatedBeyond,
}

/// What totals state beyond the lines or branches that are listed one by one. Some producers leave branches out of their
/// lists that they count in their totals, or count a line once for each function that it belongs to. Of the two figures
/// the worse counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StatedBeyond {
    /// How many more there are.
    pub total: u64,
    /// How many more are not covered.
    pub missed: u64,
}

/// Why nothing that passed in a report counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportFlaw {
    /// It ends too early: what failed may have stood behind the end.
    CutOff,
    /// Some of it cannot be read.
    Malformed,
    /// It counts nothing at all.
    Empty,
    /// It states something worse than can be read in it: more failures, fewer covered lines.
    StatedWorse,
    /// It names two commits, or another one than the `evidence.json` that vouches for it.
    CommitsContradict,
    /// Its bytes are not those that the `evidence.json` above it vouches for.
    DigestDiffers,
    /// The `evidence.json` above it names the reports of the run, and it is none of them.
    NotVouchedFor,
    /// Another report of its run, as the `evidence.json` above it names them, is missing.
    RunIncomplete,
    /// The `evidence.json` above it cannot be read, and it does not say itself what that would have said.
    ProvenanceUnreadable,
}

/// What a report is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportKind {
    /// Test results as JUnit XML.
    Junit,
    /// Test results of Visual Studio and `dotnet test`.
    Trx,
    /// Test results of NUnit, as it writes them itself.
    Nunit,
    /// Test results of xUnit.net, as it writes them itself.
    Xunit,
    /// Test results as CTRF JSON.
    Ctrf,
    /// Test results as `go test -json` writes them.
    GoTest,
    /// Test results in the Test Anything Protocol.
    Tap,
    /// Coverage as an LCOV trace file.
    Lcov,
    /// Coverage as Cobertura XML.
    Cobertura,
    /// Coverage as JaCoCo XML.
    Jacoco,
    /// Coverage as Clover XML.
    Clover,
    /// Coverage as a profile of Go.
    GoCover,
    /// Coverage as the JSON summary of Istanbul.
    IstanbulSummary,
    /// Findings of scanners as SARIF 2.1.0.
    Sarif,
    /// Findings of Trivy as its own JSON.
    Trivy,
    /// Vulnerable packages as `npm audit --json`.
    NpmAudit,
    /// Findings of OSV-Scanner as its own JSON.
    Osv,
    /// Vulnerabilities as CycloneDX JSON.
    CycloneDx,
    /// Measurements as JSON or CSV.
    Metrics,
    /// The summary of a load test, as k6 writes it at its end.
    K6,
    /// Measurements as OpenMetrics, or in the text format of Prometheus.
    OpenMetrics,
    /// Events of a delivery pipeline as CDEvents.
    CdEvents,
}

/// The result of one test case.
#[derive(Debug, Clone)]
pub struct Case<'s> {
    /// The report that it stands in.
    pub report: ReportIndex,
    /// Its start tag.
    pub span: Span,
    /// Its name.
    pub name: Cow<'s, str>,
    /// The class or module that it belongs to; empty if none is named.
    pub class: Cow<'s, str>,
    /// Its description, or else the suite that it stands in, as the report writes it, if that names an id of a test.
    pub suite: Option<&'s str>,
    /// Where its innermost suite begins in the report, if it is in one: cases of two suites are no attempts at one test,
    /// though all else is equal.
    pub suite_start: Option<u32>,
    /// The source file that it stands in, if the report says so.
    pub file: Option<Cow<'s, str>>,
    /// Its own properties, name and value.
    pub properties: Box<[(Cow<'s, str>, Cow<'s, str>)]>,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether it passed only after it had failed in the same run.
    pub flaky: bool,
    /// When it ran, where its suite says so; else the time of the report counts.
    pub time: Timestamp,
}

/// How a test case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// As expected.
    Passed,
    /// Not as expected.
    Failed,
    /// Something else went wrong.
    Errored,
    /// It was not run, or what it showed was not to count: an expected failure.
    Skipped,
    /// The report does not say that it passed, or says so and contradicts itself.
    Unclear(Unclear),
}

/// Why nobody can tell how a test case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unclear {
    /// It ended in a way whose name is not known: `aborted`, `timeout`, `inconclusive`.
    UnknownResult,
    /// Its suite, or the whole run, failed as such.
    RunFailed,
    /// Its suite states worse than can be read in it.
    StatedWorse,
}

impl Outcome {
    /// Whether the case did not pass although it ran.
    pub fn is_failure(self) -> bool {
        matches!(self, Outcome::Failed | Outcome::Errored)
    }
}

/// Which lines and branches of one source file tests ran through, joined over all reports that name it.
#[derive(Debug, Clone)]
pub struct FileCoverage<'s> {
    /// The reports that say so.
    pub reports: Vec<ReportIndex>,
    /// Where the first of them does.
    pub span: Span,
    /// The source file.
    pub path: Cow<'s, str>,
    /// The package that it belongs to: as the report says, or else its folder.
    pub package: Cow<'s, str>,
    /// Its lines.
    pub lines: Ratio,
    /// Its branches; absent if no report counts branches of it.
    pub branches: Option<Ratio>,
}

/// So many out of so many. Of nothing there is no share.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ratio {
    /// How many fit.
    pub covered: u64,
    /// How many there are.
    pub total: u64,
}

/// One run of a scanner. That it found nothing is a fact, too.
#[derive(Debug, Clone)]
pub struct Scan<'s> {
    /// The report that it stands in.
    pub report: ReportIndex,
    /// Where.
    pub span: Span,
    /// The scanner.
    pub tool: Cow<'s, str>,
    /// Which of the scans of that tool it is, if the report tells them apart (SARIF 2.1.0, 3.17.3): `/language:java/`.
    pub category: Cow<'s, str>,
    /// What was scanned, if the report says so: an image, a repository, a lock file.
    pub target: Cow<'s, str>,
    /// When it ended; else the time of the report counts.
    pub time: Timestamp,
    /// The commit that was scanned; else that of the report counts.
    pub commit: Option<Cow<'s, str>>,
    /// How many results it has, those included that are suppressed or weigh nothing.
    pub results: usize,
    /// How many of them are suppressed.
    pub suppressed: usize,
    /// Why it proves nothing, however few results it has; nothing if it ran to its end and says so, or says nothing
    /// against it.
    pub trouble: Option<ScanTrouble>,
}

/// A scan, by its position in [`Evidence::scans`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScanIndex(pub u32);

/// Something that a scanner found.
#[derive(Debug, Clone)]
pub struct ScanResult<'s> {
    /// The scan that found it.
    pub scan: ScanIndex,
    /// Where.
    pub span: Span,
    /// The rule that it broke.
    pub rule: Cow<'s, str>,
    /// What the scanner says about it.
    pub message: Cow<'s, str>,
    /// Its level, as the scanner gives it.
    pub level: ScanLevel,
    /// How bad it is.
    pub severity: ScanSeverity,
    /// Whether the scanner could not decide whether it is a problem, or leaves that to a person (SARIF 2.1.0, 3.27.9:
    /// `open`, `review`).
    pub undecided: bool,
    /// Whether somebody has suppressed it.
    pub suppressed: bool,
}

/// The level of a result (SARIF 2.1.0, 3.27.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScanLevel {
    /// It is no problem.
    None,
    /// Something to know.
    Note,
    /// A problem.
    Warning,
    /// A serious problem.
    Error,
}

/// How bad something is that a scanner found: by its `security-severity` in the bands of CVSS and by its level (error is
/// high, warning medium, note low), of which the worse counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScanSeverity {
    /// Nothing to see to.
    None,
    /// 0.1 to 3.9, or a note.
    Low,
    /// 4.0 to 6.9, or a warning.
    Medium,
    /// 7.0 to 8.9, or an error.
    High,
    /// 9.0 and above.
    Critical,
    /// It is stated and cannot be read, or the report contradicts itself. It may be as bad as any.
    Unknown,
}

/// Something that was measured.
#[derive(Debug, Clone)]
pub struct Metric<'s> {
    /// The report that it stands in.
    pub report: ReportIndex,
    /// Where.
    pub span: Span,
    /// What was measured.
    pub name: Cow<'s, str>,
    /// How much it is; nothing if the monitor had no data, or what it measured is not finite: `NaN`, `+Inf`.
    pub value: Option<Decimal>,
    /// In which unit.
    pub unit: Option<Cow<'s, str>>,
    /// What it was measured of, name and value, sorted: the service, the region. Measurements that differ in these are
    /// of different things.
    pub labels: Box<[(Cow<'s, str>, Cow<'s, str>)]>,
    /// When; else the time of the report counts.
    pub time: Timestamp,
    /// For which commit; else that of the report counts.
    pub commit: Option<Cow<'s, str>>,
}

/// Something that happened, as an event reports it.
#[derive(Debug, Clone)]
pub struct Event<'s> {
    /// The report that it stands in.
    pub report: ReportIndex,
    /// Where.
    pub span: Span,
    /// What happened.
    pub kind: EventKind<'s>,
    /// What it happened to: the service, the incident, the run of a test.
    pub subject: Cow<'s, str>,
    /// In which environment, if the event says so.
    pub environment: Option<Cow<'s, str>>,
    /// To which artifact, as a package URL, if the event says so.
    pub artifact: Option<Cow<'s, str>>,
    /// How it ended, in the word of the event: `success`, `failure`, `approved`.
    pub outcome: Option<Cow<'s, str>>,
    /// When.
    pub time: Timestamp,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind<'s> {
    /// A service was deployed for the first time.
    ServiceDeployed,
    /// A service was deployed in another version.
    ServiceUpgraded,
    /// A service was taken back to an earlier version.
    ServiceRolledBack,
    /// A service was removed.
    ServiceRemoved,
    /// A service can be reached.
    ServicePublished,
    /// An approval was asked for, decided on or withdrawn.
    Approval(Cow<'s, str>),
    /// A monitor found that something is wrong.
    IncidentDetected,
    /// A person or a ticket says that something is wrong.
    IncidentReported,
    /// An incident is over.
    IncidentResolved,
    /// A test case ended.
    TestCaseFinished,
    /// A test suite ended.
    TestSuiteFinished,
    /// Any other event, by its type without version: `artifact.published`.
    Other(Cow<'s, str>),
}

/// Something wrong with a file of evidence, at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceDefect {
    /// The place.
    pub span: Span,
    /// What is wrong.
    pub kind: EvidenceDefectKind,
}

/// What is wrong with a file of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EvidenceDefectKind {
    /// It is none of the kinds that are read.
    NotRecognised {
        /// What it looks like, and what could be done about it.
        hint: Option<&'static str>,
    },
    /// Its syntax is broken, or it does not hold what its kind must hold. What stands before the place
    /// was read; what stands behind may be missing.
    Malformed {
        /// How.
        reason: String,
        /// Whether it is the end of the file that comes too early.
        at_end: bool,
    },
    /// It is so large that it was not read.
    TooLarge {
        /// Its size in bytes.
        size: u64,
    },
    /// It has the same bytes as another file, and counts once.
    SameTwice {
        /// The file that counts.
        first: FileId,
    },
    /// It says how many there are of something, and holds another number of them.
    CountsDiffer {
        /// Of what: `tests`, `lines-valid`.
        what: &'static str,
        /// What it says.
        stated: u64,
        /// What it holds.
        counted: u64,
    },
    /// A time that is none.
    TimeNotUnderstood,
    /// A test case ended in a way whose name is not known, so that it proves nothing.
    ResultNotKnown {
        /// How it is written: `status="aborted"`, `<timeout>`.
        written: String,
    },
    /// A test is reported as passed, and something of it says otherwise.
    PassContradicted {
        /// What says otherwise, as a reader is told: `` `failure` ``.
        by: String,
    },
    /// A suite, or a whole run, failed as such, so that what passed in it proves nothing.
    RunFailed {
        /// Its name.
        name: String,
    },
    /// A count that is negative, and counts as none.
    NegativeCount,
    /// A severity that is stated and cannot be read, or that contradicts the rest of the result.
    SeverityNotUnderstood {
        /// What is wrong with it.
        reason: String,
    },
    /// A key or column that is not read, and may say what the facts are about.
    KeyNotRead {
        /// Its name.
        key: String,
    },
    /// Two reports, or two parts of one, name a source file alike, and count as two files.
    SameFileName {
        /// The path.
        path: String,
        /// The other report.
        other: FileId,
        /// Whether both are in one folder, and so either of two modules or of other lines.
        in_one_folder: bool,
    },
    /// An `evidence.json` vouches for a report with these bytes, and it has others.
    DigestDiffers {
        /// Where the digest is stated.
        elsewhere: Span,
    },
    /// An `evidence.json` names the reports of a run, and this one below it is none of them.
    NotVouchedFor {
        /// Where the reports are named.
        elsewhere: Span,
    },
    /// An `evidence.json` vouches for a report that is not there, or was not read.
    VouchedReportMissing {
        /// The path of the report.
        path: String,
    },
    /// It was made long before the run that the `evidence.json` above it speaks of.
    OlderThanRun {
        /// Where the time of the run is stated.
        elsewhere: Span,
    },
    /// It is about another commit than it says elsewhere, or than the `evidence.json` beside it says.
    CommitsContradict {
        /// What is said elsewhere.
        other: String,
        /// Where.
        elsewhere: Span,
    },
    /// A coverage report that names no line and no total.
    NoCoverage,
    /// A scan that proves nothing.
    ScanUnsuccessful {
        /// The scanner.
        tool: String,
        /// Why.
        trouble: ScanTrouble,
        /// What it says about that itself.
        note: Option<String>,
    },
    /// A measurement that cannot be used.
    MetricNotUnderstood(MetricTrouble),
}

/// Why a measurement cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetricTrouble {
    /// Its value is no finite number.
    NoNumber,
    /// Its value is a number that nothing of its kind has: a share of 140 %, a duration below zero.
    Impossible {
        /// Why.
        reason: &'static str,
    },
    /// It has no name.
    NoName,
    /// It has no value.
    NoValue,
    /// The header lacks a column.
    ColumnMissing(&'static str),
    /// The header names a column twice.
    ColumnTwice(&'static str),
    /// The row has another number of fields than the header.
    FieldCount {
        /// The fields of the header.
        expected: usize,
        /// Those of the row.
        found: usize,
    },
}

impl ReportKind {
    /// What it is called: `JUnit XML`.
    pub fn title(self) -> &'static str {
        match self {
            ReportKind::Junit => "JUnit XML",
            ReportKind::Trx => "TRX",
            ReportKind::Nunit => "NUnit XML",
            ReportKind::Xunit => "xUnit.net XML",
            ReportKind::Ctrf => "CTRF",
            ReportKind::GoTest => "go test JSON",
            ReportKind::Tap => "TAP",
            ReportKind::Lcov => "LCOV",
            ReportKind::Cobertura => "Cobertura XML",
            ReportKind::Jacoco => "JaCoCo XML",
            ReportKind::Clover => "Clover XML",
            ReportKind::GoCover => "Go cover profile",
            ReportKind::IstanbulSummary => "Istanbul JSON summary",
            ReportKind::Sarif => "SARIF",
            ReportKind::Trivy => "Trivy JSON",
            ReportKind::NpmAudit => "npm audit JSON",
            ReportKind::Osv => "OSV-Scanner JSON",
            ReportKind::CycloneDx => "CycloneDX JSON",
            ReportKind::Metrics => "metrics",
            ReportKind::K6 => "k6 summary",
            ReportKind::OpenMetrics => "OpenMetrics",
            ReportKind::CdEvents => "CDEvents",
        }
    }

    /// Whether it is coverage.
    pub fn is_coverage(self) -> bool {
        matches!(
            self,
            ReportKind::Lcov
                | ReportKind::Cobertura
                | ReportKind::Jacoco
                | ReportKind::Clover
                | ReportKind::GoCover
                | ReportKind::IstanbulSummary
        )
    }
}

impl Evidence<'_> {
    /// The report with this index.
    pub fn report(&self, index: ReportIndex) -> &Report<'_> {
        &self.reports[index.0 as usize]
    }

    /// The scan with this index.
    pub fn scan(&self, index: ScanIndex) -> &Scan<'_> {
        &self.scans[index.0 as usize]
    }

    /// The case with this index.
    pub fn case(&self, index: CaseIndex) -> &Case<'_> {
        &self.cases[index]
    }
}

impl Ratio {
    /// The share in per cent; of nothing there is none.
    pub fn percent(self) -> Option<f64> {
        (self.total > 0).then(|| 100.0 * self.covered as f64 / self.total as f64)
    }
}
