//! The contracting chain and the basis of the money: what the checks of certain topics say. The topics are those of the
//! checklists; no provider is hard-coded here.

use super::{
    sorted::{Placed, Sorted},
    words::{badge, first, named},
};
use crate::{
    model::{
        dossier::{Fact, FactLine},
        verdict::Verdict,
    },
    render::mark,
};

/// The most checks that are shown for one fact on the first page.
const MOST: usize = 2;

/// The label of a line on the first page, the topics it is about, and what it says if no check has one of them.
pub(super) struct About {
    label: &'static str,
    topics: &'static [&'static str],
    missing: &'static str,
}

/// Who is involved in making a clip.
pub(super) const CHAIN: [About; 4] = [
    About {
        label: "Who bills",
        topics: &["billing-terms", "price-source"],
        missing: "no check of this route asks who bills",
    },
    About {
        label: "Who runs it",
        topics: &["upstream", "account"],
        missing: "no check of this route asks who runs it",
    },
    About {
        label: "Whose model",
        topics: &["which-model"],
        missing: "no check on this route asks who owns the model",
    },
    About {
        label: "Which region",
        topics: &["region"],
        missing: "no check of this route asks for its region",
    },
];

/// What the sums are based on.
pub(super) const MONEY: [About; 4] = [
    About {
        label: "List price",
        topics: &["price-source", "price-unit", "catalogue"],
        missing: "no check of this route looks at a list of prices",
    },
    About {
        label: "Quote or estimate",
        topics: &["budget", "price-comparison"],
        missing: "no check on this route compares a price with the budget",
    },
    About {
        label: "Balance",
        topics: &["funds", "balance"],
        missing: "no check of this route looks at the balance",
    },
    About { label: "Bill", topics: &["bill"], missing: "no bill is known here" },
];

/// The facts, each from the checks of its topics.
pub(super) fn facts(sorted: &Sorted<'_>, all: &'static [About]) -> Vec<Fact> {
    all.iter().map(|about| fact(sorted, about)).collect()
}

fn fact(sorted: &Sorted<'_>, about: &About) -> Fact {
    let speaks = |placed: &&Placed<'_>| placed.topic.is_some_and(|topic| about.topics.contains(&topic));
    // A check that doesn't apply says nothing.
    let arises = |placed: &&Placed<'_>| !matches!(placed.finding.verdict, Verdict::NotApplicable { .. });
    let mut all: Vec<_> = sorted.all.iter().filter(speaks).filter(arises).collect();
    // Open checks are shown first; of the known ones, those of the first topic.
    all.sort_by_key(|placed| {
        let topic = about.topics.iter().position(|topic| Some(*topic) == placed.topic);
        (mark::mark(placed.finding).rank, topic)
    });
    let mut said: Vec<FactLine> = Vec::new();
    for placed in &all {
        let line = line(sorted, placed);
        if said.len() < MOST && said.iter().all(|other| other.text != line.text) {
            said.push(line);
        }
    }
    Fact {
        label: about.label,
        known: !all.is_empty() && all.iter().all(|placed| known(placed)),
        more: all.len() - said.len(),
        said,
        missing: about.missing,
    }
}

fn known(placed: &Placed<'_>) -> bool {
    matches!(placed.finding.verdict, Verdict::Pass | Verdict::Warn)
}

fn line(sorted: &Sorted<'_>, placed: &Placed<'_>) -> FactLine {
    let finding = placed.finding;
    let seen = sorted.seen(finding);
    let seen = match (known(placed), seen.is_empty()) {
        (_, true) => named(&finding.title),
        (true, false) => first(&seen),
        // The part in parentheses, what other checks found, is left to the annex.
        (false, false) => named(seen.split(" (").next().unwrap_or_default()),
    };
    let answers = sorted.answers(finding);
    let value = answers.first().and_then(|(_, answer)| answer.value.as_deref());
    let text = match value {
        Some(value) if !seen.contains(value) => format!("{}: {seen}", named(value)),
        _ => seen,
    };
    let age = match &finding.recorded {
        // The text of a valid answer already contains its date.
        Some(recorded) if text.contains(&recorded.answered.to_string()) => None,
        Some(recorded) => Some(format!("answered {} by {}", recorded.answered, named(&recorded.by))),
        // For an unknown finding, the age of the source means nothing.
        None => known(placed).then(|| finding.source.age()),
    };
    FactLine { badge: badge(finding), text, age, number: placed.number }
}

/// Every topic that the first page uses.
pub(super) fn topics() -> impl Iterator<Item = &'static str> {
    CHAIN.iter().chain(&MONEY).flat_map(|about| about.topics).copied()
}
