//! Reports and transcripts go where the person said, unless that is a file that the run itself uses.

use std::io::Read as _;

use rstest::rstest;

use super::{checkout, ends, link, pipe};
use crate::support::{Ran, Sample, provider::healthy, recorder::Recorder};

/// A project with one file of each kind, and every name of each of them.
pub(super) fn full() -> Sample {
    let sample = checkout("api");
    sample.edit("[project]", "[project]\nchecklists = [\"own.toml\"]\ncatalogues = [\"prices.toml\"]");
    sample.write("own.toml", "id = \"own\"\nroute = \"api\"\nowner = \"us\"\nreviewed = 2026-11-01\n");
    sample.write("prices.toml", "id = \"prices\"\nreviewed = 2026-11-01\n");
    sample.write("answers.toml", "# ours\n").write("key", "xai-0123456789-of-a-file\n");
    sample.write("ca.pem", "");
    fs_err::create_dir(sample.path().join("folder")).unwrap();
    for name in ["greenlight.toml", "own.toml", "answers.toml", "robot.jpg", "key"] {
        link(sample.path().join(name), &sample.path().join(format!("soft-{name}")));
        fs_err::hard_link(sample.path().join(name), sample.path().join(format!("hard-{name}"))).unwrap();
    }
    sample
}

pub(super) fn all(sample: &Sample) -> Vec<(String, Vec<u8>)> {
    let files = fs_err::read_dir(sample.path()).unwrap().map(|entry| entry.unwrap());
    let files = files.filter(|entry| entry.path().is_file());
    let mut all: Vec<_> = files
        .map(|entry| (entry.file_name().into_string().unwrap(), fs_err::read(entry.path()).unwrap()))
        .collect();
    all.sort();
    all
}

pub(super) fn check(sample: &Sample, args: &[&str]) -> Ran {
    ends(sample.greenlight(&["check"]).args(args).env("XAI_API_KEY_FILE", "key"))
}

#[rstest]
#[case::project("greenlight.toml", "the project `greenlight.toml`")]
#[case::by_a_detour("folder/../greenlight.toml", "the project `greenlight.toml`")]
#[case::by_a_new_folder("new/../greenlight.toml", "the project `greenlight.toml`")]
#[case::soft("soft-greenlight.toml", "the project `greenlight.toml`")]
#[case::hard("hard-greenlight.toml", "the project `greenlight.toml`")]
#[case::answers("answers.toml", "the answers `answers.toml`")]
#[case::hard_answers("hard-answers.toml", "the answers `answers.toml`")]
#[case::checklist("own.toml", "the checklist `own.toml`")]
#[case::soft_checklist("soft-own.toml", "the checklist `own.toml`")]
#[case::catalogue("prices.toml", "the catalogue `prices.toml`")]
#[case::media("robot.jpg", "the media `robot.jpg`")]
#[case::hard_media("hard-robot.jpg", "the media `robot.jpg`")]
#[case::key("key", "the file that XAI_API_KEY_FILE names")]
#[case::soft_key("soft-key", "the file that XAI_API_KEY_FILE names")]
#[case::certificates("ca.pem", "the file of certificates `ca.pem`")]
fn a_file_of_the_run_is_not_replaced(#[case] path: &str, #[case] input: &str) {
    let sample = full();
    let before = all(&sample);
    let provider = Recorder::start(|request, _| healthy(request));
    for flag in [["--report", "json="], ["--record", ""]] {
        let output = format!("{}{path}", flag[1]);
        let args = [flag[0], &output, "--base-url", &provider.origin, "--ca-cert", "ca.pem"];
        let run = check(&sample, &args);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
        let says = format!("cannot use `{} {output}`: it would overwrite {input}", flag[0]);
        assert!(run.err.contains(&says), "{says}: {}", run.err);
    }
    assert_eq!(all(&sample), before);
    assert!(provider.requests().is_empty(), "a call was made");
    assert!(!sample.path().join("new").exists());
}

#[test]
fn answers_and_a_transcript_that_are_not_there_yet_or_read_are_inputs_too() {
    let sample = checkout("wrapper");
    for path in ["answers.toml", "./answers.toml"] {
        let run = check(&sample, &["--report", &format!("json={path}")]);
        assert!(run.code == 2 && run.err.contains("it would overwrite the answers"), "{}", run.all());
        assert!(!sample.path().join("answers.toml").exists());
    }
    let kept = check(&sample, &["--rehearse", "--record", "run.json"]);
    assert!(kept.told().is_empty(), "{}", kept.all());
    let run = check(&sample, &["--replay", "run.json", "--report", "json=run.json"]);
    assert!(
        run.code == 2 && run.err.contains("it would overwrite the transcript `run.json`"),
        "{}",
        run.all()
    );
}

/// The runner sets the variable, but anyone who sets it could name any file.
#[rstest]
#[case::project("greenlight.toml", "it would overwrite the project `greenlight.toml`")]
#[case::hard("hard-answers.toml", "it would overwrite the answers `answers.toml`")]
#[case::report("receipt.json", "another output goes to the same file")]
fn the_step_summary_is_an_output_too(#[case] path: &str, #[case] says: &str) {
    let sample = full();
    let before = all(&sample);
    let args = ["check", "--rehearse", "--format", "github", "--report", "json=receipt.json"];
    let run = ends(sample.greenlight(&args).env("GITHUB_STEP_SUMMARY", path));
    assert!(run.code == 2 && run.err.contains(says), "{}", run.all());
    assert_eq!(all(&sample), before);
}

#[rstest]
#[case::config(".git/config")]
#[case::a_hook(".git/hooks/pre-commit")]
#[case::by_a_detour("folder/../.GIT/config")]
fn nothing_is_written_into_gits_own_folder(#[case] path: &str) {
    let sample = checkout("wrapper");
    for args in [["--report", &format!("json={path}")], ["--record", path]] {
        let run = check(&sample, &args);
        assert!(run.code == 2 && run.err.contains("it is inside `.git`"), "{}", run.all());
    }
    assert!(!sample.path().join(path).exists());
    for args in [["init", path, "--force"], ["schema", "--all", path], ["man", "--dir", path]] {
        let run = ends(&mut sample.greenlight(&args));
        assert!(run.code == 2 && run.err.contains("it is inside `.git`"), "{args:?}: {}", run.all());
    }
    assert_eq!(fs_err::read_dir(sample.path().join(".git")).unwrap().count(), 0, "something was made there");
}

#[rstest]
#[case::same("a.json", "a.json")]
#[case::dotted("a.json", "./a.json")]
#[case::by_a_folder("a.json", "folder/../a.json")]
#[case::soft("a.json", "soft.json")]
#[case::hard("a.json", "hard.json")]
fn two_outputs_for_one_file_are_refused(#[case] one: &str, #[case] other: &str) {
    let sample = checkout("wrapper");
    sample.write("a.json", "mine");
    fs_err::create_dir(sample.path().join("folder")).unwrap();
    link("a.json", &sample.path().join("soft.json"));
    fs_err::hard_link(sample.path().join("a.json"), sample.path().join("hard.json")).unwrap();
    let (json, tap) = (format!("json={one}"), format!("tap={other}"));
    for args in [["--report", &json, "--report", &tap], ["--report", &tap, "--record", one]] {
        let run = check(&sample, &args);
        assert!(run.code == 2 && run.err.contains("another output goes to the same file"), "{}", run.all());
        assert_eq!(fs_err::read_to_string(sample.path().join("a.json")).unwrap(), "mine");
    }
}

/// As root, a device would silently be replaced by a file. This one is in the test's own folder.
#[test]
fn a_device_and_a_pipe_are_written_to_and_not_replaced() {
    use std::os::unix::fs::FileTypeExt as _;
    let sample = checkout("wrapper");
    let null = sample.path().join("null");
    link("/dev/null", &null);
    for output in ["/dev/null", "null"] {
        let run = check(&sample, &["--report", &format!("json={output}")]);
        assert!(run.told().is_empty(), "{}", run.all());
        let run = check(&sample, &["--rehearse", "--record", output]);
        assert!(run.told().is_empty(), "{}", run.all());
    }
    assert!(fs_err::metadata("/dev/null").unwrap().file_type().is_char_device());
    assert!(null.is_symlink());
    let path = sample.path().join("pipe");
    pipe(&path);
    let at = path.clone();
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        fs_err::File::open(at).unwrap().read_to_string(&mut text).unwrap();
        text
    });
    let run = check(&sample, &["--report", "json=pipe", "--format", "json"]);
    assert!(run.told().is_empty(), "{}", run.all());
    assert_eq!(reader.join().unwrap(), run.out);
    assert!(fs_err::symlink_metadata(&path).unwrap().file_type().is_fifo());
}

#[test]
fn a_link_at_the_place_of_a_report_is_replaced_and_what_it_leads_to_is_not() {
    let ((_home, secret), sample) = (super::somebody(), checkout("wrapper"));
    let before = fs_err::read_to_string(&secret).unwrap();
    let at = sample.path().join("receipt.json");
    link(&secret, &at);
    let run = check(&sample, &["--report", "json=receipt.json"]);
    assert!(run.told().is_empty(), "{}", run.all());
    assert_eq!(fs_err::read_to_string(&secret).unwrap(), before);
    assert!(!at.is_symlink());
}

/// `/dev/stdout` is a link; if standard output is a file, the link would be replaced for the whole machine.
#[cfg(target_os = "linux")]
#[test]
fn a_link_of_the_systems_is_not_replaced() {
    let sample = checkout("wrapper");
    let out = fs_err::File::create(sample.path().join("out")).unwrap();
    let mut command = sample.greenlight(&["check", "--report", "json=/dev/stdout"]);
    let child = command.stdout(out.into_parts().0).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let done = child.wait_with_output().unwrap();
    let err = String::from_utf8(done.stderr).unwrap();
    assert!(done.status.code() == Some(2) && err.contains("for standard output, use `--format`"), "{err}");
    assert!(camino::Utf8Path::new("/dev/stdout").is_symlink());
    // If it is a pipe, it is written to.
    let run = check(&sample, &["--report", "json=/dev/stdout", "--format", "json"]);
    assert!(run.told().is_empty(), "{}", run.all());
    assert_eq!(run.out.matches("\"schema-version\"").count(), 2, "{}", run.out);
}

#[test]
fn a_folder_and_a_socket_are_told() {
    let sample = checkout("wrapper");
    fs_err::create_dir(sample.path().join("folder")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(sample.path().join("s")).unwrap();
    for (path, says) in [("folder", "it is a folder, not a file"), ("s", "it is a socket")] {
        let run = check(&sample, &["--report", &format!("json={path}")]);
        assert_eq!(run.code, 2, "{}", run.all());
        assert!(run.err.contains(says), "{}", run.err);
    }
}

/// Money is forgotten with the ledger, and answers with the file they are in, if an output replaces it.
#[rstest]
#[case::check(&["check", "--offline", "--report", "json=FILE"])]
#[case::record(&["check", "--rehearse", "--record", "FILE"])]
#[case::dossier(&["report", "--output", "FILE"])]
#[case::journal(&["standin", "--journal", "FILE"])]
#[case::archive(&["standin", "--har", "FILE"])]
#[case::clients(&["standin", "--report", "FILE"])]
#[case::conformance(&["conform", "--output", "FILE", "--", "true"])]
#[case::init(&["init", "FILE", "--force", "--route", "api", "--material", "idea"])]
fn nothing_is_written_over_the_ledger_or_another_project(#[case] args: &[&str]) {
    let sample = full();
    for folder in [".greenlight", "other"] {
        fs_err::create_dir_all(sample.path().join(folder)).unwrap();
    }
    sample.write(".greenlight/ledger.db", "money").write("other/answers.toml", "# mine\n");
    let places = [
        (".greenlight/ledger.db", "`.greenlight`"),
        ("other/../.greenlight/ledger.db", "`.greenlight`"),
        ("other/answers.toml", ""),
    ];
    for (place, says) in places {
        let args: Vec<_> = args.iter().map(|arg| arg.replace("FILE", place)).collect();
        let run = ends(sample.greenlight(&[]).args(&args));
        assert!(run.code == 2 && run.err.contains(says), "{args:?}: {}", run.all());
    }
    let read = |path: &str| fs_err::read_to_string(sample.path().join(path)).unwrap();
    assert_eq!(
        (read(".greenlight/ledger.db"), read("other/answers.toml")),
        ("money".into(), "# mine\n".into())
    );
}

/// The same code writes new projects and manual pages.
#[test]
fn init_replaces_no_device_either() {
    let sample = Sample::empty();
    link("/dev/null", &sample.path().join("null"));
    let base = ["init", "null", "--route", "api", "--material", "idea", "--name", "x", "--budget", "1 USD"];
    let run = ends(sample.greenlight(&base).arg("--force"));
    assert_eq!(run.code, 0, "{}", run.all());
    assert!(sample.path().join("null").is_symlink());
}
