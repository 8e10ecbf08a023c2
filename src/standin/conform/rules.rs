//! The rules: what each sees in a run. A rule that a run does not show says nothing about it.

use serde_json::Value;

use super::{
    script::{Rule, RuleId},
    story::{Act, Story, has_note, is_ambiguous, line, went_wrong},
};
use crate::{
    model::conformance::Sighting,
    standin::{
        jobs::script::{JobScript, Role},
        journal::{Entry, NoteKind},
    },
};

/// What was seen: whether the rule was kept, in words, and the journal lines that show it.
type Seen<'s> = (Option<bool>, String, Vec<&'s Entry>);

/// What a rule sees in a run.
pub(super) fn look(rule: &Rule, story: &Story, script: &JobScript) -> Option<Sighting> {
    let (kept, says, lines) = match rule.id {
        RuleId::NoResend => no_resend(story, script),
        RuleId::NoKeyWithDownload => no_key_with_download(story, script),
        RuleId::SurvivesAnEmptyAnswer => empty_answer(story, script),
        RuleId::SurvivesABadPoll => again(story, script, Act::Poll),
        RuleId::StopsAtTheEnd => stops(story, script),
        RuleId::TellsFailure => tells_failure(story, script),
        RuleId::NoJobAfterModeration => no_job_after(story, script),
        RuleId::WaitsAsTold => waits(story),
        RuleId::PollsPolitely => politely(story, script, rule),
        RuleId::GivesUpInTime => gives_up(story),
        RuleId::StoresTheClip => stores(story, script),
        RuleId::DownloadsAgain => again(story, script, Act::Download),
        RuleId::LogsTheRequestId => logs_the_id(story, script),
        RuleId::SendsWhatIsRead => known_fields(story, script),
        RuleId::SaysWhatItWants => says_what_it_wants(story, script),
    }?;
    let lines = lines.into_iter().map(line).collect();
    Some(Sighting { play: story.play.clone(), kept, says, lines })
}

fn no_resend<'s>(story: &'s Story, script: &'s JobScript) -> Option<Seen<'s>> {
    let creates: Vec<_> = story.acts(script, Act::Create).collect();
    let first = creates.iter().position(|create| is_ambiguous(create))?;
    let lines = creates.get(first..)?.to_vec();
    Some(match lines.len() {
        1 => (Some(true), "it sent the create once".to_owned(), lines),
        count => (Some(false), format!("it sent {} more", count - 1), lines),
    })
}

fn no_key_with_download<'s>(story: &'s Story, script: &'s JobScript) -> Option<Seen<'s>> {
    let downloads: Vec<_> = story.acts(script, Act::Download).collect();
    let with: Vec<_> =
        downloads.iter().copied().filter(|one| has_note(one, NoteKind::KeySentAlong)).collect();
    match (downloads.is_empty(), with.is_empty()) {
        (true, _) => None,
        (_, true) => Some((Some(true), "the download came without a key".to_owned(), downloads)),
        (_, false) => Some((Some(false), "the download came with a key".to_owned(), with)),
    }
}

fn empty_answer<'s>(story: &'s Story, script: &'s JobScript) -> Option<Seen<'s>> {
    let polls: Vec<_> = story.acts(script, Act::Poll).collect();
    let empty = polls.iter().position(|poll| poll.status == Some(202) && poll.answer_bytes == Some(0))?;
    let lines: Vec<_> = polls.get(empty..)?.iter().copied().take(2).collect();
    let kept = lines.len() > 1;
    let says = if kept { "it polled again" } else { "it stopped polling" };
    Some((Some(kept), says.to_owned(), lines))
}

/// Whether a failed request was tried again.
fn again<'s>(story: &'s Story, script: &'s JobScript, act: Act) -> Option<Seen<'s>> {
    let all: Vec<_> = story.acts(script, act).collect();
    let bad = all.iter().position(|one| went_wrong(one))?;
    let lines: Vec<_> = all.get(bad..)?.iter().copied().take(2).collect();
    let kept = lines.len() > 1;
    let says = if kept { "it tried again" } else { "it did not try again" };
    Some((Some(kept), says.to_owned(), lines))
}

fn stops<'s>(story: &'s Story, script: &'s JobScript) -> Option<Seen<'s>> {
    let end = story.end(script)?;
    let later = story.acts(script, Act::Poll).filter(|poll| poll.number > end.number && poll.job == end.job);
    let later: Vec<_> = later.collect();
    let ended = story.ran.as_ref().is_none_or(|ran| ran.in_time);
    Some(match (later.len(), ended) {
        (0, true) => (Some(true), "it stopped polling".to_owned(), vec![end]),
        (0, false) => (Some(false), "it stopped polling, but never ended".to_owned(), vec![end]),
        (count, _) => {
            let lines = std::iter::once(end).chain(later.into_iter().take(3)).collect();
            (Some(false), format!("it polled {count} more times"), lines)
        }
    })
}

fn tells_failure<'s>(story: &'s Story, script: &'s JobScript) -> Option<Seen<'s>> {
    let ran = story.ran.as_ref().filter(|ran| ran.in_time)?;
    let lines: Vec<_> = story.end(script).or(story.entries.last()).into_iter().collect();
    // A client that got a whole clip in the end has no failure to report.
    let stored = story.acts(script, Act::Download).any(is_whole);
    match (ran.code, lines.is_empty() || stored) {
        (_, true) => None,
        (Some(0), _) => {
            Some((Some(false), "it ended as if all were well, with exit code 0".to_owned(), lines))
        }
        (code, _) => {
            let code = code.map_or("a signal".to_owned(), |code| format!("exit code {code}"));
            Some((Some(true), format!("it ended with {code}"), lines))
        }
    }
}

fn no_job_after<'s>(story: &'s Story, script: &'s JobScript) -> Option<Seen<'s>> {
    let end = story.end(script)?;
    let later: Vec<_> = story.acts(script, Act::Create).filter(|one| one.number > end.number).collect();
    Some(if later.is_empty() {
        (Some(true), "it started no other job".to_owned(), vec![end])
    } else {
        (Some(false), "it started another job".to_owned(), [vec![end], later].concat())
    })
}

fn waits(story: &Story) -> Option<Seen<'_>> {
    let told = |entry: &&Entry| {
        let seconds = entry.answer_headers.get("retry-after")?.parse::<u64>().ok()?;
        (entry.status == Some(429)).then_some(seconds)
    };
    let (first, seconds) = story.entries.iter().find_map(|entry| Some((entry, told(&entry)?)))?;
    let same = |entry: &&Entry| entry.method == first.method && entry.path == first.path;
    let next = story.entries.iter().filter(|entry| entry.number > first.number).find(same)?;
    let waited = next.after_ms.saturating_sub(first.after_ms + first.took_ms);
    // The clocks of two programs never agree exactly.
    let kept = waited + 50 >= seconds * 1000;
    Some((Some(kept), format!("it was told to wait {seconds} s and waited {waited} ms"), vec![first, next]))
}

fn politely<'s>(story: &'s Story, script: &'s JobScript, rule: &Rule) -> Option<Seen<'s>> {
    let least = u64::try_from(rule.interval?.0.as_millis()).ok()?;
    let polls: Vec<_> = story.acts(script, Act::Poll).collect();
    let gap = |pair: &[&'s Entry]| match *pair {
        [first, next] if first.job == next.job => {
            Some((next.after_ms.saturating_sub(first.after_ms), first, next))
        }
        _ => None,
    };
    let (shortest, first, next) = polls.windows(2).filter_map(gap).min_by_key(|(gap, ..)| *gap)?;
    let kept = shortest + 50 >= least;
    Some((Some(kept), format!("the shortest time between two polls was {shortest} ms"), vec![first, next]))
}

fn gives_up(story: &Story) -> Option<Seen<'_>> {
    let (ran, last) = (story.ran.as_ref()?, story.entries.last()?);
    Some(if ran.in_time {
        (Some(true), "it gave up".to_owned(), vec![last])
    } else {
        (None, "it was still waiting when its time was over".to_owned(), vec![last])
    })
}

fn stores<'s>(story: &'s Story, script: &'s JobScript) -> Option<Seen<'s>> {
    let end = story.end(script)?;
    let downloads: Vec<_> = story.acts(script, Act::Download).filter(|one| one.job == end.job).collect();
    let whole = downloads.iter().copied().find(|one| is_whole(one));
    Some(match whole {
        Some(download) => (Some(true), "it downloaded the clip".to_owned(), vec![end, download]),
        None => (Some(false), "it never downloaded the clip".to_owned(), [vec![end], downloads].concat()),
    })
}

/// Whether a download delivered a clip, or the last part of one.
fn is_whole(download: &Entry) -> bool {
    let video = download.answer_headers.get("content-type").is_some_and(|kind| kind.starts_with("video/"));
    let ended = download.cut.is_none() && download.state.is_none();
    video && ended && matches!(download.status, Some(200 | 206))
}

fn logs_the_id<'s>(story: &'s Story, script: &'s JobScript) -> Option<Seen<'s>> {
    let ran = story.ran.as_ref()?;
    let create = story.acts(script, Act::Create).find(|one| one.taken && !is_ambiguous(one))?;
    let kept = ran.output.contains(create.job.as_deref()?);
    let says = if kept { "its output names the job" } else { "its output does not name the job" };
    Some((Some(kept), says.to_owned(), vec![create]))
}

fn known_fields<'s>(story: &'s Story, script: &'s JobScript) -> Option<Seen<'s>> {
    let creates: Vec<_> = story.acts(script, Act::Create).collect();
    let dropped = |entry: &&'s Entry| has_note(entry, NoteKind::FieldIgnored);
    let bad: Vec<_> = creates.iter().copied().filter(dropped).collect();
    match (creates.first(), bad.first()) {
        (None, _) => None,
        (Some(first), None) => Some((Some(true), "every field that it sent is read".to_owned(), vec![first])),
        (_, Some(first)) => {
            let notes = first.notes.iter().filter(|note| note.kind == NoteKind::FieldIgnored);
            let says = notes.map(|note| note.says.as_str()).collect::<Vec<_>>().join("; ");
            Some((Some(false), says, vec![first]))
        }
    }
}

fn says_what_it_wants<'s>(story: &'s Story, script: &'s JobScript) -> Option<Seen<'s>> {
    let create = story.acts(script, Act::Create).next()?;
    let body: Value = serde_json::from_str(&create.body).ok()?;
    let place = script.create.iter().find(|place| place.path == create.path)?;
    let wanted = |role: Role| matches!(role, Role::Duration | Role::Resolution);
    let fields = place.field.iter().filter(|field| wanted(field.role));
    let names = |name: &str| body.get(name).is_some_and(|value| !value.is_null());
    let left_out: Vec<_> = fields
        .filter(|field| !std::iter::once(&field.name).chain(&field.also).any(|name| names(name)))
        .map(|field| format!("`{}`", field.name))
        .collect();
    Some(if left_out.is_empty() {
        (Some(true), "it said how long and how large".to_owned(), vec![create])
    } else {
        (Some(false), format!("it left out {}", left_out.join(" and ")), vec![create])
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rstest::rstest;

    use super::*;
    use crate::standin::conform::{script::RuleBook, story::Ran};

    fn sees(id: RuleId, entries: Vec<Entry>, ran: Option<Ran>) -> &'static str {
        let book = RuleBook::of("xai").unwrap().unwrap();
        let rule = book.rule.iter().find(|rule| rule.id == id).unwrap();
        let script = JobScript::of("xai").unwrap().unwrap();
        let seen = look(rule, &Story { play: "done".to_owned(), entries, ran }, &script);
        match seen.map(|seen| seen.kept) {
            Some(Some(true)) => "kept",
            Some(Some(false)) => "broken",
            Some(None) => "untold",
            None => "nothing",
        }
    }

    fn poll(number: usize, after_ms: u64) -> Entry {
        Entry {
            number,
            after_ms,
            host: "api.x.ai".to_owned(),
            method: "GET".to_owned(),
            path: "/v1/videos/1".to_owned(),
            job: Some("1".to_owned()),
            status: Some(202),
            state: Some("pending".to_owned()),
            ..Entry::default()
        }
    }

    #[rstest]
    #[case::at_once(&[0, 10], "broken")]
    #[case::once_too_soon(&[0, 5000, 5500, 10_500], "broken")]
    #[case::a_second(&[0, 1000, 2010], "kept")]
    #[case::alone(&[0], "nothing")]
    fn polls_keep_their_distance(#[case] times: &[u64], #[case] kept: &str) {
        let polls = times.iter().enumerate().map(|(number, time)| poll(number, *time)).collect();
        assert_eq!(sees(RuleId::PollsPolitely, polls, None), kept);
    }

    #[rstest]
    #[case::too_soon(2900, Some("3"), "broken")]
    #[case::as_told(3100, Some("3"), "kept")]
    #[case::untold(10, None, "nothing")]
    #[case::no_number(10, Some("later"), "nothing")]
    fn what_comes_next_waits(#[case] next: u64, #[case] told: Option<&str>, #[case] kept: &str) {
        let headers = told.map(|told| ("retry-after".to_owned(), told.to_owned()));
        let refused = Entry { status: Some(429), answer_headers: BTreeMap::from_iter(headers), ..poll(1, 0) };
        assert_eq!(sees(RuleId::WaitsAsTold, vec![refused.clone(), poll(2, next)], None), kept);
        assert_eq!(sees(RuleId::WaitsAsTold, vec![refused], None), "nothing", "it never came back");
    }

    #[rstest]
    #[case::by_itself(true, "kept")]
    #[case::by_force(false, "untold")]
    fn who_was_ended_by_force_has_not_given_up(#[case] in_time: bool, #[case] kept: &str) {
        let ran = Ran { code: in_time.then_some(1), in_time, output: String::new() };
        assert_eq!(sees(RuleId::GivesUpInTime, vec![poll(1, 0)], Some(ran)), kept);
    }
}
