//! The ledger on both stores: what it refuses, what it keeps, and what happens when several runs use it at once.

mod machine;

use std::{collections::BTreeSet, sync::Arc};

use camino::Utf8PathBuf;
use rstest::rstest;
use serde_json::json;

use super::*;
use crate::{
    model::{id::ShotId, mode::Mode, route::Route},
    spend::{
        job::{Basis, Ending, Settled},
        realm::Rehearsal,
    },
};

/// Where the ledger of a test is stored; the folder is removed when this is dropped.
struct Kept(Place, String, #[expect(dead_code, reason = "it is kept")] tempfile::TempDir);

#[derive(Debug, Clone, Copy)]
enum Kind {
    Sqlite,
    Postgres,
}

impl Kept {
    #[expect(clippy::disallowed_methods, reason = "a test asks where the server of its own is")]
    fn new(kind: Kind, name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
        let place = match kind {
            Kind::Sqlite => Place::Project(dir, "ledger.db"),
            Kind::Postgres => {
                let url = std::env::var("GREENLIGHT_TEST_POSTGRES")
                    .expect("tests/run starts a server and names it");
                Place::server(&url).unwrap()
            }
        };
        // All tests share one server, so each run of each test gets its own project.
        let name = format!("{name} {}", folder.path().display());
        Self(place, name, folder)
    }

    async fn open(&self) -> Ledger<Rehearsal> {
        Ledger::open(&self.0, &self.1).await.unwrap()
    }

    fn order(&self, shot: &str, price: i64, budget: i64) -> Order {
        let body = json!({ "model": "m", "prompt": "p", "duration": 6 });
        Order {
            project: self.1.clone(),
            route: Route::Api,
            provider: "acme".to_owned(),
            shot: ShotId::new(shot).unwrap(),
            mode: Mode::TextToVideo,
            model: "m".to_owned(),
            shown: body.clone(),
            body,
            price: Ticks::new(price),
            priced: None,
            budget: Ticks::new(budget),
            retries: 1,
            attempt: Attempt::First,
        }
    }

    fn permit(&self, shot: &str, price: i64, budget: i64) -> Permit<Rehearsal> {
        Permit::for_tests(self.order(shot, price, budget))
    }
}

fn now() -> DateTime<Utc> {
    "2026-11-22T10:04:00Z".parse().unwrap()
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

async fn happens(ledger: &Ledger<Rehearsal>, job: &str, event: Event) -> State {
    ledger.happened(job, (&event, ""), now()).await.unwrap().0
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[ignore = "needs PostgreSQL: tests/run starts one"]
#[case::postgres(Kind::Postgres)]
fn a_job_is_kept_from_its_reservation_to_its_clip(#[case] kind: Kind) {
    let kept = Kept::new(kind, "whole");
    run(async {
        let ledger = kept.open().await;
        let reserved = ledger.reserve(kept.permit("opening", 30, 100), now()).await.unwrap();
        assert_eq!(reserved.id, "opening-1");
        assert_eq!(ledger.balance(Ticks::new(100)).await.unwrap().left(), Ticks::new(70));
        assert_eq!(happens(&ledger, "opening-1", Event::Permitted).await, State::Submitting);
        ledger.close().await;
        // Another process finds it as this one left it.
        let ledger = kept.open().await;
        assert_eq!(happens(&ledger, "opening-1", Event::Found).await, State::Unknown);
        assert_eq!(ledger.balance(Ticks::new(100)).await.unwrap().held(), Ticks::new(30));
        happens(&ledger, "opening-1", Event::Accepted("r-1".to_owned())).await;
        ledger.note("opening-1", ("poll", "200\n\n{}"), now()).await.unwrap();
        happens(&ledger, "opening-1", Event::Ended(Ending::Done, Some(Ticks::new(25)))).await;
        ledger.stored("opening-1", ("clips/opening.mp4", "0a"), now()).await.unwrap();
        let job = ledger.job("opening-1").await.unwrap();
        let wanted = Settled {
            request_id: Some("r-1".to_owned()),
            ending: Ending::Done,
            amount: Ticks::new(25),
            basis: Basis::Reported,
            to_store: false,
        };
        assert_eq!(job.state, State::Settled(wanted));
        assert_eq!((job.file.as_deref(), job.sha256.as_deref()), (Some("clips/opening.mp4"), Some("0a")));
        assert_eq!(ledger.balance(Ticks::new(100)).await.unwrap().held(), Ticks::new(25));
        let history: Vec<_> = ledger.entries().await.unwrap().into_iter().map(|entry| entry.event).collect();
        let wanted = ["reserved", "submitting", "found", "accepted", "poll", "done", "stored"];
        assert_eq!(history, wanted);
    });
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[ignore = "needs PostgreSQL: tests/run starts one"]
#[case::postgres(Kind::Postgres)]
fn a_charge_above_its_reservation_is_kept_and_closes_the_budget(#[case] kind: Kind) {
    let kept = Kept::new(kind, "closed");
    run(async {
        let ledger = kept.open().await;
        let reserved = ledger.reserve(kept.permit("a", 30, 100), now()).await.unwrap();
        happens(&ledger, &reserved.id, Event::Permitted).await;
        happens(&ledger, &reserved.id, Event::Accepted("r".to_owned())).await;
        happens(&ledger, &reserved.id, Event::Ended(Ending::Failed, Some(Ticks::new(130)))).await;
        let balance = ledger.balance(Ticks::new(100)).await.unwrap();
        assert_eq!((balance.left(), balance.closed), (Ticks::new(-30), true));
        // Whatever the budget is by then: the provider's prices aren't what greenlight assumes.
        for budget in [100, 150] {
            let refused = ledger.reserve(kept.permit("b", 1, budget), now()).await.unwrap_err();
            assert!(matches!(refused, NotReserved::NotNow(NotNow::Overcharged { .. })), "{refused}");
        }
        happens(&ledger, &reserved.id, Event::Bill(Ticks::new(130))).await;
        assert!(ledger.balance(Ticks::new(100)).await.unwrap().closed);
        let refused = ledger.reserve(kept.permit("b", 1, 100), now()).await.unwrap_err();
        assert!(matches!(refused, NotReserved::OverBudget(_)), "{refused}");
        // Raising the budget of the project opens it again, as far as that goes.
        let opened = ledger.reserve(kept.permit("b", 20, 150), now()).await.unwrap();
        assert_eq!(ledger.job(&opened.id).await.unwrap().state, State::Reserved);
        let refused = ledger.reserve(kept.permit("c", 1, 150), now()).await.unwrap_err();
        let NotReserved::OverBudget(over) = refused else { panic!("{refused}") };
        assert_eq!(
            over.to_string(),
            "0.0000000001 USD does not fit the budget: 0.00 USD of 0.000000015 USD left"
        );
    });
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[ignore = "needs PostgreSQL: tests/run starts one"]
#[case::postgres(Kind::Postgres)]
fn the_store_itself_refuses_what_would_overspend(#[case] kind: Kind) {
    let kept = Kept::new(kind, "constraint");
    run(async {
        let ledger = kept.open().await;
        drop(ledger.reserve(kept.permit("a", 90, 100), now()).await.unwrap());
        // Simulates a buggy program: more is held than allowed, and the budget isn't closed.
        let text = "UPDATE budget SET held_ticks = 101 WHERE project = $1";
        let again = "INSERT INTO job SELECT project, 'a-2', shot, route, provider, mode, model, request, receipt, \
             attempt, price_ticks, state, request_id, ending, amount_ticks, basis, to_store, file, sha256, opened, \
             changed FROM job WHERE project = $1";
        for text in [text, again] {
            let done = match &ledger.store {
                Store::Sqlite(pool) => sqlx::query(text).bind(&kept.1).execute(pool).await.map(drop),
                Store::Postgres(pool) => sqlx::query(text).bind(&kept.1).execute(pool).await.map(drop),
            };
            assert!(done.is_err(), "{text}");
        }
        assert_eq!(ledger.balance(Ticks::new(100)).await.unwrap().held(), Ticks::new(90));
    });
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[ignore = "needs PostgreSQL: tests/run starts one"]
#[case::postgres(Kind::Postgres)]
fn eight_at_once_reserve_what_fits_and_no_more(#[case] kind: Kind) {
    let kept = Arc::new(Kept::new(kind, "eight"));
    let work = |number: usize| {
        let kept = Arc::clone(&kept);
        move || {
            run(async {
                let ledger = kept.open().await;
                let shot = format!("s{}", number / 2);
                let done = ledger.reserve(kept.permit(&shot, 30, 100), now()).await;
                ledger.close().await;
                done.map(|reserved| reserved.id).map_err(|error| match error {
                    NotReserved::OverBudget(_) => "over budget",
                    NotReserved::NotNow(_) => "not now",
                    NotReserved::Ledger(error) => panic!("{error:?}"),
                })
            })
        }
    };
    // Two for each of four shots; three of them fit.
    let threads: Vec<_> = (0..8).map(|number| std::thread::spawn(work(number))).collect();
    let done: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    let jobs: BTreeSet<_> = done.iter().filter_map(|done| done.as_ref().ok()).collect();
    assert_eq!(jobs.len(), 3, "{done:?}");
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 3, "{done:?}");
    run(async {
        let ledger = kept.open().await;
        assert_eq!(ledger.balance(Ticks::new(100)).await.unwrap().held(), Ticks::new(90));
        assert_eq!(ledger.jobs().await.unwrap().len(), 3);
    });
}

#[test]
fn a_new_ledger_knows_no_jobs() {
    let kept = Kept::new(Kind::Sqlite, "nobody");
    assert!(!kept.0.is_there());
    run(async {
        let ledger = kept.open().await;
        assert!(matches!(ledger.job("x-1").await, Err(LedgerError::NoJob(_))));
        assert!(ledger.happened("x-1", (&Event::Found, ""), now()).await.is_err());
        assert_eq!(ledger.balance(Ticks::new(5)).await.unwrap().left(), Ticks::new(5));
    });
    assert!(kept.0.is_there());
}

#[rstest]
#[case("postgres://ledger@db.example/video", "postgres://db.example:5432/video")]
#[case("postgresql://ann:hunter2@10.0.0.1:6000/x", "postgres://10.0.0.1:6000/x")]
fn a_server_is_told_without_its_password(#[case] url: &str, #[case] told: &str) {
    assert_eq!(Place::server(url).unwrap().told(), told);
}

#[rstest]
#[case("postgres://ann:hunter2@db.example/x", "Require")]
#[case("postgres://ann:hunter2@db.example/x?sslmode=verify-full", "VerifyFull")]
#[case("postgres://ann:hunter2@db.example/x?sslmode=disable", "Disable")]
#[case("postgres://ann@127.0.0.1/x", "Prefer")]
#[case("postgres://ann@localhost/x", "Prefer")]
fn a_password_leaves_this_machine_only_over_tls(#[case] url: &str, #[case] mode: &str) {
    let Place::Server(options) = Place::server(url).unwrap() else { panic!("{url}") };
    assert_eq!(format!("{:?}", options.get_ssl_mode()), mode);
}

#[rstest]
#[case("mysql://db.example/video", BadPlace::Scheme)]
#[case("ledger.db", BadPlace::Scheme)]
#[case("postgres://[", BadPlace::Form)]
fn what_is_no_server_is_refused_without_repeating_it(#[case] url: &str, #[case] why: BadPlace) {
    assert_eq!(Place::server(url).unwrap_err(), why);
    assert!(!why.to_string().contains(url));
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[ignore = "needs PostgreSQL: tests/run starts one"]
#[case::postgres(Kind::Postgres)]
fn a_charge_beyond_all_numbers_leaves_a_ledger_that_can_be_read(#[case] kind: Kind) {
    let kept = Kept::new(kind, "huge");
    run(async {
        let ledger = kept.open().await;
        for (job, cost) in [("opening-1", 5), ("closing-1", i64::MAX)] {
            let shot = job.split('-').next().unwrap();
            let _ = ledger.reserve(kept.permit(shot, 30, 100), now()).await.unwrap();
            happens(&ledger, job, Event::Permitted).await;
            happens(&ledger, job, Event::Accepted(format!("r-{job}"))).await;
            happens(&ledger, job, Event::Ended(Ending::Failed, Some(Ticks::new(cost)))).await;
        }
        let balance = ledger.balance(Ticks::new(100)).await.unwrap();
        assert_eq!((balance.held().get(), balance.closed), (i64::MAX, true));
        let refused = ledger.reserve(kept.permit("ending", 30, 100), now()).await.unwrap_err();
        let NotReserved::NotNow(why) = refused else { panic!("{refused:?}") };
        assert!(why.to_string().contains("more than was reserved"), "{why}");
        // The bill corrects it, to the last tick.
        happens(&ledger, "closing-1", Event::Bill(Ticks::new(30))).await;
        let balance = ledger.balance(Ticks::new(100)).await.unwrap();
        assert_eq!((balance.held().get(), balance.closed), (35, false));
        assert_eq!(ledger.jobs().await.unwrap().len(), 2);
    });
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[ignore = "needs PostgreSQL: tests/run starts one"]
#[case::postgres(Kind::Postgres)]
fn a_charge_above_its_reservation_closes_the_budget_until_the_bill_is_recorded(#[case] kind: Kind) {
    let kept = Kept::new(kind, "overcharged");
    run(async {
        let ledger = kept.open().await;
        let _ = ledger.reserve(kept.permit("opening", 30, 1000), now()).await.unwrap();
        happens(&ledger, "opening-1", Event::Permitted).await;
        happens(&ledger, "opening-1", Event::Accepted("r-1".to_owned())).await;
        happens(&ledger, "opening-1", Event::Ended(Ending::Delivered, Some(Ticks::new(31)))).await;
        let refused = ledger.reserve(kept.permit("closing", 30, 1000), now()).await.unwrap_err();
        let NotReserved::NotNow(why) = refused else { panic!("{refused:?}") };
        assert!(why.fix().contains("greenlight ledger settle opening-1"), "{}", why.fix());
        happens(&ledger, "opening-1", Event::Bill(Ticks::new(31))).await;
        let reserved = ledger.reserve(kept.permit("closing", 30, 1000), now()).await.unwrap();
        assert_eq!(reserved.id, "closing-1");
    });
}

#[test]
fn a_failure_after_a_clip_can_be_tried_again() {
    let kept = Kept::new(Kind::Sqlite, "again and retry");
    run(async {
        let ledger = kept.open().await;
        let order = |attempt| Order { attempt, ..kept.order("opening", 30, 1000) };
        for (attempt, ending) in [(Attempt::First, Ending::Delivered), (Attempt::Again, Ending::Failed)] {
            let reserved = ledger.reserve(Permit::for_tests(order(attempt)), now()).await.unwrap();
            happens(&ledger, &reserved.id, Event::Permitted).await;
            happens(&ledger, &reserved.id, Event::Accepted(reserved.id.clone())).await;
            happens(&ledger, &reserved.id, Event::Ended(ending, Some(Ticks::new(5)))).await;
        }
        let retried = ledger.reserve(Permit::for_tests(order(Attempt::Retry(None))), now()).await;
        assert_eq!(
            retried.map(|reserved| reserved.id).map_err(|why| why.to_string()),
            Ok("opening-3".to_owned())
        );
    });
}

#[test]
fn what_came_is_kept_even_where_it_does_not_fit() {
    let kept = Kept::new(Kind::Sqlite, "reply");
    run(async {
        let ledger = kept.open().await;
        let _ = ledger.reserve(kept.permit("opening", 30, 100), now()).await.unwrap();
        happens(&ledger, "opening-1", Event::Permitted).await;
        let reply = Some(("reply", "200\n\n{\"id\":\"a\0b\"}"));
        let taken = Event::Accepted("r-1".to_owned());
        ledger.learnt("opening-1", reply, (&taken, ""), now()).await.unwrap();
        let again = ledger.learnt("opening-1", reply, (&Event::Refused(None), ""), now()).await;
        assert!(matches!(again, Err(LedgerError::Unfit { .. })), "{again:?}");
        let entries = ledger.entries().await.unwrap();
        let events: Vec<_> = entries.iter().map(|entry| entry.event.as_str()).collect();
        assert_eq!(events, ["reserved", "submitting", "reply", "accepted", "reply"]);
        assert!(entries.iter().all(|entry| !entry.detail.contains('\0')));
        assert_eq!(ledger.job("opening-1").await.unwrap().request_id(), Some("r-1"));
    });
}
