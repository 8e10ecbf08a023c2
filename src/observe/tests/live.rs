//! When observing counts as live.

use rstest::rstest;

use super::fixture::ProbeFixture;
use crate::{
    model::{
        report::Tool,
        transcript::{TRANSCRIPT_VERSION, Transcript},
    },
    observe::CallCache,
};

fn to(fixture: &mut ProbeFixture, origin: &str) {
    let other = ProbeFixture::new(origin, vec![]).settings.send_to;
    fixture.settings.send_to = other;
}

#[rstest]
#[case::own_hosts(|fixture: &mut ProbeFixture| fixture.settings.send_to = None, true)]
#[case::own_host_by_name(|fixture: &mut ProbeFixture| to(fixture, "https://api.x.ai/v1"), true)]
#[case::another_host(|fixture: &mut ProbeFixture| to(fixture, "https://example.com"), false)]
#[case::another_port(|fixture: &mut ProbeFixture| to(fixture, "https://api.x.ai:444"), false)]
#[case::this_machine(|fixture: &mut ProbeFixture| to(fixture, "http://127.0.0.1:1"), false)]
#[case::offline(|fixture: &mut ProbeFixture| { fixture.settings.send_to = None; fixture.settings.offline = true; }, false)]
#[tokio::test]
async fn only_the_owners_own_hosts_are_live(#[case] change: fn(&mut ProbeFixture), #[case] live: bool) {
    // Nothing is asked, so nothing is called.
    let mut fixture = ProbeFixture::new("http://127.0.0.1:1", vec![]);
    change(&mut fixture);
    assert_eq!(fixture.observe().await.live.is_some(), live);
}

#[tokio::test]
async fn a_replay_is_not_live() {
    let transcript = Transcript {
        schema_version: TRANSCRIPT_VERSION,
        tool: Tool { name: "greenlight".into(), version: "0.1.0".into() },
        recorded: "2026-11-17T09:30:00Z".parse().unwrap(),
        rehearsal: None,
        allow_private: false,
        keys: [].into(),
        bases: [].into(),
        exchanges: vec![],
    };
    let mut fixture = ProbeFixture::new("http://127.0.0.1:1", vec![]);
    fixture.settings.send_to = None;
    assert!(fixture.observe_with(&CallCache::of(transcript)).await.live.is_none());
}
