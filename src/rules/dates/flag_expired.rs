use crate::finding::Report;
use crate::model::UnreadableFields;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A feature flag that has expired and is still there.
    ///
    /// A flag that outlives its purpose is a branch in the code that nobody tests,
    /// and that somebody may switch by mistake. Remove it, or set a date that is
    /// agreed with its owner.
    ///
    /// ```yaml,bad
    /// id: FLAG-001
    /// title: New checkout
    /// key: checkout-v2
    /// category: release
    /// owner: Checkout Team
    /// default: off
    /// expires: 2026-10-01
    /// removal_ticket: SHOP-482
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
    "RP0770", "flag-expired", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    for (entry, flag) in subject.plan.flags() {
        let expired = flag.expires.filter(|day| day.value < subject.today && !flag.is_removed());
        let Some(day) = expired.filter(|_| !unreadable.has(entry.id.value, "status")) else { continue };
        let late = usize::try_from((subject.today - day.value).num_days()).unwrap_or(0);
        let message = format!(
            "{}: feature flag expired on {}, {} ago",
            entry.id.value,
            day.value,
            words::count(late, "day")
        );
        let ticket =
            flag.removal_ticket.as_ref().map(|ticket| format!(" ({})", words::short(ticket.value.trim())));
        let help = format!(
            "remove the flag{} and set `status: removed`, or update `expires`",
            ticket.unwrap_or_default()
        );
        reports.push(Report::at(day.span, message).saying("expired here").help(help));
    }
    subject.plan.flags().count()
}
