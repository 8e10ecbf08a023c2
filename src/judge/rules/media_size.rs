//! An input is small enough for the way it is sent.

use super::{Judge, Rule, media_present};
use crate::{
    judge::{rule_context::RuleContext, rule_outcome::RuleOutcome, wording},
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

fn judge<'a>(context: &RuleContext<'a>, input: &'a Input) -> RuleOutcome {
    let way = match input {
        Input::File { way, .. } => *way,
        Input::Url(_) => Way::Url,
        Input::Shot(_) => return RuleOutcome::not_applicable("another shot makes it"),
    };
    media_present::look(context, input, |media| {
        let outcomes = context.uses(input).map(|(shot, slot)| of_use(context, media, way, shot, slot.kind()));
        RuleOutcome::worst(outcomes.collect())
            .unwrap_or_else(|| RuleOutcome::not_applicable("no shot uses it"))
    })
}

fn of_use<'a>(
    context: &RuleContext<'a>,
    media: &Media,
    way: Way,
    shot: &'a Shot,
    sort: MediaKind,
) -> RuleOutcome {
    let limit = context.newest(shot, |fact| match fact {
        Fact::InputBytes { kind, way: by, max } if *kind == sort && *by == way => Some(*max),
        _ => None,
    });
    let what = format!("the size of an input {} by {}", sort.word(), way.word());
    match (media.bytes, limit) {
        (None, _) => RuleOutcome::unknown(Reason::MissingValue, "its size is not known"),
        (_, None) => RuleOutcome::no_claim(context, &what, &shot.model, shot.mode),
        (Some(bytes), Some((max, claim))) if bytes <= max => {
            let (bytes, max) = (wording::bytes(bytes), wording::bytes(max));
            RuleOutcome::holds(format!("{bytes} of {max} by {}", way.word())).by(claim)
        }
        (Some(bytes), Some((max, claim))) => {
            RuleOutcome::refuted(format!("{} is too large by {}", wording::bytes(bytes), way.word()))
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
        judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus},
        model::media::Slot,
    };

    #[rstest]
    #[case(Way::DataUri, Some(100), RuleStatus::Holds, "100 bytes of 100 bytes by data-uri")]
    #[case(Way::DataUri, Some(101), RuleStatus::Refuted, "101 bytes is too large by data-uri")]
    #[case(Way::Upload, Some(101), RuleStatus::Holds, "101 bytes of 1000 bytes by upload")]
    #[case(Way::Upload, Some(1001), RuleStatus::Refuted, "1001 bytes is too large by upload")]
    #[case(Way::Upload, None, RuleStatus::Unknown(Reason::MissingValue), "its size is not known")]
    #[case(
        Way::Url,
        Some(1),
        RuleStatus::Unknown(Reason::NoClaim),
        "no claim about the size of an input image by url of `model` in text-to-video by 2026-11-22"
    )]
    fn by_way(#[case] way: Way, #[case] bytes: Option<u64>, #[case] wanted: RuleStatus, #[case] seen: &str) {
        let input = match way {
            Way::Url => RuleFixture::url("https://host.example/a.png"),
            way => Input::File { path: "a.png".into(), way },
        };
        let limit = |way, max| Fact::InputBytes { kind: MediaKind::Image, way, max };
        let mut fixture = RuleFixture::new()
            .claim(&[], limit(Way::DataUri, 100))
            .claim(&[], limit(Way::Upload, 1000))
            .media(&input, Media { bytes, ..Media::default() });
        fixture.shot().inputs = vec![(Slot::Image, input.clone())];
        let outcome = fixture.rule_on("media-size", &input);
        assert_eq!((outcome.status, outcome.seen.as_str(), outcome.fix), (wanted, seen, None));
    }
}
