//! Requests with a body: which are sent, how often, with which content, and what is kept of them.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, Method as Verb, StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use indexmap::IndexMap;
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::fixture::{CANARY, ProbeFixture, needs, probe, shot};
use crate::{
    model::{
        body::BodyTemplate,
        call::Method,
        checklist::Probe,
        id::ProbeId,
        observation::{NotMade, Observation},
        owners::FreeRequest,
        project::Shot,
        repeat::ForEach,
        report::Tool,
        request::Request,
        shape::{Field, Kind, Shape},
        template::Template,
    },
    observe::{CallCache, KeyRing},
};

/// What arrived: method and path, the declared type of the body, its bytes, and the key.
#[derive(Debug, Clone, PartialEq)]
struct Arrived {
    line: String,
    content_type: Option<String>,
    body: String,
    key: Option<String>,
}

type Log = Arc<Mutex<Vec<Arrived>>>;

/// A server on loopback that records every request and answers with this function.
async fn recorder(answer: impl Fn(&Arrived) -> Response + Clone + Send + Sync + 'static) -> (String, Log) {
    let log = Log::default();
    let notes = Arc::clone(&log);
    let router =
        Router::new().fallback(move |verb: Verb, uri: Uri, headers: HeaderMap, body: Bytes| async move {
            let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
            let arrived = Arrived {
                line: format!("{verb} {uri}"),
                content_type: text("content-type"),
                body: String::from_utf8(body.to_vec()).unwrap(),
                key: text("authorization"),
            };
            notes.lock().unwrap().push(arrived.clone());
            answer(&arrived)
        });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (origin, log)
}

/// The bodies that arrived, in any order.
fn bodies(log: &Log) -> Vec<String> {
    let mut bodies: Vec<_> = log.lock().unwrap().iter().map(|arrived| arrived.body.clone()).collect();
    bodies.sort_unstable();
    bodies
}

fn priced(_: &Arrived) -> Response {
    ([("content-type", "application/json")], r#"{"quote":"0.30"}"#).into_response()
}

fn field(name: &str, optional: bool, kind: Kind) -> (String, Field) {
    (name.to_owned(), Field { optional, kind })
}

fn shape() -> Shape {
    Shape(IndexMap::from([
        field("kind", false, Kind::Constant("price".into())),
        field("model", false, Kind::Text),
        field("seconds", false, Kind::Integer),
        field("ratio", true, Kind::Text),
    ]))
}

fn text(text: &str) -> BodyTemplate {
    BodyTemplate::Text(Template::parse(text).unwrap())
}

fn table(fields: impl IntoIterator<Item = (&'static str, BodyTemplate)>) -> BodyTemplate {
    BodyTemplate::Table(
        fields.into_iter().map(|(name, field)| (Template::parse(name).unwrap(), field)).collect(),
    )
}

fn quote() -> BodyTemplate {
    table([
        ("seconds", text("{shot.duration}")),
        ("model", text("{shot.model}")),
        ("ratio", BodyTemplate::Maybe(Template::parse("{shot.aspect-ratio}").unwrap())),
        ("kind", text("price")),
    ])
}

fn post(id: &str, body: BodyTemplate) -> Probe {
    let request =
        Request { method: Method::Post, path: Template::parse("/v1/quote").unwrap(), body: Some(body) };
    Probe { request, for_each: Some(ForEach::Shot), ..probe(id, "/v1/quote") }
}

fn lasting(id: &str, model: &str, duration: u32) -> Shot {
    Shot { duration: Some(duration), ..shot(id, model, vec![]) }
}

/// A provider with a free quote, and a project that asks for it.
fn fixture(origin: &str, probes: Vec<Probe>) -> ProbeFixture {
    let mut fixture = ProbeFixture::new(origin, probes);
    let free = &mut fixture.owners.list[0].free;
    let like = free[0].clone();
    free.push(FreeRequest { method: Method::Post, path: "/v1/quote".into(), body: Some(shape()), ..like });
    fixture.project.shots = vec![lasting("a", "m-1", 6)];
    fixture
}

fn entry(fixture: &mut ProbeFixture) -> &mut FreeRequest {
    fixture.owners.list[0].free.last_mut().unwrap()
}

#[tokio::test]
async fn a_quote_is_sent_as_json_with_its_names_in_order_and_its_key() {
    let (origin, log) = recorder(priced).await;
    let mut fixture = fixture(&origin, vec![post("a", quote())]);
    fixture.project.shots[0].aspect_ratio = Some("16:9".into());
    let seen = fixture.observe().await;
    let arrived = Arrived {
        line: "POST /v1/quote".into(),
        content_type: Some("application/json".into()),
        body: r#"{"kind":"price","model":"m-1","ratio":"16:9","seconds":6}"#.into(),
        key: Some(format!("Bearer {CANARY}")),
    };
    assert_eq!(*log.lock().unwrap(), [arrived]);
    let call = &seen.calls[0];
    assert_eq!(call.body, Some(json!({ "kind": "price", "model": "m-1", "ratio": "16:9", "seconds": 6 })));
    let words =
        format!(r#"POST {origin}/v1/quote {{"kind":"price","model":"m-1","ratio":"16:9","seconds":6}}"#);
    assert_eq!((call.words(), call.status), (words, Some(200)));
}

#[tokio::test]
async fn the_same_body_is_asked_once_and_another_for_itself() {
    let (origin, log) = recorder(priced).await;
    let backwards = table([
        ("kind", text("price")),
        ("model", text("{shot.model}")),
        ("seconds", text("{shot.duration}")),
    ]);
    let mut fixture = fixture(&origin, vec![post("a", quote()), post("b", backwards)]);
    fixture.project.shots =
        vec![lasting("a", "m-1", 6), lasting("b", "m-1", 6), lasting("c", "m-1", 8), lasting("d", "m-2", 6)];
    let seen = fixture.observe().await;
    let wanted = [("m-1", 6), ("m-1", 8), ("m-2", 6)]
        .map(|(model, seconds)| format!(r#"{{"kind":"price","model":"{model}","seconds":{seconds}}}"#));
    assert_eq!(bodies(&log), wanted);
    assert_eq!((seen.calls.len(), seen.probes.len()), (3, 8));
    let of = |id: &str, shot: &str| seen.of(&ProbeId::new(id).unwrap(), Some(shot)).unwrap();
    assert!(std::ptr::eq(of("a", "a"), of("b", "b")) && !std::ptr::eq(of("a", "a"), of("a", "c")));
}

#[rstest]
#[case::not_on_the_list(|fixture: &mut ProbeFixture| { fixture.owners.list[0].free.pop(); }, "POST /v1/quote: it is not on the list of free calls")]
#[case::free_as_a_get(|fixture: &mut ProbeFixture| entry(fixture).method = Method::Get, "POST /v1/quote: it is not on the list of free calls")]
#[case::free_without_a_body(|fixture: &mut ProbeFixture| entry(fixture).body = None, "POST /v1/quote: it is not on the list of free calls")]
#[case::without_a_body(|fixture: &mut ProbeFixture| fixture.checklist.probes[0].request.body = None, "POST /v1/quote: it is not on the list of free calls")]
#[case::another_host(|fixture: &mut ProbeFixture| entry(fixture).host = "other.x.ai".into(), "POST /v1/quote: it is not on the list of free calls")]
#[case::a_field_more(|fixture: &mut ProbeFixture| { entry(fixture).body.as_mut().unwrap().0.shift_remove("model"); }, "POST /v1/quote: it is free with another body only: `model` is not a field of this request; its fields: kind, seconds, ratio")]
#[case::a_long_text(|fixture: &mut ProbeFixture| fixture.project.shots[0].model = "m".repeat(300), "POST /v1/quote: it is free with another body only: `model` is longer than 256 bytes")]
#[case::an_empty_text(|fixture: &mut ProbeFixture| fixture.project.shots[0].model = String::new(), "POST /v1/quote: it is free with another body only: `model` is empty")]
#[case::a_key(|fixture: &mut ProbeFixture| fixture.project.shots[0].model = CANARY.into(), "POST /v1/quote: its body would hold a secret")]
#[tokio::test]
async fn what_is_not_free_is_not_sent_whatever_was_loaded(
    #[case] change: fn(&mut ProbeFixture),
    #[case] why: &str,
) {
    let (origin, log) = recorder(priced).await;
    let mut fixture = fixture(&origin, vec![post("a", quote())]);
    change(&mut fixture);
    let seen = fixture.observe().await;
    let not_made = Observation::NotMade(NotMade::NotFree(why.to_owned()));
    assert_eq!(seen.of(&ProbeId::new("a").unwrap(), Some("a")), Some(&not_made));
    assert_eq!((bodies(&log), seen.calls), (vec![], vec![]));
}

#[tokio::test]
async fn a_body_with_an_unfilled_placeholder_is_not_sent() {
    let (origin, log) = recorder(priced).await;
    let mut fixture = fixture(&origin, vec![post("a", quote())]);
    fixture.project.shots[0].duration = None;
    let seen = fixture.observe().await;
    let lacks = Observation::NotMade(NotMade::ShotLacks("shot.duration".into()));
    assert_eq!(seen.of(&ProbeId::new("a").unwrap(), Some("a")), Some(&lacks));
    assert!(bodies(&log).is_empty());
}

#[tokio::test]
async fn a_value_of_another_reply_goes_into_a_body_as_a_text() {
    let (origin, log) = recorder(|arrived| {
        let text = if arrived.line.starts_with("GET") { r#"{"id":"m\",\"x\":\"1"}"# } else { "{}" };
        ([("content-type", "application/json")], text).into_response()
    })
    .await;
    let body = table([
        ("kind", text("price")),
        ("model", text("{name}")),
        ("seconds", BodyTemplate::Literal(6.into())),
    ]);
    let asked = needs(Probe { for_each: None, ..post("b", body) }, "name", "a", "$.id");
    fixture(&origin, vec![probe("a", "/v1/a"), asked]).observe().await;
    let sent: Value = serde_json::from_str(&bodies(&log)[1]).unwrap();
    assert_eq!(sent, json!({ "kind": "price", "model": "m\",\"x\":\"1", "seconds": 6 }));
}

#[rstest]
#[case::safe_to_repeat(true, 3)]
#[case::not_safe(false, 1)]
#[tokio::test]
async fn a_post_is_sent_again_only_where_the_list_says_so(#[case] repeatable: bool, #[case] attempts: usize) {
    let (origin, log) = recorder(|_| StatusCode::SERVICE_UNAVAILABLE.into_response()).await;
    let mut fixture = fixture(&origin, vec![post("a", quote())]);
    entry(&mut fixture).repeatable = repeatable;
    let seen = fixture.observe().await;
    assert_eq!((log.lock().unwrap().len(), seen.calls[0].attempts as usize), (attempts, attempts));
    assert!(bodies(&log).windows(2).all(|two| two[0] == two[1]));
}

#[rstest]
#[case::temporary(|| Redirect::temporary("/v1/videos").into_response())]
#[case::as_a_get(|| Redirect::to("/v1/videos").into_response())]
#[case::elsewhere(|| Redirect::permanent("http://127.0.0.1:9/v1/quote").into_response())]
#[tokio::test]
async fn a_redirect_of_a_post_is_not_followed(#[case] redirect: fn() -> Response) {
    let (origin, log) = recorder(move |_| redirect()).await;
    let seen = fixture(&origin, vec![post("a", quote())]).observe().await;
    assert_eq!(log.lock().unwrap().len(), 1);
    assert!((300..400).contains(&seen.calls[0].status.unwrap()));
}

#[tokio::test]
async fn a_keyless_request_takes_no_key_along_and_needs_none() {
    let (origin, log) = recorder(priced).await;
    let mut fixture = fixture(&origin, vec![post("a", quote()), probe("b", "/v1/b")]);
    entry(&mut fixture).keyless = true;
    fixture.observe().await;
    let with_key: Vec<_> =
        log.lock().unwrap().iter().map(|arrived| (arrived.line.clone(), arrived.key.is_some())).collect();
    assert!(
        with_key.contains(&("POST /v1/quote".into(), false))
            && with_key.contains(&("GET /v1/b".into(), true))
    );
    fixture.keys = KeyRing::read(&fixture.checklist.hosts, &|_| None);
    assert_eq!(fixture.observe().await.calls.len(), 1);
}

#[tokio::test]
async fn a_quote_is_recorded_and_replayed_by_its_body() {
    let (origin, log) = recorder(priced).await;
    let live = fixture(&origin, vec![post("a", quote())]);
    let cache = CallCache::default();
    let seen = live.observe_with(&cache).await;
    let tool = Tool { name: "greenlight".into(), version: "0.1.0".into() };
    let kept = cache.transcript(tool, "2026-11-17T09:30:00Z".parse().unwrap(), None).unwrap();
    assert_eq!(kept.exchanges[0].body, seen.calls[0].body);
    let text = serde_json::to_string(&kept).unwrap();
    for (seconds, known) in [(6, true), (7, false)] {
        let replay = CallCache::of(serde_json::from_str(&text).unwrap());
        let mut again = fixture("http://127.0.0.1:1", vec![post("a", quote())]);
        again.project.shots = vec![lasting("a", "m-1", seconds)];
        (again.keys, again.settings.send_to) = (replay.keys(&again.checklist), None);
        let found = again.observe_with(&replay).await;
        let told = found.of(&ProbeId::new("a").unwrap(), Some("a")).unwrap();
        assert_eq!(matches!(told, Observation::Reply(_)), known, "{told:?}");
        assert_eq!(found.calls.first().map(|call| &call.body), known.then_some(&seen.calls[0].body));
    }
    assert_eq!(log.lock().unwrap().len(), 1);
}

fn any_body() -> impl Strategy<Value = BodyTemplate> {
    let leaf = prop_oneof![
        "price|m-1|\\PC{0,3}".prop_map(|part| text(&part.replace(['{', '}'], ""))),
        prop::sample::select(vec!["{shot.model}", "{shot.duration}", "{shot.id}", "{shot.duration}s"])
            .prop_map(text),
        any::<i16>().prop_map(|number| BodyTemplate::Literal(number.into())),
        any::<bool>().prop_map(|truth| BodyTemplate::Literal(truth.into())),
    ];
    let inner = leaf.clone();
    let field = ("[a-z]{1,4}", leaf).prop_map(|(name, leaf)| (name, leaf));
    let more = prop::collection::vec(field, 0..2);
    (more, inner, 0..6_usize).prop_map(|(more, leaf, place)| {
        let BodyTemplate::Table(mut fields) = quote() else { unreachable!() };
        if let Some(field) = fields.get_mut(place) {
            field.1 = leaf;
        } else {
            fields.remove(0);
        }
        fields.extend(more.into_iter().map(|(name, leaf)| (Template::parse(&name).unwrap(), leaf)));
        BodyTemplate::Table(fields)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Whatever a checklist got past the loader, and whatever a model is called: only the listed shape arrives.
    #[test]
    fn no_body_outside_the_shape_is_ever_sent(body in any_body(), model in "\\PC{0,12}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (origin, log) = recorder(priced).await;
            let mut fixture = fixture(&origin, vec![post("a", body)]);
            fixture.project.shots = vec![lasting("a", &model, 6)];
            let seen = fixture.observe().await;
            let sent = log.lock().unwrap().clone();
            assert_eq!(sent.len(), seen.calls.len());
            for arrived in sent {
                let body: Value = serde_json::from_str(&arrived.body).unwrap();
                assert_eq!(shape().check(&body), Ok(()), "{body}");
            }
        });
    }
}
