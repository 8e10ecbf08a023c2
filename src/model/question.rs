//! Questions as data: what only a person can find out, and what an answer depends on.

use std::fmt::Write as _;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{
    address,
    money::Usd,
    pages::Pages,
    said::{canonical, is_said},
    text::hex,
};

/// What only a person can find out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The question.
    pub ask: String,
    /// What kind of value answers it.
    pub kind: AnswerKind,
    /// The choices, for [`AnswerKind::Choice`].
    pub choices: Vec<String>,
    /// Which values pass; empty when every well-formed value does.
    pub pass: Vec<String>,
    /// The required evidence.
    pub evidence: Option<EvidenceKind>,
    /// Whose pages count as evidence.
    pub pages: Pages,
    /// For how many days an answer is valid.
    pub valid_for_days: u32,
    /// Which parts of the project an answer was given for; it isn't valid for anything added or changed later.
    pub hangs_on: Vec<HangsOn>,
    /// What an amount pays for, for [`AnswerKind::Money`].
    pub covers: Covers,
    /// Whether an amount of zero is a valid answer.
    pub takes_zero: bool,
    /// Raised when the meaning of the question changes.
    pub revision: u32,
    /// The result of [`Asked::digest`]; an answer to another digest is stale.
    pub digest: String,
    /// The digest that programs before the second digest form computed, as long as the question still means the same.
    pub digest_v1: Option<String>,
}

impl Question {
    /// Whether a value is of the kind that this question asks for.
    ///
    /// # Errors
    /// A sentence that says what would fit and, for an amount, what is wrong with it.
    pub fn fits(&self, value: &str) -> Result<(), String> {
        let one_of = |words: &[&str]| {
            let list: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
            if words.contains(&value) { Ok(()) } else { Err(format!("it takes one of {}", list.join(", "))) }
        };
        let when = |fits: bool, form: &str| if fits { Ok(()) } else { Err(format!("it takes {form}")) };
        match self.kind {
            AnswerKind::YesNo => one_of(&["yes", "no"]),
            AnswerKind::Choice if self.choices.contains(&canonical(value)) => Ok(()),
            AnswerKind::Choice => one_of(&self.choices.iter().map(String::as_str).collect::<Vec<_>>()),
            AnswerKind::Text => when(is_said(value), "some text"),
            AnswerKind::Number => when(value.parse::<f64>().is_ok_and(f64::is_finite), "a number"),
            AnswerKind::Money => {
                self.amount(value).map(|_| ()).map_err(|why| format!("{why}; it takes `2.00 USD` or `$2.00`"))
            }
            AnswerKind::Date => when(value.parse::<NaiveDate>().is_ok(), "a day such as `2026-11-22`"),
            AnswerKind::Url => when(
                address::read(value)
                    .is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host()),
                "a full address such as `https://…`",
            ),
        }
    }

    /// The choice that a value means, ignoring case: `xai` is `xAI`.
    #[must_use]
    pub fn spelt<'a>(&'a self, value: &'a str) -> &'a str {
        let is_meant = |word: &&str| word.to_lowercase() == canonical(value).to_lowercase();
        let meant = match self.kind {
            AnswerKind::YesNo => ["yes", "no"].into_iter().find(is_meant),
            AnswerKind::Choice => self.choices.iter().map(String::as_str).find(is_meant),
            _ => None,
        };
        meant.unwrap_or(value)
    }

    /// The value as an amount, for [`AnswerKind::Money`].
    ///
    /// # Errors
    /// What is wrong with it: it isn't an amount in USD, or it is zero where something has to be paid.
    pub fn amount(&self, value: &str) -> Result<Usd, String> {
        match value.parse::<Usd>() {
            Ok(Usd::ZERO) if !self.takes_zero => Err("the price cannot be zero".to_owned()),
            Ok(amount) => Ok(amount),
            Err(why) => Err(why.to_string()),
        }
    }

    /// Whether a value is well-formed and passes. An amount is also compared with the budget, but not here.
    #[must_use]
    pub fn passes(&self, value: &str) -> bool {
        let listed = self.pass.is_empty() || self.pass.contains(&canonical(value));
        listed && self.fits(value).is_ok()
    }

    /// Whether this digest was recorded for this question in its current form.
    #[must_use]
    pub fn was_asked_as(&self, digest: &str) -> bool {
        digest == self.digest || self.digest_v1.as_deref() == Some(digest)
    }
}

/// What kind of value answers a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerKind {
    /// `yes` or `no`.
    YesNo,
    /// One of the choices.
    Choice,
    /// Any text.
    Text,
    /// A number.
    Number,
    /// An amount in USD.
    Money,
    /// A day.
    Date,
    /// An address.
    Url,
}

impl AnswerKind {
    /// The word used in TOML, and in digests.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::YesNo => "yes-no",
            Self::Choice => "choice",
            Self::Text => "text",
            Self::Number => "number",
            Self::Money => "money",
            Self::Date => "date",
            Self::Url => "url",
        }
    }
}

/// What kind of evidence is required.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// An address.
    Url,
    /// A file, such as a screenshot.
    File,
    /// Words, verbatim.
    Quote,
    /// Any of them.
    Any,
}

impl EvidenceKind {
    /// The word used in TOML, and in digests.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::File => "file",
            Self::Quote => "quote",
            Self::Any => "any",
        }
    }
}

/// What part of a project an answer depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HangsOn {
    /// The models of its shots.
    Models,
    /// Mode, model, length and resolution of its shots, and how many images they use.
    Settings,
    /// The files and addresses that its shots use.
    Inputs,
    /// The words of its shots.
    Prompts,
    /// The settings of its shots, how many of each there are, and the retries: everything that a total depends on.
    Cost,
}

/// What an amount pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Covers {
    /// One clip, made once: paid for every shot and every retry.
    Job,
    /// All shots, made once each: paid again for every retry.
    Shots,
    /// All shots with every retry: paid once.
    #[default]
    Project,
}

impl Covers {
    /// The word used in TOML, and in digests.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Job => "job",
            Self::Shots => "shots",
            Self::Project => "project",
        }
    }
}

/// What an answer depends on, and nothing else.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The check that asks.
    pub check: &'a str,
    /// What kind of value answers it.
    pub kind: AnswerKind,
    /// What may be chosen.
    pub choices: &'a [String],
    /// Which values pass.
    pub pass: &'a [String],
    /// The required evidence.
    pub evidence: Option<EvidenceKind>,
    /// What an amount pays for.
    pub covers: Covers,
    /// Whether an amount of zero is a valid answer.
    pub takes_zero: bool,
    /// How often the meaning of the question has changed, from 1.
    pub revision: u32,
}

impl Asked<'_> {
    /// The text that is hashed, in its second form.
    ///
    /// ```text
    /// greenlight question v2
    /// check wrapper.refunds
    /// type choice
    /// choice billed
    /// choice not billed
    /// pass not billed
    /// evidence url
    /// revision 1
    /// ```
    ///
    /// After that come `covers job` or `covers shots`, and `takes zero`, where a question says so. A property that
    /// isn't set has no line, so that older digests stay the same.
    ///
    /// Each line is a word, a space and a text as [`canonical`] writes it, so that no text can end a line. Choices and
    /// passing values are sorted and deduplicated, because their order means nothing. `evidence` is `none` where none
    /// is required. Everything else may change without a new digest: the wording, which `revision` covers, and whatever
    /// every judgement checks against the answer itself – how long it is valid, for which models, and whose pages are
    /// evidence.
    /// are evidence.
    #[must_use]
    pub fn canonical_text(&self) -> String {
        let (check, kind) = (self.check, self.kind.word());
        let mut text = format!("greenlight question v2\ncheck {check}\ntype {kind}\n");
        for (word, values) in [("choice", self.choices), ("pass", self.pass)] {
            let mut values: Vec<_> = values.iter().map(|value| canonical(value)).collect();
            values.sort_unstable();
            values.dedup();
            for value in values {
                let _ = writeln!(text, "{word} {value}");
            }
        }
        let _ = writeln!(text, "evidence {}", self.evidence.map_or("none", EvidenceKind::word));
        let _ = writeln!(text, "revision {}", self.revision);
        if self.covers != Covers::default() {
            let _ = writeln!(text, "covers {}", self.covers.word());
        }
        if self.takes_zero {
            text.push_str("takes zero\n");
        }
        text
    }

    /// The digest stored with an answer: `v2:` and sixteen hexadecimal digits of the SHA-256 of
    /// [`Self::canonical_text`].
    #[must_use]
    pub fn digest(&self) -> String {
        format!("v2:{}", short(&self.canonical_text()))
    }
}

/// The digest in its first form, as stored with answers recorded before 2026-11-24. Frozen: it hashed the wording, the
/// kind by its Rust name at that time, and the choices and passing values in their order.
#[must_use]
pub fn digest_v1(ask: &str, kind: AnswerKind, choices: &[String], pass: &[String]) -> String {
    let kind = match kind {
        AnswerKind::YesNo => "YesNo",
        AnswerKind::Choice => "Choice",
        AnswerKind::Text => "Text",
        AnswerKind::Number => "Number",
        AnswerKind::Money => "Money",
        AnswerKind::Date => "Date",
        AnswerKind::Url => "Url",
    };
    let mut text = String::new();
    for part in [ask, kind].into_iter().chain(choices.iter().chain(pass).map(String::as_str)) {
        text.push_str(&part.split_whitespace().collect::<Vec<_>>().join(" "));
        text.push('\0');
    }
    short(&text)
}

fn short(text: &str) -> String {
    hex(Sha256::digest(text).get(..8).unwrap_or_default())
}

#[cfg(test)]
mod tests;
