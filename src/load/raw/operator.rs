//! The schemas of operators: what an expectation may contain once its subject is named.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::expect::RawExpect;
use crate::model::observation::TroubleKind;

/// The keys of an expectation that name a subject or say which of several values are meant.
const OF_THE_SUBJECT: [&str; 11] =
    ["status", "header", "path", "error", "body", "transport", "success", "any", "all", "none", "count"];

/// An expectation without a subject of its own.
pub(super) struct RawOperator;

impl JsonSchema for RawOperator {
    fn schema_name() -> Cow<'static, str> {
        "Operator".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let me = generator.subschema_for::<Self>();
        let mut schema = RawExpect::json_schema(generator);
        schema.insert("description".to_owned(), "What a value must be: one operator.".into());
        schema.insert("maxProperties".to_owned(), 1.into());
        for key in ["anyOf", "dependentRequired"] {
            schema.remove(key);
        }
        if let Some(keys) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            keys.retain(|key, _| !OF_THE_SUBJECT.contains(&key.as_str()));
            for (key, part) in [("all-of", "/items"), ("any-of", "/items"), ("not", "")] {
                if let Some(inner) = keys.get_mut(key).and_then(|list| list.pointer_mut(part)) {
                    *inner = me.clone().to_value();
                }
            }
            if let Some(not) = keys.get_mut("not") {
                not["description"] = "This does not hold.".into();
            }
        }
        schema
    }
}

/// `status = 200`, `status = [200, 204]` or `status = { ge = 500 }`.
pub(super) struct RawStatus;

impl JsonSchema for RawStatus {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Status".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        short(&json!({ "type": "integer", "minimum": 100, "maximum": 599 }), generator)
    }
}

/// `transport = "dns"` or `transport = ["dns", "connect"]`.
pub(super) struct RawTransport;

impl JsonSchema for RawTransport {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Transport".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        short(&generator.subschema_for::<TroubleKind>().to_value(), generator)
    }
}

/// One value, several, or an operator.
fn short(one: &Value, generator: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "anyOf": [
            one,
            { "type": "array", "items": one, "minItems": 1 },
            generator.subschema_for::<RawOperator>()
        ]
    })
}
