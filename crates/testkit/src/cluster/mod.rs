//! Nodes of the real binary as child processes: formatted, started, signalled, measured. One node or several; the
//! faults of `chaos` and the stories of black-box tests use the same.

mod log_lines;
mod node;
mod proc_status;

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use klamm_client::{Admin, ClientConfig, Cluster};
use klamm_protocol::Str;
use klamm_protocol::messages::CreateTopicsRequest;
use klamm_protocol::messages::create_topics_request::{CreatableTopic, CreatableTopicConfig};
use tempfile::TempDir;

use crate::ports;

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
    /// Where the nodes' folders go; `None` is a temporary directory.
    pub parent: Option<PathBuf>,
}

impl ClusterSpec {
    /// One node.
    pub fn single(binary: impl Into<PathBuf>) -> ClusterSpec {
        ClusterSpec { binary: binary.into(), nodes: 1, settings: String::new(), parent: None }
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
    // Removed with the cluster.
    _temporary: Option<TempDir>,
}

impl LocalCluster {
    /// Writes properties and identities; nothing runs yet.
    pub fn format(spec: &ClusterSpec) -> Result<LocalCluster> {
        anyhow::ensure!(spec.nodes > 0, "a cluster has nodes");
        let (parent, temporary) = match &spec.parent {
            Some(parent) => (parent.clone(), None),
            None => {
                let temporary = tempfile::Builder::new().prefix("klamm-testkit-").tempdir()?;
                (temporary.path().to_owned(), Some(temporary))
            }
        };
        let ports = ports::free(2 * spec.nodes as usize)?;
        let ids: Vec<i32> = (1..=spec.nodes).collect();
        let voters: Vec<String> = ids
            .iter()
            .zip(ports.chunks(2))
            .map(|(id, ports)| format!("{id}@127.0.0.1:{}", ports[1]))
            .collect();
        let mut nodes = Vec::new();
        for (id, ports) in ids.iter().zip(ports.chunks(2)) {
            let dir = parent.join(format!("node-{id}"));
            write_node(&dir, *id, ports, &voters, spec)?;
            nodes.push(LocalNode::new(spec.binary.clone(), *id, dir, [ports[0], ports[1]]));
        }
        Ok(LocalCluster { nodes, _temporary: temporary })
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

    /// The first of its nodes; there is no cluster without one.
    pub fn first(&self) -> &LocalNode {
        &self.nodes[0]
    }

    /// The node `id`, from 1 on.
    pub fn node(&mut self, id: i32) -> Result<&mut LocalNode> {
        self.nodes.iter_mut().find(|node| node.id() == id).with_context(|| format!("no node {id}"))
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
        let configs = configs.iter().map(|(name, value)| CreatableTopicConfig {
            name: Str::from(*name),
            value: Some(Str::from(*value)),
            ..CreatableTopicConfig::default()
        });
        let topic = CreatableTopic {
            name: Str::from(name),
            num_partitions: partitions,
            replication_factor: i16::try_from(self.nodes.len().min(3))?,
            configs: configs.collect(),
            ..CreatableTopic::default()
        };
        let request =
            CreateTopicsRequest { topics: vec![topic], timeout_ms: 20_000, ..CreateTopicsRequest::default() };
        let response = self.admin()?.create_topics(&request).await?;
        let error = response.topics.first().map_or(0, |topic| topic.error_code);
        anyhow::ensure!(error == 0, "create {name}: {response:?}");
        Ok(())
    }
}

fn write_node(dir: &Path, id: i32, ports: &[u16], voters: &[String], spec: &ClusterSpec) -> Result<()> {
    let data = dir.join("data");
    fs::create_dir_all(&data).with_context(|| format!("create {}", data.display()))?;
    let identity = format!(
        "version=1\ncluster.id={CLUSTER_ID}\nnode.id={id}\ndirectory.id=TESTTESTTESTTESTTE{id:03}Q\n"
    );
    fs::write(data.join("meta.properties"), identity)?;
    let replicas = spec.nodes.min(3);
    let properties = format!(
        "process.roles=broker,controller\nnode.id={id}\n\
         listeners=PLAINTEXT://127.0.0.1:{0},CONTROLLER://127.0.0.1:{1}\n\
         advertised.listeners=PLAINTEXT://127.0.0.1:{0}\n\
         controller.listener.names=CONTROLLER\ncontroller.quorum.voters={voters}\n\
         listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT\n\
         log.dirs={2}\noffsets.topic.replication.factor={replicas}\noffsets.topic.num.partitions=3\n\
         group.initial.rebalance.delay.ms=0\n{3}",
        ports[0],
        ports[1],
        data.display(),
        spec.settings,
        voters = voters.join(","),
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
