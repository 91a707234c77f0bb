//! The plans to begin with, and how they are filled in.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use clap::ValueEnum;

use crate::project::survey::ProductKind;

/// A plan to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Template {
    /// A few entries of each kind, for any product
    Minimal,
    /// A web service: canary, automatic rollback
    WebService,
    /// An app: store review, phased release, no way back to a lower version
    MobileApp,
    /// An API with partners: compatibility, deprecations with notice
    EnterpriseApi,
    /// A service with many tenants: rings and feature flags
    Saas,
    /// A library: SemVer, interface check, registry
    Library,
    /// Several components with one release: order of deployment
    Coordinated,
    /// A fix that cannot wait: few tests, two approvals, retrospective
    Hotfix,
    /// A release that is audited: signed approvals, evidence for every check
    Regulated,
}

/// The texts of a template.
struct Files {
    release: &'static str,
    deployment: &'static str,
    work: &'static str,
    /// What `relplan.toml` holds beyond the usual.
    settings: &'static str,
    /// The roles that approve, the one that owns the release last.
    roles: &'static [&'static str],
}

/// What `relplan.toml` of a short template says of gates: one of them decides.
const ONE_GATE: &str = include_str!("one_gate.toml");

macro_rules! files {
    ($folder:literal, $settings:expr, $roles:expr) => {
        Files {
            release: include_str!(concat!("templates/", $folder, "/release.yaml")),
            deployment: include_str!(concat!("templates/", $folder, "/deployment.yaml")),
            work: include_str!(concat!("templates/", $folder, "/work.yaml")),
            settings: $settings,
            roles: $roles,
        }
    };
}

/// Who may approve: an address for each role, to be replaced.
fn roles(roles: &[&str]) -> String {
    if roles.is_empty() {
        return String::new();
    }
    let mut text =
        String::from("\n# Who may approve. Replace the addresses with those of your people.\n[roles]\n");
    for role in roles {
        let person = role.to_lowercase().replace(' ', "-");
        // Who owns the release may sign for it, too.
        let own = if OWNERS.contains(role) {
            format!("\"{role}\".may_approve_own = true\n")
        } else {
            String::new()
        };
        text += &format!(
            "\"{role}\".holders = [{{ person = \"{person}@example.com\", name = \"{role}\" }}]\n{own}"
        );
    }
    text
}

/// The roles that own releases in the templates.
const OWNERS: &[&str] = &["Maintainer", "Release Manager"];

/// The line by which editors find the schema of a file of the plan.
const SCHEMA_LINE: &str = "# yaml-language-server: $schema=../.relplan/plan.schema.json\n";

/// What is filled into a template.
pub(super) struct Filling<'f> {
    /// The product.
    pub(super) product: &'f str,
    /// The version of the release.
    pub(super) version: &'f str,
    /// The day on which the plan begins.
    pub(super) today: NaiveDate,
}

impl Template {
    /// The template for a kind of product.
    pub(super) fn for_product(kind: ProductKind) -> Template {
        match kind {
            ProductKind::MobileApp => Template::MobileApp,
            ProductKind::Api => Template::EnterpriseApi,
            ProductKind::Service => Template::WebService,
            ProductKind::Library => Template::Library,
        }
    }

    /// Its name on the command line.
    pub(super) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// What it is for, in one line.
    pub(super) fn about(self) -> String {
        let value = self.to_possible_value();
        value.and_then(|value| value.get_help().map(ToString::to_string)).unwrap_or_default()
    }

    fn files(self) -> Files {
        match self {
            Template::Minimal => files!("minimal", "", &[]),
            Template::WebService => files!("web-service", ONE_GATE, &["QA Lead", "Release Manager"]),
            Template::MobileApp => {
                files!("mobile-app", ONE_GATE, &["QA Lead", "Product Owner", "Release Manager"])
            }
            Template::EnterpriseApi => {
                let roles = &["Technical Lead", "QA Lead", "Product Owner", "Release Manager"];
                files!("enterprise-api", ONE_GATE, roles)
            }
            Template::Saas => files!("saas", ONE_GATE, &["QA Lead", "Product Owner", "Release Manager"]),
            Template::Library => files!("library", ONE_GATE, &["Maintainer"]),
            Template::Coordinated => {
                let roles = &["Ledger Team Lead", "Payment Team Lead", "Shop Team Lead", "Release Manager"];
                files!("coordinated", ONE_GATE, roles)
            }
            Template::Hotfix => files!("hotfix", "", &["Technical Lead", "Product Owner"]),
            Template::Regulated => {
                let roles = &[
                    "Technical Lead",
                    "QA Lead",
                    "Product Owner",
                    "Security Lead",
                    "Compliance Officer",
                    "Stakeholders",
                    "Release Manager",
                ];
                files!("regulated", include_str!("templates/regulated/settings.toml"), roles)
            }
        }
    }

    /// The files of the plan by name, filled in.
    pub(super) fn filled(self, filling: &Filling<'_>) -> Vec<(&'static str, String)> {
        let files = self.files();
        let name = match self {
            Template::Minimal => String::new(),
            _ => format!("name = {}\n", quoted(filling.product)),
        };
        let owner = files.roles.last().copied().unwrap_or_default();
        let settings = files.settings.replace("{owner}", owner);
        let settings =
            include_str!("relplan.toml").replace("{name}\n", &name) + &settings + &roles(files.roles);
        let yaml = |text: &str| format!("{SCHEMA_LINE}{}", filling.fill(text));
        vec![
            ("relplan.toml", settings),
            ("release/release.yaml", yaml(files.release)),
            ("release/deployment.yaml", yaml(files.deployment)),
            ("release/work.yaml", yaml(files.work)),
        ]
    }
}

impl Filling<'_> {
    /// A text with its placeholders filled in. Braces that hold none are YAML's own.
    fn fill(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find('{') {
            let (before, after) = rest.split_at(start);
            filled.push_str(before);
            let value = after.find('}').and_then(|end| Some((self.value(&after[1..end])?, end)));
            rest = match value {
                Some((value, end)) => {
                    filled.push_str(&value);
                    &after[end + 1..]
                }
                None => {
                    filled.push('{');
                    &after[1..]
                }
            };
        }
        filled + rest
    }

    fn value(&self, name: &str) -> Option<String> {
        match name {
            "title" => Some(quoted(&format!("{} {}", self.product, self.version))),
            "version" => Some(quoted(self.version)),
            "next major" => Some(quoted(&self.next_major())),
            "today" => Some(self.today.to_string()),
            _ => {
                let (unit, count) = name.split_once(' ')?;
                let count: i64 = count.parse().ok()?;
                match unit {
                    "week" => Some(tuesday(self.today, count).to_string()),
                    "workday" => Some(workday(self.today, count).to_string()),
                    _ => None,
                }
            }
        }
    }

    /// The version in which what is deprecated now may be gone.
    fn next_major(&self) -> String {
        match semver::Version::parse(self.version.trim_start_matches(['v', 'V'])) {
            Ok(version) => format!("{}.0.0", version.major.saturating_add(1)),
            Err(_) => "the next major version".to_owned(),
        }
    }
}

/// A text in quotes that YAML, TOML and JSON read alike.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The Tuesday of the week so many weeks from today, a day on which releases go out.
fn tuesday(today: NaiveDate, weeks: i64) -> NaiveDate {
    let monday = today.week(Weekday::Mon).first_day();
    let days = Days::new(weeks.unsigned_abs() * 7);
    let shifted = if weeks < 0 { monday.checked_sub_days(days) } else { monday.checked_add_days(days) };
    shifted.and_then(|day| day.succ_opt()).unwrap_or(today)
}

/// The working day so many working days after today.
fn workday(today: NaiveDate, count: i64) -> NaiveDate {
    let days = today.iter_days().skip(1).filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun));
    days.take(usize::try_from(count).unwrap_or(1)).last().unwrap_or(today)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a day")
    }

    #[test]
    fn no_template_keeps_a_placeholder() {
        let filling = Filling { product: "Our \"product\"", version: "1.2.0", today: day(2026, 11, 21) };
        for template in Template::value_variants() {
            for (name, text) in template.filled(&filling) {
                for sign in ["{title", "{version", "{next", "{today", "{week", "{workday", "{name}"] {
                    assert!(!text.contains(sign), "{} {name}: {sign}", template.name());
                }
            }
            assert!(!template.about().is_empty());
        }
    }

    #[test]
    fn braces_of_yaml_stay() {
        let filling = Filling { product: "P", version: "1.2.0", today: day(2026, 11, 27) };
        assert_eq!(
            filling.fill("{tests: 100%} {title} {week 1} {"),
            "{tests: 100%} \"P 1.2.0\" 2026-12-01 {"
        );
        assert_eq!(filling.fill("{workday 1} {next major}"), "2026-11-30 \"2.0.0\"");
    }

    #[test]
    fn days_are_working_days() {
        assert_eq!(tuesday(day(2026, 11, 22), 12).weekday(), Weekday::Tue);
        assert_eq!(workday(day(2026, 11, 28), 1), day(2026, 11, 30));
        assert_eq!(workday(day(2026, 11, 26), 2), day(2026, 11, 30));
    }
}
