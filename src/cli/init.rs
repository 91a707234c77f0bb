//! `relplan init`: a small plan to begin with.

use std::path::PathBuf;

use chrono::{Days, NaiveDate, Weekday};
use clap::Args;

use super::{Global, Screen, Verdict};
use crate::error::Error;
use crate::exports::schema::EditorSchema;
use crate::project::write;

/// The arguments of `relplan init`.
#[derive(Debug, Args)]
pub struct InitArguments {
    /// The folder of the plan, created if it does not exist
    #[arg(default_value = ".")]
    folder: PathBuf,
}

/// The files of the plan, by name.
const FILES: &[(&str, &str)] = &[
    ("relplan.toml", include_str!("init/relplan.toml")),
    ("release/release.yaml", include_str!("init/release.yaml")),
    ("release/deployment.yaml", include_str!("init/deployment.yaml")),
    ("release/work.yaml", include_str!("init/work.yaml")),
];

/// The schemas that the first lines of the plan's files name, so that editors need neither a network nor a setting.
const SCHEMAS: &[(&str, EditorSchema)] = &[
    (".relplan/plan.schema.json", EditorSchema::Plan),
    (".relplan/config.schema.json", EditorSchema::Config),
];

/// The path and the text of each file, the plan first.
fn files(today: NaiveDate) -> Vec<(&'static str, String)> {
    let plan = FILES.iter().map(|(name, text)| (*name, dated(text, today)));
    // On one line, so that the first commit and every update show the plan and not a schema.
    let schemas = SCHEMAS.iter().map(|(name, schema)| (*name, format!("{}\n", schema.schema())));
    plan.chain(schemas).collect()
}

/// Runs the command.
pub(super) fn run(arguments: &InitArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let (today, _) = global.day();
    let files = files(today);
    let paths: Vec<PathBuf> = files.iter().map(|(name, _)| arguments.folder.join(name)).collect();
    // All of them or none: half a plan would be worse than none.
    if let Some(path) = paths.iter().find(|path| path.exists()) {
        return Err(Error::WouldOverwrite { path: path.clone() });
    }
    for (path, (_, text)) in paths.iter().zip(&files) {
        let folder = path.parent().unwrap_or(&arguments.folder);
        std::fs::create_dir_all(folder)
            .map_err(|source| Error::Unwritable { path: folder.to_owned(), source })?;
        write::whole_new(path, text.as_bytes())?;
        screen.remark(&format!("wrote {}\n", path.display()));
    }
    screen.remark("next: run `relplan check`\n");
    Ok(Verdict::Fine)
}

/// Puts days into a template, counted from today, so that a new plan is never out of date.
fn dated(template: &str, today: NaiveDate) -> String {
    let day = |weeks: i64| workday(today, weeks).to_string();
    template
        .replace("{release}", &day(12))
        .replace("{start}", &day(1))
        .replace("{due}", &day(8))
        .replace("{review}", &day(4))
        .replace("{rehearsed}", &day(-1))
}

/// The Tuesday of the week so many weeks from today, a day on which releases go out.
fn workday(today: NaiveDate, weeks: i64) -> NaiveDate {
    let monday = today.week(Weekday::Mon).first_day();
    let days = Days::new(weeks.unsigned_abs() * 7);
    let shifted = if weeks < 0 { monday.checked_sub_days(days) } else { monday.checked_add_days(days) };
    shifted.and_then(|day| day.succ_opt()).unwrap_or(today)
}

#[cfg(test)]
mod tests {
    use chrono::Datelike;

    use super::*;

    #[test]
    fn no_template_keeps_a_placeholder() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).expect("a day");
        for (name, text) in files(today) {
            let days = ["{release}", "{start}", "{due}", "{review}", "{rehearsed}"];
            assert!(!days.iter().any(|day| text.contains(day)), "{name}");
        }
        assert_eq!(workday(today, 12).weekday(), Weekday::Tue);
    }
}
