use crate::finding::Report;
use crate::model::Choice;
use crate::model::rel::{Outcome, Rel, RelStatus};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A release whose status and outcome contradict each other.
    ///
    /// A release that was rolled back is not released, and one that is still
    /// planned has no outcome. Figures on deployments, such as the change failure
    /// rate, count one of the two.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Spring release
    /// version: "3.1.0"
    /// status: released
    /// deployed_at: 2026-03-02
    /// outcome: rolled back
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// title: Spring release
    /// version: "3.1.0"
    /// status: rolled back
    /// deployed_at: 2026-03-02
    /// outcome: rolled back
    /// ```
    "RP0725", "status-contradicts-outcome", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, release) in subject.plan.releases() {
        let Some(status) = release.status else { continue };
        looked_at += 1;
        let Some(contradiction) = contradiction(release, status.value) else { continue };
        let message =
            format!("{}: `status: {}` contradicts `{}`", entry.id.value, status.value, contradiction.text);
        reports.push(
            Report::at(status.span, message).and(contradiction.span, "stated here").help(contradiction.help),
        );
    }
    looked_at
}

/// What a status contradicts, and what to write.
struct Contradiction {
    text: String,
    span: crate::source::Span,
    help: String,
}

fn contradiction(release: &Rel<'_>, status: RelStatus) -> Option<Contradiction> {
    let status_for = |outcome| match outcome {
        Outcome::Success | Outcome::Partial => RelStatus::Released,
        Outcome::RolledBack | Outcome::Failed => RelStatus::RolledBack,
    };
    if let Some(outcome) = release.outcome {
        let agrees = match status {
            // A deployment that failed was taken back, or stopped and is repeated.
            RelStatus::Planned | RelStatus::InProgress | RelStatus::Frozen | RelStatus::Cancelled => {
                outcome.value == Outcome::Failed
            }
            RelStatus::Released => matches!(outcome.value, Outcome::Success | Outcome::Partial),
            RelStatus::RolledBack => outcome.value != Outcome::Success,
        };
        return (!agrees).then(|| Contradiction {
            text: format!("outcome: {}", outcome.value),
            span: outcome.span,
            help: format!("write `status: {}`, or correct the outcome", status_for(outcome.value).word()),
        });
    }
    let deployed =
        release.deployed_at.filter(|_| matches!(status, RelStatus::Planned | RelStatus::Cancelled))?;
    Some(Contradiction {
        text: format!("deployed_at: {}", deployed.value),
        span: deployed.span,
        help: "write `status: released` and its `outcome`, or remove `deployed_at`".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(fields: &str, expect: &[&str]) {
        let yaml = format!("{{id: REL-1, version: '1.0.0', {fields}}}");
        assert_eq!(messages("status-contradicts-outcome", &yaml, ""), expect, "{fields}");
    }

    #[test]
    fn contradictions_are_found() {
        check(
            "status: released, deployed_at: 2026-03-02, outcome: rolled back",
            &["REL-1: `status: released` contradicts `outcome: rolled back`"],
        );
        check(
            "status: rolled back, outcome: success",
            &["REL-1: `status: rolled back` contradicts `outcome: success`"],
        );
        check(
            "status: planned, outcome: success",
            &["REL-1: `status: planned` contradicts `outcome: success`"],
        );
        check(
            "status: planned, deployed_at: 2026-03-02",
            &["REL-1: `status: planned` contradicts `deployed_at: 2026-03-02`"],
        );
    }

    #[test]
    fn what_agrees_is_not() {
        check("status: released, outcome: success", &[]);
        check("status: released, outcome: partial", &[]);
        check("status: rolled back, outcome: rolled back", &[]);
        check("status: rolled back, outcome: partial", &[]);
        check("status: planned, outcome: failed", &[]);
        check("status: in progress, deployed_at: 2026-11-19", &[]);
        check("outcome: rolled back", &[]);
    }
}
