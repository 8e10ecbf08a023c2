//! The prices of the same shots side by side: the provider's quote, its list, and the dated price of the model's owner.

use super::{Judge, Rule};
use crate::{
    judge::{
        estimate::Estimate,
        given::{Looked, given},
        length::Lengths,
        price_list::PriceList,
        rule_context::RuleContext,
        rule_outcome::RuleOutcome,
        wording,
    },
    model::{
        amount::{self, Unit},
        expect::Path,
        mode::Mode,
        money::Usd,
        project::{Project, Shot},
        rule::RuleSpec,
        verdict::Reason,
    },
};

given! {
    params {
        percent: u64 = "percent",
        amount: Option<&'a Path> = "amount",
        currency: Option<&'a Path> = "currency",
        names: Option<&'a Path> = "names",
        second: Option<&'a Path> = "second",
        unit: Option<&'a Path> = "unit",
        units: Option<&'a [String]> = "units",
        written_in: Option<Unit> = "written-in",
        account_currency: Option<&'a Path> = "account-currency",
        entries: Option<&'a Path> = "entries",
        entry_names: Option<&'a Path> = "entry-names",
        entry_prices: Option<&'a Path> = "entry-prices",
        rows: Option<&'a Path> = "rows",
        row_name: Option<&'a Path> = "row-name",
        row_price: Option<&'a Path> = "row-price",
        skus: Option<&'a [String]> = "skus",
        modes: Option<&'a [Mode]> = "modes",
    }
    perhaps {
        quote = "quote",
        account = "account",
        prices = "prices",
        listing = "listing",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "prices-agree",
        decides: "Of the prices of all shots, made once each, the highest is at most `percent` above the lowest: the \
                  provider's quote (`amount` of `quote`, `written-in` dollars or cents, for the shot's own model where \
                  `names` says for which, and in USD where `currency`, or `account-currency` of `account`, says in \
                  which), its list (`second` of `prices` for each second, where its `unit` is one of `units`; or the \
                  one entry among `entries` of `listing` that `entry-names` the model, with `entry-prices`, or `rows` \
                  with `row-name` and `row-price`, all of kinds that are among `skus`, in one of `modes`), and the \
                  dated price of the model behind the slug. With fewer than two known prices, it is unknown whether \
                  they agree.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Shots(|context| Given::with(context, |given| judge(context, given.percent))),
};

/// One price of all shots, with its owner and its date.
pub(super) struct Price {
    pub(super) whose: String,
    pub(super) sum: Usd,
}

/// Where in a reply a provider's price for one shot is.
pub(super) struct AskedPrice<'a> {
    pub(super) quote: Looked<'a>,
    pub(super) amount: &'a Path,
    pub(super) currency: Option<&'a Path>,
    pub(super) names: Option<&'a Path>,
    /// Where the account names its currency, for a quote without one.
    pub(super) account: Option<(Looked<'a>, &'a Path)>,
    pub(super) unit: Unit,
}

impl AskedPrice<'_> {
    /// The price, if it is in dollars and for exactly the shot's model.
    pub(super) fn of(&self, shot: &Shot) -> Option<Usd> {
        let says = |said: Option<(Looked<'_>, &Path)>, fits: &dyn Fn(&str) -> bool| {
            said.is_none_or(|(reply, path)| {
                reply.one(path).and_then(|value| value.as_str()).is_some_and(fits)
            })
        };
        let of_quote = |path: Option<_>| path.map(|path| (self.quote, path));
        let usd = |word: &str| word.eq_ignore_ascii_case("usd");
        let in_dollars = says(of_quote(self.currency), &usd) && says(self.account, &usd);
        let of_model = says(of_quote(self.names), &|word| word == shot.model);
        if in_dollars && of_model { read(self.quote, self.amount, self.unit) } else { None }
    }
}

fn judge(context: &RuleContext<'_>, percent: u64) -> RuleOutcome {
    let (provider, today) = (wording::clip(&context.project.provider), context.today());
    let told = |what: &str| format!("{what} of {provider} of {today}");
    let quote = sum(context, quoted).map(|sum| Price { whose: told("quote"), sum });
    let list = sum(context, listed).map(|sum| Price { whose: told("list"), sum });
    let prices: Vec<Price> = quote.into_iter().chain(list).chain(dated(context)).collect();
    let shown = |price: &Price| format!("{}: {}", price.whose, price.sum);
    let seen = prices.iter().map(shown).collect::<Vec<_>>().join("; ");
    let (Some(low), Some(high)) = (prices.iter().min_by_key(|p| p.sum), prices.iter().max_by_key(|p| p.sum))
    else {
        return RuleOutcome::unknown(Reason::NoClaim, "no price is known to compare");
    };
    if prices.len() < 2 {
        return RuleOutcome::unknown(Reason::NoClaim, format!("only one price is known: {seen}"));
    }
    // In whole micro-dollars, and wide enough for any value.
    let (least, most) = (i128::from(low.sum.micros()), i128::from(high.sum.micros()));
    if (most - least) * 100 > least * i128::from(percent) {
        return RuleOutcome::refuted(format!("more than {percent} % apart: {seen}"))
            .sides(shown(low), shown(high));
    }
    RuleOutcome::holds(seen)
}

/// The sum over all shots, if each of them has a price.
fn sum(context: &RuleContext<'_>, part: fn(&Shot, &Given<'_>) -> Option<Usd>) -> Option<Usd> {
    let mut sum = Usd::ZERO;
    for shot in &context.project.shots {
        let mut found = None;
        Given::with(&context.of_shot(shot), |given| {
            found = part(shot, &given);
            RuleOutcome::holds("")
        });
        sum = sum.checked_add(found?)?;
    }
    (sum > Usd::ZERO).then_some(sum)
}

fn quoted(shot: &Shot, given: &Given<'_>) -> Option<Usd> {
    let (quote, amount, unit) = (given.quote?, given.amount?, given.written_in?);
    let account = given.account.zip(given.account_currency);
    AskedPrice { quote, amount, currency: given.currency, names: given.names, account, unit }.of(shot)
}

fn listed(shot: &Shot, given: &Given<'_>) -> Option<Usd> {
    if let Some(list) = price_list(given) {
        return list.of_shot(shot).ok();
    }
    let (prices, unit, units) = (given.prices?, given.unit?, given.units?);
    let unit = prices.one(unit)?.as_str()?;
    if !units.iter().any(|known| known == unit) {
        return None;
    }
    read(prices, given.second?, given.written_in?)?.checked_mul(shot.duration?)
}

fn price_list<'a>(given: &Given<'a>) -> Option<PriceList<'a>> {
    Some(PriceList {
        listing: given.listing?,
        entries: given.entries?,
        names: given.entry_names?,
        prices: given.entry_prices,
        rows: given
            .rows
            .zip(given.row_name)
            .zip(given.row_price)
            .map(|((rows, name), price)| (rows, name, price)),
        skus: given.skus?,
        modes: given.modes,
    })
}

fn read(looked: Looked<'_>, path: &Path, unit: Unit) -> Option<Usd> {
    amount::read(looked.one(path)?, unit).ok()
}

/// What the owner of the models charges, according to the dated claims about the models behind the slugs.
pub(super) fn dated(context: &RuleContext<'_>) -> Option<Price> {
    let model = |shot: &Shot| Some(Shot { model: context.slug(shot)?.model.clone(), ..shot.clone() });
    let shots = context.project.shots.iter().map(model).collect::<Option<Vec<_>>>()?;
    let project = Project { shots, ..context.project.clone() };
    let estimate = Estimate::of(Lengths { project: &project, probes: &[], ..context.lengths() }).ok()?;
    let claim = estimate.oldest().filter(|_| estimate.missing.is_empty())?;
    Some(Price { whose: format!("dated price of {}", wording::dated(&claim.source)), sum: estimate.once })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::{
        judge::{
            rule_fixture::{self, RuleFixture},
            rule_outcome::RuleStatus,
        },
        model::checklist::Slug,
    };

    /// The owner's price is 0.30 USD.
    fn fixture() -> RuleFixture {
        let mut fixture =
            RuleFixture::new().number("percent", 10).word("written-in", "usd").path("amount", "$.total");
        fixture = fixture.price(&[Mode::TextToVideo], "480p", 50_000);
        fixture.slugs.push(Slug {
            id: "acme/text".to_owned(),
            aliases: vec![],
            model: "model".to_owned(),
            modes: vec![Mode::TextToVideo],
            source: rule_fixture::source("https://acme.example", "2026-11-01"),
        });
        fixture.shot().duration = Some(6);
        fixture.shot().resolution = Some("480p".to_owned());
        "acme/text".clone_into(&mut fixture.shot().model);
        fixture
    }

    #[rstest]
    #[case::alike(json!(0.3), RuleStatus::Holds)]
    #[case::ten_percent(json!("0.33"), RuleStatus::Holds)]
    #[case::a_hair_more(json!("0.330001"), RuleStatus::Refuted)]
    #[case::cheaper(json!(0.27), RuleStatus::Refuted)]
    #[case::no_number(json!("NaN"), RuleStatus::Unknown(Reason::NoClaim))]
    #[case::for_nothing(json!(0), RuleStatus::Unknown(Reason::NoClaim))]
    fn a_quote_beside_the_owners_price(#[case] total: serde_json::Value, #[case] wanted: RuleStatus) {
        let outcome = fixture().reply("quote", 200, json!({ "total": total })).rule("prices-agree");
        assert_eq!(outcome.status, wanted, "{}", outcome.seen);
        assert!(outcome.seen.contains("dated price of"), "{}", outcome.seen);
        assert_eq!(outcome.sides.is_some(), wanted == RuleStatus::Refuted);
    }

    #[test]
    fn three_prices_stand_side_by_side_each_with_its_owner_and_day() {
        let seen = |unit: &str| {
            let fixture =
                fixture().path("second", "$.price").path("unit", "$.unit").texts("units", &["seconds"]);
            let fixture = fixture.reply("quote", 200, json!({ "total": 0.3 }));
            fixture.reply("prices", 200, json!({ "price": 0.05, "unit": unit })).rule("prices-agree").seen
        };
        assert!(seen("seconds").starts_with("quote of xai of "), "{}", seen("seconds"));
        assert_eq!(seen("seconds").matches("0.30 USD").count(), 3, "{}", seen("seconds"));
        assert_eq!(seen("units").matches("0.30 USD").count(), 2, "{}", seen("units"));
    }

    #[rstest]
    #[case::both(json!({ "total": 0.3, "in": "USD", "of": "acme/text" }), RuleStatus::Holds)]
    #[case::another_currency(json!({ "total": 0.3, "in": "EUR", "of": "acme/text" }), RuleStatus::Unknown(Reason::NoClaim))]
    #[case::another_model(json!({ "total": 0.3, "in": "USD", "of": "acme/edit" }), RuleStatus::Unknown(Reason::NoClaim))]
    #[case::neither_said(json!({ "total": 0.3 }), RuleStatus::Unknown(Reason::NoClaim))]
    fn a_quote_of_something_else_is_not_compared(
        #[case] quote: serde_json::Value,
        #[case] wanted: RuleStatus,
    ) {
        let fixture = fixture().path("currency", "$.in").path("names", "$.of").reply("quote", 200, quote);
        assert_eq!(fixture.rule("prices-agree").status, wanted);
    }

    /// The owner's price is 0.05 USD for a second at 480p; the list gives prices by kind.
    fn with_list(listing: serde_json::Value) -> RuleFixture {
        let mut fixture = fixture()
            .path("entries", "$.data[*]")
            .path("entry-names", "$.id")
            .path("entry-prices", "$.skus")
            .path("rows", "$.rows[*]")
            .path("row-name", "$.at")
            .path("row-price", "$.price")
            .texts("skus", &["cents_{resolution} = us-cents a second", "{resolution} = usd a second"])
            .reply("listing", 200, listing);
        fixture.given.params.swap_remove("written-in");
        fixture
    }

    #[rstest]
    #[case::cents(json!({ "skus": { "cents_480p": "5" } }), RuleStatus::Holds)]
    #[case::dollars(json!({ "rows": [{ "at": "480p", "price": "0.05" }] }), RuleStatus::Holds)]
    #[case::taken_for_dollars(json!({ "skus": { "480p": "5" } }), RuleStatus::Refuted)]
    #[case::a_mark_up(json!({ "skus": { "cents_480p": "6" } }), RuleStatus::Refuted)]
    #[case::another_kind(json!({ "skus": { "duration_seconds_480p": "0.05" } }), RuleStatus::Unknown(Reason::NoClaim))]
    #[case::a_known_kind_beside_another(json!({ "skus": { "cents_480p": "5", "least_cents": "9" } }), RuleStatus::Unknown(Reason::NoClaim))]
    #[case::no_number(json!({ "skus": { "cents_480p": "NaN" } }), RuleStatus::Unknown(Reason::NoClaim))]
    fn a_list_by_kind_beside_the_owners_price(
        #[case] mut entry: serde_json::Value,
        #[case] wanted: RuleStatus,
    ) {
        entry["id"] = json!("acme/text");
        let outcome = with_list(json!({ "data": [{ "id": "other" }, entry] })).rule("prices-agree");
        assert_eq!(outcome.status, wanted, "{}", outcome.seen);
        let known = outcome.seen.contains("list of xai of ");
        assert_eq!(known, !matches!(wanted, RuleStatus::Unknown(_)), "{}", outcome.seen);
    }

    #[rstest]
    #[case::dollars(200, json!({ "in": "usd" }), RuleStatus::Holds)]
    #[case::others(200, json!({ "in": "eur" }), RuleStatus::Unknown(Reason::NoClaim))]
    #[case::not_said(200, json!({}), RuleStatus::Unknown(Reason::NoClaim))]
    #[case::not_told(403, json!({ "in": "usd" }), RuleStatus::Unknown(Reason::NoClaim))]
    fn a_quote_without_a_currency_is_in_that_of_the_account(
        #[case] status: u16,
        #[case] account: serde_json::Value,
        #[case] wanted: RuleStatus,
    ) {
        let fixture = fixture().path("account-currency", "$.in").reply("account", status, account);
        let outcome = fixture.reply("quote", 200, json!({ "total": 0.3 })).rule("prices-agree");
        assert_eq!(outcome.status, wanted, "{}", outcome.seen);
    }

    #[test]
    fn a_model_that_no_slug_knows_has_no_owners_price() {
        let mut fixture = fixture().reply("quote", 200, json!({ "total": 0.3 }));
        fixture.slugs.clear();
        let outcome = fixture.rule("prices-agree");
        assert_eq!(outcome.status, RuleStatus::Unknown(Reason::NoClaim));
        assert!(outcome.seen.starts_with("only one price is known"), "{}", outcome.seen);
    }
}
