use proptest::prelude::*;

use super::*;
use crate::evidence::{ReportIndex, ReportKind};
use crate::source::{FileId, SourceFile};

/// What a report is read as in parts of some bytes, if it can be, and in one go.
fn both(text: &str, size: usize) -> (Option<String>, String) {
    let file = SourceFile::new("a.xml", text);
    let input = Input::of(FileId(0), &file).expect("text");
    let empty = || Found::new(FileId(0), ReportKind::Junit, ReportIndex(0));
    let parts = read_parts(&input, cuts(text, size), &empty());
    let mut found = empty();
    if let Err(defect) = Reader::new(&input, 0..text.len(), &mut found).document() {
        found.broken(defect);
    }
    (parts.map(|found| format!("{found:#?}")), format!("{found:#?}"))
}

/// Checks that parts make no difference; says whether the report can be read in parts.
#[track_caller]
fn check(text: &str, size: usize) -> bool {
    let (parts, whole) = both(text, size);
    if let Some(parts) = &parts {
        assert_eq!(*parts, whole, "{text}");
    }
    parts.is_some()
}

#[test]
fn suites_reach_into_the_next_parts() {
    let text = "<testsuites timestamp='2026-11-20T08:00:00Z'>
  <testsuite name='pytest' file='a.py' tests='4'>
    <properties><property name='commit' value='0123456789'/></properties>
    <testcase name='a'/>
    <testcase name='b' file='b.py'><failure/></testcase>
    <testsuite name='inner' tests='1' timestamp='2026-11-19T08:00:00Z'>
      <properties><property name='commit' value='0123456789'/></properties>
      <testcase name='c'/>
    </testsuite>
    <testcase name='d'><skipped/></testcase>
  </testsuite>
  <testsuite name='other'><testcase name='e'/><testcase name='f'/></testsuite>
</testsuites>
<!-- the end -->";
    for size in 1..text.len() {
        assert_eq!(check(text, size), cuts(text, size).len() > 1, "{size}");
    }
    // That a count is wrong is found where its suite ends, in another part than the one that states it.
    let wrong = text.replace("<testsuite name='other'", "<testsuite name='other' tests='7'");
    assert!((1..wrong.len()).any(|size| check(&wrong, size)));
    // pytest counts a test once that stands there twice.
    let twice =
        text.replace("<testcase name='f'", "<testcase name='e'").replace("'other'", "'other' tests='1'");
    assert!((1..twice.len()).any(|size| check(&twice, size)));
}

#[test]
fn what_is_not_as_simple_is_left_to_be_read_in_one_go() {
    for text in [
        // Nothing but a comment, text or a value looks like a case.
        "<testsuite><!-- <testcase/> --><testcase/></testsuite>",
        "<testsuite><testcase name='x'><![CDATA[<testcase/>]]></testcase></testsuite>",
        "<!DOCTYPE testsuite [ <!-- <testcase/> --> ]><testsuite></testsuite>",
        "<testsuite><?p <testcase/> ?></testsuite>",
        // A case in a case, or in what is passed over, is none.
        "<testsuite><testcase><testcase/></testcase></testsuite>",
        "<testsuite><other><testcase/></other></testsuite>",
        // How cases ended is known from a suite of another part.
        "<testsuite><properties><property name='QTestVersion' value='5.15'/></properties>\
         <testcase/><testcase/></testsuite>",
        // What fails is a suite of another part.
        "<testsuite><testcase/><testcase/><error/></testsuite>",
        // Commits differ.
        "<testsuite><properties><property name='commit' value='0123456'/></properties><testcase/>\
         <properties><property name='commit' value='01234567'/></properties><testcase/></testsuite>",
        // A time cannot be read.
        "<testsuite><testcase/><testcase timestamp='soon'/></testsuite>",
        // Broken.
        "<testsuite><testcase/><testcase/>",
        "<testsuite><testcase/><testcase/></testsuites>",
        "<testsuite><testcase/><testcase/></testsuite></testsuite>",
        "<testsuite><testcase/><testcase/></testsuite> behind",
        "<testsuite><testcase/></testsuite><testcase/>",
        "<testsuite><testcase/><testcase name/></testsuite>",
        "<a:testsuite><testcase/><testcase/></b:testsuite>",
    ] {
        assert!(!check(text, 1), "{text}");
    }
    let deep = |depth: usize| {
        format!(
            "{}<testcase name='a'/><testcase name='b'/>{}",
            "<testsuite>".repeat(depth),
            "</testsuite>".repeat(depth)
        )
    };
    assert!(check(&deep(DEEPEST - 1), 1));
    assert!(!check(&deep(DEEPEST), 1));
}

#[test]
fn a_part_has_the_size_that_is_asked_for_and_begins_with_a_case() {
    let text = "<testsuite><testcase/>12345<testcase/><testcase/></testsuite>";
    let parts = |size| cuts(text, size).into_iter().map(|part| &text[part]).collect::<Vec<_>>();
    assert_eq!(parts(1), ["<testsuite>", "<testcase/>12345", "<testcase/>", "<testcase/></testsuite>"]);
    assert_eq!(parts(12), ["<testsuite><testcase/>12345", "<testcase/><testcase/></testsuite>"]);
    assert_eq!(parts(1000), [text]);
    assert!(cuts("", 1).iter().eq(&[0..0_usize; 1]));
}

/// Pieces of reports, most of which fit together.
fn pieces() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "<testcase name='a' classname='c'/>",
        "<testcase name='b' file='f'/>\n",
        "<testcase name='c' timestamp='2026-11-20T08:00:00Z'><failure>&lt;</failure></testcase>",
        "<testcase name='d'><rerunFailure/><properties><property name='id' value='TEST-1'/></properties></testcase>",
        "<testsuite name='x' tests='1' failures='0'>",
        "<testsuite name='y' file='g' timestamp='2026-11-19T08:00:00Z'>",
        "<testsuite name='jest tests' skipped='0'>",
        "<testsuite name='pytest' tests='3'>",
        "<properties><property name='QTestVersion' value='5.15'/></properties>",
        "</testsuite>",
        "</testsuite>",
        "<properties><property name='commit' value='0123456789'/></properties>",
        "<properties><property name='commit' value='abcdef0123'/></properties>",
        "<system-out><testcase/></system-out>",
        "<!-- <testcase/> -->",
        "<![CDATA[<testcase/>]]>",
        "<error/>",
        "text",
        "&amp;",
        "<testcase",
        "<testcase name='e'>",
        "</testcase>",
    ])
}

proptest! {
    #[test]
    fn parts_make_no_difference(pieces in prop::collection::vec(pieces(), 0..30), size in 1..80_usize) {
        // What is left open is closed, so that many are well-formed.
        let inside = pieces.concat();
        let open = inside.matches("<testsuite").count().saturating_sub(inside.matches("</testsuite").count());
        check(&format!("<testsuites>{inside}{}</testsuites>\n", "</testsuite>".repeat(open)), size);
    }
}
