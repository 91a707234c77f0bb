//! `relplan calendar`: real calendars reproduced day by day, and what it says in awkward cases.

use serde_json::Value;

use crate::support::{self, err, out, run};

/// The calendar of a plan under `tests/plans/real/` as JSON.
fn real(plan: &str, more: &[&str]) -> Value {
    let folder = support::project().join("tests/plans/real").join(plan);
    let output = run(&folder, &[&["calendar", "--format", "json"], more].concat());
    assert!(output.status.success(), "{plan}: {}", err(&output));
    serde_json::from_str(&out(&output)).expect("JSON")
}

/// Holds the milestones of the first release of a plan against published days.
fn check(plan: &str, published: &[(&str, &str)]) -> Value {
    let calendar = real(plan, &[]);
    let milestones = calendar["releases"][0]["milestones"].as_array().expect("milestones").clone();
    let day = |name: &str| {
        let found = milestones.iter().find(|milestone| milestone["name"] == name);
        found.map_or("missing".to_owned(), |found| found["day"].as_str().unwrap_or("no day").to_owned())
    };
    let wrong: Vec<String> = published
        .iter()
        .filter(|(name, expect)| day(name) != *expect)
        .map(|(name, expect)| format!("{name}: {}, published for {expect}", day(name)))
        .collect();
    assert!(wrong.is_empty(), "{plan}:\n{}", wrong.join("\n"));
    assert_eq!(milestones.len(), published.len(), "{plan}: every milestone has a published day");
    calendar
}

#[test]
fn openstack_counts_weeks_to_its_release() {
    check(
        "openstack-2025.1",
        &[
            ("cycle_start", "2024-10-07"),
            ("virtual_ptg", "2024-10-21"),
            ("nova_spec_review_day_1", "2024-11-12"),
            ("epoxy_1", "2024-11-14"),
            ("cycle_trailing_deadline", "2024-12-05"),
            ("nova_spec_review_day_2", "2024-12-11"),
            ("nova_spec_soft_freeze", "2024-12-12"),
            ("epoxy_2", "2025-01-09"),
            ("membership_freeze", "2025-01-09"),
            ("nova_spec_freeze", "2025-01-09"),
            ("extra_ac_freeze", "2025-02-13"),
            ("final_libraries", "2025-02-20"),
            ("epoxy_3", "2025-02-27"),
            ("feature_complete", "2025-02-27"),
            ("requirements_freeze", "2025-02-27"),
            ("rc1_target_week", "2025-03-10"),
            ("release_candidate", "2025-03-13"),
            ("final_rc_week", "2025-03-24"),
            ("production", "2025-04-02"),
        ],
    );
}

#[test]
fn kubernetes_ends_its_days_anywhere_on_earth() {
    let calendar = check(
        "kubernetes-1.36",
        &[
            ("cycle_start", "2026-01-12"),
            ("schedule_final", "2026-01-16"),
            ("release_notes_draft", "2026-01-28"),
            ("alpha", "2026-02-04"),
            ("production_readiness_freeze", "2026-02-04"),
            ("enhancements_freeze", "2026-02-11"),
            ("alpha_2", "2026-02-18"),
            ("code_freeze_notice", "2026-02-23"),
            ("docs_placeholders", "2026-02-26"),
            ("alpha_3", "2026-03-04"),
            ("feature_blog_freeze", "2026-03-05"),
            ("code_freeze_exceptions", "2026-03-09"),
            ("beta", "2026-03-11"),
            ("code_freeze", "2026-03-18"),
            ("burndown", "2026-03-30"),
            ("docs_ready_for_review", "2026-03-31"),
            ("feature_blogs_ready", "2026-04-06"),
            ("branch_created", "2026-04-08"),
            ("release_candidate", "2026-04-08"),
            ("docs_freeze", "2026-04-08"),
            ("release_blog_ready", "2026-04-09"),
            ("release_candidate_2", "2026-04-14"),
            ("production", "2026-04-22"),
            ("thaw", "2026-04-22"),
            ("feature_blogs_begin", "2026-04-23"),
        ],
    );
    let published = [
        ("production_readiness_freeze", "2026-02-05T12:00:00Z"),
        ("enhancements_freeze", "2026-02-12T12:00:00Z"),
        ("docs_placeholders", "2026-02-27T12:00:00Z"),
        ("feature_blog_freeze", "2026-03-06T12:00:00Z"),
        ("code_freeze", "2026-03-19T12:00:00Z"),
        ("docs_freeze", "2026-04-09T12:00:00Z"),
        ("release_blog_ready", "2026-04-10T12:00:00Z"),
    ];
    let milestones = calendar["releases"][0]["milestones"].as_array().expect("milestones");
    for (name, moment) in published {
        let found = milestones.iter().find(|milestone| milestone["name"] == name).expect(name);
        assert_eq!(found["deadline"], moment, "{name}");
    }
}

#[test]
fn cpython_counts_from_the_final_release() {
    check(
        "cpython-3.13-planned",
        &[
            ("alpha", "2023-10-17"),
            ("alpha_2", "2023-11-21"),
            ("alpha_3", "2023-12-19"),
            ("alpha_4", "2024-01-16"),
            ("alpha_5", "2024-02-13"),
            ("alpha_6", "2024-03-12"),
            ("alpha_7", "2024-04-09"),
            ("beta", "2024-05-07"),
            ("feature_complete", "2024-05-07"),
            ("beta_2", "2024-05-28"),
            ("beta_3", "2024-06-18"),
            ("beta_4", "2024-07-16"),
            ("release_candidate", "2024-07-30"),
            ("release_candidate_2", "2024-09-03"),
            ("final_planned", "2024-10-01"),
            ("production", "2024-10-01"),
        ],
    );
    check(
        "cpython-3.13",
        &[
            ("alpha", "2023-10-13"),
            ("alpha_2", "2023-11-22"),
            ("alpha_3", "2024-01-17"),
            ("alpha_4", "2024-02-15"),
            ("alpha_5", "2024-03-12"),
            ("alpha_6", "2024-04-09"),
            ("beta", "2024-05-08"),
            ("feature_complete", "2024-05-08"),
            ("beta_2", "2024-06-05"),
            ("beta_3", "2024-06-27"),
            ("beta_4", "2024-07-18"),
            ("release_candidate", "2024-08-01"),
            ("release_candidate_2", "2024-09-06"),
            ("release_candidate_3", "2024-10-01"),
            ("final_planned", "2024-10-01"),
            ("production", "2024-10-07"),
        ],
    );
}

#[test]
fn rust_leaves_every_six_weeks() {
    let calendar = real("rust-train", &["--from", "2023-12-01", "--to", "2024-12-31"]);
    let departures = calendar["trains"][0]["departures"].as_array().expect("departures");
    let shown: Vec<String> = departures
        .iter()
        .map(|departure| {
            format!("{} {}", departure["name"].as_str().unwrap(), departure["day"].as_str().unwrap())
        })
        .collect();
    // 1.75.0 is a release of the plan, and not announced twice.
    let published = [
        "1.76.0 2024-02-08",
        "1.77.0 2024-03-21",
        "1.78.0 2024-05-02",
        "1.79.0 2024-06-13",
        "1.80.0 2024-07-25",
        "1.81.0 2024-09-05",
        "1.82.0 2024-10-17",
    ];
    assert_eq!(shown, published);
}

#[test]
fn kubernetes_publishes_weekday_week_and_owner() {
    let calendar = check(
        "kubernetes-1.35",
        &[
            ("start of release cycle", "2025-09-15"),
            ("start enhancements tracking", "2025-09-15"),
            ("schedule finalized", "2025-09-19"),
            ("team finalized", "2025-09-19"),
            ("begin APAC-friendly meetings", "2025-09-24"),
            ("start release notes draft", "2025-10-01"),
            ("call for PRR and enhancement freeze exceptions", "2025-10-02"),
            ("v1.35.0-alpha.1", "2025-10-08"),
            ("production readiness freeze", "2025-10-09"),
            ("enhancements freeze", "2025-10-16"),
            ("v1.35.0-alpha.2", "2025-10-22"),
            ("docs placeholder PRs", "2025-10-23"),
            ("code freeze is coming", "2025-10-27"),
            ("feature blog freeze", "2025-10-30"),
            ("call for code freeze exceptions", "2025-10-31"),
            ("v1.35.0-alpha.3", "2025-11-05"),
            ("code_freeze", "2025-11-06"),
            ("test freeze", "2025-11-06"),
            ("KubeCon NA", "2025-11-10"),
            ("burndown", "2025-11-17"),
            ("deprecations and removals blog", "2025-11-17"),
            ("docs ready for review", "2025-11-18"),
            ("release highlights deadline", "2025-11-18"),
            ("v1.35.0-beta.0", "2025-11-19"),
            ("release blog ready to review", "2025-11-20"),
            ("feature blogs ready to review", "2025-11-24"),
            ("daily burndown meetings", "2025-11-24"),
            ("release-1.35 branch", "2025-12-02"),
            ("release-1.35 jobs", "2025-12-02"),
            ("final draft of release notes", "2025-12-02"),
            ("docs freeze", "2025-12-02"),
            ("v1.35.0-rc.0", "2025-12-02"),
            ("release highlights complete", "2025-12-09"),
            ("v1.35.0-rc.1", "2025-12-09"),
            ("release notes complete", "2025-12-17"),
            ("production", "2025-12-17"),
            ("release blog published", "2025-12-17"),
            ("thaw", "2025-12-18"),
            ("feature blog publication", "2025-12-18"),
        ],
    );
    let published = [
        ("production readiness freeze", "2025-10-10T12:00:00Z"),
        ("enhancements freeze", "2025-10-17T12:00:00Z"),
        ("feature blog freeze", "2025-10-31T12:00:00Z"),
        ("code_freeze", "2025-11-07T12:00:00Z"),
        ("test freeze", "2025-11-07T12:00:00Z"),
        ("release blog ready to review", "2025-11-21T12:00:00Z"),
        ("docs freeze", "2025-12-03T12:00:00Z"),
    ];
    let milestones = calendar["releases"][0]["milestones"].as_array().expect("milestones");
    let of = |name: &str| milestones.iter().find(|milestone| milestone["name"] == name).expect("a milestone");
    for (name, moment) in published {
        assert_eq!(of(name)["deadline"], moment, "{name}");
    }
    let zoned = milestones.iter().filter(|milestone| !milestone["deadline"].is_null()).count();
    assert_eq!(zoned, published.len(), "the other days have no published end");
    assert_eq!(of("KubeCon NA")["until"], "2025-11-13");
    assert_eq!(of("release-1.35 branch")["branch"], "release-1.35");
    assert_eq!(of("v1.35.0-rc.1")["tag"], "v1.35.0-rc.1");
    assert_eq!(of("v1.35.0-rc.1")["version"], "v1.35.0-rc.1");
    assert_eq!(of("enhancements freeze")["owner"], "Enhancements Lead");
}

#[test]
fn openstack_names_weeks_thursdays_and_days() {
    let calendar = check(
        "openstack-2025.2",
        &[
            ("2025.1 final release", "2025-03-31"),
            ("virtual PTG", "2025-04-07"),
            ("Flamingo-1", "2025-05-15"),
            ("2025.1 cycle-trailing deadline", "2025-06-05"),
            ("Flamingo-2", "2025-07-03"),
            ("extra AC freeze", "2025-08-14"),
            ("openstackclient freeze", "2025-08-14"),
            ("final release of libraries", "2025-08-18"),
            ("Flamingo-3", "2025-08-28"),
            ("feature_complete", "2025-08-28"),
            ("final release of client libraries", "2025-08-25"),
            ("soft string freeze", "2025-08-28"),
            ("requirements freeze", "2025-08-28"),
            ("cycle highlights", "2025-09-04"),
            ("release_candidate", "2025-09-08"),
            ("hard string freeze", "2025-09-08"),
            ("final RCs", "2025-09-22"),
            ("production", "2025-10-01"),
        ],
    );
    let milestones = calendar["releases"][0]["milestones"].as_array().expect("milestones");
    let weeks: Vec<&Value> = milestones.iter().filter(|milestone| !milestone["until"].is_null()).collect();
    let candidates =
        weeks.iter().find(|milestone| milestone["name"] == "release_candidate").expect("the week");
    assert_eq!(candidates["until"], "2025-09-14");
    assert_eq!(weeks.len(), 7, "{weeks:?}");
    let deliverables = calendar["releases"][0]["deliverables"].as_array().expect("deliverables").iter();
    let text = |value: &Value| value.as_str().unwrap_or("none").to_owned();
    let shown: Vec<String> = deliverables
        .map(|one| ["name", "version", "team", "branch"].map(|field| text(&one[field])).join(" "))
        .collect();
    let published = [
        "nova 32.0.0 nova stable/2025.2",
        "keystone 28.0.0 keystone stable/2025.2",
        "octavia-lib 3.10.0 octavia stable/2025.2",
    ];
    assert_eq!(shown, published);
}

#[test]
fn cpython_has_a_series_of_pre_releases_and_of_bugfix_releases() {
    let calendar = check(
        "cpython-3.14",
        &[
            ("development begins", "2024-05-08"),
            ("3.14.0a1", "2024-10-15"),
            ("3.14.0a2", "2024-11-19"),
            ("3.14.0a3", "2024-12-17"),
            ("3.14.0a4", "2025-01-14"),
            ("3.14.0a5", "2025-02-11"),
            ("3.14.0a6", "2025-03-14"),
            ("3.14.0a7", "2025-04-08"),
            ("3.14.0b1", "2025-05-07"),
            ("feature_complete", "2025-05-07"),
            ("3.14.0b2", "2025-05-26"),
            ("3.14.0b3", "2025-06-17"),
            ("3.14.0b4", "2025-07-08"),
            ("3.14.0rc1", "2025-07-22"),
            ("3.14.0rc2", "2025-08-14"),
            ("3.14.0rc3", "2025-09-18"),
            ("production", "2025-10-07"),
        ],
    );
    let releases = calendar["releases"].as_array().expect("releases");
    let days: Vec<(&str, &str)> = releases[1..]
        .iter()
        .map(|release| (release["name"].as_str().expect("a name"), release["date"].as_str().expect("a day")))
        .collect();
    let published = [
        ("3.14.1", "2025-12-02"),
        ("3.14.2", "2025-12-05"),
        ("3.14.3", "2026-02-03"),
        ("3.14.4", "2026-04-07"),
        ("3.14.5", "2026-05-08"),
        ("3.14.6", "2026-06-09"),
        ("3.14.7", "2026-08-04"),
        ("3.14.8", "2026-10-06"),
        ("3.14.9", "2026-12-01"),
        ("3.14.10", "2027-02-02"),
        ("3.14.11", "2027-04-06"),
        ("3.14.12", "2027-06-01"),
        ("3.14.13", "2027-08-03"),
        ("3.14.14", "2027-10-05"),
    ];
    assert_eq!(days, published);
    assert_eq!(releases[5]["milestones"][0]["day"], "2026-05-04", "3.14.5 has a candidate");
}

#[test]
fn node_supports_several_lines_at_once() {
    let calendar = real("node-lines", &["--today", "2026-11-30"]);
    type Line = (&'static str, &'static [(&'static str, &'static str, &'static str)], &'static str);
    let published: [Line; 6] = [
        (
            "v22.0.0",
            &[
                ("current", "2024-04-24", "2024-10-29"),
                ("LTS", "2024-10-29", "2025-10-21"),
                ("maintenance", "2025-10-21", "2027-04-30"),
            ],
            "2027-04-30",
        ),
        (
            "v23.0.0",
            &[("current", "2024-10-16", "2025-04-01"), ("maintenance", "2025-04-01", "2025-06-01")],
            "2025-06-01",
        ),
        (
            "v24.0.0",
            &[
                ("current", "2025-05-06", "2025-10-28"),
                ("LTS", "2025-10-28", "2026-10-20"),
                ("maintenance", "2026-10-20", "2028-04-30"),
            ],
            "2028-04-30",
        ),
        (
            "v25.0.0",
            &[("current", "2025-10-15", "2026-04-01"), ("maintenance", "2026-04-01", "2026-06-01")],
            "2026-06-01",
        ),
        (
            "v26.0.0",
            &[
                ("current", "2026-05-05", "2026-10-28"),
                ("LTS", "2026-10-28", "2027-10-20"),
                ("maintenance", "2027-10-20", "2029-04-30"),
            ],
            "2029-04-30",
        ),
        (
            "v27.0.0",
            &[("current", "2027-04-22", "2027-10-20"), ("maintenance", "2027-10-20", "2030-04-30")],
            "2030-04-30",
        ),
    ];
    let releases = calendar["releases"].as_array().expect("releases");
    assert_eq!(releases.len(), published.len());
    for (release, (name, phases, end)) in releases.iter().zip(published) {
        assert_eq!(release["name"], name);
        assert_eq!(release["end_of_life"], end, "{name}");
        let support = release["support"].as_array().expect("phases").iter();
        let text = |value: &Value| value.as_str().unwrap_or("none").to_owned();
        let days: Vec<(String, String, String)> = support
            .map(|phase| (text(&phase["phase"]), text(&phase["from"]), text(&phase["until"])))
            .collect();
        let expect: Vec<(String, String, String)> = phases
            .iter()
            .map(|(phase, from, until)| ((*phase).into(), (*from).into(), (*until).into()))
            .collect();
        assert_eq!(days, expect, "{name}");
    }
    assert_eq!(releases[5]["milestones"][0]["day"], "2026-10-28", "the alpha of line 27");
    let folder = support::project().join("tests/plans/real/node-lines");
    let text = out(&run(&folder, &["calendar", "--today", "2026-11-30"]));
    for shown in ["maintenance from", "end of life", "v22.x", "v27.0.0 end of life"] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
}

/// Findings of some rules in a plan under `tests/plans/real/` of which one text is another.
fn seeded(plan: &str, right: &str, wrong: &str) -> Vec<String> {
    let folder = support::project().join("tests/plans/real").join(plan);
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a file");
    let text = read("plan.yaml");
    assert!(right.is_empty() || text.contains(right), "{plan}: {right}");
    // The order of what is over is history.
    let text = text.replacen(right, wrong, 1).replace("status: released", "status: planned");
    let copy = support::folder(&[("plan.yaml", &text), ("relplan.toml", &read("relplan.toml"))]);
    let output =
        run(copy.path(), &["check", "--format", "json", "--today", "2024-01-01", "--fail-on", "never"]);
    let found: Value = serde_json::from_str(&out(&output)).expect("JSON");
    let rules = [
        "support-phases",
        "support-gap",
        "milestone-weekday",
        "milestone-order",
        "invalid-milestone",
        "impossible-date",
        "pre-release-mismatch",
    ];
    let findings = found["findings"].as_array().expect("findings").iter();
    let own = findings
        .filter(|finding| rules.iter().any(|rule| finding["rule"] == *rule || finding["name"] == *rule));
    own.map(|finding| finding["message"].as_str().expect("a message").to_owned()).collect()
}

#[test]
fn weekdays_weeks_and_order_are_right_in_published_tables() {
    for plan in ["kubernetes-1.35", "openstack-2025.2", "cpython-3.14", "node-lines"] {
        assert_eq!(seeded(plan, "", ""), [""; 0], "{plan}");
    }
}

#[test]
fn a_wrong_weekday_week_or_order_is_found_in_published_tables() {
    let check = |plan: &str, right: &str, wrong: &str, message: &str| {
        let found = seeded(plan, right, wrong);
        assert!(found.iter().any(|found| found.contains(message)), "{plan} {wrong}: {found:?}");
    };
    // Kubernetes published 27 February 2024, a Tuesday, as a Wednesday; here the day is moved instead.
    check(
        "kubernetes-1.35",
        "2025-10-16, owner",
        "2025-10-15, owner",
        "enhancements freeze is on a Wednesday",
    );
    check(
        "kubernetes-1.35",
        "weekday: Tuesday, week: 13",
        "weekday: Tuesday, week: 12",
        "is in week 13, and its week is 12",
    );
    check(
        "kubernetes-1.35",
        "2025-12-09, owner: Branch",
        "2025-12-01, owner: Branch",
        "v1.35.0-rc.1 comes before v1.35.0-rc.0",
    );
    check("kubernetes-1.35", "v1.35.0-beta.0:", "v1.34.0-beta.0:", "is not a pre-release of `v1.35.0`");
    check(
        "openstack-2025.2",
        "2025-07-03, week: R-13",
        "2025-07-10, week: R-13",
        "Flamingo-2 on 2025-07-10 is in R-12",
    );
    check("openstack-2025.2", "week: 2025-W37", "week: 2025-W36", "is in 2025-W37");
    check("openstack-2025.2", "Wednesday, 2025-10-01", "Thursday, 2025-10-01", "Thursday");
    check(
        "cpython-3.14",
        "2025-03-14, weekday: Friday",
        "2025-03-14, weekday: Thursday",
        "3.14.0a6 is on a Friday",
    );
    check(
        "cpython-3.14",
        "2025-05-26, weekday: Monday",
        "2025-06-23, weekday: Monday",
        "3.14.0b3 comes before 3.14.0b2",
    );
    check(
        "cpython-3.14",
        "{name: 3.14.0rc3, date: 2025-09-18",
        "{name: 3.14.0rc3, date: 2025-10-09",
        "production comes before 3.14.0rc3",
    );
    check(
        "node-lines",
        "from: 2026-10-20",
        "from: 2025-10-20",
        "LTS support ends on 2025-10-20, before it begins",
    );
    check(
        "node-lines",
        "end_of_life: 2028-04-30",
        "end_of_life: 2026-04-30",
        "ends on 2026-04-30, before it begins",
    );
    check("cpython-3.14", "0 days after 3.14.0b1", "1 day after feature_complete", "relative to itself");
}

#[test]
fn real_plans_have_no_findings() {
    for item in std::fs::read_dir(support::project().join("tests/plans/real")).expect("plans") {
        let folder = item.expect("an item").path();
        if folder.is_dir() {
            let output = run(&folder, &["check", "--fail-on", "error"]);
            assert!(output.status.success(), "{}: {}", folder.display(), out(&output));
        }
    }
}

/// The calendar of a plan of one release in JSON, or what was said instead.
fn calendar(yaml: &str, toml: &str, more: &[&str]) -> Result<Value, String> {
    let folder = support::folder(&[("plan.yaml", yaml), ("relplan.toml", toml)]);
    let output = run(folder.path(), &[&["calendar", "--format", "json"], more].concat());
    match output.status.success() {
        true => Ok(serde_json::from_str(&out(&output)).expect("JSON")),
        false => {
            assert_eq!(output.status.code(), Some(2));
            assert_eq!(out(&output), "", "nothing is half-written");
            Err(err(&output))
        }
    }
}

const RELEASE: &str = "{id: REL-1, title: Search, version: 2.4.1, date: 2027-03-02}\n";

#[test]
fn what_is_next_comes_first_and_what_is_overdue_is_named() {
    let yaml = "- {id: REL-1, title: Old, version: 1.0.1, date: 2026-11-17, approvals: [{role: QA, due: 1 week before}]}\n\
                - {id: REL-2, title: New, version: 1.0.2, date: 2026-12-01}\n";
    let calendar = calendar(yaml, "", &["--next", "2"]).expect("a calendar");
    let shown = |list: &str| -> Vec<String> {
        let items = calendar[list].as_array().expect("items").iter();
        items
            .map(|item| format!("{} {}", item["day"].as_str().unwrap(), item["what"].as_str().unwrap()))
            .collect()
    };
    assert_eq!(shown("overdue"), ["2026-11-10 1.0.1 approval by QA", "2026-11-17 1.0.1 is not released"]);
    assert_eq!(
        shown("agenda"),
        ["2026-11-24 1.0.1 hypercare end (default)", "2026-11-24 1.0.2 release candidate (default)"]
    );
    assert!(calendar["left_out"].as_u64().is_some_and(|left_out| left_out > 0));
}

#[test]
fn plans_without_dates_and_without_releases_have_calendars() {
    let without_date = calendar("{id: REL-1, title: Search, version: 2.4.1}\n", "", &[]).expect("a calendar");
    assert_eq!(without_date["agenda"], serde_json::json!([]));
    assert_eq!(without_date["notes"].as_array().map(Vec::len), Some(1));
    let without_release = calendar("{id: FEA-1, title: Search}\n", "", &[]).expect("a calendar");
    assert_eq!(without_release["releases"], serde_json::json!([]));
    assert_eq!(without_release["agenda"], serde_json::json!([]));
}

#[test]
fn what_cannot_be_is_said_once_and_clearly() {
    let nothing = calendar(RELEASE, "", &["--release", "9.9.9"]).unwrap_err();
    assert!(nothing.contains("unknown release `9.9.9`") && nothing.contains("REL-1 2.4.1"), "{nothing}");
    let reversed = calendar(RELEASE, "", &["--from", "2027-03-01", "--to", "2027-02-01"]).unwrap_err();
    assert!(reversed.contains("2027-03-01 is after 2027-02-01"), "{reversed}");
    let zone = calendar(RELEASE, "[calendar]\ntime_zone = \"Europe/Berlim\"\n", &[]).unwrap_err();
    assert!(zone.contains("did you mean `Europe/Berlin`?") && zone.contains("relplan.toml:2:13"), "{zone}");
}

#[test]
fn holidays_come_from_icalendar_files() {
    let ics = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20270223\r\n\
               SUMMARY:Carnival\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let toml = "[calendar]\nholidays_file = \"days.ics\"\n";
    let folder = support::folder(&[("plan.yaml", RELEASE), ("relplan.toml", toml), ("days.ics", ics)]);
    let output = run(folder.path(), &["check", "--format", "json", "--fail-on", "never"]);
    let found = support::found(&out(&output));
    let carnival = found.iter().find(|found| found.rule == "milestone-on-day-off").expect("a finding");
    assert_eq!(
        carnival.message,
        "REL-1: release candidate (1 week before 2027-03-02: 2027-02-23) falls on a holiday (Carnival)"
    );
    assert_eq!(carnival.places, ["plan.yaml:1:50", "days.ics:5:1"]);
}

#[test]
fn a_file_of_holidays_that_is_none_stops_relplan() {
    let toml = "[calendar]\nholidays_file = [\"days.ics\"]\n";
    for (ics, place) in [("2027-02-23 Carnival\n", "days.ics:1:1"), ("", "days.ics:1:1")] {
        let folder = support::folder(&[("plan.yaml", RELEASE), ("relplan.toml", toml), ("days.ics", ics)]);
        for command in ["calendar", "check"] {
            let output = run(folder.path(), &[command]);
            assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""));
            assert!(err(&output).contains(&format!("{place}: this is no iCalendar")), "{}", err(&output));
        }
    }
    let folder = support::folder(&[("plan.yaml", RELEASE), ("relplan.toml", toml)]);
    assert!(err(&run(folder.path(), &["calendar"])).contains("cannot read `"));
}

#[test]
fn one_day_gives_one_calendar() {
    let folder = support::project().join("examples/cloudconnect");
    let first = run(&folder, &["calendar", "--format", "json"]);
    let second = run(&folder, &["calendar", "--format", "json"]);
    assert_eq!(out(&first), out(&second));
}

#[test]
fn every_format_draws_every_calendar() {
    let nothing = support::folder(&[("plan/plan.yaml", "{id: FEA-1, title: Search}\n")]);
    let example = support::project().join("examples/cloudconnect");
    let crowded = support::project().join("tests/plans/bad/calendar");
    for folder in [nothing.path(), &example, &crowded] {
        for format in ["terminal", "csv", "html", "ics", "json", "markdown", "mermaid"] {
            let output = run(folder, &["calendar", "--format", format]);
            // A calendar without an event is none (RFC 5545).
            if folder == nothing.path() && format == "ics" {
                assert!(err(&output).contains("there is nothing to write as `ics`"), "{}", err(&output));
                continue;
            }
            assert!(output.status.success(), "{format} of {}: {}", folder.display(), err(&output));
            assert!(!output.stdout.is_empty(), "{format} of {}", folder.display());
        }
    }
}

#[test]
fn an_agenda_is_the_table_and_the_events_of_a_calendar() {
    let folder = support::folder(&[("plan/plan.yaml", RELEASE)]);
    let csv = out(&run(folder.path(), &["calendar", "--format", "csv"]));
    assert!(csv.contains("\r\n2027-03-02,2027-03-02,2.4.1 release,,\"release, REL-1\"\r\n"), "{csv}");
    let ics = out(&run(folder.path(), &["calendar", "--format", "ics"]));
    // A day of a calendar ends before the next begins.
    for line in
        ["DTSTART;VALUE=DATE:20270302", "DTEND;VALUE=DATE:20270303", "UID:REL-1/milestone/production@"]
    {
        assert!(ics.lines().any(|found| found.starts_with(line)), "{line} in {ics}");
    }
}

#[test]
fn what_is_next_of_a_release_is_counted_from_today() {
    let begun = "{id: REL-1, title: Search, version: 2.4.1, date: 2026-11-25}\n";
    let first = |more: &[&str]| {
        let calendar = calendar(begun, "", &[&["--release", "REL-1"], more].concat());
        calendar.expect("a calendar")["agenda"][0]["day"].clone()
    };
    assert_eq!(first(&[]), "2026-11-18");
    assert_eq!(first(&["--next", "2"]), "2026-11-23");
}

#[test]
fn approvals_and_communications_have_deadlines() {
    let yaml = "{id: REL-1, title: Search, version: 2.4.1, date: 2027-03-02, approvals: [{role: QA, due: 3 days before}, \
                {role: Legal, due: when they find time}], communications: [{name: Notice, when: 2 days before}]}\n";
    let zone = "[calendar]\ntime_zone = \"Asia/Kathmandu\"\ndeadline_time = \"18:00\"\n";
    let calendar = calendar(yaml, zone, &[]).expect("a calendar");
    let deadline = |what: &str| {
        let items = calendar["agenda"].as_array().expect("items");
        items.iter().find(|item| item["what"] == what).expect(what)["deadline"].clone()
    };
    assert_eq!(deadline("2.4.1 approval by QA"), "2027-02-27T12:15:00Z");
    assert_eq!(deadline("2.4.1 Notice"), "2027-02-28T12:15:00Z");
    assert_eq!(
        calendar["notes"],
        serde_json::json!(["REL-1: the approval by Legal has no date: `when they find time`"])
    );
    let folder = support::folder(&[("plan.yaml", yaml), ("relplan.toml", zone)]);
    let text = out(&run(folder.path(), &["calendar"]));
    assert!(text.contains("2.4.1 approval by QA — until 18:00 Asia/Kathmandu\n"), "{text}");
}

#[test]
fn a_month_is_drawn_only_if_something_happens_in_it() {
    let yaml = "{id: REL-1, title: Search, version: 2.4.1, date: 2026-12-02, \
                rollout: [{name: All, traffic: 100%, duration: 12 weeks}]}\n";
    let folder = support::folder(&[("plan/plan.yaml", yaml)]);
    let months = |more: &[&str]| {
        let text = out(&run(folder.path(), &[&["calendar"], more].concat()));
        ["November 2026", "December 2026", "January 2027"].map(|month| text.contains(month))
    };
    assert_eq!(months(&[]), [true, true, false]);
    assert_eq!(months(&["--to", "2026-11-26"]), [true, false, false]);
}

/// A plan in which approvals, a rehearsal and a window have an end; each line that has none says why.
const WITH_ENDS: &str = "\
- {id: REL-1, title: One, version: 1.0.0, date: 2026-12-01, owner: Lead}
- {id: REL-2, title: Two, version: 2.0.0, date: 2026-12-15, owner: Lead}
- {id: DEP-1, title: Back, type: Rollback, last_rehearsed: 2026-11-02}
- {id: DEP-2, title: Never rehearsed, type: Rollback}
- {id: DEP-3, title: Rehearsed in the future, type: Rollback, last_rehearsed: 2027-11-02}
- {id: DEP-4, title: Sign-in, type: Validation, check: Sign-in works, window: 0h..2h}
- {id: DEP-5, title: Search, type: Validation, check: Search works, window: 1d..3d, release: 2.0.0}
- {id: DEP-6, title: Without a window, type: Validation, check: Mail works}
---
approvals:
- {role: QA Lead, by: Tess, on: 2026-11-02, release: 1.0.0, expires: 2026-12-08}
- {role: QA Lead, by: Tess, on: 2026-11-02, release: 2.0.0, expires: 2026-12-08}
- {role: Product Owner, by: Pia, on: 2026-11-02, release: 1.0.0, expires: 2026-12-08, withdrawn: yes}
- {role: Security Lead, by: Sven, on: 2026-11-02, release: 1.0.0, expires: 2026-11-10}
- {role: Legal, by: Lea, on: 2027-01-02, release: 1.0.0, expires: 2027-02-10}
";

#[test]
fn what_is_given_rehearsed_or_validated_has_an_end() {
    let of = |more: &[&str]| -> Vec<String> {
        let calendar = calendar(WITH_ENDS, "", more).expect("a calendar");
        let dates = calendar["dates"].as_array().expect("dates").iter();
        let text = |date: &Value, key: &str| date[key].as_str().unwrap_or("-").to_owned();
        dates.map(|date| ["day", "kind", "id", "title"].map(|key| text(date, key)).join(" ")).collect()
    };
    let longest = {
        let rehearsed = chrono::NaiveDate::from_ymd_opt(2026, 11, 2).expect("a day");
        (rehearsed + chrono::Days::new(90)).to_string()
    };
    let rehearsal = format!("{longest} rehearsal DEP-1 Back");
    let first = "2026-12-08 approval-expiry QA Lead 1.0.0";
    let second = "2026-12-08 approval-expiry QA Lead 2.0.0";
    let sign_in = |day: &str| format!("{day} validation DEP-4 Sign-in");
    let search = "2026-12-18 validation DEP-5 Search";
    assert_eq!(of(&[]), [&sign_in("2026-12-02"), first, second, search, &rehearsal]);
    assert_eq!(of(&["--release", "1.0.0"]), [&sign_in("2026-12-02"), first, &rehearsal]);
    // What names no release belongs to the one whose calendar it is.
    assert_eq!(of(&["--release", "2.0.0"]), [second, &sign_in("2026-12-16"), search, &rehearsal]);
}
