//! Records about brokers and controllers.

use std::sync::Arc;

use klamm_model::{BrokerEpoch, BrokerId, NodeId, Uuid};
use klamm_protocol::messages::{
    BrokerRegistrationChangeRecord, RegisterBrokerRecord, RegisterControllerRecord, UnregisterBrokerRecord,
    UnregisterControllerRecord,
};

use super::{Changes, ReplayError};
use crate::FeatureRange;
use crate::image::{
    BrokerRegistration, ControllerRegistration, Endpoint, MetadataImage, SecurityProtocol, SupportedFeatures,
};
use crate::java_order::java_uuid_key;

pub(super) fn register_broker(
    image: &mut MetadataImage,
    changes: &mut Changes,
    record: &RegisterBrokerRecord,
) -> Result<(), ReplayError> {
    let registration = broker_registration(record)?;
    changes.brokers.insert(registration.id);
    image.cluster.set_broker(registration);
    Ok(())
}

fn broker_registration(record: &RegisterBrokerRecord) -> Result<BrokerRegistration, ReplayError> {
    const RECORD: &str = "RegisterBrokerRecord";
    let invalid_epoch = || ReplayError::invalid(RECORD, "BrokerEpoch", record.broker_epoch);
    let endpoints = record.end_points.iter().map(|e| (&*e.name, (&*e.host, e.port), e.security_protocol));
    let features =
        record.features.iter().map(|f| (&*f.name, (f.min_supported_version, f.max_supported_version)));
    Ok(BrokerRegistration {
        id: broker_id(RECORD, record.broker_id)?,
        epoch: BrokerEpoch::new(record.broker_epoch).ok_or_else(invalid_epoch)?,
        incarnation: record.incarnation_id,
        endpoints: endpoints_of(RECORD, endpoints)?,
        features: features_of(features),
        rack: record.rack.as_ref().map(|rack| rack.as_str().into()),
        fenced: record.fenced,
        in_controlled_shutdown: record.in_controlled_shutdown,
        migrating_zk: record.is_migrating_zk_broker,
        directories: sorted(&record.log_dirs),
        cordoned: record.cordoned_log_dirs.clone(),
    })
}

pub(super) fn unregister_broker(
    image: &mut MetadataImage,
    changes: &mut Changes,
    record: &UnregisterBrokerRecord,
) -> Result<(), ReplayError> {
    let id = broker_id("UnregisterBrokerRecord", record.broker_id)?;
    image.cluster.remove_broker(id);
    changes.brokers.insert(id);
    Ok(())
}

/// Which of the two old records it was.
#[derive(Clone, Copy)]
pub(super) enum FencedBy {
    Fence,
    Unfence,
}

pub(super) fn set_fenced(
    image: &mut MetadataImage,
    changes: &mut Changes,
    by: FencedBy,
    (id, epoch): (i32, i64),
) -> Result<(), ReplayError> {
    let (record, fenced) = match by {
        FencedBy::Fence => ("FenceBrokerRecord", true),
        FencedBy::Unfence => ("UnfenceBrokerRecord", false),
    };
    let mut registration = registered(image, broker_id(record, id)?, epoch)?;
    registration.fenced = fenced;
    changes.brokers.insert(registration.id);
    image.cluster.set_broker(registration);
    Ok(())
}

pub(super) fn change_broker(
    image: &mut MetadataImage,
    changes: &mut Changes,
    record: &BrokerRegistrationChangeRecord,
) -> Result<(), ReplayError> {
    const RECORD: &str = "BrokerRegistrationChangeRecord";
    let id = broker_id(RECORD, record.broker_id)?;
    let mut registration = registered(image, id, record.broker_epoch)?;
    match record.fenced {
        1 => registration.fenced = true,
        0 => {}
        -1 => registration.fenced = false,
        other => return Err(ReplayError::invalid(RECORD, "Fenced", other)),
    }
    match record.in_controlled_shutdown {
        1 => registration.in_controlled_shutdown = true,
        0 => {}
        other => return Err(ReplayError::invalid(RECORD, "InControlledShutdown", other)),
    }
    if !record.log_dirs.is_empty() {
        registration.directories = sorted(&record.log_dirs);
    }
    if let Some(cordoned) = &record.cordoned_log_dirs {
        registration.cordoned = Some(cordoned.clone());
    }
    changes.brokers.insert(id);
    image.cluster.set_broker(registration);
    Ok(())
}

pub(super) fn register_controller(
    image: &mut MetadataImage,
    changes: &mut Changes,
    record: &RegisterControllerRecord,
) -> Result<(), ReplayError> {
    const RECORD: &str = "RegisterControllerRecord";
    let id = NodeId::new(record.controller_id)
        .ok_or_else(|| ReplayError::invalid(RECORD, "ControllerId", record.controller_id))?;
    let endpoints = record.end_points.iter().map(|e| (&*e.name, (&*e.host, e.port), e.security_protocol));
    let features =
        record.features.iter().map(|f| (&*f.name, (f.min_supported_version, f.max_supported_version)));
    image.cluster.set_controller(ControllerRegistration {
        id,
        incarnation: record.incarnation_id,
        zk_migration_ready: record.zk_migration_ready,
        endpoints: endpoints_of(RECORD, endpoints)?,
        features: features_of(features),
    });
    changes.controllers.insert(id);
    Ok(())
}

pub(super) fn unregister_controller(
    image: &mut MetadataImage,
    changes: &mut Changes,
    record: &UnregisterControllerRecord,
) -> Result<(), ReplayError> {
    let invalid = || ReplayError::invalid("UnregisterControllerRecord", "ControllerId", record.controller_id);
    let id = NodeId::new(record.controller_id).ok_or_else(invalid)?;
    image.cluster.remove_controller(id);
    changes.controllers.insert(id);
    Ok(())
}

fn registered(image: &MetadataImage, id: BrokerId, epoch: i64) -> Result<BrokerRegistration, ReplayError> {
    let registration = image.cluster.broker(id).ok_or(ReplayError::NoBroker(id))?;
    if registration.epoch.get() != epoch {
        let registered = registration.epoch;
        return Err(ReplayError::OtherBrokerEpoch { broker: id, registered, record: epoch });
    }
    Ok(BrokerRegistration::clone(registration))
}

pub(super) fn broker_id(record: &'static str, id: i32) -> Result<BrokerId, ReplayError> {
    BrokerId::new(id).ok_or_else(|| ReplayError::invalid(record, "BrokerId", id))
}

/// Endpoints as records have them: listener, host and port, code of the protocol. A second one of the same listener takes
/// the place of the first.
fn endpoints_of<'a>(
    record: &'static str,
    told: impl Iterator<Item = (&'a str, (&'a str, u16), i16)>,
) -> Result<Vec<Endpoint>, ReplayError> {
    let mut endpoints: Vec<Endpoint> = Vec::new();
    for (listener, (host, port), code) in told {
        let protocol = SecurityProtocol::from_code(code)
            .ok_or_else(|| ReplayError::invalid(record, "SecurityProtocol", code))?;
        let endpoint = Endpoint { listener: listener.into(), host: host.into(), port, protocol };
        match endpoints.iter_mut().find(|other| other.listener == endpoint.listener) {
            Some(other) => *other = endpoint,
            None => endpoints.push(endpoint),
        }
    }
    Ok(endpoints)
}

/// Features as records have them: name, least and greatest level.
fn features_of<'a>(told: impl Iterator<Item = (&'a str, (i16, i16))>) -> SupportedFeatures {
    told.map(|(name, (min, max))| (Arc::from(name), FeatureRange { min, max })).collect()
}

fn sorted(directories: &[Uuid]) -> Vec<Uuid> {
    let mut directories = directories.to_vec();
    directories.sort_by_key(|directory| java_uuid_key(*directory));
    directories
}
