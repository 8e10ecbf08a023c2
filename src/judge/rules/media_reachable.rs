//! An address gives its file to anybody, without a key.

use super::{Judge, Rule, media_present};
use crate::{
    judge::ruling::{Ruling, Scene},
    model::{media::Input, rule::RuleSpec},
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "media-reachable",
        decides: "The address is HTTPS, holds no login, and answers a caller without a key with the file.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Input(judge),
};

fn judge<'a>(scene: &Scene<'a>, input: &'a Input) -> Ruling {
    let Input::Url(url) = input else {
        return Ruling::not_applicable("not an address");
    };
    if url.scheme() != "https" {
        return Ruling::refuted("the address is not HTTPS").sides("https", url.scheme());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Ruling::refuted("the address holds a login");
    }
    media_present::look(scene, input, |media| Ruling::holds(media_present::summary(media)))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::{
        judge::{ruling::Standing, stage::Stage},
        model::{
            media::{Media, MediaFact},
            verdict::Reason,
        },
    };

    fn present() -> MediaFact {
        MediaFact::Present(Media::default())
    }

    #[rstest]
    #[case("https://host.example/a", Some(present()), Standing::Holds)]
    #[case("http://host.example/a", Some(present()), Standing::Refuted)]
    #[case("https://me:pw@host.example/a", Some(present()), Standing::Refuted)]
    #[case("https://host.example/a", Some(MediaFact::Unreachable("HTTP 403".into())), Standing::Refuted)]
    #[case("https://host.example/a", Some(MediaFact::NotLooked("offline".into())), Standing::Unknown(Reason::NotMade))]
    #[case("https://host.example/a", None, Standing::Unknown(Reason::NotMade))]
    fn table(#[case] url: &str, #[case] fact: Option<MediaFact>, #[case] wanted: Standing) {
        let input = Stage::url(url);
        let mut stage = Stage::new();
        stage.observations.media.extend(fact.map(|fact| (input.clone(), fact)));
        assert_eq!(stage.rule_on("media-reachable", &input).standing, wanted);
    }
}
