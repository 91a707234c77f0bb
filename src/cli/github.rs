//! What a step of GitHub Actions gets beside its log: the summary of the job, and outputs for later steps.
//!
//! GitHub names two files in the environment, `GITHUB_STEP_SUMMARY` and `GITHUB_OUTPUT`. Other steps write to them, too, so
//! that everything is added at their ends.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use super::Screen;
use crate::error::Error;
use crate::finding::Level;
use crate::formats::CheckReport;
use crate::formats::github::{Annotation, annotations, output};
use crate::formats::markdown::{self, LONGEST_SUMMARY};
use crate::model::phrase::counted;
use crate::model::{Plan, id};
use crate::report::Report;
use crate::source::SourceMap;
use crate::views::go_no_go::OpenCheck;

/// The name of the format that asks for all of this.
pub(super) const GITHUB: &str = "github";

/// The files of a step, open.
pub(super) struct StepFiles {
    summary: Option<StepFile>,
    outputs: Option<StepFile>,
}

struct StepFile {
    path: PathBuf,
    file: File,
    /// How many bytes it has already.
    size: usize,
}

/// What a judgement tells later steps.
pub(super) struct Outcome<'o> {
    /// GO, CONDITIONAL GO or NO-GO; of a gate PASS, CONDITIONAL or FAIL.
    pub(super) decision: &'static str,
    /// What blocks.
    pub(super) blockers: &'o [OpenCheck],
    /// What does not.
    pub(super) open: &'o [OpenCheck],
    /// The confidence in per cent, if there is anything to weigh.
    pub(super) confidence: Option<f64>,
}

impl StepFiles {
    /// The files that the environment names. A variable that is not set, or empty, names none.
    ///
    /// # Errors
    ///
    /// A file that cannot be written to: it is known before anything else is written.
    pub(super) fn open() -> Result<StepFiles, Error> {
        Ok(StepFiles {
            summary: StepFile::named("GITHUB_STEP_SUMMARY")?,
            outputs: StepFile::named("GITHUB_OUTPUT")?,
        })
    }

    /// Writes what a check found into the summary.
    pub(super) fn check(self, report: &CheckReport<'_>, screen: &Screen) -> Result<(), Error> {
        summarise(self.summary, |room| markdown::findings::within(report, room), screen)
    }

    /// Writes a document into the summary, and outputs that are no judgement of a release.
    pub(super) fn answer(
        self,
        document: &Report,
        outputs: &[(&str, String)],
        screen: &Screen,
    ) -> Result<(), Error> {
        summarise(self.summary, |room| markdown::within(document, room), screen)?;
        match self.outputs {
            Some(file) => {
                file.add(&outputs.iter().map(|(name, value)| output(name, value)).collect::<String>())
            }
            None => Ok(()),
        }
    }

    /// Writes a document into the summary, and the outputs of a judgement. Returns what goes to the log.
    pub(super) fn judgement(
        self,
        document: &Report,
        outcome: &Outcome<'_>,
        plan: &Plan<'_>,
        sources: &SourceMap,
        screen: &Screen,
    ) -> Result<String, Error> {
        let confidence = outcome.confidence.map_or_else(|| "n/a".to_owned(), |percent| percent.to_string());
        let blockers = outcome.blockers.len();
        summarise(self.summary, |room| markdown::within(document, room), screen)?;
        if let Some(file) = self.outputs {
            let values = [
                ("decision", outcome.decision.to_owned()),
                ("blockers", blockers.to_string()),
                ("confidence", confidence.clone()),
            ];
            file.add(&values.map(|(name, value)| output(name, &value)).concat())?;
        }
        let marks = outcome.blockers.iter().map(|open| annotation(Level::Error, open, plan));
        let marks = marks.chain(outcome.open.iter().map(|open| annotation(Level::Warning, open, plan)));
        let marks: Vec<Annotation> = marks.collect();
        let confidence = match outcome.confidence {
            Some(_) => format!(", confidence {confidence} %"),
            None => String::new(),
        };
        let blockers = counted(blockers, "blocker");
        Ok(format!("{}{}: {blockers}{confidence}\n", annotations(&marks, sources), outcome.decision))
    }
}

/// Adds what is drawn in the room that the summary has, if there is a summary.
fn summarise(
    file: Option<StepFile>,
    draw: impl FnOnce(usize) -> String,
    screen: &Screen,
) -> Result<(), Error> {
    match file.map(|file| (file.room(), file)) {
        None => Ok(()),
        Some((0..LEAST_ROOM, _)) => {
            screen.remark("the job summary is full: nothing was added to it\n");
            Ok(())
        }
        Some((room, file)) => file.add(&draw(room)),
    }
}

/// Less than this no document fits into.
const LEAST_ROOM: usize = 4096;

/// A check that is not met, at the place of its entry if it is that of one.
fn annotation(level: Level, open: &OpenCheck, plan: &Plan<'_>) -> Annotation {
    let entry = id::parse(&open.id).ok().and_then(|id| plan.find(id));
    let next = open.next.as_ref().map(|next| format!("\nnext: {next}")).unwrap_or_default();
    let owner = open.owner.as_ref().map(|owner| format!("\nowner: {owner}")).unwrap_or_default();
    let name = match entry {
        Some(_) => format!("{} {}", open.id, open.title),
        None => open.title.clone(),
    };
    Annotation {
        level,
        place: entry.map(|entry| plan.entry(entry).id.span),
        title: name.clone(),
        message: format!("{name}: {}{owner}{next}", open.reason),
    }
}

impl StepFile {
    fn named(variable: &str) -> Result<Option<StepFile>, Error> {
        let Some(path) = std::env::var_os(variable).filter(|path| !path.is_empty()) else { return Ok(None) };
        let path = PathBuf::from(path);
        let unwritable =
            |source| Error::StepFile { variable: variable.to_owned(), path: path.clone(), source };
        let file = OpenOptions::new().append(true).create(true).open(&path).map_err(unwritable)?;
        let size = file.metadata().map_err(unwritable)?.len();
        Ok(Some(StepFile { file, size: usize::try_from(size).unwrap_or(usize::MAX), path }))
    }

    /// How many bytes GitHub still takes.
    fn room(&self) -> usize {
        LONGEST_SUMMARY.saturating_sub(self.size).saturating_sub(1)
    }

    fn add(mut self, text: &str) -> Result<(), Error> {
        let unwritable = |source| Error::Unwritable { path: self.path.clone(), source };
        // What another step wrote may not end its line.
        self.file.write_all(format!("{text}\n").as_bytes()).map_err(unwritable)
    }
}
