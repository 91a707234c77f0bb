//! `relplan watch`: a deployment against a Prometheus on loopback, scripted or real.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{code, err, folder, installed, out, relplan, run, snapshot};

const PLAN: &str = "\
- id: REL-001
  title: Checkout
  version: 1.2.0
  status: in progress
- id: DEP-001
  title: Error rate rises
  type: Rollback
  threshold: '> 2% of requests for 5m'
  automatic: yes
  procedure: [Switch the traffic back, Check the orders]
  monitored_by: MON-001
- id: MON-001
  title: Error rate
  unit: ratio
  scrape_interval: 15s
  query: error_ratio
";

/// What a scripted server does with a request.
enum Reply {
    /// Sends these bytes and closes.
    Bytes(Vec<u8>),
    /// Sends a head, and then bytes for as long as they are taken.
    Endless,
    /// Sends a head, and nothing more.
    Silent,
}

type Script = dyn Fn(&Request) -> Reply + Send + Sync;

/// A request: its path and its parameters.
#[derive(Debug, Clone)]
struct Request {
    path: String,
    parameters: Vec<(String, String)>,
    head: String,
}

impl Request {
    fn get(&self, name: &str) -> &str {
        self.parameters.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The moments that a range query asks for, in milliseconds.
    fn moments(&self) -> Vec<i64> {
        let millis = |name: &str| (self.get(name).parse::<f64>().unwrap_or(0.0) * 1000.0).round() as i64;
        let (start, end, step) = (millis("start"), millis("end"), millis("step").max(1));
        (0..=(end - start) / step).map(|index| start + index * step).collect()
    }
}

/// A server on loopback that ends with the test, and after a minute at the latest.
struct Server {
    address: String,
    requests: Arc<Mutex<Vec<Request>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    fn start(script: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a listener");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let (stop, requests) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let (stopped, seen, began) = (stop.clone(), requests.clone(), Instant::now());
        let script: Arc<Script> = Arc::new(script);
        let thread = std::thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) && began.elapsed() < Duration::from_secs(60) {
                match listener.accept() {
                    Ok((stream, _)) => answer(stream, script.as_ref(), &seen, &stopped),
                    Err(_) => std::thread::sleep(Duration::from_millis(2)),
                }
            }
        });
        Server { address, requests, stop, thread: Some(thread) }
    }

    fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("requests").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn answer(mut stream: TcpStream, script: &Script, seen: &Mutex<Vec<Request>>, stop: &AtomicBool) {
    let _ = stream.set_nonblocking(false);
    let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
    let _ = stream.set_write_timeout(Some(Duration::from_secs(5)));
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && head.len() < 100_000 {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let target = head.split(' ').nth(1).unwrap_or("");
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let parameters = query.split('&').filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        Some((name.to_owned(), decoded(value)))
    });
    let request = Request { path: path.to_owned(), parameters: parameters.collect(), head: head.clone() };
    seen.lock().expect("requests").push(request.clone());
    let began = Instant::now();
    let is_over = || stop.load(Ordering::Relaxed) || began.elapsed() > Duration::from_secs(20);
    match script(&request) {
        Reply::Bytes(bytes) => _ = stream.write_all(&bytes),
        Reply::Endless => {
            let _ =
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"status\":\"");
            while !is_over() && stream.write_all(&[b'x'; 1 << 16]).is_ok() {}
        }
        Reply::Silent => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{");
            while !is_over() && began.elapsed() < Duration::from_secs(3) {
                std::thread::sleep(Duration::from_millis(5));
            }
        }
    }
}

fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match (first, hex) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = after;
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn http(status: &str, body: &str) -> Reply {
    Reply::Bytes(
        format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
            .into(),
    )
}

fn json(body: &str) -> Reply {
    http("200 OK", body)
}

fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a time").as_secs_f64()
}

fn clock(seconds: f64) -> Reply {
    json(&format!(
        r#"{{"status":"success","data":{{"resultType":"scalar","result":[{seconds},"{seconds}"]}}}}"#
    ))
}

/// A series with labels, and its values at some moments in milliseconds.
fn series(labels: &str, values: &[(i64, f64)]) -> String {
    let number = |value: f64| match value {
        value if value.is_nan() => "NaN".to_owned(),
        value => value.to_string(),
    };
    let values: Vec<String> = values
        .iter()
        .map(|(at, value)| format!("[{},\"{}\"]", *at as f64 / 1000.0, number(*value)))
        .collect();
    format!(r#"{{"metric":{{{labels}}},"values":[{}]}}"#, values.join(","))
}

fn matrix(series: &[String]) -> Reply {
    json(&format!(
        r#"{{"status":"success","data":{{"resultType":"matrix","result":[{}]}}}}"#,
        series.join(",")
    ))
}

/// A Prometheus with one series: a value, or none, for each moment.
fn prometheus(value: impl Fn(i64) -> Option<f64> + Send + Sync + 'static) -> Server {
    Server::start(move |request| usual(request, &value))
}

fn usual(request: &Request, value: &dyn Fn(i64) -> Option<f64>) -> Reply {
    match request.get("query") {
        "time()" => clock(now()),
        age if age.starts_with("time()") => {
            matrix(&[series("", &request.moments().iter().map(|at| (*at, 3.0)).collect::<Vec<_>>())])
        }
        _ => {
            let values: Vec<(i64, f64)> =
                request.moments().into_iter().filter_map(|at| Some((at, value(at)?))).collect();
            matrix(&if values.is_empty() { Vec::new() } else { vec![series("", &values)] })
        }
    }
}

/// So many minutes ago, on a whole minute, in seconds.
fn ago(minutes: i64) -> i64 {
    (now() as i64 / 60 - minutes) * 60
}

fn written(seconds: i64) -> String {
    let time: chrono::DateTime<chrono::Utc> = chrono::DateTime::from_timestamp(seconds, 0).expect("a time");
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn plan(text: &str) -> TempDir {
    folder(&[
        ("relplan.toml", "[metrics]\ndeployments = [\"deployments.jsonl\"]\n"),
        ("plan/plan.yaml", text),
    ])
}

/// Watches a deployment of 40 minutes ago at one sample a minute; the last line of JSON.
fn watched(folder: &TempDir, address: &str, more: &[&str]) -> (i32, Value) {
    let started = written(ago(40));
    let fixed =
        ["watch", "--prometheus", address, "--interval", "1m", "--format", "json", "--started-at", &started];
    let output = run(folder.path(), &[&fixed, more].concat());
    let text = out(&output);
    let last = text.lines().last().unwrap_or_else(|| panic!("{}", err(&output)));
    (code(&output), serde_json::from_str(last).expect("JSON"))
}

const WINDOW: &[&str] = &["--window", "30m", "--at-most", "40m"];

#[test]
fn a_quiet_deployment_is_a_success_and_recorded() {
    let server = prometheus(|_| Some(0.01));
    let folder = plan(PLAN);
    let (exit, view) = watched(&folder, &server.address, WINDOW);
    assert_eq!((exit, view["outcome"].as_str()), (0, Some("success")), "{view}");
    assert_eq!(view["triggers"][0]["value"], 0.01);
    assert_eq!(view["triggers"][0]["limit"], 0.02);
    assert_eq!(view["suggested"][0]["field"], "status");
    let (exit, second) = watched(&folder, &server.address, WINDOW);
    assert_eq!(exit, 0, "{second}");
    let log = std::fs::read_to_string(folder.path().join("deployments.jsonl")).expect("a record");
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!((lines[0]["result"].as_str(), lines[0]["version"].as_str()), (Some("success"), Some("1.2.0")));
    assert_eq!(lines[0]["watch"]["outcome"], "success");
    assert_eq!(lines[1]["previous"], view["record"]["digest"]);
    // What reads deployments reads these.
    let metrics = run(folder.path(), &["metrics", "--format", "json"]);
    assert!(
        !err(&metrics).contains("error") && !out(&metrics).contains("cannot be read"),
        "{}",
        err(&metrics)
    );
    // Nothing is added to a record that was changed.
    std::fs::write(folder.path().join("deployments.jsonl"), log.replacen("success", "failure", 1))
        .expect("a file");
    let started = written(ago(40));
    let again = ["watch", "--prometheus", &server.address, "--started-at", &started, "--interval", "1m"];
    let output = run(folder.path(), &[&again, WINDOW].concat());
    assert_eq!(code(&output), 2, "{}", out(&output));
    assert!(err(&output).contains("line 2 has another digest"), "{}", err(&output));
}

#[test]
fn a_trigger_that_fires_rolls_back_with_its_steps() {
    let bad = ago(20) * 1000;
    let server = prometheus(move |at| Some(if at >= bad && at < bad + 600_000 { 0.05 } else { 0.01 }));
    let folder = plan(PLAN);
    let (exit, view) = watched(&folder, &server.address, WINDOW);
    assert_eq!((exit, view["outcome"].as_str()), (1, Some("rolled_back")), "{view}");
    assert_eq!(view["triggers"][0]["since"], written(bad / 1000 + 300));
    assert_eq!(view["triggers"][0]["procedure"][0], "Switch the traffic back");
    let log = std::fs::read_to_string(folder.path().join("deployments.jsonl")).expect("a record");
    assert!(log.contains(r#""result":"failure""#) && log.contains(r#""outcome":"rolled_back""#), "{log}");
    // A person decides: the watch pauses, and does not end with a success.
    let manual = plan(&PLAN.replace("automatic: yes", "automatic: no\n  authority: Release Manager"));
    let (exit, view) = watched(&manual, &server.address, WINDOW);
    assert_eq!((exit, view["outcome"].as_str()), (1, Some("aborted")), "{view}");
    assert_eq!(view["triggers"][0]["authority"], "Release Manager");
}

/// How a server answers a range query.
type Answer = fn(&Request) -> Reply;

#[test]
fn what_is_not_an_answer_is_unknown() {
    let cases: &[(&str, &str, Answer)] = &[
        ("web page", "the answer is a web page", |_| json("<!doctype html><title>Sign in</title>")),
        ("empty", "the answer is empty", |_| json("")),
        ("cut off", "the answer is not that of Prometheus", |_| json(r#"{"status":"success","data":{"#)),
        ("other JSON", "the answer has no `status`", |_| json("{}")),
        ("no data", "the answer has no `data`", |_| json(r#"{"status":"success"}"#)),
        ("status", "Prometheus answered with the status `failed`", |_| json(r#"{"status":"failed"}"#)),
        ("error", "Prometheus answered with an error: boom", |_| {
            json(r#"{"status":"error","errorType":"execution","error":"boom"}"#)
        }),
        ("bad query", "Prometheus answered with an error: parse error (HTTP 400)", |_| {
            http("400 Bad Request", r#"{"status":"error","errorType":"bad_data","error":"parse error"}"#)
        }),
        ("warning", "Prometheus answered with a warning: a store is away", |_| {
            json(
                r#"{"status":"success","warnings":["a store is away"],"data":{"resultType":"matrix","result":[]}}"#,
            )
        }),
        ("part", "the answer is partial", |_| {
            json(r#"{"status":"success","isPartial":true,"data":{"resultType":"matrix","result":[]}}"#)
        }),
        ("vector", "the answer is of the type `vector`", |_| {
            json(r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#)
        }),
        ("not a value", "`many` is not a sample value", |request| {
            let at = request.moments()[0] / 1000;
            json(&format!(
                r#"{{"status":"success","data":{{"resultType":"matrix","result":[{{"metric":{{}},"values":[[{at},"many"]]}}]}}}}"#
            ))
        }),
        ("histogram", "native histograms are not read", |_| {
            json(
                r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"histograms":[[1,{}]]}]}}"#,
            )
        }),
        ("no series", "no series recorded", |_| matrix(&[])),
        ("NaN", "not a number", |request| {
            matrix(&[series("", &request.moments().iter().map(|at| (*at, f64::NAN)).collect::<Vec<_>>())])
        }),
        ("NaN of one", "the value of {region=\"eu\"} is not a number", |request| {
            let all = |value: f64| request.moments().iter().map(|at| (*at, value)).collect::<Vec<_>>();
            matrix(&[series(r#""region":"us""#, &all(0.01)), series(r#""region":"eu""#, &all(f64::NAN))])
        }),
        ("one ends", "the series {region=\"eu\"} has no value any more", |request| {
            let all: Vec<_> = request.moments().iter().map(|at| (*at, 0.01)).collect();
            matrix(&[series(r#""region":"us""#, &all), series(r#""region":"eu""#, &all[..all.len() - 1])])
        }),
        ("not up to date", "no data", |request| {
            let all: Vec<_> = request.moments().iter().map(|at| (*at, 0.01)).collect();
            matrix(&[series("", &all[..all.len() - 1])])
        }),
        ("other moments", "values of other moments", |request| {
            matrix(&[series("", &request.moments().iter().map(|at| (*at + 7_000, 0.01)).collect::<Vec<_>>())])
        }),
        ("moments to come", "values of other moments", |request| {
            matrix(&[series(
                "",
                &request.moments().iter().map(|at| (*at + 60_000, 0.01)).collect::<Vec<_>>(),
            )])
        }),
        ("the same twice", "two series of the answer have the same labels", |request| {
            let all: Vec<_> = request.moments().iter().map(|at| (*at, 0.01)).collect();
            matrix(&[series("", &all), series("", &all)])
        }),
        ("many series", "the query yields 2001 series", |request| {
            let at = request.moments()[0];
            matrix(
                &(0..2001).map(|pod| series(&format!(r#""pod":"{pod}""#), &[(at, 0.01)])).collect::<Vec<_>>(),
            )
        }),
        ("redirect", "answered with a redirect (HTTP 302), which is not followed", |request| {
            let host = request
                .head
                .lines()
                .find_map(|line| line.strip_prefix("Host: ").or(line.strip_prefix("host: ")));
            Reply::Bytes(
                format!(
                    "HTTP/1.1 302 Found\r\nLocation: http://{}/elsewhere\r\nContent-Length: 0\r\n\r\n",
                    host.unwrap_or("127.0.0.1")
                )
                .into(),
            )
        }),
        ("not allowed", "Prometheus refuses the request (HTTP 401)", |_| http("401 Unauthorized", "")),
        ("overloaded", "Prometheus answered with HTTP 503", |_| http("503 Service Unavailable", "<html>")),
        ("no content", "the answer is empty", |_| http("204 No Content", "")),
        ("not UTF-8", "the answer is not", |_| {
            Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\xff\xfe{".to_vec())
        }),
        ("no HTTP", "cannot ask", |_| Reply::Bytes(b"\0\0\0 hello\r\n\r\n".to_vec())),
        ("closed", "cannot ask", |_| Reply::Bytes(Vec::new())),
        ("cut body", "cannot ask", |_| {
            Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{\"status\":".to_vec())
        }),
        ("silent", "did not answer in time", |_| Reply::Silent),
        ("endless", "", |_| Reply::Endless),
    ];
    let folder = plan(PLAN);
    for (name, reason, answer) in cases {
        let answer = *answer;
        let server = Server::start(move |request| match request.get("query") {
            "error_ratio" => answer(request),
            _ => usual(request, &|_| Some(0.01)),
        });
        let more = [WINDOW, &["--timeout", "2s", "--no-record"]].concat();
        let (exit, view) = watched(&folder, &server.address, &more);
        assert_eq!((exit, view["outcome"].as_str()), (1, Some("aborted")), "{name}: {view}");
        let trigger = &view["triggers"][0];
        assert_eq!(trigger["state"], "unknown", "{name}");
        let unknown = trigger["unknown"].as_str().unwrap_or("");
        assert!(!unknown.is_empty() && unknown.contains(reason), "{name}: {unknown}");
        assert!(!trigger["help"].as_str().unwrap_or("").is_empty(), "{name}");
        assert_eq!(view["suggested"], Value::Null, "{name}");
        assert!(server.requests().iter().all(|request| request.path.starts_with("/api/v1/")), "{name}");
    }
}

#[test]
fn clocks_apart_and_old_samples_are_unknown() {
    let folder = plan(PLAN);
    let more = [WINDOW, &["--no-record"]].concat();
    for (apart, reason) in [(-60.0, "s behind that"), (60.0, "s ahead of that")] {
        let server = Server::start(move |request| match request.get("query") {
            "time()" => clock(now() + apart),
            _ => usual(request, &|_| Some(0.01)),
        });
        let (exit, view) = watched(&folder, &server.address, &more);
        assert_eq!((exit, view["outcome"].as_str()), (1, Some("aborted")), "{view}");
        assert!(view["triggers"][0]["unknown"].as_str().unwrap_or("").contains(reason), "{view}");
    }
    /// The age of the newest sample at each of so many moments.
    type Age = fn(usize, usize) -> Option<f64>;
    let ages: &[(&str, &str, Age)] = &[
        ("old", "the newest sample is 1m old", |index, last| Some(if index == last { 60.0 } else { 3.0 })),
        ("gone", "a series of the query has no new samples", |index, last| (index < last).then_some(3.0)),
        ("none", "no series of the query has new samples", |_, _| None),
    ];
    for (name, reason, age) in ages {
        let age = *age;
        let server = Server::start(move |request| match request.get("query") {
            query if query.starts_with("time() ") => {
                assert_eq!(query, "time() - max(timestamp(error_ratio))");
                let moments = request.moments();
                let last = moments.len() - 1;
                let ages: Vec<_> = moments
                    .into_iter()
                    .enumerate()
                    .filter_map(|(index, at)| Some((at, age(index, last)?)))
                    .collect();
                matrix(&[series("", &ages)])
            }
            _ => usual(request, &|_| Some(0.01)),
        });
        let (exit, view) = watched(&folder, &server.address, &more);
        assert_eq!((exit, view["outcome"].as_str()), (1, Some("aborted")), "{name}: {view}");
        assert_eq!(view["triggers"][0]["unknown"], *reason, "{name}");
    }
}

#[test]
fn watch_and_replay_agree_on_the_same_samples() {
    let folder = plan(PLAN);
    for seed in 0..24_u64 {
        let begin = ago(40);
        // Runs of good, bad, missing and NaN values, each some minutes long.
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut next = |most: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % most
        };
        let mut values: Vec<Option<f64>> = Vec::new();
        while values.len() < 41 {
            let value =
                [Some(0.01), Some(0.01), Some(0.03), Some(0.019_999), None, Some(f64::NAN)][next(6) as usize];
            values.extend(vec![value; 1 + next(9) as usize]);
        }
        values.truncate(41);
        let mut csv = "time,value\n".to_owned();
        for (minute, value) in values.iter().enumerate() {
            if let Some(value) = value {
                let _ = writeln!(csv, "{},{value}", begin + 60 * minute as i64);
            }
        }
        let given = values.clone();
        let server =
            prometheus(move |at| given.get(usize::try_from((at / 1000 - begin) / 60).ok()?).copied()?);
        let started = written(begin);
        let fixed = ["watch", "--prometheus", &server.address, "--interval", "1m", "--format", "json"];
        let output =
            run(folder.path(), &[&fixed[..], WINDOW, &["--started-at", &started, "--no-record"]].concat());
        let watched: Value =
            serde_json::from_str(out(&output).lines().last().expect("a line")).expect("JSON");
        std::fs::write(folder.path().join("values.csv"), &csv).expect("a file");
        let output =
            run(folder.path(), &["replay", "MON-001=values.csv", "--interval", "1m", "--format", "json"]);
        let replayed: Value = serde_json::from_str(&out(&output)).unwrap_or_default();
        let replayed = &replayed["triggers"][0];
        let trigger = &watched["triggers"][0];
        assert_eq!(
            trigger["since"].as_str().filter(|_| trigger["state"] == "fired"),
            replayed["first_fired"].as_str(),
            "{seed}: {watched}\n{csv}"
        );
        // What replay does not know, watch does not call a success; it asks for more than replay does.
        if watched["outcome"] == "success" {
            assert_eq!(replayed["status"], "not_fired", "{seed}: {csv}");
            let tail = &values[10..];
            assert!(tail.iter().all(|value| value.is_some_and(|value| !value.is_nan())), "{seed}: {csv}");
        }
    }
}

#[test]
fn what_is_left_out_is_no_success() {
    let server = prometheus(|_| Some(0.01));
    let more =
        format!("{PLAN}- id: DEP-002\n  title: Slow\n  type: Rollback\n  threshold: p95 > 500ms for 5m\n");
    let folder = plan(&more);
    let (exit, view) = watched(&folder, &server.address, &[WINDOW, &["--no-record"]].concat());
    assert_eq!((exit, view["outcome"].as_str()), (1, Some("aborted")), "{view}");
    assert_eq!(view["left_out"][0]["id"], "DEP-002");
    let (exit, view) = watched(&folder, &server.address, &[WINDOW, &["--without", "DEP-002"]].concat());
    assert_eq!((exit, view["outcome"].as_str()), (0, Some("success")), "{view}");
    let log = std::fs::read_to_string(folder.path().join("deployments.jsonl")).expect("a record");
    assert!(log.contains(r#""without":["DEP-002"]"#), "{log}");
    // Two entries with one id: which of them counts is not known.
    let twice = PLAN.to_owned()
        + &PLAN[PLAN.find("- id: DEP-001").expect("an entry")..]
            .replace("MON-001\n  title", "MON-009\n  title");
    let output = run(plan(&twice).path(), &["watch", "--prometheus", &server.address, "--once"]);
    assert_eq!(code(&output), 2, "{}", out(&output));
    assert!(err(&output).contains("several entries have this id"), "{}", err(&output));
}

#[test]
fn what_cannot_be_watched_is_refused_before_anything_is_asked() {
    let server = prometheus(|_| Some(0.01));
    let address = server.address.as_str();
    let check = |text: &str, arguments: &[&str], expect: &str| {
        let folder = plan(text);
        let before = snapshot(folder.path());
        let output = run(folder.path(), &[&["watch"], arguments].concat());
        assert_eq!(code(&output), 2, "{arguments:?}: {}", out(&output));
        assert!(err(&output).contains(expect), "{arguments:?}: {}", err(&output));
        assert_eq!(snapshot(folder.path()), before);
    };
    check(PLAN, &["--prometheus", "https://localhost:9090"], "relplan does not speak HTTPS");
    check(PLAN, &["--prometheus", address, "--window", "1m"], "shorter than `for 5m` of DEP-001");
    check(PLAN, &["--prometheus", address, "--window", "1h", "--at-most", "30m"], "shorter than the window");
    check(PLAN, &["--prometheus", address, "--window", "4w", "--interval", "1s"], "more than 10000 samples");
    check(
        PLAN,
        &["--prometheus", address, "--interval", "6m"],
        "a sample every 6m can miss the `for 5m` of DEP-001",
    );
    let without_for = PLAN.replace(" for 5m", "");
    assert_ne!(without_for, PLAN);
    check(
        &without_for,
        &["--prometheus", address, "--interval", "6m", "--window", "5m"],
        "a sample every 6m leaves none within the window of 5m",
    );
    check(PLAN, &["--prometheus", address, "--started-at", "2999-01-01T00:00:00Z"], "in the future");
    check(PLAN, &["--prometheus", address, "--without", "DEP-009"], "the plan has no rollback `DEP-009`");
    check(PLAN, &["--prometheus", address, "--token-env", "RELPLAN_NO_SUCH"], "it is not set");
    check(PLAN, &["--prometheus", address, "--interval", "0s"], "write a duration");
    check(PLAN, &["--prometheus", address, "--release", "9.9.9"], "9.9.9");
    check(&format!("{PLAN}- id: [\n"), &["--prometheus", address], "the plan is incomplete");
    check("- id: EPIC-01\n  title: A\n", &["--prometheus", address], "no rollback trigger");
    assert!(server.requests().is_empty());
}

#[test]
fn a_token_is_sent_and_never_shown_and_no_proxy_is_asked() {
    let server = prometheus(|_| Some(0.01));
    let folder = plan(PLAN);
    let started = written(ago(40));
    let output = relplan(folder.path())
        .args(["watch", "--prometheus", &server.address, "--interval", "1m", "--started-at", &started])
        .args(["--token-env", "TEST_TOKEN", "--verbose"])
        .args(WINDOW)
        .env("TEST_TOKEN", "s3cr3t-t0ken")
        .envs(["http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"].map(|name| (name, "http://127.0.0.1:1")))
        .output()
        .expect("relplan");
    assert_eq!(code(&output), 0, "{}", err(&output));
    let all = format!("{}{}", out(&output), err(&output));
    assert!(!all.contains("s3cr3t"), "{all}");
    for (path, text) in snapshot(folder.path()) {
        assert!(!String::from_utf8_lossy(&text).contains("s3cr3t"), "{path}");
    }
    let requests = server.requests();
    assert!(requests.len() >= 3);
    for request in &requests {
        assert!(
            request.head.to_ascii_lowercase().contains("authorization: bearer s3cr3t-t0ken"),
            "{}",
            request.head
        );
    }
    // Another machine would hear it.
    std::fs::write(folder.path().join("token"), "s3cr3t-t0ken\n").expect("a file");
    let away = ["watch", "--prometheus", "http://192.0.2.1:9090", "--token-file", "token"];
    let output = run(folder.path(), &away);
    assert_eq!(code(&output), 2);
    assert!(
        err(&output).contains("without encryption") && !err(&output).contains("s3cr3t"),
        "{}",
        err(&output)
    );
}

#[test]
fn each_sample_is_a_line_and_an_outage_is_unknown_until_it_is_over() {
    // Seconds instead of minutes; Prometheus is away for a part of them.
    let count = AtomicUsize::new(0);
    let server = Server::start(move |request| match request.get("query") {
        "time()" if (2..4).contains(&count.fetch_add(1, Ordering::Relaxed)) => {
            http("503 Service Unavailable", "")
        }
        _ => usual(request, &|_| Some(0.01)),
    });
    let quick = PLAN.replace("for 5m", "for 1s");
    let folder = plan(&quick);
    let arguments = ["watch", "--prometheus", &server.address, "--interval", "1s", "--window", "5s"];
    let output = run(folder.path(), &arguments);
    let text = out(&output);
    assert_eq!(code(&output), 0, "{text}{}", err(&output));
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("20")).collect();
    assert!(lines.len() >= 5, "{text}");
    assert!(lines[0].contains(" CONTINUE quiet 0s of 5s; DEP-001 ok 0.01 (limit 0.02)"), "{text}");
    assert!(
        lines
            .iter()
            .any(|line| line
                .contains(" PAUSE quiet – of 5s; DEP-001 unknown (Prometheus answered with HTTP 503)")),
        "{text}"
    );
    assert!(lines[lines.len() - 1].contains(" SUCCESS "), "{text}");
    assert!(text.contains("status: released"), "{text}");
}

/// A real Prometheus on loopback, which ends with the test.
struct RealPrometheus {
    process: Child,
    address: String,
}

impl RealPrometheus {
    fn start(data: &std::path::Path) -> Option<RealPrometheus> {
        let program = installed("prometheus")?;
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a port")
            .port();
        std::fs::write(data.join("prometheus.yml"), "global: {}\n").expect("a file");
        let process = Command::new(program)
            .current_dir(data)
            .arg("--config.file=prometheus.yml")
            .arg("--storage.tsdb.path=tsdb")
            .arg("--storage.tsdb.retention.time=10y")
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Prometheus can be started");
        let real = RealPrometheus { process, address: format!("http://127.0.0.1:{port}") };
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(30) {
            let ready = TcpStream::connect(("127.0.0.1", port)).and_then(|mut stream| {
                stream.set_read_timeout(Some(Duration::from_secs(2)))?;
                stream.write_all(b"GET /-/ready HTTP/1.0\r\n\r\n")?;
                let mut text = String::new();
                stream.read_to_string(&mut text)?;
                Ok(text.contains(" 200 "))
            });
            if ready.unwrap_or(false) {
                return Some(real);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("Prometheus is not ready after 30 seconds");
    }
}

impl Drop for RealPrometheus {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_real_prometheus_and_replay_fire_in_the_same_minute() {
    let Some(promtool) = installed("promtool") else { return };
    if installed("prometheus").is_none() {
        return;
    }
    let ratio = PLAN
        .replace("query: error_ratio", "query: sum(rate(errors_total[2m])) / sum(rate(requests_total[2m]))");
    let folder = plan(&ratio);
    // Errors rise 25 minutes after the first scrape, and fall again after the trigger has fired.
    let begin = ago(60);
    let scraped = |bad: std::ops::Range<i64>| {
        let mut lines = [String::new(), String::new()];
        let (mut errors, mut requests) = (0, 0);
        for step in 0..(62 * 4) {
            let minute = step / 4;
            requests += 100;
            errors += if bad.contains(&minute) { 5 } else { 1 };
            let at = begin + 15 * step;
            let _ = writeln!(lines[0], "errors_total{{pod=\"a\"}} {errors} {at}");
            let _ = writeln!(lines[1], "requests_total{{pod=\"a\"}} {requests} {at}");
        }
        format!("# TYPE errors counter\n{}# TYPE requests counter\n{}# EOF\n", lines[0], lines[1])
    };
    for (bad, outcome) in [(25..35, "rolled_back"), (25..28, "success")] {
        let data = tempfile::tempdir().expect("a folder");
        std::fs::write(data.path().join("data.om"), scraped(bad)).expect("a file");
        let made = Command::new(&promtool)
            .current_dir(data.path())
            .args(["tsdb", "create-blocks-from", "openmetrics", "data.om", "tsdb"])
            .output()
            .expect("promtool can be started");
        assert!(made.status.success(), "{}", err(&made));
        let Some(mut real) = RealPrometheus::start(data.path()) else { return };
        let started = written(begin + 20 * 60);
        let fixed = ["watch", "--prometheus", &real.address, "--interval", "1m", "--format", "json"];
        let arguments = [&fixed[..], WINDOW, &["--started-at", &started, "--no-record"]].concat();
        let output = run(folder.path(), &arguments);
        let watched: Value =
            serde_json::from_str(out(&output).lines().last().expect("a line")).expect("JSON");
        assert_eq!(watched["outcome"], outcome, "{watched}");
        let recording = data.path().join("data.om").display().to_string();
        let output = run(folder.path(), &["replay", &recording, "--interval", "1m", "--format", "json"]);
        let replayed: Value = serde_json::from_str(&out(&output)).expect("JSON");
        let fired = watched["triggers"][0]["since"].as_str();
        assert_eq!(fired, replayed["triggers"][0]["first_fired"].as_str(), "{replayed}");
        // Without Prometheus the same watch knows nothing.
        real.process.kill().expect("Prometheus ends");
        real.process.wait().expect("Prometheus ends");
        let output = run(folder.path(), &arguments);
        let watched: Value =
            serde_json::from_str(out(&output).lines().last().expect("a line")).expect("JSON");
        assert_eq!((code(&output), watched["outcome"].as_str()), (1, Some("aborted")), "{watched}");
        assert!(watched["triggers"][0]["unknown"].as_str().unwrap_or("").contains("refuses the connection"));
    }
}
