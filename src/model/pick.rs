//! The entries of each typed family, and of each kind of deployment item, sorted by id.

use super::dep::{Criteria, Dep, Detail, Environment, Rollback, Step, Validation};
use super::entry::{Entry, Kind};
use super::epic::Epic;
use super::flag::Flag;
use super::handoff::Handoff;
use super::incident::{Action, Incident};
use super::indicator::{Kpi, Mon};
use super::plan::Plan;
use super::rel::Rel;
use super::risk::Risk;
use super::runbook::Run;
use super::test::Test;

impl<'s> Plan<'s> {
    /// Every deployment item.
    pub fn deps(&self) -> impl Iterator<Item = (&Entry<'s>, &Dep<'s>)> {
        self.of_kind("DEP", |kind| if let Kind::Dep(dep) = kind { Some(&**dep) } else { None })
    }

    /// Every environment.
    pub fn environments(&self) -> impl Iterator<Item = (&Entry<'s>, &Environment<'s>)> {
        self.deps().filter_map(|(entry, dep)| match &dep.detail {
            Detail::Environment(environment) => Some((entry, &**environment)),
            _ => None,
        })
    }

    /// Every criterion.
    pub fn criteria(&self) -> impl Iterator<Item = (&Entry<'s>, &Criteria<'s>)> {
        self.deps().filter_map(|(entry, dep)| match &dep.detail {
            Detail::Criteria(criteria) if dep.is_evident => Some((entry, &**criteria)),
            _ => None,
        })
    }

    /// Every rollback.
    pub fn rollbacks(&self) -> impl Iterator<Item = (&Entry<'s>, &Rollback<'s>)> {
        self.deps().filter_map(|(entry, dep)| match &dep.detail {
            Detail::Rollback(rollback) => Some((entry, &**rollback)),
            _ => None,
        })
    }

    /// Every validation.
    pub fn validations(&self) -> impl Iterator<Item = (&Entry<'s>, &Validation<'s>)> {
        self.deps().filter_map(|(entry, dep)| match &dep.detail {
            Detail::Validation(validation) => Some((entry, &**validation)),
            _ => None,
        })
    }

    /// Every deployment step.
    pub fn steps(&self) -> impl Iterator<Item = (&Entry<'s>, &Step<'s>)> {
        self.deps().filter_map(|(entry, dep)| match &dep.detail {
            Detail::Step(step) => Some((entry, &**step)),
            _ => None,
        })
    }

    /// Every work package.
    pub fn epics(&self) -> impl Iterator<Item = (&Entry<'s>, &Epic<'s>)> {
        self.of_kind("EPIC", |kind| if let Kind::Epic(epic) = kind { Some(&**epic) } else { None })
    }

    /// Every test.
    pub fn tests(&self) -> impl Iterator<Item = (&Entry<'s>, &Test<'s>)> {
        self.of_kind("TEST", |kind| if let Kind::Test(test) = kind { Some(&**test) } else { None })
    }

    /// Every risk.
    pub fn risks(&self) -> impl Iterator<Item = (&Entry<'s>, &Risk<'s>)> {
        self.of_kind("RISK", |kind| if let Kind::Risk(risk) = kind { Some(&**risk) } else { None })
    }

    /// Every release.
    pub fn releases(&self) -> impl Iterator<Item = (&Entry<'s>, &Rel<'s>)> {
        self.of_kind("REL", |kind| if let Kind::Rel(rel) = kind { Some(&**rel) } else { None })
    }

    /// Every monitored metric.
    pub fn monitors(&self) -> impl Iterator<Item = (&Entry<'s>, &Mon<'s>)> {
        self.of_kind("MON", |kind| if let Kind::Mon(mon) = kind { Some(&**mon) } else { None })
    }

    /// Every runbook.
    pub fn runbooks(&self) -> impl Iterator<Item = (&Entry<'s>, &Run<'s>)> {
        self.of_kind("RUN", |kind| if let Kind::Run(run) = kind { Some(&**run) } else { None })
    }

    /// Every key performance indicator.
    pub fn kpis(&self) -> impl Iterator<Item = (&Entry<'s>, &Kpi<'s>)> {
        self.of_kind("KPI", |kind| if let Kind::Kpi(kpi) = kind { Some(&**kpi) } else { None })
    }

    /// Every incident.
    pub fn incidents(&self) -> impl Iterator<Item = (&Entry<'s>, &Incident<'s>)> {
        self.of_kind("INC", |kind| if let Kind::Incident(one) = kind { Some(&**one) } else { None })
    }

    /// Every handoff.
    pub fn handoffs(&self) -> impl Iterator<Item = (&Entry<'s>, &Handoff<'s>)> {
        self.of_kind("HND", |kind| if let Kind::Handoff(one) = kind { Some(&**one) } else { None })
    }

    /// Every feature flag.
    pub fn flags(&self) -> impl Iterator<Item = (&Entry<'s>, &Flag<'s>)> {
        self.of_kind("FLAG", |kind| if let Kind::Flag(one) = kind { Some(&**one) } else { None })
    }

    /// Every action.
    pub fn actions(&self) -> impl Iterator<Item = (&Entry<'s>, &Action<'s>)> {
        self.of_kind("ACT", |kind| if let Kind::Action(one) = kind { Some(&**one) } else { None })
    }
}
