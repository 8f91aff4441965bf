//! The feature levels this node serves, and the refusal of a directory that needs more.

use std::collections::BTreeMap;
use std::sync::Arc;

use klamm_metadata::image::SupportedFeatures;
use klamm_metadata::{Feature, FeatureRange, MetadataVersion};

const METADATA_VERSION: &str = "metadata.version";

/// What this node tells controllers it supports.
pub fn supported() -> SupportedFeatures {
    let mut features: SupportedFeatures = BTreeMap::new();
    let range = FeatureRange {
        min: MetadataVersion::MINIMUM.level(),
        max: MetadataVersion::LATEST_PRODUCTION.level(),
    };
    features.insert(Arc::from(METADATA_VERSION), range);
    for feature in Feature::ALL {
        features.insert(Arc::from(feature.name()), FeatureRange { min: 0, max: feature.served_level() });
    }
    features
}

/// A directory of a cluster that finalized more than this node serves.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the cluster of this directory has finalized {name} at level {level}; this node serves {name} {range}. \
     Lower it with `kafka-features.sh downgrade --feature {name}={lower}` while Apache Kafka runs"
)]
pub struct UnsupportedFeature {
    /// The feature.
    pub name: String,
    /// Its finalized level.
    pub level: i16,
    /// What is served here.
    pub range: FeatureRange,
    /// The highest level served here.
    pub lower: i16,
}

/// Refuses finalized levels outside of what this node serves.
pub fn check(finalized: &BTreeMap<String, i16>) -> Result<(), UnsupportedFeature> {
    let supported = supported();
    for (name, level) in finalized {
        let range = supported.get(name.as_str()).copied().unwrap_or(FeatureRange::DISABLED);
        let is_off = *level == 0 && name != METADATA_VERSION;
        if !range.contains(*level) && !is_off {
            return Err(UnsupportedFeature { name: name.clone(), level: *level, range, lower: range.max });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finalized_feature_that_is_not_served_is_named() {
        let finalized = BTreeMap::from([("group.version".to_owned(), 1)]);
        let refused = check(&finalized).expect_err("group.version 1 is not served");
        assert!(refused.to_string().contains("group.version at level 1"), "{refused}");
    }

    #[test]
    fn features_at_level_zero_need_no_support() {
        let finalized = BTreeMap::from([("some.future.version".to_owned(), 0)]);
        assert_eq!(check(&finalized), Ok(()));
    }
}
