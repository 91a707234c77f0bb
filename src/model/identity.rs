//! People, however their names are spelled.
//!
//! Two texts name one person if a reader could not tell them apart, or if they differ in case and spaces only. That
//! is judged by three forms of a name, after compatibility composition (NFKC) and without characters that are not
//! drawn:
//!
//! - as it is spelled: lower case, then the skeleton of UTS #39. Names of any script keep their case variants;
//! - as its capitals look: the skeleton first, so that a Cyrillic `В` is a `B`;
//! - as it is drawn: the skeleton alone, in which a capital `I` and a small `l` are one.
//!
//! No single form does: lower case makes an `i` of the `I` that looks like an `l`, and of the `В` a letter that looks
//! like nothing else.

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

/// A name as it is compared with others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The form as it is spelled first.
    forms: [String; 3],
}

impl Identity {
    /// Whom a text names. Of `Name <address>` the address counts.
    pub fn of(text: &str) -> Self {
        let text = address(text).unwrap_or(text);
        let composed: String = text.nfkc().collect();
        let spelled = spaced(skeleton(&lower(&composed)).map(digit));
        let capitals: String = composed.chars().flat_map(as_capital).collect();
        let capitals = spaced(lower(&capitals).chars().map(digit));
        let drawn = spaced(skeleton(&composed));
        Identity { forms: [spelled, capitals, drawn] }
    }

    /// Whether two names are those of one person.
    pub fn is_same_as(&self, other: &Identity) -> bool {
        self.forms.iter().zip(&other.forms).any(|(own, other)| own == other && !own.is_empty())
    }

    /// The form that stands for the name where one text has to.
    pub fn key(&self) -> &str {
        &self.forms[0]
    }

    /// The identity of a name in which spaces, hyphens and underscores make no difference: a role's.
    #[must_use]
    pub fn without_separators(self) -> Self {
        let joined = |form: String| form.replace([' ', '-', '_'], "");
        Identity { forms: self.forms.map(joined) }
    }
}

/// Whether two texts name one person.
pub fn is_same_person(first: &str, second: &str) -> bool {
    Identity::of(first).is_same_as(&Identity::of(second))
}

/// Whether two texts name one role.
pub fn is_same_role(first: &str, second: &str) -> bool {
    let [first, second] = [first, second].map(|role| Identity::of(role).without_separators());
    first.is_same_as(&second)
}

/// Whether a text has a letter or a digit that is drawn. One without has no name in it.
pub fn is_visible(text: &str) -> bool {
    Identity::of(text).key().chars().any(char::is_alphanumeric)
}

/// Whether a text stands where a name should and names no person: nothing that is drawn, `TBD`, `?`, `everyone`.
pub fn is_no_person(name: &str) -> bool {
    const NOBODY: &[&str] = &[
        "all",
        "anybody",
        "anyone",
        "everybody",
        "everyone",
        "n/a",
        "na",
        "no one",
        "nobody",
        "none",
        "not assigned",
        "not yet assigned",
        "open",
        "pending",
        "somebody",
        "someone",
        "team",
        "the team",
        "the whole team",
        "to be assigned",
        "to be announced",
        "to be confirmed",
        "to be decided",
        "to be defined",
        "to be determined",
        "unassigned",
        "unclear",
        "undecided",
        "unknown",
        "whole team",
    ];
    // A remark behind one of these changes nothing: `TBD (after hiring)`.
    const OPENINGS: &[&str] = &["tba", "tbc", "tbd", "todo"];
    let name = name.trim().trim_end_matches('.');
    let first = name.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let is = |known: &[&str], word: &str| known.iter().any(|known| known.eq_ignore_ascii_case(word));
    !is_visible(name)
        || name.chars().all(|c| matches!(c, 'x' | 'X'))
        || is(NOBODY, name)
        || is(OPENINGS, first)
}

/// A value for each of some people, found by any of their spellings.
#[derive(Debug, Clone)]
pub struct ByIdentity<V> {
    forms: [FxHashMap<String, V>; 3],
}

impl<V> Default for ByIdentity<V> {
    fn default() -> Self {
        ByIdentity { forms: Default::default() }
    }
}

impl<V: Clone> ByIdentity<V> {
    /// What is known of a person.
    pub fn get(&self, identity: &Identity) -> Option<&V> {
        self.forms.iter().zip(&identity.forms).find_map(|(known, form)| known.get(form))
    }

    /// Notes a spelling; one that is known keeps its value.
    pub fn insert(&mut self, identity: Identity, value: &V) {
        for (known, form) in self.forms.iter_mut().zip(identity.forms) {
            if !form.is_empty() {
                known.entry(form).or_insert_with(|| value.clone());
            }
        }
    }
}

/// Which of some names are those of one person, directly or by way of others.
#[derive(Debug, Default)]
pub struct Names {
    /// For each name, the one that stands for all that are its person's.
    one: ByIdentity<String>,
}

impl Names {
    /// Joins the names that are one person's. Their order makes no difference.
    pub fn new<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut names: Vec<&str> = names.collect();
        names.sort_unstable();
        names.dedup();
        let identities: Vec<Identity> = names.iter().map(|name| Identity::of(name)).collect();
        let mut groups = Groups((0..names.len()).collect());
        let mut seen = [const { FxHashMap::default }; 3].map(|new| new());
        for (at, identity) in identities.iter().enumerate() {
            for (seen, form) in seen.iter_mut().zip(&identity.forms) {
                let other = *seen.entry(form.as_str()).or_insert(at);
                groups.join(at, other);
            }
        }
        let mut one = ByIdentity::default();
        for (at, identity) in identities.into_iter().enumerate() {
            one.insert(identity, &names[groups.first(at)].to_owned());
        }
        Names { one }
    }

    /// The name that stands for all that are its person's.
    pub fn one_of<'n>(&'n self, name: &'n str) -> &'n str {
        self.one.get(&Identity::of(name)).map_or(name, String::as_str)
    }
}

/// Disjoint sets of positions; each leads to one before it, or to itself.
struct Groups(Vec<usize>);

impl Groups {
    fn first(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.first(one), self.first(other));
        self.0[one.max(other)] = one.min(other);
    }
}

/// The address in `Name <address>`.
pub fn address(text: &str) -> Option<&str> {
    let address = text.split_once('<')?.1.split_once('>')?.0;
    address.contains('@').then_some(address)
}

/// Lower case letter by letter, so that no letter depends on those around it: `ß` is `ss`, and both kinds of `σ` are
/// one.
fn lower(text: &str) -> String {
    let upper = text.chars().flat_map(char::to_uppercase);
    upper.flat_map(char::to_lowercase).collect()
}

/// The letters that one looks like. What looks like a capital I does so whatever else it looks like.
fn as_capital(letter: char) -> impl Iterator<Item = char> {
    let mut buffer = [0; 4];
    let looks: Vec<char> = match letter.is_ascii() {
        true => vec![letter],
        false => skeleton(letter.encode_utf8(&mut buffer)).collect(),
    };
    let looks = if looks == ['l'] && letter.is_uppercase() { vec!['I'] } else { looks };
    looks.into_iter()
}

/// Digits and bars that stand for letters, and the other way round.
fn digit(letter: char) -> char {
    match letter {
        '1' | '|' => 'l',
        '0' => 'o',
        'O' => 'o',
        letter => letter,
    }
}

/// A text with single spaces between its words.
fn spaced(letters: impl Iterator<Item = char>) -> String {
    let text: String = letters.collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same(spellings: &[&str]) {
        for first in spellings {
            for second in spellings {
                assert!(is_same_person(first, second), "{first:?} and {second:?}");
            }
        }
    }

    #[track_caller]
    fn different(names: &[&str]) {
        for (at, first) in names.iter().enumerate() {
            for second in &names[at + 1..] {
                assert!(!is_same_person(first, second), "{first:?} and {second:?}");
            }
        }
    }

    #[test]
    fn six_spellings_are_one_person() {
        same(&[
            "Zoe\u{301} Quinn",
            "Ｚｏé Ｑｕｉｎｎ",
            "Z\u{43e}é Quinn",
            "Zoé\u{200d} Qui\u{200b}nn",
            "Zoé\u{a0}\u{2003}Quinn ",
            "ZOÉ QUINN",
        ]);
        same(&["quinn@example.com", "QUINN@Example.com", "Quinn <quinn@example.com>", "quinn＠example.com"]);
    }

    #[test]
    fn what_looks_alike_is_one_person() {
        same(&["Bob", "\u{412}ob", "\u{392}\u{41e}B", "BOB"]);
        same(&["Ivan", "\u{406}van", "IVAN", "ivan"]);
        same(&["Ivan", "lvan"]);
        same(&["Paul", "PauI", "Pau1"]);
        same(&["Ann O'Neil", "Ann O\u{2019}Neil"]);
        same(&["Ann-Marie", "Ann\u{2011}Marie", "Ann\u{ad}-Marie"]);
    }

    #[test]
    fn names_of_any_script_keep_their_case_variants() {
        same(&["Мария", "МАРИЯ"]);
        same(&["Γιώργος", "ΓΙΏΡΓΟΣ"]);
        same(&["Weiß", "WEISS", "WEIẞ"]);
        same(&["McIntosh", "MCINTOSH", "mcintosh"]);
        same(&["山田", "山田\u{fe00}"]);
    }

    #[test]
    fn different_people_stay_different() {
        different(&["Ian", "Lan", "Jan", "Ivan", "Evan"]);
        different(&["jsmith1@example.com", "jsmith2@example.com", "jsmith@example.com"]);
        different(&["José", "Jose", "Josef"]);
        different(&["Tess Lead", "Theo Lead", "Tess"]);
        different(&["lead <ada@example.com>", "lead <bob@example.com>"]);
    }

    #[test]
    fn an_invisible_name_is_nobody() {
        for name in [
            "",
            " ",
            "\u{200b}",
            "\u{3164}",
            "\u{2800}",
            "\u{202e}\u{feff}",
            "\u{e0041}",
            "\u{ad}",
            ".",
            "\u{301}",
        ] {
            assert!(!is_visible(name), "{name:?}");
            assert!(is_no_person(name), "{name:?}");
            assert!(!is_same_person(name, name) || !name.trim().is_empty(), "{name:?}");
        }
        for name in ["Q", "山", "7", "Ann"] {
            assert!(is_visible(name), "{name:?}");
        }
    }

    #[test]
    fn placeholders_are_nobody() {
        for name in
            ["TBD", "tbd.", "TBD (after hiring)", "?", "???", "XXX", "Everyone", "N/A", "the team", "-"]
        {
            assert!(is_no_person(name), "{name}");
        }
        for name in ["QA Lead", "Platform Team", "Max", "Xavier", "Allison", "All-Hands Committee", "Todorov"]
        {
            assert!(!is_no_person(name), "{name}");
        }
    }

    #[test]
    fn separators_make_no_difference_to_roles() {
        assert!(is_same_role("QA Lead", "qa-lead"));
        assert!(is_same_role("QA Lead", "Q\u{410} Le\u{430}d"));
        assert!(!is_same_role("QA Lead", "QA Head"));
    }

    #[test]
    fn names_are_joined_in_any_order() {
        for names in [["PAUL", "PauI", "Paul"], ["PauI", "Paul", "PAUL"], ["Paul", "PAUL", "PauI"]] {
            let joined = Names::new(names.into_iter());
            assert!(names.iter().all(|name| joined.one_of(name) == joined.one_of("Paul")), "{names:?}");
            assert_eq!(joined.one_of("Saul"), "Saul");
        }
    }

    #[test]
    fn people_are_found_by_any_spelling() {
        let mut people = ByIdentity::default();
        people.insert(Identity::of("Paul"), &1);
        people.insert(Identity::of("PAUL"), &2);
        assert_eq!(people.get(&Identity::of("PauI")), Some(&1));
        assert_eq!(people.get(&Identity::of("Saul")), None);
    }
}
