//! The reader of YAML against another one: yaml_serde, which stands on libyaml.
//!
//! Where relplan finds nothing wrong, both read the same. Where the other refuses a file, relplan names a defect. Where
//! relplan names a defect it reads on, and nobody else can tell what was meant: such files are not compared.

use std::path::{Path, PathBuf};

use relplan::source::yaml::{self, YamlDefect};
use relplan::source::{FileId, Node, Scalar, SourceFile, Style, Value};
use serde::Deserialize;
use yaml_serde::Value as Other;

use crate::support;

/// How the other reads a text: its documents without the empty ones.
fn other(text: &str) -> Result<Vec<Other>, String> {
    let mut documents = Vec::new();
    for document in yaml_serde::Deserializer::from_str(text) {
        let mut value = Other::deserialize(document).map_err(|error| error.to_string())?;
        value.apply_merge().map_err(|error| error.to_string())?;
        documents.push(value);
    }
    documents.retain(|value| !value.is_null());
    Ok(documents)
}

/// Where both differ, if they do.
fn difference(node: &Node<'_>, other: &Other) -> Option<String> {
    match (&node.value, other) {
        (Value::Sequence(items), Other::Sequence(others)) if items.len() == others.len() => {
            items.iter().zip(others).find_map(|(item, other)| difference(item, other))
        }
        (Value::Mapping(pairs), Other::Mapping(others)) if pairs.len() == others.len() => {
            pairs.iter().find_map(|pair| {
                let found = others.iter().find(|(key, _)| difference(&pair.key, key).is_none());
                match found {
                    Some((_, other)) => difference(&pair.value, other),
                    None => Some(format!("the key {:?} is missing", pair.key.text())),
                }
            })
        }
        (_, Other::Tagged(tagged)) => difference(node, &tagged.value),
        (Value::Scalar(scalar), other) if is_same(scalar, other) => None,
        _ => Some(format!("{node:?} is {other:?}")),
    }
}

/// relplan keeps scalars as they were written and asks later what they are.
fn is_same(scalar: &Scalar<'_>, other: &Other) -> bool {
    let text = &*scalar.text;
    let is_plain = scalar.style == Style::Plain;
    match other {
        Other::String(other) => other == text,
        Other::Null => is_plain && matches!(text, "" | "~" | "null" | "Null" | "NULL"),
        Other::Bool(flag) => is_plain && text.eq_ignore_ascii_case(if *flag { "true" } else { "false" }),
        Other::Number(_) => is_plain && yaml_serde::from_str::<Other>(text).is_ok_and(|read| read == *other),
        _ => false,
    }
}

type Exception = (&'static str, fn(&str) -> bool, &'static str);

/// What the other refuses, or reads in another way, because it reads YAML 1.1: a part of what it says, how texts
/// look that it says that of, and why relplan is right.
const EXCEPTIONS: &[Exception] = &[
    ("unknown directive", |text| text.contains('%'), "a directive that nobody knows is passed over (6.8)"),
    (
        "",
        |text| text.contains(['\u{85}', '\u{2028}', '\u{2029}']),
        "these were line breaks, and are letters in 1.2",
    ),
    ("tab", |text| text.contains('\t'), "tabs may separate; in an indentation relplan names them"),
    ("start any token", |text| text.contains('\t'), "tabs may separate, and stand in empty lines"),
    ("expected key", has_empty_key, "a key may be empty"),
    ("node content", has_empty_key, "a key may be empty, also in brackets"),
    (
        "node content",
        |text| text.contains("...") || text.contains('?'),
        "a file may begin with the end of a document",
    ),
    ("document start", |text| text.contains("..."), "a document may begin without a line `---`"),
    (
        "document start",
        begins_with_text,
        "what follows a text is a document of its own; a rule names the text",
    ),
    ("node content", |text| text.contains(" :"), "a text in brackets may begin with a colon"),
    (
        "alphabetic or numeric",
        |text| text.contains('&') || text.contains('*'),
        "names of anchors may have any letters",
    ),
    ("unexpected ':'", |text| text.contains(['{', '[']), "a colon may stand before a comma"),
    ("expected ','", |text| text.contains(['{', '[']), "a key in brackets may have two lines"),
    (
        "",
        |text| ["[?", "{?", ",?", ", ?"].iter().any(|mark| text.contains(mark)),
        "a text in brackets may begin with a question mark",
    ),
    (
        "node content",
        |text| text.contains("[:") || text.contains("{:"),
        "a text in brackets may begin with a colon",
    ),
    ("the key Some(\"?", |text| text.contains('?'), "a key in brackets may begin with a question mark"),
    (
        "duplicate entry",
        has_sections,
        "entries behind each other have keys of their own, and a rule names the missing line",
    ),
];

fn has_empty_key(text: &str) -> bool {
    text.lines().any(|line| {
        let content = line.trim_start_matches([' ', '-', '\t', '?']);
        content == ":"
            || content.starts_with(": ")
            || content.starts_with(":\t")
            || line.contains("{:")
            || line.contains(", :")
            || line.contains(",:")
    })
}

/// Whether the first document is a text.
fn begins_with_text(text: &str) -> bool {
    let file = SourceFile::new("plan.yaml", text);
    let reading = yaml::read(FileId(0), &file);
    reading.documents.first().is_some_and(|document| document.root.scalar().is_some())
}

/// Whether several ids stand in the column of the keys.
fn has_sections(text: &str) -> bool {
    let is_id =
        |line: &&str| line.trim_start().starts_with("id:") || line.contains("-1:") || line.contains("-2:");
    text.lines().filter(is_id).count() > 1
}

fn is_exception(text: &str, why: &str) -> bool {
    EXCEPTIONS.iter().any(|(part, looks, _)| why.contains(part) && looks(text))
}

/// Compares both on one text; says what is wrong.
fn compare(text: &str) -> Option<String> {
    let file = SourceFile::new("plan.yaml", text);
    let reading = yaml::read(FileId(0), &file);
    let is_read = reading.defects.iter().all(is_harmless);
    match other(text) {
        Err(error) if is_read => Some(format!("relplan finds nothing, and the other says: {error}")),
        Ok(documents) if is_read && documents.len() == reading.documents.len() => {
            let pairs = reading.documents.iter().zip(&documents);
            pairs.into_iter().find_map(|(document, other)| difference(&document.root, other))
        }
        Ok(documents) if is_read => {
            Some(format!("{} documents, {} for the other", reading.documents.len(), documents.len()))
        }
        _ => None,
    }
}

/// Defects that change nothing of what is read.
fn is_harmless(defect: &YamlDefect) -> bool {
    matches!(defect, YamlDefect::InvisibleEscape { .. } | YamlDefect::LongLine { .. })
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for item in std::fs::read_dir(folder).expect("a folder").map(|item| item.expect("an item").path()) {
        match item.extension().and_then(|extension| extension.to_str()) {
            _ if item.is_dir() => collect(&item, files),
            Some("yaml" | "yml") => files.push(item),
            _ => {}
        }
    }
}

/// The texts of all plans of the project that are UTF-8.
fn corpus() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for folder in ["tests", "examples"] {
        collect(&support::project().join(folder), &mut files);
    }
    files.sort();
    let read = |path: PathBuf| std::fs::read_to_string(&path).ok().map(|text| (path, text));
    files.into_iter().filter_map(read).collect()
}

#[test]
fn both_read_the_same_of_every_plan() {
    let corpus = corpus();
    assert!(corpus.len() > 100, "{} plans", corpus.len());
    let wrong: Vec<String> = corpus
        .iter()
        .filter_map(|(path, text)| Some((path, text, compare(text)?)))
        .filter(|(_, text, why)| !is_exception(text, why))
        .map(|(path, _, why)| format!("{}: {why}", path.display()))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }

    fn of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// Texts of scalars, of which many look like something else.
const SCALARS: &[&str] = &[
    "a",
    "a b",
    "1.10",
    "007",
    "0x1F",
    "1e3",
    "1_000",
    "yes",
    "No",
    "true",
    "~",
    "null",
    "",
    ".5",
    "-",
    "- a",
    "-a",
    "2027-03-02",
    "12:30",
    "a: b",
    "a:b",
    "a #b",
    "a#b",
    "# c",
    "'a'",
    "'it''s'",
    "\"a\\tb\"",
    "\"\\u00fc\"",
    "\"a\\\n    b\"",
    "a\n    b",
    "a\n\n    b",
    "[a, b]",
    "[]",
    "{}",
    "{a: b, c: d}",
    "[a, [b, {c: d}]]",
    "{a: }",
    "[a,b,]",
    "\"a\": b",
    "a, b",
    "|\n    a\n    b",
    ">\n    a\n    b\n\n    c",
    "|-\n    a\n",
    ">+\n    a\n\n",
    "|2\n     a\n",
    "!!str 1",
    "!!int 1",
    "&x a",
    "*x",
    "@a",
    "`a`",
    "%a",
    "a\\b",
    "ü ß",
    "http://a/b?c=d#e",
    "a - b",
    "? a",
    "?a",
    ": a",
    ":a",
    "<<",
    "=",
    "a:",
    "\ta",
    "a\t",
    "a | b",
    "> 2%",
    "[a",
    "a]",
    "{a",
    "'a",
    "\"a",
    "a 'b' c",
    "!a b",
    "---",
    "...",
    "a\r",
    "a\u{a0}b",
    "a\u{85}b",
    "a\u{2028}b",
    "{a: b}: c",
    "[a]: b",
];

const KEYS: &[&str] =
    &["id", "title", "a b", "\"q\"", "'s'", "1", "x-y", "Größe", "a.b", "true", "", "? k", "<<"];

/// A plan in which single characters are changed.
const PLAN: &str = "\
# A comment of the plan.
- id: RUN-1
  title: \"Ring the \\\"bell\\\"\"
  owner: 'Porter''s deputy'
  steps: [Pull the rope, {text: Wait, for: 5m}, \"Stop\"]
- &base {id: MON-1, title: Errors, unit: percent of requests, baseline: 0.5%}
- <<: *base
  id: MON-2
  description: >-
    Folded text
    of two lines

    and a third
  query: |
    rate(errors[5m])
      / rate(all[5m])
  linked_ids:
    - RUN-1 # first
    - MON-1
  note: plain text
    over two lines
";

/// A text of YAML, perhaps a broken one.
fn generated(numbers: &mut Numbers) -> String {
    let mut text = String::new();
    for _ in 0..=numbers.below(6) {
        let indent = *numbers.of(&["", "", "  ", "    ", "- ", "  - ", "- - ", "-   ", "\t"]);
        let line = match numbers.below(10) {
            0 => format!("{indent}{}", numbers.of(SCALARS)),
            1 => format!("{indent}{}:", numbers.of(KEYS)),
            2 => (*numbers.of(&["---", "...", "# c", "", "--- a", "%YAML 1.2", "  # d"])).to_owned(),
            _ => format!("{indent}{}: {}", numbers.of(KEYS), numbers.of(SCALARS)),
        };
        text += &line;
        text += *numbers.of(&["\n", "\n", "\n", "\r\n", " # c\n", "\n\n", " \n"]);
    }
    text
}

/// A text with one small change.
fn changed(text: &str, numbers: &mut Numbers) -> String {
    const PIECES: &[&str] = &[
        " ", "  ", "\n", "-", "- ", ":", ": ", "#", " #", "'", "\"", "[", "]", "{", "}", ",", "&", "*", "!",
        "|", ">", "\t", "?", "%", "@", "<<", "---\n",
    ];
    let mut at = numbers.below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let (before, after) = text.split_at(at);
    match numbers.below(3) {
        0 => format!("{before}{}{after}", numbers.of(PIECES)),
        1 => format!("{before}{}", after.chars().skip(1).collect::<String>()),
        _ => {
            let mut rest = after.chars();
            rest.next();
            format!("{before}{}{}", numbers.of(PIECES), rest.as_str())
        }
    }
}

#[test]
fn both_read_the_same_of_generated_texts() {
    let mut numbers = Numbers(2027);
    let mut wrong = Vec::new();
    for round in 0..20_000 {
        let text = match round % 4 {
            0..3 => generated(&mut numbers),
            _ => changed(PLAN, &mut numbers),
        };
        if let Some(why) = compare(&text).filter(|why| !is_exception(&text, why)) {
            wrong.push(format!("{why}\n{text:?}"));
        }
    }
    // The shortest of each kind.
    wrong.sort_by_key(String::len);
    let mut kinds = std::collections::BTreeMap::new();
    for text in &wrong {
        let why = text.split('\n').next().unwrap_or_default();
        let kind: String = why.chars().filter(|letter| !letter.is_ascii_digit()).take(90).collect();
        let kind = if kind.starts_with("relplan") { kind } else { kind.chars().take(30).collect() };
        kinds.entry(kind).or_insert_with(Vec::new).push(text.clone());
    }
    let shown: Vec<String> = kinds.values().flat_map(|texts| texts.iter().take(4).cloned()).collect();
    assert!(wrong.is_empty(), "{} texts\n{}", wrong.len(), shown.join("\n\n"));
}
