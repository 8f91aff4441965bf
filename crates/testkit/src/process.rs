//! What a process uses, read from /proc by its id: processor time and memory.

use std::fs;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use serde::Serialize;

use crate::load::LoadError;

/// Between two looks at the memory.
const SAMPLE: Duration = Duration::from_millis(50);

/// A process to watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watched {
    /// Its id.
    pub pid: u32,
}

/// Memory of a process, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Memory {
    /// In memory, mapped files included.
    pub resident: u64,
    /// Of that, what is its own and not a file's.
    pub anonymous: u64,
}

/// What a process used between two moments.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BrokerUse {
    /// User and system time of all its threads, in seconds.
    pub cpu_seconds: f64,
    /// The largest of each kind that was seen.
    pub peak: Memory,
}

impl Watched {
    /// User and system time so far, of living and ended threads, in clock ticks' precision.
    pub fn cpu(&self) -> Result<Duration, LoadError> {
        let stat = self.read("stat")?;
        cpu_of_stat(&stat, rustix::param::clock_ticks_per_second()).ok_or_else(|| self.unreadable("stat"))
    }

    /// Time of the living threads so far, to the nanosecond: for a process that rests. A thread that
    /// ends takes its time along.
    pub fn precise_cpu(&self) -> Result<Duration, LoadError> {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.pid)).map_err(|error| self.failed(error))?;
        let mut nanos = 0;
        for task in tasks {
            let path = task.map_err(|error| self.failed(error))?.path().join("schedstat");
            // A thread may end between the list and the look.
            let Ok(text) = fs::read_to_string(path) else { continue };
            nanos += text.split(' ').next().and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
        }
        Ok(Duration::from_nanos(nanos))
    }

    /// Memory now.
    pub fn memory(&self) -> Result<Memory, LoadError> {
        memory_of_status(&self.read("status")?).ok_or_else(|| self.unreadable("status"))
    }

    /// Begins to observe.
    pub fn observe(&self) -> Result<Observer, LoadError> {
        let (watched, ended) = (*self, Arc::new(AtomicBool::new(false)));
        let (begin, first, stop) = (self.cpu()?, self.memory()?, ended.clone());
        let sampler = std::thread::Builder::new().name("sampler".into()).spawn(move || {
            let mut peak = first;
            while !stop.load(Ordering::Relaxed) {
                std::thread::sleep(SAMPLE);
                if let Ok(memory) = watched.memory() {
                    peak.resident = peak.resident.max(memory.resident);
                    peak.anonymous = peak.anonymous.max(memory.anonymous);
                }
            }
            peak
        })?;
        Ok(Observer { watched: *self, begin, ended, sampler })
    }

    fn read(&self, file: &str) -> Result<String, LoadError> {
        fs::read_to_string(format!("/proc/{}/{file}", self.pid)).map_err(|error| self.failed(error))
    }

    fn failed(&self, error: io::Error) -> LoadError {
        LoadError::Process { pid: self.pid, error }
    }

    fn unreadable(&self, file: &str) -> LoadError {
        self.failed(io::Error::new(io::ErrorKind::InvalidData, format!("cannot make sense of {file}")))
    }
}

/// Watches a process from one moment to another; samples its memory meanwhile.
#[derive(Debug)]
pub struct Observer {
    watched: Watched,
    begin: Duration,
    ended: Arc<AtomicBool>,
    sampler: JoinHandle<Memory>,
}

impl Observer {
    /// What was used since the beginning.
    pub fn end(self) -> Result<BrokerUse, LoadError> {
        let used = self.watched.cpu()?.saturating_sub(self.begin);
        self.ended.store(true, Ordering::Relaxed);
        let peak = self.sampler.join().unwrap_or_default();
        Ok(BrokerUse { cpu_seconds: used.as_secs_f64(), peak })
    }
}

/// Fields 14 and 15, counted after the name, which may hold anything in its parentheses.
fn cpu_of_stat(stat: &str, ticks_per_second: u64) -> Option<Duration> {
    let mut fields = stat[stat.rfind(')')? + 1..].split_ascii_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(Duration::from_millis((user + system) * 1000 / ticks_per_second.max(1)))
}

fn memory_of_status(status: &str) -> Option<Memory> {
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kib * 1024)
    };
    Some(Memory { resident: field("VmRSS:")?, anonymous: field("RssAnon:")? })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_name_with_spaces_and_parentheses_does_not_shift_the_fields() {
        let stat = "7 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20";
        assert_eq!(cpu_of_stat(stat, 100), Some(Duration::from_secs(2)));
    }

    #[test]
    fn this_process_has_used_time_and_memory() {
        let own = Watched { pid: std::process::id() };
        let memory = own.memory().unwrap();
        assert!(memory.anonymous > 0 && memory.anonymous <= memory.resident);
        assert!(own.precise_cpu().unwrap() > Duration::ZERO);
        assert!(own.observe().unwrap().end().unwrap().peak.resident > 0);
    }

    #[test]
    fn a_process_that_is_gone_is_an_error() {
        assert!(Watched { pid: u32::MAX }.cpu().is_err());
    }
}
