//! `greenlight report`: the due-diligence dossier.

use camino::{Utf8Path, Utf8PathBuf};
use chrono::{DateTime, NaiveDate, Utc};
use clap::ValueEnum;

use super::{
    at_hand,
    check::{moment, named},
    context::Context,
    diff, due, replaced,
};
use crate::{
    error::Error,
    exit::Exit,
    files::{self, Kind, Place},
    judge::verification,
    load::PROJECT_FILE,
    model::{
        receipt::{ReceiptEntry, ReceiptFile},
        report::Report,
        text::{printable, shell_word},
    },
    render::dossier::{self, Brief, Trust},
    secrets::Clean,
};

/// Write the due-diligence dossier of a project
///
/// One document for the person who signs. Its first page says what was decided and how long that is valid, what must be
/// settled first, who bills, who runs the model, who owns it and in which region it runs, what the amounts are based on,
/// the largest gaps, and the command that checks all of it again. Its annexes hold everything: each check with its answer,
/// the evidence, the counter-evidence, the waivers, the history and the call log.
///
/// Judges now and without a call, so what only a provider can say is unknown. With a RECEIPT it reports what that
/// receipt says, and says so if it was edited by hand. Exits with 0 when the document is written, whatever it says:
/// `check` and `verify` are the gates.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A receipt to report on instead of judging now
    #[arg(value_name = "RECEIPT")]
    receipt: Option<Utf8PathBuf>,

    /// What to write [default: html for an `.html` file, else markdown]
    #[arg(long, short, value_enum, value_name = "FORMAT")]
    format: Option<DossierFormat>,

    /// The file to write it to [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<Utf8PathBuf>,

    /// Project file or folder [default: greenlight.toml here or above]
    ///
    /// With a receipt of several projects, the one to report on.
    #[arg(long, value_name = "FILE")]
    project: Option<Utf8PathBuf>,

    /// A page of your own for `--format html`
    ///
    /// A Jinja template. It gets the document as `dossier`, can read no other file, and all its output is escaped. The
    /// shipped one is `src/render/dossier/page.html`.
    #[arg(long, value_name = "FILE")]
    template: Option<Utf8PathBuf>,

    /// Judge for this day or moment in UTC, such as 2026-08-10
    ///
    /// With a receipt, shows what has expired by then. Anything judged for another time than now decides nothing.
    #[arg(long, value_name = "DATE", value_parser = moment)]
    at: Option<DateTime<Utc>>,
}

/// What a dossier can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DossierFormat {
    /// Markdown, as a forge shows it
    Markdown,
    /// One self-contained page, for a browser and for paper
    Html,
}

/// Writes the dossier.
///
/// # Errors
/// [`Error`] when there is no project or receipt, when the template is wrong, or when it cannot be written.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let format = format(args)?;
    if args.template.is_some() && format != DossierFormat::Html {
        let why = "it is for `--format html`".to_owned();
        return Err(Error::BadValue { what: "`--template`".to_owned(), why });
    }
    let template = args.template.as_deref().map(|path| template(path, context)).transpose()?;
    let matter = match &args.receipt {
        Some(path) => told(args, path, context)?,
        None => judged(args, context)?,
    };
    if let Some(output) = &args.output {
        replaces_nothing(args, output, &matter, context)?;
    }
    let brief = Brief {
        report: &matter.report,
        trust: matter.trust.clone(),
        today: args.at.unwrap_or(context.started).date_naive(),
        lasting: &matter.lasting,
        again: &matter.again,
    };
    let document = dossier::of(&brief);
    let text = match format {
        DossierFormat::Markdown => dossier::markdown::render(&document),
        DossierFormat::Html => {
            let page = template.as_deref().unwrap_or(dossier::html::TEMPLATE);
            let what =
                args.template.as_ref().map_or("the page".to_owned(), |path| format!("`--template {path}`"));
            dossier::html::render(&document, page)
                .map_err(|error| Error::BadValue { what, why: error.to_string() })?
        }
    };
    match &args.output {
        None => context.say(&text)?,
        Some(output) => write(output, &text, context)?,
    }
    Ok(Exit::Go)
}

/// The format that was asked for, or the one that the file's name promises.
fn format(args: &Args) -> Result<DossierFormat, Error> {
    let output = args.output.as_ref();
    match (args.format, output.and_then(|path| path.extension())) {
        (Some(format), _) => Ok(format),
        (None, Some("html" | "htm")) => Ok(DossierFormat::Html),
        (None, Some("pdf")) => Err(Error::BadValue {
            what: format!("`--output {}`", args.output.as_deref().unwrap_or(Utf8Path::new(""))),
            why: "there is no PDF; write `.html` and print that page".to_owned(),
        }),
        (None, _) => Ok(DossierFormat::Markdown),
    }
}

/// What the dossier is made from.
struct Matter {
    report: Report,
    trust: Trust,
    /// What expires apart from answers and waivers.
    lasting: Vec<(String, NaiveDate)>,
    /// The command that checks all of it again.
    again: String,
    /// The files it depends on, each with what it is.
    inputs: Vec<(String, Utf8PathBuf)>,
}

/// The result of judging the project now, offline.
fn judged(args: &Args, context: &mut Context<'_>) -> Result<Matter, Error> {
    let at = args.at.unwrap_or(context.started);
    let (loaded, report) = at_hand::judged(context, args.project.as_deref(), at)?;
    // A key that was refused for its format is still a key.
    context.printer.hide(context.printer.redactor().with_shapes(loaded.refused_keys()));
    let report = context.printer.redactor().covered(&report, &mut Clean::default()).unwrap_or(report);
    let check = "greenlight check --offline".to_owned();
    let named = Some(loaded.file.as_str()).filter(|file| *file != PROJECT_FILE);
    Ok(Matter {
        lasting: due::facts(&loaded),
        trust: Trust::Judged,
        again: named.map_or_else(|| check.clone(), |file| format!("{check} {}", shell_word(file))),
        inputs: replaced::files_of(&loaded).collect(),
        report,
    })
}

/// What a receipt says about a project, and whether it can be relied on.
fn told(args: &Args, path: &Utf8Path, context: &Context<'_>) -> Result<Matter, Error> {
    let file = diff::readable(path, context)?;
    let entry = chosen(args, path, &file, context)?;
    let Some(report) = entry.report.clone() else {
        return Err(not_told(path, "it contains no report that this version can read"));
    };
    let intact = entry.is_intact() && file.outer.is_none_or(|outer| outer.intact != Some(false));
    let trust = match (intact, verification::contradictions(&report).is_empty()) {
        (false, _) => Trust::NotIntact(path.to_string()),
        (true, true) => Trust::Receipt(path.to_string()),
        (true, false) => Trust::Contradictory(path.to_string()),
    };
    let again = verify(args, path, (&file, &report));
    // Paths in a receipt are relative to its project.
    let dir = Utf8Path::new(report.file()).parent().unwrap_or(Utf8Path::new(""));
    let inputs = report.inputs.iter().filter(|input| !input.path.starts_with("builtin:"));
    let inputs =
        inputs.map(|input| (format!("the {} `{}`", input.role.words(), input.path), dir.join(&input.path)));
    let project = (format!("the project `{}`", report.file()), report.file().into());
    let receipt = (format!("the receipt `{path}`"), path.to_owned());
    let inputs = inputs.chain([project, receipt]).collect();
    Ok(Matter { report, trust, lasting: Vec::new(), again, inputs })
}

/// The command that verifies a receipt. The default project file is left out.
fn verify(args: &Args, path: &Utf8Path, (file, report): (&ReceiptFile, &Report)) -> String {
    let of_many = file.outer.is_some();
    let own = Some(report.file()).filter(|name| of_many || *name != PROJECT_FILE);
    let named = args.project.as_ref().map(|name| name.as_str()).or(own).filter(|name| !name.is_empty());
    let verify = format!("greenlight verify {}", shell_word(path.as_str()));
    named.map_or_else(|| verify.clone(), |name| format!("{verify} --project {}", shell_word(name)))
}

/// The report of a receipt that was asked for.
fn chosen<'f>(
    args: &Args,
    path: &Utf8Path,
    file: &'f ReceiptFile,
    context: &Context<'_>,
) -> Result<&'f ReceiptEntry, Error> {
    let file_of = |entry: &ReceiptEntry| entry.report.as_ref().map(|report| report.file().to_owned());
    if let Some(wanted) = &args.project {
        let wanted = context.project(Some(wanted))?;
        let is = |entry: &&ReceiptEntry| {
            file_of(entry).is_some_and(|name| named::same(&name.into(), &wanted, context))
        };
        let found = file.entries.iter().find(is);
        return found.ok_or_else(|| not_told(path, &format!("it contains no report on `{wanted}`")));
    }
    match file.entries.as_slice() {
        [only] => Ok(only),
        [] => Err(not_told(path, "it contains no report")),
        all => {
            let names: Vec<_> = all.iter().filter_map(file_of).map(|name| format!("`{name}`")).collect();
            Err(not_told(path, &format!("it covers {}; name one with `--project FILE`", names.join(", "))))
        }
    }
}

fn not_told(path: &Utf8Path, why: &str) -> Error {
    Error::BadValue { what: format!("`{path}`"), why: why.to_owned() }
}

fn template(path: &Utf8Path, context: &Context<'_>) -> Result<String, Error> {
    files::text(&context.dir.join(path), Kind::Template)
        .map_err(|source| Error::File { what: format!("cannot read `--template {path}`"), source })
}

/// Refuses to write over a file that the dossier depends on.
fn replaces_nothing(
    args: &Args,
    output: &Utf8Path,
    matter: &Matter,
    context: &Context<'_>,
) -> Result<(), Error> {
    let template = args.template.iter().map(|path| (format!("the template `{path}`"), path.clone()));
    let outputs = [(format!("`--output {output}`"), Place::of(&context.dir.join(output)))];
    replaced::refuse(&outputs, matter.inputs.iter().cloned().chain(template), context)
}

fn write(output: &Utf8Path, text: &str, context: &mut Context<'_>) -> Result<(), Error> {
    let failed = |source| Error::File { what: format!("cannot write to `{output}`"), source };
    let place = files::output(&context.dir, output).map_err(failed)?;
    files::write_whole(&place, &context.printer.covered(text), true).map_err(failed)?;
    context.note(&format!("The dossier is in {}.\n", printable(output.as_str())));
    Ok(())
}
