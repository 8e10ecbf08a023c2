//! What can be seen on this machine is checked on every route.

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

/// A value that isn't a folder is refused when it is read, and never changed into a folder.
#[rstest]
fn an_output_that_is_not_a_folder_is_refused(
    #[values(
        "https://x.example/",
        "s3://bucket/clips",
        "~/clips",
        "~me/clips",
        "$HOME/clips",
        "clips/${RUN}",
        "/",
        "//",
        "/./",
        "",
        "  "
    )]
    output: &str,
) {
    let sample = Sample::of("wrapper");
    sample.edit("output = \"clips/\"", &format!("output = \"{output}\""));
    let run = ran(&mut sample.greenlight(&["check", "--offline"]));
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{output}: {}", run.all());
    assert!(run.err.contains("`output` is"), "{output}: {}", run.err);
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
