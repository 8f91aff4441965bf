//! Asks a broker for metadata, or a controller for the quorum, and puts the answer into the view.

use std::collections::BTreeMap;
use std::sync::Arc;

use klamm_config::HostPort;
use klamm_model::{LeaderEpoch, TopicPartition};
use klamm_protocol::messages::metadata_request::MetadataRequestTopic;
use klamm_protocol::messages::{DescribeClusterRequest, MetadataRequest, MetadataResponse};
use klamm_protocol::{ErrorCode, Str};
use tokio::time::Instant;

use super::Cluster;
use super::view::{BrokerView, MetadataView};
use crate::error::ClientError;

/// DescribeCluster's number for controllers.
const CONTROLLERS: i8 = 2;

/// Whether a topic that is asked for and does not exist is created, where the brokers allow that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AutoCreate {
    /// It is.
    Allowed,
    /// It is not.
    Never,
}

/// Which topics to ask for.
#[derive(Clone, Debug)]
pub enum TopicSelection {
    /// None: the brokers alone.
    None,
    /// All there are.
    All,
    /// These.
    Named(Vec<Str>, AutoCreate),
}

impl Cluster {
    /// Refreshes the view with one request to any broker, and returns the errors of the topics asked for.
    pub async fn refresh(&self, topics: TopicSelection) -> Result<BTreeMap<Str, ErrorCode>, ClientError> {
        if !self.inner.config.bootstrap_controllers.is_empty() {
            self.refresh_controllers().await?;
            return Ok(BTreeMap::new());
        }
        let request = MetadataRequest {
            topics: match &topics {
                TopicSelection::None => Some(Vec::new()),
                TopicSelection::All => None,
                TopicSelection::Named(names, _) => Some(names.iter().map(named).collect()),
            },
            allow_auto_topic_creation: matches!(topics, TopicSelection::Named(_, AutoCreate::Allowed)),
            ..MetadataRequest::default()
        };
        let response = self.any_connection()?.call(&request).await?;
        ClientError::check(response.error_code)?;
        self.apply(&response, matches!(topics, TopicSelection::All));
        let errors = response.topics.iter().filter_map(|topic| {
            let error = ErrorCode::from_i16(topic.error_code).unwrap_or(ErrorCode::UnknownServerError);
            topic.name.as_ref().map(|name| (name.detached(), error)).filter(|_| !error.is_none())
        });
        Ok(errors.collect())
    }

    /// As [`Cluster::refresh`], until it succeeds or time is up.
    pub async fn refresh_until(
        &self,
        topics: TopicSelection,
        deadline: Instant,
    ) -> Result<BTreeMap<Str, ErrorCode>, ClientError> {
        let mut retries = self.retries(deadline);
        loop {
            match self.refresh(topics.clone()).await {
                Ok(errors) => return Ok(errors),
                Err(error) => retries.after(error).await?,
            }
        }
    }

    /// Takes over an answer; with `all` it names every topic there is.
    pub(crate) fn apply(&self, response: &MetadataResponse, all: bool) {
        let brokers = response.brokers.iter().map(|broker| BrokerView {
            id: broker.node_id,
            endpoint: endpoint(&broker.host, broker.port),
            rack: broker.rack.as_ref().map(|rack| rack.to_string()),
        });
        self.change(|view| {
            view.cluster_id = response.cluster_id.as_ref().map(|id| id.to_string());
            view.set_brokers(brokers.collect());
            for topic in &response.topics {
                view.set_topic(topic);
            }
            if all {
                let names: Vec<Arc<str>> = response
                    .topics
                    .iter()
                    .filter_map(|topic| topic.name.as_ref().map(|name| Arc::from(name.as_str())))
                    .collect();
                view.retain_topics(&names);
            }
        });
        let view = self.view();
        self.inner.pool.lock().retain(&view);
    }

    async fn refresh_controllers(&self) -> Result<(), ClientError> {
        let request =
            DescribeClusterRequest { endpoint_type: CONTROLLERS, ..DescribeClusterRequest::default() };
        let response = self.any_connection()?.call(&request).await?;
        ClientError::check_with(response.error_code, response.error_message.as_deref())?;
        let nodes = response.brokers.iter().map(|node| BrokerView {
            id: node.broker_id,
            endpoint: endpoint(&node.host, node.port),
            rack: None,
        });
        self.change(|view| {
            view.cluster_id = Some(response.cluster_id.to_string());
            view.controller = Some(response.controller_id).filter(|id| *id >= 0);
            view.set_brokers(nodes.collect());
        });
        Ok(())
    }

    /// Takes over a leader that an answer of another broker named; true if it was news.
    pub(crate) fn learn_leader(&self, at: &TopicPartition, leader: i32, epoch: i32) -> bool {
        let (true, Some(epoch)) = (leader >= 0, LeaderEpoch::new(epoch)) else { return false };
        if self.view().broker(leader).is_none() {
            return false;
        }
        let mut news = false;
        self.change(|view| news = view.set_leader(at, leader, epoch));
        news
    }

    /// Takes over where a broker is, named by an answer about something else.
    pub(crate) fn learn_broker(&self, id: i32, host: &str, port: i32) {
        let endpoint = endpoint(host, port);
        if self.view().broker(id).is_none_or(|known| known.endpoint != endpoint) {
            self.change(|view| view.set_broker(BrokerView { id, endpoint, rack: None }));
        }
    }

    fn change(&self, change: impl FnOnce(&mut MetadataView)) {
        change(Arc::make_mut(&mut self.inner.view.lock()));
    }
}

fn named(name: &Str) -> MetadataRequestTopic {
    MetadataRequestTopic { name: Some(name.clone()), ..MetadataRequestTopic::default() }
}

/// A port out of range can only come from a broken broker; it is refused when it is dialled.
fn endpoint(host: &str, port: i32) -> HostPort {
    HostPort { host: host.to_owned(), port: u16::try_from(port).unwrap_or(0) }
}
