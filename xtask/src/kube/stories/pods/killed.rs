//! The operator is killed after the first change that it makes, after the second of the next, and so on, while a broker
//! leaves and while settings roll. The API server's audit log tells what it did.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::Signal;
use serde_json::Value;

use super::cluster::{Cluster, settled};
use crate::kube::bed::{Bed, NODE_IMAGES};
use crate::kube::kubectl::Kubectl;
use crate::kube::process::{POLL, Process};

const ACCOUNT: &str = "system:serviceaccount:klamm:klamm-operator";
/// Most changes that an operator lives for; each number comes up in turn.
const MOST_CHANGES: usize = 5;
/// How long one edit may take: each operator waits until its predecessor's lease is over, 15 s.
const PATIENCE: Duration = Duration::from_secs(1_500);

pub(super) fn survives_its_operators(bed: &mut Bed, cluster: &Cluster) -> Result<()> {
    cluster.kubectl(&["scale", "kafkacluster", cluster.name, "--replicas", "4"])?;
    cluster.settles("4 brokers before the operators are killed")?;
    let replicas = |count: &str| {
        bed.admin().run(&[
            "scale",
            "deployment",
            "klamm-operator",
            "--namespace",
            "klamm",
            "--replicas",
            count,
        ])
    };
    replicas("0")?;
    let account = bed.as_account("klamm", "klamm-operator")?;
    let mut mortal = Mortal {
        program: bed.programs.operator.clone(),
        folder: bed.folder.clone(),
        account,
        audit: bed.folder.join("audit.json"),
        kills: 0,
    };
    cluster.kubectl(&["scale", "kafkacluster", cluster.name, "--replicas", "3"])?;
    mortal.settles(cluster, "4 to 3 brokers")?;
    ensure!(cluster.holders("orders")? == [0, 1, 2], "broker 3 still holds replicas");
    cluster.edit(r#"{"config":{"queued.max.requests":"300"}}"#)?;
    mortal.settles(cluster, "a setting that takes a roll")?;
    ensure!(mortal.kills > MOST_CHANGES, "only {} operators were killed", mortal.kills);
    replicas("2")?;
    cluster.settles("operators from their chart again").map(|_| ())
}

/// Operators that run on the bed itself, one after the other.
struct Mortal {
    program: PathBuf,
    folder: PathBuf,
    account: Kubectl,
    audit: PathBuf,
    kills: usize,
}

impl Mortal {
    /// Until the cluster is as its spec wants it. At most one of its nodes may be away at once.
    fn settles(&mut self, cluster: &Cluster, what: &str) -> Result<()> {
        let (began, before) = (Instant::now(), self.kills);
        let (stood, mut most_away) = (cluster.ready_pods()?, 0);
        loop {
            let mut operator = self.start()?;
            let from = self.written()?;
            let limit = 1 + self.kills % MOST_CHANGES;
            loop {
                let seen = cluster.get(&["kfc", cluster.name])?;
                let state = settled(&seen);
                if state.is_ok() {
                    operator.stop()?;
                    ensure!(most_away <= 1, "{what}: {most_away} nodes were away at once");
                    let killed = self.kills - before;
                    println!(
                        "  {what}: {killed} operators killed, after {:.1} s",
                        began.elapsed().as_secs_f64()
                    );
                    return Ok(());
                }
                operator.ensure_alive()?;
                most_away = most_away.max(cluster.away(&stood, &seen)?);
                if self.changes_since(from)? >= limit {
                    break;
                }
                if let Err(reason) = state
                    && began.elapsed() > PATIENCE
                {
                    bail!("{what}: not within {PATIENCE:?}: {reason}\n{}", cluster.describe());
                }
                thread::sleep(POLL);
            }
            operator.signal(Signal::KILL)?;
            self.kills += 1;
        }
    }

    fn start(&self) -> Result<Process> {
        let mut command = Command::new(&self.program);
        command.env("KUBECONFIG", self.account.config()).env("POD_NAME", format!("mortal-{}", self.kills));
        command.args(["run", "--image", NODE_IMAGES[0], "--lease-namespace", "klamm"]);
        command.args(["--metrics-addr", "127.0.0.1:8099"]);
        Process::start("operator-mortal", &mut command, &self.folder)
    }

    /// Bytes of the audit log so far.
    fn written(&self) -> Result<u64> {
        Ok(self.audit.metadata().context("the API server's audit log")?.len())
    }

    /// What operators have changed since then, their lease and their events aside.
    fn changes_since(&self, from: u64) -> Result<usize> {
        let mut file = File::open(&self.audit)?;
        file.seek(SeekFrom::Start(from))?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        // The last line may be half written.
        let requests = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        Ok(requests.filter(is_change).count())
    }
}

fn is_change(request: &Value) -> bool {
    let changes = matches!(request["verb"].as_str(), Some("create" | "patch" | "update" | "delete"));
    let is_beside = matches!(request["objectRef"]["resource"].as_str(), Some("leases" | "events"));
    changes && !is_beside && request["user"]["username"] == ACCOUNT
}
