//! What is to be made: the contents of `greenlight.toml`.

use std::{collections::HashMap, time::Duration};

use camino::Utf8PathBuf;
use sha2::{Digest as _, Sha256};

use super::{
    decision::FailOn,
    id::ShotId,
    media::{Ingredient, Input, Slot},
    mode::Mode,
    money::Usd,
    route::Route,
    said::canonical,
    text::{hex, says_something},
};

/// The name of a project file.
pub const PROJECT_FILE: &str = "greenlight.toml";

/// What is to be made, by which route, within which budget.
#[derive(Debug, Clone)]
pub struct Project {
    /// A person's name for it.
    pub name: String,
    /// Who owns the generation.
    pub route: Route,
    /// Which owner, for example `xai` or `fal`.
    pub provider: String,
    /// The account it is made with, when it matters whose answers are used.
    pub account: Option<String>,
    /// The most the whole project may cost.
    pub budget: Option<Usd>,
    /// Folder in which finished clips are kept, as written.
    pub output: Option<Utf8PathBuf>,
    /// Where the clips of a zero-retention team are delivered, as the project declares it.
    pub upload_url: Option<String>,
    /// Whether the clips are for commercial use.
    pub commercial: bool,
    /// Intended length of the finished sequence.
    pub length: Option<Duration>,
    /// The project's own checklist files, as written.
    pub checklists: Vec<Utf8PathBuf>,
    /// The project's own catalogue files, as written.
    pub catalogues: Vec<Utf8PathBuf>,
    /// What was decided about failures before the first clip.
    pub failure: FailurePolicy,
    /// How it is checked, where no flag or variable says otherwise.
    pub check: CheckSettings,
    /// The clips, in order; never empty.
    pub shots: Vec<Shot>,
    /// The line of `[project]` in its file, from 1.
    pub line: u32,
}

impl Project {
    /// The shot of this id.
    #[must_use]
    pub fn shot(&self, id: &str) -> Option<&Shot> {
        self.shots.iter().find(|shot| shot.id.as_str() == id)
    }
}

/// Where the shots of a project are, for chains that are followed repeatedly.
#[derive(Debug, Clone)]
pub struct ShotIndex(HashMap<ShotId, usize>);

impl ShotIndex {
    /// Indexes the shots once. If two shots have the same id, the first one wins.
    #[must_use]
    pub fn of(project: &Project) -> Self {
        let places = project.shots.iter().enumerate().rev();
        Self(places.map(|(at, shot)| (shot.id.clone(), at)).collect())
    }

    /// The shot of this id in that project.
    #[must_use]
    pub fn shot<'p>(&self, project: &'p Project, id: &ShotId) -> Option<&'p Shot> {
        project.shots.get(*self.0.get(id)?)
    }
}

/// What was decided about failures before the first clip.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FailurePolicy {
    /// How often a failed clip may be made again.
    pub retries: Option<u32>,
    /// How long a clip may take before it counts as failed.
    pub timeout: Option<Duration>,
}

/// How a project is checked, where no flag or variable says otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CheckSettings {
    /// What closes the gate.
    pub fail_on: Option<FailOn>,
    /// How long one reply may take.
    pub timeout: Option<Duration>,
    /// Most calls to one host at a time, from 1 to [`MOST_AT_A_TIME`].
    pub concurrency: Option<u16>,
}

/// The most shots in a project. Shots can follow each other, and each chain is walked to its start.
pub const MOST_SHOTS: usize = 10_000;

/// The most keyframes, and the most voices, that a shot may name. What a model accepts is a dated claim; this only
/// keeps the list short enough to judge and show.
pub const MOST_OF_A_KIND: usize = 100;

/// The most calls to one host that may be asked for at a time.
pub const MOST_AT_A_TIME: u16 = 256;

/// One clip of the project.
#[derive(Debug, Clone)]
pub struct Shot {
    /// Its name within the project.
    pub id: ShotId,
    /// The kind of generation.
    pub mode: Mode,
    /// The model as asked for.
    pub model: String,
    /// Length in seconds; for an extension, of the added part.
    pub duration: Option<u32>,
    /// Such as `16:9`.
    pub aspect_ratio: Option<String>,
    /// Such as `720p`.
    pub resolution: Option<String>,
    /// The prompt as one text.
    pub prompt: Option<String>,
    /// The prompt as a production brief.
    pub brief: Option<Brief>,
    /// All inputs, in the order of [`Slot`].
    pub inputs: Vec<(Slot, Input)>,
    /// When each input in [`Slot::Keyframes`] is shown, in the same order: milliseconds from the start of the clip.
    pub keyframe_millis: Vec<u32>,
    /// The voices that are heard, by their provider ids.
    pub voices: Vec<String>,
    /// Its line in the project file, from 1.
    pub line: u32,
}

impl Shot {
    /// The inputs given for one slot.
    pub fn inputs_in(&self, slot: Slot) -> impl Iterator<Item = &Input> {
        self.inputs.iter().filter(move |(at, _)| *at == slot).map(|(_, input)| input)
    }

    /// What it is made from besides its prompt, each kind once, in the order of [`Ingredient`].
    #[must_use]
    pub fn ingredients(&self) -> Vec<Ingredient> {
        let slots = Slot::ALL.into_iter().filter(|slot| self.inputs_in(*slot).next().is_some());
        let voices = (!self.voices.is_empty()).then_some(Ingredient::Voices);
        slots.map(Ingredient::from).chain(voices).collect()
    }

    /// Whether there are any words to make a clip from: a prompt, or a part of the brief that says what is to be seen.
    #[must_use]
    pub fn has_prompt(&self) -> bool {
        let told = self.brief.iter().flat_map(|brief| brief.parts()).filter_map(|(_, text)| text);
        self.prompt.as_deref().into_iter().chain(told).any(says_something)
    }

    /// A digest of all its words and of the voices that speak them: 16 hexadecimal digits that stay the same as long as
    /// none of them changes.
    #[must_use]
    pub fn words_digest(&self) -> String {
        let mut hasher = Sha256::new();
        let mut take = |name: &str, text: &str| {
            for part in [name, text] {
                hasher.update((part.len() as u64).to_be_bytes());
                hasher.update(part.as_bytes());
            }
        };
        take("prompt", &canonical(self.prompt.as_deref().unwrap_or_default()));
        if let Some(brief) = &self.brief {
            for (name, text) in brief.parts() {
                take(name, &canonical(text.unwrap_or_default()));
            }
            for text in brief.exclude.iter().flatten() {
                take("exclude", &canonical(text));
            }
        }
        for voice in &self.voices {
            take("voice", &canonical(voice));
        }
        let mut digest = hex(&hasher.finalize());
        digest.truncate(16);
        digest
    }

    /// The shot whose clip this one starts from, if any.
    #[must_use]
    pub fn follows(&self) -> Option<&ShotId> {
        self.inputs.iter().find_map(|(_, input)| match input {
            Input::Shot(id) => Some(id),
            Input::File { .. } | Input::Url(_) => None,
        })
    }
}

/// A prompt as a short production brief.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Brief {
    /// Who or what appears.
    pub subject: Option<String>,
    /// What changes over the clip.
    pub action: Option<String>,
    /// Where it happens.
    pub setting: Option<String>,
    /// Shot type and motion.
    pub camera: Option<String>,
    /// The controlled look.
    pub style: Option<String>,
    /// What must not appear.
    pub exclude: Option<Vec<String>>,
}

impl Brief {
    /// What is to be seen, by the keys of `[shot.brief]`. What must not be seen isn't included.
    #[must_use]
    pub fn parts(&self) -> [(&'static str, Option<&str>); 5] {
        [
            ("subject", self.subject.as_deref()),
            ("action", self.action.as_deref()),
            ("setting", self.setting.as_deref()),
            ("camera", self.camera.as_deref()),
            ("style", self.style.as_deref()),
        ]
    }
}
