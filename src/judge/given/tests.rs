//! What a rule is given by its check: all of it, or nothing is judged.

use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    judge::{
        rule_fixture::RuleFixture,
        rule_outcome::{RuleOutcome, RuleStatus},
    },
    model::expect::Path,
};

given! {
    params {
        named: &'a str = "named",
        at_most: Option<u64> = "at-most",
    }
    probes {
        me = "me",
    }
}

fn rule(given: &Given<'_>) -> RuleOutcome {
    RuleOutcome::holds(format!("{} {:?} {}", given.named, given.at_most, given.me.name))
}

#[test]
fn what_is_declared_is_what_is_read() {
    let [named, at_most] = Given::PARAMS else { panic!("{:?}", Given::PARAMS) };
    assert_eq!(
        [(named.name, named.optional), (at_most.name, at_most.optional)],
        [("named", false), ("at-most", true)]
    );
    let [me] = Given::PROBES else { panic!("{:?}", Given::PROBES) };
    assert_eq!((me.name, me.optional), ("me", false));
}

/// A list counts as its items, unless the path names the items already.
#[rstest]
#[case::a_list("$.a", &[json!("x"), json!("y")])]
#[case::its_items("$.a[*]", &[json!("x"), json!("y")])]
#[case::lists_of_lists("$.b[*]", &[json!(["x"]), json!("y")])]
#[case::one_value("$.c", &[json!("x")])]
fn the_values_at_a_path_are_those_of_its_list(#[case] path: &str, #[case] wanted: &[Value]) {
    let body = json!({ "a": ["x", "y"], "b": [["x"], "y"], "c": "x" });
    let fixture = RuleFixture::new().text("named", "x").reply("me", 200, body);
    let path = Path::parse(path).unwrap();
    fixture.judged(|context| {
        Given::with(context, |given| {
            let found: Vec<Value> = given.me.values(&path).into_iter().cloned().collect();
            assert_eq!(found, wanted);
            RuleOutcome::holds("")
        })
    });
}

#[test]
fn a_rule_runs_only_when_everything_is_given() {
    let judged = |fixture: &RuleFixture| fixture.judged(|context| Given::with(context, |given| rule(&given)));
    let bare = RuleFixture::new();
    let named = RuleFixture::new().text("named", "x");
    let wrong = RuleFixture::new().number("named", 1).reply("me", 200, json!({}));
    let whole = RuleFixture::new().text("named", "x").reply("me", 200, json!({}));
    for (fixture, lacks) in [(&bare, "named"), (&named, "me"), (&wrong, "named")] {
        let outcome = judged(fixture);
        assert!(matches!(outcome.status, RuleStatus::Unknown(_)), "{outcome:?}");
        assert_eq!(outcome.seen, format!("the check gives its rule no `{lacks}`"));
    }
    assert_eq!(judged(&whole).seen, "x None me");
    assert_eq!(judged(&whole.number("at-most", 2)).seen, "x Some(2) me");
}
