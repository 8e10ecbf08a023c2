//! A local file is complete.

use super::{Judge, Rule, media_present};
use crate::{
    judge::{rule_context::RuleContext, rule_outcome::RuleOutcome, wording},
    model::{
        media::{Input, Whole},
        rule::RuleSpec,
        verdict::Reason,
    },
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "media-complete",
        decides: "The file was read through to its end: JPEG, PNG and WebP picture by picture, MP4 by its index and \
                  what the index promises. A file that can't be checked to its end is unknown.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Input(judge),
};

fn judge<'a>(context: &RuleContext<'a>, input: &'a Input) -> RuleOutcome {
    media_present::look(context, input, |media| match &media.whole {
        Whole::Yes => RuleOutcome::holds("whole"),
        Whole::No(why) => RuleOutcome::refuted(wording::clip(why)),
        Whole::Unknown(why) => RuleOutcome::unknown(
            Reason::MissingValue,
            format!("not checked to its end: {}", wording::clip(why)),
        )
        .fix("Export it as JPEG, PNG or WebP, or as MP4, and name the new file in the shot."),
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus},
        model::media::Media,
    };

    const UNKNOWN: RuleStatus = RuleStatus::Unknown(Reason::MissingValue);

    #[rstest]
    #[case(Whole::Yes, RuleStatus::Holds, "whole")]
    #[case(Whole::No("the file is cut short".into()), RuleStatus::Refuted, "the file is cut short")]
    #[case(Whole::Unknown("a GIF".into()), UNKNOWN, "not checked to its end: a GIF")]
    #[case(Whole::default(), UNKNOWN, "not checked to its end: not read")]
    fn table(#[case] whole: Whole, #[case] wanted: RuleStatus, #[case] seen: &str) {
        let media = Media { whole, mime: Some("image/jpeg".into()), ..Media::default() };
        let file = RuleFixture::file("a.jpg");
        let outcome = RuleFixture::new().media(&file, media).rule_on("media-complete", &file);
        assert_eq!((outcome.status, outcome.seen.as_str()), (wanted, seen));
        assert_eq!(outcome.fix.is_some(), wanted == UNKNOWN);
    }
}
