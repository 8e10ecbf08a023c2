//! The process environment; only this room reads it.

use camino::Utf8PathBuf;
use percent_encoding::percent_decode_str;
use url::Url;

/// Reads environment variables; tests use a table instead.
pub type Lookup<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// The real environment. A value that is not UTF-8 counts as absent.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
pub fn process(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The folder the process was started in.
///
/// # Errors
/// When the system does not say, or the path is not UTF-8.
pub fn working_dir() -> std::io::Result<Utf8PathBuf> {
    let dir = std::env::current_dir()?;
    Utf8PathBuf::from_path_buf(dir)
        .map_err(|path| std::io::Error::other(format!("`{}` is not UTF-8", path.display())))
}

/// Folders that the system empties by itself.
#[must_use]
pub fn temporary_dirs() -> Vec<Utf8PathBuf> {
    let usual = ["/tmp", "/var/tmp", "/dev/shm", "/private/tmp"].map(Utf8PathBuf::from);
    let own = Utf8PathBuf::from_path_buf(std::env::temp_dir()).ok();
    usual.into_iter().chain(own).collect()
}

/// The person's own folder, when it is known.
#[must_use]
pub fn home() -> Option<Utf8PathBuf> {
    std::env::home_dir().and_then(|home| Utf8PathBuf::from_path_buf(home).ok())
}

/// How the names of variables end that hold secrets.
const CREDENTIALS: [&str; 10] = [
    "_CREDENTIAL",
    "_CREDENTIALS",
    "_KEY",
    "_PASS",
    "_PASSPHRASE",
    "_PASSWD",
    "_PASSWORD",
    "_PWD",
    "_SECRET",
    "_TOKEN",
];

/// This many letters and digits in a row, mixed as in no word, are a key.
const RANDOM: usize = 8;

/// Secrets in this environment that belong to other programs: keys of other services, by the names of their variables,
/// and passwords of proxies and of the ledger's server. None of them is sent anywhere.
#[must_use]
pub fn others_credentials() -> Vec<String> {
    let named = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    named.filter_map(|(name, value)| credential(&name, &value.to_string_lossy())).collect()
}

/// The part of a variable's value that must stay secret.
fn credential(name: &str, value: &str) -> Option<String> {
    let (name, value) = (name.to_ascii_uppercase(), value.trim());
    if name.ends_with("_PROXY") || name == "GREENLIGHT_LEDGER" {
        let address = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
        return Url::parse(&address)
            .ok()?
            .password()
            .map(|word| percent_decode_str(word).decode_utf8_lossy().into_owned());
    }
    let is_place =
        value.contains("://") || value.starts_with(['/', '~', '.']) || value.get(1..3) == Some(":\\");
    let named = CREDENTIALS.iter().any(|end| name.ends_with(end));
    // A plain word occurs everywhere, and covering it would garble messages.
    let opens =
        value.split(|c: char| !c.is_alphanumeric()).any(|part| part.len() >= RANDOM && is_mixed(part));
    (named && opens && !is_place).then(|| value.to_owned())
}

fn is_mixed(part: &str) -> bool {
    let has = |of: fn(char) -> bool| part.contains(of);
    let (digit, lower, upper) =
        (has(char::is_numeric), has(char::is_lowercase), part.chars().skip(1).any(char::is_uppercase));
    (digit && (lower || has(char::is_uppercase))) || (lower && upper)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn the_page_lists_every_name() {
        let page = include_str!("../docs/configuration.md");
        let (_, list) = page.split_once("in variables that end in").unwrap();
        let (list, _) = list.split_once(".\n").unwrap();
        let listed: Vec<_> = list.split('`').skip(1).step_by(2).collect();
        assert_eq!(listed, CREDENTIALS);
    }

    #[rstest]
    #[case::fal("FAL_KEY", "9f1c2d3e-1111-2222-3333-444455556666:0123456789abcdef0123456789abcdef")]
    #[case::replicate("REPLICATE_API_TOKEN", "r8_0123456789abcdefgh")]
    #[case::small("my_secret", "hunter2secret")]
    #[case::letters("DB_PASSWORD", "correctHorse")]
    fn a_credential_is_known_by_its_name(#[case] name: &str, #[case] value: &str) {
        assert_eq!(credential(name, value).as_deref(), Some(value));
    }

    #[rstest]
    #[case::proxy("https_proxy", "http://ann:hun%74er2@proxy.example:3128", Some("hunter2"))]
    #[case::no_scheme("ALL_PROXY", "ann:hunter2@proxy.example", Some("hunter2"))]
    #[case::ledger("GREENLIGHT_LEDGER", "postgres://ann:hunter2@db.example/video", Some("hunter2"))]
    #[case::no_password("HTTP_PROXY", "http://proxy.example:3128", None)]
    #[case::a_name("PATH", "/usr/bin:/bin0123456789a", None)]
    #[case::a_file("GOOGLE_APPLICATION_CREDENTIALS", "/home/ann/a0123456789.json", None)]
    #[case::an_address("HOOK_TOKEN", "https://a0123456789.example", None)]
    #[case::a_word("DB_PASSWORD", "greenlight", None)]
    #[case::words("CACHE_KEY", "linux-x64-node-20", None)]
    #[case::a_number("SORT_KEY", "1234567890", None)]
    fn only_secrets_in_variables_are_credentials(
        #[case] name: &str,
        #[case] value: &str,
        #[case] wanted: Option<&str>,
    ) {
        assert_eq!(credential(name, value).as_deref(), wanted);
    }
}
