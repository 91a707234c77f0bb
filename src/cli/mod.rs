//! Floor 11: arguments in, one call, exit code out. One file per command.
//!
//! The only room that knows the clock and the terminal.

mod approve;
mod audit;
mod base;
mod brief;
mod calendar;
mod check;
mod check_watch;
mod checklist;
mod completions;
mod condition;
mod decide;
mod diff;
mod evidence;
pub mod explain;
mod export;
mod fix;
mod fmt;
mod forecast;
mod freeze;
mod gate;
mod github;
mod handoff;
mod health;
mod help;
mod init;
mod judging;
mod list;
mod man;
mod matrix;
mod members;
mod message;
mod metrics;
mod new;
mod notes;
mod notify;
mod pager;
mod plan;
mod postmortem;
mod progress;
pub mod reference;
mod rename;
mod replay;
mod report;
mod retro;
mod review;
mod rewrite;
mod risks;
mod rollback;
mod schedule;
mod schema;
mod scope;
mod screen;
mod signatures;
mod site;
mod stamp;
mod status;
mod trace;
mod view;
mod waive;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::OnceLock;

use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args, FromArgMatches, Parser, Subcommand};

use crate::error::Error;
use crate::project::lock::Lock;
use crate::project::{Member, Members, Project, Request, by_plan, folder_of, workspace_of};

use base::BaseArguments;
use evidence::EvidenceArguments;
use screen::{Colour, Screen};

/// A compiler for release plans: may we ship, if not, why not, and how do we get back?
///
/// A plan is YAML beside the code. Start with `relplan check`, which reports each error with file, line and
/// column.
#[derive(Debug, Parser)]
#[command(name = "relplan", version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: Global,
}

const EXIT_CODES: &str = "Exit codes: 0 success or GO; 1 findings at or above --fail-on, a failed gate or NO-GO; 2 relplan could not run";

/// Flags that every command takes.
#[derive(Debug, Args)]
struct Global {
    /// The folder of relplan.toml, or the file itself [default: searched upward from the current
    /// folder]
    #[arg(long, global = true, value_name = "DIR")]
    plan: Option<PathBuf>,
    /// The date to evaluate the plan for, such as 2027-03-01 [default: today]
    #[arg(long, global = true, value_name = "DATE", value_parser = parse_day)]
    today: Option<NaiveDate>,
    /// When to use color
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Colour,
    /// Print only the result
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Print more details
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    verbose: bool,
    /// Print long documents without the pager (`RELPLAN_PAGER`, `PAGER` or `less`)
    #[arg(long, global = true)]
    no_pager: bool,
    /// The day on which this run began, once somebody has asked.
    #[arg(skip)]
    clock: OnceLock<NaiveDate>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Record an approval
    Approve(approve::ApproveArguments),
    /// Write a brief for an AI assistant, or validate its answer
    Brief(brief::BriefArguments),
    /// Check a plan for errors
    Check(check::CheckArguments),
    /// Show the release calendar: dates, overdue items and conflicts
    Calendar(calendar::CalendarArguments),
    /// Show what a change does: entries, gates, checks and the decision, before and after
    Diff(diff::DiffArguments),
    /// Explain a rule, with a bad and a good example
    Explain(explain::ExplainArguments),
    /// Export rollback triggers, runbooks, objectives and dashboards for other tools
    Export(export::ExportArguments),
    /// Add an entry with the next free id
    New(new::NewArguments),
    /// Replay rollback triggers on recorded data: what would have fired, and when
    Replay(replay::ReplayArguments),
    /// Rename an entry, with all references to it
    Rename(rename::RenameArguments),
    /// Put plan files in canonical form: order of fields, layout
    Fmt(fmt::FmtArguments),
    /// Create a plan
    Init(init::InitArguments),
    /// List the entries of a plan
    List(list::ListArguments),
    /// Trace the links of an entry in both directions
    Trace(trace::TraceArguments),
    /// Show the readiness checklist: status, owner and next step of every check
    Checklist(checklist::ChecklistArguments),
    /// Show the go/no-go report: decision, blockers, sign-offs and residual risks
    Report(report::ReportArguments),
    /// Show the release at a glance: decision, blockers, next date and trend
    Status(status::StatusArguments),
    /// Decide on a release and record it in the decision log
    Decide(decide::DecideArguments),
    /// Forecast when a release will be ready, and how likely its dates are
    Forecast(forecast::ForecastArguments),
    /// Report the health of a release each week: Green, Yellow or Red, and why
    Health(health::HealthArguments),
    /// Show the handoffs to operations, support and product: checklist and acceptance
    Handoff(handoff::HandoffArguments),
    /// Show the freezes, or check whether a merge or deployment is frozen
    Freeze(freeze::FreezeArguments),
    /// Show the status of one gate
    Gate(gate::GateArguments),
    /// Show the release plan as one document, with its gaps
    Plan(plan::PlanArguments),
    /// Write the post-mortem of an incident: timeline, cause, triggers, actions and gaps
    Postmortem(postmortem::PostmortemArguments),
    /// Show the post-release review: targets, incidents, forecasts and decisions
    Review(review::ReviewArguments),
    /// Write the retrospective of a release: agenda, timeline, figures and actions
    Retro(retro::RetroArguments),
    /// Show the risk register: probability, impact, response and review
    Risks(risks::RiskArguments),
    /// Show the rollback decision tree: triggers, authority and procedures
    Rollback(rollback::RollbackArguments),
    /// Write the release notes, for one audience or for all
    Notes(notes::NotesArguments),
    /// Write a message about a release: announcement, notice, completion, for mail or chat
    Message(message::MessageArguments),
    /// Show what is due to whom: communications by day, and whether they were sent
    Notify(notify::NotifyArguments),
    /// Map the controls of a framework to evidence, and show gaps
    Audit(audit::AuditArguments),
    /// Show the schedule of the open work: starts and ends, critical chain, buffer
    Schedule(schedule::ScheduleArguments),
    /// Show the scope of a release: priority, delivery order and what is out of scope
    Scope(scope::ScopeArguments),
    /// Show the traceability matrix of two families
    Matrix(matrix::MatrixArguments),
    /// Show delivery metrics: the five of DORA, their trend and their targets
    Metrics(metrics::MetricsArguments),
    /// Write the plan as a site: a front page, every document and a page for each entry
    Site(site::SiteArguments),
    /// Watch a deployment: rollback triggers against Prometheus, until SUCCESS, ABORTED or ROLLED_BACK
    Watch(watch::WatchArguments),
    /// Record a waiver
    Waive(waive::WaiveArguments),
    /// Write the evidence.json of a CI run: commit, time and digests of its reports
    Stamp(stamp::StampArguments),
    /// Print a JSON Schema, for editors
    Schema(schema::SchemaArguments),
    /// Print shell completions
    Completions(completions::CompletionArguments),
    /// Print manual pages
    Man(man::ManArguments),
}

/// Which files a command reads.
#[derive(Debug, Default, Args)]
struct Paths {
    /// Files and folders to read, `-` for standard input [default: the plan around relplan.toml, or release/ and
    /// plan/]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// How a view is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum ViewFormat {
    /// For the terminal
    Terminal,
    /// For programs
    Json,
}

/// What a command ends with.
enum Verdict {
    Fine,
    Findings,
}

/// Runs relplan on the arguments of the process.
pub fn main() -> ExitCode {
    completions::answer();
    let matches = command().get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let screen =
        Screen::new(cli.global.color, cli.global.quiet, cli.global.verbose).paged(!cli.global.no_pager);
    // Whoever types standard input has the terminal.
    let is_typed = std::env::args_os().any(|argument| argument == "-");
    if let Some(command) = matches.subcommand_name().filter(|name| !is_typed && help::takes_time(name)) {
        screen.takes_time(&format!("relplan {command}"));
    }
    let outcome = run(&cli, &screen);
    screen.end_progress();
    match outcome {
        Ok(Verdict::Fine) => ExitCode::SUCCESS,
        Ok(Verdict::Findings) => ExitCode::from(1),
        // Whoever closed the pipe has seen enough.
        Err(Error::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            screen.error(&error);
            ExitCode::from(2)
        }
    }
}

fn run(cli: &Cli, screen: &Screen) -> Result<Verdict, Error> {
    match &cli.command {
        Command::Approve(arguments) => approve::run(arguments, &cli.global, screen),
        Command::Brief(arguments) => brief::run(arguments, &cli.global, screen),
        Command::Check(arguments) => check::run(arguments, &cli.global, screen),
        Command::Calendar(arguments) => calendar::run(arguments, &cli.global, screen),
        Command::Diff(arguments) => diff::run(arguments, &cli.global, screen),
        Command::Explain(arguments) => explain::run(arguments, screen),
        Command::Export(arguments) => export::run(arguments, &cli.global, screen),
        Command::New(arguments) => new::run(arguments, &cli.global, screen),
        Command::Status(arguments) => status::run(arguments, &cli.global, screen),
        Command::Replay(arguments) => replay::run(arguments, &cli.global, screen),
        Command::Rename(arguments) => rename::run(arguments, &cli.global, screen),
        Command::Fmt(arguments) => fmt::run(arguments, &cli.global, screen),
        Command::Init(arguments) => init::run(arguments, &cli.global, screen),
        Command::List(arguments) => list::run(arguments, &cli.global, screen),
        Command::Trace(arguments) => trace::run(arguments, &cli.global, screen),
        Command::Checklist(arguments) => checklist::run(arguments, &cli.global, screen),
        Command::Report(arguments) => report::run(arguments, &cli.global, screen),
        Command::Decide(arguments) => decide::run(arguments, &cli.global, screen),
        Command::Forecast(arguments) => forecast::run(arguments, &cli.global, screen),
        Command::Health(arguments) => health::run(arguments, &cli.global, screen),
        Command::Handoff(arguments) => handoff::run(arguments, &cli.global, screen),
        Command::Freeze(arguments) => freeze::run(arguments, &cli.global, screen),
        Command::Gate(arguments) => gate::run(arguments, &cli.global, screen),
        Command::Plan(arguments) => plan::run(arguments, &cli.global, screen),
        Command::Postmortem(arguments) => postmortem::run(arguments, &cli.global, screen),
        Command::Review(arguments) => review::run(arguments, &cli.global, screen),
        Command::Retro(arguments) => retro::run(arguments, &cli.global, screen),
        Command::Risks(arguments) => risks::run(arguments, &cli.global, screen),
        Command::Rollback(arguments) => rollback::run(arguments, &cli.global, screen),
        Command::Notes(arguments) => notes::run(arguments, &cli.global, screen),
        Command::Message(arguments) => message::run(arguments, &cli.global, screen),
        Command::Notify(arguments) => notify::run(arguments, &cli.global, screen),
        Command::Audit(arguments) => audit::run(arguments, &cli.global, screen),
        Command::Schedule(arguments) => schedule::run(arguments, &cli.global, screen),
        Command::Scope(arguments) => scope::run(arguments, &cli.global, screen),
        Command::Matrix(arguments) => matrix::run(arguments, &cli.global, screen),
        Command::Metrics(arguments) => metrics::run(arguments, &cli.global, screen),
        Command::Site(arguments) => site::run(arguments, &cli.global, screen),
        Command::Watch(arguments) => watch::run(arguments, &cli.global, screen),
        Command::Waive(arguments) => waive::run(arguments, &cli.global, screen),
        Command::Stamp(arguments) => stamp::run(arguments, &cli.global, screen),
        Command::Schema(arguments) => schema::run(arguments, screen),
        Command::Completions(arguments) => completions::run(arguments, screen),
        Command::Man(arguments) => man::run(arguments, screen),
    }
}

/// The command line as clap knows it, for completions, the manual and the reference.
pub fn command() -> clap::Command {
    help::grouped(<Cli as clap::CommandFactory>::command())
}

impl Global {
    /// The day that the plan is looked at, and whether it was given.
    fn day(&self) -> (NaiveDate, bool) {
        match self.today {
            Some(day) => (day, true),
            None => (*self.clock.get_or_init(|| chrono::Local::now().date_naive()), false),
        }
    }

    /// The moment at which evidence is as old as it is: now, or the end of the day that was given, at which
    /// everything is as old as it can be on that day.
    fn moment(&self) -> DateTime<Utc> {
        let end = |day: NaiveDate| day.and_hms_opt(23, 59, 59).unwrap_or_default().and_utc();
        self.today.map_or_else(Utc::now, end)
    }

    /// Lets the time zone of the calendar decide what day it is, if it has one: a laptop and a CI job elsewhere must
    /// not differ.
    fn set_zone(&self, project: &Project) {
        if let Some(zone) = &project.config.calendar.zone {
            // Whoever looked before keeps the day: one run has one.
            let _ = self.clock.set(Utc::now().with_timezone(&zone.value).date_naive());
        }
    }

    /// Loads the files that the arguments name; a broken configuration stops the command.
    fn load(&self, paths: &Paths, screen: &Screen) -> Result<Project, Error> {
        self.load_with(paths, None, screen)
    }

    /// The same with the evidence that a command judges by.
    fn load_with(
        &self,
        paths: &Paths,
        evidence: Option<&EvidenceArguments>,
        screen: &Screen,
    ) -> Result<Project, Error> {
        self.load_against(paths, evidence, &BaseArguments::default(), screen)
    }

    /// The same with what the plan is compared with.
    fn load_against(
        &self,
        paths: &Paths,
        evidence: Option<&EvidenceArguments>,
        base: &BaseArguments,
        screen: &Screen,
    ) -> Result<Project, Error> {
        self.load_request(&base.of(self.request(paths, evidence)?), screen)
    }

    /// The plans that the named files belong to, each read whole: what a file links to may be anywhere in its plan. Files
    /// beside a plan are read on their own.
    fn load_whole(
        &self,
        paths: &Paths,
        evidence: &EvidenceArguments,
        base: &BaseArguments,
        since: Option<&str>,
        screen: &Screen,
    ) -> Result<Vec<Project>, Error> {
        let mut request = base.of(self.request(paths, Some(evidence))?);
        if let Some(revision) = since {
            request = Request { base: Some(revision.to_owned()), base_for_findings: true, ..request };
        }
        let mut projects = Vec::new();
        for request in by_plan(Request { whole: true, ..request })? {
            let mut project = self.load_request(&request, screen)?;
            project.load_deliveries(&request.working_folder)?;
            let others = project.others.clone();
            projects.push(project);
            if !others.is_empty() {
                projects.push(self.load_request(&Request { paths: others, ..request }, screen)?);
            }
        }
        Ok(projects)
    }

    /// The members of the workspace in which the user stands, with a request for the plan of each; nothing if one plan is
    /// named, or there is no workspace.
    fn workspace(
        &self,
        paths: &Paths,
        evidence: &EvidenceArguments,
    ) -> Result<Option<(Members, Vec<Request>)>, Error> {
        let request = self.request(paths, Some(evidence))?;
        if !request.paths.is_empty() || request.standard_input || request.plan.is_some() {
            return Ok(None);
        }
        match workspace_of(&request)? {
            Some(members) => Ok(Some((members, by_plan(request)?))),
            None => Ok(None),
        }
    }

    fn load_request(&self, request: &Request, screen: &Screen) -> Result<Project, Error> {
        let project = Project::load(request)?;
        self.set_zone(&project);
        if project.config.is_broken() {
            let findings = project.config_findings(self.day().0);
            screen.findings(&findings, &project.sources)?;
            return Err(Error::BrokenConfig);
        }
        if !request.is_workspace {
            self.remark_members(&project, request, screen)?;
        }
        Ok(project)
    }

    /// Says that the members of a workspace are not shown by a command about one plan.
    fn remark_members(&self, project: &Project, request: &Request, screen: &Screen) -> Result<(), Error> {
        if project.config.workspace.is_none() || !request.paths.is_empty() {
            return Ok(());
        }
        let members = workspace_of(request)?.map(|members| members.members).unwrap_or_default();
        // A decision about one plan would look like one about all.
        let judges = request.evidence.is_some() && request.plan.is_none();
        if project.plan_files.is_empty() || judges {
            let folder = |member: &Member| {
                let folder = member.folder.strip_prefix(&project.root).unwrap_or(&member.folder);
                folder.display().to_string()
            };
            let own = (!project.plan_files.is_empty()).then(|| ".".to_owned());
            let members = own.into_iter().chain(members.iter().map(folder)).collect();
            return Err(Error::WorkspaceRoot { members });
        }
        screen.remark(&format!(
            "{} of the workspace not shown: name one with `--plan`\n",
            crate::model::phrase::counted(members.len(), "member")
        ));
        Ok(())
    }

    /// The file of allowed signers of the plan in which the user stands, if there is one.
    fn allowed_signers(&self) -> Option<Vec<u8>> {
        let request = self.request(&Paths { paths: Vec::new() }, None).ok()?;
        std::fs::read(crate::project::allowed_signers_of(&request)?).ok()
    }

    /// Waits until nobody else writes records into the plan, and keeps others from it.
    fn lock(&self) -> Result<Lock, Error> {
        Lock::of_folder(&folder_of(&self.request(&Paths { paths: Vec::new() }, None)?)?)
    }

    fn request(&self, paths: &Paths, evidence: Option<&EvidenceArguments>) -> Result<Request, Error> {
        let working_folder =
            std::env::current_dir().map_err(|source| Error::Unreadable { path: ".".into(), source })?;
        let (dash, paths): (Vec<_>, Vec<_>) =
            paths.paths.iter().cloned().partition(|path| path.as_os_str() == "-");
        let plan = self.plan.clone().map(|plan| working_folder.join(plan));
        let paths = paths.into_iter().map(|path| working_folder.join(path)).collect();
        let evidence = evidence.map(|arguments| arguments.request(&working_folder));
        let standard_input = !dash.is_empty();
        Ok(Request { working_folder, plan, paths, standard_input, evidence, ..Request::default() })
    }
}

fn parse_day(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| "write a date such as 2027-03-01".to_owned())
}

/// Refuses a plan without an entry.
fn require_entries(plan: &crate::model::Plan<'_>) -> Result<(), Error> {
    match (plan.entries().is_empty(), plan.is_read()) {
        (false, _) => Ok(()),
        // Whoever is told that there are no entries adds some, and finds out later what is wrong.
        (true, false) => Err(Error::NothingReadable),
        (true, true) => Err(Error::NothingChecked),
    }
}

/// Says that a view may lack entries that could not be read: it is no substitute for a check.
fn remark_unread(plan: &crate::model::Plan<'_>, screen: &Screen) {
    if plan.is_incomplete {
        screen.remark(
            "the plan is incomplete: a glob of relplan.toml matches no file; run `relplan check` for the glob\n",
        );
    }
    if !plan.is_read() {
        screen.remark("the plan is incomplete; run `relplan check` for the errors\n");
    }
}
