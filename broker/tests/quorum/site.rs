//! Nodes of the real binary that form one cluster, each in a folder of its own, on ports of its own.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use klamm_client::{Admin, ClientConfig};
use klamm_protocol::Str;
use klamm_protocol::messages::create_topics_request::CreatableTopic;
use klamm_protocol::messages::describe_quorum_response::PartitionData;
use klamm_protocol::messages::{CreateTopicsRequest, DescribeClusterRequest};
use klamm_testkit::ports;
use tempfile::TempDir;

pub const DEADLINE: Duration = Duration::from_secs(90);
pub const CLUSTER_ID: &str = "AAAAAAAAAAAAAAAAAAAAAg";
/// Features that need what this version does not serve.
const FEATURES_OFF: [&str; 4] = ["group.version", "share.version", "streams.version", "transaction.version"];

/// Roles of a node.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Roles {
    Broker,
    Controller,
    Both,
}

/// How the voters are known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Quorum {
    /// `controller.quorum.voters`.
    Static,
    /// `controller.quorum.bootstrap.servers`; these nodes are the first voters.
    Dynamic(&'static [i32]),
}

/// One node.
pub struct Node {
    pub id: i32,
    roles: Roles,
    dir: TempDir,
    pub port: u16,
    pub controller_port: u16,
    process: Option<Child>,
}

/// A cluster.
pub struct Site {
    pub nodes: Vec<Node>,
}

impl Site {
    /// Formats nodes with ids from 1 on; `settings` go behind the ordinary ones, `{data}` in them is each node's data
    /// directory.
    pub fn format(roles: &[Roles], quorum: Quorum, settings: &str) -> Site {
        Site::format_at(roles, quorum, (settings, None))
    }

    /// A cluster that starts at this metadata.version.
    pub async fn start_at(roles: &[Roles], quorum: Quorum, metadata_version: i16) -> Site {
        let mut site = Site::format_at(roles, quorum, ("", Some(metadata_version)));
        for node in &mut site.nodes {
            node.spawn();
        }
        site.await_brokers().await;
        site
    }

    fn format_at(roles: &[Roles], quorum: Quorum, (settings, version): (&str, Option<i16>)) -> Site {
        let ports = ports::free(roles.len() * 2).unwrap();
        let nodes = roles.iter().zip(1..).zip(ports.chunks(2)).map(|((roles, id), ports)| Node {
            id,
            roles: *roles,
            dir: TempDir::new().unwrap(),
            port: ports[0],
            controller_port: ports[1],
            process: None,
        });
        let site = Site { nodes: nodes.collect() };
        for node in &site.nodes {
            site.write_properties(node, quorum, settings);
            site.format_node(node, quorum, version);
        }
        site
    }

    /// All nodes, formatted and started, once the brokers among them serve.
    pub async fn start(roles: &[Roles], quorum: Quorum, settings: &str) -> Site {
        let mut site = Site::format(roles, quorum, settings);
        for node in &mut site.nodes {
            node.spawn();
        }
        site.await_brokers().await;
        site
    }

    pub async fn await_brokers(&mut self) {
        for node in self.nodes.iter_mut().filter(|node| node.roles != Roles::Controller) {
            if node.process.is_some() {
                node.await_service().await;
            }
        }
    }

    fn write_properties(&self, node: &Node, quorum: Quorum, settings: &str) {
        let client = format!("PLAINTEXT://127.0.0.1:{}", node.port);
        let controller = format!("CONTROLLER://127.0.0.1:{}", node.controller_port);
        let (process_roles, listeners) = match node.roles {
            Roles::Broker => ("broker", client),
            Roles::Controller => ("controller", controller),
            Roles::Both => ("broker,controller", format!("{client},{controller}")),
        };
        let controllers = || self.nodes.iter().filter(|node| node.roles != Roles::Broker);
        let quorum = match quorum {
            Quorum::Static => {
                let voters = controllers().map(|n| format!("{}@127.0.0.1:{}", n.id, n.controller_port));
                format!("controller.quorum.voters={}", voters.collect::<Vec<_>>().join(","))
            }
            Quorum::Dynamic(_) => {
                let servers = controllers().map(|n| format!("127.0.0.1:{}", n.controller_port));
                format!("controller.quorum.bootstrap.servers={}", servers.collect::<Vec<_>>().join(","))
            }
        };
        let settings = settings.replace("{data}", &node.data().display().to_string());
        let settings = settings.replace("{id}", &node.id.to_string());
        let properties = format!(
            "process.roles={process_roles}\nnode.id={}\nlisteners={listeners}\n\
             controller.listener.names=CONTROLLER\n{quorum}\n\
             listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT\n\
             log.dirs={}\noffsets.topic.replication.factor=1\noffsets.topic.num.partitions=3\n\
             group.initial.rebalance.delay.ms=0\n{settings}",
            node.id,
            node.data().display()
        );
        std::fs::write(node.dir.path().join("server.properties"), properties).unwrap();
    }

    fn format_node(&self, node: &Node, quorum: Quorum, version: Option<i16>) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_klamm"));
        command.args(["storage", "format", "-t", CLUSTER_ID, "-c"]).arg(node.properties());
        if let (Quorum::Dynamic(first), true) = (quorum, node.roles != Roles::Broker) {
            if first.contains(&node.id) {
                let voters = self.nodes.iter().filter(|node| first.contains(&node.id));
                let voters: Vec<_> = voters.map(Node::voter).collect();
                command.arg("--initial-controllers").arg(voters.join(","));
            } else {
                command.arg("--no-initial-controllers");
            }
        }
        if let Some(version) = version {
            command.args(["--feature", &format!("metadata.version={version}")]);
            command.args(["--feature", "eligible.leader.replicas.version=0"]);
        }
        for feature in FEATURES_OFF {
            command.args(["--feature", &format!("{feature}=0")]);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    pub fn node(&mut self, id: i32) -> &mut Node {
        self.nodes.iter_mut().find(|node| node.id == id).unwrap()
    }

    /// What all nodes have logged.
    pub fn logs(&self) -> String {
        self.nodes.iter().map(|node| format!("=== node {}\n{}\n", node.id, node.log())).collect()
    }

    /// An administrator's client of all running nodes that `controllers` chooses.
    pub fn admin(&self) -> Admin {
        let running = self.nodes.iter().filter(|node| node.process.is_some() && node.roles != Roles::Broker);
        let addresses: Vec<_> = running.map(|node| format!("127.0.0.1:{}", node.controller_port)).collect();
        Admin::new(patient(ClientConfig::for_controllers(&addresses.join(",")).unwrap()))
    }

    /// The quorum as its leader describes it, once `is_it` holds.
    pub async fn await_quorum(&self, what: &str, is_it: impl Fn(&PartitionData) -> bool) -> PartitionData {
        let started = Instant::now();
        let mut last = String::new();
        while started.elapsed() < DEADLINE {
            match self.admin().describe_quorum().await {
                Ok(response) => {
                    let quorum = response.topics[0].partitions[0].clone();
                    if quorum.error_code == 0 && is_it(&quorum) {
                        return quorum;
                    }
                    last = format!("{response:?}");
                }
                Err(error) => last = error.to_string(),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("not in time: {what}; last seen: {last}\n{}", self.logs());
    }

    /// Id of the quorum's leader.
    pub async fn leader(&self) -> i32 {
        self.await_quorum("a leader", |quorum| quorum.leader_id > 0).await.leader_id
    }
}

impl Node {
    /// Whether clients are served by it.
    pub fn is_broker(&self) -> bool {
        self.roles != Roles::Controller
    }

    /// Its log directory.
    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Its settings.
    pub fn properties(&self) -> PathBuf {
        self.dir.path().join("server.properties")
    }

    /// A directory id that follows from the node's id.
    pub fn directory_id(&self) -> String {
        format!("TESTTESTTESTTESTTEST{}A", char::from(b'A' + u8::try_from(self.id).unwrap()))
    }

    fn voter(&self) -> String {
        format!("{}@127.0.0.1:{}:{}", self.id, self.controller_port, self.directory_id())
    }

    /// The directory id that `format` gave it.
    pub fn formatted_directory_id(&self) -> String {
        let text = std::fs::read_to_string(self.data().join("meta.properties")).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("directory.id=")).unwrap();
        line.to_owned()
    }

    /// Starts its process.
    pub fn spawn(&mut self) {
        let log =
            std::fs::File::options().create(true).append(true).open(self.dir.path().join("log")).unwrap();
        let process = Command::new(env!("CARGO_BIN_EXE_klamm"))
            .arg("server-start")
            .arg(self.properties())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .stdin(Stdio::null())
            .spawn();
        self.process = Some(process.unwrap());
    }

    /// Waits until it serves clients.
    pub async fn await_service(&mut self) {
        let started = Instant::now();
        while started.elapsed() < DEADLINE {
            let request = DescribeClusterRequest { endpoint_type: 1, ..DescribeClusterRequest::default() };
            let id = self.id;
            let described = self.admin().describe_cluster(&request).await;
            if described.is_ok_and(|cluster| cluster.brokers.iter().any(|broker| broker.broker_id == id)) {
                return;
            }
            if let Some(status) = self.process.as_mut().unwrap().try_wait().unwrap() {
                panic!("node {} ended: {status}\n{}", self.id, self.log());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("node {} does not serve\n{}", self.id, self.log());
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default()
    }

    /// An administrator's client of this broker.
    pub fn admin(&self) -> Admin {
        Admin::new(patient(ClientConfig::new(&format!("127.0.0.1:{}", self.port)).unwrap()))
    }

    /// Creates a topic with one replica by way of this broker.
    pub async fn create_topic(&self, name: &str) {
        let topic = CreatableTopic {
            name: Str::from(name.to_owned()),
            num_partitions: 1,
            replication_factor: 1,
            ..CreatableTopic::default()
        };
        let request =
            CreateTopicsRequest { topics: vec![topic], timeout_ms: 30_000, ..CreateTopicsRequest::default() };
        let started = Instant::now();
        loop {
            match self.admin().create_topics(&request).await {
                Ok(response) if matches!(response.topics[0].error_code, 0 | 36) => return,
                other => assert!(started.elapsed() < DEADLINE, "{name}: {other:?}\n{}", self.log()),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until this broker knows all of `names`.
    pub async fn await_topics(&self, names: &[&str]) {
        let started = Instant::now();
        let mut known: Vec<String> = Vec::new();
        while started.elapsed() < DEADLINE {
            if let Ok(topics) = self.admin().list_topics().await {
                known = topics.iter().map(|topic| topic.name.to_string()).collect();
                if names.iter().all(|name| known.iter().any(|known| known == name)) {
                    return;
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("node {} knows {known:?}, not {names:?}\n{}", self.id, self.log());
    }

    /// Asks it to stop.
    pub fn signal(&self) {
        self.send(rustix::process::Signal::TERM);
    }

    /// Asks it to stop and waits for the end.
    pub fn stop(&mut self) {
        self.signal();
        self.wait();
    }

    /// Waits for the end of a process that was asked to stop.
    pub fn wait(&mut self) {
        let mut process = self.process.take().unwrap();
        let started = Instant::now();
        while started.elapsed() < DEADLINE {
            if let Some(status) = process.try_wait().unwrap() {
                assert!(status.success(), "{status}\n{}", self.log());
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        process.kill().unwrap();
        process.wait().unwrap();
        panic!("node {} did not stop\n{}", self.id, self.log());
    }

    /// Stops its process for now (SIGSTOP).
    pub fn pause(&self) {
        self.send(rustix::process::Signal::STOP);
    }

    /// Lets it go on.
    pub fn resume(&self) {
        self.send(rustix::process::Signal::CONT);
    }

    fn send(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(self.process.as_ref().unwrap());
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// Ends it without a word.
    pub fn kill(&mut self) {
        let mut process = self.process.take().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn patient(mut config: ClientConfig) -> ClientConfig {
    config.default_api_timeout_ms = 20_000;
    config.reconnect_backoff_ms = 10;
    config.reconnect_backoff_max_ms = 50;
    config
}
