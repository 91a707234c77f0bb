use super::*;

/// What was measured, as `name{label=value} = value unit time commit`.
fn measured(text: &str) -> (Vec<String>, Vec<String>, Option<ReportFlaw>) {
    let sources = sources(&[("m", text.as_bytes())]);
    let evidence = read_all(&sources);
    let found = evidence.metrics.iter().map(|metric| {
        let labels: Vec<String> =
            metric.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let unit = metric.unit.as_deref().unwrap_or("-");
        let value = metric.value.map_or("none".to_owned(), |value| value.to_string());
        let time = match metric.time {
            Timestamp::At(time) => time.format("%F").to_string(),
            Timestamp::Missing => "-".to_owned(),
            Timestamp::Unreadable => "?".to_owned(),
        };
        let commit = metric.commit.as_deref().map(|commit| format!(" {commit}")).unwrap_or_default();
        format!("{}{labels}={value} {unit} {time}{commit}", metric.name)
    });
    let found = found.collect();
    (found, said(&sources, &evidence), evidence.reports.first().and_then(|report| report.flaw))
}

fn check(text: &str, expect: &[&str]) {
    let (found, defects, flaw) = measured(text);
    assert!(defects.is_empty() && flaw.is_none(), "{text}: {defects:?} {flaw:?}");
    assert_eq!(found, expect, "{text}");
}

#[test]
fn metrics_are_json_or_csv() {
    let expect = ["error rate=0.4 % 2026-11-20", "p95=950 - -"];
    let list = r#"[{"name": "error rate", "value": 0.4, "unit": "%", "time": "2026-11-20T08:00:00Z"}, {"name": "p95", "value": 950}]"#;
    check(list, &expect);
    check(&format!("{{\"source\": \"prometheus\", \"metrics\": {list}}}"), &expect);
    check(
        "time,unit,value,host,name\r\n2026-11-20,%,0.4,a,\"error rate\"\r\n\r\n,,950,b,p95\r\n",
        &["error rate{host=a}=0.4 % 2026-11-20", "p95{host=b}=950 - -"],
    );
    check("[]", &[]);
    check("Name,Value\n\"a, \"\"b\"\"\",-1e3\n", &["a, \"b\"=-1000 - -"]);
    check(
        "[{\"name\": \"a\", \"value\": 1e-7}, {\"name\": \"b\", \"value\": 1e21}]",
        &["a=0.0000001 - -", "b=1e21 - -"],
    );
}

#[test]
fn a_measurement_states_its_time_and_commit_in_any_spelling() {
    for key in
        ["time", "timestamp", "Date", "date_time", "created", "created_at", "measuredAt", "measured at"]
    {
        check(
            &format!("[{{\"name\": \"a\", \"value\": 1, \"{key}\": \"2020-01-01\"}}]"),
            &["a=1 - 2020-01-01"],
        );
        check(&format!("name,value,{key}\na,1,2020-01-01\n"), &["a=1 - 2020-01-01"]);
    }
    for key in ["commit", "sha", "revision", "commit_sha", "GIT_COMMIT", "CommitId"] {
        check(
            &format!("[{{\"name\": \"a\", \"value\": 1, \"{key}\": \"4f2d9c1e\"}}]"),
            &["a=1 - - 4f2d9c1e"],
        );
        check(&format!("name,value,{key}\na,1,main\n"), &["a=1 - - main"]);
    }
    check("[{\"name\": \"a\", \"value\": 1, \"commit\": null, \"time\": null}]", &["a=1 - -"]);
    check("[{\"name\": \"a\", \"value\": 1, \"commit\": [1]}]", &["a=1 - - [1]"]);
    // The day of a time is no other time.
    check("name,value,date,timestamp\na,1,2026-11-20,2026-11-20T08:00:00Z\n", &["a=1 - 2026-11-20"]);
    let (found, defects, _) = measured("name,value,created,time\na,1,2026-11-20,2020-01-01\n");
    assert_eq!((found, defects), (vec!["a=1 - ?".to_owned()], vec!["2:16 TimeNotUnderstood".to_owned()]));
    let (_, defects, flaw) = measured("name,value,sha,commit\na,1,4f2d9c1e,aaaaaaaa\n");
    assert!(defects[0].starts_with("2:14 CommitsContradict"), "{defects:?}");
    assert_eq!(flaw, Some(ReportFlaw::CommitsContradict));
}

#[test]
fn a_time_and_a_commit_may_stand_beside_all_measurements() {
    let text = r#"{"time": "2026-11-20T08:00:00Z", "commit": "4f2d9c1e", "service": "shop", "name": "nightly",
        "metrics": [{"name": "a", "value": 1}]}"#;
    check(text, &["a{service=shop}=1 - -"]);
    let sources = sources(&[("m", text.as_bytes())]);
    let report = read_all(&sources).reports.remove(0);
    assert_eq!(report.commit.as_deref(), Some("4f2d9c1e"));
    assert_eq!(
        report.time.known().map(|time| time.to_rfc3339()).as_deref(),
        Some("2026-11-20T08:00:00+00:00")
    );
}

#[test]
fn whatever_else_is_said_tells_what_was_measured() {
    check(
        r#"[{"name": "p95", "value": 1, "service": "b", "shard": 3, "labels": {"zone": "eu", "name": "x", "commit": "4f2d9c1e"}, "none": null}]"#,
        &["p95{name=x,service=b,shard=3,zone=eu}=1 - - 4f2d9c1e"],
    );
    check("name,value,region,\np95,1,eu,\np95,2,,\n", &["p95{region=eu}=1 - -", "p95=2 - -"]);
    // Row numbers, as pandas writes them.
    check(",name,value\n0,p95,1\n1,p99,2\n", &["p95=1 - -", "p99=2 - -"]);
    let (_, defects, flaw) = measured("name,value,\np95,1,2020-01-01\n");
    assert_eq!((defects, flaw), (vec!["2:7 its column has no name".to_owned()], Some(ReportFlaw::Malformed)));
}

#[test]
fn what_has_no_value_that_can_be_read_stays() {
    for text in [
        "name,value\na,NaN\n",
        "name,value\na,\n",
        r#"[{"name": "a", "value": "+Inf"}]"#,
        r#"[{"name": "a", "value": null}]"#,
    ] {
        let (found, defects, flaw) = measured(text);
        assert_eq!(
            (found, defects.len(), flaw),
            (vec!["a=none - -".to_owned()], 1, Some(ReportFlaw::Malformed)),
            "{text}"
        );
    }
}

#[test]
fn what_is_nearly_a_key_may_be_meant_as_one() {
    for key in ["unti", "units", "tiem", "timestmp", "comit", "Revisoin"] {
        let (_, defects, flaw) = measured(&format!("[{{\"name\": \"a\", \"value\": 1, \"{key}\": \"x\"}}]"));
        assert!(defects[0].contains("KeyNotRead"), "{key}: {defects:?}");
        assert_eq!(flaw, Some(ReportFlaw::Malformed), "{key}");
        let (_, defects, flaw) = measured(&format!("name,value,{key}\na,1,x\n"));
        assert!(defects[0].starts_with("1:12 KeyNotRead"), "{key}: {defects:?}");
        assert_eq!(flaw, Some(ReportFlaw::Malformed), "{key}");
    }
    for key in ["type", "mode", "node", "site", "rate", "data", "host", "tier", "size", "comment", "status"] {
        check(&format!("name,value,{key}\na,1,x\n"), &[&format!("a{{{key}=x}}=1 - -")]);
    }
}

#[test]
fn a_table_that_was_cut_off_is_not_whole() {
    let whole = "name,value,unit,time\nMON-001,0.4,%,2027-03-09T20:00:00Z\n";
    for end in "name,value,unit,time\nM".len()..whole.len() - 1 {
        let sources = sources(&[("m.csv", &whole.as_bytes()[..end])]);
        let evidence = read_all(&sources);
        let is_flawed = evidence.reports.iter().all(|report| report.flaw.is_some());
        assert!(is_flawed || end == whole.len() - 1, "cut off behind {:?}", &whole[..end]);
    }
    check(whole.trim_end(), &["MON-001=0.4 % 2027-03-09"]);
    check("name,value\na,\"180\"", &["a=180 - -"]);
    check("name,value,unit\na,1,ms\nb,2,ms", &["a=1 ms -", "b=2 ms -"]);
    for text in [
        "name,value\na,18",
        "name,value\na,18\nb,18",
        "name,value,unit\na,1,m",
        "name,value,time\na,1,2027-03-09",
    ] {
        assert_eq!(measured(text).2, Some(ReportFlaw::CutOff), "{text}");
    }
}

#[test]
fn values_that_nothing_has_are_named_and_stay() {
    let check = |value: &str, unit: &str, is_possible: bool| {
        let (found, defects, flaw) = measured(&format!("name,value,unit\na,{value},{unit}\n"));
        assert_eq!(
            (found.len(), defects.is_empty(), flaw),
            (1, is_possible, None),
            "{value} {unit}: {defects:?}"
        );
    };
    check("140", "%", false);
    check("-1", "ms", false);
    check("1.2", "ratio", false);
    check("-1", "requests", false);
    check("100", "%", true);
    check("-3", "°C", true);
}

#[test]
fn what_is_wrong_is_named_at_its_place() {
    let check = |text: &str, expect: &[&str]| assert_eq!(defects(text), expect, "{text}");
    check("[{\"name\": \"a\", \"value\": 1, \"name\": \"b\"}]", &["1:2 duplicate `name`"]);
    check("[{\"name\": \"a\", \"value\": 1, \"Value\": 2}]", &["1:2 duplicate `Value`"]);
    check("[{\"name\": \"a\", \"value\": 1, \"unit\": 5}]", &["1:36 a unit is a text: `ms`"]);
    check("[{\"name\": \"a\", \"value\": \"NaN\"}]", &["1:25 MetricNotUnderstood(NoNumber)"]);
    check("[{\"name\": \"a\", \"value\": \"12\"}]", &["1:25 MetricNotUnderstood(NoNumber)"]);
    check("[{\"name\": \"a\", \"value\": 1e999}]", &["1:25 MetricNotUnderstood(NoNumber)"]);
    check("[{\"value\": 1}]", &["1:2 MetricNotUnderstood(NoName)"]);
    check("[{\"name\": \"a\"}]", &["1:2 MetricNotUnderstood(NoValue)"]);
    check("[{\"name\": \"a\", \"value\": 1, \"time\": \"soon\"}]", &["1:36 TimeNotUnderstood"]);
    check(
        "name,value\na,NaN\nb,inf\nc,1\n",
        &["2:3 MetricNotUnderstood(NoNumber)", "3:3 MetricNotUnderstood(NoNumber)"],
    );
    check("name,unit\na,%\n", &["1:1 MetricNotUnderstood(ColumnMissing(\"value\"))"]);
    check("name,value,name\na,1,b\n", &["1:12 MetricNotUnderstood(ColumnTwice(\"name\"))"]);
    check("name,value\na,1,2\n", &["2:1 MetricNotUnderstood(FieldCount { expected: 2, found: 3 })"]);
    check("name,value\n\"a,1\n", &["2:1 the quotes are not closed"]);
    check("name,value\n\"a\"b,1\n", &["2:4 text behind the closing quotes of a field"]);
}
