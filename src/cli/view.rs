//! What all commands that show a view have in common: which format, where to, of which release.

use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, Args};
use serde::Serialize;

use super::github::{GITHUB, Outcome, StepFiles};
use super::{BaseArguments, EvidenceArguments, Global, Paths, Screen, Verdict, remark_unread};
use crate::error::Error;
use crate::formats::terminal::Style;
use crate::formats::{VIEW_FORMATS, ViewFormat, console, markdown, openmetrics};
use crate::graph::{Graph, NoSuchRelease, Selection};
use crate::model::Plan;
use crate::project::{Project, output};
use crate::report::Report;
use crate::views::Shown;
use crate::views::open_work::Viewpoint;

/// The arguments of every command that shows a view.
#[derive(Debug, Args)]
pub(super) struct ViewArguments {
    #[command(flatten)]
    paths: Paths,
    /// The output format [default: terminal, or the extension of --output]
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
    /// Write to a file instead of standard output; its extension sets the default format
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Only entries of this release: an id, a version, or `next`
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,
}

/// The format that is no drawing: the view's own value.
const JSON: &str = "json";

/// The formats that a view has, for its help and its errors.
pub(super) type Formats = &'static [&'static str];

/// Tells `--format` which formats a view has: `#[command(mut_arg("format", offering(FORMATS)))]`.
pub(super) fn offering(formats: Formats) -> impl FnOnce(Arg) -> Arg {
    move |argument| {
        let about = |name: &str| match format(name) {
            Some(format) => format.about,
            None if name == openmetrics::NAME => openmetrics::ABOUT,
            None if name == GITHUB => "annotations, job summary and step outputs of GitHub Actions",
            None => "complete, versioned and documented",
        };
        let values = formats.iter().map(move |name| PossibleValue::new(*name).help(about(name)));
        argument.value_parser(PossibleValuesParser::new(values))
    }
}

/// What a command about one release is about, by the name that `--release` gives; every command has the same default.
pub(super) fn one_release(plan: &Plan<'_>, graph: &Graph, name: Option<&str>) -> Result<Selection, Error> {
    Selection::of_one(plan, graph, name).map_err(|error| no_such_release(name, error))
}

pub(super) fn no_such_release(name: Option<&str>, error: NoSuchRelease) -> Error {
    Error::NoSuchRelease { name: name.unwrap_or_default().to_owned(), known: error.known }
}

/// Where a command about open work looks at a plan from.
pub(super) fn viewpoint<'a, 's>(
    project: &'a Project,
    (plan, graph): (&'a Plan<'s>, &'a Graph),
    selection: &'a Selection,
    global: &Global,
) -> Viewpoint<'a, 's> {
    let Project { config, sources, .. } = project;
    Viewpoint { plan, graph, config, sources, selection, today: global.day().0 }
}

fn format(name: &str) -> Option<&'static ViewFormat> {
    VIEW_FORMATS.iter().find(|format| format.name == name)
}

impl ViewArguments {
    /// How a view of the whole plan is written.
    pub(super) fn of_plan(format: Option<&String>, output: Option<&PathBuf>) -> Self {
        let paths = Paths { paths: Vec::new() };
        ViewArguments { paths, format: format.cloned(), output: output.cloned(), release: None }
    }

    /// The same of a plan that was named.
    pub(super) fn reading(self, paths: &Paths) -> Self {
        ViewArguments { paths: Paths { paths: paths.paths.clone() }, ..self }
    }

    /// The same of a file or folder before those that were named.
    pub(super) fn reading_first(&self, path: PathBuf) -> Self {
        let paths = std::iter::once(path).chain(self.paths.paths.iter().cloned()).collect();
        let named = Self::of_plan(self.format.as_ref(), self.output.as_ref());
        ViewArguments { paths: Paths { paths }, release: self.release.clone(), ..named }
    }

    /// Whether a release was named.
    pub(super) fn names_release(&self) -> bool {
        self.release.is_some()
    }

    /// The name of the release that was asked for.
    pub(super) fn release(&self) -> Option<&str> {
        self.release.as_deref()
    }

    /// The files that were named.
    pub(super) fn paths(&self) -> &Paths {
        &self.paths
    }

    /// Loads the plan. A view of a plan without any entry would say nothing and look like something.
    pub(super) fn load(&self, global: &Global, screen: &Screen) -> Result<Project, Error> {
        self.guarded(global.load(&self.paths, screen)?)
    }

    /// The same with the evidence that the view judges by.
    pub(super) fn load_with(
        &self,
        evidence: &EvidenceArguments,
        global: &Global,
        screen: &Screen,
    ) -> Result<Project, Error> {
        self.guarded(global.load_with(&self.paths, Some(evidence), screen)?)
    }

    /// A project, unless the output would replace a part of it.
    fn guarded(&self, project: Project) -> Result<Project, Error> {
        self.guard(&project, &[])?;
        Ok(project)
    }

    /// Refuses an output that would replace what was read, or one of the files `also`.
    pub(super) fn guard(&self, project: &Project, also: &[&Path]) -> Result<(), Error> {
        self.output.as_ref().map_or(Ok(()), |output| project.guard(output, also))
    }

    /// The same with what the plan is compared with.
    pub(super) fn load_against(
        &self,
        evidence: &EvidenceArguments,
        base: &BaseArguments,
        global: &Global,
        screen: &Screen,
    ) -> Result<Project, Error> {
        self.guarded(global.load_against(&self.paths, Some(evidence), base, screen)?)
    }

    /// What the view is about: the release that was named, or everything.
    pub(super) fn selection(&self, plan: &Plan<'_>, graph: &Graph) -> Result<Selection, Error> {
        super::require_entries(plan)?;
        match &self.release {
            Some(_) => one_release(plan, graph, self.release.as_deref()),
            None => Ok(Selection::all()),
        }
    }

    /// What a document about one release is about: the release that was named, or the next; everything, if every
    /// release has shipped.
    pub(super) fn selection_or_next(&self, plan: &Plan<'_>, graph: &Graph) -> Result<Selection, Error> {
        super::require_entries(plan)?;
        one_release(plan, graph, self.release.as_deref())
    }

    /// The same, where the release that shipped last stands in if there is no next.
    pub(super) fn selection_or_latest(&self, plan: &Plan<'_>, graph: &Graph) -> Result<Selection, Error> {
        super::require_entries(plan)?;
        let name = self.release.as_deref();
        Selection::of_one_or_latest(plan, graph, name).map_err(|error| no_such_release(name, error))
    }

    /// What a document about the time after a release is about: the release that was named, or that shipped last.
    pub(super) fn selection_of_shipped(&self, plan: &Plan<'_>, graph: &Graph) -> Result<Selection, Error> {
        super::require_entries(plan)?;
        let name = self.release.as_deref();
        Selection::of_shipped(plan, graph, name).map_err(|error| no_such_release(name, error))
    }

    /// Writes a view: as itself, or lowered to a document and drawn.
    pub(super) fn show<V: Serialize>(
        &self,
        plan: &Plan<'_>,
        view: &V,
        lower: impl FnOnce(&V) -> Report,
        formats: Formats,
        screen: &Screen,
    ) -> Result<Verdict, Error> {
        self.chosen(formats)?;
        remark_unread(plan, screen);
        let shown = Shown { view, whole: plan.is_whole() };
        self.show_value(&shown, || doubted(lower(view), plan), formats, screen)
    }

    /// Writes a value: as JSON, or as the document that it is lowered to.
    pub(super) fn show_value<V: Serialize>(
        &self,
        value: &V,
        document: impl FnOnce() -> Report,
        formats: Formats,
        screen: &Screen,
    ) -> Result<Verdict, Error> {
        let text = match format(self.chosen(formats)?) {
            None => screen.json_text(value)?,
            Some(format) => self.draw(format, document(), screen)?,
        };
        self.write(&text, screen)?;
        Ok(Verdict::Fine)
    }

    /// The files of a step of GitHub Actions, if the format asks for them; open, so that what cannot be written is known
    /// first.
    pub(super) fn step_files(&self, formats: Formats) -> Result<Option<StepFiles>, Error> {
        match self.chosen(formats)? {
            GITHUB => StepFiles::open().map(Some),
            _ => Ok(None),
        }
    }

    /// The same for a judgement, which GitHub Actions gets in a form of its own.
    pub(super) fn show_judged<V: Serialize>(
        &self,
        project: &Project,
        plan: &Plan<'_>,
        (view, outcome): (&V, &Outcome<'_>),
        lower: impl FnOnce(&V) -> Report,
        (formats, step): (Formats, Option<StepFiles>),
        screen: &Screen,
    ) -> Result<Verdict, Error> {
        let Some(step) = step else { return self.show(plan, view, lower, formats, screen) };
        remark_unread(plan, screen);
        let document = doubted(lower(view), plan);
        let text = step.judgement(&document, outcome, plan, &project.sources, screen)?;
        self.write(&text, screen)?;
        Ok(Verdict::Fine)
    }

    /// The same, where Markdown must not be longer than a comment on GitHub may be.
    pub(super) fn show_within<V: Serialize>(
        &self,
        plan: &Plan<'_>,
        view: &V,
        lower: impl FnOnce(&V) -> Report,
        formats: Formats,
        screen: &Screen,
    ) -> Result<Verdict, Error> {
        if !self.is_in(markdown::FORMAT.name, formats) {
            return self.show(plan, view, lower, formats, screen);
        }
        remark_unread(plan, screen);
        let text = markdown::within(&doubted(lower(view), plan), markdown::LONGEST_COMMENT);
        self.write(&text, screen)?;
        Ok(Verdict::Fine)
    }

    /// Writes a text that is drawn already.
    pub(super) fn write(&self, text: &str, screen: &Screen) -> Result<(), Error> {
        match &self.output {
            Some(path) => output::write(path, text.as_bytes()),
            None => screen.document(text),
        }
    }

    /// Whether it is written to a file instead of the screen.
    pub(super) fn goes_to_a_file(&self) -> bool {
        self.output.is_some()
    }

    /// Whether people read it on the screen.
    pub(super) fn is_on_the_terminal(&self, formats: Formats) -> bool {
        self.is_in(console::FORMAT.name, formats) && !self.goes_to_a_file()
    }

    /// Whether it is to be written in a format.
    pub(super) fn is_in(&self, name: &str, formats: Formats) -> bool {
        self.chosen(formats).is_ok_and(|chosen| chosen == name)
    }

    /// The format of a conversation, which is for people: those of a view that programs read are refused.
    pub(super) fn spoken(&self, formats: Formats, spoken: Formats) -> Result<&'static ViewFormat, Error> {
        if self.paths.paths.iter().any(|path| path.as_os_str() == "-") {
            return Err(Error::WalkInput);
        }
        let name = self.chosen(formats)?;
        let refused = || Error::WalkFormat {
            name: name.to_owned(),
            known: spoken.iter().map(|name| (*name).to_owned()).collect(),
        };
        spoken.contains(&name).then(|| format(name)).flatten().ok_or_else(refused)
    }

    /// Writes what a conversation led to. Whoever answered has to act on it, so that it stands on the
    /// screen even where the transcript goes to a file.
    pub(super) fn tell(
        &self,
        plan: &Plan<'_>,
        report: Report,
        format: &ViewFormat,
        screen: &Screen,
    ) -> Result<Verdict, Error> {
        let report = doubted(report, plan);
        let Some(path) = &self.output else {
            screen.product(format.draw(report, screen.style()).as_bytes())?;
            return Ok(Verdict::Fine);
        };
        output::write(path, format.draw(report.clone(), Style::PLAIN).as_bytes())?;
        screen.product(console::FORMAT.draw(report, screen.style()).as_bytes())?;
        Ok(Verdict::Fine)
    }

    fn draw(&self, format: &ViewFormat, report: Report, screen: &Screen) -> Result<String, Error> {
        if !format.fits(&report) {
            return Err(Error::NothingToWrite { format: format.name });
        }
        // A file is no screen: it is the same whoever writes it.
        let style = if self.output.is_some() { Style::PLAIN } else { screen.style() };
        Ok(format.draw(report, style))
    }

    /// The format that is asked for, if the view has it.
    pub(super) fn chosen(&self, formats: Formats) -> Result<&str, Error> {
        let name = match (&self.format, &self.output) {
            (Some(name), _) => name.as_str(),
            (None, None) => "terminal",
            (None, Some(path)) => {
                let extension = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
                let extension = extension.unwrap_or_default();
                of_extension(&extension).ok_or_else(|| no_such_format(&format!(".{extension}"), formats))?
            }
        };
        if formats.contains(&name) { Ok(name) } else { Err(no_such_format(name, formats)) }
    }
}

/// A document that says so itself where the plan could not be read whole.
fn doubted(mut report: Report, plan: &Plan<'_>) -> Report {
    report.doubt_of(plan);
    report
}

fn of_extension(extension: &str) -> Option<&'static str> {
    let drawn = VIEW_FORMATS.iter().find(|format| format.extensions.contains(&extension));
    drawn.map(|format| format.name).or((extension == JSON).then_some(JSON))
}

fn no_such_format(name: &str, formats: Formats) -> Error {
    Error::NoSuchFormat {
        name: name.to_owned(),
        known: formats.iter().map(|name| (*name).to_owned()).collect(),
    }
}
