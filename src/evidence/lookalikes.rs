//! Files that are no evidence, or not in a format that is read: what they are, and what to do about them.

use super::metrics;

/// A JSON document of another program, by the keys that tell.
struct Lookalike {
    /// Keys of the document, or of the first item of its list; all of them are there.
    keys: &'static [&'static str],
    /// What it is, and what to do.
    hint: &'static str,
}

const fn of(keys: &'static [&'static str], hint: &'static str) -> Lookalike {
    Lookalike { keys, hint }
}

/// Objects. The first whose keys are all there counts.
const OBJECTS: &[Lookalike] = &[
    of(
        &["numTotalTests", "testResults"],
        "Jest's own JSON is not read; write JUnit XML with `--reporters=jest-junit`, or `vitest --reporter=junit`",
    ),
    of(&["exitcode", "root", "environment"], "pytest-json-report is not read; use `pytest --junit-xml=FILE`"),
    of(
        &["stats", "passes", "failures", "pending"],
        "Mocha's own JSON is not read; write JUnit XML with `--reporter mocha-junit-reporter`",
    ),
    of(
        &["stats", "results", "meta"],
        "Mochawesome's JSON is not read; write JUnit XML with `--reporter mocha-junit-reporter`",
    ),
    of(&["config", "suites"], "Playwright's own JSON is not read; use `--reporter=junit`"),
    of(
        &["examples", "summary_line"],
        "RSpec's own JSON is not read; write JUnit XML with `--format RspecJunitFormatter`",
    ),
    of(&["historyId", "uuid"], "Allure's results are not read; let the test runner write JUnit XML"),
    of(
        &["lighthouseVersion", "audits"],
        "Lighthouse's own JSON is not read; write each score as a metric: `{\"name\": …, \"value\": …}`",
    ),
    of(&["collection", "run"], "Newman's own JSON is not read; use `--reporters junit`"),
    of(
        &["info", "item"],
        "a Postman collection holds no results; run it with `newman run --reporters junit`",
    ),
    of(&["projectStatus"], "an answer of SonarQube's API is not read; write SARIF instead"),
    of(&["issues", "paging"], "an answer of SonarQube's API is not read; write SARIF instead"),
    of(
        &["workflow_runs", "total_count"],
        "an answer of GitHub's API is not read; name the reports of the run: `gh run download`",
    ),
    of(
        &["check_runs", "total_count"],
        "an answer of GitHub's API is not read; name the reports of the run: `gh run download`",
    ),
    of(
        &["message", "documentation_url"],
        "it is an error that GitHub's API answered; download the report again",
    ),
    of(
        &["web_url", "status", "ref"],
        "an answer of GitLab's API is not read; download the artifacts of the job",
    ),
    of(
        &["errors", "metrics", "results", "generated_at"],
        "Bandit's own JSON is not read; use `--format sarif`",
    ),
    of(&["check_type", "results", "summary"], "Checkov's own JSON is not read; use `--output sarif`"),
    of(&["vulnerabilities", "dependencyCount"], "Snyk's own JSON is not read; use `snyk test --sarif`"),
    of(&["matches", "source", "descriptor"], "Grype's own JSON is not read; use `--output sarif`"),
    of(&["dependencies", "fixes"], "pip-audit's own JSON is not read; use `--format cyclonedx-json`"),
    of(&["results", "errors", "paths"], "Semgrep's own JSON is not read; use `--sarif`"),
    of(&["Issues", "Stats"], "gosec's own JSON is not read; use `-fmt sarif`"),
    of(&["scan_info", "warnings"], "Brakeman's own JSON is not read; use `--format sarif`"),
    of(
        &["reportSchema", "dependencies", "scanInfo"],
        "the JSON of OWASP Dependency-Check is not read; use `--format SARIF`",
    ),
    of(
        &["type", "event"],
        "the JSON of `cargo test` is not read; use `--format junit`, or cargo-nextest with a `[profile.default.junit]`",
    ),
    of(&["reason", "package_id"], "messages of Cargo are not read; write SARIF with `clippy-sarif`"),
    of(
        &["meta", "files", "totals"],
        "coverage.py's own JSON is not read; use `coverage xml` or `coverage lcov`",
    ),
    of(&["spdxVersion"], "an SPDX document lists components and no findings; scan it, and write SARIF"),
    of(
        &["type", "data", "metric"],
        "the points that k6 streams are not read; use `k6 run --summary-export FILE`",
    ),
    of(
        &["results", "metadata", "config", "version"],
        "k6's new machine-readable summary is not read; use `k6 run --summary-export FILE`",
    ),
    of(
        &["resourceMetrics"],
        "OpenTelemetry's JSON is not read; write the values as metrics: `{\"name\": …, \"value\": …}`",
    ),
    of(&["resourceSpans"], "traces are not read; write the values as metrics: `{\"name\": …, \"value\": …}`"),
    of(
        &["status", "data"],
        "an answer of an API is not read; write the value as a metric: `{\"name\": …, \"value\": …}`",
    ),
];

/// Lists, by the keys of their first item.
const LISTS: &[Lookalike] = &[
    of(
        &["filePath", "messages"],
        "ESLint's own JSON is not read; use `--format @microsoft/eslint-formatter-sarif`",
    ),
    of(
        &["source", "warnings"],
        "Stylelint's own JSON is not read; write SARIF with `stylelint-sarif-formatter`",
    ),
    of(&["elements", "keyword"], "Cucumber's own JSON is not read; use `--format junit:FILE`"),
    of(&["RuleID", "Match", "Secret"], "Gitleaks' own JSON is not read; use `--report-format sarif`"),
    of(&["check_type", "results"], "Checkov's own JSON is not read; use `--output sarif`"),
    of(&["code", "filename", "location"], "Ruff's own JSON is not read; use `--output-format sarif`"),
    of(&["code", "file", "level", "line"], "Hadolint's own JSON is not read; use `--format sarif`"),
    of(&["vulnerabilities", "dependencyCount"], "Snyk's own JSON is not read; use `snyk test --sarif`"),
    of(
        &["id", "status", "stage"],
        "an answer of GitLab's API is not read; download the artifacts of the job",
    ),
    of(&["id", "node_id"], "an answer of GitHub's API is not read; download the reports of the run"),
];

/// What an object of JSON with these keys is, if that is known.
pub(super) fn object(keys: &[String], text: &str) -> Option<&'static str> {
    // The keys of this one are the paths of source files.
    if text.get(..text.floor_char_boundary(4096)).is_some_and(|start| start.contains("\"statementMap\"")) {
        return Some("Istanbul's full coverage is not read; use the reporter `lcov` or `cobertura`");
    }
    among(OBJECTS, keys)
}

/// What a list of JSON is whose first item has these keys, if that is known.
pub(super) fn list(keys: &[String]) -> Option<&'static str> {
    among(LISTS, keys)
}

fn among(known: &[Lookalike], keys: &[String]) -> Option<&'static str> {
    let has = |wanted: &&str| keys.iter().any(|key| key == wanted);
    known.iter().find(|known| known.keys.iter().all(&has)).map(|known| known.hint)
}

/// What files begin with that are no text, decoded with U+FFFD for each byte that is not UTF-8.
const BYTES: &[(&str, &str)] = &[
    ("\u{1f}\u{fffd}", "it is compressed with gzip; unpack it with `gunzip`"),
    ("PK\u{3}\u{4}", "it is a ZIP archive; unpack it, and name the reports in it"),
    ("BZh", "it is compressed with bzip2; unpack it with `bunzip2`"),
    ("\u{fffd}7zXZ", "it is compressed with xz; unpack it with `unxz`"),
    ("(\u{fffd}/\u{fffd}", "it is compressed with Zstandard; unpack it with `unzstd`"),
    ("7z\u{fffd}\u{fffd}", "it is a 7z archive; unpack it, and name the reports in it"),
    ("%PDF-", "it is a PDF; let the tool write a report for machines"),
    ("\u{fffd}PNG", "it is a picture; let the tool write a report for machines"),
    ("\u{fffd}\u{fffd}\u{fffd}\u{fffd}", "it is no text; let the tool write a report as text"),
    ("\u{fffd}\u{fffd}", "it is written in UTF-16; write it in UTF-8"),
    ("<\0", "it is written in UTF-16; write it in UTF-8"),
    ("\0<", "it is written in UTF-16; write it in UTF-8"),
    ("{\0", "it is written in UTF-16; write it in UTF-8"),
    ("\0{", "it is written in UTF-16; write it in UTF-8"),
    ("[\0", "it is written in UTF-16; write it in UTF-8"),
    ("\0[", "it is written in UTF-16; write it in UTF-8"),
    ("SQLite format 3\0", "it is an SQLite database; let the tool write a report"),
];

/// What a file of bytes is that are no text, by those that it begins with.
pub(super) fn bytes(text: &str) -> Option<&'static str> {
    // A tape archive begins with the name of its first file.
    if text.get(..512).is_some_and(|header| header.contains("\0ustar")) {
        return Some("it is a tar archive; unpack it, and name the reports in it");
    }
    BYTES.iter().find(|(start, _)| text.starts_with(start)).map(|(_, hint)| *hint)
}

/// What a text is that no reader knows, if that is known.
pub(super) fn text(text: &str) -> Option<&'static str> {
    let text = text.trim_start();
    if text.starts_with("version https://git-lfs.github.com/spec/") {
        return Some("it is a Git LFS pointer; fetch the file with `git lfs pull`");
    }
    if begins_like_html(text) {
        return Some(
            "it is an HTML page, perhaps the error or sign-in page of a server; download the report again",
        );
    }
    if ["=== RUN", "ok  \t", "--- PASS", "--- FAIL"].iter().any(|start| text.starts_with(start)) {
        return Some("it is what `go test` prints for people; write its report with `go test -json`");
    }
    let header = text.lines().next().unwrap_or_default();
    if [';', '\t', '|'].iter().any(|separator| metrics::is_header(header.split(*separator))) {
        return Some("the columns of metrics are separated by commas; write `name,value,unit,time` so");
    }
    let mut lines = text.lines().take(20);
    lines.any(is_of_a_log).then_some("it is the log of a CI job; name the report that the job wrote")
}

fn begins_like_html(text: &str) -> bool {
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|start| {
        text.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start))
            && text[start.len()..].starts_with(|c: char| !c.is_ascii_alphanumeric())
    })
}

/// Whether a line is one that GitHub Actions, GitLab CI, Azure Pipelines or Jenkins write into their logs.
fn is_of_a_log(line: &str) -> bool {
    let behind_time = line.split_once("Z ").map_or(line, |(_, rest)| rest);
    [
        "##[",
        "::group::",
        "::error",
        "section_start:",
        "Running with gitlab-runner",
        "[Pipeline] ",
        "Started by ",
    ]
    .iter()
    .any(|start| behind_time.trim_start_matches("\u{1b}[0K").starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_row_hides_a_later_one() {
        for rows in [OBJECTS, LISTS] {
            for (at, row) in rows.iter().enumerate() {
                let keys: Vec<String> = row.keys.iter().map(|key| (*key).to_owned()).collect();
                assert_eq!(among(&rows[..at], &keys), None, "{:?}", row.keys);
            }
        }
    }

    #[test]
    fn bytes_are_told_by_their_beginning() {
        let check = |bytes: &[u8], expect: &str| {
            let file = crate::source::SourceFile::decode("a", bytes.to_vec());
            assert!(super::bytes(file.text()).is_some_and(|hint| hint.contains(expect)), "{expect}");
        };
        check(b"\x1f\x8b\x08\0\0", "gzip");
        check(b"PK\x03\x04\x14\0", "ZIP");
        check(b"%PDF-1.7\n%\xe2\xe3", "PDF");
        check(b"\x89PNG\r\n\x1a\n", "picture");
        check(b"\xff\xfe<\0?\0", "UTF-16");
        check(b"\xfe\xff\0<\0?", "UTF-16");
        check(b"<\0?\0x\0", "UTF-16");
        check(b"\xfd7zXZ\0", "xz");
        check(b"\x28\xb5\x2f\xfd", "Zstandard");
    }

    #[test]
    fn texts_are_told() {
        let check =
            |own: &str, expect: &str| assert!(text(own).is_some_and(|hint| hint.contains(expect)), "{own}");
        check("version https://git-lfs.github.com/spec/v1\noid sha256:1", "git lfs pull");
        check("<!DOCTYPE HTML>\n<html>", "HTML");
        check("<html lang='en'>", "HTML");
        check("2026-11-20T08:00:00.1234567Z ##[group]Run tests\n", "log");
        check("name;value;unit\np95;1,5;ms\n", "separated by commas");
        check("time\tname\tvalue\n", "separated by commas");
        assert_eq!(text("a;b\n1;2\n"), None);
        assert_eq!(text("<htmlish/>"), None);
        assert_eq!(text("hello"), None);
    }
}
