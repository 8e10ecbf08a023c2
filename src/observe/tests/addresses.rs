//! Inputs that are addresses or files, looked at through a whole plan.

use axum::{
    Router,
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
    routing::{any, get},
};
use rstest::rstest;
use url::Url;

use super::stage::{Stage, serve, shot};
use crate::model::media::{Input, Media, MediaFact, Slot, Way};

/// A picture of 1,000 bytes at every path; each path has its own manners.
async fn manners(method: Method, uri: axum::http::Uri, headers: HeaderMap) -> Response {
    let head = method == Method::HEAD;
    let range = headers.get("range").is_some_and(|range| range == "bytes=0-0");
    let jpeg = [("content-type", "image/jpeg; x=y")];
    let part = || (StatusCode::PARTIAL_CONTENT, jpeg, [("content-range", "bytes 0-0/1000")], "x");
    match uri.path() {
        "/moved" => Redirect::temporary("/plain").into_response(),
        "/login" => StatusCode::UNAUTHORIZED.into_response(),
        "/get-only" if head => StatusCode::METHOD_NOT_ALLOWED.into_response(),
        "/typeless" if head => StatusCode::OK.into_response(),
        "/gone" => StatusCode::NOT_FOUND.into_response(),
        "/get-only" | "/typeless" if range => part().into_response(),
        _ => (jpeg, "x".repeat(1000)).into_response(),
    }
}

fn stage(origin: &str, inputs: Vec<Input>) -> Stage {
    let mut stage = Stage::new(origin, vec![]);
    let inputs: Vec<_> = inputs.into_iter().map(|input| (Slot::References, input)).collect();
    // Twice the same: each input is looked at once.
    stage.project.shots = vec![shot("a", "m", inputs.clone()), shot("b", "m", inputs)];
    stage
}

fn jpeg() -> MediaFact {
    MediaFact::Present(Media { bytes: Some(1000), mime: Some("image/jpeg".into()), ..Media::default() })
}

#[rstest]
#[case("/plain?sig=secret", jpeg(), &["HEAD"])]
#[case("/get-only", jpeg(), &["HEAD", "GET"])]
#[case("/typeless", jpeg(), &["HEAD", "GET"])]
#[case("/gone", MediaFact::Unreachable("HTTP 404 to a caller without a key".into()), &["HEAD", "GET"])]
#[case("/login", MediaFact::Unreachable("HTTP 401 to a caller without a key".into()), &["HEAD"])]
#[case("/moved", MediaFact::Unreachable("HTTP 307: it leads to another address, which is not followed".into()), &["HEAD"])]
#[tokio::test]
async fn an_address_is_looked_at_without_a_key(
    #[case] path: &str,
    #[case] fact: MediaFact,
    #[case] methods: &[&str],
) {
    let (origin, log) = serve(Router::new().fallback(any(manners))).await;
    let input = Input::Url(Url::parse(&format!("{origin}{path}")).unwrap());
    let seen = stage(&origin, vec![input.clone()]).observe().await;
    assert_eq!(seen.media[&input], fact);
    let expected: Vec<_> = methods.iter().map(|word| ((*word).to_owned(), path.to_owned(), false)).collect();
    assert_eq!(*log.lock().unwrap(), expected);
    assert_eq!(seen.calls.len(), methods.len());
    assert!(!format!("{:?}", seen.calls).contains("secret"));
}

#[rstest]
#[case("http://example.com/a.png", MediaFact::Unreachable("not an https address".into()))]
#[case("ftp://127.0.0.1/a.png", MediaFact::Unreachable("not an https address".into()))]
#[case("https://user:pass@127.0.0.1/a.png", MediaFact::Unreachable("an address with a user name or password in it".into()))]
#[case("https://example.com/a.png", MediaFact::NotLooked("a rehearsal looks at nothing outside this machine".into()))]
#[tokio::test]
async fn some_addresses_are_not_looked_at(#[case] url: &str, #[case] fact: MediaFact) {
    let input = Input::Url(Url::parse(url).unwrap());
    let seen = stage("http://127.0.0.1:1", vec![input.clone()]).observe().await;
    assert_eq!((&seen.media[&input], seen.calls.len()), (&fact, 0));
}

#[tokio::test]
async fn offline_files_are_seen_and_addresses_are_not() {
    let (origin, log) = serve(Router::new().route("/", get(|| async {}))).await;
    let url = Input::Url(Url::parse(&origin).unwrap());
    let file = |path: &str| Input::File { path: path.into(), way: Way::DataUri };
    let mut stage = stage(&origin, vec![url.clone(), file("still.png"), file("."), file("none.png")]);
    stage.settings.offline = true;
    let seen = stage.observe().await;
    assert_eq!(seen.media[&url], MediaFact::NotLooked("offline".into()));
    assert!(matches!(&seen.media[&file("still.png")], MediaFact::Present(media) if media.damage.is_none()));
    assert_eq!(seen.media[&file(".")], MediaFact::Missing("a folder, not a file".into()));
    assert_eq!(seen.media[&file("none.png")], MediaFact::Missing("no such file".into()));
    assert!(log.lock().unwrap().is_empty());
}
