//! The options of a scope as a document.

use super::words::about;
use super::{Align, Block, Cell, Fact, Line, Report, Table, Tone};
use crate::model::phrase::{capital, counted};
use crate::views::scope::options::{OptionItem, OptionKind, ScopeOption, ScopeOptions, TARGET};

/// Lowers the options.
pub fn report(options: &ScopeOptions) -> Report {
    let mut report = Report::new("Scope options", options.day);
    report.subtitle = about(options.release.as_ref());
    if let Some(reason) = &options.no_options {
        report.headline(Tone::Unknown, "No options", Line::prose(&format!("{}.", capital(reason))));
        return report;
    }
    head(options, &mut report);
    report.chapter("Options");
    report.push(comparison(options));
    for option in &options.options {
        remarks(option, &mut report);
    }
    report.chapter("Items");
    report.push(items(options));
    report.chapter("Capacity until the work must be complete");
    report.push(capacity(options));
    left_out(options, &mut report);
    method(options, &mut report);
    if !options.assumptions.is_empty() {
        report.chapter("Assumptions");
        options.assumptions.iter().for_each(|text| report.callout(Tone::Neutral, Line::prose(text)));
    }
    report
}

fn tone_of(likelihood: f64) -> Tone {
    match likelihood {
        share if share >= TARGET => Tone::Good,
        share if share >= 50.0 => Tone::Attention,
        _ => Tone::Bad,
    }
}

fn likelihood(likelihood: Option<f64>) -> Line {
    match likelihood {
        Some(share) => Line::badge(tone_of(share), format!("{share} %")),
        None => Line::badge(Tone::Unknown, "unknown"),
    }
}

fn head(options: &ScopeOptions, report: &mut Report) {
    let recommended = options.options.iter().find(|option| option.kind == OptionKind::Recommended);
    let date = options.release_date.map_or_else(String::new, |date| format!(" {date}"));
    match recommended {
        Some(ScopeOption { unavailable: None, items, likelihood: Some(share), .. }) => {
            let sentence = format!(
                "likelihood of the release date{date} with the recommended scope: {} of {}.",
                items.len(),
                counted(options.items.len(), "open EPIC entry")
            );
            report.headline(tone_of(*share), format!("{share} %"), sentence);
        }
        option => {
            let reason = option.and_then(|option| option.unavailable.as_deref());
            let reason = reason.unwrap_or("the likelihood of no scope is known");
            report.headline(Tone::Bad, "No recommendation", Line::prose(&format!("{}.", capital(reason))));
        }
    }
    report.figure("Whole scope", likelihood(options.whole_scope_likelihood));
    for option in options.options.iter().filter(|option| option.unavailable.is_none()) {
        report.figure(option.kind.title(), likelihood(option.likelihood));
    }
    if let Some(deadline) = options.work_deadline {
        report.detail("Work must be complete", deadline.to_string());
    }
    report.detail("Method", options.method.title());
    report.detail("Trials", format!("{}, seed {}", options.trials, options.seed));
}

fn comparison(options: &ScopeOptions) -> Table {
    let columns = ["Option", "Items", "Value", "Risk", "Days of work", "Likelihood", "Marginal item"];
    let mut table = Table::new("", &columns);
    for column in 1..=5 {
        table = table.aligned(column, Align::Right);
    }
    for option in &options.options {
        let cells = match option.unavailable {
            Some(_) => vec![Line::from("–"); 6],
            None => vec![
                Line::from(option.items.len().to_string()),
                sum(option.value, option.without_value),
                sum(option.risk, option.without_risk),
                sum(Some(option.days), option.without_estimate.len()),
                likelihood(option.likelihood),
                marginal(option),
            ],
        };
        table.row(std::iter::once(Line::from(option.kind.title())).chain(cells));
    }
    table
}

/// A sum, and how many items it is without.
fn sum(sum: Option<f64>, without: usize) -> Line {
    match (sum, without) {
        (Some(sum), 0) => Line::from(sum.to_string()),
        (Some(sum), without) => Line::from(format!("{sum} and {without} unknown")),
        (None, 0) => Line::from("0"),
        (None, _) => Line::badge(Tone::Unknown, "unknown"),
    }
}

fn marginal(option: &ScopeOption) -> Line {
    option.marginal.as_ref().map_or_else(
        || Line::from("–"),
        |marginal| Line::id(&marginal.id).and(format!(" ({} points)", marginal.points)),
    )
}

fn remarks(option: &ScopeOption, report: &mut Report) {
    let title = option.kind.title();
    if let Some(reason) = &option.unavailable {
        report.callout(Tone::Attention, Line::prose(&format!("{title}: {reason}.")));
    }
    if !option.without_estimate.is_empty() {
        let line = Line::from(format!("{title}: the likelihood is unknown, because of no estimate of "));
        report.callout(Tone::Unknown, line.join(Line::ids(&option.without_estimate)).and("."));
    }
    if let Some(marginal) = &option.marginal {
        let line = Line::from(format!("{title}: ")).id_too(&marginal.id);
        report.text(line.and(format!(" costs {} points of likelihood.", marginal.points)));
    }
}

fn items(options: &ScopeOptions) -> Table {
    let columns = ["Item", "Title", "Priority", "Value", "Score", "Days", "Team", "Depends on", "Options"];
    let mut table = Table::new("", &columns);
    for column in 3..=5 {
        table = table.aligned(column, Align::Right);
    }
    for item in &options.items {
        table.row_of(
            &item.id,
            [
                Line::id(&item.id),
                Line::from(&item.title),
                Line::from(item.need.word()),
                number(item.value),
                number(item.score),
                number(item.days),
                item.team.as_deref().map_or_else(|| Line::badge(Tone::Unknown, "no team"), Line::from),
                Line::ids(&item.depends_on),
                Line::from(members(item)),
            ],
        );
    }
    table
}

fn members(item: &OptionItem) -> String {
    let of = |kind: &OptionKind| match kind {
        OptionKind::MustOnly => "must only",
        OptionKind::Recommended => "recommended",
        OptionKind::Extended => "extended",
    };
    match item.options.as_slice() {
        [] => "left out".to_owned(),
        kinds => kinds.iter().map(of).collect::<Vec<_>>().join(", "),
    }
}

fn number(number: Option<f64>) -> Line {
    number.map_or_else(|| Line::badge(Tone::Unknown, "unknown"), |number| Line::from(number.to_string()))
}

fn capacity(options: &ScopeOptions) -> Table {
    let titles = options.options.iter().map(|option| option.kind.title());
    let columns: Vec<&str> = ["Team", "Days"].into_iter().chain(titles).collect();
    let mut table = Table::new("", &columns);
    for column in 1..columns.len() {
        table = table.aligned(column, Align::Right);
    }
    for (place, team) in options.capacity.iter().enumerate() {
        let taken = options.options.iter().map(|option| match option.team_days.get(place) {
            Some(days) if *days > team.days => {
                Cell::from(Line::badge(Tone::Bad, format!("{days} (too much)")))
            }
            Some(days) => Cell::from(days.to_string()),
            None => Cell::from("–"),
        });
        let first = [Cell::from(team.team.as_str()), Cell::from(team.days.to_string())];
        table.row(first.into_iter().chain(taken));
    }
    table
}

fn left_out(options: &ScopeOptions, report: &mut Report) {
    if options.options.iter().all(|option| option.left_out.is_empty()) {
        return;
    }
    report.chapter("Left out");
    for option in options.options.iter().filter(|option| !option.left_out.is_empty()) {
        report.section(option.kind.title());
        let mut table = Table::new("", &["Item", "Reason"]);
        for left_out in &option.left_out {
            table.row([Line::id(&left_out.id), Line::prose(&left_out.reason)]);
        }
        report.push(table);
    }
}

fn method(options: &ScopeOptions, report: &mut Report) {
    report.chapter("Method");
    let mut facts = vec![
        Fact::new("Score", Line::from(options.formula)),
        Fact::new("Objective", Line::from(options.objective.as_str())),
        Fact::new(
            "Recommended",
            Line::from(format!(
                "the objective within the greatest share of the capacity, in steps of 5 %, with which the release date \
                 is at least {TARGET} % likely"
            )),
        ),
    ];
    for option in &options.options {
        let Some((share, gap)) = option.capacity_share.zip(option.gap) else { continue };
        let proof = match gap <= 0.0 {
            true => "no other set is worth more (proven)".to_owned(),
            false => format!("another set could be worth {gap} % more at most (proven)"),
        };
        let title = format!("Optimality: {}", option.kind.title().to_lowercase());
        facts.push(Fact::new(title, Line::from(format!("within {share} % of the capacity {proof}"))));
    }
    report.push(Block::Facts(facts));
}
