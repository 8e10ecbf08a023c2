//! Looks at every input file and address of the shots, each once.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;

use super::{Plan, caller::Caller};
use crate::model::{
    call::Call,
    media::{Input, MediaFact},
};

mod address;
mod bounded;
mod entropy;
mod file;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod hollow;
#[cfg(test)]
mod huge;
mod image;
mod jpeg;
mod movie;
mod quiet;
mod samples;
#[cfg(test)]
mod tests;

pub(super) use file::inspect;
pub(crate) use file::look_at;

/// What is known about every input, and the calls that were made to learn it.
pub(super) async fn observe(plan: &Plan<'_>, caller: &Caller<'_>) -> (BTreeMap<Input, MediaFact>, Vec<Call>) {
    let inputs: BTreeSet<&Input> =
        plan.project.shots.iter().flat_map(|shot| &shot.inputs).map(|(_, input)| input).collect();
    let paths: BTreeSet<Utf8PathBuf> = inputs
        .iter()
        .filter_map(|input| match input {
            Input::File { path, .. } => Some(plan.project_dir.join(path)),
            Input::Url(_) | Input::Shot(_) => None,
        })
        .collect();
    let addresses = inputs.iter().filter_map(|input| match input {
        Input::Url(url) => Some(url),
        Input::File { .. } | Input::Shot(_) => None,
    });
    let (files, (urls, calls)) = tokio::join!(
        file::look_at_all(paths, plan.settings.until),
        address::look_at_all(addresses.collect(), caller)
    );
    let fact = |input: &Input| match input {
        Input::File { path, .. } => files.get(&plan.project_dir.join(path)).cloned(),
        Input::Url(url) => urls.get(url).cloned(),
        Input::Shot(_) => None,
    };
    (inputs.into_iter().filter_map(|input| Some((input.clone(), fact(input)?))).collect(), calls)
}
