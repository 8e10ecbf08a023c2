//! What is said of lengths, sizes, replies and values.

use rstest::rstest;
use serde_json::json;
use url::Url;

use super::*;
use crate::{judge::rule_fixture, model::expect::Path};

#[rstest]
#[case(8700, "8.7 s")]
#[case(15_000, "15 s")]
#[case(5, "0.005 s")]
fn lengths(#[case] millis: u64, #[case] text: &str) {
    assert_eq!(seconds(millis), text);
}

#[rstest]
#[case(0, "0 ms")]
#[case(999, "999 ms")]
#[case(1000, "1 s")]
#[case(90_500, "90.5 s")]
fn spans(#[case] millis: u64, #[case] text: &str) {
    assert_eq!(span(Duration::from_millis(millis)), text);
}

#[rstest]
#[case(1023, "1023 bytes")]
#[case(1024, "1.0 KiB")]
#[case(1 << 20, "1.0 MiB")]
#[case(1 << 30, "1.0 GiB")]
fn sizes(#[case] count: u64, #[case] text: &str) {
    assert_eq!(bytes(count), text);
}

#[rstest]
#[case(404, Body::Json(json!({})), "HTTP 404")]
#[case(502, Body::Text("<html>".to_owned()), "HTTP 502, no JSON")]
#[case(204, Body::Empty, "HTTP 204, empty body")]
fn a_reply_is_told_with_what_its_body_lacks(#[case] status: u16, #[case] body: Body, #[case] text: &str) {
    assert_eq!(reply(&rule_fixture::reply(status, body)), text);
}

#[rstest]
#[case::a_body(Subject::Body, json!(["secret"]), "another text")]
#[case::a_status(Subject::Status, json!([404]), "HTTP 404")]
#[case::a_success(Subject::Success, json!([true]), "a success")]
#[case::no_success(Subject::Success, json!([false]), "no success")]
#[case::nothing_of_a_success(Subject::Success, json!([]), "no success")]
#[case::one_value(Subject::Path(Path::parse("$.a").unwrap()), json!(["x"]), "$.a x")]
#[case::one_long_value(Subject::Path(Path::parse("$.a").unwrap()), json!(["x".repeat(120)]), &format!("$.a {}", "x".repeat(120)))]
#[case::several(Subject::Path(Path::parse("$.a").unwrap()), json!(["x", 1]), "$.a x, 1")]
#[case::a_list_of_texts(Subject::Path(Path::parse("$.a").unwrap()), json!([["x", "y"]]), "$.a x, y")]
#[case::a_list(Subject::Path(Path::parse("$.a").unwrap()), json!([["x", 1]]), "$.a [\"x\",1]")]
fn what_was_there_is_told_in_words(#[case] subject: Subject, #[case] found: Value, #[case] text: &str) {
    let found: Vec<_> = found.as_array().unwrap().iter().map(Cow::Borrowed).collect();
    assert_eq!(values(&subject, &found), text);
}

#[test]
fn a_text_is_cut_where_a_line_ends() {
    let (fits, long) = ("x".repeat(120), "x".repeat(121));
    assert_eq!((clip(&fits), clip(&long)), (fits.clone(), format!("{fits}…")));
}

#[test]
fn an_address_is_shown_without_its_secrets() {
    let url = Url::parse("https://me:pw@host.example:8443/a/b.png?sig=secret#frag").unwrap();
    assert_eq!(input(&Input::Url(url)), "https://host.example:8443/a/b.png");
}

#[test]
fn nothing_shown_moves_the_cursor() {
    assert_eq!(clip("a\u{1b}[2Jb\n"), "a [2Jb ");
    assert_eq!(clip(&"x".repeat(500)).chars().count(), MAX_SHOWN + 1);
}
