//! Tools before this one shipped gates that could not fail. Each of their holes is a test here.

use relplan::verdict::decision::Decision;
use relplan::verdict::{ProofKind, Verdict};

use crate::judging::{self, COMMIT, Ground, Outcome, TODAY};
use crate::support::{self, code, err, out, relplan};

/// The plan that is GO, changed, and judged with everybody's signature under what it says then.
fn with(change: impl FnOnce(&mut Ground)) -> Outcome {
    let mut ground = Ground::go();
    change(&mut ground);
    ground.sign();
    ground.judge()
}

/// The plan is not GO any more, and what is said names each of these.
#[track_caller]
fn closed(change: impl FnOnce(&mut Ground), names: &[&str]) {
    let outcome = with(change);
    let words = outcome.words();
    assert_ne!(outcome.code(), 0, "{words}");
    for name in names {
        assert!(words.contains(name), "`{name}` is not in: {words}");
    }
}

/// One text of a file is another.
#[track_caller]
fn replaced(file: &str, from: &str, to: &str, names: &[&str]) {
    closed(|ground| ground.replace(file, from, to), names);
}

/// A criterion of the gate `production`, in TOML.
fn criterion(keys: &str) -> String {
    format!("\n[[gates.production.criteria]]\nname = \"Mine\"\n{keys}\n")
}

#[track_caller]
fn with_criterion(keys: &str, names: &[&str]) {
    closed(|ground| ground.append("relplan.toml", &criterion(keys)), names);
}

/// A run of a command on the plan that is GO, or what is left of it.
fn command(ground: &Ground, arguments: &[&str]) -> std::process::Output {
    let mut command = relplan(ground.path());
    command.args(["--today", TODAY]).args(arguments);
    command.output().expect("relplan can be started")
}

const JUDGING: [&[&str]; 4] = [
    &["report", "--commit", COMMIT],
    &["gate", "production", "--commit", COMMIT],
    &["decide", "--commit", COMMIT, "--by", "Rhea"],
    &["checklist"],
];

#[test]
fn a_plan_without_entries_is_no_plan() {
    let mut ground = Ground::go();
    for file in ["criteria", "deployment", "release", "tests", "approvals"] {
        ground.put(&[(&format!("plan/{file}.yaml"), None)]);
    }
    for arguments in JUDGING.into_iter().chain([&["check"][..]]) {
        assert_eq!(code(&command(&ground, arguments)), 2, "{arguments:?}");
    }
    ground.append("plan/notes.yaml", "# Nothing yet\n");
    for arguments in JUDGING.into_iter().chain([&["check"][..]]) {
        assert_ne!(code(&command(&ground, arguments)), 0, "{arguments:?}");
    }
}

#[test]
fn a_name_that_nothing_has_is_an_error() {
    let ground = Ground::go();
    let names: [&[&str]; 7] = [
        &["report", "--release", "3.0.1"],
        &["report", "--release", "REL-301"],
        &["gate", "prodction"],
        &["report", "--profile", "carefull"],
        &["report", "--commit", "main"],
        &["report", "--evidence", "reports/unit.xlm"],
        &["decide", "--by", "Rhea", "--release", "4.0.0"],
    ];
    for arguments in names {
        let run = command(&ground, arguments);
        assert_eq!(code(&run), 2, "{arguments:?}: {}", out(&run));
        assert!(!err(&run).is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_mistyped_key_or_word_of_the_configuration_is_an_error() {
    let mistyped = [
        ("[gates.production]", "[gate.production]"),
        ("[[gates.production.criteria]]", "[[gates.production.criterias]]"),
        ("[gates.production]", "[gates.prodcution]"),
        ("after = [\"readiness\"]", "after = [\"rediness\"]"),
        ("after = [\"readiness\"]", "affter = [\"readiness\"]"),
        ("where = { type = \"Validation\" }", "where = { type = \"Validaton\" }"),
        ("where = { type = \"Validation\" }", "where = { tpye = \"Validation\" }"),
        ("where = { type = \"Validation\" }", "were = { type = \"Validation\" }"),
        ("from = \"DEP\"", "from = \"DPE\""),
        ("evidence = { tests = \"100%\" }", "evidence = { test = \"100%\" }"),
        ("evidence = { tests = \"100%\" }", "evidense = { tests = \"100%\" }"),
        ("evidence = { tests = \"100%\" }", "evidence = { tests = \"all\" }"),
        ("evidence = { tests = \"100%\" }", "evidence = {}"),
        ("[evidence]", "[evidences]"),
        ("profile = \"careful\"", "profile = \"carful\""),
        ("based_on = \"moderate\"", "based_on = \"modest\""),
        ("based_on = \"moderate\"", "based_on = \"moderate\"\npass_rates = \"100%\""),
        ("approvals = [\"Release Manager\"]", "approvals = [\"Release Manger\"]"),
        ("approvals = [\"Release Manager\"]", "approvals = []\nwithout = [\"The scope is compleet\"]"),
        ("threshold = \"< 1%\"", "threshold = \"few\""),
    ];
    for (from, to) in mistyped {
        let outcome = with(|ground| {
            let text = ground.text("relplan.toml");
            assert!(text.contains(from), "{from}");
            ground.put(&[("relplan.toml", Some(text.replacen(from, to, 1).into_bytes()))]);
        });
        assert_ne!(outcome.code(), 0, "{to}: {}", outcome.words());
    }
}

#[test]
fn a_glob_that_chooses_no_evidence_proves_nothing() {
    replaced("relplan.toml", "\"reports/*.xml\"", "\"reports/*.xlm\"", &["TEST-101", "DEP-002"]);
    // Statements do not take the place of reports that did not come.
    closed(
        |ground| {
            ground.replace("relplan.toml", "\"reports/*.xml\"", "\"report/*.xml\"");
            let tests = ground.text("plan/tests.yaml").replace("  owner:", "  status: passing\n  owner:");
            ground.put(&[("plan/tests.yaml", Some(tests.into_bytes()))]);
        },
        &["TEST-105", "not in any report", "EPIC-001"],
    );
}

#[test]
fn without_any_evidence_statements_do_not_become_results() {
    closed(
        |ground| {
            let tests = ground.text("plan/tests.yaml").replace("  owner:", "  status: passing\n  owner:");
            ground.put(&[("plan/tests.yaml", Some(tests.into_bytes()))]);
            for file in
                ["unit.xml", "system.xml", "coverage.xml", "lcov.info", "semgrep.sarif", "metrics.csv"]
            {
                ground.put(&[(&format!("reports/{file}"), None)]);
            }
            // A file that is listed by name must exist.
            ground.replace("relplan.toml", "\"reports/metrics.json\"", "\"reports/metrics*.json\"");
            ground.put(&[("reports/metrics.json", None)]);
        },
        &["TEST-105", "EPIC-001", "DEP-001"],
    );
}

#[test]
fn a_choice_that_finds_nothing_keeps_its_gate_closed() {
    with_criterion("from = \"SEC\"", &["production/Mine", "no SEC"]);
    with_criterion(
        "from = \"TEST\"\nwhere = { tag = \"nightly\" }",
        &["production/Mine", "no TEST with tag nightly"],
    );
    with_criterion("from = \"TEST\"\nmin = 9", &["6 of 9 required TEST"]);
    // Both what is demanded and how many are asked for is judged.
    with_criterion(
        "from = \"TEST\"\nmin = 9\nevidence = { tests = \"100%\" }",
        &["production/Mine/entries", "of 9 required"],
    );
    with_criterion(
        "from = \"TEST\"\nmin = 0\nwhere = { tag = \"nightly\" }\nevidence = { tests = \"100%\" }",
        &["production/Mine", "no linked tests"],
    );
}

#[test]
fn a_gate_that_nothing_could_keep_closed_is_closed() {
    let hollow = "[gates.mine]\ntitle = \"Mine\"\nfor = [\"major\"]\ndecides = true\n";
    let criteria = "[[gates.mine.criteria]]\nname = \"Nothing is left\"\nfrom = \"SEC\"\nmin = 0\n";
    // Roles that the release and the profile ask for would keep it closed.
    let with = |text: String| {
        move |ground: &mut Ground| {
            ground.append("relplan.toml", &text);
            ground.replace("relplan.toml", "approvals = [\"Support Lead\"]\n", "");
            ground.replace("plan/release.yaml", "  approvals:\n    - role: Product Owner\n", "");
        }
    };
    closed(with(format!("\n{hollow}{criteria}")), &["no check of the gate mine can fail"]);
    closed(with(format!("\n{hollow}{criteria}blocking = false\n")), &["mine"]);
    closed(with(format!("\n{hollow}")), &["mine"]);
    // Nobody can waive that there is nothing to waive.
    let waiver =
        "waivers:\n  - check: mine/The gate has checks\n    by: Sven\n    reason: x\n    until: 2027-03-20\n";
    closed(
        |ground| {
            with(format!("\n{hollow}{criteria}"))(ground);
            ground.append("plan/waivers.yaml", waiver);
        },
        &["mine", "no check of the gate mine can fail"],
    );
    // A gate before another is no less a gate.
    let before =
        "[gates.early]\n[[gates.early.criteria]]\nname = \"Nothing is left\"\nfrom = \"SEC\"\nmin = 0\n";
    let outcome = self::with(|ground| {
        ground.append("relplan.toml", &format!("\n{before}"));
        ground.replace("relplan.toml", "after = [\"readiness\"]", "after = [\"readiness\", \"early\"]");
    });
    assert_eq!(outcome.decision(), Some(Decision::NoGo), "{}", outcome.words());
}

#[test]
fn a_criterion_that_is_called_like_a_role_signs_for_nobody() {
    closed(
        |ground| {
            let named = "\n[[gates.production.criteria]]\nname = \"Release Manager\"\nevidence = { tests = \"100%\" }\n";
            ground.append("relplan.toml", named);
            let text = ground.text(judging::APPROVALS);
            let start = text.find("  - role: Release Manager").expect("the approval");
            let end = start + text[start + 4..].find("  - role").expect("the next") + 4;
            ground.put(&[(
                judging::APPROVALS,
                Some(format!("{}{}", &text[..start], &text[end..]).into_bytes()),
            )]);
        },
        &["Approval of Production: Release Manager", "pending"],
    );
}

/// What is said of what rests on test results and coverage.
fn counted(outcome: &Outcome) -> Vec<(String, Verdict, String)> {
    let report = outcome.report();
    let counted = ["DEP-001", "DEP-002", "DEP-007", "EPIC-001", "readiness/Code is covered by tests"];
    let checks = report.checks.iter().filter(|check| counted.contains(&check.id.as_str()));
    checks.map(|check| (check.id.clone(), check.verdict, check.reason.clone())).collect()
}

#[test]
fn what_is_named_twice_is_counted_once() {
    let once = counted(&with(|_| ()));
    assert_eq!(once.len(), 5);
    let globs = with(|ground| {
        ground.replace(
            "relplan.toml",
            "\"reports/*.xml\",",
            "\"reports/*.xml\", \"**/*.xml\", \"reports/unit.xml\",",
        );
    });
    assert_eq!(counted(&globs), once);
    assert_eq!(globs.report().evidence.results, 6);
    for file in ["unit.xml", "coverage.xml", "lcov.info"] {
        let copied = with(|ground| {
            let ending = file.rsplit('.').next().expect("an ending");
            let text = ground.text(&format!("reports/{file}"));
            ground.append(&format!("reports/copy.{ending}"), &text);
        });
        assert_eq!(counted(&copied), once, "{file}");
        assert_eq!(copied.report().evidence.results, 6, "{file}");
    }
    // A merged report beside those that it was merged from.
    let merged = with(|ground| {
        let text = ground.text("reports/coverage.xml").replace("version=\"7.4\"", "version=\"7.5\"");
        ground.append("reports/merged.xml", &text);
        let lines = ground.text("reports/lcov.info").replace("TN:", "TN:merged");
        ground.append("reports/merged.info", &lines);
    });
    assert_eq!(counted(&merged), once);
}

#[test]
fn checklist_report_and_gate_agree() {
    let changes: [&dyn Fn(&mut Ground); 6] = [
        &|_| (),
        &|ground| {
            ground.replace("reports/unit.xml", "words\" time=\"0.010\"/>", "words\"><skipped/></testcase>")
        },
        &|ground| ground.replace("reports/evidence.json", "4f2d9c1e", "4f2d9c1f"),
        &|ground| ground.replace("plan/tests.yaml", "  type: Unit\n", "  type: Unit\n  status: passing\n"),
        &|ground| ground.replace("reports/coverage.xml", "<line number=\"3\" hits=\"2\"/>", ""),
        &|ground| {
            let waiver = "waivers:\n  - check: DEP-003\n    by: Sven\n    reason: the scanner is late\n    until: 2027-03-20\n";
            ground.append("plan/waivers.yaml", waiver);
            ground.put(&[("reports/semgrep.sarif", None)]);
        },
    ];
    for (at, change) in changes.into_iter().enumerate() {
        let mut ground = Ground::go();
        change(&mut ground);
        ground.sign();
        let outcome = ground.judge();
        let listed = judging::checklist(ground.path());
        let both: Vec<(String, Verdict, Verdict)> = listed
            .into_iter()
            .filter_map(|(id, verdict)| Some((id.clone(), verdict, outcome.verdict(&id)?)))
            .collect();
        assert!(both.len() > 9, "{at}: {both:?}");
        both.iter().for_each(|(id, listed, reported)| assert_eq!(listed, reported, "{at}: {id}"));
    }
}

#[test]
fn a_share_of_nothing_is_none() {
    replaced(
        "reports/lcov.info",
        "DA:1,3\nDA:2,3\nDA:3,1\nDA:4,1\nBRDA:2,0,0,2\nBRDA:2,0,1,1\nLF:4\nLH:4\nBRF:2\nBRH:2\n",
        "",
        &["DEP-007", "empty report"],
    );
    replaced(
        "reports/lcov.info",
        "BRDA:2,0,0,2\nBRDA:2,0,1,1\nLF:4\nLH:4\nBRF:2\nBRH:2\n",
        "",
        &["DEP-007", "no coverage report for branches of src/api"],
    );
    replaced(
        "plan/criteria.yaml",
        "  linked_ids: TEST-101 to TEST-104\n",
        "  linked_ids: MON-001\n",
        &["DEP-001"],
    );
}

#[test]
fn a_check_of_no_links_does_not_say_that_all_links_are_right() {
    let folder =
        support::folder(&[("plan/one.yaml", "- id: MON-1\n  title: Load\n  owner: Ann\n  query: up\n")]);
    let checked = support::run(folder.path(), &["check"]);
    let said = format!("{}{}", out(&checked), err(&checked));
    assert!(said.contains("0 links") && said.contains("not applicable"), "{said}");
    assert!(!said.contains("all links"), "{said}");
}

#[test]
fn whoever_prints_an_error_does_not_end_well() {
    let mut ground = Ground::go();
    ground.replace("plan/tests.yaml", "- id: TEST-101", "- id: TEST-101: x");
    let commands: [&[&str]; 8] = [
        &["check"],
        &["report"],
        &["gate", "production"],
        &["decide", "--by", "Rhea"],
        &["trace", "TEST-999"],
        &["explain", "RP9999"],
        &["matrix", "--from", "NOPE"],
        &["report", "--format", "pdf"],
    ];
    for arguments in commands {
        let run = command(&ground, arguments);
        assert_ne!(code(&run), 0, "{arguments:?}: {}{}", out(&run), err(&run));
    }
}

#[test]
fn nothing_is_shown_by_itself() {
    replaced("plan/release.yaml", "  tests: TEST-101 to TEST-104\n", "  tests: EPIC-001\n", &["EPIC-001"]);
    replaced(
        "plan/criteria.yaml",
        "  linked_ids: TEST-101 to TEST-104\n",
        "  linked_ids: DEP-001\n",
        &["DEP-001"],
    );
    closed(
        |ground| {
            let text = ground
                .text("plan/tests.yaml")
                .replace("  type: Smoke\n", "  type: Smoke\n  tests: TEST-105\n");
            ground.put(&[("plan/tests.yaml", Some(text.into_bytes()))]);
            ground.replace("reports/system.xml", "front_page\" name", "back_page\" name");
            ground.replace("reports/system.xml", "smoke/front_page.py", "smoke/back_page.py");
        },
        &["TEST-105"],
    );
}

#[test]
fn a_suite_without_tests_or_with_skipped_tests_only_proves_nothing() {
    let suite = |cases: &str| {
        let text =
            format!("<testsuite name=\"system\" timestamp=\"2027-03-09T19:00:00Z\">{cases}</testsuite>");
        closed(
            |ground| ground.put(&[("reports/system.xml", Some(text.into_bytes()))]),
            &["TEST-105", "EPIC-002"],
        );
    };
    suite("");
    suite(
        "<testcase classname=\"search.journey\" name=\"finds\"><skipped/></testcase>\
         <testcase name=\"TEST-105\"><skipped/></testcase><testcase name=\"TEST-106\"><skipped/></testcase>",
    );
}

#[test]
fn what_is_older_than_the_code_or_the_day_proves_nothing() {
    let on = |day: &str| judging::judge_on(Ground::go().path(), day.parse().expect("a day"));
    assert_eq!(on(TODAY).decision(), Some(Decision::Go));
    // Before its evidence was made, and after it has become too old.
    for day in ["2027-03-01", "2027-03-08", "2027-03-14", "2027-06-01", "2030-01-01"] {
        let outcome = on(day);
        assert_eq!(outcome.decision(), Some(Decision::NoGo), "{day}");
        assert!(outcome.words().contains("DEP-001"), "{day}: {}", outcome.words());
    }
    let ground = Ground::go();
    let other = ["report", "--commit", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"];
    assert_eq!(code(&command(&ground, &other)), 1);
    // Nobody says which commit is released, and there is no repository.
    assert_eq!(code(&command(&ground, &["report"])), 1);
}

#[test]
fn levels_of_rules_do_not_open_a_gate() {
    let off = "\n[rules]\nrange-with-holes = \"off\"\nlink-target-missing = \"off\"\nepic-without-test = \"off\"\n\
               unlinked-entry = \"off\"\ncriterion-without-trace = \"off\"\nempty-demand = \"off\"\n\
               evidence-malformed = \"off\"\nscan-unsuccessful = \"off\"\nunknown-key = \"off\"\nunknown-word = \"off\"\n";
    let closed = |file: &str, from: &str, to: &str, name: &str| {
        closed(
            |ground| {
                ground.append("relplan.toml", off);
                ground.replace(file, from, to);
            },
            &[name],
        );
    };
    assert_eq!(with(|ground| ground.append("relplan.toml", off)).decision(), Some(Decision::Go));
    closed("plan/tests.yaml", "- id: TEST-102", "- id: TEST-902", "TEST-102");
    closed("plan/tests.yaml", "- id: TEST-104", "- id: TEST-904", "TEST-104");
    closed(
        "plan/release.yaml",
        "tests: TEST-105, TEST-106",
        "tests: TEST-105, TEST-106, TEST-107",
        "TEST-107",
    );
    closed("plan/criteria.yaml", "    findings_below: High\n    tool: Semgrep\n", "    x: 1\n", "DEP-003");
    closed("plan/criteria.yaml", "findings_below: High", "findings_bellow: High", "DEP-003");
    closed(
        "reports/semgrep.sarif",
        "\"executionSuccessful\": true",
        "\"executionSuccessful\": false",
        "DEP-003",
    );
    closed("reports/lcov.info", "end_of_record\n", "", "DEP-007");
    // That no test shows it is a remark, as far as no rule makes it an error.
    let untested = with(|ground| {
        ground.append("relplan.toml", off);
        ground.replace("plan/release.yaml", "tests: TEST-101 to TEST-104", "x-tests: none");
    });
    assert_eq!(untested.decision(), Some(Decision::ConditionalGo), "{}", untested.words());
}

#[test]
fn a_demand_for_nothing_is_not_met() {
    let demand = |text: &str| {
        closed(
            |ground| ground.replace("plan/criteria.yaml", "evidence:\n    sign_off: Security Lead", text),
            &["DEP-005"],
        );
    };
    demand("evidence: {}");
    demand("evidence: {tests: 0%}");
    demand("evidence: {coverage: {}}");
    demand("evidence: {metric: []}");
    demand("evidence: {metric: {name: p95_latency}}");
    demand("evidence: {sign_off: []}");
    demand("evidence: {file: []}");
    demand("evidence: {file: ../relplan.toml}");
    demand("evidence: {file: /etc/hostname}");
    demand("evidence: {file: docs}");
    demand("evidence: {max_age: 7d}");
    demand("evidence: {sign_off: Nobody}");
    demand("evidence: words");
    demand("evidence:");
}

/// The plan with a failing scan, and a waiver of it.
fn waived(keys: &str) -> Outcome {
    with(|ground| {
        ground.replace("reports/semgrep.sarif", "\"3.1\"", "\"9.8\"");
        ground.append("plan/waivers.yaml", &format!("waivers:\n  - {}\n", keys.replace("; ", "\n    ")));
    })
}

#[test]
fn a_waiver_that_does_not_say_all_waives_nothing() {
    let whole = "check: DEP-003; by: Sven; reason: it is no risk here; until: 2027-03-20";
    let outcome = waived(whole);
    assert_eq!(outcome.decision(), Some(Decision::ConditionalGo), "{}", outcome.words());
    assert_eq!(outcome.verdict("DEP-003"), Some(Verdict::Waived));
    let broken = [
        "check: DEP-003; reason: it is no risk here; until: 2027-03-20",
        "check: DEP-003; by: Sven; until: 2027-03-20",
        "check: DEP-003; by: Sven; reason: it is no risk here",
        "check: DEP-003; by: Sven; reason: ' '; until: 2027-03-20",
        "check: DEP-003; by: Sven; reason: it is no risk here; until: 2027-03-09",
        "check: DEP-003; by: Sven; reason: it is no risk here; until: soon",
        "check: DEP-003; by: Sven; reason: it is no risk here; until: 2027-03-20; release: REL-301",
        "check: DEP-003; by: Sven; reason: it is no risk here; until: 2027-03-20; release: 2.9.0",
        "check: DEP-003; by: Sven; reason: it is no risk here; until: 2027-03-20; on: 2027-03-15",
        "check: DEP-003; by: Sven; role: QA Lead; reason: it is no risk here; until: 2027-03-20",
        "check: DEP-004; by: Sven; reason: it is no risk here; until: 2027-03-20",
        "by: Sven; reason: it is no risk here; until: 2027-03-20",
    ];
    for keys in broken {
        let outcome = waived(keys);
        assert_eq!(outcome.decision(), Some(Decision::NoGo), "{keys}: {}", outcome.words());
        assert!(outcome.words().contains("DEP-003"), "{keys}: {}", outcome.words());
    }
}

#[test]
fn a_waiver_in_its_criterion_has_to_say_as_much() {
    let waived = |waiver: &str| {
        with(|ground| {
            ground.replace("reports/semgrep.sarif", "\"3.1\"", "\"9.8\"");
            let text = format!("  title: The scan is clean\n  waiver: {waiver}\n");
            ground.replace("plan/criteria.yaml", "  title: The scan is clean\n", &text);
        })
    };
    let whole = waived("{by: Sven, reason: it is no risk here, until: 2027-03-20}");
    assert_eq!(whole.decision(), Some(Decision::ConditionalGo), "{}", whole.words());
    for waiver in [
        "{reason: it is no risk here, until: 2027-03-20}",
        "{by: Sven, until: 2027-03-20}",
        "{by: Sven, reason: it is no risk here}",
        "{by: Sven, reason: it is no risk here, until: 2027-03-09}",
        "Sven",
    ] {
        let outcome = waived(waiver);
        assert_eq!(outcome.decision(), Some(Decision::NoGo), "{waiver}: {}", outcome.words());
    }
}

#[test]
fn neither_the_plan_nor_a_signature_can_be_waived() {
    for check in ["plan", "The plan is sound", "production/Release Manager", "REL-300"] {
        let waiver = format!(
            "waivers:\n  - check: {check}\n    by: Sven\n    reason: never mind\n    until: 2027-03-20\n"
        );
        closed(
            |ground| {
                ground.append("plan/waivers.yaml", &waiver);
                ground.replace(judging::APPROVALS, "by: rhea@example.com", "by: quinn@example.com");
                ground.replace("plan/tests.yaml", "- id: TEST-101\n", "- id: TEST-101\n  ownr: x\n");
            },
            &["production/Release Manager", "plan"],
        );
    }
}

#[test]
fn an_approval_counts_for_what_it_says_by_whom_and_for_so_long() {
    let approvals = |from: &str, to: &str, name: &str| {
        closed(
            |ground| {
                let text = ground.text(judging::APPROVALS);
                let start = text.find("- role: Release Manager").expect("the approval");
                let changed = format!("{}{}", &text[..start], text[start..].replacen(from, to, 1));
                assert_ne!(changed, text, "{from}");
                ground.put(&[(judging::APPROVALS, Some(changed.into_bytes()))]);
            },
            &[name],
        );
    };
    let name = "production/Release Manager";
    approvals("on: 2027-03-09", "on: 2027-03-11", name);
    approvals("on: 2027-03-09", "on: 2025-12-31", name);
    // Longer ago than the profile lets an approval count.
    approvals("on: 2027-03-09", "on: 2027-02-01", "more than 30 days ago");
    approvals("on: 2027-03-09", "on: 2027-03-09\n    expires: 2027-03-09", name);
    approvals("release: REL-300", "release: REL-299", name);
    approvals("gate: production", "gate: beta", name);
    approvals("gate: production", "gate: production\n    of: DEP-005", name);
    approvals("by: rhea@example.com", "by: rea@example.com", name);
    approvals("by: rhea@example.com", "by: theo@example.com", name);
    approvals("role: Release Manager", "role: Release Manger", name);
    let withdrawn = |keys: &str| {
        let record = format!("  - by: rhea@example.com\n    withdrawn: yes\n{keys}");
        closed(|ground| ground.append(judging::APPROVALS, &record), &[name, "withdrawn"]);
    };
    withdrawn("    role: Release Manager\n    on: 2027-03-10\n    release: REL-300\n    gate: production\n");
    withdrawn("    role: Release Manager\n    on: 2027-03-10\n");
    // One that does not say of which role, or when, takes everything back.
    withdrawn("    on: 2027-03-10\n");
    withdrawn("    role: Release Manager\n");
}

#[test]
fn an_approval_of_something_older_does_not_count() {
    let mut ground = Ground::go();
    ground.replace("plan/criteria.yaml", "threshold: \"< 250ms\"", "threshold: \"< 900ms\"");
    let outcome = ground.judge();
    assert_eq!(outcome.decision(), Some(Decision::NoGo));
    assert!(outcome.words().contains("changed since"), "{}", outcome.words());
}

#[test]
fn one_person_does_not_sign_for_two_roles() {
    closed(
        |ground| {
            let two = "holders = [{ person = \"rhea@example.com\", name = \"Rhea\" }, { person = \"theo@example.com\"";
            ground.replace("relplan.toml", "holders = [{ person = \"theo@example.com\"", two);
            ground.replace(
                "relplan.toml",
                "approvals = [\"Release Manager\"]",
                "approvals = [\"Release Manager\", \"Technical Lead\"]",
            );
            ground.append(
                judging::APPROVALS,
                "  - role: Technical Lead\n    by: rhea@example.com\n    on: 2027-03-09\n    release: REL-300\n    gate: production\n    digest: \"sha256:0000000000000000000000000000000000000000000000000000000000000000\"\n",
            );
        },
        &["who already approved as"],
    );
}

#[test]
fn a_role_that_the_roster_does_not_know_has_signed_for_nobody() {
    replaced(
        "relplan.toml",
        "[roles.\"Release Manager\"]",
        "[roles.\"Release Boss\"]",
        &["production/Release Manager"],
    );
    replaced("plan/release.yaml", "- role: Product Owner", "- role: Product Ower", &["Product Ower"]);
    // An approval that is asked for at a gate that does not exist is asked for all the same.
    replaced(
        "plan/release.yaml",
        "- role: Product Owner",
        "- role: Customer Council\n      gate: prodcution",
        &["Customer Council"],
    );
    // One without a role is nobody's.
    replaced("plan/release.yaml", "- role: Product Owner", "- due: 2027-03-12", &["REL-300"]);
}

#[test]
fn without_a_baseline_nothing_is_better_than_it() {
    let threshold = |threshold: &str, names: &[&str]| {
        closed(
            |ground| ground.replace("plan/criteria.yaml", "\"< 250ms\"", &format!("\"{threshold}\"")),
            names,
        );
    };
    threshold("< 10% over baseline", &["DEP-004"]);
    threshold("< 2pp over baseline", &["DEP-004"]);
    threshold("failing for 5m", &["DEP-004"]);
    threshold("< 250ms for 5m", &["DEP-004"]);
    threshold("fast", &["DEP-004"]);
    closed(
        |ground| {
            let name = "name: KPI-001\n        threshold: \">= 90%\"";
            let relative = "name: KPI-001\n        threshold: \"> 20% over baseline\"";
            ground.replace("plan/criteria.yaml", name, relative);
        },
        &["DEP-004", "has no baseline"],
    );
}

#[test]
fn a_measurement_in_another_unit_is_unknown_and_says_so() {
    for unit in ["s", "requests", "%", "furlongs"] {
        let outcome = with(|ground| ground.replace("reports/metrics.json", "\"ms\"", &format!("\"{unit}\"")));
        assert_eq!(outcome.decision(), Some(Decision::NoGo), "{unit}");
        assert!(outcome.words().contains("p95_latency is 180"), "{unit}: {}", outcome.words());
        let expected = if unit == "s" { Verdict::Fail } else { Verdict::Unknown };
        assert_eq!(outcome.verdict("DEP-004"), Some(expected), "{unit}: {}", outcome.words());
    }
}

#[test]
fn a_time_to_come_proves_nothing_yet() {
    let outcome = with(|ground| ground.replace("reports/evidence.json", "2027-03-09", "2027-03-19"));
    assert_eq!(outcome.verdict("DEP-003"), Some(Verdict::Unknown), "{}", outcome.words());
    assert!(outcome.words().contains("in the future"), "{}", outcome.words());
}

#[test]
fn two_results_of_one_test_are_none() {
    let again = "<testsuite name=\"again\" timestamp=\"2027-03-09T18:30:00Z\">\
                 <testcase classname=\"search.query\" name=\"TEST-101 words\"><failure/></testcase></testsuite>";
    let outcome = with(|ground| ground.append("reports/again.xml", again));
    let test = outcome.report().checks.iter().find(|check| check.id == "DEP-001").expect("the criterion");
    assert_eq!(test.verdict, Verdict::Unknown, "{}", test.reason);
    assert!(test.reason.contains("TEST-101"), "{}", test.reason);
    assert!(test.reason.contains("passed in one report and failed in another"), "{}", test.reason);
    assert!(test.proof.sources.iter().any(|source| source.file == "reports/again.xml"), "{:?}", test.proof);
}

#[test]
fn a_result_of_an_unknown_test_is_reported() {
    let change = |ground: &mut Ground| {
        let case = "<testcase name=\"TEST-404 is not there\"/></testsuite>";
        ground.replace("reports/system.xml", "</testsuite>", case);
    };
    let outcome = with(change);
    assert_eq!((outcome.report().evidence.results, outcome.report().evidence.unknown), (7, 1));
}

#[test]
fn a_risk_that_nobody_rated_or_whose_rating_was_struck_out_is_not_settled() {
    let risk = |from: &str, to: &str| replaced("plan/release.yaml", from, to, &["RISK-001"]);
    let rating = "  probability: High\n  impact: Critical\n";
    risk("status: mitigated", "status: open");
    risk(&format!("{rating}  status: mitigated"), "  status: open");
    risk("review_date: 2027-04-01", "review_date: 2027-03-01");
    risk(&format!("{rating}  status: mitigated"), "  status: accepted");
    closed(
        |ground| {
            ground.replace("plan/release.yaml", rating, "");
            ground.replace("reports/unit.xml", "anew\" time=\"1.500\"/>", "anew\"><failure/></testcase>");
        },
        &["RISK-001"],
    );
}

#[test]
fn where_audits_are_made_a_bare_statement_opens_nothing() {
    let stated = |audit: &str| {
        with(|ground| {
            ground.replace(
                "relplan.toml",
                "based_on = \"moderate\"\n",
                &format!("based_on = \"moderate\"\n{audit}"),
            );
            ground.replace(
                "plan/criteria.yaml",
                "  evidence:\n    findings_below: High\n    tool: Semgrep\n",
                "  status: met\n",
            );
        })
    };
    assert_eq!(stated("").verdict("DEP-003"), Some(Verdict::Pass));
    let audited = stated("audit = true\n");
    assert_eq!(audited.verdict("DEP-003"), Some(Verdict::Unknown), "{}", audited.words());
    assert_eq!(audited.decision(), Some(Decision::NoGo));
}

#[test]
fn where_audits_are_made_a_rehearsal_is_shown_and_a_document_is_signed() {
    let audited = |change: &dyn Fn(&mut Ground)| {
        with(|ground| {
            ground.replace(
                "relplan.toml",
                "based_on = \"moderate\"\n",
                "based_on = \"moderate\"\naudit = true\n",
            );
            change(ground);
            ground.sign();
        })
    };
    let stated = audited(&|_| {});
    assert_eq!(stated.verdict("DEP-020"), Some(Verdict::Unknown), "{}", stated.words());
    assert!(
        stated
            .words()
            .contains("rehearsed on 2027-03-01, but profile careful does not accept self-reported status")
    );
    // Nobody knows who wrote the notes.
    assert_eq!(stated.verdict("DEP-006"), Some(Verdict::Unknown), "{}", stated.words());
    // That the plan says how something is measured, relplan has read itself.
    assert_eq!(stated.verdict("MON-001"), Some(Verdict::Pass), "{}", stated.words());
    assert_eq!(stated.verdict("DEP-030"), Some(Verdict::Pass), "{}", stated.words());

    let rehearsed = "  last_rehearsed: 2027-03-01\n";
    let with_tests = format!("{rehearsed}  linked_ids: TEST-105\n  evidence:\n    tests: 100%\n");
    let shown = audited(&|ground| ground.replace("plan/deployment.yaml", rehearsed, &with_tests));
    assert_eq!(shown.verdict("DEP-020"), Some(Verdict::Pass), "{}", shown.words());
    let commit = format!("{{\"commit\": \"{}\", ", judging::COMMIT);
    let made = audited(&|ground| ground.replace("docs/evidence.json", "{\n", &commit));
    assert_eq!(made.verdict("DEP-006"), Some(Verdict::Pass), "{}", made.words());
}

#[test]
fn what_shows_a_rehearsal_is_held_against_it_everywhere() {
    let rehearsed = "  last_rehearsed: 2027-03-01\n";
    let required = |demand: &str| {
        let shown = format!("{rehearsed}  evidence:\n    {demand}\n");
        with(|ground| {
            ground.replace("plan/deployment.yaml", rehearsed, &shown);
            ground.sign();
        })
    };
    assert_eq!(required("file: docs/notes.md").verdict("DEP-020"), Some(Verdict::Pass));
    assert_eq!(required("file: docs/drill.md").verdict("DEP-020"), Some(Verdict::Unknown));
    assert_eq!(required("tests: 100%").verdict("DEP-020"), Some(Verdict::Unknown));
}

#[test]
fn a_proof_is_worth_as_much_as_its_weakest_part() {
    let kind = |change: &dyn Fn(&mut Ground), id: &str| {
        let outcome = with(|ground| {
            change(ground);
            ground.sign();
        });
        let check = outcome.report().checks.iter().find(|check| check.id == id).cloned();
        check.unwrap_or_else(|| panic!("{id}: {}", outcome.words())).proof.kind
    };
    assert_eq!(kind(&|_| {}, "DEP-005"), ProofKind::Attested);
    assert_eq!(kind(&|_| {}, "DEP-006"), ProofKind::Asserted);
    // A signature, and a file of which nobody knows who wrote it.
    let both = "    sign_off: Security Lead\n    file: docs/notes.md\n    max_age: 14d\n";
    let with_file =
        |ground: &mut Ground| ground.replace("plan/criteria.yaml", "    sign_off: Security Lead\n", both);
    assert_eq!(kind(&with_file, "DEP-005"), ProofKind::Asserted);
    // That it is not met, or not complete, somebody says; the facts do not.
    let failed = |ground: &mut Ground| {
        ground.replace(
            "plan/criteria.yaml",
            "  title: The tests pass\n",
            "  title: The tests pass\n  status: failed\n",
        );
    };
    assert_eq!(kind(&failed, "DEP-001"), ProofKind::Asserted);
    let testing = |ground: &mut Ground| {
        let at_once = "  title: Searches are answered at once\n  state: ";
        ground.replace("plan/release.yaml", &format!("{at_once}Complete"), &format!("{at_once}Testing"));
    };
    assert_eq!(kind(&testing, "EPIC-002"), ProofKind::Asserted);
    assert_eq!(kind(&|_| {}, "EPIC-002"), ProofKind::Reported);
    // What is waived rests on who waived it, and no more on what the reports say.
    let waived = |ground: &mut Ground| {
        ground.replace("relplan.toml", "branch_coverage = \"70%\"", "branch_coverage = \"100%\"");
        ground.append(
            "plan/waivers.yaml",
            "waivers:\n  - check: readiness/Code is covered by tests\n    by: Quinn\n    reason: It is enough\n    \
             on: 2027-03-09\n    until: 2027-04-01\n",
        );
    };
    assert_eq!(kind(&waived, "readiness/Code is covered by tests"), ProofKind::Attested);
}

#[test]
fn a_log_of_decisions_that_is_missing_or_empty_does_not_verify() {
    let mut ground = Ground::go();
    assert_eq!(code(&command(&ground, &["decide", "--verify"])), 2);
    for text in ["", "\n", " "] {
        ground.put(&[("decisions.jsonl", Some(text.as_bytes().to_vec()))]);
        assert_ne!(code(&command(&ground, &["decide", "--verify"])), 0, "{text:?}");
    }
    ground.put(&[("decisions.jsonl", Some(Vec::new()))]);
    assert_eq!(code(&command(&ground, &["decide", "--verify"])), 2);
    ground.put(&[("decisions.jsonl", Some(b"{}\n".to_vec()))]);
    assert_eq!(code(&command(&ground, &["decide", "--verify"])), 1);
}
