//! The catalogue: raw claims into single dated facts.

use std::{num::NonZeroU32, ops::Range};

use super::{
    raw::catalogue::{RawCatalogue, RawClaim, RawInputPrice, RawKeyframes, RawReferences},
    seconds::millis,
    sink::DiagnosticSink,
    spanned::Spanned,
};
use crate::model::{
    catalogue::{Catalogue, Claim, Edition, Fact, ModelName},
    media::MediaKind,
    money::Usd,
    pages::Pages,
};

/// The finest grid for times: times are kept in milliseconds, which can't tell finer slots apart.
const MOST_SLOTS: u32 = 100;

impl DiagnosticSink<'_> {
    /// Adds one file's models and claims to a catalogue. Each file has its own review date; a file that doesn't say
    /// after how many days it is stale uses the number of the first file.
    ///
    /// `pages` are those that a project's own facts may come from; `None` for shipped facts, and for a file checked by
    /// itself.
    pub(super) fn catalogue(&mut self, raw: RawCatalogue, into: &mut Catalogue, pages: Option<&Pages>) {
        if raw.id.is_none() {
            self.error("missing-key", 0..0, "the catalogue has no `id`");
        }
        let usual = into.editions.first().and_then(|first| first.stale_after_days);
        into.editions.push(Edition {
            id: raw.id.map(Spanned::into_inner).unwrap_or_default(),
            reviewed: raw.reviewed.map(|date| date.0),
            stale_after_days: raw.stale_after.map_or(usual, |text| self.days(&text)),
        });
        for model in raw.model {
            let at = model.span();
            let model = model.into_inner();
            let Some(id) = self.filled(model.id, "id", "the model", &at) else { continue };
            for name in model.aliases.iter().map(Spanned::get_ref).chain([&id]) {
                if into.knows(name) {
                    self.error("duplicate-id", at.clone(), format!("model name `{name}` is taken"));
                }
            }
            let aliases = model.aliases.into_iter().map(Spanned::into_inner).collect();
            into.models.push(ModelName { id, aliases });
        }
        for claim in raw.claim {
            let at = claim.span();
            self.claim(claim.into_inner(), &at, into, pages);
        }
    }

    fn claim(&mut self, mut raw: RawClaim, at: &Range<usize>, into: &mut Catalogue, pages: Option<&Pages>) {
        for name in &raw.models {
            if into.canonical(name.get_ref()) == name.get_ref() && !into.knows(name.get_ref()) {
                let known = into.models.iter().map(|model| model.id.as_str());
                let help = super::suggest::among(name.get_ref(), known);
                let message = format!("no `[[model]]` is called `{}`", name.get_ref());
                self.error_with("unknown-name", name.span(), message, help);
            }
        }
        let place = raw.source.as_ref().map_or_else(|| at.clone(), Spanned::span);
        let source = self.source(raw.source.take(), "the claim", at);
        let theirs = source.as_ref().and_then(|source| pages?.count(&source.url).err().zip(pages?.wanted()));
        if let Some((why, wanted)) = theirs {
            let message = format!("what a model can do is taken from its provider's own pages; {why}");
            let help = format!("name a page of {wanted}, or leave the claim out");
            self.error_with("foreign-host", place, message, Some(help));
        }
        let whose: Vec<String> =
            raw.models.iter().map(|name| into.canonical(name.get_ref()).to_owned()).collect();
        let (modes, note) = (std::mem::take(&mut raw.modes), raw.note.take());
        let before = self.diagnostics.len();
        self.prices(&raw, at);
        let facts = self.facts(raw);
        if facts.is_empty() && self.diagnostics.len() == before && !self.touched(&whole(self.text, at)) {
            self.error("asserts-nothing", at.clone(), "this claim claims nothing");
        }
        let Some(source) = source else { return };
        into.claims.extend(facts.into_iter().map(|fact| Claim {
            models: whose.clone(),
            modes: modes.clone(),
            fact,
            source: source.clone(),
            note: note.clone(),
        }));
    }

    /// A negative price would make a paid job look free.
    fn prices(&mut self, raw: &RawClaim, at: &Range<usize>) {
        let output = raw.output_price.as_ref().map(|price| price.per_second);
        let input = raw.input_price.as_ref().map(Spanned::get_ref);
        let input = input.into_iter().flat_map(|price| [price.each, price.per_second]).flatten();
        if output.into_iter().chain(input).chain(raw.voice_price).any(|price| price < Usd::ZERO) {
            self.error("wrong-operand", at.clone(), "a price is not negative");
        }
        if output == Some(Usd::ZERO) {
            self.error(
                "wrong-operand",
                at.clone(),
                "a clip that costs nothing has no price; leave the claim out",
            );
        }
        let Some(price) = &raw.input_price else { return };
        match price.get_ref() {
            RawInputPrice { each: None, per_second: None, .. } => {
                self.error("wrong-operand", price.span(), "`input-price` has `each`, `per-second` or both");
            }
            RawInputPrice { kind: MediaKind::Image, per_second: Some(_), .. } => {
                self.error("wrong-operand", price.span(), "an image has no seconds; its price is `each`");
            }
            RawInputPrice { .. } => {}
        }
    }

    fn facts(&mut self, raw: RawClaim) -> Vec<Fact> {
        let mut facts = Vec::new();
        facts.extend(raw.supported.map(Fact::Supported));
        if let Some(spanned) = raw.duration {
            let at = spanned.span();
            let range = spanned.into_inner();
            if range.min > range.max {
                self.error("wrong-operand", at, "`min` is above `max`");
            } else if range.default.is_some_and(|default| default < range.min || default > range.max) {
                self.error("wrong-operand", at, "`default` lies between `min` and `max`");
            }
            facts.push(Fact::Duration { min: range.min, max: range.max, default: range.default });
        }
        facts.extend(raw.aspect_ratios.map(Fact::AspectRatios));
        facts.extend(raw.resolutions.map(|r| Fact::Resolutions { offered: r.offered, default: r.default }));
        facts.extend(self.references(raw.references));
        if let Some(spanned) = raw.input_seconds {
            let at = spanned.span();
            let range = spanned.into_inner();
            match (millis(range.min), millis(range.max)) {
                (Some(min), Some(max)) if min <= max => facts.push(Fact::InputMillis { min, max }),
                _ => self.error(
                    "wrong-operand",
                    at,
                    "`min` and `max` are seconds from 0 to 86400, in this order",
                ),
            }
        }
        let and_others = raw.other_codecs.unwrap_or(false);
        facts.extend(raw.input_codecs.map(|codecs| Fact::InputCodecs { codecs, and_others }));
        facts.extend(raw.input_types.map(|t| Fact::InputTypes { kind: t.kind, types: t.types }));
        facts.extend(raw.input_bytes.map(|b| Fact::InputBytes { kind: b.kind, way: b.way, max: b.max }));
        facts.extend(raw.ignores.map(Fact::Ignores));
        facts.extend(raw.combines.map(Fact::Combines));
        facts.extend(raw.instead.map(Fact::Instead));
        facts.extend(self.keyframe_limits(raw.keyframes));
        facts.extend(raw.voices.map(Fact::Voices));
        facts.extend(raw.voice_price.map(Fact::VoicePrice));
        facts.extend(
            raw.output_price.map(|price| Fact::OutputPrice {
                resolution: price.resolution,
                per_second: price.per_second,
            }),
        );
        facts.extend(raw.input_price.map(Spanned::into_inner).map(|price| Fact::InputPrice {
            kind: price.kind,
            each: price.each,
            per_second: price.per_second,
        }));
        facts
    }

    fn keyframe_limits(&mut self, raw: Option<Spanned<RawKeyframes>>) -> Option<Fact> {
        let raw = raw?;
        let &RawKeyframes { max, slots_per_second } = raw.get_ref();
        let slots = slots_per_second.map(NonZeroU32::new);
        if slots == Some(None) || slots_per_second.is_some_and(|slots| slots > MOST_SLOTS) {
            let message = format!("`slots-per-second` is a number from 1 to {MOST_SLOTS}");
            self.error("wrong-operand", raw.span(), message);
        }
        Some(Fact::Keyframes { max, slots_per_second: slots.flatten() })
    }

    fn references(&mut self, raw: Option<Spanned<RawReferences>>) -> Option<Fact> {
        let raw = raw?;
        let &RawReferences { max, documented } = raw.get_ref();
        if documented.is_some_and(|documented| documented > max) {
            self.error("wrong-operand", raw.span(), "`documented` is above `max`");
        }
        Some(Fact::References { max, documented })
    }
}

/// From the header of a table to the next header.
fn whole(text: &str, at: &Range<usize>) -> Range<usize> {
    let rest = text.get(at.end..).unwrap_or_default();
    at.start..rest.find("\n[").map_or(text.len(), |next| at.end + next)
}
