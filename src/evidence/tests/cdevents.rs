use super::*;

const CASE: &str = include_str!("../../../tests/evidence/cdevents/testcaserun_finished.json");
const DEPLOYED: &str = include_str!("../../../tests/evidence/cdevents/service_deployed.json");
const CLOSED: &str = include_str!("../../../tests/evidence/cdevents/approval_closed.json");

fn files() -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/evidence/cdevents");
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|file| file.expect("a file").path())
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a text");
            (path.file_name().expect("a name").to_string_lossy().into_owned(), text)
        })
        .collect();
    files.sort();
    files
}

fn check(text: &str, expect: &[&str]) {
    let sources = sources(&[("e.json", text.as_bytes())]);
    let evidence = read_all(&sources);
    assert!(evidence.defects.is_empty(), "{text}: {:?}", said(&sources, &evidence));
    let found: Vec<String> = evidence
        .events
        .iter()
        .map(|event| {
            let part = |part: &Option<Cow<'_, str>>| part.as_deref().unwrap_or("-").to_owned();
            format!(
                "{:?} {} {} {}",
                event.kind,
                event.subject,
                part(&event.environment),
                part(&event.outcome)
            )
        })
        .collect();
    assert_eq!(found, expect, "{text}");
}

#[test]
fn one_event_a_list_and_lines_say_the_same() {
    let deployed = "ServiceDeployed mySubject123 test123 -";
    let case = "TestCaseFinished myTestCaseRun123 dev success";
    let closed = "Approval(\"closed\") approval-123 - approved";
    check(DEPLOYED, &[deployed]);
    check(&format!("[{DEPLOYED}, {CASE}, {CLOSED}]"), &[deployed, case, closed]);
    let line = |text: &str| text.replace('\n', " ");
    check(&format!("{}\n{}\n", line(CASE), line(DEPLOYED)), &[case, deployed]);
    check(&format!("{{\"specversion\": \"1.0\", \"type\": \"x\", \"data\": {DEPLOYED}}}"), &[deployed]);
    let custom =
        DEPLOYED.replace("dev.cdevents.service.deployed.0.3.0", "dev.cdeventsx.tool-cache.purged.0.1.0");
    check(&custom, &["Other(\"tool-cache.purged\") mySubject123 test123 -"]);
}

#[test]
fn runs_of_tests_are_cases() {
    let outcome = |word: &str| {
        let text = CASE.replace("\"success\"", word);
        let sources = sources(&[("e.json", text.as_bytes())]);
        let evidence = read_all(&sources);
        let case = evidence.cases.iter().next().map(|case| (case.name.clone().into_owned(), case.outcome));
        (case, evidence.defects.len())
    };
    let named = |outcome| Some(("Login Test".to_owned(), outcome));
    assert_eq!(outcome("\"success\""), (named(Outcome::Passed), 0));
    assert_eq!(outcome("\"pass\""), (named(Outcome::Passed), 0));
    assert_eq!(outcome("\"failure\""), (named(Outcome::Failed), 0));
    assert_eq!(outcome("\"error\""), (named(Outcome::Errored), 0));
    for unknown in ["\"cancel\"", "\"Success\"", "\"\"", "\"succes\""] {
        assert_eq!(outcome(unknown), (named(Outcome::Unclear(Unclear::UnknownResult)), 1), "{unknown}");
    }
    assert_eq!(outcome("5"), (None, 1));
    assert_eq!(outcome("null"), (None, 1));
}

#[test]
fn the_examples_of_the_specification_are_read_without_a_defect() {
    let files = files();
    assert_eq!(files.len(), 48);
    for (name, text) in files {
        let sources = sources(&[("e.json", text.as_bytes())]);
        let evidence = read_all(&sources);
        assert!(evidence.defects.is_empty(), "{name}: {:?}", said(&sources, &evidence));
        assert_eq!((evidence.reports[0].kind, evidence.events.len()), (ReportKind::CdEvents, 1), "{name}");
        assert!(evidence.events[0].time.known().is_some(), "{name}");
    }
}

#[test]
fn an_example_that_is_mistyped_has_a_defect() {
    let mut wrong = Vec::new();
    for (name, text) in files() {
        let needed = ["specversion", "id", "source", "type", "timestamp", "subject", "content"];
        let needed = needed.iter().map(|key| (*key, format!("\"x{key}\":")));
        for (key, renamed) in needed {
            let changed = text.replacen(&format!("\"{key}\":"), &renamed, 1);
            assert_ne!(changed, text, "{name}: {key}");
            let sources = sources(&[("e.json", changed.as_bytes())]);
            let evidence = read_all(&sources);
            if evidence.defects.is_empty() || evidence.reports.iter().any(|report| report.flaw.is_none()) {
                wrong.push(format!("{name} without {key}"));
            }
        }
        for (from, to) in [
            ("\"environment\": {", "\"environment\": 5, \"x\": {"),
            ("\"artifactId\": \"", "\"artifactId\": 5, \"x\": \""),
            ("\"outcome\": \"", "\"outcome\": [], \"x\": \""),
            ("\"timestamp\": \"2", "\"timestamp\": \"y2"),
            (".0\",\n    \"timestamp\"", "\",\n    \"timestamp\""),
        ] {
            let changed = text.replacen(from, to, 1);
            if changed == text {
                continue;
            }
            let sources = sources(&[("e.json", changed.as_bytes())]);
            if read_all(&sources).defects.is_empty() {
                wrong.push(format!("{name}: {to}"));
            }
        }
        for end in (1..text.trim_end().len()).step_by(7) {
            let sources = sources(&[("e.json", &text.as_bytes()[..end])]);
            if read_all(&sources).defects.is_empty() {
                wrong.push(format!("{name} cut off at {end}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
