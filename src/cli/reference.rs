//! The reference under `docs/`, made from the same tables that relplan works by.

use std::fmt::Write as _;

use crate::exports::schema::{self, EditorSchema};
use crate::formats::json::Check;
use crate::metrics::record::{DeploymentRecord, IncidentRecord};
use crate::model::field::{Field, Shape};
use crate::model::field_tables::field_tables;
use crate::model::{ApprovalRecord, WaiverRecord};
use crate::rules::GROUPS;
use crate::verdict::log::Record;
use crate::views::Shown;
use crate::views::audit::AuditView;
use crate::views::brief::{Advice, Brief};
use crate::views::calendar::Calendar;
use crate::views::checklist::Readiness;
use crate::views::diff::Diff;
use crate::views::forecast::{Backtest, Forecast, Record as ForecastRecord};
use crate::views::freeze::FreezeView;
use crate::views::go_no_go::{GateView, GoNoGo};
use crate::views::handoffs::Handoffs;
use crate::views::health::HealthReport;
use crate::views::listing::Listing;
use crate::views::matrix::Matrix;
use crate::views::members::WorkspaceReport;
use crate::views::metrics::MetricsView;
use crate::views::notes::Notes;
use crate::views::notify::Notify;
use crate::views::postmortem::Postmortem;
use crate::views::release_plan::ReleasePlan;
use crate::views::replay::ReplayView;
use crate::views::retrospective::Retrospective;
use crate::views::review::Review;
use crate::views::risks::Register;
use crate::views::rollback::DecisionTree;
use crate::views::scope::Scope;
use crate::views::scope::options::ScopeOptions;
use crate::views::status::{Status, WorkspaceStatus};
use crate::views::tracing::Tracing;
use crate::views::watch::WatchView;
use crate::views::work_schedule::WorkSchedule;

/// The list of all rules, by group.
pub fn rules() -> String {
    let mut text =
        String::from("# Rules\n\nEvery rule of `relplan check`. `relplan explain NAME` shows the same.\n");
    for group in GROUPS {
        let mut rules = group.rules.to_vec();
        rules.sort_by_key(|rule| rule.code);
        let _ = write!(
            text,
            "\n## {}\n\n| Code | Rule | Level | Description |\n| --- | --- | --- | --- |\n",
            group.title
        );
        for rule in rules {
            let (name, level) = (rule.name, rule.level.map_or("off", |level| level.word()));
            let summary = one_line(rule.summary());
            let _ = writeln!(text, "| {} | [{name}]({name}.md) | {level} | {summary} |", rule.code);
        }
    }
    text
}

/// Every command with its help.
pub fn commands() -> String {
    let mut text = String::from("# Commands\n");
    let mut command = super::command().term_width(100);
    command.build();
    help(&mut command, "relplan", &mut text);
    text
}

fn help(command: &mut clap::Command, path: &str, text: &mut String) {
    let long = command.render_long_help().to_string();
    let lines: Vec<&str> = long.lines().map(str::trim_end).collect();
    let _ = write!(text, "\n## {path}\n\n```text\n{}\n```\n", lines.join("\n").trim());
    for inner in command.get_subcommands_mut().filter(|inner| inner.get_name() != "help") {
        let path = format!("{path} {}", inner.get_name());
        help(inner, &path, text);
    }
}

/// Every field of every family.
pub fn fields() -> String {
    let mut text = String::from(
        "# Fields\n\nKeys match regardless of case, spaces, hyphens and underscores: `Linked IDs`, `linked_ids` and `linked-ids` are one key. So do the values of a choice, and a note may follow them. Keys that start with `x-` are your own.\n",
    );
    let records: [(&str, &[Field]); 2] = [
        ("A record under `approvals:`", ApprovalRecord::FIELDS),
        ("A record under `waivers:`", WaiverRecord::FIELDS),
    ];
    let tables: Vec<_> = field_tables().into_iter().chain(records).collect();
    for (title, fields) in &tables {
        let _ = write!(text, "\n## {title}\n\n| Key | Value | Description |\n| --- | --- | --- |\n");
        rows(fields, "", &mut text);
    }
    text += "\n## Status fields\n\nA change to these fields does not invalidate an approval: the digest leaves them out.\n\n";
    for (title, fields) in &tables {
        let progress = progress(fields, "");
        if !progress.is_empty() {
            let _ = writeln!(text, "- {title}: {}", progress.join(", "));
        }
    }
    text
}

/// The fields that say how things stand.
fn progress(fields: &[Field], outer: &str) -> Vec<String> {
    let of = |field: &Field| match field.shape {
        _ if field.progress => vec![format!("`{outer}{}`", field.name)],
        Shape::Structure(inner) => progress(inner, &format!("{outer}{}.", field.name)),
        Shape::Named { each, .. } => progress(each, &format!("{outer}{}.NAME.", field.name)),
        _ => Vec::new(),
    };
    fields.iter().flat_map(of).collect()
}

fn rows(fields: &[Field], outer: &str, text: &mut String) {
    for field in fields {
        let aliases: String = field.aliases.iter().map(|alias| format!(" or `{alias}`")).collect();
        let _ =
            writeln!(text, "| `{outer}{}`{aliases} | {} | {} |", field.name, holds(field.shape), field.about);
        match field.shape {
            Shape::Structure(inner) => rows(inner, &format!("{outer}{}.", field.name), text),
            Shape::Named { known, each } => {
                rows(known, &format!("{outer}{}.", field.name), text);
                rows(each, &format!("{outer}{}.NAME.", field.name), text);
            }
            _ => {}
        }
    }
}

fn holds(shape: Shape) -> String {
    match shape {
        Shape::Text => "text".into(),
        Shape::Choice(choices) => choices().words.join(", "),
        Shape::Flag => "yes or no".into(),
        Shape::Date => "date".into(),
        Shape::Moment => "date and time".into(),
        Shape::Number => "number".into(),
        Shape::Percentage => "percentage".into(),
        Shape::Duration => "duration".into(),
        Shape::Window => "window".into(),
        Shape::Threshold => "threshold".into(),
        Shape::Version => "version".into(),
        Shape::Links => "links".into(),
        Shape::List => "text or list".into(),
        Shape::Structure(_) => "mapping".into(),
        Shape::Named { .. } => "mapping by name, or list".into(),
        Shape::Free => "mapping or list".into(),
    }
}

/// The schema of what is written: what may be left out is not required.
fn of_output<T: schemars::JsonSchema>() -> serde_json::Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

/// The schema of what people and machines write for relplan.
fn of_input<T: schemars::JsonSchema>() -> serde_json::Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12();
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

/// The schema of a document: that of its view, with what it rests on.
fn of_document<T: schemars::JsonSchema>() -> serde_json::Value {
    let (mut schema, view) = (of_output::<Shown<'_, T>>(), of_output::<T>());
    for about in ["title", "description"] {
        schema[about] = view[about].clone();
    }
    schema
}

/// Every schema, by the name that `relplan schema` takes.
pub fn schemas() -> Vec<(&'static str, String)> {
    let shown = |value: &serde_json::Value| serde_json::to_string_pretty(value).unwrap_or_default() + "\n";
    vec![
        ("plan", EditorSchema::Plan.text()),
        ("config", EditorSchema::Config.text()),
        ("check", shown(&of_output::<Check>())),
        ("audit", shown(&of_document::<AuditView>())),
        ("brief", shown(&of_output::<Brief>())),
        ("advice", shown(&of_document::<Advice>())),
        ("calendar", shown(&of_document::<Calendar>())),
        ("list", shown(&of_document::<Listing>())),
        ("handoff", shown(&of_document::<Handoffs>())),
        ("notify", shown(&of_document::<Notify>())),
        ("freeze", shown(&of_document::<FreezeView>())),
        ("status", shown(&of_document::<Status>())),
        ("workspace-report", shown(&of_document::<WorkspaceReport>())),
        ("workspace-status", shown(&of_document::<WorkspaceStatus>())),
        ("trace", shown(&of_output::<Tracing>())),
        ("checklist", shown(&of_document::<Readiness>())),
        ("report", shown(&of_document::<GoNoGo>())),
        ("gate", shown(&of_document::<GateView>())),
        ("diff", shown(&of_document::<Diff>())),
        ("forecast", shown(&of_document::<Forecast>())),
        ("forecast-backtest", shown(&of_document::<Backtest>())),
        ("forecast-log", shown(&of_output::<ForecastRecord>())),
        ("health", shown(&of_document::<HealthReport>())),
        ("decision-log", shown(&of_output::<Record>())),
        ("notes", shown(&of_document::<Notes>())),
        ("release-plan", shown(&of_document::<ReleasePlan>())),
        ("postmortem", shown(&of_document::<Postmortem>())),
        ("review", shown(&of_document::<Review>())),
        ("retro", shown(&of_document::<Retrospective>())),
        ("risks", shown(&of_document::<Register>())),
        ("rollback", shown(&of_document::<DecisionTree>())),
        ("replay", shown(&of_document::<ReplayView>())),
        ("watch", shown(&of_output::<WatchView>())),
        ("schedule", shown(&of_document::<WorkSchedule>())),
        ("scope", shown(&of_document::<Scope>())),
        ("scope-options", shown(&of_document::<ScopeOptions>())),
        ("matrix", shown(&of_document::<Matrix>())),
        ("metrics", shown(&of_document::<MetricsView>())),
        ("deployments", shown(&of_input::<DeploymentRecord>())),
        ("incidents", shown(&of_input::<IncidentRecord>())),
    ]
}

/// The entries for the catalogue of SchemaStore.
pub fn schema_catalog() -> String {
    serde_json::to_string_pretty(&schema::catalog()).unwrap_or_default() + "\n"
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}
