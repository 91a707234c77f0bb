//! `relplan schema`: JSON Schemas, for editors and for readers of the machine formats.

use clap::{Args, ValueEnum};

use super::reference::schemas;
use super::{Screen, Verdict};
use crate::error::Error;

/// The arguments of `relplan schema`.
#[derive(Debug, Args)]
pub struct SchemaArguments {
    /// The format to print the schema of
    #[arg(default_value = "plan")]
    of: Of,
}

/// What has a schema.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Of {
    /// The YAML files of a plan
    Plan,
    /// relplan.toml
    Config,
    /// The output of `check --format json`
    Check,
    /// The output of `audit --format json`
    Audit,
    /// The output of `brief TOPIC --format json`
    Brief,
    /// The output of `brief --apply ANSWER --format json`
    Advice,
    /// The output of `calendar --format json`
    Calendar,
    /// The output of `list --format json`
    List,
    /// The output of `status --format json`
    Status,
    /// The output of `report --format json` in a workspace
    WorkspaceReport,
    /// The output of `status --format json` in a workspace
    WorkspaceStatus,
    /// The output of `trace --format json`
    Trace,
    /// The output of `checklist --format json`
    Checklist,
    /// The output of `report --format json` and of `decide --format json`
    Report,
    /// The output of `gate --format json`
    Gate,
    /// The output of `diff --format json`
    Diff,
    /// The output of `forecast --format json`
    Forecast,
    /// The output of `forecast --backtest --format json`
    ForecastBacktest,
    /// A line of forecasts.jsonl
    ForecastLog,
    /// A line of decisions.jsonl
    DecisionLog,
    /// The output of `health --format json`
    Health,
    /// The output of `notes --format json`
    Notes,
    /// The output of `plan --format json`
    ReleasePlan,
    /// The output of `freeze --format json`
    Freeze,
    /// The output of `handoff --format json`
    Handoff,
    /// The output of `notify --format json`
    Notify,
    /// The output of `postmortem --format json`
    Postmortem,
    /// The output of `review --format json`
    Review,
    /// The output of `retro --format json`
    Retro,
    /// The output of `risks --format json`
    Risks,
    /// The output of `rollback --format json`
    Rollback,
    /// The output of `replay --format json`
    Replay,
    /// A line of the output of `watch --format json`
    Watch,
    /// The output of `schedule --format json`
    Schedule,
    /// The output of `scope --format json`
    Scope,
    /// The output of `scope --options --format json`
    ScopeOptions,
    /// The output of `matrix --format json`
    Matrix,
    /// The output of `metrics --format json`
    Metrics,
    /// A line of deployments.jsonl
    Deployments,
    /// A line of incidents.jsonl
    Incidents,
}

/// Runs the command.
pub(super) fn run(arguments: &SchemaArguments, screen: &Screen) -> Result<Verdict, Error> {
    let name = match arguments.of {
        Of::Plan => "plan",
        Of::Config => "config",
        Of::Check => "check",
        Of::Audit => "audit",
        Of::Brief => "brief",
        Of::Advice => "advice",
        Of::Calendar => "calendar",
        Of::List => "list",
        Of::Status => "status",
        Of::WorkspaceReport => "workspace-report",
        Of::WorkspaceStatus => "workspace-status",
        Of::Trace => "trace",
        Of::Checklist => "checklist",
        Of::Report => "report",
        Of::Gate => "gate",
        Of::Diff => "diff",
        Of::Forecast => "forecast",
        Of::ForecastBacktest => "forecast-backtest",
        Of::ForecastLog => "forecast-log",
        Of::DecisionLog => "decision-log",
        Of::Health => "health",
        Of::Notes => "notes",
        Of::ReleasePlan => "release-plan",
        Of::Freeze => "freeze",
        Of::Handoff => "handoff",
        Of::Notify => "notify",
        Of::Postmortem => "postmortem",
        Of::Review => "review",
        Of::Retro => "retro",
        Of::Risks => "risks",
        Of::Rollback => "rollback",
        Of::Replay => "replay",
        Of::Watch => "watch",
        Of::Schedule => "schedule",
        Of::Scope => "scope",
        Of::ScopeOptions => "scope-options",
        Of::Matrix => "matrix",
        Of::Metrics => "metrics",
        Of::Deployments => "deployments",
        Of::Incidents => "incidents",
    };
    let schema = schemas().into_iter().find(|(known, _)| *known == name);
    screen.product(schema.map(|(_, text)| text).unwrap_or_default().as_bytes())?;
    Ok(Verdict::Fine)
}
