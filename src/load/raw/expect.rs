//! An expectation as written: one table whose keys are a subject and an operator.

use serde::{Deserialize, Deserializer, de};
use toml::Spanned;

use super::scalar::RawLiteral;

/// Subject, quantifier and operator, all optional; validation says which belong together.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(in crate::load) struct RawExpect {
    pub(in crate::load) status: Option<RawShort>,
    pub(in crate::load) header: Option<String>,
    pub(in crate::load) path: Option<Spanned<String>>,
    pub(in crate::load) error: Option<RawErrorPart>,
    pub(in crate::load) body: Option<bool>,
    pub(in crate::load) transport: Option<RawShort>,

    pub(in crate::load) any: Option<Box<Self>>,
    pub(in crate::load) all: Option<Box<Self>>,
    pub(in crate::load) none: Option<Box<Self>>,
    pub(in crate::load) count: Option<Box<Self>>,

    pub(in crate::load) exists: Option<bool>,
    pub(in crate::load) absent: Option<bool>,
    pub(in crate::load) equals: Option<RawLiteral>,
    pub(in crate::load) one_of: Option<Vec<RawLiteral>>,
    pub(in crate::load) contains: Option<RawLiteral>,
    pub(in crate::load) matches: Option<Spanned<String>>,
    pub(in crate::load) lt: Option<f64>,
    pub(in crate::load) le: Option<f64>,
    pub(in crate::load) gt: Option<f64>,
    pub(in crate::load) ge: Option<f64>,
    pub(in crate::load) between: Option<Vec<f64>>,
    pub(in crate::load) length: Option<Box<Self>>,
    pub(in crate::load) within: Option<Spanned<String>>,
    pub(in crate::load) semver: Option<Spanned<String>>,

    pub(in crate::load) all_of: Option<Vec<Self>>,
    pub(in crate::load) any_of: Option<Vec<Self>>,
    pub(in crate::load) not: Option<Box<Self>>,
}

impl RawExpect {
    /// Whether anything is looked at.
    pub(in crate::load) fn has_subject(&self) -> bool {
        self.status.is_some()
            || self.header.is_some()
            || self.path.is_some()
            || self.error.is_some()
            || self.body.is_some()
            || self.transport.is_some()
            || self.any.is_some()
            || self.all.is_some()
            || self.none.is_some()
            || self.count.is_some()
    }

    /// Whether anything is asked of it.
    pub(in crate::load) fn has_operator(&self) -> bool {
        self.exists.is_some()
            || self.absent.is_some()
            || self.equals.is_some()
            || self.one_of.is_some()
            || self.contains.is_some()
            || self.matches.is_some()
            || [self.lt, self.le, self.gt, self.ge].iter().any(Option::is_some)
            || self.between.is_some()
            || self.length.is_some()
            || self.within.is_some()
            || self.semver.is_some()
            || self.all_of.is_some()
            || self.any_of.is_some()
            || self.not.is_some()
    }
}

/// Which part of an error body.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::load) enum RawErrorPart {
    Code,
    Message,
}

/// `status = 200`, `status = [200, 204]` or `status = { ge = 500 }`.
#[derive(Debug, Clone)]
pub(in crate::load) enum RawShort {
    One(RawLiteral),
    Many(Vec<RawLiteral>),
    Operator(Box<RawExpect>),
}

impl<'de> Deserialize<'de> for RawShort {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = RawShort;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a value, an array of values or a table with an operator")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<RawShort, E> {
                Ok(RawShort::One(RawLiteral::Text(text.to_owned())))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<RawShort, E> {
                let number = i32::try_from(number).map_err(|_| E::custom("the number is too large"))?;
                Ok(RawShort::One(RawLiteral::Number(number.into())))
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<RawShort, A::Error> {
                let mut many = Vec::new();
                while let Some(item) = items.next_element()? {
                    many.push(item);
                }
                Ok(RawShort::Many(many))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<RawShort, A::Error> {
                RawExpect::deserialize(de::value::MapAccessDeserializer::new(map))
                    .map(|operator| RawShort::Operator(Box::new(operator)))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}
