//! Keys: read from the environment or a file, checked for their format, and never shown.

use std::{collections::BTreeMap, fmt, io::Read as _};

use camino::Utf8Path;
use indexmap::IndexMap;
use reqwest::header::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    files::{self, FileError, Kind},
    model::{
        checklist::{Host, KeySpec},
        key::KeyShape,
        observation::KeyFact,
    },
    secrets::SHORTEST,
};

/// No key is longer, in bytes.
const LONGEST: u64 = Kind::Key.most();

/// What a rehearsal sends; it opens nothing anywhere.
const STAND_IN: &str = "rehearsal-key-of-greenlight";

/// The keys of one run, by environment variable.
#[derive(Default)]
pub struct KeyRing {
    keys: BTreeMap<String, Key>,
}

struct Key {
    fact: KeyFact,
    value: Option<SecretString>,
    /// Other values that are set for it; never sent.
    others: Vec<SecretString>,
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.keys.iter().map(|(env, key)| (env, &key.fact))).finish()
    }
}

impl KeyRing {
    /// Reads the key of every host: from the variable itself, or else from the file that `<variable>_FILE` names.
    pub fn read(hosts: &IndexMap<String, Host>, env: &dyn Fn(&str) -> Option<String>) -> Self {
        let keys = specs(hosts).map(|(spec, refuse)| (spec.env.clone(), look(spec, &refuse, env)));
        Self { keys: keys.collect() }
    }

    /// Reads the keys in these variables only to search texts for them.
    pub fn of<'n>(names: impl Iterator<Item = &'n str>, env: &dyn Fn(&str) -> Option<String>) -> Self {
        let keys = names.map(|name| (name.to_owned(), read(name, |_| KeyFact::Present, env)));
        Self { keys: keys.collect() }
    }

    /// The keys of a rehearsal with the embedded stand-in: none is read.
    #[must_use]
    pub fn rehearsal(hosts: &IndexMap<String, Host>) -> Self {
        let key =
            || Key { fact: KeyFact::Rehearsal, value: Some(STAND_IN.to_owned().into()), others: Vec::new() };
        Self { keys: specs(hosts).map(|(spec, _)| (spec.env.clone(), key())).collect() }
    }

    /// What was known about keys when a transcript was recorded; there are no values.
    pub(super) fn recorded(hosts: &IndexMap<String, Host>, facts: &BTreeMap<String, KeyFact>) -> Self {
        let key = |env: &String| Some(Key { fact: facts.get(env)?.clone(), value: None, others: Vec::new() });
        let keys = specs(hosts).filter_map(|(spec, _)| Some((spec.env.clone(), key(&spec.env)?)));
        Self { keys: keys.collect() }
    }

    /// What is known about each key, without its value.
    #[must_use]
    pub fn facts(&self) -> BTreeMap<String, KeyFact> {
        self.keys.iter().map(|(env, key)| (env.clone(), key.fact.clone())).collect()
    }

    /// The header for a host.
    ///
    /// # Errors
    /// Says why there is no usable key.
    pub(crate) fn header(
        &self,
        spec: &KeySpec,
        rehearsal: bool,
    ) -> Result<(HeaderName, HeaderValue), String> {
        let key = self.keys.get(&spec.env).ok_or("it was not read")?;
        usable(&key.fact, rehearsal)?;
        let value = key.value.as_ref().ok_or("it is not set")?;
        let name = HeaderName::from_bytes(spec.carrier.header.as_bytes())
            .map_err(|_| "its header name is invalid".to_owned())?;
        let text = SecretString::from(spec.carrier.value(value.expose_secret()));
        let mut header = HeaderValue::from_str(text.expose_secret())
            .map_err(|_| "it contains a character that no key has".to_owned())?;
        header.set_sensitive(true);
        Ok((name, header))
    }

    /// Whether there was a key to send when a transcript was recorded. A key that was not looked for then isn't known
    /// to be missing.
    ///
    /// # Errors
    /// Says why there was no usable key.
    pub(super) fn was_usable(&self, spec: &KeySpec, rehearsal: bool) -> Result<(), String> {
        self.keys.get(&spec.env).map_or(Ok(()), |key| usable(&key.fact, rehearsal))
    }

    /// Everything that must never be shown: all keys, even invalid ones, and whatever else was set in their place.
    pub fn secrets(&self) -> impl Iterator<Item = SecretString> {
        self.keys.values().flat_map(|key| key.value.iter().chain(&key.others)).cloned()
    }
}

fn usable(fact: &KeyFact, rehearsal: bool) -> Result<(), String> {
    match fact {
        KeyFact::Missing => Err("it is not set".to_owned()),
        KeyFact::Wrong(wrong) => Err(wrong.clone()),
        KeyFact::Rehearsal if !rehearsal => Err("it is the key of a rehearsal".to_owned()),
        KeyFact::Present | KeyFact::Odd(_) | KeyFact::Rehearsal => Ok(()),
    }
}

/// Each variable once, with the refused shapes of all hosts that use it.
fn specs(hosts: &IndexMap<String, Host>) -> impl Iterator<Item = (&KeySpec, Vec<&KeyShape>)> {
    let mut all: IndexMap<&str, (&KeySpec, Vec<&KeyShape>)> = IndexMap::new();
    for spec in hosts.values().filter_map(|host| host.key.as_ref()) {
        all.entry(&spec.env).or_insert_with(|| (spec, Vec::new())).1.extend(&spec.refuse);
    }
    all.into_values()
}

/// Reads a key and checks its format.
fn look(spec: &KeySpec, refuse: &[&KeyShape], env: &dyn Fn(&str) -> Option<String>) -> Key {
    let odd = |text: &str| spec.looks.as_ref().and_then(|looks| looks.unlike(text));
    let fact = |text: &str| {
        let odd = || odd(text).map_or(KeyFact::Present, KeyFact::Odd);
        wrong(text, refuse).map_or_else(odd, KeyFact::Wrong)
    };
    read(&spec.env, fact, env)
}

fn read(name: &str, fact: impl Fn(&str) -> KeyFact, env: &dyn Fn(&str) -> Option<String>) -> Key {
    let file = env(&format!("{name}_FILE")).map(|path| KeyFile::read(&path));
    let (text, others) = match (env(name), file) {
        (Some(text), file) => (Ok(text), file.into_iter().flat_map(|file| file.secrets).collect()),
        (None, Some(file)) => {
            let text = file.key.map_err(|why| format!("the file named by {name}_FILE {why}"));
            (text, file.secrets)
        }
        (None, None) => return Key { fact: KeyFact::Missing, value: None, others: Vec::new() },
    };
    match text {
        Err(wrong) => Key { fact: KeyFact::Wrong(wrong), value: None, others },
        Ok(text) => {
            // An invalid key is kept too: it is never sent, but still redacted from replies.
            Key { fact: fact(&text), value: Some(text.into()), others }
        }
    }
}

/// The file that a variable names.
struct KeyFile {
    /// The key in it, or why there is none. The path isn't repeated: people put the key itself there.
    key: Result<String, String>,
    /// What must not be shown.
    secrets: Vec<SecretString>,
}

impl KeyFile {
    fn read(path: &str) -> Self {
        let read = || -> Result<Vec<u8>, FileError> {
            let mut bytes = Vec::new();
            // A key that is too long is still a key, and its beginning must not be shown.
            files::open(Utf8Path::new(path), Kind::Key)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        match read() {
            Err(error) => {
                Self { key: Err(format!("cannot be read: {error}")), secrets: vec![path.to_owned().into()] }
            }
            Ok(bytes) => {
                // In a UTF-16 file the key is interleaved with zeros; it is not sent anywhere.
                let secret =
                    String::from_utf8_lossy(&bytes).replace(['\0', '\u{feff}', '\u{fffd}'], "").into();
                let key = String::from_utf8(bytes).map(|text| {
                    let line = text.strip_suffix('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
                    line.map(str::to_owned).unwrap_or(text)
                });
                let key = key.map_err(|_| "cannot be read: it is not text".to_owned());
                Self { key, secrets: vec![secret] }
            }
        }
    }
}

fn wrong(text: &str, refuse: &[&KeyShape]) -> Option<String> {
    let quoted = |mark: char| text.len() > 1 && text.starts_with(mark) && text.ends_with(mark);
    if text.trim().is_empty() {
        Some("it is set but empty".to_owned())
    } else if text.len() as u64 > LONGEST {
        Some("it is too long for a key".to_owned())
    } else if text.chars().count() < SHORTEST {
        // Anything shorter can't be told from a word, so it could not be kept out of the output.
        Some("it is too short for a key".to_owned())
    } else if quoted('"') || quoted('\'') {
        Some("it has quotation marks around it".to_owned())
    } else if text.contains(char::is_whitespace) {
        Some("it has white space in it".to_owned())
    } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Some("it contains a character that no key has".to_owned())
    } else {
        let shape = refuse.iter().find(|shape| text.starts_with(&shape.prefix))?;
        Some(format!("this is {}, not a key for this route", shape.says))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::model::key::{Carrier, KeyLooks};

    const CANARY: &str = "xai-canary-0123456789";

    fn hosts() -> IndexMap<String, Host> {
        let refuse = vec![KeyShape { prefix: "gsk_".into(), says: "a Groq key".into() }];
        let key = KeySpec {
            env: "XAI_API_KEY".into(),
            carrier: Carrier::authorization("Bearer"),
            looks: Some(KeyLooks {
                shape: KeyShape { prefix: "xai-".into(), says: "an xAI key".into() },
                length: None,
            }),
            refuse,
        };
        let base_url = url::Url::parse("https://api.x.ai").unwrap();
        let host = Host { base_url, key: Some(key), success: vec![], more: vec![] };
        IndexMap::from([("api".to_owned(), host)])
    }

    fn fact(value: Option<&str>) -> KeyFact {
        let ring =
            KeyRing::read(&hosts(), &|name| value.filter(|_| name == "XAI_API_KEY").map(str::to_owned));
        ring.facts().remove("XAI_API_KEY").unwrap()
    }

    #[rstest]
    #[case("", "it is set but empty")]
    #[case(" \n", "it is set but empty")]
    #[case("xai-a bcd", "it has white space in it")]
    #[case("xai-abcd\n", "it has white space in it")]
    #[case("Bearer xai-a", "it has white space in it")]
    #[case("\"xai-abcd\"", "it has quotation marks around it")]
    #[case("xai-äbcd", "it contains a character that no key has")]
    #[case("xai-\u{7}bcd", "it contains a character that no key has")]
    #[case("xai-abc", "it is too short for a key")]
    #[case("gsk_123456", "this is a Groq key, not a key for this route")]
    fn a_wrong_key_is_recognised_by_its_format(#[case] value: &str, #[case] why: &str) {
        assert_eq!(fact(Some(value)), KeyFact::Wrong(why.to_owned()));
    }

    #[test]
    fn a_key_is_present_or_missing() {
        assert_eq!(fact(None), KeyFact::Missing);
        assert_eq!(fact(Some(CANARY)), KeyFact::Present);
    }

    #[test]
    fn a_key_with_another_look_is_odd_and_is_sent() {
        let odd = "canary-0123456789";
        let why = "it does not look like an xAI key: such keys begin with `xai-`";
        assert_eq!(fact(Some(odd)), KeyFact::Odd(why.to_owned()));
        let ring = KeyRing::read(&hosts(), &|_| Some(odd.to_owned()));
        assert!(ring.header(hosts()["api"].key.as_ref().unwrap(), false).is_ok());
    }

    #[test]
    fn a_key_goes_alone_into_a_header_of_its_owner() {
        let mut hosts = hosts();
        let spec = hosts["api"].key.as_mut().unwrap();
        spec.carrier = Carrier { header: "x-api-key".into(), scheme: None };
        let spec = spec.clone();
        let ring = KeyRing::read(&hosts, &|_| Some(CANARY.to_owned()));
        let (name, value) = ring.header(&spec, false).unwrap();
        assert_eq!((name.as_str(), value.as_bytes()), ("x-api-key", CANARY.as_bytes()));
        assert!(value.is_sensitive());
    }

    #[rstest]
    #[case(&format!("{CANARY}\n"), KeyFact::Present)]
    #[case(&format!("{CANARY}\r\n"), KeyFact::Present)]
    #[case(&format!("{CANARY}\n\n"), KeyFact::Wrong("it has white space in it".into()))]
    #[case(&"x".repeat(20_000), KeyFact::Wrong("it is too long for a key".into()))]
    fn a_file_gives_the_key_without_its_last_newline(#[case] content: &str, #[case] expected: KeyFact) {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs_err::write(file.path(), content).unwrap();
        let path = file.path().to_str().unwrap();
        let ring = KeyRing::read(&hosts(), &|name| (name == "XAI_API_KEY_FILE").then(|| path.to_owned()));
        assert_eq!(ring.facts()["XAI_API_KEY"], expected);
    }

    #[test]
    fn a_key_in_place_of_a_file_name_is_not_repeated() {
        let ring = KeyRing::read(&hosts(), &|name| name.ends_with("_FILE").then(|| CANARY.to_owned()));
        let why = "the file named by XAI_API_KEY_FILE cannot be read: file not found";
        assert_eq!(ring.facts()["XAI_API_KEY"], KeyFact::Wrong(why.to_owned()));
    }

    #[test]
    fn nothing_shows_a_key() {
        let ring = KeyRing::read(&hosts(), &|_| Some(CANARY.to_owned()));
        let (name, header) = ring.header(hosts()["api"].key.as_ref().unwrap(), false).unwrap();
        assert_eq!(name, "authorization");
        assert_eq!(header.as_bytes(), format!("Bearer {CANARY}").as_bytes());
        assert!(!format!("{ring:?} {header:?}").contains("canary"));
    }

    #[test]
    fn a_rehearsal_reads_no_key_and_its_own_goes_nowhere_else() {
        let (ring, hosts) = (KeyRing::rehearsal(&hosts()), hosts());
        let spec = hosts["api"].key.as_ref().unwrap();
        assert_eq!(ring.facts()["XAI_API_KEY"], KeyFact::Rehearsal);
        assert!(ring.header(spec, true).is_ok());
        assert!(ring.header(spec, false).is_err());
    }
}
