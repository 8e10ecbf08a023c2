//! The prepaid balance covers the estimate.

use serde_json::Value;

use super::{Judge, Rule, estimate_within_budget};
use crate::{
    judge::ruling::{Ruling, Scene, Standing},
    model::{
        money::Usd,
        rule::{ParamKind, ParamSpec, RuleSpec},
        verdict::Reason,
    },
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "balance-covers",
        decides: "The credit at `total` covers the worst case; `reads` says how the number is written: `cents-owed` is \
                  whole US cents, negative for credit that is left.",
        params: &[
            ParamSpec { name: "total", kind: ParamKind::Path },
            ParamSpec { name: "reads", kind: ParamKind::Text },
        ],
    },
    judge: Judge::Project(judge),
};

fn judge(scene: &Scene<'_>) -> Ruling {
    let [total] = scene.values(0, scene.params.path("total"))[..] else {
        return Ruling::needs_reply(0);
    };
    let reads = scene.params.text("reads");
    if reads != "cents-owed" {
        return Ruling::unknown(Reason::UnclearReply, format!("nobody knows how to read `{reads}`"));
    }
    let owed = match total {
        Value::String(text) => text.parse::<i64>().ok(),
        Value::Number(number) => number.as_i64(),
        _ => None,
    };
    match owed.and_then(i64::checked_neg).and_then(Usd::from_cents) {
        Some(credit) => match estimate_within_budget::against(scene, credit, "the prepaid balance") {
            // The balance was seen, so the advice on how to see it would mislead.
            short if short.standing == Standing::Refuted => {
                short.fix("Top up the balance, or lower `duration`, `resolution` or `retries`.")
            }
            other => other,
        },
        None => Ruling::needs_reply(0),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::{judge::stage::Stage, model::mode::Mode};

    #[rstest]
    #[case(json!("-42"), Standing::Holds)]
    #[case(json!("-41"), Standing::Refuted)]
    #[case(json!("2317"), Standing::Refuted)]
    #[case(json!(-42), Standing::Holds)]
    #[case(json!("-9223372036854775808"), Standing::NeedsReply(0))]
    #[case(json!("23.17"), Standing::NeedsReply(0))]
    #[case(json!(null), Standing::NeedsReply(0))]
    #[case(json!({}), Standing::NeedsReply(0))]
    fn forty_two_cents_are_needed(#[case] total: Value, #[case] wanted: Standing) {
        let mut stage = Stage::new()
            .path("total", "$.total.val")
            .text("reads", "cents-owed")
            .price(&[Mode::TextToVideo], "720p", 70_000)
            .reply("balance", 200, json!({"total": {"val": total}}));
        stage.project.failure.retries = Some(0);
        stage.shot().duration = Some(6);
        stage.shot().resolution = Some("720p".into());
        assert_eq!(stage.rule("balance-covers").standing, wanted);
    }
}
