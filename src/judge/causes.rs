//! Why a check differs in a newer receipt, as far as two receipts can tell.

use super::wording::{clip, dated};
use crate::model::{
    answer::Recorded,
    changes::{Cause, InputChange, Why},
    decision::Bar,
    id::CheckId,
    report::{InputRole, Report, Tool},
    route::Row,
    verdict::{Finding, Reason, Verdict},
};

/// Two reports of one project, and the files that differ between them.
pub(super) struct Between<'a> {
    pub(super) old: &'a Report,
    pub(super) new: &'a Report,
    pub(super) inputs: &'a [InputChange],
}

/// How a run was made, when it wasn't a complete run against the provider.
pub(super) fn how(report: &Report) -> Option<String> {
    let scenario = |name: &String| format!("a REHEARSAL (scenario {})", clip(name));
    if let Some(rehearsal) = &report.rehearsal {
        return Some(rehearsal.scenario.as_ref().map_or_else(|| "a REHEARSAL".to_owned(), scenario));
    }
    if report.replay.is_some() {
        return Some("a replay".to_owned());
    }
    if report.allow_private {
        return Some("with private addresses allowed".to_owned());
    }
    if !report.only.is_empty() {
        return Some(format!("a partial run ({})", clip(&report.only.join(", "))));
    }
    let another_time = report.bars().iter().any(|bar| matches!(bar, Bar::AsOf(_)));
    another_time.then(|| format!("judged as of {}", report.at.format("%Y-%m-%d %H:%M UTC")))
}

fn cause(cause: Why, says: impl Into<String>) -> Cause {
    Cause { cause, says: says.into() }
}

impl Between<'_> {
    /// Why one finding became the other; the most certain cause first.
    pub(super) fn why(&self, old: Option<&Finding>, new: Option<&Finding>) -> Vec<Cause> {
        let sure = match (old, new) {
            (Some(old), Some(new)) => self.follows(old, new).or_else(|| self.by_people(old, new)),
            (Some(one), None) | (None, Some(one)) => self.listed(one),
            (None, None) => None,
        };
        if let Some(sure) = sure {
            return vec![sure];
        }
        let mut causes = Vec::new();
        let both = old.zip(new);
        causes.extend(both.map(|(old, new)| self.by_source(old, new)).unwrap_or_default());
        // A different request gets a different reply, so changed files come first.
        causes.extend(self.by_files());
        causes.extend(both.and_then(|(old, new)| self.by_provider(old, new)));
        if causes.is_empty() {
            causes.push(self.by_the_rest(old.or(new)));
        }
        causes
    }

    /// A check that is looked at only when another one passes.
    fn follows(&self, old: &Finding, new: &Finding) -> Option<Cause> {
        match (&old.verdict, &new.verdict) {
            (Verdict::Blocked { by: before }, Verdict::Blocked { by }) if before == by => None,
            (_, Verdict::Blocked { by }) => {
                Some(cause(Why::Follows, format!("waits for {}", title(self.new, by))))
            }
            (Verdict::Blocked { by }, _) => {
                Some(cause(Why::Follows, format!("no longer waits for {}", title(self.old, by))))
            }
            _ => None,
        }
    }

    fn by_people(&self, old: &Finding, new: &Finding) -> Option<Cause> {
        let until = |finding: &Finding| match finding.verdict {
            Verdict::Waived { until } => Some(until),
            _ => None,
        };
        let today = self.new.at.date_naive();
        match (until(old), until(new)) {
            (Some(day), None) if day < today => {
                return Some(cause(Why::Clock, format!("the waiver's last day was {day}")));
            }
            (Some(day), None) => {
                return Some(cause(Why::Waiver, format!("the waiver until {day} no longer counts")));
            }
            (None, Some(day)) => return Some(cause(Why::Waiver, format!("waived until {day}"))),
            (Some(before), Some(after)) if before != after => {
                return Some(cause(Why::Waiver, format!("until {before} → until {after}")));
            }
            _ => {}
        }
        self.by_answer(old, new)
    }

    fn by_answer(&self, old: &Finding, new: &Finding) -> Option<Cause> {
        let either =
            |reason: Reason| [old, new].iter().any(|finding| finding.verdict == Verdict::Unknown { reason });
        if let (Some(answer), true) = (&old.recorded, old.recorded == new.recorded) {
            let (then, now) = (self.old.at.date_naive(), self.new.at.date_naive());
            if then <= answer.expires && answer.expires < now {
                return Some(cause(Why::Clock, format!("the answer's last day was {}", answer.expires)));
            }
            if then < answer.answered && answer.answered <= now {
                return Some(cause(Why::Clock, format!("the answer counts from {}", answer.answered)));
            }
        }
        if either(Reason::EvidenceChanged) && old.verdict != new.verdict {
            return Some(cause(Why::Evidence, "the evidence of the answer"));
        }
        // After a change of the project or a question, the same answers may no longer be valid.
        let answers = self.inputs.iter().find(|input| input.role == InputRole::Answers)?;
        let says = match (&old.recorded, &new.recorded) {
            (Some(before), Some(after)) if before != after => format!("{} → {}", told(before), told(after)),
            (Some(before), None) => format!("{} is gone", told(before)),
            (None, Some(after)) => format!("{} is new", told(after)),
            (Some(_), Some(_)) => turned(answers),
            (None, None) if [Reason::Unanswered, Reason::Borrowed].into_iter().any(either) => turned(answers),
            (None, None) => return None,
        };
        Some(cause(Why::Answer, says))
    }

    /// A check that is in only one of the receipts.
    fn listed(&self, one: &Finding) -> Option<Cause> {
        if self.old.only != self.new.only {
            let part = |report: &Report| match report.only.as_slice() {
                [] => "all".to_owned(),
                only => clip(&only.join(", ")),
            };
            return Some(cause(Why::Run, format!("asked for: {} → {}", part(self.old), part(self.new))));
        }
        let has = |report: &Report| report.findings.iter().any(|finding| finding.check == one.check);
        let project = self.inputs.iter().find(|input| input.role == InputRole::Project)?;
        (has(self.old) && has(self.new)).then(|| cause(Why::Project, turned(project)))
    }

    fn by_source(&self, old: &Finding, new: &Finding) -> Vec<Cause> {
        // A fault has its own source.
        if old.source == new.source || old.fault != new.fault {
            return Vec::new();
        }
        let mut causes = vec![cause(Why::Source, format!("{} → {}", dated(&old.source), dated(&new.source)))];
        let (then, now) = (self.old.at.date_naive(), self.new.at.date_naive());
        if then < new.source.as_of && new.source.as_of <= now {
            causes.insert(0, cause(Why::Clock, format!("this fact counts from {}", new.source.as_of)));
        }
        causes
    }

    fn by_provider(&self, old: &Finding, new: &Finding) -> Option<Cause> {
        let fault = |finding: &Finding| finding.fault.as_ref().map_or("none".to_owned(), ToString::to_string);
        let silent = |finding: &Finding| {
            matches!(
                finding.verdict,
                Verdict::Unknown {
                    reason: Reason::NotMade | Reason::Unreachable | Reason::UnclearReply | Reason::Fault
                }
            )
        };
        let here = matches!(new.row, Row::InputMedia | Row::OutputHandling);
        let sides = (&old.expected, &old.got) != (&new.expected, &new.got);
        let says = if old.fault != new.fault {
            format!("fault {} → {}", fault(old), fault(new))
        } else if silent(old) != silent(new) || (silent(old) && old.seen != new.seen) {
            "what it replied".to_owned()
        } else if sides && !here && self.called() && self.inputs.is_empty() {
            match (&old.got, &new.got) {
                (Some(before), Some(after)) => format!("got {} → {}", clip(before), clip(after)),
                _ => "what it replied".to_owned(),
            }
        } else {
            return None;
        };
        Some(self.by_run().unwrap_or_else(|| cause(Why::Provider, says)))
    }

    /// Whether any call was made in either run.
    fn called(&self) -> bool {
        !self.old.calls.is_empty() || !self.new.calls.is_empty()
    }

    /// Runs of different kinds see different things.
    fn by_run(&self) -> Option<Cause> {
        let kind = |report: &Report| how(report).unwrap_or_else(|| "against the provider".to_owned());
        let calls = |report: &Report| if report.calls.is_empty() { "without a call" } else { "with calls" };
        let (before, after) = (self.old, self.new);
        if kind(before) != kind(after) {
            Some(cause(Why::Run, format!("{} → {}", kind(before), kind(after))))
        } else if before.calls.is_empty() != after.calls.is_empty() {
            Some(cause(Why::Run, format!("{} → {}", calls(before), calls(after))))
        } else {
            None
        }
    }

    /// Every file that may have caused it, and the program. A receipt doesn't tell which of them did.
    fn by_files(&self) -> Vec<Cause> {
        let mut causes: Vec<_> = self
            .inputs
            .iter()
            .filter_map(|input| {
                let why = match input.role {
                    InputRole::Project => Why::Project,
                    InputRole::Checklist => Why::Checklist,
                    InputRole::Catalogue => Why::Catalogue,
                    InputRole::Owners => Why::Owners,
                    // For these, the recorded answers are compared instead.
                    InputRole::Answers | InputRole::Evidence => return None,
                    InputRole::Media => Why::Media,
                };
                Some(cause(why, turned(input)))
            })
            .collect();
        let (before, after) = (&self.old.tool, &self.new.tool);
        if before != after {
            let name = |tool: &Tool| format!("{} {}", clip(&tool.name), clip(&tool.version));
            causes.push(cause(Why::Tool, format!("{} → {}", name(before), name(after))));
        }
        causes
    }

    fn by_the_rest(&self, one: Option<&Finding>) -> Cause {
        let later = self.old.at.date_naive() != self.new.at.date_naive();
        if one.is_some_and(|one| matches!(one.row, Row::InputMedia | Row::OutputHandling)) {
            return cause(Why::Media, "media or folders of the project");
        }
        if let Some(run) = self.by_run() {
            return run;
        }
        match (self.called(), later) {
            (false, true) => cause(Why::Clock, "the day changed; the files and the program did not"),
            (false, false) => cause(Why::Observed, "this machine changed; the files and the program did not"),
            (true, true) => cause(Why::Observed, "a reply or the day changed; the files did not"),
            (true, false) => cause(Why::Observed, "a reply or this machine changed; the files did not"),
        }
    }
}

fn told(recorded: &Recorded) -> String {
    format!("by {} on {}, until {}", clip(&recorded.by), recorded.answered, recorded.expires)
}

fn turned(input: &InputChange) -> String {
    let path = clip(&input.path);
    let name = path.strip_prefix("builtin:").map(|shipped| format!("the shipped `{shipped}`"));
    format!("{} {}", name.unwrap_or_else(|| path.clone()), input.change.words())
}

fn title(report: &Report, id: &CheckId) -> String {
    let finding = report.findings.iter().find(|finding| finding.check == *id);
    finding.map_or_else(|| id.to_string(), |finding| format!("{} ({id})", clip(&finding.title)))
}
