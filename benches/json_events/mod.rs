//! What serde_json tells whoever asks for everything: every value with what it is, and every name of a member.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// Takes the events of a text, and says how many there were.
pub fn events(text: &str) -> usize {
    serde_json::Deserializer::from_str(text).into_iter::<Events>().flatten().map(|events| events.0).sum()
}

/// How many events a value consists of.
struct Events(usize);

impl<'de> Deserialize<'de> for Events {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Events, D::Error> {
        Count.deserialize(deserializer).map(Events)
    }
}

struct Count;

impl<'de> DeserializeSeed<'de> for Count {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Count {
    type Value = usize;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<usize, A::Error> {
        let mut count = 1;
        while let Some(name) = members.next_key::<Cow<'de, str>>()? {
            count += usize::from(!name.is_empty()) + members.next_value_seed(Count)?;
        }
        Ok(count)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<usize, A::Error> {
        let mut count = 1;
        while let Some(events) = items.next_element_seed(Count)? {
            count += events;
        }
        Ok(count)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<usize, E> {
        Ok(usize::from(!text.is_empty()))
    }

    fn visit_str<E>(self, text: &str) -> Result<usize, E> {
        Ok(usize::from(!text.is_empty()))
    }

    fn visit_bool<E>(self, value: bool) -> Result<usize, E> {
        Ok(usize::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<usize, E> {
        Ok(usize::from(value > 0))
    }

    fn visit_i64<E>(self, value: i64) -> Result<usize, E> {
        Ok(usize::from(value < 0))
    }

    fn visit_f64<E>(self, value: f64) -> Result<usize, E> {
        Ok(usize::from(value > 0.0))
    }

    fn visit_unit<E>(self) -> Result<usize, E> {
        Ok(0)
    }
}
