//! Real files and real requests of a project, through the whole preflight.

use rstest::rstest;

use crate::support::{NOW, Sample, findings, ran};

fn fixture(name: &str) -> Vec<u8> {
    fs_err::read(format!("{}/tests/fixtures/media/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// A project with one shot, in its own folder.
fn project(shot: &str) -> Sample {
    let sample = Sample::empty();
    let head = "[project]\nname = \"One\"\nroute = \"api\"\nbudget = \"5.00 USD\"\noutput = \"clips/\"\n\
                [failure]\nretries = 1\ntimeout = \"10m\"\n[[shot]]\nid = \"one\"\nprompt = \"It turns.\"\n";
    let model = if shot.contains("model") { "" } else { "model = \"grok-imagine-video\"\n" };
    sample.write("greenlight.toml", &format!("{head}{model}{shot}\n"));
    sample
}

/// The result of one check, one line each: verdict, what was seen, what to do.
fn told(sample: &Sample, check: &str) -> String {
    told_at(sample, NOW, check)
}

fn told_at(sample: &Sample, day: &str, check: &str) -> String {
    let run = ran(&mut sample.greenlight(&["check", "--rehearse", "--format", "json", "--at", day]));
    let report = run.json();
    let line = |found: &serde_json::Value| {
        let word = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
        format!("{}: {} | {}\n", word("verdict"), word("seen"), word("fix"))
    };
    let lines: String = findings(&report, check).into_iter().map(line).collect();
    assert!(!lines.is_empty(), "no {check} in {}", run.all());
    lines
}

fn image(bytes: &[u8], name: &str) -> Sample {
    let sample = project(&format!("mode = \"image-to-video\"\nimage = \"{name}\"\nduration = 5"));
    sample.write_bytes(name, bytes);
    sample
}

#[rstest]
#[case("still.jpg")]
#[case("still.png")]
#[case("still.webp")]
fn an_image_that_is_cut_short_is_noticed(#[case] name: &str) {
    let whole = fixture(name);
    assert!(told(&image(&whole, name), "api.media-complete").starts_with("pass"));
    for part in [whole.len() - 1, whole.len() / 2] {
        let said = told(&image(&whole[..part], name), "api.media-complete");
        assert!(said.starts_with("fail"), "{part} of {} bytes: {said}", whole.len());
    }
}

#[test]
fn an_empty_file_is_no_image() {
    let sample = image(b"", "still.png");
    let all = ["api.media-present", "api.media-type", "api.media-complete"].map(|check| told(&sample, check));
    assert!(all.iter().any(|said| said.starts_with("fail")), "{all:?}");
    assert!(!all.concat().contains("pass: image/png"), "{all:?}");
}

#[rstest]
#[case::png_named_jpg("still.png", "still.jpg", "pass: image/png")]
#[case::jpg_named_png("still.jpg", "still.png", "pass: image/jpeg")]
#[case::clip_named_png("clip.mp4", "clip.png", "fail")]
fn a_type_is_what_the_content_says(#[case] from: &str, #[case] name: &str, #[case] says: &str) {
    let said = told(&image(&fixture(from), name), "api.media-type");
    assert!(said.starts_with(says), "{said}");
}

#[test]
fn words_are_no_image() {
    let said = told(&image(b"This is not a picture.\n", "words.png"), "api.media-type");
    assert!(said.starts_with("unknown: its type is not known"), "{said}");
}

/// The fixture clip, slowed down or sped up so that its pictures last this long in all.
fn clip(seconds: u32) -> Vec<u8> {
    let mut bytes = fixture("clip.mp4");
    let mut put = |name: &[u8], behind: usize, before: u32, now: u32| {
        let at = bytes.windows(4).position(|part| part == name).unwrap() + behind;
        assert_eq!(bytes[at..at + 4], before.to_be_bytes());
        bytes[at..at + 4].copy_from_slice(&now.to_be_bytes());
    };
    // In milliseconds for the whole, the track and its edit; in 10,240ths of a second for the 20 pictures.
    put(b"mvhd", 20, 2000, seconds * 1000);
    put(b"tkhd", 24, 2000, seconds * 1000);
    put(b"elst", 12, 2000, seconds * 1000);
    put(b"mdhd", 20, 20_480, seconds * 10_240);
    put(b"stts", 16, 1024, seconds * 512);
    bytes
}

fn moving(mode: &str, bytes: &[u8]) -> Sample {
    let duration = if mode == "extend" { "duration = 4" } else { "" };
    let sample = project(&format!("mode = \"{mode}\"\nvideo = \"clip.mp4\"\n{duration}"));
    sample.write_bytes("clip.mp4", bytes);
    sample
}

#[rstest]
#[case("edit", 1, "pass")]
#[case("edit", 3, "pass")]
#[case("edit", 9, "fail")]
#[case("edit", 20, "fail")]
#[case("extend", 1, "fail")]
#[case("extend", 3, "pass")]
#[case("extend", 15, "pass")]
#[case("extend", 20, "fail")]
fn a_clip_must_have_a_length_that_is_taken(#[case] mode: &str, #[case] seconds: u32, #[case] verdict: &str) {
    let said = told(&moving(mode, &clip(seconds)), "api.media-duration");
    assert!(said.starts_with(verdict) && said.contains(&format!("{seconds} s")), "{said}");
}

#[test]
fn a_clip_that_is_cut_short_is_noticed() {
    let whole = fixture("clip.mp4");
    for part in [whole.len() - 1, whole.len() / 2] {
        let said = told(&moving("edit", &whole[..part]), "api.media-complete");
        assert!(said.starts_with("fail"), "{part}: {said}");
    }
}

/// From outside they are pictures and clips; a provider only notices after the price was agreed on.
#[rstest]
#[case::jpeg_cut_and_ended("still.jpg", |b: &mut Vec<u8>| { b.truncate(1100); b.extend(b"\xff\xd9") }, "fail: the file is cut short")]
#[case::png_of_nothing("still.png", |b: &mut Vec<u8>| b[16..24].fill(0), "fail: 0×0 pixels is not a valid size")]
#[case::png_of_everything("still.png", |b: &mut Vec<u8>| b[16..24].fill(0xff), "fail: the file is too small for 4294967295×4294967295 pixels")]
#[case::webp_with_holes("still.webp", |b: &mut Vec<u8>| b.drain(300..500).for_each(drop), "fail: the file is cut short")]
#[case::gif("still.png", |b: &mut Vec<u8>| *b = b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), "unknown: not checked to its end: image/gif is not supported | Export it as JPEG")]
fn an_image_without_its_pixels_is_noticed(
    #[case] name: &str,
    #[case] spoil: fn(&mut Vec<u8>),
    #[case] says: &str,
) {
    let mut bytes = fixture(name);
    spoil(&mut bytes);
    let said = told(&image(&bytes, name), "api.media-complete");
    assert!(said.starts_with(says), "{said}");
}

#[test]
fn a_clip_that_only_says_that_it_is_longer_is_noticed() {
    let mut bytes = fixture("clip.mp4");
    let at = bytes.windows(4).position(|name| name == b"mvhd").unwrap();
    bytes[at + 20..at + 24].copy_from_slice(&8000_u32.to_be_bytes());
    let said = told(&moving("edit", &bytes), "api.media-complete");
    assert!(said.starts_with("fail: it declares 8000 ms but holds 2000 ms"), "{said}");
}

#[test]
fn a_start_image_of_another_ratio_is_pointed_out() {
    let shot = |ratio| format!("mode = \"image-to-video\"\nimage = \"a.png\"\naspect-ratio = \"{ratio}\"");
    let mut said = String::new();
    for ratio in ["4:3", "16:9"] {
        let sample = project(&shot(ratio));
        sample.write_bytes("a.png", &fixture("still.png"));
        said.extend([format!("{ratio} {}", told(&sample, "api.start-frame-fit"))]);
    }
    insta::assert_snapshot!(said);
}

#[rstest]
#[case(NOW, 7, "pass")]
#[case(NOW, 8, "warn")]
#[case(NOW, 14, "warn")]
#[case(NOW, 15, "fail")]
#[case::the_server_alone_had_said_more("2026-09-08", 8, "warn")]
#[case::before_it_did("2026-09-07", 8, "fail")]
fn references_are_counted(#[case] day: &str, #[case] count: usize, #[case] verdict: &str) {
    let names: Vec<_> = (0..count).map(|number| format!("\"{number}.png\"")).collect();
    let sample = project(&format!("mode = \"reference-to-video\"\nreferences = [{}]", names.join(", ")));
    for number in 0..count {
        sample.write_bytes(&format!("{number}.png"), &fixture("still.png"));
    }
    let said = told_at(&sample, day, "api.reference-count");
    assert!(said.starts_with(verdict), "{said}");
}

/// A shot with keyframes at these times, each with its own picture.
fn pinned(model: &str, times: &[&str]) -> Sample {
    let keyframes: Vec<_> = times.iter().map(|at| format!("{{ image = \"{at}.png\", at = {at} }}")).collect();
    let sample = project(&format!(
        "model = \"{model}\"\nmode = \"reference-to-video\"\nduration = 6\nresolution = \"480p\"\n\
         keyframes = [{}]\nvoices = [\"ara\"]",
        keyframes.join(", ")
    ));
    for at in times {
        sample.write_bytes(&format!("{at}.png"), &fixture("still.png"));
    }
    sample
}

#[rstest]
#[case("grok-imagine-video-1.5", &["2.0"], "pass: 1 of at most 4, 2026-10-01 (docs.x.ai) | ")]
#[case("grok-imagine-video-1.5", &["2", "2.333"], "pass: 2 of at most 4, 2026-10-01 (docs.x.ai) | ")]
#[case("grok-imagine-video-1.5", &["2.1"], "warn: 1 of at most 4, 2026-10-01 (docs.x.ai); 2.1 s is moved to 2 s | ")]
#[case("grok-imagine-video-1.5", &["2.0", "2.1"], "fail: 2 s and 2.1 s fall into one slot | ")]
#[case("grok-imagine-video-1.5", &["6.0"], "fail: 6 s is not within the clip of 6 s | ")]
#[case("grok-imagine-video-1.5", &["1", "2", "3", "4", "5"], "fail: 5 of at most 4, 2026-10-01 (docs.x.ai) | ")]
#[case("grok-imagine-video", &["2.0"], "fail: grok-imagine-video takes no keyframes, 2026-09-24 (github.com) | ")]
#[case("grok-imagine-video-1.5-lite", &["2.0"], "fail: grok-imagine-video-1.5-lite takes no keyframes, 2026-10-04 (docs.x.ai) | ")]
#[case("somebody-elses", &["2.0"], "unknown: no claim about keyframes of `somebody-elses` in reference-to-video by ")]
fn keyframes_are_judged_by_dated_claims(#[case] model: &str, #[case] times: &[&str], #[case] says: &str) {
    let said = told(&pinned(model, times), "api.keyframes-fit");
    assert!(said.starts_with(says), "{said}");
}

#[rstest]
#[case("keyframes", "{ image = \"a.png\", at = 1 }")]
#[case("voices", "\"VOICE\"")]
fn a_list_that_no_shot_can_mean_is_refused_where_it_is_written(#[case] key: &str, #[case] one: &str) {
    let all: Vec<_> = (0..101).map(|number| one.replace("VOICE", &format!("voice-{number}"))).collect();
    let sample = project(&format!("mode = \"reference-to-video\"\n{key} = [\n{}\n]", all.join(",\n")));
    let ran = ran(&mut sample.greenlight(&["check", "--offline"]));
    let wanted = format!("shot `one` has more than 100 {key}");
    // The key is in line 14, and its first item in the next line.
    assert!(
        ran.code == 2 && ran.err.contains(&wanted) && ran.err.contains("greenlight.toml:115:"),
        "{}",
        ran.all()
    );
}

#[test]
fn what_is_pinned_goes_through_every_check_of_inputs() {
    let sample = pinned("grok-imagine-video-1.5", &["2.0", "4.0"]);
    let passes = ["one-job-per-shot", "mode-supported", "media-present", "media-type", "voice-count"];
    for check in passes {
        let said = told(&sample, &format!("api.{check}"));
        assert!(said.lines().all(|line| line.starts_with("pass")), "{check}: {said}");
    }
    // 6 s at 0.08 USD, two pictures at 0.01 USD, and a voice that costs nothing; made twice at most.
    let said = told(&sample, "api.estimate-within-budget");
    assert!(said.starts_with("pass") && said.contains("1.00"), "{said}");
    fs_err::remove_file(sample.path().join("4.0.png")).unwrap();
    let said = told(&sample, "api.media-present");
    assert!(said.contains("fail"), "{said}");
}

#[rstest]
#[case::before_any_claim("2026-09-23", "unknown")]
#[case::from_that_day_on("2026-09-24", "pass")]
fn the_day_of_the_claim_decides_about_keyframes(#[case] day: &str, #[case] verdict: &str) {
    let sample = pinned("grok-imagine-video-1.5", &["2.0"]);
    let run = ran(&mut sample.greenlight(&["check", "--rehearse", "--format", "json", "--at", day]));
    let report = run.json();
    let found = findings(&report, "api.keyframes-fit");
    assert_eq!(found[0]["verdict"], verdict, "{}", found[0]);
}

/// The claims of that day decide, and a pinned frame turns the request into another job, with the limits of that job.
#[rstest]
#[case::a_prompt_alone("grok-imagine-video-1.5", "text-to-video", "720p", "pass", "pass")]
#[case::and_in_1080p("grok-imagine-video-1.5", "text-to-video", "1080p", "pass", "fail")]
#[case::a_start_image("grok-imagine-video-1.5", "image-to-video\"\nimage = \"a.png", "720p", "pass", "pass")]
#[case::another_model("grok-imagine-video", "text-to-video", "720p", "fail", "pass")]
#[case::the_lite_one("grok-imagine-video-1.5-lite", "text-to-video", "720p", "fail", "pass")]
fn a_last_frame_may_be_pinned_where_a_claim_says_so(
    #[case] model: &str,
    #[case] mode: &str,
    #[case] resolution: &str,
    #[case] one_job: &str,
    #[case] limits: &str,
) {
    let sample = project(&format!(
        "model = \"{model}\"\nmode = \"{mode}\"\nlast-frame = \"a.png\"\nduration = 5\nresolution = \"{resolution}\""
    ));
    sample.write_bytes("a.png", &fixture("still.png"));
    for (check, verdict) in [("api.one-job-per-shot", one_job), ("api.limits", limits)] {
        let said = told(&sample, check);
        assert!(said.starts_with(verdict), "{check}: {said}");
    }
    if one_job == "pass" {
        for check in ["api.media-type", "api.media-size", "api.estimate-within-budget"] {
            let said = told(&sample, check);
            assert!(said.starts_with("pass"), "{check}: {said}");
        }
    }
}

#[rstest]
#[case::two("mode = \"image-to-video\"\nimage = \"a.png\"\nvideo = \"clip.mp4\"")]
#[case::three("mode = \"edit\"\nimage = \"a.png\"\nvideo = \"clip.mp4\"\nreferences = [\"b.png\"]")]
#[case::lacking("mode = \"edit\"")]
fn several_jobs_in_one_shot_are_split(#[case] shot: &str) {
    let sample = project(shot);
    for name in ["a.png", "b.png"] {
        sample.write_bytes(name, &fixture("still.png"));
    }
    sample.write_bytes("clip.mp4", &fixture("clip.mp4"));
    let said = told(&sample, "api.one-job-per-shot");
    assert!(said.starts_with("fail"), "{said}");
    let name: String = shot.chars().filter(char::is_ascii_alphabetic).take(60).collect();
    insta::assert_snapshot!(name, said);
}

#[rstest]
#[case::missing("nowhere/a.png")]
#[case::folder("clips")]
#[case::above("../../../../../../../../../../nowhere.png")]
fn an_input_must_be_a_file(#[case] path: &str) {
    let sample = project(&format!("mode = \"image-to-video\"\nimage = \"{path}\""));
    fs_err::create_dir(sample.path().join("clips")).unwrap();
    let said = told(&sample, "api.media-present");
    assert!(said.starts_with("fail"), "{said}");
}

#[rstest]
#[case::kept("clips/", "pass: ")]
#[case::temporary("/tmp/clips", "fail: `/tmp/clips` lies in a temporary folder")]
#[case::dotted("/tmp/../tmp/clips", "fail: ")]
#[case::in_memory("/dev/shm/clips", "fail: ")]
#[case::below_a_file("greenlight.toml/clips", "fail: ")]
#[case::not_writable("/proc/clips", "fail: ")]
fn clips_need_a_place_to_stay(#[case] output: &str, #[case] says: &str) {
    let sample = project("mode = \"text-to-video\"");
    sample.edit("output = \"clips/\"", &format!("output = \"{output}\""));
    let said = told(&sample, "api.output-stored");
    assert!(said.starts_with(says), "{said}");
}

#[rstest]
#[case("grok-imagine-video", 5, "16:9", "480p", "pass")]
#[case("grok-imagine-video", 5, "16:9", "999p", "fail")]
#[case("grok-imagine-video", 5, "16:9", "1080p", "fail")]
#[case("grok-imagine-video-1.5", 5, "16:9", "1080p", "pass")]
#[case("grok-imagine-video", 0, "16:9", "480p", "fail")]
#[case("grok-imagine-video", 15, "16:9", "480p", "pass")]
#[case("grok-imagine-video", 16, "16:9", "480p", "fail")]
#[case("grok-imagine-video", 5, "7:5", "480p", "fail")]
fn a_model_has_limits(
    #[case] model: &str,
    #[case] duration: u32,
    #[case] ratio: &str,
    #[case] resolution: &str,
    #[case] verdict: &str,
) {
    let said = told(
        &project(&format!(
            "mode = \"text-to-video\"\nmodel = \"{model}\"\nduration = {duration}\n\
             aspect-ratio = \"{ratio}\"\nresolution = \"{resolution}\""
        )),
        "api.limits",
    );
    assert!(said.starts_with(verdict), "{said}");
}

#[test]
fn what_an_edit_ignores_is_pointed_out() {
    let sample = project("mode = \"edit\"\nvideo = \"clip.mp4\"\nduration = 4\nresolution = \"720p\"");
    sample.write_bytes("clip.mp4", &fixture("clip.mp4"));
    let said = told(&sample, "api.limits");
    assert!(said.starts_with("warn") && said.contains("duration") && said.contains("resolution"), "{said}");
}
