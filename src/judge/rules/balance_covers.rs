//! The prepaid balance covers the estimate.

use serde_json::Value;

use super::{Judge, Rule, estimate_within_budget};
use crate::{
    judge::{
        given::{Argument, given},
        rule_context::RuleContext,
        rule_outcome::{RuleOutcome, RuleStatus},
    },
    model::{
        expect::Path,
        money::Usd,
        rule::{Param, ParamKind, RuleSpec},
    },
};

given! {
    params {
        total: &'a Path = "total",
        reads: Reads = "reads",
    }
    probes {
        balance = "balance",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "balance-covers",
        decides: "The credit at `total` of `balance` covers the worst case; `reads` says how the number is written: `cents-owed` is \
                  whole US cents, negative for credit that is left.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Project(|context| Given::with(context, |given| judge(context, &given))),
};

/// How the balance is written.
enum Reads {
    /// Whole US cents, negative for credit that is left.
    CentsOwed,
}

impl<'a> Argument<'a> for Reads {
    const KIND: ParamKind = ParamKind::Word(&["cents-owed"]);

    fn of(param: Option<&'a Param>) -> Option<Self> {
        matches!(param?, Param::Word("cents-owed")).then_some(Self::CentsOwed)
    }
}

fn judge(context: &RuleContext<'_>, given: &Given<'_>) -> RuleOutcome {
    let Some(total) = given.balance.one(given.total) else {
        return RuleOutcome::needs_reply(given.balance.name);
    };
    let Reads::CentsOwed = given.reads;
    let owed = match total {
        Value::String(text) => text.parse::<i64>().ok(),
        Value::Number(number) => number.as_i64(),
        _ => None,
    };
    match owed.and_then(i64::checked_neg).and_then(Usd::from_cents) {
        Some(credit) => match estimate_within_budget::against(context, credit, "the prepaid balance") {
            // The balance was seen, so advice on how to see it would be misleading.
            short if short.status == RuleStatus::Refuted => {
                short.fix("Top up the balance, or lower `duration`, `resolution` or `retries`.")
            }
            other => other,
        },
        None => RuleOutcome::needs_reply(given.balance.name),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::{judge::rule_fixture::RuleFixture, model::mode::Mode};

    #[rstest]
    #[case(json!("-42"), RuleStatus::Holds, "0.42 of 0.42 USD (prices as of 2026-01-01)")]
    #[case(json!("-41"), RuleStatus::Refuted, "0.42 of 0.41 USD (prices as of 2026-01-01)")]
    #[case(json!("2317"), RuleStatus::Refuted, "0.42 of -23.17 USD (prices as of 2026-01-01)")]
    #[case(json!(-42), RuleStatus::Holds, "0.42 of 0.42 USD (prices as of 2026-01-01)")]
    #[case(json!("-9223372036854775808"), RuleStatus::NeedsReply("balance"), "")]
    #[case(json!("23.17"), RuleStatus::NeedsReply("balance"), "")]
    #[case(json!(null), RuleStatus::NeedsReply("balance"), "")]
    #[case(json!({}), RuleStatus::NeedsReply("balance"), "")]
    #[case(json!(["-42"]), RuleStatus::NeedsReply("balance"), "")]
    #[case(json!(""), RuleStatus::NeedsReply("balance"), "")]
    #[case(json!(-42.5), RuleStatus::NeedsReply("balance"), "")]
    #[case(json!(true), RuleStatus::NeedsReply("balance"), "")]
    fn forty_two_cents_are_needed(#[case] total: Value, #[case] wanted: RuleStatus, #[case] says: &str) {
        let mut fixture = RuleFixture::new()
            .path("total", "$.total.val")
            .word("reads", "cents-owed")
            .price(&[Mode::TextToVideo], "720p", 70_000)
            .reply("balance", 200, json!({"total": {"val": total}}));
        fixture.project.failure.retries = Some(0);
        fixture.shot().duration = Some(6);
        fixture.shot().resolution = Some("720p".into());
        let outcome = fixture.rule("balance-covers");
        assert_eq!((outcome.status, outcome.seen.as_str()), (wanted, says));
        let top_up = "Top up the balance, or lower `duration`, `resolution` or `retries`.";
        assert_eq!(outcome.fix.as_deref(), (wanted == RuleStatus::Refuted).then_some(top_up));
    }

    #[test]
    fn a_balance_is_not_to_be_topped_up_for_a_price_that_nobody_knows() {
        let fixture = RuleFixture::new().path("total", "$.val").word("reads", "cents-owed");
        let outcome = fixture.reply("balance", 200, json!({"val": "-42"})).rule("balance-covers");
        assert!(matches!(outcome.status, RuleStatus::Unknown(_)), "{outcome:?}");
        assert!(outcome.fix.is_none_or(|fix| !fix.starts_with("Top up")));
    }
}
