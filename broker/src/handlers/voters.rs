//! AddRaftVoter (80), versions 0-1, and RemoveRaftVoter (81), version 0: an administrator changes the
//! voters of the metadata quorum (KIP-853). Brokers pass them on.
//!
//! 1: AckWhenCommitted (KIP-1186).

use klamm_metadata::ApiError;
use klamm_protocol::messages::{
    AddRaftVoterRequest, AddRaftVoterResponse, RemoveRaftVoterRequest, RemoveRaftVoterResponse,
};
use klamm_protocol::{ErrorCode, Request};

use super::call::Call;
use super::forward::{Asked, at_controller};
use crate::quorum::FromWire;
use crate::quorum::answer::ToWire;

/// Adds a voter.
pub async fn add(call: Call, request: AddRaftVoterRequest) -> AddRaftVoterResponse {
    change(&call, request).await.unwrap_or_else(|error| AddRaftVoterResponse {
        error_code: error.code.code(),
        error_message: error.text(),
        ..AddRaftVoterResponse::default()
    })
}

/// Removes a voter.
pub async fn remove(call: Call, request: RemoveRaftVoterRequest) -> RemoveRaftVoterResponse {
    change(&call, request).await.unwrap_or_else(|error| RemoveRaftVoterResponse {
        error_code: error.code.code(),
        error_message: error.text(),
        ..RemoveRaftVoterResponse::default()
    })
}

async fn change<R>(call: &Call, request: R) -> Result<R::Response, ApiError>
where
    R: Request + FromWire,
    R::Response: ToWire,
{
    let asked = Asked::by_client(call, request);
    let here = async || {
        let answer = super::quorum::ask(call, &asked.request).await;
        answer.ok_or_else(|| ApiError::plain(ErrorCode::BrokerNotAvailable))
    };
    at_controller(call, &asked, here).await
}
