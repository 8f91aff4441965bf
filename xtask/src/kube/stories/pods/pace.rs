//! How long it takes to have a cluster, and to restart its brokers one by one. Told, and asserted of the cluster only:
//! times are the machine's.

use std::time::Instant;

use anyhow::{Result, ensure};

use super::cluster::Cluster;
use crate::kube::bed::Bed;
use crate::oracle::cache;

const NAMESPACE: &str = "pace";
const ROUNDS: usize = 3;

pub(in crate::kube::stories) fn run(bed: &mut Bed) -> Result<()> {
    let cluster = Cluster::new(bed, NAMESPACE, "demo")?;
    for round in 1..=ROUNDS {
        cluster.admin.run(&["create", "namespace", NAMESPACE])?;
        let began = Instant::now();
        let example = cache::workspace().join("examples/kubernetes.yaml").display().to_string();
        cluster.kubectl(&["apply", "--filename", &example])?;
        cluster.settles("from apply to three brokers and three controllers")?;
        cluster.topic_settles("orders")?;
        let applied = began.elapsed();
        let (before, began) = (cluster.ready_pods()?, Instant::now());
        for broker in 0..3 {
            cluster.ask("restart", &[&broker.to_string(), "--reason", "its pace is measured"])?;
        }
        cluster.admin.await_object((NAMESPACE, &["kfc", "demo"]), "rolls", |cluster| {
            let kind = &cluster["status"]["operation"]["kind"];
            if kind == "Roll" { Ok(()) } else { Err(format!("operation: {kind}")) }
        })?;
        cluster.settles("three brokers restarted one by one")?.ensure_at_most(1)?;
        let rolled = began.elapsed();
        let after = cluster.ready_pods()?;
        let restarted = before.iter().filter(|(pod, uid)| after.get(*pod) != Some(uid)).count();
        ensure!(restarted == 3, "{restarted} pods were restarted");
        println!(
            "  round {round}: from apply to ready with its topic {:.1} s, three brokers restarted {:.1} s",
            applied.as_secs_f64(),
            rolled.as_secs_f64()
        );
        cluster.kubectl(&["delete", "kft,kfc", "--all", "--timeout=180s"])?;
        cluster.kubectl(&["wait", "pods", "--all", "--for=delete", "--timeout=180s"])?;
        cluster.admin.run(&["delete", "namespace", NAMESPACE, "--timeout=180s"])?;
    }
    Ok(())
}
