use rustc_hash::FxHashSet;

use crate::finding::Report;
use crate::model::document;
use crate::rules::{ERROR, Subject, words};
use crate::source::edit::{self, Edit};
use crate::source::yaml::{self, Recovery, Trap, YamlDefect};
use crate::source::{FileId, SourceFile, Span};

declare_rule! {
    /// Lines that are indented with tabs.
    ///
    /// YAML counts spaces, and a tab is none: how wide it is, every editor decides
    /// for itself. An entry is read as if each tab were one space. Where that
    /// does not fit its other lines, the entry is not read, and the finding names
    /// it.
    ///
    #[doc = " ```yaml,bad"]
    #[doc = " RUN-001:"]
    #[doc = " \ttitle: Switch the traffic back"]
    #[doc = " \towner: Platform Team"]
    #[doc = " ```"]
    ///
    /// ```yaml,good
    /// RUN-001:
    ///   title: Switch the traffic back
    ///   owner: Platform Team
    /// ```
    "RP0004", "tab-indentation", ERROR, since "0.1.0"
}

/// One report for each file: an editor puts tabs into all of it, or none.
fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut files = FxHashSet::default();
    for defect in &subject.plan.yaml_defects {
        if let YamlDefect::Trap { span, trap: Trap::Tab } = defect
            && files.insert(span.file)
        {
            reports.push(report(subject, *span));
        }
    }
    subject.plan.file_count
}

fn report(subject: &Subject<'_>, first: Span) -> Report {
    let file = subject.sources.file(first.file);
    let lines = indentations(first.file, file.text());
    let lost = lost(subject, first.file);
    let message =
        format!("{} indented with tabs instead of spaces{}", are(lines.len()), unread(subject, &lost));
    let mut report = Report::at(first, message).saying("the first");
    for entry in lost.iter().take(SHOWN) {
        report = report.and(first_line(subject, *entry), "not read");
    }
    let widths = [2, 4, 8].into_iter();
    let mut fixes = widths.map(|width| spaces(subject, &lines, width));
    match fixes.find(|edits| mends(subject, first.file, edits)) {
        Some(edits) => report.help("indent with spaces").suggested_fix("replace the tabs with spaces", edits),
        None => report.help("indent with two spaces for each level"),
    }
}

/// How many of the entries that were not read are shown.
const SHOWN: usize = 8;

/// The entries of a file that its tabs made unreadable.
fn lost(subject: &Subject<'_>, file: FileId) -> Vec<Span> {
    let lost = subject.plan.yaml_defects.iter().filter_map(|defect| match defect {
        YamlDefect::LostToTabs { span } if span.file == file => Some(*span),
        _ => None,
    });
    lost.collect()
}

/// What became of the entries that could not be read, to end a message with.
fn unread(subject: &Subject<'_>, lost: &[Span]) -> String {
    let names: Vec<String> = lost.iter().take(SHOWN).map(|entry| name(subject, *entry)).collect();
    match lost {
        [] => String::new(),
        [_] => format!("; {} was not read", names.concat()),
        _ if lost.len() > names.len() => {
            format!("; {} and {} more were not read", names.join(", "), lost.len() - names.len())
        }
        _ => format!("; {} were not read", words::list(&names)),
    }
}

/// The id of an entry that was not read, or where it begins.
fn name(subject: &Subject<'_>, entry: Span) -> String {
    match document::ids_of_lost(subject.sources.slice(entry)).first() {
        Some(id) => id.to_string(),
        None => format!("what begins in line {}", subject.sources.start(entry).line),
    }
}

fn first_line(subject: &Subject<'_>, entry: Span) -> Span {
    let text = subject.sources.slice(entry);
    let line = text.lines().next().unwrap_or("");
    entry.within(line.len() - line.trim_start().len(), line.trim_end().len())
}

fn are(lines: usize) -> String {
    format!("{} {}", words::count(lines, "line"), if lines == 1 { "is" } else { "are" })
}

/// The indentation of every line that has a tab in it.
fn indentations(file: FileId, text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let length = line.len() - line.trim_start_matches([' ', '\t']).len();
        if line[..length].contains('\t') && !line.trim().is_empty() {
            found.push(Span::new(file, start, start + length));
        }
        start += line.len();
    }
    found
}

/// The edits that put spaces up to the next multiple of `width` for each tab.
fn spaces(subject: &Subject<'_>, lines: &[Span], width: usize) -> Vec<Edit> {
    let widen =
        |column: usize, byte: u8| if byte == b'\t' { (column / width + 1) * width } else { column + 1 };
    lines
        .iter()
        .map(|&line| {
            let column = subject.sources.slice(line).bytes().fold(0, widen);
            Edit::replace(line, " ".repeat(column))
        })
        .collect()
}

/// Whether the file, so changed, can be read: no tab stops the reader, and no
/// more entries are given up than for other reasons.
fn mends(subject: &Subject<'_>, file: FileId, edits: &[Edit]) -> bool {
    let (text, _) = edit::apply(subject.sources.file(file).text(), edits);
    let changed = SourceFile::new("", text);
    let reading = yaml::read(file, &changed);
    let given_up = |defect: &YamlDefect| {
        matches!(defect, YamlDefect::Syntax { recovery: Recovery::GivenUp(_) | Recovery::Ended, .. })
    };
    let here = |defect: &&YamlDefect| defect.span().file == file && given_up(defect);
    let before = subject.plan.yaml_defects.iter().filter(here).count();
    let tab = |defect: &YamlDefect| matches!(defect, YamlDefect::Trap { trap: Trap::Tab, .. });
    !reading.defects.iter().any(tab) && reading.defects.iter().filter(here).count() <= before
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings;
    use crate::source::edit;

    fn check(text: &str, expect: Option<&str>) {
        let found = findings(text, "");
        let tabs: Vec<_> = found.iter().filter(|finding| finding.code == "RP0004").collect();
        assert_eq!(tabs.len(), 1, "{text}");
        let fixed = tabs[0].fix.as_ref().map(|fix| edit::apply(text, &fix.edits).0);
        assert_eq!(fixed.as_deref(), expect);
    }

    #[test]
    fn tabs_become_as_many_spaces_as_the_other_lines_need() {
        check("- id: RUN-001\n\ttitle: x\n", Some("- id: RUN-001\n  title: x\n"));
        check("RUN-001:\n\tsteps:\n\t\t- x\n", Some("RUN-001:\n  steps:\n    - x\n"));
        check("RUN-001:\n    title: x\n\towner: y\n", Some("RUN-001:\n    title: x\n    owner: y\n"));
        check("RUN-001:\n   title: x\n\towner: y\n", None);
    }

    #[test]
    fn what_was_not_read_is_named() {
        let check = |text: &str, expect: &str| {
            let found = crate::rules::tests::messages("tab-indentation", text, "");
            assert_eq!(found, [expect], "{text}");
        };
        check(
            "- id: RUN-001\n\ttitle: x\n  owner: y\n- id: RUN-002\n",
            "1 line is indented with tabs instead of spaces; RUN-001 was not read",
        );
        check(
            "- title: x\n\towner: y\n  id:\n- title: z\n",
            "1 line is indented with tabs instead of spaces; what begins in line 1 was not read",
        );
        check("RUN-001:\n\ttitle: x\n", "1 line is indented with tabs instead of spaces");
    }
}
