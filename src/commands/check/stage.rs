//! Where the calls of a run go, and how they are made: live, to a loopback server, or to the stand-in.

use std::time::Duration;

use url::Url;

use super::{Args, stand_ins::StandIns, transcript::Memory};
use crate::{
    commands::context::Context,
    error::Error,
    files::{self, Kind},
    load::Loaded,
    model::{
        project::CheckSettings,
        report::Rehearsal,
        via::{Proxy, Trusted, Via},
    },
    observe::{self, ExtraCa, Origins, Pause, Resolver, SendTo, Settings},
};

/// What the scenario without any fault is called.
pub(super) const HEALTHY: &str = "healthy";

/// The variables that name a proxy for https, as the HTTP client reads them.
const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Where the calls of one project go, and how they are made.
pub(super) struct Stage {
    /// How calls are made.
    pub(super) settings: Settings,
    /// What the report says of it.
    pub(super) rehearsal: Option<Rehearsal>,
    /// What stands between this program and the servers.
    pub(super) via: Option<Via>,
}

impl Stage {
    /// Sets the stage for one project.
    ///
    /// # Errors
    /// [`Error`] when the base URL or the certificates cannot be used.
    pub(super) fn set(
        args: &Args,
        loaded: &Loaded,
        (stand_ins, memory): (Option<&StandIns>, &Memory),
        context: &Context<'_>,
    ) -> Result<Self, Error> {
        let mut stage = Self::without_media(args, loaded, (stand_ins, memory))?;
        stage.settings.allow_private = memory.allow_private;
        let names_one =
            |variable: &&str| (context.env)(variable).is_some_and(|value| !value.trim().is_empty());
        stage.settings.proxy = PROXIES.into_iter().find(names_one);
        if memory.replay.is_none() && !stage.settings.offline {
            let proxy = stage.settings.proxy.filter(|_| stage.rehearsal.is_none());
            let proxy =
                proxy.map(|variable| proxy_of(variable, &(context.env)(variable).unwrap_or_default()));
            let digest = stage.settings.extra_ca.sha256();
            let named = args.ca_cert.iter().zip(digest).next_back();
            let trusted =
                named.map(|(file, sha256)| Trusted { file: file.to_string(), sha256: sha256.to_owned() });
            stage.via = Via::of(proxy, trusted);
        }
        Ok(stage)
    }

    fn without_media(
        args: &Args,
        loaded: &Loaded,
        (stand_ins, memory): (Option<&StandIns>, &Memory),
    ) -> Result<Self, Error> {
        if memory.replay.is_some() {
            let send_to = memory.exchanges.send_to(&loaded.checklist);
            let here = send_to.as_ref().is_some_and(|to| to.origins.stay_here());
            let rehearsal = memory.rehearsal.clone().or(here.then_some(Rehearsal { scenario: None }));
            let settings = settings(args, &loaded.project.check, false, send_to)?;
            return Ok(Self { settings, rehearsal, via: None });
        }
        let (send_to, rehearsal) = match stand_ins {
            Some(stand_ins) => {
                let scenario = scenario(args).unwrap_or(HEALTHY).to_owned();
                (Some(stand_ins.send_to(loaded)), Some(Rehearsal { scenario: Some(scenario) }))
            }
            None => elsewhere(args, loaded)?,
        };
        let settings = settings(args, &loaded.project.check, stand_ins.is_some(), send_to)?;
        Ok(Self { settings, rehearsal, via: None })
    }
}

/// The stand-ins, when the run is to be rehearsed with them.
///
/// # Errors
/// [`Error::StandIn`] when a project's provider has no such scenario, or there is no port.
pub(super) async fn stand_ins(args: &Args, all: &[Loaded]) -> Result<Option<StandIns>, Error> {
    Ok(match args.rehearse {
        Some(_) => Some(StandIns::start(scenario(args), all).await?),
        None => None,
    })
}

fn scenario(args: &Args) -> Option<&str> {
    args.rehearse.as_deref().filter(|name| *name != HEALTHY)
}

/// Another base URL, when the person typed one. No variable and no file can name one: the keys go there.
fn elsewhere(args: &Args, loaded: &Loaded) -> Result<(Option<SendTo>, Option<Rehearsal>), Error> {
    let Some(text) = &args.base_url else { return Ok((None, None)) };
    let set_by = "--base-url".to_owned();
    let origin = observe::base_url(text).map_err(|source| Error::BaseUrl { from: set_by.clone(), source })?;
    let rehearsal = observe::is_loopback(&origin).then_some(Rehearsal { scenario: None });
    let resolver = resolver(&origin, loaded.checklist.hosts.get("api").map(|host| &host.base_url));
    Ok((Some(SendTo { origins: Origins::One(origin), set_by, resolver }), rehearsal))
}

/// How calls are made. The stand-in answers at once or is meant not to, so nobody waits long for it.
/// A flag or its variable comes first, then the project file.
fn settings(
    args: &Args,
    file: &CheckSettings,
    rehearsed: bool,
    send_to: Option<SendTo>,
) -> Result<Settings, Error> {
    let usual = Settings::default();
    let near = Settings {
        connect_timeout: Duration::from_millis(500),
        read_timeout: Duration::from_secs(1),
        attempts: 2,
        pause: Pause { first: Duration::from_millis(20), longest: Duration::from_millis(100) },
        ..usual.clone()
    };
    let mut settings = if rehearsed { near } else { usual };
    settings.read_timeout = args.timeout.or(file.timeout).unwrap_or(settings.read_timeout);
    settings.total_timeout = settings.total_timeout.max(settings.read_timeout);
    if let Some(concurrency) = args.concurrency.or(file.concurrency) {
        settings.per_host = concurrency.into();
    }
    // A rehearsal never leaves this machine.
    settings.offline = args.offline && !rehearsed;
    settings.send_to = send_to;
    if let Some(path) = &args.ca_cert {
        let pem = files::bytes(path, Kind::Certificates)
            .map_err(|source| Error::File { what: format!("cannot read `--ca-cert {path}`"), source })?;
        settings.extra_ca = ExtraCa::from_pem(&pem)
            .map_err(|why| Error::BadValue { what: format!("`--ca-cert {path}`"), why: why.to_string() })?;
    }
    Ok(settings)
}

/// What is told of a proxy: its host, and never a password.
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

/// A foreign host is not even looked up; the official one may be named by hand as well.
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
    use crate::cli::{Cli, Verb};

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
    #[case::nobody_says((None, None), (None, None), (10, 8))]
    #[case::the_file((None, None), (Some(20), Some(4)), (20, 4))]
    #[case::a_flag((Some(30), Some(2)), (None, None), (30, 2))]
    #[case::both((Some(30), Some(2)), (Some(20), Some(4)), (30, 2))]
    fn a_flag_comes_before_the_file(
        #[case] flags: (Option<u64>, Option<u16>),
        #[case] file: (Option<u64>, Option<u16>),
        #[case] wanted: (u64, usize),
    ) {
        let words = flags.0.map(|time| format!("--timeout={time}s"));
        let words = words.into_iter().chain(flags.1.map(|number| format!("--concurrency={number}")));
        let all = ["greenlight", "check"].map(str::to_owned).into_iter().chain(words).map(Into::into);
        let Verb::Check(args) = Cli::read(all, &|_| None).unwrap().verb else { panic!("not check") };
        let file =
            CheckSettings { fail_on: None, timeout: file.0.map(Duration::from_secs), concurrency: file.1 };
        let settings = settings(&args, &file, false, None).unwrap();
        assert_eq!((settings.read_timeout, settings.per_host), (Duration::from_secs(wanted.0), wanted.1));
    }
}
