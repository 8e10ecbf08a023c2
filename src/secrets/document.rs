//! Secrets in whole documents: each text is searched on its own, before it is laid out.

use std::{borrow::Cow, collections::HashSet};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{MARK, Redactor, texts};

/// Texts in which one redactor found no secret. Most texts of a report occur in the next one too.
#[derive(Debug, Default)]
pub struct Clean(HashSet<Box<str>>);

impl Clean {
    /// At most this many texts are remembered, none of them longer than this.
    const MOST: (usize, usize) = (20_000, 1000);

    fn knows(&self, text: &str) -> bool {
        self.0.contains(text)
    }

    fn remember(&mut self, text: &str) {
        if self.0.len() < Self::MOST.0 && text.len() <= Self::MOST.1 {
            self.0.insert(text.into());
        }
    }
}

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

    /// The same value with every secret in its texts covered; none when there is no secret in it. This happens before
    /// texts are cut into lines or put into cells, because a secret that is cut into pieces would not be found.
    #[must_use]
    pub fn covered<T: Serialize + DeserializeOwned>(&self, whole: &T, clean: &mut Clean) -> Option<T> {
        if texts::all(whole, &mut |text| clean.knows(text) || self.is_clean(text, clean)) {
            return None;
        }
        let mut document = serde_json::to_value(whole).ok()?;
        self.cover_texts(&mut document);
        // This fails if a word of the program itself was covered. Such a word is no secret, and the output is searched
        // again.
        serde_json::from_value(document).ok()
    }

    fn is_clean(&self, text: &str, clean: &mut Clean) -> bool {
        let none = self.find(text).is_none();
        if none {
            clean.remember(text);
        }
        none
    }

    fn cover_texts(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Cow::Owned(covered) = self.cover(text) {
                    *text = covered;
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.cover_texts(item)),
            Value::Object(fields) => fields.values_mut().for_each(|item| self.cover_texts(item)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
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
        let mut clean = Clean::default();
        assert_eq!(
            redactor.covered(&value, &mut clean),
            Some(json!({"a": ["x **************", 1], "b": null}))
        );
        assert_eq!(redactor.covered(&json!({"a": ["x", 1]}), &mut clean), None);
        // A clean text isn't searched again, and one that wasn't clean is.
        assert!(clean.knows("x") && redactor.covered(&value, &mut clean).is_some());
    }
}
