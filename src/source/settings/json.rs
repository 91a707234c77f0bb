//! JSON: what its own grammar accepts is read as YAML, which keeps the places.

use serde::de::IgnoredAny;

use super::{Settings, SettingsDefect, tree};
use crate::source::{FileId, SourceFile, Span};

/// Reads the settings of a JSON file.
pub(super) fn read(id: FileId, file: &SourceFile) -> Settings {
    match serde_json::from_str::<IgnoredAny>(file.text()) {
        Ok(_) => tree::read(id, file),
        Err(error) => {
            let at = offset(file, error.line(), error.column());
            let span = Span::new(id, at, at);
            Settings {
                defects: vec![SettingsDefect { span, reason: "the file is not valid JSON here".to_owned() }],
                ..Settings::default()
            }
        }
    }
}

/// Where a line and a column, both counted from one, the latter in bytes, stand in a file.
fn offset(file: &SourceFile, line: usize, column: usize) -> usize {
    let line = line.saturating_sub(1).min(file.line_count().saturating_sub(1));
    let at = (file.line_start(line) + column.saturating_sub(1)).min(file.text().len());
    (0..=at).rev().find(|at| file.text().is_char_boundary(*at)).unwrap_or(0)
}
