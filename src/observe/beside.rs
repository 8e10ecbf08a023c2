//! Looks at many files while the calls go on: what is done by the end of the run counts, and the rest is not waited
//! for.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use camino::{Utf8Path, Utf8PathBuf};

use super::Until;

/// The result for each path; `not_reached` for a path that was not reached in time.
pub(super) async fn beside<T: Send + 'static>(
    paths: BTreeSet<Utf8PathBuf>,
    until: Option<Until>,
    mut look: impl FnMut(&Utf8Path) -> T + Send + 'static,
    not_reached: impl Fn() -> T,
) -> BTreeMap<Utf8PathBuf, T> {
    if paths.is_empty() {
        return BTreeMap::new();
    }
    let done = Arc::new(Mutex::new(BTreeMap::new()));
    let (results, open) = (Arc::clone(&done), paths.clone());
    let work = tokio::task::spawn_blocking(move || {
        for path in open {
            if until.is_some_and(|until| until.is_over()) {
                return;
            }
            let seen = look(&path);
            results.lock().unwrap_or_else(PoisonError::into_inner).insert(path, seen);
        }
    });
    // When the work is cut short, the results so far remain.
    match until {
        Some(until) => drop(tokio::time::timeout_at(until.at, work).await),
        None => drop(work.await),
    }
    let mut done = std::mem::take(&mut *done.lock().unwrap_or_else(PoisonError::into_inner));
    for path in paths {
        done.entry(path).or_insert_with(&not_reached);
    }
    done
}
