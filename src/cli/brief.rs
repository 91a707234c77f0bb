//! `relplan brief`: facts and questions for an assistant, and its answer as advice.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;
use serde_json::{Value, json};

use super::judging::{JudgementRequest, JudgingArguments};
use super::review::of_release as review_of;
use super::view::{Formats, ViewArguments, offering, viewpoint};
use super::{Global, Screen, Verdict, health};
use crate::error::Error;
use crate::graph::{Graph, Selection};
use crate::model::Plan;
use crate::project::Project;
use crate::report;
use crate::verdict::follow_up::follow_ups;
use crate::views::brief::{Answer, Brief, Topic, advice, digest};
use crate::views::calendar::{Range, calendar};
use crate::views::release_plan::release_plan;
use crate::views::retrospective::retrospective;
use crate::views::scope::scope;
use crate::views::work_schedule::work_schedule;

const FORMATS: Formats = &["terminal", "json", "markdown"];

/// The largest answer that is read.
const LARGEST_ANSWER: u64 = 1024 * 1024;

/// The arguments of `relplan brief`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)), mut_arg("release", |release| release.help(super::report::RELEASE)))]
pub struct BriefArguments {
    /// Topic of the brief
    #[arg(value_name = "TOPIC", required_unless_present = "apply")]
    topic: Option<TopicWord>,
    /// Validate an answer and show it as advice; no file is changed
    #[arg(long, value_name = "ANSWER.json", conflicts_with = "topic")]
    apply: Option<PathBuf>,
    #[command(flatten)]
    view: ViewArguments,
}

/// A topic, as it is typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum TopicWord {
    /// Priorities: scope, value, effort, risk
    Prioritise,
    /// Schedule and calendar
    Timeline,
    /// Health, progress, delays
    Progress,
    /// Decision, blockers, risks
    Readiness,
    /// Tests by type, environments, coverage
    TestPlan,
    /// Gate criteria and blockers
    Gate,
    /// Lessons of the last shipped release
    Retrospective,
}

impl From<TopicWord> for Topic {
    fn from(word: TopicWord) -> Self {
        match word {
            TopicWord::Prioritise => Topic::Prioritise,
            TopicWord::Timeline => Topic::Timeline,
            TopicWord::Progress => Topic::Progress,
            TopicWord::Readiness => Topic::Readiness,
            TopicWord::TestPlan => Topic::TestPlan,
            TopicWord::Gate => Topic::Gate,
            TopicWord::Retrospective => Topic::Retrospective,
        }
    }
}

/// Runs the command.
pub(super) fn run(arguments: &BriefArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let judging = JudgingArguments::of_plan();
    let project = arguments.view.load_with(&judging.evidence, global, screen)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    match (&arguments.apply, arguments.topic) {
        (Some(path), _) => apply(arguments, path, &project, (&plan, &graph), (global, screen)),
        (None, Some(topic)) => {
            let topic = Topic::from(topic);
            let selection = selection(&arguments.view, topic, &plan, &graph)?;
            let facts =
                facts(topic, &arguments.view, &project, (&plan, &graph), &selection, (global, screen))?;
            let release = selection.release.map(|release| release.id);
            let brief = Brief::new(topic, global.day().0, release, facts);
            super::remark_unread(&plan, screen);
            let text = match arguments.view.chosen(FORMATS)? {
                "json" => screen.json_text(&brief)?,
                _ => {
                    brief.markdown(&screen.json_text(&brief.facts)?, &screen.json_text(&brief.answer_schema)?)
                }
            };
            arguments.view.write(&text, screen)?;
            Ok(Verdict::Fine)
        }
        (None, None) => Err(Error::NothingChecked),
    }
}

/// What a topic is about: the next release, or for a retrospective the one that shipped last.
fn selection(view: &ViewArguments, topic: Topic, plan: &Plan<'_>, graph: &Graph) -> Result<Selection, Error> {
    match topic {
        Topic::Retrospective => view.selection_of_shipped(plan, graph),
        _ => view.selection_or_next(plan, graph),
    }
}

/// The facts of a topic, as they may be shown.
fn facts<'p>(
    topic: Topic,
    view: &ViewArguments,
    project: &'p Project,
    (plan, graph): (&'p Plan<'p>, &'p Graph),
    selection: &'p Selection,
    (global, screen): (&Global, &Screen),
) -> Result<Value, Error> {
    let at = viewpoint(project, (plan, graph), selection, global);
    let today = global.day().0;
    let judging = JudgingArguments::of_plan();
    let made = || health::of_release(&judging, (project, None), (plan, graph), selection, (global, screen));
    match topic {
        Topic::Prioritise => shown_json(&scope(plan, graph, selection, today), screen),
        Topic::Timeline => {
            let release = selection.release.as_ref().and_then(|release| plan.release(&release.id));
            let range = Range { release, ..Range::default() };
            let dates = calendar(plan, &project.config, &project.sources, today, &range);
            Ok(
                json!({ "schedule": shown_json(&work_schedule(at), screen)?, "calendar": shown_json(&dates, screen)? }),
            )
        }
        Topic::Progress => shown_json(&made()?.health, screen),
        Topic::Readiness => {
            let judged = made()?.judged;
            Ok(json!({
                "decision": shown_json(&judged.decision, screen)?,
                "gates": shown_json(&judged.gates, screen)?,
                "blockers": shown_json(&judged.blockers, screen)?,
                "open": shown_json(&judged.open, screen)?,
                "risks": shown_json(&judged.risks, screen)?,
            }))
        }
        Topic::Gate => {
            let judged = made()?.judged;
            Ok(
                json!({ "gates": shown_json(&judged.gates, screen)?, "checks": shown_json(&judged.checks, screen)? }),
            )
        }
        Topic::TestPlan => {
            let request = JudgementRequest::new(&judging, None, project, (plan, graph), selection, global)?;
            let whole = release_plan(request.basis(), selection, &request.soundness, today);
            Ok(json!({
                "test_strategy": shown_json(&whole.test_strategy, screen)?,
                "testing": shown_json(&whole.testing, screen)?,
                "scope": shown_json(&scope(plan, graph, selection, today), screen)?,
            }))
        }
        Topic::Retrospective => {
            let review = review_of(view, project, (plan, graph), selection, (global, screen))?;
            let asked =
                plan.releases().flat_map(|(entry, rel)| follow_ups(&project.config, entry, rel, today));
            shown_json(&retrospective(at, review, asked.collect()).ok_or(Error::NoReleaseToReview)?, screen)
        }
    }
}

/// A value as JSON that may be shown: no secret is in it.
fn shown_json<T: Serialize>(value: &T, screen: &Screen) -> Result<Value, Error> {
    let text = screen.json_text(value)?;
    serde_json::from_str(&text).map_err(|error| Error::Output(error.into()))
}

/// Checks an answer against the plan as it is now, and shows it.
fn apply(
    arguments: &BriefArguments,
    path: &Path,
    project: &Project,
    (plan, graph): (&Plan<'_>, &Graph),
    (global, screen): (&Global, &Screen),
) -> Result<Verdict, Error> {
    arguments.view.guard(project, &[path])?;
    let unreadable = |source| Error::Unreadable { path: path.to_owned(), source };
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if length > LARGEST_ANSWER {
        let problem = format!("the file has {length} bytes, and at most {LARGEST_ANSWER} are read");
        return Err(Error::BadAnswer { path: path.to_owned(), problems: vec![problem] });
    }
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let answer: Answer = serde_json::from_str(&text)
        .map_err(|error| Error::BadAnswer { path: path.to_owned(), problems: vec![error.to_string()] })?;
    let current = current_digest(&answer, arguments, project, (plan, graph), (global, screen));
    let digest = current.unwrap_or_default();
    let checked = advice(answer, plan, &project.sources, &digest, global.day().0);
    let shown = checked.map_err(|problems| Error::BadAnswer {
        path: path.to_owned(),
        problems: problems.iter().map(|problem| format!("{}: {}", problem.at, problem.reason)).collect(),
    })?;
    arguments.view.show(plan, &shown, report::advice::report, FORMATS, screen)
}

/// The digest that the facts of the brief have now; nothing if they cannot be gathered any more.
fn current_digest(
    answer: &Answer,
    arguments: &BriefArguments,
    project: &Project,
    (plan, graph): (&Plan<'_>, &Graph),
    run: (&Global, &Screen),
) -> Option<String> {
    let topic = Topic::named(&answer.topic)?;
    let selection = match &answer.release {
        Some(release) => Selection::of_one(plan, graph, Some(release)).ok()?,
        None => Selection::default(),
    };
    let facts = facts(topic, &arguments.view, project, (plan, graph), &selection, run).ok()?;
    Some(digest(&facts))
}
