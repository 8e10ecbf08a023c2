//! Whether the pictures and sounds in a clip's index are in the file, and how long they last.

use std::ops::Range;

use re_mp4::{MoofBox, MoovBox, StblBox, TfhdBox, TrakBox};

const ELSEWHERE: &str = "its index points to data that is not in the file";
const AT_ODDS: &str = "its index contradicts itself";

/// A piece of a fragment: consecutive samples of a track.
pub(super) struct Run {
    track: u32,
    place: Range<u64>,
    ticks: u64,
}

/// The runs of a fragment that starts at this position; none when their positions make no sense.
pub(super) fn runs(start: u64, fragment: &MoofBox, index: Option<&MoovBox>) -> Option<Vec<Run>> {
    let mut all = Vec::new();
    // A part without a position of its own starts where the one before it ends.
    let mut end = start;
    for part in &fragment.trafs {
        let usual = index
            .and_then(|index| index.mvex.as_ref())
            .and_then(|more| more.trexs.iter().find(|usual| usual.track_id == part.tfhd.track_id));
        let size = part.tfhd.default_sample_size.or(usual.map(|usual| usual.default_sample_size));
        let ticks = part.tfhd.default_sample_duration.or(usual.map(|usual| usual.default_sample_duration));
        let from_start = part.tfhd.flags & TfhdBox::FLAG_DEFAULT_BASE_IS_MOOF != 0;
        let base = part.tfhd.base_data_offset.unwrap_or(if from_start { start } else { end });
        end = base;
        for run in &part.truns {
            let begin = run.data_offset.map_or(Some(end), |by| base.checked_add_signed(by.into()))?;
            let sum = |each: &[u32], usual: Option<u32>| {
                let told: u64 = each.iter().copied().map(u64::from).sum();
                let usual = u64::from(usual.unwrap_or_default()) * u64::from(run.sample_count);
                if each.is_empty() { usual } else { told }
            };
            end = begin.checked_add(sum(&run.sample_sizes, size))?;
            let ticks = sum(&run.sample_durations, ticks);
            all.push(Run { track: part.tfhd.track_id, place: begin..end, ticks });
        }
    }
    Some(all)
}

/// How long the longest track lasts according to the data in the file, in milliseconds.
///
/// # Errors
/// What is missing, or contradicts itself.
pub(super) fn held(
    index: &MoovBox,
    video: Option<&TrakBox>,
    runs: &[Run],
    data: &[Range<u64>],
) -> Result<u64, &'static str> {
    let within = |place: &Range<u64>| {
        place.is_empty() || data.iter().any(|data| data.start <= place.start && place.end <= data.end)
    };
    let mut longest = 0;
    let mut all = 0_u64;
    for track in &index.traks {
        let own = runs.iter().filter(|run| run.track == track.tkhd.track_id);
        let (mut bytes, mut ticks) = in_index(&track.mdia.minf.stbl, &within)?;
        for run in own {
            if !within(&run.place) {
                return Err(ELSEWHERE);
            }
            bytes = bytes.saturating_add(run.place.end - run.place.start);
            ticks = ticks.saturating_add(run.ticks);
        }
        let millis = millis(ticks, track.mdia.mdhd.timescale).unwrap_or_default();
        if video.is_some_and(|video| video.tkhd.track_id == track.tkhd.track_id)
            && (bytes == 0 || millis == 0)
        {
            return Err("it has no frames, or they have no duration");
        }
        longest = longest.max(millis);
        all = all.saturating_add(bytes);
    }
    // The same bytes must not stand for several samples.
    let room = data.iter().map(|data| data.end - data.start).fold(0, u64::saturating_add);
    if all > room { Err(ELSEWHERE) } else { Ok(longest) }
}

/// Bytes and ticks of the samples that the index itself lists.
fn in_index(table: &StblBox, within: &dyn Fn(&Range<u64>) -> bool) -> Result<(u64, u64), &'static str> {
    let count = table.stsz.sample_count;
    let size = |from: u32, number: u32| -> Option<u64> {
        if table.stsz.sample_size > 0 {
            return Some(u64::from(table.stsz.sample_size) * u64::from(number));
        }
        let (from, number) = (usize::try_from(from).ok()?, usize::try_from(number).ok()?);
        let sizes = table.stsz.sample_sizes.get(from..from.checked_add(number)?)?;
        Some(sizes.iter().copied().map(u64::from).sum())
    };
    let chunks: Vec<u64> = match (&table.co64, &table.stco) {
        (Some(long), _) => long.entries.clone(),
        (None, Some(short)) => short.entries.iter().copied().map(u64::from).collect(),
        (None, None) => vec![],
    };
    let mut rules = table.stsc.entries.iter().peekable();
    let (mut placed, mut bytes, mut per_chunk) = (0_u32, 0_u64, 0);
    for (number, begin) in (1_u32..).zip(chunks) {
        while let Some(rule) = rules.next_if(|rule| rule.first_chunk <= number) {
            per_chunk = rule.samples_per_chunk;
        }
        let here = per_chunk.min(count - placed);
        let length = size(placed, here).ok_or(AT_ODDS)?;
        if !within(&(begin..begin.checked_add(length).ok_or(AT_ODDS)?)) {
            return Err(ELSEWHERE);
        }
        placed += here;
        bytes = bytes.saturating_add(length);
    }
    let timed = table.stts.entries.iter().map(|entry| u64::from(entry.sample_count));
    if placed != count || timed.sum::<u64>() != u64::from(count) {
        return Err(AT_ODDS);
    }
    let ticks = table.stts.entries.iter();
    let ticks = ticks.map(|entry| u64::from(entry.sample_count) * u64::from(entry.sample_delta));
    Ok((bytes, ticks.fold(0, u64::saturating_add)))
}

/// Ticks in milliseconds, rounded; none when there are no ticks in a second.
pub(super) fn millis(ticks: u64, scale: u32) -> Option<u64> {
    let millis = (u128::from(ticks) * 1000 + u128::from(scale) / 2).checked_div(u128::from(scale))?;
    u64::try_from(millis).ok()
}
