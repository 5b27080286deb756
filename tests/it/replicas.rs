//! Several servers on one database: each has an index of its own and follows what the others write.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use exonym::model::{Judgement, Kind, Opinion, Record};
use exonym::registry::{Ask, Database, Guard, Import, Registry};
use exonym::resolver::{self, Engine, EngineError, Options, Query, Resolution, Scope, Thresholds};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;

use crate::server::Server;

/// The address of a server for tests, by a role that may make schemas and end connections.
const VARIABLE: &str = "EXONYM_TEST_POSTGRES";
/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A schema that nobody else has; it is dropped with this.
struct Schema {
    server: String,
    name: String,
}

impl Schema {
    fn new() -> Option<Schema> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let Some(server) = std::env::var(VARIABLE).ok().filter(|url| !url.is_empty()) else {
            eprintln!("SKIPPED: no PostgreSQL to test with: set {VARIABLE}=postgresql://USER@HOST:PORT/DATABASE");
            return None;
        };
        let name = format!("it_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        Some(Schema { server, name })
    }

    fn database(&self) -> Database {
        let separator = if self.server.contains('?') { '&' } else { '?' };
        let url = format!("{}{separator}schema={1}&application_name={1}", self.server, self.name);
        Database { url, password_file: None, connections: 4 }
    }

    fn engine(&self, data: &Path) -> Engine {
        Engine::over(Registry::shared(&self.database()).unwrap(), data, Thresholds::default()).unwrap()
    }

    fn run(&self, sql: &str) {
        let (server, sql) = (self.server.clone(), sql.to_owned());
        // Also on a thread of a server's runtime.
        let work = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let (client, connection) = tokio_postgres::connect(&server, tokio_postgres::NoTls).await.unwrap();
                let connection = tokio::spawn(connection);
                client.batch_execute(&sql).await.unwrap();
                drop(client);
                connection.await.unwrap().unwrap();
            });
        };
        std::thread::spawn(work).join().unwrap();
    }

    fn cut_off(&self) {
        let name = &self.name;
        self.run(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{name}'"));
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        self.run(&format!("DROP SCHEMA IF EXISTS {} CASCADE", self.name));
    }
}

fn import(dataset: &str, records: Vec<Record>) -> Import {
    Import {
        dataset: dataset.parse().unwrap(),
        records,
        quarantined: 0,
        actor: "test".to_owned(),
        request_id: None,
        at: jiff::Timestamp::UNIX_EPOCH,
        guard: Guard::default(),
    }
}

/// So many records, with names that differ by number and `form`.
fn records(dataset: &str, count: usize, form: &str) -> Vec<Record> {
    let syllables = ["ba", "ke", "lo", "mi", "nu", "ra", "so", "ti", "vu", "za"];
    let word = |number: usize| (0..4).map(|place| syllables[number / 10usize.pow(place) % 10]).collect::<String>();
    (0..count)
        .map(|number| {
            let id = format!("{dataset}:{number}").parse().unwrap();
            Record::new(id, Kind::Organization, format!("{} {form} Trading", word(number)))
        })
        .collect()
}

fn judge(engine: &Engine, left: &str, right: &str) {
    let judgement = Judgement {
        left: left.parse().unwrap(),
        right: right.parse().unwrap(),
        opinion: Opinion::Same,
        actor: "analyst".to_owned(),
        reason: String::new(),
        evidence: String::new(),
    };
    engine.change(|registry| registry.judge(judgement, Ask::from(jiff::Timestamp::UNIX_EPOCH))).unwrap();
}

fn answer(engine: &Engine, name: &str) -> Resolution {
    engine.snapshot().resolve(&Query::of_name(name), &Scope::default(), &Options::default()).unwrap()
}

/// Waits to be called, and takes up what it was called for.
fn follow(engine: &Engine) {
    while !engine.follow().unwrap() {
        assert!(engine.registry().await_news(PATIENCE), "nobody told of a change");
    }
}

/// The best entity that a name finds.
fn found(engine: &Engine, name: &str) -> Option<exonym::model::EntityId> {
    answer(engine, name).matches.first().map(|best| best.entity)
}

#[test]
fn servers_follow_one_another() {
    let Some(schema) = Schema::new() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (place_one, place_other) = (folder.path().join("one"), folder.path().join("other"));
    let (one, other) = (schema.engine(&place_one), schema.engine(&place_other));
    one.import(import("a", records("a", 2500, "Belkin"))).unwrap();
    follow(&other);
    assert_eq!(one.snapshot().version(), other.snapshot().version(), "the same records give the same index");

    // A small part: a segment beside the large one, on both.
    other.import(import("b", records("b", 30, "Orlov"))).unwrap();
    judge(&other, "b:0", "b:1");
    follow(&one);
    for name in ["babababa Orlov Trading", "kebababa Orlov Trading", "kebababa Belkin Trading"] {
        let (left, right) = (answer(&one, name), answer(&other, name));
        assert!(!left.matches.is_empty(), "{name}");
        assert_eq!(left.matches, right.matches, "{name}");
    }
    assert_eq!(found(&one, "babababa Orlov Trading"), found(&one, "kebababa Orlov Trading"));

    // Both write before either follows; one removes what the other has changed.
    one.import(import("b", records("b", 20, "Petrov"))).unwrap();
    other.import(import("c", records("c", 10, "Sidorov"))).unwrap();
    other.import(import("b", records("b", 10, "Petrov"))).unwrap();
    judge(&one, "a:7", "c:7");
    for (engine, place) in [(one, &place_one), (other, &place_other)] {
        engine.follow().unwrap();
        assert!(!engine.follow().unwrap(), "there is nothing left to take up");
        let registry = Registry::shared_read_only(&schema.database()).unwrap();
        resolver::verify(place, &registry).unwrap();
        assert_eq!(found(&engine, "tibababa Belkin Trading"), found(&engine, "tibababa Sidorov Trading"));
        assert_eq!(engine.snapshot().version().registry_revision, registry.revision().unwrap());
        drop(engine);
        // What was taken up piece by piece is what is found anew.
        let anew = schema.engine(place);
        let built = tempfile::tempdir().unwrap();
        let built = schema.engine(&built.path().join("data"));
        for name in ["babababa Petrov Trading", "tibababa Sidorov Trading", "tibababa Belkin Trading"] {
            assert_eq!(answer(&anew, name).matches, answer(&built, name).matches, "{name}");
        }
    }
}

#[test]
fn an_index_of_another_registry_is_not_taken_for_its_own() {
    let (Some(schema), Some(another)) = (Schema::new(), Schema::new()) else { return };
    let folder = tempfile::tempdir().unwrap();
    let engine = schema.engine(folder.path());
    engine.import(import("a", records("a", 5, "Belkin"))).unwrap();
    let refused = Engine::over(Registry::shared(&schema.database()).unwrap(), folder.path(), Thresholds::default());
    assert!(refused.err().unwrap().to_string().contains("in use by another process"));
    drop(engine);
    let elsewhere = tempfile::tempdir().unwrap();
    another.engine(elsewhere.path()).import(import("a", records("a", 5, "Orlov"))).unwrap();
    // The same revision, of other records.
    let engine = another.engine(folder.path());
    assert!(found(&engine, "babababa Orlov Trading").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_go_on_while_the_database_is_cut_off() {
    let Some(schema) = Schema::new() else { return };
    let folder = tempfile::tempdir().unwrap();
    let engine = Arc::new(schema.engine(&folder.path().join("one")));
    engine.import(import("a", records("a", 5, "Belkin"))).unwrap();
    let server = Server::of_engine(Arc::clone(&engine), &folder.path().join("one")).await;
    let before = server.resolve("babababa Belkin Trading").await;
    assert!(!before.candidates.is_empty());
    for _ in 0..3 {
        schema.cut_off();
        let answer = server.resolve("babababa Belkin Trading").await;
        assert_eq!(answer.candidates[0].entity_id, before.candidates[0].entity_id);
        schema.cut_off();
        // The next change finds a connection again, and so does who follows.
        engine.import(import("b", records("b", 3, "Orlov"))).unwrap();
        schema.cut_off();
        engine.follow().unwrap();
    }
}

/// A place where nobody answers until it is opened: then it leads to the server.
struct Gate {
    schema: Schema,
    address: std::net::SocketAddr,
    server: String,
}

impl Gate {
    fn to(schema: Schema) -> Gate {
        let address = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
        let authority = schema.server.split("://").nth(1).unwrap().split('/').next().unwrap();
        let server = authority.rsplit('@').next().unwrap().to_owned();
        Gate { schema, address, server }
    }

    fn url(&self) -> String {
        self.schema.database().url.replacen(&self.server, &self.address.to_string(), 1)
    }

    fn engine(&self, data: &Path) -> Result<Engine, EngineError> {
        let registry = Registry::shared_later(&Database { url: self.url(), ..self.schema.database() }).unwrap();
        Engine::over(registry, data, Thresholds::default())
    }

    fn open(&self) {
        let (listener, server) = (TcpListener::bind(self.address).unwrap(), self.server.clone());
        // Ends with the test program.
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (client, server) = (client.unwrap(), TcpStream::connect(&server).unwrap());
                for (mut from, mut to) in [(&client, &server), (&server, &client)]
                    .map(|(from, to)| (from.try_clone().unwrap(), to.try_clone().unwrap()))
                {
                    std::thread::spawn(move || {
                        let _ = std::io::copy(&mut from, &mut to);
                        let _ = to.shutdown(std::net::Shutdown::Both);
                    });
                }
            }
        });
    }
}

#[test]
fn a_server_that_starts_while_the_database_is_away_serves_what_served_last() {
    let Some(schema) = Schema::new() else { return };
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let engine = schema.engine(folder.path());
    engine.import(import("a", records("a", 3, "Belkin"))).unwrap();
    judge(&engine, "a:0", "a:1");
    let name = "babababa Belkin Trading";
    let before = answer(&engine, name);
    assert_eq!(before.matches[0].records.len(), 2, "{before:?}");
    drop(engine);

    let gate = Gate::to(schema);
    let refused = gate.engine(elsewhere.path()).err().unwrap();
    assert!(refused.to_string().contains("cannot be reached"), "{refused}");
    let engine = gate.engine(folder.path()).unwrap();
    assert_eq!(answer(&engine, name), before);
    let refused = engine.import(import("b", records("b", 1, "Orlov"))).err().unwrap();
    assert!(refused.to_string().contains("cannot be reached"), "{refused}");
    assert!(engine.follow().is_err());
    assert_eq!(answer(&engine, name), before);

    // What others did meanwhile shows once the database is there, and changes are made again.
    let other = gate.schema.engine(elsewhere.path());
    other.import(import("c", records("c", 1, "Serov"))).unwrap();
    gate.open();
    follow(&engine);
    assert!(!answer(&engine, "babababa Serov Trading").matches.is_empty());
    engine.import(import("b", records("b", 1, "Orlov"))).unwrap();
    follow(&other);
    assert_eq!(answer(&engine, "babababa Orlov Trading"), answer(&other, "babababa Orlov Trading"));
}

#[test]
fn an_index_of_another_registry_is_found_out_once_the_database_is_there() {
    let (Some(one), Some(other)) = (Schema::new(), Schema::new()) else { return };
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    one.engine(folder.path()).import(import("a", records("a", 2, "Belkin"))).unwrap();
    other.engine(elsewhere.path()).import(import("b", records("b", 2, "Orlov"))).unwrap();
    let gate = Gate::to(other);
    let engine = gate.engine(folder.path()).unwrap();
    assert!(!answer(&engine, "babababa Belkin Trading").matches.is_empty());
    gate.open();
    follow(&engine);
    assert!(!answer(&engine, "babababa Orlov Trading").matches.is_empty());
    let records = engine.snapshot().record_count();
    assert_eq!(records, 2, "the other registry's records are still shown");
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_tells_that_the_database_is_away() {
    let Some(schema) = Schema::new() else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_owned();
    schema.engine(&data).import(import("a", records("a", 3, "Belkin"))).unwrap();
    let gate = Gate::to(schema);
    let mut away = program(&gate.schema, &[]);
    away.env("EXONYM_REGISTRY_URL", gate.url());
    let server = Process::begin(away, &data);
    server.shows("babababa Belkin Trading", "a:0");
    let channel = tonic::transport::Endpoint::from_shared(server.url.clone()).unwrap().connect().await.unwrap();
    let mut health = tonic_health::pb::health_client::HealthClient::new(channel);
    let mut becomes = async |service: &str, serves: bool| {
        let wanted = if serves { ServingStatus::Serving } else { ServingStatus::NotServing };
        for _ in 0..300 {
            let asked = HealthCheckRequest { service: format!("exonym.v1.{service}") };
            if health.check(asked).await.unwrap().into_inner().status() == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{service} never became {wanted:?}");
    };
    becomes("JudgementService", false).await;
    becomes("ResolverService", true).await;
    gate.open();
    becomes("JudgementService", true).await;
}

/// The program with a registry in the schema.
fn program(schema: &Schema, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_exonym"));
    command.args(arguments).env("EXONYM_REGISTRY_URL", schema.database().url).env("EXONYM_HTTP_LISTEN", "");
    // Would be taken for settings.
    command.env_remove(VARIABLE).env_remove("EXONYM_TEST_POSTGRES_CA");
    command
}

fn succeeded(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A server as its users run it; it ends with the test.
struct Process {
    child: Child,
    url: String,
}

impl Process {
    fn start(schema: &Schema, data: &Path) -> Process {
        Process::begin(program(schema, &[]), data)
    }

    fn begin(mut program: Command, data: &Path) -> Process {
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let listen = format!("127.0.0.1:{port}");
        program.args(["serve", "--listen", &listen, "--data", data.to_str().unwrap()]);
        Process { child: program.spawn().unwrap(), url: format!("http://{listen}") }
    }

    /// Asks until the answer has the text in it.
    fn shows(&self, name: &str, text: &str) {
        for _ in 0..300 {
            let mut ask = Command::new(env!("CARGO_BIN_EXE_exonym"));
            let asked = ask.args(["resolve", "--format", "jsonl", "--server", &self.url, name]).output().unwrap();
            if asked.status.success() && String::from_utf8_lossy(&asked.stdout).contains(text) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("{} never showed {text}", self.url);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn programs_share_a_registry() {
    let Some(schema) = Schema::new() else { return };
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    // A registry of one server moves.
    let engine = Engine::open(&place("before"), Thresholds::default()).unwrap();
    engine.import(import("a", records("a", 3, "Belkin"))).unwrap();
    drop(engine);
    let before = place("before");
    let told = succeeded(program(&schema, &["copy", "--data", before.to_str().unwrap()]).output().unwrap());
    assert!(told.contains("rows copied and verified, at revision 1"), "{told}");
    let one = Process::start(&schema, &place("one"));
    let other = Process::start(&schema, &place("other"));
    one.shows("babababa Belkin Trading", "a:0");
    other.shows("babababa Belkin Trading", "a:0");

    // A third process imports, and both show it.
    std::fs::write(place("own.csv"), "id,kind,name\n7,p,Anton Petrovich Belov\n").unwrap();
    let mapping = "format = \"csv\"\n[id]\ntemplate = \"{id}\"\n[kind]\ncolumn = \"kind\"\ndefault = \"unknown\"\n\
                   [kind.values]\np = \"person\"\n[[names]]\ncolumn = \"name\"\nquality = \"primary\"\n";
    std::fs::write(place("own.toml"), mapping).unwrap();
    let data = place("importer");
    let (mapping, list) = (place("own.toml"), place("own.csv"));
    let arguments = ["import", "--data", data.to_str().unwrap(), "--dataset", "own", "--format", "mapped", "--mapping"];
    let files = [mapping.to_str().unwrap(), list.to_str().unwrap()];
    succeeded(program(&schema, &[&arguments[..], &files[..]].concat()).output().unwrap());
    one.shows("Anton Petrovich Belov", "own:7");
    other.shows("Anton Petrovich Belov", "own:7");
    let told = succeeded(program(&schema, &["check", "--data", data.to_str().unwrap()]).output().unwrap());
    assert!(told.contains("index and registry agree on 4 records"), "{told}");
    let told = succeeded(program(&schema, &["audit", "verify", "--data", "nowhere"]).output().unwrap());
    assert!(told.contains("2 links, every one fits"), "{told}");
}
