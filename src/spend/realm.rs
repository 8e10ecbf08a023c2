//! Two worlds that never touch: what is paid, and what is rehearsed on this machine. Permit, ledger and line carry
//! theirs as a type, so that code which would mix them does not compile.

use std::fmt::Debug;

/// The world that a permit, a ledger or a line to a server belongs to.
pub trait Realm: sealed::Sealed + Debug + Send + Sync + 'static {
    /// Whether nothing in it is paid.
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
    /// There are two worlds and no third.
    pub trait Sealed {}
    impl Sealed for super::Live {}
    impl Sealed for super::Rehearsal {}
}
