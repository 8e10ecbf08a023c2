//! Input that is too large, too deep or too odd to be kept as a file.

use std::time::{Duration, Instant};

use greenlight::{model::text::is_steering, render::Format};

use super::refused;
use crate::support::{Sample, ran};

const CHECK: [&str; 4] = ["check", "--offline", "--project", "greenlight.toml"];

const PROJECT: &str = "[project]\nname = \"Many\"\nroute = \"api\"\n";

/// Far above what any of these runs takes, far below the time to read the whole input.
const SOON: Duration = Duration::from_secs(20);

/// A checklist with one check that has this expectation.
fn expecting(expectation: &str) -> String {
    format!(
        "id = \"own\"\nreviewed = 2026-11-22\n\n[api]\nbase-url = \"https://api.x.ai\"\n\n[[probe]]\nid = \"own-me\"\n\
         get = \"/v1/me\"\n\n[[check]]\nid = \"own.check\"\nrow = \"access\"\ntitle = \"t\"\nseverity = \"warn\"\n\
         why = \"w\"\nfix = \"f\"\nsource = {{ url = \"https://x.ai/\", as-of = 2026-10-01 }}\n\
         probe = \"own-me\"\nexpect = [{expectation}]\n"
    )
}

/// What `lint` says about a checklist with this expectation.
fn lint_expecting(expectation: &str) -> crate::support::Ran {
    let sample = Sample::of("api");
    sample.write("own.toml", &expecting(expectation));
    ran(&mut sample.greenlight(&["lint", "own.toml"]))
}

#[test]
fn an_expectation_that_is_right_is_taken() {
    let ran = lint_expecting("{ path = \"$.user_id\", exists = true }");
    assert_eq!(ran.code, 0, "{}", ran.all());
}

#[test]
fn depth_and_length_are_bounded() {
    let deep = format!("{}{{ status = 200 }}{}", "{ not = ".repeat(20), " }".repeat(20));
    let path = format!("{{ path = \"$[?{}@.a{}]\", exists = true }}", "(".repeat(5000), ")".repeat(5000));
    let short = format!("{{ path = \"$[?{}@.a{}]\", exists = true }}", "(".repeat(100), ")".repeat(100));
    let long = format!("{{ path = \"${}\", exists = true }}", ".a".repeat(200));
    let regex = format!("{{ body = true, matches = '(?:{}){{1000}}' }}", "a|".repeat(30_000));
    let arrays = format!("{{ path = \"$.a\", one-of = {}1{} }}", "[".repeat(200), "]".repeat(200));
    let tables = format!("{}{{ status = 200 }}{}", "{ not = ".repeat(5000), " }".repeat(5000));
    for (expectation, code) in [
        (deep, "too-deep"),
        (path, "bad-path"),
        (short, "bad-path"),
        (long, "bad-path"),
        (regex, "bad-regex"),
        (arrays, "toml-syntax"),
        (tables, "toml-syntax"),
    ] {
        let start = Instant::now();
        let ran = lint_expecting(&expectation);
        refused(&ran, code);
        assert!(ran.err.contains(&format!("error[{code}]")), "{code}: {}", ran.err);
        assert!(ran.err.len() < 5000, "{code} is shown in {} bytes", ran.err.len());
        assert!(start.elapsed() < SOON, "{code} took {:?}", start.elapsed());
    }
}

/// Each shot starts from the one before: following the chain anew from each would take minutes.
#[test]
fn a_project_with_far_too_many_shots_is_refused() {
    let shot = |n: usize| {
        let from = match n.checked_sub(1) {
            Some(before) => format!("mode = \"extend\"\nvideo = {{ shot = \"s{before}\" }}"),
            None => "mode = \"text-to-video\"".to_owned(),
        };
        format!(
            "[[shot]]\nid = \"s{n}\"\nmodel = \"grok-imagine-video\"\n{from}\nduration = 4\nprompt = \"x\"\n"
        )
    };
    let sample = Sample::of("api");
    let header = sample.project().split("[[shot]]").next().unwrap().to_owned();
    sample.write("greenlight.toml", &(header + &(0..12_000).map(shot).collect::<Vec<_>>().concat()));
    let start = Instant::now();
    let ran = ran(&mut sample.greenlight(&CHECK));
    refused(&ran, "shots");
    assert!(ran.err.contains("a project has at most 10000 shots"), "{}", ran.err);
    assert!(start.elapsed() < SOON, "it took {:?}", start.elapsed());
}

#[test]
fn a_file_of_twenty_megabytes_is_not_read() {
    let sample = Sample::of("api");
    sample.write("big.toml", &"# nothing\n".repeat(2 << 20));
    sample.edit("commercial = true", "commercial = true\nchecklists = [\"big.toml\"]");
    for args in [&CHECK[..], &["lint", "big.toml"], &["check", "--offline", "--project", "big.toml"]] {
        let ran = ran(&mut sample.greenlight(args));
        refused(&ran, "20 MB");
        assert!(ran.err.contains("big.toml") && ran.err.contains("larger than 4 MiB"), "{}", ran.err);
    }
}

#[test]
fn a_file_that_never_ends_is_not_read() {
    let sample = Sample::of("api");
    let ran = ran(&mut sample.greenlight(&["check", "--offline", "--project", "/dev/zero"]));
    refused(&ran, "/dev/zero");
}

#[test]
fn a_file_that_cannot_be_read_is_named_with_the_reason() {
    let sample = Sample::of("api");
    fs_err::write(sample.path().join("latin.toml"), b"name = \"caf\xe9\"").unwrap();
    fs_err::create_dir(sample.path().join("folder.toml")).unwrap();
    for (file, reason) in
        [("latin.toml", "not UTF-8"), ("folder.toml", "folder"), ("none.toml", "file not found")]
    {
        let ran = ran(&mut sample.greenlight(&["lint", file]));
        refused(&ran, file);
        assert!(ran.err.contains(file) && ran.err.contains(reason), "{}", ran.err);
    }
}

#[test]
fn five_hundred_shots_make_one_table_that_can_be_read() {
    let sample = Sample::of("api");
    let shot = |at| {
        format!(
            "\n[[shot]]\nid = \"shot-{at}\"\nmode = \"text-to-video\"\nmodel = \"grok-imagine-video\"\n\
             duration = 6\nresolution = \"480p\"\nprompt = \"A robot.\"\n"
        )
    };
    let text: String = (0..500).map(shot).collect();
    sample.write("greenlight.toml", &format!("{PROJECT}{text}"));
    let start = Instant::now();
    let ran = ran(&mut sample.greenlight(&CHECK));
    assert!(start.elapsed() < SOON * 3, "{:?}", start.elapsed());
    assert!([1, 3].contains(&ran.code), "{}", ran.err);
    assert!(ran.out.contains("500 shots") && ran.out.contains("NO-GO"), "{}", ran.out);
    // What is the same for every shot is printed once.
    assert!(ran.out.lines().count() < 200, "{} lines", ran.out.lines().count());
}

#[test]
fn a_huge_image_is_judged_by_its_size_and_not_read() {
    let sample = Sample::of("api");
    let still = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/media/still.png");
    fs_err::copy(still, sample.path().join("huge.png")).unwrap();
    let file = fs_err::OpenOptions::new().write(true).open(sample.path().join("huge.png")).unwrap();
    file.set_len(2 << 30).unwrap();
    sample.edit("\"robot.jpg\"", "\"huge.png\"");
    let start = Instant::now();
    let ran = ran(&mut sample.greenlight(&["check", "--offline", "--format", "json"]));
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    assert_eq!(ran.code, 1, "{}", ran.all());
    let own = findings(&ran.json(), "api.media-size");
    let huge = own.iter().find(|one| one.to_string().contains("huge.png")).unwrap();
    assert_eq!(huge["verdict"], "fail", "{huge}");
    assert!(huge.to_string().contains("2.0 GiB"), "{huge}");
}

/// The findings of one check.
fn findings(report: &serde_json::Value, check: &str) -> Vec<serde_json::Value> {
    let all = report["findings"].as_array().unwrap();
    all.iter().filter(|one| one["check"] == check).cloned().collect()
}

#[test]
fn an_input_that_is_a_folder_or_lies_elsewhere_never_passes() {
    for input in
        [".", "..", "../../../../../../../../etc/hostname", "/dev/zero", "/proc/self/mem", "robot.jpg/x"]
    {
        let sample = Sample::of("api");
        sample.edit("\"robot.jpg\"", &format!("\"{input}\""));
        let start = Instant::now();
        let ran = ran(&mut sample.greenlight(&["check", "--offline", "--format", "json"]));
        assert!(start.elapsed() < SOON, "{input} took {:?}", start.elapsed());
        assert_eq!(ran.code, 1, "{input}: {}", ran.all());
        for check in ["api.media-type", "api.media-complete"] {
            let all = findings(&ran.json(), check);
            let own: Vec<_> =
                all.iter().filter(|one| one.to_string().contains(&format!("\"{input}\""))).collect();
            assert_eq!(own.len(), 1, "{check} of {input}: {all:?}");
            assert_ne!(own[0]["verdict"], "pass", "{check} of {input}");
        }
    }
}

#[test]
fn a_name_that_fills_a_path_cannot_climb_out_of_it() {
    for model in ["..", "../videos", "x/../../videos/generations", "%2e%2e", "..%2fvideos", "a?b=c#d"] {
        let sample = Sample::of("api");
        let text = fs_err::read_to_string(sample.path().join("greenlight.toml")).unwrap();
        sample.write(
            "greenlight.toml",
            &text.replace("model = \"grok-imagine-video\"", &format!("model = '{model}'")),
        );
        let ran = ran(&mut sample.greenlight(&["check", "--rehearse", "--format", "json"]));
        assert_eq!(ran.code, 1, "{model}: {}", ran.all());
        let report = ran.json();
        let urls: Vec<_> =
            report["calls"].as_array().unwrap().iter().map(|call| call["url"].as_str().unwrap()).collect();
        let list = "/v1/video-generation-models";
        assert!(urls.iter().any(|url| url.ends_with(list)), "{urls:?}");
        for url in urls {
            let path = url.splitn(4, '/').nth(3).unwrap();
            let under = format!("/{path}").strip_prefix(&format!("{list}/")).map(str::to_owned);
            let segment =
                under.as_deref().is_some_and(|rest| !rest.contains(['/', '?', '#']) && rest != "..");
            let others = ["v1/api-key", "v1/me", "v1/video-generation-models", "feed.xml"];
            let balance = path.starts_with("v1/billing/teams/") && path.ends_with("/prepaid/balance");
            assert!(segment || balance || others.contains(&path), "{model} led to {url}");
        }
    }
}

#[test]
fn a_project_without_anything_is_told_where_to_begin() {
    for (text, says) in [
        ("", "error[empty-file]: the file is empty"),
        ("# later\n\n", "greenlight init"),
        ("[project]\n", "`[project]` has no `name`"),
        ("[[shot]]\n", "the file has no `[project]`"),
    ] {
        let sample = Sample::of("api");
        sample.write("greenlight.toml", text);
        for args in [&CHECK[..], &["lint"]] {
            let ran = ran(&mut sample.greenlight(args));
            refused(&ran, text);
            assert!(ran.err.contains(says), "{}", ran.err);
        }
    }
}

#[test]
fn names_cannot_steer_the_terminal_in_any_format() {
    let odd = "a\\u001b]0;owned\\u0007\\u001b[2Jb\\u009b1mc\\u202ed\\re";
    let sample = Sample::of("api");
    sample.edit("\"Spring teaser\"", &format!("\"{odd}\""));
    sample.edit("\"clips/\"", &format!("\"{odd}/\""));
    sample.edit("\"robot.jpg\"", &format!("\"{odd}.jpg\""));
    sample.edit("model = \"grok-imagine-video\"", &format!("model = \"{odd}\""));
    let text = fs_err::read_to_string(sample.path().join("greenlight.toml")).unwrap();
    sample.write("greenlight.toml", &text.replace("The robot raises", odd));
    for format in Format::ALL {
        let ran = ran(&mut sample.greenlight(&["check", "--offline", "--format", format.word()]));
        assert!([1, 3].contains(&ran.code), "{}", ran.all());
        let steers = |c: &char| *c != '\n' && is_steering(*c);
        assert_eq!(ran.all().chars().find(steers), None, "{}: {:?}", format.word(), ran.all());
    }
}

#[test]
fn names_on_the_command_line_cannot_steer_the_terminal() {
    let sample = Sample::of("api");
    let odd = "no\u{1b}[2J\u{9b}1m\u{202e}.toml";
    for args in [&["lint", odd][..], &["check", "--offline", "--project", odd], &["explain", odd]] {
        let ran = ran(&mut sample.greenlight(args));
        refused(&ran, "an odd name");
        let steers = |c: &char| *c != '\n' && is_steering(*c);
        assert_eq!(ran.err.chars().find(steers), None, "{args:?}: {:?}", ran.err);
    }
}

#[test]
fn an_own_checklist_cannot_take_the_place_of_a_shipped_one() {
    let sample = Sample::of("api");
    sample.write("own.toml", "id = \"api\"\nroute = \"api\"\nreviewed = 2026-11-22\n");
    sample.edit("commercial = true", "commercial = true\nchecklists = [\"own.toml\"]");
    let ran = ran(&mut sample.greenlight(&CHECK));
    refused(&ran, "id = \"api\"");
    assert!(ran.err.contains("a checklist `api` is shipped already"), "{}", ran.err);
}
