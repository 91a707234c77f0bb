//! Fields that are read, and what is noted where they cannot be.

use super::*;
use crate::model::Text;
use crate::source::{FileId, SourceFile, yaml};

/// What `read` makes of the fields in `text`, and the defects with their texts.
fn check<T: PartialEq + std::fmt::Debug>(
    text: &str,
    read: impl FnOnce(&mut Reader<'_>) -> T,
    expect: T,
    defects: &[&str],
) {
    let file = SourceFile::new("plan.yaml", text);
    let mut reading = yaml::read(FileId(0), &file);
    let Value::Mapping(pairs) = reading.documents.remove(0).root.value else { panic!("a mapping") };
    let mut reader = Reader::new(file.text(), pairs);
    assert_eq!(read(&mut reader), expect, "{text}");
    let found: Vec<&str> = reader.defects.iter().map(|defect| &text[defect.span.range()]).collect();
    assert_eq!(found, defects, "{text}");
}

fn list<'t>(text: &'t str, items: Vec<Text<'_>>) -> Vec<(String, &'t str)> {
    items.into_iter().map(|item| (item.value.into_owned(), &text[item.span.range()])).collect()
}

#[test]
fn a_text_of_blanks_is_empty() {
    for value in ["\"\"", "' '", ">", "~", ""] {
        check(&format!("owner: {value}\n"), |fields| fields.text("owner").is_none(), true, &["owner"]);
    }
}

#[test]
fn numbers_may_set_thousands_apart_and_nothing_else() {
    for (value, expect) in [("20,000", 20_000.0), ("1_000_000.5", 1_000_000.5), ("-3", -3.0), ("4", 4.0)] {
        let read = |fields: &mut Reader<'_>| fields.number("n").map(|number| number.value);
        check(&format!("n: {value}\n"), read, Some(expect), &[]);
    }
    for value in ["1,5", "20,00", "2000,000", ",5", "NaN", "1 000"] {
        check(&format!("n: {value}\n"), |fields| fields.number("n").is_none(), true, &[value]);
    }
}

#[test]
fn numbered_lines_that_yaml_joins_are_items_again() {
    let text = "steps:\n  1. Alert ü\n     now\n  2. Stop\nother: 1. One thing\n";
    let steps = [("Alert ü now", "Alert ü\n     now"), ("Stop", "Stop")];
    let expect = steps.map(|(text, place)| (text.to_owned(), place)).to_vec();
    check(text, |fields| list(text, fields.list("steps")), expect, &[]);
    let expect = vec![("1. One thing".to_owned(), "1. One thing")];
    check(text, |fields| list(text, fields.list("other")), expect, &[]);
}

#[test]
fn a_figure_may_end_in_a_zero_and_a_text_may_not() {
    check("a: 0.50\n", |fields| fields.figure("a").is_some(), true, &[]);
    check("a: 0.50\n", |fields| fields.text("a").is_some(), true, &["0.50"]);
    check("a: '0.50'\n", |fields| fields.text("a").is_some(), true, &[]);
}

#[test]
fn a_key_that_is_there_is_not_suggested() {
    const KNOWN: &[Field] = &[Field::new("created", field::Shape::Date, "Date of creation.")];
    let suggested = |text: &str| {
        let file = SourceFile::new("plan.yaml", text);
        let mut reading = yaml::read(FileId(0), &file);
        let Value::Mapping(pairs) = reading.documents.remove(0).root.value else { panic!("a mapping") };
        let mut reader = Reader::new(file.text(), pairs);
        reader.date("created");
        reader.finish(&[KNOWN], &[], |_| None).defects.remove(0).kind
    };
    let near = DefectKind::UnknownKey { suggestion: Some("created".into()) };
    assert_eq!(suggested("crated: x\n"), near);
    assert_eq!(suggested("created: 2026-01-01\ncrated: x\n"), DefectKind::UnknownKey { suggestion: None });
}

#[test]
fn a_key_that_is_no_text_is_a_defect_of_its_entry() {
    check("[a, b]: c\n: d\n? {e: f}\n", |_| (), (), &["[a, b]", "", "{e: f}"]);
}
