//! Request bodies: JSON whose texts may have holes. A hole is filled as a value; text is never pasted into JSON.

use std::fmt;

use serde_json::{Map, Value};

use super::template::{Template, Unfilled, Values};

/// A JSON document with holes, parsed at load.
#[derive(Debug, Clone, PartialEq)]
pub enum BodyTemplate {
    /// A text, or the number that its only hole stands for.
    Text(Template),
    /// `{shot.resolution?}`: a text that is just a hole. The field is left out when nothing fills the hole.
    Maybe(Template),
    /// A number or a boolean.
    Literal(Value),
    /// A list, in order.
    List(Vec<Self>),
    /// Values by name; a name may have holes too.
    Table(Vec<(Template, Self)>),
}

impl BodyTemplate {
    /// The document with every hole filled.
    ///
    /// # Errors
    /// [`Unfilled`] names the hole that has no value.
    pub fn fill(&self, values: Values<'_>) -> Result<Value, Unfilled> {
        Ok(match self {
            Self::Text(text) | Self::Maybe(text) => text.fill_json(values)?,
            Self::Literal(value) => value.clone(),
            Self::List(items) => items.iter().map(|item| item.fill(values)).collect::<Result<_, _>>()?,
            Self::Table(fields) => {
                let mut map = Map::new();
                for (name, field) in fields {
                    let value = match (field, field.fill(values)) {
                        (Self::Maybe(_), Err(_)) => continue,
                        (_, value) => value?,
                    };
                    map.insert(name.fill(values, str::to_owned)?, value);
                }
                Value::Object(map)
            }
        })
    }

    /// The document with a harmless value in every hole, once with the optional fields and once without. If both
    /// samples fit a shape, the body fits it whatever fills the holes.
    #[must_use]
    pub fn samples(&self) -> [Value; 2] {
        [true, false].map(|full| self.sample(full))
    }

    fn sample(&self, full: bool) -> Value {
        match self {
            Self::Text(text) | Self::Maybe(text) => text.sample_json(),
            Self::Literal(value) => value.clone(),
            Self::List(items) => items.iter().map(|item| item.sample(full)).collect(),
            Self::Table(fields) => {
                let kept = fields.iter().filter(|(_, field)| full || !matches!(field, Self::Maybe(_)));
                kept.map(|(name, field)| (name.to_string(), field.sample(full))).collect()
            }
        }
    }
}

impl fmt::Display for BodyTemplate {
    /// As JSON, with the holes shown by their names.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) if text.sample_json().is_number() => text.fmt(f),
            Self::Text(text) => Value::String(text.to_string()).fmt(f),
            Self::Maybe(text) => write!(f, "{}", text.to_string().replace('}', "?}")),
            Self::Literal(value) => value.fmt(f),
            Self::List(items) => {
                f.write_str("[")?;
                for (at, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if at == 0 { "" } else { "," })?;
                }
                f.write_str("]")
            }
            Self::Table(fields) => {
                f.write_str("{")?;
                for (at, (name, field)) in fields.iter().enumerate() {
                    let name = Value::String(name.to_string());
                    write!(f, "{}{name}:{field}", if at == 0 { "" } else { "," })?;
                }
                f.write_str("}")
            }
        }
    }
}

/// The one canonical way to write a document: names sorted, no white space. Equal documents become equal texts.
#[must_use]
pub fn canonical(mut value: Value) -> Value {
    value.sort_all_objects();
    value
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::model::{id::ShotId, mode::Mode, project::Shot};

    fn text(text: &str) -> BodyTemplate {
        BodyTemplate::Text(Template::parse(text).unwrap())
    }

    fn table(fields: Vec<(&str, BodyTemplate)>) -> BodyTemplate {
        let named = |(name, field)| (Template::parse(name).unwrap(), field);
        BodyTemplate::Table(fields.into_iter().map(named).collect())
    }

    fn shot(model: &str, duration: Option<u32>) -> Shot {
        Shot {
            id: ShotId::new("opening").unwrap(),
            mode: Mode::TextToVideo,
            model: model.into(),
            duration,
            aspect_ratio: None,
            resolution: Some("720p".into()),
            prompt: None,
            brief: None,
            inputs: vec![],
            keyframe_millis: vec![],
            voices: vec![],
            line: 1,
        }
    }

    fn quote() -> BodyTemplate {
        table(vec![
            ("model", text("{shot.model}")),
            ("seconds", text("{shot.duration}")),
            ("duration", text("{shot.duration}s")),
            ("ratio", BodyTemplate::Maybe(Template::parse("{shot.aspect-ratio}").unwrap())),
            ("audio", BodyTemplate::Literal(false.into())),
            ("sizes", BodyTemplate::List(vec![text("{shot.resolution}")])),
            ("endpoints", table(vec![("{shot.model}", table(vec![("unit", text("{shot.duration}"))]))])),
        ])
    }

    #[test]
    fn a_number_of_a_shot_is_a_number_and_a_text_stays_one_text() {
        // A model name can contain anything: it must not end the JSON string or open another field.
        let odd = "a\",\"admin\":true,\"x\":\"\\";
        let shot = shot(odd, Some(6));
        let filled = quote().fill(Values { shot: Some(&shot), bound: None }).unwrap();
        let wanted = json!({
            "model": odd, "seconds": 6, "duration": "6s", "audio": false, "sizes": ["720p"],
            "endpoints": { odd: { "unit": 6 } },
        });
        assert_eq!(filled, wanted);
        let sent = serde_json::to_string(&filled).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&sent).unwrap(), wanted);
    }

    #[test]
    fn what_the_shot_does_not_say_is_an_error_unless_it_may_be_left_out() {
        let shot = shot("m-1", None);
        let filled = quote().fill(Values { shot: Some(&shot), bound: None });
        assert_eq!(filled, Err(Unfilled("shot.duration".into())));
    }

    #[test]
    fn a_body_shows_as_json_with_its_holes() {
        assert_eq!(
            quote().to_string(),
            r#"{"model":"{shot.model}","seconds":{shot.duration},"duration":"{shot.duration}s","ratio":{shot.aspect-ratio?},"audio":false,"sizes":["{shot.resolution}"],"endpoints":{"{shot.model}":{"unit":{shot.duration}}}}"#
        );
    }

    #[rstest]
    #[case(json!({ "b": 1, "a": { "d": [{ "f": 1, "e": 2 }], "c": 2 } }), r#"{"a":{"c":2,"d":[{"e":2,"f":1}]},"b":1}"#)]
    #[case(json!([3, 1, 2]), "[3,1,2]")]
    fn a_document_is_written_in_one_way(#[case] value: Value, #[case] text: &str) {
        assert_eq!(canonical(value).to_string(), text);
    }
}
