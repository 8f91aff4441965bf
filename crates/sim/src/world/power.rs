//! Starts and ends of processes, and what happens to their machines.

use std::time::Duration;

use klamm_model::{NodeId, Offset};
use klamm_node::clock::Clock as _;
use klamm_node::control::ControlEvent;
use klamm_node::raft::RaftEvent;
use klamm_raft::{
    AckWhen, AddVoterRequest, CorrelationId, PeerId, RemoveVoterRequest, ReplicaKey, Request, RequestBody,
    Response,
};
use klamm_storage::CheckpointKind;

use super::World;
use crate::build::{address, directory, endpoints};
use crate::event::{Event, RaftOrigin};
use crate::rpc::Answer;

/// Longest wait of a stopping leader for its successor.
const HAND_OVER: Duration = Duration::from_secs(5);

/// How a process ends against its will.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// kill -9: what was written stays.
    Killed,
    /// Power loss: what was not synced survives in part.
    PowerCut,
}

impl World {
    /// Starts a process; whether it came up.
    pub fn start(&mut self, id: i32) -> bool {
        let Some(node) = self.nodes.get_mut(&id) else { return false };
        assert!(node.process.is_none(), "node {id} runs already");
        node.incarnation += 1;
        let started = node.open(&self.build, &mut self.random);
        let started = match started {
            Ok(started) => started,
            Err(error) => {
                // What the failed start had opened is gone with its process.
                node.disk.kill();
                self.trace(|| format!("node {id} cannot start: {error:#}"));
                return false;
            }
        };
        node.process = Some(started.process);
        node.is_off = false;
        self.trace(|| format!("node {id} starts, clean: {}", started.was_clean));
        self.plant(id);
        self.control(id, ControlEvent::Raft(RaftEvent::Start));
        true
    }

    /// Starts every node that does not run.
    pub fn start_all(&mut self) {
        for id in self.ids() {
            if self.process(id).is_none() {
                self.start(id);
            }
        }
    }

    /// Ends a process.
    pub fn end(&mut self, id: i32, death: Death) {
        let survivors = self.random.draw();
        let Some(node) = self.nodes.get_mut(&id) else { return };
        node.is_off |= death == Death::PowerCut;
        let incarnation = node.incarnation;
        let Some(process) = node.process.take() else {
            if death == Death::PowerCut {
                node.disk.crash(survivors);
                node.needs_power_cut = false;
                self.note_power_cut(id);
            }
            return;
        };
        node.is_paused = false;
        let held = std::mem::take(&mut node.held);
        drop(held);
        match death {
            Death::Killed => node.disk.kill(),
            Death::PowerCut => {
                node.disk.crash(survivors);
                node.needs_power_cut = false;
            }
        }
        let pending: Vec<_> = process.pending.iter().map(|pending| (pending.from, pending.id)).collect();
        let asked: Vec<_> = process.asked.values().copied().collect();
        drop(process);
        self.trace(|| format!("node {id} ends: {death:?}"));
        if death == Death::PowerCut {
            self.note_power_cut(id);
        }
        if death == Death::Killed {
            self.hang_up(id, incarnation, asked);
            for (from, call) in pending {
                self.send_answer(id, from, call, Answer::Lost);
            }
        }
    }

    fn note_power_cut(&mut self, id: i32) {
        let checkers = &mut self.checkers;
        checkers.data.power_cut(id, self.is_exposed);
        let data = &checkers.data;
        let acknowledged = |partition| data.acknowledged_end(partition);
        checkers.replicas.power_cut(id, self.is_exposed.then_some(&acknowledged));
    }

    /// A process that cannot go on: its metadata log failed.
    pub(crate) fn fail(&mut self, id: i32) {
        self.end(id, Death::Killed);
    }

    /// Asks a process to stop in order; it ends by itself.
    pub fn leave(&mut self, id: i32) {
        let now = self.now;
        let Some(process) = self.process_mut(id) else { return };
        match process.broker.as_mut().filter(|broker| broker.lifecycle.epoch().is_some()) {
            Some(broker) => {
                broker.lifecycle.leave(now);
                self.settle(id);
            }
            None => self.stop_quorum(id),
        }
    }

    /// Others lead by now: the quorum is handed over.
    pub(crate) fn stop_quorum(&mut self, id: i32) {
        let Some(process) = self.process_mut(id) else { return };
        process.is_stopping = true;
        self.control(id, ControlEvent::Raft(RaftEvent::Shutdown(HAND_OVER)));
    }

    /// The quorum is handed over: all logs are closed, the clean stop is noted.
    pub(crate) fn end_in_order(&mut self, id: i32) {
        let Some(node) = self.nodes.get_mut(&id) else { return };
        let Some(process) = node.process.take() else { return };
        node.held.clear();
        let incarnation = node.incarnation;
        let wall = node.clock.wall();
        let pending: Vec<_> = process.pending.iter().map(|pending| (pending.from, pending.id)).collect();
        let asked: Vec<_> = process.asked.values().copied().collect();
        let mut is_clean = true;
        let mut epoch = None;
        if let Some(broker) = &process.broker {
            epoch = broker.lifecycle.epoch();
            for handle in broker.all_partitions() {
                is_clean &= handle.close(wall).is_ok();
            }
        }
        let dir = process.dir.clone();
        is_clean &= process.control.into_raft().into_log().into_log().close(wall).is_ok();
        for kind in [CheckpointKind::HighWatermark, CheckpointKind::LogStart, CheckpointKind::RecoveryPoint] {
            is_clean &= dir.write_checkpoint(kind).is_ok();
        }
        let noted = is_clean && dir.write_clean_shutdown(epoch).unwrap_or(false);
        node.disk.kill();
        self.trace(|| format!("node {id} stopped in order, clean: {noted}"));
        self.hang_up(id, incarnation, asked);
        for (from, call) in pending {
            self.send_answer(id, from, call, Answer::Lost);
        }
    }

    /// SIGSTOP.
    pub fn pause(&mut self, id: i32) {
        if let Some(node) = self.nodes.get_mut(&id).filter(|node| node.process.is_some()) {
            node.is_paused = true;
            self.trace(|| format!("node {id} is paused"));
        }
    }

    /// SIGCONT: what came meanwhile is seen now.
    pub fn resume(&mut self, id: i32) {
        let Some(node) = self.nodes.get_mut(&id) else { return };
        if !std::mem::take(&mut node.is_paused) {
            return;
        }
        let held = std::mem::take(&mut node.held);
        self.trace(|| format!("node {id} goes on with {} events", held.len()));
        for event in held {
            // A timer that was due meanwhile is due now.
            let event = match event {
                Event::Timer { node, incarnation } => {
                    let now = self.now;
                    if let Some(process) = self.process_mut(node) {
                        process.armed = Some(now);
                    }
                    Event::Timer { node, incarnation }
                }
                event => event,
            };
            let now = self.now;
            self.at(now, event);
        }
    }

    /// An empty disk takes the place of a stopped node's; it comes back under another directory id.
    pub fn replace_disk(&mut self, id: i32) {
        self.end(id, Death::PowerCut);
        let Some(node) = self.nodes.get_mut(&id) else { return };
        node.disk = klamm_storage::disk::MemDisk::new();
        node.disk_number += 1;
        node.synced = Offset::ZERO;
        self.checkers.quorum.forget(id);
    }

    /// A disk is lost and formatted anew under its old directory id: what no node should do.
    pub(crate) fn lose_disk(&mut self, id: i32) {
        self.end(id, Death::PowerCut);
        let disk = self.build.formatted(id);
        if let Some(node) = self.nodes.get_mut(&id) {
            node.disk = disk;
            node.synced = Offset::ZERO;
        }
        self.checkers.quorum.disk_was_lost(id);
    }

    /// The running leader of the newest epoch.
    pub fn leader(&self) -> Option<i32> {
        let leads = |node: &crate::node::SimNode| {
            let epoch = node.process.as_ref()?.seen.leads?;
            (!node.is_paused).then_some((epoch, node.id))
        };
        self.nodes.values().filter_map(leads).max().map(|(_, id)| id)
    }

    /// Asks the leader to add a voter; nobody waits for the answer.
    pub fn add_voter(&mut self, id: i32) {
        let voter = ReplicaKey::new(NodeId::at(id), directory(id, self.nodes[&id].disk_number));
        let request =
            AddVoterRequest { voter: Some(voter), endpoints: endpoints(id), ack: AckWhen::Committed };
        self.ask_leader(RequestBody::AddVoter(request));
    }

    /// Asks the leader to remove a voter, unless it is the last.
    pub fn remove_voter(&mut self, id: i32) {
        let Some(leader) = self.leader() else { return };
        let Some(process) = self.process(leader) else { return };
        let voters = process.control.quorum().voters;
        if let Some(voter) = voters.get(NodeId::at(id)).filter(|_| voters.len() > 1) {
            self.ask_leader(RequestBody::RemoveVoter(RemoveVoterRequest { voter: Some(voter.key) }));
        }
    }

    fn ask_leader(&mut self, body: RequestBody) {
        let Some(leader) = self.leader() else { return };
        let correlation = CorrelationId(self.new_id());
        let peer = PeerId::Node(NodeId::at(leader));
        let from = RaftOrigin { node: 0, incarnation: 0, peer, correlation, api: body.kind() };
        let request = Request { cluster_id: None, body };
        self.after(Duration::from_millis(1), Event::Raft { from, to: address(leader), request });
    }

    pub(crate) fn admin_answer(&self, response: &Response) {
        self.trace(|| format!("the administrator is told {response:?}"));
    }
}
