//! The documents as their readers meet them: every view in every format, over a plan that is in order
//! and over one that is awkward, and what other programs make of them.

use std::path::{Path, PathBuf};
use std::process::Command;

use relplan::formats::VIEW_FORMATS;
use relplan::formats::terminal::Style;
use unicode_width::UnicodeWidthStr;

use crate::showcase::{self, AWKWARD};
use crate::support::{self, accepted, code, err, folder, out, project, run};

/// A view: its name in file names, the command, and the endings of the formats that it has.
struct View {
    name: &'static str,
    command: &'static [&'static str],
    endings: &'static [&'static str],
}

const RISKS: &[&str] = &["csv", "html", "json", "md", "txt"];
const CALENDAR: &[&str] = &["csv", "html", "ics", "json", "md", "mmd", "txt"];
const PLAN: &[&str] = &["html", "json", "md", "txt"];
const MATRIX: &[&str] = &["csv", "dot", "html", "json", "md", "mmd", "txt"];
const ROLLBACK: &[&str] = &["dot", "html", "json", "md", "mmd", "txt"];
const CHECKLIST: &[&str] = RISKS;
const STATUS: &[&str] = &["json", "md", "txt"];

/// The commit that the reports of the example were made for: what a document shows must not hang on the work tree.
const COMMIT: &str = "--commit=4f2d9c1e8b7a6053d1c2b3a4958676564738291a";

const VIEWS: &[View] = &[
    View { name: "checklist", command: &["checklist", COMMIT], endings: CHECKLIST },
    View { name: "checklist-open", command: &["checklist", "--open", COMMIT], endings: CHECKLIST },
    View { name: "rollback", command: &["rollback"], endings: ROLLBACK },
    View { name: "risks", command: &["risks"], endings: RISKS },
    View { name: "calendar", command: &["calendar"], endings: CALENDAR },
    View { name: "plan", command: &["plan", COMMIT], endings: PLAN },
    View { name: "report", command: &["report", COMMIT], endings: PLAN },
    View { name: "gate", command: &["gate", "production", COMMIT], endings: PLAN },
    View { name: "notify", command: &["notify"], endings: RISKS },
    View { name: "audit", command: &["audit", "--framework", "soc2", COMMIT], endings: RISKS },
    View { name: "handoff", command: &["handoff", COMMIT], endings: PLAN },
    View { name: "freeze", command: &["freeze"], endings: PLAN },
    View { name: "status", command: &["status", COMMIT], endings: STATUS },
    View { name: "forecast", command: &["forecast"], endings: RISKS },
    View { name: "forecast-backtest", command: &["forecast", "--backtest"], endings: RISKS },
    View { name: "health", command: &["health", COMMIT], endings: RISKS },
    View { name: "schedule", command: &["schedule"], endings: CALENDAR },
    View { name: "scope", command: &["scope"], endings: MATRIX },
    View { name: "scope-options", command: &["scope", "--options"], endings: RISKS },
    View { name: "notes", command: &["notes"], endings: PLAN },
    View { name: "notes-customers", command: &["notes", "--audience", "customers"], endings: PLAN },
    View { name: "postmortem", command: &["postmortem", "INC-207"], endings: PLAN },
    View { name: "review", command: &["review", "--release", "REL-003"], endings: PLAN },
    View { name: "retro", command: &["retro", "--release", "REL-003"], endings: PLAN },
    View { name: "metrics", command: &["metrics"], endings: RISKS },
    View { name: "matrix", command: &["matrix", "EPIC", "TEST", COMMIT], endings: MATRIX },
    View {
        name: "matrix-through",
        command: &["matrix", "FEA", "TEST", "--through", COMMIT],
        endings: MATRIX,
    },
    View { name: "matrix-empty", command: &["matrix", "PER", "SCR", COMMIT], endings: MATRIX },
];

fn cloudconnect() -> PathBuf {
    project().join("examples/cloudconnect")
}

/// A plan whose titles are everything that a format might stumble over.
pub fn awkward() -> tempfile::TempDir {
    let long = "A title of five hundred characters that goes on ".repeat(11);
    let titles: Vec<&str> =
        AWKWARD.iter().copied().filter(|title| !title.is_empty()).chain([long.as_str()]).collect();
    let mut plan = String::new();
    for (index, title) in titles.iter().enumerate() {
        let number = index + 1;
        let title = serde_json::to_string(title).expect("a text");
        let next = index % titles.len() + 1;
        plan +=
            &format!("- id: EPIC-{number:03}\n  title: {title}\n  owner: {title}\n  tests: TEST-{next:03}\n");
        plan += &format!("- id: TEST-{number:03}\n  title: {title}\n  status: passing\n");
        let probability = ["Low", "High", "35%", "95%"][index % 4];
        let stated = if index % 5 == 0 { String::new() } else { format!("  probability: {probability}\n") };
        plan += &format!(
            "- id: RISK-{number:03}\n  title: {title}\n  impact: High — x\n  mitigation: {title}\n{stated}"
        );
        plan += &format!("  review_date: 2026-01-01\n  mitigated_by: EPIC-{number:03}\n");
        plan += &release(number, &title);
        plan += &deployment(number, &title);
        plan += &incident(number, &title);
        plan += &handoff(number, &title);
    }
    folder(&[("release/plan.yaml", plan), ("relplan.toml", days(AWKWARD[0]))])
}

/// A release that is called, approved and announced in the words of a title.
fn release(number: usize, title: &str) -> String {
    format!(
        "- id: REL-{number:03}\n  title: {title}\n  type: minor\n  date: 2026-12-{number:02}\n  \
         milestones: {{{title}: 2 days before}}\n  approvals: [{{role: {title}, due: 3 days before}}]\n  \
         communications: [{{name: {title}, audience: {title}, channel: {title}, when: 1 day before}}]\n"
    )
}

/// A way back and a criterion that are described in the words of a title.
fn deployment(number: usize, title: &str) -> String {
    let criterion = number + 100;
    format!(
        "- id: DEP-{number:03}\n  title: {title}\n  type: Rollback\n  trigger: {title}\n  threshold: {title}\n  \
         procedure: [{title}]\n  notification: [{title}]\n\
         - id: DEP-{criterion}\n  title: {title}\n  type: Criteria\n  owner: {title}\n  requirement: {title}\n  \
         evidence: {title}\n  waiver: {{by: {title}, reason: {title}}}\n"
    )
}

/// An incident and an action that are told in the words of a title.
fn incident(number: usize, title: &str) -> String {
    // The first is the one that the views name.
    let incident = number + 206;
    format!(
        "- id: INC-{incident}\n  title: {title}\n  owner: {title}\n  release: {title}\n  environment: {title}\n  \
         detected: 2026-11-12T10:00Z\n  cause: {title}\n  timeline: [{{at: 2026-11-12T10:05Z, event: {title}}}]\n  \
         actions: ACT-{number:03}\n  triggers_missed: DEP-{number:03}\n\
         - id: ACT-{number:03}\n  title: {title}\n  owner: {title}\n  due: 2026-11-13\n"
    )
}

/// A handoff to somebody who is called like a title.
fn handoff(number: usize, title: &str) -> String {
    let receiver = ["Operations", "Support", "Product", title][number % 4];
    format!(
        "- id: HND-{number:03}\n  title: {title}\n  owner: {title}\n  receiver: {receiver}\n  role: {title}\n  \
         training: [{title}]\n"
    )
}

/// A configuration whose freeze, holiday and train have such a name, too.
fn days(name: &str) -> String {
    let name = serde_json::to_string(name).expect("a text");
    format!(
        "[calendar]\ntime_zone = \"Asia/Kathmandu\"\n\
         [[calendar.freezes]]\nname = {name}\nfrom = 2026-12-10\nto = 2027-01-10\nreason = {name}\n\
         [[calendar.holidays]]\nname = {name}\ndate = 2026-12-08\n\
         [[calendar.trains]]\nname = {name}\nfirst = 2026-12-01\ncadence = \"2 weeks\"\ncount = 3\n"
    )
}

/// A plan that has little to show: no release, no risk, no link.
pub fn bare() -> tempfile::TempDir {
    folder(&[("release/plan.yaml", "- id: EPIC-001\n  title: Alone\n")])
}

/// Writes every view of a plan in every format that it has into a folder.
pub fn write_all(plan: &Path, into: &Path, prefix: &str) {
    for view in VIEWS {
        for ending in view.endings {
            let file = into.join(format!("{prefix}-{}.{ending}", view.name));
            let file = file.display().to_string();
            let output = run(plan, &[view.command, &["-q", "--output", &file]].concat());
            if code(&output) == 2 {
                // A plan without the entry that a view is about has no such document.
                let lacks = |id: &&&str| matches!(**id, "INC-207" | "REL-003") && err(&output).contains(**id);
                assert!(
                    err(&output).contains("nothing to write as") || view.command.iter().any(|id| lacks(&id)),
                    "{prefix} {}: {}",
                    view.name,
                    err(&output)
                );
                assert!(!Path::new(&file).exists(), "{file}");
                continue;
            }
            // NO-GO and a closed gate are answers, too.
            assert!(matches!(code(&output), 0 | 1), "{prefix} {}: {}", view.name, err(&output));
            assert!(out(&output).is_empty(), "what goes to a file goes nowhere else");
        }
    }
}

/// Every document there is, in a folder.
fn everything() -> tempfile::TempDir {
    let made = tempfile::tempdir().expect("a temporary folder");
    write_all(&cloudconnect(), made.path(), "cloudconnect");
    write_all(awkward().path(), made.path(), "awkward");
    write_all(bare().path(), made.path(), "bare");
    for format in VIEW_FORMATS {
        let text = format.draw(showcase::report(), Style::PLAIN);
        let name = format!("showcase.{}", format.extensions[0]);
        std::fs::write(made.path().join(name), text).expect("a file");
    }
    made
}

fn files(folder: &Path, ending: &str) -> Vec<String> {
    let items = std::fs::read_dir(folder).expect("a folder").map(|item| item.expect("an item").file_name());
    let mut names: Vec<String> = items.map(|name| name.to_string_lossy().into_owned()).collect();
    names.retain(|name| name.ends_with(ending));
    names.sort();
    assert!(!names.is_empty(), "there is no {ending}");
    names
}

// --- What they look like ---------------------------------------------------------------------

#[test]
fn documents_of_the_example() {
    let made = tempfile::tempdir().expect("a temporary folder");
    write_all(&cloudconnect(), made.path(), "cloudconnect");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(project().join("tests/snapshots/documents"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for view in VIEWS {
            for ending in view.endings {
                let file = made.path().join(format!("cloudconnect-{}.{ending}", view.name));
                let text = std::fs::read_to_string(file).expect("a document");
                // The style sheet has a file of its own.
                let text = text.split_once("<style>").map_or(text.clone(), |(head, rest)| {
                    format!("{head}<style>{}", rest.split_once("</style>").map_or("", |(_, body)| body))
                });
                insta::assert_snapshot!(format!("{}.{ending}", view.name), text);
            }
        }
    });
}

#[test]
fn the_terminal_is_never_too_narrow() {
    let plan = awkward();
    for width in ["40", "60", "80", "120", "200"] {
        for view in VIEWS {
            let mut command = support::relplan(plan.path());
            command
                .env("COLUMNS", width)
                .args(["--today", "2026-11-20", "--color", "always"])
                .args(view.command);
            let text = out(&command.output().expect("relplan can be started"));
            let most: usize = width.parse().expect("a number");
            for line in text.lines() {
                let seen = without_colours(line);
                assert!(seen.width() <= most, "{} at {width}: {} columns: {seen}", view.name, seen.width());
                assert!(!seen.contains('\u{1b}'), "a plan spoke to the terminal: {seen:?}");
            }
        }
    }
}

/// The line without the sequences that relplan itself writes.
fn without_colours(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let mut seen = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (codes, text) = part.split_once('m').expect("a sequence of a colour");
        assert!(codes.bytes().all(|byte| byte.is_ascii_digit() || byte == b';'), "{codes}");
        seen += text;
    }
    seen
}

#[test]
fn colour_never_carries_meaning_alone() {
    let style = |colour| Style { colour, ..Style::PLAIN };
    let terminal = VIEW_FORMATS.iter().find(|format| format.name == "terminal").expect("a terminal");
    let plain = terminal.draw(showcase::report(), style(false));
    let coloured = terminal.draw(showcase::report(), style(true));
    let seen: Vec<String> = coloured.lines().map(without_colours).collect();
    assert_eq!(plain.lines().collect::<Vec<_>>(), seen);
}

#[test]
fn a_document_of_a_plan_that_could_not_be_read_says_so_itself() {
    let plan = folder(&[(
        "release/plan.yaml",
        "- {id: EPIC-1, title: T, titel: U, depends_on: EPIC-2}\n- {id: INC-207, title: I}\n\
         - {id: REL-003, title: R, version: 1.0.0}\n"
            .to_owned(),
    )]);
    for view in VIEWS.iter().filter(|view| view.endings.contains(&"html")) {
        let show = |format| run(plan.path(), &[view.command, &["--format", format]].concat());
        let json: serde_json::Value = serde_json::from_str(&out(&show("json"))).expect("JSON");
        assert_eq!(json["whole"], false, "{}", view.name);
        for format in ["terminal", "markdown", "html"] {
            let text = out(&show(format)).replace(['\n', ' ', '\\'], "");
            assert!(text.contains("Theplanisincomplete"), "{} {format}: {text}", view.name);
        }
    }
}

/// Whoever is told that a plan has no entries adds some, and finds out later what is wrong with those that it has.
#[test]
fn a_file_that_cannot_be_read_is_no_file_without_entries() {
    let plan = folder(&[("release/plan.yaml", "- [\n")]);
    let site: &[&str] = &["site"];
    for command in VIEWS.iter().map(|view| view.command).chain([site]) {
        let output = run(plan.path(), command);
        let told = err(&output);
        // Freezes are those of relplan.toml, too, and are shown with the doubt.
        let is_told = match command[0] {
            "freeze" => told.contains("the plan is incomplete"),
            _ => code(&output) == 2 && told.contains("no entry can be read"),
        };
        assert!(is_told, "{command:?}: {told}");
    }
    assert_eq!(support::snapshot(plan.path()).len(), 1, "nothing was written");
}

#[test]
fn two_runs_give_the_same_bytes() {
    let (first, second) = (everything(), everything());
    let read = |folder: &Path| -> Vec<Vec<u8>> {
        // The identifiers of events name the plan, which without a name of its own is that of its folder.
        let comparable = |(name, _): &(String, Vec<u8>)| !name.ends_with(".ics");
        support::snapshot(folder).into_iter().filter(comparable).map(|(_, bytes)| bytes).collect()
    };
    assert_eq!(read(first.path()), read(second.path()));
}

// --- What is in them -------------------------------------------------------------------------

#[test]
fn a_view_says_which_formats_it_has() {
    for view in VIEWS {
        let help = out(&run(&cloudconnect(), &[&view.command[..1], &["--help"]].concat()));
        for format in VIEW_FORMATS {
            let has = view.endings.contains(&format.extensions[0]);
            // One help may be for several views.
            let is_same = |other: &&View| other.command[0] == view.command[0];
            let listed =
                VIEWS.iter().filter(is_same).any(|other| other.endings.contains(&format.extensions[0]));
            assert_eq!(
                help.contains(&format!("- {}:", format.name)),
                listed,
                "{}: {}",
                view.name,
                format.name
            );
            let output = run(&cloudconnect(), &[view.command, &["--format", format.name]].concat());
            // NO-GO and a closed gate are answers, too.
            let answers = if matches!(view.name, "report" | "gate") { 1 } else { 0 };
            let expect = if has { answers } else { 2 };
            assert_eq!(code(&output), expect, "{}: {}", view.name, format.name);
            assert_eq!(out(&output).is_empty(), !has, "{}: {}", view.name, format.name);
        }
    }
}

#[test]
fn words_of_probability_are_named_where_they_are_used() {
    let plan = folder(&[(
        "release/plan.yaml",
        "- {id: RISK-1, title: One, probability: High, impact: High}\n\
         - {id: RISK-2, title: Two, probability: 50%, impact: Low}\n\
         - {id: RISK-3, title: Three, impact: Low}\n\
         - {id: RISK-4, title: Four, probability: 90%, impact: Low, status: resolved}\n",
    )]);
    let register: serde_json::Value =
        serde_json::from_str(&out(&run(plan.path(), &["risks", "--format", "json"]))).expect("JSON");
    // 1 − 0.3 · 0.5: what is resolved does not happen, and what is not rated is not counted.
    assert_eq!(register["chance"]["open_percent"], 85.0);
    assert_eq!(register["chance"]["not_counted"], serde_json::json!(["RISK-3"]));
    let text = out(&run(plan.path(), &["risks"])).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("High = 70 %"), "{text}");
    assert!(text.contains("because they have no probability: RISK-3"), "{text}");
}

#[test]
fn nothing_is_covered_to_no_percentage() {
    let plan = bare();
    let matrix: serde_json::Value =
        serde_json::from_str(&out(&run(plan.path(), &["matrix", "PER", "SCR", "--format", "json"])))
            .expect("JSON");
    assert_eq!(matrix["row_coverage"][0]["total"], 0);
    assert_eq!(matrix["row_coverage"][0].get("percent"), None);
    assert!(out(&run(plan.path(), &["matrix", "PER", "SCR"])).contains("n/a"));
    let none = out(&run(plan.path(), &["matrix", "EPIC", "TEST"]));
    assert!(none.contains("0 of 1 (0 %)"), "{none}");
}

#[test]
fn chains_count_only_where_they_are_asked_for() {
    let plan = folder(&[(
        "release/plan.yaml",
        "- {id: EPIC-1, title: One, depends_on: EPIC-2}\n\
         - {id: EPIC-2, title: Two, tests: TEST-2, linked_ids: FEA-1}\n\
         - {id: FEA-1, title: A feature, part_of: EPIC-1, tests: TEST-1}\n\
         - {id: TEST-1, title: A}\n- {id: TEST-2, title: B}\n",
    )]);
    let cells = |more: &[&str]| -> Vec<String> {
        let output = run(plan.path(), &[&["matrix", "EPIC", "TEST", "--format", "json"], more].concat());
        let matrix: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
        let cells = matrix["cells"].as_array().expect("cells").iter();
        cells.map(|cell| format!("{} {} {}", cell["row"], cell["column"], cell["through"])).collect()
    };
    assert_eq!(cells(&[]), ["\"EPIC-2\" \"TEST-2\" []"]);
    // Neither what an epic depends on nor what it merely has to do with lends it a test.
    assert_eq!(cells(&["--through"]), ["\"EPIC-1\" \"TEST-1\" [\"FEA-1\"]", "\"EPIC-2\" \"TEST-2\" []"]);
}

#[test]
fn a_release_has_its_own_entries() {
    let plan = folder(&[(
        "release/plan.yaml",
        "- {id: REL-1, title: First, version: \"1.0.0\", date: 2026-12-01, scope: {must: EPIC-1}}\n\
         - {id: REL-2, title: Second, version: \"2.0.0\", date: 2027-02-01, scope: {must: EPIC-2}}\n\
         - {id: EPIC-1, title: One}\n- {id: EPIC-2, title: Two}\n- {id: EPIC-3, title: Of no scope}\n\
         - {id: EPIC-4, title: Says so, release: 2.0.0}\n",
    )]);
    let rows = |release: &str| -> Vec<String> {
        let output = run(plan.path(), &["matrix", "EPIC", "TEST", "--format", "json", "--release", release]);
        let matrix: serde_json::Value =
            serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)));
        matrix["rows"]
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| row["id"].as_str().unwrap_or("").to_owned())
            .collect()
    };
    assert_eq!(rows("REL-1"), ["EPIC-1"]);
    assert_eq!(rows("next"), ["EPIC-1"]);
    assert_eq!(rows("2.0.0"), ["EPIC-2", "EPIC-4"]);
}

/// One epic with six hundred tests: more links than Mermaid takes.
fn large() -> tempfile::TempDir {
    let mut plan = String::from("- id: EPIC-1\n  title: All\n  tests: TEST-1 to TEST-600\n");
    (1..=600).for_each(|number| plan += &format!("- {{id: TEST-{number}, title: T}}\n"));
    folder(&[("release/plan.yaml", plan)])
}

#[test]
fn more_links_than_mermaid_takes_are_said_to_be_left_out() {
    let plan = large();
    let chart = |format| out(&run(plan.path(), &["matrix", "EPIC", "TEST", "--format", format]));
    let mermaid = chart("mermaid");
    assert_eq!(mermaid.matches("-->").count(), 500);
    assert!(mermaid.contains("100 more links and 0 more nodes are not drawn: use --format dot"), "{mermaid}");
    assert_eq!(chart("dot").matches(" -> ").count(), 600);
    assert!(chart("markdown").contains("600 links, too large to draw"));
}

// --- What goes wrong -------------------------------------------------------------------------

#[test]
fn errors_name_the_choices_and_write_nothing() {
    let place = folder(&[("a-folder/x", "")]);
    let path = |name: &str| place.path().join(name).display().to_string();
    let (calendar, folder, deep) = (path("r.ics"), path("a-folder"), path("no/such/r.md"));
    let cases: [(&[&str], &str); 8] = [
        (&["risks", "--release", "9.9.9"], "`REL-001 3.0.0`"),
        (&["risks", "--format", "dot"], "possible values: terminal, csv, html, json, markdown"),
        (&["risks", "-o", &calendar], "available formats: `terminal`, `csv`, `html`, `json`, `markdown`"),
        (&["risks", "-o", &path("r")], "available formats"),
        (&["risks", "--format", "html", "-o", &folder], "cannot write"),
        (&["risks", "-o", &deep], "cannot write"),
        (&["matrix", "EPICS", "TEST"], "the plan has `ACT`"),
        (&["matrix", "EPIC"], "<TO>"),
    ];
    for (arguments, message) in cases {
        let output = run(&cloudconnect(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(err(&output).contains(message), "{arguments:?}: {}", err(&output));
        assert!(out(&output).is_empty(), "{arguments:?}");
    }
    assert_eq!(support::snapshot(place.path()).len(), 1, "nothing was written");
    let empty = support::folder(&[("release/plan.yaml", "# nothing\n")]);
    assert_eq!(run(empty.path(), &["risks"]).status.code(), Some(2));
}

// --- What other programs make of them --------------------------------------------------------

/// A browser that pages can be opened in, or nothing where there is none.
pub fn browser() -> Option<PathBuf> {
    let named = std::env::var_os("RELPLAN_BROWSER").map(PathBuf::from);
    let known =
        ["chromium", "chromium-browser", "google-chrome"].map(|name| Path::new("/usr/bin").join(name));
    named.into_iter().chain(known).find(|path| path.exists())
}

/// Breaks everything that is checked, so that a checker that checks nothing is noticed.
const WRONG: &[(&str, &str)] = &[
    ("wrong.md", "# One\n# Two\n"),
    ("wrong.mmd", "flowchart LR\n  a[[[ --> end\n"),
    (
        "wrong.html",
        "<!doctype html><html><title>x</title><body><img src=\"https://example.invalid/x.png\">\
         <div style=\"width:2000px\">wide</div><script>console.error('loud')</script>",
    ),
];

#[test]
fn markdown_mermaid_and_pages_are_what_they_claim() {
    let modules = project().join("target/validators/node/node_modules");
    let Some(browser) = browser().filter(|_| modules.join("axe-core").exists()) else {
        support::skipped("no browser, or no packages to drive it");
        return;
    };
    let made = everything();
    let chart = made.path().join("large.mmd").display().to_string();
    run(large().path(), &["matrix", "EPIC", "TEST", "--output", &chart]);
    WRONG.iter().for_each(|(name, text)| std::fs::write(made.path().join(name), text).expect("a file"));
    let script = project().join("tests/validators/documents.mjs");
    let mut command = Command::new("node");
    command.arg(script).arg(made.path()).arg(browser).arg(modules);
    let output = command.output().expect("node can be started");
    let (text, errors) = (out(&output), err(&output));
    let problems: Vec<&str> = text.lines().filter(|line| !line.starts_with("checked ")).collect();
    let real: Vec<&&str> = problems.iter().filter(|line| !line.starts_with("wrong.")).collect();
    assert!(real.is_empty(), "{real:#?}\n{errors}");
    for sign in [
        "wrong.md:",
        "wrong.mmd: Mermaid",
        "wrong.html: console",
        "wrong.html: it asks",
        "scrolls sideways",
        "image-alt",
    ] {
        assert!(problems.iter().any(|line| line.contains(sign)), "nobody noticed {sign}\n{text}{errors}");
    }
}

#[test]
fn graphviz_draws_every_graph() {
    let Ok(version) = Command::new("dot").arg("-V").output() else {
        support::skipped("no Graphviz");
        return;
    };
    assert!(version.status.success());
    let made = everything();
    for name in files(made.path(), ".dot") {
        let output = Command::new("dot")
            .arg("-Tsvg")
            .arg(made.path().join(&name))
            .output()
            .expect("dot can be started");
        assert!(output.status.success(), "{name}: {}", err(&output));
        assert!(err(&output).is_empty(), "{name}: {}", err(&output));
    }
}

#[test]
fn calendars_are_valid() {
    let report = showcase::report();
    let format = VIEW_FORMATS.iter().find(|format| format.name == "ics").expect("calendars");
    let made = folder(&[("showcase.ics", format.draw(report.clone(), Style::PLAIN))]);
    write_all(&cloudconnect(), made.path(), "cloudconnect");
    write_all(awkward().path(), made.path(), "awkward");
    let read =
        |name: &str| accepted(made.path(), &["ics", name]).unwrap_or_else(|problems| panic!("{problems}"));
    let drawn = files(made.path(), ".ics");
    let expect =
        ["awkward-calendar.ics", "cloudconnect-calendar.ics", "cloudconnect-schedule.ics", "showcase.ics"];
    assert_eq!(
        drawn, expect,
        "the awkward plan has no estimates, so that its schedule has no event to write"
    );
    drawn.iter().for_each(|name| {
        read(name);
    });
    let read = read("showcase.ics");
    if read.is_empty() {
        return;
    }
    let read: serde_json::Value = serde_json::from_str(&read).expect("JSON");
    assert_eq!(read["event-0@relplan"], serde_json::json!(["2026-12-01", "2026-12-02", AWKWARD[0]]));
    assert_eq!(read["moment@relplan"][0], "2026-12-30 23:30:00+00:00");
    let broken =
        folder(&[("broken.ics", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")]);
    assert!(accepted(broken.path(), &["ics", "broken.ics"]).is_err(), "a validator that takes everything");
}

#[test]
fn json_fulfils_its_schema() {
    let made = everything();
    for (schema, views) in [
        ("risks", &["-risks.json"][..]),
        ("calendar", &["-calendar.json"]),
        ("rollback", &["-rollback.json"]),
        ("checklist", &["-checklist.json", "-checklist-open.json"]),
        ("release-plan", &["-plan.json"]),
        ("scope", &["-scope.json"]),
        ("scope-options", &["-scope-options.json"]),
        ("forecast", &["-forecast.json"]),
        ("forecast-backtest", &["-forecast-backtest.json"]),
        ("schedule", &["-schedule.json"]),
        ("health", &["-health.json"]),
        ("report", &["-report.json"]),
        ("gate", &["-gate.json"]),
        ("matrix", &["-matrix.json", "-matrix-through.json", "-matrix-empty.json"]),
    ] {
        let text = out(&run(made.path(), &["schema", schema]));
        std::fs::write(made.path().join("schema"), text).expect("a file");
        let names: Vec<String> = views.iter().flat_map(|ending| files(made.path(), ending)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let arguments = [&["json", "schema"], names.as_slice()].concat();
        accepted(made.path(), &arguments).unwrap_or_else(|problems| panic!("{problems}"));
        // A copy with one key too few is refused, or the schema demands nothing.
        std::fs::write(made.path().join("less"), "{\"version\": 1}").expect("a file");
        let refused =
            support::python().is_none() || accepted(made.path(), &["json", "schema", "less"]).is_err();
        assert!(refused, "{schema}");
    }
}
