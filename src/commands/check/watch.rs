//! `--watch`: checks again when a file changes, with the replies that are already known.

use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::{Args, Round, loaded, named, round, shown};
use crate::{
    commands::{
        context::{self, Context},
        failure,
    },
    error::Error,
    exit::Exit,
    files::Stamps,
    load::Loaded,
    model::{report::Batch, text::printable},
    observe::{CallCache, Clock},
    preflight::{FRESH, PreflightError},
    render::Format,
    ui::{Key, Keys, PromptError},
};

/// How often files are looked at.
const BEAT: Duration = Duration::from_millis(200);

/// Why the check is run again, or not.
enum Woken {
    Changed(Utf8PathBuf),
    Again,
    Quit,
}

/// What is kept between two rounds.
struct Watch {
    keys: Keys,
    clock: Clock,
    cache: CallCache,
    /// When the first call of the cache was made.
    called: DateTime<Utc>,
    /// Whether there was one.
    calls: bool,
    files: Vec<Utf8PathBuf>,
    /// The keys that the replies were given to.
    secrets: Vec<SecretString>,
    /// All keys that were ever used: a reply may repeat one.
    hidden: Vec<SecretString>,
}

/// Checks, waits for a change or a key, and checks again.
///
/// # Errors
/// [`Error`] when it can't start, is interrupted, or the terminal fails. Mistakes in files are shown, and it waits for
/// them to be fixed.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    if args.format != Format::Table {
        let why = "it prints tables, and `--format` or GREENLIGHT_FORMAT asks for another format";
        return Err(Error::BadValue { what: "`--watch`".to_owned(), why: why.to_owned() });
    }
    let clock = Clock::set_to(context.started);
    let mut watch = Watch {
        keys: Keys::of(&context.terminal),
        clock,
        cache: CallCache::default(),
        called: context.started,
        calls: false,
        files: Vec::new(),
        secrets: Vec::new(),
        hidden: Vec::new(),
    };
    loop {
        let (exit, changed) = match watch.check(args, context) {
            Ok(exit) => (exit, None),
            Err(Error::Preflight(PreflightError::Changed(path))) => (Exit::Invalid, Some(path)),
            Err(error) if error.exit() == Exit::Interrupted => return Err(error),
            Err(error) => (failure::tell(&mut context.printer, &error), None),
        };
        match watch.wait(changed, context)? {
            Woken::Quit => return Ok(exit),
            Woken::Changed(path) => {
                context.note(&format!("\n{} changed\n\n", printable(path.as_str())));
            }
            Woken::Again => {
                watch.forget();
                context.note("\n");
            }
        }
    }
}

impl Watch {
    /// Checks once and prints everything.
    fn check(&mut self, args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
        context.started = self.clock.now();
        let changed = self.read_keys(context);
        if changed || context.started - self.called > FRESH {
            self.forget();
        }
        let (all, several) =
            loaded(args, context).inspect_err(|error| self.note_broken(args, context, error))?;
        self.files = all.iter().flat_map(Loaded::files).map(|(_, path)| path).collect();
        let Round { reports, cache, .. } = round(args, context, &all, std::mem::take(&mut self.cache))?;
        self.cache = cache;
        let batch = Batch { reports: reports?, several };
        self.calls = batch.reports.iter().any(|report| !report.calls.is_empty());
        context.say(&shown(args, &batch, context))?;
        Ok(batch.found().into())
    }

    /// Reads the keys, which may be in files, and hides them. Returns whether they have changed.
    fn read_keys(&mut self, context: &mut Context<'_>) -> bool {
        let now = context::keys(context.env);
        let changed = !now
            .iter()
            .map(ExposeSecret::expose_secret)
            .eq(self.secrets.iter().map(ExposeSecret::expose_secret));
        if changed {
            self.hidden.extend(now.iter().cloned());
            self.secrets = now;
        }
        context.printer.hide(context::hiding(self.hidden.clone()));
        changed
    }

    /// Makes the next round repeat every call.
    fn forget(&mut self) {
        self.cache = CallCache::default();
        self.called = self.clock.now();
    }

    /// Files that can't be read are watched too: they will be fixed.
    fn note_broken(&mut self, args: &Args, context: &Context<'_>, error: &Error) {
        let named = match args.projects.as_slice() {
            [] => context.project(args.project.as_deref()).into_iter().collect(),
            names => named::files(names, context).unwrap_or_default(),
        };
        let broken: Vec<_> = match error {
            Error::Load(error) => error.files().map(Utf8Path::to_owned).collect(),
            _ => Vec::new(),
        };
        self.files.extend(named.into_iter().chain(broken));
    }

    /// Waits until a file has changed and then stays the same, or a key says what to do. For a file that changed
    /// already, waits until it stays the same.
    fn wait(&self, mut changed: Option<Utf8PathBuf>, context: &mut Context<'_>) -> Result<Woken, Error> {
        let dir: &Utf8Path = &context.dir.clone();
        let mut then = Stamps::of(dir, self.files.clone());
        let files = if then.count() == 1 { "file" } else { "files" };
        let calls =
            if self.calls { self.called.format("calls of %H:%M UTC · ").to_string() } else { String::new() };
        context.note(&format!("\nwatching {} {files} · {calls}r: call again · q: quit\n", then.count()));
        let listening = self.keys.listen().map_err(failed)?;
        loop {
            match listening.next(BEAT).map_err(failed)? {
                Some(Key::Letter('r')) => return Ok(Woken::Again),
                Some(Key::Letter('q') | Key::End) => return Ok(Woken::Quit),
                Some(Key::Interrupt) => return Err(Error::Interrupted),
                Some(Key::Letter(_)) | None => {}
            }
            let now = then.again(dir);
            match (then.changed(&now), changed.take()) {
                (Some(path), _) => changed = Some(path.to_owned()),
                (None, Some(path)) => return Ok(Woken::Changed(path)),
                (None, None) => {}
            }
            then = now;
        }
    }
}

fn failed(source: std::io::Error) -> Error {
    Error::Prompt(PromptError::Terminal(source))
}
