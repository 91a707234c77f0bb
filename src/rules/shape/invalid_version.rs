use crate::finding::Report;
use crate::model::Choice;
use crate::model::defect::DefectKind;
use crate::model::version::{Scheme, Version};
use crate::rules::{ERROR, Subject, defects, words};

declare_rule! {
    /// A version that follows no scheme, or not the stated one.
    ///
    /// A version after SemVer 2.0.0 has three numbers, `MAJOR.MINOR.PATCH`, without
    /// leading zeros. Calendar versions (`2026.1`, `25.11`), those of Python
    /// (`3.15.0rc1`, PEP 440) and plain numbers (`44`) are recognised by their form,
    /// or stated by `version_scheme` and `version_pattern`, in the release, under
    /// `[families.REL]` or under `[plan]` of `relplan.toml`. The value was not read.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Spring release
    /// version: "3.1"
    /// ```
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Spring release
    /// version: "26.4"
    /// version_pattern: YY.0M[.MICRO]
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   title: Spring release
    ///   version: "3.1.0"
    /// - id: REL-002
    ///   title: Spring release
    ///   version: "26.04"
    ///   version_pattern: YY.0M[.MICRO]
    /// ```
    "RP0114", "invalid-version", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let DefectKind::NotAVersion { scheme, pattern } = &defect.kind else { return None };
        let scheme = *scheme;
        let text = defects::text(subject, defect.span);
        let written = defects::unquoted(subject, defect.span);
        if let Some(pattern) = pattern {
            let message =
                format!("{}`{written}` does not follow the pattern `{pattern}`", defects::of(defect));
            let example = pattern.example(subject.today);
            return Some(Report::at(defect.span, message).help(format!("write it like `{example}`")));
        }
        if let Some(scheme) = scheme.filter(|scheme| *scheme != Scheme::SemVer) {
            let message = format!("{}`{text}` is not a valid {} version", defects::of(defect), scheme.word());
            return Some(Report::at(defect.span, message).help(format!("write it like {}", example(scheme))));
        }
        let message =
            format!("{}`{text}` is not a valid SemVer version: {}", defects::of(defect), why_not(written));
        let report = Report::at(defect.span, message);
        Some(match repaired(written) {
            Some(version) => {
                let edit = defects::replace_inside_quotes(subject, defect.span, &version);
                let help = match scheme {
                    Some(_) => format!("write `{version}`"),
                    None => format!(
                        "write `{version}`, or state its scheme: `version_scheme: {}`",
                        other(written)
                    ),
                };
                report.help(help).suggested_fix(format!("write `{version}`"), vec![edit])
            }
            None => {
                report.help("write three numbers, such as `3.1.0`, or a version of another scheme: `2026.1`")
            }
        })
    })
}

fn example(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::SemVer => "`3.1.0`",
        Scheme::Calendar => "`2026.1` or `25.11`",
        Scheme::Pep440 => "`3.15.0rc1`",
        Scheme::Sequential => "`44`",
        Scheme::FourPart => "`10.0.19045.1`",
    }
}

/// The scheme that a text would follow as it stands.
fn other(text: &str) -> &'static str {
    let fits = |scheme: &Scheme| Version::parse_as(text, *scheme).is_some();
    let schemes = [Scheme::Sequential, Scheme::Calendar, Scheme::FourPart, Scheme::Pep440];
    schemes.into_iter().find(fits).unwrap_or(Scheme::Pep440).word()
}

/// The version that was probably meant: without a `v` and leading zeros, and with the numbers that are missing.
pub(in crate::rules) fn repaired(text: &str) -> Option<String> {
    let bare = text.trim_start_matches(['v', 'V']);
    let (core, rest) = bare.split_at(bare.find(['-', '+']).unwrap_or(bare.len()));
    let numbers: Vec<&str> = core.split('.').map(without_zeros).collect();
    let core = numbers.join(".");
    ["", ".0", ".0.0"]
        .iter()
        .map(|missing| format!("{core}{missing}{rest}"))
        .find(|version| semver::Version::parse(version).is_ok())
}

fn without_zeros(number: &str) -> &str {
    match number.trim_start_matches('0') {
        "" if !number.is_empty() => "0",
        bare => bare,
    }
}

/// Why a text is no version, in words.
fn why_not(text: &str) -> String {
    let core = text.split(['-', '+']).next().unwrap_or("");
    if text.starts_with(['v', 'V']) {
        return format!("it starts with `{}`", &text[..1]);
    }
    let numbers: Vec<&str> = core.split('.').collect();
    for number in &numbers {
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return match words::short(number).as_str() {
                "" => "one of its numbers is missing".to_owned(),
                part => format!("`{part}` is not a number"),
            };
        }
    }
    match numbers.len() {
        3 => why_not_in_detail(&numbers, &text[core.len()..]),
        count => format!("it has {} instead of three", words::count(count, "number")),
    }
}

/// What else may be wrong with a version of three numbers.
fn why_not_in_detail(numbers: &[&str], rest: &str) -> String {
    if let Some(number) = numbers.iter().find(|number| number.len() > 1 && number.starts_with('0')) {
        return format!("`{}` has a leading zero", words::short(number));
    }
    if numbers.iter().any(|number| number.parse::<u64>().is_err()) {
        return "one of its numbers is too large".to_owned();
    }
    format!(
        "`{}` has empty identifiers, leading zeros or characters other than letters, digits and hyphens",
        words::short(rest)
    )
}

#[cfg(test)]
mod tests {
    use super::{repaired, why_not};

    #[test]
    fn what_was_meant_is_offered() {
        let check =
            |text: &str, expect: Option<&str>| assert_eq!(repaired(text).as_deref(), expect, "{text}");
        check("v3.1", Some("3.1.0"));
        check("3.03.0", Some("3.3.0"));
        check("2026.00.01", Some("2026.0.1"));
        check("3-rc.1", Some("3.0.0-rc.1"));
        check("3..0", None);
        check("next", None);
        check("", None);
    }

    #[test]
    fn the_reason_is_in_plain_words() {
        let check = |text: &str, expect: &str| {
            assert!(semver::Version::parse(text).is_err(), "{text}");
            assert!(why_not(text).starts_with(expect), "{text}: {}", why_not(text));
        };
        check("3.0", "it has 2 numbers instead of three");
        check("3", "it has 1 number instead of three");
        check("3.0.0.1", "it has 4 numbers instead of three");
        check("v3.0.0", "it starts with `v`");
        check("3.x.0", "`x` is not a number");
        check("next", "`next` is not a number");
        check("3..0", "one of its numbers is missing");
        check("3.01.0", "`01` has a leading zero");
        check("3.0.99999999999999999999", "one of its numbers is too large");
        check("3.0.0-", "`-` has empty identifiers");
        check("3.0.0-rc..1", "`-rc..1` has empty identifiers");
    }
}
