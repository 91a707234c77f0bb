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
    check("value,name\n1,a", Some(ReportKind::Metrics));
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
        ("evidence.json", br#"{"commit": "1111111", "time": "2026-11-20T08:00:00Z"}"#),
        ("ci/evidence.json", br#"{"commit": "2222222"}"#),
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
            format!("{} {} {time}", sources.file(report.file).name(), report.commit.as_deref().unwrap_or("-"))
        })
        .collect();
    assert_eq!(
        found,
        [
            "ci/a.xml 2222222 20",
            "b.xml 1111111 20",
            "cicd/c.xml 1111111 20",
            "../d.xml - -",
            "ci/e.xml aaaaaaa1 01"
        ]
    );
    let kinds: Vec<&EvidenceDefectKind> = evidence.defects.iter().map(|defect| &defect.kind).collect();
    assert!(
        matches!(kinds[..], [EvidenceDefectKind::CommitsContradict { other, .. }] if other == "2222222"),
        "{kinds:?}"
    );
}

#[test]
fn an_evidence_json_is_held_to_its_shape() {
    let check = |text: &str, expect: &str| {
        let sources = sources(&[("evidence.json", text.as_bytes())]);
        let found = said(&sources, &read_all(&sources));
        assert!(found.len() == 1 && found[0].starts_with(expect), "{text}: {found:?}");
    };
    check("{\"comit\": \"x\"}", "1:8 unknown field `comit`");
    check("{\"commit\": 7}", "1:12 a commit is a text");
    check("{\"time\": \"now\"}", "1:10 TimeNotUnderstood");
    check("{}", "1:1 it says neither");
    check("{\"commit\": \"x\"", "1:15 the file is cut off");
}
