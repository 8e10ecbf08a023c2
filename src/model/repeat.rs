//! What a check or a probe is repeated for.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    media::Input,
    project::{Project, Shot},
};

/// What a check or probe is repeated for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ForEach {
    /// Every shot.
    Shot,
    /// Every distinct local file used as an input.
    File,
    /// Every distinct address used as an input.
    Url,
    /// Every distinct file or address used as an input.
    Input,
}

impl ForEach {
    /// The distinct inputs of this kind in the order of the project, with the shots that use each; nothing for
    /// [`ForEach::Shot`].
    #[must_use]
    pub fn inputs(self, project: &Project) -> IndexMap<&Input, Vec<&Shot>> {
        let mut distinct: IndexMap<&Input, Vec<&Shot>> = IndexMap::new();
        for shot in &project.shots {
            for (_, input) in shot.inputs.iter().filter(|(_, input)| self.repeats(input)) {
                let users = distinct.entry(input).or_default();
                if users.last().is_none_or(|last| last.id != shot.id) {
                    users.push(shot);
                }
            }
        }
        distinct
    }

    fn repeats(self, input: &Input) -> bool {
        match input {
            Input::File { .. } => matches!(self, Self::File | Self::Input),
            Input::Url(_) => matches!(self, Self::Url | Self::Input),
            Input::Shot(_) => false,
        }
    }
}
