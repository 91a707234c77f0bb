//! Where `--output` may write, and what is left when a run is killed.

use std::io::Read;
use std::path::Path;

use crate::support::{code, err, folder, out, project, relplan, run};

const PLAN: &str = "\
- {id: EPIC-1, title: Sign in, state: In Progress, owner: Ann, tests: TEST-1, implements: FEA-1}
- {id: TEST-1, title: It works, owner: Ann, status: passing}
";

const CONFIG: &str = "\
[plan]
files = [\"plan.yaml\"]
[families.FEA]
external = true
headings = [\"*.md\"]
[calendar]
holidays_file = [\"days.ics\"]
[evidence]
files = [\"junit.xml\"]
";

const DAYS: &str = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//t//EN\nBEGIN:VEVENT\nUID:a\nDTSTAMP:20260101T000000Z\n\
                    DTSTART;VALUE=DATE:20261225\nSUMMARY:Christmas\nEND:VEVENT\nEND:VCALENDAR\n";

fn plan() -> tempfile::TempDir {
    folder(&[
        ("plan.yaml", PLAN),
        ("relplan.toml", CONFIG),
        ("features.md", "# FEA-1 Sign in\n"),
        ("days.ics", DAYS),
        ("junit.xml", "<testsuite name=\"s\" tests=\"1\"><testcase name=\"TEST-1\"/></testsuite>"),
    ])
}

#[track_caller]
fn refused(at: &Path, arguments: &[&str], file: &str) {
    let before = std::fs::read(at.join(file)).expect("a file");
    let output = run(at, arguments);
    assert_eq!(code(&output), 2, "{arguments:?}: {}", err(&output));
    assert!(err(&output).contains("is a file that relplan reads"), "{arguments:?}: {}", err(&output));
    assert_eq!(std::fs::read(at.join(file)).expect("a file"), before, "{arguments:?} changed {file}");
}

#[test]
fn what_was_read_is_never_replaced() {
    let at = plan();
    for file in ["plan.yaml", "relplan.toml", "features.md", "days.ics", "junit.xml"] {
        refused(at.path(), &["report", "--format", "markdown", "--output", file], file);
        refused(at.path(), &["check", "--format", "json", "--output", file], file);
    }
    let same = format!("./../{}/plan.yaml", at.path().file_name().expect("a name").to_string_lossy());
    refused(at.path(), &["risks", "--format", "csv", "--output", &same], "plan.yaml");
    let baseline = run(at.path(), &["check", "--format", "json", "--output", "known.json"]);
    assert!(code(&baseline) < 2, "{}", err(&baseline));
    refused(
        at.path(),
        &["check", "--baseline", "known.json", "--format", "json", "-o", "known.json"],
        "known.json",
    );
}

#[cfg(unix)]
#[test]
fn another_name_of_what_was_read_is_no_way_round() {
    let at = plan();
    std::os::unix::fs::symlink("plan.yaml", at.path().join("symbolic.html")).expect("a link");
    std::fs::hard_link(at.path().join("plan.yaml"), at.path().join("hard.html")).expect("a link");
    std::fs::create_dir(at.path().join("sub")).expect("a folder");
    std::os::unix::fs::symlink("../symbolic.html", at.path().join("sub/twice.html")).expect("a link");
    for name in ["symbolic.html", "hard.html", "sub/twice.html"] {
        refused(at.path(), &["report", "--output", name], "plan.yaml");
        assert_eq!(std::fs::read_to_string(at.path().join(name)).expect("a file"), PLAN);
    }
}

#[test]
fn the_log_of_decisions_is_never_replaced() {
    let at = plan();
    let first = run(at.path(), &["decide", "--by", "Ann"]);
    assert!(code(&first) < 2, "{}", err(&first));
    for command in [&["decide", "--by", "Ann"][..], &["report"], &["plan"], &["checklist"]] {
        refused(
            at.path(),
            &[command, &["--format", "json", "--output", "decisions.jsonl"]].concat(),
            "decisions.jsonl",
        );
    }
    // A log of another name, which does not exist yet.
    let output = run(
        at.path(),
        &["decide", "--by", "Ann", "--log", "log.jsonl", "--format", "json", "-o", "log.jsonl"],
    );
    assert_eq!(code(&output), 2, "{}", err(&output));
    assert!(!at.path().join("log.jsonl").exists(), "nothing is recorded that cannot be shown");
    refused(at.path(), &["decide", "--by", "Ann", "--in-toto", "decisions.jsonl"], "decisions.jsonl");
    assert_eq!(code(&run(at.path(), &["decide", "--verify"])), 0);
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_written_to_and_stay() {
    use std::os::unix::fs::FileTypeExt;
    let at = plan();
    let pipe = at.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || {
            let mut text = String::new();
            std::fs::File::open(pipe).expect("a pipe").read_to_string(&mut text).map(|_| text)
        }
    });
    let output = run(at.path(), &["plan", "--format", "html", "--output", "pipe"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(reader.join().expect("a reader").expect("a text").contains("<html"));
    assert!(std::fs::metadata(&pipe).expect("a pipe").file_type().is_fifo());
    let output = run(at.path(), &["plan", "--format", "markdown", "--output", "/dev/stdout"]);
    assert!(out(&output).starts_with("# "), "{}", out(&output));
    let output = run(at.path(), &["plan", "--format", "markdown", "--output", "/dev/null"]);
    assert_eq!((code(&output), out(&output)), (0, String::new()));
    assert!(std::fs::metadata("/dev/null").expect("a device").file_type().is_char_device());
}

#[cfg(unix)]
#[test]
fn standard_output_that_is_added_to_keeps_what_it_holds() {
    let at = plan();
    let file = at.path().join("log.out");
    std::fs::write(&file, "before\n").expect("a file");
    let added = std::fs::OpenOptions::new().append(true).open(&file).expect("a file");
    let arguments = ["plan", "--format", "markdown", "--output", "/dev/stdout", "--today", "2026-11-20"];
    let status = relplan(at.path()).args(arguments).stdout(added).status().expect("it starts");
    assert!(status.success());
    let text = std::fs::read_to_string(&file).expect("a file");
    assert!(text.starts_with("before\n# "), "{text}");
}

/// Kills runs at many moments; each time the target is whole or not there, and the next run leaves nothing beside it.
#[cfg(unix)]
#[test]
fn a_killed_run_leaves_nothing_half_written() {
    let at = project().join("examples/cloudconnect");
    let into = tempfile::tempdir().expect("a folder");
    let file = into.path().join("plan.html");
    let arguments = ["plan", "--today", "2026-11-20", "-q", "--output"];
    let whole = relplan(&at).args(arguments).arg(&file).output().expect("it starts");
    assert!(code(&whole) < 2, "{}", err(&whole));
    let expect = std::fs::read(&file).expect("a page");
    for moment in 0..40 {
        let mut child = relplan(&at).args(arguments).arg(&file).spawn().expect("it starts");
        std::thread::sleep(std::time::Duration::from_millis(moment * 3));
        let _ = child.kill();
        child.wait().expect("it ends");
        assert_eq!(std::fs::read(&file).expect("a page"), expect, "after {moment}");
    }
    std::fs::write(into.path().join(".plan.html.1.relplan-tmp"), "half").expect("a file");
    let last = relplan(&at).args(arguments).arg(&file).output().expect("it starts");
    assert!(code(&last) < 2, "{}", err(&last));
    let left = std::fs::read_dir(into.path()).expect("a folder").count();
    assert_eq!(left, 1, "what killed runs left is gone");
}
