use crate::config::{Gate, gates};
use crate::finding::Report;
use crate::rules::{Subject, WARNING, words};
use crate::source::{FileId, Span};

declare_rule! {
    /// A deciding gate that does not wait for a built-in gate.
    ///
    /// The built-in gates follow one another: `feature-complete`, `alpha`, `beta`,
    /// `production`. `after` in `relplan.toml` replaces that order. A built-in
    /// gate that no deciding gate waits for has no say in the decision: the
    /// release can be GO while the gate is FAIL. Where no gate of your own takes
    /// its place, the deciding gate stays closed.
    ///
    /// Add the gate to `after`, or disable it: the report names disabled gates.
    ///
    /// ```yaml,bad
    /// id: FEA-001
    /// title: Saved searches
    /// ```
    /// ```toml,bad
    /// [gates.production]
    /// after = ["alpha"]
    /// ```
    ///
    /// ```yaml,good
    /// id: FEA-001
    /// title: Saved searches
    /// ```
    /// ```toml,good
    /// [gates.production]
    /// after = ["alpha"]
    ///
    /// [gates.beta]
    /// enabled = false
    /// ```
    "RP1108", "gate-skipped", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let all = &subject.config.gates;
    let mut looked_at = 0;
    for gate in all.iter().filter(|gate| gate.decides) {
        looked_at += 1;
        let Some(skipped) = gates::skipped(all, gate) else { continue };
        let names: Vec<String> = skipped.names.iter().map(|name| format!("`{name}`")).collect();
        let message = format!("`{}` does not wait for {}", gate.name, words::list(&names));
        let report = match stated_order(all, gate) {
            Some(place) => Report::at(place, message),
            None => Report::of_plan(message),
        };
        reports.push(report.help(match skipped.names.as_slice() {
            [one] => {
                format!("Add `{one}` to `after`, or disable it: add `enabled = false` to `[gates.{one}]`.")
            }
            _ => "Add them to `after`, or disable those that are not used: `enabled = false`.".to_owned(),
        }));
    }
    looked_at
}

/// Where `relplan.toml` changes the order of the gates that a gate waits for, or else one of them.
fn stated_order(all: &[Gate], gate: &Gate) -> Option<Span> {
    let gates = gates::with_those_before(all, gate);
    let stated = gates.iter().flat_map(|gate| &gate.after).map(|before| before.span);
    let mut stated = stated.filter(|span| span.file != FileId::BUILT_IN);
    stated.next().or_else(|| gates.iter().find_map(|gate| gate.span))
}
