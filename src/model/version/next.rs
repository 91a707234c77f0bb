//! The version that comes next, by scheme.

use chrono::NaiveDate;

use super::pattern::Part;
use super::{CalendarPattern, Numbering, Scheme, Stage, Version, VersionKind};

/// The version of a kind that follows the highest of several. A calendar version takes its date from `day`. Nothing if
/// there is none to follow, or if the scheme has no such kind.
pub fn next(known: &[&Version], numbering: &Numbering, kind: VersionKind, day: NaiveDate) -> Option<String> {
    let highest = known.iter().max()?;
    let text = match (highest.scheme, &numbering.pattern) {
        (Scheme::Calendar, Some(pattern)) => by_pattern(known, highest, pattern, kind, day)?,
        // Which of its numbers count is not known.
        (Scheme::Calendar, None) => return None,
        (Scheme::Sequential, _) => match kind {
            VersionKind::PreRelease => return None,
            _ => highest.number(0).checked_add(1)?.to_string(),
        },
        _ => by_numbers(highest, kind)?,
    };
    let v = highest.text.chars().next().filter(|first| matches!(first, 'v' | 'V'));
    Some(v.into_iter().collect::<String>() + &text)
}

/// SemVer, PEP 440 and four numbers: one number more, and zeros behind it.
fn by_numbers(highest: &Version, kind: VersionKind) -> Option<String> {
    let count = usize::from(highest.written).max(1);
    let mut numbers: Vec<u64> = (0..count).map(|at| highest.number(at)).collect();
    let pre = match kind {
        VersionKind::PreRelease if highest.is_pre_release() => {
            return following_pre_release(highest, &numbers);
        }
        VersionKind::PreRelease => Some(match highest.scheme {
            Scheme::Pep440 => "rc1",
            _ => "-rc.1",
        }),
        _ => None,
    };
    let at = match kind {
        VersionKind::Major => 0,
        VersionKind::Minor | VersionKind::PreRelease => 1,
        VersionKind::Patch => 2,
    };
    // A pre-release is followed by what its numbers name, if that is large enough.
    let reaches = match highest.final_kind() {
        VersionKind::Major => true,
        VersionKind::Minor => kind != VersionKind::Major,
        _ => kind == VersionKind::Patch,
    };
    if !(highest.is_pre_release() && reaches) {
        while numbers.len() <= at {
            numbers.push(0);
        }
        numbers[at] = numbers[at].checked_add(1)?;
        numbers[at + 1..].fill(0);
    }
    Some(epoch(highest) + &joined(&numbers) + pre.unwrap_or(""))
}

/// `-rc.1` becomes `-rc.2`, `b3` becomes `b4`.
fn following_pre_release(highest: &Version, numbers: &[u64]) -> Option<String> {
    let numbers = epoch(highest) + &joined(numbers);
    let counted = |word: &str, number: u64| Some(format!("{numbers}{word}{}", number.checked_add(1)?));
    match &highest.key.stage {
        Stage::Dev(number) => counted(".dev", *number),
        Stage::Python(letter, number, _) => counted(letter.word(), *number),
        Stage::Pre(pre) => {
            let word = pre.as_str().trim_end_matches(|c: char| c.is_ascii_digit());
            match pre.as_str()[word.len()..].parse() {
                Ok(number) => counted(&format!("-{word}"), number),
                Err(_) => Some(format!("{numbers}-{word}.1")),
            }
        }
        Stage::Final | Stage::Post(..) => None,
    }
}

/// `1!` before the numbers of a version of PEP 440 that begins its numbers again.
fn epoch(version: &Version) -> String {
    match version.key.epoch {
        0 => String::new(),
        epoch => format!("{epoch}!"),
    }
}

fn joined(numbers: &[u64]) -> String {
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(".")
}

/// The date of the version is that of the day; if it is a later one than before, what counts within it begins again. A
/// version that is dated ahead is followed by one of the same date: nothing lower comes next. A patch keeps the date of
/// what it patches.
fn by_pattern(
    known: &[&Version],
    highest: &Version,
    pattern: &CalendarPattern,
    kind: VersionKind,
    day: NaiveDate,
) -> Option<String> {
    let parts: Vec<Part> = pattern.parts().collect();
    let has = |part: Part| parts.contains(&part);
    let wanted = match kind {
        VersionKind::PreRelease => return None,
        VersionKind::Patch if has(Part::Micro) => return patched(&parts, highest, pattern),
        VersionKind::Major if has(Part::Major) => Part::Major,
        _ => Part::Minor,
    };
    let is_later = date_of(&parts, |part| part.on(day)) > date_of(&parts, |part| highest.counted(part));
    // What stands before the date counts on through all of them.
    let first_dated = parts.iter().position(|part| part.on(day).is_some()).unwrap_or(0);
    let is_within = |part: Part| parts.iter().position(|known| *known == part) > Some(first_dated);
    let counter = [wanted, Part::Micro, Part::Major].into_iter().find(|part| has(*part));
    if !is_later && counter.is_none() {
        return None;
    }
    let mut numbers = Vec::new();
    for part in &parts {
        let old = highest.counted(*part).unwrap_or(0);
        let is_counter = Some(*part) == counter && (!is_later || *part == Part::Major);
        let is_reset = is_later && is_within(*part)
            || !is_later && numbers.iter().any(|(part, _)| Some(*part) == counter);
        let number = match part.on(day) {
            Some(now) if is_later => now,
            Some(_) => old,
            None if is_counter => old.checked_add(1)?,
            None if *part == Part::Major || !is_reset => old,
            // Some count from 0 within the year, others from 1: as this plan does.
            None if *part == Part::Minor => {
                u64::from(!known.iter().any(|version| version.counted(Part::Minor) == Some(0)))
            }
            None => 0,
        };
        numbers.push((*part, number));
    }
    Some(pattern.write(&numbers))
}

/// The date in a version, the year first: the longer span decides, wherever a pattern puts it.
fn date_of(parts: &[Part], value: impl Fn(Part) -> Option<u64>) -> Vec<Option<u64>> {
    let spans = [Part::Year, Part::ShortYear, Part::Month, Part::Week, Part::Day];
    spans.into_iter().filter(|span| parts.contains(span)).map(value).collect()
}

fn patched(parts: &[Part], highest: &Version, pattern: &CalendarPattern) -> Option<String> {
    let number = |part: &Part| {
        let old = highest.counted(*part).unwrap_or(0);
        Some((*part, if *part == Part::Micro { old.checked_add(1)? } else { old }))
    };
    let numbers: Option<Vec<(Part, u64)>> = parts.iter().map(number).collect();
    Some(pattern.write(&numbers?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(
        versions: &[&str],
        scheme: Option<Scheme>,
        pattern: &str,
        kind: VersionKind,
        expect: Option<&str>,
    ) {
        let numbering = Numbering { scheme, pattern: CalendarPattern::parse(pattern).ok() };
        let read: Vec<Version> =
            versions.iter().map(|text| numbering.read(text).unwrap_or_else(|| panic!("{text}"))).collect();
        let day = NaiveDate::from_ymd_opt(2027, 3, 1).expect("a day");
        let found = next(&read.iter().collect::<Vec<_>>(), &numbering, kind, day);
        assert_eq!(found.as_deref(), expect, "{versions:?} {kind}");
    }

    #[test]
    fn the_next_version_follows_the_scheme() {
        use VersionKind::{Major, Minor, Patch, PreRelease};
        let semver = |version: &str, kind, expect| check(&[version], None, "", kind, Some(expect));
        semver("1.2.3", Major, "2.0.0");
        semver("1.2.3", Minor, "1.3.0");
        semver("v1.2.3", Patch, "v1.2.4");
        semver("1.2.3", PreRelease, "1.3.0-rc.1");
        semver("1.3.0-rc.1", PreRelease, "1.3.0-rc.2");
        semver("1.3.0-beta", PreRelease, "1.3.0-beta.1");
        semver("1.3.0-rc.1", Minor, "1.3.0");
        semver("1.3.0-rc.1", Major, "2.0.0");
        semver("3.15.0rc1", PreRelease, "3.15.0rc2");
        semver("3.15.0rc1", Minor, "3.15.0");
        check(&["44", "9"], Some(Scheme::Sequential), "", Minor, Some("45"));
        check(&["44"], Some(Scheme::Sequential), "", PreRelease, None);
        check(&["10.0.3.9"], Some(Scheme::FourPart), "", Patch, Some("10.0.4.0"));
        check(&["10.0.3.9"], Some(Scheme::FourPart), "", Minor, Some("10.1.0.0"));
        check(&["3.14"], Some(Scheme::Pep440), "", Patch, Some("3.14.1"));
        check(&[], None, "", Minor, None);
        check(&["1.0.18446744073709551615"], None, "", Patch, None);
    }

    #[test]
    fn a_calendar_version_takes_its_date_from_the_day() {
        use VersionKind::{Major, Minor, Patch};
        let calver =
            |versions: &[&str], pattern: &str, kind, expect| check(versions, None, pattern, kind, expect);
        calver(&["2026.1", "2026.2"], "YYYY.MINOR", Minor, Some("2027.1"));
        calver(&["26.0", "26.1"], "YY.MINOR", Minor, Some("27.0"));
        calver(&["2027.1"], "YYYY.MINOR", Minor, Some("2027.2"));
        calver(&["26.11"], "YY.0M[.MICRO]", Minor, Some("27.03"));
        calver(&["26.11.1"], "YY.0M[.MICRO]", Patch, Some("26.11.2"));
        calver(&["27.03"], "YY.0M[.MICRO]", Minor, Some("27.03.1"));
        calver(&["2027.03.01"], "YYYY.0M.0D", Minor, None);
        calver(&["2026.12.24"], "YYYY.0M.0D", Minor, Some("2027.03.01"));
        calver(&["3.26.7"], "MAJOR.YY.MICRO", Major, Some("4.27.0"));
        calver(&["5.26"], "MICRO.YY", Minor, Some("5.27"));
        calver(&["5.27"], "MICRO.YY", Minor, Some("6.27"));
        // What is planned ahead is followed, not gone back behind.
        calver(&["28.04"], "YY.0M[.MICRO]", Minor, Some("28.04.1"));
        calver(&["2028.2"], "YYYY.MINOR", Minor, Some("2028.3"));
        calver(&["2027.03.02"], "YYYY.0M.0D", Minor, None);
        check(&["2026.1"], None, "", Minor, None);
    }

    #[test]
    fn an_epoch_goes_on() {
        let pep440 =
            |kind, expect| check(&["1!2.3.0", "2026.4"], Some(Scheme::Pep440), "", kind, Some(expect));
        pep440(VersionKind::Minor, "1!2.4.0");
        pep440(VersionKind::Major, "1!3.0.0");
        pep440(VersionKind::PreRelease, "1!2.4.0rc1");
    }

    proptest! {
        #[test]
        fn what_comes_next_is_higher(
            pattern in prop::sample::select(vec![
                "YYYY.MINOR", "YY.0M[.MICRO]", "MICRO.YY", "MAJOR.YY.MICRO", "YYYY.MM.DD", "YYYY.0M.MINOR.MICRO", "0Y.WW[.MICRO]",
            ]),
            numbers in prop::collection::vec((20_u64..31, 1_u64..13, 1_u64..29, 0_u64..3), 1..4),
            kind in prop::sample::select(vec![VersionKind::Major, VersionKind::Minor, VersionKind::Patch]),
        ) {
            let numbering = Numbering { scheme: None, pattern: CalendarPattern::parse(pattern).ok() };
            let pattern = numbering.pattern.as_ref().expect("a pattern");
            let number = |part: Part, (year, month, day, count): (u64, u64, u64, u64)| match part {
                Part::Year => 2000 + year,
                Part::ShortYear => year,
                Part::Month | Part::Week => month,
                Part::Day => day,
                _ => count,
            };
            let text = |numbers| pattern.write(&pattern.parts().map(|part| (part, number(part, numbers))).collect::<Vec<_>>());
            let versions: Vec<Version> = numbers.into_iter().filter_map(|numbers| numbering.read(&text(numbers))).collect();
            let day = NaiveDate::from_ymd_opt(2027, 3, 1).expect("a day");
            let known: Vec<&Version> = versions.iter().collect();
            if let Some(next) = next(&known, &numbering, kind, day) {
                let read = numbering.read(&next);
                prop_assert!(read.as_ref() > known.iter().copied().max(), "{next} after {known:?}");
            }
        }
    }
}
