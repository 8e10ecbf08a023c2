//! The dated facts were held against their sources not long ago.

use chrono::Days;

use super::{Judge, Rule};
use crate::{
    judge::ruling::{Ruling, Scene},
    model::{rule::RuleSpec, verdict::Reason},
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "catalogue-fresh",
        decides: "The catalogue was reviewed at most `stale-after` days ago; an older one is a caution.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Project(judge),
};

fn judge(scene: &Scene<'_>) -> Ruling {
    let (Some(reviewed), Some(days)) = (scene.catalogue.reviewed, scene.catalogue.stale_after_days) else {
        return Ruling::unknown(Reason::NoClaim, "the catalogue does not say when it was reviewed");
    };
    let seen = format!("reviewed {reviewed}");
    match reviewed.checked_add_days(Days::new(days.into())) {
        Some(last) if last < scene.today() => {
            Ruling::caution(format!("{seen}, stale since {last} ({days} days)"))
        }
        _ => Ruling::holds(seen),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::judge::{ruling::Standing, stage::Stage};

    #[rstest]
    #[case("2026-03-02", Standing::Holds)]
    #[case("2026-03-03", Standing::Caution)]
    fn sixty_days_after_new_year(#[case] today: &str, #[case] wanted: Standing) {
        let mut stage = Stage::new().at(today);
        stage.catalogue.reviewed = "2026-01-01".parse().ok();
        stage.catalogue.stale_after_days = Some(60);
        assert_eq!(stage.rule("catalogue-fresh").standing, wanted);
    }

    #[test]
    fn an_undated_catalogue_is_not_fresh() {
        assert_eq!(Stage::new().rule("catalogue-fresh").standing, Standing::Unknown(Reason::NoClaim));
    }
}
