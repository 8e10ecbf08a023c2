//! Size of a still image, and whether it goes on to its end.

use std::io::{BufRead, Read, Seek, SeekFrom};

use super::bounded::Bounded;
use crate::model::media::Media;

/// A larger image is measured but not read through, in bytes.
const LARGE: u64 = 64 << 20;

/// What a parser may read twice of a small image, in bytes.
const SLACK: u64 = 64 << 10;

/// What the content of an image shows.
pub(super) fn look(mut content: impl BufRead + Seek, mime: &str, media: Media) -> Media {
    let length = media.bytes.unwrap_or_default();
    let size = imagesize::reader_size(Bounded::new(&mut content, length.min(LARGE) * 2 + SLACK)).ok();
    let pixels = size.and_then(|size| Some((size.width.try_into().ok()?, size.height.try_into().ok()?)));
    let damage = match mime {
        "image/jpeg" | "image/png" | "image/webp" => {
            let whole = content.rewind().is_ok()
                && match mime {
                    "image/jpeg" => length > LARGE || is_whole_jpeg(&mut content),
                    "image/png" => is_whole_png(&mut content, length),
                    _ => is_whole_webp(&mut content, length),
                };
            (!whole).then(|| "the file is cut short".to_owned())
        }
        _ => None,
    };
    let unsized_ = || "its width and height cannot be read".to_owned();
    let damage = damage.or_else(|| pixels.is_none().then(unsized_));
    Media { pixels, damage, ..media }
}

/// Walks from marker to marker to the end marker. What cameras append after it does not matter, and
/// the end marker of a preview inside a segment is not taken for that of the image.
fn is_whole_jpeg(content: &mut impl BufRead) -> bool {
    let mut bytes = content.bytes().map_while(Result::ok);
    let mut before = 0;
    while let Some(byte) = bytes.next() {
        let marker = (before == 0xff).then_some(byte);
        before = byte;
        match marker {
            Some(0xd9) => return true,
            // Stuffing, padding, restarts and the start have no length; all others but image data do.
            None | Some(0x00 | 0x01 | 0xff | 0xd0..=0xd8) => {}
            Some(_) => {
                let (Some(high), Some(low)) = (bytes.next(), bytes.next()) else { return false };
                let length = usize::from(u16::from_be_bytes([high, low]));
                if length > 2 && bytes.nth(length - 3).is_none() {
                    return false;
                }
                before = 0;
            }
        }
    }
    false
}

/// Goes from chunk to chunk to `IEND`.
fn is_whole_png(content: &mut (impl Read + Seek), length: u64) -> bool {
    let mut at = 8;
    while at + 12 <= length {
        let mut chunk = [0; 8];
        if content.seek(SeekFrom::Start(at)).is_err() || content.read_exact(&mut chunk).is_err() {
            return false;
        }
        let [a, b, c, d, name @ ..] = chunk;
        at += 12 + u64::from(u32::from_be_bytes([a, b, c, d]));
        if &name == b"IEND" {
            return at <= length;
        }
    }
    false
}

/// The length that stands in the file against the one it has.
fn is_whole_webp(content: &mut impl Read, length: u64) -> bool {
    let mut head = [0; 8];
    let [.., a, b, c, d] = match content.read_exact(&mut head) {
        Ok(()) => head,
        Err(_) => return false,
    };
    u64::from(u32::from_le_bytes([a, b, c, d])) + 8 <= length
}
