//! Where a ledger is stored: in a file next to the project, or on a PostgreSQL server that a team shares.

use std::{net::IpAddr, str::FromStr as _, time::Duration};

use camino::{Utf8Path, Utf8PathBuf};
use sqlx::{
    ConnectOptions as _, PgPool, SqlitePool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions, PgSslMode},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{LedgerError, statements::Tx};
use crate::files;

/// The tables, for either store.
static MIGRATIONS: Migrator = sqlx::migrate!("src/spend/ledger/migrations");

/// How long to wait for another process that is writing.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where a ledger is stored.
#[derive(Debug, Clone)]
pub enum Place {
    /// This file in the state folder of the project in this folder.
    Project(Utf8PathBuf, &'static str),
    /// A PostgreSQL server.
    Server(Box<PgConnectOptions>),
}

/// Why an address doesn't name a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPlace {
    /// The address has another scheme.
    #[error("it is not a PostgreSQL address such as postgres://ledger@db.example/video")]
    Scheme,
    /// It can't be parsed. It isn't repeated in the message, because it may contain a password.
    #[error("the address cannot be read; special characters in a password are percent-encoded")]
    Form,
}

impl Place {
    /// The server that an address names.
    ///
    /// # Errors
    /// [`BadPlace`] when it doesn't name one.
    pub fn server(url: &str) -> Result<Self, BadPlace> {
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(BadPlace::Scheme);
        }
        let options = PgConnectOptions::from_str(url).map_err(|_| BadPlace::Form)?;
        // Without TLS the password would be sent in the clear; to allow that, one has to write `sslmode=disable`.
        let prefers = matches!(options.get_ssl_mode(), PgSslMode::Allow | PgSslMode::Prefer);
        let options = if prefers && !is_here(options.get_host()) {
            options.ssl_mode(PgSslMode::Require)
        } else {
            options
        };
        Ok(Self::Server(Box::new(options.disable_statement_logging())))
    }

    /// Whether there may already be a ledger: always for a server; a file is looked for.
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

/// Whether a server runs on this machine: by its address, or by the folder of its socket.
fn is_here(host: &str) -> bool {
    host == "localhost" || host.starts_with('/') || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
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
        // Only one process at a time creates the tables.
        let lock = files::lock(dir).map_err(LedgerError::Folder)?;
        let path = dir.join(files::STATE).join(name);
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .foreign_keys(true)
            // A commit must have reached the disk before the request is sent.
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

    /// A transaction that writes: other writers wait until it ends.
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
