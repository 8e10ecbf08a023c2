//! Calls go to the owner's own host, and to one that serves video.

use super::{Judge, Rule};
use crate::{
    judge::{given::given, rule_context::RuleContext, rule_outcome::RuleOutcome},
    model::{rule::RuleSpec, verdict::Reason},
};

given! {
    params {
        host: &'a str = "host",
        no_video: &'a [String] = "no-video",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "base-url-official",
        decides: "The base URL in force is HTTPS at `host`, and no variable sends your own app elsewhere; a host of \
                  `no-video` or any other host fails, and a loopback address passes only in a rehearsal.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Project(|context| Given::with(context, |given| judge(context, &given))),
};

fn judge(context: &RuleContext<'_>, given: &Given<'_>) -> RuleOutcome {
    let official = given.host;
    let Some(base) = &context.observations.base else {
        return RuleOutcome::unknown(Reason::NotMade, "no base URL is known");
    };
    let set_by = base.set_by.as_ref().map(|who| format!(", set by {who}")).unwrap_or_default();
    let seen = format!("{}{set_by}", base.origin);
    let app = base
        .followed
        .iter()
        .map(|app| format!("{} names {}", app.env, app.names))
        .reduce(|all, next| format!("{all} and {next}"));
    let app = app.map(|named| format!("{named}, where your own app would go"));
    let refuted = |why: &str| {
        RuleOutcome::refuted(format!("{seen}: {why}"))
            .sides(format!("https://{official}"), base.origin.clone())
    };
    if base.loopback {
        return if context.rehearsal {
            let app = app.map(|app| format!("; {app}")).unwrap_or_default();
            RuleOutcome::holds(format!("{seen}: a rehearsal{app}"))
        } else {
            refuted("an address of this machine, outside a rehearsal")
        };
    }
    if given.no_video.contains(&base.host) {
        return refuted("this host does not serve video");
    }
    if base.host != official {
        return refuted("not the official host; if another company runs it, use the wrapper route");
    }
    match base.origin.strip_prefix("https://") {
        None => return refuted("not HTTPS"),
        Some(host) if host != official => return refuted("not the port of the official host"),
        Some(_) => {}
    }
    app.map_or_else(|| RuleOutcome::holds(seen.clone()), |app| refuted(&app))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::{
        judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus},
        model::observation::{BaseFact, FollowedBase},
    };

    #[rstest]
    #[case("https://api.x.ai", false, false, RuleStatus::Holds)]
    #[case("http://api.x.ai", false, false, RuleStatus::Refuted)]
    #[case("https://us.api.x.ai", false, false, RuleStatus::Refuted)]
    #[case("https://api.x.ai.evil.example", false, false, RuleStatus::Refuted)]
    #[case("https://api.x.ai:8443", false, false, RuleStatus::Refuted)]
    #[case("https://api.x.ai.", false, false, RuleStatus::Refuted)]
    #[case("http://127.0.0.1:9", true, false, RuleStatus::Refuted)]
    #[case("http://127.0.0.1:9", true, true, RuleStatus::Holds)]
    #[case("https://other.example", false, true, RuleStatus::Refuted)]
    fn table(
        #[case] origin: &str,
        #[case] loopback: bool,
        #[case] rehearsal: bool,
        #[case] wanted: RuleStatus,
    ) {
        let mut fixture = RuleFixture::new().text("host", "api.x.ai").texts("no-video", &["us.api.x.ai"]);
        fixture.rehearsal = rehearsal;
        let host = url::Url::parse(origin).unwrap().host_str().unwrap().to_owned();
        fixture.observations.base = Some(BaseFact {
            origin: origin.to_owned(),
            host,
            loopback,
            set_by: Some("--base-url".into()),
            followed: vec![],
        });
        let outcome = fixture.rule("base-url-official");
        assert_eq!(outcome.status, wanted);
        assert!(outcome.seen.contains("set by --base-url"));
    }

    #[rstest]
    #[case::live(
        "https://api.x.ai",
        false,
        RuleStatus::Refuted,
        "https://api.x.ai: XAI_BASE_URL names http://127.0.0.1:1, where your own app would go"
    )]
    #[case::rehearsed(
        "http://127.0.0.1:9",
        true,
        RuleStatus::Holds,
        "http://127.0.0.1:9: a rehearsal; XAI_BASE_URL names http://127.0.0.1:1, where your own app would go"
    )]
    fn a_variable_that_leads_the_app_elsewhere_is_told(
        #[case] origin: &str,
        #[case] rehearsal: bool,
        #[case] wanted: RuleStatus,
        #[case] seen: &str,
    ) {
        let mut fixture = RuleFixture::new().text("host", "api.x.ai").texts("no-video", &["us.api.x.ai"]);
        fixture.rehearsal = rehearsal;
        let host = url::Url::parse(origin).unwrap().host_str().unwrap().to_owned();
        let followed = FollowedBase { env: "XAI_BASE_URL".into(), names: "http://127.0.0.1:1".into() };
        let (origin, loopback, followed) = (origin.to_owned(), rehearsal, vec![followed]);
        fixture.observations.base = Some(BaseFact { origin, host, loopback, set_by: None, followed });
        let outcome = fixture.rule("base-url-official");
        assert_eq!((outcome.status, outcome.seen.as_str()), (wanted, seen));
    }
}
