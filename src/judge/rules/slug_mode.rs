//! The provider's name for the model can make the mode of the shot.

use super::{Judge, Rule};
use crate::{
    judge::{rule_context::RuleContext, rule_outcome::RuleOutcome, wording},
    model::{project::Shot, rule::RuleSpec, verdict::Reason},
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "slug-mode",
        decides: "The `model` of the shot is a slug of the checklist, and the shot's mode is one of those that the \
                  provider makes under it. A name that the checklist does not know is unknown, and so is one whose \
                  modes are not stated.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Shot(judge),
};

fn judge<'a>(context: &RuleContext<'a>, shot: &'a Shot) -> RuleOutcome {
    let asked = wording::clip(&shot.model);
    let mode = shot.mode;
    let fitting: Vec<&str> =
        context.slugs.iter().filter(|slug| slug.modes.contains(&mode)).map(|slug| slug.id.as_str()).collect();
    let fix = match fitting.as_slice() {
        [] => format!(
            "No slug of this provider is known for {mode}: give the shot another `mode`, or take another route."
        ),
        names => format!("Set `model` of the shot to one that makes {mode}: {}.", wording::names(names)),
    };
    let Some(slug) = context.slug(shot) else {
        return RuleOutcome::unknown(Reason::NoClaim, format!("no slug `{asked}` is known")).fix(fix);
    };
    if slug.modes.is_empty() {
        let seen = format!("`{asked}` is {}; which modes it makes is not said", wording::clip(&slug.model));
        return RuleOutcome::unknown(Reason::NoClaim, seen);
    }
    let outcome = if slug.modes.contains(&mode) {
        RuleOutcome::holds(format!("`{asked}` is {} for {mode}", wording::clip(&slug.model)))
    } else {
        let modes: Vec<String> = slug.modes.iter().map(ToString::to_string).collect();
        RuleOutcome::refuted(format!("`{asked}` makes {}, but the shot needs {mode}", modes.join(", ")))
            .sides(mode.to_string(), modes.join(", "))
            .fix(fix)
    };
    RuleOutcome { source: Some(slug.source.clone()), ..outcome }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::{
        judge::{
            rule_fixture::{self, RuleFixture},
            rule_outcome::RuleStatus,
        },
        model::{checklist::Slug, mode::Mode, verdict::Reason},
    };

    #[rstest]
    #[case("a/text", Mode::TextToVideo, RuleStatus::Holds, "`a/text` is m-1 for text-to-video")]
    #[case("a/old", Mode::TextToVideo, RuleStatus::Holds, "`a/old` is m-1")]
    #[case(
        "a/text",
        Mode::Edit,
        RuleStatus::Refuted,
        "`a/text` makes text-to-video, but the shot needs edit"
    )]
    #[case("a/any", Mode::Edit, RuleStatus::Unknown(Reason::NoClaim), "which modes it makes is not said")]
    #[case("b/text", Mode::TextToVideo, RuleStatus::Unknown(Reason::NoClaim), "no slug `b/text` is known")]
    fn table(#[case] model: &str, #[case] mode: Mode, #[case] wanted: RuleStatus, #[case] says: &str) {
        let mut fixture = RuleFixture::new();
        fixture.slugs.push(Slug {
            id: "a/text".to_owned(),
            aliases: vec!["a/old".to_owned()],
            model: "m-1".to_owned(),
            modes: vec![Mode::TextToVideo],
            source: rule_fixture::source("https://acme.example", "2026-11-01"),
        });
        fixture.slugs.push(Slug {
            id: "a/any".to_owned(),
            modes: vec![],
            aliases: vec![],
            ..fixture.slugs[0].clone()
        });
        model.clone_into(&mut fixture.shot().model);
        fixture.shot().mode = mode;
        let outcome = fixture.rule("slug-mode");
        assert_eq!(outcome.status, wanted);
        assert!(outcome.seen.contains(says), "{}", outcome.seen);
        assert!(outcome.fix.is_none() || wanted != RuleStatus::Holds);
    }
}
