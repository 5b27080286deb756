use std::sync::Arc;

use anyhow::Context;

use super::arguments::ServeArguments;
use super::backend::open_engine;
use crate::resolver::Thresholds;
use crate::service::listener::{Health, Listener, Options, Shutdown, Silent};
use crate::service::{Backend, MessageLimits, routes};

/// `exonym serve`.
pub fn run(arguments: ServeArguments) -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).init();
    super::block_on(serve(arguments))
}

async fn serve(arguments: ServeArguments) -> anyhow::Result<()> {
    let mut options = Options { http_listen: None, ..Options::default() };
    if let Some(listen) = &arguments.listen {
        options.listen = listen.parse().with_context(|| format!("{listen:?} is no ADDRESS:PORT"))?;
    }
    let limits = options.limits.clone();
    let shutdown = Shutdown::on_signals()?;
    let listener = Listener::bind(options)?;
    let (engine, origin) = open_engine(arguments.data.as_deref(), Thresholds::default())?;
    let health = Health::starting().await;
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let backend = Backend::new(engine, origin, workers, 10);
    let routes = routes(&backend, &health, &limits, MessageLimits::default(), true);
    health.set_all(true).await;
    listener.serve(routes, health, Arc::new(Silent), shutdown).await;
    Ok(())
}
