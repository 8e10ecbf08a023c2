//! The stand-ins of a rehearsal: one for each owner whose hosts the checklists call, started once for the whole run.

use std::collections::BTreeMap;

use crate::{
    load::Loaded,
    observe::{Origins, Resolver, SendTo},
    standin::{self, Resolution, Running, StartError},
};

/// The name of the scenario without any fault.
pub const HEALTHY: &str = "healthy";

/// The stand-ins of a run, by owner and scenario.
pub(super) struct StandIns {
    scenario: Option<String>,
    running: BTreeMap<(String, Option<String>), Running>,
}

impl StandIns {
    /// Starts the stand-ins that the projects need: those of their providers play the scenario, all others are healthy.
    ///
    /// # Errors
    /// [`StartError`] when the provider of a project has no such scenario, or there is no port.
    pub(super) async fn start(scenario: Option<&str>, all: &[Loaded]) -> Result<Self, StartError> {
        let mut stand_ins = Self { scenario: scenario.map(str::to_owned), running: BTreeMap::new() };
        let mut wanted: Vec<_> = all.iter().flat_map(|loaded| stand_ins.needed(loaded)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        for (owner, scenario) in wanted {
            let running = standin::start(&owner, scenario.as_deref()).await?;
            stand_ins.running.insert((owner, scenario), running);
        }
        Ok(stand_ins)
    }

    /// The scenario that the providers play; none when they are healthy.
    pub(super) fn scenario(&self) -> Option<&str> {
        self.scenario.as_deref()
    }

    /// The stand-ins of a project: that of its provider, if there is one or it must play a scenario, and that of every
    /// other owner whose hosts are called and who has one.
    fn needed(&self, loaded: &Loaded) -> Vec<(String, Option<String>)> {
        let provider = loaded.project.provider.as_str();
        let hosts = loaded.checklist.hosts.values().filter_map(|host| host.base_url.host_str());
        let owners = hosts.filter_map(|host| loaded.owners.of_host(host)).map(|owner| owner.id.as_str());
        let known = |owner: &&str| standin::providers().any(|known| known == *owner);
        let others = owners.filter(|owner| *owner != provider).filter(known);
        let own = Some(provider).filter(|provider| self.scenario.is_some() || known(provider));
        let own = own.map(|provider| (provider.to_owned(), self.scenario.clone()));
        own.into_iter().chain(others.map(|owner| (owner.to_owned(), None))).collect()
    }

    /// Where the calls of a project go.
    pub(super) fn send_to(&self, loaded: &Loaded) -> SendTo {
        let (mut origins, mut resolver) = (BTreeMap::new(), Resolver::LoopbackOnly);
        for running in self.needed(loaded).iter().filter_map(|key| self.running.get(key)) {
            origins.extend(running.origins.clone());
            // Of this machine's names the client only looks up `localhost`, and the stand-in never uses that name.
            if running.resolution == Resolution::Stalls {
                resolver = Resolver::Stall;
            }
        }
        SendTo { origins: Origins::Each(origins), set_by: "--rehearse".to_owned(), resolver }
    }
}
