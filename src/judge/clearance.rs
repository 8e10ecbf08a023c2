//! The proof that this run's own judgement said GO. The paid step requires it, and there is no other way to get one.

use chrono::{DateTime, Utc};

use super::Case;
use crate::model::{
    decision::Decision,
    report::{InputRole, Report},
};

/// Proof that the judgement of this very run said GO: live, complete and for the time at which it was made.
///
/// Only [`judge`](super::judge()) makes one. It is bound to one receipt, one project file and one moment. It can't be
/// copied or read back from a file: a GO that was written down doesn't allow any spending.
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
/// Nor can anything else be passed off as a live observation:
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
    /// The clearance for a report, if there is one.
    pub(super) fn of(case: &Case<'_>, report: &Report) -> Option<Self> {
        // Not a rehearsal, a replay or a partial run, and judged for the time at which it was made: other runs decide
        // nothing.
        let go = report.decided().decision() == Some(Decision::Go);
        let project = report.inputs.iter().find(|input| input.role == InputRole::Project)?;
        let sha256 = project.sha256.clone()?;
        (go && case.observations.live.is_some()).then(|| Self {
            receipt: report.digest.clone(),
            project: sha256,
            at: report.made,
        })
    }

    /// Whether it was given for exactly this report.
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
