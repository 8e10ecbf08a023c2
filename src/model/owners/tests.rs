//! Which calls are free, whose a host and a page is, and what a name stands for.

use rstest::rstest;
use serde_json::json;

use super::*;
use crate::model::shape::{Field, Kind};

fn free(path: &str, body: Option<Shape>) -> FreeRequest {
    FreeRequest {
        host: "api.acme.example".to_owned(),
        method: if body.is_some() { Method::Post } else { Method::Get },
        path: path.to_owned(),
        body,
        keyless: path == "/status",
        public: false,
        repeatable: false,
        source: Source {
            url: "https://docs.acme.example".into(),
            as_of: "2026-11-01".parse().unwrap(),
            confidence: None,
        },
    }
}

fn owner(id: &str, name: &str, page: &str, free: Vec<FreeRequest>) -> Owner {
    let pages = vec![PageHost::new(page).unwrap()];
    Owner {
        id: id.to_owned(),
        name: name.to_owned(),
        keys: vec![],
        shapes: vec![],
        pages,
        followed: vec![],
        free,
    }
}

/// Acme, with a few free calls, and another.
fn owners() -> Owners {
    let field = |kind: &str| Field { optional: false, kind: Kind::Constant(kind.into()) };
    let shape = |kind: &str| Shape([("kind".to_owned(), field(kind))].into());
    let calls = vec![
        free("/v1/models", None),
        free("/v1/models/*", None),
        free("/status", None),
        free("/v1/quote", Some(shape("price"))),
        free("/v1/quote", Some(shape("time"))),
    ];
    let list = vec![
        owner("acme", "Acme Video", "*.acme.example", calls),
        owner("other", "Other, Inc.", "other.example", vec![]),
    ];
    Owners { list, credentials: vec![] }
}

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

#[rstest]
#[case::listed("https://api.acme.example/v1/models", true)]
#[case::one_segment("https://api.acme.example/v1/models/acme-1", true)]
#[case::no_segment("https://api.acme.example/v1/models/", false)]
#[case::two_segments("https://api.acme.example/v1/models/acme/1", false)]
#[case::not_listed("https://api.acme.example/v1/videos", false)]
#[case::another_host("https://acme.example/v1/models", false)]
#[case::plain("http://api.acme.example/v1/models", false)]
#[case::with_a_user("https://ann@api.acme.example/v1/models", false)]
#[case::with_a_password("https://:pw@api.acme.example/v1/models", false)]
#[case::at_a_port("https://api.acme.example:8443/v1/models", false)]
fn a_call_is_free_as_it_is_listed_and_no_other_way(#[case] address: &str, #[case] free: bool) {
    let called = owners().free_call(Method::Get, &url(address), None);
    assert_eq!(called.map(|_| ()), if free { Ok(()) } else { Err(NotFree::NotListed) });
}

#[rstest]
#[case::first(Some(json!({ "kind": "price" })), None)]
#[case::second(Some(json!({ "kind": "time" })), None)]
#[case::another(
    Some(json!({ "kind": "run" })),
    Some("it is free with another body only: `kind` is \"price\" and nothing else")
)]
#[case::none(None, Some("it is not on the list of free calls"))]
fn a_body_is_one_of_those_that_are_free(#[case] body: Option<Value>, #[case] why: Option<&str>) {
    let called = owners().free_call(Method::Post, &url("https://api.acme.example/v1/quote"), body);
    assert_eq!(called.err().map(|why| why.to_string()).as_deref(), why);
}

#[test]
fn no_key_goes_where_none_is_wanted() {
    let is = |path: &str| owners().is_keyless(Method::Get, &url(&format!("https://api.acme.example{path}")));
    assert_eq!((is("/status"), is("/v1/models")), (true, false));
}

#[test]
fn a_host_belongs_to_the_owner_of_its_calls() {
    let owners = owners();
    let of = |host: &str| owners.of_host(host).map(|owner| owner.id.as_str());
    assert_eq!((of("api.acme.example"), of("other.example")), (Some("acme"), None));
}

#[rstest]
#[case::its_own("acme", "https://docs.acme.example/", true)]
#[case::somebody_elses("acme", "https://other.example/", false)]
#[case::of_nobody("acme", "https://stranger.example/", false)]
#[case::of_a_stranger("stranger", "https://stranger.example/", true)]
#[case::of_an_owner_for_a_stranger("stranger", "https://docs.acme.example/", false)]
fn a_page_counts_for_its_owner(#[case] provider: &str, #[case] page: &str, #[case] counts: bool) {
    assert_eq!(owners().pages_of(provider).count(page).is_ok(), counts);
}

#[rstest]
#[case::as_it_is_spelt("acme", None)]
#[case::in_capitals("ACME", Some("acme"))]
#[case::by_its_name("acme-video", Some("acme"))]
#[case::by_its_site("other.example", Some("other"))]
#[case::by_its_name_in_full("Other Inc", Some("other"))]
#[case::nobodys("stranger", None)]
fn a_provider_is_known_however_it_is_spelt(#[case] name: &str, #[case] id: Option<&str>) {
    assert_eq!(owners().spelt_otherwise(name), id);
}
