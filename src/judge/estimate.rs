//! What a project will cost at most, from dated price claims alone. An unknown price is never nought.

use super::length::Lengths;
use crate::model::{
    catalogue::{Claim, Fact},
    media::{Input, MediaKind, Slot},
    mode::Mode,
    money::Usd,
    project::Shot,
};

/// The price of a project, as far as it is known.
#[derive(Debug, Clone)]
pub struct Estimate<'a> {
    /// The least that all shots cost together, once each; the whole price when nothing is missing.
    pub once: Usd,
    /// Prices that nobody claims, for a reader.
    pub missing: Vec<String>,
    /// The price claims that were used.
    pub claims: Vec<&'a Claim>,
}

/// A sum that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sum of the prices is too large to be computed")]
pub struct TooLarge;

impl<'a> Estimate<'a> {
    /// Adds up all shots.
    ///
    /// # Errors
    /// [`TooLarge`] when the sum does not fit.
    pub fn of(lengths: Lengths<'a>) -> Result<Self, TooLarge> {
        let mut estimate = Self { once: Usd::ZERO, missing: Vec::new(), claims: Vec::new() };
        for shot in &lengths.project.shots {
            estimate.add_output(lengths, shot)?;
            estimate.add_inputs(lengths, shot)?;
        }
        Ok(estimate)
    }

    /// The price when every shot is made again as often as the retry budget allows.
    ///
    /// # Errors
    /// [`TooLarge`] when the product does not fit.
    pub fn worst(&self, retries: u32) -> Result<Usd, TooLarge> {
        retries.checked_add(1).and_then(|times| self.once.checked_mul(times)).ok_or(TooLarge)
    }

    /// The claim whose day is the oldest: prices are only as fresh as this one.
    #[must_use]
    pub fn oldest(&self) -> Option<&'a Claim> {
        self.claims.iter().copied().min_by_key(|claim| claim.source.as_of)
    }

    fn add(&mut self, price: Usd, claim: &'a Claim) -> Result<(), TooLarge> {
        self.once = self.once.checked_add(price).ok_or(TooLarge)?;
        if !self.claims.iter().any(|used| std::ptr::eq(*used, claim)) {
            self.claims.push(claim);
        }
        Ok(())
    }

    fn lacks(&mut self, shot: &Shot, what: &str) {
        self.missing.push(format!("shot `{}`: {what}", shot.id));
    }

    fn add_output(&mut self, lengths: Lengths<'a>, shot: &'a Shot) -> Result<(), TooLarge> {
        // An extension is paid for what it adds; an edit for as much as goes in.
        let millis = match shot.mode {
            Mode::Edit => lengths.going_into(shot).map_err(|why| why.words()),
            _ => lengths.asked(shot).map(|s| u64::from(s) * 1000).ok_or_else(|| "no duration".to_owned()),
        };
        let Some(resolution) = resolution(lengths, shot) else {
            self.lacks(shot, "no resolution");
            return Ok(());
        };
        let price = lengths.catalogue.newest(&shot.model, shot.mode, lengths.today, |fact| match fact {
            Fact::OutputPrice { resolution: of, per_second } if of == resolution => Some(*per_second),
            _ => None,
        });
        match (millis, price) {
            (Err(why), _) => self.lacks(shot, &why),
            (_, None) => self.lacks(shot, &format!("no dated price for {resolution} {}", shot.mode)),
            (Ok(millis), Some((per_second, claim))) => {
                let millis = u32::try_from(millis).map_err(|_| TooLarge)?;
                self.add(per_second.per_second_for(millis).ok_or(TooLarge)?, claim)?;
            }
        }
        Ok(())
    }

    fn add_inputs(&mut self, lengths: Lengths<'a>, shot: &'a Shot) -> Result<(), TooLarge> {
        for kind in [MediaKind::Image, MediaKind::Video] {
            let count = shot.inputs.iter().filter(|(slot, _)| slot.kind() == kind).count();
            if count == 0 {
                continue;
            }
            let price = lengths.catalogue.newest(&shot.model, shot.mode, lengths.today, |fact| match fact {
                Fact::InputPrice { kind: of, each } if *of == kind => Some(*each),
                _ => None,
            });
            match price {
                None => self.lacks(shot, &format!("no dated price for an input {}", kind.word())),
                Some((each, claim)) => {
                    let count = u32::try_from(count).map_err(|_| TooLarge)?;
                    self.add(each.checked_mul(count).ok_or(TooLarge)?, claim)?;
                }
            }
        }
        Ok(())
    }
}

/// The resolution that is paid for: as written, or the dated default. Where the field is ignored it is
/// that of the clip that goes in, which is known when another shot makes it.
fn resolution<'a>(lengths: Lengths<'a>, shot: &'a Shot) -> Option<&'a str> {
    let mut shot = shot;
    // A circle of shots is longer than the project and gives nothing.
    for _ in &lengths.project.shots {
        let newest = |pick: fn(&'a Fact) -> Option<&'a Fact>| {
            lengths.catalogue.newest(&shot.model, shot.mode, lengths.today, pick).map(|(fact, _)| fact)
        };
        let ignored = newest(|fact| matches!(fact, Fact::Ignores(_)).then_some(fact));
        if !matches!(ignored, Some(Fact::Ignores(fields)) if fields.iter().any(|field| field == "resolution"))
        {
            let offered = newest(|fact| matches!(fact, Fact::Resolutions { .. }).then_some(fact));
            let default = match offered {
                Some(Fact::Resolutions { default, .. }) => default.as_deref(),
                _ => None,
            };
            return shot.resolution.as_deref().or(default);
        }
        let Some(Input::Shot(id)) = shot.inputs_in(Slot::Video).next() else {
            return None;
        };
        shot = lengths.project.shots.iter().find(|other| other.id == *id)?;
    }
    None
}
