use rustc_hash::FxHashMap;

use crate::finding::Report;
use crate::rules::{ERROR, Subject, words};
use crate::source::Span;

declare_rule! {
    /// Two feature flags with one key.
    ///
    /// The code knows a flag by its key alone, so that both entries describe one
    /// flag, and only one of them can be right. The key of a removed flag may be
    /// used again, although a key that is never used twice is safer.
    ///
    /// ```yaml,bad
    /// - id: FLAG-001
    ///   title: Faster search
    ///   key: search
    /// - id: FLAG-002
    ///   title: Saved searches
    ///   key: search
    /// ```
    ///
    /// ```yaml,good
    /// - id: FLAG-001
    ///   title: Faster search
    ///   key: faster-search
    /// - id: FLAG-002
    ///   title: Saved searches
    ///   key: saved-searches
    /// ```
    "RP0220", "duplicate-flag-key", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut first: FxHashMap<&str, Span> = FxHashMap::default();
    for (entry, flag) in subject.plan.flags().filter(|(_, flag)| !flag.is_removed()) {
        let (Some(key), Some(text)) = (flag.key(), &flag.key) else { continue };
        match first.get(key) {
            Some(&earlier) => reports.push(
                Report::at(
                    text.span,
                    format!("{}: duplicate flag key `{}`", entry.id.value, words::short(key)),
                )
                .saying("used again here")
                .and(earlier, "first used here")
                .help("give one of the flags another key, or set `status` of one to removed"),
            ),
            None => _ = first.insert(key, text.span),
        }
    }
    subject.plan.flags().count()
}
