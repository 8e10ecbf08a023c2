//! Length, codec and size of a clip, and whether all of it is there. Only its index is read, never its pictures.

use std::io::{Cursor, Read, Seek, SeekFrom};

use re_mp4::{BoxHeader, BoxType, MoofBox, MoovBox, ReadBox as _, StsdBoxContent, TrakBox};

use super::bounded::Bounded;
use crate::model::media::Media;

/// A larger index is not read, in bytes.
const INDEX: u64 = 64 << 20;

/// A file of more parts at its top level is not followed to its end.
const PARTS: usize = 20_000;

/// The parts of a clip that are read.
#[derive(Default)]
struct Parts {
    index: Option<MoovBox>,
    /// Ticks of each track in its fragments.
    fragments: Vec<(u32, u64)>,
    damage: Option<&'static str>,
}

/// What the content of a clip shows.
pub(super) fn look(content: impl Read + Seek, media: Media) -> Media {
    let parts = read(content, media.bytes.unwrap_or_default());
    let missing = parts.index.is_none().then_some("the index of the clip is missing");
    let damage = parts.damage.or(missing).map(str::to_owned);
    let Some(index) = &parts.index else { return Media { damage, ..media } };
    let track = index.traks.iter().find(|track| &track.mdia.hdlr.handler_type.value == b"vide");
    let damage = damage.or_else(|| track.is_none().then(|| "there is no video in it".to_owned()));
    Media {
        pixels: track.map(|track| (track.tkhd.width.value().into(), track.tkhd.height.value().into())),
        millis: millis(index, track, &parts.fragments),
        codec: track.map(codec),
        damage,
        ..media
    }
}

fn read(mut content: impl Read + Seek, length: u64) -> Parts {
    let mut parts = Parts::default();
    let mut at = 0;
    for _ in 0..PARTS {
        if at >= length {
            return parts;
        }
        let header = content.seek(SeekFrom::Start(at)).ok().and_then(|_| BoxHeader::read(&mut content).ok());
        let body = content.stream_position().unwrap_or(length);
        let Some(header) = header else { return Parts { damage: Some("the file is cut short"), ..parts } };
        // The size counts a short header; of a long one the reader has already taken off the difference.
        let end = match header.size {
            0 => length,
            size => body.saturating_add(size).saturating_sub(8),
        };
        if end > length || end <= at {
            return Parts { damage: Some("the file is cut short"), ..parts };
        }
        let result = match header.name {
            BoxType::MoovBox if parts.index.is_none() => index(&mut content, end - body).map(|index| {
                parts.index = Some(index);
            }),
            BoxType::MoofBox => fragment(&mut content, end - body, &mut parts),
            _ => Some(()),
        };
        if result.is_none() {
            return Parts { damage: Some("its index cannot be read"), ..parts };
        }
        at = end;
    }
    parts
}

/// The body of a part, with the short header that its reader expects to have been read before it.
fn body(content: &mut impl Read, size: u64) -> Option<(Bounded<Cursor<Vec<u8>>>, u64)> {
    let mut bytes = vec![0; 8];
    content.take(size.min(INDEX)).read_to_end(&mut bytes).ok()?;
    let mut cursor = Cursor::new(bytes);
    cursor.set_position(8);
    // Each step forward and each step over something is paid for; a walk to the end needs far less.
    (size <= INDEX).then(|| (Bounded::new(cursor, size * 4 + 4096), size + 8))
}

fn index(content: &mut impl Read, size: u64) -> Option<MoovBox> {
    let (mut cursor, size) = body(content, size)?;
    MoovBox::read_box(&mut cursor, size).ok()
}

fn fragment(content: &mut impl Read, size: u64, parts: &mut Parts) -> Option<()> {
    let (mut cursor, size) = body(content, size)?;
    let fragment = MoofBox::read_box(&mut cursor, size).ok()?;
    let usual = |track: u32| {
        let all = parts.index.as_ref().and_then(|index| index.mvex.as_ref());
        let of = all.and_then(|all| all.trexs.iter().find(|of| of.track_id == track));
        of.map_or(0, |of| of.default_sample_duration)
    };
    let ticks = fragment.trafs.iter().map(|part| {
        let each = part.tfhd.default_sample_duration.unwrap_or_else(|| usual(part.tfhd.track_id));
        let run = |run: &re_mp4::TrunBox| {
            let told: u64 = run.sample_durations.iter().copied().map(u64::from).sum();
            if run.sample_durations.is_empty() { u64::from(each) * u64::from(run.sample_count) } else { told }
        };
        (part.tfhd.track_id, part.truns.iter().map(run).fold(0, u64::saturating_add))
    });
    let ticks: Vec<_> = ticks.collect();
    parts.fragments.extend(ticks);
    Some(())
}

/// The length as the file tells it for the whole, for the track, or piece by piece.
fn millis(index: &MoovBox, track: Option<&TrakBox>, fragments: &[(u32, u64)]) -> Option<u64> {
    let whole = (index.mvhd.duration, index.mvhd.timescale);
    let told = index.mvex.as_ref().and_then(|more| more.mehd.as_ref());
    let told = told.map(|told| (told.fragment_duration, index.mvhd.timescale));
    let of_track = track.map(|track| (track.mdia.mdhd.duration, track.mdia.mdhd.timescale));
    let pieces = track.map(|track| {
        let of = fragments.iter().filter(|(id, _)| *id == track.tkhd.track_id);
        (of.map(|(_, ticks)| ticks).copied().fold(0, u64::saturating_add), track.mdia.mdhd.timescale)
    });
    [Some(whole), told, of_track, pieces].into_iter().flatten().find_map(|(ticks, scale)| {
        let unknown = ticks == 0 || scale == 0 || ticks == u64::from(u32::MAX) || ticks == u64::MAX;
        let millis = (u128::from(ticks) * 1000 + u128::from(scale) / 2).checked_div(u128::from(scale))?;
        (!unknown).then(|| u64::try_from(millis).ok())?
    })
}

fn codec(track: &TrakBox) -> String {
    let word = match &track.mdia.minf.stbl.stsd.contents {
        StsdBoxContent::Av01(_) => "av01",
        StsdBoxContent::Avc1(_) => "avc1",
        StsdBoxContent::Hvc1(_) => "hvc1",
        StsdBoxContent::Hev1(_) => "hev1",
        StsdBoxContent::Vp08(_) => "vp08",
        StsdBoxContent::Vp09(_) => "vp09",
        StsdBoxContent::Mp4a(_) => "mp4a",
        StsdBoxContent::Tx3g(_) => "tx3g",
        StsdBoxContent::Unknown(name) => return name.to_string(),
    };
    word.to_owned()
}
