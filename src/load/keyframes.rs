//! The images that a shot shows at a given time within its clip, and the voices that are heard in it.

use std::collections::HashSet;

use super::{
    raw::project::{RawInput, RawKeyframe},
    seconds::{MOST_SECONDS, millis},
    sink::DiagnosticSink,
    spanned::Spanned,
};
use crate::model::{
    media::{Input, Slot},
    project::MOST_OF_A_KIND,
};

impl DiagnosticSink<'_> {
    /// The keyframes of a shot in the order of the file, each with its time in milliseconds.
    pub(super) fn keyframes(&mut self, raw: Vec<Spanned<RawKeyframe>>, whose: &str) -> Vec<(Input, u32)> {
        self.not_too_many(&raw, whose, "keyframes");
        raw.into_iter().take(MOST_OF_A_KIND).filter_map(|keyframe| self.keyframe(keyframe, whose)).collect()
    }

    fn keyframe(&mut self, raw: Spanned<RawKeyframe>, whose: &str) -> Option<(Input, u32)> {
        let at = raw.span();
        let RawKeyframe { image, at: time } = raw.into_inner();
        let whose = format!("a keyframe of {whose}");
        let image: Option<Spanned<RawInput>> = self.need(image, "image", &whose, &at);
        let time = self.need(time, "at", &whose, &at);
        let image = image.and_then(|image| self.input(Slot::Keyframes, image));
        let time = time.and_then(|time| {
            let within = millis(*time.get_ref());
            if within.is_none() {
                self.error_with(
                    "wrong-operand",
                    time.span(),
                    format!("`at` is a time within the clip: seconds from 0 to {MOST_SECONDS}"),
                    Some("write when the picture is seen, such as `at = 2.0`".to_owned()),
                );
            }
            within
        });
        Some((image?, time?))
    }

    /// The voices of a shot. Only the provider knows which voices exist.
    pub(super) fn voices(&mut self, raw: Vec<Spanned<String>>, whose: &str) -> Vec<String> {
        self.not_too_many(&raw, whose, "voices");
        let mut seen = HashSet::new();
        for voice in &raw {
            let name = voice.get_ref().as_str();
            if name.trim().is_empty() {
                self.error("empty-value", voice.span(), format!("a voice of {whose} has no name"));
            } else if !seen.insert(name) {
                self.error("wrong-operand", voice.span(), format!("{whose} names the voice `{name}` twice"));
            }
        }
        raw.into_iter().take(MOST_OF_A_KIND).map(Spanned::into_inner).collect()
    }

    pub(super) fn not_too_many<T>(&mut self, list: &[Spanned<T>], whose: &str, what: &str) {
        if let Some(beyond) = list.get(MOST_OF_A_KIND) {
            self.error(
                "wrong-operand",
                beyond.span(),
                format!("{whose} has more than {MOST_OF_A_KIND} {what}"),
            );
        }
    }
}
