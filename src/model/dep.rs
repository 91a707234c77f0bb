//! Deployment items: the environments, criteria, rollbacks, validations and
//! steps of a release (`DEP-`).

mod words;

use chrono::NaiveDate;

use super::defect::DefectKind;
use super::duration::{Duration, Window};
use super::entry::{LinkKind, choice_of};
use super::evidence_requirement::EvidenceRequirement;
use super::field::{Field, Shape};
use super::id::Id;
use super::order::{Order, ranked, word_of};
use super::reader::{Condition, Reader};
use super::threshold::Threshold;
use super::value::{Percentage, Text, WithRemark};
use super::waiver::WaiverRecord;
use crate::source::{Span, Spanned};

pub use words::{Category, CriterionStatus, DepType, Method, Need, NoData, Severity, Stage, Strategy};

/// A deployment item.
#[derive(Debug)]
pub struct Dep<'s> {
    /// When it matters.
    pub stage: Option<Spanned<Stage>>,
    /// Where its kind is written, unless it was inferred.
    pub stated_type: Option<Span>,
    /// Whether its kind is stated or shows in its fields. What is otherwise taken for a criterion may
    /// be anything, and owes nothing that a criterion does.
    pub is_evident: bool,
    /// What its kind adds.
    pub detail: Detail<'s>,
}

/// What each kind of deployment item holds.
#[derive(Debug)]
pub enum Detail<'s> {
    /// Where code runs.
    Environment(Box<Environment<'s>>),
    /// What must be true.
    Criteria(Box<Criteria<'s>>),
    /// When and how to go back.
    Rollback(Box<Rollback<'s>>),
    /// How success is seen.
    Validation(Box<Validation<'s>>),
    /// What is done.
    Step(Box<Step<'s>>),
}

/// An environment that code is deployed to.
#[derive(Debug)]
pub struct Environment<'s> {
    /// What the team calls it.
    pub name: Option<Text<'s>>,
    /// What it is made of.
    pub infrastructure: Option<Text<'s>>,
    /// Its settings, key and value.
    pub configuration: Vec<(Text<'s>, Text<'s>)>,
    /// The files that hold its settings, from the folder of `relplan.toml`.
    pub configuration_files: Vec<Text<'s>>,
    /// How secrets are managed; never a secret.
    pub secrets: Option<Text<'s>>,
    /// Who may do what there.
    pub access: Option<Text<'s>>,
    /// Its place in the progression.
    pub order: Option<Spanned<u32>>,
    /// What must hold before something moves on from here.
    pub gate: Option<Text<'s>>,
    /// Settings that may differ from the other environments, each with its reason.
    pub accepted_drift: Vec<Text<'s>>,
}

/// Something that must be true before the release goes on.
#[derive(Debug)]
pub struct Criteria<'s> {
    /// What must be true.
    pub requirement: Option<Text<'s>>,
    /// How that is seen.
    pub verification: Option<Text<'s>>,
    /// Whether the release stops without it.
    pub blocker: Option<Spanned<WithRemark<bool>>>,
    /// Its subject.
    pub category: Option<Spanned<Category>>,
    /// How much it is needed.
    pub priority: Option<Spanned<Need>>,
    /// What proves it, in words.
    pub evidence: Option<Text<'s>>,
    /// The facts that prove it.
    pub evidence_requirement: Option<Box<EvidenceRequirement>>,
    /// Whether it is met, as stated.
    pub status: Option<Spanned<CriterionStatus>>,
    /// Who accepted that it is not met.
    pub waiver: Option<Box<WaiverRecord<'s>>>,
}

/// When and how a release is taken back.
#[derive(Debug)]
pub struct Rollback<'s> {
    /// What starts it, in words.
    pub trigger: Option<Text<'s>>,
    /// What starts it, in numbers.
    pub threshold: Option<Spanned<Condition<'s, Threshold>>>,
    /// What it means that nothing is measured.
    pub no_data: Option<Spanned<NoData>>,
    /// How long the alert goes on after the condition has ended.
    pub keep_firing_for: Option<Spanned<Duration>>,
    /// What is done, in order.
    pub procedure: Vec<Text<'s>>,
    /// Who is told.
    pub notification: Vec<Text<'s>>,
    /// How bad the trigger is.
    pub severity: Option<Spanned<Severity>>,
    /// Whether a machine starts it.
    pub automatic: Option<Spanned<WithRemark<bool>>>,
    /// Who may start it.
    pub authority: Option<Text<'s>>,
    /// How long it may take.
    pub max_duration: Option<Spanned<Duration>>,
    /// When it was last tried.
    pub last_rehearsed: Option<Spanned<NaiveDate>>,
    /// How long it took then.
    pub rehearsal_duration: Option<Spanned<Duration>>,
    /// Where the feature flags whose kill switch it uses are among the entry's links.
    pub flags: std::ops::Range<usize>,
    /// What shows that it was, in words.
    pub evidence: Option<Text<'s>>,
    /// The facts that show that it was.
    pub evidence_requirement: Option<Box<EvidenceRequirement>>,
}

/// What is looked at after a deployment.
#[derive(Debug)]
pub struct Validation<'s> {
    /// What is looked at.
    pub check: Option<Text<'s>>,
    /// Who looks.
    pub method: Option<Spanned<WithRemark<Method>>>,
    /// What must be seen.
    pub success_criteria: Option<Text<'s>>,
    /// What happens if it is not seen.
    pub escalation: Option<Text<'s>>,
    /// From when until when after the deployment.
    pub window: Option<Spanned<Window>>,
    /// What proves it, in words.
    pub evidence: Option<Text<'s>>,
    /// The facts that prove it.
    pub evidence_requirement: Option<Box<EvidenceRequirement>>,
}

/// One thing that is done to deploy.
#[derive(Debug)]
pub struct Step<'s> {
    /// What is done.
    pub action: Option<Text<'s>>,
    /// As part of which strategy.
    pub strategy: Option<Spanned<Strategy>>,
    /// The share of the traffic afterwards.
    pub traffic: Option<Spanned<Percentage>>,
    /// How long to wait afterwards.
    pub pause: Option<Spanned<Duration>>,
    /// Whether a machine does it.
    pub automated: Option<Spanned<WithRemark<bool>>>,
    /// How long it takes.
    pub duration: Option<Spanned<Duration>>,
    /// Its place among the steps.
    pub order: Option<Spanned<u32>>,
}

const TYPE: Field =
    Field::new("type", choice_of::<DepType>(), "Type of the deployment item.").asks(word_of::<DepType>());
/// What proves an entry: shared by the kinds that can be proved.
pub(super) const EVIDENCE: Field = Field::new(
    "evidence",
    Shape::Structure(EvidenceRequirement::FIELDS),
    "Evidence: text, or an evidence requirement.",
)
.asks(Order::Inside);
const STAGE: Field =
    Field::new("stage", choice_of::<Stage>(), "Stage of the deployment.").asks(Order::Selects);

impl<'s> Dep<'s> {
    pub(super) fn read(id: Spanned<Id>, fields: &mut Reader<'s>) -> Self {
        let absent = !fields.has("type");
        let stated = fields.choice::<DepType>("type");
        let shown = infer(fields);
        let kind = stated.map(|stated| stated.value).or(shown).unwrap_or(DepType::Criteria);
        // A type that is there and not understood was noted where it stands.
        if absent {
            fields.defect(id.span, DefectKind::KindMissing { inferred: shown.map(super::Choice::word) });
        }
        Dep {
            stage: fields.choice("stage"),
            stated_type: stated.map(|stated| stated.span),
            is_evident: stated.is_some() || shown.is_some(),
            detail: match kind {
                DepType::Environment => Detail::Environment(Box::new(Environment::read(fields))),
                DepType::Criteria => Detail::Criteria(Box::new(Criteria::read(fields))),
                DepType::Rollback => Detail::Rollback(Box::new(Rollback::read(fields))),
                DepType::Validation => Detail::Validation(Box::new(Validation::read(fields))),
                DepType::Step => Detail::Step(Box::new(Step::read(fields))),
            },
        }
    }

    /// Whether it is met, as far as its kind says so.
    pub fn status(&self) -> Option<CriterionStatus> {
        match &self.detail {
            Detail::Criteria(criteria) => criteria.status.map(|status| status.value),
            _ => None,
        }
    }

    /// Which of the five kinds it is.
    pub fn dep_type(&self) -> DepType {
        match self.detail {
            Detail::Environment(_) => DepType::Environment,
            Detail::Criteria(_) => DepType::Criteria,
            Detail::Rollback(_) => DepType::Rollback,
            Detail::Validation(_) => DepType::Validation,
            Detail::Step(_) => DepType::Step,
        }
    }

    /// The kinds of deployment item that have a field of this name.
    pub fn home_of(key: &str) -> Option<&'static str> {
        let homes = [
            ("Environment", Environment::FIELDS),
            ("Criteria", Criteria::FIELDS),
            ("Rollback", Rollback::FIELDS),
            ("Validation", Validation::FIELDS),
            ("Step", Step::FIELDS),
        ];
        homes.into_iter().find(|(_, fields)| fields.iter().any(|field| field.is(key))).map(|(home, _)| home)
    }
}

/// The kind whose own fields the entry has most of, if it has any.
fn infer(fields: &Reader<'_>) -> Option<DepType> {
    let own = |table: &[Field]| table.iter().skip(2).filter(|field| fields.has(field.name)).count();
    let counted = [
        (own(Criteria::FIELDS), DepType::Criteria),
        (own(Environment::FIELDS), DepType::Environment),
        (own(Rollback::FIELDS), DepType::Rollback),
        (own(Validation::FIELDS), DepType::Validation),
        (own(Step::FIELDS), DepType::Step),
    ];
    let most = counted.iter().map(|(count, _)| *count).max().filter(|most| *most > 0)?;
    counted.into_iter().find(|(count, _)| *count == most).map(|(_, kind)| kind)
}

impl Detail<'_> {
    /// The fields of this kind beyond the header.
    pub fn fields(&self) -> &'static [Field] {
        match self {
            Detail::Environment(_) => Environment::FIELDS,
            Detail::Criteria(_) => Criteria::FIELDS,
            Detail::Rollback(_) => Rollback::FIELDS,
            Detail::Validation(_) => Validation::FIELDS,
            Detail::Step(_) => Step::FIELDS,
        }
    }
}

impl<'s> Environment<'s> {
    /// The fields of an environment.
    pub const FIELDS: &'static [Field] = &[
        TYPE,
        STAGE,
        Field::new("name", Shape::Text, "Name of the environment: staging, production.")
            .asks(Order::Presence),
        Field::new("infrastructure", Shape::Text, "Infrastructure: provider, region, resources.")
            .asks(Order::Presence),
        Field::new("configuration", Shape::Free, "Settings, as a mapping or a list of `KEY=value`.")
            .asks(Order::Presence),
        Field::new(
            "configuration_files",
            Shape::List,
            "Configuration files (dotenv, YAML, JSON) from the folder of `relplan.toml`, to compare with those of production.",
        )
        .asks(Order::Each),
        Field::new("secrets", Shape::Text, "How secrets are managed; never a secret itself.")
            .asks(Order::Presence),
        Field::new("access", Shape::Text, "Access: who may deploy, who may read.").asks(Order::Presence),
        Field::new("order", Shape::Number, "Position in the promotion order, from 1.").asks(Order::Nothing),
        Field::new("promotes_to", Shape::Links, "Next environment in the promotion order.")
            .asks(Order::Links),
        Field::new("gate", Shape::Text, "Gate for promotion to the next environment.").asks(Order::Presence),
        Field::new(
            "accepted_drift",
            Shape::List,
            "Settings that may differ from production, each with a reason: `LOG_LEVEL (verbose)`.",
        )
        .asks(Order::Permits),
    ];

    /// What documents an environment, and whether it is there (seed: environments are documented).
    pub fn documentation(&self) -> [(&'static str, bool); 5] {
        [
            ("name", self.name.is_some()),
            ("infrastructure", self.infrastructure.is_some()),
            ("configuration", !self.configuration.is_empty() || !self.configuration_files.is_empty()),
            ("secrets", self.secrets.is_some()),
            ("access", self.access.is_some()),
        ]
    }

    fn read(fields: &mut Reader<'s>) -> Self {
        fields.links("promotes_to", LinkKind::PromotesTo);
        Environment {
            name: fields.text("name"),
            infrastructure: fields.text("infrastructure"),
            configuration: fields.settings("configuration"),
            configuration_files: fields.list("configuration_files"),
            secrets: fields.text("secrets"),
            access: fields.text("access"),
            order: fields.count("order"),
            gate: fields.text("gate"),
            accepted_drift: fields.list("accepted_drift"),
        }
    }
}

impl<'s> Criteria<'s> {
    /// The fields of a criterion.
    pub const FIELDS: &'static [Field] = &[
        TYPE,
        STAGE,
        Field::new("requirement", Shape::Text, "Requirement.").asks(Order::Requirement),
        Field::new("verification", Shape::Text, "How the requirement is verified.").asks(Order::Presence),
        Field::new("blocker", Shape::Flag, "Whether the criterion blocks the release.").asks(Order::Yes),
        Field::new("category", choice_of::<Category>(), "Category.").asks(Order::Selects),
        Field::new("priority", choice_of::<Need>(), "Priority; from the category by default.")
            .asks(ranked::<Need>()),
        EVIDENCE,
        Field::new("status", choice_of::<CriterionStatus>(), "Self-reported status.").progress(),
        Field::new("waiver", Shape::Structure(WaiverRecord::OF_ENTRY), "Waiver: by whom, why, until when.")
            .asks(Order::Grant)
            .progress(),
    ];

    fn read(fields: &mut Reader<'s>) -> Self {
        let (evidence, evidence_requirement) = EvidenceRequirement::words_or_requirement(fields, "evidence");
        Criteria {
            requirement: fields.text("requirement"),
            verification: fields.text("verification"),
            blocker: fields.flag("blocker"),
            category: fields.choice("category"),
            priority: fields.choice("priority"),
            evidence,
            evidence_requirement,
            status: fields.choice("status"),
            waiver: WaiverRecord::read_of_entry(fields).map(Box::new),
        }
    }

    /// How much it is needed: as stated, or by its category, of which the first three are musts.
    pub fn need(&self) -> Need {
        self.priority.map(|stated| stated.value).unwrap_or_else(|| {
            match self.category.map(|category| category.value) {
                Some(Category::Operational | Category::Documentation) => Need::Should,
                _ => Need::Must,
            }
        })
    }
}

impl<'s> Rollback<'s> {
    /// The fields of a rollback.
    pub const FIELDS: &'static [Field] = &[
        TYPE,
        STAGE,
        Field::new("trigger", Shape::Text, "Trigger in words.").asks(Order::Trigger),
        Field::new("threshold", Shape::Threshold, "Trigger as a threshold: `> 2% of requests for 5m`.")
            .asks(Order::Trigger),
        Field::new("no_data", choice_of::<NoData>(), "Meaning of missing data: unknown, or rollback.")
            .asks(ranked::<NoData>())
            .absent("unknown"),
        Field::new(
            "keep_firing_for",
            Shape::Duration,
            "Time that the alert goes on after its condition ended.",
        )
        .asks(Order::Exact),
        Field::new("procedure", Shape::List, "Steps, in order.").asks(Order::Count),
        Field::new("notification", Shape::List, "Who is notified, and where.").asks(Order::Count),
        Field::new("severity", choice_of::<Severity>(), "Severity of the trigger.")
            .asks(ranked::<Severity>()),
        Field::new("automatic", Shape::Flag, "Whether the rollback is automatic.").asks(Order::Yes),
        Field::new("authority", Shape::Text, "Authority for the rollback.").asks(Order::Presence),
        Field::new("max_duration", Shape::Duration, "Time limit: `5m`.").asks(Order::AtMost),
        Field::new("last_rehearsed", Shape::Date, "Date of the last rehearsal or test.").progress(),
        Field::new("rehearsal_duration", Shape::Duration, "Duration of the last rehearsal.").progress(),
        Field::new("flags", Shape::Links, "Feature flags whose kill switch is used first.")
            .asks(Order::Links),
        EVIDENCE,
    ];

    fn read(fields: &mut Reader<'s>) -> Self {
        let (evidence, evidence_requirement) = EvidenceRequirement::words_or_requirement(fields, "evidence");
        Rollback {
            trigger: fields.text("trigger"),
            threshold: fields.threshold("threshold"),
            no_data: fields.choice("no_data"),
            keep_firing_for: fields.duration("keep_firing_for"),
            procedure: fields.list("procedure"),
            notification: fields.list("notification"),
            severity: fields.choice("severity"),
            automatic: fields.flag("automatic"),
            authority: fields.text("authority"),
            max_duration: fields.duration("max_duration"),
            last_rehearsed: fields.date("last_rehearsed"),
            rehearsal_duration: fields.duration("rehearsal_duration"),
            flags: fields.links_apart("flags", LinkKind::LinkedIds),
            evidence,
            evidence_requirement,
        }
    }
}

impl<'s> Validation<'s> {
    /// The fields of a validation.
    pub const FIELDS: &'static [Field] = &[
        TYPE,
        STAGE,
        Field::new("check", Shape::Text, "Check after the deployment.").asks(Order::Presence),
        Field::new("method", choice_of::<Method>(), "Manual, Automated or Both.").asks(ranked::<Method>()),
        Field::new("success_criteria", Shape::Text, "Success criteria.").asks(Order::Requirement),
        Field::new("escalation", Shape::Text, "Escalation if the check fails.").asks(Order::Presence),
        Field::new("window", Shape::Window, "Time window after the deployment: `0h..2h`.")
            .asks(Order::Window),
        EVIDENCE,
    ];

    fn read(fields: &mut Reader<'s>) -> Self {
        let (evidence, evidence_requirement) = EvidenceRequirement::words_or_requirement(fields, "evidence");
        Validation {
            check: fields.text("check"),
            method: fields.noted_choice("method").map(both_if_both),
            success_criteria: fields.text("success_criteria"),
            escalation: fields.text("escalation"),
            window: fields.window("window"),
            evidence,
            evidence_requirement,
        }
    }
}

/// `Automated (smoke.spec.ts) + manual spot-check` names both methods.
fn both_if_both(mut method: Spanned<WithRemark<Method>>) -> Spanned<WithRemark<Method>> {
    let note = method.value.note().unwrap_or("").to_ascii_lowercase();
    let other = match method.value.value {
        Method::Manual => "automat",
        Method::Automated => "manual",
        Method::Both => return method,
    };
    if note.contains(other) {
        method.value.value = Method::Both;
    }
    method
}

impl<'s> Step<'s> {
    /// The fields of a step.
    pub const FIELDS: &'static [Field] = &[
        TYPE,
        STAGE,
        Field::new("action", Shape::Text, "Action.").asks(Order::Presence),
        Field::new("strategy", choice_of::<Strategy>(), "Deployment strategy of the step.")
            .asks(Order::Nothing),
        Field::new("traffic", Shape::Percentage, "Traffic of the new version afterwards.")
            .asks(Order::Nothing),
        Field::new("pause", Shape::Duration, "Pause afterwards.").asks(Order::AtLeast),
        Field::new("automated", Shape::Flag, "Whether the step is automated.").asks(Order::Yes),
        Field::new("duration", Shape::Duration, "Duration.").asks(Order::Nothing),
        Field::new("order", Shape::Number, "Position among the steps, from 1.").asks(Order::Nothing),
    ];

    fn read(fields: &mut Reader<'s>) -> Self {
        Step {
            action: fields.text("action"),
            strategy: fields.choice("strategy"),
            traffic: fields.traffic("traffic"),
            pause: fields.duration("pause"),
            automated: fields.flag("automated"),
            duration: fields.duration("duration"),
            order: fields.count("order"),
        }
    }
}
