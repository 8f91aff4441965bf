//! One node of the real binary: the testkit's, in the words of these tests.

use std::path::PathBuf;
use std::process::Command;

use klamm_client::{Admin, ClientConfig, Cluster};
use klamm_testkit::cluster::{ClusterSpec, LocalCluster, LocalNode};

/// A formatted directory and, while it runs, the node's process.
pub struct Node(LocalCluster);

impl Node {
    /// Formats as a static quorum of one; `settings` go behind the ordinary ones.
    pub fn format(settings: &str) -> Node {
        let spec = ClusterSpec::single(env!("CARGO_BIN_EXE_klamm")).with_settings(settings);
        Node(LocalCluster::format(&spec).unwrap())
    }

    fn node(&self) -> &LocalNode {
        self.0.first()
    }

    /// Its log directory.
    pub fn data(&self) -> PathBuf {
        self.node().data()
    }

    /// A command that starts it.
    pub fn command(&self) -> Command {
        self.node().command()
    }

    /// Starts it and waits until it serves.
    pub fn start(&mut self) {
        self.0.start().unwrap();
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        self.node().log()
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
        self.node().address().to_string()
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
        self.0.node(1).unwrap().stop().unwrap();
    }

    /// Ends it without a word.
    pub fn kill(&mut self) {
        self.0.node(1).unwrap().kill().unwrap();
    }
}
