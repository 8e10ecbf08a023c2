use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::{
    judge::{
        rule_context::Quoted,
        rule_fixture::{self, RuleFixture},
        rule_outcome::RuleStatus,
    },
    model::{checklist::Slug, expect::Pattern, mode::Mode},
};

fn keys(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

/// The owner's price is 0.30 USD, and one sign of each kind is known.
fn fixture() -> RuleFixture {
    let mut fixture = RuleFixture::new().price(&[Mode::TextToVideo], "480p", 50_000);
    let source = rule_fixture::source("https://acme.example", "2026-11-01");
    let kinds = [
        SignKind::Lengths { keys: keys(&["durations"]), only: vec![6, 10] },
        SignKind::Words(keys(&["calm", "wild"])),
        SignKind::Count { keys: keys(&["images"]), is: 6 },
        SignKind::PriceBelow(50),
        SignKind::Name(Pattern::parse("channel").unwrap()),
    ];
    let sign =
        |(at, kind)| Sign { id: format!("s{at}"), says: format!("sign {at}"), kind, source: source.clone() };
    fixture.signs = kinds.into_iter().enumerate().map(sign).collect();
    fixture.slugs.push(Slug {
        id: "acme/text".to_owned(),
        aliases: vec!["acme/channel".to_owned()],
        model: "model".to_owned(),
        modes: vec![Mode::TextToVideo],
        source,
    });
    fixture.shot().duration = Some(6);
    fixture.shot().resolution = Some("480p".to_owned());
    "acme/text".clone_into(&mut fixture.shot().model);
    fixture.path("amount", "$.total").word("written-in", "usd")
}

fn seen(offer: &Value, total: &Value) -> RuleOutcome {
    let schema = json!({ "properties": offer });
    fixture().reply("schema", 200, schema).reply("quote", 200, json!({ "total": total })).rule("login-signs")
}

#[rstest]
#[case::none(json!({"durations": {"enum": [5, 6]}, "mode": {"enum": ["calm", "fast"]}, "images": {"maxItems": 7}}), json!(0.3), "no sign of a consumer login in 4 of 5: s0, s1, s2, s3")]
#[case::lengths(json!({"durations": {"enum": ["6", "10"]}}), json!(0.3), "1 of 5 (sign 0: 6, 10 s in the schema of `acme/text`)")]
#[case::words(json!({"mode": {"enum": ["wild", "fast", "calm"]}}), json!(0.3), "1 of 5 (sign 1: `calm`, `wild` in the schema of `acme/text`)")]
#[case::count(json!({"images": {"maxItems": 6}}), json!(0.3), "1 of 5 (sign 2: 6 in the schema of `acme/text`)")]
#[case::price(json!({}), json!("0.10"), "1 of 5 (sign 3: 0.10 USD quoted on 2026-11-22, 33 % of the dated price of 2026-01-01 (docs.example): 0.30 USD)")]
#[case::two(json!({"durations": {"enum": [6]}, "images": 6}), json!(0.3), "2 of 5 (sign 0: 6 s in the schema of `acme/text`; sign 2: 6 in")]
#[case::half_is_not_below(json!({}), json!(0.15), "no sign of a consumer login in 1 of 5: s3")]
#[case::a_hair_less(json!({}), json!("0.149999"), "1 of 5 (sign 3: ")]
fn signs_are_counted_with_what_was_seen(#[case] offer: Value, #[case] total: Value, #[case] says: &str) {
    let outcome = seen(&offer, &total);
    assert!(outcome.seen.contains(says), "{}", outcome.seen);
    let clear = outcome.seen.starts_with("no sign");
    assert_eq!(outcome.status, if clear { RuleStatus::Holds } else { RuleStatus::Caution });
    assert_eq!((outcome.sides, outcome.source.is_some()), (None, !clear));
}

#[rstest]
#[case::no_number(json!("NaN"))]
#[case::negative(json!(-1))]
#[case::too_large(json!("1e400"))]
#[case::words(json!("ten cents"))]
#[case::another_currency(json!("0.10 EUR"))]
#[case::nothing(json!(0))]
fn what_cannot_be_read_clears_nothing(#[case] total: Value) {
    let outcome = seen(&json!({"durations": ["NaN", -1]}), &total);
    assert_eq!(outcome.status, RuleStatus::Unknown(Reason::MissingValue), "{}", outcome.seen);
}

#[test]
fn only_the_models_own_listing_entry_is_looked_at() {
    let of = |model: &str| {
        let models =
            [json!({"id": "other", "durations": [6, 10]}), json!({"id": model, "durations": [1, 2]})];
        fixture().reply("listing", 200, json!({ "data": models })).rule("login-signs")
    };
    assert_eq!(of("acme/text").status, RuleStatus::Holds);
    assert_eq!(of("else").status, RuleStatus::Unknown(Reason::MissingValue));
}

#[test]
fn a_self_referring_schema_clears_nothing() {
    let round = json!({ "$ref": "#", "properties": { "durations": { "$ref": "#/properties/durations" } } });
    let outcome = fixture().reply("schema", 200, round).rule("login-signs");
    assert!(matches!(outcome.status, RuleStatus::Unknown(_)), "{outcome:?}");
}

#[test]
fn among_ten_thousand_models_the_own_one_is_found() {
    let other = |at: usize| json!({ "id": format!("<b>{at}</b>"), "durations": [6, 10] });
    let with = |lengths: Value| {
        let own = json!({ "id": "acme/text", "durations": lengths });
        let models: Vec<Value> = (0..10_000).map(other).chain([own]).collect();
        fixture().reply("listing", 200, json!({ "data": models })).rule("login-signs").status
    };
    assert_eq!(with(json!([1, 2])), RuleStatus::Holds);
    assert_eq!(with(json!([6, 10])), RuleStatus::Caution);
}

#[test]
fn a_reply_that_is_missing_clears_nothing_and_hides_no_sign() {
    let with = |lengths: Value| {
        fixture().reply("schema", 200, json!({ "durations": lengths })).reply("listing", 503, json!({}))
    };
    assert_eq!(with(json!([1, 2])).rule("login-signs").status, RuleStatus::NeedsReply("listing"));
    assert_eq!(with(json!([6])).rule("login-signs").status, RuleStatus::Caution);
}

/// Without replies there are only the name and the price that a person recorded.
#[rstest]
#[case("acme/text", None, RuleStatus::Holds, "in 1 of 5: s4")]
#[case("acme/channel", None, RuleStatus::Caution, "1 of 5 (sign 4: `acme/channel`)")]
#[case("acme/text", Some(300_000), RuleStatus::Holds, "in 2 of 5: s3, s4")]
#[case("acme/text", Some(100_000), RuleStatus::Caution, "sign 3: 0.10 USD recorded on 2026-11-20, 33 % of")]
fn a_project_without_replies(
    #[case] model: &str,
    #[case] quoted: Option<i64>,
    #[case] wanted: RuleStatus,
    #[case] says: &str,
) {
    let mut fixture = fixture();
    model.clone_into(&mut fixture.shot().model);
    let answered = "2026-11-20".parse().unwrap();
    fixture.quoted = quoted.map(|sum| Quoted { sum: Usd::from_micros(sum), answered });
    let outcome = fixture.rule("login-signs");
    assert_eq!(outcome.status, wanted, "{}", outcome.seen);
    assert!(outcome.seen.contains(says), "{}", outcome.seen);
}
