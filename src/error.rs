//! Expected failures: what could not be done, why, and what to do about it.

use camino::Utf8PathBuf;

use crate::{
    exit::Exit,
    files::FileError,
    load::{AppendError, BadTranscript, LoadError, ReceiptError},
    preflight::PreflightError,
    secrets::Leak,
    spend::{LedgerError, RunError},
    standin::StartError,
    ui::PromptError,
};

/// Why a verb could not do its work. A failed check isn't one of these; it is a finding.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Files are missing or wrong.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// There is no receipt.
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    /// There is no project file.
    #[error("no `{name}` in `{from}` or above it", name = crate::load::PROJECT_FILE)]
    NoProject {
        /// Where the search began.
        from: Utf8PathBuf,
    },
    /// A file is where the project file would be, but has another name.
    #[error("`{0}` is not read: a project file is called `{name}`", name = crate::load::PROJECT_FILE)]
    Misnamed(Utf8PathBuf),
    /// A file would be overwritten.
    #[error("`{0}` exists already")]
    Exists(Utf8PathBuf),
    /// No check has this id.
    #[error("there is no check `{asked}`")]
    NoCheck {
        /// As typed.
        asked: String,
        /// The nearest id, or a way to find one.
        hint: String,
    },
    /// A value is missing and there is no terminal to ask on.
    #[error("no terminal to ask for {what}")]
    NotInteractive {
        /// What is missing.
        what: String,
        /// The flags that set it.
        flags: String,
    },
    /// A question could not be asked.
    #[error("cannot ask")]
    Prompt(#[source] PromptError),
    /// Nothing was judged.
    #[error(transparent)]
    Preflight(#[from] PreflightError),
    /// A value of a flag or an answer that cannot be used.
    #[error("cannot use {what}: {why}")]
    BadValue {
        /// The value.
        what: String,
        /// What is wrong, or what would be right.
        why: String,
    },
    /// An answer or waiver could not be recorded.
    #[error(transparent)]
    Append(AppendError),
    /// A file could not be read or written.
    #[error("{what}")]
    File {
        /// What was to be done.
        what: String,
        /// Why it was not.
        source: FileError,
    },
    /// The system failed: a stream, the working folder, the event loop.
    #[error("{what}")]
    System {
        /// What was to be done.
        what: String,
        /// Why it was not.
        source: std::io::Error,
    },
    /// A transcript cannot be read or kept.
    #[error("{what}")]
    Transcript {
        /// What was to be done.
        what: String,
        /// Why it was not.
        source: Box<BadTranscript>,
    },
    /// There is a key in a file that must not hold one.
    #[error("{what}: there is {leak}")]
    Leak {
        /// What was not done.
        what: String,
        /// Where the key is.
        leak: Leak,
    },
    /// Nothing is spent.
    #[error("nothing was sent: {why}")]
    Refused {
        /// Why not.
        why: String,
        /// What to do about it.
        fix: Option<String>,
    },
    /// The ledger could not do its work.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A paid job could not be followed to its end.
    #[error(transparent)]
    Run(RunError),
    /// Someone pressed Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// Someone pressed Ctrl-C twice while a paid job was open, and the ledger could not be updated in time.
    #[error("interrupted while a job was open")]
    Abandoned,
}

impl From<RunError> for Error {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Ledger(error) => Self::Ledger(error),
            error => Self::Run(error),
        }
    }
}

impl Error {
    /// The exit code.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Interrupted | Self::Abandoned | Self::Preflight(PreflightError::Interrupted) => {
                Exit::Interrupted
            }
            Self::Refused { .. } => Exit::Refused,
            Self::Run(RunError::Unwritten { .. }) => Exit::NoClip,
            _ => Exit::Invalid,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoProject { .. } => {
                Some("run `greenlight init` to write one, or name one with `--project FILE`".to_owned())
            }
            Self::Misnamed(_) => Some("rename it, or name the project with `--project FILE`".to_owned()),
            Self::Refused { fix, .. } => fix.clone(),
            Self::Run(RunError::Unwritten { request_id, job, .. }) => Some(format!(
                "note the id `{request_id}`: the clip is being made and paid for; make room or repair the ledger, then \
                 `greenlight ledger resolve {job}`"
            )),
            Self::Ledger(LedgerError::NoJob(_)) => Some("`greenlight ledger` lists them".to_owned()),
            Self::Exists(_) => Some("choose another name, or pass `--force` to replace it".to_owned()),
            Self::NoCheck { hint, .. } => Some(hint.clone()),
            Self::NotInteractive { flags, .. } => Some(format!("pass {flags}")),
            Self::Load(LoadError::NoChecklist { .. }) => Some(
                "name a checklist of your own: `checklists = [\"own.toml\"]` under `[project]`".to_owned(),
            ),
            Self::Load(LoadError::TooMuch { .. }) => Some(
                "check fewer shots or fewer projects at once; a check for each shot counts once a shot"
                    .to_owned(),
            ),
            Self::Load(LoadError::Read { source, .. })
            | Self::Ledger(LedgerError::Folder(source))
            | Self::File { source, .. }
            | Self::Append(AppendError::Write { source, .. }) => source.hint().map(str::to_owned),
            Self::Receipt(error) => Some(error.hint()),
            Self::Preflight(PreflightError::StandIn(StartError::UnknownPlay { .. })) => {
                Some("`greenlight standin --plays` says what each one plays".to_owned())
            }
            Self::Preflight(PreflightError::StandIn(StartError::Port { .. })) => {
                Some("name another with `--port`, or leave it out".to_owned())
            }
            Self::Preflight(PreflightError::StandIn(StartError::IsPlay { .. })) => None,
            Self::Preflight(PreflightError::StandIn(_)) => {
                Some("`greenlight list --scenarios` says what each one rehearses".to_owned())
            }
            Self::Transcript { source, .. } if source.hint().is_some() => source.hint().map(str::to_owned),
            Self::Transcript { .. } => {
                Some("`greenlight check --record FILE` makes one; do not change it by hand".to_owned())
            }
            Self::Leak { .. } => {
                Some("record again without it; if it is a real key that others saw, revoke it".to_owned())
            }
            Self::Preflight(PreflightError::Changed(_)) => {
                Some("run it again once the file is no longer being changed".to_owned())
            }
            Self::Interrupted | Self::Preflight(PreflightError::Interrupted) => {
                Some("nothing was spent".to_owned())
            }
            Self::Abandoned => Some("run `greenlight clip --resume` to continue".to_owned()),
            _ => None,
        }
    }
}
