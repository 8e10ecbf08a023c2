//! Whole files, written so that a crash leaves the old one or the new one.

use std::io::Write as _;

use camino::Utf8Path;

/// Puts a file in place whole: written beside its place, flushed to the disk, then renamed.
///
/// # Errors
/// When the folder cannot be written to or has no room, or when the file exists and may not be replaced.
pub fn write_whole(path: &Utf8Path, text: &str, replace: bool) -> std::io::Result<()> {
    // As an editor would make it; a temporary file is private by default.
    write(path, text, replace, true)
}

/// The same for a file that nobody else on this machine may read, whoever could read the old one.
///
/// # Errors
/// As [`write_whole`].
pub fn write_private(path: &Utf8Path, text: &str) -> std::io::Result<()> {
    write(path, text, true, false)
}

fn write(path: &Utf8Path, text: &str, replace: bool, public: bool) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_str().is_empty()).unwrap_or(Utf8Path::new("."));
    fs_err::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".greenlight");
    #[cfg(unix)]
    if public {
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    }
    let mut file = builder.tempfile_in(folder)?;
    if public && let Ok(old) = fs_err::metadata(path) {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    let kept = if replace { file.persist(path) } else { file.persist_noclobber(path) };
    kept.map(drop).map_err(|error| error.error)
}
