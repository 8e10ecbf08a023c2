//! Secrets in whole documents: each text in one is looked through by itself, before anything is made of it.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{MARK, Redactor};

impl Redactor {
    /// A JSON document without secrets, names of fields included.
    #[must_use]
    pub fn json(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Number(number) if self.find(&number.to_string()).is_some() => {
                Value::String(MARK.to_owned())
            }
            Value::Array(items) => items.into_iter().map(|item| self.json(item)).collect(),
            Value::Object(fields) => {
                fields.into_iter().map(|(name, item)| (self.text(name), self.json(item))).collect()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => value,
        }
    }

    /// The same value with every secret in its texts covered; none when there is no secret in it. What is cut into lines
    /// later, or put into a cell, has no secret left that could be cut to pieces.
    #[must_use]
    pub fn covered<T: Serialize + DeserializeOwned>(&self, whole: &T) -> Option<T> {
        let document = serde_json::to_value(whole).ok()?;
        let covered = self.covered_value(&document)?;
        // A word of the program's own is a secret to nobody, and what leaves is looked through once more.
        serde_json::from_value(covered).ok()
    }

    fn covered_value(&self, value: &Value) -> Option<Value> {
        let mut changed = false;
        let mut one = |value: &Value| {
            let covered = self.covered_value(value);
            changed |= covered.is_some();
            covered.unwrap_or_else(|| value.clone())
        };
        let value = match value {
            Value::String(text) => {
                return self.find(text).map(|_| Value::String(self.cover(text).into_owned()));
            }
            Value::Array(items) => Value::Array(items.iter().map(&mut one).collect()),
            Value::Object(fields) => {
                Value::Object(fields.iter().map(|(name, item)| (name.clone(), one(item))).collect())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => return None,
        };
        changed.then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_text_of_a_value_is_covered_by_itself() {
        let redactor = Redactor::new(["Q7zW3kP9mT2v".into()], Vec::new(), []);
        let value = json!({"a": ["x &#x51;7zW3kP9m", 1], "b": null});
        assert_eq!(redactor.covered(&value), Some(json!({"a": ["x **************", 1], "b": null})));
        assert_eq!(redactor.covered(&json!({"a": ["x", 1]})), None);
    }
}
