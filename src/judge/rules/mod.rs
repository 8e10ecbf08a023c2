//! The built-in rules: one file each, one line each in [`REGISTRY`].

mod balance_covers;
mod base_url_official;
mod catalogue_fresh;
mod credits_left;
mod estimate_within_budget;
mod first_clip_is_small;
mod key_present;
mod keyframes_fit;
mod limits;
mod listed_price_within_budget;
mod login_signs;
mod media_complete;
mod media_duration;
mod media_present;
mod media_reachable;
mod media_size;
mod media_type;
mod mode_supported;
mod model_listed;
mod no_long_form_promise;
mod one_job_per_shot;
mod one_story;
mod output_stored;
mod preview_not_default;
mod price_owner;
mod prices_agree;
mod prompt_given;
mod prompt_is_a_brief;
mod quote_within_budget;
mod reference_count;
mod service_status;
mod slug_mode;
mod start_frame_fit;
mod timeout_and_retries;
mod voice_count;
mod zero_retention;

use super::{rule_context::RuleContext, rule_outcome::RuleOutcome};
use crate::model::{
    media::Input,
    project::Shot,
    rule::{KnownRule, Per, RuleSpec},
};

/// A built-in rule.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// How a checklist names it, and what it takes.
    pub spec: RuleSpec,
    /// How it decides.
    pub judge: Judge,
}

/// What a rule looks at. A check must be repeated to match.
#[derive(Debug, Clone, Copy)]
pub enum Judge {
    /// The project as a whole.
    Project(fn(&RuleContext<'_>) -> RuleOutcome),
    /// The project as a whole, using the replies for every shot.
    Shots(fn(&RuleContext<'_>) -> RuleOutcome),
    /// One shot.
    Shot(for<'a> fn(&RuleContext<'a>, &'a Shot) -> RuleOutcome),
    /// One shot by its requested name; the rule itself finds out which model answers to that name.
    Name(for<'a> fn(&RuleContext<'a>, &'a Shot) -> RuleOutcome),
    /// One file or address.
    Input(for<'a> fn(&RuleContext<'a>, &'a Input) -> RuleOutcome),
}

/// All rules.
pub const REGISTRY: &[Rule] = &[
    key_present::RULE,
    base_url_official::RULE,
    model_listed::RULE,
    zero_retention::RULE,
    service_status::RULE,
    one_job_per_shot::RULE,
    mode_supported::RULE,
    preview_not_default::RULE,
    limits::RULE,
    first_clip_is_small::RULE,
    prompt_given::RULE,
    prompt_is_a_brief::RULE,
    no_long_form_promise::RULE,
    catalogue_fresh::RULE,
    media_present::RULE,
    media_complete::RULE,
    media_type::RULE,
    media_size::RULE,
    media_reachable::RULE,
    media_duration::RULE,
    reference_count::RULE,
    keyframes_fit::RULE,
    voice_count::RULE,
    start_frame_fit::RULE,
    output_stored::RULE,
    timeout_and_retries::RULE,
    estimate_within_budget::RULE,
    balance_covers::RULE,
    credits_left::RULE,
    price_owner::RULE,
    quote_within_budget::RULE,
    listed_price_within_budget::RULE,
    prices_agree::RULE,
    slug_mode::RULE,
    one_story::RULE,
    login_signs::RULE,
];

/// What `rule = "…"` may name.
#[must_use]
pub fn known() -> Vec<KnownRule> {
    let per = |judge| match judge {
        Judge::Project(_) => Per::Project,
        Judge::Shots(_) => Per::Shots,
        Judge::Shot(_) | Judge::Name(_) => Per::Shot,
        Judge::Input(_) => Per::Input,
    };
    REGISTRY.iter().map(|rule| KnownRule { spec: rule.spec, per: per(rule.judge) }).collect()
}

/// The rule of this name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Rule> {
    REGISTRY.iter().find(|rule| rule.spec.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_ids_and_unique() {
        let names: BTreeSet<_> = REGISTRY.iter().map(|rule| rule.spec.name).collect();
        assert_eq!(names.len(), REGISTRY.len());
        assert!(names.iter().all(|name| crate::model::id::validate(name).is_ok()));
        assert_eq!(by_name("limits").map(|rule| rule.spec.name), Some("limits"));
    }
}
