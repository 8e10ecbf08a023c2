//! Whatever happens in whatever order, a store knows the same as the pure state machine and holds what the budget rules
//! allow.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use super::*;
use crate::spend::{budget, job::step};

const LIMIT: i64 = 100;

/// The expected contents: each job's state and price, from the state machine alone.
#[derive(Debug, Clone, Default)]
struct Known {
    jobs: BTreeMap<String, (State, Ticks)>,
    begun: usize,
}

#[derive(Debug, Clone)]
enum Act {
    /// A clip for a new shot.
    Reserve(i64),
    Happens(usize, Event),
    /// Another process opens the store.
    Reopen,
}

impl Known {
    fn held(&self) -> Ticks {
        Ticks::new(self.jobs.values().map(|(state, price)| state.holds(*price).get()).sum())
    }

    /// Whether a provider reported more than was set aside, and no bill confirms it.
    fn is_overcharged(&self) -> bool {
        self.jobs.values().any(|(state, price)| {
            matches!(state, State::Settled(settled) if settled.basis == Basis::Reported && settled.amount > *price)
        })
    }

    /// The job that a number stands for.
    fn named(&self, number: usize) -> Option<String> {
        self.jobs.keys().nth(number % self.jobs.len().max(1)).cloned()
    }
}

fn event() -> impl Strategy<Value = Event> {
    let ticks = || (0_i64..60).prop_map(Ticks::new);
    let ending = prop::sample::select(vec![Ending::Done, Ending::Failed, Ending::Moderated, Ending::Expired]);
    prop_oneof![
        3 => Just(Event::Permitted),
        1 => Just(Event::NotSent),
        3 => "[a-c]".prop_map(Event::Accepted),
        1 => prop::option::of(ticks()).prop_map(Event::Refused),
        1 => Just(Event::NoAnswer),
        2 => Just(Event::Found),
        3 => (ending, prop::option::of(ticks())).prop_map(|(ending, cost)| Event::Ended(ending, cost)),
        1 => Just(Event::Stored),
        1 => ticks().prop_map(Event::Bill),
        1 => ticks().prop_map(Event::Decision),
    ]
}

impl ReferenceStateMachine for Known {
    type State = Self;
    type Transition = Act;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self::default()).boxed()
    }

    fn transitions(_: &Self) -> BoxedStrategy<Act> {
        prop_oneof![
            2 => (1_i64..50).prop_map(Act::Reserve),
            8 => (0_usize..8, event()).prop_map(|(job, event)| Act::Happens(job, event)),
            1 => Just(Act::Reopen),
        ]
        .boxed()
    }

    fn apply(mut known: Self, act: &Act) -> Self {
        match act {
            Act::Reserve(price) => {
                let price = Ticks::new(*price);
                let id = format!("s{}-1", known.begun);
                known.begun += 1;
                if !known.is_overcharged() && budget::fits(Ticks::new(LIMIT), known.held(), price).is_ok() {
                    known.jobs.insert(id, (State::Reserved, price));
                }
            }
            Act::Happens(number, event) => {
                let id = known.named(*number);
                if let Some((state, price)) = id.and_then(|id| known.jobs.get_mut(&id))
                    && let Ok((next, _)) = step(state, event, *price)
                {
                    *state = next;
                }
            }
            Act::Reopen => {}
        }
        known
    }
}

/// A real store that goes through the same events.
struct Real {
    kept: Kept,
    ledger: Ledger<Rehearsal>,
    runtime: tokio::runtime::Runtime,
    begun: usize,
    before: Known,
}

fn begin(kind: Kind) -> Real {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let kept = Kept::new(kind, "machine");
    let ledger = runtime.block_on(kept.open());
    Real { kept, ledger, runtime, begun: 0, before: Known::default() }
}

fn apply(mut real: Real, known: &Known, act: &Act) -> Real {
    match act {
        Act::Reserve(price) => {
            let permit = real.kept.permit(&format!("s{}", real.begun), *price, LIMIT);
            real.begun += 1;
            drop(real.runtime.block_on(real.ledger.reserve(permit, now())));
        }
        Act::Happens(number, event) => {
            if let Some(id) = real.before.named(*number) {
                drop(real.runtime.block_on(real.ledger.happened(&id, (event, ""), now())));
            }
        }
        Act::Reopen => {
            real.runtime.block_on(real.ledger.close());
            real.ledger = real.runtime.block_on(real.kept.open());
        }
    }
    real.before = known.clone();
    let jobs = real.runtime.block_on(real.ledger.jobs()).unwrap();
    let jobs: BTreeMap<_, _> = jobs.into_iter().map(|job| (job.id, (job.state, job.price))).collect();
    assert_eq!(jobs, known.jobs);
    let balance = real.runtime.block_on(real.ledger.balance(Ticks::new(LIMIT))).unwrap();
    assert_eq!(balance.held(), known.held());
    real
}

/// The same on either store.
macro_rules! store {
    ($name:ident, $kind:expr) => {
        struct $name;

        impl StateMachineTest for $name {
            type SystemUnderTest = Real;
            type Reference = Known;

            fn init_test(_: &Known) -> Real {
                begin($kind)
            }

            fn apply(real: Real, known: &Known, act: Act) -> Real {
                apply(real, known, &act)
            }
        }
    };
}

store!(OnSqlite, Kind::Sqlite);
store!(OnPostgres, Kind::Postgres);

proptest_state_machine::prop_state_machine! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sqlite_knows_what_the_reducer_knows(sequential 1..30 => OnSqlite);

    #[test]
    #[ignore = "needs PostgreSQL: tests/run starts one"]
    fn postgres_knows_what_the_reducer_knows(sequential 1..30 => OnPostgres);
}
