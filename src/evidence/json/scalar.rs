//! Texts and single values that borrow from the file, so that reading a finding copies nothing.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

/// A text. Anything else in its place is an error.
#[derive(Debug, Default, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::evidence) struct Text<'s>(pub Cow<'s, str>);

impl std::ops::Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 's, 's> Deserialize<'de> for Text<'s> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text<'s>, D::Error> {
        deserializer.deserialize_str(TextVisitor).map(Text)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// A value that should be a text or a number, and may be anything.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::evidence) enum Scalar<'s> {
    Text(Cow<'s, str>),
    Other(Value),
}

impl<'de: 's, 's> Deserialize<'de> for Scalar<'s> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Scalar<'s>, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Other(Value::Bool(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Other(Value::from(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Other(Value::from(value)))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Scalar<'de>, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("not a finite number"))?;
        Ok(Scalar::Other(Value::Number(number)))
    }

    fn visit_unit<E>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Other(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Scalar<'de>, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(items)).map(Scalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Scalar<'de>, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(members)).map(Scalar::Other)
    }
}

/// What is asked of a value that was read into whatever type.
pub(in crate::evidence) trait Written {
    /// The text, if it is one.
    fn as_str(&self) -> Option<&str>;
    /// The number, if it is one.
    fn as_f64(&self) -> Option<f64>;
    /// Whether it is `null`.
    fn is_null(&self) -> bool;
    /// As a message names it.
    fn words(&self) -> Cow<'_, str>;
}

impl Written for Value {
    fn as_str(&self) -> Option<&str> {
        Value::as_str(self)
    }

    fn as_f64(&self) -> Option<f64> {
        Value::as_f64(self)
    }

    fn is_null(&self) -> bool {
        Value::is_null(self)
    }

    fn words(&self) -> Cow<'_, str> {
        match self {
            Value::String(text) => Cow::Borrowed(text),
            other => Cow::Owned(other.to_string()),
        }
    }
}

impl Written for Scalar<'_> {
    fn as_str(&self) -> Option<&str> {
        match self {
            Scalar::Text(text) => Some(text),
            Scalar::Other(_) => None,
        }
    }

    fn as_f64(&self) -> Option<f64> {
        match self {
            Scalar::Text(_) => None,
            Scalar::Other(value) => value.as_f64(),
        }
    }

    fn is_null(&self) -> bool {
        matches!(self, Scalar::Other(Value::Null))
    }

    fn words(&self) -> Cow<'_, str> {
        match self {
            Scalar::Text(text) => Cow::Borrowed(text),
            Scalar::Other(value) => value.words(),
        }
    }
}

/// The values of an object whose names do not matter, in their order.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::evidence) struct Values<T>(pub Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Values<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Values<T>, D::Error> {
        deserializer.deserialize_map(ValuesVisitor(std::marker::PhantomData))
    }
}

struct ValuesVisitor<T>(std::marker::PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ValuesVisitor<T> {
    type Value = Values<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Values<T>, A::Error> {
        let mut values = Vec::new();
        while members.next_key::<serde::de::IgnoredAny>()?.is_some() {
            values.push(members.next_value()?);
        }
        Ok(Values(values))
    }
}
