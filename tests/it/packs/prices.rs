//! How packs use a provider's prices: next to those of the model's owner, and instead of a price that a person reports.

use greenlight::{
    model::verdict::{Reason, Verdict},
    standin,
};
use rstest::rstest;

use super::{Played, answered, decided, loaded, play, played};

/// The provider's prices, in any unit, are compared with those of the model's owner.
#[test]
fn prices_stand_side_by_side_each_with_its_owner_and_day() {
    let alone = (Verdict::Unknown { reason: Reason::NoClaim }, "only one price is known: dated price of ");
    let apart = |provider, says| (provider, Some("mark-up"), (Verdict::Warn, says));
    let agree = |provider, says| (provider, None, (Verdict::Pass, says));
    for (provider, scenario, (verdict, says)) in [
        agree("openrouter", "list of openrouter of 2026-11-22: 0.30 USD; dated price of "),
        apart(
            "openrouter",
            "more than 10 % apart: list of openrouter of 2026-11-22: 0.54 USD; dated price of ",
        ),
        ("openrouter", Some("dollars"), alone.clone()),
        ("openrouter", Some("one-more-price"), alone.clone()),
        agree("aimlapi", "list of aimlapi of 2026-11-22: 0.30 USD; dated price of "),
        (
            "aimlapi",
            Some("renamed"),
            (Verdict::Pass, "list of aimlapi of 2026-11-22: 0.30 USD; dated price of "),
        ),
        apart("aimlapi", "more than 10 % apart: list of aimlapi of 2026-11-22: 0.54 USD; dated price of "),
        ("aimlapi", Some("by-the-thousand"), alone.clone()),
        ("aimlapi", Some("no-quote"), alone.clone()),
        ("aimlapi", Some("another-currency"), alone.clone()),
        agree("vercel", "list of vercel of 2026-11-22: 0.30 USD; dated price of "),
        apart("vercel", "more than 10 % apart: list of vercel of 2026-11-22: 0.54 USD; dated price of "),
        ("vercel", Some("two-prices"), alone.clone()),
        agree("atlascloud", "quote of atlascloud of 2026-11-22: 0.30 USD; dated price of "),
        apart(
            "atlascloud",
            "more than 10 % apart: quote of atlascloud of 2026-11-22: 0.54 USD; dated price of ",
        ),
        ("atlascloud", Some("another-currency"), alone.clone()),
        ("atlascloud", Some("narrow-key"), alone),
    ] {
        let is = |one: &&Played| one.provider == provider && one.scenario.as_deref() == scenario;
        let finding = played().iter().find(is).unwrap().finding(&format!("{provider}.prices-agree"));
        assert_eq!(finding.verdict, verdict, "{provider}, {scenario:?}: {finding:#?}");
        assert!(finding.seen.starts_with(says), "{provider}, {scenario:?}: {}", finding.seen);
    }
}

/// If the provider's own quote is complete, no person needs to report one; if not, the gate stays closed.
#[rstest]
#[case("venice", None, "GO")]
#[case("venice", Some("over-budget"), "NO-GO")]
#[case("venice", Some("region"), "NO-GO")]
#[case("wavespeed", None, "GO")]
#[case("wavespeed", Some("another-currency"), "HOLD")]
#[case("wavespeed", Some("another-model"), "HOLD")]
#[case("openrouter", None, "GO")]
#[case("openrouter", Some("dollars"), "HOLD")]
#[case("openrouter", Some("one-more-price"), "HOLD")]
#[case("aimlapi", None, "GO")]
#[case("aimlapi", Some("by-the-thousand"), "HOLD")]
#[case("aimlapi", Some("another-currency"), "HOLD")]
#[case("vercel", None, "GO")]
#[case("vercel", Some("two-prices"), "HOLD")]
#[case("fal", None, "HOLD")]
#[case("fal", Some("unknown-unit"), "HOLD")]
#[case("atlascloud", None, "HOLD")]
#[case("segmind", None, "HOLD")]
#[tokio::test]
async fn a_whole_quote_stands_for_a_persons(
    #[case] provider: &'static str,
    #[case] scenario: Option<&str>,
    #[case] wanted: &str,
) {
    let sample = answered(provider, &["wrapper.quote-unit", "wrapper.job-quote"]);
    let scenarios = standin::scenarios(provider).unwrap();
    let scenario = scenario.map(|id| scenarios.iter().find(|one| one.id == id).unwrap());
    let one = play(provider, scenario, (&sample, &loaded(&sample))).await;
    assert_eq!(decided(&one), wanted, "{}: {:#?}", one.name(), one.finding("wrapper.job-quote"));
}
