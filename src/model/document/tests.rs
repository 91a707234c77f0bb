//! What is read of documents in all their shapes.

use super::*;

/// The ids of the entries with their owners, the ids of those that were given up,
/// and each defect with its text.
fn check(text: &str, entries: &[&str], broken: &[&str], defects: &[(&str, DefectKind)]) {
    let file = SourceFile::new("plan.yaml", text);
    let content = read(FileId(0), &file, &Families::default());
    let owner = |entry: &Entry<'_>| entry.owner.as_ref().map_or("", |owner| &owner.value).to_owned();
    let found: Vec<String> =
        content.entries.iter().map(|entry| format!("{} {}", entry.id.value, owner(entry))).collect();
    assert_eq!(found, entries, "{text}");
    assert_eq!(content.broken.iter().map(Id::to_string).collect::<Vec<_>>(), broken, "{text}");
    let found: Vec<(&str, DefectKind)> =
        content.defects.iter().map(|defect| (&text[defect.span.range()], defect.kind.clone())).collect();
    assert_eq!(found, defects, "{text}");
}

fn id(text: &str) -> Id {
    id::parse(text).expect("an id")
}

fn span(start: usize, end: usize) -> Span {
    Span::new(FileId(0), start, end)
}

#[test]
fn entries_without_a_line_between_them_are_told_apart() {
    let first = DefectKind::SeparatorMissing { first: span(0, 7) };
    let text = "RUN-001: a\nOwner: x\nRUN-002: b\nOwner: y\n";
    check(text, &["RUN-001 x", "RUN-002 y"], &[], &[("RUN-002", first.clone())]);
    // Also when an error in the first of them was read past.
    let text = "RUN-001: a\nOwner: @x\nRUN-002: b\nOwner: y\n";
    check(text, &["RUN-001 @x", "RUN-002 y"], &[], &[("RUN-002", first)]);
    let text = "id: run-001\nowner: x\nid: RUN-002\nowner: y\nid: RUN-002\n";
    check(
        text,
        &["RUN-001 x", "RUN-002 y"],
        &[],
        &[
            (
                "run-001",
                DefectKind::NotAnId {
                    found: "run-001".to_owned(),
                    reason: IdError::LetterCase(id("RUN-001")),
                },
            ),
            ("id: RUN-002", DefectKind::SeparatorMissing { first: span(0, 11) }),
        ],
    );
    check("RUN-001: a\nOwner: x\n---\nRUN-002: b\n", &["RUN-001 x", "RUN-002 "], &[], &[]);
}

#[test]
fn a_document_may_name_its_schema() {
    check("$schema: x\nid: RUN-001\nowner: y\n", &["RUN-001 y"], &[], &[]);
    check(
        "\"$schema\": x\nRUN-001: {owner: y}\nRUN-002: {owner: z}\n",
        &["RUN-001 y", "RUN-002 z"],
        &[],
        &[],
    );
    check("$schema: x\nRUN-001: a\nOwner: y\n", &["RUN-001 y"], &[], &[]);
    check("$schema: x\nentries:\n- id: RUN-001\n  owner: y\n", &["RUN-001 y"], &[], &[]);
}

#[test]
fn defaults_reach_every_entry_of_their_document_and_no_other() {
    let text = "defaults: {owner: x}\nentries:\n- id: RUN-001\n- id: RUN-002\n  owner: y\n---\nid: RUN-003\n";
    check(text, &["RUN-001 x", "RUN-002 y", "RUN-003 "], &[], &[]);
    // They may stand behind the entries, and an error may stand between.
    let text = "entries:\n  - id: RUN-001\n    title: @a\n  - id: RUN-002\ndefaults:\n  owner: x\n";
    check(text, &["RUN-001 x", "RUN-002 x"], &[], &[]);
    // A document of its own has none, whatever was read again above it.
    let text = "defaults: {owner: x}\nentries:\n- id: RUN-001\n---\nentries:\n- id: RUN-002\n  title: @a\n";
    check(text, &["RUN-001 x", "RUN-002 "], &[], &[]);
}

#[test]
fn what_is_wrong_in_defaults_is_known_of_every_entry() {
    let text = "defaults: {due: soon}\nentries: [{id: RUN-001}, {id: RUN-002}]\n";
    let wrong = ("soon", DefectKind::NotADate);
    check(text, &["RUN-001 ", "RUN-002 "], &[], &[wrong.clone(), wrong]);
}

#[test]
fn an_id_may_be_said_twice_if_it_is_the_same() {
    check("RUN-001:\n  id: RUN-001\n  owner: x\n", &["RUN-001 x"], &[], &[]);
    let other = DefectKind::SameKey { first: span(0, 7) };
    check("RUN-001:\n  id: RUN-002\n  owner: x\n", &["RUN-001 x"], &[], &[("id", other)]);
}

#[test]
fn one_letter_hides_no_entry() {
    let entries = Some("entries");
    check(
        "entires:\n- id: RUN-001\n",
        &["RUN-001 "],
        &[],
        &[("entires", DefectKind::NotAnEntry { suggestion: entries, found: "a mapping" })],
    );
    let id = DefectKind::UnknownKey { suggestion: Some("id".into()) };
    check("- idd: RUN-001\n  owner: x\n", &["RUN-001 x"], &[], &[("idd", id.clone())]);
    check("idd: RUN-001\nowner: x\n", &["RUN-001 x"], &[], &[("idd", id)]);
}

#[test]
fn an_id_in_small_letters_names_its_entry() {
    let Err(reason) = id::parse("run-002") else { panic!("an id in small letters") };
    let small = DefectKind::NotAnId { found: "run-002".into(), reason };
    let entries = ["RUN-001 x", "RUN-002 y"];
    for text in [
        "- id: RUN-001\n  owner: x\n- run-002: Title\n  owner: y\n",
        "RUN-001: Title\nowner: x\n---\nrun-002: Title\nowner: y\n",
        "RUN-001: {owner: x}\nrun-002: {owner: y}\n",
        "- RUN-001: {owner: x}\n- run-002: {owner: y}\n",
    ] {
        check(text, &entries, &[], &[("run-002", small.clone())]);
    }
    // What only looks like one is a key like any other.
    check("- step-2: x\n  owner: y\n", &[], &[], &[("step-2", DefectKind::IdMissing)]);
}

#[test]
fn an_id_without_a_value_is_no_missing_key() {
    check("- id:\n  owner: y\n", &[], &[], &[("id", DefectKind::IdEmpty)]);
}

#[test]
fn keys_of_the_users_own_are_no_entries() {
    check("RUN-001: {owner: x}\nx-note: y\nRUN-002: {owner: z}\n", &["RUN-001 x", "RUN-002 z"], &[], &[]);
}

#[test]
fn the_ids_of_what_was_given_up_are_known() {
    check("- id: RUN-001\n  owner x\n- id: RUN-002\n", &["RUN-002 "], &["RUN-001"], &[]);
    check("RUN-001:\n  title: a\n  owner x\nRUN-002: {}\n", &["RUN-002 "], &["RUN-001"], &[]);
    check("- {id: \"RUN-001\", owner: x\n- id: RUN-002\n", &["RUN-002 "], &["RUN-001"], &[]);
    let nested = "- id: RUN-001\n  excluded:\n    - id: FEA-001\n  owner x\n";
    check(nested, &[], &["RUN-001"], &[]);
}

/// The approvals and waivers as `role by` and `check by`, and the texts of the defects.
fn records(text: &str, approvals: &[&str], waivers: &[&str], defects: &[&str]) {
    let file = SourceFile::new("plan.yaml", text);
    let content = read(FileId(0), &file, &Families::default());
    let said =
        |text: &Option<crate::model::Text<'_>>| text.as_ref().map_or("?", |text| &text.value).to_owned();
    let found: Vec<String> = content
        .approvals
        .iter()
        .map(|record| format!("{} {}", said(&record.role), said(&record.by)))
        .collect();
    assert_eq!(found, approvals, "{text}");
    let found: Vec<String> = content
        .waivers
        .iter()
        .map(|record| format!("{} {}", said(&record.check), said(&record.by)))
        .collect();
    assert_eq!(found, waivers, "{text}");
    let yaml = content.yaml_defects.iter().map(|defect| &text[defect.span().range()]);
    let found: Vec<&str> =
        content.defects.iter().map(|defect| &text[defect.span.range()]).chain(yaml).collect();
    assert_eq!(found, defects, "{text}");
}

#[test]
fn approvals_and_waivers_are_records_of_their_own() {
    let text = "approvals:\n- {role: QA, by: Dana, of: [EPIC-1, TEST-1..TEST-9], on: 2026-11-02}\nWaivers:\n- {check: DEP-1, by: Max}\n";
    records(text, &["QA Dana"], &["DEP-1 Max"], &[]);
    records("approvals: {role: QA, by: Dana}\n---\nwaivers: []\n", &["QA Dana"], &[], &[]);
    records("entries: [{id: RUN-1}]\napprovals: [{role: QA}]\n", &["QA ?"], &[], &[]);
    // A release has a field of this name.
    records("REL-001: Search\napprovals: [{role: QA}]\n", &[], &[], &[]);
    records("title: Search\nid: REL-001\napprovals: [{role: QA}]\n", &[], &[], &[]);
}

#[test]
fn what_is_wrong_with_a_record_is_said_at_its_place() {
    records("approvals:\n- {role: QA, bye: Dana}\n", &["QA ?"], &[], &["bye"]);
    records("approvals:\n- [{role: QA}]\n- text\n- {role: A}\n", &["A ?"], &[], &["[{role: QA}]", "text"]);
    records("approvals:\n- {role: [A], by: {a: b}, on: soon}\n", &["? ?"], &[], &["[A]", "{a: b}", "soon"]);
    records("approvals: text\nwaivers: 7\n", &[], &[], &["text", "7"]);
    records("approvals:\nwaivers: ~\n", &[], &[], &["approvals", "waivers"]);
    records("approvals:\n- {role: QA, of: nobody}\n", &["QA ?"], &[], &["nobody"]);
    records("waivers: [{check: DEP-1}]\ntitle: x\n", &[], &["DEP-1 ?"], &["title"]);
    records("aprovals:\n- {role: QA}\nwaiver:\n- {check: A}\n", &["QA ?"], &[], &["aprovals", "waiver"]);
}

#[test]
fn a_broken_record_hides_no_other() {
    let roles = |text: &str| -> Vec<String> {
        let file = SourceFile::new("plan.yaml", text);
        let content = read(FileId(0), &file, &Families::default());
        assert!(!content.yaml_defects.is_empty() && content.defects.is_empty(), "{text}");
        let roles = content.approvals.iter().filter_map(|record| record.role.as_ref());
        roles.map(|role| role.value.to_string()).collect()
    };
    let open_quote = "approvals:\n  - role: A\n    by: x\n  - role: B\n    by: 'y\n  - role: C\n    by: z\n";
    assert_eq!(roles(open_quote), ["A", "B", "C"]);
    let indented = "  - role: B\n   by: y\n";
    for (before, expect) in [("  - role: A\n", &["A", "C"][..]), ("", &["C"])] {
        let text = format!("approvals:\n{before}{indented}  - role: C\n    by: z\nwaivers:\n  - check: D\n");
        assert_eq!(roles(&text), expect, "{text}");
        let file = SourceFile::new("plan.yaml", text);
        assert_eq!(read(FileId(0), &file, &Families::default()).waivers.len(), 1);
    }
    // A release is given up as a whole.
    let text = format!("id: REL-1\napprovals:\n{indented}  - role: C\n---\nid: RUN-1\n");
    let file = SourceFile::new("plan.yaml", text);
    let content = read(FileId(0), &file, &Families::default());
    assert_eq!((content.entries.len(), &content.broken[..]), (1, &[id("REL-1")][..]));
}
