//! The first clip is short and small, and the others change one thing at a time.

use super::{Judge, Rule};
use crate::{
    judge::{
        given::given,
        ruling::{Ruling, Scene},
        wording,
    },
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
    judge: Judge::Project(|scene| Given::with(scene, |given| judge(scene, &given))),
};

fn judge(scene: &Scene<'_>, given: &Given<'_>) -> Ruling {
    let Some((first, others)) = scene.project.shots.split_first() else {
        return Ruling::not_applicable("there is no shot");
    };
    let wild: Vec<String> = others
        .iter()
        // A shot that starts from another one goes on with it; it is no variation of the first.
        .filter(|shot| shot.follows().is_none())
        .filter_map(|shot| {
            let changed = changed(first, shot);
            (changed.len() > 1).then(|| format!("shot `{}` changes {}", shot.id, changed.join(", ")))
        })
        .collect();
    let varied = if wild.is_empty() {
        Ruling::holds("the others change one thing at a time")
    } else {
        Ruling::caution(format!("more than one variable changes: {}", wild.join("; ")))
    };
    let rulings = [length(scene, first, given.seconds), size(scene, first, given.resolutions), varied];
    Ruling::worst(rulings.into()).unwrap_or_else(|| Ruling::not_applicable("there is no shot"))
}

fn length<'a>(scene: &Scene<'a>, first: &'a Shot, limit: u64) -> Ruling {
    match scene.lengths().of(first) {
        Err(why) => Ruling::unknown(Reason::NotDeclared, why.words()),
        Ok(millis) if millis <= limit.saturating_mul(1000) => Ruling::holds(wording::seconds(millis)),
        Ok(millis) => Ruling::refuted(format!("the first clip is {} long", wording::seconds(millis)))
            .sides(format!("at most {limit} s"), wording::seconds(millis)),
    }
}

fn size<'a>(scene: &Scene<'a>, first: &'a Shot, small: &[String]) -> Ruling {
    let ignored =
        scene.ignored(first).is_some_and(|(fields, _)| fields.iter().any(|field| field == "resolution"));
    if ignored {
        return Ruling::holds("the resolution is that of the clip that goes in");
    }
    let default = || {
        let pick = |fact: &'a Fact| match fact {
            Fact::Resolutions { default, .. } => Some(default.as_deref()),
            _ => None,
        };
        scene.newest(first, pick).and_then(|(default, _)| default)
    };
    match first.resolution.as_deref().or_else(default) {
        None => Ruling::unknown(Reason::NotDeclared, "the first clip has no resolution"),
        Some(resolution) if small.iter().any(|one| one == resolution) => {
            Ruling::holds(wording::clip(resolution))
        }
        Some(resolution) => Ruling::refuted(format!("the first clip is {}", wording::clip(resolution)))
            .sides(format!("one of {}", small.join(", ")), wording::clip(resolution)),
    }
}

/// The variables in which two shots differ, as far as both say.
fn changed(one: &Shot, other: &Shot) -> Vec<&'static str> {
    fn differs<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
        matches!((one, other), (Some(one), Some(other)) if one != other)
    }
    [
        ("mode", one.mode != other.mode),
        ("model", one.model != other.model),
        ("duration", differs(one.duration.as_ref(), other.duration.as_ref())),
        ("aspect-ratio", differs(one.aspect_ratio.as_ref(), other.aspect_ratio.as_ref())),
        ("resolution", differs(one.resolution.as_ref(), other.resolution.as_ref())),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::judge::{ruling::Standing, stage::Stage};

    fn stage(duration: Option<u32>, resolution: Option<&str>) -> Stage {
        let mut stage = Stage::new().number("seconds", 10).texts("resolutions", &["480p", "720p"]);
        stage.shot().duration = duration;
        stage.shot().resolution = resolution.map(str::to_owned);
        stage
    }

    #[rstest]
    #[case(Some(10), Some("720p"), Standing::Holds)]
    #[case(Some(11), Some("720p"), Standing::Refuted)]
    #[case(Some(6), Some("1080p"), Standing::Refuted)]
    #[case(None, Some("480p"), Standing::Unknown(Reason::NotDeclared))]
    #[case(Some(6), None, Standing::Unknown(Reason::NotDeclared))]
    fn table(#[case] duration: Option<u32>, #[case] resolution: Option<&str>, #[case] wanted: Standing) {
        assert_eq!(stage(duration, resolution).rule("first-clip-is-small").standing, wanted);
    }

    #[rstest]
    #[case(Some(6), "720p", Standing::Holds)]
    #[case(Some(9), "720p", Standing::Holds)]
    #[case(Some(9), "480p", Standing::Caution)]
    fn a_shot_that_changes_two_things_is_named(
        #[case] duration: Option<u32>,
        #[case] resolution: &str,
        #[case] wanted: Standing,
    ) {
        let mut stage = stage(Some(6), Some("720p"));
        let second = stage.add_shot("second");
        second.duration = duration;
        second.resolution = Some(resolution.to_owned());
        let ruling = stage.rule("first-clip-is-small");
        assert_eq!(ruling.standing, wanted);
        assert_eq!(
            ruling.seen.contains("shot `second` changes duration, resolution"),
            wanted == Standing::Caution
        );
    }
}
