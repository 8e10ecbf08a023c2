//! A team whose clips are not kept must say where they are delivered.

use super::{Judge, Rule};
use crate::{
    judge::{
        given::given,
        ruling::{Ruling, Scene},
        wording,
    },
    model::{expect::Path, rule::RuleSpec},
};

given! {
    params {
        status: &'a Path = "status",
        zero: &'a str = "zero",
    }
    probes {
        account = "account",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "zero-retention",
        decides: "When the `status` of the `account` reads `zero`, the project names an `upload-url`.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Project(|scene| Given::with(scene, |given| judge(scene, &given))),
};

fn judge(scene: &Scene<'_>, given: &Given<'_>) -> Ruling {
    let [status] = given.account.texts(given.status)[..] else {
        return Ruling::needs_reply(given.account);
    };
    let seen = format!("retention `{}`", wording::clip(status));
    match (&scene.project.upload_url, status == given.zero) {
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
    #[case(json!({}), None, Standing::NeedsReply("account"))]
    #[case(json!({"zdr_status": null}), Some("https://bucket.example/"), Standing::NeedsReply("account"))]
    fn table(#[case] me: serde_json::Value, #[case] upload: Option<&str>, #[case] wanted: Standing) {
        let mut stage =
            Stage::new().path("status", "$.zdr_status").text("zero", "zdr").reply("account", 200, me);
        stage.project.upload_url = upload.map(str::to_owned);
        let ruling = stage.rule("zero-retention");
        assert_eq!(ruling.standing, wanted);
        assert!(!ruling.seen.contains("secret"));
    }
}
