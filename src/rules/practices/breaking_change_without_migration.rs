use crate::finding::Report;
use crate::model::Entry;
use crate::model::release_notes::BreakingChange;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A breaking change that does not say what users must do.
    ///
    /// Users who read that something is gone ask what to do now. If the plan does
    /// not say it, the release notes cannot, and each user asks the support.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Spring release
    /// version: "4.0.0"
    /// date: 2027-03-02
    /// breaking_changes:
    ///   - The endpoint /v2/flows is gone
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// title: Spring release
    /// version: "4.0.0"
    /// date: 2027-03-02
    /// breaking_changes:
    ///   - change: The endpoint /v2/flows is gone
    ///     migration: Call /v3/flows, which takes the same parameters
    /// ```
    "RP0518", "breaking-change-without-migration", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rel) in subject.plan.releases().filter(|(_, rel)| !rel.is_over()) {
        looked_at += rel.breaking_changes.len();
        let without = rel.breaking_changes.iter().filter(|change| change.migration.is_none());
        reports.extend(without.map(|change| report(entry, change)));
    }
    looked_at
}

fn report(entry: &Entry<'_>, change: &BreakingChange<'_>) -> Report {
    let (span, text) = match &change.change {
        Some(text) => (text.span, format!(" `{}`", words::short(text.value.trim()))),
        None => (change.span, String::new()),
    };
    Report::at(span, format!("{}: breaking change{text} has no migration", entry.id.value))
        .help("write it as `change:`, and add `migration:` with what users must do")
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    #[test]
    fn a_breaking_change_says_what_to_do() {
        let check = |items: &str, expect: &[&str]| {
            let yaml = format!("{{id: REL-1, version: '4.0.0', breaking_changes: {items}}}");
            assert_eq!(messages("breaking-change-without-migration", &yaml, ""), expect, "{items}");
        };
        check("[The API is gone]", &["REL-1: breaking change `The API is gone` has no migration"]);
        check("{change: A, migration: B}", &[]);
        check("none", &[]);
        check("{affects: API-1}", &["REL-1: breaking change has no migration"]);
    }
}
