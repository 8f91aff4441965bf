//! What a controller writes first when it becomes active.
//!
//! Into an empty log it writes the bootstrap records that `format` left, in one metadata
//! transaction where the metadata.version has those, so that a controller that dies half-way leaves
//! nothing behind. A transaction that an earlier controller left open is aborted.

use klamm_protocol::messages::{
    AbortTransactionRecord, BeginTransactionRecord, EndTransactionRecord, MetadataRecord,
};

use super::configs::{MIN_INSYNC_REPLICAS, config_record};
use super::view::View;
use super::{Append, Bootstrap, MoreToDo, Outcome};
use crate::image::ConfigResource;
use crate::snapshot::feature_record;
use crate::{ApiError, Feature, MetadataVersion, VersionedRecord};

impl View<'_> {
    pub(crate) fn activate(&self, bootstrap: &Bootstrap) -> Outcome<MoreToDo> {
        match self.image().features.metadata_version() {
            Some(version) => self.activate_on_log(version),
            None => self.activate_on_empty_log(bootstrap),
        }
    }

    fn activate_on_log(&self, version: MetadataVersion) -> Outcome<MoreToDo> {
        if self.transaction.is_none() {
            return Outcome::reply(MoreToDo::No);
        }
        if !version.supports_transactions() {
            return Outcome::refuse(partial(version));
        }
        Outcome::of(vec![abort()], Append::Atomic, MoreToDo::No)
    }

    fn activate_on_empty_log(&self, bootstrap: &Bootstrap) -> Outcome<MoreToDo> {
        let version = bootstrap.metadata_version();
        let transactions = version.supports_transactions();
        let mut records = Vec::new();
        if self.transaction.is_some() {
            if !transactions {
                return Outcome::refuse(partial(version));
            }
            records.push(abort());
        }
        if transactions {
            let name = Some("Bootstrap records".into());
            records.push(VersionedRecord::v0(BeginTransactionRecord { name, ..Default::default() }));
        }
        records.extend(bootstrap.records().iter().cloned());
        if bootstrap.feature_level(Feature::EligibleLeaderReplicas) > 0 {
            let value = self.rules.static_min_insync_replicas().to_string();
            records.push(config_record(&ConfigResource::cluster(), MIN_INSYNC_REPLICAS, Some(&value)));
        }
        if !transactions {
            return Outcome::of(records, Append::Atomic, MoreToDo::No);
        }
        records.push(VersionedRecord::v0(EndTransactionRecord::default()));
        Outcome::of(records, Append::Splittable, MoreToDo::No)
    }
}

fn abort() -> VersionedRecord {
    let reason = Some("Controller failover".into());
    VersionedRecord::v0(AbortTransactionRecord { reason, ..Default::default() })
}

fn partial(version: MetadataVersion) -> ApiError {
    ApiError::new(
        klamm_protocol::ErrorCode::UnknownServerError,
        format!("A metadata transaction is open, but metadata.version {version} has no transactions."),
    )
}

/// The records of a new cluster, in the order Kafka's `format` writes them: metadata.version, then
/// the other features above level 0 by name.
pub fn bootstrap_features(version: MetadataVersion, levels: &[(Feature, i16)]) -> Vec<VersionedRecord> {
    let mut levels: Vec<(&str, i16)> = levels
        .iter()
        .filter(|(feature, level)| *feature != Feature::KRaft && *level > 0)
        .map(|(feature, level)| (feature.name(), *level))
        .collect();
    levels.sort_unstable();
    let first = feature_record(MetadataVersion::FEATURE_NAME, version.level());
    std::iter::once(first)
        .chain(levels.into_iter().map(|(name, level)| feature_record(name, level)))
        .collect()
}

impl Bootstrap {
    /// The level the records set for metadata.version; the last one counts.
    fn metadata_version(&self) -> MetadataVersion {
        let level = self.level(MetadataVersion::FEATURE_NAME);
        level.and_then(MetadataVersion::from_level).unwrap_or(MetadataVersion::LATEST_PRODUCTION)
    }

    fn feature_level(&self, feature: Feature) -> i16 {
        self.level(feature.name()).unwrap_or(0)
    }

    fn level(&self, name: &str) -> Option<i16> {
        let levels = self.records().iter().filter_map(|record| match &record.record {
            MetadataRecord::FeatureLevel(feature) if feature.name == name => Some(feature.feature_level),
            _ => None,
        });
        levels.last()
    }
}
