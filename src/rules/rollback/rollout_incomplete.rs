use crate::finding::Report;
use crate::model::UnreadableFields;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A rollout whose last phase does not reach all of the traffic.
    ///
    /// The rest stays on the old version, and nothing says for how long or who
    /// ends it. Where the phases name their traffic, the last of them that does
    /// names 100%. A release that is over is not looked at: it may have been
    /// stopped on its way.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2027-03-01
    /// rollout:
    ///   - {name: Canary, traffic: 10%}
    ///   - {name: Everyone, traffic: 90%}
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2027-03-01
    /// rollout:
    ///   - {name: Canary, traffic: 10%}
    ///   - {name: Everyone, traffic: 100%}
    /// ```
    "RP1016", "rollout-incomplete", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    let mut looked_at = 0;
    for (entry, release) in subject.plan.releases().filter(|(_, release)| !release.is_over()) {
        let id = entry.id.value;
        let Some(last) = release.rollout.iter().filter_map(|phase| phase.traffic).next_back() else {
            continue;
        };
        looked_at += 1;
        // A share that could not be read may be the one that is missing.
        if last.value.0 < 100.0 && !unreadable.has(id, "traffic") {
            let message = format!("{id}: the rollout ends at {} of traffic", last.value);
            reports.push(
                Report::at(last.span, message)
                    .saying("last phase with traffic")
                    .help("add a last phase with `traffic: 100%`"),
            );
        }
    }
    looked_at
}
