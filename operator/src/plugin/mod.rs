//! `kubectl klamm`: what people ask about a cluster. It speaks to the API server alone, with the rights of who
//! calls it; what only the operator can see (the plan) it reads from the operator's page through the API
//! server. What it changes are wishes: annotations that ask for a restart, fence nodes or let a topic be adopted,
//! and `spec.suspend`.

mod adopt;
mod certs;
mod fence;
mod logs;
mod plan;
mod report;
mod restart;
mod status;
mod suspend;

pub use adopt::adopt;
pub use certs::certs;
pub use fence::{fence, unfence};
pub use logs::logs;
pub use plan::{diagnose, drain, plan};
pub use report::report;
pub use restart::restart;
pub use status::status;
pub use suspend::{hibernate, resume};

use k8s_openapi::api::core::v1::Pod;
use kube::api::ListParams;
use kube::{Api, Client, ResourceExt as _};

use crate::objects::KafkaCluster;
use crate::resources::LABEL_CLUSTER;

/// Why a command cannot be carried out.
#[derive(Debug, thiserror::Error)]
pub enum PluginError {
    /// The API server did not answer, or refused.
    #[error("the API server: {0}")]
    Kube(#[from] kube::Error),
    /// A sentence for who called.
    #[error("{0}")]
    Refused(String),
}

/// A cluster by namespace and name.
#[derive(Clone)]
pub struct Asked {
    /// The API server.
    pub client: Client,
    /// Where the cluster is.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Where the operator is; looked for in all namespaces if absent.
    pub operator_namespace: Option<String>,
}

impl Asked {
    async fn cluster(&self) -> Result<KafkaCluster, PluginError> {
        let api: Api<KafkaCluster> = Api::namespaced(self.client.clone(), &self.namespace);
        let missing = || {
            PluginError::Refused(format!(
                "there is no KafkaCluster {} in the namespace {}",
                self.name, self.namespace
            ))
        };
        api.get_opt(&self.name).await?.ok_or_else(missing)
    }

    /// Its pods, by name.
    async fn pods(&self) -> Result<Vec<Pod>, PluginError> {
        let api: Api<Pod> = Api::namespaced(self.client.clone(), &self.namespace);
        let mut pods = api.list(&self.of_cluster()).await?.items;
        pods.sort_by_key(|pod| node_of(&pod.name_any()));
        Ok(pods)
    }

    /// The pod of a node.
    async fn pod_of(&self, node: i32) -> Result<Pod, PluginError> {
        let pods = self.pods().await?;
        let known: Vec<String> =
            pods.iter().filter_map(|pod| node_of(&pod.name_any())).map(|id| id.to_string()).collect();
        let found = pods.into_iter().find(|pod| node_of(&pod.name_any()) == Some(node));
        found.ok_or_else(|| {
            PluginError::Refused(format!("{} has no pod of a node {node}: {}", self.name, known.join(", ")))
        })
    }

    fn of_cluster(&self) -> ListParams {
        ListParams::default().labels(&format!("{LABEL_CLUSTER}={}", self.name))
    }
}

/// The node of a pod.
fn node_of(pod: &str) -> Option<i32> {
    pod.rsplit_once('-')?.1.parse().ok()
}

/// Rows as columns, two spaces apart.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell_and_lines_end_without_spaces() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        assert_eq!(table(&[row(&["A", "BB"]), row(&["long", ""])]), "A     BB\nlong\n");
        assert_eq!(table(&[]), "");
    }
}
