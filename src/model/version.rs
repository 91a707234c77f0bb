//! Versions of any scheme: SemVer, calendar versions, Python's (PEP 440), four numbers, and plain numbers.
//!
//! A scheme is stated by the entry (`version_scheme`), by its family or by `[plan]` of `relplan.toml`, or recognised by
//! the form of the version. Two versions are equal if their numbers, stages and builds are; a `v` and zeros at the end
//! of the numbers make no difference.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use pep440_rs::{LocalSegment, Prerelease, PrereleaseKind};

use super::value::choice;

mod next;
mod numbering;
mod pattern;

pub use next::next;
pub use numbering::Numbering;
pub use pattern::{CalendarPattern, PatternError};

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
        /// `10.0.19045.1`: major, minor, patch or build, and revision.
        FourPart = "four-part" | "four parts" | "four numbers",
    }
}

choice! {
    /// What kind of release the form of a version shows.
    VersionKind {
        /// `X.0.0`.
        Major = "major",
        /// `X.Y.0`.
        Minor = "minor",
        /// `X.Y.Z`.
        Patch = "patch",
        /// One that comes before the version that its numbers name: `-rc.1`, `b2`, `.dev3`.
        PreRelease = "pre-release" | "prerelease",
    }
}

/// A version.
#[derive(Debug, Clone)]
pub struct Version {
    text: Box<str>,
    scheme: Scheme,
    semver: Option<Box<semver::Version>>,
    key: Key,
    /// How many numbers it is written with.
    written: u8,
    /// What its numbers count, where the pattern of a calendar version says so.
    parts: Option<Box<[pattern::Part]>>,
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
        let bare = without_v(text);
        let semver = semver::Version::parse(bare).ok().map(Box::new);
        let key = match (&semver, scheme) {
            (Some(semver), Scheme::SemVer | Scheme::Calendar | Scheme::FourPart) => Key::of_semver(semver),
            (None, Scheme::SemVer) => return None,
            (_, Scheme::Calendar) => Key::of_python(bare).or_else(|| Key::of_dashed(bare))?,
            (_, Scheme::FourPart) => Key::of_dashed(bare).or_else(|| Key::of_python(bare))?,
            _ => Key::of_python(bare)?,
        };
        let written = numbers(bare);
        let fits = match scheme {
            Scheme::Calendar => key.is_calendar(written),
            Scheme::Sequential => written == 1 && key.stage == Stage::Final && key.epoch == 0,
            Scheme::FourPart => written == 4 && key.epoch == 0,
            Scheme::SemVer | Scheme::Pep440 => true,
        };
        let semver = semver.filter(|_| scheme == Scheme::SemVer);
        let written = u8::try_from(written).unwrap_or(u8::MAX);
        fits.then(|| Version { text: text.into(), scheme, semver, key, written, parts: None })
    }

    /// Reads a calendar version that follows a pattern.
    pub fn parse_by(text: &str, pattern: &CalendarPattern) -> Option<Version> {
        let text = text.trim();
        let (parts, rest) = pattern.read(without_v(text))?;
        let stage = stage_behind(rest)?;
        let written = u8::try_from(parts.len()).unwrap_or(u8::MAX);
        let release = without_zeros(parts.iter().map(|(_, number)| *number).collect());
        let key = Key { epoch: 0, release, stage, build: "".into() };
        let parts = Some(parts.into_iter().map(|(part, _)| part).collect());
        Some(Version { text: text.into(), scheme: Scheme::Calendar, semver: None, key, written, parts })
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
        [0, 1, 2].map(|at| self.number(at))
    }

    /// One of its numbers, counted from 0; zero if it does not have it.
    fn number(&self, at: usize) -> u64 {
        self.key.release.get(at).copied().unwrap_or(0)
    }

    /// Its number of a part of its pattern, if it has one.
    fn counted(&self, part: pattern::Part) -> Option<u64> {
        let at = self.parts.as_ref()?.iter().position(|known| *known == part)?;
        Some(self.number(at))
    }

    /// Whether it comes before the version that its numbers name.
    pub fn is_pre_release(&self) -> bool {
        matches!(self.key.stage, Stage::Dev(_) | Stage::Pre(_) | Stage::Python(..))
    }

    /// Whether it comes before a version and names the same numbers.
    pub fn is_pre_release_of(&self, version: &Version) -> bool {
        self.is_pre_release()
            && self.key.epoch == version.key.epoch
            && self.key.release == version.key.release
    }

    /// The kind of release that its form shows. The year of a calendar version says nothing of what has changed, so
    /// that its releases are minor ones, and patches where a number of its own counts them.
    pub fn kind(&self) -> VersionKind {
        if self.is_pre_release() {
            return VersionKind::PreRelease;
        }
        self.final_kind()
    }

    /// The kind of the release that its numbers name, be it a pre-release or the release itself.
    pub fn final_kind(&self) -> VersionKind {
        if let Some(parts) = &self.parts {
            return pattern::kind(parts, |at| self.number(at));
        }
        let is_post = matches!(self.key.stage, Stage::Post(..));
        match (self.scheme, self.numbers()) {
            (Scheme::Sequential, _) => VersionKind::Major,
            _ if is_post || self.number(3) > 0 => VersionKind::Patch,
            (Scheme::Calendar, [_, _, 0]) => VersionKind::Minor,
            (_, [_, 0, 0]) => VersionKind::Major,
            (_, [_, _, 0]) => VersionKind::Minor,
            _ => VersionKind::Patch,
        }
    }

    /// The sequences that it belongs to, in each of which a later version is released later: the pre-releases of one
    /// version, the patches of one line, the minor releases of one major. Major releases may be those of two products.
    pub fn sequences(&self) -> Vec<Sequence> {
        let key = &self.key.release;
        let upto = |count: usize| (0..count).map(|at| self.number(at)).collect::<Vec<u64>>();
        let of_one = Sequence { what: VersionKind::PreRelease, line: key.clone() };
        if self.is_pre_release() {
            return vec![of_one];
        }
        let kind = self.final_kind();
        let calendar = self.scheme == Scheme::Calendar;
        let patches = match calendar {
            true => usize::from(self.written).saturating_sub(1).clamp(1, 2),
            false => 2,
        };
        let mut all = vec![of_one];
        all.push(Sequence { what: VersionKind::Patch, line: upto(patches) });
        if kind != VersionKind::Patch {
            let line = match self.scheme {
                // Years with their century and without are no one sequence.
                Scheme::Calendar => vec![u64::from(self.number(0) >= FULL_YEAR)],
                Scheme::Sequential => Vec::new(),
                _ => upto(1),
            };
            all.push(Sequence { what: VersionKind::Minor, line });
        }
        all
    }

    /// Whether its form alone shows its scheme. `3.1` may be a SemVer version that lacks a number as well as one of
    /// Python, and `3` is as likely a mistake as the third release.
    fn is_evident(&self) -> bool {
        let bare = without_v(&self.text);
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
            // PEP 440 has them, too.
            Scheme::FourPart => false,
        }
    }
}

/// A sequence of versions that ascend with their dates.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sequence {
    /// What it is made of: pre-releases, patches or minor releases.
    pub what: VersionKind,
    /// The numbers that all of its versions begin with.
    pub line: Vec<u64>,
}

/// A version without the `v` that tags have.
fn without_v(text: &str) -> &str {
    text.strip_prefix(['v', 'V']).unwrap_or(text)
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
        let version = pep440_rs::Version::from_str(text).ok()?;
        let local = version.local().iter().map(|segment| match segment {
            LocalSegment::String(word) => word.clone(),
            LocalSegment::Number(number) => number.to_string(),
        });
        let build = local.collect::<Vec<_>>().join(".").into_boxed_str();
        let release = without_zeros(version.release().to_vec());
        Some(Key { epoch: version.epoch(), release, stage: Stage::of_python(&version), build })
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

impl Stage {
    fn of_python(version: &pep440_rs::Version) -> Stage {
        let ripeness = version.dev().map_or(Ripeness::Done, Ripeness::Dev);
        match (version.pre(), version.post(), version.dev()) {
            (Some(Prerelease { kind, number }), post, dev) => {
                let after = match (post, dev) {
                    (Some(post), _) => After::Post(post, ripeness),
                    (None, Some(dev)) => After::Dev(dev),
                    (None, None) => After::Nothing,
                };
                Stage::Python(Letter::of(kind), number, after)
            }
            (None, Some(post), _) => Stage::Post(post, ripeness),
            (None, None, Some(dev)) => Stage::Dev(dev),
            (None, None, None) => Stage::Final,
        }
    }
}

impl Letter {
    fn word(self) -> &'static str {
        match self {
            Letter::A => "a",
            Letter::B => "b",
            Letter::Rc => "rc",
        }
    }

    fn of(kind: PrereleaseKind) -> Letter {
        match kind {
            PrereleaseKind::Alpha => Letter::A,
            PrereleaseKind::Beta => Letter::B,
            PrereleaseKind::Rc => Letter::Rc,
        }
    }
}

/// The stage that follows the numbers of a calendar version: `rc1`, `-rc.1`, `.post1`, or none.
fn stage_behind(rest: &str) -> Option<Stage> {
    if rest.is_empty() {
        return Some(Stage::Final);
    }
    // The numbers themselves were read by the pattern.
    let python = pep440_rs::Version::from_str(&format!("0{rest}")).ok();
    let python = python.filter(|version| version.release() == [0] && version.local().is_empty());
    python.map(|version| Stage::of_python(&version)).or_else(|| {
        let word = rest.strip_prefix('-')?;
        Some(Stage::Pre(semver::Prerelease::new(word).ok().filter(|word| !word.is_empty())?))
    })
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
        check("10.0.19045.1", Scheme::FourPart, true);
        check("1.2.3.4-rc1", Scheme::FourPart, true);
        check("1.2.3", Scheme::FourPart, false);
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
        ascends(&["1.2.3.4-rc1", "1.2.3.4", "1.2.3.10", "v1.2.4.0", "10.0.0.0"], Scheme::FourPart);
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

    #[test]
    fn the_kind_is_read_from_the_form() {
        let check = |text: &str, scheme: Scheme, expect: VersionKind| {
            let version = Version::parse_as(text, scheme).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(version.kind(), expect, "{text}");
        };
        use VersionKind::{Major, Minor, Patch, PreRelease};
        check("3.0.0", Scheme::SemVer, Major);
        check("3.1.0", Scheme::SemVer, Minor);
        check("v3.1.4", Scheme::SemVer, Patch);
        check("3.0.0-alpha.1", Scheme::SemVer, PreRelease);
        check("3.15.0rc1", Scheme::Pep440, PreRelease);
        check("3.15.0.dev2", Scheme::Pep440, PreRelease);
        check("3.15", Scheme::Pep440, Minor);
        check("3.15.0.post1", Scheme::Pep440, Patch);
        check("33.0.0.0", Scheme::Pep440, Major);
        check("2026.1", Scheme::Calendar, Minor);
        check("24.04.1", Scheme::Calendar, Patch);
        check("44", Scheme::Sequential, Major);
        check("1.2.0.0", Scheme::FourPart, Minor);
        check("1.2.0.7", Scheme::FourPart, Patch);
    }
}
