use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::measure::available_memory;

/// What an indexed name takes at most while its task runs, in bytes: names, index, answers.
const BYTES_PER_NAME: u64 = 12_000;
/// Where the system does not tell, so much memory is taken for granted.
const MODEST: u64 = 1 << 30;

/// Memory that tasks take and give back.
struct Memory {
    free: Mutex<u64>,
    given_back: Condvar,
}

impl Memory {
    fn free(&self) -> MutexGuard<'_, u64> {
        // The number is whole at any time, so a panic elsewhere leaves it usable.
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, bytes: u64) {
        let mut free = self.free();
        while *free < bytes {
            free = self.given_back.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= bytes;
    }

    fn give_back(&self, bytes: u64) {
        *self.free() += bytes;
        self.given_back.notify_all();
    }
}

/// Does work of some sizes, in indexed names, with up to `jobs` pieces at once, as far as half of the memory that the
/// machine can give allows; a piece that needs more than that runs alone. The results come in the order of the pieces.
pub fn schedule<T: Send>(sizes: &[usize], jobs: usize, work: &(dyn Fn(usize) -> T + Sync)) -> Vec<T> {
    let budget = available_memory().unwrap_or(2 * MODEST) / 2;
    let memory = Memory { free: Mutex::new(budget), given_back: Condvar::new() };
    let need = |size: usize| (size as u64 * BYTES_PER_NAME).min(budget);
    // The largest first, so that none of them is left for the end.
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|place| (usize::MAX - sizes[*place], *place));
    let order = Mutex::new(VecDeque::from(order));
    let results = Mutex::new(Vec::new());
    let next = || order.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, sizes.len().max(1)) {
            scope.spawn(|| {
                while let Some(place) = next() {
                    let bytes = need(sizes[place]);
                    memory.take(bytes);
                    let result = work(place);
                    memory.give_back(bytes);
                    results.lock().unwrap_or_else(PoisonError::into_inner).push((place, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_done_once_and_in_order() {
        let sizes: Vec<usize> = (0..40).map(|place| place * 7 % 11).collect();
        for jobs in [0, 1, 3] {
            let done = schedule(&sizes, jobs, &|place| (place, sizes[place]));
            assert_eq!(done, sizes.iter().copied().enumerate().collect::<Vec<_>>());
        }
        // Work that asks for more memory than there is runs all the same.
        assert_eq!(schedule(&[usize::MAX / 20_000, 1], 2, &|place| place), [0, 1]);
        assert!(schedule(&[], 2, &|place| place).is_empty());
    }
}
