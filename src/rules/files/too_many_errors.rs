use super::traps;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};
use crate::source::yaml::YamlDefect;

declare_rule! {
    /// So many errors that reading ended before the file did.
    ///
    /// After each error the text around it is read again. A file in which that
    /// would take many times its length is no plan, or is broken as a whole.
    ///
    /// ```text
    /// - [
    /// - [
    /// - [   … (thousands of lines)
    /// ```
    "RP0020", "too-many-errors", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    traps::each_defect(subject, reports, |defect| {
        let YamlDefect::GaveUp { span } = defect else { return None };
        let message = "too many errors: the rest of the file was skipped";
        Some(Report::at(*span, message).help("fix the errors above, or exclude the file in `relplan.toml`"))
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings;

    #[test]
    fn reading_ends_where_it_would_take_too_long() {
        let found = findings(&"- [\n".repeat(20_000), "");
        assert_eq!(found.iter().filter(|finding| finding.code == "RP0020").count(), 1);
    }
}
