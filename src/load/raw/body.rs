//! The body of a request as written: every name and value with its place.

use serde::{Deserialize, Deserializer, de};
use serde_json::{Number, Value};

use super::super::spanned::Spanned;

/// How the toml crate marks a date or time, which TOML has but JSON doesn't.
const MOMENT: &str = "$__toml";

/// A value that will be sent as JSON.
#[derive(Debug, Clone)]
pub(in crate::load) enum RawBody {
    Text(String),
    Literal(Value),
    List(Vec<Spanned<Self>>),
    Table(Vec<(Spanned<String>, Spanned<Self>)>),
}

impl<'de> Deserialize<'de> for RawBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor)
    }
}

struct Visitor;

impl<'de> de::Visitor<'de> for Visitor {
    type Value = RawBody;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a string, a number, a truth value, an array or a table")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<RawBody, E> {
        Ok(RawBody::Text(text.to_owned()))
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<RawBody, E> {
        Ok(RawBody::Literal(truth.into()))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<RawBody, E> {
        Ok(RawBody::Literal(number.into()))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<RawBody, E> {
        let number = Number::from_f64(number).ok_or_else(|| E::custom("JSON has no `nan` and no `inf`"))?;
        Ok(RawBody::Literal(Value::Number(number)))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<RawBody, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(RawBody::List(list))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut fields: A) -> Result<RawBody, A::Error> {
        let mut table = Vec::new();
        while let Some(name) = fields.next_key::<Spanned<String>>()? {
            if name.get_ref().starts_with(MOMENT) {
                return Err(de::Error::custom("JSON has no days; write one in quotes"));
            }
            table.push((name, fields.next_value()?));
        }
        Ok(RawBody::Table(table))
    }
}
