//! What `init` writes and prints: the project file and the reasons for the proposal.

use std::fmt::Write as _;

use camino::Utf8Path;

use super::Wishes;
use crate::{
    model::{
        media::Slot,
        mode::Mode,
        route::Route,
        routes::Guide,
        text::{printable, shell_word},
    },
    secrets::Redactor,
    ui::Sheet,
};

/// Columns of the comments in the file.
const COMMENT_WIDTH: u16 = 78;

/// The project file.
pub(super) fn project_text(wishes: &Wishes<'_>, guide: &Guide) -> String {
    let mut text = header(wishes);
    let (material, clip) = (wishes.material, &guide.first_clip);
    let mode = material.mode;
    let mut line = |part: &str| {
        let _ = writeln!(text, "{part}");
    };
    line("");
    line(comment(&format!("{}: {}", material.title, material.send)).trim_end());
    line(comment(&note(wishes)).trim_end());
    line("[[shot]]\nid = \"first\"");
    line(&format!("mode = {}", quoted(mode.word())));
    line(&model(wishes));
    for part in given_inputs(wishes) {
        line(&part);
    }
    if mode != Mode::Edit {
        line(&format!("duration = {}", clip.duration));
    }
    // A start image sets the ratio, and a clip sets the resolution too: if the file asked for them as well, `check`
    // would warn.
    if !matches!(mode.required_input(), Some(Slot::Image | Slot::Video)) {
        line(&format!("aspect-ratio = {}", quoted(&clip.aspect_ratio)));
    }
    if mode.required_input() != Some(Slot::Video) {
        line(&format!("resolution = {}", quoted(&clip.resolution)));
    }
    match &wishes.prompt {
        Some(prompt) => line(&format!("prompt = {}", quoted(prompt))),
        None => line(BRIEF),
    }
    text
}

fn header(wishes: &Wishes<'_>) -> String {
    format!(
        "{}{}\
         [project]\n\
         name = {}\n\
         route = {}\n\
         provider = {}\n\
         budget = {}\n\
         output = \"clips/\"          # clips are kept here: provider URLs are temporary\n\
         {}\n\n\
         [failure]                  # decided before the first clip, not after it fails\n\
         retries = 1\n\
         timeout = \"10m\"\n",
        comment(&format!("{}: {}", wishes.route.name, wishes.route.first_move)),
        comment(&format!("Stop rule: {}", wishes.route.stop_rule)),
        quoted(&wishes.name),
        quoted(wishes.route.route.word()),
        quoted(&wishes.provider),
        quoted(&wishes.budget.to_string()),
        commercial(wishes.commercial),
    )
}

/// What the person did not say is left out, so that it does not read as if they had.
fn commercial(said: Option<bool>) -> String {
    match said {
        Some(said) => format!("commercial = {said}"),
        None => "# commercial = true        # when the clips are for commercial use".to_owned(),
    }
}

/// The guide knows only the official route's model, and a pack its provider's name for it; anywhere else the value is
/// the label that the owner shows.
fn model(wishes: &Wishes<'_>) -> String {
    match (wishes.route.route, &wishes.slug) {
        (Route::Api, _) => format!("model = {}", quoted(&wishes.material.model)),
        (Route::Wrapper, Some(slug)) => format!("model = {}", quoted(slug)),
        (Route::App, _) => {
            "model = \"as shown in the app\"     # put the label on the screen here".to_owned()
        }
        (Route::Wrapper, None) => {
            "model = \"as named by the provider\"     # put the id in the provider's listing here".to_owned()
        }
    }
}

fn given_inputs(wishes: &Wishes<'_>) -> Vec<String> {
    let quoted: Vec<_> = wishes.inputs.iter().map(|input| quoted(input)).collect();
    match (wishes.material.mode.required_input(), quoted.as_slice()) {
        (Some(Slot::References), _) => vec![format!("references = [{}]", quoted.join(", "))],
        (Some(slot), [first, ..]) => vec![format!("{} = {first}", slot.word())],
        _ => Vec::new(),
    }
}

fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

fn comment(text: &str) -> String {
    Sheet::new(COMMENT_WIDTH, &Redactor::default())
        .columns(&[[text]], 0)
        .lines()
        .flat_map(|line| ["# ", line, "\n"].map(str::to_owned))
        .collect()
}

const BRIEF: &str = r#"[shot.brief]               # fill in every line; it becomes the prompt
subject = ""               # who or what appears
action = ""                # what changes over the clip
setting = ""               # where it happens
camera = ""                # shot type and motion
style = ""                 # realistic, product demo, animation, …
exclude = ["people", "logos"]"#;

/// What was proposed, for the person who asked.
pub(super) fn proposal(wishes: &Wishes<'_>, file: &Utf8Path, sheet: &Sheet<'_>) -> String {
    let (route, material) = (wishes.route, wishes.material);
    let own = format!("{} ({})", route.route, wishes.provider);
    let mode = match (route.route, &wishes.slug) {
        (Route::Api, _) => format!("{} with {}", material.mode, material.model),
        (Route::Wrapper, Some(slug)) => format!("{} with {slug}", material.mode),
        (Route::App | Route::Wrapper, _) => {
            format!("{}, with a model the {} offers", material.mode, owner(route.route))
        }
    };
    let note = note(wishes);
    let rows = [
        ["route", own.as_str()],
        ["first move", &route.first_move],
        ["stop rule", &route.stop_rule],
        ["mode", &mode],
        ["send", &material.send],
        ["note", &note],
    ];
    let brief = if wishes.prompt.is_none() { "fill in the brief, then " } else { "" };
    let rehearse =
        if wishes.rehearses { " With `--rehearse` it needs no key and makes no real call." } else { "" };
    let next = format!(
        "Next: {brief}run `greenlight check{}`.{rehearse}",
        if file == crate::load::PROJECT_FILE {
            String::new()
        } else {
            format!(" --project {}", printable(&shell_word(file.as_str())))
        }
    );
    format!(
        "{}\n{}\n{}",
        sheet.columns(&[[&format!("Wrote {file}")]], 0),
        sheet.columns(&rows, 0),
        sheet.columns(&[[&next]], 0)
    )
}

/// What the official route accepts is no evidence for another owner's route.
fn note(wishes: &Wishes<'_>) -> String {
    match wishes.route.route {
        Route::Api => {
            let told = wishes.material.recommended.as_ref().map(|other| {
                format!(
                    "; for {} its owner recommends {} ({})",
                    other.for_what,
                    other.model,
                    other.source.age()
                )
            });
            format!("{}{}", wishes.material.boundary, told.unwrap_or_default())
        }
        other => {
            format!("this is what the official API takes; look at what the {} itself offers", owner(other))
        }
    }
}

fn owner(route: Route) -> &'static str {
    match route {
        Route::Api => "API",
        Route::App => "app",
        Route::Wrapper => "provider",
    }
}
