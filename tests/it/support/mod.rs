//! The real binary in a clean environment, and folders to run it in.

pub(crate) mod provider;
pub(crate) mod receipts;
pub(crate) mod recorder;

use std::{
    path::Path,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use camino::{Utf8Path, Utf8PathBuf};

/// The moment at which tests judge, unless they say otherwise.
pub(crate) const NOW: &str = "2026-11-22T10:04:00Z";

/// The variable that names another build of the program to test, such as the released one.
const BINARY: &str = "BINARY_UNDER_TEST";

/// The binary, without the developer's environment.
pub(crate) fn greenlight(args: &[&str]) -> Command {
    #[expect(clippy::disallowed_methods, reason = "a switch for developers")]
    let binary = std::env::var_os(BINARY).map_or_else(|| insta_cmd::get_cargo_bin("greenlight"), Into::into);
    let mut command = Command::new(binary);
    command.env_clear().env("COLUMNS", "80").env("CI", "true").args(args);
    command
}

/// How a run ended and what it printed.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Both streams and the code as one text, for snapshots.
    pub(crate) fn all(&self) -> String {
        format!("{}{}exit {}\n", self.out, self.err, self.code)
    }

    /// Standard error without the first message of a run whose provider has no pack.
    pub(crate) fn told(&self) -> &str {
        let lines = self.err.split_once('\n');
        match lines.filter(|(first, _)| first.starts_with("note: greenlight has no pack for `")) {
            Some((_, rest)) => rest,
            None => &self.err,
        }
    }

    /// Standard output as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.all()))
    }
}

/// Runs to the end.
pub(crate) fn ran(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A copy of a route's sample project, in its own folder, which isn't one of the system's temporary folders.
pub(crate) struct Sample {
    folder: tempfile::TempDir,
}

impl Sample {
    /// The sample project of this route. For a wrapper, the provider is invented, because shipped ones can be asked.
    pub(crate) fn of(route: &str) -> Self {
        let folder = lasting_folder();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(route);
        for entry in fs_err::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            fs_err::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
        let sample = Self { folder };
        if route == "wrapper" {
            sample.edit("provider = \"fal\"", "provider = \"acme\"");
        }
        sample
    }

    /// The same files in another folder, as another machine would check them out.
    pub(crate) fn copy(&self) -> Self {
        let copy = Self::empty();
        for entry in fs_err::read_dir(self.folder.path()).unwrap() {
            let entry = entry.unwrap();
            if entry.path().is_file() {
                fs_err::copy(entry.path(), copy.folder.path().join(entry.file_name())).unwrap();
            }
        }
        copy
    }

    /// An empty folder, below no other project.
    pub(crate) fn empty() -> Self {
        Self { folder: lasting_folder() }
    }

    /// The text of its project file.
    pub(crate) fn project(&self) -> String {
        fs_err::read_to_string(self.path().join("greenlight.toml")).unwrap()
    }

    /// Its folder.
    pub(crate) fn path(&self) -> Utf8PathBuf {
        Utf8PathBuf::from_path_buf(self.folder.path().to_owned()).unwrap()
    }

    /// The binary, started in its folder.
    pub(crate) fn greenlight(&self, args: &[&str]) -> Command {
        let mut command = greenlight(args);
        command.current_dir(self.folder.path());
        command
    }

    /// Replaces a piece of the project file, which must be there.
    pub(crate) fn edit(&self, old: &str, new: &str) -> &Self {
        let path = self.path().join("greenlight.toml");
        let text = fs_err::read_to_string(&path).unwrap();
        assert!(text.contains(old), "the project has no {old:?}");
        self.write("greenlight.toml", &text.replacen(old, new, 1))
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, text: &str) -> &Self {
        self.write_bytes(name, text.as_bytes())
    }

    /// Writes a file that isn't text.
    pub(crate) fn write_bytes(&self, name: &str, bytes: &[u8]) -> &Self {
        fs_err::write(self.path().join(Utf8Path::new(name)), bytes).unwrap();
        self
    }
}

/// A folder for one test where the system keeps files: output below its temporary folders is refused. These tests may
/// themselves be checked out below one; then the folder is made in the home folder.
fn lasting_folder() -> tempfile::TempDir {
    let real = |path: Utf8PathBuf| path.canonicalize_utf8().ok();
    let temporary: Vec<_> = greenlight::env::temporary_dirs().into_iter().filter_map(real).collect();
    let lasts = |path: &Utf8PathBuf| !temporary.iter().any(|folder| path.starts_with(folder));
    let own = Utf8PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let choices = [Some(own.clone()), greenlight::env::home()];
    let folder = choices.into_iter().flatten().filter_map(real).find(lasts).unwrap_or(own);
    tempfile::Builder::new().prefix(".tmp").tempdir_in(folder).unwrap()
}

/// All findings of a check in a receipt.
pub(crate) fn findings<'r>(report: &'r serde_json::Value, check: &str) -> Vec<&'r serde_json::Value> {
    report["findings"].as_array().unwrap().iter().filter(|finding| finding["check"] == check).collect()
}

/// The one finding of a check, or the one about this subject.
pub(crate) fn finding<'r>(
    report: &'r serde_json::Value,
    check: &str,
    subject: Option<&str>,
) -> &'r serde_json::Value {
    let all = findings(report, check);
    let mut fitting =
        all.iter().filter(|finding| subject.is_none_or(|subject| finding["subject"] == subject));
    fitting.next().unwrap_or_else(|| panic!("no {check} of {subject:?} in {all:#?}"))
}

/// The entry of a printed table that starts with this, including its further lines.
pub(crate) fn rows(table: &str, title: &str) -> String {
    let mut lines = table.lines().skip_while(|line| !line.contains(title));
    let first = lines.next().unwrap_or_else(|| panic!("no {title} in {table}"));
    let more = lines.take_while(|line| line.starts_with("   "));
    std::iter::once(first).chain(more).flat_map(|line| [line, "\n"]).collect()
}

/// Replaces what changes from run to run.
pub(crate) fn steady(text: &str) -> String {
    let changes = [
        (r"(127\.0\.0\.1|\.localhost):\d+", "$1:PORT"),
        (r"[0-9.]+ [KMGT]iB free", "ROOM free"),
        (r#""(made|digest)": "[^"]+""#, "\"$1\": \"…\""),
        // When a call was made; the time that is judged for is set by the test.
        (r#""at": "[^"]+\.[0-9]+Z""#, "\"at\": \"…\""),
    ];
    changes.into_iter().fold(text.to_owned(), |text, (pattern, instead)| {
        regex::Regex::new(pattern).unwrap().replace_all(&text, instead).into_owned()
    })
}

/// The result of `play` for every scenario of the stand-in for xAI, the healthy one last.
pub(crate) fn every_scenario<T: Send>(play: impl Fn(&str, Option<&str>) -> T + Sync) -> Vec<T> {
    let list = ran(&mut greenlight(&["list", "--scenarios", "--format", "json"])).json();
    let all: Vec<_> = list.as_array().unwrap().iter().filter(|one| one["provider"] == "xai").collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
            done.push(play(one["id"].as_str().unwrap(), one["fault"].as_str()));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        // More threads than cores: some scenarios only wait.
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect::<Vec<_>>()
    });
    done.push(play("healthy", None));
    done
}
