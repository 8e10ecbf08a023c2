//! What the name of a parameter says about its value.

use icu_normalizer::DecomposingNormalizerBorrowed;

/// Name parts that are used only for credentials, such as `X-Amz-Security-Token`
/// (<https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>) or `sig`
/// (<https://learn.microsoft.com/rest/api/storageservices/create-service-sas>).
const TELLING: [&str; 11] = [
    "accesskey",
    "apikey",
    "credential",
    "hmac",
    "jwt",
    "passphrase",
    "passwd",
    "password",
    "secret",
    "signature",
    "token",
];

/// Words that mean a credential when they are a whole word of the name.
const WORDS: [&str; 4] = ["bearer", "pwd", "sig", "signed"];

/// Words that often mean something else: they count only where the value isn't a plain word.
const PERHAPS: [&str; 13] = [
    "auth",
    "authorization",
    "code",
    "hash",
    "hdnea",
    "jsessionid",
    "key",
    "otp",
    "pass",
    "session",
    "sessionid",
    "sid",
    "ticket",
];

/// How much a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Telling {
    /// A credential, and nothing else.
    Surely,
    /// A credential, or something else with the same name.
    Perhaps,
    /// Not a credential.
    No,
}

/// What a name says.
pub(super) fn telling(name: &str) -> Telling {
    let words = words(name);
    let joined: String = words.concat();
    let of = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if TELLING.iter().any(|part| joined.contains(part)) || of(&WORDS) {
        Telling::Surely
    // `authkey`, `subscription-key` and the like.
    } else if of(&PERHAPS) || joined.ends_with("key") {
        Telling::Perhaps
    } else {
        Telling::No
    }
}

/// Splits `AWSAccessKeyId` or `x-amz-signature` into words, in lower case and plain letters.
fn words(name: &str) -> Vec<String> {
    let plain = if name.is_ascii() {
        name.to_owned()
    } else {
        // NFKD splits an umlaut into letter and mark, and maps full-width letters to plain ones.
        let letters = DecomposingNormalizerBorrowed::new_nfkd().normalize(name).into_owned();
        letters.chars().filter(char::is_ascii).collect()
    };
    let mut words = vec![String::new()];
    let mut low = false;
    for c in plain.chars() {
        if !c.is_ascii_alphanumeric() || (low && c.is_ascii_uppercase()) {
            words.push(String::new());
        }
        low = c.is_ascii_lowercase();
        if let Some(word) = words.last_mut().filter(|_| c.is_ascii_alphanumeric()) {
            word.push(c.to_ascii_lowercase());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("token", Telling::Surely)]
    #[case("auth[token]", Telling::Surely)]
    #[case("my+token", Telling::Surely)]
    #[case("token%20", Telling::Surely)]
    #[case("to\u{200b}ken", Telling::Surely)]
    #[case("p\u{e4}ssword", Telling::Surely)]
    #[case("\u{ff54}oken", Telling::Surely)]
    #[case("XAmzSignature", Telling::Surely)]
    #[case("signedUrl", Telling::Surely)]
    #[case("authkey", Telling::Perhaps)]
    #[case("auth_code", Telling::Perhaps)]
    #[case("authCode", Telling::Perhaps)]
    #[case("code", Telling::Perhaps)]
    #[case("page", Telling::No)]
    #[case("design", Telling::No)]
    fn a_name_tells(#[case] name: &str, #[case] wanted: Telling) {
        assert_eq!(telling(name), wanted);
    }
}
