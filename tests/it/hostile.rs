//! Hostile input ends in a finding, without a panic, soon, and in bounded memory.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::support::{self, Found};

const GOOD: &str = "- {id: EPIC-1, title: Sign-in, state: In Progress, owner: Ann, tests: TEST-1}\n- {id: TEST-1, title: It works, owner: Ann}\n";

/// How long any of these may take. They take far less; this is for a machine that is busy.
const LONGEST: Duration = Duration::from_secs(60);

/// How a run ended.
struct Ran {
    code: i32,
    found: Vec<Found>,
    err: String,
}

/// Checks `folder`. Its memory may reach `times` the size of the input, and 100 MB on top.
#[track_caller]
fn check(folder: &Path, times: u64) -> Ran {
    let input: u64 = size(folder);
    let ran =
        run(folder, &["check", "--format", "json", "--today", "2026-11-20"], times * input + (100 << 20));
    let report = std::fs::read_to_string(folder.join("stdout")).expect("the report");
    let found = if ran.0 == 2 { Vec::new() } else { support::found(&report) };
    Ran { code: ran.0, found, err: ran.1 }
}

/// Runs relplan and watches it: exit code and standard error; its standard output is in `stdout`.
#[track_caller]
fn run(folder: &Path, arguments: &[&str], memory: u64) -> (i32, String) {
    let file = |name: &str| std::fs::File::create(folder.join(name)).expect("a file for the output");
    let mut command = support::relplan(folder);
    command.args(arguments).stdin(Stdio::null()).stdout(file("stdout")).stderr(file("stderr"));
    let mut child = command.spawn().expect("relplan can be started");
    let started = Instant::now();
    let mut peak = 0;
    let status = loop {
        peak = memory_of(child.id()).unwrap_or(peak);
        if let Some(status) = child.try_wait().expect("a child") {
            break status;
        }
        if started.elapsed() > LONGEST {
            let _ = child.kill();
            panic!("{arguments:?} takes longer than {LONGEST:?}");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let err = std::fs::read_to_string(folder.join("stderr")).expect("standard error");
    let code = status.code().unwrap_or_else(|| panic!("{arguments:?} died: {status}: {err}"));
    assert!(code <= 2 && !err.contains("panicked"), "{code}: {err}");
    assert!(peak < memory, "{} MB of memory, and {} MB are allowed", peak >> 20, memory >> 20);
    (code, err)
}

/// The most memory that a process had so far, where the system tells.
fn memory_of(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes << 10)
}

/// The bytes of a folder.
fn size(folder: &Path) -> u64 {
    let items = std::fs::read_dir(folder).expect("a folder").flatten().map(|item| item.path());
    let sizes = items.map(|path| match path.symlink_metadata() {
        Ok(metadata) if metadata.is_dir() => size(&path),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    });
    sizes.sum()
}

/// A plan of a good file and a hostile one.
fn beside_good(hostile: impl AsRef<[u8]>) -> tempfile::TempDir {
    support::folder(&[("plan/good.yaml", GOOD.as_bytes()), ("plan/hostile.yaml", hostile.as_ref())])
}

/// The hostile file is found by one of these rules, and by nothing else; the good file is read.
#[track_caller]
fn only(hostile: impl AsRef<[u8]>, times: u64, rules: &[&str]) {
    let folder = beside_good(hostile);
    let ran = check(folder.path(), times);
    assert_eq!(ran.code, 1, "{}", ran.err);
    for found in &ran.found {
        let place = found.places.first().map_or("", String::as_str);
        let shown: String = format!("{found:?}").chars().take(600).collect();
        assert!(rules.contains(&found.rule.as_str()) && place.starts_with("plan/hostile.yaml:"), "{shown}");
    }
    assert!(!ran.found.is_empty(), "nothing is found");
    assert!(ran.err.contains("checked 2 files"), "{}", ran.err);
}

/// `levels` lists, each holding the one before nine times.
fn bomb(levels: usize, item: impl Fn(&str) -> String) -> String {
    let mut text = format!("x-0: &a0 {}\n", item("lol"));
    for level in 1..levels {
        let _ = writeln!(text, "x-{level}: &a{level} {}", item(&format!("*a{}", level - 1)));
    }
    text
}

#[test]
fn a_title_of_a_hundred_thousand_letters_is_cut_in_tables_of_the_terminal() {
    let plan = format!(
        "- {{id: REL-1, title: R, version: 1.0.0, date: 2027-03-01, scope: {{must: EPIC-1}}}}\n- {{id: EPIC-1, title: {}, state: Planned, estimate: 3d}}\n",
        "x".repeat(100_000)
    );
    let folder = crate::support::folder(&[("plan/a.yaml", plan.as_str())]);
    for arguments in [&["list"][..], &["forecast"], &["scope"], &["status"], &["plan"]] {
        let output = crate::support::run(folder.path(), arguments);
        assert!(output.status.code().is_some_and(|code| code < 2), "{arguments:?}");
    }
}

#[test]
fn bombs_of_aliases() {
    let list = |item: &str| format!("[{}]", [item; 9].join(", "));
    let mapping = |item: &str| {
        let pairs: Vec<String> = (0..9).map(|key| format!("k{key}: {item}")).collect();
        format!("{{{}}}", pairs.join(", "))
    };
    let entry = "id: LL-2\ntitle: Two\nowner: Ann\n";
    only(format!("{}{entry}", bomb(30, list)), 8, &["alias-budget"]);
    only(format!("{}{entry}", bomb(30, mapping)), 8, &["alias-budget"]);
    // Where links are read, and where keys are merged.
    only(
        format!("{}{entry}tests: *a9\n", bomb(10, list)),
        8,
        &["alias-budget", "wrong-shape", "invalid-link", "empty-field"],
    );
    let merged = bomb(10, mapping).replace("k0:", "<<:");
    only(format!("{merged}{entry}<<: *a9\n"), 8, &["alias-budget", "wrong-shape", "merge-without-mapping"]);
}

#[test]
fn one_large_anchor_and_many_aliases() {
    let many = vec!["x"; 20_000].join(", ");
    let again = "  - *large\n".repeat(20_000);
    only(
        format!("x-large: &large [{many}]\nx-list:\n{again}id: LL-2\ntitle: Two\nowner: Ann\n"),
        8,
        &["alias-budget"],
    );
}

#[test]
fn an_alias_of_what_holds_it() {
    let folder = beside_good("id: LL-2\ntitle: Two\nowner: Ann\nx-a: &a [*a, {b: *a}]\nx-b: &b {<<: *b}\n");
    let ran = check(folder.path(), 8);
    assert_eq!(ran.code, 1, "{:?}", ran.found);
    assert!(ran.found[0].places[0].starts_with("plan/hostile.yaml:4:"), "{:?}", ran.found);
}

#[test]
fn nesting_of_a_hundred_thousand() {
    const DEEP: usize = 100_000;
    let rules = [
        "nesting-too-deep",
        "yaml-syntax",
        "long-line",
        "too-many-errors",
        "document-not-recognised",
        "reserved-character",
    ];
    for (open, close) in
        [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", ""), ("[a, ", ""), ("{", ""), ("- ? ", "")]
    {
        only(format!("x: {}1{}\n", open.repeat(DEEP), close.repeat(DEEP)), 8, &rules);
        only(format!("{}1{}\n", open.repeat(DEEP), close.repeat(DEEP)), 8, &rules);
    }
    let mut stairs = String::new();
    for level in 0..3_000 {
        let _ = writeln!(stairs, "{}a:", " ".repeat(level));
    }
    only(stairs, 8, &rules);
}

#[test]
fn nesting_in_the_configuration() {
    let deep = "[".repeat(100_000);
    let folder = support::folder(&[("relplan.toml", format!("x = {deep}")), ("plan.yaml", GOOD.to_owned())]);
    assert_eq!(check(folder.path(), 8).code, 2);
    let dotted = vec!["a"; 100_000].join(".");
    let folder =
        support::folder(&[("relplan.toml", format!("{dotted} = 1")), ("plan.yaml", GOOD.to_owned())]);
    assert_eq!(check(folder.path(), 8).code, 2);
}

#[test]
fn a_file_that_is_too_large() {
    let folder = beside_good("");
    let path = folder.path().join("plan/hostile.yaml");
    // A file of a hundred megabytes that takes no room.
    std::fs::File::options()
        .write(true)
        .open(path)
        .and_then(|file| file.set_len(100 << 20))
        .expect("a large file");
    let ran = check(folder.path(), 0);
    assert_eq!(ran.code, 1);
    assert_eq!((ran.found.len(), ran.found[0].rule.as_str()), (1, "file-too-large"), "{:?}", ran.found);
    assert!(ran.err.contains("2 entries"), "{}", ran.err);
}

#[test]
fn a_line_of_sixty_megabytes() {
    let text = format!("- id: LL-2\n  title: {}\n  owner: Ann\n", "word ".repeat(12 << 20));
    only(text, 8, &["long-line"]);
}

#[test]
fn many_small_things() {
    let folder =
        beside_good(format!("x-list: [{}]\nid: LL-2\ntitle: Two\nowner: Ann\n", "1,".repeat(2 << 20)));
    assert_eq!(check(folder.path(), 64).code, 1, "a long line");
    only("---\n".repeat(200_000), 64, &["empty-file"]);
    let keys: String = (0..200_000).map(|key| format!("x-{key}: 1\n")).collect();
    let folder = beside_good(format!("{keys}id: LL-2\ntitle: Two\nowner: Ann\n"));
    assert_eq!(check(folder.path(), 16).code, 0);
    let folder = beside_good(
        "# relplan: allow(duplicate-id) a\n".repeat(20_000) + "id: LL-2\ntitle: Two\nowner: Ann\n",
    );
    assert!(check(folder.path(), 16).code <= 1);
}

#[test]
fn bytes_that_are_no_text() {
    only(vec![0; 1 << 20], 64, &["nul-byte", "long-line", "empty-file"]);
    only(
        vec![0xff; 1 << 20],
        64,
        &["invalid-utf8", "long-line", "yaml-syntax", "not-an-entry", "missing-id"],
    );
    let controls: Vec<u8> = (0..1 << 18).map(|byte| (byte % 251) as u8).collect();
    let folder = beside_good(controls);
    assert_eq!(check(folder.path(), 64).code, 1);
}

#[test]
fn utf16() {
    let text = "\u{feff}id: LL-2\ntitle: Zwei\nowner: Änne\n";
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        let wide: Vec<u8> = text.encode_utf16().flat_map(order).collect();
        let folder = beside_good(wide);
        let ran = check(folder.path(), 64);
        assert_eq!(ran.code, 1);
        let found = ran.found.iter().find(|found| found.rule == "invalid-utf8").expect("it is named");
        assert!(found.message.contains("UTF-16"), "{}", found.message);
        assert!(
            ran.found.iter().all(|found| found.rule == "invalid-utf8"),
            "one defect, one finding: {:#?}",
            ran.found
        );
    }
}

#[cfg(unix)]
#[test]
fn links_that_lead_round_in_circles() {
    use std::os::unix::fs::symlink;
    let folder = beside_good("id: LL-2\ntitle: Two\nowner: Ann\n");
    let plan = folder.path().join("plan");
    symlink(&plan, plan.join("loop")).expect("a link to its own folder");
    symlink("self.yaml", plan.join("self.yaml")).expect("a link to itself");
    symlink("nowhere.yaml", plan.join("dangling.yaml")).expect("a link to nothing");
    let output = support::run(folder.path(), &["check", "--format", "json"]);
    let code = support::code(&output);
    let text = support::err(&output);
    let named = ["self.yaml", "dangling.yaml"].iter().any(|name| text.contains(name));
    assert!(code == 1 || (code == 2 && named), "{code} {text} {}", support::out(&output));
    std::fs::remove_file(plan.join("self.yaml")).expect("the link");
    std::fs::remove_file(plan.join("dangling.yaml")).expect("the link");
    let ran = check(folder.path(), 8);
    assert_eq!(ran.code, 0, "a link that is not followed is a warning");
    assert_eq!((ran.found.len(), ran.found[0].rule.as_str()), (1, "link-loop"), "{:?}", ran.found);
    assert!(ran.err.contains("3 entries"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn files_that_never_end() {
    use std::os::unix::fs::symlink;
    let folder = beside_good("id: LL-2\ntitle: Two\nowner: Ann\n");
    symlink("/dev/zero", folder.path().join("plan/zero.yaml")).expect("a link");
    let ran = check(folder.path(), 8);
    assert!(ran.code > 0 && (ran.code == 1 || ran.err.contains("zero.yaml")), "{} {}", ran.code, ran.err);
    let folder = beside_good("id: LL-2\ntitle: Two\nowner: Ann\n");
    let pipe = folder.path().join("plan/pipe.yaml");
    if std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
        let ran = check(folder.path(), 8);
        assert!(ran.code > 0 && (ran.code == 1 || ran.err.contains("pipe.yaml")), "{} {}", ran.code, ran.err);
    }
}

#[test]
fn ten_thousand_errors_in_a_file() {
    let mut links = String::new();
    let mut broken = String::new();
    let mut traps = String::new();
    for number in 0..10_000 {
        let _ =
            writeln!(links, "- {{id: LL-{}, title: T, owner: Ann, linked_ids: RUN-{number}}}", number + 10);
        let _ = writeln!(broken, "- id: LL-{}\n  title: \"T\n  owner: Ann", number + 10);
        let _ = writeln!(traps, "- id: LL-{}\n  title: T\n  owner: @ann\n  trigger: >2% more", number + 10);
    }
    for text in [links, broken, traps] {
        let folder = beside_good(text);
        let ran = check(folder.path(), 200);
        assert_eq!(ran.code, 1);
        let given_up = ran.found.iter().any(|found| found.rule == "too-many-errors");
        assert!(given_up || ran.found.len() >= 5_000, "{} findings", ran.found.len());
        // The terminal draws them all, too.
        let (code, _) = run(folder.path(), &["check", "--today", "2026-11-20"], 1 << 30);
        assert_eq!(code, 1);
    }
}

/// Entries of which each depends on the next; the last one on `end`.
fn chain(length: usize, end: &str) -> String {
    let mut text = String::new();
    for number in 1..length {
        let _ = writeln!(
            text,
            "- {{id: RUN-{number}, title: T, owner: Ann, steps: [a], last_tested: 2026-11-10, depends_on: RUN-{}}}",
            number + 1
        );
    }
    let _ = writeln!(
        text,
        "- {{id: RUN-{length}, title: T, owner: Ann, steps: [a], last_tested: 2026-11-10{end}}}"
    );
    text
}

#[test]
fn a_chain_of_a_hundred_thousand_links() {
    let folder = beside_good(chain(100_000, ""));
    let ran = check(folder.path(), 16);
    assert_eq!((ran.code, ran.found.len()), (0, 0), "{:?}", ran.found.first());
    let (code, _) = run(folder.path(), &["trace", "RUN-50000", "--depth", "100"], 1 << 30);
    assert_eq!(code, 0);
    let folder = beside_good(chain(100_000, ", depends_on: RUN-1"));
    let ran = check(folder.path(), 64);
    assert_eq!(ran.code, 1);
    assert_eq!((ran.found.len(), ran.found[0].rule.as_str()), (1, "link-cycle"));
    assert!(ran.found[0].message.len() < 2_000, "a cycle of 100,000 entries is not told in full");
}

#[test]
fn more_paths_than_anybody_can_walk() {
    // Every entry links to both of the next rung: 2^500 paths.
    let mut text = String::new();
    for step in 0..500 {
        for side in [1, 2] {
            let _ = writeln!(
                text,
                "- {{id: FEA-{}, title: T, owner: Ann, part_of: EPIC-1, depends_on: [FEA-{}, FEA-{}]}}",
                step * 10 + side,
                (step + 1) * 10 + 1,
                (step + 1) * 10 + 2
            );
        }
    }
    text += "- {id: FEA-5001, title: T, owner: Ann, part_of: EPIC-1}\n- {id: FEA-5002, title: T, owner: Ann, part_of: EPIC-1}\n";
    let folder = beside_good(text);
    assert_eq!(check(folder.path(), 64).code, 0);
    let (code, _) = run(folder.path(), &["trace", "FEA-1", "--depth", "100"], 200 << 20);
    assert_eq!(code, 0);
}

#[test]
fn ranges_of_a_billion() {
    let ranges: String = (2..2_000)
        .map(|number| {
            format!("- {{id: LL-{number}, title: T, owner: Ann, linked_ids: RUN-0 to RUN-999999999}}\n")
        })
        .collect();
    let folder = beside_good(
        ranges
            + "- {id: RUN-0, title: T, owner: Ann, steps: [a], last_tested: 2026-11-10}\n- {id: RUN-999999999, title: T, owner: Ann, steps: [a], last_tested: 2026-11-10}\n",
    );
    let ran = check(folder.path(), 64);
    assert!(ran.found.iter().all(|found| found.message.len() < 2_000), "holes are not told in full");
}

#[test]
fn long_words() {
    let megabyte = 1 << 20;
    for text in [
        "A".repeat(megabyte),
        "A-".repeat(megabyte / 2),
        "A1-1".repeat(megabyte / 4),
        "1..".repeat(megabyte / 3),
        "RUN-1/".repeat(10_000),
    ] {
        let prose = format!("id: LL-2\ntitle: Two\nowner: Ann\ndescription: {text}\n");
        let links = format!("id: LL-2\ntitle: Two\nowner: Ann\nlinked_ids: {text}\n");
        let threshold =
            format!("id: KPI-2\ntitle: Two\nowner: Ann\nunit: x\ndirection: up\ntarget: \"> {text}\"\n");
        let id = format!("id: {text}\ntitle: Two\nowner: Ann\n");
        for plan in [prose, links, threshold, id] {
            let folder = beside_good(plan);
            let ran = check(folder.path(), 200);
            assert!(ran.found.iter().all(|found| found.message.len() < 10_000), "a message is cut");
        }
    }
}

#[test]
fn the_same_again_and_again() {
    let ids = "- {id: LL-2, title: T, owner: Ann}\n".repeat(10_000);
    let folder = beside_good(ids);
    assert_eq!(check(folder.path(), 200).code, 1);
    let keys = format!("id: LL-2\nowner: Ann\n{}", "title: T\n".repeat(10_000));
    let folder = beside_good(keys);
    assert_eq!(check(folder.path(), 200).code, 1);
}

#[test]
fn records_without_number_and_without_sense() {
    let mut text = String::from("approvals:\n");
    for at in 0..5_000 {
        let _ = writeln!(text, "  - {{role: QA, bye: x, on: soon, of: EPIC-1, digest: sha256:{at}}}");
        let _ = writeln!(text, "  - {{role: QA, by: p{at}, on: 2026-11-02, of: EPIC-1, withdrawn: yes}}");
    }
    text += "waivers:\n";
    for at in 0..5_000 {
        let _ = writeln!(text, "  - {{chek: EPIC-1, until: never, reason: {at}}}");
    }
    only(
        &text,
        60,
        &["approval-incomplete", "invalid-date", "invalid-digest", "unknown-key", "waiver-incomplete"],
    );
    only(
        "approvals: [[{role: QA}], 7, ~, {of: [[EPIC-1]]}]\nwaivers: {a: b}\n",
        1,
        &["approval-incomplete", "key-not-text", "unknown-key", "waiver-incomplete", "wrong-shape"],
    );
    let roles = vec!["QA Lead and Technical Lead"; 20_000].join(" and ");
    let role = format!("id: REL-9\ntitle: Two\nowner: Ann\napprovals: [{{role: {roles}, by: Ann}}]\n");
    let folder = beside_good(role);
    assert!(check(folder.path(), 8).code <= 1);
}
