//! What is kept next to a project: no link in a checkout makes greenlight empty or replace another person's file.

use camino::Utf8Path;
use rstest::rstest;

use super::{checkout, ends, link, pipe, somebody};
use crate::{
    answers::REFUNDED,
    support::{Ran, Sample},
};

fn answer(sample: &Sample) -> Ran {
    ends(&mut sample.greenlight(&REFUNDED))
}

fn wrapper() -> Sample {
    let sample = checkout("wrapper");
    let left = sample.path().join("answers.toml");
    if left.exists() {
        fs_err::remove_file(left).unwrap();
    }
    sample
}

#[rstest]
#[case::lock(".greenlight/answers.lock", "`.greenlight/answers.lock` is a link")]
#[case::state(".greenlight", "`.greenlight` is a link")]
#[case::answers("answers.toml", "it lies outside the project")]
fn a_link_in_the_way_is_told_and_nothing_behind_it_is_touched(#[case] name: &str, #[case] says: &str) {
    let ((home, secret), sample) = (somebody(), wrapper());
    let at = sample.path().join(name);
    fs_err::create_dir_all(at.parent().unwrap()).unwrap();
    link(if name == ".greenlight" { home.path() } else { secret.clone() }, &at);
    let before = fs_err::read_to_string(&secret).unwrap();
    let run = answer(&sample);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
    assert!(run.err.contains(says) && run.err.contains("hint: "), "{}", run.err);
    super::silent(&run);
    assert_eq!(fs_err::read_to_string(&secret).unwrap(), before);
    assert_eq!(fs_err::read_dir(home.path()).unwrap().count(), 1, "something was made there");
    assert!(at.is_symlink());
}

/// From then on, git would ignore everything in that folder.
#[test]
fn a_link_to_a_folder_of_the_project_holds_no_state() {
    let sample = wrapper();
    fs_err::create_dir(sample.path().join("src")).unwrap();
    link("src", &sample.path().join(".greenlight"));
    let run = answer(&sample);
    assert!(run.code == 2 && run.err.contains("`.greenlight` is a link"), "{}", run.all());
    assert_eq!(fs_err::read_dir(sample.path().join("src")).unwrap().count(), 0, "something was made there");
}

/// Nothing is created at the end of a dangling link, either.
#[rstest]
#[case(".greenlight/answers.lock")]
#[case(".greenlight/.gitignore")]
#[case(".greenlight")]
#[case("answers.toml")]
fn a_dangling_link_creates_nothing(#[case] name: &str) {
    let ((home, _), sample) = (somebody(), wrapper());
    let at = sample.path().join(name);
    fs_err::create_dir_all(at.parent().unwrap()).unwrap();
    link(home.path().join("new"), &at);
    let run = answer(&sample);
    assert_eq!(run.code, if name.ends_with(".gitignore") { 0 } else { 2 }, "{}", run.all());
    assert!(!home.path().join("new").exists());
}

#[test]
fn a_hard_link_to_somebodys_file_is_not_emptied() {
    let ((_home, secret), sample) = (somebody(), wrapper());
    fs_err::create_dir(sample.path().join(".greenlight")).unwrap();
    fs_err::hard_link(&secret, sample.path().join(".greenlight/answers.lock")).unwrap();
    let before = fs_err::read_to_string(&secret).unwrap();
    answer(&sample);
    assert_eq!(fs_err::read_to_string(&secret).unwrap(), before);
}

#[test]
fn a_lock_that_is_a_pipe_is_not_waited_for() {
    let sample = wrapper();
    fs_err::create_dir(sample.path().join(".greenlight")).unwrap();
    pipe(&sample.path().join(".greenlight/answers.lock"));
    let run = answer(&sample);
    assert!(run.code == 2 && run.err.contains("it is a pipe"), "{}", run.all());
}

#[test]
fn answers_behind_a_link_within_the_project_are_written_there() {
    let sample = wrapper();
    fs_err::create_dir(sample.path().join("kept")).unwrap();
    sample.write("kept/answers.toml", "# ours\n");
    let at = sample.path().join("answers.toml");
    link("kept/answers.toml", &at);
    for _ in 0..2 {
        let run = answer(&sample);
        assert_eq!(run.code, 0, "{}", run.all());
    }
    assert!(at.is_symlink());
    let kept = fs_err::read_to_string(sample.path().join("kept/answers.toml")).unwrap();
    assert!(kept.starts_with("# ours\n") && kept.matches("[[answer]]").count() == 2, "{kept}");
    assert!(!sample.path().join("kept/.greenlight").exists());
    assert_eq!(fs_err::read_to_string(sample.path().join(".greenlight/.gitignore")).unwrap(), "*\n");
    let lock = sample.path().join(".greenlight/answers.lock");
    assert!(Utf8Path::new(&lock).is_file());
}
