//! How to choose a route and a mode: the data behind `init`.

use super::{
    mode::Mode,
    route::{Route, Row},
    source::Source,
};

/// Everything that helps to choose.
#[derive(Debug, Clone)]
pub struct Guide {
    /// One entry per route.
    pub routes: Vec<RouteGuide>,
    /// One entry per kind of starting material.
    pub materials: Vec<Material>,
    /// What the first, small clip looks like.
    pub first_clip: FirstClip,
    /// The short workflow, in order.
    pub steps: Vec<Step>,
}

impl Guide {
    /// The entry of a route.
    #[must_use]
    pub fn route(&self, route: Route) -> Option<&RouteGuide> {
        self.routes.iter().find(|entry| entry.route == route)
    }

    /// The entry of a starting material.
    #[must_use]
    pub fn material(&self, id: &str) -> Option<&Material> {
        self.materials.iter().find(|entry| entry.id == id)
    }
}

/// When to use a route, and when not to.
#[derive(Debug, Clone)]
pub struct RouteGuide {
    /// The route.
    pub route: Route,
    /// The provider used when the project names none.
    pub provider: Option<String>,
    /// The placeholder for a model where the route owner's listing isn't known.
    pub model: Option<String>,
    /// The name that readers know.
    pub name: String,
    /// When to use it.
    pub use_when: String,
    /// What to do first.
    pub first_move: String,
    /// When to stop.
    pub stop_rule: String,
    /// Where this comes from.
    pub source: Source,
}

/// What a person may start with, and the mode that fits it.
#[derive(Debug, Clone)]
pub struct Material {
    /// The word used on the command line.
    pub id: String,
    /// A few words.
    pub title: String,
    /// The mode that fits.
    pub mode: Mode,
    /// The model proposed on the official route.
    pub model: String,
    /// What is sent.
    pub send: String,
    /// What to watch out for.
    pub boundary: String,
    /// What the owner itself recommends instead, and what for.
    pub recommended: Option<Recommendation>,
    /// Where this comes from.
    pub source: Source,
}

/// A model that its owner recommends, with the date and how sure that is.
#[derive(Debug, Clone)]
pub struct Recommendation {
    /// The model.
    pub model: String,
    /// What it is recommended for.
    pub for_what: String,
    /// Where this comes from.
    pub source: Source,
}

/// What the first, small clip looks like.
#[derive(Debug, Clone)]
pub struct FirstClip {
    /// In seconds.
    pub duration: u32,
    /// Such as `16:9`.
    pub aspect_ratio: String,
    /// Such as `480p`.
    pub resolution: String,
}

/// One step of the short workflow.
#[derive(Debug, Clone)]
pub struct Step {
    /// What is done.
    pub title: String,
    /// The table rows that serve it.
    pub rows: Vec<Row>,
}
