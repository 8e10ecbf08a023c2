//! Questions: what a person is asked, and everything that is wrong with the question.

use std::ops::Range;

use super::{raw::checklist::RawQuestion, reader::Reader, sink::DiagnosticSink, spanned::Spanned, suggest};
use crate::model::{
    checklist::{Check, Checklist, Decider},
    id::CheckId,
    owners::Owners,
    pages::{PROVIDER, PageHost, Pages},
    question::{AnswerKind, Asked, Covers, EvidenceKind, Question, digest_v1},
    said::canonical,
};

impl Reader<'_, '_> {
    /// The question of a check.
    pub(super) fn question(&mut self, raw: Spanned<RawQuestion>, check: &CheckId) -> Option<Question> {
        let (at, whose) = (raw.span(), format!("check `{check}`"));
        let raw = raw.into_inner();
        let ask = self.sink.filled(raw.ask, "ask", &whose, &at);
        let kind = self.sink.need(raw.kind, "type", "`question`", &at);
        let valid_for = self.sink.need(raw.valid_for, "valid-for", "`question`", &at);
        let days = valid_for.and_then(|text| self.sink.days(&text));
        let kind = kind?;
        self.sink.values(kind, &raw.choices, &raw.pass, &at);
        let pages = match raw.evidence_hosts {
            None => Some(Pages::Anybody),
            Some(hosts) => self.sink.pages(hosts, raw.evidence),
        };
        let revision = raw.revision.map_or(Some(1), |revision| {
            if *revision.get_ref() == 0 {
                self.sink.error("wrong-operand", revision.span(), "`revision` counts from 1");
                return None;
            }
            Some(revision.into_inner())
        });
        if kind != AnswerKind::Money {
            let (covers, zero) = (raw.covers.as_ref().map(Spanned::span), raw.takes_zero.as_ref());
            for span in covers.into_iter().chain(zero.map(Spanned::span)) {
                let message = "`covers` and `takes-zero` are only for `type = \"money\"`";
                self.sink.error("ambiguous", span, message);
            }
        }
        let covers = raw.covers.map(Spanned::into_inner).unwrap_or_default();
        let takes_zero = raw.takes_zero.is_some_and(Spanned::into_inner);
        let (ask, revision) = (ask?, revision?);
        let pass: Vec<String> = raw.pass.into_iter().map(Spanned::into_inner).collect();
        let asked = Asked {
            check: check.as_str(),
            kind,
            choices: &raw.choices,
            pass: &pass,
            evidence: raw.evidence,
            covers,
            takes_zero,
            revision,
        };
        let (digest, before) = (asked.digest(), digest_v1(&ask, kind, &raw.choices, &pass));
        let plain = |texts: &[String]| texts.iter().map(|text| canonical(text)).collect::<Vec<_>>();
        Some(Question {
            digest,
            // The first digest form had no revisions, and nothing about what an amount covers.
            digest_v1: (revision == 1 && covers == Covers::default() && !takes_zero).then_some(before),
            ask,
            kind,
            choices: plain(&raw.choices),
            pass: plain(&pass),
            evidence: raw.evidence,
            pages: pages?,
            valid_for_days: days?,
            hangs_on: raw.hangs_on,
            covers,
            takes_zero,
            revision,
        })
    }
}

impl DiagnosticSink<'_> {
    /// The choices and the passing values, checked against the kind of the answer.
    fn values(&mut self, kind: AnswerKind, choices: &[String], pass: &[Spanned<String>], at: &Range<usize>) {
        let allowed: Vec<&str> = match kind {
            AnswerKind::YesNo => vec!["yes", "no"],
            AnswerKind::Choice => choices.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        };
        if (kind == AnswerKind::Choice) != (choices.len() > 1) {
            self.error(
                "wrong-operand",
                at.clone(),
                "`choices` lists at least two values, for `type = \"choice\"` alone",
            );
        }
        for value in pass {
            if !allowed.is_empty() && !allowed.contains(&value.get_ref().as_str()) {
                let help = suggest::among(value.get_ref(), allowed.iter().copied());
                let message = format!("`{}` is not among the values this question takes", value.get_ref());
                self.error_with("wrong-operand", value.span(), message, help);
            }
        }
    }

    /// Whose pages are accepted.
    fn pages(
        &mut self,
        hosts: Spanned<Vec<Spanned<String>>>,
        evidence: Option<EvidenceKind>,
    ) -> Option<Pages> {
        if !matches!(evidence, Some(EvidenceKind::Url | EvidenceKind::Any)) {
            self.error_with(
                "ambiguous",
                hosts.span(),
                "`evidence-hosts` says whose pages count, but this question takes no page as evidence",
                Some("add `evidence = \"url\"`, or drop `evidence-hosts`".to_owned()),
            );
            return None;
        }
        if hosts.get_ref().is_empty() {
            self.error(
                "asserts-nothing",
                hosts.span(),
                "`evidence-hosts` is empty, so that no page would count",
            );
            return None;
        }
        let names: Vec<&str> = hosts.get_ref().iter().map(|host| host.get_ref().as_str()).collect();
        if names == [PROVIDER] {
            return Some(Pages::Provider);
        }
        if let Some(word) = hosts.get_ref().iter().find(|host| host.get_ref() == PROVIDER) {
            let message = format!("give either `{PROVIDER}` or hosts, not both");
            self.error("ambiguous", word.span(), message);
            return None;
        }
        let count = names.len();
        let read: Vec<PageHost> = hosts
            .into_inner()
            .into_iter()
            .filter_map(|host| self.keep(PageHost::new(host.get_ref()), "bad-host", host.span()))
            .collect();
        (read.len() == count).then_some(Pages::Of(read))
    }
}

/// Fills in the hosts of a project's provider where a question asks for the provider's own pages.
pub(super) fn settle(checklist: &mut Checklist, owners: &Owners, provider: &str) {
    let questions = checklist.checks.iter_mut().filter_map(|Check { decider, .. }| match decider {
        Decider::Question(question) => Some(question),
        Decider::Rule { question, .. } => question.as_mut(),
        Decider::Probe { .. } => None,
    });
    for question in questions.filter(|question| question.pages == Pages::Provider) {
        question.pages = owners.pages_of(provider);
    }
}
