use super::approvals::{self, UnreadableFields};
use crate::finding::Report;
use crate::model::dep::Detail;
use crate::model::identity;
use crate::model::{Kind, Text, WaiverRecord};
use crate::rules::{ERROR, Subject, words};

declare_rule! {
    /// A waiver without a person, a reason, an end or a check.
    ///
    /// A waiver needs a person who answers for it, a reason that others understand,
    /// and an end. Without one of these it is invalid.
    ///
    /// ```yaml,bad
    /// waivers:
    ///   - check: Load test
    ///     by: Dana
    /// ---
    /// id: FEA-001
    /// title: Search
    /// ```
    ///
    /// ```yaml,good
    /// waivers:
    ///   - check: Load test
    ///     by: Dana
    ///     reason: The load generator is being replaced
    ///     until: 2026-12-16
    /// ---
    /// id: FEA-001
    /// title: Search
    /// ```
    "RP0647", "waiver-incomplete", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject);
    for waiver in &subject.plan.waivers {
        let of = waiver.check.as_ref().map(|check| format!(" of {}", words::short(check.value.trim())));
        let what = format!("waiver{}", of.unwrap_or_default());
        reports.extend(judge(subject, &unreadable, waiver, &what, true));
    }
    let mut looked_at = subject.plan.waivers.len();
    for entry in subject.plan.entries() {
        if let Kind::Dep(dep) = &entry.kind
            && let Detail::Criteria(criteria) = &dep.detail
            && let Some(waiver) = &criteria.waiver
        {
            looked_at += 1;
            let what = format!("{}: waiver", entry.id.value);
            reports.extend(judge(subject, &unreadable, waiver, &what, false));
        }
    }
    looked_at
}

fn judge(
    subject: &Subject<'_>,
    unreadable: &UnreadableFields<'_>,
    waiver: &WaiverRecord<'_>,
    what: &str,
    is_record: bool,
) -> Option<Report> {
    let says = |text: &Option<Text<'_>>| {
        text.as_ref().is_some_and(|text| !identity::is_no_person(text.value.trim()))
    };
    let fields = [
        ("check", !is_record || says(&waiver.check)),
        ("by", says(&waiver.by)),
        ("reason", says(&waiver.reason)),
        ("until", waiver.until.is_some()),
    ];
    let missing: Vec<String> = fields
        .into_iter()
        .filter(|(name, there)| !there && !unreadable.has(waiver.span, name))
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    if missing.is_empty() {
        return None;
    }
    let place = approvals::first_line(subject, waiver.span);
    let message = format!("{what} without {}", words::list(&missing));
    Some(Report::at(place, message).help(format!("add {}", words::list(&missing))))
}
