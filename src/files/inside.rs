//! Files that a project names. A stranger may have written the project, so these files must be inside it.

use std::sync::mpsc::channel;

use camino::{Utf8Path, Utf8PathBuf};

use super::{
    error::{Bounds, FileError},
    kind::Kind,
    read::{text_of, whole},
    system,
    timed::{Opened, within},
};
use crate::env;

/// A project's folder, and how far the paths in its files may lead.
#[derive(Debug, Clone)]
pub(crate) struct Root {
    dir: Utf8PathBuf,
    bounds: Bounds,
}

impl Root {
    /// Paths may lead anywhere in the git checkout that contains the project; without a checkout, anywhere in its
    /// folder. A checkout that contains the home folder belongs to the person and not to the project.
    #[must_use]
    pub(crate) fn checkout(project_dir: &Utf8Path) -> Self {
        Self { dir: project_dir.to_owned(), bounds: Bounds::Checkout }
    }

    /// Paths may lead anywhere in the project's folder.
    #[must_use]
    pub(crate) fn folder(project_dir: &Utf8Path) -> Self {
        Self { dir: project_dir.to_owned(), bounds: Bounds::Folder }
    }

    /// Opens a file that is named relative to the project's folder. Does not limit its size.
    ///
    /// # Errors
    /// [`FileError::Outside`] before any of it is read, or as [`super::open`].
    pub(crate) fn open(&self, path: &Utf8Path, kind: Kind) -> Result<Opened, FileError> {
        let (root, path) = (self.clone(), path.to_owned());
        Opened::by(kind.patience(), move || root.land(&path)?.open())
    }

    /// The text of a TOML file that is named relative to the project's folder. `typed` says that a person chose its
    /// name, or that it was found by its name.
    ///
    /// # Errors
    /// As [`Self::open`] and [`super::text`], and [`FileError::NotToml`], because mistakes are shown with their lines.
    pub(crate) fn toml(&self, path: &Utf8Path, kind: Kind, typed: bool) -> Result<String, FileError> {
        let (root, named) = (self.clone(), path.to_owned());
        let (tell, told) = channel();
        let bytes = whole(kind, move || {
            let landing = root.land(&named)?;
            drop(tell.send(landing.path.clone()));
            landing.open()
        })?;
        let text = text_of(bytes)?;
        let place = told.try_recv().map_err(|_| FileError::NotToml)?;
        let called_so = place.extension() == Some("toml");
        let as_typed = typed && place.file_name() == path.file_name();
        if called_so || as_typed { Ok(text) } else { Err(FileError::NotToml) }
    }

    /// The place of a file to write, with all links followed; it need not exist.
    ///
    /// # Errors
    /// [`FileError::Outside`] when a link leads outside.
    pub(crate) fn place(&self, path: &Utf8Path) -> Result<Utf8PathBuf, FileError> {
        let (root, path) = (self.clone(), path.to_owned());
        within(Kind::Toml.patience(), move || Ok(root.land(&path)?.path))
    }

    pub(super) fn land(&self, path: &Utf8Path) -> Result<system::Landing, FileError> {
        self.land_by(path, system::land)
    }

    /// The same for a name that must not be a link itself.
    pub(super) fn land_beside(&self, path: &Utf8Path) -> Result<system::Landing, FileError> {
        self.land_by(path, system::land_beside)
    }

    fn land_by(
        &self,
        path: &Utf8Path,
        land: fn(&Utf8Path, &Utf8Path, Bounds) -> Result<system::Landing, FileError>,
    ) -> Result<system::Landing, FileError> {
        let here = if self.dir.as_str().is_empty() { Utf8Path::new(".") } else { &self.dir };
        let dir = here.canonicalize_utf8()?;
        let top = match self.bounds {
            Bounds::Folder => dir.as_path(),
            Bounds::Checkout => checkout_around(&dir),
        };
        let below = dir.strip_prefix(top).unwrap_or(Utf8Path::new(""));
        // The path as people write it, also when a link leads to the project's folder.
        let along = match path.strip_prefix(here) {
            Ok(rest) if path.is_absolute() => below.join(rest),
            _ => below.join(path),
        };
        land(top, &along, self.bounds)
    }
}

/// The nearest folder with a `.git`, starting here and staying below the home folder; else this one.
pub(super) fn checkout_around(dir: &Utf8Path) -> &Utf8Path {
    let home = env::home().and_then(|home| home.canonicalize_utf8().ok());
    let of_a_person = |folder: &Utf8Path| {
        folder.parent().is_none() || home.as_ref().is_some_and(|home| home.starts_with(folder))
    };
    let mut around = dir.ancestors().take_while(|folder| !of_a_person(folder));
    around.find(|folder| folder.join(".git").symlink_metadata().is_ok()).unwrap_or(dir)
}
