//! From probes to calls: fills in placeholders, waits for the replies they need, and makes each distinct call once.

use std::{
    cell::Cell,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use indexmap::IndexMap;
use reqwest::header::{HeaderName, HeaderValue};
use serde_json::Value;

use super::{
    Plan, base,
    caller::{Caller, Job},
    fan_out,
};
use crate::model::{
    call::{Call, FreeCall},
    checklist::{Host, Need, Probe},
    id::ProbeId,
    observation::{NotMade, Observation, Reading, Reply},
    owners::NotFree,
    project::Shot,
    repeat::ForEach,
    template::{Hole, Unfilled, Values},
};

/// What every probe saw, by probe and shot.
pub(super) type Seen = BTreeMap<(ProbeId, Option<String>), Arc<Observation>>;

/// Two calls are the same when method, address, body and key are.
type Same<'p> = (FreeCall, Option<&'p str>);

/// One probe, for one shot if it is made per shot.
#[derive(Clone, Copy)]
struct Asked<'p> {
    probe: &'p Probe,
    shot: Option<&'p Shot>,
}

impl Asked<'_> {
    fn name(&self) -> (ProbeId, Option<String>) {
        (self.probe.id.clone(), self.shot.map(|shot| shot.id.as_str().to_owned()))
    }

    /// What a needed probe saw, for the same shot if it is made per shot.
    fn needed<'s>(&self, need: &Need, seen: &'s Seen) -> Option<&'s Arc<Observation>> {
        let of = |shot: Option<String>| seen.get(&(need.probe.clone(), shot));
        self.shot.and_then(|shot| of(Some(shot.id.as_str().to_owned()))).or_else(|| of(None))
    }

    fn bound(&self, seen: &Seen) -> Result<IndexMap<String, String>, NotMade> {
        let value = |need| value(self.needed(need, seen)?, need);
        let needs = self.probe.needs.iter();
        needs
            .map(|(name, need)| Ok((name.clone(), value(need).ok_or_else(|| NotMade::Need(name.clone()))?)))
            .collect()
    }
}

/// Makes the calls of all probes; those that need another probe's reply are made in a later wave.
pub(super) async fn observe(plan: &Plan<'_>, caller: &Caller<'_>) -> (Seen, Vec<Call>) {
    let (mut seen, mut calls, mut made) = (Seen::new(), Vec::new(), HashMap::new());
    let mut waiting = asked(plan);
    while !waiting.is_empty() {
        let ready =
            |asked: &Asked<'_>| asked.probe.needs.values().all(|need| asked.needed(need, &seen).is_some());
        let (wave, later): (Vec<_>, Vec<_>) = waiting.into_iter().partition(ready);
        if wave.is_empty() {
            // Probes that need each other, or one that does not exist.
            for asked in &later {
                let name = asked.probe.needs.keys().next().cloned().unwrap_or_default();
                seen.insert(asked.name(), Arc::new(Observation::NotMade(NotMade::Need(name))));
            }
            break;
        }
        self::wave(plan, caller, &wave, (&mut seen, &mut calls, &mut made)).await;
        waiting = later;
    }
    (seen, calls)
}

fn asked<'p>(plan: &Plan<'p>) -> Vec<Asked<'p>> {
    let of = |probe: &'p Probe| match probe.for_each {
        Some(ForEach::Shot) => {
            plan.project.shots.iter().map(|shot| Asked { probe, shot: Some(shot) }).collect()
        }
        _ => vec![Asked { probe, shot: None }],
    };
    plan.checklist.probes.iter().filter(|probe| (plan.is_read)(probe)).flat_map(of).collect()
}

async fn wave<'p>(
    plan: &Plan<'p>,
    caller: &Caller<'_>,
    wave: &[Asked<'p>],
    (seen, calls, made): (&mut Seen, &mut Vec<Call>, &mut HashMap<Same<'p>, Arc<Observation>>),
) {
    let mut jobs = Vec::new();
    let mut places: HashMap<Same<'p>, usize> = HashMap::new();
    let mut wanted = Vec::new();
    for asked in wave {
        match job(plan, *asked, seen) {
            Err(why) => {
                seen.insert(asked.name(), Arc::new(Observation::NotMade(why)));
            }
            Ok((job, env)) => {
                let same = (job.call.clone(), env);
                if let Some(observation) = made.get(&same) {
                    seen.insert(asked.name(), marked(plan, *asked, observation));
                    continue;
                }
                let most = plan.settings.most_calls;
                if made.len() + jobs.len() >= most && !places.contains_key(&same) {
                    seen.insert(asked.name(), Arc::new(Observation::NotMade(NotMade::TooMany(most))));
                    continue;
                }
                let place = *places.entry(same).or_insert_with(|| {
                    jobs.push(job);
                    jobs.len() - 1
                });
                wanted.push((*asked, place));
            }
        }
    }
    let done = fan_out::make_all(caller, &jobs).await;
    let mut observations = Vec::with_capacity(done.len());
    for done in done {
        calls.extend(done.call);
        observations.push(done.observation);
    }
    let at = |place: usize| observations.get(place).cloned();
    let marked = |(asked, place): (Asked<'_>, usize)| Some((asked.name(), marked(plan, asked, &at(place)?)));
    seen.extend(wanted.into_iter().filter_map(marked));
    made.extend(places.into_iter().filter_map(|(same, place)| Some((same, at(place)?))));
}

/// The reply as this probe must read it. Probes that share a call may differ in what they call a success.
fn marked(plan: &Plan<'_>, asked: Asked<'_>, seen: &Arc<Observation>) -> Arc<Observation> {
    let Observation::Reply(reply) = &**seen else { return Arc::clone(seen) };
    match (plan.reads)(asked.probe, asked.shot, seen) {
        Reading { unmet: None, more: false } => Arc::clone(seen),
        Reading { unmet, more } => Arc::new(Observation::Reply(Reply { unmet, more, ..reply.clone() })),
    }
}

/// The call for a probe, and the variable of the key that goes with it; or why it is not made.
fn job<'p>(plan: &Plan<'p>, asked: Asked<'p>, seen: &Seen) -> Result<(Job, Option<&'p str>), NotMade> {
    if plan.settings.offline {
        return Err(NotMade::Offline);
    }
    let Some(host) = plan.checklist.hosts.get(&asked.probe.host) else {
        return Err(NotMade::ForeignHost(asked.probe.host.clone()));
    };
    let base = base::in_force(host, plan.checklist, plan.settings).map_err(NotMade::ForeignHost)?;
    let key = key(plan, host);
    let call = match call(plan, host, asked, seen) {
        Ok(call) => call,
        // Without its key nothing can be learned, so anything else that is missing follows from that.
        Err(why) => return Err(key.err().unwrap_or(why)),
    };
    let to = if *base == host.base_url {
        call.url().clone()
    } else {
        let foreign = || NotMade::ForeignHost(host.base_url.host_str().unwrap_or_default().to_owned());
        base::join(base, &base::path_and_query(call.url())).ok_or_else(foreign)?
    };
    match host.key.as_ref().filter(|_| !call.keyless()) {
        None => Ok((Job { call, to, key: None, caller: "nobody".to_owned() }, None)),
        Some(spec) => {
            let caller = spec.carrier.caller(&spec.env);
            Ok((Job { call, to, key: key?, caller }, Some(spec.env.as_str())))
        }
    }
}

/// What a probe calls, if it is free.
fn call(plan: &Plan<'_>, host: &Host, asked: Asked<'_>, seen: &Seen) -> Result<FreeCall, NotMade> {
    let request = &asked.probe.request;
    let bound = asked.bound(seen)?;
    let path = path(asked, &bound)?;
    let values = Values { shot: asked.shot, bound: Some(&bound) };
    let body = request.body.as_ref().map(|body| body.fill(values).map_err(unfilled)).transpose()?;
    let not_free = |why: String| NotMade::NotFree(format!("{} {path}: {why}", request.method));
    // Whatever its format, a key only ever goes into its header.
    if body.as_ref().is_some_and(|body| plan.redactor.find(&body.to_string()).is_some()) {
        return Err(not_free("its body would hold a secret".to_owned()));
    }
    // The official address must be free, wherever a rehearsal sends the call.
    let official =
        base::join(&host.base_url, &path).ok_or_else(|| not_free(NotFree::NotListed.to_string()))?;
    plan.owners.free_call(request.method, &official, body).map_err(|why| not_free(why.to_string()))
}

fn unfilled(Unfilled(hole): Unfilled) -> NotMade {
    if Hole::OF_SHOT.contains(&hole.as_str()) { NotMade::ShotLacks(hole) } else { NotMade::Need(hole) }
}

fn key(plan: &Plan<'_>, host: &Host) -> Result<Option<(HeaderName, HeaderValue)>, NotMade> {
    let Some(spec) = &host.key else { return Ok(None) };
    let name = host.base_url.host_str().unwrap_or_default();
    if host.base_url.scheme() != "https" || !plan.owners.key_may_go(spec, name) {
        return Err(NotMade::ForeignHost(name.to_owned()));
    }
    let rehearsal = plan.settings.rehearsal().is_some();
    let header = if plan.cache.replays() {
        plan.keys.was_usable(spec, rehearsal).map(|()| None)
    } else {
        plan.keys.header(spec, rehearsal).map(Some)
    };
    header.map_err(|wrong| NotMade::Key { env: spec.env.clone(), wrong })
}

fn path(asked: Asked<'_>, bound: &IndexMap<String, String>) -> Result<String, NotMade> {
    let odd = Cell::new(false);
    let encode = |value: &str| {
        // These would name another place: the folder itself, or the one above.
        odd.set(odd.get() || matches!(value, "" | "." | ".."));
        percent(value)
    };
    let values = Values { shot: asked.shot, bound: Some(bound) };
    let path = asked.probe.request.path.fill(values, encode).map_err(unfilled)?;
    if odd.get() { Err(NotMade::Need(asked.probe.request.path.to_string())) } else { Ok(path) }
}

/// A value as it is written in a path segment or query value.
fn percent(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>().replace('+', "%20")
}

/// The one value that a need finds in a good reply.
fn value(observation: &Observation, need: &Need) -> Option<String> {
    let Observation::Reply(reply) = observation else { return None };
    match need.path.only(reply.json()?)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
