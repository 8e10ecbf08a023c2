//! The scripts of paid jobs: where they are created, polled and downloaded, and everything that can happen to them.
//!
//! A provider's script is one file, `scenarios/jobs/PROVIDER.toml`, built into the program.

use serde::Deserialize;

use super::{
    play::Play,
    written::{Dated, Proof, Seconds, Span, WrittenReply},
};
use crate::model::mode::Mode;

/// Provider and script of every file in `scenarios/jobs/`.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/scenarios-jobs.rs"));

/// How paths write the place of a job's id.
pub(in crate::standin) const ID: &str = "{request_id}";

/// Everything that is played for a provider's jobs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::standin) struct JobScript {
    /// The host that accepts jobs.
    pub(in crate::standin) host: String,
    /// The path of a client's base URL, before all other paths.
    pub(in crate::standin) base_path: String,
    /// Where a job is polled.
    pub(in crate::standin) poll_path: String,
    /// The model that makes a clip when none is named.
    pub(in crate::standin) default_model: Dated<String>,
    /// The ratio of a clip when none is named.
    pub(in crate::standin) default_ratio: Dated<String>,
    /// Where clips are.
    pub(in crate::standin) film: FilmPlace,
    /// What a clip that is never fetched counts as.
    pub(in crate::standin) unseen: Unseen,
    /// The keys that are accepted.
    pub(in crate::standin) door: Vec<Door>,
    /// Where jobs are created.
    pub(in crate::standin) create: Vec<Create>,
    /// What happens to a create with a flaw.
    pub(in crate::standin) refusal: Vec<Refusal>,
    /// The store of uploaded files.
    pub(in crate::standin) files: FilesApi,
    /// What happens unless a play says otherwise.
    pub(in crate::standin) usual: Usual,
    /// Everything that can be played; the first one is how a job ends unless another play says otherwise.
    pub(in crate::standin) play: Vec<Play>,
}

/// Where clips are, and how long.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::standin) struct FilmPlace {
    /// The host that serves them, and needs no key.
    pub(in crate::standin) host: String,
    /// The path of one.
    pub(in crate::standin) path: String,
    /// How long it is there.
    pub(in crate::standin) lifetime: Dated<Span>,
    /// The reply after that.
    pub(in crate::standin) gone: WrittenReply,
}

/// What a clip that is never fetched counts as.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::standin) struct Unseen {
    pub(in crate::standin) seconds: u32,
    pub(in crate::standin) ratio: String,
    /// Its shorter side, in pixels.
    pub(in crate::standin) lines: u16,
}

/// The keys that a host accepts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::standin) struct Door {
    pub(in crate::standin) host: String,
    /// The variable that clients read the key from.
    pub(in crate::standin) env: String,
    /// The first is the one that is shown to people.
    pub(in crate::standin) keys: Vec<String>,
    pub(in crate::standin) missing: WrittenReply,
    pub(in crate::standin) wrong: WrittenReply,
    #[expect(dead_code, reason = "it must be written, and is read by people")]
    source: Proof,
}

/// A place where jobs are created.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::standin) struct Create {
    pub(in crate::standin) path: String,
    /// The mode of its jobs; if absent, it follows from their inputs.
    pub(in crate::standin) mode: Option<Mode>,
    pub(in crate::standin) field: Vec<Field>,
    /// The seconds that are accepted, if they differ from the catalogue's.
    pub(in crate::standin) seconds: Option<Dated<Seconds>>,
    #[expect(dead_code, reason = "it must be written, and is read by people")]
    source: Proof,
}

/// A field that is read. All others are silently ignored.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::standin) struct Field {
    pub(in crate::standin) name: String,
    /// Other names for it.
    #[serde(default)]
    pub(in crate::standin) also: Vec<String>,
    pub(in crate::standin) role: Role,
    /// The type of its value.
    #[serde(rename = "is")]
    pub(in crate::standin) kind: Kind,
}

/// The types of a field's value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::standin) enum Kind {
    Text,
    /// A whole number, or a text that is one.
    Whole,
    Flag,
    Table,
    Tables,
    /// One of these words.
    OneOf(Vec<String>),
}

/// A flaw of a create.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::standin) enum Flaw {
    /// The body isn't declared as JSON.
    ContentType,
    /// The body isn't a JSON object.
    NotJson,
    /// A field has the wrong type: `field`.
    WrongType,
    /// There is no prompt.
    NoPrompt,
    /// There is no input clip where one is needed.
    NoVideo,
    /// A file is named that does not exist: `file_id`.
    UnknownFile,
    /// The model does not exist.
    UnknownModel,
    /// The model does not do this.
    ModeUnsupported,
    /// The model accepts no voices.
    VoicesUnsupported,
    /// A field is present that can't be combined with the rest: `field`.
    NotCombined,
    /// The clip would be too long: `seconds`, `max`.
    TooLong,
    /// The clip would be too long or too short: `seconds`, `min`, `max`.
    DurationOutside,
    /// The resolution is not available: `resolution`.
    ResolutionUnsupported,
    /// There are too many reference images: `count`, `max`.
    TooManyReferences,
    /// There are more reference images than the documentation promises: `count`, `max`.
    ManyReferences,
    /// There are too many voices: `count`, `max`.
    TooManyVoices,
    /// There are too many keyframes: `count`, `max`.
    TooManyKeyframes,
    /// A keyframe is outside the clip, or too near to another.
    KeyframeTime,
    /// The input clip is too long or too short: `seconds`, `min`, `max`.
    InputOutside,
    /// An input is named in two ways at once: `field`.
    NamedTwice,
    /// There is no address to send the clip to.
    NoUploadUrl,
}

/// What happens to a create with a flaw; the first entry that applies counts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::standin) struct Refusal {
    /// The flaw.
    pub(in crate::standin) when: Flaw,
    /// In these modes; in all if empty.
    #[serde(default)]
    pub(in crate::standin) modes: Vec<Mode>,
    /// While one of these plays is on; always if empty.
    #[serde(default)]
    pub(in crate::standin) plays: Vec<String>,
    /// The answer.
    pub(in crate::standin) reply: Option<WrittenReply>,
    /// The job is accepted anyway, and this is played for it.
    pub(in crate::standin) ends: Option<String>,
    /// The job is accepted anyway, and this is noted: documentation and server disagree, or it is unknown.
    pub(in crate::standin) disputed: Option<String>,
    #[expect(dead_code, reason = "it must be written, and is read by people")]
    source: Proof,
    #[expect(dead_code, reason = "it is read by people")]
    note: Option<String>,
}

/// The store of uploaded files.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::standin) struct FilesApi {
    /// Where files are uploaded and listed; each file is below it.
    pub(in crate::standin) path: String,
    /// The largest file, in bytes.
    pub(in crate::standin) largest: Dated<usize>,
    /// How many seconds a file may be kept.
    pub(in crate::standin) seconds: Dated<Seconds>,
    /// The reply about a file.
    pub(in crate::standin) file: WrittenReply,
    /// The reply when a file was deleted.
    pub(in crate::standin) deleted: WrittenReply,
    pub(in crate::standin) unknown: WrittenReply,
    pub(in crate::standin) too_large: WrittenReply,
    pub(in crate::standin) no_file: WrittenReply,
    pub(in crate::standin) bad_expiry: WrittenReply,
    #[expect(dead_code, reason = "it must be written, and is read by people")]
    source: Proof,
}

/// What a field is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::standin) enum Role {
    Model,
    Prompt,
    Duration,
    Ratio,
    Resolution,
    Image,
    References,
    Voices,
    LastFrame,
    Keyframes,
    Video,
    Output,
    Other,
}

/// What happens unless a play says otherwise.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::standin) struct Usual {
    /// The answer when a job is accepted.
    pub(in crate::standin) accepted: WrittenReply,
    /// How often a job is found pending.
    pub(in crate::standin) polls: u32,
    /// The replies while it is pending, in turn.
    pub(in crate::standin) pending: Vec<WrittenReply>,
    /// The reply for an id of the wrong form.
    pub(in crate::standin) malformed_id: WrittenReply,
    /// The reply for an id that does not exist.
    pub(in crate::standin) unknown_id: WrittenReply,
    /// The reply at the end of a job whose clip was to be sent elsewhere.
    pub(in crate::standin) uploaded: WrittenReply,
    #[expect(dead_code, reason = "it must be written, and is read by people")]
    source: Proof,
}

impl JobScript {
    /// Reads the built-in script of a provider's jobs, if it has one.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub(in crate::standin) fn of(provider: &str) -> Result<Option<Self>, String> {
        let file = FILES.iter().find(|(name, _)| *name == provider);
        file.map(|(_, text)| Self::read(text)).transpose()
    }

    fn read(text: &str) -> Result<Self, String> {
        let script: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let Some(first) = script.play.first() else { return Err("it has no plays".to_owned()) };
        if !first.ending.as_ref().is_some_and(|ending| ending.film) {
            return Err(format!("its first play, `{}`, ends in no clip", first.id));
        }
        for path in [&script.poll_path, &script.film.path] {
            if path.matches(ID).count() != 1 {
                return Err(format!("`{path}` must have {ID} in it once"));
            }
        }
        if script.usual.pending.is_empty() || script.door.iter().any(|door| door.keys.is_empty()) {
            return Err("it says nothing of a pending job, or a door has no key".to_owned());
        }
        Ok(script)
    }

    /// The position of the play with this id.
    pub(in crate::standin) fn play(&self, id: &str) -> Option<usize> {
        self.play.iter().position(|play| play.id == id)
    }

    /// The keys that a host accepts; none if it accepts all.
    pub(in crate::standin) fn door(&self, host: &str) -> Option<&Door> {
        self.door.iter().find(|door| door.host == host)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{super::play::On, *};

    fn scripts() -> impl Iterator<Item = (&'static str, JobScript)> {
        FILES.iter().map(|(provider, text)| (*provider, JobScript::read(text).unwrap()))
    }

    #[test]
    fn every_play_can_be_told_apart_and_does_something() {
        for (provider, script) in scripts() {
            let ids: HashSet<_> = script.play.iter().map(|play| &play.id).collect();
            let titles: HashSet<_> = script.play.iter().map(|play| &play.title).collect();
            assert_eq!((ids.len(), titles.len()), (script.play.len(), script.play.len()), "{provider}");
            for play in &script.play {
                crate::model::id::validate(&play.id).unwrap();
                let waits = play.polls.is_some() || play.pending.is_some();
                let refuses = script.refusal.iter().any(|one| one.plays.contains(&play.id));
                assert!(play.ending.is_some() || !play.step.is_empty() || waits || refuses, "{}", play.id);
                assert!(play.step.iter().all(|step| !step.taken || step.on == On::Create), "{}", play.id);
                let page = |proof: &Proof| crate::model::source::is_web_page(&proof.url);
                assert!(play.source.as_ref().is_none_or(page), "{}", play.id);
            }
        }
    }

    #[test]
    fn every_refusal_does_one_thing_and_names_what_there_is() {
        for (provider, script) in scripts() {
            for refusal in &script.refusal {
                let told = format!("{provider} {refusal:?}");
                assert_ne!(
                    refusal.reply.is_some(),
                    refusal.ends.is_some() || refusal.disputed.is_some(),
                    "{told}"
                );
                let plays = refusal.plays.iter().chain(&refusal.ends);
                assert!(plays.into_iter().all(|id| script.play(id).is_some()), "{told}");
            }
        }
    }

    #[test]
    fn every_scenario_that_is_named_is_one() {
        for (provider, script) in scripts() {
            let known = crate::standin::scenarios(provider).unwrap();
            for name in script.play.iter().flat_map(|play| &play.scenario) {
                assert!(known.iter().any(|one| one.id == *name), "{provider} {name}");
            }
        }
    }
}
