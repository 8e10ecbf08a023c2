//! Clips that really play: H.264 in MP4, of the requested length and size, in a few kilobytes.

mod picture;

use std::num::NonZeroU32;

use axum::body::Bytes;
use shiguredo_mp4::{
    TrackKind,
    bitstream::h264::{H264SampleEntryConfig, LengthSize, build_avc1_box},
    boxes::SampleEntry,
    mux::{Mp4FileMuxer, Mp4FileMuxerOptions, MuxError, Sample, estimate_maximum_moov_box_size},
};

use picture::Picture;

/// Pictures in a second.
const RATE: NonZeroU32 = NonZeroU32::new(24).expect("not nought");

/// All clips show the same; only length and size differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Film {
    /// Its length, in milliseconds.
    pub(super) millis: u32,
    /// Its width in pixels, an even number.
    pub(super) width: u16,
    /// Its height in pixels, an even number.
    pub(super) height: u16,
}

impl Film {
    /// The file, with its index in front. The mark is written into it, so that no two clips are the same file.
    ///
    /// # Errors
    /// The library's reason for refusing it; it refuses no film of the stand-in.
    pub(super) fn file(self, mark: &str) -> Result<Bytes, String> {
        self.muxed(mark).map_err(|error| error.to_string())
    }

    /// How many pictures it has; at least one.
    fn pictures(self) -> u32 {
        let exact = u64::from(self.millis) * u64::from(RATE.get());
        u32::try_from(exact.div_ceil(1000)).unwrap_or(u32::MAX).max(1)
    }

    fn muxed(self, mark: &str) -> Result<Bytes, MuxError> {
        let picture = Picture { width: self.width, height: self.height };
        let config = H264SampleEntryConfig { length_size: LengthSize::FourBytes };
        let entry = build_avc1_box(&[picture.sequence()], &[Picture::parameters()], &config)?;
        let pictures = self.pictures();
        let count = usize::try_from(pictures).unwrap_or(usize::MAX);
        let mut muxer = Mp4FileMuxer::with_options(Mp4FileMuxerOptions {
            reserved_moov_box_size: estimate_maximum_moov_box_size(&[count]),
            ..Default::default()
        })?;
        let mut file = muxer.initial_boxes_bytes().to_vec();
        for number in 0..pictures {
            let (first, offset) = (number == 0, file.len());
            if first {
                append(&mut file, &Picture::mark(mark));
                append(&mut file, &picture.first());
            } else {
                append(&mut file, &picture.same(number));
            }
            muxer.append_sample(&Sample {
                track_kind: TrackKind::Video,
                sample_entry: first.then(|| SampleEntry::Avc1(entry.clone())),
                keyframe: first,
                timescale: RATE,
                duration: 1,
                composition_time_offset: None,
                data_offset: offset as u64,
                data_size: file.len() - offset,
            })?;
        }
        for (offset, bytes) in muxer.finalize()?.offset_and_bytes_pairs() {
            let start = usize::try_from(offset).unwrap_or(usize::MAX);
            match file.get_mut(start..start.saturating_add(bytes.len())) {
                Some(place) => place.copy_from_slice(bytes),
                None => file.extend_from_slice(bytes),
            }
        }
        Ok(file.into())
    }
}

/// A part of the stream after its length, as in MP4.
fn append(file: &mut Vec<u8>, unit: &[u8]) {
    file.extend(u32::try_from(unit.len()).unwrap_or(u32::MAX).to_be_bytes());
    file.extend_from_slice(unit);
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::small((1000, 848, 480), 1000)]
    #[case::tall((6000, 720, 1280), 6000)]
    #[case::large((15_000, 1920, 1080), 15_000)]
    #[case::no_whole_macroblocks((2000, 854, 482), 2000)]
    #[case::part_of_a_second((8700, 1280, 720), 8708)]
    #[case::nothing((0, 480, 480), 41)]
    fn a_film_is_as_long_and_as_large_as_it_says(#[case] of: (u32, u16, u16), #[case] millis: u64) {
        let (asked, width, height) = of;
        let bytes = Film { millis: asked, width, height }.file("a").unwrap();
        let read = re_mp4::Mp4::read_bytes(&bytes).unwrap();
        let track = read.tracks().values().next().unwrap();
        assert_eq!((track.width, track.height), (width, height));
        assert_eq!(track.duration * 1000 / track.timescale, millis);
        assert_eq!(track.codec_string(&read).as_deref(), Some("avc1.42C033"));
        assert!(bytes.len() < 20_000, "{} bytes", bytes.len());
        let last = track.samples.last().unwrap();
        assert!(usize::try_from(last.offset + last.size).unwrap() <= bytes.len());
    }

    #[test]
    fn no_two_films_are_the_same_file() {
        let film = Film { millis: 1000, width: 480, height: 480 };
        assert_ne!(film.file("a").unwrap(), film.file("b").unwrap());
        assert_eq!(film.file("a").unwrap(), film.file("a").unwrap());
    }
}
