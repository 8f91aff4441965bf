//! BrokerHeartbeat: fences, unfences and stops brokers.
//!
//! | state | the broker wants | then |
//! |---|---|---|
//! | fenced | to stop | it may stop |
//! | fenced | to serve, and has read its own registration | unfenced |
//! | unfenced | to be fenced | fenced, or it may stop if it wants that too |
//! | unfenced | to stop, and leads something | controlled shutdown: leaders move away |
//! | unfenced | to stop, and leads nothing | it may stop |
//! | controlled shutdown | | may stop once it leads nothing and all others have read so |
//!
//! A broker that may stop is fenced at once.

use klamm_model::{BrokerEpoch, BrokerId, Offset, Uuid};
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::{BrokerHeartbeatRequest, BrokerHeartbeatResponse, MetadataRecord};

use super::leadership::BrokerEvent;
use super::view::View;
use super::{Append, Outcome, SoftChange};
use crate::image::{BrokerRegistration, Membership};
use crate::{ApiError, VersionedRecord};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BrokerState {
    Fenced,
    Unfenced,
    ControlledShutdown,
    MayStop,
}

impl View<'_> {
    pub(crate) fn broker_heartbeat(
        &self,
        request: &BrokerHeartbeatRequest,
    ) -> Outcome<BrokerHeartbeatResponse> {
        let registered_at = BrokerId::new(request.broker_id).and_then(|id| self.state.registered_at(id));
        let Some(registered_at) = registered_at else {
            let text = format!("Receive a heartbeat from broker {} before registration", request.broker_id);
            return Outcome::refuse(ApiError::new(ErrorCode::StaleBrokerEpoch, text));
        };
        let registration = match self.check_broker_epoch(request.broker_id, request.broker_epoch) {
            Ok(registration) => registration,
            Err(error) => return Outcome::refuse(error),
        };
        let broker = registration.id;
        let read = Offset::new(request.current_metadata_offset);
        let caught_up = read >= Some(registered_at);
        let (now, next) = self.next_state(registration, request, caught_up);
        let mut records = Vec::new();
        if now != next {
            self.enter_state(broker, next, &mut records);
        }
        self.take_directories_offline(registration, &request.offline_log_dirs, &mut records);
        self.cordon(registration, request.cordoned_log_dirs.as_deref(), &mut records);
        let fenced = matches!(next, BrokerState::Fenced | BrokerState::MayStop);
        let reply = BrokerHeartbeatResponse {
            is_caught_up: caught_up,
            is_fenced: fenced,
            should_shut_down: next == BrokerState::MayStop,
            ..BrokerHeartbeatResponse::default()
        };
        let mut outcome = Outcome::of(records, Append::Splittable, reply);
        let epoch = registration.epoch;
        // Having changed, the broker has yet to read that it did.
        let changed =
            outcome.records.iter().any(|r| matches!(r.record, MetadataRecord::BrokerRegistrationChange(_)));
        let metadata_offset = read.filter(|_| !changed);
        outcome.soft.push(SoftChange::Heard { broker, epoch, at: self.at.now, metadata_offset });
        if fenced {
            outcome.soft.push(SoftChange::EndedShutdown(broker));
        }
        if next == BrokerState::ControlledShutdown {
            outcome.soft.push(SoftChange::StartedShutdown(broker));
        }
        outcome
    }

    fn next_state(
        &self,
        registration: &BrokerRegistration,
        request: &BrokerHeartbeatRequest,
        caught_up: bool,
    ) -> (BrokerState, BrokerState) {
        use BrokerState::{ControlledShutdown, Fenced, MayStop, Unfenced};
        let broker = registration.id;
        let leads = || self.image().topics.leads_any(broker);
        if let Some(offset) = self.sessions.shutdown_offset(broker) {
            let seen = !leads() && self.sessions.all_active_have_read(self.cluster(), offset);
            return (ControlledShutdown, if seen { MayStop } else { ControlledShutdown });
        }
        if registration.fenced {
            let next = match (request.want_shut_down, request.want_fence) {
                (true, _) => MayStop,
                (false, false) if caught_up => Unfenced,
                (false, _) => Fenced,
            };
            return (Fenced, next);
        }
        let next = match (request.want_shut_down, request.want_fence) {
            (true, true) => MayStop,
            (false, true) => Fenced,
            (true, false) if leads() => ControlledShutdown,
            (true, false) => MayStop,
            (false, false) => Unfenced,
        };
        (Unfenced, next)
    }

    fn enter_state(&self, broker: BrokerId, state: BrokerState, records: &mut Vec<VersionedRecord>) {
        match state {
            BrokerState::Fenced | BrokerState::MayStop => self.fence(broker, records),
            BrokerState::Unfenced => {
                records.push(self.registration_change(broker, 0, |record| record.fenced = -1));
                let leaderless: Vec<_> = self.image().topics.leaderless().collect();
                self.follow_broker(BrokerEvent::Arrives(broker), &leaderless, records);
            }
            BrokerState::ControlledShutdown => {
                let registration = self.cluster().broker(broker);
                if !registration.is_some_and(|registration| registration.in_controlled_shutdown) {
                    records.push(self.registration_change(broker, 1, |record| {
                        record.in_controlled_shutdown = 1;
                    }));
                }
                let in_sync = self.partitions_of(broker, Membership::is_in_isr);
                self.follow_broker(BrokerEvent::Leaves(broker), &in_sync, records);
            }
        }
    }

    fn take_directories_offline(
        &self,
        registration: &BrokerRegistration,
        offline: &[Uuid],
        records: &mut Vec<VersionedRecord>,
    ) {
        if !self.state.metadata_version().supports_directory_assignment() {
            return;
        }
        let (gone, left): (Vec<Uuid>, Vec<Uuid>) =
            registration.directories.iter().partition(|directory| offline.contains(directory));
        if gone.is_empty() {
            return;
        }
        let broker = registration.id;
        for directory in gone {
            let inside = self.partitions_in(broker, directory);
            self.follow_broker(BrokerEvent::Leaves(broker), &inside, records);
        }
        records.push(self.registration_change(broker, 2, |record| record.log_dirs = left));
    }

    fn cordon(
        &self,
        registration: &BrokerRegistration,
        cordoned: Option<&[Uuid]>,
        records: &mut Vec<VersionedRecord>,
    ) {
        let Some(cordoned) = cordoned else { return };
        if !self.state.metadata_version().supports_cordoned_log_dirs() {
            return;
        }
        let same = registration.cordoned.as_ref().is_some_and(|present| {
            present.iter().all(|directory| cordoned.contains(directory))
                && cordoned.iter().all(|directory| present.contains(directory))
        });
        if !same {
            records.push(self.registration_change(registration.id, 3, |record| {
                record.cordoned_log_dirs = Some(cordoned.to_vec());
            }));
        }
    }

    /// The registration of a broker that names itself and its epoch.
    pub(crate) fn check_broker_epoch(&self, id: i32, epoch: i64) -> Result<&BrokerRegistration, ApiError> {
        let stale = |text: String| Err(ApiError::new(ErrorCode::StaleBrokerEpoch, text));
        let Some(registration) = BrokerId::new(id).and_then(|id| self.cluster().broker(id)) else {
            return stale(format!("No broker registration found for broker id {id}"));
        };
        if BrokerEpoch::new(epoch) != Some(registration.epoch) {
            return stale(format!(
                "Expected broker epoch {}, but got broker epoch {epoch}",
                registration.epoch
            ));
        }
        Ok(registration)
    }
}
