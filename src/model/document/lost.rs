//! The ids in what a syntax error has cost.

use crate::model::id::{self, Id};

/// The ids of entries in a text that could not be read, as far as lines show them.
pub fn ids_of_lost(text: &str) -> Vec<Id> {
    let mut column = None;
    let mut ids = Vec::new();
    for line in text.lines() {
        let content = line.trim_start_matches([' ', '-', '\t', '{', '"', '\'']);
        let Some((key, value)) = content.split_once(':') else { continue };
        let key = key.trim_end_matches(['"', '\'']);
        let name = if key.eq_ignore_ascii_case("id") { first_word(value) } else { key };
        let Ok(id) = id::parse(name) else { continue };
        let at = line.len() - content.len();
        // What is indented deeper than the first id belongs to an entry, but
        // for a dash whose blank is missing.
        let squeezed = line[..at].ends_with('-');
        if *column.get_or_insert(at) == at || squeezed {
            ids.push(id);
        }
    }
    ids
}

/// The first word of a value, without its quotes.
fn first_word(value: &str) -> &str {
    let word = value.trim_start().split([' ', ',', '}', '\r']).next().unwrap_or("");
    word.trim_matches(['"', '\''])
}
