//! Files are uploaded, used, listed and deleted.

use rstest::rstest;
use serde_json::{Value, json};

use super::fixture::*;
use crate::standin::jobs::made;

const FILES_PATH: &str = "/v1/files";

/// A form with a file in it, and fields before and after it.
fn form(before: &[(&str, &str)], file: Option<(&str, &[u8])>, behind: &[(&str, &str)]) -> Vec<u8> {
    let mut body = Vec::new();
    let field = |(name, value): &(&str, &str)| {
        format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    body.extend(before.iter().flat_map(|one| field(one).into_bytes()));
    if let Some((name, bytes)) = file {
        let head = format!(
            "--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: video/mp4\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend_from_slice(bytes);
        body.extend(b"\r\n");
    }
    body.extend(behind.iter().flat_map(|one| field(one).into_bytes()));
    body.extend(b"--edge--\r\n");
    body
}

async fn uploaded(tester: &Tester, body: Vec<u8>) -> Got {
    let request = tester.client.post(tester.url(API, FILES_PATH)).bearer_auth(tester.key());
    got(request.header("content-type", "multipart/form-data; boundary=edge").body(body)).await.unwrap()
}

async fn asked(tester: &Tester, method: &str, rest: &str) -> Got {
    let url = tester.url(API, &format!("{FILES_PATH}{rest}"));
    got(tester.client.request(method.parse().unwrap(), url).bearer_auth(tester.key())).await.unwrap()
}

#[tokio::test]
async fn a_file_is_put_used_and_thrown_away() {
    let tester = Tester::healthy().await;
    let url = tester.film(&json!({ "prompt": "p", "duration": 3, "aspect_ratio": "1:1" })).await;
    let film = got(tester.client.get(url)).await.unwrap().body;
    let put = uploaded(&tester, form(&[("purpose", "assistants")], Some(("a.mp4", &film)), &[])).await.json();
    let id = put["id"].as_str().unwrap().to_owned();
    assert_eq!(
        (&put["filename"], &put["bytes"], &put["expires_at"]),
        (&json!("a.mp4"), &json!(film.len()), &Value::Null)
    );
    assert_eq!(asked(&tester, "GET", "").await.json()["data"], json!([put]));
    assert_eq!(asked(&tester, "GET", &format!("/{id}")).await.json(), put);
    assert_eq!(asked(&tester, "GET", &format!("/{id}/content")).await.body, film);
    let edit = json!({ "prompt": "p", "video": { "file_id": id } });
    let job = tester.made("/v1/videos/edits", &edit).await;
    let url = tester.ended(&job).await.1.json()["video"]["url"].as_str().unwrap().to_owned();
    let edited = made::measured(&got(tester.client.get(url)).await.unwrap().body).unwrap();
    assert_eq!((edited.millis, edited.width, edited.height), (3000, 480, 480));
    assert_eq!(asked(&tester, "DELETE", &format!("/{id}")).await.json()["deleted"], true);
    for rest in ["", "/content"] {
        assert_eq!(asked(&tester, "GET", &format!("/{id}{rest}")).await.status, 404);
    }
    assert_eq!(asked(&tester, "DELETE", &format!("/{id}")).await.status, 404);
}

#[rstest]
#[case::no_file(form(&[("purpose", "assistants")], None, &[]), 400)]
#[case::no_form(b"{}".to_vec(), 400)]
#[case::too_soon(form(&[("expires_after", "60")], Some(("a", b"x")), &[]), 400)]
#[case::no_number(form(&[("expires_after", "soon")], Some(("a", b"x")), &[]), 400)]
#[case::too_large(form(&[], Some(("a", &vec![0; 50_000_001])), &[]), 413)]
#[tokio::test]
async fn an_upload_that_is_none_is_refused(#[case] body: Vec<u8>, #[case] status: u16) {
    let tester = Tester::healthy().await;
    assert_eq!(uploaded(&tester, body).await.status, status);
    assert_eq!(asked(&tester, "GET", "").await.json()["data"], json!([]));
}

#[tokio::test]
async fn a_file_is_kept_for_as_long_as_was_said() {
    let tester = Tester::healthy().await;
    let put = uploaded(&tester, form(&[("expires_after", "3600")], Some(("a", b"x")), &[])).await.json();
    assert_eq!(put["expires_at"].as_i64().unwrap() - put["created_at"].as_i64().unwrap(), 3600);
    let path = format!("/{}", put["id"].as_str().unwrap());
    tester.clock(json!({ "advance": "59m" })).await;
    assert_eq!(asked(&tester, "GET", &path).await.status, 200);
    tester.clock(json!({ "advance": "1m" })).await;
    assert_eq!(asked(&tester, "GET", &path).await.status, 404);
}

#[tokio::test]
async fn fields_after_the_file_are_not_read() {
    let tester = Tester::healthy().await;
    let put = uploaded(&tester, form(&[], Some(("a", b"x")), &[("expires_after", "3600")])).await.json();
    assert_eq!(put["expires_at"], Value::Null);
    assert_eq!(tester.last().notes.len(), 1);
}

#[tokio::test]
async fn files_need_the_key() {
    let tester = Tester::healthy().await;
    assert_eq!(got(tester.client.get(tester.url(API, FILES_PATH))).await.unwrap().status, 401);
}
