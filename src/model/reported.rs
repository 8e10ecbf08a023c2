//! The checks as reports show them: their texts and questions, once for all findings of a report and for all reports of
//! a file.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

use super::{
    canonical,
    id::CheckId,
    question::{AnswerKind, EvidenceKind, Question},
    route::Row,
    severity::Severity,
    source::Source,
    text::hex,
    topic::Topic,
};

/// What a check says, for readers who have a report but not its checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ReportedCheck {
    /// Its name, as used in findings.
    pub id: CheckId,
    /// What it is about, across routes and providers; a project's own check may have none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub topic: Option<Topic>,
    /// Where it stands in the table.
    pub row: Row,
    /// A few words.
    pub title: Arc<str>,
    /// What a non-pass means for the gate.
    pub severity: Severity,
    /// Why it matters.
    pub why: Arc<str>,
    /// What to do when it does not pass.
    pub fix: Arc<str>,
    /// Where the claim comes from.
    pub source: Source,
    /// What a person is asked, if one has a say.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub question: Option<ReportedQuestion>,
}

/// What a person is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ReportedQuestion {
    /// The question.
    pub ask: String,
    /// What kind of value answers it.
    #[serde(rename = "type")]
    pub kind: AnswerKind,
    /// What may be chosen.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub choices: Vec<String>,
    /// Which values pass; empty when every well-formed value does.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub pass: Vec<String>,
    /// The required evidence.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub evidence: Option<EvidenceKind>,
    /// For how many days an answer is valid.
    pub valid_for_days: u32,
}

impl From<&Question> for ReportedQuestion {
    fn from(question: &Question) -> Self {
        Self {
            ask: question.ask.clone(),
            kind: question.kind,
            choices: question.choices.clone(),
            pass: question.pass.clone(),
            evidence: question.evidence,
            valid_for_days: question.valid_for_days,
        }
    }
}

/// The checks of a report, or a reference to them. Reports judged with the same checklist share its list.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[schemars(untagged)]
pub enum ReportedChecks {
    /// All of them, in the order of the checklist.
    Listed(#[schemars(with = "Vec<ReportedCheck>")] Arc<CheckList>),
    /// They are stored next to the reports of this file, under the digest of their list.
    Beside(Arc<str>),
}

impl ReportedChecks {
    /// The checks, if they are here.
    #[must_use]
    pub fn all(&self) -> &[ReportedCheck] {
        match self {
            Self::Listed(list) => list.all(),
            Self::Beside(_) => &[],
        }
    }

    /// The digest of their list.
    #[must_use]
    pub fn digest(&self) -> &str {
        match self {
            Self::Listed(list) => list.digest(),
            Self::Beside(digest) => digest,
        }
    }

    /// The same, but only by digest.
    #[must_use]
    pub fn beside(&self) -> Self {
        Self::Beside(self.digest().into())
    }

    /// Whether a report says nothing about its checks, as in the first receipt format.
    #[must_use]
    pub fn is_none(&self) -> bool {
        matches!(self, Self::Listed(list) if list.all().is_empty())
    }
}

impl Default for ReportedChecks {
    fn default() -> Self {
        Self::from_iter([])
    }
}

impl FromIterator<ReportedCheck> for ReportedChecks {
    fn from_iter<I: IntoIterator<Item = ReportedCheck>>(checks: I) -> Self {
        Self::Listed(Arc::new(CheckList { all: checks.into_iter().collect(), digest: OnceLock::new() }))
    }
}

impl Serialize for ReportedChecks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Listed(list) => list.serialize(serializer),
            Self::Beside(digest) => serializer.serialize_str(digest),
        }
    }
}

impl<'de> Deserialize<'de> for ReportedChecks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> de::Visitor<'de> for Either {
            type Value = ReportedChecks;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of checks, or its digest")
            }

            fn visit_str<E: de::Error>(self, digest: &str) -> Result<Self::Value, E> {
                Ok(ReportedChecks::Beside(digest.into()))
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
                CheckList::deserialize(de::value::SeqAccessDeserializer::new(list))
                    .map(|list| ReportedChecks::Listed(Arc::new(list)))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// A list of checks. Its digest is computed once, when first needed: many reports share one list.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct CheckList {
    all: Vec<ReportedCheck>,
    #[serde(skip)]
    digest: OnceLock<String>,
}

impl CheckList {
    /// The checks, in the order of the checklist.
    #[must_use]
    pub fn all(&self) -> &[ReportedCheck] {
        &self.all
    }

    /// SHA-256 of the list as JSON, with sorted keys and no white space; lower-case hexadecimal.
    #[must_use]
    pub fn digest(&self) -> &str {
        self.digest.get_or_init(|| digest_of_list(&self.all))
    }
}

impl PartialEq for CheckList {
    fn eq(&self, other: &Self) -> bool {
        self.all == other.all
    }
}

/// The digest of a list. Its items are written one by one, so that a long list is never in memory as one text.
#[must_use]
pub fn digest_of_list(items: &[impl Serialize]) -> String {
    let mut sha = Sha256::new();
    sha.update("[");
    for (at, item) in items.iter().enumerate() {
        sha.update(if at == 0 { "" } else { "," });
        sha.update(canonical::text(item).unwrap_or_default());
    }
    sha.update("]");
    hex(&sha.finalize())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn checks() -> Value {
        json!([
            {
                "id": "a.key", "topic": "account", "row": "access", "title": "key accepted", "severity": "block",
                "why": "why", "fix": "fix", "source": { "url": "https://docs.x.ai", "as-of": "2026-10-01" }
            },
            {
                "id": "own.ask", "row": "safety", "title": "policy", "severity": "warn", "why": "", "fix": "",
                "source": { "url": "https://x.ai", "as-of": "2026-10-01", "confidence": "low" },
                "question": {
                    "ask": "Is it?", "type": "choice", "choices": ["a", "b"], "pass": ["a"], "evidence": "url",
                    "valid-for-days": 30
                }
            }
        ])
    }

    #[test]
    fn a_list_reads_back_as_it_was_written() {
        let read: ReportedChecks = serde_json::from_value(checks()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), checks());
        let beside: ReportedChecks = serde_json::from_value(json!("ab")).unwrap();
        assert_eq!((beside.digest(), beside.all().len(), beside.is_none()), ("ab", 0, false));
        assert!(serde_json::from_value::<ReportedChecks>(json!({})).is_err());
    }

    #[test]
    fn the_digest_is_that_of_the_whole_list() {
        for list in [checks(), json!([])] {
            let read: ReportedChecks = serde_json::from_value(list.clone()).unwrap();
            let mut sorted = list.clone();
            sorted.sort_all_objects();
            assert_eq!(read.digest(), hex(&Sha256::digest(sorted.to_string())));
            assert_eq!(read.beside().digest(), read.digest());
        }
    }
}
