//! What every verb is given: the streams, the clock, the environment and the folder.

use camino::{Utf8Path, Utf8PathBuf};
use chrono::{DateTime, Utc};
use secrecy::SecretString;

use crate::{
    env,
    error::Error,
    load::{self, Search},
    observe::KeyRing,
    preflight::Environment,
    render::Style,
    secrets::Redactor,
    ui::{Printer, Sheet, Terminal},
};

/// The keys of all owners that are in this environment now, and the keys of other programs.
pub fn keys(env: &env::Lookup<'_>) -> Vec<SecretString> {
    let owners = load::owners();
    let names = owners.list.iter().flat_map(|owner| &owner.keys).map(|key| key.env.as_str());
    let others = env::others_credentials().into_iter().map(Into::into);
    KeyRing::of(names, env).secrets().chain(others).collect()
}

/// Hides these keys, and anything that looks like one.
#[must_use]
pub fn hiding(keys: Vec<SecretString>) -> Redactor {
    let owners = load::owners();
    let shapes = owners.list.iter().flat_map(|owner| owner.shapes.clone()).collect();
    Redactor::new(keys, shapes, load::own_words()).with_others(owners.credentials.clone())
}

/// What every verb is given.
pub struct Context<'a> {
    /// Standard output and standard error.
    pub printer: Printer,
    /// What the streams are attached to.
    pub terminal: Terminal,
    /// Whether to print only what was asked for.
    pub quiet: bool,
    /// The time at which the process was started.
    pub started: DateTime<Utc>,
    /// Reads environment variables.
    pub env: &'a env::Lookup<'a>,
    /// The folder the process was started in.
    pub dir: Utf8PathBuf,
    /// The whole command line, as clap reads it.
    pub command: fn() -> clap::Command,
}

impl Context<'_> {
    /// Prints a result to standard output.
    ///
    /// # Errors
    /// [`Error::System`] when it cannot be written, for example to a full disk.
    pub fn say(&mut self, text: &str) -> Result<(), Error> {
        let failed = |source| Error::System { what: "cannot write to standard output".to_owned(), source };
        self.printer.print(text).map_err(failed)
    }

    /// Prints a result that contains commands for the log it goes to.
    ///
    /// # Errors
    /// As [`Self::say`].
    pub fn say_commands(&mut self, text: &str) -> Result<(), Error> {
        let failed = |source| Error::System { what: "cannot write to standard output".to_owned(), source };
        self.printer.print_commands(text).map_err(failed)
    }

    /// Prints a note on standard error, unless quiet. Failing to print it is no error.
    pub fn note(&mut self, text: &str) {
        drop(self.printer.note(text));
    }

    /// The environment a preflight runs in.
    #[must_use]
    pub fn environment(&self) -> Environment<'_> {
        Environment {
            started: self.started,
            dir: &self.dir,
            env: self.env,
            temp_dirs: env::temporary_dirs(),
            redactor: self.printer.redactor(),
        }
    }

    /// How results are laid out.
    #[must_use]
    pub fn style(&self) -> Style {
        let width = u16::try_from(self.printer.width()).unwrap_or(u16::MAX);
        Style::new(width, self.printer.colours())
    }

    /// The layout of texts side by side.
    #[must_use]
    pub fn sheet(&self) -> Sheet<'_> {
        Sheet::new(self.style().width, self.printer.redactor())
    }

    /// The project file that was named, or the one found from here upward.
    ///
    /// # Errors
    /// [`Error::NoProject`] when there is none, [`Error::Misnamed`] when a file was probably meant but has the wrong
    /// name.
    pub fn project(&self, named: Option<&Utf8Path>) -> Result<Utf8PathBuf, Error> {
        if let Some(path) = named {
            // A folder stands for the project file in it.
            return Ok(if self.dir.join(path).is_dir() {
                path.join(load::PROJECT_FILE)
            } else {
                path.to_owned()
            });
        }
        let found = match load::find_project(&self.dir) {
            Search::Found(found) => found,
            Search::Misnamed(found) => return Err(Error::Misnamed(found)),
            Search::Nowhere => return Err(Error::NoProject { from: self.dir.clone() }),
        };
        // The file is here or above; it is named relative to here, so that reports don't show this machine's folders.
        let up = self.dir.ancestors().position(|folder| Some(folder) == found.parent()).unwrap_or_default();
        Ok(Utf8PathBuf::from("../".repeat(up)).join(load::PROJECT_FILE))
    }
}
