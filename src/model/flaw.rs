//! Why a reply may be an error although its status says success. Everything that reads replies uses this module.

use serde_json::Value;

use super::observation::{Body, Reply};

/// Top-level names that report an error, in lower case and without separators.
const ERROR_NAMES: [&str; 9] = [
    "error",
    "errors",
    "errorcode",
    "errordescription",
    "errordetail",
    "errormessage",
    "errormsg",
    "exception",
    "fault",
];

/// Top-level names that say whether the call went well: `false` means an error.
const SUCCESS_NAMES: [&str; 3] = ["ok", "success", "successful"];

/// Why a 2xx reply doesn't count as a success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw<'r> {
    /// Its body reports an error.
    Error,
    /// Its body is ambiguous: the text says why.
    Unclear(&'r str),
    /// It isn't what its host or probe calls a success: the text says what is missing.
    Unmet(&'r str),
}

impl Reply {
    /// Why a 2xx reply isn't a success; `None` for a reply whose status isn't a success anyway.
    #[must_use]
    pub fn flaw(&self) -> Option<Flaw<'_>> {
        if !self.says_success() {
            return None;
        }
        let of_body = match &self.body {
            Body::Unclear(unclear) => Some(Flaw::Unclear(&unclear.why)),
            Body::Json(value) => tells_error(value).then_some(Flaw::Error),
            // Some servers send JSON with the content type of a page.
            Body::Text(text) => json(text).is_some_and(|value| tells_error(&value)).then_some(Flaw::Error),
            Body::Empty => None,
        };
        of_body.or_else(|| self.unmet.as_deref().map(Flaw::Unmet))
    }
}

/// Whether the top level of a document reports an error.
fn tells_error(value: &Value) -> bool {
    let in_object = |value: &Value| {
        let mut fields = value.as_object().into_iter().flatten();
        fields.any(|(name, value)| {
            let bare: String =
                name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
            ERROR_NAMES.contains(&bare.as_str()) && says_something(value)
                || SUCCESS_NAMES.contains(&bare.as_str()) && denies(value)
                // A `failed` job is reported by a call that went well; an `error` isn't.
                || bare == "status" && says(value, "error")
        })
    };
    match value {
        Value::Object(_) => in_object(value),
        Value::Array(items) => items.iter().any(in_object),
        Value::String(text) => json(text).is_some_and(|inner| !inner.is_string() && tells_error(&inner)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether a value means "no".
fn denies(value: &Value) -> bool {
    *value == Value::Bool(false) || value.as_f64() == Some(0.0) || says(value, "false")
}

fn says(value: &Value, word: &str) -> bool {
    value.as_str().is_some_and(|text| text.trim().eq_ignore_ascii_case(word))
}

/// Whether a value is more than a way to write "nothing".
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => items.iter().any(says_something),
        Value::Object(fields) => fields.values().any(says_something),
    }
}

/// A JSON document inside a text.
fn json(text: &str) -> Option<Value> {
    let text = text.trim_start();
    text.starts_with(['{', '[', '"']).then(|| serde_json::from_str(text).ok())?
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rstest::rstest;

    use super::*;
    use crate::model::observation::{ErrorText, Unclear};

    fn reply(status: u16, body: Body) -> Reply {
        Reply {
            status,
            headers: BTreeMap::new(),
            body,
            error: ErrorText::default(),
            unmet: None,
            more: false,
        }
    }

    fn flaw(body: &str) -> Option<Flaw<'static>> {
        let reply = reply(200, Body::Json(serde_json::from_str(body).unwrap()));
        assert_eq!(reply.json().is_some(), reply.is_success());
        reply.flaw().map(|_| Flaw::Error)
    }

    #[rstest]
    #[case(r#"{"error":"No."}"#)]
    #[case(r#"{"error":{"code":"x"},"api_key_blocked":false}"#)]
    #[case(r#"{"error":{"message":null,"code":7}}"#)]
    #[case(r#"{"error":true}"#)]
    #[case(r#"{"error":-1}"#)]
    #[case(r#"{"errors":[{"message":"No."}],"data":null}"#)]
    #[case(r#"{"errors":{"key":["is blocked"]}}"#)]
    #[case(r#"{"Error":"No."}"#)]
    #[case(r#"{" ERROR ":"No."}"#)]
    #[case(r#"{"\u0065rror":"No."}"#)]
    #[case(r#"{"error_code":"blocked"}"#)]
    #[case(r#"{"errorMessage":"No."}"#)]
    #[case(r#"[{"error":{"code":401}}]"#)]
    #[case(r#""{\"error\":\"No.\"}""#)]
    #[case(r#"{"success":false,"api_key_blocked":false}"#)]
    #[case(r#"{"OK":0}"#)]
    #[case(r#"{"success":"False"}"#)]
    #[case(r#"{"status":"error","api_key_blocked":false}"#)]
    #[case(r#"{"exception":"boom"}"#)]
    #[case(r#"{"fault":{"faultstring":"boom"}}"#)]
    #[case(r#"{"error_description":"expired"}"#)]
    fn an_error_at_the_top_is_told(#[case] body: &str) {
        assert_eq!(flaw(body), Some(Flaw::Error), "{body}");
    }

    #[rstest]
    #[case("{}")]
    #[case(r#"{"error":null}"#)]
    #[case(r#"{"error":""}"#)]
    #[case(r#"{"error":" "}"#)]
    #[case(r#"{"error":false,"errors":[]}"#)]
    #[case(r#"{"error":{}}"#)]
    #[case(r#"{"error":{"code":0,"message":"","details":[null]}}"#)]
    #[case(r#"{"error_count":3}"#)]
    #[case(r#"{"success":true,"ok":1,"status":"failed"}"#)]
    #[case(r#"{"success":null,"status":"ok","fault":null}"#)]
    #[case(r#"{"models":[{"error":"an older job"}]}"#)]
    #[case(r#"{"code":"blocked","message":"No."}"#)]
    #[case(r#""error""#)]
    #[case(r#""{\"error\":null}""#)]
    #[case("[1]")]
    fn the_ways_to_write_no_error_are_none(#[case] body: &str) {
        assert_eq!(flaw(body), None, "{body}");
    }

    #[test]
    fn a_page_that_is_json_is_looked_into_too() {
        let page = reply(200, Body::Text("\n {\"error\":\"No.\"}".into()));
        assert_eq!((page.flaw(), page.is_success()), (Some(Flaw::Error), false));
        assert!(reply(200, Body::Text("error: none".into())).is_success());
    }

    #[test]
    fn what_is_unclear_or_unmet_is_no_success_and_gives_no_json() {
        let unclear = Unclear { why: "twice".into(), text: "{}".into() };
        let unclear = reply(200, Body::Unclear(unclear));
        assert_eq!((unclear.flaw(), unclear.json()), (Some(Flaw::Unclear("twice")), None));
        let mut unmet = reply(200, Body::Json(serde_json::json!({})));
        assert!(unmet.is_success());
        unmet.unmet = Some("`$.code` is 7".into());
        assert_eq!((unmet.flaw(), unmet.json()), (Some(Flaw::Unmet("`$.code` is 7")), None));
        assert!(unmet.any_json().is_some());
    }

    #[test]
    fn a_status_that_is_no_success_needs_no_flaw() {
        let refused = reply(400, Body::Json(serde_json::json!({ "error": "No." })));
        assert_eq!((refused.flaw(), refused.is_success(), refused.json()), (None, false, None));
    }
}
