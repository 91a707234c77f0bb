//! `relplan metrics`: periods, targets, formats, commits from real repositories, and what is not available.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{code, err, folder, installed, out, relplan, run, skipped};

const CONFIG: &str = "[metrics]\ndeployments = [\"ops/deploy*\"]\nincidents = [\"ops/incident*\"]\n";
const PLAN: &str = "- {id: REL-1, version: '1.0.0', type: minor, date: 2026-10-01, status: released, deployed_at: 2026-10-03, outcome: success}\n\
    - {id: REL-2, version: '1.1.0', type: minor, date: 2026-11-05, status: released, deployed_at: 2026-11-05, outcome: success}\n\
    - {id: REL-3, version: '1.2.0', type: minor, date: 2026-12-05}\n";

fn deployment(id: &str, at: &str, more: &str) -> String {
    format!(
        "{{\"id\":\"{id}\",\"environment\":\"production\",\"finished_at\":\"2026-{at}:00Z\",\"result\":\"success\"{more}}}\n"
    )
}

fn incident(id: &str, created: &str, resolved: &str) -> String {
    format!(
        "{{\"id\":\"{id}\",\"created_at\":\"2026-{created}:00Z\",\"resolved_at\":\"2026-{resolved}:00Z\"}}\n"
    )
}

/// A plan with deployments, incidents and more configuration.
fn plan(deployments: &str, incidents: &str, toml: &str) -> TempDir {
    let config = format!("{CONFIG}{toml}");
    let files = [
        ("plan/plan.yaml", PLAN),
        ("relplan.toml", &config),
        ("ops/deployments.jsonl", deployments),
        ("ops/incidents.jsonl", incidents),
    ];
    folder(&files)
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let output = run(folder, &[&["metrics", "--format", "json"], arguments].concat());
    let text = out(&output);
    assert!(!text.contains("NaN") && !text.contains("null"), "{text}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {}", err(&output)))
}

fn metric<'v>(view: &'v Value, name: &str) -> &'v Value {
    let metrics = view["metrics"].as_array().expect("metrics");
    metrics.iter().find(|metric| metric["name"] == name).expect("the metric")
}

#[test]
fn the_period_is_the_ninety_days_before_today_unless_stated() {
    let deployments = [deployment("a", "08-22T00:00", ""), deployment("b", "11-19T23:59", "")].concat();
    let outside = [deployment("c", "08-21T23:59", ""), deployment("d", "11-20T00:00", "")].concat();
    let plan = plan(&(deployments + &outside), "", "");
    let view = json(plan.path(), &[]);
    assert_eq!(
        (&view["from"], &view["to"], &view["days"]),
        (&"2026-08-22".into(), &"2026-11-19".into(), &90.into())
    );
    assert_eq!(metric(&view, "deployment_frequency")["basis"], "2 deployments in 90 days");
    let view = json(plan.path(), &["--from", "2026-08-01", "--to", "2026-11-20"]);
    assert_eq!(metric(&view, "deployment_frequency")["basis"], "4 deployments in 112 days");
    assert_eq!(metric(&view, "deployment_frequency")["notes"][0], "the record begins on 2026-08-21");
    // Of the weeks before the record nothing is known.
    assert_eq!(view["trend"][0]["from"], "2026-08-21");
    assert_eq!(view["trend"].as_array().map(Vec::len), Some(14));
    let view = json(plan.path(), &["--by", "month"]);
    let months: Vec<&str> =
        view["trend"].as_array().expect("a trend").iter().filter_map(|part| part["from"].as_str()).collect();
    assert_eq!(months, ["2026-08-22", "2026-09-01", "2026-10-01", "2026-11-01"]);
    for (wrong, hint) in [
        (["--from", "2026-11-30"], "`--from` must not be after `--to`"),
        (["--to", "2026-11-21"], "`--to` must not be after today"),
    ] {
        let output = run(plan.path(), &[&["metrics"], &wrong[..]].concat());
        assert_eq!(code(&output), 2);
        assert!(err(&output).contains(hint), "{}", err(&output));
    }
}

#[test]
fn both_medians_can_be_chosen() {
    let deployments = deployment("a", "11-02T10:00", "");
    let incidents =
        [incident("i", "11-02T10:30", "11-02T11:00"), incident("j", "11-02T10:30", "11-02T13:00")].concat();
    for (toml, arguments, expect) in [
        ("", &[][..], 7200.0),
        ("median = \"percent_rank\"\n", &[][..], 3600.0),
        ("median = \"percent_rank\"\n", &["--median", "percentile-cont"][..], 7200.0),
        ("", &["--median", "percent-rank"][..], 3600.0),
    ] {
        let plan = plan(&deployments, &incidents, toml);
        let view = json(plan.path(), arguments);
        assert_eq!(metric(&view, "recovery_time")["value"], expect, "{toml} {arguments:?}");
    }
}

#[test]
fn targets_are_met_missed_or_unknown() {
    let targets = "[metrics.targets]\ndeployments_per_week = 0.1\nrecovery_time = \"15 minutes\"\nrework_rate = \"5%\"\n\
        change_fail_rate = \"100%\"\nreleases_on_time = \"50%\"\n";
    let plan =
        plan(&deployment("a", "11-02T10:00", ""), &incident("i", "11-02T10:30", "11-02T11:00"), targets);
    let view = json(plan.path(), &[]);
    let status = |name| metric(&view, name)["target"]["status"].as_str().expect("a status");
    // One in 90 days; 60 minutes; 1 of 1; 1 of 2.
    assert_eq!(
        ["deployment_frequency", "recovery_time", "rework_rate", "change_fail_rate", "releases_on_time"]
            .map(status),
        ["missed", "missed", "unknown", "met", "met"]
    );
    let text = out(&run(plan.path(), &["metrics"]));
    assert!(text.contains("2 of 5 targets"), "{text}");
}

#[test]
fn releases_are_held_against_their_dates_and_their_cadence() {
    let plan = plan(
        &deployment("a", "11-02T10:00", ""),
        "",
        "[calendar.cadence]\nminor = \"monthly\"\nmajor = \"yearly\"\n",
    );
    let view = json(plan.path(), &[]);
    let late: Vec<&Value> =
        view["releases"].as_array().expect("releases").iter().map(|release| &release["days_late"]).collect();
    assert_eq!(late, [2, 0]);
    assert_eq!(metric(&view, "releases_on_time")["basis"], "1 of 2 releases");
    let rows = view["cadences"].as_array().expect("cadences");
    let minor = rows.iter().find(|row| row["release_type"] == "minor").expect("minor");
    // From 3 October to 5 November are 33 days; the cadence ends on 3 November.
    assert_eq!(
        (&minor["median_interval"], &minor["intervals"], &minor["late"]),
        (&33.0.into(), &1.into(), &1.into())
    );
    let major = rows.iter().find(|row| row["release_type"] == "major").expect("major");
    assert_eq!(
        (&major["releases"], major.get("median_interval"), major.get("late")),
        (&0.into(), None, None)
    );
}

#[test]
fn what_is_missing_is_said_and_never_zero() {
    let bare = folder(&[("plan/plan.yaml", "- {id: EPIC-1, title: T}\n")]);
    let view = json(bare.path(), &[]);
    for metric in view["metrics"].as_array().expect("metrics") {
        assert!(metric["not_available"].is_string() && metric.get("value").is_none(), "{metric}");
    }
    let text = out(&run(bare.path(), &["metrics"]));
    assert!(text.contains("? Not available  `deployments` is not in [metrics] of relplan.toml."), "{text}");
    let waiting = folder(&[("plan/plan.yaml", PLAN), ("relplan.toml", CONFIG)]);
    let view = json(waiting.path(), &[]);
    let reason = &metric(&view, "deployment_frequency")["not_available"];
    assert_eq!(reason, "no file matches `deployments` of [metrics]");
    let named =
        folder(&[("plan/plan.yaml", PLAN), ("relplan.toml", "[metrics]\ndeployments = [\"gone.jsonl\"]\n")]);
    let output = run(named.path(), &["metrics"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("gone.jsonl"), "{}", err(&output));
    let empty = folder(&[("relplan.toml", "")]);
    assert_eq!(code(&run(empty.path(), &["metrics"])), 2, "{}", out(&run(empty.path(), &["metrics"])));
}

#[test]
fn records_that_cannot_be_used_are_named_at_their_place() {
    let deployments = deployment("a", "11-02T10:00", "") + "\nno record\n" + &deployment("b", "11-02", "");
    let plan = plan(&deployments, &deployment("i", "11-03T10:00", ""), "");
    let view = json(plan.path(), &[]);
    let places: Vec<String> = view["unusable_records"]
        .as_array()
        .expect("records")
        .iter()
        .map(|record| {
            format!(
                "{}:{} {}",
                record["file"].as_str().unwrap_or(""),
                record["line"],
                record["problem"].as_str().unwrap_or("")
            )
        })
        .collect();
    assert_eq!(places[0], "ops/deployments.jsonl:3 expected ident");
    assert_eq!(places[1], "ops/deployments.jsonl:4 `finished_at` is not a time: `2026-11-02:00Z`");
    assert!(places[2].starts_with("ops/incidents.jsonl:1 unknown field `finished_at`"), "{places:?}");
    assert_eq!(metric(&view, "change_fail_rate")["not_available"], "1 incident record cannot be used");
    let text = out(&run(plan.path(), &["metrics"]));
    assert!(text.contains("Unusable records") && text.contains("ops/deployments.jsonl:3"), "{text}");
}

#[test]
fn an_output_replaces_no_record() {
    let plan = plan(&deployment("a", "11-02T10:00", ""), "", "");
    let output = run(plan.path(), &["metrics", "--format", "json", "--output", "ops/deployments.jsonl"]);
    assert_eq!(code(&output), 2, "{}", err(&output));
    let text = std::fs::read_to_string(plan.path().join("ops/deployments.jsonl")).expect("the file");
    assert_eq!(text, deployment("a", "11-02T10:00", ""));
}

#[test]
fn open_metrics_pass_promtool() {
    let full = plan(
        &[
            deployment("a", "11-02T10:00", ",\"started_at\":\"2026-11-02T09:00:00Z\",\"rollback\":false"),
            deployment("b", "11-03T10:00", ",\"started_at\":\"2026-11-03T09:00:00Z\",\"rollback\":true"),
        ]
        .concat(),
        &incident("i", "11-02T10:30", "11-02T11:00"),
        "environment = \"production\"\n[metrics.targets]\nrollback_rate = \"2%\"\n",
    );
    let bare = folder(&[("plan/plan.yaml", "- {id: EPIC-1, title: T}\n")]);
    for (plan, samples) in [(&full, 17), (&bare, 0)] {
        let output = run(plan.path(), &["metrics", "--format", "openmetrics"]);
        let text = out(&output);
        assert_eq!(text.lines().filter(|line| !line.starts_with('#')).count(), samples, "{text}");
        assert!(text.ends_with("# EOF\n") && !text.contains("NaN"), "{text}");
        let Some(promtool) = installed("promtool") else { return };
        let file = plan.path().join("metrics.prom");
        std::fs::write(&file, &text).expect("a file");
        let mut check = Command::new(promtool);
        check.args(["check", "metrics"]).stdin(std::fs::File::open(&file).expect("the file"));
        let checked = check.output().expect("promtool can be started");
        assert!(checked.status.success(), "{text}\n{}{}", out(&checked), err(&checked));
    }
    let text = out(&run(full.path(), &["metrics", "--format", "openmetrics"]));
    for line in [
        "relplan_change_fail_ratio{environment=\"production\"} 0.5",
        "relplan_failed_deployment_recovery_time_seconds{environment=\"production\"} 3600",
        "relplan_metric_samples{environment=\"production\",metric=\"change_fail_rate\"} 2",
        "relplan_metric_target_met{environment=\"production\",metric=\"rollback_rate\"} 0",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(!text.contains("lead_time"), "what is not available is absent: {text}");
}

// --- Commits ---------------------------------------------------------------------------------------------------

/// Runs git in a folder, with nothing but what is given here; what it prints.
fn git(folder: &Path, arguments: &[&str], at: &str) -> String {
    let mut command = Command::new("git");
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", folder);
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "N").env(format!("GIT_{who}_EMAIL"), "n@example.com");
    }
    command.env("GIT_AUTHOR_DATE", at).env("GIT_COMMITTER_DATE", "2026-11-19T00:00:00Z");
    let output = command.current_dir(folder).args(arguments).output().expect("git can be started");
    assert!(output.status.success(), "git {arguments:?}: {}", err(&output));
    out(&output).trim().to_owned()
}

fn commit(folder: &Path, at: &str) -> String {
    git(folder, &["commit", "-q", "--allow-empty", "-m", "c"], at);
    git(folder, &["rev-parse", "HEAD"], at)
}

#[test]
fn lead_times_come_from_the_repository() {
    if !Command::new("git").arg("--version").output().is_ok_and(|output| output.status.success()) {
        skipped("no git");
        return;
    }
    let plan = plan("", "", "");
    let top = plan.path();
    git(top, &["init", "-q", "-b", "main"], "2026-11-01T00:00:00Z");
    // A signature in the configuration must start no program.
    git(top, &["config", "log.showSignature", "true"], "2026-11-01T00:00:00Z");
    let first = commit(top, "2026-11-01T10:00:00Z");
    let second = commit(top, "2026-11-02T08:00:00Z");
    let third = commit(top, "2026-11-02T09:00:00Z");
    let fourth = commit(top, "2026-11-04T10:00:00Z");
    let with = |commit: &str| format!(",\"commit\":\"{commit}\"");
    let records = [
        deployment("a", "11-01T12:00", &with(&first)),
        // 2 hours and 1 hour; an abbreviated name.
        deployment("b", "11-02T10:00", &with(&third[..10])),
        // 2 days.
        deployment("c", "11-06T10:00", &with(&fourth)),
        deployment("d", "11-07T10:00", &with(&"e".repeat(40))),
    ];
    let write = |folder: &Path, text: &str| {
        std::fs::write(folder.join("ops/deployments.jsonl"), text).expect("the records");
    };
    write(top, &records.concat());
    let view = json(top, &[]);
    let lead = metric(&view, "change_lead_time");
    assert_eq!(
        (&lead["value"], &lead["basis"], &lead["band"]),
        (&7200.0.into(), &"median of 3 commits".into(), &"elite".into()),
        "{lead}"
    );
    assert_eq!(
        lead["notes"].to_string(),
        "[\"1 deployment left out: the commit is not in the repository\",\"1 deployment left out: first deployment on record\"]"
    );
    // The deployment before the period bounds the commits of the first one in it.
    let view = json(top, &["--from", "2026-11-06"]);
    assert_eq!(metric(&view, "change_lead_time")["value"], 172_800.0);
    // In a shallow clone nobody knows which commits came before.
    git(top, &["checkout", "-q", "-b", "side", &second], "");
    let side = commit(top, "2026-11-05T10:00:00Z");
    let clone = tempfile::tempdir().expect("a folder");
    let url = format!("file://{}", top.display());
    let target = clone.path().join("clone");
    let name = target.display().to_string();
    git(clone.path(), &["clone", "-q", "--depth", "1", "--no-single-branch", &url, &name], "");
    crate::support::copy_into(&top.join("plan"), &target.join("plan"));
    crate::support::copy_into(&top.join("ops"), &target.join("ops"));
    std::fs::copy(top.join("relplan.toml"), target.join("relplan.toml")).expect("the configuration");
    let cut = [deployment("x", "11-06T10:00", &with(&fourth)), deployment("y", "11-08T10:00", &with(&side))];
    write(&target, &cut.concat());
    let view = json(&target, &[]);
    let reason = &metric(&view, "change_lead_time")["not_available"];
    assert_eq!(
        reason,
        "1 deployment left out: first deployment on record; 1 deployment left out: the clone is shallow"
    );
    // Outside of a repository there is no history.
    let apart = folder(&[
        ("plan/plan.yaml", PLAN),
        ("relplan.toml", CONFIG),
        ("ops/deployments.jsonl", &records.concat()),
    ]);
    let mut command = relplan(apart.path());
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env("PATH", path).args(["--today", "2026-11-20", "metrics", "--format", "json"]);
    let view: Value = serde_json::from_str(&out(&command.output().expect("relplan"))).expect("JSON");
    assert_eq!(metric(&view, "change_lead_time")["not_available"], "the plan is not in a Git repository");
}

#[test]
fn the_plan_may_be_named() {
    let folder =
        folder(&[("elsewhere/plan.yaml", "- {id: EPIC-1, title: T}\n"), ("broken/plan.yaml", "- [\n")]);
    let metrics = |path: &str| run(folder.path(), &["metrics", path, "--today", "2027-01-04"]);
    assert_eq!(code(&metrics("elsewhere")), 0, "{}", err(&metrics("elsewhere")));
    // A file that cannot be read is no file without entries.
    for command in ["metrics", "status", "calendar", "plan", "forecast"] {
        let output = run(folder.path(), &[command, "broken", "--today", "2027-01-04"]);
        assert!(
            code(&output) == 2 && err(&output).contains("no entry can be read"),
            "{command}: {}",
            err(&output)
        );
    }
}
