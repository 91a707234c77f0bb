use crate::finding::Report;
use crate::model::UnreadableFields;
use crate::model::flag::FlagCategory;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A feature flag without what its category needs.
    ///
    /// Each flag needs a key, a category, an owner and a default: the variant for
    /// everyone whom no rule targets, and for the time in which rules cannot be
    /// evaluated.
    ///
    /// A release flag needs an expiry date and a ticket for its removal, an
    /// experiment an expiry date: both are debt from the day on which they are
    /// decided. An operational flag or a circuit breaker may stay, and needs
    /// `kill_switch`, the variant that turns the functionality off: that is what
    /// it is for.
    ///
    /// ```yaml,bad
    /// id: FLAG-001
    /// title: New checkout
    /// key: checkout-v2
    /// category: release
    /// owner: Checkout Team
    /// default: off
    /// ```
    ///
    /// ```yaml,bad
    /// id: FLAG-002
    /// title: Recommendations
    /// key: recommendations
    /// category: circuit breaker
    /// owner: Search Team
    /// default: on
    /// ```
    ///
    /// ```yaml,good
    /// id: FLAG-001
    /// title: New checkout
    /// key: checkout-v2
    /// category: release
    /// owner: Checkout Team
    /// default: off
    /// expires: 2027-03-01
    /// removal_ticket: SHOP-482
    /// ```
    "RP0560", "flag-incomplete", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    for (entry, flag) in subject.plan.flags().filter(|(_, flag)| !flag.is_removed()) {
        let category = flag.category.map(|category| category.value);
        let is_permanent = matches!(category, Some(FlagCategory::Operational | FlagCategory::CircuitBreaker));
        let is_release = category == Some(FlagCategory::Release);
        let fields = [
            ("key", flag.key.is_none()),
            ("category", category.is_none()),
            ("owner", entry.owner.is_none()),
            ("default", flag.default.is_none()),
            ("expires", flag.is_temporary() && flag.expires.is_none()),
            ("removal_ticket", is_release && flag.removal_ticket.is_none()),
            ("kill_switch", is_permanent && flag.kill_switch.is_none()),
        ];
        let id = entry.id.value;
        let missing = fields.iter().filter(|(name, missing)| *missing && !unreadable.has(id, name));
        let missing: Vec<String> = missing.map(|(name, _)| format!("`{name}`")).collect();
        if !missing.is_empty() {
            let noun = match category {
                Some(FlagCategory::Release) => "release flag",
                Some(FlagCategory::Operational) => "operational flag",
                Some(FlagCategory::Experiment) => "experiment flag",
                Some(FlagCategory::CircuitBreaker) => "circuit breaker",
                None => "feature flag",
            };
            let message = format!("{id}: {noun} without {}", words::list(&missing));
            reports.push(Report::at(entry.id.span, message).help(format!("add {}", words::list(&missing))));
        }
    }
    subject.plan.flags().count()
}
