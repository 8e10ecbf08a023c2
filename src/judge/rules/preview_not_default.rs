//! What only a newer model does isn't asked of one that is named as a preview.

use super::{Judge, Rule};
use crate::{
    judge::{given::given, rule_outcome::RuleOutcome, wording},
    model::{expect::Pattern, mode::Mode, project::Shot, rule::RuleSpec},
};

given! {
    params {
        named: &'a Pattern = "named",
        mode: Mode = "mode",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "preview-not-default",
        decides: "A shot in mode `mode` does not use a model whose name, as written, matches `named`.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Shot(|context, shot| Given::with(context, |given| judge(shot, &given))),
};

fn judge(shot: &Shot, given: &Given<'_>) -> RuleOutcome {
    let preview = given.named.is_match(&shot.model);
    let model = wording::clip(&shot.model);
    match (preview, shot.mode == given.mode) {
        (false, _) => RuleOutcome::holds(format!("`{model}` is not named as a preview")),
        (true, false) => RuleOutcome::holds(format!("`{model}` is asked for {}", shot.mode)),
        (true, true) => {
            RuleOutcome::refuted(format!("`{model}` is named as a preview and is asked for {}", shot.mode))
                .confirmable()
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::{
        judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus},
        model::mode::Mode,
    };

    #[rstest]
    #[case(
        "grok-imagine-video-1.5-preview",
        Mode::TextToVideo,
        RuleStatus::Refuted,
        "`grok-imagine-video-1.5-preview` is named as a preview and is asked for text-to-video"
    )]
    #[case(
        "grok-imagine-video-1.5-preview",
        Mode::ImageToVideo,
        RuleStatus::Holds,
        "`grok-imagine-video-1.5-preview` is asked for image-to-video"
    )]
    #[case(
        "grok-imagine-video-1.5",
        Mode::TextToVideo,
        RuleStatus::Holds,
        "`grok-imagine-video-1.5` is not named as a preview"
    )]
    fn table(#[case] model: &str, #[case] mode: Mode, #[case] wanted: RuleStatus, #[case] seen: &str) {
        let mut fixture = RuleFixture::new().pattern("named", "preview").word("mode", "text-to-video");
        fixture.shot().model = model.to_owned();
        fixture.shot().mode = mode;
        let outcome = fixture.rule("preview-not-default");
        assert_eq!((outcome.status, outcome.seen.as_str(), outcome.fix), (wanted, seen, None));
    }
}
