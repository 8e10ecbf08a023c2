//! There aren't more voices than the model accepts.

use super::{Judge, Rule};
use crate::{
    judge::{rule_context::RuleContext, rule_outcome::RuleOutcome, wording},
    model::{catalogue::Fact, project::Shot, rule::RuleSpec},
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "voice-count",
        decides: "The number of `voices` is at most what the newest claim says.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Shot(judge),
};

fn judge<'a>(context: &RuleContext<'a>, shot: &'a Shot) -> RuleOutcome {
    let count = shot.voices.len();
    if count == 0 {
        return RuleOutcome::not_applicable("no voices used");
    }
    let claim = context.newest(shot, |fact| match fact {
        Fact::Voices(max) => Some(*max),
        _ => None,
    });
    let Some((max, claim)) = claim else {
        return RuleOutcome::no_claim(context, "voices", &shot.model, shot.mode);
    };
    let dated = wording::dated(&claim.source);
    let outcome = if max == 0 {
        RuleOutcome::refuted(format!("{} takes no voices, {dated}", wording::clip(&shot.model)))
            .sides("no voices", count.to_string())
    } else if u32::try_from(count).is_ok_and(|count| count <= max) {
        RuleOutcome::holds(format!("{count} of at most {max}, {dated}"))
    } else {
        RuleOutcome::refuted(format!("{count} of at most {max}, {dated}"))
            .sides(format!("at most {max}"), count.to_string())
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

    const NO_CLAIM: RuleStatus = RuleStatus::Unknown(Reason::NoClaim);

    #[rstest]
    #[case("2026-08-18", 0, RuleStatus::NotApplicable, "no voices used")]
    #[case("2026-08-17", 1, NO_CLAIM, "no claim about voices of `model` in text-to-video by 2026-08-17")]
    #[case("2026-08-18", 1, RuleStatus::Holds, "1 of at most 3, 2026-08-18 (docs.example)")]
    #[case("2026-08-18", 3, RuleStatus::Holds, "3 of at most 3, 2026-08-18 (docs.example)")]
    #[case("2026-08-18", 4, RuleStatus::Refuted, "4 of at most 3, 2026-08-18 (docs.example)")]
    #[case("2026-10-01", 1, RuleStatus::Refuted, "model takes no voices, 2026-10-01 (docs.example)")]
    fn by_the_claim_of_the_day(
        #[case] today: &str,
        #[case] count: usize,
        #[case] wanted: RuleStatus,
        #[case] seen: &str,
    ) {
        let mut fixture = RuleFixture::new()
            .claim_on("2026-08-18", &[], Fact::Voices(3))
            .claim_on("2026-10-01", &[], Fact::Voices(0))
            .at(today);
        fixture.shot().voices = (0..count).map(|n| format!("voice-{n}")).collect();
        let outcome = fixture.rule("voice-count");
        assert_eq!((outcome.status, outcome.seen.as_str()), (wanted, seen));
    }

    #[test]
    fn without_a_claim_about_the_model_it_is_unknown() {
        let mut fixture = RuleFixture::new().claim(&[], Fact::Voices(3));
        fixture.shot().model = "stranger".to_owned();
        fixture.shot().voices = vec!["ada".to_owned()];
        assert_eq!(fixture.rule("voice-count").status, NO_CLAIM);
    }
}
