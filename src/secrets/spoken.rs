//! Credentials that a person wrote into a text: `password: …`, `TOKEN=…`, `curl -u name:…`. The output isn't redacted
//! for these, because ordinary sentences look alike; but a file that is kept in git never needs one.

use std::sync::LazyLock;

use regex::Regex;

/// A name, a separator, and a value of six characters or more.
static ASSIGNED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let names = "pass(?:word|wd|phrase|code)|pwd|secret|token|credentials?|(?:api|access|private|secret)[-_ ]?key|_key";
    Regex::new(&format!(r#"(?i)(?:{names})["'`*]*\s*([:=])[\s"'`*]*([^\s"'`*]{{6,}})"#)).ok()
});

/// A name and a password in a command.
static TYPED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:^|\s)(?:-u|--user)[\s=]*[^\s:/]+:([^\s/]{4,})").ok());

/// The kind of credential that a person wrote down, in words.
#[must_use]
pub fn spoken(text: &str) -> Option<&'static str> {
    let (assigned, typed) = (ASSIGNED.as_ref()?, TYPED.as_ref()?);
    // A user and a group of a system are numbers.
    let opens = |found: regex::Captures<'_>| {
        found.get(1).is_some_and(|value| !value.as_str().bytes().all(|byte| byte.is_ascii_digit()))
    };
    let tells = |found: regex::Captures<'_>| {
        let part = |at| found.get(at).map_or("", |part: regex::Match<'_>| part.as_str());
        part(1) == "=" || !is_word(part(2))
    };
    if typed.captures_iter(text).any(opens) {
        Some("what looks like a name with its password")
    } else if assigned.captures_iter(text).any(tells) {
        Some("what looks like a password or a key, written behind its name")
    } else {
        None
    }
}

/// Whether it may be the next word of a sentence.
fn is_word(value: &str) -> bool {
    let word = value.trim_end_matches(|c: char| c.is_ascii_punctuation());
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_alphabetic) && letters.all(|c| c.is_lowercase() || c == '-')
        || word.contains("[redacted")
        || word.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("password=hunter2secret")]
    #[case("the Password: hunter2secret, and more")]
    #[case("passwd = correcthorse")]
    #[case("\"token\": \"abc123def\"")]
    #[case("**API key:** `abc123def`")]
    #[case("export FAL_KEY=abcdefgh")]
    #[case("api_key = Abcdefgh")]
    #[case("curl -u ann:hunter2secret https://docs.x.ai")]
    #[case("--user=ann:hunter2")]
    fn a_written_credential_is_reported(#[case] text: &str) {
        assert!(spoken(text).is_some(), "{text}");
    }

    #[rstest]
    #[case("The password: required for every team.")]
    #[case("They keep no token: see the page.")]
    #[case("api key: https://console.x.ai")]
    #[case("A token is a part of a word; max tokens = 4096.")]
    #[case("password: [redacted]")]
    #[case("sort -u a:b")]
    #[case("see docker -u 1000:1000")]
    fn an_ordinary_sentence_is_not_a_credential(#[case] text: &str) {
        assert_eq!(spoken(text), None);
    }
}
