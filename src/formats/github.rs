//! Annotations of GitHub Actions: workflow commands on standard output.
//!
//! The syntax is that of "Workflow commands for GitHub Actions" in GitHub's documentation; its
//! escaping is nowhere in prose and is that of `packages/core/src/command.ts` of `actions/toolkit`,
//! which `ActionCommand.cs` of `actions/runner` undoes. Of the runner come the other limits too:
//! columns only where the first and the last line are one (`ActionCommandManager.cs`), messages of
//! at most 4,096 UTF-16 units (`ExecutionContext.cs`), and, from the notes on problem matchers of
//! `actions/toolkit`, ten annotations of a kind in a step and fifty in a job. Three kinds make
//! thirty, so one run never passes the fifty.
//!
//! - The runner shows only the message in its log, so the message begins with the place.
//! - GitHub counts the last line and column in; so do the commands.
//! - A finding about the plan as a whole has no file.
//! - Paths are those from the root of the repository, as GitHub expects them.
//! - What GitHub would drop is counted in a plain line, and the last line is the denominator.

use crate::model::phrase::counted;
use std::io::{self, Write};

use super::{CheckReport, counts, last_character, plain, terminal};
use crate::finding::{Finding, Level};
use crate::source::shown::shown;
use crate::source::{SourceMap, Span, invisible};

/// How many annotations of one kind GitHub keeps of a step.
const MOST_OF_A_KIND: usize = 10;

/// How many UTF-16 units of a message the runner keeps.
const LONGEST_MESSAGE: usize = 4096;

/// Writes the gravest findings as commands, then what was left out and what was looked at.
pub fn write(report: &CheckReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    let counts = counts(report.findings);
    for (level, _) in counts {
        let findings = report.findings.iter().filter(|finding| finding.level == level);
        for finding in findings.take(MOST_OF_A_KIND) {
            writeln!(out, "{}", command(finding, report.sources))?;
        }
    }
    let left_out: Vec<String> = counts
        .iter()
        .filter(|(_, count)| *count > MOST_OF_A_KIND)
        .map(|(level, count)| counted(count - MOST_OF_A_KIND, level.word()))
        .collect();
    if !left_out.is_empty() {
        writeln!(
            out,
            "not annotated: {}; GitHub keeps {MOST_OF_A_KIND} of a kind, `relplan check` shows all",
            left_out.join(", ")
        )?;
    }
    out.write_all(terminal::summary(report, terminal::Style::PLAIN).as_bytes())
}

/// A line beside a file, or in the list of a run if it has no place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// How it is shown.
    pub level: Level,
    /// Where it is shown.
    pub place: Option<Span>,
    /// Its heading.
    pub title: String,
    /// Its text.
    pub message: String,
}

/// Annotations as commands, as many of each kind as GitHub keeps. How many others there are is said.
pub fn annotations(all: &[Annotation], sources: &SourceMap) -> String {
    let mut text = String::new();
    let mut left_out = Vec::new();
    for level in [Level::Error, Level::Warning, Level::Note] {
        let some: Vec<_> = all.iter().filter(|annotation| annotation.level == level).collect();
        for annotation in some.iter().take(MOST_OF_A_KIND) {
            let [title, message] =
                [&annotation.title, &annotation.message].map(|text| shown(text).into_owned());
            let annotation = Annotation { title, message, ..**annotation };
            text += &format!("{}\n", annotation.command(sources));
        }
        left_out.extend(
            (some.len() > MOST_OF_A_KIND).then(|| counted(some.len() - MOST_OF_A_KIND, level.word())),
        );
    }
    if !left_out.is_empty() {
        text += &format!("not annotated: {}; GitHub keeps {MOST_OF_A_KIND} of a kind\n", left_out.join(", "));
    }
    text
}

impl Annotation {
    fn command(&self, sources: &SourceMap) -> String {
        let kind = match self.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "notice",
        };
        let mut properties = self.place.map(|span| place(span, sources)).unwrap_or_default();
        properties.push(("title", self.title.clone()));
        let properties: Vec<String> =
            properties.iter().map(|(name, value)| format!("{name}={}", escaped_property(value))).collect();
        format!("::{kind} {}::{}", properties.join(","), escaped(shortened(&self.message)))
    }
}

fn command(finding: &Finding, sources: &SourceMap) -> String {
    let annotation = Annotation {
        level: finding.level,
        place: finding.primary(),
        title: format!("{} {}", finding.code, finding.name),
        message: plain::lines(finding, sources),
    };
    annotation.command(sources)
}

/// A line of the file of outputs that GitHub reads: `name=value`, or several lines between two of a word that the value does
/// not hold, so that no value can set another output.
pub fn output(name: &str, value: &str) -> String {
    if !value.contains(['\n', '\r']) {
        return format!("{name}={value}\n");
    }
    let mut delimiter = "relplan_end".to_owned();
    while value.contains(&delimiter) {
        delimiter.push('_');
    }
    format!("{name}<<{delimiter}\n{value}\n{delimiter}\n")
}

fn place(span: Span, sources: &SourceMap) -> Vec<(&'static str, String)> {
    let (start, last) = (sources.start(span), last_character(span, sources));
    let mut properties = vec![
        ("file", invisible::named(sources.file(span.file).path()).into_owned()),
        ("line", start.line.to_string()),
        ("endLine", last.line.to_string()),
    ];
    if start.line == last.line {
        properties.push(("col", start.column.to_string()));
        properties.push(("endColumn", last.column.to_string()));
    }
    properties
}

/// As much of a message as the runner keeps.
fn shortened(message: &str) -> &str {
    let mut units = 0;
    let end = message.char_indices().find(|(_, letter)| {
        units += letter.len_utf16();
        units > LONGEST_MESSAGE
    });
    end.map_or(message, |(end, _)| &message[..end])
}

/// The data of a command.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn escaped_property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::test_support;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_gravest_come_first_and_the_denominator_last() {
        assert_eq!(
            test_support::written("github"),
            "::error file=release/größe.yaml,line=2,endLine=2,col=8,endColumn=13,\
             title=RP0201 duplicate-id::release/größe.yaml:2:8: `EPIC-1` is the id of two entries%0A\
             see release/a,b: 100%25.yaml:1:5: first used here%0A\
             help: give one of them a free number, such as `EPIC-2`%0Anote: links mean the first\n\
             ::error title=RP0301 link-target-missing::the plan has no rollback\n\
             ::warning file=release/größe.yaml,line=4,endLine=5,title=RP1104 unused-allow::\
             release/größe.yaml:4:4: {0} of [x](y) has _two_ lines <b>\n\
             2 errors, 1 warning; 1 fixable (see `relplan check --fix --diff`); 1 allowed inline\n\
             checked 2 files, 12 entries (DEP 4, EPIC 8), 30 links, \
             with 4 rules (1 not applicable) in 12.3 ms\n"
                .replace("with 4", &format!("with {}", crate::rules::ALL.len() - 1))
        );
    }

    #[test]
    fn what_github_would_drop_is_counted() {
        let (sources, _) = test_support::plan();
        let mut findings = vec![test_support::finding("RP0001", "yaml-syntax", Level::Note, "a note"); 11];
        findings.extend(vec![test_support::finding("RP0001", "yaml-syntax", Level::Error, "an error"); 12]);
        let written = test_support::written_for("github", &findings, &sources);
        assert_eq!(written.matches("::error ").count(), 10);
        assert_eq!(written.matches("::notice ").count(), 10);
        assert!(written.contains("not annotated: 2 errors, 1 note; "), "{written}");
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let long = "😀".repeat(3000);
        assert_eq!(shortened(&long).chars().count(), 2048);
        assert_eq!(shortened("short"), "short");
    }

    #[test]
    fn an_output_of_several_lines_sets_no_other() {
        assert_eq!(output("decision", "NO-GO"), "decision=NO-GO\n");
        assert_eq!(output("a", "x\nb=1"), "a<<relplan_end\nx\nb=1\nrelplan_end\n");
        let forged = "x\nrelplan_end\nb=1";
        assert_eq!(output("a", forged), format!("a<<relplan_end_\n{forged}\nrelplan_end_\n"));
    }

    #[test]
    fn what_a_plan_says_starts_no_command() {
        let annotation = Annotation {
            level: Level::Error,
            place: None,
            title: "a::b,c\n::warning::x".to_owned(),
            message: "x\n::error::y".to_owned(),
        };
        let text = annotations(&vec![annotation; 12], &SourceMap::default());
        assert!(text.lines().all(|line| !line.starts_with("::warning") && !line.contains("\r")), "{text}");
        assert_eq!(text.matches("\n::error ").count() + 1, 10, "{text}");
        assert!(text.ends_with("not annotated: 2 errors; GitHub keeps 10 of a kind\n"), "{text}");
    }

    /// As `ActionCommand.cs` reads it: the per cent sign last.
    fn unescaped(text: &str) -> String {
        text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    }

    proptest! {
        #[test]
        fn escaping_can_be_undone_and_leaves_no_separator(text in any::<String>()) {
            let data = escaped(&text);
            prop_assert!(!data.contains(['\r', '\n']));
            prop_assert_eq!(unescaped(&data), text.clone());
            let value = escaped_property(&text);
            prop_assert!(!value.contains(['\r', '\n', ':', ',']));
            prop_assert_eq!(unescaped(&value.replace("%3A", ":").replace("%2C", ",")), text);
        }
    }
}
