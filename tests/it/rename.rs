//! `relplan rename`: nothing else changes, a way back restores every byte, and what cannot be renamed says why.

use std::collections::BTreeMap;
use std::path::Path;

use relplan::editing::outline::Outline;
use relplan::editing::rename;
use relplan::model::{EntryIndex, Id, document, id};
use relplan::project::{Project, Request};
use relplan::source::{FileId, edit};

use crate::support::{self, code, err, out, run};

fn load(folder: &Path) -> Project {
    let paths = match folder.join("relplan.toml").exists() {
        true => Vec::new(),
        false => vec![folder.to_owned()],
    };
    let request = Request { working_folder: folder.to_owned(), paths, ..Request::default() };
    Project::load(&request).expect("a plan")
}

/// Renames in memory; nothing if that is refused.
fn renamed(project: &mut Project, old: Id, new: Id) -> Option<BTreeMap<FileId, String>> {
    let (edits, expected) = {
        let plan = project.plan();
        let entry = plan.find(old)?;
        let file = plan.entry(entry).span.file;
        let said = document::statements(file, project.sources.file(file), &project.config.families);
        let found = rename::rename(&plan, &project.sources, entry, new, &said, project.settings()).ok()?;
        (found.edits, Outline::new(&plan, &project.graph(&plan)).with_id(entry, new))
    };
    let texts: Vec<_> = edits
        .iter()
        .map(|(file, edits)| (*file, edit::apply(project.sources.file(*file).text(), edits).0))
        .collect();
    let before = texts.into_iter().map(|(file, text)| (file, project.replace_text(file, text))).collect();
    let plan = project.plan();
    assert_eq!(Outline::new(&plan, &project.graph(&plan)), expected, "{old} to {new}");
    Some(before)
}

fn texts(project: &Project) -> Vec<String> {
    project.sources.iter().map(|(_, file)| file.text().to_owned()).collect()
}

/// The ids of a plan that are the only ones of their kind, a few of each family.
fn some_ids(project: &Project) -> Vec<Id> {
    let plan = project.plan();
    let of_family = |entries: &[EntryIndex]| {
        let step = entries.len().div_ceil(4).max(1);
        entries.iter().step_by(step).map(|index| plan.entry(*index).id.value).collect::<Vec<_>>()
    };
    let duplicates: Vec<Id> = plan.duplicates.iter().map(|(first, _)| plan.entry(*first).id.value).collect();
    let ids = plan.families().flat_map(|(_, entries)| of_family(entries));
    ids.filter(|id| !duplicates.contains(id)).collect()
}

fn plans() -> Vec<std::path::PathBuf> {
    let root = support::project();
    let mut plans = vec![root.join("examples/cloudconnect")];
    plans.push(root.join("tests/plans/go"));
    let folders = std::fs::read_dir(root.join("tests/plans/good")).expect("the corpus");
    plans.extend(folders.map(|item| item.expect("an item").path()).filter(|path| path.is_dir()));
    plans.sort();
    plans
}

#[test]
fn there_and_back_restores_every_byte() {
    let (mut tried, mut done) = (0, 0);
    for folder in plans() {
        let mut project = load(&folder);
        let before = texts(&project);
        for id in some_ids(&project) {
            let new = id::parse(&format!("{}-{}", id.prefix, 97_531)).expect("an id");
            tried += 1;
            let Some(changed) = renamed(&mut project, id, new) else { continue };
            assert!(!changed.is_empty());
            renamed(&mut project, new, id).expect("the way back");
            let after = texts(&project);
            let first = before.iter().zip(&after).find(|(was, is)| was != is);
            assert_eq!(first, None, "{id} in {}", folder.display());
            done += 1;
        }
    }
    assert!(tried > 100 && done * 20 > tried * 19, "{done} of {tried} were renamed");
}

const PLAN: &str = "\
# EPIC-1 comes first; see docs/EPIC-1.md.
- id: EPIC-1 # the first
  title: Search
  owner: Ada
  tests: [TEST-1 to TEST-3]
- id: EPIC-2
  title: Reports, after EPIC-1
  depends_on: EPIC-1 (the index)
- {id: FEA-1, title: Find, part_of: EPIC-1, linked_ids: FEA-2/1/3}
- id: FEA-2
  title: Filter
  description: EPIC-1 to EPIC-2 are needed
- id: FEA-3
- id: TEST-1
- id: TEST-2
  title: Second
- id: TEST-3
---
EPIC-4: Export
state: Planned
---
EPIC-5:
  title: Import
EPIC-6: {title: Print}
";

fn plan() -> tempfile::TempDir {
    support::folder(&[("relplan.toml", "# EPIC-1\n"), ("plan.yaml", PLAN)])
}

fn text(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("plan.yaml")).expect("the plan")
}

#[test]
fn every_way_to_name_an_entry_is_renamed() {
    let folder = plan();
    let output = run(folder.path(), &["rename", "EPIC-1", "EPIC-10"]);
    assert_eq!((code(&output), out(&output)), (0, String::new()), "{}", err(&output));
    assert_eq!(err(&output), "renamed EPIC-1 to EPIC-10: 5 references, 2 files\n");
    let text = text(folder.path());
    for expected in [
        "# EPIC-10 comes first; see docs/EPIC-1.md.\n- id: EPIC-10 # the first\n  formerly: EPIC-1\n",
        "title: Reports, after EPIC-10\n",
        "depends_on: EPIC-10 (the index)\n",
        "part_of: EPIC-10,",
        "description: EPIC-1 to EPIC-2 are needed",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    let settings = std::fs::read_to_string(folder.path().join("relplan.toml")).expect("the settings");
    assert_eq!(settings, "# EPIC-10\n");
}

#[test]
fn ranges_and_slash_lists_go_on_to_name_the_entry() {
    let folder = plan();
    let output = run(folder.path(), &["rename", "TEST-2", "TEST-20"]);
    assert!(err(&output).contains("1 range kept: TEST-2 in a range still means TEST-20"), "{}", err(&output));
    let trace = out(&run(folder.path(), &["trace", "EPIC-1", "--format", "json"]));
    assert!(trace.contains("\"TEST-20\""), "{trace}");
    run(folder.path(), &["rename", "FEA-1", "FEA-7"]);
    assert!(text(folder.path()).contains("linked_ids: FEA-2/7/3"), "{}", text(folder.path()));
    // Another family has no place in the list.
    run(folder.path(), &["rename", "FEA-3", "DBT-3"]);
    let text = text(folder.path());
    assert!(
        text.contains("linked_ids: FEA-2/7/3") && text.contains("- id: DBT-3\n  formerly: FEA-3\n"),
        "{text}"
    );
    assert!(out(&run(folder.path(), &["trace", "FEA-7", "--format", "json"])).contains("\"DBT-3\""));
}

#[test]
fn a_former_id_is_kept_in_every_form_of_an_entry() {
    let folder = plan();
    for (old, new, expected) in [
        ("EPIC-4", "EPIC-40", "EPIC-40: Export\nformerly: EPIC-4\nstate"),
        ("EPIC-5", "EPIC-50", "EPIC-50:\n  formerly: EPIC-5\n  title"),
        ("EPIC-6", "EPIC-60", "EPIC-60: {formerly: EPIC-6, title"),
        ("FEA-1", "FEA-10", "{id: FEA-10, formerly: FEA-1, title"),
        // A comma ends a plain value in the flow of one line.
        ("FEA-10", "FEA-11", "{id: FEA-11, formerly: [FEA-1, FEA-10], title"),
        ("FEA-11", "FEA-10", "{id: FEA-10, formerly: FEA-1, title"),
    ] {
        let output = run(folder.path(), &["rename", old, new]);
        let text = text(folder.path());
        assert!(text.contains(expected), "{expected} in {text}: {}", err(&output));
    }
}

#[test]
fn several_former_ids_are_added_and_taken_back_one_by_one() {
    for field in [
        "",
        "  formerly: EPIC-7\n",
        "  formerly: [EPIC-7]\n",
        "  formerly:\n    - EPIC-7\n",
        "  formerly: \"EPIC-7\"\n",
    ] {
        let yaml = format!("- id: EPIC-1\n{field}  title: Search\n- id: EPIC-2\n  depends_on: EPIC-1\n");
        let folder = support::folder(&[("relplan.toml", ""), ("plan.yaml", yaml.as_str())]);
        for (old, new) in
            [("EPIC-1", "EPIC-20"), ("EPIC-20", "EPIC-30"), ("EPIC-30", "EPIC-20"), ("EPIC-20", "EPIC-1")]
        {
            let output = run(folder.path(), &["rename", old, new]);
            assert_eq!(code(&output), 0, "{field:?} {old}: {}\n{}", err(&output), text(folder.path()));
        }
        assert_eq!(text(folder.path()), yaml);
    }
}

#[test]
fn what_would_change_the_meaning_is_refused() {
    let folder = plan();
    let refuse = |arguments: &[&str], reason: &str| {
        let before = support::snapshot(folder.path());
        let output = run(folder.path(), &[&["rename"], arguments].concat());
        assert_eq!(code(&output), 2, "{arguments:?}: {}", err(&output));
        assert!(err(&output).contains(reason), "{arguments:?}: {}", err(&output));
        assert_eq!(before, support::snapshot(folder.path()));
    };
    refuse(&["EPIC-1", "EPIC-2"], "plan.yaml:6 has that id");
    refuse(&["EPIC-1", "EPIC-1"], "it has that id already");
    refuse(&["EPIC-9", "EPIC-10"], "no entry has the id `EPIC-9`");
    refuse(&["EPIC-1", "nonsense"], "`nonsense` is not an id");
    run(folder.path(), &["rename", "TEST-2", "TEST-20"]);
    refuse(&["EPIC-1", "TEST-2"], "it is the former id of another entry (plan.yaml:");
    let gap = "- id: EPIC-1\n  tests: TEST-1 to TEST-3\n- id: TEST-1\n- id: TEST-3\n- id: TEST-9\n";
    std::fs::write(folder.path().join("plan.yaml"), gap).expect("written");
    refuse(&["TEST-9", "TEST-2"], "the range at plan.yaml:2 would then include it");
}

#[cfg(unix)]
#[test]
fn a_read_only_file_keeps_every_file_as_it_was() {
    use std::os::unix::fs::PermissionsExt;

    let other = "- id: FEA-9\n  part_of: EPIC-1\n";
    let folder = support::folder(&[("relplan.toml", ""), ("plan.yaml", PLAN), ("z.yaml", other)]);
    let path = folder.path().join("z.yaml");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o444)).expect("read-only");
    let before = support::snapshot(folder.path());
    let output = run(folder.path(), &["rename", "EPIC-1", "EPIC-10"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("z.yaml` is read-only"), "{}", err(&output));
    assert_eq!(before, support::snapshot(folder.path()));
}

#[test]
fn a_diff_shows_the_changes_and_makes_none() {
    let folder = plan();
    let before = support::snapshot(folder.path());
    let output = run(folder.path(), &["rename", "EPIC-2", "EPIC-20", "--diff"]);
    assert!(
        out(&output).contains("-- id: EPIC-2\n+- id: EPIC-20\n+  formerly: EPIC-2\n"),
        "{}",
        out(&output)
    );
    assert!(err(&output).starts_with("would rename EPIC-2 to EPIC-20"), "{}", err(&output));
    assert_eq!(before, support::snapshot(folder.path()));
}

#[test]
fn reports_and_links_go_on_to_use_a_former_id() {
    let report = "<testsuite><testcase name=\"TEST-1 finds\"/></testsuite>";
    let yaml =
        "- id: TEST-10\n  formerly: TEST-1\n  title: Finds\n- id: EPIC-1\n  tests: TEST-1\n  title: Search\n";
    let folder = support::folder(&[("plan.yaml", yaml), ("junit.xml", report)]);
    let arguments = ["check", "plan.yaml", "--evidence", "junit.xml", "--format", "json"];
    let found = support::found(&out(&run(folder.path(), &arguments)));
    let names: Vec<&str> = found.iter().map(|found| found.rule.as_str()).collect();
    assert!(names.contains(&"former-id-linked"), "{names:?}");
    assert!(
        !names.contains(&"result-of-unknown-test") && !names.contains(&"link-target-missing"),
        "{names:?}"
    );
    run(folder.path(), &["check", "plan.yaml", "--fix"]);
    assert!(text(folder.path()).contains("tests: TEST-10\n"), "{}", text(folder.path()));
}

#[test]
fn what_is_no_reference_of_the_plan_stays() {
    let yaml = "\
- id: EPIC-1
  title: Search, see https://ci.example.com/?q=EPIC-1&x=1 and EPIC-1@example.com
  linked_ids: billing:EPIC-1
- id: EPIC-2
  title: Reports, after billing:EPIC-1 and EPIC-1
- id: TEST-1
  match: [EPIC-1 pays, TEST-1 *]
  automation: pytest -k EPIC-1
  tests: EPIC-1
";
    let folder = support::folder(&[("relplan.toml", ""), ("plan.yaml", yaml)]);
    for (old, new) in [("EPIC-1", "EPIC-10"), ("TEST-1", "TEST-10")] {
        let output = run(folder.path(), &["rename", old, new]);
        assert_eq!(code(&output), 0, "{}", err(&output));
    }
    let text = text(folder.path());
    for kept in [
        "see https://ci.example.com/?q=EPIC-1&x=1 and EPIC-1@example.com\n",
        "linked_ids: billing:EPIC-1\n",
        "after billing:EPIC-1 and EPIC-10\n",
        "match: [EPIC-1 pays, TEST-1 *]\n",
        "automation: pytest -k EPIC-1\n",
        "tests: EPIC-10\n",
    ] {
        assert!(text.contains(kept), "{kept} in {text}");
    }
}

#[test]
fn a_fix_leaves_ranges_in_texts_alone() {
    let yaml = "\
- id: DEP-9
  formerly: DEP-1
  title: First
- id: DEP-3
  title: Last, of DEP-1 to DEP-3; begin with DEP-1
";
    let folder = support::folder(&[("plan.yaml", yaml)]);
    run(folder.path(), &["check", "plan.yaml", "--fix"]);
    assert!(text(folder.path()).contains("of DEP-1 to DEP-3; begin with DEP-9\n"), "{}", text(folder.path()));
}
