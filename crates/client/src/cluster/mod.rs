//! Which brokers, topics and coordinators there are, and a connection to each.

mod backoff;
mod coordinators;
mod pool;
mod refresh;
mod view;

use std::sync::Arc;
use std::time::Duration;

use klamm_protocol::{ErrorCode, Request};
use parking_lot::Mutex;
use tokio::time::Instant;

pub(crate) use backoff::Backoff;
pub use backoff::Retries;
pub use coordinators::CoordinatorKind;
use pool::Pool;
pub use pool::{Lane, Target};
pub use refresh::{AutoCreate, TopicSelection};
pub use view::{BrokerView, MetadataView, PartitionView, TopicView};

use crate::config::ClientConfig;
use crate::error::ClientError;
use crate::net::Connection;

/// A cluster as a client sees it. Clones share connections and metadata; the connections end with the last.
#[derive(Clone, Debug)]
pub struct Cluster {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    config: Arc<ClientConfig>,
    pool: Mutex<Pool>,
    view: Mutex<Arc<MetadataView>>,
    coordinators: Mutex<coordinators::Known>,
}

impl Cluster {
    /// A cluster to be found through the bootstrap list. Nothing is dialled yet.
    pub fn new(config: ClientConfig) -> Cluster {
        let config = Arc::new(config);
        let inner = Inner {
            pool: Mutex::new(Pool::new(Arc::clone(&config))),
            config,
            view: Mutex::default(),
            coordinators: Mutex::default(),
        };
        Cluster { inner: Arc::new(inner) }
    }

    /// The settings of its connections.
    pub fn config(&self) -> &ClientConfig {
        &self.inner.config
    }

    /// The metadata of the last refresh; empty before the first.
    pub fn view(&self) -> Arc<MetadataView> {
        Arc::clone(&self.inner.view.lock())
    }

    /// The time by which a call that starts now must end.
    pub fn default_deadline(&self) -> Instant {
        Instant::now() + self.inner.config.default_api_timeout()
    }

    /// Counts the tries of one call and waits between them.
    pub fn retries(&self, deadline: Instant) -> Retries {
        Retries::new(&self.inner.config, deadline)
    }

    /// A connection to any broker: one that is in use and least busy, else one that did not fail lately.
    pub fn any_connection(&self) -> Result<Connection, ClientError> {
        let view = self.view();
        self.inner.pool.lock().any(&view)
    }

    /// A connection to a broker that the metadata names.
    pub fn connection(&self, broker: i32, lane: Lane) -> Result<Connection, ClientError> {
        let view = self.view();
        let Some(found) = view.broker(broker) else {
            return Err(ClientError::kafka(ErrorCode::BrokerNotAvailable));
        };
        Ok(self.inner.pool.lock().get(Target::Broker(broker), lane, &found.endpoint))
    }

    /// As [`Cluster::connection`], after a refresh where the metadata does not name the broker.
    pub async fn find_connection(&self, broker: i32, lane: Lane) -> Result<Connection, ClientError> {
        if self.view().broker(broker).is_none() {
            self.refresh(TopicSelection::None).await?;
        }
        self.connection(broker, lane)
    }

    /// Calls any broker, once. With controllers as bootstrap, the active one.
    pub async fn call_any<R: Request>(
        &self,
        request: &R,
        deadline: Instant,
    ) -> Result<R::Response, ClientError> {
        let connection = match self.active_controller() {
            Some(controller) => self.connection(controller, Lane::Main)?,
            None => self.any_connection()?,
        };
        connection.call_within(request, self.limit(deadline)).await
    }

    fn active_controller(&self) -> Option<i32> {
        if self.inner.config.bootstrap_controllers.is_empty() {
            return None;
        }
        self.view().controller
    }

    /// Calls one broker, once.
    pub async fn call_broker<R: Request>(
        &self,
        broker: i32,
        request: &R,
        deadline: Instant,
    ) -> Result<R::Response, ClientError> {
        let connection = self.find_connection(broker, Lane::Main).await?;
        connection.call_within(request, self.limit(deadline)).await
    }

    /// The time one request may take of what is left until `deadline`.
    pub(crate) fn limit(&self, deadline: Instant) -> Duration {
        self.inner.config.request_timeout().min(deadline.saturating_duration_since(Instant::now()))
    }
}
