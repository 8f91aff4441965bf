//! The cluster side: what a cluster tells of itself over Kafka's wire, and what it is asked to do.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::future::BoxFuture;
use klamm_client::{Admin, ClientConfig};
use klamm_cluster_ops::{execute_on_cluster, observe_cluster};
use klamm_lifecycle::{Action, ClusterView};
use parking_lot::Mutex;

/// Longest wait for an answer of the cluster, in milliseconds.
const CALL_MS: u64 = 10_000;
/// Longest time for looking at a whole cluster.
const LOOK: Duration = Duration::from_secs(30);

/// A cluster by the uid of its resource, and the brokers that are ready, as `host:port`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The resource's uid.
    pub uid: String,
    /// Where to begin; empty while no broker is ready.
    pub bootstrap: Vec<String>,
}

/// What a reconciler needs of clusters.
pub trait Wire: Send + Sync {
    /// What the cluster tells; unknown if it does not answer in whole.
    fn observe<'a>(&'a self, target: &'a Target) -> BoxFuture<'a, ClusterView>;
    /// Carries out an action that concerns the cluster. Safe to repeat.
    fn execute<'a>(&'a self, target: &'a Target, action: &'a Action) -> BoxFuture<'a, Result<(), String>>;
    /// Closes what is open to a cluster that is gone.
    fn forget(&self, uid: &str);
}

/// Kafka's wire, with one client for each cluster.
#[derive(Debug, Default)]
pub struct KafkaWire {
    admins: Mutex<HashMap<String, (Vec<String>, Admin)>>,
}

impl KafkaWire {
    /// The client of a cluster; a new one when other brokers are ready than before.
    fn admin(&self, target: &Target) -> Option<Admin> {
        if target.bootstrap.is_empty() {
            return None;
        }
        let mut admins = self.admins.lock();
        if let Some((known, admin)) = admins.get(&target.uid)
            && *known == target.bootstrap
        {
            return Some(admin.clone());
        }
        let mut config = ClientConfig::new(&target.bootstrap.join(",")).ok()?;
        config.client_id = "klamm-operator".to_owned();
        config.default_api_timeout_ms = CALL_MS;
        config.request_timeout_ms = CALL_MS;
        let admin = Admin::new(config);
        admins.insert(target.uid.clone(), (target.bootstrap.clone(), admin.clone()));
        Some(admin)
    }
}

impl Wire for KafkaWire {
    fn observe<'a>(&'a self, target: &'a Target) -> BoxFuture<'a, ClusterView> {
        Box::pin(async move {
            let Some(admin) = self.admin(target) else { return ClusterView::Unknown };
            match tokio::time::timeout(LOOK, observe_cluster(&admin)).await {
                Ok(Ok(cluster)) => ClusterView::Known(cluster),
                Ok(Err(error)) => {
                    tracing::info!(uid = target.uid, %error, "the cluster does not answer");
                    ClusterView::Unknown
                }
                Err(_) => {
                    tracing::info!(uid = target.uid, "the cluster takes too long to answer");
                    ClusterView::Unknown
                }
            }
        })
    }

    fn execute<'a>(&'a self, target: &'a Target, action: &'a Action) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            let admin = self.admin(target).ok_or("no broker is ready")?;
            match execute_on_cluster(&admin, action).await {
                Ok(true) => Ok(()),
                Ok(false) => Err(format!("{action} does not concern the cluster")),
                Err(error) => Err(error.to_string()),
            }
        })
    }

    fn forget(&self, uid: &str) {
        self.admins.lock().remove(uid);
    }
}
