//! The catalogue as written.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};

use super::{
    super::spanned::Spanned,
    scalar::{RawDate, RawSource},
    word::{DAYS, FILLED, NOT_NEGATIVE},
};
use crate::model::{
    media::{Ingredient, MediaKind, Way},
    mode::Mode,
    money::Usd,
};

/// Dated facts about models: what they can do and what they cost. The newest claim that isn't after the day of the
/// judgement counts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "greenlight catalogue", rename = "CatalogueFile")]
pub(in crate::load) struct RawCatalogue {
    /// Its name.
    #[schemars(required)]
    pub(in crate::load) id: Option<Spanned<String>>,
    /// The day on which it was last compared with its sources; without it, its age is unknown.
    pub(in crate::load) reviewed: Option<RawDate>,
    /// The age from which it warns, in days such as `90d`; without it, that of the shipped catalogue.
    #[schemars(regex(pattern = DAYS))]
    pub(in crate::load) stale_after: Option<Spanned<String>>,
    /// Models and their other names.
    #[serde(default)]
    pub(in crate::load) model: Vec<Spanned<RawModel>>,
    /// What is known, since when, and from where.
    #[serde(default)]
    pub(in crate::load) claim: Vec<Spanned<RawClaim>>,
}

/// A model and its other names.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Model")]
pub(in crate::load) struct RawModel {
    /// The name that claims use.
    #[schemars(required, regex(pattern = FILLED))]
    pub(in crate::load) id: Option<Spanned<String>>,
    /// Other names of the same model.
    #[serde(default)]
    pub(in crate::load) aliases: Vec<Spanned<String>>,
}

/// One or several facts with one source.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Claim", extend("anyOf" = [
    { "required": ["supported"] },
    { "required": ["duration"] },
    { "required": ["aspect-ratios"] },
    { "required": ["resolutions"] },
    { "required": ["references"] },
    { "required": ["input-seconds"] },
    { "required": ["input-codecs"] },
    { "required": ["input-types"] },
    { "required": ["input-bytes"] },
    { "required": ["ignores"] },
    { "required": ["combines"] },
    { "required": ["instead"] },
    { "required": ["keyframes"] },
    { "required": ["voices"] },
    { "required": ["voice-price"] },
    { "required": ["output-price"] },
    { "required": ["input-price"] }
]))]
pub(in crate::load) struct RawClaim {
    /// The models it is about; all of them if empty.
    #[serde(default)]
    pub(in crate::load) models: Vec<Spanned<String>>,
    /// The modes it is about; all of them if empty.
    #[serde(default)]
    pub(in crate::load) modes: Vec<Mode>,
    /// Whether these models support these modes.
    pub(in crate::load) supported: Option<bool>,
    /// The lengths of a clip, in seconds.
    pub(in crate::load) duration: Option<Spanned<RawSpanOfSeconds>>,
    /// The aspect ratios that are offered, such as `16:9`.
    pub(in crate::load) aspect_ratios: Option<Vec<String>>,
    /// The resolutions that are offered.
    pub(in crate::load) resolutions: Option<RawResolutions>,
    /// The most reference pictures, such as `7` or `{ max = 14, documented = 7 }`.
    pub(in crate::load) references: Option<Spanned<RawReferences>>,
    /// The lengths of an input clip, in seconds.
    pub(in crate::load) input_seconds: Option<Spanned<RawSecondsRange>>,
    /// The codecs of an input clip.
    pub(in crate::load) input_codecs: Option<Vec<String>>,
    /// Whether other codecs, which aren't listed anywhere, are accepted too.
    #[schemars(extend("default" = false))]
    pub(in crate::load) other_codecs: Option<bool>,
    /// The file types that are accepted.
    pub(in crate::load) input_types: Option<RawTypes>,
    /// The largest file that is accepted.
    pub(in crate::load) input_bytes: Option<RawBytes>,
    /// Keys of a shot that have no effect here.
    pub(in crate::load) ignores: Option<Vec<String>>,
    /// What may be given beside the input that the mode requires.
    pub(in crate::load) combines: Option<Vec<Ingredient>>,
    /// What can replace the input that the mode requires.
    pub(in crate::load) instead: Option<Vec<Ingredient>>,
    /// The pictures that can be shown at a given time within the clip.
    pub(in crate::load) keyframes: Option<Spanned<RawKeyframes>>,
    /// The most provider voices; 0 if none are accepted.
    pub(in crate::load) voices: Option<u32>,
    /// What each voice in a clip costs, such as `0.00 USD`.
    #[schemars(extend("pattern" = NOT_NEGATIVE))]
    pub(in crate::load) voice_price: Option<Usd>,
    /// What a second of output costs.
    pub(in crate::load) output_price: Option<RawOutputPrice>,
    /// What an input costs.
    pub(in crate::load) input_price: Option<Spanned<RawInputPrice>>,
    /// Where it is written, and since when.
    #[schemars(required)]
    pub(in crate::load) source: Option<Spanned<RawSource>>,
    /// A note.
    pub(in crate::load) note: Option<String>,
}

/// The lengths of a clip, in seconds.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Duration")]
pub(in crate::load) struct RawSpanOfSeconds {
    /// The shortest.
    pub(in crate::load) min: u32,
    /// The longest.
    pub(in crate::load) max: u32,
    /// Used when nothing is asked for.
    pub(in crate::load) default: Option<u32>,
}

/// The lengths of an input clip, in seconds.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Seconds")]
pub(in crate::load) struct RawSecondsRange {
    /// The shortest.
    #[schemars(range(min = 0, max = 86400))]
    pub(in crate::load) min: f64,
    /// The longest.
    #[schemars(range(min = 0, max = 86400))]
    pub(in crate::load) max: f64,
}

/// The resolutions that are offered.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Resolutions")]
pub(in crate::load) struct RawResolutions {
    /// All of them, such as `720p`.
    pub(in crate::load) offered: Vec<String>,
    /// Used when nothing is asked for.
    pub(in crate::load) default: Option<String>,
}

/// A number, or a table that also says how many are promised.
#[derive(Debug, Clone, Copy, JsonSchema)]
#[schemars(rename = "References", with = "WrittenReferences")]
pub(in crate::load) struct RawReferences {
    pub(in crate::load) max: u32,
    pub(in crate::load) documented: Option<u32>,
}

/// A number, or a table that also says how many are promised.
#[derive(JsonSchema)]
#[schemars(rename = "References", untagged)]
#[expect(dead_code, reason = "describes how a number of references is written")]
enum WrittenReferences {
    Number(u32),
    Table(ReferencesTable),
}

/// What is accepted, and how much of it is promised.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ReferencesTable {
    /// The most that have been seen to be accepted.
    max: u32,
    /// The most that the owner's documentation promises.
    documented: Option<u32>,
}

impl<'de> Deserialize<'de> for RawReferences {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = RawReferences;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number or a table such as { max = 14, documented = 7 }")
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<RawReferences, E> {
                let max = u32::try_from(number)
                    .map_err(|_out_of_range| E::invalid_value(de::Unexpected::Signed(number), &self))?;
                Ok(RawReferences { max, documented: None })
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<RawReferences, A::Error> {
                let ReferencesTable { max, documented } =
                    ReferencesTable::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(RawReferences { max, documented })
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// The pictures that can be shown at a given time within the clip.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Keyframes")]
pub(in crate::load) struct RawKeyframes {
    /// The most keyframes; 0 if none are accepted.
    pub(in crate::load) max: u32,
    /// How many times per second a keyframe can be placed at, such as 3: every time is moved to the nearest one.
    #[schemars(range(min = 1, max = 100))]
    pub(in crate::load) slots_per_second: Option<u32>,
}

/// The file types that are accepted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Types")]
pub(in crate::load) struct RawTypes {
    /// For this kind of input.
    pub(in crate::load) kind: MediaKind,
    /// Such as `image/png`.
    pub(in crate::load) types: Vec<String>,
}

/// The largest file that is accepted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Bytes")]
pub(in crate::load) struct RawBytes {
    /// For this kind of input.
    pub(in crate::load) kind: MediaKind,
    /// How it is sent.
    pub(in crate::load) way: Way,
    /// In bytes.
    pub(in crate::load) max: u64,
}

/// What a second of output costs.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "OutputPrice")]
pub(in crate::load) struct RawOutputPrice {
    /// At this resolution, such as `720p`.
    pub(in crate::load) resolution: String,
    /// For each second, such as `0.07 USD`.
    #[schemars(extend("pattern" = NOT_NEGATIVE))]
    pub(in crate::load) per_second: Usd,
}

/// What an input costs.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "InputPrice", extend("anyOf" = [
    { "required": ["each"] },
    { "required": ["per-second"] }
]))]
pub(in crate::load) struct RawInputPrice {
    /// For this kind of input.
    pub(in crate::load) kind: MediaKind,
    /// For each of them, such as `0.002 USD`.
    #[schemars(extend("pattern" = NOT_NEGATIVE))]
    pub(in crate::load) each: Option<Usd>,
    /// For each second of a clip, such as `0.01 USD`; in addition to `each`.
    #[schemars(extend("pattern" = NOT_NEGATIVE))]
    pub(in crate::load) per_second: Option<Usd>,
}
