use rustc_hash::FxHashSet;

use crate::finding::Report;
use crate::rules::{ERROR, Subject};
use crate::source::Span;
use crate::source::yaml::YamlDefect;

declare_rule! {
    /// Two entries with one id.
    ///
    /// A link to the id would mean either of them. Only the first is part of
    /// the graph until one of them gets a number of its own. `EPIC-1` and
    /// `EPIC-001` are the same id.
    ///
    /// ```yaml,bad
    /// - id: RUN-001
    ///   title: Switch traffic back
    /// - id: RUN-1
    ///   title: Restore the database
    /// ```
    ///
    /// ```yaml,good
    /// - id: RUN-001
    ///   title: Switch traffic back
    /// - id: RUN-002
    ///   title: Restore the database
    /// ```
    "RP0201", "duplicate-id", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let plan = subject.plan;
    let repeated: FxHashSet<Span> = plan.yaml_defects.iter().filter_map(second_key).collect();
    for &(first, later) in &plan.duplicates {
        let (first, later) = (plan.entry(first), plan.entry(later));
        // As keys of one mapping they are reported as such.
        if repeated.contains(&later.id.span) {
            continue;
        }
        reports.push(
            Report::at(later.id.span, format!("duplicate id `{}`", later.id.value))
                .saying("used again here")
                .and(first.id.span, "first used here")
                .help(format!("renumber one of them; `{}` is free", free_number(subject, later.id.value))),
        );
    }
    plan.entries().len()
}

/// The place of a key that its mapping has already.
fn second_key(defect: &YamlDefect) -> Option<Span> {
    match defect {
        YamlDefect::DuplicateKey { second, .. } => Some(*second),
        _ => None,
    }
}

/// The number after the highest of the family.
fn free_number(subject: &Subject<'_>, id: crate::model::Id) -> crate::model::Id {
    let highest = subject.plan.family(id.prefix).last().map(|&index| subject.plan.entry(index).id.value);
    id.with_number(highest.map_or(id.number, |highest| highest.number).saturating_add(1))
}
