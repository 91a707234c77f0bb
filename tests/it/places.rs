//! Where files are found, what they are called, and what day it is: the same wherever the user stands.

use std::path::Path;

use crate::support::{code, err, folder, found, out, relplan, run};

const EPIC: &str = "- {id: EPIC-01, title: E, state: Planned, owner: Ada, tests: TEST-404}\n";
const CONFIG: &str = "[plan]\nfiles = [\"release/*.yaml\"]\n";

fn app() -> tempfile::TempDir {
    folder(&[("app/release/plan.yaml", EPIC), ("app/relplan.toml", CONFIG), ("ci/empty", "")])
}

/// The files and fingerprints in a report of JSON.
fn prints(at: &Path, arguments: &[&str]) -> Vec<(String, String)> {
    let output = run(at, &[&["check", "--format", "json"], arguments].concat());
    let report: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
    let findings = report["findings"].as_array().expect("findings");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    findings
        .iter()
        .map(|finding| (text(&finding["location"]["file"]), text(&finding["fingerprint"])))
        .collect()
}

#[test]
fn paths_and_fingerprints_do_not_depend_on_the_working_folder() {
    let at = app();
    let above = prints(at.path(), &["--plan", "app"]);
    assert!(above.contains(&("release/plan.yaml".to_owned(), above[0].1.clone())), "{above:?}");
    for (folder, plan) in [("app", "."), ("app/release", ".."), ("ci", "../app")] {
        assert_eq!(prints(&at.path().join(folder), &["--plan", plan]), above, "{folder}");
    }
    assert_eq!(prints(&at.path().join("app/release"), &[]), above);
    // A baseline of one folder is known in another.
    let written = run(at.path(), &["check", "--plan", "app", "--format", "json", "-o", "b.json"]);
    assert!(code(&written) < 2, "{}", err(&written));
    let output = run(&at.path().join("app"), &["check", "--baseline", "../b.json"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(
        err(&output).contains("hidden by the baseline") && !err(&output).contains("fixed"),
        "{}",
        err(&output)
    );
}

#[test]
fn in_a_repository_paths_begin_at_its_root() {
    let at = app();
    std::fs::create_dir(at.path().join(".git")).expect("a folder");
    std::fs::write(at.path().join(".git/HEAD"), "ref: refs/heads/main\n").expect("a file");
    let expect = "app/release/plan.yaml";
    for (folder, arguments) in [("app", &[][..]), ("ci", &["--plan", "../app"]), (".", &["--plan", "app"])] {
        let folder = at.path().join(folder);
        for (format, shown) in [
            ("github", format!("file={expect},")),
            ("gitlab", format!("\"path\": \"{expect}\"")),
            ("sarif", format!("\"uri\": \"{expect}\"")),
            ("junit", format!("file=\"{expect}\"")),
            ("json", format!("\"file\": \"{expect}\"")),
        ] {
            let text = out(&run(&folder, &[&["check", "--format", format], arguments].concat()));
            assert!(text.contains(&shown), "{format} in {}: {text}", folder.display());
        }
    }
    // People open files from where they stand.
    let shown = out(&run(&at.path().join("app"), &["check"]));
    assert!(shown.contains("[release/plan.yaml:1:"), "{shown}");
    let shown = out(&run(&at.path().join("app"), &["check", "--format", "concise"]));
    assert!(shown.lines().any(|line| line.starts_with("release/plan.yaml:1:")), "{shown}");
}

#[test]
fn fingerprints_outlive_the_night() {
    let plan = "- {id: EPIC-01, title: Sign in, state: Planned, owner: Ada, due: 2026-11-10, tests: TEST-001}\n\
                - {id: TEST-001, title: T, type: E2E, owner: Ada, status: passing}\n\
                - {id: DEP-001, type: Rollback, title: R, last_rehearsed: 2026-01-01, trigger: T}\n\
                - {id: RISK-001, title: K, review_date: 2026-11-01, probability: 10%, impact: Low}\n";
    let at = folder(&[("plan.yaml", plan)]);
    let on = |day: &str| {
        let arguments = ["check", "plan.yaml", "--format", "json", "--today", day];
        let output = relplan(at.path()).args(arguments).output().expect("it starts");
        let report: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
        let finding =
            |finding: &serde_json::Value| (finding["rule"].to_string(), finding["fingerprint"].to_string());
        let mut prints: Vec<_> = report["findings"].as_array().expect("a list").iter().map(finding).collect();
        prints.sort();
        prints
    };
    let first = on("2026-11-11");
    assert!(first.iter().any(|(rule, _)| rule == "\"overdue\""), "{first:?}");
    assert!(first.iter().any(|(rule, _)| rule == "\"rehearsal-stale\""), "{first:?}");
    for day in ["2026-11-12", "2026-12-31", "2029-01-01"] {
        assert_eq!(on(day), first, "{day}");
    }
}

#[cfg(unix)]
#[test]
fn what_editors_leave_beside_a_file_is_passed_over() {
    use std::os::unix::fs::symlink;
    let at = folder(&[(
        "release/plan.yaml",
        "- {id: RUN-001, title: A, owner: Ada, steps: [a], last_tested: 2026-11-20}\n",
    )]);
    let clean = run(at.path(), &["check"]);
    symlink("ada@laptop.4711:1700000000", at.path().join("release/.#plan.yaml")).expect("a link");
    symlink("nowhere", at.path().join("release/.hidden.yml")).expect("a link");
    std::fs::write(at.path().join("release/.plan.yaml.swp"), "swap").expect("a file");
    std::fs::write(at.path().join("release/._plan.yaml"), "apple").expect("a file");
    let output = run(at.path(), &["check"]);
    assert_eq!((code(&output), out(&output)), (code(&clean), out(&clean)), "{}", err(&output));
    symlink("nowhere.yaml", at.path().join("release/seen.yaml")).expect("a link");
    assert_eq!(code(&run(at.path(), &["check"])), 2, "a link to nothing that can be seen is an error");
}

#[cfg(unix)]
#[test]
fn a_file_is_read_once_whatever_it_is_called() {
    use std::os::unix::fs::symlink;
    let plan = "- {id: RUN-001, title: A, owner: Ada, steps: [a], last_tested: 2026-11-20}\n";
    let at = folder(&[("release/b.yaml", plan)]);
    symlink("b.yaml", at.path().join("release/a.yaml")).expect("a link");
    symlink("release", at.path().join("again")).expect("a link");
    for paths in
        [&["release"][..], &["."], &["release", "./release/../release"], &["again", "release/b.yaml"]]
    {
        let output = run(at.path(), &[&["check", "--format", "json"], paths].concat());
        assert!(code(&output) < 2, "{}", err(&output));
        let found = found(&out(&output));
        assert!(found.iter().all(|finding| finding.rule != "duplicate-id"), "{paths:?}: {found:?}");
        assert!(
            found.iter().all(|finding| finding.places.iter().all(|at| !at.contains("a.yaml"))),
            "{found:?}"
        );
    }
}

#[test]
fn a_file_that_is_named_is_checked_within_its_plan() {
    let at = folder(&[
        ("relplan.toml", CONFIG),
        (
            "release/release.yaml",
            "- {id: REL-001, title: R, version: 1.1.0, date: 2027-03-02, status: planned, owner: Ada, scope: {must: EPIC-01}}\n- {id: REL-002, title: R, scope: {must: EPIC-77}}\n",
        ),
        ("release/work.yaml", "- {id: EPIC-01, title: E, state: Planned, tests: TEST-404}\n"),
        ("draft/other.yaml", EPIC),
    ]);
    let output = run(at.path(), &["check", "release/release.yaml", "--format", "json"]);
    let links: Vec<String> = found(&out(&output))
        .into_iter()
        .inspect(|finding| assert!(finding.places[0].starts_with("release/release.yaml"), "{finding:?}"))
        .filter(|finding| finding.rule == "link-target-missing")
        .map(|finding| finding.message)
        .collect();
    assert_eq!(links.len(), 1, "{links:?}");
    assert!(links[0].contains("EPIC-77"), "{links:?}");
    assert!(err(&output).contains("in other files of the plan: not shown"), "{}", err(&output));
    // What does not belong to the plan is looked at alone.
    let output = run(at.path(), &["check", "draft/other.yaml", "--format", "json"]);
    let places: Vec<_> = found(&out(&output)).into_iter().flat_map(|finding| finding.places).collect();
    assert!(places.iter().any(|place| place.starts_with("draft/other.yaml")), "{places:?}");
    assert!(places.iter().all(|place| !place.starts_with("release/")), "{places:?}");
    // A gate judges the plan, whatever findings are wanted.
    let gate = ["check", "release/release.yaml", "--gate", "production"];
    assert_eq!(code(&run(at.path(), &gate)), 1);
}

#[test]
fn the_time_zone_of_the_calendar_decides_what_day_it_is() {
    let plan = ("plan.yaml", EPIC);
    let with = folder(&[
        plan,
        ("relplan.toml", "[plan]\nfiles = [\"plan.yaml\"]\n[calendar]\ntime_zone = \"Asia/Tokyo\"\n"),
    ]);
    let day = |at: &Path, zone: &str| {
        let mut command = relplan(at);
        let output = command.env("TZ", zone).args(["check", "--format", "json"]).output().expect("it starts");
        let report: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
        report["checked"]["today"].as_str().expect("a day").to_owned()
    };
    // Between these two, 25 hours apart, it is never the same day.
    assert_eq!(day(with.path(), "Pacific/Pago_Pago"), day(with.path(), "Pacific/Kiritimati"));
    let tokyo = (chrono::Utc::now() + chrono::Duration::hours(9)).date_naive().to_string();
    assert_eq!(day(with.path(), "Pacific/Pago_Pago"), tokyo);
    let without = folder(&[plan, ("relplan.toml", "[plan]\nfiles = [\"plan.yaml\"]\n")]);
    assert_ne!(day(without.path(), "Pacific/Pago_Pago"), day(without.path(), "Pacific/Kiritimati"));
}
