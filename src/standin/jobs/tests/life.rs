//! The life of a job, and everything that can go wrong in it.

use std::time::Duration;

use rstest::rstest;
use serde_json::{Value, json};

use super::fixture::*;
use crate::standin::{Costs, KeySeen, NoteKind, Setup, call::PLAY, jobs::made};

#[tokio::test]
async fn a_job_is_pending_twice_and_then_a_clip() {
    let tester = Tester::healthy().await;
    let id = tester.made(GENERATIONS, &sea(6)).await;
    let first = got(tester.poll(&id)).await.unwrap();
    assert_eq!((first.status.as_u16(), &first.json()["status"]), (202, &json!("pending")));
    let second = got(tester.poll(&id)).await.unwrap();
    assert_eq!((second.status.as_u16(), second.body.len()), (202, 0));
    let third = got(tester.poll(&id)).await.unwrap();
    let url = format!("{}xai-vidgen-bucket/xai-video-{id}.mp4", tester.running.origins[FILMS]);
    let wanted = json!({
        "status": "done", "model": "grok-imagine-video", "progress": 100, "usage": { "cost_in_usd_ticks": 3_000_000_000_i64 },
        "video": { "url": url, "duration": 6, "respect_moderation": true },
    });
    assert_eq!((third.status.as_u16(), third.json()), (200, wanted));
    let film = got(tester.client.get(&url)).await.unwrap();
    assert_eq!((film.status.as_u16(), &film.headers["content-type"]), (200, &"video/mp4".parse().unwrap()));
    let measured = made::measured(&film.body).unwrap();
    assert_eq!((measured.millis, measured.width, measured.height), (6000, 854, 480));
    assert_eq!(tester.running.costs(), Costs { jobs: 1, billed: 1, cost_in_usd_ticks: 3_000_000_000 });
}

/// The header of a PNG of this size; nothing more of it is looked at.
fn image(width: u32, height: u32) -> Value {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend([width.to_be_bytes(), height.to_be_bytes()].concat());
    bytes.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    json!({ "url": format!("data:image/png;base64,{}", STANDARD.encode(bytes)) })
}

/// Prices come from the catalogue: per second and per picture.
#[rstest]
#[case::defaults(json!({ "prompt": "p" }), 4000, (8000, 854, 480))]
#[case::seconds_alias(json!({ "prompt": "p", "seconds": "5" }), 2500, (5000, 854, 480))]
#[case::hd(json!({ "prompt": "p", "duration": 1, "resolution": "720p", "aspect_ratio": "9:16" }), 700, (1000, 720, 1280))]
#[case::newer(json!({ "model": "grok-imagine-video-1.5", "prompt": "p", "duration": 1, "resolution": "1080p" }), 2500, (1000, 1920, 1080))]
#[case::alias(json!({ "model": "grok-imagine-video-1.5-preview", "prompt": "p", "duration": 1 }), 800, (1000, 854, 480))]
#[case::lite(json!({ "model": "grok-imagine-video-1.5-lite", "prompt": "p", "duration": 1, "aspect_ratio": "1:1" }), 200, (1000, 480, 480))]
#[case::image(json!({ "model": "grok-imagine-video-1.5", "prompt": "p", "duration": 1, "image": image(300, 400) }), 900, (1000, 480, 640))]
#[case::references(json!({ "model": "grok-imagine-video-1.5", "prompt": "p", "duration": 1, "reference_images": [{ "url": "a" }, { "url": "b" }] }), 1000, (1000, 854, 480))]
#[case::classic_references(json!({ "prompt": "p", "duration": 2, "reference_images": [{ "url": "a" }] }), 1020, (2000, 854, 480))]
#[case::voice(json!({ "model": "grok-imagine-video-1.5", "prompt": "p", "duration": 1, "reference_audios": [{ "voice_id": "ara" }] }), 800, (1000, 854, 480))]
#[tokio::test]
async fn a_clip_is_as_it_was_ordered_and_costs_what_the_catalogue_says(
    #[case] body: Value,
    #[case] cents_in_hundredths: i64,
    #[case] wanted: (u32, u16, u16),
) {
    let tester = Tester::healthy().await;
    let id = tester.made(GENERATIONS, &body).await;
    let (_, done) = tester.ended(&id).await;
    let done = done.json();
    assert_eq!(done["usage"]["cost_in_usd_ticks"], cents_in_hundredths * 1_000_000, "{done}");
    assert_eq!(tester.running.costs().cost_in_usd_ticks, cents_in_hundredths * 1_000_000);
    let film = got(tester.client.get(done["video"]["url"].as_str().unwrap())).await.unwrap();
    let measured = made::measured(&film.body).unwrap();
    assert_eq!((measured.millis, measured.width, measured.height), wanted);
    assert_eq!(done["video"]["duration"], wanted.0 / 1000);
}

/// An edit is as long as its input, an extension longer by what is asked for; both pay for the input.
#[rstest]
#[case::edit("/v1/videos/edits", json!({ "prompt": "p" }), 4 * (700 + 100), 4000)]
#[case::extend("/v1/videos/extensions", json!({ "prompt": "p", "duration": 3 }), 3 * 700 + 4 * 100, 7000)]
#[case::extend_as_usual("/v1/videos/extensions", json!({ "prompt": "p" }), 6 * 700 + 4 * 100, 10_000)]
#[tokio::test]
async fn a_clip_goes_in(
    #[case] path: &str,
    #[case] mut body: Value,
    #[case] price: i64,
    #[case] millis: u32,
) {
    let tester = Tester::healthy().await;
    let first = json!({ "prompt": "p", "duration": 4, "resolution": "720p", "aspect_ratio": "1:1" });
    body["video"] = json!({ "url": tester.film(&first).await });
    let id = tester.made(path, &body).await;
    assert_eq!(tester.last().notes, []);
    let (_, done) = tester.ended(&id).await;
    assert_eq!(done.json()["usage"]["cost_in_usd_ticks"], price * 1_000_000);
    let film = got(tester.client.get(done.json()["video"]["url"].as_str().unwrap())).await.unwrap();
    let measured = made::measured(&film.body).unwrap();
    assert_eq!((measured.millis, measured.width, measured.height), (millis, 720, 720));
}

#[tokio::test]
async fn a_clip_that_lies_elsewhere_is_not_fetched() {
    let tester = Tester::healthy().await;
    let body = json!({ "prompt": "p", "video": { "url": "https://clips.example/a.mp4" } });
    let id = tester.made("/v1/videos/edits", &body).await;
    assert_eq!(tester.last().notes[0].kind, NoteKind::InputNotFetched);
    assert_eq!(tester.ended(&id).await.1.json()["video"]["duration"], 6);
}

#[rstest]
#[case::none(None, 401, "No Authorization header", KeySeen::None)]
#[case::wrong(Some("xai-another-key"), 400, "Incorrect API key provided", KeySeen::Wrong)]
#[tokio::test]
async fn another_key_is_refused(
    #[case] key: Option<&str>,
    #[case] status: u16,
    #[case] says: &str,
    #[case] seen: KeySeen,
) {
    let tester = Tester::healthy().await;
    for url in [GENERATIONS, "/v1/videos/x"].map(|path| tester.url(API, path)) {
        let post = url.path() == GENERATIONS;
        let mut request =
            if post { tester.client.post(url).body(sea(1).to_string()) } else { tester.client.get(url) };
        if let Some(key) = key {
            request = request.bearer_auth(key);
        }
        let got = got(request).await.unwrap();
        assert_eq!(got.status, status);
        assert!(got.json()["error"].as_str().unwrap().starts_with(says), "{:?}", got.json());
        let entry = tester.last();
        assert_eq!(entry.key, seen);
        assert!(!serde_json::to_string(&entry).unwrap().contains("another-key"));
    }
    assert_eq!(tester.running.costs(), Costs::default());
}

#[tokio::test]
async fn with_a_lock_every_call_needs_the_key() {
    let tester = Tester::with(Setup { locked: true, ..Setup::of("xai") }).await;
    let me = tester.url(API, "/v1/me");
    assert_eq!(got(tester.client.get(me.clone())).await.unwrap().status, 401);
    assert_eq!(got(tester.client.get(me.clone()).bearer_auth("x")).await.unwrap().status, 400);
    assert_eq!(got(tester.client.get(me).bearer_auth(tester.key())).await.unwrap().status, 200);
    let feed = tester.url("status.x.ai", "/feed.xml");
    assert_eq!(got(tester.client.get(feed)).await.unwrap().status, 200);
}

/// How a play is asked for.
#[derive(Debug, Clone, Copy)]
enum Way {
    Setup,
    Prompt,
    Header,
}

async fn played(way: Way, play: &str) -> (Tester, Got) {
    let mut setup = Setup::of("xai");
    let mut body = sea(6);
    match way {
        Way::Setup => setup.plays.push(play.to_owned()),
        Way::Prompt => body["prompt"] = format!("A calm sea [{play}] at dawn").into(),
        Way::Header => {}
    }
    let tester = Tester::with(setup).await;
    let mut request = tester.create(GENERATIONS, &body);
    if matches!(way, Way::Header) {
        request = request.header(PLAY, play);
    }
    let id = got(request).await.unwrap().json()["request_id"].as_str().unwrap().to_owned();
    let (_, ended) = tester.ended(&id).await;
    (tester, ended)
}

/// A job is billed where the provider bills it.
#[rstest]
#[case("done", 200, "/status", json!("done"), true)]
#[case("done-without-status", 200, "/status", Value::Null, true)]
#[case("done-without-url", 200, "/video/url", Value::Null, true)]
#[case("done-without-usage", 200, "/usage", Value::Null, true)]
#[case("moderated", 400, "/code", json!("imagine:content-moderated"), true)]
#[case("moderated", 400, "/usage/cost_in_usd_ticks", json!(3_000_000_000_i64), true)]
#[case("moderated-without-url", 200, "/video/respect_moderation", json!(false), true)]
#[case("failed-invalid-argument", 200, "/error/code", json!("invalid_argument"), false)]
#[case("failed-permission-denied", 200, "/error/code", json!("permission_denied"), false)]
#[case("failed-precondition", 200, "/error/code", json!("failed_precondition"), false)]
#[case("failed-service-unavailable", 200, "/error/code", json!("service_unavailable"), false)]
#[case("failed-internal-error", 200, "/error/code", json!("internal_error"), false)]
#[case("failed-text", 200, "/status", json!("failed"), false)]
#[case("expired", 200, "/status", json!("expired"), false)]
#[case("forgotten", 404, "/code", json!("not-found"), false)]
#[case("unknown-status", 200, "/status", json!("archived"), false)]
#[tokio::test]
async fn a_job_ends_as_it_was_asked_to(
    #[case] play: &str,
    #[case] status: u16,
    #[case] place: &str,
    #[case] wanted: Value,
    #[case] billed: bool,
    #[values(Way::Setup, Way::Prompt, Way::Header)] way: Way,
) {
    let (tester, ended) = played(way, play).await;
    let body = ended.json();
    assert_eq!(
        (ended.status.as_u16(), body.pointer(place).unwrap_or(&Value::Null)),
        (status, &wanted),
        "{body}"
    );
    let costs = tester.running.costs();
    assert_eq!((costs.jobs, costs.billed == 1, costs.cost_in_usd_ticks > 0), (1, billed, billed));
    assert_eq!(tester.last().state.as_deref(), Some(play));
    assert_eq!(tester.running.journal()[0].plays[0], play);
}

#[tokio::test]
async fn a_job_may_have_ended_before_the_first_poll() {
    let (tester, ended) = played(Way::Header, "at-once").await;
    assert_eq!((ended.json()["status"].as_str(), tester.running.journal().len()), (Some("done"), 2));
}

#[tokio::test]
async fn jobs_at_the_same_time_do_not_disturb_each_other() {
    let tester = Tester::healthy().await;
    let mut ids = Vec::new();
    for play in ["moderated", "done", "failed-internal-error"] {
        let request = tester.create(GENERATIONS, &sea(1)).header(PLAY, play);
        ids.push(got(request).await.unwrap().json()["request_id"].as_str().unwrap().to_owned());
    }
    let mut statuses = Vec::new();
    for id in &ids {
        let (polls, ended) = tester.ended(id).await;
        statuses.push((polls, ended.status.as_u16(), ended.json()["status"].clone()));
    }
    assert_eq!(statuses, [(2, 400, Value::Null), (2, 200, json!("done")), (2, 200, json!("failed"))]);
}

#[tokio::test]
async fn an_unknown_play_is_noted() {
    let tester = Tester::healthy().await;
    let request = tester.create(GENERATIONS, &sea(1)).header(PLAY, "moderatet");
    assert_eq!(got(request).await.unwrap().status, 200);
    assert_eq!(tester.last().notes[0].kind, NoteKind::UnknownPlay);
    let error = Setup { plays: vec!["moderatet".to_owned()], ..Setup::of("xai") }.start().await.unwrap_err();
    assert_eq!(error.to_string(), "`xai` has no play `moderatet`, did you mean `moderated`?");
}

/// The money depends on whether a failed create started the job anyway.
#[rstest]
#[case("cut-before-accept", None, false)]
#[case("cut-after-accept", None, true)]
#[case("cut-in-answer", None, true)]
#[case("error-before-accept", Some(500), false)]
#[case("error-after-accept", Some(500), true)]
#[case("bad-gateway", Some(502), true)]
#[case("no-request-id", Some(200), true)]
#[case("rate-limited", Some(429), false)]
#[case("rate-limited-silent", Some(429), false)]
#[tokio::test]
async fn a_create_goes_wrong_once(#[case] play: &str, #[case] status: Option<u16>, #[case] taken: bool) {
    let tester = Tester::healthy().await;
    let ask = || got(tester.create(GENERATIONS, &sea(1)).header(PLAY, play));
    let first = ask().await;
    assert_eq!(first.as_ref().ok().map(|got| got.status.as_u16()), status, "{play}");
    let entry = tester.last();
    assert_eq!((entry.taken, entry.job.is_some()), (taken, taken));
    assert_eq!(
        (tester.running.costs().jobs, entry.status.is_some()),
        (usize::from(taken), play != "cut-before-accept" && play != "cut-after-accept")
    );
    if let Ok(got) = first {
        assert!(got.json_or_null()["request_id"].is_null());
        assert_eq!(got.headers.contains_key("retry-after"), play == "rate-limited");
    }
    let again = ask().await.unwrap();
    assert!(again.json()["request_id"].is_string());
    assert_eq!(tester.running.costs().jobs, 1 + usize::from(taken), "who sends it again pays for it again");
}

#[rstest]
#[case("prompt-refused", 400, "imagine:content-moderated")]
#[case("no-credits", 403, "permission-denied")]
#[case("credits-used-up", 403, "permission-denied")]
#[case("credits-used-up-429", 429, "resource-exhausted")]
#[case("key-refused", 400, "invalid-argument")]
#[tokio::test]
async fn a_create_is_refused_every_time(#[case] play: &str, #[case] status: u16, #[case] code: &str) {
    let tester = Tester::healthy().await;
    for _ in 0..3 {
        let got = got(tester.create(GENERATIONS, &sea(1)).header(PLAY, play)).await.unwrap();
        assert_eq!((got.status.as_u16(), got.json()["code"].as_str()), (status, Some(code)));
    }
    assert_eq!(tester.running.costs(), Costs::default());
}

#[rstest]
#[case("no-credits", 403)]
#[case("bad-key", 400)]
#[tokio::test]
async fn a_scenario_of_the_account_counts_for_jobs_too(#[case] scenario: &str, #[case] status: u16) {
    let tester = Tester::with(Setup { scenario: Some(scenario.to_owned()), ..Setup::of("xai") }).await;
    assert_eq!(got(tester.create(GENERATIONS, &sea(1))).await.unwrap().status, status);
}

#[rstest]
#[case("poll-empty", &[Some(202), Some(202), Some(202)])]
#[case("poll-error", &[Some(500)])]
#[case("poll-rate-limited", &[Some(429)])]
#[case("poll-passing-400", &[Some(400)])]
#[case("poll-cut", &[None])]
#[case("poll-cut-in-answer", &[None])]
#[case("poll-not-json", &[Some(200)])]
#[tokio::test]
async fn a_poll_goes_wrong_and_the_job_does_not(#[case] play: &str, #[case] statuses: &[Option<u16>]) {
    let tester = Tester::healthy().await;
    let id = tester.made(GENERATIONS, &json!({ "prompt": format!("[{play}]"), "duration": 1 })).await;
    for status in statuses {
        let told = got(tester.poll(&id)).await.ok();
        assert_eq!(told.as_ref().map(|got| got.status.as_u16()), *status);
        assert!(told.is_none_or(|got| got.json_or_null()["status"].is_null()));
    }
    let (polls, done) = tester.ended(&id).await;
    assert_eq!((polls, &done.json()["status"]), (2, &json!("done")));
}

#[rstest]
#[case("x", 400, "Malformed request ID")]
#[case("00000000-0000-4000-8000-000000000000", 404, "not found")]
#[tokio::test]
async fn an_invalid_id_is_reported(#[case] id: &str, #[case] status: u16, #[case] says: &str) {
    let tester = Tester::healthy().await;
    let got = got(tester.poll(id)).await.unwrap();
    assert_eq!(got.status, status);
    assert!(got.json()["error"].as_str().unwrap().contains(says));
}

#[tokio::test]
async fn time_is_what_its_clock_shows() {
    let tester = Tester::healthy().await;
    let id = tester.made(GENERATIONS, &json!({ "prompt": "[slow]", "duration": 1 })).await;
    for _ in 0..5 {
        assert_eq!(got(tester.poll(&id)).await.unwrap().status, 202);
    }
    tester.clock(json!({ "advance": "5m" })).await;
    let done = got(tester.poll(&id)).await.unwrap().json();
    let url = done["video"]["url"].as_str().unwrap();
    assert_eq!(got(tester.client.get(url)).await.unwrap().status, 200);
    tester.clock(json!({ "advance": "59m" })).await;
    assert_eq!(got(tester.client.get(url)).await.unwrap().status, 200);
    tester.clock(json!({ "advance": "1m" })).await;
    assert_eq!(got(tester.client.get(url)).await.unwrap().status, 404);
    assert_eq!(tester.last().state.as_deref(), Some("expired-link"));
}

#[tokio::test]
async fn a_job_that_never_ends_stays_pending() {
    let tester = Tester::healthy().await;
    let id = tester.made(GENERATIONS, &json!({ "prompt": "[never]", "duration": 1 })).await;
    tester.clock(json!({ "advance": "30days" })).await;
    for _ in 0..5 {
        assert_eq!(got(tester.poll(&id)).await.unwrap().status, 202);
    }
}

#[tokio::test]
async fn a_clip_that_was_to_be_sent_elsewhere_is_sent_nowhere() {
    let tester = Tester::healthy().await;
    let mut body = sea(1);
    body["output"] = json!({ "upload_url": "https://bucket.example/clip.mp4?signature=s3cret" });
    let id = tester.made(GENERATIONS, &body).await;
    let note = &tester.last().notes[0];
    assert_eq!(note.kind, NoteKind::NothingSent);
    assert!(note.says.contains("bucket.example") && !note.says.contains("s3cret"));
    let done = tester.ended(&id).await.1.json();
    assert_eq!((&done["status"], &done["video"]["url"]), (&json!("done"), &Value::Null));
    let link = tester.url(FILMS, &format!("/xai-vidgen-bucket/xai-video-{id}.mp4"));
    assert_eq!(got(tester.client.get(link)).await.unwrap().status, 404);
}

#[tokio::test]
async fn a_field_that_nobody_reads_is_dropped_and_noted() {
    let tester = Tester::healthy().await;
    let body =
        json!({ "prompt": "p", "duration": 1, "image_url": "https://pictures.example/a.png", "seed": 7 });
    let id = tester.made(GENERATIONS, &body).await;
    let notes = tester.last().notes;
    assert!(notes.iter().all(|note| note.kind == NoteKind::FieldIgnored));
    assert!(notes[0].says.starts_with("`image_url`") && notes[1].says.starts_with("`seed`"), "{notes:?}");
    let done = tester.ended(&id).await.1.json();
    assert_eq!(done["usage"]["cost_in_usd_ticks"], 500_000_000, "no picture went in");
}

#[tokio::test]
async fn the_journal_is_read_and_everything_forgotten() {
    let tester = Tester::healthy().await;
    let id = tester.made(GENERATIONS, &sea(1)).await;
    tester.ended(&id).await;
    let journal =
        |query: String| got(tester.client.get(tester.url(API, &format!("/__greenlight/journal{query}"))));
    let all = journal(String::new()).await.unwrap().json();
    let entries = all["entries"].as_array().unwrap();
    let told: Vec<_> = entries.iter().map(|one| (&one["number"], &one["status"], &one["job"])).collect();
    let (id, n) = (json!(id), [1, 2, 3, 4].map(|n| json!(n)));
    let s = [200, 202, 202, 200].map(|s| json!(s));
    assert_eq!(told, [(&n[0], &s[0], &id), (&n[1], &s[1], &id), (&n[2], &s[2], &id), (&n[3], &s[3], &id)]);
    assert_eq!(all["costs"]["cost_in_usd_ticks"], 500_000_000);
    assert!(!all.to_string().contains(tester.key()));
    let later = journal("?since=3".to_owned()).await.unwrap().json();
    assert_eq!(later["entries"].as_array().unwrap().len(), 1);
    let reset = tester.client.post(tester.url(API, "/__greenlight/reset"));
    assert_eq!(got(reset).await.unwrap().status, 204);
    assert_eq!((tester.running.journal(), tester.running.costs()), (Vec::new(), Costs::default()));
    assert_eq!(got(tester.poll(id.as_str().unwrap())).await.unwrap().status, 404);
}

#[rstest]
#[case::both(json!({ "advance": "1m", "now": "2026-11-22T10:00:00Z" }))]
#[case::neither(json!({}))]
#[case::no_time(json!({ "advance": "soon" }))]
#[case::misspelt(json!({ "forward": "1m" }))]
#[tokio::test]
async fn a_clock_that_cannot_be_set_so_says_why(#[case] body: Value) {
    let tester = Tester::healthy().await;
    let request = tester.client.post(tester.url(API, "/__greenlight/clock")).body(body.to_string());
    let got = got(request).await.unwrap();
    assert_eq!(got.status, 400);
    assert!(!got.json()["error"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn an_answer_that_takes_a_minute_outlasts_the_client() {
    let tester = Tester::healthy().await;
    let request =
        tester.create(GENERATIONS, &sea(1)).header(PLAY, "slow-answer").timeout(Duration::from_millis(200));
    assert!(got(request).await.is_err_and(|error| error.is_timeout()));
    assert_eq!(tester.running.costs().jobs, 1, "it was taken");
}
