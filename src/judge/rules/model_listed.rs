//! The key may use the model, under the name that the project writes.

use serde_json::Value;

use super::{Judge, Rule};
use crate::{
    judge::{given::given, ruling::Ruling, wording},
    model::{expect::Path, project::Shot, rule::RuleSpec},
};

given! {
    params {
        ids: &'a Path = "ids",
        aliases: &'a Path = "aliases",
        served: &'a Path = "served",
        served_aliases: &'a Path = "served-aliases",
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
                  is that very one.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Shot(|scene, shot| Given::with(scene, |given| judge(shot, &given))),
};

/// Below this likeness a name is no longer offered as what was meant.
const ALIKE: f64 = 0.8;

fn judge(shot: &Shot, given: &Given<'_>) -> Ruling {
    let asked = shot.model.as_str();
    let ids = given.listing.texts(given.ids);
    if ids.is_empty() {
        return Ruling::needs_reply(given.listing);
    }
    let shown = wording::clip(asked);
    let listed = ids.contains(&asked);
    let known_alias = given.listing.texts(given.aliases).contains(&asked);
    // Only the served model itself says which names are its own.
    let own_alias = given.model.texts(given.served_aliases).contains(&asked);
    match given.model.one(given.served).and_then(Value::as_str) {
        Some(served) if served == asked && listed => Ruling::holds(format!("`{shown}` is listed")),
        Some(served) if ids.contains(&served) && own_alias && !listed => {
            Ruling::holds(format!("`{shown}` is an alias of `{}`", wording::clip(served)))
        }
        // A retired name is gone from the list, but a successor answers to it, at its own price.
        Some(served) if served != asked && (listed || known_alias || ids.contains(&served)) => {
            Ruling::caution(format!("`{shown}` is served by `{}`", wording::clip(served)))
                .sides(format!("`{shown}`"), format!("`{}`", wording::clip(served)))
        }
        _ if !listed && !known_alias => not_listed(shot, &ids),
        _ => Ruling::needs_reply(given.model),
    }
}

fn not_listed(shot: &Shot, ids: &[&str]) -> Ruling {
    let asked = wording::clip(&shot.model);
    let nearest = ids
        .iter()
        .map(|id| (strsim::jaro_winkler(id, &shot.model), id))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, id)| format!(" (did you mean `{}`?)", wording::clip(id)))
        .unwrap_or_default();
    let listed = ids.iter().take(20).copied().collect::<Vec<_>>();
    Ruling::refuted(format!("asked `{asked}`, listed: {}", wording::names(&listed)))
        .sides(format!("one of {}", wording::names(&listed)), format!("`{asked}`"))
        .fix(format!("Set `model` of the shot to a listed one{nearest}."))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use crate::judge::{ruling::Standing, stage::Stage};

    fn stage(model: &str) -> Stage {
        let mut stage = Stage::new()
            .path("ids", "$.models[*].id")
            .path("aliases", "$.models[*].aliases[*]")
            .path("served", "$.id")
            .path("served-aliases", "$.aliases[*]");
        stage.shot().model = model.to_owned();
        let list =
            json!({"models": [{"id": "grok-imagine-video"}, {"id": "v-1.5", "aliases": ["v-1.5-preview"]}]});
        stage.reply("listing", 200, list)
    }

    #[rstest]
    #[case("v-1.5", json!({"id": "v-1.5"}), Standing::Holds, "listed")]
    #[case("v-1.5-preview", json!({"id": "v-1.5", "aliases": ["v-1.5-preview"]}), Standing::Holds, "alias of `v-1.5`")]
    #[case("v-1.5-2026", json!({"id": "v-1.5", "aliases": ["v-1.5-2026"]}), Standing::Holds, "alias of `v-1.5`")]
    #[case("v-1.5", json!({"id": "v-2"}), Standing::Caution, "served by `v-2`")]
    #[case("v-1.0", json!({"id": "v-1.5"}), Standing::Caution, "served by `v-1.5`")]
    #[case("v-1.5", json!({"name": "v-1.5"}), Standing::NeedsReply("model"), "")]
    #[case("v-1.5", json!({"id": ["v-1.5"]}), Standing::NeedsReply("model"), "")]
    #[case("v-1.5", json!({"id": null}), Standing::NeedsReply("model"), "")]
    #[case("v-1.5", json!({"id": "V-1.5"}), Standing::Caution, "served by `V-1.5`")]
    #[case("v-1.5", json!({"id": "v-2", "aliases": ["v-1.5"]}), Standing::Caution, "served by `v-2`")]
    #[case("v-1.5-preview", json!({"id": "grok-imagine-video"}), Standing::Caution, "served by `grok-imagine-video`")]
    #[case("v-1.5-preview", json!({"id": "v-9", "aliases": ["v-1.5-preview"]}), Standing::Caution, "served by `v-9`")]
    #[case("v-1.5-preview", json!({"aliases": ["v-1.5-preview"]}), Standing::NeedsReply("model"), "")]
    #[case("v-7", json!({"id": "v-7"}), Standing::Refuted, "asked `v-7`")]
    #[case("v-7", json!({"id": "v-8", "aliases": ["v-7"]}), Standing::Refuted, "asked `v-7`")]
    fn table(
        #[case] model: &str,
        #[case] single: serde_json::Value,
        #[case] wanted: Standing,
        #[case] says: &str,
    ) {
        let ruling = stage(model).reply("model", 200, single).rule("model-listed");
        assert_eq!(ruling.standing, wanted);
        assert!(ruling.seen.contains(says), "{}", ruling.seen);
    }

    #[test]
    fn a_model_that_is_not_listed_fails_with_the_listed_ones_and_the_nearest() {
        let ruling = stage("grok-imagine-vdeo").reply("model", 404, json!({})).rule("model-listed");
        assert_eq!(ruling.standing, Standing::Refuted);
        assert!(ruling.seen.contains("`grok-imagine-video`, `v-1.5`"));
        assert!(ruling.fix.unwrap().contains("did you mean `grok-imagine-video`"));
    }

    #[rstest]
    #[case(403, json!({"models": [{"id": "v-1.5"}]}))]
    #[case(200, json!({"models": []}))]
    fn without_a_list_nothing_is_known(#[case] status: u16, #[case] list: serde_json::Value) {
        let stage = stage("v-1.5").reply("listing", status, list).reply("model", 200, json!({"id": "v-1.5"}));
        assert_eq!(stage.rule("model-listed").standing, Standing::NeedsReply("listing"));
    }
}
