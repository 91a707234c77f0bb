use super::*;

/// What was measured, as `name=value unit time`.
fn check(text: &str, expect: &[&str]) {
    let sources = sources(&[("m", text.as_bytes())]);
    let evidence = read_all(&sources);
    assert!(evidence.defects.is_empty(), "{:?}", said(&sources, &evidence));
    let found: Vec<String> = evidence
        .metrics
        .iter()
        .map(|metric| {
            let unit = metric.unit.as_deref().unwrap_or("-");
            let time = metric.time.known().map_or("-".to_owned(), |time| time.format("%F").to_string());
            format!("{}={} {unit} {time}", metric.name, metric.value)
        })
        .collect();
    assert_eq!(found, expect);
}

#[test]
fn metrics_are_json_or_csv() {
    let expect = ["error rate=0.4 % 2026-11-20", "p95=950 - -"];
    let list = r#"[{"name": "error rate", "value": 0.4, "unit": "%", "time": "2026-11-20T08:00:00Z"}, {"name": "p95", "value": 950}]"#;
    check(list, &expect);
    check(&format!("{{\"source\": \"prometheus\", \"metrics\": {list}}}"), &expect);
    check("time,unit,value,host,name\r\n2026-11-20,%,0.4,a,\"error rate\"\r\n\r\n,,950,b,p95\r\n", &expect);
    check("[]", &[]);
    check("Name,Value\n\"a, \"\"b\"\"\",-1e3\n", &["a, \"b\"=-1000 - -"]);
}

#[test]
fn what_is_wrong_is_named_at_its_place() {
    let check = |text: &str, expect: &[&str]| assert_eq!(defects(text), expect, "{text}");
    check("[{\"name\": \"a\", \"value\": \"12\"}]", &["1:25 MetricNotUnderstood(NoNumber)"]);
    check("[{\"name\": \"a\", \"value\": 1e999}]", &["1:25 MetricNotUnderstood(NoNumber)"]);
    check("[{\"value\": 1}]", &["1:2 MetricNotUnderstood(NoName)"]);
    check("[{\"name\": \"a\"}]", &["1:2 MetricNotUnderstood(NoValue)"]);
    check("[{\"name\": \"a\", \"value\": 1, \"time\": 5}]", &["1:36 TimeNotUnderstood"]);
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
