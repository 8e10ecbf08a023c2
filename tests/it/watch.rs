//! `check --watch`: what changes is checked again, and nothing is called twice for that.

use std::{
    io::{BufRead as _, BufReader, PipeReader, Write as _},
    process::{Child, ChildStdin, Stdio},
};

use rstest::rstest;

use crate::support::{
    NOW, Sample,
    provider::{healthy, key_named},
    ran,
    recorder::{Answer, Recorder},
};

const KEY: &str = "xai-watched-0123456789";

/// A running watch, with both streams as one.
struct Watch {
    child: Child,
    keys: ChildStdin,
    lines: BufReader<PipeReader>,
}

impl Watch {
    fn start(sample: &Sample, provider: &Recorder) -> Self {
        Self::with(sample, provider, ("XAI_API_KEY", KEY))
    }

    fn with(sample: &Sample, provider: &Recorder, (variable, value): (&str, &str)) -> Self {
        let (read, write) = std::io::pipe().unwrap();
        let mut command = sample.greenlight(&["check", "--watch", "--at", NOW]);
        command.args(["--base-url", &provider.origin]).env(variable, value);
        command.stdin(Stdio::piped()).stdout(write.try_clone().unwrap()).stderr(write);
        let mut child = command.spawn().unwrap();
        Self { keys: child.stdin.take().unwrap(), child, lines: BufReader::new(read) }
    }

    /// Its output until it waits.
    fn round(&mut self) -> String {
        let mut text = String::new();
        while !text.contains("\nwatching ") || !text.ends_with('\n') {
            assert_ne!(self.lines.read_line(&mut text).unwrap(), 0, "it ended: {text}");
        }
        text
    }

    fn press(&mut self, key: &str) {
        self.keys.write_all(key.as_bytes()).unwrap();
    }

    fn quit(&mut self) -> i32 {
        self.press("q");
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // It has ended already, unless the test fails.
        drop(self.child.kill());
    }
}

fn calls(provider: &Recorder) -> usize {
    provider.requests().len()
}

#[test]
fn a_change_is_checked_again_with_the_replies_that_are_known() {
    let sample = Sample::of("api");
    let provider = Recorder::start(|request, _| healthy(request));
    let mut watch = Watch::start(&sample, &provider);
    let first = watch.round();
    assert!(
        first.contains("watching 4 files · calls of ") && first.ends_with(" UTC · r: call again · q: quit\n"),
        "{first}"
    );
    let called = calls(&provider);
    assert!(called > 3, "{called}");

    sample.edit("budget = \"3.00 USD\"", "budget = \"0.01 USD\"");
    let second = watch.round();
    assert!(second.starts_with("\ngreenlight.toml changed\n"), "{second}");
    assert!(second.contains("✗ FAIL     estimate in budget"), "{second}");
    assert_eq!(calls(&provider), called);

    sample.edit("budget = \"0.01 USD\"", "budget = \"3.00 USD\"");
    assert!(!watch.round().contains("✗ FAIL"));
    watch.press("r");
    let again = watch.round();
    assert!(!again.contains(" changed\n"), "{again}");
    assert_eq!(calls(&provider), 2 * called);
    // Answers are missing.
    assert_eq!(watch.quit(), 3);
}

/// A key file is rewritten during the run, and the server repeats every key.
#[test]
fn another_key_is_asked_anew_and_never_shown() {
    let sample = Sample::of("api");
    let provider = Recorder::start(|request, _| match request.path.as_str() {
        "/v1/api-key" => {
            let key = request.key.clone().unwrap_or_default().replace("Bearer ", "");
            Answer::json(200, key_named(&key))
        }
        _ => healthy(request),
    });
    sample.write("key", "first-key-0a1b2c3d4e5f");
    let file = sample.path().join("key");
    let mut watch = Watch::with(&sample, &provider, ("XAI_API_KEY_FILE", file.as_str()));
    let first = watch.round();
    let called = calls(&provider);
    sample.write("key", "other-key-9z8y7x6w5v4u").edit("budget = \"3.00 USD\"", "budget = \"2.99 USD\"");
    let second = watch.round();
    let asked = provider.requests();
    let keys: Vec<_> = asked.iter().skip(called).filter_map(|request| request.key.as_deref()).collect();
    assert!(!keys.is_empty() && keys.iter().all(|key| *key == "Bearer other-key-9z8y7x6w5v4u"), "{keys:?}");
    for text in [&first, &second] {
        assert!(text.contains("key [redacted], name [redacted]"), "{text}");
        assert!(!text.contains("first-key") && !text.contains("other-key"), "{text}");
    }
    assert_eq!(watch.quit(), 3);
}

#[test]
fn a_mistake_is_told_and_waited_for() {
    let sample = Sample::of("api");
    let provider = Recorder::start(|request, _| healthy(request));
    sample.edit("budget =", "bugdet =");
    let mut watch = Watch::start(&sample, &provider);
    let wrong = watch.round();
    assert!(wrong.contains("unknown key `bugdet`") && wrong.contains("\nwatching 1 file ·"), "{wrong}");
    sample.edit("bugdet =", "budget =");
    assert!(watch.round().contains("No credits were spent."));
    fs_err::remove_file(sample.path().join("greenlight.toml")).unwrap();
    let gone = watch.round();
    assert!(gone.contains("greenlight.toml changed") && gone.contains("error: "), "{gone}");
    assert_eq!(watch.quit(), 2);
}

/// No one is left to press a key, as in a CI job.
#[test]
fn it_ends_with_its_input() {
    let run = ran(Sample::of("api")
        .greenlight(&["check", "--offline", "--watch", "--at", NOW])
        .stdin(Stdio::null()));
    assert_eq!((run.code, run.out.matches("to do").count()), (1, 1), "{}", run.err);
}

#[rstest]
#[case::another_format(&["--format", "json"], "cannot use `--watch`: it prints tables, and `--format` or GREENLIGHT_FORMAT asks for another format")]
#[case::a_file(&["--report", "json=r.json"], "the argument '--watch' cannot be used with '--report <FORMAT=PATH>'")]
fn it_writes_no_receipt_of_replies_that_are_not_new(#[case] more: &[&str], #[case] why: &str) {
    let run =
        ran(Sample::of("api").greenlight(&["check", "--offline", "--watch"]).args(more).stdin(Stdio::null()));
    assert_eq!(run.code, 2);
    assert!(run.err.contains(why), "{}", run.err);
}
