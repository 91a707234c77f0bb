//! Exposure of a risk: probability times impact, and the cell of the heat map that it falls into.
//!
//! The one definition of "high risk" for rules, gates, the checklist, the register and the report.

use schemars::JsonSchema;
use serde::Serialize;

use super::dep::Severity;
use super::risk::Probability;

/// Probability times impact.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Exposure {
    /// Probability as a share times the weight of the impact: from 0 to 4.
    pub score: f64,
    /// The column of the heat map, from 1 (less than 20 %) to 5 (80 % and more).
    pub band: u8,
    /// The weight of the impact: Low 1, Medium 2, High 3, Critical 4.
    pub weight: u8,
    /// The level of the cell: low, moderate, high or extreme.
    pub level: Level,
}

/// The level of an exposure, by the product of band and weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Up to 3.
    Low,
    /// Up to 6.
    Moderate,
    /// Up to 10.
    High,
    /// More.
    Extreme,
}

impl Exposure {
    /// The exposure of a probability and an impact.
    pub fn new(probability: Probability, impact: Severity) -> Self {
        let percent = probability.percentage().0;
        let (band, weight) = (band(percent), weight(impact));
        // Rounded, so that 40 % of 3 is 1.2 and not what binary fractions make of it.
        let score = (percent * f64::from(weight)).round() / 100.0;
        Exposure { score, band, weight, level: level(band, weight) }
    }
}

/// How much an impact weighs.
pub const fn weight(impact: Severity) -> u8 {
    match impact {
        Severity::Low => 1,
        Severity::Medium => 2,
        Severity::High => 3,
        Severity::Critical => 4,
    }
}

/// The column of the heat map that a probability falls into: five of 20 % each.
pub fn band(percent: f64) -> u8 {
    [20.0, 40.0, 60.0, 80.0].iter().fold(1, |band, bound| band + u8::from(percent >= *bound))
}

/// The level of a cell of the heat map.
pub const fn level(band: u8, weight: u8) -> Level {
    match band * weight {
        0..=3 => Level::Low,
        4..=6 => Level::Moderate,
        7..=10 => Level::High,
        _ => Level::Extreme,
    }
}

impl Level {
    /// Its name.
    pub const fn word(self) -> &'static str {
        match self {
            Level::Low => "low",
            Level::Moderate => "moderate",
            Level::High => "high",
            Level::Extreme => "extreme",
        }
    }

    /// Whether a risk of this level is a high risk.
    pub fn is_high(self) -> bool {
        self >= Level::High
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_and_levels() {
        assert_eq!([0.0, 19.9, 20.0, 40.0, 79.9, 80.0, 100.0].map(band), [1, 1, 2, 3, 4, 5, 5]);
        assert_eq!(level(1, 1), Level::Low);
        assert_eq!(level(3, 2), Level::Moderate);
        assert_eq!(level(3, 3), Level::High);
        assert_eq!(level(3, 4), Level::Extreme);
        assert!(Level::High.is_high() && Level::Extreme.is_high() && !Level::Moderate.is_high());
    }

    #[test]
    fn exposure_is_decimal() {
        let forty = Probability::parse("40%").expect("a probability");
        assert_eq!(Exposure::new(forty, Severity::High).score, 1.2);
    }
}
