//! A client of the stand-in with its key.

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use url::Url;

use crate::standin::{Entry, Running, Setup};

pub(super) const API: &str = "api.x.ai";
pub(super) const FILMS: &str = "vidgen.x.ai";
pub(super) const GENERATIONS: &str = "/v1/videos/generations";

/// A client with the key of the stand-in.
pub(super) struct Tester {
    pub(super) running: Running,
    pub(super) client: Client,
}

/// What came back.
pub(super) struct Got {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Got {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{:?}", String::from_utf8_lossy(&self.body)))
    }
}

pub(super) async fn got(request: RequestBuilder) -> reqwest::Result<Got> {
    let reply = request.send().await?;
    let (status, headers) = (reply.status(), reply.headers().clone());
    Ok(Got { status, headers, body: reply.bytes().await?.to_vec() })
}

impl Tester {
    pub(super) async fn with(setup: Setup) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client =
            Client::builder().no_proxy().tls_certs_only([]).timeout(Duration::from_secs(20)).build().unwrap();
        Self { running: setup.start().await.unwrap(), client }
    }

    pub(super) async fn healthy() -> Self {
        Self::with(Setup::of("xai")).await
    }

    pub(super) fn url(&self, host: &str, path: &str) -> Url {
        self.running.origins[host].join(path).unwrap()
    }

    pub(super) fn key(&self) -> &str {
        &self.running.keys.iter().find(|key| key.host == API).unwrap().value
    }

    pub(super) fn create(&self, path: &str, body: &Value) -> RequestBuilder {
        let request = self.client.post(self.url(API, path)).bearer_auth(self.key());
        request.header("content-type", "application/json").body(body.to_string())
    }

    pub(super) fn poll(&self, id: &str) -> RequestBuilder {
        self.client.get(self.url(API, &format!("/v1/videos/{id}"))).bearer_auth(self.key())
    }

    pub(super) async fn made(&self, path: &str, body: &Value) -> String {
        let got = got(self.create(path, body)).await.unwrap();
        assert_eq!(got.status, 200, "{:?}", got.json());
        got.json()["request_id"].as_str().unwrap().to_owned()
    }

    /// Polls until a job is no longer pending; returns how often it was.
    pub(super) async fn ended(&self, id: &str) -> (usize, Got) {
        for polls in 0..10 {
            let got = got(self.poll(id)).await.unwrap();
            if got.status != 202 {
                return (polls, got);
            }
        }
        panic!("it is still pending");
    }

    /// Makes a clip and returns its link.
    pub(super) async fn film(&self, body: &Value) -> String {
        let id = self.made(GENERATIONS, body).await;
        let (_, done) = self.ended(&id).await;
        done.json()["video"]["url"].as_str().unwrap().to_owned()
    }

    pub(super) async fn clock(&self, body: Value) {
        let request = self.client.post(self.url(API, "/__greenlight/clock")).body(body.to_string());
        assert_eq!(got(request).await.unwrap().status, 200);
    }

    pub(super) fn last(&self) -> Entry {
        self.running.journal().last().unwrap().clone()
    }
}

pub(super) fn sea(seconds: u32) -> Value {
    json!({ "model": "grok-imagine-video", "prompt": "A calm sea", "duration": seconds, "resolution": "480p" })
}

impl Got {
    pub(super) fn json_or_null(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}
