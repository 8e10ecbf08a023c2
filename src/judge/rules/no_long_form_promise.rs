//! A long sequence is planned as shots that make it up, not hoped for.

use super::{Judge, Rule};
use crate::{
    judge::{
        length::NoLength,
        ruling::{Ruling, Scene},
        wording,
    },
    model::{
        media::{Input, Slot},
        project::Shot,
        rule::RuleSpec,
        verdict::Reason,
    },
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "no-long-form-promise",
        decides: "The wanted length is made up by shots and chains of shots; no chain is circular and each link takes \
                  a clip of the length it is given.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Project(judge),
};

fn judge(scene: &Scene<'_>) -> Ruling {
    let shots = &scene.project.shots;
    let links = shots.iter().filter(|shot| link(shot).is_some());
    let mut rulings: Vec<Ruling> = links.map(|shot| super::media_duration::of_input(scene, shot)).collect();
    rulings.push(total(scene));
    Ruling::worst(rulings).unwrap_or_else(|| Ruling::not_applicable("there is no shot"))
}

fn link(shot: &Shot) -> Option<&Input> {
    shot.inputs_in(Slot::Video).find(|input| matches!(input, Input::Shot(_)))
}

/// Holds the wanted length against the clips that no other shot goes on from.
fn total(scene: &Scene<'_>) -> Ruling {
    let shots = &scene.project.shots;
    let goes_on = |shot: &Shot| {
        shots.iter().any(|other| matches!(link(other), Some(Input::Shot(id)) if *id == shot.id))
    };
    let lengths = scene.lengths();
    let (mut planned, mut unknown) = (0_u64, None);
    for shot in shots {
        match lengths.of(shot) {
            Err(why @ NoLength::Circular(_)) => return Ruling::refuted(why.words()),
            _ if goes_on(shot) => {}
            Ok(millis) => planned = planned.saturating_add(millis),
            Err(why) => unknown = Some(why.words()),
        }
    }
    let seen = format!("{} planned", wording::seconds(planned));
    let Some(wanted) = scene.project.length else {
        return Ruling::holds("no total length is promised");
    };
    let wanted = u64::try_from(wanted.as_millis()).unwrap_or(u64::MAX);
    match unknown {
        // What is known may already be enough.
        _ if planned >= wanted => Ruling::holds(format!("{} wanted, {seen}", wording::seconds(wanted))),
        Some(why) => Ruling::unknown(Reason::NotDeclared, why),
        None => Ruling::refuted(format!("{} wanted, only {seen}", wording::seconds(wanted)))
            .sides(wording::seconds(wanted), wording::seconds(planned)),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rstest::rstest;

    use super::*;
    use crate::{
        judge::{ruling::Standing, stage::Stage},
        model::{catalogue::Fact, mode::Mode},
    };

    fn chain(start: u32, links: &[(Mode, u32)]) -> Stage {
        let mut stage = Stage::new()
            .claim(&[Mode::Extend], Fact::InputMillis { min: 2000, max: 15_000 })
            .claim(&[Mode::Edit], Fact::InputMillis { min: 1, max: 8700 });
        stage.shot().duration = Some(start);
        let mut last = "shot".to_owned();
        for (at, (mode, seconds)) in links.iter().enumerate() {
            let id = format!("link-{at}");
            let shot = stage.add_shot(&id);
            shot.mode = *mode;
            shot.duration = Some(*seconds);
            shot.inputs = vec![(Slot::Video, Stage::clip_of(&last))];
            last = id;
        }
        stage
    }

    #[rstest]
    #[case(6, &[(Mode::Extend, 4)], 10, Standing::Holds)]
    #[case(6, &[(Mode::Extend, 4)], 11, Standing::Refuted)]
    #[case(6, &[(Mode::Edit, 99)], 6, Standing::Holds)]
    #[case(6, &[(Mode::Edit, 99)], 7, Standing::Refuted)]
    #[case(10, &[(Mode::Extend, 5), (Mode::Extend, 5)], 20, Standing::Holds)]
    #[case(10, &[(Mode::Extend, 6), (Mode::Extend, 5)], 20, Standing::Refuted)]
    #[case(9, &[(Mode::Edit, 0)], 1, Standing::Refuted)]
    fn chains(
        #[case] start: u32,
        #[case] links: &[(Mode, u32)],
        #[case] wanted: u64,
        #[case] standing: Standing,
    ) {
        let mut stage = chain(start, links);
        stage.project.length = Some(Duration::from_secs(wanted));
        assert_eq!(stage.rule("no-long-form-promise").standing, standing);
    }

    #[test]
    fn a_circle_is_refuted_and_spelled_out() {
        let mut stage = chain(6, &[(Mode::Extend, 4), (Mode::Extend, 4)]);
        stage.project.shots[1].inputs = vec![(Slot::Video, Stage::clip_of("link-1"))];
        let ruling = stage.rule("no-long-form-promise");
        assert_eq!(ruling.standing, Standing::Refuted);
        assert!(ruling.seen.contains("circular: link-0 → link-1 → link-0"), "{}", ruling.seen);
    }

    #[rstest]
    #[case(None, Standing::Holds)]
    #[case(Some(5), Standing::Unknown(Reason::NotDeclared))]
    fn an_unknown_length_matters_when_one_is_promised(
        #[case] wanted: Option<u64>,
        #[case] standing: Standing,
    ) {
        let mut stage = Stage::new();
        stage.shot().duration = None;
        stage.project.length = wanted.map(Duration::from_secs);
        assert_eq!(stage.rule("no-long-form-promise").standing, standing);
    }
}
