//! Nodes of the real binary as child processes: formatted, started, signalled, measured. One node or several; the
//! faults of `chaos` and the stories of black-box tests use the same.

mod callers;
mod links;
mod log_lines;
mod node;
mod proc_status;

use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use klamm_client::cluster::TopicView;
use klamm_client::{Admin, ClientConfig, ClientError, Cluster};
use klamm_protocol::Str;
use klamm_protocol::messages::CreateTopicsRequest;
use klamm_protocol::messages::create_topics_request::{
    CreatableReplicaAssignment, CreatableTopic, CreatableTopicConfig,
};
use tempfile::TempDir;

use self::callers::ProcessCell;
use self::links::Behind;
use crate::ports;

pub use links::{DOORS, Door, Links, Severed};
pub use log_lines::{LogLine, Severity};
pub use node::{Ended, LocalNode};

/// Any valid id will do.
const CLUSTER_ID: &str = "AAAAAAAAAAAAAAAAAAAAAg";

/// What to set up.
#[derive(Clone, Debug)]
pub struct ClusterSpec {
    /// The `klamm` binary.
    pub binary: PathBuf,
    /// How many combined nodes.
    pub nodes: i32,
    /// Lines of server.properties behind the ordinary ones.
    pub settings: String,
    /// Where nodes' folders go; those of others go to a temporary directory.
    pub parents: BTreeMap<i32, PathBuf>,
    /// How nodes reach each other.
    pub network: Network,
}

/// How nodes reach each other; clients always reach them directly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// At their own ports.
    Direct,
    /// Through doors whose paths can be cut.
    Links,
}

impl ClusterSpec {
    /// One node.
    pub fn single(binary: impl Into<PathBuf>) -> ClusterSpec {
        ClusterSpec {
            binary: binary.into(),
            nodes: 1,
            settings: String::new(),
            parents: BTreeMap::new(),
            network: Network::Direct,
        }
    }

    /// With further settings.
    pub fn with_settings(mut self, settings: &str) -> ClusterSpec {
        self.settings.push_str(settings);
        self
    }
}

/// A formatted cluster with a static quorum of all its nodes.
#[derive(Debug)]
pub struct LocalCluster {
    nodes: Vec<LocalNode>,
    links: Option<Links>,
    // Removed with the cluster.
    _temporary: TempDir,
}

impl LocalCluster {
    /// Writes properties and identities; nothing runs yet.
    pub fn format(spec: &ClusterSpec) -> Result<LocalCluster> {
        anyhow::ensure!(spec.nodes > 0, "a cluster has nodes");
        let temporary = tempfile::Builder::new().prefix("klamm-testkit-").tempdir()?;
        let ports = ports::free(3 * spec.nodes as usize)?;
        let seats: Vec<Seat> = (1..=spec.nodes)
            .zip(ports.chunks(3))
            .map(|(id, ports)| Seat {
                id,
                dir: spec
                    .parents
                    .get(&id)
                    .map_or(temporary.path(), PathBuf::as_path)
                    .join(format!("node-{id}")),
                clients: ports[0],
                listeners: [(Door::Brokers, loopback(ports[1])), (Door::Controllers, loopback(ports[2]))],
                process: ProcessCell::default(),
            })
            .collect();
        let links = match spec.network {
            Network::Direct => None,
            Network::Links => Some(Links::open(&seats.iter().map(Seat::behind).collect::<Vec<_>>())?),
        };
        let mut told = Vec::new();
        for seat in &seats {
            told.push(seat.told(links.as_ref())?);
        }
        let voters: Vec<String> =
            told.iter().map(|told| format!("{}@{}", told.id, told.controllers)).collect();
        let mut nodes = Vec::new();
        for (seat, told) in seats.into_iter().zip(told) {
            write_node(&seat, &told, &voters.join(","), spec)?;
            let ports = [seat.clients, seat.listeners[1].1.port()];
            nodes.push(LocalNode::new(spec.binary.clone(), seat.id, seat.dir, ports, seat.process));
        }
        Ok(LocalCluster { nodes, links, _temporary: temporary })
    }

    /// Starts all and waits until each knows all.
    pub fn start(&mut self) -> Result<()> {
        let expected = self.nodes.len();
        for node in &mut self.nodes {
            node.spawn()?;
        }
        for node in &mut self.nodes {
            node.await_brokers(expected)?;
        }
        Ok(())
    }

    /// Its nodes, by id.
    pub fn nodes(&mut self) -> &mut [LocalNode] {
        &mut self.nodes
    }

    /// How many nodes it has.
    pub fn size(&self) -> usize {
        self.nodes.len()
    }

    /// The first of its nodes; there is no cluster without one.
    pub fn first(&self) -> &LocalNode {
        &self.nodes[0]
    }

    /// The node `id`, from 1 on.
    pub fn node(&mut self, id: i32) -> Result<&mut LocalNode> {
        self.nodes.iter_mut().find(|node| node.id() == id).with_context(|| format!("no node {id}"))
    }

    /// What nodes reach each other through, if it is there to be cut.
    pub fn links(&self) -> Result<&Links> {
        self.links.as_ref().context("the nodes reach each other directly")
    }

    /// `host:port` of all, for clients.
    pub fn bootstrap(&self) -> String {
        let addresses: Vec<String> = self.nodes.iter().map(|node| node.address().to_string()).collect();
        addresses.join(",")
    }

    /// Settings of a client that comes back quickly after a fault.
    pub fn client_config(&self) -> Result<ClientConfig> {
        let mut config = ClientConfig::new(&self.bootstrap())?;
        config.default_api_timeout_ms = 30_000;
        config.request_timeout_ms = 20_000;
        config.reconnect_backoff_ms = 10;
        config.reconnect_backoff_max_ms = 100;
        config.retry_backoff_ms = 10;
        config.retry_backoff_max_ms = 200;
        Ok(config)
    }

    /// A client.
    pub fn client(&self) -> Result<Cluster> {
        Ok(Cluster::new(self.client_config()?))
    }

    /// An administrator's client.
    pub fn admin(&self) -> Result<Admin> {
        Ok(Admin::new(self.client_config()?))
    }

    /// Creates a topic on as many replicas as there are nodes, three at most.
    pub async fn create_topic(&self, name: &str, partitions: i32, configs: &[(&str, &str)]) -> Result<()> {
        let topic = CreatableTopic {
            num_partitions: partitions,
            replication_factor: i16::try_from(self.nodes.len().min(3))?,
            ..CreatableTopic::default()
        };
        self.create(name, topic, configs).await
    }

    /// Creates a topic with one partition on `replicas`, the first of them preferred.
    pub async fn create_on(&self, name: &str, replicas: &[i32]) -> Result<()> {
        let assignment = CreatableReplicaAssignment {
            partition_index: 0,
            broker_ids: replicas.to_vec(),
            ..CreatableReplicaAssignment::default()
        };
        let topic = CreatableTopic {
            num_partitions: -1,
            replication_factor: -1,
            assignments: vec![assignment],
            ..CreatableTopic::default()
        };
        self.create(name, topic, &[]).await
    }

    async fn create(&self, name: &str, topic: CreatableTopic, configs: &[(&str, &str)]) -> Result<()> {
        let configs = configs.iter().map(|(name, value)| CreatableTopicConfig {
            name: Str::from(*name),
            value: Some(Str::from(*value)),
            ..CreatableTopicConfig::default()
        });
        let topic = CreatableTopic { name: Str::from(name), configs: configs.collect(), ..topic };
        let request =
            CreateTopicsRequest { topics: vec![topic], timeout_ms: 20_000, ..CreateTopicsRequest::default() };
        let response = self.admin()?.create_topics(&request).await?;
        let error = response.topics.first().map_or(0, |topic| topic.error_code);
        anyhow::ensure!(error == 0, "create {name}: {response:?}");
        Ok(())
    }

    /// A topic as one of the nodes tells it.
    pub async fn topic(&self, name: &str) -> Result<Arc<TopicView>> {
        let name = Str::from(name);
        let mut topics = self.admin()?.describe_topics(std::slice::from_ref(&name)).await?;
        let topic = topics.remove(&name).context("the topic is not in the answer")?;
        Ok(topic.map_err(ClientError::kafka)?)
    }

    /// The active controller, if there is one.
    pub async fn controller(&self) -> Result<Option<i32>> {
        let response = self.admin()?.describe_quorum().await?;
        let partition = response.topics.first().and_then(|topic| topic.partitions.first());
        let leader = partition.context("the metadata log is not in the answer")?.leader_id;
        Ok(Some(leader).filter(|id| *id >= 0))
    }
}

/// Where a node is to live.
struct Seat {
    id: i32,
    dir: PathBuf,
    /// Port of clients.
    clients: u16,
    listeners: [(Door, SocketAddr); 2],
    process: ProcessCell,
}

/// Where others find it.
struct Told {
    id: i32,
    brokers: SocketAddr,
    controllers: SocketAddr,
}

impl Seat {
    fn behind(&self) -> Behind {
        Behind { id: self.id, process: self.process.clone(), listeners: self.listeners }
    }

    fn told(&self, links: Option<&Links>) -> Result<Told> {
        let [brokers, controllers] = match links {
            None => self.listeners.map(|(_, address)| address),
            Some(links) => {
                [links.address(self.id, Door::Brokers)?, links.address(self.id, Door::Controllers)?]
            }
        };
        Ok(Told { id: self.id, brokers, controllers })
    }
}

fn write_node(seat: &Seat, told: &Told, voters: &str, spec: &ClusterSpec) -> Result<()> {
    let Seat { id, dir, clients, listeners: [(_, brokers), (_, controllers)], .. } = seat;
    let data = dir.join("data");
    fs::create_dir_all(&data).with_context(|| format!("create {}", data.display()))?;
    let identity = format!(
        "version=1\ncluster.id={CLUSTER_ID}\nnode.id={id}\ndirectory.id=TESTTESTTESTTESTTE{id:03}Q\n"
    );
    fs::write(data.join("meta.properties"), identity)?;
    // Without doors, brokers talk where clients do, as they do by default.
    let (listeners, advertised, between) = match spec.network {
        Network::Direct => (
            format!("PLAINTEXT://127.0.0.1:{clients},CONTROLLER://{controllers}"),
            format!("PLAINTEXT://127.0.0.1:{clients}"),
            "",
        ),
        Network::Links => (
            format!("PLAINTEXT://127.0.0.1:{clients},REPLICATION://{brokers},CONTROLLER://{controllers}"),
            format!(
                "PLAINTEXT://127.0.0.1:{clients},REPLICATION://{},CONTROLLER://{}",
                told.brokers, told.controllers
            ),
            "inter.broker.listener.name=REPLICATION\n",
        ),
    };
    let properties = format!(
        "process.roles=broker,controller\nnode.id={id}\nlisteners={listeners}\nadvertised.listeners={advertised}\n\
         {between}controller.listener.names=CONTROLLER\ncontroller.quorum.voters={voters}\n\
         listener.security.protocol.map=PLAINTEXT:PLAINTEXT,REPLICATION:PLAINTEXT,CONTROLLER:PLAINTEXT\n\
         log.dirs={}\noffsets.topic.replication.factor={}\noffsets.topic.num.partitions=3\n\
         group.initial.rebalance.delay.ms=0\n{}",
        data.display(),
        spec.nodes.min(3),
        spec.settings,
    );
    fs::write(dir.join("server.properties"), properties)?;
    Ok(())
}

/// The address of a port of the loopback.
fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

/// Longest wait for a node to start, to stop, to do anything.
pub const DEADLINE: Duration = Duration::from_secs(90);
