//! Plans that grow in one direction each: work in one release, releases, one chain of dependencies, incidents.

use std::fs;
use std::io;
use std::path::Path;

/// A kind of plan.
pub struct Shape {
    /// What it is called.
    pub name: &'static str,
    /// Writes one of about so many entries.
    pub write: fn(&Path, usize) -> io::Result<()>,
}

/// Every kind.
pub const ALL: &[Shape] = &[
    Shape { name: "work", write: work },
    Shape { name: "releases", write: releases },
    Shape { name: "chain", write: chain },
    Shape { name: "incidents", write: incidents },
];

/// How many entries a file holds.
const PER_FILE: usize = 200;

fn write(folder: &Path, entries: &[String]) -> io::Result<()> {
    fs::create_dir_all(folder.join("plan"))?;
    fs::write(folder.join("relplan.toml"), "")?;
    for (number, part) in entries.chunks(PER_FILE).enumerate() {
        fs::write(folder.join(format!("plan/{number:06}.yaml")), part.concat())?;
    }
    Ok(())
}

/// One release with many work packages, each with tests, a criterion, a rollback, a metric and a risk.
fn work(folder: &Path, size: usize) -> io::Result<()> {
    let count = (size / 10).max(1);
    let mut entries = vec![format!(
        "- {{id: REL-1, title: First, version: 1.0.0, date: 2026-12-01, status: planned, owner: Lead, scope: {{must: EPIC-1 to EPIC-{count}}}}}\n"
    )];
    for at in 1..=count {
        let (first, last) = (at * 5 - 4, at * 5);
        let before = if at > 1 { format!(", depends_on: EPIC-{}", at - 1) } else { String::new() };
        entries.push(format!("- {{id: EPIC-{at}, title: Work {at}, state: Complete, owner: Team, priority: must, start: 2026-10-05, due: 2026-11-29, tests: TEST-{first} to TEST-{last}{before}}}\n"));
        for test in first..=last {
            entries.push(format!("- {{id: TEST-{test}, title: Test {test}, type: Integration, status: passing, owner: QA, linked_ids: EPIC-{at}}}\n"));
        }
        entries.push(format!("- {{id: DEP-{}, type: Criteria, stage: Pre-deploy, title: C {at}, requirement: All tests pass, verification: CI, blocker: Yes, category: Functional, owner: Team {at}, linked_ids: 'EPIC-{at}, TEST-{last}'}}\n", at * 2));
        entries.push(format!("- {{id: DEP-{}, type: Rollback, stage: Rollback, title: R {at}, trigger: Errors, threshold: '> 2% of requests for 5m', procedure: [Redeploy], severity: High, owner: Ops, monitored_by: MON-{at}}}\n", at * 2 + 1));
        entries.push(format!("- {{id: MON-{at}, title: M {at}, query: up, owner: Ops}}\n"));
        entries.push(format!("- {{id: RISK-{at}, title: R {at}, probability: High, impact: Critical, owner: A{at}, status: open, linked_ids: EPIC-{at}, mitigated_by: TEST-{last}}}\n"));
    }
    write(folder, &entries)
}

/// Many releases that share environments and days, each with one work package.
fn releases(folder: &Path, size: usize) -> io::Result<()> {
    let mut entries = Vec::new();
    for (at, name) in [(1, "staging"), (2, "production")] {
        entries.push(format!("- {{id: DEP-{at}, type: Environment, stage: Deploy, title: {name}, name: {name}, owner: Ops, infrastructure: One cluster}}\n"));
    }
    // Milestones and findings of a release are many, so that a tenth of the releases is as much work.
    for at in 1..=(size / 10).max(1) {
        let version = format!("{}.{}.0", at / 100, at % 100);
        entries.push(format!("- {{id: REL-{at}, title: R {at}, version: {version}, date: 2027-{:02}-{:02}, status: planned, owner: Lead {at}, scope: {{must: EPIC-{at}}}}}\n", 1 + at % 12, 1 + at % 28));
        entries.push(format!("- {{id: EPIC-{at}, title: W {at}, state: Planned, owner: T, release: {version}, tests: TEST-{at}}}\n"));
        entries.push(format!("- {{id: TEST-{at}, title: T {at}, type: Smoke}}\n"));
    }
    write(folder, &entries)
}

/// Work packages of which each depends on the next.
fn chain(folder: &Path, size: usize) -> io::Result<()> {
    let entry = |at: usize| {
        let next = if at < size { format!(", depends_on: EPIC-{}", at + 1) } else { String::new() };
        format!("- {{id: EPIC-{at}, title: T {at}, owner: A, state: Planned, tests: TEST-1{next}}}\n")
    };
    let mut entries: Vec<String> = (1..=size).map(entry).collect();
    entries.push("- {id: TEST-1, title: T, type: Smoke}\n".to_owned());
    write(folder, &entries)
}

/// A release that shipped, with incidents and an action that follows from each.
fn incidents(folder: &Path, size: usize) -> io::Result<()> {
    let mut entries = vec!["- {id: REL-1, title: First, version: 1.0.0, date: 2026-11-02, deployed_at: 2026-11-02, status: released, outcome: success, owner: Lead}\n".to_owned()];
    for at in 1..=(size / 2).max(1) {
        let day = 3 + at % 14;
        entries.push(format!("- {{id: INC-{at}, title: I {at}, release: 1.0.0, severity: High, environment: production, detected: 2026-11-{day:02}T10:00Z, resolved: 2026-11-{day:02}T11:00Z, cause: A change}}\n"));
        entries.push(format!(
            "- {{id: ACT-{at}, title: A {at}, owner: Team, due: 2026-12-01, follows_from: INC-{at}}}\n"
        ));
    }
    write(folder, &entries)
}
