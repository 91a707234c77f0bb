//! The documents: those about each release, and those about the whole plan.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::{Site, SiteInputs, families, findings, paths};
use crate::config::gates;
use crate::forecast::simulation::Trials;
use crate::graph::Selection;
use crate::model::{Id, Prefix};
use crate::report::{self, Line, Report};
use crate::schedule::Change;
use crate::verdict::follow_up::follow_ups;
use crate::verdict::gates::Soundness;
use crate::verdict::log::Record;
use crate::views::audit::{AuditRequest, AuditView, audit, chosen_frameworks};
use crate::views::calendar::{Range, calendar};
use crate::views::forecast::{self, Forecast, forecast};
use crate::views::freeze::{FreezeQuestion, freeze};
use crate::views::go_no_go::{GoNoGo, Question, go_no_go, one_gate};
use crate::views::handoffs::handoffs;
use crate::views::health::{HealthInputs, health};
use crate::views::incidents::ActionLinks;
use crate::views::matrix::{self, matrix};
use crate::views::notes::notes;
use crate::views::notify::notify;
use crate::views::open_work::{Viewpoint, WhatIf};
use crate::views::postmortem::postmortem;
use crate::views::release_plan::{ReleasePlan, release_plan};
use crate::views::retrospective::{Retrospective, retrospective};
use crate::views::review::{ReviewInputs, review};
use crate::views::runbook::runbooks;
use crate::views::scope::PriorityMethod;
use crate::views::scope::options::{OptionsQuestion, ScopeOptions, scope_options, team_loads};
use crate::views::work_schedule::{WorkSchedule, work_schedule};

/// The trials of each forecast, and where their random numbers begin: those of the commands.
const TRIALS: Trials = Trials { count: 10_000, seed: 1 };

/// What a release, or the whole plan, looks like in every view.
pub(super) struct Subject<'i> {
    pub(super) selection: &'i Selection,
    soundness: Soundness,
    /// The decisions about it, the oldest first.
    past: Vec<Record>,
    /// The folder of its documents.
    folder: String,
    /// The judgement.
    pub(super) judged: GoNoGo,
    /// The plan, which has the checklist, the scope, the risks and the rollback in it.
    pub(super) plan: ReleasePlan,
    forecast: Forecast,
    schedule: WorkSchedule,
    options: ScopeOptions,
}

/// Which part of its subject a document is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    All,
    /// One gate, to which the strip of gates leads.
    Gate,
    /// The entries of one family, to which the page of all families leads.
    Family,
    /// The runbook of one rollback, to which the page of all runbooks leads.
    Runbook,
}

/// A document and the page that it is on.
pub(super) struct Document<'i> {
    /// The position of the release that it is about; none if it is about the whole plan.
    pub(super) subject: Option<usize>,
    /// What it is about within that, which decides where it is offered.
    pub(super) part: Part,
    /// What menus call it.
    pub(super) title: String,
    /// Its page.
    pub(super) path: String,
    /// Makes it.
    pub(super) lower: Box<dyn Fn() -> Report + Send + Sync + 'i>,
}

impl<'i> Subject<'i> {
    /// Everything that is judged.
    pub(super) fn all(inputs: &'i SiteInputs<'_>) -> Vec<Self> {
        inputs.selections.par_iter().map(|selection| Subject::new(inputs, selection)).collect()
    }

    fn new(inputs: &'i SiteInputs<'_>, selection: &'i Selection) -> Self {
        let SiteInputs { basis, today, .. } = *inputs;
        let release = selection.release.as_ref().map(|release| release.id.as_str());
        let soundness = Soundness::new(basis.plan, basis.sources, selection, inputs.findings);
        let own = inputs.decisions().iter().filter(|record| record.release.as_deref() == release);
        let past: Vec<Record> = own.cloned().collect();
        let at = viewpoint(inputs, selection);
        let ((judged, plan), (forecast, (schedule, options))) = rayon::join(
            || {
                rayon::join(
                    || go_no_go(basis, &question(inputs, selection, &soundness, &past)),
                    || release_plan(basis, selection, &soundness, today),
                )
            },
            || {
                rayon::join(
                    || forecast(at, inputs.history, inputs.forecasts, &forecast_question()),
                    || {
                        let asked = OptionsQuestion { method: PriorityMethod::Value, trials: TRIALS };
                        (work_schedule(at), scope_options(at, inputs.forecasts, inputs.history, asked))
                    },
                )
            },
        );
        let folder = paths::of_subject(release);
        Subject { selection, soundness, past, folder, judged, plan, forecast, schedule, options }
    }

    /// What it is called.
    pub(super) fn name(&self) -> String {
        self.selection.release.as_ref().map_or_else(|| "Whole plan".to_owned(), |release| release.name())
    }

    /// The page of its report.
    pub(super) fn report_path(&self) -> String {
        format!("{}/report.html", self.folder)
    }

    /// The page of one of its gates, by position.
    pub(super) fn gate_path(&self, gate: usize) -> String {
        let name = |at: usize| paths::safe(&self.judged.gates[at].name);
        let own = name(gate);
        // Names that differ in what no file may be called are told apart by their place.
        match (0..gate).any(|before| name(before) == own) {
            true => format!("{}/gate-{own}-{}.html", self.folder, gate + 1),
            false => format!("{}/gate-{own}.html", self.folder),
        }
    }
}

fn viewpoint<'v>(inputs: &'v SiteInputs<'_>, selection: &'v Selection) -> Viewpoint<'v, 'v> {
    let SiteInputs { basis, today, .. } = *inputs;
    Viewpoint {
        plan: basis.plan,
        graph: basis.graph,
        config: basis.config,
        sources: basis.sources,
        selection,
        today,
    }
}

fn question<'q>(
    inputs: &'q SiteInputs<'_>,
    selection: &'q Selection,
    soundness: &'q Soundness,
    past: &'q [Record],
) -> Question<'q> {
    Question {
        selection,
        today: inputs.today,
        because: inputs.because,
        soundness,
        denominator: inputs.denominator,
        past,
        latest: inputs.decisions().last(),
        base: inputs.base,
    }
}

fn forecast_question() -> forecast::Question {
    forecast::Question {
        trials: TRIALS,
        method: None,
        what_if: WhatIf::default(),
        items: None,
        split: None,
        throughput: None,
    }
}

/// Every document of the site but the front page and the pages of entries.
pub(super) fn all(site: Site<'_>) -> Vec<Document<'_>> {
    let of_subjects = site.subjects.iter().enumerate();
    let mut all: Vec<Document<'_>> =
        of_subjects.flat_map(|(number, subject)| about(site.inputs, number, subject)).collect();
    all.extend(about_all(site));
    // Two entries of one id, which is an error, have one page: the first one's.
    let mut paths = FxHashSet::default();
    all.retain(|document| paths.insert(document.path.clone()));
    all
}

/// The documents about a release.
fn about<'i>(inputs: &'i SiteInputs<'i>, number: usize, subject: &'i Subject<'i>) -> Vec<Document<'i>> {
    let SiteInputs { basis, today, .. } = *inputs;
    let Subject { judged, plan, selection, .. } = subject;
    let mut all = Vec::new();
    let mut add = |name: &str, title: &str, lower: Box<dyn Fn() -> Report + Send + Sync + 'i>| {
        let path = format!("{}/{name}.html", subject.folder);
        all.push(Document { subject: Some(number), part: Part::All, title: title.to_owned(), path, lower });
    };
    add("report", "Go/no-go report", Box::new(|| report::go_no_go::report(judged)));
    if let Some(readiness) = &plan.readiness {
        add("checklist", "Readiness checklist", Box::new(|| report::checklist::report(readiness)));
    }
    add("rollback", "Rollback", Box::new(|| report::rollback::report(&plan.rollback)));
    add("plan", "Release plan", Box::new(|| report::release_plan::report(plan)));
    add("scope", "Scope", Box::new(|| report::scope::report(&plan.scope)));
    add("scope-options", "Scope options", Box::new(|| report::scope_options::report(&subject.options)));
    add("risks", "Risk register", Box::new(|| report::risks::report(&plan.risks)));
    add("forecast", "Forecast", Box::new(|| report::forecast::report(&subject.forecast)));
    add("schedule", "Work schedule", Box::new(|| report::work_schedule::report(&subject.schedule)));
    add("health", "Health", Box::new(|| report::health::report(&health_of(inputs, subject))));
    add(
        "notes",
        "Release notes",
        Box::new(move || report::notes::report(&notes(basis.plan, basis.graph, selection, None, today))),
    );
    let given = handoffs(basis, selection, None, today);
    if !given.handoffs.is_empty() {
        add("handoffs", "Handoffs", Box::new(move || report::handoffs::report(&given)));
    }
    let frameworks = chosen_frameworks(basis.config);
    if !frameworks.is_empty() {
        let lower = move || report::audit::report(&audit_of(inputs, subject, &frameworks));
        add("audit", "Audit of controls", Box::new(lower));
    }
    // What is disabled is no gate to ask for; the report names it.
    let gates = judged
        .gates
        .iter()
        .enumerate()
        .filter(|(_, gate)| !judged.disabled_gates.iter().any(|disabled| disabled.name == gate.name));
    for (at, gate) in gates {
        let Some(asked) = gates::find(&basis.config.gates, &gate.name) else { continue };
        let lower = move || {
            let question = question(inputs, selection, &subject.soundness, &subject.past);
            report::go_no_go::gate(&one_gate(basis, &question, asked))
        };
        all.push(Document {
            subject: Some(number),
            part: Part::Gate,
            title: format!("Gate: {}", gate.title),
            path: subject.gate_path(at),
            lower: Box::new(lower),
        });
    }
    all
}

fn audit_of(inputs: &SiteInputs<'_>, subject: &Subject<'_>, frameworks: &[String]) -> AuditView {
    audit(&AuditRequest {
        basis: inputs.basis,
        releases: vec![(subject.selection.clone(), subject.soundness.clone())],
        frameworks: frameworks.to_vec(),
        decisions: inputs.decisions.map(<[Record]>::to_vec).map_err(str::to_owned),
        period: None,
        today: inputs.today,
    })
}

fn health_of(inputs: &SiteInputs<'_>, subject: &Subject<'_>) -> crate::views::health::HealthReport {
    let at = viewpoint(inputs, subject.selection);
    let found = HealthInputs {
        judged: &subject.judged,
        forecast: &subject.forecast,
        schedule: &subject.schedule,
        options: &subject.options,
        loads: &team_loads(at),
        records: inputs.forecasts,
        unreadable_records: inputs.unreadable_forecasts,
        history: inputs.history,
    };
    health(at, found)
}

/// The documents about the whole plan.
fn about_all<'i>(site: Site<'i>) -> Vec<Document<'i>> {
    let inputs = site.inputs;
    let SiteInputs { basis, today, .. } = *inputs;
    let mut all = Vec::new();
    let mut add = |path: String, title: &str, lower: Box<dyn Fn() -> Report + Send + Sync + 'i>| {
        all.push(Document { subject: None, part: Part::All, title: title.to_owned(), path, lower });
    };
    let dates = move || calendar(basis.plan, basis.config, basis.sources, today, &Range::default());
    add("calendar.html".into(), "Calendar", Box::new(move || report::release_calendar::report(&dates())));
    add(
        "communications.html".into(),
        "Communications",
        Box::new(move || report::notify::report(&notify(dates(), None, false))),
    );
    let frozen = move || {
        let change = Change { branch: None, environment: None };
        let question = FreezeQuestion { at: inputs.moment, change, release: None };
        report::freeze::report(&freeze(basis.plan, basis.config, question, basis.plan.is_whole()), today)
    };
    add("freezes.html".into(), "Freezes", Box::new(frozen));
    if let Some(measured) = inputs.metrics {
        add("metrics.html".into(), "Delivery metrics", Box::new(move || report::metrics::report(measured)));
    }
    let shipped = Selection::of_shipped(basis.plan, basis.graph, None).ok();
    if let Some((shown, title)) = shipped.and_then(|selection| looked_back(inputs, &selection)) {
        let shown = Arc::new(shown);
        let review = Arc::clone(&shown);
        add(
            "review.html".into(),
            &format!("Review: {title}"),
            Box::new(move || report::review::report(&review.review)),
        );
        let lower = move || report::retrospective::report(&shown);
        add("retrospective.html".into(), &format!("Retrospective: {title}"), Box::new(lower));
    }
    for from in tested_families(site) {
        let path = format!("matrix-{}-test.html", paths::safe(from.as_str()));
        let lower = move || {
            let question = matrix::Question { from: from.as_str(), to: TEST, through: false };
            report::matrix::report(&matrix(basis, Selection::everything(), question, today))
        };
        add(path, &format!("Matrix: {from} × {TEST}"), Box::new(lower));
        // What shows that a work package is done are often the tests of its parts.
        if Some(from) == Prefix::new("EPIC") {
            let path = format!("matrix-{}-test-through.html", paths::safe(from.as_str()));
            let lower = move || {
                let question = matrix::Question { from: from.as_str(), to: TEST, through: true };
                report::matrix::report(&matrix(basis, Selection::everything(), question, today))
            };
            add(path, &format!("Matrix: {from} × {TEST}, with indirect links"), Box::new(lower));
        }
    }
    let runbooks = Arc::new(runbooks(basis.plan, basis.graph, Selection::everything()));
    if !runbooks.is_empty() {
        let all = Arc::clone(&runbooks);
        let lower = move || {
            let index = report::runbook::index(&all, |id| Line::new().page(id, paths::of_runbook(id)));
            Report { day: today, ..index }
        };
        add("runbooks/index.html".into(), "Rollback runbooks", Box::new(lower));
    }
    let links = ActionLinks::new(basis.plan);
    for (entry, _) in basis.plan.incidents() {
        let id = entry.id.value;
        let Some(index) = basis.plan.find_current(id) else { continue };
        let Some(shown) = postmortem((basis.plan, basis.graph), &links, index, today) else { continue };
        let path = format!("postmortems/{}.html", paths::safe(&id.to_string()));
        add(path, &format!("Post-mortem: {id}"), Box::new(move || report::postmortem::report(&shown)));
    }
    add(families::PATH.into(), "Entries", Box::new(move || families::overview(site)));
    add(findings::PATH.into(), "Findings", Box::new(move || findings::report(site)));
    let of_families = basis.plan.families().map(|(prefix, _)| Document {
        subject: None,
        part: Part::Family,
        title: format!("Entries: {prefix}"),
        path: paths::of_family(prefix),
        lower: Box::new(move || families::family(site, prefix)),
    });
    all.extend(of_families);
    all.extend((0..runbooks.len()).map(|at| {
        let runbooks = Arc::clone(&runbooks);
        let id = &runbooks[at].rollback.id;
        Document {
            subject: None,
            part: Part::Runbook,
            title: format!("Runbook: {id}"),
            path: paths::of_runbook(id),
            lower: Box::new(move || Report { day: today, ..report::runbook::report(&runbooks[at]) }),
        }
    }));
    all
}

/// The retrospective of the release that shipped last, with its review, and what that release is called.
fn looked_back(inputs: &SiteInputs<'_>, selection: &Selection) -> Option<(Retrospective, String)> {
    let basis = inputs.basis;
    let title = selection.release.as_ref()?.name();
    let at = viewpoint(inputs, selection);
    let decisions = inputs.decisions();
    let review = review(
        at,
        ReviewInputs {
            forecasts: inputs.forecasts,
            decisions,
            records: basis.facts.incidents,
            history: inputs.history,
        },
    )?;
    let asked = basis.plan.releases();
    let asked = asked.flat_map(|(entry, rel)| follow_ups(basis.config, entry, rel, inputs.today)).collect();
    Some((retrospective(at, review, asked)?, title))
}

/// The family that shows that others are right.
const TEST: &str = "TEST";

/// The families with entries that link to a test.
fn tested_families(site: Site<'_>) -> Vec<Prefix> {
    let plan = site.plan();
    let Some(test) = Prefix::new(TEST) else { return Vec::new() };
    let tests: FxHashSet<_> = plan.family(test).iter().copied().collect();
    let id = |index| -> Id { plan.entry(index).id.value };
    let linked = site.inputs.basis.graph.edges().filter(|edge| tests.contains(&edge.to));
    let prefixes: BTreeSet<Prefix> =
        linked.map(|edge| id(edge.from).prefix).filter(|prefix| *prefix != test).collect();
    prefixes.into_iter().collect()
}
