use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::{ListenError, Observer, TlsOptions, TokenOptions};

/// Files that are looked at from time to time, and what was in them. Make it before the files are read for use: a
/// change in between is then noticed.
#[derive(Debug)]
pub(super) struct Files {
    what: &'static str,
    paths: Vec<PathBuf>,
    every: Duration,
    seen: Vec<Option<blake3::Hash>>,
}

impl Files {
    pub(super) fn of_tls(options: &TlsOptions) -> Files {
        let mut paths = vec![options.cert.clone(), options.key.clone()];
        paths.extend(options.client_ca.clone());
        Files::new("certificate", paths, options.reload)
    }

    pub(super) fn of_tokens(options: &TokenOptions) -> Files {
        Files::new("tokens", vec![options.file.clone()], options.reload)
    }

    fn new(what: &'static str, paths: Vec<PathBuf>, every: Duration) -> Files {
        let seen = contents(&paths);
        Files { what, paths, every, seen }
    }

    /// Calls `reload` when the contents changed. Compares contents, so that a symlink turned to another folder, as
    /// kubernetes does it, counts as a change. Runs until it is dropped; a period of zero means that it never looks.
    ///
    /// Files that cannot be taken over are reported once and tried again when they change again.
    pub(super) async fn watch(mut self, observer: Arc<dyn Observer>, reload: impl Fn() -> Result<(), ListenError>) {
        if self.every.is_zero() {
            return std::future::pending().await;
        }
        loop {
            tokio::time::sleep(self.every).await;
            let paths = self.paths.clone();
            let Ok(now) = tokio::task::spawn_blocking(move || contents(&paths)).await else {
                continue;
            };
            if now == self.seen {
                continue;
            }
            self.seen = now;
            let what = self.what;
            match reload() {
                Ok(()) => tracing::info!(what, "took over changed files"),
                Err(error) => {
                    tracing::warn!(what, %error, "changed files are not usable, the old ones stay");
                    observer.reload_failed(what);
                }
            }
        }
    }
}

/// A digest of each file; `None` for one that cannot be read.
fn contents(paths: &[PathBuf]) -> Vec<Option<blake3::Hash>> {
    paths.iter().map(|path| std::fs::read(path).ok().map(|bytes| blake3::hash(&bytes))).collect()
}
