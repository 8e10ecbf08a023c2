//! Names that refer to each other: checks by what they require, probes by what they need, shots by what they start
//! from.

use std::collections::{HashMap, HashSet};

/// The cycles among names, each by the name it was found from.
pub(super) struct Circles<'a>(HashMap<&'a str, String>);

impl<'a> Circles<'a> {
    /// Follows every name once. Of cycles that share a name, one is reported; once it is fixed, the next one shows.
    pub(super) fn among(names: impl Iterator<Item = &'a str>, next: &HashMap<&'a str, Vec<&'a str>>) -> Self {
        let mut circles = HashMap::new();
        let (mut seen, mut on_the_way, mut told) = (HashSet::new(), HashMap::new(), HashSet::new());
        for start in names {
            if !seen.insert(start) {
                continue;
            }
            let mut trail = vec![(start, 0_usize)];
            on_the_way.insert(start, 0);
            while let Some((name, at)) = trail.last_mut() {
                let Some(target) = next.get(*name).and_then(|list| list.get(*at)).copied() else {
                    on_the_way.remove(*name);
                    trail.pop();
                    continue;
                };
                *at += 1;
                let name = *name;
                match on_the_way.get(target) {
                    Some(from) if !told.contains(target) && !told.contains(name) => {
                        let circle: Vec<&str> = trail.iter().skip(*from).map(|(name, _)| *name).collect();
                        told.extend(circle.iter().copied());
                        let names: Vec<_> = circle.iter().map(|name| format!("`{name}`")).collect();
                        circles.insert(target, format!("{} → `{target}`", names.join(" → ")));
                    }
                    None if seen.insert(target) => {
                        on_the_way.insert(target, trail.len());
                        trail.push((target, 0));
                    }
                    _ => {}
                }
            }
        }
        Self(circles)
    }

    /// The cycle that was found from this name, written out.
    pub(super) fn from(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// The cycles in `a>b b>c`, by the name they are found from.
    fn found(edges: &'static str) -> Vec<String> {
        let mut next: HashMap<&str, Vec<&str>> = HashMap::new();
        let mut names = Vec::new();
        for (from, to) in edges.split(' ').filter_map(|edge| edge.split_once('>')) {
            next.entry(from).or_default().push(to);
            names.extend(Some(from).filter(|from| !names.contains(from)));
        }
        let circles = Circles::among(names.iter().copied(), &next);
        names.iter().filter_map(|name| circles.from(name).map(str::to_owned)).collect()
    }

    #[rstest]
    #[case::none("a>b a>c b>c", &[])]
    #[case::itself("a>a", &["`a` → `a`"])]
    #[case::three("a>b b>c c>a", &["`a` → `b` → `c` → `a`"])]
    #[case::reached_by_a_chain("a>b b>c c>b", &["`b` → `c` → `b`"])]
    #[case::two("a>b b>a c>d d>c", &["`a` → `b` → `a`", "`c` → `d` → `c`"])]
    #[case::nowhere("a>gone", &[])]
    #[case::second_way("a>b a>c c>a", &["`a` → `c` → `a`"])]
    #[case::sharing_a_name("a>b b>a b>c c>b", &["`a` → `b` → `a`"])]
    fn every_cycle_is_reported(#[case] edges: &'static str, #[case] wanted: &[&str]) {
        assert_eq!(found(edges), wanted);
    }

    #[test]
    fn a_long_chain_is_followed_once() {
        let names: Vec<String> = (0..200_000).map(|n| n.to_string()).collect();
        let next: HashMap<&str, Vec<&str>> =
            names.windows(2).map(|pair| (pair[0].as_str(), vec![pair[1].as_str()])).collect();
        let circles = Circles::among(names.iter().map(String::as_str), &next);
        assert!(names.iter().all(|name| circles.from(name).is_none()));
    }
}
