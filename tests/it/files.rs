//! Files as a stranger may leave them: pipes, devices, links that lead out, names of other files. No wait is endless,
//! nothing outside is read or shown, and no file of a person is replaced without being asked for.
#![cfg(unix)]

mod evidence;
mod outputs;
mod outside;
mod reading;
mod state;
mod writing;

use std::{
    process::{Command, Stdio},
    sync::mpsc::channel,
    thread,
    time::Duration,
};

use camino::{Utf8Path, Utf8PathBuf};

use crate::support::{Ran, Sample};

/// The longest that a run may take on a busy machine.
const LIMIT: Duration = Duration::from_mins(1);

/// Must never be shown.
const SECRET: &str = "CANARY-of-somebody";

/// Runs to the end, which must come.
fn ends(command: &mut Command) -> Ran {
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (id, (tell, told)) = (child.id().to_string(), channel());
    thread::spawn(move || drop(tell.send(child.wait_with_output())));
    let Ok(output) = told.recv_timeout(LIMIT) else {
        Command::new("kill").args(["-9", &id]).status().unwrap();
        panic!("it waits forever: {command:?}");
    };
    let output = output.unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn pipe(at: &Utf8Path) {
    nix::unistd::mkfifo(at.as_std_path(), nix::sys::stat::Mode::S_IRWXU).unwrap();
}

fn link(to: impl AsRef<Utf8Path>, at: &Utf8Path) {
    std::os::unix::fs::symlink(to.as_ref(), at).unwrap();
}

/// A project that is its own git checkout, wherever these tests are checked out.
fn checkout(route: &str) -> Sample {
    let sample = Sample::of(route);
    fs_err::create_dir(sample.path().join(".git")).unwrap();
    sample
}

/// A folder of another person, with a file that must stay private. It isn't TOML.
fn somebody() -> (Sample, Utf8PathBuf) {
    let home = Sample::empty();
    home.write("secret", &format!("https://ann:{SECRET}@host.example\n"));
    let path = home.path().join("secret");
    (home, path)
}

fn silent(run: &Ran) {
    assert!(!run.all().contains("CANARY"), "{}", run.all());
}
