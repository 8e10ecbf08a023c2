//! The commands in hints, as they have to be typed: for the same project, and for a rehearsal as a rehearsal. Pasted
//! without that, they would start the paid path of another project.

use camino::Utf8Path;

use super::Args;
use crate::{
    error::Error,
    model::text::{printable, shell_word},
    preflight::HEALTHY,
};

/// What has to be added to each command.
#[derive(Debug, Clone, Default)]
pub(in crate::commands) struct Hints {
    project: String,
    clip: String,
    ledger: &'static str,
}

impl Hints {
    /// For the commands after this one.
    pub(super) fn of(args: &Args) -> Self {
        let clip = match (&args.rehearse, &args.base_url) {
            (Some(scenario), _) if scenario == HEALTHY => " --rehearse".to_owned(),
            (Some(scenario), _) => format!(" {}", shell_word(&format!("--rehearse={scenario}"))),
            (None, Some(url)) => format!(" --base-url {}", shell_word(url)),
            (None, None) => String::new(),
        };
        Self { clip, ..Self::for_project(args.project.as_deref(), args.is_rehearsal()) }
    }

    /// For a project as it was named, in one of the two ledgers.
    pub(in crate::commands) fn for_project(project: Option<&Utf8Path>, rehearsal: bool) -> Self {
        let project = project.map(|path| format!(" --project {}", shell_word(path.as_str())));
        let (clip, ledger) = if rehearsal { (" --rehearse", " --rehearsal") } else { ("", "") };
        Self { project: project.unwrap_or_default(), clip: clip.to_owned(), ledger }
    }

    /// A hint whose commands can be typed as they are.
    pub(in crate::commands) fn typed(&self, hint: &str) -> String {
        let Self { project, clip, ledger } = self;
        let verbs = [("clip", clip.as_str()), ("ledger", *ledger), ("check", clip), ("answer", "")];
        let typed = verbs.into_iter().fold(hint.to_owned(), |text, (verb, flags)| {
            let command = format!("greenlight {verb}");
            text.replace(&command, &format!("{command}{project}{flags}"))
        });
        printable(&typed).into_owned()
    }

    /// The same for the hint of an error.
    pub(super) fn in_error(&self, error: Error) -> Error {
        match error {
            Error::Refused { why, fix } => Error::Refused { why, fix: fix.map(|fix| self.typed(&fix)) },
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rehearsal_of_a_named_project_stays_one() {
        let hints = Hints::for_project(Some(Utf8Path::new("a b/greenlight.toml")), true);
        let hint = "run `greenlight clip opening --retry`, or `greenlight ledger settle opening-1`";
        let typed = "run `greenlight clip --project 'a b/greenlight.toml' --rehearse opening --retry`, or \
                     `greenlight ledger --project 'a b/greenlight.toml' --rehearsal settle opening-1`";
        assert_eq!(hints.typed(hint), typed);
        assert_eq!(Hints::default().typed(hint), hint);
        let check = Hints::for_project(None, true).typed("`greenlight check` shows what is missing");
        assert_eq!(check, "`greenlight check --rehearse` shows what is missing");
    }
}
