//! Files that need more work or memory than any real picture or clip: they are reported as not read, and never pass.

use std::io::{BufReader, Seek as _, SeekFrom, Write as _};

use rstest::rstest;

use super::{
    file::{inspect, look_at},
    fixture::{find, fixture, look},
};
use crate::model::media::{Media, MediaFact, Whole};

fn unknown(why: &str) -> Whole {
    Whole::Unknown(why.to_owned())
}

/// What is seen of a file with this many zeros in its middle, which take no room on the disk.
fn look_with_zeros(before: &[u8], zeros: u64, behind: &[u8]) -> Media {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(before).unwrap();
    file.seek(SeekFrom::Current(i64::try_from(zeros).unwrap())).unwrap();
    file.write_all(behind).unwrap();
    let length = before.len() as u64 + zeros + behind.len() as u64;
    file.set_len(length).unwrap();
    file.rewind().unwrap();
    inspect(BufReader::new(file), length)
}

const LARGE: u64 = 64 << 20;

/// Each scan walks through the whole picture again.
#[rstest]
#[case(200, Whole::Yes)]
#[case(201, unknown("a JPEG with more scans than greenlight reads"))]
fn a_jpeg_of_endless_scans_is_not_walked_through(#[case] scans: usize, #[case] whole: Whole) {
    let bytes = fixture("still.jpg");
    let scan = find(&bytes, b"\xff\xda");
    let (head, rest) = bytes.split_at(scan);
    let bytes = [head, &rest[..rest.len() - 2].repeat(scans), b"\xff\xd9"].concat();
    assert_eq!(look(&bytes).whole, whole);
}

#[test]
fn a_jpeg_with_an_enormous_tail_is_not_walked_through() {
    let bytes = fixture("still.jpg");
    let small = look_with_zeros(&bytes, LARGE - bytes.len() as u64, b"");
    assert_eq!(small.whole, Whole::Yes);
    assert_eq!(look_with_zeros(&bytes, LARGE, b"").whole, unknown("it is larger than greenlight reads"));
}

/// A chunk that isn't pixels and is kept in memory as a whole. Its checksum does not matter.
#[test]
fn a_png_with_an_enormous_chunk_is_not_read() {
    let bytes = fixture("still.png");
    let (head, rest) = bytes.split_at(33);
    let size = LARGE + (1 << 20);
    let name = [&u32::try_from(size).unwrap().to_be_bytes()[..], b"eXIf"].concat();
    let media = look_with_zeros(&[head, &name].concat(), size, &[&[0; 4], rest].concat());
    assert_eq!(media.whole, unknown("its parts are larger than greenlight reads"));
}

/// An animation of this many frames, each as large as the canvas.
fn animated(side: u32, frames: usize) -> Vec<u8> {
    let still = fixture("lossless.webp");
    let picture = &still[find(&still, b"VP8L")..];
    let three = |number: u32| number.to_le_bytes()[..3].to_vec();
    let part = |name: &[u8; 4], content: &[u8]| {
        let length = u32::try_from(content.len()).unwrap().to_le_bytes();
        [&name[..], &length, content, if content.len() % 2 == 1 { b"\0" } else { b"" }].concat()
    };
    let canvas = [vec![2, 0, 0, 0], three(side - 1), three(side - 1)].concat();
    let place = [three(0), three(0), three(63), three(47), three(100), vec![0]].concat();
    let frame = part(b"ANMF", &[&place, picture].concat());
    let parts = [part(b"VP8X", &canvas), part(b"ANIM", &[0; 6]), frame.repeat(frames)].concat();
    part(b"RIFF", &[b"WEBP", &parts[..]].concat())
}

/// The canvas would be drawn for every frame, however little the frame contains.
#[test]
fn a_webp_of_huge_frames_is_not_drawn() {
    assert_eq!(look(&animated(64, 3)).whole, Whole::Yes);
    let media = look(&animated(8000, 3));
    assert_eq!(
        (media.pixels, media.whole),
        (Some((8000, 8000)), unknown("its frames are larger than greenlight reads"))
    );
}

/// Empty parts of eight bytes each: a file of a gigabyte has millions of them.
#[rstest]
#[case(19_990, Whole::Yes)]
#[case(20_000, unknown("it has more parts than greenlight reads"))]
fn a_clip_of_endless_parts_is_not_followed(#[case] parts: usize, #[case] whole: Whole) {
    let mut bytes = fixture("clip.mp4");
    bytes.extend_from_slice(&b"\0\0\0\x08free".repeat(parts));
    assert_eq!(look(&bytes).whole, whole);
}

/// The index is kept in memory, and most of this one is empty.
#[test]
fn a_clip_with_an_enormous_index_is_not_read() {
    let bytes = fixture("clip.mp4");
    let at = find(&bytes, b"moov") - 4;
    let (data, index) = bytes.split_at(at);
    let own = u32::from_be_bytes(index[..4].try_into().unwrap());
    assert_eq!(own as usize, index.len(), "the index is the last part");
    let with = |gap: u64| {
        let gap_size = u32::try_from(gap).unwrap();
        let size = (own + gap_size).to_be_bytes();
        let head = [data, &size, &index[4..], &gap_size.to_be_bytes(), b"free"].concat();
        look_with_zeros(&head, gap - 8, b"").whole
    };
    assert_eq!(with(1 << 20), Whole::Yes);
    assert_eq!(with(LARGE), Whole::No("its index cannot be read".to_owned()));
}

/// A digest needs the whole file, so it is not computed for a file that would take minutes.
#[tokio::test]
async fn an_enormous_file_has_no_digest() {
    let folder = tempfile::tempdir().unwrap();
    let path = camino::Utf8PathBuf::from_path_buf(folder.path().join("large")).unwrap();
    fs_err::File::create(&path).unwrap().set_len((512 << 20) + 1).unwrap();
    let MediaFact::Present(media) = look_at(path).await else { panic!() };
    assert_eq!((media.sha256, media.bytes), (None, Some((512 << 20) + 1)));
}
