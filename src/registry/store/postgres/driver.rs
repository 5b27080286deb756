use std::future::Future;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use super::super::Result;
use crate::registry::RegistryError;

/// The thread that connections live on. Callers wait for them on threads of their own, also where those belong to
/// another runtime.
pub(super) struct Driver {
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
}

impl Driver {
    pub fn start() -> Result<Driver> {
        let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("postgres").enable_all().build();
        let runtime = runtime.map_err(|error| RegistryError::Database {
            place: "the thread of the database".to_owned(),
            reason: error.to_string(),
        })?;
        Ok(Driver { runtime: Some(runtime) })
    }

    /// What the work comes to; `None` if that takes longer than `patience`, and then it is given up.
    pub fn wait<T>(&self, patience: Duration, work: impl Future<Output = T>) -> Option<T> {
        let _context = self.runtime.as_ref()?.enter();
        pollster::block_on(tokio::time::timeout(patience, work)).ok()
    }

    /// Runs beside everything else until the store is dropped.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        if let Some(runtime) = &self.runtime {
            runtime.spawn(work);
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Waits for nothing: a store may be dropped on a thread of another runtime, which must not block.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
