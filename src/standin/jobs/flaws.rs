//! What is wrong with a create, as far as it is known what is right. The script says which flaws are refused, and in
//! which words.

use chrono::NaiveDate;
use serde_json::Value;

use super::{
    made::Made,
    order::{Order, whole},
    script::{Create, Field, Flaw, Kind, Role},
};
use crate::{
    model::{
        catalogue::{Catalogue, Fact},
        media::Ingredient,
        mode::Mode,
    },
    standin::call::Call,
};

/// A flaw, and the values to describe it with.
pub(super) type Found = (Flaw, Vec<(&'static str, String)>);

/// What a create is checked against.
pub(super) struct Inspection<'a> {
    pub(super) create: &'a Create,
    pub(super) catalogue: &'a Catalogue,
    /// The day whose facts apply.
    pub(super) day: NaiveDate,
    pub(super) order: &'a Order,
    pub(super) made: &'a Made,
    /// Whether there is a file with this id.
    pub(super) has_file: &'a dyn Fn(&str) -> bool,
}

impl Inspection<'_> {
    /// Everything that is wrong.
    pub(super) fn flaws(&self, call: Call<'_>) -> Vec<Found> {
        let mut found = Vec::new();
        let body = call.asked.body;
        let is_json = |kind: &str| kind == "application/json" || kind.ends_with("+json");
        if !call.content_type().is_some_and(is_json) {
            found.push((Flaw::ContentType, Vec::new()));
        }
        if !body.is_object() {
            found.push((Flaw::NotJson, Vec::new()));
        }
        for field in &self.create.field {
            let Some(value) = field.value(body) else { continue };
            if !field.is_well(value) {
                found.push((Flaw::WrongType, vec![("field", field.name.clone())]));
            }
            self.inputs(field, value, &mut found);
        }
        self.absent(&mut found);
        self.unsupported(&mut found);
        self.numbers(&mut found);
        self.keyframes(&mut found);
        self.source(&mut found);
        found
    }

    fn newest<T>(&self, pick: impl Fn(&Fact) -> Option<T>) -> Option<T> {
        self.catalogue.newest(&self.made.model, self.order.mode, self.day, pick).map(|(fact, _)| fact)
    }

    /// The pictures and clips that a field names.
    fn inputs(&self, field: &Field, value: &Value, found: &mut Vec<Found>) {
        let inputs = match value {
            Value::Array(all) => all.iter().map(|one| one.get("image").unwrap_or(one)).collect(),
            one => vec![one],
        };
        for input in inputs {
            let named = ["url", "file_id"].map(|name| input[name].as_str());
            if let [Some(_), Some(_)] = named {
                found.push((Flaw::NamedTwice, vec![("field", field.name.clone())]));
            }
            if let [_, Some(id)] = named.map(|id| id.filter(|id| !(self.has_file)(id))) {
                found.push((Flaw::UnknownFile, vec![("file_id", id.to_owned())]));
            }
        }
    }

    fn absent(&self, found: &mut Vec<Found>) {
        if self.order.prompt.as_ref().is_none_or(|prompt| prompt.trim().is_empty()) {
            found.push((Flaw::NoPrompt, Vec::new()));
        }
        let takes = |role| self.create.field.iter().any(|field| field.role == role);
        if takes(Role::Video) && self.order.video.is_none() {
            found.push((Flaw::NoVideo, Vec::new()));
        }
        if self.order.upload.is_none() {
            found.push((Flaw::NoUploadUrl, Vec::new()));
        }
    }

    fn unsupported(&self, found: &mut Vec<Found>) {
        if !self.catalogue.knows(&self.made.model) {
            found.push((Flaw::UnknownModel, Vec::new()));
        }
        let supported = self.newest(|fact| match fact {
            Fact::Supported(supported) => Some(*supported),
            _ => None,
        });
        if supported == Some(false) {
            found.push((Flaw::ModeUnsupported, Vec::new()));
        }
        let offered = self.newest(|fact| match fact {
            Fact::Resolutions { offered, .. } => Some(offered.clone()),
            _ => None,
        });
        if let Some(asked) = &self.order.resolution
            && offered.is_some_and(|offered| !offered.contains(asked))
        {
            found.push((Flaw::ResolutionUnsupported, vec![("resolution", asked.clone())]));
        }
        let may = self.newest(|fact| match fact {
            Fact::Combines(may) => Some(may.clone()),
            _ => None,
        });
        let order = self.order;
        let beside = [
            (Ingredient::Image, "image", order.image.is_some()),
            (Ingredient::LastFrame, "last_frame", order.last_frame),
            (Ingredient::Keyframes, "keyframes", !order.keyframes.is_empty()),
        ];
        let given = beside.into_iter().filter(|(_, _, given)| *given && order.mode == Mode::ReferenceToVideo);
        for (one, field, _) in given {
            if may.as_ref().is_some_and(|may| !may.contains(&one)) {
                found.push((Flaw::NotCombined, vec![("field", field.to_owned())]));
            }
        }
    }

    fn numbers(&self, found: &mut Vec<Found>) {
        let order = self.order;
        let count = |flaw, count: u32, max: u32, found: &mut Vec<Found>| {
            if count > max {
                found.push((flaw, vec![("count", count.to_string()), ("max", max.to_string())]));
            }
        };
        let references = self.newest(|fact| match fact {
            Fact::References { max, documented } => Some((*max, *documented)),
            _ => None,
        });
        if let Some((max, documented)) = references {
            count(Flaw::TooManyReferences, order.references, max, found);
            count(Flaw::ManyReferences, order.references, documented.unwrap_or(max), found);
        }
        let voices = self.newest(|fact| match fact {
            Fact::Voices(max) => Some(*max),
            _ => None,
        });
        match voices {
            Some(0) if order.voices > 0 => found.push((Flaw::VoicesUnsupported, Vec::new())),
            Some(max) => count(Flaw::TooManyVoices, order.voices, max, found),
            None => {}
        }
        let documented = || {
            self.newest(|fact| match fact {
                Fact::Duration { min, max, .. } => Some((*min, *max)),
                _ => None,
            })
        };
        let taken = self.create.seconds.as_ref().map(|seconds| (seconds.value.min, seconds.value.max));
        if let (Some((min, max)), Some(seconds)) = (taken.or_else(documented), order.seconds) {
            let told = |values: &[(&'static str, u32)]| -> Vec<(&'static str, String)> {
                values.iter().map(|(name, value)| (*name, value.to_string())).collect()
            };
            if seconds > max {
                found.push((Flaw::TooLong, told(&[("seconds", seconds), ("max", max)])));
            }
            if seconds < min || seconds > max {
                found
                    .push((Flaw::DurationOutside, told(&[("seconds", seconds), ("min", min), ("max", max)])));
            }
        }
    }

    fn keyframes(&self, found: &mut Vec<Found>) {
        let may = self.newest(|fact| match fact {
            Fact::Keyframes { max, slots_per_second } => Some((*max, *slots_per_second)),
            _ => None,
        });
        let times = &self.order.keyframes;
        let Some((max, slots)) = may.filter(|_| !times.is_empty()) else { return };
        let count = u32::try_from(times.len()).unwrap_or(u32::MAX);
        if count > max {
            found
                .push((Flaw::TooManyKeyframes, vec![("count", count.to_string()), ("max", max.to_string())]));
        }
        let length = f64::from(self.made.film.millis) / 1000.0;
        let inside = |time: &f64| *time > 0.0 && *time < length;
        let mut sorted = times.clone();
        sorted.sort_by(f64::total_cmp);
        // 0.333 stands for a third of a second.
        let apart = slots.map_or(0.0, |slots| 1.0 / f64::from(slots.get()) - 0.001);
        let near = |pair: &[f64]| matches!(pair, [first, then] if then - first < apart);
        if !times.iter().all(inside) || sorted.windows(2).any(near) {
            found.push((Flaw::KeyframeTime, Vec::new()));
        }
    }

    fn source(&self, found: &mut Vec<Found>) {
        let may = self.newest(|fact| match fact {
            Fact::InputMillis { min, max } => Some((*min, *max)),
            _ => None,
        });
        let (Some((min, max)), Some(millis)) = (may, self.made.source_millis) else { return };
        if millis < min || millis > max {
            let seconds = |millis: u32| (f64::from(millis) / 1000.0).to_string();
            let values = vec![("seconds", seconds(millis)), ("min", seconds(min)), ("max", seconds(max))];
            found.push((Flaw::InputOutside, values));
        }
    }
}

impl Field {
    /// Whether a value has the type of the field.
    fn is_well(&self, value: &Value) -> bool {
        match &self.kind {
            Kind::Text => value.is_string(),
            Kind::Whole => whole(value).is_some(),
            Kind::Flag => value.is_boolean(),
            Kind::Table => value.is_object(),
            Kind::Tables => value.as_array().is_some_and(|all| all.iter().all(Value::is_object)),
            Kind::OneOf(words) => value.as_str().is_some_and(|value| words.iter().any(|word| word == value)),
        }
    }
}
