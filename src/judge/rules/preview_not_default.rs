//! What only a newer model does is not asked of one that is named as a preview.

use super::{Judge, Rule};
use crate::{
    judge::{
        ruling::{Ruling, Scene},
        wording,
    },
    model::{
        project::Shot,
        rule::{ParamKind, ParamSpec, RuleSpec},
    },
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "preview-not-default",
        decides: "A shot of the mode `mode` does not ask for a model whose name, as written, matches `named`.",
        params: &[
            ParamSpec { name: "named", kind: ParamKind::Pattern },
            ParamSpec { name: "mode", kind: ParamKind::Text },
        ],
    },
    judge: Judge::Shot(judge),
};

fn judge<'a>(scene: &Scene<'a>, shot: &'a Shot) -> Ruling {
    let preview = scene.params.pattern("named").is_some_and(|named| named.is_match(&shot.model));
    let model = wording::clip(&shot.model);
    match (preview, shot.mode.word() == scene.params.text("mode")) {
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
    #[case("grok-imagine-video-1.5-preview", Mode::TextToVideo, Standing::Refuted)]
    #[case("grok-imagine-video-1.5-preview", Mode::ImageToVideo, Standing::Holds)]
    #[case("grok-imagine-video-1.5", Mode::TextToVideo, Standing::Holds)]
    fn table(#[case] model: &str, #[case] mode: Mode, #[case] wanted: Standing) {
        let mut stage = Stage::new().pattern("named", "preview").text("mode", "text-to-video");
        stage.shot().model = model.to_owned();
        stage.shot().mode = mode;
        assert_eq!(stage.rule("preview-not-default").standing, wanted);
    }
}
