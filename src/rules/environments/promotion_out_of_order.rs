use crate::finding::Report;
use crate::model::operations::Promotion;
use crate::model::same_folded;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A build that skipped an environment.
    ///
    /// `promotions` of a release record builds and environments. A build that skipped
    /// the environment before was not tested there. The order is that of the
    /// environments: `order`.
    ///
    /// ```yaml,bad
    /// - {id: DEP-001, title: Staging, type: Environment, name: staging, order: 1}
    /// - {id: DEP-002, title: Production, type: Environment, name: production, order: 2}
    /// - id: REL-001
    ///   title: Spring release
    ///   version: "3.1.0"
    ///   promotions:
    ///     - {build: 3.1.0-rc.1, environment: staging, on: 2026-02-20}
    ///     - {build: 3.1.0-rc.2, environment: production, on: 2026-03-02}
    /// ```
    ///
    /// ```yaml,good
    /// - {id: DEP-001, title: Staging, type: Environment, name: staging, order: 1}
    /// - {id: DEP-002, title: Production, type: Environment, name: production, order: 2}
    /// - id: REL-001
    ///   title: Spring release
    ///   version: "3.1.0"
    ///   promotions:
    ///     - {build: 3.1.0-rc.2, environment: staging, on: 2026-02-27}
    ///     - {build: 3.1.0-rc.2, environment: production, on: 2026-03-02}
    /// ```
    "RP0909", "promotion-out-of-order", WARNING, since "0.1.0"
}

/// An environment with its place in the order.
struct Stage<'p> {
    name: &'p str,
    id: String,
    order: u32,
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let environments = subject.plan.environments().filter_map(|(entry, environment)| {
        let name = environment.name.as_ref().map_or_else(|| entry.title(), |name| &name.value);
        Some(Stage { name: name.trim(), id: entry.id.value.to_string(), order: environment.order?.value })
    });
    let stages: Vec<Stage<'_>> = environments.collect();
    let mut looked_at = 0;
    for (entry, rel) in subject.plan.releases() {
        let Some(operations) = &rel.operations else { continue };
        for promotion in &operations.promotions {
            looked_at += 1;
            let Some(skipped) = skipped(promotion, &operations.promotions, &stages) else { continue };
            let (build, environment) = (text(&promotion.build), text(&promotion.environment));
            let message = format!("{}: build {build} skipped {skipped} before {environment}", entry.id.value);
            reports.push(
                Report::at(promotion.span, message)
                    .help(format!("promote it to {skipped} first, or record that promotion")),
            );
        }
    }
    looked_at
}

fn text<'p>(text: &'p Option<crate::model::Text<'_>>) -> &'p str {
    text.as_ref().map_or("", |text| text.value.trim())
}

fn stage<'p, 's>(promotion: &Promotion<'_>, stages: &'s [Stage<'p>]) -> Option<&'s Stage<'p>> {
    let name = text(&promotion.environment);
    stages.iter().find(|stage| same_folded(stage.name, name) || same_folded(&stage.id, name))
}

/// The environment before the one of a promotion in which the same build never was, or only later.
fn skipped<'p>(
    promotion: &Promotion<'_>,
    promotions: &[Promotion<'_>],
    stages: &[Stage<'p>],
) -> Option<&'p str> {
    let own = stage(promotion, stages)?;
    let before = stages.iter().filter(|stage| stage.order < own.order).max_by_key(|stage| stage.order)?;
    let was_there = promotions.iter().any(|other| {
        let same = same_folded(text(&other.build), text(&promotion.build));
        let there = stage(other, stages).is_some_and(|stage| stage.order == before.order);
        let in_time = match (other.on, promotion.on) {
            (Some(other), Some(own)) => other.value <= own.value,
            _ => true,
        };
        same && there && in_time
    });
    (!was_there).then_some(before.name)
}
