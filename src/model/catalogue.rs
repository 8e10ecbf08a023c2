//! Dated facts about models. The judge uses the newest claim that isn't after `now`.

use std::num::NonZeroU32;

use chrono::{Days, NaiveDate};

use super::{
    media::{Ingredient, MediaKind, Way},
    mode::Mode,
    money::Usd,
    source::Source,
};

/// Everything that is claimed about models, each with a source and a date.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// The files it was made from, the shipped one first.
    pub editions: Vec<Edition>,
    /// The known models with their other names.
    pub models: Vec<ModelName>,
    /// All claims, in file order.
    pub claims: Vec<Claim>,
}

/// How old a catalogue file is, according to the file itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// Its name.
    pub id: String,
    /// When it was last compared with its sources.
    pub reviewed: Option<NaiveDate>,
    /// After how many days without a review it is stale.
    pub stale_after_days: Option<u32>,
}

impl Edition {
    /// Its last day; `None` when the file doesn't say, or when the date is out of range.
    #[must_use]
    pub fn last_day(&self) -> Option<NaiveDate> {
        self.reviewed?.checked_add_days(Days::new(self.stale_after_days?.into()))
    }
}

/// A model and the other names it answers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelName {
    /// The canonical id.
    pub id: String,
    /// Names that resolve to it.
    pub aliases: Vec<String>,
}

/// One dated fact.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The models it is about, by canonical id; empty for every model.
    pub models: Vec<String>,
    /// The modes it is about; empty for every mode.
    pub modes: Vec<Mode>,
    /// What it says.
    pub fact: Fact,
    /// Who said so, and when.
    pub source: Source,
    /// A note for the reader, such as what older sources said.
    pub note: Option<String>,
}

/// What a claim says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// The mode is offered, or not.
    Supported(bool),
    /// Whole seconds that may be asked for.
    Duration {
        /// Shortest.
        min: u32,
        /// Longest.
        max: u32,
        /// Used when the field is left out.
        default: Option<u32>,
    },
    /// Ratios that may be asked for.
    AspectRatios(Vec<String>),
    /// Resolutions that may be asked for.
    Resolutions {
        /// All of them.
        offered: Vec<String>,
        /// Used when the field is left out.
        default: Option<String>,
    },
    /// How many reference images are accepted.
    References {
        /// The most that have been seen to be accepted.
        max: u32,
        /// Most that the owner's documentation promises, where that is less.
        documented: Option<u32>,
    },
    /// Length of an input clip, in milliseconds.
    InputMillis {
        /// Shortest.
        min: u32,
        /// Longest.
        max: u32,
    },
    /// Codecs of an input clip.
    InputCodecs {
        /// As MP4 sample entry names.
        codecs: Vec<String>,
        /// Whether the owner says that there are others without naming them.
        and_others: bool,
    },
    /// MIME types of an input.
    InputTypes {
        /// Of images or of clips.
        kind: MediaKind,
        /// All of them.
        types: Vec<String>,
    },
    /// Largest input in bytes.
    InputBytes {
        /// Of images or of clips.
        kind: MediaKind,
        /// The way it travels.
        way: Way,
        /// The limit.
        max: u64,
    },
    /// Fields of a shot that the mode does not use.
    Ignores(Vec<String>),
    /// What may be given beside the input that the mode requires.
    Combines(Vec<Ingredient>),
    /// What can replace the input that the mode requires.
    Instead(Vec<Ingredient>),
    /// Images that are shown at a given time within the clip.
    Keyframes {
        /// The most keyframes; 0 when none are accepted.
        max: u32,
        /// How many times per second a keyframe can be placed at: every time is moved to the nearest one. Without it,
        /// each time is used exactly as asked.
        slots_per_second: Option<NonZeroU32>,
    },
    /// The most provider voices; 0 when none are accepted.
    Voices(u32),
    /// USD for each voice in a clip.
    VoicePrice(Usd),
    /// Price of a second of output at a resolution.
    OutputPrice {
        /// The resolution.
        resolution: String,
        /// USD per second.
        per_second: Usd,
    },
    /// Price of an input.
    InputPrice {
        /// Image or clip.
        kind: MediaKind,
        /// USD for each image or clip, however long.
        each: Option<Usd>,
        /// USD for each second of a clip, on top of that.
        per_second: Option<Usd>,
    },
}

impl Catalogue {
    /// The canonical id of a model name; an unknown name is returned unchanged.
    #[must_use]
    pub fn canonical<'a>(&'a self, name: &'a str) -> &'a str {
        self.models
            .iter()
            .find(|model| model.id == name || model.aliases.iter().any(|alias| alias == name))
            .map_or(name, |model| &model.id)
    }

    /// Whether the catalogue knows this name.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        self.models.iter().any(|model| model.id == name || model.aliases.iter().any(|alias| alias == name))
    }

    /// The newest claim of one kind about a model and mode that isn't after `today`.
    ///
    /// `pick` says which facts are of that kind. Of two claims with the same date, the later one in the file wins, so
    /// that a correction can be appended.
    pub fn newest<'a, T>(
        &'a self,
        model: &str,
        mode: Mode,
        today: NaiveDate,
        pick: impl Fn(&'a Fact) -> Option<T>,
    ) -> Option<(T, &'a Claim)> {
        let model = self.canonical(model);
        self.claims
            .iter()
            .filter(|claim| claim.source.as_of <= today)
            .filter(|claim| claim.models.is_empty() || claim.models.iter().any(|id| id == model))
            .filter(|claim| claim.modes.is_empty() || claim.modes.contains(&mode))
            .filter_map(|claim| Some((pick(&claim.fact)?, claim)))
            .fold(None, |best: Option<(T, &Claim)>, next| match best {
                Some(best) if best.1.source.as_of > next.1.source.as_of => Some(best),
                _ => Some(next),
            })
    }
}
