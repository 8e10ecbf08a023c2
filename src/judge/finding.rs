//! How one check becomes a finding for one instance: by a probe, a rule or a person.

use std::cell::Cell;

use std::borrow::Cow;

use super::{
    Case,
    answers::{self, AnswerStatus},
    entry::{self, Found},
    expect, faults,
    heard::Heard,
    instance::Instance,
    rule_context::{Quoted, RuleContext},
    rule_outcome::{RuleOutcome, RuleStatus},
    rules,
    served::{self, Served},
    truth::Truth,
    value::Scope,
    wording,
};
use crate::model::{
    checklist::{Check, Decider, Fault, ListEntry, Means, Question, Severity},
    expect::Expectation,
    id::{CheckId, ProbeId},
    observation::{Body, Observation},
    project::{Shot, ShotIndex},
    rule::Given,
    verdict::{Finding, Location, Reason, Verdict},
};

/// Advice for an answer that was given again but is based on the same evidence as before.
const AFRESH: &str = "Look again, and record what is seen now.";

/// Decides one check, instance by instance.
#[derive(Clone, Copy)]
pub(super) struct CheckEvaluator<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) check: &'a Check,
    /// Where the shots of the project are.
    pub(super) index: &'a ShotIndex,
    /// The project as it will be made, where live replies name other models than the requested ones.
    pub(super) served: Option<&'a Served>,
    /// What the provider charges for all shots, according to a person.
    pub(super) quoted: Option<&'a Quoted>,
    /// How many values the paths of all checks may still visit.
    pub(super) visits: &'a Cell<u64>,
}

impl<'a> CheckEvaluator<'a> {
    /// The finding of a check that doesn't apply.
    pub(super) fn not_applicable(&self, instance: &Instance<'_>, why: &str) -> Finding {
        self.finding(instance, Verdict::NotApplicable { reason: why.to_owned() }, why)
    }

    /// The finding of a check that wasn't looked at.
    pub(super) fn blocked(&self, instance: &Instance<'_>, root: CheckId) -> Finding {
        let seen = match self.case.checklist.check(root.as_str()) {
            Some(check) => format!("blocked by {}", check.title),
            None => format!("blocked by {root}"),
        };
        Finding { fix: None, ..self.finding(instance, Verdict::Blocked { by: root }, seen) }
    }

    /// The finding of a check that is looked at.
    ///
    /// `heard` is what other checks say about this check's question.
    pub(super) fn decide(&self, instance: &Instance<'a>, heard: &Heard<'_>) -> Finding {
        match &self.check.decider {
            Decider::Question(question) => self.by_person(instance, question, heard),
            Decider::Probe { probe, entry, expect } => {
                self.by_probe(instance, probe, (entry.as_ref(), expect))
            }
            Decider::Rule { rule, given, question } => {
                let (finding, confirmable) = self.by_rule(instance, rule, given);
                match question {
                    Some(question) if confirmable => self.confirmed(instance, question, finding),
                    _ => finding,
                }
            }
        }
    }

    fn by_person(&self, instance: &Instance<'a>, question: &Question, heard: &Heard<'_>) -> Finding {
        let stand = answers::stand(self.case, self.check, question, instance);
        if let Some(settled) = stand.is_open().then(|| heard.settled()).flatten() {
            return match settled {
                Ok(seen) => self.finding(instance, Verdict::Pass, seen),
                Err(seen) => self.recordable(self.finding(instance, self.refuted(), seen)),
            };
        }
        let (saw, against) = (heard.saw(), heard.against());
        let claimed = match &stand {
            AnswerStatus::Passes { seen, recorded, .. } => Some((seen.clone(), recorded)),
            AnswerStatus::NotApplicable { why, recorded } => Some((why.clone(), recorded)),
            AnswerStatus::Unanswered | AnswerStatus::Void { .. } | AnswerStatus::Refutes { .. } => None,
        };
        if let (Some((said, recorded)), Some(probe)) = (claimed, against) {
            let seen = format!("conflict: answered {said}; but {} saw {}", probe.title, probe.seen);
            let recorded = Some(recorded.clone());
            return self.recordable(Finding { recorded, ..self.finding(instance, self.refuted(), seen) });
        }
        let (verdict, seen, advice, recorded) = match stand {
            AnswerStatus::Unanswered => (unknown(Reason::Unanswered), "not answered".to_owned(), None, None),
            AnswerStatus::Void { reason, seen, fix, recorded } => (unknown(reason), seen, fix, recorded),
            AnswerStatus::NotApplicable { why, recorded } => {
                (Verdict::NotApplicable { reason: why.clone() }, why, None, Some(recorded))
            }
            AnswerStatus::Refutes { seen, fix, recorded } => (self.refuted(), seen, fix, Some(recorded)),
            AnswerStatus::Passes { seen, recorded, worn: None } => {
                (Verdict::Pass, seen, None, Some(recorded))
            }
            AnswerStatus::Passes { seen, recorded, worn: Some(worn) } => {
                (Verdict::Warn, format!("{seen}, {worn}"), Some(AFRESH.to_owned()), Some(recorded))
            }
        };
        let seen = if saw.is_empty() { seen } else { format!("{seen} ({saw})") };
        let finding = self.finding(instance, verdict, seen);
        let fix = advice.or(finding.fix.clone());
        self.recordable(Finding { fix, recorded, ..finding })
    }

    /// A recorded confirmation may settle what a rule couldn't.
    fn confirmed(&self, instance: &Instance<'a>, question: &Question, ruled: Finding) -> Finding {
        match answers::stand(self.case, self.check, question, instance) {
            AnswerStatus::Unanswered => {
                let fix = ruled.fix.clone().unwrap_or_default();
                let fix = format!("{fix} A recorded confirmation settles it: {}", question.ask);
                self.recordable(Finding { fix: Some(fix), ..ruled })
            }
            // What a rule asks about does apply, so no one may say otherwise.
            AnswerStatus::NotApplicable { why: seen, recorded } => {
                self.recordable(Finding { seen, recorded: Some(recorded), ..ruled })
            }
            AnswerStatus::Void { seen, recorded, .. } => {
                let seen = format!("{}; confirmation: {seen}", ruled.seen);
                self.recordable(Finding { seen, recorded, ..ruled })
            }
            AnswerStatus::Passes { seen, recorded, .. } => Finding {
                recorded: Some(recorded),
                fix: None,
                ..self.finding(instance, Verdict::Pass, format!("confirmed: {seen} ({})", ruled.seen))
            },
            AnswerStatus::Refutes { seen, recorded, .. } => Finding {
                recorded: Some(recorded),
                ..self.finding(instance, self.refuted(), format!("not confirmed: {seen}; {}", ruled.seen))
            },
        }
    }

    /// Appends the command that records an answer to the advice.
    fn recordable(&self, finding: Finding) -> Finding {
        let open = !matches!(finding.verdict, Verdict::Pass | Verdict::NotApplicable { .. });
        let fix = finding.fix.as_deref().unwrap_or_default();
        let fix = open.then(|| format!("{fix} Record it: `greenlight answer {}`", self.check.id));
        Finding { fix, ..finding }
    }

    fn by_probe(
        &self,
        instance: &Instance<'a>,
        probe: &ProbeId,
        (entry, expect): (Option<&ListEntry>, &[Expectation]),
    ) -> Finding {
        let Some(observation) = self.observation(probe, instance) else {
            return self.finding(instance, unknown(Reason::NotMade), "the call was not made");
        };
        if let Some(finding) = self.withheld(instance, observation) {
            return finding;
        }
        let scope = self.scope(instance);
        let looked = match entry.map(|entry| entry::find(entry, observation, scope)) {
            None | Some(Found::NoList) => Cow::Borrowed(observation),
            Some(Found::Here(entry)) => Cow::Owned(entry),
            Some(Found::Unclear(reason, why)) => return self.finding(instance, unknown(reason), why),
            Some(Found::NotOnPage(wanted)) => return self.beyond(instance, &format!("{wanted} is not")),
            Some(Found::NotListed { wanted, listed }) => {
                let seen = format!("asked {wanted}, listed: {listed}");
                let sides = (Some(format!("{wanted} in the list")), Some(listed));
                let finding = self.finding(instance, self.refuted(), seen);
                return Finding { expected: sides.0, got: sides.1, ..finding };
            }
        };
        let outcome = expect::all(expect, &looked, scope);
        let fault = match outcome.truth {
            Truth::True => faults::recognise_named(self.case.checklist, self.check, observation, scope),
            _ => faults::recognise(self.case.checklist, self.check, observation, scope),
        };
        if let Some(fault) = fault {
            return self.faulty(instance, fault, observation);
        }
        match outcome.truth {
            Truth::True => self.finding(instance, Verdict::Pass, self.shows(&looked)),
            Truth::False => Finding {
                expected: Some(outcome.expected),
                got: Some(outcome.actual.clone()),
                ..self.finding(instance, self.refuted(), outcome.actual)
            },
            Truth::Unknown if matches!(&*looked, Observation::Reply(reply) if reply.more) => {
                self.beyond(instance, &format!("{} is not shown", outcome.expected))
            }
            Truth::Unknown => self.finding(instance, unknown(outcome.reason), outcome.actual),
        }
    }

    fn by_rule(&self, instance: &Instance<'a>, name: &str, given: &'a Given) -> (Finding, bool) {
        let case = self.case;
        let context = RuleContext {
            project: case.project,
            index: self.index,
            shot: instance.shot,
            input: instance.input,
            catalogue: case.catalogue,
            observations: case.observations,
            probes: &case.checklist.probes,
            slugs: &case.checklist.slugs,
            signs: &case.checklist.signs,
            quoted: self.quoted,
            now: case.now,
            rehearsal: case.rehearsal.is_some(),
            allow_private: case.allow_private,
            given,
        };
        let outcome = match rules::by_name(name) {
            Some(rule) => served::outcome(&rule.judge, &context, self.served),
            None => RuleOutcome::unknown(Reason::NotDeclared, format!("there is no rule `{name}`")),
        };
        let confirmable = outcome.confirmable;
        let finding = match outcome.status {
            RuleStatus::NeedsReply(name) => match given.probes.get(name) {
                Some(probe) => self.unreadable(instance, probe),
                None => self.finding(instance, unknown(Reason::NotMade), "this call isn't made"),
            },
            RuleStatus::Holds | RuleStatus::Caution => match self.named(instance, given) {
                Some((fault, seen)) => self.faulty(instance, fault, seen),
                None => self.ruled(instance, outcome),
            },
            // What the rule saw says more than the fault does; the fault is named all the same.
            RuleStatus::Refuted => {
                let fault = self.named(instance, given).filter(|(fault, _)| fault.means == Means::Fail);
                Finding { fault: fault.map(|(fault, _)| fault.id.clone()), ..self.ruled(instance, outcome) }
            }
            _ => self.ruled(instance, outcome),
        };
        let confirmable = confirmable || matches!(finding.verdict, Verdict::Unknown { .. });
        (finding, confirmable)
    }

    /// The first reply used by a rule that shows a fault naming this check.
    fn named(&self, instance: &Instance<'a>, given: &Given) -> Option<(&'a Fault, &'a Observation)> {
        let scope = self.scope(instance);
        given.probes.values().filter_map(|probe| self.observation(probe, instance)).find_map(|seen| {
            let fault = faults::recognise_named(self.case.checklist, self.check, seen, scope)?;
            Some((fault, seen))
        })
    }

    fn ruled(&self, instance: &Instance<'_>, outcome: RuleOutcome) -> Finding {
        let verdict = match outcome.status {
            RuleStatus::Holds => Verdict::Pass,
            RuleStatus::Caution => Verdict::Warn,
            RuleStatus::Refuted => self.refuted(),
            RuleStatus::Unknown(reason) => unknown(reason),
            RuleStatus::NeedsReply(_) => unknown(Reason::NotMade),
            RuleStatus::NotApplicable => Verdict::NotApplicable { reason: outcome.seen.clone() },
        };
        let fix = outcome.fix.unwrap_or_else(|| self.check.fix.to_string());
        let mut finding = Finding { fix: Some(fix), ..self.finding(instance, verdict, outcome.seen) };
        Self::settle(&mut finding);
        (finding.expected, finding.got) = outcome.sides.unzip();
        finding.source = outcome.source.unwrap_or(finding.source);
        finding
    }

    /// Drops the advice of a claim that holds.
    fn settle(finding: &mut Finding) {
        if matches!(finding.verdict, Verdict::Pass | Verdict::NotApplicable { .. }) {
            finding.fix = None;
        }
    }

    /// The finding of a check that needs a reply which does not say what was asked.
    fn unreadable(&self, instance: &Instance<'_>, probe: &ProbeId) -> Finding {
        let Some(observation) = self.observation(probe, instance) else {
            return self.settled(instance, Reason::NotMade, "the call was not made");
        };
        if let Some(finding) = self.withheld(instance, observation) {
            return finding;
        }
        let scope = self.scope(instance);
        if let Some(fault) = faults::recognise(self.case.checklist, self.check, observation, scope) {
            return self.faulty(instance, fault, observation);
        }
        match observation {
            Observation::NotMade(why) => self.settled(instance, Reason::NotMade, &wording::not_made(why)),
            Observation::Trouble(trouble) => {
                self.settled(instance, Reason::Unreachable, &wording::trouble(trouble))
            }
            Observation::Reply(reply) if reply.is_success() && reply.more => {
                self.beyond(instance, "what was looked for is not")
            }
            Observation::Reply(reply) if reply.is_success() && matches!(reply.body, Body::Json(_)) => {
                let seen = format!("HTTP {}, without the value that was looked for", reply.status);
                self.settled(instance, Reason::MissingValue, &seen)
            }
            Observation::Reply(reply) => self.settled(instance, Reason::UnclearReply, &wording::reply(reply)),
        }
    }

    /// The finding for something that isn't on the first page of a list but may be on a later one.
    fn beyond(&self, instance: &Instance<'_>, seen: &str) -> Finding {
        let seen = format!("{seen} {}", wording::ONE_PAGE);
        let mut fix = "Only the first page is read. Look for it in the provider's own listing".to_owned();
        if self.check.waivable {
            fix = format!("{fix}; where it is there, record that: `greenlight waive {}`", self.check.id);
        }
        let finding = self.finding(instance, unknown(Reason::MissingValue), seen);
        Finding { fix: Some(format!("{fix}.")), ..finding }
    }

    /// The finding for a call that wasn't made for a reason of this run. The check's own advice wouldn't help: it is
    /// about what the reply would have shown.
    fn withheld(&self, instance: &Instance<'_>, seen: &Observation) -> Option<Finding> {
        let Observation::NotMade(why) = seen else { return None };
        let fix = wording::make_it(why)?;
        let finding = self.settled(instance, Reason::NotMade, &wording::not_made(why));
        Some(Finding { fix: Some(fix.to_owned()), ..finding })
    }

    fn settled(&self, instance: &Instance<'_>, reason: Reason, seen: &str) -> Finding {
        let mut finding = self.finding(instance, unknown(reason), seen);
        Self::settle(&mut finding);
        finding
    }

    fn faulty(&self, instance: &Instance<'_>, fault: &Fault, observation: &Observation) -> Finding {
        let verdict = match fault.means {
            Means::Fail => self.refuted(),
            Means::Unknown => unknown(Reason::Fault),
        };
        Finding {
            fix: Some(fault.fix.clone()),
            fault: Some(fault.id.clone()),
            source: fault.source.clone(),
            ..self.finding(
                instance,
                verdict,
                format!("{} ({})", fault.says, wording::observation(observation)),
            )
        }
    }

    /// What a pass shows from the reply: only what the check lists.
    fn shows(&self, observation: &Observation) -> String {
        let json = match observation {
            Observation::Reply(reply) => reply.json(),
            Observation::Trouble(_) | Observation::NotMade(_) => None,
        };
        let shown: Vec<String> = json.map_or_else(Vec::new, |json| {
            let one = |(label, path): (&String, &crate::model::expect::Path)| {
                let found = path.all(json);
                let words: Vec<_> =
                    found.into_iter().filter(|value| !value.is_null()).map(wording::shown).collect();
                (!words.is_empty()).then(|| format!("{label} {}", wording::clip(&words.join(", "))))
            };
            self.check.show.iter().filter_map(one).collect()
        });
        if shown.is_empty() { wording::observation(observation) } else { shown.join(", ") }
    }

    fn observation(&self, probe: &ProbeId, instance: &Instance<'_>) -> Option<&'a Observation> {
        let seen = self.case.observations.of(probe, instance.shot.map(|shot| shot.id.as_str()));
        seen.or_else(|| self.over_all_shots(probe))
    }

    /// What a rule that itself goes through all shots saw: the first reply that isn't a success, or else the first one.
    fn over_all_shots(&self, probe: &ProbeId) -> Option<&'a Observation> {
        let Decider::Rule { given, .. } = &self.check.decider else { return None };
        let of_shot = |shot: &'a Shot| self.case.observations.of(probe, Some(shot.id.as_str()));
        let mut all = self.case.project.shots.iter().filter(|_| given.every_shot).filter_map(of_shot);
        let first = all.next()?;
        let is_bad = |seen: &&Observation| !matches!(seen, Observation::Reply(reply) if reply.is_success());
        std::iter::once(first).chain(all).find(is_bad).or(Some(first))
    }

    fn scope<'b>(&'b self, instance: &Instance<'b>) -> Scope<'b> {
        Scope { now: Some(self.case.now), shot: instance.shot, visits: Some(self.visits) }
    }

    /// A refuted claim closes the gate only if the check says so.
    fn refuted(&self) -> Verdict {
        match self.check.severity {
            Severity::Block => Verdict::Fail,
            Severity::Warn | Severity::Info => Verdict::Warn,
        }
    }

    fn finding(&self, instance: &Instance<'_>, verdict: Verdict, seen: impl Into<String>) -> Finding {
        let check = self.check;
        let advised = !matches!(verdict, Verdict::Pass | Verdict::NotApplicable { .. });
        Finding {
            recorded: None,
            check: check.id.clone(),
            subject: instance.subject.clone(),
            row: check.row,
            title: check.title.clone(),
            severity: check.severity,
            verdict,
            seen: seen.into(),
            expected: None,
            got: None,
            fix: advised.then(|| check.fix.to_string()),
            fault: None,
            source: check.source.clone(),
            location: self.location(instance),
        }
    }

    /// Where it can be fixed. The reader can't edit a shipped checklist, so the location is in the project instead.
    fn location(&self, instance: &Instance<'_>) -> Location {
        let (file, line) = match (instance.shot, &self.check.file) {
            (Some(shot), _) => (self.case.file, shot.line),
            (None, Some(own)) => (own.as_path(), self.check.line),
            (None, None) => (self.case.file, self.case.project.line),
        };
        Location { file: file.to_string(), line }
    }
}

fn unknown(reason: Reason) -> Verdict {
    Verdict::Unknown { reason }
}
