//! A result that did not pass counts as red, wherever it stands and whatever it leaves out, until it is proven to say
//! nothing of the release.

use std::path::Path;

use serde_json::Value;

use crate::support::{self, code, err, folder, out, run};

const COMMIT: &str = "4f2d9c1e8b7a6053d1c2b3a4958676564738291a";

/// A release that rests on one test, decided at the gate `g`.
const PLAN: &str = "\
- {id: REL-001, title: Release 1.0.0, version: 1.0.0, type: major, date: 2026-12-10, owner: Release Manager}
- id: DEP-001
  type: Criteria
  stage: Pre-deploy
  title: It works
  requirement: What is linked passes
  verification: CI
  blocker: Yes
  owner: QA
  evidence: {tests: 100%}
  linked_ids: TEST-001
- {id: TEST-001, title: A user signs in, type: E2E, owner: QA}
";

const CONFIG: &str = "\
[plan]
files = [\"plan.yaml\"]
[evidence]
files = [\"ci/**/*\"]
max_age = \"7 days\"
[gates.g]
title = \"G\"
decides = true
criteria = [{name = \"C\", from = \"DEP\", where = {type = \"Criteria\"}}]
[rules]
no-communication = \"off\"
no-rollback = \"off\"
no-validation = \"off\"
no-environments = \"off\"
no-production = \"off\"
no-post-release-metrics = \"off\"
release-type-mismatch = \"off\"
";

/// A check of the gate, as it came out.
#[derive(Debug)]
struct Check {
    id: String,
    verdict: String,
    words: String,
}

/// The checks of the gate `g` with these reports, each in a folder that says its commit and time or does not.
fn checks_with(config: &str, reports: &[(&str, &str)]) -> Vec<Check> {
    let mut files = vec![("plan.yaml", PLAN), ("relplan.toml", config)];
    files.extend(reports);
    let folder = folder(&files);
    checks(folder.path(), COMMIT)
}

fn checks(folder: &Path, commit: &str) -> Vec<Check> {
    let output = run(folder, &["gate", "g", "--commit", commit, "--format", "json"]);
    let view: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)));
    let text = |check: &Value, key: &str| check[key].as_str().unwrap_or_default().to_owned();
    let checks = view["checks"].as_array().expect("checks").iter().map(|check| Check {
        id: text(check, "id"),
        verdict: text(check, "verdict"),
        words: format!("{} -> {}", text(check, "reason"), text(check, "next")),
    });
    checks.collect()
}

/// The check of the criterion comes out like this, and says these words.
#[track_caller]
fn criterion(reports: &[(&str, &str)], verdict: &str, words: &[&str]) {
    criterion_with(CONFIG, reports, verdict, words);
}

#[track_caller]
fn criterion_with(config: &str, reports: &[(&str, &str)], verdict: &str, words: &[&str]) {
    let checks = checks_with(config, reports);
    let check = checks.iter().find(|check| check.id == "DEP-001").expect("the criterion");
    assert_eq!(check.verdict, verdict, "{checks:?}");
    for word in words {
        assert!(check.words.contains(word), "`{word}` is not in: {}", check.words);
    }
}

const PASSED: &str =
    "<testsuite timestamp='2026-11-20T07:00:00Z'><testcase classname='a' name='TEST-001 x'/></testsuite>";

/// A report in which the same case failed, with these attributes of its suite.
fn failed(attributes: &str) -> String {
    format!(
        "<testsuite {attributes}><testcase classname='a' name='TEST-001 x'><failure/></testcase></testsuite>"
    )
}

/// What speaks for the folder of the report that passed.
const OWN: &str = "{\"commit\": \"4f2d9c1e8b7a6053d1c2b3a4958676564738291a\"}";
const OTHER: &str = "{\"commit\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}";

#[test]
fn a_failure_that_cannot_be_dated_or_placed_counts() {
    let shard = |attributes: &str, beside: &str, words: &[&str]| {
        let failed = failed(attributes).replace("classname='a'", "classname='b'");
        let mut reports =
            vec![("ci/a/a.xml", PASSED), ("ci/a/evidence.json", OWN), ("ci/b/b.xml", failed.as_str())];
        if !beside.is_empty() {
            reports.push(("ci/b/evidence.json", beside));
        }
        criterion(&reports, "fail", words);
    };
    shard("", OWN, &["no time"]);
    shard("timestamp='2026-11-25T07:00:00Z'", OWN, &["in the future"]);
    shard("timestamp='1970-01-01T00:00:00Z'", OWN, &["no time"]);
    shard("timestamp='0001-01-01T00:00:00'", OWN, &["no time"]);
    shard("timestamp='last week'", OWN, &["invalid time"]);
    shard("timestamp='2026-11-20T08:00:00Z'", "", &["no commit"]);
    shard("timestamp='2026-11-20T08:00:00Z'", "{\"commit\": \"main\"}", &["failed"]);
    // Old, and of the release commit: it failed, and the pass is of another report.
    shard("timestamp='2026-11-20T07:00:00Z'", "", &["no commit"]);
}

#[test]
fn a_failure_is_set_aside_only_where_it_is_proven_to_say_nothing() {
    let shard = |attributes: &str, beside: Option<&str>, verdict: &str| {
        let failed = failed(attributes);
        let mut reports =
            vec![("ci/a/a.xml", PASSED), ("ci/a/evidence.json", OWN), ("ci/b/b.xml", failed.as_str())];
        reports.extend(beside.map(|text| ("ci/b/evidence.json", text)));
        criterion(&reports, verdict, &[]);
    };
    shard("timestamp='2026-11-20T08:00:00Z'", Some(OTHER), "pass");
    // The same case passed later: of the release commit it is a contradiction, and of an unknown one no less.
    shard("timestamp='2026-11-20T06:00:00Z'", None, "unknown");
    shard("timestamp='2026-11-20T06:00:00Z'", Some(OWN), "unknown");
    // Another case that passed later says nothing of this one.
    let other = "<testsuite timestamp='2026-11-20T06:00:00Z'><testcase name='TEST-001 y'><failure/></testcase></testsuite>";
    criterion(&[("ci/a/a.xml", PASSED), ("ci/a/evidence.json", OWN), ("ci/b/b.xml", other)], "fail", &[]);
}

#[test]
fn a_part_that_was_not_run_again_is_not_covered_by_the_rest() {
    let beside = |report: &str, origin: &str, verdict: &str, words: &[&str]| {
        let reports = [
            ("ci/a/a.xml", PASSED),
            ("ci/a/evidence.json", OWN),
            ("ci/b/b.xml", report),
            ("ci/b/evidence.json", origin),
        ];
        criterion(&reports, verdict, words);
    };
    let case = |name: &str, inside: &str| {
        let case = format!("<testcase classname='a' name='{name}'>{inside}</testcase>");
        format!("<testsuite timestamp='2026-11-20T06:00:00Z'>{case}</testsuite>")
    };
    let not_run_again = "`TEST-001 y` has no result that counts";
    beside(&case("TEST-001 y", ""), OTHER, "stale", &[not_run_again, "not for the release commit"]);
    beside(&case("TEST-001 y", "<failure/>"), OTHER, "stale", &[not_run_again]);
    beside(&case("TEST-001 y", ""), "{}", "unknown", &[not_run_again, "invalid `evidence.json`"]);
    beside(
        case("TEST-001 y", "").trim_end_matches("</testsuite>"),
        OWN,
        "unknown",
        &[not_run_again, "truncated"],
    );
    // What was run again, and what was not run then either, changes nothing.
    beside(&case("TEST-001 x", ""), OTHER, "pass", &[]);
    beside(&case("TEST-001 y", "<skipped/>"), OTHER, "pass", &[]);
}

#[test]
fn a_failure_in_a_report_that_is_cut_off_counts() {
    let cut = "<testsuite timestamp='2026-11-20T06:00:00Z'><testcase name='TEST-001 y'><failure/></testcase>";
    criterion(&[("ci/a.xml", PASSED), ("ci/b.xml", cut), ("ci/evidence.json", OWN)], "fail", &[]);
}

#[test]
fn a_later_attempt_is_named_and_counts_only_if_it_is_asked_for() {
    let both = "<testsuite timestamp='2026-11-20T07:00:00Z'><testcase name='TEST-001 x'><failure/></testcase>\
                <testcase name='TEST-001 x'/></testsuite>";
    let last = CONFIG.replace("max_age", "retries = \"last\"\nmax_age");
    let one: &[(&str, &str)] = &[("ci/a.xml", both), ("ci/evidence.json", OWN)];
    criterion(one, "fail", &["passed on a later attempt", "retries = \"last\""]);
    criterion_with(&last, one, "pass", &["only after a failure"]);
    let first = failed("timestamp='2026-11-20T06:00:00Z'");
    let two: &[(&str, &str)] = &[("ci/a.xml", PASSED), ("ci/b.xml", &first), ("ci/evidence.json", OWN)];
    criterion(two, "unknown", &["passed on a later attempt"]);
    // Two reports may be of two systems.
    criterion_with(&last, two, "unknown", &["passed on a later attempt"]);
    // Two suites of one report may be of two browsers; and by their times the failure may be the last attempt.
    let browsers = "<testsuites timestamp='2026-11-20T07:00:00Z'><testsuite name='s' hostname='chromium'>\
                    <testcase name='TEST-001 x'><failure/></testcase></testsuite><testsuite name='s' \
                    hostname='firefox'><testcase name='TEST-001 x'/></testsuite></testsuites>";
    criterion_with(&last, &[("ci/a.xml", browsers), ("ci/evidence.json", OWN)], "fail", &[]);
    let dated = "<testsuite><testcase name='TEST-001 x' timestamp='2026-11-20T08:00:00Z'><failure/></testcase>\
                 <testcase name='TEST-001 x' timestamp='2026-11-20T07:00:00Z'/></testsuite>";
    criterion_with(&last, &[("ci/a.xml", dated), ("ci/evidence.json", OWN)], "fail", &[]);
    // What failed last failed.
    let reversed = "<testsuite timestamp='2026-11-20T07:00:00Z'><testcase name='TEST-001 x'/>\
                    <testcase name='TEST-001 x'><failure/></testcase></testsuite>";
    criterion_with(&last, &[("ci/a.xml", reversed), ("ci/evidence.json", OWN)], "fail", &[]);
}

/// The check of failed results without a TEST entry, if there is one.
fn unmatched(config: &str, report: &str) -> Option<Check> {
    let reports = [("ci/a/a.xml", PASSED), ("ci/a/evidence.json", OWN), ("ci/b/b.xml", report)];
    checks_with(config, &reports).into_iter().find(|check| check.id == "g/Failed results have a TEST entry")
}

#[test]
fn failed_results_that_fit_nothing_are_red() {
    let many: String = (0..500).map(|at| format!("<testcase name='t{at}'><failure/></testcase>")).collect();
    let many = format!("<testsuite timestamp='2026-11-20T07:00:00Z'>{many}</testsuite>");
    let check = unmatched(CONFIG, &many).expect("a check");
    assert_eq!(check.verdict, "warn");
    for word in ["500 results that failed match no TEST entry", "`t0` (ci/b/b.xml:1)", "more"] {
        assert!(check.words.contains(word), "`{word}` is not in: {}", check.words);
    }
    let strict = format!("{CONFIG}\n[release_context]\nrisk_tolerance = \"conservative\"\n");
    assert_eq!(unmatched(&strict, &many).map(|check| check.verdict).as_deref(), Some("fail"));
    let own = format!("{CONFIG}\n[profiles.moderate]\nunmatched_failures = \"block\"\n");
    assert_eq!(unmatched(&own, &many).map(|check| check.verdict).as_deref(), Some("fail"));
    // One that names an id of no entry, and one of which nobody can tell how it ended.
    for case in ["<testcase name='TEST-009'><error/></testcase>", "<testcase name='t' status='aborted'/>"] {
        let report = format!("<testsuite timestamp='2026-11-20T07:00:00Z'>{case}</testsuite>");
        assert_eq!(unmatched(CONFIG, &report).map(|check| check.verdict).as_deref(), Some("warn"), "{case}");
    }
    // What passed, or was skipped, is not red.
    let green = "<testsuite timestamp='2026-11-20T07:00:00Z'><testcase name='t'/><testcase name='u'><skipped/></testcase></testsuite>";
    assert!(unmatched(CONFIG, green).is_none());
}

#[test]
fn a_case_that_lost_its_id_to_a_stub_is_named() {
    let report = "<testsuite timestamp='2026-11-20T07:00:00Z'><testcase name='TEST-001 stub'/>\
                  <testcase classname='login' name='a user signs in'><failure/></testcase></testsuite>";
    let check = unmatched(CONFIG, report).expect("a check");
    assert!(check.words.contains("`a user signs in`"), "{}", check.words);
}

/// Git in a folder, with no configuration but what is given here.
fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = std::process::Command::new("git");
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    command.args(["-c", "user.name=A", "-c", "user.email=a@example.com"]).args(arguments);
    let output = command.current_dir(folder).output().expect("git can be started");
    assert!(output.status.success(), "git {arguments:?}: {}", err(&output));
    out(&output).trim().to_owned()
}

#[test]
fn a_merge_commit_and_its_head_are_recognised_where_git_tells() {
    if !std::process::Command::new("git")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
    {
        return support::skipped("no git");
    }
    let folder = folder(&[("plan.yaml", PLAN), ("relplan.toml", CONFIG)]);
    let root = folder.path();
    let commit = |message: &str| {
        git(root, &["commit", "--quiet", "--allow-empty", "--no-gpg-sign", "--message", message]);
        git(root, &["rev-parse", "HEAD"])
    };
    git(root, &["init", "--quiet", "--initial-branch=main"]);
    commit("base");
    git(root, &["checkout", "--quiet", "-b", "work"]);
    let head = commit("work");
    git(root, &["checkout", "--quiet", "main"]);
    commit("main");
    git(root, &["merge", "--quiet", "--no-ff", "--no-gpg-sign", "--message=merge", "work"]);
    let merge = git(root, &["rev-parse", "HEAD"]);
    std::fs::create_dir(root.join("ci")).expect("a folder");
    std::fs::write(root.join("ci/a.xml"), PASSED).expect("a report");
    let words = |made_for: &str, released: &str| {
        std::fs::write(root.join("ci/evidence.json"), format!("{{\"commit\": \"{made_for}\"}}"))
            .expect("a file");
        let checks = checks(root, released);
        let check = checks.into_iter().find(|check| check.id == "DEP-001").expect("the criterion");
        assert_eq!(check.verdict, "stale", "{}", check.words);
        check.words
    };
    let of_merge = words(&merge, &head);
    assert!(of_merge.contains(&format!("the merge of {} into its target branch", &head[..8])), "{of_merge}");
    let of_head = words(&head, &merge);
    assert!(of_head.contains("which the release commit"), "{of_head}");
    // Of a commit that git does not know, only what it may be is said.
    let unknown = words("9999999999999999999999999999999999999999", &head);
    assert!(unknown.contains("on a pull request CI may have tested the merge commit"), "{unknown}");
}

#[test]
fn a_stamp_vouches_for_the_reports_of_a_run() {
    let undated = PASSED.replace(" timestamp='2026-11-20T07:00:00Z'", "");
    let files =
        [("plan.yaml", PLAN), ("relplan.toml", CONFIG), ("ci/unit/a.xml", &*undated), ("ci/log.txt", "x")];
    let folder = folder(&files[..3]);
    let root = folder.path();
    let stamp = |arguments: &[&str]| run(root, &[&["stamp", "ci"], arguments].concat());
    let output =
        stamp(&["--commit", COMMIT, "--time", "2026-11-20T08:00:00Z", "--run", "https://ci.example/1"]);
    assert_eq!(
        (code(&output), err(&output)),
        (0, "wrote ci/evidence.json: 1 report of commit 4f2d9c1e\n".to_owned())
    );
    let written: Value =
        serde_json::from_slice(&std::fs::read(root.join("ci/evidence.json")).expect("a file")).expect("JSON");
    assert_eq!(
        (written["commit"].as_str(), written["run"].as_str()),
        (Some(COMMIT), Some("https://ci.example/1"))
    );
    let verdict = |words: &str| {
        let check =
            checks(root, COMMIT).into_iter().find(|check| check.id == "DEP-001").expect("the criterion");
        assert!(check.words.contains(words), "`{words}` is not in: {}", check.words);
        check.verdict
    };
    assert_eq!(verdict("1 of 1 tests passed"), "pass");
    // A report that is changed afterwards, and one that is put beside it.
    std::fs::write(root.join("ci/unit/a.xml"), format!("{undated}\n")).expect("a report");
    assert_eq!(verdict("differs from its digest in `evidence.json`"), "unknown");
    std::fs::rename(root.join("ci/unit/a.xml"), root.join("ci/unit/b.xml")).expect("a report");
    assert_eq!(verdict("is not listed in `evidence.json`"), "unknown");
    // Stamped again it counts again; the stamp itself is no report.
    assert_eq!(code(&stamp(&["--commit", COMMIT, "--time", "2026-11-20T08:00:00Z"])), 0);
    assert_eq!(verdict("1 of 1 tests passed"), "pass");
}

/// The verdict of the criterion with a report beside one that passed.
fn beside(report: &str) -> String {
    let reports = [("ci/a.xml", PASSED), ("ci/b.xml", report), ("ci/evidence.json", OWN)];
    let checks = checks_with(CONFIG, &reports);
    let worst = checks.iter().filter(|check| check.id != "plan" && check.verdict != "pass");
    worst.map(|check| check.verdict.clone()).next().unwrap_or_else(|| "pass".to_owned())
}

#[test]
fn what_test_runners_write_of_a_red_run_is_red() {
    let suite = |inside: &str| format!("<testsuite timestamp='2026-11-20T07:00:00Z'>{inside}</testsuite>");
    // pytest, interrupted: the case that it was at is called nothing.
    assert_eq!(
        beside(&suite("<testcase classname='b' name='TEST-001 y'/><testcase time='0.000'/>")),
        "unknown"
    );
    // pytest: the tear-down of a test that was skipped.
    let teardown = "<testcase classname='b' name='TEST-001 y'><skipped/><error/></testcase>";
    assert_eq!(beside(&suite(teardown)), "fail");
    let swallowed = "<testcase classname='b' name='TEST-001 y'><skipped/><Failure/></testcase>";
    assert_eq!(beside(&suite(swallowed)), "unknown");
    // CTest: a program that is not there.
    let not_run = "<testcase name='TEST-001_b' classname='TEST-001_b' status='notrun'>\
                   <skipped message='Unable to find executable'/></testcase>";
    assert_eq!(beside(&suite(not_run)), "fail");
    let deliberate = not_run.replace("Unable to find executable", "SKIP_RETURN_CODE=77");
    assert_eq!(beside(&suite(&deliberate)), "pass");
    // Node: a test whose subtests pass is a suite, and only the totals say that it failed.
    let node = "<testsuites><testsuite name='TEST-001 parent' timestamp='2026-11-20T07:00:00Z'>\
                <testcase name='sub' classname='test'/></testsuite><!-- tests 2 --><!-- pass 1 --><!-- fail 1 -->\
                <!-- cancelled 0 --></testsuites>";
    assert_eq!(beside(node), "unknown");
    assert_eq!(beside(&node.replace("fail 1", "fail 0")), "pass");
    // nose2: a test that passed against all expectation.
    let unexpected = "<testcase name='TEST-001 y'><skipped message='test passes unexpectedly'/></testcase>";
    assert_eq!(beside(&suite(unexpected)), "unknown");
}

#[test]
fn a_suite_that_lost_its_cases_is_a_result() {
    for (suite, verdict) in [
        ("<testsuite name='TEST-001 s' tests='0' errors='1' failures='0'/>", "fail"),
        ("<testsuite name='TEST-001 s' status='failed'/>", "fail"),
        ("<testsuite name='TEST-001 s' tests='5'/>", "unknown"),
        ("<testsuite name='s' errors='1'/>", "warn"),
        ("<testsuite name='s' success='false'/>", "warn"),
        ("<testsuites><testsuite name='TEST-001 s' Failures='1'/></testsuites>", "fail"),
    ] {
        let dated = suite.replacen("name=", "timestamp='2026-11-20T07:00:00Z' name=", 1);
        assert_eq!(beside(&dated), verdict, "{suite}");
    }
}

#[test]
fn a_result_that_hides_is_found() {
    let suite = |inside: &str| format!("<testsuite timestamp='2026-11-20T07:00:00Z'>{inside}</testsuite>");
    let failing = "<testcase name='TEST-001 y'><failure/></testcase>";
    for holder in ["file", "category", "step", "group", "properties"] {
        let text = suite(&format!("<testcase name='TEST-001 z'/><{holder}>{failing}</{holder}>"));
        assert_eq!(beside(&text), "unknown", "{holder}");
    }
    for holder in ["steps", "output", "properties", "property", "system-out"] {
        let text = suite(&format!("<testcase name='TEST-001 y'><{holder}><failure/></{holder}></testcase>"));
        assert_eq!(beside(&text), "unknown", "{holder}");
    }
    for attribute in ["Status='Failed'", "Result='failed'", "failures='1'", "failed='true'"] {
        let text = suite(&format!("<testcase name='TEST-001 y' {attribute}/>"));
        assert_eq!(beside(&text), "fail", "{attribute}");
    }
    assert_eq!(beside(&suite("<testcase name='TEST-001 y' skipped='true'/>")), "pass");
    assert_eq!(beside(&suite("<testcase name='TEST-001 y'>FAILED (exit 1)</testcase>")), "unknown");
    let counts = "<testsuite tests='3' failures='1' errors='2' timestamp='2026-11-20T07:00:00Z'><testcase \
                  name='TEST-001 y'/><testcase name='b'><failure/></testcase><testcase name='c'><failure/></testcase></testsuite>";
    assert_eq!(beside(counts), "unknown");
}

#[test]
fn a_report_of_the_run_that_is_missing_takes_the_others_with_it() {
    let digest = relplan::model::digest::Digest::of(PASSED.as_bytes());
    let other = relplan::model::digest::Digest::of(b"x");
    let named = |reports: &str| format!("{{\"commit\": \"{COMMIT}\", \"reports\": {{{reports}}}}}");
    let with = |stamp: &str, verdict: &str, words: &[&str]| {
        criterion(&[("ci/a.xml", PASSED), ("ci/evidence.json", stamp)], verdict, words);
    };
    let own = format!("\"a.xml\": \"{digest}\"");
    with(&named(&own), "pass", &[]);
    with(&named(&format!("{own}, \"b.xml\": \"{other}\"")), "unknown", &["missing report in the same run"]);
    with(&named(&format!("{own}, \"./a.xml\": \"{other}\"")), "unknown", &["invalid `evidence.json`"]);
    with(&named(&own).replacen('{', "{\"version\": 2, ", 1), "unknown", &["invalid `evidence.json`"]);
    // Whatever lies where a nearer one should be, the one above does not speak for it.
    for nearer in [
        "[]",
        "{}",
        "",
        "{\"metrics\": []}",
        "{\"sha\": \"aaa\"}",
        "<html></html>",
        "{\"version\":\"2.1.0\",\"runs\":[]}",
    ] {
        let reports = [("ci/evidence.json", OWN), ("ci/s/a.xml", PASSED), ("ci/s/evidence.json", nearer)];
        criterion(&reports, "unknown", &["invalid `evidence.json` for the report"]);
    }
}

#[test]
fn a_report_older_than_the_release_commit_is_not_of_it() {
    if !std::process::Command::new("git")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
    {
        return support::skipped("no git");
    }
    let folder = folder(&[("plan.yaml", PLAN), ("relplan.toml", CONFIG), ("ci/a.xml", PASSED)]);
    let root = folder.path();
    git(root, &["init", "--quiet", "--initial-branch=main"]);
    let commit_at = |time: &str| {
        let arguments = ["commit", "--quiet", "--allow-empty", "--no-gpg-sign", "--message=x"];
        let mut command = std::process::Command::new("git");
        command
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_COMMITTER_DATE", time);
        command.args(["-c", "user.name=A", "-c", "user.email=a@example.com"]).args(arguments);
        assert!(command.current_dir(root).status().expect("git can be started").success());
        git(root, &["rev-parse", "HEAD"])
    };
    let verdict = |time: &str| {
        let commit = commit_at(time);
        std::fs::write(root.join("ci/evidence.json"), format!("{{\"commit\": \"{commit}\"}}"))
            .expect("a file");
        let check =
            checks(root, &commit).into_iter().find(|check| check.id == "DEP-001").expect("the criterion");
        (check.verdict, check.words)
    };
    assert_eq!(verdict("2026-11-20T06:30:00Z").0, "pass");
    let (late, words) = verdict("2026-11-20T09:00:00Z");
    assert_eq!(late, "unknown");
    assert!(words.contains("before the release commit"), "{words}");
}

#[test]
fn a_stamp_names_a_whole_commit_and_something_to_vouch_for() {
    let folder = folder(&[("ci/a.xml", PASSED), ("empty/readme.md", "x")]);
    let refused = |arguments: &[&str], words: &str| {
        let output = run(folder.path(), &[&["stamp"], arguments].concat());
        assert_eq!(code(&output), 2, "{}", err(&output));
        assert!(err(&output).contains(words), "{}", err(&output));
    };
    refused(&["ci", "--commit", "4f2d9c1e"], "abbreviated");
    refused(&["ci", "--commit", "main"], "hexadecimal");
    refused(&["ci"], "the commit of the reports is unknown");
    refused(&["empty", "--commit", COMMIT], "no reports in");
    refused(&["nowhere", "--commit", COMMIT], "does not exist");
    refused(&["ci", "--commit", COMMIT, "--time", "yesterday"], "write a time such as");
    assert!(!folder.path().join("ci/evidence.json").exists(), "half of it was written");
}
