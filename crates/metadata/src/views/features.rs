//! Finalized features as ApiVersions tells them.

use klamm_protocol::messages::api_versions_response::FinalizedFeatureKey;

use crate::{Feature, MetadataImage, MetadataVersion};

/// All finalized features above level 0, `kraft.version` of the quorum among them, by name.
pub fn finalized_features(image: &MetadataImage, kraft_version: i16) -> Vec<FinalizedFeatureKey> {
    let features = image.features();
    let version = features.metadata_version().map(|version| (MetadataVersion::FEATURE_NAME, version.level()));
    let others = features.levels().map(|(name, level)| (&**name, level));
    let mut levels: Vec<(&str, i16)> = version.into_iter().chain(others).collect();
    if kraft_version > 0 {
        levels.push((Feature::KRaft.name(), kraft_version));
    }
    levels.sort_unstable();
    levels
        .into_iter()
        .map(|(name, level)| FinalizedFeatureKey {
            name: name.into(),
            max_version_level: level,
            min_version_level: level,
            ..FinalizedFeatureKey::default()
        })
        .collect()
}
