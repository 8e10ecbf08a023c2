//! Real files, whole and cut, recognised by their content.

use std::{
    cell::Cell,
    io::{BufReader, Seek as _, SeekFrom, Write as _},
};

use proptest::prelude::*;
use rstest::rstest;

use super::{
    file::inspect,
    fixture::{fixture, look},
};
use crate::model::media::{Media, Whole};

fn no(why: &str) -> Whole {
    Whole::No(why.to_owned())
}

fn unknown(why: &str) -> Whole {
    Whole::Unknown(why.to_owned())
}

#[rstest]
#[case("still.jpg", "image/jpeg", None, None)]
#[case("still.png", "image/png", None, None)]
#[case("still.webp", "image/webp", None, None)]
#[case("progressive.jpg", "image/jpeg", None, None)]
#[case("interlaced.png", "image/png", None, None)]
#[case("lossless.webp", "image/webp", None, None)]
#[case("clip.mp4", "video/mp4", Some(2000), Some("avc1"))]
#[case("fragmented.mp4", "video/mp4", Some(2000), Some("avc1"))]
fn a_whole_file_is_known(
    #[case] name: &str,
    #[case] mime: &str,
    #[case] millis: Option<u64>,
    #[case] codec: Option<&str>,
) {
    let bytes = fixture(name);
    let expected = Media {
        sha256: None,
        bytes: Some(bytes.len() as u64),
        mime: Some(mime.into()),
        pixels: Some((64, 48)),
        millis,
        codec: codec.map(str::to_owned),
        whole: Whole::Yes,
    };
    assert_eq!(look(&bytes), expected);
}

#[rstest]
fn a_cut_file_is_damaged(
    #[values(
        "still.jpg",
        "progressive.jpg",
        "still.png",
        "interlaced.png",
        "still.webp",
        "lossless.webp",
        "clip.mp4",
        "fragmented.mp4"
    )]
    name: &str,
    #[values(1, 2, 50, 200)] missing: usize,
) {
    let bytes = fixture(name);
    let media = look(&bytes[..bytes.len() - missing]);
    assert!(matches!(media.whole, Whole::No(_)), "{media:?}");
    assert_eq!(media.bytes, Some((bytes.len() - missing) as u64));
}

#[test]
fn an_index_that_is_missing_is_damage() {
    let bytes = fixture("clip.mp4");
    let at = bytes.windows(4).position(|name| name == b"moov").unwrap() - 4;
    assert_eq!(look(&bytes[..at]).whole, no("the index of the clip is missing"));
}

/// Overwrites a number at this distance after the name of a part.
fn put(bytes: &mut [u8], name: &[u8], behind: usize, now: u32) {
    let at = bytes.windows(4).position(|part| part == name).unwrap() + behind;
    bytes[at..at + 4].copy_from_slice(&now.to_be_bytes());
}

/// Appends the index a second time.
fn twice(bytes: &mut Vec<u8>) {
    let at = bytes.windows(4).position(|name| name == b"moov").unwrap() - 4;
    let size = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    bytes.extend_from_within(at..at + usize::try_from(size).unwrap());
}

/// Only the sample entry: a brand may have the same name as the codec.
fn encrypted(bytes: &mut [u8]) {
    let at = bytes.windows(4).rposition(|name| name == b"avc1").unwrap();
    bytes[at..at + 4].copy_from_slice(b"encv");
}

fn zeros(bytes: &mut [u8]) {
    let at = bytes.windows(4).position(|name| name == b"mdat").unwrap();
    let size = u32::from_be_bytes(bytes[at - 4..at].try_into().unwrap());
    bytes[at + 4..at - 4 + usize::try_from(size).unwrap()].fill(0);
}

/// A clip that two programs would read differently, or that can't be played, isn't whole.
#[rstest]
#[case::shorter_than_its_edit(|b: &mut Vec<u8>| put(b, b"mvhd", 20, 500), "it declares 500 ms but shows 2000 ms")]
#[case::longer_edit(|b: &mut Vec<u8>| put(b, b"elst", 12, 9000), "it declares 2000 ms but shows 9000 ms")]
#[case::two_indexes(twice, "it has two indexes, and programs read one or the other")]
#[case::encrypted(|b: &mut Vec<u8>| encrypted(b), "its pictures are encrypted")]
#[case::zeros(|b: &mut Vec<u8>| zeros(b), "its media data are nothing but zeros")]
fn a_clip_that_contradicts_itself_is_not_whole(#[case] change: fn(&mut Vec<u8>), #[case] why: &str) {
    let mut bytes = fixture("clip.mp4");
    change(&mut bytes);
    assert_eq!(look(&bytes).whole, no(why));
}

/// A provider that ignores edit lists charges for the full length of a track, even if the clip declares far less.
#[test]
fn the_longest_length_counts() {
    let mut bytes = fixture("clip.mp4");
    put(&mut bytes, b"mdhd", 20, 2_048_000);
    put(&mut bytes, b"stts", 16, 102_400);
    assert_eq!(look(&bytes).millis, Some(200_000));
}

#[test]
fn what_cameras_append_to_a_jpeg_is_no_damage_and_a_preview_is_not_its_end() {
    let mut bytes = fixture("still.jpg");
    bytes.extend_from_slice(&[0; 100]);
    assert_eq!(look(&bytes).whole, Whole::Yes);
    // A segment with an end marker of its own, before an image that is cut.
    let whole = fixture("still.jpg");
    let mut preview = vec![0xff, 0xd8, 0xff, 0xe1, 0, 6, 0xff, 0xd9, 0xff, 0xd9];
    preview.extend_from_slice(&whole[2..whole.len() - 2]);
    assert_eq!(look(&preview).whole, no("the file is cut short"));
}

#[rstest]
#[case(b"", None, no("the file is empty"))]
#[case(b"just words", None, unknown("unknown file type"))]
#[case(b"%PDF-1.7", Some("application/pdf"), unknown("application/pdf is not supported"))]
#[case(b"GIF89a\x01\0\x01\0\0\0\0;", Some("image/gif"), unknown("image/gif is not supported"))]
fn other_content_has_its_own_type(#[case] bytes: &[u8], #[case] mime: Option<&str>, #[case] whole: Whole) {
    let media = look(bytes);
    assert_eq!((media.mime.as_deref(), media.whole), (mime, whole));
}

#[test]
fn a_clip_of_two_gigabytes_is_not_read() {
    let clip = fixture("clip.mp4");
    let index = memchr::memmem::find(&clip, b"moov").unwrap() - 4;
    let gap = 2_u32 << 30;
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&clip[..index]).unwrap();
    file.write_all(&gap.to_be_bytes()).unwrap();
    file.write_all(b"free").unwrap();
    let at = file.seek(SeekFrom::Current(i64::from(gap) - 8)).unwrap();
    file.write_all(&clip[index..]).unwrap();
    let length = at + (clip.len() - index) as u64;
    file.rewind().unwrap();
    let over = Cell::new(false);
    let media = inspect(BufReader::new(Counted { file, left: 1 << 20, over: &over }), length);
    assert_eq!((media.whole, media.millis, over.get()), (Whole::Yes, Some(2000), false));
}

/// Each of its million parts is empty. A reader that refills its buffer for each would take minutes.
#[test]
fn a_picture_of_nothing_but_empty_parts_is_read_once() {
    let parts = [b"\xff\xd8".to_vec(), b"\xff\xe0\0\x02".repeat(1 << 20)].concat();
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&parts).unwrap();
    file.rewind().unwrap();
    let length = parts.len() as u64;
    let over = Cell::new(false);
    let media = inspect(BufReader::new(Counted { file, left: parts.len() * 2, over: &over }), length);
    assert_eq!((media.pixels, media.whole), (None, no("its width and height cannot be read")));
    assert!(!over.get(), "it was read more than twice");
}

/// A file that fails when more of it is read than an index needs.
struct Counted<'c> {
    file: std::fs::File,
    left: usize,
    /// Whether that happened: otherwise a file that can't be read looks like a broken one.
    over: &'c Cell<bool>,
}

impl std::io::Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(buffer)?;
        let left = self.left.checked_sub(read);
        self.over.set(left.is_none());
        self.left = left.ok_or_else(|| std::io::Error::other("read too much"))?;
        Ok(read)
    }
}

impl std::io::Seek for Counted<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.file.seek(to)
    }
}

/// Sizes of zero lead in circles, and huge counts ask for huge memory: neither may stop a check.
#[rstest]
fn no_odd_size_in_an_index_stops_a_check(
    #[values("clip.mp4", "fragmented.mp4")] name: &str,
    #[values([0; 4], [0, 0, 0, 1], [0x7f, 0xff, 0xff, 0xff], [0xff; 4])] odd: [u8; 4],
) {
    let clip = fixture(name);
    let index = clip.windows(4).position(|name| name == b"moov").unwrap() + 4;
    for at in index..clip.len() - 4 {
        let mut bytes = clip.clone();
        bytes[at..at + 4].copy_from_slice(&odd);
        assert_eq!(look(&bytes).bytes, Some(clip.len() as u64));
    }
}

proptest! {
    #[test]
    fn no_broken_file_ends_the_process(
        name in prop::sample::select(vec![
            "still.jpg", "progressive.jpg", "still.png", "still.webp", "lossless.webp", "clip.mp4", "fragmented.mp4",
        ]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        length in any::<prop::sample::Index>(),
    ) {
        let mut bytes = fixture(name);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let length = length.index(bytes.len() * 2).clamp(1, bytes.len());
        prop_assert_eq!(look(&bytes[..length]).bytes, Some(length as u64));
    }
}
