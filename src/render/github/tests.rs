use proptest::prelude::*;
use rstest::rstest;

use super::render;
use crate::{
    model::{
        checklist::Severity,
        decision::Decision,
        report::Batch,
        verdict::{Reason, Verdict},
    },
    render::{
        fixture::{STYLE, finding, report, rich, two},
        hostile::{hostile, saying},
    },
};

/// A command as the runner reads it. A line that is only shown isn't one.
#[derive(Debug)]
struct Command {
    kind: String,
    properties: Vec<(String, String)>,
    message: String,
}

const KNOWN: [&str; 12] = [
    "error",
    "warning",
    "notice",
    "debug",
    "group",
    "endgroup",
    "add-mask",
    "stop-commands",
    "set-output",
    "set-env",
    "add-path",
    "save-state",
];

/// Follows the runner's `ActionCommand`: the new form at the start of a line, the old one anywhere.
fn command(line: &str) -> Option<Command> {
    let unescaped = |text: &str| {
        let text = text.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",");
        text.replace("%25", "%")
    };
    if let Some((info, data)) = line.trim_start().strip_prefix("::").and_then(|rest| rest.split_once("::")) {
        let (kind, properties) = info.split_once(' ').unwrap_or((info, ""));
        if KNOWN.contains(&kind) {
            let pairs = properties.split(',').filter_map(|pair| pair.split_once('='));
            return Some(Command {
                kind: kind.to_owned(),
                properties: pairs.map(|(key, value)| (key.to_owned(), unescaped(value))).collect(),
                message: unescaped(data),
            });
        }
    }
    let old = line.split_once("##[").and_then(|(_, rest)| rest.split_once(']'));
    let kind = old.map(|(info, _)| info.split(' ').next().unwrap().to_owned())?;
    KNOWN.contains(&kind.as_str()).then(|| Command { kind, properties: vec![], message: String::new() })
}

#[test]
fn the_commands_keep_their_shape() {
    insta::assert_snapshot!(render(&Batch::one(rich()), &STYLE));
}

#[test]
fn several_projects_share_the_limit_and_end_with_the_decision() {
    insta::assert_snapshot!(render(&two(), &STYLE));
}

/// The runner reads the same commands, whatever the texts contain.
fn survives(text: &str) {
    let quiet = render(&Batch::one(saying("quiet")), &STYLE);
    let loud = render(&Batch::one(saying(text)), &STYLE);
    assert_eq!(loud.lines().count(), quiet.lines().count(), "{text:.80}");
    for (loud, quiet) in loud.lines().zip(quiet.lines()) {
        let (loud, quiet) = (command(loud), command(quiet));
        assert_eq!(loud.as_ref().map(|c| &c.kind), quiet.as_ref().map(|c| &c.kind), "{text:.80}");
        let Some(loud) = loud else { continue };
        let keys: Vec<_> = loud.properties.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["file", "line", "title"], "{text:.80}");
        assert!(loud.properties[2].1.contains(" · REHEARSAL"), "{}", loud.properties[2].1);
        assert!(!loud.message.contains('\r') && loud.message.len() < 16_384);
    }
}

#[test]
fn no_text_becomes_a_command() {
    for text in hostile() {
        survives(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn no_text_becomes_a_command_whatever_it_is(text in any::<String>()) {
        survives(&text);
    }
}

#[test]
fn the_runner_reads_back_what_was_written() {
    let text = render(&Batch::one(saying("50%, a::b, c=d")), &STYLE);
    let first = command(text.lines().next().unwrap()).unwrap();
    assert_eq!(first.properties[0].1, "50%, a::b, c=d");
    assert_eq!(first.properties[1].1, "1");
    assert!(first.message.contains("\nexpected: 50%, a::b, c=d\n"), "{}", first.message);
}

#[test]
fn ten_of_a_kind_are_shown_and_the_rest_is_counted() {
    let failed = (0..12).map(|n| finding(&format!("a.fail-{n}"), Verdict::Fail));
    let warned = (0..11).map(|n| finding(&format!("a.warn-{n}"), Verdict::Warn));
    let held = finding("a.held", Verdict::Unknown { reason: Reason::NotMade });
    let findings = std::iter::once(held).chain(warned).chain(failed).collect();
    let text = render(&Batch::one(report(Decision::NoGo, findings)), &STYLE);
    let lines: Vec<_> = text.lines().collect();
    assert!(
        lines[..10].iter().all(|line| line.starts_with("::error ") && line.contains("a.fail-")),
        "{text}"
    );
    assert!(lines[10..20].iter().all(|line| line.starts_with("::warning ")), "{text}");
    assert_eq!(
        lines[20..],
        [
            "greenlight: not annotated: 3 errors, 1 warning",
            "greenlight: NO-GO · Spring teaser · 11 warn, 12 fail, 1 unknown"
        ]
    );
}

#[rstest]
#[case(Verdict::Unknown { reason: Reason::NotMade }, Severity::Block, "error")]
#[case(Verdict::Unknown { reason: Reason::NotMade }, Severity::Warn, "warning")]
#[case(Verdict::Unknown { reason: Reason::NotMade }, Severity::Info, "notice")]
#[case(Verdict::Warn, Severity::Info, "warning")]
#[case(Verdict::Waived { until: crate::render::fixture::day(12, 1) }, Severity::Block, "notice")]
fn the_kind_says_what_it_means_for_the_gate(
    #[case] verdict: Verdict,
    #[case] severity: Severity,
    #[case] kind: &str,
) {
    let mut finding = finding("a.b", verdict);
    finding.severity = severity;
    let text = render(&Batch::one(report(Decision::Go, vec![finding])), &STYLE);
    assert_eq!(command(text.lines().next().unwrap()).unwrap().kind, kind);
}

#[test]
fn a_gate_that_nothing_opened_is_an_error() {
    let text = render(&Batch::one(report(Decision::Hold, vec![])), &STYLE);
    assert_eq!(
        text,
        "::error file=greenlight.toml,line=1,title=HOLD::nothing was checked\n\
         greenlight: HOLD · Spring teaser · nothing was checked\n"
    );
}
