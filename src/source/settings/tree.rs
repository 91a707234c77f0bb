//! A tree whose leaves are settings: YAML, and JSON, which is YAML.

use super::{Kind, Setting, Settings, SettingsDefect};
use crate::source::yaml::{self, Trap, YamlDefect};
use crate::source::{FileId, Node, SourceFile, Span, Style, Value};

/// Reads the settings of a YAML file.
pub(super) fn read(id: FileId, file: &SourceFile) -> Settings {
    let reading = yaml::read(id, file);
    let mut settings = Settings::default();
    for defect in &reading.defects {
        settings.defects.push(SettingsDefect { span: defect.span(), reason: reason(defect).to_owned() });
    }
    let documents: Vec<Node<'_>> = reading.documents.into_iter().map(|document| document.root).collect();
    let are_many = documents.len() > 1;
    for (number, root) in documents.into_iter().enumerate() {
        if let Value::Scalar(_) = root.value {
            if !root.is_null() {
                let reason = "a text where settings are expected".to_owned();
                settings.defects.push(SettingsDefect { span: root.span, reason });
            }
            continue;
        }
        let path = if are_many { format!("[{number}]") } else { String::new() };
        flatten(path, root, &mut settings);
    }
    settings
}

fn reason(defect: &YamlDefect) -> &'static str {
    match defect {
        YamlDefect::DuplicateKey { .. } => "duplicate key",
        YamlDefect::Template { .. } => "the template was not rendered",
        YamlDefect::ConflictMarkers { .. } => "a merge conflict",
        YamlDefect::LongLine { .. } => "the line is too long",
        YamlDefect::TooDeep { .. } => "the nesting is too deep",
        YamlDefect::UnknownAlias { .. } => "an alias without an anchor",
        YamlDefect::AliasBudget { .. } => "the aliases expand to too much",
        YamlDefect::InvisibleEscape { .. } => "an invisible character",
        YamlDefect::Trap { trap: Trap::Comment | Trap::CommentInside, .. } => {
            "`#` begins a comment here: quote the value"
        }
        YamlDefect::Trap { trap: Trap::Anchor, .. } => "`&` begins an anchor here: quote the value",
        YamlDefect::Trap { trap: Trap::Tag, .. } => "`!` begins a tag here: quote the value",
        _ => "the file is not valid YAML here",
    }
}

/// Goes through a tree without recursion: a file may nest as deep as it likes.
fn flatten(path: String, root: Node<'_>, settings: &mut Settings) {
    let mut open: Vec<(String, Span, Node<'_>)> = vec![(path, root.span, root)];
    while let Some((path, span, node)) = open.pop() {
        let empty = node.is_null();
        let value_span = node.span;
        match node.value {
            Value::Scalar(scalar) => {
                let kind = match scalar.style {
                    _ if empty || scalar.text.is_empty() => Kind::Empty,
                    Style::Plain => Kind::of_plain(&scalar.text),
                    _ => Kind::Text,
                };
                let value = if empty { String::new() } else { scalar.text.into_owned() };
                settings.all.push(Setting { key: path, value, kind, span, value_span });
            }
            Value::Sequence(items) if items.is_empty() => settings.all.push(leaf(path, Kind::List, span)),
            Value::Sequence(items) => {
                let items = items.into_iter().enumerate();
                let children = items.map(|(at, item)| (format!("{path}[{at}]"), item.span, item));
                open.extend(children.collect::<Vec<_>>().into_iter().rev());
            }
            Value::Mapping(pairs) if pairs.is_empty() => settings.all.push(leaf(path, Kind::Mapping, span)),
            Value::Mapping(pairs) => {
                let children = pairs.into_iter().map(|pair| {
                    let key = pair.key.text().unwrap_or("?");
                    let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
                    (path, pair.key.span, pair.value)
                });
                open.extend(children.collect::<Vec<_>>().into_iter().rev());
            }
        }
    }
}

fn leaf(key: String, kind: Kind, span: Span) -> Setting {
    Setting { key, value: String::new(), kind, span, value_span: span }
}
