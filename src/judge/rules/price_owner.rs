//! The prices come from the owner of the route, not from a reseller.

use std::collections::BTreeSet;

use super::{Judge, Rule};
use crate::{
    judge::{
        estimate::Estimate, given::given, rule_context::RuleContext, rule_outcome::RuleOutcome, wording,
    },
    model::{catalogue::Claim, rule::RuleSpec, verdict::Reason},
};

given! {
    params {
        hosts: &'a [String] = "hosts",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "price-owner",
        decides: "Every price claim that the estimate uses was read on a plain web page at one of `hosts`.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Project(|context| Given::with(context, |given| judge(context, &given))),
};

fn judge(context: &RuleContext<'_>, given: &Given<'_>) -> RuleOutcome {
    let estimate = match Estimate::of(context.lengths()) {
        Ok(estimate) => estimate,
        Err(error) => return RuleOutcome::unknown(Reason::MissingValue, error.to_string()),
    };
    let hosts = given.hosts;
    // In quotes, so that an address without a host can't look like one.
    let odd = |claim: &Claim| format!("`{}`", wording::clip(&claim.source.url));
    let page = |claim: &&Claim| claim.source.host().unwrap_or_else(|| odd(claim));
    let read_at: BTreeSet<String> = estimate.claims.iter().map(page).collect();
    let foreign: Vec<_> = read_at.iter().filter(|host| !hosts.contains(host)).cloned().collect();
    let list = |hosts: &[String]| wording::clip(&hosts.join(", "));
    if !foreign.is_empty() {
        return RuleOutcome::refuted(format!("a price was read at {}", list(&foreign)))
            .sides(format!("only {}", list(hosts)), list(&foreign));
    }
    if read_at.is_empty() {
        return RuleOutcome::unknown(Reason::NoClaim, estimate.gaps());
    }
    let seen = format!("read at {}", list(&read_at.into_iter().collect::<Vec<_>>()));
    match estimate.oldest() {
        Some(claim) => RuleOutcome::holds(seen).by(claim),
        None => RuleOutcome::holds(seen),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus},
        model::mode::Mode,
    };

    #[rstest]
    #[case(Some("https://docs.x.ai/pricing"), RuleStatus::Holds, "read at docs.x.ai")]
    #[case(
        Some("https://docs.x.ai.reseller.example/"),
        RuleStatus::Refuted,
        "a price was read at docs.x.ai.reseller.example"
    )]
    #[case(Some("not an address"), RuleStatus::Refuted, "a price was read at `not an address`")]
    #[case(Some("docs.x.ai"), RuleStatus::Refuted, "a price was read at `docs.x.ai`")]
    #[case(
        Some("javascript://docs.x.ai/"),
        RuleStatus::Refuted,
        "a price was read at `javascript://docs.x.ai/`"
    )]
    #[case(
        Some("https://docs.x.ai:8443/"),
        RuleStatus::Refuted,
        "a price was read at `https://docs.x.ai:8443/`"
    )]
    #[case(Some("https://docs.x.ai./"), RuleStatus::Refuted, "a price was read at `https://docs.x.ai./`")]
    #[case(Some("https://me@docs.x.ai/"), RuleStatus::Refuted, "a price was read at `https://me@docs.x.ai/`")]
    #[case(
        Some("https://docs.x.ai@evil.example/"),
        RuleStatus::Refuted,
        "a price was read at `https://docs.x.ai@evil.example/`"
    )]
    #[case(Some("HTTPS://DOCS.X.AI/pricing"), RuleStatus::Holds, "read at docs.x.ai")]
    #[case(None, RuleStatus::Unknown(Reason::NoClaim), "shot `shot`: no dated price for 720p text-to-video")]
    fn table(#[case] url: Option<&str>, #[case] wanted: RuleStatus, #[case] seen: &str) {
        let mut fixture = RuleFixture::new().texts("hosts", &["docs.x.ai"]);
        fixture.shot().duration = Some(6);
        fixture.shot().resolution = Some("720p".into());
        if let Some(url) = url {
            fixture = fixture.price(&[Mode::TextToVideo], "720p", 1);
            fixture.catalogue.claims[0].source.url = url.into();
        }
        let outcome = fixture.rule("price-owner");
        assert_eq!((outcome.status, outcome.seen.as_str(), outcome.fix), (wanted, seen, None));
    }
}
