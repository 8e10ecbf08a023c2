//! An expectation as written: one table whose keys are a subject and an operator.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};

use super::{
    super::spanned::Spanned,
    operator::{RawOperator, RawStatus, RawTransport},
    scalar::RawLiteral,
    word::{DAYS, FILLED, HEADER, JSON_PATH},
};

/// What a reply must show: a subject and one operator, or `all-of`, `any-of` or `not` around others.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[schemars(rename = "Expectation", extend("minProperties" = 1, "maxProperties" = 2, "anyOf" = [
    { "required": ["status"] },
    { "required": ["header"] },
    { "required": ["path"] },
    { "required": ["error"] },
    { "required": ["body"] },
    { "required": ["transport"] },
    { "required": ["success"] },
    { "required": ["all-of"] },
    { "required": ["any-of"] },
    { "required": ["not"] }
], "dependentRequired" = { "any": ["path"], "all": ["path"], "none": ["path"], "count": ["path"] }))]
pub(in crate::load) struct RawExpect {
    /// Subject: the status of the reply, such as `200`, `[200, 204]` or `{ ge = 500 }`.
    #[schemars(with = "Option<RawStatus>")]
    pub(in crate::load) status: Option<RawShort>,
    /// Subject: a header of the reply, by name.
    #[schemars(regex(pattern = HEADER))]
    pub(in crate::load) header: Option<String>,
    /// Subject: what a JSONPath (RFC 9535) finds in the body. A path that finds nothing is unknown. A check looks at
    /// successes only.
    #[schemars(regex(pattern = JSON_PATH))]
    pub(in crate::load) path: Option<Spanned<String>>,
    /// Subject: a part of the error that the body reports.
    pub(in crate::load) error: Option<RawErrorPart>,
    /// Subject: the body as text.
    #[schemars(extend("const" = true))]
    pub(in crate::load) body: Option<bool>,
    /// Subject: what went wrong below HTTP, such as `"dns"` or `["tls", "connect"]`.
    #[schemars(with = "Option<RawTransport>")]
    pub(in crate::load) transport: Option<RawShort>,
    /// Subject and operator: whether the reply is a success. `false` includes a 2xx reply that reports an error, is
    /// ambiguous, or isn't what its host or probe calls a success.
    pub(in crate::load) success: Option<bool>,

    /// At least one of the values found.
    #[schemars(with = "Option<RawOperator>")]
    pub(in crate::load) any: Option<Box<Self>>,
    /// All of the values found.
    #[schemars(with = "Option<RawOperator>")]
    pub(in crate::load) all: Option<Box<Self>>,
    /// None of the values found.
    #[schemars(with = "Option<RawOperator>")]
    pub(in crate::load) none: Option<Box<Self>>,
    /// The number of values found.
    #[schemars(with = "Option<RawOperator>")]
    pub(in crate::load) count: Option<Box<Self>>,

    /// It exists.
    #[schemars(extend("const" = true))]
    pub(in crate::load) exists: Option<bool>,
    /// It doesn't exist.
    #[schemars(extend("const" = true))]
    pub(in crate::load) absent: Option<bool>,
    /// It is this value.
    pub(in crate::load) equals: Option<RawLiteral>,
    /// It is one of these values.
    #[schemars(length(min = 1))]
    pub(in crate::load) one_of: Option<Vec<RawLiteral>>,
    /// It contains this text or, being an array, this value.
    pub(in crate::load) contains: Option<RawLiteral>,
    /// It matches this regular expression.
    #[schemars(regex(pattern = FILLED))]
    pub(in crate::load) matches: Option<Spanned<String>>,
    /// It is less than this number.
    pub(in crate::load) lt: Option<f64>,
    /// It is at most this number.
    pub(in crate::load) le: Option<f64>,
    /// It is greater than this number.
    pub(in crate::load) gt: Option<f64>,
    /// It is at least this number.
    pub(in crate::load) ge: Option<f64>,
    /// It is between these two numbers, both inclusive.
    #[schemars(length(equal = 2))]
    pub(in crate::load) between: Option<Vec<f64>>,
    /// The length of the text or array.
    #[schemars(with = "Option<RawOperator>")]
    pub(in crate::load) length: Option<Box<Self>>,
    /// It is a time at most this many days ago, such as `30d`.
    #[schemars(regex(pattern = DAYS))]
    pub(in crate::load) within: Option<Spanned<String>>,
    /// It is a version that satisfies this requirement, such as `>=1.2`.
    #[schemars(regex(pattern = FILLED))]
    pub(in crate::load) semver: Option<Spanned<String>>,

    /// All of these hold.
    #[schemars(length(min = 1))]
    pub(in crate::load) all_of: Option<Vec<Self>>,
    /// At least one of these holds.
    #[schemars(length(min = 1))]
    pub(in crate::load) any_of: Option<Vec<Self>>,
    /// This does not hold.
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
            || self.success.is_some()
            || self.any.is_some()
            || self.all.is_some()
            || self.none.is_some()
            || self.count.is_some()
    }

    /// Whether anything is asked about it.
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
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ErrorPart")]
pub(in crate::load) enum RawErrorPart {
    /// The provider's code for it.
    Code,
    /// Its message.
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
