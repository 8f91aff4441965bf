//! What stands around the operator: the StatefulSet controller, kubelets with disks, and a Kafka cluster
//! that is as far as its pods are. Time does not pass; one turn follows the other.

use std::collections::BTreeMap;

use futures_util::future::BoxFuture;
use klamm_lifecycle::{
    Action, ClusterView, ObservedBroker, ObservedCluster, ObservedPartition, ObservedQuorum, ObservedReplica,
    ObservedTopic,
};
use klamm_model::{DirectoryId, NodeId, Uuid};
use klamm_operator::wire::{Target, Wire};
use serde_json::{Value, json};

use crate::api::{Shared, Store, now};

pub const PODS: &str = "/api/v1/namespaces/kafka/pods";
pub const CLAIMS: &str = "/api/v1/namespaces/kafka/persistentvolumeclaims";
pub const MAPS: &str = "/api/v1/namespaces/kafka/configmaps";
pub const SETS: &str = "/apis/apps/v1/namespaces/kafka/statefulsets";
pub const CLUSTERS: &str = "/apis/klamm.dev/v1alpha1/namespaces/kafka/kafkaclusters";
pub const TOPICS: &str = "/apis/klamm.dev/v1alpha1/namespaces/kafka/kafkatopics";

/// One formatted directory.
#[derive(Clone, Debug)]
struct Disk {
    cluster_id: String,
    directory: DirectoryId,
}

#[derive(Default)]
pub struct World {
    pub store: Store,
    /// By uid of the claim.
    disks: BTreeMap<String, Disk>,
    directories: u128,
    pub voters: Vec<(NodeId, DirectoryId)>,
    pub brokers: BTreeMap<NodeId, ObservedBroker>,
    pub topics: BTreeMap<String, ObservedTopic>,
    pub broker_config: BTreeMap<String, String>,
    /// Nodes in the order in which their pods ended.
    pub ended: Vec<NodeId>,
    /// What must never happen.
    pub harm: Vec<String>,
    /// A topic that the cluster refuses to create or configure.
    pub refuses: Option<String>,
    topic_ids: u128,
    pub founded: u32,
    /// The certificates in use by each node: `tls.crt`, `ca.crt`.
    pub in_use: BTreeMap<NodeId, (String, String)>,
    /// Nodes that have the new files of the Secret only later.
    pub late: Vec<NodeId>,
    /// Nodes whose admin service does not answer.
    pub silent: Vec<NodeId>,
    /// Why nodes would not start with a setting that contains this.
    pub refuses_setting: Option<String>,
}

impl World {
    fn names(&self, folder: &str) -> Vec<String> {
        let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        self.store.under(folder).iter().map(|(path, _)| last(path)).collect()
    }

    pub fn pod(&self, name: &str) -> Option<&Value> {
        self.store.objects.get(&format!("{PODS}/{name}"))
    }

    pub fn id_of(name: &str) -> NodeId {
        NodeId::at(name.rsplit('-').next().and_then(|id| id.parse().ok()).expect("pods end with an id"))
    }

    /// Nodes whose pods are ready and stay.
    pub fn running(&self) -> Vec<NodeId> {
        let pods = self.store.under(PODS);
        let ready = pods.iter().filter(|(_, pod)| {
            pod["metadata"]["deletionTimestamp"].is_null()
                && pod["status"]["conditions"][0]["status"] == "True"
        });
        ready.map(|(path, _)| World::id_of(path)).collect()
    }

    /// One turn of everything but the operator.
    pub fn turn(&mut self) {
        self.end_pods();
        self.follow_sets();
        for name in self.names(PODS) {
            self.run_pod(&name);
        }
        self.follow_brokers();
    }

    fn end_pods(&mut self) {
        for (path, pod) in self.store.under(PODS) {
            if pod["metadata"]["deletionTimestamp"].is_string() {
                self.store.objects.remove(&path);
                self.ended.push(World::id_of(&path));
            }
        }
        // A partition without a replica that runs has lost what was acknowledged to it.
        let running = self.running();
        let dark: Vec<String> = self
            .topics
            .iter()
            .flat_map(|(name, topic)| {
                let dark = topic.partitions.iter().enumerate().filter(|(_, partition)| {
                    partition.replicas.len() > 1 && !partition.replicas.iter().any(|id| running.contains(id))
                });
                dark.map(move |(number, _)| format!("{name}-{number} has no replica that runs"))
                    .collect::<Vec<_>>()
            })
            .collect();
        self.harm.extend(dark);
    }

    fn follow_sets(&mut self) {
        let (mut wanted, mut sets) = (Vec::new(), Vec::new());
        for (_, set) in self.store.under(SETS) {
            let name = set["metadata"]["name"].as_str().expect("a name").to_owned();
            let first = set["spec"]["ordinals"]["start"].as_i64().unwrap_or(0);
            let count = set["spec"]["replicas"].as_i64().unwrap_or(1);
            for ordinal in first..first + count {
                let pod = format!("{name}-{ordinal}");
                self.make_claims(&set, &pod);
                if self.pod(&pod).is_none() {
                    self.make_pod(&set, &pod, ordinal);
                }
                wanted.push(pod);
            }
            sets.push(name);
        }
        // Pods of a set that is not there are orphans.
        let is_of_a_set =
            |pod: &str| pod.rsplit_once('-').is_some_and(|(set, _)| sets.iter().any(|one| one == set));
        for name in self.names(PODS).into_iter().filter(|name| is_of_a_set(name) && !wanted.contains(name)) {
            self.store.delete(&format!("{PODS}/{name}"));
        }
    }

    fn make_claims(&mut self, set: &Value, pod: &str) {
        for template in set["spec"]["volumeClaimTemplates"].as_array().into_iter().flatten() {
            let name = format!("{}-{pod}", template["metadata"]["name"].as_str().expect("a name"));
            let path = format!("{CLAIMS}/{name}");
            if !self.store.objects.contains_key(&path) {
                let mut claim = template.clone();
                claim["metadata"]["name"] = name.into();
                claim["status"] = json!({ "phase": "Bound" });
                self.store.put(&path, claim);
            }
        }
    }

    fn make_pod(&mut self, set: &Value, name: &str, ordinal: i64) {
        let mut pod = set["spec"]["template"].clone();
        pod["metadata"]["name"] = name.into();
        pod["metadata"]["namespace"] = "kafka".into();
        pod["metadata"]["labels"]["apps.kubernetes.io/pod-index"] = ordinal.to_string().into();
        self.store.put(&format!("{PODS}/{name}"), pod);
    }

    /// One step of a pod's life: prepared, then ready.
    fn run_pod(&mut self, name: &str) {
        let path = format!("{PODS}/{name}");
        let Some(mut pod) = self.store.objects.get(&path).cloned() else { return };
        let is_ready = pod["status"]["conditions"][0]["status"] == "True";
        if is_ready || pod["metadata"]["deletionTimestamp"].is_string() {
            return;
        }
        let is_prepared = pod["status"]["initContainerStatuses"][0]["state"]["terminated"]["exitCode"] == 0;
        if !is_prepared {
            if self.holds(name) {
                return;
            }
            if self.finds_no_place(name) {
                pod["status"] = json!({ "conditions": [{
                    "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
                    "lastTransitionTime": "2026-01-01T00:00:00Z",
                }] });
                self.store.put_changed(&path, pod);
                return;
            }
            let (code, message) = self.prepare(name);
            let ended = json!({ "terminated": { "exitCode": code, "message": message } });
            let waiting = json!({ "waiting": { "reason": "CrashLoopBackOff" } });
            let status = if code == 0 {
                json!({ "name": "prepare", "ready": true, "image": "", "imageID": "", "restartCount": 0, "state": ended })
            } else {
                json!({ "name": "prepare", "ready": false, "image": "", "imageID": "", "restartCount": 1,
                    "state": waiting, "lastState": ended })
            };
            pod["status"] = json!({ "phase": "Pending", "initContainerStatuses": [status] });
        } else {
            pod["status"]["phase"] = "Running".into();
            pod["status"]["podIP"] = "10.0.0.1".into();
            pod["status"]["conditions"] =
                json!([{ "type": "Ready", "status": "True", "lastTransitionTime": now() }]);
        }
        self.store.put(&path, pod);
    }

    /// Whether `klamm pod-prepare` waits in that pod.
    fn holds(&self, pod: &str) -> bool {
        let Some((set, id)) = pod.rsplit_once('-') else { return false };
        let map = self.store.objects.get(&format!("{MAPS}/{set}"));
        let instruction = map.map(|map| &map["data"][format!("{id}.instruction")]);
        instruction.and_then(Value::as_str).is_some_and(|text| text.contains("hold=true"))
    }

    /// What `klamm pod-prepare` does: exit code and report.
    fn prepare(&mut self, pod: &str) -> (i32, String) {
        let (set, id) = pod.rsplit_once('-').expect("pods end with an id");
        let map = self.store.objects.get(&format!("{MAPS}/{set}")).cloned().unwrap_or(Value::Null);
        let text = map["data"][format!("{id}.instruction")].as_str().unwrap_or_default().to_owned();
        let lines: BTreeMap<&str, &str> = text.lines().filter_map(|line| line.split_once('=')).collect();
        let line = |key: &str| lines.get(key).copied().unwrap_or_default();
        let head =
            format!("process.roles={}\nsettings.hash={}\n", line("process.roles"), line("settings.hash"));
        let claim = &self.store.objects[&format!("{CLAIMS}/data-{pod}")];
        let uid = claim["metadata"]["uid"].as_str().expect("a uid").to_owned();
        if !self.disks.contains_key(&uid) {
            let founds = match line("format") {
                "alone" => true,
                "joins" => false,
                _ => return (1, format!("{head}directory=empty\n")),
            };
            self.directories += 1;
            let directory = DirectoryId::new(Uuid::from_u128(5_000 + self.directories)).expect("an id");
            self.disks.insert(uid.clone(), Disk { cluster_id: line("cluster.id").to_owned(), directory });
            if founds {
                self.founded += 1;
                self.voters = vec![(World::id_of(pod), directory)];
            }
        }
        let disk = &self.disks[&uid];
        if disk.cluster_id != line("cluster.id") {
            return (1, format!("{head}directory=unusable\nreason=belongs to cluster {}\n", disk.cluster_id));
        }
        let (cluster, directory) = (&disk.cluster_id, disk.directory);
        let found = format!("directory=formatted\ncluster.id={cluster}\ndirectory.id={directory}\n");
        (0, format!("{head}{found}directory.ids={directory}\n"))
    }

    fn is_broker(id: NodeId) -> bool {
        id.get() < 1000
    }

    fn directory(&self, id: NodeId) -> Option<DirectoryId> {
        let set = if World::is_broker(id) { "broker" } else { "controller" };
        let claim = self.store.objects.get(&format!("{CLAIMS}/data-demo-{set}-{id}"))?;
        Some(self.disks.get(claim["metadata"]["uid"].as_str()?)?.directory)
    }

    fn leads(&self) -> Option<NodeId> {
        let running = self.running();
        let live = self
            .voters
            .iter()
            .filter(|(id, directory)| running.contains(id) && self.directory(*id) == Some(*directory));
        let live: Vec<NodeId> = live.map(|(id, _)| *id).collect();
        (live.len() * 2 > self.voters.len()).then(|| live[0])
    }

    fn follow_brokers(&mut self) {
        if self.leads().is_none() {
            return;
        }
        let running = self.running();
        for id in running.iter().filter(|id| World::is_broker(**id)) {
            self.brokers.entry(*id).or_default();
        }
        for (id, broker) in &mut self.brokers {
            broker.fenced = !running.contains(id);
            broker.cordoned = broker.cordoned.or(Some(false));
        }
        for topic in self.topics.values_mut() {
            for partition in &mut topic.partitions {
                partition.isr =
                    partition.replicas.iter().copied().filter(|id| running.contains(id)).collect();
                partition.leader = partition.isr.first().copied();
            }
        }
    }

    fn view(&self) -> ClusterView {
        let Some(leader) = self.leads() else { return ClusterView::Unknown };
        let running = self.running();
        if !running.iter().any(|id| World::is_broker(*id)) {
            return ClusterView::Unknown;
        }
        let replica = |(id, directory): (NodeId, DirectoryId)| ObservedReplica {
            id,
            directory_id: Some(directory),
            lag: 0,
            silent_ms: running.contains(&id).then_some(10),
        };
        let follows = |id: &&NodeId| {
            !self
                .voters
                .iter()
                .any(|(voter, directory)| voter == *id && self.directory(**id) == Some(*directory))
        };
        let observers = running.iter().filter(follows).filter_map(|id| Some((*id, self.directory(*id)?)));
        ClusterView::Known(ObservedCluster {
            metadata_version: Some(33),
            newest_metadata_version: Some(33),
            controllers: None,
            quorum: Some(ObservedQuorum {
                leader,
                epoch: 1,
                voters: self.voters.iter().copied().map(replica).collect(),
                observers: observers.map(replica).collect(),
            }),
            brokers: self.brokers.clone(),
            broker_config: self.broker_config.clone(),
            topics: self.topics.clone(),
        })
    }

    pub fn make_topic(&mut self, name: &str, partitions: usize, factor: usize) {
        self.topic_ids += 1;
        let live: Vec<NodeId> = self.running().into_iter().filter(|id| World::is_broker(*id)).collect();
        let partition = |number: usize| {
            let replicas: Vec<NodeId> = (0..factor).map(|step| live[(number + step) % live.len()]).collect();
            ObservedPartition {
                leader: replicas.first().copied(),
                isr: replicas.clone(),
                replicas,
                ..ObservedPartition::default()
            }
        };
        let topic = ObservedTopic {
            topic_id: Uuid::from_u128(900 + self.topic_ids),
            min_isr: 1,
            config: BTreeMap::new(),
            partitions: (0..partitions).map(partition).collect(),
        };
        self.topics.insert(name.to_owned(), topic);
    }

    fn execute(&mut self, action: &Action) -> Result<(), String> {
        let count = |count: i32| usize::try_from(count).expect("a count");
        match action {
            Action::AddVoter { node, directory_id, .. } => self.voters.push((*node, *directory_id)),
            Action::RemoveVoter { node, directory_id } => {
                self.voters.retain(|voter| *voter != (*node, *directory_id));
            }
            Action::Cordon { broker } => self.brokers.get_mut(broker).ok_or("gone")?.cordoned = Some(true),
            Action::Uncordon { broker } => self.brokers.get_mut(broker).ok_or("gone")?.cordoned = Some(false),
            Action::Reassign { moves } => {
                for one in moves {
                    let topic = self.topics.get_mut(&one.topic).ok_or("gone")?;
                    let partition = &mut topic.partitions[count(one.partition)];
                    partition.replicas.clone_from(&one.replicas);
                    partition.isr.clone_from(&one.replicas);
                    partition.leader = one.replicas.first().copied();
                }
            }
            Action::UnregisterBroker { broker } => {
                if self.running().contains(broker) {
                    self.harm.push(format!("broker {broker} was unregistered alive"));
                }
                self.brokers.remove(broker);
            }
            Action::UnregisterController { .. } | Action::FinalizeMetadataVersion { .. } => {
                self.harm.push(format!("nobody asked to {action}"));
            }
            Action::ConfigureBrokers { set, remove } => {
                self.broker_config.extend(set.clone());
                self.broker_config.retain(|key, _| !remove.contains(key));
            }
            Action::CreateTopic { name, partitions, replication_factor, config } => {
                if self.refuses.as_ref() == Some(name) {
                    return Err("INVALID_CONFIG: Unknown topic config name: nonsense".into());
                }
                let factor = count(i32::from(replication_factor.unwrap_or(1)));
                self.make_topic(name, count(partitions.unwrap_or(1)), factor);
                self.topics.get_mut(name).ok_or("gone")?.config.clone_from(config);
            }
            Action::DeleteTopic { name, .. } => drop(self.topics.remove(name)),
            Action::GrowTopic { name, partitions } => {
                let topic = self.topics.get_mut(name).ok_or("gone")?;
                let last = topic.partitions.last().cloned().ok_or("empty")?;
                topic.partitions.resize(count(*partitions), last);
            }
            Action::ConfigureTopic { name, set, remove } => {
                let config = &mut self.topics.get_mut(name).ok_or("gone")?.config;
                config.extend(set.clone());
                config.retain(|key, _| !remove.contains(key));
            }
            Action::ElectPreferredLeaders { .. } => {}
            other => return Err(format!("{other} is for the host")),
        }
        Ok(())
    }
}

/// The wire into the same world.
pub struct FakeWire(pub Shared);

impl Wire for FakeWire {
    fn observe<'a>(&'a self, target: &'a Target) -> BoxFuture<'a, ClusterView> {
        let reachable = !target.bootstrap.is_empty();
        Box::pin(async move { if reachable { self.0.lock().view() } else { ClusterView::Unknown } })
    }

    fn execute<'a>(&'a self, _: &'a Target, action: &'a Action) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move { self.0.lock().execute(action) })
    }

    fn forget(&self, _: &str) {}
}
