//! Every place where a file is read, with something that isn't a regular file, never ends, or is too large.

use camino::Utf8Path;
use rstest::rstest;

use super::{checkout, ends, link, pipe};
use crate::support::{Ran, Sample};

/// Where a file is read, and how it is named there.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Project,
    Found,
    Checklist,
    Catalogue,
    Answers,
    Lint,
    Certificates,
    Replay,
    Receipt,
    Old,
    New,
}

const PLACES: [Place; 11] = [
    Place::Project,
    Place::Found,
    Place::Checklist,
    Place::Catalogue,
    Place::Answers,
    Place::Lint,
    Place::Certificates,
    Place::Replay,
    Place::Receipt,
    Place::Old,
    Place::New,
];

/// Puts something at this place, and makes a run read it.
fn read(place: Place, put: &dyn Fn(&Utf8Path)) -> Ran {
    let sample = checkout("wrapper");
    let at = |name: &str| put(&sample.path().join(name));
    sample.write("whole.json", "{}");
    let args: &[&str] = match place {
        Place::Project => {
            at("x");
            &["check", "--project", "x"]
        }
        Place::Found => {
            fs_err::remove_file(sample.path().join("greenlight.toml")).unwrap();
            at("greenlight.toml");
            &["check"]
        }
        Place::Checklist => {
            sample.edit("[project]", "[project]\nchecklists = [\"x\"]");
            at("x");
            &["check"]
        }
        Place::Catalogue => {
            sample.edit("[project]", "[project]\ncatalogues = [\"x\"]");
            at("x");
            &["check"]
        }
        Place::Answers => {
            at("answers.toml");
            &["check"]
        }
        Place::Lint => {
            at("x");
            &["lint", "x"]
        }
        Place::Certificates => {
            at("x");
            &["check", "--ca-cert", "x"]
        }
        Place::Replay => {
            at("x");
            &["check", "--replay", "x"]
        }
        Place::Receipt => {
            at("x");
            &["verify", "x"]
        }
        Place::Old | Place::New => {
            at("x");
            if place == Place::Old { &["diff", "x", "whole.json"] } else { &["diff", "x", "x"] }
        }
    };
    ends(&mut sample.greenlight(args))
}

fn refused(place: Place, put: &dyn Fn(&Utf8Path), says: &str) {
    let run = read(place, put);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{place:?}: {}", run.all());
    // No project is found where no file has that name.
    assert!(run.err.contains(says) || place == Place::Found, "{place:?}: {}", run.err);
}

#[test]
fn reading_a_pipe_does_not_block() {
    for place in PLACES {
        refused(place, &|at| pipe(at), "it is a pipe, not a regular file");
        refused(place, &|at| pipe(at), "hint: save its content to a regular file");
    }
}

#[test]
fn a_device_has_no_end_and_is_not_read() {
    let may_lead_out = [Place::Certificates, Place::Replay, Place::Receipt, Place::Old, Place::New];
    for place in PLACES {
        let says =
            if may_lead_out.contains(&place) { "it is a device" } else { "it lies outside the project" };
        for device in ["/dev/zero", "/dev/null"] {
            refused(place, &|at| link(device, at), says);
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_generated_by_the_system_is_not_read() {
    for place in [Place::Certificates, Place::Replay, Place::Receipt, Place::Old] {
        refused(place, &|at| link("/proc/self/environ", at), "it is a kernel file");
    }
    let sample = checkout("wrapper");
    for args in [["lint", "/proc/self/environ"], ["check", "/proc/self/environ"]] {
        let run = ends(sample.greenlight(&args).env("TOKEN", "CANARY"));
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
        assert!(run.err.contains("it is a kernel file"), "{}", run.err);
        super::silent(&run);
    }
}

#[test]
fn a_folder_a_socket_and_nothing_at_all_are_told() {
    for place in PLACES {
        if place != Place::Project && place != Place::Lint {
            refused(place, &|at| fs_err::create_dir(at).unwrap(), "it is a folder, not a file");
        }
        if place != Place::Answers {
            refused(place, &|_| {}, "file not found");
        }
    }
    let socket = |at: &Utf8Path| drop(std::os::unix::net::UnixListener::bind(at).unwrap());
    refused(Place::Replay, &socket, "it is a socket");
}

#[test]
fn what_is_too_large_is_told_and_not_read_whole() {
    let large = |at: &Utf8Path| fs_err::File::create(at).unwrap().set_len((64 << 20) + 1).unwrap();
    for place in PLACES {
        let most = match place {
            Place::Certificates => "it is larger than 1 MiB",
            Place::Replay | Place::Receipt | Place::Old | Place::New => "it is larger than 32 MiB",
            Place::Answers => "it is larger than 8 MiB",
            _ => "it is larger than 4 MiB",
        };
        refused(place, &large, most);
    }
}

/// A key file is read before any verb starts.
#[rstest]
#[case::pipe("pipe", "it is a pipe, not a regular file")]
#[case::device("/dev/zero", "it is a device, not a regular file")]
#[case::folder(".", "it is a folder, not a file")]
#[case::link_to_a_pipe("link", "it is a pipe, not a regular file")]
fn a_key_file_that_never_ends_holds_nothing_up(#[case] path: &str, #[case] says: &str) {
    let sample = Sample::of("api");
    pipe(&sample.path().join("pipe"));
    link("pipe", &sample.path().join("link"));
    let mut command = sample.greenlight(&["check", "--offline", "--format", "json"]);
    let run = ends(command.env("XAI_API_KEY_FILE", path));
    let seen = crate::support::finding(&run.json(), "api.key-present", None)["seen"].to_string();
    assert!(seen.contains(says) && seen.contains("XAI_API_KEY_FILE"), "{seen}");
    assert_eq!(ends(sample.greenlight(&["list"]).env("XAI_API_KEY_FILE", path)).code, 0);
}

#[rstest]
#[case::pipe("pipe", "a pipe, not a regular file")]
#[case::device("/dev/zero", "a device, not a regular file")]
#[case::link_to_a_device("zero", "a device, not a regular file")]
#[case::folder("folder", "a folder, not a file")]
#[case::outside("../nowhere.jpg", "file not found")]
fn media_that_are_no_files_are_a_finding(#[case] path: &str, #[case] says: &str) {
    let sample = Sample::of("api");
    pipe(&sample.path().join("pipe"));
    link("/dev/zero", &sample.path().join("zero"));
    fs_err::create_dir(sample.path().join("folder")).unwrap();
    sample.edit("robot.jpg", path);
    let run = ends(&mut sample.greenlight(&["check", "--rehearse", "--format", "json"]));
    let finding = crate::support::finding(&run.json(), "api.media-present", None).to_string();
    assert!(finding.contains("\"fail\"") && finding.contains(says), "{finding}");
}

/// Footage is often on another disk. Only the kind of file is reported, never any of its content.
#[test]
fn media_may_lie_outside_and_nothing_of_them_is_shown() {
    let (home, secret) = super::somebody();
    let sample = checkout("api");
    let still = sample.path().join("robot.jpg");
    fs_err::copy(&still, home.path().join("robot.jpg")).unwrap();
    let check = || ends(&mut sample.greenlight(&["check", "--rehearse", "--format", "json"]));
    sample.edit("robot.jpg", home.path().join("robot.jpg").as_str());
    assert_eq!(crate::support::finding(&check().json(), "api.media-present", None)["verdict"], "pass");
    sample.edit(home.path().join("robot.jpg").as_str(), secret.as_str());
    super::silent(&check());
}

/// The report of a job is printed, and only the summary is lost.
#[test]
fn a_step_summary_that_is_no_file_is_told_and_decides_nothing() {
    let sample = Sample::of("wrapper");
    pipe(&sample.path().join("pipe"));
    sample.write("victim.md", "somebody's");
    link("victim.md", &sample.path().join("link"));
    let check = |summary: &str| {
        ends(sample.greenlight(&["check", "--format", "github"]).env("GITHUB_STEP_SUMMARY", summary))
    };
    let plain = check("summary.md");
    assert!(plain.told().is_empty(), "{}", plain.all());
    for (summary, says) in [
        ("pipe", "it is a pipe"),
        ("/dev/null", "it is a device"),
        (".", "it is a folder"),
        ("link", "it is a link"),
        #[cfg(target_os = "linux")]
        ("/proc/self/oom_score_adj", "it is a kernel file"),
    ] {
        let run = check(summary);
        assert_eq!((run.code, &run.out), (plain.code, &plain.out));
        assert!(
            run.err.contains("the step summary was not written") && run.err.contains(says),
            "{}",
            run.err
        );
    }
    assert_eq!(fs_err::read_to_string(sample.path().join("victim.md")).unwrap(), "somebody's");
}
