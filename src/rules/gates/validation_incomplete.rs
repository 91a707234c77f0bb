use crate::finding::Report;
use crate::model::dep::Validation;
use crate::model::{Id, UnreadableFields};
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A validation of which something is not written down.
    ///
    /// What is looked at, who looks (a person, a machine or both), and what
    /// must be seen: without one of these two people will judge the same
    /// deployment differently.
    ///
    /// ```yaml,bad
    /// id: DEP-001
    /// title: Critical journeys work
    /// type: Validation
    /// stage: Post-deploy
    /// owner: QA Lead
    /// check: Sign-in, search and checkout
    /// escalation: The on-call engineer holds the rollout
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-001
    /// title: Critical journeys work
    /// type: Validation
    /// stage: Post-deploy
    /// owner: QA Lead
    /// check: Sign-in, search and checkout
    /// method: Automated
    /// success_criteria: Each ends within two seconds, without an error
    /// escalation: The on-call engineer holds the rollout
    /// ```
    "RP0407", "validation-incomplete", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    let mut looked_at = 0;
    for (entry, validation) in subject.plan.validations() {
        looked_at += 1;
        let missing = missing(&unreadable, entry.id.value, validation);
        if !missing.is_empty() {
            let says: Vec<&str> = missing.iter().map(|(_, says)| *says).collect();
            let fields: Vec<String> = missing.iter().map(|(field, _)| format!("`{field}`")).collect();
            let message = format!("{}: validation without {}", entry.id.value, words::any_of(&says));
            reports.push(Report::at(entry.id.span, message).help(format!("add {}", words::list(&fields))));
        }
    }
    looked_at
}

fn missing(
    unreadable: &UnreadableFields,
    id: Id,
    validation: &Validation<'_>,
) -> Vec<(&'static str, &'static str)> {
    let fields = [
        ("check", "`check`", validation.check.is_some()),
        ("method", "`method`", validation.method.is_some()),
        ("success_criteria", "`success_criteria`", validation.success_criteria.is_some()),
    ];
    let missing = fields.into_iter().filter(|(name, _, there)| !there && !unreadable.has(id, name));
    missing.map(|(name, says, _)| (name, says)).collect()
}
