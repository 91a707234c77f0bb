use crate::finding::Report;
use crate::model::dep::Environment;
use crate::model::{Id, UnreadableFields};
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// An environment of which something is not written down.
    ///
    /// An environment is documented when its name, its infrastructure, its
    /// configuration, how its secrets are managed and who has access are known.
    /// What is missing here is found out during the deployment.
    ///
    /// ```yaml,bad
    /// id: DEP-001
    /// title: Production
    /// type: Environment
    /// stage: Deploy
    /// owner: DevOps Engineer
    /// name: production
    /// infrastructure: AWS us-east-1, ECS Fargate, RDS PostgreSQL
    /// configuration:
    ///   LOG_LEVEL: info
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-001
    /// title: Production
    /// type: Environment
    /// stage: Deploy
    /// owner: DevOps Engineer
    /// name: production
    /// infrastructure: AWS us-east-1, ECS Fargate, RDS PostgreSQL
    /// configuration:
    ///   LOG_LEVEL: info
    /// secrets: AWS Secrets Manager, rotated monthly
    /// access: DevOps deploys, the on-call engineer reads
    /// ```
    "RP0401", "environment-undocumented", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    let mut looked_at = 0;
    for (entry, environment) in subject.plan.environments() {
        looked_at += 1;
        let missing = missing(&unreadable, entry.id.value, environment);
        if !missing.is_empty() {
            let message = format!("{}: environment without {}", entry.id.value, words::any_of(&missing));
            let fields: Vec<String> = missing.iter().map(|field| format!("`{field}`")).collect();
            reports.push(Report::at(entry.id.span, message).help(format!("add {}", words::list(&fields))));
        }
    }
    looked_at
}

fn missing(unreadable: &UnreadableFields, id: Id, environment: &Environment<'_>) -> Vec<&'static str> {
    let missing =
        environment.documentation().into_iter().filter(|(name, there)| !there && !unreadable.has(id, name));
    missing.map(|(name, _)| name).collect()
}
