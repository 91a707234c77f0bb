//! The context of the releases: ten variables, and the effect of each.
//!
//! Four choose a profile. The effects of the others are data, in `built_in.toml` beside this file: criteria of the
//! built-in gates, and values that the built-in profiles must not exceed. `[gates]` and `[profiles]` of a plan are
//! read on top, so that what a plan states itself counts.

mod variables;

use std::sync::OnceLock;

pub use variables::{
    Compliance, DeploymentModel, Infrastructure, IntegrationComplexity, PerformanceRequirements,
    ReleaseFrequency, RiskTolerance, SoftwareType, TeamStructure, UserBase,
};

use super::gates::{CRITERION, Gate, GateCriterion};
use super::owned_text;
use super::profiles::{Profile, UnconfirmedApprovals, find, unknown};
use crate::model::defect::DefectKind;
use crate::model::duration::Duration;
use crate::model::field::{Field, Shape, choices};
use crate::model::order::{Order, Strictness};
use crate::model::reader::Reader;
use crate::model::{Choice, same_folded};
use crate::source::{FileId, SourceFile, Span, Spanned, Value};

/// The context of the releases.
#[derive(Debug, Clone, Default)]
pub struct ReleaseContext {
    /// The profile, if it is named.
    pub profile: Option<Spanned<String>>,
    /// How much risk the team takes.
    pub risk_tolerance: Option<Spanned<RiskTolerance>>,
    /// Which rules it has to keep.
    pub compliance: Option<Spanned<Compliance>>,
    /// Where the software runs.
    pub deployment_model: Option<Spanned<DeploymentModel>>,
    /// Who uses it.
    pub user_base: Option<Spanned<UserBase>>,
    /// The kind of software.
    pub software_type: Option<Spanned<SoftwareType>>,
    /// How often it is released.
    pub release_frequency: Option<Spanned<ReleaseFrequency>>,
    /// Who makes it.
    pub team_structure: Option<Spanned<TeamStructure>>,
    /// What it runs on.
    pub infrastructure: Option<Spanned<Infrastructure>>,
    /// How much it depends on other systems.
    pub integration_complexity: Option<Spanned<IntegrationComplexity>>,
    /// How fast and available it must be.
    pub performance_requirements: Option<Spanned<PerformanceRequirements>>,
}

/// The keys of `[release_context]`.
pub const CONTEXT: &[Field] = &[
    Field::new(
        "profile",
        Shape::Text,
        "The policy profile; derived from the rest of the context by default.",
    )
    .asks(Order::Nothing),
    Field::new(
        "risk_tolerance",
        Shape::Choice(choices::<RiskTolerance>),
        "Risk tolerance; selects the profile.",
    )
    .asks(Order::Nothing),
    Field::new(
        "compliance",
        Shape::Choice(choices::<Compliance>),
        "Compliance regime; heavy and regulated select the profile `regulated`.",
    )
    .or(&["compliance_requirements"])
    .asks(Order::Nothing),
    Field::new(
        "deployment_model",
        Shape::Choice(choices::<DeploymentModel>),
        "Deployment model; on-premise and edge select at least the profile `moderate`.",
    )
    .asks(Order::Nothing),
    Field::new(
        "user_base",
        Shape::Choice(choices::<UserBase>),
        "Users of the software; enterprise, consumer and global select at least the profile `moderate`.",
    )
    .asks(Order::Nothing),
    Field::new(
        "software_type",
        Shape::Choice(choices::<SoftwareType>),
        "Type of the software; adds end-to-end or contract tests to gate `alpha`, and a mobile app selects at least the profile `moderate`.",
    )
    .asks(Order::Nothing),
    Field::new(
        "release_frequency",
        Shape::Choice(choices::<ReleaseFrequency>),
        "Release frequency; limits the age of evidence, or of rollback rehearsals.",
    )
    .asks(Order::Nothing),
    Field::new(
        "team_structure",
        Shape::Choice(choices::<TeamStructure>),
        "Structure of the team; limits waivers and approvals if it is more than a single team.",
    )
    .asks(Order::Nothing),
    Field::new(
        "infrastructure",
        Shape::Choice(choices::<Infrastructure>),
        "Infrastructure; adds automated smoke tests to gate `production`, or limits the age of rollback rehearsals.",
    )
    .asks(Order::Nothing),
    Field::new(
        "integration_complexity",
        Shape::Choice(choices::<IntegrationComplexity>),
        "Complexity of integrations; complex and enterprise add contract tests to gate `alpha`.",
    )
    .asks(Order::Nothing),
    Field::new(
        "performance_requirements",
        Shape::Choice(choices::<PerformanceRequirements>),
        "Performance requirements; high and above add service level objectives to gate `production`, critical and real-time an automatic rollback.",
    )
    .asks(Order::Nothing),
];

/// One effect of a value of the context.
#[derive(Debug)]
pub struct Effect {
    /// The variable.
    pub variable: String,
    /// The values that have it.
    pub values: Vec<String>,
    /// The gate that it adds a criterion to, and the criterion.
    pub criterion: Option<(String, GateCriterion)>,
    /// The limits that it sets to profiles.
    pub limits: Limits,
}

/// Limits of profiles, as strict as the context needs them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Limits {
    /// How old evidence may be.
    pub max_age: Option<Duration>,
    /// How long ago a rollback may have been rehearsed.
    pub rehearsal_age: Option<Duration>,
    /// Whether nobody may waive what they own or wrote.
    pub no_own_waivers: bool,
    /// What an approval counts as that no roster confirms.
    pub unconfirmed_approvals: Option<UnconfirmedApprovals>,
}

/// The keys of `[[effects]]`, which only relplan itself writes.
const EFFECT: &[Field] = &[
    Field::new("when", Shape::Free, "The variable and its values.").asks(Order::Nothing),
    Field::new("gate", Shape::Text, "The gate of the criterion.").asks(Order::Nothing),
    Field::new("max_age", Shape::Duration, "Maximum age of evidence.").asks(Order::AtMost),
    Field::new("rehearsal_age", Shape::Duration, "Maximum age of a rollback rehearsal.").asks(Order::AtMost),
    Field::new("own_waivers", Shape::Flag, "Whether people may waive what they own or wrote.")
        .asks(Order::No),
    Field::new(
        "unconfirmed_approvals",
        Shape::Choice(choices::<UnconfirmedApprovals>),
        "What unconfirmed approvals count as.",
    )
    .asks(Order::Nothing),
];

/// Reads `[release_context]`.
pub(super) fn read(reader: &mut Reader<'_>) -> ReleaseContext {
    let Some((mut table, _)) = reader.structure("release_context") else { return ReleaseContext::default() };
    table.accept_aliases(CONTEXT);
    let context = ReleaseContext {
        profile: table.text("profile").map(owned_text),
        risk_tolerance: table.choice("risk_tolerance"),
        compliance: table.choice("compliance"),
        deployment_model: table.choice("deployment_model"),
        user_base: table.choice("user_base"),
        software_type: table.choice("software_type"),
        release_frequency: table.choice("release_frequency"),
        team_structure: table.choice("team_structure"),
        infrastructure: table.choice("infrastructure"),
        integration_complexity: table.choice("integration_complexity"),
        performance_requirements: table.choice("performance_requirements"),
    };
    reader.absorb(table, &[CONTEXT]);
    context
}

/// The effects, as data.
pub fn effects() -> &'static [Effect] {
    static EFFECTS: OnceLock<Vec<Effect>> = OnceLock::new();
    EFFECTS.get_or_init(|| {
        let file = SourceFile::new("built_in.toml", include_str!("built_in.toml"));
        let (root, _) = crate::source::toml::read(FileId::BUILT_IN, file.text());
        let Value::Mapping(pairs) = root.value else { return Vec::new() };
        let mut reader = Reader::new(file.text(), pairs);
        let tables = reader.structures("effects");
        let effects = tables.into_iter().flat_map(|(mut table, span)| {
            let effects = Effect::read(&mut table, span);
            reader.absorb(table, &[EFFECT, CRITERION]);
            effects
        });
        effects.collect()
    })
}

impl Effect {
    fn read(table: &mut Reader<'_>, span: Span) -> Option<Self> {
        let (variable, values) = table.free_lists("when").into_iter().next()?;
        let limits = Limits {
            max_age: table.duration("max_age").map(|age| age.value),
            rehearsal_age: table.duration("rehearsal_age").map(|age| age.value),
            no_own_waivers: table.flag("own_waivers").is_some_and(|own| !own.value.value),
            unconfirmed_approvals: table.choice("unconfirmed_approvals").map(|word| word.value),
        };
        let gate = table.text("gate").map(|gate| gate.value.into_owned());
        let criterion = gate.and_then(|gate| {
            let criterion = GateCriterion::read(table, span)?;
            Some((gate, GateCriterion { built_in: true, ..criterion }))
        });
        Some(Effect {
            variable: variable.value.into_owned(),
            values: values.into_iter().map(|value| value.value.into_owned()).collect(),
            criterion,
            limits,
        })
    }
}

impl ReleaseContext {
    /// The variables that are stated, each with its value.
    pub fn stated(&self) -> Vec<(&'static str, &'static str, Span)> {
        fn word<T: Choice>(value: Option<Spanned<T>>) -> Option<(&'static str, Span)> {
            value.map(|value| (value.value.word(), value.span))
        }
        let all = [
            ("software_type", word(self.software_type)),
            ("deployment_model", word(self.deployment_model)),
            ("release_frequency", word(self.release_frequency)),
            ("user_base", word(self.user_base)),
            ("risk_tolerance", word(self.risk_tolerance)),
            ("team_structure", word(self.team_structure)),
            ("infrastructure", word(self.infrastructure)),
            ("compliance", word(self.compliance)),
            ("integration_complexity", word(self.integration_complexity)),
            ("performance_requirements", word(self.performance_requirements)),
        ];
        all.into_iter().filter_map(|(name, word)| word.map(|(word, span)| (name, word, span))).collect()
    }

    /// The effects of what is stated, each with the value that has it.
    fn effects(&self) -> Vec<(String, &'static Effect)> {
        let stated = self.stated();
        let of = |effect: &'static Effect| {
            let (name, word, _) = stated.iter().find(|(name, word, _)| {
                *name == effect.variable && effect.values.iter().any(|value| same_folded(value, word))
            })?;
            Some((format!("`{name}` {word}"), effect))
        };
        effects().iter().filter_map(of).collect()
    }

    /// The limits that it sets to every profile.
    pub fn limits(&self) -> Limits {
        self.effects().into_iter().fold(Limits::default(), |limits, (_, effect)| limits.and(&effect.limits))
    }

    /// Adds to the built-in gates what it asks for.
    pub(super) fn add_to(&self, gates: &mut [Gate]) {
        for (because, effect) in self.effects() {
            let Some((name, criterion)) = &effect.criterion else { continue };
            if let Some(gate) = gates.iter_mut().find(|gate| gate.name == *name) {
                gate.put(GateCriterion { context: Some(because), ..criterion.clone() });
            }
        }
    }

    /// Limits the built-in profiles.
    pub(super) fn limit(&self, profiles: &mut [Profile]) {
        let limits = self.limits();
        profiles.iter_mut().for_each(|profile| limits.apply(profile));
    }

    /// Names a profile that does not exist as what it is.
    pub(super) fn check(&self, profiles: &[Profile], reader: &mut Reader<'_>) {
        if let Some(name) = self.profile.as_ref().filter(|name| find(profiles, &name.value).is_none()) {
            reader.defect(name.span, DefectKind::Profile(unknown(profiles, &name.value)));
        }
    }
}

impl Limits {
    /// Both limits.
    fn and(self, other: &Limits) -> Limits {
        Limits {
            max_age: shorter(self.max_age, other.max_age),
            rehearsal_age: shorter(self.rehearsal_age, other.rehearsal_age),
            no_own_waivers: self.no_own_waivers || other.no_own_waivers,
            unconfirmed_approvals: stricter(self.unconfirmed_approvals, other.unconfirmed_approvals),
        }
    }

    fn apply(&self, profile: &mut Profile) {
        profile.max_age = shorter(profile.max_age, self.max_age);
        profile.rehearsal_age = shorter(profile.rehearsal_age, self.rehearsal_age);
        profile.own_waivers &= !self.no_own_waivers;
        if let Some(own) = stricter(Some(profile.unconfirmed_approvals), self.unconfirmed_approvals) {
            profile.unconfirmed_approvals = own;
        }
    }

    /// The limits that others ask less for, by key, before and after, in words.
    pub fn loosened(&self, after: &Limits) -> Vec<(&'static str, String, String)> {
        let none = || "none".to_owned();
        let age = |age: Option<Duration>| age.map_or_else(none, |age| age.in_words());
        let waivers = |none: bool| if none { "no" } else { "yes" }.to_owned();
        let word = |word: Option<UnconfirmedApprovals>| word.map_or_else(none, |word| word.to_string());
        let all = [
            (
                "max_age",
                shorter(self.max_age, after.max_age) != after.max_age,
                age(self.max_age),
                age(after.max_age),
            ),
            (
                "rehearsal_age",
                shorter(self.rehearsal_age, after.rehearsal_age) != after.rehearsal_age,
                age(self.rehearsal_age),
                age(after.rehearsal_age),
            ),
            (
                "own_waivers",
                self.no_own_waivers && !after.no_own_waivers,
                waivers(self.no_own_waivers),
                waivers(after.no_own_waivers),
            ),
            (
                "unconfirmed_approvals",
                stricter(self.unconfirmed_approvals, after.unconfirmed_approvals)
                    != after.unconfirmed_approvals,
                word(self.unconfirmed_approvals),
                word(after.unconfirmed_approvals),
            ),
        ];
        let less = all.into_iter().filter(|(_, is_less, ..)| *is_less);
        less.map(|(name, _, before, after)| (name, before, after)).collect()
    }
}

/// The shorter of two times; the only one, if there is one.
fn shorter(first: Option<Duration>, second: Option<Duration>) -> Option<Duration> {
    match (first, second) {
        (Some(first), Some(second)) if second.millis() < first.millis() => Some(second),
        (None, second) => second,
        (first, _) => first,
    }
}

/// The stricter of two; the only one, if there is one.
fn stricter(
    first: Option<UnconfirmedApprovals>,
    second: Option<UnconfirmedApprovals>,
) -> Option<UnconfirmedApprovals> {
    first.into_iter().chain(second).max_by_key(|word| word.rank())
}

impl ReleaseContext {
    /// The profile that the context chooses, and why, in a few words.
    ///
    /// A named one comes first, then the rules that have to be kept, then the risk that is taken. What
    /// cannot be taken back at once, because it runs with others, is never judged more loosely than
    /// moderately.
    pub fn choose(&self) -> (&str, String) {
        if let Some(profile) = &self.profile {
            return (&profile.value, "set in relplan.toml".to_owned());
        }
        if let Some(Compliance::Heavy | Compliance::Regulated) = self.compliance.map(|word| word.value) {
            let word = self.compliance.map(|word| word.value.to_string()).unwrap_or_default();
            return ("regulated", format!("compliance is {word}"));
        }
        let Some(tolerance) = self.risk_tolerance.map(|word| word.value) else {
            return ("moderate", "no risk tolerance set".to_owned());
        };
        let because = format!("risk tolerance is {tolerance}");
        match tolerance {
            RiskTolerance::Conservative => ("conservative", because),
            RiskTolerance::Moderate => ("moderate", because),
            RiskTolerance::Aggressive | RiskTolerance::Experimental => match self.far_away() {
                Some(reason) => ("moderate", format!("{because}, but {reason}")),
                None => ("aggressive", because),
            },
        }
    }

    /// Why a release would be hard to take back, if it would be.
    fn far_away(&self) -> Option<String> {
        if let Some(SoftwareType::MobileApp) = self.software_type.map(|word| word.value) {
            return Some("a mobile app cannot be taken back from devices".to_owned());
        }
        let model = self.deployment_model.map(|word| word.value);
        if let Some(model @ (DeploymentModel::OnPremise | DeploymentModel::Edge)) = model {
            return Some(format!("it is deployed {model}"));
        }
        let users = self.user_base.map(|word| word.value);
        match users {
            Some(users @ (UserBase::Enterprise | UserBase::Consumer | UserBase::Global)) => {
                Some(format!("its users are {users}"))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Config, gates};
    use super::*;

    fn read(toml: &str) -> (Config, Vec<DefectKind>) {
        let mut config = Config::read(FileId(0), &SourceFile::new("relplan.toml", toml));
        assert_eq!(config.toml_defects, []);
        let kinds = std::mem::take(&mut config.defects).into_iter().map(|defect| defect.kind).collect();
        (config, kinds)
    }

    /// Which profile a context chooses.
    fn check(context: &str, expect: &str) {
        let (config, defects) = read(&format!("[release_context]\n{context}"));
        assert_eq!(defects, [], "{context}");
        assert_eq!(config.context.choose().0, expect, "{context}");
    }

    #[test]
    fn the_context_chooses_a_profile() {
        check("", "moderate");
        check("risk_tolerance = \"conservative\"", "conservative");
        check("risk_tolerance = \"experimental\"", "aggressive");
        check("risk_tolerance = \"aggressive\"\nuser_base = \"internal\"", "aggressive");
        check("risk_tolerance = \"aggressive\"\nuser_base = \"enterprise\"", "moderate");
        check("risk_tolerance = \"aggressive\"\ndeployment_model = \"edge\"", "moderate");
        check("risk_tolerance = \"aggressive\"\ncompliance = \"regulated\"", "regulated");
        check("risk_tolerance = \"aggressive\"\nsoftware_type = \"mobile app\"", "moderate");
        check("compliance_requirements = \"heavy\"", "regulated");
        check("compliance = \"heavy\"\nprofile = \"aggressive\"", "aggressive");
    }

    #[test]
    fn every_built_in_effect_is_read_and_can_happen() {
        let file = SourceFile::new("built_in.toml", include_str!("built_in.toml"));
        let (root, defects) = crate::source::toml::read(FileId::BUILT_IN, file.text());
        assert_eq!(defects, []);
        let Value::Mapping(pairs) = root.value else { panic!("no table") };
        let mut reader = Reader::new(file.text(), pairs);
        let tables = reader.structures("effects");
        assert_eq!(tables.len(), effects().len());
        for (mut table, span) in tables {
            assert!(Effect::read(&mut table, span).is_some());
            reader.absorb(table, &[EFFECT, CRITERION]);
        }
        assert_eq!(reader.finish(&[], &[], |_| None).defects, []);
        for effect in effects() {
            assert!(effect.criterion.is_some() != (effect.limits != Limits::default()), "{effect:?}");
            for value in &effect.values {
                let (config, defects) =
                    read(&format!("[release_context]\n{} = \"{value}\"", effect.variable));
                assert_eq!(defects, [], "{value}");
                assert!(
                    config.context.effects().iter().any(|(_, own)| std::ptr::eq(*own, effect)),
                    "{value}"
                );
            }
        }
    }

    /// Every variable of the context either chooses the profile or has an effect.
    #[test]
    fn no_variable_is_without_an_effect() {
        let choosing = ["profile", "risk_tolerance", "compliance", "deployment_model", "user_base"];
        for field in CONTEXT.iter().filter(|field| !choosing.contains(&field.name)) {
            assert!(effects().iter().any(|effect| effect.variable == field.name), "{}", field.name);
        }
    }

    fn names(config: &Config, gate: &str) -> Vec<String> {
        let gate = gates::find(&config.gates, gate).expect("the gate");
        gate.criteria.iter().filter(|own| own.context.is_some()).map(|own| own.name.value.clone()).collect()
    }

    #[test]
    fn a_context_adds_criteria_to_gates_that_a_plan_may_remove() {
        let context = "[release_context]\nsoftware_type = \"API\"\nintegration_complexity = \"enterprise\"\nperformance_requirements = \"real-time\"\n";
        let (config, _) = read(context);
        assert_eq!(names(&config, "alpha"), ["Interfaces meet their contracts"]);
        let production = ["Service level objectives are monitored", "A rollback is automatic"];
        assert_eq!(names(&config, "production"), production);
        let (config, defects) =
            read(&format!("{context}[gates.production]\nwithout = [\"A rollback is automatic\"]"));
        assert_eq!(defects, []);
        assert_eq!(names(&config, "production"), production[..1]);
        // Without the context, the criterion is not there to be removed.
        let (_, defects) = read("[gates.production]\nwithout = [\"A rollback is automatic\"]");
        assert_eq!(defects.len(), 1);
    }

    #[test]
    fn a_context_limits_profiles_and_a_plan_may_state_its_own() {
        let of = |toml: &str, name: &str| {
            let (config, defects) = read(toml);
            assert_eq!(defects, []);
            let profile = find(&config.profiles, name).expect("the profile").clone();
            let days = |age: Option<Duration>| age.map(|age| age.millis() / 86_400_000);
            (days(profile.max_age), days(profile.rehearsal_age), profile.own_waivers)
        };
        assert_eq!(of("", "aggressive"), (Some(14), Some(180), true));
        let frequent =
            "[release_context]\nrelease_frequency = \"continuous\"\nteam_structure = \"outsourced\"\n";
        assert_eq!(of(frequent, "aggressive"), (Some(1), Some(180), false));
        assert_eq!(
            of(&format!("{frequent}[profiles.aggressive]\nmax_age = \"3d\""), "aggressive").0,
            Some(3)
        );
        let rare = "[release_context]\nrelease_frequency = \"quarterly\"\ninfrastructure = \"traditional\"\n";
        assert_eq!(of(rare, "moderate").1, Some(30));
        // Nothing is loosened.
        assert_eq!(of("[release_context]\nrelease_frequency = \"weekly\"", "conservative").0, Some(1));
    }
}
