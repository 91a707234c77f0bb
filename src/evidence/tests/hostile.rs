use super::*;

/// One defect whose words begin so.
fn check(bytes: &[u8], expect: &str) {
    let sources = sources(&[("report", bytes)]);
    let found = said(&sources, &read_all(&sources));
    assert!(found.len() == 1 && found[0].starts_with(expect), "{found:?}");
}

#[test]
fn no_entity_is_expanded() {
    let laughs = "<?xml version='1.0'?><!DOCTYPE lolz [<!ENTITY lol 'lol'><!ENTITY lol2 '&lol;&lol;'>]>\n\
                  <testsuite><testcase name='&lol2;'/></testsuite>";
    check(laughs.as_bytes(), "2:28 `&lol2;` is none of XML's own entities");
    let external = "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>\n<testsuite><system-out>&e;</system-out></testsuite>";
    check(external.as_bytes(), "2:24 `&e;` is none of XML's own entities");
}

#[test]
fn nesting_without_end_is_refused() {
    check("<testsuite>".repeat(100_000).as_bytes(), "1:2817 elements lie more than 256 deep");
    let json = format!("{{\"version\": \"2.1.0\", \"runs\": {}", "[".repeat(100_000));
    check(json.as_bytes(), "1:");
    check("[".repeat(100_000).as_bytes(), "1:");
    check("{\"a\":".repeat(100_000).as_bytes(), "1:");
    let deep = format!(
        "[{{\"name\": \"a\", \"value\": 1, \"unit\": {}1{}}}]",
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    let sources = sources(&[("m.json", deep.as_bytes())]);
    let evidence = read_all(&sources);
    assert!(said(&sources, &evidence)[0].ends_with("a unit is a text: `ms`"));
}

#[test]
fn bytes_that_no_text_has_end_the_reading() {
    check(b"<testsuite>\n<testcase name='a'/>\0</testsuite>", "2:21 a NUL byte");
    check(b"<testsuite>\n<testcase name='\xff'/></testsuite>", "2:17 these bytes are not UTF-8");
    check(b"\xff\xfe<\0t\0", "1:1 NotRecognised { hint: Some(\"it is written in UTF-16");
    check(b"{\"runs\": [\0]}", "1:11 a NUL byte");
    check(b"\0", "1:1 a NUL byte");
}

#[test]
fn what_was_not_read_is_named_with_its_size() {
    let size = 100 << 20;
    let file = SourceFile::not_read("huge.xml", crate::source::Contents::TooLarge(size));
    let sources = SourceMap::new(vec![file]);
    assert_eq!(read_all(&sources).defects[0].kind, EvidenceDefectKind::TooLarge { size });
}

#[test]
fn a_tag_of_ten_thousand_attributes_is_refused() {
    let attributes: String = (0..10_000).map(|number| format!(" a{number}='x'")).collect();
    check(format!("<testsuite{attributes}/>").as_bytes(), "1:");
}

#[test]
fn of_many_defects_the_first_are_kept_and_the_others_counted() {
    let case = "<testcase name='a' timestamp='Monday'/>";
    let report = format!("<testsuite>{}</testsuite>", case.repeat(25));
    let sources = sources(&[("a.xml", report.as_bytes()), ("b.xml", b"<testsuite timestamp='Monday'/>")]);
    let evidence = read_all(&sources);
    assert_eq!((evidence.defects.len(), evidence.more_defects), (21, vec![(FileId(0), 5)]));
}
