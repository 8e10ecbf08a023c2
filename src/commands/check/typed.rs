//! Which of the words that were typed are projects, and which one is the scenario of a rehearsal.
//!
//! The value of `--rehearse` is optional, so it also swallows a project that comes next. Users need not know that: a
//! word that isn't a scenario and looks like a project is taken as a project.

use crate::{error::Error, preflight::HEALTHY};

/// The values of `--rehearse` and of the projects, once they are separated.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Typed {
    /// The scenario, in a rehearsal.
    pub(super) rehearse: Option<String>,
    /// The projects, in the order in which they were typed.
    pub(super) projects: Vec<String>,
}

impl Typed {
    /// Separates them by which scenarios and which files exist. A scenario takes precedence over a file of the same
    /// name.
    ///
    /// # Errors
    /// [`Error::BadValue`] when the word isn't a scenario.
    pub(super) fn of(
        rehearse: Option<&str>,
        projects: &[String],
        is_scenario: impl Fn(&str) -> bool,
        is_there: impl Fn(&str) -> bool,
    ) -> Result<Self, Error> {
        let mut projects = projects.to_vec();
        let Some(word) = rehearse else { return Ok(Self { rehearse: None, projects }) };
        if word.is_empty() {
            let why = "name a scenario after the `=`, or leave both out".to_owned();
            return Err(Error::BadValue { what: "`--rehearse=`".to_owned(), why });
        }
        let mut scenario = word.to_owned();
        if !is_scenario(word) && (is_there(word) || looks_like_a_project(word)) {
            HEALTHY.clone_into(&mut scenario);
            projects.insert(0, word.to_owned());
        }
        if scenario == HEALTHY
            && let [at] = *places(&projects, |word| is_scenario(word) && !is_there(word))
        {
            scenario = projects.remove(at);
        }
        Ok(Self { rehearse: Some(scenario), projects })
    }
}

fn places(words: &[String], fits: impl Fn(&str) -> bool) -> Vec<usize> {
    words.iter().enumerate().filter(|(_, word)| fits(word)).map(|(at, _)| at).collect()
}

/// No scenario has a name like this.
fn looks_like_a_project(word: &str) -> bool {
    word.contains(['/', '\\', '.', '*', '?', '['])
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn of(rehearse: Option<&str>, projects: &[&str]) -> Result<Typed, Error> {
        let projects: Vec<_> = projects.iter().map(|word| (*word).to_owned()).collect();
        let scenario = |word: &str| [HEALTHY, "bad-key", "slow"].contains(&word);
        Typed::of(rehearse, &projects, scenario, |word| ["plans", "slow", "plans/a"].contains(&word))
    }

    #[rstest]
    #[case::no_rehearsal(None, &["bad-key"], None, &["bad-key"])]
    #[case::nothing_else(Some(HEALTHY), &[], Some(HEALTHY), &[])]
    #[case::scenario_alone(Some("bad-key"), &[], Some("bad-key"), &[])]
    #[case::scenario_first(Some("bad-key"), &["plans/a"], Some("bad-key"), &["plans/a"])]
    #[case::project_as_scenario(Some("plans/a/greenlight.toml"), &[], Some(HEALTHY), &["plans/a/greenlight.toml"])]
    #[case::a_file(Some("own.toml"), &[], Some(HEALTHY), &["own.toml"])]
    #[case::a_folder_that_is_there(Some("plans"), &[], Some(HEALTHY), &["plans"])]
    #[case::here(Some("."), &[], Some(HEALTHY), &["."])]
    #[case::a_pattern(Some("**"), &[], Some(HEALTHY), &["**"])]
    #[case::several(Some("plans/a"), &["plans/b"], Some(HEALTHY), &["plans/a", "plans/b"])]
    #[case::turned(Some("plans/a"), &["bad-key"], Some("bad-key"), &["plans/a"])]
    #[case::scenario_before_the_flag(Some(HEALTHY), &["plans/a", "bad-key"], Some("bad-key"), &["plans/a"])]
    #[case::a_scenario_goes_first(Some("slow"), &[], Some("slow"), &[])]
    #[case::a_folder_that_is_called_like_one(Some("./slow"), &[], Some(HEALTHY), &["./slow"])]
    #[case::a_project_that_is_called_like_one(Some(HEALTHY), &["slow"], Some(HEALTHY), &["slow"])]
    #[case::two_that_are_not_there(Some(HEALTHY), &["bad-key", "bad-key"], Some(HEALTHY), &["bad-key", "bad-key"])]
    #[case::misspelt(Some("bad-kee"), &[], Some("bad-kee"), &[])]
    fn projects_and_scenario_are_told_apart(
        #[case] rehearse: Option<&str>,
        #[case] projects: &[&str],
        #[case] scenario: Option<&str>,
        #[case] wanted: &[&str],
    ) {
        let typed = of(rehearse, projects).unwrap();
        assert_eq!(
            (typed.rehearse.as_deref(), typed.projects.as_slice()),
            (scenario, &wanted.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()[..])
        );
    }

    #[test]
    fn an_empty_name_is_told() {
        assert!(of(Some(""), &[]).unwrap_err().to_string().contains("name a scenario after the `=`"));
    }
}
