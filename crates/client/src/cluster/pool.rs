//! Connections by broker and purpose. A broken one is replaced at the next use, after its wait.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use klamm_config::HostPort;
use rand::seq::IteratorRandom as _;
use tokio::time::Instant;

use super::backoff::Backoff;
use super::view::MetadataView;
use crate::config::ClientConfig;
use crate::error::ClientError;
use crate::net::{Connection, ConnectionStatus, Dial};

/// What a connection is for: brokers answer in order, so what may wait long must not stand in front of
/// what may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lane {
    /// Metadata and all else.
    Main,
    /// Produce.
    Produce,
    /// Fetch, which waits for data.
    Fetch,
    /// Group membership and offsets; a join waits for others.
    Group,
}

/// Whom a connection leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// The entry of the bootstrap list at this place.
    Bootstrap(usize),
    /// A broker by id.
    Broker(i32),
}

#[derive(Debug)]
struct Slot {
    connection: Connection,
    endpoint: HostPort,
    /// Dials in a row that failed before this connection was opened.
    failures: u32,
    opened: Instant,
}

impl Slot {
    /// Failures so far, this connection's included.
    fn failures(&self) -> u32 {
        match self.connection.is_poisoned() {
            true if !self.connection.was_ready() => self.failures + 1,
            true => 1,
            false => 0,
        }
    }
}

#[derive(Debug)]
pub(super) struct Pool {
    config: Arc<ClientConfig>,
    slots: HashMap<(Target, Lane), Slot>,
}

impl Pool {
    pub(super) fn new(config: Arc<ClientConfig>) -> Pool {
        Pool { config, slots: HashMap::new() }
    }

    /// The connection to `target`, opened if there is none, or if it broke or its broker moved.
    pub(super) fn get(&mut self, target: Target, lane: Lane, endpoint: &HostPort) -> Connection {
        let known = self.slots.get(&(target, lane));
        if let Some(slot) = known.filter(|slot| slot.endpoint == *endpoint && !slot.connection.is_poisoned())
        {
            return slot.connection.clone();
        }
        let same_place = known.filter(|slot| slot.endpoint == *endpoint);
        let failures = same_place.map_or(0, Slot::failures);
        let waited = same_place.map_or(Duration::MAX, |slot| slot.opened.elapsed());
        let backoff = Backoff {
            first: Duration::from_millis(self.config.reconnect_backoff_ms),
            most: Duration::from_millis(self.config.reconnect_backoff_max_ms),
        };
        let after = backoff.after(failures).saturating_sub(waited);
        let dial = Dial { target: endpoint.clone(), after };
        let connection = Connection::open(dial, Arc::clone(&self.config));
        let slot = Slot {
            connection: connection.clone(),
            endpoint: endpoint.clone(),
            failures,
            opened: Instant::now() + after,
        };
        self.slots.insert((target, lane), slot);
        connection
    }

    /// A connection to any broker of `view`, or of the bootstrap list where none of them answers.
    pub(super) fn any(&mut self, view: &MetadataView) -> Result<Connection, ClientError> {
        let ready = self.slots.iter().filter(|((target, lane), slot)| {
            let listed = match target {
                Target::Broker(id) => view.broker(*id).is_some(),
                Target::Bootstrap(_) => true,
            };
            let ready = matches!(slot.connection.status(), ConnectionStatus::Ready(_));
            listed && ready && *lane == Lane::Main
        });
        let least_busy = ready.min_by_key(|((target, _), slot)| {
            let is_bootstrap = matches!(target, Target::Bootstrap(_));
            (is_bootstrap && !view.brokers.is_empty(), slot.connection.in_flight())
        });
        if let Some((_, slot)) = least_busy {
            return Ok(slot.connection.clone());
        }
        let (target, endpoint) = self.least_failed(view).ok_or_else(|| {
            ClientError::IllegalState("neither bootstrap.servers nor a broker is known".to_owned())
        })?;
        Ok(self.get(target, Lane::Main, &endpoint))
    }

    /// Brokers first; the bootstrap list once all of them have failed, since the cluster may have moved.
    fn least_failed(&self, view: &MetadataView) -> Option<(Target, HostPort)> {
        let brokers = view.brokers.iter().map(|broker| (Target::Broker(broker.id), &broker.endpoint));
        let config = &self.config;
        let list = match config.bootstrap_controllers.is_empty() {
            true => &config.bootstrap_servers,
            false => &config.bootstrap_controllers,
        };
        let bootstrap = list.iter().enumerate().map(|(index, server)| (Target::Bootstrap(index), server));
        let candidates: Vec<(u32, u8, Target, &HostPort)> = brokers
            .map(|(target, endpoint)| (self.failures_of(target), 0, target, endpoint))
            .chain(bootstrap.map(|(target, endpoint)| (self.failures_of(target), 1, target, endpoint)))
            .collect();
        let best = candidates.iter().map(|(failures, kind, ..)| (*failures, *kind)).min()?;
        let equal = candidates.iter().filter(|(failures, kind, ..)| (*failures, *kind) == best);
        equal.choose(&mut rand::rng()).map(|(_, _, target, endpoint)| (*target, (*endpoint).clone()))
    }

    fn failures_of(&self, target: Target) -> u32 {
        self.slots.get(&(target, Lane::Main)).map_or(0, Slot::failures)
    }

    /// Closes the connections to brokers that are gone.
    pub(super) fn retain(&mut self, view: &MetadataView) {
        self.slots.retain(|(target, _), _| match target {
            Target::Broker(id) => view.broker(*id).is_some(),
            Target::Bootstrap(_) => true,
        });
    }
}
