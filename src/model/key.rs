//! How a key is sent, and what it looks like.

use std::fmt;

/// The headers that carry keys, in lower case.
pub const KEY_HEADERS: [&str; 2] = [AUTHORIZATION, "x-api-key"];

/// The header that carries a key by default.
pub const AUTHORIZATION: &str = "authorization";

/// A key prefix that shows who owns the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyShape {
    /// How such a key starts.
    pub prefix: String,
    /// Who owns it, as a sentence fragment.
    pub says: String,
}

/// The header that carries a key, and the word before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carrier {
    /// One of [`KEY_HEADERS`].
    pub header: String,
    /// Such as `Bearer`; without one the key is sent by itself.
    pub scheme: Option<String>,
}

impl Carrier {
    /// `Authorization` with a word before the key.
    #[must_use]
    pub fn authorization(scheme: &str) -> Self {
        Self { header: AUTHORIZATION.to_owned(), scheme: Some(scheme.to_owned()) }
    }

    /// The value of the header for a key.
    #[must_use]
    pub fn value(&self, key: &str) -> String {
        self.scheme.as_ref().map_or_else(|| key.to_owned(), |scheme| format!("{scheme} {key}"))
    }

    /// The identity under which a call is made with the key in this variable.
    #[must_use]
    pub fn caller(&self, env: &str) -> String {
        let words = self.value(env);
        // The header is left out for `Authorization`, once the only one: transcripts identify calls by this text.
        if self.header == AUTHORIZATION { words } else { format!("{}: {words}", self.header) }
    }
}

impl fmt::Display for Carrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.header, self.value("…"))
    }
}

/// What a key looks like according to its owner. Owners change formats, so a key that looks different is only a reason
/// for a caution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyLooks {
    /// How it begins (may be empty), and who owns it.
    pub shape: KeyShape,
    /// The least and the most characters it has.
    pub length: Option<(usize, usize)>,
}

impl KeyLooks {
    /// How a key differs from this; the text never contains a part of the key.
    #[must_use]
    pub fn unlike(&self, key: &str) -> Option<String> {
        let KeyShape { prefix, says } = &self.shape;
        let characters = key.chars().count();
        let why = match self.length {
            _ if !key.starts_with(prefix) => format!("such keys begin with `{prefix}`"),
            Some((least, most)) if least == most && characters != least => {
                format!("such keys have {least} characters")
            }
            Some((least, most)) if !(least..=most).contains(&characters) => {
                format!("such keys have {least} to {most} characters")
            }
            _ => return None,
        };
        Some(format!("it does not look like {says}: {why}"))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::bearer(
        Carrier::authorization("Bearer"),
        "Bearer K",
        "Bearer ACME_KEY",
        "authorization: Bearer …"
    )]
    #[case::word(Carrier::authorization("Key"), "Key K", "Key ACME_KEY", "authorization: Key …")]
    #[case::alone(Carrier { header: AUTHORIZATION.into(), scheme: None }, "K", "ACME_KEY", "authorization: …")]
    #[case::header(Carrier { header: "x-api-key".into(), scheme: None }, "K", "x-api-key: ACME_KEY", "x-api-key: …")]
    fn a_key_is_sent_in_its_owners_words(
        #[case] carrier: Carrier,
        #[case] value: &str,
        #[case] caller: &str,
        #[case] shown: &str,
    ) {
        let told = (carrier.value("K"), carrier.caller("ACME_KEY"), carrier.to_string());
        assert_eq!(told, (value.to_owned(), caller.to_owned(), shown.to_owned()));
    }

    #[rstest]
    #[case("acme-0123", None)]
    #[case("acme-01234", None)]
    #[case("emca-0123", Some("it does not look like an Acme key: such keys begin with `acme-`"))]
    #[case("acme-012", Some("it does not look like an Acme key: such keys have 9 to 10 characters"))]
    #[case("acme-012345", Some("it does not look like an Acme key: such keys have 9 to 10 characters"))]
    fn an_unusual_key_is_described_without_showing_it(#[case] key: &str, #[case] why: Option<&str>) {
        let shape = KeyShape { prefix: "acme-".into(), says: "an Acme key".into() };
        let looks = KeyLooks { shape: shape.clone(), length: Some((9, 10)) };
        assert_eq!(looks.unlike(key).as_deref(), why);
        assert!(KeyLooks { shape: shape.clone(), length: None }.unlike("acme-").is_none());
        let exact = KeyLooks { shape, length: Some((9, 9)) };
        let says = "it does not look like an Acme key: such keys have 9 characters";
        assert_eq!(exact.unlike("acme-0123"), None);
        assert_eq!(exact.unlike("acme-01234").as_deref(), Some(says));
    }
}
