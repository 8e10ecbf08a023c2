//! Appending to `answers.toml`: existing content stays byte for byte, writers wait for each other, and a crash leaves
//! either the old file or the new one.

use camino::{Utf8Path, Utf8PathBuf};
use chrono::{Datelike as _, NaiveDate};
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

use super::ANSWERS_FILE;
use crate::{
    files::{self, FileError, Kind, Root},
    model::{
        answer::{Answer, AnswerValue, Evidence, Waiver},
        text::{is_joiner, is_steering, is_unseen},
    },
};

/// What is written above the first entry of a new file.
const HEADING: &str = "# Recorded by `greenlight answer` and `greenlight waive`. Keep it in git beside greenlight.toml.\n\
                       # The newest answer to a question counts; older ones are its history.\n";

/// One entry to record.
#[derive(Debug, Clone)]
pub enum NewRecord {
    /// An answer.
    Answer(Answer),
    /// A waiver.
    Waiver(Waiver),
}

/// Why nothing was recorded. The file is unchanged.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// The folder, the lock or the file caused an error.
    #[error("cannot write `{path}`; nothing was recorded")]
    Write {
        /// The file.
        path: Utf8PathBuf,
        /// Why not.
        source: FileError,
    },
    /// With the new entry the file could no longer be parsed.
    #[error("`{path}` cannot be appended to; nothing was recorded")]
    Unreadable {
        /// The file.
        path: Utf8PathBuf,
        /// What is wrong with it.
        source: Box<toml_edit::TomlError>,
    },
}

/// Appends entries to the answers beside a project.
///
/// # Errors
/// [`AppendError`]; the file is then unchanged.
pub fn append(project_dir: &Utf8Path, entries: &[NewRecord]) -> Result<Utf8PathBuf, AppendError> {
    let path = project_dir.join(ANSWERS_FILE);
    let failed = |source| AppendError::Write { path: path.clone(), source };
    let state = project_dir.join(files::STATE);
    let _held = files::lock(project_dir).map_err(|source| AppendError::Write { path: state, source })?;
    let root = Root::checkout(project_dir);
    let old = match root.toml(Utf8Path::new(ANSWERS_FILE), Kind::Answers, true) {
        Ok(text) => text,
        Err(FileError::Gone) => HEADING.to_owned(),
        Err(error) => return Err(failed(error)),
    };
    let gap = if old.is_empty() || old.ends_with('\n') { "" } else { "\n" };
    let new = format!("{old}{gap}{}", entries_text(entries));
    if let Err(error) = new.parse::<DocumentMut>() {
        return Err(AppendError::Unreadable { path, source: Box::new(error) });
    }
    if new.len() as u64 > Kind::Answers.most() {
        return Err(failed(FileError::too_large(Kind::Answers)));
    }
    // If it is a link, the file it points to is written, and the link stays.
    let place = root.place(Utf8Path::new(ANSWERS_FILE)).map_err(failed)?;
    files::write_whole(&place, &new, true).map_err(failed)?;
    Ok(path)
}

/// The entries as they are written: TOML, each with a blank line before it.
#[must_use]
pub fn entries_text(entries: &[NewRecord]) -> String {
    let mut text = String::new();
    for entry in entries {
        let (key, table) = match entry {
            NewRecord::Answer(answer) => ("answer", answer_table(answer)),
            NewRecord::Waiver(waiver) => ("waiver", waiver_table(waiver)),
        };
        let mut list = ArrayOfTables::new();
        list.push(table);
        let mut document = DocumentMut::new();
        document.insert(key, Item::ArrayOfTables(list));
        text.push('\n');
        text.push_str(document.to_string().trim_start());
    }
    text
}

/// A text as the file stores it: characters that are invisible or change the direction of the line are escaped, so that
/// people who read the file see what is in it.
fn written(text: &str) -> Value {
    if !text.contains(|c| (is_steering(c) && c != '\n') || is_joiner(c)) {
        return text.into();
    }
    let (mut toml, mut before) = (String::from("\""), ' ');
    for c in text.chars() {
        match c {
            '"' | '\\' => toml.extend(['\\', c]),
            c if is_unseen(before, c) => toml.extend(format!("\\U{:08X}", u32::from(c)).chars()),
            c => toml.push(c),
        }
        before = c;
    }
    toml.push('"');
    // Always succeeds: nothing is left in it that could end the string.
    toml.parse().unwrap_or_else(|_| text.into())
}

fn answer_table(answer: &Answer) -> Table {
    let mut table = Table::new();
    table.insert("check", value(answer.check.as_str()));
    table.insert("route", value(answer.scope.route.word()));
    table.insert("provider", value(written(answer.scope.provider.as_str())));
    if let Some(account) = &answer.scope.account {
        table.insert("account", value(written(account.as_str())));
    }
    if !answer.scope.models.is_empty() {
        table
            .insert("models", value(answer.scope.models.iter().map(|text| written(text)).collect::<Array>()));
    }
    if !answer.scope.given_for.is_empty() {
        table.insert(
            "given-for",
            value(answer.scope.given_for.iter().map(|text| written(text)).collect::<Array>()),
        );
    }
    match &answer.value {
        AnswerValue::Text(text) => table.insert("value", value(written(text.as_str()))),
        AnswerValue::NotApplicable(reason) => table.insert("not-applicable", value(written(reason.as_str()))),
    };
    table.insert("by", value(written(answer.by.as_str())));
    table.insert("answered", value(day(answer.answered)));
    table.insert("expires", value(day(answer.expires)));
    table.insert("question", value(answer.question.as_str()));
    if !answer.evidence.is_empty() {
        table.insert("evidence", value(answer.evidence.iter().map(evidence).collect::<Array>()));
    }
    if let Some(note) = &answer.note {
        table.insert("note", value(written(note.as_str())));
    }
    table
}

fn evidence(evidence: &Evidence) -> Value {
    let mut table = InlineTable::new();
    match evidence {
        Evidence::Url { url, read, passage, .. } => {
            table.insert("url", written(url));
            table.insert("read", day(*read).into());
            if let Some(digest) = passage {
                table.insert("passage-sha256", digest.as_str().into());
            }
        }
        Evidence::File { path, sha256, bytes, captured } => {
            table.insert("file", written(path.as_str()));
            table.insert("sha256", sha256.as_str().into());
            table.insert("bytes", i64::try_from(*bytes).unwrap_or(i64::MAX).into());
            table.insert("captured", day(*captured).into());
        }
        Evidence::Quote { words, read, .. } => {
            table.insert("quote", written(words));
            table.insert("read", day(*read).into());
        }
    }
    if let Some(clause) = evidence.clause() {
        table.insert("clause", written(clause));
    }
    Value::InlineTable(table)
}

fn waiver_table(waiver: &Waiver) -> Table {
    let mut table = Table::new();
    table.insert("check", value(waiver.check.as_str()));
    table.insert("route", value(waiver.route.word()));
    table.insert("provider", value(written(waiver.provider.as_str())));
    if let Some(account) = &waiver.account {
        table.insert("account", value(written(account.as_str())));
    }
    if !waiver.given_for.is_empty() {
        table
            .insert("given-for", value(waiver.given_for.iter().map(|text| written(text)).collect::<Array>()));
    }
    table.insert("reason", value(written(waiver.reason.as_str())));
    table.insert("owner", value(written(waiver.owner.as_str())));
    table.insert("recorded", value(day(waiver.recorded)));
    table.insert("until", value(day(waiver.until)));
    table
}

fn day(date: NaiveDate) -> toml_edit::Datetime {
    let part = |number: u32| u8::try_from(number).unwrap_or_default();
    let year = u16::try_from(date.year()).unwrap_or_default();
    toml_edit::Datetime {
        date: Some(toml_edit::Date { year, month: part(date.month()), day: part(date.day()) }),
        time: None,
        offset: None,
    }
}
