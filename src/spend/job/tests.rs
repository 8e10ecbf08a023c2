//! Explores every way in which three runs on one budget can go, with crashes, lost replies and duplicate replies.

use rstest::rstest;
use stateright::{Checker as _, Model, Property};

use super::*;
use crate::spend::budget;

/// What is set aside for each job.
const PRICE: i64 = 10;

/// Enough for two jobs.
const LIMIT: i64 = 25;

type Step = fn(&State, &Event, Ticks) -> Result<(State, Option<Effect>), Unfit>;

/// Several runs on one budget, a provider, and a connection between them that loses and duplicates messages.
struct World {
    runs: usize,
    crashes: u8,
    step: Step,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Now {
    /// What the ledger knows; one job per run.
    jobs: Vec<Option<State>>,
    /// What each run is doing. Nothing keeps two runs from working on the same job.
    runs: Vec<Run>,
    wire: Vec<Wire>,
    provider: Vec<Provider>,
    crashes: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Run {
    Idle,
    /// Has set aside the price of its own job.
    Reserved,
    /// About to carry out this effect for a job.
    Does(usize, Effect),
    /// Has sent its own job and waits for the reply.
    Waits,
}

/// A message between a run and the provider; each job has one request and at most two replies.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Wire {
    Request(usize),
    Reply(usize, bool),
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Provider {
    sent: u8,
    taken: u8,
    over: Option<(Ending, i64, bool)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Act {
    Reserve(usize),
    Permit(usize),
    Do(usize),
    /// The provider accepts or refuses a request, or the request is lost.
    Take(usize),
    Refuse(usize),
    Lose(usize),
    /// A reply arrives, and may arrive again later.
    Arrive(usize),
    ArriveTwice(usize),
    GiveUp(usize),
    /// The provider finishes a job: how, for how much, and whether it reports the cost.
    Finish(usize, Ending, i64, bool),
    Crash(usize),
    Find(usize, usize),
    /// Someone reads the provider's bill.
    Bill(usize),
}

impl Now {
    fn held(&self) -> i64 {
        self.jobs.iter().flatten().map(|job| job.holds(Ticks::new(PRICE)).get()).sum()
    }

    fn put(&mut self, wire: Wire) {
        self.wire.push(wire);
        self.wire.sort();
    }
}

impl World {
    fn happens(&self, now: &mut Now, run: Option<usize>, job: usize, event: &Event) -> Option<()> {
        let stepped = (self.step)(now.jobs[job].as_ref()?, event, Ticks::new(PRICE));
        let effect = match stepped {
            Ok((state, effect)) => {
                now.jobs[job] = Some(state);
                effect
            }
            // The other run was faster: this one is finished.
            Err(Unfit(_)) if run.is_some() => None,
            Err(Unfit(_)) => return None,
        };
        if let Some(run) = run {
            now.runs[run] = effect.map_or(Run::Idle, |effect| Run::Does(job, effect));
        }
        Some(())
    }

    fn act(&self, now: &mut Now, act: &Act) -> Option<()> {
        match *act {
            Act::Reserve(run) => {
                budget::fits(Ticks::new(LIMIT), Ticks::new(now.held()), Ticks::new(PRICE)).ok()?;
                now.jobs[run] = Some(State::Reserved);
                now.runs[run] = Run::Reserved;
            }
            Act::Permit(run) => self.happens(now, Some(run), run, &Event::Permitted)?,
            Act::Do(run) => self.carry_out(now, run)?,
            Act::Take(at) => {
                let Wire::Request(job) = now.wire.remove(at) else { return None };
                now.provider[job].taken += 1;
                now.put(Wire::Reply(job, true));
            }
            Act::Refuse(at) => {
                let Wire::Request(job) = now.wire.remove(at) else { return None };
                now.put(Wire::Reply(job, false));
            }
            Act::Lose(at) => drop(now.wire.remove(at)),
            Act::Arrive(at) => self.arrive(now, at, false)?,
            Act::ArriveTwice(at) => self.arrive(now, at, true)?,
            Act::GiveUp(run) => self.happens(now, Some(run), run, &Event::NoAnswer)?,
            Act::Finish(job, ending, cost, told) => now.provider[job].over = Some((ending, cost, told)),
            Act::Crash(run) => {
                now.runs[run] = Run::Idle;
                now.crashes -= 1;
            }
            Act::Find(run, job) => self.happens(now, Some(run), job, &Event::Found)?,
            Act::Bill(job) => {
                let (_, cost, _) = now.provider[job].over?;
                self.happens(now, None, job, &Event::Bill(Ticks::new(cost)))?;
            }
        }
        Some(())
    }

    fn carry_out(&self, now: &mut Now, run: usize) -> Option<()> {
        let Run::Does(job, effect) = now.runs[run] else { return None };
        match effect {
            Effect::Send => {
                now.provider[job].sent += 1;
                now.put(Wire::Request(job));
                now.runs[run] = Run::Waits;
                Some(())
            }
            Effect::Poll => {
                let (ending, cost, told) = now.provider[job].over?;
                let event = Event::Ended(ending, told.then(|| Ticks::new(cost)));
                self.happens(now, Some(run), job, &event)
            }
            Effect::Store => self.happens(now, Some(run), job, &Event::Stored),
        }
    }

    fn arrive(&self, now: &mut Now, at: usize, again: bool) -> Option<()> {
        let Wire::Reply(job, taken) = now.wire[at] else { return None };
        if !again {
            now.wire.remove(at);
        }
        let event = if taken { Event::Accepted(job.to_string()) } else { Event::Refused(None) };
        // The run it was for has crashed or already has its reply: the reply is dropped.
        if now.runs[job] == Run::Waits {
            self.happens(now, Some(job), job, &event)?;
        }
        Some(())
    }
}

impl Model for World {
    type State = Now;
    type Action = Act;

    fn init_states(&self) -> Vec<Now> {
        vec![Now {
            jobs: vec![None; self.runs],
            runs: vec![Run::Idle; self.runs],
            wire: vec![],
            provider: vec![Provider::default(); self.runs],
            crashes: self.crashes,
        }]
    }

    fn actions(&self, now: &Now, acts: &mut Vec<Act>) {
        for run in 0..self.runs {
            match now.runs[run] {
                Run::Idle => {
                    if now.jobs[run].is_none() {
                        acts.push(Act::Reserve(run));
                    }
                    acts.extend(
                        (0..self.runs).filter(|job| now.jobs[*job].is_some()).map(|job| Act::Find(run, job)),
                    );
                }
                Run::Reserved => acts.push(Act::Permit(run)),
                Run::Does(..) => acts.push(Act::Do(run)),
                Run::Waits => acts.push(Act::GiveUp(run)),
            }
            if now.crashes > 0 && now.runs[run] != Run::Idle {
                acts.push(Act::Crash(run));
            }
            let provider = &now.provider[run];
            if provider.taken > 0 && provider.over.is_none() {
                acts.push(Act::Finish(run, Ending::Done, PRICE * 2, true));
                acts.push(Act::Finish(run, Ending::Failed, PRICE, false));
            }
            if provider.over.is_some() {
                acts.push(Act::Bill(run));
            }
        }
        for (at, wire) in now.wire.iter().enumerate() {
            match wire {
                Wire::Request(_) => acts.extend([Act::Take(at), Act::Refuse(at), Act::Lose(at)]),
                Wire::Reply(..) => acts.extend([Act::Arrive(at), Act::ArriveTwice(at), Act::Lose(at)]),
            }
        }
    }

    fn next_state(&self, now: &Now, act: Act) -> Option<Now> {
        let mut next = now.clone();
        self.act(&mut next, &act)?;
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("nothing is sent twice", |_: &Self, now: &Now| {
                now.provider.iter().all(|job| job.sent <= 1 && job.taken <= 1)
            }),
            Property::always(
                "never over budget, but by what a provider charges too much",
                |_: &Self, now: &Now| {
                    let over = now.provider.iter().filter_map(|job| job.over);
                    let too_much: i64 = over.map(|(_, cost, _)| (cost - PRICE).max(0)).sum();
                    now.held() <= LIMIT + too_much
                },
            ),
            Property::always("no charge is lost", |_: &Self, now: &Now| {
                now.jobs.iter().zip(&now.provider).all(|(job, provider)| match (job, provider.over) {
                    (Some(State::Settled(settled)), Some((_, cost, _))) => settled.amount.get() >= cost,
                    (Some(State::Settled(settled)), None) => {
                        provider.taken == 0 && settled.amount == Ticks::ZERO
                    }
                    (Some(_), _) => true,
                    (None, _) => provider.taken == 0,
                })
            }),
            Property::always(
                "every job is over, or can be resumed or explained",
                |world: &Self, now: &Now| {
                    now.jobs.iter().flatten().all(|job| {
                        let stored = matches!(job, State::Settled(Settled { to_store: false, .. }));
                        stored || (world.step)(job, &Event::Found, Ticks::new(PRICE)).is_ok()
                    })
                },
            ),
            Property::sometimes("two clips are stored", |_: &Self, now: &Now| {
                let stored = |job: &&Option<State>| {
                    matches!(job, Some(State::Settled(Settled { ending: Ending::Done, to_store: false, .. })))
                };
                now.jobs.iter().filter(stored).count() == 2.min(now.jobs.len())
            }),
            Property::sometimes("an unknown job is settled by a bill", |_: &Self, now: &Now| {
                let billed = |job: &State| {
                    matches!(job, State::Settled(Settled { ending: Ending::Unknown, basis: Basis::Bill, .. }))
                };
                now.jobs.iter().flatten().any(billed)
            }),
            Property::sometimes("a charge too high closes the budget", |_: &Self, now: &Now| {
                now.held() > LIMIT
                    && budget::fits(Ticks::new(LIMIT), Ticks::new(now.held()), Ticks::new(1)).is_err()
            }),
        ]
    }
}

#[test]
fn every_way_that_runs_can_go_keeps_to_the_budget() {
    let world = World { runs: 2, crashes: 2, step };
    let checker = world.checker().spawn_bfs().join();
    checker.assert_properties();
    assert!(checker.unique_state_count() > 10_000, "{}", checker.unique_state_count());
}

/// The number of states within the bound: fewer would mean that some are no longer explored.
const STATES: usize = 1_381_233;

#[test]
#[ignore = "takes half a minute: tests/run does it"]
fn three_runs_and_two_crashes_keep_to_the_budget() {
    let world = World { runs: 3, crashes: 2, step };
    let checker = world.checker().threads(2).spawn_bfs().join();
    checker.assert_properties();
    println!(
        "three runs, two crashes: {} states explored, every property holds",
        checker.unique_state_count()
    );
    assert_eq!(checker.unique_state_count(), STATES);
}

fn resends(state: &State, event: &Event, reservation: Ticks) -> Result<(State, Option<Effect>), Unfit> {
    match (state, event) {
        (State::Submitting, Event::Found) => Ok((State::Submitting, Some(Effect::Send))),
        _ => step(state, event, reservation),
    }
}

fn forgets(state: &State, event: &Event, reservation: Ticks) -> Result<(State, Option<Effect>), Unfit> {
    match (state, event) {
        (State::Submitting, Event::NoAnswer) => step(state, &Event::Refused(None), reservation),
        _ => step(state, event, reservation),
    }
}

fn hides(state: &State, event: &Event, reservation: Ticks) -> Result<(State, Option<Effect>), Unfit> {
    match event {
        Event::Ended(ending, Some(cost)) => {
            step(state, &Event::Ended(*ending, Some((*cost).min(reservation))), reservation)
        }
        _ => step(state, event, reservation),
    }
}

fn deaf(state: &State, event: &Event, reservation: Ticks) -> Result<(State, Option<Effect>), Unfit> {
    match (state, event) {
        (State::Unknown, Event::Found) => Err(Unfit("unknown")),
        _ => step(state, event, reservation),
    }
}

#[rstest]
#[case::a_second_submission(resends, "nothing is sent twice")]
#[case::a_lost_answer_taken_for_a_refusal(forgets, "no charge is lost")]
#[case::a_charge_cut_to_its_reservation(hides, "no charge is lost")]
#[case::a_job_that_cannot_be_resumed(deaf, "every job is over, or can be resumed or explained")]
fn a_planted_bug_is_found(#[case] step: Step, #[case] broken: &'static str) {
    let checker = World { runs: 1, crashes: 1, step }.checker().spawn_bfs().join();
    assert!(checker.discovery(broken).is_some(), "{:?}", checker.discoveries().keys());
}

/// A job that the provider accepted.
fn asked(ending: Ending, basis: Basis, to_store: bool) -> State {
    let (request_id, amount) = (Some("a".to_owned()), Ticks::new(5));
    State::Settled(Settled { request_id, ending, amount, basis, to_store })
}

/// Later information outweighs what was assumed without it.
#[rstest]
#[case::a_price_after_a_decision(asked(Ending::Unknown, Basis::Decision, false), Event::Ended(Ending::Done, Some(Ticks::new(9))), (Ending::Done, 9, Basis::Reported, true))]
#[case::a_price_after_the_reservation(asked(Ending::Done, Basis::Reservation, true), Event::Ended(Ending::Done, Some(Ticks::new(9))), (Ending::Done, 9, Basis::Reported, true))]
#[case::an_ending_after_the_bill(asked(Ending::Unknown, Basis::Bill, false), Event::Ended(Ending::Done, Some(Ticks::new(9))), (Ending::Done, 5, Basis::Bill, true))]
#[case::the_clip_is_gone(asked(Ending::Done, Basis::Reported, true), Event::Ended(Ending::Expired, None), (Ending::Expired, 5, Basis::Reported, false))]
#[case::a_bill_for_a_refusal(State::Settled(Settled { request_id: None, ending: Ending::Refused, amount: Ticks::ZERO, basis: Basis::NotBegun, to_store: false }), Event::Bill(Ticks::new(7)), (Ending::Refused, 7, Basis::Bill, false))]
#[case::a_bill_that_was_mistyped(asked(Ending::Done, Basis::Bill, true), Event::Bill(Ticks::new(7)), (Ending::Done, 7, Basis::Bill, true))]
#[case::a_bill_over_a_report(asked(Ending::Failed, Basis::Reported, false), Event::Bill(Ticks::new(7)), (Ending::Failed, 7, Basis::Bill, false))]
fn what_is_learnt_later_is_kept(
    #[case] state: State,
    #[case] event: Event,
    #[case] wanted: (Ending, i64, Basis, bool),
) {
    let (next, _) = step(&state, &event, Ticks::new(PRICE)).unwrap();
    let State::Settled(settled) = next else { panic!("{next:?}") };
    assert_eq!((settled.ending, settled.amount.get(), settled.basis, settled.to_store), wanted);
}

#[test]
fn an_answer_undoes_a_decision_that_was_made_without_it() {
    let decided = step(&State::Unknown, &Event::Decision(Ticks::ZERO), Ticks::new(PRICE)).unwrap().0;
    let next = step(&decided, &Event::Accepted("a".into()), Ticks::new(PRICE));
    assert_eq!(next, Ok((State::Accepted("a".into()), Some(Effect::Poll))));
}

fn settled(basis: Basis) -> State {
    let amount = Ticks::new(5);
    State::Settled(Settled { request_id: None, ending: Ending::Failed, amount, basis, to_store: false })
}

#[rstest]
#[case::twice_accepted(State::Accepted("a".into()), Event::Accepted("b".into()))]
#[case::late_refusal(State::Accepted("a".into()), Event::Refused(None))]
#[case::bill_of_a_job_that_is_sent(State::Submitting, Event::Bill(Ticks::new(1)))]
#[case::decision_over_a_report(settled(Basis::Reported), Event::Decision(Ticks::ZERO))]
#[case::decision_on_a_job_that_goes_on(State::Accepted("a".into()), Event::Decision(Ticks::ZERO))]
#[case::told_again(
    asked(Ending::Failed, Basis::Reported, false),
    Event::Ended(Ending::Failed, Some(Ticks::new(9)))
)]
#[case::told_again_without_a_price(
    asked(Ending::Failed, Basis::Reservation, false),
    Event::Ended(Ending::Failed, None)
)]
#[case::a_report_over_a_bill(
    asked(Ending::Failed, Basis::Bill, false),
    Event::Ended(Ending::Failed, Some(Ticks::new(9)))
)]
#[case::a_clip_that_is_stored_and_gone(
    asked(Ending::Done, Basis::Reported, false),
    Event::Ended(Ending::Expired, None)
)]
#[case::sent_again(State::Unknown, Event::Permitted)]
#[case::stored_twice(settled(Basis::Reported), Event::Stored)]
fn what_does_not_fit_changes_nothing(#[case] state: State, #[case] event: Event) {
    assert_eq!(step(&state, &event, Ticks::new(PRICE)), Err(Unfit(state.word())));
}

#[rstest]
#[case::while_it_waits(State::Submitting)]
#[case::after_another_run_found_it(State::Unknown)]
fn an_answer_is_accepted_whenever_it_comes(#[case] state: State) {
    let next = step(&state, &Event::Accepted("a".into()), Ticks::new(PRICE));
    assert_eq!(next, Ok((State::Accepted("a".into()), Some(Effect::Poll))));
}

#[rstest]
#[case::of_a_refusal(State::Submitting, Event::Refused(Some(Ticks::new(3))), 3, Basis::Reported)]
#[case::above_the_reservation(State::Accepted("a".into()), Event::Ended(Ending::Moderated, Some(Ticks::new(30))), 30, Basis::Reported)]
#[case::of_a_failure_without_a_price(State::Accepted("a".into()), Event::Ended(Ending::Failed, None), PRICE, Basis::Reservation)]
#[case::billed_later(settled(Basis::Reservation), Event::Bill(Ticks::new(4)), 4, Basis::Bill)]
fn a_charge_is_what_it_is(
    #[case] state: State,
    #[case] event: Event,
    #[case] amount: i64,
    #[case] basis: Basis,
) {
    let (next, _) = step(&state, &event, Ticks::new(PRICE)).unwrap();
    let State::Settled(settled) = next else { panic!("{next:?}") };
    assert_eq!((settled.amount.get(), settled.basis), (amount, basis));
}
