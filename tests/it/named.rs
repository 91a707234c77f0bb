//! Files that are named, as by pre-commit or an editor: each is checked with the whole plan that it belongs to, and what
//! concerns it is shown.

use std::path::Path;

use crate::base::git::Repository;
use crate::support::{code, err, folder, found, out, run};

/// The rules and first places of what is found, sorted.
fn findings(at: &Path, arguments: &[&str]) -> Vec<(String, String)> {
    let output = run(at, &[&["check", "--format", "json"], arguments].concat());
    assert!(code(&output) < 2, "{arguments:?}: {}", err(&output));
    let file = |places: &[String]| {
        let place = places.first().map(String::as_str).unwrap_or_default();
        place.split(':').next().unwrap_or_default().to_owned()
    };
    let mut all: Vec<_> =
        found(&out(&output)).iter().map(|finding| (finding.rule.clone(), file(&finding.places))).collect();
    all.sort();
    all
}

fn has(found: &[(String, String)], rule: &str, file: &str) -> bool {
    found.iter().any(|(name, place)| name == rule && place == file)
}

const WORK: &str = "- {id: EPIC-1, title: Sign in, state: Planned, owner: Ada, tests: TEST-1}\n";
const TESTS: &str = "- {id: TEST-1, title: It signs in, owner: Ada, tests: TEST-404}\n- {id: EPIC-01, title: Sign out, state: Planned, owner: Ada, tests: TEST-1}\n";

/// Two plans side by side, and files of none.
fn two_plans() -> tempfile::TempDir {
    folder(&[
        (".git/HEAD", "ref: refs/heads/main\n"),
        ("shop/relplan.toml", "[plan]\nfiles = [\"plan/**/*.yaml\"]\n"),
        ("shop/plan/deep/work.yaml", WORK),
        ("shop/plan/tests.yaml", TESTS),
        ("billing/relplan.toml", ""),
        ("billing/work.yaml", "- {id: EPIC-1, title: Pay, state: Planned, owner: Ada, tests: TEST-7}\n"),
        ("ci.yaml", "on: push\n"),
        ("shop/ci.yaml", "on: push\n"),
    ])
}

#[test]
fn a_finding_is_shown_if_any_of_its_places_is_in_a_named_file() {
    let at = two_plans();
    // Which of two entries with one id is the second is a matter of the order of files.
    let found = findings(at.path(), &["shop/plan/deep/work.yaml"]);
    assert!(has(&found, "duplicate-id", "shop/plan/tests.yaml"), "{found:?}");
    assert!(!has(&found, "link-target-missing", "shop/plan/tests.yaml"), "{found:?}");
    let output = run(at.path(), &["check", "shop/plan/deep/work.yaml"]);
    assert!(err(&output).contains("in other files of the plan: not shown"), "{}", err(&output));
}

#[test]
fn the_same_is_shown_from_everywhere_and_however_the_path_is_written() {
    let at = two_plans();
    let expect = findings(at.path(), &["shop/plan/tests.yaml"]);
    assert!(has(&expect, "link-target-missing", "shop/plan/tests.yaml"), "{expect:?}");
    let absolute = at.path().join("shop/plan/tests.yaml").display().to_string();
    let names = |found: Vec<(String, String)>| found.into_iter().map(|(rule, _)| rule).collect::<Vec<_>>();
    for (folder, path) in [
        ("shop", "plan/tests.yaml"),
        ("shop/plan/deep", "../tests.yaml"),
        ("billing", "../shop/plan/tests.yaml"),
        ("billing", &absolute),
        ("shop/plan", "./deep/../tests.yaml"),
    ] {
        let found = findings(&at.path().join(folder), &[path]);
        assert_eq!(names(found), names(expect.clone()), "{path} in {folder}");
    }
}

#[test]
fn files_of_different_plans_are_checked_each_with_its_own() {
    let at = two_plans();
    let both = ["billing/work.yaml", "shop/plan/tests.yaml"];
    let found = findings(at.path(), &both);
    // TEST-7 is missing in one, TEST-404 in the other, and EPIC-1 is in both without being a duplicate of the other.
    assert!(has(&found, "link-target-missing", "billing/work.yaml"), "{found:?}");
    assert!(has(&found, "link-target-missing", "shop/plan/tests.yaml"), "{found:?}");
    assert_eq!(found.iter().filter(|(rule, _)| rule == "duplicate-id").count(), 1, "{found:?}");
    let each: Vec<_> = both.iter().flat_map(|path| findings(at.path(), &[path])).collect();
    assert_eq!(found.len(), each.len());
    // Outside of a repository, too, files are told apart.
    std::fs::remove_dir_all(at.path().join(".git")).expect("a folder");
    assert_eq!(findings(at.path(), &both), found);
    let output = run(at.path(), &[&["check"], &both[..]].concat());
    assert!(err(&output).contains("checked 3 files, 4 entries (EPIC 3, TEST 1)"), "{}", err(&output));
}

#[test]
fn a_file_of_no_plan_is_checked_alone_and_keeps_no_other_from_its_plan() {
    let at = two_plans();
    for other in ["ci.yaml", "shop/ci.yaml"] {
        let found = findings(at.path(), &["shop/plan/deep/work.yaml", other]);
        assert!(
            has(&found, "unrecognised-document", other) || found.iter().any(|(_, file)| file == other),
            "{found:?}"
        );
        // With the whole plan around it, its link to TEST-1 is known.
        assert!(!has(&found, "link-target-missing", "shop/plan/deep/work.yaml"), "{found:?}");
    }
}

#[test]
fn the_configuration_concerns_every_file() {
    let at = two_plans();
    let expect = findings(&at.path().join("shop"), &[]);
    assert_eq!(findings(&at.path().join("shop"), &["relplan.toml"]), expect);
    assert_eq!(findings(&at.path().join("shop"), &["plan/deep/work.yaml", "relplan.toml"]), expect);
}

#[test]
fn a_deleted_file_concerns_every_file_and_one_that_never_was_is_an_error() {
    let at = two_plans();
    let repository = Repository::of(at.path(), &[".git"]);
    std::fs::remove_dir_all(repository.path().join("shop/plan/deep")).expect("a folder");
    let shop = repository.path().join("shop");
    assert_eq!(findings(&shop, &["plan/deep/work.yaml"]), findings(&shop, &[]));
    let output = run(&shop, &["check", "plan/deep/wrok.yaml"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("wrok.yaml` does not exist"), "{}", err(&output));
}

#[test]
fn without_a_configuration_the_plan_is_found_from_below_it() {
    let at = folder(&[
        ("plan/epics/work.yaml", WORK),
        ("plan/tests.yaml", TESTS),
        ("src/plan/mod.rs", "//! A module, not a plan.\n"),
        ("deep/er/x.txt", ""),
    ]);
    let repository = Repository::of(at.path(), &[]);
    let expect = findings(repository.path(), &[]);
    for folder in ["plan", "plan/epics", "src", "src/plan", "deep/er"] {
        let names: Vec<_> =
            findings(&repository.path().join(folder), &[]).into_iter().map(|found| found.0).collect();
        assert_eq!(names, expect.iter().map(|found| found.0.clone()).collect::<Vec<_>>(), "{folder}");
    }
    // A named file has the plan around it, too.
    let found = findings(&repository.path().join("plan"), &["epics/work.yaml"]);
    assert!(!has(&found, "link-target-missing", "epics/work.yaml"), "{found:?}");
    assert_eq!(code(&run(&repository.path().join("deep/er"), &["list"])), 0);
}

#[test]
fn the_search_for_a_plan_ends_at_the_top_of_the_repository() {
    let at = folder(&[("plan/work.yaml", WORK), ("inner/README.md", "")]);
    let inner = at.path().join("inner");
    assert_eq!(findings(&inner, &[]).len(), findings(at.path(), &[]).len());
    crate::base::git::plain(&inner, &["init", "-q"]);
    let output = run(&inner, &["check"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("no plan in `release/` or `plan/`"), "{}", err(&output));
}

#[test]
fn fixes_go_into_named_files_only() {
    let loud = "- id: DEP-1\n  type: Rollback\n  threshold: >2% of requests for 5m\n";
    let at = folder(&[("relplan.toml", ""), ("a.yaml", loud), ("b.yaml", &loud.replace("DEP-1", "DEP-2"))]);
    let output = run(at.path(), &["check", "--fix", "a.yaml"]);
    assert!(err(&output).contains("applied 1 fix"), "{}", err(&output));
    let text = |name: &str| std::fs::read_to_string(at.path().join(name)).expect("a file");
    assert!(text("a.yaml").contains("'>2%"), "{}", text("a.yaml"));
    assert!(!text("b.yaml").contains('\''), "{}", text("b.yaml"));
}

#[test]
fn a_named_file_is_compared_with_the_whole_base() {
    let repository = Repository::of(two_plans().path(), &[".git"]);
    let output = run(&repository.path().join("shop"), &["check", "--base", "main", "plan/tests.yaml"]);
    assert!(err(&output).contains("entries: 0 added, 0 removed, 0 changed; 0 loosened"), "{}", err(&output));
}
