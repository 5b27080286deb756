use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::watch;

use super::arguments::{RegistryArguments, ServeArguments};
use super::backend::open_engine;
use crate::batch::live::{Keeper, Outcome, Status, UpdateError};
use crate::config::{self, Config, Sources};
use crate::resolver::{Engine, Options, Query, Scope};
use crate::service::listener::{FetchResult, Health, ImportResult, Listener, Observer, Shutdown};
use crate::service::receipt::Signer;
use crate::service::{Backend, open_portfolio, routes, screen};
use crate::telemetry::{self, Metrics};

/// `exonym serve`.
pub fn run(arguments: ServeArguments, registry: RegistryArguments) -> anyhow::Result<()> {
    if arguments.print_config {
        print!("{}", config::DEFAULT);
        return Ok(());
    }
    let config = Config::load(&sources(arguments, registry))?;
    telemetry::init(&config.log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(serve(&config));
    // A search that still runs on a thread of its own does not hold the process up.
    runtime.shutdown_timeout(Duration::from_secs(1));
    served
}

fn sources(arguments: ServeArguments, registry: RegistryArguments) -> Sources {
    let environment = environment();
    let named = environment.iter().find(|(name, _)| name == "EXONYM_CONFIG").map(|(_, path)| path.into());
    let data = arguments.data.map(|data| data.to_string_lossy().into_owned());
    let password_file = registry.registry_password_file.map(|file| file.to_string_lossy().into_owned());
    let flags = [
        ("server.listen", arguments.listen),
        ("server.data", data),
        ("registry.url", registry.registry),
        ("registry.password_file", password_file),
    ];
    let flags = flags.into_iter().filter_map(|(setting, text)| Some((setting.to_owned(), text?))).collect();
    Sources { file: arguments.config.or(named), environment, flags }
}

/// The environment of the process.
pub(super) fn environment() -> Vec<(String, String)> {
    let text = |text: OsString| text.to_string_lossy().into_owned();
    std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect()
}

async fn serve(config: &Config) -> anyhow::Result<()> {
    let shutdown = Shutdown::on_signals()?;
    let options = config.listener()?;
    let limits = options.limits.clone();
    let listener = Listener::bind(options)?;
    let metrics = Metrics::new();
    let health = Health::starting().await;
    let signer = config.receipt_key().map(Signer::open).transpose()?;
    if let Some(data) = config.data().filter(|_| !config.source.is_empty()) {
        // Its lists are fetched: the directory may begin empty.
        std::fs::create_dir_all(data).with_context(|| format!("{} could not be made", data.display()))?;
    }
    let (engine, origin) = open_engine(config.data(), config.database().as_ref(), config.thresholds())?;
    let engine = Arc::new(engine.gentle());
    engine.retain(config.versions.retain)?;
    // Tables are made ready when they are first needed: let that not be the first caller's wait.
    let warm = Query::of_name("a а 가 金");
    engine.snapshot().resolve(&warm, &Scope::default(), &Options::default())?;
    metrics.index_serves(&engine.snapshot().version().index);
    let observer: Arc<dyn Observer> = Arc::new(metrics);
    let keeper = keep(config, &engine, &observer)?;
    let compacting = tokio::spawn(compact(Arc::clone(&engine)));
    health.set_all(true).await;
    let following = engine.registry().is_shared().then(|| {
        let reached = tell_of_registry(health.clone());
        follow(Arc::clone(&engine), Arc::clone(&observer), reached)
    });
    let backend = Backend::new(engine, origin, config.resolver.workers(), config.resolver.limit)
        .observed(Arc::clone(&observer))
        .signing(signer)
        .screening(config.data().map(open_portfolio).transpose()?);
    let backend = match &keeper {
        Some(keeper) => backend.fetching(Arc::clone(keeper)),
        None => backend,
    };
    let screening = tokio::spawn(screen(backend.clone()));
    let routes = routes(&backend, &health, &limits, config.messages(), true);
    listener.serve(routes, health, observer, shutdown).await;
    compacting.abort();
    screening.abort();
    drop(following);
    if keeper.is_some_and(|keeper| !keeper.stop(LAST_IMPORT)) {
        tracing::warn!("an import of a source was still running: it is there as a whole or not at all");
    }
    Ok(())
}

/// How long the end of the program waits for an import of a source.
const LAST_IMPORT: Duration = Duration::from_secs(5);

/// Begins to fetch the lists that the settings name; `None` where they name none.
fn keep(config: &Config, engine: &Arc<Engine>, observer: &Arc<dyn Observer>) -> anyhow::Result<Option<Arc<Keeper>>> {
    let sources = config.sources(&super::source::variable)?;
    let Some(data) = config.data().filter(|_| !sources.is_empty()) else { return Ok(None) };
    let seconds = |at: jiff::Timestamp| at.as_millisecond() as f64 / 1000.0;
    let watching = Arc::clone(observer);
    let told = move |status: &Status, done: &Result<Outcome, UpdateError>| {
        let name = status.name.as_str();
        let (result, error) = match done {
            Ok(Outcome::Imported(report)) => {
                let (dataset, counts) = (status.dataset.as_str(), report.counts);
                watching.imported(dataset, ImportResult::Imported, counts.imported);
                watching.imported(dataset, ImportResult::Unchanged, counts.unchanged);
                watching.imported(dataset, ImportResult::Quarantined, counts.quarantined);
                watching.index_serves(&report.version.index);
                (FetchResult::Imported, None)
            }
            Ok(Outcome::Unchanged) => (FetchResult::Unchanged, None),
            Err(error) => (FetchResult::Failed, Some(error)),
        };
        watching.fetched(name, result);
        if let Some(at) = status.state.last_success {
            watching.source_succeeded(name, seconds(at));
        }
        match error {
            None => tracing::info!(source = name, result = result.as_str(), "looked at a source"),
            Some(error) => tracing::error!(source = name, %error, "a source could not be taken over"),
        }
    };
    let keeper = Keeper::start(Arc::clone(engine), data.to_owned(), sources, Box::new(told))?;
    for status in keeper.statuses() {
        // A source that never went well counts from now on.
        let since = status.state.last_success.unwrap_or_else(jiff::Timestamp::now);
        observer.source_succeeded(status.name.as_str(), seconds(since));
    }
    Ok(Some(Arc::new(keeper)))
}

/// How often another server's changes are asked for where nobody tells of them: well within the second in which they
/// must be shown.
const FOLLOWING: Duration = Duration::from_millis(400);

/// The services that are nothing without a registry.
const OF_REGISTRY: [&str; 3] = ["exonym.v1.DatasetService", "exonym.v1.EntityService", "exonym.v1.JudgementService"];

/// Says of the services that need the registry whether they serve: as often as it is told whether the registry answers.
fn tell_of_registry(health: Health) -> watch::Sender<bool> {
    let (reached, mut changes) = watch::channel(true);
    tokio::spawn(async move {
        while changes.changed().await.is_ok() {
            let answers = *changes.borrow_and_update();
            for service in OF_REGISTRY {
                health.set(service, answers).await;
            }
        }
    });
    reached
}

/// Takes up what other servers change, until what this gives is dropped.
fn follow(engine: Arc<Engine>, observer: Arc<dyn Observer>, reached: watch::Sender<bool>) -> Arc<()> {
    let serving = Arc::new(());
    let still = Arc::downgrade(&serving);
    // A thread of its own: it waits most of the time, and a database that does not answer holds nobody else up.
    std::thread::spawn(move || {
        let mut follows = true;
        while still.strong_count() > 0 {
            engine.registry().await_news(FOLLOWING);
            let followed = engine.follow();
            match &followed {
                Ok(true) => observer.index_serves(&engine.snapshot().version().index),
                Ok(false) => {}
                // Told once: it is tried again until it works.
                Err(error) if follows => tracing::error!(%error, "the changes of other servers are not seen"),
                Err(_) => {}
            }
            if followed.is_ok() && !follows {
                tracing::info!("the changes of other servers are seen again");
            }
            follows = followed.is_ok();
            reached.send_if_modified(|reached| std::mem::replace(reached, follows) != follows);
        }
    });
    serving
}

/// How often it is asked whether segments of the index should become one.
const COMPACTION: Duration = Duration::from_secs(30);

/// Makes one segment of several where that is due, while answers are given.
async fn compact(engine: Arc<Engine>) {
    let mut turns = tokio::time::interval(COMPACTION);
    loop {
        turns.tick().await;
        let engine = Arc::clone(&engine);
        let done = tokio::task::spawn_blocking(move || engine.compact_if_due()).await;
        match done {
            Ok(Ok(true)) => tracing::info!("the segments of the index became one"),
            Ok(Ok(false)) => {}
            Ok(Err(error)) => tracing::error!(%error, "the segments of the index could not become one"),
            Err(panic) => tracing::error!(%panic, "the segments of the index could not become one"),
        }
    }
}
