//! A plan against its base: both plans are read, compared, and what asks for less is held against the waivers.

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use super::base::levels_of;
use super::{BaseFiles, JudgementInputs, Project};
use crate::compare::{self, Comparison, Loosening, Side};
use crate::config::profiles;
use crate::evidence::Evidence;
use crate::finding::Finding;
use crate::graph::{Graph, Selection};
use crate::model::{Plan, WaiverRecord, same_folded};
use crate::rules::{self, Compared, GUARDED, Levels, Subject, loosened_in_words};
use crate::source::Span;
use crate::verdict::{Basis, Judge};
use crate::views::base::{BaseView, LoosenedView};

/// The plan of the base.
#[derive(Debug)]
pub struct BasePlan<'p> {
    /// Its files.
    pub files: &'p BaseFiles,
    /// Its entries.
    pub plan: Plan<'p>,
    /// Their links.
    pub graph: Graph,
}

/// What came of a comparison.
#[derive(Debug)]
pub struct BaseComparison<'p> {
    /// The files of the base.
    pub files: &'p BaseFiles,
    /// What differs.
    pub comparison: Comparison,
    /// For each loosening by whose word it may stay, if by anybody's.
    pub waived: Vec<Option<String>>,
    /// Waivers of loosenings that do not count, each with the reason.
    pub refused: Vec<String>,
}

impl Project {
    /// Reads the plan of the base, if the plan is compared with one.
    pub fn base_plan(&self) -> Option<BasePlan<'_>> {
        let files = self.base.as_ref()?;
        let plan = self.plan_of_base(files);
        let graph = self.graph_of_base(files, &plan);
        Some(BasePlan { files, plan, graph })
    }
}

impl<'p> BasePlan<'p> {
    /// Compares a plan with that of the base. `profile` is the one that is named on the command line.
    pub fn compare<'a>(
        &'a self,
        project: &'a Project,
        (plan, graph): (&'a Plan<'a>, &'a Graph),
        inputs: &'a JudgementInputs<'a>,
        profile: Option<&str>,
        today: NaiveDate,
    ) -> BaseComparison<'p> {
        let levels = [levels_of(&self.files.config), levels_of(&project.config)];
        let before = Side {
            sources: &project.sources,
            files: &self.files.plan_files,
            plan: &self.plan,
            graph: &self.graph,
            settings: self.files.settings,
            config: &self.files.config,
            levels: &levels[0],
        };
        let after = Side {
            sources: &project.sources,
            files: &project.plan_files,
            plan,
            graph,
            settings: project.settings(),
            config: &project.config,
            levels: &levels[1],
        };
        let comparison = match self.files.is_empty() {
            // Where there was no plan, nothing was asked for.
            true => Comparison { added: added(plan), ..Comparison::default() },
            false => compare::compare(before, after, profile),
        };
        let mut comparison = comparison;
        comparison.loosened.extend(self.files.others.iter().cloned());
        let mut refused = Vec::new();
        let judge = self.judge(project, (plan, graph), inputs, profile, today);
        let waived = comparison.loosened.iter();
        let waived = waived.map(|loosened| self.waived(&judge, plan, loosened, &mut refused)).collect();
        BaseComparison { files: self.files, comparison, waived, refused }
    }

    /// The places of secrets in the base, which no output may show either.
    pub fn secrets(&self, project: &Project, today: NaiveDate) -> Vec<Span> {
        let (config, plan, evidence) = (&self.files.config, &self.plan, Evidence::default());
        rules::secrets(&Subject::new(&project.sources, config, plan, &self.graph, &evidence, today))
    }

    /// What the rules find in the plan of the base, with the evidence of today.
    pub fn findings(
        &self,
        project: &Project,
        evidence: &Evidence<'_>,
        levels: &Levels,
        today: NaiveDate,
    ) -> Vec<Finding> {
        let (config, plan) = (&self.files.config, &self.plan);
        let subject = Subject::new(&project.sources, config, plan, &self.graph, evidence, today);
        rules::run(&subject, levels).findings
    }

    /// Judges the waivers of the plan by the people and the profile of the base: nobody grants himself the right to
    /// waive in the change that needs it.
    fn judge<'a>(
        &'a self,
        project: &'a Project,
        (plan, graph): (&'a Plan<'a>, &'a Graph),
        inputs: &'a JudgementInputs<'a>,
        profile: Option<&str>,
        today: NaiveDate,
    ) -> Judge<'a> {
        let config = &self.files.config;
        let name = profile.unwrap_or_else(|| config.context.choose().0);
        let profile = profiles::find(&config.profiles, name).unwrap_or(inputs.profile);
        let basis = Basis { config, profile, ..inputs.basis(project, plan, graph) };
        Judge::new(basis, Selection::everything(), today)
    }

    fn waived(
        &self,
        judge: &Judge<'_>,
        plan: &Plan<'_>,
        loosened: &Loosening,
        refused: &mut Vec<String>,
    ) -> Option<String> {
        let records = plan.waivers.iter().filter(|record| names(record, loosened));
        for record in records {
            match self.holds(judge, record, loosened) {
                Ok(words) => return Some(words),
                Err(why) => refused.push(format!("invalid waiver of `loosened:{}`: {why}", loosened.subject)),
            }
        }
        None
    }

    fn holds(
        &self,
        judge: &Judge<'_>,
        record: &WaiverRecord<'_>,
        loosened: &Loosening,
    ) -> Result<String, String> {
        let base = &self.files.base.label;
        if self.files.config.roster.is_none() {
            return Err(format!("`{base}` has no `[roles]`, so no role can be confirmed"));
        }
        if record.role.as_ref().is_none_or(|role| role.value.trim().is_empty()) {
            return Err("`role` is missing".to_owned());
        }
        judge.waives(record, loosened.entry()).map_err(|why| format!("{why} (by the roster of `{base}`)"))
    }
}

impl BaseComparison<'_> {
    /// What reports show of it.
    pub fn view(&self, project: &Project) -> BaseView {
        let ids = |ids: &[crate::model::Id]| ids.iter().map(ToString::to_string).collect();
        let place = |span: Option<Span>| {
            let span = span?;
            let line = project.sources.start(span).line;
            Some(format!("{}:{line}", project.sources.file(span.file).name()))
        };
        let loosened = self.comparison.loosened.iter().zip(&self.waived);
        let loosened = loosened.map(|(loosened, waived)| LoosenedView {
            name: loosened.subject.clone(),
            message: loosened_in_words(loosened),
            place: place(loosened.place),
            base: place(loosened.base),
            waived: waived.clone(),
        });
        BaseView {
            revision: self.files.base.revision.clone(),
            commit: self.files.base.commit.clone(),
            had_plan: !self.files.is_empty(),
            added: ids(&self.comparison.added),
            removed: ids(&self.comparison.removed),
            renamed: self
                .comparison
                .renamed
                .iter()
                .map(|(was, is)| format!("{is} (formerly {was})"))
                .collect(),
            changed: ids(&self.comparison.changed),
            loosened: loosened.collect(),
            refused_waivers: self.refused.clone(),
        }
    }

    /// What rules look at of it.
    pub fn compared(&self) -> Compared<'_> {
        Compared { comparison: &self.comparison, waived: &self.waived, base: &self.files.base.label }
    }
}

/// Leaves the findings that the base does not have, in whatever file or line, and those that compare with it.
pub fn only_new(findings: &mut Vec<Finding>, of_base: Vec<Finding>) {
    let mut known: FxHashMap<(&'static str, String), usize> = FxHashMap::default();
    for finding in of_base {
        *known.entry((finding.code, finding.message)).or_default() += 1;
    }
    findings.retain(|finding| {
        let left = known.get_mut(&(finding.code, finding.message.clone())).filter(|left| **left > 0);
        match left {
            Some(left) if !GUARDED.contains(&finding.name) => {
                *left -= 1;
                false
            }
            _ => true,
        }
    });
}

/// Whether a waiver is about a loosening.
fn names(record: &WaiverRecord<'_>, loosened: &Loosening) -> bool {
    let check = record.check.as_ref().map(|check| check.value.trim()).unwrap_or_default();
    check.strip_prefix(compare::OF_LOOSENING).is_some_and(|name| same_folded(name.trim(), &loosened.subject))
}

fn added(plan: &Plan<'_>) -> Vec<crate::model::Id> {
    let mut ids: Vec<_> = plan.entries().iter().map(|entry| entry.id.value).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
