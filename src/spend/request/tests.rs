//! What is sent for which shot, and what its clip must be.

use rstest::rstest;

use super::*;
use crate::{
    judge::purchase::Purchase,
    model::{decision::FailOn, id::ShotId, media::Way, money::Usd, project::CheckSettings, route::Route},
    spend::order::Wanted,
};

fn shot(mode: Mode) -> Shot {
    Shot {
        id: ShotId::new("opening").unwrap(),
        mode,
        model: "m-1".to_owned(),
        duration: Some(6),
        aspect_ratio: None,
        resolution: None,
        prompt: Some(" A boat. ".to_owned()),
        brief: None,
        inputs: Vec::new(),
        keyframe_millis: Vec::new(),
        voices: Vec::new(),
        line: 1,
    }
}

fn project(upload_url: Option<&str>) -> Project {
    Project {
        name: "p".to_owned(),
        route: Route::Api,
        provider: "acme".to_owned(),
        account: None,
        budget: None,
        output: None,
        upload_url: upload_url.map(str::to_owned),
        commercial: false,
        length: None,
        checklists: Vec::new(),
        catalogues: Vec::new(),
        failure: crate::model::project::FailurePolicy::default(),
        check: CheckSettings { fail_on: Some(FailOn::default()), ..CheckSettings::default() },
        shots: Vec::new(),
        line: 1,
    }
}

fn file(name: &str) -> Input {
    Input::File { path: name.into(), way: Way::DataUri }
}

/// An input as its path.
fn path(input: &Input) -> Option<String> {
    match input {
        Input::File { path, .. } => Some(path.to_string()),
        Input::Url(_) | Input::Shot(_) => None,
    }
}

#[test]
fn what_is_not_given_is_not_sent() {
    let sent = body(&project(None), &shot(Mode::TextToVideo), &[], &path);
    assert_eq!(sent, json!({ "model": "m-1", "prompt": "A boat.", "duration": 6 }));
}

#[rstest]
#[case::image(Slot::Image, json!({ "image": { "url": "a.png" } }))]
#[case::references(Slot::References, json!({ "reference_images": [{ "url": "a.png" }] }))]
#[case::last_frame(Slot::LastFrame, json!({ "last_frame": { "url": "a.png" } }))]
#[case::keyframes(Slot::Keyframes, json!({ "keyframes": [{ "image": { "url": "a.png" }, "timestamp_s": 2.5 }] }))]
#[case::video(Slot::Video, json!({ "video": { "url": "a.png" } }))]
fn an_input_goes_where_its_slot_says(#[case] slot: Slot, #[case] wanted: Value) {
    let mut shot = shot(Mode::TextToVideo);
    (shot.inputs, shot.keyframe_millis) = (vec![(slot, file("a.png"))], vec![2500]);
    let mut sent = body(&project(None), &shot, &[], &path);
    let sent = sent.as_object_mut().unwrap();
    sent.retain(|name, _| !["model", "prompt", "duration"].contains(&name.as_str()));
    assert_eq!(Value::Object(sent.clone()), wanted);
}

#[test]
fn a_field_that_the_mode_ignores_is_left_out() {
    let mut shot = shot(Mode::Extend);
    (shot.aspect_ratio, shot.resolution) = (Some("16:9".to_owned()), Some("720p".to_owned()));
    let sent = body(&project(None), &shot, &["aspect-ratio".to_owned()], &path);
    assert_eq!((sent.get("aspect_ratio"), &sent["resolution"]), (None, &json!("720p")));
    let edit = Shot { mode: Mode::Edit, ..shot };
    assert_eq!(body(&project(None), &edit, &[], &path).get("duration"), None);
}

#[test]
fn voices_and_the_delivery_address_are_sent_by_their_names() {
    let shot = Shot { voices: vec!["ara".to_owned()], ..shot(Mode::TextToVideo) };
    let sent = body(&project(Some("https://up.example/x")), &shot, &[], &path);
    assert_eq!(sent["reference_audios"], json!([{ "voice_id": "ara" }]));
    assert_eq!(sent["output"], json!({ "upload_url": "https://up.example/x" }));
}

#[test]
fn a_brief_is_told_part_by_part_behind_the_prompt() {
    let brief = Brief {
        subject: Some("a robot".to_owned()),
        camera: Some("It does not move.".to_owned()),
        style: Some("  ".to_owned()),
        exclude: Some(vec!["people".to_owned(), "logos".to_owned()]),
        ..Brief::default()
    };
    let mut shot = Shot { brief: Some(brief), ..shot(Mode::TextToVideo) };
    let told = "Subject: a robot. Camera: It does not move. Not in the picture: people, logos.";
    assert_eq!(prompt(&shot).unwrap(), format!("A boat. {told}"));
    shot.prompt = None;
    assert_eq!(prompt(&shot).unwrap(), told);
    shot.brief = None;
    assert_eq!(prompt(&shot), None);
}

/// A shot of 480p and 16:9, of which its mode uses all but these fields.
#[rstest]
#[case::all(&[], Some(480), Some((16, 9)))]
#[case::no_resolution(&["resolution"], None, Some((16, 9)))]
#[case::no_ratio(&["aspect-ratio"], Some(480), None)]
fn a_clip_is_held_against_what_its_mode_uses(
    #[case] ignored: &[&str],
    #[case] lines: Option<u32>,
    #[case] ratio: Option<(u32, u32)>,
) {
    let (resolution, aspect_ratio) = (Some("480p".to_owned()), Some("16:9".to_owned()));
    let shot = Shot { aspect_ratio, resolution, ..shot(Mode::TextToVideo) };
    let ignored = ignored.iter().map(|&field| field.to_owned()).collect();
    let purchase = Purchase { price: Usd::ZERO, priced: None, millis: Some(6000), ignored };
    let wanted = Wanted::of(&project(Some("https://bucket.example/")), &shot, &purchase);
    assert_eq!(wanted, Wanted { millis: Some(6000), lines, ratio, delivered: true });
}
