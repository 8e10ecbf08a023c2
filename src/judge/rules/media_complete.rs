//! A local file is whole.

use super::{Judge, Rule, media_present};
use crate::{
    judge::{
        ruling::{Ruling, Scene},
        wording,
    },
    model::{media::Input, rule::RuleSpec, verdict::Reason},
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "media-complete",
        decides: "The file is of a known type and neither cut short nor damaged.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Input(judge),
};

fn judge<'a>(scene: &Scene<'a>, input: &'a Input) -> Ruling {
    media_present::look(scene, input, |media| match (&media.damage, &media.mime) {
        (Some(damage), _) => Ruling::refuted(wording::clip(damage)),
        (None, None) => {
            Ruling::unknown(Reason::MissingValue, "of no known type: nobody can tell where it ends")
        }
        (None, Some(_)) => Ruling::holds("whole"),
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

    #[rstest]
    #[case(None, Some("image/jpeg"), Standing::Holds)]
    #[case(Some("no end marker"), Some("image/jpeg"), Standing::Refuted)]
    #[case(None, None, Standing::Unknown(Reason::MissingValue))]
    fn table(#[case] damage: Option<&str>, #[case] mime: Option<&str>, #[case] wanted: Standing) {
        let media =
            Media { damage: damage.map(str::to_owned), mime: mime.map(str::to_owned), ..Media::default() };
        let file = Stage::file("a.jpg");
        assert_eq!(Stage::new().media(&file, media).rule_on("media-complete", &file).standing, wanted);
    }
}
