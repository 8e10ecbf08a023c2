//! The size of a still image, and whether all of its pixels are there.

use std::io::{self, BufRead, Seek};

use super::{bounded::Bounded, jpeg};
use crate::model::media::{Media, Whole};

/// An image of more bytes is measured but not read through.
const LARGE: u64 = 64 << 20;

/// An image of more pixels is not read through, nor one that is wider or higher than a JPEG can be: it would take
/// seconds and much memory, and no provider accepts one.
const MOST_PIXELS: u64 = 1 << 27;
const LONGEST_SIDE: u32 = 65_535;

/// How many bytes of a small image a parser may read twice.
const SLACK: u64 = 64 << 10;

/// What it costs to go to the next part, in bytes: no real image has hundreds of thousands of parts.
const STEP: usize = 256;

/// The most bytes that one byte of a PNG can expand to (<https://zlib.net/zlib_tech.html>), with room for chunks.
const DENSEST: u64 = 1040;

const CUT: &str = "the file is cut short";

/// What the content of an image shows.
pub(super) fn look(mut content: impl BufRead + Seek, mime: &str, media: Media) -> Media {
    let length = media.bytes.unwrap_or_default();
    let bounded = Bounded::new(&mut content, length.min(LARGE) * 2 + SLACK).with_steps_of(STEP);
    let size = imagesize::reader_size(bounded).ok();
    let pixels = size.and_then(|size| Some((size.width.try_into().ok()?, size.height.try_into().ok()?)));
    let whole = match pixels {
        _ if !["image/jpeg", "image/png", "image/webp"].contains(&mime) => {
            Whole::Unknown(format!("{mime} is not supported"))
        }
        None => Whole::No("its width and height cannot be read".to_owned()),
        Some((width, height)) if width == 0 || height == 0 => {
            Whole::No(format!("{width}×{height} pixels is not a valid size"))
        }
        Some(pixels) => read_through(content, mime, pixels, length),
    };
    Media { pixels, whole, ..media }
}

fn read_through(
    mut content: impl BufRead + Seek,
    mime: &str,
    (width, height): (u32, u32),
    length: u64,
) -> Whole {
    let pixels = u64::from(width) * u64::from(height);
    // A PNG has at least one bit for each pixel and one byte for each line.
    let least = (u64::from(width) / 8 + 1).saturating_mul(height.into());
    if mime == "image/png" && least > length.saturating_mul(DENSEST) {
        return Whole::No(format!("the file is too small for {width}×{height} pixels"));
    }
    if pixels > MOST_PIXELS || width > LONGEST_SIDE || height > LONGEST_SIDE {
        return Whole::Unknown(format!("{width}×{height} pixels is more than greenlight reads"));
    }
    if content.rewind().is_err() {
        return Whole::No("cannot be read".to_owned());
    }
    match mime {
        "image/png" => png(content),
        "image/webp" => webp(content, length, pixels),
        _ if length > LARGE => Whole::Unknown("it is larger than greenlight reads".to_owned()),
        _ => jpeg::whole(content),
    }
}

/// Decompresses it line by line to `IEND`, and checks every chunk against its checksum.
fn png(content: impl BufRead + Seek) -> Whole {
    use png::{Decoder, DecodingError, Limits};
    let mut decoder = Decoder::new_with_limits(content, Limits { bytes: 64 << 20 });
    decoder.ignore_checksums(false);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let read = || {
        let mut reader = decoder.read_info()?;
        while reader.next_row()?.is_some() {}
        reader.finish()
    };
    match read() {
        Ok(()) => Whole::Yes,
        Err(DecodingError::IoError(error)) => Whole::No(stopped(&error)),
        Err(DecodingError::LimitsExceeded) => {
            Whole::Unknown("its parts are larger than greenlight reads".to_owned())
        }
        Err(error) => Whole::No(format!("the file is damaged: {error}")),
    }
}

/// Compares the length in the file's header with its real length, then reads every pixel.
fn webp(mut content: impl BufRead + Seek, length: u64, pixels: u64) -> Whole {
    use image_webp::{DecodingError, WebPDecoder};
    let mut head = [0; 8];
    let Ok(()) = content.read_exact(&mut head).and_then(|()| content.rewind()) else {
        return Whole::No(CUT.to_owned());
    };
    let [.., a, b, c, d] = head;
    if u64::from(u32::from_le_bytes([a, b, c, d])) + 8 > length {
        return Whole::No(CUT.to_owned());
    }
    let read = || {
        let mut decoder = WebPDecoder::new(content)?;
        decoder.set_memory_limit(1 << 30);
        let frames = if decoder.is_animated() { decoder.num_frames() } else { 0 };
        let fits = pixels * u64::from(frames.max(1)) <= MOST_PIXELS;
        let size = decoder.output_buffer_size().filter(|_| fits);
        let mut buffer = vec![0; size.ok_or(DecodingError::ImageTooLarge)?];
        if frames == 0 {
            return decoder.read_image(&mut buffer);
        }
        (0..frames).try_for_each(|_| decoder.read_frame(&mut buffer).map(drop))
    };
    match read() {
        Ok(()) => Whole::Yes,
        Err(DecodingError::IoError(error)) => Whole::No(stopped(&error)),
        Err(DecodingError::ImageTooLarge | DecodingError::MemoryLimitExceeded) => {
            Whole::Unknown("its frames are larger than greenlight reads".to_owned())
        }
        Err(error) => Whole::No(format!("the file is damaged: {error}")),
    }
}

fn stopped(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => CUT.to_owned(),
        kind => format!("cannot be read: {kind}"),
    }
}
