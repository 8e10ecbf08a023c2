//! Before the first clip it is decided when a clip counts as failed, and how often it is made again.

use std::time::Duration;

use super::{Judge, Rule};
use crate::{
    judge::{given::given, rule_context::RuleContext, rule_outcome::RuleOutcome},
    model::rule::RuleSpec,
};

given! {
    params {
        short: Duration = "short",
        retries: u64 = "retries",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "timeout-and-retries",
        decides: "A timeout is declared, and one that is no longer than `short` is a caution; a retry budget is \
                  declared and is at most `retries`.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Project(|context| Given::with(context, |given| judge(context, &given))),
};

fn judge(context: &RuleContext<'_>, given: &Given<'_>) -> RuleOutcome {
    let policy = context.project.failure;
    let short = given.short;
    let timeout = match policy.timeout {
        None => RuleOutcome::refuted("no `timeout` is declared").sides("`timeout`", "none"),
        Some(timeout) if timeout.is_zero() => RuleOutcome::refuted("the timeout is zero"),
        Some(timeout) if timeout <= short => {
            let (timeout, short) = (humantime::format_duration(timeout), humantime::format_duration(short));
            RuleOutcome::caution(format!("a timeout of {timeout}; {short} is known to be too short"))
        }
        Some(timeout) => RuleOutcome::holds(format!("timeout {}", humantime::format_duration(timeout))),
    };
    let most = given.retries;
    let retries = match policy.retries {
        None => RuleOutcome::refuted("no `retries` are declared").sides("`retries`", "none"),
        Some(retries) if u64::from(retries) > most => RuleOutcome::refuted(format!("{retries} retries"))
            .sides(format!("at most {most}"), retries.to_string()),
        Some(retries) => RuleOutcome::holds(format!("retries {retries}")),
    };
    let refuted = RuleOutcome::refuted("nothing is declared");
    RuleOutcome::worst(vec![timeout, retries]).unwrap_or(refuted)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rstest::rstest;

    use crate::{
        judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus},
        model::project::FailurePolicy,
    };

    #[rstest]
    #[case(Some(600), Some(2), RuleStatus::Holds, "timeout 10m; retries 2")]
    #[case(Some(241), Some(3), RuleStatus::Holds, "timeout 4m 1s; retries 3")]
    #[case(Some(240), Some(2), RuleStatus::Caution, "a timeout of 4m; 4m is known to be too short")]
    #[case(Some(0), Some(2), RuleStatus::Refuted, "the timeout is zero")]
    #[case(None, Some(2), RuleStatus::Refuted, "no `timeout` is declared")]
    #[case(Some(600), None, RuleStatus::Refuted, "no `retries` are declared")]
    #[case(Some(600), Some(4), RuleStatus::Refuted, "4 retries")]
    fn table(
        #[case] seconds: Option<u64>,
        #[case] retries: Option<u32>,
        #[case] wanted: RuleStatus,
        #[case] seen: &str,
    ) {
        let mut fixture = RuleFixture::new().duration("short", 240).number("retries", 3);
        fixture.project.failure = FailurePolicy { retries, timeout: seconds.map(Duration::from_secs) };
        let outcome = fixture.rule("timeout-and-retries");
        assert_eq!((outcome.status, outcome.seen.as_str(), outcome.fix), (wanted, seen, None));
    }
}
