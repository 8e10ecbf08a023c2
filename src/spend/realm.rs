//! Two separate realms: paid jobs, and rehearsals on this machine. Permit, ledger and line carry theirs as a type, so
//! that code that mixes them doesn't compile.

use std::fmt::Debug;

/// The realm that a permit, a ledger or a line to a server belongs to.
pub trait Realm: sealed::Sealed + Debug + Send + Sync + 'static {
    /// Whether nothing in it is paid for.
    const REHEARSAL: bool;
}

/// What is paid for.
#[derive(Debug)]
pub struct Live;

/// What stays on this machine.
#[derive(Debug)]
pub struct Rehearsal;

impl Realm for Live {
    const REHEARSAL: bool = false;
}

impl Realm for Rehearsal {
    const REHEARSAL: bool = true;
}

mod sealed {
    /// Keeps other modules from adding a third realm.
    pub trait Sealed {}
    impl Sealed for super::Live {}
    impl Sealed for super::Rehearsal {}
}
