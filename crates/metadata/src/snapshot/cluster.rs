//! Brokers and controllers as records.

use std::sync::Arc;

use klamm_protocol::messages::{
    RegisterBrokerRecord, RegisterControllerRecord, register_broker_record, register_controller_record,
};

use super::{SnapshotOptions, SnapshotRecords};
use crate::image::{BrokerRegistration, ClusterImage, ControllerRegistration, Endpoint, SupportedFeatures};
use crate::java_order::{Table, hash_map_order, string_hash};
use crate::{FeatureRange, VersionedRecord};

pub(super) fn write_cluster(out: &mut SnapshotRecords, cluster: &ClusterImage, options: SnapshotOptions) {
    let mut brokers: Vec<_> = cluster.brokers().collect();
    hash_map_order(&mut brokers, Table::Refilled, |broker| broker.id.get());
    for broker in brokers {
        let record = broker_record(broker, options, out);
        out.push(record);
    }
    let mut controllers: Vec<_> = cluster.controllers().collect();
    if controllers.is_empty() {
        return;
    }
    if !options.metadata_version.supports_controller_registration() {
        return out.lose("controller registration data");
    }
    hash_map_order(&mut controllers, Table::Refilled, |controller| controller.id.get());
    for controller in controllers {
        out.push(controller_record(controller));
    }
}

/// A broker's registration as a record; what `options` cannot express is noted in `lost`.
pub fn broker_record(
    broker: &BrokerRegistration,
    options: SnapshotOptions,
    lost: &mut SnapshotRecords,
) -> VersionedRecord {
    let version = options.metadata_version;
    let mut record = RegisterBrokerRecord {
        broker_id: broker.id.get(),
        incarnation_id: broker.incarnation,
        broker_epoch: broker.epoch.get(),
        rack: broker.rack.as_ref().map(|rack| (&**rack).into()),
        fenced: broker.fenced,
        in_controlled_shutdown: broker.in_controlled_shutdown,
        ..RegisterBrokerRecord::default()
    };
    if broker.migrating_zk {
        if version.supports_zk_migration() {
            record.is_migrating_zk_broker = true;
        } else {
            lost.lose("the isMigratingZkBroker state of one or more brokers");
        }
    }
    if broker.directories.is_empty() || version.supports_directory_assignment() {
        record.log_dirs.clone_from(&broker.directories);
    } else {
        lost.lose("the online log directories of one or more brokers");
    }
    if broker.cordoned.is_none() || version.supports_cordoned_log_dirs() {
        record.cordoned_log_dirs.clone_from(&broker.cordoned);
    } else {
        lost.lose("the cordoned log directories of one or more brokers");
    }
    for endpoint in ordered_endpoints(&broker.endpoints, Table::Refilled) {
        record.end_points.push(register_broker_record::BrokerEndpoint {
            name: (&*endpoint.listener).into(),
            host: (&*endpoint.host).into(),
            port: endpoint.port,
            security_protocol: endpoint.protocol.code(),
            ..register_broker_record::BrokerEndpoint::default()
        });
    }
    for (name, range) in ordered_features(&broker.features, Table::Copied) {
        record.features.push(register_broker_record::BrokerFeature {
            name: (&**name).into(),
            min_supported_version: range.min,
            max_supported_version: range.max,
            ..register_broker_record::BrokerFeature::default()
        });
    }
    VersionedRecord::new(record, version.register_broker_record_version())
}

/// A controller's registration as a record.
pub fn controller_record(controller: &ControllerRegistration) -> VersionedRecord {
    let mut record = RegisterControllerRecord {
        controller_id: controller.id.get(),
        incarnation_id: controller.incarnation,
        zk_migration_ready: controller.zk_migration_ready,
        ..RegisterControllerRecord::default()
    };
    for endpoint in ordered_endpoints(&controller.endpoints, Table::Default) {
        record.end_points.push(register_controller_record::ControllerEndpoint {
            name: (&*endpoint.listener).into(),
            host: (&*endpoint.host).into(),
            port: endpoint.port,
            security_protocol: endpoint.protocol.code(),
            ..register_controller_record::ControllerEndpoint::default()
        });
    }
    for (name, range) in ordered_features(&controller.features, Table::Default) {
        record.features.push(register_controller_record::ControllerFeature {
            name: (&**name).into(),
            min_supported_version: range.min,
            max_supported_version: range.max,
            ..register_controller_record::ControllerFeature::default()
        });
    }
    VersionedRecord::v0(record)
}

fn ordered_endpoints(endpoints: &[Endpoint], table: Table) -> Vec<&Endpoint> {
    let mut endpoints: Vec<_> = endpoints.iter().collect();
    hash_map_order(&mut endpoints, table, |endpoint| string_hash(&endpoint.listener));
    endpoints
}

fn ordered_features(features: &SupportedFeatures, table: Table) -> Vec<(&Arc<str>, &FeatureRange)> {
    let mut features: Vec<_> = features.iter().collect();
    hash_map_order(&mut features, table, |(name, _)| string_hash(name));
    features
}
