//! The pipeline file that comes with a template.

use clap::ValueEnum;

use crate::project::survey::{Language, Pipeline, Survey};

/// The pipeline to write a file for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Ci {
    /// GitHub Actions: `.github/workflows/relplan.yml`
    Github,
    /// GitLab CI/CD: `.gitlab-ci.yml`, or `relplan.gitlab-ci.yml` beside one that exists
    Gitlab,
    /// No file
    None,
}

impl From<Pipeline> for Ci {
    fn from(pipeline: Pipeline) -> Self {
        match pipeline {
            Pipeline::GitHub => Ci::Github,
            Pipeline::GitLab => Ci::Gitlab,
        }
    }
}

/// A pipeline file.
pub(super) struct PipelineFile {
    /// Its path from the top of the repository.
    pub(super) path: &'static str,
    /// What it holds.
    pub(super) text: String,
    /// What remains to be done for it to run.
    pub(super) next: Option<&'static str>,
}

/// The file for a pipeline; `plan` is the path of the plan from the top of the repository, unless it is the top.
pub(super) fn file(ci: Ci, plan: Option<&str>, survey: &Survey) -> Option<PipelineFile> {
    let runner = survey.language.map(|(language, _)| test_command(language));
    let (template, path, commit, next) = match ci {
        Ci::None => return None,
        Ci::Github => {
            (include_str!("pipelines/github.yml"), ".github/workflows/relplan.yml", "$GITHUB_SHA", None)
        }
        Ci::Gitlab => {
            let template = include_str!("pipelines/gitlab.yml");
            match survey.top.join(".gitlab-ci.yml").exists() {
                false => (template, ".gitlab-ci.yml", "$CI_COMMIT_SHA", None),
                true => {
                    let next = "add `include: [{local: relplan.gitlab-ci.yml}]` to .gitlab-ci.yml";
                    (template, "relplan.gitlab-ci.yml", "$CI_COMMIT_SHA", Some(next))
                }
            }
        }
    };
    let evidence = match runner {
        Some(_) => format!(" --evidence reports --commit \"{commit}\""),
        None => String::new(),
    };
    let plan = plan.map(|path| format!(" --plan {}", quoted(path))).unwrap_or_default();
    let text = template
        .replace("{tests}", &steps(ci, runner))
        .replace("{plan}", &plan)
        .replace("{evidence}", &evidence);
    Some(PipelineFile { path, text, next })
}

/// A path as a shell reads it in one word, and YAML as plain text.
fn quoted(path: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-');
    match path.chars().all(is_plain) {
        true => path.to_owned(),
        false => format!("'{}'", path.replace('\'', r"'\''")),
    }
}

/// The lines that run the tests and write their reports into `reports/`.
fn steps(ci: Ci, runner: Option<&str>) -> String {
    let Some(runner) = runner else {
        let indent = if ci == Ci::Gitlab { "    " } else { "      " };
        return format!(
            "{indent}# Run the tests here, then add `--evidence reports` to the commands below.\n"
        );
    };
    match ci {
        Ci::Gitlab => format!("    - {runner}\n    - relplan stamp reports\n"),
        _ => format!(
            "      - name: Run the tests\n        run: {runner}\n      \
             - name: State the commit of the reports\n        run: relplan stamp reports\n"
        ),
    }
}

/// What runs the tests of a language and writes a report that relplan reads.
fn test_command(language: Language) -> &'static str {
    match language {
        Language::Rust => {
            "cargo nextest run --profile ci && mkdir -p reports && cp target/nextest/ci/junit.xml reports/"
        }
        Language::JavaScript => {
            "mkdir -p reports && node --test --test-reporter=junit --test-reporter-destination=reports/junit.xml"
        }
        Language::Python => "python -m pytest --junitxml=reports/junit.xml",
        Language::Go => "mkdir -p reports && go test -json ./... > reports/go-test.json",
        Language::Maven => "mvn --batch-mode verify && cp -r target/surefire-reports reports",
        Language::Gradle => "./gradlew test && cp -r build/test-results/test reports",
    }
}
