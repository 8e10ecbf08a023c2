//! Looks at the folder for finished clips, without creating it.

use camino::{Utf8Path, Utf8PathBuf};

use crate::model::observation::FolderFact;

/// What is known about an output folder.
pub(super) fn look(project_dir: &Utf8Path, output: &Utf8Path, temp_dirs: &[Utf8PathBuf]) -> FolderFact {
    let path = project_dir.join(output);
    let standing = path.ancestors().find(|folder| folder.exists());
    FolderFact {
        writable: standing.map_or_else(|| Err("no part of its path exists".to_owned()), writable),
        temporary: temp_dirs.iter().any(|temp| inside(&path, standing, temp))
            || standing.is_some_and(in_memory),
        free_bytes: standing.and_then(free_bytes),
        path: path.into_string(),
    }
}

/// Whether a folder is in the memory of this machine, whatever its name: it is lost when the machine restarts
/// (<https://docs.kernel.org/filesystems/tmpfs.html>).
#[cfg(target_os = "linux")]
fn in_memory(folder: &Utf8Path) -> bool {
    /// `TMPFS_MAGIC` and `RAMFS_MAGIC` of `linux/magic.h`.
    const IN_MEMORY: [u32; 2] = [0x0102_1994, 0x8584_58f6];
    rustix::fs::statfs(folder.as_std_path())
        .is_ok_and(|about| u32::try_from(about.f_type).is_ok_and(|kind| IN_MEMORY.contains(&kind)))
}

/// Not known on this system.
#[cfg(not(target_os = "linux"))]
fn in_memory(_: &Utf8Path) -> bool {
    false
}

/// Room for a user without privileges, in bytes.
#[cfg(unix)]
fn free_bytes(folder: &Utf8Path) -> Option<u64> {
    let room = rustix::fs::statvfs(folder.as_std_path()).ok()?;
    room.f_bavail.checked_mul(room.f_frsize)
}

/// Not known on this system.
#[cfg(not(unix))]
fn free_bytes(_: &Utf8Path) -> Option<u64> {
    None
}

/// Only writing shows whether writing is allowed: it depends on modes, mounts and quotas.
fn writable(folder: &Utf8Path) -> Result<(), String> {
    if !folder.is_dir() {
        return Err(format!("`{folder}` is not a folder"));
    }
    let trial = tempfile::Builder::new().prefix(".greenlight-").tempfile_in(folder);
    trial.map(drop).map_err(|error| format!("cannot write in `{folder}`: {}", error.kind()))
}

fn inside(path: &Utf8Path, standing: Option<&Utf8Path>, temp: &Utf8Path) -> bool {
    let real = |path: &Utf8Path| path.canonicalize_utf8().ok();
    let linked = standing.and_then(real).zip(real(temp)).is_some_and(|(at, temp)| at.starts_with(temp));
    linked || path.starts_with(temp)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
        (folder, path)
    }

    #[test]
    fn a_folder_that_can_be_made_is_writable_and_is_not_made() {
        let (_keep, at) = folder();
        let fact = look(&at, "a/b".into(), &[]);
        assert_eq!((fact.writable, fact.temporary), (Ok(()), false));
        assert_eq!(fact.path, at.join("a/b"));
        assert_eq!(at.read_dir_utf8().unwrap().count(), 0);
    }

    #[test]
    fn below_a_file_nothing_can_be_kept() {
        let (_keep, at) = folder();
        fs_err::write(at.join("file"), "").unwrap();
        for output in ["file", "file/clips"] {
            let fact = look(&at, output.into(), &[]);
            assert_eq!(fact.writable, Err(format!("`{}` is not a folder", at.join("file"))));
        }
    }

    #[test]
    fn a_folder_inside_a_temporary_one_is_temporary_even_before_it_exists() {
        let (_keep, at) = folder();
        let (_other, elsewhere) = folder();
        assert!(look(&at, "clips".into(), std::slice::from_ref(&at)).temporary);
        assert!(!look(&at, "clips".into(), &[elsewhere]).temporary);
    }

    /// Whatever its name.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_folder_in_memory_is_temporary() {
        let shared = Utf8Path::new("/dev/shm");
        if shared.is_dir() {
            assert!(look(shared, "clips".into(), &[]).temporary);
        }
        assert!(!look("/proc".into(), "..".into(), &[]).temporary || in_memory("/".into()));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_into_a_temporary_folder_is_temporary() {
        let (_keep, at) = folder();
        let (_other, temp) = folder();
        std::os::unix::fs::symlink(&temp, at.join("clips")).unwrap();
        assert!(look(&at, "clips".into(), &[temp]).temporary);
    }
}
