//! Reports that once were read too green, or whose next step led astray, and their siblings: other attributes, dialects,
//! orders and encodings of the same trap.
//!
//! Each is a small plan with one criterion, or the plan in `tests/plans/go` with one file changed. What stands in the
//! tables is what is right, not what relplan says today.

mod coverage;
mod files;
mod go;
mod metrics;
mod scans;
mod tests;

use relplan::verdict::decision::Decision;

use crate::judging::{Ground, judge};
use crate::support::{code, folder, out, run};

/// Cases that do not come out right yet. It must become empty: one that comes out right must be taken off.
const PENDING: &[&str] = &["zip archive", "root testrun"];

const COMMIT: &str = "4f2d9c1e8b7a6053d1c2b3a4958676564738291a";
/// An `evidence.json` of the release commit, an hour before the first of the gates is asked.
const STAMP: &[u8] =
    br#"{"commit": "4f2d9c1e8b7a6053d1c2b3a4958676564738291a", "time": "2026-11-20T08:00:00Z"}"#;
/// The same of another commit.
const OTHER: &[u8] =
    br#"{"commit": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "time": "2026-11-19T08:00:00Z"}"#;

/// A criterion and the evidence for it.
struct Case {
    name: &'static str,
    /// What the criterion asks for.
    demand: &'static str,
    /// The files; an `evidence.json` of the release commit stands beside them unless they hold one.
    files: &'static [(&'static str, &'static [u8])],
    /// The verdicts that are right, parted by `|`.
    verdict: &'static str,
    /// What the reason, the next step or a finding has to say.
    words: &'static [&'static str],
}

/// A change to the plan that is GO.
struct Change {
    name: &'static str,
    file: &'static str,
    /// What stands there once, and what then stands there. Nothing to replace: the whole file.
    from: &'static str,
    to: &'static [u8],
    words: &'static [&'static str],
    /// Whether a condition is enough.
    may_be_conditional: bool,
}

const PLAN: &str = "id: REL-001
title: Release 1.0.0
version: 1.0.0
type: major
date: 2026-12-10
owner: Release Manager
---
- id: DEP-001
  type: Criteria
  stage: Pre-deploy
  title: It works
  requirement: What is linked passes
  verification: CI
  blocker: Yes
  owner: QA
  evidence: DEMAND
  linked_ids: TEST-001
- id: TEST-001
  title: A user signs in
  type: E2E
  owner: QA
";

const CONFIG: &str = "[plan]
files = [\"plan.yaml\"]
[evidence]
files = [\"ci/**/*\"]
max_age = \"7 days\"
[gates.g]
title = \"G\"
decides = true
criteria = [{ name = \"C\", from = \"DEP\", where = { type = \"Criteria\" } }]
";

/// Whether a case comes out right; else how it does.
fn comes_out(case: &Case) -> Result<(), String> {
    let plan = PLAN.replace("DEMAND", case.demand);
    let mut files: Vec<(&str, &[u8])> =
        vec![("plan.yaml", plan.as_bytes()), ("relplan.toml", CONFIG.as_bytes())];
    if !case.files.iter().any(|(name, _)| name.ends_with("evidence.json")) {
        files.push(("ci/evidence.json", STAMP));
    }
    files.extend(case.files);
    let folder = folder(&files);
    let gate = run(folder.path(), &["gate", "g", "--commit", COMMIT, "--format", "json"]);
    let check = out(&run(folder.path(), &["check", "--format", "json"]));
    let json: serde_json::Value = serde_json::from_str(&out(&gate)).map_err(|error| error.to_string())?;
    let checks = json["checks"].as_array().ok_or("no checks")?;
    let own = checks.iter().find(|check| check["id"] == "DEP-001").ok_or("no DEP-001")?;
    let verdict = own["verdict"].as_str().unwrap_or_default();
    let said = format!("{verdict}: {} -> {}\n{}", own["reason"], own["next"], findings(&check));
    let is_right = case.verdict.split('|').any(|right| right == verdict);
    let missing: Vec<&&str> = case.words.iter().filter(|word| !said.contains(**word)).collect();
    match is_right && missing.is_empty() && (verdict == "pass" || code(&gate) == 1) {
        true => Ok(()),
        false => Err(format!("should be {} and say {missing:?}, and is {said}", case.verdict)),
    }
}

fn findings(check: &str) -> String {
    let json: serde_json::Value = serde_json::from_str(check).unwrap_or_default();
    let findings = json["findings"].as_array().cloned().unwrap_or_default();
    let evidence = findings
        .iter()
        .filter(|finding| finding["code"].as_str().is_some_and(|code| code.starts_with("RP06")));
    evidence
        .map(|finding| format!("  {} {} {}\n", finding["name"], finding["message"], finding["help"]))
        .collect()
}

fn changed(ground: &Ground, change: &Change) -> Result<(), String> {
    let text = if change.from.is_empty() { String::new() } else { ground.text(change.file) };
    let bytes = match change.from {
        "" => change.to.to_vec(),
        from => {
            assert_eq!(text.matches(from).count(), 1, "{}: `{from}` in {}", change.name, change.file);
            let (before, behind) = text.split_once(from).expect("it stands there");
            [before.as_bytes(), change.to, behind.as_bytes()].concat()
        }
    };
    let outcome = ground.with(change.file, Some(&bytes), judge);
    let words = outcome.words();
    let is_right = match outcome.decision() {
        Some(Decision::Go) => false,
        Some(Decision::ConditionalGo) => change.may_be_conditional,
        _ => true,
    };
    let missing: Vec<&&str> = change.words.iter().filter(|word| !words.contains(**word)).collect();
    match is_right && missing.is_empty() {
        true => Ok(()),
        false => Err(format!("should say {missing:?}, and is {words}")),
    }
}

#[test]
fn what_was_read_too_green_is_not() {
    let tables = [tests::CASES, files::CASES, scans::CASES, coverage::CASES, metrics::CASES];
    let mut results: Vec<(&str, Result<(), String>)> =
        tables.into_iter().flatten().map(|case| (case.name, comes_out(case))).collect();
    let mut ground = Ground::go();
    ground.put(&[("reports/all.xml", Some(b"<testsuite name=\"all\" tests=\"0\"/>".to_vec()))]);
    assert_eq!(ground.judge().decision(), Some(Decision::Go));
    results.extend(go::CHANGES.iter().map(|change| (change.name, changed(&ground, change))));
    let wrong = |(name, result): &(&str, Result<(), String>)| match (result, PENDING.contains(name)) {
        (Err(how), false) => Some(format!("{name}: {how}")),
        (Ok(()), true) => Some(format!("{name}: comes out right, and is pending no more")),
        _ => None,
    };
    let wrong: Vec<String> = results.iter().filter_map(wrong).collect();
    let unknown: Vec<&&str> =
        PENDING.iter().filter(|name| !results.iter().any(|(known, _)| known == *name)).collect();
    assert!(unknown.is_empty(), "pending, and no case: {unknown:?}");
    let mut names: Vec<&str> = results.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "two cases of one name");
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), results.len(), wrong.join("\n"));
}
