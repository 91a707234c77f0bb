use crate::finding::Report;
use crate::metrics::{Defect, DefectKind, Touches};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A record of a deployment or an incident that metrics cannot use.
    ///
    /// The files that `[metrics]` names hold a record on each line, and incidents of
    /// the plan are read beside them. A record that cannot be read makes metrics
    /// unavailable or counts for less than it should.
    ///
    /// ```text
    /// {"id": "91", "environment": "production", "finished_at": "yesterday", "result": "success"}
    /// ```
    "RP0690", "unusable-delivery-record", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let Some(deliveries) = subject.deliveries else { return 0 };
    reports.extend(deliveries.defects.iter().map(report));
    deliveries.deployments.len() + deliveries.incidents.len() + deliveries.defects.len()
}

fn report(defect: &Defect) -> Report {
    let record = match defect.touches {
        Touches::Deployments | Touches::Commits => "deployment",
        Touches::Incidents | Touches::Severity => "incident",
    };
    let report = Report::at(defect.span, format!("unusable {record} record: {}", defect.kind.words()));
    if let DefectKind::NoTime(field) = defect.kind {
        return report.help(format!("add `{field}`, such as `2026-11-20T08:00:00Z`"));
    }
    report.help(match defect.kind {
        DefectKind::NotText => "save the file as UTF-8",
        DefectKind::Malformed(_) => {
            "correct the record: `relplan schema deployments` and `relplan schema incidents` describe them"
        }
        DefectKind::NoTime(_) | DefectKind::TimeUnreadable { .. } => {
            "write the time as RFC 3339 has it: `2026-11-20T08:00:00Z`"
        }
        DefectKind::UnknownResult(_) => "write `success`, `failure` or `cancelled`",
        DefectKind::EndsBeforeStart | DefectKind::ResolvedBeforeCreated => "correct the times",
        DefectKind::ResolvedWithoutTime => "add the time of resolution",
        DefectKind::NeverReported(_) => "add the event that reports the incident",
        DefectKind::NotACommit(_) => "write the commit in seven hexadecimal digits or more",
        DefectKind::OpenWithResolution => "remove `resolved`, or set `status` to resolved",
        DefectKind::DiffersFromRecord(_) => "give both the same times, or remove one of them",
        DefectKind::OtherEnvironment(_) => "give both the same environment, or remove it from the entry",
        DefectKind::UnknownSeverity(_) => "write Critical, High, Medium or Low",
        DefectKind::SameId(_) => "give each record an id of its own",
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::delivery_messages;

    #[test]
    fn unusable_records_are_found_and_usable_ones_are_not() {
        let check = |deployments: &str, incidents: &str, expect: &[&str]| {
            let found = delivery_messages("unusable-delivery-record", deployments, incidents);
            let all = format!("{deployments}{incidents}: {found:?}");
            assert_eq!(found.len(), expect.len(), "{all}");
            assert!(found.iter().zip(expect).all(|(found, start)| found.starts_with(start)), "{all}");
        };
        let deployment = "{\"id\":\"91\",\"environment\":\"production\",\
                          \"finished_at\":\"2026-11-02T10:00:00Z\",\"result\":\"success\"}\n";
        let incident = "{\"id\":\"7\",\"created_at\":\"2026-11-02T11:00:00Z\"}\n";
        check(deployment, incident, &[]);
        let (late, broken) = (deployment.replace("2026-11-02T10:00:00Z", "yesterday"), "{\"id\":\n");
        check(&late, incident, &["unusable deployment record: "]);
        check(deployment, broken, &["unusable incident record: "]);
        check(&late, broken, &["unusable deployment record: ", "unusable incident record: "]);
    }
}
