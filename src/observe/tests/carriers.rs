//! Which key goes to which host, and in which header.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    http::{HeaderMap, Uri},
};
use rstest::rstest;

use super::fixture::{CANARY, ProbeFixture, probe};
use crate::{
    model::{
        checklist::Probe,
        id::ProbeId,
        key::{Carrier, KEY_HEADERS},
        observation::{NotMade, Observation},
    },
    observe::{KeyRing, Origins, SendTo, base_url},
};

const ADMIN: &str = "acme-admin-9876543210";

type Log = Arc<Mutex<Vec<(String, Vec<(String, String)>)>>>;

/// A host on loopback that remembers the path of each request and the headers that carry keys.
async fn host() -> (String, Log) {
    let log = Log::default();
    let notes = Arc::clone(&log);
    let router = Router::new().fallback(move |uri: Uri, headers: HeaderMap| async move {
        let all = headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        let carry = all.filter(|(name, value)| {
            KEY_HEADERS.contains(&name.as_str()) || [CANARY, ADMIN].iter().any(|key| value.contains(key))
        });
        notes.lock().unwrap().push((uri.to_string(), carry.collect()));
        "{}"
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (origin, log)
}

/// An owner with two keys, each at a host of its own, and a host that takes none.
async fn fixture() -> (ProbeFixture, [Log; 3]) {
    let ((api, first), (admin, second), (open, third)) = (host().await, host().await, host().await);
    let at = |host: &str, id: &str| Probe { host: host.into(), ..probe(id, "/v1/models") };
    let mut fixture = ProbeFixture::new(&api, vec![at("api", "a"), at("admin", "b"), at("open", "c")]);
    fixture.add_host("admin", "https://admin.x.ai", "ACME_ADMIN_KEY");
    fixture.add_host("open", "https://open.x.ai", "NONE");
    fixture.owners.list[0].keys.pop();
    fixture.checklist.hosts["open"].key = None;
    let carrier = Carrier { header: "x-api-key".into(), scheme: None };
    fixture.owners.list[0].keys[1].carrier = carrier.clone();
    fixture.checklist.hosts["admin"].key.as_mut().unwrap().carrier = carrier;
    fixture.keys = KeyRing::read(&fixture.checklist.hosts, &|name| match name {
        "XAI_API_KEY" => Some(CANARY.to_owned()),
        "ACME_ADMIN_KEY" => Some(ADMIN.to_owned()),
        _ => None,
    });
    let each = [("api.x.ai", &api), ("admin.x.ai", &admin), ("open.x.ai", &open)];
    let each = each.map(|(name, origin)| (name.to_owned(), base_url(origin).unwrap()));
    let to = fixture.settings.send_to.take().unwrap();
    fixture.settings.send_to = Some(SendTo { origins: Origins::Each(each.into()), ..to });
    (fixture, [first, second, third])
}

#[tokio::test]
async fn each_key_goes_to_its_own_host_in_its_own_header_and_nowhere_else() {
    let (fixture, logs) = fixture().await;
    fixture.observe().await;
    let carried = |name: &str, value: String| vec![(name.to_owned(), value)];
    let wanted = [
        carried("authorization", format!("Bearer {CANARY}")),
        carried("x-api-key", ADMIN.to_owned()),
        vec![],
    ];
    for (log, wanted) in logs.iter().zip(wanted) {
        assert_eq!(*log.lock().unwrap(), [("/v1/models".to_owned(), wanted)]);
    }
}

#[rstest]
#[case::another_header(|fixture: &mut ProbeFixture| fixture.checklist.hosts["admin"].key.as_mut().unwrap().carrier.header = "authorization".into())]
#[case::a_word(|fixture: &mut ProbeFixture| fixture.checklist.hosts["admin"].key.as_mut().unwrap().carrier.scheme = Some("Bearer".into()))]
#[case::the_other_key(|fixture: &mut ProbeFixture| fixture.checklist.hosts["admin"].key.as_mut().unwrap().env = "XAI_API_KEY".into())]
#[case::no_owner(|fixture: &mut ProbeFixture| { fixture.owners.list[0].keys.pop(); })]
#[case::another_host(|fixture: &mut ProbeFixture| fixture.owners.list[0].keys[1].hosts = vec!["old.x.ai".into()])]
#[tokio::test]
async fn a_key_that_is_not_its_owners_stays_home_whatever_was_loaded(#[case] change: fn(&mut ProbeFixture)) {
    let (mut fixture, logs) = fixture().await;
    change(&mut fixture);
    let seen = fixture.observe().await;
    let foreign = Observation::NotMade(NotMade::ForeignHost("admin.x.ai".into()));
    assert_eq!(seen.of(&ProbeId::new("b").unwrap(), None), Some(&foreign));
    assert!(logs[1].lock().unwrap().is_empty());
}
