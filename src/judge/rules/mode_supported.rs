//! The model does what the shot asks: the newest claim says so and the live listing does not contradict it.

use super::{Judge, Rule};
use crate::{
    judge::{
        given::given,
        ruling::{Ruling, Scene},
        wording,
    },
    model::{
        catalogue::{Claim, Fact},
        expect::Path,
        media::{MediaKind, Slot},
        project::Shot,
        rule::RuleSpec,
        verdict::Reason,
    },
};

given! {
    params {
        modalities: &'a Path = "modalities",
        text: &'a str = "text",
        image: &'a str = "image",
        video: &'a str = "video",
        outputs: &'a Path = "outputs",
    }
    probes {
        model = "model",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "mode-supported",
        decides: "The newest claim not after the day in question says that the model offers the mode, and the live \
                  listing (`model`) names the kind of input that the mode needs and video among what comes out.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Shot(|scene, shot| Given::with(scene, |given| judge(scene, shot, &given))),
};

fn judge<'a>(scene: &Scene<'a>, shot: &'a Shot, given: &Given<'a>) -> Ruling {
    let needed = match shot.mode.required_input().map(Slot::kind) {
        None => given.text,
        Some(MediaKind::Image) => given.image,
        Some(MediaKind::Video) => given.video,
    };
    let outputs = given.model.texts(given.outputs);
    if !outputs.is_empty() && !outputs.contains(&given.video) {
        let listing = format!("live outputs: {}", wording::clip(&outputs.join(", ")));
        return Ruling::refuted(format!(
            "the listing names no {} among the outputs ({listing})",
            given.video
        ))
        .sides(format!("{} among the outputs", given.video), listing);
    }
    let listed = given.model.texts(given.modalities);
    let live = (!listed.is_empty()).then(|| listed.contains(&needed));
    // That the input fits proves nothing while it is not known what comes out.
    let live = live.filter(|fits| !fits || !outputs.is_empty());
    let claim = scene.newest(shot, |fact| match fact {
        Fact::Supported(supported) => Some(*supported),
        _ => None,
    });
    let listing = format!("live inputs: {}", wording::clip(&listed.join(", ")));
    match (claim, live) {
        (Some((false, claim)), live) => {
            let said = format!("{} not supported as of {}", shot.mode, wording::dated(&claim.source));
            match live {
                Some(true) => {
                    contradiction(&format!("{said}, though the listing names {needed} ({listing})"), claim)
                }
                Some(false) => Ruling::refuted(format!("{said}; {listing}")).by(claim),
                None => Ruling::refuted(said).by(claim),
            }
        }
        (Some((true, claim)), Some(false)) => {
            let said = format!("{} supported since {}", shot.mode, wording::dated(&claim.source));
            contradiction(&format!("{said}, but the listing does not name {needed} ({listing})"), claim)
                .sides(format!("{needed} among the inputs"), listing)
        }
        (Some((true, claim)), Some(true)) => {
            Ruling::holds(format!("supported since {}, {listing}", wording::dated(&claim.source))).by(claim)
        }
        (Some((true, _)), None) => Ruling::needs_reply(given.model),
        (None, Some(false)) => Ruling::refuted(format!("the listing does not name {needed} ({listing})"))
            .sides(format!("{needed} among the inputs"), listing),
        (None, _) if !scene.catalogue.knows(&shot.model) => Ruling::unknown(
            Reason::NoClaim,
            format!(
                "`{}` is in no catalogue: its modes are not machine-readable",
                wording::clip(&shot.model)
            ),
        ),
        (None, _) => Ruling::no_claim(scene, "support", &shot.model, shot.mode),
    }
}

fn contradiction(seen: &str, claim: &Claim) -> Ruling {
    Ruling::refuted(format!("claim and listing contradict each other: {seen}")).by(claim)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        judge::{ruling::Standing, stage::Stage},
        model::mode::Mode,
    };

    const NO_CLAIM: Standing = Standing::Unknown(Reason::NoClaim);

    fn stage(inputs: &Value, mode: Mode) -> Stage {
        let mut stage = Stage::new()
            .path("modalities", "$.input_modalities[*]")
            .text("text", "text")
            .text("image", "image")
            .text("video", "video")
            .path("outputs", "$.output_modalities[*]");
        stage.shot().mode = mode;
        stage.reply("model", 200, json!({ "input_modalities": inputs, "output_modalities": ["video"] }))
    }

    #[rstest]
    #[case(json!(["video"]), Standing::Holds, "live inputs: video")]
    #[case(json!(["image", "video"]), Standing::Holds, "live inputs: video")]
    #[case(json!(["image"]), Standing::Refuted, "the listing names no video among the outputs (live outputs: image)")]
    #[case(json!([["video"]]), Standing::NeedsReply("model"), "")]
    #[case(json!(null), Standing::NeedsReply("model"), "")]
    fn a_model_that_makes_no_video_makes_none(
        #[case] outputs: Value,
        #[case] wanted: Standing,
        #[case] seen: &str,
    ) {
        let reply = json!({ "input_modalities": ["video"], "output_modalities": outputs });
        let ruling = stage(&json!([]), Mode::Edit)
            .reply("model", 200, reply)
            .claim(&[Mode::Edit], Fact::Supported(true))
            .rule("mode-supported");
        assert_eq!(ruling.standing, wanted);
        assert!(ruling.seen.ends_with(seen), "{}", ruling.seen);
    }

    #[rstest]
    #[case(Some(true), json!(["text", "video"]), Standing::Holds)]
    #[case(Some(true), json!(["text"]), Standing::Refuted)]
    #[case(Some(true), json!([["text", "video"]]), Standing::NeedsReply("model"))]
    #[case(Some(true), json!([]), Standing::NeedsReply("model"))]
    #[case(Some(true), json!(null), Standing::NeedsReply("model"))]
    #[case(Some(false), json!(["video"]), Standing::Refuted)]
    #[case(Some(false), json!(["text"]), Standing::Refuted)]
    #[case(Some(false), json!(null), Standing::Refuted)]
    #[case(None, json!(["text"]), Standing::Refuted)]
    #[case(None, json!(["video"]), NO_CLAIM)]
    #[case(None, json!(null), NO_CLAIM)]
    fn claim_and_listing(#[case] claim: Option<bool>, #[case] inputs: Value, #[case] wanted: Standing) {
        let mut stage = stage(&inputs, Mode::Edit);
        if let Some(supported) = claim {
            stage = stage.claim(&[Mode::Edit], Fact::Supported(supported));
        }
        assert_eq!(stage.rule("mode-supported").standing, wanted);
    }

    #[rstest]
    #[case("2026-06-03", NO_CLAIM)]
    #[case("2026-06-04", Standing::Refuted)]
    #[case("2026-07-30", Standing::Refuted)]
    #[case("2026-07-31", Standing::Holds)]
    fn the_newest_claim_of_the_day_decides(#[case] day: &str, #[case] wanted: Standing) {
        let modes = [Mode::TextToVideo];
        let stage = stage(&json!(["text"]), Mode::TextToVideo)
            .claim_on("2026-07-31", &modes, Fact::Supported(true))
            .claim_on("2026-06-04", &modes, Fact::Supported(false))
            .at(day);
        assert_eq!(stage.rule("mode-supported").standing, wanted);
    }

    #[test]
    fn a_contradiction_shows_both_sides() {
        let stage = stage(&json!(["text"]), Mode::Extend).claim(&[Mode::Extend], Fact::Supported(true));
        let seen = stage.rule("mode-supported").seen;
        assert!(
            seen.contains("supported since 2026-01-01 (docs.example)") && seen.contains("live inputs: text"),
            "{seen}"
        );
    }

    #[test]
    fn a_stranger_has_no_machine_readable_modes() {
        let mut stage = stage(&json!(["text"]), Mode::TextToVideo);
        stage.shot().model = "stranger".to_owned();
        assert!(stage.rule("mode-supported").seen.contains("not machine-readable"));
    }
}
