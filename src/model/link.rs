//! Credentials in web addresses: a user with a password, and parameters that grant access to anyone who has them. They
//! are recognised by the names that signing services give them.

mod names;
mod page;
mod user;

use std::ops::Range;

use percent_encoding::percent_decode;

use names::{Telling, telling};
pub use page::opener;

/// The shortest value, in bytes, that could grant access.
const SHORTEST: usize = 4;

/// A run of this many letters and digits, with both among them, isn't a word or a name.
const RANDOM: usize = 12;

/// The same, whatever the parameter is called. A commit hash has forty, in lower-case hexadecimal.
const ANONYMOUS: usize = 32;

/// A number with fewer digits is a count, not a credential.
const LONG_NUMBER: usize = 7;

/// What replaces a credential.
const MARK: &str = "[redacted]";
/// The longest name a parameter can have, in bytes.
const LONGEST_NAME: usize = 200;

/// How a secret that was already redacted begins.
const COVERED: &[u8] = b"[redacted";

/// A credential in an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Its byte range in the text: the password or the value, not the name.
    pub span: Range<usize>,
    /// What it is called: the name of its parameter, or `a password`.
    pub name: String,
}

/// The credentials in the addresses of a text, in order. Escapes aren't decoded.
#[must_use]
pub fn credentials(text: &[u8]) -> Vec<Credential> {
    // Most texts contain neither.
    let holds = |sign: u8| memchr::memchr(sign, text).is_some();
    let mut found = if holds(b'@') { user::all(text) } else { Vec::new() };
    if holds(b'=') {
        found.extend(parameters(text));
    }
    found.sort_by_key(|credential| credential.span.start);
    found
}

/// The names of the credentials in an address, each once. Percent encoding is decoded as often as it is nested.
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

/// The text with the credentials in its addresses redacted.
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
    // Inside escapes it can't be located exactly, so everything after the page is removed.
    let blank = plain.trim_end().len()..;
    let page =
        plain.find(['?', '#', ';']).and_then(|at| plain.get(..at)).filter(|page| names(page).is_empty());
    let blank = plain.get(blank).unwrap_or_default();
    page.map_or_else(|| format!("{MARK}{blank}"), |page| format!("{page}?{MARK}{blank}"))
}

/// `name=value` after a `?`, `&`, `;` or `#`. The name is whatever is between.
fn parameters(text: &[u8]) -> Vec<Credential> {
    let mut found = Vec::new();
    let (mut name, mut value) = (None, Value::default());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at += 1;
        match byte {
            b'?' | b'&' | b';' | b'#' => name = Some(at),
            b'=' => {
                let Some(name) = name.take().and_then(|start| named(text, start..at - 1)) else { continue };
                // A value that begins inside another one ends with it.
                if !(value.start..=value.end).contains(&at) {
                    value = Value::at(text, at);
                }
                if let Some(span) = value.opens(text, at, &name) {
                    at = value.end;
                    found.push(Credential { span, name });
                }
            }
            byte if ends(*byte) => name = None,
            _ => {}
        }
    }
    found
}

fn named(text: &[u8], place: Range<usize>) -> Option<String> {
    let fits = (1..=LONGEST_NAME).contains(&place.len());
    let name = text.get(place).filter(|_| fits)?;
    Some(String::from_utf8_lossy(name).into_owned())
}

/// A value, and which parts of it are random.
#[derive(Default)]
struct Value {
    start: usize,
    end: usize,
    /// Where the last run of length [`RANDOM`] begins.
    random: Option<usize>,
    /// Where the last run of length [`ANONYMOUS`] begins.
    anonymous: Option<usize>,
    /// The last byte that isn't a lower-case hexadecimal digit.
    no_hex: Option<usize>,
}

impl Value {
    fn at(text: &[u8], start: usize) -> Self {
        let rest = text.get(start..).unwrap_or_default();
        let ends = |(at, byte): (usize, &u8)| b"&;#".contains(byte) || ends_value(rest, at);
        let end = rest.iter().enumerate().position(ends).map_or(text.len(), |length| start + length);
        let mut value = Self { start, end, ..Self::default() };
        let mut at = start;
        for part in text.get(start..end).unwrap_or_default().split(|byte| !byte.is_ascii_alphanumeric()) {
            if mixed(part) {
                value.random = Some(at).filter(|_| part.len() >= RANDOM).or(value.random);
                value.anonymous = Some(at).filter(|_| part.len() >= ANONYMOUS).or(value.anonymous);
            }
            at += part.len() + 1;
        }
        let is_hex = |byte: &u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
        let last = text.get(start..end).unwrap_or_default().iter().rposition(|byte| !is_hex(byte));
        value.no_hex = last.map(|last| start + last);
        value
    }

    /// The range of the credential, if the value from here on is one.
    fn opens(&self, text: &[u8], at: usize, name: &str) -> Option<Range<usize>> {
        let value = text.get(at..self.end)?;
        let covered = if value.starts_with(COVERED) { COVERED.len() } else { 0 };
        let (start, value) = (at + covered, value.get(covered..)?);
        let from_here = |place: Option<usize>| place.is_some_and(|place| place >= start);
        let opens = match telling(name) {
            // `max_tokens=4096` is a count.
            Telling::Surely => {
                let number = value.len() < LONG_NUMBER && value.iter().all(u8::is_ascii_digit);
                let says = covered == 0 || value.iter().any(u8::is_ascii_alphanumeric);
                value.len() >= SHORTEST && !number && says
            }
            Telling::Perhaps => from_here(self.random),
            Telling::No => from_here(self.anonymous) && from_here(self.no_hex),
        };
        opens.then_some(start..self.end)
    }
}

/// What ends an address within a text.
fn ends(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte.is_ascii_control() || b"\"'<>`".contains(&byte)
}

/// What ends a value. Brackets, bars and stars end it only where they close something around the address; if text
/// follows directly, they are still part of the value.
fn ends_value(text: &[u8], at: usize) -> bool {
    let of_frame = |byte: &u8| b"[]{}|*".contains(byte);
    let Some(byte) = text.get(at) else { return true };
    let behind = || text.iter().skip(at).take(8).find(|byte| !of_frame(byte));
    ends(*byte)
        || (of_frame(byte)
            && !behind().is_some_and(|next| next.is_ascii_alphanumeric() || b"%-_".contains(next)))
}

/// Whether there are both letters and digits.
fn mixed(part: &[u8]) -> bool {
    part.iter().any(u8::is_ascii_digit) && part.iter().any(u8::is_ascii_alphabetic)
}

/// Whether there is a run of this many letters and digits, with both among them.
fn row(value: &[u8], length: usize) -> bool {
    value.split(|byte| !byte.is_ascii_alphanumeric()).any(|part| part.len() >= length && mixed(part))
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
    #[case::thirty_two_in_a_row("https://acme.example/x?z=g123456789abcdef0123456789abcdef", &["z"])]
    #[case::thirty_one_in_a_row("https://acme.example/x?z=g123456789abcdef0123456789abcde", &[] as &[&str])]
    #[case::a_long_word("https://acme.example/x?z=abcdefghijklmnopqrstuvwxyzabcdefgh", &[] as &[&str])]
    #[case::behind_a_cover("https://acme.example/x?z=[redacted]g123456789abcdef0123456789abcdef", &["z"])]
    #[case::seven_digits("https://acme.example/x?password=1234567", &["password"])]
    #[case::six_digits("https://acme.example/x?password=123456", &[] as &[&str])]
    #[case::signs("https://acme.example/x?token=-_-_-", &["token"])]
    #[case::markdown("see [it](https://acme.example/x?token=abcd)", &["token"])]
    #[case::page("https://acme.example/docs?page=2&lang=en#tokens", &[] as &[&str])]
    #[case::key_word("https://acme.example/faq?key=pricing&code=200", &[] as &[&str])]
    #[case::number("https://acme.example/docs?max_tokens=4096", &[] as &[&str])]
    #[case::digits("https://acme.example/x?password=12345678", &["password"])]
    #[case::commit("https://acme.example/x?at=8563c25a8563c25a8563c25a8563c25a8563c25a", &[] as &[&str])]
    #[case::uuid("https://acme.example/x?id=67e55044-10b1-426f-9247-bb680e5fe0c8", &[] as &[&str])]
    #[case::no_address("the token = abcd, and a mail to ann:bob@acme.example", &[] as &[&str])]
    #[case::brackets_in_the_name("https://acme.example/x?auth[token]=hunter2xx&my+token=hunter3xx&x:token=hunter4xx&*token=hunter5xx", &["auth[token]", "my+token", "x:token", "*token"])]
    #[case::blank_in_the_name("https://acme.example/x?token%20=hunter2xx", &["token%20"])]
    #[case::other_letters("https://acme.example/x?p\u{e4}ssword=hunter2xx", &["p\u{e4}ssword"])]
    #[case::bracket_first("https://acme.example/x?token=[hunter2xx&sig=*hunter3xx&jwt={hunter4xx", &["token", "sig", "jwt"])]
    #[case::bracket_within("{https://acme.example/x?token=ab[cd}", &["token"])]
    #[case::in_a_sentence("What? The token = abcd.", &[] as &[&str])]
    #[case::covered_in_part("https://acme.example/x?token=[redacted]hunter2", &["token"])]
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
