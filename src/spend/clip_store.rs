//! Where finished clips are stored, each with its description next to it.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};
use camino::Utf8PathBuf;
use futures_util::StreamExt as _;
use reqwest::{
    Response, StatusCode,
    header::{ACCEPT_ENCODING, CONTENT_RANGE, ETAG, HeaderValue, IF_RANGE, LOCATION, RANGE},
};
use serde_json::{Value, json};
use url::Url;

use super::{
    ledger::Job,
    line::Line,
    order::Wanted,
    realm::Realm,
    steps::{JobStep, Listener},
};
use crate::{
    files::{self, FileError, Kind, Part},
    model::{
        job_api::PointsTo,
        media::{Media, MediaFact, Whole},
    },
    observe::{look_at, trouble_of},
};

/// How often an interrupted download is continued.
const ATTEMPTS: usize = 5;

/// The pause before the second attempt; each is twice as long as the one before.
const PAUSE: Duration = Duration::from_millis(200);

/// How many redirects are followed.
const HOPS: usize = 3;

/// How many files of one shot are stored side by side.
const MOST: usize = 1000;

/// How much the length of a clip may differ from the requested length, in milliseconds.
const TOLERANCE: u64 = 500;

/// Where the clips of a project are stored.
#[derive(Debug, Clone)]
pub struct ClipStore {
    /// The folder of the project; absolute.
    pub dir: Utf8PathBuf,
    /// The folder for clips, relative to it.
    pub folder: Utf8PathBuf,
    /// The longest time that fetching a clip may take.
    pub patience: Duration,
}

/// A clip that is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Where, relative to the folder of the project.
    pub file: Utf8PathBuf,
    /// Digest, lower-case hexadecimal.
    pub sha256: String,
    /// What it is.
    pub media: Media,
    /// How it differs from the clip that was asked for.
    pub differs: Vec<String>,
}

/// Why a clip isn't stored.
#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    /// Its address may not be fetched.
    #[error("refused to fetch the address of the clip: {0}")]
    Address(&'static str),
    /// The server sent something else.
    #[error("the server answered HTTP {0} instead of the clip")]
    Status(u16),
    /// The connection broke repeatedly.
    #[error("the download broke off: {0}")]
    Broken(String),
    /// It is larger than the limit.
    #[error("the clip is larger than {} bytes", Kind::Media.most())]
    TooLarge,
    /// It isn't a complete clip.
    #[error("the download is not a complete clip: {0}")]
    NoClip(String),
    /// It can't be written.
    #[error("cannot write the clip")]
    File(#[from] FileError),
}

impl NotKept {
    /// What it points to.
    #[must_use]
    pub fn points_to(&self) -> Vec<PointsTo> {
        match self {
            Self::File(_) => Vec::new(),
            _ => vec![PointsTo::TemporaryUrl],
        }
    }
}

impl ClipStore {
    /// Fetches a clip and stores it. A partial download from an earlier run is continued.
    pub(super) async fn keep<R: Realm>(
        &self,
        line: &Line<'_, R>,
        (job, url, wanted): (&Job, &str, &Wanted),
        listener: &dyn Listener,
    ) -> Result<Kept, NotKept> {
        let url = Url::parse(url).map_err(|_| NotKept::Address("it is not a URL"))?;
        let mut part = Part::open(&self.dir.join(&self.folder).join(format!(".{}.part", job.id)))?;
        let fetched = self.fetch(line, (job, &url), &mut part, listener);
        let too_slow = || NotKept::Broken(format!("not complete within {} seconds", self.patience.as_secs()));
        tokio::time::timeout(self.patience, fetched).await.map_err(|_| too_slow())??;
        part.sync()?;
        let media = match look_at(part.path().to_owned()).await {
            MediaFact::Present(media) => media,
            _ => Media::default(),
        };
        if let Err(why) = whole(&media) {
            part.discard();
            return Err(NotKept::NoClip(why));
        }
        let name = self.put(&part, &job.shot)?;
        let file = self.folder.join(name);
        let sha256 = media.sha256.clone().unwrap_or_default();
        Ok(Kept { file, sha256, differs: differences(&media, wanted), media })
    }

    async fn fetch<R: Realm>(
        &self,
        line: &Line<'_, R>,
        (job, url): (&Job, &Url),
        part: &mut Part,
        listener: &dyn Listener,
    ) -> Result<(), NotKept> {
        let mut broken = String::new();
        let pauses = ExponentialBuilder::new().with_min_delay(PAUSE).with_max_times(ATTEMPTS - 1);
        let mut pauses = pauses.with_jitter().build();
        // A partial download from an earlier run has no ETag to compare. It is the same job, and the clip is checked as
        // a whole.
        let mut mark = None;
        for _ in 0..ATTEMPTS {
            let before = part.length();
            match self.once(line, (job, url), (part, &mut mark), listener).await {
                Err(NotKept::Broken(why)) => broken = why,
                Err(NotKept::Status(status @ (429 | 500..=599))) => broken = format!("HTTP {status}"),
                done => return done,
            }
            if let Some(pause) = pauses.next() {
                tokio::time::sleep(pause).await;
            }
            // A server that sends nothing more isn't asked forever.
            if part.length() == before && before > 0 {
                part.restart()?;
            }
        }
        Err(NotKept::Broken(broken))
    }

    async fn once<R: Realm>(
        &self,
        line: &Line<'_, R>,
        (job, url): (&Job, &Url),
        (part, mark): (&mut Part, &mut Option<HeaderValue>),
        listener: &dyn Listener,
    ) -> Result<(), NotKept> {
        let response = answer(line, url, (part.length(), mark.as_ref())).await?;
        let now = response.headers().get(ETAG).filter(|mark| !mark.as_bytes().starts_with(b"W/")).cloned();
        let total = match response.status() {
            StatusCode::PARTIAL_CONTENT => {
                let other = mark.is_some() && now.is_some() && *mark != now;
                let span = range(&response).filter(|(from, _)| *from == part.length() && !other);
                let Some((_, total)) = span else {
                    part.restart()?;
                    return Err(NotKept::Broken("the server resumed with different content".to_owned()));
                };
                total
            }
            StatusCode::OK => {
                part.restart()?;
                response.content_length()
            }
            // The file is already complete.
            StatusCode::RANGE_NOT_SATISFIABLE if part.length() > 0 => return Ok(()),
            status => return Err(NotKept::Status(status.as_u16())),
        };
        *mark = now.or(mark.take());
        if total.is_some_and(|total| total > Kind::Media.most()) {
            return Err(NotKept::TooLarge);
        }
        let mut stream = response.bytes_stream();
        while let Some(bytes) = stream.next().await {
            let bytes = bytes.map_err(|error| NotKept::Broken(trouble_of(error).detail))?;
            if part.length() + bytes.len() as u64 > Kind::Media.most() {
                return Err(NotKept::TooLarge);
            }
            part.add(&bytes)?;
            listener.hears(&JobStep::Fetching { job: job.id.clone(), bytes: part.length(), total });
        }
        match total {
            Some(total) if part.length() < total => Err(NotKept::Broken("it ended too soon".to_owned())),
            _ => Ok(()),
        }
    }

    /// Moves a partial file to the first free name of a shot.
    fn put(&self, part: &Part, shot: &str) -> Result<String, FileError> {
        for number in 1..MOST {
            let name = if number == 1 { format!("{shot}.mp4") } else { format!("{shot}-{number}.mp4") };
            // The description is stored next to the clip, and must not replace an existing file either.
            if self.dir.join(&self.folder).join(format!("{name}.json")).exists() {
                continue;
            }
            match part.put(&self.dir.join(&self.folder).join(&name)) {
                Err(FileError::Exists) => {}
                done => return done.map(|()| name),
            }
        }
        Err(FileError::Exists)
    }

    /// Writes the description of a clip next to it.
    ///
    /// # Errors
    /// When it can't be written.
    pub(super) fn describe(
        &self,
        kept: &Kept,
        job: &Job,
        stored: &str,
        rehearsal: bool,
    ) -> Result<(), FileError> {
        let path = self.dir.join(format!("{}.json", kept.file));
        let text = serde_json::to_string_pretty(&sidecar(kept, job, stored, rehearsal)).unwrap_or_default();
        files::write_whole(&path, &(text + "\n"), false)
    }
}

/// Everything that is known about a clip.
fn sidecar(kept: &Kept, job: &Job, stored: &str, rehearsal: bool) -> Value {
    let request: Value = serde_json::from_str(&job.request).unwrap_or(Value::Null);
    let settled = match &job.state {
        super::job::State::Settled(settled) => Some(settled),
        _ => None,
    };
    let pixels = kept.media.pixels;
    json!({
        "schema-version": 1,
        "rehearsal": rehearsal,
        "job": job.id,
        "request-id": job.request_id(),
        "shot": job.shot,
        "route": job.route,
        "provider": job.provider,
        "mode": job.mode,
        "model": job.model,
        "attempt": job.attempt,
        "request": request,
        "receipt": job.receipt,
        "opened": job.opened,
        "stored": stored,
        "cost": {
            "amount": settled.map(|settled| settled.amount.to_string()),
            "ticks": settled.map(|settled| settled.amount.get()),
            "basis": settled.map(|settled| settled.basis.word()),
            "reserved": job.price.to_string(),
        },
        "file": kept.file.file_name(),
        "bytes": kept.media.bytes,
        "sha256": kept.sha256,
        "type": kept.media.mime,
        "milliseconds": kept.media.millis,
        "width": pixels.map(|(width, _)| width),
        "height": pixels.map(|(_, height)| height),
        "codec": kept.media.codec,
        "differs": kept.differs,
    })
}

/// Requests a file from a given offset. No key is sent, and no encoded answer is accepted.
#[expect(clippy::disallowed_methods, reason = "the only download starts here")]
async fn answer<R: Realm>(
    line: &Line<'_, R>,
    url: &Url,
    (from, mark): (u64, Option<&HeaderValue>),
) -> Result<Response, NotKept> {
    let mut url = url.clone();
    for _ in 0..=HOPS {
        let outside = if R::REHEARSAL {
            "a rehearsal stays on this machine"
        } else {
            "it is not a public https address"
        };
        let client = line.fetcher(&url).ok_or(NotKept::Address(outside))?;
        let mut request = client.get(url.clone()).header(ACCEPT_ENCODING, "identity");
        if from > 0 {
            request = request.header(RANGE, format!("bytes={from}-"));
            if let Some(mark) = mark {
                request = request.header(IF_RANGE, mark.clone());
            }
        }
        let response = request.send().await.map_err(|error| NotKept::Broken(trouble_of(error).detail))?;
        if !response.status().is_redirection() {
            return Ok(response);
        }
        let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
        url = to.and_then(|to| url.join(to).ok()).ok_or(NotKept::Status(response.status().as_u16()))?;
    }
    Err(NotKept::Address("too many redirects"))
}

/// Where a part begins, and the length of the whole.
fn range(response: &Response) -> Option<(u64, Option<u64>)> {
    let text = response.headers().get(CONTENT_RANGE)?.to_str().ok()?.strip_prefix("bytes ")?;
    let (span, total) = text.split_once('/')?;
    let (from, _) = span.split_once('-')?;
    Some((from.parse().ok()?, total.parse().ok()))
}

/// The containers that are checked to their end; other films can't be verified.
const FILMS: [&str; 2] = ["video/mp4", "video/quicktime"];

fn whole(media: &Media) -> Result<(), String> {
    match (media.mime.as_deref(), &media.whole) {
        (None, _) => Err("its type is unknown".to_owned()),
        (Some(mime), _) if !FILMS.contains(&mime) => Err(format!("it is {mime}")),
        (_, Whole::No(why) | Whole::Unknown(why)) => Err(why.clone()),
        (_, Whole::Yes) if media.millis.is_none() || media.pixels.is_none() => {
            Err("it has no picture or no length".to_owned())
        }
        (_, Whole::Yes) => Ok(()),
    }
}

/// How a clip differs from the one that was asked for.
fn differences(media: &Media, wanted: &Wanted) -> Vec<String> {
    let mut all = Vec::new();
    if let (Some(asked), Some(is)) = (wanted.millis, media.millis)
        && asked.abs_diff(is) > TOLERANCE
    {
        all.push(format!("asked for {asked} ms, it is {is} ms long"));
    }
    if let Some((width, height)) = media.pixels {
        if let Some(lines) = wanted.lines
            && width.min(height) != lines
        {
            all.push(format!("asked for {lines}p, it is {width}x{height}"));
        }
        if let Some((w, h)) = wanted.ratio {
            let (is, asked) =
                (f64::from(width) / f64::from(height.max(1)), f64::from(w) / f64::from(h.max(1)));
            if (is / asked - 1.0).abs() > 0.03 {
                all.push(format!("asked for {w}:{h}, it is {width}x{height}"));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests;
