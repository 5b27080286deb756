//! The store in PostgreSQL: a schema of its own in a database that several servers share.
//!
//! Readers see one snapshot (REPEATABLE READ); writers of all servers take turns by an advisory lock, which ends with
//! their transaction or their connection. A connection that was cut off is replaced when the next call needs one. Every
//! commit is told to whoever listens, so that servers follow one another.

mod address;
mod driver;
mod failure;
mod listen;
mod migrate;
mod session;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Once, OnceLock};
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, Runtime, Timeouts};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use tokio::sync::Notify;
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use self::address::Address;
use self::driver::Driver;
use self::session::Transaction;
use super::sql::{Cell, Session};
use super::{Reading, Result, Store, Writing};
use crate::registry::RegistryError;

/// How long the server works at one statement before it gives up.
const STATEMENT: Duration = Duration::from_secs(60);
/// How long a writer waits for the writers of other servers.
const TURN: Duration = Duration::from_secs(120);
/// A server that stops in the middle of a change loses its turn after so long.
const IDLE: Duration = Duration::from_secs(60);
/// How long an answer of the database may take in all: beyond every bound above.
const PATIENCE: Duration = Duration::from_secs(180);
/// How long a reader waits for a free connection, and everybody for a new one.
const QUEUE: Duration = Duration::from_secs(10);

/// Rows in PostgreSQL.
pub struct Postgres {
    place: String,
    schema: String,
    readers: Pool,
    /// `None` where it is open for reading only.
    writer: Option<Pool>,
    /// Whether its tables are known to be up to date.
    prepared: OnceLock<()>,
    /// How a change begins and ends.
    begin: String,
    commit: String,
    /// What listens, and how it is begun.
    config: Config,
    tls: Option<MakeRustlsConnect>,
    channel: String,
    listening: Once,
    news: Arc<Notify>,
    /// Dropped after the connections.
    driver: Driver,
}

impl Postgres {
    /// Opens the registry at `postgresql://USER@HOST:PORT/DATABASE?schema=NAME&sslrootcert=FILE`, its schema and tables
    /// made where there are none, and brings it up to date. `connections`: how many may read at once.
    ///
    /// Fails with `Address` for a URL that is none, `Unreachable`, `Foreign` where the schema is another program's,
    /// `NewerSchema`.
    pub fn open(url: &str, password_file: Option<&Path>, connections: usize) -> Result<Postgres> {
        let store = Postgres::open_later(url, password_file, connections)?;
        store.prepare()?;
        Ok(store)
    }

    /// The same, without asking whether anybody answers: the first call that somebody does makes the tables. Fails with
    /// `Address` alone.
    pub fn open_later(url: &str, password_file: Option<&Path>, connections: usize) -> Result<Postgres> {
        Postgres::connect(url, password_file, connections, true)
    }

    /// Opens the registry for reading; changes nothing, not even an older schema.
    pub fn open_read_only(url: &str, password_file: Option<&Path>, connections: usize) -> Result<Postgres> {
        let store = Postgres::connect(url, password_file, connections, false)?;
        let mut session = store.begin_read()?;
        let found = migrate::version(&store, &mut session)?;
        drop(session);
        let (path, known) = (PathBuf::from(&store.place), migrate::SCHEMA);
        match found {
            0 => Err(RegistryError::Missing(path)),
            found if found < known => Err(RegistryError::OlderSchema { path, found, known }),
            _ => Ok(store),
        }
    }

    fn connect(url: &str, password_file: Option<&Path>, connections: usize, writes: bool) -> Result<Postgres> {
        let Address { mut config, schema, authorities, place } = Address::parse(url, password_file)?;
        let given = config.get_options().unwrap_or_default();
        // Every statement has an index to go by; on tables that nobody has analysed yet, PostgreSQL may plan to read all
        // of an import's rows for each of its rows.
        let options = format!(
            "{given} -c search_path={schema} -c statement_timeout={} -c idle_in_transaction_session_timeout={} \
             -c synchronous_commit=on -c enable_seqscan=off -c client_min_messages=error",
            STATEMENT.as_millis(),
            IDLE.as_millis()
        );
        config.options(options.trim());
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(QUEUE);
        }
        let tls = authorities.map(|path| tls(&path)).transpose()?;
        let driver = Driver::start()?;
        let pool = |size| pool(&config, tls.clone(), size, &place);
        let (readers, writer) = (pool(connections.max(2))?, if writes { Some(pool(1)?) } else { None });
        let (high, low) = lock_key(&schema);
        let begin = format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL statement_timeout = {};
             SELECT pg_catalog.pg_advisory_xact_lock({high}, {low}); SET LOCAL statement_timeout = {}",
            TURN.as_millis(),
            STATEMENT.as_millis()
        );
        let channel = format!("exonym_{schema}");
        let commit = format!("NOTIFY {channel}; COMMIT");
        let (listening, news) = (Once::new(), Arc::new(Notify::new()));
        let prepared = OnceLock::new();
        Ok(Postgres {
            place,
            schema,
            readers,
            writer,
            prepared,
            begin,
            commit,
            config,
            tls,
            channel,
            listening,
            news,
            driver,
        })
    }

    /// Brings the tables up to date before the first call.
    fn prepare(&self) -> Result<()> {
        if self.writer.is_some() && self.prepared.get().is_none() {
            migrate::migrate(self)?;
            self.prepared.get_or_init(|| ());
        }
        Ok(())
    }

    fn begin_read(&self) -> Result<Transaction<'_>> {
        self.prepare()?;
        self.begin(&self.readers, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", QUEUE, false)
    }

    fn begin_write(&self) -> Result<Transaction<'_>> {
        self.prepare()?;
        self.begin_any_write()
    }

    /// Also where the tables are not up to date.
    fn begin_any_write(&self) -> Result<Transaction<'_>> {
        let pool = self.writer.as_ref().ok_or(RegistryError::ReadOnly)?;
        // Changes of this server take turns here, however long they are; READ COMMITTED, so that what is read behind the
        // lock is what the writer before has committed.
        self.begin(pool, &self.begin, Duration::from_secs(3600), true)
    }

    fn begin(&self, pool: &Pool, statement: &str, queue: Duration, writes: bool) -> Result<Transaction<'_>> {
        let wait = Timeouts { wait: Some(queue), ..pool.timeouts() };
        // Connections that were cut off while they lay in the pool show it only now: the last attempt has a new one.
        for attempt in 0..=pool.status().max_size {
            let taken = self.driver.wait(queue + PATIENCE, pool.timeout_get(&wait)).ok_or_else(|| self.no_answer())?;
            let client = taken.map_err(|error| failure::no_connection(&self.place, error))?;
            match self.driver.wait(PATIENCE, client.batch_execute(statement)) {
                Some(Ok(())) => return Ok(Transaction { store: self, client: Some(client), failed: false, writes }),
                Some(Err(error)) => {
                    drop(Object::take(client));
                    if !failure::is_lost(&error) || attempt == pool.status().max_size {
                        return Err(failure::failure(&self.place, &error));
                    }
                }
                None => {
                    drop(Object::take(client));
                    return Err(self.no_answer());
                }
            }
        }
        Err(self.no_answer())
    }

    fn no_answer(&self) -> RegistryError {
        let (place, reason) = (self.place.clone(), format!("no answer in {} s", PATIENCE.as_secs()));
        RegistryError::Unreachable { place, reason }
    }
}

impl Store for Postgres {
    fn read(&self) -> Result<Box<dyn Reading + '_>> {
        Ok(Box::new(self.begin_read()?))
    }

    fn write(&self) -> Result<Box<dyn Writing + '_>> {
        Ok(Box::new(self.begin_write()?))
    }

    /// What the server can be asked: that nobody switched off what guards the rows. Its files are its own to check.
    fn check(&self) -> Result<Vec<String>> {
        let mut session = self.begin_read()?;
        let mut findings = Vec::new();
        let mut ask = |sql: &str, what: &str| {
            session.query(sql, &[self.schema.as_str().into()], &mut |cells| {
                if let (Ok(Cell::Text(table)), Ok(Cell::Text(name))) = (cells.cell(0), cells.cell(1)) {
                    findings.push(format!("{table}: {what} {name} is switched off"));
                }
                Ok(())
            })
        };
        let of =
            "JOIN pg_catalog.pg_class c ON c.oid = x.%REL% JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = CAST($1 AS TEXT)";
        let triggers = of.replace("%REL%", "tgrelid");
        let sql = format!(
            "SELECT CAST(c.relname AS TEXT), CAST(x.tgname AS TEXT) FROM pg_catalog.pg_trigger x {triggers}
             AND x.tgenabled IN ('D', 'R') ORDER BY 1, 2"
        );
        ask(&sql, "trigger")?;
        let constraints = of.replace("%REL%", "conrelid");
        let sql = format!(
            "SELECT CAST(c.relname AS TEXT), CAST(x.conname AS TEXT) FROM pg_catalog.pg_constraint x {constraints}
             AND NOT x.convalidated ORDER BY 1, 2"
        );
        ask(&sql, "constraint")?;
        Ok(findings)
    }

    fn backup(&self, _: &Path) -> Result<()> {
        Err(RegistryError::BackupElsewhere(format!("pg_dump --schema={} of {}", self.schema, self.place)))
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn await_news(&self, patience: Duration) -> bool {
        self.listening.call_once(|| {
            let (config, tls, channel) = (self.config.clone(), self.tls.clone(), self.channel.clone());
            self.driver.spawn(listen::listen(config, tls, channel, Arc::clone(&self.news)));
        });
        self.driver.wait(patience, self.news.notified()).is_some()
    }
}

fn pool(config: &Config, tls: Option<MakeRustlsConnect>, size: usize, place: &str) -> Result<Pool> {
    let manager = match tls {
        Some(tls) => Manager::from_config(config.clone(), tls, ManagerConfig::default()),
        None => Manager::from_config(config.clone(), NoTls, ManagerConfig::default()),
    };
    let pool = Pool::builder(manager)
        .max_size(size)
        .runtime(Runtime::Tokio1)
        .create_timeout(Some(PATIENCE))
        .recycle_timeout(Some(QUEUE))
        .build();
    pool.map_err(|error| RegistryError::Database { place: place.to_owned(), reason: error.to_string() })
}

/// How the server's certificate is verified, by name and authority.
fn tls(authorities: &Path) -> Result<MakeRustlsConnect> {
    let bad = |reason: String| RegistryError::Address(format!("sslrootcert={}: {reason}", authorities.display()));
    let mut roots = rustls::RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(authorities).map_err(|error| bad(error.to_string()))? {
        let certificate = certificate.map_err(|error| bad(error.to_string()))?;
        roots.add(certificate).map_err(|error| bad(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(bad("no certificate in it".to_owned()));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| bad(error.to_string()))?;
    Ok(MakeRustlsConnect::new(config.with_root_certificates(roots).with_no_client_auth()))
}

/// The advisory lock of a schema: "exon" in ASCII, and a digest of its name.
fn lock_key(schema: &str) -> (i32, i32) {
    let digest = blake3::hash(schema.as_bytes());
    let [a, b, c, d, ..] = *digest.as_bytes();
    (0x6578_6f6e, i32::from_be_bytes([a, b, c, d]))
}
