//! What a plan can ask of relplan is bounded: one report for many releases that share days, and ranges within a budget.

use std::fmt::Write as _;

use crate::support::{Found, err, folder, found, out, run};

fn check(yaml: &str) -> Vec<Found> {
    let plan = folder(&[("plan/plan.yaml", yaml), ("relplan.toml", "")]);
    let output =
        run(plan.path(), &["check", "--format", "json", "--fail-on", "never", "--today", "2026-11-20"]);
    assert!(!out(&output).is_empty(), "{}", err(&output));
    found(&out(&output))
}

fn of_rule(yaml: &str, rule: &str) -> Vec<String> {
    let all = check(yaml).into_iter().filter(|finding| finding.rule.ends_with(rule));
    all.map(|finding| finding.message).collect()
}

/// Releases, each with its first day and how many days its rollout takes.
fn releases(days: &[(u32, u32)]) -> String {
    let mut yaml = String::new();
    for (number, (day, length)) in (1..).zip(days) {
        let _ = writeln!(
            yaml,
            "- {{id: REL-{number}, title: T, version: {number}.0.0, date: 2027-03-{day:02}, status: planned, owner: A, \
             rollout: [{{name: All, traffic: 100%, duration: {length} days}}]}}"
        );
    }
    yaml
}

const PRODUCTION: &str =
    "- {id: DEP-1, type: Environment, stage: Deploy, title: P, name: production, owner: A}\n";
const STAGING: &str = "- {id: DEP-2, type: Environment, stage: Deploy, title: S, name: staging, owner: A}\n";

#[test]
fn releases_that_share_days_are_one_finding() {
    let shared =
        |days: &[(u32, u32)]| of_rule(&format!("{}{PRODUCTION}", releases(days)), "shared-environment");
    assert_eq!(shared(&[(1, 2), (2, 2)]), ["REL-2: REL-1 is rolled out to production too on 2027-03-02"]);
    assert_eq!(
        shared(&[(1, 3), (2, 3), (3, 3)]),
        ["REL-2: REL-1, REL-3 are rolled out to production too from 2027-03-02 to 2027-03-04"]
    );
    // Two groups are two findings, and neighbours share no day.
    assert_eq!(shared(&[(1, 2), (2, 1), (10, 2), (11, 1)]).len(), 2);
    assert_eq!(shared(&[(1, 1), (2, 1)]), [""; 0]);
    let many: Vec<(u32, u32)> = (0..300).map(|_| (1, 2)).collect();
    assert_eq!(
        shared(&many),
        [
            "REL-2: REL-1, REL-3, REL-4 and 296 more releases are rolled out to production too from 2027-03-01 to 2027-03-02"
        ]
    );
}

#[test]
fn environments_that_the_same_releases_share_are_one_finding() {
    let both = format!("{}{PRODUCTION}{STAGING}", releases(&[(1, 2), (2, 2)]));
    assert_eq!(
        of_rule(&both, "shared-environment"),
        ["REL-2: REL-1 is rolled out to production, staging too on 2027-03-02"]
    );
    // An environment of one release alone is shared with nobody.
    let own = PRODUCTION.replace("owner: A", "owner: A, release: 1.0.0");
    assert_eq!(of_rule(&format!("{}{own}", releases(&[(1, 2), (2, 2)])), "shared-environment"), [""; 0]);
}

/// So many tests, each linked to all of them.
fn ranges(count: usize) -> String {
    let test = |number| {
        format!("- {{id: TEST-{number:04}, title: T, linked_ids: 'TEST-0001 to TEST-{count:04}'}}\n")
    };
    (1..=count).map(test).collect()
}

#[test]
fn ranges_are_expanded_within_a_budget() {
    assert_eq!(of_rule(&ranges(40), "link-budget"), [""; 0]);
    assert_eq!(
        of_rule(&ranges(1500), "link-budget"),
        ["the ranges of this plan expand to more than 2000000 links from here on"]
    );
}

#[test]
fn thousands_of_unknown_keys_are_each_reported() {
    let mut yaml = "id: EPIC-1\ntitle: T\nowner: A\n".to_owned();
    for number in 0..4000 {
        let _ = writeln!(yaml, "key {number}: x");
    }
    yaml += "statee: Planned\n";
    let found = of_rule(&yaml, "unknown-key");
    assert_eq!(found.len(), 4001);
    assert!(found.last().is_some_and(|message| message.contains("statee")), "{:?}", found.last());
}
