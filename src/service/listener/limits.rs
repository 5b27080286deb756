use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use super::{Lane, Limits, Shed};

/// Counts connections, in all and per address.
#[derive(Debug)]
pub(super) struct Slots {
    all: usize,
    per_peer: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    all: usize,
    peers: HashMap<IpAddr, usize>,
}

/// A connection's place; free again when dropped.
#[derive(Debug)]
pub(super) struct Slot {
    slots: Arc<Slots>,
    peer: IpAddr,
}

impl Slots {
    /// `per_peer` 0 means no bound per address.
    pub(super) fn new(all: usize, per_peer: usize) -> Arc<Slots> {
        Arc::new(Slots { all, per_peer, open: Mutex::default() })
    }

    /// A place for a connection from this address, or why there is none.
    pub(super) fn take(self: &Arc<Self>, address: IpAddr) -> Result<Slot, Shed> {
        let peer = block_of(address);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.all >= self.all {
            return Err(Shed::Connections);
        }
        let of_peer = open.peers.entry(peer).or_default();
        if self.per_peer > 0 && *of_peer >= self.per_peer {
            return Err(Shed::PeerConnections);
        }
        *of_peer += 1;
        open.all += 1;
        Ok(Slot { slots: Arc::clone(self), peer })
    }

    /// How many connections are open.
    pub(super) fn open(&self) -> usize {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).all
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut open = self.slots.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.all = open.all.saturating_sub(1);
        if let Some(of_peer) = open.peers.get_mut(&self.peer) {
            *of_peer -= 1;
            if *of_peer == 0 {
                open.peers.remove(&self.peer);
            }
        }
    }
}

/// What counts as one peer: an IPv4 address, or the /64 that an IPv6 subscriber has for itself.
fn block_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & !u128::from(u64::MAX)).into()),
        address => address,
    }
}

/// Places for calls, by lane.
#[derive(Debug)]
pub(super) struct Lanes {
    health: Arc<Semaphore>,
    unary: Arc<Semaphore>,
    long: Arc<Semaphore>,
    queue_wait: Duration,
}

impl Lanes {
    pub(super) fn new(limits: &Limits) -> Lanes {
        Lanes {
            health: Arc::new(Semaphore::new(limits.health_calls)),
            unary: Arc::new(Semaphore::new(limits.unary_calls)),
            long: Arc::new(Semaphore::new(limits.long_calls)),
            queue_wait: limits.queue_wait,
        }
    }

    /// A place in the lane, after a short wait if need be; otherwise why there is none.
    pub(super) async fn enter(&self, lane: Lane) -> Result<OwnedSemaphorePermit, Shed> {
        let (places, reason) = match lane {
            Lane::Health => (&self.health, Shed::Health),
            Lane::Unary => (&self.unary, Shed::Unary),
            Lane::Long => (&self.long, Shed::Long),
        };
        if let Ok(place) = Arc::clone(places).try_acquire_owned() {
            return Ok(place);
        }
        match tokio::time::timeout(self.queue_wait, Arc::clone(places).acquire_owned()).await {
            Ok(Ok(place)) => Ok(place),
            // The semaphore is never closed, so the other case is the timeout.
            _ => Err(reason),
        }
    }
}

/// The answer to a call for which there is no place: RESOURCE_EXHAUSTED with the time after which to try again.
pub(super) fn overloaded(reason: Shed, retry: Duration) -> Status {
    let message = match reason {
        Shed::ConnectionStreams => "the connection has as many streaming calls as one may have; open another one",
        _ => "the server has as many calls as it can take; try again later",
    };
    let mut details = ErrorDetails::with_retry_info(Some(retry));
    details.set_error_info("OVERLOADED", "exonym", [("bound".to_owned(), reason.as_str().to_owned())]);
    Status::with_error_details(Code::ResourceExhausted, message, details)
}

/// What happens on a connection: how many calls are open, and when one last made progress.
#[derive(Debug)]
pub(super) struct Activity {
    began: Instant,
    last: AtomicU64,
    calls: AtomicUsize,
    streaming: AtomicUsize,
}

impl Activity {
    pub(super) fn new() -> Arc<Activity> {
        let counts = (AtomicU64::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        Arc::new(Activity { began: Instant::now(), last: counts.0, calls: counts.1, streaming: counts.2 })
    }

    /// A call moved on: it began, ended, or bytes of it went either way.
    pub(super) fn touch(&self) {
        let elapsed = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(elapsed, Ordering::Relaxed);
    }

    /// How long no call moved on.
    pub(super) fn quiet(&self) -> Duration {
        self.began.elapsed().saturating_sub(Duration::from_millis(self.last.load(Ordering::Relaxed)))
    }

    /// How many calls are open.
    pub(super) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    /// Counts a call; also whether it is a streaming one beyond the bound.
    pub(super) fn open(self: &Arc<Self>, streaming: bool, bound: usize) -> (OpenCall, bool) {
        let beyond = streaming && self.streaming.fetch_add(1, Ordering::Relaxed) >= bound;
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.touch();
        (OpenCall { activity: Arc::clone(self), streaming }, beyond)
    }
}

/// A call that is open on a connection; closed when dropped.
#[derive(Debug)]
pub(super) struct OpenCall {
    activity: Arc<Activity>,
    streaming: bool,
}

impl Drop for OpenCall {
    fn drop(&mut self) {
        self.activity.calls.fetch_sub(1, Ordering::Relaxed);
        if self.streaming {
            self.activity.streaming.fetch_sub(1, Ordering::Relaxed);
        }
        self.activity.touch();
    }
}

/// How many files the process may have open, where the system tells.
pub(super) fn file_limit() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = text.lines().find(|line| line.starts_with("Max open files"))?;
    line.split_whitespace().nth(3)?.parse().ok()
}
