//! A job against a local server that misbehaves in ways the stand-in doesn't.

mod hostile;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Router,
    body::Body,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use camino::Utf8PathBuf;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::{
    judge, load,
    model::{checklist::Checklist, id::ShotId, mode::Mode, observation, route::Route, ticks::Ticks},
    observe::{KeyRing, Origins, Resolver, SendTo, Settings},
    secrets::Redactor,
    spend::{
        ledger::Place,
        order::{Attempt, Order},
        permit::Permit,
        realm::Rehearsal,
    },
};

/// How the server answers the paid request, and how it serves the clip.
#[derive(Clone)]
struct Plays {
    created: (u16, Value),
    poll: fn() -> Response,
    film: fn() -> Response,
    /// The same for a server that looks at the headers.
    film_by: Option<fn(&axum::http::HeaderMap) -> Response>,
}

impl Default for Plays {
    fn default() -> Self {
        Self { created: (200, json!({ "request_id": "r-1" })), poll: done, film: whole, film_by: None }
    }
}

fn done() -> Response {
    told(200, &json!({ "status": "done", "usage": { "cost_in_usd_ticks": 7 }, "video": { "url": "FILM" } }))
}

fn told(status: u16, body: &Value) -> Response {
    let builder = Response::builder().status(status).header("content-type", "application/json");
    builder.body(body.to_string().into()).unwrap()
}

fn whole() -> Response {
    fs_err::read(concat!(env!("CARGO_MANIFEST_DIR"), "/samples/api/opening.mp4")).unwrap().into_response()
}

/// The start of an answer that never ends.
fn endless() -> Response {
    let begin = futures_util::stream::once(async { Ok::<_, std::io::Error>("0123".to_owned()) });
    Body::from_stream(futures_util::StreamExt::chain(begin, futures_util::stream::pending())).into_response()
}

/// Everything that a runner needs, for one test.
struct World {
    dir: Utf8PathBuf,
    settings: Settings,
    checklist: Checklist,
    scrub: Redactor,
    paid: Arc<AtomicUsize>,
    /// How long fetching the clip may take.
    patience: Duration,
    api: JobApi,
    _folder: tempfile::TempDir,
}

impl World {
    async fn new(plays: Plays) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let paid = Arc::new(AtomicUsize::new(0));
        tokio::spawn(axum::serve(listener, router(plays, &origin, &paid)).into_future());
        let origins = Origins::One(origin.parse().unwrap());
        let send_to = SendTo { origins, set_by: "a test".to_owned(), resolver: Resolver::LoopbackOnly };
        Self {
            dir,
            settings: Settings { send_to: Some(send_to), ..Settings::default() },
            checklist: load::shipped("api", &judge::rules::known()).unwrap().unwrap(),
            scrub: Redactor::default(),
            paid,
            patience: Duration::from_millis(200),
            api: load::job_api(Route::Api, "xai").unwrap().unwrap(),
            _folder: folder,
        }
    }

    async fn ledger(&self) -> Ledger<Rehearsal> {
        Ledger::open(&Place::Project(self.dir.clone(), "ledger.db"), "p").await.unwrap()
    }

    /// Sends or continues a job, as a listener hears it.
    async fn run(
        &self,
        ledger: &Ledger<Rehearsal>,
        resume: Option<&str>,
        (cancel, listener): (&CancellationToken, &dyn Listener),
    ) -> Result<Outcome, RunError> {
        let hosts = &self.checklist.hosts;
        let (keys, host) = (KeyRing::rehearsal(hosts), &hosts[&self.api.host]);
        let line = Line::to_here(host, &keys, &self.settings, &self.scrub).unwrap();
        let line = line.with_patience(Duration::from_millis(200));
        let clips = ClipStore { dir: self.dir.clone(), folder: "clips".into(), patience: self.patience };
        let runner = Runner {
            ledger,
            line: &line,
            api: &self.api,
            faults: &[],
            clip_store: &clips,
            wanted: Wanted::default(),
            timeout: Duration::from_millis(500),
            pace: (Duration::from_millis(1), Duration::from_millis(5)),
            clock: Clock::set_to("2026-11-22T10:04:00Z".parse().unwrap()),
            listener,
            cancel,
            abandon: &CancellationToken::new(),
        };
        if let Some(job) = resume {
            return runner.resume(job).await;
        }
        let at = "2026-11-22T10:04:00Z".parse().unwrap();
        runner.begin(ledger.reserve(Permit::for_tests(order()), at).await.unwrap()).await
    }
}

fn router(plays: Plays, origin: &str, paid: &Arc<AtomicUsize>) -> Router {
    let (count, film, at) = (Arc::clone(paid), plays.film, format!("{origin}/film.mp4"));
    let film_by = plays.film_by;
    let created = move || {
        count.fetch_add(1, Ordering::SeqCst);
        let (status, body) = plays.created.clone();
        async move { told(status, &body) }
    };
    let polled = move || {
        let (reply, at) = ((plays.poll)(), at.clone());
        async move {
            let (parts, body) = reply.into_parts();
            if parts.headers.get("content-type").is_none_or(|value| value != "application/json") {
                return Response::from_parts(parts, body);
            }
            let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
            let text = String::from_utf8(bytes.to_vec()).unwrap().replace("FILM", &at);
            Response::builder()
                .status(parts.status)
                .header("content-type", "application/json")
                .body(text.into())
                .unwrap()
        }
    };
    Router::new()
        .route("/v1/videos/generations", post(created))
        .route("/v1/videos/{id}", get(polled))
        .route("/film.mp4", get(move |headers: axum::http::HeaderMap| async move {
            film_by.map_or_else(film, |film| film(&headers))
        }))
}

fn order() -> Order {
    let body = json!({ "model": "m", "prompt": "p" });
    Order {
        project: "p".to_owned(),
        route: Route::Api,
        provider: "xai".to_owned(),
        shot: ShotId::new("opening").unwrap(),
        mode: Mode::TextToVideo,
        model: "m".to_owned(),
        shown: body.clone(),
        body,
        price: Ticks::new(30),
        priced: None,
        budget: Ticks::new(100),
        retries: 0,
        attempt: Attempt::First,
    }
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

#[test]
fn stopping_before_the_request_is_sent_costs_nothing() {
    run(async {
        let world = World::new(Plays::default()).await;
        let (ledger, cancel) = (world.ledger().await, CancellationToken::new());
        cancel.cancel();
        let outcome = world.run(&ledger, None, (&cancel, &())).await.unwrap();
        assert_eq!(world.paid.load(Ordering::SeqCst), 0);
        assert!(matches!(outcome.how, How::Interrupted), "{:?}", outcome.how);
        assert_eq!(outcome.job.ending(), Some("not-sent"));
        assert_eq!(ledger.balance(Ticks::new(100)).await.unwrap().held(), Ticks::ZERO);
    });
}

fn film_of_nothing() -> Response {
    b"RIFF\0\0\0\0AVI ".to_vec().into_response()
}

#[test]
fn a_film_that_cannot_be_read_through_is_no_clip() {
    run(async {
        let world = World::new(Plays { film: film_of_nothing, ..Plays::default() }).await;
        let (ledger, cancel) = (world.ledger().await, CancellationToken::new());
        let outcome = world.run(&ledger, None, (&cancel, &())).await.unwrap();
        assert!(matches!(outcome.how, How::NotKept(NotKept::NoClip(_))), "{:?}", outcome.how);
        assert!(outcome.job.is_resumable() && outcome.job.file.is_none());
    });
}

/// Halves of two different films: the first breaks off, the second belongs to another one.
fn halves(headers: &axum::http::HeaderMap) -> Response {
    let film = fs_err::read(concat!(env!("CARGO_MANIFEST_DIR"), "/samples/api/opening.mp4")).unwrap();
    let half = film.len() / 2;
    let builder = Response::builder();
    if headers.get("range").is_none() {
        let begin = film[..half].to_vec();
        let begin = futures_util::stream::once(async { Ok(begin) });
        // The first half is sent before the connection breaks.
        let broken = futures_util::stream::once(async {
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            Err(std::io::Error::other("it breaks off"))
        });
        let begin = futures_util::StreamExt::chain(begin, broken);
        return builder.header("etag", "\"a\"").body(Body::from_stream(begin)).unwrap();
    }
    // A request that names the first film gets the whole of the other one.
    if headers.get("if-range").is_some_and(|mark| mark == "\"a\"") {
        return builder.header("etag", "\"b\"").body(film.into()).unwrap();
    }
    let zeros = vec![0_u8; film.len() - half];
    let span = format!("bytes {half}-{}/{}", film.len() - 1, film.len());
    builder.status(206).header("etag", "\"b\"").header("content-range", span).body(zeros.into()).unwrap()
}

#[test]
fn halves_of_two_films_are_not_glued() {
    run(async {
        let mut world = World::new(Plays { film_by: Some(halves), ..Plays::default() }).await;
        world.patience = Duration::from_secs(20);
        let (ledger, cancel) = (world.ledger().await, CancellationToken::new());
        let outcome = world.run(&ledger, None, (&cancel, &())).await.unwrap();
        let How::Stored(kept) = outcome.how else { panic!("{:?}", outcome.how) };
        let film = fs_err::read(concat!(env!("CARGO_MANIFEST_DIR"), "/samples/api/opening.mp4")).unwrap();
        assert!(fs_err::read(world.dir.join(&kept.file)).unwrap() == film);
    });
}

/// A person who records a bill while the job is being polled.
struct Bills(Place);

impl Listener for Bills {
    fn hears(&self, step: &JobStep) {
        if matches!(step, JobStep::Accepted { .. }) {
            let place = self.0.clone();
            let billed = std::thread::spawn(move || {
                run(async move {
                    let ledger = Ledger::<Rehearsal>::open(&place, "p").await.unwrap();
                    let at = "2026-11-22T10:04:00Z".parse().unwrap();
                    ledger.happened("opening-1", (&Event::Bill(Ticks::new(3)), ""), at).await.unwrap();
                    let no = ledger.happened("opening-1", (&Event::Decision(Ticks::ZERO), ""), at).await;
                    assert!(matches!(no, Err(LedgerError::Unfit { .. })), "{no:?}");
                    ledger.close().await;
                });
            });
            billed.join().unwrap();
        }
    }
}

#[test]
fn a_bill_recorded_meanwhile_does_not_hide_the_clip() {
    run(async {
        let world = World::new(Plays::default()).await;
        let (ledger, cancel) = (world.ledger().await, CancellationToken::new());
        let bills = Bills(Place::Project(world.dir.clone(), "ledger.db"));
        let outcome = world.run(&ledger, None, (&cancel, &bills)).await.unwrap();
        assert!(matches!(outcome.how, How::Stored(_)), "{:?}", outcome.how);
        assert_eq!((outcome.job.ending(), outcome.job.holds().get()), (Some("done"), 3));
        assert!(outcome.job.file.is_some());
    });
}

#[test]
fn an_id_that_contains_a_secret_is_refused() {
    run(async {
        let key = "xai-CANARY0123456789abcdef";
        let plays = Plays { created: (200, json!({ "request_id": key })), ..Plays::default() };
        let mut world = World::new(plays).await;
        world.scrub = Redactor::new([key.to_owned().into()], Vec::new(), []);
        let (ledger, cancel) = (world.ledger().await, CancellationToken::new());
        let outcome = world.run(&ledger, None, (&cancel, &())).await.unwrap();
        assert!(matches!(outcome.how, How::Unknown), "{:?}", outcome.how);
        let all = format!("{:?} {:?}", ledger.jobs().await.unwrap(), ledger.entries().await.unwrap());
        assert!(!all.contains("CANARY"), "{all}");
    });
}

#[rstest]
#[case::sooner("3", 3)]
#[case::never("18446744073709551615", 60)]
#[case::at_a_time("Tue, 24 Nov 2026 12:00:05 GMT", 5)]
fn a_server_may_ask_for_some_patience_and_no_more(#[case] told: &str, #[case] seconds: u64) {
    let headers = std::collections::BTreeMap::from([("retry-after".to_owned(), told.to_owned())]);
    let (body, error) = (observation::Body::Empty, observation::ErrorText::default());
    let reply = observation::Reply { status: 202, headers, body, error, unmet: None, more: false };
    let heard = Heard { raw: String::new(), json: None, reply };
    let now = "2026-11-24T12:00:00Z".parse().unwrap();
    assert_eq!(wish(&heard, Duration::from_mins(1), now), Some(Duration::from_secs(seconds)));
}

#[test]
fn a_file_of_ones_own_beside_the_clip_stays() {
    run(async {
        let world = World::new(Plays::default()).await;
        fs_err::create_dir(world.dir.join("clips")).unwrap();
        fs_err::write(world.dir.join("clips/opening.mp4.json"), "mine").unwrap();
        let (ledger, cancel) = (world.ledger().await, CancellationToken::new());
        let outcome = world.run(&ledger, None, (&cancel, &())).await.unwrap();
        assert_eq!(outcome.job.file.as_deref(), Some("clips/opening-2.mp4"));
        assert_eq!(fs_err::read(world.dir.join("clips/opening.mp4.json")).unwrap(), b"mine");
        assert!(world.dir.join("clips/opening-2.mp4.json").exists());
    });
}

#[test]
fn a_clip_that_is_stored_is_not_fetched_again() {
    run(async {
        let world = World::new(Plays::default()).await;
        let (ledger, cancel) = (world.ledger().await, CancellationToken::new());
        let first = world.run(&ledger, None, (&cancel, &())).await.unwrap();
        assert!(matches!(first.how, How::Stored(_)), "{:?}", first.how);
        let again = world.run(&ledger, Some("opening-1"), (&cancel, &())).await.unwrap();
        assert!(matches!(again.how, How::AlreadyStored), "{:?}", again.how);
        assert_eq!(again.job.file, first.job.file);
        assert_eq!(fs_err::read_dir(world.dir.join("clips")).unwrap().count(), 2);
    });
}

#[rstest]
#[case::in_the_middle_of_the_clip(Plays { film: endless, ..Plays::default() }, "not-kept")]
#[case::in_the_middle_of_an_answer(Plays { poll: endless, ..Plays::default() }, "timed-out")]
fn a_server_that_never_ends_is_not_waited_for_without_end(#[case] plays: Plays, #[case] how: &str) {
    run(async {
        let world = World::new(plays).await;
        let (ledger, cancel) = (world.ledger().await, CancellationToken::new());
        let work = world.run(&ledger, None, (&cancel, &()));
        let outcome =
            tokio::time::timeout(Duration::from_secs(20), work).await.expect("it waits without end").unwrap();
        let word = match outcome.how {
            How::NotKept(_) => "not-kept",
            How::TimedOut => "timed-out",
            other => panic!("{other:?}"),
        };
        assert_eq!(word, how);
        assert!(ledger.job("opening-1").await.unwrap().is_resumable());
    });
}

/// A listener that drops a table just before the request is sent: the ledger can no longer be written.
struct Breaks(Utf8PathBuf);

impl Listener for Breaks {
    fn hears(&self, step: &JobStep) {
        if matches!(step, JobStep::Submitting { .. }) {
            let path = self.0.join(".greenlight/ledger.db");
            let broken = std::thread::spawn(move || {
                run(async move {
                    let pool = sqlx::SqlitePool::connect(&format!("sqlite:{path}")).await.unwrap();
                    sqlx::query("DROP TABLE entry").execute(&pool).await.unwrap();
                    pool.close().await;
                });
            });
            broken.join().unwrap();
        }
    }
}

#[rstest]
#[case::taken(200, json!({ "request_id": "r-77" }))]
#[case::refused(400, json!({ "error": "no" }))]
fn a_ledger_that_breaks_while_the_request_is_out_is_told(#[case] status: u16, #[case] reply: Value) {
    run(async {
        let world = World::new(Plays { created: (status, reply), ..Plays::default() }).await;
        let (ledger, cancel) = (world.ledger().await, CancellationToken::new());
        let breaks = Breaks(world.dir.clone());
        let error =
            world.run(&ledger, None, (&cancel, &breaks)).await.map(|outcome| outcome.how).unwrap_err();
        match (status, error) {
            (200, RunError::Unwritten { request_id, job, .. }) => {
                assert_eq!((request_id.as_str(), job.as_str()), ("r-77", "opening-1"));
            }
            (400, RunError::Ledger(_)) => {}
            (_, error) => panic!("{error:?}"),
        }
    });
}
