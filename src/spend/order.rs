//! What is to be made and paid for: one shot, its request, its price, and the project's rules for it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use super::request::{self, Travels};
use crate::{
    judge::purchase::Purchase,
    model::{
        id::ShotId,
        media::Input,
        mode::Mode,
        project::{Project, Shot},
        route::Route,
        ticks::Ticks,
    },
};

/// One clip that is to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// The name of the project: projects with the same name share one budget.
    pub project: String,
    /// Who owns the generation.
    pub route: Route,
    /// Which owner.
    pub provider: String,
    /// The shot.
    pub shot: ShotId,
    /// The kind of generation.
    pub mode: Mode,
    /// The requested model.
    pub model: String,
    /// The body of the request, as it is sent.
    pub body: Value,
    /// The same with digests in place of anything too long to show.
    pub shown: Value,
    /// What it costs at most, by dated prices.
    pub price: Ticks,
    /// The date of the oldest price used.
    pub priced: Option<NaiveDate>,
    /// The most that the project may cost.
    pub budget: Ticks,
    /// How often a clip that failed may be made again.
    pub retries: u32,
    /// How it relates to earlier clips of the same shot.
    pub attempt: Attempt,
}

impl Order {
    /// The order for a shot, with its inputs as they are sent.
    #[must_use]
    pub fn of(
        project: &Project,
        shot: &Shot,
        (purchase, materials): (&Purchase, &BTreeMap<Input, Travels>),
        attempt: Attempt,
    ) -> Self {
        let body = |pick: fn(&Travels) -> &String| {
            let input = |input: &Input| materials.get(input).map(|travels| pick(travels).clone());
            request::body(project, shot, &purchase.ignored, &input)
        };
        Self {
            project: project.name.clone(),
            route: project.route,
            provider: project.provider.clone(),
            shot: shot.id.clone(),
            mode: shot.mode,
            model: shot.model.clone(),
            body: body(|travels| &travels.sent),
            shown: body(|travels| &travels.shown),
            // A price that is out of range is above every budget.
            price: Ticks::of(purchase.price).unwrap_or(Ticks::new(i64::MAX)),
            priced: purchase.priced,
            budget: project.budget.and_then(Ticks::of).unwrap_or(Ticks::ZERO),
            retries: project.failure.retries.unwrap_or(0),
            attempt,
        }
    }
}

impl Wanted {
    /// What the clip of a shot must be.
    #[must_use]
    pub fn of(project: &Project, shot: &Shot, purchase: &Purchase) -> Self {
        let counts = |field: &str| !purchase.ignored.iter().any(|one| one == field);
        let lines = shot.resolution.as_deref().filter(|_| counts("resolution"));
        let ratio = shot.aspect_ratio.as_deref().filter(|_| counts("aspect-ratio"));
        let ratio = ratio.and_then(|ratio| {
            let (width, height) = ratio.split_once(':')?;
            Some((width.parse().ok()?, height.parse().ok()?))
        });
        Self {
            millis: purchase.millis,
            lines: lines.and_then(|name| name.strip_suffix('p')?.parse().ok()),
            ratio,
            delivered: project.upload_url.is_some(),
        }
    }
}

/// What a finished clip is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Its length in milliseconds, when that is known.
    pub millis: Option<u64>,
    /// The shorter side of its frames in pixels, when a resolution was asked for.
    pub lines: Option<u32>,
    /// Width to height, when a ratio was asked for.
    pub ratio: Option<(u32, u32)>,
    /// Whether the provider delivers it to an address that the project named.
    pub delivered: bool,
}

/// How a clip relates to earlier ones of the same shot.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Attempt {
    /// It is the first.
    #[default]
    First,
    /// An earlier one failed; this one is the same, or differs in what is named.
    Retry(Option<String>),
    /// There is a clip, but another one is wanted anyway.
    Again,
}
