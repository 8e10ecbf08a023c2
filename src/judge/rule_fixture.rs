//! A minimal setup for tests: one shot, no claims, nothing observed; each test sets what it needs.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use super::{
    rule_context::{Quoted, RuleContext},
    rule_outcome::RuleOutcome,
    rules::{self, Judge},
};
use crate::model::{
    answer::Answers,
    catalogue::{Catalogue, Claim, Fact, ModelName},
    checklist::{AnswerKind, Probe, Question, Slug},
    expect::{Path, Pattern},
    id::{ProbeId, ShotId},
    media::{Input, Media, MediaFact, Way},
    mode::Mode,
    money::Usd,
    observation::{Body, ErrorText, Observation, Observations, Reply},
    pages::Pages,
    project::{FailurePolicy, Project, Shot, ShotIndex},
    question::Covers,
    repeat::ForEach,
    request::Request,
    route::Route,
    rule::{Given, Param},
    sign::Sign,
    source::Source,
    template::Template,
};

pub(super) struct RuleFixture {
    pub(super) project: Project,
    pub(super) catalogue: Catalogue,
    pub(super) answers: Answers,
    pub(super) observations: Observations,
    pub(super) probes: Vec<Probe>,
    pub(super) slugs: Vec<Slug>,
    pub(super) signs: Vec<Sign>,
    pub(super) quoted: Option<Quoted>,
    pub(super) given: Given,
    pub(super) now: DateTime<Utc>,
    pub(super) rehearsal: bool,
    pub(super) allow_private: bool,
}

pub(super) fn source(url: &str, day: &str) -> Source {
    Source { url: url.into(), as_of: day.parse().unwrap(), confidence: None }
}

pub(super) fn shot(id: &str) -> Shot {
    Shot {
        id: ShotId::new(id).unwrap(),
        mode: Mode::TextToVideo,
        model: "model".to_owned(),
        duration: None,
        aspect_ratio: None,
        resolution: None,
        prompt: None,
        brief: None,
        inputs: vec![],
        keyframe_millis: vec![],
        voices: vec![],
        line: 1,
    }
}

/// A question that any text answers.
pub(super) fn question() -> Question {
    Question {
        ask: "Which?".to_owned(),
        kind: AnswerKind::Text,
        choices: vec![],
        pass: vec![],
        evidence: None,
        pages: Pages::Anybody,
        valid_for_days: 90,
        hangs_on: vec![],
        covers: Covers::default(),
        takes_zero: false,
        revision: 1,
        digest: "d".to_owned(),
        digest_v1: None,
    }
}

pub(super) fn reply(status: u16, body: Body) -> Reply {
    Reply { status, headers: BTreeMap::new(), body, error: ErrorText::default(), unmet: None, more: false }
}

impl RuleFixture {
    pub(super) fn new() -> Self {
        Self {
            project: Project {
                name: "Teaser".to_owned(),
                route: Route::Api,
                provider: "xai".to_owned(),
                account: None,
                budget: None,
                output: None,
                upload_url: None,
                commercial: false,
                length: None,
                checklists: vec![],
                catalogues: vec![],
                failure: FailurePolicy::default(),
                check: crate::model::project::CheckSettings::default(),
                shots: vec![shot("shot")],
                line: 1,
            },
            catalogue: Catalogue {
                models: vec![ModelName { id: "model".to_owned(), aliases: vec![] }],
                ..Catalogue::default()
            },
            answers: Answers::default(),
            observations: Observations {
                probes: BTreeMap::new(),
                evidence: BTreeMap::new(),
                media: BTreeMap::new(),
                output: None,
                keys: BTreeMap::new(),
                base: None,
                calls: vec![],
                ended: None,
                seen_on: None,
                live: None,
            },
            probes: vec![],
            slugs: vec![],
            signs: vec![],
            quoted: None,
            given: Given::default(),
            now: "2026-11-22T10:04:00Z".parse().unwrap(),
            rehearsal: false,
            allow_private: false,
        }
    }

    pub(super) fn shot(&mut self) -> &mut Shot {
        &mut self.project.shots[0]
    }

    pub(super) fn add_shot(&mut self, id: &str) -> &mut Shot {
        self.project.shots.push(shot(id));
        self.project.shots.last_mut().unwrap()
    }

    pub(super) fn file(name: &str) -> Input {
        Input::File { path: name.into(), way: Way::DataUri }
    }

    pub(super) fn url(url: &str) -> Input {
        Input::Url(url.parse().unwrap())
    }

    pub(super) fn clip_of(shot: &str) -> Input {
        Input::Shot(ShotId::new(shot).unwrap())
    }

    pub(super) fn at(mut self, day: &str) -> Self {
        self.now = day.parse::<NaiveDate>().unwrap().and_hms_opt(12, 0, 0).unwrap().and_utc();
        self
    }

    fn param(mut self, name: &'static str, param: Param) -> Self {
        self.given.params.insert(name, param);
        self
    }

    pub(super) fn text(self, name: &'static str, text: &str) -> Self {
        self.param(name, Param::Text(text.to_owned()))
    }

    pub(super) fn key(self, name: &'static str, variable: &str) -> Self {
        self.param(name, Param::Key(variable.to_owned()))
    }

    pub(super) fn word(self, name: &'static str, word: &'static str) -> Self {
        self.param(name, Param::Word(word))
    }

    pub(super) fn texts(self, name: &'static str, texts: &[&str]) -> Self {
        self.param(name, Param::Texts(texts.iter().map(|text| (*text).to_owned()).collect()))
    }

    pub(super) fn modes(self, name: &'static str, modes: &[Mode]) -> Self {
        self.param(name, Param::Modes(modes.to_vec()))
    }

    pub(super) fn number(self, name: &'static str, number: u64) -> Self {
        self.param(name, Param::Number(number))
    }

    pub(super) fn duration(self, name: &'static str, seconds: u64) -> Self {
        self.param(name, Param::Duration(Duration::from_secs(seconds)))
    }

    pub(super) fn pattern(self, name: &'static str, pattern: &str) -> Self {
        self.param(name, Param::Pattern(Pattern::parse(pattern).unwrap()))
    }

    pub(super) fn path(self, name: &'static str, path: &str) -> Self {
        self.param(name, Param::Path(Path::parse(path).unwrap()))
    }

    /// A claim about every model, dated the first day of the year.
    pub(super) fn claim(self, modes: &[Mode], fact: Fact) -> Self {
        self.claim_on("2026-01-01", modes, fact)
    }

    pub(super) fn claim_on(mut self, day: &str, modes: &[Mode], fact: Fact) -> Self {
        // The claim is about `model` only, so that unknown models stay unknown.
        let known = vec!["model".to_owned()];
        let source = source("https://docs.example/page", day);
        self.catalogue.claims.push(Claim { models: known, modes: modes.to_vec(), fact, source, note: None });
        self
    }

    pub(super) fn price(self, modes: &[Mode], resolution: &str, micros: i64) -> Self {
        let per_second = Usd::from_micros(micros);
        self.claim(modes, Fact::OutputPrice { resolution: resolution.to_owned(), per_second })
    }

    pub(super) fn media(mut self, input: &Input, media: Media) -> Self {
        self.observations.media.insert(input.clone(), MediaFact::Present(media));
        self
    }

    /// The reply of the probe that a rule knows by this name.
    pub(super) fn reply(self, probe: &'static str, status: u16, json: Value) -> Self {
        self.saw(probe, Observation::Reply(reply(status, Body::Json(json))))
    }

    pub(super) fn text_reply(self, probe: &'static str, status: u16, text: &str) -> Self {
        self.saw(probe, Observation::Reply(reply(status, Body::Text(text.to_owned()))))
    }

    pub(super) fn saw(mut self, probe: &'static str, observation: Observation) -> Self {
        let id = ProbeId::new(probe).unwrap();
        self.observations.probes.insert((id.clone(), None), Arc::new(observation));
        self.given.probes.insert(probe, id);
        self
    }

    /// What a live reply about the first shot says about the model that serves it.
    pub(super) fn served(mut self, status: u16, json: Value) -> Self {
        let id = ProbeId::new("serving").unwrap();
        let seen = Observation::Reply(reply(status, Body::Json(json)));
        let shot = self.project.shots[0].id.to_string();
        self.observations.probes.insert((id.clone(), Some(shot)), Arc::new(seen));
        self.probes.push(Probe {
            id,
            host: "api".to_owned(),
            request: Request::get(Template::parse("/v1/models/{shot.model}").unwrap()),
            for_each: Some(ForEach::Shot),
            needs: indexmap::IndexMap::new(),
            success: vec![],
            serves: Some(Path::parse("$.id").unwrap()),
            proves_key: false,
        });
        self
    }

    /// What a rule says about the project or its first shot.
    pub(super) fn rule(&self, name: &str) -> RuleOutcome {
        self.run(name, None)
    }

    /// What a rule says about an input.
    pub(super) fn rule_on(&self, name: &str, input: &Input) -> RuleOutcome {
        self.run(name, Some(input))
    }

    /// The judgement of the project and its first shot.
    pub(super) fn judged(&self, judge: impl FnOnce(&RuleContext<'_>) -> RuleOutcome) -> RuleOutcome {
        judge(&self.context(None, &ShotIndex::of(&self.project)))
    }

    fn context<'a>(&'a self, input: Option<&'a Input>, index: &'a ShotIndex) -> RuleContext<'a> {
        RuleContext {
            project: &self.project,
            index,
            shot: Some(&self.project.shots[0]),
            input,
            catalogue: &self.catalogue,
            observations: &self.observations,
            probes: &self.probes,
            slugs: &self.slugs,
            signs: &self.signs,
            quoted: self.quoted.as_ref(),
            now: self.now,
            rehearsal: self.rehearsal,
            allow_private: self.allow_private,
            given: &self.given,
        }
    }

    fn run(&self, name: &str, input: Option<&Input>) -> RuleOutcome {
        let index = ShotIndex::of(&self.project);
        let context = self.context(input, &index);
        let shot = &self.project.shots[0];
        match rules::by_name(name).unwrap().judge {
            Judge::Project(rule) | Judge::Shots(rule) => rule(&context),
            Judge::Shot(rule) | Judge::Name(rule) => rule(&context, shot),
            Judge::Input(rule) => rule(&context, input.unwrap()),
        }
    }
}
