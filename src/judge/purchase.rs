//! What one shot costs and what its clip will be, from the same dated claims that the checks use.

use chrono::NaiveDate;

use super::{Case, estimate::Estimate, length::Lengths};
use crate::model::{
    catalogue::Fact,
    money::Usd,
    project::{Shot, ShotIndex},
};

/// What one shot costs and what its clip will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purchase {
    /// What it costs at most.
    pub price: Usd,
    /// The date of the oldest price used.
    pub priced: Option<NaiveDate>,
    /// The length of the clip in milliseconds, when that is known.
    pub millis: Option<u64>,
    /// The fields that the mode does not use.
    pub ignored: Vec<String>,
}

/// Prices one shot.
///
/// # Errors
/// What is unknown about its price, for a reader.
pub fn purchase(case: &Case<'_>, shot: &Shot) -> Result<Purchase, String> {
    let index = ShotIndex::of(case.project);
    let lengths = Lengths {
        project: case.project,
        index: &index,
        catalogue: case.catalogue,
        observations: case.observations,
        probes: &case.checklist.probes,
        today: case.now.date_naive(),
    };
    let estimate =
        Estimate::of_shots(lengths, std::slice::from_ref(shot)).map_err(|error| error.to_string())?;
    if !estimate.missing.is_empty() {
        return Err(estimate.gaps());
    }
    let ignored = lengths.newest(shot, |fact| match fact {
        Fact::Ignores(fields) => Some(fields.clone()),
        _ => None,
    });
    Ok(Purchase {
        price: estimate.once,
        priced: estimate.oldest().map(|claim| claim.source.as_of),
        millis: lengths.of(shot).ok(),
        ignored: ignored.map(|(fields, _)| fields).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        judge::{
            rule_fixture::RuleFixture,
            tests::{checklist, in_case},
        },
        model::{
            media::{MediaKind, Slot},
            mode::Mode,
        },
    };

    fn bought(fixture: &RuleFixture) -> Result<Purchase, String> {
        in_case(fixture, &checklist(vec![], vec![]), |case| purchase(case, &fixture.project.shots[0]))
    }

    /// Six seconds of a model that takes 5 cents a second.
    fn fixture() -> RuleFixture {
        let mut fixture = RuleFixture::new().price(&[Mode::TextToVideo], "480p", 50_000);
        (fixture.shot().duration, fixture.shot().resolution) = (Some(6), Some("480p".to_owned()));
        fixture
    }

    #[rstest]
    #[case::nothing(&[])]
    #[case::a_field(&["aspect-ratio"])]
    fn a_shot_is_priced_with_what_its_mode_ignores(#[case] ignored: &[&str]) {
        let ignored: Vec<String> = ignored.iter().map(|&field| field.to_owned()).collect();
        let bought = bought(&fixture().claim(&[], Fact::Ignores(ignored.clone()))).unwrap();
        assert_eq!(
            (bought.price, bought.millis, bought.ignored),
            (Usd::from_micros(300_000), Some(6000), ignored)
        );
        assert_eq!(bought.priced, "2026-01-01".parse().ok());
    }

    #[test]
    fn a_shot_without_a_price_is_not_bought() {
        let mut fixture = fixture();
        fixture.shot().resolution = Some("720p".to_owned());
        assert_eq!(bought(&fixture).unwrap_err(), "shot `shot`: no dated price for 720p text-to-video");
    }

    #[rstest]
    #[case::of_images(MediaKind::Image, Ok(Usd::from_micros(310_000)))]
    #[case::of_something_else(MediaKind::Video, Err("shot `shot`: no dated price for an input image"))]
    fn what_goes_in_is_paid_by_its_own_price(#[case] kind: MediaKind, #[case] wanted: Result<Usd, &str>) {
        let each = Some(Usd::from_micros(10_000));
        let mut fixture = fixture().claim(&[], Fact::InputPrice { kind, each, per_second: None });
        fixture.shot().inputs = vec![(Slot::Image, RuleFixture::file("a.png"))];
        assert_eq!(bought(&fixture).map(|bought| bought.price), wanted.map_err(str::to_owned));
    }
}
