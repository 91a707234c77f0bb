//! How bad a finding is, from what scanners write of it: words, scores and vectors of CVSS. Of several, the worst counts.

use super::ScanSeverity;
use super::json::Written;

/// No vector of CVSS is longer: one of version 4 with all of its metrics has some 200 letters.
const LONGEST_VECTOR: usize = 400;

/// What is stated of one finding.
#[derive(Debug, Default)]
pub(super) struct Rating {
    worst: Option<ScanSeverity>,
    /// What is stated and cannot be read.
    problem: Option<String>,
}

impl Rating {
    /// Takes a severity that is known.
    pub fn add(&mut self, severity: ScanSeverity) {
        self.worst = self.worst.max(Some(severity));
    }

    /// Takes note of what is wrong; the finding may be as bad as any then. The first is kept.
    pub fn doubt(&mut self, problem: impl Into<String>) {
        self.problem.get_or_insert_with(|| problem.into());
    }

    /// Takes what stands in the place of a word: `HIGH`. One that says that the severity is not known states nothing.
    pub fn word(&mut self, name: &str, value: Option<&impl Written>) {
        let Some(value) = stated(value) else { return };
        match value.as_str().map(of_word) {
            Some(Word::Severity(severity)) => self.add(severity),
            Some(Word::NotKnown) => {}
            Some(Word::Strange) | None => {
                self.doubt(format!("`{name}` is `{}`, which is not a known severity", short(value)));
            }
        }
    }

    /// Takes what stands in the place of a score in the bands of CVSS, as a text or a number.
    pub fn score(&mut self, name: &str, value: Option<&impl Written>) {
        let Some(value) = stated(value) else { return };
        match score(value) {
            Some(score) => self.add(of_score(score)),
            None => {
                self.doubt(format!("`{name}` is `{}`, which is not a number from 0.0 to 10.0", short(value)));
            }
        }
    }

    /// Takes a vector of CVSS.
    pub fn vector(&mut self, name: &str, text: &str) {
        match of_vector(text) {
            Some(severity) => self.add(severity),
            None => self.doubt(format!("`{name}` is `{}`, which is not a CVSS vector", shortened(text))),
        }
    }

    /// The same for a vector beside which other statements stand; one that cannot be read is no statement.
    pub fn vector_if_known(&mut self, text: &str) {
        if let Some(severity) = of_vector(text) {
            self.add(severity);
        }
    }

    /// Takes a score on a scale that does not reach above a severity, as that of CVSS 2.
    pub fn score_up_to(&mut self, name: &str, value: Option<&impl Written>, most: ScanSeverity) {
        match stated(value).map(score) {
            Some(Some(score)) => self.add(of_score(score).min(most)),
            _ => self.score(name, value),
        }
    }

    /// Whether anything was stated.
    pub fn is_empty(&self) -> bool {
        self.worst.is_none() && self.problem.is_none()
    }

    /// How bad it is, and what is wrong with the statement. Of what nothing is stated, nothing is known.
    pub fn finish(self) -> (ScanSeverity, Option<String>) {
        match (self.problem, self.worst) {
            (Some(problem), _) => (ScanSeverity::Unknown, Some(problem)),
            (None, worst) => (worst.unwrap_or(ScanSeverity::Unknown), None),
        }
    }
}

/// What a word of a severity says.
enum Word {
    Severity(ScanSeverity),
    /// That it is not known.
    NotKnown,
    Strange,
}

/// The words of Trivy, npm, GitHub, Ubuntu and CycloneDX.
fn of_word(word: &str) -> Word {
    const SEVERITIES: [(&str, ScanSeverity); 8] = [
        ("critical", ScanSeverity::Critical),
        ("high", ScanSeverity::High),
        ("medium", ScanSeverity::Medium),
        ("moderate", ScanSeverity::Medium),
        ("low", ScanSeverity::Low),
        ("negligible", ScanSeverity::Low),
        ("info", ScanSeverity::None),
        ("none", ScanSeverity::None),
    ];
    let is = |known: &str| word.trim().eq_ignore_ascii_case(known);
    match SEVERITIES.iter().find(|(known, _)| is(known)) {
        Some((_, severity)) => Word::Severity(*severity),
        None if ["unknown", "untriaged", "unassigned"].into_iter().any(is) => Word::NotKnown,
        None => Word::Strange,
    }
}

/// The band of a score (CVSS 3.1, section 5).
pub(super) fn of_score(score: f64) -> ScanSeverity {
    match score {
        score if score >= 9.0 => ScanSeverity::Critical,
        score if score >= 7.0 => ScanSeverity::High,
        score if score >= 4.0 => ScanSeverity::Medium,
        score if score > 0.0 => ScanSeverity::Low,
        _ => ScanSeverity::None,
    }
}

/// A score from 0.0 to 10.0, as a text or a number.
pub(super) fn score(value: &impl Written) -> Option<f64> {
    let score: f64 = match value.as_str() {
        Some(text) => text.trim().parse().ok()?,
        None => value.as_f64()?,
    };
    (0.0..=10.0).contains(&score).then_some(score)
}

/// How bad a vector of CVSS 2.0, 3.0, 3.1 or 4.0 is. Where it holds more than the base metrics, the worse of both scores
/// counts: that no exploit is known yet makes nothing harmless.
pub(super) fn of_vector(text: &str) -> Option<ScanSeverity> {
    let text = text.trim();
    if text.len() > LONGEST_VECTOR || !text.is_ascii() || !has_base_metrics(text) {
        return None;
    }
    match text.parse().ok()? {
        // Version 2 knows nothing above high.
        cvss::Cvss::CvssV20(vector) => Some(of_score(vector.score().value()).min(ScanSeverity::High)),
        cvss::Cvss::CvssV30(vector) | cvss::Cvss::CvssV31(vector) => {
            Some(of_score(vector.base_score().value().max(vector.environmental_score().value())))
        }
        cvss::Cvss::CvssV40(vector) => Some(of_score(vector.score().value())),
        _ => None,
    }
}

/// Whether a vector states every metric that must be stated. One that leaves some out would look harmless.
fn has_base_metrics(text: &str) -> bool {
    const VERSION_2: &[&str] = &["AV", "AC", "Au", "C", "I", "A"];
    const VERSION_3: &[&str] = &["AV", "AC", "PR", "UI", "S", "C", "I", "A"];
    const VERSION_4: &[&str] = &["AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"];
    let base = match text.split_once('/') {
        Some(("CVSS:3.0" | "CVSS:3.1", _)) => VERSION_3,
        Some(("CVSS:4.0", _)) => VERSION_4,
        _ => VERSION_2,
    };
    let stated: Vec<&str> =
        text.split('/').filter_map(|metric| metric.split_once(':')).map(|(name, _)| name).collect();
    base.iter().all(|name| stated.iter().any(|stated| stated.eq_ignore_ascii_case(name)))
}

/// What is stated at all: neither `null` nor an empty text.
pub(super) fn stated<V: Written>(value: Option<&V>) -> Option<&V> {
    value.filter(|value| match value.as_str() {
        Some(text) => !text.trim().is_empty(),
        None => !value.is_null(),
    })
}

/// A value as a message names it.
pub(super) fn short(value: &impl Written) -> String {
    shortened(&value.words())
}

fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    let text = crate::source::shown::shown(text).into_owned();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
