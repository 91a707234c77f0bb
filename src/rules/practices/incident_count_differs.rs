use crate::finding::Report;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A release whose number of incidents differs from the incidents of the plan.
    ///
    /// Each incident is an entry that names the release. `incidents` of the release
    /// counts the same ones, and one of the two is out of date.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "2.9.9"
    /// status: released
    /// deployed_at: 2026-11-18
    /// outcome: success
    /// incidents: 0
    ///
    /// --- # an incident
    /// id: INC-219
    /// title: Webhooks are late
    /// release: "2.9.9"
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "2.9.9"
    /// status: released
    /// deployed_at: 2026-11-18
    /// outcome: success
    ///
    /// --- # an incident
    /// id: INC-219
    /// title: Webhooks are late
    /// release: "2.9.9"
    /// ```
    "RP0552", "incident-count-differs", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let plan = subject.plan;
    let mut looked_at = 0;
    for (entry, rel) in plan.releases() {
        let Some(stated) = rel.incidents else { continue };
        let own = plan.find(entry.id.value);
        let of_release = plan.incidents().filter(|(incident, _)| {
            own.is_some() && incident.release().and_then(|name| plan.release(&name.value)) == own
        });
        let ids: Vec<String> = of_release.map(|(incident, _)| incident.id.value.to_string()).collect();
        // Whoever writes no entries keeps the number alone.
        if ids.is_empty() {
            continue;
        }
        looked_at += 1;
        if ids.len() != stated.value as usize {
            let count = words::count(ids.len(), "incident");
            let message = format!(
                "{}: `incidents` is {}, but the plan has {count} of the release",
                entry.id.value, stated.value
            );
            let report = Report::at(stated.span, message).note(words::list(&ids));
            reports.push(report.help("remove `incidents`: relplan counts the INC entries"));
        }
    }
    looked_at
}
