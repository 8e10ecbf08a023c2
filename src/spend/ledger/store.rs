//! Where a ledger is kept: a file beside the project, or a PostgreSQL server that a team shares.

use std::{str::FromStr as _, time::Duration};

use camino::{Utf8Path, Utf8PathBuf};
use sqlx::{
    ConnectOptions as _, PgPool, SqlitePool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{LedgerError, statements::Tx};
use crate::files;

/// The tables, for either store.
static MIGRATIONS: Migrator = sqlx::migrate!("src/spend/ledger/migrations");

/// How long another process that writes is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where a ledger is kept.
#[derive(Debug, Clone)]
pub enum Place {
    /// This file in the state folder of the project that lies here.
    Project(Utf8PathBuf, &'static str),
    /// A PostgreSQL server.
    Server(Box<PgConnectOptions>),
}

/// An address that names no ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPlace {
    /// Another kind of address.
    #[error("it is not a PostgreSQL address such as postgres://ledger@db.example/video")]
    Scheme,
    /// It cannot be read. It is not repeated: it may hold a password.
    #[error("the address cannot be read; special characters in a password are percent-encoded")]
    Form,
}

impl Place {
    /// The server that an address names.
    ///
    /// # Errors
    /// [`BadPlace`] when it names none.
    pub fn server(url: &str) -> Result<Self, BadPlace> {
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(BadPlace::Scheme);
        }
        let options = PgConnectOptions::from_str(url).map_err(|_| BadPlace::Form)?;
        Ok(Self::Server(Box::new(options.disable_statement_logging())))
    }

    /// Whether there may be a ledger already: a server is asked, a file is looked for.
    #[must_use]
    pub fn is_there(&self) -> bool {
        match self {
            Self::Project(dir, name) => dir.join(files::STATE).join(name).is_file(),
            Self::Server(_) => true,
        }
    }

    /// For a reader, without a password.
    #[must_use]
    pub fn told(&self) -> String {
        match self {
            Self::Project(_, name) => format!("{}/{name}", files::STATE),
            Self::Server(options) => {
                let database = options.get_database().unwrap_or_default();
                format!("postgres://{}:{}/{database}", options.get_host(), options.get_port())
            }
        }
    }
}

/// An open store.
#[derive(Debug)]
pub(super) enum Store {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Store {
    /// Opens a store and brings its tables up to date.
    pub(super) async fn open(place: &Place) -> Result<Self, LedgerError> {
        match place {
            Place::Project(dir, name) => Self::of_project(dir, name).await,
            Place::Server(options) => {
                let pool = PgPoolOptions::new().max_connections(2).acquire_timeout(PATIENCE);
                let pool = pool.connect_with((**options).clone()).await.map_err(LedgerError::Open)?;
                MIGRATIONS.run(&pool).await.map_err(LedgerError::Migrate)?;
                Ok(Self::Postgres(pool))
            }
        }
    }

    async fn of_project(dir: &Utf8Path, name: &str) -> Result<Self, LedgerError> {
        // Only one process at a time makes the tables.
        let lock = files::lock(dir).map_err(LedgerError::Folder)?;
        let path = dir.join(files::STATE).join(name);
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .foreign_keys(true)
            // What was committed has reached the disk: the request is sent only then.
            .synchronous(SqliteSynchronous::Full)
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(PATIENCE)
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new().max_connections(1).acquire_timeout(PATIENCE);
        let pool = pool.connect_with(options).await.map_err(LedgerError::Open)?;
        MIGRATIONS.run(&pool).await.map_err(LedgerError::Migrate)?;
        drop(lock);
        Ok(Self::Sqlite(pool))
    }

    /// A transaction that writes: whoever else wants to waits for its end.
    pub(super) async fn begin(&self) -> Result<Tx, sqlx::Error> {
        match self {
            Self::Sqlite(pool) => pool.begin_with("BEGIN IMMEDIATE").await.map(Tx::Sqlite),
            Self::Postgres(pool) => pool.begin().await.map(Tx::Postgres),
        }
    }

    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}
