//! How long a server asks to be left alone (<https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3>).

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::observation::Reply;

impl Reply {
    /// The wait that the server asks for: seconds, or a date, which is compared with the server's own clock if it sends
    /// one, else with `now`. Zero when the date has passed.
    pub fn retry_after(&self, now: impl FnOnce() -> DateTime<Utc>) -> Option<Duration> {
        let text = self.headers.get("retry-after")?.trim();
        if let Ok(seconds) = text.parse::<u64>() {
            return Some(Duration::from_secs(seconds));
        }
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Duration::MAX);
        }
        let until = http_date(text)?;
        let now = self.headers.get("date").and_then(|date| http_date(date)).unwrap_or_else(now);
        Some((until - now).to_std().unwrap_or_default())
    }
}

fn http_date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(text).ok().map(|time| time.to_utc())
}
