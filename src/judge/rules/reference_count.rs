//! There are not more reference images than the model takes.

use super::{Judge, Rule};
use crate::{
    judge::{
        ruling::{Ruling, Scene},
        wording,
    },
    model::{catalogue::Fact, media::Slot, project::Shot, rule::RuleSpec},
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "reference-count",
        decides: "The number of `references` is at most what the newest claim says.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Shot(judge),
};

fn judge<'a>(scene: &Scene<'a>, shot: &'a Shot) -> Ruling {
    let count = shot.inputs_in(Slot::References).count();
    if count == 0 {
        return Ruling::not_applicable("no references go in");
    }
    let claim = scene.newest(shot, |fact| match fact {
        Fact::References(max) => Some(*max),
        _ => None,
    });
    let Some((max, claim)) = claim else {
        return Ruling::no_claim(scene, "reference images", &shot.model, shot.mode);
    };
    let seen = format!("{count} of at most {max}, {}", wording::dated(&claim.source));
    if u32::try_from(count).is_ok_and(|count| count <= max) {
        Ruling::holds(seen).by(claim)
    } else {
        Ruling::refuted(seen).sides(format!("at most {max}"), count.to_string()).by(claim)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        judge::{ruling::Standing, stage::Stage},
        model::verdict::Reason,
    };

    #[rstest]
    #[case("2026-08-20", 7, Standing::Holds)]
    #[case("2026-08-20", 8, Standing::Refuted)]
    #[case("2026-09-02", 14, Standing::Holds)]
    #[case("2026-09-02", 15, Standing::Refuted)]
    #[case("2025-12-31", 1, Standing::Unknown(Reason::NoClaim))]
    #[case("2026-09-02", 0, Standing::NotApplicable)]
    fn by_the_claim_of_the_day(#[case] today: &str, #[case] count: usize, #[case] wanted: Standing) {
        let mut stage = Stage::new()
            .claim(&[], Fact::References(7))
            .claim_on("2026-09-02", &[], Fact::References(14))
            .at(today);
        stage.shot().inputs = (0..count).map(|n| (Slot::References, Stage::file(&n.to_string()))).collect();
        assert_eq!(stage.rule("reference-count").standing, wanted);
    }
}
