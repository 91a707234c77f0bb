//! Ids, read and refused.

use proptest::prelude::*;

use super::*;

fn check(text: &str, prefix: &str, number: u32, letter: Option<char>, width: u8) {
    let id = parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    assert_eq!(
        (id.prefix.as_str(), id.number, id.letter(), id.width),
        (prefix, number, letter, width),
        "{text}"
    );
}

#[test]
fn the_forms_of_real_plans() {
    check("DEP-001", "DEP", 1, None, 3);
    check("EPIC-02b", "EPIC", 2, Some('b'), 2);
    check("BR-FEA-001", "BR-FEA", 1, None, 3);
    check("DEP-003-error-rate", "DEP", 3, None, 3);
    check("E2E-7", "E2E", 7, None, 1);
    check("CVE-2024-1234", "CVE-2024", 1234, None, 4);
    check("DEP-003-phase-2", "DEP", 3, None, 3);
}

#[test]
fn what_is_not_an_id_says_why() {
    let id = parse("DEP-001").expect("an id");
    for (text, error) in [
        ("dep-001", IdError::LetterCase(id)),
        ("Dep-001-error-rate", IdError::LetterCase(id)),
        ("e2e-7", IdError::LetterCase(parse("E2E-7").expect("an id"))),
        ("EPIC-02B", IdError::LetterCase(parse("EPIC-02b").expect("an id"))),
        ("dep-xxx", IdError::Placeholder),
        ("DEP-XXX", IdError::Placeholder),
        ("TEST-", IdError::NumberMissing),
        ("TEST-*", IdError::NumberMissing),
        ("DEP-1234567890", IdError::NumberTooLong),
        ("A123456789012345-1", IdError::PrefixTooLong),
        ("DEP", IdError::NotAnId),
        ("", IdError::NotAnId),
        ("-", IdError::NotAnId),
        ("DEP-001-9x9", IdError::NotAnId),
        ("TEST-001-to-TEST-050", IdError::NotAnId),
        ("TEST-001-to-050", IdError::NotAnId),
        ("Döp-001", IdError::NotAnId),
    ] {
        assert_eq!(parse(text), Err(error), "{text}");
    }
}

#[test]
fn width_and_slug_are_not_part_of_the_identity() {
    assert_eq!(parse("EPIC-1"), parse("EPIC-001-login"));
    assert_ne!(parse("EPIC-1"), parse("EPIC-1a"));
}

#[test]
fn an_id_is_respelt_without_losing_its_slug() {
    let id = parse("DEP-001").expect("an id");
    for (text, expect) in [
        ("dep-001", "DEP-001"),
        ("Dep-1-error-rate", "DEP-001-error-rate"),
        ("DEP-01-phase-2", "DEP-001-phase-2"),
        ("", "DEP-001"),
    ] {
        assert_eq!(id.respell(text), expect, "{text}");
    }
}

#[test]
fn what_is_nearly_an_id_is_recognised() {
    for text in ["DEP 001", "DEP_001", "dep001", "DEP–001", "DEP #001", "DEP-001:", "DEP-001."] {
        assert_eq!(nearest(text), parse("DEP-001").ok(), "{text}");
    }
    for text in ["", "DEP", "001", "all 3 tests", "DEP-001 to DEP-002"] {
        assert_eq!(nearest(text), None, "{text}");
    }
}

#[test]
fn ids_are_found_in_prose() {
    let prose = "If UJ-001 fails (see DEP-003-rate), run DEP-003; well-known x-ray, ÄDEP-1, DEP-007.";
    let found: Vec<&str> = find_in(prose).map(|(_, range)| &prose[range]).collect();
    assert_eq!(found, ["UJ-001", "DEP-003-rate", "DEP-003", "DEP-007"]);
}

/// Texts that come near to ids and prose about them.
fn near_ids() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[A-Z]{1,8}",
        "[a-z]{1,4}",
        "[0-9]{1,11}",
        "[0-9]{1,2}[a-zA-Z]",
        "-",
        "-",
        "-",
        " ",
        "_",
        "ä",
        "–",
        "\\PC",
    ];
    proptest::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in near_ids()) {
        if let Ok(id) = parse(&text) {
            prop_assert_eq!(parse(&id.to_string()), Ok(id));
            prop_assert_eq!(id.respell(&text), text);
        }
    }

    #[test]
    fn ids_in_prose_are_found_in_order_and_at_their_place(text in near_ids()) {
        let mut end = 0;
        for (id, range) in find_in(&text) {
            prop_assert!(end <= range.start && range.start < range.end);
            prop_assert_eq!(parse(&text[range.clone()]), Ok(id));
            end = range.end;
        }
    }
}

#[test]
fn numbers_behind_a_slash_are_found_in_prose() {
    let check = |prose: &str, expect: &[&str]| {
        let found: Vec<String> =
            find_in(prose).map(|(id, range)| format!("{id}@{}", &prose[range])).collect();
        assert_eq!(found, expect, "{prose}");
    };
    check("consumers of API-001/101/006.", &["API-001@API-001", "API-101@101", "API-006@006"]);
    check(
        "EPIC-02/02b, and TEST-01/02",
        &["EPIC-02@EPIC-02", "EPIC-02b@02b", "TEST-01@TEST-01", "TEST-02@02"],
    );
    check("API-001/API-002/003", &["API-001@API-001", "API-002@API-002", "API-003@003"]);
    check("FEA-1/2 of it", &["FEA-1@FEA-1"]);
    check("API-001/v2 and API-001/2026", &["API-001@API-001", "API-001@API-001"]);
    check("docs/API-001/002.md", &["API-001@API-001"]);
}
