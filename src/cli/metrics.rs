//! `relplan metrics`: the five DORA metrics of a period, and what stands beside them.

use std::path::PathBuf;

use chrono::{Days, NaiveDate};
use clap::Args;

use super::view::{Formats, ViewArguments, offering};
use super::{Global, Paths, Screen, Verdict, parse_day};
use crate::config::Median;
use crate::error::Error;
use crate::formats::openmetrics;
use crate::metrics::{Scope, TrendStep, range};
use crate::model::Plan;
use crate::project::{DeliveryFiles, Project, commit_history};
use crate::report;
use crate::views::metrics::{MetricsView, Sources, metrics};

const FORMATS: Formats = &["terminal", "csv", "html", "json", "markdown", openmetrics::NAME];

/// The days of the period, unless stated.
const DAYS: u64 = 90;

/// The most days of which the trend is cut into weeks, unless stated.
const MOST_DAYS_BY_WEEK: i64 = 183;

/// The arguments of `relplan metrics`.
#[derive(Debug, Default, Args)]
#[command(mut_arg("format", offering(FORMATS)))]
pub struct MetricsArguments {
    #[command(flatten)]
    paths: Paths,
    /// The first day of the period, in UTC [default: 90 days before its end]
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    from: Option<NaiveDate>,
    /// The last day of the period, in UTC [default: yesterday]
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    to: Option<NaiveDate>,
    /// The environment whose deployments count [default: `environment` of [metrics], or production]
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
    /// The median of an even number of values [default: `median` of [metrics], or percentile-cont]
    #[arg(long, value_name = "MEDIAN")]
    median: Option<MedianWord>,
    /// The parts of the trend [default: week, or month if the period is longer than half a year]
    #[arg(long, value_name = "PART")]
    by: Option<StepWord>,
    /// The output format [default: terminal, or the extension of --output]
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
    /// Write to a file instead of standard output; its extension sets the default format
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// A median, as it is typed.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum MedianWord {
    /// Halfway between the two values in the middle, as in Four Keys
    PercentileCont,
    /// The greatest value with a percent rank of at most one half, as in Apache DevLake
    PercentRank,
}

/// A part of a trend, as it is typed.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum StepWord {
    /// From Monday to Sunday
    Week,
    /// From the first of a month to its end
    Month,
}

/// Runs the command.
pub(super) fn run(arguments: &MetricsArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let view = ViewArguments::of_plan(arguments.format.as_ref(), arguments.output.as_ref())
        .reading(&arguments.paths);
    let format = view.chosen(FORMATS)?;
    let mut project = view.load(global, screen)?;
    let working_folder =
        std::env::current_dir().map_err(|source| Error::Unreadable { path: ".".into(), source })?;
    let files = project.load_deliveries(&working_folder)?;
    view.guard(&project, &[])?;
    let plan = project.plan();
    if project.config.metrics.deployments.is_empty() {
        super::require_entries(&plan)?;
    }
    let measured = arguments.measure(&project, &plan, &files, global)?;
    if format == openmetrics::NAME {
        super::remark_unread(&plan, screen);
        view.write(&openmetrics::text(&measured), screen)?;
        return Ok(Verdict::Fine);
    }
    view.show(&plan, &measured, report::metrics::report, FORMATS, screen)
}

/// The metrics of the usual period; nothing if the plan names no deployments.
pub(super) fn usual(
    project: &Project,
    plan: &Plan<'_>,
    files: &DeliveryFiles,
    global: &Global,
) -> Result<Option<MetricsView>, Error> {
    match project.config.metrics.deployments.is_empty() {
        true => Ok(None),
        false => MetricsArguments::default().measure(project, plan, files, global).map(Some),
    }
}

impl MetricsArguments {
    fn measure(
        &self,
        project: &Project,
        plan: &Plan<'_>,
        files: &DeliveryFiles,
        global: &Global,
    ) -> Result<MetricsView, Error> {
        let settings = &project.config.metrics;
        let today = global.day().0;
        let (from, to) = self.period(today)?;
        let scope = Scope {
            environment: self.environment.as_deref().unwrap_or_else(|| settings.environment()),
            from,
            to,
            now: global.moment(),
            median: self.median.map_or(settings.median, |word| match word {
                MedianWord::PercentileCont => Median::PercentileCont,
                MedianWord::PercentRank => Median::PercentRank,
            }),
            deployments: files.deployments(),
            incidents: files.incidents(plan),
        };
        let step = match self.by {
            Some(StepWord::Week) => TrendStep::Week,
            Some(StepWord::Month) => TrendStep::Month,
            None if scope.days() <= MOST_DAYS_BY_WEEK => TrendStep::Week,
            None => TrendStep::Month,
        };
        let facts = project.deliveries(files, plan);
        let commits = commit_history(&project.root, &range(&facts, &scope));
        let sources = Sources { facts: &facts, commits: &commits, texts: &project.sources };
        Ok(metrics(plan, &project.config, sources, &scope, step, today))
    }

    /// The first and the last day of the period. Today is not over.
    fn period(&self, today: NaiveDate) -> Result<(NaiveDate, NaiveDate), Error> {
        let to = self.to.or_else(|| today.pred_opt()).unwrap_or(today);
        let from = self.from.or_else(|| to.checked_sub_days(Days::new(DAYS - 1))).unwrap_or(to);
        let hint = match () {
            () if from > to => "`--from` must not be after `--to`",
            () if to > today => "`--to` must not be after today",
            () => return Ok((from, to)),
        };
        Err(Error::NoPeriod { from, to, hint })
    }
}
