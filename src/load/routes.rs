//! The guide behind `init`.

use super::{raw::routes::RawRoutes, sink::DiagnosticSink};
use crate::model::routes::{FirstClip, Guide, Material, Recommendation, RouteGuide, Step};

impl DiagnosticSink<'_> {
    /// The guide from a file.
    pub(super) fn guide(&mut self, raw: RawRoutes) -> Guide {
        let mut routes = Vec::new();
        for raw in raw.route {
            let at = raw.source.span();
            let Some(source) = self.source(Some(raw.source), "the route", &at) else { continue };
            routes.push(RouteGuide {
                route: raw.route,
                provider: raw.provider,
                model: raw.model,
                name: raw.name,
                use_when: raw.use_when,
                first_move: raw.first_move,
                stop_rule: raw.stop_rule,
                source,
            });
        }
        let mut materials = Vec::new();
        for raw in raw.material {
            let at = raw.source.span();
            let Some(source) = self.source(Some(raw.source), "the material", &at) else { continue };
            let recommended = raw.recommended.and_then(|raw| {
                let at = raw.source.span();
                let source = self.source(Some(raw.source), "the recommendation", &at)?;
                Some(Recommendation { model: raw.model, for_what: raw.for_what, source })
            });
            materials.push(Material {
                id: raw.id,
                title: raw.title,
                mode: raw.mode,
                model: raw.model,
                send: raw.send,
                boundary: raw.boundary,
                recommended,
                source,
            });
        }
        let clip = raw.first_clip;
        Guide {
            routes,
            materials,
            first_clip: FirstClip {
                duration: clip.duration,
                aspect_ratio: clip.aspect_ratio,
                resolution: clip.resolution,
            },
            steps: raw.step.into_iter().map(|step| Step { title: step.title, rows: step.rows }).collect(),
        }
    }
}
