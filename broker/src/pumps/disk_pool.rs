//! A few threads for everything that may wait for a disk: fsync, cold reads, deletes, recovery,
//! compaction. Never used for appends to the page cache, which run on the shards.

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use klamm_node::promise::{Awaited, promise};
use parking_lot::{Condvar, Mutex};

/// Jobs that may wait. A full queue makes the submitter wait, unless it is a thread of the pool: shards
/// never submit more than one job per request they hold, so this bound is above what the request limits
/// allow.
const BOUND: usize = 16 * 1024;

thread_local! {
    static IS_POOL_THREAD: Cell<bool> = const { Cell::new(false) };
}

type Job = Box<dyn FnOnce() + Send>;

/// Which jobs go first when threads are scarce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// A request or the quorum waits for it.
    Waited,
    /// Housekeeping.
    Background,
}

struct Delayed {
    due: Instant,
    number: u64,
    job: Job,
}

impl PartialEq for Delayed {
    fn eq(&self, other: &Delayed) -> bool {
        (self.due, self.number) == (other.due, other.number)
    }
}

impl Eq for Delayed {}

impl PartialOrd for Delayed {
    fn partial_cmp(&self, other: &Delayed) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Delayed {
    fn cmp(&self, other: &Delayed) -> std::cmp::Ordering {
        (self.due, self.number).cmp(&(other.due, other.number))
    }
}

#[derive(Default)]
struct Queues {
    waited: VecDeque<Job>,
    background: VecDeque<Job>,
    delayed: BinaryHeap<Reverse<Delayed>>,
    next_number: u64,
    stopping: bool,
    /// Threads that take background work too: how many there are to be, and how many there are.
    wanted: usize,
    running: usize,
}

impl Queues {
    fn len(&self) -> usize {
        self.waited.len() + self.background.len()
    }

    fn move_due(&mut self, now: Instant) {
        while self.delayed.peek().is_some_and(|Reverse(first)| first.due <= now || self.stopping) {
            let Some(Reverse(first)) = self.delayed.pop() else { break };
            self.background.push_back(first.job);
        }
    }
}

struct Shared {
    queues: Mutex<Queues>,
    /// Where the thread waits that takes only what is waited for.
    waited: Condvar,
    /// Where the others wait.
    any: Condvar,
    /// Where submitters wait while the queue is full.
    room: Condvar,
}

impl Shared {
    /// A job came: wakes one thread that may take it.
    fn tell(&self, urgency: Urgency) {
        self.any.notify_one();
        if urgency == Urgency::Waited {
            self.waited.notify_one();
        }
    }
}

/// The pool; dropping the last handle does not stop it, [`DiskPool::stop`] does.
#[derive(Clone)]
pub struct DiskPool {
    shared: Arc<Shared>,
    threads: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl std::fmt::Debug for DiskPool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DiskPool").field("queued", &self.shared.queues.lock().len()).finish()
    }
}

impl DiskPool {
    /// Starts `threads` threads, at least two: one long background job must not hold up an fsync,
    /// so one of them takes only jobs that somebody waits for.
    pub fn start(threads: usize) -> io::Result<DiskPool> {
        let shared = Arc::new(Shared {
            queues: Mutex::default(),
            waited: Condvar::new(),
            any: Condvar::new(),
            room: Condvar::new(),
        });
        let first = spawn(&shared, 0, Takes::WaitedOnly)?;
        let pool = DiskPool { shared, threads: Arc::new(Mutex::new(vec![first])) };
        pool.resize(threads)?;
        Ok(pool)
    }

    /// Makes it `threads` threads, at least two. Those that are too many go once they have finished their job.
    pub fn resize(&self, threads: usize) -> io::Result<()> {
        let mut handles = self.threads.lock();
        handles.retain(|thread| !thread.is_finished());
        let mut queues = self.shared.queues.lock();
        if queues.stopping {
            return Ok(());
        }
        queues.wanted = threads.max(2) - 1;
        while queues.running < queues.wanted {
            let thread = spawn(&self.shared, handles.len(), Takes::Everything)?;
            handles.push(thread);
            queues.running += 1;
        }
        drop(queues);
        self.shared.any.notify_all();
        Ok(())
    }

    /// Runs `job` on a thread of the pool; its result can be awaited or dropped.
    pub fn run<T: Send + 'static>(
        &self,
        urgency: Urgency,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Awaited<T> {
        let (promise, awaited) = promise();
        let job = move || {
            if let Some(waker) = promise.give(job()) {
                waker.wake();
            }
        };
        let mut queues = self.shared.queues.lock();
        // The pool's own threads are who empties the queue: they must not wait for room in it.
        while queues.len() >= BOUND && !queues.stopping && !IS_POOL_THREAD.get() {
            self.shared.room.wait(&mut queues);
        }
        match urgency {
            Urgency::Waited => queues.waited.push_back(Box::new(job)),
            Urgency::Background => queues.background.push_back(Box::new(job)),
        }
        drop(queues);
        self.shared.tell(urgency);
        awaited
    }

    /// Runs a background job not before `delay`; at a stop, at once.
    pub fn run_after(&self, delay: Duration, job: impl FnOnce() + Send + 'static) {
        if delay.is_zero() {
            drop(self.run(Urgency::Background, job));
            return;
        }
        let mut queues = self.shared.queues.lock();
        let number = queues.next_number;
        queues.next_number += 1;
        let due = Instant::now() + delay;
        queues.delayed.push(Reverse(Delayed { due, number, job: Box::new(job) }));
        drop(queues);
        self.shared.tell(Urgency::Background);
    }

    /// As [`DiskPool::run_after`], but not at all once the pool stops: for what failed and would fail again.
    pub fn try_again_after(&self, delay: Duration, job: impl FnOnce() + Send + 'static) {
        if !self.shared.queues.lock().stopping {
            self.run_after(delay, job);
        }
    }

    /// Finishes what is queued and ends the threads.
    pub fn stop(&self) {
        self.shared.queues.lock().stopping = true;
        for condition in [&self.shared.waited, &self.shared.any, &self.shared.room] {
            condition.notify_all();
        }
        for thread in self.threads.lock().drain(..) {
            if thread.join().is_err() {
                tracing::error!("a disk thread panicked");
            }
        }
    }
}

/// Which jobs a thread takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    WaitedOnly,
    Everything,
}

fn spawn(shared: &Arc<Shared>, number: usize, takes: Takes) -> io::Result<JoinHandle<()>> {
    let shared = shared.clone();
    let thread = std::thread::Builder::new().name(format!("klamm-disk-{number}"));
    thread.spawn(move || work(&shared, takes == Takes::Everything))
}

fn work(shared: &Shared, takes_background: bool) {
    IS_POOL_THREAD.set(true);
    while let Some(job) = next_job(shared, takes_background) {
        job();
    }
}

/// `None` once the pool stops and nothing is left for this thread, or once there are to be fewer.
fn next_job(shared: &Shared, takes_background: bool) -> Option<Job> {
    let mut queues = shared.queues.lock();
    loop {
        if takes_background && queues.running > queues.wanted && !queues.stopping {
            queues.running -= 1;
            drop(queues);
            // Another takes over what this one was woken for.
            shared.any.notify_one();
            return None;
        }
        let was_full = queues.len() >= BOUND;
        if takes_background && !queues.delayed.is_empty() {
            queues.move_due(Instant::now());
        }
        let job = match queues.waited.pop_front() {
            Some(job) => Some(job),
            None if takes_background => queues.background.pop_front(),
            None => None,
        };
        if job.is_some() {
            // Who waited for a delayed job may be the one that goes: another takes over.
            let is_timer_left = takes_background && !queues.delayed.is_empty();
            drop(queues);
            if was_full {
                shared.room.notify_all();
            }
            if is_timer_left {
                shared.any.notify_one();
            }
            return job;
        }
        if queues.stopping {
            return None;
        }
        let due = queues.delayed.peek().map(|Reverse(first)| first.due);
        match due {
            _ if !takes_background => shared.waited.wait(&mut queues),
            Some(due) => drop(shared.any.wait_until(&mut queues, due)),
            None => shared.any.wait(&mut queues),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queued_jobs_finish_before_the_pool_stops() {
        let pool = DiskPool::start(2).expect("threads start");
        let mut ends: Vec<_> = (0..100).map(|n| pool.run(Urgency::Background, move || n)).collect();
        pool.stop();
        for (n, end) in ends.iter_mut().enumerate() {
            assert_eq!(end.try_take(), Some(Ok(n)));
        }
    }

    #[test]
    fn a_thread_of_the_pool_does_not_wait_for_room_in_its_own_queue() {
        let pool = DiskPool::start(2).expect("threads start");
        let submitter = pool.clone();
        let (promise, all) = promise();
        // More than fit, from the only thread that would make room for them.
        drop(pool.run(Urgency::Background, move || {
            let jobs: Vec<_> = (0..=BOUND).map(|n| submitter.run(Urgency::Background, move || n)).collect();
            drop(promise.give(jobs));
        }));
        let begun = Instant::now();
        let mut all = all;
        let jobs = loop {
            match all.try_take() {
                Some(jobs) => break jobs.expect("the job runs"),
                None => assert!(begun.elapsed() < Duration::from_secs(60), "the pool waits for itself"),
            }
            std::thread::yield_now();
        };
        pool.stop();
        assert!(jobs.into_iter().enumerate().all(|(n, mut job)| job.try_take() == Some(Ok(n))));
    }

    #[test]
    fn a_pool_grows_and_shrinks_and_does_all_of_its_jobs() {
        let pool = DiskPool::start(2).expect("threads start");
        let begun = Instant::now();
        for (threads, background) in [(6, 5), (3, 2), (1, 1), (4, 3)] {
            pool.resize(threads).expect("threads start");
            let jobs: Vec<_> = (0..50).map(|n| pool.run(Urgency::Background, move || n)).collect();
            for (n, mut job) in jobs.into_iter().enumerate() {
                while job.try_take() != Some(Ok(n)) {
                    assert!(begun.elapsed() < Duration::from_secs(60), "job {n} is not done");
                    std::thread::yield_now();
                }
            }
            while pool.shared.queues.lock().running != background {
                assert!(begun.elapsed() < Duration::from_secs(60), "there are not {background} threads");
                std::thread::yield_now();
            }
        }
        pool.stop();
    }

    #[test]
    fn what_somebody_waits_for_is_done_while_all_background_work_stands_still() {
        let pool = DiskPool::start(2).expect("threads start");
        let (release, held) = std::sync::mpsc::channel::<()>();
        let held = Arc::new(Mutex::new(held));
        let mut stuck: Vec<_> = (0..3)
            .map(|_| {
                let held = held.clone();
                pool.run(Urgency::Background, move || held.lock().recv().is_ok())
            })
            .collect();
        let begun = Instant::now();
        for n in 0..10 {
            let mut flush = pool.run(Urgency::Waited, move || n);
            while flush.try_take() != Some(Ok(n)) {
                assert!(begun.elapsed() < Duration::from_secs(60), "it waits for background work");
                std::thread::yield_now();
            }
        }
        assert!(stuck.iter_mut().all(|job| job.try_take().is_none()));
        drop(release);
        pool.stop();
    }

    #[test]
    fn a_job_that_fails_again_and_again_does_not_keep_the_pool_from_stopping() {
        fn fail(pool: DiskPool) {
            let again = pool.clone();
            pool.try_again_after(Duration::from_millis(1), move || fail(again));
        }
        let pool = DiskPool::start(2).expect("threads start");
        fail(pool.clone());
        pool.stop();
    }

    #[test]
    fn a_delayed_job_runs_at_a_stop() {
        let pool = DiskPool::start(2).expect("threads start");
        let (promise, mut awaited) = promise();
        pool.run_after(Duration::from_secs(3600), move || drop(promise.give(())));
        pool.stop();
        assert_eq!(awaited.try_take(), Some(Ok(())));
    }
}
