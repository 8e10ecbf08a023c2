//! Texts with holes: `{shot.model}` in a path or an operand.

use std::{borrow::Cow, fmt};

use indexmap::IndexMap;
use serde_json::Value;

use super::project::Shot;

/// A text with holes, parsed at load.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Template {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Piece {
    Text(String),
    Hole(Hole),
}

/// What can fill a hole.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Hole {
    /// `{shot.id}`
    ShotId,
    /// `{shot.model}`
    ShotModel,
    /// `{shot.model-owner}`, the part of the model before the first `/`
    ShotModelOwner,
    /// `{shot.model-name}`, the part after it
    ShotModelName,
    /// `{shot.mode}`
    ShotMode,
    /// `{shot.duration}`, a number
    ShotDuration,
    /// `{shot.aspect-ratio}`
    ShotAspectRatio,
    /// `{shot.resolution}`
    ShotResolution,
    /// A name bound by the probe's `needs`.
    Bound(String),
}

impl Hole {
    /// The names of the holes that a shot fills.
    pub const OF_SHOT: [&'static str; 8] = [
        "shot.id",
        "shot.model",
        "shot.model-owner",
        "shot.model-name",
        "shot.mode",
        "shot.duration",
        "shot.aspect-ratio",
        "shot.resolution",
    ];

    fn parse(name: &str) -> Result<Self, BadTemplate> {
        Ok(match name {
            "shot.id" => Self::ShotId,
            "shot.model" => Self::ShotModel,
            "shot.model-owner" => Self::ShotModelOwner,
            "shot.model-name" => Self::ShotModelName,
            "shot.mode" => Self::ShotMode,
            "shot.duration" => Self::ShotDuration,
            "shot.aspect-ratio" => Self::ShotAspectRatio,
            "shot.resolution" => Self::ShotResolution,
            _ if super::id::validate(name).is_ok() && !name.contains('.') => Self::Bound(name.to_owned()),
            _ => return Err(BadTemplate::Name(name.to_owned())),
        })
    }

    fn name(&self) -> &str {
        match self {
            Self::ShotId => "shot.id",
            Self::ShotModel => "shot.model",
            Self::ShotModelOwner => "shot.model-owner",
            Self::ShotModelName => "shot.model-name",
            Self::ShotMode => "shot.mode",
            Self::ShotDuration => "shot.duration",
            Self::ShotAspectRatio => "shot.aspect-ratio",
            Self::ShotResolution => "shot.resolution",
            Self::Bound(name) => name,
        }
    }

    fn value<'v>(&self, values: Values<'v>) -> Option<Cow<'v, str>> {
        if let Self::Bound(name) = self {
            return values.bound?.get(name).map(|value| value.as_str().into());
        }
        let shot = values.shot?;
        match self {
            Self::ShotId => Some(shot.id.as_str().into()),
            Self::ShotModel => Some(shot.model.as_str().into()),
            Self::ShotModelOwner => shot.model.split_once('/').map(|(owner, _)| owner.into()),
            Self::ShotModelName => shot.model.split_once('/').map(|(_, name)| name.into()),
            Self::ShotMode => Some(shot.mode.word().into()),
            Self::ShotDuration => shot.duration.map(|seconds| seconds.to_string().into()),
            Self::ShotAspectRatio => shot.aspect_ratio.as_deref().map(Cow::from),
            Self::ShotResolution => shot.resolution.as_deref().map(Cow::from),
            Self::Bound(_) => None,
        }
    }
}

/// The values for the holes of one template.
#[derive(Debug, Clone, Copy, Default)]
pub struct Values<'a> {
    /// The current shot.
    pub shot: Option<&'a Shot>,
    /// Values taken from other replies.
    pub bound: Option<&'a IndexMap<String, String>>,
}

/// Why a template is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadTemplate {
    /// `{` without `}` or the reverse.
    #[error("a `{{` without its `}}`")]
    Unbalanced,
    /// A hole that isn't a plain name.
    #[error("`{{{0}}}` is not a name")]
    Name(String),
}

/// A hole without a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("nothing fills `{{{0}}}` here")]
pub struct Unfilled(pub String);

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// [`BadTemplate`] for unbalanced braces or an odd name.
    pub fn parse(text: &str) -> Result<Self, BadTemplate> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(open);
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            let (name, after) =
                from.strip_prefix('{').and_then(|s| s.split_once('}')).ok_or(BadTemplate::Unbalanced)?;
            pieces.push(Piece::Hole(Hole::parse(name)?));
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Self { pieces })
    }

    /// The holes, in order.
    pub fn holes(&self) -> impl Iterator<Item = &Hole> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Hole(hole) => Some(hole),
            Piece::Text(_) => None,
        })
    }

    /// Whether any hole is filled by a shot.
    #[must_use]
    pub fn needs_shot(&self) -> bool {
        self.holes().any(|hole| !matches!(hole, Hole::Bound(_)))
    }

    /// The text with every hole filled; each filled-in value goes through `encode`.
    ///
    /// # Errors
    /// [`Unfilled`] names the hole that has no value.
    pub fn fill(&self, values: Values<'_>, encode: impl Fn(&str) -> String) -> Result<String, Unfilled> {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Hole(hole) => {
                    let value = hole.value(values).ok_or_else(|| Unfilled(hole.name().to_owned()))?;
                    text.push_str(&encode(&value));
                }
            }
        }
        Ok(text)
    }
}

impl Template {
    /// The value of the text in JSON: a number if the text is just a hole that a number fills, else a text.
    ///
    /// # Errors
    /// [`Unfilled`] names the hole that has no value.
    pub fn fill_json(&self, values: Values<'_>) -> Result<Value, Unfilled> {
        let number = match (self.pieces.as_slice(), values.shot) {
            ([Piece::Hole(Hole::ShotDuration)], Some(shot)) => shot.duration,
            _ => None,
        };
        match number {
            Some(number) => Ok(number.into()),
            None => self.fill(values, str::to_owned).map(Value::String),
        }
    }

    /// The same with a harmless value in every hole that equals no constant; used to check the shape of a body.
    #[must_use]
    pub fn sample_json(&self) -> Value {
        match self.pieces.as_slice() {
            [Piece::Hole(Hole::ShotDuration)] => 1.into(),
            _ => Value::String(self.to_string()),
        }
    }

    /// The text with the same word in every hole; used to check the form of the text.
    #[must_use]
    pub fn with_every_hole(&self, word: &str) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Hole(_) => word.to_owned(),
        };
        self.pieces.iter().map(piece).collect()
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => f.write_str(text)?,
                Piece::Hole(hole) => write!(f, "{{{}}}", hole.name())?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_shows_as_it_was_written() {
        for text in ["", "/v1/models", "/v1/x/{shot.model}?a={team}"] {
            assert_eq!(Template::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn every_hole_of_a_shot_is_read_and_needs_one() {
        for name in Hole::OF_SHOT {
            let template = Template::parse(&format!("/v1/{{{name}}}")).unwrap();
            assert_eq!(template.holes().map(Hole::name).collect::<Vec<_>>(), [name]);
            assert!(template.needs_shot(), "{name}");
        }
    }

    #[test]
    fn what_a_probe_binds_needs_no_shot() {
        assert!(!Template::parse("/v1/teams/{team}").unwrap().needs_shot());
    }

    #[test]
    fn odd_braces_are_refused() {
        assert_eq!(Template::parse("{a"), Err(BadTemplate::Unbalanced));
        assert_eq!(Template::parse("a}"), Err(BadTemplate::Unbalanced));
        assert_eq!(Template::parse("{A b}"), Err(BadTemplate::Name("A b".into())));
    }

    #[test]
    fn an_unfilled_hole_is_an_error_and_never_an_empty_text() {
        let template = Template::parse("/x/{team}").unwrap();
        assert_eq!(template.fill(Values::default(), str::to_owned), Err(Unfilled("team".into())));
    }
}
