use rustc_hash::FxHashMap;

use super::traps;
use crate::finding::Report;
use crate::rules::{Subject, WARNING, words};
use crate::source::edit::Edit;
use crate::source::invisible::{self, Invisible};
use crate::source::yaml::YamlDefect;
use crate::source::{FileId, SourceFile, Span};

declare_rule! {
    /// A character that is not seen, or that turns the direction of the text.
    ///
    /// A reviewer reads another text than a program does: a title can show `PASS`
    /// and say something else, and two names that look alike differ. Every output
    /// shows such a character as its code, `<U+202E>`. Joiners in Persian, Hindi or
    /// emoji, and direction marks beside letters from right to left, are no finding.
    ///
    /// ```yaml,bad
    /// id: EPIC-001
    /// title: "Sign\u200B in"
    /// ```
    ///
    /// ```yaml,good
    /// id: EPIC-001
    /// title: Sign in
    /// ```
    "RP0028", "invisible-character", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut found: FxHashMap<(FileId, &'static str), Vec<Place>> = FxHashMap::default();
    let files = subject.sources.iter().filter(|(_, file)| is_written(file));
    let raw = files.flat_map(|(id, file)| in_text(id, file));
    for place in raw.chain(escapes(subject)) {
        found.entry((place.span.file, invisible::name(place.letter))).or_default().push(place);
    }
    let groups = found.into_values().filter_map(|mut places| {
        places.sort_unstable_by_key(|place| place.span);
        report(subject, &places)
    });
    reports.extend(groups);
    subject.plan.file_count
}

struct Place {
    span: Span,
    letter: char,
}

/// Whether people write a file, and not CI.
fn is_written(file: &SourceFile) -> bool {
    let name = file.name().to_ascii_lowercase();
    [".yaml", ".yml", ".toml", "<stdin>"].iter().any(|ending| name.ends_with(ending))
}

/// The invisible characters of a text. Controls of ASCII have findings of their own: YAML and TOML forbid them.
fn in_text(id: FileId, file: &SourceFile) -> impl Iterator<Item = Place> {
    let found = invisible::find(file.text()).into_iter();
    found.filter(|found| !found.letter.is_ascii()).map(move |Invisible { at, letter }| Place {
        span: Span::new(id, at, at + letter.len_utf8()),
        letter,
    })
}

fn escapes<'s>(subject: &'s Subject<'_>) -> impl Iterator<Item = Place> + 's {
    subject.plan.yaml_defects.iter().filter_map(|defect| match defect {
        YamlDefect::InvisibleEscape { span, letter } => Some(Place { span: *span, letter: *letter }),
        _ => None,
    })
}

/// One finding for all characters of a kind in a file.
fn report(subject: &Subject<'_>, places: &[Place]) -> Option<Report> {
    let first = places.first()?;
    let (code, name) = (invisible::code(first.letter), invisible::name(first.letter));
    let message = format!("invisible character `{code}` ({name})");
    let message = traps::named(traps::entry_at(subject, first.span), &message);
    let edits = places.iter().map(|place| Edit::replace(place.span, "")).collect();
    let report = Report::at(first.span, message)
        .saying(code)
        .help("delete it, or retype the text around it")
        .suggested_fix("delete it", edits);
    Some(match places.len() {
        1 => report,
        count => report.note(format!("the file has {} of this kind", words::count(count, "character"))),
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(title: &str, expect: &[&str]) {
        let yaml = format!("id: EPIC-1\ntitle: {title}\n");
        assert_eq!(messages("invisible-character", &yaml, ""), expect, "{title:?}");
    }

    #[test]
    fn what_is_not_seen_is_named_once() {
        check("PA\u{200B}S\u{200B}S", &["EPIC-1: invisible character `U+200B` (zero width space)"]);
        check("\u{202E}SSAP", &["EPIC-1: invisible character `U+202E` (right-to-left override)"]);
        check("\"\\u202ESSAP\"", &["EPIC-1: invisible character `U+202E` (right-to-left override)"]);
        check("\"\\e[2J\"", &["EPIC-1: invisible character `U+001B` (control character)"]);
        check("a # \u{2066}b", &["EPIC-1: invisible character `U+2066` (directional isolate)"]);
        check("x\u{E0041}\u{E0042}", &["EPIC-1: invisible character `U+E0041` (tag character)"]);
    }

    #[test]
    fn what_writing_needs_is_no_finding() {
        for title in [
            "über – 5 µs",
            "\"\\u00fc\"",
            "👩\u{200D}💻",
            "می\u{200C}خواهم",
            "'\\u202E'",
            "\\e[",
            "\"\\\\u202E\"",
        ] {
            check(title, &[]);
        }
    }
}
