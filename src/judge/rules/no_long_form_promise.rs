//! A long sequence is planned as shots that make it up, not hoped for.

use super::{Judge, Rule};
use crate::{
    judge::{length::NoLength, rule_context::RuleContext, rule_outcome::RuleOutcome, wording},
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
        decides: "Shots and chains of shots add up to the wanted length; no chain is circular and each link takes a \
                  clip of the length it is given.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Project(judge),
};

fn judge(context: &RuleContext<'_>) -> RuleOutcome {
    let shots = &context.project.shots;
    let links = shots.iter().filter(|shot| link(shot).is_some());
    let mut outcomes: Vec<RuleOutcome> =
        links.map(|shot| super::media_duration::of_input(context, shot)).collect();
    outcomes.push(total(context));
    RuleOutcome::worst(outcomes).unwrap_or_else(|| RuleOutcome::not_applicable("there is no shot"))
}

fn link(shot: &Shot) -> Option<&Input> {
    shot.inputs_in(Slot::Video).find(|input| matches!(input, Input::Shot(_)))
}

/// Compares the wanted length with the clips that no other shot continues.
fn total(context: &RuleContext<'_>) -> RuleOutcome {
    let shots = &context.project.shots;
    let goes_on = |shot: &Shot| {
        shots.iter().any(|other| matches!(link(other), Some(Input::Shot(id)) if *id == shot.id))
    };
    let lengths = context.lengths();
    let (mut planned, mut unknown) = (0_u64, None);
    for shot in shots {
        match lengths.of(shot) {
            Err(why @ NoLength::Circular(_)) => return RuleOutcome::refuted(why.words()),
            _ if goes_on(shot) => {}
            Ok(millis) => planned = planned.saturating_add(millis),
            Err(why) => unknown = Some(why.words()),
        }
    }
    let seen = format!("{} planned", wording::seconds(planned));
    let Some(wanted) = context.project.length else {
        return RuleOutcome::holds("no total length is promised");
    };
    let wanted = u64::try_from(wanted.as_millis()).unwrap_or(u64::MAX);
    match unknown {
        // What is known may already be enough.
        _ if planned >= wanted => RuleOutcome::holds(format!("{} wanted, {seen}", wording::seconds(wanted))),
        Some(why) => RuleOutcome::unknown(Reason::NotDeclared, why),
        None => RuleOutcome::refuted(format!("{} wanted, only {seen}", wording::seconds(wanted)))
            .sides(wording::seconds(wanted), wording::seconds(planned)),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rstest::rstest;

    use super::*;
    use crate::{
        judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus},
        model::{catalogue::Fact, mode::Mode},
    };

    fn chain(start: u32, links: &[(Mode, u32)]) -> RuleFixture {
        let mut fixture = RuleFixture::new()
            .claim(&[Mode::Extend], Fact::InputMillis { min: 2000, max: 15_000 })
            .claim(&[Mode::Edit], Fact::InputMillis { min: 1, max: 8700 });
        fixture.shot().duration = Some(start);
        let mut last = "shot".to_owned();
        for (at, (mode, seconds)) in links.iter().enumerate() {
            let id = format!("link-{at}");
            let shot = fixture.add_shot(&id);
            shot.mode = *mode;
            shot.duration = Some(*seconds);
            shot.inputs = vec![(Slot::Video, RuleFixture::clip_of(&last))];
            last = id;
        }
        fixture
    }

    #[rstest]
    #[case(6, &[(Mode::Extend, 4)], 10, RuleStatus::Holds)]
    #[case(6, &[(Mode::Extend, 4)], 11, RuleStatus::Refuted)]
    #[case(6, &[(Mode::Edit, 99)], 6, RuleStatus::Holds)]
    #[case(6, &[(Mode::Edit, 99)], 7, RuleStatus::Refuted)]
    #[case(10, &[(Mode::Extend, 5), (Mode::Extend, 5)], 20, RuleStatus::Holds)]
    #[case(10, &[(Mode::Extend, 6), (Mode::Extend, 5)], 20, RuleStatus::Refuted)]
    #[case(9, &[(Mode::Edit, 0)], 1, RuleStatus::Refuted)]
    fn chains(
        #[case] start: u32,
        #[case] links: &[(Mode, u32)],
        #[case] wanted: u64,
        #[case] status: RuleStatus,
    ) {
        let mut fixture = chain(start, links);
        fixture.project.length = Some(Duration::from_secs(wanted));
        assert_eq!(fixture.rule("no-long-form-promise").status, status);
    }

    #[test]
    fn a_circle_is_refuted_and_spelled_out() {
        let mut fixture = chain(6, &[(Mode::Extend, 4), (Mode::Extend, 4)]);
        fixture.project.shots[1].inputs = vec![(Slot::Video, RuleFixture::clip_of("link-1"))];
        let outcome = fixture.rule("no-long-form-promise");
        assert_eq!(outcome.status, RuleStatus::Refuted);
        assert!(outcome.seen.contains("circular: link-0 → link-1 → link-0"), "{}", outcome.seen);
    }

    #[rstest]
    #[case(None, RuleStatus::Holds)]
    #[case(Some(5), RuleStatus::Unknown(Reason::NotDeclared))]
    fn an_unknown_length_matters_when_one_is_promised(
        #[case] wanted: Option<u64>,
        #[case] status: RuleStatus,
    ) {
        let mut fixture = RuleFixture::new();
        fixture.shot().duration = None;
        fixture.project.length = wanted.map(Duration::from_secs);
        assert_eq!(fixture.rule("no-long-form-promise").status, status);
    }
}
