//! What goes into a shot: addresses and files as they are, and the clips of other shots as they were stored.

use camino::Utf8PathBuf;
use rstest::rstest;

use super::*;
use crate::{
    model::{media::Slot, mode::Mode, ticks::Ticks},
    spend::job::{Basis, Ending, Settled, State},
};

const FILM: &[u8] = b"\0\0\0\x18ftypisom\0\0\0\0";

/// A folder with a film, and a file of which nobody can say what it is.
struct World {
    dir: Utf8PathBuf,
    _folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
        fs_err::write(dir.join("a.mp4"), FILM).unwrap();
        fs_err::write(dir.join("a.txt"), "words").unwrap();
        Self { dir, _folder: folder }
    }

    /// What of this input travels, or why not and what to do.
    fn travels(&self, input: &Input, jobs: &[Job]) -> Result<Travels, (String, String)> {
        let shot = Shot {
            id: ShotId::new("longer").unwrap(),
            mode: Mode::Extend,
            model: "m".to_owned(),
            duration: None,
            aspect_ratio: None,
            resolution: None,
            prompt: None,
            brief: None,
            inputs: vec![(Slot::Video, input.clone())],
            keyframe_millis: vec![],
            voices: vec![],
            line: 1,
        };
        let all = materials(&self.dir, &shot, jobs).map_err(|why| (why.to_string(), why.fix()))?;
        Ok(all[input].clone())
    }
}

fn file(path: &str, way: Way) -> Input {
    Input::File { path: path.into(), way }
}

fn clip() -> Input {
    Input::Shot(ShotId::new("opening").unwrap())
}

/// A job of a shot that ended so, with its clip at this place.
fn job(shot: &str, ending: Ending, stored: Option<&str>) -> Job {
    let (amount, basis, to_store) = (Ticks::new(1), Basis::Reported, false);
    Job {
        id: format!("{shot}-1"),
        shot: shot.to_owned(),
        route: "api".to_owned(),
        provider: "xai".to_owned(),
        mode: "text-to-video".to_owned(),
        model: "m".to_owned(),
        request: "{}".to_owned(),
        receipt: String::new(),
        attempt: "first".to_owned(),
        price: Ticks::new(1),
        state: State::Settled(Settled { request_id: None, ending, amount, basis, to_store }),
        file: stored.map(str::to_owned),
        sha256: stored.map(|_| hex(&Sha256::digest(FILM))),
        opened: String::new(),
        changed: String::new(),
    }
}

fn as_a_film() -> Travels {
    let digest = hex(&Sha256::digest(FILM));
    Travels {
        sent: format!("data:video/mp4;base64,{}", STANDARD.encode(FILM)),
        shown: format!("data:video/mp4;base64,[{} bytes of a.mp4, sha256 {digest}]", FILM.len()),
    }
}

#[test]
fn an_address_travels_as_it_is() {
    let address = "https://media.example/a.mp4";
    let travels = World::new().travels(&Input::Url(address.parse().unwrap()), &[]);
    assert_eq!(travels, Ok(Travels { sent: address.to_owned(), shown: address.to_owned() }));
}

#[test]
fn a_file_travels_within_the_request_and_is_shown_by_its_digest() {
    assert_eq!(World::new().travels(&file("a.mp4", Way::DataUri), &[]), Ok(as_a_film()));
}

#[test]
fn the_newest_clip_of_another_shot_travels_as_it_was_stored() {
    let jobs = [
        job("opening", Ending::Done, Some("gone.mp4")),
        job("opening", Ending::Done, Some("a.mp4")),
        job("opening", Ending::Failed, None),
        job("another", Ending::Done, Some("a.txt")),
    ];
    assert_eq!(World::new().travels(&clip(), &jobs), Ok(as_a_film()));
}

#[rstest]
#[case::upload(
    file("a.mp4", Way::Upload),
    "greenlight cannot upload `a.mp4` (`send = \"upload\"`)",
    "remove `send`, or put the file where the provider can fetch it"
)]
#[case::no_type(
    file("a.txt", Way::DataUri),
    "unknown file type: `a.txt`",
    "convert it: images as PNG, JPEG or WebP, clips as MP4"
)]
fn a_file_that_cannot_travel_is_told(#[case] input: Input, #[case] says: &str, #[case] fix: &str) {
    assert_eq!(World::new().travels(&input, &[]), Err((says.to_owned(), fix.to_owned())));
}

#[test]
fn a_file_that_is_gone_is_told() {
    let (_, fix) = World::new().travels(&file("b.mp4", Way::DataUri), &[]).unwrap_err();
    assert_eq!(fix, "run `greenlight check`: it looks at every input");
}

fn changed() -> Job {
    Job { sha256: Some("00".to_owned()), ..job("opening", Ending::Done, Some("a.mp4")) }
}

fn to_store() -> Job {
    let mut made = job("opening", Ending::Done, None);
    if let State::Settled(settled) = &mut made.state {
        settled.to_store = true;
    }
    made
}

#[rstest]
#[case::never_made(job("opening", Ending::Failed, None), "run `greenlight clip opening` first")]
#[case::of_another_shot(job("another", Ending::Done, Some("a.mp4")), "run `greenlight clip opening` first")]
#[case::not_saved(to_store(), "run `greenlight clip --resume opening-1` first")]
#[case::delivered(
    job("opening", Ending::Delivered, None),
    "download it, and name the file as `video` of the shot"
)]
#[case::changed(changed(), "put the stored clip back, or name the file as `video = \"…\"` of the shot")]
fn a_clip_that_is_not_there_is_made_or_found_first(#[case] job: Job, #[case] fix: &str) {
    let (_, found) = World::new().travels(&clip(), &[job]).unwrap_err();
    assert_eq!(found, fix);
}
