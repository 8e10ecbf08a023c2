//! Topics of a project's own checks. Any topic is allowed, but one that is a typo of a shipped topic would be alone in
//! a comparison, so it is reported.

use std::collections::BTreeSet;

use super::{builtin, checklist::ParsedChecklist, loader::Loader, shipped::Shipped};
use crate::model::{nearest::slip, topic::Topic};

/// Remarks on topics that are nearly, but not quite, a shipped one.
pub(super) fn remarks(own: &[ParsedChecklist], shipped: &Shipped<'_>) -> Vec<String> {
    let checks = own.iter().flat_map(|part| &part.checks).map(|(_, check)| check);
    let topics = checks.filter_map(|check| Some((check, check.topic.as_ref()?)));
    let near = topics.filter_map(|(check, topic)| {
        let known = shipped.topics.get_or_init(|| all(shipped));
        if known.contains(topic) {
            return None;
        }
        let near = slip(topic.as_str(), known.iter().map(Topic::as_str))?;
        let id = &check.id;
        Some(format!("the topic of `{id}` is `{topic}`, which no shipped check has; did you mean `{near}`?"))
    });
    near.collect()
}

fn all(shipped: &Shipped<'_>) -> BTreeSet<Topic> {
    let mut loader = Loader::new(shipped);
    let parts: Vec<ParsedChecklist> =
        builtin::checklists().filter_map(|builtin| loader.builtin_part(builtin.id)).collect();
    let checks = parts.into_iter().flat_map(|part| part.checks);
    checks.filter_map(|(_, check)| check.topic).collect()
}
