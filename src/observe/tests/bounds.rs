//! What a run takes is limited: its time, the calls of a project, the memory of its replies.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{Router, body::Body, http::Uri, routing::get};
use futures_util::stream;
use rstest::rstest;

use super::fixture::{Log, ProbeFixture, probe, serve};
use crate::{
    model::{
        checklist::Probe,
        id::ProbeId,
        observation::{NotMade, Observation, Observations, TroubleKind},
    },
    observe::Until,
};

const SHORT: Duration = Duration::from_millis(60);

fn probes(count: usize) -> Vec<Probe> {
    (0..count).map(|at| probe(&format!("p{at:03}"), &format!("/v1/p{at:03}"))).collect()
}

/// A server that accepts everything and never answers.
async fn silent() -> (String, Log) {
    let never = || async { std::future::pending::<&'static str>().await };
    serve(Router::new().fallback(never)).await
}

fn at(seen: &Observations, place: usize) -> &Observation {
    seen.of(&ProbeId::new(&format!("p{place:03}")).unwrap(), None).unwrap()
}

fn heard(log: &Log) -> usize {
    log.lock().unwrap().len()
}

/// Sixty calls in waves of eight would otherwise take eight timeouts. The number of calls shows it on any machine; a
/// bound on the time would have to be shorter than eight of them.
#[rstest]
#[case::silent(TroubleKind::ReadTimeout, 8)]
#[case::out_of_time(TroubleKind::Deadline, 8)]
#[tokio::test]
async fn a_host_that_hangs_is_waited_for_once(#[case] kind: TroubleKind, #[case] asked: usize) {
    let (origin, log) = silent().await;
    let mut fixture = ProbeFixture::new(&origin, probes(60));
    let time = if kind == TroubleKind::Deadline {
        &mut fixture.settings.total_timeout
    } else {
        &mut fixture.settings.read_timeout
    };
    // Long enough for eight calls to arrive on a busy machine.
    (*time, fixture.settings.attempts) = (SHORT * 5, 1);
    let seen = fixture.observe().await;
    assert_eq!((heard(&log), seen.calls.len()), (asked, asked));
    for place in 0..60 {
        let Observation::Trouble(trouble) = at(&seen, place) else { panic!("{:?}", at(&seen, place)) };
        let same = trouble.detail.starts_with("same host: ");
        assert_eq!((trouble.kind, same), (kind, place >= asked), "{place}: {trouble:?}");
    }
}

#[tokio::test]
async fn a_host_without_a_connection_is_tried_once_for_all() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at_nobody = listener.local_addr().unwrap();
    drop(listener);
    let mut fixture = ProbeFixture::new(&format!("http://{at_nobody}"), probes(30));
    fixture.settings.per_host = 1;
    let seen = fixture.observe().await;
    assert_eq!(seen.calls.iter().map(|call| call.attempts).collect::<Vec<_>>(), [3]);
    assert!(matches!(at(&seen, 29), Observation::Trouble(trouble) if trouble.kind == TroubleKind::Connect));
}

/// A bad answer is still an answer: it keeps no other call from being made.
#[tokio::test]
async fn a_host_that_breaks_off_is_asked_again() {
    let router = Router::new().fallback(|uri: Uri| async move {
        if uri.path() != "/v1/p000" {
            return Body::from("ok");
        }
        Body::from_stream(stream::iter([Ok("half"), Err(std::io::Error::other("cut"))]))
    });
    let (origin, log) = serve(router).await;
    let mut fixture = ProbeFixture::new(&origin, probes(3));
    (fixture.settings.per_host, fixture.settings.attempts) = (1, 1);
    let seen = fixture.observe().await;
    assert!(matches!(at(&seen, 0), Observation::Trouble(trouble) if trouble.kind == TroubleKind::Broken));
    assert!(matches!(at(&seen, 2), Observation::Reply(_)));
    assert_eq!(heard(&log), 3);
}

#[tokio::test]
async fn what_is_open_at_the_end_of_the_run_is_unknown() {
    let (origin, log) = silent().await;
    let mut fixture = ProbeFixture::new(&origin, probes(20));
    // Long enough for four calls to arrive on a busy machine.
    let whole = SHORT * 20;
    (fixture.settings.per_host, fixture.settings.until) = (4, Until::after(whole));
    let begun = Instant::now();
    let seen = fixture.observe().await;
    assert!(begun.elapsed() < whole * 6, "{:?}", begun.elapsed());
    assert_eq!((heard(&log), seen.ended), (4, Some(whole)));
    let Observation::Trouble(trouble) = at(&seen, 0) else { panic!("{:?}", at(&seen, 0)) };
    assert_eq!(trouble.detail, "no complete reply within the time of the run");
    assert_eq!(at(&seen, 19), &Observation::NotMade(NotMade::OutOfTime(whole)));
}

/// Files are looked at while the calls go on, but not after the end of the run.
#[tokio::test]
async fn no_file_is_looked_at_when_the_run_is_over() {
    let mut fixture = ProbeFixture::new("http://127.0.0.1:1", vec![]);
    fixture.settings.until = Until::after(Duration::ZERO);
    let file =
        crate::model::media::Input::File { path: "still.png".into(), way: crate::model::media::Way::DataUri };
    fixture.project.shots[0].inputs = vec![(crate::model::media::Slot::Image, file.clone())];
    let seen = fixture.observe().await;
    let fact = format!("{:?}", seen.media.get(&file));
    assert_eq!(fact, "Some(NotLooked(\"the time of the run was up\"))");
}

#[tokio::test]
async fn a_project_has_so_many_calls_and_no_more() {
    let (origin, log) = serve(Router::new().fallback(|| async { "ok" })).await;
    let mut fixture = ProbeFixture::new(&origin, probes(9));
    fixture.settings.most_calls = 5;
    // The same call counts once.
    fixture.checklist.probes.push(Probe { id: ProbeId::new("p009").unwrap(), ..probe("p000", "/v1/p000") });
    let seen = fixture.observe().await;
    assert_eq!(heard(&log), 5);
    assert_eq!(at(&seen, 8), &Observation::NotMade(NotMade::TooMany(5)));
    assert!(matches!(at(&seen, 9), Observation::Reply(_)));
}

/// Ten replies of twenty megabytes each, once they are parsed.
#[tokio::test]
async fn replies_are_kept_as_long_as_there_is_room_for_them() {
    let served = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&served);
    let zeros = format!("[{}0]", "0,".repeat(200_000));
    let body = move || async move {
        count.fetch_add(1, Ordering::SeqCst);
        ([("content-type", "application/json")], zeros)
    };
    let (origin, _) = serve(Router::new().fallback(body)).await;
    let mut fixture = ProbeFixture::new(&origin, probes(10));
    fixture.settings.per_host = 2;
    let seen = fixture.observe().await;
    let kept = (0..10).filter(|place| matches!(at(&seen, *place), Observation::Reply(_))).count();
    assert_eq!((kept, served.load(Ordering::SeqCst)), (5, 10));
    let beyond = (0..10).find_map(|place| match at(&seen, place) {
        Observation::Trouble(trouble) => Some(trouble.detail.as_str()),
        _ => None,
    });
    assert_eq!(beyond, Some("the replies of this run are together larger than greenlight keeps"));
}

#[tokio::test]
async fn a_reply_of_too_many_values_is_not_read() {
    let zeros = format!("[{}0]", "0,".repeat(500_001));
    let body = get(move || async move { ([("content-type", "application/json")], zeros) });
    let (origin, _) = serve(Router::new().route("/v1/a", body)).await;
    let (seen, _) = ProbeFixture::new(&origin, vec![probe("a", "/v1/a")]).observe_one().await;
    let Observation::Trouble(trouble) = seen else { panic!("{seen:?}") };
    assert_eq!(
        (trouble.kind, trouble.detail.as_str()),
        (TroubleKind::TooLarge, "the reply has more than 500000 values")
    );
}
