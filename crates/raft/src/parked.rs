//! Fetches that found nothing new and wait at the leader.

use std::collections::BTreeMap;

use klamm_model::Instant;

use crate::effect::RequestId;
use crate::message::FetchRequest;

/// A fetch and when it is answered at the latest.
#[derive(Debug)]
struct Parked {
    request: FetchRequest,
    deadline: Instant,
}

/// All parked fetches.
#[derive(Debug, Default)]
pub(crate) struct ParkedFetches {
    fetches: BTreeMap<RequestId, Parked>,
}

impl ParkedFetches {
    pub(crate) fn len(&self) -> usize {
        self.fetches.len()
    }

    pub(crate) fn park(&mut self, id: RequestId, request: FetchRequest, deadline: Instant) {
        self.fetches.insert(id, Parked { request, deadline });
    }

    pub(crate) fn forget(&mut self, id: RequestId) {
        self.fetches.remove(&id);
    }

    /// All of them: there is news.
    pub(crate) fn take_all(&mut self) -> Vec<(RequestId, FetchRequest)> {
        std::mem::take(&mut self.fetches).into_iter().map(|(id, parked)| (id, parked.request)).collect()
    }

    /// Those whose time is up.
    pub(crate) fn take_expired(&mut self, now: Instant) -> Vec<(RequestId, FetchRequest)> {
        let expired = self.fetches.extract_if(.., |_, parked| parked.deadline <= now);
        expired.map(|(id, parked)| (id, parked.request)).collect()
    }

    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.fetches.values().map(|parked| parked.deadline).min()
    }
}
