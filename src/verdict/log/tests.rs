//! Logs, and what is done to them.

use proptest::prelude::*;

use super::*;

fn record(number: usize) -> Record {
    Record {
        version: 0,
        sequence: 0,
        previous: None,
        time: DateTime::from_timestamp(1_795_000_000 + i64::try_from(number).unwrap_or(0), 999_000_000)
            .expect("a time"),
        day: NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day"),
        today: None,
        relplan: "0.1.0".to_owned(),
        release: Some(format!("REL-{number:03}")),
        commit: Commit::parse("75d2c98a1b2c3d4e5f60718293a4b5c6d7e8f901").ok(),
        decision: [Decision::Go, Decision::ConditionalGo, Decision::NoGo][number % 3],
        confidence: (number > 0).then_some(Share::of_percent(87.5)),
        profile: None,
        gates: vec![Gate { name: "Pre-deploy".to_owned(), verdict: GateStatus::Conditional }],
        checks: vec![Check {
            id: "DEP-002".to_owned(),
            verdict: Verdict::Waived,
            reason: "waived by Jürgen until 2026-12-01".to_owned(),
            blocking: true,
            kind: Some(CheckKind::Criterion),
            proof: None,
        }],
        blockers: vec!["DEP-007".to_owned()],
        waivers: vec![Waiver {
            id: "DEP-002".to_owned(),
            by: Some("Jürgen \"J.\" Weiß".to_owned()),
            reason: Some("two\nlines".to_owned()),
            until: NaiveDate::from_ymd_opt(2026, 12, 1),
        }],
        by: Some("Release Manager".to_owned()),
        person: None,
        roster: None,
        configuration: None,
        inputs: vec![Input { path: "release/plan.yaml".to_owned(), sha256: Digest::of(b"plan") }],
        note: None,
        signature: None,
    }
}

/// A log of so many records, and the digest of its end.
fn log(count: usize) -> (Vec<u8>, Option<Digest>) {
    (0..count).fold((Vec::new(), None), |(log, _), number| {
        let appended = append(&log, record(number)).expect("the log verifies");
        (appended.log, Some(appended.head))
    })
}

fn lines(log: &[u8]) -> Vec<Vec<u8>> {
    log.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}

/// What `verify` says of these lines.
fn said(lines: &[Vec<u8>], expected: Option<&Digest>) -> Vec<String> {
    let broken = verify(&lines.concat(), expected).err().unwrap_or_default();
    broken.iter().map(Broken::to_string).collect()
}

/// What is said of a log of five records that something was done to.
#[track_caller]
fn check(change: impl Fn(&mut Vec<Vec<u8>>), expect: &[&str]) {
    let (log, head) = log(5);
    let mut lines = lines(&log);
    change(&mut lines);
    let said = said(&lines, head.as_ref());
    assert_eq!(said, expect);
}

fn replace(line: &mut Vec<u8>, from: &str, to: &str) {
    let text = String::from_utf8(line.clone()).expect("UTF-8");
    assert!(text.contains(from), "{from} is not in {text}");
    *line = text.replacen(from, to, 1).into_bytes();
}

#[test]
fn a_log_is_json_lines_in_a_fixed_form() {
    let (log, head) = log(2);
    let text = String::from_utf8(log.clone()).expect("UTF-8");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(
        lines[0],
        format!(
            r#"{{"version":2,"sequence":1,"previous":null,"time":"2026-11-18T11:06:40Z","day":"2026-11-20","today":null,"relplan":"0.1.0","release":"REL-000","commit":"75d2c98a1b2c3d4e5f60718293a4b5c6d7e8f901","decision":"go","confidence":null,"profile":null,"gates":[{{"name":"Pre-deploy","verdict":"conditional"}}],"checks":[{{"id":"DEP-002","verdict":"waived","reason":"waived by Jürgen until 2026-12-01","blocking":true,"kind":"criterion"}}],"blockers":["DEP-007"],"waivers":[{{"id":"DEP-002","by":"Jürgen \"J.\" Weiß","reason":"two\nlines","until":"2026-12-01"}}],"by":"Release Manager","person":null,"roster":null,"inputs":[{{"path":"release/plan.yaml","sha256":"{}"}}],"note":null,"signature":null}}"#,
            Digest::of(b"plan").hex()
        )
    );
    let previous = format!("\"previous\":\"{}\"", Digest::of(lines[0].as_bytes()));
    assert!(lines[1].contains(&previous), "{}", lines[1]);
    assert_eq!(head, Some(Digest::of(lines[1].as_bytes())));
}

#[test]
fn what_is_written_verifies() {
    let (log, head) = log(5);
    let summary = verify(&log, head.as_ref()).expect("it verifies");
    assert_eq!(summary.head, head);
    assert_eq!(summary.behind_expected, Some(0));
    let sequences: Vec<u64> = summary.records.iter().map(|record| record.sequence).collect();
    assert_eq!(sequences, [1, 2, 3, 4, 5]);
    assert_eq!(verify(b"", None), Ok(Summary::default()));
}

#[test]
fn a_digest_of_an_earlier_end_still_fits() {
    let (_, earlier) = log(3);
    let (log, _) = log(5);
    assert_eq!(verify(&log, earlier.as_ref()).expect("it verifies").behind_expected, Some(2));
}

#[test]
fn a_changed_line_is_named() {
    check(
        |lines| replace(&mut lines[2], "\"no_go\"", "\"go\""),
        &["line 3 was changed: line 4 has another digest for it"],
    );
    check(
        |lines| replace(&mut lines[0], "REL-000", "REL-001"),
        &["line 1 was changed: line 2 has another digest for it"],
    );
    let previous = |lines: &mut Vec<Vec<u8>>| {
        let digest = Digest::of(lines[1].strip_suffix(b"\n").expect("a line")).to_string();
        replace(&mut lines[2], &digest, &Digest::of(b"").to_string());
    };
    check(previous, &["line 3 was changed: line 4 has another digest for it"]);
    check(
        |lines| replace(&mut lines[3], "\"sequence\":4", "\"sequence\":9"),
        &["line 4 has the sequence 9 in the place of 4"],
    );
    check(
        |lines| replace(&mut lines[1], "\"day\"", "\"dai\""),
        &[
            "line 2 is not a record: unknown field `dai`, expected one of `version`, `sequence`, `previous`, `time`, `day`, `today`, `relplan`, `release`, `commit`, `decision`, `confidence`, `profile`, `gates`, `checks`, `blockers`, `waivers`, `by`, `person`, `roster`, `configuration`, `inputs`, `note`, `signature`, at column 146",
            "line 2 was changed: line 3 has another digest for it",
        ],
    );
    check(
        |lines| replace(&mut lines[1], "\"version\":2", "\"version\":3"),
        &[
            "line 2 is a record of version 3, and only versions 1 to 2 are known",
            "line 2 was changed: line 3 has another digest for it",
        ],
    );
}

#[test]
fn dropped_lines_are_named() {
    check(|lines| drop(lines.remove(2)), &["line 3 does not follow the one before it: record 3 is missing"]);
    check(
        |lines| drop(lines.drain(..2)),
        &["line 1 does not follow the one before it: records 1 to 2 are missing"],
    );
}

#[test]
fn lines_that_stand_elsewhere_are_named() {
    check(
        |lines| lines.swap(1, 3),
        &["line 2 was moved: it was written behind line 3", "line 4 was moved: it was written behind line 1"],
    );
    check(|lines| lines.swap(0, 1), &["line 2 was moved: it was written behind none of the lines"]);
    check(
        |lines| {
            let line = lines.remove(1);
            lines.push(line);
        },
        &["line 5 was moved: it was written behind line 1"],
    );
}

#[test]
fn lines_that_were_put_in_are_named() {
    check(|lines| lines.insert(3, lines[2].clone()), &["line 4 repeats line 3"]);
    check(|lines| lines.insert(0, lines[3].clone()), &["line 1 repeats line 5"]);
    check(
        |lines| {
            // What somebody wrote who knows the form: it follows the line before it.
            let forged = append(&lines[..2].concat(), record(7)).expect("a log").log;
            lines.insert(2, forged[lines[..2].concat().len()..].to_vec());
        },
        &["line 3 was put in: line 4 was written behind the same line"],
    );
    check(
        |lines| lines.insert(1, b"{}\n".to_vec()),
        &["line 2 is not a record: missing field `version`, at column 2"],
    );
    check(
        |lines| lines.insert(1, b"\xff\n".to_vec()),
        &["line 2 is not a record: expected value, at column 1"],
    );
}

#[test]
fn the_form_of_lines_is_kept() {
    check(|lines| lines.insert(2, b"\n".to_vec()), &["line 3 is blank"]);
    check(|lines| lines.push(b" \n".to_vec()), &["line 6 is blank"]);
    check(|lines| _ = lines[4].pop(), &["line 5 does not end with a newline: it was cut off"]);
    check(
        |lines| lines[2].insert(0, b' '),
        &[
            "line 3 is not written as relplan writes a record: keys, numbers or spaces differ",
            "line 3 was changed: line 4 has another digest for it",
        ],
    );
}

#[test]
fn a_log_that_git_checked_out_with_other_line_ends_is_the_same() {
    let (log, head) = log(3);
    let text = String::from_utf8(log.clone()).expect("UTF-8").replace('\n', "\r\n");
    let summary = verify(text.as_bytes(), head.as_ref()).expect("it verifies");
    assert_eq!(summary, verify(&log, head.as_ref()).expect("it verifies"));
    // What is added ends as the lines before it do, and is chained to the same digests.
    let more = append(text.as_bytes(), record(3)).expect("it is added to");
    assert!(more.log.ends_with(b"}\r\n"));
    let same = append(&log, record(3)).expect("it is added to");
    assert_eq!(more.head, same.head);
    assert_eq!(String::from_utf8(more.log).expect("UTF-8").replace("\r\n", "\n").into_bytes(), same.log);
    // Some lines of one kind, some of the other: Git does that to a file that is half committed.
    let mixed = [text.as_bytes(), &same.log[log.len()..]].concat();
    assert!(verify(&mixed, Some(&same.head)).is_ok());
}

/// A log of three records of which the last says something else, whoever changed it having made the rest fit.
fn forged(change: impl Fn(&mut Record)) -> Vec<String> {
    let (log, _) = log(2);
    let last = verify(&log, None).expect("it verifies").head;
    let mut forged = Record { version: VERSION, sequence: 3, previous: last, ..record(2) };
    forged.time = forged.time.trunc_subsecs(0);
    change(&mut forged);
    said(&[log, forged.line().expect("JSON"), b"\n".to_vec()], None)
}

#[test]
fn time_does_not_run_backwards() {
    assert_eq!(forged(|_| {}), [""; 0]);
    assert_eq!(forged(|record| record.time = self::record(1).time.trunc_subsecs(0)), [""; 0]);
    let earlier = |record: &mut Record| record.time = self::record(0).time.trunc_subsecs(0);
    assert_eq!(forged(earlier), ["line 3 has a `time` before that of line 2"]);
    let (log, _) = log(2);
    assert!(matches!(append(&log, record(0)), Err(AppendError::ClockBehind { .. })));
}

#[test]
fn a_decision_has_a_person() {
    for by in [None, Some(""), Some(" "), Some("\u{200b}"), Some("TBD")] {
        let said = forged(|record| record.by = by.map(str::to_owned));
        assert_eq!(said, ["line 3 has no `by` that names a person"], "{by:?}");
    }
}

#[test]
fn numbers_and_commits_are_what_they_are() {
    let change = |from: &str, to: &str| {
        let (log, _) = log(2);
        let mut lines = lines(&log);
        replace(&mut lines[1], from, to);
        said(&lines, None)
    };
    let canonical = "line 2 is not written as relplan writes a record: keys, numbers or spaces differ";
    for (from, to) in [
        ("0.875", "0.8750"),
        ("0.875", "8.75e-1"),
        ("0.875", "0.87500000001"),
        ("\"sequence\":2", "\"sequence\":2 "),
        ("75d2c98a1b2c", "75D2C98A1B2C"),
        ("\"today\":null,", ""),
        ("\"day\":\"2026-11-20\",\"today\":null", "\"today\":null,\"day\":\"2026-11-20\""),
        ("\"time\":\"2026-11-18T11:06:41Z\"", "\"time\":\"2026-11-18T11:06:41.5Z\""),
    ] {
        assert_eq!(change(from, to), [canonical], "{to}");
    }
    let not_one = |from: &str, to: &str, reason: &str| {
        let said = change(from, to);
        assert!(said.len() == 1 && said[0].contains(reason), "{to}: {said:?}");
    };
    not_one("75d2c98a", "075d2c98a", "has 41 digits");
    not_one("0.875", "1.875", "is not between 0 and 1");
    not_one("\"note\":null", "\"note\":null,\"signed\":true", "unknown field `signed`");
    not_one("\"note\":null", "\"note\":null,\"note\":\"x\"", "duplicate field `note`");
    not_one("\"signature\":null}", "\"signature\":null}{}", "trailing characters");
    not_one("\"signature\":null}", "\"signature\":null}\0", "trailing characters");
}

#[test]
fn records_of_the_first_version_are_read() {
    let first = r#"{"version":1,"sequence":1,"previous":null,"time":"2027-01-01T23:59:59Z","day":"2027-01-01","relplan":"0.1.0","release":null,"commit":null,"decision":"no_go","confidence":0.28900000000000003,"profile":null,"gates":[],"checks":[],"blockers":[],"waivers":[],"by":null,"inputs":[],"note":null}"#;
    let log = format!("{first}\n");
    let summary = verify(log.as_bytes(), None).expect("it verifies");
    assert!(!summary.records[0].has_clock_time());
    // The time of `--today` is no time that a clock could run behind of.
    let more = append(log.as_bytes(), record(1)).expect("it is added to");
    assert!(verify(&more.log, None).is_ok());
}

#[test]
fn the_end_is_seen_by_a_digest_that_was_kept() {
    let (log, head) = log(5);
    let head = head.expect("a head");
    let not_expected = |line| {
        format!(
            "line {line} is the last, and no line has the digest {head}: the line that had it was changed, or dropped from the end"
        )
    };
    check(|lines| drop(lines.pop()), &[&not_expected(4)]);
    check(|lines| replace(&mut lines[4], "\"conditional_go\"", "\"go\""), &[&not_expected(5)]);
    check(Vec::clear, &[&not_expected(1)]);
    // Without it nothing shows.
    let mut lines = lines(&log);
    lines.pop();
    assert_eq!(said(&lines, None), Vec::<String>::new());
    // And what the last line says of the one before it is only its word.
    replace(&mut lines[2], "\"no_go\"", "\"go\"");
    assert_eq!(said(&lines, None), ["line 3 was changed, or line 4 was, which has another digest for it"]);
}

#[test]
fn nothing_is_added_to_a_log_that_does_not_verify() {
    let (log, _) = log(3);
    let cut = &log[..log.len() - 1];
    let Err(AppendError::Broken(broken)) = append(cut, record(3)) else { panic!("it was added to") };
    assert_eq!(broken, [Broken { line: 3, kind: BrokenKind::NoNewline }]);
}

/// The numbers of the lines that something is said of.
fn named(log: &[u8], expected: Option<&Digest>) -> Vec<usize> {
    verify(log, expected).err().unwrap_or_default().into_iter().map(|broken| broken.line).collect()
}

proptest! {
    #[test]
    fn any_byte_that_is_changed_is_found(count in 1..7_usize, place: prop::sample::Index, byte: u8) {
        let (mut log, head) = log(count);
        let place = place.index(log.len());
        prop_assume!(log[place] != byte);
        let line = 1 + log[..place].iter().filter(|byte| **byte == b'\n').count();
        log[place] = byte;
        let named = named(&log, head.as_ref());
        // A new line feed makes two lines of one, and the second one may be the last.
        let cut = usize::from(byte == b'\n');
        let last = |named: usize| cut == 1 && line == count && named == line + 1;
        prop_assert!(named.first() == Some(&line), "{}: {:?}", line, named);
        prop_assert!(named.iter().all(|named| (line..=line + cut).contains(named) || last(*named)), "{:?}", named);
    }

    #[test]
    fn any_line_that_is_dropped_is_found(count in 2..9_usize, place: prop::sample::Index, pinned: bool) {
        let (log, head) = log(count);
        let mut lines = lines(&log);
        let place = place.index(count - 1);
        lines.remove(place);
        let named = named(&lines.concat(), head.as_ref().filter(|_| pinned));
        prop_assert_eq!(named, [place + 1]);
    }

    #[test]
    fn any_lines_that_are_swapped_are_found(count in 2..9_usize, first: prop::sample::Index, second: prop::sample::Index, pinned: bool) {
        let (log, head) = log(count);
        let mut lines = lines(&log);
        let (first, second) = (first.index(count), second.index(count));
        prop_assume!(first != second);
        lines.swap(first, second);
        let named = named(&lines.concat(), head.as_ref().filter(|_| pinned));
        prop_assert!(!named.is_empty());
        prop_assert!(named.iter().all(|line| [first + 1, second + 1].contains(line)), "{:?}", named);
    }

    #[test]
    fn any_line_that_is_repeated_is_found(count in 1..9_usize, line: prop::sample::Index, at: prop::sample::Index, pinned: bool) {
        let (log, head) = log(count);
        let mut lines = lines(&log);
        let (line, at) = (line.index(count), at.index(count + 1));
        lines.insert(at, lines[line].clone());
        let named = named(&lines.concat(), head.as_ref().filter(|_| pinned));
        // Beside each other nobody can tell which of the two was there first.
        let other = if at == line { at + 2 } else { at + 1 };
        prop_assert!(named == [at + 1] || named == [other], "{:?}", named);
    }

    #[test]
    fn any_log_that_is_cut_short_is_found(count in 1..7_usize, end: prop::sample::Index) {
        let (log, head) = log(count);
        let log = &log[..end.index(log.len())];
        prop_assert!(verify(log, head.as_ref()).is_err());
    }

    #[test]
    fn no_bytes_break_it(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = verify(&bytes, None);
    }
}
