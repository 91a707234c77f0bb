//! What can happen to a file: bytes that are lost or changed, parts that are taken out, repeated, renamed, exchanged or
//! say something else, and the encodings in which it may arrive.

use std::ops::Range;

use super::tokens::{Grammar, Kind, Tokens, Unit};

/// One change to one file: what then stands where these bytes stood.
#[derive(Debug, Clone)]
pub struct Edit {
    pub class: &'static str,
    pub range: Range<usize>,
    pub with: Vec<u8>,
}

impl Edit {
    fn new(class: &'static str, range: Range<usize>, with: impl Into<Vec<u8>>) -> Self {
        Edit { class, range, with: with.into() }
    }

    pub fn apply(&self, bytes: &[u8]) -> Vec<u8> {
        [&bytes[..self.range.start], &self.with, &bytes[self.range.end..]].concat()
    }

    /// Both changes at once; none if they touch the same place.
    pub fn apply_both(&self, other: &Edit, bytes: &[u8]) -> Option<Vec<u8>> {
        let (first, second) =
            if self.range.start <= other.range.start { (self, other) } else { (other, self) };
        let apart = first.range.end < second.range.start;
        apart.then(|| first.apply(&second.apply(bytes)))
    }
}

/// Every change to a file.
pub fn edits(grammar: Grammar, bytes: &[u8], tokens: &Tokens) -> Vec<Edit> {
    let mut found = Vec::new();
    at_bytes(bytes, &mut found);
    encodings(bytes, &mut found);
    for (index, unit) in tokens.units.iter().enumerate() {
        let next = tokens.units[index + 1..]
            .iter()
            .find(|next| next.parent == unit.parent && next.kind == unit.kind);
        at_unit(grammar, bytes, unit, next, &mut found);
    }
    found.retain(|edit| edit.apply(bytes) != bytes);
    found
}

fn at_bytes(bytes: &[u8], found: &mut Vec<Edit>) {
    for (at, &byte) in bytes.iter().enumerate() {
        found.push(Edit::new("cut off", at..bytes.len(), ""));
        found.push(Edit::new("byte lost", at..at + 1, ""));
        let other_case =
            if byte.is_ascii_lowercase() { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() };
        let next_digit = if byte.is_ascii_digit() { b'0' + (byte - b'0' + 1) % 10 } else { byte };
        for other in [b' ', b'"', b'<', b'0', b'9', b'x', 0, 0xff, other_case, next_digit] {
            if other != byte && !(other == next_digit && matches!(other, b'0' | b'9') && byte == next_digit) {
                found.push(Edit::new("byte changed", at..at + 1, [other]));
            }
        }
    }
}

fn encodings(bytes: &[u8], found: &mut Vec<Edit>) {
    let all = 0..bytes.len();
    let text = String::from_utf8_lossy(bytes).into_owned();
    let utf_16 = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let mut put = |with: Vec<u8>| found.push(Edit::new("encoding", all.clone(), with));
    put([b"\xef\xbb\xbf", bytes].concat());
    put([b"\xef\xbb\xbf\xef\xbb\xbf", bytes].concat());
    put([b"\xff\xfe".as_slice(), &utf_16(u16::to_le_bytes)].concat());
    put([b"\xfe\xff".as_slice(), &utf_16(u16::to_be_bytes)].concat());
    put(utf_16(u16::to_le_bytes));
    put([bytes, b"\xe9\n"].concat());
    put(text.replace('\n', "\r\n").into_bytes());
    put(text.replace('\n', "\r").into_bytes());
    put(text.replace('\n', " ").into_bytes());
    put(text.replace(' ', "\t").into_bytes());
    for tail in [b"\0\0\0\0".as_slice(), b"\n\n", b" ", b"\x1a", b"x", b"<", b"{}", b"null"] {
        put([bytes, tail].concat());
    }
    put([bytes, bytes].concat());
    put([bytes, b"\n", bytes].concat());
    put([b"\n".as_slice(), bytes].concat());
    put(vec![0; bytes.len()]);
    put(bytes.to_ascii_lowercase());
    put(bytes.to_ascii_uppercase());
    put(Vec::new());
}

fn at_unit(grammar: Grammar, bytes: &[u8], unit: &Unit, next: Option<&Unit>, found: &mut Vec<Edit>) {
    let text = |range: &Range<usize>| &bytes[range.clone()];
    let whole = &unit.whole;
    found.push(Edit::new("part removed", around(bytes, unit), ""));
    let apart: &[u8] = match unit.kind {
        Kind::Element | Kind::Line => b"",
        Kind::Attribute => b" ",
        Kind::Member | Kind::Item | Kind::Cell => b",",
    };
    let twice = [text(whole), apart, text(whole)].concat();
    found.push(Edit::new("part repeated", whole.clone(), twice));
    if let Some(next) = next {
        let between = &bytes[whole.end.min(next.whole.start)..next.whole.start];
        let swapped = [text(&next.whole), between, text(whole)].concat();
        found.push(Edit::new("parts exchanged", whole.start..next.whole.end, swapped));
    }
    if let Some(name) = &unit.name {
        for other in renamed(&String::from_utf8_lossy(text(name))) {
            rename(bytes, unit, name, &other, found);
        }
    }
    match (&unit.value, unit.kind) {
        (Some(value), Kind::Element) => {
            found.push(Edit::new("part emptied", value.start..closing(bytes, unit), ""))
        }
        (Some(value), _) => {
            found.push(Edit::new("part emptied", value.clone(), ""));
            for other in other_values(unit, text(value)) {
                found.push(Edit::new("value replaced", value.clone(), other));
            }
        }
        (None, _) => {}
    }
    for (at, words) in added(grammar, bytes, unit) {
        found.push(Edit::new("part added", at, words));
    }
}

/// Where the end tag of an element begins, or its own end if it has none.
fn closing(bytes: &[u8], unit: &Unit) -> usize {
    let within = &bytes[unit.whole.clone()];
    within.windows(2).rposition(|pair| pair == b"</").map_or(unit.whole.end, |at| unit.whole.start + at)
}

/// A part with the comma that parts it from another.
fn around(bytes: &[u8], unit: &Unit) -> Range<usize> {
    let whole = unit.whole.clone();
    if !matches!(unit.kind, Kind::Member | Kind::Item | Kind::Cell) {
        return whole;
    }
    let is_space = |byte: &u8| byte.is_ascii_whitespace() && unit.kind != Kind::Cell;
    let behind = bytes[whole.end..].iter().take_while(|byte| is_space(byte)).count() + whole.end;
    if bytes.get(behind) == Some(&b',') {
        return whole.start..behind + 1;
    }
    let before = whole.start - bytes[..whole.start].iter().rev().take_while(|byte| is_space(byte)).count();
    match before > 0 && bytes[before - 1] == b',' {
        true => before - 1..whole.end,
        false => whole,
    }
}

/// A name as others write it, or mistype it.
fn renamed(name: &str) -> Vec<String> {
    let mut swapped: Vec<char> = name.chars().collect();
    if swapped.len() > 2 {
        swapped.swap(1, 2);
    }
    let capital: String =
        name.chars().take(1).flat_map(char::to_uppercase).chain(name.chars().skip(1)).collect();
    vec![
        name.to_uppercase(),
        capital,
        swapped.into_iter().collect(),
        format!("x{name}"),
        format!("{name}s"),
        format!("x:{name}"),
        String::new(),
    ]
}

fn rename(bytes: &[u8], unit: &Unit, name: &Range<usize>, other: &str, found: &mut Vec<Edit>) {
    let whole = &bytes[unit.whole.clone()];
    let old = String::from_utf8_lossy(&bytes[name.clone()]).into_owned();
    let (start, end) = (name.start - unit.whole.start, name.end - unit.whole.start);
    let mut with = [&whole[..start], other.as_bytes(), &whole[end..]].concat();
    if unit.kind == Kind::Element {
        let closing = format!("</{old}>");
        if with.ends_with(closing.as_bytes()) {
            with.truncate(with.len() - closing.len());
            with.extend(format!("</{other}>").bytes());
        }
    }
    found.push(Edit::new("part renamed", unit.whole.clone(), with));
}

/// What other programs write, and what is left of values that went wrong. In JSON each stands there as a text, too.
const VALUES: &[&str] = &[
    "NaN",
    "Infinity",
    "-1",
    "-0",
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "7",
    "99",
    "100",
    "250",
    "1e99",
    "1e-9",
    "0x10",
    "1,5",
    "null",
    "true",
    "false",
    "N/A",
    "undefined",
    "passed",
    "PASSED",
    "failed",
    "timeout",
    "aborted",
    "unknown",
    "skipped",
    "error",
    "none",
    "note",
    "Warning",
    "critical",
    "high",
    "fail",
    "open",
    "review",
    "4f2d9c1e8b7a6053d1c2b3a4958676564738291a",
    "4f2d9c1e",
    "4F2D9C1E8B7A6053D1C2B3A4958676564738291A",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "4f2d9c1e8b7a6053d1c2b3a4958676564738291a0",
    "main",
    "2027-03-09T21:00:00Z",
    "2027-03-09T21:00:00+02:00",
    "2027-03-09 21:00:00",
    "2027-03-09",
    "2027-04-09T18:00:00Z",
    "2026-03-09T18:00:00Z",
    "2020-01-01T00:00:00Z",
    "1970-01-01T00:00:00Z",
    "0001-01-01T00:00:00",
    "1969-12-31",
    "01.01.2020 18:00",
    "03/09/2027",
    "yesterday",
    "1804611600",
    "1804611600000",
    "1577836800000",
    "1904611600000",
    "TEST-101",
    "TEST-999",
    "TEST-1011",
    "test-101",
    "pytest",
    "Catch2",
    "Qt Test",
    "%",
    "ms",
    "s",
    "ratio",
    "bytes",
    "../x",
    "a&amp;b",
    "\u{e9}",
];

fn other_values(unit: &Unit, old: &[u8]) -> Vec<Vec<u8>> {
    let mut found: Vec<Vec<u8>> = Vec::new();
    let old = String::from_utf8_lossy(old);
    for value in VALUES {
        if matches!(unit.kind, Kind::Member | Kind::Item) {
            found.push(format!("\"{value}\"").into_bytes());
        }
        found.push(value.as_bytes().to_vec());
    }
    if matches!(unit.kind, Kind::Member | Kind::Item) {
        for value in ["{}", "[]", "[{}]", "[null]", "\"\"", "{\"text\": \"x\"}", "[\"x\"]"] {
            found.push(value.into());
        }
        found.push(format!("[{old}]").into());
    }
    found.push(format!(" {old} ").into());
    found.push(format!("{old}{old}").into());
    found.push(format!("0{old}").into());
    found.push(format!("{old}.0").into());
    found.push(format!("-{old}").into());
    found
}

/// Attributes that say how something ended, under the names and in the words of several programs.
const ATTRIBUTES: &[&str] = &[
    "status=\"failed\"",
    "status=\"timeout\"",
    "Status=\"failed\"",
    "STATUS=\"FAILED\"",
    "result=\"incomplete\"",
    "Result=\"Failed\"",
    "result=\"failure\"",
    "outcome=\"Failed\"",
    "state=\"broken\"",
    "success=\"false\"",
    "Success=\"False\"",
    "executed=\"False\"",
    "passed=\"no\"",
    "status=\"passed\"",
    "timestamp=\"2020-01-01T00:00:00Z\"",
    "Timestamp=\"2020-01-01T00:00:00Z\"",
    "date=\"2020-01-01\"",
    "commit=\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
    "failures=\"9\"",
    "Failures=\"9\"",
    "errors=\"9\"",
    "tests=\"99\"",
    "disabled=\"9\"",
    "skipped=\"9\"",
    "warnings=\"9\"",
    "aborted=\"true\"",
    "id=\"7\"",
    "retries=\"2\"",
    "hits=\"0\"",
    "missing-branches=\"4\"",
];

/// What may stand in an element.
const ELEMENTS: &[&str] = &[
    "<failure/>",
    "<Failure/>",
    "<failure message=\"no\">at line 7</failure>",
    "<failed/>",
    "<error/>",
    "<Error/>",
    "<errors/>",
    "<timeout/>",
    "<aborted/>",
    "<skipped/>",
    "<warning/>",
    "<rerunFailure/>",
    "<flakyFailure/>",
    "<x:failure xmlns:x=\"u\"/>",
    "<system-out>passed</system-out>",
    "<testcase name=\"TEST-101 more\"><failure/></testcase>",
    "<TestCase name=\"TEST-101 more\"><failure/></TestCase>",
    "<test-case name=\"TEST-101\" result=\"Failed\"/>",
    "<testcase classname=\"other\" name=\"more\"><failure/></testcase>",
    "<testsuite name=\"more\" failures=\"1\"/>",
    "<testcase classname=\"other\" name=\"more\"/>",
    "<properties><property name=\"git.commit\" value=\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"/></properties>",
    "<properties><property name=\"result\" value=\"failed\"/></properties>",
    "<!-- failed -->",
    "<?pi failed?>",
    "words",
    "<![CDATA[failed]]>",
    "<line number=\"99\" hits=\"0\"/>",
    "<line number=\"1\" hits=\"0\"/>",
    "<line number=\"98\" hits=\"0\" branch=\"true\" condition-coverage=\"0% (0/9)\"/>",
    "<class name=\"z\" filename=\"core/z.py\"><lines><line number=\"1\" hits=\"0\"/></lines></class>",
];

/// Members of objects.
const MEMBERS: &[&str] = &[
    "\"kind\": \"fail\"",
    "\"kind\": \"open\"",
    "\"kind\": \"pass\"",
    "\"level\": \"error\"",
    "\"Level\": \"error\"",
    "\"suppressions\": [{}]",
    "\"suppressions\": []",
    "\"suppressions\": [{\"kind\": \"external\"}]",
    "\"executionSuccessful\": false",
    "\"exitCode\": 2",
    "\"exitSignalName\": \"SIGKILL\"",
    "\"processStartFailureMessage\": \"no\"",
    "\"properties\": {\"security-severity\": \"9.8\"}",
    "\"security-severity\": \"9.8\"",
    "\"security-severity\": \"critical\"",
    "\"severity\": \"CRITICAL\"",
    "\"rank\": 100",
    "\"baselineState\": \"absent\"",
    "\"baselineState\": \"new\"",
    "\"results\": null",
    "\"toolExecutionNotifications\": [{\"level\": \"error\", \"message\": {\"text\": \"300 files skipped\"}}]",
    "\"toolConfigurationNotifications\": [{\"level\": \"error\", \"message\": {\"text\": \"no rules\"}}]",
    "\"defaultConfiguration\": {\"level\": \"error\"}",
    "\"automationDetails\": {\"id\": \"/language:js/\"}",
    "\"versionControlProvenance\": [{\"revisionId\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}]",
    "\"externalPropertyFileReferences\": {\"results\": [{\"location\": {\"uri\": \"r.json\"}}]}",
    "\"time\": \"2020-01-01T00:00:00Z\"",
    "\"timestamp\": \"2020-01-01T00:00:00Z\"",
    "\"Time\": \"2020-01-01T00:00:00Z\"",
    "\"endTimeUtc\": \"2020-01-01T00:00:00Z\"",
    "\"date\": \"2020-01-01\"",
    "\"commit\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
    "\"sha\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
    "\"value\": 900",
    "\"unit\": \"s\"",
    "\"name\": \"p99\"",
    "\"service\": \"b\"",
    "\"labels\": {\"service\": \"b\"}",
    "\"x\": null",
    "\"reports\": {}",
    "\"branch\": \"main\"",
];

/// Items of lists.
const ITEMS: &[&str] = &[
    "null",
    "{}",
    "7",
    "\"x\"",
    "{\"ruleId\": \"r\", \"level\": \"error\", \"message\": {\"text\": \"bad\"}}",
    "{\"ruleId\": \"r\", \"level\": \"note\", \"message\": {\"text\": \"bad\"}, \"properties\": {\"security-severity\": \"critical\"}}",
    "{\"ruleId\": \"r\", \"kind\": \"pass\", \"level\": \"error\", \"message\": {\"text\": \"bad\"}}",
    "{\"executionSuccessful\": false}",
    "{\"tool\": {\"driver\": {\"name\": \"Semgrep OSS\"}}, \"results\": [{\"ruleId\": \"r\", \"level\": \"error\", \"message\": {\"text\": \"bad\"}}]}",
    "{\"tool\": {\"driver\": {\"name\": \"Semgrep OSS\"}}, \"invocations\": [{\"executionSuccessful\": false}], \"results\": []}",
    "{\"name\": \"p95_latency\", \"value\": 900, \"unit\": \"ms\", \"time\": \"2027-03-09T20:00:00Z\"}",
    "{\"name\": \"p95_latency\", \"value\": 900, \"unit\": \"ms\"}",
    "{\"name\": \"p95_latency\", \"value\": \"NaN\", \"unit\": \"ms\"}",
    "{\"name\": \"KPI-001\", \"value\": 10, \"unit\": \"%\", \"time\": \"2027-03-09T19:00:00Z\"}",
];

/// Lines of tables and of traces.
const LINES: &[&str] = &[
    "\n",
    "#\n",
    "MON-001,9,%,2027-03-09T20:00:00Z\n",
    "MON-001,9,%,2027-03-09T19:00:00Z\n",
    "MON-001,NaN,%,\n",
    "mon-001,9,%,2027-03-09T20:00:00Z\n",
    "MON-001,9\n",
    "OTHER,9,%,2027-03-09T20:00:00Z\n",
    "DA:5,0\n",
    "DA:1,0\n",
    "DA:6,-1\n",
    "BRDA:2,0,2,0\n",
    "BRDA:2,0,2,-\n",
    "BRDA:3,0,0,-\n",
    "FNDA:0,f\n",
    "FN:1,f\n",
    "LF:99\n",
    "LH:0\n",
    "BRF:99\n",
    "BRH:0\n",
    "SF:src/api/other.ts\nDA:1,0\nDA:2,0\nDA:3,0\nDA:4,0\nend_of_record\n",
    "end_of_record\n",
    "TN:other\n",
    "da:5,0\n",
    "VER:1\n",
    "words\n",
];

fn added(grammar: Grammar, bytes: &[u8], unit: &Unit) -> Vec<(Range<usize>, Vec<u8>)> {
    let mut found = Vec::new();
    match (grammar, unit.kind) {
        (Grammar::Xml, Kind::Element) => {
            let behind_name = unit.name.as_ref().map_or(0, |name| name.end);
            found.extend(
                ATTRIBUTES.iter().map(|words| (behind_name..behind_name, format!(" {words}").into())),
            );
            let name = String::from_utf8_lossy(&bytes[unit.name.clone().unwrap_or_default()]);
            for words in ELEMENTS {
                match &unit.value {
                    Some(value) => found.push((value.clone(), words.as_bytes().to_vec())),
                    None => {
                        found.push((unit.whole.end - 2..unit.whole.end, format!(">{words}</{name}>").into()))
                    }
                }
            }
        }
        (Grammar::Json, Kind::Member | Kind::Item) => {
            let value = unit.value.clone().unwrap_or_default();
            let (listed, at) = match bytes.get(value.start) {
                Some(b'{') => (MEMBERS, value.start + 1),
                Some(b'[') => (ITEMS, value.start + 1),
                _ => return found,
            };
            found.extend(listed.iter().map(|words| (at..at, format!("{words},").into())));
            let end = value.end - 1;
            found.extend(listed.iter().map(|words| (end..end, format!(",{words}").into())));
        }
        (Grammar::Csv | Grammar::Lines, Kind::Line) => {
            let end = unit.whole.end;
            found.extend(LINES.iter().map(|words| (end..end, words.as_bytes().to_vec())));
        }
        _ => {}
    }
    found
}

/// A generator of numbers by Marsaglia (xorshift64*), so that what is drawn is the same everywhere.
pub struct Draw(pub u64);

impl Draw {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % end.max(1)
    }
}
