use super::{Subject, WARNING, link_rules};
use crate::config::{LinkRule, built_in};
use crate::finding::Report;
use crate::model::dep::DepType;
use crate::model::{Entry, Kind};

declare_rule! {
    /// An entry that nothing links to and that links to nothing.
    ///
    /// No trace reaches it, so no gate asks about it and nobody notices when it
    /// is wrong. An id in its prose, or in another entry's, is connection
    /// enough. Releases, KPIs, environments and deployment steps may stand
    /// alone, as may personas, customer feedback, lessons and go-to-market
    /// items, and risks that say what is done about them. Entries that a rule
    /// of their own judges, such as an EPIC without a test, are left to that
    /// rule.
    ///
    /// ```yaml,bad
    /// - id: RUN-001
    ///   title: Switch traffic back
    ///   covers: MON-001
    /// - id: MON-001
    ///   title: Error rate
    /// - id: RISK-001
    ///   title: The payment provider changes its interface
    /// ```
    ///
    /// ```yaml,good
    /// - id: RUN-001
    ///   title: Switch traffic back
    ///   covers: MON-001
    /// - id: MON-001
    ///   title: Error rate
    /// - id: RISK-001
    ///   title: The payment provider changes its interface
    ///   mitigated_by: RUN-001
    /// ```
    "RP0310", "unlinked-entry", WARNING, since "0.1.0"
}

/// Families whose entries are worth something without any other: a release and
/// a KPI are judged by their own figures, the others are what a plan grows from.
const ALONE: &[&str] = &["REL", "KPI", "PER", "CFD", "LL", "GTM"];

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    if subject.graph.link_count == 0 {
        return 0;
    }
    let joined = joined(subject);
    let judged: Vec<&LinkRule> = built_in().iter().filter(|rule| is_active(subject, rule)).collect();
    let mut looked_at = 0;
    for (_, family) in subject.plan.families().filter(|(prefix, _)| !ALONE.contains(&prefix.head())) {
        looked_at += family.len();
        let alone = family.iter().filter(|index| !joined[index.0 as usize]);
        let alone = alone.map(|&index| subject.plan.entry(index)).filter(|entry| !may_stand_alone(entry));
        let unjudged = alone.filter(|entry| !judged.iter().any(|rule| is_judged(rule, entry)));
        reports.extend(unjudged.map(report));
    }
    looked_at
}

/// Which entries have a link, even to something outside the plan, or a mention, either way.
fn joined(subject: &Subject<'_>) -> Vec<bool> {
    let mut joined: Vec<bool> = subject.plan.entries().iter().map(|entry| !entry.links.is_empty()).collect();
    let links = subject.graph.edges().map(|edge| (edge.from, edge.to));
    let mentions = subject.graph.mentions.iter().map(|&(from, to, _)| (from, to));
    for (from, to) in links.chain(mentions).filter(|(from, to)| from != to) {
        joined[from.0 as usize] = true;
        joined[to.0 as usize] = true;
    }
    joined
}

fn is_active(subject: &Subject<'_>, rule: &LinkRule) -> bool {
    rule.min > 0 && (!rule.if_any || link_rules::has_other_end(subject, rule))
}

fn is_judged(rule: &LinkRule, entry: &Entry<'_>) -> bool {
    rule.is_from(&entry.id.value.prefix) && rule.is_about(entry)
}

/// Steps stand in their order and environments by their name; a risk with an answer may threaten all
/// of the plan; an unused test has a rule of its own.
fn may_stand_alone(entry: &Entry<'_>) -> bool {
    match &entry.kind {
        Kind::Dep(dep) => matches!(dep.dep_type(), DepType::Environment | DepType::Step),
        Kind::Risk(risk) => !risk.mitigation.is_empty() || !risk.contingency.is_empty(),
        Kind::Test(_) => true,
        _ => false,
    }
}

fn report(entry: &Entry<'_>) -> Report {
    let message = format!("{}: nothing links to it, and it links to nothing", entry.id.value);
    Report::at(entry.id.span, message)
        .help("link it to what it is for, such as by `linked_ids`, or remove it")
}
