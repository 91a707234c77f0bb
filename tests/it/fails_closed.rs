//! Whatever is taken away from a plan that is GO, or damaged, it is GO no longer, and the report says what is
//! missing.
//!
//! The plan in `tests/plans/go` is changed in some thousands of ways, and judged after each. What may be missing
//! without a word is written down by name in [`UNASKED`].

use std::collections::BTreeSet;

use relplan::verdict::decision::Decision;

use crate::judging::{APPROVALS, COMMIT, Files, Ground, Outcome, RELEASE, TODAY, go, judge};
use crate::support::{code, out, relplan};

/// One change to one file.
struct Variant {
    /// What is done, for the message of a test that fails.
    what: String,
    file: String,
    /// What the file says then; nothing if it is gone.
    bytes: Option<Vec<u8>>,
    /// Whether everybody signs again after it, so that only the change itself stands in the way.
    signed: bool,
    /// Of these the report has to name one.
    names: Vec<String>,
}

impl Variant {
    fn new(what: impl Into<String>, file: &str, bytes: impl Into<Vec<u8>>, names: &[&str]) -> Self {
        Variant {
            what: what.into(),
            file: file.to_owned(),
            bytes: Some(bytes.into()),
            signed: false,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        }
    }
}

/// The checks that rest on a file of evidence: one of them, or the file itself, has to be named when something
/// happens to it.
fn rests_on(file: &str) -> &'static [&'static str] {
    match file {
        "reports/unit.xml" => &["TEST-101", "TEST-102", "TEST-104"],
        "reports/system.xml" => &["TEST-103", "TEST-105", "TEST-106"],
        "reports/coverage.xml" => &["DEP-002"],
        "reports/lcov.info" => &["DEP-007"],
        "reports/semgrep.sarif" => &["DEP-003"],
        "reports/metrics.json" | "reports/metrics.csv" => &["DEP-004"],
        "reports/evidence.json" => &["DEP-001", "DEP-002", "DEP-003", "DEP-004"],
        "docs/notes.md" | "docs/evidence.json" => &["DEP-006"],
        _ => &[],
    }
}

/// Judges every variant, on as many threads as there are processors, and gives what must not be.
fn wrong(
    base: &Files,
    variants: &[Variant],
    may_be: impl Fn(&Variant, &Outcome) -> bool + Sync,
) -> Vec<String> {
    let threads = std::thread::available_parallelism().map_or(2, usize::from).min(4);
    let part = variants.len().div_ceil(threads).max(1);
    let judge_part = |variants: &[Variant]| {
        let ground = Ground::new(base.clone());
        let outcomes = variants.iter().filter_map(|variant| problem(&ground, variant, &may_be));
        outcomes.collect::<Vec<String>>()
    };
    std::thread::scope(|scope| {
        let parts: Vec<_> =
            variants.chunks(part).map(|variants| scope.spawn(move || judge_part(variants))).collect();
        parts.into_iter().flat_map(|part| part.join().expect("no panic")).collect()
    })
}

fn problem(
    ground: &Ground,
    variant: &Variant,
    may_be: &impl Fn(&Variant, &Outcome) -> bool,
) -> Option<String> {
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| outcome(ground, variant)));
    let Ok(outcome) = outcome else { return Some(format!("PANIC: {}", variant.what)) };
    if may_be(variant, &outcome) {
        return None;
    }
    let words = outcome.words();
    if outcome.code() == 0 {
        return Some(format!("{}: {words}", variant.what));
    }
    let named = variant.names.is_empty() || variant.names.iter().any(|name| words.contains(name));
    (!named).then(|| format!("{}: none of {:?} is named in: {words}", variant.what, variant.names))
}

fn outcome(ground: &Ground, variant: &Variant) -> Outcome {
    if !variant.signed {
        return ground.with(&variant.file, variant.bytes.as_deref(), judge);
    }
    let look = |root: &std::path::Path| match crate::judging::signed(root) {
        Some(text) => ground.with(APPROVALS, Some(text.as_bytes()), judge),
        None => judge(root),
    };
    ground.with(&variant.file, variant.bytes.as_deref(), look)
}

/// Fails with the first few of the things that must not be.
#[track_caller]
fn none(wrong: &[String], of: usize) {
    let few: Vec<&str> = wrong.iter().take(40).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} of {of}:\n{}", wrong.len(), few.join("\n"));
}

fn never(_: &Variant, _: &Outcome) -> bool {
    false
}

#[test]
fn the_plan_is_go() {
    let mut ground = Ground::go();
    if std::env::var_os("UPDATE").is_some() {
        ground.sign();
        let approvals = crate::support::project().join("tests/plans/go").join(APPROVALS);
        std::fs::write(approvals, ground.text(APPROVALS)).expect("the approvals");
    }
    let outcome = ground.judge();
    assert_eq!(outcome.decision(), Some(Decision::Go), "{}", outcome.words());
    assert_eq!(code(&report(ground.path(), &[])), 0);
}

/// `relplan report` on the plan in a folder.
fn report(root: &std::path::Path, arguments: &[&str]) -> std::process::Output {
    let mut command = relplan(root);
    command.args(["report", "--today", TODAY, "--commit", COMMIT, "--release", RELEASE]).args(arguments);
    command.output().expect("relplan can be started")
}

/// Files that a part of the plan is read from.
const PLAN: [&str; 4] =
    ["plan/criteria.yaml", "plan/deployment.yaml", "plan/release.yaml", "plan/tests.yaml"];

/// Files of evidence, and what is said about them.
const EVIDENCE: [&str; 10] = [
    "docs/evidence.json",
    "docs/notes.md",
    "reports/coverage.xml",
    "reports/evidence.json",
    "reports/lcov.info",
    "reports/metrics.csv",
    "reports/metrics.json",
    "reports/semgrep.sarif",
    "reports/system.xml",
    "reports/unit.xml",
];

#[test]
fn every_file_of_the_plan_is_changed() {
    let files: BTreeSet<String> = go().into_keys().collect();
    let known =
        PLAN.iter().chain(&EVIDENCE).chain(&[APPROVALS, "relplan.toml"]).map(|name| (*name).to_owned());
    assert_eq!(files, known.collect());
}

fn text_of(files: &Files, name: &str) -> String {
    String::from_utf8(files[name].clone()).expect("a text")
}

#[test]
fn without_one_of_its_files_it_is_not_go() {
    let base = go();
    let variants: Vec<Variant> = base
        .keys()
        .map(|file| Variant {
            bytes: None,
            // What relplan.toml lists by its name stops relplan, which names the file.
            names: match rests_on(file) {
                [] => Vec::new(),
                names => names.iter().copied().chain([file.as_str()]).map(str::to_owned).collect(),
            },
            ..Variant::new(format!("without {file}"), file, "", rests_on(file))
        })
        .collect();
    none(&wrong(&base, &variants, never), variants.len());
}

/// What stands in a file where something else was meant to.
const GARBAGE: [(&str, &[u8]); 9] = [
    ("nothing", b""),
    ("white space", b" \n\t\n"),
    ("words", b"Permission denied\n"),
    (
        "an error page",
        b"<!DOCTYPE html>\n<html><head><title>404</title></head><body>Not found</body></html>\n",
    ),
    ("an empty object", b"{}"),
    ("an empty list", b"[]"),
    ("null", b"null"),
    ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0"),
    ("no UTF-8", b"\xff\xfe<\0t\0"),
];

#[test]
fn with_garbage_in_one_of_its_files_it_is_not_go() {
    let base = go();
    let mut variants = Vec::new();
    for file in base.keys() {
        for (what, bytes) in GARBAGE {
            variants.push(Variant::new(format!("{what} in {file}"), file, bytes, rests_on(file)));
        }
    }
    let may_be = |variant: &Variant, _: &Outcome| {
        // Nobody can tell what notes must say: that they are there and not empty is all that is asked.
        variant.file == "docs/notes.md" && !variant.what.starts_with("nothing")
    };
    none(&wrong(&base, &variants, may_be), variants.len());
}

/// Every few bytes; the parts of a text that say nothing are left out.
fn places(bytes: &[u8], step: usize) -> impl Iterator<Item = usize> + '_ {
    let end = bytes.trim_ascii_end().len();
    (0..end).step_by(step)
}

#[test]
fn cut_off_anywhere_it_is_not_go() {
    let base = go();
    let mut variants = Vec::new();
    for (file, bytes) in base.iter().filter(|(file, _)| *file != "docs/notes.md") {
        let lines = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        let end = bytes.trim_ascii_end().len();
        let cuts: BTreeSet<usize> =
            places(bytes, 17).chain([end.saturating_sub(4)]).chain(lines).filter(|at| *at < end).collect();
        for at in cuts {
            let what = format!("{file} cut off behind byte {at}");
            variants.push(Variant::new(what, file, &bytes[..at], rests_on(file)));
        }
    }
    // A part of a file that ends where a whole part ends looks like a file that says less, and nobody can tell.
    let allowed = Allowed::new(&[
        // All but the digest of the last approval is there: CONDITIONAL GO, with a remark.
        ("plan/approvals.yaml cut off within the last approval", &[""]),
        // When a runbook was last tried.
        ("plan/deployment.yaml cut off behind its last line but one", &[""]),
        // The criterion of the gate `production`, and all or some of the roles. Nobody signs what is asked for.
        ("relplan.toml cut off behind the gates or a role", &[""]),
    ]);
    let may_be = |variant: &Variant, outcome: &Outcome| {
        let rest = &base[&variant.file][variant.bytes.as_ref().map_or(0, Vec::len)..];
        let rest = String::from_utf8_lossy(rest);
        let kind = match variant.file.as_str() {
            APPROVALS if outcome.decision() == Some(Decision::ConditionalGo) && rest.lines().count() <= 4 => {
                "plan/approvals.yaml cut off within the last approval"
            }
            "plan/deployment.yaml" if rest.trim() == "last_tested: 2027-03-01" => {
                "plan/deployment.yaml cut off behind its last line but one"
            }
            "relplan.toml"
                if rest.trim_start().starts_with("[[gates.production")
                    || rest.trim_start().starts_with("[roles.") =>
            {
                "relplan.toml cut off behind the gates or a role"
            }
            _ => return false,
        };
        outcome.code() == 0 && allowed.allows(kind)
    };
    none(&wrong(&base, &variants, may_be), variants.len());
    allowed.all_seen();
}

#[test]
fn with_a_byte_that_is_no_utf_8_it_is_not_go() {
    let base = go();
    let mut variants = Vec::new();
    for (file, bytes) in base.iter().filter(|(file, _)| *file != "docs/notes.md") {
        for at in places(bytes, 23) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x80;
            let what = format!("{file} with byte {at} damaged");
            variants.push(Variant::new(what, file, damaged, rests_on(file)));
        }
    }
    none(&wrong(&base, &variants, never), variants.len());
}

/// A part of a text in which what belongs together is indented: a line, and the deeper ones below it.
struct Block {
    range: std::ops::Range<usize>,
    /// The entry that it stands in.
    entry: String,
    /// The keys that lead to it from the entry, and its own; nothing if it is the entry itself.
    path: String,
    /// Where the key stands if it stands behind a dash.
    behind_dash: Option<std::ops::Range<usize>>,
}

/// Every block of a YAML file.
fn blocks(text: &str) -> Vec<Block> {
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        lines.push((at, line));
        at += line.len();
    }
    let depth = |line: &str| line.len() - line.trim_start().len();
    let mut entry = String::new();
    let mut above: Vec<(usize, String)> = Vec::new();
    let mut found = Vec::new();
    for (index, (start, line)) in lines.iter().enumerate().filter(|(_, (_, line))| !line.trim().is_empty()) {
        let own = depth(line);
        let deeper = |line: &str| line.trim().is_empty() || depth(line) > own;
        let end = lines[index + 1..].iter().find(|(_, line)| !deeper(line)).map_or(text.len(), |(at, _)| *at);
        let words = line.trim().trim_start_matches("- ");
        let key = words.split(':').next().unwrap_or_default().to_owned();
        if own == 0 {
            entry = words.split(": ").nth(1).unwrap_or_default().trim().to_owned();
        }
        above.retain(|(depth, _)| *depth < own);
        above.push((own, key));
        let path: Vec<&str> = above.iter().skip(1).map(|(_, key)| key.as_str()).collect();
        let dash = line.trim().starts_with("- ").then(|| start + own + 2..start + line.trim_end().len());
        found.push(Block {
            range: *start..end,
            entry: entry.clone(),
            path: path.join("/"),
            behind_dash: dash,
        });
    }
    found
}

/// Everything that can be taken out of a YAML file: blocks, and keys behind a dash alone.
fn removals(file: &str, text: &str) -> Vec<Variant> {
    let mut variants = Vec::new();
    for block in blocks(text) {
        let names = [block.entry.as_str(), file, asks_for(&block.entry)];
        let only_key = block.behind_dash.map(|key| (format!("{}, only the key", block.path), key));
        for (path, range) in [(block.path, block.range)].into_iter().chain(only_key) {
            let mut without = text.to_owned();
            without.replace_range(range, "");
            variants.push(Variant::new(format!("{} without {path}", block.entry), file, without, &names));
        }
    }
    variants
}

/// The check that asks for an entry by what it is: it is named where the entry is not there.
fn asks_for(entry: &str) -> &'static str {
    match entry {
        "DEP-020" => "production/Rollbacks are rehearsed",
        "DEP-030" => "readiness/Validations are prepared",
        "TEST-105" => "production/The deployment is tested",
        "MON-001" => "production/Monitoring is ready",
        _ => "relplan.toml",
    }
}

/// How the names of some variants begin, and how they may end.
type Row = (&'static str, &'static [&'static str]);

/// What may be done without a word, by the beginning of what is said of it and the keys; each of them must occur.
struct Allowed {
    rows: Vec<Row>,
    seen: std::sync::Mutex<BTreeSet<(usize, usize)>>,
}

impl Allowed {
    fn new(rows: &[Row]) -> Self {
        Allowed { rows: rows.to_vec(), seen: std::sync::Mutex::default() }
    }

    fn allows(&self, what: &str) -> bool {
        for (row, (start, ends)) in self.rows.iter().enumerate() {
            let Some(rest) = what.strip_prefix(start) else { continue };
            if let Some(end) = ends.iter().position(|end| rest == *end) {
                self.seen.lock().expect("no panic").insert((row, end));
                return true;
            }
        }
        false
    }

    /// What is allowed and never happened must not be allowed.
    #[track_caller]
    fn all_seen(&self) {
        let seen = self.seen.lock().expect("no panic");
        let all = self.rows.iter().enumerate().flat_map(|(row, (start, ends))| {
            ends.iter().enumerate().map(move |(end, text)| ((row, end), format!("{start}{text}")))
        });
        let idle: Vec<String> = all.filter(|(at, _)| !seen.contains(at)).map(|(_, text)| text).collect();
        assert!(idle.is_empty(), "allowed, and needs not be: {idle:#?}");
    }
}

#[test]
fn approvals_count_no_more_when_anything_was_taken_out_of_what_was_approved() {
    let base = go();
    let release_manager = || vec!["production/Release Manager".to_owned(), RELEASE.to_owned()];
    let signed = PLAN.iter().flat_map(|file| removals(file, &text_of(&base, file)));
    let variants: Vec<Variant> = signed
        // How things stand is no part of what is approved. It is judged by itself, in the next test.
        .filter(|variant| !STANDING.iter().any(|key| variant.what.ends_with(key)))
        .map(|variant| Variant { names: release_manager(), ..variant })
        .collect();
    none(&wrong(&base, &variants, never), variants.len());
}

/// The keys that say how things stand.
const STANDING: [&str; 4] = [" state", " status", " last_rehearsed", " last_tested"];

#[test]
fn with_anything_taken_out_of_its_approvals_it_is_not_go() {
    let base = go();
    let variants: Vec<Variant> = removals(APPROVALS, &text_of(&base, APPROVALS))
        .into_iter()
        .map(|variant| Variant { names: vec![], ..variant })
        .collect();
    let allowed = Allowed::new(&[
        // An approval that names no release or gate is about the release whose content its digest is of, and
        // about every gate.
        (" without ", &["role/release", "role/gate"]),
        // One that does not say what was approved counts with a remark: CONDITIONAL GO.
        (" without ", &["role/digest"]),
    ]);
    let may_be = |variant: &Variant, outcome: &Outcome| {
        let with_remark = variant.what.ends_with("digest");
        let expected = if with_remark { Decision::ConditionalGo } else { Decision::Go };
        outcome.decision() == Some(expected) && allowed.allows(&variant.what)
    };
    none(&wrong(&base, &variants, may_be), variants.len());
    allowed.all_seen();
}

/// What may be missing in an entry if everybody signs what is left.
const UNASKED: &[(&str, &[&str])] = &[
    // A criterion, a risk, a step or an indicator that nobody writes down is asked for by nobody.
    ("DEP-001 without ", &[""]),
    ("DEP-002 without ", &[""]),
    ("DEP-003 without ", &[""]),
    ("DEP-004 without ", &[""]),
    ("DEP-006 without ", &[""]),
    ("DEP-007 without ", &[""]),
    ("DEP-010 without ", &[""]),
    ("DEP-040 without ", &[""]),
    ("RISK-001 without ", &[""]),
    // A measurement may be called as it likes: it need not be an indicator of the plan.
    ("KPI-001 without ", &["", "title", "owner", "target", "unit", "direction"]),
    // Demands: what is signed asks for less.
    (
        "DEP-002 without ",
        &["evidence/coverage/lines", "evidence/coverage/branches", "evidence/coverage/package"],
    ),
    ("DEP-003 without ", &["evidence/tool"]),
    ("DEP-004 without ", &["evidence/metric/name"]),
    ("DEP-006 without ", &["evidence/max_age"]),
    (
        "DEP-007 without ",
        &["evidence/coverage/lines", "evidence/coverage/branches", "evidence/coverage/package"],
    ),
    ("EPIC-002 without ", &["evidence"]),
    ("REL-300 without ", &["approvals", "scope"]),
    // Words for people. A criterion without them is proven by the same facts.
    ("DEP-001 without ", &["stage", "title", "requirement", "category", "blocker"]),
    ("DEP-002 without ", &["stage", "title", "requirement", "category", "blocker"]),
    ("DEP-003 without ", &["stage", "title", "requirement", "category", "blocker"]),
    ("DEP-004 without ", &["stage", "title", "requirement", "category", "blocker"]),
    ("DEP-005 without ", &["stage", "title", "requirement", "category", "blocker"]),
    ("DEP-006 without ", &["stage", "title", "requirement", "category", "blocker"]),
    ("DEP-007 without ", &["stage", "title", "requirement", "category", "blocker"]),
    ("EPIC-001 without ", &["title", "priority", "owner"]),
    ("EPIC-002 without ", &["title", "priority", "owner"]),
    ("REL-300 without ", &["title", "version", "date", "status", "owner"]),
    ("TEST-101 without ", &["title", "type", "owner"]),
    ("TEST-102 without ", &["title", "type", "owner"]),
    ("TEST-103 without ", &["title", "type", "owner"]),
    ("TEST-104 without ", &["title", "type", "owner"]),
    ("TEST-105 without ", &["title", "owner"]),
    ("TEST-106 without ", &["title", "type", "owner"]),
    // Rules warn of these, and no gate asks for them: a rollback has to be rehearsed, an environment documented,
    // a metric measurable, a validation prepared.
    ("DEP-010 without ", &["stage", "title", "order", "promotes_to", "gate"]),
    ("DEP-011 without ", &["stage", "title", "order", "gate"]),
    (
        "DEP-020 without ",
        &["stage", "title", "trigger", "notification", "severity", "automatic", "authority"],
    ),
    ("DEP-020 without ", &["max_duration", "monitored_by", "runbook"]),
    ("DEP-020 without procedure/", &["Tell the channel"]),
    ("DEP-020 without procedure/Send the traffic to the version before", &[""]),
    ("DEP-030 without ", &["stage", "title", "escalation", "window", "linked_ids"]),
    ("DEP-040 without ", &["stage", "title", "action", "automated", "duration"]),
    ("MON-001 without ", &["title", "owner", "type", "unit", "baseline"]),
    ("RUN-001 without ", &["title", "owner", "steps", "severity", "last_tested"]),
    ("RUN-001 without steps/Send the traffic to the version before", &[""]),
    ("RUN-001 without steps/Look whether searches are answered", &[""]),
    // It is high by what is left of its rating, and stated as mitigated.
    (
        "RISK-001 without ",
        &["title", "owner", "probability", "impact", "mitigation", "review_date", "verified_by"],
    ),
];

/// What may be missing at the price of a condition: environments are documented, and do not block.
const UNBLOCKED: &[(&str, &[&str])] = &[
    ("DEP-010 without ", &["name", "infrastructure", "configuration", "secrets", "access"]),
    ("DEP-011 without ", &["name", "infrastructure", "configuration", "secrets", "access"]),
];

#[test]
fn with_anything_taken_out_of_its_entries_it_is_not_go_whoever_signs() {
    let base = go();
    let removed = PLAN.iter().flat_map(|file| removals(file, &text_of(&base, file)));
    let variants: Vec<Variant> = removed.map(|variant| Variant { signed: true, ..variant }).collect();
    let (unasked, unblocked) = (Allowed::new(UNASKED), Allowed::new(UNBLOCKED));
    let may_be = |variant: &Variant, outcome: &Outcome| match outcome.decision() {
        Some(Decision::Go) => unasked.allows(&variant.what),
        Some(Decision::ConditionalGo) => unblocked.allows(&variant.what),
        _ => false,
    };
    none(&wrong(&base, &variants, may_be), variants.len());
    unasked.all_seen();
    unblocked.all_seen();
}

/// Everything that can be taken out of `relplan.toml`: lines, tables, members of inline tables.
fn removals_of_toml(text: &str) -> Vec<Variant> {
    let mut variants = Vec::new();
    let mut cut = |what: String, range: std::ops::Range<usize>| {
        let mut without = text.to_owned();
        without.replace_range(range, "");
        variants.push(Variant::new(what, "relplan.toml", without, &[]));
    };
    let headers: Vec<usize> = text
        .match_indices("\n[")
        .map(|(at, _)| at + 1)
        .chain([0])
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    for (index, start) in headers.iter().enumerate() {
        let end = headers.get(index + 1).copied().unwrap_or(text.len());
        let title = text[*start..].lines().next().unwrap_or_default();
        let name = text[*start..end].lines().find(|line| line.starts_with("name = ")).unwrap_or_default();
        cut(format!("all of {title} {name}"), *start..end);
        let mut at = *start;
        for line in text[*start..end].split_inclusive('\n') {
            if !line.trim().is_empty() {
                cut(format!("{title} {name}: {}", line.trim()), at..at + line.len());
            }
            for (member, range) in members(line) {
                cut(format!("{title} {name}: {member}"), at + range.start..at + range.end);
            }
            at += line.len();
        }
    }
    variants
}

/// The members of the inline tables in a line, without the commas that part them from others.
fn members(line: &str) -> Vec<(String, std::ops::Range<usize>)> {
    let Some(open) = line.find('{') else { return Vec::new() };
    let mut found = Vec::new();
    let starts: Vec<usize> = line[open..]
        .match_indices(['{', ','])
        .map(|(at, _)| open + at + 1)
        .filter(|at| line[*at..].trim_start().starts_with(|first: char| first.is_ascii_lowercase()))
        .collect();
    for start in starts {
        let mut depth = 0_i32;
        let end = line[start..].find(|letter: char| {
            depth += i32::from(letter == '{') - i32::from(letter == '}');
            depth < 0 || (depth == 0 && letter == ',')
        });
        let end = end.map_or(line.len(), |end| start + end);
        let comma = usize::from(line[end..].starts_with(','));
        found.push((line[start..end].trim().to_owned(), start..end + comma));
    }
    found
}

/// What people are called may be missing in `relplan.toml`, since when they hold a role, and that it may waive what
/// needs no waiver.
const UNSIGNED_IN_TOML: &[(&str, &[&str])] = &[
    ("[roles.\"QA Lead\"] : ", &["may_waive = true", "name = \"Quinn\"", "from = 2026-01-01"]),
    ("[roles.\"Technical Lead\"] : ", &["name = \"Theo\"", "from = 2026-01-01"]),
    ("[roles.\"Release Manager\"] : ", &["name = \"Rhea\"", "from = 2026-01-01"]),
    ("[roles.\"Product Owner\"] : ", &["name = \"Pia\"", "from = 2026-01-01"]),
    ("[roles.\"Security Lead\"] : ", &["may_waive = true", "name = \"Sven\"", "from = 2026-01-01"]),
    ("[roles.\"Support Lead\"] : ", &["name = \"Sue\"", "from = 2026-01-01"]),
];

#[test]
fn whoever_loosens_its_configuration_loses_the_signatures() {
    let base = go();
    let variants = removals_of_toml(&text_of(&base, "relplan.toml"));
    let allowed = Allowed::new(UNSIGNED_IN_TOML);
    let may_be = |variant: &Variant, outcome: &Outcome| outcome.code() == 0 && allowed.allows(&variant.what);
    none(&wrong(&base, &variants, may_be), variants.len());
    allowed.all_seen();
}

/// What else may be missing in `relplan.toml` if everybody signs what is left: what only asks. The file decides what is
/// asked for.
const UNASKED_BY_TOML: &[(&str, &[&str])] = &[
    ("[evidence] : ", &["max_age = \"3d\""]),
    ("all of [release_context] ", &[""]),
    ("[release_context] : ", &["profile = \"careful\""]),
    ("[profiles.careful] : line_coverage = ", &["\"80%\""]),
    ("[profiles.careful] : branch_coverage = ", &["\"70%\""]),
    ("[profiles.careful] : approvals = ", &["[\"Support Lead\"]"]),
    ("all of [gates.readiness] ", &[""]),
    ("[gates.readiness] : ", &["title = \"Readiness\"", "approvals = [\"QA Lead\", \"Technical Lead\"]"]),
    ("all of [[gates.readiness.criteria]] name = ", &["\"All that is tested passes\""]),
    ("all of [[gates.readiness.criteria]] name = ", &["\"Code is covered by tests\""]),
    ("all of [[gates.readiness.criteria]] name = ", &["\"Validations are prepared\""]),
    ("[[gates.readiness.criteria]] name = \"All that is tested passes\": ", &["from = \"TEST\""]),
    (
        "[[gates.readiness.criteria]] name = \"All that is tested passes\": evidence = ",
        &["{ tests = \"100%\" }"],
    ),
    ("[[gates.readiness.criteria]] name = \"Code is covered by tests\": lines = ", &["\"profile\""]),
    ("[[gates.readiness.criteria]] name = \"Code is covered by tests\": branches = ", &["\"profile\""]),
    ("all of [[gates.production.criteria]] name = ", &["\"The errors stay few\""]),
];

#[test]
fn with_anything_taken_out_of_its_configuration_it_is_not_go_whoever_signs() {
    let base = go();
    let variants = removals_of_toml(&text_of(&base, "relplan.toml"));
    let variants: Vec<Variant> =
        variants.into_iter().map(|variant| Variant { signed: true, ..variant }).collect();
    let allowed = Allowed::new(&[UNSIGNED_IN_TOML, UNASKED_BY_TOML].concat());
    let may_be = |variant: &Variant, outcome: &Outcome| outcome.code() == 0 && allowed.allows(&variant.what);
    none(&wrong(&base, &variants, may_be), variants.len());
    allowed.all_seen();
}

/// Every value below one, with its path.
fn pointers(value: &serde_json::Value, path: &str, found: &mut Vec<String>) {
    let children: Vec<(String, &serde_json::Value)> = match value {
        serde_json::Value::Object(members) => {
            members.iter().map(|(key, value)| (format!("{path}/{}", key.replace('/', "~1")), value)).collect()
        }
        serde_json::Value::Array(items) => {
            items.iter().enumerate().map(|(at, value)| (format!("{path}/{at}"), value)).collect()
        }
        _ => Vec::new(),
    };
    for (path, child) in children {
        pointers(child, &path, found);
        found.push(path);
    }
}

fn remove(value: &mut serde_json::Value, path: &str) {
    let Some((parent, key)) = path.rsplit_once('/') else { return };
    match value.pointer_mut(parent) {
        Some(serde_json::Value::Object(members)) => drop(members.remove(key)),
        Some(serde_json::Value::Array(items)) => drop(items.remove(key.parse().expect("an index"))),
        _ => panic!("no {path}"),
    }
}

/// What may be missing in evidence.
const UNASKED_OF_EVIDENCE: &[(&str, &[&str])] = &[
    // The prolog, and attributes that only describe or count. Totals that do not fit are a warning.
    ("reports/coverage.xml without line 1: ", &["<?xml version=\"1.0\" ?>", "version=\"1.0\""]),
    (
        "reports/coverage.xml without line 2: ",
        &["line-rate=\"1.0\"", "branch-rate=\"0.75\"", "lines-covered=\"5\""],
    ),
    (
        "reports/coverage.xml without line 2: ",
        &["lines-valid=\"5\"", "branches-covered=\"3\"", "branches-valid=\"4\""],
    ),
    ("reports/coverage.xml without line 2: ", &["version=\"7.4\"", "timestamp=\"1804611600000\""]),
    ("reports/coverage.xml without line 4: ", &["line-rate=\"1.0\"", "branch-rate=\"0.75\""]),
    (
        "reports/coverage.xml without line 6: ",
        &["name=\"query.py\"", "line-rate=\"1.0\"", "branch-rate=\"0.75\""],
    ),
    ("reports/coverage.xml without line 7: ", &["<methods/>"]),
    // The file says by its path, too, to which package it belongs.
    ("reports/coverage.xml without line 4: ", &["name=\"core\""]),
    // A line that ran and is not spoken of makes the share no better. The branches are counted behind it.
    ("reports/coverage.xml without line 10: ", &["branch=\"true\""]),
    ("reports/lcov.info without line ", &["1: TN:"]),
    ("reports/lcov.info without line ", &["7, the cell 0", "8, the cell 0", "8, the cell 1"]),
    ("reports/lcov.info without line ", &["9: LF:4", "10: LH:4", "11: BRF:2", "12: BRH:2"]),
    // The unit is that of MON-001 and KPI-001, the time that of the `evidence.json` beside it.
    ("reports/metrics.csv without line ", &["2, the cell %"]),
    ("reports/metrics.csv without line 2, the cell ", &["2027-03-09T20:00:00Z"]),
    ("reports/metrics.json without /metrics/", &["0/time", "1/time", "1/unit"]),
    ("reports/metrics.json with null as /metrics/", &["0/time", "1/time", "1/unit"]),
    // Its runs say that it is SARIF.
    ("reports/semgrep.sarif without /", &["version", "$schema"]),
    ("reports/semgrep.sarif with null as /", &["version", "$schema"]),
    ("reports/semgrep.sarif with a list as /", &["version", "$schema"]),
    // A finding that is not severe, and what is said of its rule; a scan need not say how it ended.
    (
        "reports/semgrep.sarif without /runs/0/tool/driver/rules",
        &["", "/0", "/0/id", "/0/defaultConfiguration"],
    ),
    ("reports/semgrep.sarif without /runs/0/tool/driver/rules/0/defaultConfiguration", &["/level"]),
    ("reports/semgrep.sarif with null as /runs/0/tool/driver/rules/0/", &["id", "defaultConfiguration"]),
    ("reports/semgrep.sarif with null as /runs/0/tool/driver/rules/0/defaultConfiguration", &["/level"]),
    ("reports/semgrep.sarif without /runs/0/invocations", &["", "/0"]),
    (
        "reports/semgrep.sarif without /runs/0/results/0",
        &["", "/ruleId", "/level", "/message", "/message/text"],
    ),
    ("reports/semgrep.sarif with null as /runs/0/results/0/", &["ruleId", "level", "message/text"]),
    ("reports/semgrep.sarif without /runs/0/results/0/properties", &["", "/security-severity"]),
    ("reports/semgrep.sarif with null as /runs/0/results/0/properties", &["", "/security-severity"]),
    // The same of test reports: their cases are counted, and they are known by an id, a pattern or a path.
    ("reports/system.xml without line 1: ", &["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]),
    ("reports/system.xml without line 1: ", &["version=\"1.0\"", "encoding=\"UTF-8\""]),
    ("reports/system.xml without line 2: ", &["name=\"system\"", "tests=\"3\"", "failures=\"0\""]),
    (
        "reports/system.xml without line 2: ",
        &["errors=\"0\"", "skipped=\"0\"", "timestamp=\"2027-03-09T19:00:00Z\""],
    ),
    ("reports/system.xml without line 3: ", &["name=\"finds\"", "time=\"4.000\""]),
    ("reports/system.xml without line 4: ", &["classname=\"tests.smoke.front_page\"", "name=\"answers\""]),
    ("reports/system.xml without line 4: ", &["file=\"tests/smoke/front_page.py\"", "time=\"0.300\""]),
    ("reports/system.xml without line 5: ", &["classname=\"search.load\"", "time=\"60.000\""]),
    ("reports/unit.xml without line 1: ", &["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]),
    ("reports/unit.xml without line 1: ", &["version=\"1.0\"", "encoding=\"UTF-8\""]),
    (
        "reports/unit.xml without line 2: ",
        &["name=\"unit\"", "tests=\"3\"", "failures=\"0\"", "errors=\"0\""],
    ),
    (
        "reports/unit.xml without line 3: ",
        &["name=\"search.query\"", "tests=\"2\"", "failures=\"0\"", "errors=\"0\""],
    ),
    ("reports/unit.xml without line 3: ", &["skipped=\"0\"", "timestamp=\"2027-03-09T18:00:00Z\""]),
    ("reports/unit.xml without line 4: ", &["classname=\"search.query\"", "time=\"0.010\""]),
    ("reports/unit.xml without line 5: ", &["classname=\"search.index\"", "time=\"0.200\""]),
    (
        "reports/unit.xml without line 7: ",
        &["name=\"search.rebuild\"", "tests=\"1\"", "failures=\"0\"", "errors=\"0\""],
    ),
    ("reports/unit.xml without line 7: ", &["skipped=\"0\"", "timestamp=\"2027-03-09T18:01:00Z\""]),
    ("reports/unit.xml without line 8: ", &["classname=\"search.rebuild\"", "time=\"1.500\""]),
];

#[test]
fn with_anything_taken_out_of_its_evidence_it_is_not_go() {
    let base = go();
    let mut variants = Vec::new();
    for file in EVIDENCE.iter().filter(|file| **file != "docs/notes.md") {
        let text = text_of(&base, file);
        if let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) {
            let mut paths = Vec::new();
            pointers(&value, "", &mut paths);
            for path in paths {
                let (mut without, mut null, mut odd) = (value.clone(), value.clone(), value.clone());
                remove(&mut without, &path);
                *null.pointer_mut(&path).expect("a value") = serde_json::Value::Null;
                *odd.pointer_mut(&path).expect("a value") = serde_json::json!(["of another kind"]);
                for (what, value) in [("without", without), ("with null as", null), ("with a list as", odd)] {
                    let what = format!("{file} {what} {path}");
                    variants.push(Variant::new(what, file, value.to_string(), rests_on(file)));
                }
            }
            continue;
        }
        for (start, end, part) in parts(&text) {
            let mut without = text.clone();
            without.replace_range(start..end, "");
            variants.push(Variant::new(format!("{file} without {part}"), file, without, rests_on(file)));
        }
    }
    let allowed = Allowed::new(UNASKED_OF_EVIDENCE);
    let may_be = |variant: &Variant, outcome: &Outcome| outcome.code() == 0 && allowed.allows(&variant.what);
    none(&wrong(&base, &variants, may_be), variants.len());
    allowed.all_seen();
}

/// The lines of a text, and the attributes in them; the columns of a table have no names, and go by their cells.
fn parts(text: &str) -> Vec<(usize, usize, String)> {
    let mut found = Vec::new();
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        found.push((at, at + line.len(), format!("line {}: {}", number + 1, line.trim())));
        for (equals, _) in line.match_indices("=\"") {
            let start = line[..equals].rfind(' ').unwrap_or(0);
            let end = equals + 2 + line[equals + 2..].find('"').unwrap_or(0) + 1;
            found.push((at + start, at + end, format!("line {}: {}", number + 1, line[start..end].trim())));
        }
        if line.contains(',') && !line.contains('<') {
            let mut start = 0;
            for cell in line.trim_end().split(',') {
                let range = (at + start, at + start + cell.len());
                found.push((range.0, range.1, format!("line {}, the cell {cell}", number + 1)));
                start += cell.len() + 1;
            }
        }
        at += line.len();
    }
    found
}

/// One of the texts of a file is another, and what the report has to name then.
type Damage = (&'static str, &'static str, &'static str, &'static str);

/// What evidence may say otherwise.
const OTHERWISE: &[Damage] = &[
    // Tests that were not run, or not with success.
    ("reports/unit.xml", "words\" time=\"0.010\"/>", "words\"><skipped/></testcase>", "TEST-101"),
    ("reports/unit.xml", "words\" time=\"0.010\"/>", "words\"><failure>no</failure></testcase>", "TEST-101"),
    ("reports/unit.xml", "words\" time=\"0.010\"/>", "words\"><error/></testcase>", "TEST-101"),
    (
        "reports/system.xml",
        "answers\" file=\"tests/smoke/front_page.py\" time=\"0.300\"/>",
        "answers\" file=\"tests/smoke/front_page.py\"><skipped/></testcase>",
        "TEST-105",
    ),
    (
        "reports/system.xml",
        "holds\" time=\"60.000\"/>",
        "holds\"><failure/></testcase><testcase classname=\"search.load\" name=\"TEST-106 holds\"/>",
        "TEST-106",
    ),
    // They are called otherwise.
    ("reports/unit.xml", "TEST-102 finds", "TEST-120 finds", "TEST-102"),
    ("reports/unit.xml", "TEST-102 finds", "TEST-1O2 finds", "TEST-102"),
    ("reports/system.xml", "classname=\"search.journey\"", "classname=\"search.jorney\"", "TEST-103"),
    (
        "reports/system.xml",
        "classname=\"tests.smoke.front_page\" name=\"answers\" file=\"tests/smoke/front_page.py\"",
        "classname=\"tests.smoke.back_page\" name=\"answers\" file=\"tests/smoke/back_page.py\"",
        "TEST-105",
    ),
    // Times long past and still to come.
    (
        "reports/unit.xml",
        "timestamp=\"2027-03-09T18:00:00Z\"",
        "timestamp=\"2026-03-09T18:00:00Z\"",
        "TEST-101",
    ),
    (
        "reports/unit.xml",
        "timestamp=\"2027-03-09T18:00:00Z\"",
        "timestamp=\"2027-04-09T18:00:00Z\"",
        "TEST-101",
    ),
    (
        "reports/system.xml",
        "timestamp=\"2027-03-09T19:00:00Z\"",
        "timestamp=\"2017-01-01T00:00:00Z\"",
        "TEST-105",
    ),
    ("reports/coverage.xml", "timestamp=\"1804611600000\"", "timestamp=\"1704611600000\"", "DEP-002"),
    ("reports/coverage.xml", "timestamp=\"1804611600000\"", "timestamp=\"1904611600000\"", "DEP-002"),
    ("reports/metrics.csv", "2027-03-09T20", "2027-03-01T20", "DEP-004"),
    ("reports/metrics.csv", "2027-03-09T20", "2028-03-09T20", "DEP-004"),
    (
        "reports/metrics.json",
        "180, \"unit\": \"ms\", \"time\": \"2027-03-09",
        "180, \"unit\": \"ms\", \"time\": \"2027-03-01",
        "DEP-004",
    ),
    ("reports/evidence.json", "2027-03-09", "2027-02-09", "DEP-003"),
    ("reports/evidence.json", "2027-03-09", "2027-03-12", "DEP-003"),
    ("reports/evidence.json", "2027-03-09T20:30:00Z", "yesterday", "DEP-003"),
    ("docs/evidence.json", "2027-03-05", "2027-02-05", "DEP-006"),
    ("docs/evidence.json", "2027-03-05", "2027-05-05", "DEP-006"),
    (
        "docs/evidence.json",
        "\"time\"",
        "\"commit\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", \"time\"",
        "DEP-006",
    ),
    // Another commit, or none.
    ("reports/evidence.json", "4f2d9c1e8b7a", "4f2d9c1e8b7b", "DEP-001"),
    ("reports/evidence.json", "4f2d9c1e8b7a6053d1c2b3a4958676564738291a", "4f2d9c", "DEP-001"),
    ("reports/evidence.json", "4f2d9c1e8b7a6053d1c2b3a4958676564738291a", "main", "DEP-001"),
    ("reports/evidence.json", "4f2d9c1e8b7a6053d1c2b3a4958676564738291a", "", "DEP-001"),
    ("reports/evidence.json", "\"commit\"", "\"comit\"", "reports/evidence.json"),
    // Values beyond what is asked for, in other units, or two of them.
    ("reports/metrics.json", "180", "260", "DEP-004"),
    ("reports/metrics.json", "180", "250", "DEP-004"),
    ("reports/metrics.json", "\"ms\"", "\"s\"", "DEP-004"),
    ("reports/metrics.json", "\"ms\"", "\"requests\"", "DEP-004"),
    ("reports/metrics.json", "\"ms\"", "\"\"", "DEP-004"),
    ("reports/metrics.json", "180", "\"180\"", "DEP-004"),
    ("reports/metrics.json", "180", "1e999", "DEP-004"),
    ("reports/metrics.json", "94.5", "89.9", "DEP-004"),
    ("reports/metrics.json", "KPI-001", "KPI-01x", "DEP-004"),
    ("reports/metrics.json", "p95_latency", "p99_latency", "DEP-004"),
    (
        "reports/metrics.json",
        "\"metrics\": [",
        "\"metrics\": [ { \"name\": \"p95_latency\", \"value\": 900, \"unit\": \"ms\", \"time\": \"2027-03-09T20:00:00Z\" },",
        "DEP-004",
    ),
    ("reports/metrics.csv", "0.4,%", "1.0,%", "DEP-004"),
    ("reports/metrics.csv", "0.4,%", "0.4,ms", "DEP-004"),
    ("reports/metrics.csv", "0.4,%", "NaN,%", "DEP-004"),
    ("reports/metrics.csv", "MON-001,0.4", "MON-001,0.9,%,2027-03-09T20:00:00Z\nMON-001,0.4", "DEP-004"),
    // Code that no test runs through, or that is counted elsewhere.
    ("reports/coverage.xml", "<line number=\"3\" hits=\"2\"/>", "<line number=\"3\" hits=\"0\"/>", "DEP-002"),
    ("reports/coverage.xml", "75% (3/4)", "50% (2/4)", "DEP-002"),
    (
        "reports/coverage.xml",
        "<package name=\"core\" line-rate=\"1.0\" branch-rate=\"0.75\">\n      <classes>\n        <class name=\"query.py\" filename=\"core/query.py\"",
        "<package name=\"cor\">\n      <classes>\n        <class name=\"query.py\" filename=\"cor/query.py\"",
        "DEP-002",
    ),
    ("reports/lcov.info", "DA:1,3", "DA:1,0", "DEP-007"),
    ("reports/lcov.info", "SF:src/api/search.ts", "SF:src/apis/search.ts", "DEP-007"),
    ("reports/lcov.info", "BRDA:2,0,0,2\nBRDA:2,0,1,1\nLF:4\nLH:4\nBRF:2\nBRH:2\n", "", "DEP-007"),
    // What a scanner found, and another scanner.
    ("reports/semgrep.sarif", "\"3.1\"", "7.0", "DEP-003"),
    ("reports/semgrep.sarif", "\"3.1\"", "\"9.8\"", "DEP-003"),
    ("reports/semgrep.sarif", "Semgrep OSS", "Sempgrep", "DEP-003"),
    ("reports/semgrep.sarif", "\"executionSuccessful\": true", "\"executionSuccessful\": false", "DEP-003"),
    ("reports/semgrep.sarif", "\"version\": \"2.1.0\"", "\"version\": \"2.0.0\"", "DEP-003"),
    (
        "reports/semgrep.sarif",
        "\"properties\": { \"security-severity\": \"3.1\" }",
        "\"kind\": \"Fail\", \"properties\": { \"security-severity\": \"9.8\" }",
        "DEP-003",
    ),
];

#[test]
fn with_evidence_that_says_otherwise_it_is_not_go() {
    let base = go();
    let damaged = OTHERWISE.iter().map(|(file, from, to, names)| {
        let text = text_of(&base, file);
        assert!(text.contains(from), "{from} in {file}");
        let mut names = vec![*names];
        names.extend(rests_on(file).iter().filter(|_| *file == "reports/evidence.json"));
        Variant::new(format!("{file}: {to} for {from}"), file, text.replacen(from, to, 1), &names)
    });
    let variants: Vec<Variant> = damaged.collect();
    none(&wrong(&base, &variants, never), variants.len());
}

/// Where the ids of a text stand.
fn ids(text: &str) -> Vec<std::ops::Range<usize>> {
    let digits =
        |at: usize| text[at..].find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len() - at);
    let prefixes = ["DEP-", "EPIC-", "KPI-", "MON-", "REL-", "RISK-", "RUN-", "TEST-"];
    let found =
        prefixes.iter().flat_map(|prefix| text.match_indices(prefix).map(|(at, text)| (at, text.len())));
    let mut found: Vec<_> = found.map(|(at, length)| at..at + length + digits(at + length)).collect();
    found.sort_by_key(|range| range.start);
    found
}

#[test]
fn with_a_mistyped_id_it_is_not_go_whoever_signs() {
    let base = go();
    let mut variants = Vec::new();
    for (file, signed) in PLAN.iter().map(|file| (*file, true)).chain([
        (APPROVALS, false),
        ("relplan.toml", false),
        ("reports/unit.xml", false),
        ("reports/system.xml", false),
        ("reports/metrics.csv", false),
        ("reports/metrics.json", false),
    ]) {
        let text = text_of(&base, file);
        for range in ids(&text) {
            let line = text[..range.start].matches('\n').count();
            let key = text.lines().nth(line).unwrap_or_default().trim().trim_start_matches("- ");
            let mut mistyped = text.clone();
            mistyped.insert(range.end, '7');
            let what = format!("{file}, {}7 in: {}", &text[range.clone()], key);
            variants.push(Variant { signed, ..Variant::new(what, file, mistyped, &[]) });
        }
    }
    let allowed = Allowed::new(&[
        // An entry of which nothing else speaks is another one, by any name, and judged by it.
        ("plan/criteria.yaml, DEP-0017 in: id: ", &["DEP-001"]),
        ("plan/criteria.yaml, DEP-0027 in: id: ", &["DEP-002"]),
        ("plan/criteria.yaml, DEP-0077 in: id: ", &["DEP-007"]),
        ("plan/deployment.yaml, DEP-0107 in: id: ", &["DEP-010"]),
        ("plan/deployment.yaml, DEP-0207 in: id: ", &["DEP-020"]),
        ("plan/deployment.yaml, DEP-0307 in: id: ", &["DEP-030"]),
        ("plan/release.yaml, RISK-0017 in: id: ", &["RISK-001"]),
        ("plan/deployment.yaml, DEP-0407 in: id: ", &["DEP-040"]),
        ("plan/deployment.yaml, KPI-0017 in: id: ", &["KPI-001"]),
        ("plan/criteria.yaml, DEP-0037 in: id: ", &["DEP-003"]),
        ("plan/criteria.yaml, DEP-0047 in: id: ", &["DEP-004"]),
        ("plan/criteria.yaml, DEP-0067 in: id: ", &["DEP-006"]),
        // Ids in sentences are reported, and weigh less.
        ("plan/deployment.yaml, DEP-0207 in: ", &["escalation: Roll back by DEP-020"]),
        ("plan/deployment.yaml, DEP-0017 in: ", &["gate: DEP-001 holds", "gate: DEP-001 to DEP-007 hold"]),
        ("plan/deployment.yaml, DEP-0077 in: ", &["gate: DEP-001 to DEP-007 hold"]),
    ]);
    let may_be = |variant: &Variant, outcome: &Outcome| outcome.code() == 0 && allowed.allows(&variant.what);
    none(&wrong(&base, &variants, may_be), variants.len());
    allowed.all_seen();
}

#[test]
fn the_binary_says_the_same() {
    let base = go();
    let mut variants: Vec<Variant> =
        PLAN.iter().flat_map(|file| removals(file, &text_of(&base, file))).collect();
    variants.extend(removals_of_toml(&text_of(&base, "relplan.toml")));
    variants.extend(base.keys().map(|file| Variant { bytes: None, ..Variant::new("", file, "", &[]) }));
    let ground = Ground::new(base);
    for variant in variants.iter().step_by(23) {
        ground.with(&variant.file, variant.bytes.as_deref(), |root| {
            let (here, there) = (judge(root), report(root, &["--format", "json"]));
            assert_eq!(here.code(), code(&there), "{}: {}", variant.what, crate::support::err(&there));
            if let Outcome::Decided(report) = here {
                let json: serde_json::Value = serde_json::from_str(&out(&there)).expect("JSON");
                let own = serde_json::to_value(&report.checks).expect("JSON");
                assert_eq!(json["checks"], own, "{}", variant.what);
                assert_eq!(json["decision"], serde_json::to_value(report.decision).expect("JSON"));
            }
        });
    }
}
