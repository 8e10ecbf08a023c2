//! A healthy provider, with just enough for the checklist.

use super::recorder::{Answer, Request};

/// The team of the key.
pub(crate) const TEAM: &str = "team-1";

/// The reply of `GET /v1/api-key` for a key with this name.
pub(crate) fn key_named(name: &str) -> String {
    serde_json::json!({
        "redacted_api_key": name, "name": name, "team_id": TEAM,
        "acls": ["api-key:endpoint:*", "api-key:model:*"],
        "team_blocked": false, "api_key_blocked": false, "api_key_disabled": false,
    })
    .to_string()
}

fn model() -> serde_json::Value {
    serde_json::json!({
        "id": "grok-imagine-video", "aliases": [], "input_modalities": ["text", "image", "video"], "output_modalities": ["video"],
    })
}

/// The healthy answer to a request.
pub(crate) fn healthy(request: &Request) -> Answer {
    let feed = r#"<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><link>https://s.example</link><description>d</description></channel></rss>"#;
    match request.path.as_str() {
        "/v1/api-key" => Answer::json(200, key_named("demo")),
        "/v1/me" => Answer::json(200, r#"{"zdr_status":"no_zdr"}"#),
        "/v1/video-generation-models" => {
            Answer::json(200, serde_json::json!({ "models": [model()] }).to_string())
        }
        "/v1/video-generation-models/grok-imagine-video" => Answer::json(200, model().to_string()),
        "/v1/billing/teams/team-1/prepaid/balance" => Answer::json(200, r#"{"total":{"val":"-2317"}}"#),
        "/feed.xml" => Answer::new(200, "application/rss+xml", feed),
        _ => Answer::json(404, r#"{"code":"not-found","error":"The requested resource was not found."}"#),
    }
}
