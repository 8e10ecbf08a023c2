//! Single values that TOML has but serde doesn't know, or that can be written in two ways.

use std::borrow::Cow;

use chrono::NaiveDate;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use toml::value::Datetime;

use super::{super::spanned::Spanned, word::PAGE};

/// A native TOML date.
#[derive(Debug, Clone, Copy)]
pub(in crate::load) struct RawDate(pub(in crate::load) NaiveDate);

impl<'de> Deserialize<'de> for RawDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const FORM: &str = "a day is written without quotes, like 2026-11-22";
        let value = Datetime::deserialize(deserializer).map_err(|_| de::Error::custom(FORM))?;
        let (Some(date), None, None) = (value.date, value.time, value.offset) else {
            return Err(de::Error::custom(FORM));
        };
        NaiveDate::from_ymd_opt(i32::from(date.year), date.month.into(), date.day.into())
            .map(Self)
            .ok_or_else(|| de::Error::custom("this day doesn't exist"))
    }
}

impl JsonSchema for RawDate {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    /// JSON has no dates: editors present a TOML date to a schema as text, just like a date in quotes.
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
    }
}

/// A text, a number or a boolean.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(rename = "Literal", untagged)]
pub(in crate::load) enum RawLiteral {
    Text(String),
    Number(f64),
    Bool(bool),
}

impl<'de> Deserialize<'de> for RawLiteral {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = RawLiteral;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a string, a number or a truth value")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<RawLiteral, E> {
                Ok(RawLiteral::Text(text.to_owned()))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<RawLiteral, E> {
                i32::try_from(number)
                    .map(|number| RawLiteral::Number(number.into()))
                    .map_err(|_| E::custom("numbers to compare with stay below 2147483648"))
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<RawLiteral, E> {
                if !number.is_finite() {
                    return Err(E::custom("nothing equals `nan` or `inf`"));
                }
                Ok(RawLiteral::Number(number))
            }

            fn visit_bool<E: de::Error>(self, truth: bool) -> Result<RawLiteral, E> {
                Ok(RawLiteral::Bool(truth))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// Where a fact is written, and since when.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Source")]
pub(in crate::load) struct RawSource {
    /// The address of the page.
    #[schemars(required, regex(pattern = PAGE))]
    pub(in crate::load) url: Option<Spanned<String>>,
    /// The day on which the page said so.
    #[schemars(required)]
    pub(in crate::load) as_of: Option<RawDate>,
    /// How sure it is.
    pub(in crate::load) confidence: Option<crate::model::source::Confidence>,
}
