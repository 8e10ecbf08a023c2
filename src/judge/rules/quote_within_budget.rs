//! The provider's own quote for every shot, held against the budget with all retries.

use super::{Judge, Rule};
use crate::{
    judge::{
        given::{Argument, Looked, given},
        quote::{Quote, held},
        ruling::{Ruling, Scene},
        wording,
    },
    model::{
        amount::{self, Unit},
        expect::Path,
        mode::Mode,
        money::Usd,
        project::Shot,
        question::Covers,
        rule::{Param, ParamKind, RuleSpec},
        verdict::Reason,
    },
};

given! {
    params {
        amount: &'a Path = "amount",
        written_in: Unit = "written-in",
        currency: Option<&'a Path> = "currency",
        names: Option<&'a Path> = "names",
        unit: Option<&'a Path> = "unit",
        units: Option<&'a [String]> = "units",
        modes: Option<&'a [Mode]> = "modes",
        lacks: Option<&'a [String]> = "lacks",
    }
    probes {
        quote = "quote",
    }
    perhaps {
        prices = "prices",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "quote-within-budget",
        decides: "The sum of the quotes for all shots, made again as often as the project allows, is within the budget. A quote is \
                  the number at `amount` of `quote`, `written-in` dollars or cents, more than nothing, in USD where \
                  `currency` says which, and for the shot's own model where `names` says for which. Where it was asked for by \
                  the `unit` of `prices`, that is one of `units`; for other modes than `modes` it is not whole. What \
                  the request `lacks` may make the price higher: then the sum is the least, and warns.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Shots(judge),
};

impl<'a> Argument<'a> for Unit {
    const KIND: ParamKind = ParamKind::Word(&Self::WORDS);

    fn of(param: Option<&'a Param>) -> Option<Self> {
        match param? {
            Param::Word(word) => Self::of(word),
            _ => None,
        }
    }
}

fn judge(scene: &Scene<'_>) -> Ruling {
    let mut sum = Usd::ZERO;
    let mut lacks: &[String] = &[];
    for shot in &scene.project.shots {
        let mut quoted = None;
        let ruling = Given::with(&scene.of_shot(shot), |given| {
            lacks = given.lacks.unwrap_or_default();
            match of_shot(shot, &given) {
                Ok(amount) => {
                    quoted = Some(amount);
                    Ruling::holds("")
                }
                Err(ruling) => *ruling,
            }
        });
        let Some(amount) = quoted else { return named(shot, ruling) };
        match sum.checked_add(amount) {
            Some(more) => sum = more,
            None => {
                return Ruling::unknown(Reason::MissingValue, "the sum of the quotes is too large to count");
            }
        }
    }
    against_budget(scene, sum, lacks)
}

/// A ruling about one shot, told with its name.
fn named(shot: &Shot, ruling: Ruling) -> Ruling {
    if ruling.seen.is_empty() {
        ruling
    } else {
        Ruling { seen: format!("shot `{}`: {}", shot.id, ruling.seen), ..ruling }
    }
}

/// Holds what all shots cost, made once each, against the budget. What a sum `lacks` makes it the least.
pub(super) fn against_budget(scene: &Scene<'_>, sum: Usd, lacks: &[String]) -> Ruling {
    match held(scene.project, sum, Covers::Shots) {
        Quote::Within(seen) if lacks.is_empty() => Ruling::holds(seen),
        Quote::Within(seen) => {
            let seen = format!("at least {seen}: the quote knows no {}", lacks.join(" and no "));
            Ruling::caution(seen)
        }
        Quote::Over(seen, fix) => {
            let budget = scene.project.budget.map_or_else(String::new, |budget| budget.to_string());
            Ruling::refuted(seen.clone()).sides(format!("at most {budget}"), seen).fix(fix)
        }
        Quote::Unknown(reason, seen, fix) => Ruling::unknown(reason, seen).fix(fix),
    }
}

/// What the provider asks for a shot, made once.
fn of_shot(shot: &Shot, given: &Given<'_>) -> Result<Usd, Box<Ruling>> {
    if given.modes.is_some_and(|modes| !modes.contains(&shot.mode)) {
        let seen = format!("a quote for {} leaves out what goes in", shot.mode);
        return Err(Ruling::unknown(Reason::MissingValue, seen).into());
    }
    known_unit(given)?;
    if given.quote.json().is_none() {
        return Err(Ruling::needs_reply(given.quote).into());
    }
    let unclear = |seen: String| Box::new(Ruling::unknown(Reason::UnclearReply, seen));
    if let Some(currency) = given.currency {
        let word = text_at(given.quote, currency)?;
        if !word.eq_ignore_ascii_case("usd") {
            return Err(unclear(format!("quoted in `{}`, which is not converted", wording::clip(word))));
        }
    }
    if let Some(names) = given.names {
        let word = text_at(given.quote, names)?;
        if word != shot.model {
            let (word, asked) = (wording::clip(word), wording::clip(&shot.model));
            return Err(unclear(format!("a quote for `{word}`, and `{asked}` was asked for")));
        }
    }
    let Some(value) = given.quote.one(given.amount) else {
        return Err(Ruling::needs_reply(given.quote).into());
    };
    match amount::read(value, given.written_in) {
        Ok(amount) if amount == Usd::ZERO => Err(unclear("quoted for nothing".to_owned())),
        Ok(amount) => Ok(amount),
        Err(why) => Err(unclear(format!("quoted `{}`: {why}", wording::shown(value)))),
    }
}

/// Where the number of units is part of what was asked, the unit must be one that is known.
fn known_unit(given: &Given<'_>) -> Result<(), Box<Ruling>> {
    let (Some(path), Some(units), Some(prices)) = (given.unit, given.units, given.prices) else {
        return Ok(());
    };
    if prices.json().is_none() {
        return Err(Ruling::needs_reply(prices).into());
    }
    let unit = text_at(prices, path)?;
    if units.iter().any(|known| known == unit) {
        return Ok(());
    }
    let seen = format!("priced per `{}`, a unit that is not known here", wording::clip(unit));
    let fix =
        "Read on the model's own page what the unit is, and record what the provider asks for the whole job.";
    Err(Ruling::unknown(Reason::UnclearReply, seen).fix(fix).into())
}

fn text_at<'a>(looked: Looked<'a>, path: &Path) -> Result<&'a str, Box<Ruling>> {
    looked.one(path).and_then(|value| value.as_str()).ok_or_else(|| Ruling::needs_reply(looked).into())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;
    use crate::judge::{ruling::Standing, stage::Stage};

    const UNCLEAR: Standing = Standing::Unknown(Reason::UnclearReply);

    fn stage(quote: Value) -> Stage {
        let mut stage = Stage::new()
            .path("amount", "$.total")
            .path("currency", "$.currency")
            .path("names", "$.model")
            .word("written-in", "usd")
            .reply("quote", 200, quote);
        stage.project.budget = Some(Usd::from_micros(2_000_000));
        stage.project.failure.retries = Some(1);
        stage
    }

    fn quoted(total: &Value) -> Value {
        json!({ "total": total, "currency": "USD", "model": "model" })
    }

    #[rstest]
    #[case::fits(quoted(&json!(0.36)), Standing::Holds, "2 x 0.36 USD = 0.72 USD of 2.00 USD")]
    #[case::text(quoted(&json!("1.00")), Standing::Holds, "2 x 1.00 USD = 2.00 USD of 2.00 USD")]
    #[case::over(quoted(&json!(1.01)), Standing::Refuted, "over the budget of 2.00 USD")]
    #[case::nothing(quoted(&json!(0)), UNCLEAR, "quoted for nothing")]
    #[case::no_number(quoted(&json!("NaN")), UNCLEAR, "quoted `NaN`")]
    #[case::negative(quoted(&json!(-1)), UNCLEAR, "is not negative")]
    #[case::in_words(quoted(&json!("cheap")), UNCLEAR, "quoted `cheap`")]
    #[case::nowhere(json!({ "currency": "USD", "model": "model" }), Standing::NeedsReply("quote"), "")]
    #[case::another_currency(json!({ "total": 1, "currency": "EUR", "model": "model" }), UNCLEAR, "quoted in `EUR`")]
    #[case::no_currency(json!({ "total": 1, "model": "model" }), Standing::NeedsReply("quote"), "")]
    #[case::another_model(json!({ "total": 1, "currency": "usd", "model": "m-2" }), UNCLEAR, "a quote for `m-2`")]
    fn a_quote_is_held_against_the_budget(
        #[case] quote: Value,
        #[case] wanted: Standing,
        #[case] says: &str,
    ) {
        let ruling = stage(quote).rule("quote-within-budget");
        assert_eq!(ruling.standing, wanted, "{}", ruling.seen);
        assert!(ruling.seen.contains(says), "{}", ruling.seen);
    }

    #[test]
    fn every_shot_is_quoted_and_summed() {
        let mut stage = stage(quoted(&json!(0.6)));
        stage.add_shot("second");
        let ruling = stage.rule("quote-within-budget");
        assert_eq!(ruling.seen, "2 x 1.20 USD = 2.40 USD, over the budget of 2.00 USD");
        assert_eq!(ruling.sides.unwrap().0, "at most 2.00 USD");
    }

    #[rstest]
    #[case(json!({ "unit": "seconds" }), Standing::Holds, "0.72 USD of")]
    #[case(json!({ "unit": "units" }), UNCLEAR, "shot `shot`: priced per `units`, a unit that is not known here")]
    #[case(json!({ "unit": 1 }), Standing::NeedsReply("prices"), "")]
    fn a_quote_by_units_needs_a_known_unit(
        #[case] list: Value,
        #[case] wanted: Standing,
        #[case] says: &str,
    ) {
        let stage = stage(quoted(&json!(0.36))).path("unit", "$.unit").texts("units", &["seconds"]);
        let ruling = stage.reply("prices", 200, list).rule("quote-within-budget");
        assert_eq!(ruling.standing, wanted, "{}", ruling.seen);
        assert!(ruling.seen.contains(says), "{}", ruling.seen);
    }

    #[test]
    fn what_the_quote_does_not_know_makes_it_the_least() {
        let lacking = |total: f64| {
            stage(quoted(&json!(total))).texts("lacks", &["resolution"]).rule("quote-within-budget")
        };
        let ruling = lacking(0.36);
        assert_eq!(ruling.standing, Standing::Caution);
        assert_eq!(
            ruling.seen,
            "at least 2 x 0.36 USD = 0.72 USD of 2.00 USD: the quote knows no resolution"
        );
        assert_eq!(lacking(1.5).standing, Standing::Refuted);
    }

    #[test]
    fn a_refused_quote_is_none() {
        let stage = stage(json!({})).reply("quote", 401, json!({ "error": "no" }));
        assert_eq!(stage.rule("quote-within-budget").standing, Standing::NeedsReply("quote"));
    }
}
