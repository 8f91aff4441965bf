//! Proof of death, as `broker/src/handlers/heartbeat.rs` looks for it: the connection that a broker's heartbeats came over
//! ends, and its machine refuses new ones (docs/decisions/0034-proof-of-death.md); and as `broker/src/pumps/peers.rs` does
//! of the leader of the quorum that a fetch was sent to. Machines close the connections of their processes; those that are
//! paused, cut off or without power say nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use klamm_metadata::controller::{Command, Death, Reply};
use klamm_model::{BrokerEpoch, BrokerId};
use klamm_node::control::ControlEvent;
use klamm_node::promise::promise;
use klamm_node::raft::RaftEvent;
use klamm_protocol::messages::BrokerHeartbeatRequest;
use klamm_raft::{ApiKind, RaftError, Response};

use super::World;
use crate::checkers::must;
use crate::event::{Event, RaftOrigin};
use crate::rpc::{Answer, CallId, Caller};

/// Pause between two looks at a machine that takes connections.
const PAUSE: Duration = Duration::from_millis(20);
/// How often it is looked at.
const LOOKS: u32 = 25;
/// Machines that answer again by the time they are looked at, of those without power, in percent.
const UP_AGAIN: u64 = 30;

/// The registration that heartbeats are for.
type Heard = (BrokerId, BrokerEpoch);

/// What a controller knows of the connections of brokers.
#[derive(Debug, Default)]
pub(crate) struct Hearing {
    /// Heartbeats that are not answered yet.
    asked: BTreeMap<CallId, Heard>,
    /// By the process at the other end.
    heard: BTreeMap<Caller, Heard>,
}

impl Hearing {
    /// A heartbeat has come.
    pub(crate) fn on_heartbeat(&mut self, id: CallId, request: &BrokerHeartbeatRequest) {
        let heard = BrokerId::new(request.broker_id).zip(BrokerEpoch::new(request.broker_epoch));
        if let Some(heard) = heard {
            self.asked.insert(id, heard);
        }
    }

    /// An answer goes out; whether it is one to a heartbeat.
    pub(crate) fn on_answer(&mut self, (from, id): (Caller, CallId), answer: &Answer) -> bool {
        let Some(heard) = self.asked.remove(&id) else { return false };
        // A fenced one has nothing that could be taken from it.
        let counts = match answer {
            Answer::Control(Ok(Reply::BrokerHeartbeat(told)), _) => told.error_code == 0 && !told.is_fenced,
            _ => false,
        };
        if counts {
            self.heard.insert(from, heard);
        } else {
            self.heard.remove(&from);
        }
        true
    }
}

/// How far a controller has come.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// The connection of a process has ended.
    Ended(Caller),
    /// The broker's machine is dialled, so often at most.
    Dial(Death, u32),
    /// Its machine has refused.
    Refused(Death),
    /// A request of the quorum's APIs is not answered any more; where it was a fetch, the machine of the process is
    /// dialled, so often at most.
    Unanswered(Asked, u32),
    /// That machine has refused.
    Gone(Asked),
}

/// A request of the quorum's APIs, and the process it was sent to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    of: (i32, u32),
    by: RaftOrigin,
}

enum Presence {
    Listens,
    Refuses,
    Unclear,
}

impl World {
    /// The connections of a process end, those that reach their other ends; with them the requests that came over them.
    pub(crate) fn hang_up(&mut self, id: i32, incarnation: u32, asked: Vec<RaftOrigin>) {
        for other in self.ids() {
            if other != id && self.network.carries(id, other) {
                self.connection_ends(other, Caller::Process { node: id, incarnation });
            }
        }
        for by in asked {
            if self.nodes.contains_key(&by.node) && self.network.carries(id, by.node) {
                let delay = self.conditions.latency(&mut self.random);
                self.prove_of(delay, Step::Unanswered(Asked { of: (id, incarnation), by }, LOOKS), by);
            }
        }
    }

    /// A request of the quorum's APIs arrives where no process is. A machine that is off answers nothing.
    pub(crate) fn refuse_raft(&mut self, id: i32, from: RaftOrigin) {
        if matches!(self.presence(from.node, id), Presence::Refuses) {
            self.send_raft_answer(id, from, Response::Failed(from.api, unreached(from.api)));
        }
    }

    /// A process hears that the connection from another has ended.
    pub(crate) fn connection_ends(&mut self, id: i32, from: Caller) {
        let delay = self.conditions.latency(&mut self.random);
        self.prove_in(delay, id, Step::Ended(from));
    }

    fn prove_in(&mut self, delay: Duration, id: i32, step: Step) {
        let incarnation = self.nodes[&id].incarnation;
        self.after(delay, Event::Proof { node: id, incarnation, step });
    }

    fn prove_of(&mut self, delay: Duration, step: Step, by: RaftOrigin) {
        self.after(delay, Event::Proof { node: by.node, incarnation: by.incarnation, step });
    }

    /// Goes on with a proof.
    pub(crate) fn prove(&mut self, id: i32, step: Step) {
        match step {
            Step::Ended(from) => {
                let ended = self.process_mut(id).and_then(|process| process.hearing.heard.remove(&from));
                if let Some((broker, epoch)) = ended {
                    self.dial(id, Death { broker, epoch, silent_since: self.now }, LOOKS);
                }
            }
            Step::Dial(death, left) => self.dial(id, death, left),
            Step::Refused(death) => {
                self.trace(|| format!("node {id} has proof of a death: {death:?}"));
                let (node, epoch) = (death.broker.get(), Some(death.epoch));
                let broker = self.process(node).and_then(|process| process.broker.as_ref());
                let lives = broker.is_some_and(|broker| broker.lifecycle.epoch() == epoch);
                must!(!lives, "proof-of-death", "node {id} takes {node} for dead, which runs: {death:?}");
                let (promise, _answer) = promise();
                self.control(id, ControlEvent::Command(Command::FenceDeadBroker(death), promise));
            }
            Step::Unanswered(asked, left) => self.look_for_peer(asked, left),
            Step::Gone(asked) => {
                let (node, incarnation) = asked.of;
                let lives = self.is_current(node, incarnation);
                must!(!lives, "proof-of-death", "node {id} takes {node} for dead, which runs");
                self.trace(|| format!("node {id} has proof that {node} is gone"));
                self.fail_request(asked, unreached(asked.by.api));
            }
        }
    }

    fn look_for_peer(&mut self, asked: Asked, left: u32) {
        let (node, by) = (asked.of.0, asked.by);
        if by.api != ApiKind::Fetch || left == 0 {
            return self.fail_request(asked, RaftError::BrokerNotAvailable);
        }
        match self.presence(by.node, node) {
            Presence::Listens => self.prove_of(PAUSE, Step::Unanswered(asked, left - 1), by),
            Presence::Refuses => {
                let delay = self.conditions.latency(&mut self.random);
                self.prove_of(delay, Step::Gone(asked), by);
            }
            Presence::Unclear => self.fail_request(asked, RaftError::BrokerNotAvailable),
        }
    }

    fn fail_request(&mut self, asked: Asked, error: RaftError) {
        let RaftOrigin { node, peer, correlation, api, .. } = asked.by;
        let event = RaftEvent::Response(peer, correlation, Response::Failed(api, error));
        self.control(node, ControlEvent::Raft(event));
    }

    fn dial(&mut self, id: i32, death: Death, left: u32) {
        let known =
            self.process(id).and_then(|process| process.control.image().cluster().broker(death.broker));
        let is_it = known.is_some_and(|known| known.epoch == death.epoch && !known.fenced);
        if !is_it || left == 0 {
            return;
        }
        match self.presence(id, death.broker.get()) {
            Presence::Listens => self.prove_in(PAUSE, id, Step::Dial(death, left - 1)),
            Presence::Refuses => {
                let delay = self.conditions.latency(&mut self.random);
                self.prove_in(delay, id, Step::Refused(death));
            }
            Presence::Unclear => {}
        }
    }

    fn presence(&mut self, from: i32, to: i32) -> Presence {
        if !self.network.carries(from, to) || !self.network.carries(to, from) {
            return Presence::Unclear;
        }
        let Some(node) = self.nodes.get(&to) else { return Presence::Unclear };
        match (node.process.is_some(), node.is_off) {
            (true, _) => Presence::Listens,
            (false, true) if !self.random.chance(UP_AGAIN) => Presence::Unclear,
            (false, _) => Presence::Refuses,
        }
    }
}

/// What a refused dial tells. Of a leader only it matters whether it is silent or gone.
fn unreached(api: ApiKind) -> RaftError {
    if api == ApiKind::Fetch { RaftError::PeerGone } else { RaftError::BrokerNotAvailable }
}
