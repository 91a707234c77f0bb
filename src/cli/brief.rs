//! `relplan brief`: facts and questions for an assistant, and its answer as advice.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Args, Command, ValueEnum};
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

/// What `--release` says of itself.
const RELEASE: &str = "The release: an id, a version, or `next` [default: next, or the whole plan if every release has shipped; for `retrospective`, the release that shipped last]";

/// The arguments of `relplan brief`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)), mut_arg("release", |release| release.help(RELEASE)))]
pub struct BriefArguments {
    /// Topic of the brief
    #[arg(value_name = "TOPIC", value_parser = TopicOrPath)]
    topic: Option<OsString>,
    /// Validate an answer and show it as advice; no file is changed
    #[arg(long, value_name = "ANSWER.json")]
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

/// Takes a topic, which help and completions list. With `--apply` there is no topic: what stands in its place is the
/// first PATH.
#[derive(Clone)]
struct TopicOrPath;

impl TypedValueParser for TopicOrPath {
    type Value = OsString;

    fn parse_ref(&self, _: &Command, _: Option<&Arg>, value: &OsStr) -> Result<OsString, clap::Error> {
        Ok(value.to_owned())
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(TopicWord::value_variants().iter().filter_map(TopicWord::to_possible_value)))
    }
}

impl BriefArguments {
    fn topic(&self) -> Result<Topic, Error> {
        let name = self.topic.as_ref().ok_or(Error::NoTopic)?.to_string_lossy();
        let word = TopicWord::from_str(&name, false);
        word.map(Topic::from).map_err(|_| Error::NoSuchTopic {
            name: name.into_owned(),
            known: TopicOrPath
                .possible_values()
                .into_iter()
                .flatten()
                .map(|one| one.get_name().to_owned())
                .collect(),
        })
    }
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
    match &arguments.apply {
        Some(answer) => match &arguments.topic {
            Some(first) => {
                let view = arguments.view.reading_first(PathBuf::from(first));
                apply(&view, answer, (global, screen))
            }
            None => apply(&arguments.view, answer, (global, screen)),
        },
        None => ask(arguments.topic()?, &arguments.view, (global, screen)),
    }
}

/// Writes the brief of a topic.
fn ask(topic: Topic, view: &ViewArguments, (global, screen): (&Global, &Screen)) -> Result<Verdict, Error> {
    let project = view.load_with(&JudgingArguments::of_plan().evidence, global, screen)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let selection = selection(view, topic, &plan, &graph)?;
    let facts = facts(topic, view, &project, (&plan, &graph), &selection, (global, screen))?;
    let release = selection.release.map(|release| release.id);
    let brief = Brief::new(topic, global.day().0, release, facts);
    super::remark_unread(&plan, screen);
    let text = match view.chosen(FORMATS)? {
        "json" => screen.json_text(&brief)?,
        _ => brief.markdown(&screen.json_text(&brief.facts)?, &screen.json_text(&brief.answer_schema)?),
    };
    view.write(&text, screen)?;
    Ok(Verdict::Fine)
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
fn apply(view: &ViewArguments, path: &Path, (global, screen): (&Global, &Screen)) -> Result<Verdict, Error> {
    let project = view.load_with(&JudgingArguments::of_plan().evidence, global, screen)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    view.guard(&project, &[path])?;
    let unreadable = |source| Error::Unreadable { path: path.to_owned(), source };
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if length > LARGEST_ANSWER {
        let problem = format!("the file has {length} bytes, and at most {LARGEST_ANSWER} are read");
        return Err(Error::BadAnswer { path: path.to_owned(), problems: vec![problem] });
    }
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let answer: Answer = serde_json::from_str(&text)
        .map_err(|error| Error::BadAnswer { path: path.to_owned(), problems: vec![error.to_string()] })?;
    let current = current_digest(&answer, view, &project, (&plan, &graph), (global, screen));
    let digest = current.unwrap_or_default();
    let checked = advice(answer, &plan, &project.sources, &digest, global.day().0);
    let shown = checked.map_err(|problems| Error::BadAnswer {
        path: path.to_owned(),
        problems: problems.iter().map(|problem| format!("{}: {}", problem.at, problem.reason)).collect(),
    })?;
    view.show(&plan, &shown, report::advice::report, FORMATS, screen)
}

/// The digest that the facts of the brief have now; nothing if they cannot be gathered any more.
fn current_digest(
    answer: &Answer,
    view: &ViewArguments,
    project: &Project,
    (plan, graph): (&Plan<'_>, &Graph),
    run: (&Global, &Screen),
) -> Option<String> {
    let topic = Topic::named(&answer.topic)?;
    let selection = match &answer.release {
        Some(release) => Selection::of_one(plan, graph, Some(release)).ok()?,
        None => Selection::default(),
    };
    let facts = facts(topic, view, project, (plan, graph), &selection, run).ok()?;
    Some(digest(&facts))
}
