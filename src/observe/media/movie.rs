//! The length, codec and size of a clip, and whether everything in its index is there. Its pictures are not read.

use std::{
    io::{Cursor, Read, Seek, SeekFrom},
    ops::Range,
};

use re_mp4::{BoxHeader, BoxType, MoofBox, MoovBox, ReadBox as _, StsdBoxContent, TrakBox};

use super::{
    bounded::Bounded,
    samples::{self, Run},
};
use crate::model::media::{Media, Whole};

/// A larger index is not read, in bytes.
const INDEX: u64 = 64 << 20;

/// A file with more parts at its top level is not read to its end.
const PARTS: usize = 20_000;

/// How much of media data is looked at, in bytes.
const LOOKED_AT: u64 = 1 << 20;

/// How many milliseconds a clip's declared length may exceed the length of its content.
const MOST_BESIDE: u64 = 1000;

/// The parts of a clip that are read.
#[derive(Default)]
struct Parts {
    index: Option<MoovBox>,
    /// Whether there is another index, which some programs would read instead.
    two: bool,
    /// Whether the media data that were looked at contain anything but zeros.
    filled: bool,
    /// The pieces of the fragments, in the order of the file.
    runs: Vec<Run>,
    /// Where the media data are.
    data: Vec<Range<u64>>,
    damage: Option<&'static str>,
    /// Whether there are more parts than were looked at.
    unread: bool,
}

/// What the content of a clip shows.
pub(super) fn look(content: impl Read + Seek, media: Media) -> Media {
    let parts = read(content, media.bytes.unwrap_or_default());
    let no = |why: &str| Whole::No(why.to_owned());
    let Some(index) = &parts.index else {
        return Media { whole: no(parts.damage.unwrap_or("the index of the clip is missing")), ..media };
    };
    let track = index.traks.iter().find(|track| &track.mdia.hdlr.handler_type.value == b"vide");
    let pixels = track.map(|track| (track.tkhd.width.value().into(), track.tkhd.height.value().into()));
    let held = samples::held(index, track, &parts.runs, &parts.data);
    let told = told(index);
    let codec = track.map(codec);
    let shown = track.and_then(|track| shown(index, track));
    let at_odds = |one: Option<u64>, other: Option<u64>| {
        one.zip(other).is_some_and(|(one, other)| one.abs_diff(other) > MOST_BESIDE)
    };
    let whole = match (parts.damage, pixels, &held) {
        (Some(why), ..) | (_, _, &Err(why)) => no(why),
        _ if parts.two => no("it has two indexes, and programs read one or the other"),
        _ if codec.as_deref().is_some_and(|codec| codec.starts_with("enc")) => {
            no("its pictures are encrypted")
        }
        _ if !parts.filled => no("its media data are nothing but zeros"),
        _ if parts.unread => Whole::Unknown("it has more parts than greenlight reads".to_owned()),
        (_, None, _) => no("it has no video track"),
        (_, Some((0, _) | (_, 0)), _) => no("its frames have no width or height"),
        // An empty start or a pause is not part of the pictures.
        (.., Ok(millis)) if told.is_some_and(|told| told > millis.saturating_add(MOST_BESIDE)) => {
            Whole::No(format!("it declares {} ms but holds {millis} ms", told.unwrap_or_default()))
        }
        _ if at_odds(told, shown) => {
            let (told, shown) = (told.unwrap_or_default(), shown.unwrap_or_default());
            Whole::No(format!("it declares {told} ms but shows {shown} ms"))
        }
        _ => Whole::Yes,
    };
    let millis = match (told, held) {
        // Media that an edit list leaves out are still there, and not every provider that charges by length heeds the
        // list, so the longest length counts.
        (Some(told), Ok(held)) if told.saturating_add(MOST_BESIDE) < held => Some(held),
        (told, held) => told.or(held.ok()),
    };
    Media { pixels, millis, codec, whole, ..media }
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
        // The size counts a short header; for a long one the reader has already subtracted the difference.
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
            BoxType::MoofBox => fragment(&mut content, (at, end - body), &mut parts),
            BoxType::MoovBox => {
                parts.two = true;
                Some(())
            }
            BoxType::MdatBox => {
                parts.filled = parts.filled || is_filled(&mut content, end - body);
                parts.data.push(body..end);
                Some(())
            }
            _ => Some(()),
        };
        if result.is_none() {
            return Parts { damage: Some("its index cannot be read"), ..parts };
        }
        at = end;
    }
    Parts { unread: at < length, ..parts }
}

/// Whether media data start with anything but zeros.
fn is_filled(content: &mut impl Read, size: u64) -> bool {
    let mut bytes = Vec::new();
    let read = content.take(size.min(LOOKED_AT)).read_to_end(&mut bytes);
    read.is_err() || bytes.iter().any(|byte| *byte != 0)
}

/// How long a track is shown according to its edit list, in milliseconds; none if there is no list, or the list leaves
/// it open.
fn shown(index: &MoovBox, track: &TrakBox) -> Option<u64> {
    let edits = track.edts.as_ref()?.elst.as_ref()?;
    let ticks = edits.entries.iter().map(|edit| edit.segment_duration).fold(0, u64::saturating_add);
    samples::millis(ticks, index.mvhd.timescale).filter(|millis| *millis > 0)
}

/// The body of a part, after the short header that its reader expects to have been read.
fn body(content: &mut impl Read, size: u64) -> Option<(Bounded<Cursor<Vec<u8>>>, u64)> {
    let mut bytes = vec![0; 8];
    content.take(size.min(INDEX)).read_to_end(&mut bytes).ok()?;
    let mut cursor = Cursor::new(bytes);
    cursor.set_position(8);
    // Every read and every seek costs something; reading to the end needs far less than this.
    (size <= INDEX).then(|| (Bounded::new(cursor, size * 4 + 4096), size + 8))
}

fn index(content: &mut impl Read, size: u64) -> Option<MoovBox> {
    let (mut cursor, size) = body(content, size)?;
    MoovBox::read_box(&mut cursor, size).ok()
}

fn fragment(content: &mut impl Read, (start, size): (u64, u64), parts: &mut Parts) -> Option<()> {
    let (mut cursor, size) = body(content, size)?;
    let fragment = MoofBox::read_box(&mut cursor, size).ok()?;
    parts.runs.extend(samples::runs(start, &fragment, parts.index.as_ref())?);
    Some(())
}

/// The length in milliseconds that the file declares for the whole.
fn told(index: &MoovBox) -> Option<u64> {
    let scale = index.mvhd.timescale;
    let more = index.mvex.as_ref().and_then(|more| more.mehd.as_ref());
    let all = [Some(index.mvhd.duration), more.map(|more| more.fragment_duration)];
    let known = |ticks: &u64| *ticks != 0 && *ticks != u64::from(u32::MAX) && *ticks != u64::MAX;
    samples::millis(all.into_iter().flatten().find(known)?, scale)
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
