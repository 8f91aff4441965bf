//! Which connections are let in: Kafka's `ConnectionQuotas`, one for the listeners of the broker and one for those
//! of the controller, and a limit for the whole process.
//!
//! 1. Above the process limit a connection is closed at once.
//! 2. `max.connections` and `max.connection.creation.rate`, of the node or of a listener, hold the accept loop back:
//!    the peers wait in the backlog. The listener between brokers, where there is another one, is held back by its
//!    own limits alone.
//! 3. Above `max.connections.per.ip` a connection is closed at once.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::rate::{Rate, Window};

/// Kafka's "no limit", for counts and rates alike.
pub const UNLIMITED: u32 = i32::MAX as u32;
/// A held back accept loop looks again after this, for rules that have changed meanwhile.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Limits on one listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListenerRules {
    /// `listener.name.X.max.connections`.
    pub most: u32,
    /// `listener.name.X.max.connection.creation.rate`, per second.
    pub rate: u32,
}

impl Default for ListenerRules {
    fn default() -> ListenerRules {
        ListenerRules { most: UNLIMITED, rate: UNLIMITED }
    }
}

/// Limits on the connections of one role; all unlimited by default, as in Kafka.
#[derive(Clone, Debug)]
pub struct AdmissionRules {
    /// `max.connections`.
    pub total: u32,
    /// `max.connections.per.ip`.
    pub per_ip: u32,
    /// `max.connections.per.ip.overrides`.
    pub overrides: HashMap<IpAddr, u32>,
    /// `max.connection.creation.rate`, per second.
    pub rate: u32,
    /// By name; those without an entry are unlimited.
    pub listeners: HashMap<Arc<str>, ListenerRules>,
    /// The listener between brokers, where there are others: rule 2.
    pub protected: Option<Arc<str>>,
}

impl AdmissionRules {
    fn of_listener(&self, listener: &Arc<str>) -> ListenerRules {
        self.listeners.get(listener).copied().unwrap_or_default()
    }

    fn is_protected(&self, listener: &Arc<str>) -> bool {
        self.protected.as_ref() == Some(listener)
    }
}

/// Where the rules in force come from; asked for each connection.
pub trait RulesInForce: Send + Sync {
    /// The rules now.
    fn now(&self) -> Arc<AdmissionRules>;
}

/// Connections of the whole process: what the descriptor limit leaves for sockets.
#[derive(Clone, Debug)]
pub struct ProcessLimit {
    places: Arc<Semaphore>,
    most: usize,
}

impl ProcessLimit {
    /// `most` connections.
    pub fn new(most: usize) -> ProcessLimit {
        let most = most.min(Semaphore::MAX_PERMITS);
        ProcessLimit { places: Arc::new(Semaphore::new(most)), most }
    }
}

/// A limit that a new connection would exceed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Rule 1.
    #[error("the process has {0} connections, its limit")]
    Process(usize),
    /// Rule 3.
    #[error("address already has the configured maximum of {0} connections")]
    PerIp(u32),
}

#[derive(Debug)]
struct Counts {
    total: u32,
    by_listener: HashMap<Arc<str>, u32>,
    by_ip: HashMap<IpAddr, u32>,
    rate: Rate,
    listener_rates: HashMap<Arc<str>, Rate>,
}

struct Shared {
    rules: Box<dyn RulesInForce>,
    process: ProcessLimit,
    window: Window,
    begun: Instant,
    counts: Mutex<Counts>,
    freed: Notify,
}

/// Counts the connections of one role.
#[derive(Clone)]
pub struct Admission {
    shared: Arc<Shared>,
}

/// One admitted connection; dropping it frees its place.
pub struct Admitted {
    shared: Arc<Shared>,
    listener: Arc<str>,
    ip: IpAddr,
    _place: OwnedSemaphorePermit,
}

impl Admission {
    /// Starts with no connections.
    pub fn new(rules: Box<dyn RulesInForce>, process: ProcessLimit, window: Window) -> Admission {
        let counts = Counts {
            total: 0,
            by_listener: HashMap::new(),
            by_ip: HashMap::new(),
            rate: Rate::new(window),
            listener_rates: HashMap::new(),
        };
        let (counts, freed) = (Mutex::new(counts), Notify::new());
        let shared = Shared { rules, process, window, begun: Instant::now(), counts, freed };
        Admission { shared: Arc::new(shared) }
    }

    /// Takes a place for a connection from `ip`, as soon as there is one by rule 2.
    pub async fn admit(&self, listener: &Arc<str>, ip: IpAddr) -> Result<Admitted, Refused> {
        let shared = &self.shared;
        let place = Arc::clone(&shared.process.places).try_acquire_owned();
        let place = place.map_err(|_| Refused::Process(shared.process.most))?;
        let due = Instant::now() + shared.record(listener);
        let ip = ip.to_canonical();
        loop {
            let freed = shared.freed.notified();
            let rules = shared.rules.now();
            let now = Instant::now();
            if now >= due && shared.take_place(&rules, listener, ip) {
                let admitted =
                    Admitted { shared: Arc::clone(shared), listener: listener.clone(), ip, _place: place };
                return shared.check_ip(&rules, ip).map(|()| admitted);
            }
            let wake = if now < due { due } else { now + LOOK_AGAIN };
            let wait = tokio::time::sleep_until(wake);
            if now < due {
                wait.await;
            } else {
                tokio::select! { () = freed => {} () = wait => {} }
            }
        }
    }
}

impl Shared {
    /// Counts an arrival; how long it has to wait.
    fn record(&self, listener: &Arc<str>) -> Duration {
        let rules = self.rules.now();
        let now = self.begun.elapsed();
        let mut counts = self.counts.lock();
        let mut wait = Duration::ZERO;
        if rules.rate < UNLIMITED && !rules.is_protected(listener) {
            wait = counts.rate.record(now, rules.rate);
        }
        let of_listener = rules.of_listener(listener).rate;
        if of_listener < UNLIMITED {
            let rate = counts.listener_rates.entry(listener.clone());
            wait = wait.max(rate.or_insert_with(|| Rate::new(self.window)).record(now, of_listener));
        }
        wait
    }

    /// Counts a connection in, if rule 2 allows it now.
    fn take_place(&self, rules: &AdmissionRules, listener: &Arc<str>, ip: IpAddr) -> bool {
        let mut counts = self.counts.lock();
        let of_listener = counts.by_listener.get(listener).copied().unwrap_or(0);
        let has_room = of_listener < rules.of_listener(listener).most
            && (rules.is_protected(listener) || counts.total < rules.total);
        if has_room {
            counts.total += 1;
            *counts.by_listener.entry(listener.clone()).or_default() += 1;
            *counts.by_ip.entry(ip).or_default() += 1;
        }
        has_room
    }

    /// Rule 3, with the connection already counted.
    fn check_ip(&self, rules: &AdmissionRules, ip: IpAddr) -> Result<(), Refused> {
        let most = rules.overrides.get(&ip).copied().unwrap_or(rules.per_ip);
        let count = self.counts.lock().by_ip.get(&ip).copied().unwrap_or(0);
        if count > most { Err(Refused::PerIp(most)) } else { Ok(()) }
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        let mut counts = self.shared.counts.lock();
        counts.total -= 1;
        if let Some(count) = counts.by_listener.get_mut(&self.listener) {
            *count -= 1;
        }
        if let Some(count) = counts.by_ip.get_mut(&self.ip) {
            *count -= 1;
            if *count == 0 {
                counts.by_ip.remove(&self.ip);
            }
        }
        drop(counts);
        self.shared.freed.notify_waiters();
    }
}

#[cfg(test)]
#[path = "admission_tests.rs"]
mod tests;
