//! The permit: the only thing with which a job can be started. It is made from a clearance and an order, and is
//! consumed.

use std::marker::PhantomData;

use super::{
    order::Order,
    realm::{Live, Realm, Rehearsal},
};
use crate::{
    judge::Clearance,
    model::{decision::Decision, report::Report},
};

/// Permission to start one job, once.
///
/// It can't be copied, and only a clearance makes a permit that allows payment:
///
/// ```compile_fail,E0451
/// use greenlight::spend::{Permit, realm::Live};
/// fn forged(order: greenlight::spend::Order) -> Permit<Live> {
///     Permit { order, receipt: String::new(), realm: std::marker::PhantomData }
/// }
/// ```
///
/// ```compile_fail,E0277
/// fn twice<T: Clone>() {}
/// twice::<greenlight::spend::Permit<greenlight::spend::realm::Live>>();
/// ```
///
/// A rehearsal's permit opens no paid ledger:
///
/// ```compile_fail,E0308
/// use greenlight::spend::{Ledger, Permit, realm::{Live, Rehearsal}};
/// async fn mixed(ledger: Ledger<Live>, permit: Permit<Rehearsal>, at: chrono::DateTime<chrono::Utc>) {
///     let _ = ledger.reserve(permit, at).await;
/// }
/// ```
#[derive(Debug)]
#[must_use = "a permit that is not used permits nothing"]
pub struct Permit<R> {
    order: Order,
    receipt: String,
    realm: PhantomData<R>,
}

/// Why there is no permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotPermitted {
    /// The clearance belongs to another report.
    #[error("the clearance is of another report")]
    AnotherReport,
    /// The run wasn't a rehearsal, so it gives no permit for one.
    #[error("the preflight was no rehearsal")]
    NoRehearsal,
    /// The rehearsal wouldn't be a GO.
    #[error("the rehearsal would not be a GO")]
    NotGo,
}

impl Permit<Live> {
    /// The permit that a clearance gives for an order. The clearance is consumed.
    ///
    /// # Errors
    /// [`NotPermitted`] when it belongs to another report.
    pub fn of(clearance: Clearance, report: &Report, order: Order) -> Result<Self, NotPermitted> {
        let covered = clearance.covers(report);
        drop(clearance);
        let receipt = report.digest.clone();
        covered.then_some(Self { order, receipt, realm: PhantomData }).ok_or(NotPermitted::AnotherReport)
    }
}

impl Permit<Rehearsal> {
    /// The permit from a rehearsal that would be a GO.
    ///
    /// # Errors
    /// [`NotPermitted`] when it isn't a rehearsal, or wouldn't be a GO.
    pub fn rehearse(report: &Report, order: Order) -> Result<Self, NotPermitted> {
        if report.rehearsal.is_none() {
            return Err(NotPermitted::NoRehearsal);
        }
        match report.found() {
            Decision::Go => Ok(Self { order, receipt: report.digest.clone(), realm: PhantomData }),
            Decision::Hold | Decision::NoGo => Err(NotPermitted::NotGo),
        }
    }
}

impl<R: Realm> Permit<R> {
    /// A permit without a preflight, for tests of this module.
    #[cfg(test)]
    pub(super) fn for_tests(order: Order) -> Self {
        Self { order, receipt: "receipt".to_owned(), realm: PhantomData }
    }

    /// The order and the digest of the receipt that cleared it.
    pub(super) fn used(self) -> (Order, String) {
        (self.order, self.receipt)
    }
}
