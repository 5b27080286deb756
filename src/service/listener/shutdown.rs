use std::io;

use tokio_util::sync::CancellationToken;

/// Asks a server to end: the first request lets it drain, the second one ends it now. Clones are one handle.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    drain: CancellationToken,
    now: CancellationToken,
}

impl Shutdown {
    /// A handle nobody pulls but the program itself.
    pub fn new() -> Shutdown {
        Shutdown::default()
    }

    /// A handle that SIGTERM and SIGINT pull. Needs a running tokio runtime.
    ///
    /// # Errors
    ///
    /// If the system refuses to register for a signal.
    pub fn on_signals() -> io::Result<Shutdown> {
        let shutdown = Shutdown::new();
        let handle = shutdown.clone();
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let mut terminate = signal(SignalKind::terminate())?;
            let mut interrupt = signal(SignalKind::interrupt())?;
            tokio::spawn(async move {
                loop {
                    tokio::select! {
                        Some(()) = terminate.recv() => {}
                        Some(()) = interrupt.recv() => {}
                        else => return,
                    }
                    handle.request();
                }
            });
        }
        #[cfg(not(unix))]
        tokio::spawn(async move {
            while tokio::signal::ctrl_c().await.is_ok() {
                handle.request();
            }
        });
        Ok(shutdown)
    }

    /// The first call asks for a drain, every further one for the end.
    pub fn request(&self) {
        if self.drain.is_cancelled() {
            self.now.cancel();
        }
        self.drain.cancel();
    }

    /// Whether somebody asked.
    pub fn is_requested(&self) -> bool {
        self.drain.is_cancelled()
    }

    /// Returns once somebody asked.
    pub async fn requested(&self) {
        self.drain.cancelled().await;
    }

    /// Returns once somebody asked twice.
    pub async fn requested_now(&self) {
        self.now.cancelled().await;
    }
}
