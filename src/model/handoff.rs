//! Handoffs of a release to those who live with it (`HND-`): operations, support, product.

use super::Choice;
use super::field::{Field, Shape};
use super::order::Order;
use super::reader::Reader;
use super::value::{Text, same_folded};

super::value::choice! {
    /// What a receiver of a release needs, by the field that states it.
    Need {
        /// How it is deployed.
        Deployment = "deployment",
        /// What is configured.
        Configuration = "configuration_changes",
        /// How it is taken back.
        Rollback = "rollback",
        /// What to do when something happens.
        Runbooks = "runbooks",
        /// What tells that something happens.
        Alerts = "alerts",
        /// Where to look.
        Dashboards = "dashboards",
        /// Whom to call.
        Escalation = "escalation",
        /// What is known to be wrong.
        KnownIssues = "known_issues",
        /// Who has learned what.
        Training = "training",
        /// What the release brings.
        ReleaseInformation = "release_information",
        /// What it must achieve.
        Targets = "targets",
    }
}

/// A handoff.
#[derive(Debug)]
pub struct Handoff<'s> {
    /// Who receives the release: Operations, Support, Product, or others.
    pub receiver: Option<Text<'s>>,
    /// The role that accepts it.
    pub role: Option<Text<'s>>,
    /// What is stated of each need, in the order of [`Need`].
    stated: Vec<(Need, Vec<Text<'s>>)>,
}

impl Need {
    /// Whether entries or fields of a plan can supply it without the handoff.
    pub const fn is_in_plans(self) -> bool {
        !matches!(self, Need::Dashboards)
    }

    /// As people call it.
    pub const fn title(self) -> &'static str {
        match self {
            Need::Deployment => "Deployment instructions",
            Need::Configuration => "Configuration changes",
            Need::Rollback => "Rollback procedures",
            Need::Runbooks => "Runbooks",
            Need::Alerts => "Alerts",
            Need::Dashboards => "Dashboards",
            Need::Escalation => "Escalation",
            Need::KnownIssues => "Known issues",
            Need::Training => "Training",
            Need::ReleaseInformation => "Release information",
            Need::Targets => "Success criteria",
        }
    }

    /// What a receiver needs. One that is none of the three needs to know what is wrong and whom to call.
    pub fn of(receiver: &str) -> &'static [Need] {
        let is = |name: &str| same_folded(receiver.trim(), name);
        if is("Operations") {
            &[
                Need::Deployment,
                Need::Configuration,
                Need::Rollback,
                Need::Runbooks,
                Need::Alerts,
                Need::Dashboards,
                Need::Escalation,
                Need::KnownIssues,
            ]
        } else if is("Support") {
            &[Need::ReleaseInformation, Need::KnownIssues, Need::Escalation, Need::Training]
        } else if is("Product") {
            &[Need::ReleaseInformation, Need::KnownIssues, Need::Targets, Need::Dashboards]
        } else {
            &[Need::KnownIssues, Need::Escalation]
        }
    }
}

impl<'s> Handoff<'s> {
    /// The fields of a handoff.
    pub const FIELDS: &'static [Field] = &[
        Field::new("receiver", Shape::Text, "Receiver: Operations, Support, Product, or another.")
            .asks(Order::Exact),
        Field::new("role", Shape::Text, "Role that accepts the handoff.").asks(Order::Exact),
        Field::new(
            "deployment",
            Shape::List,
            "Deployment instructions, or `none`; the DEP steps by default.",
        )
        .asks(Order::Count),
        Field::new(
            "configuration_changes",
            Shape::List,
            "Configuration changes, or `none`; the `configuration` of the environments by default.",
        )
        .asks(Order::Count),
        Field::new("rollback", Shape::List, "Rollback procedures, or `none`; the DEP rollbacks by default.")
            .asks(Order::Count),
        Field::new("runbooks", Shape::List, "Runbooks, or `none`; the RUN entries by default.")
            .asks(Order::Count),
        Field::new("alerts", Shape::List, "Alerts, or `none`; the MON entries by default.")
            .asks(Order::Count),
        Field::new("dashboards", Shape::List, "Dashboards, or `none`.").asks(Order::Count),
        Field::new(
            "escalation",
            Shape::List,
            "Escalation, or `none`; that of the rollbacks and validations by default.",
        )
        .asks(Order::Count),
        Field::new("known_issues", Shape::List, "Known issues, or `none`; those of the release by default.")
            .asks(Order::Count),
        Field::new("training", Shape::List, "Training, or `none`; that of the release by default.")
            .asks(Order::Count),
        Field::new(
            "release_information",
            Shape::List,
            "Release information, or `none`; the release notes by default.",
        )
        .asks(Order::Count),
        Field::new("targets", Shape::List, "Success criteria, or `none`; objectives and KPIs by default.")
            .asks(Order::Count),
    ];

    pub(super) fn read(fields: &mut Reader<'s>) -> Self {
        Handoff {
            receiver: fields.text("receiver"),
            role: fields.text("role"),
            stated: Need::WORDS.iter().map(|(field, need)| (*need, fields.list(field))).collect(),
        }
    }

    /// What the entry states of a need.
    pub fn stated(&self, need: Need) -> &[Text<'s>] {
        self.stated.iter().find(|(own, _)| *own == need).map_or(&[], |(_, texts)| texts)
    }

    /// What the receiver needs.
    pub fn needs(&self) -> &'static [Need] {
        self.receiver.as_ref().map_or(&[], |receiver| Need::of(&receiver.value))
    }
}
