//! Which checklist extends which: parents before children, each once, no cycles.

use super::{
    builtin,
    checklist::ParsedChecklist,
    diagnostic::{Diagnostic, Label, Level},
    loader::{Loader, ships},
    merge, suggest,
};
use crate::model::{checklist::Checklist, owners::Owners, report::InputRole, route::Route};

impl Loader<'_> {
    /// Merges the wanted checklists and everything they extend into one.
    pub(super) fn merge(
        &mut self,
        own: Vec<ParsedChecklist>,
        wanted: &[String],
        route: Option<Route>,
        owners: &Owners,
    ) -> Option<Checklist> {
        self.distinct(&own);
        self.in_line(own.into_iter().map(Some).collect(), wanted, route, owners)
    }

    fn in_line(
        &mut self,
        mut own: Vec<Option<ParsedChecklist>>,
        wanted: &[String],
        route: Option<Route>,
        owners: &Owners,
    ) -> Option<Checklist> {
        let (mut ordered, mut trail) = (Vec::new(), Vec::new());
        for id in wanted {
            self.line_up(id, None, &mut own, &mut ordered, &mut trail);
        }
        merge::merge(ordered, route, owners, &mut self.diagnostics)
    }

    /// No two checklists may have the same name.
    pub(super) fn distinct(&mut self, own: &[ParsedChecklist]) {
        for part in own.iter().filter(|part| ships(part.id.as_str())) {
            let label = Label { span: 0..0, text: String::new(), primary: true };
            self.diagnostics.push(Diagnostic {
                code: "duplicate-id",
                level: Level::Error,
                message: format!("a checklist `{}` is shipped already", part.id),
                file: part.file,
                labels: vec![label],
                help: Some(format!("give it another `id`, and `extends = \"{}\"` to add to it", part.id)),
            });
        }
        for (at, part) in own.iter().enumerate() {
            if own.iter().take(at).any(|earlier| earlier.id == part.id) {
                self.diagnostics.push(Diagnostic {
                    code: "duplicate-id",
                    level: Level::Error,
                    message: format!("a checklist `{}` is loaded already", part.id),
                    file: part.file,
                    labels: vec![Label { span: 0..0, text: String::new(), primary: true }],
                    help: Some("name each file once, and give each an `id` of its own".to_owned()),
                });
            }
        }
    }

    /// Merges one of these files with its parents, only to find its mistakes.
    pub(super) fn merge_alone(&mut self, own: &[ParsedChecklist], at: usize, owners: &Owners) {
        let mut line: Vec<&ParsedChecklist> = own.get(at).into_iter().collect();
        while let Some(parent) = line.last().and_then(|part| part.extends.as_ref()) {
            let parent = own.iter().find(|part| part.id.as_str() == parent.get_ref());
            let Some(parent) = parent.filter(|parent| line.iter().all(|part| part.id != parent.id)) else {
                break;
            };
            line.push(parent);
        }
        let wanted: Vec<String> = line.first().map(|part| part.id.to_string()).into_iter().collect();
        let line = line.into_iter().map(|part| Some(part.clone())).collect();
        self.in_line(line, &wanted, None, owners);
    }

    /// Adds a checklist after its parent.
    fn line_up(
        &mut self,
        id: &str,
        asked: Option<(usize, std::ops::Range<usize>)>,
        own: &mut [Option<ParsedChecklist>],
        ordered: &mut Vec<ParsedChecklist>,
        trail: &mut Vec<String>,
    ) {
        if ordered.iter().any(|part| part.id.as_str() == id) {
            return;
        }
        let (file, span) = asked.unwrap_or((0, 0..0));
        if trail.iter().any(|above| above == id) {
            let circle = trail.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(" → ");
            self.sink(file).error("circle", span, format!("checklists extend each other: {circle} → `{id}`"));
            return;
        }
        let mine = own.iter_mut().find(|part| part.as_ref().is_some_and(|part| part.id.as_str() == id));
        let part = match mine {
            Some(part) => part.take(),
            None => self.builtin_part(id),
        };
        let Some(part) = part else {
            let known = own.iter().flatten().map(|part| part.id.as_str());
            let help = suggest::among(id, builtin::checklists().map(|builtin| builtin.id).chain(known));
            self.sink(file).error_with("unknown-name", span, format!("there is no checklist `{id}`"), help);
            return;
        };
        if let Some(parent) = &part.extends {
            trail.push(id.to_owned());
            let asked = Some((part.file, parent.span()));
            self.line_up(parent.get_ref(), asked, own, ordered, trail);
            trail.pop();
        }
        ordered.push(part);
    }

    /// A shipped checklist by itself.
    pub(super) fn builtin_part(&mut self, id: &str) -> Option<ParsedChecklist> {
        let builtin = builtin::checklists().find(|builtin| builtin.id == id)?;
        let file = self.put_builtin(&builtin, InputRole::Checklist);
        if let Some(known) = self.shipped().part(id, file) {
            return Some(known);
        }
        let mistakes = self.diagnostics.len();
        let part = self.read_checklist(file)?;
        if self.diagnostics.len() == mistakes {
            self.shipped().keep_part(builtin.id, &part);
        }
        Some(part)
    }
}
