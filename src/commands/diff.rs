//! `greenlight diff`: what changed between two receipts, and why.

use camino::{Utf8Path, Utf8PathBuf};

use super::{context::Context, list::ListFormat};
use crate::{
    error::Error,
    exit::Exit,
    judge, load,
    model::{receipt::ReceiptFile, report::READABLE},
    render,
    secrets::Clean,
};

/// Show what changed between two receipts, and why
///
/// Compares what `greenlight check --format json` wrote at two times: which checks changed, appeared or disappeared,
/// and whether that is due to the project, a checklist, the catalogue, an answer, the clock or the provider. Old,
/// rehearsed and edited receipts can be compared too, and are labelled. Exits with 0 when no verdict and no decision
/// changed, with 1 when one did. Needs no project and makes no call.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The older receipt
    #[arg(value_name = "OLD")]
    old: Utf8PathBuf,

    /// The newer receipt
    #[arg(value_name = "NEW")]
    new: Utf8PathBuf,

    /// What to print
    #[arg(
        long,
        short,
        env = "GREENLIGHT_FORMAT",
        hide_env = true,
        value_enum,
        default_value_t,
        value_name = "FORMAT"
    )]
    format: ListFormat,
}

/// Compares the receipts and prints what changed.
///
/// # Errors
/// [`Error`] when one of them is not a receipt, or is of a version that this program does not know.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let (old, new) = (readable(&args.old, context)?, readable(&args.new, context)?);
    let changes = judge::changes::compare(&old, &new);
    let text = match args.format {
        ListFormat::Table => render::changes::table(&changes, &context.style()),
        ListFormat::Json => render::changes::json(&changes),
    };
    context.say(&text)?;
    // The code of NO-GO: as in other tools that compare, 1 means that something differs.
    Ok(if changes.changed { Exit::NoGo } else { Exit::Go })
}

/// A receipt file whose reports can all be read, with this machine's secrets covered.
///
/// # Errors
/// [`Error`] when it is not a receipt, or is of a version that this program does not know.
pub(super) fn readable(path: &Utf8Path, context: &Context<'_>) -> Result<ReceiptFile, Error> {
    let (mut file, mut clean) = (load::receipt(&context.dir, path)?, Clean::default());
    for report in file.entries.iter_mut().filter_map(|entry| entry.report.as_mut()) {
        // It comes from elsewhere, and is cut into lines here.
        if let Some(covered) = context.printer.redactor().covered(report, &mut clean) {
            *report = covered;
        }
    }
    match file.entries.iter().find(|entry| entry.report.is_none()) {
        Some(entry) => Err(Error::BadValue {
            what: format!("`{path}`"),
            why: format!(
                "schema version {} is not supported (supported: {} to {})",
                entry.version,
                READABLE.start(),
                READABLE.end()
            ),
        }),
        None => Ok(file),
    }
}
