//! Texts of a plan that mean something to a format: each output is given to a reader of that format, which must see
//! what it sees in the output for harmless texts, and the texts as they are.

use std::collections::BTreeSet;
use std::process::Command;

use html5gum::{Token, Tokenizer};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use relplan::source::invisible;

use crate::support::{self, code, err, out, run};

/// What somebody may write into a title to make a reader do something.
pub const PAYLOADS: &[&str] = &[
    // HTML and XML.
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</style></title><svg/onload=alert(1)>",
    "' onmouseover='alert(1)",
    "<!-- a --> <iframe src=//x>",
    "&lt;b&gt; &#60;b&#62; &amp",
    "<![CDATA[x]]> ]]> <!ENTITY x SYSTEM \"file:///etc/passwd\">",
    "javascript:alert(1)",
    "a\u{b}b\u{fffe}c",
    // Markdown.
    "[x](javascript:alert(1)) ![x](http://evil.example/p.png)",
    "# heading\n## another",
    "- item\n\n    code",
    "| a | b |\n|---|---|",
    "```\ncode\n```",
    "~~~ `a` ``b`` **c** _d_ ~~e~~",
    "<details open><summary>x</summary>",
    "ask @ada and @org/team, or a@b.org",
    "[ref]: http://evil.example",
    "www.evil.example http://evil.example/x",
    "1. one\n> two\n---\n===",
    "$$x$$ $`y`$ :smile: \\",
    // Workflow commands.
    "::error::x",
    "x\n::add-mask::y",
    "%0A::stop-commands::t",
    "x,line=1,title=y::z",
    "##[error]x",
    // CSV.
    "=cmd|'/c calc'!A0",
    "@SUM(1+1)",
    "+1+1",
    "-2+3",
    "a,b\"c\";d\r\ne",
    // iCalendar.
    "x\nBEGIN:VEVENT\nSUMMARY:y",
    "x\r\nATTACH:http://evil.example/",
    "a;b,c\\n\\d:e",
    // Mermaid and DOT.
    "a\"]; b --> c; d[\"e",
    "end\nclick A \"javascript:alert(1)\"",
    "%%{init: {\"theme\": \"dark\"}}%% #quot; #35;",
    "a\\\" -> b [label=\"c\\\\",
    // JSON.
    "\"}],\"x\":[{\"y\":\"",
    // What is not seen, and what steers a terminal.
    "a\u{1b}[2J\u{1b}]0;title\u{7}b\u{9b}31m",
    "\u{202e}SSAP\u{202c} \u{2066}x\u{2069}",
    "a\u{200b}b\u{2060}c\u{ad}d\u{feff}e",
    "x\u{e0069}\u{e0067}\u{e006e} \u{fe0f}",
    "a\u{2028}b\u{2029}c\u{85}d",
];

const COMMIT: &str = "--commit=4f2d9c1e8b7a6053d1c2b3a4958676564738291a";

/// Every document, with the formats that it has.
const DOCUMENTS: &[(&[&str], &[&str])] = &[
    (&["checklist", COMMIT], &["terminal", "csv", "html", "json", "markdown"]),
    (&["rollback"], &["terminal", "dot", "html", "json", "markdown", "mermaid"]),
    (&["calendar"], &["terminal", "csv", "html", "ics", "json", "markdown", "mermaid"]),
    (&["report", COMMIT], &["terminal", "html", "json", "markdown"]),
    (&["matrix", "EPIC", "TEST"], &["terminal", "csv", "dot", "html", "json", "markdown", "mermaid"]),
    (&["scope"], &["terminal", "csv", "dot", "html", "json", "markdown", "mermaid"]),
    (&["risks"], &["terminal", "csv", "html", "json", "markdown"]),
    (&["plan", COMMIT], &["terminal", "html", "json", "markdown"]),
    (&["gate", "production", COMMIT], &["terminal", "html", "json", "markdown"]),
    (&["list"], &["terminal", "json"]),
    (&["trace", "EPIC-1"], &["terminal", "json"]),
    (&["check"], &["terminal", "json", "sarif", "junit", "github", "gitlab"]),
];

/// A text between the double quotes of YAML, which takes those of JSON but for two characters.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text").replace('\u{fffe}', "\\ufffe").replace('\u{9b}', "\\u009b")
}

/// A plan in which a text stands wherever a text may stand.
pub fn plan(texts: &[String]) -> tempfile::TempDir {
    let mut plan = String::new();
    for (index, text) in texts.iter().enumerate() {
        let (n, t) = (index + 1, quoted(text));
        plan += &format!(
            "- {{id: EPIC-{n}, title: {t}, owner: {t}, state: Planned, description: {t}, tests: TEST-{n}, {t}: 1}}\n\
             - {{id: TEST-{n}, title: {t}, status: passing, method: {t}, linked_ids: {t}}}\n\
             - {{id: RISK-{n}, title: {t}, owner: {t}, impact: High, probability: 35%, category: {t}, mitigation: {t}, contingency: {t}, trigger: {t}}}\n\
             - {{id: DEP-{n}, title: {t}, type: Rollback, owner: {t}, trigger: {t}, threshold: {t}, procedure: [{t}, {t}], notification: [{t}], authority: {t}}}\n\
             - {{id: DEP-{m}, title: {t}, type: Criteria, owner: {t}, requirement: {t}, verification: {t}, evidence: {t}, waiver: {{by: {t}, reason: {t}}}}}\n\
             - {{id: MON-{n}, title: {t}, query: {t}, unit: {t}}}\n",
            m = index + 101
        );
    }
    let t = |index: usize| quoted(&texts[index % texts.len()]);
    let scope: Vec<String> = (1..=texts.len()).map(|number| format!("EPIC-{number}")).collect();
    plan += &format!(
        "- id: REL-1\n  title: {}\n  type: minor\n  version: 1.2.0\n  date: 2026-12-20\n  theme: {}\n  \
         scope: {{must: [{}]}}\n  milestones: {{{}: 2 days before}}\n  \
         approvals: [{{role: {}, due: 3 days before}}]\n  team: {{{}: {}}}\n",
        t(0),
        t(1),
        scope.join(", "),
        t(2),
        t(3),
        t(4),
        t(5),
    );
    plan += "  communications:\n";
    for index in 0..texts.len() {
        plan += &format!("    - {{name: {0}, audience: {0}, channel: {0}, when: 1 day before}}\n", t(index));
    }
    support::folder(&[("release/plan.yaml", plan)])
}

/// One output and the one that harmless texts give.
struct Judged<'a> {
    what: String,
    text: &'a str,
    harmless: &'a str,
    payloads: &'a [String],
}

#[test]
fn no_text_of_a_plan_does_anything() {
    for payloads in PAYLOADS.chunks(11) {
        let payloads: Vec<String> = payloads.iter().map(|payload| (*payload).to_owned()).collect();
        let plain: Vec<String> = (1..=payloads.len()).map(|number| format!("plain text {number}")).collect();
        let (hostile, harmless) = (plan(&payloads), plan(&plain));
        for (command, formats) in DOCUMENTS {
            for format in *formats {
                let arguments = [*command, &["--format", *format]].concat();
                let [text, plain] = [&hostile, &harmless].map(|folder| {
                    let output = run(folder.path(), &arguments);
                    assert!(matches!(code(&output), 0 | 1), "{arguments:?}: {}", err(&output));
                    out(&output)
                });
                let what = format!("{arguments:?}");
                judge(format, &Judged { what, text: &text, harmless: &plain, payloads: &payloads });
            }
        }
    }
}

fn judge(format: &str, judged: &Judged<'_>) {
    let unseen = invisible::find(judged.text);
    assert!(unseen.is_empty(), "{}: {unseen:?}", judged.what);
    match format {
        "html" => html(judged),
        "json" | "sarif" | "gitlab" => json(judged),
        "junit" => xml(judged),
        "csv" => csv(judged),
        "ics" => ics(judged),
        "markdown" => markdown(judged),
        "github" => github(judged),
        "dot" => dot(judged),
        "mermaid" => mermaid(judged),
        _ => terminal(judged),
    }
}

/// A text as a reader must see it, however it is broken into lines.
fn seen(text: &str) -> String {
    invisible::named(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn holds_all(judged: &Judged<'_>, text: &str) {
    let text = seen(text);
    for payload in judged.payloads {
        assert!(text.contains(&seen(payload)), "{}: {payload:?} is missing in {text}", judged.what);
    }
}

fn html(judged: &Judged<'_>) {
    let (shape, text) = shape_of_html(judged.text);
    let (expected, _) = shape_of_html(judged.harmless);
    let more: Vec<_> = shape.difference(&expected).collect();
    assert!(more.is_empty(), "{}: {more:?}", judged.what);
    if judged.what.contains("plan") {
        holds_all(judged, &text);
    }
}

/// The tags with the names of their attributes, and the texts.
pub fn shape_of_html(html: &str) -> (BTreeSet<String>, String) {
    let mut shape = BTreeSet::new();
    let mut text = String::new();
    let mut at_style = false;
    for token in Tokenizer::new(html) {
        match token.unwrap_or_else(|never| match never {}) {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                at_style = name == "style";
                for (key, value) in &tag.attributes {
                    let value = String::from_utf8_lossy(value);
                    let is_link = matches!(&***key, b"href" | b"src" | b"action");
                    let to =
                        if is_link { value.split([':', '/', '#']).next().unwrap_or_default() } else { "" };
                    shape.insert(format!("{name} {} {to}", String::from_utf8_lossy(key)));
                }
                shape.insert(name);
            }
            Token::EndTag(_) => at_style = false,
            Token::String(found) if !at_style => {
                text += &String::from_utf8_lossy(&found);
            }
            Token::Comment(comment) => {
                shape.insert(format!("comment {}", String::from_utf8_lossy(&comment)));
            }
            _ => {}
        }
    }
    (shape, text)
}

fn json(judged: &Judged<'_>) {
    let read = |text: &str| -> serde_json::Value { serde_json::from_str(text).expect("JSON") };
    let (value, harmless) = (read(judged.text), read(judged.harmless));
    let (mut keys, mut expected, mut texts) = (BTreeSet::new(), BTreeSet::new(), String::new());
    walk(&value, &mut keys, &mut texts);
    walk(&harmless, &mut expected, &mut String::new());
    let payloads: BTreeSet<&String> = judged.payloads.iter().collect();
    let more: Vec<_> = keys.difference(&expected).filter(|key| !payloads.contains(key)).collect();
    // A rule that finds something in these texts may have a fix, which others have not.
    let allowed = ["fix", "fixes", "suggested", "notes", "related", "relatedLocations", "logicalLocations"];
    let more: Vec<_> = more
        .into_iter()
        .filter(|key| !judged.what.contains("check") && !allowed.contains(&key.as_str()))
        .collect();
    assert!(more.is_empty(), "{}: {more:?}", judged.what);
    if judged.what.contains("\"plan\"") || judged.what.contains("\"list\"") {
        holds_all(judged, &texts);
    }
}

fn walk(value: &serde_json::Value, keys: &mut BTreeSet<String>, texts: &mut String) {
    match value {
        serde_json::Value::Object(object) => object.iter().for_each(|(key, value)| {
            keys.insert(key.clone());
            walk(value, keys, texts);
        }),
        serde_json::Value::Array(items) => items.iter().for_each(|item| walk(item, keys, texts)),
        serde_json::Value::String(text) => *texts += &format!("{text}\n"),
        _ => {}
    }
}

fn xml(judged: &Judged<'_>) {
    let names = |text: &str| {
        let mut reader = quick_xml::Reader::from_str(text);
        let mut names = BTreeSet::new();
        loop {
            match reader.read_event().expect("XML") {
                quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                    let name = tag.name().as_ref().to_owned();
                    for attribute in tag.attributes() {
                        let attribute = attribute.expect("an attribute");
                        attribute.normalized_value(quick_xml::XmlVersion::Explicit1_0).expect("a value");
                        names.insert(format!("{name} {}", attribute.key.as_ref()));
                    }
                    names.insert(name);
                }
                quick_xml::events::Event::Eof => return names,
                quick_xml::events::Event::DocType(_) | quick_xml::events::Event::PI(_) => {
                    panic!("no XML of ours: {text}")
                }
                _ => {}
            }
        }
    };
    let more: Vec<_> = names(judged.text).difference(&names(judged.harmless)).cloned().collect();
    assert!(more.is_empty(), "{}: {more:?}", judged.what);
    let allowed = |letter: char| matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(judged.text.chars().all(allowed), "{}: a character that XML forbids", judged.what);
}

fn csv(judged: &Judged<'_>) {
    let read = |text: &str| -> Vec<csv::StringRecord> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        reader.records().map(|record| record.expect("a record of as many cells")).collect()
    };
    let records = read(judged.text);
    assert!(!records.is_empty(), "{}", judged.what);
    for cell in records.iter().flatten() {
        let is_number = cell.trim_start_matches(['-', '+']).starts_with(|first: char| first.is_ascii_digit())
            && cell.chars().all(|letter| letter.is_ascii_digit() || "-+., %".contains(letter));
        let runs = cell.trim_start().starts_with(['=', '+', '-', '@']) || cell.starts_with(['\t', '\r']);
        assert!(!runs || is_number, "{}: {cell:?}", judged.what);
    }
}

fn ics(judged: &Judged<'_>) {
    let names = |text: &str| -> (usize, BTreeSet<String>) {
        let unfolded = icalendar::parser::unfold(text);
        let calendar = icalendar::parser::read_calendar(&unfolded).expect("a calendar");
        let properties = calendar.components.iter().flat_map(|component| &component.properties);
        let names = properties.map(|property| property.name.to_string());
        (calendar.components.len(), names.collect())
    };
    assert_eq!(names(judged.text), names(judged.harmless), "{}", judged.what);
    for line in judged.text.split("\r\n") {
        assert!(line.len() <= 75 && !line.contains(['\n', '\r']), "{}: {line:?}", judged.what);
    }
}

fn markdown(judged: &Judged<'_>) {
    let (shape, text) = shape_of_markdown(judged.text);
    let (expected, _) = shape_of_markdown(judged.harmless);
    // A heading that holds all of a text is one of ours.
    let is_whole = |heading: &&String| {
        let payloads = judged
            .payloads
            .iter()
            .any(|payload| seen(&heading.replace('\u{200b}', "")).contains(&seen(payload)));
        payloads && heading.starts_with("heading ")
    };
    let more: Vec<_> = shape.difference(&expected).filter(|heading| !is_whole(heading)).collect();
    assert!(more.is_empty(), "{}: {more:?}", judged.what);
    for (index, _) in text.match_indices('@') {
        let before = text[..index].chars().next_back().unwrap_or(' ');
        let names = text[index + 1..].starts_with(|next: char| next.is_ascii_alphanumeric());
        assert!(before.is_alphanumeric() || !names, "{}: {}", judged.what, &text[index..]);
    }
    if judged.what.contains("\"plan\"") {
        holds_all(judged, &text.replace('\u{200b}', ""));
    }
}

/// The kinds of what GitHub would draw, and the texts outside of code.
fn shape_of_markdown(text: &str) -> (BTreeSet<String>, String) {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM;
    let mut shape = BTreeSet::new();
    let mut texts = String::new();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                shape.insert(format!("link {}", dest_url.split(['#', '/']).next().unwrap_or_default()));
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                shape.insert(format!("{kind:?}"));
            }
            Event::Start(tag) => {
                heading = matches!(tag, Tag::Heading { .. }).then(String::new).or(heading);
                let name = format!("{tag:?}");
                shape.insert(name.split([' ', '(', '{']).next().unwrap_or_default().to_owned());
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                let (tags, text) = shape_of_html(&html);
                shape.extend(tags);
                texts += &text;
            }
            Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_) => {
                shape.insert(format!("{event:?}"));
            }
            Event::End(TagEnd::Heading(_)) => {
                shape.extend(heading.take().map(|text| format!("heading {text}")));
            }
            Event::Text(text) | Event::Code(text) => {
                texts += &text;
                if let Some(heading) = &mut heading {
                    *heading += &text;
                }
            }
            Event::SoftBreak | Event::HardBreak | Event::End(_) => texts.push(' '),
            Event::Rule => {}
        }
    }
    (shape, texts)
}

fn github(judged: &Judged<'_>) {
    let commands = judged.text.lines().filter(|line| line.starts_with("::"));
    for line in commands {
        let (head, _) = line[2..].split_once("::").expect("a command has a message");
        let (command, properties) = head.split_once(' ').expect("properties");
        assert!(matches!(command, "error" | "warning" | "notice"), "{}: {line}", judged.what);
        for property in properties.split(',') {
            let name = property.split_once('=').map_or(property, |(name, _)| name);
            let known = ["file", "line", "endLine", "col", "endColumn", "title"];
            assert!(known.contains(&name), "{}: {line}", judged.what);
        }
    }
    let others: Vec<&str> = judged.text.lines().filter(|line| !line.starts_with("::")).collect();
    let is_ours = |line: &&str| {
        ["not annotated:", "checked "].iter().any(|begin| line.starts_with(begin))
            || line.starts_with(|first: char| first.is_ascii_digit())
    };
    assert!(others.iter().all(is_ours), "{}: {others:?}", judged.what);
}

fn dot(judged: &Judged<'_>) {
    let drawn = |text: &str| {
        let mut child = Command::new("dot")
            .arg("-Tplain")
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .ok()?;
        std::io::Write::write_all(child.stdin.as_mut()?, text.as_bytes()).ok()?;
        let output = child.wait_with_output().ok()?;
        assert!(output.status.success(), "{}", judged.what);
        let text = out(&output);
        let nodes = text.lines().filter_map(|line| line.strip_prefix("node "));
        Some(nodes.filter_map(|node| node.split(' ').next().map(shape)).collect::<BTreeSet<_>>())
    };
    // Where Graphviz is not installed, the lines are compared.
    match (drawn(judged.text), drawn(judged.harmless)) {
        (Some(found), Some(expected)) => assert!(found.is_subset(&expected), "{}: {found:?}", judged.what),
        _ => mermaid(judged),
    }
}

fn mermaid(judged: &Judged<'_>) {
    let more: Vec<String> = skeletons(judged.text).difference(&skeletons(judged.harmless)).cloned().collect();
    assert!(more.is_empty(), "{}: {more:?}", judged.what);
}

/// The lines without what stands in quotes, and without the labels of a Gantt chart.
fn skeletons(text: &str) -> BTreeSet<String> {
    let is_gantt = text.starts_with("gantt") || text.contains("\ngantt");
    let skeleton = |line: &str| {
        let parts: Vec<&str> = line.split('"').step_by(2).collect();
        let line = parts.join("\"\"");
        match line.rsplit_once(" :").filter(|_| is_gantt) {
            Some((_, about)) => about.to_owned(),
            None if is_gantt => line.split_whitespace().next().unwrap_or_default().to_owned(),
            None => line,
        }
    };
    text.lines().map(|line| shape(&skeleton(line))).collect()
}

/// A text whose numbers are all one.
fn shape(text: &str) -> String {
    let mut shape: String =
        text.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect();
    while shape.contains("00") {
        shape = shape.replace("00", "0");
    }
    shape
}

fn terminal(judged: &Judged<'_>) {
    let steers = |letter: char| letter != '\n' && letter.is_control();
    assert!(!judged.text.contains(steers), "{}", judged.what);
}

#[test]
fn names_of_files_do_nothing_either() {
    let names = [
        "a\u{202e}lmay.yaml",
        "b,line=1::error::x.yaml",
        "c<script>alert(1)<.yaml",
        "d\u{1b}[2J.yaml",
        "e\n::error::x.yaml",
        "@ada [x](y) `z`.yaml",
    ];
    let text = "- {id: EPIC-1, title: A, ownr: B}\n";
    let hostile = support::folder(
        &names
            .map(|name| (format!("release/{name}"), text))
            .iter()
            .map(|(name, text)| (name.as_str(), *text))
            .collect::<Vec<_>>(),
    );
    for format in ["terminal", "json", "sarif", "junit", "github", "gitlab"] {
        let output = run(hostile.path(), &["check", "--format", format]);
        assert_eq!(code(&output), 1, "{}", err(&output));
        let (text, told) = (out(&output), err(&output));
        let unseen = [invisible::find(&text), invisible::find(&told)].concat();
        assert!(unseen.is_empty(), "{format}: {unseen:?}");
        let judged = Judged { what: format.to_owned(), text: &text, harmless: &text, payloads: &[] };
        judge(format, &judged);
    }
}

#[test]
fn colours_are_all_that_a_terminal_is_told() {
    let payloads: Vec<String> = PAYLOADS.iter().map(|payload| (*payload).to_owned()).collect();
    let folder = plan(&payloads);
    for (command, formats) in DOCUMENTS.iter().filter(|(_, formats)| formats.contains(&"terminal")) {
        assert_eq!(formats[0], "terminal");
        let output = run(folder.path(), &[&["--color", "always"], *command].concat());
        let text = out(&output) + &err(&output);
        for (index, part) in text.split('\u{1b}').enumerate() {
            let is_link = part.starts_with("]8;;") || part.starts_with('\\');
            let parameters = part
                .strip_prefix('[')
                .map(|rest| rest.trim_start_matches(|found: char| found.is_ascii_digit() || found == ';'));
            let is_colour = parameters.is_some_and(|rest| rest.starts_with('m'));
            assert!(index == 0 || is_link || is_colour, "{command:?}: {part:?}");
            assert!(invisible::find(part).is_empty(), "{command:?}: {part:?}");
        }
    }
}
