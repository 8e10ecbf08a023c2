//! Credentials that stand in the address of a page: a user with a password, and parameters that open it to whoever
//! holds them. Told by their names, as those who sign addresses write them.

use std::ops::Range;

use percent_encoding::percent_decode;

/// Parts of names that are given to credentials and to nothing else, such as `X-Amz-Security-Token`
///(<https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>) or `sig`
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

/// Words that stand for a credential where they are a word of the name by themselves.
const WORDS: [&str; 4] = ["bearer", "pwd", "sig", "signed"];

/// Words that often mean something else: they count where the value is no word of a sentence.
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

/// The shortest value, in bytes, that opens anything.
const SHORTEST: usize = 4;

/// So many letters and digits in one row, both among them, are no name of anything.
const RANDOM: usize = 12;

/// The same, whatever the parameter is called. A commit has forty, in lower-case hexadecimal.
const ANONYMOUS: usize = 32;

/// A number with fewer digits counts something.
const LONG_NUMBER: usize = 7;

/// What stands where a credential stood.
const MARK: &str = "[redacted]";

/// A credential in an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Its bytes in the text: the password or the value, not the name.
    pub span: Range<usize>,
    /// What it is called: the name of its parameter, or `a password`.
    pub name: String,
}

/// The credentials in the addresses of a text, in the order in which they stand. Escapes are not read.
#[must_use]
pub fn credentials(text: &[u8]) -> Vec<Credential> {
    let mut found: Vec<_> = passwords(text).chain(parameters(text)).collect();
    found.sort_by_key(|credential| credential.span.start);
    found
}

/// The names of the credentials in an address, each once, its percent signs read as often as they are nested.
#[must_use]
pub fn names(address: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut text = address.as_bytes().to_vec();
    loop {
        for Credential { name, .. } in credentials(&text) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let read: Vec<u8> = percent_decode(&text).collect();
        if read.len() == text.len() {
            return names;
        }
        text = read;
    }
}

/// The text with its addresses closed: what would open one is taken out.
#[must_use]
pub fn closed(text: &str) -> String {
    if names(text).is_empty() {
        return text.to_owned();
    }
    text.split_inclusive(char::is_whitespace).map(closed_word).collect()
}

fn closed_word(word: &str) -> String {
    let mut plain = word.to_owned();
    for found in credentials(word.as_bytes()).into_iter().rev() {
        plain.replace_range(found.span, MARK);
    }
    if names(&plain).is_empty() {
        return plain;
    }
    // Behind escapes it has no place of its own, so everything behind the page goes.
    let blank = plain.trim_end().len()..;
    let page =
        plain.find(['?', '#', ';']).and_then(|at| plain.get(..at)).filter(|page| names(page).is_empty());
    let blank = plain.get(blank).unwrap_or_default();
    page.map_or_else(|| format!("{MARK}{blank}"), |page| format!("{page}?{MARK}{blank}"))
}

/// `user:password` before a host.
fn passwords(text: &[u8]) -> impl Iterator<Item = Credential> {
    let marks = text.windows(3).enumerate().filter(|(_, window)| *window == b"://");
    marks.filter_map(|(at, _)| {
        let start = at + 3;
        let rest = text.get(start..)?;
        let end = rest.iter().position(|byte| b"/?#\\".contains(byte) || ends(*byte)).unwrap_or(rest.len());
        let user = rest.get(..end)?;
        let host = user.iter().rposition(|byte| *byte == b'@')?;
        let colon = user.get(..host)?.iter().position(|byte| *byte == b':')?;
        let span = start + colon + 1..start + host;
        let shown = text.get(span.clone())?.iter().any(u8::is_ascii_alphanumeric);
        shown.then(|| Credential { span, name: "a password".to_owned() })
    })
}

/// `name=value` behind a `?`, `&`, `;` or `#`.
fn parameters(text: &[u8]) -> impl Iterator<Item = Credential> {
    let equals = text.iter().enumerate().filter(|(_, byte)| **byte == b'=');
    equals.filter_map(|(at, _)| {
        let before = text.get(..at)?;
        let length = before.iter().rev().take_while(|byte| of_name(**byte)).count();
        let name = before.get(at - length..)?;
        let lead = before.get(..at - length)?.last()?;
        if name.is_empty() || !b"?&;#".contains(lead) {
            return None;
        }
        let rest = text.get(at + 1..)?;
        let end = rest.iter().position(|byte| b"&;#".contains(byte) || ends(*byte)).unwrap_or(rest.len());
        let name = String::from_utf8_lossy(name).into_owned();
        opens(&name, rest.get(..end)?).then_some(Credential { span: at + 1..at + 1 + end, name })
    })
}

fn of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.$".contains(&byte)
}

/// What ends an address within a text.
fn ends(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte.is_ascii_control() || b"\"'<>`[]{}|*".contains(&byte)
}

/// Whether whoever holds this parameter can open what its owner can.
fn opens(name: &str, value: &[u8]) -> bool {
    let words = words(name);
    let joined: String = words.concat();
    let of = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    // `max_tokens=4096` counts words.
    let number = value.len() < LONG_NUMBER && value.iter().all(u8::is_ascii_digit);
    if TELLING.iter().any(|part| joined.contains(part)) || of(&WORDS) {
        return value.len() >= SHORTEST && !number;
    }
    // `authkey`, `subscription-key` and their like.
    if of(&PERHAPS) || joined.ends_with("key") {
        return row(value, RANDOM);
    }
    row(value, ANONYMOUS) && !value.iter().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte))
}

/// Whether letters and digits, both of them, stand so long in one row.
fn row(value: &[u8], length: usize) -> bool {
    value.split(|byte| !byte.is_ascii_alphanumeric()).any(|part| {
        part.len() >= length
            && part.iter().any(u8::is_ascii_digit)
            && part.iter().any(u8::is_ascii_alphabetic)
    })
}

/// `AWSAccessKeyId` and `x-amz-signature` as their words, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut low = false;
    for c in name.chars() {
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
    #[case::password("https://ann:secret@acme.example/x", &["a password"])]
    #[case::aws("https://acme.example/x?X-Amz-Credential=AKIA1%2F2&X-Amz-Date=20261125T000000Z&X-Amz-Signature=abcd", &["X-Amz-Credential", "X-Amz-Signature"])]
    #[case::aws_old("https://acme.example/x?AWSAccessKeyId=AKIAIOSF&Signature=vjby", &["AWSAccessKeyId", "Signature"])]
    #[case::sas("https://acme.example/x?sv=2024-01-01&se=2026-12-01&sr=b&sp=r&sig=Zm9v", &["sig"])]
    #[case::token("https://acme.example/x?access_token=abcd", &["access_token"])]
    #[case::joined("https://acme.example/x?authtoken=abcd", &["authtoken"])]
    #[case::fragment("https://acme.example/x#id_token=abcd", &["id_token"])]
    #[case::path("https://acme.example/x;jsessionid=abcd1234efgh", &["jsessionid"])]
    #[case::key("https://acme.example/x?key=AIzaSyD12345678", &["key"])]
    #[case::some_key("https://acme.example/x?authkey=abcd1234efgh5678", &["authkey"])]
    #[case::nested("https://acme.example/login?next=https%3A%2F%2Facme.example%2Fx%3Ftoken%3Dabcd", &["token"])]
    #[case::twice("https://acme.example/login?next=https%253A%252F%252Fa.example%252F%253Ftoken%253Dabcd", &["token"])]
    #[case::escaped_name("https://acme.example/x?%74oken=abcd", &["token"])]
    #[case::anonymous("https://acme.example/x?z=Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZmdoaWprbA", &["z"])]
    #[case::markdown("see [it](https://acme.example/x?token=abcd)", &["token"])]
    #[case::page("https://acme.example/docs?page=2&lang=en#tokens", &[] as &[&str])]
    #[case::key_word("https://acme.example/faq?key=pricing&code=200", &[] as &[&str])]
    #[case::number("https://acme.example/docs?max_tokens=4096", &[] as &[&str])]
    #[case::digits("https://acme.example/x?password=12345678", &["password"])]
    #[case::commit("https://acme.example/x?at=8563c25a8563c25a8563c25a8563c25a8563c25a", &[] as &[&str])]
    #[case::uuid("https://acme.example/x?id=67e55044-10b1-426f-9247-bb680e5fe0c8", &[] as &[&str])]
    #[case::no_address("the token = abcd, and a mail to ann:bob@acme.example", &[] as &[&str])]
    #[case::covered("https://acme.example/x?token=[redacted]&sig=********", &[] as &[&str])]
    fn what_opens_a_page_is_told_by_name(#[case] text: &str, #[case] wanted: &[&str]) {
        assert_eq!(names(text), wanted);
    }

    #[rstest]
    #[case::page(
        "see https://acme.example/docs?page=2#tokens ",
        "see https://acme.example/docs?page=2#tokens "
    )]
    #[case::token(
        "a https://acme.example/x?a=1&token=abcd b",
        "a https://acme.example/x?a=1&token=[redacted] b"
    )]
    #[case::password("https://ann:secret@acme.example/x", "https://ann:[redacted]@acme.example/x")]
    #[case::two(
        "https://a.example/?sig=Zm9v&X-Amz-Signature=abcd\nb",
        "https://a.example/?sig=[redacted]&X-Amz-Signature=[redacted]\nb"
    )]
    #[case::nested(
        "https://a.example/in?next=https%3A%2F%2Fb.example%3Ftoken%3Dabcd b",
        "https://a.example/in?[redacted] b"
    )]
    #[case::nested_twice("x https%3A%2F%2Fann%3Asecret%40b.example%2Fx", "x [redacted]")]
    #[case::other_script(
        "https://\u{e4}.example/?token=\u{e4}bcd \u{1f3ac}",
        "https://\u{e4}.example/?token=[redacted] \u{1f3ac}"
    )]
    fn a_closed_address_opens_nothing(#[case] text: &str, #[case] shut: &str) {
        assert_eq!(closed(text), shut);
        assert_eq!(names(&closed(text)), [""; 0]);
        assert_eq!(closed(&closed(text)), closed(text));
    }

    #[test]
    fn the_place_is_that_of_the_value() {
        let text = "x https://ann:pw1@acme.example/?a=1&token=abcd y";
        let places: Vec<_> =
            credentials(text.as_bytes()).into_iter().map(|found| &text[found.span]).collect();
        assert_eq!(places, ["pw1", "abcd"]);
    }
}
