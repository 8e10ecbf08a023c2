//! What a recognised fault says, of which checks, and whether the same call may be tried again.

use rstest::rstest;
use serde_json::json;

use super::{
    engine::{key_check, only, unknown},
    *,
};
use crate::{
    judge::{
        faults,
        rule_fixture::{RuleFixture, reply},
    },
    model::{
        observation::{Body, Observation},
        verdict::{Reason, Verdict},
    },
};

#[test]
fn a_recognised_fault_speaks_with_its_own_words() {
    let fixture = RuleFixture::new().reply("key", 403, json!({}));
    let faults = vec![
        fault("other", vec![status(401.0)], Means::Fail, false),
        fault("no-credits", vec![status(403.0)], Means::Fail, false),
        fault("later", vec![status(403.0)], Means::Unknown, true),
    ];
    let finding = only(&fixture, key_check(), faults);
    assert_eq!(finding.verdict, Verdict::Fail);
    assert_eq!(finding.seen, "it is no-credits (HTTP 403)");
    assert_eq!(finding.fix.as_deref(), Some("the fault's fix"));
    assert_eq!(finding.fault.unwrap().as_str(), "no-credits");
    assert_eq!(&*finding.source.url, "https://fault.example");
}

#[rstest]
#[case(vec![], 200, Verdict::Pass)]
#[case(vec!["a.key"], 200, unknown(Reason::Fault))]
#[case(vec!["a.other"], 200, Verdict::Pass)]
#[case(vec!["a.other"], 500, Verdict::Fail)]
fn a_met_expectation_yields_only_to_a_fault_that_names_the_check(
    #[case] names: Vec<&str>,
    #[case] code: u16,
    #[case] wanted: Verdict,
) {
    let fixture = RuleFixture::new().reply("key", code, json!({"blocked": false}));
    let mut odd = fault("odd", vec![status(f64::from(code))], Means::Unknown, false);
    odd.checks = names.into_iter().map(check_id).collect();
    assert_eq!(only(&fixture, key_check(), vec![odd]).verdict, wanted);
}

/// One of the project's own could soften what is shipped for its reply.
#[rstest]
#[case::shipped_by_one_of_ones_own(true, None, Verdict::Fail)]
#[case::shipped_by_a_shipped_one(false, None, unknown(Reason::Fault))]
#[case::ones_own_by_one_of_ones_own(true, Some("own.toml"), unknown(Reason::Fault))]
fn a_fault_of_ones_own_speaks_of_no_shipped_check(
    #[case] own: bool,
    #[case] file: Option<&str>,
    #[case] wanted: Verdict,
) {
    let fixture = RuleFixture::new().reply("key", 403, json!({}));
    let soft = Fault { own, ..fault("soft", vec![status(403.0)], Means::Unknown, true) };
    let check = Check { file: file.map(Into::into), ..key_check() };
    assert_eq!(only(&fixture, check, vec![soft]).verdict, wanted);
}

#[rstest]
#[case(429, true)]
#[case(402, false)]
#[case(500, true)]
fn only_a_known_fault_forbids_another_try(#[case] code: u16, #[case] wanted: bool) {
    let faults = vec![
        fault("spent", vec![status(402.0)], Means::Fail, false),
        fault("busy", vec![status(429.0)], Means::Unknown, true),
    ];
    let seen = Observation::Reply(reply(code, Body::Empty));
    assert_eq!(faults::may_retry(&checklist(vec![], faults), &seen), wanted);
}
