//! Questions as data: what only a person can find out, and on what an answer to it depends.

use std::fmt::Write as _;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::{
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
    /// What may be chosen, for [`AnswerKind::Choice`].
    pub choices: Vec<String>,
    /// Which values pass; empty when any well-formed value does.
    pub pass: Vec<String>,
    /// The evidence that is wanted.
    pub evidence: Option<EvidenceKind>,
    /// Whose pages count as evidence.
    pub pages: Pages,
    /// For how many days an answer holds.
    pub valid_for_days: u32,
    /// Whether an answer holds only for the models it was given for.
    pub per_model: bool,
    /// What an amount pays for, for [`AnswerKind::Money`].
    pub covers: Covers,
    /// Whether an amount of nothing is an answer.
    pub takes_zero: bool,
    /// Raised when the question comes to mean something else.
    pub revision: u32,
    /// What [`Asked::digest`] makes of it; an answer to another digest is stale.
    pub digest: String,
    /// What programs before the second form of digests made of it, while it means what it meant to them.
    pub digest_v1: Option<String>,
}

impl Question {
    /// Whether a value is of the kind that this question asks for; otherwise what would be.
    ///
    /// # Errors
    /// A sentence that says what would fit, and of an amount also what is wrong with it.
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
            AnswerKind::Text => when(is_said(value), "a text that is not empty"),
            AnswerKind::Number => when(value.parse::<f64>().is_ok_and(f64::is_finite), "a number"),
            AnswerKind::Money => {
                self.amount(value).map(|_| ()).map_err(|why| format!("{why}; it takes `2.00 USD` or `$2.00`"))
            }
            AnswerKind::Date => when(value.parse::<NaiveDate>().is_ok(), "a day such as `2026-11-22`"),
            AnswerKind::Url => when(
                Url::parse(value).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host()),
                "a full address such as `https://…`",
            ),
        }
    }

    /// The amount that a value is, for [`AnswerKind::Money`].
    ///
    /// # Errors
    /// What is wrong with it: it is no amount in USD, or nothing at all where something has to be paid.
    pub fn amount(&self, value: &str) -> Result<Usd, String> {
        match value.parse::<Usd>() {
            Ok(Usd::ZERO) if !self.takes_zero => Err("the price cannot be zero".to_owned()),
            Ok(amount) => Ok(amount),
            Err(why) => Err(why.to_string()),
        }
    }

    /// Whether a value is of its kind and among those that pass. An amount is held against the budget besides.
    #[must_use]
    pub fn passes(&self, value: &str) -> bool {
        let listed = self.pass.is_empty() || self.pass.contains(&canonical(value));
        listed && self.fits(value).is_ok()
    }

    /// Whether this digest was recorded for this question as it stands.
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

/// What kind of evidence is wanted.
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

/// What an amount pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Covers {
    /// One clip, made once: it is paid for every shot and every retry.
    Job,
    /// All shots, made once each: it is paid again for every retry.
    Shots,
    /// All shots with every retry: it is paid once.
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

/// On what an answer depends, and nothing else.
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
    /// The evidence that is wanted.
    pub evidence: Option<EvidenceKind>,
    /// What an amount pays for.
    pub covers: Covers,
    /// Whether an amount of nothing is an answer.
    pub takes_zero: bool,
    /// How often the question has come to mean something else, from 1.
    pub revision: u32,
}

impl Asked<'_> {
    /// The form that is hashed: the second one.
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
    /// Behind it stand `covers job` or `covers shots`, and `takes zero`, where a question says so; what it leaves out
    /// leaves no line, so that older digests stay what they are.
    ///
    /// Each line is a word, a space and a text as [`canonical`] writes it, so that no text can end a line. Choices
    /// and what passes stand sorted and once each: their order means nothing. `evidence` is `none` where none is
    /// wanted. What is not in it may change without a word: the wording, which `revision` speaks for, and whatever
    /// every judgement holds against the answer itself – for how long it counts, for which models, and whose pages
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

    /// The digest that an answer carries: `v2:` and sixteen hexadecimal digits of the SHA-256 of
    /// [`Self::canonical_text`].
    #[must_use]
    pub fn digest(&self) -> String {
        format!("v2:{}", short(&self.canonical_text()))
    }
}

/// The digest of the first form, which answers recorded before 2026-11-24 carry. Frozen: it hashed the wording,
/// the kind by a name of the code of that time, and the choices and passing values in their order.
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
mod tests {
    use rstest::rstest;

    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn digest(
        check: &str,
        (kind, revision): (AnswerKind, u32),
        choices: &[&str],
        pass: &[&str],
        evidence: Option<EvidenceKind>,
    ) -> String {
        let (choices, pass) = (texts(choices), texts(pass));
        Asked { choices: &choices, pass: &pass, evidence, revision, ..asked(check, kind) }.digest()
    }

    fn asked(check: &str, kind: AnswerKind) -> Asked<'_> {
        let (covers, takes_zero) = (Covers::default(), false);
        Asked { check, kind, choices: &[], pass: &[], evidence: None, covers, takes_zero, revision: 1 }
    }

    #[test]
    fn digests_stay_what_they_are() {
        let yes_no = digest("api.policy-read", (AnswerKind::YesNo, 1), &[], &["yes"], None);
        assert_eq!(yes_no, "v2:a50457c227ea2f92");
        let choices = ["billed", "not billed"];
        let url = Some(EvidenceKind::Url);
        let choice = digest("wrapper.refunds", (AnswerKind::Choice, 1), &choices, &["not billed"], url);
        assert_eq!(choice, "v2:cdef6e9fb5b20893");
        let text = digest("own.text", (AnswerKind::Text, 3), &[], &[], Some(EvidenceKind::File));
        assert_eq!(text, "v2:d62e83377f47462e");
        // As it was before anything was said of what an amount covers.
        let money = digest("own.money", (AnswerKind::Money, 1), &[], &[], Some(EvidenceKind::Quote));
        assert_eq!(money, "v2:1e938f88e6c0ca50");
    }

    #[rstest]
    #[case(Covers::Job, false, "v2:66f5671f7dddf47f")]
    #[case(Covers::Shots, false, "v2:e8827b3bd0726966")]
    #[case(Covers::Project, true, "v2:e6188e7b73da5e42")]
    fn what_an_amount_covers_is_part_of_its_question(
        #[case] covers: Covers,
        #[case] takes_zero: bool,
        #[case] wanted: &str,
    ) {
        let evidence = Some(EvidenceKind::Quote);
        let asked = Asked { evidence, covers, takes_zero, ..asked("own.money", AnswerKind::Money) };
        assert_eq!(asked.digest(), wanted);
    }

    #[test]
    fn what_is_hashed_is_a_text_that_a_person_can_write() {
        let choices = texts(&["not  billed\n", "billed", "billed", "cafe\u{301}"]);
        let asked = Asked {
            check: "wrapper.refunds",
            kind: AnswerKind::Choice,
            choices: &choices,
            pass: &texts(&["not billed"]),
            evidence: Some(EvidenceKind::Url),
            ..asked("", AnswerKind::Choice)
        };
        let wanted = "greenlight question v2\ncheck wrapper.refunds\ntype choice\nchoice billed\n\
                      choice caf\u{e9}\nchoice not billed\npass not billed\nevidence url\nrevision 1\n";
        assert_eq!(asked.canonical_text(), wanted);
    }

    #[rstest]
    #[case::another_check("b", 1, &["a", "b"], &["b"], Some(EvidenceKind::Url))]
    #[case::a_choice_more("a", 1, &["a", "b", "c"], &["b"], Some(EvidenceKind::Url))]
    #[case::another_choice("a", 1, &["a", "c"], &["b"], Some(EvidenceKind::Url))]
    #[case::two_choices_in_one("a", 1, &["a b"], &["b"], Some(EvidenceKind::Url))]
    #[case::another_pass("a", 1, &["a", "b"], &["a"], Some(EvidenceKind::Url))]
    #[case::a_pass_more("a", 1, &["a", "b"], &["a", "b"], Some(EvidenceKind::Url))]
    #[case::no_pass("a", 1, &["a", "b"], &[], Some(EvidenceKind::Url))]
    #[case::a_choice_that_reads_like_a_pass("a", 1, &["a", "b\npass b"], &[], Some(EvidenceKind::Url))]
    #[case::other_evidence("a", 1, &["a", "b"], &["b"], Some(EvidenceKind::Any))]
    #[case::no_evidence("a", 1, &["a", "b"], &["b"], None)]
    #[case::another_meaning("a", 2, &["a", "b"], &["b"], Some(EvidenceKind::Url))]
    fn what_an_answer_depends_on_changes_the_digest(
        #[case] check: &str,
        #[case] revision: u32,
        #[case] choices: &[&str],
        #[case] pass: &[&str],
        #[case] evidence: Option<EvidenceKind>,
    ) {
        let url = Some(EvidenceKind::Url);
        let before = digest("a", (AnswerKind::Choice, 1), &["a", "b"], &["b"], url);
        assert_ne!(digest(check, (AnswerKind::Choice, revision), choices, pass, evidence), before);
        let reordered = digest("a", (AnswerKind::Choice, 1), &["b", "a", "b"], &["b", " b"], url);
        assert_eq!(reordered, before, "order is no meaning");
    }

    // Recorded by the program of commit 8563c25, one question of each type: tests/fixtures/recorded/v1.
    #[rstest]
    #[case("Is it  so?", AnswerKind::YesNo, &[], &["yes"], "fe375c466cda6bf1")]
    #[case("Which one?", AnswerKind::Choice, &["red", "green", "blue"], &["green", "blue"], "4756b6f23588e252")]
    #[case("Who keeps it?", AnswerKind::Text, &[], &[], "31aaa9f0355881dc")]
    #[case("How many?", AnswerKind::Number, &[], &[], "0de09ed9a4e9109c")]
    #[case("How much?", AnswerKind::Money, &[], &[], "39d221ba6de62f0c")]
    #[case("Since when?", AnswerKind::Date, &[], &[], "a4254d1926057ba5")]
    #[case("Where is it written?", AnswerKind::Url, &[], &[], "042586cb095e76a0")]
    fn digests_of_the_first_form_are_those_that_were_recorded(
        #[case] ask: &str,
        #[case] kind: AnswerKind,
        #[case] choices: &[&str],
        #[case] pass: &[&str],
        #[case] recorded: &str,
    ) {
        assert_eq!(digest_v1(ask, kind, &texts(choices), &texts(pass)), recorded);
    }
}
