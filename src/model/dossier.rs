//! The dossier: a report as a document for someone who signs it. This is only data. Its texts come from outside and are
//! printable and bounded; renderers must escape them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// The whole document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dossier {
    /// What is to be made.
    pub project: DossierProject,
    /// What a reader sees first.
    pub headline: Headline,
    /// How long it is valid.
    pub validity: Validity,
    /// What must be settled, or is waived for a time, before someone signs.
    pub conditions: Vec<Condition>,
    /// Who bills, who runs it, whose model it is, which region.
    pub chain: Vec<Fact>,
    /// What the sums are based on.
    pub money: Vec<Fact>,
    /// The largest open gaps.
    pub gaps: Vec<Gap>,
    /// Who decided, when and with what.
    pub record: Record,
    /// How many checks of each verdict.
    pub counts: Vec<Count>,
    /// The same for each row of the checklist.
    pub rows: Vec<RowCounts>,
    /// Every check, by topic.
    pub topics: Vec<TopicSheet>,
    /// What the answers are based on, each piece once.
    pub evidence: Vec<EvidenceLine>,
    /// What contradicts a claim.
    pub counter: Vec<CounterLine>,
    /// Every waiver, including those that waive nothing.
    pub waivers: Vec<WaiverLine>,
    /// Every answer, including older ones.
    pub history: Vec<AnswerLine>,
    /// Every call.
    pub calls: Vec<CallLine>,
    /// Every file that was read.
    pub files: Vec<FileLine>,
    /// What expires, the first day first.
    pub expiries: Vec<Expiry>,
    /// What else a reader should know.
    pub remarks: Vec<String>,
}

/// What is to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DossierProject {
    /// Its name.
    pub name: String,
    /// The project file as it was named.
    pub file: String,
    /// Who owns the generation: `api`, `app` or `wrapper`.
    pub route: &'static str,
    /// Which owner.
    pub provider: String,
    /// How many clips, in words.
    pub shots: String,
    /// The most it may cost.
    pub budget: Option<String>,
}

/// How the document presents a decision. It only repeats what the words say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// Cleared.
    Go,
    /// Unknown, or the run decides nothing.
    Hold,
    /// Refuted.
    NoGo,
}

/// What a reader sees first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Headline {
    /// The decision in a word: `GO`, `would be GO`, `NOT INTACT`.
    pub word: String,
    /// How it is presented.
    pub tone: Tone,
    /// Why it clears nothing, in capitals, with details where known.
    pub labels: Vec<String>,
    /// The decision in a sentence.
    pub sentence: String,
    /// What the document was made from.
    pub origin: String,
}

/// How long it is valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Validity {
    /// The earliest last day of everything it is based on; absent where nothing expires.
    pub until: Option<NaiveDate>,
    /// Whether that day has passed.
    pub lapsed: bool,
    /// What expires on that day, or why there is no day.
    pub what: String,
    /// Where that line is: `A3`, `W1`.
    pub at: Option<String>,
}

/// How a verdict looks: a shape and a word, so that it can be read without its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Badge {
    /// One character.
    pub symbol: &'static str,
    /// The word of the verdict, in capitals where it keeps the gate shut.
    pub word: &'static str,
    /// Its shape and colour by name.
    pub class: &'static str,
}

/// What must be settled, or is waived for a time, before someone signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// Its verdict.
    pub badge: Badge,
    /// The check, with what it was repeated for.
    pub title: String,
    /// The numbers of its checks in the document.
    pub numbers: Vec<usize>,
    /// What to do, or why it is waived.
    pub todo: String,
    /// As much of that as fits on the first page.
    pub short: String,
    /// Who is responsible for it, if anyone is.
    pub owner: Option<String>,
    /// By when, in words.
    pub date: String,
}

/// A line about the contracting chain or the basis of the money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is about.
    pub label: &'static str,
    /// Whether everything that was said about it holds. What wasn't looked at isn't known.
    pub known: bool,
    /// What was said about it.
    pub said: Vec<FactLine>,
    /// How many more checks are about it.
    pub more: usize,
    /// Why it isn't known, where no check is about it.
    pub missing: &'static str,
}

/// What one check says about a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactLine {
    /// Its verdict.
    pub badge: Badge,
    /// What was seen.
    pub text: String,
    /// How old that is, in words, where anything is known.
    pub age: Option<String>,
    /// The number of the check.
    pub number: usize,
}

/// Something open, with what depends on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// Its verdict.
    pub badge: Badge,
    /// The check, with what it was repeated for.
    pub title: String,
    /// The numbers of its checks.
    pub numbers: Vec<usize>,
    /// Why it matters.
    pub why: String,
    /// What to do.
    pub fix: String,
    /// How many checks wait for it.
    pub blocks: usize,
}

/// Who decided, when and with what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record {
    /// What decided, and by what.
    pub decided_by: String,
    /// Who answered and who waived something, and how many times.
    pub people: String,
    /// The time it is judged for (UTC).
    pub at: DateTime<Utc>,
    /// The same for a reader.
    pub day: String,
    /// Name and version of the program that judged.
    pub tool: String,
    /// The digest of the receipt, lower-case hexadecimal.
    pub digest: String,
    /// The command that checks all of it again.
    pub again: String,
    /// What such a document contains, in a sentence.
    pub contents: String,
}

/// A verdict and how often it occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The verdict.
    pub badge: Badge,
    /// How many.
    pub count: usize,
}

/// The verdicts of a row of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowCounts {
    /// The row, as a person reads it.
    pub name: String,
    /// How many of each verdict, as [`Dossier::counts`] has them.
    pub counts: Vec<Count>,
    /// All of them.
    pub total: usize,
}

/// The checks of a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TopicSheet {
    /// As a person reads it.
    pub name: String,
    /// Its checks, numbered through the whole document.
    pub checks: Vec<CheckEntry>,
}

/// A check with its verdict and everything said about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckEntry {
    /// Its number in the whole document, from 1.
    pub number: usize,
    /// Its verdict.
    pub badge: Badge,
    /// Its title, and what it was repeated for.
    pub title: String,
    /// Its id.
    pub id: String,
    /// The row of the checklist.
    pub row: String,
    /// What a non-pass means for the gate: `block`, `warn` or `info`.
    pub severity: &'static str,
    /// What was seen.
    pub seen: String,
    /// What was expected.
    pub expected: Option<String>,
    /// What was there instead.
    pub got: Option<String>,
    /// Why it matters.
    pub why: Option<String>,
    /// What to do, if anything.
    pub fix: Option<String>,
    /// What a person is asked.
    pub question: Option<String>,
    /// The answers it is based on.
    pub answers: Vec<UsedAnswer>,
    /// Where the claim comes from.
    pub source: Page,
    /// How old that is, and how sure.
    pub age: String,
}

/// An answer beside the check that it decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UsedAnswer {
    /// Its number in the history.
    pub number: usize,
    /// What was said.
    pub value: String,
    /// Who said it.
    pub by: String,
    /// The day on which it was true.
    pub answered: NaiveDate,
    /// The last day on which it is valid.
    pub until: NaiveDate,
    /// A note.
    pub note: Option<String>,
    /// The numbers of its evidence.
    pub evidence: Vec<usize>,
}

/// An address, or the text found where one was expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page {
    /// Where it leads; absent unless it is a plain web address.
    pub href: Option<String>,
    /// As it is shown.
    pub text: String,
    /// Whether the shown text is complete except for `https://`.
    pub whole: bool,
}

/// A piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvidenceLine {
    /// From 1.
    pub number: usize,
    /// `page`, `file` or `quotation`.
    pub kind: &'static str,
    /// The page, the file or the words.
    pub what: Page,
    /// The clause of a page or a quotation.
    pub clause: Option<String>,
    /// The day on which it was read or taken.
    pub as_of: NaiveDate,
    /// The digest of a file, or of the words quoted from a page, lower-case hexadecimal.
    pub sha256: Option<String>,
    /// Who gave it.
    pub by: String,
    /// The earliest last day of the answers based on it.
    pub expires: NaiveDate,
    /// The numbers of the answers based on it.
    pub answers: Vec<usize>,
    /// Whether one of them is in force.
    pub used: bool,
}

/// What contradicts a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CounterLine {
    /// The verdict of the check that says so.
    pub badge: Badge,
    /// Its number.
    pub number: usize,
    /// The check, with what it was repeated for.
    pub title: String,
    /// What was seen.
    pub seen: String,
    /// What says otherwise, if anything does: other checks on its topic, or a person's answer.
    pub against: Vec<String>,
}

/// A waiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaiverLine {
    /// From 1.
    pub number: usize,
    /// The check that it waives.
    pub check: String,
    /// Whether it waives one now.
    pub used: bool,
    /// Why.
    pub reason: String,
    /// Who is responsible for it.
    pub owner: String,
    /// The day on which it was recorded.
    pub recorded: NaiveDate,
    /// Its last day.
    pub until: NaiveDate,
    /// What it was given for.
    pub scope: String,
}

/// An answer of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerLine {
    /// From 1, in the order in which they were recorded.
    pub number: usize,
    /// The check that asked.
    pub check: String,
    /// Whether a check is based on it.
    pub used: bool,
    /// What was said.
    pub value: String,
    /// Who said it.
    pub by: String,
    /// The day on which it was true.
    pub answered: NaiveDate,
    /// The last day on which it is valid.
    pub until: NaiveDate,
    /// What it was given for.
    pub scope: String,
    /// A note.
    pub note: Option<String>,
    /// The numbers of its evidence.
    pub evidence: Vec<usize>,
}

/// A call that was made while checking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallLine {
    /// When, if known.
    pub at: Option<String>,
    /// Method, address and body.
    pub words: String,
    /// The reply, or what went wrong.
    pub reply: String,
    /// How often it was sent.
    pub attempts: u32,
    /// Whether it was made for another project of the same run.
    pub shared: bool,
    /// Always `no`.
    pub billable: &'static str,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileLine {
    /// What it is.
    pub role: &'static str,
    /// Its path.
    pub path: String,
    /// Lower-case hexadecimal; absent when it is too large to be read whole.
    pub sha256: Option<String>,
}

/// Something that expires.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Expiry {
    /// Its last day.
    pub day: NaiveDate,
    /// What it is.
    pub what: String,
    /// Where that line is: `A3`, `W1`.
    pub at: Option<String>,
    /// How many days are left; negative when it is past.
    pub left: i64,
}
