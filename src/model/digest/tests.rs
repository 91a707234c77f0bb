//! What changes a digest and what does not.

use proptest::prelude::*;

use super::*;
use crate::source::SourceFile;

/// What all entries of these files say.
fn digest(files: &[&str]) -> Digest {
    let files = files.iter().enumerate().map(|(at, text)| SourceFile::new(format!("{at}.yaml"), *text));
    let sources = SourceMap::new(files.collect());
    let families = Families::default();
    let contents = sources.iter().map(|(id, file)| document::read(id, file, &families)).collect();
    let plan = Plan::new(contents);
    assert_eq!((&plan.yaml_defects[..], &plan.defects[..]), (&[][..], &[][..]));
    let contents = Contents::new(&plan, &sources, &families);
    contents.of(plan.indexed().map(|(index, _)| index))
}

const PLAN: &str = "\
- id: EPIC-001
  title: Users sign in
  state: Planned
  owner: Dana
  verified_by: [TEST-001]
- id: TEST-001
  title: A user signs in
  given: an account that exists
- id: DEP-001
  type: Environment
  title: Staging
  configuration: {LOG_LEVEL: debug, POOL: 20}
";

#[test]
fn layout_spelling_and_order_say_nothing() {
    let same = [
        // Comments, quotes, flow style, an alias of a key, the width of a number.
        "# The plan\n- {id: EPIC-1, \"title\": 'Users sign in', state: Planned, owner: \"Dana\", tests: [TEST-001]}  # why\n\
         - id: TEST-001\n  title: A user\n    signs in\n  Given: >-\n    an account\n    that exists\n\
         - id: DEP-001\n  type: Environment\n  title: Staging\n  configuration:\n    POOL: 20\n    LOG_LEVEL: debug\n",
        // The other notation, another order, and a field that says nothing.
        "DEP-001: {type: Environment, title: Staging, configuration: {POOL: '20', LOG_LEVEL: debug}}\n\
         TEST-001: {given: an account that exists, title: A user signs in}\n\
         EPIC-001: {Verified By: [TEST-001], OWNER: Dana, title: Users sign in}\n",
        // What `defaults` say is said by the entry.
        "defaults: {owner: Dana}\nentries:\n- id: EPIC-001\n  title: Users sign in\n  verified_by: [TEST-001]\n---\n\
         - id: TEST-001\n  title: A user signs in\n  given: an account that exists\n---\n\
         id: DEP-001\ntype: Environment\ntitle: Staging\nconfiguration: {LOG_LEVEL: debug, POOL: 20}\n",
    ];
    for text in same {
        assert_eq!(digest(&[text]), digest(&[PLAN]), "{text}");
    }
    let (first, rest) = PLAN.split_at(PLAN.find("- id: TEST").expect("an entry"));
    assert_eq!(digest(&[rest, first]), digest(&[PLAN]));
    assert_eq!(digest(&[&PLAN.replace('\n', "\r\n")]), digest(&[PLAN]));
}

#[test]
fn how_things_stand_says_nothing() {
    let progress = [
        ("EPIC-1", "state: Complete"),
        ("EPIC-1", "status: Testing"),
        ("EPIC-1", "progress: 40%"),
        ("EPIC-1", "updated: 2026-11-20"),
        ("TEST-1", "status: Passed"),
        ("RISK-1", "status: mitigated"),
        ("REL-1", "status: released"),
        ("REL-1", "deployed_at: 2026-11-20"),
        ("REL-1", "outcome: success"),
        ("REL-1", "incidents: 2"),
        ("KPI-1", "actual: 12 ms"),
        ("RUN-1", "last_tested: 2026-11-20"),
        ("FEA-1", "status: done"),
    ];
    for (id, line) in progress {
        let text = format!("id: {id}\ntitle: One\n");
        assert_eq!(digest(&[&format!("{text}{line}\n")]), digest(&[&text]), "{line}");
    }
    for (kind, line) in [
        ("Criteria", "status: Met"),
        ("Criteria", "waiver: {by: Dana, reason: late, until: 2027-01-01}"),
        ("Rollback", "last_rehearsed: 2026-11-01"),
    ] {
        let text = format!("id: DEP-1\ntype: {kind}\ntitle: One\n");
        assert_eq!(digest(&[&format!("{text}{line}\n")]), digest(&[&text]), "{line}");
    }
    let with = |actual: &str| digest(&[&format!("id: REL-1\nobjectives: [{{name: Fast{actual}}}]\n")]);
    assert_eq!(with(", actual: 12 ms"), with(""));
    assert_ne!(with(", target: 12 ms"), with(""));
}

#[test]
fn that_an_approval_is_asked_for_says_something_and_that_it_is_given_does_not() {
    let with = |approvals: &str| digest(&[&format!("id: REL-1\ntitle: One\n{approvals}\n")]);
    let asked = with("approvals: [{role: QA Lead}]");
    assert_eq!(with("approvals: [{role: QA Lead, by: Dana, on: 2026-11-20, note: well done}]"), asked);
    assert_ne!(with(""), asked);
    assert_ne!(with("approvals: [{role: QA}]"), asked);
    assert_ne!(with("approvals: [{role: QA Lead, gate: beta}]"), asked);
}

#[test]
fn every_other_field_says_something() {
    let changes = [
        ("owner: Dana", "owner: Lee"),
        ("title: Staging", "title: staging"),
        ("[TEST-001]", "[TEST-001, DEP-001]"),
        ("LOG_LEVEL: debug", "log_level: debug"),
        ("POOL: 20", "POOL: 21"),
        ("  given: an account", "  when: an account"),
        ("- id: TEST-001", "- id: TEST-002"),
        ("  owner: Dana\n", ""),
        ("  owner: Dana\n", "  owner: Dana\n  x-cost: 5\n"),
        ("  owner: Dana\n", "  owner: Dana\n  due: 2027-01-01\n"),
    ];
    for (from, to) in changes {
        assert!(PLAN.contains(from), "{from}");
        assert_ne!(digest(&[&PLAN.replacen(from, to, 1)]), digest(&[PLAN]), "{from} to {to}");
    }
}

#[test]
fn a_list_is_no_text_and_two_texts_are_no_other_two() {
    let tags = |tags: &str| digest(&[&format!("id: FEA-1\ntitle: One\ntags: {tags}\n")]);
    let all = [tags("[a, b]"), tags("[ab]"), tags("[b, a]"), tags("a b"), tags("[a b]")];
    for (at, one) in all.iter().enumerate() {
        assert!(!all[..at].contains(one), "{at}");
    }
    let steps = |steps: &str| digest(&[&format!("id: RUN-1\ntitle: One\nsteps: |\n{steps}\n")]);
    assert_ne!(steps("  one\n  two"), steps("  one two"));
    assert_eq!(steps("  one\n\n  two  "), steps("      one\n      two"));
}

#[test]
fn digests_are_read_as_they_are_written() {
    let one = digest(&[PLAN]);
    assert_eq!(Digest::parse(&one.to_string()), Some(one));
    assert_eq!(Digest::parse(&one.to_string().to_uppercase().replace("SHA256", "sha256")), Some(one));
    assert_eq!(one.short().len(), 19);
    for text in ["", "sha256:", "sha256:12", "md5:0", &one.short(), &format!("{one}0"), &format!("{one}é")] {
        assert_eq!(Digest::parse(text), None, "{text}");
    }
}

/// One entry as YAML: in flow or block style, quoted or plain, its keys in this order and spelling.
fn written(fields: &[(String, String)], style: u8, turn: usize) -> String {
    let mut pairs: Vec<String> = fields
        .iter()
        .map(|(key, value)| {
            let key = if style & 1 == 0 { key.clone() } else { key.to_uppercase() };
            let value = if style & 2 == 0 { format!("\"{value}\"") } else { format!("'{value}'") };
            format!("{key}: {value}")
        })
        .collect();
    let turn = turn % pairs.len().max(1);
    pairs.rotate_left(turn);
    match style & 4 {
        0 => format!("# {style}\n- {{id: FEA-1, {}}}\n", pairs.join(" , ")),
        _ => format!("-   id: FEA-1 # id\n    {}\n", pairs.join("  # comment\n\n    ")),
    }
}

proptest! {
    #[test]
    fn any_entry_keeps_its_digest_in_any_layout_and_loses_it_with_any_change(
        texts in proptest::collection::vec("[a-zA-Z][a-zA-Z0-9 ,:#-]{0,12}[a-z]", 1..5),
        style in 0..8_u8,
        turn in 0..5_usize,
        at in 0..5_usize,
    ) {
        let keys = ["title", "owner", "description", "author", "release"];
        let fields: Vec<(String, String)> =
            keys.iter().map(ToString::to_string).zip(texts.iter().map(|text| text.replace("  ", " "))).collect();
        let plain = digest(&[&written(&fields, 0, 0)]);
        prop_assert_eq!(digest(&[&written(&fields, style, turn)]), plain);
        let mut other = fields;
        let at = at % other.len();
        other[at].1.push('x');
        prop_assert_ne!(digest(&[&written(&other, style, turn)]), plain);
    }
}
