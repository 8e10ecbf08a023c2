//! Downloads of finished clips: in parts, broken off, gone, and with a key that does not belong there.

use rstest::rstest;
use serde_json::json;

use super::fixture::*;
use crate::standin::{KeySeen, NoteKind};

#[rstest]
#[case::first("bytes=0-99", Some((0, 100)))]
#[case::rest("bytes=1000-", Some((1000, usize::MAX)))]
#[case::last("bytes=-10", Some((usize::MAX - 10, usize::MAX)))]
#[case::behind_the_end("bytes=99999999-", None)]
#[tokio::test]
async fn a_range_of_a_clip_is_sent(#[case] range: &str, #[case] wanted: Option<(usize, usize)>) {
    let tester = Tester::healthy().await;
    let url = tester.film(&sea(2)).await;
    let whole = got(tester.client.get(&url)).await.unwrap();
    let length = whole.body.len();
    let part = got(tester.client.get(&url).header("range", range)).await.unwrap();
    match wanted {
        None => assert_eq!((part.status.as_u16(), part.body.len()), (416, 0)),
        Some((from, to)) => {
            let from = if from > length { length - (usize::MAX - from) } else { from };
            assert_eq!((part.status.as_u16(), &part.body[..]), (206, &whole.body[from..to.min(length)]));
            let told = format!("bytes {from}-{}/{length}", to.min(length) - 1);
            assert_eq!(part.headers["content-range"], told.as_str());
        }
    }
    let other = tester.client.get(&url).header("range", "bytes=0-1").header("if-range", "\"other\"");
    assert_eq!(got(other).await.unwrap().status, 200);
    let head = got(tester.client.head(&url)).await.unwrap();
    assert_eq!((head.body.len(), &head.headers["content-length"]), (0, &length.to_string().parse().unwrap()));
}

#[rstest]
#[case("download-cut", None, Some(200))]
#[case("download-error", Some(503), Some(200))]
#[case("download-gone", Some(404), Some(404))]
#[tokio::test]
async fn a_download_goes_wrong(#[case] play: &str, #[case] first: Option<u16>, #[case] then: Option<u16>) {
    let tester = Tester::healthy().await;
    let url = tester.film(&json!({ "prompt": format!("[{play}]"), "duration": 1 })).await;
    for wanted in [first, then] {
        let told = got(tester.client.get(&url)).await.ok();
        assert_eq!(told.map(|got| got.status.as_u16()), wanted);
    }
}

#[rstest]
#[case("download-not-a-clip")]
#[case("download-short")]
#[tokio::test]
async fn a_download_is_no_whole_clip(#[case] play: &str) {
    let tester = Tester::healthy().await;
    let url = tester.film(&json!({ "prompt": format!("[{play}]"), "duration": 1 })).await;
    let told = got(tester.client.get(&url)).await.unwrap();
    assert_eq!(told.status, 200);
    assert!(!re_mp4::Mp4::read_bytes(&told.body).is_ok_and(|read| {
        let track = read.tracks().values().next().unwrap();
        track.samples.iter().all(|one| usize::try_from(one.offset + one.size).unwrap() <= told.body.len())
    }));
}

#[tokio::test]
async fn a_key_that_is_sent_with_a_download_is_noted() {
    let tester = Tester::healthy().await;
    let url = tester.film(&sea(1)).await;
    got(tester.client.get(&url)).await.unwrap();
    assert_eq!(tester.last().notes, []);
    got(tester.client.get(&url).bearer_auth(tester.key())).await.unwrap();
    let entry = tester.last();
    assert_eq!((entry.key, entry.notes[0].kind), (KeySeen::Unasked, NoteKind::KeySentAlong));
}
