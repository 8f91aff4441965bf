//! An image as the records of a snapshot, in the order and the versions of Kafka's `ImageWriter`.
//!
//! What the finalized metadata.version cannot express is left out and told to the caller, as when a
//! cluster was downgraded.

mod cluster;
mod security;
mod topics;

use klamm_protocol::messages::{
    ClientQuotaRecord, ConfigRecord, FeatureLevelRecord, ProducerIdsRecord, client_quota_record,
};

pub use cluster::{broker_record, controller_record};
pub(crate) use security::{acl_record, token_record};
pub use topics::partition_record;
pub(crate) use topics::{broker_numbers, leader_number, topic_record};

use crate::image::{ConfigsImage, FeaturesImage, MetadataImage, QuotasImage};
use crate::java_order::{Table, hash_map_order, string_hash, string_map_hash};
use crate::{MetadataVersion, VersionedRecord};

/// What a snapshot is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotOptions {
    /// The level whose record versions are used.
    pub metadata_version: MetadataVersion,
    /// Whether partitions keep eligible leader replicas.
    pub elr: Elr,
}

/// Whether eligible leader replicas are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elr {
    /// The feature is on.
    Kept,
    /// The feature is off.
    Dropped,
}

impl SnapshotOptions {
    /// As `image` has finalized; `None` before it has a metadata.version.
    pub fn of(image: &MetadataImage) -> Option<SnapshotOptions> {
        let elr = if image.features.elr_enabled() { Elr::Kept } else { Elr::Dropped };
        Some(SnapshotOptions { metadata_version: image.features.metadata_version()?, elr })
    }
}

/// The records of a snapshot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SnapshotRecords {
    /// The records, in order.
    pub records: Vec<VersionedRecord>,
    /// What the metadata.version could not express, in words for a log line.
    pub lost: Vec<&'static str>,
}

impl SnapshotRecords {
    fn push(&mut self, record: VersionedRecord) {
        self.records.push(record);
    }

    fn lose(&mut self, what: &'static str) {
        if !self.lost.contains(&what) {
            self.lost.push(what);
        }
    }
}

/// The records whose replay into an empty image gives `image`.
pub fn write_image(image: &MetadataImage, options: SnapshotOptions) -> SnapshotRecords {
    let mut out = SnapshotRecords::default();
    write_features(&mut out, &image.features, options);
    cluster::write_cluster(&mut out, &image.cluster, options);
    topics::write_topics(&mut out, &image.topics, options);
    write_configs(&mut out, &image.configs);
    write_quotas(&mut out, &image.quotas);
    if let Some(next) = image.next_producer_id {
        out.push(VersionedRecord::v0(ProducerIdsRecord {
            broker_id: -1,
            broker_epoch: -1,
            next_producer_id: next.get(),
            ..ProducerIdsRecord::default()
        }));
    }
    security::write_acls(&mut out, &image.acls);
    security::write_scram(&mut out, &image.scram, options);
    security::write_tokens(&mut out, &image.tokens, options);
    out
}

/// The record that sets a feature level.
pub fn feature_record(name: &str, level: i16) -> VersionedRecord {
    VersionedRecord::v0(FeatureLevelRecord {
        name: name.into(),
        feature_level: level,
        ..FeatureLevelRecord::default()
    })
}

fn write_features(out: &mut SnapshotRecords, features: &FeaturesImage, options: SnapshotOptions) {
    out.push(feature_record(MetadataVersion::FEATURE_NAME, options.metadata_version.level()));
    let mut levels: Vec<_> = features.levels().collect();
    hash_map_order(&mut levels, Table::Refilled, |(name, _)| string_hash(name));
    for (name, level) in levels {
        out.push(feature_record(name, level));
    }
}

fn write_configs(out: &mut SnapshotRecords, configs: &ConfigsImage) {
    for (resource, values) in configs.iter() {
        let mut values: Vec<_> = values.iter().collect();
        hash_map_order(&mut values, Table::Refilled, |(key, _)| string_hash(key));
        for (key, value) in values {
            out.push(VersionedRecord::v0(ConfigRecord {
                resource_type: resource.kind.code(),
                resource_name: (&*resource.name).into(),
                name: (&**key).into(),
                value: Some((&**value).into()),
                ..ConfigRecord::default()
            }));
        }
    }
}

fn write_quotas(out: &mut SnapshotRecords, quotas: &QuotasImage) {
    let mut entities: Vec<_> = quotas.iter().collect();
    hash_map_order(&mut entities, Table::Refilled, |(entity, _)| {
        string_map_hash(entity.iter().map(|(kind, name)| (&**kind, name.as_deref()))).wrapping_add(31)
    });
    for (entity, limits) in entities {
        let mut parts: Vec<_> = entity.iter().collect();
        hash_map_order(&mut parts, Table::Default, |(kind, _)| string_hash(kind));
        let mut limits: Vec<_> = limits.iter().collect();
        hash_map_order(&mut limits, Table::Refilled, |(key, _)| string_hash(key));
        for (key, limit) in limits {
            let entity = parts.iter().map(|(kind, name)| client_quota_record::EntityData {
                entity_type: (&***kind).into(),
                entity_name: name.as_ref().map(|name| (&**name).into()),
                ..client_quota_record::EntityData::default()
            });
            out.push(VersionedRecord::v0(ClientQuotaRecord {
                entity: entity.collect(),
                key: (&**key).into(),
                value: *limit,
                remove: false,
                ..ClientQuotaRecord::default()
            }));
        }
    }
}
