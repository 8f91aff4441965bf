//! The administrator's calls: one method per API, each sent to whom it concerns, and tried again until the
//! deadline where the error may pass.
//!
//! Requests and answers are the protocol's own messages, since tools show all of them. Where one call is
//! spread over many brokers, the parts come back in one map.

mod answer;
mod brokers;
mod by_group;
mod by_leader;
mod configs;
mod group_offsets;
mod groups;
mod quorum;
mod security;
mod topics;
mod transactions;

use klamm_protocol::Request;
use tokio::time::Instant;

use answer::Answer;
pub(crate) use by_leader::{LeaderCall, ListOffsets, PerPartition, ask_leader};
pub use by_leader::{ListedOffset, OffsetSpec};
pub use group_offsets::GroupOffset;
pub(crate) use group_offsets::{LAST_WITH_NAMES, commit_topics, offsets_of};

use crate::cluster::{Cluster, CoordinatorKind, TopicSelection};
use crate::config::ClientConfig;
use crate::error::ClientError;

/// Administers a cluster. Clones share their connections.
#[derive(Clone, Debug)]
pub struct Admin {
    cluster: Cluster,
}

impl Admin {
    /// An administrator with connections of its own. Nothing is dialled yet.
    pub fn new(config: ClientConfig) -> Admin {
        Admin { cluster: Cluster::new(config) }
    }

    /// An administrator that shares the connections of `cluster`.
    pub fn on(cluster: Cluster) -> Admin {
        Admin { cluster }
    }

    /// The cluster's connections and metadata.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// `default.api.timeout.ms` as requests carry it.
    pub fn timeout_ms(&self) -> i32 {
        i32::try_from(self.cluster.config().default_api_timeout_ms).unwrap_or(i32::MAX)
    }

    /// Calls any broker, which passes on what concerns the controller; or the active controller, where the
    /// bootstrap list names controllers.
    async fn call<R>(&self, request: &R) -> Result<R::Response, ClientError>
    where
        R: Request,
        R::Response: Answer,
    {
        let deadline = self.cluster.default_deadline();
        let mut retries = self.cluster.retries(deadline);
        loop {
            let tried = match self.find_controllers().await {
                Ok(()) => checked(self.cluster.call_any(request, deadline).await),
                Err(error) => Err(error),
            };
            match tried {
                Ok(response) => return Ok(response),
                Err(error) => retries.after(error).await?,
            }
            self.cluster.refresh(TopicSelection::None).await.ok();
        }
    }

    /// Learns who the controllers are before the first call to one.
    async fn find_controllers(&self) -> Result<(), ClientError> {
        let by_controllers = !self.cluster.config().bootstrap_controllers.is_empty();
        if by_controllers && self.cluster.view().controller.is_none() {
            self.cluster.refresh(TopicSelection::None).await?;
        }
        Ok(())
    }

    /// Calls the broker `id`.
    async fn call_broker<R>(&self, id: i32, request: &R) -> Result<R::Response, ClientError>
    where
        R: Request,
        R::Response: Answer,
    {
        let deadline = self.cluster.default_deadline();
        let mut retries = self.cluster.retries(deadline);
        loop {
            match checked(self.cluster.call_broker(id, request, deadline).await) {
                Ok(response) => return Ok(response),
                Err(error) => retries.after(error).await?,
            }
        }
    }

    /// Calls the coordinator of `key`.
    async fn call_coordinator<R>(
        &self,
        kind: CoordinatorKind,
        key: &str,
        request: &R,
    ) -> Result<R::Response, ClientError>
    where
        R: Request,
        R::Response: Answer,
    {
        let deadline = self.cluster.default_deadline();
        let mut retries = self.cluster.retries(deadline);
        let key = key.into();
        loop {
            let tried = self.cluster.call_coordinator((kind, &key), request, deadline).await;
            match checked(tried) {
                Ok(response) => return Ok(response),
                Err(error) => {
                    if error.code().is_some() {
                        self.cluster.forget_coordinator(kind, &key);
                    }
                    retries.after(error).await?;
                }
            }
        }
    }

    /// The ids of all live brokers, from fresh metadata.
    async fn broker_ids(&self, deadline: Instant) -> Result<Vec<i32>, ClientError> {
        self.cluster.refresh_until(TopicSelection::None, deadline).await?;
        Ok(self.cluster.view().brokers.iter().map(|broker| broker.id).collect())
    }
}

/// Turns an answer that says "later" into an error that is tried again.
fn checked<A: Answer>(answer: Result<A, ClientError>) -> Result<A, ClientError> {
    let answer = answer?;
    match answer.passing_error() {
        Some(error) => Err(ClientError::kafka(error)),
        None => Ok(answer),
    }
}
