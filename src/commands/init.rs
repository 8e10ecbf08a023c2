//! `greenlight init`: writes a project file from what a person has and needs.

use std::fmt::Write as _;

use camino::{Utf8Path, Utf8PathBuf};

use super::context::Context;
use crate::{
    error::Error,
    exit::Exit,
    load,
    model::{
        media::Slot,
        money::Usd,
        route::Route,
        routes::{Guide, Material, RouteGuide},
    },
    ui::{Asker, Prompt, PromptError},
};

/// Write a project file: what you have, what you need, what to do first
///
/// Asks for what no flag gives, proposes route, mode and model, and writes greenlight.toml. The first
/// clip it plans is small on purpose. Nothing is called and nothing is spent.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to write the project file
    #[arg(value_name = "FILE", default_value = load::PROJECT_FILE)]
    file: Utf8PathBuf,

    /// Who owns the generation: api, app or wrapper
    #[arg(long, value_name = "ROUTE")]
    route: Option<Route>,

    /// The provider of a wrapper, such as fal
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,

    /// What you start from: idea, image, references, clip-to-change or clip-to-continue
    #[arg(long, value_name = "MATERIAL")]
    material: Option<String>,

    /// The file or URL you start from; several for references
    #[arg(long, value_name = "PATH|URL")]
    input: Vec<String>,

    /// A name for the project
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,

    /// The prompt; without it a brief to be filled in is written
    #[arg(long, value_name = "TEXT")]
    prompt: Option<String>,

    /// The most the project may cost
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    budget: Option<Usd>,

    /// Replace an existing file
    #[arg(long)]
    force: bool,
}

fn amount(text: &str) -> Result<Usd, String> {
    text.parse::<Usd>().map_err(|error| error.to_string())
}

/// Everything that a project file is written from.
struct Wishes<'g> {
    route: &'g RouteGuide,
    provider: String,
    material: &'g Material,
    inputs: Vec<String>,
    name: String,
    prompt: Option<String>,
    budget: Usd,
}

/// Writes the file and says what was proposed.
///
/// # Errors
/// [`Error`] when something is missing and nobody can be asked, or the file cannot be written.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let target = context.dir.join(&args.file);
    if target.exists() && !args.force {
        return Err(Error::Exists(args.file.clone()));
    }
    let guide = load::guide()?;
    let mut asker = Asker::new(context.printer.colours());
    let wishes = wishes(args, &guide, &target, &mut asker)?;
    load::write_whole(&target, &project_text(&wishes, &guide), args.force)
        .map_err(|source| Error::File { what: format!("cannot write `{target}`"), source })?;
    context.say(&proposal(&wishes, &args.file))?;
    Ok(Exit::Go)
}

fn wishes<'g>(
    args: &Args,
    guide: &'g Guide,
    target: &Utf8Path,
    prompt: &mut dyn Prompt,
) -> Result<Wishes<'g>, Error> {
    let route = match args.route {
        Some(route) => guide.route(route),
        None => {
            let titles = guide.routes.iter().map(|r| format!("{:<8} {}: {}", r.route, r.name, r.use_when));
            let at = choose(prompt, "Who shall own the generation?", titles.collect(), "a route", "--route")?;
            guide.routes.get(at)
        }
    };
    let route = route.ok_or_else(|| missing("a route", "--route api, app or wrapper"))?;
    let material = match &args.material {
        Some(id) => guide.material(id).ok_or_else(|| unknown_material(id, guide))?,
        None => {
            let titles = guide.materials.iter().map(|m| format!("{} → {}", m.title, m.mode));
            let at = choose(prompt, "What do you start from?", titles.collect(), "a material", "--material")?;
            guide.materials.get(at).ok_or_else(|| missing("a material", "--material"))?
        }
    };
    let provider = match args.provider.clone().or_else(|| route.provider.clone()) {
        Some(provider) => provider,
        None => text(prompt, "Which provider?", None, "a provider", "--provider")?,
    };
    let mut inputs = args.input.clone();
    if inputs.is_empty() && material.mode.required_input().is_some() {
        inputs.push(text(prompt, "The file or URL you start from?", None, "an input", "--input")?);
    }
    let folder = target.parent().and_then(Utf8Path::file_name).unwrap_or("First clip");
    let name = given_or_asked(args.name.clone(), prompt, "A name for the project?", folder)?;
    let budget =
        given_or_asked(args.budget.map(|b| b.to_string()), prompt, "The most it may cost?", "2.00 USD")?;
    let budget =
        amount(&budget).map_err(|why| Error::BadValue { what: format!("budget `{budget}`"), why })?;
    Ok(Wishes { route, provider, material, inputs, name, prompt: args.prompt.clone(), budget })
}

fn unknown_material(id: &str, guide: &Guide) -> Error {
    let known: Vec<_> = guide.materials.iter().map(|material| format!("`{}`", material.id)).collect();
    Error::BadValue { what: format!("material `{id}`"), why: format!("one of {}", known.join(", ")) }
}

fn missing(what: &str, flags: &str) -> Error {
    Error::NobodyToAsk { what: what.to_owned(), flags: format!("`{flags}`") }
}

fn asked<T>(answer: Result<T, PromptError>, what: &str, flag: &str) -> Result<T, Error> {
    answer.map_err(|error| match error {
        PromptError::NoTerminal => missing(what, flag),
        PromptError::Interrupted | PromptError::Skipped => Error::Interrupted,
        other => Error::Prompt(other),
    })
}

fn choose(
    prompt: &mut dyn Prompt,
    title: &str,
    options: Vec<String>,
    what: &str,
    flag: &str,
) -> Result<usize, Error> {
    asked(prompt.select(title, &options), what, flag)
}

fn text(
    prompt: &mut dyn Prompt,
    title: &str,
    default: Option<&str>,
    what: &str,
    flag: &str,
) -> Result<String, Error> {
    asked(prompt.text(title, default), what, flag)
}

/// What has a sensible default is asked on a terminal and taken as it is elsewhere.
fn given_or_asked(
    given: Option<String>,
    prompt: &mut dyn Prompt,
    title: &str,
    default: &str,
) -> Result<String, Error> {
    if let Some(given) = given {
        return Ok(given);
    }
    match prompt.text(title, Some(default)) {
        Err(PromptError::NoTerminal) => Ok(default.to_owned()),
        answer => asked(answer, title, ""),
    }
}

fn project_text(wishes: &Wishes<'_>, guide: &Guide) -> String {
    let quoted = |text: &str| toml_edit::Value::from(text).to_string();
    let clip = &guide.first_clip;
    let mut text = String::new();
    let mut line = |part: String| {
        let _ = writeln!(text, "{part}");
    };
    line(format!("# {}: {}", wishes.route.name, wishes.route.first_move));
    line(format!("# Stop rule: {}", wishes.route.stop_rule));
    line("[project]".to_owned());
    line(format!("name = {}", quoted(&wishes.name)));
    line(format!("route = {}", quoted(wishes.route.route.word())));
    line(format!("provider = {}", quoted(&wishes.provider)));
    line(format!("budget = {}", quoted(&wishes.budget.to_string())));
    line(
        "output = \"clips/\"          # finished clips are kept here: provider URLs are temporary".to_owned(),
    );
    line(
        "\n[failure]                  # decided before the first clip, not after the first failure"
            .to_owned(),
    );
    line("retries = 1\ntimeout = \"10m\"".to_owned());
    line(format!("\n# {}: {}", wishes.material.title, wishes.material.send));
    line(format!("# {}", wishes.material.boundary));
    line("[[shot]]\nid = \"first\"".to_owned());
    line(format!("mode = {}", quoted(wishes.material.mode.word())));
    line(format!("model = {}", quoted(&wishes.material.model)));
    for part in given_inputs(wishes) {
        line(part);
    }
    line(format!("duration = {}", clip.duration));
    if wishes.material.mode.required_input() != Some(Slot::Video) {
        line(format!("aspect-ratio = {}", quoted(&clip.aspect_ratio)));
        line(format!("resolution = {}", quoted(&clip.resolution)));
    }
    match &wishes.prompt {
        Some(prompt) => line(format!("prompt = {}", quoted(prompt))),
        None => line(BRIEF.to_owned()),
    }
    text
}

fn given_inputs(wishes: &Wishes<'_>) -> Vec<String> {
    let quoted: Vec<_> =
        wishes.inputs.iter().map(|i| toml_edit::Value::from(i.as_str()).to_string()).collect();
    match (wishes.material.mode.required_input(), quoted.as_slice()) {
        (Some(Slot::References), _) => vec![format!("references = [{}]", quoted.join(", "))],
        (Some(slot), [first, ..]) => vec![format!("{} = {first}", slot.word())],
        _ => Vec::new(),
    }
}

const BRIEF: &str = r#"[shot.brief]               # fill in every line; it becomes the prompt
subject = ""               # who or what appears
action = ""                # what changes over the clip
setting = ""               # where it happens
camera = ""                # shot type and motion
style = ""                 # realistic, product demo, animation, …
exclude = ["people", "logos"]"#;

fn proposal(wishes: &Wishes<'_>, file: &Utf8Path) -> String {
    let (route, material) = (wishes.route, wishes.material);
    format!(
        "Wrote {file}\n\n\
         route       {} ({})\n\
         first move  {}\n\
         stop rule   {}\n\
         mode        {} with {}\n\
         send        {}\n\
         mind        {}\n\n\
         Next: fill in what is empty, then run `greenlight check`.\n",
        route.route,
        wishes.provider,
        route.first_move,
        route.stop_rule,
        material.mode,
        material.model,
        material.send,
        material.boundary
    )
}
