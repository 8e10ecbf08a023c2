//! The options of a preflight, once flags, variables and files are read. Nothing here knows about the command line.

use std::{fmt, time::Duration};

use camino::{Utf8Path, Utf8PathBuf};
use chrono::{DateTime, Utc};

use crate::{
    env::Lookup,
    judge::selection::Selector,
    model::{decision::FailOn, report::Replay, transcript::Transcript},
    observe::{ExtraCa, SendTo, Until},
    secrets::Redactor,
};

/// The environment of a preflight: clock, folder and variables of the process, all passed in.
pub struct Environment<'a> {
    /// The time at which the process was started.
    pub started: DateTime<Utc>,
    /// The folder that paths of projects are relative to; absolute.
    pub dir: &'a Utf8Path,
    /// Reads environment variables.
    pub env: &'a Lookup<'a>,
    /// Folders that the system empties.
    pub temp_dirs: Vec<Utf8PathBuf>,
    /// Takes secrets out of everything that is seen or printed.
    pub redactor: &'a Redactor,
}

/// The options of a preflight.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where calls go.
    pub calls: Calls,
    /// Whether no call is made at all. A rehearsal makes its calls anyway.
    pub offline: bool,
    /// The time to judge for; if absent, the time of the run or of the recording.
    pub at: Option<DateTime<Utc>>,
    /// What the run is narrowed to, each with the word that was typed; everything when empty.
    pub only: Vec<(String, Selector)>,
    /// What closes the gate, in addition to what a project file says: the stricter of both counts.
    pub fail_on: FailOn,
    /// Whether media may be at addresses that no provider can fetch from.
    pub allow_private: bool,
    /// How long one reply may take; overrides the project file.
    pub timeout: Option<Duration>,
    /// When the run ends, even if calls are still open.
    pub until: Option<Until>,
    /// The most calls to one host at a time; overrides the project file.
    pub concurrency: Option<u16>,
    /// Authorities to trust in addition to the built-in ones, and the name of their file.
    pub extra_ca: Option<(String, ExtraCa)>,
}

/// Where the calls of a preflight go.
#[derive(Clone, Default)]
pub enum Calls {
    /// To the hosts of the checklists.
    #[default]
    Live,
    /// The API's calls go to this base URL, as it was typed.
    BaseUrl(String),
    /// To these origins.
    To(SendTo),
    /// To the built-in stand-ins, which play this scenario; without one they are healthy.
    StandIn(Option<String>),
    /// Nowhere: their replies were recorded.
    Replay(Box<(Transcript, Replay)>),
}

impl fmt::Debug for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Live => f.write_str("Live"),
            Self::BaseUrl(url) => f.debug_tuple("BaseUrl").field(url).finish(),
            Self::To(send_to) => f.debug_tuple("To").field(send_to).finish(),
            Self::StandIn(scenario) => f.debug_tuple("StandIn").field(scenario).finish(),
            Self::Replay(replayed) => f.debug_tuple("Replay").field(&replayed.1).finish(),
        }
    }
}

impl Options {
    /// Local files only, without a call.
    #[must_use]
    pub fn offline(at: DateTime<Utc>) -> Self {
        Self { offline: true, at: Some(at), ..Self::default() }
    }
}
