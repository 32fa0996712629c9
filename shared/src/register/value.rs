//! Reads what stands in a field by what it looks like in JSON. Written by hand: a register is read by the
//! hundred thousand, and serde's `untagged` makes an error of each form that a value is not of.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor, value},
};
use serde_json::Value;

use super::FieldValue;

impl<'de> Deserialize<'de> for FieldValue {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ByLooks)
    }
}

struct ByLooks;

impl<'de> Visitor<'de> for ByLooks {
    type Value = FieldValue;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("what stands in a field")
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<FieldValue, E> {
        Ok(FieldValue::Flag(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<FieldValue, E> {
        Ok(FieldValue::Number(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<FieldValue, E> {
        let small = i64::try_from(number);
        Ok(small.map_or_else(|_| FieldValue::Other(number.into()), FieldValue::Number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<FieldValue, E> {
        Ok(FieldValue::Other(number.into()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<FieldValue, E> {
        Ok(FieldValue::Text(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<FieldValue, E> {
        Ok(FieldValue::Text(text))
    }

    fn visit_unit<E: Error>(self) -> Result<FieldValue, E> {
        Ok(FieldValue::Other(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<FieldValue, A::Error> {
        Value::deserialize(value::SeqAccessDeserializer::new(seq)).map(FieldValue::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FieldValue, A::Error> {
        let object = Value::deserialize(value::MapAccessDeserializer::new(map))?;
        // One with more in it is of a newer version.
        if object.as_object().is_none_or(|it| it.len() != 2) {
            return Ok(FieldValue::Other(object));
        }
        let position = serde_json::from_value(object.clone());
        Ok(position.map_or_else(|_| FieldValue::Other(object), FieldValue::Point))
    }
}
