//! One request at a time per peer, a pause after a failure (Kafka: RequestManager).

use std::collections::BTreeMap;

use klamm_model::Instant;

use crate::effect::{CorrelationId, PeerId};
use crate::message::ApiKind;

/// State of the line to a peer that is not ready. A ready one has no entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    /// A request is out; given up at `until`.
    Waiting { correlation: CorrelationId, api: ApiKind, until: Instant },
    /// A request failed; none is sent before `until`.
    BackingOff { until: Instant },
}

/// The lines to all peers.
#[derive(Debug, Default)]
pub(crate) struct Peers {
    lines: BTreeMap<PeerId, Line>,
    last_correlation: CorrelationId,
}

impl Peers {
    /// Frees lines whose wait is over; returns the peers whose request got no answer in time.
    pub(crate) fn expire(&mut self, now: Instant) -> Vec<PeerId> {
        let mut unanswered = Vec::new();
        self.lines.retain(|peer, line| match line {
            Line::Waiting { until, .. } if *until <= now => {
                unanswered.push(*peer);
                false
            }
            Line::BackingOff { until } => *until > now,
            Line::Waiting { .. } => true,
        });
        unanswered
    }

    pub(crate) fn is_ready(&self, peer: PeerId) -> bool {
        !self.lines.contains_key(&peer)
    }

    pub(crate) fn is_backing_off(&self, peer: PeerId) -> bool {
        matches!(self.lines.get(&peer), Some(Line::BackingOff { .. }))
    }

    pub(crate) fn is_any_waiting(&self) -> bool {
        self.lines.values().any(|line| matches!(line, Line::Waiting { .. }))
    }

    /// Takes the line to `peer` for a request that is given up at `until`.
    pub(crate) fn occupy(&mut self, peer: PeerId, api: ApiKind, until: Instant) -> CorrelationId {
        self.last_correlation.0 += 1;
        let correlation = self.last_correlation;
        self.lines.insert(peer, Line::Waiting { correlation, api, until });
        correlation
    }

    /// Frees the line on an answer; `None` if nothing waits for it any more.
    pub(crate) fn release(&mut self, peer: PeerId, correlation: CorrelationId) -> Option<ApiKind> {
        match self.lines.get(&peer) {
            Some(Line::Waiting { correlation: expected, api, .. }) if *expected == correlation => {
                let api = *api;
                self.lines.remove(&peer);
                Some(api)
            }
            _ => None,
        }
    }

    pub(crate) fn back_off(&mut self, peer: PeerId, until: Instant) {
        self.lines.insert(peer, Line::BackingOff { until });
    }

    pub(crate) fn forget(&mut self, peer: PeerId) {
        self.lines.remove(&peer);
    }

    /// Forgets all lines: answers to what was sent in an earlier role are of no use.
    pub(crate) fn reset(&mut self) {
        self.lines.clear();
    }

    /// The request that is out to `peer`.
    #[cfg(test)]
    pub(crate) fn waiting_for(&self, peer: PeerId) -> Option<CorrelationId> {
        match self.lines.get(&peer) {
            Some(Line::Waiting { correlation, .. }) => Some(*correlation),
            Some(Line::BackingOff { .. }) | None => None,
        }
    }

    /// When the next line becomes free by itself.
    pub(crate) fn next_event(&self) -> Option<Instant> {
        let until = |line: &Line| match line {
            Line::Waiting { until, .. } | Line::BackingOff { until } => *until,
        };
        self.lines.values().map(until).min()
    }
}

#[cfg(test)]
mod tests {
    use klamm_model::NodeId;

    use super::*;

    const PEER: PeerId = PeerId::Node(NodeId::at(1));

    fn at(millis: u64) -> Instant {
        Instant::from_millis(millis)
    }

    #[test]
    fn a_line_takes_one_request_and_gives_it_up_in_time() {
        let mut peers = Peers::default();
        let correlation = peers.occupy(PEER, ApiKind::Fetch, at(10));
        assert!(!peers.is_ready(PEER) && peers.is_any_waiting());
        assert_eq!(peers.next_event(), Some(at(10)));
        assert_eq!(peers.expire(at(9)), []);
        assert_eq!(peers.expire(at(10)), [PEER]);
        assert_eq!(peers.release(PEER, correlation), None, "a late answer is of no use");
        assert_eq!(peers.next_event(), None);
    }

    #[test]
    fn a_failure_pauses_the_line() {
        let mut peers = Peers::default();
        let correlation = peers.occupy(PEER, ApiKind::Vote, at(10));
        assert_eq!(peers.release(PEER, CorrelationId(99)), None);
        assert_eq!(peers.release(PEER, correlation), Some(ApiKind::Vote));
        peers.back_off(PEER, at(25));
        assert!(peers.is_backing_off(PEER) && !peers.is_any_waiting());
        assert_eq!(peers.expire(at(25)), []);
        assert!(peers.is_ready(PEER));
    }
}
