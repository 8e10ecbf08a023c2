//! A provider's list of prices: by kind, each with its unit, computed for one shot. Unknown kinds give no price.

use serde_json::Value;

use super::{given::Looked, rule_outcome::RuleOutcome, wording};
use crate::model::{
    amount::{self, Unit},
    expect::Path,
    media::Slot,
    mode::Mode,
    money::Usd,
    project::Shot,
    verdict::Reason,
};

/// Stands in the name of a kind for a resolution.
const RESOLUTION: &str = "{resolution}";

/// What a price is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Per {
    Second,
    Image,
}

/// A known kind of price: the parts of its name before and after the resolution, if it contains one, and its unit.
struct Kind<'s> {
    name: (&'s str, Option<&'s str>),
    unit: Unit,
    per: Per,
}

impl<'s> Kind<'s> {
    fn read(text: &'s str) -> Option<Self> {
        let (name, unit) = text.rsplit_once(" = ")?;
        let (unit, per) = unit.split_once(' ')?;
        let per = match per {
            "a second" => Per::Second,
            "an image" => Per::Image,
            _ => return None,
        };
        let name =
            name.split_once(RESOLUTION).map_or((name, None), |(before, behind)| (before, Some(behind)));
        Some(Self { name, unit: Unit::of(unit)?, per })
    }

    /// The resolution in a name of this kind; empty where the kind has none.
    fn resolution<'n>(&self, name: &'n str) -> Option<&'n str> {
        match self.name {
            (whole, None) => (whole == name).then_some(""),
            (before, Some(behind)) => {
                let resolution = name.strip_prefix(before)?.strip_suffix(behind)?;
                let digits = resolution.strip_suffix('p')?;
                let is_one = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
                is_one.then_some(resolution)
            }
        }
    }
}

/// Where in a listing the prices of a model are, and which kinds are known.
#[derive(Clone, Copy)]
pub(super) struct PriceList<'a> {
    pub(super) listing: Looked<'a>,
    /// The entries, one per model.
    pub(super) entries: &'a Path,
    /// Where an entry has its names.
    pub(super) names: &'a Path,
    /// A table of prices by kind in an entry.
    pub(super) prices: Option<&'a Path>,
    /// Rows of prices in an entry: where they are, and where in a row its kind and its price are.
    pub(super) rows: Option<(&'a Path, &'a Path, &'a Path)>,
    /// The kinds that are known, such as `cents_{resolution} = us-cents a second`.
    pub(super) skus: &'a [String],
    /// The modes for which the list is complete; all of them if absent.
    pub(super) modes: Option<&'a [Mode]>,
}

/// A price, or why there is none.
pub(super) type Told<T> = Result<T, Box<RuleOutcome>>;

fn unclear<T>(seen: String) -> Told<T> {
    Err(RuleOutcome::unknown(Reason::UnclearReply, seen).into())
}

impl<'a> PriceList<'a> {
    /// What the list charges for a shot, made once.
    pub(super) fn of_shot(&self, shot: &Shot) -> Told<Usd> {
        let missing = |seen: &str| Box::new(RuleOutcome::unknown(Reason::NotDeclared, seen));
        if self.modes.is_some_and(|modes| !modes.contains(&shot.mode)) {
            let seen = format!("the list does not say what the inputs of {} cost", shot.mode);
            return Err(RuleOutcome::unknown(Reason::MissingValue, seen).into());
        }
        if !shot.voices.is_empty() {
            return Err(
                RuleOutcome::unknown(Reason::MissingValue, "the list does not say what voices cost").into()
            );
        }
        let seconds = shot.duration.ok_or_else(|| missing("the shot does not say its `duration`"))?;
        let resolution =
            shot.resolution.as_deref().ok_or_else(|| missing("the shot does not say its `resolution`"))?;
        let prices = self.prices(shot)?;
        let one = |per: Per, of: &str, what: &str| {
            let mut fitting =
                prices.iter().filter(|(of_kind, at, _)| *of_kind == per && (at.is_empty() || *at == of));
            match (fitting.next(), fitting.next()) {
                (Some((_, _, amount)), None) => Ok(*amount),
                (None, _) => unclear(format!("the list has no price for {what}")),
                (Some(_), Some(_)) => unclear(format!("the list has more than one price for {what}")),
            }
        };
        let video = one(Per::Second, resolution, &format!("a second of {}", wording::clip(resolution)))?;
        let images = shot.inputs.iter().filter(|(slot, _)| *slot != Slot::Video).count();
        let image = if images == 0 { Usd::ZERO } else { one(Per::Image, "", "an input image")? };
        let images = u32::try_from(images).ok().and_then(|count| image.checked_mul(count));
        let sum = video.checked_mul(seconds).and_then(|video| video.checked_add(images?));
        match sum {
            Some(sum) if sum == Usd::ZERO => unclear("listed for nothing".to_owned()),
            Some(sum) => Ok(sum),
            None => unclear("the price is too large to count".to_owned()),
        }
    }

    /// All prices of a shot's model: per what, at which resolution, how much. If one is of an unknown kind, there are
    /// none.
    fn prices(&self, shot: &Shot) -> Told<Vec<(Per, &'a str, Usd)>> {
        if self.listing.json().is_none() {
            return Err(RuleOutcome::needs_reply(self.listing.name).into());
        }
        let kinds: Option<Vec<Kind<'_>>> = self.skus.iter().map(|text| Kind::read(text)).collect();
        let Some(kinds) = kinds else {
            return Err(RuleOutcome::unknown(
                Reason::NotDeclared,
                "the check names an invalid kind of price",
            )
            .into());
        };
        let is_it = |name: &Value| *name == shot.model;
        let among =
            |name: &Value| is_it(name) || name.as_array().is_some_and(|names| names.iter().any(is_it));
        let named = |entry: &&Value| self.names.all(entry).into_iter().any(among);
        let entries: Vec<&Value> = self.listing.values(self.entries).into_iter().filter(named).collect();
        let asked = wording::clip(&shot.model);
        let entry = match entries.as_slice() {
            [one] => *one,
            [] if self.listing.goes_on() => {
                return unclear(format!("`{asked}` is not {}", wording::ONE_PAGE));
            }
            [] => return unclear(format!("`{asked}` is not in the list")),
            _ => return unclear(format!("`{asked}` is listed more than once")),
        };
        let mut prices = Vec::new();
        for (name, value) in self.listed(entry) {
            let (shown_name, shown) = (wording::clip(name), wording::shown(value));
            let known = kinds.iter().find_map(|kind| Some((kind, kind.resolution(name)?)));
            let Some((kind, resolution)) = known else {
                return unclear(format!("a price of an unknown kind: `{shown_name}: {shown}`"));
            };
            match amount::read(value, kind.unit) {
                Ok(amount) => prices.push((kind.per, resolution, amount)),
                Err(why) => return unclear(format!("listed `{shown_name}: {shown}`: {why}")),
            }
        }
        if prices.is_empty() { unclear(format!("the list has no price for `{asked}`")) } else { Ok(prices) }
    }

    /// The prices of an entry by the names of their kinds.
    fn listed(&self, entry: &'a Value) -> Vec<(&'a str, &'a Value)> {
        let mut listed = Vec::new();
        for table in self.prices.into_iter().flat_map(|path| path.all(entry)) {
            listed
                .extend(table.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value)));
        }
        if let Some((rows, name, price)) = self.rows {
            for row in rows.all(entry) {
                let name = name.only(row).and_then(Value::as_str);
                let price = price.only(row);
                // A row that can't be read has no known kind.
                listed.push((name.unwrap_or_default(), price.unwrap_or(row)));
            }
        }
        listed
    }
}
