//! One KafkaCluster on the bed: what Kubernetes shows of it, and Kafka's tools inside the bed's network.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use crate::kube::bed::Bed;
use crate::kube::kubectl::{Kubectl, condition, has_condition, items};
use crate::kube::process::{POLL, output};

/// How long a cluster may take to be as its spec wants it: a roll waits for each node to be caught up.
pub(super) const SETTLES: Duration = Duration::from_secs(600);

/// A cluster.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    pub(super) admin: Kubectl,
    pub(super) namespace: &'static str,
    pub(super) name: &'static str,
    /// Programs run here, among the nodes' addresses.
    network: PathBuf,
    klamm: PathBuf,
    plugin: PathBuf,
    folder: PathBuf,
}

/// How many nodes were seen not ready at once.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Disruption {
    most: usize,
}

impl Disruption {
    /// Fails if more nodes were away at once.
    pub(super) fn ensure_at_most(self, nodes: usize) -> Result<()> {
        ensure!(self.most <= nodes, "{} nodes were away at once", self.most);
        Ok(())
    }
}

impl Cluster {
    /// The cluster of that name; it need not be there yet.
    pub(super) fn new(bed: &Bed, namespace: &'static str, name: &'static str) -> Result<Cluster> {
        let folder = bed.folder.join(namespace);
        fs::create_dir_all(&folder)?;
        let node = bed.nodes.first().context("the bed has nodes")?;
        let network = node.network();
        let (klamm, plugin) = (bed.programs.node.clone(), bed.programs.plugin.clone());
        Ok(Cluster { admin: bed.admin().clone(), namespace, name, network, klamm, plugin, folder })
    }

    /// Folder for what the story writes.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The node's program, whose tools run anywhere.
    pub(super) fn klamm(&self) -> &Path {
        &self.klamm
    }

    /// Where clients begin.
    pub(super) fn bootstrap(&self) -> String {
        format!("{}-bootstrap.{}.svc:9092", self.name, self.namespace)
    }

    /// One of Kafka's tools, as a program on a node of the bed.
    pub(super) fn tool(&self, name: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new("nsenter");
        command.arg(format!("--net={}", self.network.display())).arg("--").arg(&self.klamm).arg(name);
        command.args(arguments).args(["--bootstrap-server", &self.bootstrap()]);
        command
    }

    /// Runs a tool that has to succeed.
    pub(super) fn run_tool(&self, name: &str, arguments: &[&str]) -> Result<String> {
        output(&mut self.tool(name, arguments))
    }

    /// kubectl in the cluster's namespace.
    pub(super) fn kubectl(&self, arguments: &[&str]) -> Result<String> {
        self.admin.run(&[&["--namespace", self.namespace], arguments].concat())
    }

    /// `kubectl klamm` about it.
    pub(super) fn ask(&self, command: &str, arguments: &[&str]) -> Result<String> {
        let mut plugin = Command::new(&self.plugin);
        plugin.env("KUBECONFIG", self.admin.config()).args([command, self.name]).args(arguments);
        output(plugin.args(["--namespace", self.namespace]))
    }

    /// An object of its namespace.
    pub(super) fn get(&self, what: &[&str]) -> Result<Value> {
        self.admin.get(self.namespace, what)
    }

    /// Changes its spec.
    pub(super) fn edit(&self, patch: &str) -> Result<()> {
        let patch = format!("{{\"spec\":{patch}}}");
        self.kubectl(&["patch", "kfc", self.name, "--type", "merge", "--patch", &patch]).map(|_| ())
    }

    /// Waits until it is as its spec wants it. How many of its pods were not ready at once meanwhile, of those that
    /// were ready at the beginning.
    pub(super) fn settles(&self, what: &str) -> Result<Disruption> {
        let began = Instant::now();
        let stood = self.ready_pods()?;
        let mut seen = Disruption::default();
        loop {
            let cluster = self.get(&["kfc", self.name])?;
            match settled(&cluster) {
                Ok(()) => break,
                Err(reason) if began.elapsed() > SETTLES => {
                    bail!("{what}: not within {SETTLES:?}: {reason}\n{}", self.describe())
                }
                Err(_) => {}
            }
            seen.most = seen.most.max(self.away(&stood, &cluster)?);
            std::thread::sleep(POLL);
        }
        println!("  {what}: after {:.1} s", began.elapsed().as_secs_f64());
        Ok(seen)
    }

    /// How many of the pods that stood are not ready now. Those that are to leave are no loss.
    pub(super) fn away(&self, stood: &BTreeMap<String, String>, cluster: &Value) -> Result<usize> {
        let ready = self.ready_pods()?;
        let wanted = cluster["spec"]["brokers"]["replicas"].as_u64().unwrap_or_default();
        let is_away = |pod: &&String| !ready.contains_key(*pod) && stays(self.name, pod, wanted);
        Ok(stood.keys().filter(is_away).count())
    }

    /// Pods that are ready, with their uids.
    pub(super) fn ready_pods(&self) -> Result<BTreeMap<String, String>> {
        let pods = self.pods()?;
        let ready = items(&pods).filter(|pod| {
            has_condition(pod, "Ready").is_ok() && pod["metadata"]["deletionTimestamp"].is_null()
        });
        Ok(ready.map(|pod| (text(&pod["metadata"]["name"]), text(&pod["metadata"]["uid"]))).collect())
    }

    fn pods(&self) -> Result<Value> {
        self.get(&["pods", "--selector", &format!("klamm.dev/cluster={}", self.name)])
    }

    /// What the operator's status has of node `id`.
    pub(super) fn node(&self, id: i64) -> Result<Value> {
        let cluster = self.get(&["kfc", self.name])?;
        let nodes = cluster["status"]["nodes"].as_array().cloned().unwrap_or_default();
        nodes.into_iter().find(|node| node["id"] == id).with_context(|| format!("there is no node {id}"))
    }

    /// Waits until a node whose volume went has another, and all is as the spec wants it.
    pub(super) fn begins_anew(&self, id: i64, before: &Value) -> Result<()> {
        self.admin.await_object(
            (self.namespace, &["kfc", self.name]),
            &format!("has node {id} anew"),
            |cluster| {
                let nodes = cluster["status"]["nodes"].as_array().cloned().unwrap_or_default();
                let node = nodes.iter().find(|node| node["id"] == id).ok_or("there is no such node")?;
                let has_new = node["directoryIds"] != *before && node["directoryIds"][0].is_string();
                if has_new { Ok(()) } else { Err(format!("it is {node}")) }
            },
        )?;
        self.settles(&format!("node {id}, whose volume was lost")).map(|_| ())
    }

    /// Waits until the operator has the word of every node, over its admin service, and each uses its certificate.
    pub(super) fn nodes_answer(&self) -> Result<Value> {
        self.admin.await_object(
            (self.namespace, &["kfc", self.name]),
            "has the word of every node",
            |cluster| {
                has_condition(cluster, "CertificatesReady")?;
                let nodes = cluster["status"]["nodes"].as_array().cloned().unwrap_or_default();
                let is_silent = |node: &&Value| node["version"].is_null() || !node["message"].is_null();
                let silent: Vec<&Value> = nodes.iter().filter(is_silent).collect();
                if nodes.is_empty() || !silent.is_empty() { Err(format!("{silent:?}")) } else { Ok(()) }
            },
        )
    }

    /// Takes the nodes' certificate away. The operator issues another, the kubelets bring it, and every node uses it
    /// without a restart.
    pub(super) fn renews_certificates(&self) -> Result<()> {
        let until = |cluster: &Value| cluster["status"]["certificates"]["nodesUntil"].clone();
        let (pods, before) = (self.ready_pods()?, until(&self.nodes_answer()?));
        let began = Instant::now();
        self.kubectl(&["delete", "secret", &format!("{}-admin-tls", self.name)])?;
        self.admin.await_object(
            (self.namespace, &["kfc", self.name]),
            "has another certificate",
            |cluster| {
                if until(cluster) == before { Err(format!("it ends {before}")) } else { Ok(()) }
            },
        )?;
        self.nodes_answer()?;
        ensure!(self.ready_pods()? == pods, "pods were replaced for a certificate");
        let events = self.get(&["events.events.k8s.io"])?;
        ensure!(items(&events).any(|event| event["reason"] == "CertificateRotated"), "no event tells of it");
        println!("  every node has a new certificate: after {:.1} s", began.elapsed().as_secs_f64());
        Ok(())
    }

    /// Waits until the topic's resource says that it is as wanted.
    pub(super) fn topic_settles(&self, topic: &str) -> Result<Value> {
        self.admin.await_object((self.namespace, &["kft", topic]), "is ready", settled)
    }

    /// The folder that is a node's volume on the machine of the bed.
    pub(super) fn volume(&self, pod: &str) -> Result<PathBuf> {
        let claim = self.get(&["pvc", &format!("data-{pod}")])?;
        let name = claim["spec"]["volumeName"].as_str().with_context(|| format!("{pod} has no volume"))?;
        let volume = self.admin.get("default", &["pv", name])?;
        Ok(PathBuf::from(volume["spec"]["local"]["path"].as_str().context("a folder as a volume")?))
    }

    /// Brokers that hold replicas of a topic.
    pub(super) fn holders(&self, topic: &str) -> Result<Vec<u32>> {
        let described = self.run_tool("topics", &["--describe", "--topic", topic])?;
        let lists = described.split('\t').filter_map(|part| part.trim().strip_prefix("Replicas: "));
        let mut all: Vec<u32> =
            lists.flat_map(|list| list.split(',').filter_map(|id| id.trim().parse().ok())).collect();
        all.sort_unstable();
        all.dedup();
        ensure!(!all.is_empty(), "topics --describe: {described}");
        Ok(all)
    }

    /// All that helps to see why a story failed.
    pub(super) fn describe(&self) -> String {
        let ask = |arguments: &[&str]| self.kubectl(arguments).unwrap_or_else(|error| format!("{error:#}"));
        let operator = [
            "logs",
            "--namespace",
            "klamm",
            "--selector",
            "app.kubernetes.io/name=klamm-operator",
            "--tail=15",
        ];
        [
            ask(&["get", "kfc,kft,pods,pvc", "--output", "wide"]),
            ask(&["get", "kfc", self.name, "--output", "yaml"]),
            ask(&["get", "events.events.k8s.io", "--sort-by=.metadata.creationTimestamp"]),
            self.admin.run(&operator).unwrap_or_else(|error| format!("{error:#}")),
        ]
        .join("\n")
    }
}

/// Whether a pod is to stay with that many brokers. Controllers do.
fn stays(cluster: &str, pod: &str, brokers: u64) -> bool {
    let broker = pod.strip_prefix(cluster).and_then(|rest| rest.strip_prefix("-broker-"));
    broker.and_then(|id| id.parse::<u64>().ok()).is_none_or(|id| id < brokers)
}

/// Whether the resource is as its present spec wants it.
pub(super) fn settled(object: &Value) -> Result<(), String> {
    has_condition(object, "Ready")?;
    let seen = condition(object, "Ready").map(|ready| ready["observedGeneration"].clone());
    let generation = &object["metadata"]["generation"];
    if seen.as_ref() == Some(generation) { Ok(()) } else { Err(format!("seen is {seen:?} of {generation}")) }
}

/// A JSON string's text.
pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
