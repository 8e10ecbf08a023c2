//! What a project costs at most, from dated price claims alone. An unknown price never counts as zero.

use super::{
    length::{Lengths, NoLength},
    wording,
};
use crate::model::{
    catalogue::{Claim, Fact},
    id::ShotId,
    media::{Input, MediaFact, MediaKind, Slot},
    mode::Mode,
    money::Usd,
    project::Shot,
};

/// The price of a project, as far as it is known.
#[derive(Debug, Clone)]
pub struct Estimate<'a> {
    /// The minimum cost of all shots together, once each; the whole price when nothing is missing.
    pub once: Usd,
    /// The unknown parts that keep this from being the whole price.
    pub missing: Vec<Gap>,
    /// The price claims that were used.
    pub claims: Vec<&'a Claim>,
}

/// Something that a price depends on but that isn't given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The shot that cannot be priced.
    pub shot: ShotId,
    /// What is unknown, for a reader.
    pub what: String,
    /// What to do about it, when there is something.
    pub fix: Option<String>,
}

impl std::fmt::Display for Gap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "shot `{}`: {}", self.shot, self.what)
    }
}

/// A sum that is out of range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sum of the prices is too large to be computed")]
pub struct TooLarge;

impl<'a> Estimate<'a> {
    /// Adds up all shots.
    ///
    /// # Errors
    /// [`TooLarge`] when the sum is out of range.
    pub fn of(lengths: Lengths<'a>) -> Result<Self, TooLarge> {
        Self::of_shots(lengths, &lengths.project.shots)
    }

    /// Adds up these shots of the project.
    ///
    /// # Errors
    /// [`TooLarge`] when the sum is out of range.
    pub fn of_shots(lengths: Lengths<'a>, shots: &'a [Shot]) -> Result<Self, TooLarge> {
        let mut estimate = Self { once: Usd::ZERO, missing: Vec::new(), claims: Vec::new() };
        for shot in shots {
            estimate.add_output(lengths, shot)?;
            estimate.add_inputs(lengths, shot)?;
            estimate.add_voices(lengths, shot)?;
        }
        Ok(estimate)
    }

    /// The models that make shots for which another model was asked, once each, for a reader.
    #[must_use]
    pub fn stand_ins(lengths: Lengths<'a>) -> String {
        let mut pairs: Vec<String> = Vec::new();
        for shot in &lengths.project.shots {
            let Some(served) = lengths.served(shot) else { continue };
            let (asked, served) = (wording::clip(&shot.model), wording::clip(served));
            let pair = format!("; `{asked}` is served by `{served}`, at its price");
            if !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
        pairs.concat()
    }

    /// The price when every shot is made again as often as the retry budget allows.
    ///
    /// # Errors
    /// [`TooLarge`] when the product is out of range.
    pub fn worst(&self, retries: u32) -> Result<Usd, TooLarge> {
        retries.checked_add(1).and_then(|times| self.once.checked_mul(times)).ok_or(TooLarge)
    }

    /// The claim with the oldest date: prices are only as fresh as this one.
    #[must_use]
    pub fn oldest(&self) -> Option<&'a Claim> {
        self.claims.iter().copied().min_by_key(|claim| claim.source.as_of)
    }

    /// What is missing, for a reader.
    #[must_use]
    pub fn gaps(&self) -> String {
        self.missing.iter().map(Gap::to_string).collect::<Vec<_>>().join("; ")
    }

    fn add(&mut self, price: Usd, claim: &'a Claim) -> Result<(), TooLarge> {
        self.once = self.once.checked_add(price).ok_or(TooLarge)?;
        if !self.claims.iter().any(|used| std::ptr::eq(*used, claim)) {
            self.claims.push(claim);
        }
        Ok(())
    }

    /// One thing may make two prices of a shot unknown; it is reported once.
    fn lacks(&mut self, shot: &Shot, why: impl Into<Unsaid>) {
        let Unsaid { what, fix } = why.into();
        let gap = Gap { shot: shot.id.clone(), what, fix };
        if !self.missing.contains(&gap) {
            self.missing.push(gap);
        }
    }

    fn add_output(&mut self, lengths: Lengths<'a>, shot: &'a Shot) -> Result<(), TooLarge> {
        // For an extension, the added part is paid for; for an edit, the length of its input.
        let seconds = match shot.mode {
            Mode::Edit => lengths.going_into(shot).map(whole_seconds).map_err(Unsaid::from),
            _ => lengths.asked(shot).map(u64::from).ok_or_else(|| "no duration".into()),
        };
        let resolution = match resolution_of(lengths, shot) {
            Ok(resolution) => resolution,
            Err(why) => {
                self.lacks(shot, why);
                return Ok(());
            }
        };
        let price = lengths.newest(shot, |fact| match fact {
            Fact::OutputPrice { resolution: of, per_second } if of == resolution => Some(*per_second),
            _ => None,
        });
        match (seconds, price) {
            (Err(why), _) => self.lacks(shot, why),
            (_, None) => {
                let whose = by_whom(lengths, shot);
                self.lacks(shot, format!("no dated price for {resolution} {}{whose}", shot.mode));
            }
            (Ok(seconds), Some((per_second, claim))) => self.add(times(per_second, seconds)?, claim)?,
        }
        Ok(())
    }

    fn add_inputs(&mut self, lengths: Lengths<'a>, shot: &'a Shot) -> Result<(), TooLarge> {
        for kind in [MediaKind::Image, MediaKind::Video] {
            let count = shot.inputs.iter().filter(|(slot, _)| slot.kind() == kind).count();
            if count == 0 {
                continue;
            }
            let price = lengths.newest(shot, |fact| match fact {
                Fact::InputPrice { kind: of, each, per_second } if *of == kind => Some((*each, *per_second)),
                _ => None,
            });
            let Some(((each, per_second), claim)) = price else {
                let whose = by_whom(lengths, shot);
                self.lacks(shot, format!("no dated price for an input {}{whose}", kind.word()));
                continue;
            };
            if let Some(each) = each {
                let count = u64::try_from(count).map_err(|_| TooLarge)?;
                self.add(times(each, count)?, claim)?;
            }
            if let Some(per_second) = per_second {
                match lengths.going_into(shot).map(whole_seconds) {
                    Ok(seconds) => self.add(times(per_second, seconds)?, claim)?,
                    Err(why) => self.lacks(shot, Unsaid::from(why)),
                }
            }
        }
        Ok(())
    }

    fn add_voices(&mut self, lengths: Lengths<'a>, shot: &'a Shot) -> Result<(), TooLarge> {
        let count = u64::try_from(shot.voices.len()).map_err(|_| TooLarge)?;
        if count == 0 {
            return Ok(());
        }
        let price = lengths.newest(shot, |fact| match fact {
            Fact::VoicePrice(each) => Some(*each),
            _ => None,
        });
        if let Some((each, claim)) = price {
            return self.add(times(each, count)?, claim);
        }
        self.lacks(shot, format!("no dated price for a voice{}", by_whom(lengths, shot)));
        Ok(())
    }
}

/// Whose price is paid, if it isn't that of the requested model.
fn by_whom(lengths: Lengths<'_>, shot: &Shot) -> String {
    let other = lengths.served(shot);
    other.map(|served| format!(" of `{}`, which serves it", wording::clip(served))).unwrap_or_default()
}

fn times(price: Usd, count: u64) -> Result<Usd, TooLarge> {
    u32::try_from(count).ok().and_then(|count| price.checked_mul(count)).ok_or(TooLarge)
}

/// Part of a second counts as a whole one, because it isn't known how it is billed.
fn whole_seconds(millis: u64) -> u64 {
    millis.div_ceil(1000)
}

/// What is unknown, and what to do about it.
struct Unsaid {
    what: String,
    fix: Option<String>,
}

impl<T: Into<String>> From<T> for Unsaid {
    fn from(what: T) -> Self {
        Self { what: what.into(), fix: None }
    }
}

impl From<NoLength> for Unsaid {
    fn from(why: NoLength) -> Self {
        Self { what: why.words(), fix: why.fix() }
    }
}

/// The resolution that is paid for: as written, or the dated default. Where the field is ignored it follows the input
/// clip, which another shot makes or which was measured.
fn resolution_of<'a>(lengths: Lengths<'a>, shot: &'a Shot) -> Result<&'a str, Unsaid> {
    // Goes back to the shot or file that determines it. A path longer than the project means that the shots form a
    // cycle.
    let (mut followers, mut at) = (Vec::new(), shot);
    while ignores_resolution(lengths, at) {
        if followers.len() > lengths.project.shots.len() {
            return Err("its chain of shots is circular".into());
        }
        followers.push(at);
        match at.inputs_in(Slot::Video).next() {
            None => return Err("no clip used".into()),
            Some(Input::Shot(id)) => {
                let other = lengths.index.shot(lengths.project, id);
                at = other.ok_or_else(|| format!("there is no shot `{id}`"))?;
            }
            Some(input) => return followed(lengths, followers, measured(lengths, input, at)?),
        }
    }
    let given = at.resolution.as_deref().or_else(|| offered(lengths, at).and_then(|(_, default)| default));
    followed(lengths, followers, Size::Name(given.ok_or("no resolution")?))
}

/// The size of a clip.
#[derive(Clone, Copy)]
enum Size<'a> {
    /// By name, such as `720p`.
    Name(&'a str),
    /// By its shorter side, in pixels.
    Lines(u32),
}

fn measured<'a>(lengths: Lengths<'a>, input: &Input, shot: &Shot) -> Result<Size<'a>, Unsaid> {
    let pixels = match lengths.observations.media.get(input) {
        Some(MediaFact::Present(media)) => media.pixels,
        _ => None,
    };
    let side = pixels.map(|(width, height)| width.min(height)).filter(|side| *side > 0);
    side.map(Size::Lines).ok_or_else(|| Unsaid {
        what: format!("the size in pixels of {} is not known", wording::input(input)),
        fix: super::length::measurable(input, &shot.id),
    })
}

/// The size that the shots continuing a clip turn it into; the last of them is first in the list.
fn followed<'a>(lengths: Lengths<'a>, followers: Vec<&'a Shot>, size: Size<'a>) -> Result<&'a str, Unsaid> {
    let follow = |size, shot| {
        let wanted = match size {
            Size::Name(name) => {
                let offers = offered(lengths, shot).is_none_or(|(all, _)| all.iter().any(|one| one == name));
                if offers {
                    return Ok(size);
                }
                lines(name)
            }
            Size::Lines(lines) => Some(lines),
        };
        let fits = wanted.and_then(|wanted| fitting(lengths, shot, wanted));
        fits.map(Size::Name).ok_or_else(|| Unsaid::from("the output resolution is unknown"))
    };
    match followers.into_iter().rev().try_fold(size, follow)? {
        Size::Name(name) => Ok(name),
        Size::Lines(_) => Err("the output resolution is unknown".into()),
    }
}

fn ignores_resolution<'a>(lengths: Lengths<'a>, shot: &'a Shot) -> bool {
    let ignored = lengths.newest(shot, |fact| match fact {
        Fact::Ignores(fields) => Some(fields),
        _ => None,
    });
    ignored.is_some_and(|(fields, _)| fields.iter().any(|field| field == "resolution"))
}

fn offered<'a>(lengths: Lengths<'a>, shot: &'a Shot) -> Option<(&'a [String], Option<&'a str>)> {
    let newest = lengths.newest(shot, |fact| match fact {
        Fact::Resolutions { offered, default } => Some((offered.as_slice(), default.as_deref())),
        _ => None,
    });
    newest.map(|(offered, _)| offered)
}

/// The smallest offered resolution that a clip of this many lines fits into, or the largest one: never a cheaper one
/// than will be made.
fn fitting<'a>(lengths: Lengths<'a>, shot: &'a Shot, wanted: u32) -> Option<&'a str> {
    let (all, _) = offered(lengths, shot)?;
    let mut sized: Vec<(u32, &str)> =
        all.iter().filter_map(|one| Some((lines(one)?, one.as_str()))).collect();
    sized.sort_unstable();
    let fits = sized.iter().find(|(lines, _)| *lines >= wanted);
    fits.or(sized.last()).map(|(_, name)| *name)
}

/// The shorter side in pixels that a name such as `720p` stands for.
fn lines(name: &str) -> Option<u32> {
    name.strip_suffix('p')?.parse().ok()
}
