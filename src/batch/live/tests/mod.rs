mod faults;
mod keeper;
mod settings;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use super::*;
use crate::resolver::{Engine, Options, Query, Scope, Thresholds};

/// What a server does with a request.
enum Answer {
    /// Sends these bytes and closes.
    Bytes(Vec<u8>),
    /// Sends these bytes and resets the connection.
    Reset(Vec<u8>),
    /// Sends these bytes and then one more, again and again, until the client goes.
    Drip(Vec<u8>),
}

type Script = dyn Fn(&str) -> Answer + Send + Sync;

/// A server of this machine that does as it is told. `https` gives it a certificate.
struct Site {
    address: SocketAddr,
    script: Arc<Mutex<Arc<Script>>>,
    /// The heads of the requests so far.
    asked: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
    scheme: &'static str,
}

impl Site {
    fn new(script: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Site {
        Site::start(None, script)
    }

    /// A server with a certificate, and the authority (PEM) that signed it.
    fn https(script: impl Fn(&str) -> Answer + Send + Sync + 'static) -> (Site, String) {
        let authority = rcgen::KeyPair::generate().unwrap();
        let mut of_authority = rcgen::CertificateParams::new(Vec::new()).unwrap();
        of_authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let certificate = of_authority.self_signed(&authority).unwrap();
        let issuer = rcgen::Issuer::from_params(&of_authority, &authority);
        let key = rcgen::KeyPair::generate().unwrap();
        let of_server = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let leaf = of_server.signed_by(&key, &issuer).unwrap();
        let key = rustls_pki_types::PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config =
            rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_no_client_auth().with_single_cert(vec![leaf.der().clone()], key).unwrap();
        (Site::start(Some(Arc::new(config)), script), certificate.pem())
    }

    fn start(tls: Option<Arc<rustls::ServerConfig>>, script: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let site = Site {
            address: listener.local_addr().unwrap(),
            script: Arc::new(Mutex::new(Arc::new(script))),
            asked: Arc::default(),
            stop: Arc::default(),
            scheme: if tls.is_some() { "https" } else { "http" },
        };
        let (script, asked, stop) = (Arc::clone(&site.script), Arc::clone(&site.asked), Arc::clone(&site.stop));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let (script, asked, tls) = (Arc::clone(&script.lock().unwrap()), Arc::clone(&asked), tls.clone());
                let stop = Arc::clone(&stop);
                thread::spawn(move || {
                    let raw = stream.try_clone().unwrap();
                    match tls {
                        None => answer(stream, &raw, &*script, &asked, &stop),
                        Some(config) => {
                            let connection = rustls::ServerConnection::new(config).unwrap();
                            answer(rustls::StreamOwned::new(connection, stream), &raw, &*script, &asked, &stop);
                        }
                    }
                });
            }
        });
        site
    }

    /// Does something else from now on.
    fn now(&self, script: impl Fn(&str) -> Answer + Send + Sync + 'static) {
        *self.script.lock().unwrap() = Arc::new(script);
    }

    fn url(&self, path: &str) -> String {
        format!("{}://localhost:{}{path}", self.scheme, self.address.port())
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

fn answer(
    mut stream: impl Read + Write,
    raw: &TcpStream,
    script: &Script,
    asked: &Mutex<Vec<String>>,
    stop: &AtomicBool,
) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    asked.lock().unwrap().push(head.clone());
    // A client that goes away early is part of the tests.
    match script(&head) {
        Answer::Bytes(bytes) => {
            let _ = stream.write_all(&bytes).and_then(|()| stream.flush());
        }
        Answer::Reset(bytes) => {
            let _ = stream.write_all(&bytes).and_then(|()| stream.flush());
            socket2::SockRef::from(raw).set_linger(Some(Duration::ZERO)).unwrap();
        }
        Answer::Drip(bytes) => {
            let _ = stream.write_all(&bytes);
            while !stop.load(Ordering::Relaxed) && stream.write_all(b" ").and_then(|()| stream.flush()).is_ok() {
                thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

fn ok(body: &str) -> Answer {
    with(200, "ETag: \"1\"\r\n", body.as_bytes())
}

fn with(status: u16, headers: &str, body: &[u8]) -> Answer {
    let head = format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    Answer::Bytes([head.as_bytes(), body].concat())
}

/// A list of so many invented companies.
fn list(count: usize, word: &str) -> String {
    let line = |number: usize| {
        format!(
            "{{\"id\":\"c{number}\",\"schema\":\"Company\",\"properties\":{{\"name\":[\"{word} Trading {number}\"]}}}}\n"
        )
    };
    (0..count).map(line).collect()
}

/// A data directory with a source.
struct House {
    folder: TempDir,
    engine: Arc<Engine>,
    source: Source,
}

impl House {
    fn of(url: String) -> House {
        let folder = tempfile::tempdir().unwrap();
        let engine = Arc::new(Engine::open(&folder.path().join("data"), Thresholds::default()).unwrap());
        let source = Source { timeout: Duration::from_secs(20), ..Source::new("sample".parse().unwrap(), vec![url]) };
        assert_eq!(source.check(), Ok(()));
        House { folder, engine, source }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn update(&self) -> Result<Outcome, UpdateError> {
        update(&self.engine, &self.data(), &self.source, false, &AtomicBool::new(false))
    }

    fn imports(&self) -> crate::registry::ImportCounts {
        match self.update() {
            Ok(Outcome::Imported(report)) => report.counts,
            other => panic!("{other:?}"),
        }
    }

    fn fails(&self) -> String {
        self.update().expect_err("the source has a fault").to_string()
    }

    fn is_unchanged(&self) -> bool {
        matches!(self.update(), Ok(Outcome::Unchanged))
    }

    fn state(&self) -> State {
        status(&self.data(), &self.source).unwrap().state
    }

    /// Whether a name finds the party that has just this name.
    fn finds(&self, name: &str) -> bool {
        let answer = self.engine.snapshot().resolve(&Query::of_name(name), &Scope::default(), &Options::default());
        answer.unwrap().matches.iter().any(|party| party.caption == name || party.matched_name == name)
    }

    /// The names of all files that the source keeps.
    fn files(&self) -> Vec<String> {
        let root = self.data().join("sources/sample");
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&root).unwrap().flatten() {
            if entry.path().is_dir() {
                let inner = std::fs::read_dir(entry.path()).unwrap().flatten();
                names.extend(inner.map(|file| file.file_name().into_string().unwrap()));
            } else {
                names.push(entry.file_name().into_string().unwrap());
            }
        }
        names.sort();
        names
    }
}
