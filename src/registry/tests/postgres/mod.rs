//! What belongs to PostgreSQL alone. Each test has a schema of its own, which is dropped behind it.

mod faults;
mod proxy;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::{Opened, at, entity_of, id, judgement, publish};
use crate::model::Opinion;
use crate::registry::store::Postgres;
use crate::registry::{Registry, RegistryError};

/// The address of a server for tests, by a role that may make schemas and end connections.
const VARIABLE: &str = "EXONYM_TEST_POSTGRES";

static SERVER: LazyLock<Option<String>> = LazyLock::new(|| {
    let server = std::env::var(VARIABLE).ok().filter(|url| !url.is_empty());
    if server.is_none() {
        eprintln!(
            "SKIPPED: no PostgreSQL to test with: {VARIABLE}=postgresql://postgres@127.0.0.1:5432/postgres names one"
        );
    }
    server
});

/// Whether there is a server to test with.
pub fn is_there() -> bool {
    SERVER.is_some()
}

/// A schema that nobody else has; it is dropped with this.
struct Schema {
    name: String,
}

impl Schema {
    fn new() -> Schema {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        Schema { name: format!("test_{}_{count}", std::process::id()) }
    }

    fn url(&self) -> String {
        with(SERVER.as_deref().unwrap(), &format!("schema={}", self.name))
    }

    fn open(&self) -> Registry {
        Registry::over(Box::new(Postgres::open(&self.url(), None, 4).unwrap()))
    }

    /// Ends every connection that works in the schema; gives how many there were.
    fn cut_off(&self) -> u64 {
        let sql =
            format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{}'", self.name);
        run(&sql)
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        run(&format!("DROP SCHEMA IF EXISTS {} CASCADE", self.name));
    }
}

fn with(url: &str, parameter: &str) -> String {
    format!("{url}{}{parameter}", if url.contains('?') { '&' } else { '?' })
}

/// Carries a statement out, and gives how many rows it had.
fn run(sql: &str) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) =
            tokio_postgres::connect(SERVER.as_deref().unwrap(), tokio_postgres::NoTls).await.unwrap();
        let connection = tokio::spawn(connection);
        let done = client.simple_query(sql).await.unwrap();
        drop(client);
        connection.await.unwrap().unwrap();
        done.iter().filter(|message| matches!(message, tokio_postgres::SimpleQueryMessage::Row(_))).count() as u64
    })
}

/// For the conformance suite.
pub fn open() -> Opened {
    let schema = Schema::new();
    Opened { registry: schema.open(), _place: Some(Box::new(schema)) }
}

fn error<T>(result: Result<T, RegistryError>) -> RegistryError {
    result.err().unwrap()
}

#[test]
fn a_registry_is_found_again_by_others() {
    if !is_there() {
        return;
    }
    let schema = Schema::new();
    let missing = error(Postgres::open_read_only(&schema.url(), None, 2));
    assert!(matches!(missing, RegistryError::Missing(_)), "{missing}");
    let one = schema.open();
    publish(&one, "a", &["a:1", "a:2"]);
    let other = schema.open();
    other.judge(judgement("a:1", Opinion::Same, "a:2"), at(1)).unwrap();
    assert_eq!(entity_of(&one, "a:1"), entity_of(&one, "a:2"));
    let reader = Registry::over(Box::new(Postgres::open_read_only(&schema.url(), None, 2).unwrap()));
    assert_eq!(reader.revision().unwrap(), 2);
    assert!(reader.verify().unwrap().is_sound());
    let refused = error(reader.judge(judgement("a:1", Opinion::Same, "a:2"), at(1)));
    assert!(matches!(refused, RegistryError::ReadOnly));
}

#[test]
fn two_who_open_an_empty_schema_at_once_both_find_it() {
    if !is_there() {
        return;
    }
    let schema = Schema::new();
    std::thread::scope(|scope| {
        let opened: Vec<_> = (0..3).map(|_| scope.spawn(|| schema.open().revision().unwrap())).collect();
        assert!(opened.into_iter().all(|opened| opened.join().unwrap() == 0));
    });
}

#[test]
fn other_schemas_are_refused_and_left_alone() {
    if !is_there() {
        return;
    }
    let foreign = Schema::new();
    run(&format!("CREATE SCHEMA {0}; CREATE TABLE {0}.notes (text TEXT)", foreign.name));
    let refused = error(Postgres::open(&foreign.url(), None, 2));
    assert!(matches!(refused, RegistryError::Foreign(_)), "{refused}");

    let newer = Schema::new();
    drop(newer.open());
    run(&format!("INSERT INTO {}.migrations VALUES (77, 'x')", newer.name));
    let refused = error(Postgres::open(&newer.url(), None, 2));
    assert!(matches!(refused, RegistryError::NewerSchema { found: 77, .. }), "{refused}");

    let other = Schema::new();
    drop(other.open());
    run(&format!("UPDATE {}.migrations SET checksum = 'x' WHERE version = 1", other.name));
    let refused = error(Postgres::open(&other.url(), None, 2));
    assert!(matches!(refused, RegistryError::OtherMigration { version: 1, .. }), "{refused}");
}

#[test]
fn rows_that_are_kept_for_ever_cannot_be_changed_by_a_statement() {
    if !is_there() {
        return;
    }
    let schema = Schema::new();
    let registry = schema.open();
    publish(&registry, "a", &["a:1"]);
    assert_eq!(registry.store.check().unwrap(), Vec::<String>::new());
    let refused = |sql: &str| {
        let sql = sql.replace("%", &schema.name);
        let quoted = format!(
            "DO $$ BEGIN {sql}; RAISE EXCEPTION 'went through'; EXCEPTION WHEN raise_exception THEN
             IF SQLERRM = 'went through' THEN RAISE; END IF; END $$"
        );
        run(&quoted);
    };
    refused("DELETE FROM %.identities");
    refused("UPDATE %.identities SET attempt = 1");
    refused("TRUNCATE %.audit");
    refused("UPDATE %.audit SET actor = 'nobody'");
    run(&format!("ALTER TABLE {}.audit DISABLE TRIGGER audit_holds", schema.name));
    assert_eq!(registry.store.check().unwrap(), ["audit: trigger audit_holds is switched off"]);
    let refused = error(registry.backup(std::path::Path::new("copy")));
    assert!(refused.to_string().contains("use pg_dump --schema=test_"), "{refused}");
}

#[test]
fn who_waits_for_news_is_called() {
    if !is_there() {
        return;
    }
    let schema = Schema::new();
    let (one, other) = (schema.open(), schema.open());
    let patience = Duration::from_secs(20);
    // The first call is that of the beginning.
    assert!(one.await_news(patience));
    assert!(!one.await_news(Duration::from_millis(1)));
    publish(&other, "a", &["a:1"]);
    assert!(one.await_news(patience), "a change of another server was not told");
    let news = one.news(0, 10).unwrap();
    assert_eq!((news.records_revision, news.changed.len(), news.removed.len()), (1, 1, 0));
    publish(&other, "a", &[]);
    let news = one.news(1, 10).unwrap();
    assert_eq!((news.records_revision, news.changed.len(), news.removed), (2, 0, vec![id("a:1")]));
}

#[test]
fn the_certificate_of_the_server_is_verified() {
    let Some(authority) = std::env::var("EXONYM_TEST_POSTGRES_CA").ok().filter(|path| is_there() && !path.is_empty())
    else {
        eprintln!("SKIPPED: EXONYM_TEST_POSTGRES_CA does not name the authority of a server's certificate");
        return;
    };
    let schema = Schema::new();
    let url = with(&schema.url(), &format!("application_name={}", schema.name));
    let store = Postgres::open(&format!("{url}&sslrootcert={authority}"), None, 2).unwrap();
    publish(&Registry::over(Box::new(store)), "a", &["a:1"]);
    let other = tempfile::NamedTempFile::new().unwrap();
    let stranger = rcgen::generate_simple_self_signed(["stranger.example".to_owned()]).unwrap();
    std::fs::write(other.path(), stranger.cert.pem()).unwrap();
    let refused = error(Postgres::open(&format!("{url}&sslrootcert={}", other.path().display()), None, 2));
    assert!(refused.to_string().contains("certificate"), "{refused}");
    std::fs::write(other.path(), "no certificate").unwrap();
    let refused = error(Postgres::open(&format!("{url}&sslrootcert={}", other.path().display()), None, 2));
    assert!(matches!(refused, RegistryError::Address(_)), "{refused}");
}

#[test]
fn nobody_there_is_told() {
    let refused = error(Postgres::open("postgresql://postgres@127.0.0.1:1/x", None, 2));
    assert!(matches!(refused, RegistryError::Unreachable { .. }), "{refused}");
    let sentence = refused.to_string();
    assert!(sentence.starts_with("postgresql://127.0.0.1:1/x (schema exonym) cannot be reached: "), "{sentence}");
}
