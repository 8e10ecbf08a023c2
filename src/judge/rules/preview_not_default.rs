//! What only a newer model does is not asked of one that is named as a preview.

use regex::Regex;

use super::{Judge, Rule};
use crate::{
    judge::{given::given, ruling::Ruling, wording},
    model::{mode::Mode, project::Shot, rule::RuleSpec},
};

given! {
    params {
        named: &'a Regex = "named",
        mode: Mode = "mode",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "preview-not-default",
        decides: "A shot of the mode `mode` does not ask for a model whose name, as written, matches `named`.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Shot(|scene, shot| Given::with(scene, |given| judge(shot, &given))),
};

fn judge(shot: &Shot, given: &Given<'_>) -> Ruling {
    let preview = given.named.is_match(&shot.model);
    let model = wording::clip(&shot.model);
    match (preview, shot.mode == given.mode) {
        (false, _) => Ruling::holds(format!("`{model}` is not named as a preview")),
        (true, false) => Ruling::holds(format!("`{model}` is asked for {}", shot.mode)),
        (true, true) => {
            Ruling::refuted(format!("`{model}` is named as a preview and is asked for {}", shot.mode))
                .confirmable()
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::{
        judge::{ruling::Standing, stage::Stage},
        model::mode::Mode,
    };

    #[rstest]
    #[case(
        "grok-imagine-video-1.5-preview",
        Mode::TextToVideo,
        Standing::Refuted,
        "`grok-imagine-video-1.5-preview` is named as a preview and is asked for text-to-video"
    )]
    #[case(
        "grok-imagine-video-1.5-preview",
        Mode::ImageToVideo,
        Standing::Holds,
        "`grok-imagine-video-1.5-preview` is asked for image-to-video"
    )]
    #[case(
        "grok-imagine-video-1.5",
        Mode::TextToVideo,
        Standing::Holds,
        "`grok-imagine-video-1.5` is not named as a preview"
    )]
    fn table(#[case] model: &str, #[case] mode: Mode, #[case] wanted: Standing, #[case] seen: &str) {
        let mut stage = Stage::new().pattern("named", "preview").word("mode", "text-to-video");
        stage.shot().model = model.to_owned();
        stage.shot().mode = mode;
        let ruling = stage.rule("preview-not-default");
        assert_eq!((ruling.standing, ruling.seen.as_str(), ruling.fix), (wanted, seen, None));
    }
}
