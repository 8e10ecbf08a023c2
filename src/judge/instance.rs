//! What a check is repeated for, and whether it applies at all.

use super::wording;
use crate::model::{
    checklist::{AppliesIf, Check},
    media::{Input, Slot},
    project::{Project, Shot},
    repeat::ForEach,
};

/// One repetition of a check.
#[derive(Debug, Clone, Default)]
pub(super) struct Instance<'a> {
    /// The shot it is repeated for.
    pub(super) shot: Option<&'a Shot>,
    /// The input it is repeated for.
    pub(super) input: Option<&'a Input>,
    /// How a finding names it.
    pub(super) subject: Option<String>,
    /// The inputs of the shot, or the shots that use the input, as findings name them.
    pub(super) related: Vec<String>,
}

/// The repetitions of a check, or why it doesn't apply.
pub(super) fn instances<'a>(project: &'a Project, check: &Check) -> Result<Vec<Instance<'a>>, &'static str> {
    match check.applies_if {
        Some(AppliesIf::HasInputs) if ForEach::Input.inputs(project).is_empty() => {
            return Err("no input files or URLs used");
        }
        Some(AppliesIf::HasReferences)
            if project.shots.iter().all(|shot| shot.inputs_in(Slot::References).next().is_none()) =>
        {
            return Err("no references used");
        }
        Some(AppliesIf::SeveralShots) if project.shots.len() < 2 => return Err("there is only one shot"),
        Some(AppliesIf::Commercial) if !project.commercial => return Err("the project is not commercial"),
        Some(_) | None => {}
    }
    let instances: Vec<Instance<'a>> = match check.for_each {
        None => vec![Instance::default()],
        Some(ForEach::Shot) => project.shots.iter().map(of_shot).collect(),
        Some(kind) => kind.inputs(project).iter().map(|(input, users)| of_input(input, users)).collect(),
    };
    match (instances.is_empty(), check.for_each) {
        (false, _) => Ok(instances),
        (true, Some(ForEach::File)) => Err("no local files used"),
        (true, Some(ForEach::Url)) => Err("no URL used"),
        (true, Some(ForEach::Shot)) => Err("there is no shot"),
        (true, _) => Err("no input files or URLs used"),
    }
}

fn of_shot(shot: &Shot) -> Instance<'_> {
    let related = shot.inputs.iter().map(|(_, input)| wording::input(input)).collect();
    Instance { shot: Some(shot), input: None, subject: Some(shot.id.to_string()), related }
}

fn of_input<'a>(input: &'a Input, users: &[&Shot]) -> Instance<'a> {
    let related = users.iter().map(|shot| shot.id.to_string()).collect();
    Instance { shot: None, input: Some(input), subject: Some(wording::input(input)), related }
}
