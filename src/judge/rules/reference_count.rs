//! There aren't more reference images than the model accepts.

use super::{Judge, Rule};
use crate::{
    judge::{rule_context::RuleContext, rule_outcome::RuleOutcome, wording},
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

fn judge<'a>(context: &RuleContext<'a>, shot: &'a Shot) -> RuleOutcome {
    let count = shot.inputs_in(Slot::References).count();
    if count == 0 {
        return RuleOutcome::not_applicable("no references used");
    }
    let claim = context.newest(shot, |fact| match fact {
        Fact::References { max, documented } => Some((*max, documented.unwrap_or(*max))),
        _ => None,
    });
    let Some(((max, documented), claim)) = claim else {
        return RuleOutcome::no_claim(context, "reference images", &shot.model, shot.mode);
    };
    let seen = format!("{count} of at most {max}, {}", wording::dated(&claim.source));
    let outcome = match u32::try_from(count) {
        Ok(count) if count <= documented => RuleOutcome::holds(seen),
        Ok(count) if count <= max => {
            RuleOutcome::caution(format!("{seen}; more than the {documented} that are documented"))
        }
        _ => RuleOutcome::refuted(seen).sides(format!("at most {max}"), count.to_string()),
    };
    outcome.by(claim)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus},
        model::verdict::Reason,
    };

    #[rstest]
    #[case("2026-08-20", 7, RuleStatus::Holds, "7 of at most 7, 2026-01-01 (docs.example)")]
    #[case("2026-08-20", 8, RuleStatus::Refuted, "8 of at most 7, 2026-01-01 (docs.example)")]
    #[case("2026-09-02", 7, RuleStatus::Holds, "7 of at most 14, 2026-09-02 (docs.example)")]
    #[case(
        "2026-09-02",
        8,
        RuleStatus::Caution,
        "8 of at most 14, 2026-09-02 (docs.example); more than the 7 that are documented"
    )]
    #[case(
        "2026-09-02",
        14,
        RuleStatus::Caution,
        "14 of at most 14, 2026-09-02 (docs.example); more than the 7 that are documented"
    )]
    #[case("2026-09-02", 15, RuleStatus::Refuted, "15 of at most 14, 2026-09-02 (docs.example)")]
    #[case(
        "2025-12-31",
        1,
        RuleStatus::Unknown(Reason::NoClaim),
        "no claim about reference images of `model` in text-to-video by 2025-12-31"
    )]
    #[case("2026-09-02", 0, RuleStatus::NotApplicable, "no references used")]
    fn by_the_claim_of_the_day(
        #[case] today: &str,
        #[case] count: usize,
        #[case] wanted: RuleStatus,
        #[case] seen: &str,
    ) {
        let mut fixture = RuleFixture::new()
            .claim(&[], Fact::References { max: 7, documented: None })
            .claim_on("2026-09-02", &[], Fact::References { max: 14, documented: Some(7) })
            .at(today);
        fixture.shot().inputs =
            (0..count).map(|n| (Slot::References, RuleFixture::file(&n.to_string()))).collect();
        let outcome = fixture.rule("reference-count");
        assert_eq!((outcome.status, outcome.seen.as_str(), outcome.fix), (wanted, seen, None));
    }
}
