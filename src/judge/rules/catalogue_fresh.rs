//! The dated facts were held against their sources not long ago.

use super::{Judge, Rule};
use crate::{
    judge::{
        ruling::{Ruling, Scene},
        wording,
    },
    model::{rule::RuleSpec, verdict::Reason},
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "catalogue-fresh",
        decides: "Every catalogue, the shipped one and one's own, was reviewed at most its `stale-after` days ago; an \
                  older one is a caution.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Project(judge),
};

fn judge(scene: &Scene<'_>) -> Ruling {
    let editions = &scene.catalogue.editions;
    // A catalogue is dated by people, and no day to come can be one on which somebody looked.
    let known = scene.observations.seen_on.map_or(scene.today(), |day| day.max(scene.today()));
    let rulings = editions.iter().map(|edition| {
        let whose =
            if editions.len() > 1 { format!("`{}` ", wording::clip(&edition.id)) } else { String::new() };
        match (edition.reviewed, edition.last_day()) {
            (Some(reviewed), _) if reviewed > known => Ruling::unknown(
                Reason::Future,
                format!("{whose}reviewed {reviewed}, a day that has not come"),
            ),
            (Some(reviewed), Some(last)) if last < scene.today() => {
                Ruling::caution(format!("{whose}reviewed {reviewed}, stale since {last}"))
            }
            (Some(reviewed), Some(_)) => Ruling::holds(format!("{whose}reviewed {reviewed}")),
            (Some(reviewed), None) => {
                let seen = format!("{whose}reviewed {reviewed}; it does not say when it is stale");
                Ruling::unknown(Reason::NoClaim, seen)
            }
            (None, _) => {
                Ruling::unknown(Reason::NoClaim, format!("{whose}does not say when it was reviewed"))
            }
        }
    });
    Ruling::worst(rulings.collect())
        .unwrap_or_else(|| Ruling::unknown(Reason::NoClaim, "there is no catalogue"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        judge::{ruling::Standing, stage::Stage},
        model::catalogue::Edition,
    };

    fn edition(id: &str, reviewed: &str, days: Option<u32>) -> Edition {
        Edition { id: id.to_owned(), reviewed: reviewed.parse().ok(), stale_after_days: days }
    }

    fn ruling(today: &str, editions: Vec<Edition>) -> Ruling {
        let mut stage = Stage::new().at(today);
        stage.catalogue.editions = editions;
        stage.rule("catalogue-fresh")
    }

    const UNKNOWN: Standing = Standing::Unknown(Reason::NoClaim);

    #[rstest]
    #[case("2026-03-02", "2026-01-01", Some(60), Standing::Holds, "reviewed 2026-01-01")]
    #[case(
        "2026-03-03",
        "2026-01-01",
        Some(60),
        Standing::Caution,
        "reviewed 2026-01-01, stale since 2026-03-02"
    )]
    #[case("2026-01-01", "2026-01-01", Some(1), Standing::Holds, "reviewed 2026-01-01")]
    #[case(
        "2025-12-31",
        "2026-01-01",
        Some(60),
        Standing::Unknown(Reason::Future),
        "reviewed 2026-01-01, a day that has not come"
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
        #[case] wanted: Standing,
        #[case] seen: &str,
    ) {
        let ruling = ruling(today, vec![edition("catalogue", reviewed, days)]);
        assert_eq!((ruling.standing, ruling.seen.as_str()), (wanted, seen));
    }

    /// The shipped file is stale, whatever one's own says of itself.
    #[rstest]
    #[case(
        "2026-06-01",
        Some(60),
        Standing::Caution,
        "`catalogue` reviewed 2026-01-01, stale since 2026-03-02"
    )]
    #[case(
        "2026-06-01",
        Some(3650),
        Standing::Caution,
        "`catalogue` reviewed 2026-01-01, stale since 2026-03-02"
    )]
    #[case(
        "2026-02-01",
        Some(7),
        Standing::Caution,
        "`catalogue` reviewed 2026-01-01, stale since 2026-03-02; `own` reviewed 2026-02-01, stale since 2026-02-08"
    )]
    #[case(
        "2999-01-01",
        Some(60),
        Standing::Unknown(Reason::Future),
        "`own` reviewed 2999-01-01, a day that has not come"
    )]
    #[case("", Some(60), UNKNOWN, "`own` does not say when it was reviewed")]
    fn no_file_makes_another_young(
        #[case] reviewed: &str,
        #[case] days: Option<u32>,
        #[case] wanted: Standing,
        #[case] seen: &str,
    ) {
        let shipped = edition("catalogue", "2026-01-01", Some(60));
        let ruling = ruling("2026-06-01", vec![shipped, edition("own", reviewed, days)]);
        assert_eq!((ruling.standing, ruling.seen.as_str()), (wanted, seen));
    }

    #[test]
    fn a_day_before_the_review_may_be_judged_after_it() {
        let mut stage = Stage::new().at("2025-06-01");
        stage.catalogue.editions = vec![edition("catalogue", "2026-01-01", Some(60))];
        stage.observations.seen_on = "2026-02-01".parse().ok();
        assert_eq!(stage.rule("catalogue-fresh").standing, Standing::Holds);
    }

    #[test]
    fn no_catalogue_is_not_fresh() {
        assert_eq!(ruling("2026-01-01", vec![]).standing, UNKNOWN);
    }
}
