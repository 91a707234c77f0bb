//! `relplan replay`: triggers on recorded data.

use std::fmt::Write as _;

use serde_json::Value;

use crate::support::{accepted, code, err, folder, out, project, run, with_input};

/// A trigger on a ratio of two counters, with a least traffic.
const PLAN: &str = "\
- id: DEP-003
  title: Error rate rises
  type: Rollback
  threshold: '> 2% of requests for 5m'
  monitored_by: MON-001
- id: MON-001
  title: Error rate
  unit: ratio
  query: sum(rate(errors_total[2m])) / sum(rate(requests_total[2m]))
";

/// Scraped counters, with so many errors in each minute out of a thousand requests; nothing where nothing was scraped.
fn scraped(errors: &[Option<u32>]) -> String {
    let (mut text, mut count, mut requests) = (String::new(), 0, 0);
    text += "# TYPE errors counter\n# TYPE requests counter\n";
    let mut samples: [Vec<String>; 2] = [Vec::new(), Vec::new()];
    for (minute, errors) in errors.iter().enumerate() {
        let Some(errors) = errors else { continue };
        (count, requests) = (count + errors, requests + 1_000);
        let time = 1_795_168_800 + 60 * minute;
        samples[0].push(format!("errors_total {count} {time}"));
        samples[1].push(format!("requests_total {requests} {time}"));
    }
    for line in samples.iter().flatten() {
        let _ = writeln!(text, "{line}");
    }
    text + "# EOF\n"
}

fn replayed(plan: &str, data: &str, more: &[&str]) -> (i32, Value) {
    let folder = folder(&[("plan/plan.yaml", plan), ("data", data)]);
    let output = run(folder.path(), &[&["replay", "data", "--format", "json"], more].concat());
    let json =
        serde_json::from_str(&out(&output)).unwrap_or_else(|error| panic!("{error}: {}", err(&output)));
    (code(&output), json)
}

fn minutes(runs: &[(usize, Option<u32>)]) -> Vec<Option<u32>> {
    runs.iter().flat_map(|(count, errors)| vec![*errors; *count]).collect()
}

#[test]
fn a_trigger_fires_at_its_minute() {
    let data = scraped(&minutes(&[(20, Some(5)), (15, Some(30)), (10, Some(5))]));
    let (exit, json) = replayed(PLAN, &data, &[]);
    let trigger = &json["triggers"][0];
    assert_eq!((exit, trigger["status"].as_str()), (1, Some("fired")));
    // The rate over two minutes is above the limit from the second bad minute on.
    assert_eq!(trigger["first_fired"], "2026-11-20T10:26:00Z");
    assert_eq!(trigger["firings"][0]["to"], "2026-11-20T10:34:00Z");
}

#[test]
fn a_spike_and_a_short_hole_do_not_fire() {
    let (exit, json) =
        replayed(PLAN, &scraped(&minutes(&[(20, Some(5)), (4, Some(30)), (20, Some(5))])), &[]);
    assert_eq!((exit, json["triggers"][0]["status"].as_str()), (0, Some("not_fired")));
    // A hole longer than the window begins the wait again.
    let holed = scraped(&minutes(&[(20, Some(5)), (5, Some(30)), (4, None), (5, Some(30)), (20, Some(5))]));
    let (exit, json) = replayed(PLAN, &holed, &[]);
    assert_eq!((exit, json["triggers"][0]["status"].as_str()), (0, Some("not_fired")), "{json}");
    assert_eq!(json["triggers"][0]["unknown"][1]["reason"], "no data", "{json}");
}

#[test]
fn no_data_is_never_a_pass() {
    let gone = scraped(&minutes(&[(20, Some(5)), (30, None), (1, Some(5))]));
    let (exit, json) = replayed(PLAN, &gone, &[]);
    assert_eq!((exit, json["triggers"][0]["status"].as_str()), (1, Some("unknown")));
    let other = "# TYPE up gauge\nup 1 1795168800\nup 1 1795172400\n# EOF\n";
    let (exit, json) = replayed(PLAN, other, &[]);
    assert_eq!((exit, json["triggers"][0]["status"].as_str()), (1, Some("unknown")));
    assert_eq!(json["triggers"][0]["unknown"][0]["reason"], "no series recorded");
    let fires = PLAN.replace("monitored_by", "no_data: rollback\n  monitored_by");
    let (exit, json) = replayed(&fires, &gone, &[]);
    assert_eq!((exit, json["triggers"][0]["status"].as_str()), (1, Some("fired")));
    let idle = "time,errors_total,requests_total\n".to_owned()
        + &(0..30).map(|minute| format!("{},0,0\n", 1_795_168_800 + 60 * minute)).collect::<String>();
    let (exit, json) = replayed(PLAN, &idle, &[]);
    assert_eq!((exit, json["triggers"][0]["status"].as_str()), (1, Some("unknown")));
    assert_eq!(json["triggers"][0]["unknown"][1]["reason"], "not a number");
    let floor = PLAN.to_owned() + "  traffic: sum(rate(requests_total[2m]))\n  minimum_traffic: 100\n";
    let (_, json) = replayed(&floor, &scraped(&[Some(500); 30]), &[]);
    assert_eq!(json["triggers"][0]["status"], "unknown");
    assert_eq!(json["triggers"][0]["unknown"][1]["reason"], "low traffic");
}

#[test]
fn values_of_a_query_count_at_their_own_times() {
    let reply = |values: &[f64]| {
        let rows: Vec<String> = (0..)
            .zip(values)
            .map(|(step, value)| format!("[{},\"{value}\"]", 1_795_168_800 + 15 * step))
            .collect();
        format!(
            r#"{{"status":"success","data":{{"resultType":"matrix","result":[{{"metric":{{}},"values":[{}]}}]}}}}"#,
            rows.join(",")
        )
    };
    let values: Vec<f64> = [vec![0.01; 10], vec![0.03; 30], vec![0.01; 5]].concat();
    let folder = folder(&[("plan/plan.yaml", PLAN.to_owned()), ("reply.json", reply(&values))]);
    let output = run(folder.path(), &["replay", "MON-001=reply.json", "--format", "json"]);
    let json: Value = serde_json::from_str(&out(&output)).expect("JSON");
    assert_eq!(json["triggers"][0]["interval_seconds"], 15.0);
    assert_eq!(json["triggers"][0]["first_fired"], "2026-11-20T10:07:30Z");
    let output = run(folder.path(), &["replay", "reply.json"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("pass `MON-001=reply.json`"), "{}", err(&output));
    let from_input = with_input(folder.path(), &["replay", "MON-001=-", "--format", "json"], &reply(&values));
    assert_eq!(code(&from_input), 1, "{}", err(&from_input));
}

/// The values of a query in each minute from 10:00 on.
fn values(from: usize, values: &[f64]) -> String {
    let rows =
        (from..).zip(values).map(|(minute, value)| format!("{},{value}\n", 1_795_168_800 + 60 * minute));
    "time,value\n".to_owned() + &rows.collect::<String>()
}

#[test]
fn a_rollback_that_is_not_evaluated_is_unknown() {
    let quiet = scraped(&minutes(&[(20, Some(5))]));
    let (exit, _) = replayed(PLAN, &quiet, &[]);
    assert_eq!(exit, 0);
    let more =
        PLAN.to_owned() + "- id: DEP-004\n  title: Slow\n  type: Rollback\n  threshold: p95 > 500ms for 5m\n";
    let (exit, json) = replayed(&more, &quiet, &[]);
    assert_eq!((exit, json["triggers"][0]["status"].as_str()), (1, Some("not_fired")));
    assert_eq!(json["left_out"][0]["id"], "DEP-004");
    let folder = folder(&[("plan/plan.yaml", more), ("data", quiet)]);
    let shown = out(&run(folder.path(), &["replay", "data"]));
    assert!(shown.contains("UNKNOWN  None of 1 trigger fires, but 1 rollback is not evaluated."), "{shown}");
}

#[test]
fn what_is_unknown_has_its_reason() {
    let reason = |data: &str| {
        let folder = folder(&[("plan/plan.yaml", PLAN), ("data.csv", data)]);
        let output =
            run(folder.path(), &["replay", "MON-001=data.csv", "--interval", "1m", "--format", "json"]);
        let json: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)));
        let trigger = &json["triggers"][0];
        assert_eq!((code(&output), trigger["status"].as_str()), (1, Some("unknown")), "{json}");
        trigger["reason"].as_str().expect("a reason").to_owned()
    };
    assert_eq!(reason(&values(0, &[0.01; 4])), "the recording is shorter than 5 minutes");
    assert_eq!(reason(&values(0, &[f64::NAN; 20])), "no value of MON-001 was recorded");
    assert_eq!(
        reason(&(values(0, &[0.01; 10]) + values(30, &[0.01; 10]).split_once('\n').expect("rows").1)),
        "no data, or too little traffic, for 5 minutes"
    );
    let gaps: String = (1..6)
        .map(|part| values(part * 5, &[0.01; 3]).split_once('\n').expect("rows").1.to_owned())
        .collect();
    assert_eq!(
        reason(&(values(0, &[0.01; 3]) + &gaps)),
        "the data has no stretch of 5 minutes without a gap"
    );
    let (_, json) = replayed(PLAN, &scraped(&minutes(&[(20, Some(5))])), &[]);
    assert!(json["triggers"][0].get("reason").is_none(), "{json}");
}

#[test]
fn recordings_of_one_metric_are_joined() {
    let folder = folder(&[
        ("plan/plan.yaml", PLAN.to_owned()),
        ("first.csv", values(0, &[0.01, 0.01, 0.03, 0.03])),
        ("second.csv", values(4, &[0.03, 0.03, 0.03, 0.03])),
        ("third.csv", values(3, &[0.03, 0.03])),
        ("scraped.om", scraped(&[Some(5); 20])),
        ("again.om", scraped(&[Some(5); 20])),
    ]);
    let replay =
        |arguments: &[&str]| run(folder.path(), &[&["replay", "--format", "json"], arguments].concat());
    let output = replay(&["MON-001=second.csv", "MON-001=first.csv"]);
    let json: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)));
    assert_eq!((code(&output), &json["triggers"][0]["first_fired"]), (1, &"2026-11-20T10:07:00Z".into()));
    let fails = |arguments: &[&str], expect: &str| {
        let output = replay(arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(err(&output).contains(expect), "{arguments:?}: {}", err(&output));
    };
    fails(
        &["MON-001=first.csv", "MON-001=third.csv"],
        "cannot use the recorded data `MON-001=third.csv`: an earlier file has values of MON-001 between \
         2026-11-20 10:03:00 UTC and 2026-11-20 10:04:00 UTC",
    );
    fails(&["scraped.om", "again.om"], "an earlier file has samples of {__name__=\"errors_total\"} between");
    fails(&["MON-001=first.csv", "MON-001=./first.csv"], "the file is named twice");
    fails(&["DEP-003=first.csv"], "`DEP-003=first.csv`: DEP-003 is not a MON entry");
    fails(&["MON-009=first.csv"], "`MON-009=first.csv`: the plan has no MON-009");
}

#[test]
fn a_sweep_shows_other_limits_and_durations() {
    let data = scraped(&minutes(&[(20, Some(5)), (15, Some(30)), (10, Some(5))]));
    let (_, json) = replayed(PLAN, &data, &["--sweep"]);
    let sweep = &json["triggers"][0]["sweep"];
    assert_eq!(sweep["durations"], serde_json::json!(["0s", "3m", "5m", "10m", "20m"]));
    let planned = sweep["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| row["is_planned"] == true)
        .expect("the plan's");
    assert_eq!(planned["limit"], "0.02");
    assert_eq!(planned["results"][2]["first_fired"], json["triggers"][0]["first_fired"]);
    assert_eq!(planned["results"][4]["firings"], 0);
}

#[test]
fn what_cannot_be_read_or_evaluated_is_an_error() {
    let folder = folder(&[
        ("plan/plan.yaml", PLAN),
        ("text", "hello\n"),
        ("binary", "\u{0}\u{1}"),
        ("long.om", "# TYPE up gauge\nup 1 0\nup 1 253400300000\n# EOF\n"),
        ("later.om", "# TYPE up gauge\nup 1 100\nup 1 50\n# EOF\n"),
    ]);
    let fails = |data: &str, expect: &str| {
        let output = run(folder.path(), &["replay", data]);
        assert_eq!(code(&output), 2, "{data}");
        assert!(err(&output).contains(expect), "{data}: {}", err(&output));
    };
    fails("text", "text:1:1: this is neither a reply of Prometheus nor OpenMetrics nor CSV");
    fails("binary", "binary:1:1");
    fails("later.om", "later.om:3:1: the samples of a series are not in the order of time");
    fails("long.om", "the data reaches over 4223338334 evaluations; pass data of a shorter time");
    fails("missing.json", "missing.json");
    fails(".", "cannot read");
    let topk = PLAN.replace("sum(rate(errors_total[2m]))", "sum(topk(3, errors_total))");
    std::fs::write(folder.path().join("plan/plan.yaml"), topk).expect("a plan");
    std::fs::write(folder.path().join("data.om"), scraped(&[Some(1); 9])).expect("data");
    fails(
        "data.om",
        "relplan does not evaluate the aggregation `topk`; pass the recorded values of the query: `MON-001=FILE`",
    );
}

#[test]
fn every_format_shows_the_example() {
    let example = project().join("examples/cloudconnect");
    let made = tempfile::tempdir().expect("a temporary folder");
    for ending in ["html", "json", "md"] {
        let file = made.path().join(format!("replay.{ending}")).display().to_string();
        let output = run(
            &example,
            &[
                "replay",
                "MON-001=recorded/error-rate.json",
                "recorded/requests.csv",
                "--sweep",
                "--output",
                &file,
            ],
        );
        assert_eq!(code(&output), 1, "{}", err(&output));
        let text = std::fs::read_to_string(&file).expect("a document");
        assert!(text.contains("DEP-401") && text.contains("10:46"), "{text}");
    }
    std::fs::write(made.path().join("schema"), out(&run(&example, &["schema", "replay"]))).expect("a schema");
    accepted(made.path(), &["json", "schema", "replay.json"]).unwrap_or_else(|problems| panic!("{problems}"));
}
