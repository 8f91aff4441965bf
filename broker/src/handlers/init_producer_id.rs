//! InitProducerId (key 22), versions 0-5: an id for an idempotent producer.
//!
//! Transactional ids need the transaction coordinator, which this version does not serve: they are refused
//! (`docs/decisions/0022-transactional-ids.md`).

use klamm_protocol::ErrorCode;
use klamm_protocol::messages::{InitProducerIdRequest, InitProducerIdResponse};

use super::call::Call;
use super::errors::REFUSED_TRANSACTIONAL_ID;
use crate::producer_ids::NoBlock;

/// Gives an id.
pub async fn handle(call: Call, request: InitProducerIdRequest) -> InitProducerIdResponse {
    let mut response =
        InitProducerIdResponse { producer_id: -1, producer_epoch: -1, ..InitProducerIdResponse::default() };
    match give(&call, &request).await {
        Ok(id) => {
            response.producer_id = id;
            response.producer_epoch = 0;
        }
        Err(error) => response.error_code = error.code(),
    }
    response
}

async fn give(call: &Call, request: &InitProducerIdRequest) -> Result<i64, ErrorCode> {
    if let Some(id) = &request.transactional_id {
        return Err(if id.is_empty() { ErrorCode::InvalidRequest } else { REFUSED_TRANSACTIONAL_ID });
    }
    if (request.producer_id >= 0) != (request.producer_epoch >= 0) {
        return Err(ErrorCode::InvalidRequest);
    }
    let broker = call.node.broker_id();
    let registered = call.node.image.load().cluster().broker(broker).map(|found| (broker, found.epoch));
    let given = call.node.producer_ids.next(&call.node.forward, registered).await;
    given.map_err(|NoBlock| ErrorCode::CoordinatorLoadInProgress)
}
