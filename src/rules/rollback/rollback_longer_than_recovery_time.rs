use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A rollback that may take longer than the recovery time objective.
    ///
    /// `business_continuity` of a release sets the recovery time objective (RTO). A
    /// rollback whose `max_duration` is longer breaks it.
    ///
    /// ```yaml,bad
    /// - id: REL-001
    ///   title: Spring release
    ///   version: "3.1.0"
    ///   business_continuity: {plan: Orders are taken by phone, recovery_time: 15m}
    /// - id: DEP-401
    ///   title: Error rate rises
    ///   type: Rollback
    ///   max_duration: 30m
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   title: Spring release
    ///   version: "3.1.0"
    ///   business_continuity: {plan: Orders are taken by phone, recovery_time: 15m}
    /// - id: DEP-401
    ///   title: Error rate rises
    ///   type: Rollback
    ///   max_duration: 5m
    /// ```
    "RP1025", "rollback-longer-than-recovery-time", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rel) in subject.plan.releases().filter(|(_, rel)| !rel.is_over()) {
        let continuity =
            rel.operations.as_ref().and_then(|operations| operations.business_continuity.as_ref());
        let Some(objective) = continuity.and_then(|continuity| continuity.recovery_time) else { continue };
        let index = subject.plan.find(entry.id.value);
        for (own, rollback) in subject.plan.rollbacks() {
            let of_release =
                own.release().is_none_or(|release| subject.plan.release(&release.value) == index);
            let Some(limit) = rollback.max_duration.filter(|_| of_release) else { continue };
            looked_at += 1;
            if limit.value > objective.value {
                let message = format!(
                    "{} may take {}, longer than the recovery time objective of {}",
                    own.id.value,
                    limit.value.in_words(),
                    entry.id.value
                );
                reports.push(
                    Report::at(limit.span, message)
                        .and(objective.span, objective.value.in_words())
                        .help("shorten the rollback, or change the objective"),
                );
            }
        }
    }
    looked_at
}
