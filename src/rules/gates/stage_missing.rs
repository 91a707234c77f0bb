use crate::finding::Report;
use crate::model::UnreadableFields;
use crate::model::dep::DepType;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A deployment item that does not say at which stage it matters.
    ///
    /// Readiness is checked stage by stage: before the deployment, during it,
    /// after it, and while it is taken back. An item of no stage appears in
    /// none of these lists.
    ///
    /// ```yaml,bad
    /// id: DEP-001
    /// title: Apply the additive migrations
    /// type: Step
    /// owner: Data Lead
    /// action: Apply the migrations while the old version serves all traffic
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-001
    /// title: Apply the additive migrations
    /// type: Step
    /// stage: Deploy
    /// owner: Data Lead
    /// action: Apply the migrations while the old version serves all traffic
    /// ```
    "RP0413", "stage-missing", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    let mut looked_at = 0;
    for (entry, dep) in subject.plan.deps() {
        looked_at += 1;
        let id = entry.id.value;
        if dep.stage.is_none() && !unreadable.has(id, "stage") {
            let message = format!("{id}: no stage");
            let help = format!("add `stage: {}`, or another stage", usual(dep.dep_type()));
            reports.push(Report::at(entry.id.span, message).help(help));
        }
    }
    looked_at
}

/// The stage that items of this kind mostly belong to.
fn usual(kind: DepType) -> &'static str {
    match kind {
        DepType::Environment | DepType::Criteria => "Pre-deploy",
        DepType::Step => "Deploy",
        DepType::Rollback | DepType::Validation => "Post-deploy",
    }
}
