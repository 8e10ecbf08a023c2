//! The router: which reply a request gets, by method, host, path, and what was given before.

use std::collections::BTreeMap;

use super::{script::Reply, state::State};

/// Stands in a reply for the last segment of the path that was asked for.
const ASKED: &str = "{asked}";

/// What a request is for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    /// The method in capitals.
    pub(super) method: &'a str,
    /// The host of the provider whose part is played.
    pub(super) host: &'a str,
    /// The path.
    pub(super) path: &'a str,
}

/// What a request gets.
#[derive(Debug, Clone, Copy)]
pub(super) enum Routed<'r> {
    /// A reply of the script.
    Reply(&'r Reply),
    /// Nothing but the news that the path is there for other methods.
    OtherMethods(&'static str),
    /// Nothing.
    Nothing,
}

/// Finds the reply to a request, and fills it.
#[derive(Debug)]
pub(super) struct Router {
    replies: Vec<Reply>,
    /// The origin that plays each host.
    origins: BTreeMap<String, String>,
}

impl Router {
    /// The first reply that covers a request wins.
    pub(super) fn new(replies: Vec<Reply>, origins: BTreeMap<String, String>) -> Self {
        Self { replies, origins }
    }

    /// What a request gets; a reply that is given only so many times is counted.
    pub(super) fn route(&self, asked: Asked<'_>, state: &State) -> Routed<'_> {
        let post = match asked.method {
            "GET" | "HEAD" => Some(false),
            "POST" => Some(true),
            _ => None,
        };
        let mut others = None;
        for (place, reply) in self.replies.iter().enumerate() {
            if !reply.covers(asked.host, asked.path) {
                continue;
            }
            if post != Some(reply.to_post()) {
                others = others.or(Some(if reply.to_post() { "POST" } else { "GET, HEAD" }));
            } else if reply.times.is_none_or(|times| state.gives(place, asked, times)) {
                return Routed::Reply(reply);
            }
        }
        others.map_or(Routed::Nothing, Routed::OtherMethods)
    }

    /// A text of a reply with what a script can stand in for: `{asked}`, the last segment of the path, and
    /// `{origin}` or `{origin:HOST}`, where the host that was asked, or another one, is played.
    pub(super) fn fill(&self, text: &str, asked: Asked<'_>) -> String {
        // The name came from outside and lands inside a JSON text, so only harmless letters return.
        let name: String = asked
            .path
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c))
            .collect();
        let mut text = text.replace(ASKED, &name);
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

    use super::*;
    use crate::standin::script::Script;

    const SCRIPT: &str = r#"
        hosts = ["a.example", "b.example"]
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
        match router.route(Asked { method, host, path }, state) {
            Routed::Reply(reply) => Ok(reply.status),
            Routed::OtherMethods(methods) => Err(methods),
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
        let asked = Asked { method: "GET", host: "b.example", path: "/v1/odd\"}model" };
        assert_eq!(router().fill(text, asked), wanted);
    }
}
