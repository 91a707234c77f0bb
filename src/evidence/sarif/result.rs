//! Results, and how bad they are.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::invocation::Invocation;
use super::{Message, Reference, Tool, rule::Descriptor};
use crate::evidence::input::{Found, Input};
use crate::evidence::severity::{Rating, short, stated};
use crate::evidence::{EvidenceDefectKind, ScanIndex, ScanLevel, ScanResult, ScanSeverity, json};

/// A result (3.27).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    rule_id: Option<String>,
    rule_index: Option<i64>,
    rule: Option<Reference>,
    kind: Option<Value>,
    level: Option<Value>,
    #[serde(default)]
    message: Message,
    suppressions: Option<Vec<Suppression>>,
    baseline_state: Option<Value>,
    provenance: Option<Provenance>,
    properties: Option<Properties>,
}

/// What some scanners say of a result that others say of its rule.
#[derive(Deserialize)]
struct Properties {
    #[serde(rename = "security-severity")]
    security_severity: Option<Value>,
}

/// A suppression (3.35).
#[derive(Deserialize)]
struct Suppression {
    kind: Option<Value>,
    status: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Provenance {
    invocation_index: Option<i64>,
}

/// Reads a result. One that is gone since the baseline (3.27.24) is none any more; one that cannot be read may be as
/// bad as any.
pub(super) fn read<'s>(
    input: &Input<'s>,
    raw: &'s RawValue,
    tool: &Tool,
    invocations: &[Option<Invocation>],
    scan: ScanIndex,
    found: &mut Found<'s>,
) -> Option<ScanResult<'s>> {
    let span = input.first_line(raw.get());
    let written: Written = match json::read(input, raw) {
        Ok(written) => written,
        Err(defect) => {
            found.broken(defect);
            return Some(unreadable(scan, span));
        }
    };
    if written.baseline_state.as_ref().and_then(Value::as_str) == Some("absent") {
        return None;
    }
    let rule = tool.rule(written.rule.as_ref(), written.rule_id.as_deref(), written.rule_index);
    let id = written.rule_id.clone().or_else(|| written.rule.as_ref().and_then(|rule| rule.id.clone()));
    let id = id.or_else(|| rule.and_then(|rule| rule.id.clone())).unwrap_or_default();
    let weight = written.weigh(rule, invocations);
    if let Some(reason) = weight.problem {
        found.defect(span, EvidenceDefectKind::SeverityNotUnderstood { reason });
    }
    Some(ScanResult {
        scan,
        span,
        rule: id.into(),
        message: written.message.words(rule).into(),
        level: weight.level,
        severity: weight.severity,
        undecided: weight.undecided,
        suppressed: written.is_suppressed(),
    })
}

fn unreadable<'s>(scan: ScanIndex, span: crate::source::Span) -> ScanResult<'s> {
    ScanResult {
        scan,
        span,
        rule: "".into(),
        message: "".into(),
        level: ScanLevel::Error,
        severity: ScanSeverity::Unknown,
        undecided: false,
        suppressed: false,
    }
}

/// What kind of result it is (3.27.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A problem, which is the default; a word that is not known is no word that says otherwise.
    Fail,
    /// None, or a thing to know.
    Harmless,
    /// The scanner could not decide, or leaves it to a person.
    Undecided,
}

/// How bad a result is.
struct Weight {
    level: ScanLevel,
    severity: ScanSeverity,
    undecided: bool,
    /// Why the severity is not known, if the report is to blame.
    problem: Option<String>,
}

impl Written {
    fn kind(&self) -> Kind {
        match self.kind.as_ref().and_then(Value::as_str) {
            Some("pass" | "informational" | "notApplicable") => Kind::Harmless,
            Some("open" | "review") => Kind::Undecided,
            _ => Kind::Fail,
        }
    }

    /// How bad it is: by its level, by its score and by that of its rule, of which the worst counts.
    fn weigh(&self, rule: Option<&Descriptor>, invocations: &[Option<Invocation>]) -> Weight {
        let kind = self.kind();
        let own = stated(self.level.as_ref());
        let own_score = self.properties.as_ref().and_then(|own| own.security_severity.as_ref());
        if kind != Kind::Fail
            && let Some(problem) = self.contradiction(own, stated(own_score))
        {
            let level = own.and_then(level_of).unwrap_or(ScanLevel::Error);
            return Weight {
                level,
                severity: ScanSeverity::Unknown,
                undecided: false,
                problem: Some(problem),
            };
        }
        if kind == Kind::Harmless {
            let severity = ScanSeverity::None;
            return Weight { level: ScanLevel::None, severity, undecided: false, problem: None };
        }
        let inherited = || self.overridden(rule, invocations).or_else(|| rule?.default_level());
        // Results of other kinds have no level of their own, so `none` says nothing of them.
        let stated_level = own.filter(|_| kind == Kind::Fail).or_else(|| stated(inherited()));
        let mut rating = Rating::default();
        let level = match stated_level.map(|value| (value, level_of(value))) {
            None => ScanLevel::Warning,
            Some((_, Some(level))) => level,
            Some((value, None)) => {
                rating.doubt(format!("`level` is `{}`, which SARIF does not know", short(value)));
                ScanLevel::Error
            }
        };
        // A word that is not used says nothing; what is no word shows that the log is damaged.
        if let Some(value) = inherited().filter(|value| !value.is_string() && !value.is_null()) {
            rating.doubt(format!("the `level` of its rule is `{}`, which is not a text", short(value)));
        }
        if self.level.as_ref().and_then(Value::as_str).is_some_and(|level| level.trim().is_empty()) {
            rating.doubt("its `level` is empty".to_owned());
        }
        rating.add(severity_of(level));
        rating.score("security-severity", own_score);
        rating.score("security-severity", rule.and_then(Descriptor::security_severity));
        let (severity, problem) = rating.finish();
        let undecided = kind == Kind::Undecided;
        Weight { level: if undecided { ScanLevel::None } else { level }, severity, undecided, problem }
    }

    /// That it is of a kind that is no problem and states a severity all the same (3.27.10: its level shall be `none`).
    fn contradiction(&self, level: Option<&Value>, score: Option<&Value>) -> Option<String> {
        let kind = self.kind.as_ref().map(short).unwrap_or_default();
        if let Some(level) = level.filter(|level| level_of(level) != Some(ScanLevel::None)) {
            return Some(format!("it is of kind `{kind}` and of level `{}`", short(level)));
        }
        let score = score.filter(|value| crate::evidence::severity::score(*value) != Some(0.0))?;
        Some(format!("it is of kind `{kind}` and of `security-severity` `{}`", short(score)))
    }

    /// The level that its invocation sets for its rule.
    fn overridden<'i>(
        &self,
        rule: Option<&Descriptor>,
        invocations: &'i [Option<Invocation>],
    ) -> Option<&'i Value> {
        // Of one invocation alone, every result is.
        let invocation = match (self.provenance.as_ref().and_then(|own| own.invocation_index), invocations) {
            (Some(index), _) => invocations.get(usize::try_from(index).ok()?)?,
            (None, [only]) => only,
            (None, _) => return None,
        };
        invocation.as_ref()?.level_of(rule?)
    }

    /// Whether it is suppressed: by all of its suppressions, of which there must be one (3.27.23).
    fn is_suppressed(&self) -> bool {
        self.suppressions
            .as_ref()
            .is_some_and(|all| !all.is_empty() && all.iter().all(Suppression::is_accepted))
    }
}

impl Suppression {
    /// Whether it counts. The standard leaves open what an absent status means (3.35.3): what stands in the source is
    /// as accepted as the source is, but what stands elsewhere must say so.
    fn is_accepted(&self) -> bool {
        let status = self.status.as_ref().filter(|status| !status.is_null());
        match (self.kind.as_ref().and_then(Value::as_str), status) {
            (Some("inSource"), None) => true,
            (Some("inSource" | "external"), Some(status)) => status.as_str() == Some("accepted"),
            _ => false,
        }
    }
}

/// A level (3.27.10).
fn level_of(value: &Value) -> Option<ScanLevel> {
    match value.as_str()? {
        "error" => Some(ScanLevel::Error),
        "warning" => Some(ScanLevel::Warning),
        "note" => Some(ScanLevel::Note),
        "none" => Some(ScanLevel::None),
        _ => None,
    }
}

fn severity_of(level: ScanLevel) -> ScanSeverity {
    match level {
        ScanLevel::Error => ScanSeverity::High,
        ScanLevel::Warning => ScanSeverity::Medium,
        ScanLevel::Note => ScanSeverity::Low,
        ScanLevel::None => ScanSeverity::None,
    }
}
