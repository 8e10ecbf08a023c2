//! Looks for keys in a text that is to be kept or believed: those of this environment, in every form in
//! which they are taken out of replies, and whatever looks like a provider's key.

use std::fmt;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::{KeyRing, scrub::Scrub};
use crate::model::checklist::KeyShape;

/// Fields that carry credentials and nothing else.
const CREDENTIALS: [&str; 5] = ["authorization", "cookie", "proxy-authorization", "set-cookie", "x-api-key"];

/// Words that stand before a credential.
const SCHEMES: [&str; 2] = ["bearer ", "basic "];

/// So many letters and digits in a row, a digit among them, are no word of a sentence.
const RANDOM: usize = 16;

/// Knows the keys of this environment and the looks of all others.
pub struct Guard<'a> {
    scrub: Scrub,
    shapes: Vec<&'a KeyShape>,
}

/// A key where none may be. Says where it is and never what it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} at {place}")]
pub struct Leak {
    place: String,
    what: String,
}

impl<'a> Guard<'a> {
    /// Looks for the keys of this ring, and for all keys of these shapes.
    #[must_use]
    pub fn new(keys: &KeyRing, shapes: Vec<&'a KeyShape>) -> Self {
        Self { scrub: Scrub::of_long(keys.values()), shapes }
    }

    /// The first key in a JSON text, told by its path; or by its line, where the text is no JSON or repeats a
    /// field.
    ///
    /// # Errors
    /// [`Leak`] says where one is.
    pub fn check(&self, text: &str) -> Result<(), Leak> {
        if let Ok(document) = serde_json::from_str::<Value>(text) {
            self.value(&document, &Place::Root)?;
        }
        for (number, line) in (1..).zip(text.lines()) {
            if let Some(what) = self.key_in(line) {
                return Err(Leak { place: format!("line {number}"), what });
            }
        }
        Ok(())
    }

    fn value(&self, value: &Value, place: &Place<'_>) -> Result<(), Leak> {
        let leak = |what| Err(Leak { place: place.to_string(), what });
        match value {
            Value::String(text) => self.key_in(text).map_or(Ok(()), leak),
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
            Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
        }
    }

    /// What is in a text that should not be, as it stands and with its percent signs read.
    fn key_in(&self, text: &str) -> Option<String> {
        let plain = percent_decode_str(text).decode_utf8_lossy();
        self.key_in_plain(text).or_else(|| self.key_in_plain(&plain).filter(|_| plain != text))
    }

    fn key_in_plain(&self, text: &str) -> Option<String> {
        if self.scrub.finds(text) {
            return Some("a key of this environment".to_owned());
        }
        if let Some(shape) = self.shapes.iter().find(|shape| has_shape(text, &shape.prefix)) {
            return Some(format!("what looks like {}", shape.says));
        }
        let lower = text.to_ascii_lowercase();
        SCHEMES
            .iter()
            .any(|scheme| has_shape(&lower, scheme))
            .then(|| "what looks like an `Authorization` header".to_owned())
    }
}

/// Whether the prefix begins a word somewhere, and something random follows it.
fn has_shape(text: &str, prefix: &str) -> bool {
    let begins = |at: usize| !text.get(..at).unwrap_or_default().ends_with(char::is_alphanumeric);
    text.match_indices(prefix).filter(|(at, _)| begins(*at)).any(|(at, _)| {
        let rest = text.get(at + prefix.len()..).unwrap_or_default();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.+/=~".contains(c));
        let token = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        token.split(|c: char| !c.is_ascii_alphanumeric()).any(is_random)
    })
}

fn is_random(text: &str) -> bool {
    text.len() >= RANDOM && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Where a value stands, without a list of it for each value.
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

    const KEY: &str = "can/ary+1!-of-this-environment";

    fn checked(text: &str) -> Result<(), String> {
        let ring = KeyRing::of(["A_KEY"].into_iter(), &|_| Some(KEY.to_owned()));
        let shape = KeyShape { prefix: "own-".into(), says: "a key of ours".into() };
        Guard::new(&ring, vec![&shape]).check(text).map_err(|leak| leak.to_string())
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
