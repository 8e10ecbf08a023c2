//! `greenlight explain CHECK`: everything a checklist says of one check, offline.

use std::fmt::Write as _;

use camino::Utf8PathBuf;

use super::context::Context;
use crate::{
    error::Error,
    exit::Exit,
    judge, load,
    model::{
        checklist::{AnswerKind, Check, Checklist, Decider, Means, Question, Severity},
        source::{Confidence, Source},
    },
};

/// Explain a check: the claim, why it matters, how it is decided
///
/// Looks in the shipped checklists and, when there is one, in those of the project. Works offline.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The id of a check, such as api.key-accepted
    #[arg(value_name = "CHECK")]
    check: String,

    /// The project whose own checklists count too [default: greenlight.toml here or above]
    #[arg(long, value_name = "FILE")]
    project: Option<Utf8PathBuf>,
}

/// Prints what is known of a check.
///
/// # Errors
/// [`Error::NoCheck`] with the nearest id.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let rules = judge::rules::known();
    let mut checklists = load::shipped_routes(&rules)?;
    let project = context.project(args.project.as_deref());
    if let (Ok(path), true) = (&project, args.project.is_some() || !knows(&checklists, &args.check)) {
        checklists.push(load::project(path, &rules)?.checklist);
    }
    let found = checklists.iter().find_map(|list| Some((list, list.check(&args.check)?)));
    let Some((checklist, check)) = found else {
        let ids = checklists.iter().flat_map(|list| &list.checks).map(|check| check.id.as_str());
        let near = load::nearest(&args.check, ids);
        let hint = near.map_or_else(
            || "`greenlight list` shows them all".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        return Err(Error::NoCheck { asked: args.check.clone(), hint });
    };
    let text = explained(checklist, check);
    context.say(&text)?;
    Ok(Exit::Go)
}

fn knows(checklists: &[Checklist], id: &str) -> bool {
    checklists.iter().any(|list| list.check(id).is_some())
}

fn explained(checklist: &Checklist, check: &Check) -> String {
    let mut text = String::new();
    let weight = match check.severity {
        Severity::Block => "closes the gate",
        Severity::Warn => "warns",
        Severity::Info => "informs",
    };
    let mut line = |label: &str, value: &str| {
        let _ = writeln!(text, "{label:<12} {value}");
    };
    line(check.id.as_str(), &check.title);
    line("row", &format!("{}, {} ({weight})", check.row, check.severity.word()));
    line("why", &check.why);
    line("decided by", &decided(checklist, check));
    if let Some(question) = check.decider.question() {
        line("question", &question.ask);
        line("answer", &wanted(question));
    }
    if !check.requires.is_empty() {
        let ids: Vec<_> = check.requires.iter().map(|id| id.as_str()).collect();
        line("after", &ids.join(", "));
    }
    line("fix", &check.fix);
    line("waivable", if check.waivable { "yes, with a reason and a date" } else { "never" });
    line("source", &source(&check.source));
    line("checklist", &format!("{} (line {})", check.home, check.line));
    let looked = check.decider.probes();
    let faults: Vec<_> = checklist
        .faults
        .iter()
        .filter(|fault| !looked.is_empty() && (fault.checks.is_empty() || fault.checks.contains(&check.id)))
        .collect();
    if !faults.is_empty() {
        text.push_str("\nfaults it recognises\n");
    }
    for fault in faults {
        let means = match fault.means {
            Means::Fail => "fail",
            Means::Unknown => "unknown",
        };
        let _ = writeln!(text, "  {:<20} {means:<8} {}", fault.id.as_str(), fault.says);
    }
    text
}

fn decided(checklist: &Checklist, check: &Check) -> String {
    let calls: Vec<_> = check
        .decider
        .probes()
        .iter()
        .filter_map(|id| checklist.probe(id.as_str()))
        .map(|probe| format!("{} {}", probe.method, probe.path))
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
        AnswerKind::Money => "an amount in USD".to_owned(),
        AnswerKind::Date => "a day".to_owned(),
        AnswerKind::Url => "an address".to_owned(),
    };
    let passes = if question.pass.is_empty() {
        String::new()
    } else {
        format!("; {} passes", question.pass.join(", "))
    };
    let evidence = question
        .evidence
        .map_or(String::new(), |kind| format!("; with evidence ({})", format!("{kind:?}").to_lowercase()));
    format!("{value}{passes}{evidence}; holds for {} days", question.valid_for_days)
}

fn source(source: &Source) -> String {
    let sure = match source.confidence {
        Some(Confidence::High) => ", high confidence",
        Some(Confidence::Medium) => ", medium confidence",
        Some(Confidence::Low) => ", low confidence",
        None => "",
    };
    format!("{} (as of {}{sure})", source.url, source.as_of)
}
