//! Whether a film is whole, and in what it is another one than was asked for.

use rstest::rstest;

use super::*;
use crate::{
    model::ticks::Ticks,
    spend::job::{Basis, Ending, Settled, State},
};

fn film() -> Media {
    Media {
        mime: Some("video/mp4".to_owned()),
        millis: Some(6000),
        pixels: Some((1280, 720)),
        whole: Whole::Yes,
        ..Media::default()
    }
}

#[rstest]
#[case::whole(|_: &mut Media| (), None)]
#[case::of_another_maker(|film: &mut Media| film.mime = Some("video/quicktime".to_owned()), None)]
#[case::of_no_type(|film: &mut Media| film.mime = None, Some("its type is unknown"))]
#[case::of_another_type(|film: &mut Media| film.mime = Some("video/webm".to_owned()), Some("it is video/webm"))]
#[case::cut_short(|film: &mut Media| film.whole = Whole::No("it is cut".to_owned()), Some("it is cut"))]
#[case::not_read(|film: &mut Media| film.whole = Whole::default(), Some("not read"))]
#[case::of_no_length(|film: &mut Media| film.millis = None, Some("it has no picture or no length"))]
#[case::without_a_picture(|film: &mut Media| film.pixels = None, Some("it has no picture or no length"))]
fn a_film_is_kept_when_it_is_whole(#[case] change: fn(&mut Media), #[case] why: Option<&str>) {
    let mut film = film();
    change(&mut film);
    assert_eq!(whole(&film).err().as_deref(), why);
}

fn wanted(millis: Option<u64>, lines: Option<u32>, ratio: Option<(u32, u32)>) -> Wanted {
    Wanted { millis, lines, ratio, delivered: false }
}

/// The film has 1280x720 and six seconds.
#[rstest]
#[case::as_asked(wanted(Some(6000), Some(720), Some((16, 9))), &[])]
#[case::nothing_asked(wanted(None, None, None), &[])]
#[case::half_a_second_off(wanted(Some(6500), None, None), &[])]
#[case::longer(wanted(Some(5499), None, None), &["asked for 5499 ms, it is 6000 ms long"])]
#[case::shorter(wanted(Some(6501), None, None), &["asked for 6501 ms, it is 6000 ms long"])]
#[case::of_another_size(wanted(None, Some(480), None), &["asked for 480p, it is 1280x720"])]
#[case::nearly_of_that_ratio(wanted(None, None, Some((7, 4))), &[])]
#[case::of_another_ratio(wanted(None, None, Some((9, 16))), &["asked for 9:16, it is 1280x720"])]
#[case::a_little_wider(wanted(None, None, Some((5, 3))), &["asked for 5:3, it is 1280x720"])]
#[case::in_everything(
    wanted(Some(4000), Some(1080), Some((1, 1))),
    &["asked for 4000 ms, it is 6000 ms long", "asked for 1080p, it is 1280x720", "asked for 1:1, it is 1280x720"]
)]
fn a_film_is_held_against_what_was_asked_for(#[case] wanted: Wanted, #[case] differs: &[&str]) {
    assert_eq!(differences(&film(), &wanted), differs);
}

#[test]
fn a_film_that_stands_upright_has_its_lines_across() {
    let upright = Media { pixels: Some((720, 1280)), ..film() };
    assert_eq!(differences(&upright, &wanted(None, Some(720), Some((9, 16)))), Vec::<String>::new());
}

#[rstest]
#[case::a_part("bytes 5-9/10", Some((5, Some(10))))]
#[case::of_a_length_that_nobody_knows("bytes 5-9/*", Some((5, None)))]
#[case::in_another_unit("items 5-9/10", None)]
#[case::without_a_length("bytes 5-9", None)]
#[case::from_nowhere("bytes x-9/10", None)]
#[case::not_said("", None)]
fn a_part_says_where_it_begins(#[case] header: &str, #[case] wanted: Option<(u64, Option<u64>)>) {
    let answer = axum::http::Response::builder();
    let answer = if header.is_empty() { answer } else { answer.header(CONTENT_RANGE, header) };
    assert_eq!(range(&answer.body("").unwrap().into()), wanted);
}

#[rstest]
#[case::settled(true, json!({ "amount": "0.0000000007 USD", "ticks": 7, "basis": "reported", "reserved": "0.0000000009 USD" }))]
#[case::open(false, json!({ "amount": null, "ticks": null, "basis": null, "reserved": "0.0000000009 USD" }))]
fn a_clip_is_described_with_what_it_cost(#[case] settled: bool, #[case] cost: Value) {
    let (amount, basis) = (Ticks::new(7), Basis::Reported);
    let state =
        State::Settled(Settled { request_id: None, ending: Ending::Done, amount, basis, to_store: false });
    let job = Job {
        id: "opening-1".to_owned(),
        shot: "opening".to_owned(),
        route: "api".to_owned(),
        provider: "xai".to_owned(),
        mode: "text-to-video".to_owned(),
        model: "m".to_owned(),
        request: json!({ "model": "m" }).to_string(),
        receipt: "ab".to_owned(),
        attempt: "first".to_owned(),
        price: Ticks::new(9),
        state: if settled { state } else { State::Unknown },
        file: None,
        sha256: None,
        opened: String::new(),
        changed: String::new(),
    };
    let kept = Kept {
        file: "clips/opening-1.mp4".into(),
        sha256: "cd".to_owned(),
        media: film(),
        differs: vec!["asked for 480p, it is 1280x720".to_owned()],
    };
    let told = sidecar(&kept, &job, "2026-11-22T10:05:00Z", true);
    assert_eq!(told["cost"], cost);
    assert_eq!(
        (&told["shot"], &told["request"]["model"], &told["file"]),
        (&json!("opening"), &json!("m"), &json!("opening-1.mp4"))
    );
    assert_eq!(
        (&told["width"], &told["height"], &told["differs"]),
        (&json!(1280), &json!(720), &json!(kept.differs))
    );
}
