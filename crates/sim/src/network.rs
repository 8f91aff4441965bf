//! The network: what is cut, how long messages take, how many are lost.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use klamm_model::Instant;

use crate::random::Random;

/// Where in a batch its checksum begins to count.
pub(crate) const CHECKED_FROM: u64 = 21;

/// One direction of traffic between two places. Clients are at place 0.
pub(crate) type Link = (i32, i32);

/// How bad network and disks are just now.
#[derive(Clone, Copy, Debug)]
pub struct Conditions {
    /// Messages lost, in percent.
    pub loss: u64,
    /// Least and most microseconds a message takes.
    pub latency_us: (u64, u64),
    /// Least and most microseconds a piece of disk work takes.
    pub disk_us: (u64, u64),
    /// Answers to followers whose records have a bit flipped, in percent.
    pub flips: u64,
}

impl Conditions {
    /// A quiet data centre.
    pub const PEACE: Conditions =
        Conditions { loss: 0, latency_us: (200, 2_000), disk_us: (50, 3_000), flips: 0 };
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Network {
    cut: BTreeSet<Link>,
    /// How much longer calls are on their way.
    slow: BTreeMap<Link, Duration>,
    /// When the last message of a connection arrives: those after it do not overtake it.
    last: BTreeMap<(crate::rpc::Caller, i32, bool), Instant>,
}

impl Network {
    pub(crate) fn carries(&self, from: i32, to: i32) -> bool {
        from == to || !self.cut.contains(&(from, to))
    }

    pub(crate) fn cut(&mut self, from: i32, to: i32) {
        self.cut.insert((from, to));
    }

    pub(crate) fn mend(&mut self, from: i32, to: i32) {
        self.cut.remove(&(from, to));
    }

    pub(crate) fn heal(&mut self) {
        self.cut.clear();
    }

    /// From now on calls from one place to another take so much longer.
    pub(crate) fn slow_down(&mut self, from: i32, to: i32, by: Duration) {
        self.slow.insert((from, to), by);
    }

    /// No link is slow any more.
    pub(crate) fn speed_up(&mut self) {
        self.slow.clear();
    }

    pub(crate) fn cuts(&self) -> &BTreeSet<Link> {
        &self.cut
    }

    /// When a message of a connection arrives.
    pub(crate) fn arrival(
        &mut self,
        connection: (crate::rpc::Caller, i32, bool),
        now: Instant,
        delay: Duration,
    ) -> Instant {
        let (caller, callee, is_call) = connection;
        let slow = self.slow.get(&(caller.place(), callee)).filter(|_| is_call);
        let last = self.last.entry(connection).or_default();
        *last = (*last).max(now.after(delay + slow.copied().unwrap_or_default()));
        *last
    }
}

impl Conditions {
    pub(crate) fn latency(&self, random: &mut Random) -> Duration {
        Duration::from_micros(random.between(self.latency_us.0, self.latency_us.1))
    }

    pub(crate) fn disk(&self, random: &mut Random) -> Duration {
        Duration::from_micros(random.between(self.disk_us.0, self.disk_us.1))
    }
}
