//! SHA-256 digests: `sha256:` and 64 hexadecimal digits.

use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// What stands before the digits.
const ALGORITHM: &str = "sha256:";

/// The SHA-256 (FIPS 180-4) of some bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Digest {
        Digest(Sha256::digest(bytes).into())
    }

    /// Reads `sha256:` and 64 hexadecimal digits; the name of the algorithm must be there.
    pub fn parse(text: &str) -> Option<Digest> {
        text.trim().strip_prefix(ALGORITHM).and_then(digits)
    }

    /// Its bytes.
    pub fn bytes(&self) -> [u8; 32] {
        self.0
    }

    /// Its first digits, which tell two of them apart at a glance.
    pub fn short(&self) -> String {
        self.to_string().chars().take(ALGORITHM.len() + 12).collect()
    }

    /// Its digits, without the name of the algorithm.
    pub fn hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl From<Sha256> for Digest {
    fn from(hash: Sha256) -> Digest {
        Digest(hash.finalize().into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&format!("{ALGORITHM}{}", self.hex()))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.short())
    }
}

/// Why a text is no digest; as words, to follow the text in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a digest: `sha256:` and 64 hexadecimal digits")]
pub struct DigestError;

impl FromStr for Digest {
    type Err = DigestError;

    /// Reads a digest with or without the name of its algorithm.
    fn from_str(text: &str) -> Result<Digest, DigestError> {
        digits(text.strip_prefix(ALGORITHM).unwrap_or(text)).ok_or(DigestError)
    }
}

/// Reads 64 hexadecimal digits.
fn digits(text: &str) -> Option<Digest> {
    let digits = text.as_bytes();
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        let [high, low] = pair else { return None };
        *byte = value(*high)? << 4 | value(*low)?;
    }
    (digits.len() == 64).then_some(Digest(bytes))
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|error| serde::de::Error::custom(format!("`{text}` {error}")))
    }
}

impl JsonSchema for Digest {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Digest".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^sha256:[0-9a-f]{64}$" })
    }
}

/// Digests where the key names the algorithm.
pub mod bare {
    use super::*;

    /// Writes the digits alone.
    pub fn serialize<S: Serializer>(digest: &Digest, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&digest.hex())
    }

    /// Reads a digest with or without the name of its algorithm.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
        Digest::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // FIPS 180-4, of "abc".
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn digests_are_written_and_read() {
        let digest = Digest::of(b"abc");
        assert_eq!(digest.to_string(), format!("sha256:{ABC}"));
        assert_eq!(digest.to_string().parse(), Ok(digest));
        assert_eq!(ABC.to_uppercase().parse(), Ok(digest));
        for wrong in ["", "sha256:", &ABC[1..], &format!("sha1:{ABC}"), &ABC.replace('b', "g")] {
            assert_eq!(wrong.parse::<Digest>(), Err(DigestError), "{wrong}");
        }
    }
}
