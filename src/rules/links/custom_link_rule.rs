use crate::finding::Report;
use crate::rules::{Subject, WARNING, link_rules};

declare_rule! {
    /// An entry that does not keep a link rule of `relplan.toml`.
    ///
    /// A `[[link_rules]]` table says who must link to whom, by which kind of
    /// link, and how often; it has a level and a message of its own. The
    /// finding points at the table that asks for it.
    ///
    /// ```yaml,bad
    /// - id: API-001
    ///   title: POST /orders
    /// - id: API-002
    ///   title: GET /orders
    ///   monitored_by: MON-001
    /// - id: MON-001
    ///   title: Error rate
    /// ```
    /// ```toml,bad
    /// [[link_rules]]
    /// name = "watched-interfaces"
    /// from = "API"
    /// kind = "monitored_by"
    /// to = "MON"
    /// level = "error"
    /// message = "a public interface needs a monitor"
    /// ```
    ///
    /// ```yaml,good
    /// - id: API-002
    ///   title: GET /orders
    ///   monitored_by: MON-001
    /// - id: MON-001
    ///   title: Error rate
    /// ```
    /// ```toml,good
    /// [[link_rules]]
    /// name = "watched-interfaces"
    /// from = "API"
    /// kind = "monitored_by"
    /// to = "MON"
    /// level = "error"
    /// message = "a public interface needs a monitor"
    /// ```
    "RP0309", "custom-link-rule", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for rule in &subject.config.link_rules {
        let mut found = Vec::new();
        looked_at += link_rules::check(subject, rule, &mut found);
        reports.extend(found.into_iter().map(|report| {
            let report = report.weighing(rule.level);
            match rule.span {
                Some(span) => report.and(span, "required here"),
                None => report,
            }
        }));
    }
    looked_at
}
