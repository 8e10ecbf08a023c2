//! An input is small enough for the way it travels.

use super::{Judge, Rule, media_present};
use crate::{
    judge::{
        ruling::{Ruling, Scene},
        wording,
    },
    model::{
        catalogue::Fact,
        media::{Input, Media, MediaKind, Way},
        project::Shot,
        rule::RuleSpec,
        verdict::Reason,
    },
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "media-size",
        decides: "The size in bytes is at most what the newest claim allows for the way the input travels: fetched by \
                  URL, as a data URI, or uploaded.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Input(judge),
};

fn judge<'a>(scene: &Scene<'a>, input: &'a Input) -> Ruling {
    let way = match input {
        Input::File { way, .. } => *way,
        Input::Url(_) => Way::Url,
        Input::Shot(_) => return Ruling::not_applicable("another shot makes it"),
    };
    media_present::look(scene, input, |media| {
        let rulings = scene.uses(input).map(|(shot, slot)| of_use(scene, media, way, shot, slot.kind()));
        Ruling::worst(rulings.collect()).unwrap_or_else(|| Ruling::not_applicable("no shot uses it"))
    })
}

fn of_use<'a>(scene: &Scene<'a>, media: &Media, way: Way, shot: &'a Shot, sort: MediaKind) -> Ruling {
    let limit = scene.newest(shot, |fact| match fact {
        Fact::InputBytes { kind, way: by, max } if *kind == sort && *by == way => Some(*max),
        _ => None,
    });
    let what = format!("the size of an input {} by {}", sort.word(), way.word());
    match (media.bytes, limit) {
        (None, _) => Ruling::unknown(Reason::MissingValue, "its size is not known"),
        (_, None) => Ruling::no_claim(scene, &what, &shot.model, shot.mode),
        (Some(bytes), Some((max, claim))) if bytes <= max => {
            let (bytes, max) = (wording::bytes(bytes), wording::bytes(max));
            Ruling::holds(format!("{bytes} of {max} by {}", way.word())).by(claim)
        }
        (Some(bytes), Some((max, claim))) => {
            Ruling::refuted(format!("{} is too large by {}", wording::bytes(bytes), way.word()))
                .sides(format!("at most {max} bytes"), format!("{bytes} bytes"))
                .by(claim)
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        judge::{ruling::Standing, stage::Stage},
        model::media::Slot,
    };

    #[rstest]
    #[case(Way::DataUri, Some(100), Standing::Holds, "100 bytes of 100 bytes by data-uri")]
    #[case(Way::DataUri, Some(101), Standing::Refuted, "101 bytes is too large by data-uri")]
    #[case(Way::Upload, Some(101), Standing::Holds, "101 bytes of 1000 bytes by upload")]
    #[case(Way::Upload, Some(1001), Standing::Refuted, "1001 bytes is too large by upload")]
    #[case(Way::Upload, None, Standing::Unknown(Reason::MissingValue), "its size is not known")]
    #[case(
        Way::Url,
        Some(1),
        Standing::Unknown(Reason::NoClaim),
        "no claim about the size of an input image by url of `model` in text-to-video by 2026-11-22"
    )]
    fn by_way(#[case] way: Way, #[case] bytes: Option<u64>, #[case] wanted: Standing, #[case] seen: &str) {
        let input = match way {
            Way::Url => Stage::url("https://host.example/a.png"),
            way => Input::File { path: "a.png".into(), way },
        };
        let limit = |way, max| Fact::InputBytes { kind: MediaKind::Image, way, max };
        let mut stage = Stage::new()
            .claim(&[], limit(Way::DataUri, 100))
            .claim(&[], limit(Way::Upload, 1000))
            .media(&input, Media { bytes, ..Media::default() });
        stage.shot().inputs = vec![(Slot::Image, input.clone())];
        let ruling = stage.rule_on("media-size", &input);
        assert_eq!((ruling.standing, ruling.seen.as_str(), ruling.fix), (wanted, seen, None));
    }
}
