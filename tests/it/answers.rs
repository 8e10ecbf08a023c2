//! What people record: from an empty folder to GO, and every way in which an answer or a waiver stops counting.

mod by_flags;
mod changed;
mod file;
mod money;
mod people;
mod substance;
mod void;
mod waiving;
mod walk;
mod writers;

use camino::Utf8Path;
use chrono::{Days, NaiveDate};
use greenlight::{
    judge::{self, Files, answers::scope_of},
    load::{self, Loaded, NewRecord},
    model::{
        answer::{Answer, AnswerValue, Evidence},
        checklist::{AnswerKind, Check, Question},
        media::Input,
        pages::Pages,
        project::Project,
        report::{InputDigest, InputRole},
    },
    observe::evidence::digest,
};
use rstest::rstest;

use crate::support::{NOW, Ran, Sample, ran, rows};

/// The day of every answer here: one day before the moment of judgement, because some answers are valid for only a day.
const ANSWERED: &str = "2026-11-21";

/// A screenshot, as a file that can be evidence.
pub(crate) const SCREEN: &str =
    "what the screen showed: three clips a day are left on this plan, until midnight";

/// Records one valid answer, in a project of the wrapper route.
pub(crate) const REFUNDED: [&str; 8] = [
    "answer",
    "wrapper.refunds",
    "--value",
    "refunded",
    "--evidence",
    "https://acme.example/x",
    "--by",
    "Ann",
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A project of this route in an empty folder.
pub(crate) fn begun(route: &str) -> Sample {
    let place = Sample::empty();
    let mut args = vec!["init", "--route", route, "--material", "idea", "--prompt", "A paper boat drifts."];
    if route == "wrapper" {
        args.extend(["--provider", "acme"]);
    }
    let begun = ran(&mut place.greenlight(&args));
    assert_eq!(begun.code, 0, "{}", begun.all());
    place
}

/// The value that passes.
fn right(question: &Question) -> &str {
    match question.kind {
        AnswerKind::YesNo | AnswerKind::Choice => &question.pass[0],
        AnswerKind::Money => "0.60 USD",
        _ => "the editing team",
    }
}

/// A page that counts as evidence.
fn page(question: &Question) -> String {
    match &question.pages {
        Pages::Of(hosts) => format!("https://{}/page", hosts[0]),
        _ => "https://example.com/page".to_owned(),
    }
}

/// An answer that passes, given on [`ANSWERED`] for as long as its question allows.
fn passing(
    check: &Check,
    question: &Question,
    (project, files): (&Project, &Files<'_>),
    screen: &Evidence,
) -> Answer {
    let answered = day(ANSWERED);
    Answer {
        check: check.id.clone(),
        scope: scope_of(project, files, check, question),
        value: AnswerValue::Text(right(question).to_owned()),
        by: "Ann".to_owned(),
        answered,
        expires: answered + Days::new(question.valid_for_days.into()),
        question: question.digest.clone(),
        evidence: vec![
            Evidence::Url { url: page(question), read: answered, clause: None, passage: None },
            screen.clone(),
        ],
        note: None,
    }
}

fn loaded(place: &Sample) -> Loaded {
    load::project("".into(), &place.path().join("greenlight.toml"), &judge::rules::known()).unwrap()
}

/// The input files of a project's shots.
fn media(place: &Sample, project: &Project) -> Vec<InputDigest> {
    let inputs = project.shots.iter().flat_map(|shot| &shot.inputs);
    let file = |input: &Input| match input {
        Input::File { path, .. } => {
            let (sha256, _) = digest(&place.path(), path).ok()?;
            Some(InputDigest::read(InputRole::Media, path.as_str(), sha256))
        }
        _ => None,
    };
    inputs.filter_map(|(_, input)| file(input)).collect()
}

/// Answers every question of a project, each changed by `change`; `None` leaves it open.
pub(crate) fn settle(place: &Sample, change: impl Fn(Answer) -> Option<Answer>) {
    place.write("screen.txt", SCREEN);
    let (sha256, bytes) = digest(&place.path(), Utf8Path::new("screen.txt")).unwrap();
    let screen = Evidence::File { path: "screen.txt".into(), sha256, bytes, captured: day(ANSWERED) };
    let loaded = loaded(place);
    let media = media(place, &loaded.project);
    let files = Files::of(&media);
    let asked = loaded.checklist.checks.iter().filter_map(|check| Some((check, check.decider.question()?)));
    let answers = asked.map(|(check, question)| passing(check, question, (&loaded.project, &files), &screen));
    let entries: Vec<_> = answers.filter_map(change).map(NewRecord::Answer).collect();
    load::append(&place.path(), &entries).unwrap();
}

/// A wrapper project in which every question is answered.
pub(crate) fn settled() -> Sample {
    let place = begun("wrapper");
    settle(&place, Some);
    place
}

/// The same, answered three days ago by the real clock: for runs that use the real clock, as in CI.
pub(crate) fn cleared() -> Sample {
    cleared_for("wrapper")
}

/// The same for a project of this route.
pub(crate) fn cleared_for(route: &str) -> Sample {
    let place = begun(route);
    settle_lately(&place);
    place
}

/// Answers every question of a project, three days ago by the real clock: before anything that a test dates a day ago.
#[expect(clippy::disallowed_methods, reason = "what is run here asks the real clock as well")]
pub(crate) fn settle_lately(place: &Sample) {
    let lately = chrono::Utc::now().date_naive() - Days::new(3);
    settle(place, |answer| {
        let holds = answer.expires - answer.answered;
        let evidence = answer.evidence.into_iter().map(|evidence| match evidence {
            Evidence::Url { url, clause, passage, .. } => {
                Evidence::Url { url, read: lately, clause, passage }
            }
            Evidence::File { path, sha256, bytes, .. } => {
                Evidence::File { path, sha256, bytes, captured: lately }
            }
            Evidence::Quote { words, clause, .. } => Evidence::Quote { words, read: lately, clause },
        });
        let evidence = evidence.collect();
        Some(Answer { answered: lately, expires: lately + holds, evidence, ..answer })
    });
}

/// Removes the answer to one question.
pub(crate) fn unanswer(place: &Sample, check: &str) {
    let text = answers(place);
    let mut blocks: Vec<_> = text.split("[[answer]]").collect();
    let before = blocks.len();
    blocks.retain(|block| !block.contains(&format!("check = \"{check}\"")));
    assert_eq!(blocks.len() + 1, before, "{text}");
    place.write("answers.toml", &blocks.join("[[answer]]"));
}

fn check_at(place: &Sample, at: &str) -> Ran {
    ran(&mut place.greenlight(&["check", "--at", at]))
}

/// What the table says about a check, and how it ends.
fn told(ran: &Ran, title: &str) -> String {
    let end = ran.out.lines().skip_while(|line| {
        !["GO", "HOLD", "NO-GO"].iter().any(|word| line.ends_with(&format!(" · would be {word}")))
    });
    let end: String = end.flat_map(|line| [line, "\n"]).collect();
    format!("{}\n{end}exit {}\n", rows(&ran.out, title), ran.code)
}

fn answers(place: &Sample) -> String {
    fs_err::read_to_string(place.path().join("answers.toml")).unwrap()
}

#[rstest]
#[case("api", &["--rehearse"])]
#[case("app", &[])]
#[case("wrapper", &[])]
fn from_an_empty_folder_to_go(#[case] route: &str, #[case] how: &[&str]) {
    let place = begun(route);
    place.write("screen.txt", SCREEN);
    let check = |place: &Sample| ran(place.greenlight(&["check", "--at", NOW]).args(how));
    assert_eq!(check(&place).code, 3);
    let loaded = loaded(&place);
    let list = ran(&mut place.greenlight(&["answer", "--list", "--json"])).json();
    let open: Vec<_> = list.as_array().unwrap().iter().filter(|line| line["open"] == true).collect();
    for line in &open {
        let id = line["check"].as_str().unwrap();
        let question = loaded.checklist.check(id).unwrap().decider.question().unwrap();
        let args = ["answer", id, "--value", right(question), "--by", "Ann", "--answered", ANSWERED];
        let page = page(question);
        let evidence = ["--evidence", page.as_str(), "--evidence", "screen.txt"];
        let kept = ran(place.greenlight(&args).args(evidence));
        assert_eq!((kept.code, kept.err.as_str()), (0, ""), "{id}: {}", kept.all());
    }
    assert!(open.len() >= 5, "{open:#?}");
    let done = check(&place);
    assert_eq!(done.code, 0, "{}", done.all());
    assert!(done.out.contains(" · would be GO\n"), "{}", done.out);
    if how.is_empty() {
        assert!(done.out.contains("No calls were made."), "{}", done.out);
    }
    let list = ran(&mut place.greenlight(&["answer", "--list", "--json"])).json();
    let open: Vec<_> = list.as_array().unwrap().iter().filter(|line| line["verdict"] == "unknown").collect();
    // The real clock may be past the last day of an answer, but never before its first.
    assert!(open.iter().all(|line| line["seen"].as_str().unwrap().contains("expired")), "{open:#?}");
}
