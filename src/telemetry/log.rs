use std::io::{IsTerminal, stderr};
use std::panic;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{LogFormat, LogSection};
use crate::service::listener::show_names;

/// Why logging cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The level is none.
    #[error("`log.level` is not usable: {0}; use error, warn, info, debug or trace, or as in `info,h2=warn`")]
    Level(#[from] tracing_subscriber::filter::ParseError),
    /// Somebody set logging up before.
    #[error("logging was set up twice")]
    Twice(#[from] tracing_subscriber::util::TryInitError),
}

/// Sets up the log of the process: one line an event on standard error, so that standard output is free for results;
/// colours on a terminal only. Also makes a panic a log event that tells its place, and its words only where names
/// may be written.
///
/// # Errors
///
/// If the level cannot be read, or if logging was set up before.
pub fn init(settings: &LogSection) -> Result<(), LogError> {
    let filter = EnvFilter::try_new(&settings.level)?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    match settings.format {
        LogFormat::Text => builder.with_ansi(stderr().is_terminal()).finish().try_init()?,
        LogFormat::Json => {
            builder.json().flatten_event(true).with_current_span(true).with_span_list(false).finish().try_init()?;
        }
    }
    show_names(settings.names);
    let names = settings.names;
    panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let words = if names { panic.payload_as_str().unwrap_or_default() } else { "not written, they may hold names" };
        tracing::error!(place, words, "panic");
    }));
    Ok(())
}
