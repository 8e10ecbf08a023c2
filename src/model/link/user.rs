//! Logins in addresses: `user:password` before a host, or a token in place of the user.

use super::{COVERED, Credential, ends, row};
use crate::model::ahead::Ahead;

/// A run of this many letters and digits isn't a user name.
const RANDOM: usize = 12;

/// The most slashes that are skipped after a scheme.
const SLASHES: usize = 8;

/// Every login in a text.
pub(super) fn all(text: &[u8]) -> Vec<Credential> {
    if memchr::memchr(b'@', text).is_none() {
        return Vec::new();
    }
    let end = |text: &[u8], at: usize| text.get(at).is_some_and(|byte| ends(*byte));
    let host =
        |text: &[u8], at: usize| text.get(at).is_some_and(|byte| ends(*byte) || b"/?#\\".contains(byte));
    let is = |wanted: u8| move |text: &[u8], at: usize| text.get(at) == Some(&wanted);
    let (mut end, mut host) = (Ahead::new(text, end), Ahead::new(text, host));
    let (mut colon, mut sign) = (Ahead::new(text, is(b':')), Ahead::new(text, is(b'@')));
    let mut last = Last::default();
    let mut found = Vec::new();
    for start in memchr::memchr_iter(b':', text).filter_map(|at| begin(text, at)) {
        let (host, colon) = (host.of(start), colon.of(start));
        found.extend(match last.of(text, start, host) {
            Some(sign) if colon < sign => password(text, colon + 1, sign),
            Some(sign) => token(text, start, sign),
            // The password contains a slash: not a valid address, but a password all the same.
            None if colon < host && !is_port(text, colon + 1, host) => {
                let sign = sign.of(host);
                if sign < end.of(start) { password(text, colon + 1, sign) } else { None }
            }
            None => None,
        });
    }
    found
}

/// Where a login may begin, after the colon of a scheme. Browsers accept `https:` with any number of slashes of either
/// kind.
fn begin(text: &[u8], colon: usize) -> Option<usize> {
    let behind = text.get(colon + 1..)?.iter().take(SLASHES);
    let slashes = behind.take_while(|byte| b"/\\".contains(byte)).count();
    let of_web = |scheme: &[u8]| {
        let begin = colon.checked_sub(scheme.len());
        begin.and_then(|begin| text.get(begin..colon)).is_some_and(|found| found.eq_ignore_ascii_case(scheme))
    };
    (slashes >= 2 || of_web(b"https") || of_web(b"http")).then_some(colon + 1 + slashes)
}

/// The last `@` before a host, remembered between searches.
#[derive(Default)]
struct Last {
    /// The host it was searched for.
    host: Option<usize>,
    sign: Option<usize>,
}

impl Last {
    /// When asked from left to right, each host is scanned once.
    fn of(&mut self, text: &[u8], start: usize, host: usize) -> Option<usize> {
        if self.host != Some(host) {
            self.host = Some(host);
            self.sign = text.get(start..host)?.iter().rposition(|byte| *byte == b'@').map(|at| start + at);
        }
        self.sign.filter(|sign| *sign >= start)
    }
}

/// Whether there is a number and nothing else.
fn is_port(text: &[u8], start: usize, end: usize) -> bool {
    text.get(start..end).is_none_or(|port| port.iter().all(u8::is_ascii_digit))
}

fn password(text: &[u8], start: usize, end: usize) -> Option<Credential> {
    let told = text.get(start..end)?;
    // A redacted password isn't a password; what follows the redaction may be one.
    let cover = told.starts_with(COVERED).then(|| told.iter().position(|byte| *byte == b']')).flatten();
    let told = told.get(cover.map_or(0, |end| end + 1)..)?;
    let shown = told.iter().any(u8::is_ascii_alphanumeric);
    shown.then(|| Credential { span: start..end, name: "a password".to_owned() })
}

fn token(text: &[u8], start: usize, end: usize) -> Option<Credential> {
    let random = row(text.get(start..end)?, RANDOM);
    random.then(|| Credential { span: start..end, name: "a login".to_owned() })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://ann:hunter2@docs.x.ai", &["hunter2"])]
    #[case("https:/ann:hunter2@docs.x.ai", &["hunter2"])]
    #[case("HTTPS:ann:hunter2@docs.x.ai", &["hunter2"])]
    #[case("ftp://ann:hunter2@a.example http:\\\\ann:hunter3@b.example", &["hunter2", "hunter3"])]
    #[case("https://ann:hun/ter2secret@docs.x.ai", &["hun/ter2secret"])]
    #[case("https://ann:a@b:c@docs.x.ai/@d", &["a@b:c"])]
    #[case("https://ghp_0123456789abcdefABCD@github.com", &["ghp_0123456789abcdefABCD"])]
    #[case("https://ann@docs.x.ai https://docs.x.ai:8443/@ann https://docs.x.ai/a:b/@ann", &[])]
    #[case::a_name("https://bartholomewsmith@docs.x.ai https://ann1@docs.x.ai", &[])]
    #[case::eleven_in_a_row("https://abcdefghij1@docs.x.ai", &[])]
    #[case::twelve_in_a_row("https://abcdefghijk1@docs.x.ai", &["abcdefghijk1"])]
    #[case::no_login_at_all("https://docs.x.ai:port/a", &[])]
    #[case("https://ann:***@docs.x.ai and ann:bob@acme.example", &[])]
    fn a_login_is_what_stands_before_a_host(#[case] text: &str, #[case] wanted: &[&str]) {
        let found: Vec<_> = all(text.as_bytes()).into_iter().map(|found| &text[found.span]).collect();
        assert_eq!(found, wanted);
    }
}
