//! Signs that a provider re-uses a consumer login: what was seen of such sellers, as data. None of them proves anything.

use super::{expect::Pattern, source::Source};

/// Something that was seen of sellers who re-use a consumer login.
#[derive(Debug, Clone)]
pub struct Sign {
    /// Its name within the checklist.
    pub id: String,
    /// What is seen, for a reader.
    pub says: String,
    /// How it is recognised.
    pub kind: SignKind,
    /// Where it was seen.
    pub source: Source,
}

/// How a sign is recognised.
#[derive(Debug, Clone)]
pub enum SignKind {
    /// No other lengths are offered, in whole seconds.
    Lengths {
        /// The names under which a reply offers lengths.
        keys: Vec<String>,
        /// The lengths.
        only: Vec<u64>,
    },
    /// All these words are offered side by side.
    Words(Vec<String>),
    /// So many go into one call, or come out of it.
    Count {
        /// The names under which a reply says so.
        keys: Vec<String>,
        /// How many.
        is: u64,
    },
    /// The price of all shots lies below this share, in percent, of the dated price of the model's owner.
    PriceBelow(u64),
    /// What the shot calls its model looks like this.
    Name(Pattern),
}
