//! What a provider says about a model in several places is consistent.

use super::{Judge, Rule};
use crate::{
    judge::{
        given::{Looked, given},
        rule_context::RuleContext,
        rule_outcome::RuleOutcome,
        wording,
    },
    model::{expect::Path, project::Shot, rule::RuleSpec, verdict::Reason},
};

given! {
    params {
        listed: Option<&'a Path> = "listed",
        named: Option<&'a Path> = "named",
        quoted: Option<&'a Path> = "quoted",
    }
    perhaps {
        listing = "listing",
        single = "single",
        schema = "schema",
        quote = "quote",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "one-story",
        decides: "All replies about the shot's model agree that it is there: `listing` names it at `listed`, `single` \
                  and `schema` are found, `single` names no other at `named`, and `quote` is a price and names no \
                  other at `quoted`. If one says yes and another no, both sides are shown. If one says nothing, or \
                  none says yes, it is unknown.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Name(|context, shot| Given::with(context, |given| judge(context, shot, &given))),
};

/// What one reply says about the model.
enum Voice {
    /// It is there.
    Yes(String),
    /// It is not, or is another one.
    No(String),
    /// It says nothing.
    Silent(&'static str),
}

fn judge(context: &RuleContext<'_>, shot: &Shot, given: &Given<'_>) -> RuleOutcome {
    let slug = context.slug(shot);
    let is_it = |name: &str| name == shot.model || slug.is_some_and(|slug| slug.is_called(name));
    let ask = |looked: Option<Looked<'_>>, what, path, lists| {
        looked.map(|one| voice(one, what, (path, lists), &is_it))
    };
    let voices = [
        ask(given.listing, "the listing", given.listed, true),
        ask(given.single, "its own page", given.named, false),
        ask(given.schema, "the schema", None, false),
        ask(given.quote, "the quote", given.quoted, false),
    ];
    let (mut yes, mut no, mut silent) = (Vec::new(), Vec::new(), None);
    for voice in voices.into_iter().flatten() {
        match voice {
            Voice::Yes(says) => yes.push(says),
            Voice::No(says) => no.push(says),
            Voice::Silent(name) => silent = silent.or(Some(name)),
        }
    }
    let model = wording::clip(&shot.model);
    let (for_it, against) = (yes.join(", "), no.join(", "));
    match (yes.is_empty(), no.is_empty(), silent) {
        (false, false, _) => {
            RuleOutcome::refuted(format!("the replies about `{model}` disagree: {for_it}; but {against}"))
                .sides(for_it, against)
        }
        (_, _, Some(name)) => RuleOutcome::needs_reply(name),
        (false, true, None) => RuleOutcome::holds(format!("the replies about `{model}` agree: {for_it}")),
        (true, ..) => {
            let seen = if no.is_empty() { "nothing was asked".to_owned() } else { against };
            RuleOutcome::unknown(
                Reason::MissingValue,
                format!("no reply says that `{model}` is there: {seen}"),
            )
        }
    }
}

fn voice(
    looked: Looked<'_>,
    what: &str,
    (path, lists): (Option<&Path>, bool),
    is_it: &dyn Fn(&str) -> bool,
) -> Voice {
    if looked.is_gone() {
        return Voice::No(format!("{what} is not found (HTTP 404)"));
    }
    if looked.json().is_none() {
        return Voice::Silent(looked.name);
    }
    let Some(path) = path else { return Voice::Yes(format!("{what} is there")) };
    let names = looked.texts(path);
    match names.as_slice() {
        // A reply that names nothing at all has another format and says nothing about the model; an empty list says no.
        [] if !lists => Voice::Silent(looked.name),
        names if names.iter().any(|name| is_it(name)) => Voice::Yes(format!("{what} names it")),
        _ if lists && looked.goes_on() => Voice::Silent(looked.name),
        _ if lists => Voice::No(format!("{what} does not name it")),
        names => Voice::No(format!("{what} names {}", wording::names(names.get(..3).unwrap_or(names)))),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;
    use crate::judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus};

    fn fixture(listing: Value, single: (u16, Value), quote: Value) -> RuleFixture {
        let paths = [("listed", "$.data[*].id"), ("named", "$.id"), ("quoted", "$.model")];
        let fixture = paths.iter().fold(RuleFixture::new(), |fixture, (name, path)| fixture.path(name, path));
        let fixture = fixture.reply("listing", 200, listing).reply("single", single.0, single.1);
        fixture.reply("quote", 200, quote)
    }

    const UNCLEAR: RuleStatus = RuleStatus::NeedsReply("single");

    #[rstest]
    #[case::agreed("model", (200, json!({"id": "model"})), "model", RuleStatus::Holds, "the replies about `model` agree: the listing names it, its own page names it, the quote names it")]
    #[case::a_ghost("model", (404, json!({})), "model", RuleStatus::Refuted, "the listing names it, the quote names it; but its own page is not found (HTTP 404)")]
    #[case::unlisted("other", (200, json!({"id": "model"})), "model", RuleStatus::Refuted, "but the listing does not name it")]
    #[case::quoted_for_another("model", (200, json!({"id": "model"})), "other", RuleStatus::Refuted, "but the quote names `other`")]
    #[case::another("model", (200, json!({"id": "<b>x</b>"})), "model", RuleStatus::Refuted, "its own page names `<b>x</b>`")]
    #[case::down("model", (503, json!({})), "model", UNCLEAR, "")]
    #[case::an_error_inside("model", (200, json!({"error": "no", "id": "model"})), "model", UNCLEAR, "")]
    #[case::of_no_name("model", (200, json!({"name": "model"})), "model", UNCLEAR, "")]
    #[case::a_number("model", (200, json!({"id": 7})), "model", UNCLEAR, "")]
    #[case::a_ghost_while_another_is_silent("model", (404, json!({})), "", RuleStatus::Refuted, "disagree")]
    #[case::nowhere("other", (404, json!({})), "other", RuleStatus::Unknown(Reason::MissingValue), "no reply says that `model` is there")]
    fn table(
        #[case] listed: &str,
        #[case] single: (u16, Value),
        #[case] quoted: &str,
        #[case] wanted: RuleStatus,
        #[case] says: &str,
    ) {
        let quote = if quoted.is_empty() { json!({}) } else { json!({ "model": quoted }) };
        let outcome =
            fixture(json!({"data": [{"id": "a"}, {"id": listed}]}), single, quote).rule("one-story");
        assert_eq!(outcome.status, wanted, "{}", outcome.seen);
        assert!(outcome.seen.contains(says), "{}", outcome.seen);
        assert_eq!(outcome.sides.is_some(), wanted == RuleStatus::Refuted);
    }

    #[test]
    fn an_empty_list_says_no_and_a_long_one_is_bounded() {
        let page = || (200, json!({"id": "model"}));
        let empty = fixture(json!({"data": []}), page(), json!({"model": "model"})).rule("one-story");
        assert_eq!(empty.status, RuleStatus::Refuted);
        let many: Vec<Value> = (0..10_000).map(|n| json!({"id": format!("m-{n}")})).collect();
        let long = fixture(json!({ "data": many }), page(), json!({"model": "model"})).rule("one-story");
        assert!(long.status == RuleStatus::Refuted && long.seen.len() < 300, "{}", long.seen);
    }
}
