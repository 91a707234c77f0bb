use crate::config::{LinkRule, built_in};
use crate::finding::Report;
use crate::model::dep::DepType;
use crate::model::{Entry, Kind, Prefix};
use crate::rules::{Subject, WARNING, link_rules, words};

declare_rule! {
    /// An entry without links in either direction.
    ///
    /// No trace reaches it, so no gate checks it and its errors go unnoticed. An id
    /// in its prose, or in that of another entry, counts as a link. Releases, KPIs,
    /// risks, environments and deployment steps need no links, and neither do
    /// personas, customer feedback, lessons and go-to-market items. Entries with a
    /// rule of their own, such as an EPIC without a test, are left to that rule;
    /// deferred entries and ideas are not checked.
    ///
    /// ```yaml,bad
    /// - id: FEA-001
    ///   title: Saved searches
    ///   verified_by: TEST-001
    /// - id: TEST-001
    ///   title: A saved search finds what it found before
    /// - id: FEA-002
    ///   title: Shared searches
    /// ```
    ///
    /// ```yaml,good
    /// - id: FEA-001
    ///   title: Saved searches
    ///   verified_by: TEST-001
    /// - id: TEST-001
    ///   title: A saved search finds what it found before
    /// - id: FEA-002
    ///   title: Shared searches
    ///   depends_on: FEA-001
    /// ```
    "RP0310", "unlinked-entry", WARNING, since "0.1.0"
}

/// Families whose entries are worth something without any other: a release, a
/// KPI and a risk are judged by their own fields, the others are what a plan
/// grows from.
const ALONE: &[&str] = &["REL", "KPI", "RISK", "PER", "CFD", "LL", "GTM", "INC", "ACT", "HND", "FLAG"];

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    if subject.graph.link_count == 0 {
        return 0;
    }
    let joined = joined(subject);
    let judged: Vec<&LinkRule> = built_in().iter().filter(|rule| is_active(subject, rule)).collect();
    let mut looked_at = 0;
    for (_, family) in subject.plan.families().filter(|(prefix, _)| is_judged_here(subject, prefix)) {
        looked_at += family.len();
        let alone = family.iter().filter(|index| !joined[index.0 as usize]);
        let alone = alone.map(|&index| subject.plan.entry(index)).filter(|entry| !may_stand_alone(entry));
        let unjudged = alone.filter(|entry| !judged.iter().any(|rule| is_judged(rule, entry)));
        reports.extend(unjudged.map(report));
    }
    looked_at
}

/// Whether entries of a family need a link; what a family means that is unknown
/// here, or lives elsewhere, is not known.
fn is_judged_here(subject: &Subject<'_>, prefix: &Prefix) -> bool {
    let family = subject.config.families.of(prefix);
    !ALONE.contains(&prefix.head()) && family.is_some_and(|family| family.external.is_none())
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

/// What is put off need not be connected yet. Steps stand in their order and environments by their name; an unused test has a rule of its own.
fn may_stand_alone(entry: &Entry<'_>) -> bool {
    match &entry.kind {
        _ if words::is_put_off(entry) => true,
        Kind::Dep(dep) => matches!(dep.dep_type(), DepType::Environment | DepType::Step),
        Kind::Test(_) => true,
        _ => false,
    }
}

fn report(entry: &Entry<'_>) -> Report {
    let message = format!("{}: no links to or from the entry", entry.id.value);
    Report::at(entry.id.span, message).help("link it, for example with `linked_ids`, or remove it")
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(yaml: &str, expect: &[&str]) {
        let yaml = format!("- {{id: EPIC-1, tests: TEST-1}}\n- {{id: TEST-1}}\n{yaml}");
        let found = messages("unlinked-entry", &yaml, "[families.JIRA]\nexternal = true");
        let found: Vec<&str> = found.iter().filter_map(|message| message.split(':').next()).collect();
        assert_eq!(found, expect, "{yaml}");
    }

    #[test]
    fn mentions_and_links_out_of_the_plan_are_connection_enough() {
        check("- {id: RUN-1}\n- {id: MON-1}", &["RUN-1", "MON-1"]);
        check("- {id: RUN-1, title: Watch MON-1}\n- {id: MON-1}", &[]);
        check("- {id: RUN-1, linked_ids: JIRA-7}", &[]);
        check(
            "- {id: RUN-1, title: RUN-1 at night, linked_ids: RUN-1}\n- {id: RUN-2, title: As RUN-2 says}",
            &["RUN-2"],
        );
    }

    #[test]
    fn some_entries_stand_alone_or_are_judged_elsewhere() {
        check("- {id: REL-1}\n- {id: KPI-1}\n- {id: RISK-1}\n- {id: DEP-1, type: Environment}", &[]);
        check(
            "- {id: FEA-1}\n- {id: API-1}\n- {id: EPIC-2}\n- {id: TEST-2}\n- {id: DEP-1, type: Criteria}",
            &[],
        );
        check("- {id: UJ-1, status: deferred}\n- {id: ZZZ-1}\n- {id: JIRA-1}", &[]);
    }

    #[test]
    fn a_plan_without_links_is_left_alone() {
        assert_eq!(messages("unlinked-entry", "[{id: UJ-1}, {id: RUN-1}]", ""), [""; 0]);
    }
}
