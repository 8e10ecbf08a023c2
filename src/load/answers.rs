//! Recorded answers and waivers: from `answers.toml` to the model.

use std::ops::Range;

use chrono::NaiveDate;

use super::{
    raw::answers::{RawAnswer, RawAnswers, RawEvidence, RawWaiver},
    sink::DiagnosticSink,
};
use crate::model::{
    address,
    answer::{Answer, AnswerValue, Answers, Evidence, Scope, Waiver},
    id::CheckId,
};

impl DiagnosticSink<'_> {
    /// The answers and waivers of a file.
    pub(super) fn answers(&mut self, raw: RawAnswers) -> Answers {
        let mut all = Answers::default();
        for raw in raw.answer {
            let at = raw.span();
            all.answers.extend(self.answer(raw.into_inner(), &at));
        }
        for raw in raw.waiver {
            let at = raw.span();
            all.waivers.extend(self.waiver(raw.into_inner(), &at));
        }
        all
    }

    fn answer(&mut self, raw: RawAnswer, at: &Range<usize>) -> Option<Answer> {
        let whose = "the answer";
        let check = self.need(raw.check, "check", whose, at);
        let check = check.and_then(|id| self.named(CheckId::new, id.get_ref(), id.span()));
        let route = self.need(raw.route, "route", whose, at);
        let provider = self.filled(raw.provider, "provider", whose, at);
        let by = self.filled(raw.by, "by", whose, at);
        let question = self.filled(raw.question, "question", whose, at);
        let answered = self.need(raw.answered, "answered", whose, at);
        let expires = self.need(raw.expires, "expires", whose, at);
        let value = match (raw.value, raw.not_applicable) {
            (Some(value), None) => Some(AnswerValue::Text(value.into_inner())),
            (None, Some(reason)) => {
                self.filled(Some(reason), "not-applicable", whose, at).map(AnswerValue::NotApplicable)
            }
            _ => {
                self.error("ambiguous", at.clone(), "an answer has either `value` or `not-applicable`");
                None
            }
        };
        // Evidence recorded without a date has the date of the answer.
        let day = answered.as_ref().map(|day| day.0).unwrap_or_default();
        let mut evidence = Vec::new();
        for raw in raw.evidence {
            let span = raw.span();
            evidence.extend(self.evidence(raw.into_inner(), &span, day));
        }
        let (answered, expires) = (answered?.0, expires?);
        if expires.get_ref().0 < answered {
            self.error("wrong-order", expires.span(), "`expires` is before `answered`");
        }
        let (route, provider, account) = (route?, provider?, raw.account);
        let scope = Scope { route, provider, account, models: raw.models, given_for: raw.given_for };
        Some(Answer {
            check: check?,
            scope,
            value: value?,
            by: by?,
            answered,
            expires: expires.get_ref().0,
            question: question?,
            evidence,
            note: raw.note,
        })
    }

    fn evidence(&mut self, raw: RawEvidence, at: &Range<usize>, day: NaiveDate) -> Option<Evidence> {
        match raw {
            RawEvidence {
                url: Some(url),
                read: Some(read),
                file: None,
                quote: None,
                clause,
                passage_sha256: passage,
                ..
            } if is_page(&url) && says(clause.as_deref()) => {
                self.digest("passage-sha256", passage.as_deref(), at);
                Some(Evidence::Url { url, read: read.0, clause, passage })
            }
            RawEvidence {
                file: Some(path),
                sha256: Some(sha256),
                bytes: Some(bytes),
                url: None,
                quote: None,
                captured,
                read: None,
                clause: None,
                passage_sha256: None,
            } => {
                self.digest("sha256", Some(&sha256), at);
                let captured = captured.map_or(day, |day| day.0);
                Some(Evidence::File { path: path.into(), sha256, bytes, captured })
            }
            RawEvidence {
                quote: Some(words),
                url: None,
                file: None,
                read,
                clause,
                passage_sha256: None,
                ..
            } if !words.trim().is_empty() && says(clause.as_deref()) => {
                Some(Evidence::Quote { words, read: read.map_or(day, |day| day.0), clause })
            }
            _ => {
                self.error_with(
                    "bad-evidence",
                    at.clone(),
                    "this isn't evidence",
                    Some(
                        "write `{ url = \"…\", read = DAY }`, `{ file = \"…\", sha256 = \"…\", bytes = N }` or \
                         `{ quote = \"…\" }`, the first and the last also with `clause = \"…\"`; `greenlight \
                         answer` does it for you"
                            .into(),
                    ),
                );
                None
            }
        }
    }

    fn digest(&mut self, key: &str, digest: Option<&str>, at: &Range<usize>) {
        let is_digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if digest.is_some_and(|text| text.len() != 64 || !text.bytes().all(is_digit)) {
            self.error("bad-digest", at.clone(), format!("`{key}` is 64 lower-case hexadecimal digits"));
        }
    }

    fn waiver(&mut self, raw: RawWaiver, at: &Range<usize>) -> Option<Waiver> {
        let whose = "the waiver";
        let check = self.need(raw.check, "check", whose, at);
        let check = check.and_then(|id| self.named(CheckId::new, id.get_ref(), id.span()));
        let route = self.need(raw.route, "route", whose, at);
        let provider = self.filled(raw.provider, "provider", whose, at);
        let reason = self.filled(raw.reason, "reason", whose, at);
        let owner = self.filled(raw.owner, "owner", whose, at);
        let recorded = self.need(raw.recorded, "recorded", whose, at);
        let until = self.need(raw.until, "until", whose, at);
        let (recorded, until) = (recorded?.0, until?);
        if until.get_ref().0 < recorded {
            self.error("wrong-order", until.span(), "`until` is before `recorded`");
        }
        Some(Waiver {
            check: check?,
            route: route?,
            provider: provider?,
            account: raw.account,
            given_for: raw.given_for,
            reason: reason?,
            owner: owner?,
            recorded,
            until: until.get_ref().0,
        })
    }
}

/// Whether a given clause says anything.
fn says(clause: Option<&str>) -> bool {
    clause.is_none_or(|clause| !clause.trim().is_empty())
}

/// Whether this is the address of a page that others can open, without a password in it.
fn is_page(url: &str) -> bool {
    address::read(url).is_ok_and(|url| {
        let open = url.username().is_empty() && url.password().is_none();
        open && url.has_host() && matches!(url.scheme(), "https" | "http")
    })
}

#[cfg(test)]
mod tests;
