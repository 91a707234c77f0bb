//! A plan against its base: both plans are read, compared, and what asks for less is held against the waivers.

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use super::base::levels_of;
use super::git::Base;
use super::{BaseFiles, JudgementInputs, Project};
use crate::compare::{self, Comparison, FieldChange, Loosening, Side};
use crate::config::profiles;
use crate::evidence::Evidence;
use crate::evidence::matching::TestMatches;
use crate::finding::{Denominator, Finding};
use crate::graph::{Graph, Selection};
use crate::model::{Id, Plan, WaiverRecord, same_folded};
use crate::rules::{self, Compared, GUARDED, Levels, Subject, loosened_in_words};
use crate::source::Span;
use crate::verdict::gates::Soundness;
use crate::verdict::{Basis, Facts, Judge};
use crate::views::base::{BaseView, LoosenedView, SinceView};
use crate::views::diff::{ChangedEntry, ChangedField, EntryChanges, ListedEntry, RenamedEntry};
use crate::views::go_no_go::{GoNoGo, Question, go_no_go};

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

    /// Leaves the findings that the base does not have; how many it has is said. The plan of the base is only looked at if
    /// there is anything to compare.
    pub fn since(
        &self,
        evidence: &Evidence<'_>,
        findings: &mut Vec<Finding>,
        levels: &Levels,
        today: NaiveDate,
    ) -> Option<SinceView> {
        let Base { revision, commit, .. } = self.base.as_ref()?.base.clone();
        let known = match findings.is_empty() {
            true => 0,
            false => self.base_plan()?.only_new(self, evidence, findings, levels, today),
        };
        Some(SinceView { revision, commit, known })
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

    /// Whether there is a release of this name in the base, or anything to decide on if none is named.
    pub fn has_release(&self, name: Option<&str>) -> bool {
        !self.plan.entries().is_empty() && Selection::of_one(&self.plan, &self.graph, name).is_ok()
    }

    /// How a release stands by the plan and the configuration of the base, with the evidence of today.
    pub fn judged(
        &self,
        project: &Project,
        inputs: &JudgementInputs<'_>,
        (release, profile): (Option<&str>, Option<&str>),
        (soundness_of, denominator): (&[Finding], &Denominator),
        today: NaiveDate,
    ) -> Option<GoNoGo> {
        let config = &self.files.config;
        let selection = Selection::of_one(&self.plan, &self.graph, release).ok()?;
        let (name, because) = match profile {
            Some(name) => (name, String::new()),
            None => config.context.choose(),
        };
        let profile = profiles::find(&config.profiles, name)?;
        let matches = TestMatches::new(&self.plan, &inputs.evidence);
        let basis = inputs.basis(project, &self.plan, &self.graph);
        let facts = Facts { matches: &matches, ..basis.facts };
        let basis = Basis { config, profile, facts, ..basis };
        let soundness = Soundness::new(&self.plan, &project.sources, &selection, soundness_of);
        let question = Question {
            selection: &selection,
            today,
            because: &because,
            soundness: &soundness,
            denominator,
            past: &[],
            latest: None,
            base: None,
        };
        Some(go_no_go(basis, &question))
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

    /// Of these findings, those that the base does not have; how many it has is said.
    pub fn only_new(
        &self,
        project: &Project,
        evidence: &Evidence<'_>,
        findings: &mut Vec<Finding>,
        levels: &Levels,
        today: NaiveDate,
    ) -> usize {
        let (config, plan, all) = (&self.files.config, &self.plan, findings.len());
        let subject = Subject::new(&project.sources, config, plan, &self.graph, evidence, today);
        let names = findings.iter().map(|finding| finding.name).collect();
        only_new(findings, rules::run_named(&subject, levels, &names));
        all - findings.len()
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
        let ids = |ids: &[Id]| ids.iter().map(ToString::to_string).collect();
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

    /// The entries that differ, with their places.
    pub fn entries(&self, project: &Project, base: &Plan<'_>, plan: &Plan<'_>) -> EntryChanges {
        let place = |span: Span| {
            format!("{}:{}", project.sources.file(span.file).name(), project.sources.start(span).line)
        };
        let listed = |plan: &Plan<'_>, id: Id| {
            let entry = plan.find(id).map(|index| plan.entry(index));
            ListedEntry {
                id: id.to_string(),
                title: entry.map(|entry| entry.title().to_owned()).unwrap_or_default(),
                place: entry.map(|entry| place(entry.id.span)),
            }
        };
        let Comparison { added, removed, fields, renamed, alike, loosened, .. } = &self.comparison;
        let renamed: Vec<(Id, Id)> = renamed.iter().chain(alike).copied().collect();
        let is_from = |id: &&Id| renamed.iter().any(|(from, _)| from == *id);
        let is_to = |id: &&Id| renamed.iter().any(|(_, to)| to == *id);
        let field = |id: Id, change: &FieldChange| {
            let subject = format!("{id}.{}", change.field);
            ChangedField {
                field: change.field.clone(),
                before: change.before.clone(),
                after: change.after.clone(),
                loosened: loosened.iter().any(|loosening| loosening.subject == subject),
            }
        };
        EntryChanges {
            added: added.iter().filter(|id| !is_to(id)).map(|id| listed(plan, *id)).collect(),
            removed: removed.iter().filter(|id| !is_from(id)).map(|id| listed(base, *id)).collect(),
            renamed: renamed
                .iter()
                .map(|(from, to)| RenamedEntry { from: from.to_string(), entry: listed(plan, *to) })
                .collect(),
            changed: fields
                .iter()
                .filter(|(_, fields)| !fields.is_empty())
                .map(|(id, fields)| ChangedEntry {
                    entry: listed(plan, *id),
                    fields: fields.iter().map(|change| field(*id, change)).collect(),
                })
                .collect(),
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

fn added(plan: &Plan<'_>) -> Vec<Id> {
    let mut ids: Vec<_> = plan.entries().iter().map(|entry| entry.id.value).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
