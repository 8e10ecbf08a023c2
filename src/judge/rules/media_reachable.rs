//! An address gives its file to anybody, without a key.

use super::{Judge, Rule, media_present};
use crate::{
    judge::{
        ruling::{Ruling, Scene, Standing},
        wording,
    },
    model::{
        address::{self, Refused},
        media::Input,
        rule::RuleSpec,
        verdict::Reason,
    },
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "media-reachable",
        decides: "The address is HTTPS, holds no login, leads to public hosts alone, and gives a caller without a key \
                  the first bytes of the file, which are of the type it is served as. A private address is a caution with `--allow-private`.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Input(judge),
};

fn judge<'a>(scene: &Scene<'a>, input: &'a Input) -> Ruling {
    let Input::Url(url) = input else {
        return Ruling::not_applicable("not an address");
    };
    match address::refused(url) {
        Some(Refused::NotHttps) => {
            return Ruling::refuted("the address is not HTTPS").sides("https", wording::clip(url.scheme()));
        }
        Some(Refused::Login) => return Ruling::refuted("the address contains a user name or password"),
        Some(Refused::NotPublic(what)) if !scene.allow_private => {
            let seen = format!("{}; no provider can fetch from there", wording::clip(&what));
            return Ruling::refuted(seen).sides("a public address", wording::clip(&what));
        }
        Some(Refused::NotPublic(_)) | None => {}
    }
    let ruling = media_present::look(scene, input, |media| {
        let seen = media_present::summary(media);
        if scene.allow_private {
            Ruling::caution(format!("{seen}; private addresses were allowed; the provider may not reach it"))
        } else {
            Ruling::holds(seen)
        }
    });
    match ruling.standing {
        Standing::Unknown(Reason::NotMade) => ruling.fix(LOOK),
        Standing::Unknown(_) => ruling.fix(WAIT),
        _ => ruling,
    }
}

const LOOK: &str =
    "Run `greenlight check` online, without a proxy and live, or download the file and name it in the shot.";

const WAIT: &str = "Open the address in a browser that is logged in nowhere; when it answers there, run `greenlight \
                    check` again. Or download the file and name it in the shot.";

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::{
        judge::{
            ruling::{Ruling, Standing},
            stage::Stage,
        },
        model::{
            media::{Media, MediaFact},
            verdict::Reason,
        },
    };

    fn present() -> MediaFact {
        MediaFact::Present(Media::default())
    }

    const DEAD: &str = "no address";

    fn seen(url: &str, fact: Option<MediaFact>, allow_private: bool) -> Ruling {
        let input = Stage::url(url);
        let mut stage = Stage::new();
        stage.allow_private = allow_private;
        stage.observations.media.extend(fact.map(|fact| (input.clone(), fact)));
        stage.rule_on("media-reachable", &input)
    }

    #[rstest]
    #[case("https://host.example/a", Some(present()), Standing::Holds, "there")]
    #[case("http://host.example/a", Some(present()), Standing::Refuted, "not HTTPS")]
    #[case(
        "https://me:pw@host.example/a",
        Some(present()),
        Standing::Refuted,
        "contains a user name or password"
    )]
    #[case("https://host.example/a", Some(MediaFact::Unreachable("HTTP 403".into())), Standing::Refuted, "HTTP 403")]
    #[case("https://host.example/a", Some(MediaFact::NoAnswer(DEAD.into())), Standing::Unknown(Reason::Unreachable), "no reply: no address")]
    #[case("https://host.example/a", Some(MediaFact::NotLooked("offline".into())), Standing::Unknown(Reason::NotMade), "not looked at: offline")]
    #[case("https://host.example/a", None, Standing::Unknown(Reason::NotMade), "nobody looked at it")]
    #[case(
        "https://169.254.169.254/a",
        Some(present()),
        Standing::Refuted,
        "169.254.169.254 is a cloud metadata address"
    )]
    #[case(
        "https://[::ffff:10.0.0.1]/a",
        None,
        Standing::Refuted,
        "is a private address; no provider can fetch from there"
    )]
    #[case("https://localhost/a", None, Standing::Refuted, "localhost is a local name")]
    fn table(
        #[case] url: &str,
        #[case] fact: Option<MediaFact>,
        #[case] wanted: Standing,
        #[case] words: &str,
    ) {
        let ruling = seen(url, fact, false);
        assert_eq!(ruling.standing, wanted);
        assert!(ruling.seen.contains(words), "{ruling:?}");
        assert_eq!(ruling.fix.is_some(), matches!(wanted, Standing::Unknown(_)), "{ruling:?}");
    }

    /// A lab may look; it never reads as a plain pass, and http stays refused.
    #[rstest]
    #[case("https://127.0.0.1/a", Standing::Caution)]
    #[case("https://host.example/a", Standing::Caution)]
    #[case("http://127.0.0.1/a", Standing::Refuted)]
    fn what_is_private_may_be_allowed(#[case] url: &str, #[case] wanted: Standing) {
        let ruling = seen(url, Some(present()), true);
        assert_eq!(ruling.standing, wanted);
        assert_eq!(ruling.seen.contains("private addresses were allowed"), wanted == Standing::Caution);
    }
}
