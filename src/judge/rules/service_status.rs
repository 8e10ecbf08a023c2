//! The provider's own status feed tells of no open incident.

use regex::Regex;

use super::{Judge, Rule};
use crate::{
    judge::{given::given, ruling::Ruling, wording},
    model::{rule::RuleSpec, verdict::Reason},
};

given! {
    params {
        about: &'a Regex = "about",
        over: &'a Regex = "over",
    }
    probes {
        feed = "feed",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "service-status",
        decides: "Every entry of the status `feed` (RSS) matches `over`; one that does not and matches `about` is \
                  refuted, and what else is open is unknown.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Project(|scene| Given::with(scene, |given| judge(&given))),
};

fn judge(given: &Given<'_>) -> Ruling {
    let feed = given.feed.text().and_then(|text| rss::Channel::read_from(text.as_bytes()).ok());
    let Some(feed) = feed else {
        return Ruling::needs_reply(given.feed);
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
        ([], []) => Ruling::holds(format!("no open incident; entries read: {}", feed.items().len())),
        ([], others) => Ruling::unknown(
            Reason::UnclearReply,
            format!("{}; whether it concerns this route nobody can tell", named(others)),
        ),
        (ours, _) => Ruling::refuted(named(ours)),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::judge::{ruling::Standing, stage::Stage};

    fn feed(items: &str) -> String {
        format!(
            "<rss version=\"2.0\"><channel><title>t</title><link>l</link><description>d</description>{items}</channel></rss>"
        )
    }

    fn item(title: &str, text: &str) -> String {
        format!("<item><title>{title}</title><description>{text}</description></item>")
    }

    const STRANGE: Standing = Standing::Unknown(Reason::UnclearReply);

    #[rstest]
    #[case(feed(""), Standing::Holds, "no open incident; entries read: 0")]
    #[case(feed(&item("Video errors", "Investigating")), Standing::Refuted, "1 open: Video errors")]
    #[case(feed(&item("[Resolved] Video errors", "")), Standing::Holds, "no open incident; entries read: 1")]
    #[case(feed(&item("Video errors", "Resolved: all well.")), Standing::Holds, "no open incident; entries read: 1")]
    #[case(feed(&item("Video errors", "&lt;p&gt;&lt;strong&gt;Resolved&lt;/strong&gt; - all well.")), Standing::Holds, "no open incident; entries read: 1")]
    #[case(feed(&item("Video errors", "Not resolved yet")), Standing::Refuted, "1 open: Video errors")]
    #[case(feed(&item("Video errors", "We hope that it is resolved soon")), Standing::Refuted, "1 open: Video errors")]
    #[case(feed(&item("Unresolved video errors", "")), Standing::Refuted, "1 open: Unresolved video errors")]
    #[case(feed(&item("Everything is down", "")), STRANGE, "1 open: Everything is down; whether it concerns this route nobody can tell")]
    #[case(feed(&(item("Login errors", "") + &item("Video errors", ""))), Standing::Refuted, "1 open: Video errors")]
    #[case(
        feed("<item></item>"),
        STRANGE,
        "1 open: an entry without a title; whether it concerns this route nobody can tell"
    )]
    #[case("<html>are you a robot</html>".to_owned(), Standing::NeedsReply("feed"), "")]
    #[case(String::new(), Standing::NeedsReply("feed"), "")]
    fn table(#[case] body: String, #[case] wanted: Standing, #[case] seen: &str) {
        // As the shipped checklist has it.
        let over = r"(?im)(?:^\W*|<strong>\s*)(?:resolved|completed)\b";
        let stage = Stage::new().pattern("about", "(?i)video").pattern("over", over);
        let ruling = stage.text_reply("feed", 200, &body).rule("service-status");
        assert_eq!((ruling.standing, ruling.seen.as_str()), (wanted, seen));
    }

    #[test]
    fn a_feed_that_came_with_an_error_status_is_not_read() {
        let stage = Stage::new().pattern("about", "video").pattern("over", "resolved");
        assert_eq!(
            stage.text_reply("feed", 500, &feed("")).rule("service-status").standing,
            Standing::NeedsReply("feed")
        );
    }
}
