//! What is wrong with a create is reported in the provider's words.

use rstest::rstest;
use serde_json::{Value, json};

use super::fixture::*;
use crate::standin::{Costs, NoteKind, Setup, call::PLAY};

const EDITS: &str = "/v1/videos/edits";
const EXTENSIONS: &str = "/v1/videos/extensions";
const NEWER: &str = "grok-imagine-video-1.5";
const LITE: &str = "grok-imagine-video-1.5-lite";

fn pictures(count: usize) -> Vec<Value> {
    vec![json!({ "url": "https://pictures.example/a.png" }); count]
}

#[rstest]
#[case::no_prompt(GENERATIONS, json!({ "duration": 1 }), 400, "prompt is required")]
#[case::blank_prompt(GENERATIONS, json!({ "prompt": " " }), 400, "prompt is required")]
#[case::fraction(GENERATIONS, json!({ "prompt": "p", "duration": 1.5 }), 422, "duration")]
#[case::whole_as_float(GENERATIONS, json!({ "prompt": "p", "duration": 5.0 }), 422, "duration")]
#[case::ratio_auto(GENERATIONS, json!({ "prompt": "p", "aspect_ratio": "auto" }), 422, "aspect_ratio")]
#[case::ratio(GENERATIONS, json!({ "prompt": "p", "aspect_ratio": "7:5" }), 422, "aspect_ratio")]
#[case::resolution(GENERATIONS, json!({ "prompt": "p", "resolution": "9000p" }), 422, "resolution")]
#[case::image_as_text(GENERATIONS, json!({ "prompt": "p", "image": "https://pictures.example/a.png" }), 422, "image")]
#[case::references_as_texts(GENERATIONS, json!({ "prompt": "p", "reference_images": ["a"] }), 422, "reference_images")]
#[case::prompt_as_number(GENERATIONS, json!({ "prompt": 7 }), 422, "prompt")]
#[case::too_short(GENERATIONS, json!({ "prompt": "p", "duration": 0 }), 400, "Duration must be between 1 and 15 seconds")]
#[case::too_long(GENERATIONS, json!({ "prompt": "p", "duration": 16 }), 400, "Duration must be between 1 and 15 seconds")]
#[case::absurd(GENERATIONS, json!({ "prompt": "p", "duration": 999 }), 400, "Duration must be between 1 and 15 seconds")]
#[case::model(GENERATIONS, json!({ "model": "grok-imagine-video-2.0", "prompt": "p" }), 404, "The model grok-imagine-video-2.0 does not exist")]
#[case::classic_1080p(GENERATIONS, json!({ "prompt": "p", "resolution": "1080p" }), 400, "1080p video resolution is not supported")]
#[case::references_1080p(GENERATIONS, json!({ "model": NEWER, "prompt": "p", "resolution": "1080p", "reference_images": pictures(1) }), 400, "1080p video resolution is not supported for reference-to-video requests.")]
#[case::references_too_long(GENERATIONS, json!({ "model": NEWER, "prompt": "p", "duration": 16, "reference_images": pictures(1) }), 400, "Duration 16s exceeds the maximum allowed for reference-to-video, which is 15s.")]
#[case::classic_references_too_long(GENERATIONS, json!({ "prompt": "p", "duration": 11, "reference_images": pictures(1) }), 400, "Duration 11s exceeds the maximum allowed for reference-to-video, which is 10s.")]
#[case::too_many_references(GENERATIONS, json!({ "model": NEWER, "prompt": "p", "reference_images": pictures(15) }), 400, "Too many reference images: 15. Maximum allowed is 14.")]
#[case::lite_references(GENERATIONS, json!({ "model": LITE, "prompt": "p", "reference_images": pictures(1) }), 400, "`reference_images` is not supported for this model")]
#[case::classic_voices(GENERATIONS, json!({ "prompt": "p", "reference_images": pictures(1), "reference_audios": [{ "voice_id": "ara" }] }), 400, "`reference_audios` is not supported for this model.")]
#[case::lite_voices(GENERATIONS, json!({ "model": LITE, "prompt": "p", "reference_audios": [{ "voice_id": "ara" }] }), 400, "`reference_audios` is not supported for this model.")]
#[case::too_many_voices(GENERATIONS, json!({ "model": NEWER, "prompt": "p", "reference_audios": vec![json!({ "voice_id": "ara" }); 4] }), 400, "Too many reference audios: 4. Maximum allowed is 3")]
#[case::classic_image_and_references(GENERATIONS, json!({ "prompt": "p", "image": pictures(1)[0], "reference_images": pictures(1) }), 400, "`image` cannot be combined")]
#[case::classic_last_frame(GENERATIONS, json!({ "prompt": "p", "last_frame": pictures(1)[0] }), 400, "`last_frame` cannot be combined")]
#[case::keyframe_at_the_end(GENERATIONS, json!({ "model": NEWER, "prompt": "p", "duration": 2, "keyframes": [{ "image": pictures(1)[0], "timestamp_s": 2.0 }] }), 400, "Keyframes must lie within the clip")]
#[case::keyframes_too_near(GENERATIONS, json!({ "model": NEWER, "prompt": "p", "duration": 2, "keyframes": [{ "image": pictures(1)[0], "timestamp_s": 1.0 }, { "image": pictures(1)[0], "timestamp_s": 1.2 }] }), 400, "1/3 s apart")]
#[case::too_many_keyframes(GENERATIONS, json!({ "model": NEWER, "prompt": "p", "duration": 9, "keyframes": (1..=5).map(|at| json!({ "image": pictures(1)[0], "timestamp_s": at })).collect::<Vec<_>>() }), 400, "Too many keyframes: 5. Maximum allowed is 4")]
#[case::edit_by_newer(EDITS, json!({ "model": NEWER, "prompt": "p", "video": { "url": "https://clips.example/a.mp4" } }), 400, "Video editing is not supported for this model.")]
#[case::extend_by_lite(EXTENSIONS, json!({ "model": LITE, "prompt": "p", "video": { "url": "https://clips.example/a.mp4" } }), 400, "Video extension is not supported for this model.")]
#[case::edit_of_nothing(EDITS, json!({ "prompt": "p" }), 422, "missing field `video`")]
#[case::extend_of_nothing(EXTENSIONS, json!({ "prompt": "p" }), 422, "missing field `video`")]
#[case::extend_by_nothing(EXTENSIONS, json!({ "prompt": "p", "duration": 0, "video": { "url": "https://clips.example/a.mp4" } }), 400, "Duration must be between 1 and 15 seconds")]
#[case::unknown_file(GENERATIONS, json!({ "prompt": "p", "image": { "file_id": "file_1" } }), 400, "File file_1 was not found")]
#[case::no_object(GENERATIONS, json!([1]), 400, "not a JSON object")]
#[tokio::test]
async fn a_create_with_something_wrong_is_refused(
    #[case] path: &str,
    #[case] body: Value,
    #[case] status: u16,
    #[case] says: &str,
) {
    let tester = Tester::healthy().await;
    let got = got(tester.create(path, &body)).await.unwrap();
    assert_eq!(
        (got.status.as_u16(), got.json()["error"].as_str().unwrap().contains(says)),
        (status, true),
        "{}",
        got.json()
    );
    assert_eq!((tester.running.costs(), tester.last().taken), (Costs::default(), false));
}

/// Values just within every limit.
#[rstest]
#[case::text_for_number(GENERATIONS, json!({ "prompt": "p", "duration": "15" }))]
#[case::newest_ratio(GENERATIONS, json!({ "prompt": "p", "aspect_ratio": "21:9" }))]
#[case::newer_1080p(GENERATIONS, json!({ "model": NEWER, "prompt": "p", "resolution": "1080p" }))]
#[case::lite_1080p(GENERATIONS, json!({ "model": LITE, "prompt": "p", "resolution": "1080p" }))]
#[case::references(GENERATIONS, json!({ "model": NEWER, "prompt": "p", "duration": 15, "resolution": "720p", "reference_images": pictures(14) }))]
#[case::image_and_references(GENERATIONS, json!({ "model": NEWER, "prompt": "p", "image": pictures(1)[0], "reference_images": pictures(1) }))]
#[case::pinned(GENERATIONS, json!({ "model": NEWER, "prompt": "p", "image": pictures(1)[0], "last_frame": pictures(1)[0] }))]
#[case::keyframes(GENERATIONS, json!({ "model": NEWER, "prompt": "p", "duration": 2, "keyframes": [{ "image": pictures(1)[0], "timestamp_s": 1.0 }, { "image": pictures(1)[0], "timestamp_s": 1.333 }] }))]
#[case::extend(EXTENSIONS, json!({ "prompt": "p", "duration": 15, "video": { "url": "https://clips.example/a.mp4" } }))]
#[case::nulls(GENERATIONS, json!({ "prompt": "p", "image": null, "duration": null }))]
#[tokio::test]
async fn what_the_provider_takes_is_taken(#[case] path: &str, #[case] body: Value) {
    let tester = Tester::healthy().await;
    let got = got(tester.create(path, &body)).await.unwrap();
    assert_eq!(got.status, 200, "{}", got.json_or_null());
}

#[rstest]
#[case::form(Some("multipart/form-data; boundary=x"))]
#[case::text(Some("text/plain"))]
#[case::nothing(None)]
#[tokio::test]
async fn a_body_that_is_not_called_json_is_refused(#[case] kind: Option<&str>) {
    let tester = Tester::healthy().await;
    let mut request = tester.client.post(tester.url(API, GENERATIONS)).bearer_auth(tester.key()).body("{}");
    if let Some(kind) = kind {
        request = request.header("content-type", kind);
    }
    assert_eq!(got(request).await.unwrap().status, 415);
}

#[tokio::test]
async fn a_team_that_keeps_nothing_must_say_where_the_clip_goes() {
    let setup = Setup { scenario: Some("zdr-team".to_owned()), ..Setup::of("xai") };
    let tester = Tester::with(setup).await;
    let refused = got(tester.create(GENERATIONS, &sea(1))).await.unwrap();
    let says = "Zero Data Retention teams must provide output.upload_url for video generation.";
    assert_eq!((refused.status.as_u16(), &refused.json()["error"]), (400, &json!(says)));
    let mut body = sea(1);
    body["output"] = json!({ "upload_url": "https://bucket.example/a" });
    assert_eq!(got(tester.create(GENERATIONS, &body)).await.unwrap().status, 200);
    let healthy = Tester::healthy().await;
    let asked = healthy.create(GENERATIONS, &sea(1)).header(PLAY, "zero-retention");
    assert_eq!(got(asked).await.unwrap().status, 400);
    assert_eq!(got(healthy.create(GENERATIONS, &sea(1))).await.unwrap().status, 200);
}

/// Where it is unknown, the job is accepted and the journal says so.
#[rstest]
#[case::many_references(json!({ "model": NEWER, "prompt": "p", "reference_images": pictures(8) }), "done")]
#[case::named_twice(json!({ "prompt": "p", "image": { "url": "https://pictures.example/a.png", "file_id": "f" } }), "refused")]
#[case::no_prompt(json!({ "image": pictures(1)[0] }), "failed-invalid-argument")]
#[tokio::test]
async fn what_is_disputed_is_noted(#[case] body: Value, #[case] ends: &str) {
    let tester = Tester::healthy().await;
    let made = got(tester.create(GENERATIONS, &body)).await.unwrap();
    let entry = tester.last();
    let disputed = entry.notes.iter().filter(|note| note.kind == NoteKind::Disputed).count();
    if ends == "refused" {
        assert_eq!((made.status.as_u16(), disputed), (400, 0), "the file is not there");
        return;
    }
    assert_eq!(disputed, 1, "{entry:?}");
    tester.ended(entry.job.as_deref().unwrap()).await;
    assert_eq!(tester.last().state.as_deref(), Some(ends));
}

#[tokio::test]
async fn a_clip_that_is_too_long_to_be_edited_fails_later() {
    let tester = Tester::healthy().await;
    let url = tester.film(&sea(9)).await;
    let id = tester.made(EDITS, &json!({ "prompt": "p", "video": { "url": url } })).await;
    assert!(tester.last().notes[0].says.contains("9 s long, not 0 to 8.7 s"), "{:?}", tester.last().notes);
    assert_eq!(tester.ended(&id).await.1.json()["error"]["code"], "invalid_argument");
}

#[tokio::test]
async fn the_ratio_of_an_image_wins_and_that_is_noted() {
    let tester = Tester::healthy().await;
    let body = json!({ "prompt": "p", "image": pictures(1)[0], "aspect_ratio": "1:1" });
    tester.made(GENERATIONS, &body).await;
    assert_eq!(tester.last().notes[0].kind, NoteKind::FieldIgnored);
}
