use std::fs;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use tonic::transport::Channel;

use super::backend::{connect, open_engine, plain};
use super::source_arguments::{FetchArguments, SourceAction, SourceArguments, SourcePlace};
use crate::batch::live::{self, Outcome, Source};
use crate::config::{Config, Sources};
use crate::proto::v1;
use crate::proto::v1::dataset_service_client::DatasetServiceClient;
use crate::registry::Database;
use crate::service::convert;

/// How often a server is asked how a fetch went.
const LOOK: Duration = Duration::from_millis(200);

/// `exonym source`.
pub fn run(arguments: &SourceArguments, shared: Option<&Database>) -> anyhow::Result<()> {
    match &arguments.action {
        SourceAction::List(place) => list(place),
        SourceAction::Fetch(arguments) => match &arguments.place.server {
            Some(server) => super::block_on(ask(server, arguments)),
            None => fetch(arguments, shared),
        },
    }
}

fn list(place: &SourcePlace) -> anyhow::Result<()> {
    let sources = match &place.server {
        Some(server) => super::block_on(async { list_of(&mut client(server).await?).await })?,
        None => {
            let (_, data, sources) = settings(place)?;
            let statuses: Result<Vec<_>, _> = sources.iter().map(|source| live::status(&data, source)).collect();
            statuses?.into_iter().map(convert::source_message).collect()
        }
    };
    if sources.is_empty() {
        println!("no source: `exonym serve --print-config` shows how a [[source]] is written");
    }
    sources.iter().for_each(print);
    Ok(())
}

/// The settings, the data directory and the sources.
fn settings(place: &SourcePlace) -> anyhow::Result<(Config, PathBuf, Vec<Source>)> {
    let data = place.data.as_ref().map(|data| ("server.data".to_owned(), data.display().to_string()));
    let flags = data.into_iter().collect();
    let config =
        Config::load(&Sources { file: place.config.clone(), environment: super::serve::environment(), flags })?;
    let sources = config.sources(&variable)?;
    let data = config.data().context("there is no data directory: set `server.data` or give --data")?.to_owned();
    Ok((config, data, sources))
}

/// A variable of the environment, for the headers of sources.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn fetch(arguments: &FetchArguments, shared: Option<&Database>) -> anyhow::Result<()> {
    let (config, data, sources) = settings(&arguments.place)?;
    for name in &arguments.names {
        let known = sources.iter().any(|source| source.name.as_str() == name);
        ensure!(known, "no source is called {name:?}: `exonym source list` shows them");
    }
    fs::create_dir_all(&data).with_context(|| format!("{} could not be made", data.display()))?;
    let database = shared.cloned().or_else(|| config.database());
    let (engine, _) = open_engine(Some(&data), database.as_ref(), config.thresholds())?;
    let mut failures = 0;
    for source in sources {
        if !arguments.names.is_empty() && !arguments.names.iter().any(|name| name == source.name.as_str()) {
            continue;
        }
        match live::update(&engine, &data, &source, arguments.accept_loss, &AtomicBool::new(false)) {
            Ok(Outcome::Unchanged) => println!("{}: unchanged", source.name),
            Ok(Outcome::Imported(report)) => {
                let of = report.counts;
                let (added, changed, removed) = (of.added, of.changed, of.removed);
                println!(
                    "{}: added {added}, changed {changed}, removed {removed}, quarantined {}",
                    source.name, of.quarantined
                );
            }
            Err(error) => {
                failures += 1;
                eprintln!("{}: {error}", source.name);
            }
        }
    }
    if failures > 0 {
        bail!("{failures} sources could not be taken over; what served before serves on")
    } else {
        Ok(())
    }
}

async fn client(server: &str) -> anyhow::Result<DatasetServiceClient<Channel>> {
    Ok(DatasetServiceClient::new(connect(server).await?))
}

async fn list_of(client: &mut DatasetServiceClient<Channel>) -> anyhow::Result<Vec<v1::Source>> {
    Ok(client.list_sources(v1::ListSourcesRequest {}).await.map_err(plain)?.into_inner().sources)
}

/// Asks a server to look at sources, and waits until it has.
async fn ask(server: &str, arguments: &FetchArguments) -> anyhow::Result<()> {
    let mut client = client(server).await?;
    let mut names = arguments.names.clone();
    if names.is_empty() {
        names = list_of(&mut client).await?.into_iter().map(|source| source.name).collect();
    }
    for name in &names {
        let request = v1::FetchSourceRequest { name: name.clone(), accept_loss: arguments.accept_loss };
        client.fetch_source(request).await.map_err(plain)?;
    }
    let mut failures = 0;
    for name in &names {
        let source = loop {
            let sources = list_of(&mut client).await?;
            let found = sources.into_iter().find(|source| source.name == *name);
            match found.with_context(|| format!("the source {name:?} is gone"))? {
                source if source.running => tokio::time::sleep(LOOK).await,
                source => break source,
            }
        };
        failures += usize::from(!source.last_error.is_empty());
        print(&source);
    }
    if failures > 0 {
        bail!("{failures} sources could not be taken over; what served before serves on")
    } else {
        Ok(())
    }
}

fn print(source: &v1::Source) {
    let at = |time: &Option<pbjson_types::Timestamp>| {
        let time = time.as_ref().and_then(|time| jiff::Timestamp::new(time.seconds, time.nanos).ok());
        time.map_or("never".to_owned(), |time| format!("{time:.0}"))
    };
    let state = match (source.running, source.last_error.is_empty(), &source.succeeded_at) {
        (true, ..) => "running",
        (_, false, _) => "failed",
        (_, true, Some(_)) => "well",
        (_, true, None) => "new",
    };
    println!(
        "{} ({}): {state}; {} records, {} quarantined; last well {}, last change {}, next {}",
        source.name,
        source.dataset,
        source.record_count,
        source.quarantined_count,
        at(&source.succeeded_at),
        at(&source.changed_at),
        at(&source.next_attempt_at)
    );
    if !source.last_error.is_empty() {
        println!("  failed {} times in a row: {}", source.failure_count, source.last_error);
    }
}
