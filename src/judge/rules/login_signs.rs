//! Signs that a provider re-uses a consumer login: counted and reported with what was seen, but not proof.

use std::collections::BTreeMap;

use super::{
    Judge, Rule,
    prices_agree::{self, AskedPrice},
};
use crate::{
    judge::{
        given::{Looked, given},
        offer,
        rule_context::RuleContext,
        rule_outcome::RuleOutcome,
        wording,
    },
    model::{
        amount::Unit,
        expect::Path,
        money::Usd,
        project::Shot,
        rule::RuleSpec,
        sign::{Sign, SignKind},
        verdict::Reason,
    },
};

given! {
    params {
        amount: Option<&'a Path> = "amount",
        currency: Option<&'a Path> = "currency",
        names: Option<&'a Path> = "names",
        written_in: Option<Unit> = "written-in",
    }
    perhaps {
        listing = "listing",
        schema = "schema",
        quote = "quote",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "login-signs",
        decides: "None of the checklist's signs of a re-used consumer login is seen. Without replies it looks at the \
                  name of the model and at the price that a person recorded; with replies at the lengths, words and \
                  counts in the shot's own entry of `listing` and in `schema`, and at the price of `quote` (`amount`, \
                  for the shot's own model where `names` says for which, in USD where `currency` says so). A sign is \
                  not proof: it warns, and is counted with what was seen.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Shots(judge),
};

/// What a look at one sign showed.
enum Look {
    /// It is there: what was seen.
    Seen(String),
    /// It isn't there.
    Clear,
}

/// The signs that could be looked at, in checklist order. Once seen, a sign stays seen.
type Looks<'a> = BTreeMap<usize, (&'a Sign, Look)>;

fn judge(context: &RuleContext<'_>) -> RuleOutcome {
    let mut looks = Looks::new();
    let mut lacks = None;
    let mut by_replies = false;
    for shot in &context.project.shots {
        Given::with(&context.of_shot(shot), |given| {
            let replies = [given.listing, given.schema, given.quote];
            by_replies |= replies.iter().flatten().next().is_some();
            lacks =
                lacks.or(replies.into_iter().flatten().find(|one| one.json().is_none()).map(|one| one.name));
            for (at, sign) in context.signs.iter().enumerate() {
                let look = of_shot(context, shot, (&given, by_replies), sign);
                note(&mut looks, at, sign, look);
            }
            RuleOutcome::holds("")
        });
    }
    for (at, sign) in context.signs.iter().enumerate() {
        if let SignKind::PriceBelow(percent) = sign.kind {
            let price = if by_replies { asked(context) } else { recorded(context) };
            note(&mut looks, at, sign, price.and_then(|price| below(context, percent, &price)));
        }
    }
    told(context.signs.len(), &looks, lacks)
}

fn note<'a>(looks: &mut Looks<'a>, at: usize, sign: &'a Sign, look: Option<Look>) {
    let Some(look) = look else { return };
    let known = looks.entry(at).or_insert((sign, Look::Clear));
    if matches!(known.1, Look::Clear) {
        known.1 = look;
    }
}

fn told(known: usize, looks: &Looks<'_>, lacks: Option<&'static str>) -> RuleOutcome {
    let seen: Vec<(&Sign, &str)> = looks
        .values()
        .filter_map(|(sign, look)| match look {
            Look::Seen(what) => Some((*sign, what.as_str())),
            Look::Clear => None,
        })
        .collect();
    if let Some((first, _)) = seen.first() {
        let each = |(sign, what): &(&Sign, &str)| format!("{}: {what}", wording::clip(&sign.says));
        let list = seen.iter().map(each).collect::<Vec<_>>().join("; ");
        let count = seen.len();
        let caution = RuleOutcome::caution(format!("signs of a consumer login: {count} of {known} ({list})"));
        return RuleOutcome { source: Some(first.source.clone()), ..caution };
    }
    if let Some(name) = lacks {
        return RuleOutcome::needs_reply(name);
    }
    let ids: Vec<&str> = looks.values().map(|(sign, _)| sign.id.as_str()).collect();
    if ids.is_empty() {
        return RuleOutcome::unknown(
            Reason::MissingValue,
            "nothing known shows any of the signs, or rules one out",
        );
    }
    RuleOutcome::holds(format!(
        "no sign of a consumer login in {} of {known}: {}",
        ids.len(),
        wording::clip(&ids.join(", "))
    ))
}

fn of_shot(
    context: &RuleContext<'_>,
    shot: &Shot,
    (given, by_replies): (&Given<'_>, bool),
    sign: &Sign,
) -> Option<Look> {
    let model = wording::clip(&shot.model);
    match &sign.kind {
        SignKind::Name(pattern) if !by_replies => {
            let is = pattern.is_match(&shot.model);
            Some(if is { Look::Seen(format!("`{model}`")) } else { Look::Clear })
        }
        SignKind::Name(_) | SignKind::PriceBelow(_) => None,
        SignKind::Lengths { keys, only } => parts(context, shot, given).find_map(|(of, part)| {
            let offered = offer::lengths(part, keys)?;
            let list = offered.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
            let is = offered.iter().all(|length| only.contains(length));
            Some(if is {
                Look::Seen(format!("{} s in the {of} of `{model}`", wording::clip(&list)))
            } else {
                Look::Clear
            })
        }),
        SignKind::Words(words) => worst(parts(context, shot, given).filter_map(|(of, part)| {
            let is = offer::words(part, words)?;
            Some(if is {
                Look::Seen(format!("{} in the {of} of `{model}`", wording::names(words)))
            } else {
                Look::Clear
            })
        })),
        SignKind::Count { keys, is } => parts(context, shot, given).find_map(|(of, part)| {
            let count = offer::count(part, keys)?;
            Some(if count == *is {
                Look::Seen(format!("{count} in the {of} of `{model}`"))
            } else {
                Look::Clear
            })
        }),
    }
}

/// The more informative of these.
fn worst(looks: impl Iterator<Item = Look>) -> Option<Look> {
    looks.reduce(|one, other| if matches!(one, Look::Seen(_)) { one } else { other })
}

/// What replies say about a shot's model: its schema, and its own entries in the listing.
fn parts<'a>(
    context: &RuleContext<'a>,
    shot: &'a Shot,
    given: &Given<'a>,
) -> impl Iterator<Item = (&'static str, &'a serde_json::Value)> {
    let slug = context.slug(shot);
    let is_called = move |name: &str| name == shot.model || slug.is_some_and(|slug| slug.is_called(name));
    let json = |looked: Option<Looked<'a>>| looked.and_then(Looked::json);
    let listed = json(given.listing).map(|listing| offer::entries(listing, is_called)).unwrap_or_default();
    let schema = json(given.schema).map(|schema| ("schema", schema));
    schema.into_iter().chain(listed.into_iter().map(|entry| ("listing", entry)))
}

/// What the provider charges for all shots, from its own quote.
fn asked(context: &RuleContext<'_>) -> Option<(String, Usd)> {
    let mut sum = Usd::ZERO;
    for shot in &context.project.shots {
        let mut part = None;
        Given::with(&context.of_shot(shot), |given| {
            part = of_quote(shot, &given);
            RuleOutcome::holds("")
        });
        sum = sum.checked_add(part?)?;
    }
    Some((format!("quoted on {}", context.today()), sum))
}

fn of_quote(shot: &Shot, given: &Given<'_>) -> Option<Usd> {
    let (amount, unit) = (given.amount?, given.written_in?);
    let (quote, currency, names) = (given.quote?, given.currency, given.names);
    AskedPrice { quote, amount, currency, names, account: None, unit }.of(shot)
}

/// What it charges for them according to a person.
fn recorded(context: &RuleContext<'_>) -> Option<(String, Usd)> {
    context.quoted.map(|quoted| (format!("recorded on {}", quoted.answered), quoted.sum))
}

fn below(context: &RuleContext<'_>, percent: u64, (how, sum): &(String, Usd)) -> Option<Look> {
    let owner = prices_agree::dated(context).filter(|owner| owner.sum > Usd::ZERO && *sum > Usd::ZERO)?;
    // In whole micro-dollars, and wide enough for any value.
    let (ours, theirs) = (i128::from(sum.micros()) * 100, i128::from(owner.sum.micros()));
    Some(if ours < theirs * i128::from(percent) {
        Look::Seen(format!("{sum} {how}, {} % of the {}: {}", ours / theirs, owner.whose, owner.sum))
    } else {
        Look::Clear
    })
}

#[cfg(test)]
mod tests;
