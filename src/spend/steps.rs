//! What is told of a job while it goes on, to a person or a program that waits.

use serde::Serialize;

/// Something that happened to a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum JobStep {
    /// Its price is set aside.
    Reserved {
        /// The job.
        job: String,
        /// The amount, such as `0.30 USD`.
        amount: String,
    },
    /// Its request is sent.
    Submitting {
        /// The job.
        job: String,
    },
    /// Somebody wants to stop, and the answer to the paid request is still to come.
    Holding {
        /// The job.
        job: String,
    },
    /// The provider took it.
    Accepted {
        /// The job.
        job: String,
        /// What the provider calls it.
        request_id: String,
    },
    /// It goes on.
    Pending {
        /// The job.
        job: String,
        /// How far it is, in percent, as the provider says.
        percent: Option<u64>,
        /// How long it has been waited for, in seconds.
        waited: u64,
    },
    /// A poll told nothing.
    Unclear {
        /// The job.
        job: String,
        /// Why.
        why: String,
    },
    /// It is over.
    Ended {
        /// The job.
        job: String,
        /// How.
        ending: String,
        /// What it cost.
        amount: String,
        /// How that is known.
        basis: String,
    },
    /// Its clip is fetched.
    Fetching {
        /// The job.
        job: String,
        /// How much is there, in bytes.
        bytes: u64,
        /// How much there will be, when that is known.
        total: Option<u64>,
    },
    /// Its clip is kept.
    Stored {
        /// The job.
        job: String,
        /// Where, from the project's folder.
        file: String,
        /// Digest, lower-case hexadecimal.
        sha256: String,
    },
}

/// Is told what happens to a job.
pub trait Listener {
    /// Something happened.
    fn hears(&self, step: &JobStep);
}

/// Nobody is told.
impl Listener for () {
    fn hears(&self, _: &JobStep) {}
}
