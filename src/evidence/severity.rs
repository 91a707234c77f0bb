//! How bad a finding is, from what scanners write of it: words, scores and vectors of CVSS. Of several, the worst counts.

use serde_json::Value;

use super::ScanSeverity;

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
    pub fn word(&mut self, name: &str, value: Option<&Value>) {
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
    pub fn score(&mut self, name: &str, value: Option<&Value>) {
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
            Some(score) => self.add(of_score(score)),
            None => {
                let text = Value::String(text.to_owned());
                self.doubt(format!("`{name}` is `{}`, which is not a CVSS vector", short(&text)));
            }
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

/// The words of Trivy, npm, GitHub and CycloneDX.
fn of_word(word: &str) -> Word {
    Word::Severity(match word.trim().to_ascii_lowercase().as_str() {
        "critical" => ScanSeverity::Critical,
        "high" => ScanSeverity::High,
        "medium" | "moderate" => ScanSeverity::Medium,
        "low" => ScanSeverity::Low,
        "info" | "none" => ScanSeverity::None,
        "unknown" => return Word::NotKnown,
        _ => return Word::Strange,
    })
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
pub(super) fn score(value: &Value) -> Option<f64> {
    let score: f64 = match value {
        Value::String(text) => text.trim().parse().ok()?,
        Value::Number(number) => number.as_f64()?,
        _ => return None,
    };
    (0.0..=10.0).contains(&score).then_some(score)
}

/// The score of a vector of CVSS 3.0, 3.1 or 4.0. Where it holds more than the base metrics, the worse of both scores
/// counts: that no exploit is known yet makes nothing harmless.
pub(super) fn of_vector(text: &str) -> Option<f64> {
    let text = text.trim();
    if text.len() > LONGEST_VECTOR || !text.is_ascii() {
        return None;
    }
    let score = match text.parse().ok()? {
        cvss::Cvss::CvssV30(vector) | cvss::Cvss::CvssV31(vector) => {
            vector.base_score().value().max(vector.score().value())
        }
        cvss::Cvss::CvssV40(vector) => vector.score().value(),
        _ => return None,
    };
    (0.0..=10.0).contains(&score).then_some(score)
}

/// What is stated at all: neither `null` nor an empty text.
pub(super) fn stated(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        _ => true,
    })
}

/// A value as a message names it.
pub(super) fn short(value: &Value) -> String {
    const MOST: usize = 40;
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
