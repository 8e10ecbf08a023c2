//! The provider's own quote for every shot, compared with the budget including all retries.

use super::{Judge, Rule};
use crate::{
    judge::{
        given::{Argument, Looked, given},
        quote::{Quote, held},
        rule_context::RuleContext,
        rule_outcome::RuleOutcome,
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
        decides: "The quotes for all shots, with all the retries the project allows, add up to no more than the \
                  budget. A quote is the number at `amount` in the reply to `quote`, in dollars or cents as \
                  `written-in` says. It must be above zero, in USD if `currency` shows a currency, and for the shot's \
                  own model if `names` shows a model. If it depends on the `unit` in `prices`, that must be one of \
                  `units`. For modes that are not in `modes`, and for voices, it is incomplete. If the request leaves \
                  out what is in `lacks`, the price may be higher, so the check warns.",
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

fn judge(context: &RuleContext<'_>) -> RuleOutcome {
    let mut sum = Usd::ZERO;
    let mut lacks: &[String] = &[];
    for shot in &context.project.shots {
        let mut quoted = None;
        let outcome = Given::with(&context.of_shot(shot), |given| {
            lacks = given.lacks.unwrap_or_default();
            match of_shot(shot, &given) {
                Ok(amount) => {
                    quoted = Some(amount);
                    RuleOutcome::holds("")
                }
                Err(outcome) => *outcome,
            }
        });
        let Some(amount) = quoted else { return named(shot, outcome) };
        match sum.checked_add(amount) {
            Some(more) => sum = more,
            None => {
                return RuleOutcome::unknown(
                    Reason::MissingValue,
                    "the sum of the quotes is too large to count",
                );
            }
        }
    }
    against_budget(context, sum, lacks)
}

/// An outcome about one shot, prefixed with its name.
fn named(shot: &Shot, outcome: RuleOutcome) -> RuleOutcome {
    if outcome.seen.is_empty() {
        outcome
    } else {
        RuleOutcome { seen: format!("shot `{}`: {}", shot.id, outcome.seen), ..outcome }
    }
}

/// Compares the cost of all shots, made once each, with the budget. If the sum `lacks` something, it is only a minimum.
pub(super) fn against_budget(context: &RuleContext<'_>, sum: Usd, lacks: &[String]) -> RuleOutcome {
    match held(context.project, sum, Covers::Shots) {
        Quote::Within(seen) if lacks.is_empty() => RuleOutcome::holds(seen),
        Quote::Within(seen) => {
            let seen = format!("at least {seen}: the quote knows no {}", lacks.join(" and no "));
            RuleOutcome::caution(seen)
        }
        Quote::Over(seen, fix) => {
            let budget = context.project.budget.map_or_else(String::new, |budget| budget.to_string());
            RuleOutcome::refuted(seen.clone()).sides(format!("at most {budget}"), seen).fix(fix)
        }
        Quote::Unknown(reason, seen, fix) => RuleOutcome::unknown(reason, seen).fix(fix),
    }
}

/// What the provider charges for a shot, made once.
fn of_shot(shot: &Shot, given: &Given<'_>) -> Result<Usd, Box<RuleOutcome>> {
    if given.modes.is_some_and(|modes| !modes.contains(&shot.mode)) {
        let seen = format!("a quote for {} leaves out the input", shot.mode);
        return Err(RuleOutcome::unknown(Reason::MissingValue, seen).into());
    }
    if !shot.voices.is_empty() {
        return Err(RuleOutcome::unknown(Reason::MissingValue, "a quote leaves out what voices cost").into());
    }
    known_unit(given)?;
    if given.quote.json().is_none() {
        return Err(RuleOutcome::needs_reply(given.quote.name).into());
    }
    let unclear = |seen: String| Box::new(RuleOutcome::unknown(Reason::UnclearReply, seen));
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
        return Err(RuleOutcome::needs_reply(given.quote.name).into());
    };
    match amount::read(value, given.written_in) {
        Ok(amount) if amount == Usd::ZERO => Err(unclear("quoted for nothing".to_owned())),
        Ok(amount) => Ok(amount),
        Err(why) => Err(unclear(format!("quoted `{}`: {why}", wording::shown(value)))),
    }
}

/// Where the number of units is part of the request, the unit must be a known one.
fn known_unit(given: &Given<'_>) -> Result<(), Box<RuleOutcome>> {
    let (Some(path), Some(units), Some(prices)) = (given.unit, given.units, given.prices) else {
        return Ok(());
    };
    if prices.json().is_none() {
        return Err(RuleOutcome::needs_reply(prices.name).into());
    }
    let unit = text_at(prices, path)?;
    if units.iter().any(|known| known == unit) {
        return Ok(());
    }
    let seen = format!("priced per `{}`, an unknown unit", wording::clip(unit));
    let fix =
        "Look up the unit on the model's own page, and record what the provider asks for the whole job.";
    Err(RuleOutcome::unknown(Reason::UnclearReply, seen).fix(fix).into())
}

fn text_at<'a>(looked: Looked<'a>, path: &Path) -> Result<&'a str, Box<RuleOutcome>> {
    looked
        .one(path)
        .and_then(|value| value.as_str())
        .ok_or_else(|| RuleOutcome::needs_reply(looked.name).into())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;
    use crate::judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus};

    const UNCLEAR: RuleStatus = RuleStatus::Unknown(Reason::UnclearReply);

    fn fixture(quote: Value) -> RuleFixture {
        let mut fixture = RuleFixture::new()
            .path("amount", "$.total")
            .path("currency", "$.currency")
            .path("names", "$.model")
            .word("written-in", "usd")
            .reply("quote", 200, quote);
        fixture.project.budget = Some(Usd::from_micros(2_000_000));
        fixture.project.failure.retries = Some(1);
        fixture
    }

    fn quoted(total: &Value) -> Value {
        json!({ "total": total, "currency": "USD", "model": "model" })
    }

    #[rstest]
    #[case::fits(quoted(&json!(0.36)), RuleStatus::Holds, "2 x 0.36 USD = 0.72 USD of 2.00 USD")]
    #[case::text(quoted(&json!("1.00")), RuleStatus::Holds, "2 x 1.00 USD = 2.00 USD of 2.00 USD")]
    #[case::over(quoted(&json!(1.01)), RuleStatus::Refuted, "over the budget of 2.00 USD")]
    #[case::nothing(quoted(&json!(0)), UNCLEAR, "quoted for nothing")]
    #[case::no_number(quoted(&json!("NaN")), UNCLEAR, "quoted `NaN`")]
    #[case::negative(quoted(&json!(-1)), UNCLEAR, "is not negative")]
    #[case::in_words(quoted(&json!("cheap")), UNCLEAR, "quoted `cheap`")]
    #[case::nowhere(json!({ "currency": "USD", "model": "model" }), RuleStatus::NeedsReply("quote"), "")]
    #[case::another_currency(json!({ "total": 1, "currency": "EUR", "model": "model" }), UNCLEAR, "quoted in `EUR`")]
    #[case::no_currency(json!({ "total": 1, "model": "model" }), RuleStatus::NeedsReply("quote"), "")]
    #[case::another_model(json!({ "total": 1, "currency": "usd", "model": "m-2" }), UNCLEAR, "a quote for `m-2`")]
    fn a_quote_is_held_against_the_budget(
        #[case] quote: Value,
        #[case] wanted: RuleStatus,
        #[case] says: &str,
    ) {
        let outcome = fixture(quote).rule("quote-within-budget");
        assert_eq!(outcome.status, wanted, "{}", outcome.seen);
        assert!(outcome.seen.contains(says), "{}", outcome.seen);
    }

    #[rstest]
    #[case::whole(Mode::TextToVideo, RuleStatus::Holds, "0.72 USD of")]
    #[case::without_the_clip_that_goes_in(
        Mode::Extend,
        RuleStatus::Unknown(Reason::MissingValue),
        "shot `shot`: a quote for extend leaves out the input"
    )]
    fn a_quote_is_whole_for_some_modes(#[case] mode: Mode, #[case] wanted: RuleStatus, #[case] says: &str) {
        let mut fixture = fixture(quoted(&json!(0.36))).modes("modes", &[Mode::TextToVideo]);
        fixture.shot().mode = mode;
        let outcome = fixture.rule("quote-within-budget");
        assert_eq!(outcome.status, wanted, "{}", outcome.seen);
        assert!(outcome.seen.contains(says), "{}", outcome.seen);
    }

    #[test]
    fn every_shot_is_quoted_and_summed() {
        let mut fixture = fixture(quoted(&json!(0.6)));
        fixture.add_shot("second");
        let outcome = fixture.rule("quote-within-budget");
        assert_eq!(outcome.seen, "2 x 1.20 USD = 2.40 USD, over the budget of 2.00 USD");
        assert_eq!(outcome.sides.unwrap().0, "at most 2.00 USD");
    }

    #[rstest]
    #[case(json!({ "unit": "seconds" }), RuleStatus::Holds, "0.72 USD of")]
    #[case(json!({ "unit": "units" }), UNCLEAR, "shot `shot`: priced per `units`, an unknown unit")]
    #[case(json!({ "unit": 1 }), RuleStatus::NeedsReply("prices"), "")]
    fn a_quote_by_units_needs_a_known_unit(
        #[case] list: Value,
        #[case] wanted: RuleStatus,
        #[case] says: &str,
    ) {
        let fixture = fixture(quoted(&json!(0.36))).path("unit", "$.unit").texts("units", &["seconds"]);
        let outcome = fixture.reply("prices", 200, list).rule("quote-within-budget");
        assert_eq!(outcome.status, wanted, "{}", outcome.seen);
        assert!(outcome.seen.contains(says), "{}", outcome.seen);
    }

    #[test]
    fn an_incomplete_quote_is_a_lower_bound() {
        let lacking = |total: f64| {
            fixture(quoted(&json!(total))).texts("lacks", &["resolution"]).rule("quote-within-budget")
        };
        let outcome = lacking(0.36);
        assert_eq!(outcome.status, RuleStatus::Caution);
        assert_eq!(
            outcome.seen,
            "at least 2 x 0.36 USD = 0.72 USD of 2.00 USD: the quote knows no resolution"
        );
        assert_eq!(lacking(1.5).status, RuleStatus::Refuted);
    }

    #[test]
    fn a_refused_quote_does_not_count() {
        let fixture = fixture(json!({})).reply("quote", 401, json!({ "error": "no" }));
        assert_eq!(fixture.rule("quote-within-budget").status, RuleStatus::NeedsReply("quote"));
    }
}
