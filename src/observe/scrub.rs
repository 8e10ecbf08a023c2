//! Takes secrets out of everything that comes back, before anybody can see it.

use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD_NO_PAD as STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

/// What stands where a secret stood.
const MARK: &str = "[redacted]";

/// A shorter text is no secret: taking it out would only garble replies.
const SHORTEST: usize = 4;

/// A secret of this length, in bytes, stands in no text by chance.
const LONG: usize = 8;

/// Knows all secrets of a run in the forms in which a server may echo them.
#[derive(Default)]
pub(super) struct Scrub {
    forms: Vec<SecretString>,
}

impl Scrub {
    pub(super) fn new<'a>(secrets: impl Iterator<Item = &'a str>) -> Self {
        let mut forms: Vec<String> = secrets
            .filter(|secret| secret.len() >= SHORTEST)
            .flat_map(|secret| {
                let whole = [secret.to_owned(), percent(secret)];
                // Inside a longer text the groups of three bytes may begin at any of three places.
                let encoded = (0..3).flat_map(|skip| {
                    let inner = secret.as_bytes().get(skip..).unwrap_or_default();
                    let groups = inner.get(..inner.len() / 3 * 3).unwrap_or_default();
                    [STANDARD_NO_PAD.encode(groups), URL_SAFE_NO_PAD.encode(groups)]
                });
                whole.into_iter().chain(encoded.filter(|text| text.len() >= SHORTEST)).collect::<Vec<_>>()
            })
            .collect();
        // The longest first: a form that holds another must go as a whole.
        forms.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        forms.dedup();
        Self { forms: forms.into_iter().map(SecretString::from).collect() }
    }

    /// Knows secrets that are too long to stand in a text by chance.
    pub(super) fn of_long<'a>(secrets: impl Iterator<Item = &'a str>) -> Self {
        Self::new(secrets.filter(|secret| secret.len() >= LONG))
    }

    /// Whether a secret is in the text.
    pub(super) fn finds(&self, text: &str) -> bool {
        self.forms.iter().any(|form| text.contains(form.expose_secret()))
    }

    /// The text without secrets.
    pub(super) fn text(&self, text: String) -> String {
        self.forms
            .iter()
            .map(ExposeSecret::expose_secret)
            .fold(text, |text, form| if text.contains(form) { text.replace(form, MARK) } else { text })
    }

    /// A JSON document without secrets: looked for after parsing, so that an escaped letter hides nothing.
    pub(super) fn json(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) => items.into_iter().map(|item| self.json(item)).collect(),
            Value::Object(fields) => {
                fields.into_iter().map(|(name, item)| (self.text(name), self.json(item))).collect()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => value,
        }
    }
}

/// A value as it stands in a path segment or query value.
pub(super) fn percent(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>().replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case("Bearer xai-can/ary+1!", "Bearer [redacted]")]
    #[case("?key=xai-can%2Fary%2B1%21&x", "?key=[redacted]&x")]
    #[case("eGFpLWNhbi9hcnkrMSE=", "[redacted]MSE=")]
    #[case("QmVhcmVyIHhhaS1jYW4vYXJ5KzEh", "QmVhcmVyIHhh[redacted]")]
    #[case("nothing to see", "nothing to see")]
    fn every_form_of_a_secret_goes(#[case] text: &str, #[case] left: &str) {
        let scrub = Scrub::new(["xai-can/ary+1!"].into_iter());
        assert_eq!(scrub.text(text.to_owned()), left);
    }

    #[test]
    fn a_text_of_three_letters_is_no_secret() {
        assert_eq!(Scrub::new(["abc"].into_iter()).text("abcde".into()), "abcde");
    }

    #[test]
    fn an_escaped_letter_hides_no_secret() {
        let scrub = Scrub::new(["xai-canary"].into_iter());
        let body: Value = serde_json::from_str(r#"{"a": ["\u0078ai-canary!"], "xai-canary": 1}"#).unwrap();
        assert_eq!(scrub.json(body), json!({"a": ["[redacted]!"], "[redacted]": 1}));
    }
}
