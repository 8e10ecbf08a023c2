//! The dossier: what a report comes to, as a document for somebody who signs. Data alone; its texts come from outside
//! and are printable and bounded, and whoever writes them out escapes them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// The whole document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dossier {
    /// What is to be made.
    pub project: DossierProject,
    /// What a reader learns first.
    pub headline: Headline,
    /// Until when it counts.
    pub validity: Validity,
    /// What must be settled, or is set aside for a time, before somebody signs.
    pub conditions: Vec<Condition>,
    /// Who bills, who runs, whose model, which region.
    pub chain: Vec<Fact>,
    /// What the sums rest on.
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
    /// What answers rest on, each piece once.
    pub evidence: Vec<EvidenceLine>,
    /// What speaks against a claim.
    pub counter: Vec<CounterLine>,
    /// Every waiver, also those that set nothing aside.
    pub waivers: Vec<WaiverLine>,
    /// Every answer, older ones included.
    pub history: Vec<AnswerLine>,
    /// Every call.
    pub calls: Vec<CallLine>,
    /// Every file that was read.
    pub files: Vec<FileLine>,
    /// What expires, the first day first.
    pub expiries: Vec<Expiry>,
    /// What a reader should know besides.
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

/// How the document looks at a decision. It repeats what the words say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// Cleared.
    Go,
    /// Not known, or it decides nothing.
    Hold,
    /// Refuted.
    NoGo,
}

/// What a reader learns first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Headline {
    /// The decision in a word: `GO`, `would be GO`, `NOT INTACT`.
    pub word: String,
    /// How it looks.
    pub tone: Tone,
    /// Why it clears nothing, in capitals, with what is known of it.
    pub labels: Vec<String>,
    /// The decision in a sentence.
    pub sentence: String,
    /// What the document was made from.
    pub origin: String,
}

/// Until when it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Validity {
    /// The earliest last day of all that it rests on; absent where nothing in it expires.
    pub until: Option<NaiveDate>,
    /// Whether that day has passed.
    pub lapsed: bool,
    /// Which line it is, or why there is no day.
    pub what: String,
    /// Where the line stands: `A3`, `W1`.
    pub at: Option<String>,
}

/// The face of a verdict: shape and word, so that nobody needs its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Badge {
    /// One character.
    pub symbol: &'static str,
    /// The word of the verdict, in capitals where it keeps the gate shut.
    pub word: &'static str,
    /// Its shape and colour by name.
    pub class: &'static str,
}

/// What must be settled, or is set aside for a time, before somebody signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// Its verdict.
    pub badge: Badge,
    /// The check, with what it was repeated for.
    pub title: String,
    /// The numbers of its checks in the document.
    pub numbers: Vec<usize>,
    /// What to do, or why it is set aside.
    pub todo: String,
    /// As much of that as the first page has room for.
    pub short: String,
    /// Who answers for it, if anybody does.
    pub owner: Option<String>,
    /// By when, in words.
    pub date: String,
}

/// A line of the contracting chain or of the money basis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it tells.
    pub label: &'static str,
    /// Whether everything that was said of it holds. What nobody looked at is not known.
    pub known: bool,
    /// What was said of it.
    pub said: Vec<FactLine>,
    /// How many more checks speak of it.
    pub more: usize,
    /// Why it is not known, where no check speaks of it.
    pub missing: &'static str,
}

/// What one check says of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactLine {
    /// Its verdict.
    pub badge: Badge,
    /// What was seen.
    pub text: String,
    /// From when that is, in words, where anything is known.
    pub age: Option<String>,
    /// The number of the check.
    pub number: usize,
}

/// Something open, with what hangs on it.
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
    /// Who answered and who set something aside, with how much.
    pub people: String,
    /// The time that it is judged for (UTC).
    pub at: DateTime<Utc>,
    /// The same as a person writes it.
    pub day: String,
    /// Name and version of the program that judged.
    pub tool: String,
    /// Of the receipt, lower-case hexadecimal.
    pub digest: String,
    /// The command that looks at all of it again.
    pub again: String,
    /// What holds such a document together, in a sentence.
    pub contents: String,
}

/// A verdict and how often it was given.
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

/// A check with its verdict, and all that is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckEntry {
    /// Through the whole document, from 1.
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
    /// What had to be there.
    pub expected: Option<String>,
    /// What was there instead.
    pub got: Option<String>,
    /// Why it matters.
    pub why: Option<String>,
    /// What to do, where something is to be done.
    pub fix: Option<String>,
    /// What a person is asked.
    pub question: Option<String>,
    /// The answers that it rests on.
    pub answers: Vec<UsedAnswer>,
    /// Where the claim comes from.
    pub source: Page,
    /// From when that is, and how sure.
    pub age: String,
}

/// An answer beside the check that it decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UsedAnswer {
    /// Where it stands in the history.
    pub number: usize,
    /// What was said.
    pub value: String,
    /// Who said it.
    pub by: String,
    /// The day on which it was true.
    pub answered: NaiveDate,
    /// The last day on which it counts.
    pub until: NaiveDate,
    /// A remark.
    pub note: Option<String>,
    /// The numbers of its evidence.
    pub evidence: Vec<usize>,
}

/// An address, or the text that stands where one was expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page {
    /// Where it leads; absent for what is no plain address of the web.
    pub href: Option<String>,
    /// As it is shown.
    pub text: String,
    /// Whether nothing of it is left out in that, but `https://`.
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
    /// The clause of a page or of the words.
    pub clause: Option<String>,
    /// The day on which it was read or taken.
    pub as_of: NaiveDate,
    /// Of a file, or of the words that were quoted of a page, lower-case hexadecimal.
    pub sha256: Option<String>,
    /// Who gave it.
    pub by: String,
    /// The last day of the first answer that rests on it and expires.
    pub expires: NaiveDate,
    /// The numbers of the answers that rest on it.
    pub answers: Vec<usize>,
    /// Whether one of them is in force.
    pub used: bool,
}

/// What speaks against a claim.
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
    /// What says otherwise, if anything does: other checks of its topic, a person's answer.
    pub against: Vec<String>,
}

/// A waiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaiverLine {
    /// From 1.
    pub number: usize,
    /// The check that it sets aside.
    pub check: String,
    /// Whether it sets one aside.
    pub used: bool,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The day on which it was recorded.
    pub recorded: NaiveDate,
    /// Its last day.
    pub until: NaiveDate,
    /// For what it was given.
    pub scope: String,
}

/// An answer of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerLine {
    /// From 1, in the order in which they were recorded.
    pub number: usize,
    /// The check that asked.
    pub check: String,
    /// Whether a check rests on it.
    pub used: bool,
    /// What was said.
    pub value: String,
    /// Who said it.
    pub by: String,
    /// The day on which it was true.
    pub answered: NaiveDate,
    /// The last day on which it counts.
    pub until: NaiveDate,
    /// For what it was given.
    pub scope: String,
    /// A remark.
    pub note: Option<String>,
    /// The numbers of its evidence.
    pub evidence: Vec<usize>,
}

/// A call that was made while checking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallLine {
    /// When, if that is known.
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
    /// Where it stands: `A3`, `W1`.
    pub at: Option<String>,
    /// How many days are left; negative when it is past.
    pub left: i64,
}
