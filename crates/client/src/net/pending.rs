//! A request that was handed to its connection and waits for its answer.

use std::marker::PhantomData;

use bytes::Bytes;
use klamm_protocol::Request;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

use super::connection::Connection;
use super::frame;
use crate::error::ClientError;

/// Where the answer, or the reason there is none, arrives.
pub(super) type Reply = oneshot::Sender<Result<Bytes, ClientError>>;

/// An answer to come. Dropping it gives the answer up, not the request.
#[derive(Debug)]
pub struct Pending<R> {
    pub(super) connection: Connection,
    pub(super) answer: oneshot::Receiver<Result<Bytes, ClientError>>,
    pub(super) version: i16,
    pub(super) since: Instant,
    pub(super) deadline: Instant,
    pub(super) request: PhantomData<fn() -> R>,
}

impl<R: Request> Pending<R> {
    /// The version the request was written at.
    pub fn version(&self) -> i16 {
        self.version
    }

    /// Waits for the answer. Past its deadline the connection is given up: what follows on it would wait
    /// behind the same broker.
    pub async fn answer(self) -> Result<R::Response, ClientError> {
        match timeout_at(self.deadline, self.answer).await {
            Ok(Ok(frame)) => frame::decode::<R>(frame?, self.version),
            Ok(Err(_)) => Err(self.connection.lost("its task ended")),
            Err(_) => {
                let after_ms = self.since.elapsed().as_millis() as u64;
                let what = format!("{} on {}", R::KEY, self.connection.address());
                self.connection.poison(self.connection.lost("a request timed out"));
                Err(ClientError::Timeout { what, after_ms })
            }
        }
    }
}

/// A request without answer that waits to be written.
#[derive(Debug)]
pub(crate) struct Written {
    pub(super) connection: Connection,
    pub(super) written: oneshot::Receiver<Result<Bytes, ClientError>>,
}

impl Written {
    /// Waits until the request is handed to the operating system.
    pub(crate) async fn done(self) -> Result<(), ClientError> {
        match self.written.await {
            Ok(written) => written.map(drop),
            Err(_) => Err(self.connection.lost("its task ended")),
        }
    }
}
