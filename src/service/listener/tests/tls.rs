//! Certificates: the server's, its clients', and new ones while it serves.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};

use super::super::{ListenError, Listener, Options, TlsOptions};
use super::sample::request;
use super::{Server, options, soon, until};
use crate::proto::v1::resolver_service_client::ResolverServiceClient;

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Authority {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Authority { issuer: Issuer::new(params, key), pem }
    }

    /// A certificate for a name and its key.
    fn sign(&self, name: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }
}

fn write(folder: &Path, (cert, key): &(String, String)) {
    fs::write(folder.join("cert.pem"), cert).unwrap();
    fs::write(folder.join("key.pem"), key).unwrap();
    fs::set_permissions(folder.join("key.pem"), fs::Permissions::from_mode(0o600)).unwrap();
}

fn with_tls(folder: &Path) -> Options {
    let tls = TlsOptions {
        cert: folder.join("cert.pem"),
        key: folder.join("key.pem"),
        client_ca: None,
        tls12: false,
        reload: Duration::from_millis(20),
    };
    Options { tls: Some(tls), ..options() }
}

async fn connect(server: &Server, authority: &Authority, identity: Option<(String, String)>) -> Option<Channel> {
    let mut tls =
        ClientTlsConfig::new().ca_certificate(Certificate::from_pem(&authority.pem)).domain_name("exonym.example");
    if let Some((cert, key)) = identity {
        tls = tls.identity(Identity::from_pem(cert, key));
    }
    let endpoint = Endpoint::from_shared(format!("https://{}", server.address)).unwrap().tls_config(tls).unwrap();
    soon(endpoint.connect()).await.ok()
}

/// Whether a call over the channel is answered; a client certificate is judged only after the handshake.
async fn answers(channel: Option<Channel>) -> bool {
    match channel {
        Some(channel) => soon(ResolverServiceClient::new(channel).resolve(request("echo"))).await.is_ok(),
        None => false,
    }
}

#[tokio::test]
async fn serves_tls_to_those_who_trust_the_authority() {
    let folder = tempfile::tempdir().unwrap();
    let ours = Authority::new();
    write(folder.path(), &ours.sign("exonym.example"));
    let server = Server::start(with_tls(folder.path())).await;
    assert!(answers(connect(&server, &ours, None).await).await);
    assert!(!answers(connect(&server, &Authority::new(), None).await).await);
    assert!(
        server.endpoint().connect().await.is_err() || server.resolver().await.resolve(request("echo")).await.is_err()
    );
}

#[tokio::test]
async fn asks_clients_for_a_certificate_where_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, clients, strangers) = (Authority::new(), Authority::new(), Authority::new());
    write(folder.path(), &ours.sign("exonym.example"));
    fs::write(folder.path().join("clients.pem"), &clients.pem).unwrap();
    let mut options = with_tls(folder.path());
    options.tls.as_mut().unwrap().client_ca = Some(folder.path().join("clients.pem"));
    let server = Server::start(options).await;
    assert!(answers(connect(&server, &ours, Some(clients.sign("client.example"))).await).await);
    assert!(!answers(connect(&server, &ours, Some(strangers.sign("client.example"))).await).await);
    assert!(!answers(connect(&server, &ours, None).await).await);
}

#[tokio::test]
async fn a_new_certificate_is_taken_over_and_a_broken_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (Authority::new(), Authority::new());
    write(folder.path(), &old.sign("exonym.example"));
    let server = Server::start(with_tls(folder.path())).await;
    let open = connect(&server, &old, None).await;

    fs::write(folder.path().join("cert.pem"), "half a file").unwrap();
    until(|| server.seen.look(|seen| seen.reloads_failed) > 0).await;
    assert!(answers(connect(&server, &old, None).await).await);

    write(folder.path(), &new.sign("exonym.example"));
    soon(async {
        while !answers(connect(&server, &new, None).await).await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    assert!(!answers(connect(&server, &old, None).await).await);
    assert!(answers(open).await, "a connection that is open stays");
}

#[tokio::test]
async fn a_handshake_that_stalls_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &Authority::new().sign("exonym.example"));
    let mut options = with_tls(folder.path());
    options.limits.handshake = Duration::from_millis(50);
    let server = Server::start(options).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    assert!(matches!(soon(stream.read(&mut [0])).await, Ok(0) | Err(_)));
    until(|| server.seen.look(|seen| seen.open) == 0).await;
}

#[tokio::test]
async fn files_that_cannot_be_used_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (Authority::new().sign("exonym.example"), Authority::new().sign("exonym.example"));
    let fails = |says: &str| {
        let error = Listener::bind(with_tls(folder.path())).map(drop).unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
        error
    };
    fails("`tls.cert`");
    write(folder.path(), &(one.0.clone(), other.1));
    fails("does not go with the key");
    write(folder.path(), &(one.0.clone(), "no key".to_owned()));
    fails("no private key in PEM form");
    write(folder.path(), &("no certificate".to_owned(), one.1.clone()));
    fails("no certificate in PEM form");
    write(folder.path(), &one);
    fs::set_permissions(folder.path().join("key.pem"), fs::Permissions::from_mode(0o604)).unwrap();
    assert!(matches!(fails("`tls.key`"), ListenError::WorldReadable { .. }));
}
