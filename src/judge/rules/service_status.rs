//! The provider's own status feed reports no open incident.

use super::{Judge, Rule};
use crate::{
    judge::{given::given, rule_outcome::RuleOutcome, wording},
    model::{expect::Pattern, rule::RuleSpec, verdict::Reason},
};

given! {
    params {
        about: &'a Pattern = "about",
        over: &'a Pattern = "over",
    }
    probes {
        feed = "feed",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "service-status",
        decides: "Every entry of the status `feed` (RSS) matches `over`; one that does not, but matches `about`, fails \
                  the check, and any other open one is unknown.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Project(|context| Given::with(context, |given| judge(&given))),
};

fn judge(given: &Given<'_>) -> RuleOutcome {
    let feed = given.feed.text().and_then(|text| rss::Channel::read_from(text.as_bytes()).ok());
    let Some(feed) = feed else {
        return RuleOutcome::needs_reply(given.feed.name);
    };
    let text = |item: &rss::Item| {
        format!("{}\n{}", item.title().unwrap_or_default(), item.description().unwrap_or_default())
    };
    let open = feed.items().iter().filter(|item| !given.over.is_match(&text(item)));
    let (ours, others): (Vec<_>, Vec<_>) = open.partition(|item| given.about.is_match(&text(item)));
    let named = |items: &[&rss::Item]| {
        let title = |item: &&rss::Item| wording::clip(item.title().unwrap_or("an entry without a title"));
        let shown: Vec<_> = items.iter().take(3).map(title).collect();
        format!("{} open: {}", items.len(), shown.join("; "))
    };
    match (ours.as_slice(), others.as_slice()) {
        ([], []) => RuleOutcome::holds(format!("no open incident; entries read: {}", feed.items().len())),
        ([], others) => RuleOutcome::unknown(
            Reason::UnclearReply,
            format!("{}; unclear whether it concerns this route", named(others)),
        ),
        (ours, _) => RuleOutcome::refuted(named(ours)),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus};

    fn feed(items: &str) -> String {
        format!(
            "<rss version=\"2.0\"><channel><title>t</title><link>l</link><description>d</description>{items}</channel></rss>"
        )
    }

    fn item(title: &str, text: &str) -> String {
        format!("<item><title>{title}</title><description>{text}</description></item>")
    }

    const STRANGE: RuleStatus = RuleStatus::Unknown(Reason::UnclearReply);

    #[rstest]
    #[case(feed(""), RuleStatus::Holds, "no open incident; entries read: 0")]
    #[case(feed(&item("Video errors", "Investigating")), RuleStatus::Refuted, "1 open: Video errors")]
    #[case(feed(&item("[Resolved] Video errors", "")), RuleStatus::Holds, "no open incident; entries read: 1")]
    #[case(feed(&item("Video errors", "Resolved: all well.")), RuleStatus::Holds, "no open incident; entries read: 1")]
    #[case(feed(&item("Video errors", "&lt;p&gt;&lt;strong&gt;Resolved&lt;/strong&gt; - all well.")), RuleStatus::Holds, "no open incident; entries read: 1")]
    #[case(feed(&item("Video errors", "Not resolved yet")), RuleStatus::Refuted, "1 open: Video errors")]
    #[case(feed(&item("Video errors", "We hope that it is resolved soon")), RuleStatus::Refuted, "1 open: Video errors")]
    #[case(feed(&item("Unresolved video errors", "")), RuleStatus::Refuted, "1 open: Unresolved video errors")]
    #[case(feed(&item("Everything is down", "")), STRANGE, "1 open: Everything is down; unclear whether it concerns this route")]
    #[case(feed(&(item("Login errors", "") + &item("Video errors", ""))), RuleStatus::Refuted, "1 open: Video errors")]
    #[case(
        feed("<item></item>"),
        STRANGE,
        "1 open: an entry without a title; unclear whether it concerns this route"
    )]
    #[case("<html>are you a robot</html>".to_owned(), RuleStatus::NeedsReply("feed"), "")]
    #[case(String::new(), RuleStatus::NeedsReply("feed"), "")]
    fn table(#[case] body: String, #[case] wanted: RuleStatus, #[case] seen: &str) {
        // As the shipped checklist has it.
        let over = r"(?im)(?:^\W*|<strong>\s*)(?:resolved|completed)\b";
        let fixture = RuleFixture::new().pattern("about", "(?i)video").pattern("over", over);
        let outcome = fixture.text_reply("feed", 200, &body).rule("service-status");
        assert_eq!((outcome.status, outcome.seen.as_str()), (wanted, seen));
    }

    #[test]
    fn a_feed_that_came_with_an_error_status_is_not_read() {
        let fixture = RuleFixture::new().pattern("about", "video").pattern("over", "resolved");
        assert_eq!(
            fixture.text_reply("feed", 500, &feed("")).rule("service-status").status,
            RuleStatus::NeedsReply("feed")
        );
    }
}
