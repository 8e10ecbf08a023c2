//! A team with zero retention must say where its clips are delivered.

use serde_json::Value;

use super::{Judge, Rule};
use crate::{
    judge::{given::given, rule_context::RuleContext, rule_outcome::RuleOutcome, wording},
    model::{
        expect::Path,
        media::{Input, Way},
        rule::RuleSpec,
        verdict::Reason,
    },
};

given! {
    params {
        status: &'a Path = "status",
        zero: &'a [String] = "zero",
        kept: &'a [String] = "kept",
        team: &'a Path = "team",
        header: &'a str = "header",
    }
    probes {
        account = "account",
        key = "key",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "zero-retention",
        decides: "The `status` of the `account` is one of `kept`, or it is one of `zero`, the project names an \
                  `upload-url` and sends no file by `upload`, which would have to be kept; any other word is unknown. \
                  The `account` is of the same `team` as the `key`, and its `header` does not contradict it.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Project(|context| Given::with(context, |given| judge(context, &given))),
};

fn judge(context: &RuleContext<'_>, given: &Given<'_>) -> RuleOutcome {
    let Some(status) = given.account.one(given.status).and_then(Value::as_str) else {
        return RuleOutcome::needs_reply(given.account.name);
    };
    let seen = format!("retention `{}`", wording::clip(status));
    if let (Some(account), Some(key)) = (given.account.one(given.team), given.key.one(given.team))
        && account != key
    {
        let seen = format!("{seen} of another team than the key's");
        return RuleOutcome::unknown(Reason::UnclearReply, seen)
            .sides(wording::clip(&key.to_string()), wording::clip(&account.to_string()))
            .fix("Run it again; if this persists, ask xAI why the two replies differ.".to_owned());
    }
    if let Some(header) = contradicted(given, status) {
        let seen = format!("{seen}, and the header `{}` says `{}`", given.header, wording::clip(header));
        return RuleOutcome::unknown(Reason::UnclearReply, seen).fix(
            "Run it again; if this persists, ask xAI whether the clips of this team are kept.".to_owned(),
        );
    }
    let is = |words: &[String]| words.iter().any(|word| word == status);
    let uploading =
        context.project.shots.iter().find(|shot| shot.inputs.iter().any(|(_, input)| uploaded(input)));
    let delivered = context.project.upload_url.is_some();
    if let (false, true, true, Some(shot)) = (is(given.kept), is(given.zero), delivered, uploading) {
        return RuleOutcome::refuted(format!("{seen}, but shot `{}` sends a file by `upload`", shot.id))
            .sides("no upload", "`send = \"upload\"`")
            .fix(format!(
                "Drop `send = \"upload\"` in shot `{}`, or name an `https://` address of your own: without retention \
                 no uploaded file is kept.",
                shot.id
            ));
    }
    match (is(given.kept), is(given.zero), &context.project.upload_url) {
        (true, false, _) => RuleOutcome::holds(seen),
        (false, true, Some(_)) => RuleOutcome::holds(format!("{seen}, and the project names an upload URL")),
        (false, true, None) => RuleOutcome::refuted(format!("{seen}, but the project names no `upload-url`"))
            .sides("`upload-url`", "none"),
        (true, true, _) | (false, false, _) => {
            RuleOutcome::unknown(Reason::UnclearReply, format!("{seen} isn't a known value"))
        }
    }
}

/// What the header of the same reply says, if it differs from the status. `true` means zero retention.
fn contradicted<'a>(given: &Given<'a>, status: &str) -> Option<&'a str> {
    let header = given.account.header(given.header)?;
    let words = match header.trim().to_ascii_lowercase().as_str() {
        "true" => given.zero,
        "false" => given.kept,
        _ => return Some(header),
    };
    (!words.iter().any(|word| word == status)).then_some(header)
}

fn uploaded(input: &Input) -> bool {
    matches!(input, Input::File { way: Way::Upload, .. })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::{
        judge::{
            rule_fixture::{self, RuleFixture},
            rule_outcome::RuleStatus,
        },
        model::{
            media::Slot,
            observation::{Body, Observation},
        },
    };

    const UPLOAD: Option<&str> = Some("https://bucket.example/?sig=secret");
    const STRANGE: RuleStatus = RuleStatus::Unknown(Reason::UnclearReply);
    const MISSING: RuleStatus = RuleStatus::NeedsReply("account");

    #[rstest]
    #[case(json!({"zdr_status": "no_zdr"}), None, RuleStatus::Holds)]
    #[case(json!({"zdr_status": "no_zdr"}), UPLOAD, RuleStatus::Holds)]
    #[case(json!({"zdr_status": "zdr"}), None, RuleStatus::Refuted)]
    #[case(json!({"zdr_status": "zdr"}), UPLOAD, RuleStatus::Holds)]
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
    fn table(#[case] me: Value, #[case] upload: Option<&str>, #[case] wanted: RuleStatus) {
        let mut fixture = RuleFixture::new()
            .path("status", "$.zdr_status")
            .texts("zero", &["zdr"])
            .texts("kept", &["no_zdr"])
            .path("team", "$.team_id")
            .text("header", "x-zero-data-retention")
            .reply("key", 200, json!({"team_id": "t-1"}))
            .reply("account", 200, me);
        fixture.project.upload_url = upload.map(str::to_owned);
        let outcome = fixture.rule("zero-retention");
        assert_eq!(outcome.status, wanted);
        assert!(!outcome.seen.contains("secret"));
    }

    #[rstest]
    #[case(json!("t-1"), RuleStatus::Holds, "retention `no_zdr`")]
    #[case(json!("t-2"), STRANGE, "retention `no_zdr` of another team than the key's")]
    #[case(json!(["t-1"]), STRANGE, "retention `no_zdr` of another team than the key's")]
    #[case(json!(null), STRANGE, "retention `no_zdr` of another team than the key's")]
    fn the_retention_of_the_keys_own_team_counts(
        #[case] team: Value,
        #[case] wanted: RuleStatus,
        #[case] seen: &str,
    ) {
        let outcome = RuleFixture::new()
            .path("status", "$.zdr_status")
            .texts("zero", &["zdr"])
            .texts("kept", &["no_zdr"])
            .path("team", "$.team_id")
            .text("header", "x-zero-data-retention")
            .reply("account", 200, json!({"zdr_status": "no_zdr", "team_id": team}))
            .reply("key", 200, json!({"team_id": "t-1"}))
            .rule("zero-retention");
        assert_eq!((outcome.status, outcome.seen.as_str()), (wanted, seen));
    }

    /// `true` in the header is no retention.
    #[rstest]
    #[case::both_say_kept("no_zdr", "false", RuleStatus::Holds, "retention `no_zdr`")]
    #[case::both_say_zero(
        "zdr",
        " TRUE ",
        RuleStatus::Holds,
        "retention `zdr`, and the project names an upload URL"
    )]
    #[case::zero_by_the_header(
        "no_zdr",
        "true",
        STRANGE,
        "retention `no_zdr`, and the header `x-zero-data-retention` says `true`"
    )]
    #[case::kept_by_the_header(
        "zdr",
        "false",
        STRANGE,
        "retention `zdr`, and the header `x-zero-data-retention` says `false`"
    )]
    #[case::an_unknown_word(
        "no_zdr",
        "partly",
        STRANGE,
        "retention `no_zdr`, and the header `x-zero-data-retention` says `partly`"
    )]
    fn a_header_that_says_otherwise_leaves_it_open(
        #[case] status: &str,
        #[case] header: &str,
        #[case] wanted: RuleStatus,
        #[case] seen: &str,
    ) {
        let mut reply = rule_fixture::reply(200, Body::Json(json!({"zdr_status": status})));
        reply.headers.insert("x-zero-data-retention".to_owned(), header.to_owned());
        let mut fixture = RuleFixture::new()
            .path("status", "$.zdr_status")
            .texts("zero", &["zdr"])
            .texts("kept", &["no_zdr"])
            .path("team", "$.team_id")
            .text("header", "x-zero-data-retention")
            .reply("key", 200, json!({}))
            .saw("account", Observation::Reply(reply));
        fixture.project.upload_url = UPLOAD.map(str::to_owned);
        let outcome = fixture.rule("zero-retention");
        assert_eq!((outcome.status, outcome.seen.as_str()), (wanted, seen));
    }

    #[rstest]
    #[case("no_zdr", Way::Upload, RuleStatus::Holds)]
    #[case("zdr", Way::DataUri, RuleStatus::Holds)]
    #[case("zdr", Way::Upload, RuleStatus::Refuted)]
    fn without_retention_nothing_is_uploaded(
        #[case] status: &str,
        #[case] way: Way,
        #[case] wanted: RuleStatus,
    ) {
        let mut fixture = RuleFixture::new()
            .path("status", "$.zdr_status")
            .texts("zero", &["zdr"])
            .texts("kept", &["no_zdr"])
            .path("team", "$.team_id")
            .text("header", "x-zero-data-retention")
            .reply("key", 200, json!({"team_id": "t-1"}))
            .reply("account", 200, json!({ "zdr_status": status }));
        fixture.project.upload_url = UPLOAD.map(str::to_owned);
        fixture.shot().inputs = vec![(Slot::Image, Input::File { path: "a.png".into(), way })];
        assert_eq!(fixture.rule("zero-retention").status, wanted);
    }
}
