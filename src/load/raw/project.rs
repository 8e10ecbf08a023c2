//! The project file as written.

use serde::{Deserialize, Deserializer, de};
use toml::Spanned;

use crate::model::{media::Way, mode::Mode, money::Usd, route::Route};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawFile {
    pub(in crate::load) project: Option<Spanned<RawProject>>,
    pub(in crate::load) failure: Option<RawFailure>,
    #[serde(default)]
    pub(in crate::load) shot: Vec<Spanned<RawShot>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawProject {
    pub(in crate::load) name: Option<Spanned<String>>,
    pub(in crate::load) route: Option<Spanned<Route>>,
    pub(in crate::load) provider: Option<Spanned<String>>,
    pub(in crate::load) account: Option<String>,
    pub(in crate::load) budget: Option<Spanned<Usd>>,
    pub(in crate::load) output: Option<Spanned<String>>,
    pub(in crate::load) upload_url: Option<Spanned<String>>,
    pub(in crate::load) commercial: Option<bool>,
    pub(in crate::load) length: Option<Spanned<String>>,
    #[serde(default)]
    pub(in crate::load) checklists: Vec<Spanned<String>>,
    #[serde(default)]
    pub(in crate::load) catalogues: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawFailure {
    pub(in crate::load) retries: Option<u32>,
    pub(in crate::load) timeout: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawShot {
    pub(in crate::load) id: Option<Spanned<String>>,
    pub(in crate::load) mode: Option<Mode>,
    pub(in crate::load) model: Option<Spanned<String>>,
    pub(in crate::load) duration: Option<u32>,
    pub(in crate::load) aspect_ratio: Option<Spanned<String>>,
    pub(in crate::load) resolution: Option<Spanned<String>>,
    pub(in crate::load) prompt: Option<String>,
    pub(in crate::load) brief: Option<RawBrief>,
    pub(in crate::load) image: Option<Spanned<RawInput>>,
    #[serde(default)]
    pub(in crate::load) references: Vec<Spanned<RawInput>>,
    pub(in crate::load) last_frame: Option<Spanned<RawInput>>,
    pub(in crate::load) video: Option<Spanned<RawInput>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawBrief {
    pub(in crate::load) subject: Option<String>,
    pub(in crate::load) action: Option<String>,
    pub(in crate::load) setting: Option<String>,
    pub(in crate::load) camera: Option<String>,
    pub(in crate::load) style: Option<String>,
    pub(in crate::load) exclude: Option<Vec<String>>,
}

/// A path, a URL, or a table that says which.
#[derive(Debug, Clone, Default)]
pub(in crate::load) struct RawInput {
    pub(in crate::load) text: Option<String>,
    pub(in crate::load) path: Option<String>,
    pub(in crate::load) url: Option<String>,
    pub(in crate::load) shot: Option<String>,
    pub(in crate::load) send: Option<Way>,
}

impl<'de> Deserialize<'de> for RawInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        struct Table {
            path: Option<String>,
            url: Option<String>,
            shot: Option<String>,
            send: Option<Way>,
        }

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
                let Table { path, url, shot, send } =
                    Table::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(RawInput { text: None, path, url, shot, send })
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}
