use crate::finding::Report;
use crate::model::reader::nearest_name;
use crate::model::rel::Rel;
use crate::model::{Text, same_folded};
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A milestone with a gate or an approval that the plan does not have.
    ///
    /// `gate` of a milestone says that the gate must be passed at it, and `approvals` that
    /// the approvals of these roles are due. An unknown gate, or a role that neither the
    /// release nor a gate asks for, makes nothing due.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-03
    /// milestones:
    ///   code_freeze: {gate: betta, approvals: Chief Architect}
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-03
    /// milestones:
    ///   code_freeze: {gate: beta, approvals: [QA Lead, Chief Architect]}
    /// approvals:
    ///   - {role: Chief Architect}
    /// ```
    "RP0729", "milestone-gate-unknown", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, release) in subject.plan.releases() {
        let id = entry.id.value;
        for record in release.milestones.iter().filter_map(|milestone| milestone.record.as_ref()) {
            if let Some(gate) = &record.gate {
                looked_at += 1;
                reports.extend(unknown_gate(subject, gate, &id.to_string()));
            }
            for role in &record.approvals {
                looked_at += 1;
                if !asks_for(subject, release, &role.value) {
                    let role_name = words::short(&role.value);
                    let message = format!("{id}: no gate and no approval asks for `{role_name}`");
                    let help = format!(
                        "add `{{role: {role_name}}}` to `approvals` of the release, or correct the role"
                    );
                    reports.push(Report::at(role.span, message).help(help));
                }
            }
        }
    }
    looked_at
}

fn unknown_gate(subject: &Subject<'_>, gate: &Text<'_>, id: &str) -> Option<Report> {
    let names = || subject.config.gates.iter().map(|gate| gate.name.as_str());
    let is_known = names().any(|name| same_folded(name, &gate.value));
    let report = Report::at(gate.span, format!("{id}: unknown gate `{}`", words::short(&gate.value)));
    let report = match nearest_name(&gate.value, names()) {
        Some(near) => report.help(format!("did you mean `{near}`?")),
        None => report.help(format!(
            "write one of {}",
            words::list(&names().map(|name| format!("`{name}`")).collect::<Vec<_>>())
        )),
    };
    (!is_known).then_some(report)
}

/// Whether the release or a gate asks for the approval of a role.
fn asks_for(subject: &Subject<'_>, release: &Rel<'_>, role: &str) -> bool {
    let stated = release.approvals.iter().filter_map(|approval| approval.role.as_ref());
    let gates = subject.config.gates.iter().flat_map(|gate| &gate.approvals);
    stated.into_iter().any(|known| known.value.split('+').any(|known| same_folded(known.trim(), role)))
        || gates.into_iter().any(|known| same_folded(&known.value, role))
}
