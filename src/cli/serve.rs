use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

use super::arguments::ServeArguments;
use super::backend::open_engine;
use crate::config::{self, Config, Sources};
use crate::resolver::{Engine, Options, Query, Scope};
use crate::service::listener::{Health, Listener, Observer, Shutdown};
use crate::service::receipt::Signer;
use crate::service::{Backend, open_portfolio, routes, screen};
use crate::telemetry::{self, Metrics};

/// `exonym serve`.
pub fn run(arguments: ServeArguments) -> anyhow::Result<()> {
    if arguments.print_config {
        print!("{}", config::DEFAULT);
        return Ok(());
    }
    let config = Config::load(&sources(arguments))?;
    telemetry::init(&config.log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(serve(&config));
    // A search that still runs on a thread of its own does not hold the process up.
    runtime.shutdown_timeout(Duration::from_secs(1));
    served
}

fn sources(arguments: ServeArguments) -> Sources {
    let text = |text: OsString| text.to_string_lossy().into_owned();
    let environment: Vec<_> = std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect();
    let named = environment.iter().find(|(name, _)| name == "EXONYM_CONFIG").map(|(_, path)| path.into());
    let data = arguments.data.map(|data| data.to_string_lossy().into_owned());
    let flags = [("server.listen", arguments.listen), ("server.data", data)];
    let flags = flags.into_iter().filter_map(|(setting, text)| Some((setting.to_owned(), text?))).collect();
    Sources { file: arguments.config.or(named), environment, flags }
}

async fn serve(config: &Config) -> anyhow::Result<()> {
    let shutdown = Shutdown::on_signals()?;
    let options = config.listener()?;
    let limits = options.limits.clone();
    let listener = Listener::bind(options)?;
    let metrics = Metrics::new();
    let health = Health::starting().await;
    let signer = config.receipt_key().map(Signer::open).transpose()?;
    let (engine, origin) = open_engine(config.data(), config.thresholds())?;
    engine.retain(config.versions.retain)?;
    // Tables are made ready when they are first needed: let that not be the first caller's wait.
    let warm = Query::of_name("a а 가 金");
    engine.snapshot().resolve(&warm, &Scope::default(), &Options::default())?;
    metrics.index_serves(&engine.snapshot().version().index);
    let observer: Arc<dyn Observer> = Arc::new(metrics);
    let compacting = tokio::spawn(compact(Arc::clone(&engine)));
    let backend = Backend::new(engine, origin, config.resolver.workers(), config.resolver.limit)
        .observed(Arc::clone(&observer))
        .signing(signer)
        .screening(config.data().map(open_portfolio).transpose()?);
    let screening = tokio::spawn(screen(backend.clone()));
    let routes = routes(&backend, &health, &limits, config.messages(), true);
    health.set_all(true).await;
    listener.serve(routes, health, observer, shutdown).await;
    compacting.abort();
    screening.abort();
    Ok(())
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
