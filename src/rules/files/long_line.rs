use super::traps;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};
use crate::source::yaml::{LONGEST_LINE, YamlDefect};

declare_rule! {
    /// A line of more than 64 KiB.
    ///
    /// People do not write such lines. It is data under the wrong name, or a file
    /// that a program wrote to do harm. It was read all the same.
    ///
    /// ```text
    /// description: lorem ipsum … (70,000 characters in one line)
    /// ```
    "RP0015", "long-line", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    traps::each_defect(subject, reports, |defect| {
        let YamlDefect::LongLine { span, length } = defect else { return None };
        let message = format!("line of {length} bytes exceeds the limit of {LONGEST_LINE}");
        Some(Report::at(*span, message).help("break the line, or exclude the file in `relplan.toml`"))
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings;

    #[test]
    fn a_line_may_be_as_long_as_the_limit_and_no_longer() {
        let found = |length: usize| {
            let text = format!("id: RUN-001\ntitle: {}\n", "ü".repeat((length - 7) / 2));
            findings(&text, "").iter().filter(|finding| finding.code == "RP0015").count()
        };
        assert_eq!((found(super::LONGEST_LINE), found(super::LONGEST_LINE + 3)), (0, 1));
    }
}
