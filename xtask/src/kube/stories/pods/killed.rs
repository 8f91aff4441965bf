//! The operator is killed after each change that it asks the API server for, all through a drain and a roll: what is
//! half done is gone on with, nothing is done twice, and no acknowledged record is lost.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, ensure};
use rustix::process::Signal;
use serde_json::Value;

use super::cluster::Cluster;
use super::load::Load;
use crate::kube::audit::Audit;
use crate::kube::bed::{Bed, NODE_IMAGES};
use crate::kube::kubectl::{PATIENCE, items};
use crate::kube::process::{Process, await_some};

const NAMESPACE: &str = "killed";
/// Where the operator's chart is installed.
const OWN: &str = "klamm";
const ACCOUNT: &str = "system:serviceaccount:klamm:klamm-operator";
const MANIFEST: &str = "apiVersion: klamm.dev/v1alpha1
kind: KafkaCluster
metadata: {name: frail}
spec:
  brokers: {replicas: 4}
  controllers: {mode: dedicated, replicas: 1}
  config: {min.insync.replicas: \"2\"}
  storage: {volumes: [{name: data, size: 1Gi}], onScaleDown: Delete, onDelete: Delete}
---
apiVersion: klamm.dev/v1alpha1
kind: KafkaTopic
metadata: {name: notes}
spec: {clusterRef: {name: frail}, partitions: 8, replicationFactor: 3}
";
/// Changes that are no step of a plan: who leads, and what is told beside it.
const ASIDE: [&str; 2] = ["leases", "events"];
/// Between two looks at what it asked for.
const LOOK: Duration = Duration::from_millis(2);
/// More kills than steps mean that it does the same over and over.
const MOST_KILLS: usize = 400;

pub(in crate::kube::stories) fn run(bed: &mut Bed) -> Result<()> {
    let cluster = Cluster::new(bed, NAMESPACE, "frail")?;
    cluster.admin.run(&["create", "namespace", NAMESPACE])?;
    let replicas = ["scale", "deployment", "klamm-operator", "--namespace", OWN, "--replicas"];
    cluster.admin.run(&[&replicas[..], &["0"]].concat())?;
    let pods = ["pods", "--selector", "app.kubernetes.io/name=klamm-operator"];
    cluster.admin.await_object((OWN, &pods), "are gone", |pods| match items(pods).count() {
        0 => Ok(()),
        some => Err(format!("{some} are there")),
    })?;
    let mut mortal = Mortal::new(bed)?;
    let told = lives_through(&cluster, &mut mortal);
    drop(mortal);
    cluster.admin.run(&[&replicas[..], &["2"]].concat())?;
    told?;
    cluster.kubectl(&["delete", "kft", "notes", "--timeout=120s"])?;
    cluster.kubectl(&["delete", "kfc", "frail", "--timeout=240s"]).map(|_| ())
}

fn lives_through(cluster: &Cluster, mortal: &mut Mortal) -> Result<()> {
    cluster.admin.apply(NAMESPACE, MANIFEST)?;
    cluster.settles("four brokers")?;
    cluster.topic_settles("notes")?;
    let mut load = Load::start(cluster, "notes")?;
    let drained = mortal.is_killed_while(|| {
        cluster.kubectl(&["scale", "kafkacluster", "frail", "--replicas", "3"])?;
        cluster.settles("4 to 3 brokers")?.ensure_at_most(0)
    })?;
    println!("  killed in a drain: {drained:?}");
    ensure!(cluster.holders("notes")? == [0, 1, 2], "broker 3 still holds replicas");
    load.goes_on()?;
    let rolled = mortal.is_killed_while(|| {
        cluster.edit(r#"{"config":{"min.insync.replicas":"2","queued.max.requests":"400"}}"#)?;
        cluster.settles("a roll")?.ensure_at_most(1)
    })?;
    println!("  killed in a roll: {rolled:?}");
    for (story, kills, least) in [("drain", &drained, "patch statefulsets"), ("roll", &rolled, "delete pods")]
    {
        ensure!(kills.contains_key(least), "in a {story} it was not killed after {least}: {kills:?}");
    }
    load.goes_on()?;
    load.verify().map(|_| ())
}

/// The operator as a process.
struct Mortal {
    command: Box<dyn Fn() -> Command + Send + Sync>,
    folder: std::path::PathBuf,
    audit: Audit,
    process: Process,
}

impl Mortal {
    fn new(bed: &Bed) -> Result<Mortal> {
        let account = bed.as_account(OWN, "klamm-operator")?;
        let network = bed.nodes.first().context("the bed has nodes")?.network();
        let (program, config) = (bed.programs.operator.clone(), account.config().to_path_buf());
        let command = move || {
            let mut command = Command::new("nsenter");
            command.arg(format!("--net={}", network.display())).arg("--").arg(&program);
            // Always the same candidate: it takes its own lease at once.
            command.env("KUBECONFIG", &config).env("POD_NAME", "mortal");
            command.args(["run", "--image", NODE_IMAGES[0], "--lease-namespace", OWN]);
            command.args(["--metrics-addr", "127.0.0.1:8090"]);
            command
        };
        let process = Process::start("mortal", &mut command(), &bed.folder)?;
        let audit = bed.control.audit()?;
        Ok(Mortal { command: Box::new(command), folder: bed.folder.clone(), audit, process })
    }

    /// Kills it after each change that it makes, and starts it again, until `change` is done. What it was killed
    /// after, and how often.
    fn is_killed_while(&mut self, change: impl FnOnce() -> Result<()>) -> Result<BTreeMap<String, usize>> {
        self.audit.requests_of(ACCOUNT)?;
        let is_over = AtomicBool::new(false);
        let kills = thread::scope(|scope| {
            let killer = scope.spawn(|| self.kill_until(&is_over));
            let changed = change();
            is_over.store(true, Ordering::Relaxed);
            let kills = killer.join().map_err(|_| anyhow!("the killer panicked"))?;
            changed.and(kills)
        })?;
        // Nothing kills it any more.
        await_some("the operator is up", PATIENCE, || {
            Ok(self.process.ensure_alive().map_err(|e| e.to_string()))
        })?;
        Ok(kills)
    }

    fn kill_until(&mut self, is_over: &AtomicBool) -> Result<BTreeMap<String, usize>> {
        let mut kills: BTreeMap<String, usize> = BTreeMap::new();
        while !is_over.load(Ordering::Relaxed) {
            let requests = self.audit.requests_of(ACCOUNT)?;
            let Some(change) = requests.iter().find_map(change) else {
                self.process.ensure_alive()?;
                thread::sleep(LOOK);
                continue;
            };
            self.process.signal(Signal::KILL)?;
            *kills.entry(change).or_default() += 1;
            ensure!(kills.values().sum::<usize>() < MOST_KILLS, "it comes to no end: {kills:?}");
            self.process = Process::start("mortal", &mut (self.command)(), &self.folder)?;
            // What the one before still asked for is no change of this one.
            self.audit.requests_of(ACCOUNT)?;
        }
        Ok(kills)
    }
}

/// What a request changes: its verb and the kind of object.
fn change(request: &Value) -> Option<String> {
    let verb = request["verb"].as_str()?;
    let resource = request["objectRef"]["resource"].as_str()?;
    let is_change = matches!(verb, "create" | "update" | "patch" | "delete" | "deletecollection");
    let is_made = request["responseStatus"]["code"].as_u64()? < 300;
    (is_change && is_made && !ASIDE.contains(&resource)).then(|| {
        let part = request["objectRef"]["subresource"].as_str().map(|part| format!("/{part}"));
        format!("{verb} {resource}{}", part.unwrap_or_default())
    })
}
