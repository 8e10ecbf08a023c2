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
        decides: "The number of `references` is at most what the newest claim says; more than its owner documents are a \
                  caution.",
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
        Fact::References { max, documented } => Some((*max, documented.unwrap_or(*max))),
        _ => None,
    });
    let Some(((max, documented), claim)) = claim else {
        return Ruling::no_claim(scene, "reference images", &shot.model, shot.mode);
    };
    let seen = format!("{count} of at most {max}, {}", wording::dated(&claim.source));
    let ruling = match u32::try_from(count) {
        Ok(count) if count <= documented => Ruling::holds(seen),
        Ok(count) if count <= max => {
            Ruling::caution(format!("{seen}; more than the {documented} that are documented"))
        }
        _ => Ruling::refuted(seen).sides(format!("at most {max}"), count.to_string()),
    };
    ruling.by(claim)
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
    #[case("2026-08-20", 7, Standing::Holds, "7 of at most 7, 2026-01-01 (docs.example)")]
    #[case("2026-08-20", 8, Standing::Refuted, "8 of at most 7, 2026-01-01 (docs.example)")]
    #[case("2026-09-02", 7, Standing::Holds, "7 of at most 14, 2026-09-02 (docs.example)")]
    #[case(
        "2026-09-02",
        8,
        Standing::Caution,
        "8 of at most 14, 2026-09-02 (docs.example); more than the 7 that are documented"
    )]
    #[case(
        "2026-09-02",
        14,
        Standing::Caution,
        "14 of at most 14, 2026-09-02 (docs.example); more than the 7 that are documented"
    )]
    #[case("2026-09-02", 15, Standing::Refuted, "15 of at most 14, 2026-09-02 (docs.example)")]
    #[case(
        "2025-12-31",
        1,
        Standing::Unknown(Reason::NoClaim),
        "no claim about reference images of `model` in text-to-video by 2025-12-31"
    )]
    #[case("2026-09-02", 0, Standing::NotApplicable, "no references go in")]
    fn by_the_claim_of_the_day(
        #[case] today: &str,
        #[case] count: usize,
        #[case] wanted: Standing,
        #[case] seen: &str,
    ) {
        let mut stage = Stage::new()
            .claim(&[], Fact::References { max: 7, documented: None })
            .claim_on("2026-09-02", &[], Fact::References { max: 14, documented: Some(7) })
            .at(today);
        stage.shot().inputs = (0..count).map(|n| (Slot::References, Stage::file(&n.to_string()))).collect();
        let ruling = stage.rule("reference-count");
        assert_eq!((ruling.standing, ruling.seen.as_str(), ruling.fix), (wanted, seen, None));
    }
}
