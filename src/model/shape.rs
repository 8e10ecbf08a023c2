//! The closed shape of a request body that is free to send: every field is listed with its type, and no others are
//! allowed.

use indexmap::IndexMap;
use serde_json::{Map, Value};

/// The longest text in a body, in bytes: what a quote names is short.
pub const LONGEST_TEXT: usize = 256;

/// A table with these fields and no others.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shape(pub IndexMap<String, Field>);

/// One field of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Whether it may be left out.
    pub optional: bool,
    /// What it contains.
    pub kind: Kind,
}

/// What a value must be.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Exactly this value.
    Constant(Value),
    /// A text of at most [`LONGEST_TEXT`] bytes.
    Text,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// A boolean.
    Boolean,
    /// A table with its own shape.
    Table(Shape),
    /// A table with exactly one entry, whose name can be any text.
    Entry(Box<Self>),
}

impl Kind {
    /// The word used in `owners.toml` and in messages.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Constant(_) => "constant",
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Table(_) => "table",
            Self::Entry(_) => "entry",
        }
    }
}

/// Where a body doesn't have the required shape.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{wrong}", if field.is_empty() { "the body ".to_owned() } else { format!("`{field}` ") })]
pub struct Misfit {
    /// The path to the value, joined by dots; empty for the body itself.
    pub field: String,
    /// What is wrong with it, worded to follow its name.
    pub wrong: String,
}

impl Shape {
    /// Whether a body has this shape.
    ///
    /// # Errors
    /// The first [`Misfit`].
    pub fn check(&self, body: &Value) -> Result<(), Misfit> {
        match body {
            Value::Object(fields) => self.table(fields, ""),
            _ => misfit("", "is not a table"),
        }
    }

    fn table(&self, fields: &Map<String, Value>, at: &str) -> Result<(), Misfit> {
        for (name, value) in fields {
            let Some(field) = self.0.get(name) else {
                let known: Vec<&str> = self.0.keys().map(String::as_str).collect();
                let others = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                let wrong = format!("is not a field of this request; its fields: {others}");
                return misfit(&below(at, name), &wrong);
            };
            field.kind.check(value, &below(at, name))?;
        }
        match self.0.iter().find(|(name, field)| !field.optional && !fields.contains_key(*name)) {
            Some((name, _)) => misfit(&below(at, name), "must always be sent"),
            None => Ok(()),
        }
    }

    /// The shape for a reader: names with their types, in order.
    #[must_use]
    pub fn words(&self) -> String {
        let field = |(name, field): (&String, &Field)| {
            let kind = match &field.kind {
                Kind::Constant(value) => value.to_string(),
                Kind::Table(shape) => shape.words(),
                kind => kind.word().to_owned(),
            };
            format!("{name}{} = {kind}", if field.optional { "?" } else { "" })
        };
        format!("{{ {} }}", self.0.iter().map(field).collect::<Vec<_>>().join(", "))
    }
}

impl Kind {
    fn check(&self, value: &Value, at: &str) -> Result<(), Misfit> {
        match (self, value) {
            (Self::Constant(wanted), value) if wanted == value => Ok(()),
            (Self::Constant(wanted), _) => misfit(at, &format!("is {wanted} and nothing else")),
            (Self::Text, Value::String(text)) => is_short(text, at),
            (Self::Integer, Value::Number(number)) if !number.is_f64() => Ok(()),
            (Self::Number, Value::Number(_)) | (Self::Boolean, Value::Bool(_)) => Ok(()),
            (Self::Table(shape), Value::Object(fields)) => shape.table(fields, at),
            (Self::Entry(kind), Value::Object(fields)) if fields.len() == 1 => {
                fields.iter().try_for_each(|(name, value)| {
                    is_short(name, at)?;
                    kind.check(value, &below(at, name))
                })
            }
            (Self::Entry(_), Value::Object(_)) => misfit(at, "holds exactly one entry"),
            (Self::Text, _) => misfit(at, "is not a text"),
            (Self::Integer, _) => misfit(at, "is not a whole number"),
            (Self::Number, _) => misfit(at, "is not a number"),
            (Self::Boolean, _) => misfit(at, "is not `true` or `false`"),
            (Self::Table(_) | Self::Entry(_), _) => misfit(at, "is not a table"),
        }
    }
}

fn is_short(text: &str, at: &str) -> Result<(), Misfit> {
    if text.is_empty() {
        misfit(at, "is empty")
    } else if text.len() > LONGEST_TEXT {
        misfit(at, &format!("is longer than {LONGEST_TEXT} bytes"))
    } else {
        Ok(())
    }
}

/// The path of a field in a table.
#[must_use]
pub fn below(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}

fn misfit(field: &str, wrong: &str) -> Result<(), Misfit> {
    Err(Misfit { field: field.to_owned(), wrong: wrong.to_owned() })
}

#[cfg(test)]
mod tests;
