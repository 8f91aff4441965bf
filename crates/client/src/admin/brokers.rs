//! Brokers: their log directories, what they speak, and taking them out of the cluster.

use klamm_protocol::messages::{
    AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse, DescribeClusterRequest, DescribeClusterResponse,
    DescribeLogDirsRequest, DescribeLogDirsResponse, UnregisterBrokerRequest, UnregisterBrokerResponse,
    UnregisterControllerRequest, UnregisterControllerResponse,
};

use super::Admin;
use crate::cluster::{Lane, TopicSelection};
use crate::error::ClientError;
use crate::net::BrokerVersions;

impl Admin {
    /// DescribeCluster.
    pub async fn describe_cluster(
        &self,
        request: &DescribeClusterRequest,
    ) -> Result<DescribeClusterResponse, ClientError> {
        self.call(request).await
    }

    /// DescribeLogDirs of one broker.
    pub async fn describe_log_dirs(
        &self,
        broker: i32,
        request: &DescribeLogDirsRequest,
    ) -> Result<DescribeLogDirsResponse, ClientError> {
        self.call_broker(broker, request).await
    }

    /// AlterReplicaLogDirs of one broker.
    pub async fn alter_replica_log_dirs(
        &self,
        broker: i32,
        request: &AlterReplicaLogDirsRequest,
    ) -> Result<AlterReplicaLogDirsResponse, ClientError> {
        self.call_broker(broker, request).await
    }

    /// UnregisterBroker.
    pub async fn unregister_broker(
        &self,
        request: &UnregisterBrokerRequest,
    ) -> Result<UnregisterBrokerResponse, ClientError> {
        self.call(request).await
    }

    /// UnregisterController.
    pub async fn unregister_controller(
        &self,
        request: &UnregisterControllerRequest,
    ) -> Result<UnregisterControllerResponse, ClientError> {
        self.call(request).await
    }

    /// ApiVersions of one broker: what it told when it was connected to.
    pub async fn api_versions(&self, broker: i32) -> Result<BrokerVersions, ClientError> {
        let mut retries = self.cluster.retries(self.cluster.default_deadline());
        loop {
            let told = async {
                let connection = self.cluster.find_connection(broker, Lane::Main).await?;
                connection.ready().await
            };
            match told.await {
                Ok(versions) => return Ok(versions.as_ref().clone()),
                Err(error) => retries.after(error).await?,
            }
        }
    }

    /// The supported and finalized features, as any broker, or the active controller, tells them.
    pub async fn describe_features(&self) -> Result<BrokerVersions, ClientError> {
        let mut retries = self.cluster.retries(self.cluster.default_deadline());
        loop {
            let told = async {
                self.cluster.refresh(TopicSelection::None).await?;
                let connection = match self.cluster.view().controller {
                    Some(controller) => self.cluster.connection(controller, Lane::Main)?,
                    None => self.cluster.any_connection()?,
                };
                // Asked anew: what was told at the connection's start may have changed.
                let answer = connection.call(&crate::net::versions_request()).await?;
                ClientError::check(answer.error_code)?;
                Ok(BrokerVersions::new(answer))
            };
            match told.await {
                Ok(versions) => return Ok(versions),
                Err(error) => retries.after(error).await?,
            }
        }
    }
}
