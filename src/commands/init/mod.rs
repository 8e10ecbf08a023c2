//! `greenlight init`: writes a project file from what a person has and needs.

mod draft;
mod text_field;

use camino::{Utf8Path, Utf8PathBuf};

use self::text_field::TextField;
use super::{
    context::Context,
    record::{public, public_input, write_project},
};
use crate::{
    error::Error,
    exit::Exit,
    files::{self, FileError, Kind},
    judge, load,
    model::{
        checklist::Slug,
        media::Slot,
        mode::Mode,
        money::Usd,
        nearest::nearest,
        route::Route,
        routes::{Guide, Material, RouteGuide},
        text::counted,
    },
    ui::{Asker, NonInteractive, Prompt, PromptError},
};

/// Write a project file: what you have, what you need, what to do first
///
/// Asks for what the flags leave open, proposes route, mode and model, and writes greenlight.toml. The first clip it
/// plans is small on purpose. Makes no call and spends nothing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to write the project file: a file or a folder
    #[arg(value_name = "FILE", default_value = load::PROJECT_FILE)]
    file: Utf8PathBuf,

    /// The route: api, app or wrapper
    #[arg(long, value_name = "ROUTE")]
    route: Option<Route>,

    /// The provider of a wrapper, such as fal
    #[arg(long, value_name = "PROVIDER")]
    provider: Option<String>,

    /// What you start from
    ///
    /// One of idea, image, references, clip-to-change and clip-to-continue.
    #[arg(long, value_name = "MATERIAL")]
    material: Option<String>,

    /// The file or URL you start from; several for references
    #[arg(long, value_name = "PATH|URL")]
    input: Vec<String>,

    /// A name for the project
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,

    /// The prompt; without it, writes a brief to fill in
    #[arg(long, value_name = "TEXT")]
    prompt: Option<String>,

    /// Budget for the whole project, such as 2.00 USD
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    budget: Option<Usd>,

    /// Whether the clips are for commercial use
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    commercial: Option<bool>,

    /// Replace an existing file
    #[arg(long)]
    force: bool,
}

/// An amount; a bare number is in US dollars, the only currency supported.
fn amount(text: &str) -> Result<Usd, String> {
    let text = text.trim();
    let bare = text.ends_with(|last: char| last.is_ascii_digit());
    let whole = if bare { format!("{text} USD") } else { text.to_owned() };
    whole.parse::<Usd>().map_err(|error| error.to_string())
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
    /// None when no one could be asked.
    commercial: Option<bool>,
    /// The provider's name for a model that makes the material's mode, if its pack knows one.
    slug: Option<String>,
    /// Whether the calls of the route can be rehearsed.
    rehearses: bool,
}

/// Writes the file and says what was proposed.
///
/// # Errors
/// As [`run_with`].
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    if context.terminal.can_ask() {
        let mut asker = Asker::new(context.printer.colours(), context.printer.redactor().clone());
        run_with(args, context, &mut asker)
    } else {
        run_with(args, context, &mut NonInteractive)
    }
}

/// Writes the file from flags and this person's replies.
///
/// # Errors
/// [`Error`] when something is missing and there is no terminal, or the file cannot be written.
pub fn run_with(args: &Args, context: &mut Context<'_>, person: &mut dyn Prompt) -> Result<Exit, Error> {
    let file = project_file(&args.file, &context.dir);
    let target = files::project_output(&context.dir, &file).map_err(|source| unwritten(&file, source))?;
    if target.symlink_metadata().is_ok() && !args.force {
        return Err(Error::Exists(file));
    }
    replaceable(&file, &target)?;
    let guide = load::guide()?;
    if args.route.is_none() && context.terminal.can_ask() {
        note_routes(&guide, context)?;
    }
    let wishes = wishes(args, &guide, &target, person)?;
    let said = [("the name", Some(&wishes.name)), ("the prompt", wishes.prompt.as_ref())];
    for (part, text) in said.into_iter().chain([("the provider", Some(&wishes.provider))]) {
        public(part, text.map_or("", String::as_str), load::PROJECT_FILE, context.printer.redactor())?;
    }
    let folder = target.parent().unwrap_or(&context.dir);
    for input in &wishes.inputs {
        public_input(input, load::PROJECT_FILE, context.printer.redactor())?;
        present(input, folder).map_err(|why| Error::BadValue { what: format!("`--input {input}`"), why })?;
    }
    let text = draft::project_text(&wishes, &guide);
    write_project(&target, &text, args.force, context.printer.redactor())?;
    let proposal = draft::proposal(&wishes, &file, &context.sheet());
    context.say(&proposal)?;
    Ok(Exit::Go)
}

/// The file to write. A folder, or a new name without an extension, is a folder for a file of the usual name.
fn project_file(named: &Utf8Path, dir: &Utf8Path) -> Utf8PathBuf {
    let place = dir.join(named);
    let new = named.extension().is_none() && place.symlink_metadata().is_err();
    if new || place.is_dir() { named.join(load::PROJECT_FILE) } else { named.to_owned() }
}

fn unwritten(file: &Utf8Path, source: FileError) -> Error {
    Error::File { what: format!("cannot write `{file}`"), source }
}

/// Replaces a project file and nothing else: a stray word on the command line must not cost a picture or the answers.
///
/// # Errors
/// [`Error::BadValue`] when something else is there.
fn replaceable(file: &Utf8Path, target: &Utf8Path) -> Result<(), Error> {
    let is_project = |text: &str| {
        text.trim().is_empty() || text.lines().any(|line| line.trim_start().starts_with("[project]"))
    };
    let other = match files::text(target, Kind::Toml) {
        Ok(text) => !is_project(&text),
        Err(FileError::NoText | FileError::TooLarge { .. }) => true,
        // Anything that isn't a regular file is refused, or written to, by the code that writes.
        Err(_) => false,
    };
    if other && target.file_name() != Some(load::PROJECT_FILE) {
        let why =
            "it isn't a project file, and `--force` replaces nothing else; choose another name".to_owned();
        return Err(Error::BadValue { what: format!("`{file}`"), why });
    }
    Ok(())
}

/// When each route fits: too long for a menu, but needed to choose from it.
fn note_routes(guide: &Guide, context: &mut Context<'_>) -> Result<(), Error> {
    let rows: Vec<_> = guide.routes.iter().map(|r| [r.route.word(), r.use_when.as_str()]).collect();
    let text = context.sheet().columns(&rows, 0) + "\n";
    let failed = |source| Error::System { what: "cannot write to standard error".to_owned(), source };
    context.printer.note(&text).map_err(failed)
}

fn wishes<'g>(
    args: &Args,
    guide: &'g Guide,
    target: &Utf8Path,
    person: &mut dyn Prompt,
) -> Result<Wishes<'g>, Error> {
    let route = route(args, guide, person)?;
    let material = material(args, guide, person)?;
    let provider = provider(args, (route, guide), person)?;
    let inputs = inputs(args, material, target.parent().unwrap_or(target), person)?;
    let folder = target.parent().and_then(Utf8Path::file_name).unwrap_or("First clip");
    let name =
        TextField { default: Some(folder), ..TextField::new("Project name", "a name", "`--name TEXT`") };
    let name = name.value(args.name.as_deref(), person, filled)?;
    let budget = match args.budget {
        Some(budget) => budget,
        None => TextField {
            default: Some("2.00 USD"),
            ..TextField::new("Budget", "a budget", "`--budget AMOUNT`")
        }
        .value(None, person, amount)?,
    };
    let prompt = args.prompt.as_deref().map(filled).transpose();
    let prompt = prompt.map_err(|why| Error::BadValue { what: "`--prompt`".to_owned(), why })?;
    let commercial = commercial(args, person)?;
    let pack =
        if route.route == Route::Wrapper { load::pack(&provider, &judge::rules::known())? } else { None };
    let rehearses = pack.is_some() || route.route == Route::Api;
    let slug = pack.and_then(|pack| of_mode(&pack.slugs, material.mode).map(|slug| slug.id.clone()));
    Ok(Wishes { route, provider, material, inputs, name, prompt, budget, commercial, slug, rehearses })
}

/// The first slug that makes a mode, or else one whose modes are unknown.
fn of_mode(slugs: &[Slug], mode: Mode) -> Option<&Slug> {
    let unsaid = || slugs.iter().find(|slug| slug.modes.is_empty());
    slugs.iter().find(|slug| slug.modes.contains(&mode)).or_else(unsaid)
}

fn commercial(args: &Args, person: &mut dyn Prompt) -> Result<Option<bool>, Error> {
    let line = TextField::new("Commercial use?", "the use", "`--commercial`");
    match args.commercial.map_or_else(|| person.confirm(line.title, true), Ok) {
        Ok(said) => Ok(Some(said)),
        Err(PromptError::NoTerminal) => Ok(None),
        Err(error) => Err(line.unanswered(error)),
    }
}

fn route<'g>(args: &Args, guide: &'g Guide, person: &mut dyn Prompt) -> Result<&'g RouteGuide, Error> {
    let line = TextField::new("Which route will you use?", "a route", "`--route` with api, app or wrapper");
    if let Some(route) = args.route {
        return guide.route(route).ok_or_else(|| line.missing());
    }
    let titles: Vec<_> = guide.routes.iter().map(|r| format!("{}: {}", r.route, r.name)).collect();
    let at = person.select(line.title, &titles).map_err(|error| line.unanswered(error))?;
    guide.routes.get(at).ok_or_else(|| line.missing())
}

fn material<'g>(args: &Args, guide: &'g Guide, person: &mut dyn Prompt) -> Result<&'g Material, Error> {
    let known: Vec<_> = guide.materials.iter().map(|material| material.id.as_str()).collect();
    let flag = format!("`--material` with {}", listed(&known));
    let line = TextField::new("What do you start from?", "a material", &flag);
    if let Some(id) = &args.material {
        return guide.material(id).ok_or_else(|| {
            let near = nearest(id, known.iter().copied());
            let hint = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
            Error::BadValue {
                what: format!("material `{id}`"),
                why: format!("{hint}choose {}", listed(&known)),
            }
        });
    }
    let titles: Vec<_> = guide.materials.iter().map(|m| format!("{} → {}", m.title, m.mode)).collect();
    let at = person.select(line.title, &titles).map_err(|error| line.unanswered(error))?;
    guide.materials.get(at).ok_or_else(|| line.missing())
}

fn provider(
    args: &Args,
    (route, guide): (&RouteGuide, &Guide),
    person: &mut dyn Prompt,
) -> Result<String, Error> {
    let line = TextField::new("Name of the provider", "a provider", "`--provider NAME`");
    let named = |text: &str| filled(text).and_then(|name| load::provider(route.route, &name, guide));
    match (&route.provider, args.provider.as_deref()) {
        (Some(own), None) => Ok(own.clone()),
        (Some(own), Some(other)) if own != other => Err(Error::BadValue {
            what: format!("provider `{other}`"),
            why: format!("route `{}` is `{own}`'s own; another provider is `--route wrapper`", route.route),
        }),
        (_, given @ Some(_)) => line.value(given, person, named),
        (_, None) => {
            let mut choices: Vec<_> = load::providers().map(str::to_owned).collect();
            choices.push("another one".to_owned());
            let at = person.select("Which provider?", &choices).map_err(|error| line.unanswered(error))?;
            load::providers()
                .nth(at)
                .map_or_else(|| line.value(None, person, named), |known| Ok(known.into()))
        }
    }
}

fn inputs(
    args: &Args,
    material: &Material,
    folder: &Utf8Path,
    person: &mut dyn Prompt,
) -> Result<Vec<String>, Error> {
    let given: Result<Vec<_>, _> = args.input.iter().map(|input| filled(input)).collect();
    let given = given.map_err(|why| Error::BadValue { what: "`--input`".to_owned(), why })?;
    let refused = |why: &str| Error::BadValue {
        what: format!("{} as `--input`", counted(given.len(), "file")),
        why: format!("material `{}` {why}", material.id),
    };
    match (material.mode.required_input(), given.len()) {
        (None, 0) => Ok(given),
        (None, _) => Err(refused("takes no input file")),
        (Some(Slot::References), 0) => {
            let line = TextField::new(
                "Files or URLs, separated by commas",
                "an input",
                "`--input PATH|URL`, once for each",
            );
            line.value(None, person, |text| {
                let all = several(text)?;
                all.iter().try_for_each(|input| present(input, folder))?;
                Ok(all)
            })
        }
        (Some(_), 0) => {
            let line = TextField::new("File or URL to start from", "an input", "`--input PATH|URL`");
            let one = |text: &str| filled(text).and_then(|input| present(&input, folder).map(|()| input));
            Ok(vec![line.value(None, person, one)?])
        }
        (Some(Slot::References), _) | (Some(_), 1) => Ok(given),
        (Some(_), _) => Err(refused("starts from one")),
    }
}

fn filled(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() { Err("it is empty".to_owned()) } else { Ok(text.to_owned()) }
}

/// Whether an input file is where `check` will look for it; an address is left to `check`.
fn present(input: &str, folder: &Utf8Path) -> Result<(), String> {
    if input.contains("://") || folder.join(input).exists() {
        return Ok(());
    }
    Err("file not found; paths start at the folder of the project file".to_owned())
}

fn several(text: &str) -> Result<Vec<String>, String> {
    let parts: Vec<_> = text.split(',').filter_map(|part| filled(part).ok()).collect();
    if parts.is_empty() { Err("it is empty".to_owned()) } else { Ok(parts) }
}

fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}
