//! `relplan fmt`: one form for all plan files, in which they say what they said.

use crate::support::{code, copy, err, folder, out, project, run, with_input};

const UNTIDY: &str = "\
# The work.
defaults:
    owner:   Data Team
entries:
-   id:   EPIC-01
    # Without this test nothing is shown.
    tests: [TEST-001,   TEST-002]   # both
    description: >-
        First line,
        # no comment,

          second line.
    x-room: 'blue'
    title:   Search
    state: Planned
- {id: TEST-001, type: Unit, title: Finds}
- {id: TEST-002, type: Unit, title: 'Sorts'}
- id: EPIC-02
  state: Planned
  title: Reports
";

const TIDY: &str = "\
# The work.
defaults:
  owner: Data Team
entries:
  - id: EPIC-01
    title: Search
    state: Planned
    # Without this test nothing is shown.
    tests: [TEST-001, TEST-002] # both
    description: >-
      First line,
      # no comment,

        second line.
    x-room: \"blue\"

  - {id: TEST-001, type: Unit, title: Finds}
  - {id: TEST-002, type: Unit, title: \"Sorts\"}

  - id: EPIC-02
    title: Reports
    state: Planned
";

fn formatted(text: &str) -> String {
    let folder = folder(&[("plan.yaml", text)]);
    let output = run(folder.path(), &["fmt", "plan.yaml"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    std::fs::read_to_string(folder.path().join("plan.yaml")).expect("it is there")
}

#[test]
fn fields_entries_and_lines_are_put_in_order() {
    assert_eq!(formatted(UNTIDY), TIDY);
    assert_eq!(formatted(TIDY), TIDY);
    let crlf = UNTIDY.replace('\n', "\r\n");
    assert_eq!(formatted(&crlf), TIDY.replace('\n', "\r\n"));
    assert_eq!(formatted(&format!("\u{FEFF}{UNTIDY}")), format!("\u{FEFF}{TIDY}"));
}

#[test]
fn every_form_of_an_entry_keeps_its_id_in_front() {
    for (before, after) in [
        ("RISK-1:\n  status: open\n  title: A\n", "RISK-1:\n  title: A\n  status: open\n"),
        (
            "DEP-1: A title\nstage: Rollback\ntype: Rollback\n---\nid: EPIC-1\nstate: Planned\ntitle: B\n",
            "DEP-1: A title\ntype: Rollback\nstage: Rollback\n---\nid: EPIC-1\ntitle: B\nstate: Planned\n",
        ),
        (
            "EPIC-1: {tests: [\n  TEST-1, TEST-2], title: A}\nEPIC-2: {title: B}\n",
            "EPIC-1: {\n  tests: [\n    TEST-1,\n    TEST-2\n  ],\n  title: A\n  }\n\nEPIC-2: {title: B}\n",
        ),
        ("- title: A\n  id: EPIC-1\n", "- id: EPIC-1\n  title: A\n"),
        ("- Title: A\n  ID: EPIC-1\n  Tests: TEST-1\n", "- ID: EPIC-1\n  Title: A\n  Tests: TEST-1\n"),
    ] {
        assert_eq!(formatted(before), after);
    }
}

#[test]
fn what_cannot_be_moved_stays_where_it_is() {
    for kept in [
        "- id: EPIC-1\n  tests: &all TEST-1\n  title: A\n  linked_ids: *all\n",
        "- id: EPIC-1\n  <<: {state: Planned}\n  title: A\n",
        "- # why\n  state: Planned\n  # the id\n  id: EPIC-1\n",
    ] {
        assert_eq!(formatted(kept), kept);
    }
}

#[test]
fn what_an_allow_covers_stays_what_it_covers() {
    for kept in [
        "- id: EPIC-1\n  title: A\n  tests:\n    # relplan: allow(link-target-missing) agreed\n\n    - TEST-9\n",
        "entries:\n  # relplan: allow(epic-without-test) agreed\n\n  - id: EPIC-1\n    title:  A\n",
        "-\n  # relplan: allow(epic-without-test) agreed\n  id: EPIC-1\n  title:  A\n",
    ] {
        assert_eq!(formatted(kept), kept);
    }
    let moved = "- id: EPIC-1\n  # relplan: allow(link-target-missing) agreed\n  tests: TEST-9\n  title: A\n";
    let expected =
        "- id: EPIC-1\n  title: A\n  # relplan: allow(link-target-missing) agreed\n  tests: TEST-9\n";
    assert_eq!(formatted(moved), expected);
}

#[test]
fn what_is_nested_too_deeply_for_the_formatter_stays() {
    let wide = format!("- id: EPIC-1\n  title:  A\n  x-a:\n{} b: 1\n", " ".repeat(64));
    let mut deep = "- id: EPIC-1\n  title:  A\n  x-a:\n".to_owned();
    (2..70).for_each(|depth| deep += &format!("{}k:\n", " ".repeat(depth + 1)));
    deep += &format!("{}k: 1\n", " ".repeat(71));
    let dashes = format!("- id: EPIC-1\n  title:  A\n  x-a:\n    {}1\n", "- ".repeat(70));
    for kept in [wide, deep, dashes] {
        assert_eq!(formatted(&kept), kept);
    }
}

#[test]
fn a_broken_file_is_named_and_left_as_it_is() {
    let broken = "- id: EPIC-1\n  title:   A\n  state: [\n";
    let plan = folder(&[("plan/a.yaml", broken), ("plan/b.yaml", "- {id: EPIC-2,   title: B}\n")]);
    let output = run(plan.path(), &["fmt"]);
    assert_eq!(code(&output), 1);
    assert!(err(&output).contains("plan/a.yaml left as it is: run `relplan check`"), "{}", err(&output));
    let text = |name: &str| std::fs::read_to_string(plan.path().join(name)).expect("it is there");
    assert_eq!(
        (text("plan/a.yaml").as_str(), text("plan/b.yaml").as_str()),
        (broken, "- {id: EPIC-2, title: B}\n")
    );
}

#[test]
fn check_and_diff_change_nothing() {
    let plan = folder(&[("plan.yaml", UNTIDY), ("tidy.yaml", "- {id: EPIC-9, title: C}\n")]);
    let output = run(plan.path(), &["fmt", "plan.yaml", "tidy.yaml", "--check"]);
    assert_eq!((code(&output), out(&output).as_str()), (1, "plan.yaml\n"), "{}", err(&output));
    let output = run(plan.path(), &["fmt", "plan.yaml", "--diff"]);
    assert_eq!(code(&output), 0);
    assert!(out(&output).contains("-    title:   Search\n"), "{}", out(&output));
    assert_eq!(std::fs::read_to_string(plan.path().join("plan.yaml")).expect("it is there"), UNTIDY);
    let output = run(plan.path(), &["fmt", "tidy.yaml", "--check"]);
    assert_eq!((code(&output), out(&output).as_str()), (0, ""));
}

#[test]
fn an_editor_gets_standard_input_back() {
    let filtered = |text: &str| with_input(folder::<&str>(&[]).path(), &["fmt", "-"], text);
    let output = filtered(UNTIDY);
    assert_eq!((code(&output), out(&output).as_str()), (0, TIDY), "{}", err(&output));
    let check = |text: &str| code(&with_input(folder::<&str>(&[]).path(), &["fmt", "--check", "-"], text));
    assert_eq!((check(UNTIDY), check(TIDY)), (1, 0));
    let broken = "- id: [\n";
    let output = filtered(broken);
    assert_eq!(
        (code(&output), out(&output).as_str()),
        (1, broken),
        "what cannot be read comes back as it was"
    );
}

#[test]
fn plans_say_the_same_afterwards_and_the_second_time_changes_nothing() {
    let good = std::fs::read_dir(project().join("tests/plans/good")).expect("a folder");
    let mut plans: Vec<_> = good.map(|entry| entry.expect("an entry").path()).collect();
    plans.push(project().join("examples/cloudconnect"));
    plans.sort();
    let mut changed = 0;
    for plan in plans {
        let copy = copy(&plan);
        let findings = || {
            let output = run(copy.path(), &["check", ".", "--format", "json", "--today", "2026-11-20"]);
            assert!(!out(&output).is_empty(), "{}: {}", plan.display(), err(&output));
            let json: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
            let mut messages: Vec<String> = json["findings"]
                .as_array()
                .expect("findings")
                .iter()
                .map(|finding| format!("{} {}", finding["rule"], finding["message"]))
                .collect();
            messages.sort();
            messages
        };
        let before = findings();
        let first = run(copy.path(), &["fmt", "."]);
        assert_eq!(code(&first), 0, "{}: {}", plan.display(), err(&first));
        changed += usize::from(err(&first).contains("changed"));
        assert_eq!(findings(), before, "{}", plan.display());
        let second = run(copy.path(), &["fmt", ".", "--check"]);
        assert_eq!((code(&second), out(&second).as_str()), (0, ""), "{}", plan.display());
    }
    assert!(changed > 3, "only {changed} plans were changed: the test shows little");
}
