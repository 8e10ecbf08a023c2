//! Which observing counts as live.

use rstest::rstest;

use super::stage::Stage;
use crate::{
    model::{
        report::Tool,
        transcript::{TRANSCRIPT_VERSION, Transcript},
    },
    observe::Exchanges,
};

fn to(stage: &mut Stage, origin: &str) {
    let other = Stage::new(origin, vec![]).settings.send_to;
    stage.settings.send_to = other;
}

#[rstest]
#[case::own_hosts(|stage: &mut Stage| stage.settings.send_to = None, true)]
#[case::own_host_by_name(|stage: &mut Stage| to(stage, "https://api.x.ai/v1"), true)]
#[case::another_host(|stage: &mut Stage| to(stage, "https://example.com"), false)]
#[case::another_port(|stage: &mut Stage| to(stage, "https://api.x.ai:444"), false)]
#[case::this_machine(|stage: &mut Stage| to(stage, "http://127.0.0.1:1"), false)]
#[case::offline(|stage: &mut Stage| { stage.settings.send_to = None; stage.settings.offline = true; }, false)]
#[tokio::test]
async fn only_the_owners_own_hosts_are_live(#[case] change: fn(&mut Stage), #[case] live: bool) {
    // Nothing is asked, so nothing is called.
    let mut stage = Stage::new("http://127.0.0.1:1", vec![]);
    change(&mut stage);
    assert_eq!(stage.observe().await.live.is_some(), live);
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
    let mut stage = Stage::new("http://127.0.0.1:1", vec![]);
    stage.settings.send_to = None;
    assert!(stage.observe_with(&Exchanges::of(transcript)).await.live.is_none());
}
