//! The process environment, read in this room alone.

use camino::Utf8PathBuf;

/// Reads environment variables; tests put a table in its place.
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
