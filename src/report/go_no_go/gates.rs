//! Gates with their criteria, and every check of theirs with its evidence.

use rustc_hash::FxHashMap;

use super::super::checklist::{item_of, tone};
use super::super::words::dated;
use super::super::words::{about, named};
use super::super::{Checklist, Item, Line, Report, Table, Tone};
use super::{blockers, head, inputs};
use crate::model::phrase::counted;
use crate::verdict::Check;
use crate::verdict::decision::GateStatus;
use crate::verdict::gates::{DisabledGate, JudgedCriterion, JudgedGate};
use crate::views::go_no_go::{GateView, GoNoGo};

/// Lowers one gate.
pub fn gate(view: &GateView) -> Report {
    let gate = &view.gate;
    let mut report = Report::new(format!("Gate: {}", gate.title), view.day);
    report.subtitle = about(view.release.as_ref());
    report.headline(gate_tone(gate.status), gate.status.word(), Line::prose(&sentence(gate)));
    report.figure("Blockers", view.blockers.len().to_string());
    report.figure("Checks", view.checks.len().to_string());
    report.detail("Gate", Line::new().code(gate.name.as_str()));
    report.detail("Decides on", if gate.decides { "the release" } else { "nothing beyond the gate" });
    if let Some(due) = gate.due {
        report.detail("Due", dated(due, view.day));
    }
    head::overdue(&view.overdue, view.day, &mut report);
    head::work_tree(&view.work_tree, &mut report);
    report.detail("Policy profile", format!("{} ({})", view.profile.name, view.profile.because));
    disabled(&view.disabled_gates, &mut report);
    blockers::of_gate(&view.blockers, &mut report);
    report.chapter("Criteria");
    criteria(gate, &mut report);
    report.chapter("Checks");
    details(gate, &by_id(&view.checks), &mut report);
    super::super::base::chapter(view.base.as_ref(), &mut report);
    report.appendix("Evidence", inputs::evidence(view.day, &view.evidence));
    report
}

fn sentence(gate: &JudgedGate) -> String {
    match gate.status {
        GateStatus::Pass => format!("{}.", gate.reason),
        GateStatus::Conditional => format!("No blockers; {}.", gate.reason),
        GateStatus::Fail => format!("{}.", gate.reason),
    }
}

/// The gates that relplan.toml disables: whoever reads the others must know of them.
fn disabled(gates: &[DisabledGate], report: &mut Report) {
    for gate in gates {
        let text = Line::from("Gate ").code(&gate.name).and(" is disabled in ").and(&gate.place).and(".");
        report.callout(if gate.decides { Tone::Bad } else { Tone::Attention }, text);
    }
}

/// Every gate with its status and criteria.
pub(super) fn overview(view: &GoNoGo) -> Report {
    let mut report = Report::new("Gates", view.day);
    let is_due = view.gates.iter().any(|gate| gate.due.is_some());
    let columns = ["Gate", "Status", "Why", "Due"];
    let shown = if is_due { columns.len() } else { columns.len() - 1 };
    let mut table = Table::new("Status of every gate", &columns[..shown]);
    for gate in &view.gates {
        let name = match (gate.decides, gate.required) {
            (true, _) => format!("{} (decides)", gate.title),
            (false, true) => gate.title.clone(),
            (false, false) => format!("{} (not required)", gate.title),
        };
        let due = gate.due.map_or_else(String::new, |due| due.format("%a %Y-%m-%d").to_string());
        let cells = [Line::from(name), badge(gate.status), Line::prose(&gate.reason), Line::from(due)];
        table.row(cells.into_iter().take(shown));
    }
    report.push(table);
    disabled(&view.disabled_gates, &mut report);
    for gate in &view.gates {
        report.section(gate.title.as_str());
        criteria(gate, &mut report);
    }
    report
}

/// Every check of the deciding gates.
pub(super) fn details_of_deciding(view: &GoNoGo) -> Report {
    let mut report = Report::new("Gate details", view.day);
    let checks = by_id(&view.checks);
    for gate in view.gates.iter().filter(|gate| gate.decides) {
        details(gate, &checks, &mut report);
    }
    report
}

fn by_id(checks: &[Check]) -> FxHashMap<&str, &Check> {
    checks.iter().map(|check| (check.id.as_str(), check)).collect()
}

fn criteria(gate: &JudgedGate, report: &mut Report) {
    for before in &gate.after {
        report.text(Line::from(format!("Waits for {}: ", before.name)).join(badge(before.status)));
    }
    let caption = format!("Criteria of the gate {}", gate.title);
    let mut table = Table::new(caption, &["Verdict", "Criterion", "Checks"]);
    for criterion in &gate.criteria {
        let verdict = match criterion.checks.is_empty() {
            true => Line::badge(Tone::Neutral, "n/a"),
            false => Line::verdict(tone(criterion.verdict)),
        };
        table.row([verdict, Line::new().strong(criterion.name.as_str()), Line::from(covers(criterion))]);
    }
    report.push(table);
}

/// How many checks a criterion has, and whether it blocks.
fn covers(criterion: &JudgedCriterion) -> String {
    let checks = match (&criterion.chooses, criterion.checks.len()) {
        (Some(chooses), _) => format!("{} × {chooses}", criterion.entries),
        (None, 0) => "not applicable".to_owned(),
        (None, checks) => counted(checks, "check"),
    };
    if criterion.blocking { checks } else { format!("{checks}; non-blocking") }
}

/// Every check of a gate, with its evidence.
fn details(gate: &JudgedGate, checks: &FxHashMap<&str, &Check>, report: &mut Report) {
    for criterion in &gate.criteria {
        let found: Vec<&Check> =
            criterion.checks.iter().filter_map(|id| checks.get(id.as_str()).copied()).collect();
        if !found.is_empty() {
            report.section(criterion.name.as_str());
            report.push(Checklist { items: found.into_iter().map(item).collect() });
        }
    }
}

fn item(check: &Check) -> Item {
    let text = named(&check.id, &check.title).and(": ").join(Line::prose(&check.reason));
    item_of(check, text)
}

fn badge(status: GateStatus) -> Line {
    Line::badge(gate_tone(status), status.word())
}

/// What the status of a gate means.
pub(crate) const fn gate_tone(status: GateStatus) -> Tone {
    match status {
        GateStatus::Pass => Tone::Good,
        GateStatus::Conditional => Tone::Attention,
        GateStatus::Fail => Tone::Bad,
    }
}
