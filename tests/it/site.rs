//! The site: its pages lead to each other and nowhere else, say what the commands say, and do nothing that a plan asks
//! for; and its folder holds nobody's files but its own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use html5gum::{Token, Tokenizer};

use crate::documents::{awkward, bare, browser};
use crate::injection::{PAYLOADS, plan as hostile, shape_of_html};
use crate::support::{self, code, err, folder, out, project, relplan, snapshot};

const COMMIT: &str = "--commit=4f2d9c1e8b7a6053d1c2b3a4958676564738291a";
const TODAY: &str = "2026-11-20";

fn write(plan: &Path, more: &[&str]) -> Output {
    let arguments = [&["site", "--today", TODAY, "-q", COMMIT], more].concat();
    relplan(plan).args(arguments).output().expect("relplan can be started")
}

/// The site of a plan.
fn site(plan: &Path) -> tempfile::TempDir {
    let made = tempfile::tempdir().expect("a temporary folder");
    let output = write(plan, &["--output", &made.path().display().to_string()]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    made
}

fn cloudconnect() -> PathBuf {
    project().join("examples/cloudconnect")
}

/// The files of a site with their paths below it.
fn files(site: &Path) -> Vec<(String, String)> {
    let name = |path: String| {
        let path = Path::new(&path).strip_prefix(site).expect("below the site").to_owned();
        path.display().to_string().replace('\\', "/")
    };
    let all = snapshot(site).into_iter();
    all.map(|(path, bytes)| (name(path), String::from_utf8(bytes).expect("UTF-8"))).collect()
}

fn pages(site: &Path) -> Vec<(String, String)> {
    let mut files = files(site);
    files.retain(|(path, _)| path.ends_with(".html"));
    files
}

fn page(site: &Path, path: &str) -> String {
    std::fs::read_to_string(site.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Attributes of a page: the tag, the attribute and its value.
fn attributes(html: &str) -> Vec<(String, String, String)> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut found = Vec::new();
    for token in Tokenizer::new(html) {
        if let Token::StartTag(tag) = token.unwrap_or_else(|never| match never {}) {
            let own = tag.attributes.iter();
            found.extend(own.map(|(key, value)| (text(&tag.name), text(key), text(value))));
        }
    }
    found
}

/// Where a reference of a page leads, as a path below the site.
fn resolved(from: &str, to: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in to.split('/') {
        match part {
            ".." => {
                parts.pop().expect("no reference leads out of the site");
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Holds every reference of every page: it leads to a file of the site, or to a place of the page.
fn check_references(site: &Path) -> usize {
    let files = files(site);
    let known: BTreeSet<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    let mut count = 0;
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let attributes = attributes(text);
        let places: BTreeSet<&str> =
            attributes.iter().filter(|(_, key, _)| key == "id").map(|(_, _, value)| value.as_str()).collect();
        let references = attributes.iter().filter(|(_, key, _)| key == "href" || key == "src");
        for (tag, _, to) in references.filter(|(_, _, to)| to != "data:,") {
            count += 1;
            match to.split_once('#') {
                Some(("", place)) => assert!(places.contains(place), "{path}: {to}"),
                Some(_) => panic!("{path}: {to}"),
                None => assert!(known.contains(&*resolved(path, to)), "{path}: <{tag}> {to}"),
            }
        }
        assert!(
            text.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'"),
            "{path}"
        );
        assert!(!text.contains("<style"), "{path}: it has a style sheet of its own");
    }
    count
}

#[test]
fn every_reference_leads_to_a_page_of_the_site() {
    for plan in [cloudconnect(), project().join("tests/plans/go")] {
        assert!(check_references(site(&plan).path()) > 100, "{}", plan.display());
    }
    check_references(site(awkward().path()).path());
    check_references(site(bare().path()).path());
}

#[test]
fn every_entry_has_a_page_and_ids_lead_there() {
    let made = site(&cloudconnect());
    let list = out(&support::run(&cloudconnect(), &["list", "--format", "json"]));
    let list: serde_json::Value = serde_json::from_str(&list).expect("JSON");
    let ids: Vec<&str> = list["entries"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|entry| entry["id"].as_str().expect("an id"))
        .collect();
    assert!(ids.len() > 100);
    for id in &ids {
        let text = page(made.path(), &format!("entries/{}.html", id.to_lowercase()));
        assert!(text.contains(&format!("<h1>{id}")), "{id}");
    }
    // Wherever a document names an entry as one, it leads to its page.
    for (path, text) in pages(made.path()) {
        for id in &ids {
            let own = format!("entries/{}.html", id.to_lowercase());
            let is_plain = text.contains(&format!("<span class=\"id\">{id}</span>"));
            assert!(path == own || !is_plain, "{path}: {id} leads nowhere");
        }
    }
    let report = page(made.path(), "release-rel-001/report.html");
    assert!(report.contains("<a class=\"id\" href=\"../entries/dep-105.html\">DEP-105</a>"));
    let risks = page(made.path(), "release-rel-001/risks.html");
    assert!(
        risks.contains("<a href=\"../entries/risk-002.html\"><text"),
        "the heat map leads to entries, too"
    );
}

#[test]
fn an_entry_has_its_checks_gates_links_and_results() {
    let made = site(&cloudconnect());
    let epic = page(made.path(), "entries/epic-01.html");
    for part in ["Checks", "Gates", "Fields", "Links", "Linked from"] {
        assert!(epic.contains(&format!(">{part}</h2>")), "{part}");
    }
    assert!(epic.contains("href=\"../release-rel-001/gate-production.html\""));
    assert!(epic.contains("href=\"../entries/test-004.html\""));
    let test = page(made.path(), "entries/test-001.html");
    assert!(test.contains(">Test results</h2>"), "{test}");
}

#[test]
fn the_decision_log_is_the_history_of_an_entry_and_of_a_release() {
    let plan = support::copy(&project().join("tests/plans/go"));
    let today = "2027-03-10";
    let decided = relplan(plan.path())
        .args(["decide", "--by", "Rhea", "--today", today, COMMIT])
        .output()
        .expect("relplan can be started");
    assert!(matches!(code(&decided), 0 | 1), "{}", err(&decided));
    let made = tempfile::tempdir().expect("a temporary folder");
    let into = made.path().display().to_string();
    let output = relplan(plan.path())
        .args(["site", "--today", today, COMMIT, "--output", &into])
        .output()
        .expect("relplan can be started");
    assert_eq!(code(&output), 0, "{}", err(&output));
    let release = page(made.path(), "entries/rel-300.html");
    assert!(release.contains(">Decisions</h2>") && release.contains("Rhea"), "{release}");
    let with_history =
        pages(made.path()).iter().filter(|(_, text)| text.contains(">History of verdicts</h2>")).count();
    assert!(with_history > 3, "{with_history}");
    let front = page(made.path(), "index.html");
    assert!(front.contains("Confidence at each decision"), "{front}");
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let (first, second) = (site(&cloudconnect()), site(&cloudconnect()));
    assert_eq!(files(first.path()), files(second.path()));
}

// --- Texts that mean something ---------------------------------------------------------------

#[test]
fn no_text_of_a_plan_does_anything_in_a_site() {
    for payloads in PAYLOADS.chunks(11) {
        let payloads: Vec<String> = payloads.iter().map(|payload| (*payload).to_owned()).collect();
        let plain: Vec<String> = (1..=payloads.len()).map(|number| format!("plain text {number}")).collect();
        let (told, expected) = (site(hostile(&payloads).path()), site(hostile(&plain).path()));
        let mut allowed: BTreeSet<String> = BTreeSet::new();
        pages(expected.path()).iter().for_each(|(_, text)| allowed.extend(shape_of_html(text).0));
        for (path, text) in pages(told.path()) {
            let (shape, _) = shape_of_html(&text);
            let more: Vec<_> = shape.difference(&allowed).collect();
            assert!(more.is_empty(), "{path}: {more:?}");
            assert!(relplan::source::invisible::find(&text).is_empty(), "{path}");
        }
        let index = page(told.path(), "assets/search-index.js");
        let list = index.strip_prefix("globalThis.relplanIndex=").and_then(|rest| rest.strip_suffix(";\n"));
        let list: Vec<[String; 4]> = serde_json::from_str(list.expect("one statement")).expect("JSON");
        assert!(list.len() > payloads.len() * 5);
    }
}

#[test]
fn secrets_are_in_no_file_of_a_site() {
    let token = format!("ghp_{}", "a1B2c3D4e5F6g7H8i9J0".repeat(2).get(..36).expect("letters"));
    let plan = folder(&[(
        "release/plan.yaml",
        format!(
            "- id: DEP-1\n  title: Staging {token}\n  type: Environment\n  name: staging\n  owner: Ops\n  \
             configuration:\n    DB_PASSWORD: hunter2hunter2\n    nested:\n      api_key: s3cretvalue99\n  \
             description: log in with pwd=correct-horse-battery\n"
        ),
    )]);
    let made = site(plan.path());
    for (path, text) in files(made.path()) {
        for secret in [token.as_str(), "hunter2hunter2", "s3cretvalue99", "correct-horse-battery"] {
            assert!(!text.contains(secret), "{path}: {secret}");
        }
    }
    assert!(page(made.path(), "entries/dep-1.html").contains("••••"));
}

// --- Plans that have little, or much ---------------------------------------------------------

#[test]
fn a_plan_without_release_or_owner_has_a_site_too() {
    let made = site(bare().path());
    let front = page(made.path(), "index.html");
    assert!(front.contains("Whole plan") && front.contains("NO-GO"), "{front}");
    assert!(page(made.path(), "entries/epic-001.html").contains("No owner"));
    assert!(made.path().join("plan/report.html").exists());
    let empty = folder(&[("release/plan.yaml", "# nothing yet\n")]);
    let output = write(empty.path(), &[]);
    assert_eq!(code(&output), 2, "{}", err(&output));
    assert!(!empty.path().join("site").exists(), "nothing is left of a site that was not written");
}

#[test]
fn three_hundred_blockers_are_counted_and_the_first_are_named() {
    let mut plan = "- {id: REL-1, title: Large, version: 1.0.0, date: 2026-12-14, type: minor}\n".to_owned();
    for number in 1..=300 {
        plan +=
            &format!("- {{id: DEP-{number}, title: Criterion {number}, type: Criteria, blocker: true}}\n");
    }
    let plan = folder(&[("release/plan.yaml", plan)]);
    let made = site(plan.path());
    let front = page(made.path(), "index.html");
    let report = out(&relplan(plan.path())
        .args(["report", "--today", TODAY, COMMIT, "--format", "json"])
        .output()
        .expect("relplan can be started"));
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let blockers = report["blockers"].as_array().expect("blockers").len();
    assert!(blockers >= 300, "{blockers}");
    assert!(front.contains(&format!("<dd>{blockers}</dd>")), "{blockers}");
    assert!(front.contains(" more in the report on "), "{front}");
    assert!(front.len() < 60_000, "a front page of {} bytes", front.len());
}

#[test]
fn what_could_not_be_read_is_said_on_every_document() {
    let plan = folder(&[("release/plan.yaml", "- {id: EPIC-1, title: T, titel: U, depends_on: EPIC-2}\n")]);
    let made = site(plan.path());
    for (path, text) in pages(made.path()) {
        assert!(text.contains("The plan is incomplete"), "{path}");
    }
}

#[test]
fn gates_with_like_names_have_pages_of_their_own() {
    let config = "[gates.\"Ready!\"]\ntitle = \"One\"\napprovals = [\"QA\"]\n[gates.\"ready?\"]\ntitle = \"Two\"\napprovals = [\"QA\"]\n";
    let plan = folder(&[("release/plan.yaml", "- {id: EPIC-1, title: T}\n"), ("relplan.toml", config)]);
    let made = site(plan.path());
    let titles: BTreeSet<String> = pages(made.path())
        .into_iter()
        .filter(|(path, _)| path.starts_with("plan/gate-ready"))
        .map(|(_, text)| {
            text.split_once("<h1>").and_then(|(_, rest)| rest.split_once('<')).expect("a title").0.to_owned()
        })
        .collect();
    assert_eq!(titles.into_iter().collect::<Vec<_>>(), ["Gate: One", "Gate: Two"]);
    check_references(made.path());
}

// --- The folder ------------------------------------------------------------------------------

const SMALL: &str = "- {id: EPIC-1, title: One}\n- {id: EPIC-2, title: Two}\n";

#[test]
fn stale_pages_go_and_files_of_others_stay() {
    let plan = folder(&[("release/plan.yaml", SMALL)]);
    assert_eq!(code(&write(plan.path(), &[])), 0);
    let made = plan.path().join("site");
    std::fs::write(made.join("CNAME"), "plans.example.org\n").expect("a file");
    std::fs::write(made.join("entries/notes.txt"), "mine\n").expect("a file");
    let checked = write(plan.path(), &["--check"]);
    assert_eq!(code(&checked), 0, "{}", out(&checked));
    std::fs::write(plan.path().join("release/plan.yaml"), "- {id: EPIC-1, title: Uno}\n").expect("a file");
    let checked = write(plan.path(), &["--check"]);
    let told = out(&checked).replace('\\', "/");
    assert_eq!(code(&checked), 1);
    assert!(told.contains("site/entries/epic-1.html is stale"), "{told}");
    assert!(told.contains("site/entries/epic-2.html is no longer written"), "{told}");
    assert_eq!(code(&write(plan.path(), &[])), 0);
    assert!(!made.join("entries/epic-2.html").exists());
    assert_eq!(std::fs::read_to_string(made.join("CNAME")).expect("a file"), "plans.example.org\n");
    assert_eq!(std::fs::read_to_string(made.join("entries/notes.txt")).expect("a file"), "mine\n");
    std::fs::remove_file(made.join("findings.html")).expect("a file");
    let checked = write(plan.path(), &["--check"]);
    assert!(out(&checked).contains("findings.html is missing"), "{}", out(&checked));
    assert!(!made.join(".relplan-site-stage").exists());
}

#[test]
fn pages_depend_on_the_day_and_not_on_its_time() {
    let plan = folder(&[("release/plan.yaml", SMALL)]);
    let run = |more: &[&str]| support::run(plan.path(), &[&["site", COMMIT], more].concat());
    let written = run(&[]);
    assert_eq!(code(&written), 0, "{}", err(&written));
    let freezes = page(&plan.path().join("site"), "freezes.html");
    let day = freezes.split(" 00:00").next().filter(|before| before.len() < freezes.len());
    let day = day.and_then(|before| before.get(before.len() - 10..)).expect("the start of the day");
    // The same as with the day given, whatever the time is.
    let checked = run(&["--check", "--today", day]);
    assert_eq!(code(&checked), 0, "{}", out(&checked));
    let count = |output: &Output| out(output).split(' ').next().map(str::to_owned);
    assert!(out(&written).contains(" files written: open "), "{}", out(&written));
    assert_eq!(count(&written), count(&checked), "{} {}", out(&written), out(&checked));
}

#[test]
fn a_folder_of_somebody_else_is_refused() {
    let plan = folder(&[("release/plan.yaml", SMALL), ("docs/index.html", "mine")]);
    for target in ["docs", "release", "."] {
        let before = snapshot(plan.path());
        let output = write(plan.path(), &["--output", target]);
        assert_eq!(code(&output), 2, "{target}: {}", err(&output));
        assert!(err(&output).contains("not a site of relplan"), "{}", err(&output));
        assert_eq!(snapshot(plan.path()), before, "{target}");
    }
}

#[test]
fn a_file_of_somebody_else_in_a_site_is_not_replaced() {
    let plan = folder(&[("release/plan.yaml", SMALL)]);
    assert_eq!(code(&write(plan.path(), &[])), 0);
    let made = plan.path().join("site");
    std::fs::write(made.join("entries/epic-3.html"), "mine").expect("a file");
    let more = format!("{SMALL}- {{id: EPIC-3, title: Three}}\n");
    std::fs::write(plan.path().join("release/plan.yaml"), more).expect("a file");
    let before = snapshot(&made);
    let output = write(plan.path(), &[]);
    assert_eq!(code(&output), 2, "{}", err(&output));
    assert!(err(&output).contains("was not written by relplan"), "{}", err(&output));
    assert_eq!(snapshot(&made), before, "all of it, or nothing");
}

#[test]
fn a_manifest_that_leads_out_of_the_folder_is_none() {
    for path in
        ["../release/plan.yaml", "/etc/passwd", "a/../../release/plan.yaml", "..\\\\release\\\\plan.yaml"]
    {
        let manifest = format!("{{\"version\": 1, \"files\": [\"{path}\"]}}");
        let plan = folder(&[("release/plan.yaml", SMALL.to_owned()), ("site/.relplan-site.json", manifest)]);
        let output = write(plan.path(), &[]);
        assert_eq!(code(&output), 2, "{path}: {}", err(&output));
        assert!(plan.path().join("release/plan.yaml").exists(), "{path}");
    }
}

#[test]
fn runs_at_the_same_time_wait_for_each_other() {
    let plan = folder(&[("release/plan.yaml", SMALL)]);
    let run = || {
        let mut command = relplan(plan.path());
        command.args(["site", "--today", TODAY, "-q", COMMIT]);
        command.spawn().expect("relplan can be started")
    };
    let runs = [run(), run(), run()];
    for mut child in runs {
        assert!(child.wait().expect("it ends").success());
    }
    let checked = write(plan.path(), &["--check"]);
    assert_eq!(code(&checked), 0, "{}", out(&checked));
    assert!(!plan.path().join("site/.relplan-site-stage").exists());
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_out_of_the_folder() {
    let plan = folder(&[("release/plan.yaml", SMALL), ("elsewhere/epic-1.html", "mine")]);
    assert_eq!(code(&write(plan.path(), &[])), 0);
    let entries = plan.path().join("site/entries");
    std::fs::remove_dir_all(&entries).expect("a folder");
    std::os::unix::fs::symlink(plan.path().join("elsewhere"), &entries).expect("a link");
    let output = write(plan.path(), &[]);
    assert_eq!(code(&output), 2, "{}", err(&output));
    let kept = std::fs::read_to_string(plan.path().join("elsewhere/epic-1.html")).expect("a file");
    assert_eq!(kept, "mine");
}

// --- In a browser ----------------------------------------------------------------------------

/// A site of a plan with texts that hardly fit: from right to left, of 500 characters, without owner.
fn wide() -> tempfile::TempDir {
    let long = "An entry whose title goes on and on without ever coming to the point, ".repeat(8);
    let hebrew = "שחרור גרסה עם כותרת ארוכה מאוד שנקראת מימין לשמאל";
    let word = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung".repeat(3);
    let mut plan = format!(
        "- {{id: REL-1, title: \"{hebrew}\", version: 1.0.0, date: 2026-12-14, type: minor}}\n\
         - {{id: REL-2, title: \"{long}\", version: 1.1.0, date: 2027-01-14, type: minor}}\n\
         - {{id: REL-3, title: {word}, version: 1.2.0, date: 2027-02-14, type: minor}}\n"
    );
    for (number, title) in [hebrew, &long, &word].iter().enumerate() {
        plan += &format!(
            "- {{id: DEP-{number}, title: \"{title}\", type: Criteria, blocker: true, owner: \"{title}\", requirement: \"{title}\"}}\n\
             - {{id: EPIC-{number}, title: \"{title}\", tests: TEST-{number}, description: \"{title}\"}}\n\
             - {{id: TEST-{number}, title: \"{title}\", status: failing}}\n"
        );
    }
    folder(&[("release/plan.yaml", plan)])
}

#[test]
fn pages_are_accessible_and_search_works_from_files() {
    let modules = project().join("target/validators/node/node_modules");
    let Some(browser) = browser().filter(|_| modules.join("axe-core").exists()) else {
        support::skipped("no browser, or no packages to drive it");
        return;
    };
    let script = project().join("tests/validators/site.mjs");
    for (plan, looked_for) in [(support::copy(&cloudconnect()), "EPIC-01"), (wide(), "EPIC-1")] {
        let made = site(plan.path());
        let output = Command::new("node")
            .arg(&script)
            .args([made.path(), &browser, &modules])
            .arg(looked_for)
            .output()
            .expect("node can be started");
        assert!(output.status.success(), "{}\n{}", out(&output), err(&output));
        assert!(out(&output).contains("checked "), "{}", out(&output));
    }
    // What nobody notices in a broken site is not checked.
    let broken = folder(&[(
        "index.html",
        "<!doctype html><html><title>x</title><body><img src=\"https://example.invalid/x.png\">\
         <div style=\"width:2000px\">wide</div>",
    )]);
    let output = Command::new("node")
        .arg(&script)
        .args([broken.path(), &browser, &modules])
        .arg("EPIC-1")
        .output()
        .expect("node can be started");
    let told = out(&output);
    for sign in ["it asks for", "scrolls sideways", "image-alt", "no search field"] {
        assert!(told.contains(sign), "nobody noticed {sign}: {told}");
    }
}
