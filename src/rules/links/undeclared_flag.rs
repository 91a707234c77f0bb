use crate::finding::Report;
use crate::model::flag;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A feature flag of a release that no FLAG entry describes.
    ///
    /// Without an entry the flag has no owner, no default, no kill switch and no
    /// expiry. Plans without any FLAG entry are not checked.
    ///
    /// ```yaml,bad
    /// - id: REL-001
    ///   title: New checkout
    ///   version: "3.0.0"
    ///   flags: [checkout-v2, saved-cards]
    /// - id: FLAG-001
    ///   title: New checkout
    ///   key: checkout-v2
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   title: New checkout
    ///   version: "3.0.0"
    ///   flags: [checkout-v2 (by region)]
    /// - id: FLAG-001
    ///   title: New checkout
    ///   key: checkout-v2
    /// ```
    "RP0361", "undeclared-flag", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    if subject.plan.flags().next().is_none() {
        return 0;
    }
    let mut looked_at = 0;
    for (entry, rel) in subject.plan.releases().filter(|(_, rel)| !rel.is_over()) {
        looked_at += rel.flags.len();
        for text in rel.flags.iter().filter(|text| flag::named(subject.plan, &text.value).is_none()) {
            let message =
                format!("{}: no FLAG entry for flag `{}`", entry.id.value, words::short(text.value.trim()));
            let help = "add a FLAG entry with this `key`, or correct the key";
            reports.push(Report::at(text.span, message).help(help));
        }
    }
    looked_at
}
