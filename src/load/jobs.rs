//! How paid jobs work, by provider. Only the spend module uses this.

use serde::Deserialize;

use super::{LoadError, builtin};
use crate::model::{job_api::JobApi, route::Route};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    provider: Vec<JobApi>,
}

/// The paid jobs of a provider on a route; `None` where nothing is automated.
///
/// # Errors
/// [`LoadError::Shipped`] when the shipped file is damaged.
pub fn job_api(route: Route, provider: &str) -> Result<Option<JobApi>, LoadError> {
    let read = || -> Result<File, toml::de::Error> {
        plain(toml::Value::Table(builtin::JOBS.text.parse()?)).try_into()
    };
    let damaged =
        |wrong: toml::de::Error| LoadError::Shipped { file: builtin::JOBS.id, wrong: wrong.to_string() };
    let file = read().map_err(damaged)?;
    Ok(file.provider.into_iter().find(|one| one.route == route && one.id == provider))
}

/// The same with dates as texts, as in every other format.
fn plain(value: toml::Value) -> toml::Value {
    match value {
        toml::Value::Datetime(day) => day.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(plain).collect::<Vec<_>>().into(),
        toml::Value::Table(fields) => {
            toml::Value::Table(fields.into_iter().map(|(name, field)| (name, plain(field))).collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::mode::Mode;

    #[test]
    fn the_shipped_file_says_how_every_mode_is_begun() {
        let api = job_api(Route::Api, "xai").unwrap().unwrap();
        assert!(Mode::ALL.iter().all(|mode| api.create.contains_key(mode)));
        assert!(api.poll.contains("{id}"));
        assert!(job_api(Route::App, "xai").unwrap().is_none());
    }

    #[test]
    fn every_cause_is_a_fault_of_the_checklist_or_explains_itself() {
        let files = builtin::checklists();
        let text = files.filter(|file| file.id == "api").map(|file| file.text).next().unwrap();
        for cause in job_api(Route::Api, "xai").unwrap().unwrap().cause {
            match cause.fault {
                Some(fault) => assert!(text.contains(&format!("id = \"{fault}\"")), "{fault}"),
                None => assert!(cause.source.is_some() && !cause.says.is_empty() && !cause.fix.is_empty()),
            }
        }
    }
}
