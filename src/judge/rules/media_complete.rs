//! A local file is whole.

use super::{Judge, Rule, media_present};
use crate::{
    judge::{
        ruling::{Ruling, Scene},
        wording,
    },
    model::{
        media::{Input, Whole},
        rule::RuleSpec,
        verdict::Reason,
    },
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "media-complete",
        decides: "The file was read through to its end: JPEG, PNG and WebP picture by picture, MP4 by its index and what \
                  the index promises. What nobody can read through is not known.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Input(judge),
};

fn judge<'a>(scene: &Scene<'a>, input: &'a Input) -> Ruling {
    media_present::look(scene, input, |media| match &media.whole {
        Whole::Yes => Ruling::holds("whole"),
        Whole::No(why) => Ruling::refuted(wording::clip(why)),
        Whole::Unknown(why) => {
            Ruling::unknown(Reason::MissingValue, format!("not checked to its end: {}", wording::clip(why)))
                .fix("Export it as JPEG, PNG or WebP, or as MP4, and name the new file in the shot.")
        }
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        judge::{ruling::Standing, stage::Stage},
        model::media::Media,
    };

    const UNKNOWN: Standing = Standing::Unknown(Reason::MissingValue);

    #[rstest]
    #[case(Whole::Yes, Standing::Holds, "whole")]
    #[case(Whole::No("the file is cut short".into()), Standing::Refuted, "the file is cut short")]
    #[case(Whole::Unknown("a GIF".into()), UNKNOWN, "not checked to its end: a GIF")]
    #[case(Whole::default(), UNKNOWN, "not checked to its end: nobody read it")]
    fn table(#[case] whole: Whole, #[case] wanted: Standing, #[case] seen: &str) {
        let media = Media { whole, mime: Some("image/jpeg".into()), ..Media::default() };
        let file = Stage::file("a.jpg");
        let ruling = Stage::new().media(&file, media).rule_on("media-complete", &file);
        assert_eq!((ruling.standing, ruling.seen.as_str()), (wanted, seen));
        assert_eq!(ruling.fix.is_some(), wanted == UNKNOWN);
    }
}
