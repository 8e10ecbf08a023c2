//! A local file is there.

use super::{Judge, Rule};
use crate::{
    judge::{
        ruling::{Ruling, Scene},
        wording,
    },
    model::{
        media::{Input, Media, MediaFact},
        rule::RuleSpec,
        verdict::Reason,
    },
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec { name: "media-present", decides: "The file can be read.", params: &[], probes: &[] },
    judge: Judge::Input(judge),
};

fn judge<'a>(scene: &Scene<'a>, input: &'a Input) -> Ruling {
    look(scene, input, |media| Ruling::holds(summary(media)))
}

/// Judges what is known of an input, or says why there is nothing to look at.
pub(super) fn look<'a>(scene: &Scene<'a>, input: &Input, judge: impl FnOnce(&'a Media) -> Ruling) -> Ruling {
    match scene.media(input) {
        Some(MediaFact::Present(media)) => judge(media),
        Some(MediaFact::Missing(why) | MediaFact::Unreachable(why)) => Ruling::refuted(wording::clip(why)),
        Some(MediaFact::HoldsKey) => {
            Ruling::refuted("a key of this environment is in the address, so it is not called").fix(CUT)
        }
        Some(MediaFact::NoAnswer(why)) => {
            Ruling::unknown(Reason::Unreachable, format!("no reply: {}", wording::clip(why)))
        }
        Some(MediaFact::NotLooked(why)) => {
            Ruling::unknown(Reason::NotMade, format!("not looked at: {}", wording::clip(why)))
        }
        None => Ruling::unknown(Reason::NotMade, "nobody looked at it"),
    }
}

const CUT: &str = "Take the key out of the address: whoever is asked for it reads the key. If it was used already, replace \
                   the key at its owner.";

/// Type, size, measures and length, as far as they are known.
pub(super) fn summary(media: &Media) -> String {
    let parts = [
        media.mime.as_deref().map(wording::clip),
        media.codec.as_deref().map(wording::clip),
        media.bytes.map(wording::bytes),
        media.pixels.map(|(width, height)| format!("{width}×{height}")),
        media.millis.map(wording::seconds),
    ];
    let known: Vec<String> = parts.into_iter().flatten().collect();
    if known.is_empty() { "there".to_owned() } else { known.join(", ") }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::judge::{ruling::Standing, stage::Stage};

    #[rstest]
    #[case(Some(MediaFact::Present(Media::default())), Standing::Holds, "there")]
    #[case(Some(MediaFact::Missing("no such file".into())), Standing::Refuted, "no such file")]
    #[case(Some(MediaFact::NotLooked("rehearsal".into())), Standing::Unknown(Reason::NotMade), "not looked at: rehearsal")]
    #[case(None, Standing::Unknown(Reason::NotMade), "nobody looked at it")]
    fn table(#[case] fact: Option<MediaFact>, #[case] wanted: Standing, #[case] seen: &str) {
        let file = Stage::file("a.png");
        let mut stage = Stage::new();
        stage.observations.media.extend(fact.map(|fact| (file.clone(), fact)));
        let ruling = stage.rule_on("media-present", &file);
        assert_eq!((ruling.standing, ruling.seen.as_str(), ruling.fix), (wanted, seen, None));
    }

    #[test]
    fn a_key_in_an_address_is_to_be_taken_out() {
        let address = Stage::url("https://media.example/x.png");
        let mut stage = Stage::new();
        stage.observations.media.insert(address.clone(), MediaFact::HoldsKey);
        for rule in ["media-present", "media-reachable", "media-type"] {
            let ruling = stage.rule_on(rule, &address);
            let seen = "a key of this environment is in the address, so it is not called";
            assert_eq!((ruling.standing, ruling.seen.as_str()), (Standing::Refuted, seen), "{rule}");
            assert_eq!(ruling.fix.as_deref(), Some(CUT), "{rule}");
        }
    }
}
