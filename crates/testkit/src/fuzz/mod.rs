//! Structure-aware fuzzing of a live node: requests of every API and version with random fields, half of them
//! damaged. A frame is a function of the seed and its number, so whatever breaks a node can be sent again.

mod frames;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use klamm_protocol::messages::ApiVersionsRequest;

pub use frames::{FuzzFrame, Generator};

use crate::wire::{Heard, RawConnection};

/// A request may wait for good reasons (a fetch, a join): the connection is given up after this.
const PATIENCE: Duration = Duration::from_millis(100);
/// A healthy client gets its answer within this.
const HEALTHY: Duration = Duration::from_secs(30);
/// Frames of one worker between two looks at the health.
const LOOK: u64 = 1_000;

/// How much is sent.
#[derive(Clone, Copy, Debug)]
pub struct FuzzSpec {
    /// To whom.
    pub address: SocketAddr,
    /// What frames are made from.
    pub seed: u64,
    /// How many at most.
    pub frames: u64,
    /// For how long at most.
    pub limit: Duration,
    /// Connections at once.
    pub connections: usize,
}

/// What came of them.
#[derive(Clone, Debug, Default)]
pub struct FuzzReport {
    /// The seed.
    pub seed: u64,
    /// Frames sent.
    pub sent: u64,
    /// Answers that came.
    pub answered: u64,
    /// Connections that were closed on a frame.
    pub closed: u64,
    /// Frames whose answer did not come at once.
    pub waiting: u64,
    /// Frames by API.
    pub by_api: BTreeMap<&'static str, u64>,
}

impl fmt::Display for FuzzReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let FuzzReport { seed, sent, answered, closed, waiting, by_api } = self;
        write!(
            f,
            "seed {seed}: {sent} frames over {} APIs: {answered} answered, {closed} closed, {waiting} waiting",
            by_api.len()
        )
    }
}

/// Sends frames until they or the time are used up. The error says which frames were last on their way.
pub fn run(spec: FuzzSpec) -> Result<FuzzReport> {
    let generator = Generator::new();
    let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let total = Mutex::new(FuzzReport { seed: spec.seed, ..FuzzReport::default() });
    let worker = Worker { spec, generator: &generator, next: &next, stop: &stop, total: &total };
    let ended: Vec<Result<()>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..spec.connections).map(|_| scope.spawn(|| worker.run())).collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a worker panicked"))))
            .collect()
    });
    let last = next.load(Ordering::Relaxed);
    for result in ended {
        let around = last.saturating_sub(4 * spec.connections as u64);
        result.with_context(|| format!("seed {}, one of the frames {around}..{last}", spec.seed))?;
    }
    Ok(total.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
}

struct Worker<'a> {
    spec: FuzzSpec,
    generator: &'a Generator,
    next: &'a AtomicU64,
    stop: &'a AtomicBool,
    total: &'a Mutex<FuzzReport>,
}

impl Worker<'_> {
    fn run(&self) -> Result<()> {
        let result = self.send_all();
        if result.is_err() {
            self.stop.store(true, Ordering::Relaxed);
        }
        result
    }

    fn send_all(&self) -> Result<()> {
        let begun = Instant::now();
        let mut report = FuzzReport::default();
        let mut connection = None;
        while begun.elapsed() < self.spec.limit && !self.stop.load(Ordering::Relaxed) {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= self.spec.frames {
                break;
            }
            let frame = self.generator.frame(self.spec.seed, number);
            *report.by_api.entry(frame.api).or_default() += 1;
            report.sent += 1;
            connection = self.send(connection.take(), &frame, &mut report)?;
            if number.is_multiple_of(LOOK) {
                self.look()?;
            }
        }
        self.look()?;
        let mut total = self.total.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        total.sent += report.sent;
        total.answered += report.answered;
        total.closed += report.closed;
        total.waiting += report.waiting;
        for (api, count) in report.by_api {
            *total.by_api.entry(api).or_default() += count;
        }
        Ok(())
    }

    /// The connection, if it is good for more.
    fn send(
        &self,
        connection: Option<RawConnection>,
        frame: &FuzzFrame,
        report: &mut FuzzReport,
    ) -> Result<Option<RawConnection>> {
        let mut connection = match connection {
            Some(connection) => connection,
            None => RawConnection::open(self.spec.address).context("the node takes no connection")?,
        };
        if connection.send_frame(&frame.content).is_err() {
            report.closed += 1;
            return Ok(None);
        }
        match connection.hear(PATIENCE) {
            Heard::Frame(_) => {
                report.answered += 1;
                Ok(Some(connection))
            }
            Heard::Closed => {
                report.closed += 1;
                Ok(None)
            }
            Heard::Silence => {
                report.waiting += 1;
                Ok(None)
            }
        }
    }

    /// Another client is served meanwhile.
    fn look(&self) -> Result<()> {
        let mut healthy = RawConnection::open(self.spec.address).context("a healthy client is refused")?;
        let begun = Instant::now();
        let response = healthy.ask(&ApiVersionsRequest::default(), 0).context("a healthy client")?;
        ensure!(response.error_code == 0, "a healthy client got {response:?}");
        ensure!(begun.elapsed() < HEALTHY, "a healthy client waited {:?}", begun.elapsed());
        Ok(())
    }
}
