//! What entries say that the names of their results look like: `checkout::*`, `pays with ? cards`.
//!
//! A set of thousands of globs is one large regular expression to the crate that finds files, slow to make and
//! with a limit on its size. Here each pattern is looked for by one text in it, all of these texts at once, and
//! only a pattern whose text occurs is compared.

use std::borrow::Cow;

use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Anchored, PatternID};
use rustc_hash::FxHashMap;

use super::{FEW, Found, dotted};
use crate::evidence::Case;
use crate::model::EntryIndex;

/// The patterns of all entries.
#[derive(Debug, Default)]
pub(super) struct Patterns<'p> {
    /// Those without a wildcard, which name a case as it is.
    literals: FxHashMap<Cow<'p, str>, Vec<EntryIndex>>,
    globs: Vec<(Cow<'p, str>, EntryIndex)>,
    /// Finds one text of each glob.
    texts: Option<NFA>,
    /// The globs that have a text, by the text.
    by_text: Vec<Vec<usize>>,
    /// The globs that have none, such as `*`.
    without_text: Vec<usize>,
}

/// The name of a case with its class before it, and by itself. Cases of one class follow each other, so that what
/// comes of the class is kept.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// The class as it is written.
    class: String,
    text: String,
    name: usize,
    /// What was found in the class.
    begun: Option<Begun>,
}

/// A search that has come to the end of a class.
#[derive(Debug)]
struct Begun {
    state: StateID,
    hits: Vec<PatternID>,
}

impl Names {
    /// Takes the names of a case, in place of those that it holds.
    pub fn set(&mut self, case: &Case<'_>) {
        self.text.truncate(self.name);
        if self.class != case.class {
            self.text.clear();
            if !case.class.is_empty() {
                self.text.push_str(&dotted(&case.class));
                self.text.push('.');
            }
            self.name = self.text.len();
            self.class.clear();
            self.class.push_str(&case.class);
            self.begun = None;
        }
        self.text.push_str(&dotted(&case.name));
    }

    /// The class and the name.
    pub fn full(&self) -> &str {
        &self.text
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.text[self.name..]
    }
}

impl<'p> Patterns<'p> {
    /// Takes the patterns of entries.
    pub fn new(patterns: impl Iterator<Item = (&'p str, EntryIndex)>) -> Self {
        let mut known = Patterns::default();
        for (pattern, entry) in patterns {
            known.add(dotted(pattern.trim()), entry);
        }
        known.index();
        known
    }

    fn add(&mut self, pattern: Cow<'p, str>, entry: EntryIndex) {
        if pattern.contains(['*', '?']) {
            self.globs.push((pattern, entry));
        } else if !pattern.is_empty() {
            self.literals.entry(pattern).or_default().push(entry);
        }
    }

    fn index(&mut self) {
        let mut uses: FxHashMap<&str, usize> = FxHashMap::default();
        for text in self.globs.iter().flat_map(|(glob, _)| texts(glob)) {
            *uses.entry(text).or_default() += 1;
        }
        let mut known: FxHashMap<&str, usize> = FxHashMap::default();
        let mut chosen = Vec::new();
        for (index, (glob, _)) in self.globs.iter().enumerate() {
            // The one that the fewest globs have, since each of them is compared where it occurs.
            let rarest = texts(glob).min_by_key(|text| (uses[text], std::cmp::Reverse(text.len())));
            let Some(text) = rarest else {
                self.without_text.push(index);
                continue;
            };
            let place = *known.entry(text).or_insert_with(|| {
                chosen.push(text);
                self.by_text.push(Vec::new());
                chosen.len() - 1
            });
            self.by_text[place].push(index);
        }
        if chosen.is_empty() {
            return;
        }
        self.texts = NFA::new(&chosen).ok();
        if self.texts.is_none() {
            // More text than the search can hold: slower, but nothing is lost.
            self.without_text = (0..self.globs.len()).collect();
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.literals.is_empty() && self.globs.is_empty()
    }

    /// Adds the entries that have a pattern for a case.
    pub fn find(&self, names: &mut Names, found: &mut Found) {
        for text in [names.full(), names.name()] {
            self.literals.get(text).into_iter().flatten().take(FEW).for_each(|&entry| found.add(entry));
        }
        if let Some(texts) = &self.texts {
            find_texts(texts, names, |names, text| {
                self.compare(&self.by_text[text.as_usize()], names, found)
            });
        }
        self.compare(&self.without_text, names, found);
    }

    /// Adds the entries whose globs fit, of some.
    fn compare(&self, globs: &[usize], names: &Names, found: &mut Found) {
        for (glob, entry) in globs.iter().map(|&index| &self.globs[index]) {
            if found.entries.len() >= FEW {
                return;
            }
            // What a leading `*` takes before a name, it takes before the class, too.
            let fits_name = || !glob.starts_with('*') && fits(glob, names.name());
            if !found.entries.contains(entry) && (fits(glob, names.full()) || fits_name()) {
                found.add(*entry);
            }
        }
    }
}

/// Hands every text that occurs in a class and a name to a function, in the order in which they end.
fn find_texts(texts: &NFA, names: &mut Names, mut each: impl FnMut(&Names, PatternID)) {
    let begun = match names.begun.take() {
        Some(begun) => begun,
        None => {
            let Ok(start) = texts.start_state(Anchored::No) else { return };
            let mut hits = Vec::new();
            let state = advance(texts, start, &names.text[..names.name], |hit| hits.push(hit));
            Begun { state, hits }
        }
    };
    begun.hits.iter().for_each(|hit| each(names, *hit));
    advance(texts, begun.state, names.name(), |hit| each(names, hit));
    names.begun = Some(begun);
}

/// Goes on with a search through a text, and says how far it has come.
fn advance(texts: &NFA, mut state: StateID, text: &str, mut each: impl FnMut(PatternID)) -> StateID {
    for byte in text.bytes() {
        state = texts.next_state(Anchored::No, state, byte);
        if texts.is_special(state) && texts.is_match(state) {
            (0..texts.match_len(state)).for_each(|hit| each(texts.match_pattern(state, hit)));
        }
    }
    state
}

/// The parts of a glob without wildcards.
fn texts(glob: &str) -> impl Iterator<Item = &str> {
    glob.split(['*', '?']).filter(|text| !text.is_empty())
}

/// Whether a text looks like a glob: `*` stands for any text, `?` for one character, all else for itself.
///
/// Only the last `*` is ever tried again, which is enough, and never takes more than the one length times the
/// other.
fn fits(glob: &str, text: &str) -> bool {
    let (glob, bytes) = (glob.as_bytes(), text.as_bytes());
    let (mut at, mut place) = (0, 0);
    let mut retry = None;
    while place < bytes.len() {
        match glob.get(at) {
            Some(b'*') => {
                at += 1;
                retry = Some((at, place));
                continue;
            }
            Some(b'?') => {
                at += 1;
                place += character_length(text, place);
                continue;
            }
            Some(&byte) if byte == bytes[place] => {
                at += 1;
                place += 1;
                continue;
            }
            _ => {}
        }
        let Some((star, begun)) = retry else { return false };
        let begun = begun + character_length(text, begun);
        (at, place) = (star, begun);
        retry = Some((star, begun));
    }
    glob[at..].iter().all(|&byte| byte == b'*')
}

/// How many bytes the character at `place` has.
fn character_length(text: &str, place: usize) -> usize {
    text.get(place..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::case;
    use super::*;

    #[test]
    fn globs() {
        for (glob, text, expect) in [
            ("*", "", true),
            ("*", "anything", true),
            ("?", "ä", true),
            ("?", "", false),
            ("a?c", "aäc", true),
            ("a*c", "abbbc", true),
            ("a*c", "abbbcd", false),
            ("*b*b*", "abcb", true),
            ("*b*b*", "abc", false),
            ("checkout.*", "checkout.pays[1]", true),
            ("pays[1]*", "pays[1] twice", true),
            ("{a,b}?", "{a,b}c", true),
            ("*ä", "aää", true),
            ("**a", "a", true),
        ] {
            assert_eq!(fits(glob, text), expect, "{glob} {text}");
        }
    }

    #[test]
    fn a_glob_is_looked_for_by_its_rarest_text() {
        let entry = EntryIndex(0);
        let patterns = ["*a.*pays*", "*b.*pays*", "pays*", "?*"];
        let known = Patterns::new(patterns.into_iter().map(|pattern| (pattern, entry)));
        assert_eq!(known.by_text, [vec![0], vec![1], vec![2]]);
        assert_eq!(known.without_text, [3]);
    }

    proptest! {
        #[test]
        fn what_is_kept_of_a_class_changes_nothing(
            texts in prop::collection::hash_set("[ab.]{1,3}", 1..5),
            cases in prop::collection::vec(("(a|b|a.b|a::b)?", "[ab]{0,4}"), 1..12),
        ) {
            let texts: Vec<String> = texts.into_iter().collect();
            let (kept, afresh) = (NFA::new(&texts).expect("texts"), aho_corasick::AhoCorasick::new(&texts));
            let mut names = Names::default();
            for (class, name) in cases {
                names.set(&case(&class, &name));
                let mut found = Vec::new();
                find_texts(&kept, &mut names, |_, text| found.push(text));
                let full = if class.is_empty() { name } else { format!("{}.{name}", class.replace("::", ".")) };
                let hits = afresh.as_ref().expect("texts").find_overlapping_iter(&full);
                prop_assert_eq!(names.full(), &full);
                prop_assert_eq!(found, hits.map(|hit| hit.pattern()).collect::<Vec<_>>());
            }
        }

        // The crate that finds files says the same of plain letters, if no two stars stand side by side.
        #[test]
        fn globs_fit_what_they_fit_elsewhere(glob in "[ab*?]{0,8}", text in "[ab]{0,10}") {
            let single = glob.split_inclusive('*').filter(|part| *part != "*").collect::<String>();
            let lead = if glob.starts_with('*') { "*" } else { "" };
            let glob = format!("{lead}{single}");
            let other = globset::GlobBuilder::new(&glob).build().expect("a glob").compile_matcher();
            prop_assert_eq!(fits(&glob, &text), other.is_match(&text), "{} {}", glob, text);
        }
    }
}
