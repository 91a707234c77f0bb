//! Versions of any scheme: SemVer, calendar versions, Python's (PEP 440), and plain numbers.
//!
//! A scheme is stated by the release (`version_scheme`), by `[plan]` of `relplan.toml`, or recognised by the form of
//! the version. Two versions are equal if their numbers, stages and builds are; a `v` and zeros at the end of the
//! numbers make no difference.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use super::value::choice;

choice! {
    /// How versions are numbered.
    Scheme {
        /// `3.1.0`, `3.1.0-rc.1` (Semantic Versioning 2.0.0).
        SemVer = "semver" | "semantic",
        /// `2026.1`, `25.11`, `24.04.1`: the year first.
        Calendar = "calver" | "calendar",
        /// `3.15.0rc1`, `33.0.0.0rc1`, `1.0.post1` (PEP 440).
        Pep440 = "pep440" | "pep 440" | "python",
        /// `44`: one number more for each release.
        Sequential = "sequential" | "number" | "integer",
    }
}

/// A version.
#[derive(Debug, Clone)]
pub struct Version {
    text: Box<str>,
    scheme: Scheme,
    semver: Option<Box<semver::Version>>,
    key: Key,
}

/// What counts when versions are compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    epoch: u64,
    /// The numbers without zeros at their end.
    release: Vec<u64>,
    stage: Stage,
    build: Box<str>,
}

/// How far a version is on its way to what its numbers name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Stage {
    /// `.dev3`.
    Dev(u64),
    /// `-rc.1` of SemVer.
    Pre(semver::Prerelease),
    /// `a1`, `b2`, `rc1` of PEP 440, with what follows it: before it a development release, after it a post release.
    Python(Letter, u64, After),
    /// The version itself.
    Final,
    /// `.post1`.
    Post(u64, Ripeness),
}

/// The stages of PEP 440 before the final one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Letter {
    A,
    B,
    Rc,
}

/// What may follow a stage of PEP 440.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum After {
    Dev(u64),
    Nothing,
    Post(u64, Ripeness),
}

/// Whether a post release is itself only being developed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Ripeness {
    Dev(u64),
    Done,
}

impl Version {
    /// Reads a version whose scheme is recognised by its form; nothing if it has none.
    pub fn parse(text: &str) -> Option<Version> {
        let schemes = [Scheme::Calendar, Scheme::SemVer, Scheme::Sequential, Scheme::Pep440];
        schemes.into_iter().find_map(|scheme| Version::parse_as(text, scheme).filter(Version::is_evident))
    }

    /// Reads a version of a stated scheme.
    pub fn parse_as(text: &str, scheme: Scheme) -> Option<Version> {
        let text = text.trim();
        let bare = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let semver = semver::Version::parse(bare).ok().map(Box::new);
        let key = match (&semver, scheme) {
            (Some(semver), Scheme::SemVer | Scheme::Calendar) => Key::of_semver(semver),
            (None, Scheme::SemVer) => return None,
            (_, Scheme::Calendar) => Key::of_python(bare).or_else(|| Key::of_dashed(bare))?,
            _ => Key::of_python(bare)?,
        };
        let fits = match scheme {
            Scheme::Calendar => key.is_calendar(numbers(bare)),
            Scheme::Sequential => numbers(bare) == 1 && key.stage == Stage::Final && key.epoch == 0,
            Scheme::SemVer | Scheme::Pep440 => true,
        };
        let semver = semver.filter(|_| scheme == Scheme::SemVer);
        fits.then(|| Version { text: text.into(), scheme, semver, key })
    }

    /// Reads a version of any scheme, to look for it.
    pub fn wanted(text: &str) -> Option<Version> {
        Version::parse(text).or_else(|| Version::parse_as(text, Scheme::Pep440))
    }

    /// How it is numbered.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// It after SemVer, if that is its scheme.
    pub fn semver(&self) -> Option<&semver::Version> {
        self.semver.as_deref()
    }

    /// Its first three numbers; those that it does not have are zero.
    pub fn numbers(&self) -> [u64; 3] {
        [0, 1, 2].map(|at| self.key.release.get(at).copied().unwrap_or(0))
    }

    /// Whether its form alone shows its scheme. `3.1` may be a SemVer version that lacks a number as well as one of
    /// Python, and `3` is as likely a mistake as the third release.
    fn is_evident(&self) -> bool {
        let bare = self.text.strip_prefix(['v', 'V']).unwrap_or(&self.text);
        match self.scheme {
            Scheme::SemVer => true,
            Scheme::Calendar => match self.key.release.first() {
                Some(year) => {
                    *year >= FULL_YEAR
                        || (2..=3).contains(&numbers(bare)) && semver::Version::parse(bare).is_err()
                }
                None => false,
            },
            Scheme::Sequential => self.key.release.first().is_some_and(|number| *number >= 10),
            Scheme::Pep440 => self.key.stage != Stage::Final || numbers(bare) > 3,
        }
    }
}

/// From here on a first number is a year with its century.
const FULL_YEAR: u64 = 1990;

/// How many numbers a version begins with.
fn numbers(text: &str) -> usize {
    let parts = text.split(['.', '-', '+']);
    parts.take_while(|part| part.starts_with(|c: char| c.is_ascii_digit())).count()
}

impl Key {
    fn of_semver(version: &semver::Version) -> Key {
        let stage = if version.pre.is_empty() { Stage::Final } else { Stage::Pre(version.pre.clone()) };
        let release = without_zeros(vec![version.major, version.minor, version.patch]);
        Key { epoch: 0, release, stage, build: version.build.as_str().into() }
    }

    /// `2026-04-15`, `2026-04-15-rc1`: numbers with hyphens, and a stage behind them.
    fn of_dashed(text: &str) -> Option<Key> {
        let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-'))).unwrap_or(text.len());
        let (date, rest) = text.split_at(end);
        let date = if rest.is_empty() { date } else { date.strip_suffix('-')? };
        let release = date.split(['.', '-']).map(|part| part.parse().ok()).collect::<Option<Vec<u64>>>()?;
        let stage = match rest {
            "" => Stage::Final,
            rest => Stage::Pre(semver::Prerelease::new(rest).ok()?),
        };
        Some(Key { epoch: 0, release: without_zeros(release), stage, build: "".into() })
    }

    /// Reads a version of PEP 440, separators and spellings of its appendix B included.
    fn of_python(text: &str) -> Option<Key> {
        let (public, build) = text.split_once('+').unwrap_or((text, ""));
        let lower = public.to_ascii_lowercase();
        let (epoch, rest) = match lower.split_once('!') {
            Some((epoch, rest)) => (epoch.parse().ok()?, rest),
            None => (0, &*lower),
        };
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
        let (release, suffix) = rest.split_at(end);
        let release = release.strip_suffix('.').filter(|_| !suffix.is_empty()).unwrap_or(release);
        let release = release.split('.').map(|part| part.parse().ok()).collect::<Option<Vec<u64>>>()?;
        let stage = stage(suffix)?;
        Some(Key { epoch, release: without_zeros(release), stage, build: build.into() })
    }

    /// Whether the first number is a year, and the second a month or a count within it.
    fn is_calendar(&self, numbers: usize) -> bool {
        let Some(year) = self.release.first() else { return false };
        let second = self.release.get(1).copied().unwrap_or(0);
        self.epoch == 0
            && (1..=4).contains(&numbers)
            && match *year {
                FULL_YEAR..=2100 => true,
                15..=45 => numbers > 1 && (1..=12).contains(&second),
                _ => false,
            }
    }
}

fn without_zeros(mut release: Vec<u64>) -> Vec<u64> {
    while release.len() > 1 && release.last() == Some(&0) {
        release.pop();
    }
    release
}

/// The stage that the letters behind the numbers name: nothing, `rc1`, `.post1`, `a2.dev3`.
fn stage(suffix: &str) -> Option<Stage> {
    const PRE: [(&str, Letter); 8] = [
        ("alpha", Letter::A),
        ("beta", Letter::B),
        ("preview", Letter::Rc),
        ("pre", Letter::Rc),
        ("rc", Letter::Rc),
        ("a", Letter::A),
        ("b", Letter::B),
        ("c", Letter::Rc),
    ];
    let (pre, rest) = match PRE.iter().find_map(|(word, letter)| Some((*letter, part(suffix, &[word])?))) {
        Some((letter, (number, rest))) => (Some((letter, number)), rest),
        None => (None, suffix),
    };
    let (post, rest) = match part(rest, &["post", "rev", "r"]) {
        Some((number, rest)) => (Some(number), rest),
        None => (None, rest),
    };
    let (dev, rest) = match part(rest, &["dev"]) {
        Some((number, rest)) => (Some(number), rest),
        None => (None, rest),
    };
    let ripeness = dev.map_or(Ripeness::Done, Ripeness::Dev);
    let stage = match (pre, post, dev) {
        (Some((letter, number)), Some(post), _) => Stage::Python(letter, number, After::Post(post, ripeness)),
        (Some((letter, number)), None, Some(dev)) => Stage::Python(letter, number, After::Dev(dev)),
        (Some((letter, number)), None, None) => Stage::Python(letter, number, After::Nothing),
        (None, Some(post), _) => Stage::Post(post, ripeness),
        (None, None, Some(dev)) => Stage::Dev(dev),
        (None, None, None) => Stage::Final,
    };
    rest.is_empty().then_some(stage)
}

/// One of some words with its number, behind a separator or none; a number that is left out is zero.
fn part<'t>(text: &'t str, words: &[&str]) -> Option<(u64, &'t str)> {
    let bare = text.strip_prefix(['.', '-', '_']).unwrap_or(text);
    let rest = words.iter().find_map(|word| bare.strip_prefix(word))?;
    let behind =
        rest.strip_prefix(['.', '-', '_']).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let rest = behind.unwrap_or(rest);
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let number = if end == 0 { 0 } else { rest[..end].parse().ok()? };
    Some((number, &rest[end..]))
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Version {}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Option<Scheme>) {
        assert_eq!(Version::parse(text).map(|version| version.scheme()), expect, "{text}");
    }

    #[test]
    fn a_scheme_is_recognised_by_its_form() {
        use Scheme::{Calendar, Pep440, SemVer, Sequential};
        for text in ["3.1.0", "0.1.0", "v1.37.0", "3.0.1-rc.1", "1.0.0+build.5", "25.1.0", "45.0.0"] {
            check(text, Some(SemVer));
        }
        for text in [
            "2026.1",
            "25.11",
            "24.04",
            "24.04.1",
            "2026.10.0",
            "2026",
            "2026.04.15",
            "2026.1rc1",
            "24.04-rc1",
            "2026-04-15-rc1",
        ] {
            check(text, Some(Calendar));
        }
        for text in
            ["3.15.0rc1", "33.0.0.0rc1", "33.0.0.0", "1.0.post1", "1.0.dev3", "2.0a1", "1!2.0b1", "3.15.0b2"]
        {
            check(text, Some(Pep440));
        }
        check("44", Some(Sequential));
        for text in [
            "3",
            "3.1",
            "v3.1",
            "3.x.0",
            "next",
            "",
            "3..0",
            "03.1.0",
            "Fedora 44",
            "1.2.3-",
            "10.4",
            "25.13",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn a_stated_scheme_is_held() {
        let check = |text: &str, scheme: Scheme, expect: bool| {
            assert_eq!(Version::parse_as(text, scheme).is_some(), expect, "{text} {scheme}");
        };
        check("3.1", Scheme::Pep440, true);
        check("3", Scheme::Sequential, true);
        check("3.1", Scheme::Sequential, false);
        check("3.1", Scheme::SemVer, false);
        check("2026.10.0", Scheme::SemVer, true);
        check("3.1.0", Scheme::Calendar, false);
        check("26.1", Scheme::Calendar, true);
        check("next", Scheme::Pep440, false);
    }

    fn ascends(versions: &[&str], scheme: Scheme) {
        let read = |text: &str| Version::parse_as(text, scheme).unwrap_or_else(|| panic!("{text}"));
        for pair in versions.windows(2) {
            assert!(read(pair[0]) < read(pair[1]), "{} < {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn versions_ascend_in_every_scheme() {
        // The order of PEP 440, section "Summary of permitted suffixes and relative ordering".
        ascends(
            &[
                "1.0.dev456",
                "1.0a1",
                "1.0a2.dev456",
                "1.0a12.dev456",
                "1.0a12",
                "1.0b1.dev456",
                "1.0b2",
                "1.0b2.post345.dev456",
                "1.0rc1.dev456",
                "1.0rc1",
                "1.0",
                "1.0.post456.dev34",
                "1.0.post456",
                "1.1.dev1",
            ],
            Scheme::Pep440,
        );
        ascends(&["24.04", "24.10", "25.04", "25.11", "2026.1", "2026.10.0", "2026.10.1"], Scheme::Calendar);
        ascends(&["3", "9", "10", "44"], Scheme::Sequential);
        ascends(
            &["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta", "1.0.0-rc.1", "1.0.0", "1.10.0"],
            Scheme::SemVer,
        );
    }

    #[test]
    fn spelling_makes_no_difference() {
        let read = |text: &str| Version::wanted(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(read("v1.37.0"), read("1.37.0"));
        assert_eq!(read("2026.1"), read("2026.1.0"));
        assert_eq!(
            read("3.15.0rc1"),
            read("3.15.0-RC-1".to_ascii_lowercase().replace("-rc-1", "rc1").as_str())
        );
        assert_ne!(read("1.0.0+a"), read("1.0.0+b"));
        assert_eq!(read("v1.37.0").to_string(), "v1.37.0");
    }
}
