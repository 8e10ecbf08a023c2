//! An account that shows what was bought and what was used has something left.

use super::{Judge, Rule};
use crate::{
    judge::{given::given, rule_outcome::RuleOutcome, wording},
    model::{
        amount::{self, Unit},
        expect::Path,
        money::Usd,
        rule::RuleSpec,
        verdict::Reason,
    },
};

given! {
    params {
        bought: &'a Path = "bought",
        used: &'a Path = "used",
        written_in: Unit = "written-in",
    }
    probes {
        account = "account",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "credits-left",
        decides: "More was `bought` than `used`: both are read from the reply of the `account`, `written-in` dollars \
                  or cents.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Project(|context| Given::with(context, |given| judge(&given))),
};

fn judge(given: &Given<'_>) -> RuleOutcome {
    let (Some(bought), Some(used)) = (given.account.one(given.bought), given.account.one(given.used)) else {
        return RuleOutcome::needs_reply(given.account.name);
    };
    let read = |value| {
        amount::read(value, given.written_in).map_err(|why| format!("`{}`: {why}", wording::shown(value)))
    };
    match (read(bought), read(used)) {
        (Ok(bought), Ok(used)) => compare(bought, used),
        (Err(seen), _) | (_, Err(seen)) => RuleOutcome::unknown(Reason::UnclearReply, seen),
    }
}

fn compare(bought: Usd, used: Usd) -> RuleOutcome {
    let left = bought.micros().checked_sub(used.micros()).filter(|left| *left > 0);
    match left.map(Usd::from_micros) {
        Some(left) => RuleOutcome::holds(format!("{left} left of {bought}")),
        None => RuleOutcome::refuted(format!("{used} used of {bought}"))
            .sides("more bought than used", format!("{used} used of {bought}")),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;
    use crate::judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus};

    const UNCLEAR: RuleStatus = RuleStatus::Unknown(Reason::UnclearReply);

    #[rstest]
    #[case::left(json!({ "bought": 100.5, "used": 25.75 }), RuleStatus::Holds, "74.75 USD left of 100.50 USD")]
    #[case::as_text(json!({ "bought": "1", "used": "0" }), RuleStatus::Holds, "1.00 USD left of 1.00 USD")]
    #[case::used_up(json!({ "bought": 5, "used": 5 }), RuleStatus::Refuted, "5.00 USD used of 5.00 USD")]
    #[case::overdrawn(json!({ "bought": 5, "used": 6.5 }), RuleStatus::Refuted, "6.50 USD used of 5.00 USD")]
    #[case::nothing_bought(json!({ "bought": 0, "used": 0 }), RuleStatus::Refuted, "0.00 USD used of 0.00 USD")]
    #[case::no_number(json!({ "bought": "NaN", "used": 0 }), UNCLEAR, "`NaN`: ")]
    #[case::negative(json!({ "bought": 5, "used": -1 }), UNCLEAR, "`-1`: ")]
    #[case::too_large(json!({ "bought": 5, "used": 1e300 }), UNCLEAR, "without an exponent")]
    #[case::one_alone(json!({ "bought": 5 }), RuleStatus::NeedsReply("account"), "")]
    #[case::an_error(json!({ "error": "no", "bought": 5, "used": 1 }), RuleStatus::NeedsReply("account"), "")]
    fn table(#[case] account: Value, #[case] wanted: RuleStatus, #[case] says: &str) {
        let outcome = RuleFixture::new()
            .path("bought", "$.bought")
            .path("used", "$.used")
            .word("written-in", "usd")
            .reply("account", 200, account)
            .rule("credits-left");
        assert_eq!(outcome.status, wanted, "{}", outcome.seen);
        assert!(outcome.seen.contains(says), "{}", outcome.seen);
    }
}
