//! The proof that this run's own judgement said GO: what the paid step will ask for, and nothing else can give.

use chrono::{DateTime, Utc};

use super::Case;
use crate::model::{
    decision::Decision,
    report::{InputRole, Report},
};

/// Proof that a judgement of this very run said GO: live, whole and for the time at which it was made.
///
/// [`judge`](super::judge()) alone makes one. It is bound to one receipt, one project file and one moment. It cannot be
/// copied, and it cannot be read back from a file: a GO that was written down clears nothing that costs.
///
/// ```compile_fail,E0451
/// use greenlight::judge::Clearance;
/// let forged = Clearance { receipt: String::new(), project: String::new(), at: chrono::DateTime::UNIX_EPOCH };
/// ```
///
/// ```compile_fail,E0277
/// fn from_a_file<T: serde::de::DeserializeOwned>() {}
/// from_a_file::<greenlight::judge::Clearance>();
/// ```
///
/// ```compile_fail,E0277
/// fn out_of_nothing<T: Default>() {}
/// out_of_nothing::<greenlight::judge::Clearance>();
/// ```
///
/// ```compile_fail,E0277
/// fn twice<T: Clone>() {}
/// twice::<greenlight::judge::Clearance>();
/// ```
///
/// Nor can what was observed be passed off as live:
///
/// ```compile_fail,E0423
/// let forged = greenlight::model::observation::Live(());
/// ```
#[derive(Debug)]
#[must_use = "this run doesn't ask for clearance"]
pub struct Clearance {
    receipt: String,
    project: String,
    at: DateTime<Utc>,
}

impl Clearance {
    /// The clearance that a report gives, if it gives one.
    pub(super) fn of(case: &Case<'_>, report: &Report) -> Option<Self> {
        // No rehearsal, no replay, no part, and of the time at which it was made: any other run decides nothing.
        let go = report.decided().decision() == Some(Decision::Go);
        let project = report.inputs.iter().find(|input| input.role == InputRole::Project)?;
        let sha256 = project.sha256.clone()?;
        (go && case.observations.live.is_some()).then(|| Self {
            receipt: report.digest.clone(),
            project: sha256,
            at: report.made,
        })
    }

    /// Whether it was given for this report, as it was judged.
    #[must_use]
    pub fn covers(&self, report: &Report) -> bool {
        let sealed = serde_json::to_value(report).map(crate::model::report::digest);
        sealed.is_ok_and(|digest| digest == self.receipt) && report.digest == self.receipt
    }

    /// Digest of the project file, lower-case hexadecimal.
    #[must_use]
    pub fn project(&self) -> &str {
        &self.project
    }

    /// The time of the run (UTC).
    #[must_use]
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }
}
