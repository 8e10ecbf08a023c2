//! The one thing that a retry may change.

use std::str::FromStr;

use crate::model::{nearest::nearest, project::Shot};

/// The fields that a retry may change.
const FIELDS: [&str; 5] = ["duration", "aspect-ratio", "resolution", "model", "prompt"];

/// What a retry changes, if anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change(Option<(&'static str, String)>);

impl FromStr for Change {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Self(None));
        }
        let (field, value) = text.split_once('=').ok_or("write FIELD=VALUE, such as duration=4")?;
        let field = FIELDS.into_iter().find(|one| *one == field.trim()).ok_or_else(|| {
            match nearest(field, FIELDS) {
                Some(near) => format!("there is no field `{field}`; did you mean `{near}`?"),
                None => format!("there is no field `{field}`; it is one of {}", FIELDS.join(", ")),
            }
        })?;
        let value = value.trim();
        if value.is_empty() {
            return Err(format!("`{field}` needs a value"));
        }
        if field == "duration" && value.parse::<u32>().is_err() {
            return Err("the duration is a whole number of seconds".to_owned());
        }
        Ok(Self(Some((field, value.to_owned()))))
    }
}

impl Change {
    /// As it is written to the ledger.
    pub(super) fn told(&self) -> Option<String> {
        self.0.as_ref().map(|(field, value)| format!("{field}={value}"))
    }

    /// Changes a shot.
    pub(super) fn apply(&self, shot: &mut Shot) {
        let Some((field, value)) = &self.0 else { return };
        match *field {
            "duration" => shot.duration = value.parse().ok(),
            "aspect-ratio" => shot.aspect_ratio = Some(value.clone()),
            "resolution" => shot.resolution = Some(value.clone()),
            "model" => shot.model.clone_from(value),
            _ => (shot.prompt, shot.brief) = (Some(value.clone()), None),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("", Ok(None))]
    #[case("duration=4", Ok(Some("duration=4")))]
    #[case("prompt=a = b", Ok(Some("prompt=a = b")))]
    #[case("duration", Err("FIELD=VALUE"))]
    #[case("duration=4.5", Err("whole number"))]
    #[case("duraton=4", Err("did you mean `duration`?"))]
    #[case("colour=red", Err("one of duration"))]
    #[case("model=", Err("needs a value"))]
    fn one_field_is_changed_or_none(#[case] text: &str, #[case] wanted: Result<Option<&str>, &str>) {
        match (Change::from_str(text), wanted) {
            (Ok(change), Ok(told)) => assert_eq!(change.told().as_deref(), told),
            (Err(why), Err(part)) => assert!(why.contains(part), "{why}"),
            (change, _) => panic!("{change:?}"),
        }
    }
}
