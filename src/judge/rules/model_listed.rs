//! The key may use the model, under the name that the project uses.

use serde_json::Value;

use super::{Judge, Rule};
use crate::{
    judge::{
        given::given,
        rule_outcome::{RuleOutcome, RuleStatus},
        wording,
    },
    model::{expect::Path, nearest::nearest, project::Shot, rule::RuleSpec, verdict::Reason},
};

given! {
    params {
        ids: &'a Path = "ids",
        aliases: &'a Path = "aliases",
        served: &'a Path = "served",
        served_aliases: &'a Path = "served-aliases",
        entries: Option<&'a Path> = "entries",
        off: Option<&'a [String]> = "off",
        on: Option<&'a [String]> = "on",
        states: Option<&'a [String]> = "states",
    }
    probes {
        listing = "listing",
        model = "model",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "model-listed",
        decides: "The model is an id in the live `listing`, or an alias of one, and the `model` served under that name \
                  is the same one. Nothing speaks against it, in its one entry of `entries` or in the reply of the \
                  `model`: no field in `off` says more than no, no field in `on` says less than yes, and neither \
                  `status` nor `state` is one of `states`.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Name(|context, shot| Given::with(context, |given| judge(shot, &given))),
};

fn judge(shot: &Shot, given: &Given<'_>) -> RuleOutcome {
    let outcome = listed(shot, given);
    if outcome.status == RuleStatus::Refuted && given.listing.goes_on() {
        return RuleOutcome::needs_reply(given.listing.name);
    }
    let asked = shot.model.as_str();
    if !matches!(outcome.status, RuleStatus::Holds | RuleStatus::Caution) {
        return outcome;
    }
    let served = given.model.one(given.served).and_then(Value::as_str).unwrap_or(asked);
    let entries = given.entries.map(|path| given.listing.values(path)).unwrap_or_default();
    let named: Vec<&Value> =
        entries.into_iter().filter(|entry| entry.get("id").and_then(Value::as_str) == Some(served)).collect();
    let single = given.model.json();
    let against = match named.as_slice() {
        [_, _, ..] => Some("it is listed more than once".to_owned()),
        _ => named.into_iter().chain(single).find_map(|entry| against(entry, given)),
    };
    match against {
        Some(against) => RuleOutcome::unknown(
            Reason::UnclearReply,
            format!("{}, and {}", outcome.seen, wording::clip(&against)),
        )
        .fix("Take another model, or ask the owner whether this one still makes clips.".to_owned()),
        None => outcome,
    }
}

/// What an entry says against using its model.
fn against(entry: &Value, given: &Given<'_>) -> Option<String> {
    let fields = entry.as_object()?;
    let among = |words: Option<&[String]>, name: &str| {
        words.is_some_and(|words| words.iter().any(|word| word.eq_ignore_ascii_case(name)))
    };
    fields.iter().find_map(|(name, value)| {
        let off = among(given.off, name) && is_more_than_no(value);
        let on = among(given.on, name) && *value != Value::Bool(true);
        let word = value.as_str().filter(|_| matches!(name.as_str(), "status" | "state"));
        let state = word.is_some_and(|word| among(given.states, word));
        (off || on || state).then(|| format!("the reply says `{name}: {value}`"))
    })
}

fn is_more_than_no(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::String(text) => !text.trim().is_empty(),
        Value::Number(number) => number.as_f64() != Some(0.0),
    }
}

fn listed(shot: &Shot, given: &Given<'_>) -> RuleOutcome {
    let asked = shot.model.as_str();
    let ids = given.listing.texts(given.ids);
    if ids.is_empty() {
        return RuleOutcome::needs_reply(given.listing.name);
    }
    let shown = wording::clip(asked);
    let listed = ids.contains(&asked);
    let known_alias = given.listing.texts(given.aliases).contains(&asked);
    // Only the serving model itself says which names are its own.
    let own_alias = given.model.texts(given.served_aliases).contains(&asked);
    match given.model.one(given.served).and_then(Value::as_str) {
        Some(served) if served == asked && listed => RuleOutcome::holds(format!("`{shown}` is listed")),
        Some(served) if ids.contains(&served) && own_alias && !listed => {
            RuleOutcome::holds(format!("`{shown}` is an alias of `{}`", wording::clip(served)))
        }
        // A retired name is no longer listed, but a successor answers to it, at its own price.
        Some(served) if served != asked && ids.contains(&served) => {
            RuleOutcome::caution(format!("`{shown}` is served by `{}`", wording::clip(served)))
                .sides(format!("`{shown}`"), format!("`{}`", wording::clip(served)))
        }
        Some(served) if served != asked && (listed || known_alias) => {
            let served = wording::clip(served);
            RuleOutcome::refuted(format!("`{shown}` is served by `{served}`, which is not listed"))
                .sides(format!("`{shown}`"), format!("`{served}`"))
                .fix(format!("Name the model you mean, one of {}.", names(&ids)))
        }
        _ if !listed && !known_alias => not_listed(shot, &ids),
        _ => RuleOutcome::needs_reply(given.model.name),
    }
}

fn not_listed(shot: &Shot, ids: &[&str]) -> RuleOutcome {
    let asked = wording::clip(&shot.model);
    let near = nearest(&shot.model, ids.iter().copied())
        .map(|id| format!(" (did you mean `{}`?)", wording::clip(id)))
        .unwrap_or_default();
    let listed = names(ids);
    RuleOutcome::refuted(format!("asked `{asked}`, listed: {listed}"))
        .sides(format!("one of {listed}"), format!("`{asked}`"))
        .fix(format!("Set `model` of the shot to a listed one{near}."))
}

/// As many of the listed names as fit on a line.
fn names(ids: &[&str]) -> String {
    wording::names(&ids.iter().take(20).copied().collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use crate::{
        judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus},
        model::verdict::Reason,
    };

    fn fixture(model: &str) -> RuleFixture {
        let mut fixture = RuleFixture::new()
            .path("ids", "$.models[*].id")
            .path("aliases", "$.models[*].aliases[*]")
            .path("served", "$.id")
            .path("served-aliases", "$.aliases[*]");
        fixture.shot().model = model.to_owned();
        let list =
            json!({"models": [{"id": "grok-imagine-video"}, {"id": "v-1.5", "aliases": ["v-1.5-preview"]}]});
        fixture.reply("listing", 200, list)
    }

    #[rstest]
    #[case("v-1.5", json!({"id": "v-1.5"}), RuleStatus::Holds, "listed")]
    #[case("v-1.5-preview", json!({"id": "v-1.5", "aliases": ["v-1.5-preview"]}), RuleStatus::Holds, "alias of `v-1.5`")]
    #[case("v-1.5-2026", json!({"id": "v-1.5", "aliases": ["v-1.5-2026"]}), RuleStatus::Holds, "alias of `v-1.5`")]
    #[case("v-1.5", json!({"id": "v-2"}), RuleStatus::Refuted, "served by `v-2`, which is not listed")]
    #[case("v-1.0", json!({"id": "v-1.5"}), RuleStatus::Caution, "served by `v-1.5`")]
    #[case("v-1.5", json!({"name": "v-1.5"}), RuleStatus::NeedsReply("model"), "")]
    #[case("v-1.5", json!({"id": ["v-1.5"]}), RuleStatus::NeedsReply("model"), "")]
    #[case("v-1.5", json!({"id": null}), RuleStatus::NeedsReply("model"), "")]
    #[case("v-1.5", json!({"id": "V-1.5"}), RuleStatus::Refuted, "served by `V-1.5`, which is not listed")]
    #[case("v-1.5", json!({"id": "v-2", "aliases": ["v-1.5"]}), RuleStatus::Refuted, "served by `v-2`, which is not listed")]
    #[case("v-1.5-preview", json!({"id": "grok-imagine-video"}), RuleStatus::Caution, "served by `grok-imagine-video`")]
    #[case("v-1.5-preview", json!({"id": "v-9", "aliases": ["v-1.5-preview"]}), RuleStatus::Refuted, "served by `v-9`, which is not listed")]
    #[case("v-1.5-preview", json!({"aliases": ["v-1.5-preview"]}), RuleStatus::NeedsReply("model"), "")]
    #[case("v-7", json!({"id": "v-7"}), RuleStatus::Refuted, "asked `v-7`")]
    #[case("v-7", json!({"id": "v-8", "aliases": ["v-7"]}), RuleStatus::Refuted, "asked `v-7`")]
    fn table(
        #[case] model: &str,
        #[case] single: serde_json::Value,
        #[case] wanted: RuleStatus,
        #[case] says: &str,
    ) {
        let outcome = fixture(model).reply("model", 200, single).rule("model-listed");
        assert_eq!(outcome.status, wanted);
        assert!(outcome.seen.contains(says), "{}", outcome.seen);
    }

    #[rstest]
    #[case::nothing(json!({}), json!({}), None)]
    #[case::no(json!({"deprecated": false, "error": null}), json!({"available": true, "status": "live"}), None)]
    #[case::off(json!({"deprecated": true}), json!({}), Some("and the reply says `deprecated: true`"))]
    #[case::off_in_words(json!({"Deprecated": "yes"}), json!({}), Some("`Deprecated: \"yes\"`"))]
    #[case::an_error(json!({"error": {"code": 7}}), json!({}), Some("`error: {"))]
    #[case::no_errors(json!({"error": []}), json!({}), None)]
    #[case::errors(json!({"error": ["gone"]}), json!({}), Some("`error: ["))]
    #[case::off_elsewhere(json!({}), json!({"deprecated": 1}), Some("`deprecated: 1`"))]
    #[case::not_on(json!({"available": false}), json!({}), Some("`available: false`"))]
    #[case::on_is_no_word(json!({"available": "true"}), json!({}), Some("`available: \"true\"`"))]
    #[case::state(json!({}), json!({"state": "Offline"}), Some("`state: \"Offline\"`"))]
    fn signs_against_a_listed_model_are_not_ignored(
        #[case] entry: serde_json::Value,
        #[case] single: serde_json::Value,
        #[case] says: Option<&str>,
    ) {
        let with = |mut value: serde_json::Value, id: &str| {
            value["id"] = json!(id);
            value
        };
        let outcome = fixture("v-1")
            .path("entries", "$.models[*]")
            .texts("off", &["deprecated", "error"])
            .texts("on", &["available"])
            .texts("states", &["offline"])
            .reply("listing", 200, json!({"models": [{"id": "v-0", "deprecated": true}, with(entry, "v-1")]}))
            .reply("model", 200, with(single, "v-1"))
            .rule("model-listed");
        match says {
            None => {
                assert_eq!((outcome.status, outcome.seen.as_str()), (RuleStatus::Holds, "`v-1` is listed"));
            }
            Some(says) => {
                assert_eq!(outcome.status, RuleStatus::Unknown(Reason::UnclearReply));
                assert!(outcome.seen.contains(says), "{}", outcome.seen);
                assert!(outcome.fix.unwrap().starts_with("Take another model"));
            }
        }
    }

    #[test]
    fn a_model_that_is_listed_twice_is_unclear() {
        let list = json!({"models": [{"id": "v-1"}, {"id": "v-1", "input_modalities": []}]});
        let outcome = fixture("v-1")
            .path("entries", "$.models[*]")
            .reply("listing", 200, list)
            .reply("model", 200, json!({"id": "v-1"}))
            .rule("model-listed");
        assert_eq!(outcome.status, RuleStatus::Unknown(Reason::UnclearReply));
        assert_eq!(outcome.seen, "`v-1` is listed, and it is listed more than once");
    }

    #[test]
    fn a_model_that_is_not_listed_fails_with_the_listed_ones_and_the_nearest() {
        let outcome = fixture("grok-imagine-vdeo").reply("model", 404, json!({})).rule("model-listed");
        assert_eq!(outcome.status, RuleStatus::Refuted);
        assert!(outcome.seen.contains("`grok-imagine-video`, `v-1.5`"));
        assert!(outcome.fix.unwrap().contains("did you mean `grok-imagine-video`"));
    }

    #[rstest]
    #[case(403, json!({"models": [{"id": "v-1.5"}]}))]
    #[case(200, json!({"models": []}))]
    fn without_a_list_nothing_is_known(#[case] status: u16, #[case] list: serde_json::Value) {
        let fixture =
            fixture("v-1.5").reply("listing", status, list).reply("model", 200, json!({"id": "v-1.5"}));
        assert_eq!(fixture.rule("model-listed").status, RuleStatus::NeedsReply("listing"));
    }
}
