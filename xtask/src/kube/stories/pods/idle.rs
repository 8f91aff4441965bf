//! What operators take that look after twenty clusters which are all as specified. It is told, and asserted of the
//! clusters only: figures are the machine's.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::kube::bed::Bed;
use crate::kube::kubectl::{has_condition, items};
use crate::kube::process::await_some;

const NAMESPACE: &str = "idle";
const CLUSTERS: usize = 20;
/// How long twenty pods may take to be ready on one machine.
const PATIENCE: Duration = Duration::from_secs(900);
/// How long their operators are watched.
const WATCH: Duration = Duration::from_secs(120);
/// Ticks of `/proc/PID/stat` in a second.
const TICKS: f64 = 100.0;

pub(in crate::kube::stories) fn run(bed: &mut Bed) -> Result<()> {
    let admin = bed.admin().clone();
    admin.run(&["create", "namespace", NAMESPACE])?;
    let manifests: String = (0..CLUSTERS).map(manifest).collect();
    admin.apply(NAMESPACE, &manifests)?;
    let settled = || -> Result<Result<(), String>> {
        let clusters = admin.get(NAMESPACE, &["kfc"])?;
        let waiting = items(&clusters).filter_map(|cluster| has_condition(cluster, "Ready").err());
        let waiting: Vec<String> = waiting.collect();
        let all = items(&clusters).count() == CLUSTERS;
        Ok(if all && waiting.is_empty() {
            Ok(())
        } else {
            Err(format!("{} wait: {waiting:?}", waiting.len()))
        })
    };
    await_some("twenty clusters are ready", PATIENCE, settled)?;
    // Those who went last have a pass of their own yet.
    thread::sleep(Duration::from_secs(10));
    let (before, began) = (operators()?, Instant::now());
    thread::sleep(WATCH);
    let (after, seconds) = (operators()?, began.elapsed().as_secs_f64());
    ensure!(!after.is_empty(), "no operator runs");
    for now in &after {
        let Some(then) = before.iter().find(|one| one.pid == now.pid) else { continue };
        let busy = (now.cpu_seconds - then.cpu_seconds) / seconds * 100.0;
        println!(
            "  an operator beside {CLUSTERS} clusters: {:.1} MiB, {busy:.2} % of a processor",
            now.mebibytes
        );
    }
    settled()?.map_err(anyhow::Error::msg)?;
    admin.run(&["delete", "--namespace", NAMESPACE, "kfc", "--all", "--timeout=300s"])?;
    admin.run(&["delete", "namespace", NAMESPACE, "--timeout=300s"]).map(|_| ())
}

fn manifest(number: usize) -> String {
    format!(
        "---\napiVersion: klamm.dev/v1alpha1\nkind: KafkaCluster\nmetadata: {{name: still-{number}}}\nspec: {{brokers: \
         {{replicas: 1}}, controllers: {{mode: combined, replicas: 1}}, storage: {{volumes: [{{name: data, size: 1Gi}}], \
         onDelete: Delete}}}}\n"
    )
}

/// One operator's process.
struct Operator {
    pid: u32,
    mebibytes: f64,
    cpu_seconds: f64,
}

/// Processes of pods are seen from the bed.
fn operators() -> Result<Vec<Operator>> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let folder = entry?.path();
        let Some(pid) = folder.file_name().and_then(|name| name.to_str()?.parse().ok()) else { continue };
        let read = |file: &str| fs::read_to_string(folder.join(file)).unwrap_or_default();
        if read("comm").trim() != "klamm-operator" {
            continue;
        }
        let (status, stat) = (read("status"), read("stat"));
        let resident = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse().ok());
        let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().skip(11).take(2);
        let ticks: f64 = fields.filter_map(|field| field.parse::<f64>().ok()).sum();
        let Some(kibibytes): Option<f64> = resident else { continue };
        found.push(Operator { pid, mebibytes: kibibytes / 1_024.0, cpu_seconds: ticks / TICKS });
    }
    Ok(found)
}
