//! UnregisterBroker: forgets a broker, alive or not.

use klamm_model::BrokerId;
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::{UnregisterBrokerRecord, UnregisterBrokerResponse};

use super::budget::check_batch;
use super::leadership::BrokerEvent;
use super::view::View;
use super::{Append, Outcome, SoftChange};
use crate::image::Membership;
use crate::{ApiError, VersionedRecord};

impl View<'_> {
    pub(crate) fn unregister_broker(&self, broker: BrokerId) -> Outcome<UnregisterBrokerResponse> {
        let Some(registration) = self.cluster().broker(broker) else {
            let text = format!("Broker ID {broker} is not currently registered");
            return Outcome::refuse(ApiError::new(ErrorCode::BrokerIdNotRegistered, text));
        };
        let mut records = Vec::new();
        for test in [Membership::is_in_isr, Membership::is_in_elr] {
            let partitions = self.partitions_of(broker, test);
            self.follow_broker(BrokerEvent::Leaves(broker), &partitions, &mut records);
        }
        records.push(VersionedRecord::v0(UnregisterBrokerRecord {
            broker_id: broker.get(),
            broker_epoch: registration.epoch.get(),
            ..UnregisterBrokerRecord::default()
        }));
        if let Err(error) = check_batch(&records) {
            return Outcome::refuse(error);
        }
        let mut outcome = Outcome::of(records, Append::Splittable, UnregisterBrokerResponse::default());
        outcome.soft.push(SoftChange::Forget(broker));
        outcome
    }
}
