//! The commands as users meet them: what goes where, what it looks like, how it ends.

use std::process::{Output, Stdio};

use crate::support::{self, GOOD, code, err, out, run, with_input};

/// One error: the link in line 5.
const DANGLING: &str = "\
- id: EPIC-1
  title: Users sign in
  state: In Progress
  owner: Engineering
  tests: TEST-1, TEST-9
- id: TEST-1
  title: A user signs in
  owner: QA Lead
";

/// One warning: an overdue epic.
const LATE: &str = "\
- id: EPIC-1
  title: Users sign in
  state: In Progress
  owner: Engineering
  due: 2026-11-06
  tests: TEST-1
- id: TEST-1
  title: A user signs in
  owner: QA Lead
";

// --- What is read ----------------------------------------------------------------------------

#[test]
fn standard_input_is_a_file_like_any_other() {
    let folder = support::folder(&[("tests.yaml", "TEST-9: Nine\nOwner: Ann\nStatus: passing\n")]);
    let output = with_input(folder.path(), &["check", "-"], DANGLING);
    assert_eq!(code(&output), 1);
    assert!(out(&output).contains("[<stdin>:5:18]"), "{}", out(&output));
    let output = with_input(folder.path(), &["check", "-", "tests.yaml"], DANGLING);
    assert_eq!(code(&output), 0, "{}", out(&output));
    assert!(err(&output).contains("checked 2 files, 3 entries"), "{}", err(&output));
    let output = with_input(folder.path(), &["list", "-"], GOOD);
    assert!(out(&output).contains("EPIC-1"));
    let nothing = with_input(folder.path(), &["check", "-"], "");
    assert_ne!(code(&nothing), 0, "a gate that saw nothing does not pass: {}", err(&nothing));
}

#[test]
fn standard_input_is_not_mended_but_shown() {
    let folder = support::folder(&[("README.md", "# Ours\n")]);
    let unquoted = "- id: RUN-1\n  title: x\n  owner: @ann\n";
    let output = with_input(folder.path(), &["check", "--fix", "-"], unquoted);
    assert_eq!(code(&output), 2, "{}", err(&output));
    assert!(err(&output).contains("standard input cannot be fixed in place"), "{}", err(&output));
    let output = with_input(folder.path(), &["check", "--fix", "--diff", "-"], unquoted);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(out(&output).contains("+  owner: '@ann'"), "{}", out(&output));
}

#[test]
fn a_plan_cannot_speak_to_the_terminal() {
    let spoken = "- id: RUN-1\n  title: \"a\\e[31mb\"\n  status: x\u{9b}31m\n  \u{202e}owner: y\n";
    let folder =
        support::folder(&[("plan/a.yaml", spoken), ("plan/b.yaml", "PK\u{3}\u{4}\u{1b}]0;t\u{7}\n")]);
    for command in ["check", "list", "trace RUN-1"] {
        let arguments: Vec<&str> = command.split(' ').collect();
        let output = run(folder.path(), &arguments);
        let shown = out(&output) + &err(&output);
        let steers = |letter: char| letter != '\n' && (letter.is_control() || letter == '\u{202e}');
        assert!(!shown.contains(steers), "{command}: {shown:?}");
        assert!(shown.contains("RUN-1"), "{command}: {shown}");
    }
}

#[test]
fn files_and_folders_are_read_instead_of_the_plan() {
    let folder = support::folder(&[
        ("plan/a.yaml", DANGLING),
        ("other/b.yaml", GOOD),
        ("c.yml", "TEST-9: Nine\nOwner: Ann\n"),
    ]);
    assert_eq!(code(&run(folder.path(), &["check"])), 1, "the plan");
    assert_eq!(code(&run(folder.path(), &["check", "other"])), 0, "a folder");
    let both = run(folder.path(), &["check", "plan/a.yaml", "c.yml"]);
    assert_eq!(code(&both), 0, "{}", out(&both));
    assert!(err(&both).contains("checked 2 files, 3 entries"), "{}", err(&both));
    let twice = run(folder.path(), &["check", "other", "other/b.yaml"]);
    assert!(err(&twice).contains("checked 1 file, 2 entries"), "a file counts once: {}", err(&twice));
}

#[test]
fn the_configuration_is_found_by_walking_up() {
    let toml = "[rules]\nlink-target-missing = \"off\"\n";
    let folder = support::folder(&[("relplan.toml", toml), ("deep/er/a.yaml", DANGLING)]);
    let inside = folder.path().join("deep/er");
    let output = run(&inside, &["check"]);
    assert_eq!(code(&output), 0, "{}{}", out(&output), err(&output));
    let named = support::folder(&[("elsewhere/relplan.toml", toml), ("elsewhere/a.yaml", DANGLING)]);
    assert_eq!(code(&run(named.path(), &["check", "--plan", "elsewhere"])), 0);
    assert_eq!(code(&run(named.path(), &["check", "--plan", "elsewhere/relplan.toml"])), 0);
    assert_eq!(code(&run(named.path(), &["check", "elsewhere/a.yaml"])), 0, "beside the file that is named");
}

// --- What it looks like -----------------------------------------------------------------------

#[test]
fn escape_codes_are_for_terminals() {
    let folder = support::folder(&[("plan/a.yaml", DANGLING)]);
    let coloured = |output: &Output| output.stdout.contains(&0x1b) || output.stderr.contains(&0x1b);
    assert!(!coloured(&run(folder.path(), &["check"])), "a pipe has no colours");
    assert!(!coloured(&run(folder.path(), &["check", "--color", "never"])));
    let always = run(folder.path(), &["check", "--color", "always"]);
    assert!(always.stdout.contains(&0x1b) && always.stderr.contains(&0x1b), "colours if they are asked for");
    let without =
        support::relplan(folder.path()).env("NO_COLOR", "1").args(["check"]).output().expect("a run");
    assert!(!coloured(&without));
    for command in [
        &["list"][..],
        &["trace", "EPIC-1"],
        &["explain", "duplicate-id"],
        &["explain", "--list"],
        &["check", "nowhere"],
    ] {
        assert!(!coloured(&run(folder.path(), command)), "{command:?}");
    }
}

#[test]
fn places_far_apart_are_drawn_without_what_is_between() {
    let entry = |at: usize| format!("- id: EPIC-{at}\n  title: Work {at}\n");
    let near = [entry(1), entry(1)].concat();
    let far: String = (1..=300).chain([1]).map(entry).collect();
    for (plan, most, boxes) in [(near, 20, 1), (far, 20, 2)] {
        let folder = support::folder(&[("plan/a.yaml", plan.as_str())]);
        let shown = out(&run(folder.path(), &["check"]));
        let found = shown.find("duplicate-id").unwrap_or_else(|| panic!("{shown}"));
        let drawn = shown[found..].split("help:").next().unwrap_or_default();
        assert!(drawn.lines().count() <= most, "{drawn}");
        assert_eq!(drawn.matches("─[").count(), boxes, "{drawn}");
    }
}

#[test]
fn any_width_will_do() {
    let long =
        "A title of many words that goes on and on until the line is longer than anybody likes to read";
    let plan = DANGLING.replace("Users sign in", long);
    let folder = support::folder(&[("plan/a.yaml", plan.as_str())]);
    for columns in ["0", "1", "20", "40", "60", "200", "70000", "wide"] {
        for arguments in [
            &["check"][..],
            &["list"],
            &["trace", "EPIC-1"],
            &["explain", "--list"],
            &["explain", "duplicate-id"],
            &["check", "--statistics"],
        ] {
            let mut command = support::relplan(folder.path());
            let output = command.env("COLUMNS", columns).args(arguments).output().expect("a run");
            assert!(code(&output) <= 1, "{columns} {arguments:?}: {}", err(&output));
        }
    }
    for columns in [40, 60, 200] {
        for arguments in [&["check", "-q"][..], &["list", "-q"]] {
            let mut command = support::relplan(folder.path());
            let output = command.env("COLUMNS", columns.to_string()).args(arguments).output().expect("a run");
            let wide = |line: &&str| line.chars().count() > columns && !is_source(line);
            let text = out(&output);
            let too_wide: Vec<&str> = text.lines().filter(wide).collect();
            assert!(too_wide.is_empty(), "{columns} {arguments:?}: {too_wide:#?}");
        }
    }
}

/// Text of the plan, and what points into it, is shown as it is written.
fn is_source(line: &str) -> bool {
    line.contains(" │ ") || line.contains(" · ") || line.contains("╭─[")
}

#[test]
fn a_check_that_saw_no_entry_does_not_say_that_it_found_nothing() {
    let folder = support::folder(&[("plan/a.yaml", "# Nothing yet.\n")]);
    let output = run(folder.path(), &["check", "--rule", "empty-file=off"]);
    assert_eq!(code(&output), 2);
    assert!(!err(&output).contains("no findings"), "{}", err(&output));
    assert!(err(&output).starts_with("nothing to check\nchecked 1 file, 0 entries, "), "{}", err(&output));
}

#[test]
fn the_summary_is_written_once_and_its_sums_agree() {
    let twice = "- {id: LL-1, title: x}\n- {id: LL-1, title: y}\n- {id: RUN-1, title: z}\n";
    let folder = support::folder(&[("plan/a.yaml", twice)]);
    let output = run(folder.path(), &["check", "--format", "github"]);
    let both = out(&output) + &err(&output);
    assert_eq!(both.matches("checked 1 file, 3 entries (LL 2, RUN 1)").count(), 1, "{both}");
    let output = run(folder.path(), &["check", "--format", "github", "--output", "annotations"]);
    assert!(err(&output).contains("checked 1 file"), "{}", err(&output));
}

#[test]
fn a_broken_configuration_is_named_before_the_files_that_it_leaves_out() {
    let config = "[plan]\nfiles = [\"a\", \"b\n";
    let folder = support::folder(&[("relplan.toml", config), ("plan/a.yaml", GOOD)]);
    let output = run(folder.path(), &["check"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("config-syntax"), "{}", err(&output));
}

#[test]
fn only_the_product_goes_to_standard_output() {
    let folder = support::folder(&[("plan/a.yaml", GOOD)]);
    let output = run(folder.path(), &["check"]);
    assert_eq!((code(&output), out(&output).as_str()), (0, ""));
    assert!(
        err(&output).contains("no findings\nchecked 1 file, 2 entries (EPIC 1, TEST 1), 1 link, with "),
        "{}",
        err(&output)
    );
    for arguments in [
        &["check", "--quiet"][..],
        &["check", "-q", "--statistics"],
        &["list", "-q"],
        &["trace", "EPIC-1", "-q"],
    ] {
        let output = run(folder.path(), arguments);
        assert_eq!(err(&output), "", "{arguments:?}");
    }
    let verbose = run(folder.path(), &["check", "-v"]);
    assert!(err(&verbose).contains("not applicable: "), "{}", err(&verbose));
}

#[test]
fn an_error_is_said_even_if_it_is_quiet() {
    let folder = support::folder(&[("plan/a.yaml", GOOD)]);
    let output = run(folder.path(), &["check", "-q", "nowhere"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("does not exist"));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let many: String =
        (0..5_000).map(|number| format!("- {{id: RUN-{number}, linked_ids: RUN-99999}}\n")).collect();
    let folder = support::folder(&[("plan/a.yaml", many)]);
    for arguments in [
        &["check"][..],
        &["check", "--format", "json"],
        &["list"],
        &["explain", "--list"],
        &["man"],
        &["completions", "bash"],
    ] {
        let mut command = support::relplan(folder.path());
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("relplan can be started");
        // Whoever reads goes away before the first line.
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        let text = err(&output);
        assert!(
            code(&output) <= 1 && !text.contains("panicked") && !text.contains("error:"),
            "{arguments:?}: {text}"
        );
    }
}

// --- How it ends ------------------------------------------------------------------------------

#[test]
fn fail_on_says_what_is_a_failure() {
    for (plan, expected) in [(DANGLING, [0, 1, 1, 1]), (LATE, [0, 0, 1, 1]), (GOOD, [0, 0, 0, 0])] {
        let folder = support::folder(&[("plan/a.yaml", plan)]);
        for (level, expected) in ["never", "error", "warning", "note"].iter().zip(expected) {
            let output = run(folder.path(), &["check", "--fail-on", level]);
            assert_eq!(code(&output), expected, "--fail-on {level}: {}", out(&output));
        }
    }
}

#[test]
fn levels_come_from_the_rule_then_the_configuration_then_the_command_line() {
    let toml = "[rules]\nlink-target-missing = \"warning\"\n";
    let folder = support::folder(&[("relplan.toml", toml), ("a.yaml", DANGLING)]);
    let output = run(folder.path(), &["check"]);
    assert_eq!(code(&output), 0);
    assert!(out(&output).contains("warning RP0301 link-target-missing"), "{}", out(&output));
    assert!(
        out(&output).contains("relplan.toml:2:23"),
        "the line that asks for it is shown: {}",
        out(&output)
    );
    let output = run(folder.path(), &["check", "--rule", "link-target-missing=error"]);
    assert_eq!(code(&output), 1);
    assert!(!out(&output).contains("relplan.toml"), "{}", out(&output));
    let output = run(folder.path(), &["check", "--rule", "RP0301=off", "--rule", "overdue=note"]);
    assert_eq!((code(&output), out(&output).as_str()), (0, ""));
}

#[test]
fn inline_allows_cover_their_line_or_the_next_entry() {
    let beside = DANGLING
        .replace("TEST-9\n", "TEST-9 # relplan: allow(link-target-missing) it is written next week\n");
    let above = format!("# relplan: allow(RP0301) it is written next week\n{DANGLING}");
    for plan in [&beside, &above] {
        let folder = support::folder(&[("plan/a.yaml", plan)]);
        let output = run(folder.path(), &["check", "--fail-on", "note"]);
        assert_eq!((code(&output), out(&output).as_str()), (0, ""));
        assert!(err(&output).contains("no findings; 1 allowed inline"), "{}", err(&output));
    }
    let last_line = "\
EPIC-01:
  title: A
  owner: Q
  tests: TEST-001
  estimate:
    # relplan: allow(epic-without-test) the line below, and no other entry
    optimistic: 1d
EPIC-02:
  title: B
  owner: Q
TEST-001: {title: T, owner: Q, type: Unit}
";
    let folder = support::folder(&[("plan/a.yaml", last_line)]);
    let text = out(&run(folder.path(), &["check"]));
    assert!(text.contains("EPIC-02") && text.contains("epic-without-test"), "{text}");
    let elsewhere = format!("{DANGLING}# relplan: allow(link-target-missing) it is written next week\n");
    let folder = support::folder(&[("plan/a.yaml", elsewhere)]);
    let text = out(&run(folder.path(), &["check"]));
    assert!(text.contains("link-target-missing") && text.contains("unused-allow"), "{text}");
}

#[test]
fn the_denominator_is_in_every_output() {
    let folder = support::folder(&[("plan/a.yaml", DANGLING)]);
    let output = run(folder.path(), &["check", "--format", "json"]);
    assert!(err(&output).contains("1 error"), "{}", err(&output));
    assert!(err(&output).contains("checked 1 file, 2 entries (EPIC 1, TEST 1)"), "{}", err(&output));
    let report: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
    assert_eq!(report["version"], 1);
    let looked = &report["checked"];
    assert_eq!((&looked["files"], &looked["entries"]), (&1.into(), &2.into()));
    assert_eq!(looked["families"]["EPIC"], 1);
    assert_eq!(looked["today"], "2026-11-20");
    assert!(looked["rules_run"].as_u64() > Some(50), "{looked}");
    assert!(looked["rules_idle"].as_array().is_some_and(|idle| !idle.is_empty()));
    assert_eq!(report["totals"]["error"], 1);
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let folder = support::project().join("tests/plans/bad/seed-unquoted");
    for format in ["terminal", "json"] {
        let first = run(&folder, &["check", ".", "--format", format]);
        for _ in 0..3 {
            let again = run(&folder, &["check", ".", "--format", format]);
            assert_eq!((&first.stdout, &first.stderr), (&again.stdout, &again.stderr));
        }
    }
}

// --- Baseline, statistics, output -------------------------------------------------------------

#[test]
fn a_baseline_goes_round() {
    let two = format!("{DANGLING}  linked_ids: RUN-7\n");
    let folder = support::folder(&[("plan/a.yaml", two.as_str())]);
    let write =
        run(folder.path(), &["check", "--format", "json", "--output", "known.json", "--fail-on", "never"]);
    assert_eq!((code(&write), out(&write).as_str()), (0, ""));
    let known = run(folder.path(), &["check", "--baseline", "known.json"]);
    assert_eq!((code(&known), out(&known).as_str()), (0, ""));
    assert!(err(&known).contains("2 hidden by the baseline"), "{}", err(&known));

    // Lines move, one finding goes, one comes.
    let changed = format!("# Moved down.\n\n{}  linked_ids: RUN-8\n", DANGLING);
    std::fs::write(folder.path().join("plan/a.yaml"), changed).expect("a file");
    let later = run(folder.path(), &["check", "--baseline", "known.json"]);
    assert_eq!(code(&later), 1);
    assert!(
        out(&later).contains("RUN-8") && !out(&later).contains("it links to `TEST-9`"),
        "{}",
        out(&later)
    );
    assert!(
        err(&later).contains("1 hidden by the baseline, 1 of its findings fixed: update the baseline"),
        "{}",
        err(&later)
    );
    let json = run(folder.path(), &["check", "--baseline", "known.json", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out(&json)).expect("JSON");
    assert_eq!((&report["baseline"]["known"], &report["baseline"]["fixed"]), (&1.into(), &1.into()));
}

#[test]
fn statistics_count_by_rule() {
    let folder = support::folder(&[("plan/a.yaml", format!("{DANGLING}  linked_ids: RUN-7, RUN-8\n"))]);
    let output = run(folder.path(), &["check", "--statistics"]);
    let text = err(&output);
    let row = text.lines().find(|line| line.contains("link-target-missing")).expect("a row");
    assert!(row.contains('3') && row.contains("RP0301") && row.contains("error"), "{row}");
}

#[test]
fn the_ending_of_the_output_chooses_its_format() {
    let folder = support::folder(&[("plan/a.yaml", DANGLING)]);
    let begins = [("a.json", "{"), ("a.sarif", "{"), ("a.xml", "<?xml"), ("a.txt", "error RP0301")];
    for (name, begin) in begins {
        let output = run(folder.path(), &["check", "--output", name]);
        assert_eq!((code(&output), out(&output).as_str()), (1, ""), "{}", err(&output));
        let text = std::fs::read_to_string(folder.path().join(name)).expect("the output");
        assert!(text.starts_with(begin), "{name}: {text}");
        assert!(!text.contains('\u{1b}'), "a file has no colours");
        assert!(err(&output).contains("checked 1 file"));
    }
    let sarif = std::fs::read_to_string(folder.path().join("a.sarif")).expect("the output");
    assert!(sarif.contains("2.1.0"));
    let named = run(folder.path(), &["check", "--format", "json", "--output", "b.txt"]);
    assert_eq!(code(&named), 1);
    assert!(
        std::fs::read_to_string(folder.path().join("b.txt")).is_ok_and(|text| text.starts_with('{')),
        "a format that is named wins"
    );
}

#[test]
fn secrets_are_in_no_output() {
    let folder = support::project().join("tests/plans/bad/environments");
    for format in ["terminal", "json", "sarif", "github", "gitlab", "junit"] {
        let output = run(&folder, &["check", ".", "--format", format]);
        let text = out(&output) + &err(&output);
        assert!(text.contains("secret-in-configuration"), "{format}");
        assert!(!text.contains("hunter2-geheim") && !text.contains("wJalrXUtnFEMI"), "{format}: {text}");
    }
}

#[test]
fn a_plan_without_entries_is_not_fine() {
    for text in ["entries: []\n", "x-note: none yet\n", "---\n---\n", "[]\n", "{}\n"] {
        let folder = support::folder(&[("plan/a.yaml", text)]);
        assert_ne!(code(&run(folder.path(), &["check"])), 0, "{text:?}");
    }
}

#[test]
fn check_writes_nothing() {
    let project = support::project();
    for plan in ["tests/plans/bad/seed-unquoted", "tests/plans/bad/broken-yaml", "examples/cloudconnect"] {
        let folder = support::copy(&project.join(plan));
        let before = support::snapshot(folder.path());
        for arguments in [
            &["check", "."][..],
            &["check", ".", "--format", "json"],
            &["check", ".", "--fix", "--diff"],
            &["list", "."],
            &["check", ".", "--fix", "--suggested", "--diff"],
        ] {
            run(folder.path(), arguments);
        }
        assert_eq!(before, support::snapshot(folder.path()), "{plan}");
    }
}

// --- Fixes ------------------------------------------------------------------------------------

/// What a safe fix answers: a value that needs quotes. What only a suggested one does: a key that is mistyped.
const FIXABLE: &str = "\
# The first comment stays.
- id: MON-1     # and this one
  title:   Errors
  owner: Ann
  query: rate(errors[5m])
  unit: percent of requests
  baseline: 0.5%
  type: metric
  target: >2% of requests for 5m   # quoted by the fix
  linked_ids: KPI-1

- id: KPI-1
  titel: Happy users
  owner: Ann
  direction: up
  unit: percent
  target: \"> 50%\"
";

#[test]
fn safe_fixes_keep_everything_else() {
    let folder = support::folder(&[("plan/a.yaml", FIXABLE)]);
    let output = run(folder.path(), &["check", "--fix"]);
    assert!(err(&output).contains("applied 1 fix in 1 file"), "{}", err(&output));
    let fixed = std::fs::read_to_string(folder.path().join("plan/a.yaml")).expect("the file");
    let expected = FIXABLE.replace(">2% of requests for 5m ", "'>2% of requests for 5m' ");
    assert_eq!(fixed, expected);
    assert_eq!(code(&output), 1, "the mistyped key is left");
    let again = run(folder.path(), &["check", "--fix"]);
    assert!(err(&again).contains("no fixes to apply"), "{}", err(&again));
    assert_eq!(std::fs::read_to_string(folder.path().join("plan/a.yaml")).expect("the file"), expected);
    let rest = run(folder.path(), &["check", "--fix", "--suggested"]);
    assert_eq!(code(&rest), 0, "{}", out(&rest));
    let text = std::fs::read_to_string(folder.path().join("plan/a.yaml")).expect("the file");
    assert_eq!(text, expected.replace("titel", "title"));
}

#[test]
fn a_diff_shows_and_writes_nothing() {
    let folder = support::folder(&[("plan/a.yaml", FIXABLE)]);
    let output = run(folder.path(), &["check", "--fix", "--diff"]);
    let text = out(&output);
    assert!(text.starts_with("--- a/plan/a.yaml\n+++ b/plan/a.yaml\n"), "{text}");
    assert!(text.contains("-  target: >2% of requests for 5m   # quoted by the fix\n"), "{text}");
    assert!(text.contains("+  target: '>2% of requests for 5m'   # quoted by the fix\n"), "{text}");
    assert!(!text.contains("title: Happy"), "a suggested fix waits for --suggested: {text}");
    assert_eq!(std::fs::read_to_string(folder.path().join("plan/a.yaml")).expect("the file"), FIXABLE);
    let all = out(&run(folder.path(), &["check", "--fix", "--suggested", "--diff"]));
    assert!(all.contains("+  title: Happy users\n"), "{all}");
}

#[test]
fn fixes_keep_the_byte_order_mark_and_line_ends() {
    let windows = format!("\u{feff}{}", FIXABLE.replace('\n', "\r\n"));
    let folder = support::folder(&[("plan/a.yaml", windows.as_str())]);
    run(folder.path(), &["check", "--fix", "--suggested"]);
    let fixed = std::fs::read_to_string(folder.path().join("plan/a.yaml")).expect("the file");
    let expected =
        windows.replace(">2% of requests for 5m ", "'>2% of requests for 5m' ").replace("titel", "title");
    assert_eq!(fixed, expected);
}

#[test]
fn the_methodology_needs_nothing_but_what_yaml_demands() {
    let folder = support::copy(&support::project().join("tests/plans/bad/seed-unquoted"));
    let before = run(folder.path(), &["check", ".", "--format", "json"]);
    let traps = |output: &Output| -> Vec<String> {
        let found = support::found(&out(output)).into_iter();
        let rules = found.map(|found| found.rule);
        rules
            .filter(|rule| relplan::rules::find(rule).is_some_and(|rule| rule.code.starts_with("RP00")))
            .collect()
    };
    assert_eq!(traps(&before), ["block-indicator", "numbered-list", "swallowed-comment"]);
    let after = run(folder.path(), &["check", ".", "--fix", "--suggested", "--format", "json"]);
    assert_eq!(traps(&after), Vec::<String>::new());
    assert_eq!(
        out(&run(folder.path(), &["list", ".", "-q", "--format", "json"])).matches("\"id\": \"DEP-").count(),
        4
    );
}

#[cfg(unix)]
#[test]
fn a_fix_keeps_links_and_permissions() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = support::folder(&[("real/a.yaml", FIXABLE), ("plan/b.yaml", GOOD)]);
    let real = folder.path().join("real/a.yaml");
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).expect("permissions");
    symlink(&real, folder.path().join("plan/a.yaml")).expect("a link");
    run(folder.path(), &["check", "--fix"]);
    assert!(folder.path().join("plan/a.yaml").symlink_metadata().expect("a link").is_symlink());
    assert_eq!(real.metadata().expect("a file").permissions().mode() & 0o777, 0o640);
    assert!(std::fs::read_to_string(&real).expect("the file").contains("'>2%"));
}

// --- The other commands -----------------------------------------------------------------------

#[test]
fn earlier_names_of_rules_work_and_the_present_one_is_said() {
    let plan = "id: EPIC-001\ntitle: Search\nstate: Somewhere\nlinked_ids: []\n";
    let folder = support::folder(&[("plan.yaml", plan)]);
    let output = run(folder.path(), &["check", "plan.yaml", "--rule", "unknown-word=off"]);
    assert!(!out(&output).contains("RP0107"), "{}", out(&output));
    let said = err(&output);
    assert!(
        said.contains("rule `unknown-word` is called `unknown-value`: write `--rule unknown-value="),
        "{said}"
    );
    let page = out(&run(folder.path(), &["explain", "unknown-word"]));
    assert!(page.starts_with("# unknown-value (RP0107)\n"), "{page}");
    assert!(page.contains("Formerly `unknown-word`."), "{page}");
}

#[test]
fn explain_takes_names_and_codes() {
    let folder = support::folder(&[("a.txt", "")]);
    let by_name = run(folder.path(), &["explain", "duplicate-id"]);
    assert_eq!(code(&by_name), 0);
    assert!(out(&by_name).starts_with("# duplicate-id (RP0201)"), "{}", out(&by_name));
    for name in ["RP0201", "rp0201", "Duplicate-ID"] {
        assert_eq!(out(&run(folder.path(), &["explain", name])), out(&by_name), "{name}");
    }
    let list = out(&run(folder.path(), &["explain", "--list"]));
    for rule in relplan::rules::ALL.iter() {
        assert!(list.contains(rule.code), "{} is not in the list", rule.name);
        let page = run(folder.path(), &["explain", rule.name]);
        assert!(code(&page) == 0 && out(&page).contains("```"), "{}: an example", rule.name);
    }
}

#[test]
fn init_begins_a_plan_that_passes_and_never_overwrites() {
    let folder = support::folder(&[("README.md", "# Ours\n")]);
    let output = run(folder.path(), &["init"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let check = run(folder.path(), &["check", "--fail-on", "note"]);
    assert_eq!((code(&check), out(&check).as_str()), (0, ""), "its plan passes");
    let before = support::snapshot(folder.path());
    let again = run(folder.path(), &["init"]);
    assert_eq!(code(&again), 2);
    assert!(err(&again).contains("already exists") && err(&again).contains("hint:"), "{}", err(&again));
    assert_eq!(before, support::snapshot(folder.path()));
    let elsewhere = run(folder.path(), &["init", "new/place"]);
    assert_eq!(code(&elsewhere), 0, "{}", err(&elsewhere));
    assert_eq!(code(&run(&folder.path().join("new/place"), &["check"])), 0);
}

#[test]
fn init_makes_all_files_or_none() {
    let folder = support::folder(&[("release/work.yaml", "# Ours.\n")]);
    let before = support::snapshot(folder.path());
    let output = run(folder.path(), &["init"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("work.yaml"), "{}", err(&output));
    assert_eq!(before, support::snapshot(folder.path()));
}

#[test]
fn init_passes_on_any_day() {
    // The plan is dated from the day that it is begun.
    for day in
        ["2026-01-01", "2026-12-31", "2027-02-28", "2028-02-29", "2026-11-21", "2026-11-22", "2026-11-23"]
    {
        let folder = support::folder(&[("a.txt", "")]);
        let on = |arguments: &[&str]| {
            support::relplan(folder.path()).args(["--today", day]).args(arguments).output().expect("a run")
        };
        assert_eq!(code(&on(&["init"])), 0);
        let check = on(&["check", "--fail-on", "note"]);
        assert_eq!((code(&check), out(&check).as_str()), (0, ""), "{day}");
    }
}

/// The plan that comes with relplan.
fn cloudconnect(arguments: &[&str]) -> Output {
    let mut all = arguments.to_vec();
    all.extend(["--plan", "examples/cloudconnect"]);
    run(&support::project(), &all)
}

#[test]
fn list_filters_by_family_status_owner_and_text() {
    let ids = |arguments: &[&str]| -> Vec<String> {
        let mut all = vec!["list", "--format", "json"];
        all.extend(arguments);
        let output = cloudconnect(&all);
        let listing: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
        let entries = listing["entries"].as_array().expect("entries");
        entries.iter().map(|entry| entry["id"].as_str().expect("an id").to_owned()).collect()
    };
    let all = ids(&[]);
    assert!(all.len() > 100);
    let risks = ids(&["--family", "risk"]);
    assert_eq!(risks, ["RISK-001", "RISK-002", "RISK-003", "RISK-004", "RISK-005"]);
    assert_eq!(ids(&["--family", "RISK-", "--family", "ADR"]).len(), risks.len() + 2);
    let testing = ids(&["--family", "EPIC", "--status", "in_progress"]);
    assert!(testing.contains(&"EPIC-01".to_owned()) && testing.len() < 14, "{testing:?}");
    assert!(ids(&["--owner", "data lead"]).contains(&"RISK-003".to_owned()));
    assert_eq!(ids(&["--text", "MICROSERVICES", "--family", "RISK"]), ["RISK-001"]);
    assert_eq!(ids(&["--text", "nobody ever wrote this"]), Vec::<String>::new());
    let none = cloudconnect(&["list", "--text", "nobody ever wrote this"]);
    assert!(err(&none).contains("0 entries of "), "{}", err(&none));
    let table = cloudconnect(&["list", "--family", "RUN"]);
    assert!(
        out(&table).contains("RUN-001") && out(&table).contains("Switch back to blue"),
        "{}",
        out(&table)
    );
}

#[test]
fn trace_goes_both_ways_as_far_as_it_is_asked_to() {
    let near = out(&cloudconnect(&["trace", "DEP-401", "--depth", "1"]));
    assert!(near.starts_with("DEP-401 Error rate rises on green"), "{near}");
    assert!(near.contains("upstream") && near.contains("downstream") && near.contains("RUN-001"), "{near}");
    let far = out(&cloudconnect(&["trace", "DEP-401", "--depth", "4"]));
    assert!(far.lines().count() > near.lines().count());
    let indented = near.lines().filter(|line| line.contains("│  ") || line.starts_with("   ")).count();
    assert_eq!(indented, 0, "one step is one level: {near}");
    assert_eq!(out(&cloudconnect(&["trace", "dep-0401", "--depth", "1"])), near, "an id is an id");
    let json = cloudconnect(&["trace", "DEP-401", "--depth", "1", "--format", "json"]);
    let tracing: serde_json::Value = serde_json::from_str(&out(&json)).expect("JSON");
    assert_eq!(tracing["entry"]["id"], "DEP-401");
    let places: Vec<&str> = tracing["downstream"]
        .as_array()
        .expect("steps")
        .iter()
        .filter_map(|step| step["declared_at"].as_str())
        .collect();
    assert!(
        places.iter().all(|place| place.starts_with("examples/cloudconnect/rollback.yaml:")),
        "{places:?}"
    );
    assert_eq!(code(&cloudconnect(&["trace", "DEP-401", "--depth", "0"])), 2);
}

#[test]
fn a_view_of_a_plan_with_defects_says_so() {
    let folder = support::folder(&[("plan/a.yaml", format!("{GOOD}- id: TEST-2\n  title: \"open\n"))]);
    for arguments in [&["list"][..], &["trace", "EPIC-1"]] {
        let output = run(folder.path(), arguments);
        assert_eq!(code(&output), 0);
        assert!(err(&output).contains("the plan is incomplete"), "{}", err(&output));
    }
}

#[test]
fn schemas_completions_and_the_manual() {
    let folder = support::folder(&[("a.txt", "")]);
    for name in ["plan", "config", "check", "list", "trace"] {
        let output = run(folder.path(), &["schema", name]);
        let schema: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
        assert!(schema["$schema"].as_str().is_some_and(|url| url.contains("json-schema.org")), "{name}");
    }
    assert_eq!(out(&run(folder.path(), &["schema"])), out(&run(folder.path(), &["schema", "plan"])));
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = run(folder.path(), &["completions", shell]);
        assert!(code(&output) == 0 && out(&output).contains("relplan"), "{shell}");
    }
    let manual = out(&run(folder.path(), &["man"]));
    assert!(manual.contains(".TH relplan") && manual.contains("Exit codes"), "{manual}");
}

#[test]
fn help_and_version_are_no_errors() {
    let folder = support::folder(&[("a.txt", "")]);
    for arguments in [&["--help"][..], &["-h"], &["--version"], &["check", "--help"], &["help", "trace"]] {
        let output = run(folder.path(), arguments);
        assert!(code(&output) == 0 && !out(&output).is_empty() && err(&output).is_empty(), "{arguments:?}");
    }
}
