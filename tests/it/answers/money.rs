//! A price that a person reports is compared with the budget, for all shots and every retry, and for no others.

use rstest::rstest;

use super::{answers, begun, check_at, settle, settled, told};
use crate::support::{NOW, Sample, ran};

const QUOTE: &str = "wrapper.job-quote";

/// A wrapper project with a budget of 2 USD and 2 retries, with every answer but its price.
fn place() -> Sample {
    let place = begun("wrapper");
    let file = place.path().join("greenlight.toml");
    let text = fs_err::read_to_string(&file).unwrap();
    let text = text.replace("retries = 1", "retries = 2");
    assert!(text.contains("budget = \"2.00 USD\"") && text.contains("retries = 2"), "{text}");
    place.write("greenlight.toml", &text);
    settle(&place, |answer| (answer.check.as_str() != QUOTE).then_some(answer));
    place
}

fn quoted(place: &Sample, amount: &str) -> crate::support::Ran {
    let value = format!("--value={amount}");
    let args =
        ["answer", QUOTE, &value, "--by", "Ann", "--answered", "2026-11-21", "--evidence", "screen.txt"];
    ran(&mut place.greenlight(&args))
}

#[rstest]
#[case::within("0.60 USD", 0, "3 x 0.60 USD = 1.80 USD of 2.00 USD")]
#[case::with_retries("1.20 USD", 1, "3 x 1.20 USD = 3.60 USD, over the budget of 2.00 USD")]
#[case::endless("999999999 USD", 1, "3 x 999999999.00 USD = 2999999997.00 USD, over the budget of 2.00 USD")]
fn a_quote_is_held_against_the_budget(#[case] amount: &str, #[case] code: i32, #[case] says: &str) {
    let place = place();
    let kept = quoted(&place, amount);
    assert_eq!(kept.code, 0, "{}", kept.all());
    assert_eq!(
        kept.out.contains(&format!("This answer does not pass the check: {says}. Raise `budget`")),
        code == 1
    );
    let run = check_at(&place, NOW);
    assert_eq!(run.code, code, "{}", run.all());
    let shown = told(&run, "job quote").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains(says), "{shown}");
    insta::assert_snapshot!(format!("quote_{code}_{}", amount.len()), told(&run, "job quote"));
}

#[rstest]
#[case("1.20 EUR", "amounts are in USD; `EUR` is not converted")]
#[case("1.20", "an amount names its currency")]
#[case("1,20 USD", "an amount has a point before the cents")]
#[case("-1.20 USD", "an amount is not negative")]
#[case("0.00 USD", "the price cannot be zero")]
#[case("99999999999 USD", "an amount stays below")]
#[case("cheap", "an amount is written like")]
fn what_is_no_price_is_refused_with_why_and_what_would_be(#[case] amount: &str, #[case] why: &str) {
    let place = place();
    let before = answers(&place);
    let refused = quoted(&place, amount);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{}", refused.all());
    let err = refused.err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(err.contains(why) && err.contains("it takes `2.00 USD` or `$2.00`"), "{err}");
    assert_eq!(answers(&place), before);
}

#[rstest]
#[case::duration("duration = 6", "duration = 15")]
#[case::resolution("resolution = \"480p\"", "resolution = \"1080p\"")]
#[case::no_retries("retries = 2", "")]
#[case::no_budget("budget = \"2.00 USD\"", "")]
fn a_quote_counts_for_no_other_work(#[case] from: &str, #[case] to: &str) {
    let place = place();
    assert_eq!(quoted(&place, "0.60 USD").code, 0);
    assert_eq!(check_at(&place, NOW).code, 0);
    let file = place.path().join("greenlight.toml");
    let text = fs_err::read_to_string(&file).unwrap();
    assert!(text.contains(from), "{text}");
    place.write("greenlight.toml", &text.replace(from, to));
    let run = check_at(&place, NOW);
    assert_ne!(run.code, 0, "{}", run.all());
    let shown = told(&run, "job quote").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains("unknown"), "{shown}");
    if ["duration", "resolution"].iter().any(|field| from.starts_with(field)) {
        assert!(shown.contains("the shots changed: then 1 x text-to-video"), "{shown}");
    }
}

#[test]
fn a_shot_more_asks_for_the_price_again() {
    let place = place();
    assert_eq!(quoted(&place, "0.60 USD").code, 0);
    let file = place.path().join("greenlight.toml");
    let text = fs_err::read_to_string(&file).unwrap();
    let (_, shot) = text.split_once("[[shot]]").unwrap();
    let more = shot.replacen("id = \"", "id = \"another-", 1);
    place.write("greenlight.toml", &format!("{text}\n[[shot]]{more}"));
    let run = check_at(&place, NOW);
    let shown = told(&run, "job quote").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains("then 1 x text-to-video") && shown.contains("now 2 x text-to-video"), "{shown}");
}

#[test]
fn an_amount_that_was_edited_into_no_amount_is_unknown() {
    let place = place();
    assert_eq!(quoted(&place, "0.60 USD").code, 0);
    let text = answers(&place).replace("0.60 USD", "0.60 EUR");
    place.write("answers.toml", &text);
    let run = check_at(&place, NOW);
    assert_eq!(run.code, 3, "{}", run.all());
    assert!(told(&run, "job quote").contains("unknown"), "{}", run.all());
}

#[test]
fn an_old_answer_that_names_no_shots_is_told_why_it_is_stale() {
    let place = settled();
    let text = answers(&place);
    let (before, quote) = text.split_once("[[answer]]\ncheck = \"wrapper.job-quote\"").unwrap();
    let lines: Vec<_> = quote.lines().filter(|line| !line.starts_with("given-for")).collect();
    assert!(lines.len() < quote.lines().count(), "{quote}");
    let quote = lines.join("\n");
    place.write("answers.toml", &format!("{before}[[answer]]\ncheck = \"wrapper.job-quote\"{quote}"));
    let run = check_at(&place, NOW);
    assert_eq!(run.code, 3, "{}", run.all());
    let shown = told(&run, "job quote").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains("but not for which shots"), "{shown}");
}
