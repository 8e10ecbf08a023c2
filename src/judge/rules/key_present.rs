//! The key is there and looks like one of its owner's.

use super::{Judge, Rule};
use crate::{
    judge::{
        given::{KeyVariable, given},
        ruling::{Ruling, Scene},
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
        decides: "The environment variable `env` holds a key that is not certainly somebody else's.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Project(|scene| Given::with(scene, |given| judge(scene, &given))),
};

fn judge(scene: &Scene<'_>, given: &Given<'_>) -> Ruling {
    let KeyVariable(env) = given.env;
    match scene.observations.keys.get(env) {
        Some(KeyFact::Present) => Ruling::holds(format!("`{env}` is set")),
        Some(KeyFact::Odd(why)) => {
            let why = why.strip_prefix("it ").unwrap_or(why);
            Ruling::caution(format!("`{env}` is set, but {}", wording::clip(why)))
        }
        Some(KeyFact::Rehearsal) => Ruling::holds("the rehearsal's own key"),
        Some(KeyFact::Missing) => Ruling::refuted(format!("`{env}` is not set")),
        Some(KeyFact::Wrong(why)) => Ruling::refuted(wording::key(env, why)),
        None => Ruling::unknown(Reason::NotMade, format!("nobody looked at `{env}`")),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::judge::{ruling::Standing, stage::Stage};

    #[rstest]
    #[case(Some(KeyFact::Present), Standing::Holds, "`XAI_API_KEY` is set")]
    #[case(Some(KeyFact::Odd("it does not look like an Acme key: one begins with `acme-`".into())), Standing::Caution, "`XAI_API_KEY` is set, but does not look like an Acme key: one begins with `acme-`")]
    #[case(Some(KeyFact::Rehearsal), Standing::Holds, "the rehearsal's own key")]
    #[case(Some(KeyFact::Missing), Standing::Refuted, "`XAI_API_KEY` is not set")]
    #[case(Some(KeyFact::Wrong("a Groq key".into())), Standing::Refuted, "`XAI_API_KEY`: a Groq key")]
    #[case(None, Standing::Unknown(Reason::NotMade), "nobody looked at `XAI_API_KEY`")]
    fn table(#[case] fact: Option<KeyFact>, #[case] standing: Standing, #[case] seen: &str) {
        let mut stage = Stage::new().key("env", "XAI_API_KEY");
        stage.observations.keys.extend(fact.map(|fact| ("XAI_API_KEY".to_owned(), fact)));
        let ruling = stage.rule("key-present");
        assert_eq!((ruling.standing, ruling.seen.as_str(), ruling.fix), (standing, seen, None));
    }
}
