use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// Downtime without a customer notice.
    ///
    /// `customer_impact` states a downtime, and no communication of the release has
    /// customers or users as its audience.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Spring release
    /// version: "3.1.0"
    /// customer_impact: {description: Orders cannot be changed, downtime: 30m}
    /// communications:
    ///   - {name: Status, audience: Management, channel: Mail, when: 1 week before}
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// title: Spring release
    /// version: "3.1.0"
    /// customer_impact: {description: Orders cannot be changed, downtime: 30m}
    /// communications:
    ///   - {name: Notice of the downtime, audience: All customers, channel: Mail, when: 1 week before}
    /// ```
    "RP0525", "downtime-without-notice", WARNING, since "0.1.0"
}

/// The words of an audience that the downtime concerns.
const CONCERNED: [&str; 6] = ["customer", "user", "client", "everyone", "public", "external"];

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rel) in subject.plan.releases() {
        let impact = rel.operations.as_ref().and_then(|operations| operations.customer_impact.as_ref());
        let Some(downtime) = impact.and_then(|impact| impact.downtime) else { continue };
        looked_at += 1;
        let audiences = rel.communications.iter().filter_map(|said| said.audience.as_ref());
        let mut audiences = audiences.map(|audience| audience.value.to_lowercase());
        let is_told = audiences.any(|audience| CONCERNED.iter().any(|word| audience.contains(word)));
        if downtime.value.millis() > 0 && !is_told {
            let message = format!("{}: downtime without a communication to customers", entry.id.value);
            reports.push(
                Report::at(downtime.span, message)
                    .help("add a communication with `audience: Customers` and `when: 48 hours before`"),
            );
        }
    }
    looked_at
}
