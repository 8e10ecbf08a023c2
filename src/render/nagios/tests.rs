use proptest::prelude::*;
use rstest::rstest;

use super::render;
use crate::{
    model::{
        decision::{Decided, Decision},
        report::Batch,
        verdict::Verdict,
    },
    render::{
        fixture::{STYLE, finding, report, rich, two},
        hostile::{hostile, long, saying},
    },
};

#[test]
fn the_output_keeps_its_shape() {
    insta::assert_snapshot!(render(&Batch::one(rich()), &STYLE));
}

#[test]
fn several_projects_share_a_status_line() {
    let text = render(&two(), &STYLE);
    assert!(text.starts_with(
        "GREENLIGHT - REHEARSAL · REPLAY · PARTIAL · would be NO-GO · 2 projects | \
         projects=2 go=0 hold=0 nogo=0 pass=10 warn=3 fail=1 unknown=3 blocked=1 waived=1 not_applicable=3 calls=4\n"
    ));
    assert!(text.ends_with(
        "\nREPLAY · PARTIAL · would be GO · Autumn teaser (plans/autumn/greenlight.toml) · \
         of 2026-11-22 10:04 UTC · only access · 1 pass, 1 warn\n"
    ));
}

#[rstest]
#[case(Decision::Go, "OK")]
#[case(Decision::NoGo, "WARNING")]
#[case(Decision::Hold, "UNKNOWN")]
fn the_word_is_what_nagios_reads_from_the_code(#[case] decision: Decision, #[case] word: &str) {
    let text = render(&Batch::one(report(decision, vec![finding("a.b", Verdict::Pass)])), &STYLE);
    assert!(text.starts_with(&format!("GREENLIGHT {word} - {} · ", Decided::from(decision))), "{text}");
}

/// The status, the measures and the lines are the same, whatever the texts contain.
fn survives(text: &str) {
    let quiet = render(&Batch::one(saying("quiet")), &STYLE);
    let loud = render(&Batch::one(saying(text)), &STYLE);
    assert_eq!(loud.lines().count(), quiet.lines().count(), "{text:.80}");
    assert_eq!(loud.matches('|').count(), 1, "{text:.80}");
    let measures = |text: &str| text.lines().next().unwrap().split_once(" | ").unwrap().1.to_owned();
    assert_eq!(measures(&loud), measures(&quiet), "{text:.80}");
    for (loud, quiet) in loud.lines().zip(quiet.lines()) {
        assert_eq!(loud.split(' ').next(), quiet.split(' ').next(), "{text:.80}");
    }
}

#[test]
fn no_text_ends_a_line_or_becomes_a_measure() {
    for text in hostile() {
        survives(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn no_text_ends_a_line_or_becomes_a_measure_whatever_it_is(text in any::<String>()) {
        survives(&text);
    }
}

#[test]
fn a_long_text_leaves_room_for_the_others() {
    let text = render(&Batch::one(long()), &STYLE);
    assert!(text.len() < 8_192, "{}", text.len());
    let lines: Vec<_> = text.lines().collect();
    assert!(lines[1].starts_with("fail api.model-available [opening]: 9¦`<"), "{}", lines[1]);
    assert!(text.contains("\nunknown api.policy-read: "));
}
