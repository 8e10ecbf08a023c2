//! What evidence must contain: a file that shows something, words that say something, and their date.

use greenlight::model::answer::{Answer, Evidence};
use rstest::rstest;

use super::{SCREEN, answers, begun, check_at, cleared_for, day, loaded, settle, told};
use crate::support::{NOW, Sample, ran};

/// A question of the app route that needs a file.
const CHECK: &str = "app.limit-information";
const ARGS: [&str; 7] = ["answer", CHECK, "--value", "enough is shown", "--by", "Ann", "--evidence"];

/// The row of a check on one line.
fn row(place: &Sample, title: &str) -> String {
    told(&check_at(place, NOW), title).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn title(place: &Sample) -> String {
    loaded(place).checklist.check(CHECK).unwrap().title.to_string()
}

#[rstest]
#[case::a_blank("shot.png", b" ", "it isn't an image, a PDF, a video or a UTF-8 text of useful length")]
#[case::a_name_alone("shot.png", b"PNG", "it isn't an image, a PDF")]
#[case::an_archive(
    "shot.zip",
    b"PK\x03\x04and then a few words that somebody could take for a text",
    "it isn't an image"
)]
#[case::half_a_picture(
    "shot.png",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x04\0\0\0\x04\0\x08\x02\0\0\0",
    "the file"
)]
fn a_file_without_content_is_refused(#[case] name: &str, #[case] bytes: &[u8], #[case] says: &str) {
    let place = begun("app");
    place.write_bytes(name, bytes);
    let told = ran(place.greenlight(&ARGS).arg(name));
    assert_eq!(told.code, 2, "{}", told.all());
    assert!(told.err.contains(&format!("cannot use `{name}` as evidence: {says}")), "{}", told.err);
    assert!(!place.path().join("answers.toml").exists());
}

#[test]
fn the_projects_own_files_are_not_evidence() {
    let place = begun("app");
    place.write(
        "answers.toml",
        "# A file of answers may begin with a remark of some length, so that it is a text.\n",
    );
    fs_err::hard_link(place.path().join("greenlight.toml"), place.path().join("proof.txt")).unwrap();
    for name in ["file:greenlight.toml", "file:answers.toml", "proof.txt"] {
        let told = ran(place.greenlight(&ARGS).arg(name));
        assert_eq!(told.code, 2, "{}", told.all());
        assert!(told.err.contains("it is a file of the project itself"), "{}", told.err);
    }
}

/// An answers file edited by hand can say anything, so the file that it names is checked again.
#[test]
fn a_file_without_content_counts_for_nothing_however_it_was_recorded() {
    let place = begun("app");
    place.write("blank.png", " ");
    let (sha256, bytes) = greenlight::observe::evidence::digest(&place.path(), "blank.png".into()).unwrap();
    settle(&place, |answer| {
        let blank = Evidence::File {
            path: "blank.png".into(),
            sha256: sha256.clone(),
            bytes,
            captured: answer.answered,
        };
        Some(Answer { evidence: vec![blank], ..answer })
    });
    let seen = row(&place, &title(&place));
    assert!(seen.contains("with evidence that does not count: it isn't an image"), "{seen}");
    assert!(seen.ends_with("exit 3"), "{seen}");
}

#[rstest]
#[case::one_letter("quote:x")]
#[case::one_word("quote:refunded")]
#[case::the_same_word("quote:yes yes yes yes")]
fn words_must_say_something(#[case] quote: &str) {
    let place = begun("app");
    let args = ["answer", "app.media-rights", "--value", "yes", "--by", "Ann", "--evidence"];
    let told = ran(place.greenlight(&args).arg(quote));
    assert_eq!(told.code, 2, "{}", told.all());
    assert!(told.err.contains("write a few words that someone else can check"), "{}", told.err);
}

fn captured(on: &str) -> Sample {
    let place = begun("app");
    settle(&place, |mut answer| {
        for evidence in &mut answer.evidence {
            if let Evidence::File { captured, .. } = evidence {
                *captured = day(on);
            }
        }
        Some(answer)
    });
    place
}

#[rstest]
#[case::long_ago("2026-11-01", Some("it was captured on 2026-11-01, and a file counts for 1 days"))]
#[case::ahead("2026-11-23", Some("with a file captured on 2026-11-23, which is after 2026-11-22"))]
#[case::of_the_day("2026-11-22", None)]
fn a_file_ages_as_a_page_does(#[case] on: &str, #[case] says: Option<&str>) {
    let place = captured(on);
    let seen = row(&place, &title(&place));
    match says {
        Some(says) => assert!(seen.contains(says) && seen.ends_with("exit 3"), "{seen}"),
        None => assert!(seen.ends_with("exit 0"), "{seen}"),
    }
}

/// Answers recorded before evidence files had a date: the file counts as of the day of the answer.
#[test]
fn a_file_without_a_day_is_of_the_day_of_its_answer() {
    let place = captured("2026-11-21");
    let with = answers(&place);
    let without = with.replace(", captured = 2026-11-21", "");
    assert_ne!(with, without);
    place.write("answers.toml", &without);
    assert_eq!(check_at(&place, NOW).code, 0);
}

#[test]
fn the_same_file_under_a_new_day_is_told() {
    let place = begun("app");
    settle(&place, |answer| {
        let (answered, expires) = (day("2026-11-10"), day("2026-11-11"));
        let is_it = answer.check.as_str() == CHECK;
        is_it.then_some(Answer { answered, expires, ..answer })
    });
    settle(&place, Some);
    assert_eq!(fs_err::read_to_string(place.path().join("screen.txt")).unwrap(), SCREEN);
    let ran = check_at(&place, NOW);
    let seen = told(&ran, &title(&place)).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(seen.contains("with the same file as the answer of 2026-11-10, which has expired"), "{seen}");
    assert!(seen.contains("warn"), "{seen}");
    // A new file counts as new.
    let fresh = cleared_for("app");
    assert!(!crate::support::ran(&mut fresh.greenlight(&["check"])).out.contains("which has expired"));
}
