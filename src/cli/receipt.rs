use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context, bail, ensure};
use serde::{Deserialize, Serialize};
use tonic::Request;

use super::backend::{connect, open_engine, plain};
use super::version_arguments::{ReceiptAction, ReceiptArguments};
use crate::proto::v1;
use crate::proto::v1::as_of::Point;
use crate::proto::v1::resolver_service_client::ResolverServiceClient;
use crate::proto::v1::resolver_service_server::ResolverService;
use crate::registry::Database;
use crate::resolver::Thresholds;
use crate::service::receipt::{Signer, verify_request, verify_response, verify_signature};
use crate::service::{Backend, ResolverAdapter};

/// The most bytes of a file with a receipt.
const MAX_BYTES: u64 = 64 << 20;

/// A request and its answer, as a file holds them.
#[derive(Serialize, Deserialize)]
struct Answered {
    request: v1::ResolveRequest,
    response: v1::ResolveResponse,
}

/// `exonym receipt`.
pub fn run(arguments: &ReceiptArguments, shared: Option<&Database>) -> anyhow::Result<()> {
    match &arguments.action {
        ReceiptAction::Key { output } => key(output),
        ReceiptAction::Get { name, server, limit } => super::block_on(get(name, server, *limit)),
        ReceiptAction::Verify { file, key, data, server } => {
            super::block_on(verify(file, key, (data.as_deref(), shared), server.as_deref()))
        }
    }
}

fn key(output: &Path) -> anyhow::Result<()> {
    let pem = Signer::generate()?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let shown = output.display();
    let mut file = options.open(output).with_context(|| format!("{shown} could not be made"))?;
    file.write_all(pem.as_bytes()).and_then(|()| file.sync_all()).with_context(|| format!("{shown}"))?;
    println!("{}", Signer::parse(&shown.to_string(), pem.as_bytes())?.public_key());
    eprintln!("set receipts.key to {shown}, and publish the key above: receipts are verified with it");
    Ok(())
}

async fn get(name: &str, server: &str, limit: u32) -> anyhow::Result<()> {
    let names = vec![v1::Name { text: name.to_owned(), ..v1::Name::default() }];
    let options = v1::ResolveOptions { limit, receipt: true, ..v1::ResolveOptions::default() };
    let request = v1::ResolveRequest {
        query: Some(v1::Query { names, ..v1::Query::default() }),
        options: Some(options),
        ..v1::ResolveRequest::default()
    };
    let mut client = ResolverServiceClient::new(connect(server).await?);
    let response = client.resolve(request.clone()).await.map_err(plain)?.into_inner();
    println!("{}", serde_json::to_string_pretty(&Answered { request, response })?);
    Ok(())
}

async fn verify(
    file: &Path,
    key: &str,
    (data, shared): (Option<&Path>, Option<&Database>),
    server: Option<&str>,
) -> anyhow::Result<()> {
    let Answered { request, response } = read(file)?;
    let Some(receipt) = &response.receipt else {
        bail!("{}: response.receipt: missing: ask with options.receipt", file.display())
    };
    verify_signature(receipt, &key.trim().to_ascii_lowercase())?;
    println!("ok    signed by {}", receipt.public_key);
    verify_response(receipt, &response, "given")?;
    println!("ok    the receipt is for this answer");
    let mut asked = verify_request(receipt, &request, 10)?;
    println!("ok    the receipt is for this request");

    let version = receipt.version.clone().unwrap_or_default();
    let point = v1::AsOf { point: Some(Point::Version(version.clone())) };
    asked.scope = Some(v1::Scope { as_of: Some(point), ..asked.scope.unwrap_or_default() });
    let again = match server {
        Some(url) => ResolverServiceClient::new(connect(url).await?).resolve(asked).await,
        None => {
            let (matching, review) = (receipt.match_threshold, receipt.review_threshold);
            let (engine, origin) = open_engine(data, shared, Thresholds { matching, review })?;
            ResolverAdapter::new(Backend::new(engine, origin, 1, 10)).resolve(Request::new(asked)).await
        }
    };
    let again = again.map_err(plain)?.into_inner();
    let found = again.version.clone().unwrap_or_default();
    let same = found.model_version == version.model_version && found.engine_version == version.engine_version;
    ensure!(
        same,
        "the answer was given by exonym {} with model {}, this one is {} with model {}: verify it with the same program",
        version.engine_version,
        version.model_version,
        found.engine_version,
        found.model_version
    );
    verify_response(receipt, &again, "repeated")
        .context("the data is not the one that answered, or a server with other thresholds was asked again")?;
    println!("ok    index {}@{} gives the same answer again", version.index_version, version.registry_revision);
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<Answered> {
    let shown = file.display();
    let mut text = String::new();
    let read = if file.as_os_str() == "-" {
        std::io::stdin().take(MAX_BYTES).read_to_string(&mut text)
    } else {
        fs::File::open(file).and_then(|file| file.take(MAX_BYTES).read_to_string(&mut text))
    };
    read.with_context(|| format!("{shown} could not be read"))?;
    serde_json::from_str(&text).with_context(|| {
        format!(
            "{shown} is no receipt: expected JSON with \"request\" and \"response\" as `exonym receipt get` prints it"
        )
    })
}
