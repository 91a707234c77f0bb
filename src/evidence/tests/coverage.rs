use super::*;

/// The coverage of all files as `path package lines branches`.
fn check(files: &[(&str, &str)], expect: &[&str]) {
    let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let sources = sources(&files);
    let evidence = read_all(&sources);
    assert_eq!(counted(&evidence), expect);
    assert!(evidence.defects.is_empty(), "{:?}", evidence.defects);
    assert!(evidence.reports.iter().all(|report| report.flaw.is_none()), "{:?}", evidence.reports);
}

fn counted(evidence: &Evidence<'_>) -> Vec<String> {
    let ratio = |ratio: Ratio| format!("{}/{}", ratio.covered, ratio.total);
    let files = evidence.coverage.iter().map(|file| {
        let branches = file.branches.map_or("-".to_owned(), ratio);
        format!("{} {} {} {branches}", file.path, file.package, ratio(file.lines))
    });
    files.collect()
}

/// The coverage of all files and the defects, as text, and the flaw of the first report.
fn read_files(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>, Option<ReportFlaw>) {
    let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let sources = sources(&files);
    let evidence = read_all(&sources);
    (counted(&evidence), said(&sources, &evidence), evidence.reports.first().and_then(|report| report.flaw))
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
    check(&[("a.info", "SF:b\nDA:1,2\nDA:1,2\nend_of_record\n")], &["b  1/1 -"]);
    check(&[("a.info", "SF:b\nLF:10\nLH:4\nend_of_record\n")], &["b  4/10 -"]);
}

#[test]
fn what_several_reports_name_is_joined_and_counts_once() {
    let other = "SF:./src/a.rs\nDA:1,0\nDA:2,1\nDA:3,0\nBRDA:2,0,0,5\nend_of_record\n";
    check(&[("a.info", LCOV), ("b.info", other)], &["src/a.rs src 2/3 2/2"]);
    let absolute = "SF:/home/ci/project/src/a.rs\nDA:1,0\nDA:2,0\nDA:3,1\nend_of_record\n";
    check(&[("a.info", absolute), ("b.info", LCOV)], &["src/a.rs src 2/3 1/2"]);
    let windows = "SF:D:\\ci\\src\\a.rs\nDA:1,0\nDA:2,0\nDA:3,1\nend_of_record\n";
    check(&[("a.info", LCOV), ("b.info", windows)], &["src/a.rs src 2/3 1/2"]);
    let cobertura =
        COBERTURA.replace("50% (1/2)", "100% (2/2)").replace("branches-covered='1'", "branches-covered='2'");
    check(&[("a.xml", COBERTURA), ("b.xml", &cobertura)], &["app/a.py app 2/3 2/2"]);
}

#[test]
fn more_than_all_of_it_is_never_covered() {
    let found = |totals: &str| {
        let text = format!("SF:a\n{totals}end_of_record\nSF:b\nLF:1\nLH:0\nend_of_record\n");
        let sources = sources(&[("a.info", text.as_bytes())]);
        let evidence = read_all(&sources);
        assert!(evidence.reports.iter().all(|report| report.flaw.is_some()), "{text}");
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
    let text = "SF:a\nDA:1,1\nDA:x,1\nDA:2,NaN\nnonsense\nDA:3,0\nend_of_record\nDA:1,1\n";
    let sources = sources(&[("a.info", text.as_bytes())]);
    let evidence = read_all(&sources);
    assert_eq!(
        said(&sources, &evidence),
        [
            "3:1 a line looks like `DA:12,3`",
            "4:1 a line looks like `DA:12,3`",
            "5:1 no line of an LCOV trace file looks like this",
            "8:1 this line is outside of a record; `SF:` begins one",
        ]
    );
    assert_eq!(evidence.coverage[0].lines, Ratio { covered: 1, total: 2 });
    assert!(evidence.reports[0].flaw.is_some());
    assert_eq!(defects("SF:a\nDA:1,1\n"), ["3:1 the file ends inside the record of `a`"]);
}

fn lcov(path: &str, hits: &[u32]) -> String {
    let lines: String = (1..).zip(hits).map(|(line, hits)| format!("DA:{line},{hits}\n")).collect();
    format!("SF:{path}\n{lines}end_of_record\n")
}

/// One class of Cobertura with lines, each with its hits, below these sources.
fn cobertura(sources: &[&str], package: &str, path: &str, hits: &[u32]) -> String {
    let sources: String = sources.iter().map(|source| format!("<source>{source}</source>")).collect();
    let lines: String =
        (1..).zip(hits).map(|(line, hits)| format!("<line number='{line}' hits='{hits}'/>")).collect();
    format!(
        "<coverage><sources>{sources}</sources><packages><package name='{package}'><classes><class name='C' \
         filename='{path}'><lines>{lines}</lines></class></classes></package></packages></coverage>"
    )
}

#[test]
fn the_same_relative_path_in_another_folder_is_another_file() {
    let (all, none, part) =
        (lcov("src/index.ts", &[1, 1]), lcov("src/index.ts", &[0, 0]), lcov("./src/index.ts", &[1, 0]));
    let same = |place: &str, other: u32| {
        format!(
            "{place} SameFileName {{ path: \"src/index.ts\", other: FileId({other}), in_one_folder: false }}"
        )
    };
    let files = [("ci/foo/lcov.info", all.as_str()), ("ci/bar/lcov.info", &none)];
    let (counted, defects, flaw) = read_files(&files);
    assert_eq!(counted, ["src/index.ts src 0/2 -", "src/index.ts src 2/2 -"]);
    assert_eq!((defects, flaw), (vec![same("1:1", 0)], None));
    // Three packages: once for each report that comes later, and once only whatever else it has in common.
    let more = format!("{part}{}", lcov("src/main.ts", &[1]));
    let less = format!("{all}{}", lcov("src\\main.ts", &[0]));
    let files = [("a/lcov.info", less.as_str()), ("b/lcov.info", &none), ("c/lcov.info", &more)];
    let (counted, defects, _) = read_files(&files);
    assert_eq!(counted.len(), 5);
    assert_eq!(defects, [same("1:1", 0), same("1:1", 0)]);
    // In one folder it is one file.
    check(&[("ci/unit.info", &part), ("ci/more.info", &none)], &["src/index.ts src 1/2 -"]);
    let xml = cobertura(&[], "src", "src/index.ts", &[0, 1]);
    check(&[("ci/lcov.info", &part), ("ci/coverage.xml", &xml)], &["src/index.ts src 2/2 -"]);
}

#[test]
fn an_absolute_path_is_one_file_wherever_the_report_is() {
    let (first, second) = (lcov("/w/foo/src/a.ts", &[1, 0]), lcov("/w/foo/lib/../src/./a.ts", &[0, 1]));
    check(&[("x/l.info", &first), ("y/l.info", &second)], &["/w/foo/src/a.ts /w/foo/src 2/2 -"]);
    let (first, second) = (lcov("c:\\w\\a.ts", &[1, 0]), lcov("C:/w/a.ts", &[0, 1]));
    check(&[("x/l.info", &first), ("y/l.info", &second)], &["C:/w/a.ts C:/w 2/2 -"]);
    // A relative path is the absolute one that ends like it.
    let (absolute, relative) = (lcov("/w/foo/src/a.ts", &[1, 0]), lcov("src/a.ts", &[0, 1]));
    check(&[("x/l.info", &absolute), ("y/l.info", &relative)], &["src/a.ts src 2/2 -"]);
    // Unless there are two of these, or two folders have it.
    let other = lcov("/w/bar/src/a.ts", &[1]);
    let files = [("x/l.info", absolute.as_str()), ("x/o.info", &other), ("y/l.info", &relative)];
    let (counted, defects, _) = read_files(&files);
    assert_eq!(
        counted,
        ["/w/bar/src/a.ts /w/bar/src 1/1 -", "/w/foo/src/a.ts /w/foo/src 1/2 -", "src/a.ts src 1/2 -"]
    );
    assert_eq!(defects.len(), 2, "{defects:?}");
    let more = lcov("src/a.ts", &[1, 1]);
    let files = [("x/l.info", absolute.as_str()), ("y/l.info", &relative), ("z/l.info", &more)];
    let (counted, defects, _) = read_files(&files);
    assert_eq!((counted.len(), defects.len()), (3, 2), "{defects:?}");
}

#[test]
fn sources_of_cobertura_say_where_files_are() {
    let foo = cobertura(&["/w/foo"], "src", "src/a.py", &[1, 1]);
    let bar = cobertura(&["/w/bar"], "src", "src/a.py", &[0, 0]);
    // In one folder or in two: the files are known.
    check(&[("ci/foo.xml", &foo), ("ci/bar.xml", &bar)], &["src/a.py src 0/2 -", "src/a.py src 2/2 -"]);
    let files = [("ci/foo/c.xml", foo.as_str()), ("ci/bar/c.xml", &bar)];
    assert_eq!(read_files(&files).1, [""; 0]);
    let unit = cobertura(&["C:\\w\\foo\\"], "src", "src\\a.py", &[1, 0]);
    let more = cobertura(&[], "src", "C:\\w\\foo\\src\\a.py", &[0, 1]);
    check(&[("x/c.xml", &unit), ("y/c.xml", &more)], &["src/a.py src 2/2 -"]);
    let root = cobertura(&["/"], "src", "w/foo/src/a.py", &[0, 0, 1]);
    check(&[("x/c.xml", &foo), ("y/c.xml", &root)], &["src/a.py src 3/3 -"]);
    check(&[("x/c.xml", &cobertura(&["."], "p", "a.py", &[1]))], &["a.py p 1/1 -"]);
    check(&[("x/c.xml", &cobertura(&["--source", "src"], "p", "a.py", &[1]))], &["src/a.py p 1/1 -"]);
}

#[test]
fn of_several_sources_the_package_tells_files_apart() {
    let class = |hits: &str| {
        format!(
            "<classes><class name='C' filename='a.py'><lines><line number='1' hits='{hits}'/></lines></class></classes>"
        )
    };
    let packages =
        format!("<package name='p'>{}</package><package name='q'>{}</package>", class("1"), class("0"));
    let report = |sources: &str| {
        format!("<coverage><sources>{sources}</sources><packages>{packages}</packages></coverage>")
    };
    let two = report("<source>/w/p</source><source>/w/q</source>");
    check(&[("c.xml", &two)], &["a.py p 1/1 -", "a.py q 0/1 -"]);
    check(&[("c.xml", &report("<source>/w</source>"))], &["a.py p 1/1 -"]);
    // Another report of the folder that knows no packages may mean either.
    let (counted, defects, _) = read_files(&[("c.xml", &two), ("l.info", &lcov("a.py", &[1, 1]))]);
    assert_eq!((counted.len(), defects.len()), (3, 1), "{counted:?} {defects:?}");
    let two = cobertura(&["/w/p", "/w/q"], "p", "a.py", &[1, 0]);
    check(&[("c.xml", &two), ("l.info", &lcov("a.py", &[0, 1]))], &["a.py p 2/2 -"]);
}

#[test]
fn negative_counts_are_zero() {
    let text = lcov("a.c", &[5, 2]).replace("DA:2,2", "DA:2,-88\nBRDA:2,0,0,-3\nBRDA:2,0,1,1");
    let (counted, defects, flaw) = read_files(&[("l.info", &text)]);
    assert_eq!((counted, flaw), (vec!["a.c  1/2 1/2".to_owned()], None));
    assert_eq!(defects, ["3:1 NegativeCount", "4:1 NegativeCount"]);
    let text = cobertura(&[], "p", "a.c", &[5, 2]).replace("hits='2'", "hits='-1'");
    let (counted, defects, flaw) = read_files(&[("c.xml", &text)]);
    assert_eq!((counted, flaw), (vec!["a.c p 1/2 -".to_owned()], None));
    assert!(defects.len() == 1 && defects[0].ends_with("NegativeCount"), "{defects:?}");
    for hits in ["NaN", "", "inf", "many"] {
        let text = text.replace("'-1'", &format!("'{hits}'"));
        assert_eq!(read_files(&[("c.xml", &text)]).2, Some(ReportFlaw::Malformed), "{hits}");
    }
}

#[test]
fn what_is_listed_only_in_methods_counts() {
    let report = |own: &str, line: &str| {
        format!(
            "<coverage><packages><package name='p'><classes><class name='C' filename='a.pas'><methods><method \
             name='m'><lines>{line}<line number='2' hits='1'/></lines></method></methods><lines>{own}</lines>\
             </class></classes></package></packages></coverage>"
        )
    };
    let line = "<line number='1' hits='1' branch='true' condition-coverage='50% (1/2)'/>";
    check(&[("c.xml", &report("", line))], &["a.pas p 2/2 1/2"]);
    check(&[("c.xml", &report("<line number='1' hits='1'/>", line))], &["a.pas p 1/1 1/2"]);
    let own = "<line number='1' hits='1' branch='true' condition-coverage='100% (2/2)'/>";
    check(&[("c.xml", &report(own, line))], &["a.pas p 1/1 2/2"]);
    // Conditions without a sum, and branches without conditions.
    let conditions = "<line number='1' hits='1' branch='true'><conditions><condition number='0' type='jump' \
                      coverage='50%'/><condition number='1' coverage='100%'/></conditions></line>";
    check(&[("c.xml", &report(conditions, ""))], &["a.pas p 1/1 3/4"]);
    check(&[("c.xml", &report("<line number='1' hits='1' branch='true'/>", ""))], &["a.pas p 1/1 0/2"]);
    let contradiction = own.replace("100%", "50%");
    assert_eq!(read_files(&[("c.xml", &report(&contradiction, ""))]).2, Some(ReportFlaw::Malformed));
}

#[test]
fn a_report_that_states_worse_than_it_lists_proves_nothing() {
    let check = |text: &str, expect: Option<ReportFlaw>| {
        let (_, defects, flaw) = read_files(&[("report", text)]);
        assert_eq!(flaw, expect, "{text}");
        assert!(!defects.is_empty(), "{text}");
    };
    let worse = Some(ReportFlaw::StatedWorse);
    let record =
        |totals: &str| format!("SF:a\nDA:1,1\nDA:2,0\nBRDA:1,0,0,1\nBRDA:1,0,1,0\n{totals}\nend_of_record\n");
    for (totals, expect) in [
        ("LF:3", worse),
        ("LH:0", worse),
        ("BRF:3", worse),
        ("BRH:0", worse),
        ("LF:1", None),
        ("LH:2", None),
        ("LF:-2", Some(ReportFlaw::Malformed)),
    ] {
        check(&record(totals), expect);
    }
    let report = |attributes: &str| {
        cobertura(&[], "p", "a", &[1, 0]).replacen("<coverage", &format!("<coverage {attributes}"), 1)
    };
    for (attributes, expect) in [
        ("lines-valid='3'", worse),
        ("lines-covered='0'", worse),
        ("line-rate='0.3' ", None),
        ("lines-valid='1'", None),
        ("lines-valid='x'", Some(ReportFlaw::Malformed)),
        ("timestamp='abc'", None),
    ] {
        let text = report(attributes);
        // A rate that half a line explains is rounded.
        if attributes.starts_with("line-rate") {
            assert_eq!(read_files(&[("report", &text)]).2, expect);
        } else {
            check(&text, expect);
        }
    }
    check(&report("line-rate='0'"), worse);
    let of_class = cobertura(&[], "p", "a", &[1, 1]).replace("<class ", "<class line-rate='0.5' ");
    check(&of_class, worse);
    let of_package = cobertura(&[], "p", "a", &[1, 1]).replace("<package ", "<package line-rate='0.5' ");
    check(&of_package, worse);
    let branches = COBERTURA.replace("branches-covered='1'", "branches-covered='0'");
    check(&branches, worse);
}

#[test]
fn branches_that_are_counted_and_listed_nowhere_are_not_covered() {
    let text = COBERTURA.replace("branches-valid='2'", "branches-valid='5'");
    let sources = sources(&[("c.xml", text.as_bytes())]);
    let evidence = read_all(&sources);
    assert_eq!((evidence.reports[0].flaw, evidence.defects.len()), (None, 0), "{:?}", evidence.defects);
    assert_eq!(evidence.reports[0].beyond_branches, StatedBeyond { total: 3, missed: 3 });
    let listed = evidence.coverage[0].branches.unwrap_or_default();
    assert_eq!(evidence.reports[0].beyond_branches.applied_to(listed), Ratio { covered: 1, total: 5 });
    // Beside a report that lists them they are known.
    let lcov = "SF:app/a.py\nDA:4,2\nBRDA:4,0,0,1\nBRDA:4,0,1,0\nBRDA:3,0,0,1\nBRDA:3,0,1,0\nBRDA:3,0,2,0\nend_of_record\n";
    let files = [("c.xml", text.as_bytes()), ("l.info", lcov.as_bytes())];
    let sources = super::sources(&files);
    let evidence = read_all(&sources);
    assert_eq!(evidence.coverage[0].branches, Some(Ratio { covered: 2, total: 5 }));
    assert_eq!(evidence.reports[0].beyond_branches, StatedBeyond { total: 0, missed: 1 });
}

#[test]
fn totals_of_llvm_cov_count_where_they_are_worse() {
    let text =
        "SF:/w/a.rs\nFN:1,f\nFNDA:1,f\nFNF:1\nFNH:1\nDA:1,1\nDA:2,1\nDA:3,0\nLF:4\nLH:2\nend_of_record\n";
    check(&[("l.info", text)], &["/w/a.rs /w 2/4 -"]);
    check(&[("l.info", &text.replace("LF:4", "LF:5").replace("LH:2", "LH:4"))], &["/w/a.rs /w 4/5 -"]);
    let by_lines = format!("TN:\n{text}");
    assert_eq!(read_files(&[("l.info", &by_lines)]).2, Some(ReportFlaw::StatedWorse));
}

#[test]
fn times_and_commits_of_cobertura() {
    let report = |attributes: &str| {
        cobertura(&[], "p", "a", &[1]).replacen("<coverage", &format!("<coverage {attributes}"), 1)
    };
    let read = |attributes: &str| {
        let text = report(attributes);
        let sources = sources(&[("c.xml", text.as_bytes())]);
        let report = read_all(&sources).reports[0].clone();
        (report.time, report.commit.map(|commit| commit.into_owned()))
    };
    assert_eq!(read("timestamp='abc'"), (Timestamp::Unreadable, None));
    assert_eq!(read("timestamp='abc' date='2026-11-20'"), (Timestamp::Unreadable, None));
    assert_eq!(read("timestamp='0'"), (Timestamp::Missing, None));
    assert_eq!(read("date='2026-11-20'").0, Timestamp::read("2026-11-20"));
    assert_eq!(read("commit='4f2d9c1e'").1.as_deref(), Some("4f2d9c1e"));
    assert_eq!(read("version='4f2d9c1e'").1, None);
}

const JACOCO: &str = "<!DOCTYPE report PUBLIC '-//JACOCO//DTD Report 1.1//EN' 'report.dtd'><report name='shop'>\
    <sessioninfo id='b' start='1795951187772' dump='1795952187852'/>\
    <sessioninfo id='a' start='1763625600000' dump='1763625600000'/>\
    <package name='com/shop'><class name='com/shop/Cart' sourcefilename='Cart.java'><method name='m' desc='()V'>\
    <counter type='LINE' missed='1' covered='1'/></method><counter type='LINE' missed='1' covered='1'/></class>\
    <sourcefile name='Cart.java'><line nr='3' mi='0' ci='3' mb='1' cb='1'/><line nr='4' mi='2' ci='0' mb='0' cb='0'/>\
    <counter type='INSTRUCTION' missed='2' covered='3'/><counter type='BRANCH' missed='1' covered='1'/>\
    <counter type='LINE' missed='1' covered='1'/></sourcefile><counter type='LINE' missed='1' covered='1'/></package>\
    <counter type='BRANCH' missed='1' covered='1'/><counter type='LINE' missed='1' covered='1'/></report>";

#[test]
fn jacoco_lists_lines_by_source_file() {
    check(&[("jacoco.xml", JACOCO)], &["com/shop/Cart.java com.shop 1/2 1/2"]);
    let sources = sources(&[("jacoco.xml", JACOCO.as_bytes())]);
    let evidence = read_all(&sources);
    assert_eq!(
        (evidence.reports[0].kind, evidence.reports[0].time),
        (ReportKind::Jacoco, Timestamp::read("1763625600"))
    );
    // One more file name for the same lines.
    let other = lcov("/w/src/main/java/com/shop/Cart.java", &[0, 0, 0, 1]);
    check(&[("jacoco.xml", JACOCO), ("ci/l.info", &other)], &["com/shop/Cart.java com.shop 2/4 1/2"]);
}

#[test]
fn groups_of_jacoco_are_modules() {
    let package = |covered: u8| {
        format!(
            "<package name='p'><sourcefile name='A.kt'><line nr='1' mi='0' ci='{covered}' mb='0' cb='0'/>\
             </sourcefile></package>"
        )
    };
    let text = format!(
        "<report name='all'><group name='a'>{}</group><group name='b'>{}</group></report>",
        package(1),
        package(0)
    );
    check(&[("jacoco.xml", &text)], &["p/A.kt p 1/1 -", "p/A.kt p 0/1 -"]);
}

#[test]
fn what_lists_no_lines_in_jacoco_has_its_counters() {
    let counters =
        "<counter type='BRANCH' missed='3' covered='1'/><counter type='LINE' missed='6' covered='4'/>";
    let file = format!(
        "<report name='a'><package name='p'><sourcefile name='A.java'>{counters}</sourcefile></package></report>"
    );
    check(&[("jacoco.xml", &file)], &["p/A.java p 4/10 1/4"]);
    let class = |name: &str| {
        format!(
            "<report name='a'><package name='p'><class name='p/A'{name}>{counters}</class><class name='p/A$B'{name}>{counters}</class></package></report>"
        )
    };
    check(&[("jacoco.xml", &class(" sourcefilename='A.java'"))], &["p/A.java p 8/20 2/8"]);
    check(&[("jacoco.xml", &class(""))], &["p/A p 4/10 1/4", "p/A$B p 4/10 1/4"]);
    let empty = "<report name='empty'><sessioninfo id='x' start='1' dump='1795952187852'/></report>";
    assert_eq!(defects(empty), ["1:1 NoCoverage"]);
    let instructions = "<report name='a'><package name='p'><sourcefile name='A.java'><counter type='INSTRUCTION' \
                        missed='6' covered='4'/></sourcefile></package></report>";
    assert_eq!(defects(instructions), ["1:1 NoCoverage"]);
}

#[test]
fn counters_of_jacoco_that_are_worse_than_its_lines_are_named() {
    let check = |from: &str, to: &str, expect: Option<ReportFlaw>| {
        let text = JACOCO.replacen(from, to, 1);
        let (_, defects, flaw) = read_files(&[("jacoco.xml", &text)]);
        assert_eq!(flaw, expect, "{from} {to}");
        assert!(!defects.is_empty());
    };
    let worse = Some(ReportFlaw::StatedWorse);
    let of = "</sourcefile><counter type='LINE' missed='1' covered='1'/>";
    check(of, "</sourcefile><counter type='LINE' missed='2' covered='1'/>", worse);
    check(of, "</sourcefile><counter type='LINE' missed='1' covered='0'/>", worse);
    check(of, "</sourcefile><counter type='LINE' missed='1' covered='2'/>", None);
    check("<counter type='BRANCH' missed='1'", "<counter type='BRANCH' missed='2'", worse);
    check("dump='1795952187852'", "dump='now'", None);
    check("ci='3'", "ci='-3'", None);
    check("mb='1'", "mb='-1'", Some(ReportFlaw::Malformed));
    check("nr='3'", "nr='x'", Some(ReportFlaw::Malformed));
    let half = &JACOCO[..JACOCO.len() / 2 + 100];
    assert!(read_files(&[("jacoco.xml", half)]).2.is_some());
}

fn clover(lines: &str, metrics: &str) -> String {
    format!(
        "<coverage generated='1795952189170' clover='4.4'><project timestamp='1795952189000'><package name='com.shop'>\
         <file name='Cart.java' path='/w/src/Cart.java'><class name='Cart'><metrics statements='99'/></class>\
         <metrics {metrics}/>{lines}</file><metrics {metrics}/></package><metrics {metrics}/></project>\
         <testproject><file name='T'><line num='1' type='stmt' count='1'/></file></testproject></coverage>"
    )
}

#[test]
fn clover_lists_lines_by_file() {
    // OpenClover: how often a condition was true, and how often false.
    let lines = "<line num='1' type='method' count='1'/><line num='2' type='stmt' count='4'/><line num='2' type='cond' \
                 truecount='4' falsecount='0'/><line num='3' type='stmt' count='0'/>";
    let metrics = "statements='2' coveredstatements='1' conditionals='2' coveredconditionals='1'";
    check(&[("clover.xml", &clover(lines, metrics))], &["/w/src/Cart.java com.shop 1/2 1/2"]);
    // Istanbul: how many branches were taken, and how many not.
    let lines = "<line num='2' type='cond' count='4' truecount='4' falsecount='0'/><line num='3' type='stmt' count='0'/>";
    let metrics = "statements='2' coveredstatements='1' conditionals='4' coveredconditionals='4'";
    check(&[("clover.xml", &clover(lines, metrics))], &["/w/src/Cart.java com.shop 1/2 4/4"]);
    // It leaves out branches of lines without a statement, and counts them.
    let metrics = "statements='2' coveredstatements='1' conditionals='6' coveredconditionals='5'";
    let found = read_files(&[("clover.xml", &clover(lines, metrics))]);
    assert_eq!((found.0, found.2), (vec!["/w/src/Cart.java com.shop 1/2 5/6".to_owned()], None));
    // PHPUnit: branches only in the totals, files in the project.
    let text = "<coverage generated='1795952193'><project timestamp='1795952193'><file name='/w/a.php'><line num='8' \
                type='stmt' count='1'/><metrics conditionals='10' coveredconditionals='8' statements='1' \
                coveredstatements='1'/></file><metrics conditionals='10' coveredconditionals='8' statements='1' \
                coveredstatements='1'/></project></coverage>";
    check(&[("clover.xml", text)], &["/w/a.php /w 1/1 8/10"]);
    let sources = sources(&[("clover.xml", text.as_bytes())]);
    assert_eq!(read_all(&sources).reports[0].time, Timestamp::read("1795952193"));
}

#[test]
fn totals_of_clover_that_are_worse_than_its_lines_are_named() {
    let lines = "<line num='2' type='stmt' count='4'/><line num='3' type='stmt' count='0'/>";
    let check = |metrics: &str, expect: Option<ReportFlaw>| {
        let (_, defects, flaw) = read_files(&[("clover.xml", &clover(lines, metrics))]);
        assert_eq!(flaw, expect, "{metrics}");
        assert!(!defects.is_empty(), "{metrics}");
    };
    check("statements='3' coveredstatements='1'", Some(ReportFlaw::StatedWorse));
    check("statements='2' coveredstatements='0'", Some(ReportFlaw::StatedWorse));
    check("statements='2' coveredstatements='2'", None);
    check("statements='two'", Some(ReportFlaw::Malformed));
    check("conditionals='2' coveredconditionals='3'", Some(ReportFlaw::Malformed));
    for line in [
        "<line num='1' type='stmt' count='x'/>",
        "<line num='1' type='loop' count='1'/>",
        "<line type='stmt' count='1'/>",
    ] {
        let found = read_files(&[("clover.xml", &clover(line, ""))]);
        assert_eq!(found.2, Some(ReportFlaw::Malformed), "{line}");
    }
    let negative = clover("<line num='1' type='stmt' count='-1'/><line num='2' type='stmt' count='1'/>", "");
    let (counted, defects, flaw) = read_files(&[("clover.xml", &negative)]);
    assert_eq!((counted, defects.len(), flaw), (vec!["/w/src/Cart.java com.shop 1/2 -".to_owned()], 1, None));
}

#[test]
fn statements_of_go_are_those_of_go_tool_cover() {
    let profile = "mode: set\nexample.com/shop/cart.go:5.2,6.27 2 0\nexample.com/shop/cart.go:7.3,7.12 1 0\n";
    check(&[("cover.out", profile)], &["example.com/shop/cart.go example.com/shop 0/3 -"]);
    // A block counts once, in one profile and in several, wherever they are.
    let again = format!("{profile}mode: set\nexample.com/shop/cart.go:5.2,6.27 2 1\n");
    check(&[("cover.out", &again)], &["example.com/shop/cart.go example.com/shop 2/3 -"]);
    check(
        &[("a/cover.out", profile), ("b/cover.out", &again)],
        &["example.com/shop/cart.go example.com/shop 2/3 -"],
    );
    let local = "mode: atomic\nshop/cart.go:5.2,6.27 2 17\n";
    let (counted, defects, _) = read_files(&[("a/c.out", local), ("b/c.out", &local.replace("17", "0"))]);
    assert_eq!((counted.len(), defects.len()), (2, 1), "{defects:?}");
    let check = |text: &str, expect: &str| {
        let (_, defects, flaw) = read_files(&[("c.out", text)]);
        assert!(defects.len() == 1 && defects[0].starts_with(expect), "{text}: {defects:?}");
        flaw
    };
    assert_eq!(check("mode: set\n", "1:1 NoCoverage"), Some(ReportFlaw::Empty));
    assert_eq!(
        check("mode: set\na/b.go:1.2,3.4 5 1", "2:19 the file ends inside a line"),
        Some(ReportFlaw::CutOff)
    );
    let broken = "2:1 a block looks like `shop/cart.go:5.2,6.27 2 1`";
    for line in
        ["a/b.go:1.2,3.4 5", "a/b.go:1.2 5 1", "a/b.go:1.2,3.4 -5 1", "a/b.go:1.2,3.4 5 NaN", "nonsense"]
    {
        let text = format!("mode: count\n{line}\na/c.go:1.2,3.4 5 1\n");
        assert_eq!(check(&text, broken), Some(ReportFlaw::Malformed), "{line}");
    }
    assert_eq!(check("mode: count\na/b.go:1.2,3.4 5 -1\n", "2:1 NegativeCount"), None);
    let differs = "mode: set\na/b.go:1.2,3.4 5 1\na/b.go:1.2,3.4 6 1\n";
    assert_eq!(check(differs, "3:1 the same block has another number"), Some(ReportFlaw::Malformed));
}

const SUMMARY: &str = r#"{"total": {"lines":{"total":11,"covered":7,"skipped":0,"pct":63.63},"branches":{"total":8,"covered":5,"skipped":0,"pct":62.5}},
"/w/lib/cart.js": {"lines":{"total":7,"covered":7,"skipped":0,"pct":100},"branches":{"total":6,"covered":5,"skipped":0,"pct":83.33}},
"/w/lib/unused.js": {"lines":{"total":4,"covered":0,"skipped":0,"pct":0},"branches":{"total":2,"covered":0,"skipped":0,"pct":0}}}"#;

#[test]
fn the_summary_of_istanbul_has_totals_by_file() {
    check(&[("s.json", SUMMARY)], &["/w/lib/cart.js /w/lib 7/7 5/6", "/w/lib/unused.js /w/lib 0/4 0/2"]);
    // Beside the lines of the same run it says nothing new.
    let lines = lcov("lib/cart.js", &[1, 1, 1, 1, 1, 1, 1]);
    check(
        &[("s.json", SUMMARY), ("l.info", &lines)],
        &["/w/lib/unused.js /w/lib 0/4 0/2", "lib/cart.js lib 7/7 5/6"],
    );
    let none = r#"{"total": {"lines":{"total":0,"covered":0,"skipped":0,"pct":"Unknown"}}}"#;
    check(&[("s.json", none)], &[]);
    let skipped = r#"{"total": {"lines":{"total":4,"covered":3,"skipped":2,"pct":75}}, "a": {"lines":{"total":4,"covered":3,"skipped":2,"pct":75}}}"#;
    check(&[("s.json", skipped)], &["a  1/2 -"]);
}

#[test]
fn a_summary_of_istanbul_that_contradicts_itself_proves_nothing() {
    let check = |from: &str, to: &str, expect: Option<ReportFlaw>| {
        let text = SUMMARY.replacen(from, to, 1);
        let (_, defects, flaw) = read_files(&[("s.json", &text)]);
        assert_eq!(flaw, expect, "{from} {to}");
        assert!(!defects.is_empty(), "{from} {to}");
    };
    let worse = Some(ReportFlaw::StatedWorse);
    check(
        r#""total":11,"covered":7,"skipped":0,"pct":63.63"#,
        r#""total":14,"covered":7,"skipped":0,"pct":50"#,
        worse,
    );
    check(r#""covered":7,"skipped":0,"pct":63.63"#, r#""covered":6,"skipped":0,"pct":54.54"#, worse);
    check(
        r#""total":11,"covered":7,"skipped":0,"pct":63.63"#,
        r#""total":10,"covered":7,"skipped":0,"pct":70"#,
        None,
    );
    check(r#""pct":100"#, r#""pct":40"#, worse);
    check(r#""pct":83.33"#, r#""pct":100"#, None);
    let broken = Some(ReportFlaw::Malformed);
    check(r#""pct":100"#, r#""pct":"all""#, broken);
    check(r#""total":7,"covered":7"#, r#""total":7,"covered":8"#, broken);
    check(r#""total":7,"covered":7"#, r#""total":7,"covered":-7"#, broken);
    check(r#""total":7,"covered":7"#, r#""total":7"#, broken);
    check(r#"{"lines":{"total":7"#, r#"{"rows":{"total":7"#, broken);
    assert_eq!(read_files(&[("s.json", &SUMMARY[..SUMMARY.len() - 40])]).2, Some(ReportFlaw::CutOff));
}

#[test]
fn of_a_line_that_one_place_lists_twice_the_worse_counts() {
    let twice = "SF:a.js\nDA:1,0\nDA:1,1\nDA:2,1\nLF:2\nLH:2\nend_of_record\n";
    check(&[("l.info", twice)], &["a.js  1/2 -"]);
    let branches = "SF:a.js\nDA:1,1\nBRDA:1,0,0,1\nBRDA:1,0,0,0\nend_of_record\n";
    check(&[("l.info", branches)], &["a.js  1/1 0/1"]);
    let class =
        cobertura(&[], "p", "a.py", &[1, 1]).replace("</lines>", "<line number='1' hits='0'/></lines>");
    check(&[("c.xml", &class)], &["a.py p 1/2 -"]);
    let lines = "<line num='1' type='stmt' count='1'/><line num='1' type='stmt' count='0'/>";
    assert_eq!(read_files(&[("c.xml", &clover(lines, ""))]).0, ["/w/src/Cart.java com.shop 0/1 -"]);
    // Two tests that run through one file are two measurements of it.
    let tests = format!("TN:a\n{}TN:b\n{}", lcov("a.js", &[1, 0]), lcov("a.js", &[0, 1]));
    check(&[("l.info", &tests)], &["a.js  2/2 -"]);
}

#[test]
fn a_file_has_the_same_lines_in_all_reports() {
    let differ =
        |path: &str| format!("SameFileName {{ path: \"{path}\", other: FileId(0), in_one_folder: true }}");
    let (few, more) =
        ("SF:a.js\nDA:1,0\nDA:2,0\nend_of_record\n", "SF:a.js\nDA:2,1\nDA:3,1\nend_of_record\n");
    let (counted, defects, flaw) = read_files(&[("a.info", few), ("b.info", more)]);
    assert_eq!(counted, ["a.js  0/2 -", "a.js  2/2 -"]);
    assert_eq!((defects, flaw), (vec![format!("1:1 {}", differ("a.js"))], None));
    // One after the other in one file, too, and by absolute paths.
    let both = [few, more].concat().replace("a.js", "/w/a.js");
    let (counted, defects, _) = read_files(&[("a.info", &both)]);
    assert_eq!(counted, ["/w/a.js /w 0/2 -", "/w/a.js /w 2/2 -"]);
    assert_eq!(defects, [format!("5:1 {}", differ("/w/a.js"))]);
    // A tool that lists more lines may still be about the same file.
    check(&[("a.info", few), ("b.info", &lcov("a.js", &[0, 1, 1]))], &["a.js  2/3 -"]);
    let total = |lines: u32| {
        format!(r#"{{"/a.js": {{"lines": {{"total": {lines}, "covered": 5, "skipped": 0, "pct": 50}}}}}}"#)
    };
    let summary = |lines: u32| {
        format!(
            r#"{{"total": {{"lines": {{"total": {lines}, "covered": 5}}}}, {}"#,
            total(lines).trim_start_matches('{')
        )
    };
    let (counted, _, _) = read_files(&[("a.json", &summary(10)), ("b.json", &summary(9))]);
    assert_eq!(counted.len(), 2, "{counted:?}");
}

#[test]
fn modules_of_jacoco_have_reports_of_their_name() {
    let report = |name: &str, covered: u8| {
        format!(
            "<report name='{name}'><package name='p'><sourcefile name='A.kt'><line nr='1' mi='1' ci='{covered}' mb='0' \
             cb='0'/></sourcefile></package></report>"
        )
    };
    let counted = |first: &str, second: &str| {
        read_files(&[("a.xml", &report(first, 0)), ("b.xml", &report(second, 1))]).0
    };
    assert_eq!(counted("one", "two"), ["p/A.kt p 0/1 -", "p/A.kt p 1/1 -"]);
    assert_eq!(counted("one", "one"), ["p/A.kt p 1/1 -"]);
    let file = "<sourcefile name='A.kt'><line nr='1' mi='1' ci='0' mb='0' cb='0'/></sourcefile>";
    let twice = report("one", 1).replace("</package>", &format!("{file}</package>"));
    assert_eq!(read_files(&[("a.xml", &twice)]).0, ["p/A.kt p 1/1 -", "p/A.kt p 0/1 -"]);
}
