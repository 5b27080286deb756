//! Who may call what.

use std::collections::BTreeSet;
use std::fs;
use std::net::Ipv4Addr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use prost::Message;
use prost_types::FileDescriptorSet;
use sha2::{Digest, Sha256};
use tonic::metadata::MetadataValue;
use tonic::{Code, Request};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use super::super::{Access, Lane, ListenError, Listener, METHODS, Method, Options, Role, TokenOptions};
use super::sample::request;
use super::{Server, options, soon, until};
use crate::proto::DESCRIPTOR_SET;
use crate::proto::v1;
use crate::proto::v1::dataset_service_client::DatasetServiceClient;

#[test]
fn every_method_of_the_contract_has_a_role() {
    let mut served = BTreeSet::new();
    for set in [DESCRIPTOR_SET, tonic_health::pb::FILE_DESCRIPTOR_SET] {
        for file in FileDescriptorSet::decode(set).unwrap().file {
            for service in &file.service {
                for method in &service.method {
                    let path = format!("/{}.{}/{}", file.package(), service.name(), method.name());
                    let found = Method::find(&path).unwrap_or_else(|| panic!("{path} has no line in METHODS"));
                    let streams = method.client_streaming() || method.server_streaming();
                    assert!(
                        !streams || found.lane != Lane::Unary,
                        "{path} is a stream with the deadline of short calls"
                    );
                    let open = file.package().starts_with("grpc.health.");
                    assert_eq!(found.access == Access::Open, open, "{path}");
                    served.insert(found.path);
                }
            }
        }
    }
    for method in METHODS {
        let known = served.contains(method.path) || method.path.starts_with("grpc.reflection.v1");
        assert!(known, "{} is no method of the contract", method.path);
    }
    assert!(METHODS.is_sorted_by(|a, b| a.path < b.path), "METHODS is searched by halves");
    assert_eq!(Method::find("/exonym.v1.ResolverService/Nothing"), None);
    assert_eq!(Method::find("exonym.v1.ResolverService/Resolve"), None);
}

fn write(path: &Path, mode: u32, text: &str) -> PathBuf {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    path.to_owned()
}

fn line(token: &str, name: &str, roles: &str) -> String {
    let digest: String = Sha256::digest(token).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{digest}\t{name}\t{roles}\n")
}

fn with_tokens(file: PathBuf) -> Options {
    Options { tokens: Some(TokenOptions { file, reload: Duration::from_millis(20) }), ..options() }
}

fn bearing<T>(token: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    let value: MetadataValue<_> = format!("Bearer {token}").parse().unwrap();
    request.metadata_mut().insert("authorization", value);
    request
}

#[tokio::test]
async fn each_role_opens_its_methods_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let roles = Role::ALL.map(|role| line(&format!("{role}-token"), &format!("{role}-client"), role.as_str())).concat();
    let server = Server::start(with_tokens(write(&folder.path().join("tokens"), 0o640, &roles))).await;
    let mut resolver = server.resolver().await;
    let mut datasets = DatasetServiceClient::new(server.channel().await);
    for role in Role::ALL {
        let token = format!("{role}-token");
        let nothing = tokio_stream::empty::<v1::ImportDatasetRequest>();
        let codes = [
            (Role::Query, resolver.resolve(bearing(&token, request("who"))).await.map(drop)),
            (Role::Read, datasets.list_datasets(bearing(&token, v1::ListDatasetsRequest::default())).await.map(drop)),
            (Role::Write, datasets.import_dataset(bearing(&token, nothing)).await.map(drop)),
            (
                Role::Admin,
                datasets.reload_dataset(bearing(&token, v1::ReloadDatasetRequest::default())).await.map(drop),
            ),
        ];
        for (needed, answered) in codes {
            let expected = if needed == role { Code::Ok } else { Code::PermissionDenied };
            assert_eq!(answered.map_or_else(|status| status.code(), |()| Code::Ok), expected, "{role} on {needed}");
        }
    }
    let who = soon(resolver.resolve(bearing("query-token", request("who")))).await.unwrap();
    assert_eq!(who.into_inner().incomplete_reason, "query-client", "the handler knows the caller by the credential");

    for wrong in [Request::new(request("who")), bearing("query-token ", request("who")), bearing("", request("who"))] {
        assert_eq!(soon(resolver.resolve(wrong)).await.unwrap_err().code(), Code::Unauthenticated);
    }
    let mut health = HealthClient::new(server.channel().await);
    soon(health.check(HealthCheckRequest::default())).await.unwrap();
}

#[tokio::test]
async fn a_changed_token_file_is_taken_over_and_a_broken_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(&folder.path().join("tokens"), 0o600, &line("old", "alice", "query"));
    let server = Server::start(with_tokens(file.clone())).await;
    let mut client = server.resolver().await;
    soon(client.resolve(bearing("old", request("who")))).await.unwrap();

    write(&file, 0o600, "not a token file\n");
    until(|| server.seen.look(|seen| seen.reloads_failed) > 0).await;
    soon(client.resolve(bearing("old", request("who")))).await.unwrap();

    write(&file, 0o600, &line("new", "alice", "query"));
    soon(async {
        while client.resolve(bearing("new", request("who"))).await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    assert_eq!(client.resolve(bearing("old", request("who"))).await.unwrap_err().code(), Code::Unauthenticated);
}

#[tokio::test]
async fn what_should_not_start_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(&folder.path().join("tokens"), 0o644, &line("old", "alice", "query"));
    let error = Listener::bind(with_tokens(file)).map(drop).unwrap_err();
    assert!(matches!(error, ListenError::WorldReadable { key: "auth.tokens", .. }), "{error}");
    let error = Listener::bind(with_tokens(folder.path().join("none"))).map(drop).unwrap_err();
    assert!(matches!(error, ListenError::Unreadable { key: "auth.tokens", .. }), "{error}");

    let beyond = Options { listen: (Ipv4Addr::UNSPECIFIED, 0).into(), ..options() };
    let error = Listener::bind(beyond.clone()).map(drop).unwrap_err();
    assert!(matches!(error, ListenError::Plaintext(_)), "{error}");
    Listener::bind(Options { insecure: true, ..beyond }).map(drop).unwrap();

    let taken = Listener::bind(options()).unwrap();
    let error = Listener::bind(Options { listen: taken.address(), ..options() }).map(drop).unwrap_err();
    assert!(error.to_string().contains("the port is in use"), "{error}");
    let error = Listener::bind(Options { http_listen: Some(taken.address()), ..options() }).map(drop).unwrap_err();
    assert!(error.to_string().contains("http.listen"), "{error}");
}

#[tokio::test]
async fn what_the_table_does_not_know_is_not_served() {
    let server = Server::start(options()).await;
    let mut grpc = tonic::client::Grpc::new(server.channel().await);
    soon(grpc.ready()).await.unwrap();
    let codec = tonic_prost::ProstCodec::<v1::ResolveRequest, v1::ResolveResponse>::default();
    let path = "/exonym.v1.ResolverService/Nothing".parse().unwrap();
    let status = soon(grpc.unary(Request::new(request("echo")), path, codec)).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
    until(|| server.seen.codes("_OTHER") == [Code::Unimplemented]).await;
}
