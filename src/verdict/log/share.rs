//! A share of one, as a decimal number.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// A share of one in thousandths, written as a decimal number such as `0.875`. A binary fraction would be written with
/// digits that nobody computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share(u16);

impl Share {
    /// The nearest share to so many per cent.
    pub fn of_percent(percent: f64) -> Share {
        Share::nearest(percent / 100.0)
    }

    /// The share in per cent.
    pub fn percent(self) -> f64 {
        f64::from(self.0) / 10.0
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies between 0 and 1000")]
    fn nearest(share: f64) -> Share {
        Share((share.clamp(0.0, 1.0) * 1000.0).round() as u16)
    }

    fn text(self) -> String {
        let text = format!("{}.{:03}", self.0 / 1000, self.0 % 1000);
        let short = text.trim_end_matches('0');
        if short.ends_with('.') { format!("{short}0") } else { short.to_owned() }
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.text()).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Share, D::Error> {
        match f64::deserialize(deserializer)? {
            share if (0.0..=1.0).contains(&share) => Ok(Share::nearest(share)),
            share => Err(serde::de::Error::custom(format!("`{share}` is not between 0 and 1"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_decimals() {
        for (percent, text) in
            [(0.0, "0.0"), (24.0, "0.24"), (28.9, "0.289"), (87.5, "0.875"), (100.0, "1.0"), (0.1, "0.001")]
        {
            let share = Share::of_percent(percent);
            assert_eq!(serde_json::to_string(&share).expect("JSON"), text);
            assert_eq!(serde_json::from_str::<Share>(text).expect("a share"), share);
        }
        assert!(serde_json::from_str::<Share>("1.5").is_err());
    }
}
