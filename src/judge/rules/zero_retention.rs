//! A team whose clips are not kept must say where they are delivered.

use serde_json::Value;

use super::{Judge, Rule};
use crate::{
    judge::{
        given::given,
        ruling::{Ruling, Scene},
        wording,
    },
    model::{expect::Path, rule::RuleSpec, verdict::Reason},
};

given! {
    params {
        status: &'a Path = "status",
        zero: &'a [String] = "zero",
        kept: &'a [String] = "kept",
    }
    probes {
        account = "account",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "zero-retention",
        decides: "The `status` of the `account` is one of `kept`, or it is one of `zero` and the project names an \
                  `upload-url`; any other word is unknown.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Project(|scene| Given::with(scene, |given| judge(scene, &given))),
};

fn judge(scene: &Scene<'_>, given: &Given<'_>) -> Ruling {
    let Some(status) = given.account.one(given.status).and_then(Value::as_str) else {
        return Ruling::needs_reply(given.account);
    };
    let seen = format!("retention `{}`", wording::clip(status));
    let is = |words: &[String]| words.iter().any(|word| word == status);
    match (is(given.kept), is(given.zero), &scene.project.upload_url) {
        (true, false, _) => Ruling::holds(seen),
        (false, true, Some(_)) => Ruling::holds(format!("{seen}, and the project names an upload URL")),
        (false, true, None) => Ruling::refuted(format!("{seen}, but the project names no `upload-url`"))
            .sides("`upload-url`", "none"),
        (true, true, _) | (false, false, _) => {
            Ruling::unknown(Reason::UnclearReply, format!("{seen} is no word whose meaning is known"))
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::judge::{ruling::Standing, stage::Stage};

    const UPLOAD: Option<&str> = Some("https://bucket.example/?sig=secret");
    const STRANGE: Standing = Standing::Unknown(Reason::UnclearReply);
    const MISSING: Standing = Standing::NeedsReply("account");

    #[rstest]
    #[case(json!({"zdr_status": "no_zdr"}), None, Standing::Holds)]
    #[case(json!({"zdr_status": "no_zdr"}), UPLOAD, Standing::Holds)]
    #[case(json!({"zdr_status": "zdr"}), None, Standing::Refuted)]
    #[case(json!({"zdr_status": "zdr"}), UPLOAD, Standing::Holds)]
    #[case(json!({"zdr_status": "ZDR"}), None, STRANGE)]
    #[case(json!({"zdr_status": "No_ZDR"}), UPLOAD, STRANGE)]
    #[case(json!({"zdr_status": "zdr "}), None, STRANGE)]
    #[case(json!({"zdr_status": ""}), None, STRANGE)]
    #[case(json!({"zdr_status": "unknown"}), UPLOAD, STRANGE)]
    #[case(json!({"zdr_status": "pii_scrubbing"}), None, STRANGE)]
    #[case(json!({"zdr_status": true}), None, MISSING)]
    #[case(json!({"zdr_status": ["no_zdr"]}), None, MISSING)]
    #[case(json!({"zdr_status": {"is": "no_zdr"}}), None, MISSING)]
    #[case(json!({"zdr_status": null}), UPLOAD, MISSING)]
    #[case(json!({}), None, MISSING)]
    fn table(#[case] me: Value, #[case] upload: Option<&str>, #[case] wanted: Standing) {
        let mut stage = Stage::new()
            .path("status", "$.zdr_status")
            .texts("zero", &["zdr"])
            .texts("kept", &["no_zdr"])
            .reply("account", 200, me);
        stage.project.upload_url = upload.map(str::to_owned);
        let ruling = stage.rule("zero-retention");
        assert_eq!(ruling.standing, wanted);
        assert!(!ruling.seen.contains("secret"));
    }
}
