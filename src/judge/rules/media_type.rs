//! An input has a type, and a clip has a codec, that the model accepts.

use super::{Judge, Rule, media_present};
use crate::{
    judge::{
        given::given,
        rule_context::RuleContext,
        rule_outcome::{RuleOutcome, RuleStatus},
        wording,
    },
    model::{
        catalogue::Fact,
        media::{Input, Media, MediaKind},
        project::Shot,
        rule::RuleSpec,
        verdict::Reason,
    },
};

given! {
    params {
        ending: Option<&'a str> = "clip-address-ends",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "media-type",
        decides: "The type, by content, is one that the newest claim names for every shot that uses the input; for a \
                  clip the codec too. If the claim says that there are others, another codec is a caution, and so is \
                  the address of a clip that doesn't end as `clip-address-ends` says.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Input(|context, input| Given::with(context, |given| judge(context, input, &given))),
};

fn judge<'a>(context: &RuleContext<'a>, input: &'a Input, given: &Given<'a>) -> RuleOutcome {
    media_present::look(context, input, |media| {
        let outcomes = context.uses(input).flat_map(|(shot, slot)| {
            let clip = slot.kind() == MediaKind::Video;
            let codec = clip.then(|| codec(context, media, shot));
            let ending = given.ending.filter(|_| clip).and_then(|ending| address(input, ending));
            [Some(mime(context, media, shot, slot.kind())), codec, ending]
        });
        RuleOutcome::worst(outcomes.flatten().collect())
            .unwrap_or_else(|| RuleOutcome::not_applicable("no shot uses it"))
    })
}

/// A caution when the address of a clip doesn't have the ending its owner asks for; a query isn't part of the ending.
fn address(input: &Input, ending: &str) -> Option<RuleOutcome> {
    let Input::Url(url) = input else { return None };
    let other = !url.path().to_ascii_lowercase().ends_with(ending);
    other.then(|| RuleOutcome::caution(format!("its address does not end in {ending}")))
}

fn mime<'a>(context: &RuleContext<'a>, media: &Media, shot: &'a Shot, sort: MediaKind) -> RuleOutcome {
    let claim = context.newest(shot, |fact| match fact {
        Fact::InputTypes { kind, types } if *kind == sort => Some(types.as_slice()),
        _ => None,
    });
    match (&media.mime, claim) {
        (None, _) => RuleOutcome::unknown(Reason::MissingValue, "its type is not known"),
        (_, None) => RuleOutcome::no_claim(context, "input types", &shot.model, shot.mode),
        (Some(mime), Some((types, claim))) => {
            let outcome = one_of(mime, types).by(claim);
            match (outcome.status, mime.split('/').next(), sort) {
                (RuleStatus::Refuted, Some("image"), MediaKind::Video) => outcome.fix(PICTURE),
                (RuleStatus::Refuted, Some("video"), MediaKind::Image) => outcome.fix(CLIP),
                (RuleStatus::Refuted, _, MediaKind::Image) => outcome
                    .fix(format!("Save the picture as {} and name the new file in the shot.", either(types))),
                _ => outcome,
            }
        }
    }
}

const PICTURE: &str = "Name a clip as `video`. To start from a picture, use `mode = \"image-to-video\"` and name it as `image`.";

const CLIP: &str = "Name a picture here. To change or continue a clip, use `mode = \"edit\"` or `\"extend\"` and name it as \
                    `video`.";

fn either(types: &[String]) -> String {
    wording::clip(&types.join(" or "))
}

fn codec<'a>(context: &RuleContext<'a>, media: &Media, shot: &'a Shot) -> RuleOutcome {
    let claim = context.newest(shot, |fact| match fact {
        Fact::InputCodecs { codecs, and_others } => Some((codecs.as_slice(), *and_others)),
        _ => None,
    });
    match (&media.codec, claim) {
        (None, _) => RuleOutcome::unknown(Reason::MissingValue, "its codec is not known"),
        (_, None) => RuleOutcome::no_claim(context, "input codecs", &shot.model, shot.mode),
        (Some(codec), Some(((codecs, true), claim))) if codecs.iter().all(|one| one != codec) => {
            let (codec, codecs) = (wording::clip(codec), wording::clip(&codecs.join(", ")));
            RuleOutcome::caution(format!("{codec} is not among {codecs}; others are accepted, but not named"))
                .by(claim)
        }
        (Some(codec), Some(((codecs, _), claim))) => one_of(codec, codecs).by(claim),
    }
}

fn one_of(found: &str, taken: &[String]) -> RuleOutcome {
    let shown = wording::clip(found);
    if taken.iter().any(|one| one == found) {
        return RuleOutcome::holds(shown);
    }
    let taken = wording::clip(&taken.join(", "));
    RuleOutcome::refuted(format!("{shown} is not taken, only {taken}"))
        .sides(format!("one of {taken}"), shown)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus},
        model::{media::Slot, mode::Mode},
    };

    const MISSING: RuleStatus = RuleStatus::Unknown(Reason::MissingValue);

    #[rstest]
    #[case(Slot::Image, Some("image/png"), None, RuleStatus::Holds, "image/png")]
    #[case(
        Slot::Image,
        Some("image/gif"),
        None,
        RuleStatus::Refuted,
        "image/gif is not taken, only image/png"
    )]
    #[case(
        Slot::Image,
        Some("video/mp4"),
        Some("avc1"),
        RuleStatus::Refuted,
        "video/mp4 is not taken, only image/png"
    )]
    #[case(Slot::Image, None, None, MISSING, "its type is not known")]
    #[case(Slot::Video, Some("video/mp4"), Some("avc1"), RuleStatus::Holds, "video/mp4; avc1")]
    #[case(Slot::Video, Some("video/mp4"), Some("vp09"), RuleStatus::Refuted, "vp09 is not taken, only avc1")]
    #[case(Slot::Video, Some("video/mp4"), None, MISSING, "its codec is not known")]
    fn table(
        #[case] slot: Slot,
        #[case] mime: Option<&str>,
        #[case] codec: Option<&str>,
        #[case] wanted: RuleStatus,
        #[case] says: &str,
    ) {
        let file = RuleFixture::file("a");
        let media =
            Media { mime: mime.map(str::to_owned), codec: codec.map(str::to_owned), ..Media::default() };
        let types = |kind, one: &str| Fact::InputTypes { kind, types: vec![one.to_owned()] };
        let mut fixture = RuleFixture::new()
            .claim(&[], types(MediaKind::Image, "image/png"))
            .claim(&[], types(MediaKind::Video, "video/mp4"))
            .claim(&[], Fact::InputCodecs { codecs: vec!["avc1".into()], and_others: false })
            .media(&file, media);
        fixture.shot().inputs = vec![(slot, file.clone())];
        let outcome = fixture.rule_on("media-type", &file);
        assert_eq!((outcome.status, outcome.seen.as_str()), (wanted, says));
    }

    #[rstest]
    #[case(Some("avc1"), RuleStatus::Holds, "video/mp4; avc1")]
    #[case(Some("vp09"), RuleStatus::Caution, "vp09 is not among avc1; others are accepted, but not named")]
    #[case(None, MISSING, "its codec is not known")]
    fn an_incomplete_list_refuses_nothing(
        #[case] codec: Option<&str>,
        #[case] wanted: RuleStatus,
        #[case] says: &str,
    ) {
        let file = RuleFixture::file("a");
        let (mime, codec) = (Some("video/mp4".to_owned()), codec.map(str::to_owned));
        let mut fixture = RuleFixture::new()
            .claim(&[], Fact::InputTypes { kind: MediaKind::Video, types: vec!["video/mp4".into()] })
            .claim(&[], Fact::InputCodecs { codecs: vec!["avc1".into()], and_others: true })
            .media(&file, Media { mime, codec, ..Media::default() });
        fixture.shot().inputs = vec![(Slot::Video, file.clone())];
        let outcome = fixture.rule_on("media-type", &file);
        assert_eq!((outcome.status, outcome.seen.as_str()), (wanted, says));
    }

    #[rstest]
    #[case("https://cdn.example/a.mp4?sig=x", RuleStatus::Holds, "video/mp4; avc1")]
    #[case("https://cdn.example/a.MP4", RuleStatus::Holds, "video/mp4; avc1")]
    #[case("https://cdn.example/a?file=b.mp4", RuleStatus::Caution, "its address does not end in .mp4")]
    fn the_address_of_a_clip_shows_what_it_is(
        #[case] address: &str,
        #[case] wanted: RuleStatus,
        #[case] says: &str,
    ) {
        let clip = Input::Url(address.parse().unwrap());
        let (mime, codec) = (Some("video/mp4".to_owned()), Some("avc1".to_owned()));
        let mut fixture = RuleFixture::new()
            .text("clip-address-ends", ".mp4")
            .claim(&[], Fact::InputTypes { kind: MediaKind::Video, types: vec!["video/mp4".into()] })
            .claim(&[], Fact::InputCodecs { codecs: vec!["avc1".into()], and_others: false })
            .media(&clip, Media { mime, codec, ..Media::default() });
        fixture.shot().inputs = vec![(Slot::Video, clip.clone())];
        let outcome = fixture.rule_on("media-type", &clip);
        assert_eq!((outcome.status, outcome.seen.as_str()), (wanted, says));
    }

    #[test]
    fn every_shot_that_uses_it_must_take_it() {
        let file = RuleFixture::file("a");
        let media = Media { mime: Some("image/png".into()), ..Media::default() };
        let types = |one: &str| Fact::InputTypes { kind: MediaKind::Image, types: vec![one.to_owned()] };
        let mut fixture = RuleFixture::new()
            .claim(&[Mode::TextToVideo], types("image/png"))
            .claim(&[Mode::ImageToVideo], types("image/webp"))
            .media(&file, media);
        fixture.shot().inputs = vec![(Slot::Image, file.clone())];
        assert_eq!(fixture.rule_on("media-type", &file).status, RuleStatus::Holds);
        let second = fixture.add_shot("second");
        second.mode = Mode::ImageToVideo;
        second.inputs = vec![(Slot::Image, file.clone())];
        assert_eq!(fixture.rule_on("media-type", &file).status, RuleStatus::Refuted);
    }

    #[rstest]
    #[case::picture_as_clip(Slot::Video, "image/png", "Name a clip as `video`.")]
    #[case::clip_as_picture(Slot::Image, "video/mp4", "Name a picture here.")]
    #[case::other_picture(Slot::Image, "image/gif", "Save the picture as image/png and")]
    fn the_advice_fits_the_file(#[case] slot: Slot, #[case] mime: &str, #[case] says: &str) {
        let file = RuleFixture::file("a");
        let media = Media { mime: Some(mime.to_owned()), ..Media::default() };
        let types = |kind, one: &str| Fact::InputTypes { kind, types: vec![one.to_owned()] };
        let mut fixture = RuleFixture::new()
            .claim(&[], types(MediaKind::Image, "image/png"))
            .claim(&[], types(MediaKind::Video, "video/mp4"))
            .media(&file, media);
        fixture.shot().inputs = vec![(slot, file.clone())];
        let fix = fixture.rule_on("media-type", &file).fix.unwrap();
        assert!(fix.starts_with(says) && !fix.contains("ffmpeg"), "{fix}");
    }
}
