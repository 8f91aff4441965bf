//! One `klamm up` of the real binary on a manifest of its own, in a folder of its own.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use klamm_client::{Admin, ClientConfig};
use klamm_manifest::{KafkaClusterStatus, read_status};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

pub const DEADLINE: Duration = Duration::from_secs(180);
/// Nodes that a test may have.
const MOST_NODES: u16 = 6;

pub struct Site {
    dir: TempDir,
    pub port: u16,
    up: Option<Child>,
}

impl Site {
    /// A site whose manifest says `cluster` (fields of the KafkaCluster's spec) and `topics`.
    pub fn new(cluster: &str, topics: &str) -> Site {
        let site = Site { dir: TempDir::new().unwrap(), port: free_ports(), up: None };
        site.edit(cluster, topics);
        site
    }

    /// A site of a whole manifest that names `port` once; a free one takes its place.
    pub fn of_manifest(text: &str, port: u16) -> Site {
        let site = Site { dir: TempDir::new().unwrap(), port: free_ports(), up: None };
        let (there, here) = (format!("port: {port}\n"), format!("port: {}\n", site.port));
        assert_eq!(text.matches(&there).count(), 1);
        site.write(&text.replace(&there, &here));
        site
    }

    pub fn edit(&self, cluster: &str, topics: &str) {
        let text = format!(
            "apiVersion: klamm.dev/v1alpha1\nkind: KafkaCluster\nmetadata: {{name: c}}\nspec:\n  listeners: [{{name: \
             plain, port: {}}}]\n{cluster}{topics}",
            self.port
        );
        self.write(&text);
    }

    fn write(&self, text: &str) {
        let fresh = self.dir.path().join("fresh");
        fs::write(&fresh, text).unwrap();
        fs::rename(fresh, self.manifest()).unwrap();
    }

    fn manifest(&self) -> PathBuf {
        self.dir.path().join("cluster.yaml")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_klamm"));
        command.arg("up").arg("-f").arg(self.manifest()).arg("--dir").arg(self.dir.path().join("data"));
        command.stdin(Stdio::null());
        command
    }

    /// Runs `klamm up` with further arguments to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command().args(arguments).output().unwrap()
    }

    pub fn start(&mut self) {
        let out = File::options().create(true).append(true).open(self.dir.path().join("out")).unwrap();
        let child = self.command().stdout(out.try_clone().unwrap()).stderr(out).spawn();
        self.up = Some(child.unwrap());
    }

    /// Ctrl-C, and the end.
    pub fn stop(&mut self) -> ExitStatus {
        self.signal(Signal::INT);
        self.wait_end()
    }

    /// Signals `klamm up` itself.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(self.up.as_ref().unwrap()), signal).unwrap();
    }

    /// Kills `klamm up`; its nodes live on.
    pub fn kill_up(&mut self) {
        let mut up = self.up.take().unwrap();
        up.kill().unwrap();
        up.wait().unwrap();
    }

    /// Waits for the end of `klamm up`.
    pub fn wait_end(&mut self) -> ExitStatus {
        let mut up = self.up.take().unwrap();
        let begun = Instant::now();
        loop {
            if let Some(status) = up.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < DEADLINE, "does not end\n{}", self.out());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What `klamm up` has told.
    pub fn out(&self) -> String {
        fs::read_to_string(self.dir.path().join("out")).unwrap_or_default()
    }

    /// The command behind `label` where the cluster was last said to be ready.
    pub fn hint(&self, label: &str) -> String {
        let out = self.out();
        let said = out.lines().rev().find_map(|line| line.strip_prefix(label));
        said.unwrap_or_else(|| panic!("no {label}\n{out}")).trim().to_owned()
    }

    /// The status of the resource, from the file beside the data.
    pub fn status(&self) -> KafkaClusterStatus {
        let text = fs::read_to_string(self.dir.path().join("data/status.yaml")).unwrap();
        read_status(&text).unwrap()
    }

    pub fn pid(&self, node: i32) -> Option<i32> {
        let path = self.dir.path().join(format!("data/node-{node}/pid"));
        fs::read_to_string(path).ok()?.parse().ok()
    }

    pub fn kill(&self, node: i32) {
        self.signal_node(node, Signal::KILL);
    }

    pub fn signal_node(&self, node: i32, signal: Signal) {
        let pid = Pid::from_raw(self.pid(node).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// The folder of a node.
    pub fn node_dir(&self, node: i32) -> PathBuf {
        self.dir.path().join(format!("data/node-{node}"))
    }

    /// Whether the process runs. One that has ended and is not waited for by anybody has no command line.
    pub fn is_alive(pid: i32) -> bool {
        fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|command| !command.is_empty())
    }

    pub fn log(&self, node: i32) -> String {
        let path = self.dir.path().join(format!("data/node-{node}/server.log"));
        fs::read_to_string(path).unwrap_or_default()
    }

    /// Waits until `is_it` holds.
    pub async fn wait(&self, what: &str, mut is_it: impl AsyncFnMut() -> bool) {
        let begun = Instant::now();
        while !is_it().await {
            let logs: String = (0..6).map(|node| format!("=== node {node}\n{}", self.log(node))).collect();
            assert!(begun.elapsed() < DEADLINE, "not in time: {what}\n{}\n{logs}", self.out());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until `klamm up` has said so.
    pub async fn wait_said(&self, words: &str) {
        self.wait(words, async || self.out().contains(words)).await;
    }

    /// Waits until `klamm up` has said for the `times`th time that the cluster is ready.
    pub async fn wait_ready(&self, times: usize) {
        self.wait("ready", async || self.out().matches(" is ready\n").count() >= times).await;
    }

    pub fn bootstrap(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn admin(&self) -> Admin {
        let mut config = ClientConfig::new(&self.bootstrap()).unwrap();
        config.default_api_timeout_ms = 20_000;
        Admin::new(config)
    }

    /// Ids of the voters.
    pub async fn voters(&self) -> Vec<i32> {
        let Ok(quorum) = self.admin().describe_quorum().await else { return Vec::new() };
        let partition = &quorum.topics[0].partitions[0];
        let mut voters: Vec<i32> = partition.current_voters.iter().map(|voter| voter.replica_id).collect();
        voters.sort_unstable();
        voters
    }

    /// Ids of the registered brokers, fenced ones too.
    pub async fn brokers(&self) -> Vec<i32> {
        let request = klamm_protocol::messages::DescribeClusterRequest {
            endpoint_type: 1,
            include_fenced_brokers: true,
            ..Default::default()
        };
        let Ok(cluster) = self.admin().describe_cluster(&request).await else { return Vec::new() };
        let mut brokers: Vec<i32> = cluster.brokers.iter().map(|broker| broker.broker_id).collect();
        brokers.sort_unstable();
        brokers
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if let Some(mut up) = self.up.take() {
            drop(up.kill());
            drop(up.wait());
        }
        for node in 0..i32::from(MOST_NODES) {
            if let Some(pid) = self.pid(node).and_then(Pid::from_raw) {
                let _ = kill_process(pid, Signal::KILL);
            }
        }
    }
}

/// The first of a row of ports that, with those of the controllers, were free a moment ago.
fn free_ports() -> u16 {
    let is_free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    loop {
        let any = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let row = |first: u16| (first..first + MOST_NODES).all(is_free);
        if any < 50_000 && row(any) && row(any + 1000) {
            return any;
        }
    }
}
