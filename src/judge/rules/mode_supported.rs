//! The model can do what the shot asks: the newest claim says so and the live listing doesn't contradict it.

use super::{Judge, Rule};
use crate::{
    judge::{given::given, rule_context::RuleContext, rule_outcome::RuleOutcome, wording},
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
        audio: Option<&'a str> = "audio",
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
                  listing (`model`) names the kind of input that the mode needs, `audio` for a shot with voices, and \
                  video among the outputs.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Shot(|context, shot| Given::with(context, |given| judge(context, shot, &given))),
};

fn judge<'a>(context: &RuleContext<'a>, shot: &'a Shot, given: &Given<'a>) -> RuleOutcome {
    let needed = match shot.mode.required_input().map(Slot::kind) {
        None => given.text,
        Some(MediaKind::Image) => given.image,
        Some(MediaKind::Video) => given.video,
    };
    let outputs = given.model.texts(given.outputs);
    if !outputs.is_empty() && !outputs.contains(&given.video) {
        let listing = format!("live outputs: {}", wording::clip(&outputs.join(", ")));
        return RuleOutcome::refuted(format!(
            "the listing names no {} among the outputs ({listing})",
            given.video
        ))
        .sides(format!("{} among the outputs", given.video), listing);
    }
    let listed = given.model.texts(given.modalities);
    if let Some(silent) = silent(shot, given, &listed) {
        return silent;
    }
    let live = (!listed.is_empty()).then(|| listed.contains(&needed));
    // A fitting input proves nothing as long as the outputs are unknown.
    let live = live.filter(|fits| !fits || !outputs.is_empty());
    let claim = context.newest(shot, |fact| match fact {
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
                Some(false) => RuleOutcome::refuted(format!("{said}; {listing}")).by(claim),
                None => RuleOutcome::refuted(said).by(claim),
            }
        }
        (Some((true, claim)), Some(false)) => {
            let said = format!("{} supported as of {}", shot.mode, wording::dated(&claim.source));
            contradiction(&format!("{said}, but the listing does not name {needed} ({listing})"), claim)
                .sides(format!("{needed} among the inputs"), listing)
        }
        (Some((true, claim)), Some(true)) => {
            RuleOutcome::holds(format!("supported as of {}, {listing}", wording::dated(&claim.source)))
                .by(claim)
        }
        (Some((true, _)), None) => RuleOutcome::needs_reply(given.model.name),
        (None, Some(false)) => {
            RuleOutcome::refuted(format!("the listing does not name {needed} ({listing})"))
                .sides(format!("{needed} among the inputs"), listing)
        }
        (None, _) if !context.catalogue.knows(&shot.model) => RuleOutcome::unknown(
            Reason::NoClaim,
            format!(
                "`{}` is in no catalogue: its modes are not machine-readable",
                wording::clip(&shot.model)
            ),
        ),
        (None, _) => RuleOutcome::no_claim(context, "support", &shot.model, shot.mode),
    }
}

/// Voices need a model that is listed with sound among its inputs.
fn silent(shot: &Shot, given: &Given<'_>, listed: &[&str]) -> Option<RuleOutcome> {
    let audio = given.audio.filter(|_| !shot.voices.is_empty())?;
    if listed.is_empty() || listed.contains(&audio) {
        return None;
    }
    let listing = format!("live inputs: {}", wording::clip(&listed.join(", ")));
    let outcome = RuleOutcome::refuted(format!("the listing does not name {audio}, for voices ({listing})"))
        .sides(format!("{audio} among the inputs"), listing)
        .fix(format!("Take a model that takes voices, or drop `voices` from shot `{}`.", shot.id));
    Some(outcome)
}

fn contradiction(seen: &str, claim: &Claim) -> RuleOutcome {
    RuleOutcome::refuted(format!("claim and listing contradict each other: {seen}")).by(claim)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus},
        model::mode::Mode,
    };

    const NO_CLAIM: RuleStatus = RuleStatus::Unknown(Reason::NoClaim);

    fn fixture(inputs: &Value, mode: Mode) -> RuleFixture {
        let mut fixture = RuleFixture::new()
            .path("modalities", "$.input_modalities[*]")
            .text("text", "text")
            .text("image", "image")
            .text("video", "video")
            .path("outputs", "$.output_modalities[*]");
        fixture.shot().mode = mode;
        fixture.reply("model", 200, json!({ "input_modalities": inputs, "output_modalities": ["video"] }))
    }

    #[rstest]
    #[case(json!(["video"]), RuleStatus::Holds, "live inputs: video")]
    #[case(json!(["image", "video"]), RuleStatus::Holds, "live inputs: video")]
    #[case(json!(["image"]), RuleStatus::Refuted, "the listing names no video among the outputs (live outputs: image)")]
    #[case(json!([["video"]]), RuleStatus::NeedsReply("model"), "")]
    #[case(json!(null), RuleStatus::NeedsReply("model"), "")]
    fn a_model_that_makes_no_video_makes_none(
        #[case] outputs: Value,
        #[case] wanted: RuleStatus,
        #[case] seen: &str,
    ) {
        let reply = json!({ "input_modalities": ["video"], "output_modalities": outputs });
        let outcome = fixture(&json!([]), Mode::Edit)
            .reply("model", 200, reply)
            .claim(&[Mode::Edit], Fact::Supported(true))
            .rule("mode-supported");
        assert_eq!(outcome.status, wanted);
        assert!(outcome.seen.ends_with(seen), "{}", outcome.seen);
    }

    #[rstest]
    #[case(Some(true), json!(["text", "video"]), RuleStatus::Holds)]
    #[case(Some(true), json!(["text"]), RuleStatus::Refuted)]
    #[case(Some(true), json!([["text", "video"]]), RuleStatus::NeedsReply("model"))]
    #[case(Some(true), json!([]), RuleStatus::NeedsReply("model"))]
    #[case(Some(true), json!(null), RuleStatus::NeedsReply("model"))]
    #[case(Some(false), json!(["video"]), RuleStatus::Refuted)]
    #[case(Some(false), json!(["text"]), RuleStatus::Refuted)]
    #[case(Some(false), json!(null), RuleStatus::Refuted)]
    #[case(None, json!(["text"]), RuleStatus::Refuted)]
    #[case(None, json!(["video"]), NO_CLAIM)]
    #[case(None, json!(null), NO_CLAIM)]
    fn claim_and_listing(#[case] claim: Option<bool>, #[case] inputs: Value, #[case] wanted: RuleStatus) {
        let mut fixture = fixture(&inputs, Mode::Edit);
        if let Some(supported) = claim {
            fixture = fixture.claim(&[Mode::Edit], Fact::Supported(supported));
        }
        assert_eq!(fixture.rule("mode-supported").status, wanted);
    }

    #[rstest]
    #[case::known("model", "no claim about support of `model` in edit by 2026-11-22")]
    #[case::a_stranger("stranger", "`stranger` is in no catalogue: its modes are not machine-readable")]
    fn a_model_without_a_claim_is_told_from_a_stranger(#[case] model: &str, #[case] seen: &str) {
        let mut fixture = fixture(&json!(null), Mode::Edit);
        fixture.shot().model = model.to_owned();
        assert_eq!(fixture.rule("mode-supported").seen, seen);
    }

    #[rstest]
    #[case("2026-06-03", NO_CLAIM)]
    #[case("2026-06-04", RuleStatus::Refuted)]
    #[case("2026-07-30", RuleStatus::Refuted)]
    #[case("2026-07-31", RuleStatus::Holds)]
    fn the_newest_claim_of_the_day_decides(#[case] day: &str, #[case] wanted: RuleStatus) {
        let modes = [Mode::TextToVideo];
        let fixture = fixture(&json!(["text"]), Mode::TextToVideo)
            .claim_on("2026-07-31", &modes, Fact::Supported(true))
            .claim_on("2026-06-04", &modes, Fact::Supported(false))
            .at(day);
        assert_eq!(fixture.rule("mode-supported").status, wanted);
    }

    #[rstest]
    #[case(json!(["image"]), &["ada"], Some("audio"), RuleStatus::Refuted)]
    #[case(json!(["image", "audio"]), &["ada"], Some("audio"), RuleStatus::Holds)]
    #[case(json!(["image"]), &[], Some("audio"), RuleStatus::Holds)]
    #[case(json!(["image"]), &["ada"], None, RuleStatus::Holds)]
    #[case(json!(null), &["ada"], Some("audio"), RuleStatus::NeedsReply("model"))]
    fn voices_need_a_model_that_is_listed_with_sound(
        #[case] inputs: Value,
        #[case] voices: &[&str],
        #[case] audio: Option<&str>,
        #[case] wanted: RuleStatus,
    ) {
        let modes = [Mode::ReferenceToVideo];
        let mut fixture = fixture(&inputs, modes[0]).claim(&modes, Fact::Supported(true));
        if let Some(audio) = audio {
            fixture = fixture.text("audio", audio);
        }
        fixture.shot().voices = voices.iter().map(|voice| (*voice).to_owned()).collect();
        assert_eq!(fixture.rule("mode-supported").status, wanted);
    }

    #[test]
    fn a_contradiction_shows_both_sides() {
        let fixture = fixture(&json!(["text"]), Mode::Extend).claim(&[Mode::Extend], Fact::Supported(true));
        let seen = fixture.rule("mode-supported").seen;
        assert!(
            seen.contains("supported as of 2026-01-01 (docs.example)") && seen.contains("live inputs: text"),
            "{seen}"
        );
    }

    #[test]
    fn an_unlisted_model_has_no_machine_readable_modes() {
        let mut fixture = fixture(&json!(["text"]), Mode::TextToVideo);
        fixture.shot().model = "stranger".to_owned();
        assert!(fixture.rule("mode-supported").seen.contains("not machine-readable"));
    }
}
