//! `check --fix`: one run reaches the end, says what it did, and decides nothing that only people know.

use std::path::Path;

use crate::support::{self, code, err, out, run};

const ALL: &[&str] = &["check", ".", "--fix", "--suggested", "--format", "json"];

/// Fixes a plan of one file; says what the file is afterwards.
fn fixed(yaml: &str) -> String {
    let folder = support::folder(&[("plan.yaml", yaml)]);
    run(folder.path(), ALL);
    read(&folder.path().join("plan.yaml"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("the file")
}

#[test]
fn one_run_reaches_the_end_and_counts_what_it_changed() {
    let bad = support::project().join("tests/plans/bad");
    for plan in std::fs::read_dir(bad).expect("the corpus").map(|item| item.expect("an item").path()) {
        let folder = tempfile::tempdir().expect("a folder");
        support::copy_into(&plan, folder.path());
        let before = support::snapshot(folder.path());
        let first = run(folder.path(), ALL);
        if code(&first) == 2 {
            continue;
        }
        let after = support::snapshot(folder.path());
        let changed = before.iter().zip(&after).filter(|(before, after)| before != after).count();
        let said = match changed {
            0 => "no fixes to apply\n".to_owned(),
            1 => " in 1 file\n".to_owned(),
            count => format!(" in {count} files\n"),
        };
        assert!(err(&first).contains(&said), "{}: {}", plan.display(), err(&first));
        let second = run(folder.path(), ALL);
        assert!(err(&second).contains("no fixes to apply"), "{}: {}", plan.display(), err(&second));
        assert_eq!(after, support::snapshot(folder.path()), "{}", plan.display());
    }
}

#[test]
fn a_fix_that_waits_for_another_needs_no_second_run() {
    // The key first, then its value: only a known key has one.
    let yaml = "- id: EPIC-1\n  titel: Happy users\n  owner: Ann\n  sate: In Progres\n";
    let folder = support::folder(&[("plan.yaml", yaml)]);
    let diff = out(&run(folder.path(), &["check", ".", "--fix", "--suggested", "--diff"]));
    let first = run(folder.path(), ALL);
    assert!(err(&first).contains("applied 3 fixes in 1 file"), "{}", err(&first));
    let text = read(&folder.path().join("plan.yaml"));
    assert!(text.contains("  title: Happy users\n") && text.contains("  state: In Progress\n"), "{text}");
    // What the diff shows is what is done.
    assert!(diff.contains("+  title: Happy users\n") && diff.contains("+  state: In Progress\n"), "{diff}");
    assert!(err(&run(folder.path(), ALL)).contains("no fixes to apply"));
}

#[test]
fn no_fix_turns_a_version_or_a_hotfix_into_another() {
    let rel = |rest: &str| format!("- {{id: REL-001, title: R, date: 2027-07-06, owner: Ada, {rest}}}\n");
    for release in [
        rel("version: \"1.2.3-hotfix.1\""),
        rel("version: \"1.2.3-hotfix\", type: hotfix"),
        rel("version: \"2.0.0\", type: hotfix"),
        rel("version: \"2.1.0\", type: hotfix"),
    ] {
        assert_eq!(fixed(&release), release);
    }
    // The two are one version: zeros at the end count for nothing.
    for (version, expect) in [("1.10", "1.10"), ("1.11", "1.11"), ("1.1", "1.1"), ("1.10.1", "1.10.1")] {
        let plan = |version: &str| {
            let releases =
                rel("version: \"1.1.0\"") + &rel("version: \"1.10.0\"").replace("REL-001", "REL-002");
            format!(
                "{releases}- {{id: EPIC-01, title: E, state: Planned, owner: Ada, release: \"{version}\"}}\n"
            )
        };
        assert_eq!(fixed(&plan(version)), plan(expect), "{version}");
    }
}

#[test]
fn no_fix_chooses_one_of_two_successors() {
    let halves = "- {id: EPIC-04a, title: A half, state: Planned, owner: A, supersedes: EPIC-04}\n\
                  - {id: EPIC-04b, title: The other half, state: Planned, owner: A, supersedes: EPIC-04}\n";
    let plan = |link: &str, more: &str| {
        format!(
            "- {{id: EPIC-04, title: The whole, state: Deferred, owner: A}}\n{halves}{more}\
             - {{id: EPIC-08, title: The sum, state: Planned, owner: A, depends_on: {link}}}\n"
        )
    };
    assert_eq!(fixed(&plan("EPIC-04", "")), plan("EPIC-04", ""));
    // One that supersedes the one, and another that supersedes the other.
    let later = "- {id: EPIC-05, title: Later, state: Planned, owner: A, supersedes: EPIC-04a}\n";
    assert_eq!(fixed(&plan("EPIC-04", later)), plan("EPIC-04", later));
    // Both were joined again: there is one.
    let joined = later.replace("EPIC-04a", "\"EPIC-04a, EPIC-04b\"");
    assert_eq!(fixed(&plan("EPIC-04", &joined)), plan("EPIC-05", &joined));
}

#[test]
fn a_folded_dash_is_put_in_its_column() {
    let runbook = |steps: &str| format!("id: RUN-001\ntitle: Switch back\nowner: Ada\nsteps:\n{steps}");
    let folded =
        runbook("  - Announce it\n    - Stop the writers # first\n    - Drop the tables\n  - Watch\n");
    assert_eq!(fixed(&folded), folded.replace("    -", "  -"));
    // Without a list above there is no column.
    let link = "- {id: EPIC-1, title: A, owner: B, state: Planned}\n- id: EPIC-2\n  title: C\n  owner: D\n  state: Planned\n  depends_on: EPIC-1\n    - EPIC-3\n";
    assert_eq!(fixed(link), link);
}

#[cfg(unix)]
#[test]
fn no_fix_writes_through_a_link_out_of_the_plan() {
    use std::os::unix::fs::symlink;
    let text = "- id: KPI-1\n  titel: Happy users\n  owner: Ann\n  target: \"> 50%\"\n  direction: up\n";
    let folder =
        support::folder(&[("plan/a.yaml", text), ("shared/b.yaml", &text.replace("KPI-1", "KPI-2"))]);
    let (plan, outside) = (folder.path().join("plan"), folder.path().join("shared"));
    std::fs::write(plan.join("relplan.toml"), "").expect("a file");
    symlink(outside.join("b.yaml"), plan.join("b.yaml")).expect("a link");
    symlink(&outside, plan.join("folder")).expect("a link");
    let told = run(&plan, ALL);
    assert!(err(&told).contains("applied 1 fix in 1 file"), "{}", err(&told));
    let line = "`b.yaml` is a link to a file outside the plan: not changed";
    assert!(err(&told).contains(line) || err(&told).contains(&line.replace("b.yaml", "folder/b.yaml")));
    assert!(read(&plan.join("a.yaml")).contains("title: Happy"));
    assert!(read(&outside.join("b.yaml")).contains("titel: Happy"));
    let diff = out(&run(&plan, &["check", ".", "--fix", "--suggested", "--diff"]));
    assert_eq!(diff, "");
}
