//! How much work a JSONPath can take: an upper bound on the values it visits, computed from its shape and the size of
//! the document before visiting any of them. A path of fifty bytes can take longer than the sun will last.

use serde_json::Value;

/// How large a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    values: u64,
    depth: u64,
}

impl Size {
    /// The size of a document.
    pub(super) fn of(value: &Value) -> Self {
        let inner: Box<dyn Iterator<Item = &Value>> = match value {
            Value::Array(items) => Box::new(items.iter()),
            Value::Object(fields) => Box::new(fields.values()),
            _ => return Self { values: 1, depth: 1 },
        };
        inner.map(Self::of).fold(Self { values: 1, depth: 1 }, |all, one| Self {
            values: all.values + one.values,
            depth: all.depth.max(one.depth + 1),
        })
    }
}

/// What is known about a list of found values.
#[derive(Debug, Clone, Copy)]
struct Found {
    /// Its length.
    count: u64,
    /// How often the same value can occur in it.
    times: u64,
    /// Whether some of its values may contain others of them.
    nested: bool,
}

const ROOT: Found = Found { count: 1, times: 1, nested: false };

impl Found {
    /// The direct children of these values; each value of the document occurs at most as often as before.
    fn children(self, size: Size) -> Self {
        Self { count: self.count.saturating_mul(size.values).min(self.whole(size)), ..self }
    }

    /// Every value of the document, this many times.
    fn whole(self, size: Size) -> u64 {
        self.times.saturating_mul(size.values)
    }

    /// These values and everything they contain.
    fn descendants(self, size: Size) -> Self {
        let times = if self.nested { self.times.saturating_mul(size.depth) } else { self.times };
        let all = Self { count: 0, times, nested: true };
        Self { count: self.count.saturating_mul(size.values).min(all.whole(size)), ..all }
    }
}

/// The shape of a path.
#[derive(Debug, Clone, Default)]
pub(super) struct Effort(Vec<Segment>);

#[derive(Debug, Clone, Default)]
struct Segment {
    descends: bool,
    /// Names and indexes: each finds at most one value in another.
    plain: u64,
    /// Wildcards, slices and filters: each may find all children.
    wide: u64,
    filters: Vec<Filter>,
}

#[derive(Debug, Clone, Default)]
struct Filter {
    /// Paths that start at the current value.
    here: Vec<Effort>,
    /// Paths that start at the root.
    root: Vec<Effort>,
}

impl Effort {
    /// The shape of a path that the real parser has accepted.
    ///
    /// # Errors
    /// Why it cannot be bounded.
    pub(super) fn of(path: &str) -> Result<Self, &'static str> {
        let mut reader = Reader { rest: path.trim_ascii().as_bytes() };
        reader.take(b"$");
        let effort = reader.path()?;
        if reader.rest.is_empty() { Ok(effort) } else { Err(UNREAD) }
    }

    /// The most values it visits in a document of this size.
    pub(super) fn most(&self, size: Size) -> u64 {
        self.from(ROOT, size)
    }

    fn from(&self, start: Found, size: Size) -> u64 {
        let (mut found, mut visited) = (start, 0_u64);
        for segment in &self.0 {
            let from = if segment.descends { found.descendants(size) } else { found };
            let all = from.children(size);
            let wide = all.count.saturating_mul(segment.wide);
            visited =
                visited.saturating_add(from.count.saturating_mul(segment.plain + 1)).saturating_add(wide);
            for filter in &segment.filters {
                visited = visited.saturating_add(filter.over(all, size));
            }
            let count = from.count.saturating_mul(segment.plain).saturating_add(wide);
            found = Found { count, times: from.times.saturating_mul(segment.plain + segment.wide), ..from };
        }
        visited
    }

    /// Whether its effort doesn't depend on the document: only names and indexes, one after the other.
    pub(super) fn is_plain(&self) -> bool {
        self.0.iter().all(|segment| !segment.descends && segment.wide == 0 && segment.plain <= 1)
    }
}

impl Filter {
    /// What it visits for these values.
    fn over(&self, all: Found, size: Size) -> u64 {
        // Found values are compared, so each may be read completely.
        let compared = all.descendants(size).count;
        let here = self.here.iter().map(|path| path.from(all, size).saturating_add(compared));
        let more = if self.root.len() > 1 { size.values } else { 0 };
        let root =
            self.root.iter().map(|path| all.count.saturating_mul(path.most(size).saturating_add(more)));
        here.chain(root).fold(all.count, u64::saturating_add)
    }
}

const UNREAD: &str = "how much effort it takes is unknown";

const COMPILES: &str = "`match()` and `search()` compile a pattern for every value; find the values, and write `any = { matches = \"…\" }` \
                        beside the path";

/// Reads a path from its start. The real parser has accepted it, so any character that isn't a delimiter is part of a
/// word.
struct Reader<'t> {
    rest: &'t [u8],
}

impl Reader<'_> {
    fn take(&mut self, mark: &[u8]) -> bool {
        let rest = self.rest.strip_prefix(mark);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn next(&mut self) -> Result<u8, &'static str> {
        let (first, rest) = self.rest.split_first().ok_or(UNREAD)?;
        self.rest = rest;
        Ok(*first)
    }

    fn word(&mut self) -> &[u8] {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
        let end = self.rest.iter().position(|byte| !is_part(byte)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn quoted(&mut self, quote: u8) -> Result<(), &'static str> {
        loop {
            match self.next()? {
                b'\\' => drop(self.next()?),
                byte if byte == quote => return Ok(()),
                _ => {}
            }
        }
    }

    fn path(&mut self) -> Result<Effort, &'static str> {
        let mut segments = Vec::new();
        loop {
            let before = self.rest;
            self.rest = self.rest.trim_ascii_start();
            let descends = self.take(b"..");
            let dot = descends || self.take(b".");
            let mut segment = Segment { descends, ..Segment::default() };
            if self.take(b"[") {
                self.selectors(&mut segment)?;
            } else if dot {
                self.rest = self.rest.trim_ascii_start();
                if self.take(b"*") {
                    segment.wide = 1;
                } else {
                    self.word();
                    segment.plain = 1;
                }
            } else {
                self.rest = before;
                return Ok(Effort(segments));
            }
            segments.push(segment);
        }
    }

    /// Everything between two brackets, and the closing one.
    fn selectors(&mut self, segment: &mut Segment) -> Result<(), &'static str> {
        let mut wide = false;
        loop {
            match self.next()? {
                mark @ (b',' | b']') => {
                    *(if wide { &mut segment.wide } else { &mut segment.plain }) += 1;
                    wide = false;
                    if mark == b']' {
                        return Ok(());
                    }
                }
                quote @ (b'\'' | b'"') => self.quoted(quote)?,
                b'*' | b':' => wide = true,
                b'?' => {
                    wide = true;
                    segment.filters.push(self.filter()?);
                }
                _ => {}
            }
        }
    }

    /// A condition, up to the delimiter after it.
    fn filter(&mut self) -> Result<Filter, &'static str> {
        let (mut filter, mut open) = (Filter::default(), 0_usize);
        loop {
            match self.rest.first().ok_or(UNREAD)? {
                b',' | b']' if open == 0 => return Ok(filter),
                byte if byte.is_ascii_alphabetic() => {
                    let word = self.word();
                    if matches!(word, b"match" | b"search") {
                        return Err(COMPILES);
                    }
                    continue;
                }
                _ => {}
            }
            match self.next()? {
                b'(' => open += 1,
                b')' => open = open.saturating_sub(1),
                quote @ (b'\'' | b'"') => self.quoted(quote)?,
                b'@' => filter.here.push(self.path()?),
                b'$' => filter.root.push(self.path()?),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests;
