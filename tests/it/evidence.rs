//! Reports of many producers, read as other people's programs read them.
//!
//! What every file holds is counted and held against what junitparser, lcov, pycobertura and sarif-tools
//! count. `tests/evidence/README.md` says where the files come from; `tests/validators/install` installs
//! the programs.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use relplan::evidence::{
    self, Evidence, EvidenceDefectKind, Outcome, Ratio, ReportKind, ScanLevel, ScanSeverity,
};
use relplan::source::{Contents, FileId, SourceFile, SourceMap};
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
        ("coverage", vec![ReportKind::Lcov, ReportKind::Cobertura], 10),
        ("sarif", vec![ReportKind::Sarif], 20),
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
            let whole = report.is_some_and(|report| kinds.contains(&report.kind) && report.flaw.is_none());
            let known =
                DEFECTS.iter().find(|(known, _)| *known == name(&path)).map_or(0, |(_, count)| *count);
            if !whole || evidence.defects.len() != known {
                wrong.push(format!("{}: {:?}", name(&path), evidence.defects));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Reports of producers that contradict themselves, or say that a scan failed, and how often.
const DEFECTS: &[(&str, usize)] = &[
    // An error beside each failure, and only the failures among the cases.
    ("biome.xml", 1),
    // Assertions are counted as tests, and sections that may fail as none.
    ("catch2.xml", 2),
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
    // A request that was not answered and a script that broke are errors, and no cases.
    ("newman.xml", 2),
    // Warnings and other messages are errors.
    ("qtest.xml", 1),
    // An error beside each failure, whatever its severity, and only the failures among the cases.
    ("stylelint.xml", 1),
    // A failed configuration is a case, and neither a test nor a failure.
    ("testng-suite.xml", 1),
    // Made by hand.
    ("diff-cover-lcov.info", 3),
    // Scans that failed, or that found nothing to scan.
    ("njsscan.sarif", 1),
    ("fs-empty.json", 1),
    ("npm11-no-lockfile.json", 1),
    ("npm11-refused.json", 1),
];

#[test]
fn cases_are_those_that_junitparser_counts() {
    // Qt Test 5 says nothing at all of what it skipped; junitparser takes that as passed.
    let mut files = files("junit");
    files.retain(|path| name(path) != "qtest.xml");
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

/// What producers printed of the same run; `tests/evidence/README.md` says how it was made.
const PRINTED: &[(&str, &[(&str, u64)], usize)] = &[
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
    for (path, printed, suppressed) in PRINTED {
        let path = project().join("tests/evidence").join(path);
        let sources = sources_of(std::fs::read(&path).expect("a file"));
        let evidence = read(&sources);
        let expect: BTreeMap<&str, u64> = printed.iter().copied().collect();
        assert_eq!(severities(&evidence), expect, "{}", path.display());
        assert_eq!(evidence.scans[0].suppressed, *suppressed, "{}", path.display());
    }
}

#[test]
fn a_report_that_is_cut_in_the_middle_is_refused_with_a_place() {
    let mut wrong = Vec::new();
    for path in FOLDERS.into_iter().flat_map(files) {
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
fn mangled_reports_end_in_defects_or_in_facts() {
    for path in FOLDERS.into_iter().flat_map(files) {
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
        finding.rule.contains("evidence") || finding.rule == "idle-glob" || finding.rule.contains("coverage")
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
    let idle = "relplan.toml:2:25 idle-glob".to_owned();
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
    assert_eq!((code, found), (0, vec!["ci/b.xml:1:1 ci/a.xml:1:1 same-evidence-twice".to_owned()]));
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
        ("ci/evidence.json", "{\"commit\": \"bbbbbbb\"}"),
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
    let more = of_file.iter().position(|message| message.ends_with("and 5 more problems of this file"));
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
