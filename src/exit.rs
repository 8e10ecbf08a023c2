//! Exit codes. They are the same in every format and at every verbosity.

use std::process::ExitCode;

use crate::model::decision::Decision;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// GO, or the verb did what it was asked.
    Go,
    /// NO-GO: a blocking check failed.
    NoGo,
    /// Usage, project, checklist or answers invalid.
    Invalid,
    /// HOLD: a blocking check is unknown or blocked, or nothing ran.
    Hold,
    /// Spending was refused; nothing was sent.
    Refused,
    /// A clip ended without a file that can be used.
    NoClip,
    /// An internal error.
    Bug,
    /// Interrupted.
    Interrupted,
}

impl Exit {
    /// Every way a run can end, in the order of the codes.
    pub const ALL: [Self; 8] = [
        Self::Go,
        Self::NoGo,
        Self::Invalid,
        Self::Hold,
        Self::Refused,
        Self::NoClip,
        Self::Bug,
        Self::Interrupted,
    ];

    /// The number the shell sees.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Go => 0,
            Self::NoGo => 1,
            Self::Invalid => 2,
            Self::Hold => 3,
            Self::Refused => 4,
            Self::NoClip => 5,
            Self::Bug => 70,
            Self::Interrupted => 130,
        }
    }

    /// What it means, for help and documentation.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Go => "GO, or the verb did what it was asked",
            Self::NoGo => "NO-GO: a blocking check failed; for `diff`: a verdict changed",
            Self::Invalid => "usage, project, checklist or answers invalid",
            Self::Hold => {
                "HOLD: a blocking check is unknown or blocked, or nothing ran; for `due`: something expires"
            }
            Self::Refused => "spending refused: nothing was sent",
            Self::NoClip => "a clip ended without a usable file",
            Self::Bug => "internal error",
            Self::Interrupted => "interrupted",
        }
    }

    /// The table of all codes, one line each.
    #[must_use]
    pub fn table() -> String {
        Self::ALL.map(|exit| format!("  {:>3}  {}\n", exit.code(), exit.meaning())).concat()
    }
}

impl From<Decision> for Exit {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Go => Self::Go,
            Decision::Hold => Self::Hold,
            Decision::NoGo => Self::NoGo,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
