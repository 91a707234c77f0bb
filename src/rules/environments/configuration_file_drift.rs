use super::configuration_files::{Difference, Pair, each_difference, each_pair};
use crate::finding::Report;
use crate::rules::{Subject, WARNING, words};
use crate::source::settings::Setting;

declare_rule! {
    /// A configuration file that differs from that of production.
    ///
    /// `configuration_files` of an environment names dotenv, YAML and JSON files,
    /// by their paths from the folder of `relplan.toml`. A key that is missing on
    /// one side, a value of another type, and another value are drift: what was
    /// tested holds in production only as far as the two are alike. Name settings
    /// that differ on purpose in `accepted_drift` with the reason: `LOG_LEVEL (…)`,
    /// or `database.*` for all keys below one.
    ///
    /// A secret must be set on both sides; its value differs and is never shown. A
    /// setting that holds the name of its own environment is no drift. Of several
    /// files of one environment, a later one replaces what an earlier one sets. A
    /// YAML file in the folder of the plan must be named in `exclude` under `[plan]`.
    ///
    /// ```text
    /// - id: DEP-001
    ///   type: Environment
    ///   name: staging
    ///   configuration_files: deploy/staging.env
    ///   accepted_drift:
    ///     - LOG_LEVEL (verbose, to debug failed test runs)
    /// - id: DEP-002
    ///   type: Environment
    ///   name: production
    ///   configuration_files: [deploy/common.env, deploy/production.env]
    /// ```
    "RP0910", "configuration-file-drift", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    if subject.configuration_files.is_none() {
        return 0;
    }
    let mut looked_at = 0;
    each_pair(subject, |pair| {
        looked_at += 1;
        reports.extend(one_sided(&pair));
    });
    each_difference(subject, |difference| {
        if !difference.is_accepted() {
            reports.push(report(difference));
        }
    });
    looked_at
}

/// Files that there is nothing to compare with.
fn one_sided(pair: &Pair<'_, '_>) -> Option<Report> {
    let (id, production) = (pair.here.entry.id, pair.there.entry.id);
    let (missing, has, span) = match (pair.files, pair.other_files) {
        (Some(files), None) => (production.value, id.value, files.span),
        (None, Some(_)) => (id.value, production.value, id.span),
        _ => return None,
    };
    let message = format!(
        "{}: drift from production ({}) unknown: {has} names configuration files, {missing} none",
        id.value, production.value
    );
    Some(Report::at(span, message).help(format!("add `configuration_files` to {missing}")))
}

fn report(difference: &Difference<'_, '_>) -> Report {
    let (id, key) = (difference.here.entry.id.value, &difference.key);
    let production = format!("production ({})", difference.there.entry.id.value);
    let (report, instead) = match (&difference.own, &difference.other) {
        (Some(own), Some(other)) => (both(difference, own, other, &production), "give both the same value"),
        (Some(own), None) => (
            Report::at(own.span, format!("{id}: `{key}` is set here, but not in {production}"))
                .and(difference.other_files.span, "it is missing in these files"),
            "set it in both or in neither",
        ),
        (None, other) => {
            let message = format!("{id}: `{key}` is set in {production}, but not here");
            let report = Report::at(difference.files.span, message).saying("it is missing in these files");
            let report = match other {
                Some(other) => report.and(other.span, "it is set here"),
                None => report,
            };
            (report, "set it in both or in neither")
        }
    };
    report.help(format!("{instead}, or add `{key} (the reason)` to `accepted_drift` of {id}"))
}

fn both(difference: &Difference<'_, '_>, own: &Setting, other: &Setting, production: &str) -> Report {
    let (id, key) = (difference.here.entry.id.value, &difference.key);
    let message = if own.kind != other.kind {
        format!("{id}: `{key}` is {}, but {} in {production}", own.kind.noun(), other.kind.noun())
    } else {
        let (value, other) = (words::short(&own.value), words::short(&other.value));
        format!("{id}: `{key}` is `{value}`, but `{other}` in {production}")
    };
    Report::at(own.span, message).and(other.span, format!("in {}", difference.there.entry.id.value))
}
