//! A node of the real binary in a folder of its own, on ports of its own.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use klamm_client::{Admin, ClientConfig, Cluster};
use klamm_protocol::messages::DescribeClusterRequest;
use tempfile::TempDir;

const DEADLINE: Duration = Duration::from_secs(60);

/// A formatted directory and, while it runs, the node's process.
pub struct Node {
    dir: TempDir,
    port: u16,
    process: Option<Child>,
}

impl Node {
    /// Formats as a static quorum of one; `settings` go behind the ordinary ones.
    pub fn format(settings: &str) -> Node {
        let dir = TempDir::new().unwrap();
        let ports = free_ports();
        let data = dir.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let identity =
            "version=1\ncluster.id=AAAAAAAAAAAAAAAAAAAAAg\nnode.id=1\ndirectory.id=TESTTESTTESTTESTTESTTQ\n";
        std::fs::write(data.join("meta.properties"), identity).unwrap();
        let properties = format!(
            "process.roles=broker,controller\nnode.id=1\n\
             listeners=PLAINTEXT://127.0.0.1:{0},CONTROLLER://127.0.0.1:{1}\n\
             advertised.listeners=PLAINTEXT://127.0.0.1:{0}\n\
             controller.listener.names=CONTROLLER\ncontroller.quorum.voters=1@127.0.0.1:{1}\n\
             listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT\n\
             log.dirs={2}\noffsets.topic.replication.factor=1\noffsets.topic.num.partitions=3\n\
             group.initial.rebalance.delay.ms=0\n{settings}",
            ports.0,
            ports.1,
            data.display()
        );
        std::fs::write(dir.path().join("server.properties"), properties).unwrap();
        Node { dir, port: ports.0, process: None }
    }

    /// Its log directory.
    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// A command that starts it.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_klamm"));
        command.arg("server-start").arg(self.dir.path().join("server.properties"));
        command
    }

    /// Starts it and waits until it serves.
    pub async fn start(&mut self) {
        let log =
            std::fs::File::options().create(true).append(true).open(self.dir.path().join("log")).unwrap();
        let process =
            self.command().stdout(log.try_clone().unwrap()).stderr(log).stdin(Stdio::null()).spawn();
        self.process = Some(process.unwrap());
        let started = Instant::now();
        while started.elapsed() < DEADLINE {
            let request = DescribeClusterRequest { endpoint_type: 1, ..DescribeClusterRequest::default() };
            if self.admin().describe_cluster(&request).await.is_ok_and(|cluster| !cluster.brokers.is_empty())
            {
                return;
            }
            if let Some(status) = self.process.as_mut().unwrap().try_wait().unwrap() {
                panic!("the node ended: {status}\n{}", self.log());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the node does not serve\n{}", self.log());
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default()
    }

    /// An administrator's client.
    pub fn admin(&self) -> Admin {
        Admin::new(self.config())
    }

    /// A client.
    pub fn cluster(&self) -> Cluster {
        Cluster::new(self.config())
    }

    /// `host:port` of its client listener.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    fn config(&self) -> ClientConfig {
        let mut config = ClientConfig::new(&self.address()).unwrap();
        config.default_api_timeout_ms = 20_000;
        config.reconnect_backoff_ms = 10;
        config.reconnect_backoff_max_ms = 50;
        config
    }

    /// Asks it to stop and waits for the end.
    pub fn stop(&mut self) {
        let process = self.process.take().unwrap();
        let pid = rustix::process::Pid::from_child(&process);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        wait(process, &self.log());
    }

    /// Ends it without a word.
    pub fn kill(&mut self) {
        let mut process = self.process.take().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
    }
}

fn wait(mut process: Child, log: &str) {
    let started = Instant::now();
    while started.elapsed() < DEADLINE {
        if let Some(status) = process.try_wait().unwrap() {
            assert!(status.success(), "{status}\n{log}");
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    process.kill().unwrap();
    panic!("the node did not stop\n{log}");
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// Two ports that were free a moment ago.
fn free_ports() -> (u16, u16) {
    let first = TcpListener::bind("127.0.0.1:0").unwrap();
    let second = TcpListener::bind("127.0.0.1:0").unwrap();
    (first.local_addr().unwrap().port(), second.local_addr().unwrap().port())
}
