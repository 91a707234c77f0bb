//! Kinds of deployment item that a release, or the plan, has none of.

use crate::finding::{FindingSubject, Report};
use crate::model::dep::DepType;
use crate::model::rel::Rel;
use crate::model::{Entry, EntryIndex, Kind};
use crate::rules::{ERROR, Subject, WARNING, words};

/// A kind that is missed, and what is said then.
pub(super) struct Absence {
    /// The kind.
    pub(super) kind: DepType,
    /// What nobody knows without it, as a sentence: `nothing checks the release`.
    pub(super) so: &'static str,
    /// The kind as a word behind "no".
    pub(super) word: &'static str,
    /// What to do.
    pub(super) help: &'static str,
}

/// Reports a kind that no deployment item of a planned release is of; without planned releases, one that the plan has
/// no item of. Returns how many releases and items there are.
pub(super) fn check(subject: &Subject<'_>, reports: &mut Vec<Report>, absence: &Absence) -> usize {
    let items = subject.plan.deps().count();
    let planned: Vec<(&Entry<'_>, &Rel<'_>)> =
        subject.plan.releases().filter(|(_, release)| is_planned(release)).collect();
    let is_known = !is_repeated(subject, absence.kind) && !words::may_be_elsewhere(subject, "DEP");
    match planned.is_empty() {
        _ if !is_known => {}
        true => reports.extend(of_plan(subject, absence, items)),
        false => reports.extend(of_releases(subject, absence, &planned)),
    }
    items + planned.len()
}

/// Whether a release is still to be deployed.
fn is_planned(release: &Rel<'_>) -> bool {
    !release.is_over() && release.deployed_at.is_none()
}

/// A plan without releases may be a part of one: what it lacks is worth knowing, and no error by itself.
fn of_plan(subject: &Subject<'_>, absence: &Absence, items: usize) -> Option<Report> {
    let there = subject.plan.deps().any(|(_, dep)| dep.dep_type() == absence.kind);
    if items == 0 || there {
        return None;
    }
    let items = words::count(items, "deployment item");
    let message = format!("{}: the plan has {items} and no {}", absence.so, absence.word);
    // Without a way back nothing should be deployed, whoever wrote the rest.
    let level = if absence.kind == DepType::Rollback { ERROR } else { WARNING };
    Some(words::of_plan(subject, message).help(absence.help).usually(level))
}

/// One report for all planned releases that no item of the kind belongs to.
fn of_releases(
    subject: &Subject<'_>,
    absence: &Absence,
    planned: &[(&Entry<'_>, &Rel<'_>)],
) -> Option<Report> {
    let of_kind = subject.plan.deps().filter(|(_, dep)| dep.dep_type() == absence.kind);
    let mut served: Vec<EntryIndex> = Vec::new();
    for (entry, _) in of_kind {
        // What names no release belongs to all of them.
        served.extend(subject.plan.release(&entry.release()?.value));
    }
    served.sort_unstable();
    let lacks = |entry: &&Entry<'_>| {
        subject.plan.find(entry.id.value).is_some_and(|index| served.binary_search(&index).is_err())
    };
    let lacking: Vec<&Entry<'_>> = planned.iter().map(|(entry, _)| *entry).filter(lacks).collect();
    let (first, others) = lacking.split_first()?;
    let message = match others.len() {
        0 => format!("{} has no {}", first.id.value, absence.word),
        others => {
            let others = words::count(others, "more planned release");
            format!("{} and {others} have no {}", first.id.value, absence.word)
        }
    };
    let others = others.iter().map(|entry| entry.id.span).collect();
    Some(Report::at(first.id.span, message).help(absence.help).about(FindingSubject::Also(others)))
}

/// Whether an item of the kind was left out because it repeats the id of another.
fn is_repeated(subject: &Subject<'_>, kind: DepType) -> bool {
    subject.plan.duplicates.iter().any(|(_, later)| match &subject.plan.entry(*later).kind {
        Kind::Dep(dep) => dep.dep_type() == kind,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use crate::finding::Level;
    use crate::rules::tests::findings;

    const RULES: [(&str, &str); 4] = [
        ("no-environments", "environment"),
        ("no-criteria", "criterion"),
        ("no-rollback", "rollback"),
        ("no-validation", "validation"),
    ];

    fn of_rule(rule: &str, yaml: &str, toml: &str) -> Vec<(Level, String)> {
        let found = findings(yaml, toml).into_iter().filter(|finding| finding.name == rule);
        found.map(|finding| (finding.level, finding.message)).collect()
    }

    #[test]
    fn a_planned_release_needs_each_kind_even_without_deployment_items() {
        let yaml = "- {id: REL-1, version: '1.0.0', status: planned}\n- {id: REL-2, version: '2.0.0'}";
        for (rule, word) in RULES {
            let message = format!("REL-1 and 1 more planned release have no {word}");
            assert_eq!(of_rule(rule, yaml, ""), [(Level::Error, message)], "{rule}");
        }
    }

    #[test]
    fn what_belongs_to_another_release_does_not_count() {
        for (rule, word) in RULES {
            let kind = match word {
                "criterion" => "Criteria".to_owned(),
                word => word[..1].to_uppercase() + &word[1..],
            };
            let item = |release: &str| {
                format!(
                    "- {{id: REL-1, version: '1.0.0'}}\n- {{id: REL-2, version: '2.0.0'}}\n\
                     - {{id: DEP-1, type: {kind}{release}}}"
                )
            };
            let message = format!("REL-2 has no {word}");
            assert_eq!(of_rule(rule, &item(", release: 1.0.0"), ""), [(Level::Error, message)], "{rule}");
            assert_eq!(of_rule(rule, &item(""), ""), [], "{rule}");
        }
    }

    #[test]
    fn what_is_out_needs_none_and_a_part_of_a_plan_is_warned() {
        for (rule, _) in RULES {
            let out =
                "{id: REL-1, version: '1.0.0', status: released, deployed_at: 2026-01-01, outcome: success}";
            assert_eq!(of_rule(rule, out, ""), [], "{rule}");
            let part = "{id: DEP-1, type: Step, action: Deploy}";
            let level = if rule == "no-rollback" { Level::Error } else { Level::Warning };
            assert_eq!(of_rule(rule, part, "").first().map(|(level, _)| *level), Some(level), "{rule}");
            let strict = format!("[rules]\n{rule} = \"error\"\n");
            assert_eq!(
                of_rule(rule, part, &strict).first().map(|(level, _)| *level),
                Some(Level::Error),
                "{rule}"
            );
        }
    }
}
