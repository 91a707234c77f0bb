//! Reports of many producers, read as other people's programs read them.
//!
//! What every file holds is counted and held against what junitparser, lcov, pycobertura and sarif-tools
//! count. `tests/evidence/README.md` says where the files come from; `tests/validators/install` installs
//! the programs.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use relplan::evidence::{
    self, Case, Evidence, EvidenceDefectKind, Outcome, Ratio, ReportKind, ScanLevel, ScanSeverity, Unclear,
};
use relplan::source::{Contents, FileId, SourceFile, SourceMap, Span};
use serde_json::{Value, json};

use crate::support::{self, code, err, folder, found, out, project, run};

/// The files of one folder of `tests/evidence`, sorted.
fn files(kind: &str) -> Vec<PathBuf> {
    let folder = project().join("tests/evidence").join(kind);
    let items = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = items.map(|item| item.expect("a file").path()).collect();
    files.sort();
    files
}

fn name(path: &std::path::Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

/// One file, decoded.
fn sources_of(bytes: Vec<u8>) -> SourceMap {
    SourceMap::new(vec![SourceFile::decode("report", bytes)])
}

fn read(sources: &SourceMap) -> Evidence<'_> {
    evidence::read(sources, &[FileId(0)])
}

/// What another program reads in these files, by path; nothing where it is not installed.
fn opinions(kind: &str, files: &[PathBuf]) -> Option<Value> {
    let mut python = support::python()?;
    if kind == "lcov" && Command::new("lcov").arg("--version").output().is_err() {
        support::skipped("no lcov");
        return None;
    }
    let script = project().join("tests/validators/evidence.py");
    let output = python.arg(script).arg(kind).args(files).output().expect("Python can be started");
    if kind == "tap" && Command::new("perl").args(["-MTAP::Parser", "-e1"]).output().is_err() {
        support::skipped("no perl");
        return None;
    }
    if err(&output).contains("not installed: ") {
        support::skipped("a program that reads reports is missing");
        return None;
    }
    assert!(output.status.success(), "{}", err(&output));
    Some(serde_json::from_str(&out(&output)).expect("JSON"))
}

/// Compares what is counted here with what another program counts. What it refuses, it has no opinion on:
/// those files are named.
fn compare(
    kind: &str,
    files: &[PathBuf],
    refused: &[&str],
    count: impl Fn(&SourceMap, &Evidence<'_>) -> Value,
) {
    let Some(opinions) = opinions(kind, files) else { return };
    let mut wrong = Vec::new();
    let mut without = Vec::new();
    for path in files {
        let opinion = &opinions[path.to_string_lossy().as_ref()];
        let sources = sources_of(std::fs::read(path).expect("a file"));
        let own = count(&sources, &read(&sources));
        if opinion.is_null() {
            without.push(name(path));
        } else if *opinion != own {
            wrong.push(format!("{}: {own} here, and {opinion} elsewhere", name(path)));
        }
    }
    assert!(wrong.is_empty(), "{kind}:\n{}", wrong.join("\n"));
    assert_eq!(without, refused, "files that the other program refuses");
}

#[test]
fn every_report_is_recognised_and_whole() {
    let mut wrong = Vec::new();
    let kinds = [
        ("junit", vec![ReportKind::Junit], 70),
        ("coverage", COVERAGE.to_vec(), 45),
        ("sarif", vec![ReportKind::Sarif], 20),
        ("openmetrics", vec![ReportKind::OpenMetrics], 6),
        ("k6", vec![ReportKind::K6], 2),
        ("cdevents", vec![ReportKind::CdEvents], 48),
        ("trx", vec![ReportKind::Trx], 5),
        ("nunit", vec![ReportKind::Nunit], 10),
        ("xunit", vec![ReportKind::Xunit], 5),
        ("ctrf", vec![ReportKind::Ctrf], 9),
        ("gotest", vec![ReportKind::GoTest], 12),
        ("tap", vec![ReportKind::Tap], 15),
        ("trivy", vec![ReportKind::Trivy], 6),
        ("npm-audit", vec![ReportKind::NpmAudit], 6),
        ("osv", vec![ReportKind::Osv], 3),
        ("cyclonedx", vec![ReportKind::CycloneDx], 8),
    ];
    for (folder, kinds, least) in kinds {
        let files = files(folder);
        assert!(files.len() >= least, "{folder}: only {} files", files.len());
        for path in files {
            let sources = sources_of(std::fs::read(&path).expect("a file"));
            let evidence = read(&sources);
            let report = evidence.reports.first();
            let is_whole = !FLAWED.contains(&name(&path).as_str());
            let whole = report
                .is_some_and(|report| kinds.contains(&report.kind) && report.flaw.is_none() == is_whole);
            let known =
                DEFECTS.iter().find(|(known, _)| *known == name(&path)).map_or(0, |(_, count)| *count);
            if !whole || evidence.defects.len() != known {
                wrong.push(format!("{}: {:?}", name(&path), evidence.defects));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The formats of coverage.
const COVERAGE: [ReportKind; 6] = [
    ReportKind::Lcov,
    ReportKind::Cobertura,
    ReportKind::Jacoco,
    ReportKind::Clover,
    ReportKind::GoCover,
    ReportKind::IstanbulSummary,
];

/// Reports of producers that contradict themselves, or say that a scan failed, and how often.
const DEFECTS: &[(&str, usize)] = &[
    // An error beside each failure, and only the failures among the cases.
    ("biome.xml", 1),
    // What prepares and ends a suite are cases, and no tests.
    ("common-test.xml", 1),
    // A package that does not compile is an error, and no case.
    ("gotestsum.xml", 1),
    // Files that cannot be loaded are cases, and no tests.
    ("jest-junit-suite-errors.xml", 4),
    // What failed outside of any test ended the run: it is an error and no case, and most cases are missing.
    ("karma-error.xml", 2),
    // What cannot be prepared fails its tests and is an error, too.
    ("lab.xml", 1),
    // Tests whose preparation failed are counted, and one case stands for them.
    ("mocha-junit-reporter.xml", 2),
    // A test that passed unexpectedly counts as skipped.
    ("nose2.xml", 1),
    // A request that was not answered and a script that broke are errors, and no cases.
    ("newman.xml", 2),
    // A test file that died is an error of its suite.
    ("prove.xml", 1),
    // An error beside each failure, whatever its severity, and only the failures among the cases.
    ("stylelint.xml", 1),
    // A failed configuration is a case, and neither a test nor a failure.
    ("testng-suite.xml", 1),
    // A threshold on a tag that no request has.
    ("summary-export.json", 1),
    // Made by hand.
    ("diff-cover-lcov.info", 3),
    // Scans that failed, or that found nothing to scan.
    ("njsscan.sarif", 1),
    ("fs-empty.json", 1),
    ("npm11-no-lockfile.json", 1),
    ("npm11-refused.json", 1),
    // Six outcomes leave open how a test ended, and errors and timeouts are not counted.
    ("node-trx-every-outcome.trx", 7),
    // One test is inconclusive.
    ("nunit2-console.xml", 1),
    // What is to be written counts as failed among the tests alone.
    ("nunit2-jest.xml", 1),
    // A test that passed when it was tried again is inconclusive.
    ("testcafe-quarantine.xml", 1),
    // Two passes beside a failure: one was skipped, one was expected to fail.
    ("pytest-shop.xml", 4),
    // The time is that of a country; what was skipped or is to be written is `undefined`, and half of it is counted.
    ("jest-good.xml", 1),
    ("jest.xml", 4),
    // What is to be written is `other`.
    ("jest.json", 1),
    // What passes unexpectedly passed among the tests, and failed in the summary.
    ("playwright.json", 2),
    // A package does not build.
    ("go119-broken.json", 1),
    ("go119-broken-stderr-merged.json", 1),
    ("go127-broken.json", 1),
    // Plans that are not met, one of them of a subtest; a run that was ended; a report without a plan.
    ("bats-setup-file-fails.tap", 1),
    ("node-tap16.tap", 1),
    ("perl-bail.tap", 1),
    ("perl-dies.tap", 1),
    ("perl-short.tap", 1),
];

/// Reports in which nothing that passed counts: plans that were not met, a plan that is missing.
const FLAWED: &[&str] = &["bats-setup-file-fails.tap", "perl-dies.tap", "perl-short.tap"];

/// The formats of test results, besides JUnit XML.
const TEST_RESULTS: [&str; 6] = ["trx", "nunit", "xunit", "ctrf", "gotest", "tap"];

/// Reports whose producers write an outcome in a form of their own, which junitparser hands on as it stands.
const READ_AS_WRITTEN: [&str; 4] = [
    // A failure that was expected is a skip and a failure of one case.
    "catch2.xml",
    // A program that cannot be found is skipped.
    "ctest.xml",
    // A test that passed unexpectedly is skipped.
    "nose2.xml",
    // Nothing at all says that a test was skipped, and an expected failure has a word of its own.
    "qtest.xml",
];

#[test]
fn what_is_written_in_a_form_of_its_own_is_read_as_it_is_meant() {
    let count = |file: &str| {
        let path = project().join("tests/evidence/junit").join(file);
        let sources = sources_of(std::fs::read(path).expect("a file"));
        let evidence = read(&sources);
        let of = |is: fn(&Outcome) -> bool| evidence.cases.iter().filter(|case| is(&case.outcome)).count();
        [
            of(|outcome| *outcome == Outcome::Passed),
            of(|outcome| matches!(outcome, Outcome::Failed | Outcome::Errored)),
            of(|outcome| *outcome == Outcome::Skipped),
            of(|outcome| matches!(outcome, Outcome::Unclear(_))),
        ]
    };
    // Passed, failed, skipped, and what is not clear.
    assert_eq!(READ_AS_WRITTEN.map(count), [[2, 2, 2, 0], [2, 3, 2, 0], [0, 4, 2, 2], [3, 3, 2, 0]]);
}

#[test]
fn cases_are_those_that_junitparser_counts() {
    let mut files = files("junit");
    files.retain(|path| !READ_AS_WRITTEN.contains(&name(path).as_str()));
    compare("junit", &files, &[], |sources, evidence| {
        // What went wrong outside of any case is a case here, and nothing to junitparser.
        let cases = || evidence.cases.iter().filter(|case| sources.slice(case.span).starts_with("<testcase"));
        let count = |outcome| cases().filter(|case| case.outcome == outcome).count();
        json!({
            "cases": cases().count(),
            "failed": count(Outcome::Failed),
            "errored": count(Outcome::Errored),
            "skipped": count(Outcome::Skipped),
        })
    });
}

#[test]
fn test_points_are_those_of_the_parser_of_perl() {
    compare("tap", &files("tap"), &[], |sources, evidence| {
        // Subtests are text to it; what passed counts, whatever is said of the run.
        let is_own = |span: Span| sources.start(span).column == 1;
        let points = || {
            let cases = evidence.cases.iter().filter(|case| is_own(case.span));
            cases.filter(|case| !sources.slice(case.span).starts_with("Bail out!"))
        };
        let count = |is: fn(Outcome) -> bool| points().filter(|case| is(case.outcome)).count();
        json!({
            "passed": count(|outcome| matches!(outcome, Outcome::Passed | Outcome::Unclear(_))),
            "failed": count(|outcome| outcome == Outcome::Failed),
            "skipped": count(|outcome| outcome == Outcome::Skipped),
            "is whole": evidence.reports[0].flaw.is_none(),
        })
    });
}

#[test]
fn results_are_those_that_stand_in_the_files() {
    for kind in ["trx", "nunit", "xunit", "ctrf", "gotest"] {
        compare(kind, &files(kind), &[], |sources, evidence| {
            // What began and did not end, or stands for a package, is no result of a test to others.
            let is_result = |text: &str, name: &str| {
                kind != "gotest" || !text.contains("\"Action\":\"run\"") && !name.starts_with('[')
            };
            let cases = || {
                let cases = evidence.cases.iter();
                cases.filter(|case| is_result(sources.slice(case.span), &case.name))
            };
            let count = |outcome| cases().filter(|case| case.outcome == outcome).count();
            let unclear = |case: &&Case<'_>| matches!(case.outcome, Outcome::Unclear(Unclear::UnknownResult));
            let doubtful = |case: &&Case<'_>| {
                matches!(case.outcome, Outcome::Unclear(Unclear::RunFailed | Unclear::StatedWorse))
            };
            json!({
                "passed": count(Outcome::Passed) + cases().filter(doubtful).count(),
                "failed": count(Outcome::Failed),
                "errored": count(Outcome::Errored),
                "skipped": count(Outcome::Skipped),
                "unclear": cases().filter(unclear).count(),
                "flaky": cases().filter(|case| case.flaky).count(),
            })
        });
    }
}

fn coverage(kind: ReportKind) -> Vec<PathBuf> {
    let is_of = |path: &PathBuf| {
        let sources = sources_of(std::fs::read(path).expect("a file"));
        read(&sources).reports.first().is_some_and(|report| report.kind == kind)
    };
    files("coverage").into_iter().filter(is_of).collect()
}

#[test]
fn lines_and_branches_are_those_of_lcov() {
    // coverage.py gives branches a name, which lcov 1 does not understand.
    let mut files = coverage(ReportKind::Lcov);
    files.retain(|path| name(path) != "coverage-py-branch.info");
    compare("lcov", &files, &[], |_, evidence| {
        let sum = |ratios: &mut dyn Iterator<Item = Ratio>| {
            let ratio = ratios.fold(Ratio::default(), Ratio::plus);
            (ratio.total > 0).then_some([ratio.covered, ratio.total])
        };
        json!({
            "lines": sum(&mut evidence.coverage.iter().map(|file| file.lines)),
            "branches": sum(&mut evidence.coverage.iter().filter_map(|file| file.branches)),
        })
    });
}

#[test]
fn lines_of_cobertura_are_those_of_pycobertura() {
    compare("cobertura", &coverage(ReportKind::Cobertura), &[], |_, evidence| {
        let files = evidence.coverage.iter();
        let lines: BTreeMap<&str, [u64; 2]> =
            files.map(|file| (file.path.as_ref(), [file.lines.covered, file.lines.total])).collect();
        json!(lines)
    });
}

/// What the producers of coverage printed of the run that wrote the file: lines and branches, covered and in all. For Go
/// it is the total of `go tool cover -func`, for JaCoCo its `jacoco.csv`, for the others their summary.
const PRINTED_COVERAGE: &[(&str, [u64; 2], [u64; 2])] = &[
    ("clover-c8.xml", [9, 15], [6, 8]),
    ("clover-nyc-empty.xml", [0, 0], [0, 0]),
    ("clover-nyc-no-branches.xml", [2, 2], [0, 0]),
    ("clover-nyc.xml", [7, 11], [5, 8]),
    ("clover-phpunit-pcov.xml", [6, 7], [0, 0]),
    ("clover-phpunit-xdebug-path.xml", [6, 8], [8, 11]),
    ("clover-vitest-istanbul.xml", [6, 8], [3, 6]),
    ("clover-vitest-v8.xml", [10, 13], [2, 3]),
    ("go-atomic.out", [15, 18], [0, 0]),
    ("go-count.out", [15, 18], [0, 0]),
    ("go-coverpkg-overlap.out", [15, 18], [0, 0]),
    ("go-nothing.out", [0, 1], [0, 0]),
    ("go-set.out", [15, 18], [0, 0]),
    ("go119-coverpkg.out", [15, 18], [0, 0]),
    ("istanbul-summary-c8.json", [9, 15], [6, 8]),
    ("istanbul-summary-nyc-empty.json", [0, 0], [0, 0]),
    ("istanbul-summary-nyc-no-branches.json", [2, 2], [0, 0]),
    ("istanbul-summary-nyc.json", [7, 11], [5, 8]),
    ("istanbul-summary-vitest-istanbul.json", [6, 8], [3, 6]),
    ("istanbul-summary-vitest-v8.json", [10, 13], [2, 3]),
    ("jacoco-groups.xml", [10, 19], [7, 15]),
    ("jacoco-no-exec.xml", [0, 6], [0, 2]),
    ("jacoco.xml", [10, 19], [7, 15]),
];

#[test]
fn coverage_is_what_its_producers_printed() {
    let printed: Vec<String> = PRINTED_COVERAGE.iter().map(|(name, ..)| (*name).to_owned()).collect();
    let others = &COVERAGE[2..];
    let known: Vec<String> = others.iter().flat_map(|kind| coverage(*kind)).map(|path| name(&path)).collect();
    assert_eq!(known.iter().collect::<std::collections::BTreeSet<_>>(), printed.iter().collect());
    for (name, lines, branches) in PRINTED_COVERAGE {
        let path = project().join("tests/evidence/coverage").join(name);
        let sources = sources_of(std::fs::read(path).expect("a file"));
        let evidence = read(&sources);
        let sum = |ratios: &mut dyn Iterator<Item = Ratio>| {
            let Ratio { covered, total } = ratios.fold(Ratio::default(), Ratio::plus);
            [covered, total]
        };
        let found = sum(&mut evidence.coverage.iter().map(|file| file.lines));
        assert_eq!(found, *lines, "lines of {name}");
        let found = sum(&mut evidence.coverage.iter().filter_map(|file| file.branches));
        assert_eq!(found, *branches, "branches of {name}");
    }
}

#[test]
fn results_are_those_of_sarif_tools() {
    compare("sarif", &files("sarif"), &[], |_, evidence| {
        let open = || evidence.scan_results.iter().filter(|result| !result.suppressed);
        let count = |level| open().filter(|result| result.level == level).count();
        json!({
            "error": count(ScanLevel::Error),
            "warning": count(ScanLevel::Warning),
            "note": count(ScanLevel::Note),
            "none": count(ScanLevel::None),
        })
    });
}

/// A severity in one word.
fn word(severity: ScanSeverity) -> &'static str {
    match severity {
        ScanSeverity::None => "none",
        ScanSeverity::Low => "low",
        ScanSeverity::Medium => "medium",
        ScanSeverity::High => "high",
        ScanSeverity::Critical => "critical",
        ScanSeverity::Unknown => "unknown",
    }
}

/// How many results there are of each severity that are not suppressed.
fn severities(evidence: &Evidence<'_>) -> BTreeMap<&'static str, u64> {
    let mut counts = BTreeMap::new();
    for result in evidence.scan_results.iter().filter(|result| !result.suppressed) {
        *counts.entry(word(result.severity)).or_default() += 1;
    }
    counts
}

#[test]
fn severities_of_vectors_are_those_of_cvss() {
    compare("osv", &files("osv"), &[], |_, evidence| {
        let results = evidence.scan_results.iter();
        let found: BTreeMap<&str, &str> =
            results.map(|result| (result.rule.as_ref(), word(result.severity))).collect();
        json!(found)
    });
}

#[test]
fn vulnerabilities_are_those_of_cyclonedx_python_lib() {
    compare("cyclonedx", &files("cyclonedx"), &[], |_, evidence| json!(severities(evidence)));
}

/// How many findings there are of each severity.
type Severities = &'static [(&'static str, u64)];

/// What producers printed of the same run; `tests/evidence/README.md` says how it was made.
const PRINTED_FINDINGS: &[(&str, Severities, usize)] = &[
    ("trivy/fs-vuln.json", &[("critical", 2), ("high", 1), ("low", 1), ("medium", 2), ("unknown", 1)], 0),
    ("trivy/fs-vuln-high-only.json", &[("critical", 2), ("high", 1)], 0),
    ("trivy/fs-vuln-suppressed.json", &[("high", 1), ("unknown", 1)], 3),
    ("trivy/fs-clean.json", &[], 0),
    ("trivy/fs-empty.json", &[], 0),
    ("trivy/fs-misconfig-secret-high.json", &[("critical", 2), ("high", 5)], 0),
    ("npm-audit/npm11-vulnerable.json", &[("critical", 1), ("medium", 2)], 0),
    ("npm-audit/npm11-dev.json", &[("low", 1), ("medium", 2)], 0),
    ("npm-audit/npm11-dev-omitted.json", &[], 0),
    ("npm-audit/npm11-clean.json", &[], 0),
    ("npm-audit/npm6-vulnerable.json", &[("high", 1), ("low", 1)], 0),
];

#[test]
fn findings_are_those_that_producers_print() {
    for (path, printed, suppressed) in PRINTED_FINDINGS {
        let path = project().join("tests/evidence").join(path);
        let sources = sources_of(std::fs::read(&path).expect("a file"));
        let evidence = read(&sources);
        let expect: BTreeMap<&str, u64> = printed.iter().copied().collect();
        assert_eq!(severities(&evidence), expect, "{}", path.display());
        assert_eq!(evidence.scans[0].suppressed, *suppressed, "{}", path.display());
    }
}

#[test]
fn samples_are_those_of_prometheus_client() {
    compare("openmetrics", &files("openmetrics"), &[], |_, evidence| {
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        for metric in &evidence.metrics {
            *names.entry(&metric.name).or_default() += 1;
        }
        json!(names)
    });
}

/// A plan whose one criterion asks for a metric.
const METRIC_PLAN: &str = "\
id: REL-001
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
  requirement: It is fast
  verification: CI
  blocker: Yes
  owner: QA
  evidence: {metric: {name: NAME, threshold: \"LIMIT\"}}
";

const METRIC_TOML: &str = "\
[plan]
files = [\"plan.yaml\"]
[evidence]
files = [\"ci/**/*\"]
max_age = \"7 days\"
[gates.g]
title = \"G\"
decides = true
criteria = [{name = \"C\", from = \"DEP\", where = {type = \"Criteria\"}}]
";

/// How the criterion of that plan is judged, and why.
fn verdict(name: &str, limit: &str, file: (&str, &str)) -> String {
    let plan = METRIC_PLAN.replace("NAME", name).replace("LIMIT", limit);
    let commit = "4f2d9c1e8b7a6053d1c2b3a4958676564738291a";
    let origin = format!("{{\"commit\": \"{commit}\", \"time\": \"2026-11-20T08:00:00Z\"}}");
    let folder = folder(&[
        ("relplan.toml", METRIC_TOML),
        ("plan.yaml", &plan),
        ("ci/evidence.json", &origin),
        (file.0, file.1),
    ]);
    let output =
        run(folder.path(), &["gate", "g", "--format", "json", "--today", "2026-11-20", "--commit", commit]);
    let said: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)));
    let mut found = Vec::new();
    collect(&said, &mut found);
    found.join("; ")
}

/// Every check of the criterion as `verdict: reason`.
fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            let text = |key| members.get(key).and_then(Value::as_str);
            if let (Some("DEP-001"), Some(verdict), Some(reason)) =
                (text("id"), text("verdict"), text("reason"))
            {
                found.push(format!("{verdict}: {reason}"));
            }
            members.values().for_each(|value| collect(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}

#[test]
fn every_series_of_a_metric_is_within_the_limit_or_it_is_no_pass() {
    let check = |limit: &str, json: &str, expect: &str| {
        let found = verdict("p95", limit, ("ci/m.json", json));
        assert!(found.to_lowercase().starts_with(expect), "{limit} {json}: {found}");
    };
    let of = |value: &str, more: &str| {
        format!("{{\"name\": \"p95\", \"value\": {value}, \"unit\": \"ms\"{more}}}")
    };
    let list = |items: &[String]| format!("[{}]", items.join(", "));
    check("< 200ms", &list(&[of("187.4", "")]), "pass: p95 is 187.4 ms");
    check("< 200ms", &list(&[of("200.0000000001", "")]), "fail: p95 is 200.0000000001 ms");
    check("< 200ms", &list(&[of("1e-7", "")]), "pass");
    check("< 200ms", &list(&[of("1e21", "")]), "fail");
    let (a, b) = (of("150", ", \"service\": \"a\""), of("900", ", \"service\": \"b\""));
    check("< 200ms", &list(&[a.clone(), b.clone()]), "fail: p95 {service=\"b\"} is 900 ms");
    // The newest of one series counts, and no other's.
    let older = of("900", ", \"service\": \"a\", \"time\": \"2026-11-20T07:00:00Z\"");
    check("< 200ms", &list(&[a.clone(), older]), "pass");
    let old = of("100", ", \"service\": \"b\", \"time\": \"2020-01-01\"");
    check("< 200ms", &list(&[a.clone(), old]), "stale: p95 {service=\"b\"}");
    let another = of("100", ", \"service\": \"b\", \"commit\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"");
    check("< 200ms", &list(&[a.clone(), another]), "stale: p95 {service=\"b\"}");
    for doubt in
        ["\"time\": \"2026-11-2\"", "\"time\": \"soon\"", "\"commit\": \"main\"", "\"time\": \"2026-11-23\""]
    {
        check(
            "< 200ms",
            &list(&[a.clone(), of("100", &format!(", \"service\": \"a\", {doubt}"))]),
            "unknown",
        );
        check("< 200ms", &list(&[of("100", &format!(", {doubt}"))]), "unknown");
    }
    check(
        "< 200ms",
        &list(&[a.clone(), of("900", ", \"service\": \"a\"")]),
        "unknown: contradicting values of p95 {service=\"a\"}",
    );
    check("< 200ms", &list(&[of("100", ", \"tiem\": \"2020-01-01\"")]), "unknown");
    check("< 200ms", &list(&[of("-1", "")]), "unknown: p95 is -1 ms, an impossible value");
    check("< 200ms", &list(&[of("100", ", \"value\": 900")]), "unknown");
    let share = |value: &str, unit: &str| format!("[{{\"name\": \"p95\", \"value\": {value}{unit}}}]");
    check("< 1%", &share("0.004", ", \"unit\": \"ratio\""), "pass");
    check("< 1%", &share("0.4", ", \"unit\": \"ratio\""), "fail");
    check("> 90%", &share("140", ", \"unit\": \"%\""), "unknown");
    check("< 5", &share("-1", ""), "unknown: p95 is -1, an impossible value");
    check("< 5", &share("4.9999999999999999999", ""), "pass");
    check("> 5", &share("\"NaN\"", ""), "unknown");
    // One of them may be asked for.
    let found = verdict("'p95{service=\"a\"}'", "< 200ms", ("ci/m.json", &list(&[a, b])));
    assert!(found.to_lowercase().starts_with("pass: p95 {service=\"a\"}"), "{found}");
}

#[test]
fn metrics_of_monitors_and_load_tests_are_judged() {
    let prom = "# TYPE p95_seconds gauge\np95_seconds{q=\"a\"} 0.1874 1795161600000\n";
    let found = verdict("p95_seconds", "< 200ms", ("ci/m.prom", prom));
    assert!(found.to_lowercase().starts_with("pass: p95_seconds {q=\"a\"} is 0.1874 seconds"), "{found}");
    let more = format!("{prom}p95_seconds{{q=\"b\"}} NaN\n");
    let found = verdict("p95_seconds", "< 200ms", ("ci/m.prom", &more));
    assert!(found.to_lowercase().starts_with("unknown: p95_seconds {q=\"b\"} has no data"), "{found}");
    let k6 =
        std::fs::read_to_string(project().join("tests/evidence/k6/summary-export.json")).expect("a file");
    let found = verdict("http_req_duration.p(95)", "< 200ms", ("ci/k6.json", &k6));
    assert!(found.to_lowercase().starts_with("pass: http_req_duration.p(95) is 118.01235 ms"), "{found}");
}

#[test]
fn a_report_that_is_cut_in_the_middle_is_refused_with_a_place() {
    let mut wrong = Vec::new();
    // Half of a list of test points is one, too, with a plan that is not met.
    let kinds = FOLDERS.into_iter().chain(TEST_RESULTS).filter(|kind| *kind != "tap");
    for path in kinds.flat_map(files) {
        let bytes = std::fs::read(&path).expect("a file");
        // Half of a table is a table; half of these is nothing.
        let half = bytes[..bytes.len() / 2].to_vec();
        let sources = sources_of(half);
        let evidence = read(&sources);
        let broken = evidence.defects.iter().any(|defect| {
            matches!(defect.kind, EvidenceDefectKind::Malformed { .. }) && sources.start(defect.span).line > 0
        });
        if !broken || evidence.reports.iter().any(|report| report.flaw.is_none()) {
            wrong.push(format!("{}: {:?}", name(&path), evidence.defects));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_passes_in_half_of_a_list_of_test_points() {
    for path in files("tap") {
        let bytes = std::fs::read(&path).expect("a file");
        let sources = sources_of(bytes[..bytes.len() / 2].to_vec());
        let evidence = read(&sources);
        let is_whole = evidence.reports.iter().all(|report| report.flaw.is_none());
        let passed = evidence.cases.iter().any(|case| case.outcome == Outcome::Passed);
        assert!(!is_whole || !passed, "{}", name(&path));
    }
}

#[test]
fn mangled_reports_end_in_defects_or_in_facts() {
    for path in FOLDERS.into_iter().chain(TEST_RESULTS).flat_map(files) {
        let bytes = std::fs::read(&path).expect("a file");
        for at in (0..bytes.len()).step_by(bytes.len() / 24 + 1) {
            for byte in [b'<', b'"', b'&', b'\0', b'\xff', b'}'] {
                let mut mangled = bytes.clone();
                mangled[at] = byte;
                let sources = sources_of(mangled);
                let evidence = read(&sources);
                let is_text =
                    matches!(sources.file(FileId(0)).contents(), Contents::Utf8 | Contents::Utf8WithMark);
                let whole = evidence.reports.first().is_some_and(|report| report.flaw.is_none());
                assert!(is_text || !whole, "{} with {byte:#x} at {at} is no text", name(&path));
            }
        }
    }
}

/// The folders of `tests/evidence` whose files can be cut and mangled.
const FOLDERS: [&str; 7] = ["junit", "coverage", "sarif", "trivy", "npm-audit", "osv", "cyclonedx"];

const PLAN: &str = "- {id: LL-1, title: Look twice}\n";
const REPORT: &str = "<testsuite><testcase name=\"a\"/></testsuite>\n";

/// The findings of group 06 as `place rule`, and how the run ended.
fn check(files: &[(&str, &str)], arguments: &[&str]) -> (i32, Vec<String>) {
    let folder = folder(files);
    let output = run(folder.path(), &[&["check", "--format", "json"], arguments].concat());
    if out(&output).is_empty() {
        return (code(&output), vec![err(&output)]);
    }
    let findings = found(&out(&output)).into_iter().filter(|finding| {
        finding.rule.contains("evidence")
            || finding.rule == "unmatched-glob"
            || finding.rule.contains("coverage")
    });
    (
        code(&output),
        findings.map(|finding| format!("{} {}", finding.places.join(" "), finding.rule)).collect(),
    )
}

#[test]
fn the_configuration_and_the_command_line_name_evidence() {
    let broken = "<testsuite>\n<testcase name=\"a\"/>";
    let toml =
        "[evidence]\nfiles = [\"ci/**/*.xml\", \"nothing/*.xml\", \"ci/b.xml\"]\nmax_age = \"7 days\"\n";
    let files = [
        ("relplan.toml", toml),
        ("release/plan.yaml", PLAN),
        ("ci/deep/a.xml", broken),
        ("ci/b.xml", REPORT),
        ("more/c.sarif", "{}"),
        ("more/notes.txt", "no report"),
    ];
    let malformed = "ci/deep/a.xml:2:21 evidence-malformed".to_owned();
    let idle = "relplan.toml:2:25 unmatched-glob".to_owned();
    assert_eq!(check(&files, &[]), (1, vec![idle.clone(), malformed.clone()]));
    let unknown = "more/c.sarif:1:1 evidence-not-recognised".to_owned();
    let expect = vec![idle.clone(), malformed.clone(), unknown];
    assert_eq!(check(&files, &["--evidence", "more", "--evidence", "./ci/b.xml"]), (1, expect));
    let unknown = "more/notes.txt:1:1 evidence-not-recognised".to_owned();
    assert_eq!(check(&files, &["--evidence", "more/notes.txt"]), (1, vec![idle, malformed, unknown]));
}

#[test]
fn a_path_that_does_not_exist_stops_the_command() {
    let files = [("release/plan.yaml", PLAN)];
    for command in [&["check"][..], &["checklist"], &["matrix", "EPIC", "TEST"]] {
        let folder = folder(&files);
        let output = run(folder.path(), &[command, &["--evidence", "gone.xml"]].concat());
        assert_eq!(code(&output), 2, "{command:?}");
        assert!(err(&output).contains("gone.xml` does not exist"), "{}", err(&output));
    }
}

#[test]
fn copies_count_once_and_what_is_the_same_file_is_read_once() {
    let files = [("release/plan.yaml", PLAN), ("ci/a.xml", REPORT), ("ci/b.xml", REPORT)];
    let (code, found) = check(&files, &["--evidence", "ci", "--evidence", "ci/a.xml"]);
    assert_eq!((code, found), (0, vec!["ci/b.xml:1:1 ci/a.xml:1:1 duplicate-evidence".to_owned()]));
}

#[test]
fn an_evidence_json_that_no_glob_names_is_found_above_the_reports() {
    let told = REPORT.replace(
        "<testcase",
        "<properties><property name=\"commit\" value=\"aaaaaaa\"/></properties><testcase",
    );
    let files = [
        ("relplan.toml", "[evidence]\nfiles = [\"ci/unit/*.xml\"]\n"),
        ("release/plan.yaml", PLAN),
        ("ci/evidence.json", "{\"commit\": \"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"}"),
        ("ci/unit/a.xml", told.as_str()),
    ];
    let expect = "ci/unit/a.xml:1:55 ci/evidence.json:1:12 evidence-commits-contradict".to_owned();
    assert_eq!(check(&files, &[]), (1, vec![expect]));
}

#[test]
fn of_many_problems_in_one_file_the_last_says_how_many_more_there_are() {
    let folder = folder(&[("release/plan.yaml", PLAN)]);
    let report = "<testcase name='a' timestamp='Monday'/>\n".repeat(25);
    std::fs::write(folder.path().join("a.xml"), format!("<testsuite>{report}</testsuite>")).expect("a file");
    let output = run(folder.path(), &["check", "--format", "json", "--evidence", "a.xml"]);
    let said: Value = serde_json::from_str(&out(&output)).expect("JSON");
    let findings = said["findings"].as_array().expect("findings").iter();
    let of_file: Vec<&str> = findings
        .filter_map(|finding| finding["message"].as_str())
        .filter(|it| it.contains("Monday"))
        .collect();
    let more = of_file.iter().position(|message| message.ends_with("5 more problems in this file"));
    assert_eq!((of_file.len(), more), (20, Some(19)), "{of_file:?}");
}

#[test]
fn sixty_megabytes_are_read_in_bounded_memory() {
    let folder = folder(&[("release/plan.yaml", PLAN)]);
    let case = "<testcase classname=\"shop.cart\" name=\"an item is added\" time=\"0.001\"/>\n";
    let report = format!("<testsuite>\n{}", case.repeat((60 << 20) / case.len()));
    std::fs::write(folder.path().join("huge.xml"), report).expect("a file");
    let output = run(folder.path(), &["check", "--evidence", "huge.xml"]);
    assert_eq!(code(&output), 1, "{}", err(&output));
    assert!(out(&output).contains("the file ends inside `<testsuite>`"), "{}", out(&output));
    let line = format!("<testsuite name='{}", "x".repeat(60 << 20));
    std::fs::write(folder.path().join("huge.xml"), line).expect("a file");
    let output = run(folder.path(), &["check", "--evidence", "huge.xml"]);
    assert_eq!(code(&output), 1, "{}", err(&output));
    assert!(out(&output).len() < 100_000, "the line is not shown whole");
}

const GATE: &str = "[plan]\nfiles = [\"plan.yaml\"]\n[evidence]\nfiles = [\"ci/**/*\"]\nmax_age = \"7 days\"\n[gates.g]\n\
                    title = \"G\"\ndecides = true\ncriteria = [{name = \"C\", from = \"DEP\", where = {type = \"Criteria\"}}]\n";

/// What the gate says of an evidence requirement of coverage on these reports.
fn judged(demand: &str, reports: &[(&str, &str)]) -> String {
    let plan = format!(
        "id: REL-001\ntitle: Release 1.0.0\nversion: 1.0.0\ntype: major\ndate: 2026-12-10\nowner: Release Manager\n---\n\
         - id: DEP-001\n  type: Criteria\n  stage: Pre-deploy\n  title: It works\n  requirement: What is linked passes\n  \
         verification: CI\n  blocker: Yes\n  owner: QA\n  evidence: {{coverage: {demand}}}\n"
    );
    let commit = "4f2d9c1e8b7a6053d1c2b3a4958676564738291a";
    let stamp = format!("{{\"commit\": \"{commit}\", \"time\": \"2026-11-20T08:00:00Z\"}}");
    let base = [("relplan.toml", GATE), ("plan.yaml", plan.as_str()), ("ci/evidence.json", stamp.as_str())];
    let folder = folder(&[&base, reports].concat());
    let output = run(folder.path(), &["gate", "g", "--commit", commit]);
    out(&output)
}

const COVERED: &str = "TN:\nSF:src/a.c\nDA:1,1\nDA:2,1\nBRDA:1,0,0,1\nBRDA:1,0,1,0\nend_of_record\n";

#[test]
fn coverage_is_never_greener_than_its_reports() {
    let check = |demand: &str, reports: &[(&str, &str)], expect: &str| {
        let said = judged(demand, reports);
        let words: Vec<&str> = said.split_whitespace().collect();
        assert!(words.join(" ").contains(expect), "{demand} {reports:?}: {said}");
    };
    check("80%", &[("ci/a.info", COVERED)], "100 % (2 of 2)");
    let none = COVERED.replace(",1\nDA:2,1", ",0\nDA:2,0");
    check("80%", &[("ci/foo/l.info", COVERED), ("ci/bar/l.info", &none)], "50 % (2 of 4)");
    // Of a report that is cut off at its beginning nothing is left but that it is one.
    check("80%", &[("ci/a.info", COVERED), ("ci/b.info", "SF:src/b.c\nDA:1,")], "report with errors");
    let worse = COVERED.replace("end_of_record", "LF:9\nLH:2\nend_of_record");
    check("80%", &[("ci/a.info", COVERED), ("ci/b.info", &worse)], "failures that are missing from it");
    check(
        "{lines: 80%, package: srv}",
        &[("ci/a.info", COVERED)],
        "no coverage report for lines of srv: the reports have `src`",
    );
    check(
        "{lines: 80%, package: src}",
        &[("ci/a.info", COVERED), ("ci/b.info", &worse.replace("src/a.c", "lib/b.c"))],
        "failures that are missing from it",
    );
    // Branches that Istanbul counts and lists nowhere.
    let istanbul = |total: u8| {
        format!(
            "<coverage lines-valid='1' lines-covered='1' branches-valid='{total}' branches-covered='2'><packages>\
             <package name='p'><classes><class name='a.js' filename='a.js'><lines><line number='1' hits='1' branch='true' \
             condition-coverage='100% (2/2)'/></lines></class></classes></package></packages></coverage>"
        )
    };
    check("{branches: 80%}", &[("ci/c.xml", &istanbul(2))], "100 % (2 of 2)");
    check("{branches: 80%}", &[("ci/c.xml", &istanbul(4))], "50 % (2 of 4)");
}
