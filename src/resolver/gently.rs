use rayon::{ThreadPool, ThreadPoolBuilder};

/// Where indexes are made: on all cores, or so that those who ask meanwhile hardly feel it.
#[derive(Default)]
pub(super) struct Gently(Option<ThreadPool>);

impl Gently {
    /// Half of the cores at most, on threads that give way to others. Without them, should the system refuse, work is
    /// done as by default.
    pub(super) fn threads() -> Gently {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let pool = ThreadPoolBuilder::new()
            .num_threads((cores / 2).max(1))
            .thread_name(|number| format!("index-{number}"))
            .start_handler(|_| give_way())
            .build();
        Gently(pool.map_err(|error| tracing::warn!(%error, "indexes are made on all cores")).ok())
    }

    /// Runs work and all that it does in parallel.
    ///
    /// A thread that waits for parallel work takes up other work that was given here. So whoever holds a lock while
    /// it runs must have taken it outside, and nothing that is given here may wait for one.
    pub(super) fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        match &self.0 {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }
}

/// Lowers the priority of this thread alone. Elsewhere than in Linux that would be the one of the process.
#[cfg(target_os = "linux")]
fn give_way() {
    /// A tenth of the time of others where there is not enough for all: enough to come to an end.
    const NICER: i32 = 10;
    const NICEST: i32 = 19;
    let thread = Some(rustix::thread::gettid());
    let lowered = rustix::process::getpriority_process(thread)
        .and_then(|nice| rustix::process::setpriority_process(thread, (nice + NICER).min(NICEST)));
    if let Err(error) = lowered {
        tracing::debug!(%error, "threads that make indexes have the priority of others");
    }
}

#[cfg(not(target_os = "linux"))]
fn give_way() {}

#[cfg(test)]
mod tests {
    use rayon::prelude::*;

    use super::Gently;

    #[test]
    fn parallel_work_stays_on_gentle_threads() {
        let gently = Gently::threads();
        let names = || {
            let name = || std::thread::current().name().unwrap_or_default().to_owned();
            let mut names: Vec<String> = (0..100).into_par_iter().map(|_| name()).collect();
            names.push(name());
            names
        };
        let names = gently.run(names);
        assert!(names.iter().all(|name| name.starts_with("index-")), "{names:?}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn gentle_threads_alone_give_way() {
        let nice = || rustix::process::getpriority_process(Some(rustix::thread::gettid())).unwrap();
        let before = nice();
        let gentle = Gently::threads().run(nice);
        assert!(gentle > before || before == 19, "{before}, {gentle}");
        assert_eq!(nice(), before);
    }
}
