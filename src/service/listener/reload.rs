use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::{ListenError, Observer};

/// Looks at files from time to time and takes them over when they changed. Compares contents, so that a symlink
/// turned to another folder, as kubernetes does it, counts as a change. Runs until it is dropped.
///
/// A file that cannot be taken over is reported once and tried again when it changes again.
pub(super) async fn watch(
    what: &'static str,
    paths: Vec<PathBuf>,
    every: Duration,
    observer: Arc<dyn Observer>,
    reload: impl Fn() -> Result<(), ListenError>,
) {
    if every.is_zero() || paths.is_empty() {
        return std::future::pending().await;
    }
    let mut seen = contents(&paths).await;
    loop {
        tokio::time::sleep(every).await;
        let now = contents(&paths).await;
        if now == seen {
            continue;
        }
        seen = now;
        match reload() {
            Ok(()) => tracing::info!(what, "took over changed files"),
            Err(error) => {
                tracing::warn!(what, %error, "changed files are not usable, the old ones stay");
                observer.reload_failed(what);
            }
        }
    }
}

/// A digest of each file; `None` for one that cannot be read.
async fn contents(paths: &[PathBuf]) -> Vec<Option<blake3::Hash>> {
    let mut found = Vec::with_capacity(paths.len());
    for path in paths {
        found.push(tokio::fs::read(path).await.ok().map(|bytes| blake3::hash(&bytes)));
    }
    found
}
