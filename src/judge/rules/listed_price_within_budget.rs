//! The price list of a provider, computed for every shot and compared with the budget including all retries.

use super::{Judge, Rule, quote_within_budget::against_budget};
use crate::{
    judge::{given::given, price_list::PriceList, rule_context::RuleContext, rule_outcome::RuleOutcome},
    model::{expect::Path, mode::Mode, money::Usd, rule::RuleSpec, verdict::Reason},
};

given! {
    params {
        entries: &'a Path = "entries",
        names: &'a Path = "names",
        prices: Option<&'a Path> = "prices",
        rows: Option<&'a Path> = "rows",
        row_name: Option<&'a Path> = "row-name",
        row_price: Option<&'a Path> = "row-price",
        skus: &'a [String] = "skus",
        modes: Option<&'a [Mode]> = "modes",
    }
    probes {
        listing = "listing",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "listed-price-within-budget",
        decides: "The one entry among `entries` of `listing` with the name of the shot's model has prices by kind: a \
                  table at `prices`, or `rows` with a `row-name` and a `row-price`. Each kind is one of `skus`, \
                  written `NAME = UNIT` with `usd` or `us-cents`, `a second` or `an image`, and `{resolution}` in the \
                  name; any other kind makes the price unknown. Seconds and images of all shots, made again as often \
                  as the project allows, are within the budget; for modes that are not in `modes`, and for voices, the \
                  list is incomplete.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Shots(judge),
};

fn judge(context: &RuleContext<'_>) -> RuleOutcome {
    let mut sum = Usd::ZERO;
    for shot in &context.project.shots {
        let mut priced = None;
        let outcome = Given::with(&context.of_shot(shot), |given| match price_list(&given).of_shot(shot) {
            Ok(amount) => {
                priced = Some(amount);
                RuleOutcome::holds("")
            }
            Err(outcome) => *outcome,
        });
        match priced.map(|amount| sum.checked_add(amount)) {
            Some(Some(more)) => sum = more,
            Some(None) => {
                return RuleOutcome::unknown(
                    Reason::MissingValue,
                    "the sum of the prices is too large to count",
                );
            }
            None if outcome.seen.is_empty() => return outcome,
            None => return RuleOutcome { seen: format!("shot `{}`: {}", shot.id, outcome.seen), ..outcome },
        }
    }
    against_budget(context, sum, &[])
}

fn price_list<'a>(given: &Given<'a>) -> PriceList<'a> {
    PriceList {
        listing: given.listing,
        entries: given.entries,
        names: given.names,
        prices: given.prices,
        rows: given
            .rows
            .zip(given.row_name)
            .zip(given.row_price)
            .map(|((rows, name), price)| (rows, name, price)),
        skus: given.skus,
        modes: given.modes,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        judge::{
            rule_fixture::{self, RuleFixture},
            rule_outcome::RuleStatus,
        },
        model::{
            media::Slot,
            mode::Mode,
            observation::{Body, Observation, Reply},
            project::Shot,
        },
    };

    const UNCLEAR: RuleStatus = RuleStatus::Unknown(Reason::UnclearReply);

    fn fixture(entry: &Value) -> RuleFixture {
        let mut fixture = RuleFixture::new()
            .path("entries", "$.data[*]")
            .path("names", "$.id")
            .path("prices", "$.skus")
            .path("rows", "$.rows[*]")
            .path("row-name", "$.at")
            .path("row-price", "$.price")
            .texts(
                "skus",
                &[
                    "cents_{resolution} = us-cents a second",
                    "image = us-cents an image",
                    "{resolution} = usd a second",
                ],
            )
            .reply("listing", 200, json!({ "data": [{ "id": "other" }, entry] }));
        fixture.project.budget = Some(Usd::from_micros(1_000_000));
        fixture.project.failure.retries = Some(1);
        fixture.shot().duration = Some(6);
        fixture.shot().resolution = Some("480p".to_owned());
        fixture
    }

    #[rstest]
    #[case::cents(json!({ "cents_480p": "5", "cents_720p": "7" }), RuleStatus::Holds, "2 x 0.30 USD = 0.60 USD of 1.00 USD")]
    #[case::over(json!({ "cents_480p": 9 }), RuleStatus::Refuted, "over the budget")]
    #[case::dollars(json!({ "duration_seconds_480p": "0.05" }), UNCLEAR, "`duration_seconds_480p: 0.05`")]
    #[case::one_more(json!({ "cents_480p": "5", "minimum": "50" }), UNCLEAR, "of an unknown kind: `minimum: 50`")]
    #[case::another_resolution(json!({ "cents_720p": "7" }), UNCLEAR, "no price for a second of 480p")]
    #[case::no_number(json!({ "cents_480p": "NaN" }), UNCLEAR, "listed `cents_480p: NaN`")]
    #[case::negative(json!({ "cents_480p": -5 }), UNCLEAR, "is not negative")]
    #[case::for_nothing(json!({ "cents_480p": 0 }), UNCLEAR, "listed for nothing")]
    #[case::empty(json!({}), UNCLEAR, "the list has no price for `model`")]
    #[case::no_table(json!("5"), UNCLEAR, "the list has no price for `model`")]
    fn a_table_of_prices(#[case] skus: Value, #[case] wanted: RuleStatus, #[case] says: &str) {
        let outcome = fixture(&json!({ "id": "model", "skus": skus })).rule("listed-price-within-budget");
        assert_eq!(outcome.status, wanted, "{}", outcome.seen);
        assert_eq!(outcome.seen.starts_with("shot `shot`: "), wanted == UNCLEAR, "{}", outcome.seen);
        assert!(outcome.seen.contains(says), "{}", outcome.seen);
    }

    #[test]
    fn without_a_list_nothing_is_said_of_a_shot() {
        let outcome = fixture(&json!({})).reply("listing", 404, json!({})).rule("listed-price-within-budget");
        assert_eq!((outcome.status, outcome.seen.as_str()), (RuleStatus::NeedsReply("listing"), ""));
    }

    #[rstest]
    #[case::a_page(true, "`model` is not on the first page of a paginated list")]
    #[case::all_of_it(false, "`model` is not in the list")]
    fn a_model_that_is_not_listed_may_be_on_another_page(#[case] more: bool, #[case] says: &str) {
        let body = Body::Json(json!({ "data": [{ "id": "other" }] }));
        let seen = Observation::Reply(Reply { more, ..rule_fixture::reply(200, body) });
        let outcome = fixture(&json!({})).saw("listing", seen).rule("listed-price-within-budget");
        assert_eq!((outcome.status, outcome.seen), (UNCLEAR, format!("shot `shot`: {says}")));
    }

    #[rstest]
    #[case::whole(Mode::TextToVideo, RuleStatus::Holds)]
    #[case::without_what_goes_in(Mode::Edit, RuleStatus::Unknown(Reason::MissingValue))]
    fn a_list_is_whole_for_some_modes(#[case] mode: Mode, #[case] wanted: RuleStatus) {
        let entry = json!({ "id": "model", "skus": { "cents_480p": "5" } });
        let mut fixture = fixture(&entry).modes("modes", &[Mode::TextToVideo]);
        fixture.shot().mode = mode;
        let outcome = fixture.rule("listed-price-within-budget");
        assert_eq!(outcome.status, wanted, "{}", outcome.seen);
    }

    #[rstest]
    #[case::one(json!([{ "at": "480p", "price": "0.05" }]), RuleStatus::Holds, "0.60 USD of")]
    #[case::two(json!([{ "at": "480p", "price": 1 }, { "at": "480p", "price": 2 }]), UNCLEAR, "more than one price")]
    #[case::nameless(json!([{ "price": 1 }]), UNCLEAR, "of an unknown kind")]
    fn rows_of_prices(#[case] rows: Value, #[case] wanted: RuleStatus, #[case] says: &str) {
        let outcome = fixture(&json!({ "id": "model", "rows": rows })).rule("listed-price-within-budget");
        assert_eq!(outcome.status, wanted, "{}", outcome.seen);
        assert!(outcome.seen.contains(says), "{}", outcome.seen);
    }

    #[rstest]
    #[case::an_alias(json!(["x", "model"]), RuleStatus::Holds)]
    #[case::others(json!(["x", "model-2"]), UNCLEAR)]
    fn an_entry_may_have_a_list_of_names(#[case] names: Value, #[case] wanted: RuleStatus) {
        let outcome = fixture(&json!({ "id": names, "skus": { "cents_480p": "5" } }))
            .rule("listed-price-within-budget");
        assert_eq!(outcome.status, wanted, "{}", outcome.seen);
    }

    #[test]
    fn images_cost_as_well() {
        let mut fixture = fixture(&json!({ "id": "model", "skus": { "cents_480p": 5, "image": "0.2" } }));
        fixture.shot().inputs = vec![(Slot::Image, RuleFixture::file("a.png"))];
        assert_eq!(fixture.rule("listed-price-within-budget").seen, "2 x 0.302 USD = 0.604 USD of 1.00 USD");
    }

    #[rstest]
    #[case::length(|shot: &mut Shot| shot.duration = None, "`duration`")]
    #[case::resolution(|shot: &mut Shot| shot.resolution = None, "`resolution`")]
    fn a_setting_that_the_price_needs_is_named(#[case] change: fn(&mut Shot), #[case] says: &str) {
        let mut fixture = fixture(&json!({ "id": "model", "skus": { "cents_480p": 5 } }));
        change(fixture.shot());
        let outcome = fixture.rule("listed-price-within-budget");
        assert_eq!(outcome.status, RuleStatus::Unknown(Reason::NotDeclared));
        assert!(outcome.seen.contains(says), "{}", outcome.seen);
    }

    #[test]
    fn what_is_not_listed_or_twice_has_no_price() {
        let seen = |entry: Value| fixture(&entry).rule("listed-price-within-budget").seen;
        assert!(seen(json!({ "id": "m-2" })).ends_with("`model` is not in the list"));
        let twice = fixture(&json!({})).reply(
            "listing",
            200,
            json!({ "data": [{ "id": "model" }, { "id": "model" }] }),
        );
        assert!(twice.rule("listed-price-within-budget").seen.ends_with("listed more than once"));
        let refused = fixture(&json!({})).reply("listing", 401, json!({}));
        assert_eq!(refused.rule("listed-price-within-budget").status, RuleStatus::NeedsReply("listing"));
    }
}
