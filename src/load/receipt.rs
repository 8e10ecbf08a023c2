//! Receipts from files: bounded in size, and distinguished from files that aren't receipts.

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize as _, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    files::{self, FileError, Kind},
    model::{
        decision::Decision,
        json,
        receipt::{Outer, ReceiptEntry, ReceiptFile, Receipts, is_sealed},
        report::{READABLE, Report},
        reported::digest_of_list,
    },
};

/// Most values in a receipt: five hundred projects have about 700,000, and each takes two hundred bytes.
const MOST_VALUES: usize = 1_000_000;

/// Most projects in a receipt. Each is compared with its own files and pages.
const MOST_REPORTS: usize = 1000;

/// The largest text whose format is guessed, in bytes.
const LARGEST_GUESSED: usize = 1 << 20;

/// Why there is no receipt.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// The file could not be read.
    #[error("cannot read receipt `{path}`")]
    Read {
        /// The file.
        path: Utf8PathBuf,
        /// Why not.
        source: FileError,
    },
    /// It contains more than can reasonably be checked at once.
    #[error("`{path}` has more than {most} {of}")]
    TooMuch {
        /// The file.
        path: Utf8PathBuf,
        /// What there is too much of.
        of: &'static str,
        /// How many there may be.
        most: usize,
    },
    /// It isn't a receipt.
    #[error("`{path}` is not a receipt")]
    Other {
        /// The file.
        path: Utf8PathBuf,
        /// What it seems to be.
        hint: Option<String>,
        /// Where its text stops being a valid receipt, by line and column.
        source: serde_json::Error,
    },
}

impl ReceiptError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        let hint = match self {
            Self::Other { hint, .. } => hint.as_deref(),
            Self::Read { source, .. } => source.hint(),
            Self::TooMuch { .. } => Some("check fewer projects at once and keep a receipt of each part"),
        };
        let write = "`greenlight check --format json` writes a receipt";
        hint.map_or_else(|| write.to_owned(), |seems| format!("{seems}; {write}"))
    }
}

/// Reads a receipt file; a relative path starts at `base`. Of a receipt of a later version, only its version and digest
/// are read.
///
/// # Errors
/// [`ReceiptError`] when it can't be read or isn't a receipt.
pub fn receipt(base: &Utf8Path, path: &Utf8Path) -> Result<ReceiptFile, ReceiptError> {
    let text = files::text(&base.join(path), Kind::Receipt)
        .map_err(|source| ReceiptError::Read { path: path.to_owned(), source })?;
    // Some editors and shells put a byte order mark in front, which JSON doesn't allow.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let too_much = |of, most| ReceiptError::TooMuch { path: path.to_owned(), of, most };
    if json::may_exceed(text.as_bytes(), MOST_VALUES) {
        return Err(too_much("values", MOST_VALUES));
    }
    let receipt = read(path.as_str(), text).map_err(|source| {
        let hint = seems(text).map(str::to_owned);
        ReceiptError::Other { path: path.to_owned(), hint, source }
    })?;
    if receipt.entries.len() > MOST_REPORTS {
        return Err(too_much("reports", MOST_REPORTS));
    }
    Ok(receipt)
}

pub(super) fn read(file: &str, text: &str) -> Result<ReceiptFile, serde_json::Error> {
    // A text that another parser could read differently isn't a receipt.
    let mut value = json::read_around(text.as_bytes())?;
    let file = file.to_owned();
    let Some(reports) = value.get("reports").and_then(Value::as_array) else {
        return Ok(ReceiptFile { file, outer: None, entries: vec![entry::<Report>(text, value, None)?] });
    };
    let strange = version(&value).filter(|version| !READABLE.contains(version));
    let whole = match Receipts::deserialize(&value) {
        Ok(mut whole) => {
            whole.checks.retain(|digest, _| names_its_list(&value, digest));
            Some(whole)
        }
        Err(error) if strange.is_none() && reports.iter().all(is_ours) => {
            return Err(placed::<Receipts>(text, error));
        }
        Err(_) => None,
    };
    let stated = || value.get("decision").and_then(|word| serde_json::from_value(word.clone()).ok());
    let decision = whole.as_ref().map(|whole| whole.stated.found()).or_else(stated);
    let intact = (version(&value) != Some(1)).then(|| is_sealed(&value));
    // Moved and not cloned: there may be hundreds.
    let reports = value.get_mut("reports").and_then(Value::as_array_mut).map(std::mem::take);
    let entries = reports.into_iter().flatten().map(|report| entry::<Receipts>(text, report, strange));
    let mut entries = entries.collect::<Result<Vec<_>, _>>()?;
    for report in entries.iter_mut().filter_map(|entry| entry.report.as_mut()) {
        if let Some(checks) = whole.as_ref().and_then(|whole| whole.checks_of(report)) {
            report.checks = checks;
        }
    }
    let outer = Outer { decision: decision.unwrap_or(Decision::Hold), intact };
    Ok(ReceiptFile { file, outer: Some(outer), entries })
}

/// Whether a list of checks has the digest it is stored under, even with fields that this program doesn't know.
fn names_its_list(value: &Value, digest: &str) -> bool {
    let list = value.get("checks").and_then(|lists| lists.get(digest)).and_then(Value::as_array);
    list.is_some_and(|list| digest_of_list(list) == digest)
}

fn version(value: &Value) -> Option<u64> {
    value.get("schema-version")?.as_u64()
}

fn is_ours(report: &Value) -> bool {
    version(report).is_none_or(|version| READABLE.contains(&version))
}

/// The receipt of one project; an error is located in the text, which is a `Whole`.
fn entry<Whole: DeserializeOwned>(
    text: &str,
    value: Value,
    strange: Option<u64>,
) -> Result<ReceiptEntry, serde_json::Error> {
    let stated = version(&value).filter(|_| value.get("digest").is_some());
    // From the value and not from the text, so that what is judged is what the digest covers.
    match (Report::deserialize(&value), strange.or(stated)) {
        (Ok(report), version) => {
            let version = version.unwrap_or_else(|| report.schema_version.into());
            Ok(ReceiptEntry { value, version, report: Some(report) })
        }
        (Err(_), Some(version)) if !READABLE.contains(&version) => {
            Ok(ReceiptEntry { value, version, report: None })
        }
        (Err(error), _) => Err(placed::<Whole>(text, error)),
    }
}

/// The same error with line and column, which a value doesn't have.
fn placed<T: DeserializeOwned>(text: &str, error: serde_json::Error) -> serde_json::Error {
    serde_json::from_str::<T>(text).err().unwrap_or(error)
}

/// What the text seems to be instead.
fn seems(text: &str) -> Option<&'static str> {
    // Larger files aren't reports from this program, and aren't read whole only to say so.
    if text.len() > LARGEST_GUESSED {
        return None;
    }
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        return if value.get("runs").is_some() {
            Some("it seems to be SARIF")
        } else if value.get("predicateType").is_some() || value.get("payloadType").is_some() {
            Some("it seems to be an attestation")
        } else {
            None
        };
    }
    if text.trim_start().starts_with('<') {
        Some("it seems to be XML")
    } else if text.starts_with("greenlight · ") {
        Some("it seems to be the table")
    } else if text.trim().is_empty() {
        Some("it is empty")
    } else {
        text.parse::<toml::Table>().is_ok().then_some("it seems to be TOML")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn told(text: &str) -> String {
        let error = read("r.json", text).unwrap_err();
        format!("{error} [{}]", seems(text).unwrap_or("-"))
    }

    #[rstest]
    #[case::nothing("", "EOF while parsing a value at line 1 column 0 [it is empty]")]
    #[case::toml("[project]\nname = \"x\"\n", "expected value at line 1 column 2 [it seems to be TOML]")]
    #[case::xml("<testsuites/>", "expected value at line 1 column 1 [it seems to be XML]")]
    #[case::sarif(
        "{\"version\": \"2.1.0\", \"runs\": []}",
        "missing field `schema-version` at line 1 column 32 [it seems to be SARIF]"
    )]
    #[case::torn(
        "{\"schema-version\": 1,\n \"tool\": {",
        "EOF while parsing an object at line 2 column 10 [-]"
    )]
    #[case::no_object("[1, 2]", "invalid type: sequence, expected struct Report at line 1 column 0 [-]")]
    #[case::short(
        "{\n  \"schema-version\": 1,\n  \"digest\": \"00\"\n}",
        "missing field `tool` at line 4 column 1 [-]"
    )]
    #[case::short_inside(
        "{\"schema-version\": 1, \"decision\": \"GO\",\n\"reports\": [{}]}",
        "missing field `schema-version` at line 2 column 14 [-]"
    )]
    #[case::two_meanings(
        "{\"schema-version\": 2, \"decision\": \"NO-GO\", \"decision\": \"GO\"}",
        "the key `decision` appears twice in one object at line 1 column 53 [-]"
    )]
    fn a_file_that_is_not_a_receipt_is_refused_with_its_place(#[case] text: &str, #[case] says: &str) {
        assert_eq!(told(text), says);
    }

    #[rstest]
    #[case::alone("{\"schema-version\": 3, \"digest\": \"00\"}")]
    #[case::inside(
        "{\"schema-version\": 1, \"decision\": \"GO\", \"reports\": [{\"schema-version\": 3, \"digest\": \"00\"}]}"
    )]
    #[case::outside("{\"schema-version\": 3, \"decision\": \"??\", \"reports\": [{}]}")]
    fn a_later_version_is_known_by_its_number(#[case] text: &str) {
        let file = read("r.json", text).unwrap();
        assert_eq!(file.entries.len(), 1);
        assert_eq!((file.entries[0].version, &file.entries[0].report), (3, &None));
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in any::<String>()) {
            prop_assert!(read("r.json", &text).is_err());
            let _ = seems(&text);
        }

        #[test]
        fn no_object_is_too_strange(
            fields in prop::collection::hash_map("schema-version|digest|reports|decision|tool|at", "[0-9]|\\[\\{\\}\\]|\"GO\"|\\{\\}", 0..6)
        ) {
            let fields: Vec<_> = fields.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
            // A text that lacks almost every field is never a report, at most one in an unknown version.
            if let Ok(file) = read("r.json", &format!("{{{}}}", fields.join(", "))) {
                prop_assert!(file.entries.iter().all(|entry| entry.report.is_none() && !READABLE.contains(&entry.version)));
            }
        }
    }

    #[test]
    fn too_large_or_no_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().join("r.json")).unwrap();
        assert!(matches!(receipt("".into(), &path), Err(ReceiptError::Read { .. })));
        let file = fs_err::File::create(&path).unwrap();
        file.set_len(Kind::Receipt.most() + 1).unwrap();
        let Err(ReceiptError::Read { source, .. }) = receipt("".into(), &path) else { panic!("it was read") };
        assert_eq!(source.to_string(), "it is larger than 32 MiB");
    }
}
