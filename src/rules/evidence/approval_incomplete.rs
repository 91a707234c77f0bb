use super::approvals::{self, UnreadableFields};
use crate::finding::Report;
use crate::model::Text;
use crate::model::identity;
use crate::rules::{ERROR, Subject, words};

declare_rule! {
    /// An approval without a role, a person or a date.
    ///
    /// Without all three it cannot be confirmed, so it does not count.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Search
    /// version: "3.0.0"
    /// ---
    /// approvals:
    ///   - role: QA Lead
    ///     by: Dana
    ///     release: REL-001
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// title: Search
    /// version: "3.0.0"
    /// ---
    /// approvals:
    ///   - role: QA Lead
    ///     by: Dana
    ///     on: 2026-11-02
    ///     release: REL-001
    /// ```
    "RP0650", "approval-incomplete", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject);
    for record in &subject.plan.approvals {
        let says = |text: &Option<Text<'_>>| {
            text.as_ref().is_some_and(|text| !identity::is_no_person(text.value.trim()))
        };
        let fields = [("role", says(&record.role)), ("by", says(&record.by)), ("on", record.on.is_some())];
        let missing: Vec<String> = fields
            .iter()
            .filter(|(name, there)| !there && !unreadable.has(record.span, name))
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        if !missing.is_empty() {
            let place = approvals::first_line(subject, record.span);
            let role = record.role.as_ref().filter(|_| fields[0].1);
            let of = role.map(|role| format!(" as {}", words::short(role.value.trim()))).unwrap_or_default();
            let message = format!("approval{of} without {}", words::list(&missing));
            let help =
                format!("add {}, or record the approval with `relplan approve`", words::list(&missing));
            reports.push(Report::at(place, message).help(help));
        }
    }
    subject.plan.approvals.len()
}
