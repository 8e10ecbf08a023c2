//! The list entry that a check looks at, taken out of a reply.

use serde_json::Value;

use super::{value::Scope, wording};
use crate::model::{
    checklist::ListEntry,
    observation::{Body, Observation, Reply},
    template::Values,
    verdict::Reason,
};

/// The most names that are shown to a reader.
const MOST_NAMES: usize = 20;

/// What a reply contains about an entry.
pub(super) enum Found {
    /// The reply as if it contained only this entry.
    Here(Observation),
    /// A list without it: what was wanted, and what is listed.
    NotListed { wanted: String, listed: String },
    /// It isn't on the first page of a longer list: what was wanted.
    NotOnPage(String),
    /// It is unknown.
    Unclear(Reason, String),
    /// The reply isn't a success, so it contains no list.
    NoList,
}

/// Looks for the entry in a reply.
pub(super) fn find(entry: &ListEntry, observation: &Observation, scope: Scope<'_>) -> Found {
    let Observation::Reply(reply) = observation else { return Found::NoList };
    let Some(json) = reply.json() else { return Found::NoList };
    let Ok(wanted) = entry.is.fill(Values { shot: scope.shot, bound: None }, str::to_owned) else {
        return Found::Unclear(
            Reason::NotDeclared,
            format!("it is not declared which entry of {} to look at", entry.of.text),
        );
    };
    let entries = entry.of.all(json);
    if entries.is_empty() && !reply.more {
        return Found::Unclear(Reason::MissingValue, format!("{} is not there", entry.of.text));
    }
    let named: Vec<&Value> = entries.iter().copied().filter(|one| is_called(entry, one, &wanted)).collect();
    let shown = wording::clip(&wanted);
    match named.as_slice() {
        [one] => {
            let body = Body::Json((*one).clone());
            Found::Here(Observation::Reply(Reply { body, more: false, ..reply.clone() }))
        }
        [] if reply.more => Found::NotOnPage(format!("`{shown}`")),
        // If no entry has a name, this isn't a list without the wanted entry but another format.
        [] if !entries.iter().any(|one| name(entry, one).is_some()) => {
            Found::Unclear(Reason::MissingValue, format!("no entry of {} has a name", entry.of.text))
        }
        [] => Found::NotListed { wanted: format!("`{shown}`"), listed: listed(entry, &entries) },
        _ => Found::Unclear(Reason::UnclearReply, format!("`{shown}` is listed more than once")),
    }
}

fn is_called(entry: &ListEntry, one: &Value, wanted: &str) -> bool {
    entry.by.iter().any(|path| path.all(one).iter().any(|name| name.as_str() == Some(wanted)))
}

/// The first name of an entry.
fn name<'a>(entry: &ListEntry, one: &'a Value) -> Option<&'a str> {
    entry.by.iter().find_map(|path| path.all(one).first()?.as_str())
}

/// The names of the entries, as many as fit on a line.
fn listed(entry: &ListEntry, entries: &[&Value]) -> String {
    let names: Vec<&str> = entries.iter().filter_map(|one| name(entry, one)).take(MOST_NAMES).collect();
    let more = entries.len().saturating_sub(names.len());
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", wording::names(&names))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::{
        judge::rule_fixture,
        model::{expect::Path, observation::ErrorText, template::Template},
    };

    fn found(body: Value) -> String {
        let path = |text: &str| Path::parse(text).unwrap();
        let by = vec![path("$.id"), path("$.aliases[*]")];
        let entry = ListEntry { of: path("$.data[*]"), by, is: Template::parse("{shot.model}").unwrap() };
        let reply = Reply {
            status: 200,
            headers: BTreeMap::new(),
            body: Body::Json(body),
            error: ErrorText::default(),
            unmet: None,
            more: false,
        };
        let shot = rule_fixture::shot("shot");
        match find(&entry, &Observation::Reply(reply), Scope { shot: Some(&shot), ..Scope::default() }) {
            Found::Here(Observation::Reply(reply)) => reply.any_json().unwrap().to_string(),
            Found::Here(_) => "no reply".to_owned(),
            Found::NotListed { wanted, listed } => format!("{wanted} not among {listed}"),
            Found::NotOnPage(wanted) => format!("{wanted} not on this page"),
            Found::Unclear(_, why) => why,
            Found::NoList => "no list".to_owned(),
        }
    }

    #[rstest]
    #[case::by_its_id(json!({"data": [{"id": "other"}, {"id": "model", "n": 1}]}), r#"{"id":"model","n":1}"#)]
    #[case::by_an_alias(json!({"data": [{"id": "m", "aliases": ["model"]}]}), r#"{"id":"m","aliases":["model"]}"#)]
    #[case::not_among_all(json!({"data": [{"id": "m-1"}, {"id": "m-2"}]}), "`model` not among `m-1`, `m-2`")]
    #[case::not_there(json!({"data": [{"id": "m-1"}, {"id": 2}, 3]}), "`model` not among `m-1` and 2 more")]
    #[case::twice(json!({"data": [{"id": "model"}, {"id": "model"}]}), "`model` is listed more than once")]
    #[case::empty(json!({"data": []}), "$.data[*] is not there")]
    #[case::another_shape(json!({"models": []}), "$.data[*] is not there")]
    #[case::nameless(json!({"data": ["a", {"slug": "model"}, {"id": 7}]}), "no entry of $.data[*] has a name")]
    #[case::an_error(json!({"error": "no", "data": [{"id": "model"}]}), "no list")]
    fn an_entry_is_found_by_its_names(#[case] body: Value, #[case] wanted: &str) {
        assert_eq!(found(body), wanted);
    }

    #[test]
    fn a_long_list_of_names_is_shortened() {
        let data: Vec<Value> = (0..10_000).map(|n| json!({"id": format!("m-{n}")})).collect();
        let told = found(json!({ "data": data }));
        assert!(told.ends_with("`m-19` and 9980 more") && told.len() < 500, "{told}");
    }
}
