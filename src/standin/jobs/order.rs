//! What a create asks for, read from its body field by field.

use serde_json::Value;

use super::script::{Create, Field, Role};
use crate::model::mode::Mode;

/// An order for a clip, as it was written.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) mode: Mode,
    pub(super) model: Option<String>,
    pub(super) prompt: Option<String>,
    /// Whole seconds: of the clip, or of what is added to one.
    pub(super) seconds: Option<u32>,
    pub(super) ratio: Option<String>,
    pub(super) resolution: Option<String>,
    /// The first picture.
    pub(super) image: Option<Value>,
    /// The number of input pictures, of all kinds.
    pub(super) pictures: u32,
    pub(super) references: u32,
    pub(super) voices: u32,
    pub(super) last_frame: bool,
    /// When each picture is to be shown, in seconds; empty if it does not say.
    pub(super) keyframes: Vec<f64>,
    /// The input clip.
    pub(super) video: Option<Value>,
    /// Where the clip is to be sent.
    pub(super) upload: Option<String>,
    /// Fields that nothing reads.
    pub(super) ignored: Vec<String>,
}

impl Order {
    /// Reads a body. A value of the wrong type counts as missing.
    pub(super) fn read(create: &Create, body: &Value) -> Self {
        let of =
            |role| create.field.iter().find(|field| field.role == role).and_then(|field| field.value(body));
        let text = |role| of(role).and_then(Value::as_str).map(str::to_owned);
        let count = |role| of(role).and_then(Value::as_array).map_or(0, Vec::len);
        let there = |role| usize::from(of(role).is_some_and(Value::is_object));
        let references = count(Role::References);
        let pinned = there(Role::LastFrame) + count(Role::Keyframes);
        let voices = count(Role::Voices);
        let pictures = there(Role::Image) + references + pinned;
        let mode = create.mode.unwrap_or(match (references + pinned + voices, there(Role::Image)) {
            (0, 0) => Mode::TextToVideo,
            (0, _) => Mode::ImageToVideo,
            _ => Mode::ReferenceToVideo,
        });
        let known = |name: &&String| !create.field.iter().any(|field| field.is(name));
        let ignored = body.as_object().into_iter().flat_map(|body| body.keys()).filter(known);
        Self {
            mode,
            model: text(Role::Model),
            prompt: text(Role::Prompt),
            seconds: of(Role::Duration).and_then(whole),
            ratio: text(Role::Ratio),
            resolution: text(Role::Resolution),
            image: of(Role::Image).cloned(),
            pictures: u32::try_from(pictures).unwrap_or(u32::MAX),
            references: u32::try_from(references).unwrap_or(u32::MAX),
            last_frame: there(Role::LastFrame) > 0,
            keyframes: of(Role::Keyframes)
                .and_then(Value::as_array)
                .map(|all| times(all))
                .unwrap_or_default(),
            voices: u32::try_from(voices).unwrap_or(u32::MAX),
            video: of(Role::Video).cloned(),
            upload: of(Role::Output).and_then(|output| output["upload_url"].as_str()).map(str::to_owned),
            ignored: ignored.cloned().collect(),
        }
    }
}

impl Field {
    /// Whether it has this name.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name == name || self.also.iter().any(|other| other == name)
    }

    /// Its value in a body; `null` counts as missing.
    pub(super) fn value<'b>(&self, body: &'b Value) -> Option<&'b Value> {
        let names = std::iter::once(&self.name).chain(&self.also);
        names.filter_map(|name| body.get(name)).find(|value| !value.is_null())
    }
}

/// When each of these pictures is to be shown.
fn times(keyframes: &[Value]) -> Vec<f64> {
    keyframes.iter().map(|one| one["timestamp_s"].as_f64().unwrap_or(f64::NAN)).collect()
}

/// A whole number, even if written as a text.
pub(super) fn whole(value: &Value) -> Option<u32> {
    match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64().and_then(|number| u32::try_from(number).ok()),
    }
}
