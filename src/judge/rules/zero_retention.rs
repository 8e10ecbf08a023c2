//! A team whose clips are not kept must say where they are delivered.

use super::{Judge, Rule};
use crate::{
    judge::{
        ruling::{Ruling, Scene},
        wording,
    },
    model::rule::{ParamKind, ParamSpec, RuleSpec},
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "zero-retention",
        decides: "When the account's `status` reads `zero`, the project names an `upload-url`.",
        params: &[
            ParamSpec { name: "status", kind: ParamKind::Path },
            ParamSpec { name: "zero", kind: ParamKind::Text },
        ],
    },
    judge: Judge::Project(judge),
};

fn judge(scene: &Scene<'_>) -> Ruling {
    let [status] = scene.texts(0, "status")[..] else {
        return Ruling::needs_reply(0);
    };
    let seen = format!("retention `{}`", wording::clip(status));
    match (&scene.project.upload_url, status == scene.params.text("zero")) {
        (_, false) => Ruling::holds(seen),
        (Some(_), true) => Ruling::holds(format!("{seen}, and the project names an upload URL")),
        (None, true) => Ruling::refuted(format!("{seen}, but the project names no `upload-url`"))
            .sides("`upload-url`", "none"),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use crate::judge::{ruling::Standing, stage::Stage};

    #[rstest]
    #[case(json!({"zdr_status": "no_zdr"}), None, Standing::Holds)]
    #[case(json!({"zdr_status": "zdr"}), None, Standing::Refuted)]
    #[case(json!({"zdr_status": "zdr"}), Some("https://bucket.example/?sig=secret"), Standing::Holds)]
    #[case(json!({}), None, Standing::NeedsReply(0))]
    #[case(json!({"zdr_status": null}), Some("https://bucket.example/"), Standing::NeedsReply(0))]
    fn table(#[case] me: serde_json::Value, #[case] upload: Option<&str>, #[case] wanted: Standing) {
        let mut stage = Stage::new().path("status", "$.zdr_status").text("zero", "zdr").reply("me", 200, me);
        stage.project.upload_url = upload.map(str::to_owned);
        let ruling = stage.rule("zero-retention");
        assert_eq!(ruling.standing, wanted);
        assert!(!ruling.seen.contains("secret"));
    }
}
