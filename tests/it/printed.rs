//! Everything that leaves the program goes through the printer: help, command line mistakes, early failures.

use std::{
    ffi::{OsStr, OsString},
    os::unix::{ffi::OsStrExt as _, process::CommandExt as _},
    path::Path,
    process::Command,
};

use greenlight::{cli, model::text::is_steering};
use rstest::rstest;

use crate::support::{Ran, Sample, greenlight, ran};

const KEY: &str = "xai-CANARY0123456789abcdefCANARY";

fn clean(run: &Ran) {
    for text in [&run.out, &run.err] {
        assert!(!text.contains(|c| c != '\n' && is_steering(c)), "{text:?}");
        assert!(
            !text.lines().any(|line| line.trim_start().starts_with("::")) && !text.contains("##["),
            "{text}"
        );
    }
}

fn silent(run: &Ran) {
    assert!(!run.all().contains("CANARY"), "{}", run.all());
}

/// Places where a word can be wrong.
const PLACES: [&[&str]; 9] = [
    &["{}"],
    &["--{}"],
    &["check", "--{}"],
    &["check", "--format", "{}"],
    &["check", "--at={}"],
    &["check", "--report", "{}"],
    &["check", "--report", "{}=x"],
    &["--color={}", "list"],
    &["completions", "{}"],
];

fn at(place: &[&str], word: &str) -> Command {
    let mut command = greenlight(&[]);
    command.args(place.iter().map(|arg| arg.replace("{}", word)));
    command
}

#[rstest]
#[case::escape("a\u{1b}[2J\u{1b}[31mb", "\\u{1b}[2J\\u{1b}[31mb")]
#[case::title("\u{1b}]0;x\u{7}", "\\u{1b}]0;x\\u{7}")]
#[case::eight_bits("a\u{9b}31mb", "\\u{9b}31m")]
#[case::turned("a\u{202e}b", "\\u{202e}")]
#[case::lines("a\n::error::b", "\\u{a}")]
#[case::overwritten("a\rerror: none", "\\u{d}error")]
#[case::group("##[add-mask]a", "# #[add-mask]a")]
#[case::command("::error::a", ":error::a")]
fn what_is_typed_steers_no_terminal_and_no_log(#[case] word: &str, #[case] shown: &str) {
    for place in PLACES {
        let run = ran(&mut at(place, word));
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{place:?}: {}", run.all());
        clean(&run);
        if place != ["check", "--at={}"] {
            assert!(run.err.contains(shown), "{place:?} {shown}: {}", run.err);
        }
    }
    for name in ["GREENLIGHT_FORMAT", "GREENLIGHT_TIMEOUT", "GREENLIGHT_OFFLINE"] {
        let run = ran(Sample::of("api").greenlight(&["check"]).env(name, word));
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{name}: {}", run.all());
        clean(&run);
    }
}

#[rstest]
#[case::of_the_environment(Some("XAI_API_KEY"))]
#[case::of_another_owner(Some("XAI_MANAGEMENT_KEY"))]
fn a_key_that_is_typed_where_none_belongs_is_not_repeated(#[case] variable: Option<&str>) {
    for (place, colour) in PLACES.iter().flat_map(|place| [(place, "0"), (place, "1")]) {
        for word in [KEY.to_owned(), format!("x{KEY}"), format!("--{KEY}")] {
            let mut command = at(place, &word);
            command.env("CLICOLOR_FORCE", colour).envs(variable.map(|name| (name, KEY)));
            let run = ran(&mut command);
            assert_eq!((run.code, run.out.as_str()), (2, ""), "{place:?}: {}", run.all());
            // Characters right before it can turn it into a word that no longer looks like a key.
            if variable.is_some() || word == KEY && !place.iter().any(|arg| arg.contains("-{}")) {
                silent(&run);
            }
        }
    }
    for name in ["GREENLIGHT_FORMAT", "GREENLIGHT_TIMEOUT", "GREENLIGHT_OFFLINE", "GREENLIGHT_AT"] {
        let sample = Sample::of("api");
        let mut command = sample.greenlight(&["check"]);
        let run = ran(command.env(name, KEY).envs(variable.map(|name| (name, KEY))));
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{name}: {}", run.all());
        silent(&run);
    }
}

/// The name by which the program is called comes from outside.
#[test]
fn the_name_of_the_program_is_its_own() {
    for args in
        [&["--help"][..], &["check", "-h"], &["--no-such-flag"], &["check", "--no-such-flag"], &["--version"]]
    {
        let mut command = greenlight(args);
        let run = ran(command.arg0(format!("\u{1b}[31m{KEY}")).env("XAI_API_KEY", KEY));
        silent(&run);
        clean(&run);
        assert!(run.all().contains("greenlight"), "{}", run.all());
    }
}

#[test]
fn help_version_completions_and_pages_hold_no_key_and_steer_nothing() {
    let verbs: Vec<_> = cli::command().get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
    let mut all: Vec<Vec<&str>> = vec![vec!["--version"], vec!["--help"], vec!["-h"], vec!["man"]];
    all.extend(
        ["bash", "zsh", "fish", "powershell", "elvish", "nushell"].map(|shell| vec!["completions", shell]),
    );
    all.extend(verbs.iter().map(|verb| vec![verb.as_str(), "--help"]));
    for args in all {
        // If a piece of help is a key, it is covered, whatever the page is.
        let run = ran(greenlight(&args).env("XAI_API_KEY", "greenlight-check-and-more"));
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{args:?}: {}", run.all());
        for text in [&run.out, &run.err] {
            assert!(!text.contains(|c| !matches!(c, '\n' | '\t') && is_steering(c)), "{args:?}: {text:?}");
        }
    }
    let run = ran(greenlight(&["check", "--help"]).env("XAI_API_KEY", "--concurrency"));
    assert!(!run.out.contains("--concurrency") && run.out.contains("*************"), "{}", run.out);
}

#[test]
fn what_is_no_text_is_told_without_steering() {
    let mut command = greenlight(&["check", "--format"]);
    let run = ran(command.arg(OsStr::from_bytes(b"\xff\x1b[2J")));
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
    clean(&run);
    let mut command = greenlight(&[]);
    let run = ran(command.arg(OsString::from(OsStr::from_bytes(b"\x9b\xff"))));
    assert_eq!(run.code, 2, "{}", run.all());
    clean(&run);
}

/// Before anything else is known: the working folder is gone, and its name was hostile.
#[test]
fn an_early_failure_goes_through_the_printer() {
    let place = Sample::empty();
    let folder = place.path().join(format!("{KEY}\u{1b}[2J"));
    fs_err::create_dir(&folder).unwrap();
    let binary = insta_cmd::get_cargo_bin("greenlight");
    let mut bash = Command::new("/bin/bash");
    bash.env_clear().env("XAI_API_KEY", KEY).arg("-c").current_dir(&folder);
    let run = ran(bash.arg(format!("rmdir \"$PWD\"; {} check", binary.display())));
    assert_eq!(run.code, 2, "{}", run.all());
    assert!(run.err.contains("cannot tell the working folder"), "{}", run.err);
    silent(&run);
    clean(&run);
    fs_err::create_dir(&folder).unwrap();
    let run = ran(greenlight(&["check"]).env("XAI_API_KEY", KEY).current_dir(&folder));
    assert!(run.code == 2 && run.err.contains("no `greenlight.toml`"), "{}", run.all());
    silent(&run);
    clean(&run);
}

/// Files that may write by themselves, and how.
const WRITERS: [(&str, &[&str]); 8] = [
    ("ui/streams.rs", &["stdout", "stderr"]),
    ("ui/terminal.rs", &["stdin", "stdout", "stderr"]),
    ("ui/progress.rs", &["stderr"]),
    // Draws a line while it is typed.
    ("ui/line.rs", &["stderr"]),
    // Reads keys that come through a pipe.
    ("ui/keys.rs", &["stdin"]),
    // Asks at the terminal; everything it shows has been through the printer.
    ("ui/prompt.rs", &["inquire"]),
    // A search that the certificate of tests/run quotes.
    ("spend/job/tests.rs", &["println!"]),
    // Reads the streams of a client.
    ("standin/conform/client.rs", &["stdin", "stdout", "stderr"]),
];

/// Clippy forbids the calls; this finds indirect ones, and code that allows itself an exception.
#[test]
fn nothing_but_the_printer_writes() {
    let words = [
        r"\bstdin\b",
        r"\bstdout\b",
        r"\bstderr\b",
        r"\binquire\b",
        r"\bprint(ln)?!",
        r"\beprint(ln)?!",
        r"\bdbg!",
        r"\bto_std(out|err)\b",
        r"/dev/(tty|std|fd)",
        r"\.print\(\)",
        r"\.exit\(\)",
        r"\bprint_(long_)?help\b",
        r"\bget_matches",
        r"\bStdout\b",
        r"\bStderr\b",
        r"\bfrom_raw_fd\b",
        r"process::(exit|abort)",
    ];
    let words = words.map(|word| regex::Regex::new(word).unwrap());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut broken, mut files) = (vec![root.clone()], Vec::new(), 0);
    while let Some(folder) = folders.pop() {
        for entry in fs_err::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files += 1;
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                let may = WRITERS.iter().find(|(file, _)| *file == name).map_or(&[][..], |(_, may)| may);
                let text = fs_err::read_to_string(&path).unwrap();
                let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
                for line in lines {
                    let found = words.iter().filter_map(|word| word.find(line)).map(|found| found.as_str());
                    broken
                        .extend(found.filter(|word| !may.contains(word)).map(|_| format!("{name}: {line}")));
                }
            }
        }
    }
    // `Error::exit` and `Error::use_stderr` are functions of this program and of clap that write nothing.
    broken.retain(|line| !line.contains("use_stderr") && !line.contains("error.exit()"));
    broken.retain(|line| !line.contains("terminal.std"));
    assert!(files > 100 && broken.is_empty(), "{}", broken.join("\n"));
}
