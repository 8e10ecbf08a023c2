//! The price list of a provider, computed for every shot and held against the budget with all retries.

use serde_json::Value;

use super::{Judge, Rule, quote_within_budget::against_budget};
use crate::{
    judge::{given::given, rule_context::RuleContext, rule_outcome::RuleOutcome, wording},
    model::{
        amount::{self, Unit},
        expect::Path,
        media::Slot,
        mode::Mode,
        money::Usd,
        project::Shot,
        rule::RuleSpec,
        verdict::Reason,
    },
};

given! {
    params {
        entries: &'a Path = "entries",
        names: &'a Path = "names",
        prices: Option<&'a Path> = "prices",
        rows: Option<&'a Path> = "rows",
        row_name: Option<&'a Path> = "row-name",
        row_price: Option<&'a Path> = "row-price",
        skus: &'a [String] = "skus",
        modes: Option<&'a [Mode]> = "modes",
    }
    probes {
        listing = "listing",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "listed-price-within-budget",
        decides: "The one entry among `entries` of `listing` that is called like the shot's model has prices by kind: a table \
                  at `prices`, or `rows` with a `row-name` and a `row-price`. Each kind is one of `skus`, written `NAME = UNIT` \
                  with `usd` or `us-cents`, `a second` or `an image`, and `{resolution}` in the name; any other kind makes the price \
                  unknown. Seconds and images of all shots, made again as often as the project allows, are within the \
                  budget; for other modes than `modes`, and for voices, the list is not whole.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Shots(judge),
};

/// Stands in the name of a kind for a resolution.
const RESOLUTION: &str = "{resolution}";

/// What a price is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Per {
    Second,
    Image,
}

/// A kind of price that is known: its name before and behind the resolution, if there is one in it, and its unit.
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

    /// The resolution in a name of this kind; the empty one where the kind has none.
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

type Told<T> = Result<T, Box<RuleOutcome>>;

fn unclear<T>(seen: String) -> Told<T> {
    Err(RuleOutcome::unknown(Reason::UnclearReply, seen).into())
}

fn judge(context: &RuleContext<'_>) -> RuleOutcome {
    let mut sum = Usd::ZERO;
    for shot in &context.project.shots {
        let mut priced = None;
        let outcome = Given::with(&context.of_shot(shot), |given| match of_shot(shot, &given) {
            Ok(amount) => {
                priced = Some(amount);
                RuleOutcome::holds("")
            }
            Err(outcome) => *outcome,
        });
        match priced.map(|amount| sum.checked_add(amount)) {
            Some(Some(more)) => sum = more,
            Some(None) => {
                return RuleOutcome::unknown(
                    Reason::MissingValue,
                    "the sum of the prices is too large to count",
                );
            }
            None if outcome.seen.is_empty() => return outcome,
            None => return RuleOutcome { seen: format!("shot `{}`: {}", shot.id, outcome.seen), ..outcome },
        }
    }
    against_budget(context, sum, &[])
}

/// What the list asks for a shot, made once.
fn of_shot(shot: &Shot, given: &Given<'_>) -> Told<Usd> {
    let missing = |seen: &str| Box::new(RuleOutcome::unknown(Reason::NotDeclared, seen));
    if given.modes.is_some_and(|modes| !modes.contains(&shot.mode)) {
        let seen = format!("the list says nothing of what goes into {}", shot.mode);
        return Err(RuleOutcome::unknown(Reason::MissingValue, seen).into());
    }
    if !shot.voices.is_empty() {
        return Err(
            RuleOutcome::unknown(Reason::MissingValue, "the list says nothing of what voices cost").into()
        );
    }
    let seconds = shot.duration.ok_or_else(|| missing("the shot does not say its `duration`"))?;
    let resolution =
        shot.resolution.as_deref().ok_or_else(|| missing("the shot does not say its `resolution`"))?;
    let prices = prices(shot, given)?;
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

/// All prices of a shot's model: per what, at which resolution, how much. One of an unknown kind leaves none.
fn prices<'a>(shot: &Shot, given: &Given<'a>) -> Told<Vec<(Per, &'a str, Usd)>> {
    if given.listing.json().is_none() {
        return Err(RuleOutcome::needs_reply(given.listing.name).into());
    }
    let kinds: Option<Vec<Kind<'_>>> = given.skus.iter().map(|text| Kind::read(text)).collect();
    let Some(kinds) = kinds else {
        return Err(RuleOutcome::unknown(
            Reason::NotDeclared,
            "the check writes a kind of price that is none",
        )
        .into());
    };
    let named =
        |entry: &&Value| given.names.parsed.query(entry).all().iter().any(|name| **name == shot.model);
    let entries: Vec<&Value> = given.listing.values(given.entries).into_iter().filter(named).collect();
    let asked = wording::clip(&shot.model);
    let entry = match entries.as_slice() {
        [one] => *one,
        [] => return unclear(format!("`{asked}` is not in the list")),
        _ => return unclear(format!("`{asked}` is listed more than once")),
    };
    let mut prices = Vec::new();
    for (name, value) in listed(entry, given) {
        let (shown_name, shown) = (wording::clip(name), wording::shown(value));
        let known = kinds.iter().find_map(|kind| Some((kind, kind.resolution(name)?)));
        let Some((kind, resolution)) = known else {
            return unclear(format!("a price of a kind that is not known here: `{shown_name}: {shown}`"));
        };
        match amount::read(value, kind.unit) {
            Ok(amount) => prices.push((kind.per, resolution, amount)),
            Err(why) => return unclear(format!("listed `{shown_name}: {shown}`: {why}")),
        }
    }
    if prices.is_empty() { unclear(format!("the list has no price of `{asked}`")) } else { Ok(prices) }
}

/// The prices of an entry by the names of their kinds.
fn listed<'a>(entry: &'a Value, given: &Given<'a>) -> Vec<(&'a str, &'a Value)> {
    let mut listed = Vec::new();
    for table in given.prices.into_iter().flat_map(|path| path.parsed.query(entry).all()) {
        listed.extend(table.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value)));
    }
    if let (Some(rows), Some(name), Some(price)) = (given.rows, given.row_name, given.row_price) {
        for row in rows.parsed.query(entry).all() {
            let name = name.parsed.query(row).exactly_one().ok().and_then(Value::as_str);
            let price = price.parsed.query(row).exactly_one().ok();
            // A row that cannot be read is of no known kind.
            listed.push((name.unwrap_or_default(), price.unwrap_or(row)));
        }
    }
    listed
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus};

    const UNCLEAR: RuleStatus = RuleStatus::Unknown(Reason::UnclearReply);

    fn fixture(entry: &Value) -> RuleFixture {
        let mut fixture = RuleFixture::new()
            .path("entries", "$.data[*]")
            .path("names", "$.id")
            .path("prices", "$.skus")
            .path("rows", "$.rows[*]")
            .path("row-name", "$.at")
            .path("row-price", "$.price")
            .texts(
                "skus",
                &[
                    "cents_{resolution} = us-cents a second",
                    "image = us-cents an image",
                    "{resolution} = usd a second",
                ],
            )
            .reply("listing", 200, json!({ "data": [{ "id": "other" }, entry] }));
        fixture.project.budget = Some(Usd::from_micros(1_000_000));
        fixture.project.failure.retries = Some(1);
        fixture.shot().duration = Some(6);
        fixture.shot().resolution = Some("480p".to_owned());
        fixture
    }

    #[rstest]
    #[case::cents(json!({ "cents_480p": "5", "cents_720p": "7" }), RuleStatus::Holds, "2 x 0.30 USD = 0.60 USD of 1.00 USD")]
    #[case::over(json!({ "cents_480p": 9 }), RuleStatus::Refuted, "over the budget")]
    #[case::dollars(json!({ "duration_seconds_480p": "0.05" }), UNCLEAR, "`duration_seconds_480p: 0.05`")]
    #[case::one_more(json!({ "cents_480p": "5", "minimum": "50" }), UNCLEAR, "not known here: `minimum: 50`")]
    #[case::another_resolution(json!({ "cents_720p": "7" }), UNCLEAR, "no price for a second of 480p")]
    #[case::no_number(json!({ "cents_480p": "NaN" }), UNCLEAR, "listed `cents_480p: NaN`")]
    #[case::negative(json!({ "cents_480p": -5 }), UNCLEAR, "is not negative")]
    #[case::for_nothing(json!({ "cents_480p": 0 }), UNCLEAR, "listed for nothing")]
    #[case::empty(json!({}), UNCLEAR, "the list has no price of `model`")]
    #[case::no_table(json!("5"), UNCLEAR, "the list has no price of `model`")]
    fn a_table_of_prices(#[case] skus: Value, #[case] wanted: RuleStatus, #[case] says: &str) {
        let outcome = fixture(&json!({ "id": "model", "skus": skus })).rule("listed-price-within-budget");
        assert_eq!(outcome.status, wanted, "{}", outcome.seen);
        assert!(outcome.seen.contains(says), "{}", outcome.seen);
    }

    #[rstest]
    #[case::one(json!([{ "at": "480p", "price": "0.05" }]), RuleStatus::Holds, "0.60 USD of")]
    #[case::two(json!([{ "at": "480p", "price": 1 }, { "at": "480p", "price": 2 }]), UNCLEAR, "more than one price")]
    #[case::nameless(json!([{ "price": 1 }]), UNCLEAR, "not known here")]
    fn rows_of_prices(#[case] rows: Value, #[case] wanted: RuleStatus, #[case] says: &str) {
        let outcome = fixture(&json!({ "id": "model", "rows": rows })).rule("listed-price-within-budget");
        assert_eq!(outcome.status, wanted, "{}", outcome.seen);
        assert!(outcome.seen.contains(says), "{}", outcome.seen);
    }

    #[test]
    fn images_cost_as_well() {
        let mut fixture = fixture(&json!({ "id": "model", "skus": { "cents_480p": 5, "image": "0.2" } }));
        fixture.shot().inputs = vec![(Slot::Image, RuleFixture::file("a.png"))];
        assert_eq!(fixture.rule("listed-price-within-budget").seen, "2 x 0.302 USD = 0.604 USD of 1.00 USD");
    }

    #[rstest]
    #[case::length(|shot: &mut Shot| shot.duration = None, "`duration`")]
    #[case::resolution(|shot: &mut Shot| shot.resolution = None, "`resolution`")]
    fn what_a_price_hangs_on_is_said(#[case] change: fn(&mut Shot), #[case] says: &str) {
        let mut fixture = fixture(&json!({ "id": "model", "skus": { "cents_480p": 5 } }));
        change(fixture.shot());
        let outcome = fixture.rule("listed-price-within-budget");
        assert_eq!(outcome.status, RuleStatus::Unknown(Reason::NotDeclared));
        assert!(outcome.seen.contains(says), "{}", outcome.seen);
    }

    #[test]
    fn what_is_not_listed_or_twice_has_no_price() {
        let seen = |entry: Value| fixture(&entry).rule("listed-price-within-budget").seen;
        assert!(seen(json!({ "id": "m-2" })).ends_with("`model` is not in the list"));
        let twice = fixture(&json!({})).reply(
            "listing",
            200,
            json!({ "data": [{ "id": "model" }, { "id": "model" }] }),
        );
        assert!(twice.rule("listed-price-within-budget").seen.ends_with("listed more than once"));
        let refused = fixture(&json!({})).reply("listing", 401, json!({}));
        assert_eq!(refused.rule("listed-price-within-budget").status, RuleStatus::NeedsReply("listing"));
    }
}
