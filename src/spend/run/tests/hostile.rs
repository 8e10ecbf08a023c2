//! Servers that send something other than the clip, or more than is stored.

use axum::response::{IntoResponse as _, Redirect, Response};
use rstest::rstest;
use tokio_util::sync::CancellationToken;

use super::{How, Plays, World, endless, run};
use crate::spend::clip_store::NotKept;

/// Announces one byte more than is stored, but sends little.
fn announced() -> Response {
    ([("content-length", ((512 << 20) + 1).to_string())], endless().into_body()).into_response()
}

/// A server that redirects downloads in a circle.
fn circle() -> Response {
    Redirect::temporary("/film.mp4").into_response()
}

/// A server that redirects downloads to another machine.
fn elsewhere() -> Response {
    Redirect::temporary("https://192.0.2.1/film.mp4").into_response()
}

/// None of them is asked again, and the job can still be resumed.
#[rstest]
#[case::announced(announced, "the clip is larger than 536870912 bytes")]
#[case::circle(circle, "refused to fetch the address of the clip: too many redirects")]
#[case::elsewhere(elsewhere, "refused to fetch the address of the clip: a rehearsal stays on this machine")]
fn what_is_not_the_clip_is_not_fetched(#[case] film: fn() -> Response, #[case] says: &str) {
    run(async {
        let mut world = World::new(Plays { film, ..Plays::default() }).await;
        world.patience = std::time::Duration::from_secs(10);
        let (ledger, cancel) = (world.ledger().await, CancellationToken::new());
        let outcome = world.run(&ledger, None, (&cancel, &())).await.unwrap();
        let How::NotKept(why) = outcome.how else { panic!("{:?}", outcome.how) };
        assert!(!matches!(why, NotKept::Broken(_)) && why.to_string() == says, "{why}");
        assert!(ledger.job("opening-1").await.unwrap().is_resumable());
        let kept = fs_err::read_dir(world.dir.join("clips")).unwrap().map(|one| one.unwrap());
        assert!(kept.into_iter().all(|one| one.metadata().unwrap().len() == 0));
    });
}
