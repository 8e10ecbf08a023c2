//! The provider, the project and the checklist that the tests use.

use std::sync::{Arc, Mutex};

use axum::{Router, extract::Request, middleware::Next};
use camino::Utf8Path;
use indexmap::IndexMap;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    model::{
        call::{Call, Method},
        checklist::{Checklist, Host, KeySpec, Need, Probe, Told},
        expect::Path,
        id::{ChecklistId, ProbeId, ShotId},
        key::Carrier,
        media::{Input, Slot},
        mode::Mode,
        observation::{Observation, Observations, Reading, TroubleKind},
        owners::{FreeRequest, OwnedKey, Owner, Owners},
        project::{FailurePolicy, Project, Shot},
        repeat::ForEach,
        route::Route,
        source::Source,
        template::Template,
    },
    observe::{
        CallCache, Clock, ExtraCa, KeyRing, Origins, Pause, Plan, Resolver, SendTo, Settings, base_url,
        observe,
    },
    secrets::Redactor,
};

pub(super) const CANARY: &str = "xai-canary-0123456789";

/// Every request that a server saw: method, path with query, and whether it carried a key.
pub(super) type Log = Arc<Mutex<Vec<(String, String, bool)>>>;

/// Serves a router on loopback.
pub(super) async fn serve(router: Router) -> (String, Log) {
    let log = Log::default();
    let seen = Arc::clone(&log);
    let router = router.layer(axum::middleware::from_fn(move |request: Request, next: Next| {
        let line = (
            request.method().to_string(),
            request.uri().to_string(),
            request.headers().contains_key("authorization"),
        );
        seen.lock().unwrap().push(line);
        next.run(request)
    }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (origin, log)
}

/// A server on loopback with its own certificate; the test provides what it sends.
pub(super) struct Tls {
    pub(super) listener: tokio::net::TcpListener,
    pub(super) acceptor: TlsAcceptor,
    pub(super) origin: String,
    /// Trusts its certificate.
    pub(super) certificate: ExtraCa,
}

impl Tls {
    pub(super) async fn new(speaks: &[u8]) -> Self {
        let identity = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let key = rustls::pki_types::PrivateKeyDer::try_from(identity.signing_key.serialize_der()).unwrap();
        let mut config =
            rustls::ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_no_client_auth()
                .with_single_cert(vec![identity.cert.der().clone()], key)
                .unwrap();
        config.alpn_protocols = vec![speaks.to_vec()];
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            origin: format!("https://localhost:{}", listener.local_addr().unwrap().port()),
            certificate: ExtraCa::from_pem(identity.cert.pem().as_bytes()).unwrap(),
            listener,
        }
    }
}

/// Everything that a plan borrows.
pub(super) struct ProbeFixture {
    pub(super) project: Project,
    pub(super) checklist: Checklist,
    pub(super) owners: Owners,
    pub(super) keys: KeyRing,
    pub(super) settings: Settings,
    pub(super) retry: bool,
    /// Probes for which no reply counts as a success.
    pub(super) unmet: Vec<&'static str>,
}

pub(super) fn probe(id: &str, path: &str) -> Probe {
    Probe {
        id: ProbeId::new(id).unwrap(),
        host: "api".into(),
        request: crate::model::request::Request::get(Template::parse(path).unwrap()),
        for_each: path.contains("{shot.").then_some(ForEach::Shot),
        needs: IndexMap::new(),
        success: vec![],
        serves: None,
        proves_key: false,
    }
}

pub(super) fn needs(probe: Probe, name: &str, other: &str, path: &str) -> Probe {
    let need = Need { probe: ProbeId::new(other).unwrap(), path: Path::parse(path).unwrap() };
    Probe { needs: IndexMap::from([(name.to_owned(), need)]), ..probe }
}

pub(super) fn shot(id: &str, model: &str, inputs: Vec<(Slot, Input)>) -> Shot {
    Shot {
        id: ShotId::new(id).unwrap(),
        mode: Mode::TextToVideo,
        model: model.into(),
        duration: None,
        aspect_ratio: None,
        resolution: None,
        prompt: None,
        brief: None,
        inputs,
        keyframe_millis: vec![],
        voices: vec![],
        line: 1,
    }
}

fn owners() -> Owners {
    let source =
        Source { url: "https://docs.x.ai".into(), as_of: "2026-10-01".parse().unwrap(), confidence: None };
    let pair = |path: &str| FreeRequest {
        host: "api.x.ai".into(),
        method: Method::Get,
        path: path.into(),
        body: None,
        keyless: false,
        public: false,
        repeatable: true,
        source: source.clone(),
    };
    let key = OwnedKey {
        env: "XAI_API_KEY".into(),
        carrier: Carrier::authorization("Bearer"),
        looks: None,
        hosts: vec!["api.x.ai".into()],
    };
    let free = ["/v1/*", "/v1/teams/*/balance", "/v1/video-generation-models/*"].map(pair).to_vec();
    let list = vec![Owner {
        id: "xai".into(),
        name: "xAI".into(),
        keys: vec![key],
        shapes: vec![],
        pages: vec![],
        followed: vec![],
        free,
    }];
    Owners { list, credentials: vec![] }
}

impl ProbeFixture {
    /// A rehearsal at this origin, with a real key in the environment.
    pub(super) fn new(origin: &str, probes: Vec<Probe>) -> Self {
        let key = KeySpec {
            env: "XAI_API_KEY".into(),
            carrier: Carrier::authorization("Bearer"),
            looks: None,
            refuse: vec![],
        };
        let own = Url::parse("https://api.x.ai").unwrap();
        let host = Host { base_url: own, key: Some(key), success: vec![], more: vec![] };
        let hosts = IndexMap::from([("api".to_owned(), host)]);
        let keys = KeyRing::read(&hosts, &|name| (name == "XAI_API_KEY").then(|| CANARY.to_owned()));
        let send_to = SendTo {
            origins: Origins::One(base_url(origin).unwrap()),
            set_by: "--base-url".into(),
            resolver: Resolver::LoopbackOnly,
        };
        let zero = std::time::Duration::ZERO;
        Self {
            project: Project {
                name: "test".into(),
                route: Route::Api,
                provider: "xai".into(),
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
                shots: vec![shot("a", "m-1", vec![])],
                line: 1,
            },
            checklist: Checklist {
                id: ChecklistId::new("api").unwrap(),
                route: Some(Route::Api),
                owner: None,
                reviewed: "2026-11-22".parse().unwrap(),
                hosts,
                probes,
                checks: vec![],
                faults: vec![],
                slugs: vec![],
                signs: vec![],
                remarks: vec![],
                told: Told::default(),
            },
            owners: owners(),
            keys,
            settings: Settings {
                pause: Pause { first: zero, longest: zero },
                send_to: Some(send_to),
                ..Settings::default()
            },
            retry: true,
            unmet: vec![],
        }
    }

    /// One more host of the owner, with a key of its own and the free paths of the first one.
    pub(super) fn add_host(&mut self, name: &str, url: &str, env: &str) {
        let base_url = Url::parse(url).unwrap();
        let host = base_url.host_str().unwrap().to_owned();
        let owner = &mut self.owners.list[0];
        let free: Vec<_> =
            owner.free.iter().map(|pair| FreeRequest { host: host.clone(), ..pair.clone() }).collect();
        owner.free.extend(free);
        owner.keys.push(OwnedKey {
            env: env.into(),
            carrier: Carrier::authorization("Bearer"),
            looks: None,
            hosts: vec![host],
        });
        let key = KeySpec {
            env: env.into(),
            carrier: Carrier::authorization("Bearer"),
            looks: None,
            refuse: vec![],
        };
        self.checklist
            .hosts
            .insert(name.into(), Host { base_url, key: Some(key), success: vec![], more: vec![] });
    }

    pub(super) async fn observe(&self) -> Observations {
        self.observe_with(&CallCache::default()).await
    }

    /// The same, with the replies to other projects of the run.
    pub(super) async fn observe_with(&self, cache: &CallCache) -> Observations {
        let plan = Plan {
            project: &self.project,
            project_dir: Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/media")),
            checklist: &self.checklist,
            owners: &self.owners,
            keys: &self.keys,
            followed: &[],
            redactor: &Redactor::new(self.keys.secrets(), vec![], []),
            settings: &self.settings,
            cache,
            may_retry: &|_| self.retry,
            reads: &|probe, _, _| {
                let unmet = self.unmet.contains(&probe.id.as_str()).then(|| "not met".to_owned());
                Reading { unmet, more: false }
            },
            is_read: &|_| true,
            evidence: Vec::new(),
            own: Vec::new(),
            temp_dirs: vec![],
            seen_on: None,
            clock: Clock::set_to("2026-11-17T09:30:00Z".parse().unwrap()),
            cancel: &CancellationToken::new(),
        };
        observe(&plan, &()).await.unwrap()
    }

    /// What the one probe `a` saw, and its line in the call log.
    pub(super) async fn observe_one(&self) -> (Observation, Option<Call>) {
        let seen = self.observe().await;
        let observation = seen.of(&ProbeId::new("a").unwrap(), None).unwrap().clone();
        (observation, seen.calls.into_iter().next())
    }

    /// What went wrong with the one probe `a`.
    pub(super) async fn trouble(&self) -> TroubleKind {
        match self.observe_one().await.0 {
            Observation::Trouble(trouble) => {
                assert!(!trouble.detail.contains("http"), "{trouble:?}");
                trouble.kind
            }
            other => panic!("{other:?}"),
        }
    }
}
