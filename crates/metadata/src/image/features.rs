//! Finalized feature levels.

use std::sync::Arc;

use imbl::OrdMap;

use crate::{Feature, MetadataVersion};

/// What a cluster has finalized. `kraft.version` is not here: the quorum keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeaturesImage {
    metadata_version: Option<MetadataVersion>,
    levels: OrdMap<Arc<str>, i16>,
}

impl FeaturesImage {
    /// The level of `metadata.version`; `None` before the first record of a cluster.
    pub const fn metadata_version(&self) -> Option<MetadataVersion> {
        self.metadata_version
    }

    /// The level of `feature`; 0 where it is not finalized.
    pub fn level(&self, feature: Feature) -> i16 {
        self.levels.get(feature.name()).copied().unwrap_or(0)
    }

    /// The levels above 0 by name, without `metadata.version`.
    pub fn levels(&self) -> impl Iterator<Item = (&Arc<str>, i16)> {
        self.levels.iter().map(|(name, level)| (name, *level))
    }

    /// Whether partitions keep eligible leader replicas.
    pub fn elr_enabled(&self) -> bool {
        self.level(Feature::EligibleLeaderReplicas) >= 1
    }

    pub(crate) fn set_metadata_version(&mut self, version: MetadataVersion) {
        self.metadata_version = Some(version);
    }

    /// Sets a level; 0 removes the feature.
    pub(crate) fn set_level(&mut self, name: &str, level: i16) {
        if level == 0 {
            self.levels.remove(name);
        } else {
            self.levels.insert(name.into(), level);
        }
    }
}
