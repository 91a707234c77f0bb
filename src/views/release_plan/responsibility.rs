//! Who does what: the team as the release states it, and the RACI table that follows from the entries.
//!
//! Nobody keeps a RACI table up to date, so it is not asked for: owners are responsible, whoever decides is
//! accountable, whoever must approve or is asked in trouble is consulted, and whoever is told is informed.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use schemars::JsonSchema;
use serde::Serialize;

use super::{selected, stated};
use crate::graph::Selection;
use crate::model::dep::{Detail, Stage};
use crate::model::rel::Rel;
use crate::model::{Entry, EntryIndex, Kind, Plan, Text};

/// A role and who fills it.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Member {
    /// The role.
    pub role: String,
    /// Who fills it.
    pub who: String,
}

/// Who has to do with an activity, and how.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Responsibility {
    /// What is done.
    pub activity: &'static str,
    /// Who does it.
    pub responsible: Vec<String>,
    /// Who answers for it, or decides.
    pub accountable: Vec<String>,
    /// Who is asked.
    pub consulted: Vec<String>,
    /// Who is told.
    pub informed: Vec<String>,
}

/// The team that a release states.
pub(super) fn team(rel: &Rel<'_>) -> Vec<Member> {
    let member = |(role, who): &(Text<'_>, Text<'_>)| Member {
        role: role.value.trim().to_owned(),
        who: who.value.trim().to_owned(),
    };
    rel.team.iter().map(member).collect()
}

/// Who has to do with what. What nobody has to do with is left out.
pub(super) fn responsibilities(
    plan: &Plan<'_>,
    selection: &Selection,
    release: Option<(EntryIndex, &Rel<'_>)>,
) -> Vec<Responsibility> {
    let names = names(plan, release.map(|(_, rel)| rel));
    let mut table = Table::new(names, release.and_then(|(index, _)| stated(&plan.entry(index).owner)));
    for (_, entry) in plan.indexed().filter(|(_, entry)| selected(plan, selection, entry)) {
        table.take(entry);
    }
    if let Some((_, rel)) = release {
        let roles = rel.approvals.iter().filter_map(|approval| stated(&approval.role));
        table.go.consulted.extend(roles);
        let audiences = rel.communications.iter().filter_map(|said| stated(&said.audience));
        audiences.for_each(|audience| table.tell.informed.push(audience));
    }
    table.rows()
}

/// Whom the plan knows by name: the roles of the team, and whoever owns an entry.
fn names(plan: &Plan<'_>, rel: Option<&Rel<'_>>) -> BTreeSet<String> {
    let roles = rel.into_iter().flat_map(team).map(|member| member.role);
    let owners = plan.entries().iter().filter_map(|entry| stated(&entry.owner));
    roles.chain(owners).filter(|name| !name.is_empty()).collect()
}

/// The activities of a release.
struct Table {
    /// Whom the plan knows by name, in order.
    names: Vec<String>,
    /// Finds the names in a text; made for the first text.
    search: OnceCell<Option<AhoCorasick>>,
    build: Responsibility,
    test: Responsibility,
    go: Responsibility,
    deploy: Responsibility,
    validate: Responsibility,
    back: Responsibility,
    risks: Responsibility,
    tell: Responsibility,
}

impl Table {
    /// A table in which nobody has to do with anything yet, but whoever owns the release.
    fn new(names: BTreeSet<String>, owner: Option<String>) -> Self {
        let row = |activity| Responsibility {
            activity,
            responsible: Vec::new(),
            accountable: owner.clone().into_iter().collect(),
            consulted: Vec::new(),
            informed: Vec::new(),
        };
        Table {
            names: names.into_iter().collect(),
            search: OnceCell::new(),
            build: row("Build the scope"),
            test: row("Test"),
            go: row("Meet the criteria and decide go/no-go"),
            deploy: row("Deploy"),
            validate: row("Validate after the deployment"),
            // Each rollback names who decides, and it need not be the owner of the release.
            back: Responsibility { accountable: Vec::new(), ..row("Decide on and carry out a rollback") },
            risks: row("Treat risks"),
            tell: Responsibility { responsible: owner.clone().into_iter().collect(), ..row("Communicate") },
        }
    }

    fn take(&mut self, entry: &Entry<'_>) {
        let owner = stated(&entry.owner);
        match &entry.kind {
            Kind::Epic(_) => self.build.responsible.extend(owner),
            Kind::Test(_) => self.test.responsible.extend(owner),
            Kind::Risk(_) => self.risks.responsible.extend(owner),
            Kind::Dep(dep) => match &dep.detail {
                Detail::Criteria(_) => self.go.responsible.extend(owner),
                // Steps of stage Rollback are what is done to go back.
                Detail::Step(_) if dep.stage.is_some_and(|stage| stage.value == Stage::Rollback) => {
                    self.back.responsible.extend(owner);
                }
                Detail::Step(_) => self.deploy.responsible.extend(owner),
                Detail::Validation(validation) => {
                    self.validate.responsible.extend(owner);
                    let asked = self.named(validation.escalation.as_ref());
                    self.validate.consulted.extend(asked);
                }
                Detail::Rollback(rollback) => {
                    self.back.responsible.extend(owner);
                    let decides = self.named(rollback.authority.as_ref());
                    self.back.accountable.extend(decides);
                    let told = self.named(&rollback.notification);
                    self.back.informed.extend(told);
                }
                _ => {}
            },
            _ => {}
        }
    }

    /// Those of the names that occur in prose: fields that say who is asked say when and why, too. All names are looked
    /// for in one pass, because a plan has as many owners as texts.
    fn named<'t>(&self, texts: impl IntoIterator<Item = &'t Text<'t>>) -> Vec<String> {
        let mut found = Vec::new();
        for text in texts {
            let search = self.search.get_or_init(|| AhoCorasick::new(&self.names).ok());
            let text = &*text.value;
            match search {
                Some(search) => found.extend(
                    search
                        .find_overlapping_iter(text)
                        .filter_map(|hit| self.names.get(hit.pattern().as_usize())),
                ),
                None => found.extend(self.names.iter().filter(|name| text.contains(name.as_str()))),
            }
        }
        found.into_iter().cloned().collect()
    }

    fn rows(self) -> Vec<Responsibility> {
        let Table { names: _, search: _, build, test, go, deploy, validate, back, risks, tell } = self;
        let all = [build, test, go, deploy, validate, back, risks, tell];
        let known = all.into_iter().filter(|row| !row.responsible.is_empty());
        known.map(Responsibility::once).collect()
    }
}

impl Responsibility {
    /// Everybody once, in the order of their names.
    fn once(mut self) -> Self {
        let all = [&mut self.responsible, &mut self.accountable, &mut self.consulted, &mut self.informed];
        for names in all {
            names.sort();
            names.dedup();
        }
        self
    }
}
