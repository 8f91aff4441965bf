//! Volumes grow while their nodes run.

use anyhow::{Result, ensure};
use serde_json::Value;

use super::cluster::{Cluster, text};
use crate::kube::bed::Bed;
use crate::kube::kubectl::items;

const SIZE: &str = "24Gi";

/// The operator asks for larger claims, and makes the StatefulSets anew around their pods. Here the bed is the volumes'
/// driver: they are folders, so all there is to do is to say that they are larger. The rest is the kubelets'.
pub(super) fn grow(_: &mut Bed, cluster: &Cluster) -> Result<()> {
    let before = cluster.ready_pods()?;
    cluster.edit(&format!(r#"{{"storage":{{"volumes":[{{"name":"data","size":"{SIZE}"}}]}}}}"#))?;
    for pod in before.keys() {
        let name = format!("data-{pod}");
        let claim = ["pvc", name.as_str()];
        let asked = |claim: &Value| has_size(&claim["spec"]["resources"]["requests"]);
        let claim = cluster.admin.await_object((cluster.namespace, &claim), "asks for more", asked)?;
        let volume = text(&claim["spec"]["volumeName"]);
        let patch = format!(r#"{{"spec":{{"capacity":{{"storage":"{SIZE}"}}}}}}"#);
        cluster.admin.run(&["patch", "pv", &volume, "--type", "merge", "--patch", &patch])?;
    }
    for pod in before.keys() {
        let name = format!("data-{pod}");
        let claim = (cluster.namespace, &["pvc", name.as_str()][..]);
        cluster.admin.await_object(claim, "has more", |claim| has_size(&claim["status"]["capacity"]))?;
    }
    cluster.settles("volumes that grew")?.ensure_at_most(0)?;
    let sets = cluster.get(&["statefulsets"])?;
    for set in items(&sets) {
        let template = &set["spec"]["volumeClaimTemplates"][0]["spec"]["resources"]["requests"];
        ensure!(has_size(template).is_ok(), "the next pods of {} get {template}", set["metadata"]["name"]);
    }
    ensure!(cluster.ready_pods()? == before, "pods were replaced");
    Ok(())
}

fn has_size(sizes: &Value) -> Result<(), String> {
    if sizes["storage"] == SIZE { Ok(()) } else { Err(format!("it is {}", sizes["storage"])) }
}
