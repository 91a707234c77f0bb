//! `relplan new`: the next free id, the right file, the layout of the neighbours, and an entry that `check` asks to
//! complete and for nothing else.

use std::path::Path;

use crate::base::git::plain as git;
use crate::support::{self, code, err, found, out, run};

fn text(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).expect("a file")
}

fn plan(yaml: &str) -> tempfile::TempDir {
    support::folder(&[("relplan.toml", ""), ("plan.yaml", yaml)])
}

fn check(yaml: &str, arguments: &[&str], expected: &str) {
    let folder = plan(yaml);
    let output = run(folder.path(), &[&["new"], arguments].concat());
    assert_eq!(code(&output), 0, "{}", err(&output));
    let text = text(folder.path(), "plan.yaml");
    assert_eq!(text, expected, "{}", err(&output));
}

#[test]
fn an_entry_takes_the_layout_of_its_neighbours() {
    let with = ["FEA", "--title", "Filter: by day", "--set", "owner=QA"];
    check(
        "- id: FEA-07\n  title: Find\n  owner: QA # ours\n",
        &with,
        "- id: FEA-07\n  title: Find\n  owner: QA # ours\n\n- id: FEA-08\n  title: \"Filter: by day\"\n  owner: QA\n",
    );
    check(
        "entries:\n    -   id: FEA-1\n        title: Find\n    -   id: FEA-2\n        title: Sort",
        &with,
        "entries:\n    -   id: FEA-1\n        title: Find\n    -   id: FEA-2\n        title: Sort\n    -   id: FEA-3\n        title: \"Filter: by day\"\n        owner: QA",
    );
    check(
        "FEA-001:\r\n    title: Find\r\n\r\nFEA-002:\r\n    title: Sort\r\n",
        &with,
        "FEA-001:\r\n    title: Find\r\n\r\nFEA-002:\r\n    title: Sort\r\n\r\nFEA-003:\r\n    title: \"Filter: by day\"\r\n    owner: QA\r\n",
    );
    check(
        "id: FEA-001\ntitle: Find\n---\nid: EPIC-01\ntitle: Search\n",
        &with,
        "id: FEA-001\ntitle: Find\n---\nid: FEA-002\ntitle: \"Filter: by day\"\nowner: QA\n---\nid: EPIC-01\ntitle: Search\n",
    );
    check(
        "FEA-001: {title: Find}\n",
        &with,
        "FEA-001: {title: Find}\n---\n- id: FEA-002\n  title: \"Filter: by day\"\n  owner: QA\n",
    );
}

#[test]
fn a_deployment_entry_stands_with_those_of_its_type() {
    let yaml = "- {id: DEP-101, type: Criteria, title: A}\n- {id: DEP-201, type: Rollback, title: B}\n";
    let folder = plan(yaml);
    assert_eq!(out(&run(folder.path(), &["new", "dep", "--type", "criteria"])), "DEP-102\n");
    assert_eq!(out(&run(folder.path(), &["new", "DEP", "--type", "Step"])), "DEP-202\n");
    let text = text(folder.path(), "plan.yaml");
    let (first, last) = (text.find("id: DEP-102").expect("added"), text.find("id: DEP-201").expect("kept"));
    assert!(first < last && text.contains("  type: Criteria\n"), "{text}");
}

#[test]
fn an_id_that_a_branch_or_the_past_has_is_not_free() {
    let folder = plan("- id: EPIC-01\n  formerly: EPIC-05\n  title: Search\n");
    git(folder.path(), &["init", "-q", "-b", "main"]);
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-qm", "one"]);
    git(folder.path(), &["checkout", "-qb", "other"]);
    std::fs::write(folder.path().join("more.yaml"), "- id: EPIC-02\n- id: EPIC-09\n").expect("written");
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "-qm", "two"]);
    git(folder.path(), &["checkout", "-q", "main"]);
    // Behind the last of the plan another branch has one, so that it is the number behind all of them.
    assert_eq!(out(&run(folder.path(), &["new", "EPIC"])), "EPIC-10\n");
}

#[test]
fn an_id_that_a_link_names_is_not_free() {
    let folder = plan("- id: FEA-001\n  title: Find\n- id: EPIC-01\n  implements: FEA-002\n");
    assert_eq!(out(&run(folder.path(), &["new", "FEA"])), "FEA-003\n");
}

#[test]
fn a_new_entry_asks_for_values_and_for_no_further_field() {
    let mut kinds: Vec<Vec<&str>> =
        ["EPIC", "TEST", "RISK", "REL", "MON", "RUN", "KPI", "FEA", "ARC"].map(|family| vec![family]).into();
    for kind in ["Environment", "Criteria", "Rollback", "Validation", "Step"] {
        kinds.push(vec!["DEP", "--type", kind]);
    }
    let mut asked = std::collections::BTreeSet::new();
    for kind in kinds {
        let folder = plan(
            "- {id: TEST-100, title: Signs in, owner: QA, type: E2E, priority: Low, automation: a.rs}\n",
        );
        let output = run(folder.path(), &[&["new"], kind.as_slice()].concat());
        assert_eq!(code(&output), 0, "{kind:?}: {}", err(&output));
        let id = out(&output).trim().to_owned();
        let findings = found(&out(&run(folder.path(), &["check", "--format", "json"])));
        let own = findings.into_iter().filter(|finding| finding.message.contains(&id));
        asked.extend(own.map(|finding| format!("{}: {}", kind.join(" "), finding.rule)));
    }
    let asked: Vec<String> = asked.into_iter().collect();
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("new", asked.join("\n"));
    });
}

#[test]
fn what_cannot_be_added_changes_nothing() {
    let folder = plan("- id: FEA-001\n  title: Find\n");
    for (arguments, reason) in [
        (&["FOO"][..], "no entries of family `FOO`"),
        (&["FEA", "--set", "ownr=QA"], "FEA has no field `ownr`"),
        (&["FEA", "--file", "other.yaml"], "`other.yaml` is not a file of the plan"),
        (&["FEA", "--set", "owner"], "write a field and its value"),
        (&["FEA", "--set", "ID=FEA-9"], "the id is the next free one of the family"),
    ] {
        let before = support::snapshot(folder.path());
        let output = run(folder.path(), &[&["new"], arguments].concat());
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(err(&output).contains(reason), "{arguments:?}: {}", err(&output));
        assert_eq!(before, support::snapshot(folder.path()));
    }
}

#[test]
fn a_release_gets_the_next_version_of_its_scheme() {
    let version = |config: &str, versions: &[&str], set: &[&str]| {
        let one = |(at, version): (usize, &&str)| {
            format!("- {{id: REL-{}, title: A, version: \"{version}\"}}\n", at + 1)
        };
        let yaml: String = versions.iter().enumerate().map(one).collect();
        let folder = support::folder(&[("relplan.toml", config), ("plan.yaml", &yaml)]);
        let output = run(folder.path(), &[&["new", "REL", "--today", "2027-03-01"], set].concat());
        assert_eq!(code(&output), 0, "{}", err(&output));
        let text = text(folder.path(), "plan.yaml");
        let line = text.lines().filter_map(|line| line.trim().strip_prefix("version: ")).next_back();
        line.unwrap_or("none").trim_matches('"').to_owned()
    };
    assert_eq!(version("", &["1.2.0", "1.10.1"], &[]), "1.11.0");
    assert_eq!(version("", &["1.2.0"], &["--set", "type=patch"]), "1.2.1");
    assert_eq!(version("", &["v1.2.0"], &["--set", "type=major"]), "v2.0.0");
    assert_eq!(version("", &["1.2.0"], &["--set", "version=9.9.9"]), "9.9.9");
    let calver = "[plan]\nversion_pattern = 'YYYY.MINOR'\n";
    assert_eq!(version(calver, &["2026.1", "2026.2"], &[]), "2027.1");
    assert_eq!(version("[families.REL]\nversion_scheme = 'pep440'\n", &["3.14.0"], &[]), "3.15.0");
    assert_eq!(version("", &["1.2.0", "2026.1"], &[]), "TODO");
}
