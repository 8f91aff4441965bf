//! The driver of each node: carries out effects in order, at once or when the disk is done.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use klamm_model::{Instant, LeaderEpoch, Offset, OffsetAndEpoch};
use klamm_raft::{
    Appended, ControlRecord, CorrelationId, Destination, Effect, Effects, FetchOutcome, FetchedBytes, Quorum,
    Request, RequestId, Response, SnapshotFacts,
};

use super::disk::{Batch, Record, SNAPSHOT_BYTES, Snapshot};
use super::names::directory;
use super::world::{Event, Origin, World};

impl World {
    pub fn input(&mut self, id: i32, input: impl FnOnce(&mut Quorum, Instant, &mut Effects)) {
        let now = self.now;
        let Some(quorum) = self.nodes.get_mut(&id).and_then(|node| node.quorum.as_mut()) else { return };
        self.steps += 1;
        let mut effects = Vec::new();
        input(quorum, now, &mut effects);
        let mut waiting = VecDeque::from(effects);
        while let Some(effect) = waiting.pop_front() {
            self.trace(id, &effect);
            let mut more = Vec::new();
            self.carry_out(id, effect, &mut more);
            waiting.extend(more);
        }
        self.arm(id);
    }

    fn arm(&mut self, id: i32) {
        let node = self.nodes.get_mut(&id).unwrap();
        let Some(quorum) = &node.quorum else { return };
        let deadline = quorum.next_deadline();
        assert!(
            deadline.is_none_or(|deadline| deadline > self.now),
            "node {id} would spin: due at {deadline:?}, it is {:?}\n{quorum:#?}",
            self.now
        );
        if node.armed != deadline {
            node.armed = deadline;
            if let Some(deadline) = deadline {
                self.schedule_at(deadline, Event::Timer { node: id });
            }
        }
    }

    fn carry_out(&mut self, id: i32, effect: Effect, more: &mut Effects) {
        match effect {
            Effect::PersistQuorumState { token, state } => {
                let sync = self.sync_time();
                let node = self.nodes.get_mut(&id).unwrap();
                node.persisting.push_back((token, state));
                node.persisted_at = node.persisted_at.max(self.now).after(sync);
                let (done, incarnation) = (node.persisted_at, node.incarnation);
                self.schedule_at(done, Event::Persisted { node: id, incarnation, token });
            }
            Effect::FlushLog { token } => {
                let usual = self.sync_time();
                let done = self.now.after(self.slow_logs.get(&id).copied().unwrap_or(usual));
                let node = self.nodes.get_mut(&id).unwrap();
                assert!(node.flushing.is_empty(), "one flush at a time");
                node.flushing.push_back((token, node.disk.log_end()));
                let incarnation = node.incarnation;
                self.schedule_at(done, Event::Flushed { node: id, incarnation, token });
            }
            Effect::AppendControlBatch { base_offset, epoch, records } => {
                let records = records.into_iter().map(Record::Control).collect();
                self.append(id, Rc::new(Batch { base: base_offset, epoch, records }));
            }
            Effect::AppendDataBatches { mut base_offset, epoch, batches } => {
                for batch in batches {
                    let value = u64::from_be_bytes(batch.bytes[..].try_into().unwrap());
                    let batch = Batch { base: base_offset, epoch, records: vec![Record::Data(value)] };
                    base_offset = batch.end();
                    self.append(id, Rc::new(batch));
                }
            }
            Effect::AppendFetched { epoch, records } => self.append_fetched(id, epoch, &records, more),
            Effect::TruncateTo(cut) => self.cut_log(id, cut.log_end()),
            Effect::SendRequest { to, correlation, request } => self.send(id, to, correlation, request),
            Effect::Reply { request, response } => self.reply(id, request, response),
            Effect::AdvanceHighWatermark { offset } => self.commit(id, offset),
            Effect::BecameLeader { epoch, epoch_start } => {
                let node = self.nodes.get_mut(&id).unwrap();
                assert_eq!(node.disk.log_end(), epoch_start);
                node.leads = Some(epoch);
                self.checks.leads(id, epoch);
                self.checks.elected(id, epoch, &self.nodes[&id].disk);
            }
            Effect::ResignedLeader { epoch } => {
                let led = self.nodes.get_mut(&id).unwrap().leads.take();
                assert_eq!(led, Some(epoch));
            }
            Effect::LeaderChanged { epoch, leader, .. } => {
                let node = self.nodes.get_mut(&id).unwrap();
                assert!(epoch >= node.known.0);
                node.known = (epoch, leader);
            }
            Effect::WriteSnapshotSlice { position, bytes, .. } => {
                let part = &mut self.nodes.get_mut(&id).unwrap().disk.part;
                part.truncate(position as usize);
                assert_eq!(part.len() as u64, position, "slices are contiguous");
                part.extend(bytes);
            }
            Effect::InstallSnapshot { id: snapshot } => self.install(id, snapshot, more),
            Effect::DiscardSnapshot { .. } => self.nodes.get_mut(&id).unwrap().disk.part.clear(),
            Effect::LoadSnapshot { id: snapshot } => self.load(id, snapshot),
            Effect::ShutdownComplete { .. } => self.kill(id),
            Effect::Report(violation) => self.violations.push((id, violation)),
        }
    }

    fn sync_time(&mut self) -> Duration {
        Duration::from_micros(self.micros(self.faults.disk_ms))
    }

    fn append(&mut self, id: i32, batch: Rc<Batch>) {
        self.checks.appended(id, &batch);
        self.nodes.get_mut(&id).unwrap().disk.append(batch);
    }

    fn append_fetched(&mut self, id: i32, epoch: LeaderEpoch, records: &bytes::Bytes, more: &mut Effects) {
        let mut appended = Appended { log_end: self.nodes[&id].disk.log_end(), ..Appended::default() };
        for batch in self.store.receive(records) {
            if batch.base != appended.log_end || batch.epoch > epoch {
                break;
            }
            appended.log_end = batch.end();
            appended.epochs.push(klamm_logstate::EpochEntry { epoch: batch.epoch, start_offset: batch.base });
            for (offset, record) in batch.iter() {
                if let Record::Control(record) = record {
                    appended.controls.push((offset, record.clone()));
                }
            }
            self.append(id, batch);
        }
        let now = self.now;
        let quorum = self.nodes.get_mut(&id).unwrap().quorum.as_mut().unwrap();
        quorum.on_appended(now, appended, more);
    }

    fn cut_log(&mut self, id: i32, end: Offset) {
        let node = self.nodes.get_mut(&id).unwrap();
        assert!(end >= node.applied, "node {id} cuts to {end} what it has applied to {}", node.applied);
        node.disk.truncate(end);
        for (_, covered) in &mut node.flushing {
            *covered = (*covered).min(end);
        }
    }

    fn send(&mut self, id: i32, to: Destination, correlation: CorrelationId, request: Request) {
        if self.random.chance(self.faults.loss) {
            return;
        }
        let incarnation = self.nodes[&id].incarnation;
        let from = Origin { node: id, incarnation, peer: to.peer, correlation };
        let delay = self.micros(self.faults.latency_ms);
        self.schedule(delay, Event::Deliver { from, to: to.address, request });
    }

    fn reply(&mut self, id: i32, request: RequestId, mut response: Response) {
        let to = self.requests.remove(&request).expect("each request is answered once");
        match &mut response {
            Response::Fetch(fetch) => {
                if let FetchOutcome::Records { from, bytes } = &mut fetch.outcome {
                    let FetchedBytes::Read { max_bytes } = *bytes else { panic!("the core holds no bytes") };
                    let batches = self.nodes[&id].disk.read(*from, max_bytes);
                    *bytes = FetchedBytes::Received(self.store.send(batches));
                }
            }
            Response::FetchSnapshot(fetch) => {
                if let Some(slice) = &mut fetch.slice {
                    let FetchedBytes::Read { max_bytes } = slice.bytes else {
                        panic!("the core holds no bytes")
                    };
                    let snapshot =
                        self.nodes[&id].disk.snapshots.get(&slice.id).expect("it is kept while named");
                    let whole = self.store.send_snapshot(snapshot);
                    let end = whole.len().min(slice.position as usize + max_bytes as usize);
                    slice.bytes = FetchedBytes::Received(whole.slice(slice.position as usize..end));
                }
            }
            _ => {}
        }
        if !self.random.chance(self.faults.loss) {
            let delay = self.micros(self.faults.latency_ms);
            self.schedule(delay, Event::Answer { by: id, to, response });
        }
    }

    fn commit(&mut self, id: i32, high_watermark: Offset) {
        let node = self.nodes.get_mut(&id).unwrap();
        assert!(high_watermark > node.high_watermark && high_watermark <= node.disk.log_end());
        node.high_watermark = high_watermark;
        if let Some(epoch) = node.leads {
            let voters = node.quorum.as_ref().unwrap().view().voters;
            let holds = |voter: &&klamm_raft::Voter| {
                self.nodes.get(&voter.key.id.get()).is_some_and(|node| {
                    let own = directory(node.id, node.disk_number);
                    voter.key.directory.is_none_or(|listed| listed == own)
                        && node.disk.synced_end >= high_watermark
                })
            };
            let reached = voters.iter().filter(holds).count();
            self.checks.majority_has(high_watermark, reached, voters.len());
            self.checks.leader_committed(epoch, high_watermark);
        }
        self.apply(id, high_watermark);
    }

    /// The state machine takes in what is committed, and writes a snapshot now and then.
    fn apply(&mut self, id: i32, end: Offset) {
        let node = self.nodes.get_mut(&id).unwrap();
        if node.applied < node.disk.log_start {
            return; // the snapshot that is to be loaded follows
        }
        let batches = node.disk.range(node.applied, end).to_vec();
        for batch in &batches {
            self.checks.applied(id, batch);
            node.applied = batch.end();
        }
        assert_eq!(node.applied, end, "what is committed ends with a batch");
        let every = self.build.snapshot_every;
        if every > 0 && node.applied.distance_from(node.last_snapshot) >= every {
            let epoch = batches.last().unwrap().epoch;
            self.write_snapshot(id, OffsetAndEpoch { offset: end, epoch });
        }
    }

    fn write_snapshot(&mut self, id: i32, snapshot: OffsetAndEpoch) {
        let digest = self.checks.committed_digest(snapshot.offset);
        let drops_log = self.random.chance(50);
        let node = self.nodes.get_mut(&id).unwrap();
        let quorum = node.quorum.as_mut().unwrap();
        let (version, voters) = quorum.control_of_snapshot(snapshot.offset);
        let written = Snapshot { id: snapshot, version, voters, digest };
        node.last_snapshot = snapshot.offset;
        node.disk.snapshots.insert(snapshot, Rc::new(written));
        quorum.on_snapshot_created(SnapshotFacts { id: snapshot, size: SNAPSHOT_BYTES as u64 });
        if drops_log {
            let keep = self.random.chance(50);
            let mut ends: Vec<_> = node.disk.snapshots.keys().map(|id| id.offset).collect();
            ends.sort();
            let back = if keep { 2 } else { 1 };
            if let Some(start) = ends.len().checked_sub(back).map(|index| ends[index]) {
                node.disk.advance_start(start);
                quorum.on_log_start_advanced(start);
                // Deleting whole segments needs what follows to be there.
                node.disk.synced_end = node.disk.synced_end.max(start);
                self.checks.log_start(id, &node.disk);
            }
        }
    }

    fn install(&mut self, id: i32, snapshot: OffsetAndEpoch, more: &mut Effects) {
        let node = self.nodes.get_mut(&id).unwrap();
        let whole = match node.disk.snapshots.get(&snapshot) {
            Some(stored) => stored.clone(),
            None => self.store.receive_snapshot(&std::mem::take(&mut node.disk.part)),
        };
        assert_eq!(whole.id, snapshot);
        assert!(snapshot.offset >= node.applied, "node {id} would go back in time");
        node.disk.install(whole.clone());
        node.flushing.iter_mut().for_each(|(_, end)| *end = snapshot.offset);
        self.checks.log_start(id, &node.disk);
        let facts = SnapshotFacts { id: snapshot, size: SNAPSHOT_BYTES as u64 };
        let controls: Vec<ControlRecord> = whole.controls();
        node.quorum.as_mut().unwrap().on_snapshot_installed(self.now, facts, &controls, more);
    }

    /// LeaderNeverLoadSnapshot, and what it holds.
    fn load(&mut self, id: i32, snapshot: OffsetAndEpoch) {
        let node = self.nodes.get_mut(&id).unwrap();
        assert!(node.leads.is_none(), "leader {id} loads a snapshot");
        let stored = node.disk.snapshots[&snapshot].clone();
        self.checks.loaded(id, &stored);
        node.applied = snapshot.offset;
        node.last_snapshot = snapshot.offset;
    }
}
