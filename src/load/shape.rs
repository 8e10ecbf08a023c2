//! The shapes of bodies that are free to send, as written in the list of owners.

use std::ops::Range;

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    raw::owners::{RawField, RawKind},
    sink::DiagnosticSink,
    spanned::Spanned,
};
use crate::model::shape::{Field, Kind, Shape};

impl DiagnosticSink<'_> {
    /// The shape with these fields.
    pub(super) fn shape_of(&mut self, fields: IndexMap<String, Spanned<RawField>>) -> Option<Shape> {
        let mut shape = IndexMap::new();
        for (name, field) in fields {
            let at = field.span();
            let raw = field.into_inner();
            let optional = raw.optional;
            shape.insert(name, Field { optional, kind: self.kind(raw, &at)? });
        }
        Some(Shape(shape))
    }

    fn kind(&mut self, raw: RawField, at: &Range<usize>) -> Option<Kind> {
        let kind = match (raw.kind, raw.constant, raw.fields, raw.of) {
            (None, Some(value), None, None) => Some(value).filter(is_fixed).map(Kind::Constant),
            (Some(RawKind::Text), None, None, None) => Some(Kind::Text),
            (Some(RawKind::Integer), None, None, None) => Some(Kind::Integer),
            (Some(RawKind::Number), None, None, None) => Some(Kind::Number),
            (Some(RawKind::Boolean), None, None, None) => Some(Kind::Boolean),
            (Some(RawKind::Table), None, Some(fields), None) => {
                return self.shape_of(fields).map(Kind::Table);
            }
            (Some(RawKind::Entry), None, None, Some(of)) => {
                let at = of.span();
                return Some(Kind::Entry(Box::new(self.kind(of.into_inner(), &at)?)));
            }
            _ => None,
        };
        if kind.is_none() {
            let message = "a field has a `type` or a `constant`; a table has `fields`, an entry has `of`, and nothing \
                           else has either; a constant has no `{`";
            self.error("bad-value", at.clone(), message);
        }
        kind
    }
}

/// Whether nothing in a constant could be mistaken for a hole or a date.
fn is_fixed(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.contains(['{', '}']),
        Value::Array(items) => items.iter().all(is_fixed),
        Value::Object(fields) => {
            fields.iter().all(|(name, value)| !name.contains(['{', '}', '$']) && is_fixed(value))
        }
        Value::Bool(_) | Value::Number(_) => true,
        // Values that JSON can't represent, such as NaN, become null.
        Value::Null => false,
    }
}
