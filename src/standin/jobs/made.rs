//! Turns an order into a clip: its length, its size and its cost.

use axum::body::Bytes;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::NaiveDate;
use serde_json::Value;

use super::{order::Order, script::JobScript};
use crate::{
    model::{
        catalogue::{Catalogue, Fact},
        media::MediaKind,
        mode::Mode,
        money::Usd,
    },
    standin::{
        film::Film,
        journal::{Note, NoteKind},
    },
};

/// Ticks in a micro-dollar: 10,000,000,000 are one USD.
const TICKS: i64 = 10_000;

/// A clip as it is made.
#[derive(Debug, Clone)]
pub(super) struct Made {
    /// The canonical name of the model that makes it.
    pub(super) model: String,
    pub(super) film: Film,
    /// What it costs, in ticks of 1e-10 USD.
    pub(super) ticks: i64,
    /// The length of the input clip in milliseconds, if it was seen.
    pub(super) source_millis: Option<u32>,
    pub(super) notes: Vec<Note>,
}

/// What is needed to make a clip.
pub(super) struct ClipBuilder<'a> {
    pub(super) script: &'a JobScript,
    pub(super) catalogue: &'a Catalogue,
    /// The day whose prices apply.
    pub(super) day: NaiveDate,
    /// A clip of the stand-in itself, by its URL.
    pub(super) own: &'a dyn Fn(&str) -> Option<Film>,
    /// What was uploaded under this id.
    pub(super) file: &'a dyn Fn(&str) -> Option<Bytes>,
}

impl ClipBuilder<'_> {
    /// Makes it.
    pub(super) fn make(&self, order: &Order) -> Made {
        let asked = order.model.as_deref().unwrap_or(&self.script.default_model.value);
        let model = self.catalogue.canonical(asked).to_owned();
        let mut notes = Vec::new();
        let seen = order.video.as_ref().map(|video| self.seen(video));
        let source = order.video.as_ref().map(|_| seen.flatten().unwrap_or_else(|| self.unseen(&mut notes)));
        let (film, name) = match source {
            Some(source) => self.changed_clip(order, &model, source),
            None => self.new_clip(order, &model),
        };
        let ignores = self.newest(order, &model, |fact| match fact {
            Fact::Ignores(fields) => Some(fields.iter().any(|field| field == "aspect-ratio")),
            _ => None,
        });
        if ignores == Some(true) && order.ratio.is_some() {
            let says = "the requested ratio is ignored: the clip has that of the image";
            notes.push(Note { kind: NoteKind::FieldIgnored, says: says.to_owned() });
        }
        let paid = match order.mode {
            Mode::Extend => self.seconds(order, &model),
            _ => film.millis.div_ceil(1000),
        };
        let ticks = self.price(order, &model, (&name, paid), source).unwrap_or_else(|| {
            let says = format!("no dated price for {name} {} of `{model}`; it counts as zero", order.mode);
            notes.push(Note { kind: NoteKind::NoPrice, says });
            0
        });
        Made { model, film, ticks, source_millis: seen.flatten().map(|film| film.millis), notes }
    }

    fn newest<T>(&self, order: &Order, model: &str, pick: impl Fn(&Fact) -> Option<T>) -> Option<T> {
        self.catalogue.newest(model, order.mode, self.day, pick).map(|(fact, _)| fact)
    }

    fn seconds(&self, order: &Order, model: &str) -> u32 {
        let usual = || {
            self.newest(order, model, |fact| match fact {
                Fact::Duration { default, .. } => *default,
                _ => None,
            })
        };
        order.seconds.or_else(usual).unwrap_or(self.script.unseen.seconds)
    }

    fn new_clip(&self, order: &Order, model: &str) -> (Film, String) {
        let usual = || {
            self.newest(order, model, |fact| match fact {
                Fact::Resolutions { default, .. } => default.clone(),
                _ => None,
            })
        };
        let unseen = self.script.unseen.lines;
        let name = order.resolution.clone().or_else(usual).unwrap_or_else(|| format!("{unseen}p"));
        let own = order.image.as_ref().and_then(|image| self.pixels(image));
        let told = order.ratio.as_deref().and_then(ratio);
        let usual = ratio(&self.script.default_ratio.value);
        // The image's own ratio overrides the requested one.
        let ratio = own.or(told).or(usual).unwrap_or((1, 1));
        let (width, height) = sides(lines(&name).unwrap_or(unseen), ratio);
        (Film { millis: self.seconds(order, model).saturating_mul(1000), width, height }, name)
    }

    /// A clip that continues or changes another: of the same size, as far as the model offers it.
    fn changed_clip(&self, order: &Order, model: &str, source: Film) -> (Film, String) {
        let offered = self.newest(order, model, |fact| match fact {
            Fact::Resolutions { offered, .. } => Some(offered.clone()),
            _ => None,
        });
        let mut offered: Vec<_> =
            offered.unwrap_or_default().into_iter().filter_map(|name| Some((lines(&name)?, name))).collect();
        offered.sort_unstable();
        let short = source.width.min(source.height);
        let fitting = offered.iter().find(|(lines, _)| *lines >= short).or(offered.last());
        let (most, name) = fitting.cloned().unwrap_or_else(|| (short, format!("{short}p")));
        let (width, height) = sides(short.min(most), (u32::from(source.width), u32::from(source.height)));
        let more = if order.mode == Mode::Extend { self.seconds(order, model) } else { 0 };
        let millis = source.millis.saturating_add(more.saturating_mul(1000));
        (Film { millis, width, height }, name)
    }

    /// An input clip, if it can be seen from here. Nothing is fetched.
    fn seen(&self, video: &Value) -> Option<Film> {
        let named = ["url", "file_id"].into_iter().find_map(|name| video[name].as_str())?;
        let bytes = data(named).map(Bytes::from).or_else(|| (self.file)(named));
        bytes.and_then(|bytes| measured(&bytes)).or_else(|| (self.own)(named))
    }

    /// What a clip that isn't seen counts as.
    fn unseen(&self, notes: &mut Vec<Note>) -> Film {
        let unseen = &self.script.unseen;
        let (width, height) = sides(unseen.lines, ratio(&unseen.ratio).unwrap_or((1, 1)));
        let says =
            format!("the input clip wasn't fetched; it counts as {} s of {}p", unseen.seconds, unseen.lines);
        notes.push(Note { kind: NoteKind::InputNotFetched, says });
        Film { millis: unseen.seconds.saturating_mul(1000), width, height }
    }

    fn pixels(&self, image: &Value) -> Option<(u32, u32)> {
        let url = ["url", "image_url"].into_iter().find_map(|name| image[name].as_str());
        let bytes = url.and_then(data).map(Bytes::from);
        let bytes = bytes.or_else(|| (self.file)(image["file_id"].as_str()?))?;
        let size = imagesize::blob_size(&bytes).ok()?;
        let (width, height) = (u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?);
        (width > 0 && height > 0).then_some((width, height))
    }

    /// The price of everything in ticks; none if a price is unknown.
    fn price(&self, order: &Order, model: &str, output: (&str, u32), source: Option<Film>) -> Option<i64> {
        let (resolution, seconds) = output;
        let per_second = self.newest(order, model, |fact| match fact {
            Fact::OutputPrice { resolution: of, per_second } if of == resolution => Some(*per_second),
            _ => None,
        })?;
        let input = |wanted| {
            self.newest(order, model, move |fact| match fact {
                Fact::InputPrice { kind, each, per_second } if *kind == wanted => {
                    Some((each.unwrap_or_default(), per_second.unwrap_or_default()))
                }
                _ => None,
            })
        };
        let mut sum = per_second.checked_mul(seconds)?;
        if order.pictures > 0 {
            let (each, _) = input(MediaKind::Image)?;
            sum = sum.checked_add(each.checked_mul(order.pictures)?)?;
        }
        if let Some(source) = source {
            let (each, per_second) = input(MediaKind::Video)?;
            sum = sum.checked_add(each)?.checked_add(per_second.per_second_for(source.millis)?)?;
        }
        if order.voices > 0 {
            let each = self.newest(order, model, |fact| match fact {
                Fact::VoicePrice(each) => Some(*each),
                _ => None,
            });
            sum = sum.checked_add(each?.checked_mul(order.voices)?)?;
        }
        Usd::micros(sum).checked_mul(TICKS)
    }
}

/// The shorter side in pixels for a name such as `720p`.
fn lines(name: &str) -> Option<u16> {
    name.strip_suffix('p')?.parse().ok()
}

/// A ratio such as `16:9`.
fn ratio(text: &str) -> Option<(u32, u32)> {
    let (across, down) = text.split_once(':')?;
    let (across, down) = (across.parse().ok()?, down.parse().ok()?);
    (across > 0 && down > 0).then_some((across, down))
}

/// Sides with this ratio, the shorter one of this many pixels; both even.
fn sides(short: u16, (across, down): (u32, u32)) -> (u16, u16) {
    let (small, large) = (across.min(down).max(1), across.max(down));
    let exact = u64::from(short) * u64::from(large);
    let half = (exact + u64::from(small)) / (2 * u64::from(small));
    let even = |half: u64| u16::try_from(half.clamp(1, 4096) * 2).unwrap_or(u16::MAX - 1);
    let (short, long) = (even(u64::from(short) / 2), even(half));
    if across >= down { (long, short) } else { (short, long) }
}

/// The bytes of a data URI.
pub(super) fn data(url: &str) -> Option<Vec<u8>> {
    let (head, text) = url.strip_prefix("data:")?.split_once(',')?;
    head.ends_with(";base64").then(|| STANDARD.decode(text).ok())?
}

/// The length and size of a clip.
pub(super) fn measured(bytes: &[u8]) -> Option<Film> {
    let read = re_mp4::Mp4::read_bytes(bytes).ok()?;
    let video = read.tracks().values().find(|track| track.kind == Some(re_mp4::TrackKind::Video))?;
    let millis = (video.duration * 1000).checked_div(video.timescale)?;
    Some(Film { millis: u32::try_from(millis).ok()?, width: video.width, height: video.height })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::wide(480, (16, 9), (854, 480))]
    #[case::hd(720, (16, 9), (1280, 720))]
    #[case::tall(720, (9, 16), (720, 1280))]
    #[case::square(480, (1, 1), (480, 480))]
    #[case::three(480, (3, 2), (720, 480))]
    #[case::cinema(1080, (21, 9), (2520, 1080))]
    fn sides_are_even_and_of_the_ratio(
        #[case] short: u16,
        #[case] of: (u32, u32),
        #[case] wanted: (u16, u16),
    ) {
        assert_eq!(sides(short, of), wanted);
    }
}
