//! Time, network and disks of all nodes, and the drivers' duties: effects are carried out in order.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::time::Duration;

use klamm_model::{Instant, LeaderEpoch, NodeId, Offset, OffsetAndEpoch};
use klamm_raft::{
    ApiVersionsResponse, Appended, Bug, ControlRecord, CorrelationId, DataBatch, Destination, Effect,
    Effects, FetchOutcome, FetchedBytes, FlushToken, HostPort, KraftVersion, PeerId, PersistToken, Quorum,
    RaftError, Request, RequestBody, RequestId, Response, SnapshotFacts, StoredElection, Violation,
};

use super::checks::Checks;
use super::disk::{Batch, Record, SNAPSHOT_BYTES, Snapshot, Store};
use super::names::{Build, address, directory};
use super::node::Node;
use super::random::Random;

/// How bad network and disks are.
#[derive(Clone, Copy, Debug)]
pub struct Faults {
    /// Messages lost, in percent.
    pub loss: u64,
    /// Least and most milliseconds a message takes.
    pub latency_ms: (u64, u64),
    /// Least and most milliseconds a sync takes.
    pub disk_ms: (u64, u64),
    /// Least and most milliseconds between two appends of the state machine.
    pub append_ms: (u64, u64),
}

impl Default for Faults {
    fn default() -> Faults {
        Faults { loss: 0, latency_ms: (1, 5), disk_ms: (0, 3), append_ms: (10, 40) }
    }
}

/// One direction of traffic between two nodes.
pub type Link = (i32, i32);

/// Where an answer goes.
#[derive(Clone, Copy, Debug)]
struct Origin {
    node: i32,
    incarnation: u32,
    peer: PeerId,
    correlation: CorrelationId,
}

/// The administrator: a place outside the cluster.
const ADMIN: i32 = 0;

#[derive(Debug)]
enum Event {
    Timer { node: i32 },
    Persisted { node: i32, incarnation: u32, token: PersistToken },
    Flushed { node: i32, incarnation: u32, token: FlushToken },
    Deliver { from: Origin, to: HostPort, request: Request },
    Answer { by: i32, to: Origin, response: Response },
    Append,
}

#[derive(Debug)]
pub struct World {
    pub build: Build,
    pub now: Instant,
    pub random: Random,
    pub faults: Faults,
    pub checks: Checks,
    pub nodes: BTreeMap<i32, Node>,
    /// Links that carry nothing.
    pub cut: BTreeSet<Link>,
    /// Answers the administrator got.
    pub answers: BTreeMap<RequestId, Response>,
    /// What peers did against the protocol, as the nodes report it.
    pub violations: Vec<(i32, Violation)>,
    /// Inputs carried out: the work done so far.
    pub steps: u64,
    pub is_traced: bool,
    /// Nodes whose log takes this long to sync.
    pub slow_logs: BTreeMap<i32, Duration>,
    /// Whether the state machine appends by itself.
    pub appends: bool,
    /// A fault in every node.
    pub planted: Option<Bug>,
    events: BTreeMap<(Instant, u64), Box<Event>>,
    serial: u64,
    store: Store,
    requests: BTreeMap<RequestId, Origin>,
    values: u64,
}

impl World {
    pub fn new(build: Build, seed: u64) -> World {
        let ids = build.voters.iter().chain(&build.observers);
        let nodes = ids.map(|id| (*id, Node::new(*id, &build))).collect();
        let mut world = World {
            now: Instant::from_millis(1),
            random: Random::new(seed),
            faults: Faults::default(),
            checks: Checks::default(),
            nodes,
            cut: BTreeSet::new(),
            answers: BTreeMap::new(),
            violations: Vec::new(),
            steps: 0,
            is_traced: false,
            slow_logs: BTreeMap::new(),
            appends: true,
            planted: None,
            events: BTreeMap::new(),
            serial: 0,
            store: Store::default(),
            requests: BTreeMap::new(),
            values: 0,
            build,
        };
        world.schedule(0, Event::Append);
        world
    }

    fn schedule(&mut self, after_micros: u64, event: Event) {
        let time = self.now.after(Duration::from_micros(after_micros));
        self.schedule_at(time, event);
    }

    fn schedule_at(&mut self, time: Instant, event: Event) {
        self.serial += 1;
        self.events.insert((time, self.serial), Box::new(event));
    }

    fn micros(&mut self, (low, high): (u64, u64)) -> u64 {
        self.random.between(low * 1_000, high * 1_000)
    }

    fn trace(&self, node: i32, what: impl std::fmt::Debug) {
        if self.is_traced {
            println!("{:>8} ms  node {node}: {what:?}", self.now.as_millis());
        }
    }

    // ---- what tests do to the world

    pub fn start(&mut self, id: i32) {
        let seed = self.random.next();
        let node = self.nodes.get_mut(&id).unwrap();
        assert!(node.quorum.is_none(), "node {id} runs already");
        node.disk.recover();
        node.is_leaving = false;
        let loaded = node.disk.latest_snapshot().cloned();
        node.applied = loaded.as_ref().map_or(Offset::ZERO, |snapshot| snapshot.id.offset);
        node.last_snapshot = node.applied;
        let mut quorum = Quorum::new(node.start(&self.build, seed)).unwrap();
        if let Some(bug) = self.planted {
            quorum.plant(bug);
        }
        node.quorum = Some(quorum);
        if let Some(snapshot) = loaded {
            self.checks.loaded(id, &snapshot);
        }
        self.trace(id, "starts");
        self.input(id, Quorum::on_start);
    }

    pub fn start_all(&mut self) {
        for id in self.ids() {
            self.start(id);
        }
    }

    /// Power loss of one node: what was not synced is gone, some of it by chance not.
    pub fn kill(&mut self, id: i32) {
        let survivors = self.random.next();
        let node = self.nodes.get_mut(&id).unwrap();
        node.quorum = None;
        node.incarnation += 1;
        node.leads = None;
        node.armed = None;
        node.known = (LeaderEpoch::ZERO, None);
        node.high_watermark = Offset::ZERO;
        node.disk.part.clear();
        node.persisted_at = self.now;
        node.flushing.clear();
        let ends: Vec<_> = node.disk.batches.iter().map(|batch| batch.end()).collect();
        let synced = node.disk.synced_end;
        let unsynced: Vec<_> = ends.into_iter().filter(|end| *end > synced).collect();
        let kept = (survivors % (unsynced.len() as u64 + 1)) as usize;
        let end = kept.checked_sub(1).map_or(synced, |last| unsynced[last]);
        node.disk.truncate(end.max(node.disk.log_start));
        let writes = std::mem::take(&mut node.persisting);
        let done = (survivors >> 32) as usize % (writes.len() + 1);
        for (_, election) in writes.into_iter().take(done) {
            self.store_election(id, election);
        }
        self.trace(id, "is killed");
    }

    /// Kills a node and throws its disk away; it comes back under the same directory id.
    pub fn kill_and_wipe(&mut self, id: i32) {
        self.kill(id);
        let disk = Node::formatted(id, &self.build);
        self.nodes.get_mut(&id).unwrap().disk = disk;
        self.checks.disk_was_lost = true;
    }

    /// Kills a node and gives it an empty disk with another directory id.
    pub fn replace_disk(&mut self, id: i32) {
        self.kill(id);
        let node = self.nodes.get_mut(&id).unwrap();
        node.disk = super::disk::Disk::new(None);
        node.disk_number += 1;
        self.checks.forget_epoch(id);
    }

    /// Stops a node in order; it goes down by itself once the leadership is handed over.
    pub fn leave(&mut self, id: i32) {
        self.nodes.get_mut(&id).unwrap().is_leaving = true;
        self.input(id, |quorum, now, effects| quorum.on_shutdown(now, Duration::from_secs(5), effects));
    }

    /// Moves a stopped node to another port.
    pub fn relocate(&mut self, id: i32) {
        self.nodes.get_mut(&id).unwrap().move_number += 1;
    }

    /// Cuts all links between `group` and the rest, in both directions.
    pub fn isolate(&mut self, group: &[i32]) {
        for id in self.ids() {
            for other in group {
                if !group.contains(&id) {
                    self.cut.extend([(id, *other), (*other, id)]);
                }
            }
        }
    }

    pub fn heal(&mut self) {
        self.cut.clear();
    }

    /// Sends a request of the administrator to a node.
    pub fn ask(&mut self, id: i32, body: RequestBody) -> RequestId {
        let request = RequestId(self.serial + 1);
        self.serial += 1;
        let correlation = CorrelationId(request.0);
        let from = Origin { node: ADMIN, incarnation: 0, peer: PeerId::Node(NodeId::at(id)), correlation };
        let to = address(id, self.nodes[&id].move_number);
        let request_of_admin = Request { cluster_id: None, body };
        self.schedule(1_000, Event::Deliver { from, to, request: request_of_admin });
        request
    }

    // ---- what tests want to know

    pub fn ids(&self) -> Vec<i32> {
        self.nodes.keys().copied().collect()
    }

    pub fn running(&self) -> Vec<i32> {
        self.nodes.values().filter(|node| node.quorum.is_some()).map(|node| node.id).collect()
    }

    pub fn quorum(&self, id: i32) -> &Quorum {
        self.nodes[&id].quorum.as_ref().unwrap()
    }

    /// The leader of the newest epoch led by a running node.
    pub fn leader(&self) -> Option<i32> {
        self.nodes
            .values()
            .filter(|node| node.leads.is_some())
            .max_by_key(|node| node.leads)
            .map(|node| node.id)
    }

    /// Whether all running nodes agree on a running leader.
    pub fn has_consistent_leader(&self) -> bool {
        self.leader().is_some_and(|leader| self.all_follow(leader, &self.running()))
    }

    /// Whether all of `ids` know `leader` as the leader of its epoch.
    pub fn all_follow(&self, leader: i32, ids: &[i32]) -> bool {
        let node = &self.nodes[&leader];
        node.leads.is_some_and(|epoch| {
            ids.iter().all(|id| self.nodes[id].known == (epoch, Some(NodeId::at(leader))))
        })
    }

    pub fn all_reached(&self, high_watermark: Offset, ids: &[i32]) -> bool {
        ids.iter().all(|id| self.nodes[id].high_watermark >= high_watermark)
    }

    pub fn any_reached(&self, high_watermark: Offset) -> bool {
        self.nodes.values().any(|node| node.high_watermark >= high_watermark)
    }

    pub fn max_high_watermark(&self, ids: &[i32]) -> Offset {
        ids.iter().map(|id| self.nodes[id].high_watermark).max().unwrap_or_default()
    }

    pub fn max_log_end(&self) -> Offset {
        self.nodes.values().map(|node| node.disk.log_end()).max().unwrap_or_default()
    }

    // ---- time goes on

    /// Runs until `condition` holds; fails after `limit` of the world's time.
    #[track_caller]
    pub fn run_until(&mut self, what: &str, limit: Duration, mut condition: impl FnMut(&World) -> bool) {
        let end = self.now.after(limit);
        while !condition(self) {
            assert!(self.now < end, "not within {limit:?}: {what}\n{}", self.summary());
            self.run_one();
        }
    }

    pub fn run_for(&mut self, time: Duration) {
        let end = self.now.after(time);
        while self.now < end {
            self.run_one();
        }
    }

    /// One line per node, for failures.
    pub fn summary(&self) -> String {
        let line = |node: &Node| {
            let view = node.quorum.as_ref().map(Quorum::view);
            let role = view.map(|view| {
                (view.role, view.epoch.get(), view.leader, view.voters.ids().collect::<Vec<_>>())
            });
            let (start, end) = (node.disk.log_start, node.disk.log_end());
            format!("node {}: {role:?} log {start}..{end} hw {}\n", node.id, node.high_watermark)
        };
        let nodes: String = self.nodes.values().map(line).collect();
        format!("at {} ms\n{nodes}cut: {:?}\n", self.now.as_millis(), self.cut)
    }

    /// The next thing that happens.
    pub fn run_one(&mut self) {
        let ((time, _), event) = self.events.pop_first().expect("there is always a next append");
        self.now = time;
        match *event {
            Event::Timer { node } => {
                if self.nodes[&node].armed == Some(time) {
                    self.nodes.get_mut(&node).unwrap().armed = None;
                    self.input(node, Quorum::on_timeout);
                }
            }
            Event::Persisted { node, incarnation, token } => self.persisted(node, incarnation, token),
            Event::Flushed { node, incarnation, token } => self.flushed(node, incarnation, token),
            Event::Deliver { from, to, request } => self.deliver(from, &to, request),
            Event::Answer { by, to, response } => self.answer(by, to, response),
            Event::Append => self.append_somewhere(),
        }
    }

    fn persisted(&mut self, id: i32, incarnation: u32, token: PersistToken) {
        let node = self.nodes.get_mut(&id).unwrap();
        if node.incarnation != incarnation {
            return;
        }
        let (written, election) = node.persisting.pop_front().unwrap();
        assert_eq!(written, token);
        self.store_election(id, election);
        self.input(id, |quorum, _, effects| quorum.on_persisted(token, effects));
    }

    fn store_election(&mut self, id: i32, election: StoredElection) {
        self.checks.stored(id, &election);
        self.nodes.get_mut(&id).unwrap().disk.election = Some(election);
    }

    fn flushed(&mut self, id: i32, incarnation: u32, token: FlushToken) {
        let node = self.nodes.get_mut(&id).unwrap();
        if node.incarnation != incarnation {
            return;
        }
        let (begun, end) = node.flushing.pop_front().unwrap();
        assert_eq!(begun, token);
        node.disk.synced_end = node.disk.synced_end.max(end);
        self.input(id, |quorum, now, effects| quorum.on_flushed(now, token, effects));
    }

    fn deliver(&mut self, from: Origin, to: &HostPort, request: Request) {
        let id: i32 = to.host.strip_prefix("node").unwrap().parse().unwrap();
        if self.cut.contains(&(from.node, id)) {
            return;
        }
        let api = request.body.kind();
        // Bootstrap servers are names that follow a move; voters are listed with their port.
        let is_bootstrap = matches!(from.peer, PeerId::Bootstrap(_));
        let is_here = self.nodes.get(&id).is_some_and(|node| {
            node.quorum.is_some() && (is_bootstrap || *to == address(id, node.move_number))
        });
        if !is_here {
            if self.random.chance(70) {
                let response = Response::Failed(api, RaftError::BrokerNotAvailable);
                let delay = self.micros(self.faults.latency_ms);
                self.schedule(delay, Event::Answer { by: id, to: from, response });
            }
            return;
        }
        if matches!(request.body, RequestBody::ApiVersions) {
            // Not the quorum's to answer.
            let versions = ApiVersionsResponse { error: None, kraft_versions: Some(KraftVersion::SUPPORTED) };
            let delay = self.micros(self.faults.latency_ms);
            self.schedule(
                delay,
                Event::Answer { by: id, to: from, response: Response::ApiVersions(versions) },
            );
            return;
        }
        self.serial += 1;
        let request_id = RequestId(self.serial);
        self.requests.insert(request_id, from);
        self.input(id, |quorum, now, effects| quorum.on_request(now, request_id, request, effects));
    }

    fn answer(&mut self, by: i32, to: Origin, response: Response) {
        if to.node == ADMIN {
            self.answers.insert(RequestId(to.correlation.0), response);
            return;
        }
        let is_current = self.nodes.get(&to.node).is_some_and(|node| node.incarnation == to.incarnation);
        if is_current && !self.cut.contains(&(by, to.node)) {
            let from = (to.peer, to.correlation);
            self.input(to.node, |quorum, now, effects| quorum.on_response(now, from, response, effects));
        }
    }

    fn append_somewhere(&mut self) {
        let delay = self.micros(self.faults.append_ms);
        self.schedule(delay, Event::Append);
        if !self.appends {
            return;
        }
        self.append_once();
    }

    /// Every node that leads appends one batch.
    pub fn append_once(&mut self) {
        let leading: Vec<_> = self.nodes.values().filter_map(|node| Some((node.id, node.leads?))).collect();
        for (id, epoch) in leading {
            self.values += 1;
            let batch = DataBatch { records: 1, bytes: self.values.to_be_bytes().to_vec().into() };
            self.input(id, |quorum, now, effects| drop(quorum.on_append(now, epoch, batch, effects)));
        }
    }

    // ---- the driver of one node

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
