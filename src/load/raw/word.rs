//! How single words are spelled, as patterns for schemas. Validation checks the same and more.

/// It isn't blank.
pub(super) const FILLED: &str = r"\S";

/// An id; see [`crate::model::id`].
pub(super) const ID: &str = "^[a-z0-9][a-z0-9._-]{0,79}$";

/// A topic; see [`crate::model::topic`].
pub(super) const TOPIC: &str = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$";

/// Whole days.
pub(super) const DAYS: &str = "^[1-9][0-9]{0,3}d$";

/// Numbers with their units.
pub(super) const DURATION: &str = "^( *[0-9]+ *(nsec|ns|usec|us|msec|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w|months?|M|years?|y) *)+$";

/// Width and height.
pub(super) const RATIO: &str = "^[1-9][0-9]{0,4}:[1-9][0-9]{0,4}$";

/// An amount that isn't negative.
pub(super) const NOT_NEGATIVE: &str = "^[^-]";

/// The address of a web page, without a login.
pub(super) const PAGE: &str = "^[Hh][Tt][Tt][Pp][Ss]?://[^/?#@]+([/?#]|$)";

/// The base URL of a host: no user, no port, no query.
pub(super) const BASE_URL: &str = "^https://[^@?#:]+$";

/// A page host, or the placeholder for the provider's.
pub(super) const PAGE_HOST: &str = r"^(\{provider\}|(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)+)$";

/// An API path.
pub(super) const API_PATH: &str = "^/[^#]*$";

/// A JSONPath.
pub(super) const JSON_PATH: &str = r"^\$";

/// SHA-256 in hexadecimal digits.
pub(super) const SHA256: &str = "^[0-9a-f]{64}$";

/// The name of a header.
pub(super) const HEADER: &str = "^[A-Za-z0-9._-]+$";
