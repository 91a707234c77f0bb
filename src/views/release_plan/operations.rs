//! How a release is run: responsibilities as agreed, support, change, continuity, customer impact, promotions, and the
//! share of automated steps.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use super::{selected, stated};
use crate::graph::Selection;
use crate::model::dep::Detail;
use crate::model::operations as model;
use crate::model::rel::Rel;
use crate::model::{Choice, Plan, Text};

/// How a release is run.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Operations {
    /// Who has to do with what, as agreed.
    pub responsibilities: Vec<AgreedResponsibility>,
    /// Change request, continuity, customer impact, automation and time budget, each as a label with its value.
    pub facts: Vec<OperationFact>,
    /// The tiers of the support.
    pub support_tiers: Vec<SupportTier>,
    /// How fast issues are answered and resolved.
    pub support_targets: Vec<SupportTarget>,
    /// The build that each environment has: the last one that came to it.
    pub promotions: Vec<PromotedBuild>,
    /// The steps of the deployment that are automated; absent without steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automation: Option<Automation>,
}

/// Who has to do with an activity, as agreed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AgreedResponsibility {
    /// The activity.
    pub activity: String,
    /// Who does it.
    pub responsible: Vec<String>,
    /// Who answers for it.
    pub accountable: Vec<String>,
    /// Who is asked.
    pub consulted: Vec<String>,
    /// Who is told.
    pub informed: Vec<String>,
}

/// A label with its value.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OperationFact {
    /// What it is.
    pub label: &'static str,
    /// Its value.
    pub value: String,
}

/// A tier of the support.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SupportTier {
    /// Its name.
    pub name: String,
    /// Which issues it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Who it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// When it can be reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<String>,
}

/// How fast issues of a severity are answered and resolved.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SupportTarget {
    /// The severity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<&'static str>,
    /// The time to the first response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
    /// The time to the resolution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<String>,
}

/// The build that an environment has.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PromotedBuild {
    /// The environment.
    pub environment: String,
    /// The build.
    pub build: String,
    /// When it came there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// Who promoted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// The steps of the deployment that are automated.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub struct Automation {
    /// How many are automated.
    pub automated: usize,
    /// How many say whether they are.
    pub stated: usize,
    /// How many there are.
    pub steps: usize,
}

/// How the selected release is run.
pub(super) fn operations(plan: &Plan<'_>, selection: &Selection, rel: Option<&Rel<'_>>) -> Operations {
    let automation = automation(plan, selection);
    let mut facts: Vec<OperationFact> = Vec::new();
    let mut add = |label: &'static str, value: Option<String>| {
        facts.extend(value.map(|value| OperationFact { label, value }));
    };
    let own = rel.and_then(|rel| rel.operations.as_deref());
    if let Some(own) = own {
        own_facts(own, &mut add);
    }
    if let Some(Automation { automated, stated, steps }) =
        automation.filter(|automation| automation.stated > 0)
    {
        let percent = 100 * automated / stated;
        let silent = match steps - stated {
            0 => String::new(),
            silent => format!("; {silent} of {steps} do not say"),
        };
        add("Automated steps", Some(format!("{automated} of {stated} ({percent} %){silent}")));
    }
    Operations {
        facts,
        automation,
        responsibilities: own.map(responsibilities).unwrap_or_default(),
        support_tiers: own.map(tiers).unwrap_or_default(),
        support_targets: own.map(targets).unwrap_or_default(),
        promotions: own.map(promotions).unwrap_or_default(),
    }
}

fn own_facts(own: &model::Operations<'_>, add: &mut impl FnMut(&'static str, Option<String>)) {
    if let Some(change) = &own.change_request {
        let kind = change.change_type.map(|kind| format!("{} change", kind.value));
        let parts = [stated(&change.id), kind];
        add("Change request", joined(parts));
        let meeting = change.meeting.map(|day| format!("meets on {}", day.value));
        add("Change board", joined([stated(&change.board), meeting]));
    }
    if let Some(continuity) = &own.business_continuity {
        add("Business continuity", joined([stated(&continuity.plan), stated(&continuity.owner)]));
        let recovery = [
            continuity.recovery_time.map(|time| format!("time {}", time.value.in_words())),
            continuity.recovery_point.map(|point| format!("point {}", point.value.in_words())),
            continuity.last_tested.map(|day| format!("tested on {}", day.value)),
        ];
        add("Recovery objectives", joined(recovery));
    }
    if let Some(impact) = &own.customer_impact {
        let severity = impact.severity.map(|severity| severity.value.to_string());
        add("Customer impact", joined([stated(&impact.description), severity, stated(&impact.affected)]));
        add("Downtime", impact.downtime.map(|time| time.value.in_words()));
        add("Customer action", stated(&impact.action));
    }
    add("Deployment time budget", own.deployment_time.map(|time| time.value.in_words()));
}

fn joined<const N: usize>(parts: [Option<String>; N]) -> Option<String> {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// How many of the steps are automated.
fn automation(plan: &Plan<'_>, selection: &Selection) -> Option<Automation> {
    let mut counts = Automation { automated: 0, stated: 0, steps: 0 };
    for (entry, dep) in plan.deps() {
        let Detail::Step(step) = &dep.detail else { continue };
        if !dep.is_evident || !selected(plan, selection, entry) {
            continue;
        }
        counts.steps += 1;
        if let Some(automated) = &step.automated {
            counts.stated += 1;
            counts.automated += usize::from(automated.value.value);
        }
    }
    (counts.steps > 0).then_some(counts)
}

fn responsibilities(own: &model::Operations<'_>) -> Vec<AgreedResponsibility> {
    let names = |texts: &[Text<'_>]| texts.iter().map(|text| text.value.trim().to_owned()).collect();
    let row = |row: &model::StatedResponsibility<'_>| AgreedResponsibility {
        activity: stated(&row.activity).unwrap_or_default(),
        responsible: names(&row.responsible),
        accountable: names(&row.accountable),
        consulted: names(&row.consulted),
        informed: names(&row.informed),
    };
    own.responsibilities.iter().map(row).collect()
}

fn tiers(own: &model::Operations<'_>) -> Vec<SupportTier> {
    let tier = |tier: &model::SupportTier<'_>| SupportTier {
        name: stated(&tier.name).unwrap_or_default(),
        scope: stated(&tier.scope),
        owner: stated(&tier.owner),
        hours: stated(&tier.hours),
    };
    own.support_tiers.iter().map(tier).collect()
}

fn targets(own: &model::Operations<'_>) -> Vec<SupportTarget> {
    let target = |target: &model::SupportTarget| SupportTarget {
        severity: target.severity.map(|severity| severity.value.word()),
        response: target.response.map(|time| time.value.in_words()),
        resolution: target.resolution.map(|time| time.value.in_words()),
    };
    own.support_targets.iter().map(target).collect()
}

/// The last build of each environment, in the order in which environments first appear.
fn promotions(own: &model::Operations<'_>) -> Vec<PromotedBuild> {
    let mut builds: Vec<PromotedBuild> = Vec::new();
    for promotion in &own.promotions {
        let Some(environment) = stated(&promotion.environment) else { continue };
        let build = PromotedBuild {
            build: stated(&promotion.build).unwrap_or_default(),
            on: promotion.on.map(|day| day.value),
            by: stated(&promotion.by),
            environment,
        };
        match builds.iter_mut().find(|known| known.environment == build.environment) {
            Some(known) if known.on.is_none() || build.on >= known.on => *known = build,
            Some(_) => {}
            None => builds.push(build),
        }
    }
    builds
}
