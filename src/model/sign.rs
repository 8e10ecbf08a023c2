//! Signs that a provider re-uses a consumer login: what was seen of such sellers, as data. No sign is proof by itself.

use super::{expect::Pattern, source::Source};

/// Something that was seen of sellers who re-use a consumer login.
#[derive(Debug, Clone)]
pub struct Sign {
    /// Its name within the checklist.
    pub id: String,
    /// What it looks like, for a reader.
    pub says: String,
    /// How it is recognised.
    pub kind: SignKind,
    /// Where it was seen.
    pub source: Source,
}

/// How a sign is recognised.
#[derive(Debug, Clone)]
pub enum SignKind {
    /// Only these lengths are offered, in whole seconds.
    Lengths {
        /// The names under which a reply offers lengths.
        keys: Vec<String>,
        /// The lengths.
        only: Vec<u64>,
    },
    /// All these words are offered side by side.
    Words(Vec<String>),
    /// This many go into one call, or come out of it.
    Count {
        /// The names under which a reply gives the number.
        keys: Vec<String>,
        /// How many.
        is: u64,
    },
    /// The price of all shots is below this percentage of the dated price of the models' owner.
    PriceBelow(u64),
    /// The shot's name for its model matches this pattern.
    Name(Pattern),
}
