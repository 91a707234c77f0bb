//! One definition of a blocker: report, gate, checklist, plan, check and the decision log have the same ones.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::judging::{COMMIT, Ground, TODAY};
use crate::support::{code, err, found, out, project, relplan};

fn run(folder: &Path, today: &str, arguments: &[&str]) -> Output {
    relplan(folder).args(["--today", today]).args(arguments).output().expect("relplan can be started")
}

/// The value that a command writes; nothing if it cannot do its job.
fn json(folder: &Path, today: &str, arguments: &[&str]) -> Option<Value> {
    let output = run(folder, today, &[arguments, &[".", "--commit", COMMIT, "--format", "json"]].concat());
    (code(&output) != 2).then(|| serde_json::from_str(&out(&output)).expect("JSON"))
}

fn ids(blockers: &Value) -> Vec<String> {
    let ids = blockers.as_array().expect("blockers").iter();
    ids.map(|blocker| blocker["id"].as_str().expect("an id").to_owned()).collect()
}

/// What a reader of the checks alone would count.
fn counted(view: &Value) -> BTreeSet<String> {
    let checks = view["checks"].as_array().expect("checks").iter();
    let open = checks.filter(|check| {
        check["blocking"] == true && matches!(check["verdict"].as_str(), Some("fail" | "unknown" | "stale"))
    });
    open.map(|check| check["id"].as_str().expect("an id").to_owned()).collect()
}

/// Holds every surface of a plan against its report; how many blockers it has.
#[track_caller]
fn agree(folder: &Path, today: &str) -> Option<usize> {
    let name = folder.display();
    let report = json(folder, today, &["report"])?;
    let blockers = ids(&report["blockers"]);
    let set: BTreeSet<String> = blockers.iter().cloned().collect();
    assert_eq!(set.len(), blockers.len(), "{name}");
    assert_eq!(counted(&report), set, "{name}: report");
    if let Some(checklist) = json(folder, today, &["checklist"]) {
        assert_eq!(ids(&checklist["blockers"]), blockers, "{name}: checklist");
        assert_eq!(counted(&checklist), set, "{name}: checklist");
        let totals = checklist["totals"].as_array().and_then(|rows| rows.last()).expect("totals");
        assert_eq!(totals["open_blockers"], blockers.len(), "{name}: checklist");
    }
    let plan = json(folder, today, &["plan"]).expect("a plan");
    if let Some(readiness) = plan.get("readiness") {
        assert_eq!(ids(&readiness["blockers"]), blockers, "{name}: plan");
        assert_eq!(counted(readiness), set, "{name}: plan");
    }
    let (of_first, by_owner, of_all) = on_front_page(folder, today);
    assert_eq!(of_first, blockers.len(), "{name}: site");
    assert_eq!(by_owner, of_all, "{name}: site");
    if let [gate] = report["decided_by"].as_array().expect("gates").as_slice() {
        let gate = gate.as_str().expect("a name");
        // A gate that is disabled cannot be asked for.
        let Some(view) = json(folder, today, &["gate", gate]) else {
            assert!(report.get("disabled_gates").is_some(), "{name}");
            return Some(blockers.len());
        };
        // A gate names its own first.
        let named = ids(&view["blockers"]);
        let checked = json(folder, today, &["check", "--gate", gate]).expect("findings");
        let closed = checked["findings"].as_array().expect("findings").iter();
        let closed = closed.filter(|finding| finding["rule"] == "gate-failed").count();
        assert_eq!(closed, blockers.len(), "{name}: check --gate");
        assert_eq!(named.len(), blockers.len(), "{name}: gate");
        assert_eq!(named.into_iter().collect::<BTreeSet<_>>(), set, "{name}: gate");
        assert_eq!(counted(&view), set, "{name}: gate");
    }
    let closed = report["decision"] == "no_go";
    assert_eq!(closed, !blockers.is_empty(), "{name}: {}", report["decision"]);
    Some(blockers.len())
}

/// The blockers on the front page of the site: of the release to come, of all owners together, of all releases.
fn on_front_page(folder: &Path, today: &str) -> (usize, usize, usize) {
    let made = tempfile::tempdir().expect("a temporary folder");
    let into = made.path().display().to_string();
    let output = run(folder, today, &["site", ".", "--commit", COMMIT, "--output", &into]);
    assert_eq!(code(&output), 0, "{}: {}", folder.display(), err(&output));
    let front = std::fs::read_to_string(made.path().join("index.html")).expect("a front page");
    let number = |text: &str| -> usize {
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().expect("a number")
    };
    let figures = front.split("<dt>Blockers</dt><dd>").skip(1).map(number);
    let figures: Vec<usize> = figures.collect();
    let headings = front.split("<h3 ").skip(1).filter_map(|part| part.split_once("</h3>"));
    let owners =
        headings.filter_map(|(heading, _)| heading.rsplit_once(" (")).map(|(_, count)| number(count)).sum();
    (figures[0], owners, figures.iter().sum())
}

fn folders(of: &str) -> Vec<std::path::PathBuf> {
    let items = std::fs::read_dir(project().join("tests/plans").join(of)).expect("a folder");
    let mut folders: Vec<_> =
        items.map(|item| item.expect("an item").path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

#[test]
fn every_surface_has_the_same_blockers() {
    let example = agree(&project().join("examples/cloudconnect"), "2026-11-20").expect("a report");
    assert!(example > 20, "{example}");
    let plans: Vec<_> = ["good", "real", "bad"].into_iter().flat_map(folders).collect();
    let judged =
        plans.iter().filter_map(|folder| agree(folder, "2026-11-20")).filter(|count| *count > 0).count();
    assert!(judged > 40, "{judged}");
}

#[test]
fn so_it_is_with_a_plan_that_is_nearly_go() {
    let changes: [(&str, &str, &str); 6] = [
        ("plan/release.yaml", "owner: Search Team\n", "owner: Search Team\n"),
        ("relplan.toml", "after = [\"readiness\"]", "after = []"),
        ("relplan.toml", "after = [\"readiness\"]\n", ""),
        ("relplan.toml", "[gates.production]\n", "[gates.production]\nenabled = false\n"),
        ("plan/tests.yaml", "type: Smoke\n", "type: Smoke\n  ownr: QA\n"),
        ("reports/unit.xml", "words\" time=\"0.010\"/>", "words\"><skipped/></testcase>"),
    ];
    for (file, from, to) in changes {
        let mut ground = Ground::go();
        let text = ground.text(file).replacen(from, to, 1);
        ground.put(&[(file, Some(text.into_bytes()))]);
        agree(ground.path(), TODAY).unwrap_or_else(|| panic!("{to}"));
    }
}

#[test]
fn check_and_the_log_name_them_too() {
    let mut ground = Ground::go();
    ground.replace("relplan.toml", "after = [\"readiness\"]\n", "");
    let report = json(ground.path(), TODAY, &["report"]).expect("a report");
    let blockers = ids(&report["blockers"]);
    let checked =
        run(ground.path(), TODAY, &["check", "--gate", "production", "--commit", COMMIT, "--format", "json"]);
    let closed =
        found(&out(&checked)).into_iter().filter(|found| found.rule.ends_with("gate-failed")).count();
    assert_eq!(closed, blockers.len(), "{}", err(&checked));
    assert!(
        err(&checked).contains(&format!("gate production: FAIL: {} blockers;", blockers.len())),
        "{}",
        err(&checked)
    );
    run(ground.path(), TODAY, &["decide", "--by", "Rhea", "--commit", COMMIT]);
    let log = std::fs::read_to_string(ground.path().join("decisions.jsonl")).expect("the log");
    let record: Value = serde_json::from_str(log.trim()).expect("JSON");
    let logged = record["blockers"].as_array().expect("blockers").iter();
    let logged: Vec<String> = logged.map(|id| id.as_str().expect("an id").to_owned()).collect();
    assert_eq!(logged, blockers);
}

#[test]
fn documents_show_the_number_under_one_heading() {
    let ground = Ground::go();
    let mut command = relplan(ground.path());
    command.args(["--today", "2027-03-20"]);
    let report = json(ground.path(), "2027-03-20", &["report"]).expect("a report");
    let count = ids(&report["blockers"]).len();
    assert!(count > 3, "{count}");
    for arguments in [&["report"][..], &["gate", "production"], &["checklist"], &["plan"]] {
        let arguments = [arguments, &["--commit", COMMIT, "--format", "markdown"]].concat();
        let text = out(&run(ground.path(), "2027-03-20", &arguments));
        assert!(text.contains(&format!("- **Blockers**: {count}\n")), "{arguments:?}: {text}");
        assert!(text.contains("# Blockers\n"), "{arguments:?}: {text}");
    }
}

#[test]
fn a_warning_is_no_blocker() {
    // An approval without a digest counts, with a warning.
    let mut ground = Ground::go();
    let text = ground.text("plan/approvals.yaml");
    let without = text.lines().filter(|line| !line.trim_start().starts_with("digest:")).collect::<Vec<_>>();
    ground.put(&[("plan/approvals.yaml", Some(format!("{}\n", without.join("\n")).into_bytes()))]);
    assert_eq!(agree(ground.path(), TODAY), Some(0));
    let checklist = json(ground.path(), TODAY, &["checklist"]).expect("a checklist");
    let totals = checklist["totals"].as_array().and_then(|rows| rows.last()).expect("totals").clone();
    assert!(totals["warn"].as_u64() > Some(0), "{totals}");
}

/// The kind of proof of the check "The plan is sound", wherever a value has it.
fn kinds_of_soundness(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(map) if map.get("id").is_some_and(|id| id == "plan") && map.contains_key("proof") => {
            vec![map["proof"]["kind"].as_str().expect("a kind")]
        }
        Value::Object(map) => map.values().flat_map(kinds_of_soundness).collect(),
        Value::Array(items) => items.iter().flat_map(kinds_of_soundness).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn what_relplan_checks_itself_is_not_counted_as_reported() {
    let example = project().join("examples/cloudconnect");
    let of = |command: &[&str]| json(&example, "2026-11-20", command).expect("a value");
    let (report, status) = (of(&["report"]), of(&["status"]));
    assert_eq!(report["confidence"], status["confidence"]);
    // The soundness of the plan, and its release notes.
    assert_eq!(report["confidence"]["checked_by_relplan"], 2);
    let parts = ["checked_by_relplan", "reported", "attested", "asserted", "without"];
    let sum: u64 = parts.iter().filter_map(|part| report["confidence"][part].as_u64()).sum();
    assert_eq!(report["confidence"]["checks"].as_u64(), Some(sum));
    for command in [&["report"][..], &["checklist"], &["plan"]] {
        let value = of(command);
        let kinds = kinds_of_soundness(&value);
        assert!(!kinds.is_empty(), "{command:?}");
        assert!(kinds.iter().all(|kind| *kind == "checked_by_relplan"), "{command:?}: {kinds:?}");
    }
}
