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
