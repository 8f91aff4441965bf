//! InitProducerId (key 22), versions 0-5: an id for an idempotent producer. Ids come in blocks from
//! the controller, so that none is given twice in a cluster.
//!
//! Transactional ids need the transaction coordinator, which this version does not serve: they are refused
//! (`docs/decisions/0022-transactional-ids.md`).

use klamm_protocol::ErrorCode;
use klamm_protocol::messages::{AllocateProducerIdsRequest, InitProducerIdRequest, InitProducerIdResponse};
use parking_lot::Mutex;

use super::call::Call;
use super::errors::REFUSED_TRANSACTIONAL_ID;
use crate::pumps::controller_channel::PATIENCE;

/// Ids left of the newest block.
#[derive(Debug, Default)]
pub struct ProducerIds {
    /// Next id and the end of the block.
    block: Mutex<(i64, i64)>,
    /// One fetch of a block at a time; the others wait for it.
    fetching: tokio::sync::Mutex<()>,
}

impl ProducerIds {
    fn take(&self) -> Option<i64> {
        let mut block = self.block.lock();
        let (next, end) = *block;
        (next < end).then(|| {
            block.0 += 1;
            next
        })
    }
}

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
    let ids = &call.node.producer_ids;
    loop {
        if let Some(id) = ids.take() {
            return Ok(id);
        }
        let _one = ids.fetching.lock().await;
        if let Some(id) = ids.take() {
            return Ok(id);
        }
        fetch(call).await?;
    }
}

async fn fetch(call: &Call) -> Result<(), ErrorCode> {
    let image = call.node.image.load();
    let broker = call.node.broker_id();
    let registered = image.cluster().broker(broker).ok_or(ErrorCode::CoordinatorLoadInProgress)?;
    let request = AllocateProducerIdsRequest {
        broker_id: broker.get(),
        broker_epoch: registered.epoch.get(),
        ..AllocateProducerIdsRequest::default()
    };
    match call.node.forward.call(&request, PATIENCE).await {
        Ok(block) if block.error_code == 0 => {
            let start = block.producer_id_start;
            *call.node.producer_ids.block.lock() = (start, start + i64::from(block.producer_id_len));
            Ok(())
        }
        Ok(_) | Err(_) => Err(ErrorCode::CoordinatorLoadInProgress),
    }
}
