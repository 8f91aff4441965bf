//! A few threads for everything that may wait for a disk: fsync, cold reads, deletes, recovery,
//! compaction. Never used for appends to the page cache, which run on the shards.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;

use klamm_node::promise::{Awaited, promise};
use parking_lot::{Condvar, Mutex};

/// Jobs that may wait. A full queue makes the submitter wait: shards never submit more than one
/// job per request they hold, so this bound is above what the request limits allow.
const BOUND: usize = 16 * 1024;

type Job = Box<dyn FnOnce() + Send>;

/// Which jobs go first when threads are scarce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// A request or the quorum waits for it.
    Waited,
    /// Housekeeping.
    Background,
}

#[derive(Default)]
struct Queues {
    waited: VecDeque<Job>,
    background: VecDeque<Job>,
    stopping: bool,
}

struct Shared {
    queues: Mutex<Queues>,
    changed: Condvar,
}

/// The pool; dropping the last handle does not stop it, [`DiskPool::stop`] does.
#[derive(Clone)]
pub struct DiskPool {
    shared: Arc<Shared>,
    threads: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl DiskPool {
    /// Starts `threads` threads, at least two: one long background job must not hold up an fsync,
    /// so the first thread takes only jobs that somebody waits for.
    pub fn start(threads: usize) -> io::Result<DiskPool> {
        let shared = Arc::new(Shared { queues: Mutex::default(), changed: Condvar::new() });
        let mut handles = Vec::new();
        for index in 0..threads.max(2) {
            let shared = shared.clone();
            let takes_background = index > 0;
            let thread = std::thread::Builder::new()
                .name(format!("klamm-disk-{index}"))
                .spawn(move || work(&shared, takes_background))?;
            handles.push(thread);
        }
        Ok(DiskPool { shared, threads: Arc::new(Mutex::new(handles)) })
    }

    /// Runs `job` on a thread of the pool; its result can be awaited or dropped.
    pub fn run<T: Send + 'static>(
        &self,
        urgency: Urgency,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Awaited<T> {
        let (promise, awaited) = promise();
        self.submit(
            urgency,
            Box::new(move || {
                if let Some(waker) = promise.give(job()) {
                    waker.wake();
                }
            }),
        );
        awaited
    }

    fn submit(&self, urgency: Urgency, job: Job) {
        let mut queues = self.shared.queues.lock();
        while queues.waited.len() + queues.background.len() >= BOUND && !queues.stopping {
            self.shared.changed.wait(&mut queues);
        }
        match urgency {
            Urgency::Waited => queues.waited.push_back(job),
            Urgency::Background => queues.background.push_back(job),
        }
        drop(queues);
        self.shared.changed.notify_all();
    }

    /// Finishes what is queued and ends the threads.
    pub fn stop(&self) {
        self.shared.queues.lock().stopping = true;
        self.shared.changed.notify_all();
        for thread in self.threads.lock().drain(..) {
            if thread.join().is_err() {
                tracing::error!("a disk thread panicked");
            }
        }
    }
}

fn work(shared: &Shared, takes_background: bool) {
    loop {
        let mut queues = shared.queues.lock();
        let job = loop {
            if let Some(job) = queues.waited.pop_front() {
                break job;
            }
            let background = if takes_background { queues.background.pop_front() } else { None };
            if let Some(job) = background {
                break job;
            }
            if queues.stopping {
                return;
            }
            shared.changed.wait(&mut queues);
        };
        let was_full = queues.waited.len() + queues.background.len() + 1 >= BOUND;
        drop(queues);
        if was_full {
            shared.changed.notify_all();
        }
        job();
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
}
