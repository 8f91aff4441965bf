//! The objects of a cluster as the API server has them now.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::StatefulSet;
use k8s_openapi::api::core::v1::{ConfigMap, PersistentVolumeClaim, Pod};
use klamm_model::NodeId;
use kube::api::ListParams;
use kube::{Api, Client, ResourceExt as _};

use super::machines::stranded;
use crate::resources::{LABEL_CLUSTER, NodeFile, Site, StatefulRole, read_node_files};

/// One pass's objects.
#[derive(Clone, Debug, Default)]
pub struct Children {
    /// By role.
    pub sets: BTreeMap<StatefulRole, StatefulSet>,
    /// By role.
    pub maps: BTreeMap<StatefulRole, ConfigMap>,
    /// By node.
    pub pods: BTreeMap<NodeId, Pod>,
    /// By name.
    pub claims: BTreeMap<String, PersistentVolumeClaim>,
    /// Nodes whose volumes were on a machine that is no more, which is named.
    pub stranded: BTreeMap<NodeId, String>,
}

impl Children {
    /// Reads all of them. Four requests, answered from the API server's store, and more only where a pod finds no place.
    pub async fn read(client: &Client, site: &Site<'_>) -> Result<Children, kube::Error> {
        let of_cluster = ListParams::default().labels(&format!("{LABEL_CLUSTER}={}", site.name()));
        let sets: Api<StatefulSet> = Api::namespaced(client.clone(), site.namespace);
        let maps: Api<ConfigMap> = Api::namespaced(client.clone(), site.namespace);
        let pods: Api<Pod> = Api::namespaced(client.clone(), site.namespace);
        let claims: Api<PersistentVolumeClaim> = Api::namespaced(client.clone(), site.namespace);
        let (sets, maps, pods, claims) = tokio::try_join!(
            sets.list(&of_cluster),
            maps.list(&of_cluster),
            pods.list(&of_cluster),
            claims.list(&of_cluster),
        )?;
        let role_named =
            |name: String| StatefulRole::ALL.into_iter().find(|role| site.set_name(*role) == name);
        let pods = pods.items.into_iter().filter_map(|pod| Some((node_of(site, &pod)?, pod)));
        let mut children = Children {
            sets: sets.items.into_iter().filter_map(|set| Some((role_named(set.name_any())?, set))).collect(),
            maps: maps.items.into_iter().filter_map(|map| Some((role_named(map.name_any())?, map))).collect(),
            pods: pods.collect(),
            claims: claims.items.into_iter().map(|claim| (claim.name_any(), claim)).collect(),
            stranded: BTreeMap::new(),
        };
        children.stranded = stranded(client, site, &children).await?;
        Ok(children)
    }

    /// What the ConfigMaps say to each node.
    pub fn files(&self) -> BTreeMap<NodeId, NodeFile> {
        self.maps.values().flat_map(read_node_files).collect()
    }

    /// Pods that a role's StatefulSet is to have: what it says, or what is left of it where it was
    /// deleted to be made anew.
    pub fn replicas(&self, site: &Site<'_>, role: StatefulRole) -> i32 {
        let said = self.sets.get(&role).and_then(|set| set.spec.as_ref()?.replicas);
        let first = site.first_id(role);
        let of_role = self.pods.keys().filter(|id| site.role_of(**id) == role);
        let left = of_role.map(|id| id.get() - first + 1).max().unwrap_or(0);
        if self.sets.contains_key(&role) { said.unwrap_or(1) } else { left }
    }
}

/// The node of a pod: the number at the end of its name, in a set of ours.
fn node_of(site: &Site<'_>, pod: &Pod) -> Option<NodeId> {
    let name = pod.metadata.name.as_deref()?;
    let id = NodeId::new(name.rsplit_once('-')?.1.parse().ok()?)?;
    (site.pod_name(id) == name).then_some(id)
}
