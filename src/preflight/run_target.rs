//! Where the calls of one project go, and how they are made: live, to a loopback server, or to the stand-in.

use std::time::Duration;

use url::Url;

use super::{
    Calls, Environment, Options, PreflightError,
    stand_ins::{HEALTHY, StandIns},
};
use crate::{
    load::Loaded,
    model::{
        project::CheckSettings,
        report::Rehearsal,
        via::{Proxy, Trusted, Via},
    },
    observe::{self, CallCache, Origins, Pause, Resolver, SendTo, Settings},
};

/// A longer timeout for one reply is cut to this: a clock can't be set to the end of time.
const LONGEST: Duration = Duration::from_hours(24);

/// The variables that name a proxy for https, as the HTTP client reads them.
const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Where the calls of one project go, and how they are made.
pub(super) struct RunTarget {
    /// How calls are made.
    pub(super) settings: Settings,
    /// What the report says of it.
    pub(super) rehearsal: Option<Rehearsal>,
    /// What is between this program and the servers.
    pub(super) via: Option<Via>,
}

impl RunTarget {
    /// The target of one project.
    ///
    /// # Errors
    /// [`PreflightError::BaseUrl`] when the base URL cannot be used.
    pub(super) fn of(
        options: &Options,
        loaded: &Loaded,
        (stand_ins, cache): (Option<&StandIns>, &CallCache),
        environment: &Environment<'_>,
    ) -> Result<Self, PreflightError> {
        let (send_to, rehearsal) = send_to(options, loaded, (stand_ins, cache))?;
        let played = stand_ins.is_some() || matches!(options.calls, Calls::To(_));
        let mut settings = settings(options, &loaded.project.check, played);
        settings.send_to = send_to;
        settings.allow_private = options.allow_private;
        settings.until = options.until;
        if rehearsal.is_some() || cache.replays() {
            settings.most_calls = usize::MAX;
        }
        let names_one =
            |variable: &&str| (environment.env)(variable).is_some_and(|value| !value.trim().is_empty());
        settings.proxy = PROXIES.into_iter().find(names_one);
        let calls = !matches!(options.calls, Calls::Replay(_)) && !settings.offline;
        let via = calls.then(|| via(options, &settings, rehearsal.is_some(), environment)).flatten();
        Ok(Self { settings, rehearsal, via })
    }
}

/// Where calls go instead of to the hosts of the checklist, and what the report says of it.
fn send_to(
    options: &Options,
    loaded: &Loaded,
    (stand_ins, cache): (Option<&StandIns>, &CallCache),
) -> Result<(Option<SendTo>, Option<Rehearsal>), PreflightError> {
    let here = |send_to: &SendTo| send_to.origins.stay_here().then_some(Rehearsal { scenario: None });
    Ok(match (&options.calls, stand_ins) {
        (Calls::Replay(replayed), _) => {
            let send_to = cache.send_to(&loaded.checklist);
            let rehearsal = replayed.0.rehearsal.clone().or(send_to.as_ref().and_then(here));
            (send_to, rehearsal)
        }
        (_, Some(stand_ins)) => {
            let scenario = stand_ins.scenario().unwrap_or(HEALTHY).to_owned();
            (Some(stand_ins.send_to(loaded)), Some(Rehearsal { scenario: Some(scenario) }))
        }
        (Calls::BaseUrl(text), None) => {
            let send_to = elsewhere(text, loaded)?;
            let rehearsal = here(&send_to);
            (Some(send_to), rehearsal)
        }
        (Calls::To(send_to), None) => (Some(send_to.clone()), here(send_to)),
        (Calls::Live | Calls::StandIn(_), None) => (None, None),
    })
}

/// Another base URL, if a person typed one. No variable and no file can set it, because keys are sent there.
fn elsewhere(text: &str, loaded: &Loaded) -> Result<SendTo, PreflightError> {
    let set_by = "--base-url".to_owned();
    let origin =
        observe::base_url(text).map_err(|source| PreflightError::BaseUrl { from: set_by.clone(), source })?;
    let resolver = resolver(&origin, loaded.checklist.hosts.get("api").map(|host| &host.base_url));
    Ok(SendTo { origins: Origins::One(origin), set_by, resolver })
}

/// What is between this program and the servers that it calls.
fn via(
    options: &Options,
    settings: &Settings,
    rehearsed: bool,
    environment: &Environment<'_>,
) -> Option<Via> {
    let proxy = settings.proxy.filter(|_| !rehearsed);
    let proxy = proxy.map(|variable| proxy_of(variable, &(environment.env)(variable).unwrap_or_default()));
    let trusted = options
        .extra_ca
        .as_ref()
        .and_then(|(file, ca)| Some(Trusted { file: file.clone(), sha256: ca.sha256()?.to_owned() }));
    Via::of(proxy, trusted)
}

/// How calls are made. The stand-in answers at once or is meant not to, so the timeouts are short. Flags come first,
/// then the project file.
fn settings(options: &Options, file: &CheckSettings, rehearsed: bool) -> Settings {
    let usual = Settings::default();
    let near = Settings {
        connect_timeout: Duration::from_millis(500),
        read_timeout: Duration::from_secs(1),
        attempts: 2,
        pause: Pause { first: Duration::from_millis(20), longest: Duration::from_millis(100) },
        ..usual.clone()
    };
    let mut settings = if rehearsed { near } else { usual };
    let timeout = options.timeout.or(file.timeout).unwrap_or(settings.read_timeout);
    settings.read_timeout = timeout.min(LONGEST);
    settings.total_timeout = settings.total_timeout.max(settings.read_timeout);
    if let Some(concurrency) = options.concurrency.or(file.concurrency) {
        settings.per_host = concurrency.into();
    }
    // A rehearsal never leaves this machine.
    settings.offline = options.offline && !rehearsed;
    if let Some((_, ca)) = &options.extra_ca {
        settings.extra_ca = ca.clone();
    }
    settings
}

/// What is shown of a proxy: its host, never a password.
fn proxy_of(variable: &str, value: &str) -> Proxy {
    let value = value.trim();
    let url = if value.contains("://") { Url::parse(value) } else { Url::parse(&format!("http://{value}")) };
    let host = url.ok().and_then(|url| {
        let host = url.host_str()?.to_owned();
        Some(url.port().map_or(host.clone(), |port| format!("{host}:{port}")))
    });
    let host = host.unwrap_or_else(|| "of an address that cannot be read".to_owned());
    Proxy { variable: variable.to_owned(), host }
}

/// A foreign host is not even looked up; the official one may also be typed.
fn resolver(origin: &Url, official: Option<&Url>) -> Resolver {
    match official {
        Some(official) if official.origin() == origin.origin() => Resolver::System,
        _ => Resolver::LoopbackOnly,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://api.x.ai", Resolver::System)]
    #[case("https://api.x.ai:444", Resolver::LoopbackOnly)]
    #[case("https://example.invalid", Resolver::LoopbackOnly)]
    #[case("http://127.0.0.1:9000", Resolver::LoopbackOnly)]
    fn only_the_official_host_is_looked_up(#[case] origin: &str, #[case] wanted: Resolver) {
        let official = Url::parse("https://api.x.ai/").unwrap();
        assert_eq!(resolver(&Url::parse(origin).unwrap(), Some(&official)), wanted);
    }

    #[rstest]
    #[case::none_given((None, None), (None, None), (10, 8))]
    #[case::the_file((None, None), (Some(20), Some(4)), (20, 4))]
    #[case::typed((Some(30), Some(2)), (None, None), (30, 2))]
    #[case::both((Some(30), Some(2)), (Some(20), Some(4)), (30, 2))]
    fn flags_override_the_project_file(
        #[case] typed: (Option<u64>, Option<u16>),
        #[case] file: (Option<u64>, Option<u16>),
        #[case] wanted: (u64, usize),
    ) {
        let timeout = typed.0.map(Duration::from_secs);
        let options = Options { timeout, concurrency: typed.1, ..Options::default() };
        let file =
            CheckSettings { fail_on: None, timeout: file.0.map(Duration::from_secs), concurrency: file.1 };
        let settings = settings(&options, &file, false);
        assert_eq!((settings.read_timeout, settings.per_host), (Duration::from_secs(wanted.0), wanted.1));
    }
}
