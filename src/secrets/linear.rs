//! The time to search what a server sends grows with its length, not with the square of it.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use rstest::rstest;

use super::*;

/// With quadratic time, such a text takes minutes.
const LENGTH: usize = 300_000;

/// Far more than any of these tests takes, and far less than quadratic time would.
const MOST: Duration = Duration::from_mins(1);

fn redactor() -> Redactor {
    let shape = |prefix: &str| KeyShape { prefix: prefix.into(), says: "a key".into() };
    let keys = vec![shape("xai-")];
    let others = ["sk-", "sk-ant-", "AKIA", "ya29.", "hooks.slack.com/services/"].map(shape).to_vec();
    Redactor::new(["xai-Qz7fX2mKdVw9RbTg4HyLp1NcUs".into()], keys, ["api.x.ai"]).with_others(others)
}

fn look(text: &str) {
    let start = Instant::now();
    let covered = redactor().text(text.to_owned());
    assert!(start.elapsed() < MOST, "{:?} for {:?}…", start.elapsed(), text.get(..20));
    assert!(!covered.is_empty());
}

#[rstest]
fn a_text_of_one_beginning_after_the_other(
    #[values(
        "?a=",
        "?token=",
        "&sig=a1",
        "#=",
        ";key=[",
        "?",
        "=",
        "-xai-",
        ".xai-",
        "-eyJ",
        "-eyJaaaaaaaaa.",
        "sk-ant-",
        "AKIA-",
        "bearer ",
        "bearer        -",
        "authorization:",
        "api-key := ",
        "https:",
        "http://",
        "http:@",
        "://",
        "//:@",
        "https:a:",
        "@",
        ":",
        "-----begin private key-----",
        "private key-----",
        "password=",
        "token: ",
        "secret",
        "0123456789abcdef-",
        "[redacted]",
        "?t=[redacted",
        "[",
        "x",
        " ",
        "\u{200b}",
        "\u{301}",
        "\u{fe0f}"
    )]
    piece: &str,
) {
    look(&piece.repeat(LENGTH / piece.len()));
}

#[rstest]
fn a_text_of_escapes(
    #[values("%25", "%", "\\", "\\\\", "\\u005c", "&amp;", "&#38;", "&", "\\u{", "=3D")] piece: &str,
) {
    look(&piece.repeat(LENGTH / piece.len()));
}

/// Addresses that differ, so that nothing is found twice.
#[test]
fn a_text_of_many_addresses() {
    let mut text = String::new();
    let mut at = 0;
    while text.len() < LENGTH {
        at += 1;
        let _ = write!(text, "https://user{at}:pass{at}@host{at}.example/a?b{at}=c{at}&token=t{at}#x{at} ");
    }
    look(&text);
}
