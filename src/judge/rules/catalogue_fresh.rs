//! The dated facts were compared with their sources recently.

use super::{Judge, Rule};
use crate::{
    judge::{rule_context::RuleContext, rule_outcome::RuleOutcome, wording},
    model::{rule::RuleSpec, verdict::Reason},
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "catalogue-fresh",
        decides: "Every catalogue, the shipped one and your own, was reviewed no more than its `stale-after` days ago; \
                  an older one is a caution.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Project(judge),
};

fn judge(context: &RuleContext<'_>) -> RuleOutcome {
    let editions = &context.catalogue.editions;
    // People date the catalogue, and no one can have reviewed it on a future day.
    let known = context.observations.seen_on.map_or(context.today(), |day| day.max(context.today()));
    let outcomes = editions.iter().map(|edition| {
        let whose =
            if editions.len() > 1 { format!("`{}` ", wording::clip(&edition.id)) } else { String::new() };
        match (edition.reviewed, edition.last_day()) {
            (Some(reviewed), _) if reviewed > known => {
                RuleOutcome::unknown(Reason::Future, format!("{whose}reviewed {reviewed}, in the future"))
            }
            (Some(reviewed), Some(last)) if last < context.today() => {
                RuleOutcome::caution(format!("{whose}reviewed {reviewed}, stale since {last}"))
            }
            (Some(reviewed), Some(_)) => RuleOutcome::holds(format!("{whose}reviewed {reviewed}")),
            (Some(reviewed), None) => {
                let seen = format!("{whose}reviewed {reviewed}; it does not say when it is stale");
                RuleOutcome::unknown(Reason::NoClaim, seen)
            }
            (None, _) => {
                RuleOutcome::unknown(Reason::NoClaim, format!("{whose}does not say when it was reviewed"))
            }
        }
    });
    RuleOutcome::worst(outcomes.collect())
        .unwrap_or_else(|| RuleOutcome::unknown(Reason::NoClaim, "there is no catalogue"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus},
        model::catalogue::Edition,
    };

    fn edition(id: &str, reviewed: &str, days: Option<u32>) -> Edition {
        Edition { id: id.to_owned(), reviewed: reviewed.parse().ok(), stale_after_days: days }
    }

    fn outcome(today: &str, editions: Vec<Edition>) -> RuleOutcome {
        let mut fixture = RuleFixture::new().at(today);
        fixture.catalogue.editions = editions;
        fixture.rule("catalogue-fresh")
    }

    const UNKNOWN: RuleStatus = RuleStatus::Unknown(Reason::NoClaim);

    #[rstest]
    #[case("2026-03-02", "2026-01-01", Some(60), RuleStatus::Holds, "reviewed 2026-01-01")]
    #[case(
        "2026-03-03",
        "2026-01-01",
        Some(60),
        RuleStatus::Caution,
        "reviewed 2026-01-01, stale since 2026-03-02"
    )]
    #[case("2026-01-01", "2026-01-01", Some(1), RuleStatus::Holds, "reviewed 2026-01-01")]
    #[case(
        "2025-12-31",
        "2026-01-01",
        Some(60),
        RuleStatus::Unknown(Reason::Future),
        "reviewed 2026-01-01, in the future"
    )]
    #[case("2026-03-02", "", Some(60), UNKNOWN, "does not say when it was reviewed")]
    #[case(
        "2026-03-02",
        "2026-01-01",
        None,
        UNKNOWN,
        "reviewed 2026-01-01; it does not say when it is stale"
    )]
    fn one_file(
        #[case] today: &str,
        #[case] reviewed: &str,
        #[case] days: Option<u32>,
        #[case] wanted: RuleStatus,
        #[case] seen: &str,
    ) {
        let outcome = outcome(today, vec![edition("catalogue", reviewed, days)]);
        assert_eq!((outcome.status, outcome.seen.as_str()), (wanted, seen));
    }

    /// The shipped file is stale, whatever the project's own file says about itself.
    #[rstest]
    #[case(
        "2026-06-01",
        Some(60),
        RuleStatus::Caution,
        "`catalogue` reviewed 2026-01-01, stale since 2026-03-02"
    )]
    #[case(
        "2026-06-01",
        Some(3650),
        RuleStatus::Caution,
        "`catalogue` reviewed 2026-01-01, stale since 2026-03-02"
    )]
    #[case(
        "2026-02-01",
        Some(7),
        RuleStatus::Caution,
        "`catalogue` reviewed 2026-01-01, stale since 2026-03-02; `own` reviewed 2026-02-01, stale since 2026-02-08"
    )]
    #[case(
        "2999-01-01",
        Some(60),
        RuleStatus::Unknown(Reason::Future),
        "`own` reviewed 2999-01-01, in the future"
    )]
    #[case("", Some(60), UNKNOWN, "`own` does not say when it was reviewed")]
    fn a_fresh_file_does_not_refresh_another(
        #[case] reviewed: &str,
        #[case] days: Option<u32>,
        #[case] wanted: RuleStatus,
        #[case] seen: &str,
    ) {
        let shipped = edition("catalogue", "2026-01-01", Some(60));
        let outcome = outcome("2026-06-01", vec![shipped, edition("own", reviewed, days)]);
        assert_eq!((outcome.status, outcome.seen.as_str()), (wanted, seen));
    }

    #[test]
    fn a_day_before_the_review_may_be_judged_after_it() {
        let mut fixture = RuleFixture::new().at("2025-06-01");
        fixture.catalogue.editions = vec![edition("catalogue", "2026-01-01", Some(60))];
        fixture.observations.seen_on = "2026-02-01".parse().ok();
        assert_eq!(fixture.rule("catalogue-fresh").status, RuleStatus::Holds);
    }

    #[test]
    fn no_catalogue_is_not_fresh() {
        assert_eq!(outcome("2026-01-01", vec![]).status, UNKNOWN);
    }
}
