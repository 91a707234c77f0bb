use crate::finding::Report;
use crate::model::Text;
use crate::rules::{ERROR, Subject, words};

declare_rule! {
    /// A feature flag that serves a variant which it does not have.
    ///
    /// `default`, `kill_switch` and `serve` name one of the `variants` of the flag.
    /// A flag without `variants` has `on` and `off`. A provider that is asked for
    /// another variant answers with an error, and the application falls back to
    /// whatever its code says.
    ///
    /// ```yaml,bad
    /// id: FLAG-001
    /// title: New checkout
    /// key: checkout-v2
    /// category: operational
    /// owner: Checkout Team
    /// default: disabled
    /// kill_switch: off
    /// ```
    ///
    /// ```yaml,good
    /// id: FLAG-001
    /// title: New checkout
    /// key: checkout-v2
    /// category: operational
    /// owner: Checkout Team
    /// default: on
    /// kill_switch: off
    /// ```
    "RP0140", "unknown-variant", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    for (entry, flag) in subject.plan.flags() {
        let served = flag.targeting.iter().filter_map(|rule| Some(("serve", rule.serve.as_ref()?)));
        let own = [("default", &flag.default), ("kill_switch", &flag.kill_switch)];
        let own = own.into_iter().filter_map(|(name, variant)| Some((name, variant.as_ref()?)));
        let named: Vec<(&str, &Text<'_>)> = own.chain(served).collect();
        for (name, variant) in named.into_iter().filter(|(_, variant)| !flag.has_variant(&variant.value)) {
            let known: Vec<String> =
                flag.variants().iter().map(|(known, _)| format!("`{}`", words::short(known))).collect();
            let message = format!(
                "{}: `{name}` is no variant: `{}`",
                entry.id.value,
                words::short(variant.value.trim())
            );
            reports.push(Report::at(variant.span, message).help(format!("write {}", words::any_of(&known))));
        }
    }
    subject.plan.flags().count()
}
