//! What is reported about a job while it runs, to a waiting person or program.

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
    /// The user wants to stop, but the answer to the paid request is still outstanding.
    Holding {
        /// The job.
        job: String,
    },
    /// The provider accepted it.
    Accepted {
        /// The job.
        job: String,
        /// The provider's id for it.
        request_id: String,
    },
    /// It is still running.
    Pending {
        /// The job.
        job: String,
        /// How far it is, in percent, according to the provider.
        percent: Option<u64>,
        /// How long it has been running, in seconds.
        waited: u64,
    },
    /// A poll gave no information.
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
    /// Its clip is being fetched.
    Fetching {
        /// The job.
        job: String,
        /// How much has arrived, in bytes.
        bytes: u64,
        /// How much there will be, if known.
        total: Option<u64>,
    },
    /// Its clip is stored.
    Stored {
        /// The job.
        job: String,
        /// Where, from the project's folder.
        file: String,
        /// Digest, lower-case hexadecimal.
        sha256: String,
    },
}

/// Receives what happens to a job.
pub trait Listener {
    /// Something happened.
    fn hears(&self, step: &JobStep);
}

/// Ignores everything.
impl Listener for () {
    fn hears(&self, _: &JobStep) {}
}
