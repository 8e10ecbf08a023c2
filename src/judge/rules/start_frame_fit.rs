//! The first frame has the requested ratio.

use super::{Judge, Rule, media_present};
use crate::{
    judge::{given::given, rule_context::RuleContext, rule_outcome::RuleOutcome, wording},
    model::{
        media::{Input, Media, Slot},
        project::Shot,
        rule::RuleSpec,
        verdict::Reason,
    },
};

given! {
    params {
        percent: u64 = "percent",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "start-frame-fit",
        decides: "The ratio of the start image differs from the asked ratio by at most `percent`.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Shot(|context, shot| Given::with(context, |given| judge(context, shot, &given))),
};

fn judge<'a>(context: &RuleContext<'a>, shot: &'a Shot, given: &Given<'a>) -> RuleOutcome {
    let image = match shot.inputs_in(Slot::Image).next() {
        None => return RuleOutcome::not_applicable("no start image used"),
        Some(Input::Shot(id)) => {
            return RuleOutcome::unknown(
                Reason::NotDeclared,
                format!("shot `{id}` makes a clip, not an image"),
            );
        }
        Some(image) => image,
    };
    let Some(asked) = &shot.aspect_ratio else {
        return RuleOutcome::holds("no ratio is given: the image sets it");
    };
    let tolerance = u128::from(given.percent);
    media_present::look(context, image, |media| fits(media, asked, tolerance))
}

fn fits(media: &Media, asked: &str, percent: u128) -> RuleOutcome {
    let pixels = media.pixels.filter(|(width, height)| *width > 0 && *height > 0);
    let shown = wording::clip(asked);
    let (Some((width, height)), Some((wide, high))) = (pixels, ratio(asked)) else {
        return RuleOutcome::unknown(
            Reason::MissingValue,
            format!("the ratio of the image or `{shown}` is not known"),
        );
    };
    // width/height against wide/high, as whole numbers, so that rounding decides nothing.
    let (given, wanted) = (u128::from(width) * high, u128::from(height) * wide);
    let seen = format!("{width}×{height} for {shown}");
    // A tolerance larger than any ratio accepts everything.
    if given.abs_diff(wanted) * 100 <= wanted.saturating_mul(percent) {
        RuleOutcome::holds(seen)
    } else {
        RuleOutcome::refuted(format!("{seen}: the image becomes the first frame and does not fit"))
            .sides(shown, format!("{width}×{height}"))
    }
}

fn ratio(text: &str) -> Option<(u128, u128)> {
    let (wide, high) = text.split_once(':')?;
    let positive = |part: &str| part.trim().parse::<u32>().ok().filter(|n| *n > 0).map(u128::from);
    Some((positive(wide)?, positive(high)?))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus};

    const MISSING: RuleStatus = RuleStatus::Unknown(Reason::MissingValue);

    #[rstest]
    #[case(Some("16:9"), Some((1920, 1080)), RuleStatus::Holds, "1920×1080 for 16:9")]
    #[case(Some("16:9"), Some((1920, 1088)), RuleStatus::Holds, "1920×1088 for 16:9")]
    #[case(Some("16:9"), Some((1080, 1920)), RuleStatus::Refuted, "1080×1920 for 16:9: the image becomes the first frame and does not fit")]
    #[case(Some("1:1"), Some((103, 100)), RuleStatus::Holds, "103×100 for 1:1")]
    #[case(Some("1:1"), Some((104, 100)), RuleStatus::Refuted, "104×100 for 1:1: the image becomes the first frame and does not fit")]
    #[case(Some("1:1"), Some((0, 100)), MISSING, "the ratio of the image or `1:1` is not known")]
    #[case(Some("1:1"), Some((100, 0)), MISSING, "the ratio of the image or `1:1` is not known")]
    #[case(Some("0:1"), Some((100, 100)), MISSING, "the ratio of the image or `0:1` is not known")]
    #[case(Some("auto"), Some((100, 100)), MISSING, "the ratio of the image or `auto` is not known")]
    #[case(Some("16:9"), None, MISSING, "the ratio of the image or `16:9` is not known")]
    #[case(None, None, RuleStatus::Holds, "no ratio is given: the image sets it")]
    fn table(
        #[case] asked: Option<&str>,
        #[case] pixels: Option<(u32, u32)>,
        #[case] wanted: RuleStatus,
        #[case] seen: &str,
    ) {
        let file = RuleFixture::file("a.png");
        let mut fixture =
            RuleFixture::new().number("percent", 3).media(&file, Media { pixels, ..Media::default() });
        fixture.shot().aspect_ratio = asked.map(str::to_owned);
        fixture.shot().inputs = vec![(Slot::Image, file)];
        let outcome = fixture.rule("start-frame-fit");
        assert_eq!((outcome.status, outcome.seen.as_str(), outcome.fix), (wanted, seen, None));
    }
}
