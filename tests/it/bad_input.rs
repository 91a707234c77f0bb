//! Bad input: one test for each case. Each ends as it should, names every place
//! with file, line and column, reports all that is wrong in one run, and says the
//! same however many threads look.

use std::path::Path;

use crate::support::{self, Found, GOOD};

/// What relplan says about a plan, to machines and to people.
struct Checked {
    code: i32,
    found: Vec<Found>,
    screen: String,
    summary: String,
}

/// Checks the plan in `plan/` five times, with one thread to five.
fn check<T: AsRef<[u8]>>(files: &[(&str, T)]) -> Checked {
    let folder = support::folder(files);
    let run = |threads: usize, arguments: &[&str]| {
        let mut command = support::relplan(folder.path());
        command.env("RAYON_NUM_THREADS", threads.to_string()).args(["check", "--today", "2026-11-20"]);
        command.args(arguments).output().expect("relplan can be started")
    };
    let screens: Vec<_> = (1..=5).map(|threads| run(threads, &[])).collect();
    for screen in &screens {
        assert_eq!(support::out(&screens[0]), support::out(screen), "the same findings in the same order");
        assert_eq!(support::err(&screens[0]), support::err(screen), "the same summary");
    }
    let json = run(5, &["--format", "json"]);
    assert_eq!(json.status.code(), screens[0].status.code(), "the format does not change the exit code");
    Checked {
        code: support::code(&screens[0]),
        found: support::found(&support::out(&json)),
        screen: support::out(&screens[0]),
        summary: support::err(&screens[0]),
    }
}

impl Checked {
    /// Exactly one finding of this rule begins at `places[0]`, with the others as further places.
    #[track_caller]
    fn finds(&self, rule: &str, places: &[&str]) -> &Found {
        let there = self.found.iter().find(|found| found.rule == rule && found.places == places);
        let Some(found) = there else { panic!("no {rule} at {places:?} in {:#?}", self.found) };
        for place in places {
            self.shows(place);
        }
        found
    }

    /// The screen shows a place: by name where a text begins, or as a line of a text that is shown.
    #[track_caller]
    fn shows(&self, place: &str) {
        let line = place.rsplit(':').nth(1).expect("a line");
        let named = self.screen.contains(&format!("[{place}]"));
        let shown = self.screen.lines().any(|row| row.trim_start().starts_with(&format!("{line} │")));
        assert!(named || shown, "{place} is not shown:\n{}", self.screen);
    }

    /// Nothing but these rules found something, each so many times.
    #[track_caller]
    fn finds_only(&self, rules: &[(&str, usize)]) {
        for found in &self.found {
            assert!(rules.iter().any(|(rule, _)| *rule == found.rule), "{found:?}");
        }
        for (rule, count) in rules {
            let seen = self.found.iter().filter(|found| found.rule == *rule).count();
            assert_eq!(seen, *count, "{rule}: {:#?}", self.found);
        }
    }

    /// The summary says how many entries were read.
    #[track_caller]
    fn reads(&self, entries: usize) {
        assert!(self.summary.contains(&format!(" {entries} entr")), "{}", self.summary);
    }
}

#[test]
fn two_missing_link_targets() {
    let epics = "- id: EPIC-1\n  title: A\n  state: Planned\n  owner: Ann\n  tests: TEST-1, TEST-2\n  depends_on: [EPIC-9]\n";
    let tests = "TEST-1: One\nOwner: Ann\n";
    let checked = check(&[("plan/epics.yaml", epics), ("plan/tests.yaml", tests)]);
    assert_eq!(checked.code, 1);
    checked.finds_only(&[("link-target-missing", 2)]);
    let first = checked.found.iter().find(|found| found.places[0] == "plan/epics.yaml:5:18").expect("TEST-2");
    assert!(first.message.contains("TEST-2"), "{}", first.message);
    let second =
        checked.found.iter().find(|found| found.places[0] == "plan/epics.yaml:6:16").expect("EPIC-9");
    assert!(second.message.contains("EPIC-9"), "{}", second.message);
    first.places.iter().chain(&second.places).for_each(|place| checked.shows(place));
}

#[test]
fn one_id_in_two_files() {
    let other = "- id: RISK-1\n  title: Rain\n  owner: Ann\n  probability: Low\n  impact: Low\n  mitigation: Umbrella\n- id: TEST-1\n  title: Again\n  owner: Ann\n";
    let checked = check(&[("plan/a.yaml", GOOD), ("plan/b.yaml", other)]);
    assert_eq!(checked.code, 1);
    checked.finds("duplicate-id", &["plan/b.yaml:7:7", "plan/a.yaml:6:7"]);
    checked.finds_only(&[("duplicate-id", 1)]);
}

#[test]
fn a_cycle_through_two_files() {
    let a = "- {id: EPIC-1, title: A, state: Planned, owner: Ann, tests: TEST-1, depends_on: EPIC-2}\n- {id: TEST-1, title: T, owner: Ann}\n";
    let b = "- {id: EPIC-2, title: B, state: Planned, owner: Ann, tests: TEST-1, depends_on: EPIC-1}\n";
    let checked = check(&[("plan/a.yaml", a), ("plan/b.yaml", b)]);
    assert_eq!(checked.code, 1);
    checked.finds("link-cycle", &["plan/a.yaml:1:81", "plan/b.yaml:1:81"]);
    checked.finds_only(&[("link-cycle", 1)]);
}

#[test]
fn a_syntax_error_hides_no_other_entry() {
    let broken = "- id: RUN-1\n  title: \"Open\n  steps: [a]\n- id: TEST-2\n  title: Two\n  owner: Ann\n  linked_ids: TEST-9\n";
    let checked = check(&[("plan/a.yaml", GOOD), ("plan/b.yaml", broken)]);
    assert_eq!(checked.code, 1);
    let syntax = checked.found.iter().find(|found| found.rule == "yaml-syntax").expect("a syntax error");
    assert_eq!(syntax.places[0], "plan/b.yaml:2:10", "where the quote opens");
    checked.shows("plan/b.yaml:2:10");
    let link =
        checked.found.iter().find(|found| found.rule == "link-target-missing").expect("the other error");
    assert_eq!(link.places[0], "plan/b.yaml:7:15");
}

#[test]
fn a_field_of_a_wrong_type() {
    let wrong = "id: EPIC-2\ntitle: [a, b]\nstate: Planned\nowner: Ann\ndue: {year: 2027}\ntests: TEST-1\nprogress: much\n";
    let checked = check(&[("plan/a.yaml", GOOD), ("plan/b.yaml", wrong)]);
    assert_eq!(checked.code, 1);
    assert_eq!(checked.finds("wrong-shape", &["plan/b.yaml:2:8", "plan/b.yaml:2:1"]).level, "error");
    checked.finds("wrong-shape", &["plan/b.yaml:5:6", "plan/b.yaml:5:1"]);
    checked.finds("invalid-percentage", &["plan/b.yaml:7:11"]);
}

#[test]
fn a_field_that_nobody_knows() {
    let wrong = "id: EPIC-2\ntitle: B\nstate: Planned\nonwer: Ann\ntests: TEST-1\n";
    let checked = check(&[("plan/a.yaml", GOOD), ("plan/b.yaml", wrong)]);
    assert_eq!(checked.code, 1);
    checked.finds("unknown-key", &["plan/b.yaml:4:1"]);
    checked.finds_only(&[("unknown-key", 1)]);
    assert!(checked.screen.contains("did you mean `owner`"), "{}", checked.screen);
}

#[test]
fn bytes_that_are_not_utf8() {
    let latin = b"- id: EPIC-2\n  title: \xdcber K\xf6ln\n  state: Planned\n  owner: Ann\n  tests: TEST-7\n"
        .as_slice();
    let checked = check(&[("plan/a.yaml", GOOD.as_bytes()), ("plan/b.yaml", latin)]);
    assert_eq!(checked.code, 1);
    checked.finds("invalid-utf8", &["plan/b.yaml:2:10"]);
    checked.reads(3);
    assert!(checked.found.iter().any(|found| found.rule == "link-target-missing"), "the rest is read");
}

#[test]
fn a_line_of_a_megabyte() {
    let long = format!(
        "{GOOD}- id: EPIC-2\n  title: {}\n  state: Planned\n  owner: Ann\n  tests: TEST-7\n",
        "x".repeat(1 << 20)
    );
    let checked = check(&[("plan/a.yaml", long)]);
    assert_eq!(checked.code, 1);
    checked.finds("long-line", &["plan/a.yaml:10:1"]);
    checked.reads(3);
    let link =
        checked.found.iter().find(|found| found.rule == "link-target-missing").expect("the rest is read");
    assert_eq!(link.places[0], "plan/a.yaml:13:10");
    assert!(checked.screen.lines().all(|row| row.len() < 2000), "a long line is cut on the screen");
}

#[test]
fn an_alias_bomb() {
    let mut bomb = String::from("x-0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..9 {
        let alias = format!("*a{}", level - 1);
        bomb += &format!("x-{level}: &a{level} [{}]\n", vec![alias; 9].join(", "));
    }
    bomb += "entries:\n  - {id: EPIC-2, title: B, state: Planned, owner: Ann, tests: TEST-1}\n";
    let checked = check(&[("plan/a.yaml", GOOD), ("plan/b.yaml", &bomb)]);
    assert_eq!(checked.code, 1);
    let bomb = checked.found.iter().find(|found| found.rule == "alias-budget").expect("the bomb is found");
    assert!(bomb.places[0].starts_with("plan/b.yaml:"), "{bomb:?}");
    checked.shows(&bomb.places[0]);
    checked.finds_only(&[("alias-budget", 1)]);
    checked.reads(3);
}

#[test]
fn an_empty_file() {
    let checked = check(&[("plan/a.yaml", GOOD), ("plan/b.yaml", "")]);
    checked.finds("empty-file", &["plan/b.yaml:1:1"]);
    checked.finds_only(&[("empty-file", 1)]);
    let alone = check(&[("plan/b.yaml", "# nothing yet\n")]);
    assert_ne!(alone.code, 0, "a plan without a single entry is not fine: {}", alone.summary);
}

#[test]
fn a_key_twice_in_one_mapping() {
    let twice = "id: EPIC-2\ntitle: B\nstate: Planned\nowner: Ann\ntests: TEST-1\ntitle: C\nOwner: Bea\n";
    let checked = check(&[("plan/a.yaml", GOOD), ("plan/b.yaml", twice)]);
    assert_eq!(checked.code, 1);
    checked.finds("duplicate-key", &["plan/b.yaml:6:1", "plan/b.yaml:2:1"]);
    checked.finds("repeated-key", &["plan/b.yaml:7:1", "plan/b.yaml:4:1"]);
    checked.finds_only(&[("duplicate-key", 1), ("repeated-key", 1)]);
}

#[test]
fn two_documents_in_a_file() {
    let two = format!(
        "{GOOD}---\nid: EPIC-2\ntitle: B\nstate: Planned\nowner: Ann\ntests: TEST-2\n---\nTEST-1: Again\nOwner: Ann\n"
    );
    let checked = check(&[("plan/a.yaml", two)]);
    assert_eq!(checked.code, 1);
    checked.finds("duplicate-id", &["plan/a.yaml:16:1", "plan/a.yaml:6:7"]);
    let link = checked
        .found
        .iter()
        .find(|found| found.rule == "link-target-missing")
        .expect("in the second document");
    assert_eq!(link.places[0], "plan/a.yaml:14:8");
    assert_eq!(checked.found.len(), 2);
}

#[test]
fn a_misspelt_root_key() {
    let checked = check(&[
        ("plan/a.yaml", GOOD),
        ("plan/b.yaml", "entires:\n  - id: LL-2\n    title: B\n    owner: Ann\n"),
    ]);
    assert_eq!(checked.code, 1);
    assert_eq!(checked.found.len(), 1, "{:#?}", checked.found);
    assert_eq!(checked.found[0].places[0], "plan/b.yaml:1:1");
    checked.shows("plan/b.yaml:1:1");
    assert!(checked.screen.contains("`entries`"), "{}", checked.screen);
}

#[test]
fn a_nul_byte() {
    let checked =
        check(&[("plan/a.yaml", GOOD), ("plan/b.yaml", "- id: LL-2\n  title: A\0b\n  owner: Ann\n")]);
    assert_eq!(checked.code, 1);
    checked.finds("nul-byte", &["plan/b.yaml:2:11"]);
    checked.finds_only(&[("nul-byte", 1)]);
    checked.reads(3);
}

#[test]
fn a_tab_for_indentation() {
    let checked = check(&[("plan/a.yaml", GOOD), ("plan/b.yaml", "- id: LL-2\n\ttitle: B\n  owner: Ann\n")]);
    assert_eq!(checked.code, 1);
    checked.finds("tab-indentation", &["plan/b.yaml:2:1", "plan/b.yaml:1:1"]);
    checked.finds_only(&[("tab-indentation", 1)]);
    checked.reads(2);
}

#[test]
fn conflict_markers_of_git() {
    let conflict = "- id: TEST-2\n  title: B\n<<<<<<< HEAD\n  owner: Ann\n=======\n  owner: Bea\n>>>>>>> other\n- id: TEST-3\n  title: C\n  owner: Ann\n  linked_ids: TEST-9\n";
    let checked = check(&[("plan/a.yaml", GOOD), ("plan/b.yaml", conflict)]);
    assert_eq!(checked.code, 1);
    let markers =
        checked.found.iter().find(|found| found.rule == "conflict-markers").expect("the marker lines");
    assert_eq!(markers.places.first().map(String::as_str), Some("plan/b.yaml:3:1"));
    assert!(markers.places.contains(&"plan/b.yaml:7:1".to_owned()), "{markers:?}");
    markers.places.iter().for_each(|place| checked.shows(place));
    let link =
        checked.found.iter().find(|found| found.rule == "link-target-missing").expect("the rest is read");
    assert_eq!(link.places[0], "plan/b.yaml:11:15");
    checked.reads(4);
}

#[test]
fn a_byte_order_mark_and_cr_lf_are_fine() {
    let text = format!("\u{feff}{}", GOOD.replace('\n', "\r\n"));
    let checked = check(&[("plan/a.yaml", text.clone())]);
    assert_eq!((checked.code, checked.found.len()), (0, 0), "{:#?}", checked.found);
    let wrong = check(&[("plan/a.yaml", text.replace("TEST-1\r\n- id", "TEST-2\r\n- id"))]);
    let link =
        wrong.found.iter().find(|found| found.rule == "link-target-missing").expect("a place behind them");
    assert_eq!(link.places[0], "plan/a.yaml:5:10");
}

#[test]
fn all_of_them_in_one_run() {
    let files: &[(&str, &[u8])] = &[
        ("plan/a.yaml", GOOD.as_bytes()),
        ("plan/b.yaml", b"- id: TEST-1\n  title: Again\n  owner: Ann\n"),
        ("plan/c.yaml", b"- id: TEST-2\n  title: \"Open\n  owner: Ann\n"),
        ("plan/d.yaml", b"- id: TEST-3\n  titel: C\n  owner: Ann\n  linked_ids: TEST-99\n"),
        ("plan/e.yaml", b"- id: TEST-4\n  title: \xff\n  owner: Ann\n"),
        ("plan/f.yaml", b"entires: []\n"),
        ("plan/g.yaml", b""),
        ("plan/h.yaml", b"- id: TEST-5\n  title: a\0b\n  owner: Ann\n"),
        ("plan/i.yaml", b"- id: TEST-6\n  title: >2% more\n  owner: #qa\n"),
    ];
    let checked = check(files);
    assert_eq!(checked.code, 1);
    for (file, _) in &files[1..] {
        let there = checked
            .found
            .iter()
            .any(|found| found.places.first().is_some_and(|place| place.starts_with(file)));
        assert!(there, "nothing is found in {file}: {:#?}", checked.found);
    }
    let places: Vec<&String> = checked.found.iter().filter_map(|found| found.places.first()).collect();
    assert!(places.is_sorted_by_key(|place| place.split(':').next()), "by file: {places:?}");
}

/// Runs relplan and asserts that it could not do its job: exit code 2, a text on standard error and a hint, nothing on standard output.
#[track_caller]
fn stops(folder: &Path, arguments: &[&str], error: &str, hint: &str) {
    let output = support::run(folder, arguments);
    let text = support::err(&output);
    assert_eq!(support::code(&output), 2, "{arguments:?}: {text}");
    assert!(text.contains(error), "{error:?} is not in {text:?}");
    assert!(text.contains("hint:") && text.contains(hint), "{hint:?} is not in {text:?}");
    assert!(output.stdout.is_empty(), "{}", support::out(&output));
}

#[test]
fn a_path_that_does_not_exist() {
    let folder = support::folder(&[("plan/a.yaml", GOOD)]);
    stops(folder.path(), &["check", "plann"], "plann` does not exist", "pass a file, a folder");
    stops(folder.path(), &["check", "plan/a.yaml", "plan/b.yaml"], "b.yaml` does not exist", "pass a file");
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = support::folder(&[("plan/a.yaml", GOOD), ("plan/b.yaml", GOOD)]);
    let path = folder.path().join("plan/b.yaml");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).expect("permissions");
    if std::fs::read(&path).is_ok() {
        // Whoever may read everything cannot meet this error.
        return;
    }
    stops(folder.path(), &["check"], "b.yaml` cannot be read", "permissions");
}

#[test]
fn a_folder_without_a_plan() {
    let folder = support::folder(&[("notes/readme.md", "# Notes\n")]);
    stops(folder.path(), &["check"], "no plan in `release/` or `plan/`", "relplan init");
    stops(folder.path(), &["check", "notes"], "no plan in", "relplan init");
    stops(folder.path(), &["list"], "no plan in", "relplan init");
}

#[test]
fn a_plan_folder_without_its_configuration() {
    let folder = support::folder(&[("plan/a.yaml", GOOD)]);
    stops(folder.path(), &["check", "--plan", "plan"], "no relplan.toml at", "relplan check FOLDER");
    stops(folder.path(), &["check", "--plan", "nowhere"], "no relplan.toml at", "relplan check FOLDER");
}

#[test]
fn rules_that_do_not_exist() {
    let toml = "[rules]\nduplicate-ids = \"off\"\nno-such-thing-at-all = \"note\"\n";
    let folder = support::folder(&[("relplan.toml", toml), ("plan.yaml", GOOD)]);
    stops(
        folder.path(),
        &["check"],
        "relplan.toml:2:1: unknown rule `duplicate-ids` (did you mean `duplicate-id`?)",
        "explain --list",
    );
    stops(
        folder.path(),
        &["check"],
        "relplan.toml:3:1: unknown rule `no-such-thing-at-all`",
        "explain --list",
    );
    let folder = support::folder(&[("plan/a.yaml", GOOD)]);
    stops(
        folder.path(),
        &["check", "--rule", "duplicat-id=off"],
        "did you mean `duplicate-id`?",
        "explain --list",
    );
    stops(
        folder.path(),
        &["explain", "duplicat-id"],
        "unknown rule `duplicat-id`",
        "did you mean `duplicate-id`?",
    );
    stops(folder.path(), &["explain", "RP9999"], "unknown rule `RP9999`", "explain --list");
}

#[test]
fn ids_that_are_none() {
    let folder = support::folder(&[("plan/a.yaml", GOOD)]);
    stops(folder.path(), &["trace", "EPIC"], "`EPIC`", "write an id such as `DEP-001`");
    stops(folder.path(), &["trace", "EPIC-9999"], "no entry has the id `EPIC-9999`", "relplan list");
    stops(folder.path(), &["trace", "EPIC-2"], "no entry has the id `EPIC-2`", "did you mean `EPIC-1`");
    stops(folder.path(), &["list", "--family", "EPCI"], "no entries of family `EPCI`", "`EPIC`");
}

#[test]
fn a_broken_configuration() {
    let folder = support::folder(&[("relplan.toml", "[plan\nfiles = []\n"), ("plan.yaml", GOOD)]);
    stops(folder.path(), &["check"], "relplan.toml:1:", "fix the errors above");
    let folder = support::folder(&[
        ("relplan.toml", "[plan]\nfils = []\n\n[rules]\nduplicate-id = \"fatal\"\n"),
        ("plan.yaml", GOOD),
    ]);
    stops(folder.path(), &["check"], "relplan.toml:2:1", "fix the errors above");
    stops(folder.path(), &["check"], "relplan.toml:5:16", "fix the errors above");
    stops(folder.path(), &["trace", "EPIC-1"], "relplan.toml:2:1", "fix the errors above");
    let folder = support::folder(&[("relplan.toml", "[plan]\nfiles = [\"[\"]\n"), ("plan.yaml", GOOD)]);
    stops(folder.path(), &["check"], "`[` is not a glob", "write a glob such as");
}

#[test]
fn a_baseline_that_is_none() {
    let files =
        [("plan/a.yaml", GOOD), ("no.json", "{"), ("other.json", "{\"version\": 7, \"findings\": []}")];
    let folder = support::folder(&files);
    stops(folder.path(), &["check", "--baseline", "gone.json"], "cannot read `gone.json`", "check the path");
    stops(folder.path(), &["check", "--baseline", "no.json"], "`no.json` is not a baseline", "--format json");
    stops(folder.path(), &["check", "--baseline", "other.json"], "version 7", "--format json");
}

#[test]
fn an_output_that_cannot_be_written() {
    let folder = support::folder(&[("plan/a.yaml", GOOD), ("out/keep.json", "kept")]);
    let before = support::snapshot(folder.path());
    stops(
        folder.path(),
        &["check", "--output", "nowhere/out.json"],
        "cannot write `nowhere/out.json`",
        "check that the folder exists",
    );
    stops(folder.path(), &["check", "--output", "out"], "cannot write `out`", "check that the folder exists");
    assert_eq!(before, support::snapshot(folder.path()), "nothing is left behind");
}

#[test]
fn a_command_line_that_is_wrong() {
    let folder = support::folder(&[("plan/a.yaml", GOOD)]);
    for arguments in [
        &["check", "--fail-on", "fatal"][..],
        &["check", "--rule", "duplicate-id"],
        &["check", "--rule", "duplicate-id=fatal"],
        &["check", "--format", "docx"],
        &["check", "--today", "2026-02-30"],
        &["check", "--suggested"],
        &["check", "--diff"],
        &["trace"],
        &["explain"],
        &["chekc"],
    ] {
        let output =
            support::relplan(folder.path()).args(arguments).output().expect("relplan can be started");
        assert_eq!(support::code(&output), 2, "{arguments:?}");
        assert!(support::err(&output).contains("error:"), "{arguments:?}: {}", support::err(&output));
        assert!(output.stdout.is_empty());
    }
}
