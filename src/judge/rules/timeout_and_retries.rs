//! Before the first clip it is decided when one has failed, and how often it is made again.

use std::time::Duration;

use super::{Judge, Rule};
use crate::{
    judge::{
        given::given,
        ruling::{Ruling, Scene},
    },
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
    judge: Judge::Project(|scene| Given::with(scene, |given| judge(scene, &given))),
};

fn judge(scene: &Scene<'_>, given: &Given<'_>) -> Ruling {
    let policy = scene.project.failure;
    let short = given.short;
    let timeout = match policy.timeout {
        None => Ruling::refuted("no `timeout` is declared").sides("`timeout`", "none"),
        Some(timeout) if timeout.is_zero() => Ruling::refuted("the timeout is nought"),
        Some(timeout) if timeout <= short => {
            let (timeout, short) = (humantime::format_duration(timeout), humantime::format_duration(short));
            Ruling::caution(format!("a timeout of {timeout}; {short} is known to be too short"))
        }
        Some(timeout) => Ruling::holds(format!("timeout {}", humantime::format_duration(timeout))),
    };
    let most = given.retries;
    let retries = match policy.retries {
        None => Ruling::refuted("no `retries` are declared").sides("`retries`", "none"),
        Some(retries) if u64::from(retries) > most => Ruling::refuted(format!("{retries} retries"))
            .sides(format!("at most {most}"), retries.to_string()),
        Some(retries) => Ruling::holds(format!("retries {retries}")),
    };
    let refuted = Ruling::refuted("nothing is declared");
    Ruling::worst(vec![timeout, retries]).unwrap_or(refuted)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rstest::rstest;

    use crate::{
        judge::{ruling::Standing, stage::Stage},
        model::project::FailurePolicy,
    };

    #[rstest]
    #[case(Some(600), Some(2), Standing::Holds, "timeout 10m; retries 2")]
    #[case(Some(241), Some(3), Standing::Holds, "timeout 4m 1s; retries 3")]
    #[case(Some(240), Some(2), Standing::Caution, "a timeout of 4m; 4m is known to be too short")]
    #[case(Some(0), Some(2), Standing::Refuted, "the timeout is nought")]
    #[case(None, Some(2), Standing::Refuted, "no `timeout` is declared")]
    #[case(Some(600), None, Standing::Refuted, "no `retries` are declared")]
    #[case(Some(600), Some(4), Standing::Refuted, "4 retries")]
    fn table(
        #[case] seconds: Option<u64>,
        #[case] retries: Option<u32>,
        #[case] wanted: Standing,
        #[case] seen: &str,
    ) {
        let mut stage = Stage::new().duration("short", 240).number("retries", 3);
        stage.project.failure = FailurePolicy { retries, timeout: seconds.map(Duration::from_secs) };
        let ruling = stage.rule("timeout-and-retries");
        assert_eq!((ruling.standing, ruling.seen.as_str(), ruling.fix), (wanted, seen, None));
    }
}
