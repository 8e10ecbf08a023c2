//! Looks for keys in a text that will be kept or trusted, and says where one is.

use std::fmt;

use serde_json::Value;

use super::Redactor;

/// Fields that carry credentials and nothing else.
const CREDENTIALS: [&str; 5] = ["authorization", "cookie", "proxy-authorization", "set-cookie", "x-api-key"];

/// Finds the place of a key in a JSON text.
pub struct SecretScanner<'a> {
    redactor: &'a Redactor,
}

/// A key where none may be. Says where it is, never what it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} at {place}")]
pub struct Leak {
    place: String,
    what: String,
}

impl<'a> SecretScanner<'a> {
    /// Looks for everything that the redactor knows.
    #[must_use]
    pub fn new(redactor: &'a Redactor) -> Self {
        Self { redactor }
    }

    /// The first key in a JSON text, reported by its path; or by its line, if the text isn't JSON or repeats a field.
    ///
    /// # Errors
    /// [`Leak`] says where one is.
    pub fn check(&self, text: &str) -> Result<(), Leak> {
        if let Ok(document) = serde_json::from_str::<Value>(text) {
            self.value(&document, &Place::Root)?;
        }
        if let Some(found) = self.redactor.find(text) {
            let line = text.get(..found.span.start).unwrap_or_default().matches('\n').count() + 1;
            return Err(Leak { place: format!("line {line}"), what: found.what });
        }
        Ok(())
    }

    fn value(&self, value: &Value, place: &Place<'_>) -> Result<(), Leak> {
        let leak = |what| Err(Leak { place: place.to_string(), what });
        match value {
            Value::String(text) => self.key_in(text).map_or(Ok(()), leak),
            Value::Number(number) => self.key_in(&number.to_string()).map_or(Ok(()), leak),
            Value::Array(items) => {
                let mut items = items.iter().enumerate();
                items.try_for_each(|(at, item)| self.value(item, &Place::Item(place, at)))
            }
            Value::Object(fields) => fields.iter().try_for_each(|(name, item)| {
                if let Some(what) = self.key_in(name) {
                    return leak(format!("{what} as the name of a field"));
                }
                if CREDENTIALS.iter().any(|field| name.eq_ignore_ascii_case(field)) {
                    return leak(format!("the field `{}`, which carries keys,", name.to_ascii_lowercase()));
                }
                self.value(item, &Place::Field(place, name))
            }),
            Value::Null | Value::Bool(_) => Ok(()),
        }
    }

    fn key_in(&self, text: &str) -> Option<String> {
        self.redactor.find(text).map(|found| found.what)
    }
}

/// The path of a value, linked to its parent so that no list is copied for each value.
enum Place<'a> {
    Root,
    Item(&'a Self, usize),
    Field(&'a Self, &'a str),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.write_str("$"),
            Self::Item(of, at) => write!(f, "{of}[{at}]"),
            Self::Field(of, name) => write!(f, "{of}.{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::model::key::KeyShape;

    const KEY: &str = "can/ary+1!-of-this-environment";

    fn checked(text: &str) -> Result<(), String> {
        let shape = KeyShape { prefix: "own-".into(), says: "a key of ours".into() };
        let redactor = Redactor::new([KEY.into()], vec![shape], ["the-words-of-this-product"]);
        SecretScanner::new(&redactor).check(text).map_err(|leak| leak.to_string())
    }

    #[test]
    fn every_header_of_a_key_is_known() {
        assert!(crate::model::key::KEY_HEADERS.iter().all(|header| CREDENTIALS.contains(header)));
    }

    #[rstest]
    #[case::plain(&format!(r#"{{"a":[1,"x {KEY} y"]}}"#), "a key of this environment at $.a[1]")]
    #[case::escaped(r#"{"a":"c\u0061n/ary+1!-of-this-environment"}"#, "a key of this environment at $.a")]
    #[case::percent(
        r#"{"a":{"b":"?k=can%2fary+1%21-of-this-environment"}}"#,
        "a key of this environment at $.a.b"
    )]
    #[case::base64(r#"{"a":"Y2FuL2FyeSsxIS1vZi10aGlzLWVudmlyb25tZW50"}"#, "a key of this environment at $.a")]
    #[case::name(&format!(r#"{{"a":{{"{KEY}":1}}}}"#), "a key of this environment as the name of a field at $.a")]
    #[case::shape(r#"["own-0123456789abcdef"]"#, "what looks like a key of ours at $[0]")]
    #[case::parts(r#"["own-team-v1-0123456789abcdef-0"]"#, "what looks like a key of ours at $[0]")]
    #[case::header(
        r#"{"headers":{"Authorization":"x"}}"#,
        "the field `authorization`, which carries keys, at $.headers"
    )]
    #[case::bearer(
        r#"["say: Bearer abcdefgh01234567"]"#,
        "what looks like an `Authorization` header at $[0]"
    )]
    #[case::shadowed(
        "{\n\"a\":\"own-0123456789abcdef\",\n\"a\":\"\"}",
        "what looks like a key of ours at line 2"
    )]
    #[case::no_json("{\n own-0123456789abcdef", "what looks like a key of ours at line 2")]
    fn a_key_is_found_and_not_repeated(#[case] text: &str, #[case] says: &str) {
        assert_eq!(checked(text), Err(says.to_owned()));
    }

    #[rstest]
    #[case(r#"["own-grok-imagine-video-1-of-2-long-names"]"#)]
    #[case(r#"["own-...b14o", "known-0123456789abcdef", "own-internationalization"]"#)]
    #[case(
        r#"["Bearer <your key here>", "a bearer of arms", "Incorrect API key provided: Bearer [redacted]."]"#
    )]
    #[case(r#"{"headers":{"content-type":"application/json"}}"#)]
    fn words_are_no_keys(#[case] text: &str) {
        assert_eq!(checked(text), Ok(()));
    }
}
