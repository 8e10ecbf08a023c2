//! A local file exists.

use super::{Judge, Rule};
use crate::{
    judge::{rule_context::RuleContext, rule_outcome::RuleOutcome, wording},
    model::{
        media::{Input, Media, MediaFact},
        rule::RuleSpec,
        verdict::Reason,
    },
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec { name: "media-present", decides: "The file can be read.", params: &[], probes: &[] },
    judge: Judge::Input(judge),
};

fn judge<'a>(context: &RuleContext<'a>, input: &'a Input) -> RuleOutcome {
    look(context, input, |media| RuleOutcome::holds(summary(media)))
}

/// Judges what is known about an input, or says why there is nothing to look at.
pub(super) fn look<'a>(
    context: &RuleContext<'a>,
    input: &Input,
    judge: impl FnOnce(&'a Media) -> RuleOutcome,
) -> RuleOutcome {
    match context.media(input) {
        Some(MediaFact::Present(media)) => judge(media),
        Some(MediaFact::Missing(why) | MediaFact::Unreachable(why)) => {
            RuleOutcome::refuted(wording::clip(why))
        }
        Some(MediaFact::HoldsKey) => {
            RuleOutcome::refuted("a key of this environment is in the address, so it is not called").fix(CUT)
        }
        Some(MediaFact::NoAnswer(why)) => {
            RuleOutcome::unknown(Reason::Unreachable, format!("no reply: {}", wording::clip(why)))
        }
        Some(MediaFact::NotLooked(why)) => {
            RuleOutcome::unknown(Reason::NotMade, format!("not looked at: {}", wording::clip(why)))
        }
        None => RuleOutcome::unknown(Reason::NotMade, "not looked at"),
    }
}

const CUT: &str = "Take the key out of the address: the server that is asked for it can read the key. If it was used \
                   already, replace the key at its owner.";

/// Type, size, measures and length, as far as they are known.
pub(super) fn summary(media: &Media) -> String {
    let parts = [
        media.mime.as_deref().map(wording::clip),
        media.codec.as_deref().map(wording::clip),
        media.bytes.map(wording::bytes),
        media.pixels.map(|(width, height)| format!("{width}×{height}")),
        media.millis.map(wording::seconds),
    ];
    let known: Vec<String> = parts.into_iter().flatten().collect();
    if known.is_empty() { "there".to_owned() } else { known.join(", ") }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus};

    #[rstest]
    #[case(Some(MediaFact::Present(Media::default())), RuleStatus::Holds, "there")]
    #[case(Some(MediaFact::Missing("no such file".into())), RuleStatus::Refuted, "no such file")]
    #[case(Some(MediaFact::NotLooked("rehearsal".into())), RuleStatus::Unknown(Reason::NotMade), "not looked at: rehearsal")]
    #[case(None, RuleStatus::Unknown(Reason::NotMade), "not looked at")]
    fn table(#[case] fact: Option<MediaFact>, #[case] wanted: RuleStatus, #[case] seen: &str) {
        let file = RuleFixture::file("a.png");
        let mut fixture = RuleFixture::new();
        fixture.observations.media.extend(fact.map(|fact| (file.clone(), fact)));
        let outcome = fixture.rule_on("media-present", &file);
        assert_eq!((outcome.status, outcome.seen.as_str(), outcome.fix), (wanted, seen, None));
    }

    #[test]
    fn a_key_in_an_address_is_to_be_taken_out() {
        let address = RuleFixture::url("https://media.example/x.png");
        let mut fixture = RuleFixture::new();
        fixture.observations.media.insert(address.clone(), MediaFact::HoldsKey);
        for rule in ["media-present", "media-reachable", "media-type"] {
            let outcome = fixture.rule_on(rule, &address);
            let seen = "a key of this environment is in the address, so it is not called";
            assert_eq!((outcome.status, outcome.seen.as_str()), (RuleStatus::Refuted, seen), "{rule}");
            assert_eq!(outcome.fix.as_deref(), Some(CUT), "{rule}");
        }
    }
}
