//! The provider's own status feed tells of no open incident.

use regex::Regex;

use super::{Judge, Rule};
use crate::{
    judge::{given::given, ruling::Ruling, wording},
    model::rule::RuleSpec,
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
        decides: "No entry of the status `feed` (RSS) matches `about` without matching `over`.",
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
    let open: Vec<String> = feed
        .items()
        .iter()
        .filter(|item| {
            let text =
                format!("{}\n{}", item.title().unwrap_or_default(), item.description().unwrap_or_default());
            given.about.is_match(&text) && !given.over.is_match(&text)
        })
        .map(|item| wording::clip(item.title().unwrap_or("an entry without a title")))
        .collect();
    if open.is_empty() {
        Ruling::holds(format!("no open incident; entries read: {}", feed.items().len()))
    } else {
        let shown: Vec<_> = open.iter().take(3).map(String::as_str).collect();
        Ruling::refuted(format!("{} open: {}", open.len(), shown.join("; ")))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::judge::{ruling::Standing, stage::Stage};

    fn feed(items: &str) -> String {
        format!(
            "<rss version=\"2.0\"><channel><title>t</title><link>l</link><description>d</description>{items}</channel></rss>"
        )
    }

    #[rstest]
    #[case(feed(""), Standing::Holds)]
    #[case(
        feed("<item><title>Video errors</title><description>Investigating</description></item>"),
        Standing::Refuted
    )]
    #[case(
        feed("<item><title>Video errors</title><description>Resolved</description></item>"),
        Standing::Holds
    )]
    #[case(feed("<item><title>Login errors</title></item>"), Standing::Holds)]
    #[case("<html>are you a robot</html>".to_owned(), Standing::NeedsReply("feed"))]
    #[case(String::new(), Standing::NeedsReply("feed"))]
    fn table(#[case] body: String, #[case] wanted: Standing) {
        let stage = Stage::new().pattern("about", "(?i)video").pattern("over", "(?i)resolved");
        assert_eq!(stage.text_reply("feed", 200, &body).rule("service-status").standing, wanted);
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
