//! What a new user reads, starting in an empty folder: init, check, answer, check, report, at 80 columns without
//! colour.

use std::fmt::Write as _;

use rstest::rstest;

use crate::support::{NOW, Sample, ran, steady};

/// A question of each route, and an answer to it.
const ANSWERS: [(&str, &[&str]); 3] = [
    ("api", &["api.policy-read", "--value", "Yes", "--evidence", "https://x.ai/legal/acceptable-use-policy"]),
    ("app", &["app.controls-visible", "--value", "Video controls", "--evidence", "screen.txt"]),
    ("wrapper", &["wrapper.refunds", "--value", "Refunded", "--evidence", "https://acme.example/terms"]),
];

/// Runs a command, and keeps it with the wanted lines of its output.
fn step(place: &Sample, args: &[&str], wanted: impl Fn(&str) -> String, transcript: &mut String) {
    let run = ran(&mut place.greenlight(args));
    let text = steady(&format!("{}{}", run.err, run.out));
    let _ = writeln!(transcript, "$ greenlight {}\n{}exit {}\n", args.join(" "), wanted(&text), run.code);
}

/// The decision, and what to do next.
fn end(text: &str) -> String {
    let at = text.lines().position(|line| line.contains(" · would be ")).unwrap_or_else(|| panic!("{text}"));
    text.lines().skip(at).flat_map(|line| [line, "\n"]).collect()
}

/// The beginning of a page.
fn beginning(text: &str) -> String {
    text.lines().take(7).flat_map(|line| [line, "\n"]).collect()
}

#[rstest]
#[case::api("api", &[], &["--rehearse"])]
#[case::app("app", &[], &[])]
#[case::wrapper("wrapper", &["--provider", "acme"], &[])]
fn the_first_quarter_of_an_hour(#[case] route: &str, #[case] more: &[&str], #[case] how: &[&str]) {
    let place = Sample::empty();
    place.write("screen.txt", crate::answers::SCREEN);
    let mut transcript = String::new();
    let begin = ["init", "--route", route, "--material", "idea", "--budget", "2", "--name", "Teaser"];
    let begin = [&begin, more, &["--commercial", "--prompt", "Boats."]].concat();
    step(&place, &begin, str::to_owned, &mut transcript);
    let check = [&["check", "--at", NOW], how].concat();
    step(&place, &check, end, &mut transcript);
    let (_, given) = ANSWERS.iter().find(|(of, _)| *of == route).unwrap();
    let dated = ["--by", "Ann", "--answered", "2026-11-21"];
    step(&place, &[&["answer"], *given, &dated].concat(), str::to_owned, &mut transcript);
    step(&place, &check, end, &mut transcript);
    step(&place, &["report", "--at", NOW], beginning, &mut transcript);
    insta::assert_snapshot!(format!("newcomer_{route}"), transcript);
}
