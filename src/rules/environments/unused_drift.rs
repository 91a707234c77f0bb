use rustc_hash::{FxHashMap, FxHashSet};

use super::configuration_files;
use crate::finding::Report;
use crate::model::dep::Environment;
use crate::model::value::folded;
use crate::model::{Entry, Text, drift};
use crate::rules::{Subject, WARNING, words};
use crate::source::edit::Edit;

declare_rule! {
    /// An accepted difference between environments that is none.
    ///
    /// The setting is the same everywhere, or exists nowhere. Left in place, the
    /// line would hide the next real difference.
    ///
    /// ```yaml,bad
    /// - id: DEP-001
    ///   type: Environment
    ///   name: staging
    ///   configuration:
    ///     LOG_LEVEL: info
    ///   accepted_drift:
    ///     - LOG_LEVEL (verbose in staging)
    /// - id: DEP-002
    ///   type: Environment
    ///   name: production
    ///   configuration:
    ///     LOG_LEVEL: info
    /// ```
    ///
    /// ```yaml,bad
    /// - id: DEP-001
    ///   type: Environment
    ///   name: staging
    ///   configuration:
    ///     LOG_LEVEL: debug
    ///   accepted_drift:
    ///     - LOG_LEVL (verbose in staging)
    /// - id: DEP-002
    ///   type: Environment
    ///   name: production
    ///   configuration:
    ///     LOG_LEVEL: info
    /// ```
    ///
    /// ```yaml,good
    /// - id: DEP-001
    ///   type: Environment
    ///   name: staging
    ///   configuration:
    ///     LOG_LEVEL: debug
    ///   accepted_drift:
    ///     - LOG_LEVEL (verbose in staging)
    /// - id: DEP-002
    ///   type: Environment
    ///   name: production
    ///   configuration:
    ///     LOG_LEVEL: info
    /// ```
    "RP0906", "unused-drift", WARNING, since "0.1.0"
}

/// How a setting is set across the environments that have settings.
struct Setting<'p> {
    key: &'p str,
    value: &'p str,
    set_by: usize,
    differs: bool,
}

/// What is known of the settings of all environments.
struct Known<'p> {
    settings: FxHashMap<String, Setting<'p>>,
    /// How many environments have settings in the plan.
    configured: usize,
    /// The keys that differ between configuration files.
    in_files: FxHashSet<String>,
    has_files: bool,
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let configured =
        subject.plan.environments().filter(|(_, environment)| !environment.configuration.is_empty()).count();
    let accepted = subject.plan.environments().map(|(_, environment)| environment.accepted_drift.len()).sum();
    if accepted == 0 {
        return 0;
    }
    let mut in_files = FxHashSet::default();
    let (compared, unknown) = configuration_files::each_difference(subject, |difference| {
        in_files.insert(difference.key.clone());
    });
    // With one environment there is nothing that a setting could differ from, and a file that is not read may have it.
    if unknown == 0 && (configured > 1 || compared > 0) {
        let known = Known { settings: settings(subject), configured, in_files, has_files: compared > 0 };
        for (entry, environment) in subject.plan.environments() {
            for item in &environment.accepted_drift {
                reports.extend(unused(subject, entry, item, &known));
            }
        }
    }
    accepted
}

fn settings<'p>(subject: &Subject<'p>) -> FxHashMap<String, Setting<'p>> {
    let mut settings: FxHashMap<String, Setting<'p>> = FxHashMap::default();
    let configuration = |(_, environment): (_, &'p Environment<'p>)| &environment.configuration;
    for (key, value) in subject.plan.environments().flat_map(configuration) {
        let (key, value) = (&*key.value, value.value.trim());
        let setting = settings.entry(folded(key).collect()).or_insert(Setting {
            key,
            value,
            set_by: 0,
            differs: false,
        });
        setting.set_by += 1;
        setting.differs |= setting.value != value;
    }
    settings
}

fn unused(subject: &Subject<'_>, entry: &Entry<'_>, item: &Text<'_>, known: &Known<'_>) -> Vec<Report> {
    let keys = drift::accepted(&item.value).keys;
    let report = |key: &&str| {
        let id = entry.id.value;
        let place = words::place_of(subject, item, key);
        match known.settings.get(&folded(key).collect::<String>()) {
            Some(setting) if setting.differs || setting.set_by < known.configured => None,
            Some(_) => {
                let message = format!("{id}: unused `accepted_drift` of `{key}`: all environments agree");
                Some(Report::at(place, message).help("remove it from `accepted_drift`"))
            }
            None => {
                let why = if known.has_files { "it differs nowhere" } else { "no environment sets it" };
                let message = format!("{id}: unused `accepted_drift` of `{key}`: {why}");
                let report = Report::at(place, message);
                Some(match nearest(key, &known.settings) {
                    Some(near) => report
                        .help(format!("did you mean `{near}`?"))
                        .suggested_fix(format!("write `{near}`"), vec![Edit::replace(place, near)]),
                    None => report.help("remove it from `accepted_drift`"),
                })
            }
        }
    };
    let is_of_files =
        |accepted: &str| known.in_files.iter().any(|key| configuration_files::accepts(accepted, key));
    keys.iter().filter(|key| !is_of_files(key)).filter_map(report).collect()
}

/// The setting that was probably meant.
fn nearest<'p>(key: &str, settings: &FxHashMap<String, Setting<'p>>) -> Option<&'p str> {
    let key = key.to_ascii_lowercase();
    let near = settings.values().map(|setting| setting.key);
    near.map(|known| (strsim::damerau_levenshtein(&known.to_ascii_lowercase(), &key), known))
        .filter(|(distance, known)| *distance <= 1 + known.len() / 5)
        .min()
        .map(|(_, known)| known)
}
