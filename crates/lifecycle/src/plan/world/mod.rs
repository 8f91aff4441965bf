//! An imagined cluster: nodes with disks, a quorum, brokers and partitions that move on by ticks. It
//! follows Kafka's rules coarsely and notes every harm that a plan does to it.
#![allow(clippy::unwrap_used, reason = "a world of tests: what is missing in it is a mistake of the test")]

mod acts;
mod stories;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use klamm_manifest::read_manifest;
use klamm_model::{DirectoryId, NodeId, Uuid};
use klamm_placement::SeededRandom;

use crate::{
    ClusterSpec, ClusterView, Directory, Endpoint, NodeRole, Observed, ObservedBroker, ObservedCluster,
    ObservedNode, ObservedPartition, ObservedQuorum, ObservedReplica, ObservedTopic, Process,
};

const CLUSTER: Uuid = Uuid::from_u128(0x1234);
/// The level of metadata.version that every node supports.
pub(super) const NEWEST: i16 = 33;
/// Lag of a controller that has just started.
const FAR_BEHIND: u64 = 5_000;

/// What the manifest says at the moment.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wish {
    pub(super) brokers: u32,
    pub(super) controllers: u32,
    pub(super) combined: bool,
    /// Counts changes of configs that need a restart.
    pub(super) config: u32,
    /// Partitions and replication factor by name.
    pub(super) topics: BTreeMap<String, (i32, i16)>,
    pub(super) delete_volumes: bool,
    /// Bytes per second of replica moves.
    pub(super) throttle: Option<u64>,
    /// Level of metadata.version.
    pub(super) metadata_version: Option<i16>,
}

impl Wish {
    fn parse(&self) -> ClusterSpec {
        let mode = if self.combined { "combined" } else { "dedicated" };
        let policy = if self.delete_volumes { "Delete" } else { "Retain" };
        let mut text = format!(
            "apiVersion: klamm.dev/v1alpha1\nkind: KafkaCluster\nmetadata: {{name: c}}\nspec: {{brokers: \
             {{replicas: {}}}, controllers: {{mode: {mode}, replicas: {}}}, storage: {{onScaleDown: {policy}}}",
            self.brokers, self.controllers
        );
        if let Some(throttle) = self.throttle {
            text.push_str(&format!(", scaleDown: {{throttleBytes: {throttle}}}"));
        }
        if let Some(level) = self.metadata_version {
            text.push_str(&format!(", metadataVersion: '{level}'"));
        }
        text.push_str("}\n");
        for (name, (partitions, factor)) in &self.topics {
            text.push_str(&format!(
                "---\napiVersion: klamm.dev/v1alpha1\nkind: KafkaTopic\nmetadata: {{name: {name}}}\nspec: \
                 {{clusterRef: {{name: c}}, partitions: {partitions}, replicationFactor: {factor}}}\n"
            ));
        }
        ClusterSpec::of_manifest(&read_manifest(&text).unwrap()).unwrap()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Absent,
    Starting(u8),
    Up,
    Stopping(u8),
    Failed(u8),
}

#[derive(Clone, Debug)]
struct Node {
    directory: Option<DirectoryId>,
    stage: Stage,
    role: Option<NodeRole>,
    /// The config its process runs with.
    config: u32,
    lag: u64,
}

#[derive(Clone, Debug)]
struct Broker {
    directory: DirectoryId,
    fenced: bool,
    cordoned: bool,
}

#[derive(Clone, Debug, Default)]
struct Topic {
    min_isr: usize,
    config: BTreeMap<String, String>,
    partitions: Vec<ObservedPartition>,
}

/// The world and what happened to it.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) wish: Wish,
    /// The last wish that was parsed, with its spec.
    parsed: RefCell<Option<(Wish, Rc<ClusterSpec>)>>,
    cluster_id: Option<Uuid>,
    has_run: bool,
    spread_due: bool,
    nodes: BTreeMap<NodeId, Node>,
    voters: Vec<(NodeId, DirectoryId)>,
    /// Registered controllers.
    controllers: BTreeSet<NodeId>,
    /// The finalized level of metadata.version.
    pub(super) finalized: i16,
    leader: Option<NodeId>,
    brokers: BTreeMap<NodeId, Broker>,
    broker_config: BTreeMap<String, String>,
    topics: BTreeMap<String, Topic>,
    random: SeededRandom,
    directories: u128,
    /// What a plan did that it never may.
    pub(super) harm: Vec<String>,
    /// Whether fate took data that nobody can bring back.
    pub(super) fate: bool,
}

impl World {
    pub(super) fn new(wish: Wish, seed: u64) -> World {
        World {
            wish,
            parsed: RefCell::default(),
            cluster_id: None,
            has_run: false,
            spread_due: false,
            nodes: BTreeMap::new(),
            voters: Vec::new(),
            controllers: BTreeSet::new(),
            finalized: NEWEST,
            leader: None,
            brokers: BTreeMap::new(),
            broker_config: BTreeMap::new(),
            topics: BTreeMap::new(),
            random: SeededRandom::new(seed),
            directories: 1_000,
            harm: Vec::new(),
            fate: false,
        }
    }

    /// The spec of the present wish.
    pub(super) fn spec(&self) -> Rc<ClusterSpec> {
        let mut parsed = self.parsed.borrow_mut();
        match &*parsed {
            Some((wish, spec)) if *wish == self.wish => spec.clone(),
            _ => {
                let spec = Rc::new(self.wish.parse());
                *parsed = Some((self.wish.clone(), spec.clone()));
                spec
            }
        }
    }

    fn chance(&mut self, one_in: usize) -> bool {
        self.random.below(one_in) == 0
    }

    fn new_directory(&mut self) -> DirectoryId {
        self.directories += 1;
        DirectoryId::new(Uuid::from_u128(self.directories)).unwrap()
    }

    fn is_up(&self, id: NodeId) -> bool {
        self.nodes.get(&id).is_some_and(|node| node.stage == Stage::Up)
    }

    fn votes_now(&self, (id, directory): &(NodeId, DirectoryId)) -> bool {
        self.nodes.get(id).is_some_and(|node| {
            node.stage == Stage::Up
                && node.directory == Some(*directory)
                && node.role.is_some_and(NodeRole::is_controller)
        })
    }

    fn is_current_voter(&self, voter: &(NodeId, DirectoryId)) -> bool {
        self.votes_now(voter) && self.nodes[&voter.0].lag <= 1_000
    }

    fn has_majority(&self, voters: &[(NodeId, DirectoryId)]) -> bool {
        voters.iter().filter(|voter| self.is_current_voter(voter)).count() > voters.len() / 2
    }

    fn broker_serves(&self, id: NodeId) -> bool {
        self.is_up(id) && self.brokers.get(&id).is_some_and(|broker| !broker.fenced)
    }

    fn hosts(&self, id: NodeId) -> bool {
        self.topics.values().flat_map(|topic| &topic.partitions).any(|one| one.replicas.contains(&id))
    }

    /// What a host and a client see.
    pub(super) fn observe(&self) -> Observed {
        let spec = self.spec();
        let mut nodes: BTreeMap<NodeId, ObservedNode> =
            self.nodes.iter().map(|(id, node)| (*id, self.observe_node(&spec, *id, node))).collect();
        for wanted in &spec.nodes {
            nodes.entry(wanted.id).or_insert_with(|| ObservedNode {
                directory: Directory::Empty,
                process: Process::Absent,
                role: None,
                outdated: None,
                controller_endpoint: Some(endpoint(wanted.id)),
            });
        }
        let answers = self.nodes.values().any(|node| node.stage == Stage::Up);
        Observed {
            cluster_id: self.cluster_id,
            has_run: self.has_run,
            spread_due: self.spread_due,
            nodes,
            cluster: if answers { ClusterView::Known(self.observe_cluster()) } else { ClusterView::Unknown },
        }
    }

    fn observe_node(&self, spec: &ClusterSpec, id: NodeId, node: &Node) -> ObservedNode {
        let wanted = spec.node(id).map(|node| node.role);
        let role_differs = wanted.is_some() && node.role.is_some() && wanted != node.role;
        let outdated = if role_differs {
            Some("its role changes".to_owned())
        } else {
            (node.config != self.wish.config && wanted.is_some()).then(|| "its config changes".to_owned())
        };
        ObservedNode {
            directory: node.directory.map_or(Directory::Empty, |directory| Directory::Formatted {
                cluster_id: CLUSTER,
                metadata: Some(directory),
            }),
            process: match node.stage {
                Stage::Absent => Process::Absent,
                Stage::Starting(_) => Process::Running { answers: false, for_seconds: 1 },
                Stage::Up => Process::Running { answers: true, for_seconds: 20 },
                Stage::Stopping(_) => Process::Stopping,
                Stage::Failed(rest) => Process::Failed { how: "killed".to_owned(), rests: rest > 0 },
            },
            role: node.role,
            outdated,
            controller_endpoint: Some(endpoint(id)),
        }
    }

    fn observe_cluster(&self) -> ObservedCluster {
        let broker = |broker: &Broker| ObservedBroker {
            fenced: broker.fenced,
            rack: None,
            cordoned: Some(broker.cordoned),
            disks: None,
        };
        let topic = |topic: &Topic| ObservedTopic {
            topic_id: Uuid::from_u128(7),
            min_isr: topic.min_isr,
            config: topic.config.clone(),
            partitions: topic.partitions.clone(),
        };
        ObservedCluster {
            metadata_version: Some(self.finalized),
            newest_metadata_version: Some(NEWEST),
            controllers: Some(self.controllers.clone()),
            quorum: self.leader.map(|leader| self.observe_quorum(leader)),
            brokers: self.brokers.iter().map(|(id, seen)| (*id, broker(seen))).collect(),
            broker_config: self.broker_config.clone(),
            topics: self.topics.iter().map(|(name, seen)| (name.clone(), topic(seen))).collect(),
        }
    }

    fn observe_quorum(&self, leader: NodeId) -> ObservedQuorum {
        let replica = |id: NodeId, directory: DirectoryId| {
            let fetches = self.votes_now(&(id, directory));
            ObservedReplica {
                id,
                directory_id: Some(directory),
                lag: self.nodes.get(&id).map_or(FAR_BEHIND, |node| node.lag),
                silent_ms: if fetches { Some(100) } else { Some(60_000) },
            }
        };
        let is_voter = |id: NodeId, directory| self.voters.contains(&(id, directory));
        let observers = self.nodes.iter().filter_map(|(id, node)| {
            let directory = node.directory.filter(|directory| !is_voter(*id, *directory))?;
            (node.stage == Stage::Up).then(|| replica(*id, directory))
        });
        ObservedQuorum {
            leader,
            epoch: 1,
            voters: self.voters.iter().map(|(id, directory)| replica(*id, *directory)).collect(),
            observers: observers.collect(),
        }
    }

    /// Time passes.
    pub(super) fn tick(&mut self) {
        let ids: Vec<NodeId> = self.nodes.keys().copied().collect();
        for id in ids {
            let node = self.nodes.get_mut(&id).unwrap();
            node.stage = match node.stage {
                Stage::Starting(0) => Stage::Up,
                Stage::Starting(left) => Stage::Starting(left - 1),
                Stage::Stopping(0) => Stage::Absent,
                Stage::Stopping(left) => Stage::Stopping(left - 1),
                Stage::Failed(left) => Stage::Failed(left.saturating_sub(1)),
                stage => stage,
            };
            if node.stage == Stage::Up {
                node.lag = node.lag.saturating_sub(2_500);
            } else {
                node.lag = FAR_BEHIND;
            }
        }
        let alive = self.voters.iter().filter(|voter| self.votes_now(voter)).count();
        let is_led = alive > self.voters.len() / 2;
        let still = self
            .leader
            .filter(|leader| self.voters.iter().any(|voter| voter.0 == *leader && self.votes_now(voter)));
        let next = || self.voters.iter().find(|voter| self.votes_now(voter)).map(|voter| voter.0);
        self.leader = if is_led { still.or_else(next) } else { None };
        if let Some(leader) = self.leader {
            self.has_run = true;
            self.nodes.get_mut(&leader).unwrap().lag = 0;
            self.register_and_fence();
            self.move_on_partitions();
        }
    }

    fn register_and_fence(&mut self) {
        let up: Vec<(NodeId, DirectoryId)> = self
            .nodes
            .iter()
            .filter(|(_, node)| node.stage == Stage::Up && node.role.is_some_and(NodeRole::is_broker))
            .map(|(id, node)| (*id, node.directory.unwrap()))
            .collect();
        let as_controllers = self
            .nodes
            .iter()
            .filter(|(_, node)| node.stage == Stage::Up && node.role.is_some_and(NodeRole::is_controller));
        self.controllers.extend(as_controllers.map(|(id, _)| *id));
        for (id, directory) in up {
            let known = self.brokers.get(&id).map(|broker| broker.directory);
            if known.is_some_and(|known| known != directory) {
                self.forget_data_of(id);
            }
            let broker = Broker { directory, fenced: false, cordoned: false };
            let broker = self.brokers.entry(id).or_insert(broker);
            broker.directory = directory;
            broker.fenced = false;
        }
        let down: Vec<NodeId> = self.brokers.keys().copied().filter(|id| !self.is_up(*id)).collect();
        for id in down {
            // The session of a dead broker takes a while to end.
            if self.chance(2) {
                self.brokers.get_mut(&id).unwrap().fenced = true;
            }
        }
    }

    /// A broker came back with an empty directory.
    fn forget_data_of(&mut self, id: NodeId) {
        for (name, topic) in &mut self.topics {
            for partition in &mut topic.partitions {
                if partition.isr == [id] {
                    self.harm.push(format!("an empty replica took the place of the only copy of {name}"));
                }
                if partition.isr.len() > 1 {
                    partition.isr.retain(|other| *other != id);
                }
            }
        }
    }

    fn move_on_partitions(&mut self) {
        let serving: Vec<NodeId> =
            self.brokers.keys().copied().filter(|id| self.broker_serves(*id)).collect();
        let (topics, random) = (&mut self.topics, &mut self.random);
        for partition in topics.values_mut().flat_map(|topic| &mut topic.partitions) {
            let alive: Vec<NodeId> =
                partition.isr.iter().copied().filter(|id| serving.contains(id)).collect();
            if !alive.is_empty() {
                partition.isr = alive;
            }
            let leads = |id: &NodeId, isr: &[NodeId]| serving.contains(id) && isr.contains(id);
            if !partition.leader.is_some_and(|leader| leads(&leader, &partition.isr)) {
                partition.leader = partition.replicas.iter().copied().find(|id| leads(id, &partition.isr));
            }
            if partition.leader.is_none() {
                continue;
            }
            for replica in partition.replicas.clone() {
                let joins = serving.contains(&replica) && !partition.isr.contains(&replica);
                if joins && random.below(3) > 0 {
                    partition.isr.push(replica);
                }
            }
            let target = partition.target();
            if partition.is_moving() && target.iter().all(|id| partition.isr.contains(id)) {
                partition.isr.retain(|id| target.contains(id));
                partition.leader =
                    partition.leader.filter(|leader| target.contains(leader)).or(target.first().copied());
                partition.replicas = target;
                partition.adding.clear();
                partition.removing.clear();
            }
        }
    }
}

fn endpoint(id: NodeId) -> Endpoint {
    Endpoint {
        listener: "CONTROLLER".to_owned(),
        host: "h".to_owned(),
        port: u16::try_from(id.get()).unwrap(),
    }
}
