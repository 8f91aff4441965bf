//! Steps the control driver of a process and carries out its outputs, as `broker/src/pumps/control.rs`
//! does; the checkers look on.

use klamm_model::Offset;
use klamm_node::clock::Clock as _;
use klamm_node::control::{ControlEvent, ControlOutput};
use klamm_node::raft::{RaftEvent, RaftOutput};
use klamm_raft::{
    ApiVersionsResponse, HostPort, KraftVersion, Request, RequestBody, RequestId, Response, RoleName,
};
use klamm_storage::Isolation;

use super::World;
use crate::build::{directory, node_at};
use crate::checkers::must;
use crate::event::{DiskWork, Event, RaftOrigin};
use crate::replication::Barred;

/// Time-outs in a row at one instant that count as a spin.
const SPIN: u32 = 200;

impl World {
    /// Steps a process; a failure ends it.
    pub(crate) fn control(&mut self, id: i32, event: ControlEvent) {
        let Some(process) = self.process_mut(id) else { return };
        let mut outputs = Vec::new();
        let stepped = process.control.step(event, &mut outputs);
        if let Err(failure) = stepped {
            self.trace(|| format!("node {id} fails: {failure}"));
            self.fail(id);
            return;
        }
        let mut is_over = false;
        for output in outputs {
            match output {
                ControlOutput::Raft(RaftOutput::ShutdownComplete(_)) => is_over = true,
                ControlOutput::Raft(output) => self.carry_out(id, output),
                ControlOutput::Snapshot(job) => self.on_disk(id, DiskWork::Snapshot(job)),
                ControlOutput::Publish(delta) => {
                    let incarnation = self.nodes[&id].incarnation;
                    self.trace(|| format!("node {id} publishes {:?}", delta.after().last_offset()));
                    self.checkers.images.published((id, incarnation), delta.after());
                    let mut work = Vec::new();
                    if let Some(broker) = self.process_mut(id).and_then(|process| process.broker.as_mut()) {
                        broker.publish(&delta, &mut work);
                    }
                    self.note_registrations(&delta);
                    work.into_iter().for_each(|work| self.on_disk(id, work));
                }
            }
        }
        self.look(id);
        if is_over {
            self.end_in_order(id);
        } else {
            self.settle(id);
        }
    }

    fn carry_out(&mut self, id: i32, output: RaftOutput) {
        match output {
            RaftOutput::Flush(token, job) => self.on_disk(id, DiskWork::Flush(token, job)),
            RaftOutput::Background(job) => self.on_disk(id, DiskWork::Background(job)),
            RaftOutput::Persist(token, store, state) => {
                self.on_disk(id, DiskWork::Persist(token, store, state));
            }
            RaftOutput::Send(to, correlation, request) => {
                self.trace(|| format!("node {id} -> {to:?}: {:?}", request.body));
                let incarnation = self.nodes[&id].incarnation;
                let api = request.body.kind();
                let from = RaftOrigin { node: id, incarnation, peer: to.peer, correlation, api };
                if !self.random.chance(self.conditions.loss) {
                    let delay = self.conditions.latency(&mut self.random);
                    self.after(delay, Event::Raft { from, to: to.address, request });
                }
            }
            RaftOutput::Reply(request, response) => {
                let origin = self.process_mut(id).and_then(|process| process.asked.remove(&request));
                if let Some(to) = origin {
                    self.send_raft_answer(id, to, response);
                }
            }
            RaftOutput::LeaderChanged { epoch, leader } => {
                self.trace(|| format!("node {id}: epoch {epoch} is led by {leader:?}"));
            }
            RaftOutput::ShutdownComplete(_)
            | RaftOutput::Committed(_)
            | RaftOutput::BecameLeader { .. }
            | RaftOutput::Resigned(_)
            | RaftOutput::LoadSnapshot(_) => unreachable!("the control driver keeps these"),
        }
    }

    /// Disk work takes time, also where it blocks nothing.
    pub(crate) fn on_disk(&mut self, id: i32, work: DiskWork) {
        let incarnation = self.nodes[&id].incarnation;
        let wait = match &work {
            DiskWork::Background(job) | DiskWork::Partition(_, job) => job.delay(),
            DiskWork::Flush(..) => self.slow_logs.get(&id).copied().unwrap_or_default(),
            _ => std::time::Duration::ZERO,
        };
        let delay = wait + self.conditions.disk(&mut self.random);
        self.after(delay, Event::Disk { node: id, incarnation, work });
    }

    pub(crate) fn disk_work(&mut self, id: i32, work: DiskWork) {
        let wall = self.nodes[&id].clock.wall();
        self.nodes[&id].disk.set_time(wall);
        match work {
            DiskWork::Flush(token, job) => {
                let report = job.run();
                self.control(id, ControlEvent::Raft(RaftEvent::Flushed(token, report)));
            }
            DiskWork::Background(job) => {
                let report = job.run();
                self.control(id, ControlEvent::Raft(RaftEvent::JobDone(report)));
            }
            DiskWork::Persist(token, store, state) => {
                let written = store.write(&state);
                if written.is_ok() {
                    self.checkers.quorum.stored(id, &state);
                }
                self.control(id, ControlEvent::Raft(RaftEvent::Persisted(token, written)));
            }
            DiskWork::Snapshot(job) => {
                let written = job.run();
                self.control(id, ControlEvent::SnapshotWritten(written.ok()));
            }
            DiskWork::Partition(handle, job) => {
                handle.on_job(job.run());
                self.settle(id);
            }
            DiskWork::Open(handle) => {
                let broker = self.process(id).and_then(|process| process.broker.as_ref());
                let Some(damage) = broker.map(|broker| broker.on_damage(&handle)) else { return };
                let opened = handle.open(damage);
                self.trace(|| {
                    let end = handle.view().map(|view| (view.log_start_offset(), view.log_end_offset()));
                    format!("node {id} opens {}: {opened:?} {end:?}", handle.name())
                });
                self.settle(id);
            }
            DiskWork::Follow(work) => {
                let now = self.now;
                if let Some(broker) = self.process_mut(id).and_then(|process| process.broker.as_mut()) {
                    let handle = &work.work.handle;
                    let is_barred = broker.is_barred_from_leading(handle.id());
                    let barred = if is_barred { Barred::Yes } else { Barred::No };
                    let result = work.run(broker.on_damage(handle), barred);
                    let told =
                        format!("node {id} worked on {}: {:?} {result:?}", handle.name(), work.work.kind);
                    broker.replication.on_worked(now, &work, result);
                    self.trace(|| told);
                }
                self.settle(id);
            }
            DiskWork::LoadGroups(index) => {
                if let Some(broker) = self.process_mut(id).and_then(|process| process.broker.as_mut()) {
                    broker.load_groups(index);
                }
                self.settle(id);
            }
            DiskWork::House => {
                if let Some(broker) = self.process(id).and_then(|process| process.broker.as_ref()) {
                    broker.keep_house();
                }
                self.settle(id);
            }
            DiskWork::Remove(handle, departure) => {
                let gone = departure.free_name().and_then(|()| departure.remove(&handle));
                self.trace(|| format!("node {id} removes {}: {gone:?}", handle.name()));
                self.settle(id);
            }
        }
    }

    pub(crate) fn raft_request(&mut self, from: RaftOrigin, to: &HostPort, request: Request) {
        let Some(id) = node_at(to) else { return };
        if !self.network.carries(from.node, id) {
            return;
        }
        if self.process(id).is_none() {
            self.refuse_raft(id, from);
            return;
        }
        if matches!(request.body, RequestBody::ApiVersions) {
            let versions = ApiVersionsResponse { error: None, kraft_versions: Some(KraftVersion::SUPPORTED) };
            self.send_raft_answer(id, from, Response::ApiVersions(versions));
            return;
        }
        let request_id = RequestId(self.new_id());
        if let Some(process) = self.process_mut(id) {
            process.asked.insert(request_id, from);
        }
        self.control(id, ControlEvent::Raft(RaftEvent::Request(request_id, request)));
    }

    pub(crate) fn send_raft_answer(&mut self, by: i32, to: RaftOrigin, response: Response) {
        if !self.random.chance(self.conditions.loss) {
            let delay = self.conditions.latency(&mut self.random);
            self.after(delay, Event::RaftAnswer { by, to, response });
        }
    }

    pub(crate) fn raft_answer(&mut self, by: i32, to: RaftOrigin, response: Response) {
        if to.node == 0 {
            self.admin_answer(&response);
            return;
        }
        if self.network.carries(by, to.node) && self.is_current(to.node, to.incarnation) {
            let event = RaftEvent::Response(to.peer, to.correlation, response);
            self.control(to.node, ControlEvent::Raft(event));
        }
    }

    pub(crate) fn timer(&mut self, id: i32) {
        let now = self.now;
        let Some(process) = self.process_mut(id) else { return };
        if process.armed != Some(now) {
            return;
        }
        process.armed = None;
        process.idle_timeouts += 1;
        let spins = process.idle_timeouts;
        must!(spins < SPIN, "spin", "node {id} has {spins} time-outs at one instant\n{}", self.summary());
        let running = self.process_mut(id).filter(|process| !process.is_stopping);
        if let Some(broker) = running.and_then(|process| process.broker.as_mut()) {
            let work = broker.on_timers(now);
            work.into_iter().for_each(|work| self.on_disk(id, work));
        }
        self.beat(id);
        self.control(id, ControlEvent::Timeout);
    }

    /// Arms the one timer of a process.
    pub(crate) fn arm(&mut self, id: i32) {
        let now = self.now;
        let Some(node) = self.nodes.get_mut(&id) else { return };
        let incarnation = node.incarnation;
        let Some(process) = node.process.as_mut() else { return };
        let broker = process.broker.as_ref().filter(|_| !process.is_stopping);
        let broker = broker.and_then(|broker| broker.next_deadline());
        let deadline = process.control.next_deadline().into_iter().chain(broker).min();
        let deadline = deadline.map(|deadline| deadline.max(now));
        if deadline.is_none_or(|deadline| deadline > now) {
            process.idle_timeouts = 0;
        }
        if process.armed != deadline {
            process.armed = deadline;
            if let Some(deadline) = deadline {
                self.at(deadline, Event::Timer { node: id, incarnation });
            }
        }
    }

    /// The checkers look at a process after each of its steps.
    fn look(&mut self, id: i32) {
        let Some(node) = self.nodes.get_mut(&id) else { return };
        let Some(process) = node.process.as_mut() else { return };
        let view = process.control.quorum();
        let log = process.control.raft().log().log();
        node.synced = log.recovery_point();
        let (end, start) = (log.log_end_offset(), log.log_start_offset());
        let high_watermark = log.high_watermark();
        let seen = &mut process.seen;
        seen.written = seen.written.clamp(start, end);
        while seen.written < end {
            let Ok(bytes) = process.control.raft().log().read(seen.written, Isolation::LogEnd) else { break };
            let Some(next) = self.checkers.committed.on_written(id, &bytes) else { break };
            seen.written = next;
        }
        if view.role == RoleName::Leader && seen.leads != Some(view.epoch) {
            seen.leads = Some(view.epoch);
            self.checkers.quorum.leads(id, view.epoch);
            self.checkers.committed.elected(id, view.epoch, end);
        } else if view.role != RoleName::Leader {
            seen.leads = None;
        }
        if seen.log_start != Some(start) {
            // A power cut may take the news that the log begins later, and leave what was done by it.
            let is_found = seen.log_start.replace(start).is_none();
            let snapshots = process.control.raft().log().snapshots().list().unwrap_or_default();
            must!(
                snapshots
                    .first()
                    .is_none_or(|first| first.offset == start || is_found && first.offset > start),
                "snapshot-at-log-start",
                "node {id}: the log begins at {start}, snapshots end at {snapshots:?}"
            );
            process.seen.compared = process.seen.compared.max(start);
        }
        if high_watermark > process.seen.high_watermark {
            process.seen.high_watermark = high_watermark;
            self.compare(id, high_watermark);
        }
    }

    fn compare(&mut self, id: i32, high_watermark: Offset) {
        let Some(process) = self.nodes.get_mut(&id).and_then(|node| node.process.as_mut()) else { return };
        let log = process.control.raft().log();
        while process.seen.compared < high_watermark {
            let Ok(bytes) = log.read(process.seen.compared, Isolation::HighWatermark) else { break };
            let Some(next) = self.checkers.committed.on_committed(id, &bytes, high_watermark) else { break };
            process.seen.compared = next;
        }
        let Some(epoch) = process.seen.leads else { return };
        let voters = process.control.quorum().voters;
        let has_it = |voter: &&klamm_raft::Voter| {
            let node = self.nodes.get(&voter.key.id.get());
            node.is_some_and(|node| {
                let own = directory(node.id, node.disk_number);
                voter.key.directory.is_none_or(|listed| listed == own) && node.synced >= high_watermark
            })
        };
        let synced = voters.iter().filter(has_it).count();
        self.checkers.committed.by_leader(epoch, high_watermark);
        self.checkers.quorum.leader_committed(epoch, high_watermark, (synced, voters.len()));
    }
}
