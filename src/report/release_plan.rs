//! The whole release plan as a document: a chapter for each part, and what would fill those that are empty.

use rustc_hash::FxHashSet;

use super::words::{about, dated};
use super::{Align, Block, Fact, Line, Report, Table, Tone, checklist, risks, rollback, scope};
use crate::verdict::target::TargetResult;
use crate::views::calendar::{Approved, MilestoneDay};
use crate::views::release_plan::{Operations, Overview, Part, ReleasePlan, Responsibility, Strategy};
use crate::views::risks::RiskState;
use crate::views::scope::NeedWord;

/// Lowers the plan.
pub fn report(document: &ReleasePlan) -> Report {
    let mut report = Report::new("Release plan", document.day);
    report.subtitle = about(document.release.as_ref());
    figures(document, &mut report);
    if !document.gaps.is_empty() {
        let titles: Vec<&str> = document.gaps.iter().map(|gap| gap.part.title()).collect();
        let text = format!("Missing from the plan: {}. Each chapter says how to fill it.", titles.join(", "));
        report.callout(Tone::Unknown, text);
    }
    for part in Part::ALL {
        report.chapter(part.title());
        match document.gap(part) {
            Some(gap) => {
                let line = Line::badge(Tone::Unknown, "Not in the plan.");
                report.text(line.and(" To fill this chapter, ").join(Line::prose(gap.fill)).and("."));
            }
            None => chapter(document, part, &mut report),
        }
    }
    once_each(&mut report);
    report
}

fn chapter(document: &ReleasePlan, part: Part, report: &mut Report) {
    match part {
        Part::Overview => {
            document.overview.iter().for_each(|release| overview(release, report));
            inventory(document, report);
        }
        Part::Objectives => report.push(objectives(document)),
        Part::Scope => embed(scope::report(&document.scope), report),
        Part::Calendar => milestones(document, report),
        Part::Rollout => rollout(document, report),
        Part::Testing => testing(document, report),
        Part::Gates => {
            let readiness = document.readiness.as_ref().map(checklist::part);
            readiness.into_iter().for_each(|part| embed(part, report));
        }
        Part::Risks => embed(risks::report(&document.risks), report),
        Part::Rollback => embed(rollback::report(&document.rollback), report),
        Part::Communications => report.push(communications(document)),
        Part::Team => team(document, report),
        Part::Indicators => {
            report.push(indicators(document));
            bullets(3, "Measurement review", &document.measurement_review, report);
        }
    }
}

/// Puts another document into this one: its figures, and its chapters as sections.
fn embed(part: Report, report: &mut Report) {
    let facts: Vec<Fact> = part.head.figures.into_iter().chain(part.head.details).collect();
    if !facts.is_empty() {
        report.push(Block::Facts(facts));
    }
    let lower = |block| match block {
        Block::Heading { level, text } => Block::Heading { level: (level + 1).min(4), text },
        block => block,
    };
    report.blocks.extend(part.blocks.into_iter().map(lower));
}

/// Several chapters tell of the same entry; references lead to the first.
fn once_each(report: &mut Report) {
    let mut seen: FxHashSet<String> = FxHashSet::default();
    let tables = report.blocks.iter_mut().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    for row in tables.flat_map(|table| &mut table.rows) {
        row.anchor = row.anchor.take().filter(|anchor| seen.insert(anchor.clone()));
    }
}

fn figures(document: &ReleasePlan, report: &mut Report) {
    if let Some(date) = document.overview.as_ref().and_then(|overview| overview.date) {
        report.detail("Release date", dated(date, document.day));
    }
    if let Some(must) = document.scope.totals.iter().find(|total| total.need == NeedWord::Must) {
        report.figure("Must have", format!("{} of {} done", must.done, must.items));
    }
    if let Some(readiness) = &document.readiness {
        report.figure("Blockers", readiness.blockers.len().to_string());
    }
    let open = document.risks.risks.iter().filter(|risk| risk.state == RiskState::Open).count();
    report.figure("Open risks", open.to_string());
    report.figure("Empty chapters", format!("{} of {}", document.gaps.len(), Part::ALL.len()));
}

fn overview(overview: &Overview, report: &mut Report) {
    if let Some(theme) = &overview.theme {
        report.text(Line::prose(theme));
    }
    let stated = [
        ("Type", overview.rel_type.map(str::to_owned)),
        ("Date", overview.date.map(|date| date.to_string())),
        ("Status", overview.status.map(str::to_owned)),
        ("Owner", overview.owner.clone()),
        ("Strategy", overview.strategy.map(str::to_owned)),
    ];
    let fact = |(label, value): (&str, Option<String>)| match value {
        Some(value) => Fact::new(label, value),
        None => Fact::new(label, Line::badge(Tone::Unknown, "not stated")),
    };
    let mut facts: Vec<Fact> = stated.into_iter().map(fact).collect();
    if !overview.flags.is_empty() {
        facts.push(Fact::new("Feature flags", overview.flags.join(", ")));
    }
    report.push(Block::Facts(facts));
    let description = overview.description.as_deref().unwrap_or_default();
    if let Some(vision) = &overview.vision {
        report.section("Vision");
        report.text(Line::prose(vision));
    }
    if let Some(summary) = &overview.executive_summary {
        report.section("Executive summary");
        summary.text.iter().for_each(|text| report.text(Line::prose(text)));
        bullets(4, "Deployment approach", &summary.deployment_approach, report);
        bullets(4, "Success factors", &summary.success_factors, report);
        bullets(4, "Expected outcomes", &summary.expected_outcomes, report);
    }
    let paragraphs = description.split("\n\n").filter(|text| !text.trim().is_empty());
    paragraphs.for_each(|text| report.text(Line::prose(text)));
}

/// A short list under a heading of its own; nothing where it is empty.
fn bullets(level: u8, heading: &str, texts: &[String], report: &mut Report) {
    if !texts.is_empty() {
        report.push(Block::Heading { level, text: heading.into() });
        report.push(Block::Bullets(texts.iter().map(|text| Line::prose(text)).collect()));
    }
}

/// A text of the plan, or a dash where it says nothing.
fn or_dash(text: Option<&str>) -> Line {
    text.map_or_else(|| Line::from("–"), Line::prose)
}

fn objectives(document: &ReleasePlan) -> Table {
    let mut table = Table::new("Objectives", &["Objective", "Target", "Actual", "Result"]);
    for objective in &document.objectives {
        let target = match &objective.target {
            Some(target) => Line::from(target),
            None => Line::badge(Tone::Unknown, "not measurable"),
        };
        let actual = or_dash(objective.actual.as_deref());
        table.row([Line::prose(&objective.name), target, actual, result(objective.result)]);
    }
    table
}

fn milestones(document: &ReleasePlan, report: &mut Report) {
    let has_details = document.milestones().iter().any(|milestone| !milestone.details().is_empty());
    let columns = ["Day", "Milestone", "Offset", "Source", "Details"];
    let shown = if has_details { columns.len() } else { columns.len() - 1 };
    let mut table = Table::new("Milestones by day", &columns[..shown]);
    for milestone in document.milestones() {
        let cells = [
            Line::from(milestone.day.format("%a %Y-%m-%d").to_string()),
            Line::from(milestone.title.as_ref().unwrap_or(&milestone.name)),
            counted(milestone),
            Line::from(milestone.stated_by),
            Line::prose(&milestone.details().join("; ")),
        ];
        table.row(cells.into_iter().take(shown));
    }
    report.push(table);
    for release in document.calendar.releases.iter().filter(|release| !release.deliverables.is_empty()) {
        report.push(super::release_calendar::deliverables_of(release));
    }
    for conflict in &document.calendar.conflicts {
        report.callout(Tone::Attention, Line::prose(&conflict.message));
    }
}

/// What a milestone is counted by, and where it would be if people worked on every day.
fn counted(milestone: &MilestoneDay) -> Line {
    match milestone.moved_from {
        Some(day) => Line::from(format!("{}, moved from {day}", milestone.when)),
        None => Line::from(&milestone.when),
    }
}

fn rollout(document: &ReleasePlan, report: &mut Report) {
    if !document.rollout.is_empty() {
        let columns = ["Phase", "Traffic", "Users", "Audience", "Duration", "Success criteria"];
        let mut table =
            Table::new("Rollout phases", &columns).aligned(1, Align::Right).aligned(2, Align::Right);
        for phase in &document.rollout {
            table.row([
                Line::from(&phase.name),
                Line::from(phase.traffic.map_or_else(|| "–".to_owned(), |share| format!("{share} %"))),
                Line::from(phase.users.map_or_else(|| "–".to_owned(), |users| users.to_string())),
                or_dash(phase.audience.as_deref()),
                or_dash(phase.duration.as_deref()),
                or_dash(phase.success_criteria.as_deref()),
            ]);
        }
        report.push(table);
    }
    if !document.steps.is_empty() {
        report.section("Deployment steps");
        let columns = ["ID", "Step", "Stage", "Owner", "Traffic", "Duration"];
        let mut table = Table::new("Deployment steps in order", &columns).aligned(4, Align::Right);
        for step in &document.steps {
            let cells = [
                Line::id(&step.id),
                Line::from(&step.title),
                or_dash(step.stage),
                or_dash(step.owner.as_deref()),
                Line::from(step.traffic.map_or_else(|| "–".to_owned(), |share| format!("{share} %"))),
                or_dash(step.duration.as_deref()),
            ];
            table.row_of(&step.id, cells);
        }
        report.push(table);
    }
}

fn testing(document: &ReleasePlan, report: &mut Report) {
    if let Some(strategy) = &document.test_strategy {
        test_strategy(strategy, report);
        report.section("Tests by type");
    }
    let columns = ["Type", "Tests", "Passed", "Failed", "No result", "Automated"];
    let mut table = Table::new("Tests by type, self-reported", &columns);
    for column in 1..=5 {
        table = table.aligned(column, Align::Right);
    }
    for group in &document.testing.groups {
        let counts = [group.total, group.passed, group.failed, group.unknown, group.automated];
        let name = Line::from(group.test_type.unwrap_or("not stated"));
        table.row(std::iter::once(name).chain(counts.map(|count| Line::from(count.to_string()))));
    }
    report.push(table);
    if !document.testing.failed.is_empty() {
        let failed = Line::ids(&document.testing.failed);
        report.callout(Tone::Bad, Line::from("Failed or blocked: ").join(failed).and("."));
    }
}

fn test_strategy(strategy: &Strategy, report: &mut Report) {
    report.section("Test strategy");
    strategy.approach.iter().for_each(|text| report.text(Line::prose(text)));
    let figures = [("Coverage target", &strategy.coverage_target), ("Automation", &strategy.automation)];
    let fact = |(label, value): (&str, &Option<String>)| Some(Fact::new(label, Line::prose(value.as_ref()?)));
    let facts: Vec<Fact> = figures.into_iter().filter_map(fact).collect();
    if !facts.is_empty() {
        report.push(Block::Facts(facts));
    }
    bullets(4, "Environments", &strategy.environments, report);
    bullets(4, "Tools", &strategy.tools, report);
    bullets(4, "Schedule", &strategy.schedule, report);
    bullets(4, "Priorities", &strategy.priorities, report);
}

fn communications(document: &ReleasePlan) -> Table {
    let mut table = Table::new("Communications", &["When", "Message", "Audience", "Channel"]);
    for said in document.communications() {
        let when = match (said.day, &said.when) {
            (Some(day), _) => Line::from(day.format("%a %Y-%m-%d").to_string()),
            (None, Some(when)) => Line::from(when),
            (None, None) => Line::badge(Tone::Unknown, "no date"),
        };
        let name = Line::prose(&said.name);
        table.row([when, name, or_dash(said.audience.as_deref()), or_dash(said.channel.as_deref())]);
    }
    table
}

fn team(document: &ReleasePlan, report: &mut Report) {
    let mut table = Table::new("Team", &["Role", "Person", "Approval"]);
    for member in &document.team {
        let approval = document.approvals().iter().find(|approval| approval.role == member.role);
        let cells =
            [Line::from(&member.role), Line::from(&member.who), approval.map_or_else(Line::new, approved)];
        table.row(cells);
    }
    // Roles that must approve, and that nobody of the team fills.
    for approval in document.approvals() {
        if !document.team.iter().any(|member| member.role == approval.role) {
            let nobody = Line::badge(Tone::Unknown, "not in the team");
            table.row([Line::from(&approval.role), nobody, approved(approval)]);
        }
    }
    report.push(table);
    bullets(3, "Training and support", &document.training, report);
    operations(&document.operations, report);
    if !document.responsibilities.is_empty() {
        report.section("RACI");
        report.push(responsibilities(&document.responsibilities));
        report.text(
            "Derived from the entries. Responsible: owners. Accountable: the owner of the release, or the authority \
             of a rollback. Consulted: approvers and escalation contacts. Informed: audiences and rollback \
             notifications.",
        );
    }
}

/// The entries of the release by family.
fn inventory(document: &ReleasePlan, report: &mut Report) {
    if document.inventory.is_empty() {
        return;
    }
    report.section("Inventory");
    let mut table = Table::new("Entries by family", &["Family", "Entries", "Done"]);
    for column in 1..=2 {
        table = table.aligned(column, Align::Right);
    }
    for item in &document.inventory {
        let done = item.done.map_or_else(|| "n/a".to_owned(), |done| done.to_string());
        table.row([item.family.clone(), item.entries.to_string(), done]);
    }
    report.push(table);
}

/// How a release is run, as far as it is stated.
fn operations(operations: &Operations, report: &mut Report) {
    let names = |names: &[String]| if names.is_empty() { "–".to_owned() } else { names.join(", ") };
    if !operations.responsibilities.is_empty() {
        report.section("RACI as agreed");
        let columns = ["Activity", "Responsible", "Accountable", "Consulted", "Informed"];
        let mut table = Table::new("RACI as agreed", &columns);
        for row in &operations.responsibilities {
            let lists = [&row.responsible, &row.accountable, &row.consulted, &row.informed];
            let cells = std::iter::once(Line::prose(&row.activity));
            table.row(cells.chain(lists.iter().map(|list| Line::prose(&names(list)))));
        }
        report.push(table);
    }
    if !operations.facts.is_empty() {
        report.section("Operations");
        let facts = operations.facts.iter().map(|fact| Fact::new(fact.label, Line::prose(&fact.value)));
        report.push(Block::Facts(facts.collect()));
    }
    if !operations.support_tiers.is_empty() {
        report.section("Support tiers");
        let mut table = Table::new("Support tiers", &["Tier", "Issues", "Team", "Availability"]);
        for tier in &operations.support_tiers {
            let dash = |text: &Option<String>| Line::prose(text.as_deref().unwrap_or("–"));
            table.row([Line::prose(&tier.name), dash(&tier.scope), dash(&tier.owner), dash(&tier.hours)]);
        }
        report.push(table);
    }
    if !operations.support_targets.is_empty() {
        report.section("Support targets");
        let mut table = Table::new("Support targets", &["Severity", "Response", "Resolution"]);
        for target in &operations.support_targets {
            table.row([
                or_dash(target.severity),
                or_dash(target.response.as_deref()),
                or_dash(target.resolution.as_deref()),
            ]);
        }
        report.push(table);
    }
    if !operations.promotions.is_empty() {
        report.section("Promotions");
        let mut table = Table::new("Promotions", &["Environment", "Build", "Date", "By"]);
        for promotion in &operations.promotions {
            table.row([
                Line::prose(&promotion.environment),
                Line::prose(&promotion.build),
                or_dash(promotion.on.map(|day| day.to_string()).as_deref()),
                or_dash(promotion.by.as_deref()),
            ]);
        }
        report.push(table);
    }
}

fn approved(approval: &Approved) -> Line {
    match (approval.given, approval.on, approval.due) {
        (true, Some(on), _) => Line::badge(Tone::Good, format!("approved on {on}")),
        (true, None, _) => Line::badge(Tone::Unknown, "approved, no date"),
        (false, _, Some(due)) => Line::badge(Tone::Unknown, format!("due on {due}")),
        (false, _, None) => Line::badge(Tone::Unknown, "pending"),
    }
}

fn responsibilities(rows: &[Responsibility]) -> Table {
    let columns = ["Activity", "Responsible", "Accountable", "Consulted", "Informed"];
    let mut table = Table::new("RACI", &columns);
    for row in rows {
        let names = |names: &[String]| match names {
            [] => Line::from("–"),
            names => Line::from(names.join(", ")),
        };
        table.row([
            Line::from(row.activity),
            names(&row.responsible),
            names(&row.accountable),
            names(&row.consulted),
            names(&row.informed),
        ]);
    }
    table
}

/// What became of a target.
fn result(result: TargetResult) -> Line {
    let tone = match result {
        TargetResult::Met => Tone::Good,
        TargetResult::Missed => Tone::Bad,
        TargetResult::Unknown => Tone::Unknown,
    };
    Line::badge(tone, result.word())
}

fn indicators(document: &ReleasePlan) -> Table {
    let columns = ["ID", "KPI", "Category", "Baseline", "Target", "Actual", "Unit", "Measured", "Result"];
    let mut table = Table::new("KPIs", &columns);
    for column in 3..=5 {
        table = table.aligned(column, Align::Right);
    }
    for indicator in &document.indicators {
        let cells = [
            Line::id(&indicator.id),
            Line::from(&indicator.title),
            or_dash(indicator.category),
            or_dash(indicator.baseline.as_deref()),
            or_dash(indicator.target.as_deref()),
            or_dash(indicator.actual.as_deref()),
            or_dash(indicator.unit.as_deref()),
            or_dash(indicator.measured_on.map(|day| day.to_string()).as_deref()),
            result(indicator.result),
        ];
        table.row_of(&indicator.id, cells);
    }
    table
}
