//! `greenlight explain CHECK`: everything a checklist says about one check, offline.

use std::sync::Arc;

use camino::Utf8PathBuf;

use super::context::Context;
use crate::{
    error::Error,
    exit::Exit,
    judge, load,
    model::{
        checklist::{AnswerKind, Check, Checklist, Decider, EvidenceKind, Fault, Means, Question, Severity},
        id::{CheckId, FaultId},
        nearest::nearest,
        question::Covers,
        source::Source,
    },
    ui::Sheet,
};

/// The checklist of the faults that any call can meet.
const GENERAL: &str = "network";

/// Explain a check: the claim, why it matters, how it is decided
///
/// Looks in the shipped checklists and, when there is one, in those of the project. Works offline.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The id of a check, such as api.key-accepted
    #[arg(value_name = "CHECK")]
    check: String,

    /// Also show the replies that any host can give
    #[arg(long)]
    all: bool,

    /// Look in this project's own checklists too
    ///
    /// A file or a folder; without it, greenlight.toml here or above.
    #[arg(long, value_name = "FILE")]
    project: Option<Utf8PathBuf>,
}

/// Prints what is known about a check.
///
/// # Errors
/// [`Error::NoCheck`] with the nearest id.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let rules = judge::rules::known();
    let mut checklists = load::shipped_routes(&rules)?;
    let project = context.project(args.project.as_deref());
    if let (Ok(path), true) = (&project, args.project.is_some() || !knows(&checklists, &args.check)) {
        checklists.push(Arc::unwrap_or_clone(load::project(&context.dir, path, &rules)?.checklist));
    }
    let found = checklists.iter().find_map(|list| Some((list, list.check(&args.check)?)));
    let Some((checklist, check)) = found else {
        let ids = checklists.iter().flat_map(|list| &list.checks).map(|check| check.id.as_str());
        let near = nearest(&args.check, ids);
        let hint = near.map_or_else(
            || "`greenlight list` shows them all".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        return Err(Error::NoCheck { asked: args.check.clone(), hint });
    };
    let general = if args.all { None } else { load::shipped(GENERAL, &rules)? };
    let general: Vec<_> = general.iter().flat_map(|list| &list.faults).map(|fault| &fault.id).collect();
    let text = explained(checklist, check, &general, &context.sheet());
    context.say(&text)?;
    Ok(Exit::Go)
}

fn knows(checklists: &[Checklist], id: &str) -> bool {
    checklists.iter().any(|list| list.check(id).is_some())
}

/// `general` are the faults that are only counted, not shown.
fn explained(checklist: &Checklist, check: &Check, general: &[&FaultId], sheet: &Sheet<'_>) -> String {
    let mut rows = vec![("row", check.row.word().to_owned())];
    rows.extend(check.topic.iter().map(|topic| ("topic", topic.to_string())));
    rows.extend([
        ("severity", weight(check.severity).to_owned()),
        ("why", check.why.to_string()),
        ("decided by", decided(checklist, check)),
    ]);
    if let Some(question) = check.decider.question() {
        rows.push(("question", question.ask.clone()));
        rows.push(("answer", wanted(question)));
    }
    if !check.requires.is_empty() {
        let ids: Vec<_> = check.requires.iter().map(CheckId::as_str).collect();
        rows.push(("after", ids.join(", ")));
    }
    rows.extend(check.supports.iter().map(|question| ("evidence for", question.to_string())));
    if !check.settles.is_empty() {
        let ids: Vec<_> = check.settles.iter().map(CheckId::as_str).collect();
        rows.push(("settles", format!("{}: its result counts like a person's", ids.join(", "))));
    }
    rows.push(("fix", check.fix.to_string()));
    rows.push((
        "waivable",
        if check.waivable { "yes, with a reason and a date" } else { "never" }.to_owned(),
    ));
    rows.push(("source", source(&check.source)));
    rows.push(("checklist", format!("{} (line {})", check.home, check.line)));
    let rows: Vec<_> = rows.iter().map(|(label, value)| [*label, value.as_str()]).collect();
    let mut text = sheet.columns(&[[&format!("{} · {}", check.id, check.title)]], 0);
    text.push('\n');
    text.push_str(&sheet.columns(&rows, 0));
    let looked = !check.decider.probes().is_empty();
    let speaks = |fault: &&Fault| fault.speaks_of(check);
    let faults = checklist.faults.iter().filter(|fault| looked && speaks(fault));
    let (folded, mut shown): (Vec<_>, Vec<_>) = faults.partition(|fault| general.contains(&&fault.id));
    shown.sort_by_key(|fault| !fault.checks.contains(&check.id));
    if !shown.is_empty() {
        let shown: Vec<_> = shown.into_iter().map(told).collect();
        text.push_str("\nbad replies it recognises, and what each makes of the check\n");
        text.push_str(&sheet.columns(&shown, 2));
    }
    if let [first, second, ..] = folded.as_slice() {
        let more = format!(
            "and {} more that any host can give, such as {} and {}: `greenlight explain {} --all`",
            folded.len(),
            first.id,
            second.id,
            check.id
        );
        text.push('\n');
        text.push_str(&sheet.columns(&[[more.as_str()]], 0));
    }
    text
}

fn told(fault: &Fault) -> [&str; 3] {
    let means = match fault.means {
        Means::Fail => "fail",
        Means::Unknown => "unknown",
    };
    [fault.id.as_str(), means, &fault.says]
}

fn weight(severity: Severity) -> &'static str {
    match severity {
        Severity::Block => "block: a failure is NO-GO, an unknown is HOLD",
        Severity::Warn => "warn: shown as a warning; doesn't affect the decision",
        Severity::Info => "info: shown only; doesn't affect the decision",
    }
}

fn decided(checklist: &Checklist, check: &Check) -> String {
    let calls: Vec<_> = check
        .decider
        .probes()
        .into_iter()
        .filter_map(|id| checklist.probe(id.as_str()))
        .map(|probe| probe.request.to_string())
        .collect();
    let over =
        if calls.is_empty() { String::new() } else { format!(", over {} (free)", calls.join(" and ")) };
    match &check.decider {
        Decider::Probe { .. } => format!("a probe: {} (free)", calls.join(", ")),
        Decider::Rule { rule, .. } => {
            let decides = judge::rules::by_name(rule).map_or("", |known| known.spec.decides);
            format!("rule `{rule}`{over}: {decides}")
        }
        Decider::Question(_) => "a person".to_owned(),
    }
}

fn wanted(question: &Question) -> String {
    let value = match question.kind {
        AnswerKind::YesNo => "yes or no".to_owned(),
        AnswerKind::Choice => question.choices.join(" | "),
        AnswerKind::Text => "a text".to_owned(),
        AnswerKind::Number => "a number".to_owned(),
        AnswerKind::Money => match question.covers {
            Covers::Job => "an amount in USD for one clip; times shots and attempts, it must fit the budget",
            Covers::Shots => {
                "an amount in USD for all shots, made once; times attempts, it must fit the budget"
            }
            Covers::Project => "an amount in USD for all shots and retries; it must fit the budget",
        }
        .to_owned(),
        AnswerKind::Date => "a day".to_owned(),
        AnswerKind::Url => "an address".to_owned(),
    };
    let passes = if question.pass.is_empty() {
        String::new()
    } else {
        format!("; passes with {}", question.pass.join(" or "))
    };
    let whose = question.pages.wanted().map(|whose| format!(" (pages of {whose} count)")).unwrap_or_default();
    let shown = question
        .evidence
        .map_or(String::new(), |kind| format!("; with {} as evidence{whose}", evidence(kind)));
    let days = question.valid_for_days;
    format!("{value}{passes}{shown}; valid for {days} day{}", if days == 1 { "" } else { "s" })
}

fn evidence(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Url => "an address",
        EvidenceKind::File => "a file",
        EvidenceKind::Quote => "a quotation",
        EvidenceKind::Any => "an address, a file or a quotation",
    }
}

fn source(source: &Source) -> String {
    format!("{} ({})", source.url, source.age())
}
