//! How one check becomes a finding for one instance: by a probe, a rule or a person.

use super::{
    Case, expect, faults,
    instance::Instance,
    rules::{self, Judge},
    ruling::{Ruling, Scene, Standing},
    truth::Truth,
    value::Scope,
    wording,
};
use crate::model::{
    checklist::{Check, Decider, Fault, Means, Severity},
    expect::Expectation,
    id::{CheckId, ProbeId},
    observation::{Body, Observation},
    rule::Params,
    verdict::{Finding, Reason, Verdict},
};

/// A check on the bench.
#[derive(Clone, Copy)]
pub(super) struct Bench<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) check: &'a Check,
}

impl<'a> Bench<'a> {
    /// The finding of a check that does not arise.
    pub(super) fn not_applicable(&self, instance: &Instance<'_>, why: &str) -> Finding {
        self.finding(instance, Verdict::NotApplicable { reason: why.to_owned() }, why)
    }

    /// The finding of a check that was not looked at.
    pub(super) fn blocked(&self, instance: &Instance<'_>, root: CheckId) -> Finding {
        let seen = match self.case.checklist.check(root.as_str()) {
            Some(check) => format!("by: {}", check.title),
            None => format!("by: {root}"),
        };
        Finding { fix: None, ..self.finding(instance, Verdict::Blocked { by: root }, seen) }
    }

    /// The finding of a check that is looked at.
    pub(super) fn decide(&self, instance: &Instance<'a>) -> Finding {
        match &self.check.decider {
            Decider::Question(_) => {
                self.finding(instance, unknown(Reason::Unanswered), "nobody has answered")
            }
            Decider::Probe { probe, expect } => self.by_probe(instance, probe, expect),
            Decider::Rule { rule, with, probes, .. } => self.by_rule(instance, rule, with, probes),
        }
    }

    fn by_probe(&self, instance: &Instance<'a>, probe: &ProbeId, expect: &[Expectation]) -> Finding {
        let Some(observation) = self.observation(probe, instance) else {
            return self.finding(instance, unknown(Reason::NotMade), "the call was not made");
        };
        let scope = self.scope(instance);
        let outcome = expect::all(expect, observation, scope);
        let fault = match outcome.truth {
            Truth::True => faults::recognise_named(self.case.checklist, &self.check.id, observation, scope),
            _ => faults::recognise(self.case.checklist, &self.check.id, observation, scope),
        };
        if let Some(fault) = fault {
            return self.faulty(instance, fault, observation);
        }
        match outcome.truth {
            Truth::True => self.finding(instance, Verdict::Pass, self.shows(observation)),
            Truth::False => Finding {
                expected: Some(outcome.expected),
                got: Some(outcome.actual.clone()),
                ..self.finding(instance, self.refuted(), outcome.actual)
            },
            Truth::Unknown => self.finding(instance, unknown(outcome.reason), outcome.actual),
        }
    }

    fn by_rule(
        &self,
        instance: &Instance<'a>,
        name: &str,
        with: &'a Params,
        probes: &'a [ProbeId],
    ) -> Finding {
        let case = self.case;
        let scene = Scene {
            project: case.project,
            shot: instance.shot,
            input: instance.input,
            catalogue: case.catalogue,
            observations: case.observations,
            now: case.now,
            rehearsal: case.rehearsal.is_some(),
            params: with,
            probes,
        };
        let ruling = match rules::by_name(name) {
            Some(rule) => rule_on(&rule.judge, &scene),
            None => Ruling::unknown(Reason::NotDeclared, format!("there is no rule `{name}`")),
        };
        match ruling.standing {
            Standing::NeedsReply(n) => match probes.get(n) {
                Some(probe) => self.unreadable(instance, probe),
                None => self.finding(instance, unknown(Reason::NotMade), "no such call is made"),
            },
            Standing::Holds | Standing::Caution => match self.named(instance, probes) {
                Some((fault, seen)) => self.faulty(instance, fault, seen),
                None => self.ruled(instance, ruling),
            },
            // What the rule saw says more than the fault does; which one it was is told all the same.
            Standing::Refuted => {
                let fault = self.named(instance, probes).filter(|(fault, _)| fault.means == Means::Fail);
                Finding { fault: fault.map(|(fault, _)| fault.id.clone()), ..self.ruled(instance, ruling) }
            }
            _ => self.ruled(instance, ruling),
        }
    }

    /// The first reply of a rule that shows a fault which names this check.
    fn named(&self, instance: &Instance<'a>, probes: &[ProbeId]) -> Option<(&'a Fault, &'a Observation)> {
        let scope = self.scope(instance);
        probes.iter().filter_map(|probe| self.observation(probe, instance)).find_map(|seen| {
            let fault = faults::recognise_named(self.case.checklist, &self.check.id, seen, scope)?;
            Some((fault, seen))
        })
    }

    fn ruled(&self, instance: &Instance<'_>, ruling: Ruling) -> Finding {
        let verdict = match ruling.standing {
            Standing::Holds => Verdict::Pass,
            Standing::Caution => Verdict::Warn,
            Standing::Refuted => self.refuted(),
            Standing::Unknown(reason) => unknown(reason),
            Standing::NeedsReply(_) => unknown(Reason::NotMade),
            Standing::NotApplicable => Verdict::NotApplicable { reason: ruling.seen.clone() },
        };
        let fix = ruling.fix.unwrap_or_else(|| self.check.fix.clone());
        let mut finding = Finding { fix: Some(fix), ..self.finding(instance, verdict, ruling.seen) };
        self.settle(&mut finding);
        (finding.expected, finding.got) = ruling.sides.unzip();
        finding.source = ruling.source.unwrap_or(finding.source);
        finding
    }

    /// Drops the advice of a claim that holds, and says when a person could settle one that does not.
    fn settle(&self, finding: &mut Finding) {
        match (&finding.verdict, &self.check.decider) {
            (Verdict::Pass | Verdict::NotApplicable { .. }, _) => finding.fix = None,
            (
                Verdict::Fail | Verdict::Warn | Verdict::Unknown { .. },
                Decider::Rule { question: Some(question), .. },
            ) => {
                let fix = finding.fix.take().unwrap_or_default();
                finding.fix =
                    Some(format!("{fix} A recorded confirmation could settle it: {}", question.ask));
            }
            _ => {}
        }
    }

    /// The finding of a check that needs a reply which does not say what was asked.
    fn unreadable(&self, instance: &Instance<'_>, probe: &ProbeId) -> Finding {
        let Some(observation) = self.observation(probe, instance) else {
            return self.settled(instance, Reason::NotMade, "the call was not made");
        };
        let scope = self.scope(instance);
        if let Some(fault) = faults::recognise(self.case.checklist, &self.check.id, observation, scope) {
            return self.faulty(instance, fault, observation);
        }
        match observation {
            Observation::NotMade(why) => self.settled(instance, Reason::NotMade, &wording::not_made(why)),
            Observation::Trouble(trouble) => {
                self.settled(instance, Reason::Unreachable, &wording::trouble(trouble))
            }
            Observation::Reply(reply) if reply.is_success() && matches!(reply.body, Body::Json(_)) => {
                let seen = format!("HTTP {}, without the value that was looked for", reply.status);
                self.settled(instance, Reason::MissingValue, &seen)
            }
            Observation::Reply(reply) => self.settled(instance, Reason::UnclearReply, &wording::reply(reply)),
        }
    }

    fn settled(&self, instance: &Instance<'_>, reason: Reason, seen: &str) -> Finding {
        let mut finding = self.finding(instance, unknown(reason), seen);
        self.settle(&mut finding);
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

    /// What a pass shows of the reply: only what the check lists.
    fn shows(&self, observation: &Observation) -> String {
        let json = match observation {
            Observation::Reply(reply) => reply.json(),
            Observation::Trouble(_) | Observation::NotMade(_) => None,
        };
        let shown: Vec<String> = json.map_or_else(Vec::new, |json| {
            let one = |(label, path): (&String, &crate::model::expect::Path)| {
                let found = path.parsed.query(json).all();
                let words: Vec<_> =
                    found.into_iter().filter(|value| !value.is_null()).map(wording::shown).collect();
                (!words.is_empty()).then(|| format!("{label} {}", wording::clip(&words.join(", "))))
            };
            self.check.show.iter().filter_map(one).collect()
        });
        if shown.is_empty() { wording::observation(observation) } else { shown.join(", ") }
    }

    fn observation(&self, probe: &ProbeId, instance: &Instance<'_>) -> Option<&'a Observation> {
        self.case.observations.of(probe, instance.shot.map(|shot| shot.id.as_str()))
    }

    fn scope<'b>(&self, instance: &Instance<'b>) -> Scope<'b> {
        Scope { now: Some(self.case.now), shot: instance.shot }
    }

    /// A refuted claim closes the gate only where the check says so.
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
            check: check.id.clone(),
            subject: instance.subject.clone(),
            row: check.row,
            title: check.title.clone(),
            severity: check.severity,
            verdict,
            seen: seen.into(),
            expected: None,
            got: None,
            fix: advised.then(|| check.fix.clone()),
            fault: None,
            source: check.source.clone(),
        }
    }
}

fn unknown(reason: Reason) -> Verdict {
    Verdict::Unknown { reason }
}

fn rule_on(judge: &Judge, scene: &Scene<'_>) -> Ruling {
    let misplaced = |what: &str| {
        Ruling::unknown(Reason::NotDeclared, format!("the check must be repeated for each {what}"))
    };
    match judge {
        Judge::Project(rule) => rule(scene),
        Judge::Shot(rule) => scene.shot.map_or_else(|| misplaced("shot"), |shot| rule(scene, shot)),
        Judge::Input(rule) => scene.input.map_or_else(|| misplaced("input"), |input| rule(scene, input)),
    }
}
