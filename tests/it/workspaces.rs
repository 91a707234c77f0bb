//! Several plans that are checked together, and link to one another.

use std::path::Path;

use serde_json::Value;

use crate::support::{code, err, folder, found, out, run};

const ROOT: &str = "[workspace]\nmembers = [\"services/*\"]\n";

fn member(title: &str, links: &str) -> String {
    format!(
        "- {{id: EPIC-01, title: {title}, state: Planned, owner: Ada, tests: TEST-001{links}}}\n- {{id: TEST-001, title: It works, owner: Ada}}\n"
    )
}

/// A workspace of two members, of which one links to the other.
fn workspace() -> tempfile::TempDir {
    folder(&[
        ("relplan.toml", ROOT),
        ("services/billing/relplan.toml", ""),
        ("services/billing/plan.yaml", &member("Pay", "")),
        ("services/shop/relplan.toml", ""),
        ("services/shop/plan.yaml", &member("Buy", ", depends_on: \"billing:EPIC-01 (the API)\"")),
    ])
}

fn rules(at: &Path, arguments: &[&str]) -> Vec<(String, String)> {
    let output = run(at, &[&["check", "--format", "json"], arguments].concat());
    assert!(code(&output) < 2, "{}", err(&output));
    found(&out(&output)).into_iter().map(|finding| (finding.rule, finding.message)).collect()
}

fn has(rules: &[(String, String)], rule: &str, message: &str) -> bool {
    rules.iter().any(|(name, text)| name == rule && text.contains(message))
}

#[test]
fn every_member_is_checked_with_its_own_ids_and_configuration() {
    let at = workspace();
    let output = run(at.path(), &["check", "--format", "json"]);
    let json: Value = serde_json::from_str(&out(&output)).expect("JSON");
    assert_eq!(json["checked"]["entries"], 4, "{json}");
    let members = json["checked"]["members"].as_array().expect("members");
    let names: Vec<_> = members.iter().map(|member| (&member["name"], &member["entries"])).collect();
    assert_eq!(names, [(&"billing".into(), &2.into()), (&"shop".into(), &2.into())]);
    let all = rules(at.path(), &[]);
    // The same id in two members is no duplicate, and a link by the name of a member leads there.
    assert!(!has(&all, "duplicate-id", "") && !has(&all, "member-link", ""), "{all:?}");
    let each: usize = ["services/billing", "services/shop"]
        .iter()
        .map(|member| rules(&at.path().join(member), &[]).len())
        .sum();
    assert_eq!(all.len(), each, "{all:?}");
    std::fs::write(at.path().join("services/billing/relplan.toml"), "[rules]\nmember-link = \"off\"\n")
        .expect("a file");
    std::fs::write(
        at.path().join("services/billing/more.yaml"),
        "{id: KPI-1, title: x, owner: Ada, tests: TEST-9}\n",
    )
    .expect("a file");
    let found = found(&out(&run(at.path(), &["check", "--format", "json"])));
    let missing = found.iter().find(|finding| finding.message.contains("TEST-9")).expect("it is found");
    assert!(missing.places[0].starts_with("services/billing/more.yaml:1:"), "{missing:?}");
    let screen = err(&run(at.path(), &["check"]));
    assert!(screen.contains("workspace: 2 members: billing 3 entries, shop 2 entries"), "{screen}");
}

#[test]
fn a_link_into_a_member_leads_to_an_entry_or_is_an_error() {
    let at = workspace();
    let link = |to: &str| {
        let path = at.path().join("services/shop/plan.yaml");
        std::fs::write(path, member("Buy", &format!(", depends_on: \"{to}\""))).expect("a file");
        // From the workspace and from the member alone.
        let (all, own) = (rules(at.path(), &[]), rules(&at.path().join("services/shop"), &[]));
        let of = |rules: &[(String, String)]| {
            let links = rules.iter().filter(|(rule, _)| rule == "member-link");
            links.map(|(_, message)| message.clone()).collect::<Vec<_>>()
        };
        assert_eq!(of(&all), of(&own));
        of(&own)
    };
    assert_eq!(link("billing:EPIC-01, billing:TEST-001"), [""; 0]);
    assert_eq!(link("Billing:EPIC-1"), [""; 0]);
    assert_eq!(link("billing:EPIC-77"), ["EPIC-01: link to `billing:EPIC-77`: no entry has this id"]);
    assert_eq!(
        link("biling:EPIC-01"),
        ["EPIC-01: link to `biling:EPIC-01`: the workspace has no member `biling`"]
    );
    std::fs::write(at.path().join("services/billing/relplan.toml"), "[plan\n").expect("a file");
    let own = rules(&at.path().join("services/shop"), &[]);
    assert!(has(&own, "member-link", ""), "{own:?}");
}

#[test]
fn outside_of_a_workspace_a_link_into_a_member_is_an_error() {
    let at =
        folder(&[("relplan.toml", ""), ("plan.yaml", &member("Buy", ", depends_on: \"billing:EPIC-01\""))]);
    assert!(has(&rules(at.path(), &[]), "member-link", "the plan is in no workspace"));
}

#[test]
fn a_member_that_is_not_checked_out_is_never_fine() {
    let at = folder(&[
        ("relplan.toml", "[workspace]\nmembers = [\"services/*\", \"libraries/gone\", \"tools/*\"]\n"),
        ("services/billing/relplan.toml", ""),
        ("services/billing/plan.yaml", &member("Pay", "")),
        ("services/docs/README.md", "No plan.\n"),
    ]);
    std::fs::create_dir(at.path().join("services/ledger")).expect("a folder");
    let all = rules(at.path(), &[]);
    for message in [
        "member `services/docs` is not checked: the folder has no relplan.toml",
        "member `services/ledger` is not checked: the folder is empty",
        "member `libraries/gone` is not checked: no such folder",
        "member `tools/*` is not checked: no such folder",
    ] {
        assert!(has(&all, "workspace-member", message), "{message}: {all:?}");
    }
    let output = run(at.path(), &["check"]);
    assert_eq!(code(&output), 1);
    assert!(
        err(&output).contains("not checked: services/docs (the folder has no relplan.toml)"),
        "{}",
        err(&output)
    );
}

#[test]
fn two_members_with_one_name_are_a_finding_at_the_glob() {
    let at = folder(&[
        ("relplan.toml", "[workspace]\nmembers = [\"services/*\", \"libraries/*\"]\n"),
        ("services/billing/relplan.toml", ""),
        ("services/billing/plan.yaml", &member("Pay", "")),
        ("libraries/billing/relplan.toml", ""),
        ("libraries/billing/plan.yaml", &member("Sum", "")),
        ("services/shop/relplan.toml", ""),
        ("services/shop/plan.yaml", &member("Buy", ", depends_on: \"billing:EPIC-01\"")),
    ]);
    let output = run(at.path(), &["check", "--format", "json"]);
    let found = found(&out(&output));
    let twice = found.iter().find(|finding| finding.rule == "workspace-member").expect("it is found");
    assert!(twice.message.contains("are both named `billing`"), "{twice:?}");
    assert!(twice.places[0].starts_with("relplan.toml:2:26"), "{twice:?}");
    assert!(found.iter().any(|finding| finding.rule == "member-link"), "it may mean either: {found:?}");
    let told = out(&run(at.path(), &["check"]));
    assert!(told.contains("set `name` in `[plan]` of one of them"), "{told}");
    assert!(!told.contains("check out the member"), "{told}");
    std::fs::write(at.path().join("libraries/billing/relplan.toml"), "[plan]\nname = \"sums\"\n")
        .expect("a file");
    let all = rules(at.path(), &[]);
    assert!(!has(&all, "workspace-member", "") && !has(&all, "member-link", ""), "{all:?}");
}

#[test]
fn the_plan_of_a_workspace_may_have_entries_and_leaves_those_of_members_alone() {
    let at = workspace();
    std::fs::write(
        at.path().join("train.yaml"),
        "{id: KPI-1, title: x, owner: Ada, linked_ids: \"shop:EPIC-01\"}\n",
    )
    .expect("a file");
    let all = rules(at.path(), &[]);
    assert!(!has(&all, "duplicate-id", "") && !has(&all, "member-link", ""), "{all:?}");
    let list = run(at.path(), &["list", "--format", "json"]);
    assert!(!out(&list).contains("EPIC-01"), "{}", out(&list));
    assert!(err(&list).contains("2 members of the workspace not shown"), "{}", err(&list));
}

#[test]
fn a_command_about_one_plan_does_not_pass_over_the_others() {
    let at = workspace();
    for command in [&["report", "--format", "github"][..], &["gate", "production"], &["list"], &["checklist"]]
    {
        let output = run(at.path(), command);
        assert_eq!(code(&output), 2, "{command:?}: {}", out(&output));
        let words = err(&output);
        assert!(
            words.contains("this is a workspace, and the command is about one plan"),
            "{command:?}: {words}"
        );
        assert!(words.contains("`services/billing`, `services/shop`"), "{words}");
    }
    assert!(code(&run(at.path(), &["report", "--plan", "services/billing"])) < 2);
    let empty = folder(&[("relplan.toml", "[workspace]\nmembers = []\n")]);
    assert_eq!(code(&run(empty.path(), &["check"])), 2, "nothing was checked");
}

/// A workspace in a repository, whose branch `change` is checked out.
fn repository() -> crate::base::git::Repository {
    let at = workspace();
    crate::base::git::Repository::of(at.path(), &[])
}

#[test]
fn a_member_that_is_gone_is_loosened() {
    let repository = repository();
    let at = repository.path();
    assert!(!has(&rules(at, &["--base", "main"]), "loosened-configuration", ""));
    std::fs::remove_dir_all(at.join("services/shop")).expect("it is removed");
    let found = rules(at, &["--base", "main"]);
    assert!(
        has(&found, "loosened-configuration", "member `services/shop` of the workspace was removed"),
        "{found:?}"
    );
}

#[test]
fn a_report_against_the_base_does_not_forget_a_member_that_is_gone() {
    let repository = repository();
    let at = repository.path();
    let report = |more: &[&str]| {
        let output = run(at, &[&["report", "--format", "json", "--today", "2026-11-20"], more].concat());
        let text = out(&output);
        (code(&output), serde_json::from_str::<Value>(&text).unwrap_or_else(|_| panic!("{}", err(&output))))
    };
    let names = |json: &Value| -> Vec<String> {
        let members = json["members"].as_array().expect("members").iter();
        members.map(|member| member["member"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(names(&report(&["--base", "main"]).1), ["billing", "shop"]);
    std::fs::remove_dir_all(at.join("services/shop")).expect("it is removed");
    let (code_of, json) = report(&["--base", "main"]);
    assert_eq!((code_of, json["decision"].as_str()), (1, Some("no_go")));
    assert_eq!(names(&json), [".", "billing"]);
    let reason = json["members"][0]["not_judged"].as_str().unwrap_or_default();
    assert!(reason.contains("1 loosened requirement"), "{json}");
    assert_eq!(names(&report(&["--base", "main", "--allow-loosened"]).1), ["billing"]);
    let other = run(at, &["report", "--config-from", "main", "--today", "2026-11-20"]);
    assert_eq!(code(&other), 2, "the members of a revision may be others: {}", out(&other));
}

#[test]
fn a_member_in_a_hidden_folder_is_checked() {
    let at = workspace();
    std::fs::rename(at.path().join("services/shop"), at.path().join("services/.shop")).expect("it is moved");
    std::fs::create_dir(at.path().join("services/.cache")).expect("a folder without a plan");
    let json: Value =
        serde_json::from_str(&out(&run(at.path(), &["check", "--format", "json"]))).expect("JSON");
    assert_eq!(json["checked"]["members"].as_array().map(Vec::len), Some(2), "{json}");
}

#[cfg(unix)]
#[test]
fn a_member_behind_a_link_is_checked() {
    let at = workspace();
    std::fs::rename(at.path().join("services/shop"), at.path().join("shop")).expect("it is moved");
    std::os::unix::fs::symlink("../shop", at.path().join("services/shop")).expect("a link");
    let output = run(at.path(), &["check", "--format", "json"]);
    let json: Value = serde_json::from_str(&out(&output)).expect("JSON");
    assert_eq!(json["checked"]["members"].as_array().map(Vec::len), Some(2), "{json}");
}

#[test]
fn members_of_a_member_are_not_passed_over() {
    let at = workspace();
    let nested = at.path().join("services/shop/relplan.toml");
    std::fs::write(nested, "[workspace]\nmembers = [\"sub\"]\n").expect("a file");
    let found = rules(at.path(), &[]);
    assert!(has(&found, "workspace-member", "a member has a workspace of its own"), "{found:?}");
}

#[test]
fn one_plan_of_a_workspace_is_judged_only_where_it_is_named() {
    let at = workspace();
    std::fs::create_dir(at.path().join("plan")).expect("a folder");
    std::fs::write(at.path().join("plan/own.yaml"), member("Root", "")).expect("a file");
    let toml = format!("{ROOT}[plan]\nfiles = [\"plan/*.yaml\"]\n");
    std::fs::write(at.path().join("relplan.toml"), toml).expect("a file");
    for command in [&["report", "--format", "github"][..], &["gate", "production"], &["checklist"]] {
        let output = run(at.path(), command);
        assert_eq!(code(&output), 2, "{command:?}: {}", out(&output));
        assert!(err(&output).contains("`.`, `services/billing`, `services/shop`"), "{}", err(&output));
        assert_ne!(code(&run(at.path(), &[command, &["--plan", "."]].concat())), 2, "{command:?}");
    }
}

#[test]
fn a_test_of_another_member_is_not_proven_here() {
    let at = workspace();
    let yaml = "\
- {id: DEP-001, type: Criteria, stage: Pre-deploy, title: Sound, owner: Ada, blocker: yes, requirement: All pass,
   verification: CI, evidence: {tests: 100%}, linked_ids: [TEST-001, 'billing:TEST-001']}
";
    std::fs::write(at.path().join("services/shop/more.yaml"), yaml).expect("a file");
    std::fs::write(
        at.path().join("junit.xml"),
        "<testsuite timestamp=\"2026-11-20T10:00:00\"><testcase name=\"TEST-001 works\"/></testsuite>",
    )
    .expect("a file");
    let commit = "1".repeat(40);
    let arguments = ["checklist", "--plan", "services/shop", "--evidence", "junit.xml", "--commit", &commit];
    let more = ["--evidence-commit", &commit, "--today", "2026-11-20", "--format", "json"];
    let text = out(&run(at.path(), &[&arguments[..], &more].concat()));
    assert!(text.contains("1 of 2 tests passed") && text.contains("billing:TEST-001"), "{text}");
}

#[test]
fn a_former_id_of_another_member_still_leads_there() {
    let at = workspace();
    let output = run(at.path(), &["rename", "EPIC-01", "EPIC-07", "--plan", "services/billing"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(!has(&rules(at.path(), &[]), "member-link", ""));
}

#[test]
fn the_status_of_a_workspace_names_every_member() {
    let at = workspace();
    let toml = format!("{ROOT}[plan]\nfiles = [\"plan/*.yaml\"]\n")
        .replace("[\"services/*\"]", "[\"services/*\", \"absent\"]");
    std::fs::create_dir(at.path().join("plan")).expect("a folder");
    std::fs::write(at.path().join("plan/own.yaml"), member("Root", "")).expect("a file");
    std::fs::write(at.path().join("relplan.toml"), toml).expect("a file");
    let today = ["--today", "2026-11-20"];
    let output = run(at.path(), &[&["status"][..], &today].concat());
    assert_eq!(code(&output), 0, "{}", err(&output));
    let text = out(&output);
    for row in ["billing", "shop", "absent", "UNKNOWN", "no such folder"] {
        assert!(text.contains(row), "{row}: {text}");
    }
    let json = out(&run(at.path(), &[&["status", "--format", "json"][..], &today].concat()));
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let members = json["members"].as_array().expect("members");
    let names: Vec<&str> = members.iter().filter_map(|member| member["member"].as_str()).collect();
    assert_eq!(names, [".", "billing", "shop", "absent"]);
    assert_eq!(members[3]["not_judged"], "no such folder");
    for (member, folder) in
        [(&members[0], "."), (&members[1], "services/billing"), (&members[2], "services/shop")]
    {
        let one = run(at.path(), &[&["status", "--plan", folder, "--format", "json"][..], &today].concat());
        let one: Value = serde_json::from_str(&out(&one)).expect("JSON");
        assert_eq!(member["judged"]["decision"], one["decision"], "{folder}");
        assert_eq!(member["judged"]["blockers"], one["blockers"], "{folder}");
    }
}

/// A workspace with a freeze and a train of its own, and two members with releases under the same id.
fn dated_workspace() -> tempfile::TempDir {
    let holiday = "[[calendar.freezes]]\nname = \"Everywhere\"\nfrom = 2026-12-01\nto = 2026-12-02\n";
    let zone = |zone: &str| format!("[calendar]\ntime_zone = \"{zone}\"\n{holiday}");
    let release = |version: &str, date: &str| {
        format!("- {{id: REL-1, title: R, version: {version}, date: {date}, status: planned}}\n")
    };
    folder(&[
        (
            "relplan.toml",
            "[workspace]\nmembers = [\"services/*\"]\n[[calendar.trains]]\nname = \"Weekly\"\ncadence = \"1 week\"\nfirst = 2026-12-01\n\
             [[calendar.freezes]]\nname = \"Year end\"\nfrom = 2026-12-20\nto = 2027-01-03\n",
        ),
        ("services/billing/relplan.toml", &zone("Europe/Berlin")),
        ("services/billing/plan.yaml", &release("2.0.0", "2026-12-29")),
        ("services/shop/relplan.toml", &zone("America/New_York")),
        (
            "services/shop/plan.yaml",
            &format!(
                "{}- {{id: ACT-1, title: Tell Support, owner: Ada, status: open, due: 2026-12-04}}\n",
                release("5.1.0", "2026-12-08")
            ),
        ),
    ])
}

fn calendar(at: &Path, more: &[&str]) -> Value {
    let output = run(at, &[&["calendar", "--format", "json", "--today", "2026-11-20"], more].concat());
    assert_eq!(code(&output), 0, "{}", err(&output));
    serde_json::from_str(&out(&output)).expect("JSON")
}

#[test]
fn a_workspace_has_one_calendar() {
    let at = dated_workspace();
    let whole = calendar(at.path(), &[]);
    let agenda = whole["agenda"].as_array().expect("an agenda");
    let what: Vec<&str> = agenda.iter().filter_map(|item| item["what"].as_str()).collect();
    for member in ["billing", "shop"] {
        let own = calendar(at.path(), &["--plan", &format!("services/{member}")]);
        for item in own["agenda"].as_array().expect("an agenda") {
            let own = item["what"].as_str().expect("a text");
            let named = if own == "Everywhere" { own.to_owned() } else { format!("{member}: {own}") };
            assert!(what.contains(&named.as_str()), "{named}: {what:?}");
        }
    }
    assert_eq!(what.iter().filter(|what| **what == "Everywhere").count(), 1, "{what:?}");
    assert!(what.contains(&"Weekly 0 departs") && what.contains(&"Year end"), "{what:?}");
    let days: Vec<&str> = agenda.iter().filter_map(|item| item["day"].as_str()).collect();
    assert!(days.is_sorted(), "{days:?}");
    let keys: std::collections::BTreeSet<&str> =
        agenda.iter().filter_map(|item| item["key"].as_str()).collect();
    assert_eq!(keys.len(), agenda.len(), "each event of iCalendar needs a key of its own");
    let ids: Vec<&str> =
        whole["releases"].as_array().expect("releases").iter().filter_map(|of| of["id"].as_str()).collect();
    assert_eq!(ids, ["shop:REL-1", "billing:REL-1"]);
    assert_eq!(whole["actions"][0]["id"], "shop:ACT-1");
    assert!(what.contains(&"shop: ACT-1 Tell Support"), "{what:?}");
    let text = out(&run(at.path(), &["calendar", "--today", "2026-11-20"]));
    assert!(
        text.contains("until 24:00 Europe/Berlin") && text.contains("until 24:00 America/New_York"),
        "{text}"
    );
}

#[test]
fn a_release_in_a_freeze_of_the_workspace_is_a_conflict() {
    let at = dated_workspace();
    let whole = calendar(at.path(), &[]);
    let conflicts = whole["conflicts"].as_array().expect("conflicts");
    let found: Vec<&Value> =
        conflicts.iter().filter(|conflict| conflict["rule"] == "release-in-freeze").collect();
    assert_eq!(found.len(), 1, "{conflicts:?}");
    assert_eq!(found[0]["id"], "billing:REL-1");
    let message = found[0]["message"].as_str().expect("a text");
    assert!(message.contains("freeze `Year end` of the workspace"), "{message}");
}

#[test]
fn a_calendar_without_a_member_is_unknown() {
    let at = dated_workspace();
    std::fs::create_dir_all(at.path().join("services/gone/plan")).expect("a folder");
    std::fs::write(at.path().join("services/shop/relplan.toml"), "").expect("a file");
    std::fs::create_dir_all(at.path().join("services/twin")).expect("a folder");
    std::fs::write(at.path().join("services/twin/relplan.toml"), "[plan]\nname = \"shop\"\n")
        .expect("a file");
    let text = out(&run(at.path(), &["calendar", "--today", "2026-11-20", "--release", "5.1.0"]));
    assert!(text.contains("? UNKNOWN"), "{text}");
    assert!(
        text.contains("`services/gone` is not on this calendar: the folder has no relplan.toml"),
        "{text}"
    );
    assert!(text.contains("`services/twin` is not on this calendar: `services/shop` has its name"), "{text}");
    let unknown = run(at.path(), &["calendar", "--today", "2026-11-20", "--release", "9.9.9"]);
    assert_eq!(code(&unknown), 2);
    let error = err(&unknown);
    assert!(error.contains("billing: REL-1 2.0.0") && error.contains("shop: REL-1 5.1.0"), "{error}");
}

#[test]
fn the_report_of_a_workspace_is_the_worst_of_its_members() {
    let at = dated_workspace();
    let today = ["--today", "2026-11-20"];
    let output = run(at.path(), &[&["report", "--format", "json"][..], &today].concat());
    assert_eq!(code(&output), 1, "{}", err(&output));
    let whole: Value = serde_json::from_str(&out(&output)).expect("JSON");
    assert_eq!(whole["decision"], "no_go");
    let members = whole["members"].as_array().expect("members");
    let mut blockers = 0;
    for (member, folder) in [(&members[0], "services/billing"), (&members[1], "services/shop")] {
        let own = run(at.path(), &[&["report", "--plan", folder, "--format", "json"][..], &today].concat());
        let own: Value = serde_json::from_str(&out(&own)).expect("JSON");
        assert_eq!(member["judged"]["blockers"], own["blockers"], "{folder}");
        assert_eq!(member["judged"]["decision"], own["decision"], "{folder}");
        blockers += own["blockers"].as_array().expect("blockers").len();
    }
    let text = out(&run(at.path(), &[&["report"][..], &today].concat()));
    assert!(text.contains(&format!("Blockers  {blockers}")), "{text}");
    assert!(text.contains("✗ NO-GO  2 members are NO-GO."), "{text}");
    assert!(text.contains("billing: REL-1 2.0.0") && text.contains("shop: REL-1 5.1.0"), "{text}");
}

#[test]
fn a_member_that_is_not_there_keeps_a_workspace_from_go() {
    let off = ["feature-complete", "alpha", "beta"]
        .map(|gate| format!("[gates.{gate}]\nenabled = false\n"))
        .concat();
    let gate = &format!(
        "{off}[gates.production]\ndecides = false\nenabled = false\n\
         [gates.mine]\ndecides = true\n[[gates.mine.criteria]]\nname = \"Work\"\nfrom = \"EPIC\"\n"
    );
    let plan = "- {id: EPIC-1, title: A, owner: Ada, status: Complete, tests: TEST-1}\n- {id: TEST-1, title: T, owner: Ada, type: Unit, status: Passed}\n";
    let at = folder(&[
        ("relplan.toml", "[workspace]\nmembers = [\"a\", \"b\"]\n"),
        ("a/relplan.toml", gate.as_str()),
        ("a/plan.yaml", plan),
        ("b/relplan.toml", gate.as_str()),
        ("b/plan.yaml", plan),
    ]);
    let arguments = ["report", "--today", "2026-11-20", "--format", "json"];
    let decision = || {
        let output = run(at.path(), &arguments);
        let whole: Value = serde_json::from_str(&out(&output)).expect("JSON");
        (whole["decision"].as_str().expect("a decision").to_owned(), code(&output))
    };
    let (both, _) = decision();
    std::fs::remove_dir_all(at.path().join("b")).expect("it is removed");
    let one = decision();
    assert_ne!(both, "no_go", "else the test shows nothing");
    assert_eq!(one, ("no_go".to_owned(), 1));
    let text = out(&run(at.path(), &["report", "--today", "2026-11-20"]));
    assert!(text.contains("1 member is UNKNOWN"), "{text}");
}
