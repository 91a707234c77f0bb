use super::*;

/// The coverage of all files as `path package lines branches`.
fn check(files: &[(&str, &str)], expect: &[&str]) {
    let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let sources = sources(&files);
    let evidence = read_all(&sources);
    let ratio = |ratio: Ratio| format!("{}/{}", ratio.covered, ratio.total);
    let found: Vec<String> = evidence
        .coverage
        .iter()
        .map(|file| {
            let branches = file.branches.map_or("-".to_owned(), ratio);
            format!("{} {} {} {branches}", file.path, file.package, ratio(file.lines))
        })
        .collect();
    assert_eq!(found, expect);
    assert!(evidence.defects.is_empty(), "{:?}", evidence.defects);
}

const LCOV: &str = "TN:unit\nSF:src/a.rs\nFN:1,main\nFNDA:1,main\nDA:1,3\nDA:2,0\nBRDA:2,0,0,-\nBRDA:2,0,1,1\n\
                    LF:2\nLH:1\nBRF:2\nBRH:1\nend_of_record\n";

const COBERTURA: &str = "<?xml version='1.0'?><!DOCTYPE coverage SYSTEM 'http://cobertura.sourceforge.net/xml/coverage-04.dtd'>\
    <coverage lines-valid='3' lines-covered='2' branches-valid='2' branches-covered='1' timestamp='1763625600'>\
    <packages><package name='app'><classes><class name='A' filename='app/a.py'>\
    <methods><method name='f'><lines><line number='1' hits='1'/></lines></method></methods>\
    <lines><line number='1' hits='1'/><line number='2' hits='0'/>\
    <line number='4' hits='2' branch='true' condition-coverage='50% (1/2)'/></lines></class></classes></package></packages></coverage>";

#[test]
fn lines_and_branches_are_counted_by_file() {
    check(&[("a.info", LCOV)], &["src/a.rs src 1/2 1/2"]);
    check(&[("c.xml", COBERTURA)], &["app/a.py app 2/3 1/2"]);
}

#[test]
fn a_record_without_totals_is_counted_and_one_without_lines_is_believed() {
    check(&[("a.info", "SF:b\nDA:1,0\nDA:1,2\nend_of_record\n")], &["b  1/1 -"]);
    check(&[("a.info", "SF:b\nLF:10\nLH:4\nend_of_record\n")], &["b  4/10 -"]);
}

#[test]
fn what_several_reports_name_is_joined_and_counts_once() {
    let other = "SF:./src/a.rs\nDA:2,1\nDA:3,0\nBRDA:2,0,0,5\nend_of_record\n";
    check(&[("a.info", LCOV), ("b.info", other)], &["src/a.rs src 2/3 2/2"]);
    let absolute = "SF:/home/ci/project/src/a.rs\nDA:3,1\nend_of_record\n";
    check(&[("a.info", absolute), ("b.info", LCOV)], &["src/a.rs src 2/3 1/2"]);
    let windows = "SF:D:\\ci\\src\\a.rs\nDA:3,1\nend_of_record\n";
    check(&[("a.info", LCOV), ("b.info", windows)], &["src/a.rs src 2/3 1/2"]);
    let elsewhere = "SF:/home/ci/other/src/a.rs\nDA:9,1\nend_of_record\n";
    check(
        &[("a.info", absolute), ("b.info", elsewhere), ("c.info", LCOV)],
        &[
            "/home/ci/other/src/a.rs /home/ci/other/src 1/1 -",
            "/home/ci/project/src/a.rs /home/ci/project/src 1/1 -",
            "src/a.rs src 1/2 1/2",
        ],
    );
    let cobertura = COBERTURA.replace("1/2", "2/2").replace("branches-covered='1'", "branches-covered='2'");
    check(&[("a.xml", COBERTURA), ("b.xml", &cobertura)], &["app/a.py app 2/3 2/2"]);
}

#[test]
fn more_than_all_of_it_is_never_covered() {
    let found = |totals: &str| {
        let text = format!("SF:a\n{totals}end_of_record\nSF:b\nLF:1\nLH:0\nend_of_record\n");
        let sources = sources(&[("a.info", text.as_bytes())]);
        let evidence = read_all(&sources);
        assert!(evidence.reports.iter().all(|report| !report.flaw.is_none()), "{text}");
        let ratios = evidence.coverage.iter().map(|file| (file.lines.covered, file.lines.total));
        (defects(&text), ratios.collect::<Vec<_>>(), evidence.coverage[0].branches)
    };
    let reason = |place, reason| vec![format!("{place} {reason}")];
    let expect = (reason("3:1", "33 are covered, and there are 6"), vec![(0, 0), (0, 1)], None);
    assert_eq!(found("LF:6\nLH:33\n"), expect);
    let expect = (reason("4:1", "2 are covered, and there are 1"), vec![(1, 1), (0, 1)], None);
    assert_eq!(found("DA:1,1\nBRF:1\nBRH:2\n"), expect);
}

#[test]
fn totals_that_the_lines_contradict_are_named() {
    let found = defects("SF:a\nDA:1,1\nLF:2\nLH:1\nend_of_record\n");
    assert_eq!(found, ["3:1 CountsDiffer { what: \"LF\", stated: 2, counted: 1 }"]);
    let found = defects(&COBERTURA.replace("lines-covered='2'", "lines-covered='3'"));
    assert_eq!(found.len(), 1);
    assert!(
        found[0].ends_with("CountsDiffer { what: \"lines-covered\", stated: 3, counted: 2 }"),
        "{found:?}"
    );
}

#[test]
fn a_report_that_names_nothing_is_a_defect() {
    assert_eq!(defects("TN:\n"), ["1:1 NoCoverage"]);
    assert_eq!(defects("<coverage line-rate='1'/>"), ["1:1 NoCoverage"]);
}

#[test]
fn a_broken_line_is_named_and_the_rest_is_read() {
    let text = "SF:a\nDA:1,1\nDA:x,1\nDA:2,-1\nnonsense\nDA:3,0\nend_of_record\nDA:1,1\n";
    let sources = sources(&[("a.info", text.as_bytes())]);
    let evidence = read_all(&sources);
    assert_eq!(
        said(&sources, &evidence),
        [
            "3:1 a line looks like `DA:12,3`",
            "4:1 a line looks like `DA:12,3`",
            "5:1 no line of an LCOV trace file looks like this",
            "8:1 this stands outside of a record; `SF:` begins one",
        ]
    );
    assert_eq!(evidence.coverage[0].lines, Ratio { covered: 1, total: 2 });
    assert!(!evidence.reports[0].flaw.is_none());
    assert_eq!(defects("SF:a\nDA:1,1\n"), ["3:1 the file ends inside the record of `a`"]);
}
