//! A machine is cut off for a while; a machine is drained, taken away and put back; a machine is lost for good.

use std::collections::BTreeMap;
use std::process::{Child, Stdio};
use std::thread;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::cluster::{Cluster, SETTLES, text};
use crate::kube::bed::Bed;
use crate::kube::kubectl::{Kubectl, has_condition, items};
use crate::kube::process::{POLL, await_some};

pub(super) fn survives_a_cut(bed: &mut Bed, cluster: &Cluster) -> Result<()> {
    let before = cluster.ready_pods()?;
    let machine = bed.nodes.last().context("the bed has nodes")?;
    machine.cut()?;
    let admin = bed.admin().clone();
    admin.await_object(("default", &["node", machine.name()]), "is found lost", |machine| {
        if has_condition(machine, "Ready").is_err() { Ok(()) } else { Err("it is ready".to_owned()) }
    })?;
    machine.mend()?;
    cluster.settles("a machine that was cut off")?;
    let after = cluster.ready_pods()?;
    ensure!(after == before, "pods were replaced: {before:?} by {after:?}");
    Ok(())
}

/// All pods of a machine are evicted, as `kubectl drain` does it, at the pace that their budgets allow. Volumes are
/// bound to the machine, so each node begins anew on the other. Then the machine goes, and comes back.
pub(super) fn leaves_a_machine(bed: &mut Bed, cluster: &Cluster) -> Result<()> {
    let machine = bed.nodes.last().context("the bed has nodes")?.name().to_owned();
    let before = pods_on(cluster, &machine)?;
    let directories: BTreeMap<i64, Value> = before
        .keys()
        .map(|pod| ordinal(pod).and_then(|id| Ok((id, cluster.node(id)?["directoryIds"].clone()))))
        .collect::<Result<_>>()?;
    let mut drain = Drain::start(cluster, &machine)?;
    await_some("the machine is drained", SETTLES, || {
        for pod in stranded(cluster, &machine)? {
            // As whoever takes a machine away for good does: what its volumes hold is given up.
            cluster.kubectl(&[
                "delete",
                "pvc",
                &format!("data-{pod}"),
                "--wait=false",
                "--ignore-not-found",
            ])?;
        }
        drain.has_ended()
    })?;
    for (id, before) in directories {
        cluster.begins_anew(id, &before)?;
    }
    let left = pods_on(cluster, &machine)?;
    ensure!(left.is_empty(), "{left:?} are still on {machine}");
    let admin = cluster.admin.clone();
    let own = bed.nodes.last_mut().context("the bed has nodes")?;
    own.stop_kubelet();
    admin.run(&["delete", "node", &machine])?;
    let stood = cluster.ready_pods()?;
    cluster.settles("a machine that is gone")?.ensure_at_most(0)?;
    own.start_kubelet(&admin)?;
    own.await_ready(&admin)?;
    cluster.settles("a machine that came")?.ensure_at_most(0)?;
    ensure!(cluster.ready_pods()? == stood, "pods were replaced");
    Ok(())
}

/// A machine dies with a broker's volume, and its Node object is deleted, as a cloud does it: the broker begins anew on the
/// other without anybody's help. Later an empty machine of that name comes, where the dead broker's process still runs.
pub(super) fn loses_a_machine(bed: &mut Bed, cluster: &Cluster) -> Result<()> {
    cluster.kubectl(&["scale", "kafkacluster", "demo", "--replicas", "4"])?;
    cluster.settles("3 to 4 brokers")?;
    let machine = bed.nodes.last_mut().context("the bed has nodes")?;
    let name = machine.name().to_owned();
    let there = pods_on(cluster, &name)?;
    ensure!(there.keys().eq(["demo-broker-3"]), "{there:?} are on {name}");
    let before = cluster.node(3)?["directoryIds"].clone();
    machine.cut()?;
    machine.stop_kubelet();
    let admin = cluster.admin.clone();
    admin.run(&["delete", "node", &name])?;
    cluster.begins_anew(3, &before)?;
    ensure!(pods_on(cluster, &name)?.is_empty(), "pods are on a machine that is gone");
    machine.mend()?;
    machine.start_kubelet(&admin)?;
    machine.await_ready(&admin)?;
    cluster.settles("a machine that came")?;
    cluster.kubectl(&["scale", "kafkacluster", "demo", "--replicas", "3"])?;
    cluster.settles("4 to 3 brokers")?.ensure_at_most(0)
}

fn ordinal(pod: &str) -> Result<i64> {
    pod.rsplit('-').next().unwrap_or_default().parse().context("a pod's name ends with its ordinal")
}

/// The cluster's pods on a machine, with their uids.
fn pods_on(cluster: &Cluster, machine: &str) -> Result<BTreeMap<String, String>> {
    let pods = cluster.get(&["pods", "--selector", &format!("klamm.dev/cluster={}", cluster.name)])?;
    let there = items(&pods).filter(|pod| pod["spec"]["nodeName"] == machine);
    Ok(there.map(|pod| (text(&pod["metadata"]["name"]), text(&pod["metadata"]["uid"]))).collect())
}

/// Pods that have no machine, since their volumes are on this one.
fn stranded(cluster: &Cluster, machine: &str) -> Result<Vec<String>> {
    let pods = cluster.get(&["pods", "--selector", &format!("klamm.dev/cluster={}", cluster.name)])?;
    let waiting = items(&pods).filter(|pod| pod["spec"]["nodeName"].is_null());
    let mut stranded = Vec::new();
    for pod in waiting.map(|pod| text(&pod["metadata"]["name"])) {
        let claim = cluster.get(&["pvc", &format!("data-{pod}")])?;
        let volume = text(&claim["spec"]["volumeName"]);
        if claim["metadata"]["deletionTimestamp"].is_null() && volume.starts_with(&format!("{machine}-")) {
            stranded.push(pod);
        }
    }
    Ok(stranded)
}

/// A running `kubectl drain`.
struct Drain(Child);

impl Drain {
    fn start(cluster: &Cluster, machine: &str) -> Result<Drain> {
        let admin: &Kubectl = &cluster.admin;
        let mut command = admin.command(&["drain", machine, "--delete-emptydir-data", "--timeout=600s"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Drain(command.spawn().context("run kubectl drain")?))
    }

    fn has_ended(&mut self) -> Result<Result<(), String>> {
        thread::sleep(POLL);
        match self.0.try_wait()? {
            None => Ok(Err("pods are being evicted".to_owned())),
            Some(status) => {
                ensure!(status.success(), "kubectl drain: {status}");
                Ok(Ok(()))
            }
        }
    }
}

impl Drop for Drain {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}
