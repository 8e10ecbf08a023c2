//! The first clip is short and small, and the others change one thing at a time.

use super::{Judge, Rule};
use crate::{
    judge::{given::given, rule_context::RuleContext, rule_outcome::RuleOutcome, wording},
    model::{catalogue::Fact, project::Shot, rule::RuleSpec, verdict::Reason},
};

given! {
    params {
        seconds: u64 = "seconds",
        resolutions: &'a [String] = "resolutions",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "first-clip-is-small",
        decides: "The first shot is at most `seconds` long at one of `resolutions`; shots that differ from it in more \
                  than one variable are named.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Project(|context| Given::with(context, |given| judge(context, &given))),
};

fn judge(context: &RuleContext<'_>, given: &Given<'_>) -> RuleOutcome {
    let Some((first, others)) = context.project.shots.split_first() else {
        return RuleOutcome::not_applicable("there is no shot");
    };
    let wild: Vec<String> = others
        .iter()
        // A shot that starts from another one continues it; it isn't a variation of the first.
        .filter(|shot| shot.follows().is_none())
        .filter_map(|shot| {
            let changed = changed(first, shot);
            (changed.len() > 1).then(|| format!("shot `{}` changes {}", shot.id, changed.join(", ")))
        })
        .collect();
    let varied = if wild.is_empty() {
        RuleOutcome::holds("the others change one thing at a time")
    } else {
        RuleOutcome::caution(format!("more than one variable changes: {}", wild.join("; ")))
    };
    let outcomes = [length(context, first, given.seconds), size(context, first, given.resolutions), varied];
    RuleOutcome::worst(outcomes.into()).unwrap_or_else(|| RuleOutcome::not_applicable("there is no shot"))
}

fn length<'a>(context: &RuleContext<'a>, first: &'a Shot, limit: u64) -> RuleOutcome {
    match context.lengths().of(first) {
        Err(why) => RuleOutcome::unknown(Reason::NotDeclared, why.words()),
        Ok(millis) if millis <= limit.saturating_mul(1000) => RuleOutcome::holds(wording::seconds(millis)),
        Ok(millis) => RuleOutcome::refuted(format!("the first clip is {} long", wording::seconds(millis)))
            .sides(format!("at most {limit} s"), wording::seconds(millis)),
    }
}

fn size<'a>(context: &RuleContext<'a>, first: &'a Shot, small: &[String]) -> RuleOutcome {
    let ignored =
        context.ignored(first).is_some_and(|(fields, _)| fields.iter().any(|field| field == "resolution"));
    if ignored {
        return RuleOutcome::holds("the resolution is that of the input clip");
    }
    let default = || {
        let pick = |fact: &'a Fact| match fact {
            Fact::Resolutions { default, .. } => Some(default.as_deref()),
            _ => None,
        };
        context.newest(first, pick).and_then(|(default, _)| default)
    };
    match first.resolution.as_deref().or_else(default) {
        None => RuleOutcome::unknown(Reason::NotDeclared, "the first clip has no resolution"),
        Some(resolution) if small.iter().any(|one| one == resolution) => {
            RuleOutcome::holds(wording::clip(resolution))
        }
        Some(resolution) => RuleOutcome::refuted(format!("the first clip is {}", wording::clip(resolution)))
            .sides(format!("one of {}", small.join(", ")), wording::clip(resolution)),
    }
}

/// The settings in which two shots differ, as far as both are set.
fn changed(one: &Shot, other: &Shot) -> Vec<&'static str> {
    fn differs<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
        matches!((one, other), (Some(one), Some(other)) if one != other)
    }
    fn voices(shot: &Shot) -> Option<&[String]> {
        (!shot.voices.is_empty()).then_some(&shot.voices)
    }
    [
        ("mode", one.mode != other.mode),
        ("model", one.model != other.model),
        ("duration", differs(one.duration.as_ref(), other.duration.as_ref())),
        ("aspect-ratio", differs(one.aspect_ratio.as_ref(), other.aspect_ratio.as_ref())),
        ("resolution", differs(one.resolution.as_ref(), other.resolution.as_ref())),
        ("voices", differs(voices(one).as_ref(), voices(other).as_ref())),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus},
        model::{media::Slot, mode::Mode},
    };

    fn fixture(duration: Option<u32>, resolution: Option<&str>) -> RuleFixture {
        let mut fixture = RuleFixture::new().number("seconds", 10).texts("resolutions", &["480p", "720p"]);
        fixture.shot().duration = duration;
        fixture.shot().resolution = resolution.map(str::to_owned);
        fixture
    }

    #[rstest]
    #[case(Some(10), Some("720p"), RuleStatus::Holds)]
    #[case(Some(11), Some("720p"), RuleStatus::Refuted)]
    #[case(Some(6), Some("1080p"), RuleStatus::Refuted)]
    #[case(None, Some("480p"), RuleStatus::Unknown(Reason::NotDeclared))]
    #[case(Some(6), None, RuleStatus::Unknown(Reason::NotDeclared))]
    fn table(#[case] duration: Option<u32>, #[case] resolution: Option<&str>, #[case] wanted: RuleStatus) {
        assert_eq!(fixture(duration, resolution).rule("first-clip-is-small").status, wanted);
    }

    #[rstest]
    #[case::of_the_clip_that_goes_in(Fact::Ignores(vec!["resolution".to_owned()]), RuleStatus::Holds)]
    #[case::of_nothing_else(Fact::Ignores(vec!["duration".to_owned()]), RuleStatus::Unknown(Reason::NotDeclared))]
    #[case::by_default(
        Fact::Resolutions { offered: vec![], default: Some("480p".to_owned()) },
        RuleStatus::Holds
    )]
    #[case::large_by_default(
        Fact::Resolutions { offered: vec![], default: Some("1080p".to_owned()) },
        RuleStatus::Refuted
    )]
    fn a_resolution_that_is_not_named_is_known(#[case] fact: Fact, #[case] wanted: RuleStatus) {
        assert_eq!(fixture(Some(6), None).claim(&[], fact).rule("first-clip-is-small").status, wanted);
    }

    #[test]
    fn a_shot_that_goes_on_with_another_is_no_variation() {
        let mut fixture = fixture(Some(6), Some("720p"));
        let second = fixture.add_shot("second");
        (second.mode, second.duration) = (Mode::Extend, Some(9));
        second.inputs = vec![(Slot::Video, RuleFixture::clip_of("shot"))];
        assert_eq!(fixture.rule("first-clip-is-small").status, RuleStatus::Holds);
    }

    #[rstest]
    #[case::other_voices(&["bob"], true)]
    #[case::the_same(&["ada"], false)]
    #[case::none(&[], false)]
    fn another_voice_is_another_variable(#[case] voices: &[&str], #[case] named: bool) {
        let mut fixture = fixture(Some(6), Some("720p"));
        fixture.shot().voices = vec!["ada".to_owned()];
        let second = fixture.add_shot("second");
        second.duration = Some(9);
        second.voices = voices.iter().map(|&voice| voice.to_owned()).collect();
        let outcome = fixture.rule("first-clip-is-small");
        assert_eq!(
            outcome.seen.contains("shot `second` changes duration, voices"),
            named,
            "{}",
            outcome.seen
        );
    }

    #[rstest]
    #[case(Some(6), "720p", RuleStatus::Holds)]
    #[case(Some(9), "720p", RuleStatus::Holds)]
    #[case(Some(9), "480p", RuleStatus::Caution)]
    fn a_shot_that_changes_two_things_is_named(
        #[case] duration: Option<u32>,
        #[case] resolution: &str,
        #[case] wanted: RuleStatus,
    ) {
        let mut fixture = fixture(Some(6), Some("720p"));
        let second = fixture.add_shot("second");
        second.duration = duration;
        second.resolution = Some(resolution.to_owned());
        let outcome = fixture.rule("first-clip-is-small");
        assert_eq!(outcome.status, wanted);
        assert_eq!(
            outcome.seen.contains("shot `second` changes duration, resolution"),
            wanted == RuleStatus::Caution
        );
    }
}
