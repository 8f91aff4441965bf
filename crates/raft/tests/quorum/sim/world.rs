//! Time and network of all nodes, and what tests do to them and ask of them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use klamm_model::{Instant, LeaderEpoch, NodeId, Offset};
use klamm_raft::{
    ApiVersionsResponse, Bug, CorrelationId, DataBatch, FlushToken, HostPort, KraftVersion, PeerId,
    PersistToken, Quorum, RaftError, Request, RequestBody, RequestId, Response, StoredElection, Violation,
};

use super::checks::Checks;
use super::disk::Store;
use super::names::{Build, address};
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
pub(super) struct Origin {
    pub(super) node: i32,
    pub(super) incarnation: u32,
    pub(super) peer: PeerId,
    pub(super) correlation: CorrelationId,
}

/// The administrator: a place outside the cluster.
const ADMIN: i32 = 0;

#[derive(Debug)]
pub(super) enum Event {
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
    pub(super) store: Store,
    pub(super) requests: BTreeMap<RequestId, Origin>,
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

    pub(super) fn schedule(&mut self, after_micros: u64, event: Event) {
        let time = self.now.after(Duration::from_micros(after_micros));
        self.schedule_at(time, event);
    }

    pub(super) fn schedule_at(&mut self, time: Instant, event: Event) {
        self.serial += 1;
        self.events.insert((time, self.serial), Box::new(event));
    }

    pub(super) fn micros(&mut self, (low, high): (u64, u64)) -> u64 {
        self.random.between(low * 1_000, high * 1_000)
    }

    pub(super) fn trace(&self, node: i32, what: impl std::fmt::Debug) {
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
                let is_gone = self.nodes.get(&id).is_some_and(|node| node.quorum.is_none());
                let error = if is_gone { RaftError::PeerGone } else { RaftError::BrokerNotAvailable };
                let response = Response::Failed(api, error);
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
}
