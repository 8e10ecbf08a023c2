//! The body of the paid request: the fields of xAI's video API (<https://docs.x.ai/openapi.json>, as of 2026-10-01),
//! filled from a shot. Pure: the inputs are passed in as they are sent.

use serde_json::{Map, Value, json};

use crate::model::{
    media::{Input, Slot},
    mode::Mode,
    project::{Brief, Project, Shot},
    text::says_something,
};

/// An input as it is sent, and as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Travels {
    /// A public address, or the bytes as a data URI.
    pub sent: String,
    /// The same, with a digest in place of the bytes.
    pub shown: String,
}

/// The body for a shot, without the `ignored` fields.
pub(super) fn body(
    project: &Project,
    shot: &Shot,
    ignored: &[String],
    input: &dyn Fn(&Input) -> Option<String>,
) -> Value {
    let mut body = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(name.to_owned(), value);
        }
    };
    let sent = |field: &str| !ignored.iter().any(|one| one == field);
    let all =
        |slot| shot.inputs_in(slot).filter_map(input).map(|url| json!({ "url": url })).collect::<Vec<_>>();
    let one = |slot| all(slot).into_iter().next();
    let many = |slot| Some(all(slot)).filter(|list| !list.is_empty()).map(Value::from);
    put("model", Some(shot.model.clone().into()));
    put("prompt", prompt(shot).map(Value::from));
    put("duration", shot.duration.filter(|_| shot.mode != Mode::Edit && sent("duration")).map(Value::from));
    put("aspect_ratio", shot.aspect_ratio.clone().filter(|_| sent("aspect-ratio")).map(Value::from));
    put("resolution", shot.resolution.clone().filter(|_| sent("resolution")).map(Value::from));
    put("image", one(Slot::Image));
    put("last_frame", one(Slot::LastFrame));
    put("reference_images", many(Slot::References));
    put("keyframes", keyframes(shot, &all(Slot::Keyframes)));
    put("reference_audios", voices(shot));
    put("video", one(Slot::Video));
    put("output", project.upload_url.as_ref().map(|url| json!({ "upload_url": url })));
    Value::Object(body)
}

fn keyframes(shot: &Shot, images: &[Value]) -> Option<Value> {
    let at = |(image, millis): (&Value, &u32)| json!({ "image": image, "timestamp_s": f64::from(*millis) / 1000.0 });
    let frames: Vec<Value> = images.iter().zip(&shot.keyframe_millis).map(at).collect();
    (!frames.is_empty()).then(|| frames.into())
}

fn voices(shot: &Shot) -> Option<Value> {
    let voices: Vec<Value> = shot.voices.iter().map(|voice| json!({ "voice_id": voice })).collect();
    (!voices.is_empty()).then(|| voices.into())
}

/// The prompt as one text: as written, followed by the named parts of the brief.
pub(super) fn prompt(shot: &Shot) -> Option<String> {
    let written =
        shot.prompt.as_deref().filter(|text| says_something(text)).map(|text| text.trim().to_owned());
    let brief = shot.brief.iter().flat_map(sentences);
    let all: Vec<String> = written.into_iter().chain(brief).collect();
    (!all.is_empty()).then(|| all.join(" "))
}

fn sentences(brief: &Brief) -> Vec<String> {
    let told = |(name, text): (&str, Option<&str>)| {
        let text = text.filter(|text| says_something(text))?.trim();
        let mut letters = name.chars();
        let name: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
        Some(format!("{name}: {text}{stop}"))
    };
    let exclude = brief.exclude.as_deref().filter(|list| !list.is_empty());
    let exclude = exclude.map(|list| format!("Not in the picture: {}.", list.join(", ")));
    brief.parts().into_iter().filter_map(told).chain(exclude).collect()
}

#[cfg(test)]
mod tests;
