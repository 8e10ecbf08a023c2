//! The prices of the same shots side by side: the provider's quote, its list, and the dated price of the model's owner.

use super::{Judge, Rule};
use crate::{
    judge::{
        estimate::Estimate,
        given::{Looked, given},
        length::Lengths,
        ruling::{Ruling, Scene},
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
    judge: Judge::Shots(|scene| Given::with(scene, |given| judge(scene, given.percent))),
};

/// One price of all shots, and whose it is from when.
struct Price {
    whose: String,
    sum: Usd,
}

fn judge(scene: &Scene<'_>, percent: u64) -> Ruling {
    let (provider, today) = (wording::clip(&scene.project.provider), scene.today());
    let told = |what: &str| format!("{what} of {provider} of {today}");
    let quote = sum(scene, quoted).map(|sum| Price { whose: told("quote"), sum });
    let list = sum(scene, listed).map(|sum| Price { whose: told("list"), sum });
    let prices: Vec<Price> = quote.into_iter().chain(list).chain(dated(scene)).collect();
    let shown = |price: &Price| format!("{}: {}", price.whose, price.sum);
    let seen = prices.iter().map(shown).collect::<Vec<_>>().join("; ");
    let (Some(low), Some(high)) = (prices.iter().min_by_key(|p| p.sum), prices.iter().max_by_key(|p| p.sum))
    else {
        return Ruling::unknown(Reason::NoClaim, "no price is known to compare");
    };
    if prices.len() < 2 {
        return Ruling::unknown(Reason::NoClaim, format!("one price alone is known: {seen}"));
    }
    // In whole micro-dollars, and wide enough for any of them.
    let (least, most) = (i128::from(low.sum.micros()), i128::from(high.sum.micros()));
    if (most - least) * 100 > least * i128::from(percent) {
        return Ruling::refuted(format!("more than {percent} % apart: {seen}"))
            .sides(shown(low), shown(high));
    }
    Ruling::holds(seen)
}

/// The sum over all shots, where each of them has its part.
fn sum(scene: &Scene<'_>, part: fn(&Shot, &Given<'_>) -> Option<Usd>) -> Option<Usd> {
    let mut sum = Usd::ZERO;
    for shot in &scene.project.shots {
        let mut found = None;
        Given::with(&scene.of_shot(shot), |given| {
            found = part(shot, &given);
            Ruling::holds("")
        });
        sum = sum.checked_add(found?)?;
    }
    (sum > Usd::ZERO).then_some(sum)
}

fn quoted(shot: &Shot, given: &Given<'_>) -> Option<Usd> {
    let quote = given.quote?;
    let says = |path: Option<&Path>, fits: &dyn Fn(&str) -> bool| {
        path.is_none_or(|path| quote.one(path).and_then(|value| value.as_str()).is_some_and(fits))
    };
    let in_dollars = says(given.currency, &|word| word.eq_ignore_ascii_case("usd"));
    let of_model = says(given.names, &|word| word == shot.model);
    if in_dollars && of_model { read(quote, given.amount?, given.written_in) } else { None }
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
fn dated(scene: &Scene<'_>) -> Option<Price> {
    let model = |shot: &Shot| Some(Shot { model: scene.slug(shot)?.model.clone(), ..shot.clone() });
    let shots = scene.project.shots.iter().map(model).collect::<Option<Vec<_>>>()?;
    let project = Project { shots, ..scene.project.clone() };
    let estimate = Estimate::of(Lengths { project: &project, probes: &[], ..scene.lengths() }).ok()?;
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
            ruling::Standing,
            stage::{self, Stage},
        },
        model::{checklist::Slug, mode::Mode},
    };

    /// The owner's price is 0.30 USD.
    fn stage() -> Stage {
        let mut stage =
            Stage::new().number("percent", 10).word("written-in", "usd").path("amount", "$.total");
        stage = stage.price(&[Mode::TextToVideo], "480p", 50_000);
        stage.slugs.push(Slug {
            id: "acme/text".to_owned(),
            aliases: vec![],
            model: "model".to_owned(),
            modes: vec![Mode::TextToVideo],
            source: stage::source("https://acme.example", "2026-11-01"),
        });
        stage.shot().duration = Some(6);
        stage.shot().resolution = Some("480p".to_owned());
        "acme/text".clone_into(&mut stage.shot().model);
        stage
    }

    #[rstest]
    #[case::alike(json!(0.3), Standing::Holds)]
    #[case::ten_percent(json!("0.33"), Standing::Holds)]
    #[case::a_hair_more(json!("0.330001"), Standing::Refuted)]
    #[case::cheaper(json!(0.27), Standing::Refuted)]
    #[case::no_number(json!("NaN"), Standing::Unknown(Reason::NoClaim))]
    #[case::for_nothing(json!(0), Standing::Unknown(Reason::NoClaim))]
    fn a_quote_beside_the_owners_price(#[case] total: serde_json::Value, #[case] wanted: Standing) {
        let ruling = stage().reply("quote", 200, json!({ "total": total })).rule("prices-agree");
        assert_eq!(ruling.standing, wanted, "{}", ruling.seen);
        assert!(ruling.seen.contains("dated price of"), "{}", ruling.seen);
        assert_eq!(ruling.sides.is_some(), wanted == Standing::Refuted);
    }

    #[test]
    fn three_prices_stand_side_by_side_each_with_its_owner_and_day() {
        let seen = |unit: &str| {
            let stage = stage().path("second", "$.price").path("unit", "$.unit").texts("units", &["seconds"]);
            let stage = stage.reply("quote", 200, json!({ "total": 0.3 }));
            stage.reply("prices", 200, json!({ "price": 0.05, "unit": unit })).rule("prices-agree").seen
        };
        assert!(seen("seconds").starts_with("quote of xai of "), "{}", seen("seconds"));
        assert_eq!(seen("seconds").matches("0.30 USD").count(), 3, "{}", seen("seconds"));
        assert_eq!(seen("units").matches("0.30 USD").count(), 2, "{}", seen("units"));
    }

    #[rstest]
    #[case::both(json!({ "total": 0.3, "in": "USD", "of": "acme/text" }), Standing::Holds)]
    #[case::another_currency(json!({ "total": 0.3, "in": "EUR", "of": "acme/text" }), Standing::Unknown(Reason::NoClaim))]
    #[case::another_model(json!({ "total": 0.3, "in": "USD", "of": "acme/edit" }), Standing::Unknown(Reason::NoClaim))]
    #[case::neither_said(json!({ "total": 0.3 }), Standing::Unknown(Reason::NoClaim))]
    fn a_quote_of_something_else_is_not_compared(#[case] quote: serde_json::Value, #[case] wanted: Standing) {
        let stage = stage().path("currency", "$.in").path("names", "$.of").reply("quote", 200, quote);
        assert_eq!(stage.rule("prices-agree").standing, wanted);
    }

    #[test]
    fn a_model_that_no_slug_knows_has_no_owners_price() {
        let mut stage = stage().reply("quote", 200, json!({ "total": 0.3 }));
        stage.slugs.clear();
        let ruling = stage.rule("prices-agree");
        assert_eq!(ruling.standing, Standing::Unknown(Reason::NoClaim));
        assert!(ruling.seen.starts_with("one price alone is known"), "{}", ruling.seen);
    }
}
