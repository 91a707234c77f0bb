//! Gates follow one another, and only `enabled = false` drops one. Every command says so alike.

use std::path::Path;
use std::process::Output;

use relplan::verdict::decision::{Decision, GateStatus};

use crate::judging::{COMMIT, Ground, Outcome, TODAY};
use crate::support::{code, err, out, relplan};

const ORDER: &str = "after = [\"readiness\"]\n";
const DISABLED: &str = "\n[gates.feature-complete]\nenabled = false\n\n[gates.alpha]\nenabled = false\n\n[gates.beta]\nenabled = false\n";

/// The plan that is GO with other gates, and everybody's signature under them.
fn ground(order: &str, more: &str) -> Ground {
    let mut ground = Ground::go();
    ground.replace("relplan.toml", ORDER, order);
    ground.append("relplan.toml", more);
    ground.sign();
    ground
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    relplan(folder).args(["--today", TODAY]).args(arguments).output().expect("relplan can be started")
}

/// How each command that judges ends, and what it writes.
fn commands(ground: &Ground) -> Vec<(String, i32, String)> {
    let commands: [&[&str]; 7] = [
        &["report"],
        &["report", "--format", "markdown"],
        &["report", "--format", "json"],
        &["report", "--format", "html"],
        &["decide", "--by", "Rhea"],
        &["gate", "production"],
        &["check", "--gate", "production"],
    ];
    let commands = commands.into_iter().map(|arguments| {
        let arguments = [arguments, &["--release", "REL-300", "--commit", COMMIT]].concat();
        let output = run(ground.path(), &arguments);
        (arguments.join(" "), code(&output), out(&output) + &err(&output))
    });
    commands.collect()
}

#[track_caller]
fn all_end_with(ground: &Ground, expected: i32) -> Vec<(String, String)> {
    let ended = commands(ground);
    for (command, code, text) in &ended {
        assert_eq!(*code, expected, "{command}: {text}");
    }
    ended.into_iter().map(|(command, _, text)| (command, text)).collect()
}

fn status(outcome: &Outcome, gate: &str) -> GateStatus {
    let report = outcome.report();
    report.gates.iter().find(|own| own.name == gate).unwrap_or_else(|| panic!("no gate {gate}")).status
}

#[test]
fn production_waits_for_the_gates_before_it_by_default() {
    let ground = ground("", "");
    let outcome = ground.judge();
    let report = outcome.report();
    assert_eq!(report.decision, Decision::NoGo);
    for gate in &report.gates {
        for before in &gate.after {
            assert!(gate.status >= before.status, "{} is better than {}", gate.name, before.name);
        }
    }
    let production = report.gates.iter().find(|gate| gate.name == "production").expect("the gate");
    assert_eq!(production.status, GateStatus::Fail);
    assert!(
        production.reason.ends_with("; earlier gates not passed: `feature-complete`, `alpha`, `beta`"),
        "{}",
        production.reason
    );
    for (command, text) in all_end_with(&ground, 1) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("earlier gates not passed:"), "{command}: {text}");
    }
}

#[test]
fn one_earlier_gate_is_named_and_closes_those_behind_it() {
    // Nothing of `beta` is there; the two before it are disabled.
    let two = "\n[gates.feature-complete]\nenabled = false\n\n[gates.alpha]\nenabled = false\n";
    let ground = ground("", two);
    let outcome = ground.judge();
    assert_eq!(status(&outcome, "beta"), GateStatus::Fail);
    assert_eq!(status(&outcome, "production"), GateStatus::Fail);
    let production = outcome.report().gates.iter().find(|gate| gate.name == "production").expect("the gate");
    assert!(production.reason.contains("earlier gate not passed: `beta`"), "{}", production.reason);
    all_end_with(&ground, 1);
}

#[test]
fn a_disabled_gate_is_skipped_and_named() {
    let ground = ground(ORDER, DISABLED);
    assert_eq!(ground.judge().decision(), Some(Decision::Go), "{}", ground.judge().words());
    let line = |name: &str| {
        let text = ground.text("relplan.toml");
        let at = text.find(&format!("[gates.{name}]")).expect("the gate");
        text[..at].matches('\n').count() + 2
    };
    for (command, text) in all_end_with(&ground, 0) {
        if command.starts_with("check") {
            continue;
        }
        for name in ["feature-complete", "alpha", "beta"] {
            let place = format!("relplan.toml:{}", line(name));
            assert!(text.contains(&place), "{command}: {place}: {text}");
        }
        assert!(!text.contains("Feature complete") || command.contains("json"), "{command}: {text}");
    }
    let report = ground.judge();
    let disabled: Vec<&str> = report.report().disabled_gates.iter().map(|gate| gate.name.as_str()).collect();
    assert_eq!(disabled, ["feature-complete", "alpha", "beta"]);
    assert!(report.report().gates.iter().all(|gate| !disabled.contains(&gate.name.as_str())));
    let gates = run(ground.path(), &["report", "--release", "REL-300", "--commit", COMMIT]);
    assert!(out(&gates).contains("Gate `beta` is disabled in relplan.toml:"), "{}", out(&gates));
}

#[test]
fn in_place_of_a_disabled_gate_those_before_it_count() {
    let ground = ground("", "\n[gates.beta]\nenabled = false\n");
    let outcome = ground.judge();
    let production = outcome.report().gates.iter().find(|gate| gate.name == "production").expect("the gate");
    let after: Vec<&str> = production.after.iter().map(|before| before.name.as_str()).collect();
    assert_eq!(after, ["alpha"]);
    assert_eq!(outcome.decision(), Some(Decision::NoGo));
}

#[test]
fn a_disabled_gate_cannot_be_asked_for() {
    let ground = ground(ORDER, DISABLED);
    let commands: [&[&str]; 3] = [
        &["gate", "beta"],
        &["check", "--gate", "Beta"],
        &["approve", "--role", "QA Lead", "--by", "quinn@example.com", "--gate", "beta"],
    ];
    for arguments in commands {
        let output = run(ground.path(), arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", out(&output));
        assert!(err(&output).contains("gate `beta` is disabled in relplan.toml:"), "{}", err(&output));
    }
}

#[test]
fn without_the_gate_that_decides_nothing_may_ship() {
    for more in ["\n[gates.hotfix]\nenabled = false\n", ""] {
        let ground = ground(&format!("{ORDER}enabled = false\n"), more);
        let outcome = ground.judge();
        assert_eq!(outcome.decision(), Some(Decision::NoGo), "{}", outcome.words());
        assert!(outcome.words().contains("is disabled in "), "{}", outcome.words());
        let report = run(ground.path(), &["report", "--release", "REL-300", "--commit", COMMIT]);
        assert_eq!(code(&report), 1);
        assert!(out(&report).contains("Gate `production` is disabled in relplan.toml:"), "{}", out(&report));
        assert_eq!(code(&run(ground.path(), &["gate", "production", "--commit", COMMIT])), 2);
        assert_eq!(code(&run(ground.path(), &["check", "--gate", "production", "--commit", COMMIT])), 2);
    }
    // A gate of one's own does not take its place unawares.
    let own = "\n[gates.mine]\ndecides = true\napprovals = [\"Release Manager\"]\n";
    let taken = ground(&format!("{ORDER}enabled = false\n"), own);
    assert_eq!(taken.judge().decision(), Some(Decision::NoGo));
    let waiver = "waivers:\n  - check: production/The gate is enabled\n    by: Sven\n    reason: x\n    until: 2027-03-20\n";
    let mut waived = ground(&format!("{ORDER}enabled = false\n"), own);
    waived.append("plan/waivers.yaml", waiver);
    waived.sign();
    assert_ne!(waived.judge().code(), 0);
}

#[test]
fn an_order_cannot_drop_a_gate() {
    for (order, more) in [
        ("after = []\n", ""),
        ("after = [\"alpha\"]\n", ""),
        ("", "\n[gates.beta]\nafter = []\n"),
        ("", "\n[gates.alpha]\nafter = []\n"),
    ] {
        let ground = ground(order, more);
        let outcome = ground.judge();
        assert_eq!(outcome.decision(), Some(Decision::NoGo), "{order}{more}");
        let check = outcome.report().checks.iter().find(|check| check.id == "production/No gate is skipped");
        let check = check.unwrap_or_else(|| panic!("{order}{more}: {}", outcome.words()));
        assert!(check.reason.starts_with("`production` does not wait for `"), "{}", check.reason);
        all_end_with(&ground, 1);
        let checked = run(ground.path(), &["check"]);
        assert!(out(&checked).contains("gate-skipped"), "{}", out(&checked));
    }
    // What a gate of one's own replaces is named, and shown as not required.
    let replaced = ground(ORDER, "");
    assert_eq!(replaced.judge().decision(), Some(Decision::Go));
    assert!(out(&run(replaced.path(), &["check"])).contains("gate-skipped"));
    let shown = run(replaced.path(), &["report", "--release", "REL-300", "--commit", COMMIT]);
    assert!(out(&shown).contains("Beta (not required)"), "{}", out(&shown));
}

#[test]
fn a_circle_or_an_unknown_gate_stops_every_command() {
    for more in ["\n[gates.alpha]\nafter = [\"production\"]\n", "\n[gates.beta]\nafter = [\"aplha\"]\n"] {
        let ground = ground("", more);
        for (command, text) in all_end_with(&ground, 2) {
            assert!(text.contains("relplan.toml"), "{command}: {text}");
        }
    }
}

#[test]
fn whoever_disables_a_gate_loses_the_signatures() {
    let mut ground = ground(ORDER, "");
    ground.append("relplan.toml", "\n[gates.beta]\nenabled = false\n");
    assert_eq!(ground.judge().decision(), Some(Decision::NoGo), "{}", ground.judge().words());
    ground.sign();
    assert_eq!(ground.judge().decision(), Some(Decision::Go), "{}", ground.judge().words());
}

#[test]
fn a_hotfix_has_a_gate_of_its_own() {
    let mut ground = Ground::go();
    ground.replace("plan/release.yaml", "  status: frozen\n", "  status: frozen\n  type: hotfix\n");
    let outcome = ground.judge();
    let gates: Vec<&str> = outcome.report().gates.iter().map(|gate| gate.name.as_str()).collect();
    assert!(
        gates.contains(&"hotfix") && !gates.contains(&"beta") && !gates.contains(&"production"),
        "{gates:?}"
    );
}
