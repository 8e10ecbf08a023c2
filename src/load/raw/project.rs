//! The project file as written.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};

use super::{
    super::spanned::Spanned,
    word::{DURATION, FILLED, ID, NOT_NEGATIVE, RATIO},
};
use crate::model::{decision::FailOn, media::Way, mode::Mode, money::Usd, route::Route};

/// What is to be made, by which route and within which budget: greenlight.toml.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "greenlight project", rename = "ProjectFile", extend("required" = ["project", "shot"]))]
pub(in crate::load) struct RawFile {
    /// The project as a whole.
    #[schemars(required)]
    pub(in crate::load) project: Option<Spanned<RawProject>>,
    /// What was decided about failures before the first clip.
    pub(in crate::load) failure: Option<RawFailure>,
    /// How `greenlight check` runs here; flags and variables override it.
    pub(in crate::load) check: Option<RawCheckSettings>,
    /// The clips, in order.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub(in crate::load) shot: Vec<Spanned<RawShot>>,
}

/// The project as a whole.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Project")]
pub(in crate::load) struct RawProject {
    /// A person's name for it.
    #[schemars(required, regex(pattern = FILLED))]
    pub(in crate::load) name: Option<Spanned<String>>,
    /// Who owns the generation.
    #[schemars(required)]
    pub(in crate::load) route: Option<Spanned<Route>>,
    /// Which owner: a wrapper's name, such as `fal`. The other routes have only one.
    #[schemars(regex(pattern = ID))]
    pub(in crate::load) provider: Option<Spanned<String>>,
    /// The account it is made with, when it matters whose answers are used.
    pub(in crate::load) account: Option<String>,
    /// The most the whole project may cost, such as `2.00 USD`.
    #[schemars(extend("pattern" = NOT_NEGATIVE))]
    pub(in crate::load) budget: Option<Spanned<Usd>>,
    /// The folder in which finished clips are kept: provider URLs are temporary.
    pub(in crate::load) output: Option<Spanned<String>>,
    /// Where a zero-retention team has its clips delivered.
    #[schemars(regex(pattern = "^https://"))]
    pub(in crate::load) upload_url: Option<Spanned<String>>,
    /// Whether the clips are for commercial use.
    #[schemars(extend("default" = false))]
    pub(in crate::load) commercial: Option<bool>,
    /// The intended length of the finished sequence, such as `45s`.
    #[schemars(regex(pattern = DURATION))]
    pub(in crate::load) length: Option<Spanned<String>>,
    /// The project's own checklist files, which end in `.toml`; paths are relative to this file and stay in its
    /// checkout.
    #[serde(default)]
    pub(in crate::load) checklists: Vec<Spanned<String>>,
    /// The project's own catalogue files, which end in `.toml`; paths are relative to this file and stay in its
    /// checkout.
    #[serde(default)]
    #[schemars(extend("examples" = [["prices.toml"]]))]
    pub(in crate::load) catalogues: Vec<Spanned<String>>,
}

/// What was decided about failures before the first clip.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Failure")]
pub(in crate::load) struct RawFailure {
    /// How often a failed clip may be made again.
    pub(in crate::load) retries: Option<u32>,
    /// How long a clip may take before it counts as failed, such as `10m`.
    #[schemars(regex(pattern = DURATION))]
    pub(in crate::load) timeout: Option<Spanned<String>>,
}

/// How `greenlight check` runs here; flags and variables override it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "CheckSettings")]
pub(in crate::load) struct RawCheckSettings {
    /// What closes the gate: `fail`, or `warn` as well.
    #[schemars(extend("default" = "fail"))]
    pub(in crate::load) fail_on: Option<FailOn>,
    /// How long one reply may take, such as `10s`.
    #[schemars(regex(pattern = DURATION))]
    pub(in crate::load) timeout: Option<Spanned<String>>,
    /// Most calls to one host at a time.
    #[schemars(range(min = 1, max = 256), extend("default" = 8))]
    pub(in crate::load) concurrency: Option<Spanned<u16>>,
}

/// One clip.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Shot")]
pub(in crate::load) struct RawShot {
    /// Its name within the project.
    #[schemars(required, regex(pattern = ID))]
    pub(in crate::load) id: Option<Spanned<String>>,
    /// The kind of generation.
    #[schemars(required)]
    pub(in crate::load) mode: Option<Mode>,
    /// The model as its owner names it.
    #[schemars(required, regex(pattern = FILLED))]
    pub(in crate::load) model: Option<Spanned<String>>,
    /// Length in seconds; for an extension, of the added part.
    pub(in crate::load) duration: Option<u32>,
    /// Width and height, such as `16:9`.
    #[schemars(regex(pattern = RATIO))]
    pub(in crate::load) aspect_ratio: Option<Spanned<String>>,
    /// Such as `720p`.
    pub(in crate::load) resolution: Option<Spanned<String>>,
    /// The prompt as one text.
    pub(in crate::load) prompt: Option<String>,
    /// The prompt in parts, which are combined.
    pub(in crate::load) brief: Option<RawBrief>,
    /// The picture it starts from.
    pub(in crate::load) image: Option<Spanned<RawInput>>,
    /// Pictures that show what it refers to.
    #[serde(default)]
    pub(in crate::load) references: Vec<Spanned<RawInput>>,
    /// The picture it ends with.
    pub(in crate::load) last_frame: Option<Spanned<RawInput>>,
    /// Pictures that are shown at a given time within the clip.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub(in crate::load) keyframes: Vec<Spanned<RawKeyframe>>,
    /// The voices that are heard, by their provider ids.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub(in crate::load) voices: Vec<Spanned<String>>,
    /// The clip that is edited or continued.
    pub(in crate::load) video: Option<Spanned<RawInput>>,
}

/// A picture that is shown at a given time within the clip.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Keyframe")]
pub(in crate::load) struct RawKeyframe {
    /// The picture.
    #[schemars(required)]
    pub(in crate::load) image: Option<Spanned<RawInput>>,
    /// When it is shown: seconds from the start of the clip, such as `2.0`, to the millisecond.
    #[schemars(required, range(min = 0, max = 86400))]
    pub(in crate::load) at: Option<Spanned<f64>>,
}

/// The prompt in parts, which are combined.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Brief")]
pub(in crate::load) struct RawBrief {
    /// Who or what appears.
    pub(in crate::load) subject: Option<String>,
    /// What changes over the clip.
    pub(in crate::load) action: Option<String>,
    /// Where it happens.
    pub(in crate::load) setting: Option<String>,
    /// Shot type and motion.
    pub(in crate::load) camera: Option<String>,
    /// Such as realistic, product demo or animation.
    pub(in crate::load) style: Option<String>,
    /// What must not appear.
    pub(in crate::load) exclude: Option<Vec<String>>,
}

/// A path, a URL, or a table that says which.
#[derive(Debug, Clone, Default, JsonSchema)]
#[schemars(rename = "Input", with = "WrittenInput")]
pub(in crate::load) struct RawInput {
    pub(in crate::load) text: Option<String>,
    pub(in crate::load) path: Option<String>,
    pub(in crate::load) url: Option<String>,
    pub(in crate::load) shot: Option<String>,
    pub(in crate::load) send: Option<Way>,
}

/// A path, a URL, or a table that says which.
#[derive(JsonSchema)]
#[schemars(rename = "Input", untagged)]
#[expect(dead_code, reason = "describes how an input is written")]
enum WrittenInput {
    Text(#[schemars(regex(pattern = FILLED))] String),
    Table(InputTable),
}

/// Exactly one of `path`, `url` and `shot`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(extend("minProperties" = 1, "dependentRequired" = { "send": ["path"] }))]
struct InputTable {
    /// A local file; the path is relative to this file.
    #[schemars(regex(pattern = FILLED))]
    path: Option<String>,
    /// An address that the provider can fetch.
    #[schemars(regex(pattern = "^https?://"))]
    url: Option<String>,
    /// The clip of another shot; only for `video`.
    #[schemars(regex(pattern = ID))]
    shot: Option<String>,
    /// How a local file is sent.
    #[schemars(extend("enum" = ["data-uri", "upload"], "default" = "data-uri"))]
    send: Option<Way>,
}

impl<'de> Deserialize<'de> for RawInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = RawInput;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a path, a URL or a table such as { shot = \"opening\" }")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<RawInput, E> {
                Ok(RawInput { text: Some(text.to_owned()), ..RawInput::default() })
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<RawInput, A::Error> {
                let InputTable { path, url, shot, send } =
                    InputTable::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(RawInput { text: None, path, url, shot, send })
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}
