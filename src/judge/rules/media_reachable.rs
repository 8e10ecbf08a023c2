//! An address serves its file to anyone, without a key.

use super::{Judge, Rule, media_present};
use crate::{
    judge::{
        rule_context::RuleContext,
        rule_outcome::{RuleOutcome, RuleStatus},
        wording,
    },
    model::{
        address::{self, Refused},
        media::Input,
        rule::RuleSpec,
        verdict::Reason,
    },
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "media-reachable",
        decides: "The address is HTTPS, holds no login, leads to public hosts alone, and gives a caller without a key \
                  the first bytes of the file, which are of the type it is served as. A private address is a caution with `--allow-private`.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Input(judge),
};

fn judge<'a>(context: &RuleContext<'a>, input: &'a Input) -> RuleOutcome {
    let Input::Url(url) = input else {
        return RuleOutcome::not_applicable("not an address");
    };
    match address::refused(url) {
        Some(Refused::NotHttps) => {
            return RuleOutcome::refuted("the address is not HTTPS")
                .sides("https", wording::clip(url.scheme()));
        }
        Some(Refused::Login) => return RuleOutcome::refuted("the address contains a user name or password"),
        Some(Refused::NotPublic(what)) if !context.allow_private => {
            let seen = format!("{}; no provider can fetch from there", wording::clip(&what));
            return RuleOutcome::refuted(seen).sides("a public address", wording::clip(&what));
        }
        Some(Refused::NotPublic(_)) | None => {}
    }
    let outcome = media_present::look(context, input, |media| {
        let seen = media_present::summary(media);
        if context.allow_private {
            RuleOutcome::caution(format!(
                "{seen}; private addresses were allowed; the provider may not reach it"
            ))
        } else {
            RuleOutcome::holds(seen)
        }
    });
    match outcome.status {
        RuleStatus::Unknown(Reason::NotMade) => outcome.fix(LOOK),
        RuleStatus::Unknown(_) => outcome.fix(WAIT),
        _ => outcome,
    }
}

const LOOK: &str =
    "Run `greenlight check` online, without a proxy and live, or download the file and name it in the shot.";

const WAIT: &str = "Open the address in a browser that isn't logged in anywhere; if it loads there, run `greenlight \
                    check` again. Or download the file and name it in the shot.";

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::{
        judge::{
            rule_fixture::RuleFixture,
            rule_outcome::{RuleOutcome, RuleStatus},
        },
        model::{
            media::{Media, MediaFact},
            verdict::Reason,
        },
    };

    fn present() -> MediaFact {
        MediaFact::Present(Media::default())
    }

    const DEAD: &str = "no address";

    fn seen(url: &str, fact: Option<MediaFact>, allow_private: bool) -> RuleOutcome {
        let input = RuleFixture::url(url);
        let mut fixture = RuleFixture::new();
        fixture.allow_private = allow_private;
        fixture.observations.media.extend(fact.map(|fact| (input.clone(), fact)));
        fixture.rule_on("media-reachable", &input)
    }

    #[rstest]
    #[case("https://host.example/a", Some(present()), RuleStatus::Holds, "there")]
    #[case("http://host.example/a", Some(present()), RuleStatus::Refuted, "not HTTPS")]
    #[case(
        "https://me:pw@host.example/a",
        Some(present()),
        RuleStatus::Refuted,
        "contains a user name or password"
    )]
    #[case("https://host.example/a", Some(MediaFact::Unreachable("HTTP 403".into())), RuleStatus::Refuted, "HTTP 403")]
    #[case("https://host.example/a", Some(MediaFact::NoAnswer(DEAD.into())), RuleStatus::Unknown(Reason::Unreachable), "no reply: no address")]
    #[case("https://host.example/a", Some(MediaFact::NotLooked("offline".into())), RuleStatus::Unknown(Reason::NotMade), "not looked at: offline")]
    #[case("https://host.example/a", None, RuleStatus::Unknown(Reason::NotMade), "not looked at")]
    #[case(
        "https://169.254.169.254/a",
        Some(present()),
        RuleStatus::Refuted,
        "169.254.169.254 is a cloud metadata address"
    )]
    #[case(
        "https://[::ffff:10.0.0.1]/a",
        None,
        RuleStatus::Refuted,
        "is a private address; no provider can fetch from there"
    )]
    #[case("https://localhost/a", None, RuleStatus::Refuted, "localhost is a local name")]
    fn table(
        #[case] url: &str,
        #[case] fact: Option<MediaFact>,
        #[case] wanted: RuleStatus,
        #[case] words: &str,
    ) {
        let outcome = seen(url, fact, false);
        assert_eq!(outcome.status, wanted);
        assert!(outcome.seen.contains(words), "{outcome:?}");
        let fix = outcome.fix.as_deref().and_then(|fix| fix.split(' ').next());
        // What was not looked at can be looked at; what did not answer may be opened by hand.
        let advice = match wanted {
            RuleStatus::Unknown(Reason::NotMade) => Some("Run"),
            RuleStatus::Unknown(_) => Some("Open"),
            _ => None,
        };
        assert_eq!(fix, advice, "{outcome:?}");
    }

    /// A test lab may allow it, but the result is never a plain pass, and http is still refused.
    #[rstest]
    #[case("https://127.0.0.1/a", RuleStatus::Caution)]
    #[case("https://host.example/a", RuleStatus::Caution)]
    #[case("http://127.0.0.1/a", RuleStatus::Refuted)]
    fn private_addresses_can_be_allowed(#[case] url: &str, #[case] wanted: RuleStatus) {
        let outcome = seen(url, Some(present()), true);
        assert_eq!(outcome.status, wanted);
        assert_eq!(outcome.seen.contains("private addresses were allowed"), wanted == RuleStatus::Caution);
    }
}
