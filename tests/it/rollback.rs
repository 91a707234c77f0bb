//! `relplan rollback`: what leads back, in which order, and what the plan does not say.

use serde_json::Value;

use crate::support::{code, err, folder, out, project, run, with_input};

/// Triggers in the wrong order, one for each thing that can be left open, and a release with a strategy.
const PLAN: &str = "\
- {id: REL-1, title: First, version: \"1.0.0\", date: 2026-12-01, owner: Ann, strategy: canary, scope: {must: EPIC-1}}
- {id: EPIC-1, title: Work}
- {id: DEP-1, title: Nothing said, type: Rollback}
- {id: DEP-2, title: A nuisance, type: Rollback, severity: Low, automatic: No, authority: Bob}
- id: DEP-3
  title: Errors
  type: Rollback
  severity: Critical
  automatic: Yes — the controller acts
  trigger: The error rate rises
  threshold: \"> 2% of requests for 5m\"
  procedure: [Send the traffic back, Delete the new rows of the table]
  notification: The channel
  max_duration: 5m
  monitored_by: MON-1
  runbook: [RUN-1, RUN-9]
  escalates_to: RUN-2
- {id: DEP-4, title: Slow, type: Rollback, severity: High, runbook: RUN-1, threshold: rather slow}
- {id: MON-1, title: Error rate}
- {id: RUN-1, title: Back, steps: [Do this, Do that]}
- {id: RUN-2, title: Call the boss}
- {id: DEP-5, title: Smoke, type: Validation, escalation: Execute DEP-3 and look}
- {id: DEP-6, title: Move the data, type: Step, stage: Deploy, action: Apply the migrations}
";

fn tree(plan: &str, more: &[&str]) -> Value {
    let plan = folder(&[("release/plan.yaml", plan)]);
    let output = run(plan.path(), &[&["rollback", "--format", "json"], more].concat());
    serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)))
}

fn trigger<'v>(tree: &'v Value, id: &str) -> &'v Value {
    let triggers = tree["triggers"].as_array().expect("triggers");
    triggers.iter().find(|trigger| trigger["id"] == id).expect("the trigger")
}

fn texts(values: &Value, key: &str) -> Vec<String> {
    let values = values.as_array().expect("a list").iter();
    values.map(|value| value[key].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_gravest_trigger_comes_first_and_the_unrated_last() {
    assert_eq!(texts(&tree(PLAN, &[])["triggers"], "id"), ["DEP-3", "DEP-4", "DEP-2", "DEP-1"]);
}

#[test]
fn a_trigger_says_what_the_plan_says() {
    let tree = tree(PLAN, &[]);
    let errors = trigger(&tree, "DEP-3");
    assert_eq!(errors["threshold"]["reading"], "above 2 % of requests, continuously for 5 minutes");
    assert_eq!(
        (&errors["automatic"], &errors["automatic_note"]),
        (&true.into(), &"the controller acts".into())
    );
    assert_eq!(errors["time_limit"], "5 minutes");
    assert_eq!(errors["procedure"]["source"], "entry");
    assert_eq!(texts(&errors["watched_by"], "id"), ["MON-1"]);
    assert_eq!(texts(&errors["runbooks"], "id"), ["RUN-1"]);
    assert_eq!(texts(&errors["escalates_to"], "id"), ["RUN-2"]);
    // A validation leads here whose prose says so.
    assert_eq!(texts(&errors["started_by"], "id"), ["DEP-5"]);
    let marks = &errors["procedure"]["steps"][1]["marks"];
    assert_eq!(texts(marks, "kind"), ["database", "irreversible"]);
    assert_eq!(texts(marks, "because"), ["rows", "delete"]);
    assert_eq!(texts(&tree["not_undone"], "entry"), ["DEP-6"]);
}

#[test]
fn what_is_missing_is_said_and_never_guessed() {
    let tree = tree(PLAN, &[]);
    assert_eq!(
        texts(&trigger(&tree, "DEP-3")["gaps"], "missing"),
        ["no authority for a manual start", "never rehearsed", "RUN-9 is linked but does not exist"]
    );
    assert_eq!(
        texts(&trigger(&tree, "DEP-1")["gaps"], "field"),
        [
            "trigger",
            "threshold",
            "severity",
            "automatic",
            "authority",
            "max_duration",
            "procedure",
            "notification",
            "runbook",
            "monitored_by",
            "escalates_to",
            "last_rehearsed"
        ]
    );
    let slow = trigger(&tree, "DEP-4");
    assert_eq!(slow["threshold"], serde_json::json!({"text": "rather slow"}));
    assert!(texts(&slow["gaps"], "missing").contains(&"the threshold cannot be parsed".to_owned()));
    assert_eq!(
        (&slow["procedure"]["source"], &slow["procedure"]["of"]),
        (&"runbook".into(), &"RUN-1".into())
    );
    let plan = folder(&[("release/plan.yaml", PLAN)]);
    let shown = out(&run(plan.path(), &["rollback"]));
    assert!(shown.contains("? no runbook: link one with `runbook: RUN-…`"), "{shown}");
}

#[test]
fn usual_steps_stand_in_and_say_so() {
    for (strategy, first) in [
        ("blue-green", "Name one person"),
        ("canary", "Stop the rollout"),
        ("rolling", "Stop the rollout"),
        ("feature-flag", "Turn the flag off"),
    ] {
        let plan = PLAN.replace("strategy: canary", &format!("strategy: {strategy}"));
        let procedure = tree(&plan, &[])["triggers"][3]["procedure"].clone();
        assert_eq!((&procedure["source"], &procedure["of"]), (&"default_steps".into(), &strategy.into()));
        assert!(procedure["steps"][0]["text"].as_str().unwrap_or_default().starts_with(first), "{procedure}");
    }
    let plan = folder(&[("release/plan.yaml", PLAN)]);
    let shown = out(&run(plan.path(), &["rollback"]));
    assert!(shown.contains("Default steps for canary ▲ not from the plan"), "{shown}");
    // With steps of its own the plan needs nobody else's.
    let own =
        format!("{PLAN}- {{id: DEP-7, title: Back, type: Step, stage: Rollback, action: Turn around}}\n");
    let procedure = tree(&own, &[])["triggers"][3]["procedure"].clone();
    assert_eq!(
        (&procedure["source"], texts(&procedure["steps"], "text")),
        (&"plan_steps".into(), vec!["Turn around".to_owned()])
    );
    // Without a strategy nothing stands in.
    let none = PLAN.replace(", strategy: canary", "");
    assert_eq!(tree(&none, &[])["triggers"][3]["procedure"]["source"], "nowhere");
}

#[test]
fn a_plan_without_a_rollback_says_so_loudly() {
    let plan = folder(&[("release/plan.yaml", "- {id: EPIC-1, title: Work}\n")]);
    let output = run(plan.path(), &["rollback"]);
    assert!(out(&output).contains("✗ No rollback triggers"), "{}", out(&output));
    assert!(out(&output).contains("no rollback procedure"), "{}", out(&output));
}

// --- The walk --------------------------------------------------------------------------------

fn walk(answers: &str, more: &[&str]) -> std::process::Output {
    let plan = folder(&[("release/plan.yaml", PLAN)]);
    with_input(plan.path(), &[&["rollback", "--walk", "--release", "next"], more].concat(), answers)
}

#[test]
fn a_walk_ends_in_what_to_do() {
    for (answers, ending) in [
        ("y\ny\n", "Follow the automatic rollback: DEP-3 Errors"),
        ("y\nn\n", "Roll back now: DEP-3 Errors"),
        ("n\nYES\nyes\n", "Roll back now: DEP-4 Slow"),
        ("n\nn\ny\n?\n", "Get a decision: DEP-2 A nuisance"),
        ("n\nn\nn\nn\ny\n", "Roll back"),
        ("n\nn\nn\nn\nn\n", "Hold and monitor"),
    ] {
        let output = walk(answers, &[]);
        assert_eq!(code(&output), 0, "{answers:?}: {}", err(&output));
        assert!(out(&output).contains(ending), "{answers:?}: {}", out(&output));
    }
    let text = out(&walk("y\nn\n", &[]));
    assert!(text.contains("has not started. Start it manually"), "{text}");
    assert!(text.contains("1      Send the traffic back"), "{text}");
    assert!(text.contains("Delete the new rows of the table ▲ database ✗ irreversible"), "{text}");
}

#[test]
fn what_nobody_can_tell_is_not_a_no() {
    let text = out(&walk("?\nn\nn\n?\nn\n", &[]));
    assert!(text.contains("No answer for DEP-3, DEP-1. Unknown is not no"), "{text}");
    assert!(text.contains("Hold and monitor"), "{text}");
}

#[test]
fn what_is_no_answer_is_asked_again() {
    let output = walk("perhaps\n\ny\ny\n", &[]);
    assert_eq!(code(&output), 0);
    assert_eq!(err(&output).matches("(no answer)").count(), 2);
}

#[test]
fn a_walk_without_an_end_is_an_error_and_writes_nothing() {
    let place = tempfile::tempdir().expect("a folder");
    let file = place.path().join("t.md").display().to_string();
    let output = walk("n\n", &["--output", &file]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("the answers end before the walk: question 2 is open"), "{}", err(&output));
    assert!(out(&output).is_empty());
    assert!(!std::path::Path::new(&file).exists());
}

#[test]
fn the_transcript_is_kept_and_is_always_the_same() {
    let place = tempfile::tempdir().expect("a folder");
    let file = |name: &str| place.path().join(name).display().to_string();
    let first = walk("n\ny\ny\n", &["--output", &file("a.md")]);
    walk("n\ny\ny\n", &["--output", &file("b.md")]);
    let read = |name: &str| std::fs::read_to_string(file(name)).expect("the transcript");
    assert_eq!(read("a.md"), read("b.md"));
    assert!(read("a.md").contains("| DEP-3 | Critical: The error rate rises"), "{}", read("a.md"));
    assert!(read("a.md").contains("| · no |") && read("a.md").contains("| ▲ yes |"), "{}", read("a.md"));
    // Whoever answered has to act, so the screen shows it, too.
    assert!(out(&first).contains("Roll back now: DEP-4 Slow"));
}

#[test]
fn a_walk_is_for_people() {
    for more in [&["--format", "json"][..], &["--format", "dot"], &["--output", "t.json"], &["-o", "t.mmd"]] {
        let output = walk("y\ny\n", more);
        assert_eq!(code(&output), 2, "{more:?}");
        assert!(err(&output).contains("`--walk` is interactive"), "{}", err(&output));
        assert!(out(&output).is_empty());
    }
    let output = walk(PLAN, &["-"]);
    assert!(err(&output).contains("cannot both read standard input"), "{}", err(&output));
}

#[test]
fn a_plan_does_not_speak_to_the_terminal_in_a_question() {
    let plan =
        folder(&[("release/plan.yaml", "- {id: DEP-1, title: \"a\\e[31mb | ] \\\" c\", type: Rollback}\n")]);
    let output = with_input(plan.path(), &["rollback", "--walk"], "n\nn\n");
    assert!(!err(&output).contains('\u{1b}') && !out(&output).contains('\u{1b}'), "{}", err(&output));
    assert!(err(&output).contains("b | ] \" c"), "{}", err(&output));
}

#[test]
fn the_example_leaves_nothing_open() {
    let output = run(
        &project().join("examples/cloudconnect"),
        &["rollback", "--release", "3.0.0", "--format", "json"],
    );
    let tree: Value = serde_json::from_str(&out(&output)).expect("JSON");
    for trigger in tree["triggers"].as_array().expect("triggers") {
        assert_eq!(trigger["gaps"], serde_json::json!([]), "{}", trigger["id"]);
        assert_eq!(trigger["procedure"]["source"], "entry");
    }
    assert_eq!(tree["nothing_matches"]["decides"], "Release Manager");
}
