//! What editors see of a plan: the schema says what relplan says, and a language server that knows nothing else of
//! relplan shows it at the same places.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use relplan::model::dep::{Criteria, Environment, Rollback, Step, Validation};
use relplan::model::epic::Epic;
use relplan::model::field::{Field, Shape};
use relplan::model::flag::Flag;
use relplan::model::handoff::Handoff;
use relplan::model::incident::{Action, Incident};
use relplan::model::indicator::{Kpi, Mon};
use relplan::model::rel::Rel;
use relplan::model::risk::Risk;
use relplan::model::runbook::Run;
use relplan::model::test::Test;
use serde_json::{Value, json};

use super::support::{self, code, err, folder, out, project, run, skipped};

/// Where the schema and relplan may differ, and why.
const DIFFERENCES: [&str; 4] = [
    // The values are declared in `relplan.toml`, which the schema of a plan does not know.
    "declared-fields: plan.yaml:7: unknown-value is reported by relplan alone",
    "declared-fields: plan.yaml:11: unknown-value is reported by relplan alone",
    // The type above them is invalid, so that the schema does not know which fields there are.
    "unknown-words: plan.yaml:38: unknown-value is reported by relplan alone",
    "unknown-words: plan.yaml:39: unknown-value is reported by relplan alone",
];

#[test]
fn the_schema_refuses_what_relplan_refuses_and_nothing_else() {
    let copies = tempfile::tempdir().expect("a folder");
    let plans: Vec<PathBuf> = plans()
        .iter()
        .map(|plan| {
            let copy = copies.path().join(plan.file_name().expect("a name"));
            support::copy_into(plan, &copy);
            copy
        })
        .collect();
    let differences = differences(&plans);
    if support::python().is_some() {
        assert_eq!(differences, DIFFERENCES);
    }
}

#[test]
fn every_spelling_of_every_value_is_taken_and_nothing_near_it() {
    let mut text = String::new();
    for (number, (head, field, value)) in spellings().into_iter().enumerate() {
        let (prefix, rest) = head;
        text += &format!("- id: {prefix}-{}\n  title: {value:?}\n{rest}  {field}: {value:?}\n", number + 1);
    }
    let plan = folder(&[("plan.yaml", text)]);
    let differences = differences(&[plan.path().to_owned()]);
    assert!(differences.is_empty(), "{differences:#?}");
}

type Head = (&'static str, &'static str);

/// Each spelling of each value, with the prefix of the entry, its other fields and the name of the field.
fn spellings() -> Vec<(Head, &'static str, String)> {
    let families: [(Head, &[Field]); 16] = [
        (("DEP", "  type: Environment\n"), Environment::FIELDS),
        (("DEP", "  type: Criteria\n"), Criteria::FIELDS),
        (("DEP", "  type: Rollback\n"), Rollback::FIELDS),
        (("DEP", "  type: Validation\n"), Validation::FIELDS),
        (("DEP", "  type: Step\n"), Step::FIELDS),
        (("EPIC", ""), Epic::FIELDS),
        (("TEST", ""), Test::FIELDS),
        (("RISK", ""), Risk::FIELDS),
        (("REL", ""), Rel::FIELDS),
        (("MON", ""), Mon::FIELDS),
        (("RUN", ""), Run::FIELDS),
        (("KPI", ""), Kpi::FIELDS),
        (("INC", ""), Incident::FIELDS),
        (("ACT", ""), Action::FIELDS),
        (("HND", ""), Handoff::FIELDS),
        (("FLAG", ""), Flag::FIELDS),
    ];
    let mut all = Vec::new();
    for (head, fields) in families {
        for field in fields.iter().filter(|field| !(head.0 == "DEP" && field.name == "type")) {
            let words = match field.shape {
                Shape::Choice(choices) => [choices().words, choices().synonyms].concat(),
                Shape::Flag => vec!["yes", "no", "true", "false", "on", "off", "y", "n"],
                _ => continue,
            };
            let variants = words.iter().flat_map(|word| variants(word));
            all.extend(variants.map(|value| (head, field.name, value)));
        }
    }
    all
}

/// Spellings of a word that are read, and texts near it that are not, in whichever field they are.
fn variants(word: &str) -> Vec<String> {
    vec![
        word.to_owned(),
        word.to_uppercase(),
        word.replace([' ', '-'], "_"),
        word.replace([' ', '-', '_'], ""),
        format!(" {word} "),
        format!("{word} — as agreed"),
        format!("{word} (since May)"),
        format!("{word}, mostly"),
        format!("P1 ({word})"),
        format!("sev-2 ( {word} )"),
        format!("{word}é"),
        format!("{word}x"),
        format!("x{word}"),
        format!("{word}7"),
        format!("not {word}"),
        format!("({word})"),
        format!("P1 {word}"),
    ]
}

#[test]
fn init_names_schemas_that_exist_and_that_its_files_fulfil() {
    let plan = folder::<&str>(&[]);
    assert_eq!(code(&run(plan.path(), &["init"])), 0);
    for (file, sign) in [
        ("release/release.yaml", "# yaml-language-server: $schema="),
        ("release/deployment.yaml", "# yaml-language-server: $schema="),
        ("release/work.yaml", "# yaml-language-server: $schema="),
        ("relplan.toml", "#:schema "),
    ] {
        let path = plan.path().join(file);
        let text = std::fs::read_to_string(&path).expect("a file");
        let first = text.lines().next().expect("a line");
        let schema = path.with_file_name(first.strip_prefix(sign).expect("a modeline"));
        let name = schema.file_name().and_then(|name| name.to_str()).expect("a name");
        let printed = out(&run(plan.path(), &["schema", name.split('.').next().expect("a name")]));
        let parsed = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        let written = std::fs::read_to_string(&schema).expect("a schema");
        assert_eq!(parsed(&written), parsed(&printed), "{file}");
        assert_eq!(written.lines().count(), 1, "a change of it is one line");
        let language = if file.ends_with(".toml") { "toml" } else { "yaml" };
        let arguments = [language, &schema.display().to_string(), &path.display().to_string()];
        support::accepted(plan.path(), &arguments).unwrap_or_else(|problems| panic!("{problems}"));
    }
}

#[test]
fn another_validator_takes_the_plans_without_findings() {
    let Some(program) = support::installed("check-jsonschema") else { return };
    let schemas = schema_of_plans();
    let check = |files: &[PathBuf]| {
        let mut command = Command::new(&program);
        command.arg("--schemafile").arg(schemas.path().join("plan.json")).args(files);
        command.output().expect("it can be started")
    };
    let mut files = Vec::new();
    for plan in plans().iter().filter(|plan| !plan.starts_with(project().join("tests/plans/bad"))) {
        files.extend(yaml_files(plan));
    }
    // It reads one document of a file.
    files.retain(|file| !std::fs::read_to_string(file).is_ok_and(|text| text.contains("\n---")));
    assert!(files.len() > 40, "{files:?}");
    let output = check(&files);
    assert!(output.status.success(), "{}{}", out(&output), err(&output));
    let wrong = folder(&[("plan.yaml", "- id: TEST-1\n  title: A user signs in\n  type: unt\n")]);
    assert!(!check(&[wrong.path().join("plan.yaml")]).status.success());
}

#[test]
fn the_catalogue_entries_name_the_schemas() {
    let text = std::fs::read_to_string(project().join("docs/schemastore.json")).expect("a file");
    let entries: Value = serde_json::from_str(&text).expect("JSON");
    let urls: Vec<&Value> = entries.as_array().expect("a list").iter().map(|entry| &entry["url"]).collect();
    for (name, url) in ["config", "plan"].iter().zip(urls) {
        let schema: Value =
            serde_json::from_str(&out(&run(&project(), &["schema", name]))).expect("a schema");
        assert_eq!(schema["$id"], *url);
    }
}

#[test]
fn a_language_server_reports_and_completes_values() {
    const MODELINE: &str = "# yaml-language-server: $schema=../.relplan/plan.schema.json\n";
    let plan = folder::<&str>(&[]);
    assert_eq!(code(&run(plan.path(), &["init"])), 0);
    let open = |text: &str| json!({ "open": "release/a.yaml", "text": format!("{MODELINE}{text}") });
    let complete = |text: &str, line: u32, character: u32| json!({ "complete": "release/a.yaml", "text": format!("{MODELINE}{text}"), "line": line, "character": character });
    let mut requests = vec![
        open("- id: TEST-001\n  title: A user signs in\n  type: unt\n"),
        open("- id: DEP-001\n  title: The tests pass\n  type: Criteria\n  blokcer: yes\n"),
        open("EPIC-001: Users sign in\nState: Plannd\n"),
        open("- id: EPIC-001\n  title: Users sign in\n  start: tomorrow\n"),
        complete("- id: TEST-001\n  title: A user signs in\n  type: \n", 3, 8),
        complete("entries:\n  - id: DEP-001\n    type: Criteria\n    category: \n", 4, 14),
    ];
    let examples = yaml_files(&project().join("examples/cloudconnect"));
    let texts = examples.iter().map(|file| std::fs::read_to_string(file).expect("a file"));
    requests.extend(texts.map(|text| open(&text)));
    let Some(answers) = ask_language_server(plan.path(), &requests) else { return };
    let expected = [
        "4: Value is not accepted. Valid values: \"Unit\", \"Integration\", \"E2E\", \"Contract\", \"Performance\", \
         \"Security\", \"Smoke\", \"Regression\", \"Acceptance\".",
        "5: Property blokcer is not allowed.",
        "3: Value is not accepted. Valid values: \"Planned\", \"In Progress\", \"Testing\", \"Complete\", \"Deferred\".",
        "4: Invalid date. Write it as 2027-03-01.",
    ];
    for (answer, expected) in answers.iter().zip(expected) {
        assert_eq!(*answer, [expected]);
    }
    assert_eq!(
        answers[4],
        [
            "Unit",
            "Integration",
            "E2E",
            "Contract",
            "Performance",
            "Security",
            "Smoke",
            "Regression",
            "Acceptance"
        ]
    );
    assert_eq!(answers[5], ["Functional", "Performance", "Security", "Operational", "Documentation"]);
    for (file, answer) in examples.iter().zip(&answers[6..]) {
        assert!(answer.is_empty(), "{}: {answer:?}", file.display());
    }
}

/// The answers of yaml-language-server, or nothing where it is not installed.
fn ask_language_server(folder: &Path, requests: &[Value]) -> Option<Vec<Vec<String>>> {
    let modules = project().join("target/validators/node/node_modules");
    let mut command = Command::new("node");
    command.arg(project().join("tests/validators/language_server.mjs")).arg(folder);
    command.env("RELPLAN_NODE_MODULES", modules);
    let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = spawned else {
        skipped("no node");
        return None;
    };
    let input = serde_json::to_vec(requests).expect("JSON");
    // The script ends before it reads where the server is not installed.
    let _ = child.stdin.take().expect("its input").write_all(&input);
    let output = child.wait_with_output().expect("it ends");
    match output.status.code() {
        Some(0) => Some(serde_json::from_slice(&output.stdout).expect("answers")),
        Some(3) => {
            skipped(err(&output).trim());
            None
        }
        _ => panic!("{}", err(&output)),
    }
}

/// What the schema and relplan do not agree on, in plans that are folders of their own.
fn differences(plans: &[PathBuf]) -> Vec<String> {
    let Some(mut python) = support::python() else { return Vec::new() };
    let made = schema_of_plans();
    python.arg(project().join("tests/validators/schema_agreement.py")).arg(made.path().join("plan.json"));
    for (number, plan) in plans.iter().enumerate() {
        let checked = run(plan, &["check", ".", "--format", "json", "--fail-on", "never"]);
        // A configuration that cannot be read, or no entry at all: there are no findings to compare.
        if code(&checked) == 0 {
            let findings = made.path().join(format!("{number}.json"));
            std::fs::write(&findings, &checked.stdout).expect("a file");
            python.arg(findings).arg(plan);
        }
    }
    let output = python.output().expect("Python can be started");
    match output.status.code() {
        Some(0 | 1) => err(&output).lines().map(str::to_owned).collect(),
        Some(3) => {
            skipped(err(&output).trim());
            Vec::new()
        }
        _ => panic!("{}", err(&output)),
    }
}

/// A folder with the schema of plans.
fn schema_of_plans() -> tempfile::TempDir {
    folder(&[("plan.json", out(&run(&project(), &["schema", "plan"])))])
}

/// The folders of the example and of every plan under `tests/plans`.
fn plans() -> Vec<PathBuf> {
    let mut plans = vec![project().join("examples/cloudconnect"), project().join("tests/plans/go")];
    for group in ["good", "bad", "real"] {
        let folders = std::fs::read_dir(project().join("tests/plans").join(group)).expect("plans");
        plans.extend(folders.map(|folder| folder.expect("a folder").path()).filter(|path| path.is_dir()));
    }
    plans.sort();
    plans
}

fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let files = support::snapshot(folder).into_iter().map(|(name, _)| PathBuf::from(name));
    files.filter(|path| path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml")).collect()
}
