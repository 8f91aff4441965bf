//! AllocateProducerIds: a block of producer ids that no other broker gets.

use klamm_model::{BrokerEpoch, BrokerId};
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::{AllocateProducerIdsResponse, ProducerIdsRecord};

use super::view::View;
use super::{Append, Outcome};
use crate::{ApiError, VersionedRecord};

/// Ids in a block.
const BLOCK_LEN: i32 = 1000;

impl View<'_> {
    pub(crate) fn allocate_producer_ids(
        &self,
        broker: BrokerId,
        epoch: BrokerEpoch,
    ) -> Outcome<AllocateProducerIdsResponse> {
        if let Err(error) = self.check_broker_epoch(broker.get(), epoch.get()) {
            return Outcome::refuse(error);
        }
        let first = self.image().next_producer_id.map_or(0, |next| next.get());
        let Some(next) = first.checked_add(BLOCK_LEN.into()) else {
            let text = "Exhausted all producerIds as the next block's end producerId has exceeded the int64 type \
                        limit";
            return Outcome::refuse(ApiError::new(ErrorCode::UnknownServerError, text));
        };
        let record = ProducerIdsRecord {
            broker_id: broker.get(),
            broker_epoch: epoch.get(),
            next_producer_id: next,
            ..ProducerIdsRecord::default()
        };
        let reply = AllocateProducerIdsResponse {
            producer_id_start: first,
            producer_id_len: BLOCK_LEN,
            ..AllocateProducerIdsResponse::default()
        };
        Outcome::of(vec![VersionedRecord::v0(record)], Append::Splittable, reply)
    }
}
