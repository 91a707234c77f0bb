//! Tables for people: lists of entries, of rules, of counts.

use comfy_table::{ContentArrangement, Table, presets};

use super::{CheckReport, counted};
use crate::rules::{ALL, GROUPS};
use crate::views::listing::Listing;

fn table(width: usize, header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(width).unwrap_or(u16::MAX))
        .set_header(header.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
    table
}

/// The entries of a plan.
pub fn listing(listing: &Listing, width: usize) -> String {
    let mut table = table(width, &["ID", "Kind", "Title", "Status", "Owner", "Place"]);
    for entry in &listing.entries {
        table.add_row([
            entry.id.clone(),
            entry.kind.clone(),
            entry.title.clone(),
            entry.status.clone().unwrap_or_default(),
            entry.owner.clone().unwrap_or_default(),
            format!("{}:{}", entry.file, entry.line),
        ]);
    }
    format!("{table}\n")
}

/// All rules, by group and code.
pub fn rules(width: usize) -> String {
    let mut text = String::new();
    for (digits, group) in GROUPS {
        let mut rules: Vec<_> = ALL.iter().filter(|rule| rule.code.get(2..4) == Some(digits)).collect();
        rules.sort_by_key(|rule| rule.code);
        if rules.is_empty() {
            continue;
        }
        let mut table = table(width, &["Code", "Rule", "Level", "Finds"]);
        for rule in rules {
            let level = rule.level.map_or("off", |level| level.word());
            table.add_row([rule.code, rule.name, level, &rule.summary().replace('\n', "")]);
        }
        text += &format!("{digits} {group}\n{table}\n\n");
    }
    text + &format!("{}; `relplan explain NAME` shows one\n", counted(ALL.len(), "rule"))
}

/// How often each rule found something, the most frequent first.
pub fn statistics(report: &CheckReport<'_>) -> String {
    let mut counts: std::collections::BTreeMap<(&str, &str, &str), usize> = Default::default();
    for finding in report.findings {
        *counts.entry((finding.name, finding.code, finding.level.word())).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(rule, count)| (std::cmp::Reverse(*count), *rule));
    let mut table = table(80, &["Findings", "Rule", "Code", "Level"]);
    for ((name, code, level), count) in counts {
        table.add_row([count.to_string().as_str(), name, code, level]);
    }
    format!("{table}\n")
}
