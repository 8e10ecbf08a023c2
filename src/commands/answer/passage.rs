//! Where in a text the evidence is, and whether the text still says what it said when it was last read.

use super::{AnswerContext, bad};
use crate::{
    error::Error,
    model::{
        answer::{Answer, Evidence},
        id::CheckId,
        said::{canonical, is_said, passage},
        text::printable,
    },
};

/// The most characters in a clause: it names a place and does not quote it.
const LONGEST: usize = 120;

/// A clause in the form it will be kept in; none when nothing is given.
pub(super) fn clause(text: &str) -> Result<Option<String>, Error> {
    let clause = canonical(text);
    match clause.chars().count() {
        0 => Ok(None),
        _ if !is_said(&clause) => Err(bad("this clause", "it contains nothing readable")),
        1..=LONGEST => Ok(Some(clause)),
        _ => Err(bad("this clause", &format!("it takes at most {LONGEST} characters, such as `7.2 Fees`"))),
    }
}

/// The evidence; each page gets the digest of what was quoted from it, and the clause it is in.
pub(super) fn placed(mut given: Vec<Evidence>, place: Option<&str>) -> Result<Vec<Evidence>, Error> {
    let place = place.map(clause).transpose()?.flatten();
    let quoted = quoted(&given);
    let mut kept = false;
    for (evidence, digest) in given.iter_mut().zip(quoted) {
        match evidence {
            Evidence::Url { clause, passage, .. } => (*clause, *passage) = (place.clone(), digest),
            Evidence::Quote { clause, .. } => clause.clone_from(&place),
            Evidence::File { .. } => continue,
        }
        kept = true;
    }
    if place.is_some() && !kept {
        return Err(bad(
            "`--clause`",
            "it is kept with an address or a quotation; pass that as `--evidence` too",
        ));
    }
    Ok(given)
}

/// For each page, the digest of the words quoted after it; if there is only one page, the quotation may be anywhere.
fn quoted(given: &[Evidence]) -> Vec<Option<String>> {
    let is_page = |evidence: &&Evidence| matches!(evidence, Evidence::Url { .. });
    let words = |evidence: &Evidence| match evidence {
        Evidence::Quote { words, .. } => Some(passage(words)),
        Evidence::Url { .. } | Evidence::File { .. } => None,
    };
    let only = given.iter().filter(is_page).count() == 1;
    let of = |(at, evidence): (usize, &Evidence)| {
        let rest = given.get(if only { 0 } else { at + 1 }..).unwrap_or_default();
        let mut own = rest.iter().take_while(|next| only || !is_page(next));
        is_page(&evidence).then(|| own.find_map(words)).flatten()
    };
    given.iter().enumerate().map(of).collect()
}

/// The newest answer that was recorded earlier for this question.
pub(super) fn before<'a>(answering: &AnswerContext<'a>, check: &CheckId) -> Option<&'a Answer> {
    let project = &answering.loaded.project;
    let ours = answering.loaded.answers.answers.iter().filter(|answer| {
        let scope = &answer.scope;
        (scope.route, &scope.provider, &scope.account) == (project.route, &project.provider, &project.account)
            && answer.check == *check
    });
    ours.max_by_key(|answer| answer.answered)
}

/// What was read for an answer, and where in it: re-reading starts there.
pub(super) fn read_for(answer: &Answer) -> Option<String> {
    let read = answer.evidence.iter().find_map(|evidence| match evidence {
        Evidence::Url { url, read, .. } => Some((url.as_str(), read)),
        Evidence::Quote { words, read, .. } => Some((words.as_str(), read)),
        Evidence::File { .. } => None,
    });
    let clause = answer.evidence.iter().find_map(Evidence::clause);
    let clause = clause.map_or_else(String::new, |clause| format!(", clause \"{clause}\""));
    read.map(|(what, day)| format!("{what}{clause}, on {day}"))
}

/// What is said when an answer is renewed: that a page no longer says the same, and which clause it was.
pub(super) fn renewed(answer: &Answer, before: Option<&Answer>) -> String {
    let mut text = String::new();
    let Some(before) = before else { return text };
    for (url, digest) in pages(answer) {
        let other = pages(before).find(|(page, _)| *page == url).and_then(|(_, then)| then);
        if let Some((_, then)) = digest.zip(other).filter(|(now, then)| now != then) {
            let seen = format!(
                "The passage of `{url}` differs from the one of {} (sha256 {then:.12}…): read what changed.\n",
                before.answered
            );
            text.push_str(&printable(seen.trim_end()));
            text.push('\n');
        }
    }
    let named = before.evidence.iter().find_map(Evidence::clause);
    if let Some(clause) = named.filter(|_| answer.evidence.iter().all(|one| one.clause().is_none())) {
        let seen =
            format!("The answer of {} named clause \"{clause}\"; `--clause` keeps it.", before.answered);
        text.push_str(&printable(&seen));
        text.push('\n');
    }
    text
}

fn pages(answer: &Answer) -> impl Iterator<Item = (&str, Option<&str>)> {
    answer.evidence.iter().filter_map(|evidence| match evidence {
        Evidence::Url { url, passage, .. } => Some((url.as_str(), passage.as_deref())),
        Evidence::File { .. } | Evidence::Quote { .. } => None,
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn page(url: &str) -> Evidence {
        Evidence::Url {
            url: url.to_owned(),
            read: "2026-11-20".parse().unwrap(),
            clause: None,
            passage: None,
        }
    }

    fn words(words: &str) -> Evidence {
        Evidence::Quote { words: words.to_owned(), read: "2026-11-20".parse().unwrap(), clause: None }
    }

    #[rstest]
    #[case::after_its_page(vec![page("a"), words("x")], &[Some("x"), None])]
    #[case::before_the_only_page(vec![words("x"), page("a")], &[None, Some("x")])]
    #[case::of_each_page(vec![page("a"), words("x"), page("b"), words("y")], &[Some("x"), None, Some("y"), None])]
    #[case::of_the_page_before(vec![page("a"), page("b"), words("y")], &[None, Some("y"), None])]
    #[case::of_no_page(vec![words("x"), page("a"), page("b")], &[None, None, None])]
    fn a_page_is_kept_with_what_was_quoted_of_it(
        #[case] given: Vec<Evidence>,
        #[case] wanted: &[Option<&str>],
    ) {
        let wanted: Vec<_> = wanted.iter().map(|words| words.map(passage)).collect();
        assert_eq!(quoted(&given), wanted);
    }

    #[rstest]
    #[case(" 7.2\u{a0} Fees ", Ok(Some("7.2 Fees")))]
    #[case("  ", Ok(None))]
    #[case("—", Err("contains nothing readable"))]
    #[case(&"x".repeat(121), Err("at most 120 characters"))]
    fn a_clause_names_a_place(#[case] text: &str, #[case] wanted: Result<Option<&str>, &str>) {
        match (clause(text), wanted) {
            (Ok(kept), Ok(wanted)) => assert_eq!(kept.as_deref(), wanted),
            (Err(why), Err(wanted)) => assert!(why.to_string().contains(wanted), "{why}"),
            (got, _) => panic!("{got:?}"),
        }
    }
}
