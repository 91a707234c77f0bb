use rustc_hash::FxHashMap;

use crate::finding::Report;
use crate::model::value::folded;
use crate::model::{EntryIndex, Text, drift, same_folded};
use crate::rules::environments::places::{Environments, Place};
use crate::rules::{Subject, WARNING, words};
use crate::source::secret;

declare_rule! {
    /// A setting that is different in production, or missing on one side.
    ///
    /// What was tested in an environment holds in production only as far as the
    /// two are alike. Give both the same value, or name the setting in
    /// `accepted_drift` with the reason why it may differ. A setting that holds
    /// the name of its own environment in both is no drift.
    ///
    /// ```yaml,bad
    /// - id: DEP-001
    ///   type: Environment
    ///   name: staging
    ///   promotes_to: DEP-002
    ///   configuration:
    ///     RATE_LIMIT: 1000/min
    ///     LOG_LEVEL: info
    /// - id: DEP-002
    ///   type: Environment
    ///   name: production
    ///   configuration:
    ///     RATE_LIMIT: 100/min
    ///     LOG_LEVEL: info
    /// ```
    ///
    /// ```yaml,good
    /// - id: DEP-001
    ///   type: Environment
    ///   name: staging
    ///   promotes_to: DEP-002
    ///   configuration:
    ///     RATE_LIMIT: 100/min
    ///     LOG_LEVEL: debug
    ///   accepted_drift:
    ///     - LOG_LEVEL (verbose, to debug failed test runs)
    /// - id: DEP-002
    ///   type: Environment
    ///   name: production
    ///   configuration:
    ///     RATE_LIMIT: 100/min
    ///     LOG_LEVEL: info
    /// ```
    "RP0504", "environment-drift", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let environments = Environments::of(subject);
    let mut compared = 0;
    let mut settings: FxHashMap<EntryIndex, FxHashMap<&str, &str>> = FxHashMap::default();
    for place in &environments.places {
        let Some(production) = environments.production_of(subject, place) else { continue };
        // An environment without any settings is not documented yet, which is no drift.
        if place.environment.configuration.is_empty() || production.environment.configuration.is_empty() {
            continue;
        }
        compared += 1;
        let there = settings.entry(production.index).or_insert_with(|| values(production));
        if values_differ(place, there) {
            Pair { here: place, there: production }.compare(reports);
        }
    }
    compared
}

fn values<'p>(place: &Place<'p>) -> FxHashMap<&'p str, &'p str> {
    let settings = place.environment.configuration.iter();
    settings.map(|(key, value)| (&*key.value, &*value.value)).collect()
}

/// Whether anything has to be looked at closely: in most plans it need not.
fn values_differ(place: &Place<'_>, there: &FxHashMap<&str, &str>) -> bool {
    let settings = &place.environment.configuration;
    let same = |(key, value): &Setting<'_>| there.get(&*key.value) == Some(&&*value.value);
    settings.len() != there.len() || !settings.iter().all(same)
}

/// An environment and the production that it is to be like.
struct Pair<'a, 'p> {
    here: &'a Place<'p>,
    there: &'a Place<'p>,
}

type Setting<'p> = (Text<'p>, Text<'p>);

impl<'a, 'p> Pair<'a, 'p> {
    fn compare(&self, reports: &mut Vec<Report>) {
        let fold = |(key, _): &Setting<'_>| folded(&key.value).collect::<String>();
        let there: FxHashMap<String, &Setting<'p>> =
            self.there.environment.configuration.iter().map(|setting| (fold(setting), setting)).collect();
        let here: FxHashMap<String, &Setting<'p>> =
            self.here.environment.configuration.iter().map(|setting| (fold(setting), setting)).collect();
        for setting in &self.here.environment.configuration {
            match there.get(&fold(setting)) {
                Some(other) => reports.extend(self.different(setting, other)),
                None => reports.extend(self.only_here(setting)),
            }
        }
        let missing =
            self.there.environment.configuration.iter().filter(|other| !here.contains_key(&fold(other)));
        reports.extend(missing.filter_map(|other| self.only_there(other)));
    }

    fn different(&self, (key, value): &Setting<'_>, (_, other): &Setting<'_>) -> Option<Report> {
        let named =
            same_folded(&value.value, self.here.name()) && same_folded(&other.value, self.there.name());
        if value.value.trim() == other.value.trim() || named || self.accepts(&key.value) {
            return None;
        }
        let (id, place) = (self.here.entry.id.value, self.place());
        let label = format!("in {}", self.there.entry.id.value);
        let hidden = [value, other].iter().any(|value| is_hidden(&key.value, &value.value));
        let message = if hidden {
            format!("{id}: `{}` differs from {place} (values hidden)", key.value)
        } else {
            let (value, other) = (words::short(&value.value), words::short(&other.value));
            format!("{id}: `{}` is `{value}`, but `{other}` in {place}", key.value)
        };
        let same = "give both the same value";
        Some(Report::at(value.span, message).and(other.span, label).help(self.advice(same, &key.value)))
    }

    fn only_here(&self, (key, _): &Setting<'_>) -> Option<Report> {
        let message =
            format!("{}: `{}` is set here, but not in {}", self.here.entry.id.value, key.value, self.place());
        let advice = self.advice("set it in both or in neither", &key.value);
        let report = Report::at(key.span, message).and(self.there.entry.id.span, "it is missing here");
        (!self.accepts(&key.value)).then(|| report.help(advice))
    }

    fn only_there(&self, (key, _): &Setting<'_>) -> Option<Report> {
        let message =
            format!("{}: `{}` is set in {}, but not here", self.here.entry.id.value, key.value, self.place());
        let advice = self.advice("set it in both or in neither", &key.value);
        let report = Report::at(self.here.entry.id.span, message).and(key.span, "it is set here");
        (!self.accepts(&key.value)).then(|| report.help(advice))
    }

    fn place(&self) -> String {
        let id = self.there.entry.id.value;
        if self.here.production {
            format!("the other half of production ({id})")
        } else {
            format!("production ({id})")
        }
    }

    fn advice(&self, instead: &str, key: &str) -> String {
        format!("{instead}, or add `{key} (the reason)` to `accepted_drift` of {}", self.here.entry.id.value)
    }

    /// Whether one of the two says that the setting may differ.
    fn accepts(&self, key: &str) -> bool {
        let accepted = |place: &Place<'_>| {
            let items = place.environment.accepted_drift.iter();
            items
                .into_iter()
                .any(|item| drift::accepted(&item.value).keys.iter().any(|known| same_folded(known, key)))
        };
        accepted(self.here) || accepted(self.there)
    }
}

fn is_hidden(key: &str, value: &str) -> bool {
    secret::names_secret(key) || secret::is_secret(key, value)
}
