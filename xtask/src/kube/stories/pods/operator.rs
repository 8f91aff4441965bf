//! The operator from its chart, as a deployment of two; the other stories on pods need it.

use anyhow::{Result, ensure};

use crate::kube::bed::Bed;
use crate::kube::kubectl::items;
use crate::kube::{image_values, ready};

/// Installs it, unless that was done before.
pub(in crate::kube::stories) fn installed(bed: &mut Bed) -> Result<()> {
    let (is_there, _) =
        bed.admin().attempt(&["get", "deployment", "klamm-operator", "--namespace", "klamm"])?;
    if is_there { Ok(()) } else { ready(bed) }
}

pub(in crate::kube::stories) fn run(bed: &mut Bed) -> Result<()> {
    let admin = bed.admin().clone();
    let pods = admin.get("klamm", &["pods", "--selector", "app.kubernetes.io/name=klamm-operator"])?;
    let nodes: std::collections::BTreeSet<String> =
        items(&pods).map(|pod| pod["spec"]["nodeName"].to_string()).collect();
    ensure!(items(&pods).count() == 2 && nodes.len() == 2, "two operators on two nodes: {nodes:?}");
    admin.helm(&["test", "klamm-operator", "--namespace", "klamm", "--timeout", "3m"])?;
    // An upgrade with other values, and back: the operators are replaced, one of them leads.
    let chart = crate::oracle::cache::workspace().join("charts/klamm-operator").display().to_string();
    let images = image_values();
    let mut upgrade = vec![
        "upgrade",
        "klamm-operator",
        chart.as_str(),
        "--namespace",
        "klamm",
        "--wait",
        "--timeout",
        "5m",
    ];
    upgrade.extend(images.iter().map(String::as_str));
    admin.helm(&[&upgrade[..], &["--set", "logFormat=text,networkPolicy.enabled=true"]].concat())?;
    let lease = admin.get("klamm", &["lease", "klamm-operator"])?;
    ensure!(lease["spec"]["holderIdentity"].is_string(), "nobody holds the lease: {lease}");
    Ok(())
}
