use std::cmp::Ordering;

use rustc_hash::FxHashMap;

use crate::finding::Report;
use crate::model::agreement::asking_texts;
use crate::model::dep::{Criteria, Detail};
use crate::model::evidence_requirement::RequiredShare;
use crate::model::measure::Measure;
use crate::model::rel::Rel;
use crate::model::stated::{ShareOf, limits, shares};
use crate::model::threshold::{Operator, Target};
use crate::model::wording::{Bound, split};
use crate::model::{Entry, Id, Kind};
use crate::rules::{Subject, WARNING, words};
use crate::source::Span;

declare_rule! {
    /// Two targets for one measure.
    ///
    /// If a criterion asks for 95 % coverage and an indicator for 90 %, one of
    /// them is out of date, and the target of the release is unclear. Targets of other releases, stages and packages may differ, and
    /// so may what blocks a release from what is only desired.
    ///
    /// ```yaml,bad
    /// - id: DEP-002
    ///   title: The code is covered
    ///   type: Criteria
    ///   requirement: At least 95% line coverage
    /// - id: KPI-001
    ///   title: Code coverage
    ///   target: ">= 90%"
    /// ```
    ///
    /// ```yaml,good
    /// - id: DEP-002
    ///   title: The code is covered
    ///   type: Criteria
    ///   requirement: At least 95% line coverage
    /// - id: KPI-001
    ///   title: Code coverage
    ///   target: ">= 95%"
    /// ```
    "RP0516", "targets-differ", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut aims: Vec<Aim<'_>> = Vec::new();
    for entry in subject.plan.entries() {
        match &entry.kind {
            Kind::Kpi(kpi) => aims.extend(of_target(entry, kpi.target.as_ref())),
            Kind::Mon(mon) => aims.extend(of_target(entry, mon.target.as_ref())),
            Kind::Rel(release) => aims.extend(of_objectives(entry, release)),
            Kind::Dep(dep) => {
                if let Detail::Criteria(criteria) = &dep.detail {
                    aims.extend(of_criterion(subject, entry, criteria));
                }
            }
            _ => {}
        }
    }
    let looked_at = aims.len();
    let mut by_measure: FxHashMap<String, Vec<&Aim<'_>>> = FxHashMap::default();
    for aim in &aims {
        by_measure.entry(aim.key.clone()).or_default().push(aim);
    }
    reports.extend(by_measure.into_values().flat_map(|aims| differing(&aims)));
    looked_at
}

/// A target for a measure.
struct Aim<'e> {
    entry: &'e Entry<'e>,
    /// The words that name the measure, in one form.
    key: String,
    /// On which side a value is good; nothing where the text does not say.
    bound: Option<Bound>,
    measure: Measure,
    /// The target as it is shown.
    shown: String,
    span: Span,
    /// Whether a release stops without it, where that is said.
    blocking: Option<bool>,
}

/// Reports each aim of a measure that differs from the first that it can be compared with.
fn differing(aims: &[&Aim<'_>]) -> Vec<Report> {
    // All of one measure, release and side agree with the first of them or do not: others need not be compared.
    let mut firsts: Vec<&Aim<'_>> = Vec::new();
    let mut reports = Vec::new();
    for aim in aims {
        match firsts.iter().find(|first| is_comparable(first, aim)) {
            None if firsts.len() < MOST_FIRSTS => firsts.push(aim),
            None => {}
            Some(first) if first.measure.compare(&aim.measure) != Some(Ordering::Equal) => {
                reports.push(report(first, aim));
            }
            Some(_) => {}
        }
    }
    reports
}

/// How many kinds of targets of one measure are kept apart.
const MOST_FIRSTS: usize = 32;

fn is_comparable(first: &Aim<'_>, second: &Aim<'_>) -> bool {
    let sides = first.bound.is_none() || second.bound.is_none() || first.bound == second.bound;
    let needs = first.blocking.is_none() || second.blocking.is_none() || first.blocking == second.blocking;
    let releases = match (&first.entry.kind, &second.entry.kind) {
        (Kind::Rel(_), Kind::Rel(_)) => false,
        _ => words::may_share_release(first.entry, second.entry),
    };
    let apart = first.entry.id.value != second.entry.id.value;
    apart && sides && needs && releases && first.measure.compare(&second.measure).is_some()
}

fn report(first: &Aim<'_>, second: &Aim<'_>) -> Report {
    let (id, other): (Id, Id) = (second.entry.id.value, first.entry.id.value);
    let message = format!(
        "{id}: target `{}` differs from `{}` of {other} for the same measure",
        second.shown, first.shown
    );
    Report::at(second.span, message)
        .and(first.span, format!("the target of {other}"))
        .help(format!("write one target in both: `{}` or `{}`", second.shown, first.shown))
}

fn of_target<'e>(
    entry: &'e Entry<'e>,
    target: Option<&crate::source::Spanned<crate::model::reader::Condition<'e, Target>>>,
) -> Option<Aim<'e>> {
    let written = target?;
    let typed = written.value.typed.as_deref()?;
    let subject = typed.subject.as_deref().unwrap_or("");
    let name = if entry.title().trim().is_empty() { subject } else { entry.title() };
    Some(Aim {
        entry,
        key: key(name)?,
        bound: typed.operator.and_then(side),
        measure: Measure::of_limit(&typed.quantity)?,
        shown: typed.quantity.to_string(),
        span: written.span,
        blocking: None,
    })
}

fn side(operator: Operator) -> Option<Bound> {
    match operator {
        Operator::Above | Operator::AtLeast => Some(Bound::Lower),
        Operator::Below | Operator::AtMost => Some(Bound::Upper),
        Operator::Equal => None,
    }
}

fn of_objectives<'e>(entry: &'e Entry<'e>, release: &'e Rel<'e>) -> Vec<Aim<'e>> {
    let aim = |objective: &'e crate::model::rel::Objective<'e>| {
        let (name, target) = (objective.name.as_ref()?, objective.target.as_ref()?);
        let typed = crate::model::threshold::parse_target(&target.value).ok()?;
        Some(Aim {
            entry,
            key: key(&name.value)?,
            bound: typed.operator.and_then(side),
            measure: Measure::of_limit(&typed.quantity)?,
            shown: typed.quantity.to_string(),
            span: target.span,
            blocking: None,
        })
    };
    release.objectives.iter().filter(|_| !release.is_over()).filter_map(aim).collect()
}

fn of_criterion<'e>(subject: &Subject<'_>, entry: &'e Entry<'e>, criteria: &'e Criteria<'e>) -> Vec<Aim<'e>> {
    let texts = asking_texts(entry);
    let all: String = texts.iter().map(|(_, text)| &*text.value).collect::<Vec<_>>().join(" ");
    let stage = stage_words(&all);
    let blocking = criteria.blocker.as_ref().map(|blocker| blocker.value.value);
    let aim = |key: String, bound, measure, shown: String, span| Aim {
        entry,
        key: format!("{key}{stage}"),
        bound,
        measure,
        shown,
        span,
        blocking,
    };
    let share = |percent: f64| Measure::parse(&format!("{percent}%"), None);
    let mut aims = Vec::new();
    if let Some(coverage) =
        criteria.evidence_requirement.as_deref().and_then(|requirement| requirement.coverage.as_ref())
    {
        let package =
            coverage.package.as_ref().map(|package| format!(" {}", package.value)).unwrap_or_default();
        for (name, least) in [("coverage", coverage.lines), ("branch coverage", coverage.branches)] {
            if let Some(least) = least
                && let RequiredShare::Share { percent, .. } = least.value
                && let Some(measure) = share(percent)
            {
                let key = format!("{name}{package}");
                aims.push(aim(key, Some(Bound::Lower), measure, format!("{percent}%"), least.span));
            }
        }
    }
    let demands = !aims.is_empty();
    for (_, text) in &texts {
        let of_code =
            shares(&text.value, "").into_iter().filter(|share| share.of != ShareOf::Tests && !demands);
        for stated in of_code {
            let key = if stated.of == ShareOf::Branches { "branch coverage" } else { "coverage" };
            if let Some(measure) = share(stated.percent) {
                let (shown, span) =
                    (format!("{}%", stated.percent), words::place_of(subject, text, stated.text));
                aims.push(aim(key.to_owned(), Some(Bound::Lower), measure, shown, span));
            }
        }
        for limit in limits(&text.value) {
            if let Some(key) = key(&limit.clause.join(" ")) {
                let span = words::place_of(subject, text, limit.text);
                aims.push(aim(key, Some(limit.bound), limit.measure, limit.text.to_owned(), span));
            }
        }
    }
    aims
}

/// Words of a text that say for which stage its figures are: those of alpha and of production may differ.
fn stage_words(text: &str) -> String {
    const STAGES: &[&str] = &[
        "alpha",
        "beta",
        "candidate",
        "canary",
        "nightly",
        "preproduction",
        "pre-production",
        "rc",
        "staging",
    ];
    let words = split(text);
    let found = STAGES.iter().filter(|stage| words.iter().any(|word| word.is(&[stage])));
    found.map(|stage| format!(" {stage}")).collect()
}

/// The words that name a measure, without those that every measure has, sorted; nothing if none is left.
fn key(name: &str) -> Option<String> {
    const SMALL: &[&str] = &[
        "a",
        "above",
        "all",
        "an",
        "and",
        "are",
        "at",
        "average",
        "be",
        "below",
        "by",
        "code",
        "during",
        "exceed",
        "exceeds",
        "for",
        "greater",
        "has",
        "have",
        "in",
        "is",
        "least",
        "less",
        "line",
        "lines",
        "maximum",
        "minimum",
        "more",
        "most",
        "must",
        "no",
        "not",
        "of",
        "on",
        "or",
        "over",
        "percent",
        "percentage",
        "rate",
        "ratio",
        "reach",
        "reaches",
        "share",
        "should",
        "stay",
        "stays",
        "target",
        "test",
        "tests",
        "than",
        "that",
        "the",
        "to",
        "total",
        "under",
        "up",
        "we",
        "with",
        "within",
    ];
    let lower = name.to_lowercase();
    let mut words: Vec<&str> = lower
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .filter(|word| {
            !word.is_empty() && !word.starts_with(|c: char| c.is_ascii_digit()) && !SMALL.contains(word)
        })
        .collect();
    words.sort_unstable();
    words.dedup();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(yaml: &str, expect: usize) {
        let found = messages("targets-differ", yaml, "");
        assert_eq!(found.len(), expect, "{yaml}: {found:?}");
    }

    #[test]
    fn targets_of_one_measure_must_agree() {
        let kpi = "\n- {id: KPI-1, title: Code coverage, target: '>= 90%'}";
        check(
            &format!(
                "- {{id: DEP-1, type: Criteria, title: Covered, requirement: At least 95% line coverage}}{kpi}"
            ),
            1,
        );
        check(
            &format!("- {{id: DEP-1, type: Criteria, title: Covered, evidence: {{coverage: 95%}}}}{kpi}"),
            1,
        );
        check(
            "- {id: DEP-1, type: Criteria, title: 95% code coverage}\n\
             - {id: DEP-2, type: Criteria, title: Test coverage of at least 90%}",
            1,
        );
        check(
            "- {id: KPI-1, title: Deployment success rate, target: '> 98%'}\n\
             - {id: MON-1, title: Deployment success, target: '> 99.5%'}\n\
             - {id: REL-1, version: '1.0.0', objectives: [{name: Deployment success, target: 100%}]}",
            2,
        );
        check(
            "- {id: KPI-1, title: Response time, target: '< 200ms'}\n\
             - {id: DEP-1, type: Criteria, title: Fast, requirement: Response time stays below 0.5 s}",
            1,
        );
        let found = messages(
            "targets-differ",
            "- {id: KPI-1, title: Coverage, target: '>= 90%'}\n- {id: KPI-2, title: Code coverage, target: '>= 95%'}",
            "",
        );
        assert_eq!(found, ["KPI-2: target `95%` differs from `90%` of KPI-1 for the same measure"]);
    }

    #[test]
    fn other_measures_releases_stages_and_needs_may_differ() {
        check(
            "- {id: KPI-1, title: Line coverage, target: 90%}\n- {id: KPI-2, title: Branch coverage, target: 80%}",
            0,
        );
        check(
            "- {id: KPI-1, title: p95 latency, target: 200ms}\n- {id: KPI-2, title: p99 latency, target: 1s}",
            0,
        );
        check(
            "- {id: KPI-1, title: Coverage, target: 90%, release: 1.0.0}\n\
             - {id: KPI-2, title: Coverage, target: 95%, release: 2.0.0}",
            0,
        );
        check(
            "- {id: DEP-1, type: Criteria, title: 80% coverage at alpha}\n\
             - {id: DEP-2, type: Criteria, title: 90% coverage at release}",
            0,
        );
        check(
            "- {id: DEP-1, type: Criteria, title: 80% coverage, blocker: yes}\n\
             - {id: DEP-2, type: Criteria, title: 90% coverage, blocker: no}",
            0,
        );
        check(
            "- {id: KPI-1, title: Errors, target: '< 1%'}\n- {id: MON-1, title: Errors, target: '> 5%'}",
            0,
        );
        check(
            "- {id: KPI-1, title: Coverage, target: '>= 90%'}\n- {id: KPI-2, title: Coverage, target: '>= 90.0%'}",
            0,
        );
        check(
            "- {id: DEP-1, type: Criteria, title: Canary, requirement: 5% of the traffic for 10 minutes}\n\
             - {id: DEP-2, type: Criteria, title: Canary, requirement: 50% of the traffic}",
            0,
        );
    }
}
