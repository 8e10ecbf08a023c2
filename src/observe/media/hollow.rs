//! Files that look whole from outside but lack something inside.

use rstest::rstest;

use super::fixture::{find, fixture, look};
use crate::model::media::Whole;

fn put(bytes: &mut [u8], at: usize, number: u32) {
    bytes[at..at + 4].copy_from_slice(&number.to_be_bytes());
}

/// A PNG of this size with this data between its head and its end, and correct checksums.
fn png(width: u32, height: u32, data: &[u8]) -> Vec<u8> {
    let chunk = |name: &[u8], content: &[u8]| {
        let mut table = [0_u32; 256];
        for (at, entry) in (0_u32..).zip(&mut table) {
            *entry = (0..8).fold(at, |crc, _| if crc & 1 == 1 { 0xedb8_8320 ^ crc >> 1 } else { crc >> 1 });
        }
        let named = [name, content].concat();
        let crc = named
            .iter()
            .fold(u32::MAX, |crc, byte| table[usize::from(crc.to_le_bytes()[0] ^ byte)] ^ crc >> 8);
        [&u32::try_from(content.len()).unwrap().to_be_bytes()[..], &named, &(!crc).to_be_bytes()].concat()
    };
    let mut head = [width.to_be_bytes(), height.to_be_bytes()].concat();
    head.extend([8, 0, 0, 0, 0]);
    let data = if data.is_empty() { vec![] } else { chunk(b"IDAT", data) };
    [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", &head), &data, &chunk(b"IEND", b"")].concat()
}

#[rstest]
#[case::nothing(0, 0, "0×0 pixels is not a valid size")]
#[case::no_height(5, 0, "5×0 pixels is not a valid size")]
#[case::everything(u32::MAX, u32::MAX, "the file is too small for 4294967295×4294967295 pixels")]
#[case::large(20_000, 20_000, "the file is too small for 20000×20000 pixels")]
fn measures_must_make_sense(#[case] width: u32, #[case] height: u32, #[case] why: &str) {
    for data in [&b""[..], b"\x78\x9c\x03\0\0\0\0\x01"] {
        assert_eq!(look(&png(width, height, data)).whole, Whole::No(why.to_owned()));
    }
}

/// A picture that is large but possible is not read, and never passes.
#[test]
fn more_pixels_than_are_read_are_unknown() {
    let mut wide = png(70_000, 1, b"\x78\x9c\x03\0\0\0\0\x01");
    wide.extend_from_slice(&[0; 200]);
    assert!(matches!(look(&wide).whole, Whole::Unknown(why) if why.starts_with("70000×1 pixels")));
}

#[rstest]
#[case::no_data(b"")]
#[case::empty_stream(b"\x78\x9c\x03\0\0\0\0\x01")]
#[case::rubbish(b"no zlib")]
fn a_png_must_have_its_pixels(#[case] data: &[u8]) {
    let media = look(&png(4, 4, data));
    assert!(matches!(media.whole, Whole::No(_)), "{media:?}");
    assert_eq!(media.pixels, Some((4, 4)));
}

/// Half of the data, with all end markers.
#[rstest]
fn a_jpeg_that_is_cut_in_half_and_ended_is_damaged(
    #[values("still.jpg", "progressive.jpg")] name: &str,
    #[values(2, 3, 5, 10)] part: usize,
) {
    let whole = fixture(name);
    let start = find(&whole, b"\xff\xda") + 20;
    let mut bytes = whole[..start + (whole.len() - start) / part].to_vec();
    if bytes.ends_with(b"\xff") {
        bytes.pop();
    }
    bytes.extend_from_slice(b"\xff\xd9");
    assert!(matches!(look(&bytes).whole, Whole::No(_)), "{name} cut at {}", bytes.len());
}

/// The scans at the end of a progressive picture are removed one by one.
#[test]
fn a_jpeg_without_its_last_scans_is_damaged() {
    let bytes = fixture("progressive.jpg");
    let scans: Vec<_> = (0..bytes.len() - 1).filter(|at| bytes[*at..].starts_with(b"\xff\xda")).collect();
    assert!(scans.len() > 4);
    for at in scans {
        let cut = [&bytes[..at], b"\xff\xd9"].concat();
        assert_eq!(look(&cut).whole, Whole::No("the file is damaged: it ends too early".into()));
    }
}

/// The sizes inside are corrected, so that only the pixels show it.
#[rstest]
fn a_webp_that_is_cut_in_half_and_mended_is_damaged(
    #[values("still.webp", "lossless.webp")] name: &str,
    #[values(2, 4)] part: usize,
) {
    let mut bytes = fixture(name);
    bytes.truncate(bytes.len() / part / 2 * 2);
    let length = u32::try_from(bytes.len()).unwrap();
    bytes[4..8].copy_from_slice(&(length - 8).to_le_bytes());
    bytes[16..20].copy_from_slice(&(length - 20).to_le_bytes());
    assert!(matches!(look(&bytes).whole, Whole::No(_)), "{:?}", look(&bytes));
}

#[rstest]
#[case::longer_than_its_pictures(|b: &mut Vec<u8>| { let at = find(b, b"mvhd"); put(b, at + 20, 20_000) }, "it declares 20000 ms but holds 2000 ms")]
#[case::no_time(|b: &mut Vec<u8>| { let at = find(b, b"stts"); put(b, at + 16, 0) }, "it has no frames, or they have no duration")]
#[case::behind_the_end(|b: &mut Vec<u8>| { let at = find(b, b"stco"); put(b, at + 12, 1_000_000) }, "its index points to data that is not in the file")]
#[case::within_the_index(|b: &mut Vec<u8>| { let at = find(b, b"stco"); put(b, at + 12, 1500) }, "its index points to data that is not in the file")]
#[case::too_large(|b: &mut Vec<u8>| { let at = find(b, b"stsz"); put(b, at + 16, 5000) }, "its index points to data that is not in the file")]
#[case::fewer_times(|b: &mut Vec<u8>| { let at = find(b, b"stts"); put(b, at + 12, 19) }, "its index contradicts itself")]
#[case::no_chunks(|b: &mut Vec<u8>| { let at = find(b, b"stco"); b[at..at + 4].copy_from_slice(b"free") }, "its index cannot be read")]
#[case::data_renamed(|b: &mut Vec<u8>| { let at = find(b, b"mdat"); b[at..at + 4].copy_from_slice(b"free") }, "its index points to data that is not in the file")]
#[case::no_width(|b: &mut Vec<u8>| { let at = find(b, b"tkhd"); put(b, at + 80, 0) }, "its frames have no width or height")]
fn a_clip_must_hold_what_its_index_promises(#[case] spoil: fn(&mut Vec<u8>), #[case] why: &str) {
    let mut bytes = fixture("clip.mp4");
    spoil(&mut bytes);
    assert_eq!(look(&bytes).whole, Whole::No(why.to_owned()));
}

#[rstest]
#[case::behind_the_end(|b: &mut Vec<u8>| { let at = find(b, b"trun"); put(b, at + 12, 100_000) }, "its index points to data that is not in the file")]
#[case::too_large(|b: &mut Vec<u8>| { let at = find(b, b"trun"); put(b, at + 20, 100_000) }, "its index points to data that is not in the file")]
#[case::no_fragments(|b: &mut Vec<u8>| { let at = find(b, b"moof"); b[at..at + 4].copy_from_slice(b"free") }, "it has no frames, or they have no duration")]
fn a_fragmented_clip_must_hold_what_its_index_promises(#[case] spoil: fn(&mut Vec<u8>), #[case] why: &str) {
    let mut bytes = fixture("fragmented.mp4");
    spoil(&mut bytes);
    assert_eq!(look(&bytes).whole, Whole::No(why.to_owned()));
}
