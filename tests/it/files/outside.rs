//! Files that a project names but that don't belong to it: refused before a byte of them is read.

use camino::Utf8Path;
use rstest::rstest;

use super::{checkout, ends, link, silent, somebody};
use crate::support::{Ran, Sample};

const OUTSIDE: &str = "it lies outside the project";

fn naming(sample: &Sample, key: &str, path: &str) -> Ran {
    sample.edit("[project]", &format!("[project]\n{key} = [\"{path}\"]"));
    ends(sample.greenlight(&["check"]).env("HOME_TOKEN", super::SECRET))
}

fn refused(run: &Ran, says: &str) {
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
    assert!(run.err.contains(says) && run.err.contains("hint: copy it into the project"), "{}", run.err);
    silent(run);
}

/// `SECRET` stands for another person's file, `HOME` for its folder.
#[rstest]
#[case::named("SECRET", |_: &Utf8Path, _: &Utf8Path| {})]
#[case::linked("x", |dir: &Utf8Path, secret: &Utf8Path| link(secret, &dir.join("x")))]
#[case::linked_by_steps("x", |dir: &Utf8Path, secret: &Utf8Path| {
    link("a/../y", &dir.join("x"));
    fs_err::create_dir(dir.join("a")).unwrap();
    link("z", &dir.join("y"));
    link(secret, &dir.join("z"));
})]
#[case::through_a_linked_folder("home/secret", |dir: &Utf8Path, secret: &Utf8Path| {
    link(secret.parent().unwrap(), &dir.join("home"));
})]
#[case::through_a_folder_and_back("home/../secret", |dir: &Utf8Path, secret: &Utf8Path| {
    let inner = secret.parent().unwrap().join("inner");
    fs_err::create_dir(&inner).unwrap();
    link(&inner, &dir.join("home"));
})]
#[case::climbing_link("x", |dir: &Utf8Path, secret: &Utf8Path| {
    let home = secret.parent().unwrap().file_name().unwrap();
    link(format!("../{home}/secret"), &dir.join("x"));
})]
#[case::environment("/proc/self/environ", |_: &Utf8Path, _: &Utf8Path| {})]
#[case::linked_environment("x", |dir: &Utf8Path, _: &Utf8Path| link("/proc/self/environ", &dir.join("x")))]
#[case::magic_root("x", |dir: &Utf8Path, secret: &Utf8Path| link(format!("/proc/self/root{secret}"), &dir.join("x")))]
#[case::magic_folder("x", |dir: &Utf8Path, _: &Utf8Path| link("/proc/self/cwd/greenlight.toml", &dir.join("x")))]
#[case::device("/dev/zero", |_: &Utf8Path, _: &Utf8Path| {})]
#[case::missing("../nowhere/at/all.toml", |_: &Utf8Path, _: &Utf8Path| {})]
fn a_file_outside_is_refused_unread(#[case] path: &str, #[case] put: fn(&Utf8Path, &Utf8Path)) {
    for key in ["checklists", "catalogues"] {
        let ((_home, secret), sample) = (somebody(), checkout("wrapper"));
        put(&sample.path(), &secret);
        refused(&naming(&sample, key, &path.replace("SECRET", secret.as_str())), OUTSIDE);
    }
}

/// Files that are found or named on the command line must belong to the project as well: they may come from a checkout.
#[test]
fn a_project_file_and_answers_that_lead_out_are_refused() {
    for name in ["greenlight.toml", "answers.toml"] {
        let ((_home, secret), sample) = (somebody(), checkout("wrapper"));
        let at = sample.path().join(name);
        if at.exists() {
            fs_err::remove_file(&at).unwrap();
        }
        link(&secret, &at);
        let verbs: [&[&str]; 5] = [
            &["check"],
            &["check", "."],
            &["lint", name],
            &["answer", "--list"],
            &["check", "--project", "greenlight.toml"],
        ];
        for args in verbs {
            refused(&ends(&mut sample.greenlight(args)), OUTSIDE);
        }
    }
}

/// They contain the passwords of remotes.
#[rstest]
#[case::named(".git/config")]
#[case::in_capitals(".GIT/config")]
#[case::linked("x")]
#[case::through_a_folder("folder/config")]
fn gits_own_files_are_no_files_of_a_project(#[case] path: &str) {
    let sample = checkout("wrapper");
    sample.write(".git/config", &format!("[remote]\nurl = https://{}@host.example\n", super::SECRET));
    link(".git/config", &sample.path().join("x"));
    link(".git", &sample.path().join("folder"));
    refused(&naming(&sample, "checklists", path), "it is inside `.git`");
    let run = ends(&mut sample.greenlight(&["lint", ".git/config"]));
    refused(&run, "it is inside `.git`");
}

/// A checkout may hold several projects that share files; without a checkout, a project is its folder.
#[test]
fn a_project_shares_files_of_its_checkout_and_of_nothing_around_it() {
    let all = Sample::empty();
    let text =
        Sample::of("wrapper").project().replace("[project]", "[project]\nchecklists = [\"../own.toml\"]");
    fs_err::create_dir_all(all.path().join("inner/plan")).unwrap();
    let secret = format!("token {}\n", super::SECRET);
    all.write("inner/plan/greenlight.toml", &text).write("inner/own.toml", &secret);
    let check = |home: &Utf8Path| ends(all.greenlight(&["check", "inner/plan"]).env("HOME", home));
    let elsewhere = Sample::empty();
    // It is read, and its mistakes are shown, because it belongs to the checkout.
    fs_err::create_dir(all.path().join("inner/.git")).unwrap();
    let own = check(&elsewhere.path());
    assert!(own.code == 2 && own.err.contains("toml-syntax"), "{}", own.all());
    // A home folder that is kept in git belongs to the person, not to the project.
    refused(&check(&all.path().join("inner")), OUTSIDE);
    refused(&check(&all.path().join("inner/plan")), OUTSIDE);
}

/// The project's own folder may contain secrets too.
#[test]
fn what_is_not_called_toml_is_not_shown() {
    let sample = checkout("wrapper");
    sample.write(".env", &format!("TOKEN: {}\n", super::SECRET));
    link(".env", &sample.path().join("x.toml"));
    let plain = sample.project();
    for (key, path) in [("checklists", ".env"), ("checklists", "x.toml"), ("catalogues", "./.env")] {
        let run = naming(&sample, key, path);
        assert!(run.code == 2 && run.err.contains("does not end in `.toml`"), "{}", run.all());
        silent(&run);
        sample.write("greenlight.toml", &plain);
    }
    link(".env", &sample.path().join("answers.toml"));
    let answers = ends(&mut sample.greenlight(&["check"]));
    fs_err::remove_file(sample.path().join("greenlight.toml")).unwrap();
    link(".env", &sample.path().join("greenlight.toml"));
    for run in
        [answers, ends(&mut sample.greenlight(&["check"])), ends(&mut sample.greenlight(&["lint", "x.toml"]))]
    {
        assert!(run.code == 2 && run.err.contains("does not end in `.toml`"), "{}", run.all());
        silent(&run);
    }
}

#[test]
fn a_receipt_does_not_choose_which_file_is_shown() {
    let sample = checkout("wrapper");
    sample.write(".env", &format!("TOKEN: {}\n", super::SECRET));
    fs_err::create_dir(sample.path().join("b")).unwrap();
    sample.write("b/greenlight.toml", &sample.project());
    let run = ends(&mut sample.greenlight(&["check", ".", "b", "--report", "json=r.json"]));
    assert!(run.told().is_empty(), "{}", run.all());
    let receipt = fs_err::read_to_string(sample.path().join("r.json")).unwrap();
    for other in [".env", ".git/config", "b/../.env"] {
        sample.write("r.json", &receipt.replace("\"b/greenlight.toml\"", &format!("\"{other}\"")));
        let run = ends(&mut sample.greenlight(&["verify", "r.json"]));
        assert!(run.code == 2 && run.err.contains("does not end in `.toml`"), "{}", run.all());
        silent(&run);
    }
}

#[test]
fn links_within_the_project_are_followed() {
    let sample = checkout("wrapper");
    sample.write("real.toml", "id = \"own\"\nroute = \"wrapper\"\nowner = \"us\"\nreviewed = 2026-11-01\n");
    fs_err::create_dir(sample.path().join("folder")).unwrap();
    link("../real.toml", &sample.path().join("folder/relative.toml"));
    link(sample.path().join("real.toml"), &sample.path().join("absolute.toml"));
    link("folder", &sample.path().join("to-folder"));
    link("circle.toml", &sample.path().join("circle.toml"));
    let plain = sample.project();
    let absolute = sample.path().join("real.toml");
    for path in [
        "real.toml",
        "./folder/../real.toml",
        "folder/relative.toml",
        "to-folder/relative.toml",
        "absolute.toml",
        absolute.as_str(),
    ] {
        let run = naming(&sample, "checklists", path);
        assert!(run.code != 2, "{path}: {}", run.all());
        sample.write("greenlight.toml", &plain);
    }
    let run = naming(&sample, "checklists", "circle.toml");
    assert!(run.code == 2 && run.err.contains("its links form a loop"), "{}", run.all());
}
