//! `relplan message`: what it says is in the plan, and mail and chat can take it.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use regex::Regex;
use serde_json::Value;

use crate::support::{self, code, err, folder, out, run, skipped};

const KINDS: [&str; 9] = [
    "announcement",
    "notice",
    "start",
    "phase",
    "completion",
    "rollback",
    "incident",
    "status-update",
    "executive-summary",
];

const PLAN: &str = "\
- id: REL-001
  title: Spring release
  version: \"3.0.0\"
  date: 2027-06-10
  theme: Faster for everyone
  owner: Release Desk
  scope: {must: [EPIC-1, EPIC-2]}
  strategy: canary
  rollout:
    - {name: Early adopters, traffic: 10%, duration: 2 days}
    - {name: Everyone, traffic: 100%}
  breaking_changes:
    - {change: The old API is gone, migration: Call the new one}
  known_issues:
    - {issue: Exports above 20 MB fail, workaround: Split them}
- {id: EPIC-1, title: Search, state: Complete, release_note: \"Ask @ops, <!channel> & *friends*\"}
- {id: EPIC-2, title: Themes, state: Planned}
- {id: INC-001, title: Search is down, release: \"3.0.0\", severity: High, detected: 2027-04-30T10:00Z}
";

/// The plan with a status of its release.
fn with_status(status: &str) -> String {
    PLAN.replace("  date: 2027-06-10\n", &format!("  date: 2027-06-10\n  status: {status}\n"))
}

/// A folder with a plan of which a message of this kind is true.
fn fit_for(kind: &str) -> tempfile::TempDir {
    let status = match kind {
        "completion" => "released",
        "rollback" => "rolled back",
        _ => "planned",
    };
    folder(&[("release/plan.yaml", with_status(status))])
}

fn message(at: &Path, arguments: &[&str]) -> String {
    let output = run(at, &[&["message"], arguments, &["--today", "2027-05-01"]].concat());
    assert_eq!(code(&output), 0, "{arguments:?}: {}", err(&output));
    out(&output)
}

fn of_kind(kind: &str) -> Vec<&str> {
    match kind {
        "phase" => vec![kind, "--phase", "1"],
        "incident" => vec![kind, "--incident", "INC-001"],
        kind => vec![kind],
    }
}

/// How many blockers a report has.
fn blockers(report: &str) -> String {
    let report: Value = serde_json::from_str(report).expect("JSON");
    report["blockers"].as_array().map_or(0, Vec::len).to_string()
}

/// The numbers and dates of a text.
fn figures(text: &str) -> BTreeSet<String> {
    let figure = Regex::new(r"\d[\d.:-]*\d|\d").expect("a pattern");
    figure.find_iter(text).map(|found| found.as_str().to_owned()).collect()
}

#[test]
fn no_figure_is_said_that_the_plan_does_not_have() {
    let check = |at: &Path, plan: &str, kind: &str| {
        let release = ["--release", "3.0.0"];
        let calendar =
            run(at, &["calendar", "--format", "json", "--today", "2027-05-01", "--from", "2026-01-01"]);
        let notes = run(at, &["notes", "--format", "json", "--today", "2027-05-01", "--release", "3.0.0"]);
        let health = run(at, &["health", "--format", "json", "--today", "2027-05-01", "--release", "3.0.0"]);
        let report = run(at, &["report", "--format", "json", "--today", "2027-05-01", "--release", "3.0.0"]);
        let known = [plan.to_owned(), out(&calendar), out(&notes), out(&health), out(&report)];
        let mut known = figures(&known.concat());
        // The number of blockers is that of the items of the report.
        known.insert(blockers(&out(&report)));
        for audience in ["customers", "partners", "operations"] {
            let text = message(at, &[&of_kind(kind)[..], &["--audience", audience], &release].concat());
            // What keeps a name from being notified is no figure.
            let text = text.replace("&#8203;", "");
            let invented: Vec<String> = figures(&text).difference(&known).cloned().collect();
            assert!(invented.is_empty(), "{kind} for {audience}: {invented:?}\n{text}");
        }
    };
    for kind in KINDS {
        check(fit_for(kind).path(), PLAN, kind);
    }
    let example = support::project().join("examples/cloudconnect");
    let plan = std::fs::read_to_string(example.join("release.yaml")).expect("the example");
    ["announcement", "notice", "start", "phase"].iter().for_each(|kind| check(&example, &plan, kind));
}

#[test]
fn what_is_not_so_is_not_told() {
    for (status, kind) in [
        ("planned", "completion"),
        ("in progress", "completion"),
        ("cancelled", "announcement"),
        ("released", "notice"),
        ("rolled back", "start"),
        ("planned", "rollback"),
    ] {
        let at = folder(&[("release/plan.yaml", with_status(status))]);
        let output = run(at.path(), &["message", kind, "--release", "3.0.0", "--today", "2027-05-01"]);
        assert_eq!(code(&output), 2, "{status} {kind}: {}", out(&output));
        assert!(err(&output).contains(&format!("a {kind} message would not be true")), "{}", err(&output));
    }
}

#[test]
fn what_the_plan_does_not_state_is_a_visible_gap() {
    let bare = folder(&[("release/plan.yaml", "- {id: REL-001, title: Spring, version: \"3.0.0\"}\n")]);
    let output = run(bare.path(), &["message", "notice", "--today", "2027-05-01"]);
    assert!(out(&output).contains("[release date: not stated in the plan]"), "{}", out(&output));
    assert!(err(&output).contains("3 gaps in the message"), "{}", err(&output));
}

#[test]
fn only_complete_changes_are_told() {
    let text = message(fit_for("completion").path(), &["completion"]);
    assert!(text.contains("Ask @&#8203;ops, &lt;!channel&gt;") && !text.contains("Themes"), "{text}");
}

#[test]
fn a_fact_steers_nothing_and_holds_no_secret() {
    let title = r"A\u001b[31m\n## B pwd=hunter22";
    let at = folder(&[(
        "release/plan.yaml",
        PLAN.replace("title: Spring release", &format!("title: \"{title}\"")),
    )]);
    for format in ["markdown", "slack", "teams", "eml", "atom"] {
        let text = message(at.path(), &["start", "--format", format, "--from", "desk@example.com"]);
        assert!(
            !text.contains('\u{1b}') && !text.contains("u001b") && !text.contains("hunter22"),
            "{format}: {text}"
        );
        assert!(!text.lines().any(|line| line.starts_with("## B")), "{format}: {text}");
    }
}

#[test]
fn feed_readers_take_it() {
    for kind in KINDS {
        let at = fit_for(kind);
        let arguments = ["--format", "atom", "--from", "desk@example.com"];
        let text = message(at.path(), &[&of_kind(kind)[..], &arguments[..]].concat());
        std::fs::write(at.path().join("feed.atom"), &text).expect("a file");
        let read = support::accepted(at.path(), &["atom", "feed.atom"])
            .unwrap_or_else(|problems| panic!("{problems}"));
        if read.is_empty() {
            continue;
        }
        let entries: Value = serde_json::from_str(&read).expect("JSON");
        let title = entries[0]["title"].as_str().expect("a title");
        assert!(title.starts_with("Spring release (3.0.0): "), "{title}");
        let content = entries[0]["content"].as_str().expect("a text");
        assert!(content.starts_with('<') && content.contains("Release Desk"), "{content}");
        assert!(!content.contains("<!channel>"), "{content}");
    }
}

#[test]
fn slack_takes_it() {
    for kind in KINDS {
        let at = fit_for(kind);
        let text = message(at.path(), &[&of_kind(kind)[..], &["--format", "slack"]].concat());
        let json: Value = serde_json::from_str(&text).expect("JSON");
        let blocks = json["blocks"].as_array().expect("blocks");
        assert!(!blocks.is_empty() && blocks.len() <= 50);
        for block in blocks {
            let text = block["text"]["text"].as_str().expect("a text");
            let longest = if block["type"] == "header" { 150 } else { 3_000 };
            assert!(!text.is_empty() && text.chars().count() <= longest, "{block}");
            assert!(!text.contains("<!channel>"), "{block}");
        }
    }
    let long = format!(
        "{}- {{id: EPIC-3, title: E, state: Complete, release: REL-001, release_note: {}}}\n",
        with_status("released"),
        "a".repeat(200_000)
    );
    let at = folder(&[("release/plan.yaml", &long)]);
    let output = run(at.path(), &["message", "completion", "--format", "slack", "--today", "2027-05-01"]);
    assert!(code(&output) == 2 && err(&output).contains("Slack takes 50"), "{}", err(&output));
}

#[test]
fn teams_takes_it() {
    for kind in KINDS {
        let at = fit_for(kind);
        let text = message(at.path(), &[&of_kind(kind)[..], &["--format", "teams"]].concat());
        let json: Value = serde_json::from_str(&text).expect("JSON");
        let card = &json["attachments"][0]["content"];
        assert_eq!((&json["type"], &card["type"]), (&"message".into(), &"AdaptiveCard".into()));
        for block in card["body"].as_array().expect("a body") {
            assert_eq!((&block["type"], &block["wrap"]), (&"TextBlock".into(), &true.into()));
            assert!(block["text"].as_str().is_some_and(|text| !text.is_empty()), "{block}");
        }
    }
}

/// Reads a mail by the strict policy of Python's library, which raises where the mail breaks a rule.
const STRICT: &str = "
import email, email.policy, json, sys
mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.strict)
assert not mail.defects, mail.defects
headers = {name: str(mail[name]) for name in ('From', 'To', 'Subject', 'Date', 'Message-ID')}
assert all(not value.defects for value in mail.values()), [value.defects for value in mail.values()]
print(json.dumps({**headers, 'text': mail.get_body(('plain',)).get_content()}))
";

#[test]
fn mail_is_what_python_reads_strictly() {
    let Some(mut python) = support::python() else { return skipped("no Python of tests/validators") };
    let at = folder(&[(
        "release/plan.yaml",
        &with_status("released").replace(
            "Spring release",
            "Frühling ü – release of a long name that has to be folded in the head of a mail",
        ),
    )]);
    let to =
        ["--format", "eml", "--from", "desk@example.com", "--to", "a@example.com", "--to", "b@example.com"];
    let mail = message(at.path(), &[&["completion"], &to[..]].concat());
    assert_eq!(
        mail,
        message(at.path(), &[&["completion"], &to[..]].concat()),
        "the same plan, the same bytes"
    );
    let mut child = python
        .args(["-c", STRICT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python runs");
    child.stdin.take().expect("a pipe").write_all(mail.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("an end");
    assert!(output.status.success(), "{mail}");
    let read: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(
        read["Subject"].as_str().is_some_and(|subject| subject.contains("Frühling ü – release")),
        "{read}"
    );
    assert_eq!(read["To"], "a@example.com, b@example.com");
    assert!(read["text"].as_str().is_some_and(|text| text.contains("Workaround: Split them")), "{read}");
}

#[test]
fn bad_input_is_one_clear_error() {
    let at = folder(&[
        ("release/plan.yaml", PLAN),
        ("misspelt.md", "Subject: {{ release }}\n\n{{ relase }}\n"),
        (
            "endless.md",
            "Subject: a\n{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}\n",
        ),
        ("open.md", "Subject: a\n{% if release %}\n"),
    ]);
    let check = |arguments: &[&str], message: &str| {
        let output = run(at.path(), &[&["message"], arguments, &["--today", "2027-05-01"]].concat());
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(err(&output).contains(message), "{arguments:?}: {}", err(&output));
    };
    check(&["start", "--template", "misspelt.md"], "misspelt.md:3: it uses a fact that messages do not have");
    check(&["start", "--template", "endless.md"], "the template does not end");
    check(&["start", "--template", "open.md"], "open.md:");
    check(&["start", "--template", "missing.md"], "missing.md");
    check(&["phase"], "--phase");
    check(&["phase", "--phase", "Nobody"], "the phases are");
    check(&["start", "--format", "eml"], "pass `--from ADDRESS`");
    check(&["start", "--format", "atom"], "pass `--from ADDRESS`");
    check(&["start", "--format", "eml", "--from", "a@b\nBcc: c@d"], "write an address");
    check(&["start", "--release", "9.9.9"], "9.9.9");
}

#[test]
fn a_template_of_ones_own_has_the_facts() {
    let template = "Subject: {{ product or \"Shop\" }} {{ version }}\n\n{{ phases | join(\", \") }}\n";
    let at = folder(&[("release/plan.yaml", PLAN), ("own.md", template)]);
    let text = message(at.path(), &["start", "--template", "own.md"]);
    assert_eq!(text, "# Shop 3.0.0\n\nEarly adopters: 10 %, 2 days, Everyone: 100 %\n");
    assert!(message(at.path(), &["start", "--print-template"]).starts_with("Subject: {{ release }}"));
}

#[test]
fn people_can_read_the_markdown_of_a_message() {
    let plan = PLAN.replace(
        "  theme: Faster",
        "  objectives: [{name: Use of `dark_mode`, target: \">= 90%\", actual: 40%}]\n  theme: Faster",
    );
    let at = folder(&[("release/plan.yaml", plan)]);
    let text = message(at.path(), &["executive-summary"]);
    assert!(text.contains("Use of `dark_mode`, target >= 90"), "{text}");
    assert!(!text.contains("&gt;") && !text.contains("\\`"), "{text}");
}
