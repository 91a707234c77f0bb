use super::*;

const REPORT: &str = "<testsuite><testcase name='a'/></testsuite>";

#[test]
fn a_file_is_recognised_by_what_stands_in_it() {
    let check = |text: &str, expect: Option<ReportKind>| {
        let sources = sources(&[("report.txt", text.as_bytes())]);
        let evidence = read_all(&sources);
        assert_eq!(evidence.reports.first().map(|report| report.kind), expect, "{text}");
        assert_eq!(evidence.reports.is_empty(), !evidence.defects.is_empty(), "{text}");
    };
    check(REPORT, Some(ReportKind::Junit));
    check("\u{feff}<?xml version=\"1.0\"?>\n<!-- x -->\n<testsuites/>", Some(ReportKind::Junit));
    check("# made by hand\nTN:\nSF:a\nDA:1,1\nend_of_record", Some(ReportKind::Lcov));
    check("<coverage lines-valid='0'/>", Some(ReportKind::Cobertura));
    check("{\"$schema\": \"x\", \"runs\": [], \"version\": \"2.1.0\"}", Some(ReportKind::Sarif));
    check("{\"runs\": [], \"version\": \"1.0.0\"}", None);
    check("[{\"name\": \"a\", \"value\": 1}]", Some(ReportKind::Metrics));
    check("value,name\n1,a\n", Some(ReportKind::Metrics));
    check(
        "<coverage generated='1' clover='4.4'><project><metrics statements='0'/></project></coverage>",
        Some(ReportKind::Clover),
    );
    check("<report name='a'/>", None);
    check("<coverage version='1'><file path='a'/></coverage>", None);
    check("<html/>", None);
    check("{\"a\": 1}", None);
    check("[1, 2]", None);
    check("", None);
    check("hello", None);
}

#[test]
fn the_same_bytes_count_once() {
    let sources = sources(&[("a.xml", REPORT.as_bytes()), ("b.xml", REPORT.as_bytes())]);
    let evidence = read_all(&sources);
    assert_eq!((evidence.reports.len(), evidence.cases.len()), (1, 1));
    assert_eq!(evidence.defects[0].kind, EvidenceDefectKind::SameTwice { first: FileId(0) });
}

#[test]
fn the_nearest_evidence_json_speaks_for_its_folder() {
    let told = "<testsuites timestamp='2026-11-01T00:00:00Z'><testsuite><properties><property name='commit' \
                value='aaaaaaa1'/></properties></testsuite></testsuites>";
    let sources = sources(&[
        (
            "evidence.json",
            br#"{"commit": "1111111111111111111111111111111111111111", "time": "2026-11-20T08:00:00Z"}"#,
        ),
        ("ci/evidence.json", br#"{"commit": "2222222222222222222222222222222222222222"}"#),
        ("ci/a.xml", REPORT.as_bytes()),
        ("b.xml", b"<testsuites/>"),
        ("cicd/c.xml", b"<testsuites></testsuites>"),
        ("../d.xml", b"<testsuites> </testsuites>"),
        ("ci/e.xml", told.as_bytes()),
    ]);
    let evidence = read_all(&sources);
    let found: Vec<String> = evidence
        .reports
        .iter()
        .map(|report| {
            let time = report.time.known().map_or("-".to_owned(), |time| time.format("%d").to_string());
            let commit = report.commit.as_deref().map_or("-", |commit| &commit[..7]);
            format!("{} {commit} {time}", sources.file(report.file).name())
        })
        .collect();
    assert_eq!(
        found,
        [
            "ci/a.xml 2222222 20",
            "b.xml 1111111 20",
            "cicd/c.xml 1111111 20",
            "../d.xml - -",
            "ci/e.xml aaaaaaa 01"
        ]
    );
    assert_eq!(evidence.reports[4].flaw, Some(ReportFlaw::CommitsContradict));
    let kinds: Vec<&EvidenceDefectKind> = evidence.defects.iter().map(|defect| &defect.kind).collect();
    assert!(
        matches!(
            kinds[..],
            [EvidenceDefectKind::OlderThanRun { .. }, EvidenceDefectKind::CommitsContradict { other, .. }]
                if other.starts_with("2222222")
        ),
        "{kinds:?}"
    );
}

#[test]
fn the_same_bytes_of_two_runs_count_twice() {
    let sources = sources(&[
        ("new/a.xml", REPORT.as_bytes()),
        ("new/evidence.json", br#"{"time": "2026-11-20T08:00:00Z"}"#),
        ("old/a.xml", REPORT.as_bytes()),
        ("old/evidence.json", br#"{"time": "2026-11-01T08:00:00Z"}"#),
    ]);
    assert_eq!(read_all(&sources).reports.len(), 2);
}

#[test]
fn an_evidence_json_is_held_to_its_shape() {
    let check = |text: &str, expect: &[&str]| {
        let sources = sources(&[("evidence.json", text.as_bytes())]);
        let found = said(&sources, &read_all(&sources));
        let fits = found.len() == expect.len()
            && found.iter().zip(expect).all(|(own, start)| own.starts_with(start));
        assert!(fits, "{text}: {found:?}");
    };
    let commit = "1111111111111111111111111111111111111111";
    check(&format!("{{\"commit\": \"{commit}\", \"run\": \"https://ci/1\", \"version\": 1}}"), &[]);
    check("{\"comit\": \"x\"}", &["1:1 it says neither", "1:2 KeyNotRead { key: \"comit\" }"]);
    check("{\"commit\": 7}", &["1:12 a commit is a text"]);
    check("{\"commit\": \"4f2d9c1\"}", &["1:12 a commit is its 40 or 64 hexadecimal digits"]);
    check(&format!("{{\"commit\": \"{commit}1\"}}"), &["1:12 a commit is its 40 or 64 hexadecimal digits"]);
    check(
        &format!("{{\"commit\": \"{commit}\", \"commit\": \"{commit}\"}}"),
        &["1:1 duplicate key `commit`"],
    );
    check("{\"time\": \"now\"}", &["1:10 TimeNotUnderstood"]);
    check("{}", &["1:1 it says neither"]);
    check("{\"commit\": \"x\"", &["1:15 the file is cut off"]);
    check(&format!("{{\"commit\": \"{commit}\"}}\0\0"), &["1:55 a NUL byte"]);
    let reports = "{\"reports\": {\"a.xml\": \"sha256:12\"}}";
    check(reports, &["1:23 a digest is `sha256:` and 64 hexadecimal digits", "1:23 VouchedReportMissing"]);
}

/// Why nothing that passed in `ci/a.xml` counts, with an `evidence.json` beside it.
fn flaw_beside(text: &str, report: &str) -> Option<ReportFlaw> {
    let sources = sources(&[
        (
            "evidence.json",
            br#"{"commit": "1111111111111111111111111111111111111111", "time": "2026-11-20T08:00:00Z"}"#,
        ),
        ("ci/a.xml", report.as_bytes()),
        ("ci/evidence.json", text.as_bytes()),
    ]);
    let evidence = read_all(&sources);
    assert_eq!(evidence.reports[0].flaw.is_some(), evidence.reports[0].commit.is_none());
    evidence.reports[0].flaw
}

#[test]
fn an_evidence_json_vouches_for_bytes() {
    let digest = crate::model::digest::Digest::of(REPORT.as_bytes());
    let named = format!("{{\"reports\": {{\"a.xml\": \"{digest}\"}}}}");
    assert_eq!(flaw_beside(&named, REPORT), None);
    assert_eq!(flaw_beside(&named, "<testsuites/>"), Some(ReportFlaw::DigestDiffers));
    let marked = format!("\u{feff}{REPORT}");
    assert_eq!(
        flaw_beside(&named, &marked),
        Some(ReportFlaw::DigestDiffers),
        "a byte order mark is a byte, too"
    );
    assert_eq!(flaw_beside(&named.replace("a.xml", "./a.xml"), REPORT), None);
    assert_eq!(flaw_beside(&named.replace("a.xml", "b.xml"), REPORT), Some(ReportFlaw::NotVouchedFor));
    assert_eq!(flaw_beside("{\"reports\": {}}", REPORT), Some(ReportFlaw::NotVouchedFor));
}

#[test]
fn an_evidence_json_that_cannot_be_read_lets_nothing_above_it_speak() {
    for text in ["{\"commit\": \"x\"}", "{\"time\":", "{\"commit\": 1}", "{\"time\": \"2026-11-20\"}\0"] {
        assert_eq!(flaw_beside(text, REPORT), Some(ReportFlaw::ProvenanceUnreadable), "{text}");
    }
}
