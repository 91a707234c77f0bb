//! `relplan init`: a plan to begin with.

mod pipeline;
mod template;

use std::io::{self, BufRead, IsTerminal};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Global, Screen, Verdict};
use crate::error::Error;
use crate::exports::schema::EditorSchema;
use crate::model::version::Version;
use crate::project::survey::Survey;
use crate::project::write;

use pipeline::Ci;
use template::{Filling, Template};

/// The arguments of `relplan init`.
#[derive(Debug, Args)]
pub struct InitArguments {
    /// The folder of the plan, created if it does not exist
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// The plan to begin with [default: asked for on a terminal, else minimal]
    #[arg(long, value_name = "NAME")]
    template: Option<Template>,
    /// The name of the product [default: the name of the folder]
    #[arg(long, value_name = "NAME", value_parser = product)]
    product: Option<String>,
    /// The version of the release [default: the one after the latest tag, or 0.1.0]
    #[arg(long, value_name = "VERSION", value_parser = version)]
    release_version: Option<String>,
    /// The pipeline to write a file for [default: the one of the repository, or github]
    #[arg(long, value_name = "PIPELINE")]
    ci: Option<Ci>,
}

/// The schemas that the first lines of the plan's files name, so that editors need neither a network nor a setting.
const SCHEMAS: &[(&str, EditorSchema)] = &[
    (".relplan/plan.schema.json", EditorSchema::Plan),
    (".relplan/config.schema.json", EditorSchema::Config),
];

/// What is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Choices {
    template: Template,
    product: String,
    version: String,
    ci: Ci,
}

/// Runs the command.
pub(super) fn run(arguments: &InitArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let survey = Survey::of(&arguments.folder);
    let proposed = proposed(arguments, &survey);
    let is_asked = arguments.template.is_none() && io::stdin().is_terminal() && io::stderr().is_terminal();
    let choices = match is_asked {
        true => {
            screen.ask(&seen(&survey));
            Dialogue { answers: &mut io::stdin().lock(), ask: &|text| screen.ask(text) }
                .choices(proposed, &survey)?
        }
        false => proposed,
    };
    let (files, next) = files(arguments, &choices, &survey, global);
    // All of them or none: half a plan would be worse than none.
    if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
        return Err(Error::WouldOverwrite { path: path.clone() });
    }
    for (path, text) in &files {
        let folder = path.parent().unwrap_or(&arguments.folder);
        std::fs::create_dir_all(folder)
            .map_err(|source| Error::Unwritable { path: folder.to_owned(), source })?;
        write::whole_new(path, text.as_bytes())?;
        screen.remark(&format!("wrote {}\n", path.display()));
    }
    next.iter().for_each(|next| screen.remark(&format!("next: {next}\n")));
    Ok(Verdict::Fine)
}

/// The path and the text of each file, the plan first, and what to do next.
fn files(
    arguments: &InitArguments,
    choices: &Choices,
    survey: &Survey,
    global: &Global,
) -> (Vec<(PathBuf, String)>, Vec<String>) {
    let folder = &arguments.folder;
    let filling = Filling { product: &choices.product, version: &choices.version, today: global.day().0 };
    let plan = choices.template.filled(&filling).into_iter();
    let mut files: Vec<(PathBuf, String)> = plan.map(|(name, text)| (folder.join(name), text)).collect();
    // On one line, so that the first commit and every update show the plan and not a schema.
    files.extend(SCHEMAS.iter().map(|(name, schema)| (folder.join(name), format!("{}\n", schema.schema()))));
    let mut next = vec!["run `relplan check`".to_owned()];
    let inside = survey.path_from_top(folder);
    if let Some(file) = pipeline::file(choices.ci, inside.as_deref(), survey) {
        // In the top folder, paths are shown as the user wrote them.
        let path = if inside.is_some() { survey.top.join(file.path) } else { folder.join(file.path) };
        files.push((path, file.text));
        next.extend(file.next.map(str::to_owned));
    }
    if choices.template == Template::Minimal && arguments.template.is_none() {
        let template = survey.product.map_or(Template::WebService, |(kind, _)| Template::for_product(kind));
        next.push(format!(
            "or begin with a plan like yours: `relplan init FOLDER --template {}`",
            template.name()
        ));
    }
    (files, next)
}

/// What the repository and the command line propose.
fn proposed(arguments: &InitArguments, survey: &Survey) -> Choices {
    let template = arguments.template.unwrap_or(Template::Minimal);
    let ci = match template {
        // It never came with a pipeline, unless one is asked for.
        Template::Minimal => Ci::None,
        _ => survey.pipeline.map_or(Ci::Github, Ci::from),
    };
    Choices {
        template,
        product: arguments.product.clone().unwrap_or_else(|| survey.name.clone()),
        version: arguments.release_version.clone().unwrap_or_else(|| next_version(survey, template)),
        ci: arguments.ci.unwrap_or(ci),
    }
}

/// The version after the latest tag: a patch for a hotfix, else a minor version.
fn next_version(survey: &Survey, template: Template) -> String {
    let next = |latest: &semver::Version| match template {
        Template::Hotfix => semver::Version::new(latest.major, latest.minor, latest.patch.saturating_add(1)),
        _ => semver::Version::new(latest.major, latest.minor.saturating_add(1), 0),
    };
    let first = if template == Template::Hotfix { "0.1.1" } else { "0.1.0" };
    survey.latest.as_ref().map_or_else(|| first.to_owned(), |latest| next(latest).to_string())
}

/// A name of a product: what would break a line is none.
fn product(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("the name is empty".to_owned()),
        name if name.chars().any(char::is_control) => Err("the name has a control character".to_owned()),
        name => Ok(name.to_owned()),
    }
}

fn version(text: &str) -> Result<String, String> {
    match Version::parse(text) {
        Some(_) => Ok(text.trim().to_owned()),
        None => Err("it is not a version; write it like 1.4.0".to_owned()),
    }
}

/// What was found in the repository.
fn seen(survey: &Survey) -> String {
    let mut found: Vec<String> = Vec::new();
    found.extend(survey.language.map(|(_, file)| format!("language: {file}")));
    found.extend(survey.product.map(|(_, file)| format!("product: {file}")));
    found.extend(survey.pipeline.map(|pipeline| format!("pipeline: {pipeline:?}")));
    found.extend(survey.latest.as_ref().map(|latest| format!("latest tag: {latest}")));
    match found.as_slice() {
        [] => String::new(),
        found => format!("found: {}\n", found.join(", ")),
    }
}

/// Asks for what is to be written. Each question has a proposal, which an empty answer takes.
struct Dialogue<'d, R> {
    answers: &'d mut R,
    ask: &'d dyn Fn(&str),
}

impl<R: BufRead> Dialogue<'_, R> {
    fn choices(&mut self, proposed: Choices, survey: &Survey) -> Result<Choices, Error> {
        let template = survey.product.map_or(Template::WebService, |(kind, _)| Template::for_product(kind));
        let all = Template::value_variants();
        (self.ask)("Templates:\n");
        for (number, template) in (1..).zip(all) {
            (self.ask)(&format!("  {number}  {:<15} {}\n", template.name(), template.about()));
        }
        let template = self.answer("Template", &template.name(), |text| {
            let by_number =
                text.parse::<usize>().ok().and_then(|number| all.get(number.checked_sub(1)?).copied());
            by_number
                .or_else(|| Template::from_str(text, true).ok())
                .ok_or_else(|| "write a number or a name".to_owned())
        })?;
        if template == Template::Minimal {
            return Ok(proposed);
        }
        let product = self.answer("Product", &proposed.product, product)?;
        let version = self.answer("Version of the release", &next_version(survey, template), version)?;
        let pipeline = survey.pipeline.map_or(Ci::Github, Ci::from);
        let name = pipeline.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        let ci = self.answer("Pipeline (github, gitlab, none)", &name, |text| Ci::from_str(text, true))?;
        Ok(Choices { template, product, version, ci })
    }

    /// The first answer that is one; what is none is asked for again.
    fn answer<T>(
        &mut self,
        question: &str,
        proposal: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Error> {
        loop {
            (self.ask)(&format!("{question} [{proposal}]: "));
            let mut line = Vec::new();
            let length = self
                .answers
                .read_until(b'\n', &mut line)
                .map_err(|source| Error::Unreadable { path: "standard input".into(), source })?;
            if length == 0 {
                (self.ask)("\n");
                return Err(Error::InitUnfinished);
            }
            let typed = String::from_utf8_lossy(&line);
            let typed = if typed.trim().is_empty() { proposal } else { typed.trim() };
            match read(typed) {
                Ok(answer) => return Ok(answer),
                Err(problem) => (self.ask)(&format!("  {problem}\n")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::project::survey::{Pipeline, ProductKind};

    fn survey() -> Survey {
        Survey {
            top: PathBuf::from("."),
            name: "shop".into(),
            language: None,
            product: Some((ProductKind::Library, "src/lib.rs")),
            pipeline: Some(Pipeline::GitLab),
            latest: Some(semver::Version::new(1, 4, 2)),
        }
    }

    fn proposal() -> Choices {
        Choices { template: Template::Minimal, product: "shop".into(), version: "1.5.0".into(), ci: Ci::None }
    }

    /// What is chosen by these answers, and what was asked.
    fn answered(answers: &str) -> (Result<Choices, Error>, String) {
        let asked = RefCell::new(String::new());
        let ask = |text: &str| asked.borrow_mut().push_str(text);
        let mut lines = answers.as_bytes();
        let choices = Dialogue { answers: &mut lines, ask: &ask }.choices(proposal(), &survey());
        (choices, asked.into_inner())
    }

    #[test]
    fn empty_answers_take_what_the_repository_proposes() {
        let (choices, asked) = answered("\n\n\n\n");
        let choices = choices.expect("choices");
        assert_eq!(choices.template, Template::Library);
        assert_eq!(
            (choices.product.as_str(), choices.version.as_str(), choices.ci),
            ("shop", "1.5.0", Ci::Gitlab)
        );
        assert!(asked.contains("Template [library]: "), "{asked}");
    }

    #[test]
    fn answers_are_names_or_numbers_and_wrong_ones_are_asked_again() {
        let (choices, asked) = answered("12\nnothing\nHotfix\nWeb shop\none\n1.4.3\nNONE\n");
        let choices = choices.expect("choices");
        assert_eq!(choices.template, Template::Hotfix);
        assert_eq!(
            (choices.product.as_str(), choices.version.as_str(), choices.ci),
            ("Web shop", "1.4.3", Ci::None)
        );
        assert_eq!(asked.matches("write a number or a name").count(), 2, "{asked}");
        assert!(asked.contains("Version of the release [1.4.3]: ") && asked.contains("write it like 1.4.0"));
        assert_eq!(answered("1\n").0.expect("choices"), proposal());
    }

    #[test]
    fn answers_that_end_early_choose_nothing() {
        for answers in ["", "2\n", "2\nshop\n1.0.0\n"] {
            assert!(matches!(answered(answers).0, Err(Error::InitUnfinished)), "{answers:?}");
        }
    }
}
