//! The store of uploaded files: upload, list, look at, read and delete.

use axum::{body::Bytes, http::header::CONTENT_TYPE};
use futures_util::{FutureExt as _, stream};
use indexmap::IndexMap;
use multer::{Multipart, parse_boundary};
use serde_json::{Value, json};

use super::{
    service::{JobRequest, Jobs},
    table::File,
};
use crate::standin::{
    call::Call,
    journal::{Entry, NoteKind},
    reply::Reply,
};

/// The content of an upload.
#[derive(Debug, Default)]
struct Upload {
    name: String,
    kind: Option<String>,
    bytes: Bytes,
    purpose: String,
    /// How long it is to be kept, as it was written.
    expires: Option<String>,
    /// Whether a field came after the file, where the server no longer reads any.
    late: bool,
}

impl Jobs {
    /// The path below that of the store; none for another path.
    pub(super) fn files_path<'c>(&self, call: Call<'c>) -> Option<&'c str> {
        let rest = call.asked.path.strip_prefix(&self.script.files.path)?;
        let here = call.asked.host == self.script.host && (rest.is_empty() || rest.starts_with('/'));
        here.then(|| rest.trim_start_matches('/'))
    }

    pub(super) fn files_api(&self, request: JobRequest<'_>, rest: &str, entry: &mut Entry) -> Reply {
        let rules = &self.script.files;
        let JobRequest { call, now } = request;
        self.with(|table| table.sweep(now));
        let (id, part) = rest.split_once('/').unwrap_or((rest, ""));
        let unknown = || Reply::filled(&rules.unknown, &[("file_id", id.to_owned())]);
        let found = || self.with(|table| table.file(id).cloned());
        match (call.asked.method, id, part) {
            ("POST", "", "") => self.upload(request, entry),
            ("GET", "", "") => self.list(),
            ("GET", _, "") => found().map_or_else(unknown, |file| self.told(id, &file)),
            ("GET", _, "content") => found().map_or_else(unknown, |file| content(&file)),
            ("DELETE", _, "") => match self.with(|table| table.delete(id)) {
                Some(_) => Reply::filled(&rules.deleted, &[("file_id", id.to_owned())]),
                None => unknown(),
            },
            _ => unknown(),
        }
    }

    fn upload(&self, JobRequest { call, now }: JobRequest<'_>, entry: &mut Entry) -> Reply {
        let rules = &self.script.files;
        let Some(upload) = read(call).filter(|upload| !upload.name.is_empty()) else {
            return Reply::filled(&rules.no_file, &[]);
        };
        if upload.late {
            let says = "a field came after the file, where the server no longer reads any";
            entry.note(NoteKind::Disputed, says);
        }
        if upload.bytes.len() > rules.largest.value {
            return Reply::filled(&rules.too_large, &[("max", rules.largest.value.to_string())]);
        }
        let range = &rules.seconds.value;
        let expires = match upload.expires.as_deref().map(str::parse::<u32>) {
            None => None,
            Some(Ok(seconds)) if (range.min..=range.max).contains(&seconds) => Some(seconds),
            Some(_) => {
                let values = [("min", range.min.to_string()), ("max", range.max.to_string())];
                return Reply::filled(&rules.bad_expiry, &values);
            }
        };
        let expires = expires.map(|seconds| now.timestamp() + i64::from(seconds));
        let Upload { name, kind, bytes, purpose, .. } = upload;
        let file = File { name, kind, bytes, purpose, created: now.timestamp(), expires };
        let id = self.with(|table| table.put(file.clone(), self.seed));
        self.told(&id, &file)
    }

    fn list(&self) -> Reply {
        let all = self.with(|table| table.files());
        let read =
            |(id, file): &(String, File)| serde_json::from_slice::<Value>(&self.told(id, file).body).ok();
        let all: Vec<Value> = all.iter().filter_map(read).collect();
        Reply::json(200, &json!({ "data": all, "pagination_token": null }))
    }

    fn told(&self, id: &str, file: &File) -> Reply {
        let values = [
            ("file_id", id.to_owned()),
            ("filename", file.name.clone()),
            ("bytes", file.bytes.len().to_string()),
            ("purpose", file.purpose.clone()),
            ("created_at", file.created.to_string()),
            ("expires_at", file.expires.map_or("null".to_owned(), |at| at.to_string())),
        ];
        Reply::filled(&self.script.files.file, &values)
    }
}

fn content(file: &File) -> Reply {
    let kind = file.kind.clone().unwrap_or_else(|| "application/octet-stream".to_owned());
    let headers = IndexMap::from([(CONTENT_TYPE.to_string(), kind)]);
    Reply { status: 200, headers, body: file.bytes.clone(), ..Reply::default() }
}

/// Reads a form. All of it has arrived, so there is nothing to wait for.
fn read(call: Call<'_>) -> Option<Upload> {
    let boundary = parse_boundary(call.header(CONTENT_TYPE.as_str())?).ok()?;
    let whole = stream::iter([Ok::<_, std::io::Error>(call.bytes.clone())]);
    parts(Multipart::new(whole, boundary)).now_or_never()?.ok()
}

async fn parts(mut form: Multipart<'_>) -> Result<Upload, multer::Error> {
    let mut upload = Upload::default();
    while let Some(part) = form.next_field().await? {
        let there = !upload.name.is_empty();
        match part.name().unwrap_or_default() {
            "file" => {
                upload.name = part.file_name().filter(|name| !name.is_empty()).unwrap_or("file").to_owned();
                upload.kind = part.content_type().map(ToString::to_string);
                upload.bytes = part.bytes().await?;
            }
            "purpose" if !there => upload.purpose = part.text().await?,
            "expires_after" | "expires_after[seconds]" if !there => upload.expires = Some(part.text().await?),
            _ => upload.late |= there,
        }
    }
    Ok(upload)
}
