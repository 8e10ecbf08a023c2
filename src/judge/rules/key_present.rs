//! The key is present and looks like one of its owner's.

use super::{Judge, Rule};
use crate::{
    judge::{
        given::{KeyVariable, given},
        rule_context::RuleContext,
        rule_outcome::RuleOutcome,
        wording,
    },
    model::{observation::KeyFact, rule::RuleSpec, verdict::Reason},
};

given! {
    params {
        env: KeyVariable<'a> = "env",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "key-present",
        decides: "The environment variable `env` holds a key that is not clearly another owner's.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Project(|context| Given::with(context, |given| judge(context, &given))),
};

fn judge(context: &RuleContext<'_>, given: &Given<'_>) -> RuleOutcome {
    let KeyVariable(env) = given.env;
    match context.observations.keys.get(env) {
        Some(KeyFact::Present) => RuleOutcome::holds(format!("`{env}` is set")),
        Some(KeyFact::Odd(why)) => {
            let why = why.strip_prefix("it ").unwrap_or(why);
            RuleOutcome::caution(format!("`{env}` is set, but {}", wording::clip(why)))
        }
        Some(KeyFact::Rehearsal) => RuleOutcome::holds("the rehearsal's own key"),
        Some(KeyFact::Missing) => RuleOutcome::refuted(format!("`{env}` is not set")),
        Some(KeyFact::Wrong(why)) => RuleOutcome::refuted(wording::key(env, why)),
        None => RuleOutcome::unknown(Reason::NotMade, format!("not looked at: `{env}`")),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus};

    #[rstest]
    #[case(Some(KeyFact::Present), RuleStatus::Holds, "`XAI_API_KEY` is set")]
    #[case(Some(KeyFact::Odd("it does not look like an Acme key: such keys begin with `acme-`".into())), RuleStatus::Caution, "`XAI_API_KEY` is set, but does not look like an Acme key: such keys begin with `acme-`")]
    #[case(Some(KeyFact::Rehearsal), RuleStatus::Holds, "the rehearsal's own key")]
    #[case(Some(KeyFact::Missing), RuleStatus::Refuted, "`XAI_API_KEY` is not set")]
    #[case(Some(KeyFact::Wrong("a Groq key".into())), RuleStatus::Refuted, "`XAI_API_KEY`: a Groq key")]
    #[case(None, RuleStatus::Unknown(Reason::NotMade), "not looked at: `XAI_API_KEY`")]
    fn table(#[case] fact: Option<KeyFact>, #[case] status: RuleStatus, #[case] seen: &str) {
        let mut fixture = RuleFixture::new().key("env", "XAI_API_KEY");
        fixture.observations.keys.extend(fact.map(|fact| ("XAI_API_KEY".to_owned(), fact)));
        let outcome = fixture.rule("key-present");
        assert_eq!((outcome.status, outcome.seen.as_str(), outcome.fix), (status, seen, None));
    }
}
