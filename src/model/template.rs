//! Texts with holes: `{shot.model}` in a path or an operand.

use std::fmt;

use indexmap::IndexMap;

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
    /// `{shot.mode}`
    ShotMode,
    /// A name bound by the probe's `needs`.
    Bound(String),
}

impl Hole {
    /// The names of the holes that a shot fills.
    pub const OF_SHOT: [&'static str; 3] = ["shot.id", "shot.model", "shot.mode"];

    fn name(&self) -> &str {
        match self {
            Self::ShotId => "shot.id",
            Self::ShotModel => "shot.model",
            Self::ShotMode => "shot.mode",
            Self::Bound(name) => name,
        }
    }
}

/// What fills the holes of one template.
#[derive(Debug, Clone, Copy, Default)]
pub struct Values<'a> {
    /// The shot at hand.
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
    /// A hole that is not a plain name.
    #[error("`{{{0}}}` is not a name")]
    Name(String),
}

/// A hole that nothing fills.
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
            pieces.push(Piece::Hole(match name {
                "shot.id" => Hole::ShotId,
                "shot.model" => Hole::ShotModel,
                "shot.mode" => Hole::ShotMode,
                _ if super::id::validate(name).is_ok() && !name.contains('.') => Hole::Bound(name.to_owned()),
                _ => return Err(BadTemplate::Name(name.to_owned())),
            }));
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
                    let value = match hole {
                        Hole::ShotId => values.shot.map(|shot| shot.id.as_str()),
                        Hole::ShotModel => values.shot.map(|shot| shot.model.as_str()),
                        Hole::ShotMode => values.shot.map(|shot| shot.mode.word()),
                        Hole::Bound(name) => {
                            values.bound.and_then(|bound| bound.get(name)).map(String::as_str)
                        }
                    };
                    text.push_str(&encode(value.ok_or_else(|| Unfilled(hole.name().to_owned()))?));
                }
            }
        }
        Ok(text)
    }
}

impl Template {
    /// The text with the same word in every hole: what the shape of the text can be checked by.
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
