//! A project as if it named another route: the same shots, with the other owner's names for their models.

use camino::Utf8Path;

use super::{LoadError, Loaded, builtin, checklist::ParsedChecklist, merged_from_shipped, shipped::Shipped};
use crate::model::{
    checklist::Slug,
    id,
    owners::Owners,
    project::{Project, Shot},
    route::{Route, RouteChoice},
    routes::Guide,
};

/// The project on this route.
pub(super) fn of(
    project: Project,
    path: &Utf8Path,
    choice: &RouteChoice,
    (guide, owners): (&Guide, &Owners),
) -> Result<Project, LoadError> {
    let provider = provider(choice, guide, owners).map_err(|why| {
        let route = match &choice.provider {
            Some(provider) => format!("{}:{provider}", choice.route),
            None => choice.route.to_string(),
        };
        LoadError::WrongRoute { path: path.to_owned(), route, why }
    })?;
    // An account belongs to the route that the project names.
    let same = (project.route, &project.provider) == (choice.route, &provider);
    let account = project.account.clone().filter(|_| same);
    Ok(Project { route: choice.route, provider, account, ..project })
}

/// The owner that a choice means.
pub(super) fn provider(choice: &RouteChoice, guide: &Guide, owners: &Owners) -> Result<String, String> {
    let usual = guide.route(choice.route).and_then(|route| route.provider.clone());
    let Some(named) = &choice.provider else {
        return usual.ok_or_else(|| "name the wrapper too, such as `wrapper:fal`".to_owned());
    };
    if let Some(usual) = usual.filter(|usual| usual != named) {
        return Err(format!("this route belongs to `{usual}`"));
    }
    if let Some(meant) = owners.spelt_otherwise(named) {
        return Err(format!("`{named}` is written `{meant}` here"));
    }
    let others = guide.routes.iter().filter(|_| choice.route == Route::Wrapper);
    if let Some(other) = others.into_iter().find(|other| other.provider.as_deref() == Some(named)) {
        return Err(format!("`{named}` isn't a wrapper: it owns the route `{}`", other.route));
    }
    id::validate(named).map_err(|rule| format!("`{named}` is not a provider's id: {rule}"))?;
    Ok(named.clone())
}

/// Whether a project's own checklist can be used for this route: it names no other route, and doesn't build on another
/// provider's pack.
pub(super) fn speaks_of(part: &ParsedChecklist, project: &Project) -> bool {
    let of_route = part.route.as_ref().is_none_or(|route| *route.get_ref() == project.route);
    let parent = part.extends.as_ref().map(|parent| parent.get_ref().as_str());
    let own = builtin::pack(&project.provider);
    let is_foreign = |parent: &str| {
        let is_route = Route::ALL.iter().any(|route| route.word() == parent);
        let another = is_route && parent != project.route.word();
        another || (!is_route && builtin::checklists().any(|one| one.id == parent) && Some(parent) != own)
    };
    of_route && !parent.is_some_and(is_foreign)
}

/// Gives every shot the route owner's name for its model, as far as the packs know it. Returns what was renamed.
pub(super) fn rename(loaded: &mut Loaded, shipped: &Shipped<'_>) -> Result<Vec<String>, LoadError> {
    let mut known: Vec<Slug> = Vec::new();
    for pack in builtin::checklists().filter(|one| one.id.starts_with(Route::Wrapper.word())) {
        known.extend(merged_from_shipped(pack.id, shipped)?.into_iter().flat_map(|pack| pack.slugs));
    }
    let mut remarks = Vec::new();
    for shot in &mut loaded.project.shots {
        let Some(name) = renamed(shot, loaded.project.route, &known, &loaded.checklist.slugs) else {
            continue;
        };
        let remark = format!("its model `{}` is `{name}` here", shot.model);
        if !remarks.contains(&remark) {
            remarks.push(remark);
        }
        shot.model = name;
    }
    Ok(remarks)
}

/// The route owner's name for the model of a shot; `None` if it already has that name, or the name is unknown.
fn renamed(shot: &Shot, route: Route, known: &[Slug], own: &[Slug]) -> Option<String> {
    if own.iter().any(|slug| slug.is_called(&shot.model) && slug.modes.contains(&shot.mode)) {
        return None;
    }
    // Several packs may use the same name; what it stands for is either the same in all of them or unknown.
    let mut models: Vec<&str> =
        known.iter().filter(|slug| slug.is_called(&shot.model)).map(|slug| slug.model.as_str()).collect();
    models.sort_unstable();
    models.dedup();
    let model = match models.as_slice() {
        [] => shot.model.as_str(),
        [one] => *one,
        _ => return None,
    };
    let name = match route {
        Route::Api => model,
        Route::App => return None,
        Route::Wrapper => {
            let of_model = || own.iter().filter(|slug| slug.model == model);
            let makes = of_model().find(|slug| slug.modes.contains(&shot.mode));
            makes.or_else(|| of_model().find(|slug| slug.modes.is_empty()))?.id.as_str()
        }
    };
    (name != shot.model).then(|| name.to_owned())
}
