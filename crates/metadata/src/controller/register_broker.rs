//! BrokerRegistration: a broker's first word after each start.
//!
//! 1. The cluster is the right one, and no other live broker has the id.
//! 2. Log directories are told, real, distinct, and nobody else's.
//! 3. The broker supports every finalized feature level; level 0 of what it does not name.
//! 4. A new incarnation starts fenced, with an epoch of its own, and what is left of the one before
//!    is cleaned up: unless the broker proves by its last epoch that it stopped cleanly, it also
//!    leaves the ELRs (KIP-966). The same incarnation only amends what it told.

use std::collections::BTreeMap;

use klamm_model::{BrokerEpoch, BrokerId, DirectoryId, Uuid};
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::broker_registration_request::{Feature as AskedFeature, Listener};
use klamm_protocol::messages::register_broker_record::{BrokerEndpoint, BrokerFeature};
use klamm_protocol::messages::{BrokerRegistrationRequest, BrokerRegistrationResponse, RegisterBrokerRecord};

use super::leadership::BrokerEvent;
use super::view::View;
use super::{Append, Outcome, PreviousEpoch, RegisterBroker, SoftChange};
use crate::image::{BrokerRegistration, Membership, SecurityProtocol};
use crate::{ApiError, Feature, FeatureRange, MetadataVersion, VersionedRecord};

impl View<'_> {
    pub(crate) fn register_broker(&self, command: &RegisterBroker) -> Outcome<BrokerRegistrationResponse> {
        match self.try_register_broker(command) {
            Ok(outcome) => outcome,
            Err(error) => Outcome::refuse(error),
        }
    }

    fn try_register_broker(
        &self,
        command: &RegisterBroker,
    ) -> Result<Outcome<BrokerRegistrationResponse>, ApiError> {
        let request = &command.request;
        let unknown = || ApiError::new(ErrorCode::InvalidRequest, "Negative broker id.");
        let broker = BrokerId::new(request.broker_id).ok_or_else(unknown)?;
        let existing = self.cluster().broker(broker).map(|existing| &**existing);
        self.check_registrant(request, existing)?;
        self.check_directories(request, broker)?;
        let mut record = RegisterBrokerRecord {
            broker_id: request.broker_id,
            incarnation_id: request.incarnation_id,
            rack: request.rack.clone(),
            end_points: endpoints(&request.listeners)?,
            features: self.checked_features(request, command.kraft_version)?,
            ..RegisterBrokerRecord::default()
        };
        let version = self.state.metadata_version();
        if version.supports_directory_assignment() {
            record.log_dirs.clone_from(&request.log_dirs);
        }
        let mut records = Vec::new();
        let mut soft = Vec::new();
        match existing.filter(|existing| existing.incarnation == request.incarnation_id) {
            Some(same) => {
                record.broker_epoch = same.epoch.get();
                record.fenced = same.fenced;
                record.in_controlled_shutdown = same.in_controlled_shutdown;
                soft.push(SoftChange::Amended(broker));
            }
            None => {
                record.broker_epoch = self.next_offset.get();
                self.clean_up(broker, stopped_cleanly(command, existing), &mut records);
                soft.push(SoftChange::Forget(broker));
            }
        }
        let broker_epoch = record.broker_epoch;
        records.push(VersionedRecord::new(record, version.register_broker_record_version()));
        let reply = BrokerRegistrationResponse { broker_epoch, ..BrokerRegistrationResponse::default() };
        let mut outcome = Outcome::of(records, Append::Splittable, reply);
        outcome.soft = soft;
        Ok(outcome)
    }

    /// Rule 1.
    fn check_registrant(
        &self,
        request: &BrokerRegistrationRequest,
        existing: Option<&BrokerRegistration>,
    ) -> Result<(), ApiError> {
        let expected = &self.settings.cluster_id;
        if request.cluster_id != expected.as_str() {
            let text = format!("Expected cluster ID {expected}, but got cluster ID {}", request.cluster_id);
            return Err(ApiError::new(ErrorCode::InconsistentClusterId, text));
        }
        let other = existing.filter(|existing| existing.incarnation != request.incarnation_id);
        if other.is_some_and(|other| self.sessions.is_valid(other.id, other.epoch, self.at.now)) {
            let text = "Another broker is registered with that broker id. If the broker was recently \
                        restarted this should self-resolve once the heartbeat manager expires the broker's \
                        session.";
            return Err(ApiError::new(ErrorCode::DuplicateBrokerRegistration, text));
        }
        if request.is_migrating_zk_broker {
            let text = "Controller does not support registering ZK brokers.";
            return Err(ApiError::new(ErrorCode::BrokerIdNotRegistered, text));
        }
        Ok(())
    }

    /// Rule 2.
    fn check_directories(
        &self,
        request: &BrokerRegistrationRequest,
        broker: BrokerId,
    ) -> Result<(), ApiError> {
        if !self.state.metadata_version().supports_directory_assignment() {
            return Ok(());
        }
        let invalid = |text: &str| Err(ApiError::new(ErrorCode::InvalidRegistration, text));
        let told = &request.log_dirs;
        if told.is_empty() {
            return invalid("No directories specified in request");
        }
        if told.iter().any(|directory| DirectoryId::is_reserved(*directory)) {
            return invalid("Reserved directory ID in request");
        }
        let mut distinct: Vec<&Uuid> = told.iter().collect();
        distinct.sort_unstable();
        distinct.dedup();
        if distinct.len() != told.len() {
            return invalid("Duplicate directory ID in request");
        }
        for directory in told {
            let others = self.cluster().brokers().filter(|other| other.id != broker);
            if let Some(owner) = others.into_iter().find(|other| other.directories.contains(directory)) {
                let text = format!("Broker {} is already registered with directory {directory}", owner.id);
                return invalid(&text);
            }
        }
        Ok(())
    }

    /// Rule 3.
    fn checked_features(
        &self,
        request: &BrokerRegistrationRequest,
        kraft_version: i16,
    ) -> Result<Vec<BrokerFeature>, ApiError> {
        let features = &self.image().features;
        let mut finalized: BTreeMap<&str, i16> =
            features.levels().map(|(name, level)| (&**name, level)).collect();
        finalized.insert(MetadataVersion::FEATURE_NAME, self.state.metadata_version().level());
        finalized.insert(Feature::KRaft.name(), kraft_version);
        let check = |name: &str, range: FeatureRange| {
            let level = finalized.get(name).copied().unwrap_or(0);
            if range.contains(level) {
                return Ok(());
            }
            let text = format!(
                "Unable to register because the broker does not support finalized version {level} of {name}. \
                 The broker wants a version between {} and {}, inclusive.",
                range.min, range.max
            );
            Err(ApiError::new(ErrorCode::UnsupportedVersion, text))
        };
        let range =
            |f: &AskedFeature| FeatureRange { min: f.min_supported_version, max: f.max_supported_version };
        for feature in &request.features {
            check(&feature.name, range(feature))?;
        }
        let names = |name: &str| request.features.iter().any(|feature| feature.name == name);
        if !names(MetadataVersion::FEATURE_NAME) {
            let text = "Request features do not contain 'metadata.version'";
            return Err(ApiError::new(ErrorCode::InvalidRegistration, text));
        }
        for name in finalized.keys().filter(|name| !names(name)) {
            check(name, FeatureRange::DISABLED)?;
        }
        let feature = |f: &AskedFeature| BrokerFeature {
            name: f.name.clone(),
            min_supported_version: f.min_supported_version,
            max_supported_version: f.max_supported_version,
            ..BrokerFeature::default()
        };
        Ok(request.features.iter().map(feature).collect())
    }

    /// Rule 4.
    fn clean_up(&self, broker: BrokerId, stop: LastStop, records: &mut Vec<VersionedRecord>) {
        let in_sync = self.partitions_of(broker, Membership::is_in_isr);
        if stop == LastStop::Clean || !self.image().features.elr_enabled() {
            self.follow_broker(BrokerEvent::Leaves(broker), &in_sync, records);
            return;
        }
        self.follow_broker(BrokerEvent::LostRecords(broker), &in_sync, records);
        let eligible = self.partitions_of(broker, Membership::is_in_elr);
        self.follow_broker(BrokerEvent::LostRecords(broker), &eligible, records);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LastStop {
    Clean,
    Unclean,
}

/// A broker stopped cleanly if it knows the epoch it had: it writes that down last of all.
fn stopped_cleanly(command: &RegisterBroker, existing: Option<&BrokerRegistration>) -> LastStop {
    let stored = existing.map(|existing| existing.epoch);
    let told = BrokerEpoch::new(command.request.previous_broker_epoch);
    match command.previous_epoch {
        PreviousEpoch::Told if stored.is_some() && stored == told => LastStop::Clean,
        PreviousEpoch::Told | PreviousEpoch::Unknown => LastStop::Unclean,
    }
}

fn endpoints(listeners: &[Listener]) -> Result<Vec<BrokerEndpoint>, ApiError> {
    let mut endpoints = Vec::with_capacity(listeners.len());
    for listener in listeners {
        let bad = |what: String| {
            ApiError::new(ErrorCode::UnknownServerError, format!("{what} in listener {}", listener.name))
        };
        if SecurityProtocol::from_code(listener.security_protocol).is_none() {
            return Err(bad(format!("Unknown security protocol {}", listener.security_protocol)));
        }
        if listener.port == 0 || listener.host.trim().is_empty() {
            return Err(bad("No host or port".to_owned()));
        }
        endpoints.push(BrokerEndpoint {
            name: listener.name.clone(),
            host: listener.host.clone(),
            port: listener.port,
            security_protocol: listener.security_protocol,
            ..BrokerEndpoint::default()
        });
    }
    Ok(endpoints)
}
