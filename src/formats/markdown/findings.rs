//! Findings as Markdown: for the summary of a job, or for a comment of a merge request.

use crate::model::phrase::counted;
use std::io::{self, Write};

use super::LONGEST_COMMENT;
use super::escape::{code, escaped};
use crate::finding::{Finding, Level};
use crate::formats::{CheckReport, FindingFormat, counts, plain, terminal};
use crate::source::SourceMap;

/// The format.
pub(in crate::formats) const FORMAT: FindingFormat = FindingFormat {
    has_summary: true,
    ..FindingFormat::new("markdown", "a comment or job summary of GitHub", write)
};

/// Bytes that are kept free for what comes behind the findings.
const RESERVE: usize = 512;

fn write(report: &CheckReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(within(report, LONGEST_COMMENT).as_bytes())
}

/// The findings in at most so many bytes, the gravest first. How many are left out is said.
pub fn within(report: &CheckReport<'_>, limit: usize) -> String {
    let summary = terminal::summary(report, terminal::Style::PLAIN);
    let mut lines = summary.lines();
    let mut text = format!("### relplan check: {}\n", escaped(lines.next().unwrap_or_default()));
    let end: String = lines.map(|line| format!("\n{}\n", escaped(line))).collect();
    let mut left = limit.saturating_sub(text.len() + end.len() + RESERVE);
    let mut left_out = 0;
    for (level, count) in counts(report.findings).into_iter().filter(|(_, count)| *count > 0) {
        let open = if level == Level::Error { " open" } else { "" };
        let mut part = format!("\n<details{open}>\n<summary>{}</summary>\n\n", counted(count, level.word()));
        let mut shown = 0;
        for finding in report.findings.iter().filter(|finding| finding.level == level) {
            let item = item(finding, report.sources);
            if part.len() + item.len() > left || left_out > 0 {
                break;
            }
            part += &item;
            shown += 1;
        }
        left_out += count - shown;
        if shown > 0 {
            part += "\n</details>\n";
            left = left.saturating_sub(part.len());
            text += &part;
        }
    }
    if left_out > 0 {
        text += &format!(
            "\n**{} left out, the least severe**: the text may have {limit} bytes. Run `relplan check` for all.\n",
            counted(left_out, "finding")
        );
    }
    text + &end
}

/// A finding: its place and message, then a line for each other place, the help and the notes.
fn item(finding: &Finding, sources: &SourceMap) -> String {
    let place = finding.primary().map(|span| format!("{}: ", code(&plain::place(span, sources), false)));
    let rule = code(&format!("{} {}", finding.code, finding.name), false);
    let mut item =
        format!("- {}{} ({rule})\n", place.unwrap_or_default(), escaped(&one_line(&finding.message)));
    for label in finding.labels.iter().skip(1) {
        let text = if label.text.is_empty() { String::new() } else { format!(": {}", one_line(&label.text)) };
        item += &format!("  - see {}{}\n", code(&plain::place(label.span, sources), false), escaped(&text));
    }
    let help = finding.help.iter().map(|help| ("help", help));
    for (word, about) in help.chain(finding.notes.iter().map(|note| ("note", note))) {
        item += &format!("  - {word}: {}\n", escaped(&one_line(about)));
    }
    item
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::super::test_support;
    use super::*;

    #[test]
    fn the_gravest_come_first_and_lists_are_folded() {
        let text = test_support::written("markdown");
        assert!(text.starts_with("### relplan check: 2 errors, 1 warning"), "{text}");
        assert!(text.contains("<details open>\n<summary>2 errors</summary>"), "{text}");
        assert!(text.contains("<details>\n<summary>1 warning</summary>"), "{text}");
        assert!(text.contains("- `release/größe.yaml:2:8`: \\`EPIC-1\\` is the id of two entries"), "{text}");
        assert!(text.contains("{0} of \\[x\\](y) has \\_two\\_ lines &lt;b&gt;"), "{text}");
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let (sources, _) = test_support::plan();
        let mut findings =
            vec![test_support::finding("RP0001", "yaml-syntax", Level::Error, &"e".repeat(600)); 200];
        findings.extend(vec![test_support::finding("RP0001", "yaml-syntax", Level::Note, "a note"); 3]);
        let denominator = test_support::denominator();
        for limit in [2_000, LONGEST_COMMENT, 1 << 20] {
            let text = within(&test_support::report(&findings, &sources, &denominator), limit);
            assert!(text.len() <= limit, "{} > {limit}", text.len());
            let shown = text.matches("\n- ").count();
            let left_out = 203 - shown;
            assert_eq!(
                text.contains(&format!("**{left_out} findings left out")),
                left_out > 0,
                "{limit}: {text}"
            );
            assert_eq!(text.matches("<details").count(), text.matches("</details>").count());
        }
    }
}
