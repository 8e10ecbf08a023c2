//! Finds the code and the sentence in an error body, in any of the known shapes.

use serde_json::Value;

use crate::model::observation::{Body, ErrorText, Unclear};

/// The deepest nesting that is searched: an error within an error within a text.
const DEPTH: u8 = 5;

/// A longer text is a page, not a sentence; in bytes.
const SENTENCE: usize = 500;

/// Reads the error of a reply. In a 2xx reply only JSON can be an error: any other text is what was asked for.
#[must_use]
pub fn of_reply(status: u16, body: &Body) -> ErrorText {
    match body {
        Body::Text(_) if (200..300).contains(&status) => ErrorText::default(),
        body => read(body),
    }
}

/// Reads the error of a body; both parts are absent when there is none.
#[must_use]
pub fn read(body: &Body) -> ErrorText {
    let found = match body {
        Body::Empty => ErrorText::default(),
        Body::Json(value) => of(value, DEPTH, false),
        Body::Text(text) | Body::Unclear(Unclear { text, .. }) => sentence(text, DEPTH, false),
    };
    with_marker(found)
}

/// `within` is whether the surrounding JSON says that this is an error.
fn of(value: &Value, depth: u8, within: bool) -> ErrorText {
    let Some(depth) = depth.checked_sub(1) else { return ErrorText::default() };
    match value {
        Value::String(text) => sentence(text, depth, within),
        Value::Array(items) => items.first().map(|item| of(item, depth, within)).unwrap_or_default(),
        Value::Object(fields) => {
            let field = |name: &str| fields.get(name).and_then(code);
            // The nearest sentence wins; a code further in is only used if there is none here.
            let inner = ["error", "errors", "message", "msg", "detail", "title"]
                .iter()
                .filter_map(|name| fields.get(*name))
                .map(|inner| of(inner, depth, true))
                .find(|inner| *inner != ErrorText::default());
            // Many objects have a type; only that of an error is a code.
            let kind = || field("type").filter(|_| within || inner.is_some());
            let code = field("code").or_else(kind);
            match inner {
                Some(inner) => ErrorText { code: code.or(inner.code), message: inner.message },
                None => ErrorText { code, message: None },
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => ErrorText::default(),
    }
}

fn code(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A text may itself be a JSON document.
fn sentence(text: &str, depth: u8, within: bool) -> ErrorText {
    let text = text.trim();
    if text.starts_with(['{', '[', '"'])
        && let Ok(value) = serde_json::from_str::<Value>(text)
    {
        return of(&value, depth, within);
    }
    let told = !text.is_empty() && !text.starts_with('<') && text.len() <= SENTENCE;
    ErrorText { code: None, message: told.then(|| text.to_owned()) }
}

/// A marker such as `[WKE=slug]` in the sentence is the most exact code there is.
fn with_marker(found: ErrorText) -> ErrorText {
    let parts = found.message.as_deref().and_then(|message| {
        let (before, rest) = message.split_once("[WKE=")?;
        let (slug, after) = rest.split_once(']')?;
        let message = [before.trim(), after.trim()].join(" ").trim().to_owned();
        (!slug.is_empty()).then(|| (slug.to_owned(), message))
    });
    match parts {
        Some((slug, message)) => {
            ErrorText { code: Some(slug), message: Some(message).filter(|message| !message.is_empty()) }
        }
        None => found,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::media(r#"{"code":"invalid-argument","error":"Bad."}"#, "invalid-argument", "Bad.")]
    #[case::media_number(r#"{"code":7,"error":"Bad."}"#, "7", "Bad.")]
    #[case::chat(r#"{"error":{"message":"Bad.","type":"kind","param":null,"code":"slug"}}"#, "slug", "Bad.")]
    #[case::chat_type(r#"{"error":{"message":"Bad.","type":"kind","code":null}}"#, "kind", "Bad.")]
    #[case::speech(r#"{"error":"Bad."}"#, "", "Bad.")]
    #[case::bare(r#""Bad.""#, "", "Bad.")]
    #[case::detail(r#"{"detail":"Bad."}"#, "", "Bad.")]
    #[case::detail_list(r#"{"detail":[{"loc":["body"],"msg":"Bad.","type":"missing"}]}"#, "missing", "Bad.")]
    #[case::message(r#"{"message":"Bad."}"#, "", "Bad.")]
    #[case::twice(r#"{"error":"{\"code\":\"slug\",\"error\":\"Bad.\"}"}"#, "slug", "Bad.")]
    #[case::bare_twice(r#""{\"error\":{\"message\":\"Bad.\"}}""#, "", "Bad.")]
    #[case::nested(r#"{"error":{"error":{"code":"slug","message":"Bad."}}}"#, "slug", "Bad.")]
    #[case::marker(r#"{"code":"outer","error":"Bad. [WKE=inner:slug]"}"#, "inner:slug", "Bad.")]
    #[case::marker_first(r#"{"error":{"message":"[WKE=slug] Bad."}}"#, "slug", "Bad.")]
    #[case::billed(r#"{"code":"slug","error":"Bad.","usage":{"cost_in_usd_ticks":5}}"#, "slug", "Bad.")]
    #[case::problem(r#"{"title":"Unauthenticated","detail":"Bad.","status":401}"#, "", "Bad.")]
    #[case::code_only(r#"{"code":"slug"}"#, "slug", "")]
    #[case::kind(r#"{"error":{"type":"kind"}}"#, "kind", "")]
    #[case::kind_of_no_error(r#"{"type":"model","id":"m"}"#, "", "")]
    #[case::nothing("{}", "", "")]
    #[case::null(r#"{"error":null}"#, "", "")]
    fn every_json_shape_is_read(#[case] body: &str, #[case] code: &str, #[case] message: &str) {
        let text = read(&Body::Json(serde_json::from_str(body).unwrap()));
        assert_eq!(text.code.as_deref().unwrap_or_default(), code);
        assert_eq!(text.message.as_deref().unwrap_or_default(), message);
    }

    #[rstest]
    #[case::page("<!DOCTYPE html><title>502</title>", None)]
    #[case::sentence("upstream connect error\n", Some("upstream connect error"))]
    fn a_page_is_no_sentence(#[case] body: &str, #[case] message: Option<&str>) {
        assert_eq!(read(&Body::Text(body.into())).message.as_deref(), message);
        assert_eq!(read(&Body::Empty), ErrorText::default());
    }

    #[rstest]
    #[case(200, Body::Text("an answer".into()), None)]
    #[case(400, Body::Text("Bad.".into()), Some("Bad."))]
    #[case(200, Body::Json(serde_json::json!({ "error": "Bad." })), Some("Bad."))]
    #[case(200, Body::Unclear(Unclear { why: String::new(), text: r#"{"error":"Bad."}"#.into() }), Some("Bad."))]
    fn a_success_tells_of_errors_too(#[case] status: u16, #[case] body: Body, #[case] message: Option<&str>) {
        assert_eq!(of_reply(status, &body).message.as_deref(), message);
    }

    #[test]
    fn endless_nesting_ends() {
        let deep = (0..100).fold(Value::from("Bad."), |inner, _| serde_json::json!({ "error": inner }));
        assert_eq!(read(&Body::Json(deep)), ErrorText::default());
    }
}
