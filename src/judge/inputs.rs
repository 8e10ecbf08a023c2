//! The files that a judgement is based on: those that were loaded, and those that were looked at.

use std::collections::BTreeMap;

use super::Case;
use crate::model::{
    answer::EvidenceFact,
    media::{Input, MediaFact},
    report::{InputDigest, InputRole},
};

/// Everything with its digest, by role and then by name. A missing file isn't listed, so both its appearance and its
/// disappearance are noticed.
#[must_use]
pub fn all(case: &Case<'_>) -> Vec<InputDigest> {
    let mut looked_at: BTreeMap<(InputRole, &str), Option<&String>> = BTreeMap::new();
    for (input, fact) in &case.observations.media {
        if let (Input::File { path, .. }, MediaFact::Present(media)) = (input, fact) {
            looked_at.insert((InputRole::Media, path.as_str()), media.sha256.as_ref());
        }
    }
    for (path, fact) in &case.observations.evidence {
        if let EvidenceFact::Present { sha256, .. } = fact {
            looked_at.insert((InputRole::Evidence, path.as_str()), Some(sha256));
        }
    }
    let digest = |((role, path), sha256): ((InputRole, &str), Option<&String>)| InputDigest {
        role,
        path: path.to_owned(),
        sha256: sha256.cloned(),
    };
    let mut all = case.inputs.clone();
    all.extend(looked_at.into_iter().map(digest));
    all.sort_by(|one, other| (one.role, &one.path).cmp(&(other.role, &other.path)));
    all
}
