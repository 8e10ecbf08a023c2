//! How a stand-in is set up: which provider it imitates, what happens, where it listens.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use chrono::{DateTime, NaiveTime, Utc};
use tokio::net::TcpSocket;
use url::Url;

use super::{
    clock::Clock,
    jobs::{Jobs, script::JobScript},
    router::Router,
    running::{DemoKey, Resolution, Running},
    script::{Connect, Script, ScriptError, ScriptedReply},
    serve::{self, Ports},
    stage::{Latency, Stage},
    start_error::{self, StartError},
};
use crate::{
    load,
    model::{catalogue::Catalogue, nearest::nearest},
};

/// A name reserved for this machine (RFC 6761): a client that looks it up after all stays here.
const NAME: &str = "stand-in.localhost";

/// How a stand-in is set up.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The provider that it imitates.
    pub provider: String,
    /// What is wrong with the provider or the account; none when it is healthy.
    pub scenario: Option<String>,
    /// What happens to every job that does not ask for something else; the first that applies wins.
    pub plays: Vec<String>,
    /// The address on which it listens.
    pub address: IpAddr,
    /// The port of the first host; any when it is 0. All other hosts get any port.
    pub port: u16,
    /// The seed for ids and random choices.
    pub seed: u64,
    /// How long answers are delayed.
    pub latency: Latency,
    /// What its clock starts at; if absent, the day of the shipped facts.
    pub starts: Option<DateTime<Utc>>,
    /// Whether every call needs the key, as in the real world, and not only calls about jobs.
    pub locked: bool,
}

impl Setup {
    /// The healthy stand-in of a provider, on any port of this machine.
    #[must_use]
    pub fn of(provider: &str) -> Self {
        Self {
            provider: provider.to_owned(),
            scenario: None,
            plays: Vec::new(),
            address: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            seed: 0,
            latency: Latency::default(),
            starts: None,
            locked: false,
        }
    }

    /// Starts it.
    ///
    /// # Errors
    /// [`StartError`] when there is no such provider, scenario or play, or no port for it.
    pub async fn start(self) -> Result<Running, StartError> {
        let provider = self.provider.as_str();
        let no_script =
            || StartError::NoScript { asked: self.scenario.clone(), provider: provider.to_owned() };
        let script = Script::of(provider)?.ok_or_else(no_script)?;
        let jobs = JobScript::of(provider).map_err(|wrong| ScriptError::new(provider, wrong))?;
        let is_play = |id: &str| jobs.as_ref().is_some_and(|jobs| jobs.play(id).is_some());
        let scenario = match &self.scenario {
            None => None,
            Some(asked) => match script.scenario.iter().position(|one| one.id == *asked) {
                Some(found) => Some(found),
                None if is_play(asked) => {
                    return Err(StartError::IsPlay { asked: asked.clone(), provider: provider.to_owned() });
                }
                None => return Err(start_error::unknown(asked, provider, &script.scenario)),
            },
        };
        self.play(script, scenario, jobs).await
    }

    /// Plays a script, healthy or with the scenario at this position.
    pub(super) async fn play(
        &self,
        script: Script,
        scenario: Option<usize>,
        jobs: Option<JobScript>,
    ) -> Result<Running, StartError> {
        let Script { hosts, reply: healthy, scenario: all } = script;
        let plays = self
            .plays_of(jobs.as_ref(), scenario.and_then(|place| all.get(place)).map(|one| one.id.as_str()))?;
        let scenario = scenario.and_then(|place| all.into_iter().nth(place));
        let (connect, mut replies) = scenario.map(|one| (one.connect, one.reply)).unwrap_or_default();
        replies.extend(healthy);
        let jobs = jobs.map(|jobs| (jobs, plays));
        match connect {
            None => self.serving("http", &hosts, replies, jobs).await,
            Some(Connect::Tls) => self.serving("https", &hosts, replies, jobs).await,
            Some(Connect::Refused) => self.unheard("127.0.0.1", hosts, Resolution::LoopbackOnly),
            Some(Connect::Dns) => self.unheard(NAME, hosts, Resolution::NoAddress),
            Some(Connect::Stall) => self.unheard(NAME, hosts, Resolution::Stalls),
        }
    }

    /// What is played for every job, by position: what was asked for, and what belongs to the scenario.
    fn plays_of(&self, jobs: Option<&JobScript>, scenario: Option<&str>) -> Result<Vec<usize>, StartError> {
        let mut places = Vec::new();
        for asked in &self.plays {
            let Some(place) = jobs.and_then(|jobs| jobs.play(asked)) else {
                let known = jobs.into_iter().flat_map(|jobs| &jobs.play).map(|play| play.id.as_str());
                let near = nearest(asked, known).map(str::to_owned);
                return Err(StartError::UnknownPlay {
                    asked: asked.clone(),
                    provider: self.provider.clone(),
                    near,
                });
            };
            places.push(place);
        }
        let all = jobs.into_iter().flat_map(|jobs| jobs.play.iter().enumerate());
        let meant = |name: &String| scenario.is_some_and(|scenario| scenario == name);
        places.extend(all.filter(|(_, play)| play.scenario.iter().any(meant)).map(|(place, _)| place));
        Ok(places)
    }

    async fn serving(
        &self,
        scheme: &str,
        hosts: &[String],
        replies: Vec<ScriptedReply>,
        jobs: Option<(JobScript, Vec<usize>)>,
    ) -> Result<Running, StartError> {
        let address = SocketAddr::new(self.address, self.port);
        let failed = |source| StartError::Port { address, source };
        let ports = Ports::take(address, hosts).await.map_err(failed)?;
        let (mut origins, mut written) = (BTreeMap::new(), BTreeMap::new());
        for (host, address) in ports.addresses().map_err(failed)? {
            let origin = format!("{scheme}://{address}");
            origins.insert(host.clone(), Url::parse(&origin)?);
            written.insert(host, origin);
        }
        let catalogue = match &jobs {
            Some(_) => load::catalogue().map_err(|error| StartError::Catalogue(Box::new(error)))?,
            None => Arc::default(),
        };
        let keys = jobs.iter().flat_map(|(script, _)| demo_keys(script)).collect();
        let clock = Clock::new(self.starts.or_else(|| reviewed(&catalogue)).unwrap_or_default());
        let jobs = jobs.map(|(script, plays)| {
            let films = written.get(&script.film.host).cloned().unwrap_or_default();
            Jobs::new(script, catalogue, plays, self.seed, films)
        });
        let router = Router::new(replies, written);
        let stage = Arc::new(Stage::new(router, jobs, clock, (self.locked, self.latency)));
        let open = ports.serve(&stage);
        let resolution = Resolution::LoopbackOnly;
        Ok(Running { origins, resolution, keys, stage, _open: Some(open), _unheard: Vec::new() })
    }

    /// Ports that are occupied, so that no other program can answer on them, but on which nothing listens.
    fn unheard(&self, name: &str, hosts: Vec<String>, resolution: Resolution) -> Result<Running, StartError> {
        let (mut origins, mut sockets): (_, Vec<TcpSocket>) = (BTreeMap::new(), Vec::new());
        for host in hosts {
            let failed = |source| StartError::Port { address: SocketAddr::new(self.address, 0), source };
            let (socket, port) = serve::silent_port().map_err(failed)?;
            origins.insert(host, Url::parse(&format!("http://{name}:{port}"))?);
            sockets.push(socket);
        }
        let clock = Clock::new(self.starts.unwrap_or_default());
        let router = Router::new(Vec::new(), BTreeMap::new());
        let stage = Arc::new(Stage::new(router, None, clock, (self.locked, self.latency)));
        Ok(Running { origins, resolution, keys: Vec::new(), stage, _open: None, _unheard: sockets })
    }
}

/// The keys that are shown to people, one for each host.
fn demo_keys(script: &JobScript) -> Vec<DemoKey> {
    let told = script.door.iter().filter_map(|door| {
        let value = door.keys.first()?.clone();
        Some(DemoKey { env: door.env.clone(), host: door.host.clone(), value })
    });
    told.collect()
}

/// Noon of the day on which the shipped facts were last checked against their sources.
fn reviewed(catalogue: &Catalogue) -> Option<DateTime<Utc>> {
    let day = catalogue.editions.first()?.reviewed?;
    Some(day.and_time(NaiveTime::from_hms_opt(12, 0, 0)?).and_utc())
}
