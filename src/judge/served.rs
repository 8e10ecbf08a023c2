//! A shot that is served by another model is judged for both: the requested one, and the one that answers to its name.

use std::collections::HashMap;

use super::{
    Case, length::Lengths, rule_context::RuleContext, rule_outcome::RuleOutcome, rules::Judge, wording,
};
use crate::model::{
    project::{Project, ShotIndex},
    verdict::Reason,
};

/// A project with the models that will make its shots, where a live reply names other models than the requested ones.
pub(super) struct Served {
    project: Project,
    index: ShotIndex,
}

impl Served {
    /// The project with the names of the models that serve it; `None` if they are the ones it names.
    pub(super) fn of(case: &Case<'_>, index: &ShotIndex) -> Option<Self> {
        let lengths = Lengths {
            project: case.project,
            index,
            catalogue: case.catalogue,
            observations: case.observations,
            probes: &case.checklist.probes,
            today: case.now.date_naive(),
        };
        let served: HashMap<usize, &str> = case
            .project
            .shots
            .iter()
            .enumerate()
            .filter_map(|(at, shot)| Some((at, lengths.served(shot)?)))
            .collect();
        if served.is_empty() {
            return None;
        }
        let mut project = case.project.clone();
        for (at, shot) in project.shots.iter_mut().enumerate() {
            if let Some(model) = served.get(&at) {
                (*model).clone_into(&mut shot.model);
            }
        }
        let index = ShotIndex::of(&project);
        Some(Self { project, index })
    }
}

/// What a rule says about the requested models and about those that serve. The worse of the two counts.
pub(super) fn outcome(judge: &Judge, context: &RuleContext<'_>, served: Option<&Served>) -> RuleOutcome {
    let asked = rule_on(judge, context);
    let Some(served) = served.filter(|_| !matches!(judge, Judge::Name(_))) else { return asked };
    let shot = context.shot.and_then(|shot| served.index.shot(&served.project, &shot.id));
    if context.shot.is_some() && shot.map(|shot| &shot.model) == context.shot.map(|shot| &shot.model) {
        return asked;
    }
    let made =
        rule_on(judge, &RuleContext { project: &served.project, index: &served.index, shot, ..*context });
    if made.weight() <= asked.weight() {
        return asked;
    }
    let model = shot.map_or_else(String::new, |shot| format!(" `{}`", wording::clip(&shot.model)));
    // No one may confirm what a live reply refutes.
    RuleOutcome { seen: format!("served by another model{model}: {}", made.seen), confirmable: false, ..made }
}

fn rule_on(judge: &Judge, context: &RuleContext<'_>) -> RuleOutcome {
    let misplaced = |what: &str| {
        RuleOutcome::unknown(Reason::NotDeclared, format!("the check must be repeated for each {what}"))
    };
    match judge {
        Judge::Project(rule) | Judge::Shots(rule) => rule(context),
        Judge::Shot(rule) | Judge::Name(rule) => {
            context.shot.map_or_else(|| misplaced("shot"), |shot| rule(context, shot))
        }
        Judge::Input(rule) => context.input.map_or_else(|| misplaced("input"), |input| rule(context, input)),
    }
}
