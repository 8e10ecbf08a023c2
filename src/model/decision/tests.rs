//! Who says GO, and how a decision is read and written.

use rstest::rstest;

use super::*;

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, 24).unwrap()
}

#[rstest]
#[case(&[], Stated::decision(Decision::Go), "GO", Some(Decision::Go))]
#[case(&[Bar::Rehearsal], Stated::would_be(Decision::Go), "REHEARSAL · would be GO", None)]
// As in a receipt of version 1.
#[case(&[Bar::Rehearsal], Stated::decision(Decision::NoGo), "REHEARSAL · would be NO-GO", None)]
#[case(&[Bar::AsOf(day()), Bar::Partial, Bar::Replay, Bar::Replay], Stated::would_be(Decision::Hold),
    "REPLAY · PARTIAL · AS OF 2026-12-24 · would be HOLD", None)]
// Removing the reason doesn't turn it into a decision.
#[case(&[], Stated::would_be(Decision::Go), "would be GO", None)]
fn only_a_run_that_clears_says_go(
    #[case] bars: &[Bar],
    #[case] stated: Stated,
    #[case] says: &str,
    #[case] decision: Option<Decision>,
) {
    let decided = Decided::new(stated, bars.to_vec());
    assert_eq!((decided.to_string().as_str(), decided.decision()), (says, decision));
    assert_eq!(decided.stated().decides(), decision.is_some());
    assert_eq!(decided.found(), stated.found());
    assert_eq!(decided.bars().is_empty(), bars.is_empty());
}

#[rstest]
#[case::the_worst(&[Decision::Hold.into(), Decision::NoGo.into(), Decision::Go.into()], Some("NO-GO"))]
#[case::with_one_that_decides_nothing(
    &[Decision::Go.into(), Decided::new(Stated::would_be(Decision::Hold), vec![])],
    Some("would be HOLD")
)]
#[case::with_all_that_bars(
    &[
        Decided::new(Stated::would_be(Decision::Go), vec![Bar::Partial]),
        Decided::new(Stated::would_be(Decision::Go), vec![Bar::Rehearsal, Bar::Partial]),
    ],
    Some("REHEARSAL · PARTIAL · would be GO")
)]
#[case::nothing(&[], None)]
fn several_decide_when_each_of_them_does(#[case] all: &[Decided], #[case] says: Option<&str>) {
    let whole = Decided::of_all(all.to_vec());
    assert_eq!(whole.map(|whole| whole.to_string()).as_deref(), says);
}

#[test]
fn what_closes_the_gate_is_read_as_it_is_written() {
    assert_eq!(FailOn::ALL.map(|level| level.word().parse()), FailOn::ALL.map(Ok));
    let says = "`never` is neither `fail` nor `warn`";
    assert_eq!("never".parse::<FailOn>(), Err(says.to_owned()));
}

#[rstest]
#[case(r#"{"decision":"GO"}"#, Ok(Stated::decision(Decision::Go)))]
#[case(r#"{"decision":null,"would-be":"GO"}"#, Ok(Stated::would_be(Decision::Go)))]
#[case(r#"{"would-be":"HOLD"}"#, Ok(Stated::would_be(Decision::Hold)))]
#[case(r#"{"decision":"GO","would-be":"HOLD"}"#, Err("both `decision` and `would-be`"))]
#[case(r#"{"decision":null}"#, Err("missing field `decision`"))]
#[case("{}", Err("missing field `decision`"))]
fn a_receipt_states_one_of_both(#[case] text: &str, #[case] wanted: Result<Stated, &str>) {
    let read: Result<Stated, _> = serde_json::from_str(text);
    match wanted {
        Ok(stated) => assert_eq!(read.unwrap(), stated),
        Err(says) => assert!(read.unwrap_err().to_string().contains(says)),
    }
}
