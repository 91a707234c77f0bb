//! `relplan check`: what is wrong, where, and what to do.

use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::time::Instant;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::github::{GITHUB, StepFiles};
use super::view::one_release;
use super::{BaseArguments, EvidenceArguments, Global, Paths, Screen, Verdict, check_watch, fix};
use crate::config::{LevelWord, gates};
use crate::error::Error;
use crate::finding::{Finding, Level};
use crate::formats::{self, CheckReport, FINDING_FORMATS, FindingFormat, table, terminal};
use crate::graph::Graph;
use crate::model::{Choice, Plan};
use crate::project::{
    BaseComparison, CheckOptions, Checked, Found, JudgementInputs, Project, Request, baseline, output,
};
use crate::rules::{self, AskedGate, GUARDED, Levels, Outcome};
use crate::verdict::Judge;
use crate::verdict::decision::GateStatus;
use crate::verdict::gates::Soundness;
use crate::verdict::judgement::Judgement;

/// The arguments of `relplan check`.
#[derive(Debug, Args)]
#[command(mut_arg("paths", |paths| paths.help(PATHS)))]
pub struct CheckArguments {
    #[command(flatten)]
    paths: Paths,
    #[command(flatten)]
    evidence: EvidenceArguments,
    #[command(flatten)]
    base: BaseArguments,
    /// The output format
    #[arg(long, value_name = "FORMAT", value_parser = format_names())]
    format: Option<String>,
    /// Write to a file instead of standard output; its extension sets the default format
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The lowest level that makes the exit code 1
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    fail_on: FailOn,
    /// Set the level of a rule for this run: error, warning, note or off; repeatable
    #[arg(long = "rule", value_name = "NAME=LEVEL", value_parser = parse_rule_level)]
    rules: Vec<(String, Option<Level>)>,
    /// Hide findings of an earlier run: a file of its `--format json`
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// With --base: report only what the change made worse, and fail only for that
    #[arg(long, requires = "base")]
    only_new: bool,
    /// Report only findings that the commit where this branch left REV does not have, and fail only for them
    #[arg(long, value_name = "REV", conflicts_with_all = ["base", "fix"])]
    since: Option<String>,
    /// Judge this gate too: each of its blockers is a finding, and the exit code is 1 if it fails
    #[arg(long, value_name = "GATE")]
    gate: Option<String>,
    /// With --gate: the release, an id, a version, or `next` [default: next, or the whole plan]
    #[arg(long, value_name = "RELEASE", requires = "gate")]
    release: Option<String>,
    /// With --gate: the policy profile [default: from the release context]
    #[arg(long, value_name = "PROFILE", requires = "gate")]
    profile: Option<String>,
    /// With --gate: exit with 1 also if the gate is CONDITIONAL
    #[arg(long, requires = "gate")]
    strict: bool,
    /// Count the findings of each rule
    #[arg(long)]
    statistics: bool,
    /// Check again whenever a file changes
    #[arg(long, conflicts_with_all = ["fix", "output"])]
    watch: bool,
    /// Apply the safe fixes to the files
    #[arg(long)]
    fix: bool,
    /// With --fix: apply the suggested fixes too
    #[arg(long, requires = "fix")]
    suggested: bool,
    /// With --fix: show the changes instead of making them
    #[arg(long, requires = "fix")]
    diff: bool,
}

const PATHS: &str = "Files and folders to check, each with the plan around it; `-` for standard input [default: the plan around relplan.toml, or release/ and plan/]";

/// The lightest level that counts as a failure.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

const TERMINAL: &str = "terminal";

fn format_names() -> clap::builder::PossibleValuesParser {
    let people = clap::builder::PossibleValue::new(TERMINAL).help("for the terminal (default)");
    let machines = FINDING_FORMATS
        .iter()
        .map(|format| clap::builder::PossibleValue::new(format.name).help(format.about));
    clap::builder::PossibleValuesParser::new(std::iter::once(people).chain(machines))
}

fn parse_rule_level(text: &str) -> Result<(String, Option<Level>), String> {
    let (name, word) = text.split_once('=').ok_or("write a rule and its level: `owner-missing=warning`")?;
    let level = LevelWord::from_word(word).ok_or(format!("`{word}` is not error, warning, note or off"))?;
    Ok((name.trim().to_owned(), level.level()))
}

/// Runs the command.
pub(super) fn run(arguments: &CheckArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    if arguments.watch {
        // The base is a commit, and changes only if it is named anew.
        let request = global.request(&arguments.paths, Some(&arguments.evidence))?;
        if request.standard_input {
            return Err(Error::WatchedInput);
        }
        let Err(error) = check_watch::run(&Request { whole: true, ..request }, screen);
        return Err(error);
    }
    let started = Instant::now();
    let mut projects = arguments.load(global, screen)?;
    if arguments.fix {
        for project in projects {
            arguments.fix(project, global, screen)?;
        }
        if arguments.diff {
            return Ok(Verdict::Fine);
        }
        // What is left is found by looking again.
        projects = arguments.load(global, screen)?;
    }
    let mut gates = Vec::new();
    let mut all: Option<Checked> = None;
    for mut project in projects {
        remark_generated(&project, screen);
        let (found, gate) = arguments.examine(&project, global)?;
        let mut checked = found.with_sources(std::mem::take(&mut project.sources));
        // A workspace may have nothing but members.
        checked.is_empty &= !project.is_workspace;
        gates.extend(gate);
        match &mut all {
            Some(all) => all.add(checked),
            None => all = Some(checked),
        }
    }
    let mut checked = all.ok_or(Error::NothingChecked)?;
    checked.denominator.elapsed = (!global.day().1).then(|| started.elapsed());
    report(arguments, checked, &gates, screen)
}

/// Says which files in the folders of the plan are exports, and not read.
fn remark_generated(project: &Project, screen: &Screen) {
    if project.generated.is_empty() {
        return;
    }
    let names: Vec<String> = project
        .generated
        .iter()
        .map(|path| path.strip_prefix(&project.root).unwrap_or(path).display().to_string())
        .collect();
    screen.remark(&format!("not part of the plan: written by `relplan export`: {}\n", names.join(", ")));
}

fn report(
    arguments: &CheckArguments,
    checked: Checked,
    gates: &[JudgedGate],
    screen: &Screen,
) -> Result<Verdict, Error> {
    let Checked { sources, mut findings, denominator, masked, base, since, unnamed, is_empty } = checked;
    let baseline = match &arguments.baseline {
        Some(path) => Some(baseline::read(path)?.compare(&mut findings, &sources)),
        None => None,
    };
    let report = CheckReport {
        findings: &findings,
        sources: &sources,
        denominator: &denominator,
        masked: &masked,
        baseline,
        base: base.as_ref(),
        since: since.as_ref(),
    };
    let step = match format(arguments) {
        Some(format) if format.name == GITHUB => Some(StepFiles::open()?),
        _ => None,
    };
    write_report(arguments, &report, screen)?;
    step.map_or(Ok(()), |step| step.check(&report, screen))?;
    arguments.remark(&report, unnamed, screen);
    for gate in gates {
        screen.remark(&format!("gate {}: {}: {}\n", gate.name, gate.status.word(), gate.reason));
    }
    let closed = gates.iter().any(|gate| super::gate::stops(gate.status, arguments.strict));
    match closed || fails(arguments, &findings) {
        true => Ok(Verdict::Findings),
        // A gate that saw nothing must not look like a gate that found nothing.
        false if is_empty || denominator.entries == 0 => Err(Error::NothingChecked),
        false => Ok(Verdict::Fine),
    }
}

/// The codes of rules about the configuration begin so.
const CONFIGURATION: &str = "RP11";

/// How a gate was judged, of one of the plans.
struct JudgedGate {
    name: String,
    status: GateStatus,
    reason: String,
}

impl CheckArguments {
    /// Loads the plan, or each of those that the named files belong to; files of none are one more.
    fn load(&self, global: &Global, screen: &Screen) -> Result<Vec<Project>, Error> {
        for (name, _) in &self.rules {
            if let Some(rule) = rules::renamed(name) {
                screen
                    .remark(&format!("rule `{name}` is called `{0}`: write `--rule {0}=LEVEL`\n", rule.name));
            }
        }
        let projects =
            global.load_whole(&self.paths, &self.evidence, &self.base, self.since.as_deref(), screen)?;
        if let Some(output) = &self.output {
            let baseline: Vec<_> = self.baseline.iter().map(PathBuf::as_path).collect();
            projects.iter().try_for_each(|project| project.guard(output, &baseline))?;
        }
        Ok(projects)
    }

    fn fix(&self, project: Project, global: &Global, screen: &Screen) -> Result<(), Error> {
        let levels = levels(&project, &self.rules, &self.base)?;
        let wanted = fix::FixRequest { suggested: self.suggested, diff: self.diff };
        let applied = fix::run(project, &levels, global.day().0, wanted, screen)?;
        if !self.diff {
            screen.remark(&applied);
        }
        Ok(())
    }

    /// Runs the rules on one plan, and judges the gate that is asked for.
    fn examine(&self, project: &Project, global: &Global) -> Result<(Found, Option<JudgedGate>), Error> {
        let levels = levels(project, &self.rules, &self.base)?;
        let today = global.day().0;
        // The process ends in a moment. Giving back a million small pieces of memory
        // one by one would take longer than the rules did.
        let plan = ManuallyDrop::new(project.plan());
        let graph = ManuallyDrop::new(project.graph(&plan));
        let profile = self.profile.as_deref();
        let inputs = match self.gate {
            Some(_) => project.inputs_of_gates(&plan, profile, global.moment())?,
            None => project.inputs(&plan, profile, global.moment())?,
        };
        let inputs = ManuallyDrop::new(inputs);
        // Most changes make nothing worse, so that the base need not be read for its findings.
        let base = self.since.is_none().then(|| project.base_plan()).flatten();
        let against =
            base.as_ref().map(|base| base.compare(project, (&plan, &graph), &inputs, profile, today));
        let question = CheckOptions { compared: against.as_ref().map(BaseComparison::compared) };
        let mut found = project.check(&plan, &graph, inputs.reported(), question, &levels, today);
        // A workspace without entries has no gate to pass.
        let is_bare = project.is_workspace && project.plan_files.is_empty();
        let judged = match self.gate.as_ref().filter(|_| !is_bare) {
            Some(name) => {
                let found = &found.0.findings;
                Some(self.judge(name, project, (&plan, &graph), &inputs, (found, question), today)?)
            }
            None => None,
        };
        let asked = judged.as_ref().map(|(name, judgement)| AskedGate { name, judgement });
        if let Some(gate) = asked {
            project.add_blockers(&plan, &graph, gate, &levels, &mut found);
        }
        let (mut outcome, denominator) = found;
        if let Some(base) = &base {
            outcome.masked.extend(base.secrets(project, today));
        }
        if let Some(base) = base.as_ref().filter(|_| self.only_new) {
            base.only_new(project, &inputs.evidence, &mut outcome.findings, &levels, today);
        }
        let since = self
            .since
            .as_ref()
            .and_then(|_| project.since(&inputs.evidence, &mut outcome.findings, &levels, today));
        if is_bare {
            // What a plan needs, a workspace without entries does not.
            outcome.findings.retain(|finding| finding.code.starts_with(CONFIGURATION));
        }
        let unnamed = project.keep_named(&mut outcome.findings);
        let gate = asked.map(|asked| &asked.judgement.gates[0]);
        let gate = gate.map(|gate| JudgedGate {
            name: gate.name.clone(),
            status: gate.status,
            reason: gate.reason.clone(),
        });
        let base = against.as_ref().map(|against| against.view(project));
        let Outcome { findings, masked, .. } = outcome;
        Ok((Found { findings, denominator, masked, base, since, unnamed }, gate))
    }

    /// Says what belongs to the run rather than to its result.
    fn remark(&self, report: &CheckReport<'_>, unnamed: usize, screen: &Screen) {
        let is_sarif = format(self).is_some_and(|format| format.name == "sarif");
        if let Some(left_out) = formats::sarif::left_out(report.findings.len()).filter(|_| is_sarif) {
            let findings = crate::model::phrase::counted(left_out, "finding");
            screen.remark(&format!(
                "{findings} left out of the SARIF file, the least severe: GitHub rejects more than 25,000\n"
            ));
        }
        if self.statistics {
            screen.remark(&table::statistics(report));
        }
        // The log of a CI job shows both streams: once is enough.
        let is_told = self.output.is_none() && format(self).is_some_and(|format| format.has_summary);
        if !is_told {
            screen.remark(&terminal::summary(report, screen.remark_style()));
        }
        let idle = &report.denominator.idle_rules;
        if screen.verbose && !idle.is_empty() {
            screen.remark(&format!("not applicable: {}\n", idle.join(", ")));
        }
        if unnamed > 0 {
            screen.remark(&format!(
                "{} in other files of the plan: not shown\n",
                crate::model::phrase::counted(unnamed, "finding")
            ));
        }
    }

    /// Judges the gate that is asked for, and those that it waits for, by what the rules found.
    fn judge(
        &self,
        name: &str,
        project: &Project,
        (plan, graph): (&Plan<'_>, &Graph),
        inputs: &JudgementInputs<'_>,
        (found, question): (&[Finding], CheckOptions<'_>),
        today: NaiveDate,
    ) -> Result<(String, Judgement), Error> {
        let gate = super::gate::named(project, name)?;
        let selection = one_release(plan, graph, self.release.as_deref())?;
        let gates = gates::with_those_before(&project.config.gates, gate);
        let judge = Judge::new(inputs.basis(project, plan, graph), &selection, today);
        let soundness = match self.rules.is_empty() {
            true => Soundness::new(plan, &project.sources, &selection, found),
            // The gate goes by what relplan.toml says of the rules, as in every other document.
            false => {
                let levels = levels(project, &[], &self.base)?;
                let (outcome, _) = project.check(plan, graph, inputs.reported(), question, &levels, today);
                Soundness::new(plan, &project.sources, &selection, &outcome.findings)
            }
        };
        let judgement = judge.judge_gates(&gates, &soundness);
        Ok((gate.name.clone(), judgement))
    }
}

pub(super) fn levels(
    project: &Project,
    command_line: &[(String, Option<Level>)],
    base: &BaseArguments,
) -> Result<Levels, Error> {
    let levels = match project.base.as_ref().filter(|_| base.base.is_some()) {
        Some(files) => {
            let notes = GUARDED.iter().filter(|_| base.allow_loosened);
            let notes = notes.map(|name| ((*name).to_owned(), Some(Level::Note)));
            let all: Vec<_> = notes.chain(command_line.iter().cloned()).collect();
            Levels::against(&project.config, &files.config, &all)
        }
        None => Levels::new(&project.config, command_line),
    };
    levels.map_err(|unknown| {
        let words = unknown.into_iter().map(|rule| {
            let place = rule.span.map(|span| {
                let start = project.sources.start(span);
                let file = project.sources.file(span.file).name();
                format!("{file}:{}:{}", start.line, start.column)
            });
            (rule.name, place, rule.suggestion)
        });
        Error::UnknownRules { rules: words.collect() }
    })
}

fn write_report(arguments: &CheckArguments, report: &CheckReport<'_>, screen: &Screen) -> Result<(), Error> {
    let mut bytes = Vec::new();
    match format(arguments) {
        Some(format) => (format.write)(report, &mut bytes)?,
        None => {
            let style = match arguments.output {
                Some(_) => terminal::Style::PLAIN,
                None => screen.style(),
            };
            terminal::write(report, style, &mut bytes)?;
        }
    }
    match &arguments.output {
        Some(path) => output::write(path, &bytes),
        None => screen.product(&bytes),
    }
}

/// The format for machines that is asked for, or that the ending of the file asks for.
fn format(arguments: &CheckArguments) -> Option<&'static FindingFormat> {
    let name = arguments.format.as_deref().or_else(|| format_of(arguments.output.as_deref()?));
    FINDING_FORMATS.iter().find(|format| Some(format.name) == name)
}

fn format_of(path: &std::path::Path) -> Option<&'static str> {
    let extension = path.extension()?.to_str()?;
    formats::format_of_extension(extension)
}

fn fails(arguments: &CheckArguments, findings: &[Finding]) -> bool {
    let least = match arguments.fail_on {
        FailOn::Error => Level::Error,
        FailOn::Warning => Level::Warning,
        FailOn::Note => Level::Note,
        FailOn::Never => return false,
    };
    let counts = |finding: &&Finding| !arguments.base.allow_loosened || !GUARDED.contains(&finding.name);
    findings.iter().filter(counts).any(|finding| finding.level >= least)
}
