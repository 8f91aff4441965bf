//! Ids for idempotent producers. They come in blocks from the controller, so that none is given twice in a cluster (Kafka:
//! `RPCProducerIdManager`, KIP-730).

use klamm_model::{BrokerEpoch, BrokerId};
use klamm_protocol::messages::AllocateProducerIdsRequest;
use parking_lot::Mutex;

use crate::pumps::controller_channel::{ControllerChannel, PATIENCE};

/// This broker is not registered, or the controller gave no block in time: an id may come later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoBlock;

/// Ids left of the newest block.
#[derive(Debug, Default)]
pub struct ProducerIds {
    /// Next id and the end of the block.
    block: Mutex<(i64, i64)>,
    /// One fetch of a block at a time; the others wait for it.
    fetching: tokio::sync::Mutex<()>,
}

impl ProducerIds {
    /// The next id. `broker` is this one as it is registered, if it is; it is asked of the controller only where the
    /// block is used up.
    pub async fn next(
        &self,
        controller: &ControllerChannel,
        broker: Option<(BrokerId, BrokerEpoch)>,
    ) -> Result<i64, NoBlock> {
        loop {
            if let Some(id) = self.take() {
                return Ok(id);
            }
            let _one = self.fetching.lock().await;
            if let Some(id) = self.take() {
                return Ok(id);
            }
            self.fetch(controller, broker.ok_or(NoBlock)?).await?;
        }
    }

    fn take(&self) -> Option<i64> {
        let mut block = self.block.lock();
        let (next, end) = *block;
        (next < end).then(|| {
            block.0 += 1;
            next
        })
    }

    async fn fetch(
        &self,
        controller: &ControllerChannel,
        (broker, epoch): (BrokerId, BrokerEpoch),
    ) -> Result<(), NoBlock> {
        let request = AllocateProducerIdsRequest {
            broker_id: broker.get(),
            broker_epoch: epoch.get(),
            ..AllocateProducerIdsRequest::default()
        };
        match controller.call(&request, PATIENCE).await {
            Ok(block) if block.error_code == 0 => {
                let start = block.producer_id_start;
                *self.block.lock() = (start, start + i64::from(block.producer_id_len));
                Ok(())
            }
            Ok(_) | Err(_) => Err(NoBlock),
        }
    }
}
