//! Who coordinates which group or transaction.

use std::collections::HashMap;

use klamm_protocol::messages::FindCoordinatorRequest;
use klamm_protocol::{Request, Str};
use tokio::time::Instant;

use super::Cluster;
use super::pool::Lane;
use crate::error::ClientError;
use crate::net::Connection;

/// First version that asks for several keys at once.
const MANY_KEYS_FROM: i16 = 4;

/// What is coordinated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CoordinatorKind {
    /// A consumer group, by group id.
    Group,
    /// A transactional producer, by transactional id.
    Transaction,
}

impl CoordinatorKind {
    const fn code(self) -> i8 {
        match self {
            CoordinatorKind::Group => 0,
            CoordinatorKind::Transaction => 1,
        }
    }
}

/// Coordinators found so far.
pub(super) type Known = HashMap<(CoordinatorKind, Str), i32>;

impl Cluster {
    /// The coordinator of `key`, asked for where it is not known.
    pub async fn coordinator(&self, kind: CoordinatorKind, key: &Str) -> Result<i32, ClientError> {
        let known = self.inner.coordinators.lock().get(&(kind, key.clone())).copied();
        match known {
            Some(broker) => Ok(broker),
            None => self.find_coordinator(kind, key).await,
        }
    }

    async fn find_coordinator(&self, kind: CoordinatorKind, key: &Str) -> Result<i32, ClientError> {
        let connection = self.any_connection()?;
        let version = connection.ready().await?.highest::<FindCoordinatorRequest>(i16::MAX)?;
        let (one, many) = match version >= MANY_KEYS_FROM {
            true => (Str::default(), vec![key.clone()]),
            false => (key.clone(), Vec::new()),
        };
        let request = FindCoordinatorRequest {
            key: one,
            key_type: kind.code(),
            coordinator_keys: many,
            ..FindCoordinatorRequest::default()
        };
        let response = connection.call(&request).await?;
        let (broker, host, port) = if let Some(found) = response.coordinators.first() {
            ClientError::check_with(found.error_code, found.error_message.as_deref())?;
            (found.node_id, &found.host, found.port)
        } else {
            ClientError::check_with(response.error_code, response.error_message.as_deref())?;
            (response.node_id, &response.host, response.port)
        };
        if host.is_empty() {
            let missing = format!("the coordinator of {key}");
            return Err(ClientError::Incomplete { api: FindCoordinatorRequest::KEY, missing });
        }
        self.learn_broker(broker, host, port);
        self.inner.coordinators.lock().insert((kind, key.detached()), broker);
        Ok(broker)
    }

    /// Forgets a coordinator that said it is none, or that is not there any more.
    pub fn forget_coordinator(&self, kind: CoordinatorKind, key: &Str) {
        self.inner.coordinators.lock().remove(&(kind, key.clone()));
    }

    /// A connection to the coordinator of `key`.
    pub async fn coordinator_connection(
        &self,
        kind: CoordinatorKind,
        key: &Str,
        lane: Lane,
    ) -> Result<Connection, ClientError> {
        let broker = self.coordinator(kind, key).await?;
        self.find_connection(broker, lane).await
    }

    /// Calls the coordinator of `key`, once; after a failure to reach it the next call asks who it is.
    pub async fn call_coordinator<R: Request>(
        &self,
        (kind, key): (CoordinatorKind, &Str),
        request: &R,
        deadline: Instant,
    ) -> Result<R::Response, ClientError> {
        let connection = self.coordinator_connection(kind, key, Lane::Main).await?;
        let answer = connection.call_within(request, self.limit(deadline)).await;
        if answer.as_ref().is_err_and(ClientError::is_connection_error) {
            self.forget_coordinator(kind, key);
        }
        tracing::trace!(request = R::NAME, %key, ok = answer.is_ok(), "asked a coordinator");
        answer
    }
}
