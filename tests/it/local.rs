//! What can be seen on this machine is looked at on every route, whoever owns it.

use rstest::rstest;

use crate::support::{Sample, finding, ran};

#[rstest]
#[case::no_image("image-to-video", "", "one-job-per-shot", "fail")]
#[case::more_than_one_job("edit", "image = \"a.png\"\nreferences = [\"b.png\"]", "one-job-per-shot", "fail")]
#[case::no_such_file("image-to-video", "image = \"missing.png\"", "media-present", "fail")]
#[case::half_a_file("image-to-video", "image = \"half.png\"", "media-complete", "fail")]
fn a_project_is_held_against_this_machine(
    #[values("api", "app", "wrapper")] route: &str,
    #[case] mode: &str,
    #[case] input: &str,
    #[case] check: &str,
    #[case] verdict: &str,
) {
    let sample = Sample::of("wrapper");
    if route != "wrapper" {
        sample.edit("provider = \"acme\"", "provider = \"xai\"");
    }
    sample.edit("route = \"wrapper\"", &format!("route = \"{route}\""));
    sample.edit("mode = \"text-to-video\"", &format!("mode = \"{mode}\"\n{input}"));
    sample.write_bytes("half.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x02");
    let report = ran(&mut sample.greenlight(&["check", "--offline", "--format", "json"])).json();
    let found = finding(&report, &format!("{route}.{check}"), None);
    assert_eq!(found["verdict"], verdict, "{found}");
}

#[rstest]
#[case::preview(
    "model = \"xai/grok-imagine-video/text-to-video\"",
    "model = \"xai/grok-imagine-video-2-preview/text-to-video\"",
    "preview-not-default",
    "fail"
)]
#[case::no_output("output = \"clips/\"", "", "output-stored", "fail")]
#[case::no_timeout("timeout = \"10m\"", "", "timeout-and-retries", "fail")]
fn a_wrapper_is_no_way_round_what_the_project_must_say(
    #[case] from: &str,
    #[case] to: &str,
    #[case] check: &str,
    #[case] verdict: &str,
) {
    let sample = Sample::of("wrapper");
    sample.edit(from, to);
    let report = ran(&mut sample.greenlight(&["check", "--offline", "--format", "json"])).json();
    let found = finding(&report, &format!("wrapper.{check}"), None);
    assert_eq!(found["verdict"], verdict, "{found}");
}

#[rstest]
#[case::address("https://clips.example/", "is a folder of this machine, not an address")]
#[case::file_address("file:///clips", "is a folder of this machine, not an address")]
#[case::bucket("s3://clips", "is a folder of this machine, not an address")]
#[case::home("~/clips", "is written out: `~` and variables stand for nothing here")]
#[case::variable("$HOME/clips", "is written out: `~` and variables stand for nothing here")]
#[case::root("/", "is a folder of its own, not the root of this machine")]
fn what_is_no_folder_keeps_no_clip(#[case] output: &str, #[case] why: &str) {
    let sample = Sample::of("api");
    sample.edit("output = \"clips/\"", &format!("output = \"{output}\""));
    let run = ran(&mut sample.greenlight(&["check", "--offline"]));
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
    assert!(run.err.contains(&format!("error[bad-value]: `output` {why}")), "{}", run.err);
}

/// Nobody means the project above, when there is one here that cannot be used.
#[cfg(unix)]
#[rstest]
#[case::a_link_to_nothing(|at: &camino::Utf8Path| std::os::unix::fs::symlink("nowhere", at).unwrap())]
#[case::a_folder(|at: &camino::Utf8Path| fs_err::create_dir(at).unwrap())]
fn a_project_that_cannot_be_used_ends_the_search(#[case] make: fn(&camino::Utf8Path)) {
    let sample = Sample::of("api");
    let below = sample.path().join("below");
    fs_err::create_dir(&below).unwrap();
    let from_below = || ran(sample.greenlight(&["check", "--rehearse"]).current_dir(&below));
    assert_ne!(from_below().code, 2, "the project above is meant");
    make(&below.join("greenlight.toml"));
    let run = from_below();
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
    assert!(run.err.contains("greenlight.toml"), "{}", run.err);
}
