//! The prices of the same shots side by side: the provider's quote, its list, and the dated price of the model's owner.

use super::{Judge, Rule};
use crate::{
    judge::{
        estimate::Estimate,
        given::{Looked, given},
        length::Lengths,
        rule_context::RuleContext,
        rule_outcome::RuleOutcome,
        wording,
    },
    model::{
        amount::{self, Unit},
        expect::Path,
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
        written_in: Unit = "written-in",
    }
    perhaps {
        quote = "quote",
        prices = "prices",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "prices-agree",
        decides: "Of the prices of all shots, made once each, the highest is at most `percent` above the lowest: the provider's \
                  quote (`amount` of `quote`, for the shot's own model where `names` says for which and in USD where `currency` says so), its list (`second` of `prices` for each second, where its `unit` is one of \
                  `units`), and the dated price of the model behind the slug. Where fewer than two are known, so is not whether \
                  they agree.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Shots(|context| Given::with(context, |given| judge(context, given.percent))),
};

/// One price of all shots, and whose it is from when.
pub(super) struct Price {
    pub(super) whose: String,
    pub(super) sum: Usd,
}

/// Where in a reply a provider's price of one shot stands.
pub(super) struct AskedPrice<'a> {
    pub(super) quote: Looked<'a>,
    pub(super) amount: &'a Path,
    pub(super) currency: Option<&'a Path>,
    pub(super) names: Option<&'a Path>,
    pub(super) unit: Unit,
}

impl AskedPrice<'_> {
    /// The price, where it is in dollars and for the very model of the shot.
    pub(super) fn of(&self, shot: &Shot) -> Option<Usd> {
        let says = |path: Option<&Path>, fits: &dyn Fn(&str) -> bool| {
            path.is_none_or(|path| self.quote.one(path).and_then(|value| value.as_str()).is_some_and(fits))
        };
        let in_dollars = says(self.currency, &|word| word.eq_ignore_ascii_case("usd"));
        let of_model = says(self.names, &|word| word == shot.model);
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
        return RuleOutcome::unknown(Reason::NoClaim, format!("one price alone is known: {seen}"));
    }
    // In whole micro-dollars, and wide enough for any of them.
    let (least, most) = (i128::from(low.sum.micros()), i128::from(high.sum.micros()));
    if (most - least) * 100 > least * i128::from(percent) {
        return RuleOutcome::refuted(format!("more than {percent} % apart: {seen}"))
            .sides(shown(low), shown(high));
    }
    RuleOutcome::holds(seen)
}

/// The sum over all shots, where each of them has its part.
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
    let (quote, amount, unit) = (given.quote?, given.amount?, given.written_in);
    AskedPrice { quote, amount, currency: given.currency, names: given.names, unit }.of(shot)
}

fn listed(shot: &Shot, given: &Given<'_>) -> Option<Usd> {
    let (prices, unit, units) = (given.prices?, given.unit?, given.units?);
    let unit = prices.one(unit)?.as_str()?;
    if !units.iter().any(|known| known == unit) {
        return None;
    }
    read(prices, given.second?, given.written_in)?.checked_mul(shot.duration?)
}

fn read(looked: Looked<'_>, path: &Path, unit: Unit) -> Option<Usd> {
    amount::read(looked.one(path)?, unit).ok()
}

/// What the owner of the models asks, by the dated claims about those behind the slugs.
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
        model::{checklist::Slug, mode::Mode},
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

    #[test]
    fn a_model_that_no_slug_knows_has_no_owners_price() {
        let mut fixture = fixture().reply("quote", 200, json!({ "total": 0.3 }));
        fixture.slugs.clear();
        let outcome = fixture.rule("prices-agree");
        assert_eq!(outcome.status, RuleStatus::Unknown(Reason::NoClaim));
        assert!(outcome.seen.starts_with("one price alone is known"), "{}", outcome.seen);
    }
}
