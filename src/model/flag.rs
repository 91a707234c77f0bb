//! Feature flags (`FLAG-`).

use std::ops::Range;

use chrono::NaiveDate;

use super::dep::Rollback;
use super::entry::{Entry, Kind, Target, choice_of};
use super::field::{Field, Shape};
use super::id::{self, Id};
use super::incident::links_at;
use super::order::Order;
use super::plan::{EntryIndex, Plan};
use super::reader::Reader;
use super::value::{Percentage, Text, choice};
use crate::source::{Span, Spanned};

choice! {
    /// The purpose of a feature flag, which decides how long it may live.
    FlagCategory {
        /// Hides what is not released yet; removed when everyone has it.
        Release = "release",
        /// Changes how the system runs; may stay.
        Operational = "operational" | "ops",
        /// Compares variants; removed when the experiment is over.
        Experiment = "experiment" | "a/b test",
        /// Turns off a part that harms the rest; may stay.
        CircuitBreaker = "circuit breaker",
    }
}

choice! {
    /// How far a feature flag is.
    FlagStatus {
        /// Not in the code yet.
        Planned = "planned",
        /// In the code.
        Active = "active",
        /// No longer in the code.
        Removed = "removed" | "retired",
    }
}

/// A feature flag.
#[derive(Debug)]
pub struct Flag<'s> {
    /// Its name in the code.
    pub key: Option<Text<'s>>,
    /// Its purpose.
    pub category: Option<Spanned<FlagCategory>>,
    /// How far it is.
    pub status: Option<Spanned<FlagStatus>>,
    /// The variants that it states, each with its value; `on` and `off` if it states none.
    pub stated_variants: Vec<(Text<'s>, Text<'s>)>,
    /// The variant for everyone whom no rule targets.
    pub default: Option<Text<'s>>,
    /// The variant that turns the functionality off.
    pub kill_switch: Option<Text<'s>>,
    /// Who gets another variant: the first rule that matches decides.
    pub targeting: Vec<TargetingRule<'s>>,
    /// The day on which it is to be gone.
    pub expires: Option<Spanned<NaiveDate>>,
    /// The ticket for its removal.
    pub removal_ticket: Option<Text<'s>>,
}

/// A rule that gives a variant to some users.
#[derive(Debug)]
pub struct TargetingRule<'s> {
    /// Where it is written.
    pub span: Span,
    /// The users, in words.
    pub audience: Option<Text<'s>>,
    /// What is known of a user.
    pub attribute: Option<Text<'s>>,
    /// The values of the attribute that match.
    pub values: Vec<Text<'s>>,
    /// The share of the matching users; the others get the default.
    pub percentage: Option<Spanned<Percentage>>,
    /// The variant that they get.
    pub serve: Option<Text<'s>>,
}

/// Why a flag has no kill switch that works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KillSwitchFlaw {
    /// The flag is no longer in the code.
    Removed,
    /// Nobody knows its name in the code.
    NoKey,
    /// No variant turns the functionality off.
    NoKillSwitch,
    /// The variant that does is none of its variants.
    UnknownVariant,
}

impl KillSwitchFlaw {
    /// What is wrong, to follow the id of the flag.
    pub fn reason(self) -> &'static str {
        match self {
            KillSwitchFlaw::Removed => "is removed",
            KillSwitchFlaw::NoKey => "has no key",
            KillSwitchFlaw::NoKillSwitch => "has no kill switch",
            KillSwitchFlaw::UnknownVariant => "has a kill switch that is none of its variants",
        }
    }

    /// What to do about it.
    pub fn help(self, flag: Id) -> String {
        match self {
            KillSwitchFlaw::Removed => format!("remove {flag} from `flags` of the rollback"),
            KillSwitchFlaw::NoKey => format!("add `key` to {flag}"),
            KillSwitchFlaw::NoKillSwitch => {
                format!("add `kill_switch: off`, or the variant that turns it off, to {flag}")
            }
            KillSwitchFlaw::UnknownVariant => format!("name one of its variants as `kill_switch` of {flag}"),
        }
    }
}

/// The variants of a flag that states none.
const ON_AND_OFF: [(&str, &str); 2] = [("on", "true"), ("off", "false")];

impl<'s> Flag<'s> {
    /// The fields of a feature flag.
    pub const FIELDS: &'static [Field] = &[
        Field::new("key", Shape::Text, "Key of the flag in the code.").asks(Order::Nothing),
        Field::new("category", choice_of::<FlagCategory>(), "Category.").asks(Order::Nothing),
        Field::new("status", choice_of::<FlagStatus>(), "Status.").absent("active").progress(),
        Field::new(
            "variants",
            Shape::Free,
            "Variants and their values; `on` and `off` with true and false by default.",
        )
        .asks(Order::Nothing),
        Field::new("default", Shape::Text, "Variant for everyone whom no rule targets.").asks(Order::Exact),
        Field::new("kill_switch", Shape::Text, "Variant that turns the functionality off.")
            .asks(Order::Presence),
        Field::new(
            "targeting",
            Shape::Structure(TargetingRule::FIELDS),
            "Targeting rules; the first that matches decides.",
        )
        .asks(Order::Nothing),
        Field::new("expires", Shape::Date, "Expiry date: the flag is removed by then.")
            .or(&["expiry"])
            .asks(Order::Presence),
        Field::new("removal_ticket", Shape::Text, "Ticket for the removal of the flag.")
            .asks(Order::Presence),
    ];

    pub(super) fn read(fields: &mut Reader<'s>) -> Self {
        fields.accept_aliases(Self::FIELDS);
        Flag {
            key: fields.figure("key"),
            category: fields.choice("category"),
            status: fields.choice("status"),
            stated_variants: fields.settings("variants"),
            // `on` and `off` are names here, whatever YAML 1.1 makes of them.
            default: fields.figure("default"),
            kill_switch: fields.figure("kill_switch"),
            targeting: TargetingRule::read_all(fields),
            expires: fields.date("expires"),
            removal_ticket: fields.figure("removal_ticket"),
        }
    }

    /// Its status: as stated, or active.
    pub fn state(&self) -> FlagStatus {
        self.status.map_or(FlagStatus::Active, |status| status.value)
    }

    /// Whether it is no longer in the code.
    pub fn is_removed(&self) -> bool {
        self.state() == FlagStatus::Removed
    }

    /// Whether its purpose comes to an end, so that it must be removed.
    pub fn is_temporary(&self) -> bool {
        matches!(
            self.category.map(|category| category.value),
            Some(FlagCategory::Release | FlagCategory::Experiment)
        )
    }

    /// Its variants, each with its value.
    pub fn variants(&self) -> Vec<(&str, &str)> {
        match self.stated_variants.as_slice() {
            [] => ON_AND_OFF.to_vec(),
            stated => stated.iter().map(|(name, value)| (name.value.trim(), value.value.trim())).collect(),
        }
    }

    /// Whether it has a variant of this name.
    pub fn has_variant(&self, name: &str) -> bool {
        self.variants().iter().any(|(known, _)| *known == name.trim())
    }

    /// What to do to turn the functionality off: the key and the variant to serve to everyone.
    pub fn kill_switch(&self) -> Result<(&str, &str), KillSwitchFlaw> {
        if self.is_removed() {
            return Err(KillSwitchFlaw::Removed);
        }
        let key = self.key().ok_or(KillSwitchFlaw::NoKey)?;
        let variant = self.kill_switch.as_ref().ok_or(KillSwitchFlaw::NoKillSwitch)?.value.trim();
        if self.has_variant(variant) { Ok((key, variant)) } else { Err(KillSwitchFlaw::UnknownVariant) }
    }

    /// Its key, as the code has it.
    pub fn key(&self) -> Option<&str> {
        self.key.as_ref().map(|key| key.value.trim())
    }
}

impl TargetingRule<'_> {
    /// The fields of a targeting rule.
    pub const FIELDS: &'static [Field] = &[
        Field::new("audience", Shape::Text, "Audience in words."),
        Field::new("attribute", Shape::Text, "Attribute of the user: `plan`, `region`."),
        Field::new("in", Shape::List, "Values of the attribute that match."),
        Field::new(
            "percentage",
            Shape::Percentage,
            "Share of the matching users; the others get the default.",
        ),
        Field::new("serve", Shape::Text, "Variant that they get."),
    ];

    fn read_all<'s>(fields: &mut Reader<'s>) -> Vec<TargetingRule<'s>> {
        let mut rules = Vec::new();
        for (mut inner, span) in fields.structures("targeting") {
            rules.push(TargetingRule {
                span,
                audience: inner.text("audience"),
                attribute: inner.figure("attribute"),
                values: inner.list("in"),
                percentage: inner.percentage("percentage"),
                serve: inner.figure("serve"),
            });
            fields.absorb(inner, &[Self::FIELDS]);
        }
        rules
    }
}

/// The flags that a rollback switches, in its order, as far as the plan has them.
pub fn flags_of<'p, 's>(
    plan: &'p Plan<'s>,
    entry: &Entry<'_>,
    rollback: &Rollback<'_>,
) -> Vec<(EntryIndex, &'p Entry<'s>, &'p Flag<'s>)> {
    let mut found: Vec<(EntryIndex, &'p Entry<'s>, &'p Flag<'s>)> = Vec::new();
    for index in switched(plan, entry, &rollback.flags) {
        let flag = plan.entry(index);
        if let Kind::Flag(kind) = &flag.kind
            && !found.iter().any(|(known, ..)| *known == index)
        {
            found.push((index, flag, kind));
        }
    }
    found
}

/// The entries that links at these positions name. A range is its two ends and all between them.
fn switched(plan: &Plan<'_>, entry: &Entry<'_>, places: &Range<usize>) -> Vec<EntryIndex> {
    let mut all = Vec::new();
    for link in links_at(entry, places) {
        match &link.target {
            Target::One(id) => all.extend(plan.find(*id)),
            Target::Range(ends) => {
                let (first, last) = (ends.0.value, ends.1.value);
                let within = plan.indexed().filter(|(_, entry)| {
                    let id = entry.id.value;
                    id.prefix == first.prefix && (first.number..=last.number).contains(&id.number)
                });
                let mut within: Vec<EntryIndex> = within.map(|(index, _)| index).collect();
                within.sort_by_key(|index| plan.entry(*index).id.value);
                all.extend(within);
            }
        }
    }
    all
}

/// What a rollback names as a flag and is none, or is not there.
pub fn not_flags(plan: &Plan<'_>, entry: &Entry<'_>, rollback: &Rollback<'_>) -> Vec<Spanned<Id>> {
    let links = links_at(entry, &rollback.flags).iter();
    let named = links.flat_map(|link| link.target.ends().map(|id| Spanned::new(id, link.span)));
    let is_flag = |id: Id| plan.find(id).is_some_and(|index| matches!(plan.entry(index).kind, Kind::Flag(_)));
    named.filter(|id| !is_flag(id.value)).collect()
}

/// The flag that a release names by its key or its id, with or without a remark: `checkout-v2 (release flag)`.
pub fn named<'p, 's>(plan: &'p Plan<'s>, text: &str) -> Option<(&'p Entry<'s>, &'p Flag<'s>)> {
    let name = text.split(" (").next().unwrap_or(text).trim();
    let by_id = id::parse(name).ok().and_then(|id| plan.find(id)).map(|index| plan.entry(index).id.value);
    plan.flags().find(|(entry, flag)| Some(entry.id.value) == by_id || flag.key() == Some(name))
}
