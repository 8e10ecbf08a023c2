//! The router: which reply a request gets, by method, host, path, and earlier replies.

use std::collections::BTreeMap;

use super::{
    asked::Asked,
    script::{Given, ScriptedReply},
    state::State,
};

/// In a reply, stands for the last segment of the requested path.
const ASKED: &str = "{asked}";

/// What a request gets.
#[derive(Debug, Clone, Copy)]
pub(super) enum Routed<'r> {
    /// A reply of the script.
    ScriptedReply(&'r ScriptedReply),
    /// No reply, but the path exists for these other methods.
    OtherMethods(&'static str),
    /// No reply, but the path accepts other bodies.
    OtherBodies,
    /// Nothing.
    Nothing,
}

/// Finds the reply to a request, and fills it in.
#[derive(Debug)]
pub(super) struct Router {
    replies: Vec<ScriptedReply>,
    /// The origin of each host's stand-in.
    origins: BTreeMap<String, String>,
}

impl Router {
    /// The first reply that covers a request wins.
    pub(super) fn new(replies: Vec<ScriptedReply>, origins: BTreeMap<String, String>) -> Self {
        Self { replies, origins }
    }

    /// What a request gets; counts a reply that is only given a number of times.
    pub(super) fn route(&self, asked: Asked<'_>, state: &State) -> Routed<'_> {
        let mut others = Routed::Nothing;
        for (place, reply) in self.replies.iter().enumerate() {
            match reply.given_to(asked) {
                Given::Yes if reply.times.is_none_or(|times| state.gives(place, asked, times)) => {
                    return Routed::ScriptedReply(reply);
                }
                Given::ByAnotherMethod if matches!(others, Routed::Nothing) => {
                    others = Routed::OtherMethods(reply.methods());
                }
                Given::WithAnotherBody => others = Routed::OtherBodies,
                Given::Yes | Given::ByAnotherMethod | Given::No => {}
            }
        }
        others
    }

    /// A text of a reply with its placeholders filled in: `{asked}`, the last segment of the path; `{body.FIELD}` and
    /// `{query.NAME}`, values of the request; `{origin}` or `{origin:HOST}`, the address of the stand-in of this host,
    /// or of another one.
    pub(super) fn fill(&self, text: &str, asked: Asked<'_>) -> String {
        let mut text = asked.fill(text).replace(ASKED, &asked.name());
        for (host, origin) in &self.origins {
            text = text.replace(&format!("{{origin:{host}}}"), origin);
            if host == asked.host {
                text = text.replace("{origin}", origin);
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;
    use crate::standin::script::Script;

    const SCRIPT: &str = r#"
        hosts = ["a.example", "b.example"]
        [[reply]]
        get = "/v1/models"
        query = { id = ["m-1", "m-2"] }
        status = 206
        [[reply]]
        get = "/v1/models"
        status = 201
        [[reply]]
        host = "b.example"
        get = "/v1/models"
        status = 202
        [[reply]]
        host = "b.example"
        post = "/v1/models"
        status = 203
        [[reply]]
        post = "/v1/quote"
        status = 204
        [[reply]]
        post = "/v1/price"
        body = { model = "m-1", seconds = "*" }
        status = 210
        [[reply]]
        post = "/v1/price"
        body = { model = "m-2", seconds = "*" }
        status = 211
        [[reply]]
        get = "/v1/jobs/*"
        times = 2
        status = 503
        [[reply]]
        get = "/v1/jobs/*"
        status = 205
        [[reply]]
        host = "*"
        get = "/proxy/**"
        status = 404
        [[scenario]]
        id = "none"
        title = "none"
    "#;

    fn router() -> Router {
        let origins = [("a.example", "http://127.0.0.1:1"), ("b.example", "http://127.0.0.1:2")];
        let origins = origins.map(|(host, origin)| (host.to_owned(), origin.to_owned()));
        Router::new(Script::read(SCRIPT).unwrap().reply, origins.into())
    }

    fn routed(router: &Router, state: &State, asked: (&str, &str, &str)) -> Result<u16, &'static str> {
        let (method, host, path) = asked;
        match router.route(Asked { method, host, path, query: "", body: &Value::Null }, state) {
            Routed::ScriptedReply(reply) => Ok(reply.status),
            Routed::OtherMethods(methods) => Err(methods),
            Routed::OtherBodies => Err("another body"),
            Routed::Nothing => Err(""),
        }
    }

    #[rstest]
    #[case::first_host(("GET", "a.example", "/v1/models"), Ok(201))]
    #[case::same_path_elsewhere(("GET", "b.example", "/v1/models"), Ok(202))]
    #[case::headers(("HEAD", "b.example", "/v1/models"), Ok(202))]
    #[case::post(("POST", "b.example", "/v1/models"), Ok(203))]
    #[case::post_where_only_get_is(("POST", "a.example", "/v1/models"), Err("GET, HEAD"))]
    #[case::get_where_only_post_is(("GET", "a.example", "/v1/quote"), Err("POST"))]
    #[case::other_method(("DELETE", "a.example", "/v1/quote"), Err("POST"))]
    #[case::of_another_host(("POST", "b.example", "/v1/quote"), Err(""))]
    #[case::unknown_host(("GET", "c.example", "/v1/models"), Err(""))]
    #[case::every_host(("GET", "b.example", "/proxy/x"), Ok(404))]
    fn method_host_and_path_decide(
        #[case] asked: (&str, &str, &str),
        #[case] wanted: Result<u16, &'static str>,
    ) {
        assert_eq!(routed(&router(), &State::default(), asked), wanted);
    }

    #[rstest]
    #[case::first(json!({ "model": "m-1", "seconds": 6 }), Ok(210))]
    #[case::second(json!({ "model": "m-2", "seconds": 6 }), Ok(211))]
    #[case::neither(json!({ "model": "m-2" }), Err("another body"))]
    #[case::none(Value::Null, Err("another body"))]
    fn a_body_decides_as_well(#[case] body: Value, #[case] wanted: Result<u16, &str>) {
        let asked = Asked { method: "POST", host: "a.example", path: "/v1/price", query: "", body: &body };
        let router = router();
        let routed = match router.route(asked, &State::default()) {
            Routed::ScriptedReply(reply) => Ok(reply.status),
            Routed::OtherMethods(methods) => Err(methods),
            Routed::OtherBodies => Err("another body"),
            Routed::Nothing => Err(""),
        };
        assert_eq!(routed, wanted);
    }

    #[rstest]
    #[case::first("id=m-1", 206)]
    #[case::second("x=1&id=m%2D2", 206)]
    #[case::another("id=m-3", 201)]
    #[case::none("", 201)]
    fn a_query_decides_as_well(#[case] query: &str, #[case] wanted: u16) {
        let asked = Asked { method: "GET", host: "a.example", path: "/v1/models", query, body: &Value::Null };
        let router = router();
        let Routed::ScriptedReply(reply) = router.route(asked, &State::default()) else { panic!("{query}") };
        assert_eq!(reply.status, wanted);
    }

    #[test]
    fn a_reply_that_is_given_twice_gives_way_for_each_path_by_itself() {
        let (router, state) = (router(), State::default());
        let ask = |path| routed(&router, &state, ("GET", "a.example", path)).unwrap();
        assert_eq!([ask("/v1/jobs/1"), ask("/v1/jobs/1"), ask("/v1/jobs/2")], [503; 3]);
        assert_eq!([ask("/v1/jobs/1"), ask("/v1/jobs/2"), ask("/v1/jobs/2")], [205, 503, 205]);
    }

    #[rstest]
    #[case::name("{ \"error\": \"no {asked}\" }", "{ \"error\": \"no oddmodel\" }")]
    #[case::here("{origin}/x", "http://127.0.0.1:2/x")]
    #[case::there("{origin:a.example}/x", "http://127.0.0.1:1/x")]
    #[case::nowhere("{origin:c.example}", "{origin:c.example}")]
    fn a_text_is_filled(#[case] text: &str, #[case] wanted: &str) {
        let asked = Asked {
            method: "GET",
            host: "b.example",
            path: "/v1/odd\"}model",
            query: "",
            body: &Value::Null,
        };
        assert_eq!(router().fill(text, asked), wanted);
    }
}
