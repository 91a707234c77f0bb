use super::places::Environments;
use crate::finding::Report;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// Environments of which none is production.
    ///
    /// The one environment that users meet is the one whose configuration,
    /// access and gate matter most. Production is known by its name, or as the
    /// end of the `promotes_to` links.
    ///
    /// ```yaml,bad
    /// - id: DEP-001
    ///   type: Environment
    ///   name: development
    /// - id: DEP-002
    ///   type: Environment
    ///   name: staging
    /// ```
    ///
    /// ```yaml,good
    /// - id: DEP-001
    ///   type: Environment
    ///   name: staging
    ///   promotes_to: DEP-002
    /// - id: DEP-002
    ///   type: Environment
    ///   name: customer site
    /// ```
    "RP0904", "no-production", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let places = Environments::of(subject).places;
    let production = places.iter().any(|place| place.production);
    if !places.is_empty() && !production && !words::may_be_elsewhere(subject, "DEP") {
        let names: Vec<String> = places
            .iter()
            .take(SHOWN)
            .map(|place| format!("{} `{}`", place.entry.id.value, words::short(place.name())))
            .collect();
        let they = match places.len() {
            1 => "it is",
            2..=SHOWN => "they are",
            _ => "among them are",
        };
        let message = format!("{}, and none is production", words::count(places.len(), "environment"));
        let report = words::of_plan(subject, message).note(format!("{they} {}", words::list(&names)));
        reports
            .push(report.help("add the environment with `name: production`, or link it with `promotes_to`"));
    }
    places.len()
}

/// How many environments are listed.
const SHOWN: usize = 5;
